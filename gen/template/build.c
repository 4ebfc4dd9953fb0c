/* build: the walk over operations that makes a document: control elements, sequences, the whole. For gen/template alone but for
 * vb_template_build.
 *
 * Invariants
 *  1. An error of the data (VB_BAD) does not end the walk: one run reports all that is missing. Anything heavier ends it.
 *  2. A variable that holds text of a query's row is valid while that row is; what is kept is copied into the document.
 */
#include "template/template_int.h"

#include <string.h>

static void set_int(vb_builder *b, int slot, int64_t v) { b->vars[slot] = (vb_var){.v = {VB_SQL_INTEGER, v, {NULL, 0}}}; }

static void set_text(vb_builder *b, int slot, const char *s) {
  b->vars[slot] = (vb_var){.v = {s ? VB_SQL_TEXT : VB_SQL_NULL, 0, vb_span_of(s)}};
}

/* ---- loops -------------------------------------------------------------------------------------------------- */

static vb_status load_row(vb_builder *b, const vb_loop *l) {
  const vb_trace_source *sources = NULL;
  uint32_t n = 0;
  vb_status st = b->streaming ? VB_OK : vb_sources(b, &sources, &n);
  for (int i = 0; i < l->n_columns; i++) b->vars[l->first_slot + i] = (vb_var){vb_query_value(l->sql.q, (size_t)i), sources, n};
  return st;
}

static bool rowset_grow(vb_arena *a, vb_rowset *r, size_t columns) {
  if (r->n < r->cap) return true;
  size_t cap = r->cap ? r->cap * 2 : 32;
  vb_rowset g = {VB_NEW_ARRAY(a, vb_sql_value, cap * columns), VB_NEW_ARRAY(a, struct vb_row_read, cap), r->n, cap, false};
  if (!g.values || !g.rows) return false;
  if (r->n) {
    memcpy(g.values, r->values, sizeof *g.values * r->n * columns);
    memcpy(g.rows, r->rows, sizeof *g.rows * r->n);
  }
  *r = g;
  return true;
}

static vb_status rowset_add(vb_builder *b, vb_arena *a, const vb_loop *l, vb_rowset *r) {
  size_t columns = (size_t)l->n_columns;
  if (!rowset_grow(a, r, columns)) return VB_NOMEM;
  for (size_t i = 0; i < columns; i++) {
    vb_sql_value *v = &r->values[r->n * columns + i];
    *v = vb_query_value(l->sql.q, i);
    if (v->type == VB_SQL_TEXT) v->text.p = vb_arena_str(a, v->text.p, v->text.n);
    if (v->type == VB_SQL_TEXT && !v->text.p) return VB_NOMEM;
  }
  vb_status st = l->constant ? VB_OK : vb_sources(b, &r->rows[r->n].sources, &r->rows[r->n].n_sources);
  if (r->rows[r->n].n_sources == 0) { /* a query that sorts has read all before its first row */
    r->rows[r->n].sources = r->rows[0].sources;
    r->rows[r->n].n_sources = r->rows[0].n_sources;
  }
  r->n++;
  return st;
}

vb_status vb_rows_read(vb_builder *b, const vb_op *loop, size_t limit, const vb_rowset **out) {
  vb_loop *l = loop->u.loop;
  *out = l->kept;
  if (l->kept) {
    vb_store_tell_again(b->s, l->kept->values, l->kept->n * (size_t)l->n_columns);
    return VB_OK;
  }
  vb_arena *a = l->constant ? b->t->prep : b->a;
  vb_rowset *r = VB_NEW(a, vb_rowset);
  vb_status st = VB_OK;
  if (!r) return VB_NOMEM;
  vb_bind(b, &l->sql);
  while (st == VB_OK) {
    vb_store_trace_start(b->s);
    st = vb_query_step(b->d, l->sql.q);
    r->more = st == VB_OK && r->n == limit;
    if (r->more) break;
    if (st == VB_OK) st = rowset_add(b, a, l, r);
  }
  vb_query_reset(l->sql.q);
  if (st != VB_DONE && !r->more) return st;
  if (l->constant && !r->more) l->kept = r;
  *out = r;
  return VB_OK;
}

