/* A file that grows by whole entries and is read back by a later run: what a run knows so far, should it be killed. batch keeps its book in one.
 *
 * Invariants
 *  1. Bytes are only appended; a torn end is cut off by whoever opens it next. What an entry is, its user knows.
 *  2. Nothing is synced: it is a note for the next run, which proves everything that it says.
 */
#include "base/base_int.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct vb_journal { int fd; uint64_t bytes; char *path; };

vb_status vb_journal_open(vb_diag *d, const char *path, bool read_only, vb_journal **out)
{
  *out = NULL;
  size_t n = strlen(path) + 1;
  vb_journal *j = vb_mem_zalloc(sizeof *j);
  char *name = j ? vb_mem_alloc(n) : NULL;
  if (!name) {
    vb_mem_free(j);
    return VB_NOMEM;
  }
  memcpy(name, path, n);
  j->path = name;
  j->fd = open(path, (read_only ? O_RDONLY : O_RDWR | O_CREAT | O_APPEND) | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0666);
  struct stat st;
  vb_status s = VB_OK;
  if (j->fd < 0 || fstat(j->fd, &st) != 0)
    s = vb_errno_post(d, read_only ? VB_MSG_FILE_READ : VB_MSG_FILE_WRITE, path, errno);
  else if (!S_ISREG(st.st_mode))
    s = VB_POST(d, VB_MSG_FILE_NOT_FILE, VB_NOWHERE, path);
  else
    j->bytes = (uint64_t)st.st_size;
  if (s != VB_OK) {
    vb_journal_close(j);
    return s;
  }
  *out = j;
  return VB_OK;
}

void vb_journal_close(vb_journal *j)
{
  if (!j)
    return;
  if (j->fd >= 0)
    close(j->fd); /* what was not written has been told by vb_journal_add */
  vb_mem_free(j->path);
  vb_mem_free(j);
}

uint64_t vb_journal_bytes(const vb_journal *j)
{
  return j->bytes;
}

vb_status vb_journal_add(vb_diag *d, vb_journal *j, const void *bytes, size_t n)
{
  for (const char *p = bytes; n;) {
    ssize_t put = write(j->fd, p, n);
    if (put < 0 && errno == EINTR)
      continue;
    if (put < 0)
      return vb_errno_post(d, VB_MSG_FILE_WRITE, j->path, errno);
    p += put;
    n -= (size_t)put;
    j->bytes += (uint64_t)put;
  }
  return VB_OK;
}

vb_status vb_journal_read(vb_diag *d, const vb_journal *j, uint64_t at, void *bytes, size_t n, size_t *got)
{
  *got = 0;
  while (*got < n) {
    ssize_t part = pread(j->fd, (char *)bytes + *got, n - *got, (off_t)(at + *got));
    if (part < 0 && errno == EINTR)
      continue;
    if (part < 0)
      return vb_errno_post(d, VB_MSG_FILE_READ, j->path, errno);
    if (part == 0)
      break;
    *got += (size_t)part;
  }
  return VB_OK;
}

vb_status vb_journal_cut(vb_diag *d, vb_journal *j, uint64_t bytes)
{
  if (ftruncate(j->fd, (off_t)bytes) != 0)
    return vb_errno_post(d, VB_MSG_FILE_WRITE, j->path, errno);
  j->bytes = bytes;
  return VB_OK;
}
