/* plan.c: documents × units → tasks. */
#include <string.h>

#include "batch/known.h"

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

/* The unit whose tasks are made: texts of its row, until the next. */
typedef struct unit_row { const char *code, *level, *symbol, *since, *until; } unit_row;

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

typedef struct planner {
  vb_run *run;
  vb_arena *scratch;        /* of one unit */
  vb_map *symbols;          /* "BC-UBND": few, and the same for thousands */
  size_t cap;
  bool full;                /* VB_TASKS_MAX is reached, and said */
  vb_query *units, *own, *children;
} planner;

/* Codes in a document's units="a,b" that the register lacks. */
static vb_status check_units(planner *p, const vb_job_doc *doc) {
  if (doc->units == NULL || strcmp(doc->units, "*") == 0 || strncmp(doc->units, "level:", 6) == 0) return VB_OK;
  vb_status st = VB_OK;
  for (const char *s = doc->units; *s != '\0';) {
    vb_arena_reset(p->scratch);
    size_t k = strcspn(s, ",");
    const char *code = vb_arena_str(p->scratch, s, k);
    if (code == NULL) return VB_NOMEM;
    if (!vb_known_unit(p->run, code, &st) && st < VB_SYSTEM) st = vb_worse(st, VB_POST(p->run->diag, VB_MSG_JOB_UNIT, doc->at, VB_TXT(vb_span_of(code))));
    s += k;
    if (*s == ',') s++;
  }
  return st;
}

static bool answers(planner *p, vb_query *q, const char *unit, vb_status *st) {
  for (size_t i = 0; i < vb_query_params(q); i++)
    vb_query_bind(q, i, (vb_sql_value){VB_SQL_TEXT, 0, vb_span_of(strcmp(vb_query_param(q, i), "unit") == 0 ? unit : p->run->job->period)});
  vb_status s = vb_query_step(p->run->diag, q);
  vb_query_reset(q);
  if (s != VB_OK && s != VB_DONE) *st = vb_worse(*st, s);
  return s == VB_OK;
}

bool vb_task_own_figures(const vb_task *t) {
  return t->doc->data == VB_DATA_OWN || (t->doc->data == VB_DATA_USUAL && t->tpl != NULL && vb_template_form(t->tpl) != NULL);
}

static vb_status set_symbol(planner *p, const unit_row *u, vb_task *t) {
  if (t->tpl == NULL) return VB_OK;
  const char *text = vb_arena_printf(p->scratch, "%s-%s", vb_template_kind(t->tpl), u->symbol != NULL ? u->symbol : "UBND");
  if (text == NULL) return VB_NOMEM;
  char *known = vb_map_get(p->symbols, vb_span_of(text));
  if (known == NULL) {
    known = vb_arena_str(p->run->arena, text, strlen(text));
    if (known == NULL || !vb_map_put(p->symbols, vb_span_of(text), known)) return VB_NOMEM;
  }
  t->symbol = known;
  return VB_OK;
}

static vb_status more_room(planner *p) {
  vb_run *run = p->run;
  if ((p->full = run->n_tasks >= VB_TASKS_MAX))
    return VB_POST(run->diag, VB_MSG_JOB_TASKS_MANY, ((vb_place){vb_diag_file(run->diag, "job.xml"), 0, 0, NULL}), VB_NUM(VB_TASKS_MAX));
  if (run->n_tasks < p->cap) return VB_OK;
  size_t cap = p->cap == 0 ? 64 : p->cap * 2;
  vb_task *more = vb_mem_resize(run->tasks, cap * sizeof *more);
  if (more == NULL) return VB_NOMEM;
  run->tasks = more;
  p->cap = cap;
  return VB_OK;
}

