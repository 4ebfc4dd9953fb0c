/* See font_make.h. */
#include "font_make.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "folder.h"

void font_read(vb_buf *font, vb_face_id id)
{
  static const char *const names[VB_FACES] = {"Regular", "Bold", "Italic", "BoldItalic"};
  char path[256];
  snprintf(path, sizeof path, VB_FONT_DIR "/LiberationSerif-%s.ttf", names[id]);
  vb_diag *d = vb_diag_new();
  vb_buf_init(font);
  assert_int_equal(vb_file_read(d, path, VB_FONT_BYTES_MAX, false, font), VB_OK);
  vb_diag_free(d);
}

vb_bytes font_bytes(const vb_buf *font) { return (vb_bytes){(const uint8_t *)font->p, font->n}; }

size_t font_entry(const vb_buf *font, const char *tag)
{
  vb_bytes b = font_bytes(font);
  for (size_t i = 0; i < vb_be16(b, 4); i++)
    if (memcmp(font->p + 12 + 16 * i, tag, 4) == 0) return 12 + 16 * i;
  fail_msg("no table %s", tag);
  return 0;
}

size_t font_table(const vb_buf *font, const char *tag, size_t *n)
{
  size_t e = font_entry(font, tag);
  if (n) *n = vb_be32(font_bytes(font), e + 12);
  return vb_be32(font_bytes(font), e + 8);
}

void font_drop_table(vb_buf *font, const char *tag) { memcpy(font->p + font_entry(font, tag), "none", 4); }

void font_replace(vb_buf *font, const char *tag, const void *p, size_t n)
{
  size_t e = font_entry(font, tag), at = font->n;
  vb_buf_add(font, p, n);
  assert_false(font->failed);
  vb_put32((uint8_t *)font->p + e + 8, (uint32_t)at);
  vb_put32((uint8_t *)font->p + e + 12, (uint32_t)n);
}

void font_rename(vb_buf *font, const char *family, const char *style)
{
  const char *text[] = {family, style};
  uint8_t name[512] = {0};
  size_t at = 6 + 2 * 12, used = 0;
  vb_put16(name + 2, 2);
  vb_put16(name + 4, (uint32_t)at);
  for (size_t i = 0; i < 2; i++) {
    uint8_t *r = name + 6 + 12 * i;
    size_t n = strlen(text[i]);
    vb_put16(r, 3), vb_put16(r + 2, 1), vb_put16(r + 4, 0x409), vb_put16(r + 6, (uint32_t)i + 1);
    vb_put16(r + 8, (uint32_t)(2 * n)), vb_put16(r + 10, (uint32_t)used);
    for (size_t k = 0; k < n; k++) name[at + used + 2 * k + 1] = (uint8_t)text[i][k];
    used += 2 * n;
  }
  font_replace(font, "name", name, at + used);
}

void font_set_groups(vb_buf *font, const uint32_t (*groups)[3], size_t n)
{
  vb_buf cmap;
  vb_buf_init(&cmap);
  assert_true(vb_buf_reserve(&cmap, 12 + 16 + 12 * n));
  uint8_t *p = (uint8_t *)cmap.p;
  memset(p, 0, 12 + 16 + 12 * n);
  vb_put16(p + 2, 1), vb_put16(p + 4, 3), vb_put16(p + 6, 10), vb_put32(p + 8, 12);
  vb_put16(p + 12, 12), vb_put32(p + 16, (uint32_t)(16 + 12 * n)), vb_put32(p + 24, (uint32_t)n);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < 3; k++) vb_put32(p + 28 + 12 * i + 4 * k, groups[i][k]);
  font_replace(font, "cmap", p, 28 + 12 * n);
  vb_buf_free(&cmap);
}

void font_set16(vb_buf *font, const char *tag, size_t at, uint32_t v)
{
  vb_put16((uint8_t *)font->p + font_table(font, tag, NULL) + at, v);
}

size_t font_outline(const vb_buf *font, uint16_t glyph, size_t *n)
{
  vb_bytes b = font_bytes(font);
  size_t loca = font_table(font, "loca", NULL), from, to;
  if (vb_be16(b, font_table(font, "head", NULL) + 50)) from = vb_be32(b, loca + 4u * glyph), to = vb_be32(b, loca + 4u * glyph + 4);
  else from = 2u * vb_be16(b, loca + 2u * glyph), to = 2u * vb_be16(b, loca + 2u * glyph + 2);
  *n = to - from;
  return font_table(font, "glyf", NULL) + from;
}

void font_save(const char *dir, const char *name, const vb_buf *font)
{
  FILE *f = fopen(folder_path(dir, name), "wb");
  assert_non_null(f);
  assert_int_equal(fwrite(font->p, 1, font->n, f), font->n);
  assert_int_equal(fclose(f), 0);
}

uint32_t font_random(uint32_t *seed)
{
  *seed ^= *seed << 13;
  *seed ^= *seed >> 17;
  *seed ^= *seed << 5;
  return *seed;
}
