/* One TrueType outline: its extent, its components, and a copy without instructions. For the font room alone.
 *
 * An outline is walked to its last coordinate before it is copied, so what we embed is whole: a viewer never reads beyond it. */
#include <string.h>

#include "font/font_int.h"

enum { GLYPH_HEAD = 10 };

enum { /* flags of simple outlines */
  X_SHORT = 0x02, Y_SHORT = 0x04, REPEAT = 0x08, X_SAME = 0x10, Y_SAME = 0x20
};
enum { /* flags of components */
  ARGS_ARE_WORDS = 0x0001, ONE_SCALE = 0x0008, MORE = 0x0020, TWO_SCALES = 0x0040, MATRIX = 0x0080, INSTRUCTIONS = 0x0100
};

/* Where the bytes of a glyph are; false when loca points outside of glyf. */
static bool outline_bytes(const vb_face *f, uint16_t id, vb_bytes *out)
{
  size_t i = id, from, to;
  if (f->long_loca) from = vb_be32(f->loca, 4 * i), to = vb_be32(f->loca, 4 * i + 4);
  else from = 2 * (size_t)vb_be16(f->loca, 2 * i), to = 2 * (size_t)vb_be16(f->loca, 2 * i + 2);
  if (from > to || to > f->glyf.n) return false;
  *out = from == to ? (vb_bytes){NULL, 0} : vb_bytes_cut(f->glyf, from, to - from);
  return true;
}

static bool read_simple(vb_glyph *g, size_t contours)
{
  vb_bytes d = g->data;
  g->head = GLYPH_HEAD + 2 * contours;
  if (!vb_bytes_has(d, g->head, 2)) return false;
  for (size_t i = 1; i < contours; i++)
    if (vb_be16(d, GLYPH_HEAD + 2 * i) < vb_be16(d, GLYPH_HEAD + 2 * i - 2)) return false;
  size_t points = (size_t)vb_be16(d, g->head - 2) + 1, at = g->head + 2 + vb_be16(d, g->head), coordinates = 0;
  g->tail = at;
  for (size_t i = 0; i < points;) {
    if (!vb_bytes_has(d, at, 1)) return false;
    uint8_t flag = d.p[at++];
    size_t times = 1;
    if (flag & REPEAT) {
      if (!vb_bytes_has(d, at, 1)) return false;
      times += d.p[at++];
    }
    if (times > points - i) return false;
    size_t x = flag & X_SHORT ? 1 : flag & X_SAME ? 0 : 2, y = flag & Y_SHORT ? 1 : flag & Y_SAME ? 0 : 2;
    coordinates += times * (x + y);
    i += times;
  }
  if (!vb_bytes_has(d, at, coordinates)) return false;
  g->tail_bytes = at + coordinates - g->tail;
  g->out = g->head + 2 + g->tail_bytes;
  return true;
}

bool vb_glyph_component(const vb_glyph *g, size_t *at, vb_component *c)
{
  if (!vb_bytes_has(g->data, *at, 4) || *at >= g->head) return false;
  *c = (vb_component){*at, vb_be16(g->data, *at), vb_be16(g->data, *at + 2)};
  size_t n = 4 + (c->flags & ARGS_ARE_WORDS ? 4u : 2u);
  if (c->flags & ONE_SCALE) n += 2;
  else if (c->flags & TWO_SCALES) n += 4;
  else if (c->flags & MATRIX) n += 8;
  if (!vb_bytes_has(g->data, *at, n)) return false;
  *at += n;
  return true;
}

bool vb_component_more(const vb_component *c) { return (c->flags & MORE) != 0; }

static bool read_composite(vb_glyph *g)
{
  vb_component c;
  size_t at = GLYPH_HEAD;
  g->composite = true;
  g->head = g->data.n; /* for the walk; the true end is known behind it */
  do
    if (!vb_glyph_component(g, &at, &c)) return false;
  while (vb_component_more(&c));
  g->head = g->out = at;
  return true;
}

bool vb_glyph_read(const vb_face *f, uint16_t id, vb_glyph *g)
{
  *g = (vb_glyph){.data = {NULL, 0}};
  if (!outline_bytes(f, id, &g->data)) return false;
  if (g->data.n == 0) return true;
  if (g->data.n < GLYPH_HEAD) return false;
  int contours = vb_be16s(g->data, 0);
  if (contours < 0) return read_composite(g);
  if (contours == 0) {
    g->data.n = 0; /* a box around nothing: no outline */
    return true;
  }
  return read_simple(g, (size_t)contours);
}

void vb_glyph_copy(const vb_glyph *g, const uint16_t *new_of, uint8_t *out)
{
  if (g->data.n == 0) return;
  memcpy(out, g->data.p, g->head);
  if (!g->composite) {
    vb_put16(out + g->head, 0); /* no instructions */
    memcpy(out + g->head + 2, g->data.p + g->tail, g->tail_bytes);
    return;
  }
  vb_component c;
  for (size_t at = GLYPH_HEAD; vb_glyph_component(g, &at, &c);) {
    vb_put16(out + c.at, c.flags & ~(uint32_t)INSTRUCTIONS);
    vb_put16(out + c.at + 2, new_of[c.glyph]);
  }
}
