/* Encodings of input files: names, guessing, decoding with messages. Used by the reader of every text file.
 *
 * Guessing counts words: a text in its own encoding is made of Vietnamese syllables, under any other one it is not. UTF-8 proves
 * itself: no text of the old encodings is valid UTF-8 beyond a few words.
 */
#include "text/text_int.h"

#include <string.h>

enum {
  SAMPLE = 64 << 10, /* bytes that decide about a file: thousands of words */
  WORDS_AGAINST = 3  /* syllables that it takes to overrule a declared encoding: one or two arise by chance */
};

static const struct { const char *name; vb_encoding e; } names[] = {
  /* the first name of an encoding is the one that messages use */
  {"auto", VB_ENC_AUTO},           {"utf-8", VB_ENC_UTF8},          {"utf8", VB_ENC_UTF8},         {"unicode", VB_ENC_UTF8},
  {"utf-16le", VB_ENC_UTF16LE},    {"utf-16", VB_ENC_UTF16LE},      {"utf16", VB_ENC_UTF16LE},     {"utf16le", VB_ENC_UTF16LE},
  {"utf-16be", VB_ENC_UTF16BE},    {"utf16be", VB_ENC_UTF16BE},     {"windows-1258", VB_ENC_CP1258}, {"cp1258", VB_ENC_CP1258},
  {"1258", VB_ENC_CP1258},         {"tcvn3", VB_ENC_TCVN3},         {"abc", VB_ENC_TCVN3},         {"tcvn", VB_ENC_TCVN3},
  {"tcvn-3", VB_ENC_TCVN3},        {"tcvn5712", VB_ENC_TCVN3},      {"tcvn5712-1", VB_ENC_TCVN3},  {"vni", VB_ENC_VNI},
  {"vni-windows", VB_ENC_VNI},     {"vni-win", VB_ENC_VNI},         {"vni-times", VB_ENC_VNI},
};
enum { NAMES = sizeof names / sizeof names[0] };

bool vb_encoding_by_name(vb_span name, vb_encoding *out)
{
  for (size_t i = 0; i < NAMES; i++) {
    if (strlen(names[i].name) != name.n) continue;
    size_t k = 0;
    while (k < name.n && vb_char_lower((unsigned char)name.p[k]) == (unsigned char)names[i].name[k]) k++;
    if (k < name.n) continue;
    *out = names[i].e;
    return true;
  }
  return false;
}

const char *vb_encoding_name(vb_encoding e)
{
  for (size_t i = 0; i < NAMES; i++)
    if (names[i].e == e) return names[i].name;
  return "?";
}

/* ---- how it reads ------------------------------------------------------------------------------------------- */

/* What parts words: white space, digits, signs of ASCII, and the punctuation of printed text. Other signs count as parts of a word,
 * for that is where letters of a wrongly read encoding turn up. */
static bool parts_words(uint32_t c)
{
  if (c < 0x80) return (c | 32) < 'a' || (c | 32) > 'z';
  return vb_char_is_space(c) || (c >= 0x2010 && c <= 0x2027);
}

vb_reading vb_reading_of(vb_span s)
{
  vb_reading r = {0, 0};
  if (s.n == 0) return r;
  const char *p = s.p, *end = s.p + s.n;
  uint32_t word[VB_SYLLABLE_MAX];
  size_t n = 0;
  bool beyond = false, letters = false, broken = false;
  for (;;) {
    uint32_t c = p < end ? vb_utf8_next(&p, end) : ' ';
    if (!parts_words(c)) {
      if (n < VB_SYLLABLE_MAX) word[n] = vb_char_lower(c);
      n++;
      beyond |= c >= 0x80;
      letters |= vb_char_is_letter(c);
      broken |= c == 0xFFFD;
      if (p < end) continue;
    }
    if (beyond && (letters || broken)) {
      if (n <= VB_SYLLABLE_MAX && vb_syllable_valid(word, n)) r.good++;
      else r.bad++;
    }
    if (p >= end) return r;
    n = 0;
    beyond = letters = broken = false;
  }
}

