/* made_of.c: what a document is made of, as one hash. Part of batch; changed.h.
 *
 * A template may ask the database anything, so that no reading of its SQL tells what a document depends on. What it was answered does: the
 * tree of a document is a function of its template's files, its meta and parameters, its unit's narratives, and the answers of the store, in
 * their order (vb_store_listen). To know whether a document has changed, a worker builds its tree again, which costs some hundredths of what its
 * layout, checks and files cost, and compares.
 *
 * The hash covers
 *   the program and its libraries (build ids), the fonts, the options that shape a document;
 *   the registers as a whole: units, periods, indicators, code lists, citations, signers, holidays, which checks look at, and what is known of words;
 *   the files of its template, with parts and form; meta, parameters and waivers that the job gives it;
 *   all figures of its own unit, also those that it does not print, for checks look at them;
 *   the narratives and the answers, with their places, which the trace prints.
 * A table that is too long to be held is read again when it is written: a document with such a table depends on all inputs.
 *
 * Before that, the surroundings: where program, fonts, options, templates, job.xml and every input of the job are those of the run that looked at a
 * document last, it has not changed, and nothing is built. A database that is kept (--db) holds what other jobs gave, so there this is not known. */
#include <stdio.h>
#include <string.h>

#include "batch/changed.h"
#include "batch/deliver.h"

static void hear(void *ctx, const void *bytes, size_t n) { vb_hash_add(ctx, bytes, n); }

static void add_number(vb_hash *h, int64_t v) { vb_hash_add(h, &v, sizeof v); }

/* ---- of the run --------------------------------------------------------------------------------------------- */

static void add_options(vb_hash *h, const vb_options *o) {
  const int64_t list[] = {o->formats, o->edxml, o->strict, o->archive, o->preview, o->pdfa, o->encoding, o->date.year, o->date.month, o->date.day};
  for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) add_number(h, list[i]);
}

static vb_status step_through(vb_run *run, vb_query *q) {
  vb_status s;
  while ((s = vb_query_step(run->diag, q)) == VB_OK) continue;
  return s == VB_DONE ? VB_OK : s;
}

/* All rows of the tables that belong to no unit. */
static vb_status add_registers(vb_run *run, vb_hash *h) {
  static const char *const tables[] = {"unit", "period", "indicator", "code_item", "citation", "signer", "holiday"};
  vb_status s = VB_OK;
  vb_store_listen(run->store, (vb_listener){hear, h});
  for (size_t i = 0; i < sizeof tables / sizeof tables[0] && s == VB_OK; i++) {
    char sql[64];
    vb_query *q = NULL;
    (void)snprintf(sql, sizeof sql, "SELECT * FROM %s", tables[i]);
    s = vb_query_prepare(run->diag, run->store, vb_span_of(sql), VB_NOWHERE, &q);
    if (s == VB_OK) s = step_through(run, q);
    vb_query_free(q);
  }
  vb_store_listen(run->store, (vb_listener){NULL, NULL});
  return s;
}

static vb_status hash_template(vb_run *run, const vb_template *t, char out[VB_SHA256_HEX]) {
  const char *const *paths = NULL;
  size_t n = vb_template_files(t, &paths);
  vb_hash *h = vb_hash_new();
  vb_status s = h == NULL ? VB_NOMEM : VB_OK;
  for (size_t i = 0; i < n && s == VB_OK; i++) {
    char one[VB_SHA256_HEX];
    uint64_t bytes;
    s = vb_sha256_file(run->diag, paths[i], one, &bytes);
    vb_hash_add_str(h, one);
  }
  return h != NULL && !vb_hash_end(h, out) ? VB_NOMEM : s;
}

static vb_status hash_common(vb_run *run, char out[VB_SHA256_HEX]) {
  vb_hash *h = vb_hash_new();
  if (h == NULL) return VB_NOMEM;
  vb_status s = vb_program_hash(run->diag, h);
  vb_hash_add_str(h, vb_fontset_id(run->fonts));
  add_options(h, run->o);
  vb_handing_hash_run(run, h);
  vb_hash_add_str(h, run->words_id);
  vb_hash_add_str(h, run->job->name);
  vb_hash_add_str(h, run->job->period);
  if (s == VB_OK) s = add_registers(run, h);
  return !vb_hash_end(h, out) ? VB_NOMEM : s;
}

static vb_status hash_surroundings(const vb_run *run, vb_basis *b) {
  vb_hash *h = vb_hash_new();
  if (h == NULL) return VB_NOMEM;
  vb_hash_add_str(h, b->common);
  for (size_t i = 0; i < run->n_templates; i++) vb_hash_add_str(h, b->templates[i]);
  vb_hash_add_str(h, run->inputs_id);
  return vb_hash_end(h, b->surroundings) ? VB_OK : VB_NOMEM;
}

