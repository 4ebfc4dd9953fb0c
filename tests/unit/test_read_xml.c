/* The XML shape: records, defaults, faults with places; the published schema judged by xmllint. */
#define _DEFAULT_SOURCE
#include "read_sink.h"

#include <stdlib.h>

#include "xml/xml.h"

#define PATH "build/test_read.xml"

static const char *read_set(const vb_dataset *set, const char *text, vb_status want)
{
  assert_int_equal(vb_dir_make(d, "build"), VB_OK);
  assert_int_equal(vb_file_write(d, PATH, text, strlen(text)), VB_OK);
  vb_source src = {PATH, "v.xml", VB_ENC_AUTO, NULL, {NULL, 0}};
  const char *s = read_with(set, &src, want);
  assert_int_equal(vb_file_remove(d, PATH), VB_OK);
  return s;
}

static const char *read_text(const char *text, vb_status want) { return read_set(&values, text, want); }

static void test_records(void **state)
{
  (void)state;
  assert_string_equal(read_text("<so-lieu don-vi='xa-a' xml:lang='vi'>\n  <chi-tieu ma=\"1.1\" gia-tri=\" 29 \" ghi-chu=\"đủ\"/>\n"
                                "  <dong code='1.2' unit='xa-b'><value>1.714</value></dong>\n</so-lieu>\n", VB_OK),
                      "unit=xa-a@1:10 code=1.1@2:13 value=29@2:22 note=đủ@2:37\n"
                      "unit=xa-b@3:20 code=1.2@3:9 value=1.714@3:32 note=-\n");
  assert_string_equal(read_set(&open_values, "<data><row Mã='1' giá-trị='2' Nguồn='s' q='r'/></data>", VB_OK),
                      "unit=- code=1@1:12 value=2@1:19 note=- +nguồn=s@1:31 +q=r@1:41\n");
  /* more than there was room for at first */
  assert_string_equal(read_set(&open_values, "<data><r ma='1' gia-tri='2' a='1' b='2' c='3' d='4' e='5' f='6' g='7' h='8' i='9'/></data>", VB_OK),
                      "unit=- code=1@1:10 value=2@1:17 note=- +a=1@1:29 +b=2@1:35 +c=3@1:41 +d=4@1:47 +e=5@1:53 +f=6@1:59 +g=7@1:65 +h=8@1:71 +i=9@1:77\n");
  assert_string_equal(read_text("<data><a ma='1' gia-tri='' x='1'/><a ma='2' gia-tri='' x='1'/></data>", VB_OK),
                      "unit=- code=1@1:10 value=@1:17 note=-\nunit=- code=2@1:38 value=@1:45 note=-\n"
                      "v.xml:1:28: info: the column \"x\" is not used [read-extra]");
}

