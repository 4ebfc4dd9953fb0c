/* Values: types, what each message says and where, statuses, duplicates, units by name and by date, deliveries. */
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

static int set_up(void **state)
{
  (void)state;
  d = vb_diag_new();
  assert_int_equal(vb_store_open(d, NULL, &s), VB_OK);
  assert_int_equal(vb_store_begin(d, s), VB_OK);
  store_units(d, s);
  store_form(d, s);
  return 0;
}

static int tear_down(void **state)
{
  (void)state;
  vb_store_close(s);
  vb_diag_free(d);
  return 0;
}

static void commit(void)
{
  assert_int_equal(vb_store_commit(d, s), VB_OK);
}

static void good(const char *unit, const char *code, const char *value)
{
  if (store_value(d, s, unit, "2023", code, value) != VB_OK)
    fail_msg("%s %s: %s", code, value, store_last(d));
}

static void bad(const char *unit, const char *code, const char *value, const char *line)
{
  assert_int_equal(store_value(d, s, unit, "2023", code, value), VB_BAD);
  assert_string_equal(store_last(d), line);
}

static void test_types(void **state)
{
  (void)state;
  good("xa-1", "1.1", "1.714");
  good("xa-1", "1.2", "02");
  good("xa-1", "1.3", "98,5%");
  good("xa-1", "2.1", "12.900.000 đồng");
  good("xa-1", "2.2", "56,1");
  good("xa-1", "2.3", "1");
  good("xa-1", "2.4", "Tên gọi - 02");
  good("xa-1", "2.5", "ngày 06 tháng 12 năm 2023");
  good("xa-2", "1.1", "-");
  good("xa-2", "1.2", "không áp dụng");
  good("xa-2", "1.3", "150"); /* above 100: a rule's business, not the type's */
  good("xa-2", "2.3", "có");
  good("xa-2", "1", "");
  good("xa-3", "1.1", " ");
  good("xa-3", "2.3", "không áp dụng");
  good("xa-3", "2.5", "KAD");
  commit();
  static const struct { const char *sql, *want; } list[] = {
    {"SELECT num FROM value WHERE unit='xa-1' AND code='1.1'", "1714"},
    {"SELECT raw FROM value WHERE unit='xa-1' AND code='1.1'", "1.714"},
    {"SELECT num FROM value WHERE unit='xa-1' AND code='1.2'", "2"},
    {"SELECT num || '/' || places FROM value WHERE unit='xa-1' AND code='1.3'", "9850/1"},
    {"SELECT num FROM value WHERE unit='xa-1' AND code='2.1'", "12900000"},
    {"SELECT num FROM value WHERE unit='xa-1' AND code='2.2'", "561"},
    {"SELECT text FROM value WHERE unit='xa-1' AND code='2.4'", "Tên gọi - 02"},
    {"SELECT text FROM value WHERE unit='xa-1' AND code='2.5'", "2023-12-06"},
    {"SELECT status || num FROM value WHERE unit='xa-2' AND code='1.1'", "dash0"},
    {"SELECT status || ifnull(num, '') FROM value WHERE unit='xa-2' AND code='1.2'", "na"},
    {"SELECT num FROM value WHERE unit='xa-2' AND code='1.3'", "15000"},
    {"SELECT num FROM value WHERE unit='xa-2' AND code='2.3'", "1"},
    {"SELECT count(*) FROM value WHERE unit='xa-2' AND code='1'", "0"},
    {"SELECT group_concat(code || status) FROM (SELECT code, status FROM value WHERE unit='xa-3' ORDER BY code)", "2.3na,2.5na"},
    {"SELECT line || ':' || col FROM value WHERE unit='xa-1' AND code='1.1'", "7:2"},
    {"SELECT file FROM source WHERE id = (SELECT src FROM value WHERE unit='xa-1' AND code='1.1')", "so-lieu.csv"},
  };
  for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
    assert_string_equal(store_sql(d, s, list[i].sql), list[i].want);
  assert_int_equal(vb_diag_count(d, VB_INFO), 0);
}

