/* mem_fault: memory that fails at the n-th call, or from it on. For tests that install it with vb_mem_set; one a program. */
#ifndef MEM_FAULT_H
#define MEM_FAULT_H

#include <stdbool.h>
#include <stdlib.h>

#include "base/base.h"

typedef struct faults { long calls, fail_at; bool on; } faults; /* fail_at 0: never; on: and all after it */
static faults f;

static bool due(faults *x)
{
  x->calls++;
  return x->fail_at > 0 && (x->on ? x->calls >= x->fail_at : x->calls == x->fail_at);
}
static void *fault_alloc(void *ctx, size_t n) { return due(ctx) ? NULL : malloc(n); }
static void *fault_resize(void *ctx, void *p, size_t n) { return due(ctx) ? NULL : realloc(p, n); }
static void fault_release(void *ctx, void *p)
{
  (void)ctx;
  free(p);
}
static const vb_mem_table table = {fault_alloc, fault_resize, fault_release, &f};

#endif
