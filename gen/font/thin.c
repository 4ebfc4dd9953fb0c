/* The base subset without the outlines that a document does not use. Public function of font.h.
 *
 * A document's text is coded before anyone knows all its characters, by the glyph ids of the base subset. Dropping outlines and keeping
 * ids gives a program nearly as small as a subset of its own, in a sixth of the time: bytes are copied, nothing is planned anew. */
#include <string.h>

#include "font/font_int.h"

static const size_t PARTS = 6, HEAD = 1, LOCA = 4; /* in the directory that program.c writes; glyf is table 0 */

typedef struct thin {
  vb_bytes from, glyf, loca; /* the base program and its outlines */
  bool long_loca;
  uint16_t glyphs;
  uint8_t *keep;             /* by glyph id */
} thin;

static size_t offset_of(const thin *t, size_t glyph)
{
  return t->long_loca ? vb_be32(t->loca, 4 * glyph) : 2 * (size_t)vb_be16(t->loca, 2 * glyph);
}

/* Keeps a glyph and what it is made of. Base programs nest no deeper than their font, which was proved when it was opened. */
static void keep(thin *t, uint16_t id, int depth)
{
  if (id >= t->glyphs || t->keep[id] || depth > VB_FONT_DEPTH_MAX) return;
  t->keep[id] = 1;
  size_t from = offset_of(t, id);
  vb_glyph g = {.data = vb_bytes_cut(t->glyf, from, offset_of(t, id + 1u) - from)};
  g.head = g.data.n;
  if (g.data.n == 0 || vb_be16s(g.data, 0) >= 0) return;
  vb_component c;
  size_t at = 10;
  while (vb_glyph_component(&g, &at, &c)) {
    keep(t, c.glyph, depth + 1);
    if (!vb_component_more(&c)) return;
  }
}

static size_t kept_bytes(const thin *t)
{
  size_t n = 0;
  for (size_t i = 0; i < t->glyphs; i++)
    if (t->keep[i]) n += offset_of(t, i + 1) - offset_of(t, i);
  return n;
}

/* Of big-endian words of four bytes; two at a time. */
static uint32_t sum_of(const uint8_t *p, size_t n)
{
  uint32_t sum = 0;
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    uint64_t two = vb_word_at(p + i);
    sum += __builtin_bswap32((uint32_t)two) + __builtin_bswap32((uint32_t)(two >> 32));
  }
  if (i + 4 <= n) sum += vb_be32((vb_bytes){p, n}, i);
  return sum;
}

/* Outlines kept, one behind the other, and where they are. */
static void copy_outlines(const thin *t, uint8_t *glyf, uint8_t *loca)
{
  size_t at = 0;
  for (size_t i = 0; i <= t->glyphs; i++) {
    if (t->long_loca) vb_put32(loca + 4 * i, (uint32_t)at);
    else vb_put16(loca + 2 * i, (uint32_t)(at / 2));
    if (i == t->glyphs || !t->keep[i]) continue;
    size_t from = offset_of(t, i), n = offset_of(t, i + 1) - from;
    if (n > 0) memcpy(glyf + at, t->glyf.p + from, n);
    at += n;
  }
}

/* The tables behind glyf move up; their sums stay, but loca's and the whole file's. */
static void write_program(const thin *t, size_t glyf_bytes, uint8_t *file)
{
  vb_bytes from = t->from;
  size_t glyf_at = vb_be32(from, 12 + 8), rest = vb_be32(from, 12 + 16 + 8), gap = rest - glyf_at - glyf_bytes;
  size_t bytes = from.n - gap;
  memcpy(file, from.p, glyf_at);
  memcpy(file + glyf_at + glyf_bytes, from.p + rest, from.n - rest);
  for (size_t i = 1; i < PARTS; i++) vb_put32(file + 12 + 16 * i + 8, (uint32_t)(vb_be32(from, 12 + 16 * i + 8) - gap));
  size_t loca_at = vb_be32(from, 12 + 16 * LOCA + 8) - gap, loca_bytes = vb_be32(from, 12 + 16 * LOCA + 12);
  copy_outlines(t, file + glyf_at, file + loca_at);
  vb_put32(file + 12 + 12, (uint32_t)glyf_bytes);
  vb_put32(file + 12 + 4, sum_of(file + glyf_at, glyf_bytes));
  vb_put32(file + 12 + 16 * LOCA + 4, sum_of(file + loca_at, (loca_bytes + 3) & ~(size_t)3));
  uint8_t *head = file + vb_be32(from, 12 + 16 * HEAD + 8) - gap;
  vb_put32(head + 8, 0);
  vb_put32(head + 8, 0xB1B0AFBAu - sum_of(file, bytes));
}

vb_status vb_subset_thin(vb_arena *a, const vb_fontset *f, vb_face_id id, const uint8_t *used, vb_subset *out)
{
  const vb_subset *base = vb_subset_base(f, id);
  if (!base) return VB_NOMEM;
  thin t = {.from = {base->program, base->program_bytes}, .glyphs = base->glyphs};
  vb_bytes head;
  if (vb_sfnt_table(t.from, "glyf", &t.glyf) != VB_TABLE_FOUND || vb_sfnt_table(t.from, "loca", &t.loca) != VB_TABLE_FOUND ||
      vb_sfnt_table(t.from, "head", &head) != VB_TABLE_FOUND)
    return VB_NOMEM; /* cannot be: the program is our own */
  t.long_loca = vb_be16(head, 50) != 0;
  t.keep = vb_arena_alloc(a, t.glyphs);
  char *tag = vb_arena_str(a, "AAAAAA", 6);
  if (!t.keep || !tag) return VB_NOMEM;
  keep(&t, 0, 0);
  for (uint16_t i = 0; i < t.glyphs; i++)
    if (used[i]) keep(&t, i, 0);
  size_t glyf_bytes = kept_bytes(&t), bytes = t.from.n - t.glyf.n + glyf_bytes;
  uint8_t *file = vb_arena_alloc(a, bytes);
  if (!file) return VB_NOMEM;
  write_program(&t, glyf_bytes, file);
  uint32_t sum = vb_crc32(file, bytes);
  for (size_t i = 0; i < 6; i++, sum /= 26) tag[i] = (char)('A' + sum % 26);
  *out = *base;
  out->program = file;
  out->program_bytes = bytes;
  out->deflated = NULL;
  out->deflated_bytes = 0;
  out->tag = tag;
  return VB_OK;
}