/* Codes that are letters; a list's words for them. */
static void test_letters(void **state)
{
  (void)state;
  assert_int_equal(vb_store_add_code_list(d, s, "f", "muc", "A", "Tốt"), VB_OK);
  assert_int_equal(vb_store_add_code_list(d, s, "f", "muc", "B", "Khá"), VB_OK);
  assert_int_equal(vb_store_add_indicator(d, s, &(vb_indicator){.form = "f", .code = "3.1", .label = "Xếp loại", .type = VB_TYPE_CODE, .codes = "muc", .rollup = "none"}), VB_OK);
  good("xa-1", "3.1", "A");
  good("xa-2", "3.1", "khá");
  bad("xa-3", "3.1", "C", "so-lieu.csv:7:2: error: \"C\" is none of the codes of 3.1: A = Tốt, B = Khá [value-code]");
  assert_int_equal(vb_store_begin(d, s), VB_OK); /* begun already */
  commit();
  assert_string_equal(store_sql(d, s, "SELECT group_concat(text) FROM (SELECT text FROM value WHERE code = '3.1' ORDER BY unit)"), "A,B");
}

static void test_messages(void **state)
{
  (void)state;
  bad("xa-1", "1.1", "56.1", "so-lieu.csv:7:2: error: \"56.1\" (1.1) can be read as 561 or as 56,1; a whole number is needed: write it without marks [value-ambiguous]");
  bad("xa-1", "1.3", "1.714", "so-lieu.csv:7:2: error: \"1.714\" (1.3) can be read as 1714 or as 1,714; write the one that is meant (the comma is the decimal sign, the dot groups thousands) [value-ambiguous]");
  bad("xa-1", "1.3", "- 4", "so-lieu.csv:7:2: error: \"- 4\" (1.3) can be read as -4 or as 4; write the one that is meant (the comma is the decimal sign, the dot groups thousands) [value-ambiguous]");
  bad("xa-1", "2.1", "12,900.50", "so-lieu.csv:7:2: error: \"12,900.50\" (2.1) can be read as 1290050 or as 12900,50; write the one that is meant (the comma is the decimal sign, the dot groups thousands) [value-ambiguous]");
  bad("xa-1", "1.1", "12 345", "so-lieu.csv:7:2: error: \"12 345\" (1.1) can be read as 12345 or as 12; a whole number is needed: write it without marks [value-ambiguous]");
  bad("xa-1", "1.1", "nhiều", "so-lieu.csv:7:2: error: \"nhiều\" is no whole number, as 1.1 needs; write it like 1714 or 1.714 [value-type]");
  bad("xa-1", "2.2", "x", "so-lieu.csv:7:2: error: \"x\" is no number, as 2.2 needs; write it like 56,1 [value-type]");
  bad("xa-1", "1.3", "98 phần trăm", "so-lieu.csv:7:2: error: \"98 phần trăm\" is no percentage, as 1.3 needs; write it like 98,5 or 98,5% [value-type]");
  bad("xa-1", "2.1", "1 triệu", "so-lieu.csv:7:2: error: \"1 triệu\" is no amount of money, as 2.1 needs; write it like 12.900.000 [value-type]");
  bad("xa-1", "2.5", "31/02/2023", "so-lieu.csv:7:2: error: \"31/02/2023\" is no date, as 2.5 needs; write it like 06/12/2023 [value-type]");
  bad("xa-1", "2.2", "56,12", "so-lieu.csv:7:2: error: \"56,12\" has more decimals than the 1 of 2.2; round it, or correct the form [value-places]");
  bad("xa-1", "2.1", "1,5", "so-lieu.csv:7:2: error: \"1,5\" has decimals, and 2.1 takes whole numbers; round it, or correct the form [value-places]");
  bad("xa-1", "1.1", "-3", "so-lieu.csv:7:2: error: \"-3\": 1.1 is a count, and cannot be negative [value-negative]");
  bad("xa-1", "1.3", "999999999999999999", "so-lieu.csv:7:2: error: \"999999999999999999\" is too large for 1.3; check the figure and its unit of measure [value-large]");
  bad("xa-1", "2.3", "2", "so-lieu.csv:7:2: error: \"2\" is none of the codes of 2.3: 0 = Không, 1 = Có [value-code]");
  bad("xa-1", "1", "5", "so-lieu.csv:7:2: error: \"5\": 1 is a heading of the form and takes no figure; remove it, or correct the code [value-group]");
  bad("xa-1", "1.11", "5", "so-lieu.csv:7:1: error: no form of the job has the indicator \"1.11\"; did you mean \"1.1\"? [code-unknown]");
  bad("xa-1", "kinh-phi", "5", "so-lieu.csv:7:1: error: no form of the job has the indicator \"kinh-phi\"; correct the code, or remove the row [code-unknown]");
  bad("xa-1", "", "5", "so-lieu.csv:7:1: error: the row has no indicator code; fill in the code of the form [code-blank]");
  const vb_finding *f = vb_diag_last(d);
  assert_string_equal(f->unit, "xa-1");
  bad("xa-1", "1.1", "1;2", "so-lieu.csv:7:2: error: \"1;2\" is no whole number, as 1.1 needs; write it like 1714 or 1.714 [value-type]");
  assert_string_equal(vb_diag_last(d)->code, "1.1");
  commit();
  assert_string_equal(store_sql(d, s, "SELECT count(*) FROM value"), "0");
}

