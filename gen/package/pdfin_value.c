/* pdfin_value.c: the lexical part of the PDF reader: values out of bytes. Private to package; invariants in pdfin.h. */
#include <string.h>

#include "package/pdfin.h"


static const vb_pdfv null_value = {.kind = VB_PDFV_NULL};

static bool is_white(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0'; }
static bool is_mark(char c) { return strchr("()<>[]{}/%", c) != NULL && c != '\0'; }

void vb_pdfin_skip(vb_span b, size_t *at) {
  while (*at < b.n) {
    if (b.p[*at] == '%') {
      while (*at < b.n && b.p[*at] != '\n' && b.p[*at] != '\r') ++*at;
    } else if (is_white(b.p[*at])) {
      ++*at;
    } else {
      return;
    }
  }
}

vb_span vb_pdfin_word(vb_span b, size_t *at) {
  vb_pdfin_skip(b, at);
  size_t start = *at;
  while (*at < b.n && !is_white(b.p[*at]) && !is_mark(b.p[*at])) ++*at;
  return (vb_span){b.p + start, *at - start};
}

static int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static vb_pdfv *make(vb_pdfin *p, vb_pdfv_kind kind) {
  vb_pdfv *v = VB_NEW(p->arena, vb_pdfv);
  if (v == NULL) {
    vb_pdfin_nomem(p);
    return NULL;
  }
  v->kind = kind;
  return v;
}

/* A copy of what a buffer holds; frees the buffer. */
static bool keep(vb_pdfin *p, vb_buf *b, vb_span *out) {
  char *s = b->failed ? NULL : vb_arena_str(p->arena, b->n == 0 ? "" : b->p, b->n);
  *out = (vb_span){s, b->n};
  vb_buf_free(b);
  if (s == NULL) vb_pdfin_nomem(p);
  return s != NULL;
}

static bool parse_name(vb_pdfin *p, vb_span b, size_t *at, vb_span *out) {
  size_t start = ++*at;
  bool escaped = false;
  while (*at < b.n && !is_white(b.p[*at]) && !is_mark(b.p[*at])) {
    escaped = escaped || b.p[*at] == '#';
    ++*at;
  }
  *out = (vb_span){b.p + start, *at - start};
  if (!escaped) return true;
  vb_buf s;
  vb_buf_init(&s);
  for (size_t i = start; i < *at; i++) {
    bool code = b.p[i] == '#' && i + 2 < *at && hex(b.p[i + 1]) >= 0 && hex(b.p[i + 2]) >= 0;
    unsigned char c = (unsigned char)b.p[i];
    if (code) {
      c = (unsigned char)(hex(b.p[i + 1]) * 16 + hex(b.p[i + 2]));
      i += 2;
    }
    vb_buf_add(&s, &c, 1);
  }
  return keep(p, &s, out);
}

static bool parse_hex_string(vb_pdfin *p, vb_span b, size_t *at, vb_span *out) {
  vb_buf s;
  vb_buf_init(&s);
  int half = -1;
  size_t i = *at + 1;
  for (; i < b.n && b.p[i] != '>'; i++) {
    int digit = hex(b.p[i]);
    if (digit < 0 && !is_white(b.p[i])) break;
    if (digit < 0) continue;
    if (half >= 0) vb_buf_char(&s, (char)(half * 16 + digit));
    half = half >= 0 ? -1 : digit;
  }
  if (half >= 0) vb_buf_char(&s, (char)(half * 16));
  if (i >= b.n || b.p[i] != '>') {
    vb_buf_free(&s);
    vb_pdfin_bad(p, "<", *at);
    return false;
  }
  *at = i + 1;
  return keep(p, &s, out);
}

/* The character behind a backslash; *i stands on it and is left on its last byte. */
static void escape(vb_span b, size_t *i, vb_buf *s) {
  static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
  char c = b.p[*i];
  const char *found = strchr(from, c);
  if (c == '\r') {
    if (*i + 1 < b.n && b.p[*i + 1] == '\n') ++*i;
  } else if (c == '\n') {
    return;
  } else if (c >= '0' && c <= '7') {
    int v = c - '0';
    for (int k = 0; k < 2 && *i + 1 < b.n && b.p[*i + 1] >= '0' && b.p[*i + 1] <= '7'; k++) v = v * 8 + (b.p[++*i] - '0');
    vb_buf_char(s, (char)(v & 255));
  } else {
    vb_buf_add(s, found != NULL && c != '\0' ? &to[found - from] : &c, 1);
  }
}

static bool parse_string(vb_pdfin *p, vb_span b, size_t *at, vb_span *out) {
  vb_buf s;
  vb_buf_init(&s);
  size_t i = *at + 1, open = 1;
  for (; i < b.n && open > 0; i++) {
    char c = b.p[i];
    if (c == '\\' && i + 1 < b.n) {
      i++;
      escape(b, &i, &s);
      continue;
    }
    if (c == '(') open++;
    if (c == ')' && --open == 0) continue;
    vb_buf_char(&s, c);
  }
  if (open > 0) {
    vb_buf_free(&s);
    vb_pdfin_bad(p, "(", *at);
    return false;
  }
  *at = i;
  return keep(p, &s, out);
}

/* Digits with at most one point; thousandths for reals. */
static bool parse_number(vb_span w, vb_pdfv *v) {
  size_t i = 0;
  bool minus = false, digits = false;
  int places = -1;
  int64_t n = 0;
  if (w.n > 0 && (w.p[0] == '+' || w.p[0] == '-')) minus = w.p[i++] == '-';
  for (; i < w.n; i++) {
    if (w.p[i] == '.' && places < 0) {
      places = 0;
    } else if (w.p[i] >= '0' && w.p[i] <= '9') {
      digits = true;
      if (places >= 3) continue; /* what is finer than a thousandth of a point is of no use here */
      if (n > (INT64_C(1) << 53)) return false;
      n = n * 10 + (w.p[i] - '0');
      if (places >= 0) places++;
    } else {
      return false;
    }
  }
  if (!digits) return false;
  for (int k = places < 0 ? 3 : places; k < 3; k++) n *= 10;
  v->kind = places < 0 ? VB_PDFV_INT : VB_PDFV_REAL;
  v->n = minus ? -n : n;
  return true;
}

/* "12 0 R" when the number before is followed by it. */
static bool parse_ref(vb_span b, size_t *at, vb_pdfv *v) {
  size_t i = *at;
  vb_span gen = vb_pdfin_word(b, &i), r = vb_pdfin_word(b, &i);
  vb_pdfv g = {0};
  if (!vb_span_is(r, "R") || !parse_number(gen, &g) || g.kind != VB_PDFV_INT || g.n < 0 || g.n > 65535) return false;
  if (v->n < 0 || v->n > UINT32_MAX) return false;
  v->kind = VB_PDFV_REF;
  v->gen = (uint32_t)g.n;
  *at = i;
  return true;
}

static bool parse_word(vb_pdfin *p, vb_span b, size_t *at, vb_pdfv *v) {
  size_t start = *at;
  vb_span w = vb_pdfin_word(b, at);
  if (parse_number(w, v)) {
    if (v->kind == VB_PDFV_INT) parse_ref(b, at, v);
    return true;
  }
  v->kind = vb_span_is(w, "null") ? VB_PDFV_NULL : VB_PDFV_BOOL;
  v->n = vb_span_is(w, "true");
  if (v->n || v->kind == VB_PDFV_NULL || vb_span_is(w, "false")) return true;
  vb_pdfin_bad(p, "?", start);
  return false;
}

/* Items up to `]`, or entries up to `>>`. */
static bool parse_items(vb_pdfin *p, vb_span b, size_t *at, vb_pdfv *v) {
  bool dict = v->kind == VB_PDFV_DICT;
  const vb_pdfv **end = &v->first;
  size_t start = *at;
  *at += dict ? 2 : 1;
  for (;;) {
    vb_pdfin_skip(b, at);
    if (*at >= b.n) break;
    if (dict && b.p[*at] == '>') {
      if (*at + 1 >= b.n || b.p[*at + 1] != '>') break;
      *at += 2;
      return true;
    }
    if (!dict && b.p[*at] == ']') {
      ++*at;
      return true;
    }
    vb_span key = {NULL, 0};
    if (dict && (b.p[*at] != '/' || !parse_name(p, b, at, &key))) break;
    vb_pdfv *item = (vb_pdfv *)vb_pdfin_parse(p, b, at); /* made just now, and nobody else's */
    if (item == NULL) return false;
    item->key = key;
    *end = item;
    end = &item->next;
  }
  vb_pdfin_bad(p, dict ? "<<" : "[", start);
  return false;
}

const vb_pdfv *vb_pdfin_parse(vb_pdfin *p, vb_span b, size_t *at) {
  vb_pdfin_skip(b, at);
  size_t start = *at;
  if (start >= b.n || p->depth >= VB_PDF_DEPTH_MAX || p->values >= VB_PDF_VALUES_MAX) {
    vb_pdfin_bad(p, start >= b.n ? "EOF" : "<< [", start);
    return NULL;
  }
  p->values++;
  char c = b.p[start];
  bool pair = start + 1 < b.n && b.p[start + 1] == c;
  vb_pdfv *v = make(p, c == '/' ? VB_PDFV_NAME : c == '[' ? VB_PDFV_ARRAY : c == '<' && pair ? VB_PDFV_DICT : VB_PDFV_STRING);
  if (v == NULL) return NULL;
  bool good = false;
  p->depth++;
  if (c == '/') good = parse_name(p, b, at, &v->text);
  else if (c == '(') good = parse_string(p, b, at, &v->text);
  else if (c == '[' || (c == '<' && pair)) good = parse_items(p, b, at, v);
  else if (c == '<') good = parse_hex_string(p, b, at, &v->text);
  else good = parse_word(p, b, at, v);
  p->depth--;
  v->raw = (vb_span){b.p + start, *at - start};
  return good ? v : NULL;
}

const vb_pdfv *vb_pdfv_lookup(const vb_pdfv *v, const char *key) {
  if (v == NULL || v->kind != VB_PDFV_DICT) return &null_value;
  for (const vb_pdfv *e = v->first; e != NULL; e = e->next)
    if (vb_span_is(e->key, key)) return e;
  return &null_value;
}

bool vb_pdfv_is_name(const vb_pdfv *v, const char *name) { return v->kind == VB_PDFV_NAME && vb_span_is(v->text, name); }

int64_t vb_pdfv_mpt(const vb_pdfv *v) {
  const int64_t most = INT64_C(1) << 40;
  int64_t n = v->kind == VB_PDFV_REAL ? v->n : v->kind == VB_PDFV_INT && v->n > -most && v->n < most ? v->n * 1000 : 0;
  return n > -most * 1000 && n < most * 1000 ? n : 0;
}
