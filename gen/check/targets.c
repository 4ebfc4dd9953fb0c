/* targets.c: targets in per cent: the same target with two values in the body (X09), in the body and in the appendix (X04). For gen/check
 * alone. Sentences are compared as sets of words (bag.h), so the findings are warnings, or infos where the likeness is faint. */
#include <string.h>

#include "check/bag.h"
#include "check/passage.h"

enum { LIKELY = 80, FAINT = 62, WORDS = 3, TARGETS = 600 };

typedef struct target { const vb_passage *p; size_t from, to; int low, high; vb_bag bag; bool told; } target;
typedef struct finder { vb_reading *r; vb_bags *bags; target *all; size_t n; vb_status s; } finder;

/* Where the clause that begins at `from` ends: ";", a line's end, or a full stop with a space behind it. */
static size_t clause_end(vb_span t, size_t from) {
  size_t i = from;
  while (i < t.n && t.p[i] != ';' && t.p[i] != '\n' && !(t.p[i] == '.' && (i + 1 == t.n || t.p[i + 1] == ' '))) i++;
  return i;
}

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

/* A clause with one share in it is a target; one with two is a comparison, or two targets that nobody can take apart. */
static void add_clause(finder *f, const vb_passage *p, size_t from, size_t to) {
  size_t found = 0, at = 0, end = 0;
  int low = 0, high = 0;
  for (size_t i = from; i < to; i++) {
    int a, b;
    size_t k = percent_at(p->text, i, &a, &b);
    if (k == 0) continue;
    if (found++ == 0) {
      at = i;
      end = k;
      low = a;
      high = b;
    }
    i = k - 1;
  }
  if (found != 1 || f->n == TARGETS || (p->regions[at] & (VB_REGION_QUOTE | VB_REGION_CITE | VB_REGION_FIGURE)) != 0) return;
  target *t = &f->all[f->n];
  *t = (target){.p = p, .from = at, .to = end, .low = low, .high = high};
  vb_buf words;
  vb_buf_init(&words);
  vb_buf_add(&words, p->text.p + from, at - from);
  vb_buf_char(&words, ' ');
  vb_buf_add(&words, p->text.p + end, to - end);
  f->s = words.failed ? VB_NOMEM : vb_bag_read(f->bags, f->r->a, (vb_span){words.p, words.n}, true, &t->bag);
  vb_buf_free(&words);
  if (t->bag.n >= WORDS && !t->bag.full) f->n++;
}

static void extract(const target *t, char *out, size_t cap) {
  size_t from = t->from, to = clause_end(t->p->text, t->to);
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
  size_t end = clause_end(at->p->text, at->to);
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
  finder f = {.r = r, .bags = vb_bags_new(), .all = VB_NEW_ARRAY(r->a, target, TARGETS), .s = VB_OK};
  if (f.bags == NULL || f.all == NULL) f.s = VB_NOMEM;
  for (const vb_passage *p = r->first; p != NULL && f.s == VB_OK; p = p->next)
    for (size_t from = 0; from < p->text.n && f.s == VB_OK;) {
      size_t to = clause_end(p->text, from);
      add_clause(&f, p, from, to);
      from = to + 1;
    }
  for (int round = 0; round < 2 && f.s == VB_OK; round++) /* each is told once, of the likeliest */
    for (size_t i = 0; i < f.n; i++)
      for (size_t k = i + 1; k < f.n; k++) compare(&f, i, k, round == 0 ? LIKELY : FAINT);
  vb_bags_free(f.bags);
  return f.s;
}
