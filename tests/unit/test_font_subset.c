/* Subsets: the file, its outlines held against the original's, ToUnicode, ids, and what poppler reads out of a PDF made with them. */
#include <libdeflate.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "folder.h"
#include "font_make.h"
#include "text/text.h"

static vb_diag *diag;
static vb_fontset *fonts;
static vb_arena *arena;

static int open_fonts(void **state)
{
  (void)state;
  diag = vb_diag_new();
  arena = vb_arena_new(0);
  return vb_fontset_open(diag, NULL, &fonts) == VB_OK ? 0 : -1;
}

static int close_fonts(void **state)
{
  (void)state;
  vb_fontset_close(fonts);
  vb_arena_free(arena);
  vb_diag_free(diag);
  return 0;
}

/* All that official text is made of, as the program's promise has it; the order is that of code points. */
static const char base_text[] =
  " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"
  "§«°±²³·»½ÀÁÂÃÈÉÊÌÍÒÓÔÕ×ÙÚÝàáâãèéêìíòóôõ÷ùúýĂăĐđĨĩŨũƠơƯư"
  "ẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặẸẹẺẻẼẽẾếỀềỂểỄễỆệỈỉỊịỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợỤụỦủỨứỪừỬửỮữỰựỲỳỴỵỶỷỸỹ"
  "–—‘’“”•…₫€−≤≥";
enum { BASE_CHARS = 95 + 134 + 24 };

/* Opens a zlib stream of a known size limit. */
static size_t unpack(const uint8_t *p, size_t n, uint8_t *out, size_t cap)
{
  struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
  size_t got = 0;
  assert_non_null(d);
  assert_int_equal(libdeflate_zlib_decompress(d, p, n, out, cap, &got), LIBDEFLATE_SUCCESS);
  libdeflate_free_decompressor(d);
  return got;
}

static uint32_t sum_words(vb_bytes b, size_t at, size_t n)
{
  uint32_t sum = 0;
  for (size_t i = 0; i < n; i += 4) sum += vb_be32(b, at + i);
  return sum;
}

/* The container: six tables in order, each with its true checksum and on a word, and the sum of all that `head` adjusts. */
static void test_container(void **state)
{
  (void)state;
  for (int i = 0; i < VB_FACES; i++) {
    const vb_subset *s = vb_subset_base(fonts, (vb_face_id)i);
    assert_non_null(s);
    vb_bytes b = {s->program, s->program_bytes};
    static const char *const tags[] = {"glyf", "head", "hhea", "hmtx", "loca", "maxp"};
    assert_int_equal(vb_be32(b, 0), 0x00010000);
    assert_int_equal(vb_be16(b, 4), 6);
    size_t expect = 12 + 6 * 16;
    for (size_t t = 0; t < 6; t++) {
      size_t e = 12 + 16 * t, at = vb_be32(b, e + 8), n = vb_be32(b, e + 12), whole = (n + 3) / 4 * 4;
      assert_memory_equal(b.p + e, tags[t], 4);
      assert_int_equal(at, expect);
      if (t != 1) assert_int_equal(vb_be32(b, e + 4), sum_words(b, at, whole));
      else assert_int_equal(vb_be32(b, e + 4), sum_words(b, at, whole) - vb_be32(b, at + 8));
      expect = at + whole;
    }
    assert_int_equal(expect, b.n);
    assert_int_equal(sum_words(b, 0, b.n), 0xB1B0AFBAu);
    assert_null(s->deflated); /* it goes out whole hardly ever */
  }
}

