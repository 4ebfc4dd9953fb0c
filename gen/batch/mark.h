/* mark.h: the text of the organ's signature on an appendix in a file of its own. Shared inside batch. */
#ifndef VB_BATCH_MARK_H
#define VB_BATCH_MARK_H

#include "batch/batch_int.h"

/* All that a mark is made of; zeroed at first, made anew for each file with the same fonts. */
typedef struct vb_mark { const char *font_dir; vb_fontset *fonts; vb_sign_font font; vb_sign_line line; vb_sign_text text; } vb_mark;

/* The field for the mark in a PDF of the document, by its path in the manifest; NULL where it has none. */
const vb_man_slot *vb_mark_slot(const vb_man_doc *doc, const char *file);
/* Sets m->text for this document and moment; what it points to lives in m and a. A document without a number: VB_BAD with a message. */
vb_status vb_mark_make(vb_diag *d, vb_arena *a, const vb_man_doc *doc, const vb_moment *when, vb_mark *m);
void vb_mark_close(vb_mark *m);

#endif
