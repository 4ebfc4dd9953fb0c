/* pdf, inside: what a process makes once and all its documents share: the colour profile, the base subsets' glyph tables, the
 * compressor. Made before workers are forked, so that they share the memory too. */
#include <libdeflate.h>
#include <string.h>

#include "write/pdf_int.h"

/* sRGB from Debian's icc-profiles-free; a distribution that keeps it elsewhere sets this at build time. */
#ifndef VB_PROFILE_PATH
#define VB_PROFILE_PATH "/usr/share/color/icc/sRGB.icc"
#endif

/* A program that was made for a document before; NULL in its place: none so far. */
typedef struct kept {
  char tag[8];
  vb_span deflated;       /* behind this record */
  size_t bytes;
  uint8_t used[];         /* by glyph of the base subset */
} kept;

static struct {
  vb_pdf_warm warm;
  vb_arena *arena;
  struct libdeflate_compressor *compressor[VB_PDF_LEVELS]; /* made when first used */
  kept *program[VB_FACES][VB_FONT_PROGRAMS_KEPT];          /* the one used last is first */
} process; /* workers are processes of one thread */

void vb_pdf_deflate(vb_span bytes, int level, vb_buf *out)
{
  struct libdeflate_compressor *c = process.compressor[level];
  if (!c) c = process.compressor[level] = libdeflate_alloc_compressor(level);
  if (!c) {
    out->failed = true;
    return;
  }
  size_t bound = libdeflate_zlib_compress_bound(c, bytes.n);
  if (!vb_buf_reserve(out, bound)) return;
  size_t n = libdeflate_zlib_compress(c, bytes.p, bytes.n, out->p + out->n, bound);
  if (n == 0) out->failed = true; /* cannot be in a room of the bound's size; never pass an empty stream on */
  out->n += n;
}

/* A profile for the output intent: colour space RGB, and the mark that every ICC profile has at byte 36. */
vb_status vb_pdf_profile_read(vb_diag *d, const char *path, vb_arena *a, vb_span *out)
{
  vb_buf file, packed;
  vb_buf_init(&file);
  vb_buf_init(&packed);
  vb_status st = vb_file_read(d, path, VB_PROFILE_BYTES_MAX, false, &file);
  if (st != VB_OK) goto out;
  if (file.n < 128 || memcmp(file.p + 36, "acsp", 4) != 0 || memcmp(file.p + 16, "RGB ", 4) != 0) {
    st = VB_POST(d, VB_MSG_PDF_PROFILE, VB_NOWHERE, path);
    goto out;
  }
  vb_pdf_deflate((vb_span){file.p, file.n}, VB_PDF_LEVEL_DOCUMENT, &packed);
  *out = (vb_span){packed.failed ? NULL : vb_arena_copy(a, packed.p, packed.n), packed.n};
  st = out->p ? VB_OK : VB_NOMEM;
out:
  vb_buf_free(&packed);
  vb_buf_free(&file);
  return st;
}

