/* Arenas: a chain of blocks, filled from the first to the last. Any room may use them.
 *
 * Invariants
 *  1. Blocks before `now` are full as far as they go; `now` is the one being filled; those behind it are empty and kept for reuse.
 *  2. What is not handed out is poisoned under AddressSanitizer, with a red zone behind each allocation, so that a pointer
 *     kept over a restore, or a run over the end, is found as it would be with malloc.
 *  3. A kept block that does not fit the next request is released, not skipped: an arena never holds more than its
 *     largest use and one block.
 */
#include "base/base_int.h"

#include <stdio.h>
#include <string.h>

#ifdef VB_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#define RED_ZONE 16u
#else
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#define RED_ZONE 0u
#endif

#define BLOCK_BYTES (64u << 10) /* big enough that malloc is rare, small enough for a short document */
#define ALIGN (_Alignof(max_align_t))

typedef struct block {
  struct block *next;
  size_t cap, used;
  max_align_t bytes[];
} block;

struct vb_arena {
  block *first, *now;
  size_t block_bytes, held;
};

vb_arena *vb_arena_new(size_t block_bytes)
{
  vb_arena *a = vb_mem_zalloc(sizeof *a);
  if (a)
    a->block_bytes = block_bytes ? block_bytes : BLOCK_BYTES;
  return a;
}

static void block_release(vb_arena *a, block *b)
{
  a->held -= sizeof *b + b->cap;
  UNPOISON(b->bytes, b->cap);
  vb_mem_free(b);
}

void vb_arena_free(vb_arena *a)
{
  if (!a)
    return;
  for (block *b = a->first, *next; b; b = next) {
    next = b->next;
    block_release(a, b);
  }
  vb_mem_free(a);
}

static void block_cut(block *b, size_t used)
{
  b->used = used;
  POISON((char *)b->bytes + used, b->cap - used);
}

void vb_arena_reset(vb_arena *a)
{
  vb_arena_restore(a, (vb_arena_mark){NULL, 0});
}

vb_arena_mark vb_arena_save(const vb_arena *a)
{
  return (vb_arena_mark){a->now, a->now ? a->now->used : 0};
}

void vb_arena_restore(vb_arena *a, vb_arena_mark m)
{
  block *keep = m.block; /* NULL: the mark of an arena that held nothing yet */
  size_t used = m.used;
  if (!keep) {
    keep = a->first;
    used = 0;
  }
  if (!keep)
    return;
  block *last = a->now;
  block_cut(keep, used);
  for (block *b = keep; b != last && b->next; b = b->next)
    block_cut(b->next, 0);
  a->now = keep;
}

/* Makes the block behind `now` one with room for n bytes. */
static block *block_next(vb_arena *a, size_t n)
{
  block **link = a->now ? &a->now->next : &a->first;
  while (*link && (*link)->cap < n) {
    block *small = *link;
    *link = small->next;
    block_release(a, small);
  }
  if (!*link) {
    size_t cap = n > a->block_bytes ? n : a->block_bytes;
    block *b = vb_mem_alloc(sizeof *b + cap);
    if (!b)
      return NULL;
    b->next = NULL;
    b->cap = cap;
    a->held += sizeof *b + cap;
    block_cut(b, 0);
    *link = b;
  }
  a->now = *link;
  return a->now;
}

/* Room for n bytes, not cleared. */
static inline char *take(vb_arena *a, size_t n)
{
  if (n > PTRDIFF_MAX / 2)
    return NULL;
  size_t whole = (n + RED_ZONE + ALIGN - 1) / ALIGN * ALIGN;
  if (whole == 0)
    whole = ALIGN; /* a unique pointer, as vb_mem_alloc gives */
  block *b = a->now;
  if (!b || b->cap - b->used < whole)
    b = block_next(a, whole);
  if (!b)
    return NULL;
  char *p = (char *)b->bytes + b->used;
  b->used += whole;
  UNPOISON(p, n);
  return p;
}

void *vb_arena_alloc(vb_arena *a, size_t n)
{
  char *p = take(a, n);
  return p ? memset(p, 0, n) : NULL;
}

void *vb_arena_array(vb_arena *a, size_t size, size_t count)
{
  if (size && count > PTRDIFF_MAX / size)
    return NULL;
  return vb_arena_alloc(a, size * count);
}

void *vb_arena_more(vb_arena *a, const void *old, size_t n, size_t size, size_t least, size_t *cap)
{
  size_t more = *cap == 0 ? least : *cap * 2;
  void *p = vb_arena_array(a, size, more);
  if (!p)
    return NULL;
  if (n > 0)
    memcpy(p, old, n * size);
  *cap = more;
  return p;
}

void *vb_arena_copy(vb_arena *a, const void *p, size_t n)
{
  void *copy = take(a, n);
  if (copy && n)
    memcpy(copy, p, n);
  return copy;
}

char *vb_arena_str(vb_arena *a, const char *s, size_t n)
{
  if (n == SIZE_MAX)
    return NULL;
  char *copy = take(a, n + 1);
  if (!copy)
    return NULL;
  if (n)
    memcpy(copy, s, n);
  copy[n] = '\0';
  return copy;
}

char *vb_arena_printf(vb_arena *a, const char *fmt, ...)
{
  char first[256]; /* most fit, and are printed once */
  va_list args, again;
  va_start(args, fmt);
  va_copy(again, args);
  int n = vsnprintf(first, sizeof first, fmt, args);
  char *s = n < 0 ? NULL : take(a, (size_t)n + 1);
  if (s && (size_t)n < sizeof first)
    memcpy(s, first, (size_t)n + 1);
  else if (s)
    vsnprintf(s, (size_t)n + 1, fmt, again);
  va_end(again);
  va_end(args);
  return s;
}

size_t vb_arena_bytes(const vb_arena *a)
{
  return sizeof *a + a->held;
}
