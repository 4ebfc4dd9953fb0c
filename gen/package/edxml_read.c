/* edxml_read.c: .edxml → facts: our own packages and those of others. Hostile input: every element may be missing, in another order or
 * twice; base64 and archives are checked while they are unpacked. */
#include <string.h>

#include "package/edxml_int.h"
#include "xml/xml.h"
#include "zip/zip.h"

typedef struct reader { vb_diag *d; vb_arena *a; const char *file; vb_status st; } reader;

static void fail(reader *r, vb_status s) { r->st = vb_worse(r->st, s); }

/* ---- base64 ------------------------------------------------------------------------------------------------- */

static int digit_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool vb_base64_decode(vb_span text, vb_buf *out) {
  uint32_t v = 0;
  size_t have = 0, pad = 0;
  bool ended = false;
  if (!vb_buf_reserve(out, text.n / 4 * 3 + 3)) return false;
  for (size_t i = 0; i < text.n; i++) {
    char c = text.p[i];
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
    int digit = digit_of(c);
    if (c == '=') pad++;
    if (ended || pad > 2 || (digit < 0) != (c == '=') || (digit >= 0 && pad > 0)) return false;
    v = v << 6 | (uint32_t)(digit < 0 ? 0 : digit);
    if (++have < 4) continue;
    char three[3] = {(char)(v >> 16 & 255), (char)(v >> 8 & 255), (char)(v & 255)};
    vb_buf_add(out, three, 3 - pad);
    ended = pad > 0;
    have = 0;
    v = 0;
  }
  return have == 0 && !out->failed;
}

/* ---- fields ------------------------------------------------------------------------------------------------- */

/* All text of an element, which only lacks a place when there is no memory. */
static vb_span all_text(reader *r, const vb_xml_node *n) {
  vb_span s = vb_xml_text(r->a, n);
  if (s.p == NULL) fail(r, VB_NOMEM);
  return s;
}

/* The element's text without white space around it; NULL for none. */
static const char *text(reader *r, const vb_xml_node *parent, const char *name) {
  const vb_xml_node *n = parent == NULL ? NULL : vb_xml_child(parent, name);
  if (n == NULL) return NULL;
  vb_span s = vb_span_trim(all_text(r, n));
  if (s.n == 0) return NULL;
  const char *copy = vb_arena_str(r->a, s.p, s.n);
  if (copy == NULL) fail(r, VB_NOMEM);
  return copy;
}

static void wrong(reader *r, const vb_xml_node *n, const char *name, const char *value) {
  fail(r, VB_POST(r->d, VB_MSG_EDXML_READ_VALUE, vb_xml_at(r->d, r->file, n), name, value));
}

static int number(reader *r, const vb_xml_node *parent, const char *name) {
  const char *s = text(r, parent, name);
  int v = 0;
  if (s == NULL) return 0;
  for (const char *p = s; *p != '\0'; p++) {
    if (*p < '0' || *p > '9' || v > 9999999) {
      wrong(r, vb_xml_child(parent, name), name, s);
      return 0;
    }
    v = v * 10 + (*p - '0');
  }
  return v;
}

/* yyyy/MM/dd at the head of s. */
static bool parse_date(const char *s, vb_date *out) {
  char iso[11];
  if (strlen(s) < 10 || s[4] != '/' || s[7] != '/') return false;
  memcpy(iso, s, 10);
  iso[4] = iso[7] = '-';
  return vb_date_parse_iso((vb_span){iso, 10}, out);
}

static vb_date date(reader *r, const vb_xml_node *parent, const char *name) {
  const char *s = text(r, parent, name);
  vb_date d = {0, 0, 0};
  if (s != NULL && (strlen(s) != 10 || !parse_date(s, &d))) wrong(r, vb_xml_child(parent, name), name, s);
  return d;
}

static vb_moment moment(reader *r, const vb_xml_node *parent, const char *name) {
  const char *s = text(r, parent, name);
  vb_moment m = {.offset = VB_MOMENT_VIETNAM};
  char iso[20];
  if (s == NULL) return m;
  bool fits = strlen(s) == 19 && parse_date(s, &m.date);
  if (fits) {
    memcpy(iso, s, sizeof iso);
    iso[4] = iso[7] = '-';
    fits = vb_moment_parse((vb_span){iso, 19}, &m);
  }
  if (!fits) wrong(r, vb_xml_child(parent, name), name, s);
  return m;
}

