/* xml_parse: bytes → our tree, through libxml2's SAX2 interface; a libxml2 document is built beside it only when a schema asks.
 *
 * Invariants
 *  1. The parser sees UTF-8 alone (vb_xml_decode), so its input offset is the offset in the decoded text and every place is
 *     counted by us; libxml2's line numbers (16 bits in places) and byte columns are never used.
 *  2. No declaration of a document type gets past the internalSubset callback: no entity of a document is ever known, which
 *     makes substitution (XML_PARSE_NOENT, needed for plain attribute values) harmless.
 *  3. The first fault stops the tree; a later fault of form would only be its echo.
 */
#include "xml/xml_int.h"

#include <string.h>

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

#include "text/text.h"

typedef struct vb_xml_read {
  vb_diag *d;
  vb_arena *a;
  const char *file;
  vb_span text;           /* the whole decoded document */
  xmlParserCtxtPtr c;
  bool with_doc;          /* also build libxml2's tree */
  vb_status st;
  vb_xml_node *root, *open;
  vb_map *names;          /* name → its one copy in the arena */
  vb_xml_pos at;          /* where counting stands: the last tag */
  size_t mark;            /* offset behind the last tag: where text would begin */
  vb_buf run;             /* text since then */
  bool in_text, halted;
  uint32_t depth, nodes;
} vb_xml_read;

void vb_xml_pos_move(vb_xml_pos *p, vb_span text, size_t off)
{
  if (off < p->off) *p = (vb_xml_pos){0, 1, 1};
  if (off > text.n) off = text.n;
  for (size_t i = p->off; i < off; i++) {
    unsigned char b = (unsigned char)text.p[i];
    if (b == '\n' || (b == '\r' && !(i + 1 < text.n && text.p[i + 1] == '\n'))) {
      p->line++;
      p->column = 1;
    } else if ((b & 0xC0) != 0x80 && b != '\r') {
      p->column++;
    }
  }
  p->off = off;
}

static size_t input_offset(const vb_xml_read *r)
{
  const xmlParserInput *in = r->c->input;
  if (!in || !in->base) return 0;
  size_t off = (size_t)in->consumed + (size_t)(in->cur - in->base);
  return off > r->text.n ? r->text.n : off;
}

/* Notes that reading ends. The parser is halted when the callback is left: halting frees the input, in which attributes lie. */
static void stop(vb_xml_read *r, vb_status st)
{
  r->st = vb_worse(r->st, st);
}

static void leave(vb_xml_read *r)
{
  if (r->st < VB_BAD || r->halted) return;
  r->halted = true;
  xmlStopParser(r->c);
}

static void stop_limit(vb_xml_read *r, vb_msg m, uint64_t limit, size_t off)
{
  vb_xml_pos_move(&r->at, r->text, off);
  stop(r, VB_POST(r->d, m, ((vb_place){vb_diag_file(r->d, r->file), r->at.line, r->at.column, NULL}), VB_NUM(limit)));
}

static const char *intern(vb_xml_read *r, const xmlChar *prefix, const xmlChar *name)
{
  char joined[512];
  vb_span key = vb_span_of((const char *)name);
  if (prefix) {
    size_t n = strlen((const char *)prefix);
    if (n + key.n + 2 > sizeof joined) prefix = NULL;
    else {
      memcpy(joined, prefix, n);
      joined[n] = ':';
      memcpy(joined + n + 1, key.p, key.n);
      key = (vb_span){joined, n + 1 + key.n};
    }
  }
  char *s = vb_map_get(r->names, key);
  if (s) return s;
  s = vb_arena_str(r->a, key.p, key.n);
  if (!s || !vb_map_put(r->names, key, s)) {
    stop(r, VB_NOMEM);
    return "";
  }
  return s;
}

static bool counted(vb_xml_read *r, size_t off)
{
  if (r->st >= VB_BAD) return false;
  if (++r->nodes <= VB_XML_NODES_MAX) return true;
  stop_limit(r, VB_MSG_XML_NODES, VB_XML_NODES_MAX, off);
  return false;
}

