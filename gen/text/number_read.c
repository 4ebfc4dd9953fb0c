/* Figures and dates as people write them.
 *
 * The scanner cuts a figure into sign, groups and fraction without judging; one function then says what the shape means for a kind.
 * A shape that two habits read differently is an error: nothing is guessed.
 */
#include "text/text_int.h"

#include <string.h>

/* What stands in a figure. groups counts the runs of digits between dots; a run is well formed when the first has 1–3 digits and no
 * leading zero, the others three. */
typedef struct figure {
  bool negative, signed_;
  int dots, commas, spaces;
  bool grouped;     /* dots (or spaces) stand between groups of three */
  bool comma_triples; /* every comma has three digits behind it, and more than one or a short first group */
  bool dot_after_comma;
  int fraction;     /* digits behind the comma */
  int integer;      /* digits before it */
  uint64_t digits;
  bool overflow;
  vb_span rest;     /* behind the figure */
} figure;

static vb_span trim(vb_span s)
{
  s = vb_span_trim(s);
  while (s.n >= 3 && memcmp(s.p, "\xE2\x80\xAF", 3) == 0) s = vb_span_trim((vb_span){s.p + 3, s.n - 3});
  while (s.n >= 3 && memcmp(s.p + s.n - 3, "\xE2\x80\xAF", 3) == 0) s = vb_span_trim((vb_span){s.p, s.n - 3});
  return s;
}

/* Equal without case; word is lower case and NFC. */
static bool same_word(vb_span s, const char *word)
{
  const char *p = s.p, *end = s.p + s.n, *w = word, *stop = word + strlen(word);
  while (p < end && w < stop)
    if (vb_char_lower(vb_utf8_next(&p, end)) != vb_utf8_next(&w, stop)) return false;
  return p == end && w == stop;
}

