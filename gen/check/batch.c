/* batch.c: what shows only between documents and between units. Called by the room batch through vb_check_batch. */
#include <stdlib.h>
#include <string.h>

#include "check/check_int.h"

enum { SAME_FIGURES = 10 }; /* fewer figures that are not zero can agree by chance */

/* A number as it counts: digits alone; 0 for none or another form (12a). */
static int64_t number_of(const vb_check_number *m) {
  vb_dec v;
  return m->number != NULL && vb_number_parse(vb_span_of(m->number), VB_NUM_COUNT, &v) == VB_NUM_VALUE && v.places == 0 ? v.n : 0;
}

/* One document of a unit that counts in a series, and the one that it is told against. */
typedef struct numbered { const vb_check_number *m; int64_t number; const vb_check_number *against; } numbered;

static int by_series(const vb_check_number *a, const vb_check_number *b) {
  int c = strcmp(a->symbol, b->symbol);
  return c != 0 ? c : a->date.year - b->date.year;
}

/* Series, number; documents with the same number in the order of the job. */
static int by_number(const void *x, const void *y) {
  const numbered *a = x, *b = y;
  int c = by_series(a->m, b->m);
  if (c == 0 && a->number != b->number) c = a->number < b->number ? -1 : 1;
  return c != 0 ? c : a->m < b->m ? -1 : a->m > b->m;
}

/* In the order of the job, by the earlier of the two. */
static int by_place(const void *x, const void *y) {
  const numbered *a = x, *b = y;
  const vb_check_number *p = a->against < a->m ? a->against : a->m, *q = b->against < b->m ? b->against : b->m;
  const vb_check_number *r = a->against < a->m ? a->m : a->against, *s = b->against < b->m ? b->m : b->against;
  return p != q ? (p < q ? -1 : 1) : r < s ? -1 : r > s;
}

/* A number may be given once, and a later number on a later day. Each document is told against one other: the first with its number, else of
 * the lower ones that with the latest date. */
static void find_against(numbered *list, size_t n) {
  const vb_check_number *latest = NULL;
  size_t first = 0;
  for (size_t i = 0; i < n; i++) {
    if (i > 0 && by_series(list[i].m, list[first].m) == 0 && list[i].number == list[first].number) {
      list[i].against = list[first].m;
      continue;
    }
    if (i > 0 && by_series(list[i].m, list[i - 1].m) != 0) latest = NULL;
    else
      for (size_t k = first; k < i; k++) /* those that had the number before */
        if (latest == NULL || vb_date_cmp(list[k].m->date, latest->date) > 0) latest = list[k].m;
    first = i;
    if (latest != NULL && vb_date_cmp(latest->date, list[i].m->date) > 0) list[i].against = latest;
  }
}

static vb_status tell(vb_diag *d, const numbered *x) {
  const vb_check_number *a = x->m < x->against ? x->m : x->against, *b = a == x->m ? x->against : x->m;
  char da[11], db[11];
  vb_diag_about(d, b->unit, b->document, NULL);
  if (number_of(a) == number_of(b)) return VB_FIND(d, VB_CHECK_G01, VB_ERROR, VB_NOWHERE, b->number, b->symbol, VB_NUM(b->date.year), a->document);
  vb_date_print_iso(x->against->date, da);
  vb_date_print_iso(x->m->date, db);
  return VB_FIND(d, VB_CHECK_G02, VB_WARNING, VB_NOWHERE, x->against->number, da, x->m->number, db);
}

static vb_status check_unit(vb_diag *d, numbered *list, const vb_check_number *m, size_t n) {
  vb_status s = VB_OK;
  size_t counted = 0, told = 0;
  for (size_t i = 0; i < n; i++) {
    int64_t number = number_of(&m[i]);
    if (number != 0 && m[i].date.year != 0 && m[i].symbol != NULL) list[counted++] = (numbered){&m[i], number, NULL};
  }
  qsort(list, counted, sizeof *list, by_number);
  find_against(list, counted);
  for (size_t i = 0; i < counted; i++)
    if (list[i].against != NULL) list[told++] = list[i];
  qsort(list, told, sizeof *list, by_place);
  for (size_t i = 0; i < told; i++) s = vb_worse(s, tell(d, &list[i]));
  return s;
}

