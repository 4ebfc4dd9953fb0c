/* The proof of the tree: a whole document passes; each breach gives its one message at its place; n-th allocation fails cleanly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "doc_make.h"

/* A report with letterhead, headings, list, a figure, a table with spans and a chart. */
static vb_doc *good(void)
{
  vb_doc *doc = make_doc();
  vb_node *body = make_sequence(doc, VB_SEQ_BODY, NULL, false);
  vb_node *cols = vb_node_add(doc, body, VB_NODE_COLUMNS), *col = vb_node_add(doc, cols, VB_NODE_COLUMN);
  make_para(doc, col, VB_STYLE_NATION, "Cộng hòa xã hội chủ nghĩa Việt Nam");
  vb_node_add(doc, col, VB_NODE_RULE);
  vb_node *p = make_para(doc, body, VB_STYLE_BODY, "Tiếp nhận ");
  vb_node *f = vb_node_add(doc, p, VB_NODE_FIGURE);
  f->u.text.text = VB_LIT("1.714");
  f->u.text.value = make_value(doc, VB_VALUE_NUMBER, 1714, 0);
  vb_node *item = vb_node_add(doc, vb_node_add(doc, body, VB_NODE_LIST), VB_NODE_ITEM);
  item->label = "-";
  make_para(doc, item, VB_STYLE_ITEM, "Một việc");
  vb_node *app = make_sequence(doc, VB_SEQ_APPENDIX, "Phụ lục", false);
  vb_node *t = make_table(doc, app, (vb_table_column[3]){{.width = 100}, {.width = 700}, {.width = 200}}, 3), *r;
  r = make_row(doc, t, VB_ROW_HEAD);
  make_span(doc, r, "TT", 1, 2);
  make_span(doc, r, "Nội dung", 2, 1);
  r = make_row(doc, t, VB_ROW_HEAD);
  make_cell(doc, r, "Tên");
  make_cell(doc, r, "Số");
  r = make_row(doc, t, VB_ROW_DATA);
  make_span(doc, r, "1", 1, 2);
  make_cell(doc, r, "Hồ sơ");
  make_number(doc, r, "1.1", make_value(doc, VB_VALUE_NUMBER, 12, 0), "12")->id = "hs";
  r = make_row(doc, t, VB_ROW_DATA);
  make_cell(doc, r, "Đơn");
  make_number(doc, r, "1.2", make_value(doc, VB_VALUE_NUMBER, 3, 0), "3");
  vb_node *c = vb_node_add(doc, app, VB_NODE_CHART);
  static const char *cats[] = {"2022", "2023"};
  vb_value *v = VB_NEW_ARRAY(doc->arena, vb_value, 2);
  v[0] = make_value(doc, VB_VALUE_NUMBER, 1, 0);
  v[1] = make_value(doc, VB_VALUE_NUMBER, 2, 0);
  vb_series *s = VB_NEW(doc->arena, vb_series);
  *s = (vb_series){"Hồ sơ", v};
  c->u.chart.title = "Hồ sơ theo năm";
  c->u.chart.alt = "Hai cột: 1 và 2";
  c->u.chart.axis = "hồ sơ";
  c->u.chart.categories = cats;
  c->u.chart.n_categories = 2;
  c->u.chart.series = s;
  c->u.chart.n_series = 1;
  return doc;
}

static vb_node *find(const vb_doc *doc, vb_node_kind kind, int nth)
{
  vb_walk w;
  vb_walk_init(&w, doc->root);
  while (vb_walk_next(&w))
    if (!w.leaving && w.node->kind == kind && nth-- == 0)
      return (vb_node *)(uintptr_t)w.node;
  fail();
  return NULL;
}

static void expect(vb_doc *doc, vb_status status, vb_msg msg)
{
  vb_diag *d = vb_diag_new();
  vb_status s = vb_doc_verify(d, doc);
  const vb_finding *f = vb_diag_first(d);
  assert_int_equal(s, status);
  assert_non_null(f);
  assert_int_equal(f->msg, msg);
  assert_null(f->next);
  vb_diag_free(d);
  vb_doc_free(doc);
}

static void bad(vb_doc *doc, vb_msg msg) { expect(doc, VB_BAD, msg); }

