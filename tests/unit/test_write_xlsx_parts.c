/* Parts of the workbook writer by themselves: number formats from printed text, sheet names, proof of the archive. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <libdeflate.h>

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

/* ---- proof of an archive ------------------------------------------------------------------------------------ */

static void put(vb_buf *b, uint32_t v, int bytes)
{
  for (int i = 0; i < bytes; i++)
    vb_buf_char(b, (char)(v >> 8 * i & 0xff));
}

/* A ZIP of one stored part. */
static void archive(vb_buf *b, const char *xml, uint32_t spoil)
{
  uint32_t n = (uint32_t)strlen(xml), crc = libdeflate_crc32(0, xml, n) ^ spoil;
  vb_buf_clear(b);
  put(b, 0x04034b50, 4); put(b, 20, 2); put(b, 0, 2); put(b, 0, 2); put(b, 0, 4);
  put(b, crc, 4); put(b, n, 4); put(b, n, 4); put(b, 1, 2); put(b, 0, 2);
  vb_buf_char(b, 'x');
  vb_buf_str(b, xml);
  uint32_t at = (uint32_t)b->n;
  put(b, 0x02014b50, 4); put(b, 20, 2); put(b, 20, 2); put(b, 0, 2); put(b, 0, 2); put(b, 0, 4);
  put(b, crc, 4); put(b, n, 4); put(b, n, 4); put(b, 1, 2); put(b, 0, 2); put(b, 0, 2); put(b, 0, 2); put(b, 0, 2); put(b, 0, 4); put(b, 0, 4);
  vb_buf_char(b, 'x');
  uint32_t size = (uint32_t)b->n - at;
  put(b, 0x06054b50, 4); put(b, 0, 2); put(b, 0, 2); put(b, 1, 2); put(b, 1, 2); put(b, size, 4); put(b, at, 4); put(b, 0, 2);
}

static vb_status read_back(const void *p, size_t n)
{
  vb_diag *d = vb_diag_new();
  vb_arena *a = vb_arena_new(0);
  const char *path = NULL;
  vb_buf out;
  vb_buf_init(&out);
  assert_int_equal(vb_scratch_name(d, a, &path), VB_OK);
  FILE *f = fopen(path, "wb");
  assert_non_null(f);
  assert_int_equal(fwrite(p, 1, n, f), n);
  assert_int_equal(fclose(f), 0);
  vb_status st = vb_pack_read(d, path, &out);
  if (st == VB_OK)
    assert_memory_equal(out.p, p, n);
  else
    assert_int_equal(vb_diag_first(d)->msg, VB_MSG_XLSX_BROKEN);
  assert_int_equal(unlink(path), 0);
  vb_buf_free(&out);
  vb_arena_free(a);
  vb_diag_free(d);
  return st;
}

static void test_archive(void **state)
{
  (void)state;
  static const struct { const char *xml; bool whole; } cases[] = {
    {"<?xml version=\"1.0\"?>\n<a><b></b></a>", true}, {"<?xml version=\"1.0\"?>\n<a b=\"c\">d</a>\n", true}, {"<?xml version=\"1.0\"?>\n<a b=\"c\"/>", true},
    {"<?xml version=\"1.0\"?>\n<a><b></b>", false}, {"<?xml version=\"1.0\"?>\n<a><b>x", false}, {"<?xml version=\"1.0\"?>\n<a><b></", false},
    {"<a", false}, {"<?xml version=\"1.0\"?>", false}, {"", false}};
  vb_buf b;
  vb_buf_init(&b);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    archive(&b, cases[i].xml, 0);
    assert_int_equal(read_back(b.p, b.n), cases[i].whole ? VB_OK : VB_SYSTEM);
  }
  archive(&b, cases[0].xml, 1); /* a wrong checksum */
  assert_int_equal(read_back(b.p, b.n), VB_SYSTEM);
  archive(&b, cases[0].xml, 0);
  for (size_t n = 0; n < b.n; n++) /* cut anywhere */
    assert_int_equal(read_back(b.p, n), VB_SYSTEM);
  for (size_t i = 0; i < b.n; i++) { /* any byte wrong: refused or read, never a fault */
    b.p[i] = (char)(b.p[i] ^ 0x80);
    (void)read_back(b.p, b.n);
    b.p[i] = (char)(b.p[i] ^ 0x80);
  }
  vb_buf_free(&b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(test_formats, begin, end), cmocka_unit_test_setup_teardown(test_dates, begin, end),
    cmocka_unit_test_setup_teardown(test_names, begin, end), cmocka_unit_test(test_archive)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
