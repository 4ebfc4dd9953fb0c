/* compile_table: tables, rows, cells and charts → operations. For gen/template alone. */
#include "template/template_int.h"

#include <string.h>

static bool is(const vb_xml_node *n, const char *name) { return n->kind == VB_XML_ELEMENT && strcmp(n->name, name) == 0; }

/* ---- cells -------------------------------------------------------------------------------------------------- */

/* The one substitution that is all a cell holds, so that the cell gets its value and type. */
static vb_op *only_subst(const vb_op *first) {
  if (!first || first->next || first->kind != VB_OP_PARA) return NULL;
  vb_op *found = NULL;
  for (vb_op *o = first->first; o; o = o->next) {
    if (o->kind == VB_OP_TEXT && (o->u.text.n == 0 || vb_span_is(o->u.text, " "))) continue;
    if (o->kind != VB_OP_SUBST || found) return NULL;
    found = o;
  }
  return found;
}

/* yes, no, or not said. */
static vb_said said(const vb_xml_node *n, const char *name) {
  return !vb_xml_attr_get(n, name).p ? VB_NOT_SAID : vb_attr_yes(n, name, false) ? VB_SAID_YES : VB_SAID_NO;
}

static void cell_formula(vb_compile *c, const vb_xml_node *n, vb_cell_op *x) {
  vb_compile_attr_sql(c, n, "value", true, &x->value);
  vb_compile_attr_sql(c, n, "sum", false, &x->sum);
  x->ratio = vb_compile_attr_text(c, n, "ratio");
  x->diff = vb_compile_attr_text(c, n, "diff");
  x->scale = vb_attr_int(n, "scale", 1);
  x->places = vb_attr_int(n, "places", 0);
  const vb_xml_attr *as = vb_xml_attr_find(n, "as");
  vb_span nearest;
  x->as = (vb_print){VB_PRINT_NONE, -1};
  if (!as) return;
  x->has_as = vb_print_parse(as->value, &x->as, &nearest);
  if (!x->has_as)
    vb_compile_unknown(c, VB_UNKNOWN(TEMPLATE_FORMAT), vb_tpl_attr_place(c->file, as, 0), vb_span_trim(as->value), nearest);
}

vb_op *vb_compile_cell(vb_compile *c, const vb_xml_node *n) {
  vb_op *op = vb_op_new(c, VB_OP_CELL, vb_tpl_node_place(c->file, n));
  vb_cell_op *x = op ? VB_NEW(c->a, vb_cell_op) : NULL;
  if (!x) {
    c->st = VB_NOMEM;
    return NULL;
  }
  op->u.cell = x;
  x->colspan = vb_compile_attr_text(c, n, "colspan");
  x->rowspan = vb_compile_attr_text(c, n, "rowspan");
  x->key = vb_compile_attr_text(c, n, "key");
  x->align = vb_attr_align(n, "align");
  vb_span valign = vb_xml_attr_get(n, "valign");
  x->valign_set = valign.p != NULL;
  x->valign = vb_span_is(valign, "middle") ? VB_VALIGN_MIDDLE : VB_VALIGN_TOP;
  x->repeat_label = vb_attr_yes(n, "repeat-label", false);
  x->bold = said(n, "bold");
  x->italic = said(n, "italic");
  cell_formula(c, n, x);
  vb_node_kind was = c->holder;
  const char *name = c->holder_name;
  c->holder = VB_NODE_CELL;
  c->holder_name = n->name;
  op->first = vb_compile_content(c, n, VB_IN_FLOW);
  c->holder = was;
  c->holder_name = name;
  x->only = only_subst(op->first);
  return op;
}

vb_op *vb_compile_row(vb_compile *c, const vb_xml_node *n) {
  static const char *const names[] = {"head", "group", "data", "subtotal", "total", "note"};
  vb_op *op = vb_op_new(c, VB_OP_ROW, vb_tpl_node_place(c->file, n));
  if (!op) return NULL;
  vb_span kind = vb_xml_attr_get(n, "kind");
  op->u.row.kind = VB_ROW_DATA;
  for (int i = 0; i <= VB_ROW_NOTE; i++)
    if (vb_span_is(kind, names[i])) op->u.row.kind = (vb_row_kind)i;
  op->u.row.level = vb_compile_attr_text(c, n, "level");
  op->u.row.key = vb_compile_attr_text(c, n, "key");
  op->u.row.bold = said(n, "bold");
  op->first = vb_compile_content(c, n, VB_IN_CELLS);
  return op;
}

/* ---- tables ------------------------------------------------------------------------------------------------- */

