/* Signing: pdfsig and qpdf agree with what we made, of every kind of file and key; the file signed stands unchanged at the head; what cannot be
 * signed is refused with its reason. */
#include "sign_help.h"

#include <png.h>
#include <unistd.h>

#define SIGNED "build/test_package_sign.pdf"

static vb_buf source;

static vb_span make(bool packed, bool inside, bool no_form, int pages)
{
  vb_buf_clear(&source);
  pdf_make(&(pdf_plan){packed, inside, no_form, pages}, &source);
  return (vb_span){source.p, source.n};
}

static vb_status sign(vb_span pdf, const char *key, const vb_sign_options *o, vb_buf *out)
{
  vb_signer *s = signer(key);
  vb_status st = vb_sign_pdf(d, &(vb_pdf_file){"a.pdf", pdf}, s, o, out);
  vb_signer_close(s);
  return st;
}

/* How often pdfsig says it. */
static int pdfsig_says(const char *path, const char *what)
{
  char command[512];
  snprintf(command, sizeof command, "pdfsig -nocert %s 2>/dev/null | grep -c -F '%s'", path, what);
  FILE *f = popen(command, "r");
  int n = -1;
  assert_non_null(f);
  assert_int_equal(fscanf(f, "%d", &n), 1);
  pclose(f);
  return n;
}

static void check_outside(const vb_buf *out, int signatures)
{
  assert_int_equal(vb_file_write(d, SIGNED, out->p, out->n), VB_OK);
  assert_int_equal(system("qpdf --check " SIGNED " >/dev/null"), 0);
  assert_int_equal(pdfsig_says(SIGNED, "Signature is Valid."), signatures);
  assert_int_equal(pdfsig_says(SIGNED, "Total document signed"), 1);
  assert_int_equal(pdfsig_says(SIGNED, "ETSI.CAdES.detached"), signatures);
  assert_int_equal(pdfsig_says(SIGNED, "SHA-256"), signatures);
}

static vb_buf png_bytes(uint32_t w, uint32_t h, uint32_t per_metre)
{
  vb_buf b;
  vb_buf_init(&b);
  vb_buf pixels;
  vb_buf_init(&pixels);
  for (uint32_t i = 0; i < w * h; i++) {
    uint32_t x = i % w, y = i / w;
    bool on = (x * 2 > w ? x * 2 - w : w - x * 2) * h + (y * 2 > h ? y * 2 - h : h - y * 2) * w < w * h;
    vb_buf_add(&pixels, (const char[4]){(char)200, 10, 20, on ? (char)180 : 0}, 4);
  }
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.width = w;
  image.height = h;
  image.format = PNG_FORMAT_RGBA;
  png_alloc_size_t n = 0;
  assert_true(png_image_write_to_memory(&image, NULL, &n, 0, pixels.p, 0, NULL));
  assert_true(vb_buf_reserve(&b, n));
  assert_true(png_image_write_to_memory(&image, b.p, &n, 0, pixels.p, 0, NULL));
  b.n = n;
  vb_buf_free(&pixels);
  if (per_metre) { /* pHYs behind IHDR (33 bytes of signature and header) */
    unsigned char chunk[21] = {0, 0, 0, 9, 'p', 'H', 'Y', 's', 0, 0, 0, 0, 0, 0, 0, 0, 1};
    for (int k = 0; k < 4; k++) chunk[8 + k] = chunk[12 + k] = (unsigned char)(per_metre >> (24 - 8 * k));
    uint32_t crc = 0xFFFFFFFFu;
    for (int k = 4; k < 17; k++) {
      crc ^= chunk[k];
      for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
    }
    for (int k = 0; k < 4; k++) chunk[17 + k] = (unsigned char)(~crc >> (24 - 8 * k));
    vb_buf with;
    vb_buf_init(&with);
    vb_buf_add(&with, b.p, 33);
    vb_buf_add(&with, chunk, 21);
    vb_buf_add(&with, b.p + 33, b.n - 33);
    vb_buf_free(&b);
    b = with;
  }
  assert_false(b.failed);
  return b;
}

