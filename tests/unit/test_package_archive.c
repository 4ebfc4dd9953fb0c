/* Records for archives: fields in the order of the rules, filled by the mapping file; what does not fit is named. */
#include "read_help.h"

#include <stdlib.h>

#include "package/package.h"
#include "xml/xml.h"

static const vb_fact sample[] = {
  {"organ.id", 0, "000.00.01.H57"}, {"file.year", 0, "2023"}, {"file.notation", 0, "CCHC"}, {"file.code", 0, "000.00.01.H57.2023.CCHC"}, {"ordinal", 0, "12"}, {"kind", 0, "BC"},
  {"kind.name", 0, "Báo cáo"}, {"number", 0, "232"}, {"symbol", 0, "BC-UBND"}, {"date", 0, "2023-12-06"}, {"organ.name", 0, "UBND xã Quảng Thọ"},
  {"subject", 0, "Kết quả <CCHC> & nhiệm vụ"}, {"language", 0, "vi"}, {"pages", 0, "23"}, {"position", 0, "Chủ tịch"}, {"signer", 0, "Nguyễn Văn A"},
  {"to.id", 1, "000.00.00.H57"}, {"to.name", 1, "UBND thành phố Huế"}, {"to.name", 2, "Các thôn"}, {"retention", 0, "permanent"}};
enum { N = sizeof sample / sizeof sample[0] };

static vb_archive *mapping(void)
{
  vb_xml_schema *schema = NULL;
  vb_archive *m = NULL;
  assert_int_equal(vb_xml_schema_open(d, "templates/schemas/archive.rng", &schema), VB_OK);
  if (vb_archive_open(d, "templates/mappings/archive.xml", schema, &m) != VB_OK) fail_msg("%s", findings());
  vb_xml_schema_close(schema);
  return m;
}

static const char *element(const vb_xml_node *n, const char *name)
{
  const vb_xml_node *k = vb_xml_child(n, name);
  if (!k) fail_msg("no %s", name);
  vb_span s = vb_xml_text(a, k);
  return vb_arena_str(a, s.p ? s.p : "", s.n);
}

static vb_xml_node *record(const vb_archive *m, size_t i, const vb_fact *facts, size_t n)
{
  vb_buf b;
  vb_buf_init(&b);
  vb_xml_node *root = NULL;
  if (vb_archive_write(d, m, i, &(vb_facts){facts, n}, &b) != VB_OK) fail_msg("%s", findings());
  assert_int_equal(vb_xml_parse(d, a, "r.xml", (vb_span){b.p, b.n}, NULL, &root), VB_OK);
  vb_buf_free(&b);
  return root;
}

static void names_are(const vb_xml_node *root, const char *names)
{
  vb_buf b;
  vb_buf_init(&b);
  for (const vb_xml_node *k = vb_xml_child(root, NULL); k; k = vb_xml_sibling(k, NULL)) vb_buf_printf(&b, "%s ", k->name);
  assert_string_equal(vb_buf_cstr(&b), names);
  vb_buf_free(&b);
}

static void test_records(void **state)
{
  (void)state;
  vb_archive *m = mapping();
  assert_int_equal(vb_archive_count(m), 2);
  assert_string_equal(vb_archive_suffix(m, 0), ".nd30.xml");
  assert_string_equal(vb_archive_suffix(m, 1), ".simpledc.xml");
  assert_null(vb_archive_suffix(m, 2));
  vb_xml_node *r = record(m, 0, sample, N);
  names_are(r, "FileCode DocOrdinal TypeName CodeNumber CodeNotation IssuedDate OrganName Subject Language PageAmount Description SignerInfo To To Priority IssuedAmount DueDate ");
  assert_string_equal(element(vb_xml_child(r, "FileCode"), "FileNotation"), "CCHC");
  assert_string_equal(element(r, "IssuedDate"), "06/12/2023");
  assert_string_equal(element(r, "Subject"), "Kết quả <CCHC> & nhiệm vụ");
  assert_string_equal(element(r, "Language"), "Tiếng Việt");
  const vb_xml_node *to = vb_xml_child(r, "To");
  assert_string_equal(element(to, "OrganId"), "000.00.00.H57");
  to = vb_xml_sibling(to, "To");
  assert_string_equal(element(to, "OrganId"), "");
  assert_string_equal(element(to, "OrganName"), "Các thôn");
  r = record(m, 1, sample, N);
  assert_string_equal(r->name, "simpledc");
  names_are(r, "docId arcDocCode maintenance typeName codeNumber codeNotation issuedDate organName subject language numberOfPage inforSign keyword mode confidenceLevel autograph format "
               "process riskRecovery riskRecoveryStatus description ");
  assert_string_equal(element(r, "typeName"), "14");
  assert_string_equal(element(r, "maintenance"), "01");
  assert_string_equal(element(r, "arcDocCode"), "000.00.01.H57.2023.CCHC");
  assert_string_equal(element(r, "language"), "01");
  vb_archive_close(m);
}

static void expect(const vb_archive *m, const char *name, const char *value, const char *want)
{
  vb_fact facts[N];
  memcpy(facts, sample, sizeof facts);
  for (size_t i = 0; i < N; i++)
    if (strcmp(facts[i].name, name) == 0) facts[i].value = value;
  vb_buf b;
  vb_buf_init(&b);
  assert_int_equal(vb_archive_write(d, m, 0, &(vb_facts){facts, N}, &b), VB_BAD);
  assert_int_equal(b.n, 0);
  assert_string_equal(findings(), want);
  vb_buf_free(&b);
}

static void test_faults(void **state)
{
  (void)state;
  vb_archive *m = mapping();
  expect(m, "number", NULL, "vanban: error: the archive record needs CodeNumber; fill it in the job or in the register of units [archive]");
  expect(m, "symbol", "KHÔNG AI VIẾT KÝ HIỆU DÀI NHƯ THẾ", "vanban: error: CodeNotation has 33 characters, the archive record takes at most 30; shorten it [archive]");
  expect(m, "date", "6/12/2023", "vanban: error: IssuedDate must be a date in the archive record, not \"6/12/2023\" [archive]");
  expect(m, "pages", "hai", "vanban: error: PageAmount must be a number in the archive record, not \"hai\" [archive]");
  vb_archive_close(m);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, help_setup, help_teardown)
  const struct CMUnitTest tests[] = {T(test_records), T(test_faults)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
