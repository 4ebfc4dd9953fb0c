/* units: the register of units by code and by name, each name with the dates it stood for.
 *
 * Invariants
 *  1. The rows of one unit do not overlap in time: at any date a unit has one name.
 *  2. A name that two units bear finds neither: the text must then give the code.
 *  3. The table `unit` has one row a code after a commit, that of the job's date; unit_other has the rest.
 */
#include "store/store_int.h"

#include <sqlite3.h>
#include <string.h>

#define NAME_LIST_BYTES 200 /* codes of units of one name, in a message */

static bool code_ok(vb_span c)
{
  if (c.n == 0 || c.n > 64)
    return false;
  for (size_t i = 0; i < c.n; i++) {
    char x = c.p[i];
    bool letter = (x >= 'A' && x <= 'Z') || (x >= 'a' && x <= 'z') || (x >= '0' && x <= '9');
    if (!letter && (i == 0 || (x != '.' && x != '_' && x != '-')))
      return false;
  }
  return true;
}

/* CON, PRN, AUX, NUL, COM1 … and LPT1 …, with any ending, in any case. */
static bool is_device(vb_span c)
{
  static const char *const names[] = {"con", "prn", "aux", "nul", "com", "lpt"};
  size_t n = 0;
  while (n < c.n && c.p[n] != '.') n++;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    bool numbered = i >= 4;
    if (n == (numbered ? 4u : 3u) && sqlite3_strnicmp(c.p, names[i], 3) == 0 && (!numbered || (c.p[3] >= '1' && c.p[3] <= '9')))
      return true;
  }
  return false;
}

bool vb_said(vb_store *s, const char *file, vb_span text)
{
  vb_arena_mark m = vb_arena_save(s->scratch);
  const char *key = vb_arena_printf(s->scratch, "%s\x1f%.*s", file ? file : "", (int)text.n, text.n ? text.p : "");
  bool known = false;
  if (key) {
    vb_span k = vb_span_of(key);
    known = vb_map_get(s->said, k) != NULL;
    if (!known)
      (void)vb_map_put(s->said, k, s); /* without memory it is said again */
  }
  vb_arena_restore(s->scratch, m);
  return known;
}

/* ---- registering -------------------------------------------------------------------------------------------- */

vb_unit *vb_unit_by_code(vb_store *s, vb_span code)
{
  vb_unit *u = vb_map_get(s->units, code);
  if (u)
    return u;
  u = VB_NEW(s->arena, vb_unit);
  if (!u || !(u->name = vb_store_name(s, code)))
    return NULL;
  return vb_map_put(s->units, code, u) ? u : NULL;
}

static bool name_note(vb_store *s, vb_unit *u, vb_span name)
{
  size_t n;
  vb_arena_mark m = vb_arena_save(s->scratch);
  char *folded = vb_store_folded(s, name, &n);
  bool good = folded != NULL;
  if (good && n > 0) {
    vb_unit *other = vb_map_get(s->unit_names, (vb_span){folded, n});
    if (other != u)
      good = vb_map_put(s->unit_names, (vb_span){folded, n}, other ? &s->several : u);
  }
  vb_arena_restore(s->scratch, m);
  return good;
}

static bool dates_meet(vb_date since1, vb_date until1, vb_date since2, vb_date until2)
{
  bool before = until1.year && since2.year && vb_date_cmp(until1, since2) < 0;
  bool after = until2.year && since1.year && vb_date_cmp(until2, since1) < 0;
  return !before && !after;
}

static vb_status version_add(vb_diag *d, vb_store *s, vb_unit *u, const vb_unit_row *row)
{
  for (const vb_unit_version *v = u->versions; v; v = v->next)
    if (dates_meet(v->since, v->until, row->since, row->until))
      return VB_POST(d, VB_MSG_STORE_UNIT_TWICE, row->at, u->name->text, v->at.file ? v->at.file : "", VB_NUM(v->at.line));
  vb_unit_version *v = VB_NEW(s->arena, vb_unit_version);
  if (!v)
    return VB_NOMEM;
  *v = (vb_unit_version){u->versions, row->since, row->until, row->at, row->row};
  if (row->at.file && !(v->at.file = vb_arena_str(s->arena, row->at.file, strlen(row->at.file))))
    return VB_NOMEM;
  v->at.cell = NULL;
  u->versions = v;
  return VB_OK;
}

