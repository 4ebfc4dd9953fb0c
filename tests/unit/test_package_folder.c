/* A whole output folder: good as made; then one thing changed at a time, and it is that which is told. */
#include "sign_help.h"

#include "xml/xml.h"

static char dir[256];

static int folder_setup(void **state)
{
  folder_make(dir);
  return help_setup(state);
}

static int folder_teardown(void **state)
{
  folder_drop(dir);
  return help_teardown(state);
}

static vb_man_file put(vb_manifest *m, const char *rel, const char *type, vb_span bytes)
{
  vb_man_file f = {.path = vb_arena_str(m->arena, rel, strlen(rel)), .bytes = bytes.n, .type = type};
  assert_true(vb_sha256(bytes.p, bytes.n, f.sha256));
  assert_int_equal(vb_file_write(d, folder_path(dir, rel), bytes.p, bytes.n), VB_OK);
  return f;
}

static void put_package(vb_manifest *m, vb_man_doc *doc, vb_span pdf, vb_span xlsx)
{
  static const vb_edxml_organ to = {"000.00.00.H57", NULL, "UBND thành phố Huế", NULL, NULL, NULL, NULL, NULL};
  static const vb_edxml_step step = {"000.00.01.H57", WHEN};
  const vb_edxml_file files[] = {{"232.pdf", NULL, pdf}, {"232.xlsx", NULL, xlsx}};
  vb_edxml e = {.from = {"000.00.01.H57", NULL, "UBND xã Quảng Thọ", NULL, NULL, NULL, NULL, NULL}, .to = &to, .n_to = 1, .number = "232", .notation = "BC-UBND",
                .date = {2023, 12, 6}, .type_name = "Báo cáo", .subject = "x", .pages = 1, .steps = &step, .n_steps = 1, .files = files, .n_files = 2};
  vb_buf b;
  vb_buf_init(&b);
  if (vb_edxml_write(d, &e, &(vb_edxml_rules){"p.edxml", {0, 0, 0}, NULL}, &b) != VB_OK) fail_msg("%s", findings());
  doc->files[doc->n_files++] = put(m, "QT/bc.edxml", "edxml", (vb_span){b.p, b.n});
  vb_buf_free(&b);
}

static void put_trace(vb_manifest *m, vb_man_doc *doc)
{
  vb_traces t = {doc->unit, doc->document, NULL, 0};
  vb_buf b;
  vb_buf_init(&b);
  assert_int_equal(vb_traces_write(d, &t, &b), VB_OK);
  doc->files[doc->n_files++] = put(m, "QT/bc.trace.json", "trace", (vb_span){b.p, b.n});
  vb_buf_free(&b);
}

static void put_manifest(vb_manifest *m)
{
  vb_buf b;
  vb_buf_init(&b);
  assert_int_equal(vb_manifest_print(d, m, VB_VI, &b), VB_OK);
  assert_int_equal(vb_file_write(d, folder_path(dir, "manifest.json"), b.p, b.n), VB_OK);
  vb_buf_free(&b);
  vb_manifest_free(m);
}

static vb_manifest *make(void)
{
  vb_manifest *m = vb_manifest_new();
  assert_int_equal(vb_dir_make(d, folder_path(dir, "QT")), VB_OK);
  m->job = "thu";
  m->docs = VB_NEW_ARRAY(m->arena, vb_man_doc, 1);
  m->n_docs = 1;
  vb_man_doc *doc = &m->docs[0];
  *doc = (vb_man_doc){.unit = "QT", .document = "bc", .number = "232", .symbol = "BC-UBND", .date = "2023-12-06", .pages = 1, .signatures = 1};
  doc->files = VB_NEW_ARRAY(m->arena, vb_man_file, 8);
  vb_buf plain, pdf;
  vb_buf_init(&plain);
  vb_buf_init(&pdf);
  pdf_make(&(pdf_plan){.packed = true, .pages = 1}, &plain);
  vb_signer *s = signer("ec.p12");
  vb_sign_options o = {.role = VB_SIGN_LEADER, .when = WHEN};
  assert_int_equal(vb_sign_pdf(d, &(vb_pdf_file){"bc.pdf", (vb_span){plain.p, plain.n}}, s, &o, &pdf), VB_OK);
  vb_signer_close(s);
  vb_span bytes = {vb_arena_copy(a, pdf.p, pdf.n), pdf.n}, xlsx = VB_LIT("a workbook, as far as anyone here looks");
  vb_buf_free(&plain);
  vb_buf_free(&pdf);
  doc->files[doc->n_files++] = put(m, "QT/bc.pdf", "pdf", bytes);
  doc->files[doc->n_files++] = put(m, "QT/bc.xlsx", "xlsx", xlsx);
  put_package(m, doc, bytes, xlsx);
  put_trace(m, doc);
  return m;
}

static void expect(size_t bad, vb_file_state state, const char *path, const char *message)
{
  vb_verified v;
  assert_int_equal(vb_verify_folder(d, a, dir, &(vb_verify_ask){{NULL, 0}, NULL}, &v), VB_OK);
  const char *all = findings();
  if (v.bad != bad) fail_msg("%zu bad\n%s", v.bad, all);
  if (!strstr(all, message)) fail_msg("%s", all);
  for (size_t i = 0; i < v.n_files; i++)
    if (path && strcmp(v.files[i].path, path) == 0) {
      assert_int_equal(v.files[i].state, state);
      path = NULL;
    }
  assert_null(path);
}

