/* document.c: one task → tree → files. All bytes are made before the first file is written, so that a document that fails leaves what
 * stood there before it alone. */
#include <stdio.h>
#include <string.h>

#include "batch/changed.h"
#include "batch/deliver.h"
#include "batch/document.h"
#include "batch/preview.h"

static const char *const state_names[] = {"draft", "issued", "to-stamp"};
static const char *const slot_names[] = {"number", "date", "signature", "seal", "mark"};

/* One output of the document, before it is written. */
typedef struct output { const char *path, *type; vb_buf bytes; } output;

typedef struct maker {
  vb_run *run;
  const vb_order *order;
  vb_doc *doc;
  vb_arena *scratch;
  output out[VB_OUTPUTS_MAX]; size_t n_out;
  vb_told_pdf pdfs[VB_OUTPUTS_MAX]; size_t n_pdfs;  /* what the writers told, for the trace: the document's own file, then those of appendices */
  vb_written sheets; bool has_sheets;
  int all_pages;           /* of the PDF and those of appendices */
  vb_man_doc *man;
  vb_arena *keep;
} maker;

static vb_status next_output(maker *m, const char *type, const char *suffix, output **out) {
  if (m->n_out == VB_OUTPUTS_MAX) return VB_POST(m->run->diag, VB_MSG_TOO_MANY_FILES, VB_NOWHERE, VB_NUM(VB_OUTPUTS_MAX));
  *out = &m->out[m->n_out++];
  vb_buf_init(&(*out)->bytes);
  (*out)->type = type;
  (*out)->path = vb_arena_printf(m->keep, "%s/%s%s", m->order->task->unit, m->order->task->doc->id, suffix);
  return (*out)->path == NULL ? VB_NOMEM : VB_OK;
}

static vb_status add_output(maker *m, const vb_writer *w, const vb_write_options *o, const char *suffix, vb_written *told) {
  output *out = NULL;
  vb_status s = next_output(m, w->name, suffix, &out);
  memset(told, 0, sizeof *told);
  return s == VB_OK ? w->write(m->run->diag, m->doc, o, m->scratch, &out->bytes, told) : s;
}

/* Slots of the file made last. */
static vb_status add_slots(maker *m, const vb_written *told) {
  size_t n = m->man->n_slots + told->n_slots;
  vb_man_slot *slots = VB_NEW_ARRAY(m->keep, vb_man_slot, n);
  if (slots == NULL) return VB_NOMEM;
  if (m->man->n_slots > 0) memcpy(slots, m->man->slots, m->man->n_slots * sizeof *slots);
  for (uint32_t i = 0; i < told->n_slots; i++) {
    const vb_slot_place *p = &told->slots[i];
    char *name = vb_arena_str(m->keep, p->name, strlen(p->name));
    if (name == NULL) return VB_NOMEM;
    slots[m->man->n_slots + i] = (vb_man_slot){name, slot_names[p->kind], m->out[m->n_out - 1].path, p->page, p->x, p->y, p->w, p->h};
  }
  m->man->slots = slots;
  m->man->n_slots = n;
  return VB_OK;
}

/* One PDF, or its pages as text; of the whole document, or of one appendix. */
static vb_status make_pdf(maker *m, const vb_write_options *o, const vb_writer *w, const char *suffix) {
  vb_written told;
  vb_status s = add_output(m, w, o, suffix, &told);
  if (s != VB_OK || w != vb_writer_get(VB_FORMAT_PDF)) return s;
  bool own = o->only == NULL;
  if (own) m->man->pages = told.pages;
  m->all_pages += told.pages;
  m->pdfs[m->n_pdfs++] = (vb_told_pdf){told, own ? NULL : strrchr(m->out[m->n_out - 1].path, '/') + 1};
  return add_slots(m, &told);
}

