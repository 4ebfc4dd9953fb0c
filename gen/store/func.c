/* func: SQL functions of figures: val prev status note rollup ratio percent rescale traced.
 *
 * Invariants
 *  1. Whole numbers in, whole numbers out, worked out in 128 bits with one rounding, half away from zero. What does not fit is an error.
 *  2. A code that no form has is an error with the nearest one: never NULL, which would print as missing.
 *  3. None is marked deterministic: each call logs what it read.
 */
#include "store/store_int.h"

#include <sqlite3.h>
#include <string.h>

static vb_store *store_of(sqlite3_context *c)
{
  return sqlite3_user_data(c);
}

void vb_fault_set(sqlite3_context *c, vb_msg m, const char *a0, const char *a1, const char *a2)
{
  vb_fault *f = &store_of(c)->fault;
  const char *const args[VB_FAULT_ARGS] = {a0, a1, a2};
  if (!f->set) {
    f->set = true;
    f->msg = m;
    for (int i = 0; i < VB_FAULT_ARGS; i++)
      (void)vb_span_text(f->args[i], sizeof f->args[i], vb_span_of(args[i]));
  }
  sqlite3_result_error(c, vb_msg_get(m)->id, -1);
}

static vb_span text_arg(sqlite3_value *v)
{
  const char *p = (const char *)sqlite3_value_text(v);
  return p ? (vb_span){p, (size_t)sqlite3_value_bytes(v)} : (vb_span){NULL, 0};
}

static bool is_null(sqlite3_value *v)
{
  return sqlite3_value_type(v) == SQLITE_NULL;
}

/* ---- what a call is about ----------------------------------------------------------------------------------- */

typedef struct asked { const vb_name *unit, *period; const vb_code *code; } asked;

static const vb_name *name_arg(sqlite3_context *c, sqlite3_value *v, const vb_name *scope)
{
  vb_span t = text_arg(v);
  if (!t.p) {
    sqlite3_result_error_nomem(c);
    return NULL;
  }
  if (scope && vb_span_is(t, scope->text))
    return scope;
  const vb_name *n = vb_store_name(store_of(c), t);
  if (!n)
    sqlite3_result_error_nomem(c);
  return n;
}

/* Reads code, unit and period (arguments NULL: not given). False: the result is set, to NULL or to an error. */
static bool asked_of(sqlite3_context *c, sqlite3_value *code, sqlite3_value *period, sqlite3_value *unit, asked *out)
{
  vb_store *s = store_of(c);
  if (is_null(code) || (period && is_null(period)) || (unit && is_null(unit))) {
    sqlite3_result_null(c);
    return false;
  }
  vb_span t = text_arg(code);
  out->code = vb_store_code(s, t);
  if (!out->code) {
    vb_span near = vb_store_nearest_code(s, NULL, t);
    vb_fault_set(c, near.n ? VB_MSG_SQL_CODE_NEAR : VB_MSG_SQL_CODE, VB_TXT(t), VB_TXT(near), NULL);
    return false;
  }
  out->unit = unit ? name_arg(c, unit, s->scope_unit) : s->scope_unit;
  out->period = period ? name_arg(c, period, s->scope_period) : s->scope_period;
  if (out->unit && out->period)
    return true;
  if ((!unit && !out->unit) || (!period && !out->period))
    vb_fault_set(c, VB_MSG_SQL_SCOPE, out->code->text, NULL, NULL);
  return false;
}

static const vb_obs *find(sqlite3_context *c, const asked *q)
{
  vb_store *s = store_of(c);
  const vb_obs *o;
  int rc = vb_observe_find(s, q->unit, q->period, q->code, &o);
  if (rc == SQLITE_OK)
    rc = vb_log_add(s, (vb_log_entry){VB_LOG_VALUE, q->unit, q->period, q->code, 0});
  if (rc == SQLITE_OK)
    return o;
  sqlite3_result_error_code(c, rc);
  return NULL;
}

static void result_obs(sqlite3_context *c, const asked *q)
{
  const vb_obs *o = find(c, q);
  if (!o)
    return;
  if (o->present && o->has_num)
    sqlite3_result_int64(c, o->num);
  else if (o->present && o->text && o->status == VB_REPORTED)
    sqlite3_result_text(c, o->text, -1, SQLITE_TRANSIENT);
  else
    sqlite3_result_null(c);
}

