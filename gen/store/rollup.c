/* rollup: totals of all indicators over the units below a unit, from one pass over their values.
 *
 * Every figure that a unit below has given counts once: a district that sends its own figures adds them to those of its communes. A ratio
 * takes the units that gave both its counts, so that a missing denominator does not bend it.
 */
#include "store/store_int.h"

#include <sqlite3.h>
#include <string.h>

void vb_rollup_forget(vb_store *s)
{
  for (int i = 0; i < VB_ROLLUPS; i++) {
    vb_mem_free(s->rollups[i].totals);
    s->rollups[i] = (vb_rollup){NULL, NULL, NULL, 0};
  }
}

/* ---- one figure --------------------------------------------------------------------------------------------- */

vb_wide vb_wide_divide(vb_wide a, vb_wide b)
{
  vb_wide q = a / b, r = a % b, size = b < 0 ? -b : b;
  if (r < 0)
    r = -r;
  if (r >= size - r)
    q += (a < 0) == (b < 0) ? 1 : -1;
  return q;
}

static bool rule_is(const vb_code *code, const char *rule)
{
  return code->ind->rollup && strcmp(code->ind->rollup, rule) == 0;
}

bool vb_rollup_ruled(const vb_code *code)
{
  return rule_is(code, "sum") || rule_is(code, "ratio") || rule_is(code, "min") || rule_is(code, "max");
}

/* above / below × scale at the indicator's places; above and below are sums at the places of their own indicators. */
static vb_rolled ratio_of(vb_store *s, const vb_indicator *i, const vb_total *t, vb_wide *out)
{
  static const int64_t powers[VB_DEC_PLACES_MAX + 1] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};
  const vb_code *num = vb_store_code(s, vb_span_of(i->num)), *den = vb_store_code(s, vb_span_of(i->den));
  if (!num || !den)
    return VB_ROLLED_PARTS;
  if (t->pairs == 0 || t->below == 0)
    return VB_ROLLED_NONE;
  int scale = i->scale > 0 ? i->scale : i->type == VB_TYPE_PERCENT ? 100 : 1;
  vb_wide above = t->above, below = t->below;
  if (__builtin_mul_overflow(above, (vb_wide)powers[den->ind->places] * scale, &above) || __builtin_mul_overflow(above, (vb_wide)powers[i->places], &above) ||
      __builtin_mul_overflow(below, (vb_wide)powers[num->ind->places], &below))
    return VB_ROLLED_OVERFLOW;
  *out = vb_wide_divide(above, below);
  return VB_ROLLED;
}

vb_rolled vb_rollup_figure(vb_store *s, const vb_code *code, const vb_total *t, int64_t *n)
{
  vb_wide x = rule_is(code, "sum") ? t->sum : rule_is(code, "min") ? t->min : t->max;
  vb_rolled how = vb_rollup_ruled(code) && t->count > 0 ? VB_ROLLED : VB_ROLLED_NONE;
  if (rule_is(code, "ratio"))
    how = ratio_of(s, code->ind, t, &x);
  if (how == VB_ROLLED && (x > INT64_MAX || x < INT64_MIN))
    how = VB_ROLLED_OVERFLOW;
  if (how == VB_ROLLED)
    *n = (int64_t)x;
  return how;
}

/* ---- totals ------------------------------------------------------------------------------------------------- */

/* The figures of one unit, by code index. */
typedef struct figures { int64_t *n; uint32_t *of; uint32_t unit; } figures; /* of[i] == unit: n[i] is this unit's */

static void count(vb_total *t, int64_t n)
{
  t->min = t->count == 0 || n < t->min ? n : t->min;
  t->max = t->count == 0 || n > t->max ? n : t->max;
  t->sum += n;
  t->count++;
}

/* Adds the pairs of counts of a unit to the ratios that ask for them. */
static void pairs_add(vb_store *s, vb_total *totals, const figures *f)
{
  for (size_t i = 0; i < s->n_codes; i++) {
    const vb_indicator *ind = s->by_index[i]->ind;
    if (!ind->num || !ind->den)
      continue;
    const vb_code *num = vb_store_code(s, vb_span_of(ind->num)), *den = vb_store_code(s, vb_span_of(ind->den));
    if (!num || !den || f->of[num->index] != f->unit || f->of[den->index] != f->unit)
      continue;
    totals[i].above += f->n[num->index];
    totals[i].below += f->n[den->index];
    totals[i].pairs++;
  }
}

static int pass(vb_store *s, sqlite3_stmt *st, vb_total *totals, figures *f, vb_buf *unit)
{
  int rc;
  while ((rc = vb_lib_step(s, st)) == SQLITE_ROW) {
    vb_span name = vb_column_span(st, 0);
    if (f->unit == 0 || !vb_span_eq(name, (vb_span){unit->p, unit->n})) {
      if (f->unit > 0)
        pairs_add(s, totals, f);
      f->unit++;
      vb_buf_clear(unit);
      vb_buf_span(unit, name);
      if (unit->failed)
        return SQLITE_NOMEM;
    }
    const vb_code *c = vb_store_code(s, vb_column_span(st, 1));
    if (!c)
      continue;
    f->n[c->index] = sqlite3_column_int64(st, 2);
    f->of[c->index] = f->unit;
    count(&totals[c->index], f->n[c->index]);
  }
  if (f->unit > 0)
    pairs_add(s, totals, f);
  return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int totals_make(vb_store *s, const vb_name *unit, const vb_name *period, vb_total *totals)
{
  int rc;
  sqlite3_stmt *st = vb_lib_stmt(s, VB_STMT_ROLLUP_ALL, &rc);
  if (!st)
    return rc;
  vb_arena_mark m = vb_arena_save(s->scratch);
  figures f = {VB_NEW_ARRAY(s->scratch, int64_t, s->n_codes + 1), VB_NEW_ARRAY(s->scratch, uint32_t, s->n_codes + 1), 0};
  vb_buf name;
  vb_buf_init(&name);
  vb_binder b = vb_bind_start(st);
  vb_bind_str(&b, unit->text);
  vb_bind_str(&b, period->text);
  rc = !f.n || !f.of ? SQLITE_NOMEM : b.rc == SQLITE_OK ? pass(s, st, totals, &f, &name) : b.rc;
  (void)sqlite3_reset(st);
  vb_buf_free(&name);
  vb_arena_restore(s->scratch, m);
  return rc;
}

int vb_rollup_get(vb_store *s, const vb_name *unit, const vb_name *period, const vb_total **totals)
{
  for (int i = 0; i < VB_ROLLUPS; i++)
    if (s->rollups[i].totals && s->rollups[i].unit == unit && s->rollups[i].period == period) {
      *totals = s->rollups[i].totals;
      return SQLITE_OK;
    }
  vb_total *made = vb_mem_zalloc((s->n_codes + 1) * sizeof *made);
  int rc = made ? totals_make(s, unit, period, made) : SQLITE_NOMEM;
  if (rc != SQLITE_OK) {
    vb_mem_free(made);
    return rc;
  }
  vb_rollup *r = &s->rollups[s->next_rollup];
  s->next_rollup = (s->next_rollup + 1) % VB_ROLLUPS;
  vb_mem_free(r->totals);
  *r = (vb_rollup){unit, period, made, s->n_codes};
  *totals = made;
  return SQLITE_OK;
}
