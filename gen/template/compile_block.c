/* compile_block: blocks → operations: paragraphs, sections, lists, narratives, columns, groups. For gen/template alone. */
#include "template/template_int.h"

#include <string.h>

static bool is(const vb_xml_node *n, const char *name) { return n->kind == VB_XML_ELEMENT && strcmp(n->name, name) == 0; }

/* Content whose blocks stand in a node of another kind. */
static vb_op *content_in(vb_compile *c, const vb_xml_node *n, vb_node_kind holder, vb_context in) {
  vb_node_kind was = c->holder;
  const char *name = c->holder_name;
  c->holder = holder;
  c->holder_name = n->name;
  vb_op *first = vb_compile_content(c, n, in);
  c->holder = was;
  c->holder_name = name;
  return first;
}

static vb_op *compile_para(vb_compile *c, const vb_xml_node *n, vb_op_kind kind) {
  vb_op *op = vb_op_new(c, kind, vb_tpl_node_place(c->file, n));
  if (!op) return NULL;
  op->u.para.style_given = vb_attr_style(c, n, &op->u.para.style);
  op->u.para.align = vb_attr_align(n, "align");
  op->u.para.size = (int16_t)vb_attr_dec(n, "size", 0).n;
  vb_dec size = vb_attr_dec(n, "size", 0);
  vb_dec half = {0, 0};
  if (vb_dec_mul(size, (vb_dec){2, 0}, &half) && vb_dec_rescale(half, 0, &half)) op->u.para.size = (int16_t)half.n;
  vb_dec before = vb_attr_dec(n, "before", -1);
  op->u.para.before = before.n < 0 || !vb_dec_rescale(before, 3, &before) ? -1 : (vb_len)before.n;
  op->u.para.keep_next = vb_attr_yes(n, "keep-next", false);
  op->first = vb_compile_inlines(c, n);
  return op;
}

/* ---- sections ----------------------------------------------------------------------------------------------- */

void vb_compile_id(vb_compile *c, const vb_op *id, vb_place at) {
  vb_span s;
  if (!id) return;
  if (!vb_op_is_literal(id, &s)) {
    c->computed_ids = true;
    return;
  }
  if (c->in_loop) vb_compile_post(c, VB_MSG_TEMPLATE_ID_LOOP, at, VB_TXT(s), NULL);
  else if (vb_map_get(c->ids, s)) vb_compile_post(c, VB_MSG_TEMPLATE_ID_TWICE, at, VB_TXT(s), NULL);
  if (!vb_map_put(c->ids, s, c)) c->st = VB_NOMEM;
}

static vb_place id_place(vb_compile *c, const vb_xml_node *n) {
  const vb_xml_attr *a = vb_xml_attr_find(n, "id");
  return a ? vb_tpl_attr_place(c->file, a, 0) : vb_tpl_node_place(c->file, n);
}

/* A section's depth gives its level of numbering; a style that belongs to another level would skip or repeat numbers. */
static void check_level(vb_compile *c, const vb_xml_node *n, const vb_op *op) {
  const vb_template *t = c->t;
  int depth = op->u.section.depth;
  if (op->u.section.unnumbered) return;
  if (depth >= t->n_levels) {
    vb_compile_post(c, VB_MSG_TEMPLATE_DEEP, op->at, VB_NUM(depth + 1), VB_NUM(t->n_levels));
    return;
  }
  for (int i = 0; op->u.section.style_given && i < t->n_levels; i++)
    if (i != depth && t->levels[i].style == op->u.section.style && t->levels[depth].style != op->u.section.style) {
      const vb_xml_attr *a = vb_xml_attr_find(n, "style");
      vb_place at = a ? vb_tpl_attr_place(c->file, a, 0) : op->at;
      char what[96];
      vb_span name = vb_span_of(vb_style_get(op->u.section.style)->name);
      (void)vb_span_text(what, sizeof what, name);
      c->st = vb_worse(c->st, VB_POST(c->d, VB_MSG_TEMPLATE_SKIP, at, what, VB_NUM(i + 1), VB_NUM(depth + 1)));
    }
  if (c->section_unnumbered && t->levels[depth].format.token == VB_TOKEN_ARABIC && t->levels[depth].format.parts > 1)
    vb_compile_post(c, VB_MSG_TEMPLATE_PARENT, op->at, NULL, NULL);
}

