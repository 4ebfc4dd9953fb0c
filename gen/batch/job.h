/* job.h: job.xml as data. Shared inside batch. */
#ifndef VB_BATCH_JOB_H
#define VB_BATCH_JOB_H

#include "base/base.h"
#include "batch/batch.h"
#include "doc/doc.h"
#include "template/template.h"

#define VB_JOB_USUAL "input" /* the folder of a job that the command line does not name */

typedef enum vb_job_use { VB_USE_UNITS, VB_USE_VALUES, VB_USE_DATA } vb_job_use;

/* One input line of the job: a file or a pattern of files. */
typedef struct vb_job_file {
  vb_job_use use;
  const char *table;      /* DATA: name of the table */
  vb_span pattern;
  vb_encoding encoding;
  const char *sheet, *unit, *period;
  vb_date received;
  int version;
  vb_place at;
} vb_job_file;

typedef struct vb_job_doc {
  const char *id, *template_id, *units, *number;
  enum { VB_DATA_USUAL /* own where the template has a form, else none */, VB_DATA_OWN, VB_DATA_CHILDREN, VB_DATA_NONE } data;
  vb_date date;
  int priority;
  vb_state state; vb_mode mode; bool separate;
  vb_variable *variables; size_t n_variables;
  vb_party *addressees; uint32_t n_addressees;
  vb_party *recipients; uint32_t n_recipients;
  const char *authority, *position, *signer, *archive_unit, *drafter;
  vb_place at;
} vb_job_doc;

typedef struct vb_waiver { const char *rule, *unit, *document, *code, *reason, *who, *date; bool used; vb_place at; } vb_waiver;

typedef struct vb_job {
  vb_arena *arena;
  const char *dir, *name, *period;
  vb_date date;
  vb_encoding encoding;
  const char *narrative_dir; vb_encoding narrative_encoding; vb_place narrative_at;
  vb_span *forms; vb_place *forms_at; size_t n_forms;
  vb_job_file *files; size_t n_files;
  vb_job_doc *docs; size_t n_docs;
  vb_waiver *waivers; size_t n_waivers;
} vb_job;

/* Reads dir/job.xml against templates/schemas/job.rng. No such folder or file: VB_SYSTEM with a message that says what was looked for. */
vb_status vb_job_open(vb_diag *d, const char *dir, const vb_library *lib, vb_job **out);
void vb_job_close(vb_job *job);

#endif
