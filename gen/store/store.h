/* store: records → SQLite tables; queries → rows; the SQL functions that documents need. The only room that knows SQLite.
 *
 * SQL is the expression language of templates, forms and rules. Expressions run on a connection that an authorizer keeps read-only
 * (no writes, no ATTACH, no PRAGMA, no extension, only the functions of the allow list) and that a step limit ends.
 *
 * Tables that expressions see (docs/formats.md has every column). They are tables, not views, so that a LEFT JOIN finds its row by key.
 *   unit(code, name, short, organ, kind, level, parent, ident, stat, place, superior, symbol, address, since, until)
 *   indicator(form, code, ord, depth, parent, label, measure, type, places, digits, codes, rollup, num, den, scale, required, sub, note, zero,
 *     applies, src, line, col)
 *   code_item(form, list, value, label)
 *   value(unit, period, code, status, num, places, text, note, src, line, col, cell, raw, delivery)   of the deliveries in force on the job's
 *     date; status: reported, dash ("-", zero), na (not applicable), missing (blank, kept for its note); places: as delivered; raw: as written;
 *     value_past: the same of the others
 *   delivery(id, unit, period, received, version, in_force, late, job)     one a unit, period, date and version; several files may share it
 *   period(code, year, part, since, until, deadline, src, line)   2023, 2023-Q1, 2023-6T, 2023-9T with cut-off dates (NĐ 09/2019); part: '',
 *     Q1 …; deadline: NULL, or from the data table "period"
 *   source(id, file)                             what src of the other tables means
 *   citation(id, type, number, date, agency, title, since, until, replaced_by), signer(…), holiday(…), register tables of the job
 *   one table for every <data> of a template, form or job ("thiet-bi" is thiet_bi): its columns, and unit, period, _row
 * Figures are INTEGER, scaled by 10^places of their indicator; a blank or not-applicable value is NULL.
 *
 * Functions: val(code[, period[, unit]]) prev(code[, unit]) status(code…) note(code…) rollup(code[, unit[, period]]) ratio(a, b, places)
 *   percent(a, b, places) rescale(a, from, to) traced(x, _row) num(x[, places]) count2(x) (02) money(x) (12.900.000 đồng) words(x[, places])
 *   roman(n) letter(n) date_long(d) date_short(d)
 *   date_add(d, days) year(d) month(d) day(d) quarter(d) period_prev(p) upper(s) lower(s) capital(s) fold(s) plain(s); collations VI and VI_NAME.
 *   The current unit and period are those of vb_store_scope. A NULL argument gives NULL; ratio and percent by 0 give NULL.
 *   rollup: over all units below the unit, itself left out, by the indicator's rule: sum, min, max, ratio (num and den summed over the units
 *   that have both, then divided, times `scale`), own (the unit's own value), none (NULL). There is no average: it is wrong for rates.
 *
 * Invariants
 *  1. A row keeps file, line and column of where it came from; `_row` finds them (place table).
 *  2. Expressions cannot change anything; a REAL result is an error; a statement that runs over VB_SQL_STEPS_MAX steps ends in a message.
 *  3. Handles never cross a fork: close before, open after (vb_store_open_worker).
 *  4. A number of a unit, year and symbol is given to one document, and never again (ND30 Điều 15).
 *  5. val(), prev(), rollup() and traced() log what they read; vb_store_sources hands the log to the trace.
 *  6. What rows, observations, places and sources say is told to the listener too (vb_store_listen): whoever adds another way out of the
 *     store tells it there, or documents that hang on it are not made anew.
 */
#ifndef VB_STORE_H
#define VB_STORE_H

#include "base/base.h"
#include "text/text.h"

typedef struct vb_store vb_store;

/* path NULL: private to this process, in memory while it is small and else in SQLite's temporary folder ($SQLITE_TMPDIR, $TMPDIR, /var/tmp), where a kill leaves
 * nothing; else a database file that is kept (`--db`): made when absent, checked when there, and
 * whole after a kill at any moment. */
