/* merge.c: the verb merge: the outputs of shards → one folder with one manifest and one index.
 *
 * Every shard has read all data and checked the whole batch, so that numbers given twice or units with the same figures were found, and their
 * documents withheld, wherever they are made. What is left to do is to bring together what each shard tells: its own documents, which come
 * as records of its book; the findings about no document, which all shards tell alike; and the waivers that met nothing in any of them.
 *
 * Invariants
 *  1. The merged folder is, file by file, what one run over everything would have written.
 *  2. Sources are read only. A file that is not what its record says is not copied, and its document is told as withheld. */
#include <stdio.h>
#include <string.h>

#include "batch/changed.h"
#include "batch/handover.h"
#include "batch/tasks.h"
#include "xml/xml.h"

typedef struct part { const char *dir; vb_book *book; const char *scratch; vb_result batch; bool whole; } part; /* whole: batch was read */

typedef struct piece { uint32_t part; const char *name; bool changed; bool kept; } piece; /* a document */

typedef struct merge {
  vb_diag *d;
  vb_arena *a, *scratch;
  const vb_options *o;
  const char *job;
  vb_output out;
  part *parts; size_t n_parts;
  piece *pieces; size_t n;
  vb_man_doc doc;
  vb_finding *rest;
  vb_input_reader inputs;      /* of the first part, which has those of all */
  size_t counted[4], pages;
  bool strict, withheld;       /* strict: a part was made so */
} merge;

/* ---- sources ------------------------------------------------------------------------------------------------ */

static vb_status inputs_of_manifest(merge *m, part *p, const vb_manifest *man, char id[VB_SHA256_HEX]) {
  vb_inputs *in = vb_inputs_new(p->book);
  vb_status s = in == NULL ? VB_NOMEM : VB_OK;
  for (size_t i = 0; i < man->n_inputs && s == VB_OK; i++) s = vb_inputs_add(m->d, in, &man->inputs[i]);
  if (s == VB_OK) s = vb_inputs_end(m->d, in, id);
  vb_inputs_free(in);
  return s;
}

/* A folder without its book tells by its manifest what it can: its findings as words of one language. */
static vb_status book_of_manifest(merge *m, part *p) {
  vb_manifest *man = NULL;
  const char *path = vb_path_join(m->a, p->dir, "manifest.json");
  vb_status s = path == NULL ? VB_NOMEM : vb_manifest_read(m->d, path, &man);
  if (s == VB_OK) s = vb_scratch_name(m->d, m->a, &p->scratch);
  if (s == VB_OK) s = vb_book_open(m->d, p->scratch, false, &p->book);
  for (size_t i = 0; s == VB_OK && i < man->n_docs; i++) {
    vb_result r = {.kind = VB_RESULT_MADE, .doc = man->docs[i]};
    if (r.doc.status == VB_DOC_UNCHANGED) r.doc.status = VB_DOC_WRITTEN;
    s = vb_book_add(m->d, p->book, &r);
  }
  vb_result batch = {.kind = VB_RESULT_BATCH, .batch = {.job = m->job}};
  if (s == VB_OK) s = inputs_of_manifest(m, p, man, batch.batch.inputs_id);
  if (s == VB_OK) {
    batch.batch.period = man->period;
    batch.batch.generator = man->generator;
    batch.told = man->findings;
    s = vb_book_add(m->d, p->book, &batch);
  }
  vb_manifest_free(man);
  return s;
}

static vb_status open_part(merge *m, part *p) {
  const char *slash = strrchr(p->dir, '/');
  const char *path = slash == NULL ? vb_arena_printf(m->a, ".%s.made", m->job) : vb_arena_printf(m->a, "%.*s/.%s.made", (int)(slash - p->dir), p->dir, m->job);
  if (path == NULL) return VB_NOMEM;
  vb_status s = vb_book_open(m->d, path, true, &p->book);
  if (s == VB_DONE) s = book_of_manifest(m, p);
  if (s != VB_OK) return s;
  s = vb_book_batch(m->d, p->book, m->a, &p->batch);
  p->whole = s == VB_OK;
  return s == VB_DONE ? VB_POST(m->d, VB_MSG_MERGE_UNFINISHED, VB_NOWHERE, p->dir) : s;
}

