/* line: inlines of one paragraph being written. For gen/template alone.
 *
 * Literal text comes with runs of white space made one; what is left to do is to drop spaces at both ends of a line and to let
 * neighbours share one. So a space is held back (pending) until something follows it.
 */
#include "template/template_int.h"

#include <string.h>

vb_node *vb_para_new(vb_builder *b, vb_node *parent, vb_style_id style, vb_place at) {
  vb_node *n = vb_node_add(b->doc, parent, VB_NODE_PARA);
  if (!n) return NULL;
  n->style = style;
  n->at = at;
  n->u.para.before = -1;
  return n;
}

vb_status vb_line_flush(vb_builder *b, vb_line *l) {
  if (b->run.failed) return VB_NOMEM;
  if (b->run.n == 0) return VB_OK;
  vb_node *n = vb_node_add(b->doc, l->para, VB_NODE_TEXT);
  if (!n) return VB_NOMEM;
  n->u.text.text = (vb_span){vb_arena_str(b->a, b->run.p, b->run.n), b->run.n};
  n->u.text.flags = l->flags;
  n->at = l->at;
  vb_buf_clear(&b->run);
  return n->u.text.text.p ? VB_OK : VB_NOMEM;
}

void vb_line_space(vb_builder *b, vb_line *l) {
  if (l->pending && l->started) vb_buf_char(&b->run, ' ');
  l->pending = false;
}

static void put_pending(vb_builder *b, vb_line *l) {
  vb_line_space(b, l);
  l->started = true;
}

void vb_line_text(vb_builder *b, vb_line *l, vb_span s) {
  if (s.n && s.p[0] == ' ') l->pending = true;
  while (s.n && s.p[0] == ' ') s = (vb_span){s.p + 1, s.n - 1};
  if (s.n == 0) return;
  put_pending(b, l);
  while (s.p[s.n - 1] == ' ') {
    l->pending = true;
    s.n--;
  }
  vb_buf_span(&b->run, s);
}

vb_status vb_line_figure(vb_builder *b, vb_line *l, vb_span s, const vb_value *v) {
  if (s.n == 0) return VB_OK;
  put_pending(b, l);
  vb_status st = vb_line_flush(b, l);
  vb_node *n = st == VB_OK ? vb_node_add(b->doc, l->para, VB_NODE_FIGURE) : NULL;
  if (!n) return vb_worse(st, VB_NOMEM);
  n->u.text.text = s;
  n->u.text.flags = l->flags;
  n->u.text.value = *v;
  return VB_OK;
}

vb_status vb_line_break(vb_builder *b, vb_line *l) {
  vb_status st = vb_line_flush(b, l);
  l->pending = false;
  l->started = false;
  return st == VB_OK && !vb_node_add(b->doc, l->para, VB_NODE_BREAK) ? VB_NOMEM : st;
}

/* ---- text of data ------------------------------------------------------------------------------------------- */

static vb_status put_marked(vb_builder *b, vb_line *l, vb_span s) {
  vb_status st = VB_OK;
  for (size_t i = 0, from = 0, width = 0; i <= s.n && st == VB_OK;) {
    size_t end = i < s.n ? vb_mark_end(s, i, &width) : 0;
    if (!end && i < s.n) {
      i++;
      continue;
    }
    vb_line_text(b, l, (vb_span){s.p + from, i - from});
    if (!end) break;
    uint8_t was = l->flags;
    vb_line_space(b, l);
    st = vb_line_flush(b, l);
    l->flags |= width == 2 ? VB_INLINE_BOLD : VB_INLINE_ITALIC;
    vb_line_text(b, l, (vb_span){s.p + i + width, end - i - width});
    st = vb_worse(st, vb_line_flush(b, l));
    l->flags = was;
    i = from = end + width;
  }
  return st;
}

vb_status vb_line_value(vb_builder *b, vb_line *l, vb_span s, bool marked) {
  vb_status st = VB_OK;
  for (size_t from = 0; from <= s.n && st == VB_OK;) {
    const char *nl = from < s.n ? memchr(s.p + from, '\n', s.n - from) : NULL;
    size_t end = nl ? (size_t)(nl - s.p) : s.n;
    vb_span one = {s.p + from, end - from};
    if (marked) st = put_marked(b, l, one);
    else vb_line_text(b, l, one);
    if (!nl) break;
    if (st == VB_OK) st = vb_line_break(b, l);
    from = end + 1;
  }
  return st;
}

/* ---- lines of data as paragraphs ---------------------------------------------------------------------------- */

typedef struct vb_lines { vb_node *parent, *list[2]; vb_style_id style; bool cell; vb_place at; } vb_lines;

/* Where an item of a level goes: in a cell a paragraph with a mark, else an item of a list. */
static vb_node *lines_target(vb_builder *b, vb_lines *x, int level) {
  if (x->cell || level == 0) {
    vb_node *n = vb_para_new(b, x->parent, level ? VB_STYLE_TABLE_ITEM : x->style, x->at);
    if (level == 0) x->list[0] = x->list[1] = NULL;
    return n;
  }
  vb_node *host = level == 2 && x->list[0] ? x->list[0]->last : x->parent;
  if (level == 1) x->list[1] = NULL;
  vb_node **list = &x->list[level - 1];
  if (!*list) *list = vb_node_add(b->doc, host, VB_NODE_LIST);
  vb_node *item = *list ? vb_node_add(b->doc, *list, VB_NODE_ITEM) : NULL;
  if (!item) return NULL;
  item->style = VB_STYLE_ITEM;
  item->at = x->at;
  item->label = level == 1 ? "-" : "+";
  return vb_para_new(b, item, VB_STYLE_ITEM, x->at);
}

vb_status vb_build_text_lines(vb_builder *b, vb_into into, vb_span text, vb_place at) {
  vb_lines x = {.parent = into.parent, .style = into.style, .cell = into.cell, .at = at};
  vb_status st = VB_OK;
  for (size_t from = 0; from < text.n && st == VB_OK;) {
    const char *nl = memchr(text.p + from, '\n', text.n - from);
    size_t end = nl ? (size_t)(nl - text.p) : text.n;
    vb_span s = vb_span_trim((vb_span){text.p + from, end - from});
    from = end + 1;
    int level = s.n > 2 && s.p[1] == ' ' ? (s.p[0] == '-' ? 1 : s.p[0] == '+' ? 2 : 0) : 0;
    if (level) s = vb_span_trim((vb_span){s.p + 2, s.n - 2});
    if (s.n == 0) continue;
    vb_node *para = lines_target(b, &x, level);
    if (!para) return VB_NOMEM;
    if (into.cell && level) para->label = level == 1 ? "-" : "+";
    vb_line l = {.para = para};
    vb_line_text(b, &l, s);
    st = vb_line_flush(b, &l);
  }
  return st;
}
