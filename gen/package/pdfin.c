/* pdfin.c: objects of a PDF file: found, unpacked, resolved. Private to package; invariants in pdfin.h. */
#include "package/pdfin.h"

#include <string.h>

#include <libdeflate.h>


typedef struct vb_pdfin_packed {
  struct vb_pdfin_packed *next;
  uint64_t number;
  vb_span bytes;      /* unpacked */
  size_t first;       /* where the objects begin */
  uint32_t count;
} vb_pdfin_packed;

static const vb_pdfv null_value = {.kind = VB_PDFV_NULL};

vb_status vb_pdfin_bad(vb_pdfin *p, const char *what, size_t at) {
  if (p->st == VB_OK) p->st = VB_POST(p->d, VB_MSG_PDF_DAMAGED, ((vb_place){p->file, 0, 0, NULL}), what, VB_NUM(at));
  return p->st;
}

vb_status vb_pdfin_nomem(vb_pdfin *p) { return p->st = vb_worse(p->st, VB_NOMEM); }

vb_status vb_pdfin_open(vb_diag *d, const char *file, vb_span bytes, vb_pdfin **out) {
  *out = NULL;
  vb_arena *a = vb_arena_new(0);
  vb_pdfin *p = a == NULL ? NULL : VB_NEW(a, vb_pdfin);
  if (p == NULL) {
    vb_arena_free(a);
    return VB_NOMEM;
  }
  p->d = d;
  p->file = vb_diag_file(d, file);
  p->arena = a;
  p->bytes = bytes;
  vb_place at = {p->file, 0, 0, NULL};
  if (bytes.n < 32 || memcmp(bytes.p, "%PDF-", 5) != 0) p->st = VB_POST(d, VB_MSG_PDF_NONE, at);
  else if (bytes.n > VB_PDF_BYTES_MAX) p->st = VB_POST(d, VB_MSG_FILE_TOO_LARGE, at, file, VB_NUM(VB_PDF_BYTES_MAX));
  else vb_pdfin_read_xref(p);
  if (p->st == VB_OK && vb_pdfv_lookup(p->trailer, "Encrypt")->kind != VB_PDFV_NULL) p->st = VB_POST(d, VB_MSG_PDF_ENCRYPTED, at);
  vb_status s = p->st;
  if (s == VB_OK) *out = p;
  else vb_pdfin_close(p);
  return s;
}

void vb_pdfin_close(vb_pdfin *p) {
  if (p == NULL) return;
  vb_mem_free(p->entries);
  vb_arena_free(p->arena); /* p lives in it */
}

/* ---- objects in the file ------------------------------------------------------------------------------------ */

/* Length may be an object of its own. */
static bool stream_length(vb_pdfin *p, const vb_pdfv *dict, size_t *n) {
  const vb_pdfv *v = vb_pdfv_lookup(dict, "Length");
  if (v->kind == VB_PDFV_REF) v = vb_pdfin_resolve(p, v);
  if (v->kind != VB_PDFV_INT || v->n < 0 || (uint64_t)v->n > p->bytes.n) return false;
  *n = (size_t)v->n;
  return true;
}

static vb_status read_stream(vb_pdfin *p, size_t at, vb_pdfin_object *o) {
  vb_span b = p->bytes;
  size_t n = 0;
  if (at < b.n && b.p[at] == '\r') at++;
  if (at >= b.n || b.p[at] != '\n') return vb_pdfin_bad(p, "stream", at);
  at++;
  if (!stream_length(p, o->value, &n) || n > b.n - at) return vb_pdfin_bad(p, "Length", at);
  o->stream = (vb_span){b.p + at, n};
  o->has_stream = true;
  size_t end = at + n;
  return vb_span_is(vb_pdfin_word(b, &end), "endstream") ? VB_OK : vb_pdfin_bad(p, "endstream", at + n);
}

vb_status vb_pdfin_object_at(vb_pdfin *p, uint64_t offset, int64_t number, vb_pdfin_object *out) {
  vb_span b = p->bytes;
  *out = (vb_pdfin_object){.value = &null_value};
  if (offset >= b.n) return vb_pdfin_bad(p, "xref", (size_t)p->startxref);
  if (p->depth >= VB_PDF_CHAIN_MAX) return vb_pdfin_bad(p, "R", (size_t)offset);
  size_t at = (size_t)offset;
  char head[24];
  size_t n = 0;
  vb_span num = vb_pdfin_word(b, &at), gen = vb_pdfin_word(b, &at), obj = vb_pdfin_word(b, &at);
  vb_num_text(head, sizeof head, number);
  for (; n < gen.n && gen.p[n] >= '0' && gen.p[n] <= '9' && n < 6; n++) out->gen = out->gen * 10 + (uint32_t)(gen.p[n] - '0');
  if (!vb_span_is(num, head) || n == 0 || n != gen.n || !vb_span_is(obj, "obj")) return vb_pdfin_bad(p, "obj", (size_t)offset);
  p->depth++;
  out->value = vb_pdfin_parse(p, b, &at);
  if (out->value == NULL) out->value = &null_value;
  size_t behind = at;
  if (p->st == VB_OK && out->value->kind == VB_PDFV_DICT && vb_span_is(vb_pdfin_word(b, &behind), "stream")) read_stream(p, behind, out);
  p->depth--;
  return p->st;
}

