/* load.c: forms, templates and every input file of a job → the store. */
#include <string.h>

#include "batch/inputs.h"
#include "batch/output.h"
#include "read/read.h"

/* Columns of a file of values; the reader matches headings folded. */
static const vb_column value_columns[] = {
    {"unit", "Mã đơn vị|đơn vị|đơn vị báo cáo|don vi", false},
    {"period", "kỳ|kỳ báo cáo|kỳ số liệu", false},
    {"code", "mã|mã chỉ tiêu|mã số|stt|ma", true},
    {"value", "số liệu|giá trị|kết quả|gia-tri", true},
    {"note", "ghi chú|ghi-chu", false},
    /* For the reader of the table alone: without them, a wide table takes these headings for units. */
    {"label", "tên chỉ tiêu|chỉ tiêu|nội dung chỉ tiêu|ten-chi-tieu", false},
    {"measure", "đơn vị tính|đvt|don-vi-tinh", false},
};
enum { V_UNIT, V_PERIOD, V_CODE, V_VALUE, V_NOTE, V_LABEL, V_MEASURE, V_COLUMNS };

typedef struct loader {
  vb_run *run;
  const vb_job_file *from;
  const char *unit;           /* whose figures, where a row does not say; may be NULL */
  const vb_data_table *table; /* NULL: values */
  const vb_field *blank;      /* for columns that a file lacks */
  vb_cell_in *cells;          /* one a column of the table */
  int unit_column, period_column; /* in the dataset, behind the table's own; -1: none */
} loader;

static vb_cell_in cell_of(const vb_field *f) {
  return (vb_cell_in){f->text, f->line, f->column, f->cell, f->typed_number, f->typed_date};
}

static vb_status on_value(void *ctx, const vb_record *r) {
  loader *l = ctx;
  vb_value_in v = {cell_of(&r->fields[V_UNIT]), cell_of(&r->fields[V_PERIOD]), cell_of(&r->fields[V_CODE]),
                   cell_of(&r->fields[V_VALUE]), cell_of(&r->fields[V_NOTE]), r->file, r->line};
  const char *period = l->from->period != NULL ? l->from->period : l->run->job->period;
  vb_delivery from = {r->file, l->from->received, l->from->version, period};
  return vb_store_add_value(l->run->diag, l->run->store, &v, &from, l->unit);
}

/* The code is the first column of the register. A unit may have a row for each time of its life. */
static vb_status note_unit(vb_run *run, vb_span code) {
  if (run->n_units++ == 0) {
    run->only_unit = vb_arena_str(run->arena, code.p, code.n);
    return run->only_unit == NULL ? VB_NOMEM : VB_OK;
  }
  if (run->only_unit != NULL && !vb_span_is(code, run->only_unit)) run->only_unit = NULL;
  return VB_OK;
}

static vb_status on_row(void *ctx, const vb_record *r) {
  loader *l = ctx;
  for (size_t i = 0; i < l->table->n_columns; i++) l->cells[i] = cell_of(&r->fields[i]);
  vb_row_in row = {l->cells, r->file, r->line, l->unit, l->from->period != NULL ? l->from->period : l->run->job->period, {{NULL, 0}, 0, 0, NULL, false, false}, {{NULL, 0}, 0, 0, NULL, false, false}};
  if (l->unit_column >= 0) row.unit = cell_of(&r->fields[l->unit_column]);
  if (l->period_column >= 0) row.period = cell_of(&r->fields[l->period_column]);
  vb_status s = vb_store_add_row(l->run->diag, l->run->store, l->table, &row);
  return s == VB_OK && l->from->use == VB_USE_UNITS ? note_unit(l->run, l->cells[0].text) : s;
}

