/* pdf, inside: fonts of a file, as Type0 fonts.
 *
 * Text is coded while the pages are made, when nobody knows yet which characters the document has. So codes are fixed beforehand:
 * those of the base subset are its glyph ids, in one byte or two (font.h; a CMap says so to the reader), those of other characters
 * count up as they come, with Identity-H. What is embedded is decided at the
 * end: the base subset without the outlines that were not used; of
 * rare characters a subset of just those, with a CIDToGIDMap that leads from the codes to its glyphs. */
#include <string.h>

#include "write/pdf_int.h"

#define CODES_MAX 0xFFFFu
#define CHAR_PAGES 0x1100u /* of 256 characters, up to U+10FFFF */

const char *vb_pdf_font_name(int id)
{
  static const char name[VB_PDF_FONTS][3] = {"F0", "F1", "F2", "F3", "X0", "X1", "X2", "X3"};
  return name[id];
}

vb_pdf_font *vb_pdf_font_use(vb_pdf *p, int id)
{
  vb_pdf_font *f = &p->font[id];
  if (f->object != 0) return f;
  if (id < VB_FACES) {
    f->codes = f->cap = p->warm->face[id].subset->glyphs;
    f->used = VB_NEW_ARRAY(p->arena, uint8_t, f->cap);
    if (!f->used) return NULL;
  } else {
    f->codes = 1; /* 0 is .notdef */
    f->cap = 64;
    f->chars = VB_NEW_ARRAY(p->arena, uint32_t, f->cap);
    f->pages = VB_NEW_ARRAY(p->arena, uint16_t *, CHAR_PAGES);
    if (!f->chars || !f->pages) return NULL;
  }
  f->object = vb_hpdf_text(p->h, VB_LIT(""));
  return f->object != 0 ? f : NULL;
}

static bool grow_chars(vb_pdf *p, vb_pdf_font *f)
{
  uint32_t *more = VB_NEW_ARRAY(p->arena, uint32_t, 2 * f->cap);
  if (!more) return false;
  memcpy(more, f->chars, f->codes * sizeof *more);
  f->chars = more;
  f->cap *= 2;
  return true;
}

uint16_t vb_pdf_font_rare(vb_pdf *p, vb_face_id face, uint32_t c)
{
  vb_pdf_font *f = vb_pdf_font_use(p, VB_FACES + (int)face);
  if (!f || c >> 8 >= CHAR_PAGES) return 0;
  uint16_t **page = &f->pages[c >> 8];
  if (!*page) *page = VB_NEW_ARRAY(p->arena, uint16_t, 256);
  if (!*page) return 0;
  uint16_t *code = &(*page)[c & 255];
  if (*code != 0) return *code;
  if (f->codes > CODES_MAX || (f->codes == f->cap && !grow_chars(p, f))) return 0;
  if (f->codes == VB_ID_SPACE) f->chars[f->codes++] = ' '; /* some readers count word space by the number of the code, whatever its bytes */
  f->chars[f->codes] = c;
  *code = (uint16_t)f->codes++;
  return *code;
}

/* ---- what is embedded --------------------------------------------------------------------------------------- */

/* What a font is made of; ids of the streams. gids 0: codes are glyph ids. */
typedef struct embedded { const char *tag; vb_hpdf_id program, gids, to_unicode; } embedded;

static vb_hpdf_id flate_stream(vb_pdf *p, vb_span entries, vb_span plain)
{
  vb_buf_clear(&p->packed);
  vb_pdf_deflate(plain, VB_PDF_LEVEL_DOCUMENT, &p->packed);
  return vb_hpdf_stream(p->h, entries, (vb_span){p->packed.p, p->packed.n});
}

static void put_program(vb_pdf *p, const vb_pdf_program *s, embedded *out)
{
  vb_buf *b = &p->text;
  vb_buf_clear(b);
  vb_pdf_entry_int(b, "Length1", (int64_t)s->bytes);
  vb_buf_str(b, "/Filter/FlateDecode");
  out->tag = s->tag;
  out->program = vb_hpdf_stream(p->h, (vb_span){b->p, b->n}, s->deflated);
}

static vb_status embed_base(vb_pdf *p, const vb_pdf_font *f, vb_face_id face, embedded *out)
{
  const vb_subset *base = p->warm->face[face].subset;
  vb_pdf_program program;
  vb_status st = vb_pdf_program_get(p->warm->fonts, face, f->used, &program);
  if (st != VB_OK) return st;
  put_program(p, &program, out);
  out->to_unicode = vb_hpdf_stream(p->h, VB_LIT("/Filter/FlateDecode"), (vb_span){(const char *)base->to_unicode, base->to_unicode_bytes});
  return VB_OK;
}

