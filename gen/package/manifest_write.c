/* manifest_write.c: manifest and findings as JSON, with the fields and their order that product.md fixes. */
#include <string.h>

#include "package/json_print.h"
#include "package/manifest_int.h"
#include "package/package.h"

const char *const vb_doc_status_names[] = {"written", "unchanged", "withheld", "no-data"};

static const char *severity_name(vb_severity s) {
  return s == VB_INFO ? "info" : s == VB_WARNING ? "warning" : "error";
}

/* The key by which a finding is known from run to run: what a waiver names, and never a line number. */
static bool finding_id(const vb_finding *f, char out[VB_SHA256_HEX]) {
  const char *known = f->msg == VB_MSG_RULE ? f->args[VB_FINDING_ID_ARG] : NULL;
  if (known != NULL && strlen(known) == VB_FINDING_ID_CHARS) {
    memcpy(out, known, VB_FINDING_ID_CHARS + 1);
    return true;
  }
  vb_hash *h = vb_hash_new();
  if (h == NULL) return false;
  vb_hash_add_str(h, f->rule);
  vb_hash_add_str(h, f->unit);
  vb_hash_add_str(h, f->document);
  vb_hash_add_str(h, f->code);
  if (f->code == NULL) /* without a code the words tell findings of one rule apart */
    for (size_t i = 0; i < VB_MSG_ARGS; i++) vb_hash_add_str(h, f->args[i]);
  bool good = vb_hash_end(h, out);
  out[VB_FINDING_ID_CHARS] = '\0';
  return good;
}

static void put_finding(vb_json *j, const vb_finding *f, vb_lang lang) {
  char id[VB_SHA256_HEX];
  if (!finding_id(f, id)) {
    j->out->failed = true;
    return;
  }
  vb_buf message;
  vb_buf_init(&message);
  vb_finding_text(f, lang, &message);
  j->out->failed |= message.failed;
  vb_json_open(j, NULL, '{');
  vb_json_put(j, "id", id);
  vb_json_put(j, "rule", f->rule);
  vb_json_put(j, "severity", severity_name(f->severity));
  vb_json_put(j, "file", f->at.file);
  vb_json_next(j, "line");
  vb_json_count(j->out, "", f->at.line);
  vb_json_next(j, "column");
  vb_json_count(j->out, "", f->at.column);
  vb_json_put(j, "cell", f->at.cell);
  vb_json_put(j, "unit", f->unit);
  vb_json_put(j, "document", f->document);
  vb_json_put(j, "code", f->code);
  vb_json_put(j, "message", vb_buf_cstr(&message));
  vb_buf_free(&message);
  if (f->waived.reason == NULL) {
    vb_json_put(j, "waived", NULL);
  } else {
    vb_json_open(j, "waived", '{');
    vb_json_put(j, "reason", f->waived.reason);
    vb_json_put(j, "who", f->waived.who);
    vb_json_put(j, "date", f->waived.date);
    vb_json_close(j, '}');
  }
  vb_json_close(j, '}');
}

static void put_findings(vb_json *j, const vb_finding *f, vb_lang lang) {
  vb_json_open(j, "findings", '[');
  for (; f != NULL; f = f->next) put_finding(j, f, lang);
  vb_json_close(j, ']');
}

static void put_slots(vb_json *j, const vb_man_doc *doc) {
  vb_json_open(j, "slots", '[');
  for (size_t i = 0; i < doc->n_slots; i++) {
    const vb_man_slot *s = &doc->slots[i];
    const int64_t box[] = {s->x, s->y, s->w, s->h}; /* from the lower left corner */
    vb_json_open(j, NULL, '{');
    vb_json_put(j, "name", s->name);
    vb_json_put(j, "kind", s->kind);
    vb_json_put(j, "file", s->file);
    vb_json_put_int(j, "page", s->page);
    vb_json_open(j, "box", '[');
    for (size_t k = 0; k < 4; k++) {
      vb_json_next(j, NULL);
      vb_json_points(j->out, "", box[k]);
    }
    vb_json_close(j, ']');
    vb_json_close(j, '}');
  }
  vb_json_close(j, ']');
}

static void put_files(vb_json *j, const vb_man_doc *doc) {
  vb_json_open(j, "files", '[');
  for (size_t i = 0; i < doc->n_files; i++) {
    const vb_man_file *f = &doc->files[i];
    vb_json_open(j, NULL, '{');
    vb_json_put(j, "path", f->path);
    vb_json_put_int(j, "bytes", (int64_t)f->bytes);
    vb_json_put(j, "sha256", f->sha256);
    vb_json_put(j, "type", f->type);
    vb_json_close(j, '}');
  }
  vb_json_close(j, ']');
}

static void put_document(vb_json *j, const vb_man_doc *doc, vb_lang lang) {
  vb_json_open(j, NULL, '{');
  vb_json_put(j, "unit", doc->unit);
  vb_json_put(j, "unit_name", doc->unit_name);
  vb_json_put(j, "document", doc->document);
  vb_json_put(j, "template", doc->template_id);
  vb_json_put(j, "kind", doc->kind);
  vb_json_put(j, "state", doc->state);
  vb_json_put(j, "number", doc->number);
  vb_json_put(j, "symbol", doc->symbol);
  vb_json_put(j, "date", doc->date);
  vb_json_put(j, "status", vb_doc_status_names[doc->status]);
  vb_json_put_int(j, "pages", doc->pages);
  vb_json_put_int(j, "signatures", doc->signatures);
  put_slots(j, doc);
  put_files(j, doc);
  put_findings(j, doc->findings, lang);
  vb_json_put(j, "made_of", doc->inputs_hash[0] != '\0' ? doc->inputs_hash : NULL);
  vb_json_close(j, '}');
}

