/* pdf_make.c: see pdf_make.h. */
#include "pdf_make.h"

#include <assert.h>
#include <string.h>

#include <libdeflate.h>

enum { FIXED = 10, MOST = 64 };

typedef struct made { vb_buf objects[MOST]; bool stream[MOST]; size_t at[MOST]; int n; } made;

static void put(made *m, int number, const char *text)
{
  assert(number < MOST);
  vb_buf_init(&m->objects[number]);
  vb_buf_str(&m->objects[number], text);
  m->stream[number] = strstr(text, "stream\n") != NULL;
  if (number > m->n) m->n = number;
}

static void put_stream(made *m, int number, const char *dict, const char *bytes)
{
  vb_buf b;
  vb_buf_init(&b);
  vb_buf_printf(&b, "<<%s/Length %zu>>\nstream\n%s\nendstream", dict, strlen(bytes), bytes);
  put(m, number, vb_buf_cstr(&b));
  vb_buf_free(&b);
}

static void put_form(made *m, const pdf_plan *plan)
{
  const char *form = "<</Fields[5 0 R 6 0 R]/SigFlags 1>>";
  vb_buf b;
  vb_buf_init(&b);
  vb_buf_str(&b, "<</Type/Catalog/Pages 2 0 R/Metadata 7 0 R/Lang(vi)");
  if (!plan->no_form) vb_buf_printf(&b, "/AcroForm %s", plan->form_inside ? form : "4 0 R");
  vb_buf_str(&b, ">>");
  put(m, 1, vb_buf_cstr(&b));
  vb_buf_free(&b);
  put(m, 4, plan->form_inside || plan->no_form ? "null" : form);
  put(m, 5, "<</Type/Annot/Subtype/Widget/FT/Sig/T(leader)/F 132/Rect[300 100 450.5 180]/P 3 0 R/AP<</N 10 0 R>>>>");
  put(m, 6, "<</Type/Annot/Subtype/Widget/FT/Sig/T(organ)/F 132/Rect[250 90 330 170]/P 3 0 R/AP<</N 10 0 R>>>>");
}