static void test_faults(void **state)
{
  (void)state;
  static const struct { const char *xml, *want; } cases[] = {
    {"<report/>", "v.xml:1:1: error: the root element is <report>; expected <so-lieu> or <data> [read-xml]"},
    {"<data nam='2023'/>", "v.xml:1:7: error: the attribute nam of the root is no known column [read-xml]"},
    {"<data>\n  lạc</data>", "v.xml:2:3: error: text may not stand here: lạc; write fields as attributes or elements [read-xml]"},
    {"<data><a ma='1' gia-tri='2'>x</a></data>", "v.xml:1:29: error: text may not stand here: x; write fields as attributes or elements [read-xml]"},
    {"<data><a ma='1'><value><b/></value></a></data>", "v.xml:1:24: error: <value> is a field and may hold only text [read-xml]\n"
     "v.xml:1:7: error: <a> lacks the field value (giá trị) [read-xml]"},
    {"<data><a ma='1'><value x='1'>5</value><value>6</value></a></data>", "v.xml:1:17: error: <value> is a field and may hold only text [read-xml]"},
    {"<data><a ma='1' code='2' value='3'/></data>", "v.xml:1:17: error: code stands for the same column as ma in one record; keep one of them [read-xml]"},
    {"<data><a value='3'/></data>", "v.xml:1:7: error: <a> lacks the field code (mã) [read-xml]"},
    {"<data>\n<a code='3' vlaue='4'/></data>", "v.xml:2:13: info: the column \"vlaue\" is not used [read-extra]\n"
     "v.xml:2:1: error: <a> lacks the field value (giá trị); was \"vlaue\" meant? [read-xml]"},
    {"<data>\n<a code='3'><vlaue>4</vlaue></a></data>", "v.xml:2:13: info: the column \"vlaue\" is not used [read-extra]\n"
     "v.xml:2:1: error: <a> lacks the field value (giá trị); was \"vlaue\" meant? [read-xml]"},
    {"<data>", "v.xml:1:7: error: the file ends inside <data>, opened on line 1; its end tag is missing [xml-form]"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_string_equal(read_text(cases[i].xml, VB_BAD), cases[i].want);
  char *text = vb_arena_alloc(a, VB_FIELD_BYTES_MAX + 2);
  memset(text, 'x', VB_FIELD_BYTES_MAX + 1);
  text[VB_FIELD_BYTES_MAX + 1] = '\0';
  assert_non_null(strstr(read_text(vb_arena_printf(a, "<data><a ma='1'><value>%s</value></a></data>", text), VB_BAD),
                         "v.xml:1:17: error: the field is longer than 1048576 bytes [read-limit]"));
  /* a fault in one record does not stop the next */
  assert_string_equal(read_text("<data><a value='3'/>\n<a code='1' value='2'/></data>", VB_BAD),
                      "unit=- code=1@2:4 value=2@2:13 note=-\nv.xml:1:7: error: <a> lacks the field code (mã) [read-xml]");
}

static void test_schema(void **state)
{
  (void)state;
  static const struct { const char *xml; bool valid; } cases[] = {
    {"<so-lieu don-vi='xa-a' ky='2023'><chi-tieu ma='1.1' gia-tri='29' ghi-chu='x'/><dong a='1'><b>c</b></dong></so-lieu>", true},
    {"<data unit='xa-a' period='2023-Q1' received='2023-12-06' version='2'><value code='1' value='' unit='xa-b'/></data>", true},
    {"<data/>", true},
    {"<so-lieu><chi-tieu ma='1.1'/></so-lieu>", false},
    {"<so-lieu><chi-tieu ma='' gia-tri='1'/></so-lieu>", false},
    {"<so-lieu><chi-tieu ma='1' code='1' gia-tri='1'/></so-lieu>", false},
    {"<so-lieu><chi-tieu ma='1' gia-tri='1' xa='1'/></so-lieu>", false},
    {"<so-lieu><dong><a><b/></a></dong></so-lieu>", false},
    {"<so-lieu><hang/></so-lieu>", false},
    {"<report/>", false},
  };
  vb_xml_schema *schema;
  assert_int_equal(vb_xml_schema_open(d, "templates/schemas/data.rng", &schema), VB_OK);
  assert_int_equal(vb_dir_make(d, "build"), VB_OK);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    vb_xml_node *root;
    assert_int_equal(vb_xml_parse(d, a, "s.xml", vb_span_of(cases[i].xml), schema, &root), cases[i].valid ? VB_OK : VB_BAD);
    assert_int_equal(vb_diag_count(d, VB_ERROR) > 0, !cases[i].valid);
    findings();
    assert_int_equal(vb_file_write(d, PATH, cases[i].xml, strlen(cases[i].xml)), VB_OK);
    int rc = system("xmllint --noout --relaxng templates/schemas/data.rng " PATH " >/dev/null 2>&1");
    assert_int_equal(rc == 0, cases[i].valid);
  }
  assert_int_equal(vb_xml_parse(d, a, "s.xml", VB_LIT("<so-lieu>\n <chi-tieu ma='1' gia-tir='2'/></so-lieu>"), schema, &(vb_xml_node *){NULL}), VB_BAD);
  assert_string_equal(findings(), "s.xml:2:19: error: <chi-tieu> has no attribute gia-tir; did you mean gia-tri? [xml-valid]");
  vb_xml_schema_close(schema);
  assert_int_equal(vb_file_remove(d, PATH), VB_OK);
}

static vb_status ignore(void *ctx, const vb_record *r)
{
  size_t *n = ctx;
  *n += r->fields[1].text.n;
  return VB_OK;
}

static void test_mutations(void **state)
{
  (void)state;
  static const char sample[] = "<so-lieu don-vi='xa-a'>\n <chi-tieu ma='1.1' gia-tri='29'/>\n <dong><code>1.2</code><value>đ</value></dong></so-lieu>\n";
  vb_source src = {PATH, "m.xml", VB_ENC_AUTO, NULL, {NULL, 0}};
  (void)vb_dir_make(d, "build");
  vb_buf b;
  vb_buf_init(&b);
  size_t read = 0;
  for (int i = 0; i < 2000; i++) {
    vb_span m = mutated((vb_span){sample, sizeof sample - 1}, &b);
    write_quickly(src.path, m);
    vb_status st = vb_read_file(d, &src, &values, (vb_sink){ignore, &read});
    assert_true(st == VB_OK || st == VB_BAD);
    assert_int_equal(vb_diag_count(d, VB_ERROR) > 0, st == VB_BAD);
    vb_diag_free(d);
    d = vb_diag_new();
  }
  assert_true(read > 500);
  vb_buf_free(&b);
  assert_int_equal(vb_file_remove(d, PATH), VB_OK);
}

int main(void)
{
  static const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, help_setup, help_teardown)
    T(test_records), T(test_faults), T(test_schema), T(test_mutations),
  };
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  vb_xml_cleanup();
  return failed;
}