static size_t count(const vb_xml_node *parent, const char *name) {
  size_t n = 0;
  for (const vb_xml_node *k = parent == NULL ? NULL : vb_xml_child(parent, name); k != NULL; k = vb_xml_sibling(k, name)) n++;
  return n;
}

/* Room for every child of that name; *n is set only when there is room. */
static void *room(reader *r, const vb_xml_node *parent, const char *name, size_t size, size_t *n) {
  size_t k = count(parent, name);
  void *p = vb_arena_array(r->a, size, k);
  *n = p == NULL ? 0 : k;
  if (p == NULL) fail(r, VB_NOMEM);
  return p;
}

static const char *const *texts(reader *r, const vb_xml_node *parent, const char *name, size_t *n) {
  const char **list = room(r, parent, name, sizeof *list, n);
  const vb_xml_node *k = *n == 0 ? NULL : vb_xml_child(parent, name);
  for (size_t i = 0; i < *n; i++, k = vb_xml_sibling(k, name)) {
    vb_span s = vb_span_trim(all_text(r, k));
    list[i] = vb_arena_str(r->a, s.p == NULL ? "" : s.p, s.n);
    if (list[i] == NULL) fail(r, VB_NOMEM);
  }
  return list;
}

static vb_edxml_organ organ(reader *r, const vb_xml_node *n) {
  return (vb_edxml_organ){text(r, n, "OrganId"), text(r, n, "OrganizationInCharge"), text(r, n, "OrganName"), text(r, n, "OrganAdd"),
                          text(r, n, "Email"), text(r, n, "Telephone"), text(r, n, "Fax"), text(r, n, "Website")};
}

/* ---- header ------------------------------------------------------------------------------------------------- */

static void recipients(reader *r, const vb_xml_node *m, vb_edxml *e) {
  vb_edxml_organ *to = room(r, m, "To", sizeof *to, &e->n_to);
  const vb_xml_node *k = vb_xml_child(m, "To");
  for (size_t i = 0; i < e->n_to; i++, k = vb_xml_sibling(k, "To")) to[i] = organ(r, k);
  e->to = to;
  vb_edxml_reply *replies = room(r, m, "ResponseFor", sizeof *replies, &e->n_replies);
  k = vb_xml_child(m, "ResponseFor");
  for (size_t i = 0; i < e->n_replies; i++, k = vb_xml_sibling(k, "ResponseFor"))
    replies[i] = (vb_edxml_reply){text(r, k, "OrganId"), text(r, k, "Code"), date(r, k, "PromulgationDate"), text(r, k, "DocumentId")};
  e->replies = replies;
}

static void message_header(reader *r, const vb_xml_node *m, vb_edxml *e) {
  const vb_xml_node *from = vb_xml_child(m, "From"), *code = vb_xml_child(m, "Code"), *info = vb_xml_child(m, "PromulgationInfo");
  const vb_xml_node *type = vb_xml_child(m, "DocumentType"), *signer = vb_xml_child(m, "SignerInfo"), *other = vb_xml_child(m, "OtherInfo");
  if (from != NULL) e->from = organ(r, from);
  recipients(r, m, e);
  e->document_id = text(r, m, "DocumentId");
  e->number = text(r, code, "CodeNumber");
  e->notation = text(r, code, "CodeNotation");
  e->place = text(r, info, "Place");
  e->date = date(r, info, "PromulgationDate");
  e->type = number(r, type, "Type");
  e->type_detail = number(r, type, "TypeDetail");
  e->type_name = text(r, type, "TypeName");
  e->subject = text(r, m, "Subject");
  e->content = text(r, m, "Content");
  e->competence = text(r, signer, "Competence");
  e->position = text(r, signer, "Position");
  e->signer = text(r, signer, "FullName");
  e->due = date(r, m, "DueDate");
  e->priority = number(r, other, "Priority");
  e->sphere = text(r, other, "SphereOfPromulgation");
  e->typer = text(r, other, "TyperNotation");
  e->copies = number(r, other, "PromulgationAmount");
  e->pages = number(r, other, "PageAmount");
  const char *direction = text(r, other, "Direction");
  e->direction = direction != NULL && strcmp(direction, "true") == 0;
  e->appendixes = texts(r, other == NULL ? NULL : vb_xml_child(other, "Appendixes"), "Appendix", &e->n_appendixes);
  e->steering = number(r, m, "SteeringType");
  e->places = texts(r, vb_xml_child(m, "ToPlaces"), "Place", &e->n_places);
}