/* The outline of `mine` in the subset is that of `theirs` in the original, to the byte, but for instructions. */
static void same_outline(const vb_face *subset, uint16_t mine, const vb_face *original, uint16_t theirs)
{
  vb_glyph a, b;
  assert_true(vb_glyph_read(subset, mine, &a));
  assert_true(vb_glyph_read(original, theirs, &b));
  assert_int_equal(a.composite, b.composite);
  assert_int_equal(a.data.n == 0, b.data.n == 0);
  assert_int_equal(vb_face_advance_raw(subset, mine), vb_face_advance_raw(original, theirs));
  assert_int_equal(vb_face_lsb(subset, mine), vb_face_lsb(original, theirs));
  if (a.data.n == 0) return;
  if (!a.composite) {
    assert_int_equal(a.head, b.head);
    assert_memory_equal(a.data.p, b.data.p, a.head);
    assert_int_equal(vb_be16(a.data, a.head), 0); /* no instructions */
    assert_int_equal(a.tail, a.head + 2);
    assert_int_equal(a.tail_bytes, b.tail_bytes);
    assert_memory_equal(a.data.p + a.tail, b.data.p + b.tail, a.tail_bytes);
    return;
  }
  assert_int_equal(a.head, b.head);
  assert_memory_equal(a.data.p, b.data.p, 10);
  vb_component ca, cb;
  size_t at_a = 10, at_b = 10;
  while (vb_glyph_component(&b, &at_b, &cb)) {
    assert_true(vb_glyph_component(&a, &at_a, &ca));
    assert_int_equal(at_a, at_b);
    assert_int_equal(ca.flags, cb.flags & ~0x100);
    assert_memory_equal(a.data.p + ca.at + 4, b.data.p + cb.at + 4, at_a - ca.at - 4);
    same_outline(subset, ca.glyph, original, cb.glyph);
  }
  assert_false(vb_glyph_component(&a, &at_a, &ca));
}

static void compare_program(const vb_subset *s, const vb_face *original, const vb_subset_map *map, vb_span text)
{
  vb_face *f = NULL;
  vb_font_fault fault;
  assert_int_equal(vb_face_parse((vb_bytes){s->program, s->program_bytes}, true, &f, &fault), VB_OK);
  assert_int_equal(f->glyphs, s->glyphs);
  assert_int_equal(f->metrics, s->glyphs);
  assert_int_equal(vb_be16(f->head, 16) & 0x14, 0);
  same_outline(f, 0, original, 0);
  for (const char *p = text.p, *end = text.p + text.n; p < end;) {
    uint32_t c = vb_utf8_next(&p, end);
    uint16_t id = vb_subset_glyph(map, c);
    assert_in_range(id, 1, s->glyphs - 1);
    assert_int_equal(s->widths[id], vb_face_width(original, c));
    same_outline(f, id, original, vb_face_glyph(original, c));
  }
  vb_face_free(f);
}

static void test_outlines_are_the_originals(void **state)
{
  (void)state;
  for (int i = 0; i < VB_FACES; i++) {
    const vb_subset *s = vb_subset_base(fonts, (vb_face_id)i);
    assert_non_null(s);
    compare_program(s, vb_fontset_face(fonts, (vb_face_id)i), vb_subset_base_map(fonts, (vb_face_id)i), VB_LIT(base_text));
  }
}

/* Reads the bfchar lines of a CMap: character by id; ends the test on anything that a reader would stumble over. */
static size_t read_to_unicode(const vb_subset *s, const char *spaces, uint32_t *character)
{
  char *cmap = malloc(1 << 20);
  size_t n = unpack(s->to_unicode, s->to_unicode_bytes, (uint8_t *)cmap, (1 << 20) - 1), pairs = 0;
  cmap[n] = '\0';
  memset(character, 0, 0x10000 * sizeof *character);
  assert_non_null(strstr(cmap, spaces));
  assert_null(strstr(cmap, "range\n<0000> <FFFF>\nendbf"));
  for (char *p = strstr(cmap, "endcodespacerange"); (p = strstr(p, " beginbfchar\n")) != NULL;) {
    char *line = p;
    while (line > cmap && line[-1] != '\n') line--;
    int count = atoi(line);
    assert_in_range(count, 1, 100);
    p += strlen(" beginbfchar\n");
    for (int i = 0; i < count; i++) {
      unsigned id, hi, lo = 0;
      int used = 0;
      if (sscanf(p, "<%4x> <%4x>\n%n", &id, &hi, &used) == 2 && used) character[id] = hi;
      else {
        assert_int_equal(sscanf(p, "<%4x> <%4x%4x>\n%n", &id, &hi, &lo, &used), 3);
        character[id] = 0x10000 + ((hi - 0xD800) << 10) + (lo - 0xDC00);
      }
      p += used;
      pairs++;
    }
    assert_memory_equal(p, "endbfchar\n", 10);
  }
  assert_memory_equal(cmap + n - 8, "end\nend\n", 8);
  free(cmap);
  return pairs;
}

