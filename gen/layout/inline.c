/* Inlines → a paragraph: one text in capitals where the style asks, cut into runs of one face and one owner. Part of room layout.
 *
 * The text stands in one piece, so that words that belong together hold over the border of two inlines. A line break and a gap for
 * a stamp have a stand-in character in it: a space, and the digit 0, for what will be stamped is a number or a date. */
#include "layout/layout_int.h"

#include <string.h>

static uint8_t face_of(bool bold, bool italic) { return (uint8_t)((bold ? VB_BOLD : 0) | (italic ? VB_ITALIC : 0)); }

uint8_t vb_face_choose(const vb_style *st, const vb_context *c, uint8_t flags) {
  bool bold = st->bold || c->bold, italic = st->italic || c->italic;
  if (flags & VB_INLINE_BOLD)
    bold = true;
  if (flags & VB_INLINE_LIGHT)
    bold = false;
  if (flags & VB_INLINE_ITALIC)
    italic = true;
  if (flags & VB_INLINE_UPRIGHT)
    italic = false;
  return face_of(bold, italic);
}

static vb_len resolved(vb_len v, vb_len document, bool in_cell) { return v == VB_INDENT || v == VB_PARA_GAP ? (in_cell ? 0 : document) : v; }

/* What follows from the alignment: centred lines have no first-line indent, flush ones keep off the next column. */
static void settle(const vb_context *c, vb_para *p) {
  bool flush = p->align == VB_ALIGN_LEFT || p->align == VB_ALIGN_JUSTIFY;
  if (!flush)
    p->first = 0;
  p->gutter = flush ? c->gutter : 0;
  p->right += p->gutter;
}

/* Measures of a paragraph from its style, its own settings and its container. */
static void set_style(const vb_layout *l, const vb_context *c, vb_style_id id, int half, vb_para *p) {
  const vb_style *st = vb_style_get(id);
  const vb_setup *s = &l->doc->setup;
  int leading = st->leading ? st->leading : s->leading;
  if (!half)
    half = c->size && c->in_cell ? c->size : vb_style_size(s, st);
  p->style = st;
  p->size = (vb_len)half * 500;
  p->face = vb_face_choose(st, c, 0);
  p->height = (vb_len)((int64_t)vb_metrics_line(&l->m, p->face, p->size) * leading / 1000);
  p->ascent = p->height - (vb_len)((int64_t)(l->m.descent[p->face] + l->m.gap[p->face]) * p->size / 1000);
  p->left = resolved(st->left, s->indent, c->in_cell);
  p->right = resolved(st->right, s->indent, c->in_cell);
  p->first = resolved(st->first, s->indent, c->in_cell);
  p->before = resolved(st->before, s->para_gap, c->in_cell);
  p->after = resolved(st->after, s->para_gap, c->in_cell);
  p->align = c->align != VB_ALIGN_STYLE && c->in_cell && id != VB_STYLE_TABLE_ITEM ? c->align : st->align;
  if (p->align == VB_ALIGN_DECIMAL)
    p->align = VB_ALIGN_CENTER; /* moved to its column when it is one figure; table.c */
  p->color = c->color;
  p->keep_next = st->keep_next;
  p->keep_lines = st->keep_lines;
  settle(c, p);
}

/* ---- the text and its runs ------------------------------------------------------------------------------------ */

typedef struct maker {
  vb_layout *l;
  const vb_context *c;
  vb_para *p;
  char *text;
  size_t n, cap;
  uint32_t cap_runs;
} maker;

static bool room(maker *k, size_t bytes, uint32_t runs) {
  if (bytes >= UINT32_MAX)
    return false;
  k->cap = bytes;
  k->cap_runs = runs;
  k->text = bytes ? vb_arena_alloc(k->l->arena, bytes) : NULL;
  k->p->runs = runs ? VB_NEW_ARRAY(k->l->arena, vb_run, runs) : NULL;
  return (k->text || !bytes) && (k->p->runs || !runs);
}

static vb_run *run(maker *k, size_t start, const vb_node *node, uint8_t face, uint8_t flags) {
  vb_run *r = &k->p->runs[k->p->n_runs++];
  *r = (vb_run){(uint32_t)start, (uint32_t)k->n, node, face, flags, 0};
  return r;
}

