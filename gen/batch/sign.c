/* sign.c: the verbs sign and verify. In an output folder the signed file, the package that holds it, index and manifest take their places together. */
#define _DEFAULT_SOURCE
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch/batch_int.h"
#include "batch/handover.h"
#include "batch/mark.h"
#include "batch/together.h"
#include "xml/xml.h"

typedef struct signing {
  vb_diag *d;
  vb_arena *a;
  const vb_options *o;
  const vb_sign_request *ask;
  vb_signer *key;
  vb_buf image;
  vb_moment when;
  vb_mark mark;
  vb_xml_schema *schema; /* of packages */
} signing;

/* A PDF, and the output folder that it may lie in. */
typedef struct target {
  const char *path, *dir, *rel; /* dir: of the job, NULL outside of an output folder; rel: the file's path in its manifest */
  vb_manifest *m;               /* NULL: none there */
  vb_man_doc *doc;              /* that the file is of; NULL: none */
  vb_man_file *file;
  vb_together_for begun;        /* what a run before this one left to be done, and was done now */
  int lock;
} target;

/* ---- what stands around a PDF ------------------------------------------------------------------------------- */

/* <dir>/<unit>/<name>, wherever the program was called from. */
static vb_status split_path(vb_arena *a, target *t) {
  char real[PATH_MAX];
  if (realpath(t->path, real) == NULL) return VB_OK; /* reading it will say why */
  char *name = strrchr(real, '/'), *unit = name;
  while (unit > real && unit[-1] != '/') unit--;
  if (name == NULL || unit <= real + 1) return VB_OK;
  t->rel = vb_arena_str(a, unit, strlen(unit));
  t->dir = vb_arena_str(a, real, (size_t)(unit - real) - 1);
  return t->rel == NULL || t->dir == NULL ? VB_NOMEM : VB_OK;
}

static void find_file(target *t) {
  vb_manifest *m = t->m;
  for (size_t i = 0; i < m->n_docs; i++)
    for (size_t k = 0; k < m->docs[i].n_files; k++)
      if (strcmp(m->docs[i].files[k].path, t->rel) == 0) {
        t->doc = &m->docs[i];
        t->file = &m->docs[i].files[k];
      }
}

/* The manifest that names the file, with the lock of its job: no run may write there meanwhile. */
static vb_status open_around(const signing *g, target *t) {
  vb_status s = split_path(g->a, t);
  if (s != VB_OK || t->dir == NULL) return s;
  const char *path = vb_path_join(g->a, t->dir, "manifest.json"), *slash = strrchr(t->dir, '/');
  const char *lock = vb_arena_printf(g->a, "%.*s/.%s.lock", (int)(slash - t->dir), t->dir, slash + 1);
  if (path == NULL || lock == NULL) return VB_NOMEM;
  if (!vb_file_exists(path)) return VB_OK; /* a PDF of another's making */
  s = vb_lock_take(g->d, lock, &t->lock);
  if (s == VB_OK) s = vb_together_finish(g->d, g->a, t->dir, &t->begun);
  if (s == VB_OK) s = vb_manifest_read(g->d, path, &t->m);
  if (s == VB_OK) find_file(t);
  return s;
}

static void close_around(target *t) {
  vb_manifest_free(t->m);
  vb_lock_drop(&t->lock);
}

static vb_status note_bytes(vb_man_file *f, const vb_buf *b) {
  f->bytes = b->n;
  return vb_sha256(b->p, b->n, f->sha256) ? VB_OK : VB_NOMEM;
}

