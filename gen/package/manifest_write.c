/* manifest_write.c: manifest and findings as JSON (jansson), with the fields and their order that product.md fixes. */
#include <string.h>

#include <jansson.h>

#include "package/manifest_int.h"
#include "package/package.h"

const char *const vb_doc_status_names[] = {"written", "unchanged", "withheld", "no-data"};

/* Every value handed to jansson goes through these three: a NULL from it is remembered and reported once at the end. */
static void put(vb_json *j, json_t *object, const char *key, json_t *value) {
  if (value == NULL || json_object_set_new(object, key, value) != 0) j->failed = true;
}

static json_t *text(const char *s) { return s == NULL ? json_null() : json_string(s); }

static json_t *or_null(int64_t v) { return v == 0 ? json_null() : json_integer(v); }

static json_t *make_object(vb_json *j) {
  json_t *o = json_object();
  if (o == NULL) j->failed = true;
  return o;
}

static json_t *make_array(vb_json *j) {
  json_t *a = json_array();
  if (a == NULL) j->failed = true;
  return a;
}

static void append(vb_json *j, json_t *array, json_t *value) {
  if (value == NULL || json_array_append_new(array, value) != 0) j->failed = true;
}

static const char *severity_name(vb_severity s) {
  return s == VB_INFO ? "info" : s == VB_WARNING ? "warning" : "error";
}

/* The key by which a finding is known from run to run: what a waiver names, and never a line number. */
static void finding_id(vb_json *j, const vb_finding *f, char out[VB_SHA256_HEX]) {
  const char *known = f->msg == VB_MSG_RULE ? f->args[VB_FINDING_ID_ARG] : NULL;
  if (known != NULL && strlen(known) == VB_FINDING_ID_CHARS) {
    memcpy(out, known, VB_FINDING_ID_CHARS + 1);
    return;
  }
  vb_hash *h = vb_hash_new();
  if (h == NULL) {
    j->failed = true;
    out[0] = '\0';
    return;
  }
  vb_hash_add_str(h, f->rule);
  vb_hash_add_str(h, f->unit);
  vb_hash_add_str(h, f->document);
  vb_hash_add_str(h, f->code);
  if (f->code == NULL) /* without a code the words tell findings of one rule apart */
    for (size_t i = 0; i < VB_MSG_ARGS; i++) vb_hash_add_str(h, f->args[i]);
  if (!vb_hash_end(h, out)) j->failed = true;
  out[VB_FINDING_ID_CHARS] = '\0';
}

static json_t *finding(vb_json *j, const vb_finding *f) {
  json_t *o = make_object(j);
  char id[VB_SHA256_HEX];
  finding_id(j, f, id);
  vb_buf message;
  vb_buf_init(&message);
  vb_finding_text(f, j->lang, &message);
  if (message.failed) j->failed = true;
  put(j, o, "id", text(id));
  put(j, o, "rule", text(f->rule));
  put(j, o, "severity", text(severity_name(f->severity)));
  put(j, o, "file", text(f->at.file));
  put(j, o, "line", or_null(f->at.line));
  put(j, o, "column", or_null(f->at.column));
  put(j, o, "cell", text(f->at.cell));
  put(j, o, "unit", text(f->unit));
  put(j, o, "document", text(f->document));
  put(j, o, "code", text(f->code));
  put(j, o, "message", text(vb_buf_cstr(&message)));
  vb_buf_free(&message);
  if (f->waived.reason == NULL) {
    put(j, o, "waived", json_null());
  } else {
    json_t *w = make_object(j);
    put(j, w, "reason", text(f->waived.reason));
    put(j, w, "who", text(f->waived.who));
    put(j, w, "date", text(f->waived.date));
    put(j, o, "waived", w);
  }
  return o;
}

static json_t *finding_list(vb_json *j, const vb_finding *f) {
  json_t *a = make_array(j);
  for (; f != NULL; f = f->next) append(j, a, finding(j, f));
  return a;
}