vb_status vb_count_rows(vb_builder *b, const vb_sql *sql, int64_t limit, int64_t *n) {
  vb_status st = VB_OK;
  vb_bind(b, sql);
  for (*n = 0; *n < limit && (st = vb_query_step(b->d, sql->q)) == VB_OK;) ++*n;
  vb_query_reset(sql->q);
  return st == VB_DONE ? VB_OK : st;
}

static void set_counters(vb_builder *b, const vb_loop *l, int64_t n, int64_t count) {
  int slot = l->first_slot + l->n_columns;
  set_int(b, slot, n);
  set_int(b, slot + 1, n == count);
  set_int(b, slot + 2, count);
}

vb_status vb_build_rows(vb_builder *b, const vb_op *op, const vb_rowset *rows, vb_into into) {
  const vb_loop *l = op->u.loop;
  vb_status st = VB_OK;
  for (size_t i = 0; i < rows->n && st <= VB_BAD; i++) {
    for (size_t k = 0; k < (size_t)l->n_columns; k++)
      b->vars[(size_t)l->first_slot + k] = (vb_var){rows->values[i * (size_t)l->n_columns + k], rows->rows[i].sources, rows->rows[i].n_sources};
    set_counters(b, l, (int64_t)i + 1, (int64_t)rows->n);
    st = vb_worse(st, vb_build_ops(b, op->first, into));
  }
  return rows->n == 0 ? vb_build_ops(b, l->empty, into) : st;
}

static vb_status build_for(vb_builder *b, const vb_op *op, vb_into into) {
  const vb_loop *l = op->u.loop;
  int64_t n = 0;
  vb_status st = VB_OK, one = VB_OK;
  if (l->counted || l->constant) {
    const vb_rowset *rows;
    st = vb_rows_read(b, op, SIZE_MAX, &rows);
    return st == VB_OK ? vb_build_rows(b, op, rows, into) : st;
  }
  vb_bind(b, &l->sql);
  for (;;) {
    vb_store_trace_start(b->s);
    one = vb_query_step(b->d, l->sql.q);
    if (one != VB_OK) break;
    set_counters(b, l, ++n, 0);
    one = load_row(b, l);
    if (one == VB_OK) one = vb_build_ops(b, op->first, into);
    st = vb_worse(st, one);
    if (st > VB_BAD) break;
  }
  vb_query_reset(l->sql.q);
  if (one != VB_DONE) st = vb_worse(st, one);
  if (n == 0 && st == VB_OK) st = vb_build_ops(b, l->empty, into);
  return st;
}

/* Lines of a name that is set over several: "\n" or "|" part them. */
static const char *next_line(vb_builder *b, const char **at) {
  const char *s = *at;
  if (!s || !*s) return NULL;
  size_t n = strcspn(s, "\n|");
  *at = s[n] ? s + n + 1 : s + n;
  vb_span line = vb_span_trim((vb_span){s, n});
  return vb_arena_str(b->a, line.p, line.n);
}

static const char *each_text(const vb_builder *b, vb_each each) {
  const vb_meta *m = &b->doc->meta;
  switch (each) {
  case VB_EACH_AUTHORITY: return m->authority;
  case VB_EACH_POSITION: return m->position;
  case VB_EACH_ORGAN: return m->organ;
  case VB_EACH_SUPERIOR: return m->superior;
  default: return NULL;
  }
}

