/* build_table: tables, rows, cells and charts. For gen/template alone; formulas.c fills in what cells compute from others.
 *
 * A cell that holds one substitution and nothing else is typed: the workbook gets the value, the page the text. */
#include "template/template_int.h"

#include <string.h>

/* ---- cells -------------------------------------------------------------------------------------------------- */

static vb_style_id cell_style(const vb_into *into) { return into->head ? VB_STYLE_TABLE_HEAD : VB_STYLE_TABLE_CELL; }

static bool needs_lines(vb_span s) { return memchr(s.p, '\n', s.n) || (s.n > 2 && s.p[1] == ' ' && (s.p[0] == '-' || s.p[0] == '+')); }

/* A paragraph that holds one plain text becomes the cell's own text: most cells of a table. */
static void collapse(vb_builder *b, vb_node *cell) {
  vb_node *para = cell->first, *text = para ? para->first : NULL;
  if (!para || para->next || para->kind != VB_NODE_PARA || para->label || para->style != cell->style) return;
  if (para->u.para.align || para->u.para.size || para->u.para.before != -1) return;
  if (!text || text->next || text->kind != VB_NODE_TEXT || text->u.text.flags) return;
  for (const vb_ref_todo *r = b->refs; r; r = r->next)
    if (r->node == text) return;
  cell->u.cell.text = text->u.text.text;
  cell->first = cell->last = NULL;
  b->doc->n_nodes -= 2;
}

static vb_status put_text(vb_builder *b, vb_node *cell, vb_span s, const vb_got *g, const vb_subst *subst) {
  if (needs_lines(s)) return vb_build_text_lines(b, (vb_into){.parent = cell, .style = cell->style, .cell = true}, s, cell->at);
  bool marked = g->marked || subst->format.id == VB_PRINT_MARKED || (subst->format.id == VB_PRINT_LABEL && g->known == VB_KNOWN_TEXT);
  if (!marked || !memchr(s.p, '*', s.n)) {
    s = vb_span_trim(s);
    cell->u.cell.text = s;
    return VB_OK;
  }
  vb_node *para = vb_para_new(b, cell, cell->style, cell->at);
  if (!para) return VB_NOMEM;
  vb_line l = {.para = para};
  vb_status st = vb_line_value(b, &l, s, true);
  return vb_worse(st, vb_line_flush(b, &l));
}

static vb_status build_value(vb_builder *b, const vb_op *op, vb_node *cell) {
  const vb_op *only = op->u.cell->only;
  vb_got g;
  vb_value v = {.type = VB_VALUE_NONE};
  vb_status st = vb_eval_subst(b, only, &g);
  if (st == VB_OK) st = vb_print_got(b, only, &g, true, &v);
  if (st != VB_OK || b->buf.n == 0) return st;
  vb_span s = {vb_arena_str(b->a, b->buf.p, b->buf.n), b->buf.n};
  if (!s.p) return VB_NOMEM;
  bool known = g.known == VB_KNOWN_NUMBER || g.known == VB_KNOWN_TEXT;
  if (known && (g.figure || v.type == VB_VALUE_DATE)) { /* row numbers and years are no figures */
    v.trace = vb_trace_subst(b, only, &g, s.p);
    if (!v.trace) return VB_NOMEM;
    cell->u.cell.value = v;
  }
  return put_text(b, cell, s, &g, only->u.subst);
}

