/* The workbook as a whole: bytes the same twice, parts proved, errors translated, what is told. The sheets themselves are read by
 * programs that we did not write in tests/check.d/30-xlsx.sh, from the files that this test leaves under $VB_SAMPLES. */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "doc_make.h"
#include "write/write_int.h"
#include "xlsx_samples.h"

static vb_fontset *fonts;

static int open_fonts(void **state)
{
  (void)state;
  vb_diag *d = vb_diag_new();
  assert_int_equal(vb_fontset_open(d, NULL, &fonts), VB_OK);
  vb_diag_free(d);
  return 0;
}

static int close_fonts(void **state)
{
  (void)state;
  vb_fontset_close(fonts);
  return 0;
}

static vb_status make(vb_diag *d, const vb_doc *doc, vb_arena *a, vb_buf *out, vb_written *told)
{
  vb_write_options o = {.fonts = fonts, .producer = "vanban 1.0"};
  vb_buf_init(out);
  return vb_write_xlsx(d, doc, &o, a, out, told);
}

static void leave(const char *name, const vb_buf *b)
{
  const char *dir = getenv("VB_SAMPLES");
  if (!dir)
    return;
  vb_diag *d = vb_diag_new();
  vb_arena *a = vb_arena_new(0);
  assert_int_equal(vb_dir_make(d, dir), VB_OK);
  assert_int_equal(vb_file_write(d, vb_path_join(a, dir, name), b->p, b->n), VB_OK);
  vb_arena_free(a);
  vb_diag_free(d);
}

static void test_report(void **state)
{
  (void)state;
  vb_doc *doc = sample_report();
  vb_diag *d = vb_diag_new();
  vb_arena *a = vb_arena_new(0);
  vb_buf one, two;
  vb_written told = {0};
  assert_int_equal(vb_doc_verify(d, doc), VB_OK);
  assert_true(vb_xlsx_has_sheets(doc));
  assert_int_equal(make(d, doc, a, &one, &told), VB_OK);
  assert_null(vb_diag_first(d));
  struct timespec later = {1, 100000000}; /* the clock moves on; the bytes do not */
  nanosleep(&later, NULL);
  assert_int_equal(make(d, doc, a, &two, NULL), VB_OK);
  assert_int_equal(one.n, two.n);
  assert_memory_equal(one.p, two.p, one.n);
  leave("report.xlsx", &one);
  /* every traced value of tables and charts has its place, and 1.2 stands where the sheet test finds it */
  assert_int_equal(told.n_figures, 15 + 1 + 1 + 8 + 5 + 12);
  bool found = false;
  for (uint32_t i = 0; i < told.n_figures; i++)
    found |= strcmp(told.figures[i].sheet, "Phụ lục I") == 0 && strcmp(told.figures[i].cell, "D12") == 0;
  assert_true(found);
  vb_buf_free(&one);
  vb_buf_free(&two);
  vb_arena_free(a);
  vb_diag_free(d);
  vb_doc_free(doc);
}

static void test_stream(void **state)
{
  (void)state;
  vb_doc *doc = sample_stream(25000);
  vb_diag *d = vb_diag_new();
  vb_arena *a = vb_arena_new(0);
  vb_buf one, two;
  assert_int_equal(vb_doc_verify(d, doc), VB_OK);
  assert_int_equal(make(d, doc, a, &one, NULL), VB_OK);
  assert_int_equal(make(d, doc, a, &two, NULL), VB_OK);
  assert_int_equal(one.n, two.n);
  assert_memory_equal(one.p, two.p, one.n);
  leave("stream.xlsx", &one);
  vb_buf_free(&one);
  vb_buf_free(&two);
  vb_arena_free(a);
  vb_diag_free(d);
  vb_doc_free(doc);
}

static void expect(vb_doc *doc, vb_status status, vb_msg msg)
{
  vb_diag *d = vb_diag_new();
  vb_arena *a = vb_arena_new(0);
  vb_buf out;
  assert_int_equal(make(d, doc, a, &out, NULL), status);
  assert_non_null(vb_diag_first(d));
  assert_int_equal(vb_diag_first(d)->msg, msg);
  assert_null(vb_diag_first(d)->next);
  vb_buf_free(&out);
  vb_arena_free(a);
  vb_diag_free(d);
  vb_doc_free(doc);
}