static vb_status rows_drop(vb_diag *d, vb_store *s, vb_span code)
{
  static const vb_stmt_id ids[] = {VB_STMT_UNIT_DROP, VB_STMT_UNIT_OTHER_DROP};
  for (int i = 0; i < 2; i++) {
    int rc;
    sqlite3_stmt *st = vb_lib_stmt(s, ids[i], &rc);
    if (!st)
      return vb_lib_fail(d, s, rc);
    vb_binder b = vb_bind_start(st);
    vb_bind_text(&b, code.p, code.n);
    rc = b.rc == SQLITE_OK ? vb_lib_run(s, st) : b.rc;
    if (rc != SQLITE_OK)
      return vb_lib_fail(d, s, rc);
  }
  return VB_OK;
}

vb_status vb_unit_add(vb_diag *d, vb_store *s, const vb_unit_row *row, bool fresh)
{
  if (!code_ok(row->code))
    return VB_POST(d, VB_MSG_STORE_UNIT_CODE, row->at, VB_TXT(row->code));
  if (is_device(row->code))
    return VB_POST(d, VB_MSG_STORE_UNIT_DEVICE, row->at, VB_TXT(row->code));
  if (row->since.year && row->until.year && vb_date_cmp(row->until, row->since) < 0)
    return VB_POST(d, VB_MSG_STORE_UNIT_DATES, row->at, VB_TXT(row->code));
  vb_unit *u = vb_unit_by_code(s, row->code);
  if (!u)
    return VB_NOMEM;
  if (fresh && !u->fresh) {
    vb_status status = u->versions ? rows_drop(d, s, row->code) : VB_OK;
    if (status != VB_OK)
      return status;
    u->versions = NULL;
    u->fresh = true;
  }
  vb_status status = version_add(d, s, u, row);
  for (size_t i = 0; status == VB_OK && i < row->n_names; i++)
    if (!name_note(s, u, row->names[i]))
      status = VB_NOMEM;
  return status;
}

/* ---- finding ------------------------------------------------------------------------------------------------ */

/* u, when it is registered; a unit that only deliveries of a former job name does not count. */
static vb_unit *registered(vb_unit *u)
{
  return u && (u->versions || u->name == NULL) ? u : NULL;
}

static vb_unit *find(vb_store *s, vb_span text, bool *failed)
{
  vb_unit *u = registered(vb_map_get(s->units, text));
  *failed = false;
  if (u)
    return u;
  size_t n;
  vb_arena_mark m = vb_arena_save(s->scratch);
  char *folded = vb_store_folded(s, text, &n);
  *failed = !folded;
  if (folded)
    u = registered(vb_map_get(s->unit_names, (vb_span){folded, n}));
  vb_arena_restore(s->scratch, m);
  return u;
}

typedef struct namesakes { vb_store *s; sqlite3_stmt *st; vb_span folded; vb_buf codes; } namesakes;

/* Codes of the units that bear a name, from the table. */
static void namesakes_add(namesakes *k)
{
  for (int i = 1; i < 6; i++) {
    size_t n;
    vb_arena_mark m = vb_arena_save(k->s->scratch);
    char *folded = vb_store_folded(k->s, vb_column_span(k->st, i), &n);
    bool same = folded && n > 0 && vb_span_eq(k->folded, (vb_span){folded, n});
    vb_arena_restore(k->s->scratch, m);
    if (!same)
      continue;
    if (k->codes.n < NAME_LIST_BYTES) {
      vb_buf_str(&k->codes, k->codes.n ? ", " : "");
      vb_buf_span(&k->codes, vb_column_span(k->st, 0));
    }
    return;
  }
}

