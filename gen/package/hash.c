/* hash.c: SHA-256 by OpenSSL: of bytes, of files, of what a document depends on. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "package/package.h"

struct vb_hash { EVP_MD_CTX *ctx; bool failed; };

static void to_hex(const unsigned char *bytes, unsigned n, char out[VB_SHA256_HEX]) {
  static const char digits[] = "0123456789abcdef";
  for (unsigned i = 0; i < n && i < 32; i++) {
    *out++ = digits[bytes[i] >> 4];
    *out++ = digits[bytes[i] & 15];
  }
  *out = '\0';
}

bool vb_sha256(const void *bytes, size_t n, char out[VB_SHA256_HEX]) {
  unsigned char md[EVP_MAX_MD_SIZE];
  unsigned len = 0;
  out[0] = '\0';
  if (EVP_Digest(bytes, n, md, &len, EVP_sha256(), NULL) != 1 || len != 32) return false;
  to_hex(md, len, out);
  return true;
}

vb_hash *vb_hash_new(void) {
  vb_hash *h = vb_mem_zalloc(sizeof *h);
  if (h == NULL) return NULL;
  h->ctx = EVP_MD_CTX_new();
  if (h->ctx == NULL || EVP_DigestInit_ex(h->ctx, EVP_sha256(), NULL) != 1) {
    EVP_MD_CTX_free(h->ctx);
    vb_mem_free(h);
    return NULL;
  }
  return h;
}

void vb_hash_add(vb_hash *h, const void *bytes, size_t n) {
  if (n > 0 && EVP_DigestUpdate(h->ctx, bytes, n) != 1) h->failed = true;
}

void vb_hash_add_str(vb_hash *h, const char *s) {
  /* A missing string and an empty one must differ, and "a","bc" from "ab","c". */
  if (s == NULL) vb_hash_add(h, "\1", 1);
  else vb_hash_add(h, s, strlen(s) + 1);
}

bool vb_hash_end(vb_hash *h, char out[VB_SHA256_HEX]) {
  unsigned char md[EVP_MAX_MD_SIZE];
  unsigned len = 0;
  out[0] = '\0';
  bool ok = !h->failed && EVP_DigestFinal_ex(h->ctx, md, &len) == 1 && len == 32;
  if (ok) to_hex(md, len, out);
  EVP_MD_CTX_free(h->ctx);
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
