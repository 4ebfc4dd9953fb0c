/* The records of made documents and the book that keeps them (gen/batch/result.h, book.h, inputs.h): what is written is read back, and what is torn,
 * cut or foreign is refused whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "batch/inputs.h"
#include "folder.h"

#define HASH_A "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define HASH_B "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"

/* A record with everything that one can hold; what it points to is static. */
static vb_result whole(void) {
  static vb_man_slot slots[2] = {{"leader", "signature", "xa/bc.pdf", 25, -1, 20, 300, 400}, {"number", "number", "xa/bc.pdf", 1, 0, 0, 1, 1}};
  static vb_man_file files[2] = {{"xa/bc.pdf", 123456, HASH_A, "pdf"}, {"xa/bc.trace.json", 7, HASH_B, "trace"}};
  static vb_finding told = {.msg = VB_MSG_INPUT_MISSING, .severity = VB_WARNING, .rule = "input-missing", .at = {"so-lieu.csv", 3, 7, NULL}, .unit = "xa", .args = {"tệp", ""}};
  static vb_finding second = {.msg = VB_MSG_RULE, .severity = VB_ERROR, .rule = "A06", .at = {"bang.xlsx", 0, 0, "Số liệu!D14"}, .unit = "xa", .document = "bc", .code = "1.1.2",
                              .args = {"vi", "en"}, .waived = {"như bản gốc", "Sở Nội vụ", "2023-12-06"}};
  static vb_finding first;
  first = second;
  first.next = &second;
  vb_result r = {.kind = VB_RESULT_MADE, .task = 4000000000u, .status = VB_BAD, .kept = true, .foreign = true, .surroundings = HASH_B, .told = &told};
  r.doc = (vb_man_doc){.unit = "xa", .unit_name = "xã Mẫu", .document = "bc", .template_id = "bao-cao", .kind = "BC", .state = "issued", .number = "232", .symbol = "BC-UBND",
                       .date = NULL, .status = VB_DOC_WITHHELD, .pages = 25, .signatures = 1, .slots = slots, .n_slots = 2, .files = files, .n_files = 2, .findings = &first,
                       .inputs_hash = HASH_A};
  return r;
}

static void same(const char *a, const char *b) {
  if (a == NULL || b == NULL) assert_ptr_equal(a, b);
  else assert_string_equal(a, b);
}

static void same_findings(const vb_finding *a, const vb_finding *b) {
  for (; a != NULL && b != NULL; a = a->next, b = b->next) {
    assert_int_equal(a->msg, b->msg);
    assert_int_equal(a->severity, b->severity);
    same(a->rule, b->rule);
    same(a->at.file, b->at.file);
    assert_int_equal(a->at.line, b->at.line);
    assert_int_equal(a->at.column, b->at.column);
    same(a->at.cell, b->at.cell);
    same(a->unit, b->unit);
    same(a->document, b->document);
    same(a->code, b->code);
    for (int i = 0; i < VB_MSG_ARGS; i++) same(a->args[i], b->args[i]);
    same(a->waived.reason, b->waived.reason);
    same(a->waived.who, b->waived.who);
    same(a->waived.date, b->waived.date);
  }
  assert_null(a);
  assert_null(b);
}

static void same_results(const vb_result *a, const vb_result *b) {
  const vb_man_doc *x = &a->doc, *y = &b->doc;
  assert_true(a->kind == b->kind && a->task == b->task && a->status == b->status && a->kept == b->kept && a->foreign == b->foreign);
  same(a->surroundings, b->surroundings);
  const char *const texts[][2] = {{x->unit, y->unit}, {x->unit_name, y->unit_name}, {x->document, y->document}, {x->template_id, y->template_id}, {x->kind, y->kind},
                                  {x->state, y->state}, {x->number, y->number}, {x->symbol, y->symbol}, {x->date, y->date}, {x->inputs_hash, y->inputs_hash}};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) same(texts[i][0], texts[i][1]);
  assert_true(x->status == y->status && x->pages == y->pages && x->signatures == y->signatures && x->n_slots == y->n_slots && x->n_files == y->n_files);
  for (size_t i = 0; i < x->n_slots; i++) {
    const vb_man_slot *s = &x->slots[i], *t = &y->slots[i];
    same(s->name, t->name);
    same(s->kind, t->kind);
    same(s->file, t->file);
    assert_true(s->page == t->page && s->x == t->x && s->y == t->y && s->w == t->w && s->h == t->h);
  }
  for (size_t i = 0; i < x->n_files; i++) {
    same(x->files[i].path, y->files[i].path);
    same(x->files[i].sha256, y->files[i].sha256);
    same(x->files[i].type, y->files[i].type);
    assert_int_equal(x->files[i].bytes, y->files[i].bytes);
  }
  same_findings(x->findings, y->findings);
  same_findings(a->told, b->told);
}

