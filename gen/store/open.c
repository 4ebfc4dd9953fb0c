/* open: opening and closing, the schema, and what is rebuilt in memory from a database that was filled before.
 *
 * Invariants
 *  1. A database is used only when its application id, its schema number and the text of the store's own tables are ours: a file of
 *     another program, or one with a view or trigger in place of a table, is refused.
 *  2. Views and triggers never run, and the schema is not trusted: what a kept file brings along cannot act.
 */
#include "store/store_int.h"

#include <sqlite3.h>
#include <string.h>

#define TEXT(x) #x
#define NUMBER(x) TEXT(x)
#define VALUE_COLUMNS "(unit TEXT NOT NULL, period TEXT NOT NULL, code TEXT NOT NULL, status TEXT NOT NULL, num INTEGER, places INTEGER, text TEXT," \
  " note TEXT, src INTEGER, line INTEGER, col INTEGER, cell TEXT, raw TEXT, delivery INTEGER NOT NULL, "

/* Rows are never taken away: a number that was given stays given (ND30 Điều 15). The last row of a document is its number. */
#define NUMBER_TABLE "CREATE TABLE vb_number(id INTEGER PRIMARY KEY AUTOINCREMENT, unit TEXT NOT NULL, year INTEGER NOT NULL, series TEXT NOT NULL," \
  " symbol TEXT NOT NULL, number TEXT NOT NULL, job TEXT NOT NULL, period TEXT NOT NULL, document TEXT NOT NULL, UNIQUE(unit, year, symbol, number))"

/* The store's own tables; those of data are made as they are declared. */
static const struct { const char *name, *sql; } tables[] = {
  {"source", "CREATE TABLE source(id INTEGER PRIMARY KEY, file TEXT NOT NULL UNIQUE)"},
  {"indicator", "CREATE TABLE indicator(form TEXT NOT NULL, code TEXT NOT NULL, ord INTEGER NOT NULL, depth INTEGER, parent TEXT, label TEXT,"
    " measure TEXT, type TEXT, places INTEGER, digits INTEGER, codes TEXT, rollup TEXT, num TEXT, den TEXT, scale INTEGER, required INTEGER,"
    " sub INTEGER, note TEXT, zero TEXT, applies TEXT, src INTEGER, line INTEGER, col INTEGER, PRIMARY KEY(form, code))"},
  {"code_item", "CREATE TABLE code_item(form TEXT NOT NULL, list TEXT NOT NULL, value TEXT NOT NULL, label TEXT, UNIQUE(form, list, value))"},
  {"value", "CREATE TABLE value" VALUE_COLUMNS "PRIMARY KEY(unit, period, code)) WITHOUT ROWID"},
  /* With a rowid: quick_check of SQLite 3.40 sees NULLs where a key without one has its columns in another order than the table. */
  {"value_past", "CREATE TABLE value_past" VALUE_COLUMNS "UNIQUE(unit, period, delivery, code))"},
  {"delivery", "CREATE TABLE delivery(id INTEGER PRIMARY KEY, unit TEXT NOT NULL, period TEXT NOT NULL, received TEXT, version INTEGER NOT NULL,"
    " in_force INTEGER NOT NULL, late INTEGER NOT NULL, job INTEGER NOT NULL)"},
  {"period", "CREATE TABLE period(code TEXT PRIMARY KEY, year INTEGER, part TEXT, since TEXT, until TEXT, deadline TEXT, src INTEGER, line INTEGER)"},
  {"vb_job", "CREATE TABLE vb_job(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)"},
  {"vb_table", "CREATE TABLE vb_table(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, per_unit INTEGER)"},
  {"vb_column", "CREATE TABLE vb_column(tbl INTEGER, ord INTEGER, id TEXT, title TEXT, type TEXT, places INTEGER, required INTEGER, key INTEGER,"
    " PRIMARY KEY(tbl, ord)) WITHOUT ROWID"},
  {"vb_place", "CREATE TABLE vb_place(_row INTEGER PRIMARY KEY, tbl INTEGER, job INTEGER, src INTEGER, line INTEGER, fields BLOB)"},
  {"vb_number", NUMBER_TABLE},
};
#define N_TABLES (sizeof tables / sizeof tables[0])