static void update_info(reader *r, const vb_xml_node *b, vb_edxml *e) {
  const vb_xml_node *info = vb_xml_child(b, "BussinessDocumentInfo");
  const vb_xml_node *list = info == NULL ? NULL : vb_xml_child(info, "ReceiverList");
  e->info_changed = number(r, info, "DocumentInfo") != 0;
  e->receivers_changed = number(r, info, "DocumentReceiver") != 0;
  vb_edxml_receiver *receivers = room(r, list, "Receiver", sizeof *receivers, &e->n_receivers);
  const vb_xml_node *k = list == NULL ? NULL : vb_xml_child(list, "Receiver");
  for (size_t i = 0; i < e->n_receivers; i++, k = vb_xml_sibling(k, "Receiver"))
    receivers[i] = (vb_edxml_receiver){text(r, k, "OrganId"), number(r, k, "ReceiverType") != 0};
  e->receivers = receivers;
}

static void business(reader *r, const vb_xml_node *b, vb_edxml *e) {
  int type = number(r, b, "BussinessDocType");
  if (type > VB_EDXML_REPLACE) wrong(r, b, "BussinessDocType", VB_NUM(type));
  else e->business = (vb_edxml_business)type;
  e->referenced = text(r, b, "DocumentId");
  e->reason = text(r, b, "BussinessDocReason");
  e->paper = number(r, b, "Paper") != 0;
  update_info(r, b, e);
  const vb_xml_node *list = vb_xml_child(b, "ReplacementInfoList"), *k = list == NULL ? NULL : vb_xml_child(list, "ReplacementInfo");
  vb_edxml_replaced *replaced = room(r, list, "ReplacementInfo", sizeof *replaced, &e->n_replaced);
  for (size_t i = 0; i < e->n_replaced; i++, k = vb_xml_sibling(k, "ReplacementInfo")) {
    replaced[i].document_id = text(r, k, "DocumentId");
    replaced[i].organ_ids = texts(r, vb_xml_child(k, "OrganIdList"), "OrganId", &replaced[i].n_organ_ids);
  }
  e->replaced = replaced;
  const vb_xml_node *staff = vb_xml_child(b, "StaffInfo");
  e->staff = (vb_edxml_staff){text(r, staff, "Department"), text(r, staff, "Staff"), text(r, staff, "Email"), text(r, staff, "Mobile")};
}

static void trace_headers(reader *r, const vb_xml_node *t, vb_edxml *e) {
  vb_edxml_step *steps = room(r, t, "TraceHeader", sizeof *steps, &e->n_steps);
  const vb_xml_node *k = t == NULL ? NULL : vb_xml_child(t, "TraceHeader");
  for (size_t i = 0; i < e->n_steps; i++, k = vb_xml_sibling(k, "TraceHeader"))
    steps[i] = (vb_edxml_step){text(r, k, "OrganId"), moment(r, k, "Timestamp")};
  e->steps = steps;
  const vb_xml_node *b = t == NULL ? NULL : vb_xml_child(t, "Bussiness");
  if (b != NULL) business(r, b, e);
}

/* ---- attachments -------------------------------------------------------------------------------------------- */

/* Zipped under another name: the archive's only file is the attachment. */
static bool travels_zipped(const char *type, const char *name) {
  return type != NULL && strcmp(type, "application/zip") == 0 && !vb_edxml_ends_with(name, ".zip");
}

static vb_status unzip(reader *r, const char *name, vb_buf *bytes) {
  vb_zip *z = NULL;
  vb_buf out;
  vb_buf_init(&out);
  vb_status s = vb_zip_open(r->d, name, (vb_span){bytes->p, bytes->n}, &z);
  if (s == VB_OK && vb_zip_count(z) != 1)
    s = VB_POST(r->d, VB_MSG_EDXML_READ_ZIP, ((vb_place){vb_diag_file(r->d, r->file), 0, 0, NULL}), name);
  if (s == VB_OK) s = vb_zip_read(r->d, z, vb_zip_name(z, 0), VB_EDXML_FILE_BYTES_MAX, &out);
  vb_zip_close(z);
  if (s == VB_OK) {
    vb_buf t = *bytes;
    *bytes = out;
    out = t;
  }
  vb_buf_free(&out);
  return s;
}

