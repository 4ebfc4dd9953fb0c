/* The dump of the tree: every kind of node and attribute, escapes, streams; the same twice; no dependence on places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "doc_make.h"
#include "write/write_int.h"
#include "xlsx_samples.h"

static char *dump(const vb_doc *doc, const vb_node *only, vb_buf *out)
{
  vb_diag *d = vb_diag_new();
  vb_arena *a = vb_arena_new(0);
  vb_write_options o = {.only = only};
  vb_buf_init(out);
  assert_int_equal(vb_write_tree(d, doc, &o, a, out, NULL), VB_OK);
  assert_null(vb_diag_first(d));
  vb_arena_free(a);
  vb_diag_free(d);
  (void)vb_buf_cstr(out);
  return out->p;
}

static const char head[] =
  "vanban tree 1\n"
  "meta\n"
  "  id \"bc-cchc\"\n"
  "  template \"bao-cao-cchc\"\n"
  "  kind \"BC\"\n"
  "  kind-name \"Báo cáo\"\n"
  "  number \"232\"\n"
  "  symbol \"BC-UBND\"\n"
  "  place \"Quảng Thọ\"\n"
  "  subject \"Công tác cải cách hành chính năm 2023\"\n"
  "  title \"Báo cáo công tác cải cách hành chính năm 2023\"\n"
  "  unit \"19909\"\n"
  "  unit-name \"xã Quảng Thọ\"\n"
  "  organ \"Ủy ban nhân dân xã Quảng Thọ\"\n"
  "  superior \"Ủy ban nhân dân huyện Quảng Điền\"\n"
  "  period \"2023\"\n"
  "  keywords \"cải cách hành chính; báo cáo\"\n"
  "  date \"2023-12-06\"\n"
  "  issuer name=\"Ủy ban\" ident=\"H57.1\"\n"
  "  recipient name=\"Như trên\"\n"
  "  state issued paper priority=2\n"
  "setup top=56.693pt bottom=56.693pt left=85.039pt right=56.693pt set=B size=28 indent=36.000pt gap=6.000pt leading=1000\n"
  "data\n"
  "  1.1 label=\"Hồ sơ\" period=\"2023\" number=12 digits=2 trace=1 note=\"ghi\"\n";

static const char nodes[] =
  "traces 1\n"
  "document\n"
  "  sequence body landscape title=\"Thân\"\n"
  "    columns letterhead\n"
  "      column width=390 align=center\n"
  "        group box color=ff0000 width=56.693pt height=22.677pt\n"
  "          para urgency\n"
  "            text \"KHẨN\"\n"
  "        rule of-line=400 gap=1.000pt\n"
  "    para heading-1 label=\"I.\" id=\"kq\" align=center size=26 keep-next before=0.000pt\n"
  "      text bold italic \"a\\\"b\\\\c\\nd\\te\\_f\"\n"
  "      figure underline percent=56.1 trace=1 \"56,1\"\n"
  "      break\n"
  "      slot-inline date name=\"ngày\" width=10.000pt\n"
  "    list\n"
  "      item label=\"-\"\n"
  "        para item\n"
  "          text \"ý\"\n"
  "    slot signature name=\"ký\" width=10.000pt height=20.000pt\n"
  "    table columns=[600 right middle dash ten, 400] title=\"Bảng\" size=24 open sheet\n"
  "      row group level=1 key=\"r\"\n"
  "        cell 2x1 align=left middle bold italic header repeat-label \"x\"\n"
  "      row total\n"
  "        cell key=\"1.1\" number=12 trace=1 ratio(a, b)*100:1 \"12\"\n"
  "        cell table-item date=2023-01-09 trace=1\n"
  "    chart bar title=\"t\" alt=\"m\" axis=\"trục\" height=100.000pt\n"
  "      series name=\"s\" at=\"2022\" at=\"2023\" money=5 trace=1\n"
  "    page-break\n";

static vb_doc *all_kinds(void)
{
  static const vb_party issuer = {"Ủy ban", "H57.1"}, recipient = {"Như trên", NULL};
  static const char *const refs[] = {"a", "b"}, *const years[] = {"2022", "2023"};
  vb_doc *doc = make_doc();
  vb_node *s = make_sequence(doc, VB_SEQ_BODY, "Thân", true), *n, *p, *r, *c;
  doc->meta.issuer = issuer;
  doc->meta.recipients = &recipient;
  doc->meta.n_recipients = 1;
  doc->meta.priority = 2;
  vb_value v = make_value(doc, VB_VALUE_NUMBER, 12, 0);
  doc->data = VB_NEW(doc->arena, vb_datum);
  doc->n_data = 1;
  *doc->data = (vb_datum){.code = "1.1", .label = "Hồ sơ", .period = "2023", .value = v, .note = "ghi", .at = {"a.csv", 7, 1, NULL}};
  doc->data->value.min_digits = 2;
  n = vb_node_add(doc, s, VB_NODE_COLUMNS);
  n->u.columns.role = VB_COLUMNS_LETTERHEAD;
  c = vb_node_add(doc, n, VB_NODE_COLUMN);
  c->u.column.width = 390;
  c->u.column.align = VB_ALIGN_CENTER;
  n = vb_node_add(doc, c, VB_NODE_GROUP);
  n->u.group.box = true;
  n->u.group.color = 0xff0000;
  n->u.group.box_width = VB_MM(20);
  n->u.group.box_height = VB_MM(8);
  make_para(doc, n, VB_STYLE_URGENCY, "KHẨN");
  n = vb_node_add(doc, c, VB_NODE_RULE);
  n->u.rule.permille = 400;
  n->u.rule.gap = VB_PT(1);
  p = vb_node_add(doc, s, VB_NODE_PARA);
  p->style = VB_STYLE_HEADING_1;
  p->label = "I.";
  p->id = "kq";
  p->u.para.align = VB_ALIGN_CENTER;
  p->u.para.size = 26;
  p->u.para.keep_next = true;
  p->u.para.before = 0;
  vb_node_text(doc, p, VB_LIT("a\"b\\c\nd\te\xc2\xa0" "f"), VB_INLINE_BOLD | VB_INLINE_ITALIC);
  n = vb_node_add(doc, p, VB_NODE_FIGURE);
  n->u.text.text = VB_LIT("56,1");
  n->u.text.flags = VB_INLINE_UNDERLINE;
  n->u.text.value = (vb_value){.type = VB_VALUE_PERCENT, .num = {561, 1}, .trace = 1};
  vb_node_add(doc, p, VB_NODE_BREAK);
  n = vb_node_add(doc, p, VB_NODE_SLOT_INLINE);
  n->u.slot.kind = VB_SLOT_DATE;
  n->u.slot.name = "ngày";
  n->u.slot.width = VB_PT(10);
  n = vb_node_add(doc, vb_node_add(doc, s, VB_NODE_LIST), VB_NODE_ITEM);
  n->label = "-";
  make_para(doc, n, VB_STYLE_ITEM, "ý");
  n = vb_node_add(doc, s, VB_NODE_SLOT);
  n->u.slot.kind = VB_SLOT_SIGNATURE;
  n->u.slot.name = "ký";
  n->u.slot.width = VB_PT(10);
  n->u.slot.height = VB_PT(20);
  n = make_table(doc, s, (const vb_table_column[]){{600, VB_ALIGN_RIGHT, VB_VALIGN_MIDDLE, "ten", true, false}, {.width = 400}}, 2);
  n->u.table.title = "Bảng";
  n->u.table.size = 24;
  n->u.table.grid = false;
  r = make_row(doc, n, VB_ROW_GROUP);
  r->u.row.level = 1;
  r->u.row.key = "r";
  c = make_span(doc, r, "x", 2, 1);
  c->u.cell.align = VB_ALIGN_LEFT;
  c->u.cell.valign = VB_VALIGN_MIDDLE;
  c->u.cell.valign_set = c->u.cell.bold = c->u.cell.italic = c->u.cell.header = c->u.cell.repeat_label = true;
  r = make_row(doc, n, VB_ROW_TOTAL);
  c = make_number(doc, r, "1.1", v, "12");
  c->u.cell.formula = (vb_formula){VB_FORMULA_RATIO, 1, 100, refs, 2};
  c = make_number(doc, r, NULL, (vb_value){.type = VB_VALUE_DATE, .date = {2023, 1, 9}, .trace = 1}, "");
  c->style = VB_STYLE_TABLE_ITEM;
  n = vb_node_add(doc, s, VB_NODE_CHART);
  n->u.chart.title = "t";
  n->u.chart.alt = "m";
  n->u.chart.axis = "trục";
  n->u.chart.height = VB_PT(100);
  vb_value *values = VB_NEW_ARRAY(doc->arena, vb_value, 2);
  values[1] = (vb_value){.type = VB_VALUE_MONEY, .num = {5, 0}, .trace = 1};
  vb_series *series = VB_NEW(doc->arena, vb_series);
  *series = (vb_series){"s", values};
  n->u.chart.series = series;
  n->u.chart.n_series = 1;
  n->u.chart.categories = years;
  n->u.chart.n_categories = 2;
  vb_node_add(doc, s, VB_NODE_PAGE_BREAK);
  return doc;
}

static void test_all_kinds(void **state)
{
  (void)state;
  vb_doc *doc = all_kinds();
  vb_buf b, want;
  vb_buf_init(&want);
  vb_buf_str(&want, head);
  vb_buf_str(&want, nodes);
  assert_string_equal(dump(doc, NULL, &b), vb_buf_cstr(&want));
  vb_buf_free(&b);
  doc->root->first->at = (vb_place){"mau.xml", 3, 1, NULL}; /* places do not show */
  assert_string_equal(dump(doc, NULL, &b), want.p);
  vb_buf_free(&b);
  vb_buf_free(&want);
  vb_doc_free(doc);
}

static void test_stream(void **state)
{
  (void)state;
  vb_doc *doc = xlsx_stream(2001);
  vb_buf one, two;
  dump(doc, NULL, &one);
  dump(doc, NULL, &two);
  assert_string_equal(one.p, two.p);
  int rows = 0;
  for (const char *p = one.p; (p = strstr(p, "\n      row ")) != NULL; p++)
    rows++;
  assert_int_equal(rows, 2 + 2001);
  assert_non_null(strstr(one.p, " sheet stream\n"));
  assert_non_null(strstr(one.p, "      row data\n        cell \"2\"\n"));
  vb_buf_free(&one);
  vb_buf_free(&two);
  vb_doc_free(doc);
}

static void test_only(void **state)
{
  (void)state;
  vb_doc *doc = xlsx_report();
  vb_buf b;
  dump(doc, doc->root->last, &b);
  assert_non_null(strstr(b.p, "\nsequence appendix landscape title=\"Phụ lục II\"\n"));
  assert_null(strstr(b.p, "sequence body"));
  vb_buf_free(&b);
  vb_doc_free(doc);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_all_kinds), cmocka_unit_test(test_stream), cmocka_unit_test(test_only)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
