/* scope: vb_template_prepare: prepares every statement of a template on a store and binds names to slots of the variable frame.
 *
 * Invariants
 *  1. Names are resolved by where they stand: builtins everywhere; lets for what follows them in their element; columns of a loop inside it;
 *     a part sees builtins, its parameters and its own.
 *  2. Nothing stops at the first error; where a query itself is wrong its columns are unknown, and names are not judged inside.
 *  3. Scalar statements of the same text are one statement: they are stepped once and reset, so no two uses overlap.
 */
#include "template/template_int.h"

#include <string.h>

#define WRAP 8 /* characters of "SELECT (" before a scalar expression */

typedef struct vb_seen { const char *name; int slot; } vb_seen;

typedef struct vb_prep {
  vb_diag *d; vb_template *t; vb_store *s;
  vb_status st;
  vb_seen *seen; int n_seen, cap_seen, barrier;
  int blind;                /* inside a loop whose query is wrong */
  vb_map *shared;
  bool cites;
} vb_prep;

/* ---- slots -------------------------------------------------------------------------------------------------- */

static int new_slot(vb_prep *p, const char *name) {
  vb_template *t = p->t;
  if (t->n_decls == t->cap_decls) {
    int cap = t->cap_decls ? t->cap_decls * 2 : 128;
    vb_decl *grown = VB_NEW_ARRAY(t->prep, vb_decl, cap);
    if (!grown) {
      p->st = VB_NOMEM;
      return 0;
    }
    if (t->n_decls) memcpy(grown, t->decls, sizeof *grown * (size_t)t->n_decls);
    t->decls = grown;
    t->cap_decls = cap;
  }
  t->decls[t->n_decls] = (vb_decl){.name = name, .row_slot = -1};
  return t->n_decls++;
}

static void see(vb_prep *p, const char *name, int slot) {
  if (p->n_seen == p->cap_seen) {
    int cap = p->cap_seen ? p->cap_seen * 2 : 64;
    vb_seen *grown = VB_NEW_ARRAY(p->t->prep, vb_seen, cap);
    if (!grown) {
      p->st = VB_NOMEM;
      return;
    }
    if (p->n_seen) memcpy(grown, p->seen, sizeof *grown * (size_t)p->n_seen);
    p->seen = grown;
    p->cap_seen = cap;
  }
  p->seen[p->n_seen++] = (vb_seen){name, slot};
}

static int declare(vb_prep *p, const char *name) {
  int slot = new_slot(p, name);
  see(p, name, slot);
  return slot;
}

static int lookup(const vb_prep *p, vb_span name) {
  for (int i = p->n_seen; i > p->barrier; i--)
    if (p->seen[i - 1].name && vb_span_is(name, p->seen[i - 1].name)) return p->seen[i - 1].slot;
  for (int i = 0; i < VB_BUILTINS; i++)
    if (vb_span_is(name, vb_builtin_names[i])) return i;
  return -1;
}

static void consider(vb_span name, const char *candidate, vb_span *best, size_t *least) {
  size_t far = candidate ? vb_edit_distance(name, vb_span_of(candidate), *least - 1) : *least;
  if (far >= *least) return;
  *least = far;
  *best = vb_span_of(candidate);
}

static void unknown_variable(vb_prep *p, vb_place at, vb_span name) {
  vb_span best = {NULL, 0};
  size_t least = name.n > 5 ? 3 : 2;
  if (p->blind) return;
  for (int i = p->n_seen; i > p->barrier; i--) consider(name, p->seen[i - 1].name, &best, &least);
  for (int i = 0; i < VB_BUILTINS; i++) consider(name, vb_builtin_names[i], &best, &least);
  vb_status st = best.n ? VB_POST(p->d, VB_MSG_TEMPLATE_VARIABLE_NEAR, at, VB_TXT(name), VB_TXT(best)) : VB_POST(p->d, VB_MSG_TEMPLATE_VARIABLE, at, VB_TXT(name));
  p->st = vb_worse(p->st, st);
}

