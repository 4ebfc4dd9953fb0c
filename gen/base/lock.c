/* The lock of a run and scratch files. batch takes locks; write takes scratch names.
 *
 * The lock is flock's: it belongs to the open file, so that workers forked under it hold it too, and no second run starts while
 * one of them still writes after its parent was killed.
 */
#define _DEFAULT_SOURCE /* flock, mkstemp */
#include "base/base_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Whether fd is still what path names: who held the lock before may have removed the file. */
static bool same_file(int fd, const char *path)
{
  struct stat a, b;
  return fstat(fd, &a) == 0 && stat(path, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

#define HELD_TRIES 50 /* of 20 ms: a worker of a run that was killed is ending, and lets go of the lock as it does */

static void wait_a_little(void)
{
  struct timespec t = {0, 20000000};
  (void)nanosleep(&t, NULL); /* woken early it only tries sooner */
}

vb_status vb_lock_take(vb_diag *d, const char *path, int *fd)
{
  *fd = -1;
  for (int tries = 0;; tries++) {
    int got = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0666);
    if (got < 0)
      return vb_errno_post(d, VB_MSG_LOCK_FAILED, path, errno);
    int error = 0;
    while (flock(got, LOCK_EX | LOCK_NB) != 0 && (error = errno) == EINTR)
      error = 0;
    if (!error && same_file(got, path)) {
      *fd = got;
      return VB_OK;
    }
    close(got); /* nothing was written */
    if (error == EWOULDBLOCK && tries < HELD_TRIES) {
      wait_a_little();
      continue;
    }
    if (error == EWOULDBLOCK)
      return VB_POST(d, VB_MSG_LOCK_HELD, VB_NOWHERE, path);
    if (error)
      return vb_errno_post(d, VB_MSG_LOCK_FAILED, path, error);
  }
}

void vb_lock_drop(int *fd)
{
  if (*fd >= 0)
    close(*fd); /* the lock goes with the last descriptor of this open file */
  *fd = -1;
}

static bool usable(const char *dir)
{
  return dir && dir[0] && vb_dir_exists(dir) && access(dir, W_OK | X_OK) == 0;
}

const char *vb_scratch_dir(void)
{
  const char *dir = getenv("TMPDIR");
  if (usable(dir))
    return dir;
  return usable("/dev/shm") ? "/dev/shm" : "/tmp";
}

vb_status vb_scratch_name(vb_diag *d, vb_arena *a, const char **path)
{
  *path = NULL;
  char *name = vb_path_join(a, vb_scratch_dir(), "vanban-XXXXXX");
  if (!name)
    return VB_NOMEM;
  int fd = mkstemp(name);
  if (fd < 0)
    return vb_errno_post(d, VB_MSG_FILE_WRITE, name, errno);
  if (close(fd) != 0) {
    int error = errno;
    unlink(name);
    return vb_errno_post(d, VB_MSG_FILE_WRITE, name, error);
  }
  *path = name;
  return VB_OK;
}
