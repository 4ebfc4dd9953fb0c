/* edxml_write.c: facts → .edxml, in the order of elements of regulations.md 4.3, with every tag of the header present (4.5).
 *
 * The prefix edXML is declared on the envelope, and again on the one prefixed element outside of it: the axis kit's parser wants
 * exactly these names. */
#include <stdio.h>
#include <string.h>

#include "package/edxml_int.h"
#include "xml/xml.h"
#include "zip/zip.h"

#define E(name) "edXML:" name

static void leaf(vb_xml_writer *w, const char *name, const char *value) { vb_xml_element(w, name, vb_span_of(value)); }

static void leaf_int(vb_xml_writer *w, const char *name, int64_t value) { leaf(w, name, VB_NUM(value)); }

static void leaf_date(vb_xml_writer *w, const char *name, vb_date d) {
  char text[32] = "";
  if (d.year != 0) snprintf(text, sizeof text, "%04d/%02d/%02d", d.year, d.month, d.day);
  leaf(w, name, text);
}

static void organ(vb_xml_writer *w, const char *name, const vb_edxml_organ *o) {
  vb_xml_open(w, name);
  leaf(w, E("OrganId"), o->id);
  leaf(w, E("OrganizationInCharge"), o->in_charge);
  leaf(w, E("OrganName"), o->name);
  leaf(w, E("OrganAdd"), o->address);
  leaf(w, E("Email"), o->email);
  leaf(w, E("Telephone"), o->telephone);
  leaf(w, E("Fax"), o->fax);
  leaf(w, E("Website"), o->website);
  vb_xml_close(w);
}

static void other_info(vb_xml_writer *w, const vb_edxml *e) {
  vb_xml_open(w, E("OtherInfo"));
  leaf_int(w, E("Priority"), e->priority);
  leaf(w, E("SphereOfPromulgation"), e->sphere);
  leaf(w, E("TyperNotation"), e->typer);
  leaf_int(w, E("PromulgationAmount"), e->copies);
  leaf_int(w, E("PageAmount"), e->pages);
  leaf(w, E("Direction"), e->direction ? "true" : "false");
  vb_xml_open(w, E("Appendixes"));
  for (size_t i = 0; i < e->n_appendixes; i++) leaf(w, E("Appendix"), e->appendixes[i]);
  vb_xml_close(w);
  vb_xml_close(w);
}

static void document_facts(vb_xml_writer *w, const vb_edxml *e) {
  vb_xml_open(w, E("Code"));
  leaf(w, E("CodeNumber"), e->number);
  leaf(w, E("CodeNotation"), e->notation);
  vb_xml_close(w);
  vb_xml_open(w, E("PromulgationInfo"));
  leaf(w, E("Place"), e->place);
  leaf_date(w, E("PromulgationDate"), e->date);
  vb_xml_close(w);
  vb_xml_open(w, E("DocumentType"));
  leaf_int(w, E("Type"), e->type == 0 ? VB_EDXML_TYPE : e->type);
  leaf_int(w, E("TypeDetail"), e->type_detail);
  leaf(w, E("TypeName"), e->type_name);
  vb_xml_close(w);
  leaf(w, E("Subject"), e->subject);
  leaf(w, E("Content"), e->content);
  vb_xml_open(w, E("SignerInfo"));
  leaf(w, E("Competence"), e->competence);
  leaf(w, E("Position"), e->position);
  leaf(w, E("FullName"), e->signer);
  vb_xml_close(w);
  leaf_date(w, E("DueDate"), e->due);
}

static void message_header(vb_xml_writer *w, const vb_edxml *e, const char *document_id) {
  vb_xml_open(w, E("MessageHeader"));
  organ(w, E("From"), &e->from);
  for (size_t i = 0; i < e->n_to; i++) organ(w, E("To"), &e->to[i]);
  leaf(w, E("DocumentId"), document_id);
  document_facts(w, e);
  other_info(w, e);
  for (size_t i = 0; i < e->n_replies; i++) {
    vb_xml_open(w, E("ResponseFor"));
    leaf(w, E("OrganId"), e->replies[i].organ_id);
    leaf(w, E("Code"), e->replies[i].code);
    leaf_date(w, E("PromulgationDate"), e->replies[i].date);
    leaf(w, E("DocumentId"), e->replies[i].document_id);
    vb_xml_close(w);
  }
  leaf_int(w, E("SteeringType"), e->steering == 0 ? VB_EDXML_STEERING : e->steering);
  vb_xml_open(w, E("ToPlaces"));
  for (size_t i = 0; i < e->n_places; i++) leaf(w, E("Place"), e->places[i]);
  vb_xml_close(w);
  vb_xml_close(w);
}

