/* changed.c: whether a document must be made again.
 *
 * Signed PDFs are known by themselves and not by what a manifest says of them: they were signed by whatever program, perhaps while nothing
 * of ours was watching. The bytes that a signature covers are named by a /ByteRange, which no writer can compress or hide. */
#include <string.h>

#include "batch/changed.h"
#include "batch/document.h"

static int count_signatures(const vb_buf *b) {
  static const char key[] = "/ByteRange";
  const size_t n = sizeof key - 1;
  int found = 0;
  for (const char *p = b->p, *end = b->p + b->n; p != NULL && end - p >= (ptrdiff_t)n; p++) {
    p = memchr(p, '/', (size_t)(end - p) - n + 1);
    if (p == NULL) break;
    found += memcmp(p, key, n) == 0;
  }
  return found;
}

static vb_status look_at(vb_diag *d, const char *path, const char *type, vb_man_file *f, int *signatures) {
  if (strcmp(type, "pdf") != 0) return vb_sha256_file(d, path, f->sha256, &f->bytes);
  vb_buf bytes;
  vb_buf_init(&bytes);
  vb_status s = vb_file_read(d, path, VB_PDF_BYTES_MAX, false, &bytes);
  if (s == VB_OK) {
    f->bytes = bytes.n;
    *signatures += count_signatures(&bytes);
    if (!vb_sha256(bytes.p, bytes.n, f->sha256)) s = VB_NOMEM;
  }
  vb_buf_free(&bytes);
  return s;
}

vb_status vb_standing_read(vb_diag *d, const char *dir, vb_man_doc *doc, vb_standing *out) {
  *out = (vb_standing){true, 0};
  vb_arena *a = vb_arena_new(0);
  vb_man_file *now = a == NULL ? NULL : VB_NEW_ARRAY(a, vb_man_file, doc->n_files);
  vb_status s = now == NULL ? VB_NOMEM : VB_OK;
  size_t n = 0;
  for (size_t i = 0; i < doc->n_files && s == VB_OK; i++) {
    const char *path = vb_path_join(a, dir, doc->files[i].path);
    if (path == NULL) s = VB_NOMEM;
    if (s != VB_OK || !vb_file_exists(path)) {
      out->whole = false;
      continue;
    }
    now[n] = doc->files[i];
    s = look_at(d, path, now[n].type, &now[n], &out->signatures);
    if (s == VB_OK && strcmp(now[n].sha256, doc->files[i].sha256) != 0) out->whole = false;
    n++;
  }
  if (s == VB_OK && out->signatures > 0) { /* the PDF has grown, and its package was made anew */
    memcpy(doc->files, now, n * sizeof *now);
    doc->n_files = n;
    doc->signatures = out->signatures;
  }
  vb_arena_free(a);
  return s;
}

/* What a file of a document is, by what follows the document's id in its name; NULL: none of its files. */
static const char *type_of(const char *rest) {
  static const struct { const char *type, *suffix; } kinds[] = {{"pdf", ".pdf"}, {"xlsx", ".xlsx"}, {"trace", ".trace.json"}, {"edxml", ".edxml"}};
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
    if (strcmp(rest, kinds[i].suffix) == 0) return kinds[i].type;
  size_t digits = strncmp(rest, "-pl", 3) == 0 ? strspn(rest + 3, "0123456789") : 0; /* an appendix in a file of its own */
  if (digits > 0 && strcmp(rest + 3 + digits, ".pdf") == 0) return "pdf";
  const char *dot = rest[0] == '.' ? strchr(rest + 1, '.') : NULL; /* a record for the archive: ".nd30.xml" */
  return dot != NULL && strcmp(dot, ".xml") == 0 ? "archive" : NULL;
}

/* Nobody knows what was signed here but its name: it stays, with all that stands beside it, and is told of as far as it can be seen. */
static vb_status from_folder(vb_run *run, const vb_order *o, vb_arena *a, vb_result *out) {
  const char *dir = vb_path_join(a, run->out->dir, o->task->unit), **names = NULL;
  size_t n = 0, id = strlen(o->task->doc->id);
  *out = (vb_result){.kind = VB_RESULT_MADE};
  if (dir == NULL) return VB_NOMEM;
  if (!vb_dir_exists(dir)) return VB_DONE;
  vb_status s = vb_document_describe(o, &o->meta, a, &out->doc);
  if (s == VB_OK) s = vb_dir_list(run->diag, a, dir, &names, &n);
  if (s == VB_OK && (out->doc.files = VB_NEW_ARRAY(a, vb_man_file, n + 1)) == NULL) s = VB_NOMEM;
  for (size_t i = 0; i < n && s == VB_OK; i++) {
    const char *type = strncmp(names[i], o->task->doc->id, id) == 0 ? type_of(names[i] + id) : NULL;
    const char *rel = type == NULL ? NULL : vb_arena_printf(a, "%s/%s", o->task->unit, names[i]);
    if (type == NULL) continue;
    if (rel == NULL) return VB_NOMEM;
    out->doc.files[out->doc.n_files++] = (vb_man_file){.path = rel, .type = type};
  }
  vb_standing now = {false, 0};
  if (s == VB_OK) s = out->doc.n_files == 0 ? VB_DONE : vb_standing_read(run->diag, run->out->dir, &out->doc, &now);
  return s == VB_OK && now.signatures == 0 ? VB_DONE : s;
}

vb_status vb_former_read(vb_run *run, const vb_order *o, vb_arena *a, vb_result *out) {
  vb_status s = vb_book_read(run->diag, run->out->book, a, o->task->unit, o->task->doc->id, out);
  return s == VB_DONE ? from_folder(run, o, a, out) : s;
}
