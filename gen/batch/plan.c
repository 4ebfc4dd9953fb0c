/* plan.c: documents × units → tasks, each with what the job and its registers know of it. */
#include <string.h>

#include "batch/batch_int.h"

typedef struct unit_row { const char *code, *name, *organ, *place, *superior, *symbol, *ident, *level, *since, *until, *address; } unit_row;

bool vb_listed(const char *list, const char *name) {
  if (list == NULL) return true;
  size_t n = strlen(name);
  for (const char *s = list; *s != '\0';) {
    size_t k = strcspn(s, ",");
    if (k == n && memcmp(s, name, n) == 0) return true;
    s += k;
    if (*s == ',') s++;
  }
  return false;
}

static const char *text_at(vb_run *run, const vb_query *q, size_t i, bool *failed) {
  vb_sql_value v = vb_query_value(q, i);
  if (v.type == VB_SQL_NULL) return NULL;
  char *s = v.type == VB_SQL_INTEGER ? vb_arena_printf(run->arena, "%lld", (long long)v.integer) : vb_arena_str(run->arena, v.text.p, v.text.n);
  if (s == NULL) *failed = true;
  return s;
}

static vb_status read_units(vb_run *run, unit_row **rows, size_t *n) {
  vb_query *q = NULL;
  vb_status s = vb_query_prepare(run->diag, run->store, VB_LIT("SELECT code, name, organ, place, superior, symbol, ident, level, since, until, address FROM unit ORDER BY code"), VB_NOWHERE, &q);
  size_t cap = 0;
  *rows = NULL;
  *n = 0;
  bool failed = false;
  while (s == VB_OK && (s = vb_query_step(run->diag, q)) == VB_OK) {
    if (*n == cap) {
      size_t more = cap == 0 ? 64 : cap * 2;
      unit_row *grown = VB_NEW_ARRAY(run->arena, unit_row, more);
      if (grown == NULL) {
        s = VB_NOMEM;
        break;
      }
      if (*n > 0) memcpy(grown, *rows, *n * sizeof *grown);
      *rows = grown;
      cap = more;
    }
    unit_row *u = &(*rows)[(*n)++];
    const char **fields[11] = {&u->code, &u->name, &u->organ, &u->place, &u->superior, &u->symbol, &u->ident, &u->level, &u->since, &u->until, &u->address};
    for (size_t i = 0; i < 11; i++) *fields[i] = text_at(run, q, i, &failed);
  }
  vb_query_free(q);
  if (failed) return VB_NOMEM;
  return s == VB_DONE ? VB_OK : s;
}

/* Does the unit exist on the document's date? ISO dates compare as text. */
static bool stands(const vb_job_doc *doc, const unit_row *u) {
  char date[11];
  if (doc->date.year == 0) return true;
  vb_date_print_iso(doc->date, date);
  return (u->since == NULL || strcmp(u->since, date) <= 0) && (u->until == NULL || strcmp(u->until, date) >= 0);
}

/* "*", codes with commas, or level:xa; of all units or of a level, those that exist on the document's date. */
static bool asked_by_job(const vb_job_doc *doc, const unit_row *u) {
  if (doc->units == NULL || strcmp(doc->units, "*") == 0) return stands(doc, u);
  if (strncmp(doc->units, "level:", 6) == 0) return u->level != NULL && strcmp(doc->units + 6, u->level) == 0 && stands(doc, u);
  return vb_listed(doc->units, u->code);
}

/* Codes in a document's units="a,b" that the register lacks. */
static vb_status check_units(vb_run *run, const vb_job_doc *doc, const unit_row *rows, size_t n) {
  if (doc->units == NULL || strcmp(doc->units, "*") == 0 || strncmp(doc->units, "level:", 6) == 0) return VB_OK;
  vb_status st = VB_OK;
  for (const char *s = doc->units; *s != '\0';) {
    size_t k = strcspn(s, ",");
    bool found = false;
    for (size_t i = 0; i < n && !found; i++) found = strlen(rows[i].code) == k && memcmp(rows[i].code, s, k) == 0;
    if (!found) st = vb_worse(st, VB_POST(run->diag, VB_MSG_JOB_UNIT, doc->at, VB_TXT(((vb_span){s, k}))));
    s += k;
    if (*s == ',') s++;
  }
  return st;
}

