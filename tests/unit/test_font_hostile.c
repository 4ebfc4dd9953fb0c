/* Damaged and hostile fonts: each gives one fault, never a read outside of the file (the sanitizers watch), never a hang. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "font_make.h"

/* Parses bytes that end where their memory ends, and makes the base subset when they parse. VB_OK or VB_SYSTEM. */
static vb_status try_font(vb_bytes bytes, vb_font_fault *fault)
{
  uint8_t *copy = malloc(bytes.n + (bytes.n == 0));
  assert_non_null(copy);
  if (bytes.n) memcpy(copy, bytes.p, bytes.n);
  vb_face *f = NULL;
  *fault = (vb_font_fault){VB_MSG_COUNT, NULL, 0};
  vb_status st = vb_face_parse((vb_bytes){copy, bytes.n}, false, &f, fault);
  if (st == VB_OK) {
    vb_arena *a = vb_arena_new(0);
    vb_charset *chars = vb_charset_new(a);
    vb_subset s;
    vb_subset_map *map = NULL;
    assert_true(vb_charset_add_required(chars));
    st = vb_subset_build(a, f, chars, &(vb_subset_how){1, true}, &s, &map, fault);
    if (st == VB_OK) assert_true(s.glyphs > 200);
    vb_arena_free(a);
  }
  vb_face_free(f);
  free(copy);
  assert_true(st == VB_OK || st == VB_SYSTEM);
  if (st == VB_SYSTEM) assert_in_range(fault->msg, VB_MSG_NO_MEMORY + 1, VB_MSG_COUNT - 1);
  return st;
}

static void expect_fault(const vb_buf *font, vb_msg msg, const char *table)
{
  vb_font_fault fault;
  assert_int_equal(try_font(font_bytes(font), &fault), VB_SYSTEM);
  assert_int_equal(fault.msg, msg);
  if (table) assert_string_equal(fault.table, table);
}

static void test_the_intact_font_is_good(void **state)
{
  (void)state;
  vb_buf font;
  vb_font_fault fault;
  font_read(&font, VB_REGULAR);
  assert_int_equal(try_font(font_bytes(&font), &fault), VB_OK);
  vb_buf_free(&font);
}

/* Cut at every table's ends and a byte around them, inside the directory at every byte, and at 400 places by chance: while a table
 * that we read is cut, that is a fault. */
static void test_cut_short(void **state)
{
  (void)state;
  vb_buf font;
  vb_font_fault fault;
  font_read(&font, VB_REGULAR);
  vb_bytes b = font_bytes(&font);
  size_t tables = vb_be16(b, 4), directory = 12 + 16 * tables;
  for (size_t n = 0; n <= directory; n++) assert_int_equal(try_font((vb_bytes){b.p, n}, &fault), VB_SYSTEM);
  for (size_t i = 0; i < tables; i++) {
    size_t at = vb_be32(b, 12 + 16 * i + 8), n = vb_be32(b, 12 + 16 * i + 12);
    bool read = strstr("head hhea maxp hmtx loca glyf cmap name OS/2 post", (char[5]){(char)b.p[12 + 16 * i], (char)b.p[13 + 16 * i],
                       (char)b.p[14 + 16 * i], (char)b.p[15 + 16 * i], 0}) != NULL;
    const size_t cuts[] = {at - 1, at, at + 1, at + n / 2, at + n - 1, at + n, at + n + 1};
    for (size_t k = 0; k < sizeof cuts / sizeof cuts[0]; k++) {
      vb_status st = try_font((vb_bytes){b.p, cuts[k] < b.n ? cuts[k] : b.n}, &fault);
      if (read && cuts[k] < at + n) assert_int_equal(st, VB_SYSTEM);
    }
  }
  uint32_t seed = 20231206;
  for (int i = 0; i < 400; i++) (void)try_font((vb_bytes){b.p, font_random(&seed) % b.n}, &fault);
  vb_buf_free(&font);
}

/* Bytes changed by chance: in the directory, in the small tables that steer all reading, in cmap and loca, in the outlines that the base
 * subset takes. */
