/* lib: SQLite as the other files of this room see it: its allocator, its statements, one message for each of its failures.
 *
 * Invariants
 *  1. SQLite allocates through vb_mem_*; a word in front of each block holds its size, which vb_mem_* does not tell.
 *  2. It is set up when the first store opens and shut down when the last one closes: no memory is held between, and a fork in
 *     between shares nothing.
 */
#include "store/store_int.h"

#include <limits.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static size_t held;
static unsigned users;

static void *mem_alloc(int n)
{
  uint64_t *p = vb_mem_alloc(sizeof *p + (size_t)n);
  if (!p)
    return NULL;
  *p = (uint64_t)n;
  held += (size_t)n;
  return p + 1;
}

static void mem_free(void *block)
{
  if (!block)
    return;
  uint64_t *p = (uint64_t *)block - 1;
  held -= (size_t)*p;
  vb_mem_free(p);
}

static void *mem_resize(void *block, int n)
{
  uint64_t *p = (uint64_t *)block - 1, old = *p;
  p = vb_mem_resize(p, sizeof *p + (size_t)n);
  if (!p)
    return NULL;
  *p = (uint64_t)n;
  held += (size_t)n - (size_t)old;
  return p + 1;
}

static int mem_size(void *block)
{
  return block ? (int)((uint64_t *)block)[-1] : 0;
}

static int mem_round(int n)
{
  return n > INT_MAX - 7 ? n : (n + 7) & ~7;
}

static int mem_init(void *ctx)
{
  (void)ctx;
  return SQLITE_OK;
}

static void mem_shutdown(void *ctx)
{
  (void)ctx;
}

bool vb_lib_enter(void)
{
  static const sqlite3_mem_methods methods = {mem_alloc, mem_free, mem_resize, mem_size, mem_round, mem_init, mem_shutdown, NULL};
  if (users == 0 && (sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) != SQLITE_OK || sqlite3_config(SQLITE_CONFIG_SINGLETHREAD) != SQLITE_OK ||
                     sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) != SQLITE_OK || sqlite3_config(SQLITE_CONFIG_URI, 0) != SQLITE_OK || sqlite3_initialize() != SQLITE_OK))
    return false;
  users++;
  return true;
}

void vb_lib_leave(void)
{
  if (--users == 0)
    (void)sqlite3_shutdown(); /* cannot fail: every handle is closed */
}

size_t vb_lib_bytes(void)
{
  return held;
}

/* Where SQLite keeps a database without a name. */
static const char *temporary(void)
{
  const char *dir = getenv("SQLITE_TMPDIR");
  if (!dir)
    dir = getenv("TMPDIR");
  return dir ? dir : "/var/tmp";
}

vb_status vb_lib_fail(vb_diag *d, const vb_store *s, int rc)
{
  const char *name = s->path ? s->path : temporary();
  if ((rc & 0xff) == SQLITE_NOMEM || rc == SQLITE_IOERR_NOMEM)
    return VB_NOMEM;
  switch (rc & 0xff) {
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return VB_POST(d, VB_MSG_STORE_BUSY, VB_NOWHERE, name);
  case SQLITE_FULL:
    return VB_POST(d, VB_MSG_STORE_FULL, VB_NOWHERE, name);
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return VB_POST(d, VB_MSG_STORE_CORRUPT, VB_NOWHERE, name);
  case SQLITE_IOERR:
  case SQLITE_CANTOPEN:
  case SQLITE_PERM:
  case SQLITE_READONLY:
  case SQLITE_AUTH:
    return VB_POST(d, VB_MSG_STORE_FILE, VB_NOWHERE, name, sqlite3_errstr(rc));
  default:
    return VB_POST(d, VB_MSG_STORE_FAULT, VB_NOWHERE, name, s->db ? sqlite3_errmsg(s->db) : sqlite3_errstr(rc));
  }
}

vb_status vb_lib_exec(vb_diag *d, vb_store *s, const char *sql)
{
  bool up = s->guarded;
  vb_guard_raise(s, false);
  int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
  vb_guard_raise(s, up);
  return rc == SQLITE_OK ? VB_OK : vb_lib_fail(d, s, rc);
}