static bool same_text(const char *a, const char *b) { return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0); }

static bool same_inputs(const vb_result *a, const vb_result *b) {
  const vb_batch *x = &a->batch, *y = &b->batch;
  if (!same_text(x->period, y->period) || !same_text(x->generator, y->generator)) return false;
  if (a->surroundings[0] != '\0' && b->surroundings[0] != '\0') return strcmp(a->surroundings, b->surroundings) == 0;
  return strcmp(x->inputs_id, y->inputs_id) == 0;
}

/* Shards are of one run over everything, and all of them are there. */
static vb_status check_parts(merge *m) {
  vb_status s = VB_OK;
  int shards = 0;
  for (size_t i = 0; i < m->n_parts; i++) {
    const vb_result *x = &m->parts[0].batch, *y = &m->parts[i].batch;
    if (x->batch.shards != y->batch.shards || (y->batch.shards > 0 && !same_inputs(x, y)))
      s = vb_worse(s, VB_POST(m->d, VB_MSG_MERGE_DIFFERENT, VB_NOWHERE, m->parts[0].dir, m->parts[i].dir));
    if (y->batch.shards > shards) shards = y->batch.shards;
    m->strict |= y->batch.strict;
  }
  for (int k = 1; k <= shards && s == VB_OK; k++) {
    bool there = false;
    for (size_t i = 0; i < m->n_parts; i++) there |= m->parts[i].batch.batch.shard == k;
    if (!there) s = VB_POST(m->d, VB_MSG_MERGE_MISSING, VB_NOWHERE, VB_NUM(k), VB_NUM(shards));
  }
  return s;
}

/* ---- documents ---------------------------------------------------------------------------------------------- */

static bool same_files(const vb_man_doc *a, const vb_man_doc *b) {
  bool same = a->n_files == b->n_files && a->status == b->status;
  for (size_t i = 0; same && i < a->n_files; i++) same = strcmp(a->files[i].path, b->files[i].path) == 0 && strcmp(a->files[i].sha256, b->files[i].sha256) == 0;
  return same;
}

/* Two parts have it: as long as it is the same in both, either will do. */
static vb_status meet(merge *m, const piece *x, const piece *y) {
  vb_result a, b;
  vb_arena_reset(m->scratch);
  vb_status s = vb_book_read_name(m->d, m->parts[x->part].book, m->scratch, x->name, &a);
  if (s == VB_OK) s = vb_book_read_name(m->d, m->parts[y->part].book, m->scratch, y->name, &b);
  if (s != VB_OK) return s == VB_DONE ? VB_OK : s;
  if (same_files(&a.doc, &b.doc)) return VB_OK;
  vb_diag_about(m->d, a.doc.unit, a.doc.document, NULL);
  s = VB_POST(m->d, VB_MSG_MERGE_TWICE, VB_NOWHERE, a.doc.document, a.doc.unit, m->parts[x->part].dir, m->parts[y->part].dir);
  vb_diag_about(m->d, NULL, NULL, NULL);
  return s;
}

static int by_unit(const char *a, const char *b) {
  size_t n = strcspn(a, " "), k = strcspn(b, " ");
  int c = memcmp(a, b, n < k ? n : k);
  return c != 0 ? c : n < k ? -1 : n > k;
}

/* The list of one part goes into the list of all, which stay in the order of units; each is in that order. */
static vb_status blend(merge *m, uint32_t part_no, const char *const *names, size_t n) {
  piece *all = VB_NEW_ARRAY(m->a, piece, m->n + n);
  size_t i = 0, k = 0, to = 0;
  vb_status s = all == NULL ? VB_NOMEM : VB_OK;
  while (s == VB_OK && (i < m->n || k < n)) {
    int c = i == m->n ? 1 : k == n ? -1 : by_unit(m->pieces[i].name, names[k]);
    if (c <= 0) all[to++] = m->pieces[i++];
    else all[to++] = (piece){.part = part_no, .name = names[k++]};
  }
  if (s == VB_OK) {
    m->pieces = all;
    m->n = to;
  }
  return s;
}

