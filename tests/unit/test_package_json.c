/* JSON as the program writes it: what is set apart, what is no UTF-8, members and their indents. jansson reads it back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <jansson.h>

#include "package/json_print.h"

static const char *text_of(vb_buf *out, const char *s)
{
  vb_buf_clear(out);
  vb_json_text(out, s);
  return vb_buf_cstr(out);
}

static void test_text(void **state)
{
  (void)state;
  vb_buf out;
  vb_buf_init(&out);
  assert_string_equal(text_of(&out, NULL), "null");
  assert_string_equal(text_of(&out, ""), "\"\"");
  assert_string_equal(text_of(&out, "xã Mẫu"), "\"xã Mẫu\"");
  assert_string_equal(text_of(&out, "\"a\\b\"\n\t\r\b\f\x01\x1F/\x7F"), "\"\\\"a\\\\b\\\"\\n\\t\\r\\b\\f\\u0001\\u001F/\x7F\"");
  assert_string_equal(text_of(&out, "a\xFF"), "\"a\xEF\xBF\xBD\"");
  assert_string_equal(text_of(&out, "\xC3\"\xE1\xBB"), "\"\xEF\xBF\xBD\\\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
  vb_buf_free(&out);
}

/* Each byte in three places of a text: it is JSON, and where the text was UTF-8 it is that text. */
static void test_every_byte(void **state)
{
  (void)state;
  vb_buf out;
  vb_buf_init(&out);
  for (int c = 1; c < 256; c++) {
    const char text[] = {'x', (char)c, 'y', (char)c, 'z', (char)c, 0};
    json_error_t error;
    json_t *back = json_loads(text_of(&out, text), JSON_DECODE_ANY, &error);
    assert_non_null(back);
    if (c < 0x80)
      assert_string_equal(json_string_value(back), text);
    json_decref(back);
  }
  vb_buf_free(&out);
}

static void test_members(void **state)
{
  (void)state;
  vb_buf out;
  vb_buf_init(&out);
  vb_json j = {.out = &out};
  vb_json_open(&j, NULL, '{');
  vb_json_put(&j, "a", "b");
  vb_json_put_int(&j, "n", -12);
  vb_json_open(&j, "none", '[');
  vb_json_close(&j, ']');
  vb_json_open(&j, "list", '[');
  vb_json_next(&j, NULL);
  vb_json_points(&out, "", 85000);
  vb_json_next(&j, NULL);
  vb_json_points(&out, "", -362971);
  vb_json_open(&j, NULL, '{');
  vb_json_put(&j, "c", NULL);
  vb_json_close(&j, '}');
  vb_json_close(&j, ']');
  vb_json_open(&j, "empty", '{');
  vb_json_close(&j, '}');
  vb_json_close(&j, '}');
  const char *want = "{\n \"a\": \"b\",\n \"n\": -12,\n \"none\": [],\n \"list\": [\n  85.0,\n  -362.971,\n  {\n   \"c\": null\n  }\n ],\n \"empty\": {}\n}";
  assert_string_equal(vb_buf_cstr(&out), want);
  json_error_t error;
  json_t *read = json_loads(want, 0, &error);
  assert_non_null(read);
  char *again = json_dumps(read, JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9));
  assert_string_equal(again, want);
  free(again);
  json_decref(read);
  vb_buf_free(&out);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_text), cmocka_unit_test(test_every_byte), cmocka_unit_test(test_members)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
