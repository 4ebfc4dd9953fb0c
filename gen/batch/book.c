/* book.c: records of documents from run to run. What holds of the file stands in book.h. */
#include <stdio.h>
#include <string.h>

#include "batch/book.h"

enum { WINDOW_BYTES = 1 << 18, NAME_BYTES_MAX = 255 /* of a folder or a file: a unit has the one, a document the other */ };

typedef struct entry { struct entry *next; const char *name; uint64_t at; size_t n; int pages; bool begun; } entry; /* of the payload; n 0: none was made */

struct vb_book {
  vb_journal *file;
  vb_arena *arena;
  char *path;
  vb_map *entries;
  entry *first, **end; size_t n;
  entry batch;
  struct { uint64_t from, to; bool going_on; } inputs; /* frames */
  vb_buf out;
};

/* A unit's code and a document's id have no space. */
static vb_status entry_of(vb_book *b, const char *unit, const char *document, entry **out) {
  vb_buf key;
  vb_buf_init(&key);
  vb_buf_printf(&key, "%s %s", unit, document);
  *out = key.failed ? NULL : vb_map_get(b->entries, (vb_span){key.p, key.n});
  if (*out == NULL && !key.failed) {
    entry *e = *out = VB_NEW(b->arena, entry);
    if (e != NULL) e->name = vb_arena_str(b->arena, key.p, key.n);
    if (e == NULL || e->name == NULL || !vb_map_put(b->entries, (vb_span){key.p, key.n}, e)) {
      *out = NULL;
    } else {
      *b->end = e;
      b->end = &e->next;
      b->n++;
    }
  }
  vb_buf_free(&key);
  return *out == NULL ? VB_NOMEM : VB_OK;
}

/* Asks for no memory: a document that is not found is one whose files may go. A longer name is no file's. */
static const entry *entry_find(const vb_book *b, const char *unit, const char *document) {
  char key[2 * NAME_BYTES_MAX + 2];
  int n = snprintf(key, sizeof key, "%s %s", unit, document);
  return n < 0 || (size_t)n >= sizeof key ? NULL : vb_map_get(b->entries, (vb_span){key, (size_t)n});
}

static vb_status note(vb_book *b, const vb_result *r, uint64_t at, size_t n) {
  entry *e;
  b->batch.at = at;
  b->batch.n = r->kind == VB_RESULT_BATCH ? n : 0; /* what comes after it, its run did not end */
  if (r->kind == VB_RESULT_INPUTS && !b->inputs.going_on) b->inputs.from = at - VB_FRAME_HEAD;
  if (r->kind == VB_RESULT_INPUTS) b->inputs.to = at + n;
  b->inputs.going_on = r->kind == VB_RESULT_INPUTS;
  if (r->kind == VB_RESULT_BATCH || r->kind == VB_RESULT_INPUTS) return VB_OK;
  vb_status s = entry_of(b, r->doc.unit, r->doc.document, &e);
  if (s != VB_OK) return s;
  e->begun = r->kind == VB_RESULT_BEGUN;
  if (r->kind == VB_RESULT_MADE) {
    e->at = at;
    e->n = n;
    e->pages = r->doc.pages;
  }
  return VB_OK;
}

/* ---- opening ------------------------------------------------------------------------------------------------ */

typedef struct window { vb_buf bytes; uint64_t at; size_t used; bool end; } window; /* at: place of bytes.p[0] in the file */

static vb_status refill(vb_diag *d, const vb_journal *j, window *w) {
  size_t left = w->bytes.n - w->used, got = 0;
  if (w->used > 0 && left > 0) memmove(w->bytes.p, w->bytes.p + w->used, left);
  w->at += w->used;
  w->used = 0;
  w->bytes.n = left;
  if (!vb_buf_reserve(&w->bytes, WINDOW_BYTES)) return VB_NOMEM;
  vb_status s = vb_journal_read(d, j, w->at + left, w->bytes.p + left, WINDOW_BYTES, &got);
  w->bytes.n += got;
  w->end = got < WINDOW_BYTES;
  return s;
}

