/* pdf, inside: what the pdf_*.c files share.
 *
 *   pdf.c         one document: pages in, file out         pdf_warm.c    what one process makes once: profile, fonts, compressor
 *   pdf_page.c    boxes of a page → operators              pdf_font.c    font objects, characters that the base subset lacks
 *   pdf_tags.c    nodes of the tree → structure elements   pdf_struct.c  structure elements and parent tree as objects
 *   pdf_form.c    signature fields, places of slots        pdf_outline.c bookmarks, page labels
 *   pdf_meta.c    XMP, Info, catalog, output intent        pdf_files.c   attachments of PDF/A-3
 *   pdf_ops.c     numbers, strings, names as PDF text      pdf_objstm.c  objects → file with object streams
 *   pdf_flate.c   the quick compressor
 *
 * Objects are libharu's, through hpdf_object.h; the text of each is ours.
 *
 * Invariants
 *  1. All content of a page lies in marked-content sequences: /Artifact, or one with an MCID that one structure element names.
 *  2. A structure element holds elements or content, never both.
 *  3. Nothing depends on addresses: elements and objects are numbered in the order of the boxes.
 *  4. When a page is done its operators are deflated and forgotten.
 */
#ifndef VB_PDF_INT_H
#define VB_PDF_INT_H

#include "write/hpdf_object.h"
#include "write/write_int.h"

/* ---- pages from anywhere ------------------------------------------------------------------------------------ */

/* The layout, or a test's own pages. next: like vb_layout_next. */
typedef struct vb_page_source { vb_status (*next)(void *ctx, const vb_page **page); void *ctx; } vb_page_source;

typedef struct vb_pdf_job {
  const vb_doc *doc;
  const vb_write_options *options;
  vb_page_source pages;
} vb_pdf_job;

/* Writes all pages of the source; fills told but its stats. */
vb_status vb_pdf_make(vb_diag *d, const vb_pdf_job *job, vb_arena *a, vb_buf *out, vb_written *told);

/* ---- pdf_ops.c ---------------------------------------------------------------------------------------------- */

/* A length in hundredths of a point, as operators print it; rounds half up. */
static inline int32_t vb_pdf_cpt(vb_len mpt) { return (int32_t)((mpt >= 0 ? mpt + 5 : mpt - 4) / 10); }
char *vb_pdf_put_cpt(char *p, int32_t cpt);    /* shortest decimal: 59528 is 595.28 */
char *vb_pdf_put_milli(char *p, int32_t milli); /* the same of thousandths, at most 12 bytes */
void vb_pdf_cpt_add(vb_buf *b, int32_t cpt, char after);
char *vb_pdf_put_byte(char *p, uint8_t c);     /* of a literal string, escaped: at most two bytes */
/* Here, for a structure element has three of them: the length of a key is known where it is called. */
static inline void vb_pdf_ref(vb_buf *b, vb_hpdf_id id) /* "12 0 R" */
{
  char *p = vb_buf_room(b, 24);
  if (!p) return;
  p = vb_put_int(p, id);
  memcpy(p, " 0 R", 4);
  b->n = (size_t)(p + 4 - b->p);
}
static inline void vb_pdf_key(vb_buf *b, const char *key) /* "/Key " */
{
  size_t n = strlen(key);
  char *p = vb_buf_room(b, n + 2);
  if (!p) return;
  p[0] = '/';
  memcpy(p + 1, key, n);
  p[n + 1] = ' ';
  b->n += n + 2;
}
static inline void vb_pdf_entry_ref(vb_buf *b, const char *key, vb_hpdf_id id) /* "/Key 12 0 R" */
{
  vb_pdf_key(b, key);
  vb_pdf_ref(b, id);
}
static inline void vb_pdf_entry_int(vb_buf *b, const char *key, int64_t v)
{
  vb_pdf_key(b, key);
  vb_buf_int(b, v);
}
void vb_pdf_rect(vb_buf *b, const char *key, const vb_len box[4]);  /* "/Key[left bottom right top]", given x, y, w, h */
void vb_pdf_bytes(vb_buf *b, vb_span s);       /* "(…)" escaped */
void vb_pdf_string(vb_buf *b, vb_span utf8);   /* a text string: ASCII as it is, else UTF-16BE */
void vb_pdf_name(vb_buf *b, vb_span s);        /* "/Name" with #xx */
void vb_pdf_date(vb_buf *b, vb_date d);        /* "(D:20231206000000+07'00')" */

/* ---- pdf_warm.c --------------------------------------------------------------------------------------------- */

/* Levels of libdeflate, for what pdf_flate.c does not take: of a document the quickest, of what is made once a better one. */
enum { VB_PDF_LEVEL_DOCUMENT = 1, VB_PDF_LEVEL_FILE = 6, VB_PDF_LEVELS = 7 };

