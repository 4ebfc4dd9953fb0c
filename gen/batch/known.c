/* known.c: what the job and its registers know of a document before it is made: who issues it, under which number, to whom, signed by whom.
 * Planning asks for what it needs of every task; whoever makes or describes one document reads the whole. */
#include <string.h>

#include "batch/known.h"

struct vb_known { vb_query *unit, *document, *party, *signer; };

/* A query's parameters by name; :first keeps rows of other jobs in a kept database out. */
typedef struct asked { const char *unit, *document, *role, *date; } asked;

static void ask(vb_run *run, vb_query *q, const asked *k) {
  for (size_t i = 0; i < vb_query_params(q); i++) {
    const char *p = vb_query_param(q, i);
    if (strcmp(p, "first") == 0) {
      vb_query_bind(q, i, (vb_sql_value){VB_SQL_INTEGER, run->first_row, {NULL, 0}});
      continue;
    }
    const char *v = strcmp(p, "unit") == 0 ? k->unit : strcmp(p, "document") == 0 ? k->document : strcmp(p, "role") == 0 ? k->role : k->date;
    vb_query_bind(q, i, (vb_sql_value){VB_SQL_TEXT, 0, vb_span_of(v)});
  }
}

vb_status vb_known_open(vb_run *run) {
  static const struct { const char *sql; size_t at; } list[] = {
      {"SELECT code, name, organ, place, superior, symbol, ident, address FROM unit WHERE code = :unit", offsetof(vb_known, unit)},
      {"SELECT number, date, state, authority, position, signer, place, drafter, archive FROM document WHERE unit = :unit AND document = :document AND _row >= :first",
       offsetof(vb_known, document)},
      {"SELECT name, ident FROM recipients WHERE unit = :unit AND document = :document AND role = :role AND _row >= :first ORDER BY ord", offsetof(vb_known, party)},
      {"SELECT name, position, authority FROM signer WHERE (unit IS NULL OR unit IN ('', :unit)) AND coalesce(document, '') IN ('', :document) "
       "AND coalesce(since, '') <= :date AND coalesce(nullif(until, ''), '9999-12-31') >= :date "
       "ORDER BY coalesce(unit, '') DESC, coalesce(document, '') DESC, since DESC LIMIT 1", offsetof(vb_known, signer)},
  };
  vb_known *k = run->known = vb_mem_zalloc(sizeof *k);
  vb_status s = k == NULL ? VB_NOMEM : VB_OK;
  for (size_t i = 0; i < sizeof list / sizeof list[0] && s == VB_OK; i++) {
    vb_query *q = NULL;
    s = vb_query_prepare(run->diag, run->store, vb_span_of(list[i].sql), VB_NOWHERE, &q);
    memcpy((char *)k + list[i].at, &q, sizeof q);
  }
  return s;
}

void vb_known_close(vb_run *run) {
  vb_known *k = run->known;
  if (k == NULL) return;
  vb_query_free(k->unit);
  vb_query_free(k->document);
  vb_query_free(k->party);
  vb_query_free(k->signer);
  vb_mem_free(k);
  run->known = NULL;
}

const char *vb_row_text(vb_arena *a, const vb_query *q, size_t i, bool *failed) {
  vb_sql_value v = vb_query_value(q, i);
  if (v.type == VB_SQL_NULL) return NULL;
  char *s = v.type == VB_SQL_INTEGER ? vb_arena_printf(a, "%lld", (long long)v.integer) : vb_arena_str(a, v.text.p, v.text.n);
  if (s == NULL) *failed = true;
  return s;
}

/* The texts of one row; where there is none, they stay as they are. */
static vb_status read_row(vb_run *run, vb_query *q, vb_arena *a, const char **texts) {
  bool failed = false;
  vb_status s = vb_query_step(run->diag, q);
  for (size_t i = 0; s == VB_OK && i < vb_query_columns(q); i++) texts[i] = vb_row_text(a, q, i, &failed);
  vb_query_reset(q);
  return failed ? VB_NOMEM : s == VB_DONE ? VB_OK : s;
}