static vb_status make_pdfs(maker *m, const vb_write_options *o, const vb_writer *w) {
  vb_status s = make_pdf(m, o, w, w->suffix);
  int number = 0;
  for (const vb_node *seq = m->doc->root->first; seq != NULL && s == VB_OK; seq = seq->next) {
    if (seq->u.sequence.role != VB_SEQ_APPENDIX || !seq->u.sequence.separate) continue;
    vb_write_options part = *o;
    part.only = seq;
    char suffix[32];
    const char *number_text = VB_NUM(++number);
    snprintf(suffix, sizeof suffix, "-pl%s%s", number_text, w->suffix);
    s = make_pdf(m, &part, w, suffix);
  }
  return s;
}

static vb_status add_trace(maker *m) {
  output *out = NULL;
  vb_told told = {m->pdfs, m->n_pdfs, m->has_sheets ? &m->sheets : NULL};
  vb_status s = next_output(m, "trace", ".trace.json", &out);
  return s == VB_OK ? vb_trace_file(m->run->diag, m->scratch, m->doc, &told, &out->bytes) : s;
}

/* The package holds the PDFs and the workbook, under their own names. */
static vb_status add_package(maker *m) {
  vb_edxml_file *files = VB_NEW_ARRAY(m->scratch, vb_edxml_file, m->n_out);
  size_t n = 0;
  if (files == NULL) return VB_NOMEM;
  for (size_t i = 0; i < m->n_out; i++) {
    const output *f = &m->out[i];
    if (strcmp(f->type, "pdf") != 0 && strcmp(f->type, "xlsx") != 0) continue;
    files[n++] = (vb_edxml_file){strrchr(f->path, '/') + 1, m->doc->meta.title, {f->bytes.p, f->bytes.n}};
  }
  output *out = NULL;
  vb_status s = next_output(m, "edxml", ".edxml", &out);
  if (s != VB_OK) return s;
  vb_handing h = {m->order, out->path, m->all_pages, files, n, m->run->o->date, m->run->edxml_schema};
  return vb_package_file(m->run->diag, m->scratch, m->doc, &h, &out->bytes);
}

static vb_status add_records(maker *m) {
  vb_handing h = {.order = m->order, .pages = m->all_pages};
  vb_status s = VB_OK;
  for (size_t i = 0; i < vb_archive_count(m->run->archive) && s == VB_OK; i++) {
    output *out = NULL;
    s = next_output(m, "archive", vb_archive_suffix(m->run->archive, i), &out);
    if (s == VB_OK) s = vb_archive_file(m->run, m->scratch, m->doc, &h, i, &out->bytes);
  }
  return s;
}

static vb_status hand_over(maker *m) {
  const vb_options *o = m->run->o;
  bool ready = false;
  if (!o->edxml && !o->archive) return VB_OK;
  vb_status s = vb_handing_ready(m->run, m->order, &ready);
  if (s == VB_OK && ready && o->edxml) s = add_package(m);
  if (s == VB_OK && ready && o->archive) s = add_records(m);
  return s;
}

/* PDF/A-3a carries the figures that it prints. */
static vb_status attach_figures(maker *m, vb_write_options *o, vb_attachment *file, vb_buf *csv) {
  if (o->pdfa != VB_PDFA_3A || m->doc->n_data == 0) return VB_OK;
  vb_status s = vb_figures_csv(m->doc, csv);
  *file = (vb_attachment){"so-lieu.csv", "text/csv", "Số liệu nguồn của văn bản", {csv->p, csv->n}};
  o->attachments = file;
  o->n_attachments = 1;
  return s;
}

static vb_status write_formats(maker *m, const vb_write_options *o) {
  unsigned formats = m->run->o->formats != 0 ? m->run->o->formats : 1u << VB_FORMAT_PDF | 1u << VB_FORMAT_XLSX;
  if (m->run->o->archive) formats |= 1u << VB_FORMAT_PDF; /* whose pages the records count */
  vb_status s = VB_OK;
  for (int f = 0; f < VB_FORMATS && s == VB_OK; f++) {
    if (!(formats & 1u << f)) continue;
    const vb_writer *w = vb_writer_get((vb_format)f);
    vb_written told;
    if (f == VB_FORMAT_PDF || f == VB_FORMAT_PAGES) s = make_pdfs(m, o, w);
    else if (f != VB_FORMAT_XLSX) s = add_output(m, w, o, w->suffix, &told);
    else if (vb_write_has_sheets(m->doc)) {
      s = add_output(m, w, o, w->suffix, &m->sheets);
      m->has_sheets = true;
    }
  }
  return s;
}