/* ---- streams ------------------------------------------------------------------------------------------------ */

static vb_status inflate_all(vb_pdfin *p, vb_span packed, size_t limit, vb_buf *out) {
  struct libdeflate_decompressor *z = libdeflate_alloc_decompressor();
  size_t room = packed.n < limit / 4 ? packed.n * 4 + 256 : limit, got = 0;
  enum libdeflate_result r = z == NULL ? LIBDEFLATE_BAD_DATA : LIBDEFLATE_INSUFFICIENT_SPACE;
  while (r == LIBDEFLATE_INSUFFICIENT_SPACE && vb_buf_reserve(out, room)) {
    r = libdeflate_zlib_decompress(z, packed.p, packed.n, out->p, room, &got);
    if (r != LIBDEFLATE_INSUFFICIENT_SPACE || room >= limit) break;
    room = room < limit / 2 ? room * 2 : limit;
  }
  libdeflate_free_decompressor(z);
  if (z == NULL || out->failed) return vb_pdfin_nomem(p);
  if (r != LIBDEFLATE_SUCCESS) return vb_pdfin_bad(p, "FlateDecode", (size_t)(packed.p - p->bytes.p));
  out->n = got;
  return VB_OK;
}

/* PNG prediction "up" and its four kin, as cross-reference streams of other programs use it: in place, one byte of filter a row. */
static bool unpredict(vb_buf *b, size_t columns) {
  size_t row = columns + 1, rows = b->n / row, to = 0;
  if (columns == 0 || b->n % row != 0) return false;
  for (size_t r = 0; r < rows; r++) {
    unsigned char *cur = (unsigned char *)b->p + r * row, *out = (unsigned char *)b->p + to;
    const unsigned char *up = r == 0 ? NULL : out - columns;
    unsigned char filter = cur[0];
    if (filter > 2) return false; /* with one byte a sample no program writes the others for tables */
    for (size_t i = 0; i < columns; i++) {
      unsigned before = filter == 1 ? (i > 0 ? out[i - 1] : 0u) : filter == 2 && up != NULL ? up[i] : 0u;
      out[i] = (unsigned char)(cur[i + 1] + before);
    }
    to += columns;
  }
  b->n = to;
  return true;
}

vb_status vb_pdfin_unpack(vb_pdfin *p, const vb_pdfin_object *o, size_t limit, vb_span *out) {
  *out = o->stream;
  size_t at = o->stream.p == NULL ? 0 : (size_t)(o->stream.p - p->bytes.p);
  const vb_pdfv *filter = vb_pdfin_at(p, o->value, "Filter"), *parms = vb_pdfin_at(p, o->value, "DecodeParms");
  if (filter->kind == VB_PDFV_ARRAY) filter = filter->first == NULL ? &null_value : filter->first->next == NULL ? vb_pdfin_resolve(p, filter->first) : filter;
  if (parms->kind == VB_PDFV_ARRAY) parms = vb_pdfin_resolve(p, parms->first == NULL ? &null_value : parms->first);
  if (filter->kind == VB_PDFV_NULL) return p->st != VB_OK ? p->st : out->n > limit ? vb_pdfin_bad(p, "Length", at) : VB_OK;
  if (!vb_pdfv_is_name(filter, "FlateDecode")) return vb_pdfin_bad(p, "Filter", at);
  vb_buf b;
  vb_buf_init(&b);
  vb_status s = inflate_all(p, o->stream, limit, &b);
  const vb_pdfv *predictor = vb_pdfin_at(p, parms, "Predictor"), *columns = vb_pdfin_at(p, parms, "Columns");
  if (s == VB_OK && predictor->kind == VB_PDFV_INT && predictor->n > 1) {
    bool good = predictor->n >= 10 && columns->kind == VB_PDFV_INT && columns->n > 0 && columns->n < 65536 && unpredict(&b, (size_t)columns->n);
    if (!good) s = vb_pdfin_bad(p, "Predictor", at);
  }
  if (s == VB_OK) {
    *out = (vb_span){vb_arena_copy(p->arena, b.n == 0 ? "" : b.p, b.n), b.n};
    if (out->p == NULL) s = vb_pdfin_nomem(p);
  }
  vb_buf_free(&b);
  return s;
}

