/* template: opening and closing a template, and what others may ask of it. Part of room template; building is build.c. */
#include "template/template_int.h"

#include <string.h>

const char *const vb_builtin_names[VB_BUILTINS] = {
#define VB_BUILTIN(id, name) name,
#include "template/builtins.def"
#undef VB_BUILTIN
};

static const struct { const char *abbreviation, *name; } kinds[] = {
#define VB_KIND(abbreviation, name) {abbreviation, name},
#include "template/kinds.def"
#undef VB_KIND
};

const char *vb_kind_name(vb_span abbreviation) {
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (vb_span_is(abbreviation, kinds[i].abbreviation)) return kinds[i].name;
  return NULL;
}

vb_span vb_kind_nearest(vb_span abbreviation) {
  vb_span best = {NULL, 0};
  size_t least = 3;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    size_t far = vb_edit_distance(abbreviation, vb_span_of(kinds[i].abbreviation), 2);
    if (far >= least) continue;
    least = far;
    best = vb_span_of(kinds[i].abbreviation);
  }
  return best;
}

/* ---- opening ------------------------------------------------------------------------------------------------ */

static vb_op *compile_titled(vb_compile *c, const vb_xml_node *root, const char *name) {
  const vb_xml_node *n = vb_xml_child(root, name);
  return n ? vb_compile_inlines(c, n) : NULL;
}

static void compile_lets(vb_compile *c, const vb_xml_node *root) {
  vb_op **tail = &c->t->lets;
  for (const vb_xml_node *k = vb_xml_child(root, "let"); k; k = vb_xml_sibling(k, "let")) {
    *tail = vb_compile_control(c, k, VB_IN_BLOCKS);
    if (!*tail) return;
    tail = &(*tail)->next;
  }
}

static vb_op *compile_pages(vb_compile *c, const vb_xml_node *n) {
  c->holder = VB_NODE_SEQUENCE;
  c->holder_name = n->name;
  return vb_compile_content(c, n, VB_IN_BLOCKS);
}

static void compile_appendices(vb_compile *c, const vb_xml_node *root) {
  size_t count = 0;
  for (const vb_xml_node *k = vb_xml_child(root, "appendix"); k; k = vb_xml_sibling(k, "appendix")) count++;
  vb_appendix_op *list = VB_NEW_ARRAY(c->a, vb_appendix_op, count ? count : 1);
  if (!list) {
    c->st = VB_NOMEM;
    return;
  }
  c->t->appendices = list;
  for (const vb_xml_node *k = vb_xml_child(root, "appendix"); k; k = vb_xml_sibling(k, "appendix")) {
    vb_appendix_op *x = &list[c->t->n_appendices++];
    vb_span separate = vb_xml_attr_get(k, "separate");
    const vb_xml_attr *id = vb_xml_attr_find(k, "id");
    x->at = vb_tpl_node_place(c->file, k);
    x->id = vb_attr_str(c, k, "id");
    vb_compile_id(c, vb_compile_attr_text(c, k, "id"), id ? vb_tpl_attr_place(c->file, id, 0) : x->at);
    x->landscape = vb_attr_yes(k, "landscape", false);
    x->separate = vb_span_is(separate, "yes") ? VB_SAID_YES : vb_span_is(separate, "no") ? VB_SAID_NO : VB_NOT_SAID;
    vb_compile_attr_sql(c, k, "when", true, &x->when);
    const vb_xml_node *title = vb_xml_child(k, "title");
    if (title) x->title = vb_compile_inlines(c, title);
    x->blocks = compile_pages(c, k);
  }
}

/* References with a literal target, when all anchors are known. */
static void check_refs(vb_compile *c) {
  for (struct vb_ref_list *r = c->computed_ids ? NULL : c->refs; r; r = r->next)
    if (!vb_map_get(c->ids, r->id)) vb_compile_unknown(c, VB_UNKNOWN(TEMPLATE_REF), r->at, r->id, vb_map_nearest(c->ids, r->id));
}

typedef struct vb_slot_list { vb_slot_info *all; size_t n; } vb_slot_list;

static void add_slot(void *ctx, vb_span key, void *value) {
  vb_slot_list *l = ctx;
  (void)key;
  l->all[l->n++] = *(vb_slot_info *)value;
}

static void collect(vb_compile *c) {
  vb_template *t = c->t;
  vb_slot_list l = {VB_NEW_ARRAY(c->a, vb_slot_info, vb_map_count(c->slots) + 1), 0};
  size_t n = 0;
  for (vb_tpl_file *f = t->files; f; f = f->next) n += f->root != NULL;
  t->paths = VB_NEW_ARRAY(c->a, const char *, n + 2);
  if (!l.all || !t->paths) {
    c->st = VB_NOMEM;
    return;
  }
  vb_map_each(c->slots, add_slot, &l);
  t->slots = l.all;
  t->n_slots = l.n;
  for (vb_tpl_file *f = t->files; f; f = f->next)
    if (f->root) t->paths[t->n_paths++] = f->real;
  if (t->form) t->paths[t->n_paths++] = t->form->path;
}