static void test_places_of_sheets(void **state)
{
  (void)state;
  static const struct { const char *text; const char *code; const char *want; } list[] = {
    {"1714", "1.1", "1714"}, {"56.100000000000001", "2.2", "561"}, {"98.549999999999997", "1.3", "9855"}, {"1.29E7", "2.1", "12900000"},
    {"0", "1.2", "0"}, {"-0.5", "2.2", "-5"}, {"9.9999999999999995E-1", "2.2", "10"},
    {"1.5000000000000000000000000000000000000000000000000", "2.2", "15"}, /* more digits than are kept */
  };
  for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
    vb_cell_in none = {{NULL, 0}, 0, 0, NULL, false, false};
    vb_value_in v = {none, none, {vb_span_of(list[i].code), 0, 0, "Nhập!A4", false, false},
                     {vb_span_of(list[i].text), 0, 0, "Nhập!D14", true, false}, none, "a.xlsx", 0};
    vb_delivery from = {"a.xlsx", {0, 0, 0}, (int)i + 1, "2023"};
    assert_int_equal(vb_store_add_value(d, s, &v, &from, "xa-1"), VB_OK);
    commit();
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT num FROM value WHERE code = '%s'", list[i].code);
    assert_string_equal(store_sql(d, s, sql), list[i].want);
    assert_string_equal(store_sql(d, s, "SELECT cell FROM value"), "Nhập!D14");
    assert_int_equal(vb_store_begin(d, s), VB_OK); /* the same job again: what it gave goes */
    store_units(d, s);
    store_form(d, s);
  }
  vb_cell_in none = {{NULL, 0}, 0, 0, NULL, false, false};
  vb_value_in v = {none, none, {VB_LIT("1.1"), 0, 0, "Nhập!A4", false, false}, {VB_LIT("2.5"), 0, 0, "Nhập!D14", true, false}, none, "a.xlsx", 0};
  vb_delivery from = {"a.xlsx", {0, 0, 0}, 1, "2023"};
  assert_int_equal(vb_store_add_value(d, s, &v, &from, "xa-1"), VB_BAD);
  assert_string_equal(store_last(d), "a.xlsx:Nhập!D14: error: \"2.5\" has decimals, and 1.1 takes whole numbers; round it, or correct the form [value-places]");
}