bool vb_table_name_taken(const char *sql)
{
  for (size_t i = 0; i < N_TABLES; i++)
    if (sqlite3_stricmp(sql, tables[i].name) == 0)
      return true;
  return sqlite3_stricmp(sql, "unit_other") == 0 || sqlite3_strnicmp(sql, "vb_", 3) == 0 || sqlite3_strnicmp(sql, "sqlite_", 7) == 0;
}

/* ---- registers of names ------------------------------------------------------------------------------------- */

const vb_name *vb_store_name(vb_store *s, vb_span text)
{
  vb_name *n = vb_map_get(s->names, text);
  if (n)
    return n;
  n = VB_NEW(s->arena, vb_name);
  if (!n)
    return NULL;
  n->id = (uint32_t)vb_map_count(s->names);
  n->text = vb_arena_str(s->arena, text.p, text.n);
  return n->text && vb_map_put(s->names, text, n) ? n : NULL;
}

static bool file_note(vb_store *s, size_t id, const char *name)
{
  if (id > s->cap_files) {
    size_t cap = id > 2 * s->cap_files ? id + 16 : 2 * s->cap_files;
    const char **more = vb_mem_resize(s->file_names, cap * sizeof *more);
    if (!more)
      return false;
    s->file_names = more;
    s->cap_files = cap;
  }
  for (; s->n_files < id; s->n_files++)
    s->file_names[s->n_files] = NULL;
  s->file_names[id - 1] = name;
  return true;
}

/* A row of `source`, by one statement that asks for it or makes it. */
static int file_row(vb_store *s, const char *file, int64_t *id)
{
  int rc;
  sqlite3_stmt *st = vb_lib_stmt(s, VB_STMT_SOURCE_FIND, &rc);
  if (!st)
    return rc;
  vb_binder b = vb_bind_start(st);
  vb_bind_str(&b, file);
  rc = b.rc == SQLITE_OK ? vb_lib_step(s, st) : b.rc;
  if (rc == SQLITE_ROW)
    *id = sqlite3_column_int64(st, 0);
  (void)sqlite3_reset(st);
  if (rc != SQLITE_DONE)
    return rc == SQLITE_ROW ? SQLITE_OK : rc;
  st = vb_lib_stmt(s, VB_STMT_SOURCE_ADD, &rc);
  if (!st)
    return rc;
  b = vb_bind_start(st);
  vb_bind_null(&b);
  vb_bind_str(&b, file);
  rc = b.rc == SQLITE_OK ? vb_lib_run(s, st) : b.rc;
  *id = sqlite3_last_insert_rowid(s->db);
  return rc;
}

int64_t vb_store_file_id(vb_store *s, const char *file, int *rc)
{
  *rc = SQLITE_OK;
  if (!file)
    return 0;
  int64_t *known = vb_map_get(s->files, vb_span_of(file));
  if (known)
    return *known;
  int64_t id = 0;
  *rc = file_row(s, file, &id);
  if (*rc == SQLITE_OK && (id <= 0 || id > VB_STORE_FILES_MAX))
    *rc = SQLITE_CORRUPT;
  if (*rc != SQLITE_OK)
    return 0;
  known = VB_NEW(s->arena, int64_t);
  char *copy = vb_arena_str(s->arena, file, strlen(file));
  if (!known || !copy || !file_note(s, (size_t)id, copy)) {
    *rc = SQLITE_NOMEM;
    return 0;
  }
  *known = id;
  if (!vb_map_put(s->files, vb_span_of(file), known)) {
    *rc = SQLITE_NOMEM;
    return 0;
  }
  return id;
}

const char *vb_store_file_name(vb_store *s, int64_t src, int *rc)
{
  *rc = SQLITE_OK;
  if (src <= 0 || src > VB_STORE_FILES_MAX)
    return NULL;
  if ((size_t)src <= s->n_files && s->file_names[src - 1])
    return s->file_names[src - 1];
  sqlite3_stmt *st = vb_lib_stmt(s, VB_STMT_SOURCE_GET, rc);
  if (!st)
    return NULL;
  vb_binder b = vb_bind_start(st);
  vb_bind_int(&b, src);
  const char *name = NULL;
  bool failed = false;
  *rc = b.rc == SQLITE_OK ? vb_lib_step(s, st) : b.rc;
  if (*rc == SQLITE_ROW)
    name = vb_column_str(st, 0, s->arena, &failed);
  (void)sqlite3_reset(st);
  if (*rc != SQLITE_ROW && *rc != SQLITE_DONE)
    return NULL;
  *rc = failed || (name && !file_note(s, (size_t)src, name)) ? SQLITE_NOMEM : SQLITE_OK;
  return *rc == SQLITE_OK ? name : NULL;
}

