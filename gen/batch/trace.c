/* trace.c: the verb trace: where printed figures come from, of one PDF or of all documents of a manifest. */
#include <stdio.h>
#include <string.h>

#include "batch/batch_int.h"

static bool ends_with(const char *s, const char *end) {
  size_t n = strlen(s), k = strlen(end);
  return n >= k && strcmp(s + n - k, end) == 0;
}

typedef struct printing { vb_diag *d; vb_trace_print how; size_t shown; } printing;

/* alone: the whole output is of this document. */
static vb_status print_one(printing *p, const char *path, bool alone) {
  vb_arena *a = vb_arena_new(0);
  vb_traces *t = NULL;
  vb_buf out;
  vb_buf_init(&out);
  vb_status s = a == NULL ? VB_NOMEM : vb_traces_read(p->d, a, path, &t);
  if (s == VB_OK && alone) s = vb_traces_print_head(t, &p->how, &out);
  if (s == VB_OK) s = vb_traces_print(t, &p->how, &out, &p->shown);
  if (s == VB_OK && alone) s = vb_traces_print_tail(&p->how, &out);
  if (s == VB_OK) fwrite(out.p == NULL ? "" : out.p, 1, out.n, stdout);
  vb_buf_free(&out);
  vb_arena_free(a);
  return s;
}

static vb_status print_edge(const printing *p, bool head) {
  vb_buf out;
  vb_buf_init(&out);
  vb_status s = head ? vb_traces_print_head(NULL, &p->how, &out) : vb_traces_print_tail(&p->how, &out);
  if (s == VB_OK) fwrite(out.p == NULL ? "" : out.p, 1, out.n, stdout);
  vb_buf_free(&out);
  return s;
}

/* x.pdf → x.trace.json beside it; a file of an appendix (x-pl1.pdf) has its figures in its document's. */
static const char *trace_beside(vb_arena *a, const char *pdf) {
  size_t n = strlen(pdf) - 4;
  char *path = vb_arena_printf(a, "%.*s.trace.json", (int)n, pdf);
  if (path == NULL || vb_file_exists(path)) return path;
  size_t k = n;
  while (k > 0 && pdf[k - 1] >= '0' && pdf[k - 1] <= '9') k--;
  if (k < n && k >= 3 && memcmp(pdf + k - 3, "-pl", 3) == 0) return vb_arena_printf(a, "%.*s.trace.json", (int)(k - 3), pdf);
  return path;
}

static vb_status print_manifest(printing *p, vb_arena *a, const char *path) {
  vb_manifest *m = NULL;
  vb_status s = vb_manifest_read(p->d, path, &m);
  if (s == VB_DONE) return VB_POST(p->d, VB_MSG_TRACE_NONE, VB_NOWHERE, path);
  const char *slash = strrchr(path, '/');
  const char *dir = slash == NULL ? "." : vb_arena_str(a, path, (size_t)(slash - path));
  p->how.several = true;
  if (s == VB_OK) s = print_edge(p, true);
  for (size_t i = 0; s == VB_OK && i < m->n_docs; i++)
    for (size_t k = 0; s == VB_OK && k < m->docs[i].n_files; k++) {
      if (strcmp(m->docs[i].files[k].type, "trace") != 0) continue;
      const char *file = dir == NULL ? NULL : vb_path_join(a, dir, m->docs[i].files[k].path);
      s = file == NULL ? VB_NOMEM : print_one(p, file, false);
    }
  if (s == VB_OK) s = print_edge(p, false);
  vb_manifest_free(m);
  return s;
}

vb_status vb_batch_trace(const vb_options *o, const char *path) {
  vb_diag *d = vb_diag_new();
  vb_arena *a = vb_arena_new(0);
  printing p = {d, {o->csv ? VB_TRACE_CSV : o->json ? VB_TRACE_JSON : VB_TRACE_TEXT, o->code, o->lang, false}, 0};
  vb_status s = d == NULL || a == NULL ? VB_NOMEM : VB_OK;
  if (s == VB_OK && ends_with(path, ".pdf")) {
    const char *file = trace_beside(a, path);
    s = file == NULL ? VB_NOMEM : print_one(&p, file, true);
  } else if (s == VB_OK && ends_with(path, ".trace.json")) {
    s = print_one(&p, path, true);
  } else if (s == VB_OK) {
    if (vb_dir_exists(path)) path = vb_path_join(a, path, "manifest.json");
    s = path == NULL ? VB_NOMEM : print_manifest(&p, a, path);
  }
  if (s == VB_OK && p.shown == 0 && o->code != NULL) s = VB_POST(d, VB_MSG_TRACE_NO_CODE, VB_NOWHERE, o->code);
  s = vb_worse(s, vb_say_all(d, o, stderr));
  vb_arena_free(a);
  vb_diag_free(d);
  return s;
}
