/* handing.c: what is handed over with a document: its package for the document axis, its records for the archive. */
#include <string.h>

#include "batch/deliver.h"
#include "xml/xml.h"

enum { COPIES = 1 /* of an electronic document */, FACTS_OWN = 24 };

vb_status vb_handing_open(vb_run *run) {
  const char *edxml = vb_library_schema(run->arena, &run->lib, "edxml.rng"), *archive = vb_library_schema(run->arena, &run->lib, "archive.rng"), *path = NULL;
  vb_xml_schema *schema = NULL;
  vb_status s = edxml == NULL || archive == NULL ? VB_NOMEM : VB_OK;
  if (s == VB_OK && run->o->edxml) s = vb_xml_schema_open(run->diag, edxml, &run->edxml_schema);
  if (s != VB_OK || !run->o->archive) return s;
  s = vb_xml_schema_open(run->diag, archive, &schema);
  if (s == VB_OK) s = vb_library_path(run->arena, &run->lib, "mappings/archive.xml", &path);
  if (s == VB_OK) s = vb_archive_open(run->diag, path, schema, &run->archive);
  vb_xml_schema_close(schema);
  uint64_t bytes;
  if (s == VB_OK) s = vb_sha256_file(run->diag, path, run->archive_id, &bytes);
  return s;
}

void vb_handing_close(vb_run *run) {
  vb_xml_schema_close(run->edxml_schema);
  vb_archive_close(run->archive);
}

vb_status vb_handing_ready(vb_run *run, const vb_order *o, bool *ready) {
  *ready = o->meta.state == VB_STATE_ISSUED;
  if (*ready) return VB_OK;
  VB_POST(run->diag, VB_MSG_HANDING_STATE, o->task->doc->at);
  return VB_OK;
}

void vb_handing_hash_run(const vb_run *run, vb_hash *h) { vb_hash_add_str(h, run->archive == NULL ? NULL : run->archive_id); }

void vb_handing_hash(const vb_order *o, vb_hash *h) {
  const vb_job_doc *doc = o->task->doc;
  const vb_job_package *p = doc->package;
  const char *const texts[] = {o->address, doc->file, doc->retention, doc->keywords, doc->description, p->of, p->reason, p->sphere, p->content, p->email,
                               p->telephone, p->fax, p->website, p->staff.department, p->staff.name, p->staff.email, p->staff.mobile};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) vb_hash_add_str(h, texts[i]);
  const int64_t numbers[] = {(int64_t)p->business, p->type, p->type_detail, p->steering, p->paper, p->info_changed, p->receivers_changed,
                             p->due.year, p->due.month, p->due.day, (int64_t)p->n_replies, (int64_t)p->n_receivers};
  vb_hash_add(h, numbers, sizeof numbers);
  for (size_t i = 0; i < p->n_replies; i++) {
    const vb_edxml_reply *r = &p->replies[i];
    const int64_t day[] = {r->date.year, r->date.month, r->date.day};
    vb_hash_add_str(h, r->organ_id);
    vb_hash_add_str(h, r->code);
    vb_hash_add_str(h, r->document_id);
    vb_hash_add(h, day, sizeof day);
  }
  for (size_t i = 0; i < p->n_receivers; i++) {
    vb_hash_add_str(h, p->receivers[i].organ_id);
    vb_hash_add_str(h, p->receivers[i].added ? "added" : "removed");
  }
}

/* ---- the package -------------------------------------------------------------------------------------------- */

/* "TM. ỦY BAN NHÂN DÂN" → "TM.": the field holds the signing authority alone. */
static const char *competence_of(vb_arena *a, const char *authority) {
  if (authority == NULL) return NULL;
  const char *dot = strchr(authority, '.');
  return dot == NULL || dot - authority > 4 ? "" : vb_arena_str(a, authority, (size_t)(dot - authority) + 1);
}

static const char *one_line(vb_arena *a, const char *s) {
  char *c = s == NULL ? NULL : vb_arena_str(a, s, strlen(s));
  for (char *p = c; p != NULL && *p != '\0'; p++)
    if (*p == '\n' || *p == '|') *p = ' ';
  return c;
}

typedef struct receivers { vb_edxml_organ *to; size_t n_to; const char **places; size_t n_places; } receivers;

