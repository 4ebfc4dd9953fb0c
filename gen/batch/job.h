/* job.h: job.xml as data. Shared inside batch. */
#ifndef VB_BATCH_JOB_H
#define VB_BATCH_JOB_H

#include "base/base.h"
#include "batch/batch.h"
#include "doc/doc.h"
#include "package/package.h"
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

/* <package>: what the package for the document axis says that no document does. Texts NULL where not said. */
typedef struct vb_job_package {
  vb_edxml_business business;
  const char *of, *reason;             /* DocumentId of the document updated, replaced or recalled */
  int type, type_detail, steering;     /* 0: the usual ones */
  bool paper, info_changed, receivers_changed;
  vb_date due;
  const char *sphere, *content;
  const char *email, *telephone, *fax, *website; /* of the sender */
  vb_edxml_staff staff;
  vb_edxml_reply *replies; size_t n_replies;
  vb_edxml_receiver *receivers; size_t n_receivers;
} vb_job_package;

typedef struct vb_job_doc {
  const char *id, *template_id, *units, *number;
  const char *series;     /* of its number; NULL: the unit's one series of the year */
  enum { VB_DATA_USUAL /* own where the template has a form, else none */, VB_DATA_OWN, VB_DATA_CHILDREN, VB_DATA_NONE } data;
  vb_date date;
  int priority;
  vb_state state; vb_mode mode; bool separate;
  vb_variable *variables; size_t n_variables;
  vb_party *addressees; uint32_t n_addressees;
  vb_party *recipients; uint32_t n_recipients;
  const char *authority, *position, *signer, *archive_unit, *drafter;
  const char *file, *retention, *keywords, *description; /* of the archive's file (hồ sơ) that it goes into */
  const vb_job_package *package;       /* the document's, else the job's; never NULL */
  vb_place at;
} vb_job_doc;

typedef struct vb_waiver { const char *rule, *unit, *document, *code, *reason, *who, *date; bool used; vb_place at; } vb_waiver;

typedef struct vb_job {
  vb_arena *arena;
  const char *dir, *name, *period;
  vb_man_input self; /* job.xml as it was read */
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

/* job_package.c: one <package> of job.xml on top of what stands above it (NULL: nothing). Findings are posted; NULL when out of memory. */
struct vb_xml_node;
const vb_job_package *vb_job_package_read(vb_diag *d, vb_arena *a, const char *file, const struct vb_xml_node *n, const vb_job_package *above, vb_status *st);

#endif