/* What no spreadsheet writes for a number, though a file may hold it. */
static void test_wrong_numbers_of_sheets(void **state)
{
  (void)state;
  static const char *const list[] = {"x", "1.2.3", ".", "1e", "1e+", "1e5x", "1e99999", "1e30", "1e-30", "--1", "1,5"};
  for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
    vb_cell_in none = {{NULL, 0}, 0, 0, NULL, false, false};
    vb_value_in v = {none, none, {VB_LIT("2.2"), 0, 0, "Nhập!A4", false, false}, {vb_span_of(list[i]), 0, 0, "Nhập!D14", true, false}, none, "a.xlsx", 0};
    vb_delivery from = {"a.xlsx", {0, 0, 0}, 1, "2023"};
    assert_int_equal(vb_store_add_value(d, s, &v, &from, "xa-1"), VB_BAD);
    assert_string_equal(store_last_id(d), "STORE_NOT_DECIMAL");
  }
}

static void test_twice(void **state)
{
  (void)state;
  good("xa-1", "1.1", "5");
  bad("xa-1", "1.1", "5", "so-lieu.csv:7:1: error: indicator 1.1 of unit xa-1 in 2023 was given at so-lieu.csv:7:2 already; keep one of the two [value-twice]");
  good("xa-2", "1.1", "5");
  vb_cell_in none = {{NULL, 0}, 0, 0, NULL, false, false};
  vb_value_in cell = {none, none, {VB_LIT("2.2"), 0, 0, "Nhập!A4", false, false}, {VB_LIT("1"), 0, 0, "Nhập!D14", true, false}, none, "a.xlsx", 0};
  vb_delivery sheet = {"a.xlsx", {0, 0, 0}, 0, "2023"};
  assert_int_equal(vb_store_add_value(d, s, &cell, &sheet, "xa-1"), VB_OK);
  assert_int_equal(vb_store_add_value(d, s, &cell, &sheet, "xa-1"), VB_BAD);
  assert_string_equal(store_last(d), "a.xlsx:Nhập!A4: error: indicator 2.2 of unit xa-1 in 2023 was given at a.xlsx:Nhập!D14 already; keep one of the two [value-twice]");
  vb_delivery other = {"nhom-7.xml", {0, 0, 0}, 0, "2023"}; /* another file of the same delivery */
  assert_int_equal(store_value_of(d, s, "xa-1", NULL, "1.1", "6", &other), VB_BAD);
  assert_int_equal(store_value_of(d, s, "xa-1", NULL, "1.2", "6", &other), VB_OK);
  commit();
  assert_string_equal(store_sql(d, s, "SELECT group_concat(num) FROM value WHERE unit = 'xa-1' AND code < '2'"), "5,6");
}

static void test_notes(void **state)
{
  (void)state;
  vb_cell_in none = {{NULL, 0}, 0, 0, NULL, false, false};
  vb_value_in v = {none, none, {VB_LIT("1"), 3, 1, NULL, false, false}, none, {VB_LIT("Gồm cả kế hoạch tỉnh"), 3, 9, NULL, false, false}, "a.csv", 3};
  vb_delivery from = {"a.csv", {0, 0, 0}, 1, "2023"};
  assert_int_equal(vb_store_add_value(d, s, &v, &from, "xa-1"), VB_OK);
  commit();
  assert_string_equal(store_sql(d, s, "SELECT status || ': ' || note FROM value"), "missing: Gồm cả kế hoạch tỉnh");
  assert_int_equal(vb_store_scope(s, "xa-1", "2023"), VB_OK);
  vb_arena *a = vb_arena_new(0);
  vb_observation o;
  assert_int_equal(vb_store_observe(d, s, a, "xa-1", "2023", VB_LIT("1"), &o), VB_OK);
  assert_int_equal(o.status, VB_MISSING);
  assert_string_equal(o.note, "Gồm cả kế hoạch tỉnh");
  vb_arena_free(a);
}

