/* tables: data tables: declaring them and adding rows. places.c finds where a row and its fields came from.
 *
 * Invariants
 *  1. _row is one count over all data tables; vb_place has a row for each.
 *  2. vb_place.fields packs, for each declared column: column, line - the row's line, cell, and the text as written where the stored value
 *     differs from it. Numbers are base 128, low part first; texts have their length + 1 before them, 0 meaning none.
 *  3. Keys are held unique by an index: within one job a second row is an error, and a row of another job makes way.
 */
#include "store/store_int.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

/* ---- declaring ---------------------------------------------------------------------------------------------- */

static char *sql_name(vb_store *s, const char *name)
{
  char *copy = vb_arena_str(s->arena, name, strlen(name));
  for (char *p = copy; p && *p; p++)
    if (*p == '-')
      *p = '_';
  return copy;
}

static bool is_figure(vb_type t)
{
  return t == VB_TYPE_COUNT || t == VB_TYPE_DECIMAL || t == VB_TYPE_PERCENT || t == VB_TYPE_MONEY || t == VB_TYPE_CODE;
}

static const char *keep(vb_store *s, const char *text, bool *failed)
{
  if (!text)
    return NULL;
  const char *copy = vb_arena_str(s->arena, text, strlen(text));
  if (!copy)
    *failed = true;
  return copy;
}

vb_table *vb_table_keep(vb_store *s, const vb_data_table *t)
{
  bool failed = false;
  vb_table *k = VB_NEW(s->arena, vb_table);
  vb_data_column *columns = VB_NEW_ARRAY(s->arena, vb_data_column, t->n_columns);
  if (!k || !columns || !(k->columns = VB_NEW_ARRAY(s->arena, const char *, t->n_columns)))
    return NULL;
  k->def = *t;
  k->def.columns = columns;
  k->def.name = keep(s, t->name, &failed);
  k->def.at.file = keep(s, t->at.file, &failed);
  k->def.at.cell = NULL;
  k->unit_column = k->period_column = -1;
  k->sql = sql_name(s, t->name);
  failed |= !k->sql;
  for (size_t i = 0; i < t->n_columns; i++) {
    columns[i] = t->columns[i];
    columns[i].id = keep(s, t->columns[i].id, &failed);
    columns[i].title = keep(s, t->columns[i].title, &failed);
    columns[i].aliases = keep(s, t->columns[i].aliases, &failed);
    columns[i].example = NULL;
    k->columns[i] = sql_name(s, t->columns[i].id);
    failed |= !k->columns[i];
    if (!failed && strcmp(k->columns[i], "unit") == 0)
      k->unit_column = (int)i;
    if (!failed && strcmp(k->columns[i], "period") == 0)
      k->period_column = (int)i;
  }
  return failed ? NULL : k;
}

static bool is_hidden(const vb_table *t, size_t i)
{
  return (int)i == t->unit_column || (int)i == t->period_column;
}

/* Asked for by each document. It is made with the table: rows come by units, so that it grows at its end, and no sorting holds them all. */
static void index_unit(const vb_table *t, vb_buf *sql)
{
  if (strcmp(t->sql, "unit") != 0 && (t->def.per_unit || t->unit_column >= 0))
    vb_buf_printf(sql, "; CREATE INDEX \"vb_unit_%s\" ON \"%s\"(unit)", t->sql, t->sql);
}