/* The reader's view of a table: its columns, and for tables of a unit's own also which unit and period. */
static vb_status dataset_of(vb_run *run, loader *l, vb_dataset *set) {
  const vb_data_table *t = l->table;
  size_t n = t->n_columns + (t->per_unit ? 2 : 0);
  vb_column *columns = VB_NEW_ARRAY(run->arena, vb_column, n);
  l->cells = VB_NEW_ARRAY(run->arena, vb_cell_in, t->n_columns);
  if (columns == NULL || l->cells == NULL) return VB_NOMEM;
  for (size_t i = 0; i < t->n_columns; i++) {
    const vb_data_column *c = &t->columns[i];
    const char *aliases = c->title == NULL ? c->aliases : c->aliases == NULL ? c->title : vb_arena_printf(run->arena, "%s|%s", c->title, c->aliases);
    if (aliases == NULL && (c->title != NULL || c->aliases != NULL)) return VB_NOMEM;
    columns[i] = (vb_column){c->id, aliases, c->required};
  }
  l->unit_column = l->period_column = -1;
  if (t->per_unit) {
    l->unit_column = (int)t->n_columns;
    columns[l->unit_column] = (vb_column){"unit", value_columns[V_UNIT].aliases, l->unit == NULL};
    l->period_column = (int)t->n_columns + 1;
    columns[l->period_column] = (vb_column){"period", value_columns[V_PERIOD].aliases, false};
  }
  *set = (vb_dataset){.name = t->name, .columns = columns, .n_columns = n};
  return VB_OK;
}

/* Path below the job folder, for messages and manifest. */
static const char *shown(const vb_run *run, const char *path) {
  size_t n = strlen(run->job->dir);
  if (strncmp(path, run->job->dir, n) != 0) return path;
  while (path[n] == '/') n++;
  return path + n;
}

static bool is_unit(void *ctx, vb_span heading) { return vb_store_unit_code(ctx, heading) != NULL; }

/* The unit of a file's rows that name none: the job's word; else of values the file's own name, where that is the code of a unit (one file a unit);
 * else the only unit that there is. */
static const char *unit_of(vb_run *run, const vb_job_file *f, const char *path) {
  if (f->unit != NULL || f->use == VB_USE_UNITS) return f->unit;
  if (f->use == VB_USE_DATA) return run->only_unit;
  const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path, *dot = strrchr(name, '.');
  vb_span stem = {name, dot != NULL ? (size_t)(dot - name) : strlen(name)};
  const char *code = vb_store_unit_code(run->store, stem);
  return code != NULL && vb_span_is(stem, code) ? vb_arena_str(run->arena, code, stem.n) : run->only_unit;
}

static vb_status load_source(vb_run *run, const vb_job_file *f, const vb_source *src) {
  loader l = {.run = run, .from = f, .unit = unit_of(run, f, src->path)};
  vb_dataset set = {.name = "values", .columns = value_columns, .n_columns = V_COLUMNS, .may_be_wide = true, .is_unit = is_unit, .ctx = run->store};
  vb_sink sink = {on_value, &l};
  vb_status s = VB_OK;
  if (f->use != VB_USE_VALUES) {
    l.table = f->use == VB_USE_UNITS ? vb_store_builtin("unit") : vb_store_table(run->store, f->table);
    if (l.table == NULL) return VB_POST(run->diag, VB_MSG_JOB_TABLE, f->at, f->table);
    s = dataset_of(run, &l, &set);
    sink.record = on_row;
  }
  return s == VB_OK ? vb_read_file(run->diag, src, &set, sink) : s;
}

enum { HELD_BYTES = 1 << 20 }; /* of a file that is read once for all; a longer one is hashed and then read, neither holding it */

/* The figures must be those of the bytes that were noted. */
static vb_status load_long(vb_run *run, const vb_job_file *f, const vb_source *src) {
  char noted[VB_SHA256_HEX] = "", now[VB_SHA256_HEX];
  uint64_t bytes;
  vb_status s = run->inputs == NULL ? VB_OK : vb_inputs_file(run->diag, run->inputs, src->file, true, src->path, noted);
  if (s == VB_OK) s = load_source(run, f, src);
  if (s >= VB_SYSTEM || noted[0] == '\0') return s;
  s = vb_worse(s, vb_sha256_file(run->diag, src->path, now, &bytes));
  return s < VB_SYSTEM && strcmp(now, noted) != 0 ? VB_POST(run->diag, VB_MSG_INPUT_CHANGED, VB_NOWHERE, src->file) : s;
}

