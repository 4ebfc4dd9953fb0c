/* Where a line may end. Cuts the text into words, classifies each by its shape and its text, and applies break_rules.c to the last
 * few words; what no line begins or ends with is decided here.
 *
 * Invariants
 *  1. A break is marked at the first byte of the word that would begin the new line, never at offset 0.
 *  2. 0 is final (punctuation, brackets, dashes, the inside of words), 2 is what a rule or a no-break space asks for, 1 the rest.
 *  3. Rules see words, not the spaces between them: a plain space, several, or a no-break space all hold alike.
 */
#include "text/text_int.h"

#include <string.h>

typedef struct word {
  size_t from, to;         /* the whole word */
  size_t core, core_end;   /* without brackets, quotes and punctuation around it */
  uint32_t opener, closer; /* the last character before the core, the first behind it; 0 when none */
  bool closed_twice;       /* more than one character behind the core */
  bool blank;              /* "…", ".../..." : a place to fill in */
  uint64_t left, right;    /* classes as a left and as a right neighbour */
} word;

/* What is known of a word by its bytes alone. */
typedef struct nature {
  uint64_t left, right;    /* as above */
  uint64_t followers;      /* classes of a word that some rule has behind this one */
  bool marker;             /* the mark of an item, where it stands first */
  bool tail;               /* never begins a line */
  bool opener;             /* brackets and quotes alone, which never end one */
  bool inside;             /* may be broken inside */
} nature;

/* ---- characters --------------------------------------------------------------------------------------------- */

static bool is_opener(uint32_t c)
{
  return c == '(' || c == '[' || c == '{' || c == '"' || c == '\'' || c == 0xAB || c == 0x2018 || c == 0x201A || c == 0x201C || c == 0x201E ||
         c == 0x2039;
}

static bool is_closer(uint32_t c)
{
  switch (c) {
  case ')': case ']': case '}': case '"': case '\'': case '.': case ',': case ';': case ':': case '!': case '?': case '/':
  case 0xBB: case 0x2019: case 0x201D: case 0x203A: case 0x2026: return true;
  default: return false;
  }
}

/* What never begins a line, when it stands first in a word. Dots and slashes do when something to be read follows: "…/KH-UBND". */
static bool is_tail(uint32_t c, bool alone)
{
  if (c == '.' || c == '/' || c == 0x2026) return alone;
  return (is_closer(c) && c != '"' && c != '\'') || c == '%' || c == 0x2030;
}

static bool is_sign(uint32_t c)
{
  return c == '+' || c == '<' || c == '>' || c == '=' || c == '~' || c == 0xB1 || c == 0xD7 || c == 0x2248 || (c >= 0x2260 && c <= 0x2265) ||
         c == 0x2212;
}

static uint32_t char_at(vb_span s, size_t at)
{
  const char *p = s.p + at;
  return vb_utf8_next(&p, s.p + s.n);
}

/* Length of the white space at s[at], 0 when there is none. */
static inline size_t space_at(vb_span s, size_t at, bool *fixed, bool *line_end)
{
  unsigned char b = (unsigned char)s.p[at];
  if (b < 0x80) {
    *line_end |= b == '\n';
    return b == ' ' || (b >= 9 && b <= 13) ? 1 : 0;
  }
  if (b != 0xC2 && b != 0xE2 && b != 0xE1 && b != 0xE3) return 0;
  const char *p = s.p + at;
  uint32_t c = vb_utf8_next(&p, s.p + s.n);
  if (!vb_char_is_space(c)) return 0;
  *fixed |= c == 0xA0 || c == 0x202F || c == 0x2007;
  return (size_t)(p - s.p) - at;
}

/* ---- what a word looks like --------------------------------------------------------------------------------- */

typedef struct shape { int digits, letters, smalls, capitals, dots, commas, slashes, dashes, colons, percents, romans, others; } shape;

static void count_capital(shape *k, uint32_t c)
{
  k->capitals++;
  k->romans += c == 'I' || c == 'V' || c == 'X' || c == 'L' || c == 'C';
}

static void count_ascii(shape *k, unsigned char c)
{
  if (c >= '0' && c <= '9') k->digits++;
  else if (c >= 'a' && c <= 'z') k->smalls++;
  else if (c >= 'A' && c <= 'Z') count_capital(k, c);
  else if (c == '.') k->dots++;
  else if (c == ',') k->commas++;
  else if (c == '/') k->slashes++;
  else if (c == '-') k->dashes++;
  else if (c == ':') k->colons++;
  else if (c == '%') k->percents++;
  else k->others++;
}

