/* xml_rng: a RELAX NG schema read as names: which attributes and elements an element may have, which it must. For gen/xml alone.
 *
 * A simplification that errs on the lenient side: order and alternatives are libxml2's to judge; what this model calls wrong is
 * wrong under every reading of the schema.
 *
 * Invariants
 *  1. An rng_elem is made once a pattern node, and expanded when first asked for.
 *  2. Where a construct is not modelled (externalRef, parentRef, nested grammars, nsName), anything is allowed.
 */
#include "xml/xml_rng.h"

#include <string.h>

#define RNG_NS "http://relaxng.org/ns/structure/1.0"

bool vb_rng_is(const vb_xml_node *n, const char *name)
{
  return n->kind == VB_XML_ELEMENT && n->ns && strcmp(n->ns, RNG_NS) == 0 && strcmp(n->name, name) == 0;
}

static bool is_any(const vb_xml_node *n, const char *const *names)
{
  for (; *names; names++)
    if (vb_rng_is(n, *names)) return true;
  return false;
}

vb_rng *vb_rng_new(void)
{
  vb_rng *g = vb_mem_zalloc(sizeof *g);
  if (!g) return NULL;
  g->a = vb_arena_new(0);
  g->elems = vb_map_new();
  g->defines = vb_map_new();
  if (g->a && g->elems && g->defines) return g;
  vb_rng_free(g);
  return NULL;
}

void vb_rng_free(vb_rng *g)
{
  if (!g) return;
  vb_map_free(g->elems);
  vb_map_free(g->defines);
  vb_arena_free(g->a);
  vb_mem_free(g);
}

vb_arena *vb_rng_arena(vb_rng *g) { return g->a; }

/* ---- grammars ---- */

static vb_span start_key(void) { return VB_LIT(" start"); }

static vb_status define(vb_rng *g, vb_span name, const vb_xml_node *n)
{
  rng_define *e = VB_NEW(g->a, rng_define);
  if (!e) return VB_NOMEM;
  e->node = n;
  e->next = vb_map_get(g->defines, name);
  return vb_map_put(g->defines, name, e) ? VB_OK : VB_NOMEM;
}

const vb_xml_node *vb_rng_define(const vb_rng *g, vb_span name, size_t index)
{
  const rng_define *e = vb_map_get(g->defines, name);
  while (e && index--) e = e->next;
  return e ? e->node : NULL;
}

typedef struct grammar { vb_diag *d; vb_rng *g; const char *dir, *file; int depth; } grammar;

/* Whether an <include> around this grammar replaces a definition. */
static bool replaced(const vb_xml_node *include, const vb_xml_node *n)
{
  for (const vb_xml_node *c = include ? vb_xml_child(include, NULL) : NULL; c; c = vb_xml_sibling(c, NULL)) {
    if (vb_rng_is(c, "div") && replaced(c, n)) return true;
    if (strcmp(c->name, n->name) != 0) continue;
    vb_span a = vb_xml_attr_get(c, "name"), b = vb_xml_attr_get(n, "name");
    if (a.n == b.n && (a.n == 0 || vb_span_eq(a, b))) return true;
  }
  return false;
}

static vb_status add_grammar(grammar *x, const vb_xml_node *root, const vb_xml_node *include);

static vb_status add_include(grammar *x, const vb_xml_node *n)
{
  vb_span href = vb_xml_attr_get(n, "href");
  vb_place at = vb_xml_at(x->d, x->file, n);
  char name[VB_MSG_ARG_BYTES];
  vb_span_text(name, sizeof name, href);
  if (href.n == 0 || href.n >= sizeof name || strpbrk(name, "/\\:%") || strcmp(name, "..") == 0 || x->depth == VB_RNG_INCLUDE_DEPTH_MAX)
    return VB_POST(x->d, VB_MSG_XML_SCHEMA_INCLUDE, at, name);
  const char *path = vb_path_join(x->g->a, x->dir, name);
  if (!path) return VB_NOMEM;
  vb_buf bytes;
  vb_buf_init(&bytes);
  vb_xml_node *root = NULL;
  vb_status st = vb_file_read(x->d, path, VB_TEXT_BYTES_MAX, true, &bytes);
  if (st == VB_OK) st = vb_xml_parse(x->d, x->g->a, path, (vb_span){bytes.p, bytes.n}, NULL, &root);
  vb_buf_free(&bytes);
  grammar inner = {x->d, x->g, x->dir, path, x->depth + 1};
  if (st == VB_OK) st = add_grammar(&inner, root, n);
  return st == VB_OK ? add_grammar(x, n, NULL) : st;
}

