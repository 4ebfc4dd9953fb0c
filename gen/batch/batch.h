/* batch: a job from its files to its output folder. Carries results from room to room; holds no rule of layout, text or check itself.
 *
 * Invariants
 *  1. A run that fails loses nothing that stood before: files are replaced whole, the manifest last.
 *  2. The manifest describes the whole folder; a file that no document of the job asks for any more is removed.
 *  3. An error in one document's data withholds that document alone.
 *  4. Nothing depends on the order of files in a folder, on -j, or on the clock.
 */
#ifndef VB_BATCH_H
#define VB_BATCH_H

#include "base/base.h"
#include "package/package.h"
#include "text/text.h"
#include "write/write.h"

/* What the command line asks for; strings borrowed. Zero values are the defaults. */
typedef struct vb_options {
  const char *job;               /* folder; NULL: "input" */
  const char *output;            /* NULL: "output" */
  unsigned formats;              /* bit 1 << vb_format for pdf, xlsx, tree, pages; 0: pdf and xlsx */
  bool edxml;
  const char *units, *documents; /* "a,b"; NULL: all */
  int workers;                   /* 0: processors online */
  int shard, shards;             /* K/N, K from 1; 0/0: all */
  bool force, strict, replace_signed, archive, preview, list_rules, json, csv;
  const char *code;              /* trace: figures of this code only */
  const char *period;            /* new: of the job; NULL: the current year */
  const char *trust;             /* verify: PEM file of certificates to be trusted */
  vb_date date;                  /* year 0: none given */
  const char *db, *font_dir;
  vb_encoding encoding;          /* VB_ENC_AUTO: none declared */
  vb_pdfa pdfa;
  vb_lang lang;
  bool quiet, verbose;
} vb_options;

/* Each verb writes findings to standard error as lines (check: to standard output) and returns the status that the exit code follows. */
vb_status vb_batch_build(const vb_options *o);
vb_status vb_batch_check(const vb_options *o);
/* Joins the outputs of shards, or of runs over different units, below o->output. dirs: output folders, or folders of one job in them. */
vb_status vb_batch_merge(const vb_options *o, const char *const *dirs, int n);
vb_status vb_batch_templates(const vb_options *o);
/* path: a PDF of an output folder, a trace file, a manifest or its folder. */
vb_status vb_batch_trace(const vb_options *o, const char *path);
vb_status vb_batch_new(const vb_options *o, const char *template_id, const char *dir);

/* What sign is asked for. p12 or pkcs11, one of the two; pass_fd -1: the passphrase is asked for on the terminal. */
typedef struct vb_sign_request { const char *p12, *pkcs11, *time, *reason, *image; int pass_fd; vb_sign_role role; } vb_sign_request;
vb_status vb_batch_sign(const vb_options *o, const vb_sign_request *ask, const char *const *paths, int n);
/* dir: an output folder or one job's folder in it; NULL: output. A verdict a file on standard output; VB_BAD when something differs. */
vb_status vb_batch_verify(const vb_options *o, const char *dir);
/* An entry workbook for each unit that is to report, at <output>/<unit>.xlsx (NULL: <job>/forms). One that is there already is left
 * as it is: somebody may have filled it in. */
vb_status vb_batch_forms(const vb_options *o);

/* Whether a stream takes colours: a terminal, with NO_COLOR unset or empty and TERM other than "dumb". */
bool vb_terminal_colours(FILE *to);

/* Name and version, for --version, PDF producer and manifest: "vanban 1.0.0". */
const char *vb_generator(void);

#endif
