/* Rules on figures: each fires on a true mistake and stays silent on its neighbour. tests/check.d/40-rules.sh reads POSITIVE and NEGATIVE. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "check/check.h"
#include "store_make.h"

static const vb_indicator form[] = {
    {.form = "k", .code = "1", .label = "Nhóm", .measure = "", .type = VB_TYPE_COUNT, .rollup = "sum"},
    {.form = "k", .code = "1.1", .parent = "1", .label = "Đã nhận", .measure = "Hồ sơ", .type = VB_TYPE_COUNT, .rollup = "sum", .depth = 1, .required = true},
    {.form = "k", .code = "1.2", .parent = "1", .label = "Đã trả", .measure = "Hồ sơ", .type = VB_TYPE_COUNT, .rollup = "sum", .depth = 1},
    {.form = "k", .code = "1.2/1", .parent = "1", .label = "Trực tuyến", .measure = "Hồ sơ", .type = VB_TYPE_COUNT, .rollup = "sum", .depth = 1, .sub = true},
    {.form = "k", .code = "2", .label = "Tỷ lệ trả", .measure = "%", .type = VB_TYPE_PERCENT, .places = 2, .rollup = "ratio", .num = "1.2", .den = "1.1", .scale = 100},
    {.form = "k", .code = "3", .label = "Tốc độ tăng", .measure = "%", .type = VB_TYPE_PERCENT, .places = 2, .rollup = "none"},
    {.form = "k", .code = "4", .label = "Tỷ lệ cơ quan có chữ ký số", .measure = "Đơn vị", .type = VB_TYPE_COUNT, .rollup = "sum"},
    {.form = "k", .code = "6", .label = "Số hộ gia đình có tài khoản", .measure = "Lượt", .type = VB_TYPE_COUNT, .rollup = "sum"},
    {.form = "k", .code = "7", .label = "Số người dân", .measure = "Hộ", .type = VB_TYPE_COUNT, .rollup = "sum"},
    {.form = "k", .code = "8", .label = "Số cuộc họp", .type = VB_TYPE_COUNT, .rollup = "sum"},
    {.form = "k", .code = "9", .label = "Số đơn vị tự chủ 100% chi thường xuyên", .measure = "Cơ quan, đơn vị", .type = VB_TYPE_COUNT, .rollup = "sum"},
    {.form = "k", .code = "5", .label = "Tỷ lệ khác", .measure = "%", .type = VB_TYPE_PERCENT, .places = 2, .rollup = "none"},
};
enum { FORM = sizeof form / sizeof form[0] };

typedef struct figure { const char *code, *value; } figure;
typedef struct data_case { const char *name, *rule; bool fires; figure figures[12]; } data_case;
#define POSITIVE(rule, name) name, rule, true
#define NEGATIVE(rule, name) name, rule, false

static const data_case cases[] = {
    {POSITIVE("A06", "130 %"), {{"5", "130"}}},
    {POSITIVE("A06", "below zero"), {{"5", "-1"}}},
    {NEGATIVE("A06", "bounds"), {{"5", "100"}}},
    {NEGATIVE("A06", "zero"), {{"5", "0"}}},
    {NEGATIVE("A06", "growth passes 100"), {{"3", "130"}}},
    {POSITIVE("A05", "9 of 16 is not 50"), {{"1.1", "16"}, {"1.2", "9"}, {"2", "50"}}},
    {NEGATIVE("A05", "rounded to the digits written"), {{"1.1", "16"}, {"1.2", "9"}, {"2", "56,3"}}},
    {NEGATIVE("A05", "whole per cent"), {{"1.1", "16"}, {"1.2", "9"}, {"2", "56"}}},
    {NEGATIVE("A05", "a count is missing"), {{"1.2", "9"}, {"2", "50"}}},
    {NEGATIVE("A05", "nothing to divide by"), {{"1.1", "0"}, {"1.2", "0"}, {"2", "50"}}},
    {POSITIVE("X02", "part beyond its whole"), {{"1.1", "20"}, {"1.2", "9"}, {"1.2/1", "10"}}},
    {NEGATIVE("X02", "part equal to its whole"), {{"1.1", "20"}, {"1.2", "9"}, {"1.2/1", "9"}}},
    {POSITIVE("T02", "required"), {{"1.2", "9"}}},
    {NEGATIVE("T02", "all there"), {{"1.1", "9"}, {"1.2", "9"}, {"1.2/1", "9"}, {"2", "100"}, {"3", "1"}, {"4", "1"}, {"5", "KAD"}, {"6", "1"}, {"7", "1"}, {"8", "1"}, {"9", "1"}}},
    {NEGATIVE("T02", "another form's unit"), {{NULL, NULL}}},
    {POSITIVE("T04", "a rate in units"), {{"4", "1"}}},
    {NEGATIVE("T04", "not used"), {{"5", "1"}}},
    {POSITIVE("T04", "households in clicks"), {{"6", "1"}}},
    {NEGATIVE("T04", "files in files"), {{"1.1", "1"}}},
    {NEGATIVE("T04", "100% in the label of a count of units"), {{"9", "1"}}},
    {POSITIVE("T03", "meetings in nothing"), {{"8", "1"}}},
    {NEGATIVE("T03", "households"), {{"7", "1"}}},
    {POSITIVE("T05", "blank beside zero"), {{"1.1", "0"}}},
    {NEGATIVE("T05", "dash beside zero"), {{"1.1", "0"}, {"1.2", "-"}}},
    {POSITIVE("T07", "9 above 20 and 20"), {{"1", "9"}, {"1.1", "20"}, {"1.2", "20"}}},
    {NEGATIVE("T07", "their sum"), {{"1", "40"}, {"1.1", "20"}, {"1.2", "20"}}},
    {NEGATIVE("T07", "one of them"), {{"1", "20"}, {"1.1", "20"}, {"1.2", "9"}}},
    {NEGATIVE("T07", "nothing below"), {{"1", "20"}}},
};

static size_t count(const vb_diag *d, const char *rule) {
  size_t n = 0;
  for (const vb_finding *f = vb_diag_first(d); f != NULL; f = f->next) n += strcmp(f->rule, rule) == 0;
  return n;
}

static vb_store *open_form(vb_diag *d, const figure *figures, size_t n) {
  vb_store *s = NULL;
  assert_int_equal(vb_store_open(d, NULL, &s), VB_OK);
  assert_int_equal(vb_store_begin(d, s), VB_OK);
  store_units(d, s);
  for (size_t i = 0; i < FORM; i++) assert_int_equal(vb_store_add_indicator(d, s, &form[i]), VB_OK);
  for (size_t i = 0; i < n && figures[i].code != NULL; i++) assert_int_equal(store_value(d, s, "xa-1", "2023", figures[i].code, figures[i].value), VB_OK);
  assert_int_equal(vb_store_commit(d, s), VB_OK);
  return s;
}

static vb_status check(vb_diag *d, vb_store *s, const vb_check_sql *rules, size_t n_rules) {
  const vb_indicator *list[FORM];
  const char *units[] = {"xa-1"};
  for (size_t i = 0; i < FORM; i++) list[i] = &form[i];
  vb_check_set set = {.units = units, .n_units = 1, .indicators = list, .n_indicators = FORM, .rules = rules, .n_rules = n_rules};
  return vb_check_data(d, s, "2023", &set, 1);
}

static void test_cases(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vb_diag *d = vb_diag_new();
    vb_store *s = open_form(d, cases[i].figures, 12);
    vb_status st = check(d, s, NULL, 0);
    assert_true(st == VB_OK || st == VB_BAD);
    if ((count(d, cases[i].rule) > 0) != cases[i].fires) fail_msg("%s: %s", cases[i].rule, cases[i].name);
    vb_store_close(s);
    vb_diag_free(d);
  }
}

static void test_required_is_error_and_named(void **state) {
  (void)state;
  vb_diag *d = vb_diag_new();
  vb_store *s = open_form(d, (const figure[8]){{"1.2", "9"}}, 8);
  assert_int_equal(check(d, s, NULL, 0), VB_BAD);
  const vb_finding *f = vb_diag_first(d);
  assert_string_equal(f->rule, "T02");
  assert_string_equal(f->code, "1.1");
  assert_string_equal(f->unit, "xa-1");
  assert_int_equal(f->severity, VB_ERROR);
  vb_store_close(s);
  vb_diag_free(d);
}

/* Told together, the first eight by their codes. */
static void test_missing_are_counted(void **state) {
  (void)state;
  vb_diag *d = vb_diag_new();
  vb_store *s = open_form(d, (const figure[1]){{"1.1", "9"}}, 1);
  assert_int_equal(check(d, s, NULL, 0), VB_OK);
  const vb_finding *f = vb_diag_first(d);
  while (f != NULL && strcmp(f->rule, "T02") != 0) f = f->next;
  assert_non_null(f);
  assert_int_equal(f->severity, VB_WARNING);
  assert_null(f->code);
  assert_non_null(strstr(f->args[1], "1.2, 1.2/1, 2, 3, 4, 6, 7, 8 … (10)"));
  vb_store_close(s);
  vb_diag_free(d);
}