static void update_info(vb_xml_writer *w, const vb_edxml *e) {
  vb_xml_open(w, E("BussinessDocumentInfo"));
  leaf_int(w, E("DocumentInfo"), e->info_changed);
  leaf_int(w, E("DocumentReceiver"), e->receivers_changed);
  vb_xml_open(w, E("ReceiverList"));
  for (size_t i = 0; i < e->n_receivers; i++) {
    vb_xml_open(w, E("Receiver"));
    leaf(w, E("OrganId"), e->receivers[i].organ_id);
    leaf_int(w, E("ReceiverType"), e->receivers[i].added);
    vb_xml_close(w);
  }
  vb_xml_close(w);
  vb_xml_close(w);
}

static void business(vb_xml_writer *w, const vb_edxml *e) {
  bool fresh = e->business == VB_EDXML_NEW;
  vb_xml_open(w, E("Bussiness")); /* the format spells it so */
  if (e->referenced != NULL && e->referenced[0] != '\0') leaf(w, E("DocumentId"), e->referenced);
  leaf_int(w, E("BussinessDocType"), (int)e->business);
  leaf(w, E("BussinessDocReason"), fresh && (e->reason == NULL || e->reason[0] == '\0') ? "Văn bản điện tử mới" : e->reason);
  leaf_int(w, E("Paper"), e->paper);
  if (e->business == VB_EDXML_UPDATE) update_info(w, e);
  if (e->n_replaced > 0) {
    vb_xml_open(w, E("ReplacementInfoList"));
    for (size_t i = 0; i < e->n_replaced; i++) {
      vb_xml_open(w, E("ReplacementInfo"));
      leaf(w, E("DocumentId"), e->replaced[i].document_id);
      vb_xml_open(w, E("OrganIdList"));
      for (size_t k = 0; k < e->replaced[i].n_organ_ids; k++) leaf(w, E("OrganId"), e->replaced[i].organ_ids[k]);
      vb_xml_close(w);
      vb_xml_close(w);
    }
    vb_xml_close(w);
  }
  vb_xml_open(w, E("StaffInfo"));
  leaf(w, E("Department"), e->staff.department);
  leaf(w, E("Staff"), e->staff.name);
  leaf(w, E("Email"), e->staff.email);
  leaf(w, E("Mobile"), e->staff.mobile);
  vb_xml_close(w);
  vb_xml_close(w);
}

static void trace_headers(vb_xml_writer *w, const vb_edxml *e) {
  vb_xml_open(w, E("TraceHeaderList"));
  for (size_t i = 0; i < e->n_steps; i++) {
    const vb_moment *m = &e->steps[i].at;
    char text[64];
    snprintf(text, sizeof text, "%04d/%02d/%02d %02d:%02d:%02d", m->date.year, m->date.month, m->date.day, m->hour, m->minute, m->second);
    vb_xml_open(w, E("TraceHeader"));
    leaf(w, E("OrganId"), e->steps[i].organ_id);
    leaf(w, E("Timestamp"), text);
    vb_xml_close(w);
  }
  business(w, e);
  vb_xml_close(w);
}

/* ---- attachments -------------------------------------------------------------------------------------------- */

bool vb_edxml_ends_with(const char *name, const char *suffix) {
  size_t n = strlen(name), k = strlen(suffix);
  if (n < k) return false;
  for (size_t i = 0; i < k; i++) {
    char c = name[n - k + i];
    if ((c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c) != suffix[i]) return false;
  }
  return true;
}

bool vb_edxml_zipped(const char *name) { return vb_edxml_ends_with(name, ".xlsx"); }

static const char *content_type(const char *name) {
  static const struct { const char *suffix, *type; } types[] = {
    {".pdf", "application/pdf"}, {".xlsx", "application/zip"}, {".zip", "application/zip"}, {".xml", "application/xml"}};
  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
    if (vb_edxml_ends_with(name, types[i].suffix)) return types[i].type;
  return "application/octet-stream";
}

static void content_id(vb_xml_writer *w, const char *element, size_t i) {
  char id[32] = "cid:";
  vb_num_text(id + 4, sizeof id - 4, (int64_t)i + 1);
  leaf(w, element, id);
}

