/* Folders: made with their parents, listed in an order that is always the same. Any room may use them. */
#include "base/base_int.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool vb_dir_exists(const char *path)
{
  struct stat st;
  return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool vb_link_exists(const char *path)
{
  struct stat st;
  return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

/* Makes one folder, and syncs the one it stands in so that it is still there after a power cut. Gives an error number. */
static int make_one(char *path)
{
  if (mkdir(path, 0777) != 0) {
    int error = errno;
    return vb_dir_exists(path) ? 0 : error;
  }
  char *slash = strrchr(path, '/');
  if (!slash)
    return vb_dir_sync(".");
  if (slash == path)
    return vb_dir_sync("/");
  *slash = '\0';
  int error = vb_dir_sync(path);
  *slash = '/';
  return error;
}

static vb_status refused(vb_diag *d, const char *path, int error)
{
  return error == EEXIST ? VB_POST(d, VB_MSG_DIR_TAKEN, VB_NOWHERE, path) : vb_errno_post(d, VB_MSG_DIR_MAKE, path, error);
}

vb_status vb_dir_make(vb_diag *d, const char *path)
{
  if (vb_dir_exists(path))
    return VB_OK;
  size_t n = strlen(path);
  char *part = vb_mem_alloc(n + 1);
  if (!part)
    return VB_NOMEM;
  memcpy(part, path, n + 1);
  while (n > 1 && part[n - 1] == '/')
    part[--n] = '\0';
  int error = n ? 0 : ENOENT;
  for (size_t i = 1; i <= n && !error; i++) {
    if (part[i] != '/' && part[i] != '\0')
      continue;
    if (part[i - 1] == '/')
      continue; /* "a//b" is "a/b" */
    char end = part[i];
    part[i] = '\0';
    error = make_one(part);
    if (error != EEXIST)
      part[i] = end; /* else the part that a file is in the way of is told */
  }
  vb_status s = error ? refused(d, part, error) : VB_OK;
  vb_mem_free(part);
  return s;
}

vb_status vb_dir_make_in(vb_diag *d, const char *path)
{
  int error = mkdir(path, 0777) != 0 ? errno : 0;
  return error && !vb_dir_exists(path) ? refused(d, path, error) : VB_OK;
}

vb_status vb_dir_remove_empty(vb_diag *d, const char *path)
{
  if (rmdir(path) == 0 || errno == ENOENT || errno == ENOTEMPTY || errno == EEXIST)
    return VB_OK;
  return vb_errno_post(d, VB_MSG_FILE_REMOVE, path, errno);
}

static int by_bytes(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void vb_names_sort(const char **names, size_t count)
{
  if (count > 1)
    qsort(names, count, sizeof *names, by_bytes);
}

typedef struct listed {
  struct listed *before;
  const char *name;
} listed;

/* Collects the entries of an open folder. */
static vb_status collect(vb_diag *d, vb_arena *a, const char *path, DIR *dir, listed **last, size_t *count)
{
  for (;;) {
    errno = 0;
    struct dirent *e = readdir(dir);
    if (!e)
      return errno ? vb_errno_post(d, VB_MSG_FILE_READ, path, errno) : VB_OK;
    if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
      continue;
    listed *l = VB_NEW(a, listed);
    if (!l || !(l->name = vb_arena_str(a, e->d_name, strlen(e->d_name))))
      return VB_NOMEM;
    l->before = *last;
    *last = l;
    ++*count;
  }
}

vb_status vb_dir_list(vb_diag *d, vb_arena *a, const char *path, const char ***names, size_t *count)
{
  *names = NULL;
  *count = 0;
  DIR *dir = opendir(path);
  if (!dir)
    return errno == ENOMEM ? VB_NOMEM : vb_errno_post(d, VB_MSG_FILE_READ, path, errno);
  listed *last = NULL;
  size_t n = 0;
  vb_status s = collect(d, a, path, dir, &last, &n);
  closedir(dir); /* nothing was written: its result says nothing */
  const char **list = s == VB_OK ? VB_NEW_ARRAY(a, const char *, n) : NULL;
  if (s == VB_OK && !list)
    s = VB_NOMEM;
  if (s != VB_OK)
    return s;
  size_t i = n;
  for (listed *l = last; l; l = l->before)
    list[--i] = l->name;
  vb_names_sort(list, n);
  *names = list;
  *count = n;
  return VB_OK;
}
