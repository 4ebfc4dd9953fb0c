/* Pages made by hand for tests of the PDF writer: a plain layout (greedy lines, equal columns) that knows nothing of the room layout,
 * and a sample document with one of everything. */
#ifndef PDF_PAGES_H
#define PDF_PAGES_H

#include "write/pdf_int.h"

typedef struct hand_layout hand_layout;

hand_layout *hand_open(const vb_doc *doc, const vb_fontset *fonts);
vb_page_source hand_source(hand_layout *l); /* pages from the first one on; may be taken again */
void hand_close(hand_layout *l);

/* A report: letterhead, headings, lists, a table over two pages with spans, figures with traces, a chart, slots, an appendix in
 * landscape. paragraphs, rows: how long. variant changes words, not the shape. */
vb_doc *hand_report(int paragraphs, int rows, int variant);

#endif
