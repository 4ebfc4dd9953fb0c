/* index.html: well-formed, every text escaped, every row, link and finding there, in both languages; quick for a whole country. */
#define _DEFAULT_SOURCE
#include "manifest_make.h"

#include <stdlib.h>

#include "xml/xml.h"

static void print(size_t n, vb_lang lang, vb_buf *out)
{
  vb_manifest *m = manifest_make(n);
  vb_buf_init(out);
  assert_int_equal(vb_index_print(d, m, lang, out), VB_OK);
  vb_manifest_free(m);
}

static size_t times(const char *text, const char *what)
{
  size_t n = 0;
  for (const char *s = text; (s = strstr(s, what)) != NULL; s += strlen(what)) n++;
  return n;
}

/* No element but the void ones is empty: a browser would not close it. */
static void no_empty_elements(const vb_xml_node *n)
{
  static const char *const void_ones = " meta link input ";
  if (n->kind == VB_XML_ELEMENT && !n->first) assert_non_null(strstr(void_ones, vb_arena_printf(a, " %s ", n->name)));
  for (const vb_xml_node *k = n->first; k; k = k->next) no_empty_elements(k);
}

static void test_page(void **state)
{
  (void)state;
  vb_buf b;
  print(8, VB_VI, &b);
  vb_xml_node *root = NULL;
  if (vb_xml_parse(d, a, "index.html", (vb_span){b.p, b.n}, NULL, &root) != VB_OK) fail_msg("%s", findings());
  no_empty_elements(root);
  const char *s = vb_buf_cstr(&b);
  assert_int_equal(strncmp(s, "<!DOCTYPE html>\n<html lang=\"vi\">", 32), 0);
  assert_int_equal(times(s, "<tr data-unit="), 8);
  assert_int_equal(times(s, "<th scope=\"row\">QT-"), 8);
  assert_int_equal(times(s, "scope=\"col\""), 9 + 12);
  assert_int_equal(times(s, "aria-sort=\"none\""), 8);
  assert_int_equal(times(s, "<caption>"), 2);
  assert_int_equal(times(s, "<script>"), 1); /* the one of a finding is text */
  assert_int_equal(times(s, "&lt;/script&gt;&lt;script&gt;alert(1)"), 1);
  assert_int_equal(times(s, "href=\"QT-0001/b%C3%A1o%20c%C3%A1o-pl1%20%231%3F.pdf\""), 0);
  assert_int_equal(times(s, "b%C3%A1o%20c%C3%A1o-pl1%20%231%3F.pdf"), 4);
  assert_int_equal(times(s, ">PDF 2</a>"), 4);
  assert_int_equal(times(s, "giữ như bản gốc (VP-TK, 2023-12-06)"), 2);
  assert_int_equal(times(s, "http"), 0); /* no network */
  assert_int_equal(times(s, "data-unit=\"qt 0000 ubnd phuong <"), 0);
  assert_int_equal(times(s, "duc tho"), 4);
  assert_int_equal(times(s, "checked=\"checked\""), 1);
  const char *vi = strstr(s, "id=\"lang-vi\"");
  assert_non_null(vi);
  assert_true(strstr(vi, "checked=") < strstr(vi, "id=\"lang-en\""));
  size_t in_vi = times(s, "<span lang=\"vi\">"), in_en = times(s, "<span lang=\"en\">");
  assert_int_equal(in_vi, in_en);
  vb_buf_free(&b);
  print(0, VB_EN, &b);
  assert_int_equal(strncmp(vb_buf_cstr(&b), "<!DOCTYPE html>\n<html lang=\"en\">", 32), 0);
  assert_int_equal(vb_xml_parse(d, a, "index.html", (vb_span){b.p, b.n}, NULL, &root), VB_OK);
  vb_buf_free(&b);
}

static void test_country(void **state)
{
  (void)state;
  vb_buf b, again;
  print(3321, VB_VI, &b);
  print(3321, VB_VI, &again);
  assert_int_equal(b.n, again.n);
  assert_memory_equal(b.p, again.p, b.n);
  assert_int_equal(times(vb_buf_cstr(&b), "<tr data-unit="), 3321);
  assert_int_equal(vb_file_write(d, "build/index-3321.html", b.p, b.n), VB_OK);
  vb_buf_free(&again);
  vb_buf_free(&b);
  print(4, VB_VI, &b);
  assert_int_equal(vb_file_write(d, "build/index-4.html", b.p, b.n), VB_OK);
  vb_buf_free(&b);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, help_setup, help_teardown)
  const struct CMUnitTest tests[] = {T(test_page), T(test_country)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
