/* shorts.c: abbreviations: explained at their first use, and once, written in one way. For gen/check alone. */
#include <string.h>

#include "check/passage.h"

enum { OFTEN = 3 }; /* what a document says so often is meant as it is */

/* So usual in administration that nobody explains them, and symbols. */
static const char *const usual[] = {"UBND", "HĐND", "UBMTTQ", "MTTQ", "TM", "KT", "TL", "TUQ", "VT", "CP", "TTg", "TW", "TTHC", "CCHC", "QPPL", "VBQPPL", "CNTT", "BHYT", "BHXH", "VNĐ", "VND", "ISO", "PDF", "SMS", "VNeID", "TT", "STT", "QH", "CT", "PCT"};

static bool roman(vb_span w) {
  for (size_t i = 0; i < w.n; i++)
    if (strchr("IVXLCDM", w.p[i]) == NULL) return false;
  return true;
}

static bool is_usual(vb_span w) {
  for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
    if (vb_span_is(w, usual[i])) return true;
  return false;
}

/* A neighbour in capitals makes a heading ("KẾT QUẢ THỰC HIỆN"), whose words are no abbreviations. */
static bool in_heading(vb_span t, size_t from, size_t to) {
  size_t k = to, begin = from;
  if (k + 1 < t.n && t.p[k] == ' ') {
    size_t e = ++k;
    while (e < t.n && vb_passage_in_word(t, e)) e++;
    if (e > k && vb_text_is_upper((vb_span){t.p + k, e - k})) return true;
  }
  if (begin > 1 && t.p[begin - 1] == ' ') {
    size_t s = --begin;
    while (s > 0 && vb_passage_in_word(t, s - 1)) s--;
    if (s < begin && vb_text_is_upper((vb_span){t.p + s, begin - s})) return true;
  }
  return false;
}

static bool has_ascii_digit(vb_span w) {
  for (size_t i = 0; i < w.n; i++)
    if (w.p[i] >= '0' && w.p[i] <= '9') return true;
  return false;
}

typedef struct finder { vb_reading *r; vb_map *explained, *told; vb_status s; } finder;

/* Inside brackets alone, or at the end of “viết tắt là …”. */
static bool explains(vb_span t, size_t from, size_t to) {
  static const char tail[] = "tắt là ";
  size_t n = sizeof tail - 1;
  return from > 0 && to < t.n && t.p[to] == ')' && (t.p[from - 1] == '(' || (from >= n && memcmp(t.p + from - n, tail, n) == 0));
}

static void meet(finder *f, const vb_passage *p, size_t from, size_t to, bool second) {
  vb_span t = p->text, w = {t.p + from, to - from};
  bool explaining = explains(t, from, to);
  if (!second && explaining) {
    if (vb_map_get(f->explained, w) != NULL) vb_passage_find(f->r, p, VB_CHECK_W07, VB_INFO, (vb_extract){from, to, 0}, NULL);
    else if (!vb_map_put(f->explained, w, f)) f->s = VB_NOMEM;
  }
  if (!second || explaining || is_usual(w) || vb_map_get(f->explained, w) != NULL || vb_map_get(f->told, w) != NULL) return;
  if (!vb_passage_open(f->r, p, VB_CHECK_W06, from) || in_heading(t, from, to)) return;
  vb_passage_find(f->r, p, VB_CHECK_W06, VB_INFO, (vb_extract){from, to, 0}, NULL);
  if (!vb_map_put(f->told, w, f)) f->s = VB_NOMEM;
}

static void look(finder *f, const vb_passage *p, bool second) {
  vb_span t = p->text;
  for (size_t i = 0; i < t.n && f->s == VB_OK;) {
    size_t from = i;
    while (i < t.n && vb_passage_in_word(t, i)) i++;
    vb_span w = {t.p + from, i - from};
    bool joined = (i < t.n && (t.p[i] == '-' || t.p[i] == '/')) || (from > 0 && (t.p[from - 1] == '-' || t.p[from - 1] == '/')); /* of a symbol */
    if (w.n >= 3 && w.n <= 24 && !joined && vb_text_is_upper(w) && vb_utf8_length(w) >= 3 && !has_ascii_digit(w) && !roman(w)) meet(f, p, from, i, second);
    if (i == from) i++;
  }
}

/* All letters are capitals, and there are figures neither. */
static size_t caps(const vb_passage *p, const vb_word *w) {
  size_t n = 0;
  for (size_t i = w->from; i < w->to; n++) {
    size_t from = i++;
    while (i < w->to && ((unsigned char)p->text.p[i] & 0xC0) == 0x80) i++;
    if (memcmp(p->text.p + from, p->lower.p + from, i - from) == 0) return 0;
  }
  return n;
}

