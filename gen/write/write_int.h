/* What the files of write share. No other room includes it. */
#ifndef VB_WRITE_INT_H
#define VB_WRITE_INT_H

#include "write/write.h"

/* ---- tree and workbook -------------------------------------------------------------------------------------- */

/* Both have the signature of vb_writer.write. */
/* The document as stable, readable text: what golden tests compare. Streams are run through. */
vb_status vb_write_tree(vb_diag *d, const vb_doc *doc, const vb_write_options *o, vb_arena *a, vb_buf *out, vb_written *told);
/* The workbook: a sheet a table, a sheet a chart, the data sheet. o->fonts must be open: row heights come from its metrics. */
vb_status vb_write_xlsx(vb_diag *d, const vb_doc *doc, const vb_write_options *o, vb_arena *a, vb_buf *out, vb_written *told);
/* Whether a document has a sheet to write; stands here because xlsx.c knows what becomes one. */
bool vb_xlsx_has_sheets(const vb_doc *doc);

/* ---- pdf ---------------------------------------------------------------------------------------------------- */

/* PDF/A-2a (3a with attachments) and PDF/UA-1. Needs vb_write_warm_up; does it itself when nobody has. */
vb_status vb_write_pdf(vb_diag *d, const vb_doc *doc, const vb_write_options *o, vb_arena *a, vb_buf *out, vb_written *told);
/* What vb_write_warm_up does for PDF, and its opposite. */
vb_status vb_pdf_warm_up(vb_diag *d, const vb_fontset *fonts);
void vb_pdf_cool_down(void);

/* ---- pages -------------------------------------------------------------------------------------------------- */

/* Every page as stable, readable text, one box a line: what golden tests of layout compare. Tells pages, slots and statistics. */
vb_status vb_write_pages(vb_diag *d, const vb_doc *doc, const vb_write_options *o, vb_arena *a, vb_buf *out, vb_written *told);

/* ---- null --------------------------------------------------------------------------------------------------- */

/* Lays the document out and writes nothing: for figures, and to learn pages, slots and statistics. */
vb_status vb_write_null(vb_diag *d, const vb_doc *doc, const vb_write_options *o, vb_arena *a, vb_buf *out, vb_written *told);

#endif