static vb_status make_outputs(maker *m) {
  vb_write_options o = {.fonts = m->run->fonts, .pdfa = m->run->o->pdfa, .producer = vb_generator()};
  vb_attachment file;
  vb_buf csv;
  vb_buf_init(&csv);
  vb_status s = attach_figures(m, &o, &file, &csv);
  if (s == VB_OK) s = write_formats(m, &o);
  vb_buf_free(&csv);
  if (s == VB_OK && (m->n_pdfs > 0 || m->has_sheets)) s = add_trace(m);
  if (s == VB_OK) s = hand_over(m);
  return s;
}

/* Writes files of the document, all or none, and their lines in the manifest behind those that are there. */
static vb_status write_files(maker *m, const char *dir, const output *list, size_t n) {
  vb_man_doc *man = m->man;
  vb_man_file *lines = VB_NEW_ARRAY(m->keep, vb_man_file, man->n_files + n);
  vb_file_bytes *files = VB_NEW_ARRAY(m->scratch, vb_file_bytes, n);
  if (lines == NULL || files == NULL) return VB_NOMEM;
  if (man->n_files > 0) memcpy(lines, man->files, man->n_files * sizeof *lines);
  for (size_t i = 0; i < n; i++) {
    const vb_buf *bytes = &list[i].bytes;
    vb_man_file *f = &lines[man->n_files + i];
    *f = (vb_man_file){.path = list[i].path, .bytes = bytes->n, .type = list[i].type};
    files[i] = (vb_file_bytes){vb_path_join(m->scratch, dir, list[i].path), bytes->p, bytes->n};
    if (files[i].path == NULL || !vb_sha256(bytes->p, bytes->n, f->sha256)) return VB_NOMEM;
  }
  vb_status s = vb_files_write(m->run->diag, files, n);
  man->files = lines;
  if (s == VB_OK) man->n_files += n;
  return s;
}

static vb_status write_outputs(maker *m, const char *dir) {
  const char *unit_dir = vb_path_join(m->scratch, dir, m->order->task->unit);
  vb_status s = unit_dir == NULL ? VB_NOMEM : vb_dir_make_in(m->run->diag, unit_dir);
  return s == VB_OK ? write_files(m, dir, m->out, m->n_out) : s;
}

/* Pictures of the pages, behind the files themselves: without them a document is as good. */
static vb_status add_pictures(maker *m, const char *dir) {
  for (size_t i = 0; i < m->n_out; i++) {
    const output *pdf = &m->out[i];
    vb_picture *pictures = NULL;
    size_t n = 0;
    if (strcmp(pdf->type, "pdf") != 0) continue;
    vb_status s = vb_preview_make(m->run, m->keep, pdf->path, (vb_span){pdf->bytes.p, pdf->bytes.n}, &pictures, &n);
    output *list = s != VB_OK ? NULL : VB_NEW_ARRAY(m->scratch, output, n);
    if (s == VB_OK && list == NULL) s = VB_NOMEM;
    for (size_t k = 0; k < n && s == VB_OK; k++) list[k] = (output){pictures[k].path, "preview", pictures[k].bytes};
    if (s == VB_OK) s = write_files(m, dir, list, n);
    for (size_t k = 0; k < n; k++) vb_buf_free(&pictures[k].bytes);
    if (s != VB_OK) return s;
  }
  return VB_OK;
}

static const char *copied(vb_arena *a, const char *s, bool *failed) {
  if (s == NULL) return NULL;
  char *c = vb_arena_str(a, s, strlen(s));
  if (c == NULL) *failed = true;
  return c;
}