/* An organ of a unit that names none is its people's committee: one name in two lines of the letterhead (ND30 PL I.II.2). */
static vb_status name_organ(vb_run *run, const unit_row *u, vb_meta *m) {
  m->organ = u->organ != NULL ? u->organ : vb_arena_printf(run->arena, "Ủy ban nhân dân|%s", u->name);
  char *whole = m->organ == NULL ? NULL : vb_arena_str(run->arena, m->organ, strlen(m->organ));
  if (whole == NULL) return VB_NOMEM;
  for (char *s = whole; *s != '\0'; s++)
    if (*s == '|') *s = ' ';
  m->issuer = (vb_party){whole, u->ident};
  return VB_OK;
}

static vb_status meta_of(vb_run *run, const vb_job_doc *doc, const unit_row *u, vb_meta *m) {
  memset(m, 0, sizeof *m);
  const char *kind = NULL;
  for (size_t i = 0; i < run->n_templates; i++)
    if (strcmp(vb_template_id(run->templates[i]), doc->template_id) == 0) kind = vb_template_kind(run->templates[i]);
  m->kind = kind;
  if (kind != NULL) {
    m->symbol = vb_arena_printf(run->arena, "%s-%s", kind, u->symbol != NULL ? u->symbol : "UBND");
    if (m->symbol == NULL) return VB_NOMEM;
  }
  m->id = doc->id;
  m->template_id = doc->template_id;
  m->number = doc->number;
  m->date = doc->date;
  if (m->date.year == 0) m->date = run->o->date;
  m->place = u->place;
  m->unit = u->code;
  m->unit_name = u->name;
  m->superior = u->superior;
  m->addressees = doc->addressees;
  m->n_addressees = doc->n_addressees;
  m->recipients = doc->recipients;
  m->n_recipients = doc->n_recipients;
  m->authority = doc->authority;
  m->position = doc->position;
  m->signer = doc->signer;
  m->period = run->job->period;
  m->drafter = doc->drafter;
  m->archive = doc->archive_unit;
  m->priority = doc->priority;
  m->state = doc->state;
  m->mode = doc->mode;
  return name_organ(run, u, m);
}

/* What the queries of the registers ask with, by name; :first keeps rows of other jobs in a kept database out. */
typedef struct asked { const char *unit, *document, *role, *date; } asked;

static void ask(vb_run *run, vb_query *q, const asked *k) {
  for (size_t i = 0; i < vb_query_params(q); i++) {
    const char *p = vb_query_param(q, i);
    if (strcmp(p, "first") == 0) {
      vb_query_bind(q, i, (vb_sql_value){VB_SQL_INTEGER, vb_store_first_row(run->store), {NULL, 0}});
      continue;
    }
    const char *v = strcmp(p, "unit") == 0 ? k->unit : strcmp(p, "document") == 0 ? k->document : strcmp(p, "role") == 0 ? k->role
                    : strcmp(p, "date") == 0 ? k->date : run->job->period;
    vb_query_bind(q, i, (vb_sql_value){VB_SQL_TEXT, 0, vb_span_of(v)});
  }
}

/* What the table `document` says of one document of one unit goes before the job's word. */
static vb_status apply_register(vb_run *run, vb_query *q, vb_task *t) {
  bool failed = false;
  ask(run, q, &(asked){.unit = t->unit, .document = t->doc->id});
  vb_status s = vb_query_step(run->diag, q);
  if (s == VB_OK) {
    const char *date = NULL, *state = NULL;
    const char **fields[9] = {&t->meta.number, &date, &state, &t->meta.authority, &t->meta.position, &t->meta.signer, &t->meta.place, &t->meta.drafter, &t->meta.archive};
    for (size_t i = 0; i < 9; i++) {
      const char *v = text_at(run, q, i, &failed);
      if (v != NULL && v[0] != '\0') *fields[i] = v;
    }
    if (date != NULL) vb_date_parse_iso(vb_span_of(date), &t->meta.date);
    if (state != NULL) t->meta.state = strcmp(state, "issued") == 0 ? VB_STATE_ISSUED : strcmp(state, "to-stamp") == 0 ? VB_STATE_TO_STAMP : VB_STATE_DRAFT;
  }
  vb_query_reset(q);
  if (failed) return VB_NOMEM;
  return s == VB_DONE ? VB_OK : s;
}

