/* verify.h: is what lies in an output folder what was made, and is it signed as it says? Included by package.h; use that.
 *
 * Every fault is a finding at the file it is about, in both languages by the catalogue; the verdicts say the same in fields.
 *
 * Invariants
 *  1. Nothing is written, and nothing outside the folder is read.
 *  2. A signature is good only when its range is the whole file but the signature itself, up to what later good signatures added; what is
 *     not covered so is told, whatever the cryptography says.
 */
#ifndef VB_PACKAGE_VERIFY_H
#define VB_PACKAGE_VERIFY_H

#include "base/base.h"

typedef struct vb_signature {
  const char *field;             /* name of the form field */
  const char *subject, *issuer;  /* of the signer's certificate, RFC 2253 as UTF-8; NULL: unreadable */
  const char *time, *reason;     /* as the file states them; the time as ISO 8601 where it can be read; NULL: none */
  const char *algorithm;         /* "RSA 2048, SHA256" */
  const char *const *chain; size_t n_chain; /* subjects of the other certificates that came along */
  bool intact;                   /* range well-formed, digest and cryptographic signature right */
  bool whole;                    /* covers the file to its end */
  bool later_fine;               /* what follows its range are further signatures alone */
  bool trusted;                  /* chain leads to a certificate of trust file, at the stated time */
} vb_signature;

typedef struct vb_pdf_verdict {
  vb_signature *signatures; size_t n_signatures; /* in the order of signing */
  bool good;                     /* every signature intact, nothing but signatures added behind the first, the last one whole */
  int pdfa_part; char pdfa_conformance; /* 2 'A'; 0: does not say that it is PDF/A */
} vb_pdf_verdict;

struct vb_pdf_file; /* sign.h */
/* Judges one PDF; texts live in a. trust: certificates to be trusted, as PEM; .p NULL: chains are not judged. Each signature gives
 * one finding: what is wrong with it as an error, else who signed, as information. A file that is damaged: VB_BAD. */
vb_status vb_verify_pdf(vb_diag *d, vb_arena *a, const struct vb_pdf_file *pdf, vb_span trust, vb_pdf_verdict *out);

typedef enum vb_file_state { VB_FILE_GOOD, VB_FILE_MISSING, VB_FILE_CHANGED, VB_FILE_WRONG /* unchanged, but bad in itself */, VB_FILE_ORPHAN } vb_file_state;
typedef struct vb_verdict {
  const char *path;              /* relative to the folder */
  const char *unit, *document, *type; /* NULL for orphans */
  vb_file_state state;
  vb_pdf_verdict pdf;            /* of a PDF */
} vb_verdict;

typedef struct vb_verified { vb_verdict *files; size_t n_files; size_t bad; } vb_verified;

/* trust: as above. schema: templates/schemas/edxml.rng; NULL: packages are read and not validated. */
struct vb_xml_schema;
typedef struct vb_verify_ask { vb_span trust; const struct vb_xml_schema *schema; } vb_verify_ask;

/* One job's folder: the one with manifest.json. Files against it, files that it does not name, packages and traces against the files they speak of,
 * signatures, PDF/A. VB_OK also when something differs: out->bad counts; VB_BAD: the manifest itself is unreadable; VB_DONE: no manifest there. */
vb_status vb_verify_folder(vb_diag *d, vb_arena *a, const char *dir, const vb_verify_ask *ask, vb_verified *out);

#endif
