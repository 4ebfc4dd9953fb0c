/* Memory: the allocator table, arenas with save and restore, spans and buffers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

static void test_status(void **state)
{
  (void)state;
  assert_int_equal(vb_worse(VB_OK, VB_BAD), VB_BAD);
  assert_int_equal(vb_worse(VB_NOMEM, VB_SYSTEM), VB_NOMEM);
  assert_int_equal(vb_worse(VB_USAGE, VB_BAD), VB_USAGE);
}

static void test_mem(void **state)
{
  (void)state;
  char *a = vb_mem_alloc(0), *b = vb_mem_alloc(0);
  assert_non_null(a);
  assert_non_null(b);
  assert_ptr_not_equal(a, b);
  vb_mem_free(a);
  vb_mem_free(b);
  vb_mem_free(NULL);
  char *z = vb_mem_zalloc(100);
  for (int i = 0; i < 100; i++)
    assert_int_equal(z[i], 0);
  strcpy(z, "kept");
  z = vb_mem_resize(z, 100000);
  assert_string_equal(z, "kept");
  z = vb_mem_resize(z, 0);
  assert_non_null(z);
  vb_mem_free(z);
  z = vb_mem_resize(NULL, 5);
  assert_non_null(z);
  vb_mem_free(z);
}

/* Fills an arena with blocks of many sizes, each with a pattern of its own, and sees them all whole at the end. */
static void test_arena_whole(void **state)
{
  (void)state;
  enum { COUNT = 2000 };
  static unsigned char *p[COUNT];
  vb_arena *a = vb_arena_new(1000);
  size_t total = 0;
  for (int i = 0; i < COUNT; i++) {
    size_t n = (size_t)(i * 37 % 3001);
    p[i] = vb_arena_alloc(a, n);
    assert_non_null(p[i]);
    assert_int_equal((uintptr_t)p[i] % _Alignof(max_align_t), 0);
    for (size_t k = 0; k < n; k++)
      assert_int_equal(p[i][k], 0);
    memset(p[i], i % 251, n);
    total += n;
  }
  for (int i = 0; i < COUNT; i++)
    for (size_t k = 0; k < (size_t)(i * 37 % 3001); k++)
      assert_int_equal(p[i][k], i % 251);
  assert_true(vb_arena_bytes(a) >= total);
  vb_arena_free(a);
  vb_arena_free(NULL);
}

static void test_arena_restore(void **state)
{
  (void)state;
  vb_arena *a = vb_arena_new(256);
  vb_arena_mark empty = vb_arena_save(a);
  vb_arena_restore(a, empty); /* nothing yet: nothing to do */
  char *kept = vb_arena_str(a, "kept", 4);
  vb_arena_mark mark = vb_arena_save(a);
  char *after = vb_arena_str(a, "dropped", 7);
  for (int i = 0; i < 50; i++)
    vb_arena_alloc(a, 100);
  size_t held = vb_arena_bytes(a);
  vb_arena_restore(a, mark);
  assert_string_equal(kept, "kept");
#if defined(__SANITIZE_ADDRESS__)
  assert_true(__asan_address_is_poisoned(after)); /* use after restore is found */
  assert_true(__asan_address_is_poisoned(kept + 5)); /* and a run over the end */
#endif
  char *again = vb_arena_alloc(a, 8);
  assert_ptr_equal(again, after);
  for (int k = 0; k < 8; k++)
    assert_int_equal(again[k], 0); /* zeroed although used before */
  for (int i = 0; i < 50; i++)
    vb_arena_alloc(a, 100);
  assert_int_equal(vb_arena_bytes(a), held); /* the blocks were used again */
  vb_arena_restore(a, empty);
  assert_ptr_equal(vb_arena_alloc(a, 1), kept);
  vb_arena_free(a);
}

/* Nested marks, and many rounds with sizes that never fit the kept blocks: what is held stays bounded. */
static void test_arena_rounds(void **state)
{
  (void)state;
  vb_arena *a = vb_arena_new(1024);
  for (int round = 0; round < 300; round++) {
    vb_arena_mark outer = vb_arena_save(a);
    char *x = vb_arena_printf(a, "outer %d", round);
    vb_arena_mark inner = vb_arena_save(a);
    for (int i = 0; i < 20; i++)
      assert_non_null(vb_arena_alloc(a, (size_t)((round * 7919 + i * 104729) % 9000)));
    vb_arena_restore(a, inner);
    char want[32];
    snprintf(want, sizeof want, "outer %d", round);
    assert_string_equal(x, want);
    if (round % 3)
      vb_arena_restore(a, outer);
    else
      vb_arena_reset(a);
    assert_true(vb_arena_bytes(a) < 40 * 10000);
  }
  vb_arena_free(a);
}

