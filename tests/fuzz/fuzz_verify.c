/* A PDF whose signatures are judged. */
#include "fuzz.h"

#include "package/package.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  vb_diag *d = fuzz_diag();
  vb_arena *a = vb_arena_new(0);
  vb_pdf_verdict v;
  FUZZ_CHECK(a != NULL);
  const vb_pdf_file pdf = {"a.pdf", {(const char *)data, size}};
  vb_status s = vb_verify_pdf(d, a, &pdf, (vb_span){NULL, 0}, &v);
  if (s == VB_OK)
    for (size_t i = 0; i < v.n_signatures; i++) {
      const vb_signature *g = &v.signatures[i];
      const char *const texts[] = {g->field, g->subject, g->issuer, g->time, g->reason, g->algorithm};
      for (size_t k = 0; k < 6; k++) FUZZ_CHECK(texts[k] == NULL || fuzz_is_clean(vb_span_of(texts[k])));
      FUZZ_CHECK(!v.good || g->intact);
    }
  vb_arena_free(a);
  size_t errors = vb_diag_count(d, VB_ERROR);
  fuzz_end(d, s == VB_OK && errors > 0 ? VB_BAD : s); /* a bad signature is a finding, not a failure */
  return 0;
}
