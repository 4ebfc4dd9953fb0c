/* Where the lines of a paragraph may end, with the sums of widths up to there. Part of room layout.
 *
 * A possible break has two sides: the text before it, without the spaces that the line's end swallows, and the text behind it. The
 * width of a line from break a to break b is b.w_end - a.w_next. */
#include "layout/layout_int.h"

#include <string.h>

typedef struct scan {
  vb_breaker *k;
  const vb_para *p;
  int64_t w, e_w;      /* so far; up to the last character that is no space */
  uint32_t s, e_s, e;  /* spaces so far; up to there; its byte */
  int level;
} scan;

static inline bool push(scan *z, uint32_t next, uint32_t run, uint8_t kind) {
  vb_breaker *k = z->k;
  if (k->n_bp && k->bp[k->n_bp - 1].next == next && kind < VB_BP_FORCED)
    return true; /* nothing would stand on the line between */
  if (k->n_bp == k->cap_bp && !vb_grow((void **)&k->bp, &k->cap_bp, k->n_bp + 1, sizeof *k->bp))
    return false;
  k->bp[k->n_bp++] = (vb_bp){z->e_w, z->w, z->e, next, z->e_s, z->s, run, kind};
  return true;
}

static inline __attribute__((always_inline)) bool push_mapped(scan *z, uint32_t at, uint32_t run) {
  uint8_t m = z->k->map[at];
  if (at == 0 || !m || m > z->level)
    return true;
  return push(z, at, run, m == 1 ? VB_BP_FREE : VB_BP_LOOSE);
}

/* Between any two letters of a word, too. */
static bool scan_letters(scan *z, const vb_metrics *m, uint32_t index) {
  const vb_run *r = &z->p->runs[index];
  const char *text = z->p->text.p, *p = text + r->start, *end = text + r->end;
  while (p < end) {
    uint32_t at = (uint32_t)(p - text);
    if (!push_mapped(z, at, index) || (at > 0 && !push(z, at, index, VB_BP_CHAR)))
      return false;
    uint32_t c = vb_utf8_next(&p, end);
    z->w += vb_metrics_width(m, (vb_face_id)r->face, c);
    z->s += (c == ' ' || c == 0xA0) && !(r->flags & VB_RUN_LABEL);
    if (c == ' ')
      continue;
    z->e = (uint32_t)(p - text);
    z->e_w = z->w;
    z->e_s = z->s;
  }
  return true;
}

/* The next byte from `at` on that a break is marked at, or end. */
static uint32_t next_mark(const uint8_t *map, uint32_t at, uint32_t end) {
  for (; end - at >= 8; at += 8) {
    uint64_t eight = vb_word_at(map + at);
    if (eight)
      return at + (uint32_t)__builtin_ctzll(eight) / 8;
  }
  while (at < end && !map[at])
    at++;
  return at;
}

/* From mark to mark: a word, or several that hold together, and the spaces behind. */
static bool scan_text(scan *z, const vb_metrics *m, uint32_t index) {
  const vb_run *r = &z->p->runs[index];
  const char *text = z->p->text.p;
  const uint16_t *widths = m->width[r->face];
  const vb_face *face = m->face[r->face];
  const uint32_t stretch = !(r->flags & VB_RUN_LABEL);
  for (uint32_t at = r->start, next; at < r->end; at = next) {
    next = next_mark(z->k->map, at + 1, r->end);
    if (z->k->map[at] && !push_mapped(z, at, index))
      return false;
    const char *p = text + at, *end = text + next;
    while (end > p && end[-1] == ' ')
      end--;
    uint32_t behind = next - (uint32_t)(end - text), spaces = 0;
    if (end > p) {
      int64_t w = 0;
      while (p < end) {
        uint32_t c = vb_utf8_next(&p, end);
        w += vb_face_width_in(widths, face, c);
        spaces += c == ' ' || c == 0xA0;
      }
      z->w += w;
      z->s += spaces * stretch;
      z->e = (uint32_t)(end - text);
      z->e_w = z->w;
      z->e_s = z->s;
    }
    z->w += (int64_t)behind * widths[' '];
    z->s += behind * stretch;
  }
  return true;
}

/* A run of fixed width: a label, a gap. */
static bool scan_fixed(scan *z, uint32_t index) {
  const vb_run *r = &z->p->runs[index];
  if (!push_mapped(z, r->start, index))
    return false;
  z->w += r->width;
  z->e = r->end;
  z->e_w = z->w;
  z->e_s = z->s;
  return true;
}

static vb_status make_map(vb_breaker *k, const vb_para *p) {
  size_t n = p->text.n;
  if (n + 1 > k->cap_map) {
    size_t cap = k->cap_map * 2 > n + 1 ? k->cap_map * 2 : n + 256;
    uint8_t *grown = vb_mem_resize(k->map, cap);
    if (!grown)
      return VB_NOMEM;
    k->map = grown;
    k->cap_map = cap;
  }
  if (n)
    vb_break_map(p->text, k->map);
  k->map[n] = 0;
  if (p->n_runs && (p->runs[0].flags & VB_RUN_LABEL) && k->map[p->runs[0].end] == 1)
    k->map[p->runs[0].end] = 2; /* a number stays with its text */
  for (size_t i = p->solid; p->solid && i < n; i++)
    if (k->map[i] == 1)
      k->map[i] = 2;
  return VB_OK;
}

