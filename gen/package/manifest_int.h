/* manifest_int.h: shared by the two halves of the manifest. */
#ifndef VB_MANIFEST_INT_H
#define VB_MANIFEST_INT_H

#include "base/base.h"

#define VB_MANIFEST_FORMAT 1
/* A finding that was read back has its text in one language alone, and its id can no longer be made from what it is about: it travels as an argument that the
 * message RULE does not show, wherever findings go. */
enum { VB_FINDING_ID_ARG = 2, VB_FINDING_ID_CHARS = 12 };

extern const char *const vb_doc_status_names[]; /* by vb_doc_status */

#endif
