/* hpdf_object: libharu's object layer, as far as the PDF writer uses it. hpdf_object.c alone includes libharu.
 *
 * A vb_hpdf is one file in the making. Objects are known by their numbers, so that what prints one never holds a pointer of the
 * library's. Errors stick: after the first one every call does nothing and gives 0; vb_hpdf_status tells, and posts it once.
 */
#ifndef VB_HPDF_OBJECT_H
#define VB_HPDF_OBJECT_H

#include "base/base.h"

typedef struct vb_hpdf vb_hpdf;
typedef uint32_t vb_hpdf_id; /* object number; 0: none */

/* Appends the entries of a dictionary, without "<<" and ">>". Called once, when the file is written. */
typedef void (*vb_hpdf_print)(const void *ctx, vb_buf *out);

vb_hpdf *vb_hpdf_new(void); /* PDF 1.7, no pages; NULL when out of memory */
void vb_hpdf_free(vb_hpdf *h);
/* VB_OK, VB_NOMEM, or VB_BAD with a message that names the library's code. */
vb_status vb_hpdf_status(vb_diag *d, const vb_hpdf *h);

/* A dictionary whose entries are printed by a function; ctx is borrowed until the file is written. */
vb_hpdf_id vb_hpdf_dict(vb_hpdf *h, vb_hpdf_print print, const void *ctx);
/* A dictionary with these entries; they are copied. An empty one can be filled later. */
vb_hpdf_id vb_hpdf_text(vb_hpdf *h, vb_span entries);
void vb_hpdf_fill(vb_hpdf *h, vb_hpdf_id id, vb_span entries);
/* Keeps an object made by the two calls above outside of object streams, where a signing tool finds it easily. */
void vb_hpdf_keep_plain(vb_hpdf *h, vb_hpdf_id id);
/* A stream. bytes are written as they are: entries name their /Filter. Both are copied. */
vb_hpdf_id vb_hpdf_stream(vb_hpdf *h, vb_span entries, vb_span bytes);

/* Starts a page (lengths in mpt) and ends it, with its content as a zlib stream and its annotations. */
typedef struct vb_hpdf_page { int32_t width, height; vb_hpdf_id resources; uint32_t struct_parents; } vb_hpdf_page;
vb_hpdf_id vb_hpdf_page_begin(vb_hpdf *h, const vb_hpdf_page *page);
void vb_hpdf_page_end(vb_hpdf *h, vb_span content, const vb_hpdf_id *annotations, size_t n);

/* Entries of the two dictionaries that every file has; copied. */
void vb_hpdf_catalog(vb_hpdf *h, vb_span entries);
void vb_hpdf_info(vb_hpdf *h, vb_span entries);
vb_hpdf_id vb_hpdf_catalog_id(const vb_hpdf *h);
vb_hpdf_id vb_hpdf_info_id(const vb_hpdf *h);

/* What the file is made of: objects 1 … count. PACKED may go into an object stream, PLAIN and STREAM may not. */
typedef enum vb_hpdf_kind { VB_HPDF_PACKED, VB_HPDF_PLAIN, VB_HPDF_STREAM } vb_hpdf_kind;
vb_hpdf_id vb_hpdf_count(const vb_hpdf *h);
vb_hpdf_kind vb_hpdf_kind_of(const vb_hpdf *h, vb_hpdf_id id);
void vb_hpdf_value(vb_hpdf *h, vb_hpdf_id id, vb_buf *out); /* appends the object's value */

/* Proves that the library does what this file expects of it. */
vb_status vb_hpdf_self_test(vb_diag *d);
const char *vb_hpdf_version(void);

#endif
