/* handover.h: the last two files of a job's folder. Shared inside batch. */
#ifndef VB_BATCH_HANDOVER_H
#define VB_BATCH_HANDOVER_H

#include "batch/batch_int.h"

/* Writes index.html, then manifest.json, which names what is there. */
vb_status vb_hand_over(vb_diag *d, vb_arena *a, const vb_manifest *m, const char *dir, vb_lang lang);

#endif