/* Where nothing is made, nobody asks for its inputs. */
static vb_status load_file(vb_run *run, const vb_job_file *f, const char *path) {
  vb_source src = {.path = path, .file = vb_diag_file(run->diag, shown(run, path)), .encoding = f->encoding != VB_ENC_AUTO ? f->encoding : run->o->encoding, .sheet = f->sheet};
  vb_buf read;
  if (src.file == NULL) return VB_NOMEM;
  if (vb_file_length(path) > HELD_BYTES) return load_long(run, f, &src);
  vb_buf_init(&read);
  vb_status s = vb_file_read(run->diag, path, VB_INPUT_BYTES_MAX, true, &read);
  if (s == VB_OK) src.bytes = (vb_span){read.p != NULL ? read.p : "", read.n};
  if (s == VB_OK && run->inputs != NULL) s = vb_inputs_bytes(run->diag, run->inputs, src.file, true, src.bytes);
  if (s == VB_OK) s = load_source(run, f, &src);
  vb_buf_free(&read);
  return s;
}

/* Before the figures come, their files may be missing; those of the registers may not. */
static bool may_lack(const vb_run *run, const vb_job_file *f) {
  return run->entry && (f->use == VB_USE_VALUES || (f->use == VB_USE_DATA && vb_store_builtin(f->table) == NULL));
}

/* A name without a wildcard must be there; a pattern must match something. */
static vb_status load_files(vb_run *run, const vb_job_file *f) {
  if (memchr(f->pattern.p, '*', f->pattern.n) == NULL && memchr(f->pattern.p, '?', f->pattern.n) == NULL) {
    const char *path = NULL;
    vb_status s = vb_path_inside(run->diag, run->arena, run->job->dir, f->pattern, f->at, &path);
    if (s == VB_OK && !vb_file_exists(path)) return may_lack(run, f) ? VB_OK : VB_POST(run->diag, VB_MSG_INPUT_MISSING, f->at, VB_TXT(f->pattern));
    return s == VB_OK ? load_file(run, f, path) : s;
  }
  const char **paths = NULL;
  size_t n = 0;
  vb_status s = vb_path_glob(run->diag, run->arena, run->job->dir, f->pattern, f->at, &paths, &n);
  if (s == VB_OK && n == 0) return may_lack(run, f) ? VB_OK : VB_POST(run->diag, VB_MSG_INPUT_MISSING, f->at, VB_TXT(f->pattern));
  for (size_t i = 0; i < n && s < VB_SYSTEM; i++) s = vb_worse(s, load_file(run, f, paths[i]));
  return s;
}

/* When no unit could be read of the register that the job names, nothing that belongs to units is read: each row would be said to be wrong. */
static vb_status load_pass(vb_run *run, bool registers) {
  vb_status s = VB_OK;
  bool lost = false;
  for (size_t i = 0; i < run->job->n_files && s < VB_SYSTEM && registers; i++) {
    if (run->job->files[i].use != VB_USE_UNITS) continue;
    s = vb_worse(s, load_files(run, &run->job->files[i]));
    lost |= s == VB_BAD && run->n_units == 0;
  }
  run->units_lost |= lost;
  for (size_t i = 0; i < run->job->n_files && s < VB_SYSTEM; i++) {
    const vb_job_file *f = &run->job->files[i];
    bool is_register = f->use == VB_USE_UNITS || (f->use == VB_USE_DATA && vb_store_builtin(f->table) != NULL);
    if (f->use != VB_USE_UNITS && is_register == registers && !run->units_lost) s = vb_worse(s, load_files(run, f));
  }
  return s;
}

static vb_template *find_template(const vb_run *run, const char *id) {
  for (size_t i = 0; i < run->n_templates; i++)
    if (strcmp(vb_template_id(run->templates[i]), id) == 0) return run->templates[i];
  return NULL;
}

static vb_status open_templates(vb_run *run) {
  vb_job *job = run->job;
  vb_status s = VB_OK;
  run->templates = VB_NEW_ARRAY(run->arena, vb_template *, job->n_docs);
  if (run->templates == NULL) return VB_NOMEM;
  for (size_t i = 0; i < job->n_docs && s < VB_SYSTEM; i++) {
    if (find_template(run, job->docs[i].template_id) != NULL) continue;
    vb_template *t = NULL;
    vb_status one = vb_template_open(run->diag, &run->lib, vb_span_of(job->docs[i].template_id), job->docs[i].at, &t);
    if (one == VB_OK) run->templates[run->n_templates++] = t;
    s = vb_worse(s, one);
  }
  return s;
}

static bool has_form(const vb_run *run, const char *id) {
  for (size_t i = 0; i < run->n_forms; i++)
    if (strcmp(vb_form_id(run->forms[i]), id) == 0) return true;
  return false;
}

