/* Validation: what is wrong is said once, at its place, with the name that was meant. Which documents are valid is libxml2's
 * verdict; that ours is the same is checked against the program xmllint on mutated documents. */
#define _DEFAULT_SOURCE
#include "read_help.h"

#include <stdlib.h>

#include "xml/xml_int.h"

static vb_xml_schema *schema;
static vb_xml_node *root;

static int open_schema(void **state)
{
  if (help_setup(state) != 0)
    return -1;
  return vb_xml_schema_open(d, "tests/unit/data/xml/form.rng", &schema) == VB_OK ? 0 : -1;
}

static int close_schema(void **state)
{
  vb_xml_schema_close(schema);
  schema = NULL;
  return help_teardown(state);
}

static vb_status parse(const char *s)
{
  return vb_xml_parse(d, a, "f.xml", vb_span_of(s), schema, &root);
}

#define GROUP "<group name='g'>"

static void test_valid(void **state)
{
  (void)state;
  assert_int_equal(parse("<form id='a' title='Tên' xml:lang='vi'>\n<head>x</head>" GROUP
                         "<row code='1.2' kind='money' value=''/>\n<row code='1'><note>a <b>c</b></note><value> 12 </value></row></group></form>"), VB_OK);
  assert_string_equal(root->name, "form");
  assert_int_equal(vb_xml_child(vb_xml_child(root, "group"), "row")->line, 2);
  assert_string_equal(findings(), "");
}

