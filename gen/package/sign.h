/* sign.h: electronic signatures of PDF files: PAdES (ETSI.CAdES.detached, SHA-256) by incremental update. Included by package.h; use that.
 *
 * Invariants
 *  1. The bytes of the file that is signed stay as they are, at the head of the result.
 *  2. Keys and passphrases stand in no message and no core, and are wiped where they were held.
 *  3. PDF/A stays PDF/A: no script, an appearance for every visible field, fonts embedded, the identifier kept.
 *  4. The clock is asked by the caller (vb_moment_now), never here: the same key, file and moment give the same bytes with RSA.
 */
#ifndef VB_PACKAGE_SIGN_H
#define VB_PACKAGE_SIGN_H

#include "base/base.h"

/* ---- passphrases and keys ----------------------------------------------------------------------------------- */

#define VB_PASS_BYTES 1024 /* longer than any token or file takes */
typedef struct vb_pass { char text[VB_PASS_BYTES]; size_t n; } vb_pass;

/* From begin on a crash leaves no core, and no program of the same user may read this one's memory: call it before a passphrase is read, and end
 * when the keys are closed. False when the system refuses. */
bool vb_secrets_begin(void);
bool vb_secrets_end(void);

/* The first line of a file descriptor, without its end. fd < 0: asked for on the terminal, without echo; prompt stands there. Not to be had: VB_USAGE with a
 * message. The caller wipes it. */
vb_status vb_pass_read(vb_diag *d, int fd, const char *prompt, vb_pass *out);
void vb_pass_wipe(vb_pass *p);

/* A key with its certificate and those above it. */
typedef struct vb_signer vb_signer;
/* From a PKCS#12 file (.p12, .pfx). A wrong passphrase: VB_USAGE with a message. No or a weak key (RSA below 2048 bits, EC below 256):
 * VB_BAD. Caller closes. */
vb_status vb_signer_open_p12(vb_diag *d, const char *path, const vb_pass *pass, vb_signer **out);
/* From a token: a PKCS#11 URI ("pkcs11:token=…;object=…?module-path=/usr/lib/….so"); the module of p11-kit when none is named. A wrong PIN: VB_USAGE. Needs
 * Debian's libengine-pkcs11-openssl when run. */
vb_status vb_signer_open_pkcs11(vb_diag *d, const char *uri, const vb_pass *pin, vb_signer **out);
void vb_signer_close(vb_signer *s);
const char *vb_signer_name(const vb_signer *s); /* common name of the certificate */

/* ---- signing ------------------------------------------------------------------------------------------------ */

typedef enum vb_sign_role { VB_SIGN_LEADER, VB_SIGN_ORGAN } vb_sign_role;
/* The field of a role: "leader", "organ". */
const char *vb_sign_field_name(vb_sign_role role);

/* A font for the visible text, made by the caller (a subset of the font room in plain values): this room knows no fonts, and a subset embedded in the file
 * may lack the digits of the time. Glyph ids are those of the program. */
typedef struct vb_sign_font {
  const char *name;                 /* "ABCDEF+LiberationSerif" */
  vb_span deflated; size_t program_bytes; /* TrueType, zlib; its length unpacked */
  vb_span to_unicode;               /* CMap, zlib */
  const uint16_t *widths; size_t n_glyphs; /* 1/1000 em by glyph id */
  int ascent, descent, cap_height, stem_v, flags, italic_angle_milli, bbox[4];
} vb_sign_font;
/* One line, set from the right edge of its box as ND30 PL I asks for the top right corner. */
typedef struct vb_sign_line { const uint16_t *glyphs; size_t n; } vb_sign_line;
typedef struct vb_sign_text { const vb_sign_font *font; const vb_sign_line *lines; size_t n_lines; int64_t size; /* mpt; ND30: 10 pt */ } vb_sign_text;
/* Appends "Số: 232/BC-UBND; 06/12/2023; 09:19:46", the mark of an appendix in a file of its own (ND30 PL III, mẫu 2.2), in Vietnam's time. */
void vb_sign_mark(const char *number, const char *symbol, const vb_moment *when, vb_buf *out);

typedef struct vb_sign_options {
  vb_sign_role role;
  const char *field;                /* NULL: the role's */
  vb_moment when;
  const char *reason, *location;    /* NULL: left out */
  vb_span image;                    /* PNG; .n 0: none. A signature is fitted into its field. A seal has its real size (its own pHYs, else 36 mm wide), in the
                                     * middle of its field, or where there is none over the left third of the leader's */
  const vb_sign_text *text;         /* NULL: none. Not together with an image */
  struct { int page; int64_t x, y, w, h; } box; /* where a field that is absent is made, mpt; page 0: invisible, on page 1 */
} vb_sign_options;

/* A file in memory; its name stands in messages. */
typedef struct vb_pdf_file { const char *name; vb_span bytes; } vb_pdf_file;

/* Signs the bytes of a PDF; the signed file is appended to out. An own empty field of that name is used, else one is made. Signed already under
 * that name, locked against changes, encrypted, damaged: VB_BAD with a message, and nothing in out. */
vb_status vb_sign_pdf(vb_diag *d, const vb_pdf_file *pdf, const vb_signer *key, const vb_sign_options *o, vb_buf *out);

#endif
