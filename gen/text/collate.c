/* Sorting by CLDR "vi": letters first over the whole text, then tones, then case. Used by lists, SQLite's collation and indexes.
 *
 * Weights are bytes from 3 up in the order of CLDR: white space, punctuation, signs, digits, a ă â b … z. 1 parts the levels of a
 * key, 0 the parts of a person's name. Invariants
 *  1. vb_collate_cmp(a, b) and the bytewise comparison of the keys of a and b give the same order.
 *  2. Different texts never compare as equal: where the three levels are, characters outside the tables decide by their bytes.
 */
#include "text/text_int.h"

#include <utf8proc.h>

static const uint8_t ascii_weight[128] = {
  0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x04, 0x05, 0x06, 0x07, 0x00, 0x00, /* 00 */
  0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, /* 10 */
  0x08, 0x13, 0x1E, 0x31, 0x51, 0x32, 0x30, 0x18, 0x24, 0x25, 0x2D, 0x40, 0x10, 0x0A, 0x15, 0x2E, /* 20 */
  0x57, 0x58, 0x59, 0x5A, 0x5B, 0x5C, 0x5D, 0x5E, 0x5F, 0x60, 0x12, 0x11, 0x44, 0x45, 0x46, 0x14, /* 30 */
  0x2C, 0x61, 0x64, 0x65, 0x66, 0x68, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70, 0x71, 0x72, 0x73, /* 40 */
  0x76, 0x77, 0x78, 0x79, 0x7A, 0x7B, 0x7D, 0x7E, 0x7F, 0x80, 0x81, 0x26, 0x2F, 0x27, 0x39, 0x09, /* 50 */
  0x37, 0x61, 0x64, 0x65, 0x66, 0x68, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70, 0x71, 0x72, 0x73, /* 60 */
  0x76, 0x77, 0x78, 0x79, 0x7A, 0x7B, 0x7D, 0x7E, 0x7F, 0x80, 0x81, 0x28, 0x48, 0x29, 0x4A, 0x00, /* 70 */
};

/* a ă â e ê i o ô ơ u ư y */
static const uint8_t row_weight[VB_ROWS] = {0x61, 0x62, 0x63, 0x68, 0x69, 0x6D, 0x73, 0x74, 0x75, 0x7B, 0x7C, 0x80};

enum {
  WEIGHT_DD = 0x67,
  WEIGHT_SIGN = 0x56,   /* signs without a weight of their own, by code point */
  WEIGHT_LETTER = 0xF0, /* letters of other scripts, by code point */
  SECOND_PLAIN = 0x05,  /* tones follow: huyền 06, hỏi 07, ngã 08, sắc 09, nặng 0A, then marks of other languages */
  SECOND_MARK = 0x20,
  THIRD_LOWER = 0x05,
  THIRD_UPPER = 0x07,   /* one more for a variant: ², full width */
  CODE_BITS = 21
};

/* Punctuation and signs beyond ASCII, by code point. */
static const struct { uint16_t c; uint8_t weight; } signs[] = {
  {0x00A2, 0x50}, {0x00A3, 0x52}, {0x00A4, 0x4F}, {0x00A5, 0x53}, {0x00A6, 0x49}, {0x00A7, 0x2A},
  {0x00A8, 0x3A}, {0x00A9, 0x3C}, {0x00AB, 0x22}, {0x00AC, 0x47}, {0x00AE, 0x3D}, {0x00B0, 0x3B},
  {0x00B1, 0x41}, {0x00B4, 0x38}, {0x00B6, 0x2B}, {0x00B7, 0x17}, {0x00BB, 0x23}, {0x00D7, 0x43},
  {0x00F7, 0x42}, {0x2010, 0x0B}, {0x2012, 0x0C}, {0x2013, 0x0D}, {0x2014, 0x0E}, {0x2015, 0x0F},
  {0x2018, 0x19}, {0x2019, 0x1A}, {0x201A, 0x1B}, {0x201C, 0x1F}, {0x201D, 0x20}, {0x201E, 0x21},
  {0x2020, 0x34}, {0x2021, 0x35}, {0x2022, 0x36}, {0x2026, 0x16}, {0x2030, 0x33}, {0x2039, 0x1C},
  {0x203A, 0x1D}, {0x20AB, 0x54}, {0x20AC, 0x55}, {0x2190, 0x3E}, {0x2192, 0x3F}, {0x2212, 0x4B},
  {0x2248, 0x4C}, {0x2264, 0x4D}, {0x2265, 0x4E},
};

