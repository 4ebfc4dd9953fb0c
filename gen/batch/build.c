/* build.c: the verbs build and check: load, plan, make each document, write the manifest last, remove what is stale.
 *
 * Which findings withhold what: one about a document, that document; one about a unit, that unit's documents; one about neither (a
 * file that cannot be read, a row without a known unit), every document of the job, for nobody knows whose figures are missing. */
#include <stdio.h>
#include <string.h>

#include "batch/deliver.h"
#include "batch/document.h"
#include "batch/handover.h"
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
      if (same(f->document, t->doc->id)) t->bad = true;
    }
  }
  for (size_t i = 0; i < run->n_tasks; i++)
    if (run->tasks[i].tpl == NULL) run->tasks[i].bad = true;
  vb_map_free(first);
  return s;
}

/* Findings as lines: infos when asked to say more, warnings unless asked to be quiet. */
void vb_say_all(const vb_diag *d, const vb_options *o, FILE *to) {
  vb_buf line;
  vb_buf_init(&line);
  for (const vb_finding *f = d == NULL ? NULL : vb_diag_first(d); f != NULL; f = f->next) {
    if ((f->severity == VB_INFO && !o->verbose) || (o->quiet && (f->severity < VB_ERROR || f->waived.reason != NULL))) continue;
    vb_buf_clear(&line);
    vb_finding_line(f, o->lang, &line);
    if (f->waived.reason != NULL) vb_buf_printf(&line, o->lang == VB_VI ? " (miễn trừ: %s; %s)" : " (waived: %s; %s)", f->waived.reason, f->waived.who != NULL ? f->waived.who : "");
    fprintf(to, "%s\n", vb_buf_cstr(&line));
  }
  vb_buf_free(&line);
}

static bool same_text(const char *a, const char *b) { return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0); }

/* Copies a finding into the manifest, which outlives the diag's interning. A document kept as it stood has it from its former run. */
static vb_status keep_finding(vb_manifest *m, const vb_finding *first, const vb_finding *f, vb_finding ***end) {
  for (const vb_finding *x = first; x != NULL; x = x->next)
    if (same_text(x->rule, f->rule) && same_text(x->code, f->code) && same_text(x->at.file, f->at.file) && x->at.line == f->at.line &&
        x->at.column == f->at.column && x->args[0] != NULL && x->msg != f->msg)
      return VB_OK;
  vb_finding *c = vb_arena_copy(m->arena, f, sizeof *f);
  if (c == NULL) return VB_NOMEM;
  c->next = NULL;
  **end = c;
  *end = &c->next;
  return VB_OK;
}

/* Gives a finding to the documents it is about, those of its unit from `from` on; *taken says whether there was one. */
static vb_status share_finding(vb_manifest *m, const vb_finding *f, size_t from, vb_finding ***ends, bool *taken) {
  vb_status s = VB_OK;
  *taken = false;
  for (size_t i = from; i > 0 && i <= m->n_docs && s == VB_OK && same(f->unit, m->docs[i - 1].unit); i++) {
    if (!same(f->document, m->docs[i - 1].document)) continue;
    s = keep_finding(m, m->docs[i - 1].findings, f, &ends[i - 1]);
    *taken = true;
  }
  return s;
}

/* Documents of a unit stand together, as their tasks do. */
static vb_status sort_findings(vb_run *run, vb_manifest *m) {
  vb_map *first = vb_map_new();
  vb_finding ***ends = VB_NEW_ARRAY(m->arena, vb_finding **, m->n_docs + 1), **rest = &m->findings;
  vb_status s = first == NULL || ends == NULL ? VB_NOMEM : VB_OK;
  while (*rest != NULL) rest = &(*rest)->next;
  for (size_t i = 0; i < m->n_docs && s == VB_OK; i++) {
    ends[i] = &m->docs[i].findings;
    while (*ends[i] != NULL) ends[i] = &(*ends[i])->next;
    bool same_unit = i > 0 && strcmp(m->docs[i].unit, m->docs[i - 1].unit) == 0;
    if (!same_unit && !vb_map_put(first, vb_span_of(m->docs[i].unit), (void *)(uintptr_t)(i + 1))) s = VB_NOMEM;
  }
  for (const vb_finding *f = vb_diag_first(run->diag); f != NULL && s == VB_OK; f = f->next) {
    bool taken = false;
    if (f->unit != NULL) s = share_finding(m, f, (size_t)(uintptr_t)vb_map_get(first, vb_span_of(f->unit)), ends, &taken);
    if (s == VB_OK && !taken) s = keep_finding(m, NULL, f, &rest);
  }
  vb_map_free(first);
  return s;
}

