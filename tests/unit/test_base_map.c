/* Maps: many keys, order, replacement; edit distance against the plain full-table algorithm; the nearest name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"

typedef struct walk {
  int next, count;
} walk;

static void see(void *ctx, vb_span key, void *value)
{
  walk *w = ctx;
  char want[16];
  snprintf(want, sizeof want, "key-%d", w->next++);
  assert_true(vb_span_is(key, want));
  assert_non_null(value);
  w->count++;
}

static void test_many(void **state)
{
  (void)state;
  enum { COUNT = 20000 };
  static int values[COUNT];
  vb_map *m = vb_map_new();
  char key[16];
  for (int i = 0; i < COUNT; i++) {
    snprintf(key, sizeof key, "key-%d", i);
    assert_true(vb_map_put(m, vb_span_of(key), &values[i]));
  }
  memset(key, 'x', sizeof key); /* keys are copies */
  for (int i = 0; i < COUNT; i += 7) {
    snprintf(key, sizeof key, "key-%d", i);
    assert_true(vb_map_put(m, vb_span_of(key), &values[COUNT - 1 - i])); /* replaced, in its old place */
  }
  assert_int_equal(vb_map_count(m), COUNT);
  for (int i = 0; i < COUNT; i++) {
    snprintf(key, sizeof key, "key-%d", i);
    assert_ptr_equal(vb_map_get(m, vb_span_of(key)), &values[i % 7 ? i : COUNT - 1 - i]);
  }
  assert_null(vb_map_get(m, VB_LIT("key-")));
  assert_ptr_equal(vb_map_meet(m, VB_LIT("key-1"), &values[9]), &values[1]);
  assert_int_equal(vb_map_count(m), COUNT);
  walk w = {0, 0};
  vb_map_each(m, see, &w);
  assert_int_equal(w.count, COUNT);
  assert_ptr_equal(vb_map_meet(m, VB_LIT("new"), &values[9]), &values[9]);
  assert_ptr_equal(vb_map_get(m, VB_LIT("new")), &values[9]);
  vb_map_free(m);
  vb_map_free(NULL);
}

static void test_odd_keys(void **state)
{
  (void)state;
  int a, b, c;
  vb_map *m = vb_map_new();
  assert_null(vb_map_get(m, VB_LIT("")));
  assert_true(vb_map_put(m, (vb_span){NULL, 0}, &a));
  assert_true(vb_map_put(m, VB_LIT("x\0y"), &b));
  assert_true(vb_map_put(m, VB_LIT("x"), &c));
  assert_ptr_equal(vb_map_get(m, VB_LIT("")), &a);
  assert_ptr_equal(vb_map_get(m, VB_LIT("x\0y")), &b);
  assert_ptr_equal(vb_map_get(m, VB_LIT("x")), &c);
  assert_int_equal(vb_map_count(m), 3);
  vb_map_free(m);
}

static unsigned char low(char c)
{
  return (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

/* The textbook: optimal string alignment on a full table. */
static size_t plain(const char *a, const char *b)
{
  static size_t t[32][32];
  size_t n = strlen(a), m = strlen(b);
  for (size_t i = 0; i <= n; i++)
    for (size_t j = 0; j <= m; j++) {
      if (i == 0 || j == 0) {
        t[i][j] = i + j;
        continue;
      }
      size_t cost = low(a[i - 1]) != low(b[j - 1]), v = t[i - 1][j - 1] + cost;
      if (t[i - 1][j] + 1 < v)
        v = t[i - 1][j] + 1;
      if (t[i][j - 1] + 1 < v)
        v = t[i][j - 1] + 1;
      if (i > 1 && j > 1 && low(a[i - 1]) == low(b[j - 2]) && low(a[i - 2]) == low(b[j - 1]) && t[i - 2][j - 2] + 1 < v)
        v = t[i - 2][j - 2] + 1;
      t[i][j] = v;
    }
  return t[n][m];
}

static void test_distance(void **state)
{
  (void)state;
  uint32_t r = 12345;
  char s[2][16];
  for (int i = 0; i < 50000; i++) {
    for (int k = 0; k < 2; k++) {
      r = r * 1664525u + 1013904223u;
      size_t n = (r >> 16) % 11;
      for (size_t j = 0; j < n; j++) {
        r = r * 1664525u + 1013904223u;
        s[k][j] = "abcA"[(r >> 20) % 4];
      }
      s[k][n] = '\0';
    }
    size_t want = plain(s[0], s[1]);
    for (size_t limit = 0; limit < 12; limit++)
      assert_int_equal(vb_edit_distance(vb_span_of(s[0]), vb_span_of(s[1]), limit), want > limit ? limit + 1 : want);
    assert_int_equal(vb_edit_distance(vb_span_of(s[0]), vb_span_of(s[1]), SIZE_MAX), want);
  }
  assert_int_equal(vb_edit_distance(VB_LIT("kitten"), VB_LIT("sitting"), 9), 3);
  assert_int_equal(vb_edit_distance(VB_LIT("ab"), VB_LIT("BA"), 9), 1);
}

static void test_nearest(void **state)
{
  (void)state;
  static const char *const keys[] = {"indicator", "unit", "period", "document", "value", "so-lieu"};
  vb_map *m = vb_map_new();
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    assert_true(vb_map_put(m, vb_span_of(keys[i]), m));
  assert_true(vb_span_is(vb_map_nearest(m, VB_LIT("indciator")), "indicator"));
  assert_true(vb_span_is(vb_map_nearest(m, VB_LIT("Unit")), "unit"));
  assert_true(vb_span_is(vb_map_nearest(m, VB_LIT("documents")), "document"));
  assert_true(vb_span_is(vb_map_nearest(m, VB_LIT("solieu")), "so-lieu"));
  assert_int_equal(vb_map_nearest(m, VB_LIT("commune")).n, 0);
  assert_int_equal(vb_map_nearest(m, VB_LIT("x")).n, 0);
  assert_int_equal(vb_map_nearest(m, VB_LIT("")).n, 0);
  assert_true(vb_map_put(m, VB_LIT("unis"), m));
  assert_true(vb_span_is(vb_map_nearest(m, VB_LIT("unix")), "unit")); /* of equals, the first put */
  vb_map_free(m);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_many),
    cmocka_unit_test(test_odd_keys),
    cmocka_unit_test(test_distance),
    cmocka_unit_test(test_nearest),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
