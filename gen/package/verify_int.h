/* verify_int.h: shared by the files that verify. Private to package. */
#ifndef VB_VERIFY_INT_H
#define VB_VERIFY_INT_H

#include "package/package.h"
#include "package/pdfin.h"

typedef enum vb_cms_fault { VB_CMS_GOOD, VB_CMS_BROKEN, VB_CMS_DIGEST, VB_CMS_WEAK, VB_CMS_ATTRIBUTE, VB_CMS_NOMEM } vb_cms_fault;
typedef struct vb_cms_ask { vb_span bytes, trust; bool has_time, cades; int64_t time; } vb_cms_ask;
/* der: content of the hole, zeros behind it. Fills what is known of the signer. */
vb_cms_fault vb_cms_verify(vb_arena *a, vb_span der, const vb_cms_ask *ask, vb_signature *s);

/* Did what follows the first `n` bytes of a file only add signatures? The objects of both states are compared. */
vb_status vb_later_fine(vb_pdfin *now, size_t n, bool *fine);

#endif
