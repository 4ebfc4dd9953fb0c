/* Decimals: worked examples, and every operation against plain 128-bit arithmetic over generated values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"

__extension__ typedef __int128 wide;

static uint64_t seed = 20231231;

/* xorshift64*: the same values on every machine. */
static uint64_t next(void)
{
  seed ^= seed >> 12;
  seed ^= seed << 25;
  seed ^= seed >> 27;
  return seed * UINT64_C(2685821657736338717);
}

/* Values of every size: a uniform one would hardly ever be small. */
static vb_dec any(void)
{
  uint64_t n = next() >> (next() % 64);
  int64_t v = (int64_t)(n & INT64_MAX);
  if (next() % 64 == 0)
    v = next() % 2 ? INT64_MAX : INT64_MIN + 1;
  return (vb_dec){next() % 2 ? v : -v, (int)(next() % (VB_DEC_PLACES_MAX + 1))};
}

static wide ten(int places)
{
  wide p = 1;
  while (places-- > 0)
    p *= 10;
  return p;
}

static wide size_of(wide n)
{
  return n < 0 ? -n : n;
}

/* Checks that r / by is n rounded half away from zero, without dividing: |n - r * by| <= by / 2, and on a tie r is the larger. */
static bool rounded(wide n, wide by, wide r)
{
  if (by < 0) {
    n = -n;
    by = -by;
  }
  wide rest = n - r * by;
  if (2 * size_of(rest) < by)
    return true;
  return 2 * size_of(rest) == by && size_of(r) * by > size_of(n);
}

static bool fits(wide n)
{
  return n <= INT64_MAX && n >= INT64_MIN;
}

/* Whether n / by rounded fits an int64. */
static bool quotient_fits(wide n, wide by)
{
  bool below = (n < 0) != (by < 0);
  wide top = below ? -(wide)INT64_MIN : (wide)INT64_MAX; /* fits: |n| < (top + 1/2) * |by| */
  return 2 * (size_of(n) / size_of(by) - top) < 1 &&
         (size_of(n) / size_of(by) < top || 2 * (size_of(n) % size_of(by)) < size_of(by));
}

static void test_add_sub(void **state)
{
  (void)state;
  int overflows = 0;
  for (int i = 0; i < 200000; i++) {
    vb_dec a = any(), b = any(), r = {77, 7};
    int places = a.places > b.places ? a.places : b.places;
    wide x = (wide)a.n * ten(places - a.places), y = (wide)b.n * ten(places - b.places);
    assert_int_equal(vb_dec_add(a, b, &r), fits(x + y));
    if (fits(x + y)) {
      assert_true(r.n == x + y && r.places == places);
    } else {
      assert_true(r.n == 77 && r.places == 7); /* untouched */
      overflows++;
    }
    assert_int_equal(vb_dec_sub(a, b, &r), fits(x - y));
    if (fits(x - y))
      assert_true(r.n == x - y && r.places == places);
  }
  assert_in_range(overflows, 1000, 150000); /* both ways were taken */
}

static void test_mul(void **state)
{
  (void)state;
  int cut = 0;
  for (int i = 0; i < 200000; i++) {
    vb_dec a = any(), b = any(), r;
    wide n = (wide)a.n * b.n, by = 1;
    int places = a.places + b.places;
    if (places > VB_DEC_PLACES_MAX) {
      by = ten(places - VB_DEC_PLACES_MAX);
      places = VB_DEC_PLACES_MAX;
    }
    bool ok = vb_dec_mul(a, b, &r);
    assert_int_equal(ok, quotient_fits(n, by));
    if (ok) {
      assert_int_equal(r.places, places);
      assert_true(rounded(n, by, r.n));
      cut += by > 1;
    }
  }
  assert_in_range(cut, 1000, 200000);
}

static void test_ratio(void **state)
{
  (void)state;
  int done = 0;
  for (int i = 0; i < 200000; i++) {
    vb_dec a = any(), b = any(), r;
    int places = (int)(next() % (VB_DEC_PLACES_MAX + 1));
    bool ok = vb_dec_ratio(a, b, places, &r);
    if (b.n == 0) {
      assert_false(ok);
      continue;
    }
    wide n = (wide)a.n * ten(b.places) * ten(places), by = (wide)b.n * ten(a.places);
    assert_int_equal(ok, quotient_fits(n, by));
    if (ok) {
      assert_int_equal(r.places, places);
      assert_true(rounded(n, by, r.n));
      done++;
    }
  }
  assert_in_range(done, 1000, 200000);
}

static void test_rescale(void **state)
{
  (void)state;
  for (int i = 0; i < 200000; i++) {
    vb_dec a = any(), r;
    int places = (int)(next() % (VB_DEC_PLACES_MAX + 1));
    bool ok = vb_dec_rescale(a, places, &r);
    if (places >= a.places) {
      wide n = (wide)a.n * ten(places - a.places);
      assert_int_equal(ok, fits(n));
      if (ok)
        assert_true(r.n == n && r.places == places);
    } else {
      assert_true(ok);
      assert_true(rounded(a.n, ten(a.places - places), r.n) && r.places == places);
    }
  }
}