static vb_status open_form(vb_run *run, vb_span id, vb_place at) {
  vb_form *f = NULL;
  for (size_t i = 0; i < run->n_templates && f == NULL; i++) {
    const char *form = vb_template_form(run->templates[i]);
    if (form != NULL && vb_span_is(id, form)) f = vb_template_form_share(run->templates[i]);
  }
  vb_status s = f != NULL ? VB_OK : vb_form_open(run->diag, &run->lib, id, at, &f);
  if (s == VB_OK) run->forms[run->n_forms++] = f;
  return s;
}

/* The forms that the job names, and those that its templates need. */
static vb_status open_forms(vb_run *run) {
  vb_job *job = run->job;
  vb_status s = VB_OK;
  run->forms = VB_NEW_ARRAY(run->arena, vb_form *, job->n_forms + run->n_templates);
  if (run->forms == NULL) return VB_NOMEM;
  for (size_t i = 0; i < job->n_forms; i++) s = vb_worse(s, open_form(run, job->forms[i], job->forms_at[i]));
  for (size_t i = 0; i < run->n_templates; i++) {
    const char *id = vb_template_form(run->templates[i]);
    if (id != NULL && !has_form(run, id)) s = vb_worse(s, open_form(run, vb_span_of(id), VB_NOWHERE));
  }
  return s;
}

static vb_status declare_all(vb_run *run) {
  vb_status s = VB_OK;
  for (size_t i = 0; i < run->n_forms; i++) s = vb_worse(s, vb_form_load(run->diag, run->forms[i], run->store));
  for (size_t i = 0; i < run->n_templates; i++) {
    const vb_data_table *tables = NULL;
    size_t n = vb_template_tables(run->templates[i], &tables);
    for (size_t k = 0; k < n; k++) s = vb_worse(s, vb_store_declare(run->diag, run->store, &tables[k]));
  }
  vb_place at = {vb_diag_file(run->diag, "job.xml"), 0, 0, NULL};
  return vb_worse(s, vb_store_add_period(run->diag, run->store, vb_span_of(run->job->period), at));
}

/* Workers open the database by its name: a run that has them keeps it in a file, its own or that of --db. On the disk of the output it takes
 * no memory, however many units there are; without sync, and with its journal in memory, it costs little more than in memory. */
static vb_status open_store(vb_run *run) {
  bool scratch = run->out != NULL && run->o->db == NULL;
  vb_status s = scratch ? vb_store_open_scratch(run->diag, run->out->db, &run->store) : vb_store_open(run->diag, run->o->db, &run->store);
  const char *path = s == VB_OK ? vb_store_path(run->store) : NULL;
  if (path == NULL) return s;
  run->db = vb_arena_str(run->arena, path, strlen(path));
  return run->db == NULL ? VB_NOMEM : VB_OK;
}

vb_status vb_load(vb_run *run) {
  vb_status s = open_templates(run);
  if (s < VB_SYSTEM) s = vb_worse(s, open_forms(run));
  if (s < VB_SYSTEM && !run->entry) s = vb_worse(s, vb_registers_load(run));
  if (s >= VB_SYSTEM) return s;
  if (!run->entry) vb_texts_begin(run);
  s = vb_worse(s, open_store(run));
  if (run->store == NULL) return s;
  vb_store_set_date(run->store, run->job->date);
  s = vb_worse(s, vb_store_set_job(run->store, run->job->name));
  if (s < VB_SYSTEM) s = vb_worse(s, vb_store_begin(run->diag, run->store));
  if (s < VB_SYSTEM) s = vb_worse(s, declare_all(run));
  if (s < VB_SYSTEM) s = vb_worse(s, load_pass(run, true));
  if (s < VB_SYSTEM) s = vb_worse(s, load_pass(run, false));
  if (s < VB_SYSTEM && !run->entry && run->job->narrative_dir != NULL) s = vb_worse(s, vb_texts_note(run));
  if (s < VB_SYSTEM && run->inputs != NULL) s = vb_worse(s, vb_inputs_end(run->diag, run->inputs, run->inputs_id));
  if (s < VB_SYSTEM) s = vb_worse(s, vb_store_commit(run->diag, run->store));
  for (size_t i = 0; i < run->n_templates && s < VB_SYSTEM && !run->entry; i++) s = vb_worse(s, vb_template_prepare(run->diag, run->templates[i], run->store));
  return s;
}
