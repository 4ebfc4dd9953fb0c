/* sign_help: throw-away keys for the tests of signing and verifying, made once a run by openssl; and what pdfsig says. */
#ifndef SIGN_HELP_H
#define SIGN_HELP_H

#define _DEFAULT_SOURCE
#include "read_help.h"

#include <stdlib.h>

#include "folder.h"
#include "package/package.h"
#include "pdf_make.h"

static char keys[256]; /* the folder */

/* A year or more behind the making of the keys, and before their end. */
#define WHEN {{2030, 6, 1}, 9, 19, 46, VB_MOMENT_VIETNAM}
#define SUBJECT "/CN=UBND xã Quảng Thọ"

/* Runs a command; each @ in it stands for x. */
static inline void shell(const char *command, const char *x)
{
  vb_buf b;
  vb_buf_init(&b);
  for (const char *c = command; *c; c++) {
    if (*c == '@') vb_buf_str(&b, x);
    else vb_buf_char(&b, *c);
  }
  if (system(vb_buf_cstr(&b)) != 0) fail_msg("%s", vb_buf_cstr(&b));
  vb_buf_free(&b);
}

/* rsa.p12, ec.p12, legacy.p12 (of the RSA key), weak.p12 (1024 bits), chain.p12 with ca.pem; all with "mật khẩu". */
static inline int keys_make(void **state)
{
  (void)state;
  folder_make(keys);
  shell("cd @ && openssl req -x509 -newkey rsa:2048 -nodes -keyout rsa.key -out rsa.pem -utf8 -subj '" SUBJECT "' -days 3650 2>/dev/null", keys);
  shell("cd @ && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ec.key -out ec.pem -utf8 -subj '/CN=Chủ tịch' -days 3650 2>/dev/null", keys);
  shell("cd @ && openssl req -x509 -newkey rsa:1024 -nodes -keyout weak.key -out weak.pem -subj '/CN=weak' -days 3650 2>/dev/null", keys);
  shell("cd @ && for k in rsa ec weak; do openssl pkcs12 -export -inkey $k.key -in $k.pem -out $k.p12 -passout 'pass:mật khẩu' || exit 1; done", keys);
  shell("cd @ && openssl pkcs12 -export -legacy -inkey rsa.key -in rsa.pem -out legacy.p12 -passout 'pass:mật khẩu'", keys);
  shell("cd @ && openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj '/CN=Test CA' -days 3650 2>/dev/null && "
        "openssl req -new -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr -subj '/CN=Leaf' 2>/dev/null && "
        "openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 3650 -out leaf.pem 2>/dev/null && "
        "openssl pkcs12 -export -inkey leaf.key -in leaf.pem -certfile ca.pem -out chain.p12 -passout 'pass:mật khẩu'", keys);
  return 0;
}

static inline int keys_drop(void **state)
{
  (void)state;
  folder_drop(keys);
  return 0;
}

static inline vb_pass pass_of(const char *text)
{
  vb_pass p = {.n = strlen(text)};
  memcpy(p.text, text, p.n);
  return p;
}

static inline vb_signer *signer(const char *file)
{
  vb_pass p = pass_of("mật khẩu");
  vb_signer *s = NULL;
  vb_status st = vb_signer_open_p12(d, folder_path(keys, file), &p, &s);
  if (st != VB_OK) fail_msg("%s", findings());
  return s;
}

#endif
