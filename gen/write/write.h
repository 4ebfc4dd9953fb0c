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
/* ---- workbooks to fill in (entry.c) -------------------------------------------------------------------------- */

/* What an input cell takes; GROUP: a heading without a cell of its own. */
typedef enum vb_entry_type { VB_ENTRY_GROUP, VB_ENTRY_TEXT, VB_ENTRY_COUNT, VB_ENTRY_DECIMAL, VB_ENTRY_PERCENT, VB_ENTRY_MONEY, VB_ENTRY_CODE, VB_ENTRY_DATE } vb_entry_type;

/* A rule that the sheet itself watches: NOT_ABOVE: the row's figure is at most that of code a; RATIO: it is a * scale / b, rounded to
 * the row's places. Codes that have no row are passed over. */
typedef enum vb_entry_rule { VB_ENTRY_NOT_ABOVE, VB_ENTRY_RATIO } vb_entry_rule;
typedef struct vb_entry_check { vb_entry_rule rule; const char *a, *b; int scale; } vb_entry_check;

typedef struct vb_entry_choice { const char *value, *label; } vb_entry_choice;

/* text set: the text (of a DATE, YYYY-MM-DD); else num where has_num; else nothing. */
typedef struct vb_entry_figure { const char *text; vb_dec num; bool has_num; } vb_entry_figure;

typedef struct vb_entry_row {
  const char *code, *label, *measure, *note;
  vb_entry_type type;
  int places, depth;
  bool closed;              /* not for this unit: no figure can be entered */
  const vb_entry_choice *choices; size_t n_choices;
  const vb_entry_check *checks; size_t n_checks;
  vb_entry_figure value, before; /* as delivered so far; of the year before */
} vb_entry_row;

/* One unit's form. period_before: NULL leaves its column out of sight. */
typedef struct vb_entry {
  const char *title, *unit_name, *unit, *period, *period_before, *producer;
  const vb_entry_row *rows; size_t n_rows;
} vb_entry;

/* The workbook of one unit: labels locked (without a password), inputs open and watched, headings that the reader of values
 * knows. The same entry gives the same bytes. */
vb_status vb_write_entry(vb_diag *d, const vb_entry *e, const vb_fontset *fonts, vb_buf *out);

/* Whether the document has a table that goes into a workbook. */
bool vb_write_has_sheets(const vb_doc *doc);

#endif
