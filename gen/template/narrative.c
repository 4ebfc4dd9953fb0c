/* narrative: the clerks' own texts: paragraphs, "-" and "+" items, figures by code. For gen/template alone. */
#include "template/template_int.h"

#include <string.h>

typedef struct vb_telling { vb_node *parent, *list[2]; const vb_slot_text *text; vb_style_id style; } vb_telling;

static vb_node *target(vb_builder *b, vb_telling *t, int level, vb_place at) {
  if (level == 0) {
    t->list[0] = t->list[1] = NULL;
    return vb_para_new(b, t->parent, t->style, at);
  }
  if (level == 1) t->list[1] = NULL;
  vb_node *host = level == 2 && t->list[0] ? t->list[0]->last : t->parent;
  vb_node **list = &t->list[level - 1];
  if (!*list) *list = vb_node_add(b->doc, host, VB_NODE_LIST);
  vb_node *item = *list ? vb_node_add(b->doc, *list, VB_NODE_ITEM) : NULL;
  if (!item) return NULL;
  item->at = at;
  item->label = level == 1 ? "-" : "+";
  return vb_para_new(b, item, VB_STYLE_ITEM, at);
}

/* A figure as running text prints it; a missing one withholds the document, with the place in the clerk's file. */
static vb_status tell_figure(vb_builder *b, vb_line *l, const vb_slot_piece *p, vb_place at) {
  vb_got g;
  vb_value v = {.type = VB_VALUE_NONE};
  char code[80];
  vb_span name = vb_span_trim(p->text);
  vb_status st = vb_eval_code(b, name, false, at, &g);
  if (st != VB_OK) return st;
  if (g.known == VB_KNOWN_BLANK) return VB_POST(b->d, VB_MSG_TEMPLATE_MISSING, at, vb_span_text(code, sizeof code, name));
  vb_buf_clear(&b->buf);
  st = vb_value_print(b->d, &(vb_printing){b->t->form, &g, {VB_PRINT_NONE, -1}, false, at}, &b->buf, &v);
  if (st != VB_OK) return st;
  vb_span s = {vb_arena_str(b->a, b->buf.p ? b->buf.p : "", b->buf.n), b->buf.n};
  const char *expression = vb_arena_str(b->a, name.p, name.n);
  if (!s.p || !expression) return VB_NOMEM;
  if (g.known == VB_KNOWN_NA) {
    vb_line_text(b, l, s);
    return vb_line_flush(b, l); /* what follows stands elsewhere in the file than behind these words */
  }
  v.trace = vb_trace_add(b, expression, at, &g, s.p);
  return v.trace ? vb_line_figure(b, l, s, &v) : VB_NOMEM;
}

/* Of what is printed first of a piece: of the blanks before a text one is, or none where the paragraph begins. */
static uint32_t first_column(const vb_line *l, const vb_slot_piece *p) {
  size_t blanks = 0;
  while (!p->figure && blanks < p->text.n && p->text.p[blanks] == ' ') blanks++;
  return p->column + (uint32_t)blanks - (blanks > 0 && l->started);
}

static vb_status tell_block(vb_builder *b, vb_telling *t, const vb_slot_block *block) {
  vb_status st = VB_OK;
  vb_place at = {t->text->file, block->line, 1, NULL};
  vb_node *para = target(b, t, block->level, at);
  if (!para) return VB_NOMEM;
  vb_line l = {.para = para};
  for (const vb_slot_piece *p = block->first, *before = NULL; p && st <= VB_BAD; before = p, p = p->next) {
    uint8_t flags = (uint8_t)((p->bold ? VB_INLINE_BOLD : 0) | (p->italic ? VB_INLINE_ITALIC : 0));
    bool apart = flags != l.flags || (before && !before->figure && !p->figure); /* two texts are two where the file has more between them */
    if (apart) vb_line_space(b, &l);
    if (apart) st = vb_worse(st, vb_line_flush(b, &l));
    l.flags = flags;
    if (b->run.n == 0) l.at = (vb_place){t->text->file, p->line, first_column(&l, p), NULL};
    if (p->figure) st = vb_worse(st, tell_figure(b, &l, p, (vb_place){t->text->file, p->line, p->column, NULL}));
    else vb_line_text(b, &l, p->text);
  }
  return vb_worse(st, vb_line_flush(b, &l));
}

vb_status vb_build_narrative(vb_builder *b, const vb_op *op, vb_into into) {
  vb_slot_text text = {NULL, NULL};
  vb_status st = b->b->narrative ? b->b->narrative(b->b->ctx, b->d, b->a, op->u.narrative.slot, &text) : VB_DONE;
  if (st != VB_OK && st != VB_DONE) return st;
  if (st == VB_DONE || !text.first) {
    if (op->first) return vb_build_ops(b, op->first, into);
    if (!op->u.narrative.required) return VB_OK;
    return VB_POST(b->d, VB_MSG_TEMPLATE_NARRATIVE, op->at, op->u.narrative.slot, op->u.narrative.hint ? op->u.narrative.hint : op->u.narrative.slot);
  }
  vb_telling t = {.parent = into.parent, .text = &text, .style = into.style};
  st = VB_OK;
  for (const vb_slot_block *k = text.first; k && st <= VB_BAD; k = k->next) st = vb_worse(st, tell_block(b, &t, k));
  return st;
}
