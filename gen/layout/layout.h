/* layout: document tree → pages of boxes. Paragraph breaking, tables, pages. Knows no PDF.
 *
 * Pages are made one at a time and handed out, so that a document of 4,000 pages needs the memory of one.
 *
 * Invariants
 *  1. Every word of the tree stands in exactly one box, in order; repeated headers and "(tiếp theo)" labels are marked `repeated`.
 *  2. No box reaches outside the margins, but the page number (in the top margin) and rules of a table's frame.
 *  3. Boxes come in reading order. A text box holds one run of one face, size and inline.
 *  4. Layout ends for every tree that vb_doc_verify accepts: each page takes at least one line.
 *  5. Coordinates are mpt from the lower left corner of the page, x of the run's start, y of its baseline.
 */
#ifndef VB_LAYOUT_H
#define VB_LAYOUT_H

#include "doc/doc.h"
#include "font/font.h"

typedef enum vb_box_kind { VB_BOX_TEXT, VB_BOX_LINE /* a stroked line */, VB_BOX_FRAME /* a stroked rectangle */, VB_BOX_FILL, VB_BOX_SLOT } vb_box_kind;

typedef struct vb_box {
  vb_box_kind kind;
  uint8_t face;             /* TEXT: vb_face_id */
  bool artifact;            /* page number, rules, frames, repeated headers: not part of the text */
  bool repeated;            /* a copy: header row on a further page, "(tiếp theo)" */
  bool line_end;            /* TEXT: last run of its line */
  bool soft_space;          /* TEXT, line_end: the line was broken at a space, which stands at the end of `text` */
  bool label;               /* TEXT: the node's automatic number or mark, not its content */
  vb_len x, y, w, h;        /* TEXT: start, baseline, set width (without the spaces at a line's end), font size. LINE: from x,y by w,h. FRAME, FILL, SLOT: lower left corner and size */
  vb_len space;             /* TEXT: added to every space (and no-break space) of the run; may be negative */
  uint32_t color;           /* 0xRRGGBB */
  vb_len weight;            /* LINE, FRAME: stroke width */
  vb_span text;             /* TEXT: as set (capitals where the style asks) */
  const vb_node *node;      /* owner: TEXT, FIGURE, CELL with plain text; PARA or ITEM for labels; SLOT; TABLE for its lines; CHART for all of a chart; SEQUENCE: page number */
} vb_box;

typedef struct vb_page {
  vb_len width, height;
  int number;               /* within its sequence, from 1 */
  int index;                /* within the file, from 0 */
  const vb_node *sequence;
  bool first_of_sequence;
  const vb_box *boxes; uint32_t n_boxes;
} vb_page;

typedef struct vb_layout vb_layout;

/* Statistics of justified lines, for the comparison with other typesetters: set width of a space over its natural width, 1.0 = natural. */
typedef struct vb_layout_stats { uint32_t lines, paragraphs; double mean_stretch, worst_stretch; } vb_layout_stats;

/* Begins. `only`: lay out just this sequence (a separate appendix), NULL: all sequences that are not separate.
 * A character that a face lacks is VB_BAD with the node's place, before any page is made; in a streamed row, when the row is made, by vb_layout_next. */
vb_status vb_layout_open(vb_diag *d, const vb_doc *doc, const vb_fontset *fonts, const vb_node *only, vb_layout **out);
/* The next page; it and its boxes live until the next call. VB_DONE behind the last. */
vb_status vb_layout_next(vb_layout *l, const vb_page **page);
vb_layout_stats vb_layout_stats_get(const vb_layout *l);
void vb_layout_close(vb_layout *l);

/* For the workbook: widths of a table's columns as the pages have them, in mpt; widths has room for VB_TABLE_COLUMNS_MAX. A stream is
 * read from its start as far as the solution needs. */
vb_status vb_layout_widths(vb_diag *d, const vb_doc *doc, const vb_fontset *fonts, const vb_node *table, vb_len *widths);

/* For the workbook, which sets the same text in cells: lines that `text` takes in a width, at a size in half points. */
int vb_layout_count_lines(const vb_fontset *fonts, vb_face_id face, int size, vb_len width, vb_span text);
/* Line height of a face at a size (half points): single spacing, as Word and LibreOffice set it. */
vb_len vb_layout_line_height(const vb_fontset *fonts, vb_face_id face, int size);

#endif
