/* load: the transaction of a load; values, each checked against its indicator, and the deliveries they come with.
 *
 * A delivery is a unit, a period, a received-on date and a version: files that agree in these are parts of one delivery, and a code that
 * stands twice in it is an error. Of several deliveries one is in force, whole: the latest by the job's date.
 */
#include "store/store_int.h"

#include <sqlite3.h>
#include <string.h>

/* ---- the transaction ---------------------------------------------------------------------------------------- */

vb_status vb_store_set_job(vb_store *s, const char *job)
{
  const char *copy = vb_arena_str(s->arena, job ? job : "", job ? strlen(job) : 0);
  if (!copy)
    return VB_NOMEM;
  s->job = copy;
  s->job_id = 0;
  return VB_OK;
}

void vb_store_set_date(vb_store *s, vb_date date)
{
  s->date = date;
}

vb_status vb_load_ready(vb_diag *d, vb_store *s)
{
  return s->loading ? VB_OK : vb_store_begin(d, s);
}

static vb_status job_find(vb_diag *d, vb_store *s)
{
  int rc;
  sqlite3_stmt *st = vb_lib_stmt(s, VB_STMT_JOB_FIND, &rc);
  if (!st)
    return vb_lib_fail(d, s, rc);
  vb_binder b = vb_bind_start(st);
  vb_bind_str(&b, s->job);
  rc = b.rc == SQLITE_OK ? vb_lib_step(s, st) : b.rc;
  s->job_id = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
  (void)sqlite3_reset(st);
  if (rc == SQLITE_ROW)
    return VB_OK;
  if (rc != SQLITE_DONE || !(st = vb_lib_stmt(s, VB_STMT_JOB_ADD, &rc)))
    return vb_lib_fail(d, s, rc);
  b = vb_bind_start(st);
  vb_bind_str(&b, s->job);
  rc = b.rc == SQLITE_OK ? vb_lib_run(s, st) : b.rc;
  s->job_id = sqlite3_last_insert_rowid(s->db);
  return rc == SQLITE_OK ? VB_OK : vb_lib_fail(d, s, rc);
}

static int group_run(vb_store *s, vb_stmt_id id, const char *unit, const char *period, int64_t delivery)
{
  int rc;
  sqlite3_stmt *st = vb_lib_stmt(s, id, &rc);
  if (!st)
    return rc;
  vb_binder b = vb_bind_start(st);
  vb_bind_str(&b, unit);
  vb_bind_str(&b, period);
  if (delivery)
    vb_bind_int(&b, delivery);
  return b.rc == SQLITE_OK ? vb_lib_run(s, st) : b.rc;
}

/* Values of this job's former deliveries go. */
static vb_status deliveries_clear(vb_diag *d, vb_store *s)
{
  int rc;
  sqlite3_stmt *st = vb_lib_stmt(s, VB_STMT_DELIVERY_OF_JOB, &rc);
  if (!st)
    return vb_lib_fail(d, s, rc);
  vb_binder b = vb_bind_start(st);
  vb_bind_int(&b, s->job_id);
  rc = b.rc == SQLITE_OK ? SQLITE_ROW : b.rc;
  while (rc == SQLITE_ROW && (rc = vb_lib_step(s, st)) == SQLITE_ROW) {
    const char *unit = (const char *)sqlite3_column_text(st, 1), *period = (const char *)sqlite3_column_text(st, 2);
    bool home = sqlite3_column_int(st, 3) != 0;
    int one = group_run(s, home ? VB_STMT_VALUE_DROP : VB_STMT_PAST_DROP, unit, period, home ? 0 : sqlite3_column_int64(st, 0));
    if (one != SQLITE_OK)
      rc = one;
  }
  (void)sqlite3_reset(st);
  if (rc != SQLITE_DONE || !(st = vb_lib_stmt(s, VB_STMT_DELIVERY_DROP, &rc)))
    return vb_lib_fail(d, s, rc);
  b = vb_bind_start(st);
  vb_bind_int(&b, s->job_id);
  rc = b.rc == SQLITE_OK ? vb_lib_run(s, st) : b.rc;
  return rc == SQLITE_OK ? VB_OK : vb_lib_fail(d, s, rc);
}

