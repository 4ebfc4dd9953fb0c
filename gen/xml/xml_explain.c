/* xml_explain: what is wrong with a document that libxml2 has refused, told by the names its schema knows. For gen/xml alone.
 *
 * Document and schema are walked together: for each element the set of patterns it may stand for (mostly one). A fault is told
 * only when all of them agree that it is one. */
#include "xml/xml_rng.h"

#include <string.h>

enum { SET_MAX = 32 };

typedef struct elem_set { rng_elem *e[SET_MAX]; size_t n; bool any; } elem_set;

static bool has_name(const rng_name *names, const char *name)
{
  for (; names; names = names->next)
    if (strcmp(names->name, name) == 0) return true;
  return false;
}

static void set_add(elem_set *s, rng_elem *e)
{
  for (size_t i = 0; i < s->n; i++)
    if (s->e[i] == e) return;
  if (s->n == SET_MAX) s->any = true; /* too many readings: tell nothing */
  else s->e[s->n++] = e;
}

/* The patterns that a child of that name may stand for. */
static void kids_named(vb_rng *g, const elem_set *of, const char *name, elem_set *out)
{
  out->n = 0;
  out->any = of->any;
  for (size_t i = 0; i < of->n; i++) {
    vb_rng_expand(g, of->e[i]);
    if (of->e[i]->any_elem) out->any = true;
    for (const rng_kid *k = of->e[i]->kids; k; k = k->next)
      if (has_name(k->elem->names, name)) set_add(out, k->elem);
  }
}

static void collect(vb_rng *g, const elem_set *s, bool attrs, vb_map *into)
{
  for (size_t i = 0; i < s->n; i++) {
    vb_rng_expand(g, s->e[i]);
    for (const rng_attr *t = attrs ? s->e[i]->attrs : NULL; t; t = t->next)
      for (const rng_name *m = t->names; m; m = m->next)
        if (!vb_map_put(into, vb_span_of(m->name), g)) g->failed = true;
    for (const rng_kid *k = attrs ? NULL : s->e[i]->kids; k; k = k->next)
      for (const rng_name *m = k->elem->names; m; m = m->next)
        if (!vb_map_put(into, vb_span_of(m->name), g)) g->failed = true;
  }
}

static void join_one(void *ctx, vb_span key, void *value)
{
  vb_buf *b = ctx;
  (void)value;
  if (b->n) vb_buf_str(b, ", ");
  vb_buf_span(b, key);
}

static void told(vb_rng_report *r, const vb_xml_node *n)
{
  if (r->found < r->cap) r->nodes[r->found] = n;
  r->found++;
}

/* Three messages for a name that is not allowed: with the nearest one, with the list, with neither. Returns the nearest. */
typedef struct unknown { const vb_xml_node *n; vb_place at; const char *name, *in; vb_msg near, list, none; } unknown;

static vb_span post_unknown(vb_rng *g, vb_rng_report *r, const elem_set *s, bool attrs, const unknown *u)
{
  vb_map *m = vb_map_new();
  vb_buf joined;
  vb_buf_init(&joined);
  vb_span near = {NULL, 0};
  if (!m) g->failed = true;
  if (m) {
    collect(g, s, attrs, m);
    vb_span hit = vb_map_nearest(m, vb_span_of(u->name));
    if (hit.n) near = (vb_span){vb_arena_str(g->a, hit.p, hit.n), hit.n};
    vb_map_each(m, join_one, &joined);
    if (near.p) VB_POST(r->d, u->near, u->at, u->name, u->in, near.p);
    else VB_POST(r->d, joined.n ? u->list : u->none, u->at, u->name, u->in, vb_buf_cstr(&joined));
  }
  told(r, u->n);
  vb_buf_free(&joined);
  vb_map_free(m);
  return near;
}

/* ---- attributes ---- */