static void references(vb_xml_writer *w, const vb_edxml *e) {
  vb_xml_open(w, E("edXMLBody"));
  vb_xml_open(w, E("edXMLManifest"));
  vb_xml_attr_put(w, "version", VB_LIT("1.0"));
  for (size_t i = 0; i < e->n_files; i++) {
    vb_xml_open(w, E("Reference"));
    content_id(w, E("ContentId"), i);
    leaf(w, E("ContentType"), content_type(e->files[i].name));
    leaf(w, E("Description"), e->files[i].description);
    leaf(w, E("AttachmentName"), e->files[i].name);
    vb_xml_close(w);
  }
  vb_xml_close(w);
  vb_xml_close(w);
}

static vb_status encoded(vb_diag *d, vb_xml_writer *w, const vb_edxml_file *f) {
  vb_buf zipped;
  vb_buf_init(&zipped);
  vb_span bytes = f->bytes;
  vb_status s = VB_OK;
  if (vb_edxml_zipped(f->name)) {
    s = vb_zip_write(d, &(vb_zip_entry){f->name, f->bytes}, 1, &zipped);
    bytes = (vb_span){zipped.p, zipped.n};
  }
  vb_xml_open(w, E("ContentTransferEncoded"));
  vb_xml_attr_put(w, "xmlns:edXML", VB_LIT(VB_EDXML_NS));
  if (s == VB_OK) vb_xml_raw_base64(w, bytes.p, bytes.n);
  vb_xml_close(w);
  vb_buf_free(&zipped);
  return s;
}

static vb_status attachments(vb_diag *d, vb_xml_writer *w, const vb_edxml *e) {
  vb_status s = VB_OK;
  vb_xml_open(w, "AttachmentEncoded");
  for (size_t i = 0; i < e->n_files && s == VB_OK; i++) {
    vb_xml_open(w, "Attachment");
    content_id(w, "ContentId", i);
    leaf(w, "AttachmentName", e->files[i].name);
    leaf(w, "Description", e->files[i].description);
    leaf(w, "ContentType", content_type(e->files[i].name));
    s = encoded(d, w, &e->files[i]);
    vb_xml_close(w);
  }
  vb_xml_close(w);
  return s;
}

/* ---- whole -------------------------------------------------------------------------------------------------- */

const char *vb_edxml_document_id(vb_arena *a, const vb_edxml *e) {
  return vb_arena_printf(a, "%s,%04d/%02d/%02d,%s/%s", e->from.id, e->date.year, e->date.month, e->date.day, e->number, e->notation);
}

static vb_status print(vb_diag *d, const vb_edxml *e, const char *document_id, vb_buf *out) {
  vb_xml_writer *w = vb_xml_writer_new(out, true);
  if (w == NULL) return VB_NOMEM;
  vb_xml_writer_declaration(w);
  vb_xml_open(w, "edXML");
  vb_xml_attr_put(w, "xmlns", VB_LIT(VB_EDXML_NS));
  vb_xml_open(w, E("edXMLEnvelope"));
  vb_xml_attr_put(w, "xmlns:edXML", VB_LIT(VB_EDXML_NS));
  vb_xml_open(w, E("edXMLHeader"));
  message_header(w, e, document_id);
  trace_headers(w, e);
  vb_xml_close(w);
  references(w, e);
  vb_xml_close(w);
  vb_status s = attachments(d, w, e);
  return vb_worse(s, vb_xml_writer_end(w));
}

/* Invariant 1 of edxml.h: our own reader of XML and our own schema have the last word. */
static vb_status validate(vb_diag *d, vb_arena *a, const vb_edxml_rules *r, vb_span bytes) {
  vb_xml_node *root;
  return r->schema == NULL ? VB_OK : vb_xml_parse(d, a, r->file == NULL ? "edxml" : r->file, bytes, r->schema, &root);
}

vb_status vb_edxml_write(vb_diag *d, const vb_edxml *e, const vb_edxml_rules *r, vb_buf *out) {
  vb_status s = vb_edxml_check(d, e, r);
  if (s != VB_OK) return s;
  vb_arena *a = vb_arena_new(0);
  size_t start = out->n;
  const char *id = e->document_id;
  if (a == NULL) return VB_NOMEM;
  if (id == NULL || id[0] == '\0') id = vb_edxml_document_id(a, e);
  s = id == NULL ? VB_NOMEM : print(d, e, id, out);
  if (s == VB_OK) s = validate(d, a, r, (vb_span){out->p + start, out->n - start});
  vb_arena_free(a);
  return s;
}
