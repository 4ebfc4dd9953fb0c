/* What the PDF writer makes, signed: the leader with a picture, the organ with its seal or with the mark of an appendix in text; the file stays tagged and PDF/A, and
 * pdfsig, qpdf and pdffonts agree. */
#include "sign_help.h"

#include <png.h>

#include "font/font.h"
#include "pdf_sample.h"
#include "text/text.h"
#include "write/write.h"

#define PATH "build/test_package_real.pdf"

static vb_fontset *fonts;

static vb_span write_sample(void)
{
  if (!fonts) {
    assert_int_equal(vb_fontset_open(d, NULL, &fonts), VB_OK);
    assert_int_equal(vb_write_warm_up(d, fonts), VB_OK);
  }
  vb_doc *doc = pdf_sample_report(30, 40, 1);
  vb_write_options o = {.fonts = fonts, .producer = "vanban 1.0"};
  vb_written told;
  vb_buf out;
  vb_buf_init(&out);
  if (vb_writer_get(VB_FORMAT_PDF)->write(d, doc, &o, a, &out, &told) != VB_OK) fail_msg("%s", findings());
  vb_span kept = {vb_arena_copy(a, out.p, out.n), out.n};
  vb_buf_free(&out);
  vb_doc_free(doc);
  return kept;
}

static vb_buf picture(uint32_t w, uint32_t h, bool seal)
{
  vb_buf b, pixels;
  vb_buf_init(&b);
  vb_buf_init(&pixels);
  for (uint32_t i = 0; i < w * h; i++) {
    double x = (double)(i % w) / w * 2 - 1, y = (double)(i / w) / h * 2 - 1, r = x * x + y * y;
    bool on = seal ? (r < 0.98 && r > 0.8) || r < 0.1 : y * y < 0.02 || (x - y) * (x - y) < 0.01;
    vb_buf_add(&pixels, (const char[4]){seal ? (char)220 : 20, 20, seal ? 30 : (char)190, on ? (char)200 : 0}, 4);
  }
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.width = w;
  image.height = h;
  image.format = PNG_FORMAT_RGBA;
  png_alloc_size_t n = 0;
  assert_true(png_image_write_to_memory(&image, NULL, &n, 0, pixels.p, 0, NULL));
  assert_true(vb_buf_reserve(&b, n));
  assert_true(png_image_write_to_memory(&image, b.p, &n, 0, pixels.p, 0, NULL));
  b.n = n;
  vb_buf_free(&pixels);
  return b;
}

static vb_span sign(vb_span pdf, const char *key, const vb_sign_options *o)
{
  vb_signer *s = signer(key);
  vb_buf out;
  vb_buf_init(&out);
  if (vb_sign_pdf(d, &(vb_pdf_file){"bc.pdf", pdf}, s, o, &out) != VB_OK) fail_msg("%s", findings());
  vb_signer_close(s);
  vb_span kept = {vb_arena_copy(a, out.p, out.n), out.n};
  vb_buf_free(&out);
  return kept;
}

static void check(vb_span pdf, size_t signatures)
{
  vb_pdf_verdict v;
  assert_int_equal(vb_verify_pdf(d, a, &(vb_pdf_file){"bc.pdf", pdf}, (vb_span){NULL, 0}, &v), VB_OK);
  if (!v.good) fail_msg("%s", findings());
  assert_int_equal(v.n_signatures, signatures);
  assert_int_equal(v.pdfa_part, 2);
  assert_int_equal(v.pdfa_conformance, 'A');
  assert_int_equal(vb_file_write(d, PATH, pdf.p, pdf.n), VB_OK);
  assert_int_equal(system("qpdf --check " PATH " >/dev/null"), 0);
  shell("test $(pdfsig -nocert " PATH " 2>/dev/null | grep -c 'Signature is Valid') = @", signatures == 1 ? "1" : "2");
  assert_int_equal(system("pdfsig -nocert " PATH " 2>/dev/null | grep -q 'Total document signed'"), 0);
  assert_int_equal(system("test -z \"$(pdfinfo -struct-text " PATH " 2>&1 >/dev/null)\" && pdfinfo " PATH " | grep -q 'Tagged: *yes'"), 0);
}

