/* narrate.c: the text that a unit wrote for a slot of a template. */
#include <string.h>

#include "batch/batch_int.h"
#include "read/read.h"

/* The folders of texts, as far as they are there: a report asks for thirty texts, and each would else be followed through all folders above. */
static vb_status find_dirs(vb_narrator *n, vb_diag *d) {
  vb_arena *a = n->arena = vb_arena_new(1024);
  vb_status s = a == NULL ? VB_NOMEM : VB_OK;
  for (int i = 0; i < 2 && s == VB_OK; i++) {
    const char *dir = NULL;
    n->rels[i] = i == 0 ? vb_path_join(a, n->job->narrative_dir, n->unit) : n->job->narrative_dir;
    s = n->rels[i] == NULL ? VB_NOMEM : vb_path_inside(d, a, n->job->dir, vb_span_of(n->rels[i]), n->job->narrative_at, &dir);
    n->dirs[i] = s == VB_OK && vb_dir_exists(dir) ? dir : NULL;
  }
  if (s == VB_OK) return s;
  vb_arena_free(a); /* the next text asks again, and is told again */
  n->arena = NULL;
  return s;
}

/* <dir>/<unit>/<slot>.txt, else <dir>/<slot>.txt: a unit's own text goes before the one for all. VB_DONE: neither. A link is followed
 * only as far as it stays inside the job's folder. */
static vb_status find_text(vb_narrator *n, vb_diag *d, vb_arena *a, const char *slot, const char **path, const char **rel) {
  vb_status s = n->arena == NULL ? find_dirs(n, d) : VB_OK;
  for (int i = 0; i < 2 && s == VB_OK; i++) {
    if (n->dirs[i] == NULL) continue;
    *rel = vb_arena_printf(a, "%s/%s.txt", n->rels[i], slot);
    *path = vb_arena_printf(a, "%s/%s.txt", n->dirs[i], slot);
    if (*rel == NULL || *path == NULL) return VB_NOMEM;
    if (strchr(slot, '/') != NULL || vb_link_exists(*path)) s = vb_path_inside(d, a, n->job->dir, vb_span_of(*rel), n->job->narrative_at, path);
    if (s == VB_OK && vb_file_exists(*path)) return VB_OK;
  }
  return s == VB_OK ? VB_DONE : s;
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
  if (n->job->narrative_dir == NULL) return VB_DONE;
  const char *path, *rel;
  vb_status s = find_text(n, d, a, slot, &path, &rel);
  if (s != VB_OK) return s;
  vb_narrative *list = NULL;
  vb_source src = {path, vb_diag_file(d, rel), n->job->narrative_encoding, NULL};
  s = vb_read_narrative(d, a, &src, &list);
  if (s != VB_OK) return s;
  out->file = src.file;
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
