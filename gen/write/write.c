/* write: the table of writers, and what they need before the first document. */
#include "write/write_int.h"

static const vb_writer writers[VB_FORMATS] = {
  [VB_FORMAT_PDF] = {"pdf", ".pdf", vb_write_pdf},
  [VB_FORMAT_XLSX] = {"xlsx", ".xlsx", vb_write_xlsx},
  [VB_FORMAT_TREE] = {"tree", ".tree", vb_write_tree},
  [VB_FORMAT_PAGES] = {"pages", ".pages", vb_write_pages},
  [VB_FORMAT_NULL] = {"null", "", vb_write_null},
};

const vb_writer *vb_writer_get(vb_format f) { return &writers[f]; }

bool vb_format_by_name(vb_span name, vb_format *out)
{
  for (int f = 0; f < VB_FORMATS; f++) {
    if (!vb_span_is(name, writers[f].name)) continue;
    *out = (vb_format)f;
    return true;
  }
  return false;
}

vb_status vb_write_warm_up(vb_diag *d, const vb_fontset *fonts)
{
  return vb_pdf_warm_up(d, fonts);
}

void vb_write_cool_down(void) { vb_pdf_cool_down(); }

bool vb_write_has_sheets(const vb_doc *doc) { return vb_xlsx_has_sheets(doc); }
