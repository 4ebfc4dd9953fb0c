/* xml_rng: the model that xml_rng.c makes of a schema and xml_explain.c walks. For these two alone. */
#ifndef VB_XML_RNG_H
#define VB_XML_RNG_H

#include "xml/xml_int.h"

typedef struct rng_define { struct rng_define *next; const vb_xml_node *node; } rng_define;
typedef struct rng_name { struct rng_name *next; const char *name; } rng_name;
typedef struct rng_attr { struct rng_attr *next; const vb_xml_node *node; rng_name *names; bool required; } rng_attr;
typedef struct rng_kid { struct rng_kid *next; struct rng_elem *elem; bool required; } rng_kid;

typedef struct rng_elem {
  const vb_xml_node *node;   /* the <element> pattern */
  rng_name *names;           /* empty with any_name */
  rng_attr *attrs, *last_attr;
  rng_kid *kids, *last_kid;
  bool any_name, any_attr, any_elem, text, values, expanded;
} rng_elem;

struct vb_rng {
  vb_arena *a;
  vb_map *elems;   /* pattern node (its pointer's bytes) → rng_elem */
  vb_map *defines; /* name → rng_define list */
  rng_elem *start;
  bool failed;     /* out of memory */
};

void vb_rng_expand(vb_rng *g, rng_elem *e);
rng_elem *vb_rng_start(vb_rng *g);

#endif
