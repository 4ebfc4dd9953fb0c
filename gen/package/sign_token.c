/* sign_token.c: keys on tokens, by PKCS#11: OpenSSL's engine of libp11 (Debian: libengine-pkcs11-openssl), for OpenSSL 3.0 of Debian 12 has no
 * provider for them. The one file that uses the engine interface, which OpenSSL calls deprecated. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <string.h>

#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include "package/sign_int.h"

void vb_signer_token_close(vb_signer *s) {
  ENGINE_finish(s->engine);
  ENGINE_free(s->engine);
  s->engine = NULL;
}

static int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* RFC 7512: what stands behind "?" is for the program: the module's path is ours to open, a PIN in it is refused, for command lines are seen by others.
 * uri gets the part before, module the path, empty when none. */
static vb_msg split(const char *text, vb_buf *uri, vb_buf *module) {
  size_t n = strcspn(text, "?");
  if (strncmp(text, "pkcs11:", 7) != 0) return VB_MSG_SIGN_URI;
  vb_buf_add(uri, text, n);
  const char *q = text[n] == '?' ? text + n + 1 : text + n;
  if (strstr(text, "pin-value=") != NULL || strstr(text, "pin-source=") != NULL) return VB_MSG_SIGN_URI_PIN;
  for (; *q != '\0'; q += q[0] == '&') {
    size_t k = strcspn(q, "&");
    if (strncmp(q, "module-path=", 12) == 0) {
      for (size_t i = 12; i < k; i++) {
        bool code = q[i] == '%' && i + 2 < k && hex(q[i + 1]) >= 0 && hex(q[i + 2]) >= 0;
        unsigned char c = (unsigned char)q[i];
        if (code) {
          c = (unsigned char)(hex(q[i + 1]) * 16 + hex(q[i + 2]));
          i += 2;
        }
        vb_buf_add(module, &c, 1);
      }
    }
    q += k;
  }
  return VB_MSG_COUNT;
}

static ENGINE *start(const char *module) {
  ENGINE_load_dynamic();
  ENGINE *e = ENGINE_by_id("pkcs11");
  if (e == NULL) return NULL;
  bool good = ENGINE_ctrl_cmd_string(e, "QUIET", NULL, 1) == 1;
  if (module[0] != '\0') good = good && ENGINE_ctrl_cmd_string(e, "MODULE_PATH", module, 0) == 1;
  if (good && ENGINE_init(e) == 1) return e;
  ENGINE_free(e);
  return NULL;
}

static X509 *load_cert(ENGINE *e, const char *uri) {
  struct { const char *id; X509 *cert; } wanted = {uri, NULL}; /* as the engine's command defines it */
  return ENGINE_ctrl_cmd(e, "LOAD_CERT_CTRL", 0, &wanted, NULL, 1) == 1 ? wanted.cert : NULL;
}

/* Did the token refuse the PIN? Its words pass through the engine as reasons of its own library. */
static bool pin_refused(void) {
  bool refused = false;
  for (unsigned long e = ERR_get_error(); e != 0; e = ERR_get_error()) {
    const char *reason = ERR_reason_error_string(e);
    refused = refused || (reason != NULL && (strstr(reason, "PIN") != NULL || strstr(reason, "ogin failed") != NULL));
  }
  return refused;
}

static vb_status load(vb_diag *d, const char *uri, const vb_pass *pin, vb_signer *s) {
  vb_place at = {vb_diag_file(d, uri), 0, 0, NULL};
  if (ENGINE_ctrl_cmd_string(s->engine, "PIN", pin->text, 0) != 1) return VB_POST(d, VB_MSG_SIGN_TOKEN, at, vb_openssl_reason());
  s->cert = load_cert(s->engine, uri);
  ERR_clear_error();
  if (s->cert == NULL) return VB_POST(d, VB_MSG_SIGN_TOKEN_CERT, at);
  s->key = ENGINE_load_private_key(s->engine, uri, NULL, NULL);
  if (s->key != NULL) return vb_signer_make(d, uri, s);
  if (!pin_refused()) return VB_POST(d, VB_MSG_SIGN_NO_KEY, at);
  VB_POST(d, VB_MSG_SIGN_PASS_WRONG, at);
  return VB_USAGE;
}

vb_status vb_signer_open_pkcs11(vb_diag *d, const char *text, const vb_pass *pin, vb_signer **out) {
  *out = NULL;
  vb_buf uri, module;
  vb_buf_init(&uri);
  vb_buf_init(&module);
  vb_msg wrong = split(text, &uri, &module);
  const char *shown = vb_buf_cstr(&uri);
  vb_signer *s = vb_mem_zalloc(sizeof *s);
  vb_status st = s == NULL || uri.failed || module.failed ? VB_NOMEM : VB_OK;
  if (st == VB_OK && wrong != VB_MSG_COUNT) {
    VB_POST(d, wrong, VB_NOWHERE);
    st = VB_USAGE;
  }
  if (st == VB_OK) {
    s->engine = start(vb_buf_cstr(&module));
    if (s->engine == NULL) st = VB_POST(d, VB_MSG_SIGN_ENGINE, ((vb_place){vb_diag_file(d, shown), 0, 0, NULL}), vb_openssl_reason());
  }
  if (st == VB_OK) st = load(d, shown, pin, s);
  if (st == VB_OK) *out = s;
  else vb_signer_close(s);
  vb_buf_free(&uri);
  vb_buf_free(&module);
  return st;
}
