/* What the files of base share among themselves. No other room includes it. */
#ifndef VB_BASE_INT_H
#define VB_BASE_INT_H

#include "base/base.h"

/* Whether the address sanitizer keeps the memory: gcc says so in one way, clang in another. */
#if defined(__SANITIZE_ADDRESS__)
#define VB_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define VB_ASAN 1
#endif
#endif

/* Posts m with {0} = path and {1} = the text of the error number. */
vb_status vb_errno_post(vb_diag *d, vb_msg m, const char *path, int error);
/* Adds s with control characters, bidirectional overrides and bytes that are not UTF-8 escaped: what is shown is one line. */
void vb_buf_shown(vb_buf *out, vb_span s);
/* Length of the well-formed UTF-8 character at the head of s, 0 when there is none. */
size_t vb_utf8_step(vb_span s, uint32_t *code);
/* Reads an open file to its end, in one call where it has the size that is told. An error number; EFBIG: it is longer than limit. */
int vb_fd_read(int fd, size_t size, size_t limit, vb_buf *out);
/* Takes away the temporary files of a process that is about to end where it stands. Neither allocates nor says anything. */
void vb_files_abandon(void);
/* fsync of a folder; gives an error number, 0 when done. */
int vb_dir_sync(const char *path);
/* Sorts bytewise. */
void vb_names_sort(const char **names, size_t count);

#endif
