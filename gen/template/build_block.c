/* build_block: inlines, paragraphs, sections, lists, narratives and the rest of what stands on a page. For gen/template alone. */
#include "template/template_int.h"

#include <string.h>

/* ---- inlines ------------------------------------------------------------------------------------------------ */

static vb_status build_subst(vb_builder *b, const vb_op *op, vb_into into) {
  vb_got g;
  vb_value v = {.type = VB_VALUE_NONE};
  vb_status st = vb_eval_subst(b, op, &g);
  if (st == VB_OK) st = vb_print_got(b, op, &g, into.cell, &v);
  if (st != VB_OK || b->buf.n == 0) return st;
  vb_span s = {vb_arena_str(b->a, b->buf.p, b->buf.n), b->buf.n};
  if (!s.p) return VB_NOMEM;
  bool marked = g.marked || op->u.subst->format.id == VB_PRINT_MARKED || (op->u.subst->format.id == VB_PRINT_LABEL && g.known == VB_KNOWN_TEXT);
  bool figure = g.figure && (g.known == VB_KNOWN_NUMBER || g.known == VB_KNOWN_TEXT) && !memchr(s.p, '\n', s.n);
  if (!figure) return vb_line_value(b, into.line, s, marked);
  v.trace = vb_trace_subst(b, op, &g, s.p);
  return v.trace ? vb_line_figure(b, into.line, s, &v) : VB_NOMEM;
}

static vb_status build_insert(vb_builder *b, const vb_op *op, vb_into into) {
  if (op->u.insert.appendix_title) return b->appendix ? vb_build_ops(b, b->appendix->title, into) : VB_OK;
  if (b->own_subject) return vb_line_value(b, into.line, vb_span_of(b->doc->meta.subject), false);
  return vb_build_ops(b, b->t->subject, into);
}

static vb_status build_flags(vb_builder *b, const vb_op *op, vb_into into) {
  uint8_t was = into.line->flags;
  if (op->first) vb_line_space(b, into.line); /* the space before a mark does not carry it */
  vb_status st = vb_line_flush(b, into.line);
  into.line->flags |= op->u.flags.flags;
  st = vb_worse(st, vb_build_ops(b, op->first, into));
  st = vb_worse(st, vb_line_flush(b, into.line));
  into.line->flags = was;
  return st;
}

static vb_status fill_slot(vb_builder *b, vb_node *n, const vb_op *op) {
  n->at = op->at;
  n->u.slot.kind = op->u.slot.kind;
  n->u.slot.width = op->u.slot.width;
  n->u.slot.height = op->u.slot.height;
  n->u.slot.over = op->u.slot.over;
  return vb_eval_text(b, op->u.slot.name, &n->u.slot.name);
}

static vb_status build_slot_inline(vb_builder *b, const vb_op *op, vb_into into) {
  vb_line_space(b, into.line);
  into.line->started = true;
  vb_status st = vb_line_flush(b, into.line);
  vb_node *n = st == VB_OK ? vb_node_add(b->doc, into.line->para, VB_NODE_SLOT_INLINE) : NULL;
  if (!n) return vb_worse(st, VB_NOMEM);
  return fill_slot(b, n, op);
}

vb_status vb_build_inline(vb_builder *b, const vb_op *op, vb_into into) {
  switch (op->kind) {
  case VB_OP_TEXT: vb_line_text(b, into.line, op->u.text); return VB_OK;
  case VB_OP_SUBST: return build_subst(b, op, into);
  case VB_OP_BREAK: return vb_line_break(b, into.line);
  case VB_OP_FLAGS: return build_flags(b, op, into);
  case VB_OP_REF: return vb_build_ref(b, op, into);
  case VB_OP_CITE: return vb_build_cite(b, op, into);
  case VB_OP_ABBR: return vb_build_abbr(b, op, into);
  case VB_OP_INSERT: return build_insert(b, op, into);
  case VB_OP_SLOT_INLINE: return build_slot_inline(b, op, into);
  default: return VB_OK;
  }
}

