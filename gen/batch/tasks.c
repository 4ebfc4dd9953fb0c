/* tasks.c: the tasks of a run through the workers, and what came of each.
 *
 * Invariants
 *  1. What a document is depends on its task alone, and what is told of it follows the order of the tasks: neither hangs on which worker made
 *     it or when.
 *  2. A record holds what the making found; what loading found about a unit or a document is added when it is told. Waivers are applied
 *     then, so that the job's present word counts.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch/changed.h"
#include "batch/document.h"
#include "batch/known.h"
#include "batch/tasks.h"
#include "batch/workers.h"

/* ---- in a worker -------------------------------------------------------------------------------------------- */

typedef struct making { vb_run *run; vb_diag *of_run; vb_arena *keep, *scratch; } making;

static vb_status enter(void *ctx, vb_buf *out) {
  making *k = ctx;
  vb_run *run = k->run;
  run->diag = vb_diag_new();
  vb_status s = run->diag == NULL ? VB_NOMEM : vb_store_open_worker(run->diag, run->db, &run->store);
  /* What is wrong with a template was said before the fork; its documents are withheld. */
  for (size_t i = 0; i < run->n_templates && s < VB_SYSTEM; i++) s = vb_worse(s, vb_template_prepare(run->diag, run->templates[i], run->store));
  if (s < VB_SYSTEM) s = vb_worse(s, vb_basis_enter(run));
  if (s < VB_SYSTEM) s = vb_worse(s, vb_known_open(run));
  if (s < VB_SYSTEM) return VB_OK;
  vb_result r = {.kind = VB_RESULT_FAULT, .status = s};
  if (run->diag != NULL) r.doc.findings = (vb_finding *)vb_diag_first(run->diag);
  (void)vb_result_pack(&r, out);
  return s;
}

static vb_status keep_former(const vb_run *run, vb_result *r, const vb_result *former) {
  uint32_t task = r->task;
  *r = *former;
  r->task = task;
  r->kept = true;
  r->doc.status = VB_DOC_WRITTEN;
  memcpy(r->surroundings, run->basis->surroundings, sizeof r->surroundings);
  return VB_OK;
}

/* What a former run made, as far as it may be kept: VB_OK, it stays as it is; VB_DONE, the document is to be made, unless it would be made of
 * what former->doc.inputs_hash says. */
static vb_status look_back(vb_run *run, const vb_order *order, vb_arena *keep, vb_result *former) {
  const vb_task *t = order->task;
  vb_standing now = {false, 0};
  const vb_options *o = run->o;
  *former = (vb_result){.kind = VB_RESULT_MADE};
  vb_status s = vb_former_read(run, order, keep, former);
  if (s == VB_OK) s = vb_standing_read(run->diag, run->out->dir, &former->doc, &now);
  if (s != VB_OK) return s;
  if (now.signatures > 0 && !o->replace_signed) return VB_OK; /* what was signed is not ours to change */
  bool good = now.whole && now.signatures == 0 && !o->force && former->doc.status == VB_DOC_WRITTEN && !t->bad && !order->bad && !t->no_data;
  if (!good) former->doc.inputs_hash[0] = '\0';
  bool same = good && former->doc.inputs_hash[0] != '\0' && former->surroundings[0] != '\0' && strcmp(former->surroundings, run->basis->surroundings) == 0;
  return same ? VB_OK : VB_DONE;
}

static vb_status make_in(vb_run *run, const vb_task *t, vb_arena *keep, vb_result *r) {
  vb_man_doc *man = &r->doc;
  vb_result former;
  vb_order order;
  vb_status s = vb_order_read(run, t, keep, &order);
  if (s != VB_OK) return s;
  bool bad = t->bad || order.bad;
  s = look_back(run, &order, keep, &former);
  if (s == VB_OK) return keep_former(run, r, &former);
  if (s != VB_DONE) return s;
  s = vb_document_describe(&order, &order.meta, keep, man);
  if (s != VB_OK) return s;
  man->status = bad || !t->no_data ? VB_DOC_WITHHELD : VB_DOC_NO_DATA; /* figures that could not be read are not missing */
  if (bad || t->no_data) return bad ? VB_BAD : VB_OK;
  vb_diag_about(run->diag, t->unit, t->doc->id, NULL);
  memcpy(man->inputs_hash, former.doc.inputs_hash, sizeof man->inputs_hash);
  s = vb_document_make(run, &order, run->out->dir, keep, man);
  if (s == VB_DONE) return keep_former(run, r, &former);
  memcpy(r->surroundings, run->basis->surroundings, sizeof r->surroundings);
  vb_findings_waive(run, run->diag);
  if (s == VB_OK && run->o->strict && vb_diag_count(run->diag, VB_WARNING) > 0) s = VB_BAD;
  if (vb_diag_failed(run->diag)) s = vb_worse(s, VB_NOMEM);
  if (s == VB_OK) man->status = VB_DOC_WRITTEN;
  else { /* which making it failed in does not matter: nothing of it is there */
    man->status = VB_DOC_WITHHELD;
    man->n_files = man->n_slots = 0;
    man->pages = 0;
    man->inputs_hash[0] = '\0'; /* may be the former run's */
  }
  return s;
}

