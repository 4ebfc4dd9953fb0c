/* Subsets: which glyphs, in which order, and the base subset that all documents share. Public functions of font.h.
 *
 * Invariants
 *  1. New ids: 0 is .notdef, then the characters, each followed by the components it brought in: first those of everyday text, then
 *     the others in ascending order. The same characters of the same face give the same bytes. A base subset begins at id 32, behind
 *     ids without an outline that nothing uses.
 *  2. Each character has a new id of its own, even where a font draws two with one outline (Đ and Ð in some): a glyph says one
 *     character, so text copied from a PDF is the text that was written. Only the no-break space shares the space's.
 *  3. Every outline is walked once; cycles and deep nesting of composites are faults. The copies together are bounded by twice
 *     the size of glyf, so a small file cannot make a huge subset.
 *  4. vb_fontset_open has proved that the base subset can be made: later only memory can fail it. */
#include <string.h>

#include "font/font_int.h"
#include "text/text.h"

enum { FRESH, OPEN, DONE }; /* of vb_plan.state */

static void plan_free(vb_plan *p)
{
  vb_mem_free(p->glyph);
  vb_mem_free(p->new_of);
  vb_mem_free(p->state);
}

static vb_status plan_init(vb_plan *p, vb_arena *a, const vb_face *f, size_t chars)
{
  *p = (vb_plan){.face = f, .arena = a};
  p->cap = chars + chars / 4 + 16; /* components of Vietnamese letters: a dozen accents */
  p->map = VB_NEW(a, vb_subset_map);
  p->glyph = vb_mem_alloc(p->cap * sizeof *p->glyph);
  p->new_of = vb_mem_zalloc((size_t)f->glyphs * sizeof *p->new_of);
  p->state = vb_mem_zalloc(f->glyphs);
  return p->map && p->glyph && p->new_of && p->state ? VB_OK : VB_NOMEM;
}

static vb_status plan_append(vb_plan *p, uint16_t old, uint32_t character, const vb_glyph *g, vb_font_fault *fault)
{
  if (p->n > 0xFFFEu) return vb_font_damaged(fault, "maxp"); /* more glyphs than ids */
  if (p->n == p->cap) {
    vb_plan_glyph *more = vb_mem_resize(p->glyph, 2 * p->cap * sizeof *more);
    if (!more) return VB_NOMEM;
    p->glyph = more;
    p->cap *= 2;
  }
  p->glyph[p->n++] = (vb_plan_glyph){character, old, false};
  p->glyf_bytes += (g->out + 3) & ~(size_t)3;
  return p->glyf_bytes <= 2 * p->face->glyf.n + 4 * p->n ? VB_OK : vb_font_damaged(fault, "glyf");
}

/* Takes an outline in, then its components. */
static vb_status plan_outline(vb_plan *p, uint16_t old, uint32_t character, int depth, vb_font_fault *fault)
{
  vb_glyph g;
  if (depth > VB_FONT_DEPTH_MAX || !vb_glyph_read(p->face, old, &g)) return vb_font_damaged(fault, "glyf");
  p->new_of[old] = (uint16_t)p->n;
  vb_status st = plan_append(p, old, character, &g, fault);
  p->state[old] = OPEN;
  vb_component c;
  for (size_t at = 10; st == VB_OK && g.composite && vb_glyph_component(&g, &at, &c);) {
    if (c.glyph >= p->face->glyphs || p->state[c.glyph] == OPEN) return vb_font_damaged(fault, "glyf");
    if (p->state[c.glyph] == FRESH) st = plan_outline(p, c.glyph, 0, depth + 1, fault);
  }
  p->state[old] = DONE;
  return st;
}