static vb_op *compile_section(vb_compile *c, const vb_xml_node *n) {
  vb_op *op = vb_op_new(c, VB_OP_SECTION, vb_tpl_node_place(c->file, n));
  if (!op) return NULL;
  op->u.section.id = vb_compile_attr_text(c, n, "id");
  vb_compile_id(c, op->u.section.id, id_place(c, n));
  op->u.section.style_given = vb_attr_style(c, n, &op->u.section.style);
  op->u.section.unnumbered = vb_attr_yes(n, "unnumbered", false);
  op->u.section.keep_next = vb_attr_yes(n, "keep-next", false);
  op->u.section.depth = c->section_depth;
  check_level(c, n, op);
  const vb_xml_node *title = vb_xml_child(n, "title");
  if (title) op->u.section.title = vb_compile_inlines(c, title);
  bool was = c->section_unnumbered;
  c->section_unnumbered = op->u.section.unnumbered;
  c->section_depth++;
  op->first = vb_compile_content(c, n, VB_IN_BLOCKS);
  c->section_depth--;
  c->section_unnumbered = was;
  return op;
}

/* ---- lists and narratives ----------------------------------------------------------------------------------- */

static vb_op *compile_list(vb_compile *c, const vb_xml_node *n) {
  vb_op *op = vb_op_new(c, VB_OP_LIST, vb_tpl_node_place(c->file, n));
  if (!op) return NULL;
  const vb_xml_attr *f = vb_xml_attr_find(n, "format");
  vb_span format = f ? f->value : VB_LIT("-");
  if (!vb_num_format_parse(format, &op->u.list.format) || op->u.list.format.parts > 1)
    vb_compile_post(c, VB_MSG_TEMPLATE_NUMBER, f ? vb_tpl_attr_place(c->file, f, 0) : op->at, VB_TXT(format), NULL);
  op->u.list.style_given = vb_attr_style(c, n, &op->u.list.style);
  op->u.list.start = vb_attr_int(n, "start", 1);
  op->first = content_in(c, n, VB_NODE_LIST, VB_IN_ITEMS);
  return op;
}

static vb_op *compile_item(vb_compile *c, const vb_xml_node *n) {
  vb_op *op = vb_op_new(c, VB_OP_ITEM, vb_tpl_node_place(c->file, n));
  if (op) op->first = content_in(c, n, VB_NODE_ITEM, VB_IN_FLOW);
  return op;
}

/* One paragraph or item of a default text that is written like a narrative file. */
typedef struct vb_default { vb_compile *c; const vb_xml_node *text; vb_op *first, **tail, *list[2]; } vb_default;

static vb_op *default_list(vb_default *p, int level, vb_place at) {
  vb_op *l = p->list[level - 1];
  if (l) return l;
  l = vb_op_new(p->c, VB_OP_LIST, at);
  if (!l) return NULL;
  (void)vb_num_format_parse(level == 1 ? VB_LIT("-") : VB_LIT("+"), &l->u.list.format);
  l->u.list.start = 1;
  p->list[level - 1] = l;
  vb_op **tail = p->tail;
  if (level == 2 && p->list[0]) { /* inside the last item of the outer list */
    vb_op *item = p->list[0]->first;
    while (item->next) item = item->next;
    for (tail = &item->first; *tail; tail = &(*tail)->next) {}
    *tail = l;
    return l;
  }
  *tail = l;
  p->tail = &l->next;
  return l;
}

