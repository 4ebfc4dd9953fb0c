/* Verifying signatures: what pdfsig calls changed is changed for us too; additions behind a signature are told from further signatures; hostile
 * files end in one message. */
#include "sign_help.h"

#define PATH "build/test_package_verify.pdf"

static vb_span make(bool packed, vb_buf *b)
{
  vb_buf_init(b);
  pdf_make(&(pdf_plan){.packed = packed, .pages = 2}, b);
  return (vb_span){b->p, b->n};
}

static vb_span sign(vb_span pdf, const char *key, vb_sign_role role)
{
  vb_sign_options o = {.role = role, .when = WHEN};
  vb_signer *s = signer(key);
  vb_buf out;
  vb_buf_init(&out);
  if (vb_sign_pdf(d, &(vb_pdf_file){"v.pdf", pdf}, s, &o, &out) != VB_OK) fail_msg("%s", findings());
  vb_signer_close(s);
  vb_span kept = {vb_arena_copy(a, out.p, out.n), out.n};
  vb_buf_free(&out);
  return kept;
}

static vb_pdf_verdict verdict(vb_span pdf)
{
  vb_pdf_verdict v;
  assert_int_equal(vb_verify_pdf(d, a, &(vb_pdf_file){"v.pdf", pdf}, (vb_span){NULL, 0}, &v), VB_OK);
  return v;
}

static bool pdfsig_agrees(vb_span pdf)
{
  assert_int_equal(vb_file_write(d, PATH, pdf.p, pdf.n), VB_OK);
  return system("pdfsig -nocert " PATH " 2>/dev/null > build/pdfsig.txt; grep -q 'Signature is Valid' build/pdfsig.txt && grep -q 'Total document signed' build/pdfsig.txt && ! grep -q 'Digest Mismatch' build/pdfsig.txt") == 0;
}

/* A byte changed anywhere: never good, and pdfsig thinks so too. A few bytes of CMS are covered by no signature, such as the number of its
 * version: they say nothing about the document. */
static void test_flips(void **state)
{
  (void)state;
  for (int packed = 0; packed < 2; packed++) {
    vb_buf b;
    vb_span good = sign(make(packed, &b), "ec.p12", VB_SIGN_LEADER);
    assert_true(verdict(good).good);
    assert_true(pdfsig_agrees(good));
    findings();
    int shown = 0, unsigned_fields = 0;
    const char *text = vb_arena_str(a, good.p, good.n), *contents = strstr(text + b.n, "/Contents<");
    assert_non_null(contents);
    size_t hole = (size_t)(contents - text) + 10, hole_end = hole + strcspn(contents + 10, ">");
    for (size_t i = 0; i < 400; i++) {
      size_t at = help_random() % good.n;
      char *copy = vb_arena_copy(a, good.p, good.n), was = copy[at];
      copy[at] = (char)(copy[at] ^ (1 << help_random() % 7));
      if ((was ^ copy[at]) == 0x20 && strchr("abcdefABCDEF", was)) continue; /* a hex digit of the signature in its other case */
      vb_pdf_verdict v;
      vb_status st = vb_verify_pdf(d, a, &(vb_pdf_file){"v.pdf", (vb_span){copy, good.n}}, (vb_span){NULL, 0}, &v);
      /* Without its value the field is an empty one: no signature is found then, and that is no good file either. */
      if (st == VB_OK && v.good && v.n_signatures) {
        if (at < hole || at >= hole_end) fail_msg("byte %zu of %zu", at, good.n);
        unsigned_fields++;
        findings();
        continue;
      }
      if (shown < 12 && (at < hole || at >= hole_end)) {
        shown++;
        assert_false(pdfsig_agrees((vb_span){copy, good.n}));
      }
      findings();
    }
    assert_in_range(unsigned_fields, 0, 8);
    vb_buf_free(&b);
  }
}

