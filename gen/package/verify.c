/* verify.c: one job's folder against its manifest: every file, every package, every signature, and what nobody asked for. */
#include <string.h>

#include "package/edxml_int.h"
#include "package/verify_int.h"
#include "xml/xml.h"

typedef struct run {
  vb_diag *d;
  vb_arena *a, *scratch;
  const char *dir;
  const vb_verify_ask *ask;
  const vb_manifest *m;
  vb_map *named;          /* paths of the manifest */
  vb_buf verdicts;        /* vb_verdict each */
  size_t bad;
  size_t signatures;      /* found in the PDFs of the document at hand */
} run;

static vb_place at(run *r, const char *path) { return (vb_place){vb_diag_file(r->d, path), 0, 0, NULL}; }

static const char *keep(run *r, const char *s) { return s == NULL ? NULL : vb_arena_str(r->a, s, strlen(s)); }

/* A finding that makes the file a bad one. */
static void wrong(vb_verdict *v, vb_file_state state) {
  if (v->state == VB_FILE_GOOD) v->state = state;
}

/* ---- packages ----------------------------------------------------------------------------------------------- */

static bool is_type(const vb_man_file *f, const char *type) { return f->type != NULL && strcmp(f->type, type) == 0; }

static void fact(run *r, vb_verdict *v, const char *name, const char *has, const char *should) {
  if (has == NULL) has = "";
  if (should == NULL) should = "";
  if (strcmp(has, should) == 0) return;
  VB_POST(r->d, VB_MSG_VERIFY_PACKAGE_FACT, at(r, v->path), name, has, should);
  wrong(v, VB_FILE_WRONG);
}

/* Every attachment is a file of this document, every PDF and workbook of it is attached: told by what they hold, for names may differ. */
static vb_status attachments(run *r, vb_verdict *v, const vb_man_doc *doc, const vb_edxml *e) {
  bool *sent = VB_NEW_ARRAY(r->scratch, bool, doc->n_files);
  if (sent == NULL) return VB_NOMEM;
  for (size_t i = 0; i < e->n_files; i++) {
    char hash[VB_SHA256_HEX];
    bool found = false;
    if (!vb_sha256(e->files[i].bytes.p, e->files[i].bytes.n, hash)) return VB_NOMEM;
    for (size_t k = 0; k < doc->n_files; k++) {
      if (strcmp(doc->files[k].sha256, hash) != 0) continue;
      found = sent[k] = true;
    }
    if (found) continue;
    VB_POST(r->d, VB_MSG_VERIFY_PACKAGE_FOREIGN, at(r, v->path), e->files[i].name);
    wrong(v, VB_FILE_WRONG);
  }
  bool revoked = e->business == VB_EDXML_REVOKE && e->n_files == 0;
  for (size_t k = 0; k < doc->n_files && !revoked; k++) {
    if (sent[k] || !(is_type(&doc->files[k], "pdf") || is_type(&doc->files[k], "xlsx"))) continue;
    VB_POST(r->d, VB_MSG_VERIFY_PACKAGE_LACKS, at(r, v->path), doc->files[k].path);
    wrong(v, VB_FILE_WRONG);
  }
  return VB_OK;
}

static vb_status package(run *r, vb_verdict *v, const vb_man_doc *doc, vb_span bytes) {
  vb_edxml *e = NULL;
  vb_xml_node *root = NULL;
  vb_status s = vb_xml_parse(r->d, r->scratch, v->path, bytes, r->ask->schema, &root);
  if (s == VB_OK) s = vb_edxml_of(r->d, r->scratch, v->path, root, &e);
  if (s != VB_OK) return s;
  char date[11] = "";
  if (e->date.year != 0) vb_date_print_iso(e->date, date);
  fact(r, v, "CodeNumber", e->number, doc->number);
  fact(r, v, "CodeNotation", e->notation, doc->symbol);
  fact(r, v, "PromulgationDate", date, doc->date);
  return attachments(r, v, doc, e);
}

/* ---- the other kinds ---------------------------------------------------------------------------------------- */