/* Reads on to the first thing that is no record: the end, or where a killed run broke off. *good: the bytes before it. */
static vb_status read_all(vb_diag *d, vb_book *b, uint64_t *good) {
  window w = {.at = 0};
  vb_arena *a = vb_arena_new(0);
  vb_buf_init(&w.bytes);
  vb_status s = a == NULL ? VB_NOMEM : refill(d, b->file, &w);
  while (s == VB_OK) {
    vb_span payload;
    vb_result r;
    vb_status found = vb_frame_find((vb_span){w.bytes.p + w.used, w.bytes.n - w.used}, &payload);
    if (found == VB_DONE && !w.end) {
      s = refill(d, b->file, &w);
      continue;
    }
    if (found != VB_OK) break;
    vb_arena_reset(a);
    s = vb_result_unpack(a, payload, &r);
    if (s == VB_OK) s = note(b, &r, w.at + w.used + VB_FRAME_HEAD, payload.n);
    if (s == VB_OK) w.used += VB_FRAME_HEAD + payload.n;
  }
  *good = w.at + w.used;
  vb_buf_free(&w.bytes);
  vb_arena_free(a);
  return s == VB_BAD ? VB_OK : s;
}

vb_status vb_book_open(vb_diag *d, const char *path, bool read_only, vb_book **out) {
  *out = NULL;
  if (read_only && !vb_file_exists(path)) return VB_DONE;
  vb_arena *a = vb_arena_new(0);
  vb_book *b = a == NULL ? NULL : VB_NEW(a, vb_book);
  if (b == NULL) {
    vb_arena_free(a);
    return VB_NOMEM;
  }
  b->arena = a;
  b->path = vb_arena_str(a, path, strlen(path));
  b->entries = vb_map_new();
  b->end = &b->first;
  vb_buf_init(&b->out);
  uint64_t good = 0;
  vb_status s = b->path == NULL || b->entries == NULL ? VB_NOMEM : vb_journal_open(d, path, read_only, &b->file);
  if (s == VB_OK) s = read_all(d, b, &good);
  b->inputs.going_on = false; /* a run that was killed among its own is not this one */
  if (s == VB_OK && good < vb_journal_bytes(b->file)) {
    b->batch.n = 0;
    if (!read_only) s = vb_journal_cut(d, b->file, good);
  }
  if (s != VB_OK) {
    vb_book_close(b);
    return s;
  }
  *out = b;
  return VB_OK;
}

void vb_book_close(vb_book *b) {
  if (b == NULL) return;
  vb_journal_close(b->file);
  vb_map_free(b->entries);
  vb_buf_free(&b->out);
  vb_arena_free(b->arena);
}

bool vb_book_is_empty(const vb_book *b) { return vb_map_count(b->entries) == 0; }

/* ---- one record --------------------------------------------------------------------------------------------- */

vb_status vb_book_add(vb_diag *d, vb_book *b, const vb_result *r) {
  vb_buf_clear(&b->out);
  vb_status s = vb_result_pack(r, &b->out);
  uint64_t at = vb_journal_bytes(b->file);
  if (s == VB_OK) s = vb_journal_add(d, b->file, b->out.p, b->out.n);
  return s == VB_OK ? note(b, r, at + VB_FRAME_HEAD, b->out.n - VB_FRAME_HEAD) : s;
}

static vb_status read_entry(vb_diag *d, const vb_book *b, vb_arena *a, const entry *e, vb_result *out) {
  if (e == NULL || e->n == 0) return VB_DONE;
  size_t got = 0;
  char *bytes = vb_arena_alloc(a, e->n);
  vb_status s = bytes == NULL ? VB_NOMEM : vb_journal_read(d, b->file, e->at, bytes, e->n, &got);
  if (s != VB_OK) return s;
  s = got < e->n ? VB_BAD : vb_result_unpack(a, (vb_span){bytes, got}, out);
  return s == VB_BAD ? VB_DONE : s; /* somebody else writes in it: as if it were not there */
}