static void test_leader_and_seal(void **state)
{
  (void)state;
  vb_buf hand = picture(300, 120, false), seal = picture(400, 400, true);
  vb_sign_options o = {.role = VB_SIGN_LEADER, .when = WHEN, .image = {hand.p, hand.n}, .reason = "Ban hành"};
  vb_span one = sign(write_sample(), "ec.p12", &o);
  check(one, 1);
  o.role = VB_SIGN_ORGAN;
  o.image = (vb_span){seal.p, seal.n};
  check(sign(one, "rsa.p12", &o), 2);
  vb_buf_free(&hand);
  vb_buf_free(&seal);
}

/* No field for the organ: the seal goes over the leader's left third, and the new field is an element of the structure. */
static void test_seal_without_field(void **state)
{
  (void)state;
  vb_buf seal = picture(400, 400, true);
  vb_sign_options o = {.role = VB_SIGN_LEADER, .when = WHEN};
  vb_span one = sign(write_sample(), "ec.p12", &o);
  o.role = VB_SIGN_ORGAN;
  o.field = "con-dau";
  o.image = (vb_span){seal.p, seal.n};
  check(sign(one, "rsa.p12", &o), 2);
  assert_int_equal(system("test $(pdfinfo -struct " PATH " 2>/dev/null | grep -c '^ *Form') = 3"), 0);
  vb_buf_free(&seal);
}

static void test_mark_in_text(void **state)
{
  (void)state;
  vb_span pdf = write_sample();
  vb_moment when = WHEN;
  vb_buf text;
  vb_buf_init(&text);
  vb_sign_mark("232", "BC-UBND", &when, &text);
  const vb_face *face = vb_fontset_face(fonts, VB_REGULAR);
  const vb_face_info *info = vb_face_info_of(face);
  vb_charset *chars = vb_charset_new(a);
  vb_subset sub;
  vb_subset_map *map;
  assert_true(vb_charset_add_text(chars, (vb_span){text.p, text.n}));
  assert_int_equal(vb_subset_make(d, a, face, chars, &sub, &map), VB_OK);
  uint16_t glyphs[128];
  vb_sign_line line = {glyphs, 0};
  for (const char *p = text.p, *end = text.p + text.n; p < end;) glyphs[line.n++] = vb_subset_glyph(map, vb_utf8_next(&p, end));
  vb_sign_font font = {vb_arena_printf(a, "%s+%s", sub.tag, info->ps_name), {(const char *)sub.deflated, sub.deflated_bytes}, sub.program_bytes,
                       {(const char *)sub.to_unicode, sub.to_unicode_bytes}, sub.widths, sub.glyphs, info->ascent, info->descent, info->cap_height, info->stem_v,
                       info->flags, info->italic_angle_milli, {info->bbox[0], info->bbox[1], info->bbox[2], info->bbox[3]}};
  vb_sign_text mark = {&font, &line, 1, 10000};
  vb_sign_options o = {.role = VB_SIGN_ORGAN, .field = "phu-luc-1", .when = when, .text = &mark, .box = {1, 330000, 800000, 212600, 17000}};
  check(sign(pdf, "rsa.p12", &o), 1);
  assert_int_equal(system("test $(pdffonts " PATH " | tail -n +3 | grep -c ' yes yes yes ') = $(pdffonts " PATH " | tail -n +3 | wc -l)"), 0);
  assert_int_equal(system("pdftotext -f 1 -l 1 " PATH " - | grep -q 'Số: 232/BC-UBND; 01/06/2030; 09:19:46'"), 0);
  mark.size = 20000;
  vb_signer *s = signer("ec.p12");
  vb_buf out;
  vb_buf_init(&out);
  assert_int_equal(vb_sign_pdf(d, &(vb_pdf_file){"bc.pdf", pdf}, s, &o, &out), VB_BAD);
  assert_non_null(strstr(findings(), "its field has 212 x 17 pt"));
  vb_signer_close(s);
  vb_buf_free(&out);
  vb_buf_free(&text);
}

static int drop(void **state)
{
  vb_fontset_close(fonts);
  return keys_drop(state);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, help_setup, help_teardown)
  const struct CMUnitTest tests[] = {T(test_mark_in_text), T(test_leader_and_seal), T(test_seal_without_field)};
  return cmocka_run_group_tests(tests, keys_make, drop);
}