char *vb_store_folded(vb_store *s, vb_span text, size_t *n)
{
  vb_span f = vb_text_fold(s->scratch, text);
  *n = f.n;
  return f.p ? vb_arena_str(s->scratch, f.p, f.n) : NULL;
}

/* ---- closing ------------------------------------------------------------------------------------------------ */

static void forms_free(vb_form_rec *f)
{
  for (; f; f = f->next)
    vb_map_free(f->codes);
}

static void statement_drop(void *ctx, vb_span key, void *value)
{
  (void)ctx;
  (void)key;
  vb_table *t = value;
  (void)sqlite3_finalize(t->insert);
  (void)sqlite3_finalize(t->select);
}

void vb_store_close(vb_store *s)
{
  if (!s)
    return;
  vb_queries_close(s);
  if (s->tables)
    vb_map_each(s->tables, statement_drop, NULL);
  for (int i = 0; i < VB_STMTS; i++)
    (void)sqlite3_finalize(s->stmts[i]);
  (void)sqlite3_close(s->db); /* every statement is finalized; an open transaction rolls back */
  vb_lib_leave();
  vb_observe_forget(s);
  vb_rollup_forget(s);
  forms_free(s->forms);
  vb_map *const maps[] = {s->names, s->codes, s->lists, s->units, s->unit_names, s->periods, s->tables, s->tables_sql, s->files, s->said};
  for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++)
    vb_map_free(maps[i]);
  for (int i = 0; i < VB_PAGES; i++)
    vb_arena_free(s->pages[i].arena);
  vb_buf_free(&s->last_unit_text);
  vb_mem_free(s->by_index);
  vb_mem_free(s->file_names);
  vb_mem_free(s->log);
  vb_mem_free(s->log_slots);
  vb_arena_free(s->lone);
  vb_arena_free(s->scratch);
  vb_arena_free(s->arena);
  vb_mem_free(s);
}

const char *vb_store_path(const vb_store *s)
{
  return s->path;
}

/* ---- opening ------------------------------------------------------------------------------------------------ */

static vb_store *store_new(const char *path)
{
  if (!vb_lib_enter())
    return NULL;
  vb_store *s = vb_mem_zalloc(sizeof *s);
  if (!s) {
    vb_lib_leave();
    return NULL;
  }
  vb_map **const maps[] = {&s->names, &s->codes, &s->lists, &s->units, &s->unit_names, &s->periods, &s->tables, &s->tables_sql, &s->files, &s->said};
  bool failed = false;
  for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++)
    failed |= (*maps[i] = vb_map_new()) == NULL;
  failed |= (s->arena = vb_arena_new(0)) == NULL || (s->scratch = vb_arena_new(0)) == NULL || (s->lone = vb_arena_new(4096)) == NULL;
  for (int i = 0; i < VB_PAGES; i++)
    failed |= (s->pages[i].arena = vb_arena_new(0)) == NULL;
  vb_buf_init(&s->last_unit_text);
  if (!failed && path) /* ":memory:" is a name of SQLite's own, "./:memory:" that of a file */
    failed = (s->path = vb_arena_printf(s->arena, "%s%s", path[0] == ':' ? "./" : "", path)) == NULL;
  s->job = "";
  s->next_row = s->next_delivery = s->next_ord = 1;
  if (failed) {
    vb_store_close(s);
    return NULL;
  }
  return s;
}

