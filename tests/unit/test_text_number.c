/* Figures, dates and words: the vectors of the rules, figures printed and read back, and amounts in words against a second way of
 * making them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "text/text.h"

static uint64_t seed = 20240417;

static uint64_t next(void)
{
  seed ^= seed >> 12;
  seed ^= seed << 25;
  seed ^= seed >> 27;
  return seed * UINT64_C(2685821657736338717);
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

enum { V = VB_NUM_VALUE, B = VB_NUM_BLANK, D = VB_NUM_DASH, N = VB_NUM_NA, A = VB_NUM_AMBIGUOUS, W = VB_NUM_WRONG };

/* The state for COUNT, DECIMAL, PERCENT, MONEY, CODE in this order; the value where there is one. */
static const struct { const char *text; int state[5]; int64_t n; int places; } figures[] = {
  {"", {B, B, B, B, B}, 0, 0},
  {"  \u00A0\t", {B, B, B, B, B}, 0, 0},
  {"-", {D, D, D, D, D}, 0, 0},
  {" – ", {D, D, D, D, D}, 0, 0},
  {"−", {D, D, D, D, D}, 0, 0},
  {"không áp dụng", {N, N, N, N, N}, 0, 0},
  {"KHÔNG ÁP DỤNG", {N, N, N, N, N}, 0, 0},
  {"KAD", {N, N, N, N, N}, 0, 0},
  {"N/a", {N, N, N, N, N}, 0, 0},
  {"0", {V, V, V, V, V}, 0, 0},
  {"00", {V, V, V, V, V}, 0, 0},
  {"02", {V, V, V, V, V}, 2, 0},
  {"1714", {V, V, V, V, V}, 1714, 0},
  {"\u00A01714 ", {V, V, V, V, V}, 1714, 0},
  {"1.714", {V, A, A, V, A}, 1714, 0},
  {"12.900.000", {V, V, V, V, A}, 12900000, 0},
  {"12.900.00", {W, W, W, W, W}, 0, 0},
  {"12.9000", {A, A, A, A, A}, 0, 0},
  {"1234.567", {A, A, A, A, A}, 0, 0},
  {"56.1", {A, A, A, A, A}, 0, 0},
  {"56.12", {A, A, A, A, A}, 0, 0},
  {"0.714", {A, A, A, A, A}, 0, 0},
  {"1.1.2", {W, W, W, W, W}, 0, 0},
  {"56,1", {A, V, V, V, A}, 561, 1},
  {"56,10", {A, V, V, V, A}, 5610, 2},
  {"5,0", {A, V, V, V, A}, 50, 1},
  {"12.900,25", {A, V, V, V, A}, 1290025, 2},
  {"1.234.567,8", {A, V, V, V, A}, 12345678, 1},
  {"0,125", {A, V, V, V, A}, 125, 3},
  {"1,714", {A, V, V, A, A}, 1714, 3},
  {"12,900,000", {A, A, A, A, A}, 0, 0},
  {"12,900.50", {A, A, A, A, A}, 0, 0},
  {"1,2,3", {W, W, W, W, W}, 0, 0},
  {"12 900 000", {A, A, A, A, A}, 0, 0},
  {"12\u00A0900", {A, A, A, A, A}, 0, 0},
  {"5 6", {W, W, W, W, W}, 0, 0},
  {"98,5%", {W, W, V, W, W}, 985, 1},
  {"98,5 %", {W, W, V, W, W}, 985, 1},
  {"100%", {W, W, V, W, W}, 100, 0},
  {"12.900.000 đồng", {W, W, W, V, W}, 12900000, 0},
  {"12.900.000 Đồng", {W, W, W, V, W}, 12900000, 0},
  {"5000đ", {W, W, W, V, W}, 5000, 0},
  {"5.000 VND", {W, W, W, V, W}, 5000, 0},
  {"5.000 vnđ", {W, W, W, V, W}, 5000, 0},
  {"5000 ₫", {W, W, W, V, W}, 5000, 0},
  {"12 triệu đồng", {W, W, W, W, W}, 0, 0},
  {"+3", {V, V, V, V, W}, 3, 0},
  {"-4", {V, V, V, V, W}, -4, 0},
  {"−4", {V, V, V, V, W}, -4, 0},
  {"-0,5", {A, V, V, V, W}, -5, 1},
  {"- 4", {A, A, A, A, A}, 0, 0},
  {"–4", {A, A, A, A, A}, 0, 0},
  {"-%", {W, W, W, W, W}, 0, 0},
  {"%", {W, W, W, W, W}, 0, 0},
  {",5", {W, W, W, W, W}, 0, 0},
  {"5,", {W, W, W, W, W}, 0, 0},
  {"5.", {W, W, W, W, W}, 0, 0},
  {"5..6", {W, W, W, W, W}, 0, 0},
  {"1e5", {W, W, W, W, W}, 0, 0},
  {"(5)", {W, W, W, W, W}, 0, 0},
  {"5a", {W, W, W, W, W}, 0, 0},
  {"=1+1", {W, W, W, W, W}, 0, 0},
  {"khoảng 5", {W, W, W, W, W}, 0, 0},
  {"9223372036854775807", {V, V, V, V, V}, INT64_MAX, 0},
  {"9223372036854775808", {W, W, W, W, W}, 0, 0},
  {"-9223372036854775808", {V, V, V, V, W}, INT64_MIN, 0},
  {"99999999999999999999999", {W, W, W, W, W}, 0, 0},
  {"0,1234567891", {W, W, W, W, W}, 0, 0},
  {"0,123456789", {A, V, V, V, A}, 123456789, 9},
};

