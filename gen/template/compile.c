/* compile: XML → operations: content of elements by context, control elements, includes, lines. For gen/template alone.
 *
 * The schema has judged which element may stand where, but for one thing: a part stands wherever it is included. What a block
 * becomes must also fit the tree (a table cannot stand in a group): doc's own table of nesting is asked.
 *
 * Flow (items, cells, narratives) takes text or blocks: a run of text becomes a paragraph by itself.
 */
#include "template/template_int.h"

#include <string.h>

typedef struct vb_chain { vb_op *first, **tail; } vb_chain;

static void chain_add(vb_chain *l, vb_op *op) {
  if (!op) return;
  *(l->tail ? l->tail : &l->first) = op;
  while (op->next) op = op->next;
  l->tail = &op->next;
}

static bool is_blank(vb_span s) {
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] != ' ' && s.p[i] != '\t' && s.p[i] != '\n' && s.p[i] != '\r') return false;
  return true;
}

static bool is(const vb_xml_node *n, const char *name) { return n->kind == VB_XML_ELEMENT && strcmp(n->name, name) == 0; }

static bool is_one_of(const vb_xml_node *n, const char *const *names) {
  for (; n->kind == VB_XML_ELEMENT && *names; names++)
    if (strcmp(n->name, *names) == 0) return true;
  return false;
}

bool vb_is_control(const vb_xml_node *n) {
  static const char *const names[] = {"for", "if", "include", "let", NULL};
  return is_one_of(n, names);
}

bool vb_is_aside(const vb_xml_node *n) {
  static const char *const names[] = {"title", "set", "empty", "else", "else-if", "param", "about", "col", "head", NULL};
  return is_one_of(n, names);
}

static bool is_inline_name(const vb_xml_node *n) {
  static const char *const names[] = {"b", "i", "u", "light", "upright", "br", "ref", "cite", "abbr", "insert", NULL};
  return is_one_of(n, names);
}

static bool is_inline_slot(const vb_xml_node *n) {
  vb_span k = vb_xml_attr_get(n, "kind");
  return is(n, "slot") && (vb_span_is(k, "number") || vb_span_is(k, "date"));
}

/* ---- parts -------------------------------------------------------------------------------------------------- */

vb_tpl_file *vb_compile_part(vb_compile *c, vb_span id, vb_place at) {
  for (vb_tpl_file *f = c->t->files; f; f = f->next)
    if (f->id && vb_span_is(id, f->id)) return f->root ? f : NULL;
  vb_tpl_file *f = NULL;
  const char *path = vb_library_find(c, c->lib, "parts", id, ".xml");
  if (path) f = vb_tpl_file_read(c, path);
  else vb_compile_unknown(c, VB_UNKNOWN(TEMPLATE_PART), at, id, vb_library_nearest(c->d, c->a, c->lib, "parts", id));
  if (!f) f = VB_NEW(c->a, vb_tpl_file); /* remembered as missing: one message */
  if (!f) {
    c->st = VB_NOMEM;
    return NULL;
  }
  f->id = vb_arena_str(c->a, id.p, id.n);
  if (!f->id) c->st = VB_NOMEM;
  f->next = c->t->files->next;
  c->t->files->next = f;
  if (f->root && !is(f->root, "part")) {
    vb_compile_post(c, VB_MSG_TEMPLATE_ROOT, vb_tpl_node_place(f, f->root), f->root->name, "part");
    f->root = NULL;
  }
  return f->root ? f : NULL;
}

vb_flow_class vb_flow_class_of(vb_compile *c, const vb_xml_node *n, int depth) {
  if (n->kind == VB_XML_TEXT) return is_blank(n->text) ? VB_FLOW_NEUTRAL : VB_FLOW_INLINE;
  if (is_inline_name(n) || is_inline_slot(n)) return VB_FLOW_INLINE;
  if (is(n, "let") || depth > VB_INCLUDE_DEPTH_MAX * 2) return VB_FLOW_NEUTRAL;
  const vb_xml_node *within = n;
  vb_tpl_file *f = NULL;
  if (is(n, "include")) {
    f = vb_compile_part(c, vb_xml_attr_get(n, "part"), vb_tpl_node_place(c->file, n));
    if (!f) return VB_FLOW_NEUTRAL;
    if (f->classified) return (vb_flow_class)f->flow_class;
    f->classified = true; /* NEUTRAL inside itself */
    within = f->root;
  } else if (!vb_is_control(n) && !is(n, "else") && !is(n, "else-if") && !is(n, "empty")) {
    return vb_is_aside(n) ? VB_FLOW_NEUTRAL : VB_FLOW_BLOCK;
  }
  vb_flow_class worst = VB_FLOW_NEUTRAL;
  for (const vb_xml_node *k = within->first; k && worst != VB_FLOW_BLOCK; k = k->next) {
    vb_flow_class one = vb_flow_class_of(c, k, depth + 1);
    if (one > worst) worst = one;
  }
  if (f) f->flow_class = worst;
  return worst;
}

