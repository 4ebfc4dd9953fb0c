/* attrs: small readers of attributes, and the messages about names that are not known. For gen/template alone. */
#include "template/template_int.h"

#include <string.h>

void vb_compile_post(vb_compile *c, vb_msg m, vb_place at, const char *a0, const char *a1) {
  if (c->st == VB_NOMEM) return; /* what is not there for want of memory, the template does not lack */
  vb_status s = a0 && a1 ? VB_POST(c->d, m, at, a0, a1) : a0 ? VB_POST(c->d, m, at, a0) : VB_POST(c->d, m, at, "");
  c->st = vb_worse(c->st, s);
}

void vb_compile_unknown(vb_compile *c, const vb_msg pair[2], vb_place at, vb_span name, vb_span nearest) {
  if (nearest.n) vb_compile_post(c, pair[1], at, VB_TXT(name), VB_TXT(nearest));
  else vb_compile_post(c, pair[0], at, VB_TXT(name), NULL);
}

vb_op *vb_op_new(vb_compile *c, vb_op_kind kind, vb_place at) {
  vb_op *op = VB_NEW(c->a, vb_op);
  if (!op) {
    c->st = VB_NOMEM;
    return NULL;
  }
  op->kind = kind;
  op->at = at;
  return op;
}

const char *vb_attr_str(vb_compile *c, const vb_xml_node *n, const char *name) {
  vb_span v = vb_xml_attr_get(n, name);
  if (!v.p) return NULL;
  const char *s = vb_arena_str(c->a, v.p, v.n);
  if (!s) c->st = VB_NOMEM;
  return s;
}

bool vb_attr_yes(const vb_xml_node *n, const char *name, bool otherwise) {
  vb_span v = vb_xml_attr_get(n, name);
  return v.p ? vb_span_is(vb_span_trim(v), "yes") : otherwise;
}

/* What stands before anything that the schema has refused. */
static vb_dec dec_of(vb_span v) {
  vb_dec d = {0, 0};
  bool point = false;
  for (size_t i = 0; i < v.n && d.places < 3 && d.n < 100000000; i++) {
    if (v.p[i] == '.') {
      point = true;
      continue;
    }
    if (v.p[i] < '0' || v.p[i] > '9') break;
    d.n = d.n * 10 + (v.p[i] - '0');
    if (point) d.places++;
  }
  return d;
}

vb_dec vb_attr_dec(const vb_xml_node *n, const char *name, int64_t otherwise) {
  vb_span v = vb_xml_attr_get(n, name);
  return v.p ? dec_of(vb_span_trim(v)) : (vb_dec){otherwise, 0};
}

int vb_attr_int(const vb_xml_node *n, const char *name, int otherwise) { return (int)vb_attr_dec(n, name, otherwise).n; }

/* Decimal times 1000, for lengths without a double. */
static int64_t milli(vb_dec d) {
  vb_dec out = {0, 3};
  return vb_dec_rescale(d, 3, &out) ? out.n : 0;
}

static vb_len mm_of(vb_dec d) { return (vb_len)((milli(d) * 720 + 127) / 254); } /* 1 mm = 72000/25.4 mpt */

vb_len vb_attr_mm(const vb_xml_node *n, const char *name) { return mm_of(vb_attr_dec(n, name, 0)); }

void vb_attr_mms(const vb_xml_node *n, const char *name, vb_len *const out[], size_t n_out) {
  vb_span v = vb_xml_attr_get(n, name);
  if (!v.p) return;
  for (size_t k = 0; k < n_out; k++) {
    v = vb_span_trim(v);
    const char *blank = v.n > 0 ? memchr(v.p, ' ', v.n) : NULL;
    vb_span part = {v.p, blank ? (size_t)(blank - v.p) : v.n};
    *out[k] = mm_of(dec_of(part));
    v = (vb_span){v.p + part.n, v.n - part.n};
  }
}

int16_t vb_attr_permille(const vb_xml_node *n, const char *name) { return (int16_t)((milli(vb_attr_dec(n, name, 0)) + 50) / 100); }

vb_align vb_attr_align(const vb_xml_node *n, const char *name) {
  static const char *const names[] = {"", "left", "center", "right", "justify", "decimal"};
  vb_span v = vb_xml_attr_get(n, name);
  for (int i = 1; v.p && i <= VB_ALIGN_DECIMAL; i++)
    if (vb_span_is(vb_span_trim(v), names[i])) return (vb_align)i;
  return VB_ALIGN_STYLE;
}

static vb_span nearest_style(vb_span name) {
  vb_span best = {NULL, 0};
  size_t least = 4;
  for (int i = 0; i < VB_STYLES; i++) {
    vb_span s = vb_span_of(vb_style_get((vb_style_id)i)->name);
    size_t far = vb_edit_distance(name, s, 3);
    if (far < least) {
      least = far;
      best = s;
    }
  }
  return best;
}

bool vb_attr_style(vb_compile *c, const vb_xml_node *n, vb_style_id *out) {
  const vb_xml_attr *a = vb_xml_attr_find(n, "style");
  if (!a) return false;
  if (vb_style_by_name(a->value, out)) return true;
  vb_compile_unknown(c, VB_UNKNOWN(TEMPLATE_STYLE), vb_tpl_attr_place(c->file, a, 0), a->value, nearest_style(a->value));
  return false;
}