static void figures_as_people_write_them(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
    for (int kind = 0; kind < 5; kind++) {
      vb_dec v;
      vb_number_state got = vb_number_parse(vb_span_of(figures[i].text), (vb_number_kind)kind, &v);
      if ((int)got != figures[i].state[kind]) fail_msg("\"%s\" as %d: %d", figures[i].text, kind, (int)got);
      bool value = got == VB_NUM_VALUE;
      if (v.n != (value ? figures[i].n : 0) || v.places != (value ? figures[i].places : 0)) fail_msg("\"%s\": value", figures[i].text);
    }
  }
}

static void printed(vb_dec v, vb_number_format f, const char *want)
{
  vb_buf b;
  vb_buf_init(&b);
  vb_number_print(v, f, &b);
  assert_string_equal(vb_buf_cstr(&b), want);
  vb_buf_free(&b);
}

static void figures_in_print(void **state)
{
  (void)state;
  const vb_number_format plain = {-1, false, 0, false}, grouped = {-1, true, 0, false}, two = {-1, true, 2, false}, one = {1, true, 0, false};
  const vb_number_format trim = {-1, true, 0, true}, whole = {0, true, 0, false};
  printed((vb_dec){12900000, 0}, grouped, "12.900.000");
  printed((vb_dec){1714, 0}, grouped, "1.714");
  printed((vb_dec){1714, 0}, plain, "1714");
  printed((vb_dec){714, 0}, grouped, "714");
  printed((vb_dec){2, 0}, two, "02");
  printed((vb_dec){0, 0}, two, "00");
  printed((vb_dec){12, 0}, two, "12");
  printed((vb_dec){-2, 0}, two, "-02");
  printed((vb_dec){561, 1}, plain, "56,1");
  printed((vb_dec){5, 3}, plain, "0,005");
  printed((vb_dec){561, 1}, (vb_number_format){3, true, 0, false}, "56,100");
  printed((vb_dec){5614, 2}, one, "56,1");
  printed((vb_dec){5615, 2}, one, "56,2");
  printed((vb_dec){-5615, 2}, one, "-56,2");
  printed((vb_dec){-4, 1}, whole, "0");
  printed((vb_dec){-5, 1}, whole, "-1");
  printed((vb_dec){123456789, 3}, grouped, "123.456,789");
  printed((vb_dec){5600, 2}, trim, "56");
  printed((vb_dec){5610, 2}, trim, "56,1");
  printed((vb_dec){5610, 2}, (vb_number_format){4, true, 0, true}, "56,1");
  printed((vb_dec){INT64_MIN, 0}, grouped, "-9.223.372.036.854.775.808");
  printed((vb_dec){INT64_MAX, 9}, grouped, "9.223.372.036,854775807");
  printed((vb_dec){7, 0}, (vb_number_format){12, true, 0, false}, "7,000000000000");
  printed((vb_dec){7, 0}, (vb_number_format){0, false, 100, false}, "00000000000000000000000000000007");
}

