/* sign_key.c: keys of PKCS#12 files, and what every key must be to sign with: fitting its certificate, and strong enough for
 * TT 15/2025/TT-BKHCN (RSA from 2048 bits, elliptic curves from 256). */
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/x509.h>

#include "package/sign_int.h"

const char *vb_openssl_reason(void) {
  const char *s = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return s == NULL ? "?" : s;
}

const char *vb_signer_name(const vb_signer *s) { return s->name; }

void vb_signer_close(vb_signer *s) {
  if (s == NULL) return;
  EVP_PKEY_free(s->key); /* wipes the private part */
  X509_free(s->cert);
  sk_X509_pop_free(s->chain, X509_free);
  if (s->engine != NULL) vb_signer_token_close(s);
  vb_mem_free(s);
}

static void read_name(vb_signer *s) {
  const X509_NAME *subject = X509_get_subject_name(s->cert);
  int i = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  unsigned char *utf8 = NULL;
  int n = i < 0 ? -1 : ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, i)));
  if (n > 0) {
    size_t k = (size_t)n < sizeof s->name ? (size_t)n : sizeof s->name - 1;
    while (k < (size_t)n && k > 0 && (utf8[k] & 0xC0) == 0x80) k--;
    memcpy(s->name, utf8, k);
  }
  OPENSSL_free(utf8);
  ERR_clear_error();
}

const char *vb_key_kind(int nid) { return nid == EVP_PKEY_RSA ? "RSA" : nid == EVP_PKEY_EC ? "EC" : OBJ_nid2sn(nid); }

vb_status vb_signer_make(vb_diag *d, const char *file, vb_signer *s) {
  vb_place at = {vb_diag_file(d, file), 0, 0, NULL};
  if (s->key == NULL || s->cert == NULL) return VB_POST(d, VB_MSG_SIGN_NO_KEY, at);
  if (X509_check_private_key(s->cert, s->key) != 1) {
    ERR_clear_error();
    return VB_POST(d, VB_MSG_SIGN_MISMATCH, at);
  }
  int type = EVP_PKEY_get_base_id(s->key), bits = EVP_PKEY_get_bits(s->key);
  bool strong = (type == EVP_PKEY_RSA && bits >= 2048) || (type == EVP_PKEY_EC && bits >= 256);
  if (!strong) return VB_POST(d, VB_MSG_SIGN_WEAK, at, vb_key_kind(type), VB_NUM(bits));
  read_name(s);
  return VB_OK;
}

vb_status vb_signer_check_time(vb_diag *d, const char *file, const vb_signer *s, const vb_moment *when) {
  ASN1_TIME *t = ASN1_TIME_set(NULL, (time_t)vb_moment_unix(when));
  if (t == NULL) return VB_NOMEM;
  int from = ASN1_TIME_compare(X509_get0_notBefore(s->cert), t), to = ASN1_TIME_compare(X509_get0_notAfter(s->cert), t);
  ASN1_TIME_free(t);
  if (from <= 0 && from > -2 && to >= 0) return VB_OK;
  vb_buf b;
  vb_buf_init(&b);
  vb_moment_print(when, &b);
  const char *day = vb_buf_cstr(&b);
  vb_status st = b.failed ? VB_NOMEM : VB_POST(d, VB_MSG_SIGN_EXPIRED, ((vb_place){vb_diag_file(d, file), 0, 0, NULL}), s->name, day);
  vb_buf_free(&b);
  return st;
}

/* ---- PKCS#12 ------------------------------------------------------------------------------------------------ */

static bool right_pass(PKCS12 *p12, const vb_pass *pass) {
  if (PKCS12_mac_present(p12) != 1) return true; /* found out when unpacked */
  bool right = PKCS12_verify_mac(p12, pass->text, (int)pass->n) == 1 || (pass->n == 0 && PKCS12_verify_mac(p12, NULL, 0) == 1);
  ERR_clear_error();
  return right;
}

static vb_status too_much(vb_diag *d, vb_place at) { return VB_POST(d, VB_MSG_SIGN_P12_ROUNDS, at, VB_NUM(VB_P12_ROUNDS_MAX)); }

static vb_status unlock(vb_diag *d, const char *path, PKCS12 *p12, const vb_pass *pass, vb_signer *s) {
  vb_place at = {vb_diag_file(d, path), 0, 0, NULL};
  if (!vb_p12_mac_bounded(p12)) return too_much(d, at);
  if (!right_pass(p12, pass)) return vb_worse(VB_POST(d, VB_MSG_SIGN_PASS_WRONG, at), VB_USAGE);
  if (!vb_p12_bounded(p12, pass)) return too_much(d, at);
  if (PKCS12_parse(p12, pass->text, &s->key, &s->cert, &s->chain) != 1) return VB_POST(d, VB_MSG_SIGN_P12, at, vb_openssl_reason());
  return vb_signer_make(d, path, s);
}

/* Files of older programs are encrypted with RC2 or RC4, which OpenSSL 3 keeps in its legacy provider: it is there while a key is read, where it is installed. */
static vb_status from_p12(vb_diag *d, const char *path, vb_span bytes, const vb_pass *pass, vb_signer *s) {
  const unsigned char *der = (const unsigned char *)bytes.p;
  PKCS12 *p12 = d2i_PKCS12(NULL, &der, (long)bytes.n);
  if (p12 == NULL) return VB_POST(d, VB_MSG_SIGN_P12, ((vb_place){vb_diag_file(d, path), 0, 0, NULL}), vb_openssl_reason());
  OSSL_PROVIDER *legacy = OSSL_PROVIDER_try_load(NULL, "legacy", 1);
  vb_status st = unlock(d, path, p12, pass, s);
  OSSL_PROVIDER_unload(legacy);
  PKCS12_free(p12);
  ERR_clear_error();
  return st;
}

vb_status vb_signer_open_p12(vb_diag *d, const char *path, const vb_pass *pass, vb_signer **out) {
  vb_buf bytes;
  vb_buf_init(&bytes);
  *out = NULL;
  vb_signer *s = vb_mem_zalloc(sizeof *s);
  vb_status st = s == NULL ? VB_NOMEM : vb_file_read(d, path, VB_P12_BYTES_MAX, false, &bytes);
  if (st == VB_OK) st = from_p12(d, path, (vb_span){bytes.p, bytes.n}, pass, s);
  if (bytes.p != NULL) OPENSSL_cleanse(bytes.p, bytes.n);
  vb_buf_free(&bytes);
  if (st == VB_OK) *out = s;
  else vb_signer_close(s);
  return st;
}
