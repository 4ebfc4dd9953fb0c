/* Registers of words: the table that looks them over accepts nothing that the schema refuses, and all that is shipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "batch/batch_int.h"

static vb_xml_schema *schema;

static bool plain(vb_span bytes) {
  vb_diag *d = vb_diag_new();
  vb_arena *a = vb_arena_new(0);
  vb_xml_node *root = NULL;
  bool is = vb_xml_parse(d, a, "r.xml", bytes, NULL, &root) == VB_OK && vb_register_is_plain(root);
  vb_arena_free(a);
  vb_diag_free(d);
  return is;
}

static bool valid(vb_span bytes) {
  vb_diag *d = vb_diag_new();
  vb_arena *a = vb_arena_new(0);
  vb_xml_node *root = NULL;
  bool is = vb_xml_parse(d, a, "r.xml", bytes, schema, &root) == VB_OK;
  vb_arena_free(a);
  vb_diag_free(d);
  return is;
}

static const char *const right[] = {
    "<register title='x'><words>một hai,\n ba # bốn</words> <single>a b</single><bound/><!-- --></register>",
    "<register title='x'><short text='TTHC' full='thủ tục'/><short text='A' full='b' since='2023-01-01' until='2024-02-29'></short></register>",
    "<register title='x'><term text='a b' use='c' basis='d' since='2023-01-01'/><level text='a' kinds='xã|phường' use='b'/></register>",
    "<register title='x'><act symbol='1/NĐ-CP' type='Nghị định' date='2020-01-01' agency='Chính phủ' title='về' replaced='2'/><day name='Tết' since='2020-01-01' until='2020-01-02'/></register>"};
static const char *const wrong[] = {
    "<register><words>một hai</words></register>", "<register title=''><words>a b</words></register>", "<register title='x' lang='vi'/>", "<registers title='x'/>", "<register title='x' xmlns='urn:x'/>",
    "<register title='x'>chữ</register>", "<register title='x'><word>a</word></register>", "<register title='x'><words>a <b/></words></register>", "<register title='x'><words text='a'>b c</words></register>",
    "<register title='x'><short text='A'/></register>", "<register title='x'><short text='' full='b'/></register>", "<register title='x'><short text='A' full='b' use='c'/></register>",
    "<register title='x'><short text='A' full='b'>c</short></register>", "<register title='x'><short text='A' full='b' since='2023'/></register>", "<register title='x'><short text='A' full='b' since='2023-02-30'/></register>",
    "<register title='x'><day name='Tết' since='2020-01-01'/></register>", "<register title='x'><act symbol='1' type='b' agency='c' title='d'/></register>", "<register title='x'><term text='a' use='b' kinds='c'/></register>",
    "<register title='x' xmlns:y='urn:y'><y:words>a b</y:words></register>", "<register title='x' xmlns:y='urn:y'><short text='A' full='b' y:since='2023-01-01'/></register>"};

static void test_by_hand(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
    if (!plain(vb_span_of(right[i])) || !valid(vb_span_of(right[i]))) fail_msg("%s", right[i]);
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
    if (plain(vb_span_of(wrong[i])) || valid(vb_span_of(wrong[i]))) fail_msg("%s", wrong[i]);
}

static uint32_t next(uint32_t *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 8;
}

/* One of the right ones with a piece of another over some of it: what the table takes, the schema takes. */
static void test_mutated(void **state) {
  uint32_t seed = 8;
  size_t taken = 0;
  (void)state;
  for (int k = 0; k < 6000; k++) {
    char text[512];
    const char *a = right[next(&seed) % 4], *b = (next(&seed) & 1) != 0 ? right[next(&seed) % 4] : wrong[next(&seed) % (sizeof wrong / sizeof wrong[0])];
    size_t n = strlen(a), at = next(&seed) % n, over = next(&seed) % 12, from = next(&seed) % strlen(b), put = next(&seed) % 12;
    if (put > strlen(b) - from) put = strlen(b) - from;
    if (over > n - at) over = n - at;
    (void)snprintf(text, sizeof text, "%.*s%.*s%s", (int)at, a, (int)put, b + from, a + at + over);
    if (!plain(vb_span_of(text))) continue;
    taken++;
    if (!valid(vb_span_of(text))) fail_msg("%s", text);
  }
  assert_true(taken > 50);
}

static void test_shipped(void **state) {
  static const char *const names[] = {"ngay-nghi", "thuat-ngu", "tu-thuong-dung-1", "tu-thuong-dung-2", "van-ban", "viet-tat"};
  (void)state;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    char path[64];
    vb_diag *d = vb_diag_new();
    vb_buf bytes;
    vb_buf_init(&bytes);
    (void)snprintf(path, sizeof path, "templates/registers/%s.xml", names[i]);
    assert_int_equal(vb_file_read(d, path, VB_XML_BYTES_MAX, false, &bytes), VB_OK);
    if (!plain((vb_span){bytes.p, bytes.n}) || !valid((vb_span){bytes.p, bytes.n})) fail_msg("%s", path);
    vb_buf_free(&bytes);
    vb_diag_free(d);
  }
}

int main(void) {
  vb_diag *d = vb_diag_new();
  if (vb_xml_schema_open(d, "templates/schemas/registers.rng", &schema) != VB_OK) return 1;
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_by_hand), cmocka_unit_test(test_mutated), cmocka_unit_test(test_shipped)};
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  vb_xml_schema_close(schema);
  vb_diag_free(d);
  vb_xml_cleanup();
  return failed;
}