/* Every kind of file with every kind of key, with a picture and without. */
static void test_kinds(void **state)
{
  (void)state;
  static const char *const files[] = {"rsa.p12", "ec.p12", "legacy.p12", "chain.p12"};
  vb_buf png = png_bytes(60, 40, 0);
  for (int kind = 0; kind < 16; kind++) {
    vb_span pdf = make(kind & 1, kind & 2, (kind & 4) != 0, 3);
    vb_sign_options o = {.role = VB_SIGN_LEADER, .when = WHEN, .reason = "Ký ban hành", .location = "Quảng Thọ"};
    if (kind & 8) o.image = (vb_span){png.p, png.n};
    if ((kind & 4) && (kind & 8)) {
      o.box.page = 2;
      o.box.x = 100000;
      o.box.y = 90500;
      o.box.w = 120000;
      o.box.h = 70000;
    }
    vb_buf out;
    vb_buf_init(&out);
    assert_int_equal(sign(pdf, files[kind % 4], &o, &out), VB_OK);
    assert_true(out.n > pdf.n);
    assert_memory_equal(out.p, pdf.p, pdf.n);
    check_outside(&out, 1);
    assert_int_equal(pdfsig_says(SIGNED, "Signature Field Name: leader"), 1);
    vb_pdf_verdict v;
    assert_int_equal(vb_verify_pdf(d, a, &(vb_pdf_file){"a.pdf", (vb_span){out.p, out.n}}, (vb_span){NULL, 0}, &v), VB_OK);
    assert_true(v.good);
    assert_int_equal(v.n_signatures, 1);
    assert_true(v.signatures[0].intact && v.signatures[0].whole && v.signatures[0].later_fine);
    assert_string_equal(v.signatures[0].time, "2030-06-01T09:19:46+07:00");
    assert_string_equal(v.signatures[0].reason, "Ký ban hành");
    assert_int_equal(v.pdfa_part, 2);
    assert_int_equal(v.pdfa_conformance, 'A');
    vb_buf_free(&out);
  }
  vb_buf_free(&png);
}

/* The leader signs, then the organ: both good, in this order, for pdfsig and for us. */
static void test_two_signatures(void **state)
{
  (void)state;
  for (int kind = 0; kind < 8; kind++) {
    vb_sign_options o = {.role = VB_SIGN_LEADER, .when = WHEN};
    vb_buf one, two;
    vb_buf_init(&one);
    vb_buf_init(&two);
    assert_int_equal(sign(make(kind & 1, kind & 2, (kind & 4) != 0, 1), "ec.p12", &o, &one), VB_OK);
    o.role = VB_SIGN_ORGAN;
    o.when.minute = 30;
    assert_int_equal(sign((vb_span){one.p, one.n}, "rsa.p12", &o, &two), VB_OK);
    check_outside(&two, 2);
    vb_pdf_verdict v;
    assert_int_equal(vb_verify_pdf(d, a, &(vb_pdf_file){"a.pdf", (vb_span){two.p, two.n}}, (vb_span){NULL, 0}, &v), VB_OK);
    assert_true(v.good);
    assert_int_equal(v.n_signatures, 2);
    assert_string_equal(v.signatures[0].field, "leader");
    assert_string_equal(v.signatures[1].field, "organ");
    assert_true(v.signatures[0].intact && !v.signatures[0].whole && v.signatures[0].later_fine);
    assert_true(v.signatures[1].intact && v.signatures[1].whole);
    assert_string_equal(v.signatures[0].subject, "CN=Chủ tịch");
    assert_string_equal(v.signatures[1].subject, "CN=UBND xã Quảng Thọ");
    assert_string_equal(v.signatures[1].algorithm, "RSA 2048, SHA256");
    vb_buf_clear(&one);
    findings();
    assert_int_equal(sign((vb_span){two.p, two.n}, "rsa.p12", &o, &one), VB_BAD);
    assert_int_equal(one.n, 0);
    assert_string_equal(findings(), "a.pdf: error: the field \"organ\" is signed already; a file is signed once by each role [sign]");
    vb_buf_free(&one);
    vb_buf_free(&two);
  }
}

