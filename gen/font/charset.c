/* Sets of characters, and the two sets that the program itself needs: what a face must have and what the base subset takes.
 * The public functions are declared in font.h. */
#include <string.h>

#include "font/font_int.h"
#include "text/text.h"

#define CHAR_MAX_UNICODE 0x10FFFFu
#define PAGE_WORDS 8u /* 256 characters */

struct vb_charset {
  vb_arena *arena;
  uint32_t low[VB_DENSE / 32]; /* all that ordinary documents need */
  uint32_t **page;             /* of the characters above, VB_PAGES entries, made when the first one comes */
};

vb_charset *vb_charset_new(vb_arena *a)
{
  vb_charset *s = VB_NEW(a, vb_charset);
  if (s) s->arena = a;
  return s;
}

/* The word that holds c, or NULL when none of its page is in the set. */
static const uint32_t *word_of(const vb_charset *s, uint32_t c)
{
  if (c < VB_DENSE) return &s->low[c / 32];
  const uint32_t *page = s->page && c <= CHAR_MAX_UNICODE ? s->page[c >> 8] : NULL;
  return page ? &page[(c & 255u) / 32] : NULL;
}

bool vb_charset_add(vb_charset *s, uint32_t c)
{
  if (c == '\n' || c == '\t' || c > CHAR_MAX_UNICODE) return true;
  uint32_t bit = 1u << (c & 31u);
  if (c < VB_DENSE) {
    s->low[c / 32] |= bit;
    return true;
  }
  if (!s->page) s->page = VB_NEW_ARRAY(s->arena, uint32_t *, VB_PAGES);
  if (!s->page) return false;
  uint32_t **page = &s->page[c >> 8];
  if (!*page) *page = VB_NEW_ARRAY(s->arena, uint32_t, PAGE_WORDS);
  if (!*page) return false;
  (*page)[(c & 255u) / 32] |= bit;
  return true;
}

bool vb_charset_add_text(vb_charset *s, vb_span t)
{
  for (const char *p = t.p, *end = t.p + t.n; p < end;)
    if (!vb_charset_add(s, vb_utf8_next(&p, end))) return false;
  return true;
}

bool vb_charset_has(const vb_charset *s, uint32_t c)
{
  const uint32_t *w = word_of(s, c);
  return w && (*w >> (c & 31u) & 1u) != 0;
}

uint32_t vb_charset_from(const vb_charset *s, uint32_t c)
{
  while (c <= CHAR_MAX_UNICODE) {
    if (c >= VB_DENSE && !s->page) return VB_NO_CHAR;
    const uint32_t *w = word_of(s, c);
    if (!w) {
      c = (c | 255u) + 1; /* the whole page is empty */
      continue;
    }
    uint32_t rest = *w >> (c & 31u);
    if (rest != 0) return c + (uint32_t)__builtin_ctz(rest);
    c = (c | 31u) + 1;
  }
  return VB_NO_CHAR;
}

size_t vb_charset_count(const vb_charset *s)
{
  size_t n = 0;
  for (uint32_t c = vb_charset_from(s, 0); c != VB_NO_CHAR; c = vb_charset_from(s, c + 1)) n++;
  return n;
}

/* The 134 letters of Vietnamese beyond ASCII (TCVN 6909:2001), both cases, and the punctuation of official documents. */
static const char capitals[] = "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ";
static const char punctuation[] = "“”‘’–—…•§°²³×÷±«»·";
#define SMALL "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
/* The space comes first of all: font.h. */
static const char everyday[] =
  " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~" SMALL "“”–…ĐỦƯÁÀỘỒỆ";
/* Taken into the base subset where the face has them; documents that use one which the face lacks are told so then. */
static const char welcome[] = "₫€½≤≥−";

bool vb_charset_add_required(vb_charset *s)
{
  return vb_charset_add_text(s, VB_LIT(everyday)) && vb_charset_add(s, 0xA0) && vb_charset_add_text(s, VB_LIT(capitals)) &&
         vb_charset_add_text(s, VB_LIT(punctuation));
}

vb_span vb_charset_everyday(void)
{
  return VB_LIT(everyday);
}

bool vb_charset_add_welcome(vb_charset *s)
{
  return vb_charset_add_text(s, VB_LIT(welcome));
}