/* A value that differs from what is printed: value="SQL", of the type that `as` names. */
static vb_status build_given_value(vb_builder *b, const vb_op *op, vb_node *cell) {
  const vb_cell_op *x = op->u.cell;
  vb_got g = {.known = VB_KNOWN_NOT, .digits = 1};
  vb_sql_value v;
  vb_status st = vb_eval_sql(b, &x->value, &v, &g.sources, &g.n_sources);
  if (st != VB_OK || v.type == VB_SQL_NULL) return st;
  g.known = v.type == VB_SQL_INTEGER ? VB_KNOWN_NUMBER : VB_KNOWN_TEXT;
  g.num = (vb_dec){v.integer, 0};
  g.text = v.text;
  vb_buf_clear(&b->buf);
  vb_print as = x->has_as ? x->as : (vb_print){v.type == VB_SQL_INTEGER ? VB_PRINT_NUM : VB_PRINT_NONE, -1};
  st = vb_value_print(b->d, &(vb_printing){b->t->form, &g, as, true, x->value.at}, &b->buf, &cell->u.cell.value);
  if (st != VB_OK) return st;
  vb_span s = {vb_arena_str(b->a, b->buf.p ? b->buf.p : "", b->buf.n), b->buf.n};
  if (!s.p) return VB_NOMEM;
  cell->u.cell.value.trace = vb_trace_add(b, x->value.source, x->value.at, &g, s.p);
  if (!op->first) cell->u.cell.text = s;
  return cell->u.cell.value.trace ? VB_OK : VB_NOMEM;
}

static vb_status cell_layout(vb_builder *b, const vb_op *op, vb_node *n, const vb_into *into) {
  const vb_cell_op *x = op->u.cell;
  int across = 1, down = 1;
  vb_status st = vb_worse(vb_eval_int(b, x->colspan, (vb_range){1, 1, VB_TABLE_COLUMNS_MAX}, &across), vb_eval_int(b, x->rowspan, (vb_range){1, 1, INT16_MAX}, &down));
  n->style = cell_style(into);
  n->at = op->at;
  n->u.cell.colspan = (int16_t)across;
  n->u.cell.rowspan = (int16_t)down;
  n->u.cell.align = x->align;
  n->u.cell.valign = x->valign;
  n->u.cell.valign_set = x->valign_set;
  n->u.cell.header = into->head;
  n->u.cell.repeat_label = x->repeat_label;
  n->u.cell.bold = x->bold ? x->bold == VB_SAID_YES : into->bold;
  n->u.cell.italic = x->italic == VB_SAID_YES;
  return st;
}

static bool has_formula(const vb_cell_op *x) { return x->sum.source || x->ratio || x->diff; }

static vb_status cell_key(vb_builder *b, const vb_op *op, vb_node *n) {
  const vb_cell_op *x = op->u.cell;
  vb_status st = VB_OK;
  if (b->streaming) {
    if (!x->key && !has_formula(x) && n->u.cell.rowspan == 1) return VB_OK;
    return VB_POST(b->d, VB_MSG_TEMPLATE_KEY_STREAM, op->at, VB_NUM(VB_TABLE_STREAM_ROWS));
  }
  if (x->key) {
    st = vb_eval_text(b, x->key, &n->u.cell.key);
    if (st != VB_OK) return st;
    if (vb_map_get(b->keys, vb_span_of(n->u.cell.key))) return VB_POST(b->d, VB_MSG_TEMPLATE_KEY_TWICE, op->at, n->u.cell.key);
    if (!vb_map_put(b->keys, vb_span_of(n->u.cell.key), n)) return VB_NOMEM;
  }
  return has_formula(x) ? vb_formula_add(b, op, n) : VB_OK;
}

vb_status vb_build_cell(vb_builder *b, const vb_op *op, vb_into into) {
  const vb_cell_op *x = op->u.cell;
  vb_node *n = vb_node_add(b->doc, into.parent, VB_NODE_CELL);
  if (!n) return VB_NOMEM;
  vb_status st = cell_layout(b, op, n, &into);
  if (st == VB_OK && x->value.source) st = build_given_value(b, op, n);
  if (st == VB_OK && x->only && !x->value.source) {
    st = build_value(b, op, n);
  } else if (st == VB_OK) {
    into.parent = n;
    into.style = n->style;
    into.cell = true;
    st = vb_build_ops(b, op->first, into);
    if (st == VB_OK) collapse(b, n);
  }
  return st == VB_OK ? cell_key(b, op, n) : st;
}

