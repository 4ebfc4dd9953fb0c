/* guard: what expressions may do, and what is wrong with one that does not compile.
 *
 * Invariants
 *  1. While the guard is up, only SELECT, recursion, reading of tables that are not the store's own, and functions of the list compile.
 *     What is not listed is refused: a new SQLite brings nothing in by itself.
 *  2. No function of the list reads a clock, chance, a file, or memory that the statement did not fill; none gives a REAL for whole numbers.
 *  3. Limits hold while the guard is up: text, SQL, depth, steps (VB_SQL_STEPS_MAX), memory (VB_SQL_BYTES_MAX).
 */
#include "store/store_int.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#define COUNT_STEPS 1000 /* between two looks at the counts: a statement of hostile texts then takes 50 MB more at most */

/* Sorted. Aggregates and window functions of SQLite, its functions of text, and ours. */
static const char *const functions[] = {
  "abs", "capital", "char", "coalesce", "count", "count2", "date_add", "date_long", "date_short", "day", "dense_rank", "first_value",
  "fold", "glob", "group_concat", "ifnull", "iif", "instr", "lag", "last_value", "lead", "length", "letter", "like", "lower", "ltrim", "max", "min",
  "money", "month", "note", "nth_value", "ntile", "nullif", "num", "percent", "period_prev", "plain", "prev", "quarter", "rank", "ratio",
  "replace", "rescale", "rollup", "roman", "row_number", "rtrim", "sign", "status", "substr", "substring", "sum", "traced", "trim",
  "typeof", "unicode", "upper", "val", "words", "year",
};
#define N_FUNCTIONS (sizeof functions / sizeof functions[0])

static bool function_allowed(const char *name)
{
  size_t low = 0, high = N_FUNCTIONS;
  while (low < high) {
    size_t mid = (low + high) / 2;
    int c = sqlite3_stricmp(name, functions[mid]);
    if (c == 0)
      return true;
    if (c < 0)
      high = mid;
    else
      low = mid + 1;
  }
  return false;
}

/* Tables that are the store's own business, and those that SQLite brings. */
static bool table_allowed(const vb_store *s, const char *table, const char *column)
{
  static const char *const open[] = {"source", "indicator", "code_item", "value", "value_past", "delivery", "period", "unit_other"};
  for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
    if (sqlite3_stricmp(table, open[i]) == 0)
      return true;
  if (vb_map_get(s->tables_sql, vb_span_of(table)))
    return true;
  /* A table of which no column is read is asked for by the name that the statement gives it: that of a WITH may be any. */
  return !*column && sqlite3_strnicmp(table, "vb_", 3) != 0 && sqlite3_strnicmp(table, "sqlite_", 7) != 0 && sqlite3_strnicmp(table, "pragma_", 7) != 0;
}

static int authorize(void *ctx, int action, const char *a, const char *b, const char *db, const char *inner)
{
  vb_store *s = ctx;
  (void)db;
  (void)inner;
  if (!s->guarded)
    return SQLITE_OK;
  a = a ? a : "";
  b = b ? b : "";
  bool good = action == SQLITE_SELECT || action == SQLITE_RECURSIVE || (action == SQLITE_READ && table_allowed(s, a, b)) ||
              (action == SQLITE_FUNCTION && function_allowed(b));
  if (good)
    return SQLITE_OK;
  s->denied.action = action;
  (void)vb_span_text(s->denied.what, sizeof s->denied.what, vb_span_of(action == SQLITE_FUNCTION ? b : a));
  (void)vb_span_text(s->denied.detail, sizeof s->denied.detail, vb_span_of(b));
  return SQLITE_DENY;
}

static int progress(void *ctx)
{
  vb_store *s = ctx;
  vb_query *q = s->running;
  if (!q)
    return 0;
  q->steps += COUNT_STEPS;
  s->work += COUNT_STEPS;
  q->too_long = q->steps > VB_SQL_STEPS_MAX || (s->work_max && s->work > s->work_max);
  q->too_large = vb_lib_bytes() > q->bytes && vb_lib_bytes() - q->bytes > VB_SQL_BYTES_MAX;
  return q->too_long || q->too_large;
}

void vb_store_limit_work(vb_store *s, uint64_t steps)
{
  s->work = 0;
  s->work_max = steps;
}

static void limit(vb_store *s, int what, int value)
{
  (void)sqlite3_limit(s->db, what, value);
}

void vb_guard_raise(vb_store *s, bool up)
{
  s->guarded = up;
  limit(s, SQLITE_LIMIT_LENGTH, up ? (int)VB_SQL_TEXT_MAX : (int)(4 * VB_FIELD_BYTES_MAX));
}