static vb_status build_each(vb_builder *b, const vb_op *op, vb_into into) {
  const vb_loop *l = op->u.loop;
  const vb_meta *m = &b->doc->meta;
  bool parties = l->each == VB_EACH_RECIPIENTS || l->each == VB_EACH_ADDRESSEES;
  const vb_party *list = l->each == VB_EACH_RECIPIENTS ? m->recipients : m->addressees;
  const char *text = each_text(b, l->each), *scan = text;
  int64_t count = 0;
  if (parties) count = l->each == VB_EACH_RECIPIENTS ? m->n_recipients : m->n_addressees;
  else while (next_line(b, &scan)) count++;
  vb_status st = VB_OK;
  scan = text;
  for (int64_t i = 0; i < count && st <= VB_BAD; i++) {
    set_text(b, l->first_slot, parties ? list[i].name : next_line(b, &scan));
    if (parties) set_text(b, l->first_slot + 1, list[i].ident);
    set_counters(b, l, i + 1, count);
    st = vb_worse(st, vb_build_ops(b, op->first, into));
  }
  return count == 0 ? vb_build_ops(b, l->empty, into) : st;
}

/* ---- conditions, variables, includes ------------------------------------------------------------------------ */

static vb_status build_if(vb_builder *b, const vb_op *op, vb_into into) {
  vb_sql_value v;
  vb_status st = vb_eval_sql(b, &op->u.branch->test, &v, NULL, NULL);
  if (st != VB_OK) return st;
  bool yes = v.type == VB_SQL_INTEGER ? v.integer != 0 : v.type == VB_SQL_TEXT && v.text.n > 0 && !vb_span_is(v.text, "0");
  return vb_build_ops(b, yes ? op->first : op->u.branch->otherwise, into);
}

static vb_status build_let(vb_builder *b, const vb_op *op) {
  vb_var *v = &b->vars[op->u.let->slot];
  *v = (vb_var){.v = {VB_SQL_NULL, 0, {NULL, 0}}};
  if (op->u.let->sql.source) return vb_eval_sql(b, &op->u.let->sql, &v->v, &v->sources, &v->n_sources);
  const char *s = NULL;
  vb_status st = vb_eval_text(b, op->u.let->text, &s);
  set_text(b, op->u.let->slot, s);
  return st;
}

vb_status vb_build_control(vb_builder *b, const vb_op *op, vb_into into) {
  vb_status st = VB_OK;
  switch (op->kind) {
  case VB_OP_FOR: return build_for(b, op, into);
  case VB_OP_EACH: return build_each(b, op, into);
  case VB_OP_IF: return build_if(b, op, into);
  case VB_OP_LET: return build_let(b, op);
  case VB_OP_INCLUDE:
    for (const vb_op *o = op->u.include.sets; o; o = o->next) st = vb_worse(st, build_let(b, o));
    return st > VB_BAD ? st : vb_worse(st, vb_build_ops(b, op->first, into));
  default: return VB_OK;
  }
}

vb_status vb_build_ops(vb_builder *b, const vb_op *list, vb_into into) {
  vb_status st = VB_OK;
  for (const vb_op *op = list; op && st <= VB_BAD; op = op->next) {
    vb_status one;
    if (op->kind >= VB_OP_FOR) one = vb_build_control(b, op, into);
    else if (op->kind < VB_OP_PARA) one = into.line ? vb_build_inline(b, op, into) : VB_OK;
    else one = vb_build_block(b, op, into);
    st = vb_worse(st, one);
  }
  return st;
}

/* ---- sequences ---------------------------------------------------------------------------------------------- */

static vb_status build_sequence(vb_builder *b, const vb_op *blocks, const vb_appendix_op *x, int number, const char *title) {
  vb_node *seq = vb_node_add(b->doc, b->doc->root, VB_NODE_SEQUENCE);
  if (!seq) return VB_NOMEM;
  memset(b->counters, 0, sizeof b->counters);
  b->depth = 0;
  b->appendix = x;
  if (x) {
    seq->at = x->at;
    seq->id = x->id;
    seq->u.sequence.role = VB_SEQ_APPENDIX;
    seq->u.sequence.number = number;
    seq->u.sequence.landscape = x->landscape;
    seq->u.sequence.separate = x->separate == VB_NOT_SAID ? b->b->separate_appendices : x->separate == VB_SAID_YES;
    seq->u.sequence.title = title;
    set_int(b, VB_BUILTIN_SEPARATE, seq->u.sequence.separate);
  }
  return vb_build_ops(b, blocks, (vb_into){.parent = seq, .style = VB_STYLE_BODY});
}

