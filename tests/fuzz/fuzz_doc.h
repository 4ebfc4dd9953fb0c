/* Documents of fuzzed text, for the targets that begin behind the templates. */
#ifndef VB_FUZZ_DOC_H
#define VB_FUZZ_DOC_H

#include "doc/doc.h"
#include "fuzz.h"
#include "text/text.h"

/* The bytes as text that may stand in a document: valid, in normal form; a space for anything else but line feeds. */
static vb_span fuzz_text(vb_arena *a, const uint8_t *data, size_t size)
{
  vb_buf b;
  vb_buf_init(&b);
  for (const char *p = (const char *)data, *end = p + size; p < end;) {
    const char *from = p;
    size_t at;
    (void)vb_utf8_next(&p, end);
    vb_span one = {from, (size_t)(p - from)};
    if (vb_utf8_check(one) != one.n || (*from != '\n' && vb_text_forbidden(one, &at) != 0)) one = VB_LIT(" ");
    vb_buf_span(&b, one);
  }
  vb_span raw = {vb_arena_str(a, b.p != NULL ? b.p : "", b.n), b.n}, out = vb_text_nfc(a, raw);
  FUZZ_CHECK(!b.failed && out.p != NULL);
  vb_buf_free(&b);
  return out;
}

static vb_node *fuzz_node(vb_doc *doc, vb_node *parent, vb_node_kind kind)
{
  vb_node *n = vb_node_add(doc, parent, kind);
  FUZZ_CHECK(n != NULL);
  return n;
}

static uint32_t fuzz_trace(vb_doc *doc)
{
  const vb_trace t = {.expression = "1.1", .printed = "?"};
  uint32_t n = vb_doc_trace(doc, &t);
  FUZZ_CHECK(n != 0);
  return n;
}

/* A line as inlines: "#" begins and ends a figure, "*" bold letters, "~" breaks the line. place: of its first letter; line 0: not known. */
static void fuzz_pieces(vb_doc *doc, vb_node *into, vb_span line, vb_place place)
{
  bool figure = false, bold = false;
  for (size_t i = 0, from = 0; i <= line.n; i++) {
    char c = i < line.n ? line.p[i] : '~';
    if (c != '#' && c != '~' && c != '*') continue;
    if (i > from) {
      vb_node *n = fuzz_node(doc, into, figure ? VB_NODE_FIGURE : VB_NODE_TEXT);
      n->u.text.text = (vb_span){line.p + from, i - from};
      n->u.text.flags = bold ? VB_INLINE_BOLD : 0;
      if (figure) n->u.text.value = (vb_value){.type = VB_VALUE_TEXT, .trace = fuzz_trace(doc)};
      if (!figure && place.line > 0) {
        n->at = place;
        n->at.column = (uint32_t)vb_utf8_length((vb_span){line.p, from}) + 1;
      }
    }
    if (i < line.n && c == '~') (void)fuzz_node(doc, into, VB_NODE_BREAK);
    figure ^= c == '#';
    bold ^= c == '*';
    from = i + 1;
  }
}

#endif
