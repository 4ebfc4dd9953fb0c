/* The lines of a paragraph: the best of all ways to break it, not the first that fits (Knuth and Plass, "Breaking paragraphs into
 * lines", 1981). Part of room layout.
 *
 * Invariants
 *  1. All sums are integers: the same text breaks the same way on every machine.
 *  2. Justified lines: the sum of (10 + badness)² over the lines is least, badness and classes of looseness as in TeX.
 *  3. Ragged and centred lines: as few as can be, and then the least sum of squares of what they lack; the last line of flush text
 *     may be short, those of a centred title are balanced with it.
 *  4. A break between words that belong together costs more than all regular ones, and one inside a word more than that: they come
 *     only where no other way keeps inside the width.
 *
 * Behind the first line all lines are equally long, so one set of best ways a break is enough: no way needs to remember how many
 * lines it has. */
#include "layout/layout_int.h"

enum { CLASSES = 4, LINE_PENALTY = 10, CLASS_STEP = 10000, STUB = 2500 /* 1/1000 em: a last line shorter than that is ugly */, STUB_COST = 100 };
#define NEVER INT64_MAX
#define COST_LOOSE ((int64_t)100000000000)  /* 10^11: thousands of the worst lines, 10^8 each */
#define COST_CHAR ((int64_t)1000000000000)  /* 10^12: four million of them stay below INT64_MAX */
#define COST_LINE ((int64_t)1000000000)     /* ragged: a line more than the squares of a thousand lines */

struct vb_kp {
  uint32_t bp;
  unsigned ways;          /* bits of the classes that have one */
  uint32_t from[CLASSES]; /* node * CLASSES + class of the break before */
  int64_t cost[CLASSES];
};

typedef struct fit {
  vb_layout *l;
  int64_t width, first;  /* 1/1000 em of the first line and the others */
  int64_t too_loose;     /* 297 times the stretch that a line may not have */
  int64_t extra;         /* emergency stretch of a line */
  bool any_short;        /* any line that is not too long will do */
  bool ragged, balanced;
  uint32_t head;         /* nodes before it are closed */
} fit;

/* TeX §108: 100 (t/s)³ in integers, 10000 at most. */
static int badness(int64_t t, int64_t s) {
  if (t == 0)
    return 0;
  if (s <= 0)
    return 10000;
  int64_t r = t >= s * 5 ? 1291 : 297 * t / s;
  return r > 1290 ? 10000 : (int)((r * r * r + 0x20000) >> 18);
}

/* A line that is tried. cost: NEVER when it does not fit; cls: 0 tight, 1 decent, 2 loose, 3 very loose; beyond: it is too long, or
 * (negative) too loose. */
typedef struct trial { int64_t cost; int cls, beyond; } trial;

static trial justified(const fit *f, const vb_bp *a, const vb_bp *b, int64_t width) {
  int64_t lack = width - (b->w_end - a->w_next), spaces = b->s_end - a->s_next;
  int bad = 0, cls = 1;
  if (lack < 0) {
    if (-lack > spaces * VB_GLUE_SHRINK)
      return (trial){NEVER, 1, 1};
    bad = badness(-lack, spaces * VB_GLUE_SHRINK);
    cls = bad > 12 ? 0 : 1;
  } else if (b->kind < VB_BP_FORCED) {
    int64_t stretch = spaces * VB_GLUE_STRETCH + f->extra;
    if (lack > 0 && !f->any_short && 297 * lack >= f->too_loose * stretch) /* most lines that are tried: not worth a division */
      return (trial){NEVER, 1, -1};
    bad = badness(lack, stretch);
    cls = bad > 99 ? 3 : bad > 12 ? 2 : 1;
  }
  int64_t cost = (int64_t)(LINE_PENALTY + bad) * (LINE_PENALTY + bad);
  if (b->kind == VB_BP_LAST && a->kind != VB_BP_START && width - lack < STUB)
    cost += STUB_COST;
  return (trial){cost, cls, 0};
}

static trial ragged(const fit *f, const vb_bp *a, const vb_bp *b, int64_t width) {
  int64_t lack = width - (b->w_end - a->w_next);
  if (lack < 0)
    return (trial){NEVER, 1, 1};
  if (b->kind >= VB_BP_FORCED && !f->balanced)
    return (trial){COST_LINE, 1, 0};
  int64_t share = width > 0 ? 1000 * lack / width : 0;
  return (trial){COST_LINE + share * share, 1, 0};
}

static int64_t kind_cost(const vb_bp *b) { return b->kind == VB_BP_LOOSE ? COST_LOOSE : b->kind == VB_BP_CHAR ? COST_CHAR : 0; }