static void what_is_printed_reads_back(void **state)
{
  (void)state;
  vb_buf b;
  vb_buf_init(&b);
  for (int i = 0; i < 200000; i++) {
    vb_dec v = {(int64_t)(next() >> (next() % 64)), (int)(next() % (VB_DEC_PLACES_MAX + 1))}, got;
    if (next() % 2) v.n = -(v.n & INT64_MAX);
    vb_number_format f = {-1, next() % 2, (int)(next() % 4), false};
    vb_buf_clear(&b);
    vb_number_print(v, f, &b);
    vb_number_kind kind = v.places == 0 && (f.group || next() % 2) ? VB_NUM_COUNT : VB_NUM_DECIMAL;
    vb_number_state state_got = vb_number_parse((vb_span){b.p, b.n}, kind, &got);
    if (state_got != VB_NUM_VALUE || got.n != v.n || got.places != v.places) fail_msg("%s: %d", vb_buf_cstr(&b), (int)state_got);
  }
  vb_buf_free(&b);
}

/* ---- dates -------------------------------------------------------------------------------------------------- */

static void dates(void **state)
{
  (void)state;
  static const struct { const char *text; int year, month, day; } cases[] = {
    {"2023-12-06", 2023, 12, 6},
    {"06/12/2023", 2023, 12, 6},
    {"6/12/2023", 2023, 12, 6},
    {"6/2/2023", 2023, 2, 6},
    {"06-12-2023", 2023, 12, 6},
    {"6.12.2023", 2023, 12, 6},
    {" 06/12/2023\u00A0", 2023, 12, 6},
    {"ngày 06 tháng 12 năm 2023", 2023, 12, 6},
    {"Ngày 6  tháng\u00A012 năm 2023", 2023, 12, 6},
    {"NGÀY 28 THÁNG 9 NĂM 2022", 2022, 9, 28},
    {"29/02/2024", 2024, 2, 29},
    {"29/02/2023", 0, 0, 0},
    {"31/4/2023", 0, 0, 0},
    {"12/31/2023", 0, 0, 0},
    {"06/12/23", 0, 0, 0},
    {"06/12-2023", 0, 0, 0},
    {"006/12/2023", 0, 0, 0},
    {"06/12/20233", 0, 0, 0},
    {"06/12/2023 ", 2023, 12, 6},
    {"06/12/2023x", 0, 0, 0},
    {"0/12/2023", 0, 0, 0},
    {"06/12/0000", 0, 0, 0},
    {"2023-13-01", 0, 0, 0},
    {"ngày tháng năm 2023", 0, 0, 0},
    {"ngày 06 tháng 12", 0, 0, 0},
    {"tháng 12 năm 2023", 0, 0, 0},
    {"", 0, 0, 0},
    {"6", 0, 0, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vb_date d;
    bool good = vb_date_parse(vb_span_of(cases[i].text), &d);
    if (good != (cases[i].year != 0) || d.year != cases[i].year || d.month != cases[i].month || d.day != cases[i].day)
      fail_msg("\"%s\": %d-%d-%d", cases[i].text, d.year, d.month, d.day);
  }
}

static void dates_in_print_keep_the_zero_rule(void **state)
{
  (void)state;
  static const struct { vb_date d; const char *brief, *numeric, *full; } cases[] = {
    {{2023, 12, 6}, "06/12/2023", "06/12/2023", "ngày 06 tháng 12 năm 2023"},
    {{2022, 9, 28}, "28/9/2022", "28/09/2022", "ngày 28 tháng 9 năm 2022"},
    {{2020, 1, 5}, "05/01/2020", "05/01/2020", "ngày 05 tháng 01 năm 2020"},
    {{2023, 2, 6}, "06/02/2023", "06/02/2023", "ngày 06 tháng 02 năm 2023"},
    {{2019, 6, 29}, "29/6/2019", "29/06/2019", "ngày 29 tháng 6 năm 2019"},
    {{2025, 7, 1}, "01/7/2025", "01/07/2025", "ngày 01 tháng 7 năm 2025"},
    {{2021, 3, 10}, "10/3/2021", "10/03/2021", "ngày 10 tháng 3 năm 2021"},
    {{0, 0, 0}, "", "", ""},
  };
  vb_buf b;
  vb_buf_init(&b);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vb_date_print_short(cases[i].d, &b);
    vb_buf_char(&b, '|');
    vb_date_print_numeric(cases[i].d, &b);
    vb_buf_char(&b, '|');
    vb_date_print_long(cases[i].d, &b);
    char want[200];
    snprintf(want, sizeof want, "%s|%s|%s", cases[i].brief, cases[i].numeric, cases[i].full);
    assert_string_equal(vb_buf_cstr(&b), want);
    vb_buf_clear(&b);
  }
  for (int32_t day = -30000; day < 60000; day++) { /* every day of 1887–2134, three ways */
    vb_date d = vb_date_from_days(day), got;
    void (*const print[])(vb_date, vb_buf *) = {vb_date_print_short, vb_date_print_numeric, vb_date_print_long};
    vb_buf_clear(&b);
    print[(unsigned)day % 3](d, &b);
    if (!vb_date_parse((vb_span){b.p, b.n}, &got) || vb_date_cmp(d, got) != 0) fail_msg("%s", vb_buf_cstr(&b));
  }
  vb_buf_free(&b);
}