static void test_to_unicode_is_exact(void **state)
{
  (void)state;
  uint32_t *character = malloc(0x10000 * sizeof *character);
  for (int i = 0; i < VB_FACES; i++) {
    const vb_subset *s = vb_subset_base(fonts, (vb_face_id)i);
    assert_int_equal(read_to_unicode(s, VB_CODE_SPACES, character), BASE_CHARS);
    for (int id = 0; id < VB_ID_SPACE; id++) assert_int_equal(character[id], 0);
    assert_int_equal(character[VB_ID_SPACE], ' ');
    for (uint32_t c = '!'; c < 0x7F; c++) assert_true(vb_subset_base_glyph(fonts, (vb_face_id)i, c) < VB_IDS_ONE_BYTE);
    assert_true(vb_subset_base_glyph(fonts, (vb_face_id)i, 0x1EC7) < VB_IDS_ONE_BYTE); /* ệ: everyday text takes a byte a letter */
    int seen = 0;
    for (const char *p = base_text, *end = base_text + sizeof base_text - 1; p < end; seen++) {
      uint32_t c = vb_utf8_next(&p, end);
      assert_int_equal(character[vb_subset_base_glyph(fonts, (vb_face_id)i, c)], c);
    }
    assert_int_equal(seen, BASE_CHARS);
    /* The no-break space is the space's glyph, and that says U+0020. */
    assert_int_equal(vb_subset_base_glyph(fonts, (vb_face_id)i, 0xA0), vb_subset_base_glyph(fonts, (vb_face_id)i, ' '));
    assert_int_equal(vb_subset_base_glyph(fonts, (vb_face_id)i, 0xE5), 0); /* å */
    assert_int_equal(vb_subset_base_glyph(fonts, (vb_face_id)i, '\n'), 0);
  }
  free(character);
}

static vb_charset *charset_of(vb_span text)
{
  vb_charset *s = vb_charset_new(arena);
  assert_non_null(s);
  assert_true(vb_charset_add_text(s, text));
  return s;
}

static void test_charset(void **state)
{
  (void)state;
  vb_charset *s = charset_of(VB_LIT("b a\n\tạ≤😀a"));
  const uint32_t want[] = {' ', 'a', 'b', 0x1EA1, 0x2264, 0x1F600, VB_NO_CHAR};
  uint32_t c = 0;
  for (size_t i = 0; i < sizeof want / sizeof want[0]; i++, c++) {
    c = vb_charset_from(s, c);
    assert_int_equal(c, want[i]);
    if (c != VB_NO_CHAR) assert_true(vb_charset_has(s, c));
  }
  assert_int_equal(vb_charset_count(s), 6);
  assert_false(vb_charset_has(s, '\n'));
  assert_false(vb_charset_has(s, 0x2265));
  assert_false(vb_charset_has(s, 0x1F601));
  assert_false(vb_charset_has(s, 0xFFFFFFFF));
  assert_true(vb_charset_add(s, 0x110000)); /* no character: nothing to add */
  assert_true(vb_charset_add(s, 0x10FFFF));
  assert_int_equal(vb_charset_from(s, 0x20000), 0x10FFFF);
  assert_int_equal(vb_charset_count(s), 7);
}

