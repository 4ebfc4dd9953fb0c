/* Parts of the workbook writer by themselves: number formats from printed text, sheet names, proof of the archive, and what
 * stands in for functions of libxlsxwriter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "write/xlsx_int.h"

static vb_book book;

static int begin(void **state)
{
  (void)state;
  book = (vb_book){.plan = vb_arena_new(0), .names = vb_map_new()};
  return !book.plan || !book.names;
}

static int end(void **state)
{
  (void)state;
  vb_arena_free(book.plan);
  vb_map_free(book.names);
  return 0;
}

/* {type, number, places, digits, printed, format}; NULL: the text itself must stand. */
static void test_formats(void **state)
{
  (void)state;
  static const struct { vb_value_type type; int64_t n; int places, digits; const char *text, *want; } cases[] = {
    {VB_VALUE_NUMBER, 5, 0, 0, "5", "#,##0"},
    {VB_VALUE_NUMBER, 1714, 0, 0, "1.714", "#,##0"},
    {VB_VALUE_NUMBER, 2023, 0, 0, "2023", "0"},
    {VB_VALUE_NUMBER, -1714, 0, 0, "-1.714", "#,##0"},
    {VB_VALUE_NUMBER, 2, 0, 2, "02", "00"},
    {VB_VALUE_NUMBER, 2, 0, 2, "2", "#,##0"},
    {VB_VALUE_NUMBER, 0, 0, 2, "00", "00"},
    {VB_VALUE_NUMBER, 0, 0, 0, "-", "#,##0;-#,##0;\"-\""},
    {VB_VALUE_NUMBER, 0, 0, 0, "", "#,##0;-#,##0;"},
    {VB_VALUE_NUMBER, 0, 0, 0, "không áp dụng", "#,##0;-#,##0;\"không áp dụng\""},
    {VB_VALUE_NUMBER, 12, 0, 0, "12 văn bản", "#,##0\" văn bản\""},
    {VB_VALUE_NUMBER, 12, 0, 0, "đạt 12", "\"đạt \"#,##0"},
    {VB_VALUE_NUMBER, -12, 0, 0, "đạt -12", NULL},
    {VB_VALUE_NUMBER, 12, 0, 0, "12/15", NULL},
    {VB_VALUE_NUMBER, 12, 0, 0, "112", NULL},
    {VB_VALUE_NUMBER, 12, 0, 0, "12,5", NULL},
    {VB_VALUE_NUMBER, 12, 0, 0, "mười hai", NULL},
    {VB_VALUE_NUMBER, 12, 0, 0, "12\"", NULL},
    {VB_VALUE_PERCENT, 561, 1, 0, "56,1", "0.0"},
    {VB_VALUE_PERCENT, 561, 1, 0, "56,1%", "0.0\"%\""},
    {VB_VALUE_PERCENT, 5610, 2, 0, "56,1", "0.0"},
    {VB_VALUE_PERCENT, 5610, 2, 0, "56,10", "0.00"},
    {VB_VALUE_PERCENT, 5614, 2, 0, "56,1", NULL}, /* rounded on paper: not the figure of the cell */
    {VB_VALUE_PERCENT, 100, 0, 0, "100,0", "0.0"},
    {VB_VALUE_PERCENT, 12345, 1, 0, "1.234,5", "#,##0.0"},
    {VB_VALUE_MONEY, 12900000, 0, 0, "12.900.000", "#,##0"},
    {VB_VALUE_MONEY, 12900000, 0, 0, "12.900.000 đồng", "#,##0\" đồng\""},
    {VB_VALUE_MONEY, 123456789012, 0, 0, "123.456.789.012", "#,##0"},
    {VB_VALUE_NUMBER, 46099001234, 0, 12, "046099001234", NULL},
    {VB_VALUE_NUMBER, 1234567890123456, 0, 0, "1.234.567.890.123.456", NULL}, /* more digits than a double holds */
    {VB_VALUE_TEXT, 5, 0, 0, "5", NULL},
    {VB_VALUE_NONE, 5, 0, 0, "5", NULL}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    vb_value v = {.type = cases[i].type, .num = {cases[i].n, cases[i].places}, .min_digits = cases[i].digits};
    const char *got = vb_value_format(&book, &v, vb_span_of(cases[i].text));
    if (cases[i].want)
      assert_string_equal(got ? got : "(none)", cases[i].want);
    else if (got)
      fail_msg("%s: %s", cases[i].text, got);
  }
  char words[200]; /* a literal longer than the library's room for a format */
  memset(words, 'a', sizeof words);
  memcpy(words, "12 ", 3);
  vb_value v = {.type = VB_VALUE_NUMBER, .num = {12, 0}};
  assert_null(vb_value_format(&book, &v, (vb_span){words, sizeof words}));
}

