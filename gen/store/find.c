/* find: which field of the job's data tables printed words came from. For findings on words that a template put together.
 *
 * Invariant: the longest field that stands in the words around the offset wins, or the field that holds all of its line; of equals the first
 * in the order of tables, rows and columns, so that two runs name the same place.
 */
#include "store/store_int.h"

#include <sqlite3.h>
#include <string.h>

#define SHORTEST 4u /* bytes of a field that can be told from chance */

typedef struct finder {
  vb_diag *d;
  vb_store *s;
  const vb_text_spot *spot;
  vb_span line;      /* of the text, around the offset, without the mark of an item */
  size_t best;       /* bytes of the field found */
  int64_t row;
  char column[128];
  vb_status st;
} finder;

static vb_span line_of(vb_span t, size_t offset)
{
  size_t from = offset < t.n ? offset : t.n, to = from;
  while (from > 0 && t.p[from - 1] != '\n')
    from--;
  while (to < t.n && t.p[to] != '\n')
    to++;
  while (from < to && (t.p[from] == ' ' || t.p[from] == '-' || t.p[from] == '+'))
    from++;
  return (vb_span){t.p + from, to - from};
}

/* Whether `part` stands in `all` so that it covers the offset. */
static bool covers(vb_span all, vb_span part, size_t offset)
{
  for (size_t i = offset + 1 > part.n ? offset + 1 - part.n : 0; i <= offset && i + part.n <= all.n; i++)
    if (memcmp(all.p + i, part.p, part.n) == 0)
      return true;
  return false;
}

static bool table_sql(const vb_table *t, vb_buf *sql)
{
  size_t n = 0;
  for (size_t i = 0; i < t->def.n_columns; i++) {
    if (t->def.columns[i].type != VB_TYPE_TEXT || (int)i == t->unit_column || (int)i == t->period_column)
      continue;
    vb_buf_printf(sql, "%sSELECT _row, '%s', \"%s\" FROM \"%s\" WHERE ifnull(unit, '') IN (?1, '') AND length(\"%s\") > 1 AND (instr(?2, \"%s\") > 0 OR instr(\"%s\", ?3) > 0)",
                  n++ > 0 ? " UNION ALL " : "", t->columns[i], t->columns[i], t->sql, t->columns[i], t->columns[i], t->columns[i]);
  }
  return n > 0;
}

static bool holds(vb_span all, vb_span part)
{
  for (size_t i = 0; i + part.n <= all.n; i++)
    if (memcmp(all.p + i, part.p, part.n) == 0)
      return true;
  return false;
}

static void weigh(finder *f, sqlite3_stmt *st)
{
  vb_span field = {(const char *)sqlite3_column_text(st, 2), (size_t)sqlite3_column_bytes(st, 2)};
  const char *column = (const char *)sqlite3_column_text(st, 1);
  if (!field.p || !column || field.n < SHORTEST || strlen(column) >= sizeof f->column)
    return;
  size_t n = covers(f->spot->text, field, f->spot->offset) ? field.n : 0;
  if (n == 0 && f->line.n >= SHORTEST && holds(field, f->line))
    n = f->line.n;
  if (n <= f->best)
    return;
  f->best = n;
  f->row = sqlite3_column_int64(st, 0);
  memcpy(f->column, column, strlen(column) + 1);
}

static void search(void *ctx, vb_span key, void *value)
{
  finder *f = ctx;
  const vb_table *t = value;
  sqlite3_stmt *st = NULL;
  vb_buf sql;
  (void)key;
  vb_buf_init(&sql);
  if (f->st != VB_OK || !t->fresh || strcmp(t->sql, "unit") == 0 || !table_sql(t, &sql)) {
    vb_buf_free(&sql);
    return;
  }
  int rc = sql.failed ? SQLITE_NOMEM : vb_lib_prepare(f->s, vb_buf_cstr(&sql), &st);
  if (rc == SQLITE_OK) {
    vb_binder b = vb_bind_start(st);
    vb_bind_str(&b, f->spot->unit ? f->spot->unit : "");
    vb_bind_text(&b, f->spot->text.p, f->spot->text.n);
    vb_bind_text(&b, f->line.p, f->line.n);
    rc = b.rc;
    while (rc == SQLITE_OK && (rc = vb_lib_step(f->s, st)) == SQLITE_ROW) {
      weigh(f, st);
      rc = SQLITE_OK;
    }
  }
  (void)sqlite3_finalize(st);
  vb_buf_free(&sql);
  if (rc != SQLITE_DONE)
    f->st = vb_lib_fail(f->d, f->s, rc);
}

vb_status vb_store_text_place(vb_diag *d, vb_store *s, const vb_text_spot *spot, vb_arena *a, vb_place *at)
{
  const char *raw;
  finder f = {.d = d, .s = s, .spot = spot, .line = line_of(spot->text, spot->offset), .st = VB_OK};
  vb_map_each(s->tables, search, &f);
  if (f.st == VB_OK && f.best == 0)
    return VB_DONE;
  return f.st == VB_OK ? vb_store_row_place(d, s, f.row, f.column, at, a, &raw) : f.st;
}
