/* Whole files: read with a limit, written at once. Any room may use them; no other file of the program makes an output file.
 *
 * Invariants
 *  1. A name holds either what it held before or all of the new bytes: they go to a temporary name in the same folder and get
 *     the name by rename, after fsync; the folder is synced too.
 *  2. Every call that can fail is checked, close included: a full disk can show itself at any of them.
 *  3. Opening never waits and never follows into a device: a FIFO in a job folder is refused, not read.
 */
#include "base/base_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_STEP (64u << 10) /* what is asked of read() beyond the size that the file had */
#define TEMP_TRIES 100        /* leftovers of a killed run with the same process number */
#define TEMP_NUMBERS 10000u   /* before they begin anew */

vb_status vb_errno_post(vb_diag *d, vb_msg m, const char *path, int error)
{
  bool rights = error == EACCES || error == EPERM || error == EROFS, full = error == ENOSPC || error == EDQUOT;
  bool writes = m == VB_MSG_FILE_WRITE || m == VB_MSG_DIR_MAKE || m == VB_MSG_FILE_REMOVE || m == VB_MSG_LOCK_FAILED;
  if (rights && (writes || m == VB_MSG_FILE_READ || m == VB_MSG_INPUT_READ))
    return VB_POST(d, writes ? VB_MSG_FILE_WRITE_RIGHTS : m == VB_MSG_INPUT_READ ? VB_MSG_INPUT_READ_RIGHTS : VB_MSG_FILE_READ_RIGHTS, VB_NOWHERE, path);
  if (full && writes)
    return VB_POST(d, VB_MSG_FILE_WRITE_FULL, VB_NOWHERE, path);
  if (error == ENOENT && m == VB_MSG_FILE_READ)
    return VB_POST(d, VB_MSG_FILE_READ_NONE, VB_NOWHERE, path);
  char text[128];
  if (strerror_r(error, text, sizeof text) != 0)
    snprintf(text, sizeof text, "error %d", error);
  return VB_POST(d, m, VB_NOWHERE, path, text);
}

/* ---- read --------------------------------------------------------------------------------------------------- */

int vb_fd_read(int fd, size_t size, size_t limit, vb_buf *out)
{
  vb_buf_clear(out);
  if (size > limit)
    return EFBIG;
  for (bool whole = false; !whole;) {
    size_t room = out->n < size ? size - out->n + 1 : READ_STEP; /* one more, so that the end is seen at once and without growing */
    if (!vb_buf_reserve(out, room))
      return ENOMEM;
    size_t asked = out->cap - out->n - 1;
    ssize_t got = read(fd, out->p + out->n, asked);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return errno;
    out->n += (size_t)got;
    if (out->n > limit)
      return EFBIG;
    whole = got == 0 || (out->n == size && (size_t)got < asked); /* less than the size may be an error that the next call tells */
  }
  return 0;
}

vb_status vb_file_read(vb_diag *d, const char *path, size_t limit, bool input, vb_buf *out)
{
  vb_msg failed = input ? VB_MSG_INPUT_READ : VB_MSG_FILE_READ;
  vb_buf_clear(out);
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0)
    return vb_errno_post(d, failed, path, errno);
  struct stat st;
  vb_status s = VB_OK;
  int error = fstat(fd, &st) != 0 ? errno : 0;
  if (!error && !S_ISREG(st.st_mode))
    s = VB_POST(d, input ? VB_MSG_INPUT_NOT_FILE : VB_MSG_FILE_NOT_FILE, VB_NOWHERE, path);
  else if (!error)
    error = (uintmax_t)st.st_size > limit ? EFBIG : vb_fd_read(fd, (size_t)st.st_size, limit, out);
  close(fd); /* nothing was written: its result says nothing */
  if (error == ENOMEM)
    s = VB_NOMEM;
  else if (error == EFBIG)
    s = VB_POST(d, VB_MSG_FILE_TOO_LARGE, VB_NOWHERE, path, VB_NUM(limit));
  else if (error)
    s = vb_errno_post(d, failed, path, error);
  if (s != VB_OK)
    vb_buf_clear(out);
  return s;
}

