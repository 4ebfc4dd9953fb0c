/* Dates: against weekdays known from history, and against counting day by day over two hundred years. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"

static void test_weekdays(void **state)
{
  (void)state;
  static const struct { vb_date d; int weekday; } known[] = {
    {{1945, 9, 2}, 6},  /* Sunday: the declaration of independence */
    {{1954, 5, 7}, 4},  /* Friday: Điện Biên Phủ */
    {{1969, 7, 20}, 6}, /* Sunday: the moon */
    {{1970, 1, 1}, 3},  /* Thursday */
    {{1975, 4, 30}, 2}, /* Wednesday */
    {{2000, 2, 29}, 1}, /* Tuesday */
    {{2020, 3, 5}, 3},  /* Thursday: the decree on documents was signed */
    {{1582, 10, 15}, 4}, /* Friday: the first day of the calendar */
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    assert_int_equal(vb_date_weekday(known[i].d), known[i].weekday);
}

/* A day later, by the rules as they are taught. */
static vb_date tomorrow(vb_date d)
{
  int length = d.month == 2 ? 28 : d.month == 4 || d.month == 6 || d.month == 9 || d.month == 11 ? 30 : 31;
  if (d.month == 2 && d.year % 4 == 0 && (d.year % 100 != 0 || d.year % 400 == 0))
    length = 29;
  if (d.day < length)
    return (vb_date){d.year, d.month, (uint8_t)(d.day + 1)};
  if (d.month < 12)
    return (vb_date){d.year, (uint8_t)(d.month + 1), 1};
  return (vb_date){(int16_t)(d.year + 1), 1, 1};
}

static void walk(vb_date d, int16_t until)
{
  int32_t days = vb_date_days(d);
  int weekday = vb_date_weekday(d);
  while (d.year < until) {
    assert_true(vb_date_valid(d));
    assert_int_equal(vb_date_days(d), days);
    assert_int_equal(vb_date_weekday(d), weekday);
    assert_int_equal(vb_date_cmp(vb_date_from_days(days), d), 0);
    char text[11];
    vb_date back;
    assert_int_equal(vb_date_print_iso(d, text), 10);
    assert_true(vb_date_parse_iso(vb_span_of(text), &back));
    assert_int_equal(vb_date_cmp(back, d), 0);
    vb_date after = tomorrow(d);
    assert_int_equal(vb_date_cmp(d, after), -1);
    assert_int_equal(vb_date_cmp(after, d), 1);
    d = after;
    days++;
    weekday = (weekday + 1) % 7;
  }
}

static void test_every_day(void **state)
{
  (void)state;
  walk((vb_date){1899, 1, 1}, 2101);
  walk((vb_date){1, 1, 1}, 9); /* the ends of the calendar */
  walk((vb_date){9990, 1, 1}, 9999);
  assert_int_equal(vb_date_days((vb_date){1970, 1, 1}), 0);
}

static void test_bounds(void **state)
{
  (void)state;
  int32_t first = vb_date_days((vb_date){1, 1, 1}), last = vb_date_days((vb_date){9999, 12, 31});
  assert_int_equal(vb_date_cmp(vb_date_from_days(first), (vb_date){1, 1, 1}), 0);
  assert_int_equal(vb_date_cmp(vb_date_from_days(last), (vb_date){9999, 12, 31}), 0);
  assert_int_equal(vb_date_from_days(first - 1).year, 0);
  assert_int_equal(vb_date_from_days(last + 1).year, 0);
  assert_int_equal(vb_date_from_days(INT32_MAX).year, 0);
  assert_int_equal(vb_date_from_days(INT32_MIN).year, 0);
}

static void test_refused(void **state)
{
  (void)state;
  static const char *const bad[] = {
    "",           "2023-2-01",  "2023-02-29", "2024-02-30", "1900-02-29", "2023-00-10", "2023-13-01", "2023-04-31", "2023-01-00", "0000-01-01",
    "2023/01/01", "2023-01-0a", "2023-01-011", "-023-01-01", " 2023-01-01", "2023-01-32", "20230-01-01",
  };
  vb_date d = {7, 7, 7};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_false(vb_date_parse_iso(vb_span_of(bad[i]), &d));
  assert_int_equal(d.year, 7);
  assert_true(vb_date_parse_iso(VB_LIT("2000-02-29"), &d));
  assert_false(vb_date_valid((vb_date){0, 0, 0}));
  assert_false(vb_date_valid((vb_date){10000, 1, 1}));
  char text[11] = "x";
  assert_int_equal(vb_date_print_iso((vb_date){2023, 2, 30}, text), 0);
  assert_string_equal(text, "");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_weekdays),
    cmocka_unit_test(test_every_day),
    cmocka_unit_test(test_bounds),
    cmocka_unit_test(test_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