/* ---- the output folder -------------------------------------------------------------------------------------- */

static const vb_man_doc *former(const vb_manifest *old, const vb_task *t) {
  for (size_t i = 0; old != NULL && i < old->n_docs; i++)
    if (strcmp(old->docs[i].unit, t->unit) == 0 && strcmp(old->docs[i].document, t->doc->id) == 0) return &old->docs[i];
  return NULL;
}

static bool names_path(const vb_manifest *m, const char *path) {
  for (size_t i = 0; i < m->n_docs; i++)
    for (size_t k = 0; k < m->docs[i].n_files; k++)
      if (strcmp(m->docs[i].files[k].path, path) == 0) return true;
  return false;
}

/* Removes what stands in the folder of a unit, or of the job, and is in no manifest: withheld documents, units that left the job, and
 * the temporary files of a killed run. */
static vb_status remove_stale(vb_run *run, const vb_manifest *m, const char *dir) {
  vb_arena *a = vb_arena_new(0);
  const char **names = NULL;
  size_t n = 0;
  vb_status s = a == NULL ? VB_NOMEM : vb_dir_list(run->diag, a, dir, &names, &n);
  for (size_t i = 0; i < n && s == VB_OK; i++) {
    const char *sub = vb_path_join(a, dir, names[i]);
    if (sub == NULL) s = VB_NOMEM;
    else if (vb_file_is_temp(names[i])) s = vb_file_remove(run->diag, sub);
    if (s != VB_OK || !vb_dir_exists(sub)) continue;
    const char **files = NULL;
    size_t k = 0;
    s = vb_dir_list(run->diag, a, sub, &files, &k);
    for (size_t j = 0; j < k && s == VB_OK; j++) {
      const char *rel = vb_arena_printf(a, "%s/%s", names[i], files[j]), *path = vb_path_join(a, sub, files[j]);
      if (rel == NULL || path == NULL) s = VB_NOMEM;
      else if (!names_path(m, rel) && !vb_dir_exists(path)) s = vb_file_remove(run->diag, path);
    }
    if (s == VB_OK) s = vb_dir_remove_empty(run->diag, sub);
  }
  vb_arena_free(a);
  return s;
}

typedef vb_status printer(vb_diag *d, const vb_manifest *m, vb_lang lang, vb_buf *out);

static vb_status write_one(vb_diag *d, const vb_manifest *m, const char *path, vb_lang lang, printer *print) {
  vb_buf text;
  vb_buf_init(&text);
  vb_status s = path == NULL ? VB_NOMEM : print(d, m, lang, &text);
  if (s == VB_OK) s = vb_file_write(d, path, text.p, text.n);
  vb_buf_free(&text);
  return s;
}

vb_status vb_hand_over(vb_diag *d, vb_arena *a, const vb_manifest *m, const char *dir, vb_lang lang) {
  vb_status s = write_one(d, m, vb_path_join(a, dir, "index.html"), lang, vb_index_print);
  return s == VB_OK ? write_one(d, m, vb_path_join(a, dir, "manifest.json"), lang, vb_manifest_print) : s;
}

static vb_status write_manifest(vb_run *run, vb_manifest *m, const char *dir) {
  vb_status s = sort_findings(run, m);
  return s == VB_OK ? vb_hand_over(run->diag, run->arena, m, dir, run->o->lang) : s;
}

/* ---- one run ------------------------------------------------------------------------------------------------ */

vb_status vb_run_open(vb_run *run, const vb_options *o) {
  memset(run, 0, sizeof *run);
  run->o = o;
  run->diag = vb_diag_new();
  run->arena = vb_arena_new(0);
  if (run->diag == NULL || run->arena == NULL) return VB_NOMEM;
  const char *dir = o->job != NULL ? o->job : "input";
  vb_status s = vb_library_find_dirs(run->diag, run->arena, dir, &run->lib);
  if (s == VB_OK) s = vb_job_open(run->diag, dir, &run->lib, &run->job);
  if (s == VB_OK && run->job->date.year == 0) run->job->date = o->date;
  return s;
}

