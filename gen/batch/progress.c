/* progress.c: what a person at a terminal sees of long work. The monotonic clock is met here alone, and nothing of it is written to a file. */
#include <stdio.h>
#include <time.h>

#include "batch/workers.h"

enum { FIRST_MS = 700, EVERY_MS = 200 }; /* short work stays silent */

static int64_t now(void) {
  struct timespec t;
  if (clock_gettime(CLOCK_MONOTONIC, &t) != 0) return 0;
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void vb_progress_start(vb_progress *p, size_t all) {
  p->all = all;
  p->done = 0;
  p->since = p->on ? now() : 0;
  p->shown = p->since;
}

void vb_progress_step(vb_progress *p, size_t done) {
  p->done = done;
  if (!p->on) return;
  int64_t t = now(), spent = t - p->since;
  if (spent < FIRST_MS || t - p->shown < EVERY_MS || done == 0) return;
  p->shown = t;
  int64_t tenths = (int64_t)done * 10000 / spent, left = (int64_t)(p->all - done) * spent / (int64_t)done / 1000;
  fprintf(stderr, p->vietnamese ? "\r%zu/%zu văn bản, %lld,%lld văn bản/giây, còn %lld:%02lld \033[K" : "\r%zu/%zu documents, %lld.%lld a second, %lld:%02lld left \033[K",
          done, p->all, (long long)(tenths / 10), (long long)(tenths % 10), (long long)(left / 60), (long long)(left % 60));
  fflush(stderr);
}

void vb_progress_end(vb_progress *p) {
  if (!p->on || p->shown == p->since) return;
  fputs("\r\033[K", stderr);
  fflush(stderr);
}
