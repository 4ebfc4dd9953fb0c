/* xml_schema: RELAX NG through libxml2, which decides whether a document is valid; what is wrong with a refused one is told by
 * xml_rng and xml_explain, because libxml2's messages cascade and name no way out. For gen/xml alone.
 *
 * Invariants
 *  1. A document that libxml2 accepts is accepted: the explanation runs on refused documents only.
 *  2. A refused document gets at least one message.
 *  3. The names are read when a document is first refused (or the schema itself is): most runs never need them.
 *  4. A schema that xml_known has is right, and is compiled when a document comes that xml_known has not: most runs never need that either.
 */
#include "xml/xml_int.h"

#include <string.h>

#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <libxml/xmlerror.h>

/* The schema as a file, what has been made of it so far, and what it takes to make the rest; in the arena of the names. */
typedef struct made {
  vb_rng *g;
  const char *path, *dir;
  vb_span bytes;
  char sha256[VB_SHA256_HEX];
  bool known, names;  /* by xml_known; names: they are read */
  xmlRelaxNGPtr rng;  /* NULL as long as nothing had to be validated */
} made;

struct vb_xml_schema { vb_rng *g; made *made; };

/* ---- opening ---- */

typedef struct first_error { char text[VB_MSG_ARG_BYTES]; bool seen, no_memory; } first_error;

static void on_schema_error(void *ctx, xmlErrorPtr e)
{
  first_error *f = ctx;
  if (e->code == XML_ERR_NO_MEMORY) f->no_memory = true;
  if (f->seen || e->level < XML_ERR_ERROR) return;
  f->seen = true;
  vb_span m = vb_span_trim(vb_span_of(e->message));
  vb_span_text(f->text, sizeof f->text, m);
}

/* A schema with declarations of a document type goes no further than any other file would. */
static bool declares(const xmlDoc *doc)
{
  const xmlDtd *t = doc->intSubset;
  return t && (t->children || t->ExternalID || t->SystemID);
}

/* VB_BAD: e says why, or our own reader of names will. libxml2 is given the schema under a name without a folder, so that its includes resolve to names without a folder too. */
static vb_status compile(vb_span bytes, xmlRelaxNGPtr *out, first_error *e)
{
  xmlDocPtr doc = xmlReadMemory(bytes.p, (int)bytes.n, "schema.rng", NULL, XML_PARSE_NONET | XML_PARSE_BIG_LINES | XML_PARSE_NOBLANKS | XML_PARSE_COMPACT);
  xmlRelaxNGParserCtxtPtr c = doc && !declares(doc) ? xmlRelaxNGNewDocParserCtxt(doc) : NULL;
  if (c) {
    xmlRelaxNGSetParserStructuredErrors(c, on_schema_error, e);
    *out = xmlRelaxNGParse(c);
    xmlRelaxNGFreeParserCtxt(c);
  }
  if (doc) xmlFreeDoc(doc);
  if (*out && !e->seen && !vb_xml_starved()) return VB_OK;
  return e->no_memory || vb_xml_starved() ? VB_NOMEM : VB_BAD;
}

static char *folder_of(vb_arena *a, const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash ? vb_arena_str(a, path, (size_t)(slash - path) + 1) : vb_arena_str(a, ".", 1);
}

static vb_status read_names(vb_diag *d, made *m)
{
  if (m->names) return VB_OK;
  vb_xml_node *root = NULL;
  vb_status st = vb_xml_parse(d, vb_rng_arena(m->g), m->path, m->bytes, NULL, &root);
  if (st == VB_OK) st = vb_rng_add(d, m->g, m->dir, m->path, root);
  m->names = st == VB_OK;
  return st;
}

static vb_status make(vb_diag *d, made *m)
{
  if (m->rng) return VB_OK;
  first_error e = {{0}, false, false};
  vb_xml_loader_allow(d, m->dir);
  vb_status st = compile(m->bytes, &m->rng, &e);
  vb_xml_loader_allow(NULL, NULL);
  if (st != VB_BAD) return st;
  st = read_names(d, m); /* it knows more of a wrong include or a fault of form */
  if (st == VB_OK && !e.seen) return VB_NOMEM; /* nothing else stops without an error */
  return st == VB_OK ? VB_POST(d, VB_MSG_XML_SCHEMA, ((vb_place){vb_diag_file(d, m->path), 0, 0, NULL}), e.text) : st;
}

static vb_status open_in(vb_diag *d, const char *path, vb_span bytes, vb_xml_schema *s)
{
  vb_arena *a = vb_rng_arena(s->g);
  made *m = VB_NEW(a, made);
  if (!m) return VB_NOMEM;
  *m = (made){.g = s->g, .path = vb_arena_str(a, path, strlen(path)), .dir = folder_of(a, path), .bytes = {vb_arena_str(a, bytes.p, bytes.n), bytes.n}};
  if (!m->path || !m->dir || !m->bytes.p || !vb_sha256(bytes.p, bytes.n, m->sha256)) return VB_NOMEM;
  s->made = m;
  m->known = vb_xml_known_schema(m->sha256);
  return m->known ? VB_OK : make(d, m);
}

