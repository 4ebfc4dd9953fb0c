/* Blocks → fragments in a stack: paragraphs, rules, slots, framed groups, columns. Part of room layout.
 *
 * Space between blocks is the larger of what the upper wants below and the lower above. Ranks of breaks are set here as far as
 * they follow from one block and the ones before it. */
#include "layout/layout_int.h"

#include <string.h>

/* ---- the stack ------------------------------------------------------------------------------------------------ */

/* The page queue: the room in front, of what was set, is used again before it grows. */
static bool queue_room(vb_stack *s) {
  uint32_t gone = (uint32_t)(s->at - s->heap), whole = s->cap + gone;
  if (gone > s->n) {
    memmove(s->heap, s->at, sizeof *s->at * s->n);
  } else {
    void *heap = s->heap;
    if (!vb_grow(&heap, &whole, whole + 1, sizeof *s->at))
      return false;
    s->heap = heap;
    memmove(s->heap, s->heap + gone, sizeof *s->at * s->n);
  }
  s->at = s->heap;
  s->cap = whole;
  return true;
}

static bool stack_room(vb_layout *l, vb_stack *s) {
  if (s->n < s->cap)
    return true;
  if (s->heap)
    return queue_room(s);
  uint32_t cap = s->cap ? s->cap * 2 : 1;
  vb_frag *grown = VB_NEW_ARRAY(l->arena, vb_frag, cap);
  if (!grown)
    return false;
  for (uint32_t i = 0; i < s->n; i++)
    grown[i] = s->at[i];
  s->at = grown;
  s->cap = cap;
  return true;
}

vb_status vb_stack_push(vb_layout *l, vb_stack *s, vb_frag f) {
  if (!stack_room(l, s))
    return VB_NOMEM;
  f.gen = (uint8_t)l->cur;
  s->at[s->n++] = f;
  return VB_OK;
}

vb_len vb_stack_height(const vb_stack *s, uint32_t from) {
  vb_len h = from == 0 ? s->top : 0;
  for (uint32_t i = from; i < s->n && h < VB_TALL; i++)
    h = vb_len_add(h, s->at[i].height + (i > from ? s->at[i].space : 0));
  return h;
}

vb_status vb_stack_block(vb_layout *l, vb_stack *s, vb_frag f, vb_len before) {
  f.space = before > s->after ? before : s->after;
  s->after = 0;
  if (s->need > 0 && f.rank < VB_RANK_NEXT)
    f.rank = VB_RANK_NEXT;
  return vb_stack_push(l, s, f);
}

void vb_stack_counted(vb_stack *s, int lines) {
  if (s->need > 0)
    s->need = s->need > lines ? s->need - lines : 0;
}

/* ---- which blocks --------------------------------------------------------------------------------------------- */

static bool container(const vb_node *n) {
  return (n->kind == VB_NODE_GROUP && !n->u.group.box && !n->u.group.foot) || n->kind == VB_NODE_LIST || n->kind == VB_NODE_ITEM;
}

static bool given(const vb_node *n) {
  if (n->kind == VB_NODE_ITEM)
    return n->label && (!n->first || n->first->kind != VB_NODE_PARA);
  return !container(n);
}

bool vb_blocks_next(vb_blocks *b) {
  const vb_node *n = b->at;
  do {
    if (!n)
      n = b->root->first;
    else if (container(n) && n->first)
      n = n->first;
    else {
      while (n != b->root && !n->next)
        n = n->parent;
      n = n == b->root ? NULL : n->next;
    }
  } while (n && !given(n));
  if (n)
    b->at = n;
  return n != NULL;
}

/* The outermost group without a frame around a block. */
static const vb_node *group_of(const vb_node *root, const vb_node *n) {
  const vb_node *g = NULL;
  for (n = n->parent; n && n != root; n = n->parent)
    if (n->kind == VB_NODE_GROUP)
      g = n;
  return g;
}

/* ---- paragraphs ----------------------------------------------------------------------------------------------- */

static vb_rank line_rank(const vb_para *p, uint32_t i) {
  vb_rank r = p->keep_lines ? VB_RANK_LINES : VB_RANK_FREE;
  return i == 1 || i + 1 == p->n_lines ? VB_RANK_WIDOW : r;
}

