/* build.c: the verbs build and check: load, plan, make each document, write the manifest last, remove what is stale.
 *
 * Which findings withhold what: one about a document, that document; one about a unit, that unit's documents; one about neither (a
 * file that cannot be read, a row without a known unit), every document of the job, for nobody knows whose figures are missing. */
#include <stdio.h>
#include <string.h>

#include "batch/deliver.h"
#include "batch/document.h"
#include "batch/handover.h"
#include "batch/inputs.h"
#include "batch/known.h"
#include "batch/tasks.h"
#include "check/check.h"
#include "xml/xml.h"

/* ---- findings ----------------------------------------------------------------------------------------------- */

static bool same(const char *key, const char *value) { return key == NULL || (value != NULL && strcmp(key, value) == 0); }

/* Where the tasks of each unit begin, counted from 1: they stand together. */
static vb_status index_units(const vb_run *run, vb_map *first) {
  for (size_t i = 0; i < run->n_tasks; i++) {
    if (i > 0 && strcmp(run->tasks[i].unit, run->tasks[i - 1].unit) == 0) continue;
    if (!vb_map_put(first, vb_span_of(run->tasks[i].unit), (void *)(uintptr_t)(i + 1))) return VB_NOMEM;
  }
  return VB_OK;
}

/* Marks tasks that findings of the load withhold. Of a whole country there are tens of thousands of both. */
static vb_status withhold(vb_run *run) {
  vb_map *first = vb_map_new();
  vb_status s = first == NULL ? VB_NOMEM : index_units(run, first);
  for (const vb_finding *f = vb_diag_first(run->diag); f != NULL && s == VB_OK; f = f->next) {
    if (!vb_finding_withholds(f, run->o->strict)) continue;
    size_t from = f->unit == NULL ? 1 : (size_t)(uintptr_t)vb_map_get(first, vb_span_of(f->unit));
    for (size_t i = from; i > 0 && i <= run->n_tasks; i++) {
      vb_task *t = &run->tasks[i - 1];
      if (!same(f->unit, t->unit)) break;
      if (!same(f->document, t->doc->id)) continue;
      t->bad = true;
      t->unread = t->unread || f->msg != VB_MSG_RULE;
    }
  }
  for (size_t i = 0; i < run->n_tasks; i++)
    if (run->tasks[i].tpl == NULL) run->tasks[i].bad = run->tasks[i].unread = true;
  vb_map_free(first);
  return s;
}

/* ---- one run ------------------------------------------------------------------------------------------------ */

vb_status vb_run_open(vb_run *run, const vb_options *o) {
  memset(run, 0, sizeof *run);
  run->o = o;
  run->texts = VB_NO_FOLDER;
  run->diag = vb_diag_new();
  run->arena = vb_arena_new(0);
  if (run->diag == NULL || run->arena == NULL) return VB_NOMEM;
  const char *dir = o->job != NULL ? o->job : VB_JOB_USUAL;
  vb_status s = vb_library_find_dirs(run->diag, run->arena, dir, &run->lib);
  if (s == VB_OK) s = vb_job_open(run->diag, dir, &run->lib, &run->job);
  if (s == VB_OK && run->job->date.year == 0) run->job->date = o->date;
  return s;
}

void vb_run_close(vb_run *run) {
  for (size_t i = 0; i < run->n_templates; i++) vb_template_close(run->templates[i]);
  vb_known_close(run);
  vb_store_close(run->store);
  for (size_t i = 0; i < run->n_forms; i++) vb_form_close(run->forms[i]);
  vb_handing_close(run);
  vb_write_cool_down();
  vb_fontset_close(run->fonts);
  vb_inputs_free(run->inputs);
  vb_folder_close(&run->texts);
  vb_job_close(run->job);
  vb_mem_free(run->tasks);
  vb_registers_free(run->words);
  vb_arena_free(run->arena);
  vb_diag_free(run->diag);
  vb_xml_cleanup();
}

