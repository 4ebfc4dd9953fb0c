/* form: a form's file → indicators, code lists and rules; loading them into a store. Part of room template.
 *
 * Invariants
 *  1. Indicators stand in the order of the file, a parent before its children; depth counts from 1.
 *  2. Every code, list and indicator that an attribute names exists in the form.
 */
#include "template/template_int.h"

#include <string.h>

static bool is(const vb_xml_node *n, const char *name) { return n->kind == VB_XML_ELEMENT && strcmp(n->name, name) == 0; }

static const char *attr_or(vb_compile *c, const vb_xml_node *n, const char *name, const char *otherwise) {
  const char *s = vb_attr_str(c, n, name);
  return s ? s : otherwise;
}

/* ---- code lists --------------------------------------------------------------------------------------------- */

static bool has_list(const vb_form *f, const char *list) {
  for (const struct vb_code_item *i = list ? f->codes : NULL; i; i = i->next)
    if (strcmp(i->list, list) == 0) return true;
  return false;
}

static vb_span nearest_list(const vb_form *f, vb_span name) {
  vb_span best = {NULL, 0};
  size_t least = 4;
  for (const struct vb_code_item *i = f->codes; i; i = i->next) {
    size_t far = vb_edit_distance(name, vb_span_of(i->list), 3);
    if (far >= least) continue;
    least = far;
    best = vb_span_of(i->list);
  }
  return best;
}

static void add_code(vb_compile *c, vb_form *f, const vb_xml_node *n, const char *list) {
  struct vb_code_item *item = vb_arena_alloc(c->a, sizeof *item);
  if (!item || !list) {
    c->st = VB_NOMEM;
    return;
  }
  item->list = list;
  item->value = attr_or(c, n, "value", "");
  item->label = attr_or(c, n, "label", "");
  for (const struct vb_code_item *i = f->codes; i; i = i->next)
    if (strcmp(i->list, list) == 0 && strcmp(i->value, item->value) == 0)
      vb_compile_post(c, VB_MSG_FORM_CODE_TWICE, vb_tpl_node_place(c->file, n), item->value, list);
  if (f->last_code) f->last_code->next = item;
  else f->codes = item;
  f->last_code = item;
}

static void add_lists(vb_compile *c, vb_form *f, const vb_xml_node *root) {
  for (const vb_xml_node *k = vb_xml_child(root, "codes"); k; k = vb_xml_sibling(k, "codes")) {
    const char *list = attr_or(c, k, "id", "");
    if (list && has_list(f, list)) vb_compile_post(c, VB_MSG_FORM_LIST_TWICE, vb_tpl_node_place(c->file, k), list, NULL);
    for (const vb_xml_node *i = vb_xml_child(k, "code"); i; i = vb_xml_sibling(i, "code")) add_code(c, f, i, list);
  }
}

/* "Chưa = 0", "Hoàn thành = 1" in lines: what the column of measures prints for a coded indicator. */
static const char *measure_of(vb_compile *c, const vb_form *f, const char *list) {
  vb_buf b;
  vb_buf_init(&b);
  for (const struct vb_code_item *i = f->codes; list && i; i = i->next)
    if (strcmp(i->list, list) == 0) vb_buf_printf(&b, "%s%s = %s", b.n ? "\n" : "", i->label, i->value);
  const char *s = b.failed ? NULL : vb_arena_str(c->a, b.p ? b.p : "", b.n);
  vb_buf_free(&b);
  if (!s) c->st = VB_NOMEM;
  return s;
}

const char *vb_form_code_label(const vb_form *f, const char *list, int64_t value) {
  char text[24];
  (void)vb_num_text(text, sizeof text, value);
  for (const struct vb_code_item *i = f->codes; list && i; i = i->next)
    if (strcmp(i->list, list) == 0 && strcmp(i->value, text) == 0) return i->label;
  return NULL;
}

/* ---- indicators --------------------------------------------------------------------------------------------- */

static vb_indicator *new_item(vb_compile *c, vb_form *f) {
  if (f->n == f->cap) {
    size_t cap = f->cap ? f->cap * 2 : 64;
    vb_indicator *grown = VB_NEW_ARRAY(c->a, vb_indicator, cap);
    if (!grown) {
      c->st = VB_NOMEM;
      return NULL;
    }
    if (f->n) memcpy(grown, f->items, sizeof *grown * f->n);
    f->items = grown;
    f->cap = cap;
  }
  return &f->items[f->n++];
}

