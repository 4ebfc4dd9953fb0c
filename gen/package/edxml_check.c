/* edxml_check.c: what a package must hold before it is written: presence, lengths and values of regulations.md 4.5 and 4.6, lengths of
 * a signer's name and position as in ND30 PL VI. Every fault is posted, so that one run tells all that is to be put right. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "package/edxml_int.h"
#include "text/text.h"

typedef struct check { vb_diag *d; vb_place at; vb_status st; } check;

static bool empty(const char *s) { return s == NULL || s[0] == '\0'; }

static void post(check *c, vb_status st) { c->st = vb_worse(c->st, st); }

/* A text of at most `most` characters. */
static void text(check *c, const char *field, const char *value, size_t most) {
  if (empty(value)) return;
  size_t n = vb_utf8_length(vb_span_of(value));
  if (n > most) post(c, VB_POST(c->d, VB_MSG_EDXML_LENGTH, c->at, field, VB_NUM(n), VB_NUM(most)));
}

static void required(check *c, const char *field, const char *value, size_t most) {
  if (empty(value)) post(c, VB_POST(c->d, VB_MSG_EDXML_MISSING, c->at, field));
  else text(c, field, value, most);
}

static void number(check *c, const char *field, int64_t value, int64_t least, int64_t most) {
  if (value < least || value > most)
    post(c, VB_POST(c->d, VB_MSG_EDXML_VALUE, c->at, field, VB_NUM(value), VB_NUM(least), VB_NUM(most)));
}

/* ---- identifiers -------------------------------------------------------------------------------------------- */

static bool is_level_1(vb_span g) {
  return g.n == 3 && g.p[0] >= 'A' && g.p[0] <= 'Z' && g.p[1] >= '0' && g.p[1] <= '9' && g.p[2] >= '0' && g.p[2] <= '9';
}

typedef struct groups { size_t count, chars; bool digits_before_last, first_level_1, last_level_1; char odd; bool gap; } groups;

static groups split(const char *id) {
  groups g = {.digits_before_last = true, .chars = strlen(id)};
  for (const char *s = id;; s++) {
    size_t n = strcspn(s, ".");
    vb_span part = {s, n};
    bool last = s[n] == '\0';
    if (n == 0) g.gap = true;
    for (size_t i = 0; i < n && g.odd == '\0'; i++) {
      bool digit = s[i] >= '0' && s[i] <= '9';
      if (!digit && (s[i] < 'A' || s[i] > 'Z')) g.odd = s[i];
      if (!last && !digit) g.digits_before_last = false;
    }
    if (g.count++ == 0) g.first_level_1 = is_level_1(part);
    g.last_level_1 = is_level_1(part);
    if (last) return g;
    s += n;
  }
}

vb_status vb_edxml_check_organ_id(vb_diag *d, vb_place at, const char *field, const char *id) {
  if (empty(id)) return VB_POST(d, VB_MSG_EDXML_MISSING, at, field);
  groups g = split(id);
  if (g.odd != '\0') return VB_POST(d, VB_MSG_EDXML_ID_CHAR, at, field, id);
  if (g.gap) return VB_POST(d, VB_MSG_EDXML_ID_GAP, at, field, id);
  bool old = !g.first_level_1 && g.last_level_1 && g.digits_before_last;
  if (!g.first_level_1 && !old) return VB_POST(d, VB_MSG_EDXML_ID_LEVEL, at, field, id);
  size_t most = old ? 13 : 35;
  if (g.chars > most) return VB_POST(d, VB_MSG_EDXML_LENGTH, at, field, VB_NUM(g.chars), VB_NUM(most));
  if (old && g.count > 4) return VB_POST(d, VB_MSG_EDXML_ID_GROUPS, at, field, id);
  return VB_OK;
}

static void organ_id(check *c, const char *field, const char *id) { post(c, vb_edxml_check_organ_id(c->d, c->at, field, id)); }

/* ---- parts of the header ------------------------------------------------------------------------------------ */

