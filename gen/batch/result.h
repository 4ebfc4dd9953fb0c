/* result.h: one made document as bytes: what a worker hands to its parent over a pipe, and what the book of a job keeps from run to run.
 *
 * A record stands alone: texts are in it, messages go by their names and not by their numbers, and what it is read from is not trusted: a
 * torn or foreign one is refused whole.
 *
 *   frame    "VBR4", length of the payload (4 bytes), FNV-1a of the payload (8 bytes), payload; numbers with the lowest byte first
 *   payload  numbers as 8 bytes; texts as length (4 bytes, ffffffff: none) and bytes; lists as a number and their members */
#ifndef VB_BATCH_RESULT_H
#define VB_BATCH_RESULT_H

#include "base/base.h"
#include "package/package.h"

#define VB_FRAME_HEAD 16

typedef enum vb_result_kind {
  VB_RESULT_BEGUN,  /* a worker has been given this document: its files are in doubt until the next record of it */
  VB_RESULT_MADE,   /* what came of it */
  VB_RESULT_FAULT,  /* a worker cannot work: status and findings say why */
  VB_RESULT_INPUTS, /* some of the files that the run has read: batch.inputs */
  VB_RESULT_BATCH   /* the last of a book: what its run was */
} vb_result_kind;

/* Of a record BATCH: what shards must agree in. Of a record INPUTS: its list. */
typedef struct vb_batch {
  int shard, shards;           /* K of N; 0 of 0: the whole */
  bool strict;                 /* warnings counted as errors */
  const char *job, *period, *generator;
  char inputs_id[VB_SHA256_HEX]; /* of all inputs (inputs.h) */
  vb_man_input *inputs; size_t n_inputs;
} vb_batch;

typedef struct vb_result {
  vb_result_kind kind;
  uint32_t task;               /* of this run; what is kept holds 0 */
  vb_status status;            /* of the making */
  bool kept;                   /* its files stood there, and nothing that it is made of has changed */
  bool foreign;                /* of another shard: it stands here from another run */
  char surroundings[VB_SHA256_HEX]; /* all that any document of the run may depend on, when this one was last looked at; "": not known */
  vb_man_doc doc;              /* findings: those of the making alone; BATCH: waivers that met nothing in this shard */
  vb_finding *told;            /* findings of the run that made it, from its inputs; BATCH: those about no document */
  vb_batch batch;
} vb_result;

/* Appends a frame. VB_NOMEM is its only failure. */
vb_status vb_result_pack(const vb_result *r, vb_buf *out);
/* The payload of the frame that begins at bytes: VB_OK; VB_DONE: there is more to come; VB_BAD: no frame. */
vb_status vb_frame_find(vb_span bytes, vb_span *payload);
/* How long the payload is, by the head of a frame. */
size_t vb_frame_bytes(const char head[VB_FRAME_HEAD]);
/* Reads a payload; texts in a. VB_BAD, without a message: it is none. */
vb_status vb_result_unpack(vb_arena *a, vb_span payload, vb_result *out);

#endif