static void test_invalid(void **state)
{
  (void)state;
  static const struct { const char *xml, *want; } cases[] = {
    {"<from id='a'/>", "f.xml:1:1: error: the root element is <from>; expected form [xml-valid]"},
    {"<form>" GROUP "</group></form>", "f.xml:1:1: error: <form> lacks the attribute id [xml-valid]"},
    {"<form id='a'/>", "f.xml:1:1: error: <form> lacks the element <group> [xml-valid]"},
    {"<form id='a' titel='x'>" GROUP "</group></form>", "f.xml:1:14: error: <form> has no attribute titel; did you mean title? [xml-valid]"},
    {"<form id='a'\n zzzzz='x'>" GROUP "</group></form>", "f.xml:2:2: error: <form> has no attribute zzzzz; it may have: id, title, xml:lang [xml-valid]"},
    {"<form ID='a'>" GROUP "</group></form>", "f.xml:1:7: error: <form> has no attribute ID; did you mean id? [xml-valid]"},
    {"<form id='a'><head x='1'/>" GROUP "</group></form>", "f.xml:1:20: error: <head> has no attribute x, nor any other [xml-valid]"},
    {"<form id='1 2'>" GROUP "</group></form>", "f.xml:1:7: error: id=\"1 2\" is not allowed; expected NCName [xml-valid]"},
    {"<form id='a'>\n<gruop name='x'/></form>", "f.xml:2:1: error: <gruop> may not stand in <form>; did you mean <group>? [xml-valid]"},
    {"<form id='a'>" GROUP "<xyzzy/></group></form>", "f.xml:1:30: error: <xyzzy> may not stand in <group>; allowed here: row [xml-valid]"},
    {"<form id='a'><head><b/></head>" GROUP "</group></form>", "f.xml:1:20: error: <b> may not stand in <head>, which holds no elements [xml-valid]"},
    {"<form id='a'>" GROUP "</group>\n  chữ lạc</form>", "f.xml:2:3: error: text may not stand in <form>: chữ lạc [xml-valid]"},
    {"<form id='a'>" GROUP "<row code='x' value=''/></group></form>", "f.xml:1:35: error: code=\"x\" is not allowed; expected token [0-9]+(\\.[0-9]+)* [xml-valid]"},
    {"<form id='a'>" GROUP "<row code='1' value='' width='101'/></group></form>", "f.xml:1:53: error: width=\"101\" is not allowed; expected decimal ≥ 0 ≤ 100 [xml-valid]"},
    {"<form id='a'>" GROUP "<row code='1' value='' kind='cuont'/></group></form>", "f.xml:1:53: error: kind=\"cuont\" is not allowed; did you mean \"count\"? [xml-valid]"},
    {"<form id='a'>" GROUP "<row code='1' value='' kind='nothing'/></group></form>",
     "f.xml:1:53: error: kind=\"nothing\" is not allowed; expected \"count\", \"percent\", \"money\" [xml-valid]"},
    {"<form id='a'>" GROUP "<row code='1'><value>1,5</value></row></group></form>", "f.xml:1:44: error: <value> may not hold \"1,5\"; expected integer [xml-valid]"},
    {"<form id='a'>" GROUP "</group><head/></form>", "f.xml:1:38: error: <head> may not stand at this place in <form>: in the wrong order, or one too many [xml-valid]"},
    {"<form id='a'>" GROUP "<row code='1'/></group></form>",
     "f.xml:1:30: error: attributes and content of <row> do not fit together; attributes: code, kind, width, value; elements: value, note [xml-valid]"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_int_equal(parse(cases[i].xml), VB_BAD);
    assert_string_equal(findings(), cases[i].want);
  }
}

/* All errors in one run, in document order, without an echo. */
static void test_several(void **state)
{
  (void)state;
  assert_int_equal(parse("<form id='a'>\n<group nam='g'>\n<row code='1' value='' kid='count'/>\n<row code='2' value=''/>\n<raw code='3'/>\n"
                         "<row value=''/></group></form>"), VB_BAD);
  assert_string_equal(findings(),
    "f.xml:2:8: error: <group> has no attribute nam; did you mean name? [xml-valid]\n"
    "f.xml:3:24: error: <row> has no attribute kid; did you mean kind? [xml-valid]\n"
    "f.xml:5:1: error: <raw> may not stand in <group>; did you mean <row>? [xml-valid]\n"
    "f.xml:6:1: error: <row> lacks the attribute code [xml-valid]");
  assert_int_equal(parse("<form id='a' titel='x'>" GROUP "</group></form>"), VB_BAD);
  assert_string_equal(findings_in(VB_VI), "f.xml:1:14: lỗi: <form> không có thuộc tính titel; có phải title không? [xml-valid]");
}

static void test_schemas(void **state)
{
  (void)state;
  static const struct { const char *text, *want; } cases[] = {
    {"<grammar xmlns='http://relaxng.org/ns/structure/1.0'><include href='../up.rng'/></grammar>",
     ":1:54: error: a schema may include only files beside it, not ../up.rng [xml-schema]"},
    {"<grammar xmlns='http://relaxng.org/ns/structure/1.0'><include href='http://127.0.0.1/x.rng'/></grammar>",
     ":1:54: error: a schema may include only files beside it, not http://127.0.0.1/x.rng [xml-schema]"},
    {"<grammar xmlns='http://relaxng.org/ns/structure/1.0'><start><ref name='x'/></start></grammar>",
     ": error: the schema cannot be used: Reference x has no matching definition [xml-schema]"},
    {"<element xmlns='http://relaxng.org/ns/structure/1.0' name='a'><empty/></element>", NULL},
  };
  const char *path = "build/test_xml_schema.rng";
  assert_int_equal(vb_dir_make(d, "build"), VB_OK);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    vb_xml_schema *s = NULL;
    assert_int_equal(vb_file_write(d, path, cases[i].text, strlen(cases[i].text)), VB_OK);
    vb_status st = vb_xml_schema_open(d, path, &s);
    assert_int_equal(st, cases[i].want ? VB_BAD : VB_OK);
    const char *line = findings();
    assert_string_equal(cases[i].want ? line + strlen(path) : line, cases[i].want ? cases[i].want : "");
    if (st == VB_OK) {
      assert_int_equal(vb_xml_parse(d, a, "r.xml", VB_LIT("<b/>"), s, &root), VB_BAD);
      assert_string_equal(findings(), "r.xml:1:1: error: the root element is <b>; expected a [xml-valid]");
    }
    vb_xml_schema_close(s);
  }
  assert_int_equal(vb_file_remove(d, path), VB_OK);
  vb_xml_schema *s = NULL;
  assert_int_equal(vb_xml_schema_open(d, "tests/unit/data/xml/none.rng", &s), VB_SYSTEM);
  assert_null(s);
}

