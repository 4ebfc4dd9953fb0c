/* The sfnt container: table directory, names, and the tables that every face needs. For the font room alone. */
#include <string.h>

#include "font/font_int.h"
#include "text/text.h"

enum { SFNT_HEAD = 12, SFNT_ENTRY = 16, NAME_HEAD = 6, NAME_RECORD = 12 };

vb_status vb_font_damaged(vb_font_fault *fault, const char *table)
{
  *fault = (vb_font_fault){VB_MSG_FONT_TABLE_DAMAGED, table, 0};
  return VB_SYSTEM;
}

vb_table_state vb_sfnt_entry(vb_bytes directory, size_t size, const char *tag, size_t *at, size_t *n)
{
  size_t count = vb_be16(directory, 4);
  for (size_t i = 0; i < count; i++) {
    size_t e = SFNT_HEAD + i * SFNT_ENTRY;
    if (!vb_bytes_has(directory, e, SFNT_ENTRY)) return VB_TABLE_CUT;
    if (memcmp(directory.p + e, tag, 4) != 0) continue;
    *at = vb_be32(directory, e + 8);
    *n = vb_be32(directory, e + 12);
    return *at <= size && *n <= size - *at ? VB_TABLE_FOUND : VB_TABLE_CUT;
  }
  return VB_TABLE_ABSENT;
}

vb_table_state vb_sfnt_table(vb_bytes file, const char *tag, vb_bytes *out)
{
  size_t at = 0, n = 0;
  vb_table_state state = vb_sfnt_entry(file, file.n, tag, &at, &n);
  *out = state == VB_TABLE_FOUND ? vb_bytes_cut(file, at, n) : (vb_bytes){NULL, 0};
  return state;
}

bool vb_sfnt_is_truetype(vb_bytes file)
{
  uint32_t version = vb_be32(file, 0);
  return version == 0x00010000u || version == 0x74727565u; /* "true" */
}

/* How much we like a name record: English Windows names first, as every font for Windows has them. 0: of no use. */
static int name_rank(vb_bytes name, size_t record)
{
  switch (vb_be16(name, record)) {
  case 3:
    if (vb_be16(name, record + 2) > 1) return 0; /* 0 symbol, 1 Unicode; others are legacy double-byte sets */
    return vb_be16(name, record + 4) == 0x0409 ? 4 : 3;
  case 0: return 2;
  case 1: return vb_be16(name, record + 2) == 0 ? 1 : 0;
  default: return 0;
  }
}

static void name_decode(vb_bytes raw, bool utf16, char *out, size_t cap)
{
  size_t n = 0;
  for (size_t i = 0; i + (utf16 ? 2 : 1) <= raw.n; i += utf16 ? 2 : 1) {
    uint32_t c = utf16 ? vb_be16(raw, i) : raw.p[i];
    if (c < 0x20 || (c >= 0x7F && c < 0xA0)) continue;
    if ((c >= 0xD800 && c < 0xE000) || (!utf16 && c > 0x7F)) c = '?';
    char utf8[4];
    size_t k = vb_utf8_put(c, utf8);
    if (n + k + 1 > cap) break;
    memcpy(out + n, utf8, k);
    n += k;
  }
  out[n] = '\0';
}

void vb_sfnt_name(vb_bytes name, uint16_t id, char *out, size_t cap)
{
  size_t count = vb_be16(name, 2), strings = vb_be16(name, 4);
  int best = 0;
  out[0] = '\0';
  for (size_t i = 0; i < count; i++) {
    size_t r = NAME_HEAD + i * NAME_RECORD;
    if (!vb_bytes_has(name, r, NAME_RECORD)) return;
    int rank = vb_be16(name, r + 6) == id ? name_rank(name, r) : 0;
    if (rank <= best) continue;
    vb_bytes raw = vb_bytes_cut(name, strings + vb_be16(name, r + 10), vb_be16(name, r + 8));
    if (raw.n == 0) continue;
    name_decode(raw, rank > 1, out, cap);
    best = rank;
  }
}

static vb_status load_table(vb_face *f, const char *tag, size_t least, vb_bytes *out, vb_font_fault *fault)
{
  switch (vb_sfnt_table(f->file, tag, out)) {
  case VB_TABLE_FOUND:
    return out->n >= least ? VB_OK : vb_font_damaged(fault, tag);
  case VB_TABLE_ABSENT:
    *fault = (vb_font_fault){VB_MSG_FONT_TABLE_ABSENT, tag, 0};
    return VB_SYSTEM;
  case VB_TABLE_CUT:
  default:
    return vb_font_damaged(fault, tag);
  }
}

vb_status vb_face_load_tables(vb_face *f, vb_font_fault *fault)
{
  if (!vb_sfnt_is_truetype(f->file)) {
    *fault = (vb_font_fault){VB_MSG_FONT_KIND, NULL, 0};
    return VB_SYSTEM;
  }
  const struct { const char *tag; size_t least; vb_bytes *to; } need[] = {
    {"head", 54, &f->head}, {"hhea", 36, &f->hhea}, {"maxp", 32, &f->maxp},
    {"hmtx", 4, &f->hmtx},  {"loca", 4, &f->loca},  {"glyf", 0, &f->glyf},
  };
  for (size_t i = 0; i < sizeof need / sizeof need[0]; i++) {
    vb_status st = load_table(f, need[i].tag, need[i].least, need[i].to, fault);
    if (st != VB_OK) return st;
  }
  f->upem = vb_be16(f->head, 18);
  f->glyphs = vb_be16(f->maxp, 4);
  f->metrics = vb_be16(f->hhea, 34);
  uint16_t loca_format = vb_be16(f->head, 50);
  f->long_loca = loca_format == 1;
  if (vb_be32(f->head, 12) != 0x5F0F3CF5u || f->upem < 16 || f->upem > 16384 || loca_format > 1) return vb_font_damaged(fault, "head");
  if (vb_be32(f->maxp, 0) != 0x00010000u || f->glyphs == 0) return vb_font_damaged(fault, "maxp");
  if (f->metrics == 0 || f->metrics > f->glyphs) return vb_font_damaged(fault, "hhea");
  if (f->hmtx.n < (size_t)f->metrics * 4) return vb_font_damaged(fault, "hmtx");
  if (f->loca.n < ((size_t)f->glyphs + 1) * (f->long_loca ? 4 : 2)) return vb_font_damaged(fault, "loca");
  return VB_OK;
}
