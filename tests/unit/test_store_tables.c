/* Data tables: types and keys with their places, hidden columns, where a field came from, names, the built-in ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store_make.h"

static vb_diag *d;
static vb_store *s;
static vb_arena *a;

static const vb_data_column columns[] = {
  {"ten", "Tên thiết bị", NULL, VB_TYPE_TEXT, 0, true, true, NULL},
  {"so-luong", "Số lượng", NULL, VB_TYPE_COUNT, 0, false, false, NULL},
  {"diem", "Điểm", NULL, VB_TYPE_DECIMAL, 2, false, false, NULL},
  {"ngay", "Ngày", NULL, VB_TYPE_DATE, 0, false, false, NULL},
  {"tien", "Kinh phí", NULL, VB_TYPE_MONEY, 0, false, false, NULL},
  {"order", "Thứ tự", NULL, VB_TYPE_CODE, 0, false, false, NULL},
};
static const vb_data_table things = {"thiet-bi", columns, 6, true, {"t.xml", 8, 3, NULL}, NULL};

static int set_up(void **state)
{
  (void)state;
  d = vb_diag_new();
  a = vb_arena_new(0);
  assert_int_equal(vb_store_open(d, NULL, &s), VB_OK);
  assert_int_equal(vb_store_begin(d, s), VB_OK);
  store_units(d, s);
  assert_int_equal(vb_store_declare(d, s, &things), VB_OK);
  return 0;
}

static int tear_down(void **state)
{
  (void)state;
  vb_store_close(s);
  vb_arena_free(a);
  vb_diag_free(d);
  return 0;
}

static void is(const char *sql, const char *want)
{
  const char *got = store_sql(d, s, sql);
  if (strcmp(got, want) != 0)
    fail_msg("%s gives %s, not %s", sql, got, want);
}

static void test_rows(void **state)
{
  (void)state;
  assert_int_equal(STORE_ROW(d, s, "thiet-bi", 2, "xa-1", "Máy tính", "02", "4,5", "6/12/2023", "12.900.000", "3"), VB_OK);
  assert_int_equal(STORE_ROW(d, s, "thiet-bi", 3, "xa-1", "Máy in", "-", "", "", "không áp dụng", "?"), VB_OK);
  assert_int_equal(STORE_ROW(d, s, "thiet-bi", 4, "xa-2", "Máy in", "1.714", "0,25", "", "0", ""), VB_OK); /* another unit: no second */
  assert_int_equal(vb_store_commit(d, s), VB_OK);
  is("SELECT so_luong || '|' || diem || '|' || ngay || '|' || tien || '|' || \"order\" || '|' || unit || '|' || period FROM thiet_bi WHERE ten = 'Máy tính'",
     "2|450|2023-12-06|12900000|3|xa-1|2023");
  is("SELECT so_luong || '|' || ifnull(diem, '') || '|' || ifnull(ngay, '') || '|' || ifnull(tien, '') FROM thiet_bi WHERE unit = 'xa-1' AND ten = 'Máy in'", "0|||");
  is("SELECT sum(so_luong) FROM thiet_bi", "1716");
  is("SELECT count(*) FROM thiet_bi WHERE unit = 'xa-1'", "2");
  is("SELECT typeof(so_luong) || typeof(ten) FROM thiet_bi", "integertext");
}

static void wrong(uint32_t line, const char *const *fields, const char *message)
{
  assert_int_equal(store_row(d, s, "thiet-bi", "rows.csv", line, "xa-1", fields), VB_BAD);
  assert_string_equal(store_last(d), message);
}
#define WRONG(line, message, ...) wrong((line), (const char *const[]){__VA_ARGS__, NULL}, (message))

