/* hash.c: SHA-256 by OpenSSL: of bytes, of files, of what a document depends on.
 *
 * These hashes are names of contents, of which a run makes thousands, and one of a single report needs nothing else of OpenSSL. Its functions
 * without providers do without reading OpenSSL's configuration and filling its tables, which costs some two milliseconds. What is signed or
 * verified goes through EVP, as configured (sign_cms.c, verify_cms.c). */
#define OPENSSL_SUPPRESS_DEPRECATED /* they are marked as such since 3.0, in favour of EVP */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <openssl/sha.h>

#include "base/base.h"

struct vb_hash { SHA256_CTX ctx; bool failed; };

static void to_hex(const unsigned char bytes[SHA256_DIGEST_LENGTH], char out[VB_SHA256_HEX]) {
  static const char digits[] = "0123456789abcdef";
  for (unsigned i = 0; i < SHA256_DIGEST_LENGTH; i++) {
    *out++ = digits[bytes[i] >> 4];
    *out++ = digits[bytes[i] & 15];
  }
  *out = '\0';
}

/* Hands out the digest, unless something failed before. */
static bool end(vb_hash *h, char out[VB_SHA256_HEX]) {
  unsigned char md[SHA256_DIGEST_LENGTH];
  out[0] = '\0';
  if (h->failed || SHA256_Final(md, &h->ctx) != 1) return false;
  to_hex(md, out);
  return true;
}

bool vb_sha256(const void *bytes, size_t n, char out[VB_SHA256_HEX]) {
  vb_hash h = {.failed = false};
  h.failed = SHA256_Init(&h.ctx) != 1;
  vb_hash_add(&h, bytes, n);
  return end(&h, out);
}

vb_hash *vb_hash_new(void) {
  vb_hash *h = vb_mem_zalloc(sizeof *h);
  if (h != NULL) h->failed = SHA256_Init(&h->ctx) != 1;
  return h;
}

void vb_hash_add(vb_hash *h, const void *bytes, size_t n) {
  if (n > 0 && SHA256_Update(&h->ctx, bytes, n) != 1) h->failed = true;
}

void vb_hash_add_str(vb_hash *h, const char *s) {
  /* A missing string and an empty one must differ, and "a","bc" from "ab","c". */
  if (s == NULL) vb_hash_add(h, "\1", 1);
  else vb_hash_add(h, s, strlen(s) + 1);
}

bool vb_hash_end(vb_hash *h, char out[VB_SHA256_HEX]) {
  bool ok = end(h, out);
  vb_mem_free(h);
  return ok;
}

/* A name goes into the list of files that findings speak of when one speaks of it: of a country there are a hundred thousand. */
static vb_status cannot_read(vb_diag *d, const char *path, int why) {
  vb_place at = {vb_diag_file(d, path), 0, 0, NULL};
  return VB_POST(d, VB_MSG_FILE_READ, at, path, strerror(why));
}

vb_status vb_sha256_file(vb_diag *d, const char *path, char out[VB_SHA256_HEX], uint64_t *bytes) {
  out[0] = '\0';
  *bytes = 0;
  FILE *f = fopen(path, "rb");
  if (f == NULL) return cannot_read(d, path, errno);
  vb_hash *h = vb_hash_new();
  if (h == NULL) {
    fclose(f);
    return VB_NOMEM;
  }
  char part[65536];
  size_t n;
  while ((n = fread(part, 1, sizeof part, f)) > 0) {
    vb_hash_add(h, part, n);
    *bytes += n;
  }
  int wrong = ferror(f) ? errno : 0;
  fclose(f);
  bool ok = vb_hash_end(h, out);
  if (wrong != 0) return cannot_read(d, path, wrong);
  return ok ? VB_OK : VB_NOMEM;
}
