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
  char rate[32], time[32];
  snprintf(rate, sizeof rate, "%lld%c%lld", (long long)(tenths / 10), p->lang == VB_VI ? ',' : '.', (long long)(tenths % 10));
  snprintf(time, sizeof time, "%lld:%02lld", (long long)(left / 60), (long long)(left % 60));
  vb_buf line;
  vb_buf_init(&line);
  const char *args[] = {VB_NUM(done), VB_NUM(p->all), rate, time, NULL};
  vb_msg_text(VB_MSG_SAY_PROGRESS, p->lang, args, &line);
  fprintf(stderr, "\r%s%*s", vb_buf_cstr(&line), line.n < p->width ? (int)(p->width - line.n) : 0, "");
  fflush(stderr);
  p->width = line.n;
  vb_buf_free(&line);
}

void vb_progress_end(vb_progress *p) {
  if (!p->on || p->shown == p->since) return;
  fprintf(stderr, "\r%*s\r", (int)p->width, "");
  fflush(stderr);
}