/* ---- statements --------------------------------------------------------------------------------------------- */

static void hold(vb_prep *p, vb_query *q) {
  vb_query_held *h = VB_NEW(p->t->prep, vb_query_held);
  if (!h) {
    vb_query_free(q);
    p->st = VB_NOMEM;
    return;
  }
  *h = (vb_query_held){p->t->queries, q};
  p->t->queries = h;
}

/* Offset in the source of a place that was counted in its text from `at` on; the text's end when it lies behind. */
static size_t offset_of(const vb_sql *sql, vb_place found) {
  const char *p = sql->source, *end = p + strlen(p);
  uint32_t line = sql->at.line, column = sql->at.column;
  while (p < end && (line < found.line || (line == found.line && column < found.column))) {
    bool nl = *p == '\n';
    (void)vb_utf8_next(&p, end);
    line += nl;
    column = nl ? 1 : column + 1;
  }
  return (size_t)(p - sql->source);
}

vb_status vb_sql_prepare(vb_diag *d, vb_store *s, const vb_sql *sql, vb_query **q) {
  size_t before = vb_diag_count(d, VB_INFO);
  vb_status st = vb_query_prepare(d, s, sql->text, sql->at, q);
  vb_finding *f = st == VB_BAD && vb_diag_count(d, VB_INFO) > before ? vb_diag_last(d) : NULL;
  bool wrapped = sql->text.n > strlen(sql->source);
  if (!f) return st;
  if (wrapped && f->at.line == sql->at.line && f->at.column >= sql->at.column + WRAP) f->at.column -= WRAP;
  f->at = vb_text_source_place(&sql->from, offset_of(sql, f->at)); /* behind entities the file's column is another */
  return st;
}

/* Where ":name" stands in the source of a statement. */
static vb_place param_place(const vb_sql *sql, const char *name) {
  size_t n = strlen(name);
  for (const char *k = strchr(sql->source, ':'); k; k = strchr(k + 1, ':'))
    if (strncmp(k + 1, name, n) == 0) return vb_text_source_place(&sql->from, (size_t)(k - sql->source));
  return sql->at;
}

static void bind_names(vb_prep *p, vb_sql *sql) {
  size_t n = vb_query_params(sql->q);
  int *slots = VB_NEW_ARRAY(p->t->prep, int, n ? n : 1);
  if (!slots) {
    p->st = VB_NOMEM;
    return;
  }
  for (size_t i = 0; i < n; i++) {
    const char *name = vb_query_param(sql->q, i);
    slots[i] = lookup(p, vb_span_of(name));
    if (slots[i] < 0) unknown_variable(p, param_place(sql, name), vb_span_of(name));
  }
  sql->params = slots;
  sql->n_params = n;
}

static vb_sql_short brief_of(const vb_sql *sql) {
  vb_span s = vb_span_trim(vb_span_of(sql->source)), note = VB_LIT("note(");
  if (!sql->scalar || sql->n_params != 1) return VB_SQL_NOT_SHORT;
  bool is_note = s.n > note.n && memcmp(s.p, note.p, note.n) == 0 && s.p[s.n - 1] == ')';
  if (is_note) s = (vb_span){s.p + note.n, s.n - note.n - 1};
  if (s.n < 2 || s.p[0] != ':' || !vb_span_is((vb_span){s.p + 1, s.n - 1}, vb_query_param(sql->q, 0))) return VB_SQL_NOT_SHORT;
  return is_note ? VB_SQL_NOTE : VB_SQL_VARIABLE;
}