/* ---- control elements --------------------------------------------------------------------------------------- */

static vb_each each_of(const vb_xml_node *n) {
  static const char *const names[] = {"", "recipients", "addressees", "authority", "position", "organ", "superior"};
  vb_span v = vb_xml_attr_get(n, "each");
  for (int i = 1; v.p && i <= VB_EACH_SUPERIOR; i++)
    if (vb_span_is(v, names[i])) return (vb_each)i;
  return VB_EACH_NONE;
}

/* Whether a variable of the loop that needs its length is named anywhere below. */
static bool mentions(vb_span s, const char *word) {
  size_t n = strlen(word);
  for (size_t i = 0; i + n <= s.n; i++)
    if (memcmp(s.p + i, word, n) == 0) return true;
  return false;
}

static bool needs_count(const vb_xml_node *n) {
  if (n->kind == VB_XML_TEXT) return mentions(n->text, "_last") || mentions(n->text, "_count");
  for (const vb_xml_attr *a = n->attrs; a; a = a->next)
    if (mentions(a->value, "_last") || mentions(a->value, "_count")) return true;
  if (is(n, "include")) return true; /* what a part names is not looked at twice */
  for (const vb_xml_node *k = n->first; k; k = k->next)
    if (needs_count(k)) return true;
  return false;
}

static vb_op *compile_for(vb_compile *c, const vb_xml_node *n, vb_context in) {
  vb_op *op = vb_op_new(c, VB_OP_FOR, vb_tpl_node_place(c->file, n));
  vb_loop *l = op ? VB_NEW(c->a, vb_loop) : NULL;
  if (!l) {
    c->st = VB_NOMEM;
    return NULL;
  }
  op->u.loop = l;
  l->each = each_of(n);
  l->row_column = -1;
  if (l->each) op->kind = VB_OP_EACH;
  else vb_compile_attr_sql(c, n, "query", false, &l->sql);
  l->counted = needs_count(n);
  if (++c->loop_depth > VB_LOOP_DEPTH_MAX) vb_compile_post(c, VB_MSG_TEMPLATE_LOOPS, op->at, VB_NUM(VB_LOOP_DEPTH_MAX), NULL);
  bool was = c->in_loop;
  c->in_loop = true;
  op->first = vb_compile_content(c, n, in);
  c->in_loop = was;
  c->loop_depth--;
  const vb_xml_node *empty = vb_xml_child(n, "empty");
  if (empty) l->empty = vb_compile_content(c, empty, in);
  return op;
}

static vb_op *compile_if(vb_compile *c, const vb_xml_node *n, const vb_xml_node *rest, vb_context in) {
  vb_op *op = vb_op_new(c, VB_OP_IF, vb_tpl_node_place(c->file, n));
  if (op) op->u.branch = vb_arena_alloc(c->a, sizeof *op->u.branch);
  if (!op || !op->u.branch) {
    c->st = VB_NOMEM;
    return NULL;
  }
  vb_compile_attr_sql(c, n, "test", true, &op->u.branch->test);
  op->first = vb_compile_content(c, n, in);
  while (rest && !is(rest, "else-if") && !is(rest, "else")) rest = rest->next;
  if (rest && is(rest, "else-if")) op->u.branch->otherwise = compile_if(c, rest, rest->next, in);
  else if (rest) op->u.branch->otherwise = vb_compile_content(c, rest, in);
  return op;
}

static vb_op *compile_let(vb_compile *c, const vb_xml_node *n) {
  vb_op *op = vb_op_new(c, VB_OP_LET, vb_tpl_node_place(c->file, n));
  if (op) op->u.let = vb_arena_alloc(c->a, sizeof *op->u.let);
  if (!op || !op->u.let) {
    c->st = VB_NOMEM;
    return NULL;
  }
  op->u.let->name = vb_attr_str(c, n, "name");
  vb_compile_attr_sql(c, n, "select", true, &op->u.let->sql);
  op->u.let->text = vb_compile_attr_text(c, n, "value");
  return op;
}

