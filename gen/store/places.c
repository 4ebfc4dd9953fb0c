/* places: where a row of a data table and its fields came from; data tables of a database that was filled before.
 *
 * The packing of vb_place.fields stands at the head of tables.c.
 */
#include "store/store_int.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

int vb_table_column(const vb_table *t, const char *name)
{
  for (size_t i = 0; i < t->def.n_columns; i++)
    if (sqlite3_stricmp(name, t->columns[i]) == 0 || strcmp(name, t->def.columns[i].id) == 0)
      return (int)i;
  return -1;
}

/* ---- one row ------------------------------------------------------------------------------------------------ */

typedef struct packed { const unsigned char *p, *end; } packed;
typedef struct field { uint64_t column, line; vb_span cell, raw; } field;

static uint64_t unpack_number(packed *k)
{
  uint64_t v = 0;
  for (int shift = 0; k->p < k->end && shift < 63; shift += 7) {
    unsigned char c = *k->p++;
    v |= (uint64_t)(c & 0x7f) << shift;
    if (c < 128)
      break;
  }
  return v;
}

static vb_span unpack_text(packed *k)
{
  uint64_t n = unpack_number(k);
  if (n == 0 || n - 1 > (uint64_t)(k->end - k->p))
    return (vb_span){NULL, 0};
  vb_span t = {(const char *)k->p, (size_t)n - 1};
  k->p += t.n;
  return t;
}

static field unpack_field(packed *k)
{
  field f;
  f.column = unpack_number(k);
  f.line = unpack_number(k);
  f.cell = unpack_text(k);
  f.raw = unpack_text(k);
  return f;
}

typedef struct find_table { int64_t id; vb_table *found; } find_table;

static void table_by_id(void *ctx, vb_span key, void *value)
{
  (void)key;
  find_table *f = ctx;
  vb_table *t = value;
  if (t->id == f->id)
    f->found = t;
}

/* A field that is asked for; column -1: the row. t NULL: a table that is not declared any more. */
typedef struct wanted { vb_store *s; vb_arena *a; vb_table *t; int64_t row; int column; } wanted;

