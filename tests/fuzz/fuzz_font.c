/* A TrueType face: its tables, and a subset made of it. */
#include "fuzz.h"

#include "font/font_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  vb_face *f = NULL;
  vb_font_fault fault = {VB_MSG_COUNT, NULL, 0};
  vb_status s = vb_face_parse((vb_bytes){data, size}, size > 0 && data[size - 1] & 1, &f, &fault);
  if (s == VB_OK) {
    vb_arena *a = vb_arena_new(0);
    vb_charset *chars = a ? vb_charset_new(a) : NULL;
    vb_subset subset;
    vb_subset_map *map = NULL;
    FUZZ_CHECK(chars && vb_charset_add_required(chars));
    for (uint32_t c = 0; c < 0x2200; c++) FUZZ_CHECK(vb_face_glyph(f, c) < f->glyphs || vb_face_glyph(f, c) == 0);
    (void)vb_face_text_width(f, VB_LIT("Ủy ban nhân dân"), 13000);
    s = vb_subset_build(a, f, chars, &(vb_subset_how){1, true}, &subset, &map, &fault);
    vb_arena_free(a);
  }
  vb_face_free(f);
  FUZZ_CHECK(s == VB_OK || (s == VB_SYSTEM && fault.msg < VB_MSG_COUNT && fault.msg != VB_MSG_NO_MEMORY));
  return 0;
}
