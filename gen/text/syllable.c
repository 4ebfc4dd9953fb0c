/* How a Vietnamese syllable is built: initial consonants, vowels with one tone, final consonants.
 * Used for the place of the tone mark (both styles made one) and to tell encodings apart: bytes read under a wrong encoding do
 * not make syllables.
 */
#include "text/text_int.h"

#include <string.h>

/* Shape of a syllable: initial [0, v), vowels [v, f), final [f, n). */
typedef struct shape { size_t v, f, n; int tone, toned; } shape;

/* A vowel cluster is written with one sign a row: a A(ă) w(â) e E(ê) i o O(ô) W(ơ) u U(ư) y. `closed`: takes a final consonant. */
static const char row_sign[VB_ROWS + 1] = "aAweEioOWuUy";
typedef struct cluster { char rows[4]; bool open, closed; } cluster;
static const cluster clusters[] = {
  {"a", true, true},    {"A", false, true},   {"w", false, true},   {"e", true, true},    {"E", true, true},    {"i", true, true},
  {"o", true, true},    {"O", true, true},    {"W", true, true},    {"u", true, true},    {"U", true, true},    {"y", true, true},
  {"ai", true, false},  {"ao", true, false},  {"au", true, false},  {"ay", true, false},  {"wu", true, false},  {"wy", true, false},
  {"eo", true, false},  {"Eu", true, false},  {"ia", true, false},  {"iE", false, true},  {"iEu", true, false}, {"iu", true, false},
  {"oa", true, true},   {"oA", false, true},  {"oai", true, false}, {"oao", true, false}, {"oay", true, false}, {"oe", true, true},
  {"oeo", true, false}, {"oi", true, false},  {"Oi", true, false},  {"Wi", true, false},  {"oo", false, true},  {"ua", true, false},
  {"uw", false, true},  {"uwy", true, false}, {"uE", true, true},   {"ui", true, false},  {"uO", false, true},  {"uOi", true, false},
  {"uW", true, false},  {"uy", true, true},   {"uya", true, false}, {"uyE", false, true}, {"uyu", true, false}, {"Ua", true, false},
  {"Ui", true, false},  {"UW", false, true},  {"UWi", true, false}, {"UWu", true, false}, {"Uu", true, false},  {"yE", false, true},
  {"yEu", true, false},
};

