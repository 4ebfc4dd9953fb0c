/* targets.c: targets in per cent: the same target with two values in the body (X09), in the body and in the appendix (X04). For gen/check
 * alone. Sentences are compared as sets of words (bag.h), so the findings are warnings, or infos where the likeness is faint. */
#include <string.h>

#include "check/bag.h"

enum { LIKELY = 80, FAINT = 62, WORDS = 3, ROOM = 32 };

typedef struct target { const vb_passage *p; size_t from, to; int low, high; vb_bag bag; bool told; } target;
typedef struct finder { vb_reading *r; vb_bags *bags; target *all; size_t n, cap; bool full; vb_status s; } finder;

/* “90%”, “90 %”, “90-100%” at i; its end, or 0. Parts of a per cent are cut off: targets are whole. */
static size_t percent_at(vb_span t, size_t i, int *low, int *high) {
  if (!vb_passage_is_digit(t, i) || (i > 0 && (vb_passage_in_word(t, i - 1) || t.p[i - 1] == ',' || t.p[i - 1] == '.' || t.p[i - 1] == '/'))) return 0;
  size_t n = vb_passage_digits(t, i, 3, low), k = i + n;
  *high = *low;
  if (k < t.n && t.p[k] == '-' && vb_passage_is_digit(t, k + 1)) k += 1 + vb_passage_digits(t, k + 1, 3, high);
  if (k + 1 < t.n && t.p[k] == ',' && vb_passage_is_digit(t, k + 1)) k += 1 + (vb_passage_is_digit(t, k + 2) ? 2u : 1u);
  if (k < t.n && t.p[k] == ' ') k++;
  return k < t.n && t.p[k] == '%' ? k + 1 : 0;
}

static bool grow(finder *f) {
  target *more = vb_arena_more(f->r->a, f->all, f->n, sizeof *more, ROOM, &f->cap);
  if (more != NULL) f->all = more;
  return more != NULL;
}

/* A clause with one share in it is a target; one with two is a comparison, or two targets that nobody can take apart. Its words are those from
 * one to before the other. */
static void add_clause(finder *f, const vb_passage *p, const vb_word *from, const vb_word *to) {
  const vb_word *at = NULL, *behind = NULL;
  if (f->n == f->cap && !grow(f)) f->s = VB_NOMEM;
  if (f->s != VB_OK) return;
  target *t = &f->all[f->n];
  for (const vb_word *w = from; w < to; w++) {
    int low, high;
    size_t end = vb_word_digit(p, w) ? percent_at(p->text, w->from, &low, &high) : 0;
    if (end == 0) continue;
    if (at != NULL) return;
    at = w;
    *t = (target){.p = p, .from = w->from, .to = end, .low = low, .high = high};
    while (w + 1 < to && w[1].from < end) w++;
    behind = w + 1;
  }
  if (at == NULL || (p->regions[t->from] & (VB_REGION_QUOTE | VB_REGION_CITE | VB_REGION_FIGURE)) != 0) return;
  f->s = vb_bag_add(f->bags, p->text, from, at, true, &t->bag);
  if (f->s == VB_OK) f->s = vb_bag_add(f->bags, p->text, behind, to, true, &t->bag);
  if (t->bag.n < WORDS || t->bag.full) return;
  if (f->n < VB_CHECK_TARGETS_MAX) {
    f->n++;
  } else {
    f->full = true;
    vb_passage_beyond(f->r, p, VB_MSG_CHECK_TARGETS_MANY, VB_CHECK_TARGETS_MAX);
  }
}

static void add_passage(finder *f, const vb_passage *p) {
  const vb_word *w = p->words;
  if ((p->signs & VB_SIGN('%')) == 0) return;
  for (size_t from = 0; from < p->text.n && !f->full && f->s == VB_OK;) {
    const vb_word *first = w;
    size_t end = vb_sentence_end(p, from, &w, vb_stop_ends);
    add_clause(f, p, first, w);
    from = end + 1;
  }
}

static void extract(const target *t, char *out, size_t cap) {
  size_t from = t->from, to = vb_passage_stop(t->p->text, t->to);
  while (from > 0 && t->p->text.p[from - 1] != ';' && t->p->text.p[from - 1] != '\n' && t->from - from < 90) from--;
  if (to > from + 180) to = from + 180;
  while (from < t->from && ((unsigned char)t->p->text.p[from] & 0xC0) == 0x80) from++;
  while (to > t->to && to < t->p->text.n && ((unsigned char)t->p->text.p[to] & 0xC0) == 0x80) to--;
  (void)vb_span_text(out, cap, vb_span_trim((vb_span){t->p->text.p + from, to - from}));
}

static void tell(finder *f, target *x, target *y, int alike) {
  char other[VB_MSG_ARG_BYTES];
  vb_check_id id = x->p->appendix != y->p->appendix ? VB_CHECK_X04 : VB_CHECK_X09;
  target *at = y->p->appendix ? x : y, *of = at == x ? y : x; /* at the body's; of two there, at the later */
  if (at->told) return;
  at->told = true;
  extract(of, other, sizeof other);
  size_t end = vb_passage_stop(at->p->text, at->to);
  vb_passage_find(f->r, at->p, id, alike >= LIKELY ? VB_WARNING : VB_INFO, (vb_extract){at->from, end < at->from + 160 ? end : at->to, 0}, other);
}

static void compare(finder *f, size_t i, size_t k, int least) {
  target *x = &f->all[i], *y = &f->all[k];
  size_t common = 0;
  if ((x->p->appendix && y->p->appendix) || x->bag.negated != y->bag.negated || (x->low == y->low && x->high == y->high)) return;
  int alike = vb_bag_alike(f->bags, &x->bag, &y->bag, &common);
  if (alike >= least && common >= WORDS) tell(f, x, y, alike);
}

vb_status vb_check_targets(vb_reading *r) {
  finder f = {.r = r, .bags = vb_bags_new(r), .s = VB_OK};
  if (f.bags == NULL) return VB_NOMEM;
  for (const vb_passage *p = r->first; p != NULL && f.s == VB_OK; p = p->next) add_passage(&f, p);
  for (int round = 0; round < 2 && f.s == VB_OK; round++) /* each is told once, of the likeliest */
    for (size_t i = 0; i < f.n; i++)
      for (size_t k = i + 1; k < f.n; k++) compare(&f, i, k, round == 0 ? LIKELY : FAINT);
  return f.s;
}
