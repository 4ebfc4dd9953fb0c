/* forms.c: the verb forms: for each unit that is to report, a workbook to fill in, made from the forms of the job, with what has been
 * delivered so far and last year's figures beside it. Part of batch. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "batch/batch_int.h"

typedef struct entry_maker { vb_run *run; vb_arena *a; const char *unit, *level, *before; vb_map *seen; vb_entry_row *rows; size_t n; } entry_maker;

/* ---- which units -------------------------------------------------------------------------------------------- */

static const char below_sql[] =
    "WITH RECURSIVE below(code) AS (SELECT code FROM unit WHERE parent = :unit UNION SELECT u.code FROM unit AS u JOIN below ON u.parent = below.code) "
    "SELECT code FROM below";

static vb_status add_below(vb_run *run, vb_map *wanted, vb_query *q, const char *unit) {
  for (size_t i = 0; i < vb_query_params(q); i++) vb_query_bind(q, i, (vb_sql_value){VB_SQL_TEXT, 0, vb_span_of(unit)});
  vb_status s;
  while ((s = vb_query_step(run->diag, q)) == VB_OK)
    if (!vb_map_put(wanted, vb_query_value(q, 0).text, run)) return VB_NOMEM;
  vb_query_reset(q);
  return s == VB_DONE ? VB_OK : s;
}

/* A unit reports when a document is made of its own figures, or one of a unit above it of its children's. */
static vb_status find_units(vb_run *run, vb_map *wanted) {
  vb_query *q = NULL;
  vb_status s = vb_query_prepare(run->diag, run->store, VB_LIT(below_sql), VB_NOWHERE, &q);
  for (size_t i = 0; i < run->n_tasks && s == VB_OK; i++) {
    const vb_task *t = &run->tasks[i];
    if (vb_task_own_figures(t) && !vb_map_put(wanted, vb_span_of(t->unit), run)) s = VB_NOMEM;
    if (t->doc->data == VB_DATA_CHILDREN) s = add_below(run, wanted, q, t->unit);
  }
  vb_query_free(q);
  return s;
}

/* ---- one unit's rows ---------------------------------------------------------------------------------------- */

static vb_entry_type type_of(vb_type t) {
  switch (t) {
    case VB_TYPE_COUNT: return VB_ENTRY_COUNT;
    case VB_TYPE_DECIMAL: return VB_ENTRY_DECIMAL;
    case VB_TYPE_PERCENT: return VB_ENTRY_PERCENT;
    case VB_TYPE_MONEY: return VB_ENTRY_MONEY;
    case VB_TYPE_CODE: return VB_ENTRY_CODE;
    case VB_TYPE_DATE: return VB_ENTRY_DATE;
    case VB_TYPE_GROUP: return VB_ENTRY_GROUP;
    case VB_TYPE_TEXT:
    case VB_TYPE_PERIOD:
    case VB_TYPE_UNIT: break;
  }
  return VB_ENTRY_TEXT;
}

static vb_status figure_of(entry_maker *m, const char *period, const vb_indicator *x, vb_observation *o, vb_entry_figure *f) {
  vb_status s = vb_store_observe(m->run->diag, m->run->store, m->a, m->unit, period, vb_span_of(x->code), o);
  if (s != VB_OK) return s;
  switch (o->status) {
    case VB_MISSING: break;
    case VB_ZERO_DASH: f->text = "-"; break;
    case VB_NOT_APPLICABLE: f->text = "KAD"; break;
    case VB_REPORTED:
      f->text = o->text;
      f->num = o->num;
      f->has_num = o->text == NULL;
      break;
  }
  return VB_OK;
}

/* The list of a form by its values. Each row says how many there are. */
static vb_status choices_of(entry_maker *m, const vb_indicator *x, vb_entry_row *r) {
  vb_query *q = NULL;
  vb_status s = vb_query_prepare(m->run->diag, m->run->store, VB_LIT("SELECT value, label, count(*) OVER () FROM code_item WHERE form = :form AND list = :list ORDER BY value"), VB_NOWHERE, &q);
  for (size_t i = 0; s == VB_OK && i < vb_query_params(q); i++)
    vb_query_bind(q, i, (vb_sql_value){VB_SQL_TEXT, 0, vb_span_of(strcmp(vb_query_param(q, i), "form") == 0 ? x->form : x->codes)});
  vb_entry_choice *list = NULL;
  while (s == VB_OK && (s = vb_query_step(m->run->diag, q)) == VB_OK) {
    vb_sql_value v = vb_query_value(q, 0), label = vb_query_value(q, 1);
    if (list == NULL) r->choices = list = VB_NEW_ARRAY(m->a, vb_entry_choice, (size_t)vb_query_value(q, 2).integer);
    vb_entry_choice c = {v.type == VB_SQL_INTEGER ? vb_arena_printf(m->a, "%lld", (long long)v.integer) : vb_arena_str(m->a, v.text.p, v.text.n),
                         vb_arena_str(m->a, label.text.p, label.text.n)};
    if (list == NULL || c.value == NULL || c.label == NULL) s = VB_NOMEM;
    else list[r->n_choices++] = c;
  }
  vb_query_free(q);
  return s == VB_DONE ? VB_OK : s;
}