/* What a character adds on each level; 0: nothing. first holds a weight in its upper bits and a code point in the lower 21. */
typedef struct element { uint32_t first; uint8_t second, third; } element;
enum { ELEMENTS = 20 }; /* U+FDFA, the longest, decomposes to 18 */

typedef struct walk { const char *p, *end; int n, i; bool odd; element e[ELEMENTS]; } walk;

static void add(walk *w, uint32_t first, int second, int third)
{
  if (w->n < ELEMENTS) w->e[w->n++] = (element){first, (uint8_t)second, (uint8_t)third};
}

static uint8_t sign_weight(uint32_t c)
{
  size_t low = 0, high = sizeof signs / sizeof signs[0];
  while (low < high) {
    size_t mid = (low + high) / 2;
    if (signs[mid].c == c) return signs[mid].weight;
    if (signs[mid].c < c) low = mid + 1;
    else high = mid;
  }
  return 0;
}

static int mark_weight(uint32_t c)
{
  switch (c) {
  case 0x300: return SECOND_PLAIN + VB_TONE_HUYEN;
  case 0x309: return SECOND_PLAIN + VB_TONE_HOI;
  case 0x303: return SECOND_PLAIN + VB_TONE_NGA;
  case 0x301: return SECOND_PLAIN + VB_TONE_SAC;
  case 0x323: return SECOND_PLAIN + VB_TONE_NANG;
  default: return c >= 0x300 && c <= 0x36F ? SECOND_MARK + (int)(c - 0x300) : 0xFF;
  }
}

/* ASCII, the Vietnamese letters and common signs. False for anything else. */
static bool add_known(walk *w, uint32_t c, int variant)
{
  uint8_t weight = c < 0x80 ? ascii_weight[c] : 0, code = c < 0x80 ? 0 : vb_letter_code(c);
  bool upper = c < 0x80 ? c >= 'A' && c <= 'Z' : (code & VB_LETTER_UPPER) != 0;
  int tone = 0;
  if (code != 0) {
    bool vowel = vb_letter_vowel(code);
    weight = vowel ? row_weight[vb_letter_row(code)] : WEIGHT_DD;
    tone = vowel ? vb_letter_tone(code) : 0;
  } else if (c >= 0x80) {
    weight = sign_weight(c);
  }
  if (weight == 0) return false;
  add(w, (uint32_t)weight << CODE_BITS, SECOND_PLAIN, (upper ? THIRD_UPPER : THIRD_LOWER) + variant);
  if (tone != 0) add(w, 0, SECOND_PLAIN + tone, 0);
  return true;
}

/* One part of the decomposition of a character that is not in the tables. */
static void add_part(walk *w, uint32_t c, int variant)
{
  utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);
  if (k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_MC || k == UTF8PROC_CATEGORY_ME) {
    add(w, 0, mark_weight(c), 0);
    return;
  }
  if (k == UTF8PROC_CATEGORY_CC || k == UTF8PROC_CATEGORY_CF || add_known(w, c, variant)) return;
  uint32_t lower = vb_char_lower(c), lead = vb_char_is_letter(c) ? WEIGHT_LETTER : WEIGHT_SIGN;
  add(w, lead << CODE_BITS | lower, SECOND_PLAIN, (lower == c ? THIRD_LOWER : THIRD_UPPER) + variant);
}

static void add_other(walk *w, uint32_t c)
{
  utf8proc_int32_t d[ELEMENTS];
  int last = UTF8PROC_BOUNDCLASS_START;
  const int options = UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT;
  utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)c, d, ELEMENTS, options, &last);
  w->odd = true;
  for (utf8proc_ssize_t i = 0; i < n && i < ELEMENTS; i++) add_part(w, (uint32_t)d[i], d[i] == (utf8proc_int32_t)c ? 0 : 1);
}