static void put_all(made *m, const pdf_plan *plan)
{
  vb_buf kids;
  vb_buf_init(&kids);
  vb_buf_str(&kids, "<</Type/Pages/Kids[3 0 R");
  for (int i = 1; i < plan->pages; i++) vb_buf_printf(&kids, " %d 0 R", FIXED + i);
  vb_buf_printf(&kids, "]/Count %d/MediaBox[0 0 595 842]>>", plan->pages);
  put_form(m, plan);
  put(m, 2, vb_buf_cstr(&kids));
  vb_buf_free(&kids);
  const char *annots = plan->no_form ? "" : "/Annots[5 0 R 6 0 R]";
  vb_buf page;
  vb_buf_init(&page);
  vb_buf_printf(&page, "<</Type/Page/Parent 2 0 R/Contents 8 0 R/Resources<</Font<</F1 9 0 R>>>>%s>>", annots);
  put(m, 3, vb_buf_cstr(&page));
  vb_buf_free(&page);
  put_stream(m, 7, "/Type/Metadata/Subtype/XML",
             "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description "
             "xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\"><pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance></rdf:Description></rdf:RDF></x:xmpmeta>");
  put_stream(m, 8, "", "BT /F1 24 Tf 72 700 Td (Bao cao) Tj ET");
  put(m, 9, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>");
  put_stream(m, 10, "/Type/XObject/Subtype/Form/BBox[0 0 80 80]", " ");
  for (int i = 1; i < plan->pages; i++) put(m, FIXED + i, "<</Type/Page/Parent 2 0 R/Contents 8 0 R/Resources<</Font<</F1 9 0 R>>>>>>");
}

static void put_object(made *m, int i, vb_buf *out)
{
  m->at[i] = out->n;
  vb_buf_printf(out, "%d 0 obj\n", i);
  vb_buf_add(out, m->objects[i].p, m->objects[i].n);
  vb_buf_str(out, "\nendobj\n");
}

static const char trailer[] = "/Root 1 0 R/ID[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]";

static void write_table(made *m, vb_buf *out)
{
  for (int i = 1; i <= m->n; i++) put_object(m, i, out);
  size_t at = out->n;
  vb_buf_printf(out, "xref\n0 %d\n0000000000 65535 f \n", m->n + 1);
  for (int i = 1; i <= m->n; i++) vb_buf_printf(out, "%010zu 00000 n \n", m->at[i]);
  vb_buf_printf(out, "trailer\n<</Size %d%s>>\nstartxref\n%zu\n%%%%EOF\n", m->n + 1, trailer, at);
}

static void add_deflated(vb_buf *out, const char *dict, const vb_buf *bytes)
{
  struct libdeflate_compressor *z = libdeflate_alloc_compressor(6);
  assert(z);
  size_t most = libdeflate_zlib_compress_bound(z, bytes->n);
  char *packed = vb_mem_alloc(most);
  assert(packed);
  size_t n = libdeflate_zlib_compress(z, bytes->p, bytes->n, packed, most);
  vb_buf_printf(out, "<<%s/Filter/FlateDecode/Length %zu>>\nstream\r\n", dict, n);
  vb_buf_add(out, packed, n);
  vb_buf_str(out, "\nendstream\nendobj\n");
  vb_mem_free(packed);
  libdeflate_free_compressor(z);
}

static void write_packed(made *m, vb_buf *out)
{
  int store = m->n + 1, xref = m->n + 2, count = 0, index[MOST];
  vb_buf head, body, rows, dict;
  vb_buf_init(&head);
  vb_buf_init(&body);
  vb_buf_init(&rows);
  vb_buf_init(&dict);
  for (int i = 1; i <= m->n; i++) {
    index[i] = -1;
    if (m->stream[i] || i == 1) {
      put_object(m, i, out);
      continue;
    }
    index[i] = count++;
    vb_buf_printf(&head, "%d %zu ", i, body.n);
    vb_buf_add(&body, m->objects[i].p, m->objects[i].n);
    vb_buf_char(&body, '\n');
  }
  size_t store_at = out->n, first = head.n;
  vb_buf_add(&head, body.p, body.n);
  vb_buf_printf(out, "%d 0 obj\n", store);
  vb_buf_printf(&dict, "/Type/ObjStm/N %d/First %zu", count, first);
  add_deflated(out, vb_buf_cstr(&dict), &head);
  size_t xref_at = out->n;
  for (int i = 0; i <= xref; i++) {
    bool packed = i >= 1 && i <= m->n && index[i] >= 0;
    size_t at = i == 0 ? 0 : i == store ? store_at : i == xref ? xref_at : packed ? (size_t)store : m->at[i];
    unsigned char type = i == 0 ? 0 : packed ? 2 : 1, low = (unsigned char)(packed ? index[i] : 0);
    const unsigned char row[6] = {type, (unsigned char)(at >> 16), (unsigned char)(at >> 8), (unsigned char)at, 0, low};
    vb_buf_add(&rows, row, sizeof row);
  }
  vb_buf_printf(out, "%d 0 obj\n", xref);
  vb_buf_clear(&dict);
  vb_buf_printf(&dict, "/Type/XRef/W[1 3 2]/Size %d%s", xref + 1, trailer);
  add_deflated(out, vb_buf_cstr(&dict), &rows);
  vb_buf_printf(out, "startxref\n%zu\n%%%%EOF\n", xref_at);
  vb_buf_free(&head);
  vb_buf_free(&body);
  vb_buf_free(&rows);
  vb_buf_free(&dict);
}

void pdf_make(const pdf_plan *plan, vb_buf *out)
{
  static made m;
  memset(&m, 0, sizeof m);
  put_all(&m, plan);
  vb_buf_str(out, "%PDF-1.7\n%\xB7\xBE\xAD\xAA\n");
  if (plan->packed) write_packed(&m, out);
  else write_table(&m, out);
  for (int i = 1; i <= m.n; i++) vb_buf_free(&m.objects[i]);
  assert(!out->failed);
}
