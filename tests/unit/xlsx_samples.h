/* Documents that show all a workbook can hold; used by test_write_xlsx.c, and by tests/check.d/30-xlsx.sh through it. */
#ifndef XLSX_SAMPLES_H
#define XLSX_SAMPLES_H

#include "write/write.h"

/* A report: a captioned table in the body; an appendix with a head of two rows, groups, figures of all kinds and formulas; a landscape
 * appendix with spans and a cell higher than a sheet row may be; two charts. */
vb_doc *xlsx_report(void);
/* An appendix of so many streamed rows of five columns. */
vb_doc *xlsx_stream(int rows);

#endif
