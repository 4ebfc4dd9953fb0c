/* compile_head: what stands before a template's body: attributes, about, data tables, rules, numbering. For gen/template alone; rules serve
 * forms too. */
#include "template/template_int.h"

#include <string.h>

static const char *trimmed(vb_compile *c, const vb_xml_node *n) {
  vb_span s = vb_span_trim(vb_xml_text(c->a, n));
  const char *out = vb_arena_str(c->a, s.p ? s.p : "", s.n);
  if (!out) c->st = VB_NOMEM;
  return out;
}

/* ---- rules -------------------------------------------------------------------------------------------------- */

/* The text node of <sql>, and the offset of the first character of SQL in it. */
static vb_span rule_sql(vb_compile *c, const vb_xml_node *n, vb_place *at) {
  const vb_xml_node *sql = vb_xml_child(n, "sql"), *text = sql ? sql->first : NULL;
  *at = vb_tpl_node_place(c->file, sql ? sql : n);
  if (!text || text->kind != VB_XML_TEXT) return (vb_span){"", 0};
  vb_span s = vb_span_trim(text->text);
  if (s.n) *at = vb_tpl_text_place(c->file, text, (size_t)(s.p - text->text.p));
  return s;
}

/* Parameters of a part of rules are words of its SQL, {bang}: what the template sets, else the default; a brace that names none stays. */
static vb_span param_text(const vb_xml_node *part, const vb_xml_node *from, vb_span name, bool *known) {
  *known = true;
  for (const vb_xml_node *k = vb_xml_child(from, "set"); k; k = vb_xml_sibling(k, "set"))
    if (vb_span_eq(vb_xml_attr_get(k, "name"), name)) return vb_xml_attr_get(k, "value");
  for (const vb_xml_node *k = vb_xml_child(part, "param"); k; k = vb_xml_sibling(k, "param"))
    if (vb_span_eq(vb_xml_attr_get(k, "name"), name)) return vb_xml_attr_get(k, "default");
  *known = false;
  return (vb_span){NULL, 0};
}

static vb_span fill_params(vb_compile *c, const vb_xml_node *part, const vb_xml_node *from, vb_span sql) {
  vb_buf b;
  vb_buf_init(&b);
  for (size_t i = 0; i < sql.n; i++) {
    const char *end = sql.p[i] == '{' ? memchr(sql.p + i, '}', sql.n - i) : NULL;
    bool known = false;
    vb_span name = {sql.p + i + 1, end ? (size_t)(end - sql.p) - i - 1 : 0}, text = end ? param_text(part, from, name, &known) : name;
    if (known) {
      vb_buf_span(&b, text);
      i += name.n + 1;
    } else {
      vb_buf_char(&b, sql.p[i]);
    }
  }
  char *out = b.failed ? NULL : vb_arena_str(c->a, b.p ? b.p : "", b.n);
  vb_span filled = {out, out ? b.n : 0};
  if (!out) c->st = VB_NOMEM;
  vb_buf_free(&b);
  return filled;
}

typedef struct rule_list { vb_rule_source *all; size_t n, cap; } rule_list;

/* from: the <rules> that named the part, else NULL. */
static void add_rule(vb_compile *c, rule_list *l, const vb_xml_node *k, const vb_xml_node *from) {
  if (l->n == l->cap) {
    size_t cap = l->cap ? l->cap * 2 : 16;
    vb_rule_source *more = VB_NEW_ARRAY(c->a, vb_rule_source, cap);
    if (!more) {
      c->st = VB_NOMEM;
      return;
    }
    if (l->n) memcpy(more, l->all, l->n * sizeof *more);
    l->all = more;
    l->cap = cap;
  }
  vb_rule_source *r = &l->all[l->n++];
  r->id = vb_attr_str(c, k, "id");
  r->basis = vb_attr_str(c, k, "basis");
  r->severity = vb_attr_str(c, k, "severity");
  r->sql = rule_sql(c, k, &r->at);
  if (from) r->sql = fill_params(c, c->file->root, from, r->sql);
  for (const vb_xml_node *m = vb_xml_child(k, "message"); m; m = vb_xml_sibling(m, "message"))
    *(vb_span_is(vb_xml_attr_get(m, "lang"), "en") ? &r->en : &r->vi) = trimmed(c, m);
  if (!r->vi) r->vi = r->en;
  if (!r->en) r->en = r->vi;
  for (size_t i = 0; r->id && i + 1 < l->n; i++)
    if (l->all[i].id && strcmp(l->all[i].id, r->id) == 0) vb_compile_post(c, VB_MSG_TEMPLATE_RULE_TWICE, vb_tpl_node_place(c->file, k), r->id, NULL);
}