static vb_status connect(vb_diag *d, vb_store *s, int flags)
{
  if (s->path && !*s->path)
    return vb_lib_fail(d, s, SQLITE_CANTOPEN); /* SQLite would make a nameless one */
  /* "": a file of SQLite's own without a name, made when its pages no longer fit, gone with the process */
  int rc = sqlite3_open_v2(s->path ? s->path : "", &s->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL);
  if (rc != SQLITE_OK)
    return vb_lib_fail(d, s, rc);
  static const struct { int what, on; } options[] = {
    {SQLITE_DBCONFIG_DEFENSIVE, 1}, {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0}, {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0}, {SQLITE_DBCONFIG_DQS_DML, 0}, {SQLITE_DBCONFIG_DQS_DDL, 0},
  };
  rc = sqlite3_extended_result_codes(s->db, 1);
  for (size_t i = 0; rc == SQLITE_OK && i < sizeof options / sizeof options[0]; i++)
    rc = sqlite3_db_config(s->db, options[i].what, options[i].on, NULL);
  if (rc == SQLITE_OK)
    rc = sqlite3_busy_timeout(s->db, 2000);
  if (rc == SQLITE_OK)
    rc = vb_func_install(s);
  if (rc == SQLITE_OK)
    rc = vb_func_text_install(s);
  if (rc != SQLITE_OK)
    return vb_lib_fail(d, s, rc);
  return vb_guard_install(d, s);
}

/* One number of one row. */
static vb_status number_of(vb_diag *d, vb_store *s, const char *sql, int64_t *out)
{
  sqlite3_stmt *st = NULL;
  int rc = vb_lib_prepare(s, sql, &st);
  if (rc == SQLITE_OK && (rc = vb_lib_step(s, st)) == SQLITE_ROW) {
    *out = sqlite3_column_int64(st, 0);
    rc = SQLITE_OK;
  }
  vb_status status = rc == SQLITE_OK ? VB_OK : vb_lib_fail(d, s, rc);
  (void)sqlite3_finalize(st);
  return status;
}

static vb_status schema_make(vb_diag *d, vb_store *s)
{
  vb_status status = vb_lib_exec(d, s, "BEGIN");
  for (size_t i = 0; status == VB_OK && i < N_TABLES; i++)
    status = vb_lib_exec(d, s, tables[i].sql);
  if (status == VB_OK)
    status = vb_tables_builtin(d, s);
  if (status == VB_OK)
    status = vb_lib_exec(d, s, "CREATE TABLE unit_other AS SELECT * FROM unit; CREATE INDEX unit_parent ON unit(parent);"
                               "PRAGMA application_id = " NUMBER(VB_STORE_APPLICATION) "; PRAGMA user_version = " NUMBER(VB_STORE_SCHEMA));
  return status == VB_OK ? vb_lib_exec(d, s, "COMMIT") : status;
}

/* Whether the tables in the file are those above. */
static vb_status schema_check(vb_diag *d, vb_store *s)
{
  sqlite3_stmt *st = NULL;
  int rc = vb_lib_prepare(s, "SELECT sql FROM sqlite_schema WHERE name = ? AND type = 'table'", &st);
  bool same = true;
  for (size_t i = 0; rc == SQLITE_OK && same && i < N_TABLES; i++) {
    vb_binder b = vb_bind_start(st);
    vb_bind_str(&b, tables[i].name);
    rc = b.rc == SQLITE_OK ? vb_lib_step(s, st) : b.rc;
    same = rc == SQLITE_ROW && vb_span_is(vb_column_span(st, 0), tables[i].sql);
    if (rc == SQLITE_ROW || rc == SQLITE_DONE)
      rc = sqlite3_reset(st);
  }
  vb_status status = rc != SQLITE_OK ? vb_lib_fail(d, s, rc) : same ? VB_OK : VB_POST(d, VB_MSG_STORE_FOREIGN, VB_NOWHERE, s->path);
  (void)sqlite3_finalize(st);
  return status;
}

/* A database from before the register of numbers: it gets one, and loses nothing. */
static vb_status schema_raise(vb_diag *d, vb_store *s, int64_t version)
{
  if (version != VB_STORE_SCHEMA_OLD || s->worker)
    return VB_POST(d, VB_MSG_STORE_VERSION, VB_NOWHERE, s->path, VB_NUM(version), VB_NUM(VB_STORE_SCHEMA));
  return vb_lib_exec(d, s, "BEGIN; " NUMBER_TABLE "; PRAGMA user_version = " NUMBER(VB_STORE_SCHEMA) "; COMMIT");
}

