/* say.h: findings as lines for people. Shared inside batch.
 *
 * Invariants
 *  1. Lines of one rule stand together, rules in the order in which they first met something. Of one rule no more than VB_SAY_SHOWN lines
 *     are printed, unless asked to say more; the rest is a count. JSON and the manifest hold what is not shown here.
 *  2. Memory grows with the rules and not with the findings, unless asked to say more. */
#ifndef VB_BATCH_SAY_H
#define VB_BATCH_SAY_H

#include <stdio.h>

#include "batch/batch.h"

enum { VB_SAY_SHOWN = 20 };

typedef struct vb_speaker {
  const vb_options *o;
  FILE *to;
  vb_arena *arena;
  vb_map *groups;
  struct vb_say_group *first, *last;
  vb_buf line;
  size_t waived;
  bool colour, failed; /* failed: without memory to sort them, lines are printed as they come, but those that find none themselves */
} vb_speaker;

/* Findings given to a speaker are printed when it ends. Infos when asked to say more; of what is waived the quiet hear a number, of
 * warnings nothing. A list goes on through next; NULL is an empty one. */
void vb_speaker_begin(vb_speaker *s, const vb_options *o, FILE *to);
void vb_speaker_hear(vb_speaker *s, const vb_finding *list);
vb_status vb_speaker_end(vb_speaker *s); /* VB_NOMEM: some may lack, or stand elsewhere */
/* A list, and all of d, which may be NULL. What d could not keep lacks too, and is VB_NOMEM. */
vb_status vb_say_findings(const vb_finding *list, const vb_options *o, FILE *to);
vb_status vb_say_all(const vb_diag *d, const vb_options *o, FILE *to);

#endif