/* Own documents of a part; of those that are known already, none. */
static vb_status add_part(merge *m, uint32_t part_no, vb_map *known) {
  const part *p = &m->parts[part_no];
  const char **names = NULL;
  size_t n = 0, kept = 0;
  vb_status s = vb_book_names(p->book, m->a, &names, &n);
  for (size_t i = 0; i < n && s == VB_OK; i++) {
    vb_result r;
    vb_arena_reset(m->scratch);
    s = vb_book_read_name(m->d, p->book, m->scratch, names[i], &r);
    if (s != VB_OK || r.foreign) {
      if (s == VB_DONE) s = VB_OK;
      continue;
    }
    piece *had = vb_map_get(known, vb_span_of(names[i])), *x = VB_NEW(m->a, piece);
    if (x == NULL) return VB_NOMEM;
    *x = (piece){.part = part_no, .name = names[i]};
    if (had != NULL) s = meet(m, had, x);
    else if (!vb_map_put(known, vb_span_of(names[i]), x)) s = VB_NOMEM;
    else names[kept++] = names[i];
  }
  return s == VB_OK ? blend(m, part_no, names, kept) : s;
}

static vb_status add_parts(merge *m) {
  vb_map *known = vb_map_new();
  vb_status s = known == NULL ? VB_NOMEM : VB_OK;
  for (size_t i = 0; i < m->n_parts && s == VB_OK; i++) s = add_part(m, (uint32_t)i, known);
  vb_map_free(known);
  return s;
}

/* ---- files -------------------------------------------------------------------------------------------------- */

static vb_status copy_file(merge *m, const char *from_dir, const vb_man_file *f) {
  vb_buf bytes;
  vb_buf_init(&bytes);
  const char *from = vb_path_join(m->scratch, from_dir, f->path), *to = vb_path_join(m->scratch, m->out.dir, f->path);
  vb_status s = from == NULL || to == NULL ? VB_NOMEM : vb_file_read(m->d, from, (size_t)f->bytes + 1, false, &bytes);
  if (s == VB_OK) s = vb_file_write(m->d, to, bytes.p == NULL ? "" : bytes.p, bytes.n);
  vb_buf_free(&bytes);
  return s;
}

/* Does the document stand in the merged folder already, as it is in its part? Signed there, it stays so. */
static vb_status stands(merge *m, const vb_man_doc *doc, bool *same) {
  vb_man_doc there = *doc;
  vb_standing now;
  there.files = vb_arena_copy(m->scratch, doc->files, doc->n_files * sizeof *doc->files);
  *same = false;
  if (there.files == NULL) return VB_NOMEM;
  vb_status s = vb_standing_read(m->d, m->out.dir, &there, &now);
  if (s != VB_OK) return s;
  *same = now.whole || (now.signatures > doc->signatures && !m->o->replace_signed);
  return VB_OK;
}

static vb_status bring(merge *m, piece *x) {
  vb_result r;
  vb_standing now;
  vb_arena_reset(m->scratch);
  const part *p = &m->parts[x->part];
  vb_status s = vb_book_read_name(m->d, p->book, m->scratch, x->name, &r);
  if (s == VB_OK) s = vb_standing_read(m->d, p->dir, &r.doc, &now);
  if (s != VB_OK) return s == VB_DONE ? VB_OK : s;
  if (!now.whole && now.signatures == 0) {
    x->changed = true;
    vb_diag_about(m->d, r.doc.unit, r.doc.document, NULL);
    s = VB_POST(m->d, VB_MSG_MERGE_CHANGED, VB_NOWHERE, p->dir);
    vb_diag_about(m->d, NULL, NULL, NULL);
    return s;
  }
  const char *unit_dir = vb_path_join(m->scratch, m->out.dir, r.doc.unit);
  if (unit_dir == NULL) return VB_NOMEM;
  s = stands(m, &r.doc, &x->kept);
  if (s != VB_OK || x->kept || r.doc.n_files == 0) return s;
  s = vb_dir_make(m->d, unit_dir);
  for (size_t i = 0; i < r.doc.n_files && s == VB_OK; i++) s = copy_file(m, p->dir, &r.doc.files[i]);
  return s;
}

/* ---- what is told ------------------------------------------------------------------------------------------- */

