/* Signing with a key on a token: softhsm2 plays it. */
#include "sign_help.h"

#define MODULE "/usr/lib/softhsm/libsofthsm2.so"
#define URI "pkcs11:token=vanban;object=chuky?module-path=" MODULE
#define PATH "build/test_package_token.pdf"

static int token_make(void **state)
{
  keys_make(state);
  shell("mkdir @/tokens && printf 'directories.tokendir = @/tokens\\nobjectstore.backend = file\\nlog.level = ERROR\\n' > @/softhsm2.conf", keys);
  assert_int_equal(setenv("SOFTHSM2_CONF", folder_path(keys, "softhsm2.conf"), 1), 0);
  shell("cd @ && { softhsm2-util --init-token --free --label vanban --so-pin 87654321 --pin 1234 && "
        "for k in rsa ec; do openssl pkcs8 -topk8 -nocrypt -in $k.key -out $k.p8 && openssl x509 -in $k.pem -outform DER -out $k.der || exit 1; done && "
        "softhsm2-util --import rsa.p8 --token vanban --label chuky --id A1 --pin 1234 && "
        "pkcs11-tool --module " MODULE " --token-label vanban --login --pin 1234 --write-object rsa.der --type cert --id A1 --label chuky && "
        "softhsm2-util --import ec.p8 --token vanban --label lanhdao --id A2 --pin 1234 && "
        "pkcs11-tool --module " MODULE " --token-label vanban --login --pin 1234 --write-object ec.der --type cert --id A2 --label lanhdao; } >/dev/null 2>&1", keys);
  return 0;
}

static void sign_with(const char *uri, const char *subject)
{
  vb_pass pin = pass_of("1234");
  vb_signer *s = NULL;
  if (vb_signer_open_pkcs11(d, uri, &pin, &s) != VB_OK) fail_msg("%s", findings());
  vb_buf pdf, out;
  vb_buf_init(&pdf);
  vb_buf_init(&out);
  pdf_make(&(pdf_plan){.packed = true, .pages = 1}, &pdf);
  vb_sign_options o = {.role = VB_SIGN_ORGAN, .when = WHEN};
  assert_int_equal(vb_sign_pdf(d, &(vb_pdf_file){"t.pdf", (vb_span){pdf.p, pdf.n}}, s, &o, &out), VB_OK);
  vb_signer_close(s);
  assert_int_equal(vb_file_write(d, PATH, out.p, out.n), VB_OK);
  assert_int_equal(system("pdfsig -nocert " PATH " 2>/dev/null | grep -q 'Signature is Valid' && pdfsig -nocert " PATH " 2>/dev/null | grep -q 'Total document signed'"), 0);
  vb_pdf_verdict v;
  assert_int_equal(vb_verify_pdf(d, a, &(vb_pdf_file){"t.pdf", (vb_span){out.p, out.n}}, (vb_span){NULL, 0}, &v), VB_OK);
  assert_true(v.good);
  assert_string_equal(v.signatures[0].subject, subject);
  vb_buf_free(&pdf);
  vb_buf_free(&out);
}

static void test_signs(void **state)
{
  (void)state;
  sign_with(URI, "CN=UBND xã Quảng Thọ");
  sign_with("pkcs11:token=vanban;object=lanhdao?module-path=/usr/lib/softhsm%2Flibsofthsm2.so", "CN=Chủ tịch");
}

static void expect(const char *uri, const char *pin_text, vb_status want, const char *message)
{
  vb_pass pin = pass_of(pin_text);
  vb_signer *s = NULL;
  assert_int_equal(vb_signer_open_pkcs11(d, uri, &pin, &s), want);
  assert_null(s);
  const char *all = findings();
  if (!strstr(all, message) || strstr(all, "4321")) fail_msg("%s", all);
}

static void test_refused(void **state)
{
  (void)state;
  expect(URI, "4321", VB_USAGE, "the passphrase or PIN is wrong [sign-pass]");
  expect("pkcs11:token=vanban;object=khac?module-path=" MODULE, "1234", VB_BAD, "the token holds no certificate of that name");
  expect("pkcs11:token=khac;object=chuky?module-path=" MODULE, "1234", VB_BAD, "[sign-token]");
  expect("pkcs11:token=vanban?module-path=/nowhere.so", "1234", VB_BAD, "[sign-token]");
  expect("token=vanban", "1234", VB_USAGE, "begins with \"pkcs11:\"");
  expect(URI "&pin-value=4321", "1234", VB_USAGE, "the PIN may not stand in the URI");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, help_setup, help_teardown)
  const struct CMUnitTest tests[] = {T(test_refused), T(test_signs)}; /* a token stays logged in for its process: first the wrong PIN */
  return cmocka_run_group_tests(tests, token_make, keys_drop);
}
