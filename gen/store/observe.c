/* observe: values as the builders of documents ask for them: those of the current unit from memory; and the log of what was read.
 *
 * Invariants
 *  1. A page holds all values of the current unit in one period, by vb_code.index; it is read when a value of it is first asked for.
 *  2. The log holds an entry once; entries keep their order. log_slots is a table of entry numbers + 1, at most half full.
 */
#include "store/store_int.h"

#include <sqlite3.h>
#include <string.h>

/* ---- pages -------------------------------------------------------------------------------------------------- */

static void page_drop(vb_page *p)
{
  if (p->arena)
    vb_arena_reset(p->arena);
  p->unit = p->period = NULL;
  p->obs = NULL;
  p->n = 0;
}

void vb_observe_forget(vb_store *s)
{
  for (int i = 0; i < VB_PAGES; i++)
    page_drop(&s->pages[i]);
}

vb_status vb_store_scope(vb_store *s, const char *unit, const char *period)
{
  const vb_name *u = unit ? vb_store_name(s, vb_span_of(unit)) : NULL, *p = period ? vb_store_name(s, vb_span_of(period)) : NULL;
  if ((unit && !u) || (period && !p))
    return VB_NOMEM;
  if (u != s->scope_unit)
    vb_observe_forget(s);
  s->scope_unit = u;
  s->scope_period = p;
  return VB_OK;
}

void vb_store_roll_up(vb_store *s, bool on)
{
  if (s->roll_up != on)
    vb_observe_forget(s);
  s->roll_up = on;
}

static vb_value_status status_of(vb_span word)
{
  return vb_span_is(word, "reported") ? VB_REPORTED : vb_span_is(word, "dash") ? VB_ZERO_DASH : vb_span_is(word, "na") ? VB_NOT_APPLICABLE : VB_MISSING;
}

/* A row of OBSERVE_UNIT or OBSERVE_ONE. */
static bool obs_read(sqlite3_stmt *st, vb_arena *a, vb_obs *o)
{
  bool failed = false;
  *o = (vb_obs){.present = true, .status = status_of(vb_column_span(st, 1)), .has_num = sqlite3_column_type(st, 2) == SQLITE_INTEGER};
  o->num = sqlite3_column_int64(st, 2);
  o->places = sqlite3_column_int(st, 3);
  o->text = vb_column_str(st, 4, a, &failed);
  o->note = vb_column_str(st, 5, a, &failed);
  o->src = sqlite3_column_int64(st, 6);
  o->line = (uint32_t)sqlite3_column_int64(st, 7);
  o->column = (uint32_t)sqlite3_column_int64(st, 8);
  o->cell = vb_column_str(st, 9, a, &failed);
  o->raw = vb_column_str(st, 10, a, &failed);
  return !failed;
}

/* Figures of the units below take the place of the unit's own; a note of the unit's own stays. */
static int page_roll_up(vb_store *s, const vb_name *unit, const vb_name *period, vb_obs *obs)
{
  const vb_total *totals;
  int rc = vb_rollup_get(s, unit, period, &totals);
  for (size_t i = 0; rc == SQLITE_OK && i < s->n_codes; i++) {
    int64_t n;
    const vb_code *c = s->by_index[i];
    vb_rolled how = vb_rollup_figure(s, c, &totals[i], &n);
    if (how == VB_ROLLED)
      obs[i] = (vb_obs){.status = VB_REPORTED, .present = true, .has_num = true, .rolled = true, .num = n, .places = c->ind->places, .note = obs[i].note};
    else if (how == VB_ROLLED_OVERFLOW)
      rc = SQLITE_TOOBIG;
  }
  return rc;
}

static int page_fill(vb_store *s, vb_page *p, const vb_name *unit, const vb_name *period)
{
  int rc;
  page_drop(p);
  sqlite3_stmt *st = vb_lib_stmt(s, VB_STMT_OBSERVE_UNIT, &rc);
  if (!st)
    return rc;
  vb_obs *obs = VB_NEW_ARRAY(p->arena, vb_obs, s->n_codes ? s->n_codes : 1);
  if (!obs)
    return SQLITE_NOMEM;
  vb_binder b = vb_bind_start(st);
  vb_bind_str(&b, unit->text);
  vb_bind_str(&b, period->text);
  rc = b.rc == SQLITE_OK ? SQLITE_ROW : b.rc;
  while (rc == SQLITE_ROW && (rc = vb_lib_step(s, st)) == SQLITE_ROW) {
    const vb_code *c = vb_store_code(s, vb_column_span(st, 0));
    if (c && !obs_read(st, p->arena, &obs[c->index]))
      rc = SQLITE_NOMEM;
  }
  (void)sqlite3_reset(st);
  rc = rc != SQLITE_DONE ? rc : s->roll_up ? page_roll_up(s, unit, period, obs) : SQLITE_OK;
  if (rc != SQLITE_OK)
    return rc;
  *p = (vb_page){unit, period, obs, s->n_codes, p->arena};
  return SQLITE_OK;
}