static void test_units(void **state)
{
  (void)state;
  good("Quảng Thọ", "1.1", "1");
  good("xã Quảng Thọ", "1.2", "2");
  good("QT", "1.3", "3");
  good("UBND xã  Hoà Bình", "1.1", "4"); /* the other place of the tone, and two spaces */
  bad("xa-9", "1.1", "1", "so-lieu.csv:7:4: error: unit \"xa-9\" is not in the register of units; did you mean \"xa-1\"? [unit-unknown]");
  size_t before = vb_diag_count(d, VB_ERROR);
  assert_int_equal(store_value(d, s, "xa-9", "2023", "1.2", "1"), VB_BAD); /* said once a file */
  assert_int_equal(vb_diag_count(d, VB_ERROR), before);
  bad("Quãng Thọ", "1.1", "1", "so-lieu.csv:7:4: error: unit \"Quãng Thọ\" is not in the register of units; did you mean \"quảng thọ\"? [unit-unknown]");
  bad("Hà Nội thân yêu", "1.1", "1", "so-lieu.csv:7:4: error: unit \"Hà Nội thân yêu\" is not in the register of units; correct it, or add the unit [unit-unknown]");
  bad(NULL, "1.1", "1", "so-lieu.csv:7:1: error: the row names no unit; fill in its unit, or give unit=\"…\" for the file in job.xml [unit-blank]");
  assert_int_equal(STORE_ROW(d, s, "unit", 9, NULL, "xa-4", "Quảng Thọ", "", "", "xã", "xa", "huyen-b", "", "", "", "", "", "", "", ""), VB_OK);
  bad("quảng thọ", "2.1", "1", "so-lieu.csv:7:4: error: several units are called \"quảng thọ\": xa-1, xa-4; write the code [unit-several]");
  assert_int_equal(STORE_ROW(d, s, "unit", 10, NULL, "xa 5", "X", "", "", "", "", "", "", "", "", "", "", "", "", ""), VB_BAD);
  assert_string_equal(store_last_id(d), "STORE_UNIT_CODE");
  assert_int_equal(STORE_ROW(d, s, "unit", 10, NULL, "xa-1", "X", "", "", "", "", "", "", "", "", "", "", "", "", ""), VB_BAD);
  assert_string_equal(store_last(d), "rows.csv:10:1: error: unit xa-1 stands at units.csv:5 already; remove one of the rows, or give them dates that do not overlap [unit-twice]");
  assert_string_equal(vb_store_unit_code(s, VB_LIT("UBND XÃ LỘC BÌNH")), "xa-3");
  assert_null(vb_store_unit_code(s, VB_LIT("Quảng Thọ")));
  commit();
  assert_string_equal(store_sql(d, s, "SELECT group_concat(unit || ':' || num) FROM value"), "xa-1:1,xa-1:2,xa-1:300,xa-2:4");
}

static void unit_dated(const char *name, const char *since, const char *until, vb_status want)
{
  assert_int_equal(STORE_ROW(d, s, "unit", 20, NULL, "xa-7", name, "", "", "", "", "", "", "", "", "", "", "", since, until), want);
}

static void test_units_dated(void **state)
{
  (void)state;
  unit_dated("Tên cũ", "", "14/12/2021", VB_OK);
  unit_dated("Tên mới", "15/12/2021", "30/6/2023", VB_OK);
  unit_dated("Chồng", "01/01/2022", "", VB_BAD);
  assert_int_equal(store_value(d, s, "xa-7", "2023", "1.1", "1"), VB_OK);
  assert_int_equal(store_value(d, s, "Tên cũ", "2021", "1.1", "2"), VB_OK);
  assert_int_equal(store_value(d, s, "xa-7", "2024", "1.1", "3"), VB_BAD);
  assert_string_equal(store_last(d), "so-lieu.csv:7:4: error: unit xa-7 stood from 2021-12-15 to 2023-06-30, not in the period 2024; correct the period, or use the unit that took its place [unit-gone]");
  size_t before = vb_diag_count(d, VB_INFO);
  assert_int_equal(store_value(d, s, "xa-7", "2024", "1.2", "4"), VB_BAD); /* said once a unit and period */
  assert_int_equal(vb_diag_count(d, VB_INFO), before);
  vb_store_set_date(s, (vb_date){2021, 6, 1});
  commit();
  assert_string_equal(store_sql(d, s, "SELECT name FROM unit WHERE code = 'xa-7'"), "Tên cũ");
  assert_string_equal(store_sql(d, s, "SELECT count(*) FROM unit"), "7");
  assert_string_equal(store_sql(d, s, "SELECT name FROM unit_other"), "Tên mới");
}