static void compile_columns(vb_compile *c, const vb_xml_node *n, vb_table_op *t) {
  int sum = 0, open = 0, count = 0;
  for (const vb_xml_node *k = vb_xml_child(n, "col"); k; k = vb_xml_sibling(k, "col")) count++;
  if (count > VB_TABLE_COLUMNS_MAX) vb_compile_post(c, VB_MSG_TEMPLATE_COLUMNS, vb_tpl_node_place(c->file, n), VB_NUM(count), VB_NUM(VB_TABLE_COLUMNS_MAX));
  t->columns = VB_NEW_ARRAY(c->a, vb_table_column, count ? count : 1);
  if (!t->columns) {
    c->st = VB_NOMEM;
    return;
  }
  for (const vb_xml_node *k = vb_xml_child(n, "col"); k; k = vb_xml_sibling(k, "col")) {
    vb_table_column *x = &t->columns[t->n_columns++];
    x->id = vb_attr_str(c, k, "id");
    x->width = vb_attr_permille(k, "width");
    x->align = vb_attr_align(k, "align");
    x->valign = vb_span_is(vb_xml_attr_get(k, "valign"), "middle") ? VB_VALIGN_MIDDLE : VB_VALIGN_TOP;
    x->dash_empty = vb_attr_yes(k, "dash-empty", false);
    x->carry = vb_attr_yes(k, "carry", false);
    sum += x->width;
    open += x->width == 0;
    for (int i = 0; x->id && i < t->n_columns - 1; i++)
      if (t->columns[i].id && strcmp(t->columns[i].id, x->id) == 0)
        vb_compile_post(c, VB_MSG_TEMPLATE_ID_TWICE, vb_tpl_node_place(c->file, k), x->id, NULL);
  }
  bool fits = open ? sum < 1000 : sum >= 1000 - count && sum <= 1000 + count;
  if (count && !fits) vb_compile_post(c, VB_MSG_TEMPLATE_WIDTHS, vb_tpl_node_place(c->file, n), "table", VB_NUM((sum + 5) / 10));
}

/* The literal column or row span of a cell; 0 when only data can tell. */
static int literal_span(const vb_op *text) {
  vb_span s;
  if (!text) return 1;
  if (!vb_op_is_literal(text, &s) || s.n == 0 || s.n > 3) return 0;
  int v = 0;
  for (size_t i = 0; i < s.n; i++) v = s.p[i] >= '0' && s.p[i] <= '9' ? v * 10 + (s.p[i] - '0') : 0;
  return v;
}

/* Rows that need no data to be counted are held against the columns at once, by the walk that doc's proof makes. */
static void check_grid(vb_compile *c, const vb_table_op *t, const vb_op *rows, bool to_the_end) {
  int left[VB_TABLE_COLUMNS_MAX] = {0};
  const vb_op *last = NULL;
  for (const vb_op *r = rows; r; last = r, r = r->next) {
    if (r->kind != VB_OP_ROW || t->n_columns > VB_TABLE_COLUMNS_MAX) return;
    int at = 0, filled = 0;
    for (const vb_op *x = r->first; x; x = x->next) {
      if (x->kind != VB_OP_CELL) return;
      int across = literal_span(x->u.cell->colspan), down = literal_span(x->u.cell->rowspan);
      if (across < 1 || down < 1) return;
      while (at < t->n_columns && left[at] > 0) at++;
      for (int i = 0; i < across && at + i < t->n_columns; i++) left[at + i] = -down;
      at += across;
    }
    for (int i = 0; i < t->n_columns; i++) {
      filled += left[i] != 0;
      left[i] = left[i] < 0 ? -left[i] - 1 : left[i] > 0 ? left[i] - 1 : 0;
    }
    if (at > t->n_columns || filled < t->n_columns) {
      vb_compile_post(c, VB_MSG_TEMPLATE_ROW, r->at, VB_NUM(at > filled ? at : filled), VB_NUM(t->n_columns));
      return;
    }
  }
  for (int i = 0; to_the_end && last && i < t->n_columns; i++)
    if (left[i] > 0) {
      vb_compile_post(c, VB_MSG_TEMPLATE_SPAN, last->at, NULL, NULL);
      return;
    }
}

/* Whether a cell can hold a figure that is summed up: what is computed or substituted, but no share. */
static bool counts(const vb_cell_op *x) {
  return x->value.source || x->sum.source || x->diff || (x->only && x->only->u.subst->format.id != VB_PRINT_PERCENT);
}

/* Whether a row may have such a figure in a column; spans that data alone can tell are given the benefit of the doubt. */
static bool row_counts(const vb_op *row, int column) {
  int at = 0;
  for (const vb_op *x = row->first; x; x = x->next) {
    int across = x->kind == VB_OP_CELL ? literal_span(x->u.cell->colspan) : 0;
    if (across < 1 || literal_span(x->u.cell->rowspan) != 1) return true;
    if (column < at + across) return column == at && across == 1 && row->u.row.kind == VB_ROW_DATA && counts(x->u.cell);
    at += across;
  }
  return false;
}

