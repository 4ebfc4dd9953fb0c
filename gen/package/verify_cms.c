/* verify_cms.c: the cryptographic part of verifying: CMS over bytes, who signed, with what, and whether the chain is trusted. */
#include <string.h>
#include <time.h>

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include "package/sign_int.h"
#include "package/verify_int.h"
#include "text/text.h"

enum { CHAIN_SHOWN = 8 };

/* NULL: it cannot be read; *lost: for want of memory. */
static const char *name_of(vb_arena *a, const X509_NAME *name, bool *lost) {
  BIO *b = BIO_new(BIO_s_mem());
  const char *text = NULL;
  char *p = NULL;
  *lost |= b == NULL;
  if (b != NULL && X509_NAME_print_ex(b, name, 0, (XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) | XN_FLAG_SEP_COMMA_PLUS) >= 0) {
    long n = BIO_get_mem_data(b, &p);
    if (n >= 0) text = vb_text_shown(a, (vb_span){p, p == NULL ? 0 : (size_t)n});
    *lost |= n >= 0 && text == NULL;
  }
  BIO_free(b);
  return text;
}

/* The algorithm that the signer names is the one of his key and digest: CMS_verify does not look at it. */
static bool fitting(X509_ALGOR *signature, int key, int md) {
  const ASN1_OBJECT *oid = NULL;
  int of_md = NID_undef, of_key = NID_undef;
  if (signature == NULL) return false;
  X509_ALGOR_get0(&oid, NULL, NULL, signature);
  int nid = OBJ_obj2nid(oid);
  if (nid == NID_rsaEncryption || nid == NID_rsassaPss) return key == EVP_PKEY_RSA || key == EVP_PKEY_RSA_PSS;
  if (OBJ_find_sigid_algs(nid, &of_md, &of_key) != 1) return false;
  return (of_md == md || of_md == NID_undef) && (of_key == key || (of_key == NID_X9_62_id_ecPublicKey && key == EVP_PKEY_EC));
}

/* Digest and key strong enough for TT 15/2025/TT-BKHCN. */
static bool strong(vb_arena *a, CMS_SignerInfo *si, X509 *cert, vb_signature *s, bool *lost) {
  X509_ALGOR *digest = NULL, *signature = NULL;
  EVP_PKEY *key = X509_get0_pubkey(cert);
  CMS_SignerInfo_get0_algs(si, NULL, NULL, &digest, &signature);
  if (digest == NULL || key == NULL) return false;
  const ASN1_OBJECT *oid = NULL;
  X509_ALGOR_get0(&oid, NULL, NULL, digest);
  int md = OBJ_obj2nid(oid), type = EVP_PKEY_get_base_id(key), bits = EVP_PKEY_get_bits(key);
  s->algorithm = vb_arena_printf(a, "%s %d, %s", vb_key_kind(type), bits, OBJ_nid2sn(md));
  *lost |= s->algorithm == NULL;
  static const int good[] = {NID_sha256, NID_sha384, NID_sha512, NID_sha512_256, NID_sha512_224, NID_sha3_224, NID_sha3_256, NID_sha3_384, NID_sha3_512};
  bool listed = false;
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) listed = listed || good[i] == md;
  bool rsa = type == EVP_PKEY_RSA || type == EVP_PKEY_RSA_PSS;
  return listed && fitting(signature, type, md) && ((rsa && bits >= 2048) || (type == EVP_PKEY_EC && bits >= 256) || type == EVP_PKEY_ED25519 || type == EVP_PKEY_ED448);
}

/* The attribute that names the certificate, as CAdES asks for it: without, another certificate of the same key could be put in its place. */
static bool names_certificate(CMS_SignerInfo *si, X509 *cert) {
  ASN1_OBJECT *oid = OBJ_nid2obj(NID_id_smime_aa_signingCertificateV2);
  ASN1_STRING *value = CMS_signed_get0_data_by_OBJ(si, oid, -3, V_ASN1_SEQUENCE);
  if (value == NULL) return false;
  const unsigned char *der = ASN1_STRING_get0_data(value);
  ESS_SIGNING_CERT_V2 *ess = d2i_ESS_SIGNING_CERT_V2(NULL, &der, ASN1_STRING_length(value));
  STACK_OF(X509) *one = sk_X509_new_null();
  bool good = ess != NULL && one != NULL && sk_X509_push(one, cert) > 0 && OSSL_ESS_check_signing_certs(NULL, ess, one, 1) == 1;
  sk_X509_free(one);
  ESS_SIGNING_CERT_V2_free(ess);
  return good;
}

static bool add_trusted(X509_STORE *store, vb_span pem) {
  BIO *b = BIO_new_mem_buf(pem.p, (int)pem.n);
  int n = 0;
  for (X509 *c; b != NULL && (c = PEM_read_bio_X509(b, NULL, NULL, NULL)) != NULL; X509_free(c)) n += X509_STORE_add_cert(store, c) == 1;
  BIO_free(b);
  ERR_clear_error();
  return n > 0;
}