/* ---- rows --------------------------------------------------------------------------------------------------- */

vb_status vb_build_row(vb_builder *b, const vb_op *op, vb_into into) {
  vb_node *n = vb_node_add(b->doc, into.parent, VB_NODE_ROW);
  if (!n) return VB_NOMEM;
  int level = 0;
  vb_status st = vb_eval_int(b, op->u.row.level, (vb_range){0, 0, 100}, &level);
  n->at = op->at;
  n->u.row.kind = into.head ? VB_ROW_HEAD : op->u.row.kind;
  n->u.row.level = (int8_t)level;
  if (op->u.row.key) st = vb_worse(st, vb_eval_text(b, op->u.row.key, &n->u.row.key));
  bool strong = n->u.row.kind == VB_ROW_GROUP || n->u.row.kind == VB_ROW_SUBTOTAL || n->u.row.kind == VB_ROW_TOTAL;
  into.bold = op->u.row.bold ? op->u.row.bold == VB_SAID_YES : strong;
  into.parent = n;
  return st > VB_BAD ? st : vb_worse(st, vb_build_ops(b, op->first, into));
}

/* ---- tables ------------------------------------------------------------------------------------------------- */

vb_status vb_build_table(vb_builder *b, const vb_op *op, vb_into into) {
  const vb_table_op *t = op->u.table;
  vb_node *n = vb_node_add(b->doc, into.parent, VB_NODE_TABLE);
  if (!n) return VB_NOMEM;
  n->at = op->at;
  n->u.table.columns = t->columns;
  n->u.table.n_columns = (int16_t)t->n_columns;
  n->u.table.size = t->size;
  n->u.table.grid = t->grid;
  n->u.table.sheet = t->sheet;
  vb_status st = vb_worse(vb_eval_text(b, t->title, &n->u.table.title), vb_eval_text(b, t->id, &n->id));
  if (st == VB_OK && n->id) st = vb_build_anchor(b, n->id, n->u.table.title, n->u.table.title, op->at);
  into.parent = n;
  into.cell = true;
  into.head = true;
  into.bold = false;
  into.style = VB_STYLE_TABLE_CELL;
  if (st <= VB_BAD) st = vb_worse(st, vb_build_ops(b, t->head, into));
  into.head = false;
  if (st > VB_BAD) return st;
  if (!t->stream) return vb_worse(st, vb_build_ops(b, op->first, into));
  const vb_rowset *rows = NULL;
  for (const vb_op *o = op->first; o != t->stream && st <= VB_BAD; o = o->next) st = vb_worse(st, vb_build_control(b, o, into));
  if (st > VB_BAD) return st;
  vb_arena_mark mark = vb_arena_save(b->a);
  vb_status read = vb_rows_read(b, t->stream, VB_TABLE_STREAM_ROWS, &rows);
  if (read != VB_OK) return vb_worse(st, read);
  if (!rows->more) return vb_worse(st, vb_build_rows(b, t->stream, rows, into));
  if (!t->stream->u.loop->constant) vb_arena_restore(b->a, mark); /* too many to hold: they are read again, one by one */
  return vb_worse(st, vb_stream_new(b, op, n, into));
}

/* ---- charts ------------------------------------------------------------------------------------------------- */

typedef struct vb_points { const char **categories; vb_value *values; size_t n, cap; int series; } vb_points;

static bool grow(vb_builder *b, vb_points *p) {
  if (p->n < p->cap) return true;
  size_t cap = p->cap ? p->cap * 2 : 16;
  const char **c = VB_NEW_ARRAY(b->a, const char *, cap);
  vb_value *v = VB_NEW_ARRAY(b->a, vb_value, cap * (size_t)p->series);
  if (!c || !v) return false;
  if (p->n) {
    memcpy(c, p->categories, sizeof *c * p->n);
    memcpy(v, p->values, sizeof *v * p->n * (size_t)p->series);
  }
  *p = (vb_points){c, v, p->n, cap, p->series};
  return true;
}