static vb_status make(void *ctx, uint32_t task, vb_buf *out) {
  making *k = ctx;
  vb_run *run = k->run;
  vb_diag_free(run->diag);
  run->diag = vb_diag_new();
  vb_arena_reset(k->keep);
  vb_result r = {.kind = VB_RESULT_MADE, .task = task};
  r.status = run->diag == NULL ? VB_NOMEM : make_in(run, &run->tasks[task], k->keep, &r);
  if (r.status >= VB_SYSTEM) r.doc = (vb_man_doc){.unit = run->tasks[task].unit, .document = run->tasks[task].doc->id};
  if (run->diag != NULL && !r.kept) r.doc.findings = (vb_finding *)vb_diag_first(run->diag);
  if (vb_result_pack(&r, out) == VB_OK) return r.status;
  vb_buf_free(out); /* what did not fit was most of the memory, so that this can be told */
  r = (vb_result){.kind = VB_RESULT_FAULT, .status = VB_NOMEM};
  (void)vb_result_pack(&r, out);
  return VB_NOMEM;
}

static void leave(void *ctx) {
  making *k = ctx;
  for (size_t i = 0; i < k->run->n_templates; i++) vb_template_release(k->run->templates[i]);
  vb_known_close(k->run);
  vb_basis_leave(k->run);
  vb_store_close(k->run->store);
  k->run->store = NULL;
  vb_diag_free(k->run->diag);
  k->run->diag = k->of_run;
}

/* ---- in the parent ------------------------------------------------------------------------------------------ */

static vb_status begun(void *ctx, uint32_t task) {
  making *k = ctx;
  const vb_task *t = &k->run->tasks[task];
  vb_result r = {.kind = VB_RESULT_BEGUN, .doc = {.unit = t->unit, .document = t->doc->id}};
  return vb_book_add(k->run->diag, k->run->out->book, &r);
}

static vb_status done(void *ctx, vb_span payload) {
  making *k = ctx;
  vb_run *run = k->run;
  vb_result r;
  vb_arena_reset(k->scratch);
  vb_status s = vb_result_unpack(k->scratch, payload, &r);
  if (s != VB_OK || (r.kind == VB_RESULT_MADE && r.task >= run->n_tasks)) return s == VB_NOMEM ? s : VB_SYSTEM;
  if (r.kind == VB_RESULT_FAULT || r.status >= VB_SYSTEM) {
    for (const vb_finding *f = r.doc.findings; f != NULL; f = f->next) vb_diag_add(run->diag, f);
    return vb_worse(r.status, VB_SYSTEM);
  }
  run->tasks[r.task].kept = r.kept;
  r.task = 0;
  r.kept = false;
  return vb_worse(r.status, vb_book_add(run->diag, run->out->book, &r));
}

static vb_status lost(void *ctx, uint32_t task, const char *how) {
  making *k = ctx;
  vb_task *t = &k->run->tasks[task];
  t->lost = true;
  vb_diag_about(k->run->diag, t->unit, t->doc->id, NULL);
  vb_status s = VB_POST(k->run->diag, VB_MSG_WORKER_LOST, VB_NOWHERE, how);
  vb_diag_about(k->run->diag, NULL, NULL, NULL);
  return s;
}

/* ---- the queue ---------------------------------------------------------------------------------------------- */

typedef struct place { uint32_t task; int64_t cost; } place;

enum { CHILDREN_COST = 1000 }; /* pages: a roll-up reads all units below */