static void prepare_sql(vb_prep *p, vb_sql *sql) {
  sql->q = NULL;
  sql->n_params = 0;
  sql->brief = VB_SQL_NOT_SHORT;
  if (!sql->source) return;
  vb_query *q = sql->scalar ? vb_map_get(p->shared, sql->text) : NULL;
  if (!q) {
    vb_status st = vb_sql_prepare(p->d, p->s, sql, &q);
    p->st = vb_worse(p->st, st);
    if (st != VB_OK) return;
    hold(p, q);
    if (sql->scalar && !vb_map_put(p->shared, sql->text, q)) p->st = VB_NOMEM;
  }
  sql->q = q;
  bind_names(p, sql);
  sql->brief = brief_of(sql);
  if (sql->scalar && vb_query_columns(q) != 1)
    p->st = vb_worse(p->st, VB_POST(p->d, VB_MSG_TEMPLATE_SCALAR, sql->at, VB_NUM(vb_query_columns(q))));
}

/* ---- what the origin of a column tells ---------------------------------------------------------------------- */

static bool same_sql_name(const char *declared, const char *sql) {
  for (; *declared && *sql; declared++, sql++)
    if (*declared != *sql && !(*declared == '-' && *sql == '_')) return false;
  return *declared == *sql;
}

static const vb_data_column *data_column(const vb_data_table *t, const char *column) {
  for (size_t i = 0; t && i < t->n_columns; i++)
    if (same_sql_name(t->columns[i].id, column)) return &t->columns[i];
  return NULL;
}

static void describe(const vb_prep *p, vb_decl *x, const vb_query *q, size_t i) {
  const char *table = vb_query_origin_table(q, i), *column = vb_query_origin_column(q, i);
  if (!table || !column) return;
  x->column = vb_arena_str(p->t->prep, column, strlen(column));
  x->marked = strcmp(table, "indicator") == 0 && strcmp(column, "label") == 0;
  const vb_data_column *c = NULL;
  for (size_t k = 0; k < p->t->n_tables && !c; k++)
    if (same_sql_name(p->t->tables[k].name, table)) c = data_column(&p->t->tables[k], column);
  if (!c) c = data_column(vb_store_builtin(table), column);
  if (!c) return;
  x->typed = true;
  x->type = c->type;
  x->places = c->places;
}

/* ---- operations --------------------------------------------------------------------------------------------- */

static void prepare_list(vb_prep *p, vb_op *op);

static void check_code(vb_prep *p, vb_place at, vb_subst *s) {
  const char *form = p->t->form_id;
  vb_span code = vb_span_of(s->name);
  if (!form) {
    p->st = vb_worse(p->st, VB_POST(p->d, VB_MSG_TEMPLATE_NO_FORM, at, s->name));
    return;
  }
  s->indicator = vb_store_indicator(p->s, form, code);
  if (s->indicator) return;
  vb_span near = vb_store_nearest_code(p->s, form, code);
  vb_status st = near.n ? VB_POST(p->d, VB_MSG_TEMPLATE_CODE_NEAR, at, s->name, VB_TXT(near), form) : VB_POST(p->d, VB_MSG_TEMPLATE_CODE, at, s->name, form);
  p->st = vb_worse(p->st, st);
}

static void prepare_subst(vb_prep *p, vb_op *op) {
  vb_subst *s = op->u.subst;
  vb_span name = vb_span_of(s->name);
  switch (s->kind) {
  case VB_SUBST_SQL: prepare_sql(p, &s->sql); return;
  case VB_SUBST_CODE: check_code(p, op->at, s); return;
  case VB_SUBST_CODE_OF:
    if (!p->t->form_id) p->st = vb_worse(p->st, VB_POST(p->d, VB_MSG_TEMPLATE_NO_FORM, op->at, s->name));
    s->slot = lookup(p, name);
    if (s->slot < 0) unknown_variable(p, op->at, name);
    return;
  case VB_SUBST_NAME:
    s->slot = lookup(p, name);
    s->indicator = s->slot < 0 && p->t->form_id ? vb_store_indicator(p->s, p->t->form_id, name) : NULL; /* a code of letters */
    if (s->slot < 0 && !s->indicator) unknown_variable(p, op->at, name);
    return;
  }
}