static void test_good(void **state)
{
  (void)state;
  put_manifest(make());
  folder_put(dir, "index.html", "<html/>");
  expect(0, VB_FILE_GOOD, "QT/bc.pdf", "QT/bc.pdf: info: signature leader: by CN=Chủ tịch, at 2030-06-01T09:19:46+07:00 as stated (EC 256, SHA256) [verify-signed]");
  vb_verified v;
  assert_int_equal(vb_verify_folder(d, a, folder_path(dir, "QT"), &(vb_verify_ask){{NULL, 0}, NULL}, &v), VB_DONE);
}

static void test_orphans_and_missing(void **state)
{
  (void)state;
  put_manifest(make());
  folder_put(dir, "QT/cu.pdf", "x");
  expect(1, VB_FILE_ORPHAN, "QT/cu.pdf", "QT/cu.pdf: error: no document of the manifest has this file");
  folder_put(dir, "QT/" VB_FILE_TEMP_HEAD "123" VB_FILE_TEMP_TAIL, "x");
  expect(2, VB_FILE_ORPHAN, "QT/cu.pdf", "a run that was broken off left this file");
  assert_int_equal(remove(folder_path(dir, "QT/bc.xlsx")), 0);
  expect(3, VB_FILE_MISSING, "QT/bc.xlsx", "QT/bc.xlsx: error: the manifest names this file, but it is not there");
}

static void test_changed(void **state)
{
  (void)state;
  put_manifest(make());
  folder_put(dir, "QT/bc.xlsx", "another workbook");
  expect(1, VB_FILE_CHANGED, "QT/bc.xlsx", "QT/bc.xlsx: error: the file is not the one that the manifest describes");
  vb_span pdf = file_bytes(folder_path(dir, "QT/bc.pdf"));
  char *copy = vb_arena_copy(a, pdf.p, pdf.n);
  copy[300] ^= 1;
  assert_int_equal(vb_file_write(d, folder_path(dir, "QT/bc.pdf"), copy, pdf.n), VB_OK);
  expect(2, VB_FILE_CHANGED, "QT/bc.pdf", "[verify-changed]");
}

/* A package that can be read, and that the axis would not take: told only against the schema. */
static void test_schema(void **state)
{
  (void)state;
  vb_xml_schema *schema = NULL;
  vb_verified v;
  assert_int_equal(vb_xml_schema_open(d, "templates/schemas/edxml.rng", &schema), VB_OK);
  put_manifest(make());
  assert_int_equal(vb_verify_folder(d, a, dir, &(vb_verify_ask){{NULL, 0}, schema}, &v), VB_OK);
  if (v.bad != 0) fail_msg("%s", findings());
  vb_manifest *m = make();
  vb_man_file *f = m->docs[0].files;
  while (strcmp(f->type, "edxml") != 0) f++;
  vb_span was = file_bytes(folder_path(dir, f->path));
  const char *text = vb_arena_str(a, was.p, was.n), *head = strstr(text, "edXMLHeader>");
  assert_non_null(head);
  while (*head != '<') head--;
  size_t at = (size_t)(head - text);
  *f = put(m, f->path, "edxml", vb_span_of(vb_arena_printf(a, "%.*s<Other>1</Other>%s", (int)at, was.p, head)));
  put_manifest(m);
  assert_int_equal(vb_verify_folder(d, a, dir, &(vb_verify_ask){{NULL, 0}, NULL}, &v), VB_OK);
  assert_int_equal(v.bad, 0);
  assert_int_equal(vb_verify_folder(d, a, dir, &(vb_verify_ask){{NULL, 0}, schema}, &v), VB_OK);
  assert_int_equal(v.bad, 1);
  if (!strstr(findings(), "Other")) fail_msg("%s", findings());
  vb_xml_schema_close(schema);
}

/* The manifest agrees with its files, but they not with one another. */
static void test_package(void **state)
{
  (void)state;
  vb_manifest *m = make();
  m->docs[0].number = "233";
  m->docs[0].files[1] = put(m, "QT/bc.xlsx", "xlsx", VB_LIT("a newer workbook"));
  put_manifest(m);
  vb_verified v;
  assert_int_equal(vb_verify_folder(d, a, dir, &(vb_verify_ask){{NULL, 0}, NULL}, &v), VB_OK);
  assert_int_equal(v.bad, 1);
  const char *all = findings();
  assert_non_null(strstr(all, "QT/bc.edxml: error: CodeNumber is \"232\" here and \"233\" in the manifest"));
  assert_non_null(strstr(all, "the attachment 232.xlsx is none of the files of this document"));
  assert_non_null(strstr(all, "QT/bc.xlsx is not attached as it lies in the folder"));
}

static void test_signature_count(void **state)
{
  (void)state;
  vb_manifest *m = make();
  m->docs[0].signatures = 2;
  put_manifest(m);
  expect(1, VB_FILE_WRONG, "QT/bc.pdf", "the document bears 1 signatures, the manifest counts 2");
}

static void test_no_manifest(void **state)
{
  (void)state;
  vb_verified v;
  assert_int_equal(vb_verify_folder(d, a, dir, &(vb_verify_ask){{NULL, 0}, NULL}, &v), VB_DONE);
  folder_put(dir, "manifest.json", "{");
  assert_int_equal(vb_verify_folder(d, a, dir, &(vb_verify_ask){{NULL, 0}, NULL}, &v), VB_BAD);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, folder_setup, folder_teardown)
  const struct CMUnitTest tests[] = {T(test_good), T(test_orphans_and_missing), T(test_changed), T(test_package), T(test_schema), T(test_signature_count), T(test_no_manifest)};
  return cmocka_run_group_tests(tests, keys_make, keys_drop);
}
