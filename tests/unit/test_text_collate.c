/* Sorting: lists in the order that the rules give, keys against comparisons, names by tên. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "text/text.h"

static uint64_t seed = 4711;

static uint64_t next(void)
{
  seed ^= seed >> 12;
  seed ^= seed << 25;
  seed ^= seed >> 27;
  return seed * UINT64_C(2685821657736338717);
}

/* Rising order. Letters over the whole text come first, then tones, then case (CLDR vi). */
static const char *const rising[] = {
  /* white space, punctuation, signs, digits */
  "", " ", "_", "-", "–", ",", ";", ":", "!", "?", ".", "'", "\"", "(", ")", "[", "]", "@", "*", "/", "\\", "&", "#", "%", "+", "<", "=", ">", "$",
  "₫", "0", "01", "1", "1.1", "10", "2", "9",
  /* tones of one letter, small before capital within a tone */
  "a", "A", "à", "À", "ả", "Ả", "ã", "Ã", "á", "Á", "ạ", "Ạ",
  /* a tone counts less than any later letter */
  "a b", "à b", "a c", "an", "An", "AN", "àn", "ản", "án", "Án", "ạn", "ana",
  "ă", "ằ", "ẳ", "ẵ", "ắ", "ặ", "ăn", "â", "ầ", "ẩ", "ẫ", "ấ", "ậ", "âu",
  "b", "ba", "bà", "bả", "bã", "bá", "bạ", "bà ba", "ban", "bàn", "bản", "bán", "bạn", "bàng",
  "bao cao", "báo cáo", "Báo cáo", "bảy", "băng", "bằng", "bẳng", "bâng",
  "c", "ca", "cha", "cz", "d", "dz", "đ", "Đ", "đa", "Đà Nẵng", "e", "ẹ", "ê", "ề", "ệ", "êm", "f", "g", "h", "hoa", "hoà", "hoả", "hoá", "hoạ", "hòa", "hỏa",
  "hóa", "họa", "i", "ì", "j", "k", "l", "m", "n", "o", "ò", "ọ", "oz", "ô", "ồ", "ộ", "ôz", "ơ", "ờ", "ợ", "ơz", "p", "q",
  "Quảng Điền", "Quảng Thọ", "Quảng Trị", "r", "s", "t", "Thọ", "Thơ", "Tr", "u", "ù", "ụ", "uz", "ư", "ừ", "ự", "ưz", "v", "w", "x", "y", "ỳ", "ỵ",
  "z", "zz",
};
enum { RISING = sizeof rising / sizeof rising[0] };

static int sign(int v) { return (v > 0) - (v < 0); }

static void a_list_in_its_order(void **state)
{
  (void)state;
  vb_arena *a = vb_arena_new(0);
  static vb_span keys[RISING];
  for (size_t i = 0; i < RISING; i++) {
    keys[i] = vb_collate_key(a, vb_span_of(rising[i]));
    assert_non_null(keys[i].p);
  }
  for (size_t i = 0; i < RISING; i++) {
    for (size_t j = 0; j < RISING; j++) {
      int want = (i > j) - (i < j), got = vb_collate_cmp(vb_span_of(rising[i]), vb_span_of(rising[j]));
      if (got != want) fail_msg("\"%s\" against \"%s\": %d", rising[i], rising[j], got);
      if (sign(vb_span_cmp(keys[i], keys[j])) != want) fail_msg("keys of \"%s\" and \"%s\"", rising[i], rising[j]);
    }
  }
  vb_arena_free(a);
}

/* Characters of other languages have a place too: by their base letter, or behind z. */
static void other_characters(void **state)
{
  (void)state;
  static const char *const list[] = {"n", "ń", "ñ", "o", "ö", "ɓ", "α", "Α", "б", "日"};
  assert_int_equal(vb_collate_cmp(VB_LIT("z"), VB_LIT("α")), -1);
  for (size_t i = 0; i + 1 < sizeof list / sizeof list[0]; i++)
    if (i != 1 && i != 4) assert_true(vb_collate_cmp(vb_span_of(list[i]), vb_span_of(list[i + 1])) < 0);
  assert_true(vb_collate_cmp(VB_LIT("m2"), VB_LIT("m²")) < 0);
  assert_true(vb_collate_cmp(VB_LIT("m²"), VB_LIT("m3")) < 0);
  assert_true(vb_collate_cmp(VB_LIT("a b"), VB_LIT("a\u00A0b")) < 0);
  assert_true(vb_collate_cmp(VB_LIT("a\u00A0b"), VB_LIT("a c")) < 0);
  assert_int_equal(vb_collate_cmp((vb_span){NULL, 0}, VB_LIT("")), 0);
}