static vb_span gap(const vb_passage *p, size_t i) { return (vb_span){p->text.p + p->words[i].to, p->words[i + 1].from - p->words[i].to}; }

/* Parts of one abbreviation: “CB,CC”, “PA, KN”, “LĐTB&XH”; the word behind the last. */
static size_t parts_end(const vb_passage *p, size_t i) {
  size_t k = i;
  for (; k + 1 < p->n_words; k++) {
    vb_span between = gap(p, k);
    bool comma = vb_span_is(between, ",") || vb_span_is(between, ", "), ampersand = vb_span_is(between, "&") || vb_span_is(between, " & ");
    size_t n = caps(p, &p->words[k + 1]);
    if (n == 0 || (!ampersand && (!comma || n > 3 || caps(p, &p->words[k]) > 3))) break;
  }
  return k + 1;
}

/* How often the document has this, up to `most`. */
static size_t times(const finder *f, const char *text, size_t most) {
  size_t n = 0;
  for (const vb_passage *p = f->r->first; p != NULL && n < most; p = p->next)
    for (size_t i = vb_passage_seek(p->text, text, 0); i < p->text.n && n < most; i = vb_passage_seek(p->text, text, i + 1)) n++;
  return n;
}

/* The one abbreviation that a letter was mistaken in; of several, the only one that the document uses. */
static const vb_register_entry *nearest(const finder *f, vb_span letters) {
  const vb_register_entry *first = vb_registers_short_near(f->r->words, letters, NULL), *used = NULL;
  if (first == NULL || vb_registers_short_near(f->r->words, letters, first) == NULL) return first;
  for (const vb_register_entry *e = first; e != NULL; e = vb_registers_short_near(f->r->words, letters, e)) {
    if (times(f, e->text, 1) == 0) continue;
    if (used != NULL) return NULL;
    used = e;
  }
  return used;
}

/* An abbreviation of the register in another form, or one letter away from it and explained nowhere. */
static const vb_register_entry *meant(finder *f, const vb_passage *p, size_t i, size_t end, vb_severity *severity) {
  vb_span text = {p->text.p + p->words[i].from, p->words[end - 1].to - p->words[i].from}, letters = vb_registers_letters(f->r->a, text);
  if (letters.p == NULL) {
    f->s = VB_NOMEM;
    return NULL;
  }
  const vb_register_entry *e = vb_registers_short(f->r->words, letters);
  *severity = e == NULL || memchr(text.p, ',', text.n) != NULL ? VB_WARNING : VB_INFO;
  if (e != NULL) return vb_span_is(text, e->text) ? NULL : e;
  bool symbol = (p->words[i].from > 0 && strchr("-/.", text.p[-1]) != NULL) || (p->words[end - 1].to < p->text.n && strchr("-/&", text.p[text.n]) != NULL);
  if (symbol || memchr(text.p, ',', text.n) != NULL || vb_utf8_length(letters) < 4 || roman(letters) || is_usual(letters) || vb_map_get(f->explained, text) != NULL) return NULL;
  if (in_heading(p->text, p->words[i].from, p->words[end - 1].to) || times(f, VB_TXT(text), OFTEN) == OFTEN) return NULL;
  return nearest(f, letters);
}

static void forms(finder *f, const vb_passage *p) {
  for (size_t i = 0; i < p->n_words && f->s == VB_OK; i++) {
    size_t n = caps(p, &p->words[i]);
    if (n < 2) continue;
    size_t end = parts_end(p, i);
    vb_severity severity;
    const vb_register_entry *e = meant(f, p, i, end, &severity);
    if (e == NULL) continue;
    vb_passage_find(f->r, p, VB_CHECK_W08, severity, (vb_extract){p->words[i].from, p->words[end - 1].to, 0}, e->text);
    i = end - 1;
  }
}

/* Twice over the document: an explanation may stand behind its first use, and that is another matter. */
vb_status vb_check_short_forms(vb_reading *r) {
  finder f = {r, vb_map_new(), vb_map_new(), VB_OK};
  if (f.explained == NULL || f.told == NULL) f.s = VB_NOMEM;
  for (int round = 0; round < 2; round++)
    for (const vb_passage *p = r->first; p != NULL && f.s == VB_OK; p = p->next) {
      look(&f, p, round == 1);
      if (round == 1 && r->words != NULL) forms(&f, p);
    }
  vb_map_free(f.explained);
  vb_map_free(f.told);
  return f.s;
}
