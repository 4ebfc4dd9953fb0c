/* SQL functions of figures: ratios against long division on paper, roll-ups against sums worked out here, last year's values, what the trace
 * says; functions of text, against the examples of their rules.
 */
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

static void value(const char *unit, const char *period, const char *code, const char *text)
{
  if (store_value(d, s, unit, period, code, text) != VB_OK)
    fail_msg("%s", store_last(d));
}

static int set_up(void **state)
{
  (void)state;
  d = vb_diag_new();
  assert_int_equal(vb_store_open(d, NULL, &s), VB_OK);
  assert_int_equal(vb_store_begin(d, s), VB_OK);
  store_units(d, s);
  store_form(d, s);
  value("xa-1", "2023", "1.1", "103");
  value("xa-1", "2023", "1.2", "100");
  value("xa-1", "2023", "1.3", "97,09");
  value("xa-1", "2023", "2.1", "12.900.000");
  value("xa-1", "2023", "2.2", "4,5");
  value("xa-1", "2023", "2.4", "Chữ");
  value("xa-1", "2023", "2.6", "3");
  value("xa-1", "2022", "1.1", "90");
  value("xa-1", "2023-Q1", "1.1", "20");
  value("xa-1", "2022-Q1", "1.1", "-");
  value("xa-2", "2023", "1.1", "7");
  value("xa-2", "2023", "1.2", "không áp dụng");
  value("xa-2", "2023", "2.1", "5.000.000");
  value("xa-2", "2023", "2.2", "-");
  value("xa-3", "2023", "1.1", "29");
  value("xa-3", "2023", "1.2", "29");
  value("huyen-b", "2023", "1.1", "10");
  value("huyen-a", "2023", "2.6", "8");
  assert_int_equal(vb_store_commit(d, s), VB_OK);
  assert_int_equal(vb_store_scope(s, "xa-1", "2023"), VB_OK);
  return 0;
}

static int tear_down(void **state)
{
  (void)state;
  vb_store_close(s);
  vb_diag_free(d);
  return 0;
}

static void is(const char *sql, const char *want)
{
  const char *got = store_sql(d, s, sql);
  if (strcmp(got, want) != 0)
    fail_msg("%s gives %s, not %s", sql, got, want);
}

/* a / b to p places, half away from zero, by long division without a product; false when it does not fit. */
static bool on_paper(int64_t a, int64_t b, int p, int64_t *out)
{
  bool negative = (a < 0) != (b < 0);
  uint64_t x = a < 0 ? 0 - (uint64_t)a : (uint64_t)a, y = b < 0 ? 0 - (uint64_t)b : (uint64_t)b;
  uint64_t q = x / y, r = x % y;
  for (int i = 0; i < p; i++) {
    unsigned digit = 0;
    uint64_t acc = 0;
    for (int k = 0; k < 10; k++) {
      if (acc >= y - r) {
        acc -= y - r;
        digit++;
      } else {
        acc += r;
      }
    }
    r = acc;
    if (q > (UINT64_MAX - digit) / 10)
      return false;
    q = q * 10 + digit;
  }
  if (r >= y - r)
    q++;
  if (q > (uint64_t)INT64_MAX)
    return false;
  *out = negative ? -(int64_t)q : (int64_t)q;
  return true;
}

static void ratio_is(int64_t a, int64_t b, int p)
{
  char sql[160], want[32];
  int64_t q;
  if (a == INT64_MIN || b == INT64_MIN) /* SQL has no literal for it */
    return;
  snprintf(sql, sizeof sql, "SELECT ratio(%lld, %lld, %d)", (long long)a, (long long)b, p);
  if (on_paper(a, b, p, &q))
    snprintf(want, sizeof want, "%lld", (long long)q);
  else
    snprintf(want, sizeof want, "!SQL_OVERFLOW");
  is(sql, want);
  if (a > INT64_MAX / 100 || a < INT64_MIN / 100)
    return;
  snprintf(sql, sizeof sql, "SELECT percent(%lld, %lld, %d)", (long long)a, (long long)b, p);
  if (on_paper(a * 100, b, p, &q))
    snprintf(want, sizeof want, "%lld", (long long)q);
  else
    snprintf(want, sizeof want, "!SQL_OVERFLOW");
  is(sql, want);
}