static void test_errors(void **state)
{
  (void)state;
  vb_doc *doc = make_doc();
  make_para(doc, make_sequence(doc, VB_SEQ_BODY, NULL, false), VB_STYLE_BODY, "không có bảng");
  assert_false(vb_xlsx_has_sheets(doc));
  expect(doc, VB_BAD, VB_MSG_XLSX_NOTHING);

  doc = make_doc(); /* a cell of 32,768 characters; one less is a cell */
  vb_node *t = make_table(doc, make_sequence(doc, VB_SEQ_BODY, NULL, false), &(vb_table_column){0}, 1);
  char *text = vb_arena_alloc(doc->arena, 32769);
  memset(text, 'a', 32768);
  vb_node *c = make_cell(doc, make_row(doc, t, VB_ROW_DATA), text);
  c->u.cell.text.n = 32767;
  vb_diag *d = vb_diag_new();
  vb_arena *a = vb_arena_new(0);
  vb_buf out;
  assert_int_equal(make(d, doc, a, &out, NULL), VB_OK);
  vb_buf_free(&out);
  vb_arena_free(a);
  vb_diag_free(d);
  c->u.cell.text.n = 32768;
  expect(doc, VB_BAD, VB_MSG_XLSX_CELL_LONG);

  doc = make_doc();
  vb_node *n = vb_node_add(doc, make_sequence(doc, VB_SEQ_BODY, NULL, false), VB_NODE_CHART);
  n->u.chart.title = n->u.chart.alt = "x";
  n->u.chart.categories = (const char *const[]){"a"};
  n->u.chart.n_categories = 1;
  n->u.chart.n_series = VB_TABLE_COLUMNS_MAX;
  n->u.chart.series = VB_NEW_ARRAY(doc->arena, vb_series, VB_TABLE_COLUMNS_MAX);
  expect(doc, VB_BAD, VB_MSG_XLSX_SERIES);
}

/* A stream longer than a sheet is an error, after which nothing is left over. */
static void test_too_many_rows(void **state)
{
  (void)state;
  if (!getenv("VB_SLOW"))
    skip(); /* a million rows under the sanitizers take a minute */
  expect(sample_stream(1048600), VB_BAD, VB_MSG_XLSX_ROWS);
}

static void test_locale(void **state)
{
  (void)state;
  if (!setlocale(LC_NUMERIC, "vi_VN.UTF-8") && !setlocale(LC_NUMERIC, "de_DE.UTF-8"))
    skip(); /* no locale with a decimal comma on this machine */
  expect(sample_report(), VB_SYSTEM, VB_MSG_XLSX_LOCALE);
  setlocale(LC_NUMERIC, "C");
}

/* The scratch folder cannot hold the file: one message, whatever the library says. */
static void test_scratch(void **state)
{
  (void)state;
  const char *old = getenv("TMPDIR");
  char *keep = old ? strdup(old) : NULL;
  setenv("TMPDIR", "/proc/self/none", 1);
  vb_diag *d = vb_diag_new();
  vb_arena *a = vb_arena_new(0);
  vb_doc *doc = sample_report();
  vb_buf out;
  vb_status st = make(d, doc, a, &out, NULL);
  assert_true(st == VB_SYSTEM || st == VB_OK); /* base may know a better folder */
  assert_int_equal(vb_diag_first(d) != NULL, st == VB_SYSTEM);
  if (keep)
    setenv("TMPDIR", keep, 1);
  else
    unsetenv("TMPDIR");
  free(keep);
  vb_buf_free(&out);
  vb_arena_free(a);
  vb_diag_free(d);
  vb_doc_free(doc);
}

/* ---- the n-th allocation fails ------------------------------------------------------------------------------ */

static long left = -1;

static void *tight_alloc(void *ctx, size_t n)
{
  (void)ctx;
  return left == 0 ? NULL : (left--, malloc(n));
}

static void *tight_resize(void *ctx, void *p, size_t n)
{
  (void)ctx;
  return left == 0 ? NULL : (left--, realloc(p, n));
}

static void tight_release(void *ctx, void *p)
{
  (void)ctx;
  free(p);
}

static void test_no_memory(void **state)
{
  (void)state;
  const vb_mem_table tight = {tight_alloc, tight_resize, tight_release, NULL};
  vb_fontset_close(fonts);
  vb_mem_set(&tight);
  open_fonts(state);
  vb_doc *doc = sample_report();
  vb_diag *d = vb_diag_new();
  vb_arena *a = vb_arena_new(0);
  vb_status st = VB_NOMEM;
  long n = 0;
  for (long step = 1; st != VB_OK; n += step, step = n < 60 ? 1 : n / 8) {
    vb_buf out;
    assert_true(n < 1000000);
    left = n;
    st = make(d, doc, a, &out, NULL);
    left = -1;
    assert_true(st == VB_OK || st == VB_NOMEM || vb_diag_failed(d));
    vb_buf_free(&out);
  }
  assert_true(n > 10);
  vb_arena_free(a);
  vb_diag_free(d);
  vb_doc_free(doc);
  vb_fontset_close(fonts);
  vb_mem_set(NULL);
  open_fonts(state);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_report), cmocka_unit_test(test_stream), cmocka_unit_test(test_errors), cmocka_unit_test(test_too_many_rows),
    cmocka_unit_test(test_locale), cmocka_unit_test(test_scratch), cmocka_unit_test(test_no_memory)};
  return cmocka_run_group_tests(tests, open_fonts, close_fonts);
}
