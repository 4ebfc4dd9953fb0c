/* Folders that are kept open: what stands in them is met by its name, without following the way to it again for each file. Any room may use them.
 *
 * Invariants
 *  1. A link is never followed, neither to a file nor to a folder: what is met lies in the folder that was opened, whatever was done to the
 *     way there meanwhile.
 *  2. Nothing is posted. What is not plainly a file or folder is left to the functions that take a path: they judge it, and tell what is wrong.
 */
#include "base/base_int.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static vb_met met_instead(int error)
{
  return error == ENOENT ? VB_MET_NOTHING : VB_MET_OTHER;
}

bool vb_folder_open(const char *path, vb_folder *out)
{
  out->fd = open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
  return out->fd >= 0;
}

vb_met vb_folder_enter(vb_folder in, const char *name, vb_folder *out)
{
  out->fd = openat(in.fd, name, O_RDONLY | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW);
  return out->fd >= 0 ? VB_MET_IT : met_instead(errno);
}

void vb_folder_close(vb_folder *f)
{
  if (f->fd >= 0)
    close(f->fd); /* nothing was written: its result says nothing */
  f->fd = -1;
}

vb_met vb_folder_read(vb_folder in, const char *name, size_t limit, vb_buf *out)
{
  struct stat st;
  vb_buf_clear(out);
  int fd = openat(in.fd, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
  if (fd < 0)
    return met_instead(errno);
  bool plain = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (uintmax_t)st.st_size <= limit;
  bool read = plain && vb_fd_read(fd, (size_t)st.st_size, limit, out) == 0;
  close(fd);
  if (read)
    return VB_MET_IT;
  vb_buf_clear(out);
  return VB_MET_OTHER;
}
