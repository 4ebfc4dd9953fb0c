/* preview.h: pictures of pages, for those who write templates. Shared inside batch. */
#ifndef VB_BATCH_PREVIEW_H
#define VB_BATCH_PREVIEW_H

#include "batch/batch_int.h"

typedef struct vb_picture { const char *path; vb_buf bytes; } vb_picture; /* path below the job's output folder; the caller frees bytes */

/* A PNG of each page of a PDF, in a. path is the PDF's own below the output folder; the pictures are called after it. Poppler's pdftoppm makes
 * them, as a program of its own without a shell. Where it is not installed: none, VB_OK and one warning a run. The first VB_PREVIEW_PAGES_MAX pages. */
vb_status vb_preview_make(vb_run *run, vb_arena *a, const char *path, vb_span pdf, vb_picture **out, size_t *n);

#endif
