/* NFC, and the characters that may not stand in a document.
 *
 * The quick check is what runs on every cell and paragraph: blocks of 32 bytes pass without a look at characters as long as all of
 * them are ASCII, letters of two bytes below U+0300, U+1E00–1EFF or punctuation U+2002–203F: all that a clean Vietnamese text holds.
 * A block with anything else is read character by character, and only a doubtful run of characters is normalised and compared.
 */
#include "text/text_int.h"

#include <string.h>
#include <utf8proc.h>

#define NFC (UTF8PROC_STABLE | UTF8PROC_COMPOSE)
enum {
  BLOCK = 32,      /* bytes a block of the quick check: two vector registers */
  RUN_MAX = 64,    /* characters of a doubtful run compared on the stack; longer ones are left to vb_text_nfc */
  PIECE = 4096     /* bytes normalised at a time */
};

/* Whether all bytes of the block begin or continue harmless characters. Branch-free, for the compiler to vectorise; reads 2 bytes
 * beyond the block. */
static bool block_plain(const unsigned char *p)
{
  unsigned char bad = 0;
  for (int i = 0; i < BLOCK; i++) {
    unsigned char b = p[i], next = p[i + 1], third = p[i + 2];
    unsigned char latin = (unsigned char)((b == 0xE1) & ((next & 0xFC) == 0xB8));
    unsigned char sign = (unsigned char)((b == 0xE2) & (next == 0x80) & (third >= 0x82));
    bad |= (unsigned char)((b >= 0xCC) & !(latin | sign));
  }
  return bad == 0;
}

/* Whether c may take part in a change: marks, what decomposes, the parts of Hangul syllables. U+1E00–1EFF and what stands below
 * U+0300 compose only with a mark behind them. */
static bool doubtful(uint32_t c)
{
  if (c < 0x300 || (c >= 0x1E00 && c <= 0x1EFF)) return false;
  if ((c >= 0x1100 && c <= 0x11FF) || (c >= 0xA960 && c <= 0xA97F) || (c >= 0xD7B0 && c <= 0xD7FF)) return true;
  const utf8proc_property_t *k = utf8proc_get_property((utf8proc_int32_t)c);
  return k->combining_class != 0 || k->category == UTF8PROC_CATEGORY_MN || k->category == UTF8PROC_CATEGORY_MC ||
         k->category == UTF8PROC_CATEGORY_ME || (k->decomp_seqindex != UINT16_MAX && k->decomp_type == 0);
}

static size_t char_before(vb_span s, size_t at)
{
  while (at > 0 && ((unsigned char)s.p[--at] & 0xC0) == 0x80) {}
  return at;
}

/* Compares the run of doubtful characters around `at`, from the plain one before it to the plain one behind. *end: where it ends. */
static bool run_is_nfc(vb_span s, size_t at, size_t *end)
{
  utf8proc_int32_t buf[RUN_MAX];
  const char *p = s.p + at, *stop = s.p + s.n, *q;
  size_t from = at == 0 ? 0 : char_before(s, at), count = 1;
  for (q = p; q < stop; q = p, count++)
    if (!doubtful(vb_utf8_next(&p, stop))) break;
  *end = (size_t)(q - s.p);
  if (count >= RUN_MAX / 4) return false;
  utf8proc_ssize_t n = utf8proc_decompose((const utf8proc_uint8_t *)s.p + from, (utf8proc_ssize_t)(*end - from), buf, RUN_MAX, NFC);
  if (n < 0 || n > RUN_MAX) return false;
  n = utf8proc_normalize_utf32(buf, n, NFC);
  p = s.p + from;
  for (utf8proc_ssize_t i = 0; i < n; i++)
    if (p >= q || vb_utf8_next(&p, q) != (uint32_t)buf[i]) return false;
  return p == q;
}

bool vb_text_is_nfc(vb_span s)
{
  if (s.n == 0) return true;
  const char *end = s.p + s.n;
  for (size_t i = 0; i < s.n;) {
    size_t stop;
    if (s.n - i >= BLOCK + 2) {
      if (block_plain((const unsigned char *)s.p + i)) {
        i += BLOCK;
        continue;
      }
      stop = i + BLOCK;
    } else {
      stop = s.n;
    }
    while (i < stop) {
      unsigned char b = (unsigned char)s.p[i];
      if (b < 0xCC) {
        i++;
        continue;
      }
      const char *p = s.p + i;
      if (!doubtful(vb_utf8_next(&p, end))) {
        i = (size_t)(p - s.p);
      } else if (!run_is_nfc(s, i, &i)) {
        return false;
      }
    }
  }
  return true;
}