/* Text of one owner; a line feed in it ends the line. */
static void add_text(maker *k, vb_span s, const vb_node *node, uint8_t face, uint8_t flags) {
  const char *p = s.p, *end = s.p + s.n;
  while (p < end) {
    const char *feed = memchr(p, '\n', (size_t)(end - p));
    size_t n = (size_t)((feed ? feed : end) - p), start = k->n;
    memcpy(k->text + k->n, p, n);
    k->n += n;
    for (char *t = memchr(k->text + start, '\t', n); t; t = memchr(t, '\t', (size_t)(k->text + k->n - t)))
      *t = ' ';
    if (n)
      (void)run(k, start, node, face, flags);
    p += n;
    if (feed) {
      k->text[k->n++] = ' ';
      (void)run(k, k->n - 1, node, face, VB_RUN_BREAK);
      p++;
    }
  }
}

static int32_t em_up(const vb_para *p, vb_len mpt) { return (int32_t)(((int64_t)mpt * 1000 + p->size - 1) / p->size); }

/* Number or mark before the text. It keeps its width when the line is stretched, and reaches to the text's edge when it hangs. */
static void add_label(maker *k, const char *label, const vb_node *owner) {
  size_t n = strlen(label), start = k->n;
  if (!n)
    return;
  memcpy(k->text + k->n, label, n);
  k->text[k->n + n] = ' ';
  k->n += n + 1;
  vb_run *r = run(k, start, owner, k->p->face, VB_RUN_LABEL);
  r->width = (int32_t)vb_metrics_text(&k->l->m, (vb_face_id)k->p->face, (vb_span){k->text + start, n + 1});
  if (k->p->first < 0 && r->width < em_up(k->p, -k->p->first))
    r->width = em_up(k->p, -k->p->first);
}

static void add_slot(maker *k, const vb_node *n) {
  vb_len most = k->c->width - k->p->left - k->p->right, w = n->u.slot.width;
  k->text[k->n++] = '0';
  vb_run *r = run(k, k->n - 1, n, k->p->face, VB_RUN_SLOT);
  r->width = em_up(k->p, w < 0 ? 0 : w > most && most > 0 ? most : w);
}

static bool special(vb_span s) { return memchr(s.p, '\n', s.n) || memchr(s.p, '\t', s.n); }

static uint32_t feeds(vb_span s) {
  uint32_t n = 0;
  for (const char *p = s.p, *end = s.p + s.n; p < end && (p = memchr(p, '\n', (size_t)(end - p))); p++)
    n++;
  return n;
}

static uint8_t run_flags(const vb_node *n) { return n->u.text.flags & VB_INLINE_UNDERLINE ? VB_RUN_UNDERLINE : 0; }

static vb_span cased(maker *k, vb_span s) { return k->p->style->upper ? vb_text_upper(k->l->arena, s) : s; }

static bool needed(maker *k, const vb_node *first, size_t *bytes, uint32_t *runs) {
  for (const vb_node *n = first; n; n = n->next) {
    bool text = n->kind == VB_NODE_TEXT || n->kind == VB_NODE_FIGURE;
    vb_span s = text ? cased(k, n->u.text.text) : VB_LIT("0");
    if (!s.p)
      return false;
    *bytes += s.n;
    *runs += 1 + 2 * feeds(s);
  }
  return true;
}

/* One plain text, as most paragraphs and cells have: set from where it lies. */
static void in_place(maker *k, vb_span s, const vb_node *node, uint8_t face) {
  k->p->runs = &k->p->only_run;
  k->n = s.n;
  k->p->text = s;
  (void)run(k, 0, node, face, 0);
}

static vb_status assemble(maker *k, const vb_node *first, const char *label, const vb_node *label_of) {
  size_t bytes = label ? strlen(label) + 1 : 0;
  uint32_t runs = label ? 1 : 0;
  if (!label && first && !first->next && (first->kind == VB_NODE_TEXT || first->kind == VB_NODE_FIGURE) && !k->p->style->upper &&
      !special(first->u.text.text) && !run_flags(first) && first->u.text.text.n < UINT32_MAX) {
    in_place(k, first->u.text.text, first, vb_face_choose(k->p->style, k->c, first->u.text.flags));
    return VB_OK;
  }
  if (!needed(k, first, &bytes, &runs) || !room(k, bytes, runs))
    return VB_NOMEM;
  if (label)
    add_label(k, label, label_of);
  for (const vb_node *n = first; n; n = n->next) {
    if (n->kind == VB_NODE_TEXT || n->kind == VB_NODE_FIGURE) {
      vb_span s = cased(k, n->u.text.text);
      if (!s.p)
        return VB_NOMEM;
      add_text(k, s, n, vb_face_choose(k->p->style, k->c, n->u.text.flags), run_flags(n));
    } else if (n->kind == VB_NODE_BREAK) {
      k->text[k->n++] = ' ';
      (void)run(k, k->n - 1, n, k->p->face, VB_RUN_BREAK);
    } else if (n->kind == VB_NODE_SLOT_INLINE) {
      add_slot(k, n);
    }
  }
  k->p->text = (vb_span){k->text, k->n};
  return VB_OK;
}

