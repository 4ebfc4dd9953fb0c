/* spelling.c: words that are no words, terms that are not said. For gen/check alone.
 *
 * A word of the text is known where a phrase of the lexicon holds it. Of the others those are named that turn into a known phrase when one
 * letter, hat or tone of one syllable is changed; those that turn into a phrase of three syllables or more when tones of several are; and those
 * that no Vietnamese syllable is built like. A name, a word that stands alone, and what the lexicon does not come near to are let pass.
 */
#include <string.h>

#include "check/passage.h"

typedef struct line { vb_reading *r; const vb_passage *p; uint64_t *syllables; uint8_t *known; size_t from, to; } line; /* words that only spaces part */

static bool names_kind(const char *kinds, vb_span unit) {
  for (const char *p = kinds; *p != '\0';) {
    size_t n = strcspn(p, "|");
    if (unit.n > n && memcmp(unit.p, p, n) == 0 && unit.p[n] == ' ') return true;
    p += n + (p[n] == '|');
  }
  return false;
}

static const vb_phrase *longest(const line *l, size_t i) {
  const vb_opening *o = &l->p->words[i].form->opening;
  return o->phrase == NULL ? NULL : vb_registers_longest(l->r->words, o, l->syllables + i, l->to - i);
}

/* What a phrase of the glossary or of another level is, unless its last syllable begins a word: “cải cách hành chính | công khai”. */
static void name_term(line *l, size_t at, const vb_phrase *p) {
  const vb_meta *m = &l->r->doc->meta;
  const vb_word *w = &l->p->words[at];
  size_t last = at + p->n - 1;
  const vb_phrase *beyond = p->n < 2 ? NULL : longest(l, last);
  if (beyond != NULL && beyond->n > 1) return;
  vb_extract x = {w->from, w[p->n - 1].to, 0};
  if (p->term != NULL && vb_register_holds(p->term, m->date)) vb_passage_find(l->r, l->p, p->term->since.year != 0 ? VB_CHECK_W09 : VB_CHECK_M03, VB_WARNING, x, p->term->use);
  bool own = p->level != NULL && !l->p->appendix; /* a form speaks of all levels */
  if (own && m->unit_name != NULL && names_kind(p->level->kinds, vb_span_of(m->unit_name))) vb_passage_find(l->r, l->p, VB_CHECK_S01, VB_INFO, x, p->level->use);
}

static void cover(line *l) {
  const vb_word *words = l->p->words;
  for (size_t i = l->from, to = l->to; i < to; i++) {
    const vb_phrase *p = words[i].form->opening.phrase == NULL ? NULL : longest(l, i);
    if (p == NULL) continue;
    for (size_t k = 0; k < p->n && (p->word || p->term != NULL); k++) l->known[i + k] = 1;
    if (p->term == NULL && p->level == NULL) continue;
    l->r->asked++; /* whether it is said here depends on the day and the unit */
    name_term(l, i, p);
  }
}

/* A capital inside a sentence, or beside another: a name. */
static bool is_name(const line *l, size_t i) {
  const vb_word *w = &l->p->words[i];
  return w->form->capital && (i > l->from || (i + 1 < l->to && w[1].form->capital) || w->to - w->from < 2);
}

/* Of “# tháng” the figure that stands here. */
static void find(line *l, size_t from, size_t n, const char *text) {
  const vb_word *w = &l->p->words[from];
  vb_span figure = {l->p->text.p + w->from, text != NULL && text[0] == '#' ? w->to - w->from : 0};
  char *hint = text == NULL ? NULL : vb_arena_printf(l->r->a, "“%.*s%s”?", (int)figure.n, figure.p, text + (figure.n > 0));
  if (text != NULL && hint == NULL) l->r->worst = VB_NOMEM;
  else vb_passage_find(l->r, l->p, VB_CHECK_W02, VB_WARNING, (vb_extract){w->from, w[n - 1].to, 0}, hint == NULL ? "?" : hint);
  memset(l->known + from, 1, n);
}

static bool at_line_end(vb_span t, const vb_word *w) { return w->from == 0 || w->to >= t.n || t.p[w->from - 1] == '\n' || t.p[w->to] == '\n'; }

/* A syllable of a word whose other part is not there; at the end of a line it may stand in the next. */
static void find_part(line *l, size_t i) {
  const vb_word *w = &l->p->words[i];
  if (at_line_end(l->p->text, w)) return;
  size_t from = i > l->from ? i - 1 : i, to = i + 2 < l->to ? i + 2 : l->to - 1;
  const vb_word *a = &l->p->words[from], *b = &l->p->words[to];
  vb_passage_find(l->r, l->p, VB_CHECK_W03, VB_WARNING, (vb_extract){w->from, w->to, 0}, VB_TXT(((vb_span){l->p->text.p + a->from, b->to - a->from})));
}

static bool is_ascii(vb_span s) {
  for (size_t i = 0; i < s.n; i++)
    if ((unsigned char)s.p[i] >= 0x80) return false;
  return true;
}

/* A word that stands alone; that stands in others only; that no Vietnamese syllable is built like; any other. */
enum { ALONE, PART, WRONG, FINE };

/* What the registers know of a spelling. */
static void ask(const vb_registers *known, vb_form *x) {
  uint64_t s = x->syllable;
  vb_span word = x->lower->text;
  if (s != 0 && vb_registers_single(known, s)) x->spelt = ALONE;
  else if (s != 0 && vb_registers_bound(known, s)) x->spelt = PART;
  else x->spelt = is_ascii(word) || vb_registers_known(known, s) || vb_text_is_syllable(word) ? FINE : WRONG;
  x->opening = vb_registers_opening(known, s);
  x->asked = true;
}

static void look(line *l, size_t i) {
  const vb_registers *known = l->r->words;
  const vb_word *w = &l->p->words[i];
  size_t first = 0;
  if (is_name(l, i)) return;
  const vb_phrase *p = w->form->opening.toneless ? vb_registers_toneless(known, l->syllables + i, l->to - i) : NULL;
  if (p != NULL) {
    find(l, i, p->n, p->text);
    return;
  }
  int is = w->form->spelt;
  if (is == ALONE) return;
  p = w->form->syllable == 0 ? NULL : vb_registers_near(known, l->syllables + l->from, l->to - l->from, i - l->from, &first);
  if (p != NULL) find(l, l->from + first, p->n, p->text);
  else if (is == PART) find_part(l, i);
  else if (is == WRONG && !w->form->capital) find(l, i, 1, NULL);
}

void vb_check_spelling(vb_reading *r, const vb_passage *p) {
  vb_arena_mark mark = vb_arena_save(r->a);
  if (p->n_words == 0) return;
  line l = {r, p, VB_NEW_ARRAY(r->a, uint64_t, p->n_words + 1), VB_NEW_ARRAY(r->a, uint8_t, p->n_words + 1), 0, 0};
  if (l.syllables == NULL || l.known == NULL) {
    r->worst = VB_NOMEM;
    return;
  }
  for (size_t i = 0; i < p->n_words; i++) {
    if (!p->words[i].form->asked) ask(r->words, p->words[i].form);
    l.syllables[i] = p->words[i].form->syllable;
  }
  for (; l.from < p->n_words; l.from = l.to) {
    const vb_word *w = &p->words[l.from + 1], *end = p->words + p->n_words;
    while (w < end && w->joined) w++;
    l.to = (size_t)(w - p->words);
    cover(&l);
    for (size_t i = l.from; i < l.to; i++)
      if (l.known[i] == 0) look(&l, i);
  }
  vb_arena_restore(r->a, mark);
}
