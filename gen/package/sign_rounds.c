/* sign_rounds.c: how much work a PKCS#12 file asks for before its key can be read. Every key that is made from the passphrase has a number of
 * rounds that the file chooses, and one made to harm would keep a processor busy for days.
 *
 * Invariant: nothing is decrypted before its rounds, with all that were asked for before, are within the limit. What stands inside of an encrypted part
 * is seen when that part was decrypted. */
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "package/sign_int.h"

typedef struct walk { const vb_pass *pass; uint64_t rounds; } walk;

static bool within(const walk *w) { return w->rounds <= VB_P12_ROUNDS_MAX; }

static uint64_t times(uint64_t a, uint64_t b) {
  uint64_t v;
  return __builtin_mul_overflow(a, b, &v) ? UINT64_MAX : v;
}

static void add(walk *w, uint64_t rounds) {
  if (__builtin_add_overflow(w->rounds, rounds, &w->rounds)) w->rounds = UINT64_MAX;
}

/* A number that is negative or has more than 64 bits is as good as endless. */
static uint64_t number(const ASN1_INTEGER *n) {
  uint64_t v = 0;
  if (n == NULL) return 0;
  return ASN1_INTEGER_get_uint64(&v, n) == 1 ? v : UINT64_MAX;
}

static uint64_t of_scrypt(const X509_ALGOR *alg) {
  SCRYPT_PARAMS *p = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(SCRYPT_PARAMS), alg->parameter);
  if (p == NULL) return 0;
  uint64_t n = times(number(p->costParameter), times(number(p->blockSize), number(p->parallelizationParameter)));
  SCRYPT_PARAMS_free(p);
  return times(n, 4); /* blocks of Salsa20/8 in one step, each as dear as a round of HMAC */
}

static uint64_t of_function(const X509_ALGOR *alg) {
  if (OBJ_obj2nid(alg->algorithm) == NID_id_scrypt) return of_scrypt(alg);
  PBKDF2PARAM *p = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), alg->parameter);
  uint64_t n = p == NULL ? 0 : number(p->iter);
  PBKDF2PARAM_free(p);
  return n;
}

/* What cannot be read counts nothing: OpenSSL refuses it, too. */
static uint64_t of_algorithm(const X509_ALGOR *alg) {
  uint64_t n = 0;
  if (OBJ_obj2nid(alg->algorithm) == NID_pbes2) {
    PBE2PARAM *p = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), alg->parameter);
    if (p != NULL) n = of_function(p->keyfunc);
    PBE2PARAM_free(p);
  } else {
    PBEPARAM *p = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBEPARAM), alg->parameter);
    if (p != NULL) n = number(p->iter);
    PBEPARAM_free(p);
  }
  return n;
}

/* Safes in safes end with OpenSSL's own limit of nesting. */
static void look_at_bags(walk *w, const STACK_OF(PKCS12_SAFEBAG) *bags) {
  for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags) && within(w); i++) {
    const PKCS12_SAFEBAG *bag = sk_PKCS12_SAFEBAG_value(bags, i);
    int kind = PKCS12_SAFEBAG_get_nid(bag);
    const X509_SIG *key = kind == NID_pkcs8ShroudedKeyBag ? PKCS12_SAFEBAG_get0_pkcs8(bag) : NULL;
    const X509_ALGOR *alg = NULL;
    if (key != NULL) X509_SIG_get0(key, &alg, NULL);
    if (alg != NULL) add(w, of_algorithm(alg));
    if (kind == NID_safeContentsBag) look_at_bags(w, PKCS12_SAFEBAG_get0_safes(bag));
  }
}

static STACK_OF(PKCS12_SAFEBAG) *open_part(walk *w, PKCS7 *part) {
  if (PKCS7_type_is_data(part)) return PKCS12_unpack_p7data(part);
  if (!PKCS7_type_is_encrypted(part) || part->d.encrypted == NULL || part->d.encrypted->enc_data == NULL) return NULL;
  add(w, of_algorithm(part->d.encrypted->enc_data->algorithm));
  if (!within(w)) return NULL;
  STACK_OF(PKCS12_SAFEBAG) *bags = PKCS12_unpack_p7encdata(part, w->pass->text, (int)w->pass->n);
  return bags == NULL && w->pass->n == 0 ? PKCS12_unpack_p7encdata(part, NULL, 0) : bags;
}

bool vb_p12_mac_bounded(const struct PKCS12_st *p12) {
  const ASN1_INTEGER *mac = NULL;
  PKCS12_get0_mac(NULL, NULL, NULL, &mac, p12);
  return number(mac) <= VB_P12_ROUNDS_MAX;
}

bool vb_p12_bounded(const struct PKCS12_st *p12, const vb_pass *pass) {
  walk w = {pass, 0};
  STACK_OF(PKCS7) *parts = PKCS12_unpack_authsafes(p12);
  for (int i = 0; i < sk_PKCS7_num(parts) && within(&w); i++) {
    STACK_OF(PKCS12_SAFEBAG) *bags = open_part(&w, sk_PKCS7_value(parts, i));
    look_at_bags(&w, bags);
    sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
  }
  sk_PKCS7_pop_free(parts, PKCS7_free);
  ERR_clear_error();
  return within(&w);
}