static void test_good(void **state)
{
  (void)state;
  vb_doc *doc = good();
  vb_diag *d = vb_diag_new();
  assert_int_equal(vb_doc_verify(d, doc), VB_OK);
  assert_null(vb_diag_first(d));
  vb_diag_free(d);
  vb_doc_free(doc);
}

static void test_shape(void **state)
{
  (void)state;
  vb_doc *doc = make_doc();
  bad(doc, VB_MSG_DOC_NO_PAGES);
  doc = good();
  make_para(doc, find(doc, VB_NODE_PARA, 1), VB_STYLE_BODY, "trong đoạn");
  bad(doc, VB_MSG_DOC_NESTING);
  doc = good();
  vb_node *g = find(doc, VB_NODE_SEQUENCE, 0);
  for (int i = 0; i < VB_DOC_DEPTH_MAX; i++)
    g = vb_node_add(doc, g, VB_NODE_GROUP);
  bad(doc, VB_MSG_DOC_DEPTH);
}

static void test_texts(void **state)
{
  (void)state;
  static const struct { vb_span text; vb_msg msg; } cases[] = {
    {{"", 0}, VB_MSG_DOC_TEXT_EMPTY}, {{"a\xff", 2}, VB_MSG_DOC_TEXT_UTF8}, {{"\xed\xa0\x80", 3}, VB_MSG_DOC_TEXT_UTF8},
    {{"hoa\xcc\x80", 5}, VB_MSG_DOC_TEXT_NFC}, {{"a\x01", 2}, VB_MSG_DOC_TEXT_CHAR}, {{"a\xe2\x80\x8b" "b", 5}, VB_MSG_DOC_TEXT_CHAR},
    {{"\xe2\x80\xae" "abc", 6}, VB_MSG_DOC_TEXT_CHAR}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    vb_doc *doc = good();
    find(doc, VB_NODE_TEXT, 0)->u.text.text = cases[i].text;
    bad(doc, cases[i].msg);
    doc = good();
    find(doc, VB_NODE_FIGURE, 0)->u.text.text = cases[i].text;
    bad(doc, cases[i].msg);
    if (i == 0)
      continue; /* an empty cell is a blank */
    doc = good();
    find(doc, VB_NODE_CELL, 2)->u.cell.text = cases[i].text;
    bad(doc, cases[i].msg);
  }
  vb_doc *doc = good();
  find(doc, VB_NODE_ITEM, 0)->label = "";
  bad(doc, VB_MSG_DOC_TEXT_EMPTY);
}

/* A text that knows its place tells that of the letter; what does not know it, the nearest place above it. */
static void test_place_of_a_letter(void **state)
{
  (void)state;
  vb_doc *doc = good();
  vb_node *text = find(doc, VB_NODE_TEXT, 0);
  text->u.text.text = VB_LIT("đã\xe2\x80\xae" "ký");
  text->parent->at = (vb_place){"mau.xml", 4, 1, NULL};
  for (int own = 0; own < 2; own++) {
    vb_diag *d = vb_diag_new();
    if (own)
      text->at = (vb_place){"loi.txt", 5, 10, NULL};
    assert_int_equal(vb_doc_verify(d, doc), VB_BAD);
    assert_string_equal(vb_diag_first(d)->at.file, own ? "loi.txt" : "mau.xml");
    assert_int_equal(vb_diag_first(d)->at.line, own ? 5 : 4);
    assert_int_equal(vb_diag_first(d)->at.column, own ? 12 : 1);
    vb_diag_free(d);
  }
  vb_doc_free(doc);
}