#define VB_PDF_CODES "Vanban-H" /* name of the CMap of base subsets */

/* How a glyph of a base subset is shown: its code inside a literal string, escapes and all. */
typedef struct vb_pdf_code { char bytes[4]; uint8_t n; bool space; uint16_t width; } vb_pdf_code;

/* One face of the process: its base subset and what text is coded with. */
typedef struct vb_pdf_face {
  const vb_subset *subset;
  const struct vb_subset_map *map;
  uint16_t *glyphs;        /* new glyph ids of the characters below VB_DENSE */
  vb_pdf_code *codes;      /* by glyph id */
} vb_pdf_face;

typedef struct vb_pdf_warm {
  const vb_fontset *fonts; /* whose faces these are; NULL: cold */
  vb_pdf_face face[VB_FACES];
  vb_span profile;         /* deflated */
  vb_span codes;           /* CMap from codes to the ids of base subsets, deflated */
} vb_pdf_warm;

/* A font program ready to be embedded. */
typedef struct vb_pdf_program { const char *tag; vb_span deflated; size_t bytes; } vb_pdf_program;
/* The base subset of a face less what is not used (vb_subset_thin). Of the sets of glyphs used last some are
 * kept with their programs: reports of one template use the same in half of their faces. Borrowed until the next document. */
vb_status vb_pdf_program_get(const vb_fontset *fonts, vb_face_id face, const uint8_t *used, vb_pdf_program *out);
/* What vb_pdf_warm_up made; makes it when needed. */
vb_status vb_pdf_warm_get(vb_diag *d, const vb_fontset *fonts, const vb_pdf_warm **out);
/* The colour profile at path, deflated, in arena a. Not an RGB profile, or not to be read: VB_SYSTEM with a message. */
vb_status vb_pdf_profile_read(vb_diag *d, const char *path, vb_arena *a, vb_span *out);
/* Appends bytes as a zlib stream, by libdeflate. Out of memory sets out->failed. */
void vb_pdf_deflate(vb_span bytes, int level, vb_buf *out);

/* ---- one document ------------------------------------------------------------------------------------------- */

typedef enum vb_tag {
  VB_TAG_DOCUMENT, VB_TAG_SECT, VB_TAG_P, VB_TAG_H1, VB_TAG_H2, VB_TAG_H3, VB_TAG_H4, VB_TAG_H5, VB_TAG_H6, VB_TAG_L, VB_TAG_LI,
  VB_TAG_LBL, VB_TAG_LBODY, VB_TAG_TABLE, VB_TAG_THEAD, VB_TAG_TBODY, VB_TAG_TR, VB_TAG_TH, VB_TAG_TD, VB_TAG_FIGURE, VB_TAG_FORM,
  VB_TAGS
} vb_tag;

/* Content of an element: a marked-content sequence on a page. */
typedef struct vb_mark { struct vb_mark *next; vb_hpdf_id page; uint32_t mcid; } vb_mark;

typedef struct vb_elem {
  struct vb_elem *parent, *first, *last, *next;
  vb_mark mark, *more;     /* mark.page 0: no content */
  const char *text;        /* FIGURE: Alt; TABLE: Summary; L: ListNumbering */
  vb_len *box;             /* FIGURE: x, y, w, h */
  vb_hpdf_id object, annotation;
  int16_t colspan, rowspan;
  uint8_t tag, scope;      /* TH: 'C' or 'R' */
} vb_elem;

/* The structure tree's objects. */
typedef struct vb_pdf_tree {
  vb_elem root;            /* stands for StructTreeRoot */
  vb_elem *document;
  vb_buf marks;            /* of this page: "12 0 R 13 0 R" in the order of MCIDs */
  uint32_t mcids, page_key, next_key;
  vb_buf nums;             /* of the leaf of the parent tree that is being filled */
  uint32_t leaf_first, leaf_count;
  vb_buf leaves;           /* "14 0 R …" */
} vb_pdf_tree;

struct vb_pdf_tags; /* pdf_tags.c */

enum { VB_PDF_FONTS = 2 * VB_FACES }; /* the base subset of each face, and one of what it lacks */

/* A font of this file: codes are the glyph ids of the base subset, or, for characters it lacks, numbers in the order of use. */
typedef struct vb_pdf_font {
  vb_hpdf_id object;       /* 0: not used so far */
  uint32_t codes, cap;
  uint8_t *used;           /* of a base subset: by code, 1 where used */
  uint32_t *chars;         /* of rare characters: by code */
  uint16_t **pages;        /* of rare characters: codes by character, 256 a page */
} vb_pdf_font;

typedef struct vb_pdf_field { const vb_node *slot; vb_elem *elem; vb_len box[4]; } vb_pdf_field;

typedef struct vb_bookmark { struct vb_bookmark *next; const char *title; vb_hpdf_id page; vb_len top; int level; } vb_bookmark;

