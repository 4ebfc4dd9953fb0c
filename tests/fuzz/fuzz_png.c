/* The image of a signature or a seal. */
#include "fuzz.h"

#include "package/sign_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  vb_diag *d = fuzz_diag();
  vb_picture p = {0};
  vb_status s = vb_picture_read(d, "a.png", (vb_span){(const char *)data, size}, &p);
  if (s == VB_OK) FUZZ_CHECK(p.w > 0 && p.h > 0 && p.rgba != NULL);
  vb_picture_free(&p);
  fuzz_end(d, s);
  return 0;
}