static bool is_na(vb_span s)
{
  static const char *const words[] = {"không áp dụng", "kad", "n/a", "k/a/d"};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (same_word(s, words[i])) return true;
  return false;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static void add_digit(figure *f, char c)
{
  if (f->digits > (UINT64_MAX - 9) / 10) f->overflow = true;
  else f->digits = f->digits * 10 + (uint64_t)(c - '0');
}

/* Length of the white space at p when a digit stands behind it, else 0: a group mark of some countries. */
static size_t gap(const char *p, const char *end)
{
  size_t n = 0;
  if (*p == ' ') n = 1;
  else if (end - p > 2 && memcmp(p, "\xC2\xA0", 2) == 0) n = 2;
  else if (end - p > 3 && memcmp(p, "\xE2\x80\xAF", 3) == 0) n = 3;
  return n > 0 && (size_t)(end - p) > n && is_digit(p[n]) ? n : 0;
}

/* Takes the runs of digits and the marks between them. Returns where they end; NULL when a mark stands without digits. */
static const char *take_runs(figure *f, const char *p, const char *end)
{
  bool triples = true, first_short = false;
  for (int run = 0;; run++) {
    const char *start = p;
    while (p < end && is_digit(*p)) add_digit(f, *p++);
    int n = (int)(p - start);
    if (n == 0) return NULL;
    if (run == 0) first_short = n <= 3 && (*start != '0');
    else if (n != 3) triples = false;
    if (f->commas == 0) f->integer += n;
    else f->fraction = n;
    size_t space = p < end ? gap(p, end) : 0;
    if (p < end && *p == '.') {
      f->dots++;
      f->dot_after_comma |= f->commas > 0;
    } else if (p < end && *p == ',') {
      if (f->commas++ == 0) f->grouped = f->dots + f->spaces > 0 && first_short && triples;
    } else if (space > 0) {
      f->spaces++;
    } else {
      f->comma_triples = first_short && triples && f->commas > 0;
      if (f->commas == 0) f->grouped = f->dots + f->spaces > 0 && first_short && triples;
      return p;
    }
    p += space > 0 ? space : 1;
  }
}

/* Scans sign and digits. False when there is no figure at the front. */
static bool scan(vb_span s, figure *f)
{
  const char *p = s.p, *end = s.p + s.n;
  *f = (figure){0};
  if (*p == '+' || *p == '-') {
    f->signed_ = true;
    f->negative = *p++ == '-';
  } else if (s.n > 3 && memcmp(p, "\xE2\x88\x92", 3) == 0) { /* U+2212, the minus sign */
    f->signed_ = f->negative = true;
    p += 3;
  }
  p = take_runs(f, p, end);
  if (p == NULL) return false;
  f->rest = trim((vb_span){p, (size_t)(end - p)});
  return true;
}

static bool suffix_fits(vb_span rest, vb_number_kind kind)
{
  if (rest.n == 0) return true;
  if (kind == VB_NUM_PERCENT) return vb_span_is(rest, "%");
  if (kind != VB_NUM_MONEY) return false;
  return same_word(rest, "đồng") || same_word(rest, "đ") || same_word(rest, "vnd") || same_word(rest, "vnđ") || same_word(rest, "₫");
}

/* What the shape of a figure means for its kind. */
static vb_number_state judge(const figure *f, vb_number_kind kind)
{
  bool whole = kind == VB_NUM_COUNT || kind == VB_NUM_CODE;
  if (f->overflow || (f->commas == 1 && f->fraction > VB_DEC_PLACES_MAX)) return VB_NUM_WRONG;
  if (kind == VB_NUM_CODE && f->signed_) return VB_NUM_WRONG;
  if (f->spaces > 0) return f->grouped ? VB_NUM_AMBIGUOUS : VB_NUM_WRONG; /* one figure or two */
  if (f->commas > 1) return f->dots == 0 && f->comma_triples ? VB_NUM_AMBIGUOUS : VB_NUM_WRONG;
  if (f->dot_after_comma) return f->dots == 1 ? VB_NUM_AMBIGUOUS : VB_NUM_WRONG; /* 12,900.50 */
  if (f->dots > 0) {
    if (!f->grouped) return f->dots == 1 && f->commas == 0 ? VB_NUM_AMBIGUOUS : VB_NUM_WRONG;
    if (kind == VB_NUM_CODE) return VB_NUM_AMBIGUOUS;
    bool fractional = kind == VB_NUM_DECIMAL || kind == VB_NUM_PERCENT;
    if (fractional && f->dots == 1 && f->commas == 0) return VB_NUM_AMBIGUOUS; /* 1.714 */
  }
  if (f->commas == 1 && whole) return VB_NUM_AMBIGUOUS;
  if (f->commas == 1 && kind == VB_NUM_MONEY && f->dots == 0 && f->comma_triples) return VB_NUM_AMBIGUOUS; /* 12,900 đồng */
  return VB_NUM_VALUE;
}

static bool is_dash_alone(vb_span s)
{
  const char *p = s.p, *end = s.p + s.n;
  return s.n > 0 && vb_char_is_dash(vb_utf8_next(&p, end)) && p == end;
}

/* A dash or a bracket that may or may not be a sign: "- 4", "–4". */
static bool loose_sign(vb_span s)
{
  const char *p = s.p, *end = s.p + s.n;
  uint32_t c = vb_utf8_next(&p, end);
  if (!vb_char_is_dash(c) && c != '+') return false;
  while (p < end && *p == ' ') p++;
  return p < end && is_digit(*p);
}

vb_number_state vb_number_parse(vb_span s, vb_number_kind kind, vb_dec *out)
{
  figure f;
  *out = (vb_dec){0, 0};
  if (s.n == 0) return VB_NUM_BLANK;
  s = trim(s);
  if (s.n == 0) return VB_NUM_BLANK;
  if (is_dash_alone(s)) return VB_NUM_DASH;
  if (!scan(s, &f)) return is_na(s) ? VB_NUM_NA : loose_sign(s) ? VB_NUM_AMBIGUOUS : VB_NUM_WRONG;
  if (!suffix_fits(f.rest, kind)) return VB_NUM_WRONG;
  vb_number_state state = judge(&f, kind);
  if (state != VB_NUM_VALUE) return state;
  uint64_t limit = (uint64_t)INT64_MAX + (f.negative ? 1 : 0);
  if (f.digits > limit) return VB_NUM_WRONG;
  out->n = f.negative ? (int64_t)(UINT64_C(0) - f.digits) : (int64_t)f.digits;
  out->places = f.commas == 1 ? f.fraction : 0;
  return VB_NUM_VALUE;
}

/* ---- dates -------------------------------------------------------------------------------------------------- */

typedef struct reader { const char *p, *end; } reader;

static bool take_number(reader *r, int least, int most, int *out)
{
  int n = 0;
  for (*out = 0; r->p < r->end && is_digit(*r->p) && n <= most; n++) *out = *out * 10 + (*r->p++ - '0');
  return n >= least && n <= most;
}

static void take_spaces(reader *r)
{
  while (r->p < r->end) {
    const char *q = r->p;
    if (!vb_char_is_space(vb_utf8_next(&q, r->end))) return;
    r->p = q;
  }
}

/* The word up to a space or a digit, in any case, and the spaces behind it. */
static bool take_word(reader *r, const char *word)
{
  const char *w = word, *stop = word + strlen(word), *p = r->p;
  while (w < stop) {
    if (p >= r->end || vb_char_lower(vb_utf8_next(&p, r->end)) != vb_utf8_next(&w, stop)) return false;
  }
  r->p = p;
  take_spaces(r);
  return true;
}

static bool make_date(int day, int month, int year, vb_date *out)
{
  if (year < 1 || month > 12 || day > 31) return false;
  *out = (vb_date){(int16_t)year, (uint8_t)month, (uint8_t)day};
  return vb_date_valid(*out);
}

static bool date_in_words(reader r, vb_date *out)
{
  int day, month, year;
  if (!take_word(&r, "ngày") || !take_number(&r, 1, 2, &day)) return false;
  take_spaces(&r);
  if (!take_word(&r, "tháng") || !take_number(&r, 1, 2, &month)) return false;
  take_spaces(&r);
  return take_word(&r, "năm") && take_number(&r, 4, 4, &year) && r.p == r.end && make_date(day, month, year, out);
}

bool vb_date_parse(vb_span s, vb_date *out)
{
  int day, month, year;
  *out = (vb_date){0, 0, 0};
  if (s.n == 0) return false;
  s = trim(s);
  if (vb_date_parse_iso(s, out)) return true;
  reader r = {s.p, s.p + s.n};
  bool good = false;
  if (date_in_words(r, out)) return true;
  if (take_number(&r, 1, 2, &day) && r.p < r.end && (*r.p == '/' || *r.p == '-' || *r.p == '.')) {
    char mark = *r.p++;
    good = take_number(&r, 1, 2, &month) && r.p < r.end && *r.p++ == mark && take_number(&r, 4, 4, &year) && r.p == r.end &&
           make_date(day, month, year, out);
  }
  if (!good) *out = (vb_date){0, 0, 0};
  return good;
}
