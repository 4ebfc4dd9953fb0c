/* Unit tests of the thinned base subset: ids stay, outlines of unused glyphs go, components stay, and the file is a sound sfnt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "font/font_int.h"

static vb_diag *diag;
static vb_fontset *fonts;
static vb_arena *arena;

static vb_face *parse(const vb_subset *s)
{
  vb_face *f = NULL;
  vb_font_fault fault;
  assert_int_equal(vb_face_parse((vb_bytes){s->program, s->program_bytes}, true, &f, &fault), VB_OK);
  return f;
}

static vb_bytes outline(const vb_face *f, uint16_t id)
{
  vb_glyph g;
  assert_true(vb_glyph_read(f, id, &g));
  return g.data;
}

static void use(uint8_t *used, vb_face_id face, const uint32_t *chars, size_t n)
{
  for (size_t i = 0; i < n; i++) used[vb_subset_base_glyph(fonts, face, chars[i])] = 1;
}

static const uint32_t text[] = {'a', ' ', 0x1EC7 /* ệ: composite */, 0x110 /* Đ */, '9'};

static void unused_outlines_go(void **state)
{
  (void)state;
  for (int id = 0; id < VB_FACES; id++) {
    const vb_subset *base = vb_subset_base(fonts, (vb_face_id)id);
    uint8_t *used = vb_arena_alloc(arena, base->glyphs);
    use(used, (vb_face_id)id, text, sizeof text / sizeof *text);
    vb_subset thin;
    assert_int_equal(vb_subset_thin(arena, fonts, (vb_face_id)id, used, &thin), VB_OK);
    assert_int_equal(thin.glyphs, base->glyphs);
    assert_true(thin.program_bytes < base->program_bytes / 2);
    assert_string_not_equal(thin.tag, base->tag);
    vb_face *whole = parse(base), *part = parse(&thin);
    size_t gone = 0;
    for (uint16_t g = 0; g < base->glyphs; g++) {
      vb_bytes want = outline(whole, g), have = outline(part, g);
      assert_int_equal(vb_face_advance_raw(whole, g), vb_face_advance_raw(part, g));
      if (have.n == 0 && !used[g]) {
        gone += want.n != 0;
        continue;
      }
      assert_int_equal(have.n, want.n);
      if (want.n) assert_memory_equal(have.p, want.p, want.n);
    }
    assert_true(gone > 200);
    vb_face_free(whole);
    vb_face_free(part);
  }
}

/* Each composite that is used finds its components. */
static void components_stay(void **state)
{
  (void)state;
  const vb_subset *base = vb_subset_base(fonts, VB_REGULAR);
  uint8_t *used = vb_arena_alloc(arena, base->glyphs);
  use(used, VB_REGULAR, text, sizeof text / sizeof *text);
  vb_subset thin;
  assert_int_equal(vb_subset_thin(arena, fonts, VB_REGULAR, used, &thin), VB_OK);
  vb_face *f = parse(&thin);
  int components = 0;
  for (uint16_t g = 0; g < thin.glyphs; g++) {
    vb_glyph read;
    assert_true(vb_glyph_read(f, g, &read));
    vb_component c;
    for (size_t at = 10; read.composite && vb_glyph_component(&read, &at, &c);) {
      assert_true(outline(f, c.glyph).n > 0);
      components++;
    }
  }
  assert_true(components > 0);
  vb_face_free(f);
}

static uint32_t sum(const uint8_t *p, size_t n)
{
  uint32_t s = 0;
  for (size_t i = 0; i < n; i += 4) s += vb_be32((vb_bytes){p, n}, i);
  return s;
}

static void sums_are_right(void **state)
{
  (void)state;
  const vb_subset *base = vb_subset_base(fonts, VB_BOLD);
  uint8_t *used = vb_arena_alloc(arena, base->glyphs);
  use(used, VB_BOLD, text, 2);
  vb_subset thin;
  assert_int_equal(vb_subset_thin(arena, fonts, VB_BOLD, used, &thin), VB_OK);
  vb_bytes file = {thin.program, thin.program_bytes};
  assert_int_equal(sum(file.p, file.n), 0xB1B0AFBAu);
  for (size_t i = 0; i < vb_be16(file, 4); i++) {
    size_t at = vb_be32(file, 12 + 16 * i + 8), n = vb_be32(file, 12 + 16 * i + 12);
    assert_true(vb_bytes_has(file, at, n));
    if (memcmp(file.p + 12 + 16 * i, "head", 4) == 0) continue; /* its sum leaves out the adjustment */
    assert_int_equal(sum(file.p + at, (n + 3) & ~(size_t)3), vb_be32(file, 12 + 16 * i + 4));
  }
}

static void all_used_is_the_base(void **state)
{
  (void)state;
  const vb_subset *base = vb_subset_base(fonts, VB_ITALIC);
  uint8_t *used = vb_arena_alloc(arena, base->glyphs);
  memset(used, 1, base->glyphs);
  vb_subset thin;
  assert_int_equal(vb_subset_thin(arena, fonts, VB_ITALIC, used, &thin), VB_OK);
  assert_int_equal(thin.program_bytes, base->program_bytes);
  assert_memory_equal(thin.program, base->program, base->program_bytes);
}

static int begin(void **state)
{
  (void)state;
  diag = vb_diag_new();
  arena = vb_arena_new(0);
  return vb_fontset_open(diag, NULL, &fonts) == VB_OK ? 0 : 1;
}

static int end(void **state)
{
  (void)state;
  vb_fontset_close(fonts);
  vb_arena_free(arena);
  vb_diag_free(diag);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(unused_outlines_go),
    cmocka_unit_test(components_stay),
    cmocka_unit_test(sums_are_right),
    cmocka_unit_test(all_used_is_the_base),
  };
  return cmocka_run_group_tests_name("font_thin", tests, begin, end);
}