static vb_status told_here(merge *m, vb_result *r) {
  vb_finding **end = &r->told;
  while (*end != NULL) end = &(*end)->next;
  for (const vb_finding *f = vb_diag_first(m->d); f != NULL; f = f->next) {
    if (!same_text(f->unit, r->doc.unit) || !same_text(f->document, r->doc.document)) continue;
    vb_finding *c = vb_arena_copy(m->scratch, f, sizeof *f);
    if (c == NULL) return VB_NOMEM;
    c->next = NULL;
    *end = c;
    end = &c->next;
  }
  return VB_OK;
}

static vb_status outcome(merge *m, size_t i, vb_result *r) {
  const piece *x = &m->pieces[i];
  vb_standing now;
  vb_arena_reset(m->scratch);
  vb_status s = vb_book_read_name(m->d, m->parts[x->part].book, m->scratch, x->name, r);
  if (s == VB_OK && x->changed) {
    r->doc.n_files = 0;
    r->doc.status = VB_DOC_WITHHELD;
    s = told_here(m, r);
  } else if (s == VB_OK && r->doc.n_files > 0) {
    s = vb_standing_read(m->d, m->out.dir, &r->doc, &now); /* those signed here or there as they are now */
  }
  return s == VB_DONE ? VB_BAD : s;
}

static vb_status doc_at(void *ctx, size_t i, const vb_man_doc **out) {
  merge *m = ctx;
  vb_result r;
  vb_status s = outcome(m, i, &r);
  m->doc = r.doc;
  if (s == VB_OK && m->pieces[i].kept && r.doc.status == VB_DOC_WRITTEN) m->doc.status = VB_DOC_UNCHANGED;
  if (s == VB_OK) vb_findings_join(r.told, &m->doc);
  *out = &m->doc;
  return s;
}

static bool alike(const vb_finding *a, const vb_finding *b) {
  bool same = a->msg == b->msg && same_text(a->rule, b->rule) && same_text(a->at.file, b->at.file) && a->at.line == b->at.line && a->at.column == b->at.column &&
              same_text(a->at.cell, b->at.cell) && same_text(a->unit, b->unit) && same_text(a->document, b->document) && same_text(a->code, b->code);
  for (int i = 0; same && i < VB_MSG_ARGS; i++) same = same_text(a->args[i], b->args[i]);
  return same;
}

static bool tells(const vb_finding *list, const vb_finding *f) {
  for (; list != NULL; list = list->next)
    if (alike(list, f)) return true;
  return false;
}

static vb_status add_rest(merge *m, const vb_finding *f, vb_finding ***end) {
  vb_finding *c = vb_arena_copy(m->a, f, sizeof *f);
  if (c == NULL) return VB_NOMEM;
  c->next = NULL;
  **end = c;
  *end = &c->next;
  return VB_OK;
}

/* What shards tell about no document, they tell alike; a waiver that met nothing counts when it met nothing in any. */
static vb_status gather_rest(merge *m) {
  vb_finding **end = &m->rest;
  vb_status s = VB_OK;
  for (size_t i = 0; i < m->n_parts; i++)
    for (const vb_finding *f = m->parts[i].batch.told; f != NULL && s == VB_OK; f = f->next)
      if (i == 0 || !tells(m->parts[0].batch.told, f)) s = add_rest(m, f, &end);
  for (const vb_finding *f = m->parts[0].batch.doc.findings; f != NULL && s == VB_OK; f = f->next) {
    bool everywhere = true;
    for (size_t i = 1; i < m->n_parts; i++) everywhere &= tells(m->parts[i].batch.doc.findings, f);
    if (everywhere) s = add_rest(m, f, &end);
  }
  return s;
}

static vb_status input_next(void *ctx, const vb_man_input **out) {
  merge *m = ctx;
  return vb_input_next(m->d, &m->inputs, out);
}

typedef struct settling { merge *m; size_t i; } settling;

static vb_status next_record(void *ctx, vb_result *out) {
  settling *g = ctx;
  merge *m = g->m;
  size_t i = g->i++;
  if (i < m->n) return outcome(m, i, out);
  if (i > m->n) return VB_DONE;
  *out = m->parts[0].batch;
  out->batch.shard = out->batch.shards = 0;
  out->batch.strict = m->strict;
  out->told = m->rest;
  out->doc.findings = NULL;
  return VB_OK;
}

