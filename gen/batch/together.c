/* together.c: files that change together. What holds stands in together.h.
 *
 *   list    the field, the path of the signed PDF, then a line a file: its name aside, a tab, its path in the job's folder */
#include <string.h>

#include "batch/together.h"

#define LIST "list"

static const char *aside_of(vb_arena *a, const char *dir) {
  const char *slash = strrchr(dir, '/');
  return slash == NULL ? vb_arena_printf(a, ".%s.signing", dir) : vb_arena_printf(a, "%.*s/.%s.signing", (int)(slash - dir), dir, slash + 1);
}

/* The list goes first: without it the rest is of nobody. */
static vb_status clear(vb_diag *d, vb_arena *a, const char *aside) {
  const char **names = NULL, *list = vb_path_join(a, aside, LIST);
  size_t n = 0;
  if (!vb_dir_exists(aside)) return VB_OK;
  vb_status s = list == NULL ? VB_NOMEM : vb_file_remove(d, list);
  if (s == VB_OK) s = vb_dir_list(d, a, aside, &names, &n);
  for (size_t i = 0; i < n && s == VB_OK; i++) {
    const char *path = vb_path_join(a, aside, names[i]);
    s = path == NULL ? VB_NOMEM : vb_file_remove(d, path);
  }
  return s == VB_OK ? vb_dir_remove_empty(d, aside) : s;
}

/* ---- making ------------------------------------------------------------------------------------------------- */

vb_status vb_together_begin(vb_diag *d, vb_arena *a, const char *dir, const vb_together_for *what, vb_together *out) {
  *out = (vb_together){.d = d, .a = a, .dir = dir, .aside = aside_of(a, dir)};
  vb_buf_init(&out->list);
  vb_buf_printf(&out->list, "%s\n%s\n", what->field, what->rel);
  vb_status s = out->aside == NULL ? VB_NOMEM : clear(d, a, out->aside);
  return s == VB_OK ? vb_dir_make(d, out->aside) : s;
}

vb_status vb_together_add(vb_together *t, const char *rel, const void *bytes, size_t n) {
  const char *name = vb_arena_printf(t->a, "%d", t->n++), *path = name == NULL ? NULL : vb_path_join(t->a, t->aside, name);
  if (path == NULL) return VB_NOMEM;
  vb_buf_printf(&t->list, "%s\t%s\n", name, rel);
  return vb_file_write(t->d, path, bytes, n);
}

void vb_together_note(vb_together *t, const char *name) { vb_buf_printf(&t->list, "%s\t%s\n", name, name); }

void vb_together_drop(vb_together *t) {
  if (t->aside != NULL) (void)clear(t->d, t->a, t->aside); /* a failure is said, and the next run tries again */
  vb_buf_free(&t->list);
}

/* ---- putting in place --------------------------------------------------------------------------------------- */

/* The next line of a list, without its end; false: there is none. */
static bool line(vb_span *rest, vb_span *out) {
  const char *end = rest->n == 0 ? NULL : memchr(rest->p, '\n', rest->n);
  if (end == NULL) return false;
  *out = (vb_span){rest->p, (size_t)(end - rest->p)};
  *rest = (vb_span){end + 1, rest->n - out->n - 1};
  return true;
}

static vb_status place_one(vb_diag *d, vb_arena *a, const char *dir, const char *aside, vb_span l) {
  const char *tab = memchr(l.p, '\t', l.n), *from = NULL, *to = NULL;
  vb_place at = {vb_diag_file(d, aside), 0, 0, NULL};
  vb_span name = {l.p, tab == NULL ? l.n : (size_t)(tab - l.p)}, rel = {l.p + name.n + 1, tab == NULL ? 0 : l.n - name.n - 1};
  vb_status s = vb_path_inside(d, a, aside, name, at, &from);
  if (s == VB_OK) s = vb_path_inside(d, a, dir, rel, at, &to);
  return s == VB_OK ? vb_file_move(d, from, to) : s;
}

static vb_status place_all(vb_diag *d, vb_arena *a, const char *dir, const char *aside, vb_span list) {
  vb_span l;
  vb_status s = VB_OK;
  for (int i = 0; i < 2; i++)
    if (!line(&list, &l)) return VB_OK; /* whole, for files are; so nobody's of ours */
  while (s == VB_OK && line(&list, &l)) s = place_one(d, a, dir, aside, l);
  return s == VB_OK ? clear(d, a, aside) : s;
}

vb_status vb_together_end(vb_together *t) {
  const char *list = vb_path_join(t->a, t->aside, LIST);
  vb_status s = list == NULL || t->list.failed ? VB_NOMEM : vb_file_write(t->d, list, t->list.p, t->list.n);
  if (s != VB_OK) {
    vb_together_drop(t);
    return s;
  }
  s = place_all(t->d, t->a, t->dir, t->aside, (vb_span){t->list.p, t->list.n});
  vb_buf_free(&t->list);
  return s;
}

/* ---- of a run that was broken off --------------------------------------------------------------------------- */

static vb_status read_list(vb_diag *d, vb_arena *a, const char *aside, vb_buf *list, vb_together_for *what) {
  const char *path = aside == NULL ? NULL : vb_path_join(a, aside, LIST);
  vb_span rest, field, rel;
  *what = (vb_together_for){NULL, NULL};
  if (path == NULL) return VB_NOMEM;
  if (!vb_file_exists(path)) return VB_OK;
  vb_status s = vb_file_read(d, path, VB_FIELD_BYTES_MAX, false, list);
  rest = (vb_span){list->p, list->n};
  if (s != VB_OK || !line(&rest, &field) || !line(&rest, &rel)) return s;
  what->field = vb_arena_str(a, field.p, field.n);
  what->rel = vb_arena_str(a, rel.p, rel.n);
  return what->field == NULL || what->rel == NULL ? VB_NOMEM : VB_OK;
}

vb_status vb_together_look(vb_diag *d, vb_arena *a, const char *dir, vb_together_for *what) {
  vb_buf list;
  vb_buf_init(&list);
  vb_status s = read_list(d, a, aside_of(a, dir), &list, what);
  vb_buf_free(&list);
  return s;
}

vb_status vb_together_finish(vb_diag *d, vb_arena *a, const char *dir, vb_together_for *what) {
  const char *aside = aside_of(a, dir);
  vb_buf list;
  vb_buf_init(&list);
  vb_status s = read_list(d, a, aside, &list, what);
  if (s == VB_OK && what->rel == NULL) s = clear(d, a, aside); /* broken off before anything was touched */
  else if (s == VB_OK) s = place_all(d, a, dir, aside, (vb_span){list.p, list.n});
  vb_buf_free(&list);
  if (s == VB_OK && what->rel != NULL) VB_POST(d, VB_MSG_SIGN_FINISHED, ((vb_place){vb_diag_file(d, what->rel), 0, 0, NULL}), what->field);
  return s;
}