static void default_block(vb_default *p, int level, size_t start, size_t end) {
  vb_place at = vb_tpl_text_place(p->c->file, p->text, start);
  vb_text_source src = {.file = p->c->file, .node = p->text, .text = {p->text->text.p + start, end - start}, .skip = start};
  vb_op *para = vb_op_new(p->c, VB_OP_PARA, at);
  if (!para) return;
  para->u.para.before = -1;
  para->first = vb_subst_compile(p->c, &src, true);
  if (level == 0) {
    p->list[0] = p->list[1] = NULL;
    *p->tail = para;
    p->tail = &para->next;
    return;
  }
  if (level == 1) p->list[1] = NULL;
  vb_op *l = default_list(p, level, at);
  vb_op *item = l ? vb_op_new(p->c, VB_OP_ITEM, at) : NULL;
  if (!item) return;
  item->first = para;
  vb_op **tail = &l->first;
  while (*tail) tail = &(*tail)->next;
  *tail = item;
}

static bool space_at(vb_span s, size_t i) { return s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '\r'; }

/* Text of a narrative's default: blank lines part paragraphs, "- " and "+ " begin items, as in the clerks' files. */
static vb_op *compile_default(vb_compile *c, const vb_xml_node *text) {
  vb_default p = {.c = c, .text = text};
  p.tail = &p.first;
  vb_span s = text->text;
  size_t start = s.n, end = s.n;
  int level = 0;
  for (size_t i = 0; i < s.n;) {
    size_t b = i, e = i;
    while (e < s.n && s.p[e] != '\n') e++;
    i = e + 1;
    while (b < e && space_at(s, b)) b++;
    while (e > b && space_at(s, e - 1)) e--;
    int mark = e - b > 2 && s.p[b + 1] == ' ' ? (s.p[b] == '-' ? 1 : s.p[b] == '+' ? 2 : 0) : 0;
    if ((b == e || mark) && start < s.n) {
      default_block(&p, level, start, end);
      start = s.n;
    }
    if (b == e) continue;
    if (start == s.n) {
      start = mark ? b + 2 : b;
      level = mark;
    }
    end = e;
  }
  if (start < s.n) default_block(&p, level, start, end);
  return p.first;
}

/* What a clerk is asked to write: the hint, else the title of the section that the slot stands in, where no figure is part of it. */
static const char *hint_of(vb_compile *c, const vb_xml_node *n) {
  const char *hint = vb_attr_str(c, n, "hint");
  const vb_xml_node *title = hint || !n->parent ? NULL : vb_xml_child(n->parent, "title");
  if (!title || !title->first || title->first != title->last || title->first->kind != VB_XML_TEXT) return hint;
  vb_span text = vb_span_trim(title->first->text);
  return memchr(text.p, '{', text.n) ? NULL : vb_arena_str(c->a, text.p, text.n);
}

vb_op *vb_compile_narrative(vb_compile *c, const vb_xml_node *n) {
  vb_op *op = vb_op_new(c, VB_OP_NARRATIVE, vb_tpl_node_place(c->file, n));
  if (!op) return NULL;
  op->u.narrative.slot = vb_attr_str(c, n, "slot");
  op->u.narrative.hint = hint_of(c, n);
  op->u.narrative.required = vb_attr_yes(n, "required", false);
  bool only_text = n->first && n->first == n->last && n->first->kind == VB_XML_TEXT;
  op->first = only_text ? compile_default(c, n->first) : vb_compile_content(c, n, VB_IN_FLOW);
  if (!op->u.narrative.slot) return op;
  vb_span id = vb_span_of(op->u.narrative.slot);
  if (vb_map_get(c->slots, id)) vb_compile_post(c, VB_MSG_TEMPLATE_SLOT_TWICE, op->at, op->u.narrative.slot, NULL);
  vb_slot_info *info = VB_NEW(c->a, vb_slot_info);
  if (info) *info = (vb_slot_info){op->u.narrative.slot, op->u.narrative.hint, op->u.narrative.required, op->first != NULL, op->at};
  if (!info || !vb_map_put(c->slots, id, info)) c->st = VB_NOMEM;
  return op;
}

/* ---- columns, groups and the rest --------------------------------------------------------------------------- */