static void test_table(void **state)
{
  (void)state;
  vb_doc *doc = good();
  find(doc, VB_NODE_TABLE, 0)->u.table.n_columns = VB_TABLE_COLUMNS_MAX + 1;
  bad(doc, VB_MSG_DOC_TABLE_COLUMNS);
  doc = good();
  find(doc, VB_NODE_TABLE, 0)->u.table.n_columns = 0;
  bad(doc, VB_MSG_DOC_TABLE_COLUMNS);
  doc = good();
  find(doc, VB_NODE_TABLE, 0)->u.table.columns = (const vb_table_column[3]){{.width = 500}, {.width = 500}, {.width = 0}};
  bad(doc, VB_MSG_DOC_TABLE_WIDTHS);
  doc = good();
  find(doc, VB_NODE_TABLE, 0)->u.table.columns = (const vb_table_column[3]){{.width = 100}, {.width = 200}, {.width = 300}};
  bad(doc, VB_MSG_DOC_TABLE_WIDTHS);
  doc = good();
  vb_node *empty = make_table(doc, find(doc, VB_NODE_SEQUENCE, 0), &(vb_table_column){0}, 1);
  assert_null(empty->first);
  bad(doc, VB_MSG_DOC_TABLE_EMPTY);
  doc = good();
  find(doc, VB_NODE_ROW, 3)->u.row.kind = VB_ROW_HEAD;
  bad(doc, VB_MSG_DOC_TABLE_HEAD);
  doc = good();
  find(doc, VB_NODE_CELL, 1)->u.cell.colspan = 1;
  bad(doc, VB_MSG_DOC_TABLE_SHORT);
  doc = good();
  find(doc, VB_NODE_CELL, 1)->u.cell.colspan = 3;
  bad(doc, VB_MSG_DOC_TABLE_LONG);
  doc = good();
  find(doc, VB_NODE_CELL, 1)->u.cell.colspan = 0;
  bad(doc, VB_MSG_DOC_TABLE_LONG);
  doc = good();
  make_cell(doc, find(doc, VB_NODE_ROW, 3), "thừa");
  bad(doc, VB_MSG_DOC_TABLE_LONG);
  doc = good();
  find(doc, VB_NODE_CELL, 0)->u.cell.rowspan = 3; /* out of the head */
  bad(doc, VB_MSG_DOC_TABLE_SPAN);
  doc = good();
  find(doc, VB_NODE_CELL, 4)->u.cell.rowspan = 3; /* out of the table */
  bad(doc, VB_MSG_DOC_TABLE_SPAN);
}

static void test_figures(void **state)
{
  (void)state;
  vb_doc *doc = good();
  find(doc, VB_NODE_FIGURE, 0)->u.text.value.trace = 0;
  bad(doc, VB_MSG_DOC_FIGURE_TRACE);
  doc = good();
  find(doc, VB_NODE_FIGURE, 0)->u.text.value.trace = 99;
  bad(doc, VB_MSG_DOC_FIGURE_TRACE);
  doc = good();
  find(doc, VB_NODE_CELL, 6)->u.cell.value.trace = 0;
  bad(doc, VB_MSG_DOC_FIGURE_TRACE);
  doc = good();
  find(doc, VB_NODE_CELL, 8)->u.cell.key = "1.1";
  bad(doc, VB_MSG_DOC_KEY_TWICE);
  doc = good();
  find(doc, VB_NODE_PARA, 1)->id = "hs";
  bad(doc, VB_MSG_DOC_ID_TWICE);
  doc = good();
  find(doc, VB_NODE_CHART, 0)->u.chart.alt = NULL;
  bad(doc, VB_MSG_DOC_CHART);
  doc = good();
  find(doc, VB_NODE_CELL, 8)->u.cell.formula = make_formula(doc, VB_FORMULA_SUM, (const char *const[]){"1.1", "9.9"}, 2);
  expect(doc, VB_OK, VB_MSG_DOC_FORMULA_REF);
}

/* Each limit of ND30 PL I.I: one step outside is refused, the limit itself is not. */
static void test_setup(void **state)
{
  (void)state;
  static const struct { size_t at; double low, high; } lengths[] = {
    {offsetof(vb_setup, top), 20, 25}, {offsetof(vb_setup, bottom), 20, 25}, {offsetof(vb_setup, left), 30, 35},
    {offsetof(vb_setup, right), 15, 20}};
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
    for (int k = 0; k < 4; k++) {
      double mm = k == 0 ? lengths[i].low - 0.1 : k == 1 ? lengths[i].high + 0.1 : k == 2 ? lengths[i].low : lengths[i].high;
      vb_doc *doc = good();
      *(vb_len *)(void *)((char *)&doc->setup + lengths[i].at) = VB_MM(mm);
      if (k < 2) {
        bad(doc, VB_MSG_DOC_SETUP);
      } else {
        vb_diag *d = vb_diag_new();
        assert_int_equal(vb_doc_verify(d, doc), VB_OK);
        vb_diag_free(d);
        vb_doc_free(doc);
      }
    }
  const vb_setup base = {VB_MM(20), VB_MM(20), VB_MM(30), VB_MM(20), 'B', 28, VB_MM(10), VB_PT(6), 1000};
  vb_setup wrong[6];
  for (int i = 0; i < 6; i++)
    wrong[i] = base;
  wrong[0].size_set = 'C';
  wrong[1].body_size = 25;
  wrong[2].body_size = 30;
  wrong[3].indent = VB_MM(11);
  wrong[4].para_gap = VB_PT(5);
  wrong[5].leading = 1600;
  for (int i = 0; i < 6; i++) {
    vb_doc *doc = good();
    doc->setup = wrong[i];
    bad(doc, VB_MSG_DOC_SETUP);
  }
}

