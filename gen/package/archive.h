/* archive.h: data about a document for archives: NĐ 30/2020 Phụ lục VI and TT 05/2025/TT-BNV, as XML. Included by package.h; use that.
 *
 * Which fields there are, in which order, how long, and from which fact each is filled, stands in a mapping file (templates/mappings/archive.xml, schema
 * templates/schemas/archive.rng), for the circular's own lists disagree: an archive that wants other names edits that file.
 */
#ifndef VB_PACKAGE_ARCHIVE_H
#define VB_PACKAGE_ARCHIVE_H

#include "base/base.h"

struct vb_xml_schema;

/* One fact by its name ("number", "date", "to.id"); names that come in lists carry an index from 1. Dates are ISO. */
typedef struct vb_fact { const char *name; uint32_t index; const char *value; } vb_fact;
typedef struct vb_facts { const vb_fact *list; size_t n; } vb_facts;

typedef struct vb_archive vb_archive; /* a mapping */

/* Reads a mapping file; schema may be NULL. Caller closes. */
vb_status vb_archive_open(vb_diag *d, const char *path, const struct vb_xml_schema *schema, vb_archive **out);
void vb_archive_close(vb_archive *m);
size_t vb_archive_count(const vb_archive *m);                     /* records it describes */
const char *vb_archive_suffix(const vb_archive *m, size_t i);     /* ".nd30.xml": what stands behind the document's id */
/* Writes record i. A field that must be filled and is not, is too long, no number or no date: VB_BAD, each fault a message. */
vb_status vb_archive_write(vb_diag *d, const vb_archive *m, size_t i, const vb_facts *facts, vb_buf *out);

#endif