static void test_wrong(void **state)
{
  (void)state;
  WRONG(2, "rows.csv:2:2: error: \"hai\" is no whole number, as Số lượng needs; write it like 1714 or 1.714 [value-type]", "A", "hai", "", "", "", "");
  WRONG(3, "rows.csv:3:1: error: Tên thiết bị is blank; every row of thiet-bi needs it [data-required]", "", "1", "", "", "", "");
  WRONG(4, "rows.csv:4:4: error: \"2023\" is no date, as Ngày needs; write it like 06/12/2023 [value-type]", "B", "1", "", "2023", "", "");
  WRONG(5, "rows.csv:5:3: error: \"4,567\" has more decimals than the 2 of Điểm; round it, or correct the form [value-places]", "C", "1", "4,567", "", "", "");
  assert_int_equal(STORE_ROW(d, s, "thiet-bi", 6, "xa-1", "Máy in", "1", "", "", "", ""), VB_OK);
  WRONG(9, "rows.csv:9:1: error: \"Máy in\" stands twice in thiet-bi, first at rows.csv:6:1; keep one of the rows [data-twice]", "Máy in", "1", "", "", "", "");
  assert_string_equal(vb_diag_last(d)->unit, "xa-1");
  assert_int_equal(STORE_ROW(d, s, "thiet-bi", 10, NULL, "X", "1", "", "", "", ""), VB_BAD);
  assert_string_equal(store_last_id(d), "STORE_UNIT_BLANK");
  assert_int_equal(STORE_ROW(d, s, "thiet-bi", 11, "xa-77", "X", "1", "", "", "", ""), VB_BAD);
  assert_string_equal(store_last_id(d), "STORE_UNIT_NEAR");
  /* every fault of a row is told at once */
  size_t before = vb_diag_count(d, VB_ERROR);
  assert_int_equal(STORE_ROW(d, s, "thiet-bi", 12, "xa-1", "", "x", "y", "z", "t", ""), VB_BAD);
  assert_int_equal(vb_diag_count(d, VB_ERROR), before + 5);
  assert_int_equal(vb_store_commit(d, s), VB_OK);
  is("SELECT count(*) FROM thiet_bi", "1");
}

static void test_place(void **state)
{
  (void)state;
  vb_cell_in cells[6] = {
    {VB_LIT("Máy\nchiếu"), 40, 3, NULL, false, false}, {VB_LIT("02"), 41, 300, NULL, false, false}, {{NULL, 0}, 0, 0, NULL, false, false},
    {VB_LIT("45266"), 0, 0, NULL, false, false}, {VB_LIT("12900000"), 0, 0, "Tài sản!E40", true, false}, {VB_LIT(""), 41, 310, NULL, false, false},
  };
  cells[3] = (vb_cell_in){VB_LIT("2023-12-06"), 0, 0, "Tài sản!D40", false, true};
  vb_row_in row = {.fields = cells, .file = "t.csv", .line = 40, .default_unit = "xa-1", .default_period = "2023"};
  assert_int_equal(vb_store_add_row(d, s, &things, &row), VB_OK);
  assert_int_equal(vb_store_commit(d, s), VB_OK);
  vb_query *q;
  assert_int_equal(vb_query_prepare(d, s, VB_LIT("SELECT _row FROM thiet_bi"), VB_NOWHERE, &q), VB_OK);
  assert_int_equal(vb_query_step(d, q), VB_OK);
  int64_t id = vb_query_value(q, 0).integer;
  vb_query_free(q);
  static const struct { const char *column, *cell, *raw; uint32_t line, at; } list[] = {
    {"ten", NULL, "Máy\nchiếu", 40, 3}, {"so_luong", NULL, "02", 41, 300}, {"so-luong", NULL, "02", 41, 300}, {"ngay", "Tài sản!D40", "2023-12-06", 0, 0},
    {"tien", "Tài sản!E40", "12900000", 0, 0}, {"order", NULL, NULL, 41, 310}, {"diem", NULL, NULL, 40, 0}, {NULL, NULL, NULL, 40, 3},
  };
  for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
    vb_place at;
    const char *raw;
    assert_int_equal(vb_store_row_place(d, s, id, list[i].column, &at, a, &raw), VB_OK);
    assert_string_equal(at.file, "t.csv");
    assert_int_equal(at.line, list[i].line);
    assert_int_equal(at.column, list[i].at);
    if (list[i].cell)
      assert_string_equal(at.cell, list[i].cell);
    else
      assert_null(at.cell);
    if (list[i].raw)
      assert_string_equal(raw, list[i].raw);
    else
      assert_null(raw);
  }
  vb_place at;
  const char *raw;
  assert_int_equal(vb_store_row_place(d, s, 12345, "ten", &at, a, &raw), VB_OK);
  assert_null(at.file);
}