static vb_status read_point(vb_builder *b, const vb_op *op, vb_points *p) {
  const vb_query *q = op->u.chart->sql.q;
  vb_sql_value name = vb_query_value(q, (size_t)op->u.chart->category_index);
  vb_got g = {.known = VB_KNOWN_NUMBER};
  if (!grow(b, p)) return VB_NOMEM;
  p->categories[p->n] = name.type == VB_SQL_TEXT ? vb_arena_str(b->a, name.text.p, name.text.n) : vb_arena_printf(b->a, "%lld", (long long)name.integer);
  if (!p->categories[p->n]) return VB_NOMEM;
  vb_status st = vb_sources(b, &g.sources, &g.n_sources);
  for (int i = 0; i < p->series && st == VB_OK; i++) {
    vb_sql_value v = vb_query_value(q, (size_t)op->u.chart->series[i].index);
    vb_value *out = &p->values[p->n * (size_t)p->series + (size_t)i];
    if (v.type != VB_SQL_INTEGER) continue; /* a gap in the chart */
    *out = (vb_value){.type = VB_VALUE_NUMBER, .num = {v.integer, op->u.chart->series[i].places}};
    char printed[40];
    (void)vb_dec_print(out->num, printed, sizeof printed);
    out->trace = vb_trace_add(b, op->u.chart->sql.source, op->at, &g, vb_arena_str(b->a, printed, strlen(printed)));
    if (!out->trace) st = VB_NOMEM;
  }
  p->n++;
  return st;
}

static vb_status read_points(vb_builder *b, const vb_op *op, vb_points *p) {
  vb_status st = VB_OK;
  vb_bind(b, &op->u.chart->sql);
  while (st == VB_OK) {
    vb_store_trace_start(b->s);
    st = vb_query_step(b->d, op->u.chart->sql.q);
    if (st == VB_OK) st = read_point(b, op, p);
  }
  vb_query_reset(op->u.chart->sql.q);
  return st == VB_DONE ? VB_OK : st;
}

vb_status vb_build_chart(vb_builder *b, const vb_op *op, vb_into into) {
  vb_points p = {.series = op->u.chart->n_series};
  vb_status st = read_points(b, op, &p);
  if (st != VB_OK || p.n == 0) return st;
  vb_node *n = vb_node_add(b->doc, into.parent, VB_NODE_CHART);
  vb_series *series = VB_NEW_ARRAY(b->a, vb_series, p.series);
  if (!n || !series) return VB_NOMEM;
  n->at = op->at;
  for (int i = 0; i < p.series; i++) {
    vb_value *values = VB_NEW_ARRAY(b->a, vb_value, p.n);
    if (!values) return VB_NOMEM;
    for (size_t k = 0; k < p.n; k++) values[k] = p.values[k * (size_t)p.series + (size_t)i];
    series[i].values = values;
    st = vb_worse(st, vb_eval_text(b, op->u.chart->series[i].name, &series[i].name));
  }
  st = vb_worse(st, vb_eval_text(b, op->u.chart->title, &n->u.chart.title));
  st = vb_worse(st, vb_eval_text(b, op->u.chart->alt, &n->u.chart.alt));
  st = vb_worse(st, vb_eval_text(b, op->u.chart->axis, &n->u.chart.axis));
  n->u.chart.kind = op->u.chart->kind;
  n->u.chart.categories = p.categories;
  n->u.chart.n_categories = (uint32_t)p.n;
  n->u.chart.series = series;
  n->u.chart.n_series = (uint32_t)p.series;
  n->u.chart.height = op->u.chart->height ? op->u.chart->height : VB_MM(70);
  return st;
}
