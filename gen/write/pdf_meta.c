/* pdf, inside: what a file says of itself: Info and XMP from one table, so that they cannot differ (ISO 19005-2, 6.6.3); conformance,
 * language, output intent. Dates are the document's; a draft without a date has none. */
#include <string.h>

#include "write/pdf_int.h"

#define PROFILE_NAME "sRGB IEC61966-2.1"

/* An Info entry and the XMP property equal to it: what stands before and behind the value. */
typedef enum field_id { FIELD_TITLE, FIELD_AUTHOR, FIELD_SUBJECT, FIELD_KEYWORDS, FIELD_PRODUCER, FIELDS } field_id;
static const struct { const char *key, *open, *close; } field_table[FIELDS] = {
  {"Title", "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">", "</rdf:li></rdf:Alt></dc:title>"},
  {"Author", "<dc:creator><rdf:Seq><rdf:li>", "</rdf:li></rdf:Seq></dc:creator>"},
  {"Subject", "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">", "</rdf:li></rdf:Alt></dc:description>"},
  {"Keywords", "<pdf:Keywords>", "</pdf:Keywords>"},
  {"Producer", "<pdf:Producer>", "</pdf:Producer>"},
};

static const char *field_value(const vb_pdf *p, field_id f)
{
  const vb_meta *m = &p->job->doc->meta;
  switch (f) {
  case FIELD_TITLE: return m->title ? m->title : m->kind_name ? m->kind_name : m->id ? m->id : "Văn bản";
  case FIELD_AUTHOR: return m->issuer.name ? m->issuer.name : m->organ ? m->organ : m->unit_name; /* organ has bars between its lines */
  case FIELD_SUBJECT: return m->subject;
  case FIELD_KEYWORDS: return m->keywords;
  case FIELD_PRODUCER: return p->job->options->producer;
  case FIELDS: break;
  }
  return NULL;
}

/* A value on one line: a bar parts the lines of an organ's name in its letterhead. */
static const char *field_line(vb_pdf *p, field_id f)
{
  const char *v = field_value(p, f);
  if (!v || !*v) return NULL;
  char *line = vb_arena_str(p->arena, v, strlen(v));
  if (!line) p->text.failed = true;
  for (char *s = line; s && *s; s++)
    if (*s == '|' || *s == '\n') *s = ' ';
  return line;
}

static void put_info(vb_pdf *p)
{
  vb_buf *b = &p->text;
  vb_date date = p->job->doc->meta.date;
  vb_buf_clear(b);
  for (int f = 0; f < FIELDS; f++) {
    const char *v = field_line(p, (field_id)f);
    if (!v) continue;
    vb_buf_char(b, '/');
    vb_buf_str(b, field_table[f].key);
    vb_pdf_string(b, vb_span_of(v));
  }
  if (date.year != 0) {
    vb_buf_str(b, "/CreationDate");
    vb_pdf_date(b, date);
    vb_buf_str(b, "/ModDate");
    vb_pdf_date(b, date);
  }
  vb_hpdf_info(p->h, (vb_span){b->p, b->n});
}

/* ---- XMP ---------------------------------------------------------------------------------------------------- */

static void put_xml(vb_buf *b, const char *s)
{
  for (; *s; s++) {
    switch (*s) {
    case '&': vb_buf_str(b, "&amp;"); break;
    case '<': vb_buf_str(b, "&lt;"); break;
    case '>': vb_buf_str(b, "&gt;"); break;
    default: vb_buf_char(b, *s);
    }
  }
}

/* PDF/UA's identifier is no schema that PDF/A knows: it must be described. */
static const char ua_schema[] =
  "<rdf:Description rdf:about=\"\" xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\" "
  "xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\" xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">"
  "<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">"
  "<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>"
  "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
  "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
  "<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>part</pdfaProperty:name>"
  "<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>"
  "<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property>"
  "</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>\n";

static void put_xmp_date(vb_buf *b, const char *name, vb_date d)
{
  vb_buf_printf(b, "<xmp:%s>%04d-%02d-%02dT00:00:00+07:00</xmp:%s>", name, d.year, d.month, d.day, name);
}

static vb_hpdf_id put_xmp(vb_pdf *p)
{
  vb_buf *b = &p->text;
  vb_date date = p->job->doc->meta.date;
  vb_buf_clear(b);
  vb_buf_str(b, "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
                "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
                "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
                "xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
                "xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\" xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\n"
                "<dc:format>application/pdf</dc:format><dc:language><rdf:Bag><rdf:li>vi</rdf:li></rdf:Bag></dc:language>");
  for (int f = 0; f < FIELDS; f++) {
    const char *v = field_line(p, (field_id)f);
    if (!v) continue;
    vb_buf_str(b, field_table[f].open);
    put_xml(b, v);
    vb_buf_str(b, field_table[f].close);
  }
  if (date.year != 0) {
    put_xmp_date(b, "CreateDate", date);
    put_xmp_date(b, "ModifyDate", date);
  }
  vb_buf_printf(b, "\n<pdfaid:part>%d</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>\n"
                   "</rdf:Description>\n", p->job->options->pdfa == VB_PDFA_3A ? 3 : 2);
  vb_buf_str(b, ua_schema);
  vb_buf_str(b, "</rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>");
  return vb_hpdf_stream(p->h, VB_LIT("/Type/Metadata/Subtype/XML"), (vb_span){b->p, b->n});
}

/* ---- catalog ------------------------------------------------------------------------------------------------ */

static vb_hpdf_id put_intent(vb_pdf *p)
{
  vb_hpdf_id profile = vb_hpdf_stream(p->h, VB_LIT("/N 3/Filter/FlateDecode"), p->warm->profile);
  vb_buf *b = &p->text;
  vb_buf_clear(b);
  vb_buf_str(b, "/Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(" PROFILE_NAME ")/Info(" PROFILE_NAME ")");
  vb_pdf_entry_ref(b, "DestOutputProfile", profile);
  return vb_hpdf_text(p->h, (vb_span){b->p, b->n});
}

void vb_pdf_meta(vb_pdf *p)
{
  vb_buf catalog;
  vb_buf_init(&catalog);
  put_info(p);
  vb_pdf_entry_ref(&catalog, "Metadata", put_xmp(p));
  vb_buf_str(&catalog, "/OutputIntents[");
  vb_pdf_ref(&catalog, put_intent(p));
  vb_buf_str(&catalog, "]/Lang(vi)/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>");
  vb_pdf_entry_ref(&catalog, "StructTreeRoot", p->tree.root.object);
  vb_pdf_outline_entries(p, &catalog);
  vb_pdf_form_entries(p, &catalog);
  vb_pdf_files_entries(p, &catalog);
  vb_hpdf_catalog(p->h, (vb_span){catalog.p, catalog.n});
  p->text.failed |= catalog.failed;
  vb_buf_free(&catalog);
}