static int page_of(vb_store *s, const vb_name *unit, const vb_name *period, vb_page **out)
{
  for (int i = 0; i < VB_PAGES; i++)
    if (s->pages[i].unit == unit && s->pages[i].period == period) {
      *out = &s->pages[i];
      return SQLITE_OK;
    }
  *out = &s->pages[s->next_page];
  s->next_page = (s->next_page + 1) % VB_PAGES;
  return page_fill(s, *out, unit, period);
}

static int lone_read(vb_store *s, const vb_name *unit, const vb_name *period, const vb_code *code, vb_obs *o)
{
  int rc;
  *o = (vb_obs){.status = VB_MISSING};
  sqlite3_stmt *st = vb_lib_stmt(s, VB_STMT_OBSERVE_ONE, &rc);
  if (!st)
    return rc;
  vb_binder b = vb_bind_start(st);
  vb_bind_str(&b, unit->text);
  vb_bind_str(&b, period->text);
  vb_bind_str(&b, code->text);
  rc = b.rc == SQLITE_OK ? vb_lib_step(s, st) : b.rc;
  if (rc == SQLITE_ROW && !obs_read(st, s->lone, o))
    rc = SQLITE_NOMEM;
  (void)sqlite3_reset(st);
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int vb_observe_find(vb_store *s, const vb_name *unit, const vb_name *period, const vb_code *code, const vb_obs **obs)
{
  static const vb_obs absent = {.status = VB_MISSING};
  if (unit == s->scope_unit) {
    vb_page *p;
    int rc = page_of(s, unit, period, &p);
    *obs = rc == SQLITE_OK && code->index < p->n ? &p->obs[code->index] : &absent;
    return rc;
  }
  vb_arena_reset(s->lone);
  vb_obs *o = VB_NEW(s->lone, vb_obs);
  *obs = o ? o : &absent;
  return o ? lone_read(s, unit, period, code, o) : SQLITE_NOMEM;
}

/* ---- the log ------------------------------------------------------------------------------------------------ */

void vb_store_trace_start(vb_store *s)
{
  if (s->n_log > 0)
    memset(s->log_slots, 0, s->n_log_slots * sizeof *s->log_slots);
  s->n_log = s->log_more = 0;
}

size_t vb_store_sources_more(const vb_store *s)
{
  return s->log_more;
}

static bool entry_same(const vb_log_entry *a, const vb_log_entry *b)
{
  return a->kind == b->kind && a->unit == b->unit && a->period == b->period && a->code == b->code && a->row == b->row;
}

static uint64_t entry_hash(const vb_log_entry *e)
{
  uint64_t h = (uint64_t)e->row * UINT64_C(0x9E3779B97F4A7C15);
  h ^= ((uint64_t)(e->unit ? e->unit->id : 0) << 32) + (uint64_t)(e->period ? e->period->id : 0) * 0x10001 + (uint64_t)e->kind;
  h ^= (uint64_t)(e->code ? e->code->index + 1 : 0) << 20;
  h *= UINT64_C(0xD6E8FEB86659FD93);
  return h ^ (h >> 29);
}

static size_t slot_of(const vb_store *s, const vb_log_entry *e)
{
  size_t mask = s->n_log_slots - 1, i = (size_t)entry_hash(e) & mask;
  while (s->log_slots[i] && !entry_same(&s->log[s->log_slots[i] - 1], e))
    i = (i + 1) & mask;
  return i;
}

static bool log_grow(vb_store *s)
{
  size_t cap = s->cap_log ? 2 * s->cap_log : 32;
  vb_log_entry *log = vb_mem_resize(s->log, cap * sizeof *log);
  if (!log)
    return false;
  s->log = log;
  uint32_t *slots = vb_mem_zalloc(2 * cap * sizeof *slots);
  if (!slots)
    return false;
  vb_mem_free(s->log_slots);
  s->log_slots = slots;
  s->n_log_slots = 2 * cap;
  s->cap_log = cap;
  for (size_t i = 0; i < s->n_log; i++)
    s->log_slots[slot_of(s, &s->log[i])] = (uint32_t)i + 1;
  return true;
}

int vb_log_add(vb_store *s, vb_log_entry e)
{
  if (s->n_log == s->cap_log && s->n_log < VB_SOURCES_MAX && !log_grow(s))
    return SQLITE_NOMEM;
  size_t i = slot_of(s, &e);
  if (s->log_slots[i])
    return SQLITE_OK;
  if (s->n_log == VB_SOURCES_MAX) {
    s->log_more++;
    return SQLITE_OK;
  }
  s->log[s->n_log++] = e;
  s->log_slots[i] = (uint32_t)s->n_log;
  return SQLITE_OK;
}

/* ---- what the log says -------------------------------------------------------------------------------------- */

typedef struct listing {
  vb_diag *d;
  vb_store *s;
  vb_arena *a;
  vb_source_ref *refs;
  size_t n, more;
  bool failed;
} listing;

static const char *copy(listing *l, const char *text)
{
  if (!text)
    return NULL;
  const char *t = vb_arena_str(l->a, text, strlen(text));
  if (!t)
    l->failed = true;
  return t;
}

static vb_place place_of(listing *l, int64_t src, uint32_t line, uint32_t column, const char *cell)
{
  int rc;
  const char *file = vb_store_file_name(l->s, src, &rc);
  l->failed |= rc != SQLITE_OK;
  return (vb_place){file ? vb_diag_file(l->d, file) : NULL, line, column, copy(l, cell)};
}

static vb_source_ref *ref_new(listing *l)
{
  if (l->n == VB_SOURCES_MAX) {
    l->more++;
    return NULL;
  }
  return &l->refs[l->n++];
}

static int list_units(listing *l, const vb_log_entry *e, const char *code)
{
  int rc;
  sqlite3_stmt *st = vb_lib_stmt(l->s, VB_STMT_ROLLUP_ONE, &rc);
  if (!st)
    return rc;
  vb_binder b = vb_bind_start(st);
  vb_bind_str(&b, e->unit->text);
  vb_bind_str(&b, e->period->text);
  vb_bind_str(&b, code);
  rc = b.rc == SQLITE_OK ? SQLITE_ROW : b.rc;
  while (rc == SQLITE_ROW && (rc = vb_lib_step(l->s, st)) == SQLITE_ROW) {
    vb_source_ref *r = ref_new(l);
    if (!r)
      continue;
    r->unit = vb_column_str(st, 0, l->a, &l->failed);
    r->period = copy(l, e->period->text);
    r->code = copy(l, code);
    r->raw = vb_column_str(st, 1, l->a, &l->failed);
    r->at = place_of(l, sqlite3_column_int64(st, 2), (uint32_t)sqlite3_column_int64(st, 3), (uint32_t)sqlite3_column_int64(st, 4),
                     (const char *)sqlite3_column_text(st, 5));
  }
  (void)sqlite3_reset(st);
  return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int list_rollup(listing *l, const vb_log_entry *e)
{
  const vb_indicator *i = e->code->ind;
  if (!i->rollup || strcmp(i->rollup, "ratio") != 0 || !i->num || !i->den)
    return list_units(l, e, e->code->text);
  int rc = list_units(l, e, i->num);
  return rc == SQLITE_OK ? list_units(l, e, i->den) : rc;
}

static int list_value(listing *l, const vb_log_entry *e)
{
  const vb_obs *o;
  int rc = vb_observe_find(l->s, e->unit, e->period, e->code, &o);
  if (rc == SQLITE_OK && o->rolled)
    return list_rollup(l, e);
  vb_source_ref *r = rc == SQLITE_OK ? ref_new(l) : NULL;
  if (r)
    *r = (vb_source_ref){copy(l, e->unit->text), copy(l, e->period->text), copy(l, e->code->text), copy(l, o->raw ? o->raw : o->text),
                         place_of(l, o->src, o->line, o->column, o->cell)};
  return rc;
}

static vb_status list_row(listing *l, const vb_log_entry *e)
{
  vb_source_ref *r = ref_new(l);
  const char *raw;
  if (!r)
    return VB_OK;
  *r = (vb_source_ref){NULL, NULL, NULL, NULL, VB_NOWHERE};
  return vb_store_row_place(l->d, l->s, e->row, NULL, &r->at, l->a, &raw);
}

vb_status vb_store_sources(vb_diag *d, vb_store *s, vb_arena *a, const vb_source_ref **refs, size_t *n)
{
  listing l = {.d = d, .s = s, .a = a};
  bool units = s->roll_up;
  *refs = NULL;
  *n = 0;
  for (size_t i = 0; i < s->n_log; i++)
    units |= s->log[i].kind == VB_LOG_ROLLUP;
  if (s->n_log == 0)
    return VB_OK;
  l.refs = VB_NEW_ARRAY(a, vb_source_ref, units ? VB_SOURCES_MAX : s->n_log);
  if (!l.refs)
    return VB_NOMEM;
  for (size_t i = 0; i < s->n_log && !l.failed; i++) {
    const vb_log_entry *e = &s->log[i];
    vb_status status = VB_OK;
    if (e->kind == VB_LOG_ROW) {
      status = list_row(&l, e);
    } else {
      int rc = e->kind == VB_LOG_VALUE ? list_value(&l, e) : list_rollup(&l, e);
      status = rc == SQLITE_OK ? VB_OK : vb_lib_fail(d, s, rc);
    }
    if (status != VB_OK)
      return status;
  }
  s->log_more += l.more;
  for (size_t i = 0; i < l.n; i++) {
    vb_tell_same(s, VB_TOLD_UNIT, l.refs[i].unit);
    vb_tell_same(s, VB_TOLD_PERIOD, l.refs[i].period);
    vb_tell_str(s, l.refs[i].code);
    vb_tell_str(s, l.refs[i].raw);
    vb_tell_place(s, &l.refs[i].at);
  }
  vb_tell_number(s, (int64_t)s->log_more);
  *refs = l.refs;
  *n = l.n;
  return l.failed ? VB_NOMEM : VB_OK;
}

/* ---- one observation ---------------------------------------------------------------------------------------- */

static const vb_name *name_or(vb_store *s, const char *text, const vb_name *scope)
{
  if (!text)
    return scope;
  if (scope && strcmp(text, scope->text) == 0)
    return scope;
  return vb_store_name(s, vb_span_of(text));
}

static void tell_observation(vb_store *s, const vb_observation *o)
{
  vb_tell_number(s, o->status);
  vb_tell_number(s, o->num.n);
  vb_tell_number(s, o->num.places);
  vb_tell_str(s, o->text);
  vb_tell_str(s, o->note);
  vb_tell_str(s, o->raw);
  vb_tell_place(s, &o->at);
}

vb_status vb_store_observe(vb_diag *d, vb_store *s, vb_arena *a, const char *unit, const char *period, vb_span code, vb_observation *out)
{
  const vb_obs *o;
  *out = (vb_observation){.status = VB_MISSING};
  const vb_code *c = vb_store_code(s, code);
  const vb_name *u = name_or(s, unit, s->scope_unit), *p = name_or(s, period, s->scope_period);
  if (!c)
    return VB_OK;
  if (!u || !p)
    return (unit && !u) || (period && !p) ? VB_NOMEM : VB_OK;
  int rc = vb_observe_find(s, u, p, c, &o);
  if (rc == SQLITE_OK)
    rc = vb_log_add(s, (vb_log_entry){VB_LOG_VALUE, u, p, c, 0});
  if (rc != SQLITE_OK)
    return vb_lib_fail(d, s, rc);
  vb_tell_number(s, o->present);
  if (!o->present)
    return VB_OK;
  listing l = {.d = d, .s = s, .a = a};
  out->status = o->status;
  int places = o->places >= 0 && o->places < c->ind->places ? o->places : c->ind->places;
  if (o->has_num && !vb_dec_rescale((vb_dec){o->num, c->ind->places}, places, &out->num))
    out->num = (vb_dec){o->num, c->ind->places};
  out->text = copy(&l, o->text);
  out->note = copy(&l, o->note);
  out->raw = copy(&l, o->raw ? o->raw : o->text);
  out->at = place_of(&l, o->src, o->line, o->column, o->cell);
  tell_observation(s, out);
  return l.failed ? VB_NOMEM : VB_OK;
}