vb_status vb_build_inlines(vb_builder *b, const vb_op *list, vb_node *para, bool cell) {
  vb_line l = {.para = para};
  vb_status st = vb_build_ops(b, list, (vb_into){.line = &l, .cell = cell});
  return vb_worse(st, vb_line_flush(b, &l));
}

/* ---- paragraphs --------------------------------------------------------------------------------------------- */

static vb_status build_para(vb_builder *b, const vb_op *op, vb_into into) {
  vb_node *before = into.parent->last;
  vb_node *n = vb_para_new(b, into.parent, op->u.para.style_given ? op->u.para.style : into.style, op->at);
  if (!n) return VB_NOMEM;
  n->u.para.align = op->u.para.align;
  n->u.para.size = op->u.para.size;
  n->u.para.before = op->u.para.before;
  n->u.para.keep_next = op->u.para.keep_next;
  vb_status st = vb_build_inlines(b, op->first, n, into.cell);
  if (n->first) return st;
  into.parent->last = before; /* conditions left nothing to print: no paragraph */
  if (before) before->next = NULL;
  else into.parent->first = NULL;
  b->doc->n_nodes--;
  return st;
}

/* Text of data over several lines: each its own paragraph or item. */
vb_status vb_build_lines(vb_builder *b, const vb_op *op, vb_into into) {
  vb_buf all;
  vb_status st = VB_OK;
  vb_buf_init(&all);
  for (const vb_op *o = op->first; o && st <= VB_BAD; o = o->next) {
    vb_got g;
    vb_value v = {.type = VB_VALUE_NONE};
    if (o->kind == VB_OP_TEXT) vb_buf_span(&all, o->u.text);
    if (o->kind != VB_OP_SUBST) continue;
    vb_status one = vb_eval_subst(b, o, &g);
    if (one == VB_OK) one = vb_print_got(b, o, &g, into.cell, &v);
    if (one == VB_OK) vb_buf_add(&all, b->buf.p ? b->buf.p : "", b->buf.n);
    st = vb_worse(st, one);
  }
  if (all.failed) st = VB_NOMEM;
  if (op->u.para.style_given) into.style = op->u.para.style;
  if (st == VB_OK && all.n) st = vb_build_text_lines(b, into, (vb_span){all.p, all.n}, op->at);
  vb_buf_free(&all);
  return st;
}

/* ---- sections ----------------------------------------------------------------------------------------------- */

/* "phần II", "mục 1.1", "điểm a", "Điều 3": how a text refers to a numbered section. */
static const char *spoken(vb_builder *b, const vb_num_format *f, const char *bare) {
  vb_span prefix = vb_span_trim(f->prefix);
  if (prefix.n) return vb_arena_printf(b->a, "%.*s %s", (int)prefix.n, prefix.p, bare);
  const char *word = f->token == VB_TOKEN_ROMAN_UPPER ? "phần" : f->token == VB_TOKEN_LETTER_LOWER ? "điểm" : "mục";
  return vb_arena_printf(b->a, "%s %s", word, bare);
}

/* The section with those around it that its own number does not name already. */
static const char *spoken_path(vb_builder *b, const vb_num_format *f, int depth) {
  const char *s = b->section_full[depth];
  for (int up = depth - (f->parts > 0 ? f->parts : 1); s && up >= 0; up--)
    if (b->section_full[up]) s = vb_arena_printf(b->a, "%s %s", s, b->section_full[up]);
  return s;
}