static void test_periods(void **state)
{
  (void)state;
  static const struct { const char *code, *since, *until; } list[] = {
    {"2023", "2022-12-15", "2023-12-14"}, {"2023-Q1", "2022-12-15", "2023-03-14"}, {"2023-Q2", "2023-03-15", "2023-06-14"},
    {"2023-Q4", "2023-09-15", "2023-12-14"}, {"2023-6T", "2022-12-15", "2023-06-14"}, {"2023-9T", "2022-12-15", "2023-09-14"},
  };
  static const char *const wrong[] = {"23", "2023-Q5", "2023-", "2023-q1", "2023-12T", "20234", "0000", "năm 2023"};
  for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
    assert_int_equal(vb_store_add_period(d, s, vb_span_of(list[i].code), VB_NOWHERE), VB_OK);
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
    assert_int_equal(vb_store_add_period(d, s, vb_span_of(wrong[i]), VB_NOWHERE), VB_BAD);
  assert_string_equal(store_last_id(d), "STORE_PERIOD");
  commit();
  for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
    char sql[128], want[64];
    snprintf(sql, sizeof sql, "SELECT since || '/' || until FROM period WHERE code = '%s'", list[i].code);
    snprintf(want, sizeof want, "%s/%s", list[i].since, list[i].until);
    assert_string_equal(store_sql(d, s, sql), want);
  }
}

/* Three deliveries; the job's date says which counts, whatever the order they are read in. */
static void deliveries(vb_date date, const int order[3], const char *want)
{
  static const vb_delivery list[3] = {
    {"a.csv", {2023, 12, 5}, 1, "2023"}, {"b.csv", {2023, 12, 10}, 1, "2023"}, {"c.csv", {2023, 12, 10}, 2, "2023"},
  };
  static const char *const values[3] = {"1", "2", "3"};
  assert_int_equal(vb_store_begin(d, s), VB_OK);
  store_units(d, s);
  store_form(d, s);
  assert_int_equal(store_row(d, s, "period", "period.csv", 2, NULL, (const char *const[]){"2023", "", "", "08/12/2023", NULL}), VB_OK);
  for (int i = 0; i < 3; i++)
    assert_int_equal(store_value_of(d, s, "xa-1", NULL, "1.1", values[order[i]], &list[order[i]]), VB_OK);
  vb_delivery first = list[0];
  assert_int_equal(store_value_of(d, s, "xa-1", NULL, "1.2", "7", &first), VB_OK); /* in the first delivery alone */
  vb_store_set_date(s, date);
  commit();
  assert_string_equal(store_sql(d, s, "SELECT group_concat(code || '=' || num) FROM value"), want);
  assert_string_equal(store_sql(d, s, "SELECT count(*) FROM (SELECT 1 FROM value UNION ALL SELECT 1 FROM value_past)"), "4");
  assert_string_equal(store_sql(d, s, "SELECT group_concat(received || '/' || version || '/' || late, ' ') FROM (SELECT * FROM delivery ORDER BY received, version)"),
                      "2023-12-05/1/0 2023-12-10/1/1 2023-12-10/2/1");
}

static void test_deliveries(void **state)
{
  (void)state;
  static const int orders[][3] = {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}};
  commit();
  for (size_t i = 0; i < 3; i++) {
    deliveries((vb_date){2023, 12, 6}, orders[i], "1.1=1,1.2=7");
    deliveries((vb_date){2023, 12, 10}, orders[i], "1.1=3");
    deliveries((vb_date){0, 0, 0}, orders[i], "1.1=3");
    deliveries((vb_date){2023, 12, 1}, orders[i], "NULL");
  }
  assert_string_equal(store_sql(d, s, "SELECT sum(in_force) FROM delivery"), "0");
}