static vb_status file_check(vb_diag *d, vb_store *s)
{
  int64_t app = 0, version = 0, objects = 0;
  vb_status status = number_of(d, s, "SELECT count(*) FROM sqlite_schema", &objects);
  if (status != VB_OK)
    return status;
  s->existed = objects > 0;
  if (!s->existed)
    return VB_OK;
  status = number_of(d, s, "PRAGMA application_id", &app);
  if (status == VB_OK)
    status = number_of(d, s, "PRAGMA user_version", &version);
  if (status != VB_OK)
    return status;
  if (app != VB_STORE_APPLICATION)
    return VB_POST(d, VB_MSG_STORE_FOREIGN, VB_NOWHERE, s->path);
  if (version != VB_STORE_SCHEMA)
    status = schema_raise(d, s, version);
  return status == VB_OK ? schema_check(d, s) : status;
}

/* A page that is torn shows itself now and not in the middle of a run. */
static vb_status quick_check(vb_diag *d, vb_store *s)
{
  sqlite3_stmt *st = NULL;
  int rc = vb_lib_prepare(s, "PRAGMA quick_check(1)", &st);
  if (rc == SQLITE_OK)
    rc = vb_lib_step(s, st);
  bool good = rc == SQLITE_ROW && vb_span_is(vb_column_span(st, 0), "ok");
  vb_status status = rc != SQLITE_ROW ? vb_lib_fail(d, s, rc) : good ? VB_OK : vb_lib_fail(d, s, SQLITE_CORRUPT);
  (void)sqlite3_finalize(st);
  return status;
}

static vb_status memory_read(vb_diag *d, vb_store *s)
{
  vb_status status = vb_tables_read(d, s);
  if (status == VB_OK)
    status = vb_forms_read(d, s);
  if (status == VB_OK)
    status = vb_periods_read(d, s);
  return status;
}

static vb_status fill_or_read(vb_diag *d, vb_store *s)
{
  vb_status status = vb_lib_exec(d, s, "PRAGMA secure_delete = OFF; PRAGMA temp_store = MEMORY");
  if (status == VB_OK) /* a page of a kept file that makes room for another must wait until its journal is synced: more of them are held */
    status = vb_lib_exec(d, s, s->scratch_file || !s->path ? "PRAGMA cache_size = -4096; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE"
                                               : "PRAGMA cache_size = -16384; PRAGMA synchronous = NORMAL");
  if (status == VB_OK)
    status = s->path ? file_check(d, s) : VB_OK;
  if (status == VB_OK && !s->existed)
    return schema_make(d, s);
  if (status == VB_OK)
    status = quick_check(d, s);
  if (status == VB_OK)
    status = memory_read(d, s);
  return status == VB_OK ? vb_units_read(d, s) : status;
}

static vb_status open_for_writing(vb_diag *d, const char *path, bool scratch, vb_store **out)
{
  *out = NULL;
  vb_store *s = store_new(path);
  if (!s)
    return VB_NOMEM;
  s->scratch_file = scratch;
  vb_status status = connect(d, s, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  if (status == VB_OK)
    status = fill_or_read(d, s);
  if (status != VB_OK) {
    vb_store_close(s);
    return status;
  }
  *out = s;
  return VB_OK;
}

vb_status vb_store_open(vb_diag *d, const char *path, vb_store **out)
{
  return open_for_writing(d, path, false, out);
}

vb_status vb_store_open_scratch(vb_diag *d, const char *path, vb_store **out)
{
  return open_for_writing(d, path, true, out);
}

vb_status vb_store_open_worker(vb_diag *d, const char *path, vb_store **out)
{
  *out = NULL;
  vb_store *s = store_new(path);
  if (!s)
    return VB_NOMEM;
  s->worker = true;
  vb_status status = connect(d, s, SQLITE_OPEN_READONLY);
  if (status == VB_OK)
    status = vb_lib_exec(d, s, "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096; BEGIN");
  if (status == VB_OK)
    status = file_check(d, s); /* the first read of the transaction takes the lock that it keeps */
  if (status == VB_OK && !s->existed)
    status = VB_POST(d, VB_MSG_STORE_FOREIGN, VB_NOWHERE, s->path);
  if (status == VB_OK)
    status = memory_read(d, s);
  if (status != VB_OK) {
    vb_store_close(s);
    return status;
  }
  *out = s;
  return VB_OK;
}
