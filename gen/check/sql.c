/* sql.c: rules of forms and templates: their rows become findings. For gen/check alone. */
#include <string.h>

#include "check/check_int.h"

vb_status vb_check_bind(vb_query *q, const char *unit, const char *period) {
  vb_query_reset(q);
  for (size_t i = 0; i < vb_query_params(q); i++) {
    const char *name = vb_query_param(q, i), *v = strcmp(name, "unit") == 0 ? unit : strcmp(name, "period") == 0 ? period : NULL;
    vb_query_bind(q, i, v == NULL ? (vb_sql_value){VB_SQL_NULL, 0, {NULL, 0}} : (vb_sql_value){VB_SQL_TEXT, 0, vb_span_of(v)});
  }
  return VB_OK;
}

/* The year of a period, moved by `step`; NULL where the period names none. */
static vb_sql_value year_of(const char *period, int step) {
  int year = 0;
  for (int i = 0; i < 4; i++) {
    if (period == NULL || period[i] < '0' || period[i] > '9') return (vb_sql_value){VB_SQL_NULL, 0, {NULL, 0}};
    year = year * 10 + (period[i] - '0');
  }
  return (vb_sql_value){VB_SQL_INTEGER, year + step, {NULL, 0}};
}

/* A rule of a template sees what the template sees of the document: its parameters and the years around it. */
static vb_status bind_set(vb_query *q, const char *unit, const char *period, const vb_check_set *set) {
  static const struct { const char *name; int step; } years[] = {{"year", 0}, {"year_prev", -1}, {"year_next", 1}};
  vb_status s = vb_check_bind(q, unit, period);
  for (size_t i = 0; i < vb_query_params(q) && s == VB_OK; i++) {
    const char *name = vb_query_param(q, i);
    for (size_t k = 0; k < 3; k++)
      if (strcmp(name, years[k].name) == 0) vb_query_bind(q, i, year_of(period, years[k].step));
    for (size_t k = 0; k < set->n_variables; k++)
      if (strcmp(name, set->variables[k].name) == 0) vb_query_bind(q, i, (vb_sql_value){VB_SQL_TEXT, 0, vb_span_of(set->variables[k].text)});
  }
  return s;
}

static void add_value(vb_sql_value v, vb_buf *out) {
  if (v.type == VB_SQL_INTEGER) vb_buf_int(out, v.integer);
  else if (v.type == VB_SQL_TEXT) vb_buf_span(out, v.text);
}

static size_t column_named(const vb_query *q, vb_span name) {
  size_t i = 0;
  while (i < vb_query_columns(q) && !vb_span_is(name, vb_query_column(q, i))) i++;
  return i;
}

static void fill(const vb_query *q, const char *text, vb_buf *out) {
  for (const char *p = text; *p != '\0'; p++) {
    vb_span name = {p + 1, *p == '{' ? strcspn(p + 1, "}") : 0};
    size_t i = *p == '{' ? column_named(q, name) : vb_query_columns(q);
    if (i < vb_query_columns(q)) {
      add_value(vb_query_value(q, i), out);
      p += name.n + 1;
    } else {
      vb_buf_char(out, *p);
    }
  }
}

/* Text of a column of the row, copied; NULL where the rule has none, or it is NULL, or no memory: *st says so. */
static const char *text_named(const vb_query *q, vb_arena *a, const char *name, vb_status *st) {
  size_t i = column_named(q, vb_span_of(name));
  if (i == vb_query_columns(q) || vb_query_value(q, i).type != VB_SQL_TEXT) return NULL;
  vb_span t = vb_query_value(q, i).text;
  const char *copy = vb_arena_str(a, t.p, t.n);
  if (copy == NULL) *st = VB_NOMEM;
  return copy;
}