/* ---- words -------------------------------------------------------------------------------------------------- */

static const char *words_of(vb_dec v, vb_buf *b)
{
  vb_buf_clear(b);
  vb_number_words(v, b);
  return vb_buf_cstr(b);
}

static void amounts_in_words(void **state)
{
  (void)state;
  static const struct { vb_dec v; const char *words; } cases[] = {
    {{0, 0}, "không"},
    {{4, 0}, "bốn"},
    {{5, 0}, "năm"},
    {{10, 0}, "mười"},
    {{11, 0}, "mười một"},
    {{14, 0}, "mười bốn"},
    {{15, 0}, "mười lăm"},
    {{20, 0}, "hai mươi"},
    {{21, 0}, "hai mươi mốt"},
    {{24, 0}, "hai mươi tư"},
    {{25, 0}, "hai mươi lăm"},
    {{55, 0}, "năm mươi lăm"},
    {{100, 0}, "một trăm"},
    {{101, 0}, "một trăm linh một"},
    {{105, 0}, "một trăm linh năm"},
    {{110, 0}, "một trăm mười"},
    {{111, 0}, "một trăm mười một"},
    {{115, 0}, "một trăm mười lăm"},
    {{121, 0}, "một trăm hai mươi mốt"},
    {{1001, 0}, "một nghìn không trăm linh một"},
    {{1010, 0}, "một nghìn không trăm mười"},
    {{1234, 0}, "một nghìn hai trăm ba mươi tư"},
    {{2026, 0}, "hai nghìn không trăm hai mươi sáu"},
    {{390000, 0}, "ba trăm chín mươi nghìn"},
    {{1000000, 0}, "một triệu"},
    {{1080000, 0}, "một triệu không trăm tám mươi nghìn"},
    {{1005000, 0}, "một triệu không trăm linh năm nghìn"},
    {{12900000, 0}, "mười hai triệu chín trăm nghìn"},
    {{33900000, 0}, "ba mươi ba triệu chín trăm nghìn"},
    {{34900000, 0}, "ba mươi tư triệu chín trăm nghìn"},
    {{52500000, 0}, "năm mươi hai triệu năm trăm nghìn"},
    {{2000000000, 0}, "hai tỷ"},
    {{1000000000000, 0}, "một nghìn tỷ"},
    {{1234000000000, 0}, "một nghìn hai trăm ba mươi tư tỷ"},
    {{1000000005, 0}, "một tỷ không trăm linh năm"},
    {{1000000000000000, 0}, "một triệu tỷ"},
    {{1000000000000000000, 0}, "một tỷ tỷ"},
    {{INT64_MAX, 0}, "chín tỷ hai trăm hai mươi ba triệu ba trăm bảy mươi hai nghìn không trăm ba mươi sáu tỷ tám trăm năm mươi tư triệu bảy "
                     "trăm bảy mươi lăm nghìn tám trăm linh bảy"},
    {{-15, 0}, "âm mười lăm"},
    {{561, 1}, "năm mươi sáu phẩy một"},
    {{-5, 1}, "âm không phẩy năm"},
    {{125, 2}, "một phẩy hai mươi lăm"},
    {{105, 2}, "một phẩy không năm"},
    {{1005, 3}, "một phẩy không không năm"},
    {{12345, 4}, "một phẩy hai ba bốn năm"},
    {{1200, 2}, "mười hai"},
  };
  vb_buf b;
  vb_buf_init(&b);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) assert_string_equal(words_of(cases[i].v, &b), cases[i].words);
  assert_true(strncmp(words_of((vb_dec){INT64_MIN, 0}, &b), "âm chín tỷ", strlen("âm chín tỷ")) == 0);
  vb_buf_free(&b);
}

/* The second way: every digit read plainly with its place, then the plain reading rewritten as people shorten it. */
static void rewrite(char *text, const char *from, const char *to)
{
  char *at = text;
  size_t f = strlen(from), t = strlen(to);
  while ((at = strstr(at, from)) != NULL) {
    memmove(at + t, at + f, strlen(at + f) + 1);
    memcpy(at, to, t);
    at += t;
  }
}