static walk walk_of(vb_span s)
{
  walk w = {.p = s.p, .n = 0};
  w.end = s.n == 0 ? s.p : s.p + s.n;
  return w;
}

/* The next weight of a level, 0 at the end. */
static uint32_t next_weight(walk *w, int level)
{
  for (;;) {
    while (w->i < w->n) {
      const element *e = &w->e[w->i++];
      uint32_t v = level == 0 ? e->first : level == 1 ? e->second : e->third;
      if (v != 0) return v;
    }
    if (w->p == w->end) return 0;
    uint32_t c = vb_utf8_next(&w->p, w->end);
    w->n = w->i = 0;
    if (!add_known(w, c, 0)) add_other(w, c);
  }
}

int vb_collate_cmp(vb_span a, vb_span b)
{
  bool odd_a = false, odd_b = false;
  if (vb_span_eq(a, b)) return 0;
  for (int level = 0; level < 3; level++) {
    walk x = walk_of(a), y = walk_of(b);
    uint32_t v, w;
    do {
      v = next_weight(&x, level);
      w = next_weight(&y, level);
      if (v != w) return v < w ? -1 : 1;
    } while (v != 0);
    odd_a = x.odd;
    odd_b = y.odd;
  }
  if (odd_a != odd_b) return odd_a ? 1 : -1;
  int c = vb_span_cmp(a, b);
  return c < 0 ? -1 : c > 0;
}

static void add_key(vb_span s, vb_buf *b)
{
  bool odd = false;
  for (int level = 0; level < 3; level++) {
    walk w = walk_of(s);
    if (level > 0) vb_buf_char(b, 1);
    for (uint32_t v; (v = next_weight(&w, level)) != 0;) {
      uint32_t lead = level == 0 ? v >> CODE_BITS : v;
      vb_buf_char(b, (char)lead);
      if (level > 0 || (lead != WEIGHT_SIGN && lead != WEIGHT_LETTER)) continue;
      for (int shift = 14; shift >= 0; shift -= 7) vb_buf_char(b, (char)(0x80 | (v >> shift & 0x7F)));
    }
    odd = w.odd;
  }
  if (!odd) return;
  vb_buf_char(b, 1);
  vb_buf_span(b, s);
}

static vb_span keep_key(vb_arena *a, vb_buf *b)
{
  vb_span key = {NULL, 0};
  if (!b->failed) {
    key.p = vb_arena_str(a, b->n == 0 ? "" : b->p, b->n);
    key.n = key.p == NULL ? 0 : b->n;
  }
  vb_buf_free(b);
  return key;
}

vb_span vb_collate_key(vb_arena *a, vb_span s)
{
  vb_buf b;
  vb_buf_init(&b);
  vb_buf_reserve(&b, s.n * 4 + 4);
  add_key(s, &b);
  return keep_key(a, &b);
}

/* Runs of white space as one space, so that a double space does not part equal names. */
static void add_words(vb_span s, vb_buf *out)
{
  const char *p = s.p, *end = s.n == 0 ? s.p : s.p + s.n;
  bool space = false;
  while (p < end) {
    uint32_t c = vb_utf8_next(&p, end);
    if (vb_char_is_space(c)) {
      space = true;
      continue;
    }
    if (space && out->n > 0) vb_buf_char(out, ' ');
    space = false;
    vb_buf_utf8(out, c);
  }
}

vb_span vb_collate_name_key(vb_arena *a, vb_span s)
{
  vb_buf name, key;
  vb_buf_init(&name);
  vb_buf_init(&key);
  add_words(s, &name);
  size_t given = name.n, last = 0;
  while (given > 0 && name.p[given - 1] != ' ') given--;
  last = given > 0 ? given - 1 : 0;
  if (name.n > 0) {
    add_key((vb_span){name.p + given, name.n - given}, &key);
    vb_buf_char(&key, 0);
    add_key((vb_span){name.p, last}, &key);
  }
  key.failed |= name.failed;
  vb_buf_free(&name);
  return keep_key(a, &key);
}