static vb_status plan_character(vb_plan *p, uint32_t c, vb_font_fault *fault)
{
  uint32_t drawn = c == 0xA0 ? ' ' : c;
  uint16_t old = vb_face_glyph(p->face, drawn);
  if (old == 0) {
    *fault = (vb_font_fault){VB_MSG_FONT_GLYPH, NULL, c};
    return VB_SYSTEM;
  }
  uint16_t id = vb_pages_get(&p->map->ids, drawn);
  if (id == 0) {
    vb_status st = VB_OK;
    id = (uint16_t)p->n;
    if (p->state[old] == FRESH) {
      st = plan_outline(p, old, drawn, 0, fault);
    } else if (p->glyph[p->new_of[old]].character == 0) { /* so far a component only */
      id = p->new_of[old];
      p->glyph[id].character = drawn;
    } else { /* the outline of another character too */
      vb_glyph g;
      st = vb_glyph_read(p->face, old, &g) ? plan_append(p, old, drawn, &g, fault) : vb_font_damaged(fault, "glyf");
    }
    if (st != VB_OK) return st;
  }
  bool kept = vb_pages_put(&p->map->ids, p->arena, drawn, id) && vb_pages_put(&p->map->ids, p->arena, c, id);
  return kept ? VB_OK : VB_NOMEM;
}

/* The ids before the space's, as wide as it and with no outline. */
static vb_status plan_gap(vb_plan *p, vb_font_fault *fault)
{
  uint16_t space = vb_face_glyph(p->face, ' ');
  vb_glyph none = {.out = 0};
  vb_status st = VB_OK;
  while (st == VB_OK && p->n < VB_ID_SPACE) {
    st = plan_append(p, space, 0, &none, fault);
    p->glyph[p->n - 1].gap = true;
  }
  return st;
}

static vb_status plan_make(vb_plan *p, const vb_charset *chars, bool coded, vb_font_fault *fault)
{
  vb_status st = plan_outline(p, 0, 0, 0, fault); /* .notdef; glyph 0 draws no character */
  if (st == VB_OK && coded) st = plan_gap(p, fault);
  vb_span everyday = vb_charset_everyday();
  for (const char *s = everyday.p, *end = s + everyday.n; st == VB_OK && s < end;) {
    uint32_t c = vb_utf8_next(&s, end);
    if (vb_charset_has(chars, c)) st = plan_character(p, c, fault);
  }
  for (uint32_t c = vb_charset_from(chars, 0); st == VB_OK && c != VB_NO_CHAR; c = vb_charset_from(chars, c + 1))
    st = plan_character(p, c, fault);
  return st;
}

static vb_status fill_subset(const vb_plan *p, vb_arena *a, const vb_subset_how *how, vb_subset *out, vb_font_fault *fault)
{
  uint16_t *widths = VB_NEW_ARRAY(a, uint16_t, p->n);
  if (!widths) return VB_NOMEM;
  for (size_t i = 0; i < p->n; i++) widths[i] = p->face->advance[p->glyph[i].old];
  *out = (vb_subset){.glyphs = (uint16_t)p->n, .widths = widths};
  vb_status st = vb_program_write(p, out, fault);
  if (st == VB_OK && !how->coded) st = vb_deflate(a, out->program, out->program_bytes, how->level, &out->deflated, &out->deflated_bytes);
  if (st != VB_OK) return st;

  char tag[7] = {0};
  uint32_t sum = vb_crc32(out->program, out->program_bytes);
  for (size_t i = 0; i < 6; i++, sum /= 26) tag[i] = (char)('A' + sum % 26);
  out->tag = vb_arena_str(a, tag, 6);

  vb_buf cmap;
  vb_buf_init(&cmap);
  vb_program_to_unicode(p, how->coded, &cmap);
  st = cmap.failed || !out->tag ? VB_NOMEM : vb_deflate(a, cmap.p, cmap.n, how->level, &out->to_unicode, &out->to_unicode_bytes);
  vb_buf_free(&cmap);
  return st;
}