vb_status vb_store_open(vb_diag *d, const char *path, vb_store **out);
/* The database of this run alone, in an empty scratch file: its journal in memory and no sync, so it is worth nothing after a kill. */
vb_status vb_store_open_scratch(vb_diag *d, const char *path, vb_store **out);
/* After a fork: a second, read-only handle on a database file that the parent closed. Indicators, code lists and tables are rebuilt
 * from the file; the handle holds a read lock while it lives, so that all workers see the same figures. */
vb_status vb_store_open_worker(vb_diag *d, const char *path, vb_store **out);
void vb_store_close(vb_store *s);
/* Path of the database when it is a file with a name; or NULL. */
const char *vb_store_path(const vb_store *s);

/* ---- loading ------------------------------------------------------------------------------------------------ */

typedef enum vb_type { VB_TYPE_TEXT, VB_TYPE_COUNT, VB_TYPE_DECIMAL, VB_TYPE_PERCENT, VB_TYPE_MONEY, VB_TYPE_CODE, VB_TYPE_DATE, VB_TYPE_PERIOD, VB_TYPE_UNIT, VB_TYPE_GROUP } vb_type;
bool vb_type_by_name(vb_span name, vb_type *out);
const char *vb_type_name(vb_type t);

typedef struct vb_indicator {
  const char *form, *code, *parent, *label, *measure, *codes, *rollup, *num, *den, *note, *zero, *applies;
  const char *marked; /* the label as the form writes it, with *italics*, for templates; NULL: as label, which is what people read */
  vb_type type; int places, digits, depth, scale; bool required, sub;
  vb_place at;
  bool official_measure; /* blank or odd, the measure is that of the official form, which a clerk cannot mend; of the form only, not stored */
} vb_indicator;

/* A column of a data table. example: what a new job writes into it, row by row, parted by "|"; NULL: by its type; of the template only, not stored. */
typedef struct vb_data_column { const char *id, *title, *aliases; vb_type type; int places; bool required, key; const char *example; } vb_data_column;
/* title: what people call it; NULL: its name; of the template only, not stored. */
typedef struct vb_data_table { const char *name; const vb_data_column *columns; size_t n_columns; bool per_unit; vb_place at; const char *title; } vb_data_table;

/* Raw field as a reader gives it. */
typedef struct vb_cell_in { vb_span text; uint32_t line, column; const char *cell; bool machine_number; bool machine_date; } vb_cell_in;

/* Whose figures are loaded; before vb_store_begin. In a kept database, a job that loads again replaces what it gave before and leaves
 * the rest. Strings are copied. NULL: "". */
vb_status vb_store_set_job(vb_store *s, const char *job);
/* The job's date: of each unit and period the delivery received last on or before it counts. Before vb_store_commit; year 0: all count. */
void vb_store_set_date(vb_store *s, vb_date date);
vb_status vb_store_begin(vb_diag *d, vb_store *s);  /* bulk load: one transaction */
/* Rows of data tables that this load brought have a _row from here on; those below are of other jobs in a kept database. */
int64_t vb_store_first_row(const vb_store *s);
vb_status vb_store_commit(vb_diag *d, vb_store *s); /* builds indexes, analyses, closes the books: values of superseded deliveries leave the view */
vb_status vb_store_add_code_list(vb_diag *d, vb_store *s, const char *form, const char *list, const char *value, const char *label);
/* A code means the same in all forms of a job: type and places must agree. */
vb_status vb_store_add_indicator(vb_diag *d, vb_store *s, const vb_indicator *i);
/* The first and the last day that a period counts, by NĐ 09/2019/NĐ-CP; false: code is no period. Needs no store. */
bool vb_store_period_days(vb_span code, vb_date *since, vb_date *until);
vb_status vb_store_add_period(vb_diag *d, vb_store *s, vb_span code, vb_place at);
vb_status vb_store_declare(vb_diag *d, vb_store *s, const vb_data_table *t); /* twice with the same columns is fine */
/* Built-in data tables (unit, citation, signer, document, holiday …) by name; NULL when there is none. */
const vb_data_table *vb_store_builtin(const char *name);
/* A declared or built-in table by name, or NULL; lives as long as the store. */
const vb_data_table *vb_store_table(const vb_store *s, const char *name);
/* The code of the unit that a text names by code, name, short name or agency; NULL when none or several do, or no memory:
 * vb_store_commit tells. For headings of wide tables. */
