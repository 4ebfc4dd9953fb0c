/* xml_error: libxml2's faults of form → one message each, with the place where a person has to look. For gen/xml alone. */
#include "xml/xml_int.h"

#include <stdio.h>
#include <string.h>

#include <libxml/xmlerror.h>

/* What to do with a fault: its message, which of libxml2's strings are its arguments, and the character the fault begins with. */
typedef struct fault { int code; vb_msg msg; const char *back_to; } fault;

static const fault faults[] = {
  {XML_ERR_TAG_NAME_MISMATCH, VB_MSG_XML_TAG_MISMATCH, "<"},
  {XML_ERR_TAG_NOT_FINISHED, VB_MSG_XML_TAG_OPEN, NULL},
  {XML_ERR_GT_REQUIRED, VB_MSG_XML_TAG_SYNTAX, "<"},
  {XML_ERR_LTSLASH_REQUIRED, VB_MSG_XML_TAG_SYNTAX, "<"},
  {XML_ERR_SPACE_REQUIRED, VB_MSG_XML_SPACE, NULL},
  {XML_ERR_NAME_REQUIRED, VB_MSG_XML_NAME, NULL},
  {XML_ERR_ATTRIBUTE_NOT_STARTED, VB_MSG_XML_ATTR_QUOTES, NULL},
  {XML_ERR_ATTRIBUTE_WITHOUT_VALUE, VB_MSG_XML_ATTR_QUOTES, NULL},
  {XML_ERR_LT_IN_ATTRIBUTE, VB_MSG_XML_ATTR_LT, NULL},
  {XML_ERR_ATTRIBUTE_NOT_FINISHED, VB_MSG_XML_ATTR_OPEN, NULL},
  {XML_ERR_ATTRIBUTE_REDEFINED, VB_MSG_XML_ATTR_TWICE, "<"},
  {XML_ERR_UNDECLARED_ENTITY, VB_MSG_XML_ENTITY, "&"},
  {XML_WAR_UNDECLARED_ENTITY, VB_MSG_XML_ENTITY, "&"},
  {XML_ERR_ENTITYREF_SEMICOL_MISSING, VB_MSG_XML_AMPERSAND, "&"},
  {XML_ERR_INVALID_CHAR, VB_MSG_XML_CHAR, "&"}, /* &#0;: one that stands raw is found by post_char */
  {XML_ERR_INVALID_CHARREF, VB_MSG_XML_AMPERSAND, "&"},
  {XML_ERR_INVALID_DEC_CHARREF, VB_MSG_XML_AMPERSAND, "&"},
  {XML_ERR_INVALID_HEX_CHARREF, VB_MSG_XML_AMPERSAND, "&"},
  {XML_ERR_DOCUMENT_EMPTY, VB_MSG_XML_NOT_XML, NULL},
  {XML_ERR_DOCUMENT_END, VB_MSG_XML_AFTER_ROOT, NULL},
  {XML_ERR_COMMENT_NOT_FINISHED, VB_MSG_XML_COMMENT, "<!--"},
  {XML_ERR_HYPHEN_IN_COMMENT, VB_MSG_XML_COMMENT, "<!--"},
  {XML_ERR_CDATA_NOT_FINISHED, VB_MSG_XML_CDATA, "<![CDATA["},
  {XML_NS_ERR_UNDEFINED_NAMESPACE, VB_MSG_XML_PREFIX, "<"},
};

static const fault *lookup(int code)
{
  for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
    if (faults[i].code == code) return &faults[i];
  return NULL;
}

/* The last place of `to` that begins at or before off; off when there is none. */
static size_t back(vb_span text, size_t off, const char *to)
{
  size_t n = strlen(to);
  for (size_t i = off + n <= text.n ? off + 1 : text.n - (text.n < n ? text.n : n) + 1; i-- > 0;)
    if (i + n <= text.n && memcmp(text.p + i, to, n) == 0) return i;
  return off;
}

/* The character at off as U+XXXX when it is one that XML forbids. */
static bool forbidden_at(vb_span text, size_t off)
{
  if (off >= text.n) return false;
  unsigned char b = (unsigned char)text.p[off];
  return (b < 0x20 && b != '\t' && b != '\n' && b != '\r') || vb_span_starts((vb_span){text.p + off, text.n - off}, "\xEF\xBF\xBE") ||
         vb_span_starts((vb_span){text.p + off, text.n - off}, "\xEF\xBF\xBF");
}

/* libxml2 sometimes reports a forbidden character as whatever construct it broke. */
static bool post_char(vb_diag *d, vb_place at, vb_span text, size_t off)
{
  if (!forbidden_at(text, off)) return false;
  unsigned char b = (unsigned char)text.p[off];
  char name[16];
  snprintf(name, sizeof name, "U+%04X", b < 0x20 ? (unsigned)b : text.p[off + 2] == '\xBE' ? 0xFFFEu : 0xFFFFu);
  VB_POST(d, VB_MSG_XML_CHAR, at, name);
  return true;
}

/* The second place of an attribute inside a tag. */
static size_t second_attr(vb_span text, size_t tag, size_t end, const char *name)
{
  size_t n = strlen(name), last = tag;
  for (size_t i = tag; i + n <= end; i++)
    if (memcmp(text.p + i, name, n) == 0 && strchr(" \t\r\n:", text.p[i - 1]) && strchr("= \t\r\n", text.p[i + n])) last = i;
  return last;
}

/* The line of libxml2's message without its line break. */
static vb_span first_line(const char *s)
{
  vb_span m = vb_span_of(s);
  for (size_t i = 0; i < m.n; i++)
    if (m.p[i] == '\n') m.n = i;
  return m;
}

void vb_xml_post_fault(vb_diag *d, const char *file, const xmlError *e, vb_span text, size_t off)
{
  const fault *f = lookup(e->code);
  vb_xml_pos p = {0, 1, 1};
  vb_place at = {vb_diag_file(d, file), 0, 0, NULL};
  vb_xml_pos_move(&p, text, off);
  at.line = p.line;
  at.column = p.column;
  if (post_char(d, at, text, off)) return;
  const char *a = e->str1 ? e->str1 : "", *b = e->str2 ? e->str2 : "";
  if (f && f->back_to) {
    size_t start = back(text, off, f->back_to);
    if (e->code == XML_ERR_ATTRIBUTE_REDEFINED) start = second_attr(text, start, off, a);
    vb_xml_pos_move(&p, text, start);
    at.line = p.line;
    at.column = p.column;
  }
  char code[16];
  switch (f ? f->msg : VB_MSG_XML_FORM) {
    case VB_MSG_XML_TAG_MISMATCH: VB_POST(d, f->msg, at, a, b, VB_NUM(e->int1)); break;
    case VB_MSG_XML_TAG_OPEN: VB_POST(d, f->msg, at, a, VB_NUM(e->int1)); break;
    case VB_MSG_XML_CHAR:
      snprintf(code, sizeof code, "U+%04X", (unsigned)e->int1);
      VB_POST(d, f->msg, at, code);
      break;
    case VB_MSG_XML_FORM: VB_POST(d, VB_MSG_XML_FORM, at, VB_TXT(first_line(e->message))); break;
    default: VB_POST(d, f->msg, at, a, b); break;
  }
}