const vb_xml_node *vb_part_param(const vb_tpl_file *f, vb_span name) {
  for (const vb_xml_node *k = vb_xml_child(f->root, "param"); k; k = vb_xml_sibling(k, "param"))
    if (vb_span_eq(vb_xml_attr_get(k, "name"), name)) return k;
  return NULL;
}

vb_span vb_part_param_nearest(const vb_tpl_file *f, vb_span name) {
  vb_span best = {NULL, 0};
  size_t least = 4;
  for (const vb_xml_node *k = vb_xml_child(f->root, "param"); k; k = vb_xml_sibling(k, "param")) {
    vb_span s = vb_xml_attr_get(k, "name");
    size_t far = vb_edit_distance(name, s, 3);
    if (far < least) {
      least = far;
      best = s;
    }
  }
  return best;
}

/* Parameters of a part: those set, checked against its declarations; then the defaults of the others. */
static vb_op *compile_sets(vb_compile *c, const vb_xml_node *n, vb_tpl_file *part) {
  vb_chain l = {NULL, NULL};
  for (const vb_xml_node *k = vb_xml_child(n, "set"); k; k = vb_xml_sibling(k, "set")) {
    vb_span name = vb_xml_attr_get(k, "name");
    if (!vb_part_param(part, name))
      vb_compile_unknown(c, VB_UNKNOWN(TEMPLATE_SET), vb_tpl_node_place(c->file, k), name, vb_part_param_nearest(part, name));
    chain_add(&l, compile_let(c, k));
  }
  for (const vb_xml_node *k = vb_xml_child(part->root, "param"); k; k = vb_xml_sibling(k, "param")) {
    vb_span name = vb_xml_attr_get(k, "name");
    bool set = false;
    for (const vb_op *o = l.first; o; o = o->next) set = set || (o->u.let->name && vb_span_is(name, o->u.let->name));
    if (set) continue;
    vb_op *op = compile_let(c, k);
    vb_tpl_file *was = c->file;
    c->file = part;
    if (op) op->u.let->text = vb_compile_attr_text(c, k, "default");
    c->file = was;
    if (op && !op->u.let->text) vb_compile_post(c, VB_MSG_TEMPLATE_PARAM, vb_tpl_node_place(c->file, n), part->id, VB_TXT(name));
    chain_add(&l, op);
  }
  return l.first;
}

static vb_op *compile_include(vb_compile *c, const vb_xml_node *n, vb_context in) {
  vb_place at = vb_tpl_node_place(c->file, n);
  vb_span id = vb_xml_attr_get(n, "part");
  if (!id.p) return NULL;
  vb_tpl_file *part = vb_compile_part(c, id, at);
  if (!part) return NULL;
  if (part->open || c->include_depth >= VB_INCLUDE_DEPTH_MAX) {
    vb_compile_post(c, VB_MSG_TEMPLATE_RECURSION, at, part->id, VB_NUM(VB_INCLUDE_DEPTH_MAX));
    return NULL;
  }
  if (++c->n_includes > VB_INCLUDES_MAX) {
    if (c->n_includes == VB_INCLUDES_MAX + 1) vb_compile_post(c, VB_MSG_TEMPLATE_INCLUDES, at, VB_NUM(VB_INCLUDES_MAX), NULL);
    return NULL;
  }
  vb_op *op = vb_op_new(c, VB_OP_INCLUDE, at);
  if (!op) return NULL;
  op->u.include.part = part->id;
  op->u.include.sets = compile_sets(c, n, part);
  vb_tpl_file *was = c->file;
  c->file = part;
  c->include_depth++;
  part->open = true;
  op->first = vb_compile_content(c, part->root, in == VB_IN_BLOCKS ? VB_IN_FLOW : in);
  part->open = false;
  c->include_depth--;
  c->file = was;
  return op;
}

vb_op *vb_compile_control(vb_compile *c, const vb_xml_node *n, vb_context in) {
  if (is(n, "for")) return compile_for(c, n, in);
  if (is(n, "if")) return compile_if(c, n, vb_xml_child(n, NULL), in);
  if (is(n, "let")) return compile_let(c, n);
  if (is(n, "include")) return compile_include(c, n, in);
  return NULL;
}

/* ---- lines -------------------------------------------------------------------------------------------------- */

static vb_op *compile_styled(vb_compile *c, const vb_xml_node *n, uint8_t flags) {
  vb_op *op = vb_op_new(c, VB_OP_FLAGS, vb_tpl_node_place(c->file, n));
  if (!op) return NULL;
  op->u.flags.flags = flags;
  op->first = vb_compile_inlines(c, n);
  return op;
}

