/* Paths that come from a job: kept inside the job's folder. Any room may use them.
 *
 * Invariants
 *  1. What a job names is a relative path of ordinary parts; it is judged before any file is touched.
 *  2. What it leads to, all links followed, lies inside the root, links followed there too. A link that leads nowhere is refused:
 *     what it would lead to once made cannot be judged.
 *  3. The order and the meaning of patterns do not depend on the locale.
 */
#define _XOPEN_SOURCE 700 /* realpath */
#include "base/base_int.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

char *vb_path_join(vb_arena *a, const char *dir, const char *name)
{
  size_t n = strlen(dir);
  return vb_arena_printf(a, n == 0 || dir[n - 1] == '/' ? "%s%s" : "%s/%s", dir, name);
}

/* The next part of a path; false when there is none left. */
static bool part_next(vb_span *rest, vb_span *part)
{
  if (!rest->p)
    return false;
  const char *slash = rest->n ? memchr(rest->p, '/', rest->n) : NULL;
  size_t n = slash ? (size_t)(slash - rest->p) : rest->n;
  *part = (vb_span){rest->p, n};
  *rest = slash ? (vb_span){slash + 1, rest->n - n - 1} : (vb_span){NULL, 0};
  return true;
}

/* The message a path deserves by its letters alone, or VB_MSG_COUNT. */
static vb_msg judge(vb_span rel)
{
  if (rel.n == 0)
    return VB_MSG_PATH_EMPTY;
  for (vb_span s = rel; s.n;) {
    uint32_t c = 0;
    size_t k = vb_utf8_step(s, &c);
    if (k == 0 || c < 0x20 || (c >= 0x7F && c <= 0x9F))
      return VB_MSG_PATH_CONTROL;
    s = (vb_span){s.p + k, s.n - k};
  }
  if (rel.p[0] == '/')
    return VB_MSG_PATH_ABSOLUTE;
  vb_span rest = rel, part;
  bool named = false;
  while (part_next(&rest, &part)) {
    if (part.n == 0)
      return VB_MSG_PATH_EMPTY;
    if (vb_span_is(part, ".."))
      return VB_MSG_PATH_OUTSIDE;
    named = named || !vb_span_is(part, ".");
  }
  return named ? VB_MSG_COUNT : VB_MSG_PATH_EMPTY;
}