static bool rows_count(const vb_op *op, int column) {
  for (; op; op = op->next) {
    if (op->kind == VB_OP_ROW ? row_counts(op, column) : rows_count(op->first, column)) return true;
    if (op->kind == VB_OP_IF && rows_count(op->u.branch->otherwise, column)) return true;
    if ((op->kind == VB_OP_FOR || op->kind == VB_OP_EACH) && rows_count(op->u.loop->empty, column)) return true;
  }
  return false;
}

/* Columns whose sums are carried over a page break: not the one that holds the label, and only such as have figures. */
static void check_carry(vb_compile *c, const vb_xml_node *n, const vb_table_op *t, const vb_op *rows) {
  int i = 0;
  for (const vb_xml_node *k = vb_xml_child(n, "col"); k && i < t->n_columns; k = vb_xml_sibling(k, "col"), i++) {
    if (!t->columns[i].carry) continue;
    vb_place at = vb_tpl_attr_place(c->file, vb_xml_attr_find(k, "carry"), 0);
    if (i == 0) vb_compile_post(c, VB_MSG_TEMPLATE_CARRY_FIRST, at, t->columns[i].id, NULL);
    else if (!rows_count(rows, i)) vb_compile_post(c, VB_MSG_TEMPLATE_CARRY_NONE, at, t->columns[i].id, NULL);
  }
}

vb_op *vb_compile_table(vb_compile *c, const vb_xml_node *n) {
  vb_op *op = vb_op_new(c, VB_OP_TABLE, vb_tpl_node_place(c->file, n));
  vb_table_op *t = op ? VB_NEW(c->a, vb_table_op) : NULL;
  if (!t) {
    c->st = VB_NOMEM;
    return NULL;
  }
  op->u.table = t;
  t->id = vb_compile_attr_text(c, n, "id");
  const vb_xml_attr *id = vb_xml_attr_find(n, "id");
  vb_compile_id(c, t->id, id ? vb_tpl_attr_place(c->file, id, 0) : op->at);
  t->title = vb_compile_attr_text(c, n, "title");
  t->sheet = vb_attr_yes(n, "sheet", true);
  t->grid = vb_attr_yes(n, "grid", true);
  vb_dec size = vb_attr_dec(n, "size", 0), half = {0, 0};
  if (vb_dec_mul(size, (vb_dec){2, 0}, &half) && vb_dec_rescale(half, 0, &half)) t->size = (int16_t)half.n;
  compile_columns(c, n, t);
  const vb_xml_node *head = vb_xml_child(n, "head");
  if (head) t->head = vb_compile_content(c, head, VB_IN_ROWS);
  op->first = vb_compile_content(c, n, VB_IN_ROWS);
  check_grid(c, t, t->head, true);
  check_grid(c, t, op->first, false);
  check_carry(c, n, t, op->first);
  vb_op *loop = op->first;
  while (loop && loop->kind == VB_OP_LET) loop = loop->next;
  if (loop && loop->kind == VB_OP_FOR && !loop->next) t->stream = loop;
  return op;
}

/* ---- charts ------------------------------------------------------------------------------------------------- */

vb_op *vb_compile_chart(vb_compile *c, const vb_xml_node *n) {
  vb_op *op = vb_op_new(c, VB_OP_CHART, vb_tpl_node_place(c->file, n));
  int count = 0;
  for (const vb_xml_node *k = n->first; k; k = k->next) count += is(k, "series");
  if (op) op->u.chart = vb_arena_alloc(c->a, sizeof *op->u.chart);
  vb_series_op *s = VB_NEW_ARRAY(c->a, vb_series_op, count ? count : 1);
  if (!op || !op->u.chart || !s) {
    c->st = VB_NOMEM;
    return NULL;
  }
  op->u.chart->kind = vb_span_is(vb_xml_attr_get(n, "kind"), "line") ? VB_CHART_LINE : VB_CHART_BAR;
  op->u.chart->title = vb_compile_attr_text(c, n, "title");
  op->u.chart->alt = vb_compile_attr_text(c, n, "alt");
  op->u.chart->axis = vb_compile_attr_text(c, n, "axis");
  vb_compile_attr_sql(c, n, "query", false, &op->u.chart->sql);
  op->u.chart->category = vb_attr_str(c, n, "category");
  op->u.chart->height = vb_attr_mm(n, "height");
  op->u.chart->series = s;
  for (const vb_xml_node *k = vb_xml_child(n, "series"); k; k = vb_xml_sibling(k, "series")) {
    vb_series_op *x = &s[op->u.chart->n_series++];
    x->at = vb_tpl_node_place(c->file, k);
    x->column = vb_attr_str(c, k, "column");
    x->name = vb_compile_attr_text(c, k, "name");
    x->places = vb_attr_int(k, "places", 0);
  }
  return op;
}
