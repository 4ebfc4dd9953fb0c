/* Expressions: what the guard lets through runs to its end or its limit, and the tables stay as they are. */
#include "fuzz.h"

#include "store/store.h"
#include "text/text.h"

enum { ROWS = 100 };

static int64_t count(vb_store *s, const char *sql)
{
  vb_diag *d = fuzz_diag();
  vb_query *q = NULL;
  FUZZ_CHECK(vb_query_prepare(d, s, vb_span_of(sql), VB_NOWHERE, &q) == VB_OK);
  FUZZ_CHECK(vb_query_step(d, q) == VB_OK);
  int64_t n = vb_query_value(q, 0).integer;
  vb_query_free(q);
  vb_diag_free(d);
  return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static vb_store *store;
  if (!store) store = fuzz_store();
  vb_span sql = {(const char *)data, size};
  if (vb_utf8_check(sql) != size || (size > 0 && memchr(data, 0, size))) return -1; /* expressions come out of XML */
  vb_diag *d = fuzz_diag();
  vb_query *q = NULL;
  vb_store_trace_start(store);
  vb_status s = vb_query_prepare(d, store, sql, (vb_place){vb_diag_file(d, "t.xml"), 3, 10, NULL}, &q);
  for (size_t i = 0; s == VB_OK && i < vb_query_params(q); i++)
    vb_query_bind(q, i, i % 2 ? (vb_sql_value){VB_SQL_INTEGER, 3, {NULL, 0}} : (vb_sql_value){VB_SQL_TEXT, 0, VB_LIT("x1")});
  for (int row = 0; s == VB_OK && row < ROWS; row++) {
    s = vb_query_step(d, q);
    for (size_t i = 0; s == VB_OK && i < vb_query_columns(q); i++) {
      vb_sql_value v = vb_query_value(q, i);
      if (v.type == VB_SQL_TEXT) FUZZ_CHECK(vb_utf8_check(v.text) == v.text.n);
      (void)vb_query_origin_table(q, i);
      FUZZ_CHECK(vb_query_column(q, i) != NULL);
    }
  }
  vb_query_free(q);
  FUZZ_CHECK(count(store, "SELECT count(*) FROM unit") == 3 && count(store, "SELECT count(*) FROM value") == 8);
  vb_arena *a = vb_arena_new(0);
  const vb_source_ref *refs = NULL;
  size_t n = 0;
  FUZZ_CHECK(a != NULL && vb_store_sources(d, store, a, &refs, &n) == VB_OK && n <= VB_SOURCES_MAX);
  vb_arena_free(a);
  fuzz_end(d, s);
  return 0;
}
