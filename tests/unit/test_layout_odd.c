/* Documents that no shipped template makes and a template of one's own can: each is laid, nothing of its text is lost, and a bound is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "doc_make.h"
#include "layout_try.h"

static vb_doc *doc;
static vb_node *body;

static int set_up(void **state)
{
  (void)state;
  doc = make_doc();
  body = make_sequence(doc, VB_SEQ_BODY, NULL, false);
  return 0;
}

static int tear_down(void **state)
{
  (void)state;
  vb_doc_free(doc);
  return 0;
}

/* Lays the document; every word of the list, which ends with NULL, stands on some page. */
static try_pages laid(const char *const *words)
{
  try_pages t = try_lay(doc, NULL);
  if (t.st != VB_OK)
    try_told();
  assert_int_equal(t.st, VB_OK);
  for (; *words; words++)
    if (try_page_of(&t, *words) < 0)
      fail_msg("%s is nowhere", *words);
  return t;
}
#define LAID(...) laid((const char *const[]){__VA_ARGS__, NULL})

static vb_node *item(vb_node *list, const char *label)
{
  vb_node *n = vb_node_add(doc, list, VB_NODE_ITEM);
  assert_non_null(n);
  n->label = label;
  return n;
}

static vb_node *group(vb_node *parent, vb_len width, vb_len height)
{
  vb_node *g = vb_node_add(doc, parent, VB_NODE_GROUP);
  assert_non_null(g);
  g->u.group.box = true;
  g->u.group.box_width = width;
  g->u.group.box_height = height;
  return g;
}

static vb_node *narrow_table(int columns)
{
  static vb_table_column c[VB_TABLE_COLUMNS_MAX];
  return make_table(doc, body, c, columns);
}

/* Items whose number stands alone: a list or a table follows it, or nothing. */
static void test_items_without_text(void **state)
{
  (void)state;
  vb_node *list = vb_node_add(doc, body, VB_NODE_LIST), *first = item(list, "1)");
  make_para(doc, item(vb_node_add(doc, first, VB_NODE_LIST), "a)"), VB_STYLE_BODY, "trong");
  (void)item(list, "2)");
  vb_node *cell = make_cell(doc, make_row(doc, narrow_table(1), VB_ROW_DATA), "");
  cell->u.cell.text = (vb_span){NULL, 0};
  (void)item(vb_node_add(doc, cell, VB_NODE_LIST), "3)");
  try_pages t = LAID("1)", "a)", "trong", "2)", "3)");
  try_free(&t);
}

/* A line's end at the end of a paragraph makes no empty line; a tab is a blank; words are made upright and light inside what is slanted and bold. */
static void test_odd_texts(void **state)
{
  (void)state;
  vb_node *p = make_para(doc, body, VB_STYLE_BODY, "một\thai\n");
  p->u.para.before = VB_PT(20);
  vb_node *title = make_para(doc, body, VB_STYLE_PLACE_DATE, "nghiêng ");
  assert_non_null(vb_node_text(doc, title, VB_LIT("thẳng"), VB_INLINE_UPRIGHT));
  vb_node *bold = make_para(doc, body, VB_STYLE_TITLE, "đậm ");
  assert_non_null(vb_node_text(doc, bold, VB_LIT("nhạt"), VB_INLINE_LIGHT));
  make_para(doc, body, VB_STYLE_BODY, "\n\n")->label = "";
  vb_node *row = make_row(doc, narrow_table(1), VB_ROW_DATA);
  make_cell(doc, row, "ba\tbốn\nnăm\n");
  try_pages t = LAID("một hai", "thẳng", "NHẠT", "ba bốn", "năm");
  assert_int_equal(try_find(&t, 0, "thẳng", 0)->face, VB_REGULAR);
  assert_int_equal(try_find(&t, 0, "NHẠT", 0)->face, VB_REGULAR);
  try_free(&t);
}

/* Columns narrower than a letter: all text is there, a letter a line where it must be, numbers and indents among it. */
static void test_narrower_than_a_letter(void **state)
{
  (void)state;
  vb_node *table = narrow_table(VB_TABLE_COLUMNS_MAX), *row = make_row(doc, table, VB_ROW_DATA);
  for (int i = 0; i < VB_TABLE_COLUMNS_MAX; i++) {
    vb_node *cell = make_cell(doc, row, "WM 1");
    if (i == 3) {
      cell->u.cell.text = (vb_span){NULL, 0};
      vb_node *list = vb_node_add(doc, cell, VB_NODE_LIST);
      make_para(doc, item(list, "12345."), VB_STYLE_BODY, "WMW")->u.para.size = 40;
    }
  }
  try_pages t = LAID("W", "M", "1");
  try_free(&t);
}