static vb_status add_grammar(grammar *x, const vb_xml_node *root, const vb_xml_node *include)
{
  vb_status st = VB_OK;
  for (const vb_xml_node *c = vb_xml_child(root, NULL); c && st == VB_OK; c = vb_xml_sibling(c, NULL)) {
    if (vb_rng_is(c, "include")) st = add_include(x, c);
    else if (vb_rng_is(c, "div")) st = add_grammar(x, c, include);
    else if (vb_rng_is(c, "start") && !replaced(include, c)) st = define(x->g, start_key(), c);
    else if (vb_rng_is(c, "define") && !replaced(include, c)) st = define(x->g, vb_xml_attr_get(c, "name"), c);
  }
  return st;
}

vb_status vb_rng_add(vb_diag *d, vb_rng *g, const char *dir, const char *file, const vb_xml_node *root)
{
  grammar x = {d, g, dir, file, 0};
  if (vb_rng_is(root, "grammar")) return add_grammar(&x, root, NULL);
  /* A schema may be one pattern: hang it below a start of its own. */
  vb_xml_node *start = VB_NEW(g->a, vb_xml_node);
  if (!start) return VB_NOMEM;
  *start = (vb_xml_node){.kind = VB_XML_ELEMENT, .name = "start", .ns = RNG_NS};
  start->first = start->last = (vb_xml_node *)root;
  return define(g, start_key(), start);
}

/* ---- patterns ---- */

static void add_names(vb_rng *g, rng_name **names, bool *any, const vb_xml_node *n)
{
  if (vb_rng_is(n, "choice")) {
    for (const vb_xml_node *c = vb_xml_child(n, NULL); c; c = vb_xml_sibling(c, NULL)) add_names(g, names, any, c);
    return;
  }
  vb_span s = vb_rng_is(n, "name") ? vb_span_trim(vb_xml_text(g->a, n)) : vb_xml_attr_get(n, "name");
  if (!s.n) {
    *any = true;
    return;
  }
  rng_name *e = VB_NEW(g->a, rng_name);
  const char *copy = vb_arena_str(g->a, s.p, s.n);
  const char *colon = copy ? strchr(copy, ':') : NULL;
  if (!e || !copy) {
    g->failed = true;
    return;
  }
  e->name = colon && strncmp(copy, "xml:", 4) != 0 ? colon + 1 : copy;
  e->next = *names;
  *names = e;
}

/* The name class of an <element> or <attribute>: its name attribute or its first child. */
static void read_names(vb_rng *g, rng_name **names, bool *any, const vb_xml_node *n)
{
  const vb_xml_node *first = vb_xml_child(n, NULL);
  if (vb_xml_attr_get(n, "name").p) add_names(g, names, any, n);
  else if (first) add_names(g, names, any, first);
}

static rng_elem *elem_of(vb_rng *g, const vb_xml_node *n)
{
  vb_span key = {(const char *)&n, sizeof(void *)}; /* the pointer's own bytes */
  rng_elem *e = vb_map_get(g->elems, key);
  if (e) return e;
  e = VB_NEW(g->a, rng_elem);
  if (!e || !vb_map_put(g->elems, key, e)) {
    g->failed = true;
    return NULL;
  }
  e->node = n;
  read_names(g, &e->names, &e->any_name, n);
  return e;
}