static void test_cmp(void **state)
{
  (void)state;
  for (int i = 0; i < 200000; i++) {
    vb_dec a = any(), b = any();
    if (i % 4 == 0) {
      b = a;
      b.n = b.n / 2 * 2 - b.n % 2; /* the same or its neighbour, within range */
    }
    wide x = (wide)a.n * ten(9 - a.places), y = (wide)b.n * ten(9 - b.places);
    assert_int_equal(vb_dec_cmp(a, b), (x > y) - (x < y));
    assert_int_equal(vb_dec_cmp(b, a), (x < y) - (x > y));
  }
}

static void test_examples(void **state)
{
  (void)state;
  vb_dec r;
  assert_true(vb_dec_ratio((vb_dec){1, 0}, (vb_dec){8, 0}, 2, &r) && r.n == 13); /* 0.125 */
  assert_true(vb_dec_ratio((vb_dec){-1, 0}, (vb_dec){8, 0}, 2, &r) && r.n == -13);
  assert_true(vb_dec_ratio((vb_dec){1, 0}, (vb_dec){-8, 0}, 2, &r) && r.n == -13);
  assert_true(vb_dec_ratio((vb_dec){96100, 0}, (vb_dec){1714, 0}, 1, &r) && r.n == 561);
  assert_true(vb_dec_rescale((vb_dec){249, 2}, 1, &r) && r.n == 25);
  assert_true(vb_dec_rescale((vb_dec){244, 2}, 1, &r) && r.n == 24);
  assert_true(vb_dec_mul((vb_dec){561, 1}, (vb_dec){2, 0}, &r) && r.n == 1122 && r.places == 1);
  assert_false(vb_dec_ratio((vb_dec){1, 0}, (vb_dec){0, 3}, 2, &r));
  assert_false(vb_dec_ratio((vb_dec){INT64_MIN, 0}, (vb_dec){-1, 0}, 0, &r));
  assert_true(vb_dec_ratio((vb_dec){INT64_MIN, 0}, (vb_dec){1, 0}, 0, &r) && r.n == INT64_MIN);
  assert_false(vb_dec_add((vb_dec){INT64_MAX, 0}, (vb_dec){1, 0}, &r));
  assert_false(vb_dec_rescale((vb_dec){1, 10}, 0, &r)); /* outside the contract */
  assert_false(vb_dec_rescale((vb_dec){1, 0}, -1, &r));
}

static void prints(int64_t n, int places, const char *want)
{
  char text[32];
  assert_int_equal(vb_dec_print((vb_dec){n, places}, text, sizeof text), strlen(want));
  assert_string_equal(text, want);
}

static void test_print(void **state)
{
  (void)state;
  prints(-1250, 2, "-12.50");
  prints(-5, 2, "-0.05");
  prints(0, 3, "0.000");
  prints(1714, 0, "1714");
  prints(INT64_MIN, 9, "-9223372036.854775808");
  prints(INT64_MAX, 0, "9223372036854775807");
  char small[4];
  assert_int_equal(vb_dec_print((vb_dec){123456, 1}, small, sizeof small), 7);
  assert_string_equal(small, "123");
}

/* libc's own reading of the printed figure is the nearest double. */
static void test_to_double(void **state)
{
  (void)state;
  for (int i = 0; i < 100000; i++) {
    vb_dec a = any();
    if (a.n > INT64_C(1) << 53 || a.n < -(INT64_C(1) << 53))
      continue;
    char text[32];
    vb_dec_print(a, text, sizeof text);
    assert_true(vb_dec_to_double(a) == strtod(text, NULL));
  }
  assert_true(vb_dec_to_double((vb_dec){INT64_MIN, 0}) == -9223372036854775808.0);
}

/* Places that no decimal has: refused by each, not looked up behind the end of a table. */
static void test_places(void **state)
{
  (void)state;
  const vb_dec good = {15, 1}, bad[] = {{15, -1}, {15, VB_DEC_PLACES_MAX + 1}};
  vb_dec r;
  for (int i = 0; i < 2; i++) {
    assert_false(vb_dec_add(good, bad[i], &r));
    assert_false(vb_dec_add(bad[i], good, &r));
    assert_false(vb_dec_sub(good, bad[i], &r));
    assert_false(vb_dec_mul(bad[i], good, &r));
    assert_false(vb_dec_rescale(bad[i], 1, &r));
    assert_false(vb_dec_rescale(good, bad[i].places, &r));
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_examples), cmocka_unit_test(test_add_sub), cmocka_unit_test(test_mul),
    cmocka_unit_test(test_ratio),    cmocka_unit_test(test_rescale), cmocka_unit_test(test_cmp),
    cmocka_unit_test(test_print),    cmocka_unit_test(test_to_double),
    cmocka_unit_test(test_places),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
