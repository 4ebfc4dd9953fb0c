/* Reading XML: trees, places, encodings, faults of form, hostile documents. Places of a large document are checked against
 * a search in its text, trees against what the text says. */
#include "read_help.h"

#include "xml/xml.h"

static vb_xml_node *root;

static vb_status parse_bytes(const char *p, size_t n)
{
  return vb_xml_parse(d, a, "t.xml", (vb_span){p, n}, NULL, &root);
}

static vb_status parse(const char *s) { return parse_bytes(s, strlen(s)); }

static void assert_at(const vb_xml_node *n, uint32_t line, uint32_t column)
{
  assert_non_null(n);
  assert_int_equal(n->line, line);
  assert_int_equal(n->column, column);
}

static void assert_span(vb_span s, const char *want)
{
  if (!vb_span_is(s, want))
    fail_msg("got \"%.*s\", want \"%s\"", (int)s.n, s.p ? s.p : "", want);
}

static void test_tree(void **state)
{
  (void)state;
  assert_int_equal(parse("<?xml version='1.0'?>\n<a x='1' xmlns:q='urn:q' q:y=\"hai &amp; ba\">\n  <b/>chữ <![CDATA[<&]]> &lt;c&gt;\n"
                         "  <!-- no --><q:c>đ</q:c></a>\n"), VB_OK);
  assert_string_equal(root->name, "a");
  assert_null(root->ns);
  assert_at(root, 2, 1);
  assert_span(vb_xml_attr_get(root, "x"), "1");
  assert_int_equal(vb_xml_attr_find(root, "x")->column, 4);
  assert_span(vb_xml_attr_get(root, "q:y"), "hai & ba");
  assert_int_equal(vb_xml_attr_find(root, "q:y")->column, 26);
  assert_null(vb_xml_attr_get(root, "y").p);
  const vb_xml_node *b = vb_xml_child(root, "b"), *c = vb_xml_child(root, NULL);
  assert_ptr_equal(b, c);
  assert_at(b, 3, 3);
  assert_at(b->next, 3, 7);
  assert_span(b->next->text, "chữ <& <c>\n  ");
  c = vb_xml_sibling(b, NULL);
  assert_string_equal(c->name, "c");
  assert_string_equal(c->ns, "urn:q");
  assert_at(c, 4, 14);
  assert_ptr_equal(c, vb_xml_sibling(b, "c"));
  assert_null(vb_xml_sibling(c, NULL));
  assert_at(c->first, 4, 19);
  assert_span(vb_xml_text(a, root), "\n  chữ <& <c>\n  đ");
  assert_span(vb_xml_text(a, b), "");
  vb_place at = vb_xml_at(d, "t.xml", c);
  assert_string_equal(at.file, "t.xml");
  assert_int_equal(at.line, 4);
  assert_string_equal(findings(), "");
}

/* Columns are characters, whatever their bytes; CR and CRLF end lines too; text becomes NFC. */
static void test_places(void **state)
{
  (void)state;
  assert_int_equal(parse("<a t=\"Tường\" u='1'><b/>\r\n<c/>\r<d\n  e = 'f'/></a>"), VB_OK);
  assert_int_equal(vb_xml_attr_find(root, "u")->column, 14);
  assert_at(vb_xml_child(root, "b"), 1, 20);
  assert_at(vb_xml_child(root, "c"), 2, 1);
  assert_at(vb_xml_child(root, "d"), 3, 1);
  const vb_xml_attr *e = vb_xml_attr_find(vb_xml_child(root, "d"), "e");
  assert_int_equal(e->line, 4);
  assert_int_equal(e->column, 3);
  assert_int_equal(parse("<a>Tu\xCC\x9B\xCC\x80\xC6\xB0\xCC\x80</a>"), VB_OK);
  assert_span(vb_xml_text(a, root), "T\xE1\xBB\xAB\xE1\xBB\xAB");
  assert_int_equal(parse("\xEF\xBB\xBF<a/>"), VB_OK);
  assert_at(root, 1, 1);
  assert_int_equal(parse("<!DOCTYPE a><a/>"), VB_OK);
  assert_string_equal(findings(), "");
}