static void compile_root(vb_compile *c, vb_span id) {
  vb_template *t = c->t;
  const vb_xml_node *root = t->files->root;
  vb_place at = vb_tpl_node_place(c->file, root);
  if (strcmp(root->name, "template") != 0) {
    vb_compile_post(c, VB_MSG_TEMPLATE_ROOT, at, root->name, "template");
    return;
  }
  const vb_xml_attr *name = vb_xml_attr_find(root, "id");
  if (name && !vb_span_eq(name->value, id)) vb_compile_post(c, VB_MSG_TEMPLATE_ID, vb_tpl_attr_place(c->file, name, 0), VB_TXT(name->value), t->id);
  vb_compile_head(c, root);
  if (t->form_id) {
    const vb_xml_attr *form = vb_xml_attr_find(root, "form");
    c->st = vb_worse(c->st, vb_form_open(c->d, c->lib, form->value, vb_tpl_attr_place(c->file, form, 0), &t->form));
  }
  compile_lets(c, root);
  t->symbol = compile_titled(c, root, "symbol");
  t->subject = compile_titled(c, root, "subject");
  const vb_xml_node *body = vb_xml_child(root, "body");
  if (body) t->body = compile_pages(c, body);
  compile_appendices(c, root);
  check_refs(c);
  collect(c);
}

static void open_file(vb_compile *c, vb_span id, vb_place from) {
  vb_template *t = c->t;
  const char *path = vb_library_find(c, c->lib, "", id, ".xml");
  if (!path && c->st == VB_NOMEM) return;
  if (!path) {
    vb_compile_unknown(c, VB_UNKNOWN(TEMPLATE_NONE), from, id, vb_library_nearest(c->d, c->a, c->lib, "", id));
    return;
  }
  c->st = vb_worse(c->st, vb_tpl_schema_open(c, "template", from));
  if (c->st != VB_OK) return;
  t->files = c->file = vb_tpl_file_read(c, path);
  if (t->files) compile_root(c, id);
}

vb_status vb_template_open(vb_diag *d, const vb_library *lib, vb_span id, vb_place from, vb_template **out) {
  *out = NULL;
  vb_arena *a = vb_arena_new(0), *prep = vb_arena_new(0);
  vb_template *t = a ? VB_NEW(a, vb_template) : NULL;
  vb_compile c = {.d = d, .lib = lib, .t = t, .a = a, .st = VB_OK};
  c.ids = vb_map_new();
  c.slots = vb_map_new();
  if (!t || !prep || !c.ids || !c.slots) c.st = VB_NOMEM;
  if (t) {
    t->arena = a;
    t->prep = prep;
    t->id = vb_arena_str(a, id.p, id.n);
  }
  if (c.st == VB_OK) open_file(&c, id, from);
  vb_map_free(c.ids);
  vb_map_free(c.slots);
  vb_xml_schema_close(c.schema);
  if (c.st == VB_OK) {
    *out = t;
    return VB_OK;
  }
  if (t && prep) {
    vb_template_close(t);
  } else {
    vb_arena_free(a);
    vb_arena_free(prep);
  }
  return c.st;
}

void vb_template_close(vb_template *t) {
  if (!t) return;
  vb_template_release(t);
  vb_form_close(t->form);
  vb_arena *a = t->arena; /* the template itself lies in it */
  vb_arena_free(t->prep);
  vb_arena_free(a);
}

/* ---- asking ------------------------------------------------------------------------------------------------- */

const char *vb_template_id(const vb_template *t) { return t->id; }
const char *vb_template_kind(const vb_template *t) { return t->kind; }
const char *vb_template_kind_name(const vb_template *t) { return t->kind_name; }
const char *vb_template_form(const vb_template *t) { return t->form_id; }

vb_form *vb_template_form_share(const vb_template *t) {
  if (t->form) t->form->users++;
  return t->form;
}

const char *vb_template_about(const vb_template *t, vb_lang lang) {
  const char *s = t->about[lang] ? t->about[lang] : t->about[lang == VB_EN ? VB_VI : VB_EN];
  return s ? s : "";
}

size_t vb_template_rules(const vb_template *t, const vb_rule_source **rules) {
  *rules = t->rules;
  return t->n_rules;
}

size_t vb_template_tables(const vb_template *t, const vb_data_table **tables) {
  *tables = t->tables;
  return t->n_tables;
}

size_t vb_template_slots(const vb_template *t, const vb_slot_info **slots) {
  *slots = t->slots;
  return t->n_slots;
}

size_t vb_template_files(const vb_template *t, const char *const **paths) {
  *paths = t->paths;
  return t->n_paths;
}

size_t vb_template_params(const vb_template *t) { return t->n_params; }

const char *vb_template_param(const vb_template *t, size_t i, const char **otherwise) {
  if (otherwise) *otherwise = t->params[i].otherwise;
  return t->params[i].name;
}