/* Best ways to b over the line from node i. */
static void take(const fit *f, uint32_t i, const vb_bp *b, trial t, vb_kp *best) {
  const vb_kp *n = &f->l->k.kp[i];
  int cls = t.cls;
  int64_t own = t.cost + kind_cost(b);
  for (unsigned ways = n->ways; ways != 0; ways &= ways - 1) {
    int c = __builtin_ctz(ways);
    int64_t sum = n->cost[c] + own + (cls > c + 1 || c > cls + 1 ? CLASS_STEP : 0);
    if (sum < best->cost[cls]) {
      best->cost[cls] = sum;
      best->from[cls] = i * CLASSES + (uint32_t)c;
      best->ways |= 1u << cls;
    }
  }
}

static bool room_for_node(vb_breaker *k) {
  return k->n_kp < k->cap_kp || vb_grow((void **)&k->kp, &k->cap_kp, k->n_kp + 1, sizeof *k->kp);
}

/* Tries all open nodes as the start of a line that ends at break i. `last`: nothing may fail any more, so a single piece that is
 * too wide counts as a line. True: there is a way, and the node behind the others holds it. */
static bool reach(fit *f, uint32_t i, bool last) {
  const vb_breaker *k = &f->l->k;
  const vb_bp *bp = k->bp, *b = &bp[i];
  const uint32_t nodes = k->n_kp;
  vb_kp *kp = k->kp, *best = &kp[nodes];
  bool any = false;
  for (uint32_t n = f->head; n < nodes; n++) {
    const uint32_t from = kp[n].bp;
    int64_t width = from == 0 ? f->first : f->width;
    trial t = f->ragged ? ragged(f, &bp[from], b, width) : justified(f, &bp[from], b, width);
    if (t.cost == NEVER && last && from + 1 == i)
      t.cost = COST_CHAR; /* narrower than one letter */
    if (t.cost != NEVER) {
      if (!any)
        *best = (vb_kp){i, 0, {0, 0, 0, 0}, {NEVER, NEVER, NEVER, NEVER}};
      take(f, n, b, t, best);
      any = true;
    } else if (t.beyond > 0 && n == f->head) {
      f->head++;
    } else if (t.beyond < 0 && from != 0) {
      break; /* later starts make still shorter lines */
    }
  }
  return any;
}

/* One pass over all breaks. False: no way to the end within the tolerance (or no memory: *lack). */
static bool pass(fit *f, bool last, bool *lack) {
  vb_breaker *k = &f->l->k;
  k->n_kp = 0;
  f->head = 0;
  *lack = !room_for_node(k);
  if (!*lack)
    k->kp[k->n_kp++] = (vb_kp){0, 1u << 1, {0, 0, 0, 0}, {NEVER, 0, NEVER, NEVER}};
  for (uint32_t i = 1; i < k->n_bp && !*lack; i++) {
    *lack = !room_for_node(k);
    bool reached = !*lack && reach(f, i, last);
    bool forced = k->bp[i].kind >= VB_BP_FORCED;
    if (forced && !reached)
      return false;
    if (forced)
      f->head = k->n_kp; /* no line goes over it */
    k->n_kp += reached;
    if (f->head >= k->n_kp)
      return false;
  }
  return !*lack;
}

/* ---- from the best way to lines ------------------------------------------------------------------------------- */

static vb_status keep(fit *f, vb_para *p) {
  const vb_breaker *k = &f->l->k;
  const vb_kp *end = &k->kp[k->n_kp - 1];
  uint32_t way = 0, n = 0;
  for (uint32_t c = 1; c < CLASSES; c++)
    if (end->cost[c] < end->cost[way])
      way = c;
  uint32_t tail = (k->n_kp - 1) * CLASSES + way;
  for (uint32_t w = tail; w / CLASSES != 0; w = k->kp[w / CLASSES].from[w % CLASSES])
    n++;
  p->lines = VB_NEW_ARRAY(f->l->arena, vb_line, n ? n : 1);
  if (!p->lines)
    return VB_NOMEM;
  p->n_lines = n;
  for (uint32_t w = tail; n-- > 0; ) {
    uint32_t from = k->kp[w / CLASSES].from[w % CLASSES];
    const vb_bp *a = &k->bp[k->kp[from / CLASSES].bp], *b = &k->bp[k->kp[w / CLASSES].bp];
    bool empty = b->end <= a->next;
    p->lines[n] = (vb_line){.from = a->next,
                            .to = empty ? a->next : b->end,
                            .next = b->kind < VB_BP_FORCED ? b->next : empty ? a->next : b->end,
                            .run = a->run,
                            .spaces = empty ? 0 : b->s_end - a->s_next,
                            .width = empty ? 0 : (int32_t)(b->w_end - a->w_next),
                            .soft = b->kind < VB_BP_FORCED && b->next > b->end};
    p->lines[n].adjust = b->kind >= VB_BP_FORCED; /* "natural", until place() */
    w = from;
  }
  return VB_OK;
}