/* Addressees and recipients with an identifier get the package; the others are named as places. "Như trên" names nobody anew. */
static vb_status sort_receivers(vb_arena *a, const vb_meta *m, receivers *r) {
  size_t most = m->n_addressees + m->n_recipients;
  r->to = VB_NEW_ARRAY(a, vb_edxml_organ, most);
  r->places = VB_NEW_ARRAY(a, const char *, most);
  if (r->to == NULL || r->places == NULL) return VB_NOMEM;
  for (size_t i = 0; i < most; i++) {
    const vb_party *p = i < m->n_addressees ? &m->addressees[i] : &m->recipients[i - m->n_addressees];
    bool twice = false;
    for (size_t k = 0; p->ident != NULL && k < r->n_to; k++) twice |= strcmp(r->to[k].id, p->ident) == 0;
    if (twice || (p->name != NULL && strcmp(p->name, "Như trên") == 0)) continue;
    if (p->ident != NULL) r->to[r->n_to++] = (vb_edxml_organ){.id = p->ident, .name = p->name};
    else r->places[r->n_places++] = p->name;
  }
  return VB_OK;
}

/* "Phụ lục II: Số liệu …": the label, and the title that stands below it. */
static const char *name_appendix(vb_arena *a, const vb_node *sequence) {
  const char *label = one_line(a, sequence->u.sequence.title);
  vb_buf title;
  vb_buf_init(&title);
  vb_walk w;
  for (vb_walk_init(&w, sequence); label != NULL && title.n == 0 && vb_walk_next(&w);)
    if (!w.leaving && w.node->kind == VB_NODE_PARA && w.node->style == VB_STYLE_APPENDIX_TITLE) vb_node_plain(w.node, &title);
  const char *name = title.failed ? NULL : title.n == 0 ? label : vb_arena_printf(a, "%s: %.*s", label, (int)title.n, title.p);
  vb_buf_free(&title);
  return name == NULL ? NULL : one_line(a, name);
}

static vb_status name_appendixes(vb_arena *a, const vb_doc *doc, vb_edxml *e) {
  size_t n = 0;
  for (const vb_node *s = doc->root->first; s != NULL; s = s->next) n += s->u.sequence.role == VB_SEQ_APPENDIX;
  const char **names = VB_NEW_ARRAY(a, const char *, n);
  if (names == NULL) return VB_NOMEM;
  for (const vb_node *s = doc->root->first; s != NULL; s = s->next) {
    if (s->u.sequence.role != VB_SEQ_APPENDIX) continue;
    names[e->n_appendixes] = name_appendix(a, s);
    if (names[e->n_appendixes++] == NULL) return VB_NOMEM;
  }
  e->appendixes = names;
  return VB_OK;
}

/* What the job says beyond the document. A replacement tells all who get it to put it in the other's place. */
static vb_status add_business(vb_arena *a, const vb_job_package *p, vb_edxml *e) {
  e->business = p->business;
  e->referenced = p->business == VB_EDXML_REPLACE ? NULL : p->of;
  e->reason = p->reason;
  e->paper = p->paper;
  e->info_changed = p->info_changed;
  e->receivers_changed = p->receivers_changed;
  e->receivers = p->receivers;
  e->n_receivers = p->n_receivers;
  e->replies = p->replies;
  e->n_replies = p->n_replies;
  e->type = p->type;
  e->type_detail = p->type_detail;
  e->steering = p->steering;
  e->due = p->due;
  e->sphere = p->sphere;
  e->content = p->content;
  e->staff = p->staff;
  if (p->business != VB_EDXML_REPLACE || p->of == NULL) return VB_OK;
  const char **ids = VB_NEW_ARRAY(a, const char *, e->n_to);
  vb_edxml_replaced *replaced = VB_NEW(a, vb_edxml_replaced);
  if (ids == NULL || replaced == NULL) return VB_NOMEM;
  for (size_t i = 0; i < e->n_to; i++) ids[i] = e->to[i].id;
  *replaced = (vb_edxml_replaced){p->of, ids, e->n_to};
  e->replaced = replaced;
  e->n_replaced = 1;
  return VB_OK;
}

vb_status vb_package_file(vb_diag *d, vb_arena *a, const vb_doc *doc, const vb_handing *h, vb_buf *out) {
  const vb_meta *m = &doc->meta;
  const vb_job_package *p = h->order->task->doc->package;
  receivers r = {NULL, 0, NULL, 0};
  vb_status s = sort_receivers(a, m, &r);
  if (s != VB_OK) return s;
  vb_edxml_step step = {.organ_id = m->issuer.ident, .at = {.date = h->today.year != 0 ? h->today : m->date, .offset = VB_MOMENT_VIETNAM}};
  vb_edxml e = {.to = r.to, .n_to = r.n_to, .number = m->number, .notation = m->symbol, .place = m->place, .date = m->date, .type_name = m->kind_name,
                .subject = one_line(a, m->subject), .competence = competence_of(a, m->authority), .position = one_line(a, m->position), .signer = m->signer,
                .priority = m->priority, .typer = m->drafter, .copies = COPIES, .pages = h->pages, .places = r.places, .n_places = r.n_places,
                .steps = &step, .n_steps = 1, .files = h->files, .n_files = h->n_files};
  e.from = (vb_edxml_organ){m->issuer.ident, one_line(a, m->superior), one_line(a, m->issuer.name), h->order->address, p->email, p->telephone, p->fax, p->website};
  s = vb_worse(add_business(a, p, &e), name_appendixes(a, doc, &e));
  vb_edxml_rules rules = {h->name, h->today, h->schema};
  return s == VB_OK ? vb_edxml_write(d, &e, &rules, out) : s;
}