static void add_kid(vb_rng *g, rng_elem *e, const vb_xml_node *n, bool required)
{
  rng_elem *kid = elem_of(g, n);
  rng_kid *k = kid ? VB_NEW(g->a, rng_kid) : NULL;
  if (!k) {
    g->failed = true;
    return;
  }
  k->elem = kid;
  k->required = required && !kid->any_name && kid->names && !kid->names->next;
  if (kid->any_name) e->any_elem = true;
  if (e->last_kid) e->last_kid->next = k;
  else e->kids = k;
  e->last_kid = k;
}

static void add_attr(vb_rng *g, rng_elem *e, const vb_xml_node *n, bool required)
{
  rng_attr *t = VB_NEW(g->a, rng_attr);
  if (!t) {
    g->failed = true;
    return;
  }
  bool any = false;
  t->node = n;
  read_names(g, &t->names, &any, n);
  t->required = required && !any && t->names && !t->names->next;
  if (any) e->any_attr = true;
  if (e->last_attr) e->last_attr->next = t;
  else e->attrs = t;
  e->last_attr = t;
}

static void expand(vb_rng *g, rng_elem *e, const vb_xml_node *n, bool required, int depth);

static void expand_below(vb_rng *g, rng_elem *e, const vb_xml_node *n, bool required, int depth)
{
  for (const vb_xml_node *c = vb_xml_child(n, NULL); c; c = vb_xml_sibling(c, NULL)) expand(g, e, c, required, depth);
}

static void expand(vb_rng *g, rng_elem *e, const vb_xml_node *n, bool required, int depth)
{
  static const char *const same[] = {"group", "interleave", "oneOrMore", NULL};
  static const char *const maybe[] = {"optional", "zeroOrMore", "choice", NULL};
  static const char *const values[] = {"data", "value", "list", NULL};
  static const char *const open[] = {"externalRef", "parentRef", "grammar", NULL};
  if (depth > VB_RNG_REF_DEPTH_MAX || is_any(n, open)) {
    e->any_attr = e->any_elem = e->text = true;
  } else if (vb_rng_is(n, "element")) {
    add_kid(g, e, n, required);
  } else if (vb_rng_is(n, "attribute")) {
    add_attr(g, e, n, required);
  } else if (vb_rng_is(n, "ref")) {
    vb_span name = vb_xml_attr_get(n, "name");
    const vb_xml_node *def = vb_rng_define(g, name, 0);
    if (!def) e->any_attr = e->any_elem = e->text = true;
    for (size_t i = 1; def; def = vb_rng_define(g, name, i++)) {
      vb_span combine = vb_xml_attr_get(def, "combine");
      bool alone = vb_rng_define(g, name, 1) == NULL;
      expand_below(g, e, def, required && (alone || vb_span_is(combine, "interleave")), depth + 1);
    }
  } else if (vb_rng_is(n, "mixed")) {
    e->text = true;
    expand_below(g, e, n, required, depth + 1);
  } else if (vb_rng_is(n, "text")) {
    e->text = true;
  } else if (is_any(n, values)) {
    e->values = true;
  } else if (is_any(n, same)) {
    expand_below(g, e, n, required, depth + 1);
  } else if (is_any(n, maybe)) {
    expand_below(g, e, n, false, depth + 1);
  }
}

void vb_rng_expand(vb_rng *g, rng_elem *e)
{
  if (e->expanded) return;
  e->expanded = true;
  expand_below(g, e, e->node, true, 0);
}

/* A stand-in whose kids are the elements a document may begin with. */
rng_elem *vb_rng_start(vb_rng *g)
{
  if (g->start) return g->start;
  rng_elem *e = VB_NEW(g->a, rng_elem);
  if (!e) {
    g->failed = true;
    return NULL;
  }
  e->expanded = true;
  const vb_xml_node *n;
  for (size_t i = 0; (n = vb_rng_define(g, start_key(), i)); i++) expand_below(g, e, n, false, 0);
  g->start = e;
  return e;
}