/* An update that puts other content on page 1; `sub` may come from another program. */
static vb_span change_page(vb_span pdf, const char *object)
{
  const char *start = NULL;
  for (size_t i = pdf.n - 9; i > 0 && !start; i--)
    if (memcmp(pdf.p + i, "startxref", 9) == 0) start = pdf.p + i + 10;
  vb_buf b;
  vb_buf_init(&b);
  vb_buf_span(&b, pdf);
  size_t at = b.n;
  int number = atoi(object);
  vb_buf_printf(&b, "%s\nendobj\n", object);
  size_t xref = b.n;
  vb_buf_printf(&b, "xref\n%d 1\n%010zu 00000 n \ntrailer\n<</Size 40/Root 1 0 R/Prev %ld>>\nstartxref\n%zu\n%%%%EOF\n", number, at, atol(start), xref);
  vb_span kept = {vb_arena_copy(a, b.p, b.n), b.n};
  vb_buf_free(&b);
  return kept;
}

static void test_additions(void **state)
{
  (void)state;
  static const char *const changes[] = {
    "8 0 obj\n<</Length 38>>\nstream\nBT /F1 24 Tf 72 700 Td (Bia dat) Tj ET\nendstream", /* other text */
    "3 0 obj\n<</Type/Page/Parent 2 0 R/Contents 10 0 R/Resources<</Font<</F1 9 0 R>>>>/Annots[5 0 R 6 0 R]>>", /* other contents */
    "3 0 obj\n<</Type/Page/Parent 2 0 R/Contents 8 0 R/Resources<</Font<</F1 9 0 R>>>>/Annots[5 0 R 6 0 R 9 0 R]>>", /* a foreign annotation */
    "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>", /* a page less */
    "1 0 obj\n<</Type/Catalog/Pages 2 0 R/Metadata 7 0 R/Lang(vi)/AcroForm 4 0 R/OpenAction 9 0 R>>", /* an action */
    "5 0 obj\nnull" /* the signed field removed */
  };
  vb_buf b;
  vb_span one = sign(make(false, &b), "rsa.p12", VB_SIGN_LEADER);
  for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
    findings();
    vb_span changed = change_page(one, changes[i]);
    vb_pdf_verdict v;
    if (i == 5) { /* the form still names it */
      assert_int_equal(vb_verify_pdf(d, a, &(vb_pdf_file){"v.pdf", changed}, (vb_span){NULL, 0}, &v), VB_BAD);
      continue;
    }
    v = verdict(changed);
    assert_false(v.good);
    assert_true(v.signatures[0].intact && !v.signatures[0].whole && !v.signatures[0].later_fine);
    assert_non_null(strstr(findings(), "[verify-later]"));
    vb_span two = sign(changed, "ec.p12", VB_SIGN_ORGAN); /* signing on top does not heal it */
    findings();
    v = verdict(two);
    assert_int_equal(v.n_signatures, 2);
    assert_false(v.good);
    assert_false(v.signatures[0].later_fine);
    assert_true(v.signatures[1].intact && v.signatures[1].whole && v.signatures[1].later_fine);
  }
  /* A byte behind the end. */
  char *longer = vb_arena_copy(a, one.p, one.n + 1 > one.n ? one.n : 0);
  vb_buf tail;
  vb_buf_init(&tail);
  vb_buf_add(&tail, longer, one.n);
  vb_buf_char(&tail, '\n');
  assert_false(verdict((vb_span){tail.p, tail.n}).signatures[0].whole);
  vb_buf_free(&tail);
  vb_buf_free(&b);
}

/* Ranges that leave something out. The cryptography is not asked about them. */
static void test_ranges(void **state)
{
  (void)state;
  vb_buf b;
  vb_span good = sign(make(false, &b), "ec.p12", VB_SIGN_LEADER);
  char *copy = vb_arena_str(a, good.p, good.n);
  char *range = strstr(copy + b.n - 1, "/ByteRange[");
  assert_non_null(range);
  unsigned long n1, n2, n3;
  assert_int_equal(sscanf(range, "/ByteRange[0 %lu %lu %lu", &n1, &n2, &n3), 3);
  const unsigned long tries[][4] = {{0, n1 - 1, n2, n3}, {0, n1, n2 + 1, n3 - 1}, {1, n1 - 1, n2, n3}, {0, n1, n2, n3 + 1}, {0, n1, n1, n3}, {0, n1, n2, 4294967295u}};
  for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
    findings();
    char text[64];
    int k = snprintf(text, sizeof text, "/ByteRange[%lu %lu %lu %lu", tries[i][0], tries[i][1], tries[i][2], tries[i][3]);
    memset(range + 11, ' ', 38);
    memcpy(range, text, (size_t)k);
    vb_pdf_verdict v = verdict((vb_span){copy, good.n});
    assert_false(v.good || v.signatures[0].intact || v.signatures[0].whole);
    assert_non_null(strstr(findings(), "[verify-signature]"));
  }
  vb_buf_free(&b);
}