bool vb_reading_is_good(vb_reading r) { return r.good > 0 && r.good * 10 >= (r.good + r.bad) * 6; }

/* The part of a file that decides: from the line of its first byte beyond ASCII on. */
static vb_span sample_of(vb_encoding e, vb_span s)
{
  if (e == VB_ENC_UTF16LE || e == VB_ENC_UTF16BE) return (vb_span){s.p, s.n < SAMPLE ? s.n & ~(size_t)1 : SAMPLE};
  size_t from = 0;
  while (from < s.n && (unsigned char)s.p[from] < 0x80) from++;
  while (from > 0 && s.p[from - 1] != '\n') from--;
  size_t end = s.n - from > SAMPLE ? from + SAMPLE : s.n;
  while (end < s.n && end > from && s.p[end - 1] != ' ' && s.p[end - 1] != '\n') end--;
  return (vb_span){s.p + from, end - from};
}

vb_reading vb_reading_under(vb_encoding e, vb_span bytes)
{
  vb_reading r = {0, 0};
  vb_buf raw;
  if (bytes.n == 0) return r;
  vb_buf_init(&raw);
  vb_decode_raw(e, sample_of(e, bytes), true, &raw);
  vb_arena *a = raw.failed ? NULL : vb_arena_new(0);
  if (a != NULL) {
    vb_span text = vb_text_nfc(a, (vb_span){raw.p, raw.n});
    if (text.p != NULL) r = vb_reading_of(text);
  }
  vb_arena_free(a);
  vb_buf_free(&raw);
  return r;
}

/* Whether bytes are UTF-16 in this order: nearly all its characters are those of Vietnamese text. */
static bool reads_as_utf16(vb_encoding e, vb_span bytes)
{
  vb_span s = sample_of(e, bytes);
  const uint8_t *b = (const uint8_t *)s.p;
  size_t known = 0, count = s.n / 2;
  for (size_t i = 0; i + 1 < s.n; i += 2) {
    uint32_t c = e == VB_ENC_UTF16BE ? (uint32_t)b[i] << 8 | b[i + 1] : (uint32_t)b[i + 1] << 8 | b[i];
    bool ascii = (c >= 0x20 && c < 0x7F) || c == '\t' || c == '\n' || c == '\r';
    known += ascii || vb_letter_code(c) != 0 || c == 0xA0 || c == 0xFEFF || (c >= 0x300 && c <= 0x323) || (c >= 0x2010 && c <= 0x203A);
  }
  return count >= 2 && known * 20 >= count * 19;
}

static bool has_nul(vb_span s) { return s.n > 0 && memchr(s.p, 0, s.n) != NULL; }

/* The encoding that a byte order mark names and its length, else AUTO and 0. */
static vb_encoding bom_of(vb_span s, size_t *length)
{
  *length = 0;
  if (s.n >= 3 && memcmp(s.p, "\xEF\xBB\xBF", 3) == 0) {
    *length = 3;
    return VB_ENC_UTF8;
  }
  if (s.n < 2) return VB_ENC_AUTO;
  bool little = memcmp(s.p, "\xFF\xFE", 2) == 0, big = memcmp(s.p, "\xFE\xFF", 2) == 0;
  if (little || big) *length = 2;
  return little ? VB_ENC_UTF16LE : big ? VB_ENC_UTF16BE : VB_ENC_AUTO;
}

vb_encoding vb_encoding_guess(vb_span s)
{
  static const vb_encoding candidates[] = {VB_ENC_UTF8, VB_ENC_TCVN3, VB_ENC_CP1258, VB_ENC_VNI};
  size_t skip;
  vb_encoding best = bom_of(s, &skip);
  if (best != VB_ENC_AUTO) return best;
  if (vb_utf8_check(s) == s.n && !has_nul(s)) return VB_ENC_UTF8;
  if (reads_as_utf16(VB_ENC_UTF16LE, s)) return VB_ENC_UTF16LE;
  if (reads_as_utf16(VB_ENC_UTF16BE, s)) return VB_ENC_UTF16BE;
  int64_t most = INT64_MIN;
  for (size_t i = 0; i < sizeof candidates / sizeof candidates[0]; i++) {
    vb_reading r = vb_reading_under(candidates[i], s);
    int64_t score = (int64_t)r.good - 2 * (int64_t)r.bad;
    if (!vb_reading_is_good(r) || score <= most) continue;
    most = score;
    best = candidates[i];
  }
  return best;
}

