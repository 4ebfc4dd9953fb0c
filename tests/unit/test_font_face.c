/* Faces: widths, glyphs and measures, held against what FreeType reports of the same files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "font_make.h"

static vb_diag *diag;
static vb_fontset *fonts;

static int open_fonts(void **state)
{
  (void)state;
  diag = vb_diag_new();
  return vb_fontset_open(diag, NULL, &fonts) == VB_OK ? 0 : -1;
}

static int close_fonts(void **state)
{
  (void)state;
  vb_fontset_close(fonts);
  vb_diag_free(diag);
  return 0;
}

/* Every character the program needs, all four faces: the advances of FreeType, and the rounding of PDF's W array. */
static void test_advances_are_freetypes(void **state)
{
  (void)state;
  FILE *f = fopen("tests/unit/data/font/advances.txt", "r");
  assert_non_null(f);
  char line[128];
  int seen = 0;
  while (fgets(line, sizeof line, f)) {
    unsigned c, want[4];
    if (line[0] == '#') continue;
    assert_int_equal(sscanf(line, "%x %u %u %u %u", &c, &want[0], &want[1], &want[2], &want[3]), 5);
    for (int i = 0; i < VB_FACES; i++) {
      const vb_face *face = vb_fontset_face(fonts, (vb_face_id)i);
      assert_int_equal(vb_face_advance_raw(face, vb_face_glyph(face, c)), want[i]);
      assert_int_equal(vb_face_width(face, c), (want[i] * 1000 + 1024) / 2048);
    }
    seen++;
  }
  fclose(f);
  assert_int_equal(seen, 95 + 134 + 24);
}

/* The whole cmap and all advances, as a sum that was taken over FreeType's answers. U+00A0 is left out: there we differ on purpose. */
static void test_whole_cmap_is_freetypes(void **state)
{
  (void)state;
  static const struct { int chars; uint32_t sum; } want[VB_FACES] = {{2320, 0x03c3a700}, {2320, 0x3f07161d}, {2328, 0x07e7b656}, {2321, 0x517f5b1a}};
  for (int i = 0; i < VB_FACES; i++) {
    const vb_face *face = vb_fontset_face(fonts, (vb_face_id)i);
    uint32_t sum = 0;
    int chars = 0;
    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
      uint16_t g = vb_face_glyph(face, c);
      if (g == 0 || c == 0xA0 || c == 0x2011) continue;
      sum = sum * 31 + c * 7 + g * 3u + (uint32_t)vb_face_advance_raw(face, g);
      chars++;
    }
    assert_int_equal(chars, want[i].chars);
    assert_int_equal(sum, want[i].sum);
  }
}