static vb_op *compile_column(vb_compile *c, const vb_xml_node *n) {
  vb_op *op = vb_op_new(c, VB_OP_COLUMN, vb_tpl_node_place(c->file, n));
  if (!op) return NULL;
  op->u.column.width = vb_attr_permille(n, "width");
  op->u.column.align = vb_attr_align(n, "align");
  op->first = content_in(c, n, VB_NODE_COLUMN, VB_IN_BLOCKS);
  return op;
}

static vb_op *compile_columns(vb_compile *c, const vb_xml_node *n) {
  vb_op *op = vb_op_new(c, VB_OP_COLUMNS, vb_tpl_node_place(c->file, n));
  if (!op) return NULL;
  vb_span role = vb_xml_attr_get(n, "role");
  op->u.columns.role = vb_span_is(role, "letterhead") ? VB_COLUMNS_LETTERHEAD : vb_span_is(role, "signoff") ? VB_COLUMNS_SIGNOFF : VB_COLUMNS_PLAIN;
  vb_op **tail = &op->first;
  int sum = 0;
  for (const vb_xml_node *k = vb_xml_child(n, "column"); k; k = vb_xml_sibling(k, "column")) {
    *tail = compile_column(c, k);
    if (!*tail) return op;
    sum += (*tail)->u.column.width;
    tail = &(*tail)->next;
  }
  if (sum < 990 || sum > 1010) vb_compile_post(c, VB_MSG_TEMPLATE_WIDTHS, op->at, "columns", VB_NUM((sum + 5) / 10));
  return op;
}

static vb_op *compile_group(vb_compile *c, const vb_xml_node *n) {
  vb_op *op = vb_op_new(c, VB_OP_GROUP, vb_tpl_node_place(c->file, n));
  if (!op) return NULL;
  op->u.group.box = vb_attr_yes(n, "box", false);
  op->u.group.foot = vb_attr_yes(n, "foot", false);
  op->u.group.width = vb_attr_mm(n, "width");
  op->u.group.height = vb_attr_mm(n, "height");
  vb_span color = vb_xml_attr_get(n, "color");
  for (size_t i = 0; i < color.n && i < 6; i++) {
    char x = (char)(color.p[i] | 0x20);
    op->u.group.color = op->u.group.color << 4 | (uint32_t)(x >= 'a' ? x - 'a' + 10 : color.p[i] - '0');
  }
  op->first = content_in(c, n, VB_NODE_GROUP, VB_IN_BLOCKS);
  return op;
}

static vb_op *compile_rule(vb_compile *c, const vb_xml_node *n) {
  vb_op *op = vb_op_new(c, VB_OP_RULE, vb_tpl_node_place(c->file, n));
  if (!op) return NULL;
  op->u.rule.kind = vb_span_is(vb_xml_attr_get(n, "of"), "width") ? VB_RULE_OF_WIDTH : VB_RULE_OF_LINE;
  op->u.rule.permille = vb_attr_permille(n, "percent");
  vb_dec gap = vb_attr_dec(n, "gap", 0);
  if (vb_dec_rescale(gap, 3, &gap)) op->u.rule.gap = (vb_len)gap.n;
  return op;
}

vb_op *vb_compile_block(vb_compile *c, const vb_xml_node *n, vb_context in) {
  if (is(n, "item")) return in == VB_IN_ITEMS ? compile_item(c, n) : NULL;
  if (is(n, "p")) return compile_para(c, n, VB_OP_PARA);
  if (is(n, "lines")) return compile_para(c, n, VB_OP_LINES);
  if (is(n, "section")) return compile_section(c, n);
  if (is(n, "list")) return compile_list(c, n);
  if (is(n, "narrative")) return vb_compile_narrative(c, n);
  if (is(n, "columns")) return compile_columns(c, n);
  if (is(n, "group")) return compile_group(c, n);
  if (is(n, "rule")) return compile_rule(c, n);
  if (is(n, "table")) return vb_compile_table(c, n);
  if (is(n, "chart")) return vb_compile_chart(c, n);
  if (is(n, "page-break")) return vb_op_new(c, VB_OP_PAGE_BREAK, vb_tpl_node_place(c->file, n));
  return NULL;
}
