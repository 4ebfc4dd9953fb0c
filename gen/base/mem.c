/* The allocator table: the one file of the program that names malloc. Any room may use vb_mem_*.
 *
 * Invariants
 *  1. Every block goes back through the table it came from: vb_mem_set is called while nothing is held.
 */
#include "base/base.h"

#include <limits.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdlib.h>
#include <string.h>

static void *libc_alloc(void *ctx, size_t n)
{
  (void)ctx;
  return malloc(n);
}

static void *libc_resize(void *ctx, void *p, size_t n)
{
  (void)ctx;
  return realloc(p, n);
}

static void libc_release(void *ctx, void *p)
{
  (void)ctx;
  free(p);
}

static const vb_mem_table libc_table = {libc_alloc, libc_resize, libc_release, NULL};
static vb_mem_table current = {libc_alloc, libc_resize, libc_release, NULL};

void vb_mem_set(const vb_mem_table *table)
{
  current = table ? *table : libc_table;
}

void *vb_mem_alloc(size_t n)
{
  return current.alloc(current.ctx, n ? n : 1);
}

void *vb_mem_zalloc(size_t n)
{
  void *p = vb_mem_alloc(n);
  if (p)
    memset(p, 0, n);
  return p;
}

void *vb_mem_resize(void *p, size_t n)
{
  if (!p)
    return vb_mem_alloc(n);
  return current.resize(current.ctx, p, n ? n : 1);
}

void vb_mem_free(void *p)
{
  if (p)
    current.release(current.ctx, p);
}

#define KEEP_GROW_BYTES (1 << 20)

void vb_mem_keep(size_t bytes)
{
#ifdef __GLIBC__
  (void)mallopt(M_TRIM_THRESHOLD, bytes < INT_MAX ? (int)bytes : INT_MAX); /* a refusal costs time alone */
  (void)mallopt(M_TOP_PAD, KEEP_GROW_BYTES);
#else
  (void)bytes;
#endif
}