/* The stored text of a field, for those that were taken as they stood. */
static int stored_text(const wanted *w, const char **raw)
{
  vb_store *s = w->s;
  vb_table *t = w->t;
  int column = w->column;
  int rc = SQLITE_OK;
  char sql[160];
  if (!t->select) {
    int n = snprintf(sql, sizeof sql, "SELECT * FROM \"%s\" WHERE _row = ?", t->sql);
    rc = n < 0 || (size_t)n >= sizeof sql ? SQLITE_TOOBIG : vb_lib_prepare(s, sql, &t->select);
  }
  if (rc != SQLITE_OK)
    return rc;
  int at = column; /* the hidden columns stand at the end */
  if (column == t->unit_column)
    at = sqlite3_column_count(t->select) - 3;
  else if (column == t->period_column)
    at = sqlite3_column_count(t->select) - 2;
  else
    at -= (t->unit_column >= 0 && t->unit_column < column) + (t->period_column >= 0 && t->period_column < column);
  bool failed = false;
  vb_binder b = vb_bind_start(t->select);
  vb_bind_int(&b, w->row);
  rc = b.rc == SQLITE_OK ? vb_lib_step(s, t->select) : b.rc;
  if (rc == SQLITE_ROW)
    *raw = vb_column_str(t->select, at, w->a, &failed);
  (void)sqlite3_reset(t->select);
  return failed ? SQLITE_NOMEM : rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* From a row of vb_place: the place of a column, or of the first field that has one. */
static int place_read(const wanted *w, sqlite3_stmt *st, vb_place *at, const char **raw)
{
  const unsigned char *p = sqlite3_column_blob(st, 3);
  packed k = {p, p ? p + sqlite3_column_bytes(st, 3) : p};
  uint32_t line = (uint32_t)sqlite3_column_int64(st, 2);
  at->line = line;
  for (int i = 0; k.p < k.end; i++) {
    field f = unpack_field(&k);
    bool there = f.column != 0 || f.cell.p != NULL;
    if (w->column >= 0 ? i != w->column : !there)
      continue;
    at->line = f.cell.p ? 0 : line + (uint32_t)f.line;
    at->column = f.cell.p ? 0 : (uint32_t)f.column;
    if (f.cell.p && !(at->cell = vb_arena_str(w->a, f.cell.p, f.cell.n)))
      return SQLITE_NOMEM;
    if (w->column < 0)
      return SQLITE_OK;
    if (f.raw.p)
      return (*raw = vb_arena_str(w->a, f.raw.p, f.raw.n)) ? SQLITE_OK : SQLITE_NOMEM;
    return w->t ? stored_text(w, raw) : SQLITE_OK;
  }
  return SQLITE_OK;
}

vb_status vb_store_row_place(vb_diag *d, vb_store *s, int64_t row, const char *column, vb_place *at, vb_arena *a, const char **raw)
{
  int rc;
  *at = VB_NOWHERE;
  *raw = NULL;
  sqlite3_stmt *st = vb_lib_stmt(s, VB_STMT_PLACE_GET, &rc);
  if (!st)
    return vb_lib_fail(d, s, rc);
  vb_binder b = vb_bind_start(st);
  vb_bind_int(&b, row);
  rc = b.rc == SQLITE_OK ? vb_lib_step(s, st) : b.rc;
  if (rc == SQLITE_ROW) {
    find_table f = {sqlite3_column_int64(st, 0), NULL};
    vb_map_each(s->tables, table_by_id, &f);
    int64_t src = sqlite3_column_int64(st, 1);
    wanted w = {s, a, f.found, row, column && f.found ? vb_table_column(f.found, column) : -1};
    rc = place_read(&w, st, at, raw);
    int known;
    const char *file = vb_store_file_name(s, src, &known);
    rc = rc == SQLITE_OK ? known : rc;
    at->file = file ? vb_diag_file(d, file) : NULL;
    (void)sqlite3_reset(st);
    vb_tell_place(s, at);
    vb_tell_str(s, *raw);
    return rc == SQLITE_OK ? VB_OK : vb_lib_fail(d, s, rc);
  }
  (void)sqlite3_reset(st);
  return rc == SQLITE_DONE ? VB_OK : vb_lib_fail(d, s, rc);
}

/* ---- a database that was filled before ---------------------------------------------------------------------- */


static vb_status columns_read(vb_diag *d, vb_store *s, int64_t table, vb_data_table *t)
{
  int rc;
  bool failed = false;
  sqlite3_stmt *st = vb_lib_stmt(s, VB_STMT_COLUMN_ALL, &rc);
  vb_data_column *c = VB_NEW_ARRAY(s->scratch, vb_data_column, VB_DATA_COLUMNS_MAX);
  if (!st || !c)
    return vb_lib_fail(d, s, st ? SQLITE_NOMEM : rc);
  t->columns = c;
  vb_binder b = vb_bind_start(st);
  vb_bind_int(&b, table);
  rc = b.rc == SQLITE_OK ? SQLITE_ROW : b.rc;
  while (rc == SQLITE_ROW && t->n_columns < VB_DATA_COLUMNS_MAX && (rc = vb_lib_step(s, st)) == SQLITE_ROW) {
    vb_data_column *k = &c[t->n_columns++];
    k->id = vb_column_str(st, 0, s->scratch, &failed);
    k->title = vb_column_str(st, 1, s->scratch, &failed);
    bool known = vb_type_by_name(vb_column_span(st, 2), &k->type);
    k->places = sqlite3_column_int(st, 3);
    k->required = sqlite3_column_int(st, 4) != 0;
    k->key = sqlite3_column_int(st, 5) != 0;
    if (failed || !k->id || !known || k->places < 0 || k->places > VB_DEC_PLACES_MAX)
      rc = failed ? SQLITE_NOMEM : SQLITE_CORRUPT;
  }
  (void)sqlite3_reset(st);
  return rc == SQLITE_DONE ? VB_OK : vb_lib_fail(d, s, rc == SQLITE_ROW ? SQLITE_CORRUPT : rc);
}

static vb_status table_read(vb_diag *d, vb_store *s, sqlite3_stmt *st)
{
  bool failed = false;
  vb_data_table def = {.per_unit = sqlite3_column_int(st, 2) != 0};
  def.name = vb_column_str(st, 1, s->scratch, &failed);
  if (!def.name)
    return vb_lib_fail(d, s, failed ? SQLITE_NOMEM : SQLITE_CORRUPT);
  vb_status status = columns_read(d, s, sqlite3_column_int64(st, 0), &def);
  if (status != VB_OK)
    return status;
  const vb_data_table *builtin = vb_store_builtin(def.name);
  if (builtin && builtin->n_columns != def.n_columns)
    return vb_lib_fail(d, s, SQLITE_CORRUPT); /* its columns are looked up by name, and must be there */
  if (builtin)
    def = *builtin; /* with its aliases */
  vb_table *t = vb_table_keep(s, &def);
  if (!t)
    return VB_NOMEM;
  t->id = sqlite3_column_int64(st, 0);
  if (vb_table_name_taken(t->sql) || strchr(t->sql, '"'))
    return vb_lib_fail(d, s, SQLITE_CORRUPT);
  return vb_table_note(s, t) ? VB_OK : VB_NOMEM;
}

vb_status vb_tables_read(vb_diag *d, vb_store *s)
{
  int rc;
  sqlite3_stmt *st = vb_lib_stmt(s, VB_STMT_TABLE_ALL, &rc);
  if (!st)
    return vb_lib_fail(d, s, rc);
  vb_status status = VB_OK;
  while (status == VB_OK && (rc = vb_lib_step(s, st)) == SQLITE_ROW) {
    vb_arena_mark m = vb_arena_save(s->scratch);
    status = table_read(d, s, st);
    vb_arena_restore(s->scratch, m);
  }
  (void)sqlite3_reset(st);
  return status != VB_OK || rc == SQLITE_DONE ? status : vb_lib_fail(d, s, rc);
}

typedef struct clearing { vb_diag *d; vb_store *s; vb_status status; } clearing;

static void table_clear(void *ctx, vb_span key, void *value)
{
  (void)key;
  clearing *c = ctx;
  vb_table *t = value;
  char sql[256];
  t->fresh = false;
  if (c->status != VB_OK)
    return;
  int n = snprintf(sql, sizeof sql, "DELETE FROM \"%s\" WHERE _row IN (SELECT _row FROM vb_place WHERE job = %lld)", t->sql, (long long)c->s->job_id);
  c->status = n < 0 || (size_t)n >= sizeof sql ? vb_lib_fail(c->d, c->s, SQLITE_TOOBIG) : vb_lib_exec(c->d, c->s, sql);
}

vb_status vb_tables_clear_job(vb_diag *d, vb_store *s)
{
  clearing c = {d, s, VB_OK};
  int rc;
  vb_map_each(s->tables, table_clear, &c);
  if (c.status == VB_OK) {
    char sql[160];
    (void)snprintf(sql, sizeof sql, "DELETE FROM unit_other WHERE _row IN (SELECT _row FROM vb_place WHERE job = %lld)", (long long)s->job_id);
    c.status = vb_lib_exec(d, s, sql);
  }
  if (c.status != VB_OK)
    return c.status;
  sqlite3_stmt *st = vb_lib_stmt(s, VB_STMT_PLACE_DROP_JOB, &rc);
  if (!st)
    return vb_lib_fail(d, s, rc);
  vb_binder b = vb_bind_start(st);
  vb_bind_int(&b, s->job_id);
  rc = b.rc == SQLITE_OK ? vb_lib_run(s, st) : b.rc;
  return rc == SQLITE_OK ? VB_OK : vb_lib_fail(d, s, rc);
}