static void check_value(vb_rng *g, vb_rng_report *r, const elem_set *s, const vb_xml_node *n, const vb_xml_attr *a)
{
  const vb_xml_node *owner = NULL;
  for (size_t i = 0; i < s->n; i++)
    for (const rng_attr *t = s->e[i]->attrs; t; t = t->next) {
      if (!has_name(t->names, a->name)) continue;
      if (vb_rng_value_ok(g, t->node, a->value)) return;
      owner = t->node;
    }
  if (!owner) return;
  vb_map *literals = vb_map_new();
  vb_buf want;
  vb_buf_init(&want);
  if (literals) vb_rng_value_describe(g, owner, &want, literals);
  else g->failed = true;
  vb_span near = literals ? vb_map_nearest(literals, a->value) : (vb_span){NULL, 0};
  vb_place at = vb_xml_at(r->d, r->file, n);
  at.line = a->line;
  at.column = a->column;
  if (near.n) VB_POST(r->d, VB_MSG_XML_ATTR_VALUE_NEAR, at, a->name, VB_TXT(a->value), VB_TXT(near));
  else VB_POST(r->d, VB_MSG_XML_ATTR_VALUE, at, a->name, VB_TXT(a->value), vb_buf_cstr(&want));
  told(r, n);
  vb_buf_free(&want);
  vb_map_free(literals);
}

static bool knows_attr(const elem_set *s, const char *name)
{
  for (size_t i = 0; i < s->n; i++) {
    if (s->e[i]->any_attr) return true;
    for (const rng_attr *t = s->e[i]->attrs; t; t = t->next)
      if (has_name(t->names, name)) return true;
  }
  return false;
}

static bool required_attr(const elem_set *s, const char *name)
{
  for (size_t i = 0; i < s->n; i++) {
    bool here = false;
    for (const rng_attr *t = s->e[i]->attrs; t && !here; t = t->next) here = t->required && has_name(t->names, name);
    if (!here) return false;
  }
  return true;
}

static void explain_attrs(vb_rng *g, vb_rng_report *r, const elem_set *s, const vb_xml_node *n)
{
  vb_map *meant = vb_map_new(); /* attributes that a misspelt one was taken for: not missing as well */
  if (!meant) g->failed = true;
  for (const vb_xml_attr *a = n->attrs; a && !g->failed; a = a->next) {
    if (knows_attr(s, a->name)) {
      check_value(g, r, s, n, a);
      continue;
    }
    unknown u = {n, vb_xml_at(r->d, r->file, n), a->name, n->name, VB_MSG_XML_ATTR_NEAR, VB_MSG_XML_ATTR_UNKNOWN, VB_MSG_XML_ATTR_NONE};
    u.at.line = a->line;
    u.at.column = a->column;
    vb_span near = post_unknown(g, r, s, true, &u);
    if (near.n && !vb_map_put(meant, near, g)) g->failed = true;
  }
  for (const rng_attr *t = s->e[0]->attrs; t && !g->failed; t = t->next) {
    if (!t->required || vb_xml_attr_find(n, t->names->name) || vb_map_get(meant, vb_span_of(t->names->name))) continue;
    if (!required_attr(s, t->names->name)) continue;
    VB_POST(r->d, VB_MSG_XML_ATTR_MISSING, vb_xml_at(r->d, r->file, n), n->name, t->names->name);
    told(r, n);
  }
  vb_map_free(meant);
}

/* ---- content ---- */

static void explain_text(vb_rng *g, vb_rng_report *r, const elem_set *s, const vb_xml_node *n)
{
  bool text = false, values = false;
  const rng_elem *with_values = NULL;
  for (size_t i = 0; i < s->n; i++) {
    text = text || s->e[i]->text;
    values = values || s->e[i]->values;
    if (s->e[i]->values) with_values = s->e[i];
  }
  if (text) return;
  if (values) {
    vb_span all = vb_xml_text(g->a, n);
    for (size_t i = 0; i < s->n; i++)
      if (vb_rng_value_ok(g, s->e[i]->node, all)) return;
    if (vb_xml_child(n, NULL)) return;
    vb_buf want;
    vb_buf_init(&want);
    vb_rng_value_describe(g, with_values->node, &want, NULL);
    VB_POST(r->d, VB_MSG_XML_TEXT_VALUE, vb_xml_at(r->d, r->file, n), n->name, VB_TXT(vb_span_trim(all)), vb_buf_cstr(&want));
    vb_buf_free(&want);
    told(r, n);
    return;
  }
  for (const vb_xml_node *c = n->first; c; c = c->next) {
    vb_span t = c->kind == VB_XML_TEXT ? vb_span_trim(c->text) : (vb_span){NULL, 0};
    if (!t.n) continue;
    vb_xml_pos p = {0, c->line, c->column};
    vb_xml_pos_move(&p, c->text, (size_t)(t.p - c->text.p));
    VB_POST(r->d, VB_MSG_XML_TEXT, ((vb_place){vb_diag_file(r->d, r->file), p.line, p.column, NULL}), n->name, VB_TXT(t));
    told(r, n);
    return;
  }
}

