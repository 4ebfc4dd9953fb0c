/* zip: archives in memory: list and read with limits, write reproducibly. The only room that knows libzip.
 *
 * Invariants
 *  1. No name leaves its archive: names with "..", leading "/", backslashes, drive letters or control characters are refused.
 *  2. Sizes are checked against limits.h before and while inflating: a bomb ends in one message.
 *  3. Written archives hold no clock: every entry is dated 1980-01-01 00:00.
 */
#ifndef VB_ZIP_H
#define VB_ZIP_H

#include "base/base.h"

typedef struct vb_zip vb_zip;

/* Opens an archive held in memory; bytes must outlive it. Not an archive, too many entries, encrypted: VB_BAD with a message. */
vb_status vb_zip_open(vb_diag *d, const char *file, vb_span bytes, vb_zip **out);
void vb_zip_close(vb_zip *z);
size_t vb_zip_count(const vb_zip *z);
const char *vb_zip_name(const vb_zip *z, size_t i);
bool vb_zip_has(const vb_zip *z, const char *name);
/* Reads one entry, at most limit bytes, into out. Absent: VB_DONE without a message. */
vb_status vb_zip_read(vb_diag *d, vb_zip *z, const char *name, size_t limit, vb_buf *out);

typedef struct vb_zip_entry { const char *name; vb_span bytes; } vb_zip_entry;
/* Makes an archive of entries in the order given. */
vb_status vb_zip_write(vb_diag *d, const vb_zip_entry *entries, size_t n, vb_buf *out);

#endif
