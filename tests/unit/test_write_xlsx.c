/* The workbook as a whole: bytes the same twice, parts proved, errors translated, what is told. The sheets themselves are read by
 * programs that we did not write in tests/check.d/30-xlsx.sh, from the files that this test leaves under $VB_SAMPLES. */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
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
  vb_doc *doc = xlsx_report();
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
  assert_int_equal(told.n_figures, 18 + 1 + 1 + 8 + 5 + 12);
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
  vb_doc *doc = xlsx_stream(25000);
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

/* ---- a stream longer than a sheet --------------------------------------------------------------------------- */

static vb_status endless_rewind(void *ctx)
{
  (void)ctx;
  return VB_OK;
}

static vb_status endless_next(void *ctx, vb_arena *a, vb_node **row)
{
  (void)ctx;
  *row = vb_node_make(a, NULL, VB_NODE_ROW);
  (*row)->u.row.kind = VB_ROW_DATA;
  vb_node_make(a, *row, VB_NODE_CELL)->u.cell.text = VB_LIT("x");
  return VB_OK;
}

static void test_too_many_rows(void **state)
{
  (void)state;
  static const vb_row_stream endless = {endless_rewind, endless_next, NULL};
  vb_doc *doc = make_doc();
  vb_node *t = make_table(doc, make_sequence(doc, VB_SEQ_BODY, NULL, false), &(vb_table_column){.width = 1000}, 1);
  t->u.table.stream = &endless;
  expect(doc, VB_BAD, VB_MSG_XLSX_ROWS);
}

/* ---- surroundings ------------------------------------------------------------------------------------------- */

static char decimal_sign[] = ".";

/* In place of libc's: machines rarely have a locale with a decimal comma. */
struct lconv *localeconv(void)
{
  static struct lconv lc;
  lc.decimal_point = decimal_sign;
  return &lc;
}

static void test_locale(void **state)
{
  (void)state;
  decimal_sign[0] = ',';
  expect(xlsx_report(), VB_SYSTEM, VB_MSG_XLSX_LOCALE);
  decimal_sign[0] = '.';
}

/* No file may grow beyond a limit, as on a full disk: the library says that all went well, and the workbook is either whole or refused.
 * Short ones need no file at all. */
static vb_status limited(const vb_doc *doc, rlim_t limit, const vb_buf *good)
{
  struct rlimit old, low;
  vb_arena *a = vb_arena_new(0);
  vb_diag *d = vb_diag_new();
  vb_buf out;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
  low = old;
  low.rlim_cur = limit;
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
  vb_status st = make(d, doc, a, &out, NULL);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
  if (st == VB_OK) {
    assert_int_equal(out.n, good->n);
    assert_memory_equal(out.p, good->p, good->n);
  } else {
    assert_int_equal(st, VB_SYSTEM);
    assert_int_equal(out.n, 0);
    assert_non_null(vb_diag_first(d));
    assert_int_equal(vb_diag_first(d)->msg, VB_MSG_XLSX_BROKEN);
    assert_null(vb_diag_first(d)->next);
  }
  vb_buf_free(&out);
  vb_diag_free(d);
  vb_arena_free(a);
  return st;
}

static void test_full_disk(void **state)
{
  (void)state;
  static const struct { rlim_t limit; vb_status st; } cases[] = {
    {1, VB_SYSTEM}, {65536, VB_SYSTEM}, {1100000, VB_SYSTEM}, {1500000, VB_SYSTEM}, {32u << 20, VB_OK}};
  vb_arena *a = vb_arena_new(0);
  (void)signal(SIGXFSZ, SIG_IGN);
  for (int i = -1; i < (int)(sizeof cases / sizeof *cases); i++) {
    vb_doc *doc = i < 0 ? xlsx_report() : xlsx_stream(6000);
    vb_diag *d = vb_diag_new();
    vb_buf good;
    assert_int_equal(make(d, doc, a, &good, NULL), VB_OK);
    vb_diag_free(d);
    assert_int_equal(limited(doc, i < 0 ? 1 : cases[i].limit, &good), i < 0 ? VB_OK : cases[i].st);
    vb_buf_free(&good);
    vb_doc_free(doc);
  }
  vb_arena_free(a);
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
  vb_doc *doc = xlsx_report();
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
    cmocka_unit_test(test_locale), cmocka_unit_test(test_full_disk), cmocka_unit_test(test_no_memory)};
  return cmocka_run_group_tests(tests, open_fonts, close_fonts);
}