static void test_flipped_bytes(void **state)
{
  (void)state;
  static const char *const aim[] = {"head", "hhea", "maxp", "loca", "cmap", "glyf", "hmtx", "name", "OS/2", "post"};
  enum { AIMS = sizeof aim / sizeof aim[0], ROUNDS = 3000 };
  vb_buf font;
  vb_font_fault fault;
  uint32_t seed = 134;
  int good = 0, bad = 0;
  font_read(&font, VB_BOLD_ITALIC);
  uint8_t *p = (uint8_t *)font.p;
  size_t directory = 12 + 16 * (size_t)vb_be16(font_bytes(&font), 4);
  for (int round = 0; round < ROUNDS; round++) {
    size_t changed[4];
    uint8_t was[4];
    size_t flips = 1 + font_random(&seed) % 4;
    for (size_t i = 0; i < flips; i++) { /* all places first: they are found by an intact font */
      size_t at = 0, n = directory, which = font_random(&seed) % (AIMS + 2);
      if (which < AIMS) at = font_table(&font, aim[which], &n);
      if (which == 5) at = font_outline(&font, (uint16_t)(3 + font_random(&seed) % 94), &n); /* ASCII letters: sure to be taken */
      if (n > 400 && which != 5 && font_random(&seed) % 2) n = 400; /* the heads of tables more often */
      changed[i] = at + font_random(&seed) % (n ? n : 1);
    }
    for (size_t i = 0; i < flips; i++) {
      was[i] = p[changed[i]];
      p[changed[i]] = (uint8_t)font_random(&seed);
    }
    if (try_font(font_bytes(&font), &fault) == VB_OK) good++;
    else bad++;
    for (size_t i = flips; i-- > 0;) p[changed[i]] = was[i];
  }
  assert_true(good > ROUNDS / 10); /* the aim was not so coarse that all died at the door */
  assert_true(bad > ROUNDS / 10);
  assert_int_equal(try_font(font_bytes(&font), &fault), VB_OK);
  vb_buf_free(&font);
}

static void test_tables_that_are_absent(void **state)
{
  (void)state;
  static const char *const need[] = {"head", "hhea", "maxp", "hmtx", "loca", "glyf", "cmap"};
  for (size_t i = 0; i < sizeof need / sizeof need[0]; i++) {
    vb_buf font;
    font_read(&font, VB_ITALIC);
    font_drop_table(&font, need[i]);
    expect_fault(&font, VB_MSG_FONT_TABLE_ABSENT, need[i]);
    vb_buf_free(&font);
  }
}