vb_status vb_subset_build(vb_arena *a, const vb_face *f, const vb_charset *chars, const vb_subset_how *how, vb_subset *out, vb_subset_map **map,
                          vb_font_fault *fault)
{
  vb_plan p;
  vb_status st = plan_init(&p, a, f, vb_charset_count(chars));
  if (st == VB_OK) st = plan_make(&p, chars, how->coded, fault);
  if (st == VB_OK) st = fill_subset(&p, a, how, out, fault);
  if (st == VB_OK) *map = p.map;
  plan_free(&p);
  return st;
}

vb_status vb_subset_make(vb_diag *d, vb_arena *a, const vb_face *f, const vb_charset *chars, vb_subset *out, vb_subset_map **map)
{
  vb_font_fault fault = {VB_MSG_NO_MEMORY, NULL, 0};
  vb_status st = vb_subset_build(a, f, chars, &(vb_subset_how){VB_FONT_LEVEL_OWN, false}, out, map, &fault);
  if (st == VB_SYSTEM && fault.msg == VB_MSG_FONT_GLYPH) return vb_font_post_glyph(d, f, fault.detail);
  return st == VB_OK ? VB_OK : vb_font_post(d, f->path, &fault, st);
}

uint16_t vb_subset_glyph(const vb_subset_map *m, uint32_t c) { return vb_pages_get(&m->ids, c); }

/* ---- the base subset ---------------------------------------------------------------------------------------- */

bool vb_subset_base_chars(const vb_face *f, vb_charset *s)
{
  vb_arena *scratch = vb_arena_new(0);
  vb_charset *more = scratch ? vb_charset_new(scratch) : NULL;
  bool ok = more && vb_charset_add_required(s) && vb_charset_add_welcome(more);
  for (uint32_t c = ok ? vb_charset_from(more, 0) : VB_NO_CHAR; ok && c != VB_NO_CHAR; c = vb_charset_from(more, c + 1))
    if (vb_face_glyph(f, c) != 0) ok = vb_charset_add(s, c);
  vb_arena_free(scratch);
  return ok;
}

vb_status vb_subset_prove(const vb_face *f, vb_font_fault *fault)
{
  vb_plan p;
  vb_arena *scratch = vb_arena_new(0);
  vb_charset *chars = scratch ? vb_charset_new(scratch) : NULL;
  if (!chars || !vb_subset_base_chars(f, chars)) {
    vb_arena_free(scratch);
    return VB_NOMEM;
  }
  vb_status st = plan_init(&p, scratch, f, vb_charset_count(chars));
  if (st == VB_OK) st = plan_make(&p, chars, true, fault);
  if (st == VB_OK && p.n > VB_IDS_MAX) st = vb_font_damaged(fault, "glyf"); /* hundreds of components */
  plan_free(&p);
  vb_arena_free(scratch);
  return st;
}

const vb_subset *vb_subset_base(const vb_fontset *f, vb_face_id id)
{
  struct vb_base *b = &f->base[id];
  if (b->arena) return &b->subset;
  vb_font_fault fault;
  vb_arena *a = vb_arena_new(0), *scratch = vb_arena_new(0);
  vb_charset *chars = a && scratch ? vb_charset_new(scratch) : NULL;
  vb_status st = chars && vb_subset_base_chars(f->face[id], chars)
                   ? vb_subset_build(a, f->face[id], chars, &(vb_subset_how){VB_FONT_LEVEL_BASE, true}, &b->subset, &b->map, &fault)
                   : VB_NOMEM;
  vb_arena_free(scratch);
  if (st != VB_OK) {
    vb_arena_free(a);
    return NULL;
  }
  b->arena = a;
  return &b->subset;
}

uint16_t vb_subset_base_glyph(const vb_fontset *f, vb_face_id id, uint32_t c)
{
  const struct vb_base *b = &f->base[id];
  return b->arena || vb_subset_base(f, id) ? vb_pages_get(&b->map->ids, c) : (uint16_t)0;
}

const vb_subset_map *vb_subset_base_map(const vb_fontset *f, vb_face_id id)
{
  return f->base[id].arena ? f->base[id].map : NULL;
}
