/* Documents by hand: see doc_make.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "doc_make.h"

vb_doc *make_doc(void)
{
  vb_doc *doc = vb_doc_new();
  assert_non_null(doc);
  doc->meta = (vb_meta){.id = "bc-cchc", .template_id = "bao-cao-cchc", .kind = "BC", .kind_name = "Báo cáo", .number = "232",
    .symbol = "BC-UBND", .date = {2023, 12, 6}, .place = "Quảng Thọ", .subject = "Công tác cải cách hành chính năm 2023",
    .title = "Báo cáo công tác cải cách hành chính năm 2023", .unit = "19909", .unit_name = "xã Quảng Thọ",
    .organ = "Ủy ban nhân dân xã Quảng Thọ", .superior = "Ủy ban nhân dân huyện Quảng Điền", .period = "2023",
    .keywords = "cải cách hành chính; báo cáo", .state = VB_STATE_ISSUED};
  return doc;
}

vb_node *make_sequence(vb_doc *doc, vb_sequence_role role, const char *title, bool landscape)
{
  vb_node *n = vb_node_add(doc, doc->root, VB_NODE_SEQUENCE);
  assert_non_null(n);
  n->u.sequence.role = role;
  n->u.sequence.title = title;
  n->u.sequence.landscape = landscape;
  return n;
}

vb_node *make_para(vb_doc *doc, vb_node *parent, vb_style_id style, const char *text)
{
  vb_node *n = vb_node_add(doc, parent, VB_NODE_PARA);
  assert_non_null(n);
  n->style = style;
  assert_non_null(vb_node_text(doc, n, vb_span_of(text), 0));
  return n;
}

vb_node *make_table(vb_doc *doc, vb_node *parent, const vb_table_column *columns, int n)
{
  vb_node *t = vb_node_add(doc, parent, VB_NODE_TABLE);
  assert_non_null(t);
  t->u.table.columns = vb_arena_copy(doc->arena, columns, sizeof *columns * (size_t)n);
  t->u.table.n_columns = (int16_t)n;
  t->u.table.sheet = true;
  return t;
}

vb_node *make_row(vb_doc *doc, vb_node *table, vb_row_kind kind)
{
  vb_node *r = vb_node_add(doc, table, VB_NODE_ROW);
  assert_non_null(r);
  r->u.row.kind = kind;
  return r;
}

vb_node *make_cell(vb_doc *doc, vb_node *row, const char *text)
{
  vb_node *c = vb_node_add(doc, row, VB_NODE_CELL);
  assert_non_null(c);
  c->u.cell.text = vb_span_of(text);
  return c;
}

vb_node *make_span(vb_doc *doc, vb_node *row, const char *text, int colspan, int rowspan)
{
  vb_node *c = make_cell(doc, row, text);
  c->u.cell.colspan = (int16_t)colspan;
  c->u.cell.rowspan = (int16_t)rowspan;
  return c;
}

vb_value make_value(vb_doc *doc, vb_value_type type, int64_t n, int places)
{
  vb_trace t = {.expression = "value", .printed = "?"};
  vb_value v = {.type = type, .num = {n, places}};
  v.trace = vb_doc_trace(doc, &t);
  assert_int_not_equal(v.trace, 0);
  return v;
}

vb_node *make_number(vb_doc *doc, vb_node *row, const char *key, vb_value v, const char *text)
{
  vb_node *c = make_cell(doc, row, text);
  c->u.cell.key = key;
  c->u.cell.value = v;
  return c;
}

vb_formula make_formula(vb_doc *doc, vb_formula_kind kind, const char *const *refs, uint32_t n)
{
  vb_formula f = {.kind = kind, .refs = vb_arena_copy(doc->arena, refs, sizeof *refs * n), .n_refs = n};
  assert_non_null(f.refs);
  return f;
}