/* Messages of the tasks that follow are about this document. */
static void about(vb_run *run, const vb_task *t) { vb_diag_about(run->diag, t == NULL ? NULL : t->unit, t == NULL ? NULL : t->doc->id, NULL); }

static void sum_up(const vb_run *run, const char *dir) {
  const size_t *n = run->counted, pages = run->pages;
  if (run->o->quiet) return;
  size_t made = n[VB_DOC_WRITTEN] + n[VB_DOC_UNCHANGED];
  VB_SAY(stderr, run->o->lang, VB_MSG_SAY_BUILT, VB_NUM(made), VB_NUM(pages), VB_NUM(n[VB_DOC_WITHHELD]), VB_NUM(n[VB_DOC_NO_DATA]), dir);
  vb_say_no_data(run);
}

/* Manifest, index and book speak of what is there: they come last. */
static vb_status finish(vb_run *run, vb_manifest *m, vb_outcomes *o) {
  vb_status s = vb_outcomes_open(run, m, o);
  if (s == VB_OK) s = vb_outcomes_rest(o, m);
  vb_status bad = s;
  if (s < VB_SYSTEM) s = vb_output_clean(run->diag, m, run->out->dir);
  if (s == VB_OK) s = vb_hand_over(run->diag, run->arena, m, run->out->dir, run->o->lang);
  if (s == VB_OK) s = vb_outcomes_settle(o);
  return vb_worse(bad, s);
}

static vb_status build_in(vb_run *run, vb_outcomes *o, vb_status so_far) {
  vb_manifest *m = vb_manifest_new();
  if (m == NULL) return VB_NOMEM;
  m->job = run->job->name;
  m->period = run->job->period;
  m->generator = vb_generator();
  vb_status s = vb_worse(so_far, vb_tasks_make(run));
  if (s < VB_SYSTEM) s = vb_worse(s, finish(run, m, o));
  vb_manifest_free(m);
  return s;
}

/* What the run has come to, when findings may have been waived: VB_BAD only while an unwaived error stands. */
vb_status vb_run_settled(const vb_run *run, vb_status s) {
  if (s != VB_BAD && s != VB_OK) return s;
  for (const vb_finding *f = vb_diag_first(run->diag); f != NULL; f = f->next)
    if (vb_finding_withholds(f, run->o->strict)) return VB_BAD;
  return run->withheld ? VB_BAD : VB_OK;
}

/* making: documents will be made of it, so numbers that they are given stay given. */
static vb_status load_and_plan(vb_run *run, bool making) {
  vb_status s = vb_load(run);
  if (s < VB_SYSTEM && run->store != NULL) s = vb_worse(s, vb_plan(run));
  if (s < VB_SYSTEM && run->store != NULL) s = vb_worse(s, vb_findings_load(run));
  vb_findings_waive(run, run->diag);
  s = vb_worse(s, withhold(run));
  return s < VB_SYSTEM ? vb_worse(s, vb_numbers_assign(run, making)) : s;
}

static vb_status open_for_building(vb_run *run, vb_output *out) {
  const vb_options *o = run->o;
  vb_status s = vb_output_open(run->diag, run->arena, o->output != NULL ? o->output : "output", run->job->name, out);
  run->out = out;
  if (s == VB_OK && (run->inputs = vb_inputs_new(out->book)) == NULL) s = VB_NOMEM;
  if (s == VB_OK) s = vb_inputs_met(run->diag, run->inputs, &run->job->self); /* so that the list is never empty: a former run's would count */
  if (s == VB_OK) s = vb_fontset_open(run->diag, o->font_dir, &run->fonts);
  if (s == VB_OK) s = vb_write_warm_up(run->diag, run->fonts);
  return s == VB_OK ? vb_handing_open(run) : s;
}