typedef struct source { int at, bad_at; } source;

static vb_status source_rewind(void *ctx)
{
  ((source *)ctx)->at = 0;
  return VB_OK;
}

static vb_status source_next(void *ctx, vb_arena *a, vb_node **row)
{
  source *s = ctx;
  if (s->at == 1000)
    return VB_DONE;
  *row = vb_node_make(a, NULL, VB_NODE_ROW);
  (*row)->u.row.kind = VB_ROW_DATA;
  vb_node *c = vb_node_make(a, *row, VB_NODE_CELL);
  c->u.cell.text = s->at == s->bad_at ? VB_LIT("\xff") : VB_LIT("x");
  c->u.cell.rowspan = (int16_t)(s->at == -s->bad_at ? 2 : 1);
  s->at++;
  return VB_OK;
}

static void test_stream(void **state)
{
  (void)state;
  static const vb_msg want[] = {VB_MSG_DOC_TEXT_UTF8, VB_MSG_DOC_STREAM_SPAN, VB_MSG_COUNT};
  const int at[] = {777, -777, 5000};
  for (int i = 0; i < 3; i++) {
    source src = {0, at[i]};
    vb_row_stream stream = {source_rewind, source_next, &src};
    vb_doc *doc = make_doc();
    vb_node *t = make_table(doc, make_sequence(doc, VB_SEQ_BODY, NULL, false), &(vb_table_column){0}, 1);
    t->u.table.stream = &stream;
    if (i < 2) {
      bad(doc, want[i]);
      continue;
    }
    vb_diag *d = vb_diag_new();
    assert_int_equal(vb_doc_verify(d, doc), VB_OK);
    vb_diag_free(d);
    vb_doc_free(doc);
  }
}

/* The place of a breach is the node's, or of the nearest node above that has one. */
static void test_place(void **state)
{
  (void)state;
  vb_doc *doc = good();
  vb_diag *d = vb_diag_new();
  find(doc, VB_NODE_TABLE, 0)->at = (vb_place){"mau.xml", 40, 3, NULL};
  find(doc, VB_NODE_CELL, 2)->u.cell.text = VB_LIT("\xff");
  assert_int_equal(vb_doc_verify(d, doc), VB_BAD);
  assert_string_equal(vb_diag_first(d)->at.file, "mau.xml");
  assert_int_equal(vb_diag_first(d)->at.line, 40);
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
  left = -1;
  vb_mem_set(&tight);
  vb_doc *doc = good();
  vb_diag *d = vb_diag_new();
  vb_status s = VB_NOMEM;
  for (long n = 0; s == VB_NOMEM; n++) {
    assert_true(n < 1000);
    left = n;
    s = vb_doc_verify(d, doc);
    assert_true(s == VB_NOMEM || s == VB_OK);
    left = n;
    vb_doc *other = vb_doc_new();
    assert_true(other != NULL || n < 4);
    vb_doc_free(other);
  }
  left = -1;
  assert_null(vb_diag_first(d));
  vb_diag_free(d);
  vb_doc_free(doc);
  vb_mem_set(NULL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_good), cmocka_unit_test(test_shape), cmocka_unit_test(test_texts), cmocka_unit_test(test_place_of_a_letter), cmocka_unit_test(test_table),
    cmocka_unit_test(test_figures), cmocka_unit_test(test_setup), cmocka_unit_test(test_stream), cmocka_unit_test(test_place),
    cmocka_unit_test(test_no_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