/* The package with the signed bytes in place of the unsigned ones. */
static vb_status renew_package(const signing *g, const target *t, vb_man_file *f, const vb_buf *signed_pdf, vb_together *to) {
  vb_buf old, out;
  vb_buf_init(&old);
  vb_buf_init(&out);
  const char *path = vb_path_join(g->a, t->dir, f->path), *name = strrchr(t->rel, '/') + 1;
  vb_edxml *e = NULL;
  vb_status s = path == NULL ? VB_NOMEM : vb_file_read(g->d, path, VB_PDF_BYTES_MAX, false, &old);
  if (s == VB_OK) s = vb_edxml_read(g->d, g->a, path, (vb_span){old.p, old.n}, &e);
  if (s == VB_OK) {
    vb_edxml_file *files = VB_NEW_ARRAY(g->a, vb_edxml_file, e->n_files);
    for (size_t i = 0; files != NULL && i < e->n_files; i++) {
      files[i] = e->files[i];
      if (strcmp(files[i].name, name) == 0) files[i].bytes = (vb_span){signed_pdf->p, signed_pdf->n};
    }
    e->files = files;
    vb_edxml_rules rules = {path, g->o->date, g->schema};
    s = files == NULL ? VB_NOMEM : vb_edxml_write(g->d, e, &rules, &out);
  }
  if (s == VB_OK) s = vb_together_add(to, f->path, out.p, out.n);
  if (s == VB_OK) s = note_bytes(f, &out);
  vb_buf_free(&old);
  vb_buf_free(&out);
  return s;
}

static vb_status put_together(const signing *g, const target *t, const vb_buf *signed_pdf, vb_together *to) {
  vb_status s = vb_together_add(to, t->rel, signed_pdf->p, signed_pdf->n);
  if (s == VB_OK) s = note_bytes(t->file, signed_pdf);
  t->doc->signatures++;
  for (size_t i = 0; s == VB_OK && i < t->doc->n_files; i++)
    if (strcmp(t->doc->files[i].type, "edxml") == 0) s = renew_package(g, t, &t->doc->files[i], signed_pdf, to);
  if (s == VB_OK) s = vb_hand_over(g->d, g->a, t->m, to->aside, g->o->lang);
  vb_together_note(to, "index.html");
  vb_together_note(to, "manifest.json");
  return s;
}

/* The signed file alone, where no manifest speaks of it. */
static vb_status put_signed(const signing *g, const target *t, const char *field, const vb_buf *signed_pdf) {
  vb_together to;
  if (t->doc == NULL) return vb_file_write(g->d, t->path, signed_pdf->p, signed_pdf->n);
  vb_status s = vb_together_begin(g->d, g->a, t->dir, &(vb_together_for){field, t->rel}, &to);
  if (s == VB_OK) s = put_together(g, t, signed_pdf, &to);
  if (s == VB_OK) return vb_together_end(&to);
  vb_together_drop(&to);
  return s;
}

/* ---- sign --------------------------------------------------------------------------------------------------- */

/* The organ signs an appendix in a file of its own with a text, not with its seal (ND30 PL I.III.1). */
static vb_status look_of(signing *g, const target *t, vb_sign_options *how) {
  const vb_man_slot *slot = t->doc == NULL || how->role != VB_SIGN_ORGAN ? NULL : vb_mark_slot(t->doc, t->rel);
  if (slot == NULL) return VB_OK;
  vb_status s = vb_mark_make(g->d, g->a, t->doc, &g->when, &g->mark);
  how->field = slot->name;
  how->text = &g->mark.text;
  how->image = (vb_span){NULL, 0};
  return s;
}

static vb_status sign_one(signing *g, const char *path) {
  vb_buf pdf, out;
  vb_buf_init(&pdf);
  vb_buf_init(&out);
  vb_sign_options how = {.role = g->ask->role, .when = g->when, .reason = g->ask->reason, .image = {g->image.p, g->image.n}};
  target t = {.path = path, .lock = -1};
  vb_status s = open_around(g, &t);
  if (s == VB_OK) s = look_of(g, &t, &how);
  const char *field = how.field != NULL ? how.field : vb_sign_field_name(how.role);
  bool done = t.begun.rel != NULL && t.rel != NULL && strcmp(t.begun.rel, t.rel) == 0 && strcmp(t.begun.field, field) == 0;
  if (s == VB_OK && !done) s = vb_file_read(g->d, path, VB_PDF_BYTES_MAX, false, &pdf);
  if (s == VB_OK && !done) s = vb_sign_pdf(g->d, &(vb_pdf_file){path, {pdf.p, pdf.n}}, g->key, &how, &out);
  if (s == VB_OK && !done) s = put_signed(g, &t, field, &out);
  if (s == VB_OK && !g->o->quiet) VB_SAY(stdout, g->o->lang, VB_MSG_SAY_SIGNED, path, vb_signer_name(g->key));
  close_around(&t);
  vb_buf_free(&pdf);
  vb_buf_free(&out);
  return s;
}