static vb_status trace(run *r, vb_verdict *v, const vb_man_doc *doc, const char *path) {
  vb_traces *t = NULL;
  vb_status s = vb_traces_read(r->d, r->scratch, path, &t);
  if (s != VB_OK) return s;
  fact(r, v, "unit", t->unit, doc->unit);
  fact(r, v, "document", t->document, doc->document);
  return VB_OK;
}

static vb_status pdf(run *r, vb_verdict *v, vb_span bytes) {
  vb_status s = vb_verify_pdf(r->d, r->a, &(vb_pdf_file){v->path, bytes}, r->ask->trust, &v->pdf);
  if (s == VB_BAD || !v->pdf.good) wrong(v, VB_FILE_WRONG);
  if (s != VB_OK) return s;
  if (v->pdf.pdfa_part == 0) {
    VB_POST(r->d, VB_MSG_VERIFY_PDFA, at(r, v->path));
    wrong(v, VB_FILE_WRONG);
  }
  r->signatures += v->pdf.n_signatures;
  return VB_OK;
}

/* ---- files of the manifest ---------------------------------------------------------------------------------- */

static vb_status content(run *r, vb_verdict *v, const vb_man_doc *doc, const vb_man_file *f, const char *path) {
  vb_buf bytes;
  vb_buf_init(&bytes);
  vb_status s = VB_OK;
  vb_arena_reset(r->scratch);
  if (is_type(f, "pdf") || is_type(f, "edxml")) s = vb_file_read(r->d, path, VB_PDF_BYTES_MAX, false, &bytes);
  vb_span span = {bytes.p == NULL ? "" : bytes.p, bytes.n};
  if (s == VB_OK && is_type(f, "pdf")) s = pdf(r, v, span);
  else if (s == VB_OK && is_type(f, "edxml")) s = package(r, v, doc, span);
  else if (s == VB_OK && is_type(f, "trace")) s = trace(r, v, doc, path);
  vb_buf_free(&bytes);
  if (s == VB_BAD) wrong(v, VB_FILE_WRONG);
  return s == VB_BAD ? VB_OK : s;
}

static vb_status file(run *r, const vb_man_doc *doc, const vb_man_file *f) {
  vb_verdict v = {.path = keep(r, f->path), .unit = keep(r, doc->unit), .document = keep(r, doc->document), .type = keep(r, f->type)};
  const char *path = NULL;
  char hash[VB_SHA256_HEX];
  uint64_t n = 0;
  bool kept = v.path != NULL && (v.unit != NULL || doc->unit == NULL) && (v.document != NULL || doc->document == NULL) && (v.type != NULL || f->type == NULL);
  if (!kept || !vb_map_put(r->named, vb_span_of(v.path), r)) return VB_NOMEM;
  vb_diag_about(r->d, doc->unit, doc->document, NULL);
  vb_status s = vb_path_inside(r->d, r->a, r->dir, vb_span_of(f->path), at(r, v.path), &path);
  if (s == VB_BAD) {
    wrong(&v, VB_FILE_WRONG);
  } else if (s == VB_OK && !vb_file_exists(path)) {
    VB_POST(r->d, VB_MSG_VERIFY_MISSING, at(r, v.path));
    wrong(&v, VB_FILE_MISSING);
  } else if (s == VB_OK) {
    s = vb_sha256_file(r->d, path, hash, &n);
    if (s == VB_OK && (n != f->bytes || strcmp(hash, f->sha256) != 0)) {
      VB_POST(r->d, VB_MSG_VERIFY_CHANGED, at(r, v.path));
      wrong(&v, VB_FILE_CHANGED);
    }
    if (s == VB_OK) s = content(r, &v, doc, f, path);
  }
  vb_diag_about(r->d, NULL, NULL, NULL);
  r->bad += v.state != VB_FILE_GOOD;
  vb_buf_add(&r->verdicts, &v, sizeof v);
  return s == VB_BAD ? VB_OK : r->verdicts.failed ? VB_NOMEM : s;
}

/* ---- files of nobody ---------------------------------------------------------------------------------------- */

