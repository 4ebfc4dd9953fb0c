/* output.c: the folder of a job: its lock and book, manifest and index, and what is stale in it. */
#include <string.h>

#include "batch/handover.h"
#include "batch/output.h"
#include "batch/together.h"

/* A journal that was left behind would be taken for one of the next database. */
static vb_status remove_db(vb_diag *d, vb_arena *a, const char *path) {
  const char *journal = vb_arena_printf(a, "%s-journal", path);
  vb_status s = journal == NULL ? VB_NOMEM : vb_file_remove(d, journal);
  return s == VB_OK ? vb_file_remove(d, path) : s;
}

static vb_status remove_passing(vb_diag *d, vb_arena *a, const vb_output *out) {
  return vb_worse(remove_db(d, a, out->db), vb_file_remove(d, out->texts));
}

/* A folder that came without its book: what its manifest says of the documents. That is not enough to know one unchanged, for findings stand
 * there as words of one language; it is enough to keep what is not asked for, and what was signed. */
static vb_status from_manifest(vb_diag *d, vb_arena *a, vb_output *out) {
  vb_manifest *m = NULL;
  const char *path = vb_path_join(a, out->dir, "manifest.json");
  vb_status s = path == NULL ? VB_NOMEM : vb_manifest_read(d, path, &m);
  for (size_t i = 0; s == VB_OK && i < m->n_docs; i++) {
    vb_result r = {.kind = VB_RESULT_MADE, .doc = m->docs[i]};
    r.doc.inputs_hash[0] = '\0';
    if (r.doc.status == VB_DOC_UNCHANGED) r.doc.status = VB_DOC_WRITTEN;
    s = vb_book_add(d, out->book, &r);
  }
  vb_manifest_free(m);
  return s < VB_SYSTEM ? VB_OK : s; /* a broken one was said; it is written anew */
}

/* A link in place of a unit's folder would have files written, and stale ones removed, where it leads. No run makes one. */
static vb_status remove_links(vb_diag *d, const char *dir) {
  vb_arena *a = vb_arena_new(0);
  const char **names = NULL;
  size_t n = 0;
  vb_status s = a == NULL ? VB_NOMEM : vb_dir_list(d, a, dir, &names, &n);
  for (size_t i = 0; i < n && s == VB_OK; i++) {
    const char *path = vb_path_join(a, dir, names[i]);
    if (path == NULL) s = VB_NOMEM;
    else if (vb_link_exists(path)) s = vb_file_remove(d, path);
  }
  vb_arena_free(a);
  return s;
}

vb_status vb_output_open(vb_diag *d, vb_arena *a, const char *root, const char *job, vb_output *out) {
  *out = (vb_output){.lock = -1};
  out->dir = vb_path_join(a, root, job);
  out->db = vb_arena_printf(a, "%s/.%s.db", root, job);
  out->texts = vb_arena_printf(a, "%s/.%s.texts", root, job);
  const char *lock = vb_arena_printf(a, "%s/.%s.lock", root, job), *book = vb_arena_printf(a, "%s/.%s.made", root, job);
  if (out->dir == NULL || out->db == NULL || out->texts == NULL || lock == NULL || book == NULL) return VB_NOMEM;
  vb_status s = vb_dir_make(d, out->dir);
  if (s == VB_OK) s = vb_lock_take(d, lock, &out->lock);
  if (s == VB_OK) s = remove_passing(d, a, out); /* of a run that was killed */
  if (s == VB_OK) s = remove_links(d, out->dir);
  vb_together_for begun;
  if (s == VB_OK) s = vb_together_finish(d, a, out->dir, &begun);
  if (s == VB_OK) s = vb_book_open(d, book, false, &out->book);
  return s == VB_OK && vb_book_is_empty(out->book) ? from_manifest(d, a, out) : s;
}

vb_status vb_output_close(vb_diag *d, vb_arena *a, vb_output *out) {
  vb_status s = out->lock >= 0 ? remove_passing(d, a, out) : VB_OK; /* the next run tries again */
  vb_book_close(out->book);
  vb_lock_drop(&out->lock);
  return s;
}

/* ---- what is stale ------------------------------------------------------------------------------------------ */

static vb_status remove_others(vb_diag *d, vb_arena *a, const char *dir, const vb_map *keep) {
  const char **names = NULL;
  size_t n = 0, kept = 0;
  vb_status s = vb_dir_exists(dir) ? vb_dir_list(d, a, dir, &names, &n) : VB_OK;
  for (size_t i = 0; i < n && s == VB_OK; i++) {
    if (keep != NULL && vb_map_get(keep, vb_span_of(names[i])) != NULL) {
      kept++;
      continue;
    }
    const char *path = vb_path_join(a, dir, names[i]);
    if (path == NULL) s = VB_NOMEM;
    else if (!vb_dir_exists(path)) s = vb_file_remove(d, path);
  }
  return s == VB_OK && kept == 0 ? vb_dir_remove_empty(d, dir) : s;
}

