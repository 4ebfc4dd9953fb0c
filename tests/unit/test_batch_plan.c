/* The plan of a run: as many documents as one job may make, and one unit more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "batch/batch_int.h"
#include "batch/known.h"
#include "store_make.h"

enum { DOCUMENTS = VB_JOB_DOCUMENTS_MAX, UNITS = VB_TASKS_MAX / VB_JOB_DOCUMENTS_MAX };

static void add_units(vb_diag *d, vb_store *s, int from, int to)
{
  assert_int_equal(vb_store_begin(d, s), VB_OK);
  for (int i = from; i < to; i++) {
    char code[16], name[32];
    (void)snprintf(code, sizeof code, "u%d", i);
    (void)snprintf(name, sizeof name, "Xã Số %d", i);
    assert_int_equal(STORE_ROW(d, s, "unit", (uint32_t)i + 2, NULL, code, name, "", "", "", "", "", "", "", "", "", "", "", "", ""), VB_OK);
  }
  assert_int_equal(vb_store_commit(d, s), VB_OK);
}

/* What plan leaves of a job with so many units, each with every document. */
static vb_status plan(vb_run *run, int units)
{
  static vb_job_doc docs[DOCUMENTS];
  static vb_options o;
  for (int i = 0; i < DOCUMENTS; i++)
    docs[i] = (vb_job_doc){.id = "d", .template_id = "t"};
  vb_job job = {.name = "viec", .period = "2023", .docs = docs, .n_docs = DOCUMENTS};
  *run = (vb_run){.o = &o, .diag = vb_diag_new(), .arena = vb_arena_new(0), .job = &job};
  assert_int_equal(vb_store_open(run->diag, NULL, &run->store), VB_OK);
  add_units(run->diag, run->store, 0, units);
  vb_status s = vb_plan(run);
  vb_known_close(run);
  run->job = NULL;
  return s;
}

static void drop(vb_run *run)
{
  vb_mem_free(run->tasks);
  vb_store_close(run->store);
  vb_arena_free(run->arena);
  vb_diag_free(run->diag);
}

static void test_as_many_as_may_be(void **state)
{
  (void)state;
  vb_run run;
  assert_int_equal(plan(&run, UNITS), VB_OK);
  assert_int_equal(run.n_tasks, VB_TASKS_MAX);
  assert_int_equal(vb_diag_count(run.diag, VB_INFO), 0);
  drop(&run);
}

/* Refused as a whole, with one message: a run that makes some of them would look complete. */
static void test_one_unit_more(void **state)
{
  (void)state;
  vb_run run;
  assert_int_equal(plan(&run, UNITS + 1), VB_SYSTEM);
  assert_int_equal(vb_diag_count(run.diag, VB_INFO), 1);
  assert_int_equal(vb_diag_last(run.diag)->msg, VB_MSG_JOB_TASKS_MANY);
  drop(&run);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_as_many_as_may_be), cmocka_unit_test(test_one_unit_more)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