static vb_status make_task(planner *p, const vb_job_doc *doc, const unit_row *u, const char *unit) {
  vb_run *run = p->run;
  vb_status s = more_room(p);
  if (s != VB_OK) return s;
  vb_task *t = &run->tasks[run->n_tasks++];
  *t = (vb_task){.doc = doc, .unit = unit};
  for (size_t i = 0; i < run->n_templates; i++)
    if (strcmp(vb_template_id(run->templates[i]), doc->template_id) == 0) t->tpl = run->templates[i];
  s = vb_known_plan(run, t, p->scratch);
  if (s == VB_OK) s = set_symbol(p, u, t);
  if (s == VB_OK && vb_task_own_figures(t)) t->no_data = !answers(p, p->own, unit, &s);
  if (s == VB_OK && doc->data == VB_DATA_CHILDREN) t->no_data = !answers(p, p->children, unit, &s);
  return s;
}

static vb_status make_unit(planner *p) {
  vb_run *run = p->run;
  unit_row u = {NULL, NULL, NULL, NULL, NULL};
  const char **fields[] = {&u.code, &u.level, &u.symbol, &u.since, &u.until}, *unit = NULL;
  bool failed = false;
  vb_arena_reset(p->scratch);
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) *fields[i] = vb_row_text(p->scratch, p->units, i, &failed);
  vb_status s = failed ? VB_NOMEM : VB_OK;
  for (size_t i = 0; i < run->job->n_docs && s < VB_SYSTEM && !p->full; i++) {
    if (!asked_by_job(&run->job->docs[i], &u)) continue;
    if (unit == NULL && (unit = vb_arena_str(run->arena, u.code, strlen(u.code))) == NULL) return VB_NOMEM;
    s = vb_worse(s, make_task(p, &run->job->docs[i], &u, unit));
  }
  return s;
}

static vb_status open_planner(planner *p) {
  const struct { const char *sql; vb_query **to; } list[] = {
      {"SELECT code, level, symbol, since, until FROM unit ORDER BY code", &p->units},
      {"SELECT 1 FROM value WHERE unit = :unit AND period = :period LIMIT 1", &p->own},
      {"WITH RECURSIVE below(code) AS (SELECT code FROM unit WHERE parent = :unit UNION SELECT u.code FROM unit AS u JOIN below ON u.parent = below.code) "
       "SELECT 1 FROM below JOIN value AS v ON v.unit = below.code WHERE v.period = :period LIMIT 1", &p->children},
  };
  p->run->first_row = vb_store_first_row(p->run->store);
  vb_status s = p->scratch == NULL || p->symbols == NULL ? VB_NOMEM : vb_known_open(p->run);
  for (size_t i = 0; i < sizeof list / sizeof list[0] && s == VB_OK; i++)
    s = vb_query_prepare(p->run->diag, p->run->store, vb_span_of(list[i].sql), VB_NOWHERE, list[i].to);
  return s == VB_BAD ? VB_SYSTEM : s; /* these are no clerk's statements: the database is damaged */
}

vb_status vb_plan(vb_run *run) {
  planner p = {.run = run, .scratch = vb_arena_new(0), .symbols = vb_map_new()};
  vb_status s = open_planner(&p), row = VB_OK;
  for (size_t i = 0; i < run->job->n_docs && s < VB_SYSTEM && p.scratch != NULL; i++) s = vb_worse(s, check_units(&p, &run->job->docs[i]));
  while (s < VB_SYSTEM && !p.full && (row = vb_query_step(run->diag, p.units)) == VB_OK) s = vb_worse(s, make_unit(&p));
  if (s < VB_SYSTEM && row != VB_OK && row != VB_DONE) s = vb_worse(s, row);
  vb_query_free(p.units);
  vb_query_free(p.own);
  vb_query_free(p.children);
  vb_map_free(p.symbols);
  vb_arena_free(p.scratch);
  return s;
}

bool vb_task_named(const vb_run *r, const vb_task *t) { return vb_listed(r->o->units, t->unit) && vb_listed(r->o->documents, t->doc->id); }