static void read_group(int v, bool leading, char out[200])
{
  static const char *const d[] = {"không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"};
  snprintf(out, 200, "<%s trăm %s mươi %s>", d[v / 100], d[v / 10 % 10], d[v % 10]);
  if (leading) {
    rewrite(out, "<không trăm không mươi ", "<");
    rewrite(out, "<không trăm ", "<");
  }
  rewrite(out, "mươi không>", "mươi>");
  rewrite(out, "không mươi>", ">");
  rewrite(out, "không mươi", "linh");
  rewrite(out, "một mươi", "mười");
  rewrite(out, "mươi một>", "mươi mốt>");
  rewrite(out, "mươi bốn>", "mươi tư>");
  rewrite(out, "mươi năm>", "mươi lăm>");
  rewrite(out, "mười năm>", "mười lăm>");
  rewrite(out, " >", "");
  rewrite(out, ">", "");
  rewrite(out, "<", "");
}

static void words_up_to_a_million_two_ways(void **state)
{
  (void)state;
  static char leading[1000][200], inner[1000][200];
  vb_buf b;
  vb_buf_init(&b);
  for (int v = 0; v < 1000; v++) {
    read_group(v, true, leading[v]);
    read_group(v, false, inner[v]);
  }
  assert_string_equal(leading[0], "không");
  for (int v = 0; v <= 1000000; v++) {
    char want[500];
    int high = v / 1000, low = v % 1000;
    if (high == 0) snprintf(want, sizeof want, "%s", leading[low]);
    else if (high == 1000) snprintf(want, sizeof want, "%s triệu", leading[1]);
    else if (low == 0) snprintf(want, sizeof want, "%s nghìn", leading[high]);
    else snprintf(want, sizeof want, "%s nghìn %s", leading[high], inner[low]);
    if (strcmp(words_of((vb_dec){v, 0}, &b), want) != 0) fail_msg("%d: %s, not %s", v, words_of((vb_dec){v, 0}, &b), want);
  }
  vb_buf_free(&b);
}

/* ---- numbering ---------------------------------------------------------------------------------------------- */

static void numbering(void **state)
{
  (void)state;
  static const struct { int v; const char *roman; } romans[] = {{1, "I"},      {4, "IV"},     {8, "VIII"},      {9, "IX"},         {14, "XIV"},
                                                                {40, "XL"},    {49, "XLIX"},  {90, "XC"},       {400, "CD"},       {900, "CM"},
                                                                {1994, "MCMXCIV"}, {2023, "MMXXIII"}, {3888, "MMMDCCCLXXXVIII"}, {3999, "MMMCMXCIX"}};
  static const char *const letters[] = {"a", "b", "c", "d", "đ", "e", "g", "h", "i", "k", "l", "m", "n", "o", "p",
                                        "q", "r", "s", "t", "u", "v", "x", "y", "aa", "ab", "ac", "ad", "ađ", "ae"};
  vb_buf b;
  vb_buf_init(&b);
  for (size_t i = 0; i < sizeof romans / sizeof romans[0]; i++) {
    vb_buf_clear(&b);
    assert_true(vb_number_roman(romans[i].v, &b));
    assert_string_equal(vb_buf_cstr(&b), romans[i].roman);
  }
  vb_buf_clear(&b);
  assert_false(vb_number_roman(0, &b) || vb_number_roman(4000, &b) || vb_number_roman(-1, &b));
  assert_int_equal(b.n, 0);
  for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
    vb_buf_clear(&b);
    vb_number_letter((int)i + 1, &b);
    assert_string_equal(vb_buf_cstr(&b), letters[i]);
  }
  vb_buf_clear(&b);
  vb_number_letter(46, &b);
  assert_string_equal(vb_buf_cstr(&b), "ay");
  vb_number_letter(0, &b);
  vb_number_letter(-5, &b);
  assert_int_equal(b.n, 2);
  vb_number_letter(INT32_MAX, &b);
  assert_false(b.failed);
  vb_buf_free(&b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(figures_as_people_write_them), cmocka_unit_test(figures_in_print),
    cmocka_unit_test(what_is_printed_reads_back),   cmocka_unit_test(dates),
    cmocka_unit_test(dates_in_print_keep_the_zero_rule), cmocka_unit_test(amounts_in_words),
    cmocka_unit_test(words_up_to_a_million_two_ways), cmocka_unit_test(numbering),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