static void read_numbers(vb_indicator *i, const vb_form *f, const vb_xml_node *n) {
  bool percent = i->type == VB_TYPE_PERCENT;
  i->places = vb_attr_int(n, "places", percent || i->type == VB_TYPE_DECIMAL ? 2 : 0);
  i->digits = vb_attr_int(n, "digits", i->type == VB_TYPE_COUNT ? f->digits : 1);
  i->scale = vb_attr_int(n, "scale", percent ? 100 : 1);
  i->required = vb_attr_yes(n, "required", false);
  i->sub = vb_attr_yes(n, "sub", false);
}

static const char *usual_rollup(const vb_indicator *i) {
  switch (i->type) {
  case VB_TYPE_COUNT:
  case VB_TYPE_MONEY: return "sum";
  case VB_TYPE_PERCENT:
  case VB_TYPE_DECIMAL: return i->num && i->den ? "ratio" : "none";
  default: return "none";
  }
}

static void check_coded(vb_compile *c, const vb_form *f, const vb_xml_node *n, const vb_indicator *i) {
  vb_place at = vb_tpl_node_place(c->file, n);
  const vb_xml_attr *codes = vb_xml_attr_find(n, "codes");
  if (i->type == VB_TYPE_CODE && !codes) vb_compile_post(c, VB_MSG_FORM_NO_LIST, at, i->code, NULL);
  if (codes && !has_list(f, i->codes))
    vb_compile_unknown(c, VB_UNKNOWN(FORM_LIST), vb_tpl_attr_place(c->file, codes, 0), codes->value, nearest_list(f, codes->value));
  if (strcmp(i->rollup, "ratio") == 0 && !(i->num && i->den)) vb_compile_post(c, VB_MSG_FORM_RATIO, at, i->code, NULL);
}

static void add_item(vb_compile *c, vb_form *f, const vb_xml_node *n, const char *parent, int depth) {
  vb_indicator *i = new_item(c, f);
  if (!i) return;
  vb_span type = vb_xml_attr_get(n, "type");
  i->type = is(n, "group") ? VB_TYPE_GROUP : VB_TYPE_TEXT;
  if (type.p) (void)vb_type_by_name(type, &i->type);
  i->form = f->id;
  i->code = attr_or(c, n, "code", "");
  i->parent = parent;
  i->depth = depth;
  i->marked = attr_or(c, n, "label", "");
  i->label = vb_text_unmarked(c->a, i->marked);
  if (!i->label) c->st = VB_NOMEM;
  i->codes = vb_attr_str(c, n, "codes");
  const char *measure = vb_attr_str(c, n, "measure");
  i->official_measure = (measure != NULL && *measure == '\0') || vb_attr_yes(n, "official-measure", false);
  i->measure = attr_or(c, n, "measure", i->codes ? measure_of(c, f, i->codes) : "");
  i->num = vb_attr_str(c, n, "num");
  i->den = vb_attr_str(c, n, "den");
  i->note = vb_attr_str(c, n, "note");
  i->applies = vb_attr_str(c, n, "applies");
  i->zero = attr_or(c, n, "zero", f->zero);
  i->rollup = attr_or(c, n, "rollup", usual_rollup(i));
  i->at = vb_tpl_node_place(c->file, n);
  read_numbers(i, f, n);
  check_coded(c, f, n, i);
  const vb_xml_attr *code = vb_xml_attr_find(n, "code");
  if (code && vb_map_get(f->by_code, code->value)) vb_compile_post(c, VB_MSG_FORM_TWICE, vb_tpl_attr_place(c->file, code, 0), i->code, NULL);
  if (code && !vb_map_put(f->by_code, code->value, f)) c->st = VB_NOMEM;
  const char *own = i->code; /* new_item moves the array */
  for (const vb_xml_node *k = vb_xml_child(n, NULL); k; k = vb_xml_sibling(k, NULL))
    if (is(k, "group") || is(k, "indicator")) add_item(c, f, k, own, depth + 1);
}

static void check_named(vb_compile *c, const vb_form *f, const vb_xml_node *n) {
  static const char *const attrs[] = {"num", "den"};
  for (const vb_xml_node *k = vb_xml_child(n, NULL); k; k = vb_xml_sibling(k, NULL)) {
    for (int i = 0; i < 2; i++) {
      const vb_xml_attr *a = vb_xml_attr_find(k, attrs[i]);
      if (a && !vb_map_get(f->by_code, a->value))
        vb_compile_unknown(c, VB_UNKNOWN(FORM_INDICATOR), vb_tpl_attr_place(c->file, a, 0), a->value, vb_map_nearest(f->by_code, a->value));
    }
    check_named(c, f, k);
  }
}