typedef struct vb_pdf {
  vb_diag *diag;
  const vb_pdf_job *job;
  const vb_pdf_warm *warm;
  vb_arena *arena;         /* of this file */
  vb_arena *told_arena;
  vb_written *told;
  vb_hpdf *h;
  vb_buf text;             /* of an object being put together */
  /* the page being made */
  const vb_page *page;
  vb_hpdf_id page_object, resources;
  vb_buf ops, packed;
  vb_buf fields_here;      /* vb_pdf_field each: signature fields of this page */
  /* the whole file */
  vb_pdf_font font[VB_PDF_FONTS];
  vb_hpdf_id codes;        /* the CMap of base subsets; 0: not used so far */
  vb_pdf_tree tree;
  struct vb_pdf_tags *tags;
  vb_buf labels;           /* entries of the page labels' number tree */
  vb_bookmark *bookmarks, *last_bookmark;
  vb_buf fields;           /* "12 0 R …" */
  vb_map *field_names;
  vb_buf slots, figures;   /* vb_slot_place, vb_figure_place */
  const vb_node *last_figure;
} vb_pdf;

/* ---- pdf_font.c --------------------------------------------------------------------------------------------- */

/* Font `id` (a face, or VB_FACES + face for characters that its base subset lacks), made at first use; NULL when out of memory. */
vb_pdf_font *vb_pdf_font_use(vb_pdf *p, int id);
/* Code of a character that the base subset lacks, in font VB_FACES + face; 0 when out of memory. */
uint16_t vb_pdf_font_rare(vb_pdf *p, vb_face_id face, uint32_t c);
const char *vb_pdf_font_name(int id);
/* The objects of all used fonts, and the resources that name them. */
vb_status vb_pdf_font_end(vb_pdf *p);

/* ---- pdf_page.c --------------------------------------------------------------------------------------------- */

vb_status vb_pdf_page(vb_pdf *p, const vb_page *page);

/* ---- pdf_struct.c ------------------------------------------------------------------------------------------- */

const char *vb_tag_name(vb_tag tag);
vb_status vb_pdf_tree_begin(vb_pdf *p);
/* A new element as last child of parent. NULL when out of memory. */
vb_elem *vb_elem_new(vb_pdf *p, vb_elem *parent, vb_tag tag);
/* Gives the element a new marked-content sequence on this page. False when out of memory. */
bool vb_elem_mark(vb_pdf *p, vb_elem *e, uint32_t *mcid);
uint32_t vb_elem_key(vb_pdf *p, const vb_elem *e);            /* a key of the parent tree that leads to e: for its annotation */
uint32_t vb_pdf_tree_page_begin(vb_pdf *p);                   /* key of the page */
void vb_pdf_tree_page_end(vb_pdf *p);
void vb_pdf_tree_end(vb_pdf *p);

/* ---- pdf_tags.c --------------------------------------------------------------------------------------------- */

vb_status vb_pdf_tags_begin(vb_pdf *p);
/* The element whose content a box is. NULL with VB_OK: the box is an artifact. */
vb_status vb_pdf_tags_find(vb_pdf *p, const vb_box *box, vb_elem **out);
/* A Form element for a slot, in its place of the tree. */
vb_status vb_pdf_tags_slot(vb_pdf *p, const vb_node *slot, vb_elem **out);
vb_status vb_pdf_tags_end(vb_pdf *p);

/* ---- pdf_form.c, pdf_outline.c, pdf_meta.c, pdf_files.c, pdf_objstm.c ---------------------------------------- */

/* Notes the place of a slot; one that is signed becomes a field, with its element in the tree. */
vb_status vb_pdf_slot(vb_pdf *p, const vb_box *box);
/* Notes where a traced figure stands. */
void vb_pdf_figure(vb_pdf *p, const vb_box *box);
/* The widgets of this page; call when its marks are in the parent tree. Appends their numbers, vb_hpdf_id each. */
vb_status vb_pdf_form_page_end(vb_pdf *p, vb_buf *widgets);
void vb_pdf_form_entries(vb_pdf *p, vb_buf *catalog);

vb_status vb_pdf_bookmark(vb_pdf *p, const vb_node *heading, int level, vb_len top);
void vb_pdf_label(vb_pdf *p);                                 /* to be called for each page */
void vb_pdf_outline_entries(vb_pdf *p, vb_buf *catalog);

/* Info, XMP, output intent, and the catalog's entries. Last before the file is written. */
void vb_pdf_meta(vb_pdf *p);
void vb_pdf_files_entries(vb_pdf *p, vb_buf *catalog);

/* The file, with object streams, a cross-reference stream and an identifier made from the content. */
vb_status vb_pdf_assemble(vb_diag *d, vb_hpdf *h, vb_buf *out);

#endif