/* Place of what the row is about: its data row, or the column of it that _col names; else the observation of its code, else the rule. */
static vb_status place_of(vb_diag *d, vb_store *s, vb_arena *a, const vb_query *q, const char *unit, const char *period, vb_place *at) {
  const char *raw = NULL;
  vb_status st = VB_OK;
  size_t row = column_named(q, VB_LIT("_row")), code = column_named(q, VB_LIT("code"));
  if (row < vb_query_columns(q) && vb_query_value(q, row).type == VB_SQL_INTEGER) {
    const char *column = text_named(q, a, "_col", &st);
    return st == VB_OK ? vb_store_row_place(d, s, vb_query_value(q, row).integer, column, at, a, &raw) : st;
  }
  if (code == vb_query_columns(q) || vb_query_value(q, code).type != VB_SQL_TEXT || vb_store_indicator(s, NULL, vb_query_value(q, code).text) == NULL) return VB_OK;
  vb_observation o;
  memset(&o, 0, sizeof o);
  st = vb_store_observe(d, s, a, unit, period, vb_query_value(q, code).text, &o);
  if (st == VB_OK && o.at.file != NULL) *at = o.at;
  return st;
}

/* Severity belongs to the condition: a row may say its own. */
static vb_severity severity_of(const vb_query *q, vb_arena *a, vb_severity usual, vb_status *st) {
  const char *own = text_named(q, a, "_severity", st);
  if (own == NULL) return usual;
  return strcmp(own, "error") == 0 ? VB_ERROR : strcmp(own, "warning") == 0 ? VB_WARNING : strcmp(own, "info") == 0 ? VB_INFO : usual;
}

typedef struct finding_text { vb_buf code, vi, en; } finding_text;

static vb_status post_row(vb_diag *d, vb_store *s, vb_arena *a, const char *unit, const char *period, const char *document, const vb_check_sql *r, const vb_query *q) {
  finding_text t;
  vb_place at = r->at;
  vb_buf_init(&t.code);
  vb_buf_init(&t.vi);
  vb_buf_init(&t.en);
  size_t code = column_named(q, VB_LIT("code"));
  if (code < vb_query_columns(q)) add_value(vb_query_value(q, code), &t.code);
  fill(q, r->vi != NULL ? r->vi : r->en, &t.vi);
  fill(q, r->en != NULL ? r->en : r->vi, &t.en);
  vb_status st = place_of(d, s, a, q, unit, period, &at);
  vb_severity severity = severity_of(q, a, r->severity, &st);
  const char *key = vb_buf_cstr(&t.code), *vi = vb_buf_cstr(&t.vi), *en = vb_buf_cstr(&t.en);
  if (t.code.failed || t.vi.failed || t.en.failed) st = VB_NOMEM;
  if (st == VB_OK) {
    vb_diag_about(d, unit, document, *key != '\0' ? key : NULL);
    st = vb_diag_post_rule(d, severity, r->id, at, vi, en);
  }
  vb_buf_free(&t.code);
  vb_buf_free(&t.vi);
  vb_buf_free(&t.en);
  return st;
}

vb_status vb_check_sql_run(vb_diag *d, vb_store *s, const char *period, const char *unit, const vb_check_set *set, vb_query *const *queries) {
  vb_arena *a = vb_arena_new(0);
  vb_status worst = a == NULL ? VB_NOMEM : vb_store_scope(s, unit, period);
  for (size_t i = 0; i < set->n_rules && worst < VB_SYSTEM; i++) {
    vb_status st = queries[i] == NULL ? VB_DONE : bind_set(queries[i], unit, period, set);
    vb_diag_about(d, unit, set->document, NULL);
    while (st == VB_OK && (st = vb_query_step(d, queries[i])) == VB_OK) {
      vb_status one = post_row(d, s, a, unit, period, set->document, &set->rules[i], queries[i]);
      worst = vb_worse(worst, one);
      if (one >= VB_SYSTEM) st = one;
    }
    if (st != VB_DONE) worst = vb_worse(worst, st);
    if (queries[i] != NULL) vb_query_reset(queries[i]);
    vb_arena_reset(a);
  }
  vb_diag_about(d, NULL, NULL, NULL);
  vb_arena_free(a);
  return worst;
}