/* Counts the characters of a core and copies it in lower case, filled up with zeros; longer ones give no keyword. */
static shape shape_of(vb_span s, size_t from, size_t to, char lower[VB_KEYWORD_BYTES], bool *fits)
{
  shape k = {0};
  const char *p = s.p + from, *end = s.p + to;
  size_t n = 0;
  *fits = to - from <= VB_KEYWORD_BYTES;
  memset(lower, 0, VB_KEYWORD_BYTES);
  while (p < end) {
    unsigned char b = (unsigned char)*p;
    if (b < 0x80) {
      count_ascii(&k, b);
      *fits = *fits && n < VB_KEYWORD_BYTES;
      if (*fits) lower[n++] = (char)vb_char_lower(b);
      p++;
      continue;
    }
    uint32_t c = vb_utf8_next(&p, end), l = vb_char_lower(c);
    if (l != c) k.capitals++;
    else if (vb_letter_code(c) != 0) k.smalls++;
    else if (vb_char_is_dash(c)) k.dashes++;
    else if (c == 0x2026) k.dots++;
    else if (c != 0xB2 && c != 0xB3) k.others++;
    char bytes[4]; /* some letters take more bytes in lower case */
    size_t size = vb_utf8_put(l, bytes);
    *fits = *fits && n + size <= VB_KEYWORD_BYTES;
    if (!*fits) continue;
    memcpy(lower + n, bytes, size);
    n += size;
  }
  k.letters = k.smalls + k.capitals;
  return k;
}

static bool starts_with_digit(vb_span s, const word *w) { return s.p[w->core] >= '0' && s.p[w->core] <= '9'; }

static uint64_t classes_of_figure(vb_span s, const word *w, const shape *k)
{
  size_t n = w->core_end - w->core;
  if (k->letters > 0) {
    if (!starts_with_digit(s, w)) return k->slashes > 0 && k->dots > 0 ? VB_W(DOCNO) : 0;
    if (k->colons > 0) return VB_W(STDNO);
    if (k->slashes > 0) return VB_W(DOCNO);
    return k->letters == 1 && k->others == 0 ? VB_W(NUMLET) : 0;
  }
  if (k->others > 0) return k->colons > 0 ? 0 : VB_W(NUMBER);
  if (k->percents > 0) return VB_W(PERCENT);
  if (k->colons > 0) return VB_W(STDNO);
  if (k->slashes > 0) return VB_W(NUMBER) | VB_W(DATE);
  uint64_t c = VB_W(NUMBER);
  if (k->digits == 3 && n == 3) c |= VB_W(TRIPLE);
  bool year = starts_with_digit(s, w) && (s.p[w->core] == '1' || s.p[w->core] == '2') && k->dots + k->commas == 0;
  if (year && (n == 4 || (k->dashes == 1 && (k->digits == 8 || k->digits == 6)))) c |= VB_W(YEAR);
  return c;
}

static uint64_t classes_of_letters(const shape *k, uint32_t first)
{
  uint64_t c = 0;
  if (k->others + k->dots + k->commas + k->colons > 0) return 0;
  if (k->letters == 1 && k->slashes + k->dashes == 0) {
    bool alphabet = first < 0x80 || first == 0x110 || first == 0x111;
    if (alphabet) c |= k->smalls > 0 ? VB_W(SMALL) : VB_W(LARGE);
  }
  if (k->capitals > 0 && k->smalls == 0) {
    if (k->romans == k->letters && k->slashes + k->dashes == 0) c |= VB_W(ROMAN);
    if (k->letters > 1) c |= VB_W(CAPS);
  }
  if (k->capitals > 0 && vb_char_lower(first) != first) c |= VB_W(NAME);
  return c;
}

/* "III/2023", "I/2023": a Roman number with its year. */
static bool is_roman_year(const shape *k)
{
  return k->romans > 0 && k->romans == k->letters && k->slashes == 1 && k->digits == 4;
}

/* ---- a word and its surroundings ---------------------------------------------------------------------------- */

