/* Widths and heights of faces for layout, and the two public measures. Part of room layout. */
#include "layout/layout_int.h"

#include <limits.h>
#include <string.h>

bool vb_metrics_init(vb_metrics *m, const vb_fontset *fonts, vb_arena *a) {
  uint8_t *all = VB_NEW_ARRAY(a, uint8_t, VB_FACES * VB_DENSE);
  if (!all)
    return false;
  for (int i = 0; i < VB_FACES; i++) {
    m->face[i] = vb_fontset_face(fonts, (vb_face_id)i);
    const vb_face_info *info = vb_face_info_of(m->face[i]);
    m->width[i] = vb_face_widths(m->face[i]);
    m->seen[i] = all + (size_t)i * VB_DENSE;
    m->ascent[i] = info->ascent;
    m->descent[i] = -info->descent;
    m->gap[i] = info->line_gap;
  }
  return true;
}

int64_t vb_metrics_text(const vb_metrics *m, vb_face_id face, vb_span s) {
  const char *p = s.p, *end = s.p + s.n;
  int64_t w = 0;
  while (p < end)
    w += vb_metrics_width(m, face, vb_utf8_next(&p, end));
  return w;
}

static vb_len single(int ascent, int descent, int gap, vb_len size) {
  return (vb_len)((int64_t)(ascent + descent + gap) * size / 1000);
}

vb_len vb_metrics_line(const vb_metrics *m, vb_face_id face, vb_len size) {
  return single(m->ascent[face], m->descent[face], m->gap[face], size);
}

vb_len vb_layout_line_height(const vb_fontset *fonts, vb_face_id face, int size) {
  const vb_face_info *i = vb_face_info_of(vb_fontset_face(fonts, face));
  return single(i->ascent, -i->descent, i->line_gap, (vb_len)size * 500);
}

/* A spreadsheet fills lines one after the other, and breaks behind spaces only; a longer word it breaks anywhere. */
int vb_layout_count_lines(const vb_fontset *fonts, vb_face_id face, int size, vb_len width, vb_span text) {
  const vb_face *f = vb_fontset_face(fonts, face);
  const char *p = text.p, *end = text.p + text.n;
  int64_t room = size > 0 ? (int64_t)width * 2 / size : 0; /* 1/1000 em */
  int64_t line = 0, word = 0;                              /* set before the word; the word */
  int lines = 1;
  while (p < end && lines < INT_MAX) {
    uint32_t c = vb_utf8_next(&p, end);
    int64_t w = c == '\n' ? 0 : vb_face_width(f, c);
    if (c == '\n') {
      lines++;
      line = word = 0;
    } else if (c == ' ') {
      line += word + w;
      word = 0;
    } else if (line + word + w <= room || line + word == 0) {
      word += w;
    } else {
      lines++; /* the word goes down whole, or goes on below when it began the line */
      word = line > 0 && word + w <= room ? word + w : w;
      line = 0;
    }
  }
  return lines;
}

bool vb_grow(void **p, uint32_t *cap, uint32_t want, size_t size) {
  if (want <= *cap)
    return true;
  uint32_t n = *cap ? *cap : 64;
  while (n < want) {
    if (n > UINT32_MAX / 2)
      return false;
    n *= 2;
  }
  if (n > SIZE_MAX / size)
    return false;
  void *grown = vb_mem_resize(*p, n * size);
  if (!grown)
    return false;
  *p = grown;
  *cap = n;
  return true;
}
