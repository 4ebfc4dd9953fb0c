/* pdf_make: small PDF files for the tests of signing and verifying, with cross references as a table, or as a stream with packed objects. */
#ifndef VB_TEST_PDF_MAKE_H
#define VB_TEST_PDF_MAKE_H

#include "base/base.h"

typedef struct pdf_plan {
  bool packed;       /* objects in an object stream, cross references in a stream; else a table */
  bool form_inside;  /* AcroForm stands in the catalog, not in an object of its own */
  bool no_form;
  int pages;         /* at least 1 */
} pdf_plan;

/* Objects: 1 catalog, 2 page tree, 3 first page, 4 form, 5 "leader", 6 "organ", 7 XMP, 8 content, 9 font, 10 appearance, 11 … pages. */
void pdf_make(const pdf_plan *plan, vb_buf *out);

#endif