static vb_status table_create(vb_diag *d, vb_store *s, const vb_table *t)
{
  vb_buf sql;
  vb_buf_init(&sql);
  vb_buf_printf(&sql, "CREATE TABLE \"%s\"(", t->sql);
  for (size_t i = 0; i < t->def.n_columns; i++)
    if (!is_hidden(t, i))
      vb_buf_printf(&sql, "\"%s\" %s, ", t->columns[i], is_figure(t->def.columns[i].type) ? "INTEGER" : "TEXT");
  vb_buf_str(&sql, "unit TEXT, period TEXT, _row INTEGER PRIMARY KEY)");
  bool keyed = false;
  for (size_t i = 0; i < t->def.n_columns; i++)
    keyed |= t->def.columns[i].key;
  if (keyed && strcmp(t->sql, "unit") != 0) { /* units are dated: units.c holds them apart */
    vb_buf_printf(&sql, "; CREATE UNIQUE INDEX \"vb_key_%s\" ON \"%s\"(", t->sql, t->sql);
    if (t->def.per_unit)
      vb_buf_str(&sql, "ifnull(unit, ''), ifnull(period, ''), ");
    const char *comma = "";
    for (size_t i = 0; i < t->def.n_columns; i++) {
      if (!t->def.columns[i].key)
        continue;
      vb_buf_printf(&sql, "%s\"%s\"", comma, t->columns[i]);
      comma = ", ";
    }
    vb_buf_char(&sql, ')');
  }
  index_unit(t, &sql);
  vb_status status = sql.failed ? VB_NOMEM : vb_lib_exec(d, s, vb_buf_cstr(&sql));
  vb_buf_free(&sql);
  return status;
}

vb_status vb_tables_index(vb_diag *d, vb_store *s)
{
  return vb_lib_exec(d, s, "CREATE INDEX IF NOT EXISTS indicator_parent ON indicator(form, parent);"
                           "CREATE INDEX IF NOT EXISTS unit_code ON unit(code)");
}

static vb_status columns_write(vb_diag *d, vb_store *s, const vb_table *t)
{
  for (size_t i = 0; i < t->def.n_columns; i++) {
    const vb_data_column *c = &t->def.columns[i];
    int rc;
    sqlite3_stmt *st = vb_lib_stmt(s, VB_STMT_COLUMN_ADD, &rc);
    if (!st)
      return vb_lib_fail(d, s, rc);
    vb_binder b = vb_bind_start(st);
    vb_bind_int(&b, t->id);
    vb_bind_int(&b, (int64_t)i);
    vb_bind_str(&b, c->id);
    vb_bind_str(&b, c->title);
    vb_bind_str(&b, vb_type_name(c->type));
    vb_bind_int(&b, c->places);
    vb_bind_int(&b, c->required);
    vb_bind_int(&b, c->key);
    rc = b.rc == SQLITE_OK ? vb_lib_run(s, st) : b.rc;
    if (rc != SQLITE_OK)
      return vb_lib_fail(d, s, rc);
  }
  return VB_OK;
}

static vb_status table_write(vb_diag *d, vb_store *s, vb_table *t)
{
  int rc;
  sqlite3_stmt *st = vb_lib_stmt(s, VB_STMT_TABLE_ADD, &rc);
  if (!st)
    return vb_lib_fail(d, s, rc);
  vb_binder b = vb_bind_start(st);
  vb_bind_str(&b, t->def.name);
  vb_bind_int(&b, t->def.per_unit);
  rc = b.rc == SQLITE_OK ? vb_lib_run(s, st) : b.rc;
  if (rc != SQLITE_OK)
    return vb_lib_fail(d, s, rc);
  t->id = sqlite3_last_insert_rowid(s->db);
  vb_status status = columns_write(d, s, t);
  return status == VB_OK ? table_create(d, s, t) : status;
}

static bool same_columns(const vb_table *t, const vb_data_table *def)
{
  if (t->def.n_columns != def->n_columns || t->def.per_unit != def->per_unit)
    return false;
  for (size_t i = 0; i < def->n_columns; i++) {
    const vb_data_column *a = &t->def.columns[i], *b = &def->columns[i];
    if (strcmp(a->id, b->id) != 0 || a->type != b->type || a->places != b->places || a->required != b->required || a->key != b->key)
      return false;
  }
  return true;
}

bool vb_table_note(vb_store *s, vb_table *t)
{
  return vb_map_put(s->tables, vb_span_of(t->def.name), t) && vb_map_put(s->tables_sql, vb_span_of(t->sql), t);
}