static bool required_kid(const elem_set *s, const char *name)
{
  for (size_t i = 0; i < s->n; i++) {
    bool here = false;
    for (const rng_kid *k = s->e[i]->kids; k && !here; k = k->next) here = k->required && has_name(k->elem->names, name);
    if (!here) return false;
  }
  return true;
}

static void explain_missing(vb_rng_report *r, const elem_set *s, const vb_xml_node *n, const vb_map *meant)
{
  for (const rng_kid *k = s->e[0]->kids; k; k = k->next) {
    if (!k->required) continue;
    const char *name = k->elem->names->name;
    if (vb_xml_child(n, name) || vb_map_get(meant, vb_span_of(name)) || !required_kid(s, name)) continue;
    VB_POST(r->d, VB_MSG_XML_ELEMENT_MISSING, vb_xml_at(r->d, r->file, n), n->name, name);
    told(r, n);
  }
}

/* Depth is bounded by VB_XML_DEPTH_MAX. */
static void explain_element(vb_rng *g, vb_rng_report *r, const elem_set *s, const vb_xml_node *n)
{
  if (s->any || s->n == 0 || g->failed) return;
  for (size_t i = 0; i < s->n; i++) vb_rng_expand(g, s->e[i]);
  vb_map *meant = vb_map_new();
  if (!meant) g->failed = true;
  if (!g->failed) explain_attrs(g, r, s, n);
  if (!g->failed) explain_text(g, r, s, n);
  for (const vb_xml_node *c = vb_xml_child(n, NULL); c && !g->failed; c = vb_xml_sibling(c, NULL)) {
    elem_set kids;
    kids_named(g, s, c->name, &kids);
    if (kids.n || kids.any) {
      explain_element(g, r, &kids, c);
      continue;
    }
    unknown u = {c, vb_xml_at(r->d, r->file, c), c->name, n->name, VB_MSG_XML_ELEMENT_NEAR, VB_MSG_XML_ELEMENT_UNKNOWN, VB_MSG_XML_ELEMENT_NONE};
    vb_span near = post_unknown(g, r, s, false, &u);
    if (near.n && !vb_map_put(meant, near, g)) g->failed = true;
  }
  if (!g->failed) explain_missing(r, s, n, meant);
  vb_map_free(meant);
}

static void post_root(vb_rng *g, vb_rng_report *r, const elem_set *top, const vb_xml_node *root)
{
  vb_map *m = vb_map_new();
  vb_buf joined;
  vb_buf_init(&joined);
  if (!m) g->failed = true;
  else collect(g, top, false, m);
  if (m) vb_map_each(m, join_one, &joined);
  VB_POST(r->d, VB_MSG_XML_ROOT, vb_xml_at(r->d, r->file, root), root->name, vb_buf_cstr(&joined));
  told(r, root);
  vb_buf_free(&joined);
  vb_map_free(m);
}

void vb_rng_explain(vb_rng *g, vb_rng_report *r, const vb_xml_node *root)
{
  elem_set top = {.n = 0, .any = false}, roots;
  rng_elem *start = vb_rng_start(g);
  if (start) {
    set_add(&top, start);
    kids_named(g, &top, root->name, &roots);
    if (roots.n || roots.any) explain_element(g, r, &roots, root);
    else post_root(g, r, &top, root);
  }
  r->failed = g->failed;
}

/* The patterns that n stands for, found from the root down. */
static void set_of(vb_rng *g, const vb_xml_node *n, elem_set *out)
{
  elem_set outer = {.n = 0, .any = false};
  if (n->parent) set_of(g, n->parent, &outer);
  else if (vb_rng_start(g)) set_add(&outer, vb_rng_start(g));
  kids_named(g, &outer, n->name, out);
}

void vb_rng_names_of(vb_rng *g, const vb_xml_node *n, vb_buf *attrs, vb_buf *elements)
{
  elem_set s;
  set_of(g, n, &s);
  vb_map *m = vb_map_new(), *k = vb_map_new();
  if (m && k) {
    collect(g, &s, true, m);
    collect(g, &s, false, k);
    vb_map_each(m, join_one, attrs);
    vb_map_each(k, join_one, elements);
  }
  vb_map_free(m);
  vb_map_free(k);
}
