/* formulas: cells that compute from other cells of the document: sum, ratio, difference. For gen/template alone.
 *
 * Invariants
 *  1. A cell without content takes the computed value; one with content keeps its own, and carries the formula only if both agree:
 *     a sheet never shows another figure than the page.
 *  2. Refs are resolved when the whole document stands, each formula after those it refers to; a cycle is an error.
 */
#include "template/template_int.h"

#include <string.h>

vb_status vb_formula_add(vb_builder *b, const vb_op *op, vb_node *cell) {
  const vb_cell_op *x = op->u.cell;
  vb_formula_todo *f = VB_NEW(b->a, vb_formula_todo);
  vb_status st = VB_OK;
  const char *keys = NULL;
  if (!f) return VB_NOMEM;
  f->cell = cell;
  f->op = op;
  f->computed = !cell->first && cell->u.cell.text.n == 0 && cell->u.cell.value.type == VB_VALUE_NONE;
  cell->u.cell.formula.scale = x->scale;
  cell->u.cell.formula.places = x->places;
  if (x->sum.source) st = vb_formula_sum_keys(b, x, cell);
  else st = vb_eval_text(b, x->ratio ? x->ratio : x->diff, &keys);
  if (st == VB_OK && keys) {
    const char **refs = VB_NEW_ARRAY(b->a, const char *, 2);
    vb_span s = vb_span_trim(vb_span_of(keys));
    const char *space = memchr(s.p, ' ', s.n);
    if (!refs) return VB_NOMEM;
    size_t first = space ? (size_t)(space - s.p) : s.n;
    vb_span second = vb_span_trim((vb_span){s.p + first, s.n - first});
    refs[0] = vb_arena_str(b->a, s.p, first);
    refs[1] = vb_arena_str(b->a, second.p, second.n);
    if (!refs[0] || !refs[1]) return VB_NOMEM;
    cell->u.cell.formula.kind = x->ratio ? VB_FORMULA_RATIO : VB_FORMULA_DIFF;
    cell->u.cell.formula.refs = refs;
    cell->u.cell.formula.n_refs = 2;
  }
  *(b->formulas_tail ? b->formulas_tail : &b->formulas) = f;
  b->formulas_tail = &f->next;
  if (st == VB_OK && cell->u.cell.key && !vb_map_put(b->todo_of, vb_span_of(cell->u.cell.key), f)) st = VB_NOMEM;
  return st;
}

vb_status vb_formula_sum_keys(vb_builder *b, const vb_cell_op *x, vb_node *cell) {
  const char **refs = NULL;
  size_t n = 0, cap = 0;
  vb_status st = VB_OK;
  vb_bind(b, &x->sum);
  while ((st = vb_query_step(b->d, x->sum.q)) == VB_OK) {
    vb_sql_value v = vb_query_value(x->sum.q, 0);
    if (v.type == VB_SQL_NULL) continue;
    if (n == cap) {
      cap = cap ? cap * 2 : 16;
      const char **grown = VB_NEW_ARRAY(b->a, const char *, cap);
      if (!grown) break;
      if (n) memcpy(grown, refs, sizeof *grown * n);
      refs = grown;
    }
    refs[n] = v.type == VB_SQL_TEXT ? vb_arena_str(b->a, v.text.p, v.text.n) : vb_arena_printf(b->a, "%lld", (long long)v.integer);
    if (!refs[n++]) break;
  }
  vb_query_reset(x->sum.q);
  if (st != VB_DONE) return st == VB_OK ? VB_NOMEM : st;
  cell->u.cell.formula.kind = VB_FORMULA_SUM;
  cell->u.cell.formula.refs = refs;
  cell->u.cell.formula.n_refs = (uint32_t)n;
  return VB_OK;
}

/* ---- computing ---------------------------------------------------------------------------------------------- */

static vb_status solve(vb_builder *b, vb_formula_todo *f);

