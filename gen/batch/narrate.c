/* narrate.c: clerks' texts: those of a slot of a template, and all of them as inputs of the run.
 *
 * <folder>/<unit>/<slot>.txt goes before <folder>/<slot>.txt, the text for all. Both folders are kept open, and plain files in them are read by
 * their names alone: a country has a hundred thousand. Whatever else has such a name is judged by its path: a link is followed only as far as it
 * stays inside the job's folder. */
#include <string.h>

#include "batch/batch_int.h"
#include "batch/inputs.h"
#include "read/read.h"

vb_status vb_texts_open(vb_run *run, vb_diag *d) {
  const char *path = NULL;
  if (run->texts.fd >= 0 || run->job->narrative_dir == NULL) return VB_OK;
  vb_arena *a = vb_arena_new(1024);
  vb_status s = a == NULL ? VB_NOMEM : vb_path_inside(d, a, run->job->dir, vb_span_of(run->job->narrative_dir), run->job->narrative_at, &path);
  if (s == VB_OK) (void)vb_folder_open(path, &run->texts); /* without it there are no texts */
  vb_arena_free(a);
  return s;
}

/* ---- as inputs ---------------------------------------------------------------------------------------------- */

/* The walk through the folder: what it needs at each level, and the text read last. */
typedef struct walk { vb_run *run; vb_arena *a; vb_buf bytes; } walk;

static vb_status note_folder(walk *w, vb_folder in, const char *dir, const char *rel, bool below);

/* A path below the folder of texts that is no plain file or folder of its own: a link, or a file that is too long to be held. What leads out of
 * the job is not read; the document that asks for it is told so. *path NULL: there is nothing to read. */
static vb_status judge(walk *w, const char *rel, const char **path) {
  vb_diag *quiet = vb_diag_new();
  if (quiet == NULL) return VB_NOMEM;
  vb_status s = vb_path_inside(quiet, w->a, w->run->job->dir, vb_span_of(rel), w->run->job->narrative_at, path);
  vb_diag_free(quiet);
  return s == VB_BAD ? VB_OK : s;
}

static vb_status note_other(walk *w, const char *rel, bool text, bool below) {
  const char *path = NULL;
  vb_status s = judge(w, rel, &path);
  vb_folder f = VB_NO_FOLDER;
  if (s != VB_OK) return s;
  if (text && path != NULL && vb_file_exists(path)) return vb_inputs_file(w->run->diag, w->run->inputs, rel, false, path, NULL);
  if (below && path != NULL && vb_folder_open(path, &f)) s = note_folder(w, f, path, rel, false);
  else if (text) vb_inputs_odd(w->run->inputs, rel);
  vb_folder_close(&f);
  return s;
}

static vb_status note_one(walk *w, vb_folder in, const char *name, const char *dir, const char *rel, bool below) {
  size_t n = strlen(name);
  bool text = n > 4 && strcmp(name + n - 4, ".txt") == 0;
  vb_met met = text ? vb_folder_read(in, name, VB_TEXT_BYTES_MAX, &w->bytes) : VB_MET_OTHER;
  if (text && met == VB_MET_IT) return vb_inputs_bytes(w->run->diag, w->run->inputs, rel, false, (vb_span){w->bytes.p, w->bytes.n});
  if (met == VB_MET_NOTHING || (!text && !below)) return VB_OK;
  vb_folder f = VB_NO_FOLDER;
  met = below ? vb_folder_enter(in, name, &f) : VB_MET_OTHER;
  vb_status s = met == VB_MET_IT ? note_folder(w, f, dir, rel, false) : met == VB_MET_OTHER ? note_other(w, rel, text, below) : VB_OK;
  vb_folder_close(&f);
  return s;
}

/* below: folders in it are looked into as well. */
static vb_status note_folder(walk *w, vb_folder in, const char *dir, const char *rel, bool below) {
  const char **names = NULL;
  size_t n = 0;
  vb_status s = vb_dir_list(w->run->diag, w->a, dir, &names, &n);
  for (size_t i = 0; i < n && s < VB_SYSTEM; i++) {
    vb_arena_mark mark = vb_arena_save(w->a);
    const char *sub = vb_path_join(w->a, rel, names[i]), *path = vb_path_join(w->a, dir, names[i]);
    s = vb_worse(s, sub == NULL || path == NULL ? VB_NOMEM : note_one(w, in, names[i], path, sub, below));
    vb_arena_restore(w->a, mark);
  }
  return s;
}

/* They are read when their document is made; here the manifest learns of them. */
vb_status vb_texts_note(vb_run *run) {
  const char *rel = run->job->narrative_dir, *dir = NULL;
  walk w = {.run = run, .a = vb_arena_new(0)};
  vb_status s = w.a == NULL ? VB_NOMEM : vb_texts_open(run, run->diag);
  if (s == VB_OK) s = vb_path_inside(run->diag, w.a, run->job->dir, vb_span_of(rel), run->job->narrative_at, &dir);
  if (s == VB_OK && run->texts.fd < 0) s = VB_POST(run->diag, VB_MSG_INPUT_MISSING, run->job->narrative_at, rel);
  else if (s == VB_OK && run->inputs != NULL) s = note_folder(&w, run->texts, dir, rel, true);
  vb_buf_free(&w.bytes);
  vb_arena_free(w.a);
  return s;
}

/* ---- of a slot ---------------------------------------------------------------------------------------------- */

