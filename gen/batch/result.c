/* result.c: one made document as bytes, and back. The format stands in result.h. */
#include <string.h>

#include "batch/result.h"

static const char magic[4] = {'V', 'B', 'R', '4'};
static const uint32_t none = UINT32_MAX;

static uint64_t fnv(const char *p, size_t n) {
  uint64_t h = UINT64_C(0xcbf29ce484222325);
  for (size_t i = 0; i < n; i++) h = (h ^ (unsigned char)p[i]) * UINT64_C(0x100000001b3);
  return h;
}

/* ---- writing ------------------------------------------------------------------------------------------------ */

static void put_low(vb_buf *b, uint64_t v, int bytes) {
  for (int i = 0; i < bytes; i++) vb_buf_char(b, (char)(unsigned char)(v >> 8 * i));
}

static void put_number(vb_buf *b, int64_t v) { put_low(b, (uint64_t)v, 8); }

static void put_text(vb_buf *b, const char *s) {
  size_t n = s == NULL ? 0 : strlen(s);
  put_low(b, s == NULL ? none : (uint64_t)n, 4);
  if (n > 0) vb_buf_add(b, s, n);
}

static void put_finding(vb_buf *b, const vb_finding *f) {
  put_text(b, vb_msg_get(f->msg)->id);
  put_number(b, f->severity);
  put_text(b, f->rule);
  put_text(b, f->at.file);
  put_number(b, f->at.line);
  put_number(b, f->at.column);
  put_text(b, f->at.cell);
  put_text(b, f->unit);
  put_text(b, f->document);
  put_text(b, f->code);
  for (int i = 0; i < VB_MSG_ARGS; i++) put_text(b, f->args[i]);
  put_text(b, f->waived.reason);
  put_text(b, f->waived.who);
  put_text(b, f->waived.date);
}

static void put_findings(vb_buf *b, const vb_finding *first) {
  int64_t n = 0;
  for (const vb_finding *f = first; f != NULL; f = f->next) n++;
  put_number(b, n);
  for (const vb_finding *f = first; f != NULL; f = f->next) put_finding(b, f);
}

static void put_batch(vb_buf *b, const vb_batch *x) {
  put_number(b, x->shard);
  put_number(b, x->shards);
  put_number(b, x->strict);
  put_text(b, x->job);
  put_text(b, x->period);
  put_text(b, x->generator);
  put_text(b, x->inputs_id);
  put_number(b, (int64_t)x->n_inputs);
  for (size_t i = 0; i < x->n_inputs; i++) {
    put_text(b, x->inputs[i].path);
    put_number(b, (int64_t)x->inputs[i].bytes);
    put_text(b, x->inputs[i].sha256);
  }
}

static void put_document(vb_buf *b, const vb_man_doc *doc) {
  const char *const texts[] = {doc->unit, doc->unit_name, doc->document, doc->template_id, doc->kind, doc->state, doc->number, doc->symbol, doc->date, doc->inputs_hash};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) put_text(b, texts[i]);
  put_number(b, doc->status);
  put_number(b, doc->pages);
  put_number(b, doc->signatures);
  put_number(b, (int64_t)doc->n_slots);
  for (size_t i = 0; i < doc->n_slots; i++) {
    const vb_man_slot *s = &doc->slots[i];
    put_text(b, s->name);
    put_text(b, s->kind);
    put_text(b, s->file);
    const int64_t numbers[] = {s->page, s->x, s->y, s->w, s->h};
    for (size_t k = 0; k < 5; k++) put_number(b, numbers[k]);
  }
  put_number(b, (int64_t)doc->n_files);
  for (size_t i = 0; i < doc->n_files; i++) {
    put_text(b, doc->files[i].path);
    put_number(b, (int64_t)doc->files[i].bytes);
    put_text(b, doc->files[i].sha256);
    put_text(b, doc->files[i].type);
  }
  put_findings(b, doc->findings);
}