static vb_op *compile_ref(vb_compile *c, const vb_xml_node *n) {
  vb_op *op = vb_op_new(c, VB_OP_REF, vb_tpl_node_place(c->file, n));
  if (!op) return NULL;
  vb_span literal;
  op->u.ref.target = vb_compile_attr_text(c, n, "to");
  op->u.ref.form_given = vb_xml_attr_get(n, "form").p != NULL;
  op->u.ref.full = vb_span_is(vb_xml_attr_get(n, "form"), "full");
  const vb_xml_attr *to = vb_xml_attr_find(n, "to");
  if (to && vb_op_is_literal(op->u.ref.target, &literal)) {
    struct vb_ref_list *r = vb_arena_alloc(c->a, sizeof *r);
    if (!r) {
      c->st = VB_NOMEM;
      return op;
    }
    *r = (struct vb_ref_list){NULL, literal, vb_tpl_attr_place(c->file, to, 0)};
    *(c->refs_tail ? c->refs_tail : &c->refs) = r;
    c->refs_tail = &r->next;
  }
  return op;
}

static vb_op *compile_slot(vb_compile *c, const vb_xml_node *n, vb_op_kind kind) {
  static const char *const names[] = {"number", "date", "signature", "seal", "mark"};
  vb_op *op = vb_op_new(c, kind, vb_tpl_node_place(c->file, n));
  if (!op) return NULL;
  vb_span k = vb_xml_attr_get(n, "kind");
  for (int i = 0; i < 5; i++)
    if (vb_span_is(k, names[i])) op->u.slot.kind = (vb_slot_kind)i;
  op->u.slot.name = vb_compile_attr_text(c, n, "name");
  op->u.slot.width = vb_attr_mm(n, "width");
  op->u.slot.height = vb_attr_mm(n, "height");
  op->u.slot.over = vb_attr_yes(n, "over", false);
  return op;
}

static vb_op *compile_small(vb_compile *c, const vb_xml_node *n) {
  vb_place at = vb_tpl_node_place(c->file, n);
  vb_op *op = NULL;
  if (is(n, "br")) return vb_op_new(c, VB_OP_BREAK, at);
  if (is(n, "cite") && (op = vb_op_new(c, VB_OP_CITE, at))) {
    op->u.cite.id = vb_compile_attr_text(c, n, "id");
    op->u.cite.always_full = vb_span_is(vb_xml_attr_get(n, "form"), "full");
    op->u.cite.always_short = vb_span_is(vb_xml_attr_get(n, "form"), "short");
  } else if (is(n, "abbr") && (op = vb_op_new(c, VB_OP_ABBR, at))) {
    op->u.abbr.text = vb_span_trim(vb_xml_text(c->a, n));
    op->u.abbr.brief = vb_attr_str(c, n, "short");
  } else if (is(n, "insert") && (op = vb_op_new(c, VB_OP_INSERT, at))) {
    op->u.insert.appendix_title = vb_span_is(vb_xml_attr_get(n, "what"), "appendix-title");
  }
  return op;
}

vb_op *vb_compile_inline(vb_compile *c, const vb_xml_node *n) {
  static const struct { const char *name; uint8_t flag; } styled[] = {{"b", VB_INLINE_BOLD}, {"i", VB_INLINE_ITALIC}, {"u", VB_INLINE_UNDERLINE},
                                                                      {"light", VB_INLINE_LIGHT}, {"upright", VB_INLINE_UPRIGHT}};
  if (n->kind == VB_XML_TEXT) {
    vb_text_source src = {.file = c->file, .node = n, .text = n->text};
    return vb_subst_compile(c, &src, true);
  }
  for (size_t i = 0; i < sizeof styled / sizeof *styled; i++)
    if (is(n, styled[i].name)) return compile_styled(c, n, styled[i].flag);
  if (is(n, "ref")) return compile_ref(c, n);
  if (is(n, "slot")) return compile_slot(c, n, VB_OP_SLOT_INLINE);
  if (vb_is_control(n)) return vb_compile_control(c, n, VB_IN_INLINES);
  return compile_small(c, n);
}

vb_op *vb_compile_inlines(vb_compile *c, const vb_xml_node *n) { return vb_compile_content(c, n, VB_IN_INLINES); }

/* ---- content ------------------------------------------------------------------------------------------------ */

