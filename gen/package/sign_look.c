/* sign_look.c: what is seen of a signature: a picture (PNG, with its transparency as a soft mask, which PDF/A-2 allows), or lines of text in an
 * embedded font. Written as a form XObject of the size of its field. */
#include <string.h>

#include <libdeflate.h>
#include <png.h>

#include "package/sign_int.h"

enum { LEADING = 1200 /* 1/1000 of the size */ };

/* ---- pictures ----------------------------------------------------------------------------------------------- */

static uint32_t be32(const char *p) {
  const unsigned char *s = (const unsigned char *)p;
  return (uint32_t)s[0] << 24 | (uint32_t)s[1] << 16 | (uint32_t)s[2] << 8 | s[3];
}

/* Width in 1/1000 mm by the chunk pHYs (pixels per metre); 0 when it says nothing. */
static int64_t own_width(vb_span png, uint32_t pixels) {
  for (size_t at = 8; at + 21 <= png.n;) {
    uint32_t n = be32(png.p + at);
    if (memcmp(png.p + at + 4, "IDAT", 4) == 0 || n > png.n - at) return 0;
    if (memcmp(png.p + at + 4, "pHYs", 4) == 0 && n == 9) {
      uint32_t per_metre = be32(png.p + at + 8);
      return png.p[at + 16] == 1 && per_metre >= 100 ? (int64_t)pixels * 1000000 / per_metre : 0;
    }
    at += 12 + (size_t)n;
  }
  return 0;
}

static vb_status bad_picture(vb_diag *d, const char *file, const char *why) {
  return VB_POST(d, VB_MSG_SIGN_IMAGE, ((vb_place){vb_diag_file(d, file), 0, 0, NULL}), why);
}

vb_status vb_picture_read(vb_diag *d, const char *file, vb_span png, vb_picture *out) {
  memset(out, 0, sizeof *out);
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  if (png.n < 45 || png.n > VB_PNG_BYTES_MAX) return bad_picture(d, file, VB_NUM(png.n));
  if (png_image_begin_read_from_memory(&image, png.p, png.n) == 0) return bad_picture(d, file, image.message);
  if (image.width == 0 || image.height == 0 || image.width > VB_PNG_SIDE_MAX || image.height > VB_PNG_SIDE_MAX) {
    png_image_free(&image);
    return bad_picture(d, file, "4096 x 4096");
  }
  image.format = PNG_FORMAT_RGBA;
  out->w = image.width;
  out->h = image.height;
  out->rgba = vb_mem_alloc(PNG_IMAGE_SIZE(image));
  if (out->rgba == NULL) {
    png_image_free(&image);
    return VB_NOMEM;
  }
  if (png_image_finish_read(&image, NULL, out->rgba, 0, NULL) == 0) {
    vb_picture_free(out);
    return bad_picture(d, file, image.message);
  }
  out->mm_w = own_width(png, out->w);
  return VB_OK;
}

void vb_picture_free(vb_picture *p) {
  vb_mem_free(p->rgba);
  p->rgba = NULL;
}

static bool deflate_into(vb_buf *out, const uint8_t *bytes, size_t n) {
  struct libdeflate_compressor *z = libdeflate_alloc_compressor(9);
  if (z == NULL) return false;
  size_t most = libdeflate_zlib_compress_bound(z, n);
  if (vb_buf_reserve(out, most)) out->n += libdeflate_zlib_compress(z, bytes, n, out->p + out->n, most);
  libdeflate_free_compressor(z);
  return !out->failed;
}

