/* index.h: index.html, the manifest for a person. Included by package.h; use that. */
#ifndef VB_PACKAGE_INDEX_H
#define VB_PACKAGE_INDEX_H

#include "base/base.h"

struct vb_manifest;

/* The whole page, appended to out: one row a document with its findings and links, totals, search, sortable columns; Vietnamese and
 * English with a switch, `lang` shown first. Works from disk, without network, and without script but for search and sorting. No clock. */
vb_status vb_index_print(vb_diag *d, const struct vb_manifest *m, vb_lang lang, vb_buf *out);

#endif