/* The longest line, for a rule below. A name in several paragraphs of one style (agency, subject) is one text. */
static void note_longest(vb_stack *s, const vb_para *p) {
  bool goes_on = s->last && s->last->style == p->style && p->keep_next;
  vb_len w = goes_on ? s->rule_w : -1;
  for (uint32_t i = 0; i < p->n_lines; i++) {
    vb_len line = vb_em_mpt(p, p->lines[i].width);
    if (line > w) {
      w = line;
      s->rule_x = p->lines[i].x;
    }
  }
  s->rule_w = w > 0 ? w : 0;
  s->rule_last = p->n_lines ? vb_em_mpt(p, p->lines[p->n_lines - 1].width) : 0;
  s->last = p;
}

vb_status vb_para_lay(vb_layout *l, vb_stack *s, vb_para *p, vb_len width) {
  vb_status st = vb_para_break(l, p, width);
  bool grouped = s->group != NULL;
  for (uint32_t i = 0; st == VB_OK && i < p->n_lines; i++) {
    vb_frag f = {.kind = VB_FRAG_LINE, .height = p->height, .lines = 1};
    f.u.line.p = p;
    f.u.line.i = i;
    f.rank = (uint8_t)(i ? line_rank(p, i) : VB_RANK_FREE);
    if (i && grouped && f.rank < VB_RANK_GROUP)
      f.rank = VB_RANK_GROUP;
    st = i ? vb_stack_block(l, s, f, 0) : vb_stack_block(l, s, f, p->before);
    if (!p->keep_next)
      vb_stack_counted(s, 1);
  }
  s->after = p->after;
  if (st == VB_OK)
    note_longest(s, p);
  if (p->keep_next)
    s->need = 2;
  return st;
}

/* ---- rules, slots, frames ------------------------------------------------------------------------------------- */

static vb_status push_boxes(vb_layout *l, vb_stack *s, const vb_box *b, vb_frag f, vb_len before) {
  f.kind = VB_FRAG_BOXES;
  f.u.boxes.box = vb_arena_copy(l->arena, b, sizeof *b);
  f.u.boxes.n = 1;
  return f.u.boxes.box ? vb_stack_block(l, s, f, before) : VB_NOMEM;
}

/* ND30: the rule below a title is 1/3 to 1/2 of its line, the one below the motto as long as its line, centred under it. */
static vb_status lay_rule(vb_layout *l, const vb_context *c, vb_stack *s, const vb_node *n) {
  vb_len of = c->width, left = 0, length, gap = n->u.rule.gap > 0 ? n->u.rule.gap : VB_RULE_GAP;
  bool ruled = n->u.rule.kind == VB_RULE_OF_LINE && s->last && s->last->n_lines;
  if (ruled) {
    of = s->rule_w;
    left = s->rule_x;
  }
  length = (vb_len)((int64_t)of * n->u.rule.permille / 1000);
  if (ruled && n->u.rule.permille <= 500 && length > s->rule_last / 2) /* not beyond half of a short line right above, not below a third of the longest */
    length = s->rule_last / 2 > of / 3 ? s->rule_last / 2 : of / 3;
  vb_box b = {.kind = VB_BOX_LINE, .artifact = true, .x = left + (of - length) / 2, .y = -gap, .w = length,
              .color = c->color, .weight = VB_RULE_WEIGHT, .node = n};
  vb_frag f = {.height = gap + VB_RULE_AFTER, .rank = s->last ? VB_RANK_ROW : VB_RANK_FREE};
  vb_status st = push_boxes(l, s, &b, f, 0);
  s->after = n->u.rule.kind == VB_RULE_OF_LINE ? VB_RULE_SPACE : 0;
  return st;
}

static vb_len placed(const vb_context *c, vb_len w) {
  if (c->place == VB_ALIGN_LEFT || c->place == VB_ALIGN_JUSTIFY)
    return 0;
  return c->place == VB_ALIGN_RIGHT ? c->width - w : (c->width - w) / 2;
}

static vb_len bounded(vb_len v, vb_len most) { return v < 0 ? 0 : v > most ? most : v; }

/* Over the slot before it, at the middle of its height: covers a third of it from the left, as a seal does (ND30 art. 33). */
static bool lay_over(const vb_stack *s, vb_box *b) {
  const vb_frag *f = s->n ? &s->at[s->n - 1] : NULL;
  if (!f || f->kind != VB_FRAG_BOXES || f->u.boxes.box->kind != VB_BOX_SLOT)
    return false;
  const vb_box *under = f->u.boxes.box;
  b->x = under->x + under->w / 3 - b->w;
  b->y = (under->h - b->h) / 2;
  return true;
}