/* More than 16 bits of lines and more than one input chunk: every place against a search in the text itself. */
static void test_places_large(void **state)
{
  (void)state;
  vb_buf b;
  vb_buf_init(&b);
  vb_buf_str(&b, "<a>");
  for (int i = 0; i < 90000; i++) {
    vb_buf_printf(&b, "%s<dòng số=\"%d\"\n>đường %d</dòng>", i % 3 ? "" : "\n<!-- chú thích -->", i, i);
  }
  vb_buf_str(&b, "</a>");
  assert_int_equal(parse_bytes(b.p, b.n), VB_OK);
  const char *at = b.p, *line = b.p;
  uint32_t number = 1;
  int i = 0;
  for (const vb_xml_node *n = vb_xml_child(root, NULL); n; n = vb_xml_sibling(n, NULL), i++) {
    const char *found = at;
    for (; memcmp(found, "<dòng", 6) != 0; found++)
      if (*found == '\n') {
        number++;
        line = found + 1;
      }
    uint32_t column = 1;
    for (const char *p = line; p < found; p++)
      column += ((unsigned char)*p & 0xC0) != 0x80;
    assert_at(n, number, column);
    assert_int_equal(n->attrs->column, column + 6);
    assert_at(n->first, number + 1, 2);
    at = found + 1;
  }
  assert_int_equal(i, 90000);
  vb_buf_free(&b);
}

static void test_encodings(void **state)
{
  (void)state;
  static const char utf16[] = "\xFF\xFE<\0a\0>\0\n\0\x01\x1E<\0b\0/\0>\0<\0/\0a\0>\0";
  assert_int_equal(parse_bytes(utf16, sizeof utf16 - 1), VB_OK);
  assert_at(vb_xml_child(root, "b"), 2, 2);
  assert_span(root->first->text, "\n\xE1\xB8\x81");
  /* windows-1258: a base letter and a combining tone, made one */
  assert_int_equal(parse("<?xml version='1.0' encoding='windows-1258'?><a>T\xEA\xD2n <b/></a>"), VB_OK);
  assert_span(vb_xml_text(a, root), "T\xE1\xBB\x83n ");
  assert_int_equal(parse("<?xml version='1.0' encoding='x-none'?><a/>"), VB_BAD);
  assert_string_equal(findings(), "t.xml:1:1: error: the encoding x-none that the XML declaration names is not known or not true; save the file as UTF-8 [xml-encoding]");
  assert_int_equal(parse("<?xml version='1.0' encoding='utf-16'?><a/>"), VB_BAD);
  assert_string_equal(findings(), "t.xml:1:1: error: the encoding utf-16 that the XML declaration names is not known or not true; save the file as UTF-8 [xml-encoding]");
  assert_int_equal(parse("<a>\nđ\xFF</a>"), VB_BAD);
  assert_string_equal(findings(), "t.xml:2:2: error: these bytes are no text in UTF-8; save the file as UTF-8 [xml-encoding]");
  static const char cut[] = "\xFF\xFE<\0a\0>\0\0\xD8<\0";
  assert_int_equal(parse_bytes(cut, sizeof cut - 1), VB_BAD);
  assert_string_equal(findings(), "t.xml:1:4: error: these bytes are no text in UTF-16LE; save the file as UTF-8 [xml-encoding]");
}

