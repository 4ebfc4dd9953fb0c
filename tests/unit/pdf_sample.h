/* A sample document for tests of the PDF writer: one of everything. */
#ifndef PDF_SAMPLE_H
#define PDF_SAMPLE_H

#include "write/pdf_int.h"

/* A report: letterhead, headings, lists, tables over several pages with spans, figures with traces, a chart, slots, an appendix in
 * landscape. paragraphs, rows: how long. variant changes words, not the shape. */
vb_doc *pdf_sample_report(int paragraphs, int rows, int variant);
/* A table of `rows` rows that are made when asked for, five columns. The stream belongs to the document. */
vb_doc *pdf_sample_stream(int rows);

#endif
