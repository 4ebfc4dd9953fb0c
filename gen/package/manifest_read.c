/* manifest_read.c: a former run's manifest, read back as hostile input: types, paths and sizes are checked. */
#include <string.h>

#include <jansson.h>

#include "package/manifest_int.h"
#include "package/package.h"


typedef struct reader { vb_diag *d; vb_manifest *m; const char *file; bool failed; const char *wrong; } reader;

static const char *text_of(reader *r, const json_t *o, const char *key) {
  const json_t *v = json_object_get(o, key);
  if (v == NULL || json_is_null(v)) return NULL;
  if (!json_is_string(v)) {
    r->wrong = key;
    return NULL;
  }
  char *s = vb_arena_str(r->m->arena, json_string_value(v), json_string_length(v));
  if (s == NULL) r->failed = true;
  return s;
}

static int64_t int_of(reader *r, const json_t *o, const char *key, int64_t most) {
  const json_t *v = json_object_get(o, key);
  if (v == NULL || json_is_null(v)) return 0;
  if (!json_is_integer(v) || json_integer_value(v) < 0 || json_integer_value(v) > most) {
    r->wrong = key;
    return 0;
  }
  return json_integer_value(v);
}

static const json_t *list_of(reader *r, const json_t *o, const char *key, size_t *n) {
  const json_t *v = json_object_get(o, key);
  *n = 0;
  if (v == NULL) return NULL;
  if (!json_is_array(v)) {
    r->wrong = key;
    return NULL;
  }
  *n = json_array_size(v);
  return v;
}

static void hash_of(reader *r, const json_t *o, const char *key, char out[VB_SHA256_HEX]) {
  const char *s = text_of(r, o, key);
  out[0] = '\0';
  if (s == NULL) return;
  if (strlen(s) != 64 || strspn(s, "0123456789abcdef") != 64) r->wrong = key;
  else memcpy(out, s, VB_SHA256_HEX);
}

/* Invariant 3 of package.h: a path that leaves the manifest's folder would let a forged manifest remove other files. */
static bool path_stays_inside(const char *p) {
  if (p == NULL || p[0] == '\0' || p[0] == '/' || strchr(p, '\\') != NULL) return false;
  for (const char *s = p; *s != '\0';) {
    size_t n = strcspn(s, "/");
    if (n == 0 || (n == 1 && s[0] == '.') || (n == 2 && s[0] == '.' && s[1] == '.')) return false;
    for (size_t i = 0; i < n; i++)
      if ((unsigned char)s[i] < 0x20) return false;
    s += n;
    if (*s == '/' && *++s == '\0') return false;
  }
  return true;
}

static vb_severity severity_of(const char *s) {
  return s == NULL || strcmp(s, "error") == 0 ? VB_ERROR : strcmp(s, "warning") == 0 ? VB_WARNING : VB_INFO;
}

/* NULL where it is none: then it is made anew. */
static const char *id_of(reader *r, const json_t *o) {
  const char *s = text_of(r, o, "id");
  return s != NULL && strlen(s) == VB_FINDING_ID_CHARS && strspn(s, "0123456789abcdef") == VB_FINDING_ID_CHARS ? s : NULL;
}

static vb_finding *findings_of(reader *r, const json_t *o) {
  size_t n;
  const json_t *list = list_of(r, o, "findings", &n);
  vb_finding *first = NULL, **end = &first;
  for (size_t i = 0; i < n && !r->failed; i++) {
    const json_t *e = json_array_get(list, i);
    vb_finding *f = VB_NEW(r->m->arena, vb_finding);
    if (f == NULL) {
      r->failed = true;
      return first;
    }
    f->msg = VB_MSG_RULE; /* its text came out in one language, and stays in it */
    f->severity = severity_of(text_of(r, e, "severity"));
    f->rule = text_of(r, e, "rule");
    f->at.file = text_of(r, e, "file");
    f->at.line = (uint32_t)int_of(r, e, "line", UINT32_MAX);
    f->at.column = (uint32_t)int_of(r, e, "column", UINT32_MAX);
    f->at.cell = text_of(r, e, "cell");
    f->unit = text_of(r, e, "unit");
    f->document = text_of(r, e, "document");
    f->code = text_of(r, e, "code");
    f->args[0] = f->args[1] = text_of(r, e, "message");
    f->args[VB_FINDING_ID_ARG] = id_of(r, e);
    const json_t *w = json_object_get(e, "waived");
    if (json_is_object(w)) {
      f->waived.reason = text_of(r, w, "reason");
      f->waived.who = text_of(r, w, "who");
      f->waived.date = text_of(r, w, "date");
    }
    *end = f;
    end = &f->next;
  }
  return first;
}

static void files_of(reader *r, const json_t *o, vb_man_doc *doc) {
  size_t n;
  const json_t *list = list_of(r, o, "files", &n);
  doc->files = VB_NEW_ARRAY(r->m->arena, vb_man_file, n);
  if (doc->files == NULL) {
    r->failed = true;
    return;
  }
  for (size_t i = 0; i < n; i++) {
    const json_t *e = json_array_get(list, i);
    vb_man_file *f = &doc->files[doc->n_files++];
    f->path = text_of(r, e, "path");
    f->bytes = (uint64_t)int_of(r, e, "bytes", INT64_MAX);
    hash_of(r, e, "sha256", f->sha256);
    f->type = text_of(r, e, "type");
    if (!path_stays_inside(f->path)) r->wrong = "path";
  }
}