/* What is asked of a district is not missing in a commune; a measure that the law gives so is no mistake of the form's. */
static void test_levels_and_official_measures(void **state) {
  (void)state;
  static const vb_indicator own[] = {
      {.form = "k", .code = "1", .label = "Đã nhận", .measure = "Hồ sơ", .type = VB_TYPE_COUNT, .rollup = "sum"},
      {.form = "k", .code = "2", .label = "Cấp trên", .measure = "Hồ sơ", .type = VB_TYPE_COUNT, .rollup = "sum", .applies = "huyen, tinh", .required = true},
      {.form = "k", .code = "3", .label = "Cấp này", .measure = "Hồ sơ", .type = VB_TYPE_COUNT, .rollup = "sum", .applies = "huyen, xa", .required = true},
      {.form = "k", .code = "4", .label = "Tỷ lệ trả", .measure = "Hồ sơ", .type = VB_TYPE_COUNT, .rollup = "sum", .official_measure = true},
      {.form = "k", .code = "5", .label = "Tỷ lệ gửi", .measure = "Hồ sơ", .type = VB_TYPE_COUNT, .rollup = "sum"},
  };
  static const vb_indicator *const list[] = {&own[0], &own[1], &own[2], &own[3], &own[4]};
  static const char *const units[] = {"xa-1"};
  vb_diag *d = vb_diag_new();
  vb_store *s = NULL;
  assert_int_equal(vb_store_open(d, NULL, &s), VB_OK);
  assert_int_equal(vb_store_begin(d, s), VB_OK);
  store_units(d, s);
  for (size_t i = 0; i < 5; i++) assert_int_equal(vb_store_add_indicator(d, s, &own[i]), VB_OK);
  for (size_t i = 0; i < 5; i++)
    if (own[i].applies == NULL) assert_int_equal(store_value(d, s, "xa-1", "2023", own[i].code, "7"), VB_OK);
  assert_int_equal(vb_store_commit(d, s), VB_OK);
  vb_check_set set = {.units = units, .n_units = 1, .indicators = list, .n_indicators = 5};
  assert_int_equal(vb_check_data(d, s, "2023", &set, 1), VB_BAD);
  assert_int_equal(count(d, "T02"), 1);
  assert_int_equal(count(d, "T04"), 2);
  for (const vb_finding *f = vb_diag_first(d); f != NULL; f = f->next) {
    if (strcmp(f->rule, "T02") == 0) assert_string_equal(f->code, "3");
    if (strcmp(f->rule, "T04") == 0) assert_int_equal(f->severity, f->code[0] == '4' ? VB_INFO : VB_WARNING);
  }
  vb_store_close(s);
  vb_diag_free(d);
}