static vb_span pem(const char *name, vb_buf *out)
{
  vb_buf_init(out);
  assert_int_equal(vb_file_read(d, folder_path(keys, name), VB_XML_BYTES_MAX, false, out), VB_OK);
  return (vb_span){out->p, out->n};
}

static void test_trust(void **state)
{
  (void)state;
  vb_buf b, ca, other;
  vb_span pdf = sign(make(true, &b), "chain.p12", VB_SIGN_LEADER);
  findings();
  vb_pdf_verdict v;
  assert_int_equal(vb_verify_pdf(d, a, &(vb_pdf_file){"v.pdf", pdf}, pem("ca.pem", &ca), &v), VB_OK);
  assert_true(v.good && v.signatures[0].trusted);
  assert_int_equal(v.signatures[0].n_chain, 1);
  assert_string_equal(v.signatures[0].chain[0], "CN=Test CA");
  assert_string_equal(findings(), "v.pdf: info: signature leader: by CN=Leaf, at 2030-06-01T09:19:46+07:00 as stated (RSA 2048, SHA256) [verify-signed]");
  assert_int_equal(vb_verify_pdf(d, a, &(vb_pdf_file){"v.pdf", pdf}, pem("ec.pem", &other), &v), VB_OK);
  vb_buf_free(&ca);
  vb_buf_free(&other);
  assert_false(v.good);
  assert_true(v.signatures[0].intact && !v.signatures[0].trusted);
  assert_non_null(strstr(findings(), "[verify-trust]"));
  vb_buf_free(&b);
}

/* ---- hostile files ------------------------------------------------------------------------------------------ */

static void try_hostile(const char *bytes, size_t n)
{
  char *exact = malloc(n + (n == 0)); /* ends where its memory ends, for the sanitizer */
  assert_non_null(exact);
  if (n) memcpy(exact, bytes, n);
  vb_pdf_verdict v;
  vb_arena *own = vb_arena_new(0);
  vb_status st = vb_verify_pdf(d, own, &(vb_pdf_file){"h.pdf", (vb_span){exact, n}}, (vb_span){NULL, 0}, &v);
  assert_true(st == VB_OK || st == VB_BAD);
  if (st == VB_BAD) assert_false(v.good);
  if (st == VB_BAD) assert_in_range(vb_diag_count(d, VB_ERROR), 1, 3);
  vb_arena_free(own);
  free(exact);
}

static void test_mutations(void **state)
{
  (void)state;
  static const char *const words[] = {"99999999999", "-1", "0 0 R", "5 0 R", "1 0 R", "<<", ">>", "[", "]", "(", "<", "endobj", "stream", "/Prev 20", "/Length 9", "16777216", "R", "%"};
  for (int round = 0; round < 1500; round++) {
    vb_buf b;
    vb_span pdf = make(round & 1, &b);
    if (round % 3 == 0) {
      vb_arena_mark m = vb_arena_save(a);
      vb_sign_options o = {.when = WHEN};
      static vb_signer *s;
      static vb_buf signed_bytes[2];
      if (round < 6 && signed_bytes[round & 1].n == 0) {
        s = signer("ec.p12");
        vb_buf_init(&signed_bytes[round & 1]);
        assert_int_equal(vb_sign_pdf(d, &(vb_pdf_file){"h.pdf", pdf}, s, &o, &signed_bytes[round & 1]), VB_OK);
        vb_signer_close(s);
      }
      vb_buf_clear(&b);
      vb_buf_add(&b, signed_bytes[round & 1].p, signed_bytes[round & 1].n);
      if (round >= 1494) vb_buf_free(&signed_bytes[round & 1]);
      vb_arena_restore(a, m);
    }
    for (uint32_t k = 0; k <= help_random() % 4; k++) {
      size_t at = help_random() % b.n;
      const char *w = words[help_random() % (sizeof words / sizeof words[0])];
      switch (help_random() % 3) {
      case 0: b.p[at] = (char)help_random(); break;
      case 1: memcpy(b.p + at, w, strlen(w) < b.n - at ? strlen(w) : b.n - at); break;
      default: if (at > 200) b.n = at; break;
      }
    }
    try_hostile(b.p, b.n);
    findings();
    vb_buf_free(&b);
  }
}