/* One field of a table with a value that cannot be. */
static void test_fields_that_cannot_be(void **state)
{
  (void)state;
  static const struct { const char *tag; size_t at; uint32_t value; vb_msg msg; const char *table; } cases[] = {
    {"head", 12, 0, VB_MSG_FONT_TABLE_DAMAGED, "head"},      /* magic number */
    {"head", 18, 0, VB_MSG_FONT_TABLE_DAMAGED, "head"},      /* units per em */
    {"head", 18, 16385, VB_MSG_FONT_TABLE_DAMAGED, "head"},
    {"head", 50, 2, VB_MSG_FONT_TABLE_DAMAGED, "head"},      /* format of loca */
    {"maxp", 4, 0, VB_MSG_FONT_TABLE_DAMAGED, "maxp"},       /* no glyphs */
    {"maxp", 4, 65535, VB_MSG_FONT_TABLE_DAMAGED, "loca"},   /* more glyphs than loca has */
    {"hhea", 34, 0, VB_MSG_FONT_TABLE_DAMAGED, "hhea"},      /* no metrics */
    {"hhea", 34, 65535, VB_MSG_FONT_TABLE_DAMAGED, "hhea"},  /* more metrics than glyphs */
    {"hmtx", 4 * 3, 65535, VB_MSG_FONT_TABLE_DAMAGED, NULL}, /* with 1,000 units per em, see below: a space of 65 em */
    {"OS/2", 8, 0x0002, VB_MSG_FONT_LICENCE, "OS/2"},        /* restricted licence */
    {"OS/2", 8, 0x0100, VB_MSG_FONT_LICENCE, "OS/2"},        /* no subsetting */
    {"OS/2", 8, 0x0200, VB_MSG_FONT_LICENCE, "OS/2"},        /* bitmaps only */
    {"cmap", 2, 0, VB_MSG_FONT_NO_UNICODE, "cmap"},
    {"cmap", 2, 60000, VB_MSG_FONT_TABLE_DAMAGED, "cmap"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vb_buf font;
    font_read(&font, VB_REGULAR);
    font_set16(&font, cases[i].tag, cases[i].at, cases[i].value);
    if (strcmp(cases[i].tag, "hmtx") == 0) font_set16(&font, "head", 18, 1000);
    expect_fault(&font, cases[i].msg, cases[i].table);
    vb_buf_free(&font);
  }
  /* Editable embedding, as Times New Roman has it, is fine. */
  vb_buf font;
  vb_font_fault fault;
  font_read(&font, VB_REGULAR);
  font_set16(&font, "OS/2", 8, 0x0008);
  assert_int_equal(try_font(font_bytes(&font), &fault), VB_OK);
  vb_buf_free(&font);
}

static void test_kinds_that_are_not_truetype(void **state)
{
  (void)state;
  static const char *const kinds[] = {"OTTO", "ttcf", "wOFF", "%PDF"};
  for (size_t i = 0; i < 4; i++) {
    vb_buf font;
    font_read(&font, VB_REGULAR);
    memcpy(font.p, kinds[i], 4);
    expect_fault(&font, VB_MSG_FONT_KIND, NULL);
    vb_buf_free(&font);
  }
}

/* ---- outlines ----------------------------------------------------------------------------------------------- */

static uint16_t glyph_of(const vb_buf *font, uint32_t c)
{
  vb_face *f = NULL;
  vb_font_fault fault;
  assert_int_equal(vb_face_parse(font_bytes(font), false, &f, &fault), VB_OK);
  uint16_t g = vb_face_glyph(f, c);
  vb_face_free(f);
  return g;
}

/* Turns the outline of a glyph into a composite of one component, with more to come or not. */
static void make_composite(vb_buf *font, uint16_t glyph, uint16_t component, bool more)
{
  size_t n = 0, at = font_outline(font, glyph, &n);
  assert_true(n >= 18);
  uint8_t *p = (uint8_t *)font->p + at;
  vb_put16(p, 0xFFFF);
  vb_put16(p + 10, 0x0003u | (more ? 0x20u : 0)); /* two words, as x and y */
  vb_put16(p + 12, component);
  vb_put32(p + 14, 0);
}

static void test_composites_that_never_end(void **state)
{
  (void)state;
  vb_buf font;
  font_read(&font, VB_REGULAR);
  uint16_t a = glyph_of(&font, 'a'), b = glyph_of(&font, 'b'), c = glyph_of(&font, 'c');
  make_composite(&font, a, a, false); /* itself */
  expect_fault(&font, VB_MSG_FONT_TABLE_DAMAGED, "glyf");
  make_composite(&font, a, b, false); /* in a ring */
  make_composite(&font, b, c, false);
  make_composite(&font, c, a, false);
  expect_fault(&font, VB_MSG_FONT_TABLE_DAMAGED, "glyf");
  vb_buf_free(&font);
}

static void test_composites_too_deep(void **state)
{
  (void)state;
  for (uint16_t depth = VB_FONT_DEPTH_MAX; depth <= VB_FONT_DEPTH_MAX + 1; depth++) {
    vb_buf font;
    vb_font_fault fault;
    font_read(&font, VB_REGULAR);
    uint16_t first = glyph_of(&font, 'A'); /* ASCII letters follow each other; none but the first is reached before it */
    for (uint16_t i = 0; i < depth; i++) make_composite(&font, (uint16_t)(first + i), (uint16_t)(first + i + 1), false);
    assert_int_equal(try_font(font_bytes(&font), &fault), depth <= VB_FONT_DEPTH_MAX ? VB_OK : VB_SYSTEM);
    vb_buf_free(&font);
  }
}

static void test_components_outside(void **state)
{
  (void)state;
  vb_buf font;
  font_read(&font, VB_REGULAR);
  uint16_t a = glyph_of(&font, 'a');
  make_composite(&font, a, 0xFFFF, false); /* no such glyph */
  expect_fault(&font, VB_MSG_FONT_TABLE_DAMAGED, "glyf");
  vb_buf_free(&font);

  font_read(&font, VB_REGULAR); /* components go on behind the end of the glyph */
  size_t n = 0, at = font_outline(&font, a, &n);
  for (size_t i = at + 10; i + 8 <= at + n; i += 8) vb_put32((uint8_t *)font.p + i, 0x00230003), vb_put32((uint8_t *)font.p + i + 4, 0);
  vb_put16((uint8_t *)font.p + at, 0xFFFF);
  expect_fault(&font, VB_MSG_FONT_TABLE_DAMAGED, "glyf");
  vb_buf_free(&font);
}

static void test_simple_outlines_cut(void **state)
{
  (void)state;
  static const struct { size_t at; uint32_t value; } cases[] = {
    {0, 0x7FFF},  /* contours: more than there are bytes */
    {10, 0xFFFF}, /* first contour ends behind the second */
  };
  for (size_t i = 0; i < 2; i++) {
    vb_buf font;
    size_t n = 0;
    font_read(&font, VB_REGULAR);
    vb_put16((uint8_t *)font.p + font_outline(&font, glyph_of(&font, 'o'), &n) + cases[i].at, cases[i].value);
    expect_fault(&font, VB_MSG_FONT_TABLE_DAMAGED, "glyf");
    vb_buf_free(&font);
  }
  vb_buf font;
  size_t n = 0;
  font_read(&font, VB_REGULAR);
  vb_put16((uint8_t *)font.p + font_outline(&font, glyph_of(&font, 'o'), &n) + 14, 0xFFFF); /* instructions: 64 KB of them */
  expect_fault(&font, VB_MSG_FONT_TABLE_DAMAGED, "glyf");
  vb_buf_free(&font);
}

/* Flags that repeat beyond the last point, coordinates that end behind the glyph, and loca running backwards. */
static void test_points_and_places_that_cannot_be(void **state)
{
  (void)state;
  vb_buf font;
  size_t n = 0;
  font_read(&font, VB_REGULAR);
  uint16_t o = glyph_of(&font, 'o');
  size_t at = font_outline(&font, o, &n), flags = at + 16 + vb_be16(font_bytes(&font), at + 14); /* two contours */
  uint8_t was[2] = {(uint8_t)font.p[flags], (uint8_t)font.p[flags + 1]};
  font.p[flags] = 0x38, font.p[flags + 1] = (char)0xFF; /* 256 points in one place */
  expect_fault(&font, VB_MSG_FONT_TABLE_DAMAGED, "glyf");
  font.p[flags] = (char)was[0], font.p[flags + 1] = (char)was[1];
  memset(font.p + flags, 0, at + n - flags); /* four bytes a point */
  expect_fault(&font, VB_MSG_FONT_TABLE_DAMAGED, "glyf");
  vb_buf_free(&font);

  font_read(&font, VB_REGULAR);
  uint8_t *loca = (uint8_t *)font.p + font_table(&font, "loca", NULL);
  vb_put32(loca + 4 * (size_t)o, vb_be32(font_bytes(&font), font_table(&font, "loca", NULL) + 4 * (size_t)o + 4) + 4);
  expect_fault(&font, VB_MSG_FONT_TABLE_DAMAGED, "glyf");
  vb_buf_free(&font);
}

/* loca sends every glyph with an even id to the whole of glyf, which is one long composite: a small file must not make a huge subset. */
static void test_outlines_that_overlap(void **state)
{
  (void)state;
  vb_buf font;
  uint32_t groups[95][3];
  font_read(&font, VB_REGULAR);
  size_t n = 0, bytes = 0, loca = font_table(&font, "loca", &n), glyf = font_table(&font, "glyf", &bytes), last = n / 4 - 2;
  uint8_t *p = (uint8_t *)font.p;
  assert_int_equal(vb_be16(font_bytes(&font), font_table(&font, "head", NULL) + 50), 1);
  for (size_t i = 0; i <= last + 1; i++) vb_put32(p + loca + 4 * i, i % 2 && i < last ? (uint32_t)bytes : 0);
  vb_put16(p + glyf, 0xFFFF);
  for (size_t at = glyf + 10; at + 8 <= glyf + bytes; at += 8) { /* two words as x and y; the empty last glyph; more, but for the last */
    vb_put16(p + at, at + 16 <= glyf + bytes ? 0x23 : 0x03);
    vb_put16(p + at + 2, (uint32_t)last);
  }
  for (uint32_t i = 0; i < 95; i++) groups[i][0] = groups[i][1] = 0x20 + i, groups[i][2] = 2 * i + 2;
  font_set_groups(&font, (const uint32_t(*)[3])groups, 95);
  expect_fault(&font, VB_MSG_FONT_TABLE_DAMAGED, "glyf");
  vb_buf_free(&font);
}

/* ---- cmap --------------------------------------------------------------------------------------------------- */

static void test_groups_of_format_12(void **state)
{
  (void)state;
  static const uint32_t backwards[][3] = {{0x61, 0x60, 3}}, twice[][3] = {{0x20, 0x7E, 3}, {0x7E, 0x80, 3}}, beyond[][3] = {{0x20, 0x110000, 3}},
                        wide[][3] = {{0x20, 0x10FFFF, 3}}, wild[][3] = {{0x20, 0x7E, 0xFFFFFFFF}, {0x80, 0xFFFF, 70000}};
  vb_buf font;
  font_read(&font, VB_REGULAR);
  font_set_groups(&font, backwards, 1);
  expect_fault(&font, VB_MSG_FONT_TABLE_DAMAGED, "cmap");
  font_set_groups(&font, twice, 2);
  expect_fault(&font, VB_MSG_FONT_TABLE_DAMAGED, "cmap");
  font_set_groups(&font, beyond, 1);
  expect_fault(&font, VB_MSG_FONT_TABLE_DAMAGED, "cmap");

  /* Glyph ids that the font does not have are no glyphs; the rest stays. */
  vb_face *f = NULL;
  vb_font_fault fault;
  font_set_groups(&font, wide, 1);
  assert_int_equal(vb_face_parse(font_bytes(&font), false, &f, &fault), VB_OK);
  assert_int_equal(vb_face_glyph(f, 0x21), 4);
  assert_int_equal(vb_face_glyph(f, 0x20 + 2601 - 3), 2601);
  assert_int_equal(vb_face_glyph(f, 0x20 + 2602 - 3), 0);
  vb_face_free(f);
  font_set_groups(&font, wild, 2);
  assert_int_equal(vb_face_parse(font_bytes(&font), false, &f, &fault), VB_OK);
  assert_int_equal(vb_face_glyph(f, 'a'), 0);
  vb_face_free(f);

  size_t n = 0, at = font_table(&font, "cmap", &n);
  vb_put32((uint8_t *)font.p + at + 24, 0x20000000); /* a number of groups that overflows 32 bits in bytes */
  expect_fault(&font, VB_MSG_FONT_TABLE_DAMAGED, "cmap");
  vb_buf_free(&font);
}

/* Format 4 with segments {start, end, delta}, all without an offset. */
static void set_segments(vb_buf *font, const uint16_t (*s)[3], size_t n)
{
  uint8_t cmap[512] = {0};
  uint8_t *t = cmap + 12;
  vb_put16(cmap + 2, 1), vb_put16(cmap + 4, 3), vb_put16(cmap + 6, 1), vb_put32(cmap + 8, 12);
  vb_put16(t, 4), vb_put16(t + 2, (uint32_t)(16 + 8 * n)), vb_put16(t + 6, (uint32_t)(2 * n));
  for (size_t i = 0; i < n; i++) {
    vb_put16(t + 14 + 2 * i, s[i][1]);
    vb_put16(t + 16 + 2 * n + 2 * i, s[i][0]);
    vb_put16(t + 16 + 4 * n + 2 * i, s[i][2]);
  }
  font_replace(font, "cmap", cmap, 12 + 16 + 8 * n);
}

static void test_segments_of_format_4(void **state)
{
  (void)state;
  static const uint16_t overlap[][3] = {{'a', 'd', 65000}, {'b', 'g', 65100}, {0xFFFF, 0xFFFF, 1}}, falling[][3] = {{'x', 'z', 0}, {'a', 'b', 0}};
  vb_buf font;
  vb_face *f = NULL;
  vb_font_fault fault;
  font_read(&font, VB_REGULAR);
  /* A character belongs to the first segment that ends at or behind it. */
  set_segments(&font, overlap, 3);
  assert_int_equal(vb_face_parse(font_bytes(&font), false, &f, &fault), VB_OK);
  assert_int_equal(vb_face_glyph(f, 'd'), 0); /* 65100 - 65536 + 'd' is negative modulo 65536: no such glyph */
  vb_face_free(f);
  static const uint16_t good[][3] = {{'a', 'd', (uint16_t)(10 - 'a')}, {'b', 'g', (uint16_t)(100 - 'b')}, {0xFFFF, 0xFFFF, 1}};
  set_segments(&font, good, 3);
  assert_int_equal(vb_face_parse(font_bytes(&font), false, &f, &fault), VB_OK);
  assert_int_equal(vb_face_glyph(f, 'a'), 10);
  assert_int_equal(vb_face_glyph(f, 'd'), 13);
  assert_int_equal(vb_face_glyph(f, 'e'), 103);
  assert_int_equal(vb_face_glyph(f, 'h'), 0);
  assert_int_equal(vb_face_glyph(f, 0xFFFF), 0);
  vb_face_free(f);
  size_t e = font_entry(&font, "cmap");
  vb_put32((uint8_t *)font.p + e + 12, vb_be32(font_bytes(&font), e + 12) - 1); /* its last offset is cut */
  expect_fault(&font, VB_MSG_FONT_TABLE_DAMAGED, "cmap");
  set_segments(&font, falling, 2);
  expect_fault(&font, VB_MSG_FONT_TABLE_DAMAGED, "cmap");
  size_t n = 0, at = font_table(&font, "cmap", &n);
  vb_put16((uint8_t *)font.p + at + 12 + 6, 0xFFFE); /* more segments than the table has */
  expect_fault(&font, VB_MSG_FONT_TABLE_DAMAGED, "cmap");
  vb_put16((uint8_t *)font.p + at + 12, 6); /* an old format alone */
  expect_fault(&font, VB_MSG_FONT_NO_UNICODE, "cmap");
  vb_buf_free(&font);
}

/* ---- names -------------------------------------------------------------------------------------------------- */

static void test_ps_name_is_fit_for_pdf(void **state)
{
  (void)state;
  static const struct { const char *raw, *want; } cases[] = {
    {"Good-Name", "Good-Name"}, {"A(b)<c>[d]{e}/f%g#h i", "Abcdefghi"}, {"()", "Unnamed"}, {"", "Unnamed"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vb_buf font;
    vb_face *f = NULL;
    vb_font_fault fault;
    font_read(&font, VB_REGULAR);
    font_rename(&font, cases[i].raw, "x");
    font_set16(&font, "name", 6 + 6, 6); /* the family's record becomes the PostScript name's */
    assert_int_equal(vb_face_parse(font_bytes(&font), false, &f, &fault), VB_OK);
    assert_string_equal(vb_face_info_of(f)->ps_name, cases[i].want);
    vb_face_free(f);
    font_set16(&font, "name", 6 + 10, 0xFFFF); /* a string far outside */
    assert_int_equal(vb_face_parse(font_bytes(&font), false, &f, &fault), VB_OK);
    assert_string_equal(vb_face_info_of(f)->ps_name, "Unnamed");
    vb_face_free(f);
    vb_buf_free(&font);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_the_intact_font_is_good),
    cmocka_unit_test(test_cut_short),
    cmocka_unit_test(test_flipped_bytes),
    cmocka_unit_test(test_tables_that_are_absent),
    cmocka_unit_test(test_fields_that_cannot_be),
    cmocka_unit_test(test_kinds_that_are_not_truetype),
    cmocka_unit_test(test_composites_that_never_end),
    cmocka_unit_test(test_composites_too_deep),
    cmocka_unit_test(test_components_outside),
    cmocka_unit_test(test_simple_outlines_cut),
    cmocka_unit_test(test_points_and_places_that_cannot_be),
    cmocka_unit_test(test_outlines_that_overlap),
    cmocka_unit_test(test_groups_of_format_12),
    cmocka_unit_test(test_segments_of_format_4),
    cmocka_unit_test(test_ps_name_is_fit_for_pdf),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