const char *vb_store_unit_code(vb_store *s, vb_span text);

typedef struct vb_delivery { const char *file; vb_date received; int version; const char *period; } vb_delivery;
/* One observation: unit, period, code as text; value and note as read. Checks code against the form, unit against the register, type against
 * the text; a duplicate names the first place. unit.text.p NULL or empty: default_unit. Findings carry unit and code: whatever
 * vb_diag_about said before is gone. A wrong unit or period is reported once a file, not once a value. */
typedef struct vb_value_in { vb_cell_in unit, period, code, value, note; const char *file; uint32_t line; } vb_value_in;
vb_status vb_store_add_value(vb_diag *d, vb_store *s, const vb_value_in *v, const vb_delivery *from, const char *default_unit);
/* One row of a data table, fields by its columns; types checked. unit and period: of a file that has these columns beside the table's own. */
typedef struct vb_row_in {
  const vb_cell_in *fields; const char *file; uint32_t line; const char *default_unit, *default_period;
  vb_cell_in unit, period;
} vb_row_in;
vb_status vb_store_add_row(vb_diag *d, vb_store *s, const vb_data_table *t, const vb_row_in *row);

/* ---- the register of document numbers (numbers.c) ------------------------------------------------------------ */

/* A document, and the series that its number is of: a unit's in a year, "" unless the job names one. Texts are borrowed, none NULL. */
typedef struct vb_number_key { const char *unit; int year; const char *series, *symbol, *job, *period, *document; } vb_number_key;
#define VB_NUMBER_BYTES 24
/* Between begin and end nobody else writes the database; keep false forgets what was given since. */
vb_status vb_numbers_begin(vb_diag *d, vb_store *s);
vb_status vb_numbers_end(vb_diag *d, vb_store *s, bool keep);
/* The number that the document has; "" where it has none. A plain number has no zero in front. */
vb_status vb_number_find(vb_diag *d, vb_store *s, const vb_number_key *k, char out[VB_NUMBER_BYTES]);
/* Enters a number that the data give. *holder: who has it already, as "document of job (period)" in a, and nothing was entered; NULL: done. */
vb_status vb_number_enter(vb_diag *d, vb_store *s, const vb_number_key *k, const char *number, vb_arena *a, const char **holder);
/* Enters the next of the series: one above the highest ever given, never one whose number and symbol are given in another series. */
vb_status vb_number_take(vb_diag *d, vb_store *s, const vb_number_key *k, char out[VB_NUMBER_BYTES]);

/* ---- queries ------------------------------------------------------------------------------------------------ */

typedef enum vb_sql_type { VB_SQL_NULL, VB_SQL_INTEGER, VB_SQL_TEXT } vb_sql_type;
typedef struct vb_sql_value { vb_sql_type type; int64_t integer; vb_span text; } vb_sql_value; /* text lives until the next step or reset */

/* A prepared statement. Parameters are :name; columns have names. Prepared once, bound and stepped many times. */
typedef struct vb_query vb_query;
/* Compiles one SELECT for expressions. An error is posted at `at` with SQLite's text, the offset turned into a column, and the nearest
 * table, column or function name where one is unknown. */