static vb_status hand_over(merge *m) {
  const vb_batch *b = &m->parts[0].batch.batch;
  vb_manifest man = {.job = b->job, .period = b->period, .generator = b->generator, .n_docs = m->n, .doc_at = doc_at, .input_next = input_next, .ctx = m};
  vb_status s = vb_worse(gather_rest(m), vb_input_reader_open(m->parts[0].book, &m->inputs));
  man.findings = m->rest;
  for (size_t i = 0; i < m->n && s == VB_OK; i++) {
    const vb_man_doc *doc;
    s = doc_at(m, i, &doc);
    if (s != VB_OK) break;
    m->counted[doc->status]++;
    m->pages += (size_t)doc->pages;
    m->withheld |= doc->status == VB_DOC_WITHHELD;
    for (const vb_finding *f = doc->findings; f != NULL; f = f->next) m->withheld |= vb_finding_withholds(f, m->strict);
  }
  for (const vb_finding *f = m->rest; f != NULL; f = f->next) m->withheld |= vb_finding_withholds(f, m->strict);
  settling g = {m, 0};
  if (s == VB_OK) s = vb_output_clean(m->d, &man, m->out.dir);
  if (s == VB_OK) s = vb_hand_over(m->d, m->a, &man, m->out.dir, m->o->lang);
  return s == VB_OK ? vb_book_settle(m->d, m->out.book, m->parts[0].book, next_record, &g) : s;
}

/* ---- one job ------------------------------------------------------------------------------------------------ */

static vb_status close_merge(merge *m) {
  vb_status s = VB_OK;
  for (size_t i = 0; i < m->n_parts; i++) {
    vb_book_close(m->parts[i].book);
    if (m->parts[i].scratch != NULL) s = vb_worse(s, vb_file_remove(m->d, m->parts[i].scratch));
  }
  s = vb_worse(s, vb_output_close(m->d, m->a, &m->out));
  vb_input_reader_close(&m->inputs);
  vb_arena_free(m->scratch);
  vb_arena_free(m->a);
  return s;
}

static vb_status merge_in(merge *m) {
  vb_status s = VB_OK;
  for (size_t i = 0; i < m->n_parts && s < VB_SYSTEM; i++) s = vb_worse(s, open_part(m, &m->parts[i]));
  if (s == VB_OK) s = check_parts(m);
  if (s == VB_OK) s = add_parts(m);
  if (s == VB_OK) s = vb_output_open(m->d, m->a, m->o->output != NULL ? m->o->output : "output", m->job, &m->out);
  if (s != VB_OK) return s;
  for (size_t i = 0; i < m->n && s < VB_SYSTEM; i++) s = vb_worse(s, bring(m, &m->pieces[i]));
  return s < VB_SYSTEM ? vb_worse(s, hand_over(m)) : s;
}

static vb_status merge_job(vb_diag *d, const vb_options *o, const char *job, const char *const *dirs, size_t n) {
  merge m = {.d = d, .a = vb_arena_new(0), .scratch = vb_arena_new(0), .o = o, .job = job, .out = {.lock = -1}};
  m.parts = m.a == NULL || m.scratch == NULL ? NULL : VB_NEW_ARRAY(m.a, part, n);
  vb_status s = m.parts == NULL ? VB_NOMEM : VB_OK;
  for (size_t i = 0; i < n && s == VB_OK; i++) m.parts[m.n_parts++] = (part){.dir = dirs[i]};
  if (s == VB_OK) s = merge_in(&m);
  if (s == VB_OK && m.withheld) s = VB_BAD;
  if (s < VB_SYSTEM) s = vb_worse(s, vb_say_findings(m.rest, o, stderr));
  if (!o->quiet && m.out.dir != NULL && s < VB_SYSTEM)
    VB_SAY(stderr, o->lang, VB_MSG_SAY_BUILT, VB_NUM(m.counted[VB_DOC_WRITTEN] + m.counted[VB_DOC_UNCHANGED]), VB_NUM(m.pages), VB_NUM(m.counted[VB_DOC_WITHHELD]),
           VB_NUM(m.counted[VB_DOC_NO_DATA]), m.out.dir);
  return vb_worse(s, close_merge(&m));
}

