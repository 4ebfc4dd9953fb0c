/* batch_int.h: what the files of batch share.
 *
 *   job.c, job_package.c   job.xml → vb_job
 *   library.c   where templates are found
 *   load.c      the job's inputs → store
 *   registers.c what the rules on words know
 *   plan.c      documents × units → tasks; known.c what job and registers know of each
 *   numbers.c   numbers of documents from the register of the kept database
 *   document.c  one task → tree → files
 *   deliver.c   figures as CSV and trace of one document
 *   handing.c   its package and its archive records
 *   mark.c      the text that a signature shows on a separate appendix
 *   findings.c  the room check at work: data, document, batch; waivers
 *   build.c     the verbs build and check: the run around the tasks
 *   tasks.c     the tasks of a run through the workers, and what came of each
 *   workers.c   the processes; progress.c what a terminal shows of them
 *   result.c    one made document as bytes; book.c such records from run to run
 *   changed.c   whether a document must be made again; made_of.c what it is made of; program.c which program this is
 *   merge.c     the verb merge: books and files of shards → one folder
 *   inputs.c    which files the run has read, in the book; texts.c the clerks' texts among them
 *   output.c    the folder of a job: lock, manifest, index, what is stale
 *   new.c       the verbs new and templates
 *   trace.c     the verb trace
 *   sign.c      the verbs sign and verify; together.c files that change together
 *   rules.c     the listing of rules
 *   say.c       findings as lines, by rule
 *   terminal.c  what is said to people beside the findings
 *   forms.c     the verb forms: an entry workbook a unit
 */
#ifndef VB_BATCH_INT_H
#define VB_BATCH_INT_H

#include <stdio.h>

#include "batch/batch.h"
#include "batch/job.h"
#include "batch/say.h"
#include "check/check.h"
#include "package/package.h"
#include "store/store.h"
#include "template/template.h"

const char *vb_installed_templates(void);

/* Folders with templates: <job>/templates, the tree's own when the program runs from it, the installed ones. In a. */
vb_status vb_library_find_dirs(vb_diag *d, vb_arena *a, const char *job_dir, vb_library *out);

/* A schema of the program's own: a job brings none. NULL: no memory. In a. */
const char *vb_library_schema(vb_arena *a, const vb_library *lib, const char *name);
/* A file of the library by its name below a folder ("mappings/archive.xml"), the job's own first. *path NULL: there is none. */
vb_status vb_library_path(vb_arena *a, const vb_library *lib, const char *rel, const char **path);

/* One document of one unit. What else is known of it, is read when it is made (known.h). */
typedef struct vb_task {
  const vb_job_doc *doc;
  vb_template *tpl;
  const char *unit, *number, *symbol;
  vb_date date;
  vb_state state;
  bool no_data, bad, unread; /* bad: findings of its inputs withhold it; unread: some of them of reading, so that more would follow */
  bool foreign;            /* another shard makes it */
  bool asked;              /* this run makes it, or keeps it because nothing changed; else it stays as it stands */
  bool lost, kept;         /* its worker died; its files stand as a former run made them */
} vb_task;

/* All that a run holds. */
typedef struct vb_run {
  const vb_options *o;
  vb_diag *diag;
  vb_arena *arena;
  vb_job *job;
  vb_library lib;
  vb_form **forms; size_t n_forms;
  vb_template **templates; size_t n_templates; /* one a distinct id */
  vb_registers *words;     /* in arena */
  char words_id[VB_SHA256_HEX]; /* of the files that they came from */
  vb_store *store;         /* while loading, and in a worker */
  int64_t first_row;       /* of data tables: those below are of other jobs in a kept database */
  struct vb_known *known;  /* known.h; while the store is open */
  const char *db;          /* its file, for the workers */
  vb_folder texts;         /* of clerks, kept open */
  int texts_pid;           /* the process that notes them; 0: none */
  struct vb_inputs *inputs; /* inputs.h; NULL: the run makes nothing */
  char inputs_id[VB_SHA256_HEX];
  vb_task *tasks; size_t n_tasks; /* by vb_mem_resize */
  const char *only_unit; /* its code, where the register holds one unit; else NULL */
  size_t n_units; bool units_lost; /* rows of the register; it was named, and no row could be read */
  vb_fontset *fonts;
  struct vb_xml_schema *edxml_schema; /* with -f edxml */
  struct vb_basis *basis;  /* what all documents are made of (changed.h) */
  vb_archive *archive;                /* with --archive: the mapping, and the hash of its file */
  char archive_id[VB_SHA256_HEX];
  struct vb_output *out;   /* the folder of the job; NULL: the run writes none */
  bool loaded;             /* the job was read */
  bool withheld;           /* an unwaived error stands among the findings of documents */
  size_t counted[4], pages; /* documents by vb_doc_status, for the last line */
  bool no_preview;         /* --preview has said that pdftoppm is missing */
  bool entry;              /* the verb forms: figures are yet to come, so files of them may be missing */
} vb_run;