static vb_status read_parties(vb_run *run, vb_query *q, vb_task *t, const char *role, const vb_party **list, uint32_t *n) {
  vb_party found[VB_PARTIES_MAX];
  uint32_t count = 0;
  bool failed = false;
  ask(run, q, &(asked){.unit = t->unit, .document = t->doc->id, .role = role});
  vb_status s;
  while ((s = vb_query_step(run->diag, q)) == VB_OK && count < VB_PARTIES_MAX) {
    found[count].name = text_at(run, q, 0, &failed);
    found[count++].ident = text_at(run, q, 1, &failed);
  }
  vb_query_reset(q);
  if (failed) return VB_NOMEM;
  if (s == VB_OK) s = VB_POST(run->diag, VB_MSG_PARTIES_MANY, VB_NOWHERE, t->unit, t->doc->id, VB_NUM(VB_PARTIES_MAX));
  if (s != VB_DONE) return s;
  if (count == 0) return VB_OK;
  *list = vb_arena_copy(run->arena, found, count * sizeof *found);
  *n = count;
  return *list == NULL ? VB_NOMEM : VB_OK;
}

/* Who signs for a unit on the document's date, where neither the job nor the document's own row says it: the register of signers with their
 * terms of office. */
static vb_status find_signer(vb_run *run, vb_query *q, vb_task *t) {
  if (t->meta.signer != NULL) return VB_OK;
  char date[11] = "9999-12-31";
  if (t->meta.date.year != 0) vb_date_print_iso(t->meta.date, date);
  ask(run, q, &(asked){.unit = t->unit, .document = t->doc->id, .date = date});
  bool failed = false;
  vb_status s = vb_query_step(run->diag, q);
  if (s == VB_OK) {
    const char **fields[3] = {&t->meta.signer, &t->meta.position, &t->meta.authority};
    for (size_t i = 0; i < 3; i++) {
      const char *v = text_at(run, q, i, &failed);
      if (v != NULL && v[0] != '\0') *fields[i] = v;
    }
  }
  vb_query_reset(q);
  if (failed) return VB_NOMEM;
  return s == VB_DONE ? VB_OK : s;
}

typedef struct registers { vb_query *document, *party, *signer, *own, *children; } registers;

static bool answers(vb_run *run, vb_query *q, const char *unit, vb_status *st) {
  ask(run, q, &(asked){.unit = unit});
  vb_status s = vb_query_step(run->diag, q);
  vb_query_reset(q);
  if (s != VB_OK && s != VB_DONE) *st = vb_worse(*st, s);
  return s == VB_OK;
}

bool vb_task_own_figures(const vb_task *t) {
  return t->doc->data == VB_DATA_OWN || (t->doc->data == VB_DATA_USUAL && t->tpl != NULL && vb_template_form(t->tpl) != NULL);
}

static vb_status make_task(vb_run *run, registers *r, const vb_job_doc *doc, const unit_row *u) {
  vb_task *t = &run->tasks[run->n_tasks++];
  t->doc = doc;
  t->unit = u->code;
  t->address = u->address;
  for (size_t i = 0; i < run->n_templates; i++)
    if (strcmp(vb_template_id(run->templates[i]), doc->template_id) == 0) t->tpl = run->templates[i];
  vb_status s = meta_of(run, doc, u, &t->meta);
  if (s == VB_OK) s = apply_register(run, r->document, t);
  if (s == VB_OK) s = find_signer(run, r->signer, t);
  if (s == VB_OK) s = read_parties(run, r->party, t, "addressee", &t->meta.addressees, &t->meta.n_addressees);
  if (s == VB_OK) s = read_parties(run, r->party, t, "recipient", &t->meta.recipients, &t->meta.n_recipients);
  if (s == VB_OK && vb_task_own_figures(t)) t->no_data = !answers(run, r->own, u->code, &s);
  if (s == VB_OK && doc->data == VB_DATA_CHILDREN) t->no_data = !answers(run, r->children, u->code, &s);
  return s;
}