vb_status vb_guard_install(vb_diag *d, vb_store *s)
{
  int rc = sqlite3_set_authorizer(s->db, authorize, s);
  if (rc != SQLITE_OK)
    return vb_lib_fail(d, s, rc);
  sqlite3_progress_handler(s->db, COUNT_STEPS, progress, s);
  limit(s, SQLITE_LIMIT_SQL_LENGTH, (int)VB_SQL_LENGTH_MAX);
  limit(s, SQLITE_LIMIT_EXPR_DEPTH, 200);
  limit(s, SQLITE_LIMIT_COMPOUND_SELECT, 100);
  limit(s, SQLITE_LIMIT_VDBE_OP, 250000);
  limit(s, SQLITE_LIMIT_FUNCTION_ARG, 32);
  limit(s, SQLITE_LIMIT_ATTACHED, 0);
  limit(s, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200);
  limit(s, SQLITE_LIMIT_TRIGGER_DEPTH, 1);
  limit(s, SQLITE_LIMIT_WORKER_THREADS, 0);
  return VB_OK;
}

/* ---- explaining --------------------------------------------------------------------------------------------- */

vb_place vb_sql_place(vb_place at, vb_span sql, size_t offset)
{
  const char *p = sql.p, *end = sql.p + (offset < sql.n ? offset : sql.n);
  if (at.cell || at.line == 0)
    return at;
  while (p < end) {
    uint32_t c = vb_utf8_next(&p, sql.p + sql.n);
    if (c == '\n') {
      at.line++;
      at.column = 1;
    } else if (at.column > 0) {
      at.column++;
    }
  }
  return at;
}

