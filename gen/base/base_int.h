/* What the files of base share among themselves. No other room includes it. */
#ifndef VB_BASE_INT_H
#define VB_BASE_INT_H

#include "base/base.h"

/* Posts m with {0} = path and {1} = the text of the error number. */
vb_status vb_errno_post(vb_diag *d, vb_msg m, const char *path, int error);
/* Adds s with control characters, bidirectional overrides and bytes that are not UTF-8 escaped: what is shown is one line. */
void vb_buf_shown(vb_buf *out, vb_span s);
/* Length of the well-formed UTF-8 character at the head of s, 0 when there is none. */
size_t vb_utf8_step(vb_span s, uint32_t *code);
/* fsync of a folder; gives an error number, 0 when done. */
int vb_dir_sync(const char *path);
/* Sorts bytewise. */
void vb_names_sort(const char **names, size_t count);

#endif