static vb_status post_several(vb_diag *d, vb_store *s, vb_span text, vb_place at)
{
  size_t n;
  vb_arena_mark m = vb_arena_save(s->scratch);
  char *folded = vb_store_folded(s, text, &n);
  namesakes k = {.s = s, .folded = {folded, n}};
  vb_buf_init(&k.codes);
  int rc = folded ? vb_lib_prepare(s, "SELECT code, name, short, organ, place, kind || ' ' || name FROM unit", &k.st) : SQLITE_NOMEM;
  while (rc == SQLITE_OK || rc == SQLITE_ROW) {
    rc = vb_lib_step(s, k.st);
    if (rc == SQLITE_ROW)
      namesakes_add(&k);
  }
  (void)sqlite3_finalize(k.st);
  (void)vb_buf_cstr(&k.codes); /* its NUL: what may fail fails here */
  vb_status status = k.codes.failed ? VB_NOMEM : rc == SQLITE_DONE ? VB_POST(d, VB_MSG_STORE_UNIT_SEVERAL, at, VB_TXT(text), vb_buf_cstr(&k.codes)) : vb_lib_fail(d, s, rc);
  vb_buf_free(&k.codes);
  vb_arena_restore(s->scratch, m);
  return status;
}

static vb_status post_unknown(vb_diag *d, vb_store *s, vb_span text, vb_place at)
{
  if (vb_map_count(s->units) == 0)
    return VB_POST(d, VB_MSG_STORE_UNIT_NONE, at, VB_TXT(text));
  vb_span near = vb_map_nearest(s->units, text);
  size_t n;
  vb_arena_mark m = vb_arena_save(s->scratch);
  char *folded = vb_store_folded(s, text, &n);
  if (near.n == 0 && folded)
    near = vb_map_nearest(s->unit_names, (vb_span){folded, n});
  vb_status status = near.n ? VB_POST(d, VB_MSG_STORE_UNIT_NEAR, at, VB_TXT(text), VB_TXT(near)) : VB_POST(d, VB_MSG_STORE_UNIT_UNKNOWN, at, VB_TXT(text));
  vb_arena_restore(s->scratch, m);
  return status;
}

vb_status vb_unit_find(vb_diag *d, vb_store *s, vb_span text, vb_place at, vb_unit **out)
{
  bool failed;
  vb_unit *u = find(s, text, &failed);
  *out = u && u != &s->several ? u : NULL;
  if (failed)
    return VB_NOMEM;
  if (*out)
    return VB_OK;
  if (vb_said(s, at.file, text))
    return VB_BAD;
  return u ? post_several(d, s, text, at) : post_unknown(d, s, text, at);
}

const char *vb_store_unit_code(vb_store *s, vb_span text)
{
  bool failed;
  const vb_unit *u = find(s, text, &failed);
  s->starved |= failed;
  return u && u != &s->several ? u->name->text : NULL;
}

bool vb_unit_stood(const vb_unit *u, vb_date since, vb_date until)
{
  for (const vb_unit_version *v = u->versions; v; v = v->next)
    if (dates_meet(v->since, v->until, since, until))
      return true;
  return false;
}

vb_group *vb_unit_group(vb_store *s, vb_unit *u, const vb_period_rec *p)
{
  for (vb_group *g = u->groups; g; g = g->next)
    if (g->period == p)
      return g;
  vb_group *g = VB_NEW(s->arena, vb_group);
  if (!g)
    return NULL;
  g->period = p;
  g->next = u->groups;
  u->groups = g;
  return g;
}

/* ---- the tables --------------------------------------------------------------------------------------------- */

static void unit_forget(void *ctx, vb_span key, void *value)
{
  (void)ctx;
  (void)key;
  vb_unit *u = value;
  u->versions = NULL;
  u->groups = NULL;
  u->fresh = false;
}