/* One plane of the picture as an image: colours, or what covers. */
static vb_status put_plane(vb_pdfout *o, const vb_picture *p, bool alpha, int64_t number, int64_t mask) {
  size_t n = (size_t)p->w * p->h, k = alpha ? 1 : 3;
  uint8_t *plane = vb_mem_alloc(n * k);
  vb_buf packed, dict;
  vb_buf_init(&packed);
  vb_buf_init(&dict);
  if (plane == NULL) return VB_NOMEM;
  for (size_t i = 0; i < n; i++) {
    if (alpha) plane[i] = p->rgba[4 * i + 3];
    else memcpy(plane + 3 * i, p->rgba + 4 * i, 3);
  }
  bool good = deflate_into(&packed, plane, n * k);
  vb_buf_printf(&dict, "/Type/XObject/Subtype/Image/Width %u/Height %u/BitsPerComponent 8/ColorSpace/%s/Filter/FlateDecode", (unsigned)p->w,
                (unsigned)p->h, alpha ? "DeviceGray" : "DeviceRGB");
  if (!alpha) vb_buf_printf(&dict, "/SMask %lld 0 R", (long long)mask);
  if (good && !dict.failed) vb_pdfout_stream(o, number, (vb_span){dict.p, dict.n}, (vb_span){packed.p, packed.n});
  good = good && !dict.failed;
  vb_mem_free(plane);
  vb_buf_free(&packed);
  vb_buf_free(&dict);
  return good ? VB_OK : VB_NOMEM;
}

/* The form: content, and the entries of its resources. */
static vb_status put_form(vb_pdfout *o, vb_look *look, vb_buf *resources, vb_buf *content) {
  vb_buf dict;
  vb_buf_init(&dict);
  vb_buf_str(&dict, "/Type/XObject/Subtype/Form/BBox[0 0 ");
  vb_pdfout_mpt(&dict, look->w);
  vb_pdfout_mpt(&dict, look->h);
  vb_buf_str(&dict, "]/Resources<<");
  vb_buf_add(&dict, resources->p, resources->n);
  vb_buf_str(&dict, ">>");
  bool good = !dict.failed && !resources->failed && !content->failed;
  look->number = vb_pdfout_number(o);
  if (good) vb_pdfout_stream(o, look->number, (vb_span){dict.p, dict.n}, (vb_span){content->p, content->n});
  vb_buf_free(&dict);
  vb_buf_free(resources);
  vb_buf_free(content);
  return good ? VB_OK : VB_NOMEM;
}

vb_status vb_look_picture(vb_pdfout *o, const vb_picture *p, vb_look *look) {
  int64_t mask = vb_pdfout_number(o), image = vb_pdfout_number(o);
  vb_status s = put_plane(o, p, true, mask, 0);
  if (s == VB_OK) s = put_plane(o, p, false, image, mask);
  if (s != VB_OK) return s;
  int64_t w = look->w, h = w * p->h / p->w;
  if (h > look->h) {
    h = look->h;
    w = h * p->w / p->h;
  }
  vb_buf resources, content;
  vb_buf_init(&resources);
  vb_buf_init(&content);
  vb_buf_printf(&resources, "/XObject<</Im %lld 0 R>>", (long long)image);
  vb_buf_str(&content, "q ");
  vb_pdfout_mpt(&content, w);
  vb_buf_str(&content, "0 0 ");
  vb_pdfout_mpt(&content, h);
  vb_pdfout_mpt(&content, (look->w - w) / 2);
  vb_pdfout_mpt(&content, (look->h - h) / 2);
  vb_buf_str(&content, "cm /Im Do Q");
  return put_form(o, look, &resources, &content);
}

/* ---- text --------------------------------------------------------------------------------------------------- */

static int64_t line_width(const vb_sign_text *t, const vb_sign_line *l) {
  int64_t w = 0;
  for (size_t i = 0; i < l->n; i++) w += l->glyphs[i] < t->font->n_glyphs ? t->font->widths[l->glyphs[i]] : 0;
  return w * t->size / 1000;
}

static int64_t put_font_file(vb_pdfout *o, const vb_sign_font *f) {
  vb_buf dict;
  vb_buf_init(&dict);
  vb_buf_printf(&dict, "/Length1 %zu/Filter/FlateDecode", f->program_bytes);
  int64_t number = vb_pdfout_number(o);
  vb_pdfout_stream(o, number, (vb_span){dict.p, dict.n}, f->deflated);
  o->out->failed |= dict.failed; /* without its filter the font would be bytes of no kind */
  vb_buf_free(&dict);
  return number;
}