static void test_subset_of_a_document(void **state)
{
  (void)state;
  static const char text[] = "Phụ lục I – các chỉ tiêu\xC2\xA0năm 2023 (Å, Ω, ‰)";
  const vb_face *face = vb_fontset_face(fonts, VB_BOLD);
  vb_subset s, again, other;
  vb_subset_map *map = NULL;
  uint32_t *character = malloc(0x10000 * sizeof *character);
  assert_int_equal(vb_subset_make(diag, arena, face, charset_of(VB_LIT(text)), &s, &map), VB_OK);
  compare_program(&s, face, map, VB_LIT(text));
  read_to_unicode(&s, "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n", character);
  for (const char *p = text, *end = text + sizeof text - 1; p < end;) {
    uint32_t c = vb_utf8_next(&p, end);
    assert_int_equal(character[vb_subset_glyph(map, c)], c == 0xA0 ? ' ' : c);
  }
  assert_int_equal(vb_subset_glyph(map, 'Z'), 0);
  uint8_t *program = malloc(s.program_bytes + 1);
  assert_int_equal(unpack(s.deflated, s.deflated_bytes, program, s.program_bytes + 1), s.program_bytes);
  assert_memory_equal(program, s.program, s.program_bytes);
  free(program);

  /* The same characters give the same bytes; others another tag. */
  assert_int_equal(vb_subset_make(diag, arena, face, charset_of(VB_LIT(text)), &again, &map), VB_OK);
  assert_int_equal(s.program_bytes, again.program_bytes);
  assert_memory_equal(s.program, again.program, s.program_bytes);
  assert_string_equal(s.tag, again.tag);
  assert_int_equal(vb_subset_make(diag, arena, face, charset_of(VB_LIT("Phụ lục II")), &other, &map), VB_OK);
  assert_string_not_equal(s.tag, other.tag);
  assert_int_equal(strlen(s.tag), 6);
  assert_int_equal(strspn(s.tag, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), 6);

  /* A no-break space without any space still reads as a space. */
  assert_int_equal(vb_subset_make(diag, arena, face, charset_of(VB_LIT("5\xC2\xA0%")), &other, &map), VB_OK);
  read_to_unicode(&other, "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n", character);
  assert_int_equal(character[vb_subset_glyph(map, 0xA0)], ' ');
  /* Nothing but .notdef is a font as well. */
  assert_int_equal(vb_subset_make(diag, arena, face, charset_of(VB_LIT("\n")), &other, &map), VB_OK);
  assert_int_equal(other.glyphs, 1);
  free(character);
}

static void test_lacking_character_is_an_error(void **state)
{
  (void)state;
  vb_subset s;
  vb_subset_map *map = NULL;
  vb_diag *d = vb_diag_new();
  assert_int_equal(vb_subset_make(d, arena, vb_fontset_face(fonts, VB_ITALIC), charset_of(VB_LIT("ô ☐")), &s, &map), VB_BAD);
  const vb_finding *f = vb_diag_first(d);
  assert_non_null(f);
  assert_null(f->next);
  assert_int_equal(f->msg, VB_MSG_FONT_GLYPH);
  assert_string_equal(f->args[0], "LiberationSerif-Italic");
  assert_string_equal(f->args[1], "☐");
  assert_string_equal(f->args[2], "U+2610");
  vb_diag_free(d);
}

/* Two characters that a font draws with one glyph, and one above U+FFFF: each has an id and a ToUnicode of its own. */
static void test_shared_and_high_characters(void **state)
{
  (void)state;
  vb_buf font;
  vb_face *face = NULL;
  vb_font_fault fault;
  vb_subset s;
  vb_subset_map *map = NULL;
  uint32_t *character = malloc(0x10000 * sizeof *character);
  font_read(&font, VB_REGULAR);
  /* o with dot below is composed of o; o comes after it here, so it is a component before it is a character. */
  uint16_t o = vb_face_glyph(vb_fontset_face(fonts, VB_REGULAR), 'o'), odot = vb_face_glyph(vb_fontset_face(fonts, VB_REGULAR), 0x1ECD);
  const uint32_t groups[][3] = {{0x41, 0x41, odot}, {0xD0, 0xD0, 210}, {0x110, 0x110, 210}, {0x1F600, 0x1F600, o}};
  font_set_groups(&font, groups, 4);
  assert_int_equal(vb_face_parse(font_bytes(&font), false, &face, &fault), VB_OK);
  const uint32_t chars[] = {0x41, 0xD0, 0x110, 0x1F600};
  vb_charset *set = vb_charset_new(arena);
  for (size_t i = 0; i < 4; i++) assert_true(vb_charset_add(set, chars[i]));
  assert_int_equal(vb_subset_build(arena, face, set, &(vb_subset_how){6, false}, &s, &map, &fault), VB_OK);
  assert_int_equal(read_to_unicode(&s, "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n", character), 4);
  for (size_t i = 0; i < 4; i++) assert_int_equal(character[vb_subset_glyph(map, chars[i])], chars[i]);
  assert_int_equal(s.glyphs, 1 + 6); /* .notdef, ọ, o (also U+1F600), dot, Ð, its one component, Đ */
  compare_program(&s, face, map, VB_LIT("AÐĐ😀"));
  vb_face_free(face);
  vb_buf_free(&font);
  free(character);
}

