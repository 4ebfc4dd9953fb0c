/* font, inside: what the files of this room share. No other room includes it; its tests may.
 *
 *   thin.c     the base subset less what a document does not use
 *   sfnt.c     table directory, names, the tables every face needs     glyph.c    one outline: measure, components, copy
 *   cmap.c     characters to glyphs                                    charset.c  sets of characters, the base set
 *   face.c     a face in memory: lookups, widths, measures             subset.c   which glyphs, in which order; base cache
 *   probe.c    what a file in a font folder is                         program.c  a subset as a TrueType file, its ToUnicode
 *   fontset.c  four faces from a folder, messages                      deflate.c  libdeflate
 *
 * Below fontset.c and the public functions of subset.c nothing posts a message: a function returns VB_SYSTEM with the fault filled, or
 * VB_NOMEM, and the caller that knows the file's name posts it once. */
#ifndef VB_FONT_INT_H
#define VB_FONT_INT_H

#include "font/font.h"

/* Where Liberation Serif 2 stands on Debian; a distribution that keeps it elsewhere sets this at build time. */
#ifndef VB_FONT_DIR
#define VB_FONT_DIR "/usr/share/fonts/truetype/liberation2"
#endif
#define VB_FONT_DIR_LATER "/usr/share/fonts/truetype/liberation" /* from Debian 13 on, which has no version 1 any more */

#define VB_FONT_NAME_BYTES 96   /* a family name in a message */
#define VB_FONT_LEVEL_BASE 1    /* deflate level of a base subset's CMap; 9 takes 2 ms more of each start, most of it for the compressor, and saves 100 bytes a face */
#define VB_FONT_LEVEL_OWN 6     /* and of a subset made for one document */

/* ---- bytes -------------------------------------------------------------------------------------------------- */

/* A borrowed run of font bytes. The readers below give 0 outside of it, so no table access can leave the file. */
typedef struct vb_bytes { const uint8_t *p; size_t n; } vb_bytes;

static inline bool vb_bytes_has(vb_bytes b, size_t at, size_t n) { return at <= b.n && n <= b.n - at; }
static inline vb_bytes vb_bytes_cut(vb_bytes b, size_t at, size_t n)
{
  return vb_bytes_has(b, at, n) ? (vb_bytes){b.p + at, n} : (vb_bytes){NULL, 0};
}
static inline uint16_t vb_be16(vb_bytes b, size_t at)
{
  if (!b.p || b.n < 2 || at > b.n - 2) return 0;
  uint32_t v = (uint32_t)b.p[at] << 8 | b.p[at + 1];
  return (uint16_t)v;
}
static inline int vb_be16s(vb_bytes b, size_t at) { return (int16_t)vb_be16(b, at); }
static inline uint32_t vb_be32(vb_bytes b, size_t at) { return (uint32_t)vb_be16(b, at) << 16 | vb_be16(b, at + 2); }
static inline void vb_put16(uint8_t *p, uint32_t v) { p[0] = (uint8_t)(v >> 8), p[1] = (uint8_t)v; }
static inline void vb_put32(uint8_t *p, uint32_t v) { vb_put16(p, v >> 16), vb_put16(p + 2, v); }

/* What is wrong with a font: a message of the catalogue, the table, and the glyph or character where one is to blame. */
typedef struct vb_font_fault { vb_msg msg; const char *table; uint32_t detail; } vb_font_fault;

/* Fills the fault with a damaged table and returns VB_SYSTEM. */
vb_status vb_font_damaged(vb_font_fault *fault, const char *table);

/* ---- sfnt.c ------------------------------------------------------------------------------------------------- */

typedef enum vb_table_state { VB_TABLE_FOUND, VB_TABLE_ABSENT, VB_TABLE_CUT } vb_table_state;

