/* batch.c: what shows only between documents and between units. Called by the room batch through vb_check_batch. */
#include <string.h>

#include "check/check_int.h"

enum { SAME_FIGURES = 10 }; /* fewer figures that are not zero can agree by chance */

static void about(vb_diag *d, const vb_meta *m) { vb_diag_about(d, m->unit, m->id, NULL); }

/* A number as it counts: digits alone; 0 for none or another form (12a). */
static int64_t number_of(const vb_meta *m) {
  vb_dec v;
  return m->number != NULL && vb_number_parse(vb_span_of(m->number), VB_NUM_COUNT, &v) == VB_NUM_VALUE && v.places == 0 ? v.n : 0;
}

static bool same_series(const vb_meta *a, const vb_meta *b) {
  return a->date.year == b->date.year && a->symbol != NULL && b->symbol != NULL && strcmp(a->unit, b->unit) == 0 && strcmp(a->symbol, b->symbol) == 0;
}

static vb_status compare(vb_diag *d, const vb_meta *a, const vb_meta *b) {
  int64_t x = number_of(a), y = number_of(b);
  char da[11], db[11];
  if (x == 0 || y == 0 || a->date.year == 0 || !same_series(a, b)) return VB_OK;
  about(d, b);
  if (x == y) return VB_FIND(d, VB_CHECK_G01, VB_ERROR, VB_NOWHERE, b->number, b->symbol, VB_NUM(b->date.year), a->id);
  const vb_meta *low = x < y ? a : b, *high = x < y ? b : a;
  if (vb_date_cmp(low->date, high->date) <= 0) return VB_OK;
  vb_date_print_iso(low->date, da);
  vb_date_print_iso(high->date, db);
  return VB_FIND(d, VB_CHECK_G02, VB_WARNING, VB_NOWHERE, low->number, da, high->number, db);
}

/* Documents of one unit stand together: tasks come in the order units × documents. */
static vb_status check_numbers(vb_diag *d, const vb_meta *const *m, size_t n) {
  vb_status s = VB_OK;
  for (size_t i = 0; i < n; i++)
    for (size_t k = i + 1; k < n && strcmp(m[k]->unit, m[i]->unit) == 0; k++) s = vb_worse(s, compare(d, m[i], m[k]));
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

static vb_status compare_units(vb_diag *d, vb_query *q, const char *period, const vb_meta *const *m, size_t n, vb_map *seen) {
  vb_buf key;
  vb_status s = VB_OK;
  vb_buf_init(&key);
  for (size_t i = 0; i < n && s < VB_SYSTEM; i++) {
    size_t count = 0;
    if (i > 0 && strcmp(m[i]->unit, m[i - 1]->unit) == 0) continue;
    s = vb_worse(s, figures_of(d, q, m[i]->unit, period, &key, &count));
    if (s >= VB_SYSTEM || count < SAME_FIGURES) continue;
    const char *other = vb_map_get(seen, (vb_span){key.p, key.n});
    vb_diag_about(d, m[i]->unit, NULL, NULL);
    if (other != NULL) s = vb_worse(s, VB_FIND(d, VB_CHECK_T09, VB_WARNING, VB_NOWHERE, VB_NUM(count), other));
    else if (!vb_map_put(seen, (vb_span){key.p, key.n}, (void *)(uintptr_t)m[i]->unit)) s = VB_NOMEM;
  }
  vb_buf_free(&key);
  return s;
}

vb_status vb_check_batch(vb_diag *d, vb_store *store, const char *period, const vb_meta *const *documents, size_t n) {
  vb_query *q = NULL;
  vb_map *seen = vb_map_new();
  vb_status s = seen == NULL ? VB_NOMEM : check_numbers(d, documents, n);
  vb_diag_about(d, NULL, NULL, NULL);
  if (s < VB_SYSTEM) s = vb_worse(s, vb_query_prepare(d, store, VB_LIT("SELECT code, num FROM value WHERE unit = :unit AND period = :period AND num <> 0 ORDER BY code"), VB_NOWHERE, &q));
  if (s < VB_SYSTEM && q != NULL) s = vb_worse(s, compare_units(d, q, period, documents, n, seen));
  vb_diag_about(d, NULL, NULL, NULL);
  vb_query_free(q);
  vb_map_free(seen);
  return s;
}