int vb_lib_prepare(vb_store *s, const char *sql, sqlite3_stmt **out)
{
  bool up = s->guarded;
  vb_guard_raise(s, false);
  int rc = sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
  vb_guard_raise(s, up);
  return rc;
}

sqlite3_stmt *vb_lib_stmt(vb_store *s, vb_stmt_id id, int *rc)
{
  static const char *const texts[VB_STMTS] = {
#define VB_STMT(name, sql) sql,
#include "store/statements.def"
#undef VB_STMT
  };
  *rc = SQLITE_OK;
  if (s->stmts[id])
    (void)sqlite3_reset(s->stmts[id]); /* repeats the code of the last step, which was seen then */
  else
    *rc = vb_lib_prepare(s, texts[id], &s->stmts[id]);
  return *rc == SQLITE_OK ? s->stmts[id] : NULL;
}

int vb_lib_step(vb_store *s, sqlite3_stmt *st)
{
  bool up = s->guarded;
  if (up)
    vb_guard_raise(s, false);
  int rc = sqlite3_step(st);
  if (up)
    vb_guard_raise(s, true);
  return rc;
}

int vb_lib_run(vb_store *s, sqlite3_stmt *st)
{
  int rc = vb_lib_step(s, st), end = sqlite3_reset(st);
  return rc == SQLITE_DONE ? end : rc == SQLITE_ROW ? SQLITE_MISUSE : rc;
}

int vb_lib_end(sqlite3_stmt *st, int rc)
{
  int end = sqlite3_reset(st);
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? end : rc;
}

vb_binder vb_bind_start(sqlite3_stmt *st)
{
  return (vb_binder){st, 1, SQLITE_OK};
}

static void bound(vb_binder *b, int rc)
{
  if (b->rc == SQLITE_OK)
    b->rc = rc;
  b->i++;
}

void vb_bind_text(vb_binder *b, const char *s, size_t n)
{
  if (!s)
    bound(b, sqlite3_bind_null(b->st, b->i));
  else
    bound(b, sqlite3_bind_text64(b->st, b->i, s, n, SQLITE_STATIC, SQLITE_UTF8));
}

void vb_bind_str(vb_binder *b, const char *s)
{
  vb_bind_text(b, s, s ? strlen(s) : 0);
}

void vb_bind_int(vb_binder *b, int64_t v)
{
  bound(b, sqlite3_bind_int64(b->st, b->i, v));
}

void vb_bind_null(vb_binder *b)
{
  bound(b, sqlite3_bind_null(b->st, b->i));
}

void vb_bind_date(vb_binder *b, vb_date d)
{
  char text[11];
  if (d.year == 0) {
    vb_bind_null(b);
    return;
  }
  size_t n = vb_date_print_iso(d, text);
  bound(b, sqlite3_bind_text64(b->st, b->i, text, n, SQLITE_TRANSIENT, SQLITE_UTF8));
}

vb_span vb_column_span(sqlite3_stmt *st, int i)
{
  const char *p = (const char *)sqlite3_column_text(st, i);
  return p ? (vb_span){p, (size_t)sqlite3_column_bytes(st, i)} : (vb_span){"", 0};
}

const char *vb_column_str(sqlite3_stmt *st, int i, vb_arena *a, bool *failed)
{
  if (sqlite3_column_type(st, i) == SQLITE_NULL)
    return NULL;
  const char *text = (const char *)sqlite3_column_text(st, i); /* NULL where a number could not be made a text */
  const char *copy = text ? vb_arena_str(a, text, (size_t)sqlite3_column_bytes(st, i)) : NULL;
  if (!copy)
    *failed = true;
  return copy;
}

vb_date vb_column_date(sqlite3_stmt *st, int i)
{
  vb_date d;
  return vb_date_parse_iso(vb_column_span(st, i), &d) ? d : (vb_date){0, 0, 0};
}