/* ---- decoding ----------------------------------------------------------------------------------------------- */

typedef struct source { vb_diag *d; const char *file; vb_span bytes; vb_encoding declared; } source;

/* The place behind decoded text: the next character's line and column. Marks that NFC joins to their letter are no column. */
static vb_place place_behind(const source *s, const char *text, size_t n)
{
  vb_place at = {s->file, 1, 1, NULL};
  if (n == 0) return at;
  for (const char *p = text, *end = text + n; p < end;) {
    uint32_t c = vb_utf8_next(&p, end);
    if (c == '\n') {
      at.line++;
      at.column = 1;
    } else if (c != 0xFEFF && (c < 0x300 || c > 0x36F)) {
      at.column++;
    }
  }
  return at;
}

/* The place of a byte, read as the encoding would read what stands before it. */
static vb_place place_of(const source *s, vb_encoding e, size_t offset)
{
  vb_buf raw;
  vb_buf_init(&raw);
  vb_decode_raw(e, (vb_span){s->bytes.p, offset}, true, &raw);
  vb_place at = place_behind(s, raw.p, raw.failed ? 0 : raw.n);
  vb_buf_free(&raw);
  return at;
}

static const char *hex_of(char out[5], unsigned char b)
{
  static const char digits[] = "0123456789ABCDEF";
  out[0] = '0';
  out[1] = 'x';
  out[2] = digits[b >> 4];
  out[3] = digits[b & 15];
  out[4] = 0;
  return out;
}

static vb_status post_mismatch(const source *s, vb_encoding likely)
{
  size_t first = 0;
  while (first < s->bytes.n && (unsigned char)s->bytes.p[first] < 0x80) first++;
  vb_place at = place_of(s, s->declared, first < s->bytes.n ? first : 0);
  return VB_POST(s->d, VB_MSG_ENCODING_MISMATCH, at, vb_encoding_name(s->declared), vb_encoding_name(likely));
}

/* Bytes at `bad` that are no UTF-8, in a file that should be: names what they are likely to be. */
static vb_status post_not_utf8(const source *s, size_t bad)
{
  char hex[5];
  vb_encoding likely = vb_encoding_guess(s->bytes);
  bool wide = likely == VB_ENC_UTF16LE || likely == VB_ENC_UTF16BE;
  vb_place at = place_of(s, wide ? likely : VB_ENC_UTF8, bad);
  hex_of(hex, (unsigned char)s->bytes.p[bad]);
  if (likely == VB_ENC_UTF8) return VB_POST(s->d, VB_MSG_ENCODING_BROKEN, at, hex);
  if (likely == VB_ENC_AUTO) return VB_POST(s->d, VB_MSG_ENCODING_UNKNOWN, at, hex);
  return VB_POST(s->d, VB_MSG_ENCODING_LIKELY, at, hex, vb_encoding_name(likely));
}

static vb_status check_nul(const source *s, vb_span text)
{
  const char *nul = text.n == 0 ? NULL : memchr(text.p, 0, text.n);
  if (nul == NULL) return VB_OK;
  return VB_POST(s->d, VB_MSG_ENCODING_NUL, place_behind(s, text.p, (size_t)(nul - text.p)));
}

static vb_status finish(const source *s, vb_arena *a, vb_span text, vb_span *out)
{
  vb_status st = check_nul(s, text);
  if (st != VB_OK) return st;
  *out = vb_text_nfc(a, text);
  if (out->p != NULL && out->p == text.p) *out = (vb_span){vb_arena_str(a, text.p, text.n), text.n};
  if (out->p != NULL) return VB_OK;
  out->n = 0;
  return VB_NOMEM;
}