static void count_findings(const vb_finding *f, size_t n[3], size_t *waived) {
  for (; f != NULL; f = f->next) {
    if (f->waived.reason != NULL) ++*waived;
    else n[f->severity == VB_INFO ? 0 : f->severity == VB_WARNING ? 1 : 2]++;
  }
}

vb_status vb_manifest_doc(const vb_manifest *m, size_t i, const vb_man_doc **out) {
  if (m->doc_at != NULL) return m->doc_at(m->ctx, i, out);
  *out = &m->docs[i];
  return VB_OK;
}

typedef struct sums { size_t by_status[4], pages, files, waived, n[3]; uint64_t bytes; } sums;

static void sum_up(sums *t, const vb_man_doc *doc) {
  t->by_status[doc->status]++;
  t->pages += (size_t)doc->pages;
  t->files += doc->n_files;
  for (size_t k = 0; k < doc->n_files; k++) t->bytes += doc->files[k].bytes;
  count_findings(doc->findings, t->n, &t->waived);
}

static void put_totals(vb_json *j, const vb_manifest *m, sums *t) {
  count_findings(m->findings, t->n, &t->waived);
  vb_json_open(j, "totals", '{');
  vb_json_put_int(j, "documents", (int64_t)m->n_docs);
  vb_json_put_int(j, "written", (int64_t)t->by_status[VB_DOC_WRITTEN] + (int64_t)t->by_status[VB_DOC_UNCHANGED]);
  vb_json_put_int(j, "withheld", (int64_t)t->by_status[VB_DOC_WITHHELD]);
  vb_json_put_int(j, "no-data", (int64_t)t->by_status[VB_DOC_NO_DATA]);
  vb_json_put_int(j, "pages", (int64_t)t->pages);
  vb_json_put_int(j, "files", (int64_t)t->files);
  vb_json_put_int(j, "bytes", (int64_t)t->bytes);
  vb_json_put_int(j, "errors", (int64_t)t->n[2]);
  vb_json_put_int(j, "warnings", (int64_t)t->n[1]);
  vb_json_put_int(j, "infos", (int64_t)t->n[0]);
  vb_json_put_int(j, "waived", (int64_t)t->waived);
  vb_json_put_int(j, "cut", (int64_t)m->findings_cut);
  vb_json_close(j, '}');
}

static vb_status input_at(const vb_manifest *m, size_t i, const vb_man_input **out) {
  if (m->input_next != NULL) return m->input_next(m->ctx, out);
  if (i == m->n_inputs) return VB_DONE;
  *out = &m->inputs[i];
  return VB_OK;
}

/* What is printed so far may go, so that neither inputs nor documents are held. */
static vb_status hand_on(const vb_manifest *m, vb_json *j) { return m->taken != NULL ? m->taken(m->ctx, j->out) : VB_OK; }

static vb_status put_inputs(vb_json *j, const vb_manifest *m) {
  const vb_man_input *in;
  vb_status s = VB_OK;
  vb_json_open(j, "inputs", '[');
  for (size_t i = 0; s == VB_OK && (s = input_at(m, i, &in)) == VB_OK; i++) {
    vb_json_open(j, NULL, '{');
    vb_json_put(j, "path", in->path);
    vb_json_put_int(j, "bytes", (int64_t)in->bytes);
    vb_json_put(j, "sha256", in->sha256);
    vb_json_close(j, '}');
    s = hand_on(m, j);
  }
  vb_json_close(j, ']');
  return s == VB_DONE ? VB_OK : s;
}

static vb_status put_documents(vb_json *j, const vb_manifest *m, vb_lang lang, sums *t) {
  const vb_man_doc *doc;
  vb_status s = VB_OK;
  vb_json_open(j, "documents", '[');
  for (size_t i = 0; i < m->n_docs && s == VB_OK && (s = vb_manifest_doc(m, i, &doc)) == VB_OK; i++) {
    sum_up(t, doc);
    put_document(j, doc, lang);
    s = hand_on(m, j);
  }
  vb_json_close(j, ']');
  return s;
}

vb_status vb_manifest_print(vb_diag *d, const vb_manifest *m, vb_lang lang, vb_buf *out) {
  (void)d;
  vb_json j = {.out = out};
  sums t = {.pages = 0};
  vb_json_open(&j, NULL, '{');
  vb_json_put_int(&j, "format", VB_MANIFEST_FORMAT);
  vb_json_put(&j, "job", m->job);
  vb_json_put(&j, "period", m->period);
  vb_json_put(&j, "generator", m->generator);
  vb_status s = put_inputs(&j, m);
  if (s == VB_OK) s = put_documents(&j, m, lang, &t);
  put_findings(&j, m->findings, lang);
  put_totals(&j, m, &t);
  vb_json_close(&j, '}');
  vb_buf_char(out, '\n');
  if (s != VB_OK) return s;
  return out->failed ? VB_NOMEM : hand_on(m, &j);
}

vb_status vb_findings_print(const vb_diag *d, vb_lang lang, vb_buf *out) {
  vb_json j = {.out = out};
  vb_json_open(&j, NULL, '{');
  vb_json_put_int(&j, "format", VB_MANIFEST_FORMAT);
  put_findings(&j, vb_diag_first(d), lang);
  vb_json_close(&j, '}');
  vb_buf_char(out, '\n');
  return out->failed ? VB_NOMEM : VB_OK;
}
