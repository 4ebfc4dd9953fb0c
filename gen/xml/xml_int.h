/* xml_int: what the files of the room xml share. For gen/xml alone. */
#ifndef VB_XML_INT_H
#define VB_XML_INT_H

#include "xml/xml.h"

struct _xmlDoc;
struct _xmlError;

/* A place in the decoded text, moved forward only: the whole text is counted once however many elements stand on a line. */
typedef struct vb_xml_pos { size_t off; uint32_t line, column; } vb_xml_pos;
void vb_xml_pos_move(vb_xml_pos *p, vb_span text, size_t off); /* goes back to the start when off lies behind it */

/* Sets libxml2 up, once: allocator, no network, no files, nothing to standard error. Called at each entry: forgets what ran out. */
void vb_xml_init(void);
bool vb_xml_starved(void); /* an allocation of libxml2's has failed since */
/* Files that libxml2 may open while a schema is read: plain names beside it. dir NULL ends it. */
void vb_xml_loader_allow(vb_diag *d, const char *dir);

/* Decodes a document to UTF-8 without BOM; *out borrows from bytes or from own. */
vb_status vb_xml_decode(vb_diag *d, const char *file, vb_span bytes, vb_buf *own, vb_span *out);

/* Posts one fault of form that libxml2 has met at offset off. */
void vb_xml_post_fault(vb_diag *d, const char *file, const struct _xmlError *e, vb_span text, size_t off);

/* Validates a libxml2 document whose nodes carry ours in _private; root is our tree of it. Compiles the schema when that was put off. */
vb_status vb_xml_validate(vb_diag *d, const char *file, const vb_xml_schema *s, struct _xmlDoc *doc, const vb_xml_node *root);
/* Whether bytes are a file that was valid against this schema when the program was made. */
bool vb_xml_schema_knows(const vb_xml_schema *s, vb_span bytes);

/* The list of such files: SHA-256 of a schema, and of bytes. A schema that the list has was right when the program was made. */
bool vb_xml_known_schema(const char *schema);
bool vb_xml_known(const char *schema, vb_span bytes);

/* ---- the schema as names: what explains an error of validation ---- */

typedef struct vb_rng vb_rng;
vb_rng *vb_rng_new(void);
void vb_rng_free(vb_rng *g);
vb_arena *vb_rng_arena(vb_rng *g);
/* Adds a grammar's tree and the files it includes (beside it, in dir). */
vb_status vb_rng_add(vb_diag *d, vb_rng *g, const char *dir, const char *file, const vb_xml_node *root);
/* Walks a document that libxml2 has refused and posts what is wrong, element by element; *found counts the messages.
 * nodes gets the elements that messages were posted for, at most cap. */
typedef struct vb_rng_report { vb_diag *d; const char *file; const vb_xml_node **nodes; size_t cap, found; bool failed; } vb_rng_report;
void vb_rng_explain(vb_rng *g, vb_rng_report *r, const vb_xml_node *root);

/* The names that n may hold by the schema, "a, b, c"; nothing when n is not known. */
void vb_rng_names_of(vb_rng *g, const vb_xml_node *n, vb_buf *attrs, vb_buf *elements);

/* Definitions of a name; for values that refer to them. Iterates with index from 0; NULL ends. */
const vb_xml_node *vb_rng_define(const vb_rng *g, vb_span name, size_t index);
/* Whether text satisfies the value patterns below `owner` (an <attribute>, <element> or <define>); true where it cannot be told. */
bool vb_rng_value_ok(const vb_rng *g, const vb_xml_node *owner, vb_span text);
/* Writes what is expected, without words of a language: "a", "b", decimal ≥ 0. Adds the literal values to names. */
void vb_rng_value_describe(const vb_rng *g, const vb_xml_node *owner, vb_buf *out, vb_map *names);
bool vb_rng_is(const vb_xml_node *n, const char *name); /* an element of the RELAX NG namespace of that name */

#endif
