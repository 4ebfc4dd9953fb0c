/* xml_value: whether a text satisfies the value patterns of a schema, and what they ask for in words without a language.
 * For gen/xml alone. Datatypes are judged by libxml2; what is not modelled here passes. */
#include "xml/xml_int.h"

#include <string.h>

#include <libxml/xmlregexp.h>
#include <libxml/xmlschemas.h>
#include <libxml/xmlschemastypes.h>

#define XSD_NS ((const xmlChar *)"http://www.w3.org/2001/XMLSchema")

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/* Equality after runs of white space are made one and the ends trimmed: RELAX NG's "token". */
static bool token_eq(vb_span a, vb_span b)
{
  size_t i = 0, k = 0;
  for (;;) {
    bool sa = i < a.n && is_space(a.p[i]), sb = k < b.n && is_space(b.p[k]);
    bool first = i == 0 || k == 0;
    while (i < a.n && is_space(a.p[i])) i++;
    while (k < b.n && is_space(b.p[k])) k++;
    if (i == a.n || k == b.n) return i == a.n && k == b.n;
    if (!first && sa != sb) return false;
    if (a.p[i++] != b.p[k++]) return false;
  }
}

static bool facet_ok(const xmlChar *name, const char *wanted, const char *cstr, xmlSchemaValPtr val)
{
  static const struct { const char *name; xmlSchemaTypeType type; } facets[] = {
    {"minInclusive", XML_SCHEMA_FACET_MININCLUSIVE}, {"maxInclusive", XML_SCHEMA_FACET_MAXINCLUSIVE},
    {"minExclusive", XML_SCHEMA_FACET_MINEXCLUSIVE}, {"maxExclusive", XML_SCHEMA_FACET_MAXEXCLUSIVE},
    {"minLength", XML_SCHEMA_FACET_MINLENGTH},       {"maxLength", XML_SCHEMA_FACET_MAXLENGTH},
    {"length", XML_SCHEMA_FACET_LENGTH},
  };
  if (strcmp((const char *)name, "pattern") == 0) {
    xmlRegexpPtr re = xmlRegexpCompile((const xmlChar *)wanted);
    int r = re ? xmlRegexpExec(re, (const xmlChar *)cstr) : 1;
    if (re) xmlRegFreeRegexp(re);
    return r != 0;
  }
  for (size_t i = 0; i < sizeof facets / sizeof facets[0]; i++) {
    if (strcmp((const char *)name, facets[i].name) != 0) continue;
    xmlSchemaFacetPtr f = xmlSchemaNewFacet();
    if (!f) return true;
    f->type = facets[i].type;
    f->value = (const xmlChar *)wanted;
    xmlSchemaTypePtr base = xmlSchemaGetBuiltInType(strstr(facets[i].name, "ength") ? XML_SCHEMAS_STRING : XML_SCHEMAS_DECIMAL);
    bool ok = true;
    if (xmlSchemaCheckFacet(f, base, NULL, NULL) == 0) ok = xmlSchemaValidateFacet(base, f, (const xmlChar *)cstr, val) <= 0;
    f->value = NULL;
    xmlSchemaFreeFacet(f);
    return ok;
  }
  return true;
}

static bool data_ok(const vb_xml_node *n, vb_span text, vb_arena *a)
{
  vb_span type = vb_xml_attr_get(n, "type");
  char *name = vb_arena_str(a, type.p ? type.p : "", type.n), *value = vb_arena_str(a, text.p ? text.p : "", text.n);
  if (!name || !value) return true;
  xmlSchemaInitTypes();
  xmlSchemaTypePtr t = xmlSchemaGetPredefinedType((const xmlChar *)name, XSD_NS);
  xmlSchemaValPtr val = NULL;
  if (t && xmlSchemaValPredefTypeNodeNoNorm(t, (const xmlChar *)value, &val, NULL) != 0) return false;
  bool ok = true;
  for (const vb_xml_node *c = vb_xml_child(n, "param"); c && ok; c = vb_xml_sibling(c, "param")) {
    vb_span want = vb_xml_text(a, c), facet = vb_xml_attr_get(c, "name");
    char *w = vb_arena_str(a, want.p, want.n), *f = vb_arena_str(a, facet.p ? facet.p : "", facet.n);
    if (w && f) ok = facet_ok((const xmlChar *)f, w, value, val);
  }
  if (val) xmlSchemaFreeValue(val);
  return ok;
}

static bool ok_below(const vb_rng *g, const vb_xml_node *owner, vb_span text, vb_arena *a, int depth);