static vb_status decode_as_utf8(const source *s, vb_arena *a, size_t skip, vb_span *out)
{
  vb_span text = {s->bytes.p + skip, s->bytes.n - skip};
  if (vb_text_is_clean(text)) {
    *out = (vb_span){vb_arena_str(a, text.p, text.n), text.n};
    return out->p != NULL ? VB_OK : VB_NOMEM;
  }
  size_t bad = vb_utf8_check(s->bytes);
  if (bad < s->bytes.n) return post_not_utf8(s, bad);
  if (has_nul(text)) { /* ASCII in UTF-16 is valid UTF-8 as well */
    vb_encoding likely = vb_encoding_guess(s->bytes);
    if (likely == VB_ENC_UTF16LE || likely == VB_ENC_UTF16BE)
      return post_not_utf8(s, (size_t)((const char *)memchr(s->bytes.p, 0, s->bytes.n) - s->bytes.p));
  }
  return finish(s, a, text, out);
}

/* Whether the declared encoding is wrong: bytes do not read as Vietnamese under it, while they do under *likely. */
static bool reads_otherwise(const source *s, vb_encoding e, vb_encoding *likely)
{
  if (e == VB_ENC_UTF16LE || e == VB_ENC_UTF16BE) {
    if (reads_as_utf16(e, s->bytes)) return false;
  } else {
    vb_reading r = vb_reading_under(e, s->bytes);
    bool utf8 = vb_utf8_check(s->bytes) == s->bytes.n;
    if (!has_nul(s->bytes) && (r.good + r.bad == 0 || (!utf8 && vb_reading_is_good(r)))) return false;
  }
  *likely = vb_encoding_guess(s->bytes);
  if (*likely == e || *likely == VB_ENC_AUTO) return false;
  bool proves_itself = *likely == VB_ENC_UTF8 || *likely == VB_ENC_UTF16LE || *likely == VB_ENC_UTF16BE;
  return proves_itself || vb_reading_under(*likely, s->bytes).good >= WORDS_AGAINST;
}

static vb_status decode_other(const source *s, vb_arena *a, vb_encoding e, size_t skip, vb_span *out)
{
  vb_buf raw;
  vb_encoding likely;
  vb_status st = VB_OK;
  if (skip == 0 && reads_otherwise(s, e, &likely)) return post_mismatch(s, likely);
  vb_buf_init(&raw);
  vb_span bytes = {s->bytes.p + skip, s->bytes.n - skip};
  size_t stop = vb_decode_raw(e, bytes, false, &raw);
  if (raw.failed) {
    st = VB_NOMEM;
  } else if (stop < bytes.n) {
    char hex[5];
    vb_place at = place_behind(s, raw.p, raw.n);
    st = VB_POST(s->d, VB_MSG_ENCODING_BYTE, at, hex_of(hex, (unsigned char)bytes.p[stop]), vb_encoding_name(e));
  } else {
    st = finish(s, a, raw.n == 0 ? VB_LIT("") : (vb_span){raw.p, raw.n}, out);
  }
  vb_buf_free(&raw);
  return st;
}

vb_status vb_encoding_decode(vb_diag *d, vb_arena *a, const char *file, vb_span bytes, vb_encoding declared, vb_span *out, bool *lossy_case)
{
  if (bytes.n == 0) bytes = VB_LIT("");
  source s = {d, file, bytes, declared};
  size_t skip;
  vb_encoding bom = bom_of(bytes, &skip), e = declared;
  bool wide = declared == VB_ENC_UTF16LE || declared == VB_ENC_UTF16BE, wide_bom = skip == 2;
  *out = VB_LIT("");
  *lossy_case = false;
  if (bom != VB_ENC_AUTO) {
    bool agree = declared == VB_ENC_AUTO || declared == bom || (wide && wide_bom);
    if (!agree) return post_mismatch(&s, bom);
    e = bom;
  }
  if (e == VB_ENC_AUTO || e == VB_ENC_UTF8) return decode_as_utf8(&s, a, skip, out);
  *lossy_case = e == VB_ENC_TCVN3;
  return decode_other(&s, a, e, skip, out);
}
