/* together.h: files of a job's folder that change together: a signed PDF, its package, index and manifest. A run that is killed among them would leave a folder
 * whose manifest speaks of other bytes than lie there.
 *
 * While they change, <output>/.<job>.signing/ stands beside the job's folder and holds the new files, and last of all `list`: which signature this is, and
 * where each file goes.
 *
 * Invariants
 *  1. Before the list is there, nothing in the job's folder was touched; from then on all of it is put in place, by this run or by the next that holds the lock.
 *  2. Putting in place may be broken off and begun again: what is no longer here is in its place.
 *  3. What a list says is not trusted: names stay in their folders.
 * Who calls these holds the lock of the job. Shared inside batch. */
#ifndef VB_BATCH_TOGETHER_H
#define VB_BATCH_TOGETHER_H

#include "batch/batch_int.h"

/* The signature that a list is about: texts in the arena; NULL: none. */
typedef struct vb_together_for { const char *field, *rel; } vb_together_for;

typedef struct vb_together {
  vb_diag *d;
  vb_arena *a;
  const char *dir, *aside; /* the job's folder; where the files wait */
  vb_buf list;
  int n;
} vb_together;

/* Makes the folder aside, empty. */
vb_status vb_together_begin(vb_diag *d, vb_arena *a, const char *dir, const vb_together_for *what, vb_together *out);
/* A file that goes to dir/rel. */
vb_status vb_together_add(vb_together *t, const char *rel, const void *bytes, size_t n);
/* A file that stands in t->aside under this name already, and goes to dir/name. */
void vb_together_note(vb_together *t, const char *name);
/* Puts them all in place. */
vb_status vb_together_end(vb_together *t);
/* Instead of end: nothing happened. */
void vb_together_drop(vb_together *t);
/* Brings to its end what a run that was broken off began, and says so as information. VB_OK also when there was nothing; *what tells. */
vb_status vb_together_finish(vb_diag *d, vb_arena *a, const char *dir, vb_together_for *what);
/* Is there something to be brought to its end? For who may only look. *what as above. */
vb_status vb_together_look(vb_diag *d, vb_arena *a, const char *dir, vb_together_for *what);

#endif