void vb_run_close(vb_run *run) {
  for (size_t i = 0; i < run->n_templates; i++) vb_template_close(run->templates[i]);
  vb_store_close(run->store);
  for (size_t i = 0; i < run->n_forms; i++) vb_form_close(run->forms[i]);
  vb_handing_close(run);
  vb_write_cool_down();
  vb_fontset_close(run->fonts);
  vb_job_close(run->job);
  vb_arena_free(run->arena);
  vb_diag_free(run->diag);
  vb_xml_cleanup();
}

/* Messages of the tasks that follow are about this document. */
static void about(vb_run *run, const vb_task *t) { vb_diag_about(run->diag, t == NULL ? NULL : t->unit, t == NULL ? NULL : t->doc->id, NULL); }

static bool asked_for(const vb_run *run, const vb_task *t) { return vb_listed(run->o->units, t->unit) && vb_listed(run->o->documents, t->doc->id); }

static vb_status make_one(vb_run *run, const vb_task *t, const vb_manifest *old, const char *dir, vb_manifest *m) {
  vb_man_doc *man = &m->docs[m->n_docs];
  if (!asked_for(run, t)) {
    const vb_man_doc *before = former(old, t); /* as it stood; its texts live as long as `old` */
    if (before != NULL) m->docs[m->n_docs++] = *before;
    return VB_OK;
  }
  const vb_man_doc *signed_before = former(old, t);
  if (signed_before != NULL && signed_before->signatures > 0 && !run->o->replace_signed) { /* what was signed is not ours to change */
    m->docs[m->n_docs] = *signed_before;
    m->docs[m->n_docs++].status = VB_DOC_UNCHANGED;
    return VB_OK;
  }
  vb_status s = vb_document_describe(t, &t->meta, m->arena, man);
  if (s != VB_OK) return s;
  m->n_docs++;
  man->status = t->bad || !t->no_data ? VB_DOC_WITHHELD : VB_DOC_NO_DATA; /* figures that could not be read are not missing */
  if (t->bad) return VB_BAD;
  if (t->no_data) return VB_OK;
  about(run, t);
  size_t before = run->o->strict ? vb_diag_count(run->diag, VB_WARNING) : 0;
  s = vb_document_make(run, t, dir, m->arena, man);
  about(run, NULL);
  vb_findings_waive(run, run->diag);
  if (s == VB_OK && run->o->strict && vb_diag_count(run->diag, VB_WARNING) > before) s = VB_BAD;
  if (s == VB_OK) man->status = VB_DOC_WRITTEN;
  else man->n_files = 0;
  return s;
}

static vb_status make_all(vb_run *run, const vb_manifest *old, const char *dir, vb_manifest *m) {
  vb_status s = VB_OK;
  m->docs = VB_NEW_ARRAY(m->arena, vb_man_doc, run->n_tasks);
  if (m->docs == NULL) return VB_NOMEM;
  for (size_t i = 0; i < run->n_tasks && s < VB_SYSTEM; i++) s = vb_worse(s, make_one(run, &run->tasks[i], old, dir, m));
  return s;
}

static vb_status open_output(vb_run *run, const char **dir, int *lock) {
  const char *root = run->o->output != NULL ? run->o->output : "output";
  *dir = vb_path_join(run->arena, root, run->job->name);
  const char *lock_path = vb_arena_printf(run->arena, "%s/.%s.lock", root, run->job->name);
  if (*dir == NULL || lock_path == NULL) return VB_NOMEM;
  vb_status s = vb_dir_make(run->diag, *dir);
  return s == VB_OK ? vb_lock_take(run->diag, lock_path, lock) : s;
}

static void count(vb_run *run, const vb_manifest *m) {
  for (size_t i = 0; i < m->n_docs; i++) {
    run->counted[m->docs[i].status]++;
    run->pages += (size_t)m->docs[i].pages;
  }
}

static void sum_up(const vb_run *run, const char *dir) {
  const size_t *n = run->counted, pages = run->pages;
  if (run->o->quiet) return;
  size_t made = n[VB_DOC_WRITTEN] + n[VB_DOC_UNCHANGED];
  if (run->o->lang == VB_VI)
    fprintf(stderr, "vanban: đã lập %zu văn bản (%zu trang), giữ lại %zu, chưa có số liệu %zu; kết quả ở %s\n", made, pages, n[VB_DOC_WITHHELD], n[VB_DOC_NO_DATA], dir);
  else
    fprintf(stderr, "vanban: %zu documents written (%zu pages), %zu withheld, %zu without data; see %s\n", made, pages, n[VB_DOC_WITHHELD], n[VB_DOC_NO_DATA], dir);
}