/* RSA and a fixed moment: the same bytes; no attribute holds another time. */
static void test_same_bytes(void **state)
{
  (void)state;
  vb_sign_options o = {.role = VB_SIGN_ORGAN, .when = WHEN};
  vb_buf one, two;
  vb_buf_init(&one);
  vb_buf_init(&two);
  assert_int_equal(sign(make(true, false, false, 1), "rsa.p12", &o, &one), VB_OK);
  assert_int_equal(sign(make(true, false, false, 1), "rsa.p12", &o, &two), VB_OK);
  assert_int_equal(one.n, two.n);
  assert_memory_equal(one.p, two.p, one.n);
  const char *text = vb_buf_cstr(&one), *cms = strstr(text + (one.n > 9000 ? one.n - 9000 : 0), "/Contents<30");
  assert_non_null(cms);
  assert_non_null(strstr(cms, "2a864886f70d010910022f")); /* signingCertificateV2 */
  assert_null(strstr(cms, "2a864886f70d010905"));         /* signingTime */
  vb_buf_free(&one);
  vb_buf_free(&two);
}

static void expect(vb_span pdf, const char *key, const vb_sign_options *o, const char *want)
{
  vb_buf out;
  vb_buf_init(&out);
  vb_buf_str(&out, "before");
  assert_int_equal(sign(pdf, key, o, &out), VB_BAD);
  assert_int_equal(out.n, 6);
  assert_string_equal(findings(), want);
  vb_buf_free(&out);
}

static void test_refused(void **state)
{
  (void)state;
  vb_sign_options o = {.role = VB_SIGN_LEADER, .when = WHEN};
  vb_buf png = png_bytes(10, 10, 0);
  vb_sign_options early = o, picture = o, broken = o;
  early.when.date.year = 2001;
  expect(make(false, false, false, 1), "ec.p12", &early, "a.pdf: error: the certificate of Chủ tịch is not valid at 2001-06-01T09:19:46+07:00; use the one in force [sign-key]");
  picture.image = (vb_span){png.p, png.n};
  expect(make(false, false, true, 1), "ec.p12", &picture, "a.pdf: error: there is no visible field \"leader\" for the picture or text; sign without it, or give its place [sign]");
  broken.image = VB_LIT("\x89PNG\r\n\x1a\n and then nothing of the kind: neither head nor data");
  vb_buf out;
  vb_buf_init(&out);
  assert_int_equal(sign(make(false, false, false, 1), "ec.p12", &broken, &out), VB_BAD);
  assert_non_null(strstr(findings(), "[sign-image]"));
  vb_buf_free(&out);
  picture.box.page = 4;
  picture.box.w = picture.box.h = 50000;
  expect(make(true, false, true, 3), "ec.p12", &picture, "a.pdf: error: the PDF has no page 4 [pdf]");
  expect(VB_LIT("no PDF, though it is quite as long as one might be"), "ec.p12", &o, "a.pdf: error: this is no PDF file [pdf]");
  vb_span plain = make(false, false, false, 1);
  assert_int_equal(vb_file_write(d, SIGNED, plain.p, plain.n), VB_OK);
  assert_int_equal(system("qpdf --encrypt a b 256 -- " SIGNED " build/test_package_sign_secret.pdf"), 0);
  expect(file_bytes("build/test_package_sign_secret.pdf"), "ec.p12", &o, "a.pdf: error: the PDF is encrypted; take the protection off first [pdf]");
  vb_buf_free(&png);
}

static void open_with(const char *file, const char *text, vb_status want, const char *message)
{
  vb_pass p = pass_of(text);
  vb_signer *s = NULL;
  assert_int_equal(vb_signer_open_p12(d, folder_path(keys, file), &p, &s), want);
  assert_null(s);
  const char *all = findings();
  if (!strstr(all, message)) fail_msg("%s", all);
  assert_null(strstr(all, "mật khẩu sai"));
}