static void test_ratio(void **state)
{
  (void)state;
  static const int64_t list[] = {0, 1, 2, 3, 5, 7, 8, 29, 99, 100, 103, 199, 200, 201, 6548, 6971, 999999999, 1000000007, INT64_C(4611686018427387904), INT64_MAX - 1, INT64_MAX};
  size_t n = sizeof list / sizeof list[0];
  for (size_t i = 0; i < n; i++)
    for (size_t k = 1; k < n; k++) {
      ratio_is(list[i], list[k], (int)(i + k) % 10);
      ratio_is(-list[i], list[k], 2);
      ratio_is(list[i], -list[k], 0);
    }
  uint64_t seed = 12345; /* the same figures in every run */
  for (int i = 0; i < 500; i++) {
    seed = seed * UINT64_C(6364136223846793005) + 1;
    int64_t a = (int64_t)(seed >> (seed % 50 + 1)), b = (int64_t)((seed * 31) >> ((seed >> 8) % 50 + 1)) | 1;
    ratio_is(seed & 1 ? a : -a, b, (int)(seed >> 60) % 10);
  }
  is("SELECT percent(6548, 6971, 2)", "9393"); /* the report: 93,93 % */
  is("SELECT percent(4222, 6225, 2)", "6782");
  is("SELECT ratio(1, 0, 2)", "NULL");
  is("SELECT percent(NULL, 5, 2)", "NULL");
  is("SELECT ratio(5, NULL, 2)", "NULL");
  is("SELECT rescale(125, 2, 1)", "13");
  is("SELECT rescale(-125, 2, 1)", "-13");
  is("SELECT rescale(124, 2, 0)", "1");
  is("SELECT rescale(5, 0, 9)", "5000000000");
  is("SELECT rescale(NULL, 0, 9)", "NULL");
  is("SELECT rescale(9223372036854775807, 0, 1)", "!SQL_OVERFLOW");
}

static void test_val(void **state)
{
  (void)state;
  is("SELECT val('1.1')", "103");
  is("SELECT val('1.3')", "9709");
  is("SELECT val('2.4')", "Chữ");
  is("SELECT val('2.7')", "NULL");
  is("SELECT val('1.1', '2022')", "90");
  is("SELECT val('1.1', '2023', 'xa-2')", "7");
  is("SELECT val('1.2', '2023', 'xa-2')", "NULL"); /* not applicable */
  is("SELECT val('2.2', '2023', 'xa-2')", "0");    /* "-" */
  is("SELECT val('1.1', '2023', 'khong-co')", "NULL");
  is("SELECT val(NULL)", "NULL");
  is("SELECT prev('1.1')", "90");
  is("SELECT prev('1.2')", "NULL");
  is("SELECT note('1.1')", "NULL");
  is("SELECT prev('1.1', 'xa-2')", "NULL");
  is("SELECT status('1.1') || status('1.2', '2023', 'xa-2') || status('2.2', '2023', 'xa-2') || status('2.7')", "reportednadashmissing");
  is("SELECT sum(val('1.1', '2023', code)) FROM unit", "149");
  assert_int_equal(vb_store_scope(s, "xa-1", "2023-Q1"), VB_OK);
  is("SELECT val('1.1') || '/' || prev('1.1')", "20/0");
  assert_int_equal(vb_store_scope(s, "xa-3", "2023"), VB_OK);
  is("SELECT val('1.1')", "29");
  assert_int_equal(vb_store_scope(s, NULL, NULL), VB_OK);
  is("SELECT val('1.1')", "!SQL_SCOPE");
}