/* Rules that several templates share stand in a part. */
static void add_part(vb_compile *c, rule_list *l, const vb_xml_node *n) {
  vb_tpl_file *part = vb_compile_part(c, vb_xml_attr_get(n, "part"), vb_tpl_node_place(c->file, n)), *was = c->file;
  if (!part) return;
  for (const vb_xml_node *k = vb_xml_child(n, "set"); k; k = vb_xml_sibling(k, "set"))
    if (!vb_part_param(part, vb_xml_attr_get(k, "name")))
      vb_compile_unknown(c, VB_UNKNOWN(TEMPLATE_SET), vb_tpl_node_place(c->file, k), vb_xml_attr_get(k, "name"), vb_part_param_nearest(part, vb_xml_attr_get(k, "name")));
  for (const vb_xml_node *k = vb_xml_child(part->root, "param"); k; k = vb_xml_sibling(k, "param")) {
    bool known;
    if (!param_text(part->root, n, vb_xml_attr_get(k, "name"), &known).p)
      vb_compile_post(c, VB_MSG_TEMPLATE_PARAM, vb_tpl_node_place(c->file, n), part->id, VB_TXT(vb_xml_attr_get(k, "name")));
  }
  c->file = part;
  for (const vb_xml_node *k = vb_xml_child(part->root, "rule"); k; k = vb_xml_sibling(k, "rule")) add_rule(c, l, k, n);
  c->file = was;
}

vb_rule_source *vb_compile_rules(vb_compile *c, const vb_xml_node *root, size_t *n) {
  rule_list l = {NULL, 0, 0};
  for (const vb_xml_node *k = vb_xml_child(root, NULL); k; k = vb_xml_sibling(k, NULL)) {
    if (strcmp(k->name, "rule") == 0) add_rule(c, &l, k, NULL);
    else if (c->t && strcmp(k->name, "rules") == 0) add_part(c, &l, k); /* a form has no parts, as its schema has said */
  }
  *n = l.n;
  return l.all;
}

/* ---- data tables -------------------------------------------------------------------------------------------- */

static void data_columns(vb_compile *c, const vb_xml_node *n, vb_data_table *t) {
  size_t count = 0;
  for (const vb_xml_node *k = vb_xml_child(n, "column"); k; k = vb_xml_sibling(k, "column")) count++;
  vb_data_column *cols = VB_NEW_ARRAY(c->a, vb_data_column, count ? count : 1);
  if (!cols) {
    c->st = VB_NOMEM;
    return;
  }
  t->columns = cols;
  for (const vb_xml_node *k = vb_xml_child(n, "column"); k; k = vb_xml_sibling(k, "column")) {
    vb_data_column *x = &cols[t->n_columns++];
    x->id = vb_attr_str(c, k, "id");
    x->title = vb_attr_str(c, k, "title");
    x->aliases = vb_attr_str(c, k, "aliases");
    x->example = vb_attr_str(c, k, "example");
    x->places = vb_attr_int(k, "places", 0);
    x->required = vb_attr_yes(k, "required", false);
    x->key = vb_attr_yes(k, "key", false);
    vb_span type = vb_xml_attr_get(k, "type");
    x->type = VB_TYPE_TEXT;
    if (type.p) (void)vb_type_by_name(type, &x->type);
    for (size_t i = 0; x->id && i + 1 < t->n_columns; i++)
      if (cols[i].id && strcmp(cols[i].id, x->id) == 0) vb_compile_post(c, VB_MSG_TEMPLATE_DATA_TWICE, vb_tpl_node_place(c->file, k), x->id, NULL);
  }
}

static void data_tables(vb_compile *c, const vb_xml_node *root) {
  size_t count = 0;
  for (const vb_xml_node *k = vb_xml_child(root, "data"); k; k = vb_xml_sibling(k, "data")) count++;
  vb_data_table *tables = VB_NEW_ARRAY(c->a, vb_data_table, count ? count : 1);
  if (!tables) {
    c->st = VB_NOMEM;
    return;
  }
  c->t->tables = tables;
  for (const vb_xml_node *k = vb_xml_child(root, "data"); k; k = vb_xml_sibling(k, "data")) {
    vb_data_table *t = &tables[c->t->n_tables++];
    t->name = vb_attr_str(c, k, "name");
    t->title = vb_attr_str(c, k, "title");
    t->per_unit = vb_attr_yes(k, "per-unit", true);
    t->at = vb_tpl_node_place(c->file, k);
    data_columns(c, k, t);
    for (size_t i = 0; t->name && i + 1 < c->t->n_tables; i++)
      if (tables[i].name && strcmp(tables[i].name, t->name) == 0) vb_compile_post(c, VB_MSG_TEMPLATE_DATA_TWICE, t->at, t->name, NULL);
  }
}

/* ---- numbering ---------------------------------------------------------------------------------------------- */

static void default_levels(vb_template *t) {
  static const struct { vb_style_id style; vb_span format; } usual[] = {
      {VB_STYLE_HEADING_1, {"I.", 2}}, {VB_STYLE_HEADING_2, {"1.", 2}}, {VB_STYLE_HEADING_3, {"1.1.", 4}}, {VB_STYLE_HEADING_4, {"a)", 2}}};
  for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
    vb_level *l = &t->levels[t->n_levels++];
    l->style = usual[i].style;
    (void)vb_num_format_parse(usual[i].format, &l->format);
  }
}