static void attach(vb_xml_read *r, vb_xml_node *n)
{
  n->parent = r->open;
  if (!r->open) r->root = n;
  else if (r->open->last) r->open->last->next = n;
  else r->open->first = n;
  if (r->open) r->open->last = n;
}

static vb_span keep(vb_xml_read *r, const char *p, size_t n)
{
  vb_span s = {vb_arena_str(r->a, p, n), n};
  vb_span nfc = s.p ? vb_text_nfc(r->a, s) : s;
  if (!nfc.p) stop(r, VB_NOMEM);
  return nfc.p ? nfc : (vb_span){"", 0};
}

/* Comments and instructions between a tag and the text behind it are not where the text begins. */
static size_t skip_unseen(vb_span t, size_t off)
{
  for (;;) {
    const char *close = vb_span_starts((vb_span){t.p + off, t.n - off}, "<!--") ? "-->" :
                        vb_span_starts((vb_span){t.p + off, t.n - off}, "<?") ? "?>" : NULL;
    if (!close) return off;
    size_t n = strlen(close), i = off + 2 + (n == 3 ? 2 : 0);
    while (i + n <= t.n && memcmp(t.p + i, close, n) != 0) i++;
    if (i + n > t.n) return off;
    off = i + n;
  }
}

static void flush_text(vb_xml_read *r)
{
  if (!r->in_text) return;
  r->in_text = false;
  size_t off = skip_unseen(r->text, r->mark);
  if (!r->open || !counted(r, off)) return;
  vb_xml_node *n = VB_NEW(r->a, vb_xml_node);
  if (!n || r->run.failed) {
    stop(r, VB_NOMEM);
    return;
  }
  vb_xml_pos_move(&r->at, r->text, off);
  n->kind = VB_XML_TEXT;
  n->line = r->at.line;
  n->column = r->at.column;
  n->text = keep(r, r->run.p ? r->run.p : "", r->run.n);
  attach(r, n);
}

/* ---- SAX ---- */

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/* Moves over one attribute of a start tag as written; *name spans its name. off is behind the tag's name or an attribute. */
static size_t scan_attr(vb_span t, size_t off, size_t end, vb_span *name)
{
  while (off < end && is_space(t.p[off])) off++;
  size_t start = off;
  while (off < end && t.p[off] != '=' && !is_space(t.p[off])) off++;
  *name = (vb_span){t.p + start, off - start};
  while (off < end && t.p[off] != '"' && t.p[off] != '\'') off++;
  if (off >= end) return end;
  char quote = t.p[off++];
  while (off < end && t.p[off] != quote) off++;
  return off < end ? off + 1 : end;
}

static bool is_ns_declaration(vb_span name) { return vb_span_is(name, "xmlns") || vb_span_starts(name, "xmlns:"); }

/* SAX gives attributes in the order of the text, without declarations of namespaces. */
static void add_attrs(vb_xml_read *r, vb_xml_node *n, int count, const xmlChar **attrs, size_t end)
{
  size_t off = r->at.off; /* the tag */
  while (off < end && !is_space(r->text.p[off])) off++;
  vb_xml_attr **tail = &n->attrs;
  for (int i = 0; i < count && r->st < VB_BAD; i++) {
    const xmlChar **v = attrs + (size_t)i * 5;
    vb_span name;
    do off = scan_attr(r->text, off, end, &name);
    while (off < end && is_ns_declaration(name));
    size_t start = (size_t)(name.p - r->text.p);
    if (!counted(r, start)) return;
    vb_xml_attr *at = VB_NEW(r->a, vb_xml_attr);
    if (!at) {
      stop(r, VB_NOMEM);
      return;
    }
    vb_xml_pos_move(&r->at, r->text, start);
    at->line = r->at.line;
    at->column = r->at.column;
    at->name = intern(r, v[1], v[0]);
    at->value = keep(r, (const char *)v[3], (size_t)(v[4] - v[3]));
    *tail = at;
    tail = &at->next;
  }
}