/* Documents of one unit stand together: tasks come in the order units × documents. */
static vb_status check_numbers(vb_diag *d, const vb_check_number *m, size_t n) {
  vb_arena *a = vb_arena_new(0);
  vb_status s = a == NULL ? VB_NOMEM : VB_OK;
  for (size_t i = 0, k; i < n && s < VB_SYSTEM; i = k) {
    for (k = i + 1; k < n && strcmp(m[k].unit, m[i].unit) == 0; k++) continue;
    if (k == i + 1) continue;
    vb_arena_reset(a);
    numbered *list = VB_NEW_ARRAY(a, numbered, k - i);
    s = list == NULL ? VB_NOMEM : vb_worse(s, check_unit(d, list, &m[i], k - i));
  }
  vb_arena_free(a);
  return s;
}

static vb_status figures_of(vb_diag *d, vb_query *q, const char *unit, const char *period, vb_buf *key, size_t *count) {
  vb_buf_clear(key);
  *count = 0;
  vb_status s = vb_check_bind(q, unit, period);
  while (s == VB_OK && (s = vb_query_step(d, q)) == VB_OK) {
    vb_buf_span(key, vb_query_value(q, 0).text);
    vb_buf_char(key, '=');
    vb_buf_int(key, vb_query_value(q, 1).integer);
    vb_buf_char(key, ';');
    ++*count;
  }
  vb_query_reset(q);
  return s == VB_DONE ? key->failed ? VB_NOMEM : VB_OK : s;
}

typedef struct comparing { vb_diag *d; vb_query *q; const char *period; vb_buf own, other; vb_map *seen; } comparing;

/* Units are known by a hash of their figures, which of a country are more than all else that is held; who has the same hash is read again. */
static vb_status compare_unit(comparing *c, const char *unit) {
  size_t count = 0, others = 0;
  vb_status s = figures_of(c->d, c->q, unit, c->period, &c->own, &count);
  if (s != VB_OK || count < SAME_FIGURES) return s;
  uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
  for (size_t i = 0; i < c->own.n; i++) hash = (hash ^ (unsigned char)c->own.p[i]) * UINT64_C(0x100000001b3);
  vb_span key = {(const char *)&hash, sizeof hash};
  const char *other = vb_map_get(c->seen, key);
  if (other == NULL) return vb_map_put(c->seen, key, (void *)(uintptr_t)unit) ? VB_OK : VB_NOMEM;
  s = figures_of(c->d, c->q, other, c->period, &c->other, &others);
  if (s != VB_OK || !vb_span_eq((vb_span){c->own.p, c->own.n}, (vb_span){c->other.p, c->other.n})) return s;
  vb_diag_about(c->d, unit, NULL, NULL);
  return VB_FIND(c->d, VB_CHECK_T09, VB_WARNING, VB_NOWHERE, VB_NUM(count), other);
}

static vb_status compare_units(comparing *c, const vb_check_number *m, size_t n) {
  vb_status s = VB_OK;
  vb_buf_init(&c->own);
  vb_buf_init(&c->other);
  for (size_t i = 0; i < n && s < VB_SYSTEM; i++)
    if (i == 0 || strcmp(m[i].unit, m[i - 1].unit) != 0) s = vb_worse(s, compare_unit(c, m[i].unit));
  vb_buf_free(&c->own);
  vb_buf_free(&c->other);
  return s;
}

vb_status vb_check_batch(vb_diag *d, vb_store *store, const char *period, const vb_check_number *documents, size_t n) {
  comparing c = {.d = d, .period = period, .seen = vb_map_new()};
  vb_status s = c.seen == NULL ? VB_NOMEM : check_numbers(d, documents, n);
  vb_diag_about(d, NULL, NULL, NULL);
  if (s < VB_SYSTEM) s = vb_worse(s, vb_query_prepare(d, store, VB_LIT("SELECT code, num FROM value WHERE unit = :unit AND period = :period AND num <> 0 ORDER BY code"), VB_NOWHERE, &c.q));
  if (s < VB_SYSTEM && c.q != NULL) s = vb_worse(s, compare_units(&c, documents, n));
  vb_diag_about(d, NULL, NULL, NULL);
  vb_query_free(c.q);
  vb_map_free(c.seen);
  return s;
}
