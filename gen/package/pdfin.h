/* pdfin.h: a reader of PDF files, as much as signing and verifying need: cross references, objects, streams. Private to package.
 *
 * Invariants
 *  1. A file is hostile until read: every offset and length is checked against the bytes there are, numbers of objects against the
 *     size of the file, nesting and chains against limits; each fault is one message, none a crash or a hang.
 *  2. Nothing is repaired: a file whose cross references are wrong is refused, for what a repair would find is not what others see.
 *  3. Values borrow the file's bytes, or live in the reader's arena; they are never changed.
 */
#ifndef VB_PDFIN_H
#define VB_PDFIN_H

#include "base/base.h"

typedef enum vb_pdfv_kind {
  VB_PDFV_NULL, VB_PDFV_BOOL, VB_PDFV_INT, VB_PDFV_REAL, VB_PDFV_STRING, VB_PDFV_NAME, VB_PDFV_ARRAY, VB_PDFV_DICT, VB_PDFV_REF
} vb_pdfv_kind;

typedef struct vb_pdfv {
  vb_pdfv_kind kind;
  int64_t n;                 /* bool, integer; number of an object referred to; a real in thousandths */
  uint32_t gen;              /* of a reference */
  vb_span text;              /* string, name: decoded */
  vb_span raw;               /* as written in the file, or in an unpacked object stream */
  const struct vb_pdfv *first, *next; /* items, entries */
  vb_span key;               /* of an entry in a dictionary */
} vb_pdfv;

enum { VB_PDFIN_UNKNOWN, VB_PDFIN_PLAIN, VB_PDFIN_PACKED, VB_PDFIN_FREE };
typedef struct vb_pdfin_entry { uint8_t type; uint64_t at; uint32_t gen; } vb_pdfin_entry; /* packed: at = object stream, gen = index in it */

typedef struct vb_pdfin_object { const vb_pdfv *value; vb_span stream; bool has_stream; uint32_t gen; } vb_pdfin_object;

typedef struct vb_pdfin {
  vb_diag *d;
  const char *file;
  vb_arena *arena;
  vb_span bytes;
  vb_pdfin_entry *entries; uint32_t n_entries, cap_entries;
  const vb_pdfv *trailer;    /* the newest */
  uint64_t startxref;
  bool xref_stream;          /* the newest section is a stream */
  struct vb_pdfin_packed *packed; /* unpacked object streams */
  uint32_t values, depth, opening; /* opening: object streams that are being opened, one for an entry of the other */
  vb_status st;              /* the first fault, posted */
} vb_pdfin;

/* bytes must outlive the reader. Not a PDF, damaged, encrypted: VB_BAD with a message. */
vb_status vb_pdfin_open(vb_diag *d, const char *file, vb_span bytes, vb_pdfin **out);
void vb_pdfin_close(vb_pdfin *p);
/* An object by number; absent or free: value of kind NULL. */
vb_status vb_pdfin_get(vb_pdfin *p, int64_t number, vb_pdfin_object *out);
/* The value itself, or what it refers to. Never NULL: a fault is remembered in p->st and gives null. */
const vb_pdfv *vb_pdfin_resolve(vb_pdfin *p, const vb_pdfv *v);
/* Entry of a dictionary, as it stands (lookup) or resolved (at); null where absent or v is no dictionary. */
const vb_pdfv *vb_pdfv_lookup(const vb_pdfv *v, const char *key);
const vb_pdfv *vb_pdfin_at(vb_pdfin *p, const vb_pdfv *v, const char *key);
bool vb_pdfv_is_name(const vb_pdfv *v, const char *name);
int64_t vb_pdfv_mpt(const vb_pdfv *v); /* a number in thousandths; 0 for others */
/* The stream of an object, unpacked (none or FlateDecode), at most `limit` bytes, in the arena. */
vb_status vb_pdfin_unpack(vb_pdfin *p, const vb_pdfin_object *o, size_t limit, vb_span *out);
/* Posts "damaged at byte (what)" once; later calls keep the first. */
vb_status vb_pdfin_bad(vb_pdfin *p, const char *what, size_t at);
vb_status vb_pdfin_nomem(vb_pdfin *p);

/* The value that starts at *at; *at moves behind it. Inside the reader. */
const vb_pdfv *vb_pdfin_parse(vb_pdfin *p, vb_span bytes, size_t *at);
/* One word (keyword or number) at *at, white space and comments before it skipped. */
vb_span vb_pdfin_word(vb_span bytes, size_t *at);
void vb_pdfin_skip(vb_span bytes, size_t *at);
/* Reads the chain of cross references; called by vb_pdfin_open. */
vb_status vb_pdfin_read_xref(vb_pdfin *p);
/* The object written at an offset of the file; number: as it must be called. */
vb_status vb_pdfin_object_at(vb_pdfin *p, uint64_t at, int64_t number, vb_pdfin_object *out);

/* ---- pages and form fields ---------------------------------------------------------------------------------- */

/* Object number of a page, from 1; 0 with a message when there is none. */
int64_t vb_pdfin_page(vb_pdfin *p, int page);

/* A signature field; widget and field are mostly one object. */
typedef struct vb_pdfin_field { struct vb_pdfin_field *next; const char *name; int64_t number; const vb_pdfv *dict, *value; } vb_pdfin_field; /* value: its signature's dictionary, or null */
/* All signature fields in the order of the form, in the arena. */
vb_status vb_pdfin_fields(vb_pdfin *p, vb_pdfin_field **out);
/* A text string as UTF-8 (PDFDocEncoding's ASCII part, UTF-16BE, UTF-8), fit to be shown (vb_text_shown), in the arena. NULL: no string or no memory. */
const char *vb_pdfin_text(vb_pdfin *p, const vb_pdfv *v);

#endif