/* The directory entry of a table; the table itself need not be in memory: size is that of the whole file. */
vb_table_state vb_sfnt_entry(vb_bytes directory, size_t size, const char *tag, size_t *at, size_t *n);
vb_table_state vb_sfnt_table(vb_bytes file, const char *tag, vb_bytes *out);
/* Fixed version of TrueType outlines (0x00010000 or "true"), not CFF or a collection. */
bool vb_sfnt_is_truetype(vb_bytes file);
/* Name `id` of a name table as UTF-8, English where there is a choice; empty when absent. Control characters are dropped. */
void vb_sfnt_name(vb_bytes name, uint16_t id, char *out, size_t cap);

/* ---- cmap.c ------------------------------------------------------------------------------------------------- */

#define VB_PAGES 0x1100u /* pages of 256 characters up to U+10FFFF */

/* 16-bit values by character, two levels; a page without entries is NULL. */
typedef struct vb_pages { uint16_t *page[VB_PAGES]; } vb_pages;

bool vb_pages_put(vb_pages *t, vb_arena *a, uint32_t c, uint16_t v); /* false when out of memory */
static inline uint16_t vb_pages_get(const vb_pages *t, uint32_t c)
{
  const uint16_t *page = c >> 8 < VB_PAGES ? t->page[c >> 8] : NULL;
  return page ? page[c & 255u] : (uint16_t)0;
}
/* Reads the best Unicode subtable (format 12, else 4) into t. Glyphs that the font does not have count as absent. */
vb_status vb_cmap_read(vb_bytes cmap, uint16_t glyphs, vb_arena *a, vb_pages *t, vb_font_fault *fault);

/* ---- face.c ------------------------------------------------------------------------------------------------- */

struct vb_face {
  vb_bytes file, head, hhea, maxp, hmtx, loca, glyf;
  vb_buf bytes;        /* holds the file, when the face owns it */
  vb_arena *arena;     /* pages, advances */
  uint16_t upem, glyphs, metrics;
  bool long_loca;
  uint16_t *advance;   /* per glyph, 1/1000 em */
  vb_face_info info;
  const char *path;    /* for messages; NULL when read from memory */
  vb_pages cmap;
  uint16_t dense[VB_DENSE]; /* widths of the characters that text is made of */
};

/* Reads a face from bytes that outlive it. outlines_only: the six tables of an embedded program (no cmap, no name). */
vb_status vb_face_parse(vb_bytes file, bool outlines_only, vb_face **out, vb_font_fault *fault);
void vb_face_free(vb_face *f); /* NULL is allowed */
/* The tables every face needs, with their lengths proved; used by vb_face_parse. */
vb_status vb_face_load_tables(vb_face *f, vb_font_fault *fault);
int vb_face_lsb(const vb_face *f, uint16_t glyph); /* font units */
int vb_face_advance_raw(const vb_face *f, uint16_t glyph);

/* ---- glyph.c ------------------------------------------------------------------------------------------------ */

/* One outline: where its bytes are and what a copy without instructions has. */
typedef struct vb_glyph {
  vb_bytes data;   /* empty: no outline */
  bool composite;
  size_t head;     /* simple: bytes before the instruction length; composite: end of the last component */
  size_t tail, tail_bytes; /* simple: flags and coordinates */
  size_t out;      /* bytes of the copy, before padding */
} vb_glyph;

typedef struct vb_component { size_t at; uint16_t flags, glyph; } vb_component;

bool vb_glyph_read(const vb_face *f, uint16_t id, vb_glyph *g); /* false: damaged */
/* The component at *at, which starts at 10; moves *at behind it. False behind the last one. */
bool vb_glyph_component(const vb_glyph *g, size_t *at, vb_component *c);
bool vb_component_more(const vb_component *c); /* another one follows */
void vb_glyph_copy(const vb_glyph *g, const uint16_t *new_of, uint8_t *out);

/* ---- charset.c ---------------------------------------------------------------------------------------------- */

