/* deliver.h: what goes with a document. Shared inside batch. */
#ifndef VB_BATCH_DELIVER_H
#define VB_BATCH_DELIVER_H

#include "batch/batch_int.h"

/* Every figure of the document's form with its source, as CSV (RFC 4180), appended. */
vb_status vb_figures_csv(const vb_doc *doc, vb_buf *out);
/* <document id>.trace.json: figures in reading order, on pages and in sheets; either may be NULL. */
vb_status vb_trace_file(vb_diag *d, vb_arena *a, const vb_doc *doc, const vb_written *pages, const vb_written *sheets, vb_buf *out);

typedef struct vb_package_parts {
  const char *name;               /* of the package, for messages */
  int pages;                      /* of the PDF */
  const vb_edxml_file *files; size_t n_files;
  vb_date today;                  /* --date; year 0: none */
  const struct vb_xml_schema *schema;
} vb_package_parts;
/* <document id>.edxml from the document and its files. */
vb_status vb_package_file(vb_diag *d, vb_arena *a, const vb_doc *doc, const vb_package_parts *parts, vb_buf *out);

#endif
