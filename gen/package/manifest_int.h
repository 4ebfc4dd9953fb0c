/* manifest_int.h: shared by the two halves of the manifest. */
#ifndef VB_MANIFEST_INT_H
#define VB_MANIFEST_INT_H

#include "base/base.h"

#define VB_MANIFEST_FORMAT 1

typedef struct vb_json { vb_lang lang; bool failed; } vb_json;

extern const char *const vb_doc_status_names[]; /* by vb_doc_status */

#endif