/* Files of one unit's documents, which stand together in the manifest; *i moves behind them. */
static vb_status clean_unit(vb_diag *d, const vb_manifest *m, const char *dir, size_t *i, vb_map *units) {
  vb_arena *a = vb_arena_new(0);
  vb_map *files = vb_map_new();
  const char *unit = NULL;
  vb_status s = a == NULL || files == NULL ? VB_NOMEM : VB_OK;
  for (; *i < m->n_docs && s == VB_OK; ++*i) {
    const vb_man_doc *doc;
    s = vb_manifest_doc(m, *i, &doc);
    if (s != VB_OK || (unit != NULL && strcmp(unit, doc->unit) != 0)) break;
    if (unit == NULL && (unit = vb_arena_str(a, doc->unit, strlen(doc->unit))) == NULL) s = VB_NOMEM; /* else the next unit would stand for this one, and its files go */
    for (size_t k = 0; k < doc->n_files && s == VB_OK; k++)
      if (!vb_map_put(files, vb_span_of(strrchr(doc->files[k].path, '/') + 1), files)) s = VB_NOMEM;
  }
  const char *path = unit == NULL ? NULL : vb_path_join(a, dir, unit);
  if (s == VB_OK && (path == NULL || !vb_map_put(units, vb_span_of(unit), units))) s = VB_NOMEM;
  if (s == VB_OK) s = remove_others(d, a, path, files);
  vb_map_free(files);
  vb_arena_free(a);
  return s;
}

vb_status vb_output_clean(vb_diag *d, const vb_manifest *m, const char *dir) {
  vb_arena *a = vb_arena_new(0);
  vb_map *units = vb_map_new();
  const char **names = NULL;
  size_t n = 0, at = 0;
  vb_status s = a == NULL || units == NULL ? VB_NOMEM : VB_OK;
  while (at < m->n_docs && s == VB_OK) s = clean_unit(d, m, dir, &at, units);
  if (s == VB_OK) s = vb_dir_list(d, a, dir, &names, &n);
  for (size_t i = 0; i < n && s == VB_OK; i++) {
    const char *sub = vb_path_join(a, dir, names[i]);
    if (sub == NULL) s = VB_NOMEM;
    else if (vb_file_is_temp(names[i])) s = vb_file_remove(d, sub);
    else if (vb_dir_exists(sub) && vb_map_get(units, vb_span_of(names[i])) == NULL) s = remove_others(d, a, sub, NULL);
  }
  vb_map_free(units);
  vb_arena_free(a);
  return s;
}

/* ---- manifest and index ------------------------------------------------------------------------------------- */

typedef vb_status printer(vb_diag *d, const vb_manifest *m, vb_lang lang, vb_buf *out);

/* The manifest as it is printed, with what is printed so far going to the file. */
typedef struct printing { const vb_manifest *m; vb_file_out *file; } printing;

enum { TAKE_BYTES = 1 << 18 };

static vb_status doc_at(void *ctx, size_t i, const vb_man_doc **out) { return vb_manifest_doc(((printing *)ctx)->m, i, out); }

static vb_status input_next(void *ctx, const vb_man_input **out) {
  const vb_manifest *m = ((printing *)ctx)->m;
  return m->input_next(m->ctx, out);
}

static vb_status taken(void *ctx, vb_buf *out) {
  if (out->n < TAKE_BYTES) return VB_OK;
  vb_status s = vb_file_add(((printing *)ctx)->file, out->p, out->n);
  vb_buf_clear(out);
  return s;
}

static vb_status write_one(vb_diag *d, const vb_manifest *m, const char *path, vb_lang lang, printer *print) {
  vb_buf text;
  printing p = {m, NULL};
  vb_manifest view = *m;
  view.doc_at = doc_at;
  view.input_next = m->input_next == NULL ? NULL : input_next;
  view.taken = taken;
  view.ctx = &p;
  vb_buf_init(&text);
  vb_status s = path == NULL ? VB_NOMEM : vb_file_begin(d, path, &p.file);
  if (s != VB_OK) return s;
  s = print(d, &view, lang, &text);
  if (s == VB_OK) s = vb_file_add(p.file, text.p, text.n);
  vb_buf_free(&text);
  if (s == VB_OK) return vb_file_end(p.file);
  vb_file_drop(p.file);
  return s;
}

vb_status vb_hand_over(vb_diag *d, vb_arena *a, const vb_manifest *m, const char *dir, vb_lang lang) {
  vb_status s = write_one(d, m, vb_path_join(a, dir, "index.html"), lang, vb_index_print);
  return s == VB_OK ? write_one(d, m, vb_path_join(a, dir, "manifest.json"), lang, vb_manifest_print) : s;
}
