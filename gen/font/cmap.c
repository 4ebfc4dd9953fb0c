/* cmap: characters to glyphs, formats 4 and 12, into a two-level table. For the font room alone.
 *
 * Invariant: a subtable is read in one pass whose steps are bounded by the number of characters there are, whatever the file says:
 * segments must ascend, so a file cannot make the reader walk the same characters again and again. */
#include "font/font_int.h"

enum { CMAP_HEAD = 4, CMAP_RECORD = 8, FORMAT4_HEAD = 14, FORMAT12_HEAD = 16, FORMAT12_GROUP = 12 };

bool vb_pages_put(vb_pages *t, vb_arena *a, uint32_t c, uint16_t v)
{
  uint16_t **page = &t->page[c >> 8];
  if (!*page) *page = VB_NEW_ARRAY(a, uint16_t, 256);
  if (!*page) return false;
  (*page)[c & 255u] = v;
  return true;
}

/* Format 4. A character belongs to the first segment whose end is not below it (that is how the format says to search), so a
 * start below the previous end is cut off, as in fonts with overlapping segments. */
static vb_status read_format4(vb_bytes t, uint16_t glyphs, vb_arena *a, vb_pages *out, vb_font_fault *fault)
{
  size_t n = vb_be16(t, 6) / 2u;
  size_t ends = FORMAT4_HEAD, starts = ends + 2 * n + 2, deltas = starts + 2 * n, offsets = deltas + 2 * n;
  if (n == 0 || !vb_bytes_has(t, offsets, 2 * n)) return vb_font_damaged(fault, "cmap");
  uint32_t next = 0; /* first character that no segment has claimed */
  for (size_t i = 0; i < n; i++) {
    uint32_t end = vb_be16(t, ends + 2 * i), start = vb_be16(t, starts + 2 * i);
    uint32_t delta = vb_be16(t, deltas + 2 * i), offset = vb_be16(t, offsets + 2 * i);
    if (end < next) return vb_font_damaged(fault, "cmap");
    for (uint32_t c = start > next ? start : next; c <= end && c < 0xFFFFu; c++) {
      uint32_t g = c;
      if (offset != 0) {
        g = vb_be16(t, offsets + 2 * i + offset + 2 * (size_t)(c - start));
        if (g == 0) continue;
      }
      g = (g + delta) & 0xFFFFu;
      if (g == 0 || g >= glyphs) continue;
      if (!vb_pages_put(out, a, c, (uint16_t)g)) return VB_NOMEM;
    }
    next = end + 1;
  }
  return VB_OK;
}

static vb_status read_format12(vb_bytes t, uint16_t glyphs, vb_arena *a, vb_pages *out, vb_font_fault *fault)
{
  size_t n = vb_be32(t, 12);
  if (n > (t.n - FORMAT12_HEAD) / FORMAT12_GROUP) return vb_font_damaged(fault, "cmap");
  uint32_t next = 0;
  for (size_t i = 0; i < n; i++) {
    size_t at = FORMAT12_HEAD + i * FORMAT12_GROUP;
    uint32_t start = vb_be32(t, at), end = vb_be32(t, at + 4), first = vb_be32(t, at + 8);
    if (start < next || end < start || end > 0x10FFFFu) return vb_font_damaged(fault, "cmap");
    for (uint32_t c = start; c <= end && first < glyphs && c - start < (uint32_t)glyphs - first; c++) {
      uint16_t g = (uint16_t)(first + (c - start));
      if (g != 0 && !vb_pages_put(out, a, c, g)) return VB_NOMEM;
    }
    next = end + 1;
  }
  return VB_OK;
}

/* How much we like a subtable; 0: cannot be used. Full Unicode before the basic plane, Windows before the Unicode platform. */
static int subtable_rank(vb_bytes cmap, size_t record, vb_bytes *t)
{
  unsigned platform = vb_be16(cmap, record), encoding = vb_be16(cmap, record + 2);
  size_t at = vb_be32(cmap, record + 4);
  bool unicode = platform == 0 || (platform == 3 && (encoding == 1 || encoding == 10));
  if (!unicode || !vb_bytes_has(cmap, at, 2)) return 0;
  /* The length field of format 4 has 16 bits and is wrong in large fonts: the end of the table is the bound. */
  *t = vb_bytes_cut(cmap, at, cmap.n - at);
  switch (vb_be16(*t, 0)) {
  case 4: return t->n < FORMAT4_HEAD ? 0 : platform == 3 ? 2 : 1;
  case 12: return t->n < FORMAT12_HEAD ? 0 : platform == 3 ? 4 : 3;
  default: return 0;
  }
}

vb_status vb_cmap_read(vb_bytes cmap, uint16_t glyphs, vb_arena *a, vb_pages *t, vb_font_fault *fault)
{
  vb_bytes best = {NULL, 0};
  int best_rank = 0;
  size_t count = vb_be16(cmap, 2);
  for (size_t i = 0; i < count; i++) {
    size_t record = CMAP_HEAD + i * CMAP_RECORD;
    if (!vb_bytes_has(cmap, record, CMAP_RECORD)) return vb_font_damaged(fault, "cmap");
    vb_bytes sub = {NULL, 0};
    int rank = subtable_rank(cmap, record, &sub);
    if (rank <= best_rank) continue;
    best_rank = rank;
    best = sub;
  }
  if (best_rank == 0) {
    *fault = (vb_font_fault){VB_MSG_FONT_NO_UNICODE, "cmap", 0};
    return VB_SYSTEM;
  }
  return vb_be16(best, 0) == 12 ? read_format12(best, glyphs, a, t, fault) : read_format4(best, glyphs, a, t, fault);
}