static void test_rollup(void **state)
{
  (void)state;
  assert_int_equal(vb_store_scope(s, "tinh", "2023"), VB_OK);
  is("SELECT rollup('1.1')", "149");          /* 103 + 7 + 29 + 10: a district's own figure counts too */
  is("SELECT rollup('1.2')", "129");
  is("SELECT rollup('1.3')", "9773");         /* (100 + 29) / (103 + 29): without xa-2 and huyen-b, which gave one of the two */
  is("SELECT rollup('2.1')", "12900000");     /* max */
  is("SELECT rollup('2.2')", "0");            /* min; "-" is zero */
  is("SELECT rollup('2.6')", "NULL");         /* own: the province gave none */
  is("SELECT rollup('2.7')", "NULL");         /* none */
  is("SELECT rollup('2.4')", "NULL");
  is("SELECT rollup('1.1', 'huyen-a')", "110");
  is("SELECT rollup('1.3', 'huyen-a')", "9709");
  is("SELECT rollup('2.6', 'huyen-a')", "8");
  is("SELECT rollup('1.1', 'xa-1')", "NULL"); /* nothing below */
  is("SELECT rollup('1.1', 'tinh', '2022')", "90");
  is("SELECT rollup('9.9')", "!SQL_CODE");
  is("SELECT group_concat(code || '=' || ifnull(rollup('1.1', code), '-')) FROM (SELECT code FROM unit WHERE level = 'huyen' ORDER BY code)", "huyen-a=110,huyen-b=29");
}

/* Units that are their own superiors, and a chain of them. */
static void test_rollup_circle(void **state)
{
  (void)state;
  assert_int_equal(vb_store_begin(d, s), VB_OK);
  store_form(d, s);
  for (uint32_t i = 0; i < 3; i++) {
    static const char *const codes[] = {"a", "b", "c"};
    assert_int_equal(STORE_ROW(d, s, "unit", i + 2, NULL, codes[i], codes[i], "", "", "", "", codes[(i + 1) % 3], "", "", "", "", "", "", "", ""), VB_OK);
    value(codes[i], "2023", "1.1", "5");
  }
  assert_int_equal(vb_store_commit(d, s), VB_OK);
  is("SELECT rollup('1.1', 'a')", "10");
}

static void test_rollup_large(void **state)
{
  (void)state;
  assert_int_equal(vb_store_begin(d, s), VB_OK);
  store_units(d, s);
  store_form(d, s);
  value("xa-1", "2023", "1.1", "9000000000000000000");
  value("xa-2", "2023", "1.1", "9000000000000000000");
  value("xa-1", "2023", "1.2", "9000000000000000000");
  value("xa-2", "2023", "1.2", "4500000000000000000");
  assert_int_equal(vb_store_commit(d, s), VB_OK);
  is("SELECT rollup('1.1', 'tinh')", "!SQL_OVERFLOW");
  is("SELECT rollup('1.3', 'tinh')", "7500");
}

static void test_trace(void **state)
{
  (void)state;
  vb_arena *a = vb_arena_new(0);
  const vb_source_ref *refs;
  size_t n;
  vb_store_trace_start(s);
  is("SELECT val('1.1') + val('1.1') + prev('1.1') + val('1.1', '2023', 'xa-2')", "303");
  assert_int_equal(vb_store_sources(d, s, a, &refs, &n), VB_OK);
  assert_int_equal(n, 3);
  assert_string_equal(refs[0].raw, "103");
  assert_string_equal(refs[1].period, "2022");
  assert_string_equal(refs[2].unit, "xa-2");
  assert_string_equal(refs[2].at.file, "so-lieu.csv");
  assert_ptr_equal(refs[2].at.file, vb_diag_file(d, "so-lieu.csv"));
  assert_int_equal(refs[2].at.line, 7);
  assert_int_equal(refs[2].at.column, 2);
  vb_store_trace_start(s);
  is("SELECT rollup('1.3', 'tinh')", "9773");
  assert_int_equal(vb_store_sources(d, s, a, &refs, &n), VB_OK);
  assert_int_equal(n, 6); /* the figures of both counts, those left out too */
  for (size_t i = 0; i < n; i++) {
    assert_string_equal(refs[i].at.file, "so-lieu.csv");
    assert_int_equal(refs[i].at.line, 7);
    assert_int_equal(refs[i].at.column, 2);
  }
  vb_store_trace_start(s);
  assert_int_equal(vb_store_sources(d, s, a, &refs, &n), VB_OK);
  assert_int_equal(n, 0);
  is("SELECT traced(5, _row) + traced(6, _row) FROM unit WHERE code = 'xa-1'", "11");
  assert_int_equal(vb_store_sources(d, s, a, &refs, &n), VB_OK);
  assert_int_equal(n, 1);
  assert_string_equal(refs[0].at.file, "units.csv");
  assert_int_equal(refs[0].at.line, 5);
  vb_arena_free(a);
}