static vb_status number_section(vb_builder *b, const vb_op *op, vb_node *para, int depth) {
  const vb_level *l = &b->t->levels[depth];
  b->counters[depth]++;
  for (int i = depth + 1; i < b->t->n_levels; i++)
    if (!b->t->levels[i].never_restarts) b->counters[i] = 0;
  vb_buf_clear(&b->buf);
  vb_num_print(&l->format, b->counters, depth + 1, &b->buf);
  para->label = vb_arena_str(b->a, b->buf.p ? b->buf.p : "", b->buf.n);
  vb_buf_clear(&b->buf);
  vb_num_print_bare(&l->format, b->counters, depth + 1, &b->buf);
  const char *bare = vb_arena_str(b->a, b->buf.p ? b->buf.p : "", b->buf.n);
  if (!para->label || !bare || b->buf.failed) return VB_NOMEM;
  b->section_full[depth] = spoken(b, &l->format, bare);
  if (!op->u.section.id) return b->section_full[depth] ? VB_OK : VB_NOMEM;
  const char *full = spoken_path(b, &l->format, depth);
  return full ? vb_build_anchor(b, para->id, bare, full, op->at) : VB_NOMEM;
}

/* Levels whose number stands on a line of its own (Phần I, Mục 1): the number, then the title below it (ND30 6c, 6d). */
static vb_node *title_below(vb_builder *b, vb_node *para, vb_into into) {
  bool part = para->style == VB_STYLE_PART, section = para->style == VB_STYLE_SECTION;
  if (!para->label || !(part || section)) return para;
  vb_node *text = vb_node_add(b->doc, para, VB_NODE_TEXT);
  vb_node *below = text ? vb_para_new(b, into.parent, part ? VB_STYLE_PART_TITLE : VB_STYLE_SECTION_TITLE, para->at) : NULL;
  if (!below) return NULL;
  text->u.text.text = vb_span_of(para->label);
  para->label = NULL;
  return below;
}

vb_status vb_build_section(vb_builder *b, const vb_op *op, vb_into into) {
  int depth = b->depth;
  vb_status st = VB_OK;
  bool numbered = !op->u.section.unnumbered && depth < b->t->n_levels;
  vb_style_id style = op->u.section.style_given ? op->u.section.style : depth < b->t->n_levels ? b->t->levels[depth].style : VB_STYLE_BODY;
  vb_node *para = vb_para_new(b, into.parent, style, op->at);
  if (!para) return VB_NOMEM;
  if (op->u.section.id) st = vb_eval_text(b, op->u.section.id, &para->id);
  if (depth < VB_LEVELS_MAX) b->section_full[depth] = NULL;
  if (st == VB_OK && numbered) st = number_section(b, op, para, depth);
  else if (st == VB_OK && para->id) st = vb_build_anchor(b, para->id, "", "", op->at);
  if (st > VB_BAD) return st;
  vb_node *title = title_below(b, para, into);
  if (!title) return VB_NOMEM;
  title->u.para.keep_next = op->u.section.keep_next;
  st = vb_worse(st, vb_build_inlines(b, op->u.section.title, title, false));
  b->depth++;
  if (st <= VB_BAD) st = vb_worse(st, vb_build_ops(b, op->first, into));
  b->depth--;
  return st;
}

/* ---- lists -------------------------------------------------------------------------------------------------- */

static vb_status build_list(vb_builder *b, const vb_op *op, vb_into into) {
  vb_node *before = into.parent->last;
  vb_node *n = vb_node_add(b->doc, into.parent, VB_NODE_LIST);
  if (!n) return VB_NOMEM;
  int counter = op->u.list.start - 1;
  n->at = op->at;
  into.parent = n;
  into.list = op;
  into.counter = &counter;
  into.style = op->u.list.style_given ? op->u.list.style : into.cell ? VB_STYLE_TABLE_ITEM : VB_STYLE_ITEM;
  vb_status st = vb_build_ops(b, op->first, into);
  if (n->first) return st;
  n->parent->last = before; /* no item, no list */
  if (before) before->next = NULL;
  else n->parent->first = NULL;
  b->doc->n_nodes--;
  return st;
}