/* Makes our element of a start tag; false when reading ends. */
static bool open_element(vb_xml_read *r, const xmlChar *name, const xmlChar *uri, int nb_attrs, const xmlChar **attrs)
{
  flush_text(r);
  size_t end = input_offset(r), tag = end;
  while (tag > 0 && r->text.p[tag - 1] != '<') tag--;
  if (tag > 0) tag--;
  if (!counted(r, tag)) return false;
  if (++r->depth > VB_XML_DEPTH_MAX) {
    stop_limit(r, VB_MSG_XML_DEPTH, VB_XML_DEPTH_MAX, tag);
    return false;
  }
  vb_xml_node *n = VB_NEW(r->a, vb_xml_node);
  if (!n) {
    stop(r, VB_NOMEM);
    return false;
  }
  vb_xml_pos_move(&r->at, r->text, tag);
  n->kind = VB_XML_ELEMENT;
  n->line = r->at.line;
  n->column = r->at.column;
  n->name = intern(r, NULL, name);
  n->ns = uri ? intern(r, NULL, uri) : NULL;
  add_attrs(r, n, nb_attrs, attrs, end);
  attach(r, n);
  r->open = n;
  while (end < r->text.n && is_space(r->text.p[end])) end++;
  r->mark = end + 1; /* behind ">"; on_end moves it for "/>" */
  return r->st < VB_BAD;
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int nb_ns, const xmlChar **ns,
                     int nb_attrs, int nb_defaulted, const xmlChar **attrs)
{
  xmlParserCtxtPtr c = ctx;
  vb_xml_read *r = c->_private;
  if (open_element(r, name, uri, nb_attrs, attrs) && r->with_doc) {
    xmlSAX2StartElementNs(ctx, name, prefix, uri, nb_ns, ns, nb_attrs, nb_defaulted, attrs);
    if (c->node) c->node->_private = r->open;
  }
  leave(r);
}

static void on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
  xmlParserCtxtPtr c = ctx;
  vb_xml_read *r = c->_private;
  flush_text(r);
  if (r->st >= VB_BAD || !r->open) {
    leave(r);
    return;
  }
  r->mark = input_offset(r);
  r->depth--;
  r->open = r->open->parent;
  if (r->with_doc) xmlSAX2EndElementNs(ctx, name, prefix, uri);
}

static void on_chars(void *ctx, const xmlChar *s, int n)
{
  xmlParserCtxtPtr c = ctx;
  vb_xml_read *r = c->_private;
  if (r->st >= VB_BAD) return;
  if (!r->in_text) vb_buf_clear(&r->run);
  r->in_text = true;
  vb_buf_add(&r->run, s, (size_t)n);
  if (r->run.failed) stop(r, VB_NOMEM);
  else if (r->with_doc) xmlSAX2Characters(ctx, s, n);
  leave(r);
}

static void on_doctype(void *ctx, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id)
{
  xmlParserCtxtPtr c = ctx;
  vb_xml_read *r = c->_private;
  (void)name;
  size_t off = input_offset(r);
  while (off < r->text.n && is_space(r->text.p[off])) off++;
  bool subset = off < r->text.n && r->text.p[off] == '[';
  if (!public_id && !system_id && !subset) return;
  while (off > 0 && r->text.p[off - 1] != '<') off--;
  vb_xml_pos_move(&r->at, r->text, off ? off - 1 : 0);
  stop(r, VB_POST(r->d, VB_MSG_XML_DOCTYPE, ((vb_place){vb_diag_file(r->d, r->file), r->at.line, r->at.column, NULL})));
  leave(r);
}

static void on_error(void *ctx, xmlErrorPtr e)
{
  xmlParserCtxtPtr c = ctx;
  vb_xml_read *r = c->_private;
  if (r->st >= VB_BAD || e->level < XML_ERR_ERROR) return;
  if (e->code == XML_ERR_NO_MEMORY || vb_xml_starved()) {
    stop(r, VB_NOMEM);
    return;
  }
  vb_xml_post_fault(r->d, r->file, e, r->text, input_offset(r));
  r->st = VB_BAD;
}

