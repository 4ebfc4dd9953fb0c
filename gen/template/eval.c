/* eval: substitutions, expressions and attribute texts → values, with what they were read from. For gen/template alone. */
#include "template/template_int.h"

#include <string.h>

void vb_bind(vb_builder *b, const vb_sql *s) {
  vb_query_reset(s->q);
  for (size_t i = 0; i < s->n_params; i++) vb_query_bind(s->q, i, b->vars[s->params[i]].v);
}

vb_status vb_sources(vb_builder *b, const vb_trace_source **sources, uint32_t *n) {
  const vb_source_ref *refs = NULL;
  size_t count = 0;
  *sources = NULL;
  *n = 0;
  if (b->streaming) return VB_OK;
  vb_status st = vb_store_sources(b->d, b->s, b->a, &refs, &count);
  if (st != VB_OK || count == 0) return st;
  vb_trace_source *out = VB_NEW_ARRAY(b->a, vb_trace_source, count);
  if (!out) return VB_NOMEM;
  for (size_t i = 0; i < count; i++) out[i] = (vb_trace_source){refs[i].unit, refs[i].period, refs[i].code, refs[i].raw, refs[i].at};
  *sources = out;
  *n = (uint32_t)count;
  return VB_OK;
}

/* An error of a statement that several places share is the error of the place that runs it. */
static vb_status at_own_place(vb_builder *b, vb_status st, const vb_sql *s) {
  vb_finding *f = st == VB_BAD ? vb_diag_last(b->d) : NULL;
  if (f) f->at = s->at;
  return st;
}

static vb_status keep_text(vb_builder *b, vb_sql_value *v) {
  if (v->type == VB_SQL_TEXT) v->text.p = vb_arena_str(b->a, v->text.p, v->text.n);
  return v->type == VB_SQL_TEXT && !v->text.p ? VB_NOMEM : VB_OK;
}

vb_status vb_figure_get(vb_builder *b, vb_span code, bool traced, const vb_figure_read **out) {
  vb_figure_read *f = b->figures ? vb_map_get(b->figures, code) : NULL;
  *out = f;
  if (f && (f->traced || !traced)) return VB_OK;
  *out = f = VB_NEW(b->a, vb_figure_read);
  if (!f) return VB_NOMEM;
  vb_store_trace_start(b->s);
  vb_status st = vb_store_observe(b->d, b->s, b->a, b->b->unit, b->b->period, code, &f->o);
  if (st == VB_OK && traced) st = vb_sources(b, &f->sources, &f->n_sources);
  f->traced = traced;
  return st == VB_OK && b->figures && !vb_map_put(b->figures, code, f) ? VB_NOMEM : st;
}

/* The note of a known code without a query; *f stays NULL for what the query itself must judge. */
static vb_status eval_note(vb_builder *b, vb_sql_value code, vb_sql_value *v, const vb_figure_read **f) {
  *f = NULL;
  if (code.type != VB_SQL_TEXT || !b->t->form_id || !vb_store_indicator(b->s, b->t->form_id, code.text)) return VB_OK;
  vb_status st = vb_figure_get(b, code.text, true, f);
  if (st == VB_OK && (*f)->o.note) *v = (vb_sql_value){VB_SQL_TEXT, 0, vb_span_of((*f)->o.note)};
  return st;
}

vb_status vb_eval_sql(vb_builder *b, const vb_sql *s, vb_sql_value *v, const vb_trace_source **sources, uint32_t *n) {
  *v = (vb_sql_value){.type = VB_SQL_NULL};
  if (s->brief == VB_SQL_VARIABLE) {
    *v = b->vars[s->params[0]].v;
    return keep_text(b, v);
  }
  if (s->brief == VB_SQL_NOTE) {
    const vb_figure_read *f;
    vb_status read = eval_note(b, b->vars[s->params[0]].v, v, &f);
    if (f && sources && n) {
      *sources = f->sources;
      *n = f->n_sources;
    }
    if (f || read != VB_OK) return read;
  }
  vb_store_trace_start(b->s);
  vb_bind(b, s);
  vb_status st = vb_query_step(b->d, s->q);
  if (st == VB_OK) {
    *v = vb_query_value(s->q, 0);
    st = keep_text(b, v);
  }
  vb_query_reset(s->q);
  if (st == VB_DONE) st = VB_OK;
  if (st != VB_OK) return at_own_place(b, st, s);
  return sources && n ? vb_sources(b, sources, n) : VB_OK;
}

/* ---- what a substitution gives ------------------------------------------------------------------------------ */

static void got_value(vb_got *g, vb_sql_value v, const vb_decl *x) {
  if (x && x->typed) {
    g->type = x->type;
    g->typed = true;
  }
  g->marked = x && x->marked;
  if (v.type == VB_SQL_INTEGER) {
    g->known = VB_KNOWN_NUMBER;
    g->num = (vb_dec){v.integer, x && x->typed ? x->places : 0};
    g->figure = !(x && x->counter);
  } else if (v.type == VB_SQL_TEXT) {
    g->known = VB_KNOWN_TEXT;
    g->text = v.text;
    if (g->typed && g->type != VB_TYPE_DATE) g->typed = false; /* a typed column's own text */
  }
}

