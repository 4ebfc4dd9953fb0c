/* A face in memory: glyphs, widths and measures by character. Public lookups of font.h; parsing is for the font room alone. */
#include <string.h>

#include "font/font_int.h"
#include "text/text.h"

enum { WIDTH_MAX = 32767 }; /* 32 em: nothing that is a letter is wider, and it fits every counter */

/* n font units in 1/1000 em, rounded half away from zero. */
static int per_mille(const vb_face *f, int n)
{
  int half = f->upem / 2;
  return (n * 1000 + (n < 0 ? -half : half)) / f->upem;
}

int vb_face_advance_raw(const vb_face *f, uint16_t glyph)
{
  size_t i = glyph < f->metrics ? glyph : f->metrics - 1u;
  return vb_be16(f->hmtx, 4 * i);
}

int vb_face_lsb(const vb_face *f, uint16_t glyph)
{
  if (glyph < f->metrics) return vb_be16s(f->hmtx, 4 * (size_t)glyph + 2);
  /* Some fonts end their array of left side bearings early; 0 is what readers take then. */
  return vb_be16s(f->hmtx, 4 * (size_t)f->metrics + 2 * (size_t)(glyph - f->metrics));
}

static vb_status read_advances(vb_face *f, vb_font_fault *fault)
{
  f->advance = VB_NEW_ARRAY(f->arena, uint16_t, f->glyphs);
  if (!f->advance) return VB_NOMEM;
  for (uint32_t g = 0; g < f->glyphs; g++) {
    int w = per_mille(f, vb_face_advance_raw(f, (uint16_t)g));
    if (w > WIDTH_MAX) return vb_font_damaged(fault, "hmtx");
    f->advance[g] = (uint16_t)w;
  }
  return VB_OK;
}

/* Characters that are drawn with another's glyph. The no-break space always is the space, so that both have one width and one
 * glyph; the no-break hyphen, which Liberation lacks, is the hyphen where the font has none. */
static bool add_aliases(vb_face *f)
{
  uint16_t space = vb_pages_get(&f->cmap, ' '), hyphen = vb_pages_get(&f->cmap, 0x2010);
  if (hyphen == 0) hyphen = vb_pages_get(&f->cmap, '-');
  if (space != 0 && !vb_pages_put(&f->cmap, f->arena, 0xA0, space)) return false;
  if (vb_pages_get(&f->cmap, 0x2011) == 0 && hyphen != 0 && !vb_pages_put(&f->cmap, f->arena, 0x2011, hyphen)) return false;
  return true;
}

static vb_status read_characters(vb_face *f, vb_font_fault *fault)
{
  vb_bytes cmap;
  vb_table_state state = vb_sfnt_table(f->file, "cmap", &cmap);
  if (state == VB_TABLE_CUT) return vb_font_damaged(fault, "cmap");
  if (state == VB_TABLE_ABSENT) {
    *fault = (vb_font_fault){VB_MSG_FONT_TABLE_ABSENT, "cmap", 0};
    return VB_SYSTEM;
  }
  vb_status st = vb_cmap_read(cmap, f->glyphs, f->arena, &f->cmap, fault);
  if (st != VB_OK) return st;
  if (!add_aliases(f)) return VB_NOMEM;
  for (uint32_t c = 0; c < VB_DENSE; c++) f->dense[c] = f->advance[vb_pages_get(&f->cmap, c)];
  f->dense['\n'] = f->dense['\t'] = 0;
  return VB_OK;
}

/* The name goes into PDF names: printable ASCII without delimiters. */
static void read_ps_name(vb_face *f, vb_bytes name)
{
  char raw[sizeof f->info.ps_name];
  vb_sfnt_name(name, 6, raw, sizeof raw);
  size_t n = 0;
  for (const char *p = raw; *p; p++)
    if (*p > ' ' && *p < 0x7F && !strchr("()<>[]{}/%#", *p)) f->info.ps_name[n++] = *p;
  f->info.ps_name[n] = '\0';
  if (n == 0) memcpy(f->info.ps_name, "Unnamed", sizeof "Unnamed");
}

/* Height of a letter from its outline's box, for fonts whose OS/2 table is too old to state it. */
static int letter_height(const vb_face *f, uint32_t c)
{
  vb_glyph g;
  uint16_t id = vb_face_glyph(f, c);
  return id != 0 && vb_glyph_read(f, id, &g) ? per_mille(f, vb_be16s(g.data, 8)) : 0;
}

/* PDF 32000-1, table 123. Symbolic, since a subset's glyph ids say nothing of any standard character set. */
enum { FLAG_FIXED = 1, FLAG_SERIF = 2, FLAG_SYMBOLIC = 4, FLAG_ITALIC = 64 };

