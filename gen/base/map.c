/* String maps over uthash, and the nearest key for "did you mean". Any room may use them; no other file includes uthash.
 *
 * Invariants
 *  1. Entries and keys live in the map's own arena and die with it: there is no removal of one key.
 *  2. uthash allocates through vb_mem_*, and reports an allocation that fails instead of ending the program.
 *  3. A key is hashed once a call, by vb_span_hash: uthash's own goes byte by byte.
 */
#include "base/base.h"

#include <limits.h>
#include <string.h>

#define HASH_NONFATAL_OOM 1
#define uthash_malloc(n) vb_mem_alloc(n)
#define uthash_free(p, n) vb_mem_free(p)
#define uthash_nonfatal_oom(entry) (added = false)
#define HASH_FUNCTION(p, n, out) ((out) = (unsigned)vb_span_hash((vb_span){(const char *)(p), (n)}))
#include <uthash.h>

#define MAP_BLOCK_BYTES 4096u /* most maps hold a few names */
#define NEAR_MAX 4u           /* more slips than this are another word */

typedef struct entry {
  UT_hash_handle hh;
  void *value;
  size_t n;
  char key[];
} entry;

struct vb_map {
  entry *head;
  vb_arena *arena;
};

vb_map *vb_map_new(void)
{
  vb_map *m = vb_mem_zalloc(sizeof *m);
  if (m && !(m->arena = vb_arena_new(MAP_BLOCK_BYTES))) {
    vb_mem_free(m);
    m = NULL;
  }
  return m;
}

void vb_map_free(vb_map *m)
{
  if (!m)
    return;
  HASH_CLEAR(hh, m->head);
  vb_arena_free(m->arena);
  vb_mem_free(m);
}

static unsigned hash_of(vb_span key)
{
  unsigned h;
  HASH_VALUE(key.p, key.n, h);
  return h;
}

static entry *find(const vb_map *m, vb_span key, unsigned hash)
{
  entry *e = NULL;
  const char *p = key.n ? key.p : "";
  if (key.n <= UINT_MAX)
    HASH_FIND_BYHASHVALUE(hh, m->head, p, (unsigned)key.n, hash, e);
  return e;
}

static bool insert(vb_map *m, entry *e, unsigned hash)
{
  bool added = true;
  HASH_ADD_KEYPTR_BYHASHVALUE(hh, m->head, e->key, (unsigned)e->n, hash, e);
  return added;
}

static entry *add(vb_map *m, vb_span key, unsigned hash, void *value)
{
  if (key.n > UINT_MAX)
    return NULL;
  vb_arena_mark mark = vb_arena_save(m->arena);
  entry *e = vb_arena_alloc(m->arena, sizeof *e + key.n + 1);
  if (!e)
    return NULL;
  e->value = value;
  e->n = key.n;
  if (key.n)
    memcpy(e->key, key.p, key.n);
  if (!insert(m, e, hash)) {
    vb_arena_restore(m->arena, mark);
    return NULL;
  }
  return e;
}

bool vb_map_put(vb_map *m, vb_span key, void *value)
{
  unsigned hash = hash_of(key);
  entry *e = find(m, key, hash);
  if (e)
    e->value = value;
  return e || add(m, key, hash, value);
}

void *vb_map_meet(vb_map *m, vb_span key, void *value)
{
  unsigned hash = hash_of(key);
  entry *e = find(m, key, hash);
  if (!e)
    e = add(m, key, hash, value);
  return e ? e->value : NULL;
}

void *vb_map_get(const vb_map *m, vb_span key)
{
  entry *e = m->head ? find(m, key, hash_of(key)) : NULL;
  return e ? e->value : NULL;
}

size_t vb_map_count(const vb_map *m)
{
  return HASH_COUNT(m->head);
}

void vb_map_each(const vb_map *m, void (*fn)(void *ctx, vb_span key, void *value), void *ctx)
{
  for (entry *e = m->head; e; e = e->hh.next)
    fn(ctx, (vb_span){e->key, e->n}, e->value);
}

static unsigned char fold(char c)
{
  return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static size_t least(size_t a, size_t b)
{
  return a < b ? a : b;
}

/* One row of the distance table: row[j] is the distance of the first i bytes of a from the first j of b. Only |i - j| <= limit is
 * worked out; the cells beside that band hold limit + 1. */
static size_t distance_row(vb_span a, vb_span b, size_t limit, size_t i, size_t *const rows[3])
{
  size_t *row = rows[0], *up = rows[1], *up2 = rows[2];
  size_t lo = i > limit ? i - limit : 1, hi = least(b.n, i + limit), best = limit + 1;
  row[lo - 1] = lo == 1 ? least(i, limit + 1) : limit + 1;
  best = least(best, row[lo - 1]);
  for (size_t j = lo; j <= hi; j++) {
    size_t cost = fold(a.p[i - 1]) != fold(b.p[j - 1]);
    size_t v = least(up[j - 1] + cost, least(up[j], row[j - 1]) + 1);
    if (i > 1 && j > 1 && fold(a.p[i - 1]) == fold(b.p[j - 2]) && fold(a.p[i - 2]) == fold(b.p[j - 1]))
      v = least(v, up2[j - 2] + 1);
    row[j] = least(v, limit + 1);
    best = least(best, row[j]);
  }
  if (hi < b.n)
    row[hi + 1] = limit + 1;
  return best;
}

size_t vb_edit_distance(vb_span a, vb_span b, size_t limit)
{
  size_t longer = a.n > b.n ? a.n : b.n, far = longer - least(a.n, b.n);
  if (far > limit)
    return limit + 1;
  if (longer > PTRDIFF_MAX / (4 * sizeof(size_t)))
    return limit + 1;
  size_t asked = limit;
  limit = least(limit, longer); /* no distance is larger; keeps limit + 1 from wrapping */
  size_t *cells = vb_mem_alloc(3 * (b.n + 2) * sizeof *cells);
  if (!cells)
    return asked == SIZE_MAX ? asked : asked + 1;
  size_t *rows[3] = {cells, cells + b.n + 2, cells + 2 * (b.n + 2)};
  for (size_t k = 0; k < 3 * (b.n + 2); k++)
    cells[k] = limit + 1;
  for (size_t j = 0; j <= b.n; j++)
    rows[1][j] = least(j, limit + 1);
  size_t before = 0, best = 0;
  for (size_t i = 1; i <= a.n; i++) {
    best = distance_row(a, b, limit, i, rows);
    size_t *turn = rows[2];
    rows[2] = rows[1];
    rows[1] = rows[0];
    rows[0] = turn;
    if (best > limit && before > limit) /* a transposition reaches two rows back */
      break;
    before = best;
  }
  size_t result = best > limit ? limit + 1 : rows[1][b.n];
  vb_mem_free(cells);
  return result;
}

vb_span vb_map_nearest(const vb_map *m, vb_span key)
{
  vb_span found = {NULL, 0};
  size_t limit = least((key.n + 1) / 3, NEAR_MAX);
  for (entry *e = m->head; e; e = e->hh.next) {
    vb_span k = {e->key, e->n};
    size_t far = vb_edit_distance(key, k, limit);
    if (far > limit)
      continue;
    found = k;
    if (far == 0)
      break;
    limit = far - 1; /* the first of equals wins: only a nearer one may follow */
  }
  return found;
}