/* Characters in ascending order: the first one >= c, or VB_NO_CHAR. */
#define VB_NO_CHAR 0xFFFFFFFFu
uint32_t vb_charset_from(const vb_charset *s, uint32_t c);
size_t vb_charset_count(const vb_charset *s);
/* What every face must have, and what the base subset takes besides where the face has it. False when out of memory. */
bool vb_charset_add_required(vb_charset *s);
/* Those that come first in every subset: ASCII, small letters, the marks of everyday text. */
vb_span vb_charset_everyday(void);
bool vb_charset_add_welcome(vb_charset *s);

/* ---- subset.c, program.c ------------------------------------------------------------------------------------ */

typedef struct vb_plan_glyph { uint32_t character; /* 0: only a component */ uint16_t old; bool gap; /* no outline, whatever old has */ } vb_plan_glyph;

struct vb_subset_map { vb_pages ids; };

/* level: of deflate. coded: ids and ToUnicode are those of a base subset (font.h). */
typedef struct vb_subset_how { int level; bool coded; } vb_subset_how;

/* The glyphs of a subset in their new order. */
typedef struct vb_plan {
  const vb_face *face;
  vb_arena *arena;       /* of the map */
  vb_subset_map *map;
  vb_plan_glyph *glyph;  /* by new id */
  size_t n, cap;
  uint16_t *new_of;      /* by old id; 0: not in the subset (or .notdef) */
  uint8_t *state;        /* by old id */
  size_t glyf_bytes;     /* of all copies, padded */
} vb_plan;

/* A subset of chars in arena a, deflated at a level. Characters that the face lacks are a fault. */
vb_status vb_subset_build(vb_arena *a, const vb_face *f, const vb_charset *chars, const vb_subset_how *how, vb_subset *out, vb_subset_map **map,
                          vb_font_fault *fault);
/* Adds the characters of the base subset of a face. False when out of memory. */
bool vb_subset_base_chars(const vb_face *f, vb_charset *s);
/* Walks all outlines of the base subset: VB_OK says that making it can fail for memory alone. */
vb_status vb_subset_prove(const vb_face *f, vb_font_fault *fault);
/* The finished plan as a TrueType file; and its characters as a ToUnicode CMap, not deflated. */
vb_status vb_program_write(const vb_plan *p, vb_subset *out, vb_font_fault *fault);
void vb_program_to_unicode(const vb_plan *p, bool coded, vb_buf *out);

struct vb_fontset {
  vb_face *face[VB_FACES];
  struct vb_base { vb_arena *arena; vb_subset subset; vb_subset_map *map; } *base; /* one a face, made when first asked for */
  char id[VB_FONT_NAME_BYTES + 48];
};

/* ---- probe.c ------------------------------------------------------------------------------------------------ */

typedef struct vb_probe { const char *path; char family[VB_FONT_NAME_BYTES]; vb_face_id style; } vb_probe;
typedef enum vb_probe_result { VB_PROBE_FONT, VB_PROBE_OTHER /* not TrueType: no concern of ours */, VB_PROBE_DAMAGED, VB_PROBE_NOMEM } vb_probe_result;

/* What the file at p->path is, from its directory and three small tables; does not read the outlines. */
vb_probe_result vb_probe_file(vb_probe *p);

/* ---- fontset.c ---------------------------------------------------------------------------------------------- */

/* Posts a fault of the file at path when status is VB_SYSTEM; returns the status that results. */
vb_status vb_font_post(vb_diag *d, const char *path, const vb_font_fault *fault, vb_status status);
vb_status vb_font_post_glyph(vb_diag *d, const vb_face *f, uint32_t c); /* VB_BAD: the face lacks c */

/* ---- deflate.c ---------------------------------------------------------------------------------------------- */

void vb_deflate_setup(void); /* libdeflate allocates through vb_mem_* from here on */
/* zlib stream of n bytes, in a. */
vb_status vb_deflate(vb_arena *a, const void *p, size_t n, int level, const uint8_t **out, size_t *out_bytes);
uint32_t vb_crc32(const void *p, size_t n);

#endif
