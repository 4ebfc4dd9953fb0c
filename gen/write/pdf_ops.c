/* pdf, inside: numbers, strings, names and dates as PDF text. Own printing: printf took a third of the time of a page. */
#include <string.h>

#include "text/text.h"
#include "write/pdf_int.h"

char *vb_pdf_put_cpt(char *p, int32_t cpt)
{
  uint32_t v = cpt < 0 ? 0 - (uint32_t)cpt : (uint32_t)cpt, whole = v / 100, part = v % 100;
  if (cpt < 0) *p++ = '-';
  if (whole != 0 || part == 0) p = vb_put_int(p, whole);
  if (part == 0) return p;
  *p++ = '.';
  *p++ = (char)('0' + part / 10);
  if (part % 10 != 0) *p++ = (char)('0' + part % 10);
  return p;
}

char *vb_pdf_put_milli(char *p, int32_t milli)
{
  uint32_t v = milli < 0 ? 0 - (uint32_t)milli : (uint32_t)milli, part = v % 1000;
  if (milli < 0) *p++ = '-';
  if (v >= 1000 || v == 0) p = vb_put_int(p, v / 1000);
  if (part == 0) return p;
  *p++ = '.';
  for (uint32_t unit = 100; part != 0; unit /= 10) {
    *p++ = (char)('0' + part / unit);
    part %= unit;
  }
  return p;
}

void vb_pdf_cpt_add(vb_buf *b, int32_t cpt, char after)
{
  char *p = vb_buf_room(b, 24);
  if (!p) return;
  p = vb_pdf_put_cpt(p, cpt);
  *p++ = after;
  b->n = (size_t)(p - b->p);
}

void vb_pdf_rect(vb_buf *b, const char *key, const vb_len box[4])
{
  vb_buf_char(b, '/');
  vb_buf_str(b, key);
  vb_buf_char(b, '[');
  vb_pdf_cpt_add(b, vb_pdf_cpt(box[0]), ' ');
  vb_pdf_cpt_add(b, vb_pdf_cpt(box[1]), ' ');
  vb_pdf_cpt_add(b, vb_pdf_cpt(box[0] + box[2]), ' ');
  vb_pdf_cpt_add(b, vb_pdf_cpt(box[1] + box[3]), ']');
}

char *vb_pdf_put_byte(char *p, uint8_t c)
{
  if (c == '(' || c == ')' || c == '\\') *p++ = '\\';
  if (c == '\r') *p++ = '\\', c = 'r'; /* a bare CR in a string reads as LF */
  *p++ = (char)c;
  return p;
}

void vb_pdf_bytes(vb_buf *b, vb_span s)
{
  char *p = vb_buf_room(b, 2 * s.n + 2);
  if (!p) return;
  *p++ = '(';
  for (size_t i = 0; i < s.n; i++) p = vb_pdf_put_byte(p, (uint8_t)s.p[i]);
  *p++ = ')';
  b->n = (size_t)(p - b->p);
}

static bool is_ascii(vb_span s)
{
  for (size_t i = 0; i < s.n; i++)
    if ((unsigned char)s.p[i] < 0x20 || (unsigned char)s.p[i] > 0x7E) return false;
  return true;
}

void vb_pdf_string(vb_buf *b, vb_span utf8)
{
  if (is_ascii(utf8)) {
    vb_pdf_bytes(b, utf8);
    return;
  }
  vb_buf wide;
  vb_buf_init(&wide);
  vb_buf_add(&wide, "\xFE\xFF", 2);
  for (const char *p = utf8.p, *end = p + utf8.n; p < end;) {
    uint32_t c = vb_utf8_next(&p, end);
    if (c > 0xFFFF) {
      uint32_t high = 0xD800 + ((c - 0x10000) >> 10);
      vb_buf_char(&wide, (char)(high >> 8));
      vb_buf_char(&wide, (char)high);
      c = 0xDC00 + ((c - 0x10000) & 0x3FF);
    }
    vb_buf_char(&wide, (char)(c >> 8));
    vb_buf_char(&wide, (char)c);
  }
  vb_pdf_bytes(b, (vb_span){wide.p, wide.n});
  b->failed |= wide.failed;
  vb_buf_free(&wide);
}

void vb_pdf_name(vb_buf *b, vb_span s)
{
  static const char hex[] = "0123456789ABCDEF";
  vb_buf_char(b, '/');
  for (size_t i = 0; i < s.n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    if (c > 0x20 && c < 0x7F && !strchr("#()<>[]{}/%", c)) {
      vb_buf_char(b, (char)c);
    } else {
      vb_buf_char(b, '#');
      vb_buf_char(b, hex[c >> 4]);
      vb_buf_char(b, hex[c & 15]);
    }
  }
}

void vb_pdf_date(vb_buf *b, vb_date d)
{
  vb_buf_printf(b, "(D:%04d%02d%02d000000+07'00')", d.year, d.month, d.day);
}