/* A subset of the rare characters used, and the map from codes to its glyphs. */
static vb_status own_subset(vb_pdf *p, const vb_pdf_font *f, vb_face_id face, vb_subset *out, vb_buf *gids)
{
  vb_charset *used = vb_charset_new(p->arena);
  bool ok = used != NULL;
  for (uint32_t code = 1; ok && code < f->codes; code++)
    if (f->chars[code] != 0) ok = vb_charset_add(used, f->chars[code]);
  if (!ok) return VB_NOMEM;
  vb_subset_map *map;
  vb_status st = vb_subset_make(p->diag, p->arena, vb_fontset_face(p->warm->fonts, face), used, out, &map);
  for (uint32_t code = 0; st == VB_OK && code < f->codes; code++) {
    uint16_t gid = f->chars[code] != 0 ? vb_subset_glyph(map, f->chars[code]) : (uint16_t)0;
    vb_buf_char(gids, (char)(gid >> 8));
    vb_buf_char(gids, (char)gid);
  }
  return st == VB_OK && gids->failed ? VB_NOMEM : st;
}

static void hex4(vb_buf *b, uint32_t v)
{
  for (int shift = 12; shift >= 0; shift -= 4) vb_buf_char(b, "0123456789ABCDEF"[v >> shift & 15]);
}