static void cut_core(vb_span s, word *w)
{
  const char *p = s.p + w->from, *end = s.p + w->to;
  w->core = w->from;
  w->core_end = w->to;
  while (p < end) {
    uint32_t c = vb_utf8_next(&p, end);
    if (!is_opener(c)) break;
    w->opener = c;
    w->core = (size_t)(p - s.p);
  }
  size_t tails = 0;
  while (w->core_end > w->core) {
    size_t at = w->core_end - 1;
    while (at > w->core && ((unsigned char)s.p[at] & 0xC0) == 0x80) at--;
    uint32_t c = char_at(s, at);
    if (!is_closer(c)) break;
    w->closer = c;
    w->core_end = at;
    tails++;
  }
  w->closed_twice = tails > 1;
}

/* Dots to be filled in: "…", "...", ".../..."; a single dot is none. */
static bool is_blank(vb_span s, const word *w)
{
  const char *p = s.p + w->from, *end = s.p + w->to;
  size_t dots = 0;
  while (p < end) {
    uint32_t c = vb_utf8_next(&p, end);
    if (c == 0x2026) dots += 2;
    else if (c == '.' || c == '_') dots++;
    else if (c != '/' && c != ',' && c != ';' && c != ':' && c != ')') return false;
  }
  return dots >= 2 && !(w->to - w->from == 3 && memcmp(s.p + w->from, "./.", 3) == 0);
}

/* "-", "+", "a)", "1.", "I.", "(1)" where a paragraph begins. */
static bool is_marker(vb_span s, const word *w, uint64_t classes)
{
  uint32_t first = char_at(s, w->from);
  if (w->core == w->core_end) return false;
  if (w->core_end == w->to) {
    bool single = w->to - w->from == vb_utf8_put(first, (char[4]){0});
    return single && ((classes & (VB_W(DASH) | VB_W(SIGN))) != 0 || first == 0x2022 || first == '*');
  }
  bool counts = (classes & (VB_W(NUMBER) | VB_W(ROMAN) | VB_W(SMALL) | VB_W(LARGE) | VB_W(NUMLET))) != 0;
  return counts && !w->closed_twice && (w->closer == '.' || w->closer == ')');
}

static uint64_t core_classes(vb_span s, const word *w)
{
  char lower[VB_KEYWORD_BYTES];
  bool fits;
  size_t n = w->core_end - w->core;
  shape k = shape_of(s, w->core, w->core_end, lower, &fits);
  uint32_t first = char_at(s, w->core);
  uint64_t c = 0;
  if (first == '/' && k.letters > 0) c |= VB_W(DOCNO);
  if (k.digits + k.dots > 0) c |= is_roman_year(&k) ? VB_W(ROMAN) : classes_of_figure(s, w, &k);
  else if (k.letters == 0 && k.dashes == 1 && k.others == 0 && k.slashes == 0) c |= VB_W(DASH);
  else if (k.letters == 0 && is_sign(first)) c |= VB_W(SIGN);
  if (k.digits == 0) c |= classes_of_letters(&k, first);
  if (!fits) return c;
  c |= vb_keyword_classes(lower, s.p + w->core, n);
  if (k.slashes > 0 && k.digits == 0) { /* đồng/người/năm */
    size_t head = strcspn(lower, "/");
    if (head < VB_KEYWORD_BYTES) {
      memset(lower + head, 0, VB_KEYWORD_BYTES - head);
      c |= vb_keyword_classes(lower, s.p + w->core, head) & VB_W(UNIT);
    }
  }
  return c;
}

/* Fills left and right: punctuation behind a word parts it from the next one, a bracket before it from the one before. */
static void classify(vb_span s, word *w, bool *marker)
{
  const uint64_t colon_allowed = VB_W(SO) | VB_W(LUU) | VB_W(TEL), dotted = VB_W(ABBR);
  const uint64_t bracketed = VB_W(SMALL) | VB_W(NUMBER); /* "khoản 2)" */
  w->left = w->right = VB_W(ANY);
  if (w->blank) {
    w->left |= VB_W(BLANK) | VB_W(PLAIN);
    w->right |= VB_W(BLANK) | VB_W(PLAIN);
    return;
  }
  if (w->core == w->core_end) return;
  uint64_t c = core_classes(s, w);
  if (w->closer == 0) w->left |= VB_W(PLAIN) | (c & ~dotted);
  else if (w->closer == ':' && !w->closed_twice) w->left |= c & colon_allowed;
  else if (w->closer == '.' && !w->closed_twice) w->left |= (c & dotted) | ((c & VB_W(LARGE)) != 0 ? VB_W(INITIAL) : 0);
  else if (w->closer == ')' && !w->closed_twice && w->opener == 0) w->left |= c & bracketed;
  if (w->opener == 0) w->right |= c;
  else if (w->opener == '(' && w->closer == ')') {
    if ((c & VB_W(NUMBER)) != 0) w->right |= VB_W(PARNUM);
    if ((c & VB_W(CAPS)) != 0) w->right |= VB_W(PARCAPS);
  }
  if ((c & VB_W(LARGE)) != 0 && w->closer == '.') w->right |= VB_W(INITIAL);
  if ((w->right & VB_W(CAPS)) != 0 && w->opener == '(') w->right &= ~VB_W(CAPS);
  *marker = is_marker(s, w, c);
}

