/* sign_cms.c: the signature itself: CMS SignedData, detached, with the signed attributes of PAdES baseline B: content type, message digest,
 * signing certificate v2.
 *
 * The attributes are signed here and not by CMS_final, which would add signingTime: EN 319 142-1, 6.3 forbids it, for the time stands in the
 * signature's dictionary. */
#include <string.h>

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "package/sign_int.h"

enum { ATTRIBUTES_MAX = 8 };

size_t vb_cms_room(const vb_signer *s) {
  int n = i2d_X509(s->cert, NULL), sig = EVP_PKEY_get_size(s->key);
  size_t total = 1024 + (n > 0 ? (size_t)n : 0) + (sig > 0 ? (size_t)sig : 0); /* 1024: headers, names and attributes take 400 to 700 */
  X509_NAME *issuer = X509_get_issuer_name(s->cert);
  int name = i2d_X509_NAME(issuer, NULL);
  total += name > 0 ? 2 * (size_t)name : 0; /* in the signer's identifier and in the signing certificate attribute */
  for (int i = 0; i < sk_X509_num(s->chain); i++) {
    n = i2d_X509(sk_X509_value(s->chain, i), NULL);
    total += n > 0 ? (size_t)n : 0;
  }
  return (total + 511) / 512 * 512;
}

static bool digest(const vb_span parts[2], unsigned char md[32]) {
  EVP_MD_CTX *c = EVP_MD_CTX_new();
  unsigned n = 0;
  bool good = c != NULL && EVP_DigestInit_ex(c, EVP_sha256(), NULL) == 1 && EVP_DigestUpdate(c, parts[0].p, parts[0].n) == 1 &&
              EVP_DigestUpdate(c, parts[1].p, parts[1].n) == 1 && EVP_DigestFinal_ex(c, md, &n) == 1 && n == 32;
  EVP_MD_CTX_free(c);
  return good;
}

static void put_length(vb_buf *out, size_t n) {
  if (n < 128) {
    vb_buf_char(out, (char)n);
  } else if (n < 256) {
    vb_buf_add(out, (const char[]){(char)0x81, (char)n}, 2);
  } else {
    vb_buf_add(out, (const char[]){(char)0x82, (char)(n >> 8), (char)(n & 255)}, 3);
  }
}

static int order(vb_span a, vb_span b) { return vb_span_cmp(a, b); }

/* SET OF the signed attributes in DER: what is signed (RFC 5652, 5.4). Their order is that of their encodings. */
static bool attributes_der(CMS_SignerInfo *si, vb_buf *out) {
  vb_span der[ATTRIBUTES_MAX];
  unsigned char *bytes[ATTRIBUTES_MAX] = {NULL};
  int n = CMS_signed_get_attr_count(si);
  size_t total = 0;
  bool good = n > 0 && n <= ATTRIBUTES_MAX;
  for (int i = 0; good && i < n; i++) {
    int k = i2d_X509_ATTRIBUTE(CMS_signed_get_attr(si, i), &bytes[i]);
    good = k > 0;
    der[i] = (vb_span){(const char *)bytes[i], good ? (size_t)k : 0};
    total += der[i].n;
    for (int j = i; j > 0 && order(der[j], der[j - 1]) < 0; j--) {
      vb_span t = der[j];
      der[j] = der[j - 1];
      der[j - 1] = t;
    }
  }
  good = good && total < 65536;
  if (good) {
    vb_buf_char(out, 0x31);
    put_length(out, total);
    for (int i = 0; i < n; i++) vb_buf_span(out, der[i]);
  }
  for (int i = 0; i < ATTRIBUTES_MAX; i++) OPENSSL_free(bytes[i]);
  return good && !out->failed;
}

static bool set_algorithm(CMS_SignerInfo *si, const vb_signer *s) {
  X509_ALGOR *alg = NULL;
  CMS_SignerInfo_get0_algs(si, NULL, NULL, NULL, &alg);
  bool ec = EVP_PKEY_get_base_id(s->key) == EVP_PKEY_EC;
  return alg != NULL && X509_ALGOR_set0(alg, OBJ_nid2obj(ec ? NID_ecdsa_with_SHA256 : NID_rsaEncryption), ec ? V_ASN1_UNDEF : V_ASN1_NULL, NULL) == 1;
}

static bool sign_attributes(CMS_SignerInfo *si, const vb_signer *s) {
  vb_buf der;
  vb_buf_init(&der);
  EVP_MD_CTX *c = EVP_MD_CTX_new();
  unsigned char *sig = NULL;
  size_t n = 0;
  bool good = c != NULL && attributes_der(si, &der) && EVP_DigestSignInit(c, NULL, EVP_sha256(), NULL, s->key) == 1 &&
              EVP_DigestSign(c, NULL, &n, (const unsigned char *)der.p, der.n) == 1;
  if (good) sig = OPENSSL_malloc(n);
  good = good && sig != NULL && EVP_DigestSign(c, sig, &n, (const unsigned char *)der.p, der.n) == 1 &&
         ASN1_OCTET_STRING_set(CMS_SignerInfo_get0_signature(si), sig, (int)n) == 1;
  OPENSSL_free(sig);
  EVP_MD_CTX_free(c);
  vb_buf_free(&der);
  return good;
}

static bool fill(CMS_ContentInfo *cms, const vb_signer *s, const unsigned char md[32]) {
  const unsigned flags = CMS_DETACHED | CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP | CMS_CADES;
  CMS_SignerInfo *si = CMS_add1_signer(cms, s->cert, s->key, EVP_sha256(), flags);
  if (si == NULL) return false;
  for (int i = 0; i < sk_X509_num(s->chain); i++)
    if (CMS_add1_cert(cms, sk_X509_value(s->chain, i)) != 1) ERR_clear_error(); /* the signer's own, again: it is there */
  return CMS_signed_add1_attr_by_NID(si, NID_pkcs9_contentType, V_ASN1_OBJECT, OBJ_nid2obj(NID_pkcs7_data), -1) == 1 &&
         CMS_signed_add1_attr_by_NID(si, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING, md, 32) == 1 && set_algorithm(si, s) && sign_attributes(si, s);
}

vb_status vb_cms_sign(vb_diag *d, const char *file, const vb_signer *s, const vb_span parts[2], vb_buf *out) {
  unsigned char md[32], *der = NULL;
  ERR_clear_error();
  CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_DETACHED | CMS_BINARY | CMS_PARTIAL);
  int n = -1;
  if (cms != NULL && digest(parts, md) && fill(cms, s, md)) n = i2d_CMS_ContentInfo(cms, &der);
  if (n > 0) vb_buf_add(out, der, (size_t)n);
  OPENSSL_free(der);
  CMS_ContentInfo_free(cms);
  if (n > 0) {
    ERR_clear_error();
    return out->failed ? VB_NOMEM : VB_OK;
  }
  if (ERR_peek_error() == 0) return VB_NOMEM; /* not OpenSSL's refusal, then: our buffer could not grow */
  return VB_POST(d, VB_MSG_SIGN_FAILED, ((vb_place){vb_diag_file(d, file), 0, 0, NULL}), vb_openssl_reason());
}
