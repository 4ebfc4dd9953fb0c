/* pdf, inside: the objects of a file → its bytes. What may go into object streams goes there (a table of 1,500 structure elements
 * shrinks from 155 KB to 17 KB), the cross-reference table is a stream too, and the file's identifier is a hash of all before it.
 *
 * Invariants
 *  1. Streams, the catalog, and what a signing tool changes stay plain objects (vb_hpdf_kind_of); all others are packed.
 *  2. Numbers of objects do not change; object streams and the cross-reference stream are numbered behind them. */
#include <string.h>

#include "write/pdf_int.h"

#define OBJSTM_OBJECTS 400   /* readers unpack a whole stream for one object: about 30 KB */
#define OBJSTM_BYTES 49152

enum { ENTRY_FREE, ENTRY_PLAIN, ENTRY_PACKED };

typedef struct entry { uint64_t at; uint16_t index; uint8_t type; } entry; /* at: offset, or the object stream's number */

typedef struct assembly {
  vb_hpdf *h;
  vb_buf *out;
  size_t start;      /* of the file in out */
  vb_buf entries;    /* entry each, by object number */
  vb_buf head, body, packed;
  uint32_t members;
  vb_hpdf_id next;   /* number of the object stream being filled */
} assembly;

static void put_entry(assembly *s, vb_hpdf_id id, entry e)
{
  size_t want = ((size_t)id + 1) * sizeof e;
  if (s->entries.n < want && vb_buf_reserve(&s->entries, want - s->entries.n)) {
    memset(s->entries.p + s->entries.n, 0, want - s->entries.n);
    s->entries.n = want;
  }
  if (!s->entries.failed) memcpy(s->entries.p + (size_t)id * sizeof e, &e, sizeof e);
}

static void begin_plain(assembly *s, vb_hpdf_id id)
{
  put_entry(s, id, (entry){s->out->n - s->start, 0, ENTRY_PLAIN});
  vb_buf_int(s->out, id);
  vb_buf_str(s->out, " 0 obj\n");
}

/* Stream object `id` with a dictionary; the bytes are deflated here. */
static void add_stream(assembly *s, vb_hpdf_id id, vb_span dict, vb_span bytes)
{
  vb_buf_clear(&s->packed);
  vb_pdf_deflate(bytes, VB_PDF_LEVEL_DOCUMENT, &s->packed);
  begin_plain(s, id);
  vb_buf_str(s->out, "<<");
  vb_buf_span(s->out, dict);
  vb_pdf_entry_int(s->out, "Length", (int64_t)s->packed.n);
  vb_buf_str(s->out, "/Filter/FlateDecode>>\nstream\r\n");
  vb_buf_add(s->out, s->packed.p, s->packed.n);
  vb_buf_str(s->out, "\nendstream\nendobj\n");
}

static void flush_members(assembly *s)
{
  if (s->members == 0) return;
  vb_buf dict;
  vb_buf_init(&dict);
  vb_buf_str(&dict, "/Type/ObjStm");
  vb_pdf_entry_int(&dict, "N", s->members);
  vb_pdf_entry_int(&dict, "First", (int64_t)s->head.n);
  vb_buf_add(&s->head, s->body.p, s->body.n);
  add_stream(s, s->next, (vb_span){dict.p, dict.n}, (vb_span){s->head.p, s->head.n});
  s->out->failed |= dict.failed;
  vb_buf_free(&dict);
  vb_buf_clear(&s->head);
  vb_buf_clear(&s->body);
  s->members = 0;
  s->next++;
}

static void add_member(assembly *s, vb_hpdf_id id)
{
  put_entry(s, id, (entry){s->next, (uint16_t)s->members, ENTRY_PACKED});
  vb_buf_int(&s->head, id);
  vb_buf_char(&s->head, ' ');
  vb_buf_int(&s->head, (int64_t)s->body.n);
  vb_buf_char(&s->head, ' ');
  vb_hpdf_value(s->h, id, &s->body);
  vb_buf_char(&s->body, '\n');
  if (++s->members == OBJSTM_OBJECTS || s->body.n >= OBJSTM_BYTES) flush_members(s);
}

static void add_objects(assembly *s)
{
  vb_hpdf_id count = vb_hpdf_count(s->h);
  s->next = count + 1;
  for (vb_hpdf_id id = 1; id <= count; id++) {
    if (vb_hpdf_kind_of(s->h, id) == VB_HPDF_PACKED) {
      add_member(s, id);
      continue;
    }
    begin_plain(s, id);
    vb_hpdf_value(s->h, id, s->out);
    vb_buf_str(s->out, "\nendobj\n");
  }
  flush_members(s);
}