static void test_keys(void **state)
{
  (void)state;
  open_with("rsa.p12", "mật khẩu sai", VB_USAGE, "the passphrase or PIN is wrong [sign-pass]");
  open_with("rsa.p12", "", VB_USAGE, "the passphrase or PIN is wrong [sign-pass]");
  open_with("legacy.p12", "mật khẩu sai", VB_USAGE, "the passphrase or PIN is wrong [sign-pass]");
  open_with("weak.p12", "mật khẩu", VB_BAD, "a key RSA of 1024 bits may not sign");
  open_with("rsa.pem", "mật khẩu", VB_BAD, "cannot read this as a PKCS#12 file");
  open_with("none.p12", "mật khẩu", VB_SYSTEM, "is not there");
  shell("cd @ && openssl pkcs12 -export -nokeys -in rsa.pem -out certonly.p12 -passout 'pass:mật khẩu'", keys);
  open_with("certonly.p12", "mật khẩu", VB_BAD, "no private key with its certificate is there");
  vb_signer *s = signer("rsa.p12");
  assert_string_equal(vb_signer_name(s), "UBND xã Quảng Thọ");
  vb_signer_close(s);
}

/* Damaged key files end in one message each. */
static void test_hostile_keys(void **state)
{
  (void)state;
  vb_span good = file_bytes(folder_path(keys, "chain.p12"));
  vb_pass p = pass_of("mật khẩu");
  for (int i = 0; i < 300; i++) {
    char *copy = vb_arena_copy(a, good.p, good.n);
    size_t n = good.n;
    for (uint32_t k = 0; k <= help_random() % 3; k++) copy[help_random() % n] = (char)help_random();
    if (i % 5 == 0) n = help_random() % n;
    assert_int_equal(vb_file_write(d, folder_path(keys, "bad.p12"), copy, n), VB_OK);
    vb_signer *s = NULL;
    vb_status st = vb_signer_open_p12(d, folder_path(keys, "bad.p12"), &p, &s);
    assert_int_equal(vb_diag_count(d, VB_ERROR), st == VB_OK ? 0 : 1);
    assert_true(st == VB_OK || st == VB_BAD || st == VB_USAGE);
    vb_signer_close(s);
    findings();
  }
}

static void test_passphrase(void **state)
{
  (void)state;
  int fd[2];
  vb_pass p;
  assert_int_equal(pipe(fd), 0);
  assert_int_equal(write(fd[1], "mật khẩu\r\nrest", 18), 18);
  assert_int_equal(vb_pass_read(d, fd[0], NULL, &p), VB_OK);
  assert_string_equal(p.text, "mật khẩu");
  char rest[8] = "";
  assert_int_equal(read(fd[0], rest, 4), 4);
  assert_string_equal(rest, "rest");
  vb_pass_wipe(&p);
  for (size_t i = 0; i < sizeof p.text; i++) assert_int_equal(p.text[i], 0);
  char big[VB_PASS_BYTES + 8];
  memset(big, 'x', sizeof big);
  assert_int_equal(write(fd[1], big, sizeof big), sizeof big);
  assert_int_equal(vb_pass_read(d, fd[0], NULL, &p), VB_USAGE);
  assert_string_equal(vb_arena_printf(a, "%s", findings()), vb_arena_printf(a, "vanban: error: no passphrase could be read from file descriptor %d: give one line of at most 1023 bytes there [sign-pass]", fd[0]));
  close(fd[1]);
  close(fd[0]);
  assert_int_equal(vb_pass_read(d, fd[0], NULL, &p), VB_USAGE);
  findings();
}

/* The seal has its real size around the middle of its field: 36 mm, or what the file says; a signature is fitted into its field. */
static void test_sizes(void **state)
{
  (void)state;
  static const struct { uint32_t w, h, per_metre; const char *rect; } cases[] = {
    {100, 100, 0, "238.976 78.976 341.024 181.024"},     /* 36 mm = 102.047 pt around 290, 130 */
    {1000, 500, 20000, "219.134 94.567 360.866 165.433"} /* 50 x 25 mm */
  };
  for (size_t i = 0; i < 2; i++) {
    vb_buf png = png_bytes(cases[i].w, cases[i].h, cases[i].per_metre), out;
    vb_buf_init(&out);
    vb_sign_options o = {.role = VB_SIGN_ORGAN, .when = WHEN, .image = {png.p, png.n}};
    assert_int_equal(sign(make(true, false, false, 1), "rsa.p12", &o, &out), VB_OK);
    check_outside(&out, 1);
    char rect[128] = "";
    FILE *f = popen("qpdf --json " SIGNED " | python3 -c 'import json,sys\nfor o in json.load(sys.stdin)[\"qpdf\"][1].values():\n v=o.get(\"value\")\n"
                    " if isinstance(v,dict) and v.get(\"/T\")==\"u:organ\": print(*[\"%.3f\"%x for x in v[\"/Rect\"]],end=\"\")'", "r");
    assert_non_null(f);
    assert_non_null(fgets(rect, sizeof rect, f));
    pclose(f);
    double want[4], got[4];
    assert_int_equal(sscanf(cases[i].rect, "%lf %lf %lf %lf", &want[0], &want[1], &want[2], &want[3]), 4);
    assert_int_equal(sscanf(rect, "%lf %lf %lf %lf", &got[0], &got[1], &got[2], &got[3]), 4);
    for (int k = 0; k < 4; k++) assert_true(got[k] - want[k] < 0.005 && want[k] - got[k] < 0.005);
    vb_buf_free(&out);
    vb_buf_free(&png);
  }
}