static vb_status declare(const char *name, const vb_data_column *c, size_t n)
{
  vb_data_table t = {name, c, n, false, {"u.xml", 5, 3, NULL}, NULL};
  return vb_store_declare(d, s, &t);
}

static void test_declare(void **state)
{
  (void)state;
  static const vb_data_column twice[] = {{"a-b", "A", NULL, VB_TYPE_TEXT, 0, false, false, NULL}, {"A_b", "B", NULL, VB_TYPE_TEXT, 0, false, false, NULL}};
  static const vb_data_column hidden[] = {{"_row", "A", NULL, VB_TYPE_TEXT, 0, false, false, NULL}};
  assert_int_equal(vb_store_declare(d, s, &things), VB_OK);
  vb_data_table other = things;
  other.n_columns = 3;
  assert_int_equal(vb_store_declare(d, s, &other), VB_BAD);
  assert_string_equal(store_last_id(d), "STORE_TABLE_TWICE");
  static const char *const taken[] = {"value", "indicator", "vb-place", "vb_job", "source", "sqlite-x", "delivery", "thiet_bi"};
  for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
    assert_int_equal(declare(taken[i], columns, 2), VB_BAD);
    assert_string_equal(store_last_id(d), "STORE_TABLE_NAME");
  }
  assert_int_equal(declare("hai-cot", twice, 2), VB_BAD);
  assert_int_equal(declare("an", hidden, 1), VB_BAD);
  assert_string_equal(store_last(d), "u.xml:5:3: error: the data table \"an\" has two columns called \"_row\", or the name is kept for the program; rename one [data-table]");
  assert_int_equal(declare("select", columns, 2), VB_OK); /* a word of SQL: quoted */
  assert_int_equal(declare("unit", columns, 2), VB_BAD);
  assert_string_equal(vb_store_table(s, "thiet-bi")->columns[0].title, "Tên thiết bị");
  assert_null(vb_store_table(s, "thiet-b"));
  assert_int_equal(vb_store_commit(d, s), VB_OK);
  is("SELECT count(*) FROM \"select\"", "0");
  is("SELECT so_luonf FROM thiet_bi", "!SQL_COLUMN_NEAR");
  is("SELECT * FROM thietbi", "!SQL_TABLE_NEAR");
}

