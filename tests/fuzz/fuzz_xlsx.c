/* Workbooks. An input that begins with the mark of an archive is read as it is. Any other is a list of parts ("=== xl/workbook.xml" and the lines that follow), which is packed
 * first: so that what is changed is the XML inside, and not a checksum. */
#include "fuzz_read.h"

#include "zip/zip.h"

enum { PARTS_MAX = 16 };

static size_t cut_parts(vb_arena *a, vb_span s, vb_zip_entry *parts)
{
  size_t n = 0;
  while (n < PARTS_MAX && vb_span_starts(s, "=== ")) {
    const char *end = s.p + s.n, *eol = memchr(s.p, '\n', s.n);
    if (!eol) break;
    const char *body = eol + 1, *next = body;
    while (next < end && !(vb_span_starts((vb_span){next, (size_t)(end - next)}, "=== ") && next[-1] == '\n')) next++;
    parts[n].name = vb_arena_str(a, s.p + 4, (size_t)(eol - s.p) - 4);
    parts[n++].bytes = (vb_span){body, (size_t)(next - body)};
    s = (vb_span){next, (size_t)(end - next)};
  }
  return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size < 5) return -1;
  if (memcmp(data + 1, "PK", 2) == 0) return fuzz_read("so-lieu.xlsx", data, size);
  vb_arena *a = vb_arena_new(0);
  vb_diag *d = fuzz_diag();
  vb_zip_entry parts[PARTS_MAX];
  FUZZ_CHECK(a != NULL);
  size_t n = cut_parts(a, (vb_span){(const char *)data + 1, size - 1}, parts);
  vb_buf out;
  vb_buf_init(&out);
  vb_buf_char(&out, (char)data[0]);
  int result = -1;
  if (n > 0 && vb_zip_write(d, parts, n, &out) == VB_OK) result = fuzz_read("so-lieu.xlsx", (const uint8_t *)out.p, out.n);
  vb_buf_free(&out);
  vb_diag_free(d);
  vb_arena_free(a);
  return result;
}