/* At the stated time, or without a look at validity where none is stated. */
static bool trusted(X509 *cert, STACK_OF(X509) *others, const vb_cms_ask *ask) {
  X509_STORE *store = X509_STORE_new();
  X509_STORE_CTX *c = X509_STORE_CTX_new();
  bool good = store != NULL && c != NULL && add_trusted(store, ask->trust) && X509_STORE_CTX_init(c, store, cert, others) == 1;
  if (good) {
    X509_VERIFY_PARAM *p = X509_STORE_CTX_get0_param(c);
    if (ask->has_time) X509_VERIFY_PARAM_set_time(p, (time_t)ask->time);
    good = X509_VERIFY_PARAM_set_flags(p, ask->has_time ? X509_V_FLAG_USE_CHECK_TIME : X509_V_FLAG_NO_CHECK_TIME) == 1 && X509_verify_cert(c) == 1;
  }
  X509_STORE_CTX_free(c);
  X509_STORE_free(store);
  ERR_clear_error();
  return good;
}

static void tell_chain(vb_arena *a, X509 *signer, STACK_OF(X509) *certs, vb_signature *s, bool *lost) {
  const char **list = VB_NEW_ARRAY(a, const char *, CHAIN_SHOWN);
  *lost |= list == NULL;
  for (int i = 0; list != NULL && i < sk_X509_num(certs) && s->n_chain < CHAIN_SHOWN; i++) {
    X509 *c = sk_X509_value(certs, i);
    if (X509_cmp(c, signer) != 0) list[s->n_chain++] = name_of(a, X509_get_subject_name(c), lost);
  }
  s->chain = list;
}

/* Behind a filter that does nothing: OpenSSL 3.0 makes a copy of a plain memory BIO, and forgets it when the CMS names no digest that it knows. */
static BIO *read_bytes(vb_span bytes) {
  BIO *memory = BIO_new_mem_buf(bytes.p, (int)bytes.n), *filter = memory == NULL ? NULL : BIO_new(BIO_f_null());
  if (filter == NULL) {
    BIO_free(memory);
    return NULL;
  }
  return BIO_push(filter, memory);
}

static vb_cms_fault judge(vb_arena *a, CMS_ContentInfo *cms, const vb_cms_ask *ask, vb_signature *s) {
  STACK_OF(CMS_SignerInfo) *infos = CMS_get0_SignerInfos(cms);
  if (infos == NULL || sk_CMS_SignerInfo_num(infos) != 1) return VB_CMS_BROKEN;
  BIO *data = read_bytes(ask->bytes);
  /* Binary, detached, the certificate judged apart. */
  bool intact = data != NULL && CMS_verify(cms, NULL, NULL, data, NULL, CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) == 1;
  BIO_free_all(data);
  ERR_clear_error();
  CMS_SignerInfo *si = sk_CMS_SignerInfo_value(infos, 0);
  X509 *cert = NULL;
  STACK_OF(X509) *certs = CMS_get1_certs(cms);
  CMS_SignerInfo_get0_algs(si, NULL, &cert, NULL, NULL);
  vb_cms_fault f = intact ? VB_CMS_GOOD : VB_CMS_DIGEST;
  if (cert != NULL) {
    bool lost = false;
    s->subject = name_of(a, X509_get_subject_name(cert), &lost);
    s->issuer = name_of(a, X509_get_issuer_name(cert), &lost);
    tell_chain(a, cert, certs, s, &lost);
    bool enough = strong(a, si, cert, s, &lost);
    if (intact && !enough) f = VB_CMS_WEAK;
    if (intact && enough && ask->cades && !names_certificate(si, cert)) f = VB_CMS_ATTRIBUTE;
    if (ask->trust.p != NULL) s->trusted = trusted(cert, certs, ask);
    if (lost) f = VB_CMS_NOMEM;
  }
  sk_X509_pop_free(certs, X509_free);
  ERR_clear_error();
  return f;
}

vb_cms_fault vb_cms_verify(vb_arena *a, vb_span der, const vb_cms_ask *ask, vb_signature *s) {
  const unsigned char *p = (const unsigned char *)der.p, *end = p + der.n;
  CMS_ContentInfo *cms = der.n == 0 ? NULL : d2i_CMS_ContentInfo(NULL, &p, (long)der.n);
  vb_cms_fault f = VB_CMS_BROKEN;
  ASN1_OCTET_STRING **content = NULL;
  bool good = cms != NULL && OBJ_obj2nid(CMS_get0_type(cms)) == NID_pkcs7_signed;
  for (; good && p < end; p++) good = *p == 0; /* the rest of the hole */
  if (good) content = CMS_get0_content(cms);
  /* A signature that brings its own content says nothing about the file. */
  good = good && content != NULL && *content == NULL && ask->bytes.n <= INT32_MAX;
  if (good) f = judge(a, cms, ask, s);
  CMS_ContentInfo_free(cms);
  ERR_clear_error();
  return f;
}