/* ---- through a PDF ------------------------------------------------------------------------------------------ */

typedef struct pdf { vb_buf out; size_t at[32]; int n; } pdf;

static void pdf_object(pdf *p, const char *text)
{
  p->at[++p->n] = p->out.n;
  vb_buf_printf(&p->out, "%d 0 obj\n%s", p->n, text);
}

static void pdf_stream(pdf *p, const char *entries, const void *bytes, size_t n)
{
  char dict[200];
  snprintf(dict, sizeof dict, "<< /Length %zu %s >>\nstream\n", n, entries);
  pdf_object(p, dict);
  vb_buf_add(&p->out, bytes, n);
  vb_buf_str(&p->out, "\nendstream\nendobj\n");
}

static void pdf_font(pdf *p, vb_face_id id)
{
  char text[1024];
  const vb_subset *s = vb_subset_base(fonts, id);
  const vb_face_info *f = vb_face_info_of(vb_fontset_face(fonts, id));
  int first = p->n + 1;
  snprintf(text, sizeof text, "<< /Type /Font /Subtype /Type0 /BaseFont /%s+%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>\nendobj\n",
           s->tag, f->ps_name, first + 1, first + 4);
  pdf_object(p, text);
  snprintf(text, sizeof text,
           "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%s+%s /CIDToGIDMap /Identity /FontDescriptor %d 0 R /CIDSystemInfo "
           "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /W [0 [", s->tag, f->ps_name, first + 2);
  pdf_object(p, text);
  for (int i = 0; i < s->glyphs; i++) vb_buf_printf(&p->out, "%d ", s->widths[i]);
  vb_buf_str(&p->out, "]] >>\nendobj\n");
  snprintf(text, sizeof text,
           "<< /Type /FontDescriptor /FontName /%s+%s /Flags %d /FontBBox [%d %d %d %d] /ItalicAngle %d /Ascent %d /Descent %d /CapHeight %d "
           "/StemV %d /FontFile2 %d 0 R >>\nendobj\n", s->tag, f->ps_name, f->flags, f->bbox[0], f->bbox[1], f->bbox[2], f->bbox[3],
           f->italic_angle_milli / 1000, f->ascent, f->descent, f->cap_height, f->stem_v, first + 3);
  pdf_object(p, text);
  snprintf(text, sizeof text, "/Length1 %zu", s->program_bytes);
  pdf_stream(p, text, s->program, s->program_bytes);
  pdf_stream(p, "/Filter /FlateDecode", s->to_unicode, s->to_unicode_bytes);
}

enum { LINE_CHARS = 32 };

