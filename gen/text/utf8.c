/* UTF-8: decoding, encoding and checking. Used by every room that walks over characters.
 *
 * Well formed is what table 3-7 of the Unicode standard allows: no overlong forms, no surrogates, nothing above U+10FFFF.
 */
#include "text/text.h"

#include <string.h>

/* Length of the well-formed sequence at p, 0 when there is none. p < end. */
static size_t sequence(const unsigned char *p, const unsigned char *end)
{
  unsigned char b = p[0];
  size_t left = (size_t)(end - p);
  if (b < 0x80) return 1;
  if (b < 0xC2 || b > 0xF4) return 0;
  if (left < 2) return 0;
  if (b < 0xE0) return (p[1] & 0xC0) == 0x80 ? 2 : 0;
  if (b < 0xF0) {
    unsigned char low = b == 0xE0 ? 0xA0 : 0x80, high = b == 0xED ? 0x9F : 0xBF;
    return left >= 3 && p[1] >= low && p[1] <= high && (p[2] & 0xC0) == 0x80 ? 3 : 0;
  }
  unsigned char low = b == 0xF0 ? 0x90 : 0x80, high = b == 0xF4 ? 0x8F : 0xBF;
  return left >= 4 && p[1] >= low && p[1] <= high && (p[2] & 0xC0) == 0x80 && (p[3] & 0xC0) == 0x80 ? 4 : 0;
}

/* Letters and signs of Vietnamese texts, which take two or three bytes, stand before the rest. */
uint32_t vb_utf8_decode(const char **p, const char *end)
{
  const unsigned char *s = (const unsigned char *)*p;
  if (*p >= end) return 0;
  if (s[0] < 0x80) {
    *p += 1;
    return s[0];
  }
  if (end - *p >= 3 && (s[1] & 0xC0) == 0x80) {
    if (s[0] >= 0xC2 && s[0] < 0xE0) {
      *p += 2;
      return (uint32_t)(s[0] & 0x1F) << 6 | (uint32_t)(s[1] & 0x3F);
    }
    if ((s[0] == 0xE1 || s[0] == 0xE2) && (s[2] & 0xC0) == 0x80) {
      *p += 3;
      return (uint32_t)(s[0] & 0x0F) << 12 | (uint32_t)(s[1] & 0x3F) << 6 | (uint32_t)(s[2] & 0x3F);
    }
  }
  size_t n = sequence(s, (const unsigned char *)end);
  *p += n == 0 ? 1 : n;
  switch (n) {
  case 2: return (uint32_t)(s[0] & 0x1F) << 6 | (uint32_t)(s[1] & 0x3F);
  case 3: return (uint32_t)(s[0] & 0x0F) << 12 | (uint32_t)(s[1] & 0x3F) << 6 | (uint32_t)(s[2] & 0x3F);
  case 4:
    return (uint32_t)(s[0] & 0x07) << 18 | (uint32_t)(s[1] & 0x3F) << 12 | (uint32_t)(s[2] & 0x3F) << 6 | (uint32_t)(s[3] & 0x3F);
  default: return 0xFFFD;
  }
}

size_t vb_utf8_put(uint32_t c, char out[4])
{
  if (c < 0x80) {
    out[0] = (char)c;
    return 1;
  }
  if (c < 0x800) {
    out[0] = (char)(0xC0 | c >> 6);
    out[1] = (char)(0x80 | (c & 0x3F));
    return 2;
  }
  if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = 0xFFFD;
  if (c < 0x10000) {
    out[0] = (char)(0xE0 | c >> 12);
    out[1] = (char)(0x80 | (c >> 6 & 0x3F));
    out[2] = (char)(0x80 | (c & 0x3F));
    return 3;
  }
  out[0] = (char)(0xF0 | c >> 18);
  out[1] = (char)(0x80 | (c >> 12 & 0x3F));
  out[2] = (char)(0x80 | (c >> 6 & 0x3F));
  out[3] = (char)(0x80 | (c & 0x3F));
  return 4;
}

size_t vb_utf8_check(vb_span s)
{
  if (s.n == 0) return 0;
  const unsigned char *start = (const unsigned char *)s.p, *p = start, *end = start + s.n;
  while (p < end) {
    while (end - p >= 8) { /* most bytes of CSV and XML are ASCII */
      uint64_t w;
      memcpy(&w, p, 8);
      if ((w & UINT64_C(0x8080808080808080)) != 0) break;
      p += 8;
    }
    while (p < end && *p < 0x80) p++;
    if (p == end) break;
    /* Vietnamese runs: letters of two or three bytes with few others between them */
    size_t n = sequence(p, end);
    if (n == 0) return (size_t)(p - start);
    p += n;
  }
  return s.n;
}

size_t vb_utf8_length(vb_span s)
{
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++) n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
  return n;
}
