/* Memory that runs out while a template is prepared and built: with the n-th allocation failing, for every n, the answer is VB_NOMEM or
 * the whole document, and nothing leaks. Opening is left out: libxml2 2.9.14 itself reads freed memory when an allocation fails while
 * it compiles a schema. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "template_lab.h"

typedef struct faults { long calls, fail_at; bool failed; } faults;

static bool due(faults *f)
{
  bool fail = f->fail_at && ++f->calls == f->fail_at;
  f->calls += !f->fail_at;
  f->failed = f->failed || fail;
  return fail;
}

static void *fault_alloc(void *ctx, size_t n) { return due(ctx) ? NULL : malloc(n); }
static void *fault_resize(void *ctx, void *p, size_t n) { return due(ctx) ? NULL : realloc(p, n); }
static void fault_release(void *ctx, void *p)
{
  (void)ctx;
  free(p);
}

static faults f;
static const vb_mem_table table = {fault_alloc, fault_resize, fault_release, &f};

/* Store and diag are made with memory: their own tests see to them. What is asked here runs without. */
static vb_status prepared(lab *l) { return vb_template_prepare(l->d, l->t, l->s); }
static vb_status built(lab *l) { return vb_template_build(l->d, l->t, l->s, &l->build, &l->doc); }

/* Runs one step with the n-th allocation failing until it succeeds without a failure. */
static void each_failure(lab *l, vb_status (*step)(lab *), const char *want)
{
  for (long n = 1;; n++) {
    f = (faults){.fail_at = n};
    vb_status st = step(l);
    bool failed = f.failed;
    f.fail_at = 0;
    bool honest = st == VB_NOMEM || st == VB_OK || st == VB_SYSTEM || vb_diag_failed(l->d);
    if (failed && !honest) fail_msg("allocation %ld failing gives status %d:\n%s", n, (int)st, lab_findings(l));
    if (!failed) {
      assert_int_equal(st, VB_OK);
      return;
    }
    if (step == built) {
      if (st == VB_OK) assert_string_equal(lab_dump(l), want); /* a failure that did not matter */
      vb_doc_free(l->doc);
      l->doc = NULL;
    }
  }
}

static void whole(const char *id, const char *table_name, const char *rows)
{
  lab l;
  lab_make(&l);
  if (table_name) lab_rows(table_name, rows);
  assert_int_equal(lab_open(&l, id), VB_OK);
  assert_int_equal(lab_build(&l), VB_OK);
  const char *want = lab_dump(&l);
  vb_doc_free(l.doc);
  l.doc = NULL;
  each_failure(&l, prepared, want);
  each_failure(&l, built, want);
  lab_drop(&l);
}

static void text(void **state)
{
  (void)state;
  whole("van-ban", "citation",
        "luat;Luật;77/2015/QH13;2015-06-19;Quốc hội;Tổ chức chính quyền địa phương\n"
        "kh-203;Kế hoạch;203/KH-UBND;2022-12-05;UBND huyện;Cải cách\nqd-34;Quyết định;34/2019/QĐ-UBND;2019-06-13;UBND tỉnh;Ban hành Quy định");
}

static void tables(void **state)
{
  (void)state;
  whole("bang", "nhiem-vu", "1;Ban hành kế hoạch;2023-01-31;1200000;1,5\n2;Kiểm tra;;;0,25");
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(text), cmocka_unit_test(tables)};
  vb_mem_set(&table);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