/* ---- objects in object streams ------------------------------------------------------------------------------ */

static const vb_pdfin_packed *packed_read(vb_pdfin *p, uint64_t number) {
  vb_pdfin_object o;
  if (vb_pdfin_object_at(p, p->entries[number].at, (int64_t)number, &o) != VB_OK) return NULL;
  size_t at = (size_t)p->entries[number].at;
  const vb_pdfv *n = vb_pdfin_at(p, o.value, "N"), *first = vb_pdfin_at(p, o.value, "First");
  vb_pdfin_packed *k = VB_NEW(p->arena, vb_pdfin_packed);
  if (k == NULL) {
    vb_pdfin_nomem(p);
    return NULL;
  }
  if (!o.has_stream || !vb_pdfv_is_name(vb_pdfv_lookup(o.value, "Type"), "ObjStm") || vb_pdfin_unpack(p, &o, VB_PDF_OBJSTM_BYTES_MAX, &k->bytes) != VB_OK) {
    vb_pdfin_bad(p, "ObjStm", at);
    return NULL;
  }
  if (n->kind != VB_PDFV_INT || n->n < 0 || n->n > VB_PDF_PACKED_MAX || first->kind != VB_PDFV_INT || first->n < 0 || (uint64_t)first->n > k->bytes.n) {
    vb_pdfin_bad(p, "ObjStm", at);
    return NULL;
  }
  k->number = number;
  k->first = (size_t)first->n;
  k->count = (uint32_t)n->n;
  k->next = p->packed;
  p->packed = k;
  return k;
}

static const vb_pdfin_packed *packed_open(vb_pdfin *p, uint64_t number) {
  for (const vb_pdfin_packed *k = p->packed; k != NULL; k = k->next)
    if (k->number == number) return k;
  if (number >= p->n_entries || p->entries[number].type != VB_PDFIN_PLAIN || p->opening == VB_PDF_OBJSTM_DEPTH_MAX) {
    vb_pdfin_bad(p, "ObjStm", (size_t)p->startxref);
    return NULL;
  }
  p->opening++;
  const vb_pdfin_packed *k = packed_read(p, number);
  p->opening--;
  return k;
}

static vb_status get_packed(vb_pdfin *p, const vb_pdfin_entry *e, int64_t number, vb_pdfin_object *out) {
  const vb_pdfin_packed *k = packed_open(p, e->at);
  if (k == NULL) return p->st;
  vb_span head = {k->bytes.p, k->first};
  size_t at = 0;
  for (uint32_t i = 0; i < k->count && i <= e->gen; i++) {
    const vb_pdfv *num = vb_pdfin_parse(p, head, &at), *off = num == NULL ? NULL : vb_pdfin_parse(p, head, &at);
    if (off == NULL) return p->st;
    if (i < e->gen) continue;
    if (num->kind != VB_PDFV_INT || num->n != number || off->kind != VB_PDFV_INT || off->n < 0 || (uint64_t)off->n >= k->bytes.n - k->first) break;
    size_t from = k->first + (size_t)off->n;
    const vb_pdfv *v = vb_pdfin_parse(p, k->bytes, &from);
    if (v == NULL) return p->st;
    out->value = v;
    return VB_OK;
  }
  return vb_pdfin_bad(p, "ObjStm", (size_t)p->entries[e->at].at);
}

vb_status vb_pdfin_get(vb_pdfin *p, int64_t number, vb_pdfin_object *out) {
  *out = (vb_pdfin_object){.value = &null_value};
  if (p->st != VB_OK) return p->st;
  if (number <= 0 || number >= p->n_entries) return VB_OK;
  const vb_pdfin_entry *e = &p->entries[number];
  if (e->type == VB_PDFIN_PLAIN) return vb_pdfin_object_at(p, e->at, number, out);
  return e->type == VB_PDFIN_PACKED ? get_packed(p, e, number, out) : VB_OK;
}

const vb_pdfv *vb_pdfin_resolve(vb_pdfin *p, const vb_pdfv *v) {
  for (int i = 0; v->kind == VB_PDFV_REF; i++) {
    vb_pdfin_object o;
    if (i == VB_PDF_CHAIN_MAX) vb_pdfin_bad(p, "R", 0);
    if (vb_pdfin_get(p, v->n, &o) != VB_OK) return &null_value;
    v = o.value;
  }
  return v;
}

const vb_pdfv *vb_pdfin_at(vb_pdfin *p, const vb_pdfv *v, const char *key) {
  return vb_pdfin_resolve(p, vb_pdfv_lookup(vb_pdfin_resolve(p, v), key));
}
