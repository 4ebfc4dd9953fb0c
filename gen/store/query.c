/* query: statements of templates, forms and rules: prepared behind the guard, bound, stepped, counted.
 */
#include "store/store_int.h"

#include <sqlite3.h>
#include <string.h>

static void link_in(vb_store *s, vb_query *q)
{
  q->next = s->queries;
  if (q->next)
    q->next->prev = q;
  s->queries = q;
}

void vb_queries_close(vb_store *s)
{
  for (vb_query *q = s->queries; q; q = q->next) {
    (void)sqlite3_finalize(q->st);
    q->st = NULL;
    q->s = NULL; /* the caller frees it later, without the store */
  }
  s->queries = NULL;
}

void vb_query_free(vb_query *q)
{
  if (!q)
    return;
  (void)sqlite3_finalize(q->st);
  if (q->s) {
    if (q->prev)
      q->prev->next = q->next;
    else
      q->s->queries = q->next;
    if (q->next)
      q->next->prev = q->prev;
  }
  vb_mem_free(q);
}

/* Behind the first statement only white space, comments and ";" may stand; SQLite itself says so by making nothing of them. */
static bool rest_is_empty(vb_store *s, const char *tail, const char *end)
{
  while (tail < end) {
    sqlite3_stmt *st = NULL;
    const char *next = tail;
    s->denied.action = 0;
    int rc = sqlite3_prepare_v3(s->db, tail, (int)(end - tail), 0, &st, &next);
    bool something = rc != SQLITE_OK || st != NULL;
    (void)sqlite3_finalize(st);
    if (something || next <= tail)
      return !something;
    tail = next;
  }
  return true;
}

static vb_status params_check(vb_diag *d, const vb_query *q, vb_place at)
{
  for (int i = 1; i <= (int)q->n_params; i++) {
    const char *name = sqlite3_bind_parameter_name(q->st, i);
    if (!name || name[0] != ':')
      return VB_POST(d, VB_MSG_SQL_PARAMETER, at, name ? name : "?");
  }
  return VB_OK;
}

static vb_status compile(vb_diag *d, vb_store *s, vb_span sql, vb_place at, vb_query *q)
{
  const char *tail = NULL;
  s->denied.action = 0;
  if (memchr(sql.p ? sql.p : "", 0, sql.n))
    return VB_POST(d, VB_MSG_SQL_SYNTAX, at, "NUL");
  vb_guard_raise(s, true);
  int rc = sqlite3_prepare_v3(s->db, sql.p ? sql.p : "", (int)sql.n, SQLITE_PREPARE_PERSISTENT, &q->st, &tail);
  vb_status status = VB_OK;
  if (rc != SQLITE_OK)
    status = vb_guard_explain(d, s, rc, sql, at);
  else if (!q->st)
    status = VB_POST(d, VB_MSG_SQL_EMPTY, at);
  else if (!sqlite3_stmt_readonly(q->st) || sqlite3_stmt_isexplain(q->st) || sqlite3_column_count(q->st) == 0)
    status = VB_POST(d, VB_MSG_SQL_NOT_SELECT, at);
  else if (!rest_is_empty(s, tail, sql.p + sql.n))
    status = VB_POST(d, VB_MSG_SQL_SECOND, vb_sql_place(at, sql, (size_t)(tail - sql.p)));
  vb_guard_raise(s, false);
  return status;
}

static const char *interned(vb_store *s, const char *text)
{
  const vb_name *n = text ? vb_store_name(s, vb_span_of(text)) : NULL;
  return n ? n->text : NULL; /* without memory a message lacks its place */
}

vb_status vb_query_prepare(vb_diag *d, vb_store *s, vb_span sql, vb_place at, vb_query **out)
{
  *out = NULL;
  if (sql.n > VB_SQL_LENGTH_MAX)
    return VB_POST(d, VB_MSG_SQL_TOO_BIG, at, VB_NUM(VB_SQL_LENGTH_MAX), VB_NUM(VB_SQL_TEXT_MAX));
  vb_query *q = vb_mem_zalloc(sizeof *q);
  if (!q)
    return VB_NOMEM;
  q->s = s;
  link_in(s, q);
  q->at = at;
  q->at.file = interned(s, at.file);
  q->at.cell = interned(s, at.cell);
  vb_status status = compile(d, s, sql, at, q);
  if (status == VB_OK) {
    q->n_params = (size_t)sqlite3_bind_parameter_count(q->st);
    q->n_columns = (size_t)sqlite3_column_count(q->st);
    status = params_check(d, q, at);
  }
  if (status != VB_OK) {
    vb_query_free(q);
    return status;
  }
  *out = q;
  return VB_OK;
}

size_t vb_query_params(const vb_query *q)
{
  return q->n_params;
}

const char *vb_query_param(const vb_query *q, size_t i)
{
  const char *name = i < q->n_params ? sqlite3_bind_parameter_name(q->st, (int)i + 1) : NULL;
  return name ? name + 1 : NULL;
}

void vb_query_bind(vb_query *q, size_t i, vb_sql_value v)
{
  if (!q->st)
    return;
  if (q->open)
    vb_query_reset(q);
  int at = (int)i + 1, rc = SQLITE_OK;
  switch (v.type) {
  case VB_SQL_NULL:
    rc = sqlite3_bind_null(q->st, at);
    break;
  case VB_SQL_INTEGER:
    rc = sqlite3_bind_int64(q->st, at, v.integer);
    break;
  case VB_SQL_TEXT:
    rc = sqlite3_bind_text64(q->st, at, v.text.p ? v.text.p : "", v.text.n, SQLITE_TRANSIENT, SQLITE_UTF8);
    break;
  }
  if (q->rc == SQLITE_OK)
    q->rc = rc;
}

