/* job_package.c: <package> of job.xml: what a package for the document axis says beyond its document: whether it is new, an update, a
 * replacement or a revocation, and of what; codes that the rules leave open; who hands it over. */
#include <string.h>

#include "batch/job.h"
#include "xml/xml.h"

typedef struct reader { vb_diag *d; vb_arena *a; const char *file; vb_status *st; } reader;

/* An attribute over what stands there already. */
static void take(reader *r, const vb_xml_node *n, const char *name, const char **out) {
  vb_span v = vb_xml_attr_get(n, name);
  if (v.p == NULL) return;
  *out = vb_arena_str(r->a, v.p, v.n);
  if (*out == NULL) *r->st = vb_worse(*r->st, VB_NOMEM);
}

/* The schema has seen to digits and length. */
static void take_number(const vb_xml_node *n, const char *name, int *out) {
  vb_span v = vb_xml_attr_get(n, name);
  if (v.p == NULL) return;
  *out = 0;
  for (size_t i = 0; i < v.n && i < 6; i++) *out = *out * 10 + (v.p[i] - '0');
}

static void take_date(reader *r, const vb_xml_node *n, const char *name, vb_date *out) {
  vb_span v = vb_xml_attr_get(n, name);
  if (v.p == NULL || vb_date_parse_iso(vb_span_trim(v), out)) return;
  *r->st = vb_worse(*r->st, VB_POST(r->d, VB_MSG_JOB_DATE, vb_xml_at(r->d, r->file, n), VB_TXT(v), name));
}

static void take_yes(const vb_xml_node *n, const char *name, const char *yes, bool *out) {
  vb_span v = vb_xml_attr_get(n, name);
  if (v.p != NULL) *out = vb_span_is(v, yes);
}

static vb_edxml_business business_of(vb_span v, vb_edxml_business otherwise) {
  static const struct { const char *name; vb_edxml_business kind; } kinds[] = {
      {"new", VB_EDXML_NEW}, {"update", VB_EDXML_UPDATE}, {"replacement", VB_EDXML_REPLACE}, {"revocation", VB_EDXML_REVOKE}};
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
    if (v.p != NULL && vb_span_is(v, kinds[i].name)) return kinds[i].kind;
  return otherwise;
}

static size_t count(const vb_xml_node *n, const char *name) {
  size_t k = 0;
  for (const vb_xml_node *c = vb_xml_child(n, name); c != NULL; c = vb_xml_sibling(c, name)) k++;
  return k;
}

static void read_replies(reader *r, const vb_xml_node *n, vb_job_package *p) {
  size_t k = count(n, "reply");
  if (k == 0) return;
  p->n_replies = 0;
  p->replies = VB_NEW_ARRAY(r->a, vb_edxml_reply, k);
  if (p->replies == NULL) *r->st = vb_worse(*r->st, VB_NOMEM);
  for (const vb_xml_node *c = vb_xml_child(n, "reply"); c != NULL && p->replies != NULL; c = vb_xml_sibling(c, "reply")) {
    vb_edxml_reply *x = &p->replies[p->n_replies++];
    take(r, c, "ident", &x->organ_id);
    take(r, c, "code", &x->code);
    take_date(r, c, "date", &x->date);
    take(r, c, "document", &x->document_id);
  }
}

static void read_receivers(reader *r, const vb_xml_node *n, vb_job_package *p) {
  size_t k = count(n, "receiver");
  if (k == 0) return;
  p->n_receivers = 0;
  p->receivers = VB_NEW_ARRAY(r->a, vb_edxml_receiver, k);
  if (p->receivers == NULL) *r->st = vb_worse(*r->st, VB_NOMEM);
  for (const vb_xml_node *c = vb_xml_child(n, "receiver"); c != NULL && p->receivers != NULL; c = vb_xml_sibling(c, "receiver")) {
    vb_edxml_receiver *x = &p->receivers[p->n_receivers++];
    take(r, c, "ident", &x->organ_id);
    x->added = true;
    take_yes(c, "change", "added", &x->added);
  }
}

static void read_children(reader *r, const vb_xml_node *n, vb_job_package *p) {
  const vb_xml_node *sender = vb_xml_child(n, "sender"), *staff = vb_xml_child(n, "staff");
  if (sender != NULL) {
    take(r, sender, "email", &p->email);
    take(r, sender, "telephone", &p->telephone);
    take(r, sender, "fax", &p->fax);
    take(r, sender, "website", &p->website);
  }
  if (staff != NULL) {
    take(r, staff, "department", &p->staff.department);
    take(r, staff, "name", &p->staff.name);
    take(r, staff, "email", &p->staff.email);
    take(r, staff, "mobile", &p->staff.mobile);
  }
  read_replies(r, n, p);
  read_receivers(r, n, p);
}

const vb_job_package *vb_job_package_read(vb_diag *d, vb_arena *a, const char *file, const vb_xml_node *n, const vb_job_package *above, vb_status *st) {
  if (n == NULL && above != NULL) return above;
  vb_job_package *p = VB_NEW(a, vb_job_package);
  if (p == NULL) return NULL;
  if (above != NULL) *p = *above;
  if (n == NULL) return p;
  reader r = {d, a, file, st};
  p->business = business_of(vb_xml_attr_get(n, "kind"), p->business);
  take(&r, n, "of", &p->of);
  take(&r, n, "reason", &p->reason);
  take_number(n, "type", &p->type);
  take_number(n, "type-detail", &p->type_detail);
  take_number(n, "steering", &p->steering);
  take_yes(n, "paper", "yes", &p->paper);
  vb_span changed = vb_xml_attr_get(n, "changed");
  if (changed.p != NULL) {
    p->info_changed = !vb_span_is(changed, "receivers");
    p->receivers_changed = !vb_span_is(changed, "document");
  }
  take_date(&r, n, "due", &p->due);
  take(&r, n, "sphere", &p->sphere);
  take(&r, n, "content", &p->content);
  read_children(&r, n, p);
  return p;
}