/* The cell of a key, its own formula solved first. */
static vb_status ref_cell(vb_builder *b, const vb_formula_todo *f, const char *key, const vb_node **out) {
  vb_span name = vb_span_of(key);
  *out = vb_map_get(b->keys, name);
  if (!*out) {
    vb_span near = vb_map_nearest(b->keys, name);
    return near.n ? VB_POST(b->d, VB_MSG_TEMPLATE_KEY_NEAR, f->op->at, key, VB_TXT(near)) : VB_POST(b->d, VB_MSG_TEMPLATE_KEY, f->op->at, key);
  }
  vb_formula_todo *of = vb_map_get(b->todo_of, name);
  return of ? solve(b, of) : VB_OK;
}

static bool is_number(const vb_node *cell) {
  vb_value_type t = cell->u.cell.value.type;
  return t == VB_VALUE_NUMBER || t == VB_VALUE_PERCENT || t == VB_VALUE_MONEY;
}

static vb_status add_up(vb_builder *b, const vb_formula_todo *f, vb_dec *out, bool *any) {
  const vb_formula *x = &f->cell->u.cell.formula;
  *out = (vb_dec){0, 0};
  for (uint32_t i = 0; i < x->n_refs; i++) {
    const vb_node *cell;
    vb_status st = ref_cell(b, f, x->refs[i], &cell);
    if (st != VB_OK) return st;
    if (!is_number(cell)) continue;
    *any = true;
    vb_dec v = cell->u.cell.value.num;
    if (x->kind == VB_FORMULA_DIFF && i == 1) v.n = -v.n;
    if (!vb_dec_add(*out, v, out)) return VB_POST(b->d, VB_MSG_TEMPLATE_OVERFLOW, f->op->at);
  }
  return VB_OK;
}

static vb_status divide(vb_builder *b, const vb_formula_todo *f, vb_dec *out, bool *any) {
  const vb_formula *x = &f->cell->u.cell.formula;
  const vb_node *num = NULL, *den = NULL;
  vb_status st = ref_cell(b, f, x->refs[0], &num);
  if (st == VB_OK) st = ref_cell(b, f, x->refs[1], &den);
  if (st != VB_OK || !is_number(num) || !is_number(den) || den->u.cell.value.num.n == 0) return st;
  vb_dec scaled;
  *any = vb_dec_mul(num->u.cell.value.num, (vb_dec){x->scale, 0}, &scaled) && vb_dec_ratio(scaled, den->u.cell.value.num, x->places, out);
  return *any ? VB_OK : VB_POST(b->d, VB_MSG_TEMPLATE_OVERFLOW, f->op->at);
}

static bool same_source(const vb_trace_source *x, const vb_trace_source *y) {
  return x->at.line == y->at.line && x->at.column == y->at.column && x->at.file == y->at.file && x->at.line > 0;
}

/* Where a computed figure comes from: from where those come that it is computed of, each place once. */
static vb_status inherit_sources(vb_builder *b, const vb_formula_todo *f, vb_got *g) {
  const vb_formula *x = &f->cell->u.cell.formula;
  size_t most = 0;
  for (uint32_t i = 0; i < x->n_refs; i++) {
    const vb_node *cell = vb_map_get(b->keys, vb_span_of(x->refs[i]));
    uint32_t trace = cell ? cell->u.cell.value.trace : 0;
    if (trace) most += b->doc->traces[trace - 1].n_sources;
  }
  if (most > VB_SOURCES_MAX) most = VB_SOURCES_MAX;
  vb_trace_source *list = VB_NEW_ARRAY(b->a, vb_trace_source, most);
  uint32_t n = 0;
  if (!list) return VB_NOMEM;
  for (uint32_t i = 0; i < x->n_refs; i++) {
    const vb_node *cell = vb_map_get(b->keys, vb_span_of(x->refs[i]));
    const vb_trace *t = cell && cell->u.cell.value.trace ? &b->doc->traces[cell->u.cell.value.trace - 1] : NULL;
    for (uint32_t k = 0; t && k < t->n_sources && n < most; k++) {
      bool there = false;
      for (uint32_t m = 0; m < n && x->n_refs == 2 && !there; m++) there = same_source(&list[m], &t->sources[k]);
      if (!there) list[n++] = t->sources[k];
    }
  }
  g->sources = list;
  g->n_sources = n;
  return VB_OK;
}