static void test_sql_rules(void **state) {
  (void)state;
  vb_diag *d = vb_diag_new();
  vb_store *s = open_form(d, (const figure[8]){{"1.1", "5"}, {"1.2", "9"}, {"2", "100"}}, 8);
  const vb_check_sql rules[] = {
      {"R1", VB_WARNING, VB_LIT("SELECT '1.2' AS code, num(val('1.2')) AS tra FROM unit WHERE code = :unit AND val('1.2') > val('1.1')"), "trả {tra} {khac}", "returned {tra} {khac}", {"f.xml", 9, 1, NULL}},
      {"R2", VB_ERROR, VB_LIT("SELECT 1 AS x WHERE :period <> '2023'"), "không", "no", {"f.xml", 10, 1, NULL}},
  };
  (void)check(d, s, rules, 2);
  assert_int_equal(count(d, "R1"), 1);
  assert_int_equal(count(d, "R2"), 0);
  const vb_finding *f = vb_diag_first(d);
  vb_buf text;
  vb_buf_init(&text);
  vb_finding_text(f, VB_VI, &text);
  assert_string_equal(vb_buf_cstr(&text), "trả 9 {khac}");
  vb_buf_free(&text);
  assert_string_equal(f->code, "1.2");
  assert_int_equal(f->severity, VB_WARNING);
  assert_int_equal(f->at.line, 7); /* of the observation */
  vb_store_close(s);
  vb_diag_free(d);
}