static vb_para *new_para(vb_layout *l, const vb_node *node) {
  vb_para *p = VB_NEW(l->arena, vb_para);
  if (p)
    p->node = node;
  return p;
}

vb_status vb_para_make(vb_layout *l, const vb_context *c, const vb_node *para, const vb_node *label_of, vb_para **out) {
  vb_para *p = *out = new_para(l, para);
  if (!p)
    return VB_NOMEM;
  maker k = {.l = l, .c = c, .p = p};
  set_style(l, c, para->style, para->u.para.size, p);
  if (para->u.para.align != VB_ALIGN_STYLE) {
    p->align = para->u.para.align == VB_ALIGN_DECIMAL ? VB_ALIGN_CENTER : para->u.para.align;
    p->right -= p->gutter;
    settle(c, p);
  }
  if (para->u.para.before >= 0)
    p->before = para->u.para.before;
  p->keep_next = p->keep_next || para->u.para.keep_next;
  const vb_node *owner = label_of && label_of->label ? label_of : para;
  return assemble(&k, para->first, owner->label, owner);
}

vb_status vb_para_make_label(vb_layout *l, const vb_context *c, const vb_node *item, vb_para **out) {
  vb_para *p = *out = new_para(l, item);
  if (!p)
    return VB_NOMEM;
  maker k = {.l = l, .c = c, .p = p};
  set_style(l, c, item->style, 0, p);
  p->keep_next = true;
  return assemble(&k, NULL, item->label, item);
}

vb_status vb_para_make_plain(vb_layout *l, const vb_context *c, vb_words w, vb_para **out) {
  vb_para *p = *out = new_para(l, w.owner);
  if (!p)
    return VB_NOMEM;
  maker k = {.l = l, .c = c, .p = p};
  set_style(l, c, w.style, c->size, p);
  vb_span s = cased(&k, w.text);
  if (!s.p)
    return VB_NOMEM;
  if (s.n < UINT32_MAX && !special(s)) {
    in_place(&k, s, w.owner, p->face);
    return VB_OK;
  }
  if (!room(&k, s.n, 1 + 2 * feeds(s)))
    return VB_NOMEM;
  add_text(&k, s, w.owner, p->face, 0);
  p->text = (vb_span){k.text, k.n};
  return VB_OK;
}

/* The text of the cell's first paragraph, or its plain text, as one run, with the mark behind it. */
vb_status vb_para_make_again(vb_layout *l, const vb_context *c, const vb_node *cell, bool mark, vb_para **out) {
  const vb_node *para = cell->first;
  while (para && para->kind != VB_NODE_PARA)
    para = para->first;
  vb_buf b;
  vb_buf_init(&b);
  if (para)
    vb_node_plain(para, &b);
  else
    vb_buf_span(&b, cell->u.cell.text);
  if (mark)
    vb_buf_str(&b, " (tiếp theo)");
  char *text = b.failed ? NULL : vb_arena_str(l->arena, b.p ? b.p : "", b.n);
  size_t n = b.n;
  vb_buf_free(&b);
  if (!text)
    return VB_NOMEM;
  vb_context again = *c;
  if (para) { /* the face of the first words stands for the whole label */
    const vb_node *t = para->first;
    const vb_style *st = vb_style_get(para->style);
    uint8_t face = vb_face_choose(st, c, t && t->kind == VB_NODE_TEXT ? t->u.text.flags : 0);
    again.bold = (face & VB_BOLD) != 0;
    again.italic = (face & VB_ITALIC) != 0;
  }
  vb_status st = vb_para_make_plain(l, &again, (vb_words){cell, cell->style, {text, n}}, out);
  if (st == VB_OK && mark)
    (*out)->solid = (uint32_t)((*out)->text.n - (sizeof "theo)" - 1)); /* the mark's two words stay together */
  return st;
}