/* ---- write -------------------------------------------------------------------------------------------------- */

bool vb_file_is_temp(const char *name)
{
  size_t n = strlen(name), head = sizeof VB_FILE_TEMP_HEAD - 1, tail = sizeof VB_FILE_TEMP_TAIL - 1;
  if (n <= head + tail || strncmp(name, VB_FILE_TEMP_HEAD, head) != 0)
    return false;
  return strcmp(name + n - tail, VB_FILE_TEMP_TAIL) == 0;
}

static int write_all(int fd, const char *p, size_t n)
{
  while (n) {
    ssize_t put = write(fd, p, n);
    if (put < 0 && errno == EINTR)
      continue;
    if (put < 0)
      return errno;
    p += put;
    n -= (size_t)put;
  }
  return 0;
}

/* The folder a path lies in, in arena a: "." for a bare name. */
static char *folder_of(vb_arena *a, const char *path)
{
  const char *slash = strrchr(path, '/');
  if (!slash)
    return vb_arena_str(a, ".", 1);
  return vb_arena_str(a, path, slash == path ? 1 : (size_t)(slash - path));
}

int vb_dir_sync(const char *path)
{
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
  if (fd < 0)
    return errno;
  int error = fsync(fd) == 0 || errno == EINVAL ? 0 : errno; /* EINVAL: a file system that cannot sync folders */
  if (close(fd) != 0 && !error)
    error = errno;
  return error;
}

/* Opens a new file in the folder, under a name that says what it is. */
static int temp_open(vb_arena *a, const char *folder, char **name, int *error)
{
  static unsigned last; /* several may be open at once */
  int fd = -1;
  for (int i = 0; i < TEMP_TRIES; i++) {
    vb_arena_mark mark = vb_arena_save(a);
    *name = vb_arena_printf(a, "%s/" VB_FILE_TEMP_HEAD "%ld-%u" VB_FILE_TEMP_TAIL, folder, (long)getpid(), ++last % TEMP_NUMBERS);
    if (!*name)
      return -1;
    fd = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd >= 0 || errno != EEXIST)
      break;
    vb_arena_restore(a, mark);
  }
  *error = fd < 0 ? errno : 0;
  return fd;
}

struct vb_file_out {
  vb_diag *d;
  vb_arena *a;
  char *folder, *temp, *path;
  int fd, error;
  pid_t owner;
  vb_file_out *next;
};

static vb_file_out *begun; /* of this process, and what a worker has from its parent */

/* No message for what was said already. */
static vb_status out_free(vb_file_out *f, vb_status s)
{
  for (vb_file_out **p = &begun; *p; p = &(*p)->next)
    if (*p == f) {
      *p = f->next;
      break;
    }
  if (f->error)
    s = vb_errno_post(f->d, VB_MSG_FILE_WRITE, f->path, f->error);
  vb_arena_free(f->a);
  return s;
}

vb_status vb_file_begin(vb_diag *d, const char *path, vb_file_out **out)
{
  *out = NULL;
  vb_arena *a = vb_arena_new(1024);
  vb_file_out *f = a ? VB_NEW(a, vb_file_out) : NULL;
  if (!f) {
    vb_arena_free(a);
    return VB_NOMEM;
  }
  *f = (vb_file_out){.d = d, .a = a, .fd = -1};
  f->path = vb_arena_str(a, path, strlen(path));
  f->folder = f->path ? folder_of(a, path) : NULL;
  if (f->folder)
    f->fd = temp_open(a, f->folder, &f->temp, &f->error);
  if (f->fd < 0)
    return out_free(f, VB_NOMEM);
  f->owner = getpid();
  f->next = begun;
  *out = begun = f;
  return VB_OK;
}