vb_status vb_result_pack(const vb_result *r, vb_buf *out) {
  size_t at = out->n;
  vb_buf_add(out, magic, sizeof magic);
  vb_buf_add(out, (const char[VB_FRAME_HEAD - sizeof magic]){0}, VB_FRAME_HEAD - sizeof magic); /* known at the end */
  put_number(out, r->kind);
  put_number(out, r->task);
  put_number(out, r->status);
  put_number(out, r->kept);
  put_number(out, r->foreign);
  put_text(out, r->surroundings);
  put_document(out, &r->doc);
  put_findings(out, r->told);
  put_batch(out, &r->batch);
  if (out->failed) return VB_NOMEM;
  size_t n = out->n - at - VB_FRAME_HEAD;
  const char *payload = out->p + at + VB_FRAME_HEAD;
  uint64_t head[2] = {n, fnv(payload, n)};
  for (int i = 0; i < 4; i++) out->p[at + 4 + (size_t)i] = (char)(unsigned char)(head[0] >> 8 * i);
  for (int i = 0; i < 8; i++) out->p[at + 8 + (size_t)i] = (char)(unsigned char)(head[1] >> 8 * i);
  return n <= VB_FRAME_BYTES_MAX ? VB_OK : VB_NOMEM;
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

static uint64_t low_first(const char *p, int bytes) {
  uint64_t v = 0;
  for (int i = 0; i < bytes; i++) v |= (uint64_t)(unsigned char)p[i] << 8 * i;
  return v;
}

size_t vb_frame_bytes(const char head[VB_FRAME_HEAD]) { return (size_t)low_first(head + 4, 4); }

vb_status vb_frame_find(vb_span bytes, vb_span *payload) {
  *payload = (vb_span){NULL, 0};
  size_t seen = bytes.n < sizeof magic ? bytes.n : sizeof magic;
  if (seen > 0 && memcmp(bytes.p, magic, seen) != 0) return VB_BAD;
  if (bytes.n < VB_FRAME_HEAD) return VB_DONE;
  size_t n = vb_frame_bytes(bytes.p);
  if (n > VB_FRAME_BYTES_MAX) return VB_BAD;
  if (bytes.n - VB_FRAME_HEAD < n) return VB_DONE;
  if (fnv(bytes.p + VB_FRAME_HEAD, n) != low_first(bytes.p + 8, 8)) return VB_BAD;
  *payload = (vb_span){bytes.p + VB_FRAME_HEAD, n};
  return VB_OK;
}

typedef struct taker { vb_arena *a; const char *p, *end; bool wrong, failed; } taker;

static int64_t take_number(taker *t, int64_t least, int64_t most) {
  if (t->end - t->p < 8) {
    t->wrong = true;
    t->p = t->end;
    return least;
  }
  int64_t v = (int64_t)low_first(t->p, 8);
  t->p += 8;
  if (v >= least && v <= most) return v;
  t->wrong = true;
  return least;
}

static const char *take_text(taker *t) {
  uint64_t n = t->end - t->p < 4 ? none : low_first(t->p, 4);
  if (t->end - t->p < 4) t->wrong = true;
  else t->p += 4;
  if (n == none) return NULL;
  if (n > (uint64_t)(t->end - t->p) || memchr(t->p, 0, (size_t)n) != NULL) {
    t->wrong = true;
    return NULL;
  }
  const char *s = vb_arena_str(t->a, t->p, (size_t)n);
  t->p += n;
  if (s == NULL) t->failed = true;
  return s;
}

static void take_hash(taker *t, char out[VB_SHA256_HEX]) {
  const char *s = take_text(t);
  out[0] = '\0';
  if (s == NULL || s[0] == '\0') return;
  if (strlen(s) == VB_SHA256_HEX - 1 && strspn(s, "0123456789abcdef") == VB_SHA256_HEX - 1) memcpy(out, s, VB_SHA256_HEX);
  else t->wrong = true;
}

enum { MEMBER_BYTES_MIN = 16 }; /* an input: two texts and a number */

/* How many members a list has: no more than the bytes that are left could hold. */
static void *take_list(taker *t, size_t member, size_t *n) {
  *n = (size_t)take_number(t, 0, (t->end - t->p) / MEMBER_BYTES_MIN);
  void *list = vb_arena_array(t->a, member, *n);
  if (list == NULL) t->failed = true;
  if (list == NULL || t->wrong) *n = 0;
  return list;
}

/* A message that this version does not know keeps what it was about. */
static vb_msg message_of(const char *id) {
  for (int i = 0; id != NULL && i < VB_MSG_COUNT; i++)
    if (strcmp(vb_msg_get((vb_msg)i)->id, id) == 0) return (vb_msg)i;
  return VB_MSG_RULE;
}

static void take_finding(taker *t, vb_finding *f) {
  f->msg = message_of(take_text(t));
  f->severity = (vb_severity)take_number(t, VB_INFO, VB_FATAL);
  f->rule = take_text(t);
  f->at.file = take_text(t);
  f->at.line = (uint32_t)take_number(t, 0, UINT32_MAX);
  f->at.column = (uint32_t)take_number(t, 0, UINT32_MAX);
  f->at.cell = take_text(t);
  f->unit = take_text(t);
  f->document = take_text(t);
  f->code = take_text(t);
  for (int i = 0; i < VB_MSG_ARGS; i++) f->args[i] = take_text(t);
  f->waived.reason = take_text(t);
  f->waived.who = take_text(t);
  f->waived.date = take_text(t);
  if (f->rule == NULL) t->wrong = true;
}

static vb_finding *take_findings(taker *t) {
  size_t n = 0;
  vb_finding *list = take_list(t, sizeof *list, &n);
  for (size_t i = 0; i < n; i++) {
    take_finding(t, &list[i]);
    list[i].next = i + 1 < n ? &list[i + 1] : NULL;
  }
  return n > 0 ? list : NULL;
}

static void take_batch(taker *t, vb_batch *x) {
  x->shard = (int)take_number(t, 0, INT32_MAX);
  x->shards = (int)take_number(t, 0, INT32_MAX);
  x->strict = take_number(t, 0, 1) != 0;
  x->job = take_text(t);
  x->period = take_text(t);
  x->generator = take_text(t);
  take_hash(t, x->inputs_id);
  x->inputs = take_list(t, sizeof *x->inputs, &x->n_inputs);
  for (size_t i = 0; i < x->n_inputs; i++) {
    x->inputs[i].path = take_text(t);
    x->inputs[i].bytes = (uint64_t)take_number(t, 0, INT64_MAX);
    take_hash(t, x->inputs[i].sha256);
    if (x->inputs[i].path == NULL) t->wrong = true;
  }
}

/* <unit>/<name>, and nothing that leads elsewhere: what a record names is read and hashed. */
static bool lies_inside(const char *path) {
  const char *slash = strchr(path, '/');
  return slash != NULL && slash > path && slash[1] != '\0' && strchr(slash + 1, '/') == NULL && path[0] != '.' && slash[1] != '.';
}

static void take_lists(taker *t, vb_man_doc *doc) {
  doc->slots = take_list(t, sizeof *doc->slots, &doc->n_slots);
  for (size_t i = 0; i < doc->n_slots; i++) {
    vb_man_slot *s = &doc->slots[i];
    s->name = take_text(t);
    s->kind = take_text(t);
    s->file = take_text(t);
    s->page = (int)take_number(t, 0, INT32_MAX);
    int64_t *const box[] = {&s->x, &s->y, &s->w, &s->h};
    for (size_t k = 0; k < 4; k++) *box[k] = take_number(t, INT32_MIN, INT32_MAX);
  }
  doc->files = take_list(t, sizeof *doc->files, &doc->n_files);
  for (size_t i = 0; i < doc->n_files; i++) {
    vb_man_file *f = &doc->files[i];
    f->path = take_text(t);
    f->bytes = (uint64_t)take_number(t, 0, INT64_MAX);
    take_hash(t, f->sha256);
    f->type = take_text(t);
    if (f->path == NULL || f->type == NULL || !lies_inside(f->path)) t->wrong = true;
  }
  doc->findings = take_findings(t);
}

vb_status vb_result_unpack(vb_arena *a, vb_span payload, vb_result *out) {
  taker t = {a, payload.p, payload.p + payload.n, false, false};
  memset(out, 0, sizeof *out);
  out->kind = (vb_result_kind)take_number(&t, VB_RESULT_BEGUN, VB_RESULT_BATCH);
  out->task = (uint32_t)take_number(&t, 0, UINT32_MAX);
  out->status = (vb_status)take_number(&t, VB_OK, VB_NOMEM);
  out->kept = take_number(&t, 0, 1) != 0;
  out->foreign = take_number(&t, 0, 1) != 0;
  take_hash(&t, out->surroundings);
  vb_man_doc *doc = &out->doc;
  const char **const texts[] = {&doc->unit, &doc->unit_name, &doc->document, &doc->template_id, &doc->kind, &doc->state, &doc->number, &doc->symbol, &doc->date};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) *texts[i] = take_text(&t);
  take_hash(&t, doc->inputs_hash);
  doc->status = (vb_doc_status)take_number(&t, VB_DOC_WRITTEN, VB_DOC_NO_DATA);
  doc->pages = (int)take_number(&t, 0, INT32_MAX);
  doc->signatures = (int)take_number(&t, 0, INT32_MAX);
  take_lists(&t, doc);
  out->told = take_findings(&t);
  take_batch(&t, &out->batch);
  if (t.failed) return VB_NOMEM;
  bool named = out->kind == VB_RESULT_BEGUN || out->kind == VB_RESULT_MADE;
  if (named && (doc->unit == NULL || doc->document == NULL)) t.wrong = true;
  if (out->kind == VB_RESULT_BATCH && out->batch.job == NULL) t.wrong = true;
  return t.wrong || t.p != t.end ? VB_BAD : VB_OK;
}