/* A page with all characters of the base set in one face, LINE_CHARS a line. lines gets the same as text. */
static void pdf_make(pdf *p, vb_face_id id, vb_buf *lines)
{
  vb_buf page;
  vb_buf_init(&page);
  vb_buf_init(&p->out);
  p->n = 0;
  vb_buf_str(&p->out, "%PDF-1.7\n");
  pdf_object(p, "<< /Type /Catalog /Pages 2 0 R >>\nendobj\n");
  pdf_object(p, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n");
  pdf_object(p, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>\nendobj\n");
  int k = 0;
  for (const char *c = base_text + 1, *end = base_text + sizeof base_text - 1; c < end; k++) { /* a line does not begin with a space */
    const char *from = c;
    uint32_t u = vb_utf8_next(&c, end);
    if (k % LINE_CHARS == 0) vb_buf_printf(&page, "%sBT /F 14 Tf 40 %d Td <", k ? "> Tj ET\n" : "", 790 - 24 * (k / LINE_CHARS));
    if (k && k % LINE_CHARS == 0) vb_buf_char(lines, '\n');
    vb_buf_printf(&page, "%04X", (unsigned)vb_subset_base_glyph(fonts, id, u));
    vb_buf_add(lines, from, (size_t)(c - from));
  }
  vb_buf_str(&page, "> Tj ET");
  vb_buf_char(lines, '\n');
  pdf_stream(p, "", page.p, page.n);
  pdf_font(p, id);
  size_t xref = p->out.n;
  vb_buf_printf(&p->out, "xref\n0 %d\n0000000000 65535 f \n", p->n + 1);
  for (int i = 1; i <= p->n; i++) vb_buf_printf(&p->out, "%010zu 00000 n \n", p->at[i]);
  vb_buf_printf(&p->out, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%zu\n%%%%EOF\n", p->n + 1, xref);
  assert_false(page.failed || p->out.failed || lines->failed);
  vb_buf_free(&page);
}

/* What a command prints on both outputs. */
static void run(const char *command, vb_buf *out)
{
  char block[4096];
  FILE *f = popen(command, "r");
  assert_non_null(f);
  for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;) vb_buf_add(out, block, n);
  assert_int_equal(pclose(f), 0);
}

/* poppler reads back what was written, from all four faces, without a word of complaint; pdffonts sees an embedded subset with
 * ToUnicode; mutool draws the page without a warning. */
static void test_pdf_reads_back(void **state)
{
  (void)state;
  char dir[256], command[600];
  folder_make(dir);
  for (int i = 0; i < VB_FACES; i++) {
    pdf p;
    vb_buf lines, got;
    vb_buf_init(&lines), vb_buf_init(&got);
    pdf_make(&p, (vb_face_id)i, &lines);
    font_save(dir, "base.pdf", &p.out);
    snprintf(command, sizeof command, "pdftotext -nopgbrk -layout %s/base.pdf - 2>&1", dir);
    run(command, &got);
    vb_buf text; /* -layout indents and leaves blank lines between */
    vb_buf_init(&text);
    const char *s = vb_buf_cstr(&got);
    for (const char *line = s; *line;) {
      while (*line == ' ') line++;
      const char *end = strchr(line, '\n');
      if (end > line) vb_buf_add(&text, line, (size_t)(end - line) + 1);
      line = end + 1;
    }
    assert_string_equal(vb_buf_cstr(&text), vb_buf_cstr(&lines));
    vb_buf_clear(&got);
    snprintf(command, sizeof command, "pdffonts %s/base.pdf 2>&1 | tail -n 1", dir);
    run(command, &got);
    assert_non_null(strstr(vb_buf_cstr(&got), "CID TrueType      Identity-H       yes yes yes"));
    vb_buf_clear(&got);
    snprintf(command, sizeof command, "mutool draw -q -o %s/base.png -r 40 %s/base.pdf 2>&1 | sed '/ICC support is not available/d'", dir, dir);
    run(command, &got);
    assert_string_equal(vb_buf_cstr(&got), "");
    vb_buf_free(&lines), vb_buf_free(&got), vb_buf_free(&text), vb_buf_free(&p.out);
  }
  folder_drop(dir);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_container),
    cmocka_unit_test(test_outlines_are_the_originals),
    cmocka_unit_test(test_to_unicode_is_exact),
    cmocka_unit_test(test_charset),
    cmocka_unit_test(test_subset_of_a_document),
    cmocka_unit_test(test_lacking_character_is_an_error),
    cmocka_unit_test(test_shared_and_high_characters),
    cmocka_unit_test(test_pdf_reads_back),
  };
  return cmocka_run_group_tests(tests, open_fonts, close_fonts);
}