/* The letter of two or three bytes at p and its length, as valid UTF-8 has it; *c = 0 for anything else. */
static inline size_t long_letter(const char *p, size_t left, uint32_t *c)
{
  unsigned b = (unsigned char)p[0];
  *c = 0;
  if (b >= 0xC3 && b <= 0xC6 && left >= 2) {
    *c = (b & 0x1F) << 6 | ((unsigned char)p[1] & 0x3Fu);
    return 2;
  }
  if (b == 0xE1 && left >= 3) {
    *c = 0x1000u | ((unsigned char)p[1] & 0x3Fu) << 6 | ((unsigned char)p[2] & 0x3Fu);
    return 3;
  }
  return 1;
}

/* A word of letters alone, as most are: read and classified in one pass. False for any other. */
static bool take_simple(vb_span s, word *w)
{
  char lower[VB_KEYWORD_BYTES + 4] = {0};
  shape k = {0};
  const char *p = s.p + w->from, *end = s.p + s.n;
  uint32_t first = 0;
  size_t n = 0;
  for (; p < end; k.letters++) {
    unsigned char b = (unsigned char)*p;
    size_t at = (size_t)(p - s.p);
    uint32_t c = b, l;
    if (b == ' ' || (b >= 9 && b <= 13)) break;
    if (b < 0x80) {
      l = b | 0x20;
      if (l < 'a' || l > 'z') return false;
      p++;
      if (n <= VB_KEYWORD_BYTES) lower[n++] = (char)l;
    } else {
      size_t used = long_letter(p, (size_t)(end - p), &c);
      uint8_t code = vb_letter_code(c);
      if (code == 0) {
        if (!vb_char_is_space(vb_utf8_next(&p, end))) return false;
        p = s.p + at;
        break;
      }
      if ((code & VB_LETTER_UPPER) != 0) l = vb_letter_char((uint8_t)(code & 0x7F));
      else l = c;
      p += used;
      if (n <= VB_KEYWORD_BYTES) n += vb_utf8_put(l, lower + n);
    }
    if (k.letters == 0) first = c;
    if (c == l) k.smalls++;
    else count_capital(&k, c);
  }
  if (k.letters == 0) return false;
  w->to = w->core_end = (size_t)(p - s.p);
  w->core = w->from;
  w->left = VB_W(ANY) | VB_W(PLAIN);
  if (k.capitals > 0 || k.letters == 1) w->left |= classes_of_letters(&k, first);
  if (n <= VB_KEYWORD_BYTES) w->left |= vb_keyword_classes(lower, s.p + w->from, w->to - w->from);
  w->left &= ~VB_W(ABBR); /* these take a dot */
  w->right = w->left;
  return true;
}

/* ---- inside a word ------------------------------------------------------------------------------------------ */

static bool contains(vb_span s, const char *text)
{
  size_t n = strlen(text);
  for (size_t i = 0; i + n <= s.n; i++)
    if (memcmp(s.p + i, text, n) == 0) return true;
  return false;
}

/* Web and mail addresses and paths of files, too long to be moved to the next line whole. */
static bool is_address(vb_span w)
{
  enum { SHORT = 20 }; /* characters that fit anywhere */
  if (w.n < SHORT) return false;
  if (contains(w, "://") || vb_span_starts(w, "www.") || memchr(w.p, '@', w.n) != NULL) return true;
  const char *dot = memchr(w.p, '.', w.n), *slash = memchr(w.p, '/', w.n);
  return dot != NULL && slash != NULL && dot < slash && (w.p[0] | 32) >= 'a' && (w.p[0] | 32) <= 'z';
}

static void break_address(vb_span w, uint8_t *map)
{
  for (size_t i = 3; i + 3 <= w.n; i++) { /* no crumbs at either end */
    char c = w.p[i - 1], next = w.p[i];
    if ((c == '/' && next != '/' && w.p[i - 2] != '/') || (c == '-' && next != '-') || (c == '.' && next != '/')) map[i] = 1;
    else if ((c == '@' || c == '_' || c == '?' || c == '&' || c == '=') && next != '/' && map[i] == 0) map[i] = 2;
  }
}

