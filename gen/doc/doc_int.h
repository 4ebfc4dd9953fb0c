/* What the files of doc share. No other room includes it. */
#ifndef VB_DOC_INT_H
#define VB_DOC_INT_H

#include "doc/doc.h"

/* State of one proof of a document. */
typedef struct vb_proof {
  vb_diag *d;
  const vb_doc *doc;
  vb_map *keys, *ids; /* cell keys and anchors met so far */
  bool held;          /* of a stream that proves its rows the first alone is asked for */
} vb_proof;

/* One text of a node: valid, NFC, no forbidden character, not empty. */
vb_status vb_proof_text(vb_proof *p, const vb_node *n, vb_span text);
/* All nodes from n down, tables included. */
vb_status vb_proof_tree(vb_proof *p, const vb_node *n);
/* Columns, grid and row order of a table; the rows of a stream in full. */
vb_status vb_proof_table(vb_proof *p, const vb_node *table);
/* Page and type within ND30 PL I.I. */
vb_status vb_proof_setup(vb_proof *p);

#endif