static json_t *slot_list(vb_json *j, const vb_man_doc *doc) {
  json_t *a = make_array(j);
  for (size_t i = 0; i < doc->n_slots; i++) {
    const vb_man_slot *s = &doc->slots[i];
    json_t *o = make_object(j);
    put(j, o, "name", text(s->name));
    put(j, o, "kind", text(s->kind));
    put(j, o, "file", text(s->file));
    put(j, o, "page", json_integer(s->page));
    json_t *box = make_array(j); /* pt from the lower left corner: x, y, width, height */
    const int64_t v[4] = {s->x, s->y, s->w, s->h};
    for (size_t k = 0; k < 4; k++) append(j, box, json_real((double)v[k] / 1000.0));
    put(j, o, "box", box);
    append(j, a, o);
  }
  return a;
}

static json_t *document(vb_json *j, const vb_man_doc *doc) {
  json_t *o = make_object(j);
  put(j, o, "unit", text(doc->unit));
  put(j, o, "unit_name", text(doc->unit_name));
  put(j, o, "document", text(doc->document));
  put(j, o, "template", text(doc->template_id));
  put(j, o, "kind", text(doc->kind));
  put(j, o, "state", text(doc->state));
  put(j, o, "number", text(doc->number));
  put(j, o, "symbol", text(doc->symbol));
  put(j, o, "date", text(doc->date));
  put(j, o, "status", text(vb_doc_status_names[doc->status]));
  put(j, o, "pages", json_integer(doc->pages));
  put(j, o, "signatures", json_integer(doc->signatures));
  put(j, o, "slots", slot_list(j, doc));
  json_t *files = make_array(j);
  for (size_t i = 0; i < doc->n_files; i++) {
    const vb_man_file *f = &doc->files[i];
    json_t *e = make_object(j);
    put(j, e, "path", text(f->path));
    put(j, e, "bytes", json_integer((json_int_t)f->bytes));
    put(j, e, "sha256", text(f->sha256));
    put(j, e, "type", text(f->type));
    append(j, files, e);
  }
  put(j, o, "files", files);
  put(j, o, "findings", finding_list(j, doc->findings));
  put(j, o, "made_of", text(doc->inputs_hash[0] ? doc->inputs_hash : NULL));
  return o;
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

static json_t *totals(vb_json *j, const vb_manifest *m, sums *t) {
  count_findings(m->findings, t->n, &t->waived);
  json_t *o = make_object(j);
  put(j, o, "documents", json_integer((json_int_t)m->n_docs));
  put(j, o, "written", json_integer((json_int_t)t->by_status[VB_DOC_WRITTEN] + (json_int_t)t->by_status[VB_DOC_UNCHANGED]));
  put(j, o, "withheld", json_integer((json_int_t)t->by_status[VB_DOC_WITHHELD]));
  put(j, o, "no-data", json_integer((json_int_t)t->by_status[VB_DOC_NO_DATA]));
  put(j, o, "pages", json_integer((json_int_t)t->pages));
  put(j, o, "files", json_integer((json_int_t)t->files));
  put(j, o, "bytes", json_integer((json_int_t)t->bytes));
  put(j, o, "errors", json_integer((json_int_t)t->n[2]));
  put(j, o, "warnings", json_integer((json_int_t)t->n[1]));
  put(j, o, "infos", json_integer((json_int_t)t->n[0]));
  put(j, o, "waived", json_integer((json_int_t)t->waived));
  put(j, o, "cut", json_integer((json_int_t)m->findings_cut));
  return o;
}

/* A piece of the whole, moved to the right by `depth`: texts of JSON hold no line feed of their own. */
typedef struct piece { vb_buf *out; int depth; } piece;

static int to_buf(const char *bytes, size_t n, void *ctx) {
  piece *p = ctx;
  for (size_t i = 0; i < n; i++) {
    const char *feed = memchr(bytes + i, '\n', n - i);
    size_t k = feed == NULL ? n - i : (size_t)(feed - bytes) - i + 1;
    vb_buf_add(p->out, bytes + i, k);
    for (int d = 0; feed != NULL && d < p->depth; d++) vb_buf_char(p->out, ' ');
    i += k - 1;
  }
  return p->out->failed ? -1 : 0;
}

static void dump_at(vb_json *j, json_t *value, int depth, vb_buf *out) {
  piece p = {out, depth};
  if (value == NULL || json_dump_callback(value, to_buf, &p, JSON_INDENT(1) | JSON_REAL_PRECISION(9) | JSON_ENCODE_ANY) != 0) j->failed = true;
  json_decref(value);
}

static void member(vb_json *j, const char *name, json_t *value, vb_buf *out) {
  vb_buf_printf(out, "%s\n \"%s\": ", out->n > 0 && out->p[out->n - 1] == '{' ? "" : ",", name);
  dump_at(j, value, 1, out);
}

/* As jansson would print it, to which the path alone is left: an object of it for each file that was read is dear where they are a hundred thousand. */
static void print_input(vb_json *j, const vb_man_input *in, vb_buf *out) {
  vb_buf_str(out, "{\n   \"path\": ");
  dump_at(j, text(in->path), 2, out);
  vb_buf_str(out, ",\n   \"bytes\": ");
  vb_buf_int(out, (int64_t)in->bytes);
  vb_buf_str(out, ",\n   \"sha256\": \"");
  vb_buf_str(out, in->sha256);
  vb_buf_str(out, "\"\n  }");
}

static vb_status input_at(const vb_manifest *m, size_t i, const vb_man_input **out) {
  if (m->input_next != NULL) return m->input_next(m->ctx, out);
  if (i == m->n_inputs) return VB_DONE;
  *out = &m->inputs[i];
  return VB_OK;
}

static vb_status input_list(vb_json *j, const vb_manifest *m, vb_buf *out) {
  const vb_man_input *in;
  vb_status s = VB_OK;
  size_t n = 0;
  vb_buf_str(out, ",\n \"inputs\": [");
  while (s == VB_OK && (s = input_at(m, n, &in)) == VB_OK) {
    vb_buf_str(out, n++ > 0 ? ",\n  " : "\n  ");
    print_input(j, in, out);
    if (m->taken != NULL) s = m->taken(m->ctx, out);
  }
  vb_buf_str(out, n > 0 ? "\n ]" : "]");
  return s == VB_DONE ? VB_OK : s;
}

static vb_status document_list(vb_json *j, const vb_manifest *m, sums *t, vb_buf *out) {
  vb_status s = VB_OK;
  vb_buf_str(out, ",\n \"documents\": [");
  for (size_t i = 0; i < m->n_docs && s == VB_OK; i++) {
    const vb_man_doc *doc;
    s = vb_manifest_doc(m, i, &doc);
    if (s != VB_OK) break;
    vb_buf_str(out, i > 0 ? ",\n  " : "\n  ");
    sum_up(t, doc);
    dump_at(j, document(j, doc), 2, out);
    if (m->taken != NULL) s = m->taken(m->ctx, out);
  }
  vb_buf_str(out, m->n_docs > 0 ? "\n ]" : "]");
  return s;
}

/* The object is put together from its members, so that of its documents one is held at a time. */
vb_status vb_manifest_print(vb_diag *d, const vb_manifest *m, vb_lang lang, vb_buf *out) {
  (void)d;
  vb_json j = {lang, false};
  sums t = {.pages = 0};
  vb_buf_char(out, '{');
  member(&j, "format", json_integer(VB_MANIFEST_FORMAT), out);
  member(&j, "job", text(m->job), out);
  member(&j, "period", text(m->period), out);
  member(&j, "generator", text(m->generator), out);
  vb_status s = input_list(&j, m, out);
  if (s == VB_OK) s = document_list(&j, m, &t, out);
  member(&j, "findings", finding_list(&j, m->findings), out);
  member(&j, "totals", totals(&j, m, &t), out);
  vb_buf_str(out, "\n}\n");
  if (s != VB_OK) return s;
  if (j.failed || out->failed) return VB_NOMEM;
  return m->taken != NULL ? m->taken(m->ctx, out) : VB_OK;
}

/* A finding at a time: of a million of them the tree would be eight times the text. */
vb_status vb_findings_print(const vb_diag *d, vb_lang lang, vb_buf *out) {
  vb_json j = {lang, false};
  const char *comma = "";
  vb_buf_char(out, '{');
  member(&j, "format", json_integer(VB_MANIFEST_FORMAT), out);
  vb_buf_str(out, ",\n \"findings\": [");
  for (const vb_finding *f = vb_diag_first(d); f != NULL && !j.failed && !out->failed; f = f->next) {
    vb_buf_printf(out, "%s\n  ", comma);
    dump_at(&j, finding(&j, f), 2, out);
    comma = ",";
  }
  vb_buf_str(out, *comma != '\0' ? "\n ]\n}\n" : "]\n}\n");
  return j.failed || out->failed ? VB_NOMEM : VB_OK;
}