static vb_buf packed(const vb_result *r) {
  vb_buf b;
  vb_buf_init(&b);
  assert_int_equal(vb_result_pack(r, &b), VB_OK);
  return b;
}

static void test_there_and_back(void **state) {
  (void)state;
  vb_arena *a = vb_arena_new(0);
  vb_result r = whole(), back;
  vb_span payload;
  vb_buf b = packed(&r);
  assert_int_equal(vb_frame_find((vb_span){b.p, b.n}, &payload), VB_OK);
  assert_int_equal(payload.n, b.n - VB_FRAME_HEAD);
  assert_int_equal(vb_frame_bytes(b.p), payload.n);
  assert_int_equal(vb_result_unpack(a, payload, &back), VB_OK);
  same_results(&r, &back);
  vb_buf_free(&b);
  vb_arena_free(a);
}

/* What a killed run leaves, and what a disk may do to it. */
static void test_torn(void **state) {
  (void)state;
  vb_arena *a = vb_arena_new(0);
  vb_result r = whole(), back;
  vb_span payload;
  vb_buf b = packed(&r);
  for (size_t n = 0; n < b.n; n++) assert_int_equal(vb_frame_find((vb_span){b.p, n}, &payload), VB_DONE);
  for (size_t i = 0; i < b.n; i++) {
    b.p[i] ^= 0x20;
    assert_int_not_equal(vb_frame_find((vb_span){b.p, b.n}, &payload), VB_OK);
    b.p[i] ^= 0x20;
  }
  for (size_t n = 0; n + VB_FRAME_HEAD < b.n; n++) {
    assert_int_equal(vb_result_unpack(a, (vb_span){b.p + VB_FRAME_HEAD, n}, &back), VB_BAD);
    vb_arena_reset(a);
  }
  vb_buf_free(&b);
  vb_arena_free(a);
}

/* A record is not trusted: what it names is read and hashed later. */
static void test_foreign(void **state) {
  (void)state;
  static const char *const paths[] = {"bc.pdf", "/etc/passwd", "../a/b", "xa/../b", "xa/.b", "./b", "xa/b/c", "xa/", ""};
  vb_arena *a = vb_arena_new(0);
  for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
    vb_result r = whole(), back;
    vb_man_file file = {paths[i], 1, HASH_A, "pdf"};
    vb_buf b;
    vb_span payload;
    r.doc.files = &file;
    r.doc.n_files = 1;
    vb_buf_init(&b);
    assert_int_equal(vb_result_pack(&r, &b), VB_OK);
    assert_int_equal(vb_frame_find((vb_span){b.p, b.n}, &payload), VB_OK);
    if (vb_result_unpack(a, payload, &back) != VB_BAD) fail_msg("%s", paths[i]);
    vb_buf_free(&b);
  }
  vb_arena_free(a);
}

/* ---- the book ----------------------------------------------------------------------------------------------- */

typedef struct shelf { vb_diag *d; vb_arena *a; char path[300]; vb_book *book; } shelf;

static void open_shelf(shelf *s, const char *dir) {
  *s = (shelf){.d = vb_diag_new(), .a = vb_arena_new(0)};
  snprintf(s->path, sizeof s->path, "%.255s/book", dir);
  assert_int_equal(vb_book_open(s->d, s->path, false, &s->book), VB_OK);
}

static void reopen(shelf *s) {
  vb_book_close(s->book);
  assert_int_equal(vb_book_open(s->d, s->path, false, &s->book), VB_OK);
}

static void close_shelf(shelf *s) {
  assert_null(vb_diag_first(s->d));
  vb_book_close(s->book);
  vb_arena_free(s->a);
  vb_diag_free(s->d);
}

static void add(shelf *s, vb_result_kind kind, const char *unit, int pages) {
  vb_result r = {.kind = kind, .doc = {.unit = unit, .document = "bc", .pages = pages}};
  assert_int_equal(vb_book_add(s->d, s->book, &r), VB_OK);
}

static int pages_of(shelf *s, const char *unit) {
  vb_result r;
  return vb_book_read(s->d, s->book, s->a, unit, "bc", &r) == VB_OK ? r.doc.pages : -1;
}

