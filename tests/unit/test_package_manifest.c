/* The manifest: valid by its own schema, and read back; the schema notices what is wrong. */
#define _DEFAULT_SOURCE
#include "manifest_make.h"

#include <stdlib.h>

#include <jansson.h>

#define PATH "build/test_package_manifest.json"
#define CHECK "python3 tests/schema.py templates/schemas/manifest.schema.json " PATH

static void test_valid(void **state)
{
  (void)state;
  vb_manifest *m = manifest_make(12), *back = NULL;
  vb_buf json;
  vb_buf_init(&json);
  assert_int_equal(vb_manifest_print(d, m, VB_VI, &json), VB_OK);
  assert_int_equal(vb_file_write(d, PATH, json.p, json.n), VB_OK);
  assert_int_equal(system(CHECK), 0);
  assert_int_equal(vb_manifest_read(d, PATH, &back), VB_OK);
  assert_int_equal(back->n_docs, 12);
  assert_int_equal(back->docs[1].signatures, 2);
  assert_int_equal(back->docs[0].slots[0].y, 700500);
  assert_string_equal(back->docs[1].findings->waived.who, "VP-TK");
  vb_buf again; /* who reads one and writes it, as sign does, changes nothing: ids of findings stay, too */
  vb_buf_init(&again);
  assert_int_equal(vb_manifest_print(d, back, VB_VI, &again), VB_OK);
  assert_string_equal(vb_buf_cstr(&again), vb_buf_cstr(&json));
  vb_buf_free(&again);
  vb_manifest_free(back);
  vb_manifest_free(m);
  vb_buf_free(&json);
}

/* It is put together from pieces, and inputs are printed without a table of their own: the whole is what jansson prints of it. */
static void test_one_print(void **state)
{
  (void)state;
  static vb_man_input inputs[] = {{.path = "noi-dung/10001/số \"II\\6\".txt", .bytes = 0}, {.path = "a\tb\n\x01.csv", .bytes = UINT64_C(1) << 40}};
  vb_manifest *m = manifest_make(3);
  vb_buf json;
  vb_buf_init(&json);
  for (size_t i = 0; i < 2; i++) assert_true(vb_sha256(inputs[i].path, strlen(inputs[i].path), inputs[i].sha256));
  m->inputs = inputs;
  m->n_inputs = 2;
  assert_int_equal(vb_manifest_print(d, m, VB_VI, &json), VB_OK);
  json_t *whole = json_loadb(json.p, json.n, 0, NULL);
  assert_non_null(whole);
  char *printed = json_dumps(whole, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
  assert_non_null(printed);
  assert_string_equal(vb_arena_printf(a, "%s\n", printed), vb_buf_cstr(&json));
  assert_string_equal(json_string_value(json_object_get(json_array_get(json_object_get(whole, "inputs"), 1), "path")), inputs[1].path);
  free(printed);
  json_decref(whole);
  vb_manifest_free(m);
  vb_buf_free(&json);
}

/* Each change breaks one rule of the schema. */
static void test_schema_bites(void **state)
{
  (void)state;
  static const char *const changes[][2] = {
    {"\"format\": 1", "\"format\": 2"}, {"\"status\": \"written\"", "\"status\": \"made\""}, {"\"type\": \"pdf\"", "\"type\": \"doc\""}, {"\"pages\": 20", "\"pages\": -1"},
    {"\"severity\": \"error\"", "\"severity\": \"bad\""}, {"\"line\": 14", "\"line\": \"14\""}, {"\"sha256\": \"c", "\"sha256\": \"C"}, {"\"job\"", "\"Job\""},
    {"\"signatures\": 0,", ""}, {"\"date\": \"2023-12-06\"", "\"date\": \"06/12/2023\""}, {"\"path\": \"QT", "\"path\": \"/QT"}};
  vb_manifest *m = manifest_make(4);
  vb_buf json;
  vb_buf_init(&json);
  assert_int_equal(vb_manifest_print(d, m, VB_EN, &json), VB_OK);
  const char *text = vb_buf_cstr(&json);
  for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
    const char *at = strstr(text, changes[i][0]);
    if (!at) fail_msg("%s", changes[i][0]);
    const char *changed = vb_arena_printf(a, "%.*s%s%s", (int)(at - text), text, changes[i][1], at + strlen(changes[i][0]));
    assert_int_equal(vb_file_write(d, PATH, changed, strlen(changed)), VB_OK);
    if (system(CHECK " >/dev/null") == 0) fail_msg("%s", changes[i][1]);
  }
  vb_manifest_free(m);
  vb_buf_free(&json);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, help_setup, help_teardown)
  const struct CMUnitTest tests[] = {T(test_valid), T(test_one_print), T(test_schema_bites)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