/* Two columns that are one in SQL: case does not count there. */
static vb_status names_check(vb_diag *d, const vb_table *t)
{
  for (size_t i = 0; i < t->def.n_columns; i++) {
    bool twice = sqlite3_stricmp(t->columns[i], "_row") == 0;
    for (size_t k = 0; k < i && !twice; k++)
      twice = sqlite3_stricmp(t->columns[i], t->columns[k]) == 0;
    if (twice || strchr(t->columns[i], '"'))
      return VB_POST(d, VB_MSG_STORE_COLUMN_NAME, t->def.at, t->def.name, t->def.columns[i].id);
  }
  return VB_OK;
}

/* A table of a kept database with other columns is made anew when no other job has rows in it. */
static vb_status table_replace(vb_diag *d, vb_store *s, vb_table *old)
{
  vb_buf sql;
  vb_buf_init(&sql);
  vb_buf_printf(&sql, "SELECT 1 FROM \"%s\" LIMIT 1", old->sql);
  sqlite3_stmt *st = NULL;
  int rc = sql.failed ? SQLITE_NOMEM : vb_lib_prepare(s, vb_buf_cstr(&sql), &st);
  if (rc == SQLITE_OK)
    rc = vb_lib_step(s, st);
  (void)sqlite3_finalize(st);
  vb_status status = rc == SQLITE_DONE ? VB_OK : rc == SQLITE_ROW ? VB_POST(d, VB_MSG_STORE_TABLE_DIFFERS, old->def.at, old->def.name) : vb_lib_fail(d, s, rc);
  if (status == VB_OK) {
    (void)sqlite3_finalize(old->insert);
    (void)sqlite3_finalize(old->select);
    old->insert = old->select = NULL;
    vb_buf_clear(&sql);
    vb_buf_printf(&sql, "DROP TABLE \"%s\"; DELETE FROM vb_table WHERE id = %lld; DELETE FROM vb_column WHERE tbl = %lld", old->sql,
                  (long long)old->id, (long long)old->id);
    status = sql.failed ? VB_NOMEM : vb_lib_exec(d, s, vb_buf_cstr(&sql));
  }
  vb_buf_free(&sql);
  return status;
}

vb_status vb_store_declare(vb_diag *d, vb_store *s, const vb_data_table *def)
{
  if (strcmp(def->name, "period") == 0 && vb_store_builtin("period")->n_columns == def->n_columns)
    return VB_OK;
  vb_table *old = vb_map_get(s->tables, vb_span_of(def->name));
  if (old && same_columns(old, def)) {
    old->fresh = true;
    return VB_OK;
  }
  vb_table *t = vb_table_keep(s, def);
  if (!t)
    return VB_NOMEM;
  if (vb_table_name_taken(t->sql) || (!old && vb_map_get(s->tables_sql, vb_span_of(t->sql))))
    return VB_POST(d, VB_MSG_STORE_TABLE_NAME, def->at, def->name);
  if (old && (old->fresh || vb_store_builtin(def->name)))
    return VB_POST(d, VB_MSG_STORE_TABLE_TWICE, def->at, def->name, VB_NUM(old->def.at.line));
  vb_status status = names_check(d, t);
  if (status == VB_OK && old)
    status = table_replace(d, s, old);
  if (status == VB_OK)
    status = table_write(d, s, t);
  t->fresh = true;
  return status == VB_OK && !vb_table_note(s, t) ? VB_NOMEM : status;
}

const vb_data_table *vb_store_table(const vb_store *s, const char *name)
{
  const vb_table *t = vb_map_get(s->tables, vb_span_of(name));
  return t ? &t->def : strcmp(name, "period") == 0 ? vb_store_builtin(name) : NULL;
}

/* ---- rows --------------------------------------------------------------------------------------------------- */

typedef struct row {
  vb_table *t;
  const vb_row_in *in;
  vb_typed *fields;
  const char *unit, *period;
  int64_t id;
} row;

static vb_place field_place(const row *r, size_t i)
{
  return vb_cell_place(&r->in->fields[i], r->in->file, r->in->line);
}

/* Where the row begins: its first field that is there. */
static vb_place row_place(const row *r)
{
  for (size_t i = 0; i < r->t->def.n_columns; i++)
    if (r->in->fields[i].text.p)
      return field_place(r, i);
  return (vb_place){r->in->file, r->in->line, 0, NULL};
}