static vb_status lay_slot(vb_layout *l, const vb_context *c, vb_stack *s, const vb_node *n) {
  vb_len w = n->u.slot.width > 0 ? bounded(n->u.slot.width, c->width) : c->width, h = bounded(n->u.slot.height, l->geo.h);
  vb_box b = {.kind = VB_BOX_SLOT, .artifact = true, .x = placed(c, w), .y = -h, .w = w, .h = h, .node = n};
  vb_frag f = {.height = h, .rank = VB_RANK_FREE};
  if (n->u.slot.over && lay_over(s, &b)) {
    f.height = 0;
    f.rank = VB_RANK_ROW;
  }
  return push_boxes(l, s, &b, f, 0);
}

/* Width that the lines of a stack need; 0 when there is more in it than lines. A little over, for the rounding of 1/1000 em. */
static vb_len text_width(const vb_stack *s) {
  vb_len most = 0;
  for (uint32_t i = 0; i < s->n; i++) {
    const vb_frag *f = &s->at[i];
    if (f->kind != VB_FRAG_LINE)
      return 0;
    vb_len w = vb_em_mpt(f->u.line.p, f->u.line.p->lines[f->u.line.i].width) + f->u.line.p->left + f->u.line.p->right + VB_PT(0.1);
    most = w > most ? w : most;
  }
  return most;
}

/* KHẨN and the like: the text in the middle of its frame. A frame that no page holds is left out: its text counts. */
static vb_status lay_framed(vb_layout *l, const vb_context *c, vb_stack *s, const vb_node *n) {
  vb_stack *inner = VB_NEW(l->arena, vb_stack);
  vb_box *frame = VB_NEW(l->arena, vb_box);
  if (!inner || !frame)
    return VB_NOMEM;
  vb_len w = n->u.group.box_width > 0 ? bounded(n->u.group.box_width, c->width) : c->width, pad = n->u.group.box_width ? VB_CELL_PAD_Y : VB_CELL_PAD_X;
  vb_context in = *c;
  in.width = w - 2 * pad;
  in.gutter = 0;
  in.color = n->u.group.color;
  in.depth++;
  vb_status st = vb_blocks_lay(l, &in, inner, n);
  if (st == VB_OK && !n->u.group.box_width && text_width(inner) > 0 && text_width(inner) < in.width) { /* as wide as its text */
    in.width = text_width(inner);
    w = in.width + 2 * pad;
    *inner = (vb_stack){0};
    st = vb_blocks_lay(l, &in, inner, n);
  }
  if (st != VB_OK)
    return st;
  vb_len text = vb_stack_height(inner, 0), h = text + 2 * VB_CELL_PAD_Y;
  if (h < n->u.group.box_height)
    h = bounded(n->u.group.box_height, l->geo.h);
  if (h > l->geo.h)
    return vb_blocks_lay(l, c, s, n);
  inner->top = (h - text) / 2;
  *frame = (vb_box){.kind = VB_BOX_FRAME, .artifact = true, .x = placed(c, w), .y = -h, .w = w, .h = h,
                    .color = n->u.group.color, .weight = VB_RULE_WEIGHT, .node = n};
  vb_frag f = {.kind = VB_FRAG_STACK, .height = h, .x = frame->x + pad, .lines = 1};
  f.u.stack.stack = inner;
  f.u.stack.frame = frame;
  st = vb_stack_block(l, s, f, VB_FRAME_SPACE);
  s->after = VB_FRAME_SPACE;
  s->last = NULL;
  vb_stack_counted(s, 1);
  return st;
}

/* At the foot of the page (the agency's address, ND30 zone 13). It stands outside the flow: what comes before and behind it keeps its
 * space and its ties. */
static vb_status lay_foot(vb_layout *l, const vb_context *c, vb_stack *s, const vb_node *n) {
  vb_stack *inner = VB_NEW(l->arena, vb_stack);
  vb_context in = *c;
  in.depth++;
  vb_status st = inner ? vb_blocks_lay(l, &in, inner, n) : VB_NOMEM;
  if (st != VB_OK)
    return st;
  vb_len h = vb_len_add(vb_stack_height(inner, 0), VB_FOOT_SPACE);
  if (c->depth > 0 || h > l->geo.h / 2) /* not in the flow of pages, or no foot any more */
    return vb_blocks_lay(l, c, s, n);
  inner->top = VB_FOOT_SPACE;
  vb_frag f = {.kind = VB_FRAG_STACK, .height = h, .rank = VB_RANK_ROW, .foot = true};
  f.u.stack.stack = inner;
  return vb_stack_push(l, s, f);
}

