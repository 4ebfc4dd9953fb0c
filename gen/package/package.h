/* package: finished files → what is handed over with them: manifest, and what the later rooms of an office need (index, edXML, archive
 * metadata, signature, trace). The only room that signs and verifies, and knows the JSON library and libpng.
 *
 * Invariants
 *  1. The manifest describes the whole folder of a job: every file named is there with that hash, and no other.
 *  2. No clock: the same documents give the same bytes. Keys of objects are written in the order of product.md.
 *  3. Paths in a manifest are relative to it and stay inside its folder; one that does not is refused when read.
 */
#ifndef VB_PACKAGE_H
#define VB_PACKAGE_H

#include "base/base.h"

typedef enum vb_doc_status { VB_DOC_WRITTEN, VB_DOC_UNCHANGED, VB_DOC_WITHHELD, VB_DOC_NO_DATA } vb_doc_status;

typedef struct vb_man_input { const char *path; uint64_t bytes; char sha256[VB_SHA256_HEX]; } vb_man_input;
typedef struct vb_man_file { const char *path; uint64_t bytes; char sha256[VB_SHA256_HEX]; const char *type; } vb_man_file;
typedef struct vb_man_slot { const char *name, *kind, *file /* path of the PDF that it is in */; int page; int64_t x, y, w, h; /* mpt */ } vb_man_slot;

typedef struct vb_man_doc {
  const char *unit, *unit_name, *document, *template_id, *kind, *state, *number, *symbol, *date;
  vb_doc_status status;
  int pages, signatures;
  vb_man_slot *slots; size_t n_slots;
  vb_man_file *files; size_t n_files;
  vb_finding *findings;         /* list; borrowed texts */
  char inputs_hash[VB_SHA256_HEX]; /* what it was made of: data, template, fonts, program */
} vb_man_doc;

typedef struct vb_manifest {
  vb_arena *arena;              /* owns everything */
  const char *job, *period, *generator;
  vb_man_input *inputs; size_t n_inputs;
  vb_man_doc *docs; size_t n_docs;
  vb_finding *findings;         /* not tied to one document */
  size_t findings_cut;          /* more than VB_FINDINGS_PER_RULE of a rule: counted, not listed */
  /* Where there are too many documents to be held, docs is NULL and doc_at gives the i-th, borrowed until it is called again; who prints
   * asks for them in order, more than once. taken, where it is set, is offered what was printed so far, and may empty the buffer. */
  vb_status (*doc_at)(void *ctx, size_t i, const vb_man_doc **out);
  vb_status (*taken)(void *ctx, vb_buf *out);
  /* The same of inputs: the next, borrowed until it is called again; VB_DONE behind the last, and then from the first again. */
  vb_status (*input_next)(void *ctx, const vb_man_input **out);
  void *ctx;
} vb_manifest;

vb_manifest *vb_manifest_new(void);
void vb_manifest_free(vb_manifest *m);
/* The i-th document, wherever it is. */
vb_status vb_manifest_doc(const vb_manifest *m, size_t i, const vb_man_doc **out);
/* JSON with the fields of product.md, into out. Messages in lang. */
vb_status vb_manifest_print(vb_diag *d, const vb_manifest *m, vb_lang lang, vb_buf *out);
/* Reads one back (a former run's). Broken or of another format: VB_BAD with a message. Absent: VB_DONE. Findings come back as text. */
vb_status vb_manifest_read(vb_diag *d, const char *path, vb_manifest **out);
/* {"format": 1, "findings": […]} for `check --format json`. */
vb_status vb_findings_print(const vb_diag *d, vb_lang lang, vb_buf *out);


/* ---- moments ------------------------------------------------------------------------------------------------ */

/* A date with a time of day and its distance from UTC. Only packages (when handed over) and signatures hold one. */
typedef struct vb_moment { vb_date date; uint8_t hour, minute, second; int16_t offset; /* minutes east of UTC */ } vb_moment;
#define VB_MOMENT_VIETNAM 420

/* 2023-12-06, 2023-12-06T09:19:46, with Z, +07:00 or +0700 behind it; Vietnam's time without; the start of the day for a bare date. */
bool vb_moment_parse(vb_span s, vb_moment *out);
/* The clock, in Vietnam's time. For signatures alone: nothing else may call it. False when there is no clock. */
bool vb_moment_now(vb_moment *out);
/* Appends 2023-12-06T09:19:46+07:00. */
void vb_moment_print(const vb_moment *m, vb_buf *out);
/* The same moment as a clock shows it that far east of UTC. */
vb_moment vb_moment_shown(const vb_moment *m, int16_t offset);
/* Seconds since 1970-01-01T00:00:00Z. */
int64_t vb_moment_unix(const vb_moment *m);

/* ---- the other parts of the room, a header each ------------------------------------------------------------- */

#include "package/edxml.h"
#include "package/archive.h"
#include "package/trace.h"
#include "package/index.h"
#include "package/sign.h"
#include "package/verify.h"

#endif
