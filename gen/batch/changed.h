/* changed.h: whether a document must be made again. Shared inside batch. */
#ifndef VB_BATCH_CHANGED_H
#define VB_BATCH_CHANGED_H

#include "batch/known.h"
#include "batch/output.h"

/* What all documents of a run are made of, besides what the store and the narratives tell each of them. */
typedef struct vb_basis {
  char common[VB_SHA256_HEX];       /* program and libraries, fonts, options that shape documents, registers */
  char surroundings[VB_SHA256_HEX]; /* that, all templates and all inputs: where it is the same, no document has changed; "": not known */
  char (*templates)[VB_SHA256_HEX]; /* files of each of run->templates */
  vb_query *own;                    /* in a worker: the figures of one unit */
} vb_basis;

/* In the parent, while its store is open. */
vb_status vb_basis_open(vb_run *run);
/* In a worker, with its own store. */
vb_status vb_basis_enter(vb_run *run);
void vb_basis_leave(vb_run *run);

/* The hash over all that makes one document, begun: from here to vb_made_of_end, what the store answers goes into it. */
vb_status vb_made_of_start(vb_run *run, const vb_order *o, vb_hash **out);
/* Ends it and frees h, which may be NULL. doc: as built, NULL after an error. made_of "": what it depends on cannot be told. */
vb_status vb_made_of_end(vb_run *run, vb_hash *h, const vb_doc *doc, char made_of[VB_SHA256_HEX]);

/* What stands in the folder of a job of a document that a former run made. */
typedef struct vb_standing {
  bool whole;      /* every file is there with the bytes it was made with */
  int signatures;  /* found in its PDFs */
} vb_standing;

/* Reads and hashes the files of a document. Those with a signature in them, and what goes with them, are noted in doc as they are now. */
vb_status vb_standing_read(vb_diag *d, const char *dir, vb_man_doc *doc, vb_standing *out);
/* The former result of a task, texts in a: from the book, or, where that knows nothing and a signed PDF stands there, from what stands
 * there. VB_DONE: there is none. */
vb_status vb_former_read(vb_run *run, const vb_order *o, vb_arena *a, vb_result *out);

/* Adds what this process runs: the build ids of the program and of the libraries that it has loaded. */
vb_status vb_program_hash(vb_diag *d, vb_hash *h);

#endif
