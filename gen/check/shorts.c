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

/* What the document says of an abbreviation, by its form. */
typedef struct note { bool candidate, explained, told; } note;
typedef struct finder { vb_reading *r; note *notes; vb_status s; } finder;

/* Capitals of three characters or more; a sign behind the letters, or a figure, makes it a symbol. */
static bool is_candidate(const vb_form *x) { return (x->lists & VB_LIST_SHORT) != 0 && x->text.n >= 3 && x->text.n <= 24 && !x->figure && vb_text_is_upper(x->text) && vb_utf8_length(x->text) >= 3 && !roman(x->text); }

/* Inside brackets alone, or at the end of “viết tắt là …”. */
static bool explains(vb_span t, size_t from, size_t to) {
  static const char tail[] = "tắt là ";
  size_t n = sizeof tail - 1;
  return from > 0 && to < t.n && t.p[to] == ')' && (t.p[from - 1] == '(' || (from >= n && memcmp(t.p + from - n, tail, n) == 0));
}

static void meet(finder *f, const vb_passage *p, const vb_word *w, bool second) {
  note *n = &f->notes[w->form->id];
  bool explaining = explains(p->text, w->from, w->to);
  if (!second) {
    if (explaining && n->explained) vb_passage_find(f->r, p, VB_CHECK_W07, VB_INFO, (vb_extract){w->from, w->to, 0}, NULL);
    n->explained = n->explained || explaining;
    return;
  }
  if (explaining || n->explained || n->told || is_usual(w->form->text) || !vb_passage_open(p, VB_CHECK_W06, w->from) || in_heading(p->text, w->from, w->to)) return;
  vb_passage_find(f->r, p, VB_CHECK_W06, VB_INFO, (vb_extract){w->from, w->to, 0}, NULL);
  n->told = true;
}

static bool parts_symbol(char c) { return c == '-' || c == '/'; }

static void look(finder *f, const vb_passage *p, bool second) {
  vb_span t = p->text;
  for (const vb_word *w = p->words, *end = w + p->n_words; w < end; w++) {
    if ((w->form->lists & VB_LIST_SHORT) == 0 || !f->notes[w->form->id].candidate) continue;
    bool symbol = (w->to < t.n && parts_symbol(t.p[w->to])) || (w->from > 0 && parts_symbol(t.p[w->from - 1]));
    if (!symbol) meet(f, p, w, second);
  }
}

static vb_span gap(const vb_passage *p, size_t i) { return (vb_span){p->text.p + p->words[i].to, p->words[i + 1].from - p->words[i].to}; }

/* Parts of one abbreviation: “CB,CC”, “PA, KN”, “LĐTB&XH”; the word behind the last. */
static size_t parts_end(const vb_passage *p, size_t i) {
  size_t k = i;
  for (; k + 1 < p->n_words; k++) {
    size_t n = p->words[k + 1].form->capitals;
    if (n == 0) break;
    vb_span between = gap(p, k);
    bool comma = vb_span_is(between, ",") || vb_span_is(between, ", "), ampersand = vb_span_is(between, "&") || vb_span_is(between, " & ");
    if (!ampersand && (!comma || n > 3 || p->words[k].form->capitals > 3)) break;
  }
  return k + 1;
}

/* How often the document has this, up to `most`; in passages of a list, where one is named. */
static size_t times(const finder *f, const char *text, size_t most, uint32_t list) {
  size_t n = 0;
  for (const vb_passage *p = f->r->first; p != NULL && n < most; p = p->next)
    for (size_t i = (p->lists & list) == list ? vb_passage_seek(p->text, text, 0) : p->text.n; i < p->text.n && n < most; i = vb_passage_seek(p->text, text, i + 1)) n++;
  return n;
}

/* The one abbreviation that a letter was mistaken in; of several, the only one that the document uses. */
static const vb_register_entry *nearest(const finder *f, vb_span letters) {
  const vb_register_entry *first = vb_registers_short_near(f->r->words, letters, NULL), *used = NULL;
  if (first == NULL || vb_registers_short_near(f->r->words, letters, first) == NULL) return first;
  for (const vb_register_entry *e = first; e != NULL; e = vb_registers_short_near(f->r->words, letters, e)) {
    if (times(f, e->text, 1, 0) == 0) continue;
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
  bool explained = end == i + 1 && f->notes[p->words[i].form->id].explained;
  bool symbol = (p->words[i].from > 0 && strchr("-/.", text.p[-1]) != NULL) || (p->words[end - 1].to < p->text.n && strchr("-/&", text.p[text.n]) != NULL);
  if (symbol || memchr(text.p, ',', text.n) != NULL || vb_utf8_length(letters) < 4 || roman(letters) || is_usual(letters) || explained) return NULL;
  if (in_heading(p->text, p->words[i].from, p->words[end - 1].to) || times(f, VB_TXT(text), OFTEN, VB_LIST_SHORT) == OFTEN) return NULL;
  return nearest(f, letters);
}

static void forms(finder *f, const vb_passage *p) {
  for (size_t i = 0; i < p->n_words && f->s == VB_OK; i++) {
    if (p->words[i].form->capitals < 2) continue;
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
  size_t n = vb_forms_count(r->forms);
  finder f = {r, VB_NEW_ARRAY(r->a, note, n + 1), VB_OK};
  if (f.notes == NULL) return VB_NOMEM;
  for (size_t i = 0; i < n; i++) f.notes[i].candidate = is_candidate(vb_forms_at(r->forms, i));
  for (int round = 0; round < 2; round++)
    for (const vb_passage *p = r->first; p != NULL && f.s == VB_OK; p = p->next) {
      if ((p->lists & VB_LIST_SHORT) == 0) continue;
      look(&f, p, round == 1);
      if (round == 1 && r->words != NULL) forms(&f, p);
    }
  return f.s;
}