/* ---- rules that a sheet can watch --------------------------------------------------------------------------- */

static bool word(vb_span *s, const char *w) {
  while (s->n > 0 && (*s->p == ' ' || *s->p == '\n' || *s->p == '\t' || *s->p == '\r')) *s = (vb_span){s->p + 1, s->n - 1};
  if (!vb_span_starts(*s, w)) return false;
  size_t n = strlen(w);
  *s = (vb_span){s->p + n, s->n - n};
  return true;
}

static bool val_of(vb_span *s, vb_span *code) {
  if (!word(s, "val") || !word(s, "(") || !word(s, "'")) return false;
  const char *end = memchr(s->p, '\'', s->n);
  if (end == NULL) return false;
  *code = (vb_span){s->p, (size_t)(end - s->p)};
  *s = (vb_span){end + 1, s->n - code->n - 1};
  return word(s, ")");
}

/* A rule that ends in WHERE val('1.2') > val('1.1') is broken when the first is the larger one; any other SQL is left to `build`. */
static bool simple_rule(vb_span sql, vb_span *more, vb_span *than) {
  for (size_t i = 0; i + 5 <= sql.n; i++) {
    if (strncasecmp(sql.p + i, "where", 5) != 0) continue;
    vb_span s = {sql.p + i + 5, sql.n - i - 5}, first, second;
    if (!val_of(&s, &first)) return false;
    bool up = word(&s, ">");
    if (!up && !word(&s, "<")) return false;
    if (!val_of(&s, &second)) return false;
    (void)word(&s, ";");
    if (vb_span_trim(s).n != 0) return false;
    *more = up ? first : second;
    *than = up ? second : first;
    return true;
  }
  return false;
}

static bool summed(vb_type t) { return t == VB_TYPE_COUNT || t == VB_TYPE_MONEY; }

/* What a "trong đó" row is a part of: the row that it follows under the same parent, else the parent. */
static const vb_indicator *whole_of(const vb_form *f, size_t at) {
  const vb_indicator *x = vb_form_indicator(f, at);
  for (size_t i = at; x->sub && i-- > 0;) {
    const vb_indicator *y = vb_form_indicator(f, i);
    if (x->parent != NULL && strcmp(y->code, x->parent) == 0) return y;
    if (!y->sub && y->depth == x->depth) return y;
  }
  return NULL;
}

static vb_status checks_of(entry_maker *m, const vb_form *f, size_t at, vb_entry_row *r) {
  const vb_indicator *x = vb_form_indicator(f, at), *over = whole_of(f, at);
  const vb_rule_source *rules = NULL;
  size_t n = vb_form_rules(f, &rules), count = 0;
  vb_entry_check *list = VB_NEW_ARRAY(m->a, vb_entry_check, n + 2);
  if (list == NULL) return VB_NOMEM;
  if (x->num != NULL && x->den != NULL) list[count++] = (vb_entry_check){VB_ENTRY_RATIO, x->num, x->den, x->scale};
  if (over != NULL && summed(x->type) && over->type == x->type) list[count++] = (vb_entry_check){VB_ENTRY_NOT_ABOVE, over->code, NULL, 1};
  for (size_t i = 0; i < n; i++) {
    vb_span more, than;
    if (!simple_rule(rules[i].sql, &more, &than) || !vb_span_is(more, x->code)) continue;
    const char *a = vb_arena_str(m->a, than.p, than.n);
    if (a == NULL) return VB_NOMEM;
    list[count++] = (vb_entry_check){VB_ENTRY_NOT_ABOVE, a, NULL, 1};
  }
  r->checks = list;
  r->n_checks = count;
  return VB_OK;
}

/* ---- one unit ----------------------------------------------------------------------------------------------- */

