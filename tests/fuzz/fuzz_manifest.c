/* The manifest and the trace of a former run. The first byte chooses. */
#include "fuzz.h"

#include "package/package.h"

static vb_status manifest(vb_diag *d, const char *path)
{
  vb_manifest *m = NULL;
  vb_buf out;
  vb_buf_init(&out);
  vb_status s = vb_manifest_read(d, path, &m);
  if (s == VB_OK) {
    for (size_t i = 0; i < m->n_docs; i++)
      for (size_t k = 0; k < m->docs[i].n_files; k++) {
        const char *p = m->docs[i].files[k].path;
        FUZZ_CHECK(p != NULL && p[0] != '/' && strcmp(p, "..") != 0 && strncmp(p, "../", 3) != 0 && !strstr(p, "/../"));
      }
    FUZZ_CHECK(vb_manifest_print(d, m, VB_VI, &out) == VB_OK);
    vb_buf_clear(&out);
    FUZZ_CHECK(vb_index_print(d, m, VB_VI, &out) == VB_OK);
    vb_manifest_free(m);
  }
  vb_buf_free(&out);
  return s;
}

static vb_status trace(vb_diag *d, const char *path)
{
  vb_arena *a = vb_arena_new(0);
  vb_traces *t = NULL;
  vb_buf out;
  vb_buf_init(&out);
  FUZZ_CHECK(a != NULL);
  vb_status s = vb_traces_read(d, a, path, &t);
  size_t shown = 0;
  for (int form = VB_TRACE_TEXT; s == VB_OK && form <= VB_TRACE_JSON; form++)
    FUZZ_CHECK(vb_traces_print(t, &(vb_trace_print){(vb_trace_form)form, NULL, VB_EN, false}, &out, &shown) == VB_OK);
  vb_buf_free(&out);
  vb_arena_free(a);
  return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size < 1) return -1;
  vb_diag *d = fuzz_diag();
  bool which = data[0] & 1;
  const char *path = fuzz_file(which ? "manifest.json" : "a.trace.json", data + 1, size - 1);
  fuzz_end(d, which ? manifest(d, path) : trace(d, path));
  return 0;
}