static vb_status open_schema(vb_diag *d, vb_arena *a, vb_xml_schema **out) {
  vb_library lib = {NULL, 0};
  vb_status s = vb_library_find_dirs(d, a, NULL, &lib);
  const char *path = s == VB_OK ? vb_library_schema(a, &lib, "edxml.rng") : NULL;
  if (s == VB_OK && path == NULL) s = VB_NOMEM;
  return s == VB_OK ? vb_xml_schema_open(d, path, out) : s;
}

static vb_status open_key(signing *g) {
  const vb_sign_request *ask = g->ask;
  if ((ask->p12 == NULL) == (ask->pkcs11 == NULL)) return vb_worse(VB_POST(g->d, VB_MSG_SIGN_KEY, VB_NOWHERE), VB_USAGE);
  vb_pass pass;
  memset(&pass, 0, sizeof pass);
  if (!vb_secrets_begin()) return vb_worse(VB_POST(g->d, VB_MSG_SIGN_FAILED, VB_NOWHERE, "RLIMIT_CORE, PR_SET_DUMPABLE"), VB_SYSTEM);
  const char *prompt = vb_arena_printf(g->a, "%s: ", vb_msg_word(VB_MSG_SAY_PASSPHRASE, g->o->lang));
  if (prompt == NULL) return VB_NOMEM;
  vb_status s = vb_pass_read(g->d, ask->pass_fd, prompt, &pass);
  if (s == VB_OK) s = ask->p12 != NULL ? vb_signer_open_p12(g->d, ask->p12, &pass, &g->key) : vb_signer_open_pkcs11(g->d, ask->pkcs11, &pass, &g->key);
  vb_pass_wipe(&pass);
  return s;
}

static vb_status find_time(signing *g) {
  if (g->ask->time == NULL) return vb_moment_now(&g->when) ? VB_OK : VB_SYSTEM;
  if (vb_moment_parse(vb_span_of(g->ask->time), &g->when)) return VB_OK;
  return vb_worse(VB_POST(g->d, VB_MSG_SIGN_TIME, VB_NOWHERE, g->ask->time), VB_USAGE);
}

vb_status vb_batch_sign(const vb_options *o, const vb_sign_request *ask, const char *const *paths, int n) {
  signing g = {.d = vb_diag_new(), .a = vb_arena_new(0), .o = o, .ask = ask, .mark = {.font_dir = o->font_dir}};
  vb_buf_init(&g.image);
  vb_status s = g.d == NULL || g.a == NULL ? VB_NOMEM : find_time(&g);
  if (s == VB_OK && ask->image != NULL) s = vb_file_read(g.d, ask->image, VB_FONT_BYTES_MAX, false, &g.image);
  for (int i = 0; i < n && s < VB_SYSTEM; i++) /* before anybody types a passphrase */
    if (!vb_file_exists(paths[i])) s = vb_worse(s, VB_POST(g.d, VB_MSG_FILE_READ_NONE, VB_NOWHERE, paths[i]));
  if (s == VB_OK) s = open_schema(g.d, g.a, &g.schema);
  if (s == VB_OK) s = open_key(&g);
  for (int i = 0; i < n && s < VB_USAGE; i++) s = vb_worse(s, sign_one(&g, paths[i]));
  vb_signer_close(g.key);
  if (!vb_secrets_end()) s = vb_worse(s, VB_SYSTEM);
  vb_mark_close(&g.mark);
  vb_xml_schema_close(g.schema);
  s = vb_worse(s, vb_say_all(g.d, o, stderr));
  vb_buf_free(&g.image);
  vb_arena_free(g.a);
  vb_diag_free(g.d);
  vb_xml_cleanup();
  return s;
}

/* ---- verify ------------------------------------------------------------------------------------------------- */

static const char *verdict_of(vb_file_state s, vb_lang lang) {
  static const vb_msg words[] = {VB_MSG_WORD_GOOD, VB_MSG_WORD_MISSING, VB_MSG_WORD_CHANGED, VB_MSG_WORD_WRONG, VB_MSG_WORD_ORPHAN};
  return vb_msg_word(words[s], lang);
}