void vb_files_abandon(void)
{
  for (vb_file_out *f = begun; f; f = f->next)
    if (f->owner == getpid())
      unlink(f->temp);
}

vb_status vb_file_add(vb_file_out *f, const void *bytes, size_t n)
{
  if (!f->error)
    f->error = write_all(f->fd, bytes, n);
  return f->error ? VB_SYSTEM : VB_OK;
}

/* The bytes are on the disk, under the temporary name. */
static void out_settle(vb_file_out *f)
{
  if (!f->error && fsync(f->fd) != 0)
    f->error = errno;
  if (close(f->fd) != 0 && !f->error)
    f->error = errno;
  f->fd = -1;
}

static void out_place(vb_file_out *f)
{
  if (!f->error && rename(f->temp, f->path) != 0)
    f->error = errno;
  if (f->error)
    unlink(f->temp);
}

vb_status vb_file_end(vb_file_out *f)
{
  out_settle(f);
  out_place(f);
  if (!f->error)
    f->error = vb_dir_sync(f->folder);
  return out_free(f, VB_OK);
}

void vb_file_drop(vb_file_out *f)
{
  if (!f)
    return;
  if (f->fd >= 0)
    close(f->fd); /* its bytes go: a failure says nothing */
  unlink(f->temp);
  out_free(f, VB_OK);
}

/* All bytes of all files, under temporary names. The first that fails is told, and stays NULL. */
static vb_status files_settle(vb_diag *d, const vb_file_bytes *files, size_t n, vb_file_out **out)
{
  vb_status s = VB_OK;
  for (size_t i = 0; i < n && s == VB_OK; i++) {
    s = vb_file_begin(d, files[i].path, &out[i]);
    if (s != VB_OK || !out[i])
      break;
    (void)vb_file_add(out[i], files[i].p, files[i].n); /* a failure sticks */
    out_settle(out[i]);
    if (!out[i]->error)
      continue;
    unlink(out[i]->temp);
    s = out_free(out[i], VB_OK);
    out[i] = NULL;
  }
  return s;
}

vb_status vb_files_write(vb_diag *d, const vb_file_bytes *files, size_t n)
{
  vb_arena *a = vb_arena_new(1024);
  vb_file_out **out = a ? VB_NEW_ARRAY(a, vb_file_out *, n) : NULL;
  vb_status s = out ? files_settle(d, files, n, out) : VB_NOMEM;
  for (size_t i = 0; out && i < n; i++) {
    if (s != VB_OK || !out[i]) {
      vb_file_drop(out[i]);
      continue;
    }
    out_place(out[i]);
    if (!out[i]->error && i + 1 == n)
      out[i]->error = vb_dir_sync(out[i]->folder);
    s = out_free(out[i], VB_OK);
  }
  vb_arena_free(a);
  return s;
}

vb_status vb_file_write(vb_diag *d, const char *path, const void *bytes, size_t n)
{
  vb_file_out *f = NULL;
  vb_status s = vb_file_begin(d, path, &f);
  if (s != VB_OK || !f)
    return s;
  (void)vb_file_add(f, bytes, n); /* vb_file_end tells it */
  return vb_file_end(f);
}

vb_status vb_file_remove(vb_diag *d, const char *path)
{
  if (unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR)
    return VB_OK;
  return vb_errno_post(d, VB_MSG_FILE_REMOVE, path, errno);
}

vb_status vb_file_move(vb_diag *d, const char *from, const char *to)
{
  vb_arena *a = vb_arena_new(1024);
  char *folder = a ? folder_of(a, to) : NULL;
  if (!folder) {
    vb_arena_free(a);
    return VB_NOMEM;
  }
  int error = rename(from, to) == 0 || errno == ENOENT ? vb_dir_sync(folder) : errno;
  vb_arena_free(a);
  return error ? vb_errno_post(d, VB_MSG_FILE_WRITE, to, error) : VB_OK;
}

bool vb_file_exists(const char *path)
{
  struct stat st;
  return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}