/* Words joined by "/" or "-" ("trì/phối", "kinh tế-xã hội"): a break behind the joint when nothing else fits, if both sides are words
 * in small letters. Symbols of documents (KH-UBND, QĐ-TTg) and whatever holds digits stay whole. */
static void break_joints(vb_span w, uint8_t *map)
{
  const char *p = w.p, *end = w.p + w.n;
  size_t letters = 0, joint = 0;
  bool small = false, before = false;
  for (;;) {
    size_t at = (size_t)(p - w.p);
    uint32_t c = p < end ? vb_utf8_next(&p, end) : 0;
    if (c >= '0' && c <= '9') return;
    if (c != 0 && c != '/' && c != '-' && c != 0x2010 && c != 0x2013 && c != 0x2014) {
      if (!vb_char_is_letter(c)) continue;
      letters++;
      small |= vb_char_lower(c) == c;
      continue;
    }
    bool good = letters >= 2 && small;
    if (joint > 0 && before && good) map[joint] = 2;
    if (c == 0) return;
    before = good;
    joint = at + vb_utf8_put(c, (char[4]){0});
    letters = 0;
    small = false;
  }
}

/* Whether there is a joint to look at. */
static bool has_joint(vb_span w)
{
  for (size_t i = 1; i + 1 < w.n; i++)
    if (w.p[i] == '/' || w.p[i] == '-' || (unsigned char)w.p[i] == 0xE2 || w.p[i] == '@') return true;
  return false;
}

static __attribute__((noinline)) void break_inside(vb_span w, uint8_t *map)
{
  if (is_address(w)) break_address(w, map);
  else break_joints(w, map);
}

/* ---- words as they were met before -------------------------------------------------------------------------- */

/* Dashes, "&", and punctuation that belongs to the word before. */
static bool is_tail_word(vb_span s, const word *w)
{
  uint32_t first = char_at(s, w->from);
  bool dash = vb_char_is_dash(first) && w->to - w->from == vb_utf8_put(first, (char[4]){0});
  bool amp = first == '&' && w->to - w->from == 1;
  bool alone = w->core == w->core_end && !(w->blank && memchr(s.p + w->from, '/', w->to - w->from) != NULL);
  return dash || amp || is_tail(first, alone);
}

/* Reads the word at `from`, whatever it is made of. Gives its end. Not inlined: its caller nearly always does without. */
static __attribute__((noinline)) size_t read_word(vb_span s, size_t from, nature *k)
{
  bool ignored = false;
  word w = {.from = from, .to = from};
  *k = (nature){.left = 0};
  if (!take_simple(s, &w)) {
    while (w.to < s.n && space_at(s, w.to, &ignored, &ignored) == 0) w.to++;
    cut_core(s, &w);
    w.blank = w.core == w.core_end && is_blank(s, &w);
    classify(s, &w, &k->marker);
    k->tail = is_tail_word(s, &w);
    k->opener = w.core == w.core_end && w.opener != 0;
    k->inside = has_joint((vb_span){s.p + from, w.to - from});
  }
  k->left = w.left;
  k->right = w.right;
  k->followers = vb_rule_followers(w.left);
  return w.to;
}

/* Bytes of the word at p that ends before a space or at the end, or 17 when it is longer than 16; its bytes, filled up with zeros. */
static size_t bytes_of(const char *p, size_t left, uint64_t bytes[2])
{
  const uint64_t ones = UINT64_C(0x0101010101010101);
  char tail[16] = {0};
  if (left < sizeof tail) {
    memset(tail, ' ', sizeof tail);
    memcpy(tail, p, left);
    p = tail;
  }
  for (size_t i = 0; i < 2; i++) {
    bytes[i] = vb_word_at(p + 8 * i);
    uint64_t x = bytes[i] ^ ones * ' ', spaces = (x - ones) & ~x & ones << 7; /* the lowest bit of them is exact */
    if (spaces == 0) continue;
    unsigned n = (unsigned)__builtin_ctzll(spaces) / 8;
    bytes[i] &= n > 0 ? ~UINT64_C(0) >> (64 - 8 * n) : 0;
    bytes[1] = i == 0 ? 0 : bytes[1];
    return 8 * i + n;
  }
  return left == 16 ? 16 : 17;
}