vb_status vb_breaks_find(vb_layout *l, const vb_para *p, int level) {
  vb_breaker *k = &l->k;
  if (level == 1 && make_map(k, p) != VB_OK)
    return VB_NOMEM;
  scan z = {.k = k, .p = p, .level = level};
  k->n_bp = 0;
  if (!push(&z, 0, 0, VB_BP_START))
    return VB_NOMEM;
  for (uint32_t i = 0; i < p->n_runs; i++) {
    const vb_run *r = &p->runs[i];
    bool ok = true;
    if (r->flags & VB_RUN_BREAK)
      ok = push(&z, r->end, i + 1, VB_BP_FORCED);
    else if (r->flags & VB_RUN_SLOT || (r->flags & VB_RUN_LABEL && r->width))
      ok = scan_fixed(&z, i);
    else
      ok = level == 3 ? scan_letters(&z, &l->m, i) : scan_text(&z, &l->m, i);
    if (!ok)
      return VB_NOMEM;
  }
  vb_bp *last = &k->bp[k->n_bp - 1];
  if (k->n_bp > 1 && last->kind == VB_BP_FORCED && last->next == p->text.n)
    last->kind = VB_BP_LAST; /* a break behind the last line makes no empty one */
  else if (!push(&z, (uint32_t)p->text.n, p->n_runs, VB_BP_LAST))
    return VB_NOMEM;
  return VB_OK;
}

bool vb_breaks_none(const vb_layout *l, const vb_para *p, int64_t room, vb_line *out) {
  const char *text = p->text.p, *set = text; /* end of what is set: without the spaces at the end */
  int64_t w = 0, set_w = 0;
  uint32_t s = 0, set_s = 0;
  for (uint32_t i = 0; i < p->n_runs; i++) {
    const vb_run *r = &p->runs[i];
    const uint32_t stretch = !(r->flags & VB_RUN_LABEL);
    const uint16_t *widths = l->m.width[r->face];
    const vb_face *face = l->m.face[r->face];
    const char *at = text + r->start, *end = text + r->end;
    if (r->flags & VB_RUN_BREAK)
      return false;
    if (r->flags & (VB_RUN_SLOT | VB_RUN_LABEL) && r->width) {
      w += r->width;
      at = end;
      set = end, set_w = w, set_s = s;
    }
    while (at < end) {
      uint32_t c = vb_utf8_next(&at, end);
      w += vb_face_width_in(widths, face, c);
      if (c == ' ') {
        s += stretch;
        continue;
      }
      if (c == 0xA0)
        s += stretch;
      if (w > room)
        return false;
      set = at, set_w = w, set_s = s;
    }
  }
  uint32_t end = (uint32_t)(set - text);
  *out = (vb_line){.to = end, .next = end, .spaces = set_s, .width = (int32_t)set_w};
  return w <= room;
}

vb_len vb_para_widest_word(const vb_layout *l, const vb_para *p) {
  int64_t word = p->size ? (int64_t)p->first * 1000 / p->size : 0, widest = 0;
  for (uint32_t i = 0; i < p->n_runs; i++) {
    const vb_run *r = &p->runs[i];
    bool fixed = r->flags & (VB_RUN_SLOT | VB_RUN_LABEL) && r->width;
    const char *at = p->text.p + r->start, *end = p->text.p + r->end;
    if (fixed)
      word += r->width;
    while (at < end && !fixed) {
      uint32_t c = vb_utf8_next(&at, end);
      word = c == ' ' ? 0 : word + vb_metrics_width(&l->m, (vb_face_id)r->face, c);
      widest = word > widest ? word : widest;
    }
    widest = word > widest ? word : widest;
  }
  int64_t mpt = (widest * p->size + 999) / 1000 + p->left + p->right + 1;
  return mpt > VB_LEN_MAX ? VB_LEN_MAX : (vb_len)mpt;
}

vb_status vb_para_measure(vb_layout *l, const vb_para *p, vb_len *min, vb_len *max) {
  vb_status st = vb_breaks_find(l, p, 1);
  if (st != VB_OK)
    return st;
  const vb_bp *bp = l->k.bp;
  int64_t widest = 0, longest = 0, head = p->size ? (int64_t)p->first * 1000 / p->size : 0;
  uint32_t line = 0;
  for (uint32_t i = 1; i < l->k.n_bp; i++) {
    int64_t piece = bp[i].w_end - bp[i - 1].w_next, whole = bp[i].w_end - bp[line].w_next;
    if (i == 1)
      piece += head;
    if (line == 0)
      whole += head;
    if (piece > widest)
      widest = piece;
    if (bp[i].kind >= VB_BP_FORCED) {
      if (whole > longest)
        longest = whole;
      line = i;
    }
  }
  int64_t sides = (int64_t)p->left + p->right + 1;
  int64_t low = (widest * p->size + 999) / 1000 + sides, high = (longest * p->size + 999) / 1000 + sides;
  *min = low > VB_LEN_MAX ? VB_LEN_MAX : (vb_len)low;
  *max = high > VB_LEN_MAX ? VB_LEN_MAX : (vb_len)high;
  return VB_OK;
}