/* Random changes of names and values: valid for us exactly when xmllint says so, and a refusal never without a message. */
static void test_against_xmllint(void **state)
{
  (void)state;
  static const char sample[] = "<form id='a' title='T'><head>x</head><group name='g'><row code='1.2' kind='money' value=''/>"
                               "<row code='1'><note>a <b>c</b></note><value>12</value></row></group><group name='h'/></form>";
  static const char *const words[] = {"id", "title", "head", "group", "name", "row", "code", "kind", "value", "note", "b", "1.2", "money", "12", "x"};
  const char *path = "build/test_xml_schema.xml";
  assert_int_equal(vb_dir_make(d, "build"), VB_OK);
  vb_buf b;
  vb_buf_init(&b);
  int refused = 0;
  for (int i = 0; i < 60; i++) {
    const char *from = words[help_random() % 15], *to = words[help_random() % 15], *at = sample;
    vb_buf_clear(&b);
    for (; *at; at++) { /* one word for another throughout */
      size_t n = strlen(from);
      bool edge = at > sample && strchr("< '>/", at[-1]) != NULL;
      if (edge && strncmp(at, from, n) == 0 && strchr("= '></", at[n])) {
        vb_buf_str(&b, to);
        at += n - 1;
      } else {
        vb_buf_char(&b, *at);
      }
    }
    assert_int_equal(vb_file_write(d, path, b.p, b.n), VB_OK);
    int rc = system("xmllint --noout --relaxng tests/unit/data/xml/form.rng build/test_xml_schema.xml >/dev/null 2>&1");
    vb_status st = vb_xml_parse(d, a, "f.xml", (vb_span){b.p, b.n}, schema, &root);
    if ((st == VB_OK) != (rc == 0))
      fail_msg("xmllint says %d: %s", rc, vb_buf_cstr(&b));
    assert_int_equal(vb_diag_count(d, VB_ERROR) > 0, st != VB_OK);
    refused += st != VB_OK;
    vb_diag_free(d);
    d = vb_diag_new();
  }
  assert_in_range(refused, 20, 59);
  assert_int_equal(vb_file_remove(d, path), VB_OK);
  vb_buf_free(&b);
}

static vb_span changed(vb_span s, const char *old, const char *new_)
{
  const char *text = vb_arena_str(a, s.p, s.n), *at = text ? strstr(text, old) : NULL;
  assert_non_null(at);
  char *out = vb_arena_printf(a, "%.*s%s%s", (int)(at - text), text, new_, at + strlen(old));
  assert_non_null(out);
  return vb_span_of(out);
}

/* Files that were valid when the program was made are known by all their bytes and all of the schema's; what differs is validated. */
static void test_known(void **state)
{
  (void)state;
  static const char mine[] = "build/test_xml_known.rng";
  vb_xml_schema *s = NULL, *copy = NULL;
  vb_span file = file_bytes("templates/registers/viet-tat.xml"), rng = file_bytes("templates/schemas/registers.rng");
  assert_int_equal(vb_xml_schema_open(d, "templates/schemas/registers.rng", &s), VB_OK);
  assert_true(vb_xml_schema_knows(s, file));
  assert_int_equal(vb_xml_parse(d, a, "f.xml", file, s, &root), VB_OK);
  assert_string_equal(root->name, "register");

  vb_span wrong = changed(file, "<short text=", "<short txet=");
  assert_false(vb_xml_schema_knows(s, wrong));
  assert_int_equal(vb_xml_parse(d, a, "f.xml", wrong, s, &root), VB_BAD);
  assert_non_null(strstr(findings(), "<short> has no attribute txet; did you mean text?"));
  vb_span other = changed(file, "<short text=", "<short  text=");
  assert_false(vb_xml_schema_knows(s, other));
  assert_int_equal(vb_xml_parse(d, a, "f.xml", other, s, &root), VB_OK);

  vb_span stricter = changed(rng, "\"full\"", "\"in-full\"");
  assert_int_equal(vb_dir_make(d, "build"), VB_OK);
  assert_int_equal(vb_file_write(d, mine, stricter.p, stricter.n), VB_OK);
  assert_int_equal(vb_xml_schema_open(d, mine, &copy), VB_OK);
  assert_false(vb_xml_schema_knows(copy, file));
  assert_int_equal(vb_xml_parse(d, a, "f.xml", file, copy, &root), VB_BAD);
  vb_xml_schema_close(copy);
  vb_xml_schema_close(s);
  assert_int_equal(vb_file_remove(d, mine), VB_OK);
}

int main(void)
{
  static const struct CMUnitTest tests[] = {
#define S(f) cmocka_unit_test_setup_teardown(f, open_schema, close_schema)
    S(test_valid), S(test_invalid), S(test_several), S(test_schemas), S(test_against_xmllint), S(test_known),
  };
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  vb_xml_cleanup();
  return failed;
}