/* Names of fields with their parent in front, for messages; the order is that of the list of lengths. */
typedef struct organ_field { const char *from, *to; size_t offset, most; bool required; } organ_field;
static const organ_field organ_fields[] = {
  {"From/OrganizationInCharge", "To/OrganizationInCharge", offsetof(vb_edxml_organ, in_charge), 200, false},
  {"From/OrganName", "To/OrganName", offsetof(vb_edxml_organ, name), 200, true},
  {"From/OrganAdd", "To/OrganAdd", offsetof(vb_edxml_organ, address), 250, false},
  {"From/Email", "To/Email", offsetof(vb_edxml_organ, email), 100, false},
  {"From/Telephone", "To/Telephone", offsetof(vb_edxml_organ, telephone), 20, false},
  {"From/Fax", "To/Fax", offsetof(vb_edxml_organ, fax), 20, false},
  {"From/Website", "To/Website", offsetof(vb_edxml_organ, website), 100, false},
};

static void organ(check *c, const vb_edxml_organ *o, bool from) {
  organ_id(c, from ? "From/OrganId" : "To/OrganId", o->id);
  for (size_t i = 0; i < sizeof organ_fields / sizeof organ_fields[0]; i++) {
    const organ_field *f = &organ_fields[i];
    const char *value;
    memcpy(&value, (const char *)o + f->offset, sizeof value);
    if (f->required) required(c, from ? f->from : f->to, value, f->most);
    else text(c, from ? f->from : f->to, value, f->most);
  }
}

static void organs(check *c, const vb_edxml *e) {
  organ(c, &e->from, true);
  if (e->n_to == 0) post(c, VB_POST(c->d, VB_MSG_EDXML_NO_RECEIVER, c->at));
  for (size_t i = 0; i < e->n_to; i++) {
    organ(c, &e->to[i], false);
    for (size_t k = 0; k < i; k++)
      if (!empty(e->to[i].id) && !empty(e->to[k].id) && strcmp(e->to[i].id, e->to[k].id) == 0)
        post(c, VB_POST(c->d, VB_MSG_EDXML_TWICE, c->at, "To/OrganId", e->to[i].id));
  }
}

static void date(check *c, const char *field, vb_date v) {
  char iso[11];
  if (!vb_date_valid(v)) {
    snprintf(iso, sizeof iso, "%d", v.year);
    post(c, VB_POST(c->d, VB_MSG_EDXML_DATE, c->at, field, iso));
  }
}

static void dates(check *c, const vb_edxml *e, vb_date today) {
  if (e->date.year == 0) {
    post(c, VB_POST(c->d, VB_MSG_EDXML_MISSING, c->at, "PromulgationInfo/PromulgationDate"));
    return;
  }
  date(c, "PromulgationInfo/PromulgationDate", e->date);
  if (e->due.year != 0) date(c, "DueDate", e->due);
  if (today.year != 0 && vb_date_cmp(e->date, today) > 0) {
    char a[11], b[11];
    vb_date_print_iso(e->date, a);
    vb_date_print_iso(today, b);
    post(c, VB_POST(c->d, VB_MSG_EDXML_FUTURE, c->at, a, b));
  }
}

static void message(check *c, const vb_edxml *e) {
  required(c, "Code/CodeNumber", e->number, 11);
  required(c, "Code/CodeNotation", e->notation, 30);
  text(c, "PromulgationInfo/Place", e->place, 50);
  number(c, "DocumentType/Type", e->type, 0, 99);
  number(c, "DocumentType/TypeDetail", e->type_detail, 0, 999);
  required(c, "DocumentType/TypeName", e->type_name, 100);
  required(c, "Subject", e->subject, 500);
  text(c, "Content", e->content, 500);
  text(c, "SignerInfo/Position", e->position, 100);
  text(c, "SignerInfo/FullName", e->signer, 50);
  number(c, "OtherInfo/Priority", e->priority, 0, 4);
  text(c, "OtherInfo/SphereOfPromulgation", e->sphere, 100);
  text(c, "OtherInfo/TyperNotation", e->typer, 10);
  number(c, "OtherInfo/PromulgationAmount", e->copies, 0, 99999);
  number(c, "OtherInfo/PageAmount", e->pages, 1, 99999);
  number(c, "SteeringType", e->steering, 0, 3);
  for (size_t i = 0; i < e->n_places; i++) required(c, "ToPlaces/Place", e->places[i], 150);
  for (size_t i = 0; i < e->n_replies; i++) {
    organ_id(c, "ResponseFor/OrganId", e->replies[i].organ_id);
    required(c, "ResponseFor/Code", e->replies[i].code, 42);
    date(c, "ResponseFor/PromulgationDate", e->replies[i].date);
    text(c, "ResponseFor/DocumentId", e->replies[i].document_id, 100);
  }
}