/* Levels of `applies`, with spaces or commas. */
static bool applies(const char *list, const char *level) {
  if (list == NULL || *list == '\0' || level == NULL) return true;
  size_t n = strlen(level);
  for (const char *s = list; *s != '\0';) {
    size_t k = strcspn(s, ", ");
    if (k == n && memcmp(s, level, n) == 0) return true;
    s += k;
    s += strspn(s, ", ");
  }
  return false;
}

static vb_status add_row(entry_maker *m, const vb_form *f, size_t at) {
  const vb_indicator *x = vb_form_indicator(f, at);
  vb_entry_row *r = &m->rows[m->n++];
  vb_observation now = {0}, before = {0};
  *r = (vb_entry_row){.code = x->code, .label = x->label, .measure = x->measure, .type = type_of(x->type), .places = x->places, .depth = x->depth};
  vb_status s = figure_of(m, m->run->job->period, x, &now, &r->value);
  r->note = now.note;
  r->closed = r->type != VB_ENTRY_GROUP && now.status == VB_MISSING && !applies(x->applies, m->level);
  if (s == VB_OK && m->before != NULL) s = figure_of(m, m->before, x, &before, &r->before);
  if (s == VB_OK && x->type == VB_TYPE_CODE && x->codes != NULL) s = choices_of(m, x, r);
  if (s == VB_OK) s = checks_of(m, f, at, r);
  return s;
}

static vb_status add_form(entry_maker *m, const vb_form *f, bool headed) {
  if (headed) m->rows[m->n++] = (vb_entry_row){.code = "", .label = vb_form_title(f), .type = VB_ENTRY_GROUP};
  vb_status s = VB_OK;
  for (size_t i = 0; i < vb_form_count(f) && s == VB_OK; i++) {
    const vb_indicator *x = vb_form_indicator(f, i);
    if (vb_map_get(m->seen, vb_span_of(x->code)) != NULL) continue; /* it means the same in every form of a job: asked for once */
    s = vb_map_put(m->seen, vb_span_of(x->code), m) ? add_row(m, f, i) : VB_NOMEM;
  }
  return s;
}

static vb_status write_unit(entry_maker *m, const char *name, const char *dir, bool *written) {
  vb_run *run = m->run;
  const char *path = vb_arena_printf(m->a, "%s/%s.xlsx", dir, m->unit);
  if (path == NULL) return VB_NOMEM;
  if (vb_file_exists(path)) {
    (void)VB_POST(run->diag, VB_MSG_FORMS_KEPT, VB_NOWHERE, path);
    return VB_OK;
  }
  size_t most = 0;
  for (size_t i = 0; i < run->n_forms; i++) most += vb_form_count(run->forms[i]) + 1;
  m->rows = VB_NEW_ARRAY(m->a, vb_entry_row, most);
  m->n = 0;
  m->seen = vb_map_new();
  vb_status s = m->rows == NULL || m->seen == NULL ? VB_NOMEM : vb_store_scope(run->store, m->unit, run->job->period);
  for (size_t i = 0; i < run->n_forms && s == VB_OK; i++) s = add_form(m, run->forms[i], run->n_forms > 1);
  vb_map_free(m->seen);
  const char *title = run->n_forms == 1 ? vb_form_title(run->forms[0]) : "Biểu nhập số liệu";
  vb_entry e = {title, name, m->unit, run->job->period, m->before, vb_generator(), m->rows, m->n};
  vb_buf out;
  vb_buf_init(&out);
  if (s == VB_OK) s = vb_write_entry(run->diag, &e, run->fonts, &out);
  if (s == VB_OK) s = vb_file_write(run->diag, path, out.p, out.n);
  vb_buf_free(&out);
  *written = s == VB_OK;
  return s;
}

/* The same part of the year before, when the database holds figures of it at all. */
static vb_status period_before(vb_run *run, const char **out) {
  vb_query *q = NULL;
  vb_status s = vb_query_prepare(run->diag, run->store, VB_LIT("SELECT period_prev(:period) FROM value WHERE period = period_prev(:period) LIMIT 1"), VB_NOWHERE, &q);
  for (size_t i = 0; s == VB_OK && i < vb_query_params(q); i++) vb_query_bind(q, i, (vb_sql_value){VB_SQL_TEXT, 0, vb_span_of(run->job->period)});
  if (s == VB_OK) s = vb_query_step(run->diag, q);
  if (s == VB_OK) {
    vb_span v = vb_query_value(q, 0).text;
    *out = vb_arena_str(run->arena, v.p, v.n);
    if (*out == NULL) s = VB_NOMEM;
  }
  vb_query_free(q);
  return s == VB_DONE ? VB_OK : s;
}