static void expect_damaged(const char *text, const char *want)
{
  vb_buf b;
  vb_buf_init(&b);
  vb_buf_str(&b, text);
  vb_pdf_verdict v;
  assert_int_equal(vb_verify_pdf(d, a, &(vb_pdf_file){"h.pdf", (vb_span){b.p, b.n}}, (vb_span){NULL, 0}, &v), VB_BAD);
  const char *all = findings();
  if (!strstr(all, want)) fail_msg("%s\n%s", text, all);
  vb_buf_free(&b);
}

#define HEAD "%PDF-1.7\n"
static void test_traps(void **state)
{
  (void)state;
  expect_damaged(HEAD "xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF\n", "\"Prev\"");
  expect_damaged(HEAD "xref\n0 8000000\n0000000000 65535 f \ntrailer\n<</Size 1/Root 1 0 R>>\nstartxref\n9\n%%EOF\n", "\"xref\"");
  expect_damaged(HEAD "xref\n8000000 1\n0000000000 00000 n \ntrailer\n<</Size 1/Root 1 0 R>>\nstartxref\n9\n%%EOF\n", "\"xref\"");
  expect_damaged(HEAD "xref\n0 0\ntrailer\n<</Size 1>>\nstartxref\n9\n%%EOF\n", "\"Root\"");
  expect_damaged(HEAD "xref\n0 0\ntrailer\n<</Size 1/Root 1 0 R>>\nstartxref\n999999999999999999\n%%EOF\n", "\"Prev\"");
  expect_damaged(HEAD "xref\n0 0\ntrailer\n<</Size 1/Root 1 0 R>>\nstartxref\nx\n%%EOF\n", "\"startxref\"");
  /* A length that refers to its own stream; a form that holds itself. */
  expect_damaged(HEAD "1 0 obj\n<</Length 1 0 R>>\nstream\n\nendstream\nendobj\nxref\n1 1\n0000000009 00000 n \ntrailer\n<</Size 2/Root 1 0 R>>\nstartxref\n65\n%%EOF\n", "[pdf]");
  expect_damaged(HEAD "1 0 obj\n<</AcroForm<</Fields[2 0 R]>>>>\nendobj\n2 0 obj\n<</T(a)/Kids[2 0 R]>>\nendobj\nxref\n1 2\n0000000009 00000 n \n0000000056 00000 n \ntrailer\n<</Size 3/Root 1 0 R>>\nstartxref\n93\n%%EOF\n", "\"Fields\"");
  /* Cross references in a stream: an index without its count, rows that are not there, widths that are none. */
  static const char *const streams[] = {"/W[1 1 1]/Index[0]", "/W[1 1 1]/Index[0 9999999]", "/W[1 1 1]/Index[-1 1]", "/W[0 0 0]", "/W[1 1]", "/W[9 1 1]", "/W[1 1 1]/Size 99999999999",
                                        "/W[1 1 1]/Size 1/Filter/FlateDecode", "/W[1 1 1]/Size 1/Filter/LZWDecode", "/W[1 1 1]/Size 1/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 0>>"};
  for (size_t i = 0; i < sizeof streams / sizeof streams[0]; i++)
    expect_damaged(vb_arena_printf(a, "%s1 0 obj\n<</Type/XRef/Root 1 0 R/Length 3%s>>\nstream\nabc\nendstream\nendobj\nstartxref\n9\n%%%%EOF\n", HEAD, streams[i]), "[pdf]");
  vb_buf deep;
  vb_buf_init(&deep);
  vb_buf_str(&deep, HEAD "1 0 obj\n");
  for (int i = 0; i < 100000; i++) vb_buf_char(&deep, '[');
  size_t at = deep.n;
  vb_buf_printf(&deep, "\nxref\n1 1\n0000000009 00000 n \ntrailer\n<</Size 2/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n", at + 1);
  expect_damaged(vb_buf_cstr(&deep), "<< [");
  vb_buf_free(&deep);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, help_setup, help_teardown)
  const struct CMUnitTest tests[] = {T(test_flips), T(test_additions), T(test_ranges), T(test_trust), T(test_mutations), T(test_traps)};
  return cmocka_run_group_tests(tests, keys_make, keys_drop);
}