static vb_status got_variable(vb_builder *b, int slot, vb_got *g) {
  const vb_decl *x = &b->t->decls[slot];
  const vb_var *v = &b->vars[slot];
  got_value(g, v->v, x);
  g->sources = v->sources;
  g->n_sources = v->n_sources;
  if (g->known == VB_KNOWN_TEXT) g->figure = v->n_sources > 0 && x->row_slot < 0 && !x->counter;
  if (!g->figure || b->streaming || x->row_slot < 0 || b->vars[x->row_slot].v.type != VB_SQL_INTEGER) return VB_OK;
  vb_trace_source *s = VB_NEW_ARRAY(b->a, vb_trace_source, v->n_sources + 1);
  if (!s) return VB_NOMEM;
  for (uint32_t i = 0; i < v->n_sources; i++) s[i + 1] = v->sources[i];
  s->code = x->name;
  vb_status st = vb_store_row_place(b->d, b->s, b->vars[x->row_slot].v.integer, x->column, &s->at, b->a, &s->raw);
  g->sources = s;
  g->n_sources = v->n_sources + 1;
  return st;
}

static vb_status got_figure(vb_builder *b, vb_span code, const vb_indicator *i, bool note, vb_got *g) {
  const vb_figure_read *f;
  vb_status st = vb_figure_get(b, code, true, &f);
  if (st != VB_OK) return st;
  const vb_observation o = f->o;
  g->sources = f->sources;
  g->n_sources = f->n_sources;
  if (note) { /* what was remarked, not the figure */
    g->known = o.note && *o.note ? VB_KNOWN_TEXT : VB_KNOWN_NOT;
    g->text = vb_span_of(o.note);
    return VB_OK;
  }
  g->indicator = i;
  g->figure = true;
  g->typed = true;
  g->type = i->type;
  g->digits = i->digits;
  g->zero = i->zero;
  g->num = o.num;
  g->text = vb_span_of(o.text);
  switch (o.status) {
  case VB_MISSING: g->known = VB_KNOWN_BLANK; break;
  case VB_NOT_APPLICABLE: g->known = VB_KNOWN_NA; break;
  case VB_ZERO_DASH: g->dash = true; /* fall through */
  case VB_REPORTED: g->known = i->type == VB_TYPE_TEXT || i->type == VB_TYPE_DATE ? VB_KNOWN_TEXT : VB_KNOWN_NUMBER; break;
  }
  if (g->known == VB_KNOWN_TEXT && g->text.n == 0) g->known = VB_KNOWN_BLANK;
  return VB_OK;
}

vb_status vb_eval_code(vb_builder *b, vb_span code, bool note, vb_place at, vb_got *g) {
  const vb_template *t = b->t;
  *g = (vb_got){.known = VB_KNOWN_NOT};
  const vb_indicator *i = t->form_id ? vb_store_indicator(b->s, t->form_id, code) : NULL;
  if (i) return got_figure(b, code, i, note, g);
  if (!t->form_id) return VB_POST(b->d, VB_MSG_TEMPLATE_NO_FORM, at, VB_TXT(code));
  vb_span near = vb_store_nearest_code(b->s, t->form_id, code);
  return near.n ? VB_POST(b->d, VB_MSG_TEMPLATE_CODE_NEAR, at, VB_TXT(code), VB_TXT(near), t->form_id)
                : VB_POST(b->d, VB_MSG_TEMPLATE_CODE, at, VB_TXT(code), t->form_id);
}

vb_status vb_eval_subst(vb_builder *b, const vb_op *op, vb_got *g) {
  const vb_subst *s = op->u.subst;
  *g = (vb_got){.known = VB_KNOWN_NOT, .digits = 1};
  bool note = s->format.id == VB_PRINT_NOTE;
  if (s->indicator) return got_figure(b, vb_span_of(s->name), s->indicator, note, g);
  if (s->kind == VB_SUBST_NAME) return got_variable(b, s->slot, g);
  if (s->kind == VB_SUBST_CODE_OF) {
    vb_sql_value v = b->vars[s->slot].v;
    return v.type == VB_SQL_TEXT ? vb_eval_code(b, v.text, note, op->at, g) : VB_OK;
  }
  vb_sql_value v;
  vb_status st = vb_eval_sql(b, &s->sql, &v, &g->sources, &g->n_sources);
  if (st != VB_OK) return st;
  got_value(g, v, NULL);
  if (g->known == VB_KNOWN_TEXT) g->figure = g->n_sources > 0;
  return VB_OK;
}

/* ---- printing ----------------------------------------------------------------------------------------------- */

