/* pdf, inside: what a process makes once and all its documents share: the colour profile, the base subsets' glyph tables, the
 * compressor. Made before workers are forked, so that they share the memory too. */
#include <libdeflate.h>
#include <string.h>

#include "write/pdf_int.h"

/* sRGB from Debian's icc-profiles-free; a distribution that keeps it elsewhere sets this at build time. */
#ifndef VB_PROFILE_PATH
#define VB_PROFILE_PATH "/usr/share/color/icc/sRGB.icc"
#endif

static struct {
  vb_pdf_warm warm;
  vb_arena *arena;
  struct libdeflate_compressor *compressor[VB_PDF_LEVELS]; /* made when first used */
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
  vb_pdf_deflate((vb_span){file.p, file.n}, VB_PDF_LEVEL_FILE, &packed);
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
  vb_pdf_deflate((vb_span){plain.p, plain.n}, VB_PDF_LEVEL_FILE, &packed);
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
  return VB_OK;
}

void vb_pdf_cool_down(void)
{
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