/* Files whose cross references another program wrote, with predictors. */
static void test_files_of_others(void **state)
{
  (void)state;
  static const char *const modes[] = {"--object-streams=generate", "--object-streams=disable", "--linearize --object-streams=generate", "--linearize"};
  for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
    vb_span pdf = make(i & 1, false, false, 4);
    assert_int_equal(vb_file_write(d, SIGNED, pdf.p, pdf.n), VB_OK);
    shell("qpdf @ " SIGNED " build/test_package_sign_other.pdf", modes[i]);
    vb_span other = file_bytes("build/test_package_sign_other.pdf");
    vb_sign_options o = {.role = VB_SIGN_LEADER, .when = WHEN};
    vb_buf out;
    vb_buf_init(&out);
    if (sign(other, "ec.p12", &o, &out) != VB_OK) fail_msg("%s: %s", modes[i], findings());
    assert_int_equal(vb_file_write(d, SIGNED, out.p, out.n), VB_OK);
    assert_int_equal(pdfsig_says(SIGNED, "Signature is Valid."), 1);
    assert_int_equal(pdfsig_says(SIGNED, "Total document signed"), 1);
    vb_buf_free(&out);
  }
}

static void test_mark(void **state)
{
  (void)state;
  vb_moment m = {{2023, 12, 6}, 9, 19, 6, VB_MOMENT_VIETNAM};
  vb_buf b;
  vb_buf_init(&b);
  vb_sign_mark("232", "BC-UBND", &m, &b);
  assert_string_equal(vb_buf_cstr(&b), "Số: 232/BC-UBND; 06/12/2023; 09:19:06");
  vb_buf_free(&b);
}

static void test_moments(void **state)
{
  (void)state;
  static const struct { const char *text; int64_t unix_time; } good[] = {
    {"2023-12-06T09:19:46+07:00", 1701829186}, {"2023-12-06T09:19:46+0700", 1701829186}, {"2023-12-06 09:19:46", 1701829186},
    {"2023-12-06T02:19:46Z", 1701829186}, {"2023-12-05T23:49:46-02:30", 1701829186}, {"2023-12-06", 1701795600}};
  static const char *const bad[] = {"", "2023-12", "2023-02-29", "2023-12-06T", "2023-12-06T24:00:00", "2023-12-06T09:60:00", "2023-12-06T09:19", "2023-12-06T09:19:46+7", "2023-12-06T09:19:46X", "2023-12-06T09:19:46+07:00 "};
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    vb_moment m;
    assert_true(vb_moment_parse(vb_span_of(good[i].text), &m));
    assert_int_equal(vb_moment_unix(&m), good[i].unix_time);
  }
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    vb_moment m;
    assert_false(vb_moment_parse(vb_span_of(bad[i]), &m));
  }
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, help_setup, help_teardown)
  const struct CMUnitTest tests[] = {T(test_kinds), T(test_two_signatures), T(test_same_bytes), T(test_refused), T(test_keys), T(test_hostile_keys),
                                     T(test_passphrase), T(test_sizes), T(test_files_of_others), T(test_mark), T(test_moments)};
  vb_buf_init(&source);
  int failed = cmocka_run_group_tests(tests, keys_make, keys_drop);
  vb_buf_free(&source);
  return failed;
}