static vb_status fields_convert(vb_diag *d, vb_store *s, row *r)
{
  vb_status status = VB_OK;
  for (size_t i = 0; i < r->t->def.n_columns && status < VB_SYSTEM; i++) {
    const vb_data_column *c = &r->t->def.columns[i];
    const vb_cell_in *in = &r->in->fields[i];
    vb_place at = in->text.p ? field_place(r, i) : row_place(r);
    vb_wanted w = {is_hidden(r->t, i) ? VB_TYPE_TEXT : c->type, c->places, c->title ? c->title : c->id, NULL, at};
    status = vb_worse(status, vb_convert(d, s, &w, in, &r->fields[i]));
    if (status < VB_SYSTEM && c->required && in->text.n == 0)
      status = vb_worse(status, VB_POST(d, VB_MSG_STORE_REQUIRED, at, w.name, r->t->def.name));
  }
  return status;
}

static vb_status row_unit(vb_diag *d, vb_store *s, row *r)
{
  const vb_cell_in *c = r->t->unit_column >= 0 ? &r->in->fields[r->t->unit_column] : &r->in->unit;
  vb_span text = c->text.n > 0 ? c->text : vb_span_of(r->t->def.per_unit || r->t->unit_column >= 0 ? r->in->default_unit : NULL);
  vb_unit *u;
  if (text.n == 0)
    return r->t->def.per_unit ? VB_POST(d, VB_MSG_STORE_UNIT_BLANK, row_place(r)) : VB_OK;
  vb_status status = vb_unit_find(d, s, text, c->text.n > 0 ? vb_cell_place(c, r->in->file, r->in->line) : row_place(r), &u);
  if (status == VB_OK)
    r->unit = u->name->text;
  return status;
}

static vb_status row_period(vb_diag *d, vb_store *s, row *r)
{
  const vb_cell_in *c = r->t->period_column >= 0 ? &r->in->fields[r->t->period_column] : &r->in->period;
  vb_span text = c->text.n > 0 ? c->text : vb_span_of(r->in->default_period);
  vb_period_rec *p;
  if (text.n == 0)
    return VB_OK;
  vb_status status = vb_period_find(d, s, text, c->text.n > 0 ? vb_cell_place(c, r->in->file, r->in->line) : row_place(r), &p);
  if (status == VB_OK)
    r->period = p->name->text;
  return status;
}

/* ---- where fields came from --------------------------------------------------------------------------------- */

static void pack_number(vb_buf *b, uint64_t v)
{
  for (; v >= 128; v >>= 7)
    vb_buf_char(b, (char)(0x80 | (v & 0x7f)));
  vb_buf_char(b, (char)v);
}

static void pack_text(vb_buf *b, const char *p, size_t n)
{
  pack_number(b, p ? n + 1 : 0);
  if (p)
    vb_buf_add(b, p, n);
}

static void fields_pack(const row *r, vb_buf *b)
{
  for (size_t i = 0; i < r->t->def.n_columns; i++) {
    const vb_cell_in *c = &r->in->fields[i];
    const vb_typed *v = &r->fields[i];
    bool same = !v->has_num && vb_span_eq(v->text, c->text);
    pack_number(b, c->column);
    pack_number(b, c->line > r->in->line ? c->line - r->in->line : 0);
    pack_text(b, c->cell, c->cell ? strlen(c->cell) : 0);
    pack_text(b, c->text.n > 0 && !same ? c->text.p : NULL, c->text.n);
  }
}

static int place_write(vb_store *s, const row *r)
{
  int rc;
  int64_t src = vb_store_file_id(s, r->in->file, &rc);
  sqlite3_stmt *st = rc == SQLITE_OK ? vb_lib_stmt(s, VB_STMT_PLACE_ADD, &rc) : NULL;
  if (!st)
    return rc;
  vb_buf fields;
  vb_buf_init(&fields);
  fields_pack(r, &fields);
  vb_binder b = vb_bind_start(st);
  vb_bind_int(&b, r->id);
  vb_bind_int(&b, r->t->id);
  vb_bind_int(&b, s->job_id);
  vb_bind_int(&b, src);
  vb_bind_int(&b, r->in->line);
  if (b.rc == SQLITE_OK)
    b.rc = fields.failed ? SQLITE_NOMEM : sqlite3_bind_blob64(st, b.i, fields.n ? fields.p : "", fields.n, SQLITE_STATIC);
  rc = b.rc == SQLITE_OK ? vb_lib_run(s, st) : b.rc;
  (void)sqlite3_clear_bindings(st);
  vb_buf_free(&fields);
  return rc;
}