static void prepare_let(vb_prep *p, vb_op *op) {
  prepare_list(p, op->u.let->text);
  prepare_sql(p, &op->u.let->sql);
  int slot = op->u.let->slot = new_slot(p, op->u.let->name);
  vb_decl *x = &p->t->decls[slot];
  x->source = op->u.let->sql.source;
  if (op->u.let->sql.q) describe(p, x, op->u.let->sql.q, 0);
  x->column = NULL;
}

static void loop_columns(vb_prep *p, vb_loop *l) {
  vb_query *q = l->sql.q;
  size_t n = q ? vb_query_columns(q) : 0;
  l->row_column = -1;
  l->n_columns = (int)n;
  for (size_t i = 0; i < n; i++) {
    const char *name = vb_query_column(q, i);
    int slot = declare(p, vb_arena_str(p->t->prep, name, strlen(name)));
    if (i == 0) l->first_slot = slot;
    if (strcmp(name, "_row") == 0) l->row_column = (int)i;
    p->t->decls[slot].source = l->sql.source;
    describe(p, &p->t->decls[slot], q, i);
  }
  for (size_t i = 0; i < n && l->row_column >= 0; i++) p->t->decls[l->first_slot + (int)i].row_slot = l->first_slot + l->row_column;
}

static void each_columns(vb_prep *p, vb_loop *l) {
  bool parties = l->each == VB_EACH_RECIPIENTS || l->each == VB_EACH_ADDRESSEES;
  l->first_slot = declare(p, parties ? "name" : "line");
  l->n_columns = 1;
  if (parties) {
    (void)declare(p, "ident");
    l->n_columns = 2;
  }
  for (int i = 0; i < l->n_columns; i++) p->t->decls[l->first_slot + i].counter = true;
}

static bool word_at(const char *s, size_t i, const char *word) {
  size_t n = strlen(word);
  bool inside = i > 0 && (s[i - 1] == '_' || (s[i - 1] >= '0' && s[i - 1] <= '9') || (s[i - 1] | 0x20) >= 'a');
  for (size_t k = 0; k < n; k++)
    if (inside || (s[i + k] | 0x20) != word[k]) return false;
  return s[i + n + strspn(s + i + n, " \t\r\n")] == '(';
}

/* Whether a query gives the same rows for every document: it has no parameters and calls none of the functions that ask for the current
 * unit and period. The store does not change between a preparation and its release. A quoted word that looks like a call costs speed alone. */
static bool is_constant(const vb_sql *sql) {
  static const char *const scoped[] = {"val", "prev", "status", "note", "rollup", "traced"};
  if (!sql->q || sql->n_params > 0) return false;
  for (size_t i = 0; sql->source[i]; i++)
    for (size_t k = 0; k < sizeof scoped / sizeof *scoped; k++)
      if (word_at(sql->source, i, scoped[k])) return false;
  return true;
}

static void prepare_loop(vb_prep *p, vb_op *op) {
  static const char *const counters[] = {"_n", "_last", "_count"};
  vb_loop *l = op->u.loop;
  int was = p->n_seen;
  prepare_list(p, l->empty);
  prepare_sql(p, &l->sql);
  l->constant = is_constant(&l->sql);
  l->kept = NULL;
  bool blind = !l->each && !l->sql.q;
  if (l->each) each_columns(p, l);
  else loop_columns(p, l);
  for (int i = 0; i < 3; i++) {
    int slot = declare(p, counters[i]);
    p->t->decls[slot].counter = true;
    if (l->n_columns == 0 && i == 0) l->first_slot = slot;
  }
  p->blind += blind;
  prepare_list(p, op->first);
  p->blind -= blind;
  p->n_seen = was;
}

static void prepare_include(vb_prep *p, vb_op *op) {
  int was = p->n_seen, barrier = p->barrier;
  for (vb_op *o = op->u.include.sets; o; o = o->next) prepare_let(p, o); /* seen from outside the part */
  p->barrier = p->n_seen;
  for (vb_op *o = op->u.include.sets; o; o = o->next) see(p, o->u.let->name, o->u.let->slot);
  prepare_list(p, op->first);
  p->n_seen = was;
  p->barrier = barrier;
}