static vb_status write_wanted(vb_run *run, const vb_map *wanted, const char *dir, size_t *made) {
  entry_maker m = {.run = run, .a = vb_arena_new(0)};
  vb_query *q = NULL;
  vb_status s = m.a == NULL ? VB_NOMEM : period_before(run, &m.before);
  if (s == VB_OK) s = vb_query_prepare(run->diag, run->store, VB_LIT("SELECT code, name, coalesce(level, '') FROM unit ORDER BY code"), VB_NOWHERE, &q);
  while (s == VB_OK && (s = vb_query_step(run->diag, q)) == VB_OK) {
    vb_arena_reset(m.a);
    const char *texts[3];
    for (size_t i = 0; i < 3; i++) {
      vb_span v = vb_query_value(q, i).text;
      texts[i] = v.p == NULL ? "" : vb_arena_str(m.a, v.p, v.n);
      if (texts[i] == NULL) s = VB_NOMEM;
    }
    m.unit = texts[0];
    m.level = texts[2];
    if (s != VB_OK || vb_map_get(wanted, vb_span_of(m.unit)) == NULL || !vb_listed(run->o->units, m.unit)) continue;
    bool written = false;
    s = write_unit(&m, texts[1], dir, &written);
    *made += written;
  }
  vb_query_free(q);
  vb_arena_free(m.a);
  return s == VB_DONE ? VB_OK : s;
}

/* A file that is there and cannot be read: its figures would lack in workbooks that stay as they are ever after. One that is not there yet is none. */
static bool lacks_input(const vb_run *run) {
  for (const vb_finding *f = vb_diag_first(run->diag); f != NULL; f = f->next)
    if (f->msg == VB_MSG_INPUT_READ || f->msg == VB_MSG_INPUT_READ_RIGHTS || f->msg == VB_MSG_INPUT_NOT_FILE) return true;
  return false;
}

/* *dir stays NULL where there is nothing to make, or no folder for it. */
static vb_status write_forms(vb_run *run, const char **dir, size_t *made) {
  if (lacks_input(run)) return VB_BAD;
  if (run->n_forms == 0) return VB_POST(run->diag, VB_MSG_FORMS_NONE, ((vb_place){vb_diag_file(run->diag, "job.xml"), 0, 0, NULL}));
  const char *to = run->o->output != NULL ? run->o->output : vb_path_join(run->arena, run->job->dir, "forms");
  vb_map *wanted = vb_map_new();
  vb_status s = to == NULL || wanted == NULL ? VB_NOMEM : find_units(run, wanted);
  if (s == VB_OK && vb_map_count(wanted) == 0) s = VB_POST(run->diag, VB_MSG_FORMS_NO_UNIT, ((vb_place){vb_diag_file(run->diag, "job.xml"), 0, 0, NULL}));
  if (s == VB_OK) s = vb_dir_make(run->diag, to);
  if (s == VB_OK) *dir = to;
  if (s == VB_OK) s = write_wanted(run, wanted, to, made);
  vb_map_free(wanted);
  return s;
}

/* Whether the job takes figures from the folder that the workbooks are written to. */
static bool reads_forms(const vb_job *job) {
  static const char folder[] = "forms/";
  for (size_t i = 0; i < job->n_files; i++) {
    const vb_job_file *f = &job->files[i];
    if (f->use == VB_USE_VALUES && f->pattern.n > strlen(folder) && memcmp(f->pattern.p, folder, strlen(folder)) == 0) return true;
  }
  return false;
}

vb_status vb_batch_forms(const vb_options *o) {
  vb_run run;
  size_t made = 0;
  const char *dir = NULL;
  vb_status s = vb_run_open(&run, o);
  run.entry = true;
  if (s == VB_OK) s = vb_fontset_open(run.diag, o->font_dir, &run.fonts);
  if (s == VB_OK) s = vb_load(&run);
  if (s < VB_SYSTEM && run.store != NULL) s = vb_worse(s, vb_plan(&run));
  if (s < VB_SYSTEM && run.store != NULL) s = vb_worse(s, write_forms(&run, &dir, &made));
  if (run.job != NULL) {
    vb_findings_waive(&run, run.diag);
    s = vb_run_settled(&run, s);
  }
  s = vb_worse(s, vb_say_all(run.diag, o, stderr));
  if (dir != NULL && !o->quiet) {
    VB_SAY(stdout, o->lang, VB_MSG_SAY_FORMS, VB_NUM(made), dir);
    if (run.job != NULL && o->output == NULL && !reads_forms(run.job)) VB_SAY(stdout, o->lang, VB_MSG_SAY_FORMS_NAME);
  }
  vb_run_close(&run);
  return s;
}