static void test_dates(void **state)
{
  (void)state;
  static const struct { vb_date date; const char *text, *want; double serial; } cases[] = {
    {{2023, 1, 9}, "09/01/2023", "dd/mm/yyyy", 44935},
    {{2023, 3, 9}, "09/03/2023", "dd/mm/yyyy", 44994},
    {{2023, 3, 9}, "09/3/2023", "dd/m/yyyy", 44994},
    {{2023, 12, 6}, "ngày 06 tháng 12 năm 2023", "\"ngày \"dd\" tháng \"mm\" năm \"yyyy", 45266},
    {{2023, 3, 6}, "ngày 06 tháng 3 năm 2023", "\"ngày \"dd\" tháng \"m\" năm \"yyyy", 44991},
    {{1900, 3, 1}, "01/03/1900", "dd/mm/yyyy", 61},
    {{1900, 2, 28}, "28/02/1900", NULL, 0},
    {{2023, 12, 6}, "trước 06/12/2023", NULL, 0}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    vb_value v = {.type = VB_VALUE_DATE, .date = cases[i].date};
    const char *got = vb_value_format(&book, &v, vb_span_of(cases[i].text));
    if (!cases[i].want) {
      assert_null(got);
      continue;
    }
    assert_string_equal(got ? got : "(none)", cases[i].want);
    assert_true(vb_value_serial(&v) == cases[i].serial);
  }
}

