/* texts.c: clerks' texts: their folder, and all that stands in it as inputs of the run.
 *
 * <folder>/<unit>/<slot>.txt goes before <folder>/<slot>.txt, the text for all. The folder is kept open, and plain files in it are read by their
 * names alone: a country has a hundred thousand. Whatever else has such a name is judged by its path: a link is followed only as far as it stays
 * inside the job's folder.
 *
 * To meet and hash them all takes a third as long as to load the figures. A child does that meanwhile (workers.h), and what it met lies in a book of
 * its own until the figures are there. It is left out where there is one worker or little to read; and where it fails, or meets what is no plain
 * text, the run walks itself and says what there is to say: what is noted is the same, in the same order. */
#include <string.h>

#include "batch/inputs.h"
#include "batch/output.h"
#include "batch/workers.h"
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
static vb_status walk_all(vb_run *run) {
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

/* ---- beside the figures ------------------------------------------------------------------------------------- */

enum { MANY = 16 }; /* names in the folder, most of them of units: what fewer hold is read before a child has begun */

/* In the child: messages are left to the run. */
static bool note_apart(void *ctx) {
  vb_run run = *(vb_run *)ctx;
  vb_book *book = NULL;
  vb_result last = {.kind = VB_RESULT_BATCH, .batch.job = run.job->name}; /* behind it all is there */
  vb_mem_strict(-1);
  run.diag = vb_diag_new();
  vb_status s = run.diag == NULL ? VB_NOMEM : vb_book_open(run.diag, run.out->texts, false, &book);
  run.inputs = s == VB_OK ? vb_inputs_new(book) : NULL;
  s = run.inputs == NULL ? VB_NOMEM : walk_all(&run);
  bool good = s == VB_OK && vb_inputs_all_noted(run.inputs);
  good = good && vb_inputs_end(run.diag, run.inputs, last.batch.inputs_id) == VB_OK && vb_book_add(run.diag, book, &last) == VB_OK;
  good = good && vb_diag_first(run.diag) == NULL && !vb_diag_failed(run.diag);
  vb_inputs_free(run.inputs);
  vb_book_close(book);
  vb_diag_free(run.diag);
  return good;
}

static bool are_many(const vb_run *run) {
  vb_arena *a = vb_arena_new(0);
  vb_diag *quiet = vb_diag_new();
  const char *path, **names;
  size_t n = 0;
  if (a != NULL && quiet != NULL && vb_path_inside(quiet, a, run->job->dir, vb_span_of(run->job->narrative_dir), run->job->narrative_at, &path) == VB_OK) (void)vb_dir_list(quiet, a, path, &names, &n);
  vb_diag_free(quiet);
  vb_arena_free(a);
  return n >= MANY;
}

void vb_texts_begin(vb_run *run) {
  int workers = run->o->workers > 0 ? run->o->workers : vb_workers_online();
  if (run->job->narrative_dir == NULL || run->inputs == NULL || workers < 2 || !are_many(run)) return;
  run->texts_pid = vb_aside_begin(note_apart, run);
}

void vb_texts_stop(vb_run *run) {
  if (run->texts_pid > 0) (void)vb_aside_end(run->texts_pid, true);
  run->texts_pid = 0;
}

/* VB_DONE: what the child wrote is not whole, and nothing of it was noted. */
static vb_status take(vb_run *run) {
  vb_book *book = NULL;
  vb_input_reader r = {.arena = NULL};
  vb_result last;
  const vb_man_input *one;
  vb_status s = vb_book_open(run->diag, run->out->texts, true, &book);
  if (s == VB_OK) s = vb_input_reader_open(book, &r);
  if (s == VB_OK) s = vb_book_batch(run->diag, book, r.arena, &last);
  bool whole = s == VB_OK;
  while (s == VB_OK && (s = vb_input_next(run->diag, &r, &one)) == VB_OK) s = vb_inputs_met(run->diag, run->inputs, one);
  vb_input_reader_close(&r);
  vb_book_close(book);
  return whole && s == VB_DONE ? vb_file_remove(run->diag, run->out->texts) : s;
}

vb_status vb_texts_note(vb_run *run) {
  bool met = run->texts_pid > 0 && vb_aside_end(run->texts_pid, false);
  run->texts_pid = 0;
  vb_status s = met ? vb_texts_open(run, run->diag) : VB_DONE;
  if (s == VB_OK) s = take(run);
  return s == VB_DONE ? walk_all(run) : s;
}
