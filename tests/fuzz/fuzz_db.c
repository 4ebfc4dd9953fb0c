/* A kept database that is damaged. The input is a list of changes to a good one, four bytes each: where (three bytes) and what; a change at the very end cuts
 * the file there. What SQLite does not see is believed by nobody: the run ends in a message, or goes on without a fault. */
#include "fuzz.h"

#include "store/store.h"

static vb_buf good;

static void make_good(void)
{
  vb_diag *d = fuzz_diag();
  vb_store *s = NULL;
  const char *path = fuzz_file("good.db", "", 0);
  vb_buf_init(&good);
  FUZZ_CHECK(vb_store_open(d, path, &s) == VB_OK);
  FUZZ_CHECK(vb_store_set_job(s, "a") == VB_OK);
  FUZZ_CHECK(fuzz_fill(d, s) == VB_OK);
  vb_store_close(s);
  FUZZ_CHECK(vb_file_read(d, path, 64u << 20, false, &good) == VB_OK && good.n > 0);
  vb_diag_free(d);
}

/* Every table that expressions see, read to its end. */
static vb_status look(vb_diag *d, vb_store *s)
{
  static const char *const all[] = {
    "SELECT u.code, u.name, v.code, v.num, v.text FROM unit u LEFT JOIN value v ON v.unit = u.code ORDER BY u.name COLLATE VI",
    "SELECT code, label, val(code), rollup(code, 'h') FROM indicator ORDER BY ord", "SELECT * FROM delivery", "SELECT * FROM period", "SELECT * FROM source", "SELECT * FROM code_item",
  };
  vb_status st = vb_store_scope(s, "x1", "2023");
  for (size_t i = 0; st == VB_OK && i < sizeof all / sizeof all[0]; i++) {
    vb_query *q = NULL;
    st = vb_query_prepare(d, s, vb_span_of(all[i]), VB_NOWHERE, &q);
    while (st == VB_OK) st = vb_query_step(d, q);
    if (st == VB_DONE) st = VB_OK;
    vb_query_free(q);
  }
  return st;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (!good.n) make_good();
  size_t n = good.n;
  char *bytes = malloc(n);
  FUZZ_CHECK(bytes != NULL);
  memcpy(bytes, good.p, n);
  for (size_t i = 0; i + 4 <= size; i += 4) {
    size_t at = ((size_t)data[i] << 16 | (size_t)data[i + 1] << 8 | data[i + 2]) % (good.n + 1);
    if (at == good.n) n = n * data[i + 3] / 256;
    else bytes[at] = (char)data[i + 3];
  }
  const char *path = fuzz_file("kept.db", bytes, n);
  free(bytes);
  vb_diag *d = fuzz_diag();
  vb_store *s = NULL;
  vb_status st = vb_store_open(d, path, &s);
  if (st == VB_OK) st = vb_store_set_job(s, "b");
  if (st == VB_OK) st = fuzz_fill(d, s);
  if (st == VB_OK) st = look(d, s);
  vb_store_close(s);
  s = NULL;
  if (st == VB_OK) st = vb_store_open_worker(d, path, &s);
  if (st == VB_OK) st = look(d, s);
  vb_store_close(s);
  fuzz_end(d, st);
  return 0;
}