/* "1.1.2 / 1.1.1 * 100" of the keys of the cells; a sum is known by its query. */
static const char *expression_of(vb_builder *b, const vb_formula_todo *f) {
  const vb_formula *x = &f->cell->u.cell.formula;
  if (x->kind == VB_FORMULA_SUM) return f->op->u.cell->sum.source;
  if (x->kind == VB_FORMULA_DIFF) return vb_arena_printf(b->a, "%s - %s", x->refs[0], x->refs[1]);
  return x->scale == 1 ? vb_arena_printf(b->a, "%s / %s", x->refs[0], x->refs[1]) : vb_arena_printf(b->a, "%s / %s * %d", x->refs[0], x->refs[1], x->scale);
}

/* What a computed cell prints: by `as`, else as a number, or a percentage where the ratio counts in hundredths. */
static vb_status print_computed(vb_builder *b, vb_formula_todo *f, vb_dec v) {
  const vb_cell_op *x = f->op->u.cell;
  vb_got g = {.known = VB_KNOWN_NUMBER, .num = v, .typed = true, .type = VB_TYPE_DECIMAL, .digits = 1};
  vb_print as = x->has_as ? x->as : (vb_print){VB_PRINT_NUM, -1};
  vb_value typed = {.type = VB_VALUE_NONE};
  vb_buf_clear(&b->buf);
  vb_status st = vb_value_print(b->d, &(vb_printing){b->t->form, &g, as, true, f->op->at}, &b->buf, &typed);
  if (st != VB_OK) return st;
  const char *s = vb_arena_str(b->a, b->buf.p ? b->buf.p : "", b->buf.n);
  const char *source = expression_of(b, f);
  if (!s || !source) return VB_NOMEM;
  st = inherit_sources(b, f, &g);
  if (st != VB_OK) return st;
  if (!x->has_as && f->cell->u.cell.formula.kind == VB_FORMULA_RATIO && x->scale == 100) typed.type = VB_VALUE_PERCENT;
  typed.trace = vb_trace_add(b, source, f->op->at, &g, s);
  if (!typed.trace) return VB_NOMEM;
  f->cell->u.cell.value = typed;
  f->cell->u.cell.text = vb_span_of(s);
  return VB_OK;
}

static vb_status solve(vb_builder *b, vb_formula_todo *f) {
  if (f->done) return VB_OK;
  if (f->busy) return VB_POST(b->d, VB_MSG_TEMPLATE_KEY_CYCLE, f->op->at);
  f->busy = true;
  vb_formula *x = &f->cell->u.cell.formula;
  vb_dec v = {0, 0};
  bool any = false;
  vb_status st = x->kind == VB_FORMULA_RATIO ? divide(b, f, &v, &any) : add_up(b, f, &v, &any);
  f->busy = false;
  f->done = true;
  if (st != VB_OK) return st;
  if (f->computed && any) return print_computed(b, f, v);
  if (!any || !is_number(f->cell) || vb_dec_cmp(v, f->cell->u.cell.value.num) != 0) *x = (vb_formula){.kind = VB_FORMULA_NONE};
  return VB_OK;
}

vb_status vb_build_formulas_finish(vb_builder *b) {
  vb_status st = VB_OK;
  for (vb_formula_todo *f = b->formulas; f && st <= VB_BAD; f = f->next) st = vb_worse(st, solve(b, f));
  return st;
}
