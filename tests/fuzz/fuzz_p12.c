/* Keys in PKCS#12 files; the passphrase of the seeds is "mat khau". */
#include "fuzz.h"

#include "package/package.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  vb_diag *d = fuzz_diag();
  vb_pass pass = {"mat khau", 8};
  vb_signer *key = NULL;
  vb_status s = vb_signer_open_p12(d, fuzz_file("key.p12", data, size), &pass, &key);
  if (s == VB_OK) FUZZ_CHECK(fuzz_is_clean(vb_span_of(vb_signer_name(key))));
  vb_signer_close(key);
  fuzz_end(d, s);
  return 0;
}