/* ToUnicode of a font for rare characters, by code. At most 100 mappings a block, as the CMap format says. */
static void rare_to_unicode(const vb_pdf_font *f, vb_buf *out)
{
  vb_buf_str(out, "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo "
                  "<</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
                  "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
  for (uint32_t first = 1; first < f->codes; first += 100) {
    uint32_t n = f->codes - first < 100 ? f->codes - first : 100;
    vb_buf_int(out, n);
    vb_buf_str(out, " beginbfchar\n");
    for (uint32_t code = first; code < first + n; code++) {
      uint32_t c = f->chars[code];
      vb_buf_char(out, '<');
      hex4(out, code);
      vb_buf_str(out, "> <");
      if (c > 0xFFFF) hex4(out, 0xD800 + ((c - 0x10000) >> 10));
      hex4(out, c > 0xFFFF ? 0xDC00 + ((c - 0x10000) & 0x3FF) : c);
      vb_buf_str(out, ">\n");
    }
    vb_buf_str(out, "endbfchar\n");
  }
  vb_buf_str(out, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
}

static vb_status embed_rare(vb_pdf *p, const vb_pdf_font *f, vb_face_id face, embedded *out)
{
  vb_subset *own = VB_NEW(p->arena, vb_subset);
  vb_buf gids, cmap;
  vb_buf_init(&gids);
  vb_buf_init(&cmap);
  vb_status st = own ? own_subset(p, f, face, own, &gids) : VB_NOMEM;
  if (st == VB_OK) {
    put_program(p, &(vb_pdf_program){own->tag, {(const char *)own->deflated, own->deflated_bytes}, own->program_bytes}, out);
    rare_to_unicode(f, &cmap);
    out->to_unicode = flate_stream(p, VB_LIT("/Filter/FlateDecode"), (vb_span){cmap.p, cmap.n});
    out->gids = flate_stream(p, VB_LIT("/Filter/FlateDecode"), (vb_span){gids.p, gids.n});
    st = cmap.failed ? VB_NOMEM : VB_OK;
  }
  vb_buf_free(&cmap);
  vb_buf_free(&gids);
  return st;
}

/* ---- the objects of a font ---------------------------------------------------------------------------------- */

static void put_name(vb_buf *b, const char *key, const char *tag, const char *name)
{
  vb_buf_printf(b, "/%s/%s+", key, tag);
  vb_buf tail;
  vb_buf_init(&tail);
  vb_pdf_name(&tail, vb_span_of(name));
  if (tail.n > 1) vb_buf_add(b, tail.p + 1, tail.n - 1); /* without its slash */
  b->failed |= tail.failed;
  vb_buf_free(&tail);
}

static vb_hpdf_id take_text(vb_pdf *p, vb_buf *b)
{
  if (b->failed) p->text.failed = true;
  return vb_hpdf_text(p->h, (vb_span){b->p, b->n});
}

static vb_hpdf_id put_descriptor(vb_pdf *p, const vb_face_info *info, const embedded *e)
{
  vb_buf *b = &p->text;
  vb_buf_clear(b);
  vb_buf_str(b, "/Type/FontDescriptor");
  put_name(b, "FontName", e->tag, info->ps_name);
  /* Symbolic (4), not Nonsymbolic (32): codes are no standard encoding's. */
  vb_pdf_entry_int(b, "Flags", (info->flags & ~32) | 4);
  vb_buf_printf(b, "/FontBBox[%d %d %d %d]", info->bbox[0], info->bbox[1], info->bbox[2], info->bbox[3]);
  vb_buf_str(b, "/ItalicAngle ");
  vb_pdf_cpt_add(b, info->italic_angle_milli / 10, ' ');
  vb_buf_printf(b, "/Ascent %d/Descent %d/CapHeight %d/XHeight %d/StemV %d", info->ascent, info->descent, info->cap_height,
                info->x_height, info->stem_v);
  vb_pdf_entry_ref(b, "FontFile2", e->program);
  return take_text(p, b);
}

/* Widths by code: of the base subset all, of rare characters those of the face. */
static void put_widths(vb_pdf *p, const vb_pdf_font *f, int id, vb_buf *b)
{
  const vb_subset *base = p->warm->face[id % VB_FACES].subset;
  const vb_face *face = vb_fontset_face(p->warm->fonts, (vb_face_id)(id % VB_FACES));
  vb_buf_str(b, "/W[0[");
  for (uint32_t code = 0; code < f->codes; code++) {
    vb_buf_int(b, id < VB_FACES || code == 0 ? base->widths[code] : vb_face_width(face, f->chars[code]));
    vb_buf_char(b, code + 1 < f->codes ? ' ' : ']');
  }
  vb_buf_char(b, ']');
}

static void put_codes(vb_pdf *p)
{
  p->codes = vb_hpdf_stream(p->h, VB_LIT("/Type/CMap/CMapName/" VB_PDF_CODES "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/WMode 0"
                                         "/Filter/FlateDecode"), p->warm->codes);
}

static vb_status put_font(vb_pdf *p, vb_pdf_font *f, int id)
{
  const vb_face_info *info = vb_face_info_of(vb_fontset_face(p->warm->fonts, (vb_face_id)(id % VB_FACES)));
  embedded e = {NULL, 0, 0, 0};
  vb_status st = id < VB_FACES ? embed_base(p, f, (vb_face_id)id, &e) : embed_rare(p, f, (vb_face_id)(id - VB_FACES), &e);
  if (st != VB_OK) return st;
  if (id < VB_FACES && p->codes == 0) put_codes(p);
  vb_hpdf_id descriptor = put_descriptor(p, info, &e);
  vb_buf *b = &p->text;
  vb_buf_clear(b);
  vb_buf_str(b, "/Type/Font/Subtype/CIDFontType2");
  put_name(b, "BaseFont", e.tag, info->ps_name);
  vb_buf_str(b, "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>");
  if (e.gids != 0)
    vb_pdf_entry_ref(b, "CIDToGIDMap", e.gids);
  else
    vb_buf_str(b, "/CIDToGIDMap/Identity");
  put_widths(p, f, id, b);
  vb_pdf_entry_ref(b, "FontDescriptor", descriptor);
  vb_hpdf_id descendant = take_text(p, b);
  vb_buf_clear(b);
  vb_buf_str(b, "/Type/Font/Subtype/Type0");
  if (id < VB_FACES)
    vb_pdf_entry_ref(b, "Encoding", p->codes);
  else
    vb_buf_str(b, "/Encoding/Identity-H");
  put_name(b, "BaseFont", e.tag, info->ps_name);
  vb_buf_str(b, "/DescendantFonts[");
  vb_pdf_ref(b, descendant);
  vb_buf_char(b, ']');
  vb_pdf_entry_ref(b, "ToUnicode", e.to_unicode);
  vb_hpdf_fill(p->h, f->object, (vb_span){b->p, b->n});
  return b->failed ? VB_NOMEM : VB_OK;
}

vb_status vb_pdf_font_end(vb_pdf *p)
{
  vb_status st = VB_OK;
  for (int id = 0; st == VB_OK && id < VB_PDF_FONTS; id++)
    if (p->font[id].object != 0) st = put_font(p, &p->font[id], id);
  if (st != VB_OK) return st;
  vb_buf *b = &p->text;
  vb_buf_clear(b);
  vb_buf_str(b, "/Font<<");
  for (int id = 0; id < VB_PDF_FONTS; id++)
    if (p->font[id].object != 0) vb_pdf_entry_ref(b, vb_pdf_font_name(id), p->font[id].object);
  vb_buf_str(b, ">>");
  vb_hpdf_fill(p->h, p->resources, (vb_span){b->p, b->n});
  return b->failed ? VB_NOMEM : VB_OK;
}