vb_status vb_book_read(vb_diag *d, const vb_book *b, vb_arena *a, const char *unit, const char *document, vb_result *out) {
  return read_entry(d, b, a, entry_find(b, unit, document), out);
}

vb_status vb_book_batch(vb_diag *d, const vb_book *b, vb_arena *a, vb_result *out) { return read_entry(d, b, a, &b->batch, out); }

vb_status vb_book_names(const vb_book *b, vb_arena *a, const char ***names, size_t *n) {
  *n = 0;
  *names = VB_NEW_ARRAY(a, const char *, b->n);
  if (*names == NULL) return VB_NOMEM;
  for (const entry *e = b->first; e != NULL; e = e->next) (*names)[(*n)++] = e->name;
  return VB_OK;
}

vb_status vb_book_read_name(vb_diag *d, const vb_book *b, vb_arena *a, const char *name, vb_result *out) {
  return read_entry(d, b, a, vb_map_get(b->entries, vb_span_of(name)), out);
}

vb_status vb_book_inputs(vb_diag *d, const vb_book *b, vb_arena *a, uint64_t *at, vb_result *out) {
  char head[VB_FRAME_HEAD];
  size_t got = 0;
  uint64_t from = *at == 0 ? b->inputs.from : *at;
  if (from >= b->inputs.to) return VB_DONE;
  vb_status s = vb_journal_read(d, b->file, from, head, sizeof head, &got);
  if (s != VB_OK) return s;
  size_t n = got < sizeof head ? 0 : vb_frame_bytes(head);
  if (n == 0 || n > b->inputs.to - from - VB_FRAME_HEAD) return VB_DONE; /* somebody else writes in it */
  *at = from + VB_FRAME_HEAD + n;
  return read_entry(d, b, a, &(entry){.at = from + VB_FRAME_HEAD, .n = n}, out);
}

bool vb_book_knows(const vb_book *b, const char *unit, const char *document) {
  const entry *e = entry_find(b, unit, document);
  return e != NULL && e->n > 0;
}

int vb_book_pages(const vb_book *b, const char *unit, const char *document) {
  const entry *e = entry_find(b, unit, document);
  return e == NULL ? 0 : e->pages;
}

bool vb_book_in_doubt(const vb_book *b, const char *unit, const char *document) {
  const entry *e = entry_find(b, unit, document);
  return e != NULL && e->begun;
}

/* ---- the end of a run --------------------------------------------------------------------------------------- */

/* Byte for byte, as they stand. A file that fails is told at its end. */
static vb_status copy_inputs(vb_diag *d, const vb_book *from, vb_file_out *to) {
  char bytes[1 << 13];
  vb_status s = VB_OK;
  for (uint64_t at = from->inputs.from; s == VB_OK && at < from->inputs.to;) {
    uint64_t left = from->inputs.to - at;
    size_t want = left < sizeof bytes ? (size_t)left : sizeof bytes, got = 0;
    s = vb_journal_read(d, from->file, at, bytes, want, &got);
    if (got == 0 || vb_file_add(to, bytes, got) != VB_OK) break; /* got 0: somebody else writes in it */
    at += got;
  }
  return s;
}

vb_status vb_book_settle(vb_diag *d, vb_book *b, const vb_book *inputs_of, vb_status (*next)(void *ctx, vb_result *out), void *ctx) {
  vb_file_out *f = NULL;
  vb_result r;
  vb_status s = vb_file_begin(d, b->path, &f), more = VB_OK;
  while (s == VB_OK && (more = next(ctx, &r)) == VB_OK) {
    vb_buf_clear(&b->out);
    if (r.kind == VB_RESULT_BATCH) s = copy_inputs(d, inputs_of, f);
    if (s == VB_OK) s = vb_result_pack(&r, &b->out);
    if (s == VB_OK && vb_file_add(f, b->out.p, b->out.n) != VB_OK) break;
  }
  if (s == VB_OK && more > VB_DONE) s = more;
  if (s == VB_OK) return vb_file_end(f);
  vb_file_drop(f);
  return s;
}
