/* font: TrueType faces: glyphs, widths, coverage, subset.
 *
 * Four faces, read once and shared by all documents (and, after a fork, by all workers). Fonts are found by path and proved by
 * their cmap, never by family name: Debian has two fonts called Liberation Serif, and the older lacks 92 of the 134 letters.
 *
 * Invariants
 *  1. Widths are the numbers that the PDF's W array states: round(advance * 1000 / upem). Layout adds these, viewers add these,
 *     so no line is longer on screen than it was when broken.
 *  2. Every table of a font file is bounds-checked before use: a truncated or hostile file gives a message, never a fault.
 *  3. A vb_face is immutable after opening.
 */
#ifndef VB_FONT_H
#define VB_FONT_H

#include "base/base.h"

typedef enum vb_face_id { VB_REGULAR, VB_BOLD, VB_ITALIC, VB_BOLD_ITALIC, VB_FACES } vb_face_id;

typedef struct vb_face vb_face;
typedef struct vb_fontset vb_fontset;

/* Vertical measures and descriptor values in 1/1000 em. */
typedef struct vb_face_info {
  char ps_name[64];
  int ascent, descent, line_gap; /* hhea; descent negative */
  int cap_height, x_height, bbox[4], stem_v, flags;
  int italic_angle_milli; /* degrees * 1000 */
  int underline_position, underline_thickness;
} vb_face_info;

/* Opens the four faces from dir (NULL: VB_FONT_DIR's default, Liberation Serif 2; else a folder with Times New Roman or the like: files
 * are recognised by their name and style tables, any file names, no subfolders). Of several families, Times New Roman comes first,
 * then Liberation Serif, Tinos, else the only complete one. Checks that all 134 Vietnamese letters and the common punctuation
 * are there: a face that lacks one is VB_SYSTEM with a message that names file and letters. Caller closes.
 * Hands vb_mem_* to libdeflate, so call it before any other use of that library. */
vb_status vb_fontset_open(vb_diag *d, const char *dir, vb_fontset **out);
void vb_fontset_close(vb_fontset *f);
const vb_face *vb_fontset_face(const vb_fontset *f, vb_face_id id);
const char *vb_fontset_id(const vb_fontset *f); /* names and a content checksum: part of what makes output reproducible */

const vb_face_info *vb_face_info_of(const vb_face *f);
uint16_t vb_face_glyph(const vb_face *f, uint32_t c); /* 0: the face lacks it */
/* 1/1000 em; width of .notdef when lacking; 0 for line feed and tab, which are never drawn. U+00A0 is the space, and U+2011 the
 * hyphen where the font has none of its own. */
int vb_face_width(const vb_face *f, uint32_t c);
/* The same for inner loops: widths of the characters below VB_DENSE (all letters, punctuation, currency signs) in one array. */
#define VB_DENSE 0x2100u
const uint16_t *vb_face_widths(const vb_face *f);
static inline int vb_face_width_in(const uint16_t *widths, const vb_face *f, uint32_t c)
{
  return c < VB_DENSE ? widths[c] : vb_face_width(f, c);
}
/* Width of text at a size given in millipoints, in millipoints: exact for whole-point sizes. No kerning. */
int64_t vb_face_text_width(const vb_face *f, vb_span s, int32_t size_mpt);
/* First character that the face lacks; 0 when it has all. *offset its byte. No-break space, line feed and tab count as had. */
uint32_t vb_face_missing(const vb_face *f, vb_span s, size_t *offset);

/* A subset for embedding: glyph ids renumbered from 0 (.notdef), hints dropped, composites closed, tables rebuilt.
 * base: the fixed subset (ASCII, 134 letters, punctuation) made once a process; what a document embeds of it is made by vb_subset_thin.
 * A document that needs other characters gets a subset of those. */
typedef struct vb_subset {
  const uint8_t *program; size_t program_bytes;   /* the TrueType file */
  const uint8_t *deflated; size_t deflated_bytes; /* the same, zlib; NULL in a base subset and what is made of it */
  const uint8_t *to_unicode; size_t to_unicode_bytes; /* CMap with bfchar, zlib; by codes, see below; each character has a glyph of its own, so it is exact */
  const char *tag; /* six capitals from the content, for "ABCDEF+Name" */
  uint16_t glyphs;
  const uint16_t *widths;  /* per new glyph id, 1/1000 em */
} vb_subset;

/* How a PDF's text names the glyphs of a base subset: by their ids, in one byte below 256 and in two from there on. The characters of
 * everyday text come first, from id 32 on, which is the space and the byte that word spacing looks for; no first byte is one of
 * two codes. to_unicode of a base subset is by these codes; of any other by ids of two bytes. */
enum { VB_ID_SPACE = 0x20, VB_IDS_ONE_BYTE = 0x100, VB_IDS_MAX = 0x800 };
#define VB_CODE_SPACES "2 begincodespacerange\n<20> <FF>\n<0100> <07FF>\nendcodespacerange\n" /* of a CMap */

/* Glyphs a document uses: a set of characters a face. Line feed and tab are never members. */
typedef struct vb_charset vb_charset;
vb_charset *vb_charset_new(vb_arena *a);            /* lives in a; NULL when out of memory */
bool vb_charset_add(vb_charset *s, uint32_t c);     /* false when out of memory */
bool vb_charset_add_text(vb_charset *s, vb_span t);
bool vb_charset_has(const vb_charset *s, uint32_t c);

/* The shared subset of a face, made at the first call (call before the fork). Borrowed, lives with the fontset. NULL when out of memory. */
const vb_subset *vb_subset_base(const vb_fontset *f, vb_face_id id);
/* New glyph id of a character in the base subset; 0 when not in it. */
uint16_t vb_subset_base_glyph(const vb_fontset *f, vb_face_id id, uint32_t c);
/* The map behind it, for vb_subset_glyph; NULL before vb_subset_base. */
const struct vb_subset_map *vb_subset_base_map(const vb_fontset *f, vb_face_id id);
/* The base subset without the outlines of glyphs that a document does not use: the same ids, widths and to_unicode, and a smaller
 * program of its own tag, not deflated. used: a byte a glyph id, not 0 where used; what a glyph is made of stays with it. In arena a;
 * VB_NOMEM is its only failure. */
vb_status vb_subset_thin(vb_arena *a, const vb_fontset *f, vb_face_id id, const uint8_t *used, vb_subset *out);
/* A subset of just these characters, in arena a (smaller file, more time). map gives new ids: look up with vb_subset_glyph.
 * A character that the face lacks is VB_BAD with a message. */
typedef struct vb_subset_map vb_subset_map;
vb_status vb_subset_make(vb_diag *d, vb_arena *a, const vb_face *f, const vb_charset *chars, vb_subset *out, vb_subset_map **map);
uint16_t vb_subset_glyph(const vb_subset_map *m, uint32_t c);

#endif