/* Frames: as wide as their text; wider than the page; taller than a page, which is left out while its text stays; a rule and a slot in one. */
static void test_frames(void **state)
{
  (void)state;
  vb_node *g = group(body, 0, 0);
  make_para(doc, g, VB_STYLE_URGENCY, "Hỏa tốc");
  g = group(body, VB_MM(900), VB_MM(900));
  make_para(doc, g, VB_STYLE_BODY, "rộng");
  (void)vb_node_add(doc, g, VB_NODE_RULE);
  g = group(body, VB_MM(100), 0);
  for (int i = 0; i < 80; i++)
    make_para(doc, g, VB_STYLE_BODY, i == 79 ? "cuối khung" : "dòng");
  vb_node *slot = vb_node_add(doc, body, VB_NODE_SLOT);
  slot->u.slot.over = true; /* over nothing */
  slot->u.slot.name = "dau";
  slot->u.slot.width = VB_MM(36);
  slot->u.slot.height = VB_MM(36);
  try_pages t = LAID("HỎA TỐC", "rộng", "cuối khung");
  try_free(&t);
}

/* At the foot of a page; in a cell and when it is no foot any more, where it comes up. */
static void test_feet(void **state)
{
  (void)state;
  vb_node *foot = vb_node_add(doc, body, VB_NODE_GROUP), *cell;
  foot->u.group.foot = true;
  make_para(doc, foot, VB_STYLE_BODY, "chân trang");
  make_para(doc, body, VB_STYLE_BODY, "thân");
  cell = make_cell(doc, make_row(doc, narrow_table(1), VB_ROW_DATA), "");
  cell->u.cell.text = (vb_span){NULL, 0};
  foot = vb_node_add(doc, cell, VB_NODE_GROUP);
  foot->u.group.foot = true;
  make_para(doc, foot, VB_STYLE_BODY, "trong ô");
  foot = vb_node_add(doc, body, VB_NODE_GROUP);
  foot->u.group.foot = true;
  for (int i = 0; i < 60; i++)
    make_para(doc, foot, VB_STYLE_BODY, i == 59 ? "cuối chân" : "dòng");
  try_pages t = LAID("chân trang", "thân", "trong ô", "cuối chân");
  assert_true(try_find(&t, 0, "chân trang", 0)->y < try_find(&t, 0, "thân", 0)->y);
  try_free(&t);
}