/* One row of the table delivery into its group. */
static vb_status delivery_note(vb_diag *d, vb_store *s, sqlite3_stmt *st)
{
  vb_period_rec *p;
  vb_unit *u = vb_unit_by_code(s, vb_column_span(st, 1));
  vb_status status = u ? vb_period_find(d, s, vb_column_span(st, 2), VB_NOWHERE, &p) : VB_NOMEM;
  vb_group *g = status == VB_OK ? vb_unit_group(s, u, p) : NULL;
  vb_delivery_rec *r = g ? VB_NEW(s->arena, vb_delivery_rec) : NULL;
  if (!r)
    return status == VB_OK ? VB_NOMEM : status;
  *r = (vb_delivery_rec){g->deliveries, sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 6), vb_column_date(st, 3), sqlite3_column_int(st, 4), NULL, 0};
  g->deliveries = r;
  if (sqlite3_column_int(st, 5))
    g->home = r;
  return VB_OK;
}

static vb_status deliveries_read(vb_diag *d, vb_store *s)
{
  int rc;
  sqlite3_stmt *st = vb_lib_stmt(s, VB_STMT_DELIVERY_ALL, &rc);
  if (!st)
    return vb_lib_fail(d, s, rc);
  vb_status status = VB_OK;
  while (status == VB_OK && (rc = vb_lib_step(s, st)) == SQLITE_ROW)
    status = delivery_note(d, s, st);
  (void)sqlite3_reset(st);
  return status != VB_OK || rc == SQLITE_DONE ? status : vb_lib_fail(d, s, rc);
}

static vb_status next_number(vb_diag *d, vb_store *s, vb_stmt_id id, int64_t *out)
{
  int rc;
  sqlite3_stmt *st = vb_lib_stmt(s, id, &rc);
  if (st)
    rc = vb_lib_step(s, st);
  if (rc != SQLITE_ROW)
    return vb_lib_fail(d, s, rc);
  *out = sqlite3_column_int64(st, 0);
  (void)sqlite3_reset(st);
  return VB_OK;
}

int64_t vb_store_first_row(const vb_store *s)
{
  return s->first_row;
}

vb_status vb_store_begin(vb_diag *d, vb_store *s)
{
  if (s->loading)
    return VB_OK;
  vb_status status = vb_lib_exec(d, s, "BEGIN IMMEDIATE");
  if (status != VB_OK)
    return status;
  s->loading = true;
  vb_observe_forget(s);
  vb_rollup_forget(s);
  s->last_period = NULL;
  s->last_unit = NULL;
  status = job_find(d, s);
  if (status == VB_OK && s->existed) {
    for (vb_form_rec *f = s->forms; f; f = f->next)
      f->fresh = false;
    status = deliveries_clear(d, s);
    if (status == VB_OK)
      status = vb_tables_clear_job(d, s);
    if (status == VB_OK)
      status = vb_units_read(d, s);
    if (status == VB_OK)
      status = deliveries_read(d, s);
  }
  if (status == VB_OK)
    status = next_number(d, s, VB_STMT_PLACE_NEXT, &s->next_row);
  s->first_row = s->next_row;
  return status == VB_OK ? next_number(d, s, VB_STMT_DELIVERY_NEXT, &s->next_delivery) : status;
}

vb_status vb_store_commit(vb_diag *d, vb_store *s)
{
  vb_status status = s->starved ? VB_NOMEM : vb_load_ready(d, s);
  if (status == VB_OK)
    status = vb_periods_write(d, s);
  if (status == VB_OK)
    status = vb_units_settle(d, s);
  if (status == VB_OK)
    status = vb_deliveries_settle(d, s);
  if (status == VB_OK)
    status = vb_tables_index(d, s);
  if (status == VB_OK)
    status = vb_lib_exec(d, s, "PRAGMA analysis_limit = 400; ANALYZE");
  if (status == VB_OK)
    status = vb_lib_exec(d, s, "COMMIT");
  if (status == VB_OK) {
    s->loading = false;
    s->existed = true;
  }
  return status;
}