/* build.c. Opens the job that the options name into an empty run; closes what a run holds, also one that did not open. */
vb_status vb_run_open(vb_run *run, const vb_options *o);
void vb_run_close(vb_run *run);
/* What the run has come to, when findings may have been waived: VB_BAD only while an unwaived error stands. */
vb_status vb_run_settled(const vb_run *run, vb_status s);

/* Opens forms and templates, reads every input of the job into a new store, prepares the templates. The worst status; what can go on
 * goes on: r->store is set unless the status is VB_SYSTEM or VB_NOMEM. */
vb_status vb_load(vb_run *r);
/* registers.c. Reads every file of the folders registers of all libraries into r->words. */
vb_status vb_registers_load(vb_run *r);
/* Whether a task lives on its unit's own figures: said so, or usual for a template with a form. */
bool vb_task_own_figures(const vb_task *t);
/* Makes r->tasks in the order units × documents of the register and the job. */
vb_status vb_plan(vb_run *r);
/* Gives numbers to the tasks that are issued without one, where there is a kept database; after everything that withholds tasks is known.
 * keep false: for a look ahead, the register stays as it was. */
vb_status vb_numbers_assign(vb_run *run, bool keep);
/* terminal.c. What check has come to, and whose figures are still missing, on standard error; nothing under --quiet. */
void vb_say_checked(const vb_run *run);
void vb_say_no_data(const vb_run *run);
/* Whether a list of the command line ("a,b") names this; NULL names all. */
bool vb_listed(const char *list, const char *name);
/* Whether the command line names this task, by its unit and its document. */
bool vb_task_named(const vb_run *r, const vb_task *t);

/* texts.c. The folder of clerks' texts, opened for the life of the run; where there is none, run->texts stays as it was. */
vb_status vb_texts_open(vb_run *run, vb_diag *d);
/* Notes every text file of that folder among the inputs. */
vb_status vb_texts_note(vb_run *run);
/* Has a child begin with that, where it is worth one; before the store is opened. vb_texts_note waits for it, vb_texts_stop ends it. */
void vb_texts_begin(vb_run *run);
void vb_texts_stop(vb_run *run);
/* narrate.c. Narrative of one unit, for vb_build: ctx is a vb_narrator. What it gives goes into the hash of what the document is made of; NULL: none.
 * Begun as {run, unit} and VB_NO_FOLDER. */
typedef struct vb_narrator {
  vb_run *run; const char *unit; vb_hash *made_of;
  vb_folder own;           /* the unit's own texts; those for all are in run->texts */
  bool refused;            /* a folder of texts was refused, with a message: no text is given */
  vb_arena *arena; const char *rels[2]; /* both by their names in the job, once they were looked for */
  vb_buf bytes;            /* of the text read last */
} vb_narrator;
vb_status vb_narrate(void *ctx, vb_diag *d, vb_arena *a, const char *slot, vb_slot_text *out);
void vb_narrator_end(vb_narrator *n);

/* Marks what the waivers of the job cover among the findings of d or of a list, and the waivers as used. */
void vb_findings_waive(vb_run *run, vb_diag *d);
void vb_findings_waive_list(vb_run *run, vb_finding *f);
/* Whether a finding withholds what it is about: an error, or under --strict a warning, that is not waived. */
bool vb_finding_withholds(const vb_finding *f, bool strict);
/* Checks the figures, and the documents against each other; the findings join r->diag. */
vb_status vb_findings_load(vb_run *run);
/* Checks a finished tree; VB_BAD when a finding withholds it. */
vb_status vb_findings_document(vb_run *run, const vb_doc *doc);
/* Waivers that met nothing: a warning each, where all of the job was made. Of a shard they are kept apart, for another may meet them. */
vb_status vb_findings_unused(vb_run *run, vb_diag *to);

/* ---- rules.c ---- */

vb_status vb_rules_list(const vb_options *o, vb_buf *out); /* "A06 error: …", a line a rule: of the program, of templates and forms */

#endif