static vb_status build_item(vb_builder *b, const vb_op *op, vb_into into) {
  vb_node *n = vb_node_add(b->doc, into.parent, VB_NODE_ITEM);
  if (!n) return VB_NOMEM;
  n->style = into.style;
  n->at = op->at;
  ++*into.counter;
  vb_buf_clear(&b->buf);
  vb_num_print(&into.list->u.list.format, into.counter, 1, &b->buf);
  n->label = vb_arena_str(b->a, b->buf.p ? b->buf.p : "", b->buf.n);
  if (!n->label || b->buf.failed) return VB_NOMEM;
  into.parent = n;
  return vb_build_ops(b, op->first, into);
}

/* ---- what holds blocks -------------------------------------------------------------------------------------- */

static vb_status build_columns(vb_builder *b, const vb_op *op, vb_into into) {
  vb_node *n = vb_node_add(b->doc, into.parent, VB_NODE_COLUMNS);
  vb_status st = VB_OK;
  if (!n) return VB_NOMEM;
  n->at = op->at;
  n->u.columns.role = op->u.columns.role;
  for (const vb_op *c = op->first; c && st <= VB_BAD; c = c->next) {
    vb_node *x = vb_node_add(b->doc, n, VB_NODE_COLUMN);
    if (!x) return VB_NOMEM;
    x->at = c->at;
    x->u.column.width = c->u.column.width;
    x->u.column.align = c->u.column.align;
    into.parent = x;
    st = vb_worse(st, vb_build_ops(b, c->first, into));
  }
  return st;
}

static vb_status build_group(vb_builder *b, const vb_op *op, vb_into into) {
  vb_node *n = vb_node_add(b->doc, into.parent, VB_NODE_GROUP);
  if (!n) return VB_NOMEM;
  n->at = op->at;
  n->u.group.box = op->u.group.box;
  n->u.group.foot = op->u.group.foot;
  n->u.group.box_width = op->u.group.width;
  n->u.group.box_height = op->u.group.height;
  n->u.group.color = op->u.group.color;
  into.parent = n;
  return vb_build_ops(b, op->first, into);
}

static vb_status build_simple(vb_builder *b, const vb_op *op, vb_into into, vb_node_kind kind) {
  vb_node *n = vb_node_add(b->doc, into.parent, kind);
  if (!n) return VB_NOMEM;
  n->at = op->at;
  if (kind == VB_NODE_SLOT) return fill_slot(b, n, op);
  if (kind != VB_NODE_RULE) return VB_OK;
  n->u.rule.kind = op->u.rule.kind;
  n->u.rule.permille = op->u.rule.permille;
  n->u.rule.gap = op->u.rule.gap;
  return VB_OK;
}

vb_status vb_build_block(vb_builder *b, const vb_op *op, vb_into into) {
  switch (op->kind) {
  case VB_OP_PARA: return build_para(b, op, into);
  case VB_OP_LINES: return vb_build_lines(b, op, into);
  case VB_OP_SECTION: return vb_build_section(b, op, into);
  case VB_OP_LIST: return build_list(b, op, into);
  case VB_OP_ITEM: return build_item(b, op, into);
  case VB_OP_NARRATIVE: return vb_build_narrative(b, op, into);
  case VB_OP_COLUMNS: return build_columns(b, op, into);
  case VB_OP_GROUP: return build_group(b, op, into);
  case VB_OP_RULE: return build_simple(b, op, into, VB_NODE_RULE);
  case VB_OP_SLOT: return build_simple(b, op, into, VB_NODE_SLOT);
  case VB_OP_PAGE_BREAK: return build_simple(b, op, into, VB_NODE_PAGE_BREAK);
  case VB_OP_TABLE: return vb_build_table(b, op, into);
  case VB_OP_ROW: return vb_build_row(b, op, into);
  case VB_OP_CELL: return vb_build_cell(b, op, into);
  case VB_OP_CHART: return vb_build_chart(b, op, into);
  default: return VB_OK;
  }
}