/* Columns inside a cell, taller than a page: one below the other; the nation's name in the first of two columns takes room from the second. */
static void test_columns(void **state)
{
  (void)state;
  vb_node *head = vb_node_add(doc, body, VB_NODE_COLUMNS);
  head->u.columns.role = VB_COLUMNS_LETTERHEAD;
  for (int i = 0; i < 2; i++) {
    vb_node *c = vb_node_add(doc, head, VB_NODE_COLUMN);
    c->u.column.width = 500;
    make_para(doc, c, i ? VB_STYLE_ORGAN : VB_STYLE_NATION, i ? "Xã" : "Cộng hòa xã hội chủ nghĩa Việt Nam");
  }
  vb_node *cell = make_cell(doc, make_row(doc, narrow_table(1), VB_ROW_DATA), "");
  cell->u.cell.text = (vb_span){NULL, 0};
  vb_node *columns = vb_node_add(doc, cell, VB_NODE_COLUMNS);
  for (int k = 0; k < 2; k++) {
    vb_node *c = vb_node_add(doc, columns, VB_NODE_COLUMN);
    c->u.column.width = 500;
    for (int i = 0; i < 80; i++)
      make_para(doc, c, VB_STYLE_BODY, i < 79 ? "dòng" : k ? "cuối cột hai" : "cuối cột một");
  }
  try_pages t = LAID("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "cuối cột một", "cuối cột hai");
  assert_true(try_page_of(&t, "cuối cột hai") > try_page_of(&t, "cuối cột một"));
  try_free(&t);
}

/* Seven series, more than there are looks; nothing but zeros; more categories than millimetres; a name longer than the chart is wide. */
static void test_charts(void **state)
{
  (void)state;
  enum { MANY = 200 };
  static const char *categories[MANY], *const name = "Một tên rất dài của một nhóm hồ sơ giải quyết thủ tục hành chính theo cơ chế một cửa, một cửa liên thông, trực tuyến toàn trình trên Cổng Dịch vụ công quốc gia";
  static const struct { uint32_t n; vb_chart_kind kind; int64_t step; } charts[] = {{3, VB_CHART_BAR, 7}, {3, VB_CHART_BAR, 0}, {MANY, VB_CHART_LINE, 1}};
  for (int i = 0; i < MANY; i++)
    categories[i] = i % 2 ? "Quý I" : "Quý II";
  for (size_t k = 0; k < sizeof charts / sizeof *charts; k++) {
    vb_node *n = vb_node_add(doc, body, VB_NODE_CHART);
    vb_series *series = VB_NEW_ARRAY(doc->arena, vb_series, 7);
    for (int i = 0; i < 7; i++) {
      vb_value *v = VB_NEW_ARRAY(doc->arena, vb_value, charts[k].n);
      for (uint32_t j = 0; j < charts[k].n; j++)
        v[j] = make_value(doc, VB_VALUE_NUMBER, charts[k].step * (i + (int)j), 0);
      series[i] = (vb_series){i == 5 ? name : "Loạt số liệu của năm", v};
    }
    n->u.chart.kind = charts[k].kind;
    n->u.chart.alt = "biểu đồ";
    n->u.chart.categories = categories;
    n->u.chart.n_categories = charts[k].n;
    n->u.chart.series = series;
    n->u.chart.n_series = 7;
    n->u.chart.height = VB_MM(90);
  }
  try_pages t = LAID("Quý I", "Loạt số liệu", "Một tên rất dài", "quốc gia");
  for (int p = 0; p < t.n; p++)
    for (uint32_t i = 0; i < t.at[p].p.n_boxes; i++)
      assert_true(t.at[p].boxes[i].x >= doc->setup.left - VB_PT(4) && t.at[p].boxes[i].x + t.at[p].boxes[i].w <= VB_MM(210) - doc->setup.right + VB_PT(4)); /* half a mark */
  try_free(&t);
}

/* A table without lines goes over pages as another does. */
static void test_no_grid(void **state)
{
  (void)state;
  vb_node *table = narrow_table(2);
  table->u.table.grid = false;
  for (int i = 0; i < 60; i++) {
    vb_node *row = make_row(doc, table, VB_ROW_DATA);
    make_cell(doc, row, i < 59 ? "hàng" : "hàng cuối");
    make_cell(doc, row, "1");
  }
  try_pages t = LAID("hàng cuối");
  for (int p = 0; p < t.n; p++)
    for (uint32_t i = 0; i < t.at[p].p.n_boxes; i++)
      assert_int_not_equal(t.at[p].boxes[i].kind, VB_BOX_LINE);
  try_free(&t);
}

/* The last page that a document may have, and the one behind it. */
static void test_too_many_pages(void **state)
{
  (void)state;
  make_para(doc, body, VB_STYLE_BODY, "x");
  for (int over = 0; over < 2; over++) {
    for (int i = over ? VB_DOC_PAGES_MAX : 1; i < VB_DOC_PAGES_MAX + over; i++) {
      (void)vb_node_add(doc, body, VB_NODE_PAGE_BREAK);
      make_para(doc, body, VB_STYLE_BODY, "x");
    }
    vb_diag *d = vb_diag_new();
    vb_layout *l = NULL;
    const vb_page *page;
    int n = 0;
    assert_int_equal(vb_layout_open(d, doc, try_fonts(), NULL, &l), VB_OK);
    vb_status st;
    while ((st = vb_layout_next(l, &page)) == VB_OK)
      n++;
    assert_int_equal(n, VB_DOC_PAGES_MAX);
    assert_int_equal(st, over ? VB_BAD : VB_DONE);
    assert_int_equal(vb_diag_count(d, VB_INFO), over);
    if (over)
      assert_int_equal(vb_diag_last(d)->msg, VB_MSG_LAYOUT_PAGES);
    vb_layout_close(l);
    vb_diag_free(d);
  }
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
  const struct CMUnitTest tests[] = {
    T(test_items_without_text), T(test_odd_texts), T(test_narrower_than_a_letter), T(test_frames), T(test_feet), T(test_columns), T(test_charts), T(test_no_grid), T(test_too_many_pages),
  };
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  try_fonts_close();
  return failed;
}