vb_status vb_units_read(vb_diag *d, vb_store *s)
{
  vb_map *empty = vb_map_new();
  if (!empty)
    return VB_NOMEM;
  vb_map_free(s->unit_names);
  s->unit_names = empty;
  vb_map_each(s->units, unit_forget, NULL);
  sqlite3_stmt *st = NULL;
  int rc = vb_lib_prepare(s, "SELECT code, name, short, organ, place, kind || ' ' || name, since, until, _row FROM unit UNION ALL"
                             " SELECT code, name, short, organ, place, kind || ' ' || name, since, until, _row FROM unit_other", &st);
  vb_status status = VB_OK;
  while (status == VB_OK && (rc == SQLITE_OK || rc == SQLITE_ROW)) {
    rc = vb_lib_step(s, st);
    if (rc != SQLITE_ROW)
      break;
    vb_span names[5];
    for (int i = 0; i < 5; i++)
      names[i] = vb_column_span(st, i + 1);
    vb_unit_row row = {vb_column_span(st, 0), names, 5, vb_column_date(st, 6), vb_column_date(st, 7), VB_NOWHERE, sqlite3_column_int64(st, 8)};
    status = vb_unit_add(d, s, &row, false);
  }
  (void)sqlite3_finalize(st);
  return status != VB_OK || rc == SQLITE_DONE ? status : vb_lib_fail(d, s, rc);
}

static vb_status row_run(vb_diag *d, vb_store *s, vb_stmt_id id, int64_t row)
{
  int rc;
  sqlite3_stmt *st = vb_lib_stmt(s, id, &rc);
  if (!st)
    return vb_lib_fail(d, s, rc);
  vb_binder b = vb_bind_start(st);
  if (row)
    vb_bind_int(&b, row);
  rc = b.rc == SQLITE_OK ? vb_lib_run(s, st) : b.rc;
  return rc == SQLITE_OK ? VB_OK : vb_lib_fail(d, s, rc);
}

/* The row of the job's date; else the latest, a unit that ended being shown as it was. */
static const vb_unit_version *version_of(const vb_unit *u, vb_date date)
{
  const vb_unit_version *latest = u->versions;
  for (const vb_unit_version *v = u->versions; v; v = v->next) {
    if (date.year && dates_meet(v->since, v->until, date, date))
      return v;
    if (vb_date_cmp(v->since, latest->since) > 0)
      latest = v;
  }
  return latest;
}

typedef struct settling { vb_diag *d; vb_store *s; vb_status status; bool several; } settling;

static void several_find(void *ctx, vb_span key, void *value)
{
  (void)key;
  settling *t = ctx;
  const vb_unit *u = value;
  t->several = t->several || (u->versions && u->versions->next);
}

static void unit_settle(void *ctx, vb_span key, void *value)
{
  (void)key;
  settling *t = ctx;
  const vb_unit *u = value;
  if (t->status != VB_OK || !u->versions || !u->versions->next)
    return;
  const vb_unit_version *keep = version_of(u, t->s->date);
  for (const vb_unit_version *v = u->versions; v && t->status == VB_OK; v = v->next) {
    if (v == keep)
      continue;
    t->status = row_run(t->d, t->s, VB_STMT_UNIT_ASIDE, v->row);
    if (t->status == VB_OK)
      t->status = row_run(t->d, t->s, VB_STMT_UNIT_ASIDE_DROP, v->row);
  }
}

vb_status vb_units_settle(vb_diag *d, vb_store *s)
{
  settling t = {d, s, VB_OK, false};
  vb_map_each(s->units, several_find, &t);
  if (!t.several)
    return VB_OK;
  t.status = row_run(d, s, VB_STMT_UNIT_BACK, 0);
  if (t.status == VB_OK)
    t.status = row_run(d, s, VB_STMT_UNIT_BACK_DROP, 0);
  vb_map_each(s->units, unit_settle, &t);
  return t.status;
}