static vb_status build_in(vb_run *run, const char *dir, vb_status so_far) {
  vb_manifest *old = NULL, *m = vb_manifest_new();
  const char *old_path = vb_path_join(run->arena, dir, "manifest.json");
  if (m == NULL || old_path == NULL) return VB_NOMEM;
  vb_status s = so_far, read = vb_manifest_read(run->diag, old_path, &old);
  if (read == VB_BAD) old = NULL; /* said; it is written anew */
  m->job = run->job->name;
  m->period = run->job->period;
  m->generator = vb_generator();
  m->inputs = run->inputs;
  m->n_inputs = run->n_inputs;
  s = vb_worse(s, make_all(run, old, dir, m));
  if (s < VB_SYSTEM) s = vb_worse(s, vb_findings_unused(run));
  if (s < VB_SYSTEM) s = vb_worse(s, remove_stale(run, m, dir));
  if (s < VB_SYSTEM) s = vb_worse(s, write_manifest(run, m, dir));
  count(run, m);
  vb_manifest_free(m);
  vb_manifest_free(old);
  return s;
}

/* What the run has come to, when findings may have been waived: VB_BAD only while an unwaived error stands. */
vb_status vb_run_settled(const vb_run *run, vb_status s) {
  if (s != VB_BAD && s != VB_OK) return s;
  for (const vb_finding *f = vb_diag_first(run->diag); f != NULL; f = f->next)
    if (vb_finding_withholds(f, run->o->strict)) return VB_BAD;
  return VB_OK;
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

vb_status vb_batch_build(const vb_options *o) {
  vb_run run;
  int lock = -1;
  const char *dir = NULL;
  vb_status s = vb_run_open(&run, o);
  if (s == VB_OK) s = open_output(&run, &dir, &lock);
  if (s == VB_OK) s = vb_fontset_open(run.diag, o->font_dir, &run.fonts);
  if (s == VB_OK) s = vb_write_warm_up(run.diag, run.fonts);
  if (s == VB_OK) s = vb_handing_open(&run);
  if (s == VB_OK) {
    s = load_and_plan(&run, true);
    if (s < VB_SYSTEM) s = vb_run_settled(&run, build_in(&run, dir, s));
  }
  if (s == VB_NOMEM && run.diag != NULL) VB_POST(run.diag, VB_MSG_NO_MEMORY, VB_NOWHERE);
  vb_say_all(run.diag, o, stderr);
  if (run.store != NULL && s < VB_SYSTEM) sum_up(&run, dir);
  vb_lock_drop(&lock);
  vb_run_close(&run);
  return s;
}

/* The rules of the program, a line each: for --list-rules. */
static vb_status list_rules(const vb_options *o) {
  vb_buf out;
  vb_buf_init(&out);
  vb_check_list(o->lang, &out);
  bool failed = out.failed;
  fputs(vb_buf_cstr(&out), stdout);
  vb_buf_free(&out);
  return failed ? VB_NOMEM : VB_OK;
}

vb_status vb_batch_check(const vb_options *o) {
  if (o->list_rules) return list_rules(o);
  vb_run run;
  vb_status s = vb_run_open(&run, o);
  if (s == VB_OK) s = load_and_plan(&run, false);
  for (size_t i = 0; i < run.n_tasks && s < VB_SYSTEM; i++) {
    const vb_task *t = &run.tasks[i];
    if (t->bad || t->no_data || !asked_for(&run, t)) continue;
    about(&run, t);
    s = vb_worse(s, vb_document_check(&run, t));
    about(&run, NULL);
  }
  if (run.job != NULL) vb_findings_waive(&run, run.diag);
  if (s < VB_SYSTEM && run.store != NULL) s = vb_worse(s, vb_findings_unused(&run));
  if (s < VB_SYSTEM && run.job != NULL) s = vb_run_settled(&run, s);
  if (s == VB_NOMEM && run.diag != NULL) VB_POST(run.diag, VB_MSG_NO_MEMORY, VB_NOWHERE);
  if (run.diag != NULL && o->json) {
    vb_buf json;
    vb_buf_init(&json);
    s = vb_worse(s, vb_findings_print(run.diag, o->lang, &json));
    fputs(vb_buf_cstr(&json), stdout);
    vb_buf_free(&json);
  } else {
    vb_say_all(run.diag, o, stdout);
  }
  vb_run_close(&run);
  return s;
}