static vb_status orphan(run *r, const char *rel, const char *name) {
  bool temp = vb_file_is_temp(name);
  vb_verdict v = {.path = rel, .state = VB_FILE_ORPHAN};
  VB_POST(r->d, temp ? VB_MSG_VERIFY_TEMP : VB_MSG_VERIFY_ORPHAN, at(r, rel));
  r->bad++;
  vb_buf_add(&r->verdicts, &v, sizeof v);
  return r->verdicts.failed ? VB_NOMEM : VB_OK;
}

static vb_status walk(run *r, const char *rel, int depth) {
  const char **names = NULL, *dir = rel[0] == '\0' ? r->dir : vb_path_join(r->a, r->dir, rel);
  size_t n = 0;
  vb_status s = dir == NULL ? VB_NOMEM : vb_dir_list(r->d, r->a, dir, &names, &n);
  for (size_t i = 0; i < n && s == VB_OK; i++) {
    const char *sub = rel[0] == '\0' ? names[i] : vb_path_join(r->a, rel, names[i]), *path = sub == NULL ? NULL : vb_path_join(r->a, r->dir, sub);
    if (path == NULL) return VB_NOMEM;
    bool ours = rel[0] == '\0' && (strcmp(names[i], "manifest.json") == 0 || strcmp(names[i], "index.html") == 0);
    if (ours || vb_map_get(r->named, vb_span_of(sub)) != NULL) continue;
    if (vb_dir_exists(path) && depth < VB_FOLDER_DEPTH_MAX) s = walk(r, sub, depth + 1);
    else s = orphan(r, sub, names[i]);
  }
  return s;
}

/* ---- the folder --------------------------------------------------------------------------------------------- */

/* The manifest counts the signatures of all PDFs of a document. Told at the first of them, and only where all are as they were made. */
static void count_signatures(run *r, const vb_man_doc *doc, size_t first) {
  vb_verdict *v = (vb_verdict *)(void *)r->verdicts.p, *told = NULL;
  for (size_t i = first; i < r->verdicts.n / sizeof *v; i++) {
    if (v[i].type == NULL || strcmp(v[i].type, "pdf") != 0) continue;
    if (v[i].state != VB_FILE_GOOD) return;
    if (told == NULL) told = &v[i];
  }
  if (told == NULL || r->signatures == (size_t)doc->signatures) return;
  VB_POST(r->d, VB_MSG_VERIFY_COUNT, at(r, told->path), VB_NUM(r->signatures), VB_NUM(doc->signatures));
  wrong(told, VB_FILE_WRONG);
  r->bad++;
}

static vb_status check_all(run *r) {
  vb_status s = VB_OK;
  for (size_t i = 0; i < r->m->n_docs && s == VB_OK; i++) {
    const vb_man_doc *doc = &r->m->docs[i];
    size_t first = r->verdicts.n / sizeof(vb_verdict);
    r->signatures = 0;
    for (size_t k = 0; k < doc->n_files && s == VB_OK; k++) s = file(r, doc, &doc->files[k]);
    if (s == VB_OK) count_signatures(r, doc, first);
  }
  return s == VB_OK ? walk(r, "", 0) : s;
}

vb_status vb_verify_folder(vb_diag *d, vb_arena *a, const char *dir, const vb_verify_ask *ask, vb_verified *out) {
  memset(out, 0, sizeof *out);
  vb_manifest *m = NULL;
  const char *path = vb_path_join(a, dir, "manifest.json");
  vb_status s = path == NULL ? VB_NOMEM : vb_manifest_read(d, path, &m);
  if (s != VB_OK) return s;
  run r = {.d = d, .a = a, .scratch = vb_arena_new(0), .dir = dir, .ask = ask, .m = m, .named = vb_map_new()};
  vb_buf_init(&r.verdicts);
  s = r.scratch == NULL || r.named == NULL ? VB_NOMEM : check_all(&r);
  if (s == VB_OK) {
    out->n_files = r.verdicts.n / sizeof(vb_verdict);
    out->bad = r.bad;
    out->files = vb_arena_copy(a, r.verdicts.n == 0 ? "" : r.verdicts.p, r.verdicts.n);
    if (out->files == NULL) s = VB_NOMEM;
  }
  vb_buf_free(&r.verdicts);
  vb_map_free(r.named);
  vb_arena_free(r.scratch);
  vb_manifest_free(m);
  return s;
}