static xmlEntityPtr no_entity(void *ctx, const xmlChar *name)
{
  (void)ctx;
  (void)name;
  return NULL;
}

static void set_handlers(xmlSAXHandler *s, bool with_doc)
{
  memset(s, 0, sizeof *s);
  s->initialized = XML_SAX2_MAGIC;
  s->internalSubset = on_doctype;
  s->getEntity = no_entity;
  s->startElementNs = on_start;
  s->endElementNs = on_end;
  s->characters = on_chars;
  s->ignorableWhitespace = on_chars;
  s->cdataBlock = on_chars;
  s->serror = on_error;
  if (with_doc) {
    s->startDocument = xmlSAX2StartDocument;
    s->endDocument = xmlSAX2EndDocument;
  }
}

static void run_parser(vb_xml_read *r, const vb_xml_schema *schema)
{
  set_handlers(r->c->sax, r->with_doc);
  r->c->_private = r;
  int options = XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_BIG_LINES | XML_PARSE_IGNORE_ENC;
  xmlDocPtr doc = xmlCtxtReadMemory(r->c, r->text.p, (int)r->text.n, NULL, NULL, options);
  if (r->c->errNo == XML_ERR_NO_MEMORY || vb_xml_starved()) r->st = vb_worse(r->st, VB_NOMEM);
  if (r->st < VB_BAD && (!r->root || r->open || !r->c->wellFormed)) r->st = VB_NOMEM; /* nothing else stops without an error */
  if (r->st < VB_BAD && schema) r->st = doc ? vb_xml_validate(r->d, r->file, schema, doc, r->root) : VB_NOMEM;
  if (doc) xmlFreeDoc(doc);
}

static vb_status read_text(vb_xml_read *r, const vb_xml_schema *schema)
{
  size_t i = 0;
  while (i < r->text.n && is_space(r->text.p[i])) i++;
  vb_place start = {vb_diag_file(r->d, r->file), 1, 1, NULL};
  if (i == r->text.n) return VB_POST(r->d, VB_MSG_XML_EMPTY, start);
  const char *nul = memchr(r->text.p, 0, r->text.n);
  if (nul) { /* libxml2 takes it for the end of its input */
    vb_xml_pos_move(&r->at, r->text, (size_t)(nul - r->text.p));
    return VB_POST(r->d, VB_MSG_XML_CHAR, ((vb_place){start.file, r->at.line, r->at.column, NULL}), "U+0000");
  }
  r->with_doc = schema != NULL;
  r->names = vb_map_new();
  r->c = xmlNewParserCtxt();
  if (!r->names || !r->c) r->st = VB_NOMEM;
  else run_parser(r, schema);
  if (r->c) xmlFreeParserCtxt(r->c);
  vb_map_free(r->names);
  return r->st;
}

vb_status vb_xml_parse(vb_diag *d, vb_arena *a, const char *file, vb_span bytes, const vb_xml_schema *schema, vb_xml_node **root)
{
  *root = NULL;
  vb_place whole = {vb_diag_file(d, file), 0, 0, NULL};
  if (bytes.n > VB_XML_BYTES_MAX) return VB_POST(d, VB_MSG_XML_SIZE, whole, VB_NUM(VB_XML_BYTES_MAX >> 20));
  vb_xml_init();
  if (schema && vb_xml_schema_knows(schema, bytes)) schema = NULL;
  vb_xml_read r = {.d = d, .a = a, .file = file, .at = {0, 1, 1}};
  vb_buf own;
  vb_buf_init(&own);
  vb_buf_init(&r.run);
  vb_status st = vb_xml_decode(d, file, bytes, &own, &r.text);
  if (st == VB_OK && r.text.n > VB_XML_BYTES_MAX) st = VB_POST(d, VB_MSG_XML_SIZE, whole, VB_NUM(VB_XML_BYTES_MAX >> 20));
  if (st == VB_OK) st = read_text(&r, schema);
  if (st == VB_OK) *root = r.root;
  vb_buf_free(&r.run);
  vb_buf_free(&own);
  return st;
}
