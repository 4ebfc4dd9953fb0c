/* tasks.h: what becomes of the tasks of a run. Shared inside batch. */
#ifndef VB_BATCH_TASKS_H
#define VB_BATCH_TASKS_H

#include "batch/inputs.h"
#include "batch/output.h"

/* Makes what is asked for: workers, each with a database handle of its own, hand back records, which go into the book of run->out. The
 * store of the run is closed before. VB_BAD: findings about documents stand in the book, or a worker was lost. */
vb_status vb_tasks_make(vb_run *run);

/* The documents of the manifest, in the order of the tasks, with the findings of the run that are about them. */
typedef struct vb_outcomes {
  vb_run *run;
  vb_finding *rest;             /* findings of the run that are about none of them */
  vb_diag *unused;              /* of a shard: waivers that met nothing in it */
  vb_arena *arena, *scratch;    /* for its life; of the document that was asked for last */
  uint32_t *tasks; size_t n;    /* those that the manifest lists */
  vb_map *about;                /* unit → findings of the run about it */
  vb_map *foreign;              /* units of other shards: they tell what is about these */
  vb_man_doc doc;
  vb_input_reader inputs;
} vb_outcomes;
/* After vb_tasks_make. Counts what there is into the run, marks waivers as used, and lets m tell its documents one by one. */
vb_status vb_outcomes_open(vb_run *run, vb_manifest *m, vb_outcomes *out);
void vb_outcomes_close(vb_outcomes *o);
/* Waivers that met nothing, and the findings of the run that are about no document, into m. */
vb_status vb_outcomes_rest(vb_outcomes *o, vb_manifest *m);
/* Writes the book anew: one record a document that the manifest lists. */
vb_status vb_outcomes_settle(vb_outcomes *o);
/* Puts what the run told of a document before what its making told. */
void vb_findings_join(vb_finding *told, vb_man_doc *doc);
/* Tells the findings of the documents that were asked for. */
vb_status vb_outcomes_say(vb_outcomes *o, vb_speaker *to);

#endif