/* "Phụ lục", or "Phụ lục II" where there are several (ND30 PL I.III.1). */
static vb_status build_appendix(vb_builder *b, const vb_appendix_op *x, int ordinal, int count) {
  vb_buf_clear(&b->buf);
  if (count > 1) (void)vb_number_roman(ordinal, &b->buf);
  const char *number = vb_arena_str(b->a, b->buf.p ? b->buf.p : "", b->buf.n);
  const char *label = vb_arena_printf(b->a, "Phụ lục%s%s", count > 1 ? " " : "", number ? number : "");
  if (!number || !label || b->buf.failed) return VB_NOMEM;
  set_text(b, VB_BUILTIN_APPENDIX_LABEL, label);
  set_text(b, VB_BUILTIN_APPENDIX_NUMBER, count > 1 ? number : NULL);
  vb_status st = x->id ? vb_build_anchor(b, x->id, count > 1 ? number : label, label, x->at) : VB_OK;
  st = vb_worse(st, build_sequence(b, x->blocks, x, count > 1 ? ordinal : 0, label));
  set_text(b, VB_BUILTIN_APPENDIX_LABEL, NULL);
  set_text(b, VB_BUILTIN_APPENDIX_NUMBER, NULL);
  return st;
}

static vb_status build_appendices(vb_builder *b, const bool *wanted, int count) {
  const vb_template *t = b->t;
  vb_status st = VB_OK;
  int ordinal = 0;
  for (size_t i = 0; i < t->n_appendices && st <= VB_BAD; i++)
    if (wanted[i]) st = vb_worse(st, build_appendix(b, &t->appendices[i], ++ordinal, count));
  return st;
}

/* Which appendices this document has: known before anything is printed, for their number shows in every label. */
static vb_status choose_appendices(vb_builder *b, bool *wanted, int *count) {
  const vb_template *t = b->t;
  vb_status st = VB_OK;
  *count = 0;
  for (size_t i = 0; i < t->n_appendices; i++) {
    vb_sql_value v = {VB_SQL_INTEGER, 1, {NULL, 0}};
    if (t->appendices[i].when.source) st = vb_worse(st, vb_eval_sql(b, &t->appendices[i].when, &v, NULL, NULL));
    wanted[i] = v.type == VB_SQL_INTEGER && v.integer != 0;
    *count += wanted[i];
  }
  set_int(b, VB_BUILTIN_APPENDICES, *count);
  return st;
}

/* ---- the document ------------------------------------------------------------------------------------------- */

/* The figures of the form, in its order, for the workbook's data sheet and the checks. */
static vb_status build_data(vb_builder *b) {
  const vb_template *t = b->t;
  vb_doc *doc = b->doc;
  if (t->n_indicators == 0) return VB_OK;
  doc->data = VB_NEW_ARRAY(b->a, vb_datum, t->n_indicators);
  if (!doc->data) return VB_NOMEM;
  for (size_t i = 0; i < t->n_indicators; i++) {
    const vb_indicator *x = t->indicators[i];
    const vb_figure_read *f;
    vb_status st = vb_figure_get(b, vb_span_of(x->code), false, &f);
    if (st != VB_OK) return st;
    const vb_observation o = f->o;
    if (x->type == VB_TYPE_GROUP && o.status == VB_MISSING) continue;
    vb_datum *m = &doc->data[doc->n_data++];
    *m = (vb_datum){.code = x->code, .label = x->label, .measure = x->measure, .period = b->b->period, .unit = b->b->unit, .text = o.text, .note = o.note, .at = o.at};
    if (o.status != VB_REPORTED && o.status != VB_ZERO_DASH) continue;
    m->value.type = x->type == VB_TYPE_PERCENT ? VB_VALUE_PERCENT : x->type == VB_TYPE_MONEY ? VB_VALUE_MONEY : x->type == VB_TYPE_TEXT ? VB_VALUE_TEXT : VB_VALUE_NUMBER;
    m->value.num = o.num;
    if (x->type != VB_TYPE_DATE) continue;
    m->value.type = o.text && vb_date_parse_iso(vb_span_of(o.text), &m->value.date) ? VB_VALUE_DATE : VB_VALUE_TEXT;
  }
  return VB_OK;
}