static void read_descriptor(vb_face *f, vb_bytes os2, vb_bytes post)
{
  vb_face_info *i = &f->info;
  bool italic = os2.n ? (vb_be16(os2, 62) & 1u) != 0 : (vb_be16(f->head, 44) & 2u) != 0;
  int weight = os2.n ? vb_be16(os2, 4) : (vb_be16(f->head, 44) & 1u) != 0 ? 700 : 400;
  if (weight > 1000) weight = 1000;
  bool sans = vb_be16(os2, 32) >> 8 == 2 && (vb_be16(os2, 32) & 255u) > 10; /* PANOSE: Latin text without serifs */
  bool sized = vb_be16(os2, 0) >= 2 && os2.n >= 90;
  i->x_height = sized ? per_mille(f, vb_be16s(os2, 86)) : letter_height(f, 'x');
  i->cap_height = sized ? per_mille(f, vb_be16s(os2, 88)) : letter_height(f, 'H');
  i->stem_v = 50 + weight * weight / 4225; /* no table states it: the usual estimate, 87 for 400 and 165 for 700 */
  i->italic_angle_milli = (int)((int64_t)(int32_t)vb_be32(post, 4) * 1000 / 65536);
  i->underline_position = per_mille(f, vb_be16s(post, 8));
  i->underline_thickness = per_mille(f, vb_be16s(post, 10));
  i->flags = FLAG_SYMBOLIC | (sans ? 0 : FLAG_SERIF) | (italic ? FLAG_ITALIC : 0) | (vb_be32(post, 12) != 0 ? FLAG_FIXED : 0);
}

/* OS/2 fsType: restricted licence, no subsetting, bitmaps only (OpenType, OS/2). The widest right that is granted counts. */
static bool may_embed(uint16_t fs_type)
{
  bool restricted = (fs_type & 0x000Fu) == 0x0002u;
  return !restricted && (fs_type & 0x0300u) == 0;
}

static vb_status read_info(vb_face *f, vb_font_fault *fault)
{
  vb_bytes name, os2, post;
  if (vb_sfnt_table(f->file, "name", &name) == VB_TABLE_CUT) return vb_font_damaged(fault, "name");
  if (vb_sfnt_table(f->file, "OS/2", &os2) == VB_TABLE_CUT || (os2.n && os2.n < 68)) return vb_font_damaged(fault, "OS/2");
  if (vb_sfnt_table(f->file, "post", &post) == VB_TABLE_CUT) return vb_font_damaged(fault, "post");
  if (!may_embed(vb_be16(os2, 8))) {
    *fault = (vb_font_fault){VB_MSG_FONT_LICENCE, "OS/2", vb_be16(os2, 8)};
    return VB_SYSTEM;
  }
  read_ps_name(f, name);
  read_descriptor(f, os2, post);
  return VB_OK;
}

static vb_status parse(vb_face *f, bool outlines_only, vb_font_fault *fault)
{
  vb_status st = vb_face_load_tables(f, fault);
  if (st == VB_OK) st = read_advances(f, fault);
  if (st != VB_OK) return st;
  f->info.ascent = per_mille(f, vb_be16s(f->hhea, 4));
  f->info.descent = per_mille(f, vb_be16s(f->hhea, 6));
  f->info.line_gap = per_mille(f, vb_be16s(f->hhea, 8));
  for (size_t i = 0; i < 4; i++) f->info.bbox[i] = per_mille(f, vb_be16s(f->head, 36 + 2 * i));
  if (outlines_only) return VB_OK;
  st = read_characters(f, fault);
  return st == VB_OK ? read_info(f, fault) : st;
}

vb_status vb_face_parse(vb_bytes file, bool outlines_only, vb_face **out, vb_font_fault *fault)
{
  *out = NULL;
  vb_face *f = vb_mem_zalloc(sizeof *f);
  if (!f) return VB_NOMEM;
  f->file = file;
  vb_buf_init(&f->bytes);
  f->arena = vb_arena_new(0);
  vb_status st = f->arena ? parse(f, outlines_only, fault) : VB_NOMEM;
  if (st != VB_OK) {
    vb_face_free(f);
    return st;
  }
  *out = f;
  return VB_OK;
}

void vb_face_free(vb_face *f)
{
  if (!f) return;
  vb_arena_free(f->arena);
  vb_buf_free(&f->bytes);
  vb_mem_free(f);
}

/* ---- lookups ------------------------------------------------------------------------------------------------ */

const vb_face_info *vb_face_info_of(const vb_face *f) { return &f->info; }

uint16_t vb_face_glyph(const vb_face *f, uint32_t c) { return vb_pages_get(&f->cmap, c); }

const uint16_t *vb_face_widths(const vb_face *f) { return f->dense; }

int vb_face_width(const vb_face *f, uint32_t c)
{
  return c < VB_DENSE ? f->dense[c] : f->advance[vb_pages_get(&f->cmap, c)];
}

int64_t vb_face_text_width(const vb_face *f, vb_span s, int32_t size_mpt)
{
  const uint16_t *dense = f->dense;
  int64_t sum = 0;
  for (const char *p = s.p, *end = s.p + s.n; p < end;) {
    unsigned char b = (unsigned char)*p;
    if (b < 0x80) sum += dense[b], p++;
    else sum += vb_face_width_in(dense, f, vb_utf8_next(&p, end));
  }
  return sum * size_mpt / 1000;
}

uint32_t vb_face_missing(const vb_face *f, vb_span s, size_t *offset)
{
  for (const char *p = s.p, *end = s.p + s.n; p < end;) {
    const char *at = p;
    uint32_t c = vb_utf8_next(&p, end);
    if (c == '\n' || c == '\t' || vb_pages_get(&f->cmap, c) != 0) continue;
    if (offset) *offset = (size_t)(at - s.p);
    return c;
  }
  return 0;
}