static bool name_char(char c)
{
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* Whether the statement holds the word, in any case. */
static bool mentions(vb_span sql, const char *word)
{
  size_t n = strlen(word);
  for (size_t i = 0; i + n <= sql.n; i++) {
    if (sqlite3_strnicmp(sql.p + i, word, (int)n) != 0 || (i > 0 && name_char(sql.p[i - 1])) || (i + n < sql.n && name_char(sql.p[i + n])))
      continue;
    return true;
  }
  return false;
}

typedef struct naming { vb_store *s; vb_map *names; vb_span sql; bool columns, failed; } naming;

static void columns_add(naming *k, const char *table)
{
  char text[160];
  sqlite3_stmt *st = NULL;
  int n = snprintf(text, sizeof text, "SELECT name FROM pragma_table_info('%s')", table);
  if (n < 0 || (size_t)n >= sizeof text || strchr(table, '\'')) /* names come from templates */
    return;
  int rc = vb_lib_prepare(k->s, text, &st);
  while (rc == SQLITE_OK && vb_lib_step(k->s, st) == SQLITE_ROW)
    if (!vb_map_put(k->names, vb_column_span(st, 0), k->s))
      k->failed = true;
  (void)sqlite3_finalize(st);
}

static void name_add(naming *k, const char *table)
{
  if (!k->columns)
    k->failed |= !vb_map_put(k->names, vb_span_of(table), k->s);
  else if (mentions(k->sql, table))
    columns_add(k, table);
}

static void table_add(void *ctx, vb_span key, void *value)
{
  (void)key;
  name_add(ctx, ((const vb_table *)value)->sql);
}

/* A name in a statement that nothing bears; kind: 't'able, 'c'olumn, 'f'unction. */
typedef struct stranger { vb_span sql, word; vb_place at; int kind; } stranger;

/* The nearest table, column of a table that the statement names, or function; in out. */
static const char *nearest(vb_store *s, const stranger *x, char out[VB_MSG_ARG_BYTES])
{
  int kind = x->kind;
  static const char *const open[] = {"source", "indicator", "code_item", "value", "delivery", "period"};
  naming k = {s, vb_map_new(), x->sql, kind == 'c', false};
  if (!k.names)
    return NULL;
  if (kind == 'f') {
    for (size_t i = 0; i < N_FUNCTIONS; i++)
      k.failed |= !vb_map_put(k.names, vb_span_of(functions[i]), s);
  } else {
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
      name_add(&k, open[i]);
    vb_map_each(s->tables, table_add, &k);
  }
  vb_span bare = x->word; /* "t.column": the column alone is looked for */
  for (size_t i = bare.n; i > 0; i--)
    if (x->word.p[i - 1] == '.') {
      bare = (vb_span){x->word.p + i, x->word.n - i};
      break;
    }
  vb_span near = k.failed ? (vb_span){NULL, 0} : vb_map_nearest(k.names, bare);
  const char *found = near.n ? vb_span_text(out, VB_MSG_ARG_BYTES, near) : NULL;
  vb_map_free(k.names);
  return found;
}

static vb_status post_unknown(vb_diag *d, vb_store *s, const stranger *x)
{
  static const struct { int kind; vb_msg far, near; } messages[] = {
    {'t', VB_MSG_SQL_TABLE, VB_MSG_SQL_TABLE_NEAR}, {'c', VB_MSG_SQL_COLUMN, VB_MSG_SQL_COLUMN_NEAR}, {'f', VB_MSG_SQL_FUNCTION, VB_MSG_SQL_FUNCTION_NEAR},
  };
  char near[VB_MSG_ARG_BYTES];
  static const char *const real[] = {"avg", "total", "round", "median"};
  for (size_t i = 0; x->kind == 'f' && i < sizeof real / sizeof real[0]; i++)
    if (x->word.n == strlen(real[i]) && sqlite3_strnicmp(x->word.p, real[i], (int)x->word.n) == 0)
      return VB_POST(d, VB_MSG_SQL_REAL_FUNCTION, x->at, VB_TXT(x->word));
  for (size_t i = 0; i < 3; i++) {
    if (messages[i].kind != x->kind)
      continue;
    const char *found = nearest(s, x, near);
    return found ? VB_POST(d, messages[i].near, x->at, VB_TXT(x->word), found) : VB_POST(d, messages[i].far, x->at, VB_TXT(x->word));
  }
  return VB_BAD;
}

/* What follows head in a message of SQLite, up to its end or to a closing "()". */
static bool tail_of(const char *message, const char *head, vb_span *out)
{
  size_t n = strlen(head);
  if (strncmp(message, head, n) != 0)
    return false;
  *out = vb_span_of(message + n);
  if (out->n > 2 && memcmp(out->p + out->n - 2, "()", 2) == 0)
    out->n -= 2;
  return true;
}

static vb_status post_denied(vb_diag *d, vb_store *s, vb_span sql, vb_place at)
{
  const vb_denied *k = &s->denied;
  switch (k->action) {
  case SQLITE_FUNCTION:
    return post_unknown(d, s, &(stranger){sql, vb_span_of(k->what), at, 'f'});
  case SQLITE_READ:
    return VB_POST(d, VB_MSG_SQL_PRIVATE, at, k->what);
  default:
    return VB_POST(d, VB_MSG_SQL_NOT_SELECT, at);
  }
}

/* SQLite gives no offset for what its resolver finds: the first place where the word stands is the best guess. */
static size_t word_offset(vb_span sql, vb_span word)
{
  for (size_t i = 0; word.n > 0 && i + word.n <= sql.n; i++)
    if (sqlite3_strnicmp(sql.p + i, word.p, (int)word.n) == 0 && (i == 0 || !name_char(sql.p[i - 1])) &&
        (i + word.n == sql.n || !name_char(sql.p[i + word.n])))
      return i;
  return 0;
}

vb_status vb_guard_explain(vb_diag *d, vb_store *s, int rc, vb_span sql, vb_place at)
{
  static const struct { const char *head; int kind; } unknown[] = {
    {"no such table: ", 't'}, {"no such column: ", 'c'}, {"no such function: ", 'f'},
  };
  char message[VB_MSG_ARG_BYTES];
  vb_span word;
  if ((rc & 0xff) == SQLITE_NOMEM)
    return VB_NOMEM;
  if ((rc & 0xff) != SQLITE_ERROR && (rc & 0xff) != SQLITE_AUTH && (rc & 0xff) != SQLITE_TOOBIG)
    return vb_lib_fail(d, s, rc);
  (void)vb_span_text(message, sizeof message, vb_span_of(sqlite3_errmsg(s->db)));
  int offset = sqlite3_error_offset(s->db);
  vb_place where = vb_sql_place(at, sql, offset > 0 ? (size_t)offset : 0);
  if (s->denied.action) {
    vb_span name = vb_span_of(s->denied.what);
    bool named = s->denied.action == SQLITE_FUNCTION || s->denied.action == SQLITE_READ;
    return post_denied(d, s, sql, named ? vb_sql_place(at, sql, word_offset(sql, name)) : where);
  }
  for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
    if (tail_of(message, unknown[i].head, &word))
      return post_unknown(d, s, &(stranger){sql, word, offset >= 0 ? where : vb_sql_place(at, sql, word_offset(sql, word)), unknown[i].kind});
  if (tail_of(message, "wrong number of arguments to function ", &word))
    return VB_POST(d, VB_MSG_SQL_ARGUMENTS, offset >= 0 ? where : vb_sql_place(at, sql, word_offset(sql, word)), VB_TXT(word));
  if (tail_of(message, "ambiguous column name: ", &word))
    return VB_POST(d, VB_MSG_SQL_AMBIGUOUS, offset >= 0 ? where : vb_sql_place(at, sql, word_offset(sql, word)), VB_TXT(word));
  if ((rc & 0xff) == SQLITE_TOOBIG)
    return VB_POST(d, VB_MSG_SQL_TOO_BIG, where, VB_NUM(VB_SQL_LENGTH_MAX), VB_NUM(VB_SQL_TEXT_MAX));
  return VB_POST(d, VB_MSG_SQL_SYNTAX, where, message);
}