/* Where the next piece ends: about PIECE bytes on, before an ASCII character, which never joins what stands before it. */
static size_t piece_end(vb_span s, size_t at)
{
  size_t end = s.n - at > PIECE ? at + PIECE : s.n;
  while (end < s.n && (unsigned char)s.p[end] >= 0x80) end++;
  return end;
}

static void add_nfc(vb_span s, vb_buf *chars, vb_buf *out)
{
  for (size_t at = 0; at < s.n && !out->failed;) {
    size_t end = piece_end(s, at);
    vb_span piece = {s.p + at, end - at};
    at = end;
    if (vb_text_is_nfc(piece)) {
      vb_buf_span(out, piece);
      continue;
    }
    size_t cap = piece.n * 4; /* no character grows to more than four in its canonical decomposition; a byte at least each */
    vb_buf_clear(chars);
    if (!vb_buf_reserve(chars, cap * sizeof(utf8proc_int32_t))) {
      out->failed = true;
      return;
    }
    utf8proc_int32_t *c = (utf8proc_int32_t *)(void *)chars->p;
    utf8proc_ssize_t n =
      utf8proc_decompose((const utf8proc_uint8_t *)piece.p, (utf8proc_ssize_t)piece.n, c, (utf8proc_ssize_t)cap, NFC);
    if (n < 0 || (size_t)n > cap) {
      vb_buf_span(out, piece); /* not UTF-8: against the contract; nothing is better than what came */
      continue;
    }
    n = utf8proc_normalize_utf32(c, n, NFC);
    for (utf8proc_ssize_t i = 0; i < n; i++) vb_buf_utf8(out, (uint32_t)c[i]);
  }
}

vb_span vb_text_nfc(vb_arena *a, vb_span s)
{
  if (s.n == 0) return VB_LIT("");
  if (vb_text_is_nfc(s)) return s;
  vb_buf chars, out;
  vb_buf_init(&chars);
  vb_buf_init(&out);
  add_nfc(s, &chars, &out);
  vb_span result = {NULL, 0};
  if (!out.failed) {
    result.p = out.n == s.n && memcmp(out.p, s.p, s.n) == 0 ? s.p : vb_arena_str(a, out.p, out.n);
    result.n = result.p == NULL ? 0 : out.n;
  }
  vb_buf_free(&chars);
  vb_buf_free(&out);
  return result;
}

/* ---- everyday text ------------------------------------------------------------------------------------------ */

/* What may follow a byte of everyday text: nothing of its own (ASCII), one byte more (U+00C0–02FF), a letter of U+1E80–1EFF, a sign of U+2010–201F
 * or "…", a sign of U+00A0–00BF but for the soft hyphen. */
enum { BYTE_ASCII, BYTE_TWO, BYTE_LETTER, BYTE_SIGN, BYTE_LATIN, BYTE_OTHER };
#define OTHER_8 BYTE_OTHER, BYTE_OTHER, BYTE_OTHER, BYTE_OTHER, BYTE_OTHER, BYTE_OTHER, BYTE_OTHER, BYTE_OTHER
#define OTHER_16 OTHER_8, OTHER_8
static const uint8_t byte_kind[256] = {
  OTHER_8, BYTE_OTHER, BYTE_ASCII, BYTE_ASCII, BYTE_OTHER, BYTE_OTHER, BYTE_OTHER, BYTE_OTHER, BYTE_OTHER, OTHER_16, /* \t and \n */
  [0x7F] = BYTE_OTHER, OTHER_16, OTHER_16, OTHER_16, OTHER_16, BYTE_OTHER, BYTE_OTHER, BYTE_LATIN,
  [0xC3] = BYTE_TWO, BYTE_TWO, BYTE_TWO, BYTE_TWO, BYTE_TWO, BYTE_TWO, BYTE_TWO, BYTE_TWO, BYTE_TWO,
  [0xCC] = BYTE_OTHER, BYTE_OTHER, BYTE_OTHER, BYTE_OTHER, OTHER_16, BYTE_OTHER, BYTE_LETTER, BYTE_SIGN,
  [0xE3] = BYTE_OTHER, BYTE_OTHER, BYTE_OTHER, BYTE_OTHER, BYTE_OTHER, OTHER_8, OTHER_16,
};