static int column_index(vb_prep *p, const vb_query *q, const char *name, vb_place at) {
  vb_span best = {NULL, 0};
  size_t least = 4;
  if (!q || !name) return 0;
  for (size_t i = 0; i < vb_query_columns(q); i++) {
    if (strcmp(vb_query_column(q, i), name) == 0) return (int)i;
    consider(vb_span_of(name), vb_query_column(q, i), &best, &least);
  }
  vb_status st = best.n ? VB_POST(p->d, VB_MSG_TEMPLATE_COLUMN_NEAR, at, name, VB_TXT(best)) : VB_POST(p->d, VB_MSG_TEMPLATE_COLUMN, at, name);
  p->st = vb_worse(p->st, st);
  return 0;
}

static void prepare_chart(vb_prep *p, vb_op *op) {
  prepare_list(p, op->u.chart->title);
  prepare_list(p, op->u.chart->alt);
  prepare_list(p, op->u.chart->axis);
  prepare_sql(p, &op->u.chart->sql);
  op->u.chart->category_index = column_index(p, op->u.chart->sql.q, op->u.chart->category, op->at);
  for (int i = 0; i < op->u.chart->n_series; i++) {
    vb_series_op *s = &op->u.chart->series[i];
    prepare_list(p, s->name);
    s->index = column_index(p, op->u.chart->sql.q, s->column, s->at);
  }
}

static void prepare_cell(vb_prep *p, vb_op *op) {
  vb_cell_op *x = op->u.cell;
  prepare_list(p, x->colspan);
  prepare_list(p, x->rowspan);
  prepare_list(p, x->key);
  prepare_list(p, x->ratio);
  prepare_list(p, x->diff);
  prepare_sql(p, &x->value);
  prepare_sql(p, &x->sum);
  if (x->sum.q && vb_query_columns(x->sum.q) != 1)
    p->st = vb_worse(p->st, VB_POST(p->d, VB_MSG_TEMPLATE_SCALAR, x->sum.at, VB_NUM(vb_query_columns(x->sum.q))));
  prepare_list(p, op->first);
}

static void prepare_table(vb_prep *p, vb_op *op) {
  prepare_list(p, op->u.table->id);
  prepare_list(p, op->u.table->title);
  prepare_list(p, op->u.table->head);
  prepare_list(p, op->first);
}

static void prepare_op(vb_prep *p, vb_op *op) {
  switch (op->kind) {
  case VB_OP_SUBST: prepare_subst(p, op); return;
  case VB_OP_REF: prepare_list(p, op->u.ref.target); return;
  case VB_OP_SLOT:
  case VB_OP_SLOT_INLINE: prepare_list(p, op->u.slot.name); return;
  case VB_OP_CITE:
    p->cites = true;
    prepare_list(p, op->u.cite.id);
    return;
  case VB_OP_SECTION:
    prepare_list(p, op->u.section.id);
    prepare_list(p, op->u.section.title);
    break;
  case VB_OP_ROW:
    prepare_list(p, op->u.row.level);
    prepare_list(p, op->u.row.key);
    break;
  case VB_OP_CELL: prepare_cell(p, op); return;
  case VB_OP_TABLE: prepare_table(p, op); return;
  case VB_OP_CHART: prepare_chart(p, op); return;
  case VB_OP_FOR:
  case VB_OP_EACH: prepare_loop(p, op); return;
  case VB_OP_IF:
    prepare_sql(p, &op->u.branch->test);
    prepare_list(p, op->u.branch->otherwise);
    break;
  case VB_OP_LET:
    prepare_let(p, op);
    see(p, op->u.let->name, op->u.let->slot);
    return;
  case VB_OP_INCLUDE: prepare_include(p, op); return;
  default: break;
  }
  prepare_list(p, op->first);
}

static void prepare_list(vb_prep *p, vb_op *op) {
  int was = p->n_seen;
  for (; op; op = op->next) prepare_op(p, op);
  p->n_seen = was;
}

/* ---- the template ------------------------------------------------------------------------------------------- */

