/* narrate.c: a clerk's text for a slot of a template, as its document is made. Both folders that may hold it are kept open (texts.c), and plain
 * files in them are read by their names alone. */
#include <string.h>

#include "batch/batch_int.h"
#include "read/read.h"

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
  vb_arena_free(a);
  n->arena = NULL;
  n->refused = s == VB_BAD; /* what is wrong with its folder was said */
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
  if (n->refused) return VB_BAD;
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