/* ---- deliveries --------------------------------------------------------------------------------------------- */

static bool later(const vb_delivery_rec *a, const vb_delivery_rec *b, int64_t job)
{
  int c = vb_date_cmp(a->received, b->received); /* year 0, no date: before all others */
  if (c != 0)
    return c > 0;
  if (a->version != b->version)
    return a->version > b->version;
  return a->job == job && b->job != job;
}

static vb_delivery_rec *in_force(const vb_store *s, const vb_group *g)
{
  vb_delivery_rec *best = NULL;
  for (vb_delivery_rec *r = g->deliveries; r; r = r->next) {
    if (s->date.year && r->received.year && vb_date_cmp(r->received, s->date) > 0)
      continue;
    if (!best || later(r, best, s->job_id))
      best = r;
  }
  return best;
}

static int home_move(vb_store *s, vb_unit *u, vb_group *g, vb_delivery_rec *to)
{
  const char *unit = u->name->text, *period = g->period->name->text;
  int rc = SQLITE_OK;
  if (g->home)
    rc = group_run(s, VB_STMT_VALUE_RETIRE, unit, period, 0);
  if (rc == SQLITE_OK && g->home)
    rc = group_run(s, VB_STMT_VALUE_DROP, unit, period, 0);
  if (rc == SQLITE_OK && to)
    rc = group_run(s, VB_STMT_VALUE_RECALL, unit, period, to->id);
  if (rc == SQLITE_OK && to)
    rc = group_run(s, VB_STMT_PAST_DROP, unit, period, to->id);
  g->home = to;
  return rc;
}

typedef struct settling { vb_store *s; int rc; } settling;

static void unit_settle(void *ctx, vb_span key, void *value)
{
  (void)key;
  settling *t = ctx;
  vb_unit *u = value;
  for (vb_group *g = u->groups; g && t->rc == SQLITE_OK; g = g->next) {
    vb_delivery_rec *now = in_force(t->s, g);
    if (now != g->home)
      t->rc = home_move(t->s, u, g, now);
    for (const vb_delivery_rec *r = g->deliveries; r && t->rc == SQLITE_OK; r = r->next) {
      sqlite3_stmt *st = vb_lib_stmt(t->s, VB_STMT_DELIVERY_SETTLE, &t->rc);
      if (!st)
        return;
      vb_date due = g->period->deadline;
      vb_binder b = vb_bind_start(st);
      vb_bind_int(&b, r == now);
      vb_bind_int(&b, due.year && r->received.year && vb_date_cmp(r->received, due) > 0);
      vb_bind_int(&b, r->id);
      t->rc = b.rc == SQLITE_OK ? vb_lib_run(t->s, st) : b.rc;
    }
  }
}

vb_status vb_deliveries_settle(vb_diag *d, vb_store *s)
{
  settling t = {s, SQLITE_OK};
  vb_map_each(s->units, unit_settle, &t);
  return t.rc == SQLITE_OK ? VB_OK : vb_lib_fail(d, s, t.rc);
}

static int delivery_new(vb_store *s, const vb_unit *u, vb_group *g, const vb_delivery *from, vb_delivery_rec **out)
{
  int rc;
  vb_delivery_rec *r = *out = VB_NEW(s->arena, vb_delivery_rec);
  if (!r)
    return SQLITE_NOMEM;
  r->id = s->next_delivery++;
  r->job = s->job_id;
  r->received = from->received;
  r->version = from->version > 0 ? from->version : 1;
  sqlite3_stmt *st = vb_lib_stmt(s, VB_STMT_DELIVERY_ADD, &rc);
  if (!st)
    return rc;
  vb_binder b = vb_bind_start(st);
  vb_bind_int(&b, r->id);
  vb_bind_str(&b, u->name->text);
  vb_bind_str(&b, g->period->name->text);
  vb_bind_date(&b, r->received);
  vb_bind_int(&b, r->version);
  vb_bind_int(&b, r->job);
  rc = b.rc == SQLITE_OK ? vb_lib_run(s, st) : b.rc;
  if (rc != SQLITE_OK)
    return rc;
  r->next = g->deliveries;
  g->deliveries = r;
  if (!g->home)
    g->home = r;
  return SQLITE_OK;
}

