/* Formats of automatic numbers, against what the decree and the sample documents print. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "template/template_int.h"

static void prints(const char *format, int a, int b, int c, const char *want, const char *bare)
{
  const int path[] = {a, b, c};
  int n = c ? 3 : b ? 2 : 1;
  vb_num_format f;
  vb_buf out;
  vb_buf_init(&out);
  assert_true(vb_num_format_parse(vb_span_of(format), &f));
  vb_num_print(&f, path, n, &out);
  assert_string_equal(vb_buf_cstr(&out), want);
  vb_buf_clear(&out);
  vb_num_print_bare(&f, path, n, &out);
  assert_string_equal(vb_buf_cstr(&out), bare);
  vb_buf_free(&out);
}

static void formats(void **state)
{
  (void)state;
  prints("I.", 4, 0, 0, "IV.", "IV");
  prints("i)", 9, 0, 0, "ix)", "ix");
  prints("1.", 2, 3, 0, "3.", "3");
  prints("1.1.", 2, 3, 0, "2.3.", "2.3");
  prints("1.1.1", 2, 3, 4, "2.3.4", "2.3.4");
  prints("1.1.", 2, 3, 4, "3.4.", "3.4"); /* the last levels: the first may be Roman */
  prints("a)", 5, 0, 0, "đ)", "đ");       /* ND30: a, b, c, d, đ, e */
  prints("A.", 5, 0, 0, "Đ.", "Đ");
  prints("(1)", 12, 0, 0, "(12)", "12");
  prints("Điều 1.", 7, 0, 0, "Điều 7.", "7");
  prints("Phần I", 3, 0, 0, "Phần III", "III");
  prints("Mục 1.1.", 1, 2, 0, "Mục 1.2.", "1.2");
  prints("-", 5, 0, 0, "-", "");
  prints("+", 5, 0, 0, "+", "");
  prints("Tiêu chí a", 3, 0, 0, "Tiêu chí c", "c");
}

static void no_formats(void **state)
{
  static const char *const wrong[] = {"", "x.", "2.", "1.2.", "11.", "..", "Điều", "--", "1.1.1.1.1.1.1.1.1.", "I2."};
  vb_num_format f;
  (void)state;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    if (vb_num_format_parse(vb_span_of(wrong[i]), &f)) fail_msg("\"%s\" was taken for a format", wrong[i]);
}

static void print_formats(void **state)
{
  vb_print p;
  vb_span near;
  (void)state;
  assert_true(vb_print_parse(VB_LIT(" num 2 "), &p, &near));
  assert_int_equal(p.id, VB_PRINT_NUM);
  assert_int_equal(p.places, 2);
  assert_true(vb_print_parse(VB_LIT("long-date"), &p, &near));
  assert_int_equal(p.places, -1);
  assert_false(vb_print_parse(VB_LIT("count 2"), &p, &near)); /* takes no places */
  assert_false(vb_print_parse(VB_LIT("num 12"), &p, &near));
  assert_false(vb_print_parse(VB_LIT("mony"), &p, &near));
  assert_true(vb_span_is(near, "money"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(formats), cmocka_unit_test(no_formats), cmocka_unit_test(print_formats)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