/* ---- columns -------------------------------------------------------------------------------------------------- */

/* The signature keeps two lines of text before it (ND30 practice: never alone on a page). */
static void tie_back(vb_stack *s, uint32_t at) {
  int lines = 0;
  for (uint32_t i = at; i > 0; i--) {
    vb_frag *f = &s->at[i];
    if (f->kind == VB_FRAG_BREAK)
      return;
    if (f->rank < VB_RANK_SIGN)
      f->rank = VB_RANK_SIGN;
    lines += s->at[i - 1].lines;
    if (lines >= 2)
      return;
  }
}

static vb_status lay_columns(vb_layout *l, const vb_context *c, vb_stack *s, const vb_node *n) {
  vb_cluster *k = NULL;
  vb_context in = *c;
  in.depth++;
  vb_status st = vb_cluster_of_columns(l, &in, n, &k);
  if (st != VB_OK)
    return st;
  if (c->depth > 0 && k->rows[0].h > l->geo.h) { /* inside another container it cannot be cut: one column under the other */
    for (const vb_node *col = n->first; st == VB_OK && col; col = col->next)
      st = vb_blocks_lay(l, c, s, col);
    return st;
  }
  vb_frag f = {.kind = VB_FRAG_ROW, .height = k->rows[0].h, .lines = 2};
  f.u.row.c = k;
  bool sign = n->u.columns.role == VB_COLUMNS_SIGNOFF;
  vb_len before = sign ? l->doc->setup.para_gap * 2 : 0, after = 0;
  for (uint32_t i = 0; i < k->n_cells; i++) { /* what the first and last blocks of a column want around them holds outside it */
    const vb_stack *in_column = &k->cells[i].stack;
    if (in_column->n && in_column->at[0].space > before)
      before = in_column->at[0].space;
    after = in_column->after > after ? in_column->after : after;
  }
  st = vb_stack_block(l, s, f, before);
  s->after = after;
  s->last = NULL;
  s->need = 0;
  if (st == VB_OK && sign)
    tie_back(s, s->n - 1);
  return st;
}

/* ---- any block ------------------------------------------------------------------------------------------------ */

static vb_status lay_break(vb_layout *l, vb_stack *s) {
  vb_frag f = {.kind = VB_FRAG_BREAK, .rank = VB_RANK_FORCE};
  s->after = 0;
  s->need = 0;
  s->last = NULL;
  return vb_stack_push(l, s, f);
}

static vb_status lay(vb_layout *l, const vb_context *c, vb_stack *s, const vb_node *n) {
  vb_para *p = NULL;
  vb_status st = VB_OK;
  switch (n->kind) {
  case VB_NODE_PARA:
    st = vb_para_make(l, c, n, n->parent && n->parent->kind == VB_NODE_ITEM && n->parent->first == n ? n->parent : NULL, &p);
    return st == VB_OK ? vb_para_lay(l, s, p, c->width) : st;
  case VB_NODE_ITEM:
    st = vb_para_make_label(l, c, n, &p);
    return st == VB_OK ? vb_para_lay(l, s, p, c->width) : st;
  case VB_NODE_RULE: return lay_rule(l, c, s, n);
  case VB_NODE_SLOT: return lay_slot(l, c, s, n);
  case VB_NODE_GROUP: return n->u.group.foot ? lay_foot(l, c, s, n) : lay_framed(l, c, s, n);
  case VB_NODE_COLUMNS: return lay_columns(l, c, s, n);
  case VB_NODE_CHART: return vb_chart_lay(l, c, s, n);
  case VB_NODE_PAGE_BREAK: return lay_break(l, s);
  default: return VB_OK;
  }
}

vb_status vb_block_lay(vb_layout *l, const vb_context *c, vb_stack *s, const vb_node *root, const vb_node *block) {
  const vb_node *g = group_of(root, block);
  bool inside = g && g == s->group;
  uint32_t at = s->n;
  s->group = g;
  vb_status st = lay(l, c, s, block);
  if (st == VB_OK && inside && at < s->n && s->at[at].rank < VB_RANK_GROUP)
    s->at[at].rank = VB_RANK_GROUP;
  return st;
}

vb_status vb_blocks_lay(vb_layout *l, const vb_context *c, vb_stack *s, const vb_node *root) {
  vb_blocks b = {root, NULL};
  vb_status st = VB_OK;
  while (st == VB_OK && vb_blocks_next(&b))
    st = vb_block_lay(l, c, s, root, b.at);
  return st;
}