/* Lines of the head of a document in Times Bold. Raw advances by FreeType: 42,725 and 25,071 of 2,048: 20.862 and 12.242 em. */
static void test_lines_of_the_head(void **state)
{
  (void)state;
  const vb_face *bold = vb_fontset_face(fonts, VB_BOLD);
  vb_span country = VB_LIT("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), motto = VB_LIT("Độc lập - Tự do - Hạnh phúc");
  assert_int_equal(vb_face_text_width(bold, country, 1000000), 20861000);
  assert_int_equal(vb_face_text_width(bold, motto, 1000000), 12241000);
  assert_int_equal(vb_face_text_width(bold, country, 13000), 271193); /* 13 pt: 95.7 mm */
  assert_int_equal(vb_face_text_width(bold, country, 12000), 250332);
  assert_int_equal(vb_face_text_width(bold, VB_LIT(""), 13000), 0);
}

static void test_text_width_is_the_sum_of_widths(void **state)
{
  (void)state;
  vb_span s = VB_LIT("Điều 14. “12.900.000 đồng” – ≤ 5 m²…\xC2\xA0₫");
  for (int i = 0; i < VB_FACES; i++) {
    const vb_face *face = vb_fontset_face(fonts, (vb_face_id)i);
    const uint32_t chars[] = {0x110, 'i', 0x1EC1, 'u', ' ', '1', '4', '.', ' ', 0x201C, '1', '2', '.', '9', '0', '0', '.',
                              '0', '0', '0', ' ', 0x111, 0x1ED3, 'n', 'g', 0x201D, ' ', 0x2013, ' ', 0x2264, ' ', '5', ' ', 'm',
                              0xB2, 0x2026, 0xA0, 0x20AB};
    int64_t sum = 0;
    for (size_t k = 0; k < sizeof chars / sizeof chars[0]; k++) sum += vb_face_width(face, chars[k]);
    assert_int_equal(vb_face_text_width(face, s, 14000), sum * 14);
  }
}

static void test_dense_widths_are_the_widths(void **state)
{
  (void)state;
  for (int i = 0; i < VB_FACES; i++) {
    const vb_face *face = vb_fontset_face(fonts, (vb_face_id)i);
    const uint16_t *widths = vb_face_widths(face);
    for (uint32_t c = 0; c < 0x3000; c++) {
      int raw = vb_face_advance_raw(face, vb_face_glyph(face, c));
      int want = c == '\n' || c == '\t' ? 0 : (raw * 1000 + 1024) / 2048;
      assert_int_equal(vb_face_width(face, c), want);
      assert_int_equal(vb_face_width_in(widths, face, c), want);
    }
  }
}

static void test_space_hyphen_and_what_is_lacking(void **state)
{
  (void)state;
  const vb_face *face = vb_fontset_face(fonts, VB_REGULAR);
  assert_int_equal(vb_face_glyph(face, 0xA0), vb_face_glyph(face, ' '));
  assert_int_equal(vb_face_glyph(face, 0x2011), vb_face_glyph(face, 0x2010)); /* Liberation has no U+2011 of its own */
  assert_int_equal(vb_face_glyph(face, 0x2610), 0);                           /* ☐ */
  assert_int_equal(vb_face_width(face, 0x2610), (1593 * 1000 + 1024) / 2048); /* of .notdef */
  assert_int_equal(vb_face_glyph(face, 0x110000), 0);
  assert_int_equal(vb_face_glyph(face, 0xFFFFFFFF), 0);
  assert_int_equal(vb_face_width(face, 0xFFFFFFFF), vb_face_width(face, 0x2610));
  /* Đ and Ð look the same and are two letters. */
  assert_int_equal(vb_face_glyph(face, 0xD0), 146);
  assert_int_equal(vb_face_glyph(face, 0x110), 210);
}

static void test_missing(void **state)
{
  (void)state;
  const vb_face *face = vb_fontset_face(fonts, VB_ITALIC);
  size_t at = 99;
  assert_int_equal(vb_face_missing(face, VB_LIT("Ủy ban\xC2\xA0nhân dân\nxã\tQuảng Thọ"), &at), 0);
  assert_int_equal(at, 99);
  assert_int_equal(vb_face_missing(face, VB_LIT("số ☐ và ☑"), &at), 0x2610);
  assert_int_equal(at, 5);
  assert_int_equal(vb_face_missing(face, VB_LIT("漢"), NULL), 0x6F22);
  assert_int_equal(vb_face_missing(face, VB_LIT(""), &at), 0);
}

/* Figures of FreeType (ascender 1825, descender -443, height 2355, cap 1341, x 940, of 2048), rounded to 1/1000 em. */
static void test_info(void **state)
{
  (void)state;
  static const struct { const char *name; int x_min, y_max, stem, flags, angle, under, thick; } want[VB_FACES] = {
    {"LiberationSerif", -544, 981, 87, 2 + 4, 0, -60, 49}, /* xMin, yMax: -1114, 2010 */
    {"LiberationSerif-Bold", -544, 1008, 165, 2 + 4, 0, -14, 95},
    {"LiberationSerif-Italic", -544, 981, 87, 2 + 4 + 64, -16333, -60, 49},
    {"LiberationSerif-BoldItalic", -544, 981, 165, 2 + 4 + 64, -16333, -14, 95},
  };
  for (int i = 0; i < VB_FACES; i++) {
    const vb_face_info *info = vb_face_info_of(vb_fontset_face(fonts, (vb_face_id)i));
    assert_string_equal(info->ps_name, want[i].name);
    assert_int_equal(info->ascent, 891);
    assert_int_equal(info->descent, -216);
    assert_int_equal(info->line_gap, 42);
    assert_int_equal(info->cap_height, 655);
    assert_int_equal(info->x_height, 459);
    assert_int_equal(info->bbox[0], want[i].x_min);
    assert_int_equal(info->bbox[1], -303);
    assert_int_equal(info->bbox[3], want[i].y_max);
    assert_int_equal(info->stem_v, want[i].stem);
    assert_int_equal(info->flags, want[i].flags);
    assert_int_equal(info->italic_angle_milli, want[i].angle);
    assert_int_equal(info->underline_position, want[i].under);
    assert_int_equal(info->underline_thickness, want[i].thick);
  }
}

/* A font without usable OS/2 heights is measured by its letters: Liberation's own H and x have the heights it states, but for overshoot. */
static void test_heights_without_os2(void **state)
{
  (void)state;
  vb_buf font;
  vb_face *face = NULL;
  vb_font_fault fault;
  font_read(&font, VB_BOLD);
  font_drop_table(&font, "OS/2");
  assert_int_equal(vb_face_parse(font_bytes(&font), false, &face, &fault), VB_OK);
  assert_int_equal(vb_face_info_of(face)->cap_height, 655);
  assert_in_range(vb_face_info_of(face)->x_height, 449, 475);
  assert_int_equal(vb_face_info_of(face)->stem_v, 165); /* bold by head's macStyle */
  vb_face_free(face);
  vb_buf_free(&font);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_advances_are_freetypes),
    cmocka_unit_test(test_whole_cmap_is_freetypes),
    cmocka_unit_test(test_lines_of_the_head),
    cmocka_unit_test(test_text_width_is_the_sum_of_widths),
    cmocka_unit_test(test_dense_widths_are_the_widths),
    cmocka_unit_test(test_space_hyphen_and_what_is_lacking),
    cmocka_unit_test(test_missing),
    cmocka_unit_test(test_info),
    cmocka_unit_test(test_heights_without_os2),
  };
  return cmocka_run_group_tests(tests, open_fonts, close_fonts);
}