static void keys_and_comparison_agree(void **state)
{
  (void)state;
  static const char *const parts[] = {"a", "A", "à", "Á", "ă", "â", "b", "d", "đ", "Đ", "e", "ế", "o", "ở", "ư", "ứ", "Ứ", " ", "\u00A0", "-", "1", "²", "2",
                                      "ń", "ö", "x\u0323\u0302", "α", "Я", "日", "★", "\u00AD", "Ǆ", "\t", "．", "ＡＢ", "z"};
  vb_arena *a = vb_arena_new(0);
  for (int i = 0; i < 100000; i++) {
    char s[2][64];
    for (int k = 0; k < 2; k++) {
      s[k][0] = 0;
      for (uint64_t n = next() % 5; n > 0; n--) strcat(s[k], parts[next() % (sizeof parts / sizeof parts[0])]);
    }
    vb_span x = vb_text_nfc(a, vb_span_of(s[0])), y = vb_text_nfc(a, vb_span_of(s[1]));
    int by_cmp = vb_collate_cmp(x, y), by_key = sign(vb_span_cmp(vb_collate_key(a, x), vb_collate_key(a, y)));
    if (by_cmp != by_key) fail_msg("\"%s\" and \"%s\": %d, keys %d", s[0], s[1], by_cmp, by_key);
    if ((by_cmp == 0) != vb_span_eq(x, y)) fail_msg("\"%s\" and \"%s\" are equal", s[0], s[1]);
    if (by_cmp != -vb_collate_cmp(y, x)) fail_msg("\"%s\" and \"%s\" both ways", s[0], s[1]);
    vb_arena_reset(a);
  }
  vb_arena_free(a);
}

static void names_by_ten(void **state)
{
  (void)state;
  static const char *const list[] = {"Lê Văn An",    "Nguyễn Thị An", "Trần An",       "Phạm Thị Ánh", "Bùi Ân",      "Lê Bình",  "Đỗ Thị Bình", "Ngô Cường",
                                     "Lê Văn Dũng",  "Lê Văn Đức",    "Cao Thị Hoa", "Hồ Hòa",      "Lý Ước", "Vũ Yến"};
  vb_arena *a = vb_arena_new(0);
  /* họ in the order of the alphabet: Đỗ stands before Lê */
  static const char *const order[] = {"Đỗ Thị Bình", "Lê Bình"};
  assert_true(vb_span_cmp(vb_collate_name_key(a, vb_span_of(order[0])), vb_collate_name_key(a, vb_span_of(order[1]))) < 0);
  for (size_t i = 0; i + 1 < sizeof list / sizeof list[0]; i++) {
    if (strcmp(list[i], "Lê Bình") == 0) continue;
    vb_span x = vb_collate_name_key(a, vb_span_of(list[i])), y = vb_collate_name_key(a, vb_span_of(list[i + 1]));
    if (vb_span_cmp(x, y) >= 0) fail_msg("%s before %s", list[i], list[i + 1]);
  }
  assert_true(vb_span_eq(vb_collate_name_key(a, VB_LIT(" Lê  Văn\u00A0An ")), vb_collate_name_key(a, VB_LIT("Lê Văn An"))));
  assert_true(vb_span_cmp(vb_collate_name_key(a, VB_LIT("An")), vb_collate_name_key(a, VB_LIT("Lê An"))) < 0);
  assert_int_equal(vb_collate_name_key(a, VB_LIT("  ")).n, 0);
  vb_arena_free(a);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_list_in_its_order),
    cmocka_unit_test(other_characters),
    cmocka_unit_test(keys_and_comparison_agree),
    cmocka_unit_test(names_by_ten),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
