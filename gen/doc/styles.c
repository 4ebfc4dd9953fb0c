/* The table of paragraph styles, made from styles.def. Part of room doc. */
#include "doc/doc.h"

static const vb_style table[VB_STYLES] = {
#define VB_STYLE(id, name, rule, heading, a, b, bold, italic, upper, align, first, left, right, before, after, leading, next, lines) \
  [VB_STYLE_##id] = {name, rule, heading, a, b, bold, italic, upper, align, first, left, right, before, after, leading, next, lines},
#include "doc/styles.def"
#undef VB_STYLE
};

const vb_style *vb_style_get(vb_style_id id) {
  return (unsigned)id < VB_STYLES ? &table[id] : &table[VB_STYLE_BODY];
}

bool vb_style_by_name(vb_span name, vb_style_id *out) {
  for (unsigned i = 0; i < VB_STYLES; i++)
    if (vb_span_is(name, table[i].name)) {
      *out = (vb_style_id)i;
      return true;
    }
  return false;
}

int vb_style_size(const vb_setup *s, const vb_style *st) {
  int size = s->size_set == 'A' ? st->size_a : st->size_b;
  return size ? size : s->body_size;
}