static int64_t put_descriptor(vb_pdfout *o, const vb_sign_font *f) {
  int64_t file = put_font_file(o, f), number = vb_pdfout_number(o);
  vb_pdfout_open(o, number);
  vb_buf_printf(o->out, "<</Type/FontDescriptor/FontName/%s/Flags %d/FontBBox[%d %d %d %d]/ItalicAngle ", f->name, f->flags, f->bbox[0], f->bbox[1], f->bbox[2], f->bbox[3]);
  vb_pdfout_mpt(o->out, f->italic_angle_milli);
  vb_buf_printf(o->out, "/Ascent %d/Descent %d/CapHeight %d/StemV %d", f->ascent, f->descent, f->cap_height, f->stem_v);
  vb_pdfout_ref(o, "FontFile2", file);
  vb_buf_str(o->out, ">>");
  vb_pdfout_close(o);
  return number;
}

/* Type0 over CIDFontType2 with glyph ids as codes. */
static int64_t put_font(vb_pdfout *o, const vb_sign_font *f) {
  int64_t descriptor = put_descriptor(o, f), unicode = vb_pdfout_number(o), cid = vb_pdfout_number(o), font = vb_pdfout_number(o);
  vb_pdfout_stream(o, unicode, VB_LIT("/Filter/FlateDecode"), f->to_unicode);
  vb_pdfout_open(o, cid);
  vb_buf_printf(o->out, "<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/CIDToGIDMap/Identity/DW 0/W[0[", f->name);
  for (size_t i = 0; i < f->n_glyphs; i++) vb_buf_printf(o->out, "%u ", (unsigned)f->widths[i]);
  vb_buf_str(o->out, "]]");
  vb_pdfout_ref(o, "FontDescriptor", descriptor);
  vb_buf_str(o->out, ">>");
  vb_pdfout_close(o);
  vb_pdfout_open(o, font);
  vb_buf_printf(o->out, "<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%lld 0 R]", f->name, (long long)cid);
  vb_pdfout_ref(o, "ToUnicode", unicode);
  vb_buf_str(o->out, ">>");
  vb_pdfout_close(o);
  return font;
}

vb_status vb_look_text(vb_pdfout *o, const vb_sign_text *t, vb_look *look) {
  vb_place at = {o->in->file, 0, 0, NULL};
  const vb_sign_font *f = t->font;
  int64_t step = t->size * LEADING / 1000, width = 0;
  int64_t height = step * (int64_t)t->n_lines + (f->ascent - f->descent) * t->size / 1000 - t->size;
  for (size_t i = 0; i < t->n_lines; i++) width = line_width(t, &t->lines[i]) > width ? line_width(t, &t->lines[i]) : width;
  if (width > look->w || height > look->h)
    return VB_POST(o->in->d, VB_MSG_SIGN_TEXT_WIDE, at, VB_NUM(width / 1000 + 1), VB_NUM(height / 1000 + 1), VB_NUM(look->w / 1000), VB_NUM(look->h / 1000));
  vb_buf resources, content;
  vb_buf_init(&resources);
  vb_buf_init(&content);
  vb_buf_printf(&resources, "/Font<</F %lld 0 R>>", (long long)put_font(o, f));
  int64_t y = look->h - f->ascent * t->size / 1000;
  for (size_t i = 0; i < t->n_lines; i++, y -= step) {
    vb_buf_str(&content, "BT 0 g /F ");
    vb_pdfout_mpt(&content, t->size);
    vb_buf_str(&content, "Tf ");
    vb_pdfout_mpt(&content, look->w - line_width(t, &t->lines[i]));
    vb_pdfout_mpt(&content, y);
    vb_buf_str(&content, "Td <");
    for (size_t k = 0; k < t->lines[i].n; k++) vb_buf_printf(&content, "%04X", (unsigned)t->lines[i].glyphs[k]);
    vb_buf_str(&content, "> Tj ET\n");
  }
  return put_form(o, look, &resources, &content);
}

void vb_sign_mark(const char *number, const char *symbol, const vb_moment *when, vb_buf *out) {
  vb_moment m = vb_moment_shown(when, VB_MOMENT_VIETNAM);
  vb_buf_printf(out, "Số: %s/%s; %02d/%02d/%04d; %02d:%02d:%02d", number, symbol, m.date.day, m.date.month, m.date.year, m.hour, m.minute, m.second);
}
