/* A package of the document axis: read, and written again where it is in order. */
#include "fuzz.h"

#include "package/package.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  vb_diag *d = fuzz_diag();
  vb_arena *a = vb_arena_new(0);
  vb_edxml *e = NULL, *again = NULL;
  vb_buf out;
  vb_buf_init(&out);
  FUZZ_CHECK(a != NULL);
  vb_status s = vb_edxml_read(d, a, "a.edxml", (vb_span){(const char *)data, size}, &e);
  if (s == VB_OK) {
    vb_diag *quiet = fuzz_diag();
    vb_edxml_rules rules = {"b.edxml", {0, 0, 0}, NULL};
    vb_status written = vb_edxml_write(quiet, e, &rules, &out);
    if (written == VB_OK) {
      FUZZ_CHECK(vb_edxml_read(quiet, a, "b.edxml", (vb_span){out.p, out.n}, &again) == VB_OK);
      FUZZ_CHECK(again->n_files == e->n_files && again->n_to == e->n_to);
      for (size_t i = 0; i < e->n_files; i++) FUZZ_CHECK(vb_span_eq(e->files[i].bytes, again->files[i].bytes));
    }
    fuzz_end(quiet, written);
  }
  vb_buf_free(&out);
  vb_arena_free(a);
  fuzz_end(d, s);
  return 0;
}
