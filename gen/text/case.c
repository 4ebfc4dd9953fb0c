/* Case, and the folded forms under which names are compared. */
#include "text/text_int.h"

#include <string.h>

#include <utf8proc.h>

/* Moves a finished buffer into the arena, in NFC; the case of some letters outside Vietnamese has more parts. Frees the buffer. */
static vb_span keep(vb_arena *a, vb_buf *b)
{
  vb_span result = {NULL, 0};
  if (!b->failed) {
    result.p = vb_arena_str(a, b->n == 0 ? "" : b->p, b->n);
    if (result.p != NULL) result = vb_text_nfc(a, (vb_span){result.p, b->n});
  }
  vb_buf_free(b);
  return result;
}

static vb_span map_case(vb_arena *a, vb_span s, uint32_t (*map)(uint32_t), bool upper)
{
  if (s.n == 0) return VB_LIT("");
  vb_arena_mark mark = vb_arena_save(a);
  char *out = vb_arena_alloc(a, s.n + 1);
  if (out == NULL) return (vb_span){NULL, 0};
  bool quick = vb_letters_case(s, out, upper);
  if (quick && memcmp(out, s.p, s.n) != 0) return (vb_span){out, s.n};
  vb_arena_restore(a, mark);
  if (quick) return s;
  const char *p = s.p, *end = s.p + s.n;
  vb_buf b;
  vb_buf_init(&b);
  vb_buf_reserve(&b, s.n + s.n / 8);
  while (p < end) vb_buf_utf8(&b, map(vb_utf8_next(&p, end)));
  if (!b.failed && b.n == s.n && memcmp(b.p, s.p, s.n) == 0) {
    vb_buf_free(&b);
    return s;
  }
  return keep(a, &b);
}

vb_span vb_text_upper(vb_arena *a, vb_span s) { return map_case(a, s, vb_char_upper, true); }

vb_span vb_text_lower(vb_arena *a, vb_span s) { return map_case(a, s, vb_char_lower, false); }

bool vb_text_is_upper(vb_span s)
{
  bool some = false;
  for (const char *p = s.p, *end = s.p + s.n; p < end;) {
    uint32_t c = vb_utf8_next(&p, end);
    if (vb_char_upper(c) != c) return false;
    some = some || vb_char_lower(c) != c;
  }
  return some;
}

vb_span vb_text_capital(vb_arena *a, vb_span s)
{
  if (s.n == 0) return VB_LIT("");
  const char *p = s.p, *end = s.p + s.n, *at = p;
  while (p < end) { /* quotes and brackets may stand before the first letter, a digit makes it no first letter */
    uint32_t c = vb_utf8_next(&p, end);
    if (vb_char_is_letter(c)) {
      uint32_t upper = vb_char_upper(c);
      if (upper == c) return s;
      vb_buf b;
      vb_buf_init(&b);
      vb_buf_add(&b, s.p, (size_t)(at - s.p));
      vb_buf_utf8(&b, upper);
      vb_buf_add(&b, p, (size_t)(end - p));
      return keep(a, &b);
    }
    if (c >= '0' && c <= '9') break;
    at = p;
  }
  return s;
}

/* ---- folding ------------------------------------------------------------------------------------------------ */

/* The letters of a word gathered until it ends; the tone of a syllable is put in one place. */
typedef struct folder { vb_buf *out; bool bare; uint32_t word[VB_SYLLABLE_MAX]; size_t n; bool longer, marked; } folder; /* marked: beyond ASCII */

/* Without tone and hat: from the table, or from the decomposition of letters of other languages. */
static void add_bare(vb_buf *out, uint32_t c)
{
  uint8_t k = vb_letter_code(c);
  if (c < 0x80 || k != 0) {
    if (k == 0) vb_buf_char(out, (char)c);
    else vb_buf_char(out, vb_letter_bare(k));
    return;
  }
  utf8proc_int32_t d[8];
  int last = UTF8PROC_BOUNDCLASS_START;
  utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)c, d, 8, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE, &last);
  for (utf8proc_ssize_t i = 0; i < n && i < 8; i++)
    if (utf8proc_category(d[i]) != UTF8PROC_CATEGORY_MN) vb_buf_utf8(out, (uint32_t)d[i]);
}

static void add_folded(folder *f, uint32_t c)
{
  if (c < 0x80) vb_buf_char(f->out, (char)c);
  else if (f->bare) add_bare(f->out, c);
  else vb_buf_utf8(f->out, c);
}

static void end_word(folder *f)
{
  if (f->marked && !f->longer && !f->bare) vb_syllable_place_tone(f->word, f->n);
  for (size_t i = 0; i < f->n; i++) add_folded(f, f->word[i]);
  f->n = 0;
  f->longer = f->marked = false;
}

static void add_letter(folder *f, uint32_t c)
{
  if (f->n == VB_SYLLABLE_MAX) { /* longer than any syllable: a foreign word, taken as it is */
    f->longer = true;
    end_word(f);
    f->longer = true;
  }
  f->word[f->n++] = c;
  f->marked = f->marked || c >= 0x80;
}

static vb_span fold(vb_arena *a, vb_span s, bool bare)
{
  if (s.n == 0) return VB_LIT("");
  const char *p = s.p, *end = s.p + s.n;
  vb_buf b;
  folder f = {.out = &b, .bare = bare};
  bool space = false, dash = false;
  vb_buf_init(&b);
  vb_buf_reserve(&b, s.n);
  while (p < end) {
    uint32_t c = vb_utf8_next(&p, end);
    bool letter = c < 0x80 && (c | 32) >= 'a' && (c | 32) <= 'z', is_dash = !letter && vb_char_is_dash(c);
    if (!letter && (is_dash || vb_char_is_space(c))) {
      end_word(&f);
      if (is_dash) dash = true;
      else space = true;
      continue;
    }
    if (dash) vb_buf_char(&b, '-');
    else if (space && b.n > 0) vb_buf_char(&b, ' ');
    space = dash = false;
    c = letter ? c | 32 : vb_char_lower(c);
    if (c == 0xF0) c = 0x111; /* ð for đ, from old fonts */
    if (letter || vb_char_is_letter(c)) {
      add_letter(&f, c);
    } else {
      end_word(&f);
      add_folded(&f, c);
    }
  }
  end_word(&f);
  if (dash) vb_buf_char(&b, '-');
  return keep(a, &b);
}

vb_span vb_text_fold(vb_arena *a, vb_span s) { return fold(a, s, false); }

vb_span vb_text_bare(vb_arena *a, vb_span s) { return fold(a, s, true); }
