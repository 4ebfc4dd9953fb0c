/* sign_int.h: shared by the files that sign and verify. Private to package. */
#ifndef VB_SIGN_INT_H
#define VB_SIGN_INT_H

#include "package/package.h"
#include "package/pdfin.h"

/* OpenSSL's types by their tags: its headers stay in the files that call it. */
struct evp_pkey_st;
struct x509_st;
struct stack_st_X509;
struct engine_st;
struct PKCS12_st;

struct vb_signer {
  struct evp_pkey_st *key;
  struct x509_st *cert;
  struct stack_st_X509 *chain; /* may be NULL */
  struct engine_st *engine;    /* of a token; NULL */
  char name[256];
};

/* Wraps key and certificate (taken over, also on failure) after checking that they fit and are strong enough. */
vb_status vb_signer_make(vb_diag *d, const char *file, vb_signer *s);
void vb_signer_token_close(vb_signer *s);
/* Whether the certificate is valid at that moment: else VB_BAD with a message. */
vb_status vb_signer_check_time(vb_diag *d, const char *file, const vb_signer *s, const vb_moment *when);
const char *vb_key_kind(int nid); /* "RSA", "EC" */
/* OpenSSL's words for its last fault; empties its queue. */
const char *vb_openssl_reason(void);

/* sign_rounds.c: whether the rounds that a PKCS#12 file asks for, of its MAC, and of all its encrypted parts together, are at most VB_P12_ROUNDS_MAX. The second
 * decrypts, so the passphrase is known to be right by then. */
bool vb_p12_mac_bounded(const struct PKCS12_st *p12);
bool vb_p12_bounded(const struct PKCS12_st *p12, const vb_pass *pass);

/* Bytes that a signature by this key takes at most. */
size_t vb_cms_room(const vb_signer *s);
/* CMS over two spans of bytes, DER, appended to out. */
vb_status vb_cms_sign(vb_diag *d, const char *file, const vb_signer *s, const vb_span parts[2], vb_buf *out);

/* ---- incremental updates ------------------------------------------------------------------------------------ */

typedef struct vb_pdfout {
  vb_pdfin *in;
  vb_buf *out;
  size_t start;       /* of the file in out */
  vb_buf entries;     /* what was written: one vb_pdfout_entry each */
  int64_t next;       /* next free number */
} vb_pdfout;
typedef struct vb_pdfout_entry { int64_t number; uint64_t at; uint32_t gen; } vb_pdfout_entry;

void vb_pdfout_begin(vb_pdfout *o, vb_pdfin *in, vb_buf *out); /* copies the file */
int64_t vb_pdfout_number(vb_pdfout *o);
void vb_pdfout_open(vb_pdfout *o, int64_t number); /* "12 0 obj" */
void vb_pdfout_close(vb_pdfout *o);
void vb_pdfout_stream(vb_pdfout *o, int64_t number, vb_span dict, vb_span bytes); /* dict: entries but Length */
void vb_pdfout_ref(vb_pdfout *o, const char *key, int64_t number);  /* "/Key 12 0 R" */
void vb_pdfout_text(vb_buf *out, const char *utf8);               /* a text string */
void vb_pdfout_mpt(vb_buf *out, int64_t mpt);                     /* "12.5 " */
/* All entries of a dictionary but those named (NULL ends the list), as they were. */
void vb_pdfout_rest(vb_pdfout *o, const vb_pdfv *dict, const char *const *but);
/* Cross references and trailer; id: 32 hex digits. */
vb_status vb_pdfout_end(vb_pdfout *o, const char *id);

/* Puts a new widget into the structure tree of a tagged file; its StructParent, or -1 where the file is not tagged. */
int64_t vb_sign_tag(vb_pdfout *o, int64_t page, int64_t widget);

/* ---- what is seen ------------------------------------------------------------------------------------------- */

typedef struct vb_look { int64_t w, h; int64_t number; /* of the form; 0: none */ } vb_look;
typedef struct vb_picture { uint32_t w, h; uint8_t *rgba; int64_t mm_w; /* own width in 1/1000 mm; 0: not said */ } vb_picture;
vb_status vb_picture_read(vb_diag *d, const char *file, vb_span png, vb_picture *out);
void vb_picture_free(vb_picture *p);
/* Writes the appearance of a picture fitted into look's size. */
vb_status vb_look_picture(vb_pdfout *o, const vb_picture *p, vb_look *look);
/* The same of lines of text; too wide or too many for the box: VB_BAD with a message. */
vb_status vb_look_text(vb_pdfout *o, const vb_sign_text *t, vb_look *look);

#endif