/* Each fault of form: one message, at the character to look at. */
static void test_faults(void **state)
{
  (void)state;
  static const struct { const char *xml, *want; } cases[] = {
    {"", "t.xml:1:1: error: the XML file is empty [xml-form]"},
    {" \n", "t.xml:1:1: error: the XML file is empty [xml-form]"},
    {"abc", "t.xml:1:1: error: this is not XML: an element like <name> is expected here [xml-form]"},
    {"<a>\n<b></a>", "t.xml:2:4: error: </a> closes <b>, which was opened on line 2 [xml-form]"},
    {"<a>\nđ<b>", "t.xml:2:5: error: the file ends inside <b>, opened on line 2; its end tag is missing [xml-form]"},
    {"<a>\n<b x='1'<c/></a>", "t.xml:2:9: error: a space, or the end of the tag \">\", is missing here [xml-form]"},
    {"<a>\n</a x>", "t.xml:2:1: error: this tag is not finished; \">\" is missing [xml-form]"},
    {"<a>\n</a", "t.xml:2:1: error: this tag is not finished; \">\" is missing [xml-form]"},
    {"<a>3 < 4</a>", "t.xml:1:7: error: a name is expected here; write \"&lt;\" and \"&amp;\" for < and & in text [xml-form]"},
    {"<a x=1/>", "t.xml:1:6: error: an attribute needs a value in quotes: name=\"value\" [xml-form]"},
    {"<a x/>", "t.xml:1:5: error: an attribute needs a value in quotes: name=\"value\" [xml-form]"},
    {"<a x='1><b y='2'/></a>", "t.xml:1:9: error: \"<\" inside an attribute's value; write \"&lt;\", or close the quote before it [xml-form]"},
    {"<a x='1", "t.xml:1:8: error: the value of an attribute is not closed by its quote [xml-form]"},
    {"<a x='1' xx='x' x='2'/>", "t.xml:1:17: error: the attribute x stands twice in one element [xml-form]"},
    {"<a>\nAn&nbsp;toàn</a>", "t.xml:2:3: error: &nbsp; is not known in XML; write the character itself [xml-form]"},
    {"<a>Thu & chi</a>", "t.xml:1:9: error: a name is expected here; write \"&lt;\" and \"&amp;\" for < and & in text [xml-form]"},
    {"<a>Thu &chi </a>", "t.xml:1:8: error: \"&\" must be written \"&amp;\" [xml-form]"},
    {"<a>&#0;</a>", "t.xml:1:4: error: the character U+0000 may not stand in XML; remove it [xml-form]"},

    {"<a>\n\x01</a>", "t.xml:2:1: error: the character U+0001 may not stand in XML; remove it [xml-form]"},
    {"<a>\xEF\xBF\xBE</a>", "t.xml:1:4: error: the character U+FFFE may not stand in XML; remove it [xml-form]"},
    {"<a/>\n<b/>", "t.xml:2:1: error: there is something behind the end of the root element; a file holds one root [xml-form]"},
    {"<a><!-- đ", "t.xml:1:4: error: a comment is not closed by \"-->\", or holds \"--\" [xml-form]"},
    {"<a><![CDATA[ ]]</a>", "t.xml:1:4: error: a CDATA section is not closed by \"]]>\" [xml-form]"},
    {"<a>\n <q:b/></a>", "t.xml:2:2: error: the namespace prefix q is not declared [xml-form]"},
    {"<a>]]></a>", "t.xml:1:4: error: not well-formed XML: Sequence ']]>' not allowed in content [xml-form]"},
    {"<!DOCTYPE a SYSTEM 'a.dtd'><a/>", "t.xml:1:1: error: a DOCTYPE with declarations or an external file is not accepted; remove it [xml-doctype]"},
    {"<!DOCTYPE a PUBLIC '-//X' 'http://x/'><a/>", "t.xml:1:1: error: a DOCTYPE with declarations or an external file is not accepted; remove it [xml-doctype]"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    root = NULL;
    assert_int_equal(parse(cases[i].xml), VB_BAD);
    assert_null(root);
    assert_string_equal(findings(), cases[i].want);
  }
  assert_int_equal(parse_bytes("<a>\n\0</a>", 9), VB_BAD);
  assert_string_equal(findings(), "t.xml:2:1: error: the character U+0000 may not stand in XML; remove it [xml-form]");
}

static void test_hostile(void **state)
{
  (void)state;
  static const char doctype[] = "t.xml:1:1: error: a DOCTYPE with declarations or an external file is not accepted; remove it [xml-doctype]";
  assert_int_equal(parse("<!DOCTYPE l [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;'>]><l>&c;</l>"), VB_BAD);
  assert_string_equal(findings(), doctype);
  assert_int_equal(parse("<!DOCTYPE l [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><l>&x;</l>"), VB_BAD);
  assert_string_equal(findings(), doctype);
  assert_int_equal(parse("<!DOCTYPE l [<!ENTITY % p SYSTEM 'http://127.0.0.1/x'> %p;]><l/>"), VB_BAD);
  assert_string_equal(findings(), doctype);
  vb_buf b;
  vb_buf_init(&b);
  for (int i = 0; i < 100000; i++)
    vb_buf_str(&b, "<a>");
  assert_int_equal(parse_bytes(b.p, b.n), VB_BAD);
  assert_string_equal(findings(), "t.xml:1:193: error: elements are nested deeper than 64 [xml-limit]");
  vb_buf_clear(&b);
  vb_buf_str(&b, "<a x='");
  for (int i = 0; i < 11 * 1024; i++)
    vb_buf_printf(&b, "%01024d", i);
  vb_buf_str(&b, "'/>");
  assert_int_equal(parse_bytes(b.p, b.n), VB_BAD);
  const char *line = findings();
  assert_non_null(strstr(line, "[xml-form]"));
  assert_null(strchr(line, '\n'));
  vb_buf_free(&b);
  /* A size beyond the limit is refused before a byte is read. */
  assert_int_equal(parse_bytes("<a/>", (size_t)VB_XML_BYTES_MAX + 1), VB_BAD);
  assert_string_equal(findings(), "t.xml: error: the XML file is larger than 128 MB; split it [xml-limit]");
}

static void test_node_limit(void **state)
{
  (void)state;
  vb_buf b;
  vb_buf_init(&b);
  vb_buf_str(&b, "<a>\n");
  for (int i = 0; i < VB_XML_NODES_MAX; i++)
    vb_buf_str(&b, "<b/>");
  assert_int_equal(parse_bytes(b.p, b.n), VB_BAD);
  vb_buf_free(&b);
  /* root and line break are two nodes: the last but one element is one too many */
  vb_buf want;
  vb_buf_init(&want);
  vb_buf_printf(&want, "t.xml:2:%ld: error: the XML file holds more than %d elements, attributes and texts; split it [xml-limit]",
                (VB_XML_NODES_MAX - 2) * 4L + 1, VB_XML_NODES_MAX);
  assert_string_equal(findings(), vb_buf_cstr(&want));
  vb_buf_free(&want);
}

static void test_mutations(void **state)
{
  (void)state;
  static const char sample[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<so-lieu unit='xa-a' xmlns:q='urn:q'>\n <!-- số -->\n"
                               " <chi-tieu ma=\"1.1\" gia-tri='29'>Tốt &amp; đủ<![CDATA[<x>]]></chi-tieu>\n <q:d e='f'/>&#x1EA1;</so-lieu>\n";
  vb_buf b;
  vb_buf_init(&b);
  int good = 0;
  for (int i = 0; i < 5000; i++) {
    vb_span m = mutated((vb_span){sample, sizeof sample - 1}, &b);
    vb_arena_mark mark = vb_arena_save(a);
    vb_status st = vb_xml_parse(d, a, "m.xml", m, NULL, &root);
    assert_true(st == VB_OK || st == VB_BAD);
    assert_int_equal(vb_diag_count(d, VB_ERROR), st == VB_OK ? 0 : 1);
    good += st == VB_OK;
    vb_arena_restore(a, mark);
    vb_diag_free(d);
    d = vb_diag_new();
  }
  assert_in_range(good, 10, 4500);
  vb_buf_free(&b);
}

int main(void)
{
  static const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, help_setup, help_teardown)
    T(test_tree), T(test_places), T(test_places_large), T(test_encodings), T(test_faults), T(test_hostile), T(test_node_limit), T(test_mutations),
  };
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  vb_xml_cleanup();
  return failed;
}
