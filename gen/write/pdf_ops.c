/* pdf, inside: numbers, strings, names and dates as PDF text. Own printing: printf took a third of the time of a page. */
#include <string.h>

#include "text/text.h"
#include "write/pdf_int.h"

char *vb_pdf_put_cpt(char *p, int32_t cpt)
{
  int64_t v = cpt;
  if (v < 0) *p++ = '-', v = -v;
  int64_t whole = v / 100, part = v % 100;
  if (whole != 0 || part == 0) p = vb_put_int(p, whole);
  if (part == 0) return p;
  *p++ = '.';
  *p++ = (char)('0' + part / 10);
  if (part % 10 != 0) *p++ = (char)('0' + part % 10);
  return p;
}

char *vb_pdf_put_milli(char *p, int32_t milli)
{
  int64_t v = milli;
  if (v < 0) *p++ = '-', v = -v;
  if (v >= 1000 || v == 0) p = vb_put_int(p, v / 1000);
  int64_t part = v % 1000;
  if (part == 0) return p;
  *p++ = '.';
  for (int64_t unit = 100; part != 0; unit /= 10) {
    *p++ = (char)('0' + part / unit);
    part %= unit;
  }
  return p;
}

void vb_pdf_cpt_add(vb_buf *b, int32_t cpt, char after)
{
  if (!vb_buf_reserve(b, 24)) return;
  char *p = vb_pdf_put_cpt(b->p + b->n, cpt);
  *p++ = after;
  b->n = (size_t)(p - b->p);
}

void vb_pdf_ref(vb_buf *b, vb_hpdf_id id)
{
  if (!vb_buf_reserve(b, 24)) return;
  char *p = vb_put_int(b->p + b->n, id);
  *p++ = ' ', *p++ = '0', *p++ = ' ', *p++ = 'R';
  b->n = (size_t)(p - b->p);
}

void vb_pdf_entry_ref(vb_buf *b, const char *key, vb_hpdf_id id)
{
  vb_buf_char(b, '/');
  vb_buf_str(b, key);
  vb_buf_char(b, ' ');
  vb_pdf_ref(b, id);
}

void vb_pdf_entry_int(vb_buf *b, const char *key, int64_t v)
{
  vb_buf_char(b, '/');
  vb_buf_str(b, key);
  vb_buf_char(b, ' ');
  vb_buf_int(b, v);
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

void vb_pdf_bytes(vb_buf *b, vb_span s)
{
  if (!vb_buf_reserve(b, 2 * s.n + 2)) return;
  char *p = b->p + b->n;
  *p++ = '(';
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    if (c == '(' || c == ')' || c == '\\') *p++ = '\\';
    if (c == '\r') *p++ = '\\', c = 'r'; /* a bare CR in a string reads as LF */
    *p++ = c;
  }
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
