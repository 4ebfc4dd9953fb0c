/* Fonts for the tests of the font room: real ones, and real ones with something changed. */
#ifndef VB_TEST_FONT_MAKE_H
#define VB_TEST_FONT_MAKE_H

#include "font/font_int.h"

/* A face of Liberation Serif 2, as it lies on disk. The caller frees it with vb_buf_free. */
void font_read(vb_buf *font, vb_face_id id);
vb_bytes font_bytes(const vb_buf *font);
/* Offset of a table; ends the test when there is none. *n may be NULL. */
size_t font_table(const vb_buf *font, const char *tag, size_t *n);
/* Where table `tag` stands in the directory. */
size_t font_entry(const vb_buf *font, const char *tag);
void font_drop_table(vb_buf *font, const char *tag);
/* Puts new bytes in the place of a table (at the end of the file). */
void font_replace(vb_buf *font, const char *tag, const void *p, size_t n);
/* Gives it another family and style, and no other names. */
void font_rename(vb_buf *font, const char *family, const char *style);
/* A cmap with one subtable of format 12: n groups of (first character, last character, first glyph). */
void font_set_groups(vb_buf *font, const uint32_t (*groups)[3], size_t n);
void font_set16(vb_buf *font, const char *tag, size_t at, uint32_t v);
/* Where the outline of a glyph begins in the file; *n its bytes. */
size_t font_outline(const vb_buf *font, uint16_t glyph, size_t *n);
void font_save(const char *dir, const char *name, const vb_buf *font);
/* Numbers that follow from a seed alone. */
uint32_t font_random(uint32_t *seed);

#endif