/* A rule's statement, and the columns that its messages name as {column}. */
vb_status vb_rule_check(vb_diag *d, vb_store *s, const vb_rule_source *r) {
  vb_query *q = NULL;
  vb_status st = vb_query_prepare(d, s, r->sql, r->at, &q);
  const char *texts[] = {r->vi, r->en == r->vi ? NULL : r->en};
  for (int i = 0; q && i < 2; i++)
    for (const char *k = texts[i] ? strchr(texts[i], '{') : NULL; k; k = strchr(k + 1, '{')) {
      vb_span name = {k + 1, strcspn(k + 1, "}")};
      bool found = false;
      for (size_t c = 0; c < vb_query_columns(q); c++) found = found || vb_span_is(name, vb_query_column(q, c));
      if (!found) st = vb_worse(st, VB_POST(d, VB_MSG_TEMPLATE_COLUMN, r->at, VB_TXT(name)));
    }
  vb_query_free(q);
  return st;
}

static void prepare_indicators(vb_prep *p) {
  vb_template *t = p->t;
  if (!t->form) return;
  t->indicators = VB_NEW_ARRAY(t->prep, const vb_indicator *, t->form->n + 1);
  if (!t->indicators) {
    p->st = VB_NOMEM;
    return;
  }
  for (size_t i = 0; i < t->form->n; i++) {
    const vb_indicator *x = vb_store_indicator(p->s, t->form->id, vb_span_of(t->form->items[i].code));
    if (x) t->indicators[t->n_indicators++] = x;
  }
}

static void prepare_all(vb_prep *p) {
  vb_template *t = p->t;
  for (int i = 0; i < VB_BUILTINS; i++) (void)new_slot(p, vb_builtin_names[i]);
  t->first_param = t->n_decls;
  for (size_t i = 0; i < t->n_params; i++) (void)declare(p, t->params[i].name);
  for (int i = 0; i < t->n_decls; i++) t->decls[i].counter = true; /* facts of the document, no figures */
  for (vb_op *o = t->lets; o; o = o->next) prepare_op(p, o);
  prepare_list(p, t->symbol);
  prepare_list(p, t->subject);
  prepare_list(p, t->body);
  for (size_t i = 0; i < t->n_appendices; i++) {
    prepare_sql(p, &t->appendices[i].when);
    prepare_list(p, t->appendices[i].title);
    prepare_list(p, t->appendices[i].blocks);
  }
  for (size_t i = 0; i < t->n_rules; i++) p->st = vb_worse(p->st, vb_rule_check(p->d, p->s, &t->rules[i]));
  if (p->cites) {
    vb_sql *c = &t->cite;
    *c = (vb_sql){.source = "citation", .text = VB_LIT("SELECT type, number, date, agency, title FROM citation WHERE id = :id ORDER BY since DESC")};
    p->st = vb_worse(p->st, vb_query_prepare(p->d, p->s, c->text, VB_NOWHERE, &c->q));
    if (c->q) hold(p, c->q);
  }
  prepare_indicators(p);
}

void vb_template_release(vb_template *t) {
  vb_stream_free_all(t);
  for (vb_query_held *h = t->queries; h; h = h->next) vb_query_free(h->q);
  t->queries = NULL;
  t->store = NULL;
  t->decls = NULL;
  t->n_decls = t->cap_decls = 0;
  t->indicators = NULL;
  t->n_indicators = 0;
  t->cite.q = NULL;
  vb_arena_reset(t->prep);
}

vb_status vb_template_prepare(vb_diag *d, vb_template *t, vb_store *s) {
  vb_template_release(t);
  vb_prep p = {.d = d, .t = t, .s = s, .st = VB_OK, .shared = vb_map_new()};
  if (!p.shared) return VB_NOMEM;
  prepare_all(&p);
  vb_map_free(p.shared);
  if (p.st != VB_OK) {
    vb_template_release(t);
    return p.st;
  }
  t->store = s;
  return VB_OK;
}