/* The longest first, so that no worker is left with a long one at the end. How long a document is, its former run knows. */
static int64_t cost_of(const vb_run *run, const vb_task *t) {
  return (t->doc->data == VB_DATA_CHILDREN ? CHILDREN_COST : 0) + vb_book_pages(run->out->book, t->unit, t->doc->id);
}

static int by_cost(const void *x, const void *y) {
  const place *a = x, *b = y;
  if (a->cost != b->cost) return a->cost > b->cost ? -1 : 1;
  return a->task < b->task ? -1 : a->task > b->task;
}

/* Units go to the shards in turn, so that each has a share of every province; all documents of a unit are of one shard. */
static void deal(vb_run *run) {
  int unit = -1;
  for (size_t i = 0; i < run->n_tasks; i++) {
    vb_task *t = &run->tasks[i];
    if (i == 0 || strcmp(t->unit, run->tasks[i - 1].unit) != 0) unit++;
    t->foreign = run->o->shards > 0 && unit % run->o->shards != run->o->shard - 1;
  }
}

static vb_status line_up(vb_run *run, vb_arena *a, uint32_t **queue, size_t *n) {
  place *places = VB_NEW_ARRAY(a, place, run->n_tasks);
  *queue = VB_NEW_ARRAY(a, uint32_t, run->n_tasks);
  *n = 0;
  if (places == NULL || *queue == NULL) return VB_NOMEM;
  deal(run);
  for (size_t i = 0; i < run->n_tasks; i++) {
    vb_task *t = &run->tasks[i];
    t->asked = !t->foreign && vb_listed(run->o->units, t->unit) && vb_listed(run->o->documents, t->doc->id);
    if (!t->asked && vb_book_in_doubt(run->out->book, t->unit, t->doc->id)) t->asked = true;
    if (t->asked) places[(*n)++] = (place){(uint32_t)i, cost_of(run, t)};
  }
  qsort(places, *n, sizeof *places, by_cost);
  for (size_t i = 0; i < *n; i++) (*queue)[i] = places[i].task;
  return VB_OK;
}

vb_status vb_tasks_make(vb_run *run) {
  making k = {.run = run, .of_run = run->diag, .keep = vb_arena_new(0), .scratch = vb_arena_new(0)};
  uint32_t *queue = NULL;
  size_t n = 0;
  vb_status s = vb_basis_open(run);
  for (size_t i = 0; i < run->n_templates; i++) vb_template_release(run->templates[i]);
  vb_known_close(run);
  vb_store_close(run->store);
  run->store = NULL;
  if (s == VB_OK) s = k.keep == NULL || k.scratch == NULL ? VB_NOMEM : line_up(run, run->arena, &queue, &n);
  vb_work w = {.diag = run->diag, .queue = queue, .n = n, .workers = run->o->workers, .progress = !run->o->quiet && isatty(STDERR_FILENO),
               .lang = run->o->lang, .ctx = &k, .enter = enter, .make = make, .leave = leave, .begun = begun, .done = done, .lost = lost};
  if (s == VB_OK) s = vb_workers_run(&w);
  vb_arena_free(k.keep);
  vb_arena_free(k.scratch);
  return s;
}

/* ---- what came of them -------------------------------------------------------------------------------------- */

typedef struct about { struct about *next; const vb_finding *f; bool taken; } about;
typedef struct abouts { about *first, **end; } abouts;

static bool same(const char *key, const char *value) { return key == NULL || (value != NULL && strcmp(key, value) == 0); }

static bool is_listed(const vb_run *run, const vb_task *t) {
  return t->asked || vb_book_knows(run->out->book, t->unit, t->doc->id);
}

static vb_status add_about(vb_outcomes *o, const vb_finding *f) {
  abouts *list = vb_map_get(o->about, vb_span_of(f->unit));
  if (list == NULL) {
    list = VB_NEW(o->arena, abouts);
    if (list == NULL || !vb_map_put(o->about, vb_span_of(f->unit), list)) return VB_NOMEM;
    list->end = &list->first;
  }
  about *x = VB_NEW(o->arena, about);
  if (x == NULL) return VB_NOMEM;
  x->f = f;
  *list->end = x;
  list->end = &x->next;
  return VB_OK;
}

