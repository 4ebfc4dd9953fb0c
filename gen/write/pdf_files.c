/* pdf, inside: files attached to a PDF/A-3: the source figures. Each is associated with the document as its data, so that an archive
 * knows why it is there (ISO 19005-3, 6.8). */
#include <stdlib.h>
#include <string.h>

#include "write/pdf_int.h"

/* A date for files of a document that has none: no clock; the same as in our archives. */
static const vb_date no_date = {1980, 1, 1};

static vb_hpdf_id put_file(vb_pdf *p, const vb_attachment *f)
{
  vb_buf *b = &p->text;
  vb_date date = p->job->doc->meta.date;
  vb_buf_clear(b);
  vb_buf_str(b, "/Type/EmbeddedFile/Subtype");
  vb_pdf_name(b, vb_span_of(f->mime));
  vb_buf_str(b, "/Params<</ModDate");
  vb_pdf_date(b, date.year != 0 ? date : no_date);
  vb_pdf_entry_int(b, "Size", (int64_t)f->bytes.n);
  vb_buf_str(b, ">>/Filter/FlateDecode");
  vb_buf_clear(&p->packed);
  vb_pdf_deflate(f->bytes, VB_PDF_LEVEL_FILE, &p->packed);
  vb_hpdf_id file = vb_hpdf_stream(p->h, (vb_span){b->p, b->n}, (vb_span){p->packed.p, p->packed.n});

  vb_buf_clear(b);
  vb_buf_str(b, "/Type/Filespec/AFRelationship/Data/F");
  vb_pdf_string(b, vb_span_of(f->name));
  vb_buf_str(b, "/UF");
  vb_pdf_string(b, vb_span_of(f->name));
  if (f->description) {
    vb_buf_str(b, "/Desc");
    vb_pdf_string(b, vb_span_of(f->description));
  }
  vb_buf_str(b, "/EF<<");
  vb_pdf_entry_ref(b, "F", file);
  vb_pdf_entry_ref(b, "UF", file);
  vb_buf_str(b, ">>");
  return vb_hpdf_text(p->h, (vb_span){b->p, b->n});
}

typedef struct listed { const vb_attachment *file; vb_hpdf_id spec; } listed;

static int by_name(const void *a, const void *b)
{
  const listed *x = a, *y = b;
  return strcmp(x->file->name, y->file->name);
}

void vb_pdf_files_entries(vb_pdf *p, vb_buf *catalog)
{
  const vb_write_options *o = p->job->options;
  if (o->pdfa != VB_PDFA_3A || o->n_attachments == 0) return; /* PDF/A-2 allows attached PDF/A only */
  listed *list = VB_NEW_ARRAY(p->arena, listed, o->n_attachments);
  if (!list) {
    catalog->failed = true;
    return;
  }
  for (uint32_t i = 0; i < o->n_attachments; i++) list[i].file = &o->attachments[i];
  qsort(list, o->n_attachments, sizeof *list, by_name); /* names of a name tree are sorted */
  vb_buf_str(catalog, "/AF[");
  for (uint32_t i = 0; i < o->n_attachments; i++) {
    list[i].spec = put_file(p, list[i].file);
    vb_pdf_ref(catalog, list[i].spec);
    vb_buf_char(catalog, ' ');
  }
  vb_buf_str(catalog, "]/Names<</EmbeddedFiles<</Names[");
  for (uint32_t i = 0; i < o->n_attachments; i++) {
    vb_pdf_bytes(catalog, vb_span_of(list[i].file->name));
    vb_pdf_ref(catalog, list[i].spec);
    vb_buf_char(catalog, ' ');
  }
  vb_buf_str(catalog, "]>>>>");
}
