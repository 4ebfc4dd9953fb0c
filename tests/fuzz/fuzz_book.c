/* The book of a job: records of documents that a former run made, read by the next. What is read is written into a new book and comes back the same. The first byte chooses:
 * a whole book, or the payload of one record, whose checksum would stop nearly every change. */
#include "fuzz.h"

#include "batch/book.h"

static bool same_text(const char *x, const char *y) { return x == NULL || y == NULL ? x == y : strcmp(x, y) == 0; }

static void record(vb_arena *a, vb_span payload)
{
  vb_result r, again;
  vb_buf one, two;
  vb_buf_init(&one);
  vb_buf_init(&two);
  vb_status s = vb_result_unpack(a, payload, &r);
  FUZZ_CHECK(s == VB_OK || s == VB_BAD);
  if (s == VB_OK) {
    for (size_t i = 0; i < r.doc.n_files; i++) FUZZ_CHECK(r.doc.files[i].path[0] != '/' && r.doc.files[i].path[0] != '.' && !strstr(r.doc.files[i].path, "/."));
    FUZZ_CHECK(vb_result_pack(&r, &one) == VB_OK);
    FUZZ_CHECK(vb_frame_find((vb_span){one.p, one.n}, &payload) == VB_OK && payload.n == one.n - VB_FRAME_HEAD);
    FUZZ_CHECK(vb_result_unpack(a, payload, &again) == VB_OK);
    FUZZ_CHECK(same_text(r.doc.unit, again.doc.unit) && r.doc.n_files == again.doc.n_files && r.doc.n_slots == again.doc.n_slots);
    FUZZ_CHECK(vb_result_pack(&again, &two) == VB_OK && one.n == two.n && memcmp(one.p, two.p, one.n) == 0);
  }
  vb_buf_free(&one);
  vb_buf_free(&two);
}

static void whole(vb_diag *d, vb_arena *a, vb_span bytes)
{
  vb_book *b = NULL;
  const char **names = NULL;
  size_t n = 0;
  vb_result r;
  FUZZ_CHECK(vb_book_open(d, fuzz_file(".job.made", bytes.p, bytes.n), false, &b) == VB_OK);
  FUZZ_CHECK(vb_book_names(b, a, &names, &n) == VB_OK);
  for (size_t i = 0; i < n; i++) {
    vb_status s = vb_book_read_name(d, b, a, names[i], &r);
    FUZZ_CHECK(s == VB_OK || s == VB_DONE);
    FUZZ_CHECK(s == VB_DONE || (r.doc.unit && r.doc.document));
  }
  vb_status s = vb_book_batch(d, b, a, &r);
  FUZZ_CHECK(s == VB_OK || s == VB_DONE);
  r = (vb_result){.kind = VB_RESULT_MADE, .doc = {.unit = "x1", .document = "moi", .pages = 3}};
  FUZZ_CHECK(vb_book_add(d, b, &r) == VB_OK); /* behind whatever was torn */
  vb_book_close(b);
  FUZZ_CHECK(vb_book_open(d, vb_arena_printf(a, "%s/.job.made", fuzz_dir()), true, &b) == VB_OK);
  FUZZ_CHECK(vb_book_knows(b, "x1", "moi") && vb_book_pages(b, "x1", "moi") == 3);
  vb_book_close(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size < 1) return -1;
  vb_diag *d = fuzz_diag();
  vb_arena *a = vb_arena_new(0);
  FUZZ_CHECK(a != NULL);
  vb_span s = {(const char *)data + 1, size - 1};
  if (data[0] & 1) record(a, s);
  else whole(d, a, s);
  vb_arena_free(a);
  fuzz_end(d, VB_OK);
  return 0;
}