/* Columns that name periods and units; rows told apart by numbers and by the unit they are of. */
static void test_names(void **state)
{
  (void)state;
  static const vb_data_column c[] = {
    {"unit", "Đơn vị", NULL, VB_TYPE_UNIT, 0, true, true, NULL}, {"period", "Kỳ", NULL, VB_TYPE_PERIOD, 0, false, true, NULL},
    {"lan", "Lần", NULL, VB_TYPE_COUNT, 0, false, true, NULL}, {"ky-truoc", "Kỳ trước", NULL, VB_TYPE_PERIOD, 0, false, false, NULL},
    {"noi-den", "Nơi đến", NULL, VB_TYPE_UNIT, 0, false, false, NULL},
  };
  assert_int_equal(declare("chuyen", c, 5), VB_OK);
  assert_int_equal(STORE_ROW(d, s, "chuyen", 2, NULL, "xa-1", "2023", "1", "2022-Q4", "huyen-a"), VB_OK);
  assert_int_equal(STORE_ROW(d, s, "chuyen", 3, NULL, "xa-1", "2023", "2", "-", "không áp dụng"), VB_OK);
  assert_int_equal(STORE_ROW(d, s, "chuyen", 4, NULL, "xa-1", "2023", "2", "", ""), VB_BAD);
  assert_string_equal(store_last_id(d), "STORE_KEY_TWICE");
  assert_int_equal(STORE_ROW(d, s, "chuyen", 5, NULL, "xa-1", "2023", "3", "quý tư", ""), VB_BAD);
  assert_string_equal(store_last_id(d), "STORE_PERIOD");
  assert_int_equal(STORE_ROW(d, s, "chuyen", 6, NULL, "xa-1", "2023", "4", "", "xa-77"), VB_BAD);
  assert_string_equal(store_last_id(d), "STORE_UNIT_NEAR");
  assert_int_equal(STORE_ROW(d, s, "chuyen", 7, NULL, "?", "?", "?", "?", "?"), VB_BAD); /* nothing of it is there: the line is its place */
  assert_int_equal(vb_diag_last(d)->at.line, 7);
  assert_int_equal(vb_store_commit(d, s), VB_OK);
  is("SELECT ky_truoc || noi_den FROM chuyen WHERE lan = 1", "2022-Q4huyen-a");
  is("SELECT count(ky_truoc) + count(noi_den) FROM chuyen WHERE lan = 2", "0");
}

static void test_builtin(void **state)
{
  (void)state;
  assert_int_equal(STORE_ROW(d, s, "citation", 2, NULL, "nd30", "Nghị định", "30/2020/NĐ-CP", "05/3/2020", "Chính phủ", "về công tác văn thư", "", "", ""), VB_OK);
  assert_int_equal(STORE_ROW(d, s, "citation", 3, NULL, "nd30", "Nghị định", "", "", "", "", "", "", ""), VB_BAD);
  assert_int_equal(STORE_ROW(d, s, "document", 2, "xa-1", "bao-cao", "232", "06/12/2023", "issued", "", "", "", "", "", ""), VB_OK);
  assert_int_equal(STORE_ROW(d, s, "document", 3, "xa-2", "bao-cao", "12", "", "", "", "", "", "", "", ""), VB_OK);
  assert_int_equal(STORE_ROW(d, s, "document", 4, "xa-2", "bao-cao", "13", "", "", "", "", "", "", "", ""), VB_BAD);
  assert_int_equal(STORE_ROW(d, s, "holiday", 2, NULL, "01/01/2023", "Tết Dương lịch", ""), VB_OK);
  assert_int_equal(STORE_ROW(d, s, "recipients", 2, NULL, "xa-1", "bao-cao", "recipient", "Phòng Nội vụ", "", "1"), VB_OK);
  assert_int_equal(STORE_ROW(d, s, "recipients", 3, NULL, "", "bao-cao", "addressee", "UBND huyện", "", "2"), VB_OK); /* all units */
  assert_int_equal(STORE_ROW(d, s, "signer", 2, NULL, "Quảng Thọ", "Người Ký Mẫu", "CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN", "", "", ""), VB_OK);
  assert_int_equal(STORE_ROW(d, s, "period", 2, NULL, "2023-6T", "", "10/6/2023", "16/6/2023"), VB_OK);
  assert_int_equal(STORE_ROW(d, s, "period", 3, NULL, "", "", "", ""), VB_BAD);
  assert_int_equal(STORE_ROW(d, s, "period", 4, NULL, "6 tháng", "", "", ""), VB_BAD);
  assert_int_equal(vb_store_commit(d, s), VB_OK);
  is("SELECT number || date FROM citation WHERE id = 'nd30'", "30/2020/NĐ-CP2020-03-05");
  is("SELECT group_concat(unit || number) FROM document", "xa-1232,xa-212");
  is("SELECT group_concat(ifnull(unit, '*') || ord) FROM recipients", "xa-11,*2");
  is("SELECT unit FROM signer", "xa-1");
  is("SELECT until || deadline FROM period WHERE code = '2023-6T'", "2023-06-102023-06-16");
  for (size_t i = 0; i < vb_store_builtin("unit")->n_columns; i++)
    assert_non_null(vb_store_builtin("unit")->columns[i].aliases);
  assert_null(vb_store_builtin("thiet-bi"));
}