/* Findings of the run about this document. */
static vb_status find_told(vb_outcomes *o, const vb_task *t, vb_finding **told) {
  const abouts *list = vb_map_get(o->about, vb_span_of(t->unit));
  vb_finding **end = told;
  *told = NULL;
  for (about *x = list == NULL ? NULL : list->first; x != NULL; x = x->next) {
    if (!same(x->f->document, t->doc->id)) continue;
    x->taken = true;
    vb_finding *c = vb_arena_copy(o->scratch, x->f, sizeof *x->f);
    if (c == NULL) return VB_NOMEM;
    c->next = NULL;
    *end = c;
    end = &c->next;
  }
  return VB_OK;
}

static bool same_text(const char *a, const char *b) { return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0); }

/* What a manifest of a former run told in words, where there was no book, this run may tell again. */
static bool in_words(const vb_finding *list, const vb_finding *f) {
  for (; list != NULL; list = list->next)
    if (list->msg == VB_MSG_RULE && f->msg != VB_MSG_RULE && same_text(list->rule, f->rule) && same_text(list->code, f->code) &&
        same_text(list->at.file, f->at.file) && list->at.line == f->at.line && list->at.column == f->at.column)
      return true;
  return false;
}

void vb_findings_join(vb_finding *told, vb_man_doc *doc) {
  vb_finding *made = doc->findings, **end = &doc->findings;
  for (vb_finding *f = told, *next; f != NULL; f = next) {
    next = f->next;
    if (in_words(made, f)) continue;
    *end = f;
    end = &f->next;
  }
  *end = made;
}

/* Of a document that came to nothing: what a manifest says without its files. The workers are gone, so that the database may be open. */
static vb_status describe(vb_run *run, const vb_task *t, vb_arena *a, vb_man_doc *doc) {
  vb_order order;
  vb_status s = run->store != NULL ? VB_OK : vb_store_open_worker(run->diag, run->db, &run->store);
  if (s == VB_OK && run->known == NULL) s = vb_known_open(run);
  if (s == VB_OK) s = vb_order_read(run, t, a, &order);
  return s == VB_OK ? vb_document_describe(&order, &order.meta, a, doc) : s;
}

static vb_status outcome(vb_outcomes *o, uint32_t task, vb_result *r) {
  vb_run *run = o->run;
  const vb_task *t = &run->tasks[task];
  vb_arena_reset(o->scratch);
  vb_status s = t->lost ? VB_DONE : vb_book_read(run->diag, run->out->book, o->scratch, t->unit, t->doc->id, r);
  if (s == VB_DONE) {
    *r = (vb_result){.kind = VB_RESULT_MADE};
    s = describe(run, t, o->scratch, &r->doc);
    r->doc.status = VB_DOC_WITHHELD;
  }
  if (s != VB_OK) return s; /* r may hold anything */
  for (vb_finding *f = r->doc.findings; f != NULL; f = f->next) f->waived.reason = NULL;
  vb_findings_waive_list(run, r->doc.findings);
  r->foreign = t->foreign;
  return find_told(o, t, &r->told);
}

static vb_status doc_at(void *ctx, size_t i, const vb_man_doc **out) {
  vb_outcomes *o = ctx;
  const vb_task *t = &o->run->tasks[o->tasks[i]];
  vb_result r;
  vb_status s = outcome(o, o->tasks[i], &r);
  if (s != VB_OK) return s;
  o->doc = r.doc;
  if (r.doc.status == VB_DOC_WRITTEN && (!t->asked || t->kept)) o->doc.status = VB_DOC_UNCHANGED;
  vb_findings_join(r.told, &o->doc);
  *out = &o->doc;
  return VB_OK;
}

static vb_status input_next(void *ctx, const vb_man_input **out) {
  vb_outcomes *o = ctx;
  return vb_input_next(o->run->diag, &o->inputs, out);
}

static vb_status count(vb_outcomes *o) {
  vb_run *run = o->run;
  vb_status s = VB_OK;
  for (size_t i = 0; i < o->n && s == VB_OK; i++) {
    const vb_man_doc *doc;
    s = doc_at(o, i, &doc);
    if (s != VB_OK) break;
    run->counted[doc->status]++;
    run->pages += (size_t)doc->pages;
    for (const vb_finding *f = doc->findings; f != NULL && run->tasks[o->tasks[i]].asked; f = f->next)
      if (vb_finding_withholds(f, run->o->strict)) run->withheld = true;
  }
  return s;
}