static bool within(const char *root, const char *path)
{
  size_t n = strlen(root);
  if (n == 1)
    return true; /* "/" */
  return strncmp(root, path, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

/* Follows as much of path as exists and tells whether that lies inside real (a resolved root). path is changed. *error is set when
 * it cannot be followed. */
static bool leads_inside(const char *real, char *path, int *error)
{
  char found[PATH_MAX];
  struct stat st;
  *error = 0;
  while (!realpath(path, found)) {
    int why = errno;
    bool absent = why == ENOENT && lstat(path, &st) != 0 && errno == ENOENT;
    char *slash = absent ? strrchr(path, '/') : NULL;
    if (!slash || slash == path) {
      *error = absent ? 0 : why;
      return absent;
    }
    *slash = '\0';
  }
  return within(real, found);
}

/* Posts what is wrong with path, which was put together from root and a judged relative path. */
static vb_status follow(vb_diag *d, vb_arena *a, const char *root, const char *path, vb_place at)
{
  vb_status s = VB_OK;
  int error = 0;
  vb_arena_mark mark = vb_arena_save(a);
  char *real = vb_arena_alloc(a, PATH_MAX), *copy = vb_arena_str(a, path, strlen(path));
  if (!real || !copy)
    s = VB_NOMEM;
  else if (!realpath(root, real))
    s = vb_errno_post(d, VB_MSG_FILE_READ, root, errno);
  else if (!leads_inside(real, copy, &error))
    s = error == 0 || error == ENOENT ? VB_POST(d, VB_MSG_PATH_LINK, at, path)
                                      : VB_POST(d, VB_MSG_PATH_BROKEN, at, path, strerror(error));
  vb_arena_restore(a, mark);
  return s;
}

vb_status vb_path_inside(vb_diag *d, vb_arena *a, const char *root, vb_span rel, vb_place at, const char **out)
{
  *out = NULL;
  vb_msg wrong = judge(rel);
  if (wrong != VB_MSG_COUNT)
    return VB_POST(d, wrong, at, VB_TXT(rel));
  const char *path = root;
  vb_span rest = rel, part;
  while (path && part_next(&rest, &part)) {
    if (vb_span_is(part, "."))
      continue;
    char *name = vb_arena_str(a, part.p, part.n);
    path = name ? vb_path_join(a, path, name) : NULL;
  }
  if (!path)
    return VB_NOMEM;
  vb_status s = follow(d, a, root, path, at);
  if (s == VB_OK)
    *out = path;
  return s;
}

vb_status vb_path_name(vb_diag *d, vb_arena *a, const char *path, const char **name)
{
  char real[PATH_MAX];
  *name = NULL;
  if (!realpath(path, real))
    return vb_errno_post(d, VB_MSG_FILE_READ, path, errno);
  const char *last = strrchr(real, '/') + 1;
  *name = vb_arena_str(a, last, strlen(last));
  return *name ? VB_OK : VB_NOMEM;
}

/* ---- patterns ----------------------------------------------------------------------------------------------- */

static bool is_pattern(vb_span part)
{
  return part.n && (memchr(part.p, '*', part.n) || memchr(part.p, '?', part.n));
}

/* `*` tries the shortest run first and comes back to the last one only: linear in practice, never worse than n * m. */
static bool matches(vb_span pattern, vb_span name)
{
  size_t p = 0, n = 0, star = SIZE_MAX, from = 0;
  if (name.n && name.p[0] == '.' && !(pattern.n && pattern.p[0] == '.'))
    return false;
  while (n < name.n) {
    uint32_t c = 0;
    size_t k = vb_utf8_step((vb_span){name.p + n, name.n - n}, &c);
    if (p < pattern.n && pattern.p[p] == '*') {
      star = p++;
      from = n;
    } else if (p < pattern.n && pattern.p[p] == '?') {
      p++;
      n += k ? k : 1;
    } else if (p < pattern.n && pattern.p[p] == name.p[n]) {
      p++;
      n++;
    } else if (star != SIZE_MAX) {
      p = star + 1;
      n = ++from;
    } else {
      return false;
    }
  }
  while (p < pattern.n && pattern.p[p] == '*')
    p++;
  return p == pattern.n;
}

typedef struct found {
  struct found *next;
  const char *path;
} found;

/* One search: what it was asked, and the paths that match so far. */
typedef struct search {
  vb_diag *d;
  vb_arena *a;
  const char *root;
  vb_place at;
  found *list;
  size_t count;
} search;

/* Keeps dir/name when it is there, lies inside the root, and is a file (`last`) or a folder. */
static vb_status candidate(search *g, const char *dir, const char *name, bool last)
{
  char *path = vb_path_join(g->a, dir, name);
  found *f = VB_NEW(g->a, found);
  if (!path || !f)
    return VB_NOMEM;
  vb_status s = follow(g->d, g->a, g->root, path, g->at);
  if (s != VB_OK || !(last ? vb_file_exists(path) : vb_dir_exists(path)))
    return s;
  *f = (found){g->list, path};
  g->list = f;
  g->count++;
  return VB_OK;
}

/* Carries one path a part further. */
static vb_status step(search *g, vb_span part, const char *dir, bool last)
{
  if (!is_pattern(part)) {
    const char *name = vb_arena_str(g->a, part.p, part.n);
    return name ? candidate(g, dir, name, last) : VB_NOMEM;
  }
  const char **names = NULL;
  size_t count = 0;
  vb_status s = vb_dir_list(g->d, g->a, dir, &names, &count);
  for (size_t i = 0; i < count && s == VB_OK; i++)
    if (matches(part, vb_span_of(names[i])))
      s = candidate(g, dir, names[i], last);
  return s;
}

static vb_status step_all(search *g, vb_span part, bool last)
{
  found *from = g->list;
  g->list = NULL;
  g->count = 0;
  for (; from; from = from->next) {
    vb_status s = step(g, part, from->path, last);
    if (s != VB_OK)
      return s;
  }
  return VB_OK;
}

vb_status vb_path_glob(vb_diag *d, vb_arena *a, const char *root, vb_span pattern, vb_place at, const char ***paths, size_t *count)
{
  *paths = NULL;
  *count = 0;
  vb_msg wrong = judge(pattern);
  if (wrong != VB_MSG_COUNT)
    return VB_POST(d, wrong, at, VB_TXT(pattern));
  vb_status s = follow(d, a, root, root, at); /* a root that is not there is told as such, not as "none" */
  found start = {NULL, root};
  search g = {d, a, root, at, &start, 1};
  vb_span rest = pattern, part;
  while (s == VB_OK && part_next(&rest, &part))
    if (!vb_span_is(part, ".") || !rest.p)
      s = step_all(&g, part, !rest.p);
  const char **list = s == VB_OK ? VB_NEW_ARRAY(a, const char *, g.count) : NULL;
  if (s == VB_OK && !list)
    s = VB_NOMEM;
  if (s != VB_OK)
    return s;
  for (found *f = g.list; f; f = f->next)
    list[(*count)++] = f->path;
  vb_names_sort(list, *count);
  *paths = list;
  return VB_OK;
}

char *vb_path_real(vb_arena *a, const char *path)
{
  char *real = realpath(path, NULL);
  char *copy = real ? vb_arena_str(a, real, strlen(real)) : NULL;
  free(real);
  return copy;
}