static void test_trace_many(void **state)
{
  (void)state;
  vb_arena *a = vb_arena_new(0);
  const vb_source_ref *refs;
  size_t n;
  assert_int_equal(vb_store_begin(d, s), VB_OK);
  store_form(d, s);
  for (int i = 0; i < 700; i++) {
    char code[16];
    snprintf(code, sizeof code, "u-%d", i);
    assert_int_equal(STORE_ROW(d, s, "unit", 2, NULL, code, code, "", "", "", "", "cha", "", "", "", "", "", "", "", ""), VB_OK);
    value(code, "2023", "1.1", "2");
  }
  assert_int_equal(vb_store_commit(d, s), VB_OK);
  vb_store_trace_start(s);
  is("SELECT rollup('1.1', 'cha')", "1400");
  assert_int_equal(vb_store_sources(d, s, a, &refs, &n), VB_OK);
  assert_int_equal(n, VB_SOURCES_MAX);
  assert_int_equal(vb_store_sources_more(s), 700 - VB_SOURCES_MAX);
  vb_store_trace_start(s);
  assert_int_equal(vb_store_sources_more(s), 0);
  is("SELECT sum(val('1.1', '2023', code)) FROM unit", "1400");
  assert_int_equal(vb_store_sources(d, s, a, &refs, &n), VB_OK);
  assert_int_equal(n, VB_SOURCES_MAX);
  assert_int_equal(vb_store_sources_more(s), 700 - VB_SOURCES_MAX);
  vb_arena_free(a);
}

static void test_text(void **state)
{
  (void)state;
  static const struct { const char *sql, *want; } list[] = {
    {"num(1714)", "1.714"}, {"num(5610, 2)", "56,10"}, {"num(-12, 1)", "-1,2"}, {"num(NULL)", "NULL"}, {"count2(2)", "02"}, {"count2(0)", "00"},
    {"count2(139)", "139"}, {"money(12900000)", "12.900.000 đồng"}, {"words(33900000)", "ba mươi ba triệu chín trăm nghìn"},
    {"capital(words(1005000)) || ' đồng'", "Một triệu không trăm linh năm nghìn đồng"}, {"roman(4)", "IV"}, {"letter(5)", "đ"}, {"letter(NULL)", "NULL"}, {"roman(NULL)", "NULL"}, {"words(NULL)", "NULL"}, {"period_prev(NULL)", "NULL"},
    {"date_long('2023-12-06')", "ngày 06 tháng 12 năm 2023"}, {"date_short('2022-04-15')", "15/4/2022"}, {"date_add('2023-12-30', 3)", "2024-01-02"},
    {"date_add('2024-03-01', -1)", "2024-02-29"}, {"year('2023-12-06') || '.' || month('2023-12-06') || '.' || day('2023-12-06')", "2023.12.6"},
    {"quarter('2023-03-31') || quarter('2023-04-01') || quarter('2023-12-31')", "124"}, {"period_prev('2023')", "2022"},
    {"period_prev('2023-9T')", "2022-9T"}, {"upper('ủy ban')", "ỦY BAN"}, {"lower('ĐƯỜNG')", "đường"}, {"capital('ủy ban')", "Ủy ban"},
    {"fold('Hoà  Bình') = fold('hòa bình')", "1"}, {"plain('Quảng Thọ')", "quang tho"}, {"date_long(NULL)", "NULL"}, {"upper(NULL)", "NULL"},
  };
  for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
    char sql[160];
    snprintf(sql, sizeof sql, "SELECT %s", list[i].sql);
    is(sql, list[i].want);
  }
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
  const struct CMUnitTest tests[] = {
    T(test_ratio), T(test_val), T(test_rollup), T(test_rollup_circle), T(test_rollup_large), T(test_trace), T(test_trace_many), T(test_text),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
