/* workers.h: the processes that make documents. Shared inside batch.
 *
 * Invariants
 *  1. Nothing that a worker does reaches its parent but the frames it sends; nothing of SQLite crosses the fork (store.h, 3).
 *  2. A worker that dies costs the document it was at. Another takes its place while there is work.
 *  3. A worker dies with its parent, so that what it held (the lock, the disk) is free for the next run. */
#ifndef VB_BATCH_WORKERS_H
#define VB_BATCH_WORKERS_H

#include "base/base.h"

typedef struct vb_work {
  vb_diag *diag;                /* of the parent */
  const uint32_t *queue; size_t n; /* tasks in the order in which they are begun */
  int workers;                  /* at most; 0: processors online */
  bool progress;                /* said on standard error, which is a terminal */
  vb_lang lang;
  void *ctx;
  /* In the worker. enter: once, at its start; a failure is told in out as a record FAULT. make: appends one frame; from VB_SYSTEM on the
   * worker ends behind it. leave: at its end. */
  vb_status (*enter)(void *ctx, vb_buf *out);
  vb_status (*make)(void *ctx, uint32_t task, vb_buf *out);
  void (*leave)(void *ctx);
  /* In the parent. begun: before a worker gets a task. done: with the payload of a frame. lost: its worker died; how: "signal 9 (Killed)".
   * From VB_SYSTEM on no further task is begun. */
  vb_status (*begun)(void *ctx, uint32_t task);
  vb_status (*done)(void *ctx, vb_span payload);
  vb_status (*lost)(void *ctx, uint32_t task, const char *how);
} vb_work;

/* Works the queue off. The worst status of the callbacks; VB_SYSTEM with a message where no worker can be started. */
vb_status vb_workers_run(const vb_work *w);
/* A child that works beside this process: its process id; 0: none could be started. work says whether all is done; nothing else of it reaches the
 * parent but files that both know. It dies with the parent (3). */
int vb_aside_begin(bool (*work)(void *ctx), void *ctx);
/* Waits for it, or with stop kills it: true when all is done. */
bool vb_aside_end(int pid, bool stop);

/* Processors that this process may use. */
int vb_workers_online(void);

/* Progress of long work on a terminal: documents done, how many a second, time left. Standard error. */
typedef struct vb_progress { bool on; vb_lang lang; size_t all, done, width /* bytes of the line that stands there */; int64_t since, shown; /* ms of the monotonic clock */ } vb_progress;
void vb_progress_start(vb_progress *p, size_t all);
void vb_progress_step(vb_progress *p, size_t done);
void vb_progress_end(vb_progress *p);

#endif