vb_status vb_print_got(vb_builder *b, const vb_op *op, const vb_got *g, bool in_table, vb_value *typed) {
  const vb_subst *s = op->u.subst;
  vb_buf_clear(&b->buf);
  *typed = (vb_value){.type = VB_VALUE_NONE};
  bool no_note = in_table && s->format.id == VB_PRINT_NOTE; /* a remark is never asked for */
  bool missing = (g->known == VB_KNOWN_NOT && !no_note) || (g->known == VB_KNOWN_BLANK && !in_table);
  if ((missing || g->known == VB_KNOWN_NOT || g->known == VB_KNOWN_BLANK) && s->otherwise) {
    vb_buf_str(&b->buf, s->otherwise);
    return b->buf.failed ? VB_NOMEM : VB_OK;
  }
  if (missing) {
    vb_diag *d = b->d;
    if (g->known == VB_KNOWN_NOT) return VB_POST(d, VB_MSG_TEMPLATE_NULL, op->at, s->source);
    vb_status st = VB_POST(d, VB_MSG_TEMPLATE_MISSING, op->at, g->indicator->code);
    return st;
  }
  vb_status st = vb_value_print(b->d, &(vb_printing){b->t->form, g, s->format, in_table, op->at}, &b->buf, typed);
  return st;
}

uint32_t vb_trace_add(vb_builder *b, const char *expression, vb_place at, const vb_got *g, const char *printed) {
  vb_trace t = {expression, printed, at, g->sources, g->n_sources};
  return vb_doc_trace(b->doc, &t);
}

uint32_t vb_trace_subst(vb_builder *b, const vb_op *op, const vb_got *g, const char *printed) {
  if (!b->streaming) return vb_trace_add(b, op->u.subst->source, op->at, g, printed);
  for (uint32_t i = 0; i < b->n_stream_ops; i++)
    if (b->stream_ops[i] == op) return b->stream_first_trace + i;
  return 0;
}

/* ---- texts of attributes ------------------------------------------------------------------------------------ */

/* The variable that is all of a text: keys and levels of rows; NULL where the text is more than that or has a format. */
static const vb_sql_value *only_variable(const vb_builder *b, const vb_op *text, const vb_decl **x) {
  const vb_subst *s = text->kind == VB_OP_SUBST && !text->next ? text->u.subst : NULL;
  if (!s || s->kind != VB_SUBST_NAME || s->indicator || s->format.id != VB_PRINT_NONE) return NULL;
  *x = &b->t->decls[s->slot];
  return &b->vars[s->slot].v;
}

vb_status vb_eval_text(vb_builder *b, const vb_op *text, const char **out) {
  vb_status st = VB_OK;
  vb_buf all;
  vb_span literal;
  *out = NULL;
  if (!text) return VB_OK;
  if (vb_op_is_literal(text, &literal) && literal.p[literal.n] == '\0') {
    *out = literal.p;
    return VB_OK;
  }
  const vb_decl *x;
  const vb_sql_value *only = only_variable(b, text, &x);
  if (only && only->type == VB_SQL_TEXT && !(x->typed && x->type == VB_TYPE_DATE)) { /* as it is */
    *out = vb_arena_str(b->a, only->text.p, only->text.n);
    return *out ? VB_OK : VB_NOMEM;
  }
  vb_buf_init(&all);
  for (const vb_op *o = text; o; o = o->next) {
    vb_got g;
    vb_value typed = {.type = VB_VALUE_NONE};
    if (o->kind == VB_OP_TEXT) {
      vb_buf_span(&all, o->u.text);
      continue;
    }
    vb_status one = vb_eval_subst(b, o, &g);
    if (one == VB_OK) one = vb_print_got(b, o, &g, false, &typed);
    if (one == VB_OK) vb_buf_add(&all, b->buf.p ? b->buf.p : "", b->buf.n);
    st = vb_worse(st, one);
  }
  if (st == VB_OK) *out = all.failed ? NULL : vb_arena_str(b->a, all.p ? all.p : "", all.n);
  vb_buf_free(&all);
  return st == VB_OK && !*out ? VB_NOMEM : st;
}

vb_status vb_eval_int(vb_builder *b, const vb_op *text, vb_range range, int *out) {
  const char *s = NULL;
  *out = range.otherwise;
  if (!text) return VB_OK;
  const vb_decl *x;
  const vb_sql_value *only = only_variable(b, text, &x);
  bool small = only && only->type == VB_SQL_INTEGER && only->integer >= 0 && only->integer < 1000 && !(x->typed && x->places);
  if (small && only->integer >= range.min && only->integer <= range.max) {
    *out = (int)only->integer;
    return VB_OK;
  }
  vb_status st = vb_eval_text(b, text, &s);
  if (st != VB_OK) return st;
  vb_span digits = vb_span_trim(vb_span_of(s));
  int v = 0;
  bool good = digits.n > 0 && digits.n < 8;
  for (size_t i = 0; i < digits.n && good; i++) {
    good = digits.p[i] >= '0' && digits.p[i] <= '9';
    v = v * 10 + (digits.p[i] - '0');
  }
  if (!good || v < range.min || v > range.max) return VB_POST(b->d, VB_MSG_TEMPLATE_SPAN_VALUE, text->at, s, VB_NUM(range.min), VB_NUM(range.max));
  *out = v;
  return VB_OK;
}