/* ---- inserting ---------------------------------------------------------------------------------------------- */

static int insert_prepare(vb_store *s, vb_table *t)
{
  vb_buf sql;
  if (t->insert)
    return SQLITE_OK;
  vb_buf_init(&sql);
  vb_buf_printf(&sql, "INSERT INTO \"%s\" VALUES(", t->sql);
  for (size_t i = 0; i < t->def.n_columns; i++)
    vb_buf_str(&sql, is_hidden(t, i) ? "" : "?, ");
  vb_buf_str(&sql, "?, ?, ?)");
  int rc = sql.failed ? SQLITE_NOMEM : vb_lib_prepare(s, vb_buf_cstr(&sql), &t->insert);
  vb_buf_free(&sql);
  return rc;
}

static int row_insert(vb_store *s, const row *r)
{
  int rc = insert_prepare(s, r->t);
  if (rc != SQLITE_OK)
    return rc;
  vb_binder b = vb_bind_start(r->t->insert);
  for (size_t i = 0; i < r->t->def.n_columns; i++) {
    const vb_typed *v = &r->fields[i];
    if (is_hidden(r->t, i))
      continue;
    if (v->has_num)
      vb_bind_int(&b, v->num);
    else
      vb_bind_text(&b, v->text.n ? v->text.p : NULL, v->text.n);
  }
  vb_bind_str(&b, r->unit);
  vb_bind_str(&b, r->period);
  vb_bind_int(&b, r->id);
  return b.rc == SQLITE_OK ? vb_lib_run(s, r->t->insert) : b.rc;
}

