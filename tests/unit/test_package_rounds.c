/* Key files that ask for more rounds of their passphrase's function than anybody waits for. The numbers are changed in files that were made with one round. */
#include "sign_help.h"

#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#define WORD "mật khẩu"
#define DAYS 2000000000 /* rounds */

static PKCS12 *make(void)
{
  vb_diag *q = vb_diag_new();
  vb_buf bytes;
  vb_buf_init(&bytes);
  assert_int_equal(vb_file_read(q, folder_path(keys, "ec.p12"), 1u << 20, false, &bytes), VB_OK);
  const unsigned char *der = (const unsigned char *)bytes.p;
  PKCS12 *old = d2i_PKCS12(NULL, &der, (long)bytes.n);
  EVP_PKEY *key = NULL;
  X509 *cert = NULL;
  assert_int_equal(PKCS12_parse(old, WORD, &key, &cert, NULL), 1);
  PKCS12 *p = PKCS12_create(WORD, NULL, key, cert, NULL, 0, 0, 1, 1, 0);
  assert_non_null(p);
  EVP_PKEY_free(key);
  X509_free(cert);
  PKCS12_free(old);
  vb_buf_free(&bytes);
  vb_diag_free(q);
  return p;
}

static void demand(X509_ALGOR *alg, int rounds)
{
  X509_ALGOR *other = PKCS5_pbe2_set(EVP_aes_256_cbc(), rounds, NULL, 8);
  assert_non_null(other);
  assert_int_equal(X509_ALGOR_copy(alg, other), 1);
  X509_ALGOR_free(other);
}

/* The first encrypted part (the certificate), and the key in the part that is not. */
static void demand_in(PKCS12 *p, bool of_part, bool of_key)
{
  STACK_OF(PKCS7) *parts = PKCS12_unpack_authsafes(p);
  bool done = false;
  for (int i = 0; i < sk_PKCS7_num(parts); i++) {
    PKCS7 *part = sk_PKCS7_value(parts, i);
    if (PKCS7_type_is_encrypted(part) && of_part) {
      demand(part->d.encrypted->enc_data->algorithm, DAYS);
      done = true;
    } else if (PKCS7_type_is_data(part) && of_key) {
      STACK_OF(PKCS12_SAFEBAG) *bags = PKCS12_unpack_p7data(part);
      const X509_ALGOR *alg = NULL;
      X509_SIG_get0(PKCS12_SAFEBAG_get0_pkcs8(sk_PKCS12_SAFEBAG_value(bags, 0)), &alg, NULL);
      demand((X509_ALGOR *)(uintptr_t)alg, DAYS);
      PKCS7 *again = PKCS12_pack_p7data(bags);
      assert_non_null(again);
      PKCS7_free(sk_PKCS7_set(parts, i, again) == NULL ? NULL : part);
      sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
      done = true;
    }
  }
  assert_true(done);
  assert_int_equal(PKCS12_pack_authsafes(p, parts), 1);
  sk_PKCS7_pop_free(parts, PKCS7_free);
  assert_int_equal(PKCS12_set_mac(p, WORD, -1, NULL, 0, 1, NULL), 1);
}

static void open_it(PKCS12 *p, vb_status want)
{
  unsigned char *der = NULL;
  int n = i2d_PKCS12(p, &der);
  assert_true(n > 0);
  vb_diag *q = vb_diag_new();
  assert_int_equal(vb_file_write(q, folder_path(keys, "made.p12"), der, (size_t)n), VB_OK);
  OPENSSL_free(der);
  PKCS12_free(p);
  vb_signer *s = NULL;
  vb_pass pass = {WORD, sizeof WORD - 1};
  assert_int_equal(vb_signer_open_p12(q, folder_path(keys, "made.p12"), &pass, &s), want);
  assert_int_equal(vb_diag_count(q, VB_ERROR), want == VB_OK ? 0 : 1);
  if (want != VB_OK) assert_int_equal(vb_diag_first(q)->msg, VB_MSG_SIGN_P12_ROUNDS);
  vb_signer_close(s);
  vb_diag_free(q);
}

static void test_one_round(void **state)
{
  (void)state;
  open_it(make(), VB_OK);
}

static void test_mac(void **state)
{
  (void)state;
  PKCS12 *p = make();
  const ASN1_INTEGER *rounds = NULL;
  PKCS12_get0_mac(NULL, NULL, NULL, &rounds, p);
  if (rounds == NULL) { /* one round is the default, and left out */
    assert_int_equal(PKCS12_set_mac(p, WORD, -1, NULL, 0, 2, NULL), 1);
    PKCS12_get0_mac(NULL, NULL, NULL, &rounds, p);
  }
  assert_int_equal(ASN1_INTEGER_set((ASN1_INTEGER *)(uintptr_t)rounds, DAYS), 1);
  open_it(p, VB_BAD);
}

static void test_parts(void **state)
{
  (void)state;
  PKCS12 *p = make();
  demand_in(p, true, false);
  open_it(p, VB_BAD);
  p = make();
  demand_in(p, false, true);
  open_it(p, VB_BAD);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_one_round),
    cmocka_unit_test(test_mac),
    cmocka_unit_test(test_parts),
  };
  return cmocka_run_group_tests(tests, keys_make, keys_drop);
}
