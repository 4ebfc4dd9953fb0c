/* pdfin_xref.c: cross references of a PDF: tables, streams, both at once, and the chain of older ones behind them. Private to package.
 *
 * The newest word on an object holds: a section read earlier (it is newer) is never overridden by one read later. */
#include <string.h>

#include "package/pdfin.h"

enum { TAIL = 2048 };

typedef struct chain { uint64_t seen[VB_PDF_SECTIONS_MAX]; size_t n; } chain;

/* Bounds the table by the file: a number much larger than its bytes cannot be honest. */
static bool make_room(vb_pdfin *p, uint64_t number) {
  if (number > VB_PDF_NUMBER_MAX || number > p->bytes.n * 16 + 1024u) return false;
  if (number >= p->cap_entries) {
    size_t twice = (size_t)p->cap_entries * 2, cap = twice > number + 1 ? twice : (size_t)number + 64;
    vb_pdfin_entry *e = vb_mem_resize(p->entries, cap * sizeof *e);
    if (e == NULL) {
      vb_pdfin_nomem(p);
      return false;
    }
    memset(e + p->cap_entries, 0, (cap - p->cap_entries) * sizeof *e);
    p->entries = e;
    p->cap_entries = (uint32_t)cap;
  }
  if (number >= p->n_entries) p->n_entries = (uint32_t)number + 1;
  return true;
}

static bool note(vb_pdfin *p, uint64_t number, vb_pdfin_entry e) {
  if (!make_room(p, number)) return false;
  if (p->entries[number].type == VB_PDFIN_UNKNOWN) p->entries[number] = e;
  return true;
}

static bool to_number(vb_span w, uint64_t *out) {
  uint64_t v = 0;
  if (w.n == 0 || w.n > 18) return false;
  for (size_t i = 0; i < w.n; i++) {
    if (w.p[i] < '0' || w.p[i] > '9') return false;
    v = v * 10 + (uint64_t)(w.p[i] - '0');
  }
  *out = v;
  return true;
}

/* ---- tables ------------------------------------------------------------------------------------------------- */

static bool read_subsection(vb_pdfin *p, size_t *at, uint64_t first, uint64_t count) {
  for (uint64_t i = 0; i < count; i++) {
    uint64_t offset = 0, gen = 0;
    if (!to_number(vb_pdfin_word(p->bytes, at), &offset) || !to_number(vb_pdfin_word(p->bytes, at), &gen)) return false;
    vb_span kind = vb_pdfin_word(p->bytes, at);
    bool used = vb_span_is(kind, "n");
    if ((!used && !vb_span_is(kind, "f")) || gen > 65535) return false;
    if (!note(p, first + i, (vb_pdfin_entry){used ? VB_PDFIN_PLAIN : VB_PDFIN_FREE, offset, (uint32_t)gen})) return false;
  }
  return true;
}

/* `at` is behind the word "xref". */
static const vb_pdfv *read_table(vb_pdfin *p, size_t at) {
  for (;;) {
    size_t here = at;
    vb_span w = vb_pdfin_word(p->bytes, &at);
    uint64_t first = 0, count = 0;
    if (vb_span_is(w, "trailer")) break;
    if (!to_number(w, &first) || !to_number(vb_pdfin_word(p->bytes, &at), &count) || !read_subsection(p, &at, first, count)) {
      vb_pdfin_bad(p, "xref", here);
      return NULL;
    }
  }
  const vb_pdfv *t = vb_pdfin_parse(p, p->bytes, &at);
  if (t != NULL && t->kind != VB_PDFV_DICT) vb_pdfin_bad(p, "trailer", at);
  return p->st == VB_OK ? t : NULL;
}

/* ---- streams ------------------------------------------------------------------------------------------------ */

typedef struct widths { size_t w[3], row; } widths;

static bool read_widths(vb_pdfin *p, const vb_pdfv *dict, widths *out) {
  const vb_pdfv *v = vb_pdfin_at(p, dict, "W")->first;
  out->row = 0;
  for (size_t i = 0; i < 3; i++, v = v->next) {
    if (v == NULL || v->kind != VB_PDFV_INT || v->n < 0 || v->n > 8) return false;
    out->w[i] = (size_t)v->n;
    out->row += out->w[i];
  }
  return out->row > 0;
}

static uint64_t field(const unsigned char **s, size_t n, uint64_t otherwise) {
  uint64_t v = n == 0 ? otherwise : 0;
  for (size_t i = 0; i < n; i++) v = v << 8 | *(*s)++;
  return v;
}

static bool read_rows(vb_pdfin *p, vb_span *rows, const widths *w, uint64_t first, uint64_t count) {
  if (count > rows->n / w->row) return false;
  const unsigned char *s = (const unsigned char *)rows->p;
  for (uint64_t i = 0; i < count; i++) {
    uint64_t type = field(&s, w->w[0], 1), at = field(&s, w->w[1], 0), gen = field(&s, w->w[2], 0);
    vb_pdfin_entry e = {type == 1 ? VB_PDFIN_PLAIN : type == 2 ? VB_PDFIN_PACKED : VB_PDFIN_FREE, at, (uint32_t)gen};
    if (gen > UINT32_MAX || !note(p, first + i, e)) return false;
  }
  *rows = (vb_span){rows->p + count * w->row, rows->n - (size_t)count * w->row};
  return true;
}