static vb_status build_lets(vb_builder *b) {
  vb_status st = VB_OK;
  for (const vb_op *o = b->t->lets; o && st <= VB_BAD; o = o->next) st = vb_worse(st, build_let(b, o));
  return st;
}

static vb_status build_all(vb_builder *b) {
  const vb_template *t = b->t;
  int count = 0;
  bool *wanted = VB_NEW_ARRAY(b->a, bool, t->n_appendices + 1);
  if (!wanted) return VB_NOMEM;
  vb_status st = vb_build_builtins(b);
  if (st <= VB_BAD) st = vb_worse(st, build_lets(b));
  if (st <= VB_BAD) st = vb_worse(st, choose_appendices(b, wanted, &count));
  if (st <= VB_BAD) st = vb_worse(st, vb_build_titles(b));
  if (st <= VB_BAD) st = vb_worse(st, build_sequence(b, t->body, NULL, 0, NULL));
  if (st <= VB_BAD) st = vb_worse(st, build_appendices(b, wanted, count));
  if (st <= VB_BAD) st = vb_worse(st, vb_build_refs_finish(b));
  if (st <= VB_BAD) st = vb_worse(st, vb_build_formulas_finish(b));
  if (st <= VB_BAD) st = vb_worse(st, build_data(b));
  return st;
}

static bool start(vb_builder *b) {
  vb_buf_init(&b->buf);
  vb_buf_init(&b->run);
  b->doc = vb_doc_new();
  if (!b->doc) return false;
  b->a = b->doc->arena;
  b->doc->setup = b->b->setup ? *b->b->setup : b->t->setup;
  b->vars = VB_NEW_ARRAY(b->a, vb_var, b->t->n_decls + 1);
  b->abbrs = vb_map_new();
  b->cites = vb_map_new();
  b->anchors = vb_map_new();
  b->keys = vb_map_new();
  b->todo_of = vb_map_new();
  b->figures = vb_map_new();
  return b->vars && b->abbrs && b->cites && b->anchors && b->keys && b->todo_of && b->figures;
}

static void finish(vb_builder *b) {
  vb_map_free(b->abbrs);
  vb_map_free(b->cites);
  vb_map_free(b->anchors);
  vb_map_free(b->keys);
  vb_map_free(b->todo_of);
  vb_map_free(b->figures);
  vb_buf_free(&b->buf);
  vb_buf_free(&b->run);
}

vb_status vb_template_build(vb_diag *d, vb_template *t, vb_store *s, const vb_build *build, vb_doc **out) {
  vb_builder b = {.d = d, .t = t, .s = s, .b = build};
  *out = NULL;
  vb_status st = start(&b) ? vb_store_scope(s, build->unit, build->period) : VB_NOMEM;
  vb_store_limit_work(s, VB_SQL_DOCUMENT_STEPS_MAX);
  if (st == VB_OK) st = build_all(&b);
  vb_store_limit_work(s, 0);
  if (st == VB_NOMEM && b.doc && b.doc->n_nodes >= VB_DOC_NODES_MAX) st = VB_POST(d, VB_MSG_DOC_NODES, b.doc->root ? b.doc->root->at : VB_NOWHERE, VB_NUM(VB_DOC_NODES_MAX));
  finish(&b);
  if (st == VB_OK) *out = b.doc;
  else vb_doc_free(b.doc);
  return st;
}
