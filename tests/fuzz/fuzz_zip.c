/* Archives: the directory, names, limits, every entry unpacked. */
#include "fuzz.h"

#include "zip/zip.h"

/* No name leads out of a folder that the archive were unpacked in. */
static bool stays_inside(const char *name)
{
  if (*name == '/') return false;
  for (const char *part = name; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL)
    if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0')) return false;
  return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  vb_diag *d = fuzz_diag();
  vb_zip *z = NULL;
  vb_buf out;
  vb_buf_init(&out);
  vb_status s = vb_zip_open(d, "a.zip", (vb_span){(const char *)data, size}, &z);
  for (size_t i = 0; s == VB_OK && i < vb_zip_count(z); i++) {
    const char *name = vb_zip_name(z, i);
    FUZZ_CHECK(stays_inside(name) && fuzz_is_clean(vb_span_of(name)));
    FUZZ_CHECK(vb_zip_has(z, name));
    s = vb_zip_read(d, z, name, 1u << 20, &out);
    FUZZ_CHECK(s != VB_OK || out.n <= 1u << 20);
    FUZZ_CHECK(s != VB_DONE);
  }
  vb_zip_close(z);
  vb_buf_free(&out);
  fuzz_end(d, s);
  return 0;
}