/* ---- folders ------------------------------------------------------------------------------------------------ */

typedef struct found { vb_diag *d; vb_arena *a; const char **dirs, **jobs; size_t n, cap; } found;

static const char *last_name(const char *dir) {
  const char *slash = strrchr(dir, '/');
  return slash == NULL ? dir : slash + 1;
}

static vb_status note_dir(found *f, const char *dir) {
  if (f->n == f->cap) {
    size_t cap = f->cap == 0 ? 64 : f->cap * 2;
    const char **dirs = VB_NEW_ARRAY(f->a, const char *, cap), **jobs = VB_NEW_ARRAY(f->a, const char *, cap);
    if (dirs == NULL || jobs == NULL) return VB_NOMEM;
    for (size_t i = 0; i < f->n; i++) {
      dirs[i] = f->dirs[i];
      jobs[i] = f->jobs[i];
    }
    f->dirs = dirs;
    f->jobs = jobs;
    f->cap = cap;
  }
  f->dirs[f->n] = dir;
  f->jobs[f->n++] = last_name(dir);
  return VB_OK;
}

static vb_status find_below(found *f, const char *given) {
  size_t k = 0, before = f->n;
  const char *dir = vb_path_real(f->a, given), **names = NULL; /* "." has a name too */
  if (dir == NULL) return VB_POST(f->d, VB_MSG_MERGE_NONE, VB_NOWHERE, given);
  const char *manifest = vb_path_join(f->a, dir, "manifest.json");
  if (manifest == NULL) return VB_NOMEM;
  if (vb_file_exists(manifest)) return note_dir(f, dir);
  vb_status s = vb_dir_exists(dir) ? vb_dir_list(f->d, f->a, dir, &names, &k) : VB_OK;
  for (size_t i = 0; i < k && s == VB_OK; i++) {
    const char *sub = vb_path_join(f->a, dir, names[i]);
    manifest = sub == NULL ? NULL : vb_path_join(f->a, sub, "manifest.json");
    if (manifest == NULL) return VB_NOMEM;
    if (vb_file_exists(manifest)) s = note_dir(f, sub);
  }
  return s == VB_OK && f->n == before ? VB_POST(f->d, VB_MSG_MERGE_NONE, VB_NOWHERE, given) : s;
}

/* All that is found of one job, and what is left of the list. */
static vb_status merge_next(found *f, const vb_options *o) {
  const char *job = f->jobs[0], **dirs = VB_NEW_ARRAY(f->a, const char *, f->n);
  size_t n = 0, left = 0;
  if (dirs == NULL) return VB_NOMEM;
  for (size_t i = 0; i < f->n; i++) {
    if (strcmp(f->jobs[i], job) == 0) {
      dirs[n++] = f->dirs[i];
      continue;
    }
    f->dirs[left] = f->dirs[i];
    f->jobs[left++] = f->jobs[i];
  }
  f->n = left;
  const char *to = vb_path_join(f->a, o->output != NULL ? o->output : "output", job);
  const char *real = to == NULL ? NULL : vb_path_real(f->a, to); /* NULL: it is yet to be made */
  for (size_t i = 0; i < n && real != NULL; i++)
    if (strcmp(dirs[i], real) == 0) return vb_worse(VB_POST(f->d, VB_MSG_MERGE_INTO_ITSELF, VB_NOWHERE, dirs[i]), VB_USAGE);
  return merge_job(f->d, o, job, dirs, n);
}

vb_status vb_batch_merge(const vb_options *o, const char *const *dirs, int n) {
  found f = {.d = vb_diag_new(), .a = vb_arena_new(0)};
  vb_status s = f.d == NULL || f.a == NULL ? VB_NOMEM : VB_OK;
  for (int i = 0; i < n && s == VB_OK; i++) s = find_below(&f, dirs[i]);
  while (f.n > 0 && s < VB_USAGE) s = vb_worse(s, merge_next(&f, o));
  s = vb_worse(s, vb_say_all(f.d, o, stderr));
  vb_arena_free(f.a);
  vb_diag_free(f.d);
  vb_xml_cleanup();
  return s;
}
