/* Marks in text of data: *italic* and **bold**, in labels of forms. */
#include <string.h>

#include "text/text.h"

size_t vb_mark_end(vb_span s, size_t i, size_t *width)
{
  if (s.p[i] != '*') return 0;
  size_t w = *width = i + 1 < s.n && s.p[i + 1] == '*' ? 2 : 1;
  if (i + w >= s.n || s.p[i + w] == ' ' || s.p[i + w] == '*') return 0;
  for (size_t k = i + w; k + w <= s.n; k++)
    if (s.p[k] == '*' && (w == 1 || s.p[k + 1] == '*') && s.p[k - 1] != ' ') return k;
  return 0;
}

const char *vb_text_unmarked(vb_arena *a, const char *text)
{
  if (text == NULL || strchr(text, '*') == NULL) return text;
  vb_span s = vb_span_of(text);
  char *out = vb_arena_alloc(a, s.n + 1), *to = out;
  if (out == NULL) return NULL;
  for (size_t i = 0, width; i < s.n;) {
    size_t end = vb_mark_end(s, i, &width), from = end > 0 ? i + width : i, n = end > 0 ? end - from : 1;
    memcpy(to, s.p + from, n);
    to += n;
    i = end > 0 ? end + width : i + 1;
  }
  *to = '\0';
  return out;
}
