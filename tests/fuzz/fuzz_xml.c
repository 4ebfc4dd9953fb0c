/* XML as such: with no schema, and what was read is written and read again. */
#include "fuzz.h"

#include "text/text.h"
#include "xml/xml.h"

static void write_node(vb_xml_writer *w, const vb_xml_node *n, int depth)
{
  FUZZ_CHECK(depth <= VB_XML_DEPTH_MAX);
  if (n->kind == VB_XML_TEXT) {
    FUZZ_CHECK(vb_utf8_check(n->text) == n->text.n);
    vb_xml_chars(w, n->text);
    return;
  }
  FUZZ_CHECK(n->line > 0 && n->column > 0);
  vb_xml_open(w, n->name);
  for (const vb_xml_attr *t = n->attrs; t; t = t->next)
    if (!strchr(t->name, ':')) vb_xml_attr_put(w, t->name, t->value);
  for (const vb_xml_node *c = n->first; c; c = c->next) write_node(w, c, depth + 1);
  vb_xml_close(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  vb_diag *d = fuzz_diag();
  vb_arena *a = vb_arena_new(0);
  vb_xml_node *root = NULL, *again = NULL;
  FUZZ_CHECK(a != NULL);
  vb_status s = vb_xml_parse(d, a, "a.xml", (vb_span){(const char *)data, size}, NULL, &root);
  if (s == VB_OK) {
    vb_buf out;
    vb_buf_init(&out);
    vb_xml_writer *w = vb_xml_writer_new(&out, false);
    FUZZ_CHECK(w != NULL);
    vb_xml_writer_declaration(w);
    write_node(w, root, 1);
    FUZZ_CHECK(vb_xml_writer_end(w) == VB_OK);
    FUZZ_CHECK(vb_xml_parse(d, a, "b.xml", (vb_span){out.p, out.n}, NULL, &again) == VB_OK);
    vb_span was = vb_xml_text(a, root), is = vb_xml_text(a, again);
    FUZZ_CHECK(vb_span_eq(was, is));
    vb_buf_free(&out);
  }
  vb_arena_free(a);
  fuzz_end(d, s);
  return 0;
}