static void test_names(void **state)
{
  (void)state;
  static const char *const cases[][2] = {
    {"Phụ lục I", "Phụ lục I"}, {"phụ lục i", "phụ lục i (2)"}, {"PHỤ LỤC I", "PHỤ LỤC I (3)"},
    {"Kế hoạch 83/KH-UBND: [bảng] *?", "Kế hoạch 83-KH-UBND bảng"}, {"'tên'", "tên"}, {"", "Bảng"}, {"[]", "Bảng (2)"},
    {"History", "History (2)"},
    {"Thống kê số liệu về công tác cải cách", "Thống kê số liệu về công tác c…"},
    {"Thống kê số liệu về công tác cải tiến", "Thống kê số liệu về công t… (2)"},
    {"một hai ba bốn năm sáu bảy tám!!", "một hai ba bốn năm sáu bảy tám…"},
    {"một hai ba bốn năm sáu bảy tám!", "một hai ba bốn năm sáu bảy tám!"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *name = vb_book_name_free(&book, vb_span_of(cases[i][0]));
    assert_non_null(name);
    assert_string_equal(name, cases[i][1]);
    assert_true(vb_utf8_length(vb_span_of(name)) <= VB_XLSX_NAME_MAX);
  }
}

/* ---- proof of a part ---------------------------------------------------------------------------------------- */

static void test_whole(void **state)
{
  (void)state;
  static const struct { const char *xml; bool whole; } cases[] = {
    {"<?xml version=\"1.0\"?>\n<a><b></b></a>", true}, {"<?xml version=\"1.0\"?>\n<a b=\"c\">d</a>\n", true}, {"<?xml version=\"1.0\"?>\n<a b=\"c\"/>", true},
    {"<?xml version=\"1.0\"?>\n<a><b></b>", false}, {"<?xml version=\"1.0\"?>\n<a><b>x", false}, {"<?xml version=\"1.0\"?>\n<a><b></", false},
    {"<a", false}, {"<?xml version=\"1.0\"?>", false}, {"a>b</a>>>", false}, {"", false}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    vb_span all = vb_span_of(cases[i].xml);
    assert_int_equal(vb_pack_whole(all, all), cases[i].whole);
    for (size_t n = 0; cases[i].whole && all.p[all.n - 1] == '>' && n < all.n; n++) /* cut anywhere */
      assert_false(vb_pack_whole(all, (vb_span){all.p, n}));
  }
  /* of a long part, the two ends alone are known */
  assert_true(vb_pack_whole(VB_LIT("<?xml version=\"1.0\"?>\n<sheet><row>"), VB_LIT("</c></row></sheet>")));
  assert_false(vb_pack_whole(VB_LIT("<?xml version=\"1.0\"?>\n<sheet><row>"), VB_LIT("<c>14</c></row>")));
}

/* ---- what the library prints -------------------------------------------------------------------------------- */

/* The library's own temporary file and hardened printing, as its code calls them. */
FILE *part_open(const char *tmpdir) __asm__("lxw_tmpfile");
int part_print(FILE *file, int flag, const char *format, ...) __asm__("__fprintf_chk");
void cell_name(char *cell, uint32_t row, uint16_t column) __asm__("lxw_rowcol_to_cell");

static void test_printing(void **state)
{
  (void)state;
  static const double numbers[] = {0, -0.0, 1, -1, 7, 15.75, -15.75, 13.28515625, 0.5, 0.1, 8.7, 56.1, 98.5, 1e8, 999999999.984375, 1e9, 1e15, 123456789012345,
    1e16, 1e300, -2.5e-7, 100.015625, 1.0 / 3};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    char want[160], got[160];
    FILE *f = part_open(NULL);
    assert_non_null(f);
    int n = snprintf(want, sizeof want, "<c r=\"%s\" s=\"%d\"><v>%.16G</v>%x</c>", "B7", -3, numbers[i], 7u); /* %x is for libc */
    assert_int_equal(part_print(f, 1, "<c r=\"%s\" s=\"%d\"><v>%.16G</v>%x</c>", "B7", -3, numbers[i], 7u), n);
    assert_int_equal(part_print(f, 1, "%s%d%.16G", "", 12, numbers[i]), snprintf(want + n, sizeof want - (size_t)n, "%s%d%.16G", "", 12, numbers[i]));
    assert_int_equal(ftell(f), strlen(want));
    rewind(f);
    n = (int)fread(got, 1, sizeof got - 1, f);
    got[n] = 0;
    assert_string_equal(got, want);
    assert_int_equal(fclose(f), 0);
  }
  static const struct { uint32_t row; uint16_t column; const char *name; } cells[] = {
    {0, 0, "A1"}, {13, 25, "Z14"}, {13, 26, "AA14"}, {99, 701, "ZZ100"}, {0, 702, "AAA1"}, {1048575, 16383, "XFD1048576"}};
  for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
    char got[16];
    cell_name(got, cells[i].row, cells[i].column);
    assert_string_equal(got, cells[i].name);
  }
}

/* A part longer than what is kept in memory reads back as it was written, and nothing of it is lost. */
static void test_long_part(void **state)
{
  (void)state;
  FILE *f = part_open(NULL);
  size_t bytes = 0;
  char got[64], want[64];
  bool starved;
  (void)vb_parts_lost(&starved);
  assert_true(vb_part_is(f));
  assert_false(vb_part_is(stderr));
  for (int i = 0; i < 160000; i++)
    bytes += (size_t)part_print(f, 1, "<row r=\"%d\"/>\n", i);
  assert_true(bytes > 2u << 20);
  assert_int_equal(ftell(f), bytes);
  rewind(f);
  for (int i = 0; i < 160000; i++) {
    (void)snprintf(want, sizeof want, "<row r=\"%d\"/>\n", i);
    assert_non_null(fgets(got, sizeof got, f));
    assert_string_equal(got, want);
  }
  assert_null(fgets(got, sizeof got, f));
  assert_int_equal(fclose(f), 0);
  assert_false(vb_parts_lost(&starved) || starved);
  assert_false(vb_xml_lost());
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(test_formats, begin, end), cmocka_unit_test_setup_teardown(test_dates, begin, end),
    cmocka_unit_test_setup_teardown(test_names, begin, end), cmocka_unit_test(test_whole), cmocka_unit_test(test_printing),
    cmocka_unit_test(test_long_part)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
