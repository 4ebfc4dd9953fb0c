/* Writing XML: the bytes, and what reading them back gives; base64 against the program base64. */
#define _DEFAULT_SOURCE
#include "read_help.h"

#include <stdlib.h>

#include "xml/xml.h"

static void test_bytes(void **state)
{
  (void)state;
  vb_buf b;
  vb_buf_init(&b);
  vb_xml_writer *w = vb_xml_writer_new(&b, true);
  vb_xml_writer_declaration(w);
  vb_xml_open(w, "a");
  vb_xml_attr_put(w, "x", VB_LIT("1 < \"2\" & 3 > 0\t\n\r'"));
  vb_xml_element(w, "b", VB_LIT("chữ <&>\r\"'\n"));
  vb_xml_open(w, "c");
  vb_xml_chars(w, VB_LIT(""));
  vb_xml_element(w, "d", VB_LIT(""));
  vb_xml_chars(w, VB_LIT(" e"));
  vb_xml_close(w);
  vb_xml_open(w, "q:f");
  vb_xml_open(w, "g");
  vb_xml_close(w);
  assert_int_equal(vb_xml_writer_end(w), VB_OK);
  assert_string_equal(vb_buf_cstr(&b), "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<a x=\"1 &lt; &quot;2&quot; &amp; 3 &gt; 0&#9;&#10;&#13;'\">\n  <b>chữ &lt;&amp;&gt;&#13;\"'\n</b>\n  <c><d/> e</c>\n  <q:f>\n    <g/>\n  </q:f>\n</a>\n");
  vb_buf_free(&b);
}

static void test_forbidden(void **state)
{
  (void)state;
  vb_buf b;
  vb_buf_init(&b);
  vb_xml_writer *w = vb_xml_writer_new(&b, false);
  vb_xml_open(w, "a");
  vb_xml_attr_put(w, "x", (vb_span){"\0\x1F", 2});
  vb_xml_chars(w, VB_LIT("\x01z\xEF\xBF\xBE\xFFy\xED\xA0\x80"));
  assert_int_equal(vb_xml_writer_end(w), VB_OK);
#define R "\xEF\xBF\xBD"
  assert_string_equal(vb_buf_cstr(&b), "<a x=\"" R R "\">" R "z" R R "y" R R R "</a>");
  vb_xml_node *root;
  assert_int_equal(vb_xml_parse(d, a, "w.xml", (vb_span){b.p, b.n}, NULL, &root), VB_OK);
  vb_buf_free(&b);
}

/* A caller that writes no tree gets no document. */
static void test_misuse(void **state)
{
  (void)state;
  vb_buf b;
  for (int i = 0; i < 4; i++) {
    vb_buf_init(&b);
    vb_xml_writer *w = vb_xml_writer_new(&b, false);
    if (i == 0) vb_xml_close(w);
    if (i == 1) vb_xml_chars(w, VB_LIT("x"));
    if (i == 2) vb_xml_raw_base64(w, "x", 1);
    if (i == 3) {
      vb_xml_open(w, "a");
      vb_xml_chars(w, VB_LIT("x"));
      vb_xml_attr_put(w, "y", VB_LIT("z"));
    }
    assert_int_equal(vb_xml_writer_end(w), VB_NOMEM);
    vb_buf_free(&b);
  }
}

/* Pieces of every size give what base64 of the whole gives. */
static void test_base64(void **state)
{
  (void)state;
  unsigned char bytes[257];
  for (size_t i = 0; i < sizeof bytes; i++)
    bytes[i] = (unsigned char)help_random();
  assert_int_equal(vb_dir_make(d, "build"), VB_OK);
  for (size_t n = 0; n < sizeof bytes; n += n < 9 ? 1 : 31) {
    assert_int_equal(vb_file_write(d, "build/test_xml_write.bin", bytes, n), VB_OK);
    assert_int_equal(system("base64 -w0 build/test_xml_write.bin > build/test_xml_write.txt"), 0);
    vb_span want = file_bytes("build/test_xml_write.txt");
    for (size_t step = 1; step < 9; step++) {
      vb_buf b;
      vb_buf_init(&b);
      vb_xml_writer *w = vb_xml_writer_new(&b, true);
      vb_xml_open(w, "a");
      for (size_t i = 0; i < n; i += step)
        vb_xml_raw_base64(w, bytes + i, n - i < step ? n - i : step);
      vb_xml_raw_base64(w, bytes, 0);
      assert_int_equal(vb_xml_writer_end(w), VB_OK);
      assert_int_equal(b.n, want.n + 8);
      assert_memory_equal(b.p, "<a>", 3);
      if (want.n) assert_memory_equal(b.p + 3, want.p, want.n);
      vb_buf_free(&b);
    }
  }
  assert_int_equal(vb_file_remove(d, "build/test_xml_write.bin"), VB_OK);
  assert_int_equal(vb_file_remove(d, "build/test_xml_write.txt"), VB_OK);
}

int main(void)
{
  static const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, help_setup, help_teardown)
    T(test_bytes), T(test_forbidden), T(test_misuse), T(test_base64),
  };
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  vb_xml_cleanup();
  return failed;
}