/* ---- opening ------------------------------------------------------------------------------------------------ */

static void read_form(vb_compile *c, vb_form *f, vb_span id) {
  const vb_xml_node *root = c->file->root;
  f->path = c->file->real;
  if (!is(root, "form")) {
    vb_compile_post(c, VB_MSG_TEMPLATE_ROOT, vb_tpl_node_place(c->file, root), root->name, "form");
    return;
  }
  const vb_xml_attr *name = vb_xml_attr_find(root, "id");
  if (name && !vb_span_eq(name->value, id)) vb_compile_post(c, VB_MSG_TEMPLATE_ID, vb_tpl_attr_place(c->file, name, 0), VB_TXT(name->value), f->id);
  f->title = attr_or(c, root, "title", "");
  f->since = vb_attr_str(c, root, "since");
  f->until = vb_attr_str(c, root, "until");
  f->digits = vb_attr_int(root, "digits", 1);
  f->zero = attr_or(c, root, "zero", "0");
  f->na = attr_or(c, root, "na", "không áp dụng");
  f->blank = attr_or(c, root, "blank", "");
  add_lists(c, f, root);
  for (const vb_xml_node *k = vb_xml_child(root, NULL); k; k = vb_xml_sibling(k, NULL))
    if (is(k, "group") || is(k, "indicator")) add_item(c, f, k, NULL, 1);
  check_named(c, f, root);
  f->rules = vb_compile_rules(c, root, &f->n_rules);
}

vb_status vb_form_open(vb_diag *d, const vb_library *lib, vb_span id, vb_place from, vb_form **out) {
  *out = NULL;
  vb_arena *a = vb_arena_new(0);
  vb_form *f = a ? VB_NEW(a, vb_form) : NULL;
  vb_compile c = {.d = d, .lib = lib, .a = a, .st = VB_OK};
  if (!f) {
    vb_arena_free(a);
    return VB_NOMEM;
  }
  f->arena = a;
  f->users = 1;
  f->id = vb_arena_str(a, id.p, id.n);
  f->by_code = vb_map_new();
  const char *path = vb_library_find(&c, lib, "forms", id, ".xml");
  if (!f->id || !f->by_code) c.st = VB_NOMEM;
  else if (!path && c.st != VB_NOMEM) vb_compile_unknown(&c, VB_UNKNOWN(FORM_NONE), from, id, vb_library_nearest(d, a, lib, "forms", id));
  if (c.st == VB_OK) c.st = vb_tpl_schema_open(&c, "form", from);
  if (c.st == VB_OK) c.file = vb_tpl_file_read(&c, path);
  if (c.file) read_form(&c, f, id);
  vb_xml_schema_close(c.schema);
  if (c.st == VB_OK) *out = f;
  else vb_form_close(f);
  return c.st;
}

void vb_form_close(vb_form *f) {
  if (!f || --f->users > 0) return;
  vb_map_free(f->by_code);
  vb_arena_free(f->arena); /* the form itself lies in it */
}

/* ---- using -------------------------------------------------------------------------------------------------- */

const char *vb_form_id(const vb_form *f) { return f->id; }
const char *vb_form_title(const vb_form *f) { return f->title; }
size_t vb_form_count(const vb_form *f) { return f->n; }
const vb_indicator *vb_form_indicator(const vb_form *f, size_t i) { return i < f->n ? &f->items[i] : NULL; }

size_t vb_form_rules(const vb_form *f, const vb_rule_source **rules) {
  *rules = f->rules;
  return f->n_rules;
}

vb_status vb_form_load(vb_diag *d, const vb_form *f, vb_store *s) {
  vb_status st = VB_OK;
  for (const struct vb_code_item *i = f->codes; i && st == VB_OK; i = i->next)
    st = vb_store_add_code_list(d, s, f->id, i->list, i->value, i->label);
  for (size_t i = 0; i < f->n && st == VB_OK; i++) st = vb_store_add_indicator(d, s, &f->items[i]);
  return st;
}

vb_status vb_form_check(vb_diag *d, const vb_form *f, vb_store *s) {
  vb_status st = VB_OK;
  for (size_t i = 0; i < f->n_rules; i++) st = vb_worse(st, vb_rule_check(d, s, &f->rules[i]));
  return st;
}
