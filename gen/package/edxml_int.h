/* edxml_int.h: shared by the files of the edXML package. */
#ifndef VB_EDXML_INT_H
#define VB_EDXML_INT_H

#include "package/package.h"

#define VB_EDXML_NS "http://www.mic.gov.vn/TBT/QCVN_102_2016"
#define VB_EDXML_TYPE 2     /* administrative document (regulations.md 4.5, unconfirmed: therefore configurable) */
#define VB_EDXML_STEERING 1 /* no instruction */

/* Checks every field against presence, length and list of values; posts each fault. */
vb_status vb_edxml_check(vb_diag *d, const vb_edxml *e, const vb_edxml_rules *r);
/* vb_edxml_read behind the parser. */
struct vb_xml_node;
vb_status vb_edxml_of(vb_diag *d, vb_arena *a, const char *file, const struct vb_xml_node *root, vb_edxml **out);
/* Whether a file is zipped for the way: only workbooks are. */
bool vb_edxml_zipped(const char *name);
bool vb_edxml_ends_with(const char *name, const char *suffix); /* ASCII, any case */
/* Base64 with white space, strictly: false when a character, the length or the padding is wrong. */
bool vb_base64_decode(vb_span text, vb_buf *out);

#endif