/* Stretch of a justified line; rounded down, so that no line is longer than the width. */
static vb_len adjusted(vb_len lack, uint32_t spaces) {
  vb_len n = (vb_len)spaces, q = lack / n;
  return lack % n < 0 ? q - 1 : q;
}

static void place(vb_layout *l, vb_para *p, vb_len width) {
  for (uint32_t i = 0; i < p->n_lines; i++) {
    vb_line *x = &p->lines[i];
    vb_len shift = i == 0 ? p->first : 0, natural = vb_em_mpt(p, x->width), lack = width - p->left - p->right - shift - natural;
    bool ends = x->adjust != 0;
    x->adjust = 0;
    x->x = p->left + shift;
    if (p->align == VB_ALIGN_CENTER)
      x->x += lack / 2;
    else if (p->align == VB_ALIGN_RIGHT)
      x->x += lack;
    if (p->align != VB_ALIGN_JUSTIFY || x->spaces == 0 || (ends && lack >= 0))
      continue;
    x->adjust = adjusted(lack, x->spaces);
    int64_t share = 1000 + (int64_t)x->adjust * 1000000 / ((int64_t)p->size * 250);
    l->justified++;
    l->stretch_sum += share;
    if (share > l->stretch_worst)
      l->stretch_worst = share;
  }
  l->paragraphs++;
  l->lines += p->n_lines;
}

/* Passes from strict to lenient; each next one only where the one before found no way. */
static vb_status choose(fit *f, vb_para *p) {
  static const struct { int level, too_loose, extra; bool any_short; } passes[] = { /* badness 200, 1000 and 9999 at most: see there */
    {1, 375, 0, false}, {1, 641, 0, false}, {1, 1291, 0, false}, {1, 0, 3000, true}, {2, 0, 3000, true}, {3, 0, 3000, true}};
  enum { N = sizeof passes / sizeof *passes };
  int level = 1;
  for (int i = f->ragged ? 3 : 0; i < N; i++) {
    bool lack = false;
    if (passes[i].level != level) {
      level = passes[i].level;
      if (level == 3 && p->n_runs && p->runs[0].flags & VB_RUN_LABEL && p->runs[0].width > f->width)
        p->runs[0].width = 0; /* a label wider than its column is broken like text */
      vb_status st = vb_breaks_find(f->l, p, level);
      if (st != VB_OK)
        return st;
    }
    f->too_loose = passes[i].too_loose;
    f->extra = passes[i].extra;
    f->any_short = passes[i].any_short;
    bool found = pass(f, i == N - 1, &lack);
    if (lack)
      return VB_NOMEM;
    if (found)
      return keep(f, p);
  }
  return VB_OK; /* not reached: the last pass always finds a way */
}

static vb_status several_lines(fit *f, vb_para *p) {
  const vb_memo_key key = {f->width, f->first, p->n_runs ? p->runs[0].face : p->face, (uint8_t)p->align};
  vb_status st = vb_memo_take(f->l, p, &key);
  if (st != VB_DONE)
    return st;
  st = vb_breaks_find(f->l, p, 1);
  if (st == VB_OK)
    st = choose(f, p);
  if (st == VB_OK)
    vb_memo_keep(p, &key);
  return st;
}

vb_status vb_para_break(vb_layout *l, vb_para *p, vb_len width) {
  vb_len inner = width - p->left - p->right;
  vb_status st = VB_OK;
  if (p->size <= 0)
    return VB_OK;
  if (inner - p->first < p->size || inner < p->size) { /* no room for indents in so narrow a place */
    p->left = p->right = p->first = 0;
    inner = width;
  }
  fit f = {.l = l, .width = (int64_t)inner * 1000 / p->size, .first = (int64_t)(inner - p->first) * 1000 / p->size};
  f.ragged = p->align != VB_ALIGN_JUSTIFY;
  f.balanced = p->align == VB_ALIGN_CENTER;
  if (vb_breaks_none(l, p, f.first, &p->only_line)) {
    p->lines = &p->only_line;
    p->lines->adjust = 1; /* "natural", as keep() says it */
    p->n_lines = 1;
  } else {
    st = several_lines(&f, p);
  }
  if (st == VB_OK)
    place(l, p, width);
  return st;
}