static void test_book(void **state) {
  char *dir = *state;
  shelf s;
  open_shelf(&s, dir);
  assert_true(vb_book_is_empty(s.book));
  add(&s, VB_RESULT_BEGUN, "xa-2", 0);
  add(&s, VB_RESULT_MADE, "xa-2", 3);
  add(&s, VB_RESULT_MADE, "xa-1", 5);
  add(&s, VB_RESULT_MADE, "xa-2", 4);
  add(&s, VB_RESULT_BEGUN, "xa-3", 0);
  for (int round = 0; round < 2; round++, reopen(&s)) {
    const char **names;
    size_t n;
    assert_int_equal(pages_of(&s, "xa-2"), 4); /* the last counts */
    assert_int_equal(vb_book_pages(s.book, "xa-1", "bc"), 5);
    assert_false(vb_book_in_doubt(s.book, "xa-2", "bc"));
    assert_true(vb_book_in_doubt(s.book, "xa-3", "bc"));
    assert_false(vb_book_knows(s.book, "xa-3", "bc"));
    assert_int_equal(vb_book_names(s.book, s.a, &names, &n), VB_OK);
    assert_int_equal(n, 3);
    assert_string_equal(names[0], "xa-2 bc");
    assert_string_equal(names[2], "xa-3 bc");
  }
  close_shelf(&s);
}

/* However a run was broken off, the records before that are there, and one more can be added. */
static void test_torn_book(void **state) {
  char *dir = *state;
  shelf s;
  open_shelf(&s, dir);
  add(&s, VB_RESULT_MADE, "xa-1", 5);
  FILE *f = fopen(s.path, "rb");
  char bytes[4096];
  size_t one = fread(bytes, 1, sizeof bytes, f);
  fclose(f);
  for (size_t n = 1; n < one; n += 7) {
    vb_book_close(s.book);
    f = fopen(s.path, "wb");
    assert_int_equal(fwrite(bytes, 1, one, f) + fwrite(bytes, 1, n, f), one + n);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(vb_book_open(s.d, s.path, false, &s.book), VB_OK);
    assert_int_equal(pages_of(&s, "xa-1"), 5);
    add(&s, VB_RESULT_MADE, "xa-2", (int)n);
    reopen(&s);
    assert_int_equal(pages_of(&s, "xa-2"), n);
  }
  close_shelf(&s);
}

/* ---- inputs ------------------------------------------------------------------------------------------------- */

static void note(shelf *s, int n, const char *kind, char id[VB_SHA256_HEX]) {
  vb_inputs *in = vb_inputs_new(s->book);
  assert_non_null(in);
  for (int i = 0; i < n; i++) {
    char path[40];
    snprintf(path, sizeof path, "%s/%d.txt", kind, i);
    assert_int_equal(vb_inputs_add(s->d, in, &(vb_man_input){path, (uint64_t)i, HASH_A}), VB_OK);
  }
  assert_int_equal(vb_inputs_end(s->d, in, id), VB_OK);
  vb_inputs_free(in);
}

static void read_back(shelf *s, int n, const char *kind) {
  vb_input_reader r;
  const vb_man_input *in;
  assert_int_equal(vb_input_reader_open(s->book, &r), VB_OK);
  for (int round = 0; round < 2; round++) { /* behind the last it begins again */
    for (int i = 0; i < n; i++) {
      char path[40];
      snprintf(path, sizeof path, "%s/%d.txt", kind, i);
      assert_int_equal(vb_input_next(s->d, &r, &in), VB_OK);
      assert_string_equal(in->path, path);
      assert_string_equal(in->sha256, HASH_A);
      assert_int_equal(in->bytes, i);
    }
    assert_int_equal(vb_input_next(s->d, &r, &in), VB_DONE);
  }
  vb_input_reader_close(&r);
}

static void test_inputs(void **state) {
  char *dir = *state, id[4][VB_SHA256_HEX];
  shelf s;
  open_shelf(&s, dir);
  read_back(&s, 0, "");
  note(&s, 600, "a", id[0]); /* three records */
  read_back(&s, 600, "a");
  add(&s, VB_RESULT_MADE, "xa-1", 5);
  note(&s, 256, "b", id[1]); /* of the next run, exactly one */
  read_back(&s, 256, "b");
  reopen(&s);
  read_back(&s, 256, "b");
  add(&s, VB_RESULT_MADE, "xa-2", 5);
  note(&s, 256, "b", id[2]);
  note(&s, 0, "", id[3]);
  assert_string_equal(id[1], id[2]);
  assert_string_not_equal(id[0], id[1]);
  assert_string_not_equal(id[1], id[3]);
  assert_int_equal(pages_of(&s, "xa-1"), 5);
  close_shelf(&s);
}

/* Two runs that were killed before they made anything: what they read is not what the third has read. */
static void test_inputs_of_killed_runs(void **state) {
  char *dir = *state, id[VB_SHA256_HEX];
  shelf s;
  open_shelf(&s, dir);
  note(&s, 3, "a", id);
  reopen(&s);
  note(&s, 2, "b", id);
  reopen(&s);
  note(&s, 4, "c", id);
  read_back(&s, 4, "c");
  close_shelf(&s);
}

