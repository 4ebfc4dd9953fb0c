/* mark.c: the text that the organ's signature shows on an appendix in a file of its own: number and symbol of the document and the time of
 * signing, Times New Roman 10 upright black, in the field at the top right corner of its first page (ND30 PL I.III.1, PL III mẫu 2.2). */
#include <string.h>

#include "batch/mark.h"
#include "font/font.h"
#include "text/text.h"

enum { MARK_SIZE = 10000 /* mpt */ };

const vb_man_slot *vb_mark_slot(const vb_man_doc *doc, const char *file) {
  for (size_t i = 0; i < doc->n_slots; i++)
    if (doc->slots[i].kind != NULL && doc->slots[i].file != NULL && strcmp(doc->slots[i].kind, "mark") == 0 && strcmp(doc->slots[i].file, file) == 0)
      return &doc->slots[i];
  return NULL;
}

static vb_status set_line(vb_arena *a, const vb_subset_map *map, vb_span text, vb_sign_line *line) {
  uint16_t *glyphs = VB_NEW_ARRAY(a, uint16_t, text.n);
  if (glyphs == NULL) return VB_NOMEM;
  line->glyphs = glyphs;
  for (const char *p = text.p, *end = text.p + text.n; p < end;) glyphs[line->n++] = vb_subset_glyph(map, vb_utf8_next(&p, end));
  return VB_OK;
}

/* A subset of the characters of the mark. Its streams live in a. */
static vb_status set_font(vb_diag *d, vb_arena *a, const vb_face *face, vb_span text, vb_sign_font *font, vb_sign_line *line) {
  const vb_face_info *info = vb_face_info_of(face);
  vb_charset *chars = vb_charset_new(a);
  vb_subset_map *map = NULL;
  vb_subset sub;
  if (chars == NULL || !vb_charset_add_text(chars, text)) return VB_NOMEM;
  vb_status s = vb_subset_make(d, a, face, chars, &sub, &map);
  if (s != VB_OK) return s;
  *font = (vb_sign_font){.name = vb_arena_printf(a, "%s+%s", sub.tag, info->ps_name), .deflated = {(const char *)sub.deflated, sub.deflated_bytes},
                         .program_bytes = sub.program_bytes, .to_unicode = {(const char *)sub.to_unicode, sub.to_unicode_bytes}, .widths = sub.widths,
                         .n_glyphs = sub.glyphs, .ascent = info->ascent, .descent = info->descent, .cap_height = info->cap_height, .stem_v = info->stem_v,
                         .flags = (info->flags & ~32) | 4 /* symbolic: codes are no standard encoding's */, .italic_angle_milli = info->italic_angle_milli};
  memcpy(font->bbox, info->bbox, sizeof font->bbox);
  return font->name == NULL ? VB_NOMEM : set_line(a, map, text, line);
}

vb_status vb_mark_make(vb_diag *d, vb_arena *a, const vb_man_doc *doc, const vb_moment *when, vb_mark *out) {
  if (doc->number == NULL || doc->number[0] == '\0' || doc->symbol == NULL) return VB_POST(d, VB_MSG_SIGN_NUMBER, VB_NOWHERE);
  if (out->fonts == NULL) {
    vb_status s = vb_fontset_open(d, out->font_dir, &out->fonts);
    if (s != VB_OK) return s;
  }
  vb_buf text;
  vb_buf_init(&text);
  vb_sign_mark(doc->number, doc->symbol, when, &text);
  out->line = (vb_sign_line){NULL, 0};
  vb_status s = text.failed ? VB_NOMEM : set_font(d, a, vb_fontset_face(out->fonts, VB_REGULAR), (vb_span){text.p, text.n}, &out->font, &out->line);
  out->text = (vb_sign_text){&out->font, &out->line, 1, MARK_SIZE};
  vb_buf_free(&text);
  return s;
}

void vb_mark_close(vb_mark *m) { vb_fontset_close(m->fonts); }