vb_status vb_xml_schema_open(vb_diag *d, const char *path, vb_xml_schema **out)
{
  *out = NULL;
  vb_xml_init();
  vb_buf bytes;
  vb_buf_init(&bytes);
  vb_status st = vb_file_read(d, path, VB_TEXT_BYTES_MAX, false, &bytes);
  vb_xml_schema *s = st == VB_OK ? vb_mem_zalloc(sizeof *s) : NULL;
  if (s) s->g = vb_rng_new();
  if (st == VB_OK && (!s || !s->g)) st = VB_NOMEM;
  if (st == VB_OK) st = open_in(d, path, (vb_span){bytes.p, bytes.n}, s);
  vb_buf_free(&bytes);
  if (st == VB_OK) *out = s;
  else vb_xml_schema_close(s);
  return st;
}

void vb_xml_schema_close(vb_xml_schema *s)
{
  if (!s) return;
  if (s->made && s->made->rng) xmlRelaxNGFree(s->made->rng);
  vb_rng_free(s->g);
  vb_mem_free(s);
}

bool vb_xml_schema_knows(const vb_xml_schema *s, vb_span bytes)
{
  return s->made->known && vb_xml_known(s->made->sha256, bytes);
}

/* ---- validating ---- */

enum { ERRORS_KEPT = 32, NODES_KEPT = 256 };

typedef struct invalid { const vb_xml_node *n; int code; } invalid;
typedef struct errors { invalid e[ERRORS_KEPT]; size_t n; bool no_memory; } errors;

static void on_invalid(void *ctx, xmlErrorPtr e)
{
  errors *list = ctx;
  if (e->code == XML_ERR_NO_MEMORY) list->no_memory = true;
  const xmlNode *x = e->node;
  while (x && (x->type != XML_ELEMENT_NODE || !x->_private)) x = x->type == XML_DOCUMENT_NODE ? NULL : x->parent;
  if (!x || list->n == ERRORS_KEPT) return;
  list->e[list->n++] = (invalid){x->_private, e->code};
}

static bool within(const vb_xml_node *n, const vb_xml_node *top)
{
  while (n && n != top) n = n->parent;
  return n == top;
}

/* What libxml2 found and names alone do not explain: order, number, combinations. The innermost of a cascade comes first. */
static void post_rest(vb_rng *g, vb_rng_report *r, const errors *list, const vb_xml_node *root)
{
  for (size_t i = 0; i < list->n; i++) {
    const vb_xml_node *n = list->e[i].n, *around = n->parent ? n->parent : n;
    bool told = false;
    size_t known = r->found < r->cap ? r->found : r->cap;
    for (size_t k = 0; k < known && !told; k++) told = within(r->nodes[k], around);
    if (told) continue;
    int code = list->e[i].code;
    bool order = code == XML_RELAXNG_ERR_ELEMNAME || code == XML_RELAXNG_ERR_ELEMWRONG || code == XML_RELAXNG_ERR_EXTRACONTENT ||
                 code == XML_RELAXNG_ERR_INTEREXTRA;
    if (order && n->parent) {
      VB_POST(r->d, VB_MSG_XML_ELEMENT_PLACE, vb_xml_at(r->d, r->file, n), n->name, n->parent->name);
    } else {
      vb_buf attrs, elements;
      vb_buf_init(&attrs);
      vb_buf_init(&elements);
      vb_rng_names_of(g, n, &attrs, &elements);
      VB_POST(r->d, VB_MSG_XML_CONTENT, vb_xml_at(r->d, r->file, n), n->name, attrs.n ? vb_buf_cstr(&attrs) : "-",
              elements.n ? vb_buf_cstr(&elements) : "-");
      vb_buf_free(&attrs);
      vb_buf_free(&elements);
    }
    if (r->found < r->cap) r->nodes[r->found] = n;
    r->found++;
  }
  if (r->found == 0) VB_POST(r->d, VB_MSG_XML_CONTENT, vb_xml_at(r->d, r->file, root), root->name, "-", "-");
}

vb_status vb_xml_validate(vb_diag *d, const char *file, const vb_xml_schema *s, struct _xmlDoc *doc, const vb_xml_node *root)
{
  vb_status ready = make(d, s->made);
  if (ready != VB_OK) return ready;
  errors list = {.n = 0};
  xmlRelaxNGValidCtxtPtr v = xmlRelaxNGNewValidCtxt(s->made->rng);
  if (!v) return VB_NOMEM;
  xmlRelaxNGSetValidStructuredErrors(v, on_invalid, &list);
  int result = xmlRelaxNGValidateDoc(v, doc);
  xmlRelaxNGFreeValidCtxt(v);
  if (result < 0 || list.no_memory || vb_xml_starved()) return VB_NOMEM;
  if (result == 0) return VB_OK;
  vb_status known = read_names(d, s->made);
  if (known != VB_OK) return known;
  const vb_xml_node *nodes[NODES_KEPT];
  vb_rng_report r = {d, file, nodes, NODES_KEPT, 0, false};
  vb_rng_explain(s->g, &r, root);
  if (r.failed) return VB_NOMEM;
  post_rest(s->g, &r, &list, root);
  return VB_BAD;
}
