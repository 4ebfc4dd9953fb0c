/* output.h: the folder of a job. Shared inside batch. */
#ifndef VB_BATCH_OUTPUT_H
#define VB_BATCH_OUTPUT_H

#include "batch/batch_int.h"
#include "batch/book.h"

/* Beside <output>/<job>/ stand <output>/.<job>.lock, .<job>.made (book.h) and, while a run lasts, .<job>.db and .<job>.texts (texts.c). */
typedef struct vb_output { const char *dir, *db, *texts; int lock; vb_book *book; } vb_output;

/* Makes and locks the folder, opens the book. What was opened is closed by vb_output_close, also after a failure. */
vb_status vb_output_open(vb_diag *d, vb_arena *a, const char *root, const char *job, vb_output *out);
vb_status vb_output_close(vb_diag *d, vb_arena *a, vb_output *out);
/* Removes what stands in the folder of a unit, or of the job, and is in no manifest: withheld documents, units that left the job, and
 * the temporary files of a killed run. */
vb_status vb_output_clean(vb_diag *d, const vb_manifest *m, const char *dir);
#endif