vb_status vb_basis_open(vb_run *run) {
  vb_basis *b = VB_NEW(run->arena, vb_basis);
  if (b == NULL) return VB_NOMEM;
  b->templates = vb_arena_array(run->arena, sizeof *b->templates, run->n_templates);
  vb_status s = b->templates == NULL ? VB_NOMEM : hash_common(run, b->common);
  for (size_t i = 0; i < run->n_templates && s == VB_OK; i++) s = hash_template(run, run->templates[i], b->templates[i]);
  if (s == VB_OK && run->o->db == NULL) s = hash_surroundings(run, b);
  run->basis = b;
  return s;
}

vb_status vb_basis_enter(vb_run *run) {
  static const char sql[] = "SELECT period, code, status, num, places, text, note, line, col, cell, raw FROM value WHERE unit = :unit ORDER BY period, code";
  return vb_query_prepare(run->diag, run->store, VB_LIT(sql), VB_NOWHERE, &run->basis->own);
}

void vb_basis_leave(vb_run *run) {
  vb_query_free(run->basis->own);
  run->basis->own = NULL;
}

/* ---- of one document ---------------------------------------------------------------------------------------- */

static void add_parties(vb_hash *h, const vb_party *p, uint32_t n) {
  add_number(h, n);
  for (uint32_t i = 0; i < n; i++) {
    vb_hash_add_str(h, p[i].name);
    vb_hash_add_str(h, p[i].ident);
  }
}

static void add_meta(vb_hash *h, const vb_meta *m) {
  const char *const texts[] = {m->id, m->template_id, m->kind, m->kind_name, m->number, m->symbol, m->place, m->subject, m->title, m->unit, m->unit_name, m->organ,
                               m->superior, m->issuer.name, m->issuer.ident, m->authority, m->position, m->signer, m->period, m->drafter, m->archive, m->keywords};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) vb_hash_add_str(h, texts[i]);
  const int64_t numbers[] = {m->date.year, m->date.month, m->date.day, m->priority, m->state, m->mode};
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) add_number(h, numbers[i]);
  add_parties(h, m->addressees, m->n_addressees);
  add_parties(h, m->recipients, m->n_recipients);
}

static void add_job(vb_hash *h, const vb_job *job, const vb_task *t) {
  const vb_job_doc *doc = t->doc;
  add_number(h, doc->data);
  add_number(h, doc->separate);
  for (size_t i = 0; i < doc->n_variables; i++) {
    const vb_sql_value *v = &doc->variables[i].value;
    vb_hash_add_str(h, doc->variables[i].name);
    add_number(h, v->type);
    add_number(h, v->type == VB_SQL_INTEGER ? v->integer : (int64_t)v->text.n);
    if (v->type == VB_SQL_TEXT) vb_hash_add(h, v->text.p, v->text.n);
  }
  for (size_t i = 0; i < job->n_waivers; i++) { /* one more, and a document is no longer withheld */
    const vb_waiver *w = &job->waivers[i];
    if ((w->unit != NULL && strcmp(w->unit, t->unit) != 0) || (w->document != NULL && strcmp(w->document, doc->id) != 0)) continue;
    vb_hash_add_str(h, w->rule);
    vb_hash_add_str(h, w->code);
  }
}

static vb_status add_own_figures(vb_run *run, const vb_task *t) {
  vb_query_bind(run->basis->own, 0, (vb_sql_value){VB_SQL_TEXT, 0, vb_span_of(t->unit)});
  return step_through(run, run->basis->own);
}

vb_status vb_made_of_start(vb_run *run, const vb_order *o, vb_hash **out) {
  const vb_task *t = o->task;
  vb_hash *h = *out = vb_hash_new();
  if (h == NULL) return VB_NOMEM;
  vb_hash_add_str(h, run->basis->common);
  for (size_t i = 0; i < run->n_templates; i++)
    if (run->templates[i] == t->tpl) vb_hash_add_str(h, run->basis->templates[i]);
  vb_hash_add_str(h, o->address);
  add_meta(h, &o->meta);
  add_job(h, run->job, t);
  vb_handing_hash(o, h);
  vb_store_listen(run->store, (vb_listener){hear, h});
  return add_own_figures(run, t);
}

static bool has_stream(const vb_doc *doc) {
  vb_walk w;
  for (vb_walk_init(&w, doc->root); vb_walk_next(&w);)
    if (!w.leaving && w.node->kind == VB_NODE_TABLE && w.node->u.table.stream != NULL) return true;
  return false;
}

vb_status vb_made_of_end(vb_run *run, vb_hash *h, const vb_doc *doc, char made_of[VB_SHA256_HEX]) {
  made_of[0] = '\0';
  vb_store_listen(run->store, (vb_listener){NULL, NULL});
  if (h == NULL) return VB_OK;
  bool all = doc != NULL && has_stream(doc);
  if (all) vb_hash_add_str(h, run->basis->surroundings);
  bool good = vb_hash_end(h, made_of);
  if (doc == NULL || (all && run->basis->surroundings[0] == '\0')) made_of[0] = '\0';
  return good ? VB_OK : VB_NOMEM;
}