static void attachment(reader *r, const vb_xml_node *n, vb_edxml_file *f) {
  const vb_xml_node *encoded = vb_xml_child(n, "ContentTransferEncoded");
  f->name = text(r, n, "AttachmentName");
  f->description = text(r, n, "Description");
  const char *type = text(r, n, "ContentType");
  vb_buf bytes;
  vb_buf_init(&bytes);
  if (f->name == NULL || encoded == NULL) {
    fail(r, VB_POST(r->d, VB_MSG_EDXML_READ_PART, vb_xml_at(r->d, r->file, n), f->name == NULL ? "AttachmentName" : "ContentTransferEncoded"));
  } else if (!vb_base64_decode(all_text(r, encoded), &bytes)) {
    if (bytes.failed) fail(r, VB_NOMEM);
    else fail(r, VB_POST(r->d, VB_MSG_EDXML_READ_BASE64, vb_xml_at(r->d, r->file, encoded), f->name));
  } else {
    if (travels_zipped(type, f->name)) fail(r, unzip(r, f->name, &bytes));
    f->bytes = (vb_span){vb_arena_copy(r->a, bytes.n == 0 ? "" : bytes.p, bytes.n), bytes.n};
    if (f->bytes.p == NULL) fail(r, VB_NOMEM);
  }
  vb_buf_free(&bytes);
}

/* Every Reference of the body names an attachment that is there. */
static void references(reader *r, const vb_xml_node *body, const vb_xml_node *list) {
  const vb_xml_node *m = body == NULL ? NULL : vb_xml_child(body, "edXMLManifest");
  for (const vb_xml_node *k = m == NULL ? NULL : vb_xml_child(m, "Reference"); k != NULL; k = vb_xml_sibling(k, "Reference")) {
    const char *id = text(r, k, "ContentId");
    bool found = false;
    for (const vb_xml_node *f = list == NULL ? NULL : vb_xml_child(list, "Attachment"); f != NULL && !found; f = vb_xml_sibling(f, "Attachment")) {
      const char *other = text(r, f, "ContentId");
      found = id != NULL && other != NULL && strcmp(id, other) == 0;
    }
    if (!found) fail(r, VB_POST(r->d, VB_MSG_EDXML_READ_REFERENCE, vb_xml_at(r->d, r->file, k), id == NULL ? "" : id));
  }
}

static void attachments(reader *r, const vb_xml_node *list, vb_edxml *e) {
  vb_edxml_file *files = room(r, list, "Attachment", sizeof *files, &e->n_files);
  const vb_xml_node *k = list == NULL ? NULL : vb_xml_child(list, "Attachment");
  for (size_t i = 0; i < e->n_files && r->st < VB_SYSTEM; i++, k = vb_xml_sibling(k, "Attachment")) attachment(r, k, &files[i]);
  e->files = files;
}

vb_status vb_edxml_read(vb_diag *d, vb_arena *a, const char *file, vb_span bytes, vb_edxml **out) {
  *out = NULL;
  vb_xml_node *root = NULL;
  vb_status s = vb_xml_parse(d, a, file, bytes, NULL, &root);
  return s == VB_OK ? vb_edxml_of(d, a, file, root, out) : s;
}

vb_status vb_edxml_of(vb_diag *d, vb_arena *a, const char *file, const vb_xml_node *root, vb_edxml **out) {
  *out = NULL;
  reader r = {d, a, file, VB_OK};
  const vb_xml_node *envelope = vb_xml_child(root, "edXMLEnvelope"), *header = envelope == NULL ? NULL : vb_xml_child(envelope, "edXMLHeader");
  const vb_xml_node *message = header == NULL ? NULL : vb_xml_child(header, "MessageHeader");
  if (strcmp(root->name, "edXML") != 0 || message == NULL) return VB_POST(d, VB_MSG_EDXML_READ_PART, vb_xml_at(d, file, root), "MessageHeader");
  vb_edxml *e = VB_NEW(a, vb_edxml);
  if (e == NULL) return VB_NOMEM;
  message_header(&r, message, e);
  trace_headers(&r, vb_xml_child(header, "TraceHeaderList"), e);
  const vb_xml_node *list = vb_xml_child(root, "AttachmentEncoded");
  references(&r, vb_xml_child(envelope, "edXMLBody"), list);
  attachments(&r, list, e);
  if (r.st == VB_OK) *out = e;
  return r.st;
}
