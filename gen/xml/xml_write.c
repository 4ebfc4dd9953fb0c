/* xml_write: the writer. Own escaping onto a vb_buf, so that the same calls give the same bytes with every version of libxml2.
 *
 * Characters that XML 1.0 forbids (C0 controls, U+FFFE, U+FFFF) and malformed bytes become U+FFFD. */
#include "xml/xml_int.h"

#include <string.h>

#include "text/text.h"

enum { HAS_CHILD = 1, HAS_TEXT = 2 };

struct vb_xml_writer {
  vb_buf *out;
  vb_buf names;  /* the open elements' names, each with a NUL */
  vb_buf flags;  /* a byte an open element */
  bool indent, tag_open;
  unsigned char carry[3]; /* base64: bytes of an unfinished group */
  size_t n_carry;
};

vb_xml_writer *vb_xml_writer_new(vb_buf *out, bool indent)
{
  vb_xml_writer *w = vb_mem_zalloc(sizeof *w);
  if (!w) return NULL;
  w->out = out;
  w->indent = indent;
  vb_buf_init(&w->names);
  vb_buf_init(&w->flags);
  return w;
}

static void put_base64(vb_xml_writer *w, const unsigned char *b, size_t n)
{
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  uint32_t v = (uint32_t)b[0] << 16 | (n > 1 ? (uint32_t)b[1] << 8 : 0) | (n > 2 ? (uint32_t)b[2] : 0);
  char group[4] = {digits[v >> 18 & 63], digits[v >> 12 & 63], '=', '='};
  if (n > 1) group[2] = digits[v >> 6 & 63];
  if (n > 2) group[3] = digits[v & 63];
  vb_buf_add(w->out, group, 4);
}

/* Ends a start tag that is still open, and a base64 group that waits for more bytes. */
static void settle(vb_xml_writer *w)
{
  if (w->tag_open) vb_buf_char(w->out, '>');
  w->tag_open = false;
  if (w->n_carry) put_base64(w, w->carry, w->n_carry);
  w->n_carry = 0;
}

static char *top_flags(vb_xml_writer *w) { return w->flags.n ? w->flags.p + w->flags.n - 1 : NULL; }

static void line_break(vb_xml_writer *w, size_t depth)
{
  vb_buf_char(w->out, '\n');
  for (size_t i = 0; i < depth; i++) vb_buf_str(w->out, "  ");
}

void vb_xml_writer_declaration(vb_xml_writer *w)
{
  vb_buf_str(w->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
}

void vb_xml_open(vb_xml_writer *w, const char *name)
{
  settle(w);
  char *f = top_flags(w);
  if (f && w->indent && !(*f & HAS_TEXT)) line_break(w, w->flags.n);
  if (f) *f |= HAS_CHILD;
  vb_buf_char(w->out, '<');
  vb_buf_str(w->out, name);
  vb_buf_add(&w->names, name, strlen(name) + 1);
  vb_buf_char(&w->flags, 0);
  if (w->names.failed || w->flags.failed) w->out->failed = true;
  w->tag_open = true;
}

static bool allowed(uint32_t c)
{
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0xD800) || (c >= 0xE000 && c < 0xFFFE) || (c >= 0x10000 && c <= 0x10FFFF);
}

static const char *reference(uint32_t c, bool in_attr)
{
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '\r': return "&#13;";
    case '"': return in_attr ? "&quot;" : NULL;
    case '\t': return in_attr ? "&#9;" : NULL;
    case '\n': return in_attr ? "&#10;" : NULL;
    default: return NULL;
  }
}

static void escape(vb_buf *out, vb_span s, bool in_attr)
{
  const char *p = s.p, *end = s.p ? s.p + s.n : NULL, *plain = p;
  while (p < end) {
    const char *at = p;
    uint32_t c = (unsigned char)*p < 0x80 ? (uint32_t)(unsigned char)*p++ : vb_utf8_next(&p, end);
    const char *ref = allowed(c) ? reference(c, in_attr) : "\xEF\xBF\xBD";
    if (c == 0xFFFD) ref = "\xEF\xBF\xBD"; /* a malformed byte looks like this: never copy it */
    if (!ref) continue;
    vb_buf_add(out, plain, (size_t)(at - plain));
    vb_buf_str(out, ref);
    plain = p;
  }
  if (end > plain) vb_buf_add(out, plain, (size_t)(end - plain));
}

void vb_xml_attr_put(vb_xml_writer *w, const char *name, vb_span value)
{
  if (!w->tag_open) { /* an attribute behind content would be lost: a fault of the caller that must not pass */
    w->out->failed = true;
    return;
  }
  vb_buf_char(w->out, ' ');
  vb_buf_str(w->out, name);
  vb_buf_str(w->out, "=\"");
  escape(w->out, value, true);
  vb_buf_char(w->out, '"');
}

void vb_xml_chars(vb_xml_writer *w, vb_span text)
{
  char *f = top_flags(w);
  if (!f) {
    if (text.n) w->out->failed = true; /* text outside the root */
    return;
  }
  *f |= HAS_TEXT;
  if (!text.n) return;
  settle(w);
  escape(w->out, text, false);
}

void vb_xml_raw_base64(vb_xml_writer *w, const void *bytes, size_t n)
{
  const unsigned char *b = bytes;
  char *f = top_flags(w);
  if (!f) {
    w->out->failed = true;
    return;
  }
  *f |= HAS_TEXT;
  if (w->tag_open) settle(w);
  while (n > 0 && w->n_carry > 0 && w->n_carry < 3) {
    w->carry[w->n_carry++] = *b++;
    n--;
  }
  if (w->n_carry == 3) {
    put_base64(w, w->carry, 3);
    w->n_carry = 0;
  }
  for (; n >= 3 && !w->out->failed; n -= 3, b += 3) put_base64(w, b, 3);
  while (n > 0 && w->n_carry < 2) {
    w->carry[w->n_carry++] = *b++;
    n--;
  }
}

void vb_xml_close(vb_xml_writer *w)
{
  char *f = top_flags(w);
  if (!f || w->out->failed) {
    w->out->failed = true;
    return;
  }
  size_t start = w->names.n - 1;
  while (start > 0 && w->names.p[start - 1] != '\0') start--;
  if (w->tag_open) {
    vb_buf_str(w->out, "/>");
    w->tag_open = false;
  } else {
    settle(w);
    if (w->indent && (*f & HAS_CHILD) && !(*f & HAS_TEXT)) line_break(w, w->flags.n - 1);
    vb_buf_str(w->out, "</");
    vb_buf_str(w->out, w->names.p + start);
    vb_buf_char(w->out, '>');
  }
  w->names.n = start;
  w->flags.n--;
  if (w->flags.n == 0 && w->indent) vb_buf_char(w->out, '\n');
}

void vb_xml_element(vb_xml_writer *w, const char *name, vb_span text)
{
  vb_xml_open(w, name);
  vb_xml_chars(w, text);
  vb_xml_close(w);
}

vb_status vb_xml_writer_end(vb_xml_writer *w)
{
  while (w->flags.n && !w->out->failed) vb_xml_close(w);
  vb_status st = w->out->failed ? VB_NOMEM : VB_OK;
  vb_buf_free(&w->names);
  vb_buf_free(&w->flags);
  vb_mem_free(w);
  return st;
}
