/* Memory that runs out: every part of the room with the n-th allocation failing, for every n: no crash, no leak, and no failure taken for success. */
#include "sign_help.h"

#include "manifest_make.h"
#include "xml/xml.h"

typedef struct faults { long calls, fail_at; bool failed; } faults;
static faults f;

static bool due(void)
{
  bool fail = ++f.calls == f.fail_at;
  f.failed = f.failed || fail;
  return fail;
}

static void *fault_alloc(void *ctx, size_t n) { return (void)ctx, due() ? NULL : malloc(n); }
static void *fault_resize(void *ctx, void *p, size_t n) { return (void)ctx, due() ? NULL : realloc(p, n); }
static void fault_release(void *ctx, void *p) { (void)ctx, free(p); }

static vb_span plain, signed_pdf;
static vb_signer *key;
static vb_manifest *manifest;

static vb_status do_sign(vb_diag *own, vb_arena *arena, vb_buf *out)
{
  (void)arena;
  vb_sign_options o = {.role = VB_SIGN_LEADER, .when = WHEN, .reason = "r"};
  return vb_sign_pdf(own, &(vb_pdf_file){"a.pdf", plain}, key, &o, out);
}

static vb_status do_verify(vb_diag *own, vb_arena *arena, vb_buf *out)
{
  (void)out;
  vb_pdf_verdict v;
  vb_status s = vb_verify_pdf(own, arena, &(vb_pdf_file){"a.pdf", signed_pdf}, (vb_span){NULL, 0}, &v);
  if (s == VB_OK && !f.failed) assert_true(v.good);
  return s;
}

static vb_status do_edxml(vb_diag *own, vb_arena *arena, vb_buf *out)
{
  static const vb_edxml_organ to = {"000.00.00.H57", NULL, "UBND", NULL, NULL, NULL, NULL, NULL};
  static const vb_edxml_step step = {"H57.1", WHEN};
  const vb_edxml_file files[] = {{"1.pdf", NULL, plain}};
  vb_edxml e = {.from = {"H57.1", NULL, "UBND", NULL, NULL, NULL, NULL, NULL}, .to = &to, .n_to = 1, .number = "1", .notation = "BC", .date = {2023, 1, 1}, .type_name = "x",
                .subject = "x", .pages = 1, .steps = &step, .n_steps = 1, .files = files, .n_files = 1}, *back;
  vb_status s = vb_edxml_write(own, &e, &(vb_edxml_rules){"p", {0, 0, 0}, NULL}, out);
  return s == VB_OK ? vb_edxml_read(own, arena, "p", (vb_span){out->p, out->n}, &back) : s;
}

static vb_status do_index(vb_diag *own, vb_arena *arena, vb_buf *out)
{
  (void)arena;
  return vb_index_print(own, manifest, VB_VI, out);
}

static vb_status do_trace(vb_diag *own, vb_arena *arena, vb_buf *out)
{
  static const vb_traced_source source = {"u", "p", "c", "r", {"f", 1, 2, NULL}};
  static const vb_traced figure = {"1", "2", "3", 4, 5, 6, "p.pdf", NULL, NULL, "7", {"8", 9, 0, NULL}, &source, 1};
  static const vb_trace_print how = {VB_TRACE_CSV, NULL, VB_EN, false};
  size_t shown = 0;
  vb_traces t = {"u", "d", &figure, 1}, *back;
  vb_status s = vb_traces_write(own, &t, out);
  if (s == VB_OK) s = vb_traces_print_head(&t, &how, out);
  if (s == VB_OK) s = vb_traces_print(&t, &how, out, &shown);
  return s == VB_OK ? vb_traces_read(own, arena, "build/nomem.trace.json", &back) : s;
}

static vb_status do_archive(vb_diag *own, vb_arena *arena, vb_buf *out)
{
  (void)arena;
  static const vb_fact facts[] = {{"organ.id", 0, "H57.1"}, {"kind", 0, "BC"}, {"kind.name", 0, "x"}, {"number", 0, "1"}, {"symbol", 0, "BC"}, {"date", 0, "2023-01-01"},
                                  {"organ.name", 0, "x"}, {"subject", 0, "x"}, {"pages", 0, "1"}, {"to.name", 1, "x"}};
  vb_archive *m = NULL;
  vb_status s = vb_archive_open(own, "templates/mappings/archive.xml", NULL, &m);
  if (s == VB_OK) s = vb_archive_write(own, m, 0, &(vb_facts){facts, sizeof facts / sizeof facts[0]}, out);
  vb_archive_close(m);
  return s;
}

typedef vb_status part(vb_diag *own, vb_arena *arena, vb_buf *out);

static vb_status run(part *p, long fail_at)
{
  const vb_mem_table table = {fault_alloc, fault_resize, fault_release, NULL};
  vb_buf out;
  vb_buf_init(&out);
  vb_diag *own = vb_diag_new();
  vb_arena *arena = vb_arena_new(0);
  f = (faults){0, fail_at, false};
  vb_mem_set(&table);
  vb_status s = p(own, arena, &out);
  bool lost = vb_diag_failed(own);
  vb_mem_set(NULL);
  vb_buf_free(&out);
  vb_arena_free(arena);
  vb_diag_free(own);
  return s == VB_OK && lost ? VB_NOMEM : s; /* a name that could not be interned is told by the diag */
}

static void test_parts(void **state)
{
  (void)state;
  static part *const parts[] = {do_sign, do_verify, do_edxml, do_index, do_trace, do_archive};
  vb_signer *s = key = signer("rsa.p12");
  vb_buf b, out;
  vb_buf_init(&b);
  vb_buf_init(&out);
  pdf_make(&(pdf_plan){.packed = true, .pages = 2}, &b);
  plain = (vb_span){b.p, b.n};
  assert_int_equal(do_sign(d, a, &out), VB_OK);
  signed_pdf = (vb_span){out.p, out.n};
  manifest = manifest_make(3);
  assert_int_equal(system("printf '{\"format\":1,\"figures\":[{\"code\":\"1\"}]}' > build/nomem.trace.json"), 0);
  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
    long n = 1, passed = 0;
    for (;; n++) {
      vb_status st = run(parts[i], n);
      if (!f.failed) {
        assert_int_equal(st, VB_OK);
        break;
      }
      if (st == VB_OK) passed++;
      else if (st != VB_NOMEM) fail_msg("part %zu, allocation %ld: status %d", i, n, (int)st);
    }
    /* The XML reader's table of names may lack one: that costs space, not truth. */
    bool reads_xml = parts[i] == do_edxml || parts[i] == do_archive;
    if (n < 6 || passed > (reads_xml ? 2 : 0)) fail_msg("part %zu: %ld of %ld failed allocations went unnoticed", i, passed, n);
  }
  vb_manifest_free(manifest);
  vb_signer_close(s);
  vb_buf_free(&b);
  vb_buf_free(&out);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, help_setup, help_teardown)
  const struct CMUnitTest tests[] = {T(test_parts)};
  return cmocka_run_group_tests(tests, keys_make, keys_drop);
}