/* Every code is its own id. Ranges of a CMap stay within one last byte. */
static vb_status warm_codes(vb_span *out)
{
  vb_buf plain, packed;
  vb_buf_init(&plain);
  vb_buf_init(&packed);
  vb_buf_str(&plain, "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo "
                     "<</Registry (Adobe)/Ordering (Identity)/Supplement 0>> def\n/CMapName /" VB_PDF_CODES " def\n/CMapType 1 def\n/WMode 0 def\n"
                     VB_CODE_SPACES);
  vb_buf_printf(&plain, "%d begincidrange\n<%02X> <%02X> %d\n", VB_IDS_MAX / 256, VB_ID_SPACE, VB_IDS_ONE_BYTE - 1, VB_ID_SPACE);
  for (unsigned id = VB_IDS_ONE_BYTE; id < VB_IDS_MAX; id += 256) vb_buf_printf(&plain, "<%04X> <%04X> %u\n", id, id + 255, id);
  vb_buf_str(&plain, "endcidrange\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
  vb_pdf_deflate((vb_span){plain.p, plain.n}, VB_PDF_LEVEL_DOCUMENT, &packed);
  *out = (vb_span){plain.failed || packed.failed ? NULL : vb_arena_copy(process.arena, packed.p, packed.n), packed.n};
  vb_buf_free(&packed);
  vb_buf_free(&plain);
  return out->p ? VB_OK : VB_NOMEM;
}

static vb_status warm_face(const vb_fontset *fonts, vb_face_id id, vb_pdf_face *f)
{
  f->subset = vb_subset_base(fonts, id);
  if (!f->subset) return VB_NOMEM;
  f->map = vb_subset_base_map(fonts, id);
  f->glyphs = VB_NEW_ARRAY(process.arena, uint16_t, VB_DENSE);
  if (!f->glyphs) return VB_NOMEM;
  for (uint32_t c = 0; c < VB_DENSE; c++) f->glyphs[c] = vb_subset_glyph(f->map, c);
  f->codes = VB_NEW_ARRAY(process.arena, vb_pdf_code, f->subset->glyphs);
  for (uint32_t g = 0; f->codes && g < f->subset->glyphs; g++) {
    vb_pdf_code *k = &f->codes[g];
    char *p = k->bytes;
    if (g >= VB_IDS_ONE_BYTE) p = vb_pdf_put_byte(p, (uint8_t)(g >> 8));
    k->n = (uint8_t)(vb_pdf_put_byte(p, (uint8_t)g) - k->bytes);
    k->space = g == VB_ID_SPACE;
    k->width = f->subset->widths[g];
  }
  return f->codes ? VB_OK : VB_NOMEM;
}

/* ---- font programs ------------------------------------------------------------------------------------------ */

static kept *make_program(const vb_fontset *fonts, vb_face_id face, const uint8_t *used, size_t glyphs)
{
  kept *k = NULL;
  vb_subset thin;
  vb_buf packed;
  vb_buf_init(&packed);
  vb_arena *a = vb_arena_new(0);
  if (!a || vb_subset_thin(a, fonts, face, used, &thin) != VB_OK) goto out;
  vb_pdf_deflate((vb_span){(const char *)thin.program, thin.program_bytes}, VB_PDF_LEVEL_DOCUMENT, &packed);
  k = packed.failed ? NULL : vb_mem_alloc(sizeof *k + glyphs + packed.n);
  if (!k) goto out;
  *k = (kept){.deflated = {(char *)k->used + glyphs, packed.n}, .bytes = thin.program_bytes};
  memcpy(k->tag, thin.tag, 7);
  memcpy(k->used, used, glyphs);
  memcpy(k->used + glyphs, packed.p, packed.n);
out:
  vb_buf_free(&packed);
  vb_arena_free(a);
  return k;
}

vb_status vb_pdf_program_get(const vb_fontset *fonts, vb_face_id face, const uint8_t *used, vb_pdf_program *out)
{
  kept **all = process.program[face];
  const vb_subset *base = process.warm.face[face].subset;
  size_t i = 0;
  while (i < VB_FONT_PROGRAMS_KEPT - 1 && all[i] && memcmp(all[i]->used, used, base->glyphs) != 0) i++;
  kept *k = all[i];
  if (!k || memcmp(k->used, used, base->glyphs) != 0) {
    k = make_program(fonts, face, used, base->glyphs);
    if (!k) return VB_NOMEM;
    vb_mem_free(all[i]);
  }
  memmove(all + 1, all, i * sizeof *all);
  all[0] = k;
  *out = (vb_pdf_program){k->tag, k->deflated, k->bytes};
  return VB_OK;
}

/* ---- the whole ---------------------------------------------------------------------------------------------- */

void vb_pdf_cool_down(void)
{
  for (int face = 0; face < VB_FACES; face++)
    for (size_t i = 0; i < VB_FONT_PROGRAMS_KEPT; i++) vb_mem_free(process.program[face][i]);
  for (int level = 0; level < VB_PDF_LEVELS; level++)
    if (process.compressor[level]) libdeflate_free_compressor(process.compressor[level]);
  vb_arena_free(process.arena);
  memset(&process, 0, sizeof process);
}

vb_status vb_pdf_warm_up(vb_diag *d, const vb_fontset *fonts)
{
  vb_pdf_cool_down();
  process.arena = vb_arena_new(0);
  vb_status st = process.arena ? vb_hpdf_self_test(d) : VB_NOMEM;
  if (st == VB_OK) st = vb_pdf_profile_read(d, VB_PROFILE_PATH, process.arena, &process.warm.profile);
  if (st == VB_OK) st = warm_codes(&process.warm.codes);
  for (int id = 0; st == VB_OK && id < VB_FACES; id++) st = warm_face(fonts, (vb_face_id)id, &process.warm.face[id]);
  if (st == VB_OK)
    process.warm.fonts = fonts;
  else
    vb_pdf_cool_down();
  return st;
}

vb_status vb_pdf_warm_get(vb_diag *d, const vb_fontset *fonts, const vb_pdf_warm **out)
{
  vb_status st = process.warm.fonts == fonts ? VB_OK : vb_pdf_warm_up(d, fonts);
  *out = &process.warm;
  return st;
}