/* A report of 9,800 words has 1,600, and 60 of them have 3,600 together. Of two words with one place the later one stays. */
enum { SEEN = 4096 };
static struct seen { uint64_t bytes[2]; nature is; uint8_t n; } seen[SEEN]; /* n 0: none; processes have one thread */

/* The word at `from`: what read_word would find; *once has room for one that is not kept. */
static size_t take_word(vb_span s, size_t from, nature *once, const nature **k)
{
  uint64_t bytes[2] = {0, 0};
  size_t n = bytes_of(s.p + from, s.n - from, bytes);
  uint64_t h = (bytes[0] ^ bytes[1] * UINT64_C(0x9E3779B97F4A7C15)) * UINT64_C(0xD6E8FEB86659FD93);
  struct seen *x = &seen[(h >> 32) % SEEN];
  *k = &x->is;
  if (n <= 16 && x->n == n && x->bytes[0] == bytes[0] && x->bytes[1] == bytes[1]) return from + n;
  *k = once;
  size_t to = read_word(s, from, once);
  if (n <= 16 && to - from == n) *x = (struct seen){{bytes[0], bytes[1]}, *once, (uint8_t)n}; /* else too long, or another kind of space ends it */
  return to;
}

/* ---- the map ------------------------------------------------------------------------------------------------ */

/* The last words in a ring; the newest is back(w, 0). */
typedef struct placed { size_t from; uint64_t left, right, followers; bool opener; } placed;
typedef struct window { placed w[VB_RULE_WORDS]; unsigned count, end; } window;

static inline const placed *back(const window *last, unsigned k) { return &last->w[(last->end - 1 - k) % VB_RULE_WORDS]; }

/* Whether the words before the newest one are those of the rule. */
static bool rule_fits(const vb_break_rule *r, const window *last)
{
  unsigned n = (unsigned)r->count;
  if (n > last->count) return false;
  for (unsigned i = 1; i < n - 1; i++) {
    const placed *w = back(last, n - 1 - i);
    if ((w->left & w->right & r->word[i]) == 0) return false;
  }
  return (back(last, n - 1)->left & r->word[0]) != 0;
}

/* fixed: a no-break space stands before the newest word; no rule frees what a writer held. */
static __attribute__((noinline)) void apply_rules(const window *last, bool fixed, uint8_t *map)
{
  for (uint64_t rules = vb_rules_ending(back(last, 0)->right); rules != 0; rules &= rules - 1) {
    const vb_break_rule *r = &vb_break_rules[__builtin_ctzll(rules)];
    if (!rule_fits(r, last)) continue;
    for (unsigned gap = 0; gap + 1 < (unsigned)r->count; gap++) {
      size_t at = back(last, (unsigned)r->count - 2 - gap)->from;
      if ((r->holds >> gap & 1) != 0 && map[at] == 1) map[at] = 2;
      if ((r->frees >> gap & 1) != 0 && map[at] == 2 && !fixed) map[at] = 1;
    }
  }
}

void vb_break_map(vb_span s, uint8_t *map)
{
  window last = {.count = 0};
  bool fixed = false, line_end = false;
  if (s.n == 0) return;
  memset(map, 0, s.n);
  for (size_t at = 0; at < s.n;) {
    size_t space = s.p[at] == ' ' ? 1 : space_at(s, at, &fixed, &line_end);
    if (space > 0) {
      at += space;
      continue;
    }
    if (line_end) last.count = 0;
    const nature *k;
    nature once;
    size_t from = at;
    at = take_word(s, from, &once, &k);
    const placed *before = back(&last, 0);
    if (from > 0 && line_end) map[from] = 1;
    else if (last.count > 0) map[from] = before->opener || k->tail ? 0 : fixed ? 2 : 1;
    bool in_rules = last.count > 0 && (before->followers & k->right) != 0; /* most words are in no rule */
    placed *w = &last.w[last.end++ % VB_RULE_WORDS];
    *w = (placed){from, k->left, k->right, k->followers, k->opener};
    if (k->marker && last.count == 0) {
      w->left |= VB_W(MARKER);
      w->followers |= vb_rule_followers(VB_W(MARKER));
    }
    last.count += last.count < VB_RULE_WORDS;
    if (in_rules) apply_rules(&last, fixed, map);
    if (k->inside) break_inside((vb_span){s.p + from, at - from}, map + from);
    fixed = line_end = false;
  }
}