static void test_arena_limits(void **state)
{
  (void)state;
  vb_arena *a = vb_arena_new(0);
  assert_null(vb_arena_alloc(a, SIZE_MAX));
  assert_null(vb_arena_alloc(a, SIZE_MAX - 8));
  assert_null(VB_NEW_ARRAY(a, uint64_t, SIZE_MAX / 4)); /* the product wraps to a small number */
  assert_null(VB_NEW_ARRAY(a, uint64_t, -1));
  assert_null(vb_arena_str(a, "x", SIZE_MAX));
  int *n = VB_NEW_ARRAY(a, int, 0), *m = VB_NEW(a, int);
  assert_non_null(n);
  assert_ptr_not_equal(n, m);
  assert_memory_equal(vb_arena_copy(a, "abc", 3), "abc", 3);
  assert_string_equal(vb_arena_printf(a, "%s-%d", "x", 5), "x-5");
  vb_arena_free(a);
}

static void test_spans(void **state)
{
  (void)state;
  assert_int_equal(vb_span_of(NULL).n, 0);
  assert_true(vb_span_eq(VB_LIT("abc"), vb_span_of("abc")));
  assert_false(vb_span_eq(VB_LIT("abc"), VB_LIT("abd")));
  assert_true(vb_span_is(VB_LIT(""), ""));
  assert_true(vb_span_eq((vb_span){NULL, 0}, VB_LIT("")));
  assert_true(vb_span_cmp(VB_LIT("ab"), VB_LIT("abc")) < 0);
  assert_true(vb_span_cmp(VB_LIT("b"), VB_LIT("abc")) > 0);
  assert_true(vb_span_cmp(VB_LIT("\xC3"), VB_LIT("a")) > 0); /* bytes have no sign */
  assert_int_equal(vb_span_cmp(VB_LIT("a"), VB_LIT("a")), 0);
  assert_true(vb_span_is(vb_span_trim(VB_LIT(" \t\xC2\xA0 x y\xC2\xA0\r\n")), "x y"));
  assert_true(vb_span_is(vb_span_trim(VB_LIT(" \xC2\xA0 ")), ""));
  assert_true(vb_span_is(vb_span_trim(VB_LIT("\xC3\xA0")), "\xC3\xA0")); /* à ends in the byte A0, but is no space */
  assert_true(vb_span_starts(VB_LIT("abc"), "ab"));
  assert_true(vb_span_starts(VB_LIT("abc"), ""));
  assert_false(vb_span_starts(VB_LIT("a"), "ab"));
}

static void test_buf(void **state)
{
  (void)state;
  vb_buf b;
  vb_buf_init(&b);
  assert_string_equal(vb_buf_cstr(&b), "");
  for (int i = 0; i < 5000; i++)
    vb_buf_char(&b, (char)('a' + i % 26));
  assert_int_equal(b.n, 5000);
  assert_true(b.cap > b.n);
  for (int i = 0; i < 5000; i++)
    assert_int_equal(b.p[i], 'a' + i % 26);
  size_t cap = b.cap;
  vb_buf_clear(&b);
  assert_int_equal(b.cap, cap);
  vb_buf_str(&b, "n=");
  vb_buf_int(&b, INT64_MIN);
  vb_buf_printf(&b, " %s %05d", "chữ", 42);
  vb_buf_span(&b, VB_LIT("!"));
  vb_buf_span(&b, (vb_span){NULL, 0});
  assert_string_equal(vb_buf_cstr(&b), "n=-9223372036854775808 chữ 00042!");
  vb_buf_free(&b);
  assert_null(b.p);
}

static void test_buf_failed(void **state)
{
  (void)state;
  vb_buf b;
  vb_buf_init(&b);
  vb_buf_str(&b, "abc");
  assert_false(vb_buf_reserve(&b, SIZE_MAX - 1));
  assert_true(b.failed);
  vb_buf_str(&b, "more");
  assert_int_equal(b.n, 3);
  assert_string_equal(vb_buf_cstr(&b), "");
  vb_buf_clear(&b);
  assert_true(b.failed); /* a failure is not lost by using the buffer again */
  vb_buf_free(&b);
  assert_false(b.failed);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_status),       cmocka_unit_test(test_mem),          cmocka_unit_test(test_arena_whole),
    cmocka_unit_test(test_arena_restore), cmocka_unit_test(test_arena_rounds), cmocka_unit_test(test_arena_limits),
    cmocka_unit_test(test_spans),        cmocka_unit_test(test_buf),          cmocka_unit_test(test_buf_failed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