static void test_observe(void **state)
{
  (void)state;
  good("xa-1", "1.3", "98,5%");
  good("xa-1", "2.4", "Chữ");
  good("xa-2", "1.1", "-");
  commit();
  vb_arena *a = vb_arena_new(0);
  vb_observation o;
  assert_int_equal(vb_store_scope(s, "xa-1", "2023"), VB_OK);
  vb_store_trace_start(s);
  assert_int_equal(vb_store_observe(d, s, a, "xa-1", "2023", VB_LIT("1.3"), &o), VB_OK);
  assert_int_equal(o.status, VB_REPORTED);
  assert_int_equal(o.num.n, 985);
  assert_int_equal(o.num.places, 1);
  assert_string_equal(o.raw, "98,5%");
  assert_string_equal(o.at.file, "so-lieu.csv");
  assert_int_equal(o.at.line, 7);
  assert_int_equal(o.at.column, 2);
  assert_null(o.text);
  assert_int_equal(vb_store_observe(d, s, a, "xa-1", "2023", VB_LIT("2.4"), &o), VB_OK);
  assert_string_equal(o.text, "Chữ");
  assert_int_equal(vb_store_observe(d, s, a, "xa-2", "2023", VB_LIT("1.1"), &o), VB_OK);
  assert_int_equal(o.status, VB_ZERO_DASH);
  assert_int_equal(o.num.n, 0);
  vb_observation none;
  assert_int_equal(vb_store_observe(d, s, a, "xa-2", "2022", VB_LIT("9.9"), &none), VB_OK); /* no such indicator: no value, and no source */
  assert_int_equal(none.status, VB_MISSING);
  assert_int_equal(vb_store_observe(d, s, a, "xa-2", "2022", VB_LIT("1.1"), &o), VB_OK);
  assert_int_equal(o.status, VB_MISSING);
  assert_int_equal(vb_store_observe(d, s, a, "xa-1", "2023", VB_LIT("1.3"), &o), VB_OK);
  const vb_source_ref *refs;
  size_t n;
  assert_int_equal(vb_store_sources(d, s, a, &refs, &n), VB_OK);
  assert_int_equal(n, 4);
  assert_string_equal(refs[0].code, "1.3");
  assert_string_equal(refs[0].raw, "98,5%");
  assert_string_equal(refs[2].unit, "xa-2");
  assert_null(refs[3].at.file); /* was asked for, and is not there */
  vb_arena_free(a);
}

static void test_more(void **state)
{
  (void)state;
  vb_cell_in none = {{NULL, 0}, 0, 0, NULL, false, false};
  vb_value_in v = {none, none, {VB_LIT("1.1"), 3, 1, NULL, false, false}, {VB_LIT("1"), 3, 2, NULL, false, false}, none, "a.csv", 3};
  assert_int_equal(vb_store_add_value(d, s, &v, NULL, "xa-1"), VB_BAD);
  assert_string_equal(store_last(d), "a.csv:3:1: error: the row names no period; fill it in, or give period=\"2023\" in job.xml [period]");
  unit_dated("Ngược", "31/12/2023", "01/01/2023", VB_BAD);
  assert_string_equal(store_last_id(d), "STORE_UNIT_DATES");
  vb_store_close(s);
  assert_int_equal(vb_store_open(d, NULL, &s), VB_OK);
  store_form(d, s); /* without vb_store_begin: the load begins by itself */
  bad("xa-1", "1.1", "1", "so-lieu.csv:7:4: error: unit \"xa-1\" is not known: the job has no register of units; add <units file=\"…\"/> to job.xml [unit-unknown]");
  store_units(d, s);
  vb_indicator ratio = {.form = "h", .code = "9", .type = VB_TYPE_PERCENT, .rollup = "ratio", .num = "1.1", .den = "9.9"};
  assert_int_equal(vb_store_add_indicator(d, s, &ratio), VB_OK);
  commit();
  assert_string_equal(store_sql(d, s, "SELECT rollup('9', 'tinh', '2023')"), "!SQL_RATIO_PARTS");
}