static int delivery_of(vb_store *s, const vb_unit *u, vb_group *g, const vb_delivery *from, vb_delivery_rec **out)
{
  int version = from->version > 0 ? from->version : 1;
  for (vb_delivery_rec *r = g->deliveries; r; r = r->next)
    if (r->job == s->job_id && r->version == version && vb_date_cmp(r->received, from->received) == 0) {
      *out = r;
      return SQLITE_OK;
    }
  return delivery_new(s, u, g, from, out);
}

/* ---- values ------------------------------------------------------------------------------------------------- */

/* What a value belongs to. */
typedef struct owner { vb_unit *unit; const vb_period_rec *period; vb_group *group; vb_delivery_rec *delivery; const vb_code *code; } owner;

static vb_status unit_of(vb_diag *d, vb_store *s, const vb_value_in *v, const char *default_unit, vb_unit **out)
{
  bool given = v->unit.text.n > 0;
  vb_span text = given ? v->unit.text : vb_span_of(default_unit);
  vb_place at = given ? vb_cell_place(&v->unit, v->file, v->line) : vb_cell_place(&v->code, v->file, v->line);
  if (s->last_unit && vb_span_eq((vb_span){s->last_unit_text.p, s->last_unit_text.n}, text)) {
    *out = s->last_unit;
    return VB_OK;
  }
  if (text.n == 0)
    return vb_said(s, v->file, text) ? VB_BAD : VB_POST(d, VB_MSG_STORE_UNIT_BLANK, at);
  vb_status status = vb_unit_find(d, s, text, at, out);
  if (status != VB_OK)
    return status;
  vb_buf_clear(&s->last_unit_text);
  vb_buf_span(&s->last_unit_text, text);
  s->last_unit = s->last_unit_text.failed ? NULL : *out;
  return VB_OK;
}

static vb_status period_of(vb_diag *d, vb_store *s, const vb_value_in *v, const vb_delivery *from, const vb_period_rec **out)
{
  bool given = v->period.text.n > 0;
  vb_span text = given ? v->period.text : vb_span_of(from->period);
  *out = s->last_period;
  if (s->last_period && vb_span_is(text, s->last_period->name->text))
    return VB_OK;
  if (text.n == 0)
    return vb_said(s, v->file, text) ? VB_BAD : VB_POST(d, VB_MSG_STORE_PERIOD_BLANK, vb_cell_place(&v->code, v->file, v->line));
  vb_period_rec *p;
  vb_status status = vb_period_find(d, s, text, vb_cell_place(given ? &v->period : &v->code, v->file, v->line), &p);
  if (status == VB_OK)
    *out = s->last_period = p;
  return status;
}

/* Whether the unit stood in the period; said once a unit and period. */
static vb_status group_check(vb_diag *d, const vb_unit *u, vb_group *g, vb_place at)
{
  if (g->refused)
    return VB_BAD;
  if (g->deliveries || vb_unit_stood(u, g->period->since, g->period->until))
    return VB_OK;
  g->refused = true;
  char since[11] = "…", until[11] = "…";
  if (u->versions->since.year)
    vb_date_print_iso(u->versions->since, since);
  if (u->versions->until.year)
    vb_date_print_iso(u->versions->until, until);
  return VB_POST(d, VB_MSG_STORE_UNIT_GONE, at, u->name->text, since, until, g->period->name->text);
}