static void test_sql_wrong(void **state) {
  (void)state;
  vb_diag *d = vb_diag_new();
  vb_store *s = open_form(d, NULL, 0);
  const vb_check_sql rule = {"R", VB_ERROR, VB_LIT("SELECT khong_co FROM unit"), "a", "a", {"f.xml", 9, 1, NULL}};
  assert_int_equal(check(d, s, &rule, 1), VB_BAD);
  vb_store_close(s);
  vb_diag_free(d);
}

/* ---- batch -------------------------------------------------------------------------------------------------- */

typedef struct batch_case { const char *name, *rule; bool fires; vb_check_number papers[2]; } batch_case;
static const batch_case batches[] = {
    {POSITIVE("G01", "twice"), {{"xa-1", "a", "12", "BC-UBND", {2023, 5, 1}}, {"xa-1", "b", "12", "BC-UBND", {2023, 6, 1}}}},
    {NEGATIVE("G01", "other year"), {{"xa-1", "a", "12", "BC-UBND", {2022, 5, 1}}, {"xa-1", "b", "12", "BC-UBND", {2023, 6, 1}}}},
    {NEGATIVE("G01", "other symbol"), {{"xa-1", "a", "12", "BC-UBND", {2023, 5, 1}}, {"xa-1", "b", "12", "KH-UBND", {2023, 6, 1}}}},
    {NEGATIVE("G01", "other unit"), {{"xa-1", "a", "12", "BC-UBND", {2023, 5, 1}}, {"xa-2", "a", "12", "BC-UBND", {2023, 6, 1}}}},
    {NEGATIVE("G01", "no number yet"), {{"xa-1", "a", NULL, "BC-UBND", {2023, 5, 1}}, {"xa-1", "b", NULL, "BC-UBND", {2023, 6, 1}}}},
    {POSITIVE("G02", "13 before 12"), {{"xa-1", "a", "13", "BC-UBND", {2023, 5, 1}}, {"xa-1", "b", "12", "BC-UBND", {2023, 6, 1}}}},
    {NEGATIVE("G02", "the same day"), {{"xa-1", "a", "13", "BC-UBND", {2023, 5, 1}}, {"xa-1", "b", "12", "BC-UBND", {2023, 5, 1}}}},
};

static void test_numbers(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof batches / sizeof batches[0]; i++) {
    vb_diag *d = vb_diag_new();
    vb_store *s = open_form(d, NULL, 0);
    (void)vb_check_batch(d, s, "2023", batches[i].papers, 2);
    if ((count(d, batches[i].rule) > 0) != batches[i].fires) fail_msg("%s: %s", batches[i].rule, batches[i].name);
    vb_store_close(s);
    vb_diag_free(d);
  }
}

