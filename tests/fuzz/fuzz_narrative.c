/* Text of a clerk. The first byte declares the encoding. */
#include "fuzz.h"

#include "read/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size < 1) return -1;
  vb_diag *d = fuzz_diag();
  vb_arena *a = vb_arena_new(0);
  vb_narrative *first = NULL;
  FUZZ_CHECK(a != NULL);
  vb_source src = {.path = fuzz_file("loi.txt", data + 1, size - 1), .file = "loi.txt", .encoding = (vb_encoding)(data[0] % (VB_ENC_VNI + 1))};
  vb_status s = vb_read_narrative(d, a, &src, &first);
  if (s == VB_OK)
    for (const vb_narrative *n = first; n; n = n->next)
      for (const vb_piece *p = n->first; p; p = p->next) {
        FUZZ_CHECK(p->line >= n->line && p->column > 0);
        FUZZ_CHECK(vb_utf8_check(p->text) == p->text.n);
        FUZZ_CHECK(p->kind == VB_PIECE_TEXT || p->text.n > 0);
      }
  vb_arena_free(a);
  fuzz_end(d, s);
  return 0;
}