static sqlite3_value *arg(int n, sqlite3_value **v, int i)
{
  return i < n ? v[i] : NULL;
}

/* val(code[, period[, unit]]) */
static void fn_val(sqlite3_context *c, int n, sqlite3_value **v)
{
  asked q;
  if (asked_of(c, v[0], arg(n, v, 1), arg(n, v, 2), &q))
    result_obs(c, &q);
}

/* status(code[, period[, unit]]) */
static void fn_status(sqlite3_context *c, int n, sqlite3_value **v)
{
  static const char *const words[] = {[VB_MISSING] = "missing", [VB_REPORTED] = "reported", [VB_ZERO_DASH] = "dash", [VB_NOT_APPLICABLE] = "na"};
  asked q;
  const vb_obs *o = asked_of(c, v[0], arg(n, v, 1), arg(n, v, 2), &q) ? find(c, &q) : NULL;
  if (o)
    sqlite3_result_text(c, words[o->status], -1, SQLITE_STATIC);
}

/* note(code[, period[, unit]]) */
static void fn_note(sqlite3_context *c, int n, sqlite3_value **v)
{
  asked q;
  const vb_obs *o = asked_of(c, v[0], arg(n, v, 1), arg(n, v, 2), &q) ? find(c, &q) : NULL;
  if (o && o->note)
    sqlite3_result_text(c, o->note, -1, SQLITE_TRANSIENT);
}

/* prev(code[, unit]): the same part of the year before */
static void fn_prev(sqlite3_context *c, int n, sqlite3_value **v)
{
  char before[16];
  asked q;
  if (!asked_of(c, v[0], NULL, arg(n, v, 1), &q))
    return;
  if (!vb_period_prev(vb_span_of(q.period->text), before)) {
    vb_fault_set(c, VB_MSG_SQL_PERIOD, q.period->text, NULL, NULL);
    return;
  }
  q.period = vb_store_name(store_of(c), vb_span_of(before));
  if (q.period)
    result_obs(c, &q);
  else
    sqlite3_result_error_nomem(c);
}

/* ---- roll-up ------------------------------------------------------------------------------------------------ */

static const int64_t powers[VB_DEC_PLACES_MAX + 1] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};

static void result_wide(sqlite3_context *c, vb_wide n, const char *what)
{
  if (n > INT64_MAX || n < INT64_MIN)
    vb_fault_set(c, VB_MSG_SQL_OVERFLOW, what, NULL, NULL);
  else
    sqlite3_result_int64(c, (int64_t)n);
}

static void result_rollup(sqlite3_context *c, const asked *q)
{
  vb_store *s = store_of(c);
  const vb_total *totals;
  if (!vb_rollup_ruled(q->code)) {
    if (q->code->ind->rollup && strcmp(q->code->ind->rollup, "own") == 0)
      result_obs(c, q);
    else
      sqlite3_result_null(c);
    return;
  }
  int rc = vb_rollup_get(s, q->unit, q->period, &totals);
  if (rc == SQLITE_OK)
    rc = vb_log_add(s, (vb_log_entry){VB_LOG_ROLLUP, q->unit, q->period, q->code, 0});
  if (rc != SQLITE_OK) {
    sqlite3_result_error_code(c, rc);
    return;
  }
  int64_t n;
  switch (vb_rollup_figure(s, q->code, &totals[q->code->index], &n)) {
  case VB_ROLLED: sqlite3_result_int64(c, n); return;
  case VB_ROLLED_NONE: sqlite3_result_null(c); return;
  case VB_ROLLED_PARTS: vb_fault_set(c, VB_MSG_SQL_RATIO_PARTS, q->code->text, NULL, NULL); return;
  case VB_ROLLED_OVERFLOW: vb_fault_set(c, VB_MSG_SQL_OVERFLOW, q->code->text, NULL, NULL); return;
  }
}

