/* xml: XML with places. Reading into a plain tree, validation against a schema, writing with escaping.
 *
 * The only room that knows libxml2. Input is hostile until read: no DTD is loaded, no external entity, no network, no XInclude;
 * internal entity declarations are refused outright; size, depth and node count are limited (limits.h).
 *
 * Invariants
 *  1. Every element and attribute knows line and column of its first character in the decoded text.
 *  2. Text is NFC UTF-8; white space is kept as written.
 *  3. After a failure the diag holds what a person has to mend: the first fault of form (the later ones are its echo), or every
 *     fault against the schema, each once, each with its place.
 */
#ifndef VB_XML_H
#define VB_XML_H

#include "base/base.h"

/* name: the local name; a prefixed attribute keeps its prefix as written ("xml:lang"). Declarations of namespaces are no attributes. */
typedef struct vb_xml_attr { struct vb_xml_attr *next; const char *name; vb_span value; uint32_t line, column; } vb_xml_attr;

typedef enum vb_xml_kind { VB_XML_ELEMENT, VB_XML_TEXT } vb_xml_kind; /* comments and processing instructions are dropped */

typedef struct vb_xml_node {
  vb_xml_kind kind;
  const char *name;         /* element: local name; NULL for text */
  const char *ns;           /* namespace URI or NULL */
  vb_span text;             /* text: entities resolved, CDATA joined */
  vb_xml_attr *attrs;
  struct vb_xml_node *parent, *first, *last, *next;
  uint32_t line, column;
} vb_xml_node;

typedef struct vb_xml_schema vb_xml_schema;

/* Parses bytes. file names it in messages (interned by the diag). schema may be NULL. The tree lives in arena a. */
vb_status vb_xml_parse(vb_diag *d, vb_arena *a, const char *file, vb_span bytes, const vb_xml_schema *schema, vb_xml_node **root);
/* Reads a RELAX NG schema (XML syntax) from a file; includes only files beside it. Caller closes. */
vb_status vb_xml_schema_open(vb_diag *d, const char *path, vb_xml_schema **out);
void vb_xml_schema_close(vb_xml_schema *s);
/* Frees libxml2's process-wide data; once, at exit. */
void vb_xml_cleanup(void);

vb_place vb_xml_at(vb_diag *d, const char *file, const vb_xml_node *n);
vb_span vb_xml_attr_get(const vb_xml_node *n, const char *name); /* .p NULL when absent */
const vb_xml_attr *vb_xml_attr_find(const vb_xml_node *n, const char *name);
const vb_xml_node *vb_xml_child(const vb_xml_node *n, const char *name); /* first child element of that name (NULL name: any) */
const vb_xml_node *vb_xml_sibling(const vb_xml_node *n, const char *name);
/* All text below n, joined; in a. */
vb_span vb_xml_text(vb_arena *a, const vb_xml_node *n);

/* Writer: into a buffer, UTF-8, escaped; characters that XML forbids become U+FFFD. With indent, elements that hold no text are
 * indented; an element that begins with a child and holds text later needs an empty vb_xml_chars first. Errors (out of memory; an
 * attribute behind content, text outside the root) are sticky in the buffer. */
typedef struct vb_xml_writer vb_xml_writer;
vb_xml_writer *vb_xml_writer_new(vb_buf *out, bool indent); /* NULL when out of memory */
void vb_xml_writer_declaration(vb_xml_writer *w);
void vb_xml_open(vb_xml_writer *w, const char *name);       /* name may carry a prefix */
void vb_xml_attr_put(vb_xml_writer *w, const char *name, vb_span value);
void vb_xml_chars(vb_xml_writer *w, vb_span text);
void vb_xml_raw_base64(vb_xml_writer *w, const void *bytes, size_t n);
void vb_xml_close(vb_xml_writer *w);
void vb_xml_element(vb_xml_writer *w, const char *name, vb_span text); /* open, chars, close */
vb_status vb_xml_writer_end(vb_xml_writer *w); /* closes what is open, frees w; VB_NOMEM when anything failed */

#endif