static vb_status enter(vb_narrator *n, vb_diag *d) {
  const vb_job *job = n->run->job;
  const char *path = NULL;
  vb_arena *a = n->arena = vb_arena_new(1024);
  vb_status s = a == NULL ? VB_NOMEM : vb_texts_open(n->run, d);
  n->rels[1] = job->narrative_dir;
  if (s == VB_OK && (n->rels[0] = vb_path_join(a, job->narrative_dir, n->unit)) == NULL) s = VB_NOMEM;
  if (s == VB_OK && n->run->texts.fd >= 0 && vb_folder_enter(n->run->texts, n->unit, &n->own) == VB_MET_OTHER) {
    s = vb_path_inside(d, a, job->dir, vb_span_of(n->rels[0]), job->narrative_at, &path);
    if (s == VB_OK) (void)vb_folder_open(path, &n->own);
  }
  if (s == VB_OK) return s;
  vb_arena_free(a); /* the next text asks again, and is told again */
  n->arena = NULL;
  return s;
}

void vb_narrator_end(vb_narrator *n) {
  vb_folder_close(&n->own);
  vb_buf_free(&n->bytes);
  vb_arena_free(n->arena);
}

/* A text by its path below the job, for what is no plain file of its folder. VB_DONE: there is none. */
static vb_status read_other(const vb_narrator *n, vb_diag *d, vb_arena *a, vb_source *src, const char *rel, vb_narrative **out) {
  vb_status s = vb_path_inside(d, a, n->run->job->dir, vb_span_of(rel), n->run->job->narrative_at, &src->path);
  if (s != VB_OK) return s;
  return vb_file_exists(src->path) ? vb_read_narrative(d, a, src, out) : VB_DONE;
}

/* VB_DONE: neither the unit nor all have such a text. */
static vb_status read_text(vb_narrator *n, vb_diag *d, vb_arena *a, const char *slot, const char **file, vb_narrative **out) {
  const vb_folder folders[2] = {n->own, n->run->texts};
  const char *name = vb_arena_printf(a, "%s.txt", slot);
  if (name == NULL) return VB_NOMEM;
  for (int i = 0; i < 2; i++) {
    if (folders[i].fd < 0) continue;
    vb_met met = strchr(slot, '/') != NULL ? VB_MET_OTHER : vb_folder_read(folders[i], name, VB_TEXT_BYTES_MAX, &n->bytes);
    if (met == VB_MET_NOTHING) continue;
    const char *rel = vb_arena_printf(a, "%s/%s", n->rels[i], name);
    if (rel == NULL) return VB_NOMEM;
    vb_source src = {NULL, vb_diag_file(d, rel), n->run->job->narrative_encoding, NULL, {n->bytes.p, n->bytes.n}};
    if (src.bytes.p == NULL) src.bytes = VB_LIT("");
    *file = src.file;
    if (met == VB_MET_IT) return vb_read_narrative(d, a, &src, out);
    src.bytes.p = NULL;
    vb_status s = read_other(n, d, a, &src, rel, out);
    if (s != VB_DONE) return s;
  }
  return VB_DONE;
}

static vb_slot_piece *pieces_of(vb_arena *a, const vb_piece *from) {
  vb_slot_piece *first = NULL, **end = &first;
  for (; from != NULL; from = from->next) {
    vb_slot_piece *p = VB_NEW(a, vb_slot_piece);
    if (p == NULL) return NULL;
    *p = (vb_slot_piece){NULL, from->kind == VB_PIECE_FIGURE, from->bold, from->italic, from->text, from->line, from->column};
    *end = p;
    end = &p->next;
  }
  return first;
}

static void add_number(vb_hash *h, int64_t v) { vb_hash_add(h, &v, sizeof v); }

static void add_blocks(vb_hash *h, const vb_slot_block *b) {
  for (; b != NULL; b = b->next) {
    add_number(h, b->level);
    add_number(h, b->line);
    for (const vb_slot_piece *p = b->first; p != NULL; p = p->next) {
      const int64_t numbers[] = {p->figure, p->bold, p->italic, p->line, p->column, (int64_t)p->text.n};
      vb_hash_add(h, numbers, sizeof numbers);
      vb_hash_add(h, p->text.p, p->text.n);
    }
  }
}

static vb_status narrate(vb_narrator *n, vb_diag *d, vb_arena *a, const char *slot, vb_slot_text *out) {
  if (n->run->job->narrative_dir == NULL) return VB_DONE;
  vb_narrative *list = NULL;
  vb_status s = n->arena == NULL ? enter(n, d) : VB_OK;
  if (s == VB_OK) s = read_text(n, d, a, slot, &out->file, &list);
  if (s != VB_OK) return s;
  out->first = NULL;
  vb_slot_block **end = &out->first;
  for (; list != NULL; list = list->next) {
    vb_slot_block *b = VB_NEW(a, vb_slot_block);
    if (b == NULL) return VB_NOMEM;
    b->level = list->kind == VB_NARR_PARA ? 0 : list->kind == VB_NARR_ITEM1 ? 1 : 2;
    b->line = list->line;
    b->first = pieces_of(a, list->first);
    if (b->first == NULL && list->first != NULL) return VB_NOMEM;
    *end = b;
    end = &b->next;
  }
  return VB_OK;
}

vb_status vb_narrate(void *ctx, vb_diag *d, vb_arena *a, const char *slot, vb_slot_text *out) {
  vb_narrator *n = ctx;
  vb_status s = narrate(n, d, a, slot, out);
  if (n->made_of == NULL || s > VB_DONE) return s;
  add_number(n->made_of, s);
  if (s == VB_DONE) return s;
  vb_hash_add_str(n->made_of, out->file);
  add_blocks(n->made_of, out->first);
  return s;
}