vb_status vb_batch_build(const vb_options *o) {
  vb_run run;
  vb_output out = {.lock = -1};
  vb_outcomes outcomes = {.run = NULL};
  vb_status s = vb_run_open(&run, o);
  if (s == VB_OK) s = open_for_building(&run, &out);
  if (s == VB_OK) s = load_and_plan(&run, true);
  bool loaded = run.out != NULL && run.store != NULL && s < VB_SYSTEM;
  if (loaded) s = vb_run_settled(&run, build_in(&run, &outcomes, s));
  vb_speaker speaker;
  vb_speaker_begin(&speaker, o, stderr);
  vb_speaker_hear(&speaker, run.diag == NULL ? NULL : vb_diag_first(run.diag));
  bool made = loaded && s < VB_SYSTEM;
  if (made) s = vb_worse(s, vb_outcomes_say(&outcomes, &speaker));
  if (made && s >= VB_SYSTEM) vb_speaker_hear(&speaker, vb_diag_last(run.diag)); /* posted while the others were told */
  s = vb_worse(s, vb_speaker_end(&speaker));
  if (made) sum_up(&run, out.dir);
  vb_outcomes_close(&outcomes);
  vb_texts_stop(&run); /* while the folder is still locked: it writes there */
  vb_status closed = vb_output_close(run.diag, run.arena, &out);
  if (closed == VB_SYSTEM) closed = vb_worse(closed, vb_say_findings(vb_diag_last(run.diag), o, stderr)); /* posted after the others were told */
  s = vb_worse(s, closed);
  vb_run_close(&run);
  return s;
}

/* The rules of the program and of what it is shipped with, a line each: for --list-rules. */
static vb_status list_rules(const vb_options *o) {
  vb_buf out;
  vb_buf_init(&out);
  vb_status s = vb_rules_list(o, &out);
  if (s == VB_OK) fwrite(out.p, 1, out.n, stdout);
  vb_buf_free(&out);
  return s;
}

static vb_status check_one(vb_run *run, const vb_task *t, vb_arena *scratch) {
  vb_order order;
  vb_arena_reset(scratch);
  vb_status s = vb_order_read(run, t, scratch, &order);
  if (s == VB_OK) s = vb_document_check(run, &order);
  return order.bad ? vb_worse(s, VB_BAD) : s;
}

vb_status vb_batch_check(const vb_options *o) {
  if (o->list_rules) return list_rules(o);
  vb_run run;
  vb_arena *scratch = vb_arena_new(0);
  vb_status s = vb_worse(vb_run_open(&run, o), scratch == NULL ? VB_NOMEM : VB_OK);
  if (s == VB_OK) s = load_and_plan(&run, false);
  for (size_t i = 0; i < run.n_tasks && s < VB_SYSTEM; i++) {
    const vb_task *t = &run.tasks[i];
    if (t->unread || t->no_data || !vb_task_named(&run, t)) continue; /* wrong figures do not hide wrong words */
    about(&run, t);
    s = vb_worse(s, check_one(&run, t, scratch));
    about(&run, NULL);
  }
  if (run.job != NULL) vb_findings_waive(&run, run.diag);
  if (s < VB_SYSTEM && run.store != NULL) s = vb_worse(s, vb_findings_unused(&run, run.diag));
  if (s < VB_SYSTEM && run.job != NULL) s = vb_run_settled(&run, s);
  if (run.diag != NULL && o->json) {
    vb_buf json;
    vb_buf_init(&json);
    vb_status printed = vb_findings_print(run.diag, o->lang, &json);
    if (printed == VB_OK) fwrite(json.p, 1, json.n, stdout); /* else a message of it may be empty */
    s = vb_worse(s, printed);
    if (vb_diag_failed(run.diag)) s = vb_worse(s, VB_NOMEM); /* a finding is missing */
    vb_buf_free(&json);
  } else {
    s = vb_worse(s, vb_say_all(run.diag, o, stdout));
  }
  if (run.store != NULL && s < VB_SYSTEM) vb_say_checked(&run);
  vb_arena_free(scratch);
  vb_run_close(&run);
  return s;
}