vb_status vb_document_describe(const vb_order *o, const vb_meta *meta, vb_arena *keep, vb_man_doc *man) {
  bool failed = false;
  memset(man, 0, sizeof *man);
  man->unit = copied(keep, o->task->unit, &failed);
  man->unit_name = copied(keep, meta->unit_name, &failed);
  man->document = copied(keep, o->task->doc->id, &failed);
  man->template_id = copied(keep, o->task->doc->template_id, &failed);
  man->kind = copied(keep, meta->kind, &failed);
  man->state = state_names[meta->state];
  man->number = copied(keep, meta->number, &failed);
  man->symbol = copied(keep, meta->symbol, &failed);
  char date[11];
  if (meta->date.year != 0) {
    vb_date_print_iso(meta->date, date);
    man->date = copied(keep, date, &failed);
  }
  return failed ? VB_NOMEM : VB_OK;
}

/* The tree as its template makes it; made_of, unless NULL: what it is made of. */
static vb_status build_tree(vb_run *run, const vb_order *o, vb_doc **doc, char *made_of) {
  vb_narrator narrator = {.run = run, .unit = o->task->unit, .own = VB_NO_FOLDER};
  vb_build b = {.unit = o->task->unit, .period = run->job->period, .meta = &o->meta, .variables = o->task->doc->variables, .n_variables = o->task->doc->n_variables,
                .separate_appendices = o->task->doc->separate, .narrative = vb_narrate, .ctx = &narrator};
  vb_store_roll_up(run->store, o->task->doc->data == VB_DATA_CHILDREN);
  vb_status s = vb_store_scope(run->store, o->task->unit, run->job->period);
  if (s == VB_OK && made_of != NULL) s = vb_made_of_start(run, o, &narrator.made_of);
  if (s == VB_OK) s = vb_template_build(run->diag, o->task->tpl, run->store, &b, doc);
  vb_narrator_end(&narrator);
  return made_of == NULL ? s : vb_worse(s, vb_made_of_end(run, narrator.made_of, *doc, made_of));
}

/* writing: rows of long tables are proved as the writer asks for them. */
static vb_status prove_tree(vb_run *run, const vb_doc *doc, bool writing) {
  vb_status s = writing ? vb_doc_verify_held(run->diag, doc) : vb_doc_verify(run->diag, doc);
  return s == VB_OK ? vb_findings_document(run, doc) : s;
}

vb_status vb_document_check(vb_run *run, const vb_order *o) {
  vb_doc *doc = NULL;
  vb_status s = build_tree(run, o, &doc, NULL);
  if (s == VB_OK) s = prove_tree(run, doc, false);
  vb_doc_free(doc);
  return s;
}

vb_status vb_document_make(vb_run *run, const vb_order *o, const char *dir, vb_arena *keep, vb_man_doc *man) {
  maker *m = vb_mem_zalloc(sizeof *m);
  if (m == NULL) return VB_NOMEM;
  *m = (maker){.run = run, .order = o, .scratch = vb_arena_new(0), .man = man, .keep = keep};
  char made_of[VB_SHA256_HEX];
  vb_status s = m->scratch == NULL ? VB_NOMEM : build_tree(run, o, &m->doc, made_of);
  if (s == VB_OK && made_of[0] != '\0' && strcmp(made_of, man->inputs_hash) == 0) s = VB_DONE;
  if (s == VB_OK) s = prove_tree(run, m->doc, true);
  if (s == VB_OK) s = vb_document_describe(o, &m->doc->meta, keep, man);
  if (s == VB_OK) memcpy(man->inputs_hash, made_of, sizeof made_of);
  if (s == VB_OK) s = make_outputs(m);
  if (vb_diag_failed(run->diag)) s = vb_worse(s, VB_NOMEM); /* a finding or a place is missing: what was made without it is not written */
  if (s == VB_OK) s = write_outputs(m, dir);
  if (s == VB_OK && run->o->preview) s = add_pictures(m, dir);
  for (size_t i = 0; i < m->n_out; i++) vb_buf_free(&m->out[i].bytes);
  vb_doc_free(m->doc);
  vb_arena_free(m->scratch);
  vb_mem_free(m);
  return s;
}