static vb_status code_of(vb_diag *d, vb_store *s, const vb_value_in *v, const vb_code **out)
{
  vb_place at = vb_cell_place(&v->code, v->file, v->line);
  *out = vb_store_code(s, v->code.text);
  if (*out)
    return VB_OK;
  if (v->code.text.n == 0)
    return VB_POST(d, VB_MSG_STORE_CODE_BLANK, at);
  vb_span near = vb_store_nearest_code(s, NULL, v->code.text);
  return near.n ? VB_POST(d, VB_MSG_STORE_CODE_NEAR, at, VB_TXT(v->code.text), VB_TXT(near)) : VB_POST(d, VB_MSG_STORE_CODE_UNKNOWN, at, VB_TXT(v->code.text));
}

/* Notes that the delivery gives the code; false when it has done so before. */
static bool first_time(vb_store *s, vb_delivery_rec *r, uint32_t index, bool *failed)
{
  size_t word = index / 64;
  if (word >= r->n_seen) {
    size_t n = (s->n_codes + 63) / 64;
    uint64_t *more = VB_NEW_ARRAY(s->arena, uint64_t, n);
    *failed = !more;
    if (!more)
      return true;
    if (r->n_seen)
      memcpy(more, r->seen, r->n_seen * sizeof *more);
    r->seen = more;
    r->n_seen = n;
  }
  uint64_t bit = UINT64_C(1) << (index % 64);
  bool first = !(r->seen[word] & bit);
  r->seen[word] |= bit;
  return first;
}

static vb_status post_twice(vb_diag *d, vb_store *s, const owner *o, vb_place at)
{
  int rc;
  sqlite3_stmt *st = vb_lib_stmt(s, VB_STMT_VALUE_PLACE, &rc);
  if (!st)
    return vb_lib_fail(d, s, rc);
  vb_binder b = vb_bind_start(st);
  for (int i = 0; i < 2; i++) {
    vb_bind_str(&b, o->unit->name->text);
    vb_bind_str(&b, o->period->name->text);
    vb_bind_str(&b, o->code->text);
    vb_bind_int(&b, o->delivery->id);
  }
  rc = b.rc == SQLITE_OK ? vb_lib_step(s, st) : b.rc;
  if (rc != SQLITE_ROW && rc != SQLITE_DONE)
    return vb_lib_fail(d, s, rc);
  vb_buf where;
  vb_buf_init(&where);
  int known = SQLITE_OK;
  const char *file = rc == SQLITE_ROW ? vb_store_file_name(s, sqlite3_column_int64(st, 0), &known) : NULL;
  vb_buf_str(&where, file ? file : at.file ? at.file : "");
  if (rc == SQLITE_ROW && sqlite3_column_type(st, 3) != SQLITE_NULL)
    vb_buf_printf(&where, ":%s", (const char *)sqlite3_column_text(st, 3));
  else if (rc == SQLITE_ROW)
    vb_buf_printf(&where, ":%d:%d", sqlite3_column_int(st, 1), sqlite3_column_int(st, 2));
  (void)sqlite3_reset(st);
  const char *first = vb_buf_cstr(&where);
  vb_status status = where.failed ? VB_NOMEM : known != SQLITE_OK ? vb_lib_fail(d, s, known) : VB_POST(d, VB_MSG_STORE_VALUE_TWICE, at, o->code->text, o->unit->name->text, o->period->name->text, first);
  vb_buf_free(&where);
  return status;
}

static const char *status_word(vb_value_status status)
{
  return status == VB_REPORTED ? "reported" : status == VB_ZERO_DASH ? "dash" : status == VB_NOT_APPLICABLE ? "na" : "missing";
}