static void numbering(vb_compile *c, const vb_xml_node *root) {
  vb_template *t = c->t;
  const vb_xml_node *n = vb_xml_child(root, "numbering");
  if (!n) {
    default_levels(t);
    return;
  }
  for (const vb_xml_node *k = vb_xml_child(n, "level"); k; k = vb_xml_sibling(k, "level")) {
    vb_place at = vb_tpl_node_place(c->file, k);
    if (t->n_levels == VB_LEVELS_MAX) {
      vb_compile_post(c, VB_MSG_TEMPLATE_DEEP, at, VB_NUM(VB_LEVELS_MAX + 1), VB_NUM(VB_LEVELS_MAX));
      return;
    }
    vb_level *l = &t->levels[t->n_levels++];
    const vb_xml_attr *f = vb_xml_attr_find(k, "format");
    l->at = at;
    l->style = VB_STYLE_BODY;
    (void)vb_attr_style(c, k, &l->style);
    l->never_restarts = vb_span_is(vb_xml_attr_get(k, "restart"), "never");
    if (!f) continue;
    vb_place fat = vb_tpl_attr_place(c->file, f, 0);
    if (!vb_num_format_parse(f->value, &l->format)) vb_compile_post(c, VB_MSG_TEMPLATE_NUMBER, fat, VB_TXT(f->value), NULL);
    else if (l->format.parts > t->n_levels) vb_compile_post(c, VB_MSG_TEMPLATE_PATH, fat, VB_TXT(f->value), VB_NUM(t->n_levels));
  }
}

/* ---- the template's own attributes -------------------------------------------------------------------------- */

static void setup(vb_compile *c, const vb_xml_node *root) {
  vb_setup *s = &c->t->setup;
  vb_span set = vb_xml_attr_get(root, "size-set");
  *s = (vb_setup){VB_MM(20), VB_MM(20), VB_MM(30), VB_MM(20), 'B', 28, VB_MM(12.7), VB_PT(6), 1000}; /* as vb_doc_new */
  if (set.n) s->size_set = set.p[0];
  if (vb_xml_attr_get(root, "body-size").p) s->body_size = (int16_t)(2 * vb_attr_int(root, "body-size", 14));
  if (vb_xml_attr_get(root, "indent").p) s->indent = vb_attr_mm(root, "indent");
  vb_dec x = vb_attr_dec(root, "para-gap", 6);
  if (vb_dec_rescale(x, 3, &x)) s->para_gap = (vb_len)x.n;
  x = vb_attr_dec(root, "line-spacing", 1);
  if (vb_dec_rescale(x, 3, &x)) s->leading = (int16_t)x.n;
  vb_attr_mms(root, "margins", (vb_len *const[]){&s->top, &s->right, &s->bottom, &s->left}, 4);
}

static void params(vb_compile *c, const vb_xml_node *root) {
  vb_template *t = c->t;
  size_t count = 0;
  for (const vb_xml_node *k = vb_xml_child(root, "param"); k; k = vb_xml_sibling(k, "param")) count++;
  t->params = VB_NEW_ARRAY(c->a, vb_param, count ? count : 1);
  if (!t->params) {
    c->st = VB_NOMEM;
    return;
  }
  for (const vb_xml_node *k = vb_xml_child(root, "param"); k; k = vb_xml_sibling(k, "param"))
    t->params[t->n_params++] = (vb_param){vb_attr_str(c, k, "name"), vb_attr_str(c, k, "default"), vb_tpl_node_place(c->file, k)};
}

void vb_compile_head(vb_compile *c, const vb_xml_node *root) {
  vb_template *t = c->t;
  t->kind = vb_attr_str(c, root, "kind");
  t->kind_name = vb_attr_str(c, root, "kind-name");
  t->form_id = vb_attr_str(c, root, "form");
  if (t->kind && !t->kind_name) t->kind_name = vb_kind_name(vb_span_of(t->kind));
  const vb_xml_attr *kind = vb_xml_attr_find(root, "kind");
  if (kind && !t->kind_name)
    vb_compile_unknown(c, VB_UNKNOWN(TEMPLATE_KIND), vb_tpl_attr_place(c->file, kind, 0), kind->value, vb_kind_nearest(kind->value));
  for (const vb_xml_node *k = vb_xml_child(root, "about"); k; k = vb_xml_sibling(k, "about"))
    t->about[vb_span_is(vb_xml_attr_get(k, "lang"), "en") ? VB_EN : VB_VI] = trimmed(c, k);
  setup(c, root);
  params(c, root);
  data_tables(c, root);
  t->rules = vb_compile_rules(c, root, &t->n_rules);
  numbering(c, root);
}
