/* changed.h: whether a document must be made again. Shared inside batch. */
#ifndef VB_BATCH_CHANGED_H
#define VB_BATCH_CHANGED_H

#include "batch/output.h"

/* What stands in the folder of a job of a document that a former run made. */
typedef struct vb_standing {
  bool whole;      /* every file is there with the bytes it was made with */
  int signatures;  /* found in its PDFs */
} vb_standing;

/* Reads and hashes the files of a document. Those with a signature in them, and what goes with them, are noted in doc as they are now. */
vb_status vb_standing_read(vb_diag *d, const char *dir, vb_man_doc *doc, vb_standing *out);
/* The former result of a task, texts in a: from the book, or, where that knows nothing and a signed PDF stands there, from what stands
 * there. VB_DONE: there is none. */
vb_status vb_former_read(vb_run *run, const vb_task *t, vb_arena *a, vb_result *out);

#endif