vb_status vb_query_prepare(vb_diag *d, vb_store *s, vb_span sql, vb_place at, vb_query **out);
void vb_query_free(vb_query *q);
size_t vb_query_params(const vb_query *q);
const char *vb_query_param(const vb_query *q, size_t i); /* without ":" */
void vb_query_bind(vb_query *q, size_t i, vb_sql_value v);
size_t vb_query_columns(const vb_query *q);
const char *vb_query_column(const vb_query *q, size_t i);
/* Where a result column comes from, or NULL for an expression: for traces and types. */
const char *vb_query_origin_table(const vb_query *q, size_t i);
const char *vb_query_origin_column(const vb_query *q, size_t i);
vb_status vb_query_step(vb_diag *d, vb_query *q);  /* VB_OK: a row; VB_DONE */
vb_sql_value vb_query_value(const vb_query *q, size_t i);
void vb_query_reset(vb_query *q);

/* From here on all expressions together may take so many steps (0: as many as they like, the limit of each statement apart); those that take
 * fewer than a thousand are not counted. */
void vb_store_limit_work(vb_store *s, uint64_t steps);

/* Who hears every answer of the store to queries, observations and questions for places, in the order in which they are given: for hashes of
 * what a document depends on. Several answers may be told at once; all are when the listener is changed. hear NULL: nobody. */
typedef struct vb_listener { void (*hear)(void *ctx, const void *bytes, size_t n); void *ctx; } vb_listener;
void vb_store_listen(vb_store *s, vb_listener to);
/* Tells the listener all rows of a query once more, n values in all, by whom they were kept instead of being asked for again. */
void vb_store_tell_again(vb_store *s, const vb_sql_value *values, size_t n);

/* Unit and period that val() and its kin mean when none is given. Strings are copied. */
vb_status vb_store_scope(vb_store *s, const char *unit, const char *period);

/* While on, the figures of the scope's unit are those of the units below it, by each indicator's rule (rollup()), for val(), prev(), status()
 * and vb_store_observe alike; where the rule is own or none, or none below has reported, its own stand. For a parent's report. */
void vb_store_roll_up(vb_store *s, bool on);

typedef struct vb_source_ref { const char *unit, *period, *code, *raw; vb_place at; } vb_source_ref;
void vb_store_trace_start(vb_store *s);                     /* empties the log */
/* What was read since; copies into a. Place files are interned in d. At most VB_SOURCES_MAX; vb_store_sources_more counts the rest. */
vb_status vb_store_sources(vb_diag *d, vb_store *s, vb_arena *a, const vb_source_ref **refs, size_t *n);
size_t vb_store_sources_more(const vb_store *s);
/* Place of a data row's column (`_row`), column NULL: of the row. */
vb_status vb_store_row_place(vb_diag *d, vb_store *s, int64_t row, const char *column, vb_place *at, vb_arena *a, const char **raw);
/* Where words of a document of this unit came from, when a template put fields of data tables together: the field that stands in the text at
 * the offset (bytes), or that holds its line. VB_DONE: none; *at untouched. The cell of a workbook is copied into a. */
typedef struct vb_text_spot { const char *unit; vb_span text; size_t offset; } vb_text_spot;
vb_status vb_store_text_place(vb_diag *d, vb_store *s, const vb_text_spot *spot, vb_arena *a, vb_place *at);

/* An indicator of a form (NULL: of any), from memory: fast. NULL when unknown. */
const vb_indicator *vb_store_indicator(const vb_store *s, const char *form, vb_span code);
vb_span vb_store_nearest_code(const vb_store *s, const char *form, vb_span code);

typedef enum vb_value_status { VB_MISSING, VB_REPORTED, VB_ZERO_DASH, VB_NOT_APPLICABLE } vb_value_status;
/* num: as delivered (56,1 has one place whatever the indicator allows); text: of a text, date or worded code, else NULL; raw: as written. A
 * blank that carries a note is VB_MISSING with a place. */
typedef struct vb_observation { vb_value_status status; vb_dec num; const char *text, *note, *raw; vb_place at; } vb_observation;
/* The observation of an indicator as delivered; status VB_MISSING where there is none. Logs itself for the trace. Text in a. */
vb_status vb_store_observe(vb_diag *d, vb_store *s, vb_arena *a, const char *unit, const char *period, vb_span code, vb_observation *out);

#endif
