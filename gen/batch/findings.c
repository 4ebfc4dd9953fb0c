/* findings.c: the room check at work in a run: which rules meet which units, and what the waivers of the job cover. */
#include <string.h>

#include "batch/batch_int.h"
#include "check/check.h"

static bool same(const char *key, const char *value) { return key == NULL || (value != NULL && strcmp(key, value) == 0); }

/* A waiver is by rule, unit, document and code; a key it leaves out holds for all. */
void vb_findings_waive_list(vb_run *run, vb_finding *f) {
  if (run->job == NULL || run->job->n_waivers == 0) return;
  for (; f != NULL; f = f->next) {
    if (f->waived.reason != NULL || f->severity == VB_FATAL) continue;
    for (size_t i = 0; i < run->job->n_waivers; i++) {
      vb_waiver *w = &run->job->waivers[i];
      if (strcmp(w->rule, f->rule) != 0 || !same(w->unit, f->unit) || !same(w->document, f->document) || !same(w->code, f->code)) continue;
      f->waived.reason = w->reason;
      f->waived.who = w->who;
      f->waived.date = w->date;
      w->used = true;
      break;
    }
  }
}

void vb_findings_waive(vb_run *run, vb_diag *d) { vb_findings_waive_list(run, (vb_finding *)vb_diag_first(d)); }

bool vb_finding_withholds(const vb_finding *f, bool strict) {
  return f->waived.reason == NULL && (f->severity >= VB_ERROR || (strict && f->severity == VB_WARNING));
}

/* ---- sets --------------------------------------------------------------------------------------------------- */

typedef struct list { const char **codes; size_t n, cap; } list;

static vb_status list_add(vb_run *run, list *l, const char *code) {
  if (l->n == l->cap) {
    size_t cap = l->cap == 0 ? 64 : l->cap * 2;
    const char **more = VB_NEW_ARRAY(run->arena, const char *, cap);
    if (more == NULL) return VB_NOMEM;
    if (l->n > 0) memcpy(more, l->codes, l->n * sizeof *more);
    l->codes = more;
    l->cap = cap;
  }
  l->codes[l->n++] = code;
  return VB_OK;
}

/* Units that have figures of the period, among those that the command line names. */
static vb_status reporting_units(vb_run *run, list *out) {
  vb_query *q = NULL;
  vb_status s = vb_query_prepare(run->diag, run->store, VB_LIT("SELECT unit FROM value WHERE period = :period GROUP BY unit"), VB_NOWHERE, &q);
  for (size_t i = 0; q != NULL && i < vb_query_params(q); i++) vb_query_bind(q, i, (vb_sql_value){VB_SQL_TEXT, 0, vb_span_of(run->job->period)});
  while (s == VB_OK && (s = vb_query_step(run->diag, q)) == VB_OK) {
    vb_span t = vb_query_value(q, 0).text;
    const char *code = vb_arena_str(run->arena, t.p, t.n);
    s = code == NULL ? VB_NOMEM : vb_listed(run->o->units, code) ? list_add(run, out, code) : VB_OK;
  }
  vb_query_free(q);
  return s == VB_DONE ? VB_OK : s;
}

static vb_severity severity_of(const char *name) {
  return strcmp(name, "error") == 0 ? VB_ERROR : strcmp(name, "warning") == 0 ? VB_WARNING : VB_INFO;
}

static vb_status copy_rules(vb_run *run, const vb_rule_source *from, size_t n, vb_check_set *set) {
  vb_check_sql *rules = VB_NEW_ARRAY(run->arena, vb_check_sql, n + 1);
  if (rules == NULL) return VB_NOMEM;
  for (size_t i = 0; i < n; i++) rules[i] = (vb_check_sql){from[i].id, severity_of(from[i].severity), from[i].sql, from[i].vi, from[i].en, from[i].at};
  set->rules = rules;
  set->n_rules = n;
  return VB_OK;
}

static vb_status form_set(vb_run *run, const vb_form *f, const list *units, vb_check_set *set) {
  const vb_rule_source *rules = NULL;
  size_t n = vb_form_rules(f, &rules), count = vb_form_count(f);
  const vb_indicator **indicators = VB_NEW_ARRAY(run->arena, const vb_indicator *, count + 1);
  if (indicators == NULL) return VB_NOMEM;
  for (size_t i = 0; i < count; i++) indicators[i] = vb_form_indicator(f, i);
  *set = (vb_check_set){.units = units->codes, .n_units = units->n, .indicators = indicators, .n_indicators = count};
  return copy_rules(run, rules, n, set);
}