/* A unit's rows are found without reading those of the others, however many there are. */
static void test_rows_of_one_unit(void **state)
{
  (void)state;
  char name[32];
  for (int i = 0; i < 6000; i++) {
    (void)snprintf(name, sizeof name, "Máy %d", i);
    assert_int_equal(STORE_ROW(d, s, "thiet-bi", (uint32_t)i + 2, i == 17 ? "xa-2" : "xa-1", name, "1", "", "", "", ""), VB_OK);
  }
  assert_int_equal(vb_store_commit(d, s), VB_OK);
  vb_store_limit_work(s, 5000);
  is("SELECT ten FROM thiet_bi WHERE unit = 'xa-2' ORDER BY ten", "Máy 17");
  assert_string_equal(store_sql(d, s, "SELECT count(*) FROM thiet_bi WHERE ten LIKE '%x%'"), "!SQL_STEPS"); /* the limit is one */
  vb_store_limit_work(s, 0);
}

typedef struct heard { char bytes[1 << 16]; size_t n, calls; } heard;

static void hear(void *ctx, const void *bytes, size_t n)
{
  heard *h = ctx;
  assert_true(n <= sizeof h->bytes - h->n);
  memcpy(h->bytes + h->n, bytes, n);
  h->n += n;
  h->calls++;
}

static void answers(const char *sql, heard *h)
{
  h->n = h->calls = 0;
  vb_store_listen(s, (vb_listener){hear, h});
  (void)store_sql(d, s, sql);
  vb_store_listen(s, (vb_listener){NULL, NULL});
  assert_true(h->n > 0); /* nothing is held back */
}

static bool alike(const char *one, const char *other)
{
  static heard x, y;
  answers(one, &x);
  answers(other, &y);
  return x.n == y.n && memcmp(x.bytes, y.bytes, x.n) == 0;
}

/* The same answers give the same bytes, other answers other ones; many come at once. */
static void test_listener(void **state)
{
  (void)state;
  static const char *const other[][2] = {
    {"SELECT 'ab', 'c'", "SELECT 'a', 'bc'"}, {"SELECT NULL", "SELECT ''"},    {"SELECT 1", "SELECT '1'"},  {"SELECT -1", "SELECT 1"},
    {"SELECT 64", "SELECT -64"},              {"SELECT 128", "SELECT 1, 0"},   {"SELECT 0", "SELECT NULL"}, {"SELECT -1", "SELECT 9223372036854775807"},
    {"SELECT ''", "SELECT 0"},                {"SELECT 'a'", "SELECT 'a', ''"},
  };
  for (size_t i = 0; i < sizeof other / sizeof other[0]; i++) {
    assert_true(alike(other[i][0], other[i][0]));
    if (alike(other[i][0], other[i][1]))
      fail_msg("%s is told like %s", other[i][0], other[i][1]);
  }
  static heard h;
  answers("SELECT 1, 2, 3, 4, 5, 6, 7, 8, 9, 'mười'", &h);
  assert_int_equal(h.calls, 1);
  char sql[6000] = "SELECT '"; /* longer than what is gathered */
  memset(sql + strlen(sql), 'x', 5000);
  (void)strcat(sql, "'");
  answers(sql, &h);
  assert_true(h.n > 5000);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
  const struct CMUnitTest tests[] = {T(test_rows), T(test_wrong), T(test_place), T(test_declare), T(test_names), T(test_builtin), T(test_rows_of_one_unit), T(test_listener)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
