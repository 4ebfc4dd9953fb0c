/* Old encodings of Vietnamese. The first byte declares one; whatever comes out is NFC UTF-8 without NUL. */
#include "fuzz.h"

#include "text/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size < 1) return -1;
  vb_span bytes = {(const char *)data + 1, size - 1}, out = {NULL, 0};
  vb_diag *d = fuzz_diag();
  vb_arena *a = vb_arena_new(0);
  bool lossy = false;
  FUZZ_CHECK(a != NULL);
  vb_encoding guess = vb_encoding_guess(bytes);
  FUZZ_CHECK(vb_encoding_name(guess) != NULL || guess == VB_ENC_AUTO);
  vb_status s = vb_encoding_decode(d, a, "a.csv", bytes, (vb_encoding)(data[0] % (VB_ENC_VNI + 1)), &out, &lossy);
  if (s == VB_OK) {
    FUZZ_CHECK(vb_utf8_check(out) == out.n);
    FUZZ_CHECK(vb_span_eq(vb_text_nfc(a, out), out));
    FUZZ_CHECK(out.n == 0 || !memchr(out.p, 0, out.n));
  }
  vb_arena_free(a);
  fuzz_end(d, s);
  return 0;
}