/* rollup(code[, unit[, period]]) */
static void fn_rollup(sqlite3_context *c, int n, sqlite3_value **v)
{
  asked q;
  if (asked_of(c, v[0], arg(n, v, 2), arg(n, v, 1), &q))
    result_rollup(c, &q);
}

/* ---- arithmetic --------------------------------------------------------------------------------------------- */

/* Whole-number arguments. False: the result is set. */
static bool whole_args(sqlite3_context *c, const char *name, int n, sqlite3_value **v, int64_t *out)
{
  for (int i = 0; i < n; i++)
    if (is_null(v[i])) {
      sqlite3_result_null(c);
      return false;
    }
  for (int i = 0; i < n; i++) {
    if (sqlite3_value_type(v[i]) != SQLITE_INTEGER) {
      vb_fault_set(c, VB_MSG_SQL_WHOLE, name, VB_TXT(text_arg(v[i])), NULL);
      return false;
    }
    out[i] = sqlite3_value_int64(v[i]);
  }
  return true;
}

static bool places_ok(sqlite3_context *c, const char *name, int64_t places)
{
  if (places >= 0 && places <= VB_DEC_PLACES_MAX)
    return true;
  vb_fault_set(c, VB_MSG_SQL_PLACES, name, VB_NUM(places), VB_NUM(VB_DEC_PLACES_MAX));
  return false;
}

static void result_quotient(sqlite3_context *c, const char *name, sqlite3_value **v, int64_t scale)
{
  int64_t a[3];
  if (!whole_args(c, name, 3, v, a) || !places_ok(c, name, a[2]))
    return;
  if (a[1] == 0)
    sqlite3_result_null(c);
  else
    result_wide(c, vb_wide_divide((vb_wide)a[0] * scale * powers[a[2]], a[1]), name);
}

/* ratio(a, b, places) */
static void fn_ratio(sqlite3_context *c, int n, sqlite3_value **v)
{
  (void)n;
  result_quotient(c, "ratio", v, 1);
}

/* percent(a, b, places) */
static void fn_percent(sqlite3_context *c, int n, sqlite3_value **v)
{
  (void)n;
  result_quotient(c, "percent", v, 100);
}

/* rescale(a, from, to) */
static void fn_rescale(sqlite3_context *c, int n, sqlite3_value **v)
{
  int64_t a[3];
  (void)n;
  if (!whole_args(c, "rescale", 3, v, a) || !places_ok(c, "rescale", a[1]) || !places_ok(c, "rescale", a[2]))
    return;
  if (a[2] >= a[1])
    result_wide(c, (vb_wide)a[0] * powers[a[2] - a[1]], "rescale");
  else
    result_wide(c, vb_wide_divide(a[0], powers[a[1] - a[2]]), "rescale");
}

/* traced(x, _row): x, and the row in the log */
static void fn_traced(sqlite3_context *c, int n, sqlite3_value **v)
{
  (void)n;
  if (sqlite3_value_type(v[1]) == SQLITE_INTEGER) {
    int rc = vb_log_add(store_of(c), (vb_log_entry){VB_LOG_ROW, NULL, NULL, NULL, sqlite3_value_int64(v[1])});
    if (rc != SQLITE_OK) {
      sqlite3_result_error_code(c, rc);
      return;
    }
  }
  sqlite3_result_value(c, v[0]);
}

int vb_func_install(vb_store *s)
{
  static const struct { const char *name; int least, most; void (*fn)(sqlite3_context *, int, sqlite3_value **); } list[] = {
    {"val", 1, 3, fn_val}, {"status", 1, 3, fn_status}, {"note", 1, 3, fn_note}, {"prev", 1, 2, fn_prev}, {"rollup", 1, 3, fn_rollup},
    {"ratio", 3, 3, fn_ratio}, {"percent", 3, 3, fn_percent}, {"rescale", 3, 3, fn_rescale}, {"traced", 2, 2, fn_traced},
  };
  int rc = SQLITE_OK;
  for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
    for (int n = list[i].least; rc == SQLITE_OK && n <= list[i].most; n++)
      rc = sqlite3_create_function_v2(s->db, list[i].name, n, SQLITE_UTF8 | SQLITE_DIRECTONLY, s, list[i].fn, NULL, NULL, NULL);
  return rc;
}
