/* xml, zip and read when memory runs out: every allocation fails once, and the outcome is "out of memory" or the right result, never
 * a wrong one, never a leak. */
#define _DEFAULT_SOURCE
#include "read_sink.h"

#include <stdlib.h>

#include "xml/xml.h"
#include "zip/zip.h"

static struct { size_t at, seen; bool on; } fail; /* on: all that follow fail too */

static bool fails(void)
{
  fail.seen++;
  return fail.at && (fail.on ? fail.seen >= fail.at : fail.seen == fail.at);
}

static void *take_some(void *ctx, size_t n)
{
  (void)ctx;
  return fails() ? NULL : malloc(n);
}

static void *take_more(void *ctx, void *p, size_t n)
{
  (void)ctx;
  return fails() ? NULL : realloc(p, n);
}

static void give_back(void *ctx, void *p)
{
  (void)ctx;
  free(p);
}

static const vb_mem_table failing = {take_some, take_more, give_back, NULL};

/* What a run has seen: a checksum of all that came out. */
static uint64_t sum;

static void add_bytes(const void *p, size_t n)
{
  for (size_t i = 0; i < n; i++)
    sum = (sum ^ ((const unsigned char *)p)[i]) * UINT64_C(1099511628211);
}

static void add_span(vb_span s) { add_bytes(s.p ? s.p : "", s.n); }

static vb_status sum_record(void *ctx, const vb_record *r)
{
  (void)ctx;
  for (size_t i = 0; i < 4; i++)
    add_span(r->fields[i].text);
  return VB_OK;
}

static vb_status run_read(vb_diag *dg, const char *path)
{
  vb_source src = {path, "v", VB_ENC_AUTO, NULL, {NULL, 0}};
  return vb_read_file(dg, &src, &values, (vb_sink){sum_record, NULL});
}

static vb_status run_csv(vb_diag *dg) { return run_read(dg, "build/test_nomem.csv"); }
static vb_status run_xml(vb_diag *dg) { return run_read(dg, "build/test_nomem.xml"); }
static vb_status run_xlsx(vb_diag *dg) { return run_read(dg, "tests/unit/data/read/libreoffice.xlsx"); }

static vb_status run_narrative(vb_diag *dg)
{
  vb_arena *mine = vb_arena_new(0);
  vb_narrative *first = NULL;
  vb_status st = mine ? vb_read_narrative_text(dg, mine, VB_NOWHERE, VB_LIT("a *b* {1.2}\n- **c**"), &first) : VB_NOMEM;
  for (; first; first = first->next)
    for (const vb_piece *p = first->first; p; p = p->next)
      add_span(p->text);
  vb_arena_free(mine);
  return st;
}

static vb_status run_zip(vb_diag *dg)
{
  vb_buf b, out;
  vb_buf_init(&b);
  vb_buf_init(&out);
  vb_zip_entry e[] = {{"a", VB_LIT("xyz")}, {"b", VB_LIT("")}};
  vb_zip *z = NULL;
  vb_status st = vb_zip_write(dg, e, 2, &b);
  if (st == VB_OK)
    st = vb_zip_open(dg, "z", (vb_span){b.p, b.n}, &z);
  if (st == VB_OK)
    st = vb_zip_read(dg, z, "a", 10, &out);
  add_bytes(out.p ? out.p : "", out.n);
  vb_zip_close(z);
  vb_buf_free(&b);
  vb_buf_free(&out);
  return st;
}

static vb_status run_schema(vb_diag *dg)
{
  vb_arena *mine = vb_arena_new(0);
  vb_xml_schema *s = NULL;
  vb_xml_node *root;
  vb_status st = mine ? vb_xml_schema_open(dg, "tests/unit/data/xml/form.rng", &s) : VB_NOMEM;
  if (st == VB_OK)
    st = vb_xml_parse(dg, mine, "f.xml", VB_LIT("<form id='a'><group name='g'><row code='1' value='2' kind='count'/></group></form>"), s, &root);
  if (st == VB_OK)
    add_span(vb_xml_attr_get(root, "id"));
  vb_xml_schema_close(s);
  vb_arena_free(mine);
  return st;
}