bool vb_known_unit(vb_run *run, const char *unit, vb_status *st) {
  ask(run, run->known->unit, &(asked){.unit = unit});
  vb_status s = vb_query_step(run->diag, run->known->unit);
  vb_query_reset(run->known->unit);
  if (s != VB_OK && s != VB_DONE) *st = vb_worse(*st, s);
  return s == VB_OK;
}

/* ---- for every task ----------------------------------------------------------------------------------------- */

enum { D_NUMBER, D_DATE, D_STATE, D_AUTHORITY, D_POSITION, D_SIGNER, D_PLACE, D_DRAFTER, D_ARCHIVE, D_COLUMNS };

/* The document's row of the register "document". */
static vb_status read_document(vb_run *run, const vb_task *t, vb_arena *a, const char *row[D_COLUMNS]) {
  memset(row, 0, D_COLUMNS * sizeof *row);
  ask(run, run->known->document, &(asked){.unit = t->unit, .document = t->doc->id});
  return read_row(run, run->known->document, a, row);
}

static bool said(const char *s) { return s != NULL && s[0] != '\0'; }

vb_status vb_known_plan(vb_run *run, vb_task *t, vb_arena *scratch) {
  const char *row[D_COLUMNS];
  t->number = t->doc->number;
  t->date = t->doc->date.year != 0 ? t->doc->date : run->o->date;
  t->state = t->doc->state;
  vb_status s = read_document(run, t, scratch, row);
  if (s != VB_OK) return s;
  if (row[D_DATE] != NULL) vb_date_parse_iso(vb_span_of(row[D_DATE]), &t->date);
  if (said(row[D_STATE])) t->state = strcmp(row[D_STATE], "issued") == 0 ? VB_STATE_ISSUED : strcmp(row[D_STATE], "to-stamp") == 0 ? VB_STATE_TO_STAMP : VB_STATE_DRAFT;
  if (said(row[D_NUMBER]) && (t->number = vb_arena_str(run->arena, row[D_NUMBER], strlen(row[D_NUMBER]))) == NULL) return VB_NOMEM;
  return VB_OK;
}

/* ---- for one document --------------------------------------------------------------------------------------- */

/* An organ of a unit that names none is its people's committee: one name in two lines of the letterhead (ND30 PL I.II.2). */
static vb_status name_organ(vb_arena *a, const char *organ, const char *ident, vb_meta *m) {
  m->organ = organ != NULL ? organ : vb_arena_printf(a, "Ủy ban nhân dân|%s", m->unit_name);
  char *whole = m->organ == NULL ? NULL : vb_arena_str(a, m->organ, strlen(m->organ));
  if (whole == NULL) return VB_NOMEM;
  for (char *s = whole; *s != '\0'; s++)
    if (*s == '|') *s = ' ';
  m->issuer = (vb_party){whole, ident};
  return VB_OK;
}

/* What the job says, and the plan. */
static void fill_meta(const vb_run *run, const vb_task *t, vb_meta *m) {
  const vb_job_doc *doc = t->doc;
  *m = (vb_meta){.id = doc->id, .template_id = doc->template_id, .kind = t->tpl == NULL ? NULL : vb_template_kind(t->tpl), .number = t->number, .symbol = t->symbol,
                 .date = t->date, .unit = t->unit, .addressees = doc->addressees, .n_addressees = doc->n_addressees, .recipients = doc->recipients,
                 .n_recipients = doc->n_recipients, .authority = doc->authority, .position = doc->position, .signer = doc->signer, .period = run->job->period,
                 .drafter = doc->drafter, .archive = doc->archive_unit, .priority = doc->priority, .state = t->state, .mode = doc->mode};
}