/* The template's parameters: what the job sets, else their defaults. */
static vb_status copy_parameters(vb_run *run, const vb_job_doc *doc, const vb_template *t, vb_check_set *set) {
  size_t n = vb_template_params(t);
  vb_check_variable *found = VB_NEW_ARRAY(run->arena, vb_check_variable, n + 1);
  if (found == NULL) return VB_NOMEM;
  for (size_t i = 0; i < n; i++) {
    const char *text = NULL, *name = vb_template_param(t, i, &text);
    for (size_t k = 0; k < doc->n_variables; k++)
      if (strcmp(doc->variables[k].name, name) == 0) text = doc->variables[k].value.text.p;
    if (text != NULL) found[set->n_variables++] = (vb_check_variable){name, text};
  }
  set->variables = found;
  return VB_OK;
}

/* The rules of a template hold for the units of one document of the job. */
static vb_status document_set(vb_run *run, const vb_job_doc *doc, vb_check_set *set) {
  const vb_rule_source *rules = NULL;
  size_t n = 0;
  list units = {NULL, 0, 0};
  vb_status s = VB_OK;
  for (size_t i = 0; i < run->n_tasks && s == VB_OK; i++) {
    const vb_task *t = &run->tasks[i];
    if (t->doc != doc || t->tpl == NULL || t->no_data || !vb_task_named(run, t)) continue;
    n = vb_template_rules(t->tpl, &rules);
    s = list_add(run, &units, t->unit);
  }
  *set = (vb_check_set){.document = doc->id, .units = units.codes, .n_units = units.n};
  for (size_t i = 0; i < run->n_templates && s == VB_OK; i++)
    if (strcmp(vb_template_id(run->templates[i]), doc->template_id) == 0) s = copy_parameters(run, doc, run->templates[i], set);
  return s == VB_OK ? copy_rules(run, rules, n, set) : s;
}

static vb_status check_batch(vb_run *run) {
  vb_arena *a = vb_arena_new(0);
  vb_check_number *numbers = a == NULL ? NULL : VB_NEW_ARRAY(a, vb_check_number, run->n_tasks);
  size_t n = 0;
  for (size_t i = 0; i < run->n_tasks && numbers != NULL; i++) {
    const vb_task *t = &run->tasks[i];
    if (!t->no_data && vb_task_named(run, t)) numbers[n++] = (vb_check_number){t->unit, t->doc->id, t->number, t->symbol, t->date};
  }
  vb_status s = numbers == NULL ? VB_NOMEM : vb_check_batch(run->diag, run->store, run->job->period, numbers, n);
  vb_arena_free(a);
  return s;
}

vb_status vb_findings_load(vb_run *run) {
  list units = {NULL, 0, 0};
  size_t n = 0;
  vb_check_set *sets = VB_NEW_ARRAY(run->arena, vb_check_set, run->n_forms + run->job->n_docs + 1);
  vb_status s = sets == NULL ? VB_NOMEM : reporting_units(run, &units);
  for (size_t i = 0; i < run->n_forms && s == VB_OK; i++) s = form_set(run, run->forms[i], &units, &sets[n++]);
  for (size_t i = 0; i < run->job->n_docs && s == VB_OK; i++) s = document_set(run, &run->job->docs[i], &sets[n++]);
  if (s == VB_OK) s = vb_check_data(run->diag, run->store, run->job->period, sets, n);
  if (s < VB_SYSTEM) s = vb_worse(s, check_batch(run));
  return s;
}

/* Its findings are judged apart, for those of the run may be many. */
vb_status vb_findings_document(vb_run *run, const vb_doc *doc) {
  vb_diag *own = vb_diag_new();
  if (own == NULL) return VB_NOMEM;
  vb_status s = vb_check_document(own, run->store, run->words, doc);
  vb_findings_waive(run, own);
  if (s == VB_OK || s == VB_BAD) {
    s = VB_OK;
    for (const vb_finding *f = vb_diag_first(own); f != NULL; f = f->next)
      if (vb_finding_withholds(f, run->o->strict)) s = VB_BAD;
  }
  vb_diag_move(run->diag, own);
  if (vb_diag_failed(own)) s = vb_worse(s, VB_NOMEM);
  vb_diag_free(own);
  return s;
}

vb_status vb_findings_unused(vb_run *run, vb_diag *to) {
  vb_status s = VB_OK;
  if (run->o->units != NULL || run->o->documents != NULL) return VB_OK;
  for (const vb_finding *f = vb_diag_first(run->diag); f != NULL; f = f->next) /* files that were not read: what they would have met is not known */
    if (f->severity >= VB_ERROR && f->unit == NULL && f->waived.reason == NULL) return VB_OK;
  for (size_t i = 0; i < run->job->n_waivers; i++)
    if (!run->job->waivers[i].used) s = vb_worse(s, VB_POST(to, VB_MSG_JOB_WAIVER_UNUSED, run->job->waivers[i].at, run->job->waivers[i].rule));
  return s;
}