static vb_status open_registers(vb_run *run, registers *r) {
  static const struct { const char *sql; size_t at; } list[] = {
      {"SELECT number, date, state, authority, position, signer, place, drafter, archive FROM document WHERE unit = :unit AND document = :document AND _row >= :first", offsetof(registers, document)},
      {"SELECT name, ident FROM recipients WHERE unit = :unit AND document = :document AND role = :role AND _row >= :first ORDER BY ord", offsetof(registers, party)},
      {"SELECT name, position, authority FROM signer WHERE coalesce(unit, '') IN ('', :unit) AND coalesce(document, '') IN ('', :document) "
       "AND coalesce(since, '') <= :date AND coalesce(nullif(until, ''), '9999-12-31') >= :date "
       "ORDER BY coalesce(unit, '') DESC, coalesce(document, '') DESC, since DESC LIMIT 1", offsetof(registers, signer)},
      {"SELECT 1 FROM value WHERE unit = :unit AND period = :period LIMIT 1", offsetof(registers, own)},
      {"WITH RECURSIVE below(code) AS (SELECT code FROM unit WHERE parent = :unit UNION SELECT u.code FROM unit AS u JOIN below ON u.parent = below.code) "
       "SELECT 1 FROM below JOIN value AS v ON v.unit = below.code WHERE v.period = :period LIMIT 1", offsetof(registers, children)},
  };
  vb_status s = VB_OK;
  for (size_t i = 0; i < sizeof list / sizeof list[0] && s == VB_OK; i++) {
    vb_query *q = NULL;
    s = vb_query_prepare(run->diag, run->store, vb_span_of(list[i].sql), VB_NOWHERE, &q);
    memcpy((char *)r + list[i].at, &q, sizeof q);
  }
  return s;
}

vb_status vb_plan(vb_run *run) {
  unit_row *units = NULL;
  size_t n = 0;
  registers r = {NULL, NULL, NULL, NULL, NULL};
  vb_status s = read_units(run, &units, &n);
  if (s == VB_OK) s = open_registers(run, &r);
  if (s == VB_OK && n * run->job->n_docs > VB_TASKS_MAX)
    s = VB_POST(run->diag, VB_MSG_JOB_TASKS_MANY, ((vb_place){vb_diag_file(run->diag, "job.xml"), 0, 0, NULL}), VB_NUM(n), VB_NUM(run->job->n_docs), VB_NUM(VB_TASKS_MAX));
  run->tasks = s == VB_OK ? VB_NEW_ARRAY(run->arena, vb_task, n * run->job->n_docs) : NULL;
  if (s == VB_OK && run->tasks == NULL) s = VB_NOMEM;
  if (run->tasks == NULL) n = 0;
  for (size_t i = 0; i < run->job->n_docs && s == VB_OK; i++)
    if (check_units(run, &run->job->docs[i], units, n) != VB_OK) s = VB_BAD;
  for (size_t u = 0; u < n && s < VB_SYSTEM; u++)
    for (size_t i = 0; i < run->job->n_docs && s < VB_SYSTEM; i++)
      if (asked_by_job(&run->job->docs[i], &units[u])) s = vb_worse(s, make_task(run, &r, &run->job->docs[i], &units[u]));
  vb_query_free(r.document);
  vb_query_free(r.party);
  vb_query_free(r.signer);
  vb_query_free(r.own);
  vb_query_free(r.children);
  return s;
}

bool vb_task_named(const vb_run *r, const vb_task *t) { return vb_listed(r->o->units, t->unit) && vb_listed(r->o->documents, t->doc->id); }
