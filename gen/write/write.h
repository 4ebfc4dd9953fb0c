/* write: document → bytes. The only room that knows libharu and libxlsxwriter.
 *
 * Invariants
 *  1. Same document, fonts and program give the same bytes.
 *  2. Bytes go to memory; files are written by base alone.
 *  3. libharu's and libxlsxwriter's errors are translated here into one message each; the first one is final for that output.
 */
#ifndef VB_WRITE_H
#define VB_WRITE_H

#include "doc/doc.h"
#include "font/font.h"
#include "layout/layout.h"

typedef enum vb_pdfa { VB_PDFA_2A, VB_PDFA_3A } vb_pdfa;

typedef struct vb_attachment { const char *name, *mime, *description; vb_span bytes; } vb_attachment;

typedef struct vb_write_options {
  const vb_fontset *fonts;
  vb_pdfa pdfa;
  const vb_attachment *attachments; uint32_t n_attachments; /* 3a: source figures as CSV */
  const vb_node *only;      /* a separate appendix; NULL: the document without its separate appendices */
  const char *producer;     /* "vanban 1.0" */
} vb_write_options;

typedef struct vb_slot_place { const char *name; vb_slot_kind kind; int page; vb_len x, y, w, h; } vb_slot_place; /* page from 1; lower left, mpt */
typedef struct vb_figure_place { uint32_t trace; int page; vb_len x, y, w; const char *sheet, *cell; } vb_figure_place;

/* What a writer can tell of its output; lives in the arena given to vb_write. */
typedef struct vb_written {
  int pages;
  vb_slot_place *slots; uint32_t n_slots;
  vb_figure_place *figures; uint32_t n_figures;
  vb_layout_stats stats;
} vb_written;

typedef enum vb_format { VB_FORMAT_PDF, VB_FORMAT_XLSX, VB_FORMAT_TREE, VB_FORMAT_PAGES, VB_FORMAT_NULL, VB_FORMATS } vb_format;

typedef struct vb_writer {
  const char *name, *suffix; /* "pdf", ".pdf" */
  vb_status (*write)(vb_diag *d, const vb_doc *doc, const vb_write_options *o, vb_arena *a, vb_buf *out, vb_written *told);
} vb_writer;

const vb_writer *vb_writer_get(vb_format f);
bool vb_format_by_name(vb_span name, vb_format *out);
/* Once a process, before workers are forked: fonts' base subsets deflated, profile read, libharu's layout of structs proved. */
vb_status vb_write_warm_up(vb_diag *d, const vb_fontset *fonts);
void vb_write_cool_down(void); /* gives back what it holds; before the fontset is closed */
/* Whether the document has a table that goes into a workbook. */
bool vb_write_has_sheets(const vb_doc *doc);

#endif