static const vb_pdfv *read_stream(vb_pdfin *p, uint64_t offset, uint64_t number) {
  vb_pdfin_object o;
  vb_span rows;
  widths w;
  if (vb_pdfin_object_at(p, offset, (int64_t)number, &o) != VB_OK) return NULL;
  bool good = o.has_stream && vb_pdfv_is_name(vb_pdfv_lookup(o.value, "Type"), "XRef") && read_widths(p, o.value, &w);
  if (!good || vb_pdfin_unpack(p, &o, VB_PDF_XREF_BYTES_MAX, &rows) != VB_OK) {
    vb_pdfin_bad(p, "XRef", (size_t)offset);
    return NULL;
  }
  const vb_pdfv *index = vb_pdfv_lookup(o.value, "Index")->first, *size = vb_pdfv_lookup(o.value, "Size");
  if (index == NULL) {
    good = size->kind == VB_PDFV_INT && size->n >= 0 && read_rows(p, &rows, &w, 0, (uint64_t)size->n);
  }
  while (index != NULL && good) {
    const vb_pdfv *count = index->next;
    good = count != NULL && index->kind == VB_PDFV_INT && index->n >= 0 && count->kind == VB_PDFV_INT && count->n >= 0 &&
           read_rows(p, &rows, &w, (uint64_t)index->n, (uint64_t)count->n);
    index = good ? count->next : NULL;
  }
  if (!good) vb_pdfin_bad(p, "XRef", (size_t)offset);
  return p->st == VB_OK ? o.value : NULL;
}

/* ---- the chain ---------------------------------------------------------------------------------------------- */

static bool visit(chain *c, uint64_t offset) {
  for (size_t i = 0; i < c->n; i++)
    if (c->seen[i] == offset) return false;
  if (c->n == VB_PDF_SECTIONS_MAX) return false;
  c->seen[c->n++] = offset;
  return true;
}

/* One section; its trailer, or NULL. */
static const vb_pdfv *read_section(vb_pdfin *p, chain *c, uint64_t offset, bool *stream) {
  size_t at = (size_t)offset;
  uint64_t number = 0;
  if (offset >= p->bytes.n || !visit(c, offset)) {
    vb_pdfin_bad(p, "Prev", (size_t)(offset < p->bytes.n ? offset : p->bytes.n));
    return NULL;
  }
  vb_span w = vb_pdfin_word(p->bytes, &at);
  *stream = !vb_span_is(w, "xref");
  if (!*stream) return read_table(p, at);
  if (to_number(w, &number) && number <= VB_PDF_NUMBER_MAX) return read_stream(p, offset, number);
  vb_pdfin_bad(p, "xref", (size_t)offset);
  return NULL;
}

/* Offset in an entry of a trailer; false when there is none. */
static bool leads_on(vb_pdfin *p, const vb_pdfv *trailer, const char *key, uint64_t *offset) {
  const vb_pdfv *v = vb_pdfv_lookup(trailer, key);
  if (v->kind == VB_PDFV_NULL) return false;
  if (v->kind == VB_PDFV_INT && v->n >= 0) {
    *offset = (uint64_t)v->n;
    return true;
  }
  vb_pdfin_bad(p, key, (size_t)p->startxref);
  return false;
}

static bool find_start(vb_pdfin *p) {
  vb_span b = p->bytes;
  size_t least = b.n > TAIL ? b.n - TAIL : 0;
  for (size_t i = b.n - 9; i > least; i--) {
    if (memcmp(b.p + i, "startxref", 9) != 0) continue;
    size_t at = i + 9;
    return to_number(vb_pdfin_word(b, &at), &p->startxref);
  }
  return false;
}

vb_status vb_pdfin_read_xref(vb_pdfin *p) {
  if (!find_start(p)) return vb_pdfin_bad(p, "startxref", p->bytes.n);
  chain *c = VB_NEW(p->arena, chain);
  if (c == NULL) return vb_pdfin_nomem(p);
  uint64_t offset = p->startxref;
  do {
    bool stream = false;
    const vb_pdfv *t = read_section(p, c, offset, &stream);
    if (t == NULL) return p->st != VB_OK ? p->st : vb_pdfin_bad(p, "trailer", (size_t)offset);
    if (p->trailer == NULL) {
      p->trailer = t;
      p->xref_stream = stream;
    }
    uint64_t hidden = 0;
    if (!stream && leads_on(p, t, "XRefStm", &hidden) && read_section(p, c, hidden, &stream) == NULL) return p->st;
    if (!leads_on(p, t, "Prev", &offset)) break;
  } while (p->st == VB_OK);
  if (p->st == VB_OK && vb_pdfv_lookup(p->trailer, "Root")->kind != VB_PDFV_REF) return vb_pdfin_bad(p, "Root", (size_t)p->startxref);
  return p->st;
}
