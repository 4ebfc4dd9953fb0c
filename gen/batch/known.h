/* known.h: what the job and its registers know of documents. Shared inside batch.
 *
 * Invariants
 *  1. A task is small, for a run holds one a document of the country; the rest of what is known of it is read when it is made.
 *  2. What a task has of its own (number, symbol, date, state) is what counts: numbers are given while planning. */
#ifndef VB_BATCH_KNOWN_H
#define VB_BATCH_KNOWN_H

#include "batch/batch_int.h"

typedef struct vb_known vb_known;
/* Prepares the questions to run->store; closed before it is, and before a fork. */
vb_status vb_known_open(vb_run *run);
void vb_known_close(vb_run *run);
/* Fills in number, date and state of a task; its unit and document are set. */
vb_status vb_known_plan(vb_run *run, vb_task *t, vb_arena *scratch);
/* Is it a unit of the register? A failure makes *st worse. */
bool vb_known_unit(vb_run *run, const char *unit, vb_status *st);

/* One document that is to be made or described. */
typedef struct vb_order {
  const vb_task *task;
  const char *address; /* the register's; NULL where it has none */
  vb_meta meta;
  bool bad;            /* what the registers say of it cannot all be taken: that was said, and withholds it */
} vb_order;
/* Texts in a, or of the job. VB_OK also for a bad one. */
vb_status vb_order_read(vb_run *run, const vb_task *t, vb_arena *a, vb_order *out);

/* A value of the current row as text in a; NULL: it has none. */
const char *vb_row_text(vb_arena *a, const vb_query *q, size_t i, bool *failed);

#endif
