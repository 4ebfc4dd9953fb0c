/* A PDF that is to be signed, and the signed file judged. */
#include "fuzz.h"

#include "package/package.h"

static vb_signer *key_open(void)
{
  vb_diag *d = fuzz_diag();
  vb_pass pass = {"mat khau", 8};
  vb_signer *key = NULL;
  FUZZ_CHECK(vb_signer_open_p12(d, "tests/fuzz/seeds/p12/ec.p12", &pass, &key) == VB_OK);
  vb_diag_free(d);
  return key;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static vb_signer *key;
  if (!key) key = key_open();
  vb_diag *d = fuzz_diag();
  vb_arena *a = vb_arena_new(0);
  vb_buf out;
  vb_buf_init(&out);
  FUZZ_CHECK(a != NULL);
  const vb_pdf_file pdf = {"a.pdf", {(const char *)data, size}};
  vb_sign_options o = {.role = size % 2 ? VB_SIGN_LEADER : VB_SIGN_ORGAN, .when = {{2030, 6, 1}, 9, 19, 46, VB_MOMENT_VIETNAM}, .reason = "Ký", .box = {0, 0, 0, 0, 0}};
  vb_status s = vb_sign_pdf(d, &pdf, key, &o, &out);
  if (s == VB_OK) {
    vb_pdf_verdict verdict;
    FUZZ_CHECK(out.n > size && memcmp(out.p, data, size) == 0); /* the bytes that are signed stay as they are */
    FUZZ_CHECK(vb_verify_pdf(d, a, &(vb_pdf_file){"a.pdf", {out.p, out.n}}, (vb_span){NULL, 0}, &verdict) != VB_NOMEM);
    FUZZ_CHECK(verdict.n_signatures > 0 && verdict.signatures[verdict.n_signatures - 1].intact && verdict.signatures[verdict.n_signatures - 1].whole);
    vb_diag_free(d);
    d = fuzz_diag();
  } else {
    FUZZ_CHECK(out.n == 0);
  }
  vb_buf_free(&out);
  vb_arena_free(a);
  fuzz_end(d, s);
  return 0;
}
