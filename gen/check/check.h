/* check: what is wrong with figures and words: the data of a job, a finished document, a batch of documents.
 *
 * Every rule written in C is one line of rules.def: id, severity, scope, regions, dates, basis, name and message in both languages. The
 * listing of the program and docs/checking.md derive from it. Rules of forms and templates are SQL and come as vb_check_sql.
 *
 * Invariants
 *  1. A finding names the place in the input, or in the template where the words stand there, and carries what a waiver needs: rule, unit,
 *     document, and a code (indicator; or the narrative slot; never a line number).
 *  2. Severity belongs to the condition: a certain contradiction is an error, a likely mistake a warning, a matter of style info. What a
 *     rule does not know it lets pass.
 *  3. Rules on words respect regions: quotations, citations of acts with their titles, cells of tables (rules.def tells which).
 *  4. Nothing is changed, and nothing but input, documents and their dates decides: two runs find the same in the same order.
 */
#ifndef VB_CHECK_H
#define VB_CHECK_H

#include "base/base.h"
#include "doc/doc.h"
#include "store/store.h"

/* What stands in a new job where the clerk is to write a text, a person's name, a row of his own. Written by the verb new, looked for by L04, L05. */
#define VB_TO_WRITE "(viết ở đây"
#define VB_TO_NAME "(họ và tên)"
#define VB_TO_REPLACE "(ví dụ)"

typedef enum vb_check_scope { VB_CHECK_DATA, VB_CHECK_DOCUMENT, VB_CHECK_BATCH } vb_check_scope;
/* Parts of a text that a rule leaves out. */
enum { VB_REGION_NONE = 0, VB_REGION_QUOTE = 1, VB_REGION_CITE = 2, VB_REGION_CELL = 4, VB_REGION_FIGURE = 8 /* bound to an indicator, not typed */ };

typedef enum vb_check_id {
#define VB_CHECK_RULE(id, ...) VB_CHECK_##id,
#include "check/rules.def"
#undef VB_CHECK_RULE
  VB_CHECK_RULES
} vb_check_id;

typedef struct vb_check_rule {
  const char *id;
  vb_severity severity;     /* the usual one */
  vb_check_scope scope;
  unsigned regions;         /* VB_REGION_…: left out */
  const char *basis;
  const char *name_en, *name_vi;
  const char *en, *vi;      /* the message with {0} …: what is wrong and what to do */
} vb_check_rule;
const vb_check_rule *vb_check_rule_get(vb_check_id id);
/* "A06 error: <name> (<basis>)", a line a rule, in the order of the table; for --list-rules. */
void vb_check_list(vb_lang lang, vb_buf *out);

/* A rule of a form or template: SELECT with :unit and :period, a row a finding. Columns: code, _row (or neither), those that the messages
 * name as {column}; _col: the column of the data row that is wrong, for its place; _severity: of this row. Strings borrowed. */
typedef struct vb_check_sql { const char *id; vb_severity severity; vb_span sql; const char *vi, *en; vb_place at; } vb_check_sql;

/* Units whose figures are due, with what holds for them: a form (indicators and rules; document NULL), or a template's rules for one
 * document of the job. */
typedef struct vb_check_variable { const char *name, *text; } vb_check_variable;
typedef struct vb_check_set {
  const char *document;
  /* What SQL sees as :name besides :unit, :period, :year, :year_prev and :year_next: the parameters of the document. */
  const vb_check_variable *variables; size_t n_variables;
  const char *const *units; size_t n_units;
  const vb_indicator *const *indicators; size_t n_indicators;
  const vb_check_sql *rules; size_t n_rules;
} vb_check_set;

/* ---- registers ---------------------------------------------------------------------------------------------- */

/* What the rules on words know. Made once a run in an arena, filled before the first document; a document may be checked without. With it stay
 * the spellings that documents had, of which the next has most. */
typedef struct vb_registers vb_registers;
typedef enum vb_register_kind {
  VB_REG_WORD,    /* a word or phrase of two to ten syllables; "#" is a figure ("# tháng") */
  VB_REG_SINGLE,  /* syllables that stand alone as a word */
  VB_REG_BOUND,   /* syllables that stand in a word only */
  VB_REG_TWICE,   /* syllables that are said twice on purpose */
  VB_REG_ONCE,    /* grammatical ones, which nobody says twice */
  VB_REG_SHORT,   /* abbreviation; use: in full */
  VB_REG_TERM,    /* a phrase that is not, or no longer, said; use: what is */
  VB_REG_ACT,     /* symbol; use: title; kind, agency, date; replaced: symbol of the act that took its place */
  VB_REG_DAY,     /* name of days off, since … until */
  VB_REG_LEVEL    /* a phrase of another level; kinds: kinds of units that do not say it; use: what they say */
} vb_register_kind;
/* Strings are borrowed: they live as long as the arena of the registers. NULL where absent. */
typedef struct vb_register_entry {
  vb_register_kind kind;
  const char *text, *use, *basis, *type, *agency, *replaced, *kinds;
  vb_date since, until, date; /* year 0: open */
} vb_register_entry;
vb_registers *vb_registers_new(vb_arena *a);
void vb_registers_free(vb_registers *r); /* what is not in the arena, before the arena; NULL is fine */
vb_status vb_registers_add(vb_registers *r, const vb_register_entry *e); /* copies e; VB_BAD: a phrase of no or too many syllables */

/* Findings are about unit, document of the set, code. VB_BAD: an error was found, or a rule's SQL is wrong. */
vb_status vb_check_data(vb_diag *d, vb_store *s, const char *period, const vb_check_set *sets, size_t n);
/* The finished tree. Findings are about its unit, its document and the narrative slot that the words stand in. words NULL: rules that ask
 * the registers say nothing. */
vb_status vb_check_document(vb_diag *d, vb_store *s, vb_registers *words, const vb_doc *doc);
/* A document as far as it is compared with others; those of a unit stand together. Texts are borrowed; number and symbol NULL: none. */
typedef struct vb_check_number { const char *unit, *document, *number, *symbol; vb_date date; } vb_check_number;
/* What shows only between documents: their numbers and dates, and the figures of the units (VB_OK where there is nothing to say). */
vb_status vb_check_batch(vb_diag *d, vb_store *s, const char *period, const vb_check_number *documents, size_t n);

#endif
