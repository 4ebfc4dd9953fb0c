/* document.h: making one document. Shared inside batch. */
#ifndef VB_BATCH_DOCUMENT_H
#define VB_BATCH_DOCUMENT_H

#include "batch/known.h"

/* Fills in what the manifest says of a document before, or without, its files. Texts in keep. */
vb_status vb_document_describe(const vb_order *o, const vb_meta *meta, vb_arena *keep, vb_man_doc *man);
/* Builds the tree and proves it, writes nothing. */
vb_status vb_document_check(vb_run *run, const vb_order *o);
/* Makes the document and writes its files below dir. man->inputs_hash holds what a former run made it of, or nothing: VB_DONE, it would be
 * the same again, and nothing was done. VB_BAD: findings were posted and nothing was written. */
vb_status vb_document_make(vb_run *run, const vb_order *o, const char *dir, vb_arena *keep, vb_man_doc *man);

#endif