/* A parent's report: its figures are those of the units below; its own stand where the rule takes none or nobody below has one. */
static void test_roll_up(void **state)
{
  (void)state;
  good("xa-1", "1.1", "100");
  good("xa-1", "1.2", "99");
  good("xa-2", "1.1", "300");
  good("xa-2", "1.2", "150");
  good("huyen-a", "1.1", "7");
  good("huyen-a", "2.6", "5");
  good("huyen-a", "2.7", "6");
  good("huyen-a", "2.1", "1.000");
  commit();
  vb_arena *a = vb_arena_new(0);
  vb_observation o;
  const vb_source_ref *refs;
  size_t n;
  assert_int_equal(vb_store_scope(s, "huyen-a", "2023"), VB_OK);
  assert_string_equal(store_sql(d, s, "SELECT val('1.1')"), "7");
  vb_store_roll_up(s, true);
  assert_string_equal(store_sql(d, s, "SELECT val('1.1')"), "400");
  assert_string_equal(store_sql(d, s, "SELECT val('1.3')"), "6225"); /* 249 / 400, not the mean of 99 and 50 */
  assert_string_equal(store_sql(d, s, "SELECT val('1.3') = rollup('1.3')"), "1");
  assert_string_equal(store_sql(d, s, "SELECT val('2.6') || '-' || val('2.7') || '-' || val('2.1')"), "5-6-1000");
  assert_string_equal(store_sql(d, s, "SELECT val('1.1', '2023', 'xa-1')"), "100"); /* of another unit: its own */
  assert_string_equal(store_sql(d, s, "SELECT status('2.2')"), "missing");
  vb_store_trace_start(s);
  assert_int_equal(vb_store_observe(d, s, a, NULL, NULL, VB_LIT("1.3"), &o), VB_OK);
  assert_int_equal(o.status, VB_REPORTED);
  assert_true(o.num.n == 6225 && o.num.places == 2);
  assert_int_equal(vb_store_sources(d, s, a, &refs, &n), VB_OK);
  assert_int_equal(n, 4); /* two counts of two units */
  vb_store_roll_up(s, false);
  assert_string_equal(store_sql(d, s, "SELECT val('1.1')"), "7");
  vb_arena_free(a);
}

static void test_forms(void **state)
{
  (void)state;
  vb_indicator again = {.form = "f", .code = "1.1", .type = VB_TYPE_COUNT, .at = {"f.xml", 40, 3, NULL}};
  assert_int_equal(vb_store_add_indicator(d, s, &again), VB_BAD);
  assert_string_equal(store_last(d), "f.xml:40:3: error: indicator 1.1 stands on line 11 already; give each its own code [indicator-twice]");
  vb_indicator same = {.form = "g", .code = "1.1", .type = VB_TYPE_COUNT, .label = "khác"};
  assert_int_equal(vb_store_add_indicator(d, s, &same), VB_OK);
  vb_indicator other = {.form = "g", .code = "1.3", .type = VB_TYPE_PERCENT, .places = 1, .at = {"g.xml", 4, 3, NULL}};
  assert_int_equal(vb_store_add_indicator(d, s, &other), VB_BAD);
  assert_string_equal(store_last_id(d), "STORE_INDICATOR_DIFFERS");
  assert_int_equal(vb_store_add_code_list(d, s, "f", "yn", "1", "Lại"), VB_BAD);
  assert_string_equal(vb_store_indicator(s, "g", VB_LIT("1.1"))->label, "khác");
  assert_string_equal(vb_store_indicator(s, "f", VB_LIT("1.1"))->label, "Tổng số");
  assert_null(vb_store_indicator(s, "g", VB_LIT("2.1")));
  assert_non_null(vb_store_indicator(s, NULL, VB_LIT("2.1")));
  assert_true(vb_span_is(vb_store_nearest_code(s, "f", VB_LIT("2.11")), "2.1"));
  commit();
  assert_string_equal(store_sql(d, s, "SELECT group_concat(value || label, ';') FROM code_item WHERE list = 'yn'"), "0Không;1Có");
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
  const struct CMUnitTest tests[] = {
    T(test_types), T(test_letters), T(test_messages), T(test_places_of_sheets), T(test_wrong_numbers_of_sheets), T(test_twice), T(test_notes), T(test_units), T(test_units_dated), T(test_periods),
    T(test_deliveries), T(test_observe), T(test_more), T(test_roll_up), T(test_forms),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
