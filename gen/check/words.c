/* words.c: repeated words, pairs of brackets and quotation marks, spaces. For gen/check alone. */
#include "check/passage.h"

/* Both are one word: “hành vi”, “ủy ban”. */
static bool compound(const vb_registers *known, const vb_word *a, const vb_word *b) {
  const uint64_t syllables[] = {a->form->syllable, b->form->syllable};
  vb_opening o = vb_registers_opening(known, syllables[0]);
  const vb_phrase *p = o.phrase == NULL ? NULL : vb_registers_longest(known, &o, syllables, 2);
  return p != NULL && p->word && p->n == 2;
}

/* A word stands twice: a mistake, unless it is said so, or the ends of two compounds meet: “hành vi | vi phạm”, “Ủy ban | ban hành”. */
static void look(vb_reading *r, const vb_passage *p, size_t i) {
  const vb_registers *known = r->words;
  const vb_word *w = &p->words[i];
  uint64_t s = w->form->syllable;
  if (w->form->figure || w->to - w->from < 2 || vb_registers_twice(known, s)) return;
  bool left = i > 1 && w[-1].joined && compound(known, w - 2, w), right = i + 1 < p->n_words && w[1].joined && compound(known, w, w + 1);
  bool certain = !left && vb_registers_once(known, s);
  if (!(left && right)) vb_passage_find(r, p, VB_CHECK_W01, certain ? VB_ERROR : VB_WARNING, (vb_extract){w[-1].from, w->to, 12}, NULL);
}

void vb_check_words(vb_reading *r, const vb_passage *p) {
  for (size_t i = 1; i < p->n_words; i++)
    if (p->words[i].joined && p->words[i].form->lower == p->words[i - 1].form->lower) look(r, p, i);
}

/* "a)", "12)", "iv)": the letter style of items, at the start or behind a space or an opening punctuation. */
static bool is_mark(vb_span t, size_t close) {
  size_t i = close;
  while (i > 0 && close - i < 4 && vb_passage_in_word(t, i - 1)) i--;
  return close > i && close - i < 4 && (i == 0 || t.p[i - 1] == ' ' || t.p[i - 1] == '\n' || t.p[i - 1] == ';' || t.p[i - 1] == ',');
}

typedef struct pair { size_t depth, at; } pair; /* how many are open, and the first of them */

static void open_pair(pair *x, size_t at) {
  if (x->depth++ == 0) x->at = at;
}

void vb_check_pairs(vb_reading *r, const vb_passage *p) {
  pair brackets = {0, 0}, quotes = {0, 0};
  vb_span t = p->text;
  if ((p->signs & (VB_SIGN('(') | VB_SIGN(')') | VB_SIGN_WIDE)) == 0) return;
  for (size_t k = 0; k <= p->n_words; k++)
    for (size_t i = vb_gap_from(p, k); i < vb_gap_to(p, k); i++) {
      if (t.p[i] == '(') {
        open_pair(&brackets, i);
      } else if (t.p[i] == ')') {
        if (brackets.depth > 0) brackets.depth--;
        else if (!is_mark(t, i)) vb_passage_find(r, p, VB_CHECK_W04, VB_ERROR, (vb_extract){i, i + 1, 16}, ")");
      } else if (vb_passage_at(t, i, "“")) {
        open_pair(&quotes, i);
      } else if (vb_passage_at(t, i, "”")) {
        if (quotes.depth > 0) quotes.depth--;
        else vb_passage_find(r, p, VB_CHECK_W04, VB_WARNING, (vb_extract){i, i + 3, 16}, "”");
      }
    }
  if (brackets.depth > 0) vb_passage_find(r, p, VB_CHECK_W04, VB_WARNING, (vb_extract){brackets.at, brackets.at + 1, 16}, "(");
  if (quotes.depth > 0) vb_passage_find(r, p, VB_CHECK_W04, VB_WARNING, (vb_extract){quotes.at, quotes.at + 3, 16}, "“");
}

static void check_gap(vb_reading *r, const vb_passage *p, size_t from, size_t to) {
  vb_span t = p->text;
  for (size_t i = from; i + 1 < to; i++) {
    char c = t.p[i], n = t.p[i + 1];
    bool point = n == ',' || n == ';' || n == ':' || n == ')' || (n == '.' && (i + 2 == t.n || t.p[i + 2] == ' '));
    if (!((c == ' ' && (n == ' ' || point)) || (c == '(' && n == ' '))) continue;
    vb_passage_find(r, p, VB_CHECK_W13, VB_INFO, (vb_extract){i, i + 2, 12}, NULL);
    while (i + 1 < t.n && t.p[i + 1] == ' ') i++;
  }
}

/* A gap of one sign has no space too many. */
void vb_check_spaces(vb_reading *r, const vb_passage *p) {
  size_t from = 0;
  for (const vb_word *w = p->words, *end = w + p->n_words; w < end; from = w->to, w++)
    if (w->from > from + 1) check_gap(r, p, from, w->from);
  check_gap(r, p, from, p->text.n);
}