/* The row that has the key of r already; 0 when there is none. */
static int rival_find(vb_store *s, const row *r, int64_t *id)
{
  vb_buf sql;
  sqlite3_stmt *st = NULL;
  vb_buf_init(&sql);
  vb_buf_printf(&sql, "SELECT _row FROM \"%s\" WHERE 1", r->t->sql);
  if (r->t->def.per_unit)
    vb_buf_str(&sql, " AND ifnull(unit, '') = ifnull(?, '') AND ifnull(period, '') = ifnull(?, '')");
  for (size_t i = 0; i < r->t->def.n_columns; i++)
    if (r->t->def.columns[i].key)
      vb_buf_printf(&sql, " AND \"%s\" = ?", r->t->columns[i]);
  int rc = sql.failed ? SQLITE_NOMEM : vb_lib_prepare(s, vb_buf_cstr(&sql), &st);
  vb_buf_free(&sql);
  if (rc != SQLITE_OK)
    return rc;
  vb_binder b = vb_bind_start(st);
  if (r->t->def.per_unit) {
    vb_bind_str(&b, r->unit);
    vb_bind_str(&b, r->period);
  }
  for (size_t i = 0; i < r->t->def.n_columns; i++) {
    if (!r->t->def.columns[i].key)
      continue;
    if (r->fields[i].has_num)
      vb_bind_int(&b, r->fields[i].num);
    else if (is_hidden(r->t, i))
      vb_bind_str(&b, (int)i == r->t->unit_column ? r->unit : r->period);
    else
      vb_bind_text(&b, r->fields[i].text.p, r->fields[i].text.n);
  }
  rc = b.rc == SQLITE_OK ? vb_lib_step(s, st) : b.rc;
  *id = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
  (void)sqlite3_finalize(st);
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int number_by_row(vb_store *s, vb_stmt_id id, int64_t r, int64_t *out)
{
  int rc;
  sqlite3_stmt *st = vb_lib_stmt(s, id, &rc);
  if (!st)
    return rc;
  vb_binder b = vb_bind_start(st);
  vb_bind_int(&b, r);
  rc = b.rc == SQLITE_OK ? vb_lib_step(s, st) : b.rc;
  if (rc == SQLITE_ROW && out)
    *out = sqlite3_column_int64(st, 0);
  (void)sqlite3_reset(st);
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static vb_status rival_drop(vb_diag *d, vb_store *s, const row *r, int64_t rival)
{
  char sql[160];
  int n = snprintf(sql, sizeof sql, "DELETE FROM \"%s\" WHERE _row = %lld", r->t->sql, (long long)rival);
  if (n < 0 || (size_t)n >= sizeof sql)
    return vb_lib_fail(d, s, SQLITE_TOOBIG);
  vb_status status = vb_lib_exec(d, s, sql);
  int rc = status == VB_OK ? number_by_row(s, VB_STMT_PLACE_DROP_ROW, rival, NULL) : SQLITE_OK;
  return rc == SQLITE_OK ? status : vb_lib_fail(d, s, rc);
}

static vb_status post_key_twice(vb_diag *d, vb_store *s, const row *r, int64_t rival)
{
  vb_buf key;
  vb_place first = VB_NOWHERE, at = row_place(r);
  const char *raw, *column = NULL;
  vb_buf_init(&key);
  for (size_t i = 0; i < r->t->def.n_columns; i++) {
    if (!r->t->def.columns[i].key)
      continue;
    if (!column) {
      column = r->t->def.columns[i].id;
      at = field_place(r, i);
    }
    vb_buf_str(&key, key.n ? ", " : "");
    vb_buf_span(&key, r->in->fields[i].text);
  }
  vb_status status = vb_store_row_place(d, s, rival, column, &first, s->scratch, &raw);
  vb_buf where;
  vb_buf_init(&where);
  vb_buf_str(&where, first.file ? first.file : "");
  if (first.cell)
    vb_buf_printf(&where, ":%s", first.cell);
  else
    vb_buf_printf(&where, ":%u:%u", first.line, first.column);
  const char *both = vb_buf_cstr(&key), *there = vb_buf_cstr(&where);
  if (key.failed || where.failed)
    status = VB_NOMEM;
  if (status == VB_OK)
    status = VB_POST(d, VB_MSG_STORE_KEY_TWICE, at, both, r->t->def.name, there);
  vb_buf_free(&key);
  vb_buf_free(&where);
  return status;
}

static vb_status row_write(vb_diag *d, vb_store *s, row *r)
{
  int rc = row_insert(s, r);
  if (rc == SQLITE_CONSTRAINT_UNIQUE) {
    int64_t rival = 0, job = 0;
    rc = rival_find(s, r, &rival);
    if (rc == SQLITE_OK && rival)
      rc = number_by_row(s, VB_STMT_PLACE_JOB, rival, &job);
    if (rc != SQLITE_OK)
      return vb_lib_fail(d, s, rc);
    if (job == s->job_id)
      return post_key_twice(d, s, r, rival);
    vb_status status = rival_drop(d, s, r, rival);
    if (status != VB_OK)
      return status;
    rc = row_insert(s, r);
  }
  if (rc == SQLITE_OK)
    rc = place_write(s, r);
  return rc == SQLITE_OK ? VB_OK : vb_lib_fail(d, s, rc);
}

static vb_date date_at(const row *r, const char *column)
{
  vb_date d;
  int i = vb_table_column(r->t, column);
  return i >= 0 && vb_date_parse_iso(r->fields[i].text, &d) ? d : (vb_date){0, 0, 0};
}

/* Names go where nobody proves a text again: manifest, index, package, folders of other programs. */
static vb_status unit_text(vb_diag *d, const row *r)
{
  for (size_t i = 0; i < r->t->def.n_columns; i++) {
    size_t at;
    uint32_t bad = vb_text_forbidden(r->fields[i].text, &at);
    char code[16];
    (void)snprintf(code, sizeof code, "U+%04X", (unsigned)bad);
    if (bad)
      return VB_POST(d, VB_MSG_STORE_UNIT_CHAR, field_place(r, i), code);
  }
  return VB_OK;
}

static vb_status unit_register(vb_diag *d, vb_store *s, const row *r)
{
  if (unit_text(d, r) != VB_OK)
    return VB_BAD;
  static const char *const name_columns[] = {"name", "short", "organ", "place"};
  vb_span names[5];
  for (int i = 0; i < 4; i++)
    names[i] = r->fields[vb_table_column(r->t, name_columns[i])].text;
  vb_span kind = r->fields[vb_table_column(r->t, "kind")].text;
  char *full = vb_arena_printf(s->scratch, "%.*s %.*s", (int)kind.n, kind.n ? kind.p : "", (int)names[0].n, names[0].n ? names[0].p : "");
  if (!full)
    return VB_NOMEM;
  names[4] = vb_span_of(full);
  vb_unit_row u = {r->fields[0].text, names, 5, date_at(r, "since"), date_at(r, "until"), field_place(r, 0), r->id};
  return vb_unit_add(d, s, &u, true);
}

/* A row of the data table "period": dates of a period that differ from the usual. */
static vb_status period_register(vb_diag *d, vb_store *s, const vb_row_in *in)
{
  const vb_data_table *def = vb_store_builtin("period");
  vb_date dates[4] = {{0, 0, 0}};
  vb_period_rec *p = NULL;
  vb_status status = VB_OK;
  for (size_t i = 0; i < def->n_columns; i++) {
    vb_typed t;
    vb_place at = vb_cell_place(&in->fields[i], in->file, in->line);
    vb_wanted w = {def->columns[i].type, 0, def->columns[i].title, NULL, at};
    if (i == 0)
      status = vb_worse(status, in->fields[0].text.n ? vb_period_find(d, s, in->fields[0].text, at, &p)
                                                     : VB_POST(d, VB_MSG_STORE_REQUIRED, at, w.name, def->name));
    else
      status = vb_worse(status, vb_convert(d, s, &w, &in->fields[i], &t));
    if (status != VB_OK)
      return status;
    if (i > 0 && t.status == VB_REPORTED)
      (void)vb_date_parse_iso(t.text, &dates[i]); /* vb_convert printed it */
  }
  if (!p)
    return VB_OK; /* never: the first column found it */
  vb_date *const targets[4] = {NULL, &p->since, &p->until, &p->deadline};
  for (int i = 1; i < 4; i++)
    if (dates[i].year)
      *targets[i] = dates[i];
  return VB_OK;
}

static vb_status row_take(vb_diag *d, vb_store *s, vb_table *t, const vb_row_in *in)
{
  row r = {.t = t, .in = in, .id = s->next_row};
  r.fields = VB_NEW_ARRAY(s->scratch, vb_typed, t->def.n_columns ? t->def.n_columns : 1);
  if (!r.fields)
    return VB_NOMEM;
  vb_status status = VB_OK;
  bool is_unit = strcmp(t->sql, "unit") == 0;
  if (!is_unit)
    status = vb_worse(row_unit(d, s, &r), row_period(d, s, &r));
  if (r.unit)
    vb_diag_about(d, r.unit, NULL, NULL);
  if (status < VB_SYSTEM)
    status = vb_worse(status, fields_convert(d, s, &r));
  if (status == VB_OK && is_unit)
    status = unit_register(d, s, &r);
  if (status == VB_OK) {
    s->next_row++;
    status = row_write(d, s, &r);
  }
  vb_diag_about(d, NULL, NULL, NULL);
  return status;
}

vb_status vb_store_add_row(vb_diag *d, vb_store *s, const vb_data_table *def, const vb_row_in *in)
{
  vb_status status = vb_load_ready(d, s);
  vb_table *t = vb_map_get(s->tables, vb_span_of(def->name));
  if (status == VB_OK && !t && strcmp(def->name, "period") != 0) {
    status = vb_store_declare(d, s, def);
    t = vb_map_get(s->tables, vb_span_of(def->name));
  }
  if (status != VB_OK)
    return status;
  vb_arena_mark m = vb_arena_save(s->scratch);
  status = t ? row_take(d, s, t, in) : period_register(d, s, in);
  vb_arena_restore(s->scratch, m);
  return status;
}