static int value_write(vb_store *s, const owner *o, const vb_value_in *v, const vb_typed *t)
{
  int rc;
  int64_t src = vb_store_file_id(s, v->file, &rc);
  sqlite3_stmt *st = rc == SQLITE_OK ? vb_lib_stmt(s, o->group->home == o->delivery ? VB_STMT_VALUE_ADD : VB_STMT_PAST_ADD, &rc) : NULL;
  if (!st)
    return rc;
  vb_place at = vb_cell_place(v->value.text.p ? &v->value : &v->code, v->file, v->line);
  bool worded = o->code->ind->type == VB_TYPE_TEXT;
  vb_binder b = vb_bind_start(st);
  vb_bind_str(&b, o->unit->name->text);
  vb_bind_str(&b, o->period->name->text);
  vb_bind_str(&b, o->code->text);
  vb_bind_str(&b, status_word(t->status));
  if (t->has_num) {
    vb_bind_int(&b, t->num);
    vb_bind_int(&b, t->places);
  } else {
    vb_bind_null(&b);
    vb_bind_null(&b);
  }
  vb_bind_text(&b, t->text.n ? t->text.p : NULL, t->text.n);
  vb_bind_text(&b, v->note.text.n ? v->note.text.p : NULL, v->note.text.n);
  vb_bind_int(&b, src);
  vb_bind_int(&b, at.line);
  vb_bind_int(&b, at.column);
  vb_bind_str(&b, at.cell);
  vb_bind_text(&b, v->value.text.n && !worded ? v->value.text.p : NULL, v->value.text.n);
  vb_bind_int(&b, o->delivery->id);
  return b.rc == SQLITE_OK ? vb_lib_run(s, st) : b.rc;
}

static vb_status value_take(vb_diag *d, vb_store *s, const vb_value_in *v, const owner *o)
{
  const vb_indicator *i = o->code->ind;
  vb_wanted w = {i->type, i->places, i->code, i->type == VB_TYPE_CODE ? vb_store_list(s, i->form, i->codes) : NULL,
                 vb_cell_place(&v->value, v->file, v->line)};
  vb_typed t;
  bool failed = false;
  vb_arena_mark m = vb_arena_save(s->scratch);
  vb_status status = vb_convert(d, s, &w, &v->value, &t);
  if (status == VB_OK && !first_time(s, o->delivery, o->code->index, &failed))
    status = post_twice(d, s, o, vb_cell_place(&v->code, v->file, v->line));
  if (failed)
    status = VB_NOMEM;
  if (status == VB_OK && (t.status != VB_MISSING || v->note.text.n > 0)) {
    int rc = value_write(s, o, v, &t);
    status = rc == SQLITE_OK ? VB_OK : vb_lib_fail(d, s, rc);
  }
  vb_arena_restore(s->scratch, m);
  return status;
}

/* Unit, period and delivery of a value. */
static vb_status owner_of(vb_diag *d, vb_store *s, const vb_value_in *v, const vb_delivery *from, owner *o)
{
  vb_group *g = vb_unit_group(s, o->unit, o->period);
  if (!g)
    return VB_NOMEM;
  vb_status status = group_check(d, o->unit, g, vb_cell_place(v->unit.text.n ? &v->unit : &v->code, v->file, v->line));
  if (status != VB_OK)
    return status;
  o->group = g;
  int rc = delivery_of(s, o->unit, g, from, &o->delivery);
  return rc == SQLITE_OK ? VB_OK : vb_lib_fail(d, s, rc);
}

vb_status vb_store_add_value(vb_diag *d, vb_store *s, const vb_value_in *v, const vb_delivery *from, const char *default_unit)
{
  static const vb_delivery none = {NULL, {0, 0, 0}, 0, NULL};
  owner o = {.unit = NULL};
  if (!from)
    from = &none;
  vb_status status = vb_load_ready(d, s);
  vb_diag_about(d, NULL, NULL, NULL);
  if (status == VB_OK)
    status = unit_of(d, s, v, default_unit, &o.unit);
  if (status != VB_OK || !o.unit)
    return status == VB_OK ? VB_BAD : status;
  vb_diag_about(d, o.unit->name->text, NULL, NULL);
  status = period_of(d, s, v, from, &o.period);
  if (status == VB_OK)
    status = owner_of(d, s, v, from, &o);
  if (status == VB_OK) {
    vb_diag_about(d, o.unit->name->text, NULL, VB_TXT(v->code.text));
    status = code_of(d, s, v, &o.code);
  }
  if (status == VB_OK)
    status = value_take(d, s, v, &o);
  vb_diag_about(d, NULL, NULL, NULL);
  return status;
}