size_t vb_query_columns(const vb_query *q)
{
  return q->n_columns;
}

const char *vb_query_column(const vb_query *q, size_t i)
{
  return i < q->n_columns ? sqlite3_column_name(q->st, (int)i) : NULL;
}

const char *vb_query_origin_table(const vb_query *q, size_t i)
{
  return i < q->n_columns ? sqlite3_column_table_name(q->st, (int)i) : NULL;
}

const char *vb_query_origin_column(const vb_query *q, size_t i)
{
  return i < q->n_columns ? sqlite3_column_origin_name(q->st, (int)i) : NULL;
}

/* ---- stepping ----------------------------------------------------------------------------------------------- */

static vb_status fault_post(vb_diag *d, const vb_store *s, const vb_query *q)
{
  const vb_fault *f = &s->fault;
  return VB_POST(d, f->msg, q->at, f->args[0], f->args[1], f->args[2]);
}

static vb_status step_failed(vb_diag *d, vb_query *q, int rc)
{
  vb_store *s = q->s;
  vb_status status;
  if (rc == SQLITE_NOMEM || rc == SQLITE_IOERR_NOMEM)
    status = VB_NOMEM;
  else if (rc == SQLITE_INTERRUPT)
    status = q->too_large ? VB_POST(d, VB_MSG_SQL_MEMORY, q->at, VB_NUM(VB_SQL_BYTES_MAX >> 20)) : VB_POST(d, VB_MSG_SQL_STEPS, q->at, VB_NUM(VB_SQL_STEPS_MAX));
  else if (s->fault.set)
    status = fault_post(d, s, q);
  else if ((rc & 0xff) == SQLITE_TOOBIG)
    status = VB_POST(d, VB_MSG_SQL_TOO_BIG, q->at, VB_NUM(VB_SQL_LENGTH_MAX), VB_NUM(VB_SQL_TEXT_MAX));
  else if ((rc & 0xff) == SQLITE_ERROR)
    status = VB_POST(d, VB_MSG_SQL_SYNTAX, q->at, sqlite3_errmsg(s->db));
  else
    status = vb_lib_fail(d, s, rc);
  vb_query_reset(q);
  q->rc = SQLITE_OK;
  return status;
}

/* A figure is never a REAL, and a BLOB is none of ours. A text is ended by its NUL here, where the memory that may take is missed: later it would look empty. */
static vb_status row_check(vb_diag *d, vb_query *q)
{
  for (size_t i = 0; i < q->n_columns; i++) {
    int type = sqlite3_column_type(q->st, (int)i);
    if (type == SQLITE_TEXT && !sqlite3_column_text(q->st, (int)i)) {
      vb_query_reset(q);
      return VB_NOMEM;
    }
    if (type == SQLITE_INTEGER || type == SQLITE_TEXT || type == SQLITE_NULL)
      continue;
    const char *name = sqlite3_column_name(q->st, (int)i);
    vb_status status = name ? VB_POST(d, type == SQLITE_FLOAT ? VB_MSG_SQL_REAL : VB_MSG_SQL_BLOB, q->at, name) : VB_NOMEM;
    vb_query_reset(q);
    return status;
  }
  return VB_OK;
}

vb_status vb_query_step(vb_diag *d, vb_query *q)
{
  vb_store *s = q->s;
  if (!s)
    return VB_POST(d, VB_MSG_STORE_FAULT, q->at, "-", "closed");
  if (q->rc != SQLITE_OK)
    return step_failed(d, q, q->rc);
  if (!q->open) {
    q->open = true;
    q->too_long = q->too_large = false;
    q->steps = 0;
    q->bytes = vb_lib_bytes();
  }
  vb_query *before = s->running;
  bool up = s->guarded;
  s->running = q;
  s->fault.set = false;
  vb_guard_raise(s, true);
  int rc = sqlite3_step(q->st);
  vb_guard_raise(s, up);
  s->running = before;
  if (rc == SQLITE_ROW) {
    vb_tell_row(s, q->st, q->n_columns);
    return row_check(d, q);
  }
  if (rc != SQLITE_DONE)
    return step_failed(d, q, rc);
  vb_tell_number(s, rc);
  vb_query_reset(q);
  return VB_DONE;
}

vb_sql_value vb_query_value(const vb_query *q, size_t i)
{
  vb_sql_value v = {VB_SQL_NULL, 0, {NULL, 0}};
  if (!q->st || i >= q->n_columns)
    return v;
  switch (sqlite3_column_type(q->st, (int)i)) {
  case SQLITE_INTEGER:
    v.type = VB_SQL_INTEGER;
    v.integer = sqlite3_column_int64(q->st, (int)i);
    break;
  case SQLITE_TEXT:
    v.type = VB_SQL_TEXT;
    v.text = vb_column_span(q->st, (int)i);
    break;
  default:
    break;
  }
  return v;
}

void vb_query_reset(vb_query *q)
{
  if (q->st)
    (void)sqlite3_reset(q->st); /* the code of the last step again */
  q->open = false;
}
