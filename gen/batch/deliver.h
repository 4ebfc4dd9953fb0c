/* deliver.h: what goes with a document. Shared inside batch. */
#ifndef VB_BATCH_DELIVER_H
#define VB_BATCH_DELIVER_H

#include "batch/known.h"

/* Every figure of the document's form with its source, as CSV (RFC 4180), appended. */
vb_status vb_figures_csv(const vb_doc *doc, vb_buf *out);
/* A PDF of the document, as its writer told of it; name NULL: the document's own, else that of an appendix's. */
typedef struct vb_told_pdf { vb_written told; const char *name; } vb_told_pdf;
typedef struct vb_told { const vb_told_pdf *pdfs; size_t n_pdfs; const vb_written *sheets; /* NULL: no workbook */ } vb_told;
/* <document id>.trace.json: figures in reading order, on the pages of its PDFs and in its sheets. */
vb_status vb_trace_file(vb_diag *d, vb_arena *a, const vb_doc *doc, const vb_told *told, vb_buf *out);

/* ---- handing.c ---------------------------------------------------------------------------------------------- */

/* Opens what -f edxml and --archive need: the schema of packages, the mapping of archive records (the job's own goes first). */
vb_status vb_handing_open(vb_run *run);
void vb_handing_close(vb_run *run);
/* Whether a document can be handed over: only what is issued has the number and date that others know it by. Says so where it cannot. */
vb_status vb_handing_ready(vb_run *run, const vb_order *o, bool *ready);

/* What package and records are made of beyond document and meta, for made_of.c: the mapping, and what the job says. */
void vb_handing_hash_run(const vb_run *run, vb_hash *h);
void vb_handing_hash(const vb_order *o, vb_hash *h);

typedef struct vb_handing {
  const vb_order *order;
  const char *name;               /* of the package, for messages */
  int pages;                      /* of all PDFs of the document */
  const vb_edxml_file *files; size_t n_files;
  vb_date today;                  /* --date; year 0: none */
  const struct vb_xml_schema *schema;
} vb_handing;
/* <document id>.edxml from the document, its unit, its job and its files. */
vb_status vb_package_file(vb_diag *d, vb_arena *a, const vb_doc *doc, const vb_handing *h, vb_buf *out);
/* The i-th record of the mapping. */
vb_status vb_archive_file(vb_run *run, vb_arena *a, const vb_doc *doc, const vb_handing *h, size_t i, vb_buf *out);

#endif
