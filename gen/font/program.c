/* A subset as a TrueType file with the six tables a CIDFontType2 needs (ISO 32000-1, 9.9: glyf head hhea hmtx loca maxp), and as a
 * ToUnicode CMap (9.10.3). Hints are gone, so cvt, fpgm and prep are too. For the font room alone. */
#include <string.h>

#include "font/font_int.h"

enum { TABLES = 6, DIRECTORY = 12 + 16 * TABLES, HEAD_BYTES = 54, HHEA_BYTES = 36, MAXP_BYTES = 32, BFCHAR_MAX = 100 };

typedef struct part { const char *tag; size_t n, at; } part; /* ascending by tag, as the format asks */

static size_t padded(size_t n) { return (n + 3) & ~(size_t)3; }

/* Sum of big-endian words; n is padded. */
static uint32_t table_sum(const uint8_t *p, size_t n)
{
  uint32_t sum = 0;
  vb_bytes b = {p, n};
  for (size_t i = 0; i < n; i += 4) sum += vb_be32(b, i);
  return sum;
}

static void write_outlines(const vb_plan *p, uint8_t *glyf, uint8_t *loca, bool long_loca)
{
  size_t at = 0;
  for (size_t i = 0; i <= p->n; i++) {
    if (long_loca) vb_put32(loca + 4 * i, (uint32_t)at);
    else vb_put16(loca + 2 * i, (uint32_t)(at / 2));
    vb_glyph g;
    if (i == p->n || p->glyph[i].gap || !vb_glyph_read(p->face, p->glyph[i].old, &g)) continue; /* read once before, when it was planned */
    vb_glyph_copy(&g, p->new_of, glyf + at);
    at += padded(g.out);
  }
}

static void write_metrics(const vb_plan *p, uint8_t *hmtx)
{
  for (size_t i = 0; i < p->n; i++) {
    uint16_t old = p->glyph[i].old;
    vb_put16(hmtx + 4 * i, (uint32_t)vb_face_advance_raw(p->face, old));
    vb_put16(hmtx + 4 * i + 2, (uint32_t)vb_face_lsb(p->face, old));
  }
}

static void write_heads(const vb_plan *p, uint8_t *head, uint8_t *hhea, uint8_t *maxp, bool long_loca)
{
  const vb_face *f = p->face;
  memcpy(head, f->head.p, HEAD_BYTES);
  vb_put32(head + 8, 0); /* checkSumAdjustment: filled when all is in place */
  vb_put16(head + 16, vb_be16(f->head, 16) & ~0x14u); /* no instructions: size and widths no longer depend on them */
  vb_put16(head + 50, long_loca ? 1 : 0);
  memcpy(hhea, f->hhea.p, HHEA_BYTES);
  vb_put16(hhea + 34, (uint32_t)p->n);
  memcpy(maxp, f->maxp.p, MAXP_BYTES);
  vb_put16(maxp + 4, (uint32_t)p->n);
  vb_put16(maxp + 14, 1);       /* maxZones: the twilight zone is the instructions' */
  memset(maxp + 16, 0, 12);     /* twilight points, storage, functions, instructions defined, stack, size of instructions */
}

static void write_directory(uint8_t *file, const part *parts, size_t bytes)
{
  vb_put32(file, 0x00010000u);
  vb_put16(file + 4, TABLES);
  vb_put16(file + 6, 64); /* searchRange: 16 * the power of two below 6 */
  vb_put16(file + 8, 2);
  vb_put16(file + 10, 16 * TABLES - 64);
  for (size_t i = 0; i < TABLES; i++) {
    uint8_t *e = file + 12 + 16 * i;
    memcpy(e, parts[i].tag, 4);
    vb_put32(e + 4, table_sum(file + parts[i].at, padded(parts[i].n)));
    vb_put32(e + 8, (uint32_t)parts[i].at);
    vb_put32(e + 12, (uint32_t)parts[i].n);
  }
  vb_put32(file + parts[1].at + 8, 0xB1B0AFBAu - table_sum(file, bytes));
}

vb_status vb_program_write(const vb_plan *p, vb_subset *out, vb_font_fault *fault)
{
  bool long_loca = p->glyf_bytes > 0x1FFFEu;
  part parts[TABLES] = {{"glyf", p->glyf_bytes, 0}, {"head", HEAD_BYTES, 0}, {"hhea", HHEA_BYTES, 0}, {"hmtx", 4 * p->n, 0},
                        {"loca", (p->n + 1) * (long_loca ? 4 : 2), 0}, {"maxp", MAXP_BYTES, 0}};
  size_t bytes = DIRECTORY;
  for (size_t i = 0; i < TABLES; i++) parts[i].at = bytes, bytes += padded(parts[i].n);
  if (bytes > 2 * (size_t)VB_FONT_BYTES_MAX) return vb_font_damaged(fault, "glyf");
  uint8_t *file = vb_arena_alloc(p->arena, bytes);
  if (!file) return VB_NOMEM;
  write_outlines(p, file + parts[0].at, file + parts[4].at, long_loca);
  write_heads(p, file + parts[1].at, file + parts[2].at, file + parts[5].at, long_loca);
  write_metrics(p, file + parts[3].at);
  write_directory(file, parts, bytes);
  out->program = file;
  out->program_bytes = bytes;
  return VB_OK;
}

static void write_code(vb_buf *out, uint32_t character)
{
  if (character < 0x10000u) vb_buf_printf(out, "<%04X>\n", (unsigned)character);
  else vb_buf_printf(out, "<%04X%04X>\n", 0xD800u + ((unsigned)(character - 0x10000u) >> 10), 0xDC00u + ((unsigned)character & 0x3FFu));
}

void vb_program_to_unicode(const vb_plan *p, bool coded, vb_buf *out)
{
  vb_buf_str(out, "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
                  "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
                  "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n");
  vb_buf_str(out, coded ? VB_CODE_SPACES : "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
  size_t left = 0;
  for (size_t i = 0; i < p->n; i++) left += p->glyph[i].character != 0;
  size_t in_block = 0;
  for (size_t i = 0; i < p->n; i++) {
    if (p->glyph[i].character == 0) continue;
    if (in_block == 0) {
      in_block = left < BFCHAR_MAX ? left : BFCHAR_MAX;
      left -= in_block;
      vb_buf_printf(out, "%zu beginbfchar\n", in_block);
    }
    vb_buf_printf(out, coded && i < VB_IDS_ONE_BYTE ? "<%02zX> " : "<%04zX> ", i);
    write_code(out, p->glyph[i].character);
    if (--in_block == 0) vb_buf_str(out, "endbfchar\n");
  }
  vb_buf_str(out, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
}
