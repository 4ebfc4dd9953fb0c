/* build.c: the verbs build and check: load, plan, make each document, write the manifest last, remove what is stale.
 *
 * Which findings withhold what: one about a document, that document; one about a unit, that unit's documents; one about neither (a
 * file that cannot be read, a row without a known unit), every document of the job, for nobody knows whose figures are missing. */
#include <stdio.h>
#include <string.h>

#include "batch/document.h"
#include "xml/xml.h"

/* ---- findings ----------------------------------------------------------------------------------------------- */

static bool same(const char *key, const char *value) { return key == NULL || (value != NULL && strcmp(key, value) == 0); }

/* A waiver is by rule, unit, document and code; a key it leaves out holds for all. */
void vb_run_waive(vb_run *run) {
  for (vb_finding *f = (vb_finding *)vb_diag_first(run->diag); f != NULL; f = f->next) {
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

static bool withholds(const vb_finding *f, bool strict) {
  return f->waived.reason == NULL && (f->severity >= VB_ERROR || (strict && f->severity == VB_WARNING));
}

/* Marks tasks that findings of the load withhold. */
static void withhold(vb_run *run) {
  for (const vb_finding *f = vb_diag_first(run->diag); f != NULL; f = f->next) {
    if (!withholds(f, run->o->strict)) continue;
    for (size_t i = 0; i < run->n_tasks; i++) {
      vb_task *t = &run->tasks[i];
      if (same(f->unit, t->unit) && same(f->document, t->doc->id)) t->bad = true;
    }
  }
  for (size_t i = 0; i < run->n_tasks; i++)
    if (run->tasks[i].tpl == NULL) run->tasks[i].bad = true;
}

/* Prints what was posted since `*shown`: as lines, to the stream of the verb. */
void vb_run_say(const vb_run *run, FILE *to, size_t *shown) {
  vb_buf line;
  vb_buf_init(&line);
  size_t i = 0;
  for (const vb_finding *f = vb_diag_first(run->diag); f != NULL; f = f->next) {
    if (i++ < *shown) continue;
    if (f->severity == VB_INFO && !run->o->verbose) continue;
    if (run->o->quiet && f->severity < VB_ERROR) continue;
    vb_buf_clear(&line);
    vb_finding_line(f, run->o->lang, &line);
    fprintf(to, "%s\n", vb_buf_cstr(&line));
  }
  *shown = i;
  vb_buf_free(&line);
}

/* Copies a finding into the manifest, which outlives the diag's interning. */
static vb_status keep_finding(vb_manifest *m, const vb_finding *f, vb_finding ***end) {
  vb_finding *c = vb_arena_copy(m->arena, f, sizeof *f);
  if (c == NULL) return VB_NOMEM;
  c->next = NULL;
  **end = c;
  *end = &c->next;
  return VB_OK;
}

static vb_status sort_findings(vb_run *run, vb_manifest *m) {
  vb_status s = VB_OK;
  vb_finding **rest = &m->findings;
  while (*rest != NULL) rest = &(*rest)->next;
  for (size_t i = 0; i < m->n_docs; i++) {
    vb_finding **end = &m->docs[i].findings;
    while (*end != NULL) end = &(*end)->next;
    for (const vb_finding *f = vb_diag_first(run->diag); f != NULL && s == VB_OK; f = f->next)
      if (f->unit != NULL && same(f->unit, m->docs[i].unit) && same(f->document, m->docs[i].document)) s = keep_finding(m, f, &end);
  }
  for (const vb_finding *f = vb_diag_first(run->diag); f != NULL && s == VB_OK; f = f->next) {
    bool taken = false;
    for (size_t i = 0; f->unit != NULL && i < m->n_docs && !taken; i++) taken = same(f->unit, m->docs[i].unit) && same(f->document, m->docs[i].document);
    if (!taken) s = keep_finding(m, f, &rest);
  }
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

static vb_status write_manifest(vb_run *run, vb_manifest *m, const char *dir) {
  vb_status s = sort_findings(run, m);
  vb_buf json;
  vb_buf_init(&json);
  if (s == VB_OK) s = vb_manifest_print(run->diag, m, run->o->lang, &json);
  const char *path = vb_path_join(run->arena, dir, "manifest.json");
  if (s == VB_OK && path == NULL) s = VB_NOMEM;
  if (s == VB_OK) s = vb_file_write(run->diag, path, json.p, json.n);
  vb_buf_free(&json);
  return s;
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
  vb_status s = vb_document_describe(t, &t->meta, m->arena, man);
  if (s != VB_OK) return s;
  m->n_docs++;
  man->status = t->bad || !t->no_data ? VB_DOC_WITHHELD : VB_DOC_NO_DATA; /* figures that could not be read are not missing */
  if (t->bad) return VB_BAD;
  if (t->no_data) return VB_OK;
  about(run, t);
  size_t before = vb_diag_count(run->diag, VB_WARNING);
  s = vb_document_make(run, t, dir, m->arena, man);
  about(run, NULL);
  vb_run_waive(run);
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
    if (withholds(f, run->o->strict)) return VB_BAD;
  return VB_OK;
}

static vb_status load_and_plan(vb_run *run) {
  vb_status s = vb_load(run);
  if (s < VB_SYSTEM && run->store != NULL) s = vb_worse(s, vb_plan(run));
  vb_run_waive(run);
  withhold(run);
  return s;
}

vb_status vb_batch_build(const vb_options *o) {
  vb_run run;
  size_t shown = 0;
  int lock = -1;
  const char *dir = NULL;
  vb_status s = vb_run_open(&run, o);
  if (s == VB_OK) s = open_output(&run, &dir, &lock);
  if (s == VB_OK) s = vb_fontset_open(run.diag, o->font_dir, &run.fonts);
  if (s == VB_OK) s = vb_write_warm_up(run.diag, run.fonts);
  if (s == VB_OK) {
    s = load_and_plan(&run);
    if (s < VB_SYSTEM) s = vb_run_settled(&run, build_in(&run, dir, s));
  }
  if (s == VB_NOMEM && run.diag != NULL) VB_POST(run.diag, VB_MSG_NO_MEMORY, VB_NOWHERE);
  if (run.diag != NULL) vb_run_say(&run, stderr, &shown);
  if (run.store != NULL && s < VB_SYSTEM) sum_up(&run, dir);
  vb_lock_drop(&lock);
  vb_run_close(&run);
  return s;
}

vb_status vb_batch_check(const vb_options *o) {
  vb_run run;
  size_t shown = 0;
  vb_status s = vb_run_open(&run, o);
  if (s == VB_OK) s = load_and_plan(&run);
  for (size_t i = 0; i < run.n_tasks && s < VB_SYSTEM; i++) {
    const vb_task *t = &run.tasks[i];
    if (t->bad || t->no_data || !asked_for(&run, t)) continue;
    about(&run, t);
    s = vb_worse(s, vb_document_check(&run, t));
    about(&run, NULL);
  }
  if (run.job != NULL) vb_run_waive(&run);
  if (s < VB_SYSTEM && run.job != NULL) s = vb_run_settled(&run, s);
  if (s == VB_NOMEM && run.diag != NULL) VB_POST(run.diag, VB_MSG_NO_MEMORY, VB_NOWHERE);
  if (run.diag != NULL && o->json) {
    vb_buf json;
    vb_buf_init(&json);
    s = vb_worse(s, vb_findings_print(run.diag, o->lang, &json));
    fputs(vb_buf_cstr(&json), stdout);
    vb_buf_free(&json);
  } else if (run.diag != NULL) {
    vb_run_say(&run, stdout, &shown);
  }
  vb_run_close(&run);
  return s;
}