static vb_status run_writer(vb_diag *dg)
{
  (void)dg;
  vb_buf b;
  vb_buf_init(&b);
  vb_xml_writer *w = vb_xml_writer_new(&b, true);
  if (!w)
    return VB_NOMEM;
  vb_xml_open(w, "a");
  vb_xml_element(w, "b", VB_LIT("c"));
  vb_xml_raw_base64(w, "xyz!", 4);
  vb_status st = vb_xml_writer_end(w);
  if (st == VB_OK)
    add_bytes(b.p, b.n);
  vb_buf_free(&b);
  return st;
}

/* Runs once whole, then once for each allocation with that one failing. */
static void each_fails_so(vb_status (*run)(vb_diag *), bool on)
{
  vb_diag *dg = vb_diag_new();
  fail.at = fail.seen = 0;
  sum = 0;
  vb_mem_set(&failing);
  assert_int_equal(run(dg), VB_OK);
  size_t count = fail.seen;
  uint64_t right = sum;
  assert_in_range(count, 1, 100000);
  vb_diag_free(dg);
  size_t step = count / 400 + 1;
  for (size_t i = 1; i <= count; i += step) {
    dg = vb_diag_new();
    fail.at = i;
    fail.seen = 0;
    fail.on = on;
    sum = 0;
    vb_status st = run(dg);
    fail.at = 0;
    if (!(st == VB_NOMEM || (st == VB_OK && sum == right)) && !vb_diag_failed(dg)) {
      vb_buf b;
      vb_buf_init(&b);
      if (vb_diag_first(dg))
        vb_finding_line(vb_diag_first(dg), VB_EN, &b);
      fail_msg("allocation %zu of %zu: status %d, %s: %s", i, count, (int)st, sum == right ? "right" : "wrong", vb_buf_cstr(&b));
    }
    vb_diag_free(dg);
  }
  vb_mem_set(NULL);
}

static void each_fails(vb_status (*run)(vb_diag *))
{
  each_fails_so(run, false);
  each_fails_so(run, true);
}

#define N(name) static void test_##name(void **state) { (void)state; each_fails(run_##name); }
N(csv) N(xml) N(xlsx) N(narrative) N(zip) N(schema) N(writer)

static int make_files(void **state)
{
  (void)state;
  static const char csv[] = "Mã,Giá trị,\"Ghi chú\"\n1,2,\"a \"\"b\"\"\"\n", xml[] = "<data unit='xa-a'><a ma='1'><value>e\xCC\x82&amp;</value></a></data>";
  if (help_setup(state) != 0 || vb_dir_make(d, "build") != VB_OK)
    return -1;
  write_quickly("build/test_nomem.csv", (vb_span){csv, sizeof csv - 1});
  write_quickly("build/test_nomem.xml", (vb_span){xml, sizeof xml - 1});
  /* libxml2's process-wide data is made before allocations fail: it stays for good. */
  vb_xml_node *root;
  vb_xml_schema *s = NULL;
  vb_status st = vb_xml_schema_open(d, "tests/unit/data/xml/form.rng", &s);
  if (st == VB_OK)
    st = vb_xml_parse(d, a, "w.xml", VB_LIT("<form id='a'><group name='g'><row code='1' value='2'/></group></form>"), s, &root);
  vb_xml_schema_close(s);
  return st == VB_OK ? 0 : -1;
}

static int remove_files(void **state)
{
  (void)state;
  remove("build/test_nomem.csv");
  remove("build/test_nomem.xml");
  return help_teardown(state);
}

int main(void)
{
  static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_writer), cmocka_unit_test(test_zip), cmocka_unit_test(test_narrative), cmocka_unit_test(test_csv), cmocka_unit_test(test_xml),
    cmocka_unit_test(test_xlsx), cmocka_unit_test(test_schema),
  };
  int failed = cmocka_run_group_tests(tests, make_files, remove_files);
  vb_xml_cleanup();
  return failed;
}