/* Of many documents each is told against one other: findings grow with them and not with their pairs. */
static void test_many_numbers(void **state) {
  (void)state;
  static const vb_check_number papers[] = {{"xa-1", "a", "7", "BC-UBND", {2023, 5, 9}}, {"xa-1", "b", "7", "BC-UBND", {2023, 5, 1}}, {"xa-1", "c", "7", "BC-UBND", {2023, 5, 2}},
                                           {"xa-1", "d", "8", "BC-UBND", {2023, 5, 8}}, {"xa-1", "e", "9", "BC-UBND", {2023, 5, 8}}, {"xa-1", "f", "8", "KH-UBND", {2023, 5, 1}},
                                           {"xa-1", "g", "8", "BC-UBND", {2024, 1, 2}}, {"xa-1", "h", "6a", "BC-UBND", {2023, 6, 1}}};
  static const struct { const char *rule, *document, *against; } told[] = {{"G01", "b", "“a”"}, {"G01", "c", "“a”"}, {"G02", "d", "2023-05-09"}, {"G02", "e", "2023-05-09"}};
  vb_diag *d = vb_diag_new();
  vb_store *s = open_form(d, NULL, 0);
  assert_int_equal(vb_check_batch(d, s, "2023", papers, sizeof papers / sizeof papers[0]), VB_BAD);
  size_t n = 0;
  for (const vb_finding *f = vb_diag_first(d); f != NULL; f = f->next, n++) {
    assert_true(n < sizeof told / sizeof told[0]);
    assert_string_equal(f->rule, told[n].rule);
    assert_string_equal(f->document, told[n].document);
    assert_non_null(strstr(f->args[0], told[n].against));
  }
  assert_int_equal(n, sizeof told / sizeof told[0]);
  vb_store_close(s);
  vb_diag_free(d);
}

/* Twelve figures each; the second unit differs in one of them, or in none. */
static size_t copies(const char *last) {
  vb_diag *d = vb_diag_new();
  vb_store *s = NULL;
  const vb_check_number papers[] = {{.unit = "xa-1", .document = "x"}, {.unit = "xa-2", .document = "x"}};
  assert_int_equal(vb_store_open(d, NULL, &s), VB_OK);
  assert_int_equal(vb_store_begin(d, s), VB_OK);
  store_units(d, s);
  for (int i = 0; i < 12; i++) {
    char code[16], value[16];
    snprintf(code, sizeof code, "9.%d", i + 1);
    snprintf(value, sizeof value, "%d", 100 + i);
    assert_int_equal(vb_store_add_indicator(d, s, &(vb_indicator){.form = "k", .code = code, .label = "Số", .type = VB_TYPE_COUNT, .rollup = "sum"}), VB_OK);
    assert_int_equal(store_value(d, s, "xa-1", "2023", code, value), VB_OK);
    assert_int_equal(store_value(d, s, "xa-2", "2023", code, i == 11 ? last : value), VB_OK);
  }
  assert_int_equal(vb_store_commit(d, s), VB_OK);
  assert_int_equal(vb_check_batch(d, s, "2023", papers, 2), VB_OK);
  size_t n = count(d, "T09");
  vb_store_close(s);
  vb_diag_free(d);
  return n;
}

static void test_copied_figures(void **state) {
  (void)state;
  static const struct { const char *name, *rule; bool fires; const char *last; } list[] = {{POSITIVE("T09", "all the same"), "111"}, {NEGATIVE("T09", "one differs"), "112"}};
  for (size_t i = 0; i < 2; i++) assert_int_equal(copies(list[i].last), list[i].fires ? 1 : 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_cases), cmocka_unit_test(test_required_is_error_and_named), cmocka_unit_test(test_missing_are_counted), cmocka_unit_test(test_levels_and_official_measures),
      cmocka_unit_test(test_sql_rules), cmocka_unit_test(test_sql_wrong), cmocka_unit_test(test_numbers), cmocka_unit_test(test_many_numbers), cmocka_unit_test(test_copied_figures),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