static void slots_of(reader *r, const json_t *o, vb_man_doc *doc) {
  size_t n;
  const json_t *list = list_of(r, o, "slots", &n);
  doc->slots = VB_NEW_ARRAY(r->m->arena, vb_man_slot, n);
  if (doc->slots == NULL) {
    r->failed = true;
    return;
  }
  for (size_t i = 0; i < n; i++) {
    const json_t *e = json_array_get(list, i);
    vb_man_slot *s = &doc->slots[doc->n_slots++];
    s->name = text_of(r, e, "name");
    s->kind = text_of(r, e, "kind");
    s->file = text_of(r, e, "file");
    s->page = (int)int_of(r, e, "page", INT32_MAX);
    const json_t *box = json_object_get(e, "box");
    int64_t *v[4] = {&s->x, &s->y, &s->w, &s->h};
    for (size_t k = 0; k < 4; k++) {
      double x = json_number_value(json_array_get(box, k));
      if (!(x >= -100000.0 && x <= 100000.0)) r->wrong = "box";
      else *v[k] = (int64_t)(x * 1000.0 + (x < 0 ? -0.5 : 0.5));
    }
  }
}

static void doc_of(reader *r, const json_t *e, vb_man_doc *doc) {
  doc->unit = text_of(r, e, "unit");
  doc->unit_name = text_of(r, e, "unit_name");
  doc->document = text_of(r, e, "document");
  doc->template_id = text_of(r, e, "template");
  doc->kind = text_of(r, e, "kind");
  doc->state = text_of(r, e, "state");
  doc->number = text_of(r, e, "number");
  doc->symbol = text_of(r, e, "symbol");
  doc->date = text_of(r, e, "date");
  const char *status = text_of(r, e, "status");
  doc->status = VB_DOC_WITHHELD;
  for (int i = VB_DOC_WRITTEN; i <= VB_DOC_NO_DATA; i++)
    if (status != NULL && strcmp(status, vb_doc_status_names[i]) == 0) doc->status = (vb_doc_status)i;
  doc->pages = (int)int_of(r, e, "pages", INT32_MAX);
  doc->signatures = (int)int_of(r, e, "signatures", INT32_MAX);
  slots_of(r, e, doc);
  files_of(r, e, doc);
  doc->findings = findings_of(r, e);
  hash_of(r, e, "made_of", doc->inputs_hash);
  if (doc->unit == NULL || doc->document == NULL) r->wrong = "unit";
}

static void inputs_of(reader *r, const json_t *root) {
  size_t n;
  const json_t *list = list_of(r, root, "inputs", &n);
  r->m->inputs = VB_NEW_ARRAY(r->m->arena, vb_man_input, n);
  if (r->m->inputs == NULL) {
    r->failed = true;
    return;
  }
  for (size_t i = 0; i < n; i++) {
    const json_t *e = json_array_get(list, i);
    vb_man_input *in = &r->m->inputs[r->m->n_inputs++];
    in->path = text_of(r, e, "path");
    in->bytes = (uint64_t)int_of(r, e, "bytes", INT64_MAX);
    hash_of(r, e, "sha256", in->sha256);
  }
}

static void manifest_of(reader *r, const json_t *root) {
  vb_manifest *m = r->m;
  if (json_integer_value(json_object_get(root, "format")) != VB_MANIFEST_FORMAT) {
    r->wrong = "format";
    return;
  }
  m->job = text_of(r, root, "job");
  m->period = text_of(r, root, "period");
  m->generator = text_of(r, root, "generator");
  inputs_of(r, root);
  size_t n;
  const json_t *list = list_of(r, root, "documents", &n);
  m->docs = VB_NEW_ARRAY(m->arena, vb_man_doc, n);
  if (m->docs == NULL) r->failed = true;
  for (size_t i = 0; i < n && !r->failed && r->wrong == NULL; i++) doc_of(r, json_array_get(list, i), &m->docs[m->n_docs++]);
  m->findings = findings_of(r, root);
}

vb_manifest *vb_manifest_new(void) {
  vb_arena *a = vb_arena_new(0);
  vb_manifest *m = a == NULL ? NULL : VB_NEW(a, vb_manifest);
  if (m == NULL) {
    vb_arena_free(a);
    return NULL;
  }
  m->arena = a;
  return m;
}

void vb_manifest_free(vb_manifest *m) {
  if (m != NULL) vb_arena_free(m->arena);
}

vb_status vb_manifest_read(vb_diag *d, const char *path, vb_manifest **out) {
  *out = NULL;
  if (!vb_file_exists(path)) return VB_DONE;
  vb_place at = {vb_diag_file(d, path), 0, 0, NULL};
  vb_buf bytes;
  vb_buf_init(&bytes);
  vb_status s = vb_file_read(d, path, VB_MANIFEST_BYTES_MAX, false, &bytes);
  if (s != VB_OK) {
    vb_buf_free(&bytes);
    return s;
  }
  json_error_t e;
  json_t *root = json_loadb(bytes.p, bytes.n, JSON_REJECT_DUPLICATES, &e);
  vb_buf_free(&bytes);
  if (root == NULL) {
    at.line = e.line > 0 ? (uint32_t)e.line : 0;
    at.column = e.column > 0 ? (uint32_t)e.column : 0;
    return VB_POST(d, VB_MSG_MANIFEST_BROKEN, at, e.text);
  }
  reader r = {d, vb_manifest_new(), path, false, NULL};
  if (r.m != NULL) manifest_of(&r, root);
  json_decref(root);
  if (r.m == NULL || r.failed) s = VB_NOMEM;
  else if (r.wrong != NULL) s = VB_POST(d, VB_MSG_MANIFEST_FIELD, at, r.wrong);
  if (s != VB_OK) {
    vb_manifest_free(r.m);
    return s;
  }
  *out = r.m;
  return VB_OK;
}
