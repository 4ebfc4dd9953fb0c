/* The allocator table: the one file of the program that names malloc. Any room may use vb_mem_*.
 *
 * Invariants
 *  1. Every block goes back through the table it came from: vb_mem_set is called while nothing is held.
 *  2. The functions of libc that libraries call are this file's where that can be, so that a failure they would not see is seen.
 */
#define _DEFAULT_SOURCE /* sbrk, madvise */
#include "base/base_int.h"

#include <limits.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__GLIBC__) && !defined(VB_ASAN)
#define STRICT 1
/* glibc's own names for them, made for programs that put theirs in front. */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
#else
#define __libc_malloc malloc
#define __libc_realloc realloc
#endif

static int strict_lang = -1; /* -1: not strict */
static int strict_to = STDERR_FILENO;

void vb_mem_strict(int lang)
{
  strict_lang = lang;
}

void vb_mem_tell(int fd)
{
  strict_to = fd;
}

#ifdef STRICT

/* The text alone: to put a line together would take memory. */
static void *lost(void)
{
  if (strict_lang < 0)
    return NULL;
  const vb_msg_info *m = vb_msg_get(VB_MSG_NO_MEMORY);
  const char *const parts[] = {strict_lang == VB_VI ? "vanban: lỗi: " : "vanban: error: ", strict_lang == VB_VI ? m->vi : m->en, "\n"};
  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
    if (write(strict_to, parts[i], strlen(parts[i])) < 0)
      break;
  vb_files_abandon();
  _exit(3);
}

void *malloc(size_t n)
{
  void *p = __libc_malloc(n);
  return p ? p : lost();
}

void *calloc(size_t n, size_t size)
{
  void *p = __libc_calloc(n, size);
  return p ? p : lost();
}

void *realloc(void *old, size_t n)
{
  void *p = __libc_realloc(old, n);
  return p || n == 0 ? p : lost();
}

#endif

static void *libc_alloc(void *ctx, size_t n)
{
  (void)ctx;
  return __libc_malloc(n);
}

static void *libc_resize(void *ctx, void *p, size_t n)
{
  (void)ctx;
  return __libc_realloc(p, n);
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

void *vb_mem_give(size_t n)
{
  return malloc(n);
}

#define KEEP_GROW_BYTES ((size_t)1 << 20)
#define HUGE_BYTES ((size_t)2 << 20)

/* The heap grows by this much at once, in large pages where the system has them: a page is cleared and mapped 512 times for one of these, and that was a
 * fifth of a short run. What is not touched is not there. */
static void grow(size_t bytes)
{
#if defined(__GLIBC__) && defined(MADV_HUGEPAGE) && !defined(VB_ASAN)
  char *low = __libc_malloc(KEEP_GROW_BYTES - 64); /* too much for what is there, too little for a mapping of its own */
  char *end = sbrk(0);
  uintptr_t from = ((uintptr_t)low + HUGE_BYTES - 1) & ~(HUGE_BYTES - 1), to = (uintptr_t)end & ~(HUGE_BYTES - 1);
  if (low && (uintptr_t)low < (uintptr_t)end && (size_t)(end - low) <= 2 * bytes && from < to)
    (void)madvise((void *)from, to - from, MADV_HUGEPAGE); /* a refusal costs time alone, here and below */
  free(low);
#else
  (void)bytes;
#endif
}

void vb_mem_keep(size_t bytes)
{
#ifdef __GLIBC__
  (void)mallopt(M_TRIM_THRESHOLD, bytes < INT_MAX / 2 ? 2 * (int)bytes : INT_MAX);
  (void)mallopt(M_MMAP_THRESHOLD, KEEP_GROW_BYTES); /* what is shorter comes from what was kept, and is not cleared by the system anew */
  (void)mallopt(M_TOP_PAD, bytes < INT_MAX ? (int)bytes : INT_MAX);
  grow(bytes);
  (void)mallopt(M_TOP_PAD, KEEP_GROW_BYTES);
#else
  (void)bytes;
#endif
}