/* Only a part can hold what its place does not take: the schema has seen to the rest. */
static void misplaced(vb_compile *c, const vb_xml_node *n) {
  if (c->include_depth > 0) vb_compile_post(c, VB_MSG_TEMPLATE_MISPLACED, vb_tpl_node_place(c->file, n), n->name, c->file->id);
}

static void check_nesting(vb_compile *c, const vb_xml_node *n) {
  static const struct { const char *name; vb_node_kind kind; } makes[] = {
      {"p", VB_NODE_PARA},         {"lines", VB_NODE_PARA}, {"section", VB_NODE_PARA},   {"list", VB_NODE_LIST},
      {"columns", VB_NODE_COLUMNS}, {"group", VB_NODE_GROUP}, {"rule", VB_NODE_RULE},     {"slot", VB_NODE_SLOT},
      {"table", VB_NODE_TABLE},    {"chart", VB_NODE_CHART}, {"page-break", VB_NODE_PAGE_BREAK}};
  for (size_t i = 0; i < sizeof makes / sizeof *makes; i++)
    if (is(n, makes[i].name) && !vb_node_may_hold(c->holder, makes[i].kind))
      vb_compile_post(c, VB_MSG_TEMPLATE_NESTING, vb_tpl_node_place(c->file, n), n->name, c->holder_name);
}

static vb_op *compile_one(vb_compile *c, const vb_xml_node *n, vb_context in) {
  if (vb_is_control(n)) return vb_compile_control(c, n, in);
  if (in == VB_IN_BLOCKS || in == VB_IN_FLOW) {
    check_nesting(c, n);
    vb_op *op = is(n, "slot") ? compile_slot(c, n, VB_OP_SLOT) : vb_compile_block(c, n, in);
    if (!op) misplaced(c, n);
    return op;
  }
  const char *wanted = in == VB_IN_ITEMS ? "item" : in == VB_IN_ROWS ? "row" : "cell";
  if (is(n, wanted)) return in == VB_IN_ITEMS ? vb_compile_block(c, n, in) : in == VB_IN_ROWS ? vb_compile_row(c, n) : vb_compile_cell(c, n);
  misplaced(c, n);
  return NULL;
}

vb_op *vb_compile_flow(vb_compile *c, const vb_xml_node *first) {
  vb_chain l = {NULL, NULL}, run = {NULL, NULL};
  vb_op *para = NULL;
  for (const vb_xml_node *n = first; n; n = n->next) {
    vb_flow_class k = vb_flow_class_of(c, n, 0);
    if (vb_is_aside(n) || (k == VB_FLOW_NEUTRAL && n->kind == VB_XML_TEXT && !para)) continue;
    if (k == VB_FLOW_INLINE && !para) {
      para = vb_op_new(c, VB_OP_PARA, n->kind == VB_XML_TEXT ? vb_tpl_text_place(c->file, n, 0) : vb_tpl_node_place(c->file, n));
      if (!para) return l.first;
      para->u.para.before = -1;
      run = (vb_chain){NULL, NULL};
      chain_add(&l, para);
      if (!vb_node_may_hold(c->holder, VB_NODE_PARA)) vb_compile_post(c, VB_MSG_TEMPLATE_NESTING, para->at, "text", c->holder_name);
    }
    if (k == VB_FLOW_BLOCK || !para) {
      para = NULL;
      chain_add(&l, compile_one(c, n, VB_IN_FLOW));
      continue;
    }
    chain_add(&run, vb_compile_inline(c, n));
    para->first = run.first;
  }
  return l.first;
}

vb_op *vb_compile_content(vb_compile *c, const vb_xml_node *n, vb_context in) {
  if (in == VB_IN_FLOW) return vb_compile_flow(c, n->first);
  vb_chain l = {NULL, NULL};
  for (const vb_xml_node *k = n->first; k; k = k->next) {
    if (vb_is_aside(k)) continue;
    if (in == VB_IN_INLINES) {
      vb_op *op = vb_compile_inline(c, k);
      if (!op && k->kind == VB_XML_ELEMENT && !vb_is_control(k)) misplaced(c, k);
      chain_add(&l, op);
    } else if (k->kind == VB_XML_ELEMENT) {
      chain_add(&l, compile_one(c, k, in));
    } else if (!is_blank(k->text) && c->include_depth > 0) {
      vb_compile_post(c, VB_MSG_TEMPLATE_MISPLACED, vb_tpl_text_place(c->file, k, 0), "text", c->file->id);
    }
  }
  return l.first;
}
