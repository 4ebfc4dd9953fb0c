/* Fragments of a page → boxes with page coordinates. Part of room layout. */
#include "layout/layout_int.h"

vb_status vb_box_put(vb_layout *l, vb_box b) {
  if (l->n_boxes == l->cap_boxes && !vb_grow((void **)&l->boxes, &l->cap_boxes, l->n_boxes + 1, sizeof *l->boxes))
    return VB_NOMEM;
  if (l->copying)
    b.artifact = b.repeated = true;
  l->boxes[l->n_boxes++] = b;
  return VB_OK;
}

/* Natural width of a piece of a run, and the spaces in it that stretch. */
static int64_t piece_width(const vb_layout *l, const vb_run *r, vb_span piece, uint32_t *spaces) {
  const char *at = piece.p, *end = piece.p + piece.n;
  int64_t w = 0;
  *spaces = 0;
  if (r->flags & (VB_RUN_LABEL | VB_RUN_SLOT) && r->width)
    return r->width;
  while (at < end) {
    uint32_t c = vb_utf8_next(&at, end);
    *spaces += (c == ' ' || c == 0xA0) && !(r->flags & VB_RUN_LABEL);
    w += vb_metrics_width(&l->m, (vb_face_id)r->face, c);
  }
  return w;
}

static vb_status put_underline(vb_layout *l, const vb_para *p, const vb_box *t) {
  const vb_face_info *i = vb_face_info_of(l->m.face[t->face]);
  vb_len weight = (vb_len)((int64_t)i->underline_thickness * p->size / 1000);
  vb_box b = {.kind = VB_BOX_LINE, .artifact = true, .x = t->x, .y = t->y + (vb_len)((int64_t)i->underline_position * p->size / 1000),
              .w = t->w, .color = p->color, .weight = weight > 0 ? weight : VB_PT(0.5), .node = t->node};
  return vb_box_put(l, b);
}

/* A gap for a stamp: as high as its slot says, else as the line's letters. */
static vb_status put_slot(vb_layout *l, const vb_para *p, const vb_run *r, vb_box b) {
  vb_len h = r->node->u.slot.height > 0 && r->node->u.slot.height <= p->height ? r->node->u.slot.height : p->size;
  b.kind = VB_BOX_SLOT;
  b.artifact = true;
  b.text = (vb_span){NULL, 0};
  b.y -= p->height - p->ascent;
  b.h = h;
  return vb_box_put(l, b);
}

vb_status vb_line_put(vb_layout *l, const vb_para *p, uint32_t i, vb_len x, vb_len top) {
  const vb_line *n = &p->lines[i];
  vb_len start = x + n->x;
  int64_t em = 0;
  uint32_t stretched = 0;
  vb_status st = VB_OK;
  for (uint32_t k = n->run; st == VB_OK && k < p->n_runs && p->runs[k].start < n->to; k++) {
    const vb_run *r = &p->runs[k];
    uint32_t from = n->from > r->start ? n->from : r->start, to = n->to < r->end ? n->to : r->end, spaces = n->spaces;
    if (to <= from || r->flags & VB_RUN_BREAK)
      continue;
    bool whole = from == n->from && to == n->to, end = to == n->to;
    int64_t w = whole ? n->width : piece_width(l, r, (vb_span){p->text.p + from, to - from}, &spaces);
    bool label = (r->flags & VB_RUN_LABEL) != 0;
    vb_len left = start + vb_em_mpt(p, em) + n->adjust * (vb_len)stretched;
    vb_box b = {.kind = VB_BOX_TEXT, .face = r->face, .line_end = end, .soft_space = end && n->soft, .label = label, .x = left,
                .y = top - p->ascent, .w = vb_em_mpt(p, w) + n->adjust * (vb_len)spaces, .h = p->size,
                .space = label ? 0 : n->adjust, .color = p->color,
                .text = {p->text.p + from, (end ? n->next : to) - from}, .node = r->node};
    st = r->flags & VB_RUN_SLOT ? put_slot(l, p, r, b) : vb_box_put(l, b);
    if (st == VB_OK && r->flags & VB_RUN_UNDERLINE)
      st = put_underline(l, p, &b);
    em += w;
    stretched += spaces;
  }
  return st;
}

static vb_status put_stack(vb_layout *l, const vb_stack *s, vb_len x, vb_len top) {
  vb_status st = VB_OK;
  top -= s->top;
  for (uint32_t i = 0; st == VB_OK && i < s->n; i++) {
    if (i)
      top -= s->at[i].space;
    st = vb_frag_put(l, &s->at[i], x, top);
    top -= s->at[i].height;
  }
  return st;
}

static vb_status put_boxes(vb_layout *l, const vb_box *b, uint32_t n, vb_len x, vb_len top) {
  vb_status st = VB_OK;
  for (uint32_t i = 0; st == VB_OK && i < n; i++) {
    vb_box at = b[i];
    at.x += x;
    at.y += top;
    st = vb_box_put(l, at);
  }
  return st;
}

vb_status vb_frag_put(vb_layout *l, const vb_frag *f, vb_len x, vb_len top) {
  vb_status st = VB_OK;
  switch (f->kind) {
  case VB_FRAG_LINE: return vb_line_put(l, f->u.line.p, f->u.line.i, x, top);
  case VB_FRAG_BOXES: return put_boxes(l, f->u.boxes.box, f->u.boxes.n, x, top);
  case VB_FRAG_STACK:
    st = f->u.stack.frame ? put_boxes(l, f->u.stack.frame, 1, x, top) : VB_OK;
    return st == VB_OK ? put_stack(l, f->u.stack.stack, x + f->x, top) : st;
  case VB_FRAG_ROW: return vb_rows_put(l, (vb_part){f->u.row.c, f->u.row.row, f->u.row.row}, x, top);
  case VB_FRAG_BREAK: return VB_OK;
  }
  return st;
}