static bool continues(unsigned char b) { return (b & 0xC0) == 0x80; }

bool vb_text_is_clean(vb_span s)
{
  const unsigned char *p = (const unsigned char *)s.p, *end = s.n == 0 ? p : p + s.n;
  while (p < end) {
    uint8_t kind = byte_kind[*p];
    if (kind == BYTE_ASCII) {
      p++;
      continue;
    }
    size_t n = kind == BYTE_LETTER || kind == BYTE_SIGN ? 3 : 2;
    if (kind == BYTE_OTHER || (size_t)(end - p) < n || !continues(p[1]) || (n == 3 && !continues(p[2]))) return false;
    if (kind == BYTE_LETTER && p[1] != 0xBA && p[1] != 0xBB) return false;
    if (kind == BYTE_SIGN && (p[1] != 0x80 || ((p[2] & 0xF0) != 0x90 && p[2] != 0xA6))) return false;
    if (kind == BYTE_LATIN && (p[1] < 0xA0 || p[1] == 0xAD)) return false;
    p += n;
  }
  return true;
}

/* ---- forbidden characters ----------------------------------------------------------------------------------- */

/* Bytes with which a forbidden character, or a combining mark, can begin. */
static bool begins_forbidden(unsigned char b)
{
  return b < 0x20 ? b != '\t' && b != '\n' : b == 0x7F || b == 0xC2 || b == 0xE2 || b >= 0xCC;
}

static bool is_mark(uint32_t c)
{
  if (c < 0x300) return false;
  utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);
  return k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_MC || k == UTF8PROC_CATEGORY_ME;
}

static bool is_forbidden(uint32_t c)
{
  if (c < 0x20) return c != '\t' && c != '\n';
  if (c < 0x7F) return false;
  if (c < 0xA0 || c == 0xFFFD) return true;
  if ((c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF)) return true; /* not characters */
  switch (utf8proc_category((utf8proc_int32_t)c)) {
  case UTF8PROC_CATEGORY_CF: /* bidi controls, zero widths, soft hyphens */
  case UTF8PROC_CATEGORY_CO:
  case UTF8PROC_CATEGORY_CS:
  case UTF8PROC_CATEGORY_ZL:
  case UTF8PROC_CATEGORY_ZP: return true;
  default: return false;
  }
}

uint32_t vb_text_forbidden(vb_span s, size_t *offset)
{
  *offset = s.n;
  if (s.n == 0) return 0;
  const char *end = s.p + s.n;
  bool bare = true; /* nothing to carry a mark: the start of the text or of a line */
  for (size_t i = 0; i < s.n;) {
    unsigned char b = (unsigned char)s.p[i];
    if (!begins_forbidden(b)) {
      bare = b == '\n';
      i++;
      continue;
    }
    const char *p = s.p + i;
    uint32_t c = vb_utf8_next(&p, end);
    if (is_forbidden(c) || (bare && is_mark(c))) {
      *offset = i;
      return c == 0 ? 0x2400 : c;
    }
    bare = false;
    i = (size_t)(p - s.p);
  }
  return 0;
}

char *vb_text_shown(vb_arena *a, vb_span s)
{
  if (s.n == 0) return vb_arena_str(a, "", 0);
  size_t none;
  if (vb_utf8_check(s) == s.n && vb_text_forbidden(s, &none) == 0) return vb_arena_str(a, s.p, s.n); /* the usual */
  const char *end = s.p + s.n;
  vb_buf b;
  vb_buf_init(&b);
  size_t good = 0; /* up to here it is UTF-8 */
  for (const char *p = s.p; p < end;) {
    if (p >= s.p + good) good = (size_t)(p - s.p) + vb_utf8_check((vb_span){p, (size_t)(end - p)});
    size_t n;
    (void)vb_text_forbidden((vb_span){p, (size_t)(s.p + good - p)}, &n);
    vb_buf_add(&b, p, n);
    p += n;
    if (p == end) break;
    (void)vb_utf8_next(&p, end);
    vb_buf_add(&b, "\xEF\xBF\xBD", 3);
  }
  char *text = b.failed ? NULL : vb_arena_str(a, b.p, b.n);
  vb_buf_free(&b);
  return text;
}