static const char *const initials[] = {"", "b", "c", "ch", "d", "D", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh",
                                       "nh", "p", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x"};
static const char *const finals[] = {"", "c", "ch", "m", "n", "ng", "nh", "p", "t"};

static bool listed(const char *const *list, size_t count, const char *s)
{
  for (size_t i = 0; i < count; i++)
    if (strcmp(list[i], s) == 0) return true;
  return false;
}

/* Splits; false when the letters are not consonants, vowels, consonants in this order, or carry several tones. */
static bool split(const uint32_t *c, size_t n, shape *s)
{
  size_t i = 0;
  *s = (shape){.n = n, .toned = -1};
  while (i < n && !vb_letter_vowel(vb_letter_code(c[i]))) i++;
  s->v = i;
  for (; i < n; i++) {
    uint8_t k = vb_letter_code(c[i]);
    if (!vb_letter_vowel(k)) break;
    if (vb_letter_tone(k) == VB_TONE_NGANG) continue;
    if (s->toned >= 0) return false;
    s->toned = (int)i;
    s->tone = vb_letter_tone(k);
  }
  s->f = i;
  for (; i < n; i++)
    if (vb_letter_vowel(vb_letter_code(c[i]))) return false;
  return s->f > s->v;
}

/* qu and gi are consonants before another vowel, and so is the toned i of "gìa". */
static void shift_initial(const uint32_t *c, shape *s)
{
  if (s->v == 0 || s->f - s->v < 2) return;
  int row = vb_letter_row(vb_letter_code(c[s->v])), next = vb_letter_row(vb_letter_code(c[s->v + 1]));
  if ((c[s->v - 1] == 'q' && row == VB_ROW_U) || (s->v == 1 && c[0] == 'g' && row == VB_ROW_I && next != VB_ROW_EE)) s->v++;
}

/* oa, oe, uy: where the two styles differ. */
static bool rounded(uint32_t a, uint32_t b)
{
  int first = vb_letter_row(vb_letter_code(a)), second = vb_letter_row(vb_letter_code(b));
  return (first == VB_ROW_O && (second == VB_ROW_A || second == VB_ROW_E)) || (first == VB_ROW_U && second == VB_ROW_Y);
}

/* Index of the vowel that carries the tone in the new style. */
static size_t tone_place(const uint32_t *c, const shape *s)
{
  size_t count = s->f - s->v;
  for (size_t i = s->f; i-- > s->v;) {
    int row = vb_letter_row(vb_letter_code(c[i]));
    if (row != VB_ROW_A && row != VB_ROW_E && row != VB_ROW_I && row != VB_ROW_O && row != VB_ROW_U && row != VB_ROW_Y) return i;
  }
  if (count == 1) return s->v;
  if (s->f < s->n) return s->f - 1;
  if (count >= 3) return s->v + 1;
  return rounded(c[s->v], c[s->v + 1]) ? s->v + 1 : s->v;
}

void vb_syllable_place_tone(uint32_t *c, size_t n)
{
  shape s;
  if (n > VB_SYLLABLE_MAX || !split(c, n, &s) || s.toned < 0 || s.f - s.v > 4) return;
  shift_initial(c, &s);
  size_t to = tone_place(c, &s), from = (size_t)s.toned;
  if (to == from) return;
  c[from] = vb_letter_char((uint8_t)(vb_letter_code(c[from]) - s.tone));
  c[to] = vb_letter_char((uint8_t)(vb_letter_code(c[to]) + s.tone));
}

/* The consonants of c[from, to) with D for đ; false when there are too many or others than letters of the alphabet. */
static bool consonants(const uint32_t *c, size_t from, size_t to, char out[4])
{
  if (to - from > 3) return false;
  for (size_t i = from; i < to; i++) {
    if (c[i] != 0x111 && (c[i] < 'a' || c[i] > 'z')) return false;
    if (c[i] == 0x111) out[i - from] = 'D';
    else out[i - from] = (char)c[i];
  }
  out[to - from] = 0;
  return true;
}

static bool cluster_valid(const uint32_t *c, const shape *s)
{
  size_t n = s->f - s->v;
  char rows[4] = "";
  if (n > 3) return false;
  for (size_t i = 0; i < n; i++) rows[i] = row_sign[vb_letter_row(vb_letter_code(c[s->v + i]))];
  for (size_t i = 0; i < sizeof clusters / sizeof clusters[0]; i++)
    if (strcmp(clusters[i].rows, rows) == 0) return s->f < s->n ? clusters[i].closed : clusters[i].open;
  return false;
}

bool vb_syllable_valid(const uint32_t *c, size_t n)
{
  shape s;
  char initial[5] = "", final[4] = "";
  if (n == 0 || n > VB_SYLLABLE_MAX || !split(c, n, &s)) return false;
  if (!consonants(c, s.f, n, final) || !listed(finals, sizeof finals / sizeof finals[0], final)) return false;
  size_t v = s.v;
  shift_initial(c, &s);
  if (!consonants(c, 0, v, initial)) return false;
  if (s.v > v) memcpy(initial + strlen(initial), initial[0] == 'q' ? "u" : "i", 2);
  if (!listed(initials, sizeof initials / sizeof initials[0], initial)) return false;
  if (!cluster_valid(c, &s)) return false;
  if (s.toned < 0) return true;
  bool stopped = s.f < n && (c[n - 1] == 'c' || c[n - 1] == 'p' || c[n - 1] == 't' || (n >= 2 && c[n - 2] == 'c'));
  if (stopped && s.tone != VB_TONE_SAC && s.tone != VB_TONE_NANG) return false;
  /* the old style has it one letter earlier; hurried typists do so before a consonant, and on the u of quý, too */
  size_t to = tone_place(c, &s), on = (size_t)s.toned;
  return on == to || (on + 1 == to && (on < s.v || rounded(c[on], c[to])));
}

bool vb_text_is_syllable(vb_span lower)
{
  uint32_t c[VB_SYLLABLE_MAX];
  size_t n = 0;
  for (const char *p = lower.p, *end = lower.p + lower.n; p < end;) {
    if (n == VB_SYLLABLE_MAX) return false;
    c[n++] = vb_utf8_next(&p, end);
  }
  return vb_syllable_valid(c, n);
}

uint64_t vb_text_syllable(vb_span lower)
{
  uint64_t letters = 0, tone = VB_TONE_NGANG;
  size_t n = 0;
  for (const char *p = lower.p, *end = lower.p + lower.n; p < end; n++) {
    uint32_t c = (unsigned char)*p < 0x80 ? (uint32_t)(unsigned char)*p++ : vb_utf8_next(&p, end);
    uint8_t code = vb_letter_code(c);
    bool vowel = vb_letter_vowel(code);
    if (n == 7 || (code == 0 && (c < 'a' || c > 'z'))) return 0;
    if (vowel && vb_letter_tone(code) != VB_TONE_NGANG) tone = (uint64_t)vb_letter_tone(code);
    uint64_t letter = vowel ? 0x80u + (uint64_t)vb_letter_row(code) : code != 0 ? 0xFFu : (uint64_t)c;
    letters |= letter << (8 * n);
  }
  return n == 0 ? 0 : letters | (tone + 1) << 56;
}
