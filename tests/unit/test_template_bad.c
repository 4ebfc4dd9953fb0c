/* Everything that can be wrong with a template: each file of data/template/bad gives exactly the messages beside it, with their places;
 * and every message of the room is met by some file, or by the test named in the list below. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "template_lab.h"

static bool met[VB_MSG_COUNT];

/* Messages that a file cannot show, and where they are tested. */
static bool elsewhere(const char *id)
{
  static const char *const ids[] = {
      "TEMPLATE_SCHEMA",     /* test_template_form: a library without schemas */
      "TEMPLATE_NONE",       /* test_template_form */
      "TEMPLATE_NONE_NEAR",  /* test_template_form */
      "TEMPLATE_KEY_STREAM", /* test_template_stream */
      "TEMPLATE_JOB_SET",    /* test_template_build */
      "TEMPLATE_ISSUED",     /* test_template_parts */
  };
  for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
    if (strcmp(id, ids[i]) == 0) return true;
  return false;
}

static void one(const char *name)
{
  lab l;
  char id[128];
  (void)snprintf(id, sizeof id, "%.*s", (int)(strlen(name) - 4), name);
  lab_make(&l);
  if (strncmp(id, "b37", 3) == 0) lab_rows("citation", "thieu;Kế hoạch;;2022-12-28;UBND tỉnh;về việc A");
  vb_status st = lab_open(&l, id);
  if (st == VB_OK) st = lab_build(&l);
  if (st != VB_BAD) print_error("%s: status %d\n%s", name, (int)st, lab_findings(&l));
  assert_int_equal(st, VB_BAD);
  assert_null(l.doc);
  for (const vb_finding *f = vb_diag_first(l.d); f; f = f->next) met[f->msg] = true;
  lab_same(&l, lab_findings(&l), vb_arena_printf(l.a, "bad/%s.msg", id));
  lab_drop(&l);
}

static void each_file(void **state)
{
  (void)state;
  vb_diag *d = vb_diag_new();
  vb_arena *a = vb_arena_new(0);
  const char **names;
  size_t n, done = 0;
  assert_int_equal(vb_dir_list(d, a, "tests/unit/data/template/bad", &names, &n), VB_OK);
  for (size_t i = 0; i < n; i++) {
    size_t k = strlen(names[i]);
    if (k < 5 || strcmp(names[i] + k - 4, ".xml") != 0) continue;
    one(names[i]);
    done++;
  }
  assert_true(done > 40);
  vb_arena_free(a);
  vb_diag_free(d);
}

static void each_message(void **state)
{
  (void)state;
  int missing = 0;
  for (int m = 0; m < VB_MSG_COUNT; m++) {
    const char *id = vb_msg_get((vb_msg)m)->id;
    bool ours = strncmp(id, "TEMPLATE_", 9) == 0 || strncmp(id, "FORM_", 5) == 0;
    if (!ours || met[m] || elsewhere(id)) continue;
    print_error("no case for %s\n", id);
    missing++;
  }
  assert_int_equal(missing, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(each_file), cmocka_unit_test(each_message)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