/* ---- records for the archive -------------------------------------------------------------------------------- */

typedef struct facts { vb_arena *a; vb_fact *list; size_t n; bool failed; } facts;

static void add_fact(facts *f, const char *name, uint32_t index, const char *value) {
  if (value != NULL && value[0] != '\0') f->list[f->n++] = (vb_fact){name, index, value};
}

static const char *printed(facts *f, int64_t v) {
  const char *s = VB_NUM(v);
  s = vb_arena_str(f->a, s, strlen(s));
  if (s == NULL) f->failed = true;
  return s;
}

static const char *iso(facts *f, vb_date d) {
  char text[11];
  if (d.year == 0) return NULL;
  size_t n = vb_date_print_iso(d, text);
  const char *s = vb_arena_str(f->a, text, n);
  if (s == NULL) f->failed = true;
  return s;
}

/* "000.01.30.H57.2023.232" (QĐ 28/2018: organ, year, number in the year); "….2023.05.BC" of the archive's file. */
static const char *code_in_year(facts *f, const vb_meta *m, const char *last) {
  if (m->issuer.ident == NULL || last == NULL || m->date.year == 0) return NULL;
  const char *s = vb_arena_printf(f->a, "%s.%04d.%s", m->issuer.ident, m->date.year, last);
  if (s == NULL) f->failed = true;
  return s;
}

static void add_document(facts *f, const vb_meta *m, const vb_job_doc *doc, int pages) {
  add_fact(f, "organ.id", 0, m->issuer.ident);
  add_fact(f, "organ.name", 0, one_line(f->a, m->issuer.name));
  add_fact(f, "file.year", 0, m->date.year != 0 ? printed(f, m->date.year) : NULL);
  add_fact(f, "file.notation", 0, doc->file);
  add_fact(f, "file.code", 0, code_in_year(f, m, doc->file));
  add_fact(f, "document.id", 0, code_in_year(f, m, m->number));
  add_fact(f, "kind", 0, m->kind);
  add_fact(f, "kind.name", 0, m->kind_name);
  add_fact(f, "number", 0, m->number);
  add_fact(f, "symbol", 0, m->symbol);
  add_fact(f, "date", 0, iso(f, m->date));
  add_fact(f, "subject", 0, one_line(f->a, m->subject));
  add_fact(f, "language", 0, "vi");
  add_fact(f, "pages", 0, printed(f, pages));
  add_fact(f, "description", 0, doc->description);
  add_fact(f, "position", 0, one_line(f->a, m->position));
  add_fact(f, "signer", 0, m->signer);
  add_fact(f, "priority", 0, printed(f, m->priority));
  add_fact(f, "copies", 0, printed(f, COPIES));
  add_fact(f, "due", 0, iso(f, doc->package->due));
  add_fact(f, "retention", 0, doc->retention);
  add_fact(f, "keywords", 0, doc->keywords);
}

/* All who get the document; those without an identifier by their name alone. */
static void add_receivers(facts *f, const vb_meta *m) {
  receivers r = {NULL, 0, NULL, 0};
  f->failed |= sort_receivers(f->a, m, &r) != VB_OK;
  for (size_t i = 0; i < r.n_to; i++) {
    add_fact(f, "to.id", (uint32_t)i + 1, r.to[i].id);
    add_fact(f, "to.name", (uint32_t)i + 1, r.to[i].name);
  }
  for (size_t i = 0; i < r.n_places; i++) add_fact(f, "to.name", (uint32_t)(r.n_to + i) + 1, r.places[i]);
}

vb_status vb_archive_file(vb_run *run, vb_arena *a, const vb_doc *doc, const vb_handing *h, size_t i, vb_buf *out) {
  const vb_meta *m = &doc->meta;
  facts f = {a, VB_NEW_ARRAY(a, vb_fact, FACTS_OWN + 2 * ((size_t)m->n_addressees + m->n_recipients)), 0, false};
  if (f.list == NULL) return VB_NOMEM;
  add_document(&f, m, h->order->task->doc, h->pages);
  add_receivers(&f, m);
  return f.failed ? VB_NOMEM : vb_archive_write(run->diag, run->archive, i, &(vb_facts){f.list, f.n}, out);
}
