/* template: a parsed template + the store → a document. Templates are data: a new kind of document needs no C.
 *
 * The language is docs/templates.md; its schema templates/schemas/template.rng. Text may hold substitutions:
 *   {1.3.2}              the figure of an indicator, as running text prints it (02), bound and traced
 *   {name}               a variable: of the document, of <let>, of the row of the innermost <for> that has it
 *   {#name}              the figure of the indicator whose code is the value of a variable
 *   {= SQL}              an expression; variables are its parameters (:name)
 *   {… | format}         num [places], count (02), plain, percent [places], money, words, date, long-date, month, roman, letter, upper, lower,
 *                        capital, label, marked (formats.def)
 *   {… ?? "text"}        what stands where there is no value; without it, no value withholds the document
 *   {{                   a brace
 * Blocks: p heading section list item table row cell columns column group rule slot chart page-break narrative for if else let include
 *   cite abbr ref br b i u (docs/templates.md).
 *
 * Invariants
 *  1. Whatever can be known without data (schema, names, SQL by preparing it, styles, cross references) is reported by vb_template_open or
 *     vb_template_prepare, all of it in one run, with line and column and the nearest right name.
 *  2. What only data can show (no row where one is needed, NULL in a substitution, a REAL, a required narrative without text) withholds that
 *     document: a message, never a blank.
 *  3. Building reads the store and makes a tree; it writes nothing, and two builds of the same input give the same tree.
 */
#ifndef VB_TEMPLATE_H
#define VB_TEMPLATE_H

#include "base/base.h"
#include "doc/doc.h"
#include "store/store.h"
#include "xml/xml.h"

typedef struct vb_template vb_template;
typedef struct vb_form vb_form;

/* Folders searched for templates, forms and parts, the job's own first: <job>/templates, then the installed ones. Schemas come from the last one alone:
 * what the code relies on is not the job's to change. */
typedef struct vb_library { const char *const *dirs; size_t n_dirs; } vb_library;

/* A form: indicators, code lists, rules. templates/forms/<id>.xml */
vb_status vb_form_open(vb_diag *d, const vb_library *lib, vb_span id, vb_place from, vb_form **out);
void vb_form_close(vb_form *f);
const char *vb_form_id(const vb_form *f);
const char *vb_form_title(const vb_form *f);
vb_status vb_form_load(vb_diag *d, const vb_form *f, vb_store *s); /* indicators and code lists into the store */
size_t vb_form_count(const vb_form *f);
const vb_indicator *vb_form_indicator(const vb_form *f, size_t i);

/* Prepares the SQL of the form's rules on a store that holds the tables, to report their errors; keeps nothing. */
vb_status vb_form_check(vb_diag *d, const vb_form *f, vb_store *s);

/* A rule of a form or template, as written: SQL whose rows are findings (columns code, and any that the messages name). */
typedef struct vb_rule_source { const char *id, *basis, *severity; vb_span sql; const char *vi, *en; vb_place at; } vb_rule_source;
size_t vb_form_rules(const vb_form *f, const vb_rule_source **rules);

/* Parses templates/<id>.xml with its includes, against the schema. */
vb_status vb_template_open(vb_diag *d, const vb_library *lib, vb_span id, vb_place from, vb_template **out);
void vb_template_close(vb_template *t);
const char *vb_template_id(const vb_template *t);
const char *vb_template_kind(const vb_template *t);     /* "BC" */
const char *vb_template_kind_name(const vb_template *t); /* "Báo cáo" */
/* Name of a kind of document by its abbreviation (ND30 PL III.I); NULL when there is none. */
const char *vb_kind_name(vb_span abbreviation);
const char *vb_template_about(const vb_template *t, vb_lang lang);
const char *vb_template_form(const vb_template *t);     /* NULL: none */
/* The form that it was opened with, to be closed like one that was opened: nobody reads a form twice. NULL: none. */
vb_form *vb_template_form_share(const vb_template *t);
size_t vb_template_rules(const vb_template *t, const vb_rule_source **rules);
/* Data tables that it declares: the reader's and the store's definition, and what `vanban new` writes. */
size_t vb_template_tables(const vb_template *t, const vb_data_table **tables);
/* Narrative slots that it has. */
typedef struct vb_slot_info { const char *id; const char *hint; bool required; bool has_default; vb_place at; } vb_slot_info;
size_t vb_template_slots(const vb_template *t, const vb_slot_info **slots);
/* Files it was made of: for hashes of what a document depends on. */
size_t vb_template_files(const vb_template *t, const char *const **paths);
/* Parameters that a job may set; otherwise NULL: it must. */
size_t vb_template_params(const vb_template *t);
const char *vb_template_param(const vb_template *t, size_t i, const char **otherwise);

/* Prepares all SQL of the template on this store (once a process: after the fork in a worker). Errors as in invariant 1. The tables
 * that the template declares must be declared to the store before. Preparing again drops what was prepared. */
vb_status vb_template_prepare(vb_diag *d, vb_template *t, vb_store *s);
/* Drops the statements: before the store closes, hence before a fork. Documents with streamed tables can no longer be read then. */
void vb_template_release(vb_template *t);

/* Text of a narrative slot of a unit; told by batch, which owns files. first NULL: the unit has none (the default is taken). */

typedef struct vb_slot_piece { struct vb_slot_piece *next; bool figure, bold, italic; vb_span text; uint32_t line, column; } vb_slot_piece;
typedef struct vb_slot_block { struct vb_slot_block *next; int level; /* 0 paragraph, 1 "-", 2 "+" */ vb_slot_piece *first; uint32_t line; } vb_slot_block;
typedef struct vb_slot_text { const char *file; vb_slot_block *first; } vb_slot_text;

typedef struct vb_variable { const char *name; vb_sql_value value; } vb_variable;

typedef struct vb_build {
  const char *unit, *period;
  const vb_meta *meta;                 /* as far as the job knows it: number, date, place, signer, recipients … */
  const vb_setup *setup;               /* NULL: the template's, else the usual */
  const vb_variable *variables; size_t n_variables; /* <set> of the job: values of the template's <param>s */
  bool separate_appendices;
  /* Narrative of this unit; returns VB_DONE when there is none. */
  vb_status (*narrative)(void *ctx, vb_diag *d, vb_arena *a, const char *slot, vb_slot_text *out);
  void *ctx;
} vb_build;

/* Makes the document. VB_BAD: findings were posted, no document. Caller frees, before the template: places and expressions are borrowed. */
vb_status vb_template_build(vb_diag *d, vb_template *t, vb_store *s, const vb_build *b, vb_doc **out);

#endif
