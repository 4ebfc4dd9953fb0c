/* A regular file read from front to back in pieces, for what is too long to be held. Any room may use it.
 *
 * Opening refuses what vb_file_read refuses of an input, in the same words. */
#include "base/base_int.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct vb_file_in { vb_diag *d; int fd; size_t limit; uint64_t bytes; char path[]; };

static vb_status in_open(vb_file_in *f)
{
  struct stat st;
  f->fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (f->fd < 0 || fstat(f->fd, &st) != 0)
    return vb_errno_post(f->d, VB_MSG_INPUT_READ, f->path, errno);
  if (!S_ISREG(st.st_mode))
    return VB_POST(f->d, VB_MSG_INPUT_NOT_FILE, VB_NOWHERE, f->path);
  return VB_OK;
}

vb_status vb_file_open(vb_diag *d, const char *path, size_t limit, vb_file_in **out)
{
  size_t n = strlen(path) + 1;
  vb_file_in *f = *out = vb_mem_zalloc(sizeof *f + n);
  if (!f)
    return VB_NOMEM;
  f->d = d;
  f->limit = limit;
  memcpy(f->path, path, n);
  vb_status s = in_open(f);
  if (s != VB_OK) {
    vb_file_close(f);
    *out = NULL;
  }
  return s;
}

vb_status vb_file_next(vb_file_in *f, void *bytes, size_t n, size_t *got)
{
  *got = 0;
  while (*got < n) {
    ssize_t part = read(f->fd, (char *)bytes + *got, n - *got);
    if (part < 0 && errno == EINTR)
      continue;
    if (part < 0)
      return vb_errno_post(f->d, VB_MSG_INPUT_READ, f->path, errno);
    if (part == 0)
      break;
    *got += (size_t)part;
  }
  f->bytes += *got;
  return f->bytes <= f->limit ? VB_OK : VB_POST(f->d, VB_MSG_FILE_TOO_LARGE, VB_NOWHERE, f->path, VB_NUM(f->limit));
}

vb_status vb_file_again(vb_file_in *f)
{
  f->bytes = 0;
  return lseek(f->fd, 0, SEEK_SET) == 0 ? VB_OK : vb_errno_post(f->d, VB_MSG_INPUT_READ, f->path, errno);
}

void vb_file_close(vb_file_in *f)
{
  if (!f)
    return;
  if (f->fd >= 0)
    close(f->fd); /* nothing was written: its result says nothing */
  vb_mem_free(f);
}

uint64_t vb_file_length(const char *path)
{
  struct stat st;
  return stat(path, &st) == 0 && S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
}