static void business(check *c, const vb_edxml *e) {
  number(c, "Bussiness/BussinessDocType", (int)e->business, 0, 3);
  if (e->business != VB_EDXML_NEW) required(c, "Bussiness/BussinessDocReason", e->reason, 500);
  if (e->business == VB_EDXML_REVOKE || e->business == VB_EDXML_UPDATE) required(c, "Bussiness/DocumentId", e->referenced, 100);
  if (e->business == VB_EDXML_REPLACE && e->n_replaced == 0)
    post(c, VB_POST(c->d, VB_MSG_EDXML_MISSING, c->at, "Bussiness/ReplacementInfoList"));
  for (size_t i = 0; i < e->n_replaced; i++) {
    required(c, "ReplacementInfo/DocumentId", e->replaced[i].document_id, 100);
    if (e->replaced[i].n_organ_ids == 0) post(c, VB_POST(c->d, VB_MSG_EDXML_MISSING, c->at, "ReplacementInfo/OrganIdList"));
    for (size_t k = 0; k < e->replaced[i].n_organ_ids; k++) organ_id(c, "OrganIdList/OrganId", e->replaced[i].organ_ids[k]);
  }
  for (size_t i = 0; i < e->n_receivers; i++) organ_id(c, "Receiver/OrganId", e->receivers[i].organ_id);
  text(c, "StaffInfo/Email", e->staff.email, 100);
  text(c, "StaffInfo/Mobile", e->staff.mobile, 20);
  if (e->n_steps == 0) post(c, VB_POST(c->d, VB_MSG_EDXML_MISSING, c->at, "TraceHeaderList/TraceHeader"));
  for (size_t i = 0; i < e->n_steps; i++) {
    organ_id(c, "TraceHeader/OrganId", e->steps[i].organ_id);
    date(c, "TraceHeader/Timestamp", e->steps[i].at.date);
  }
}

/* A revocation may come without the document itself; everything else carries one. */
static void files(check *c, const vb_edxml *e) {
  if (e->n_files == 0 && e->business != VB_EDXML_REVOKE) post(c, VB_POST(c->d, VB_MSG_EDXML_MISSING, c->at, "AttachmentEncoded/Attachment"));
  uint64_t bytes = 0;
  for (size_t i = 0; i < e->n_files; i++) {
    const vb_edxml_file *f = &e->files[i];
    required(c, "Attachment/AttachmentName", f->name, 500);
    bytes += f->bytes.n;
    if (!empty(f->name) && strpbrk(f->name, "/\\") != NULL) post(c, VB_POST(c->d, VB_MSG_EDXML_FILE_NAME, c->at, f->name));
    for (size_t k = 0; k < i; k++)
      if (!empty(f->name) && !empty(e->files[k].name) && strcmp(f->name, e->files[k].name) == 0)
        post(c, VB_POST(c->d, VB_MSG_EDXML_TWICE, c->at, "Attachment/AttachmentName", f->name));
  }
  if (bytes > VB_EDXML_BYTES_USUAL)
    post(c, VB_POST(c->d, VB_MSG_EDXML_SIZE, c->at, VB_NUM(bytes >> 20), VB_NUM(VB_EDXML_BYTES_USUAL >> 20)));
}

vb_status vb_edxml_check(vb_diag *d, const vb_edxml *e, const vb_edxml_rules *r) {
  check c = {d, {r->file == NULL ? NULL : vb_diag_file(d, r->file), 0, 0, NULL}, VB_OK};
  organs(&c, e);
  dates(&c, e, r->today);
  message(&c, e);
  business(&c, e);
  files(&c, e);
  return c.st;
}