/* 128 bits of the file so far, in hexadecimal: two lanes of multiply and fold. */
static void hash_hex(vb_span s, char out[33])
{
  uint64_t a = 0x9E3779B97F4A7C15u ^ s.n, b = 0xC2B2AE3D27D4EB4Fu;
  char tail[8] = {0};
  size_t whole = s.n & ~(size_t)7;
  if (s.n > whole) memcpy(tail, s.p + whole, s.n - whole);
  for (size_t i = 0; i < s.n; i += 8) {
    uint64_t w = vb_word_at(i < whole ? s.p + i : tail);
    a = (a ^ w) * 0xFF51AFD7ED558CCDu;
    a ^= a >> 32;
    b = (b + w) * 0xC4CEB9FE1A85EC53u;
    b ^= b >> 29 ^ a;
  }
  for (size_t i = 0; i < 32; i++) out[i] = "0123456789ABCDEF"[(i < 16 ? a : b) >> (60 - 4 * (i % 16)) & 15];
  out[32] = 0;
}

/* The table as rows of type, offset or stream, index; each row as its difference to the one above (PNG predictor "up"). */
static void xref_rows(assembly *s, size_t rows, size_t width, vb_buf *out)
{
  unsigned char row[16] = {0}, above[16] = {0};
  size_t bytes = width + 3;
  if (!vb_buf_reserve(out, rows * (bytes + 1))) return;
  for (size_t i = 0; i < rows; i++) {
    entry e;
    memcpy(&e, s->entries.p + i * sizeof e, sizeof e);
    row[0] = e.type;
    for (size_t k = 0; k < width; k++) row[1 + k] = (unsigned char)(e.at >> 8 * (width - 1 - k));
    row[1 + width] = (unsigned char)(e.index >> 8);
    row[2 + width] = (unsigned char)e.index;
    out->p[out->n++] = 2;
    for (size_t k = 0; k < bytes; k++) out->p[out->n++] = (char)(row[k] - above[k]);
    memcpy(above, row, bytes);
  }
}

static void add_xref(assembly *s)
{
  char id[33];
  hash_hex((vb_span){s->out->p + s->start, s->out->n - s->start}, id);
  size_t at = s->out->n - s->start, width = 3;
  while (width < 8 && at >> 8 * width != 0) width++;
  put_entry(s, 0, (entry){0, 0xFFFF, ENTRY_FREE});
  put_entry(s, s->next, (entry){at, 0, ENTRY_PLAIN});
  if (s->entries.failed) return;

  vb_buf dict, rows;
  vb_buf_init(&dict);
  vb_buf_init(&rows);
  size_t n = s->entries.n / sizeof(entry);
  xref_rows(s, n, width, &rows);
  vb_buf_str(&dict, "/Type/XRef");
  vb_buf_printf(&dict, "/W[1 %zu 2]/DecodeParms<</Columns %zu/Predictor 12>>", width, width + 3);
  vb_pdf_entry_int(&dict, "Size", (int64_t)n);
  vb_pdf_entry_ref(&dict, "Root", vb_hpdf_catalog_id(s->h));
  vb_pdf_entry_ref(&dict, "Info", vb_hpdf_info_id(s->h));
  vb_buf_printf(&dict, "/ID[<%s><%s>]", id, id);
  add_stream(s, s->next, (vb_span){dict.p, dict.n}, (vb_span){rows.p, rows.n});
  vb_buf_printf(s->out, "startxref\n%zu\n%%%%EOF\n", at);
  s->out->failed |= dict.failed | rows.failed;
  vb_buf_free(&rows);
  vb_buf_free(&dict);
}

vb_status vb_pdf_assemble(vb_diag *d, vb_hpdf *h, vb_buf *out)
{
  assembly s = {.h = h, .out = out, .start = out->n};
  vb_buf_init(&s.entries);
  vb_buf_init(&s.head);
  vb_buf_init(&s.body);
  vb_buf_init(&s.packed);
  vb_buf_str(out, "%PDF-1.7\n%\xB7\xBE\xAD\xAA\n");
  add_objects(&s);
  if (!out->failed) add_xref(&s);
  bool failed = out->failed || s.entries.failed || s.head.failed || s.body.failed || s.packed.failed;
  vb_buf_free(&s.entries);
  vb_buf_free(&s.head);
  vb_buf_free(&s.body);
  vb_buf_free(&s.packed);
  vb_status st = vb_hpdf_status(d, h);
  return st == VB_OK && failed ? VB_NOMEM : st;
}