vb_status vb_outcomes_open(vb_run *run, vb_manifest *m, vb_outcomes *out) {
  *out = (vb_outcomes){.run = run, .arena = vb_arena_new(0), .scratch = vb_arena_new(0), .about = vb_map_new(), .foreign = vb_map_new()};
  if (out->arena == NULL || out->scratch == NULL || out->about == NULL || out->foreign == NULL) return VB_NOMEM;
  out->tasks = VB_NEW_ARRAY(out->arena, uint32_t, run->n_tasks);
  if (out->tasks == NULL) return VB_NOMEM;
  for (size_t i = 0; i < run->n_tasks; i++)
    if (is_listed(run, &run->tasks[i])) out->tasks[out->n++] = (uint32_t)i;
  vb_status s = VB_OK;
  for (size_t i = 0; i < run->n_tasks; i++)
    if (run->tasks[i].foreign && !vb_map_put(out->foreign, vb_span_of(run->tasks[i].unit), run)) return VB_NOMEM;
  for (const vb_finding *f = vb_diag_first(run->diag); f != NULL && s == VB_OK; f = f->next)
    if (f->unit != NULL) s = add_about(out, f);
  m->n_docs = out->n;
  m->doc_at = doc_at;
  m->input_next = input_next;
  m->ctx = out;
  if (s == VB_OK) s = vb_input_reader_open(run->out->book, &out->inputs);
  return s == VB_OK ? count(out) : s;
}

void vb_outcomes_close(vb_outcomes *o) {
  vb_map_free(o->about);
  vb_map_free(o->foreign);
  vb_input_reader_close(&o->inputs);
  vb_diag_free(o->unused);
  vb_arena_free(o->scratch);
  vb_arena_free(o->arena);
}

static bool is_taken(const vb_outcomes *o, const vb_finding *f) {
  const abouts *list = f->unit == NULL ? NULL : vb_map_get(o->about, vb_span_of(f->unit));
  for (const about *x = list == NULL ? NULL : list->first; x != NULL; x = x->next)
    if (x->f == f) return x->taken;
  return false;
}

vb_status vb_outcomes_rest(vb_outcomes *o, vb_manifest *m) {
  vb_finding **end = &o->rest;
  o->unused = vb_diag_new();
  if (o->unused == NULL) return VB_NOMEM;
  vb_status s = vb_findings_unused(o->run, o->run->o->shards > 0 ? o->unused : o->run->diag);
  for (const vb_finding *f = vb_diag_first(o->run->diag); f != NULL; f = f->next) {
    if (is_taken(o, f) || (f->unit != NULL && vb_map_get(o->foreign, vb_span_of(f->unit)) != NULL)) continue;
    vb_finding *c = vb_arena_copy(o->arena, f, sizeof *f);
    if (c == NULL) return VB_NOMEM;
    c->next = NULL;
    *end = c;
    end = &c->next;
  }
  m->findings = o->rest;
  return s;
}

typedef struct settling { vb_outcomes *o; size_t i; } settling;

static vb_status next_record(void *ctx, vb_result *out) {
  settling *g = ctx;
  const vb_run *run = g->o->run;
  size_t i = g->i++;
  if (i < g->o->n) return outcome(g->o, g->o->tasks[i], out);
  if (i > g->o->n) return VB_DONE;
  *out = (vb_result){.kind = VB_RESULT_BATCH, .doc.findings = (vb_finding *)vb_diag_first(g->o->unused), .told = g->o->rest};
  out->batch = (vb_batch){.shard = run->o->shard, .shards = run->o->shards, .strict = run->o->strict, .job = run->job->name, .period = run->job->period, .generator = vb_generator()};
  memcpy(out->batch.inputs_id, run->inputs_id, sizeof out->batch.inputs_id);
  memcpy(out->surroundings, run->basis->surroundings, sizeof out->surroundings);
  return VB_OK;
}

vb_status vb_outcomes_settle(vb_outcomes *o) {
  settling g = {o, 0};
  return vb_book_settle(o->run->diag, o->run->out->book, o->run->out->book, next_record, &g);
}

vb_status vb_outcomes_say(vb_outcomes *o, vb_speaker *to) {
  vb_status s = VB_OK;
  for (size_t i = 0; i < o->n && s == VB_OK; i++) {
    vb_result r;
    if (!o->run->tasks[o->tasks[i]].asked) continue;
    s = outcome(o, o->tasks[i], &r);
    if (s == VB_OK) vb_speaker_hear(to, r.doc.findings);
  }
  return s;
}