static vb_status add_unit(vb_run *run, vb_arena *a, vb_order *o) {
  enum { U_CODE, U_NAME, U_ORGAN, U_PLACE, U_SUPERIOR, U_SYMBOL, U_IDENT, U_ADDRESS, U_COLUMNS };
  const char *row[U_COLUMNS] = {NULL};
  ask(run, run->known->unit, &(asked){.unit = o->task->unit});
  vb_status s = read_row(run, run->known->unit, a, row);
  o->meta.unit_name = row[U_NAME];
  o->meta.place = row[U_PLACE];
  o->meta.superior = row[U_SUPERIOR];
  o->address = row[U_ADDRESS];
  return s == VB_OK ? name_organ(a, row[U_ORGAN], row[U_IDENT], &o->meta) : s;
}

/* What the register "document" says of one document of one unit goes before the job's word. */
static vb_status add_document(vb_run *run, vb_arena *a, vb_order *o) {
  vb_meta *m = &o->meta;
  const char *row[D_COLUMNS];
  vb_status s = read_document(run, o->task, a, row);
  const struct { int column; const char **to; } fields[] = {{D_AUTHORITY, &m->authority}, {D_POSITION, &m->position}, {D_SIGNER, &m->signer},
                                                            {D_PLACE, &m->place}, {D_DRAFTER, &m->drafter}, {D_ARCHIVE, &m->archive}};
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
    if (said(row[fields[i].column])) *fields[i].to = row[fields[i].column];
  return s;
}

/* Who signs for a unit on the document's date, where neither the job nor the document's own row says it: the register of signers with their
 * terms of office. */
static vb_status add_signer(vb_run *run, vb_arena *a, vb_order *o) {
  vb_meta *m = &o->meta;
  const char *row[3] = {NULL}, **const to[3] = {&m->signer, &m->position, &m->authority};
  char date[11] = "9999-12-31";
  if (m->signer != NULL) return VB_OK;
  if (m->date.year != 0) vb_date_print_iso(m->date, date);
  ask(run, run->known->signer, &(asked){.unit = o->task->unit, .document = o->task->doc->id, .date = date});
  vb_status s = read_row(run, run->known->signer, a, row);
  for (size_t i = 0; i < 3; i++)
    if (said(row[i])) *to[i] = row[i];
  return s;
}

static vb_status add_parties(vb_run *run, vb_arena *a, vb_order *o, const char *role) {
  vb_party found[VB_PARTIES_MAX];
  uint32_t count = 0;
  bool failed = false;
  vb_query *q = run->known->party;
  ask(run, q, &(asked){.unit = o->task->unit, .document = o->task->doc->id, .role = role});
  vb_status s;
  while ((s = vb_query_step(run->diag, q)) == VB_OK && count < VB_PARTIES_MAX) {
    found[count].name = vb_row_text(a, q, 0, &failed);
    found[count++].ident = vb_row_text(a, q, 1, &failed);
  }
  vb_query_reset(q);
  if (failed) return VB_NOMEM;
  if (s != VB_DONE && s != VB_OK) return s;
  if (s == VB_OK) {
    o->bad = true;
    VB_POST(run->diag, VB_MSG_PARTIES_MANY, VB_NOWHERE, o->task->unit, o->task->doc->id, VB_NUM(VB_PARTIES_MAX));
  }
  if (count == 0) return VB_OK;
  const vb_party *list = vb_arena_copy(a, found, count * sizeof *found);
  bool to = strcmp(role, "addressee") == 0;
  *(to ? &o->meta.addressees : &o->meta.recipients) = list;
  *(to ? &o->meta.n_addressees : &o->meta.n_recipients) = count;
  return list == NULL ? VB_NOMEM : VB_OK;
}

vb_status vb_order_read(vb_run *run, const vb_task *t, vb_arena *a, vb_order *out) {
  *out = (vb_order){.task = t};
  fill_meta(run, t, &out->meta);
  vb_status s = add_unit(run, a, out);
  if (s == VB_OK) s = add_document(run, a, out);
  if (s == VB_OK) s = add_signer(run, a, out);
  if (s == VB_OK) s = add_parties(run, a, out, "addressee");
  return s == VB_OK ? add_parties(run, a, out, "recipient") : s;
}