typedef struct verifying { vb_diag *d; vb_arena *a; const vb_options *o; vb_verify_ask ask; size_t seen, bad; } verifying;

static vb_status verify_job(verifying *w, const char *dir) {
  const vb_options *o = w->o;
  vb_verified v;
  vb_together_for begun;
  memset(&v, 0, sizeof v);
  const char *real = vb_path_real(w->a, dir); /* "." has no name to look beside */
  vb_status s = real == NULL ? VB_NOMEM : vb_together_look(w->d, w->a, real, &begun);
  if (s == VB_OK && begun.rel != NULL) s = VB_POST(w->d, VB_MSG_VERIFY_SIGNING, ((vb_place){vb_diag_file(w->d, dir), 0, 0, NULL}), begun.rel);
  if (s < VB_SYSTEM) s = vb_worse(s, vb_verify_folder(w->d, w->a, dir, &w->ask, &v));
  for (size_t i = 0; i < v.n_files; i++) {
    const vb_verdict *f = &v.files[i];
    if (f->state == VB_FILE_GOOD && o->quiet) continue;
    printf("%s  %s/%s", verdict_of(f->state, o->lang), dir, f->path);
    for (size_t k = 0; k < f->pdf.n_signatures; k++) {
      const vb_signature *x = &f->pdf.signatures[k];
      printf("  [%s: %s]", x->field != NULL ? x->field : "?", x->subject != NULL ? x->subject : "?");
    }
    putchar('\n');
  }
  w->seen += v.n_files;
  w->bad += v.bad;
  return s;
}

/* A folder with a manifest, or one whose folders have one. */
static vb_status verify_below(verifying *w, const char *dir) {
  const char **names = NULL;
  size_t n = 0, found = 0;
  const char *own = vb_path_join(w->a, dir, "manifest.json");
  if (own == NULL) return VB_NOMEM;
  if (vb_file_exists(own)) return verify_job(w, dir);
  vb_status s = vb_dir_list(w->d, w->a, dir, &names, &n);
  for (size_t i = 0; i < n && s < VB_SYSTEM; i++) {
    if (names[i][0] == '.') continue; /* the run's own, and what waits beside a job (together.h) */
    const char *sub = vb_path_join(w->a, dir, names[i]), *manifest = sub == NULL ? NULL : vb_path_join(w->a, sub, "manifest.json");
    if (manifest == NULL) return VB_NOMEM;
    if (!vb_file_exists(manifest)) continue;
    found++;
    s = vb_worse(s, verify_job(w, sub));
  }
  return s == VB_OK && found == 0 ? VB_POST(w->d, VB_MSG_VERIFY_NONE, VB_NOWHERE, dir) : s;
}

vb_status vb_batch_verify(const vb_options *o, const char *dir) {
  verifying w = {.d = vb_diag_new(), .a = vb_arena_new(0), .o = o, .ask = {.schema = NULL}};
  vb_buf trust;
  vb_buf_init(&trust);
  vb_xml_schema *schema = NULL;
  vb_status s = w.d == NULL || w.a == NULL ? VB_NOMEM : open_schema(w.d, w.a, &schema);
  w.ask.schema = schema;
  if (s == VB_OK && o->trust != NULL) s = vb_file_read(w.d, o->trust, VB_XML_BYTES_MAX, false, &trust); /* at once: not to be read is not to be trusted */
  if (s == VB_OK && o->trust != NULL) w.ask.trust = (vb_span){trust.n > 0 ? trust.p : "", trust.n};
  if (s == VB_OK) s = verify_below(&w, dir != NULL ? dir : "output");
  if (s == VB_OK && w.bad > 0) s = VB_BAD;
  vb_xml_schema_close(schema);
  vb_buf_free(&trust);
  s = vb_worse(s, vb_say_all(w.d, o, stderr));
  (void)fflush(stdout); /* the count stands below the verdicts, in a file as well; the end of main sees what could not be written */
  if (s < VB_SYSTEM && !o->quiet) VB_SAY(stderr, o->lang, VB_MSG_SAY_VERIFIED, VB_NUM(w.seen), VB_NUM(w.bad));
  vb_arena_free(w.a);
  vb_diag_free(w.d);
  vb_xml_cleanup();
  return s;
}
