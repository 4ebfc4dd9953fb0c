/* inputs.c: which files a run has read, in its book. What holds of them stands in inputs.h. */
#include <string.h>

#include "batch/inputs.h"

enum { TOGETHER = 256 }; /* in a record */

struct vb_inputs {
  vb_book *book;
  vb_arena *arena;         /* of the record that is being filled */
  vb_man_input list[TOGETHER]; size_t n;
  vb_map *named;
  vb_hash *id;
  bool odd;                /* something was met that stands in no record */
};

vb_inputs *vb_inputs_new(vb_book *book) {
  vb_inputs *in = vb_mem_zalloc(sizeof *in);
  if (in == NULL) return NULL;
  in->book = book;
  in->arena = vb_arena_new(0);
  in->named = vb_map_new();
  in->id = vb_hash_new();
  if (in->arena != NULL && in->named != NULL && in->id != NULL) return in;
  vb_inputs_free(in);
  return NULL;
}

void vb_inputs_free(vb_inputs *in) {
  char unused[VB_SHA256_HEX];
  if (in == NULL) return;
  if (in->id != NULL) (void)vb_hash_end(in->id, unused);
  vb_map_free(in->named);
  vb_arena_free(in->arena);
  vb_mem_free(in);
}

static vb_status write_down(vb_diag *d, vb_inputs *in) {
  vb_result r = {.kind = VB_RESULT_INPUTS, .batch = {.inputs = in->list, .n_inputs = in->n}};
  vb_status s = in->n == 0 ? VB_OK : vb_book_add(d, in->book, &r);
  in->n = 0;
  vb_arena_reset(in->arena);
  return s;
}

vb_status vb_inputs_add(vb_diag *d, vb_inputs *in, const vb_man_input *input) {
  vb_man_input *to = &in->list[in->n];
  *to = *input;
  to->path = vb_arena_str(in->arena, input->path, strlen(input->path));
  if (to->path == NULL) return VB_NOMEM;
  vb_hash_add_str(in->id, to->path);
  vb_hash_add_str(in->id, to->sha256);
  return ++in->n == TOGETHER ? write_down(d, in) : VB_OK;
}

/* VB_DONE: it stands there already. */
static vb_status begin(vb_inputs *in, const char *name, bool named) {
  if (vb_map_get(in->named, vb_span_of(name)) != NULL) return VB_DONE;
  return named && !vb_map_put(in->named, vb_span_of(name), in) ? VB_NOMEM : VB_OK;
}

/* s: of begin, and of what was done since. */
static vb_status finish(vb_diag *d, vb_inputs *in, vb_status s, const vb_man_input *input) {
  return s == VB_OK ? vb_inputs_add(d, in, input) : s == VB_DONE ? VB_OK : s;
}

vb_status vb_inputs_met(vb_diag *d, vb_inputs *in, const vb_man_input *input) { return finish(d, in, begin(in, input->path, false), input); }

vb_status vb_inputs_bytes(vb_diag *d, vb_inputs *in, const char *name, bool named, vb_span bytes) {
  vb_man_input input = {.path = name, .bytes = bytes.n};
  vb_status s = begin(in, name, named);
  if (s == VB_OK && !vb_sha256(bytes.p, bytes.n, input.sha256)) s = VB_NOMEM;
  return finish(d, in, s, &input);
}

vb_status vb_inputs_file(vb_diag *d, vb_inputs *in, const char *name, bool named, const char *path, char sha256[VB_SHA256_HEX]) {
  vb_man_input input = {.path = name};
  vb_status s = begin(in, name, named);
  if (s == VB_OK) s = vb_sha256_file(d, path, input.sha256, &input.bytes);
  if (sha256 != NULL) memcpy(sha256, input.sha256, sizeof input.sha256);
  return finish(d, in, s, &input);
}

void vb_inputs_odd(vb_inputs *in, const char *name) {
  vb_hash_add_str(in->id, name);
  vb_hash_add_str(in->id, NULL);
  in->odd = true;
}

bool vb_inputs_all_noted(const vb_inputs *in) { return !in->odd; }

vb_status vb_inputs_end(vb_diag *d, vb_inputs *in, char id[VB_SHA256_HEX]) {
  vb_hash *h = in->id;
  in->id = NULL;
  bool good = h != NULL && vb_hash_end(h, id);
  return good ? write_down(d, in) : VB_NOMEM;
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

vb_status vb_input_reader_open(const vb_book *book, vb_input_reader *r) {
  *r = (vb_input_reader){.book = book, .arena = vb_arena_new(0)};
  return r->arena == NULL ? VB_NOMEM : VB_OK;
}

void vb_input_reader_close(vb_input_reader *r) { vb_arena_free(r->arena); }

vb_status vb_input_next(vb_diag *d, vb_input_reader *r, const vb_man_input **out) {
  vb_status s = VB_OK;
  while (s == VB_OK && r->next == r->record.batch.n_inputs) {
    vb_arena_reset(r->arena);
    s = vb_book_inputs(d, r->book, r->arena, &r->at, &r->record);
    r->next = 0;
  }
  if (s == VB_OK) *out = &r->record.batch.inputs[r->next++];
  else *r = (vb_input_reader){.book = r->book, .arena = r->arena};
  return s;
}