/* Files that job.xml names may come again; they are noted once. */
static void test_named_twice(void **state) {
  char *dir = *state, path[300], id[VB_SHA256_HEX];
  shelf s;
  vb_input_reader r;
  const vb_man_input *in;
  open_shelf(&s, dir);
  snprintf(path, sizeof path, "%.255s/so-lieu.csv", dir);
  assert_int_equal(vb_file_write(s.d, path, "abc", 3), VB_OK);
  vb_inputs *list = vb_inputs_new(s.book);
  for (int i = 0; i < 3; i++) assert_int_equal(vb_inputs_bytes(s.d, list, "so-lieu.csv", i < 2, VB_LIT("abc")), VB_OK);
  assert_int_equal(vb_inputs_file(s.d, list, "so-lieu.csv", true, path, NULL), VB_OK);
  assert_int_equal(vb_inputs_file(s.d, list, "khac.csv", false, path, NULL), VB_OK);
  assert_int_equal(vb_inputs_end(s.d, list, id), VB_OK);
  vb_inputs_free(list);
  assert_int_equal(vb_input_reader_open(s.book, &r), VB_OK);
  assert_int_equal(vb_input_next(s.d, &r, &in), VB_OK);
  assert_string_equal(in->path, "so-lieu.csv");
  assert_string_equal(in->sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert_int_equal(in->bytes, 3);
  assert_int_equal(vb_input_next(s.d, &r, &in), VB_OK);
  assert_string_equal(in->path, "khac.csv");
  assert_int_equal(vb_input_next(s.d, &r, &in), VB_DONE);
  vb_input_reader_close(&r);
  close_shelf(&s);
}

/* ---- the end of a run --------------------------------------------------------------------------------------- */

typedef struct records { shelf *s; int i; } records;

static vb_status next_record(void *ctx, vb_result *out) {
  records *r = ctx;
  if (r->i == 0) {
    r->i = 1;
    return vb_book_read(r->s->d, r->s->book, r->s->a, "xa-1", "bc", out);
  }
  if (r->i == 1) { /* the inputs go before it by themselves */
    r->i = 2;
    *out = (vb_result){.kind = VB_RESULT_BATCH, .batch = {.shard = 2, .shards = 3, .job = "viec", .period = "2023", .generator = "x", .inputs_id = HASH_B}};
    return VB_OK;
  }
  return VB_DONE;
}

static void test_settle(void **state) {
  char *dir = *state, id[VB_SHA256_HEX];
  shelf s;
  vb_result batch;
  open_shelf(&s, dir);
  note(&s, 300, "a", id);
  add(&s, VB_RESULT_MADE, "xa-1", 5);
  add(&s, VB_RESULT_MADE, "xa-2", 6);
  assert_int_equal(vb_book_batch(s.d, s.book, s.a, &batch), VB_DONE);
  records r = {&s, 0};
  assert_int_equal(vb_book_settle(s.d, s.book, s.book, next_record, &r), VB_OK);
  reopen(&s);
  assert_int_equal(pages_of(&s, "xa-1"), 5);
  assert_int_equal(pages_of(&s, "xa-2"), -1); /* was not given */
  read_back(&s, 300, "a");
  assert_int_equal(vb_book_batch(s.d, s.book, s.a, &batch), VB_OK);
  assert_int_equal(batch.batch.shard, 2);
  assert_int_equal(batch.batch.shards, 3);
  assert_string_equal(batch.batch.job, "viec");
  assert_string_equal(batch.batch.inputs_id, HASH_B);
  add(&s, VB_RESULT_BEGUN, "xa-1", 0); /* the next run has begun, so that this is no longer how it ended */
  assert_int_equal(vb_book_batch(s.d, s.book, s.a, &batch), VB_DONE);
  close_shelf(&s);
}

static char folder[256];

static int make_folder(void **state) {
  folder_make(folder);
  *state = folder;
  return 0;
}

static int drop_folder(void **state) {
  (void)state;
  folder_drop(folder);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_there_and_back), cmocka_unit_test(test_torn), cmocka_unit_test(test_foreign),
      cmocka_unit_test_setup_teardown(test_book, make_folder, drop_folder), cmocka_unit_test_setup_teardown(test_torn_book, make_folder, drop_folder),
      cmocka_unit_test_setup_teardown(test_inputs, make_folder, drop_folder), cmocka_unit_test_setup_teardown(test_inputs_of_killed_runs, make_folder, drop_folder), cmocka_unit_test_setup_teardown(test_named_twice, make_folder, drop_folder),
      cmocka_unit_test_setup_teardown(test_settle, make_folder, drop_folder),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