/* One pattern. Groups of patterns cannot be judged alone and pass. */
static bool pattern_ok(const vb_rng *g, const vb_xml_node *n, vb_span text, vb_arena *a, int depth)
{
  if (depth > VB_RNG_VALUE_DEPTH_MAX) return true;
  if (vb_rng_is(n, "value")) {
    vb_span want = vb_xml_text(a, n);
    return vb_span_is(vb_xml_attr_get(n, "type"), "string") ? vb_span_eq(want, text) : token_eq(want, text);
  }
  if (vb_rng_is(n, "data")) return data_ok(n, text, a);
  if (vb_rng_is(n, "empty")) return vb_span_trim(text).n == 0;
  if (vb_rng_is(n, "notAllowed")) return false;
  if (vb_rng_is(n, "optional")) return vb_span_trim(text).n == 0 || ok_below(g, n, text, a, depth + 1);
  if (vb_rng_is(n, "choice")) {
    for (const vb_xml_node *c = vb_xml_child(n, NULL); c; c = vb_xml_sibling(c, NULL))
      if (pattern_ok(g, c, text, a, depth + 1)) return true;
    return false;
  }
  if (vb_rng_is(n, "ref")) {
    vb_span name = vb_xml_attr_get(n, "name");
    const vb_xml_node *def;
    bool seen = false;
    for (size_t i = 0; (def = vb_rng_define(g, name, i)); i++) {
      seen = true;
      if (ok_below(g, def, text, a, depth + 1)) return true;
    }
    return !seen;
  }
  return true;
}

static bool is_class(const vb_xml_node *n) { return vb_rng_is(n, "name") || vb_rng_is(n, "anyName") || vb_rng_is(n, "nsName"); }

/* All patterns below owner but its name class. */
static bool ok_below(const vb_rng *g, const vb_xml_node *owner, vb_span text, vb_arena *a, int depth)
{
  for (const vb_xml_node *c = vb_xml_child(owner, NULL); c; c = vb_xml_sibling(c, NULL))
    if (!is_class(c) && !vb_rng_is(c, "attribute") && !pattern_ok(g, c, text, a, depth)) return false;
  return true;
}

bool vb_rng_value_ok(const vb_rng *g, const vb_xml_node *owner, vb_span text)
{
  vb_arena *a = vb_arena_new(0);
  bool ok = !a || ok_below(g, owner, text, a, 0);
  vb_arena_free(a);
  return ok;
}

/* ---- in words ---- */

typedef struct describing { const vb_rng *g; vb_buf *out; vb_map *names; vb_arena *a; } describing;

static void item(describing *x, const char *quote, vb_span s)
{
  if (x->out->n) vb_buf_str(x->out, ", ");
  vb_buf_str(x->out, quote);
  vb_buf_span(x->out, s);
  vb_buf_str(x->out, quote);
}

static const char *facet_sign(vb_span name)
{
  static const char *const signs[][2] = {{"minInclusive", " ≥ "}, {"maxInclusive", " ≤ "}, {"minExclusive", " > "}, {"maxExclusive", " < "},
                                         {"pattern", " "}, {"minLength", " length ≥ "}, {"maxLength", " length ≤ "}, {"length", " length = "}};
  for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
    if (vb_span_is(name, signs[i][0])) return signs[i][1];
  return " ";
}

static void describe(describing *x, const vb_xml_node *n, int depth)
{
  if (depth > VB_RNG_VALUE_DEPTH_MAX || is_class(n) || vb_rng_is(n, "attribute")) return;
  if (vb_rng_is(n, "value")) {
    vb_span s = vb_span_trim(vb_xml_text(x->a, n));
    item(x, "\"", s);
    if (x->names && s.n) vb_map_put(x->names, s, x); /* without it only the suggestion is lost */
  } else if (vb_rng_is(n, "data")) {
    vb_span type = vb_xml_attr_get(n, "type");
    item(x, "", vb_span_is(type, "date") ? VB_LIT("YYYY-MM-DD") : type);
    for (const vb_xml_node *c = vb_xml_child(n, "param"); c; c = vb_xml_sibling(c, "param")) {
      vb_buf_str(x->out, facet_sign(vb_xml_attr_get(c, "name")));
      vb_buf_span(x->out, vb_xml_text(x->a, c));
    }
  } else if (vb_rng_is(n, "empty")) {
    item(x, "", VB_LIT("\"\""));
  } else if (vb_rng_is(n, "ref")) {
    const vb_xml_node *def;
    for (size_t i = 0; (def = vb_rng_define(x->g, vb_xml_attr_get(n, "name"), i)); i++)
      for (const vb_xml_node *c = vb_xml_child(def, NULL); c; c = vb_xml_sibling(c, NULL)) describe(x, c, depth + 1);
  } else if (!vb_rng_is(n, "element")) {
    for (const vb_xml_node *c = vb_xml_child(n, NULL); c; c = vb_xml_sibling(c, NULL)) describe(x, c, depth + 1);
  }
}

void vb_rng_value_describe(const vb_rng *g, const vb_xml_node *owner, vb_buf *out, vb_map *names)
{
  vb_arena *a = vb_arena_new(0);
  if (!a) return;
  describing x = {g, out, names, a};
  for (const vb_xml_node *c = vb_xml_child(owner, NULL); c; c = vb_xml_sibling(c, NULL)) describe(&x, c, 0);
  vb_arena_free(a);
}
