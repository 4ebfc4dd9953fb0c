/* store_int: what the files of the room store share. For gen/store alone.
 *
 *   lib.c       SQLite itself: allocator, statements, one message for each of its failures
 *   open.c      opening, the schema, what is rebuilt from a kept database or in a worker
 *   forms.c     types, indicators, code lists
 *   units.c     the register of units, names and dates
 *   periods.c   reporting periods
 *   convert.c   a field as read → a typed value
 *   load.c      the transaction of a load; values and deliveries
 *   tables.c    data tables: declaring, rows; places.c where a row came from
 *   builtin.c   columns of the built-in tables
 *   find.c      the field that printed words came from
 *   guard.c     what expressions may do; what is wrong with one that does not compile
 *   query.c     vb_query_*
 *   func.c      SQL functions of figures; func_text.c those of text, numbers as text and dates
 *   observe.c   values of the current unit in memory, the log of what was read
 *   rollup.c    totals over units
 *   listen.c    the answers as a listener hears them
 *
 * Invariants (beside those of store.h)
 *  1. Names of units, periods and codes that outlive a call are interned in the store (vb_store_name): equal names are equal pointers.
 *  2. `value` holds, for each unit and period, the rows of one delivery, its `home`; the rows of the others are in value_past. A commit
 *     makes the delivery in force the home.
 *  3. Statements of statements.def run with the guard down; what a query compiles or steps runs with it up.
 */
#ifndef VB_STORE_INT_H
#define VB_STORE_INT_H

#include "store/store.h"

typedef struct sqlite3 sqlite3;
typedef struct sqlite3_stmt sqlite3_stmt;
typedef struct sqlite3_context sqlite3_context;
typedef struct sqlite3_value sqlite3_value;

#define VB_STORE_APPLICATION 0x76626e31 /* "vbn1" */
#define VB_STORE_SCHEMA 2               /* changes with the tables below; a database of another number is refused */
#define VB_STORE_SCHEMA_OLD 1           /* but this one, which lacked the register of numbers alone */

/* ---- statements --------------------------------------------------------------------------------------------- */

typedef enum vb_stmt_id {
#define VB_STMT(id, sql) VB_STMT_##id,
#include "store/statements.def"
#undef VB_STMT
  VB_STMTS
} vb_stmt_id;

/* ---- registers ---------------------------------------------------------------------------------------------- */

/* A name with a number: units, periods. */
typedef struct vb_name { uint32_t id; const char *text; } vb_name;

/* A code that some form knows; index counts from 0 and never changes. */
typedef struct vb_code { uint32_t index; const char *text; const vb_indicator *ind; const struct vb_form_rec *form; } vb_code;

typedef struct vb_form_rec {
  struct vb_form_rec *next;
  const char *id;
  vb_map *codes;            /* code → vb_indicator */
  bool fresh;               /* loaded by this run; else from a kept database */
} vb_form_rec;

typedef struct vb_code_item { struct vb_code_item *next; const char *value, *label; bool whole; int64_t n; } vb_code_item;
typedef struct vb_code_list { vb_code_item *first, *last; } vb_code_list;

/* One delivery of a unit for a period. */
typedef struct vb_delivery_rec {
  struct vb_delivery_rec *next;
  int64_t id, job;
  vb_date received;
  int version;
  uint64_t *seen; size_t n_seen; /* bits by vb_code.index: what it has given; of this run's deliveries alone */
} vb_delivery_rec;

typedef struct vb_period_rec {
  const vb_name *name;
  int year;
  const char *part;
  vb_date since, until, deadline;
  vb_place at;
} vb_period_rec;

typedef struct vb_group { /* unit and period */
  struct vb_group *next;
  const vb_period_rec *period;
  vb_delivery_rec *deliveries, *home; /* home NULL: `value` holds nothing of it */
  bool refused;             /* the unit did not exist in the period: said once */
} vb_group;

typedef struct vb_unit_version { struct vb_unit_version *next; vb_date since, until; vb_place at; int64_t row; } vb_unit_version;
typedef struct vb_unit {
  const vb_name *name;
  vb_unit_version *versions; /* NULL: known from deliveries of a kept database alone */
  bool fresh;               /* registered by this run */
  vb_group *groups;
} vb_unit;

typedef struct vb_table {
  vb_data_table def;        /* as declared; columns and texts in the store's arena */
  const char *sql;          /* its name in SQL */
  const char **columns;     /* names in SQL */
  int64_t id;
  int unit_column, period_column; /* declared columns that stand for the hidden ones; -1 */
  bool fresh;               /* declared by this run */
  sqlite3_stmt *insert, *select;
} vb_table;

/* ---- values in memory --------------------------------------------------------------------------------------- */

typedef struct vb_obs {
  vb_value_status status;
  bool present, has_num;
  bool rolled;              /* made of the figures of the units below */
  int64_t num;              /* scaled to the indicator's places */
  int places;               /* as delivered */
  const char *text, *note, *raw, *cell;
  int64_t src; uint32_t line, column;
} vb_obs;

#define VB_PAGES 4          /* this period, last year's, and two more that a template compares with */
typedef struct vb_page { const vb_name *unit, *period; vb_obs *obs; size_t n; vb_arena *arena; } vb_page;

typedef enum vb_log_kind { VB_LOG_VALUE, VB_LOG_ROW, VB_LOG_ROLLUP } vb_log_kind;
typedef struct vb_log_entry { vb_log_kind kind; const vb_name *unit, *period; const vb_code *code; int64_t row; } vb_log_entry;

__extension__ typedef __int128 vb_wide;
typedef struct vb_total { vb_wide sum, above, below; int64_t min, max; uint32_t count, pairs; } vb_total;
#define VB_ROLLUPS 8
typedef struct vb_rollup { const vb_name *unit, *period; vb_total *totals; size_t n; } vb_rollup;

/* ---- the store ---------------------------------------------------------------------------------------------- */

#define VB_FAULT_ARGS 3
/* What the listener has not heard yet, and the last text of each kind. */
typedef enum vb_told_kind { VB_TOLD_FILE, VB_TOLD_UNIT, VB_TOLD_PERIOD, VB_TOLD_KINDS } vb_told_kind;
typedef struct vb_told { unsigned char bytes[4096]; size_t n; char last[VB_TOLD_KINDS][96]; size_t last_n[VB_TOLD_KINDS]; } vb_told;
/* An error of a function in SQL, until the query that called it reports it. */
typedef struct vb_fault { bool set; vb_msg msg; char args[VB_FAULT_ARGS][VB_MSG_ARG_BYTES]; } vb_fault;
/* What the authorizer refused last. */
typedef struct vb_denied { int action; char what[VB_MSG_ARG_BYTES], detail[VB_MSG_ARG_BYTES]; } vb_denied;

struct vb_store {
  sqlite3 *db;
  vb_arena *arena, *scratch; /* for the store's life; of one call */
  char *path;
  bool worker, scratch_file, existed, loading;
  bool starved; /* memory failed where a caller asked what a name is of, and cannot be told: the load does not end well */
  vb_date date;
  const char *job; int64_t job_id;
  sqlite3_stmt *stmts[VB_STMTS];
  vb_listener listener; vb_told told;
  vb_query *queries;        /* all that live */
  vb_query *running;        /* the one whose steps are counted */
  uint64_t work, work_max; /* steps of expressions since vb_store_limit_work; 0: not limited */
  bool guarded;
  vb_fault fault; vb_denied denied;

  vb_map *names;            /* text → vb_name */
  vb_map *codes; vb_code **by_index; size_t n_codes, cap_codes;
  vb_form_rec *forms; int64_t next_ord;
  vb_map *lists;            /* form, U+001F, list → vb_code_list */
  vb_map *units, *unit_names; /* code → vb_unit; folded name → vb_unit or `several` */
  vb_unit several;
  vb_map *periods;          /* vb_period_rec */
  vb_map *tables, *tables_sql; /* by name, by name in SQL */
  vb_map *files;            /* path → vb_file_rec */
  vb_map *said;             /* file, U+001F, name: wrong names already reported */
  const char **file_names; size_t n_files, cap_files; /* by src - 1; NULL: not read yet */
  int64_t first_row, next_row, next_delivery; /* first_row: of this load */

  /* the last of each in loading: files repeat them */
  vb_unit *last_unit; vb_buf last_unit_text;
  const vb_period_rec *last_period;

  const vb_name *scope_unit, *scope_period;
  bool roll_up;
  vb_page pages[VB_PAGES]; int next_page;
  vb_arena *lone;           /* texts of the value read last outside the pages */
  vb_rollup rollups[VB_ROLLUPS]; int next_rollup;
  vb_log_entry *log; size_t n_log, cap_log, log_more; uint32_t *log_slots; size_t n_log_slots;
};

/* ---- lib.c -------------------------------------------------------------------------------------------------- */

/* SQLite is set up with the first store and shut down with the last, so that it holds no memory between. */
bool vb_lib_enter(void);
void vb_lib_leave(void);
size_t vb_lib_bytes(void); /* held by SQLite */
/* Posts what a code of SQLite means; SQLITE_NOMEM is VB_NOMEM without a message. */
vb_status vb_lib_fail(vb_diag *d, const vb_store *s, int rc);
vb_status vb_lib_exec(vb_diag *d, vb_store *s, const char *sql);
/* A statement of statements.def, reset; NULL with the code in *rc. */
sqlite3_stmt *vb_lib_stmt(vb_store *s, vb_stmt_id id, int *rc);
/* Steps with the guard down. */
int vb_lib_step(vb_store *s, sqlite3_stmt *st);
/* Steps a statement that gives no row, and resets it. */
int vb_lib_run(vb_store *s, sqlite3_stmt *st);
/* Resets a statement of which one row was asked, with rc of its step: SQLITE_OK, row or none; or what failed, which may be the reading of a column. */
int vb_lib_end(sqlite3_stmt *st, int rc);
int vb_lib_prepare(vb_store *s, const char *sql, sqlite3_stmt **out); /* guard down, kept for long */

/* Binds parameters one after the other; the first failure sticks. Texts are borrowed until the statement is reset or bound anew. */
typedef struct vb_binder { sqlite3_stmt *st; int i, rc; } vb_binder;
vb_binder vb_bind_start(sqlite3_stmt *st);
void vb_bind_text(vb_binder *b, const char *s, size_t n); /* NULL: NULL */
void vb_bind_str(vb_binder *b, const char *s);
void vb_bind_int(vb_binder *b, int64_t v);
void vb_bind_null(vb_binder *b);
void vb_bind_date(vb_binder *b, vb_date d); /* ISO text, copied; year 0: NULL */
vb_span vb_column_span(sqlite3_stmt *st, int i);      /* empty for NULL */
const char *vb_column_str(sqlite3_stmt *st, int i, vb_arena *a, bool *failed); /* copy; NULL for NULL */
vb_date vb_column_date(sqlite3_stmt *st, int i);

/* ---- open.c ------------------------------------------------------------------------------------------------- */

const vb_name *vb_store_name(vb_store *s, vb_span text); /* NULL: out of memory */
/* Number of a source file, added when new; 0: out of memory or *rc is set. */
int64_t vb_store_file_id(vb_store *s, const char *file, int *rc);
const char *vb_store_file_name(vb_store *s, int64_t src, int *rc); /* NULL when unknown, and with *rc not SQLITE_OK */
char *vb_store_folded(vb_store *s, vb_span text, size_t *n); /* vb_text_fold in s->scratch */

/* ---- forms.c ------------------------------------------------------------------------------------------------ */

vb_code *vb_store_code(const vb_store *s, vb_span code);
vb_status vb_forms_read(vb_diag *d, vb_store *s); /* from the database */
const vb_code_list *vb_store_list(vb_store *s, const char *form, const char *list);

/* ---- units.c ------------------------------------------------------------------------------------------------ */

typedef struct vb_unit_row {
  vb_span code;
  const vb_span *names; size_t n_names;
  vb_date since, until;
  vb_place at;
  int64_t row;
} vb_unit_row;
/* Registers one row of the table unit; rows of former jobs with its code go. */
vb_status vb_unit_add(vb_diag *d, vb_store *s, const vb_unit_row *row, bool fresh);
/* Finds by code, else by name; posts when there is none, or several. *out NULL with VB_BAD. */
vb_status vb_unit_find(vb_diag *d, vb_store *s, vb_span text, vb_place at, vb_unit **out);
vb_unit *vb_unit_by_code(vb_store *s, vb_span code);  /* made, without versions, when absent; NULL: out of memory */
vb_group *vb_unit_group(vb_store *s, vb_unit *u, const vb_period_rec *p);
bool vb_unit_stood(const vb_unit *u, vb_date since, vb_date until);
vb_status vb_units_read(vb_diag *d, vb_store *s); /* makes the register anew from the tables */
/* Of several rows of one unit, `unit` keeps the one of the job's date; the rest is in unit_other. */
vb_status vb_units_settle(vb_diag *d, vb_store *s);
/* Whether this was reported already for this file; notes it. */
bool vb_said(vb_store *s, const char *file, vb_span text);

/* ---- periods.c ---------------------------------------------------------------------------------------------- */

vb_status vb_period_find(vb_diag *d, vb_store *s, vb_span code, vb_place at, vb_period_rec **out); /* adds it when it is well formed */
bool vb_period_parse(vb_span code, vb_period_rec *out);
bool vb_period_prev(vb_span code, char out[16]);
vb_status vb_periods_read(vb_diag *d, vb_store *s);
vb_status vb_periods_write(vb_diag *d, vb_store *s);

/* ---- convert.c ---------------------------------------------------------------------------------------------- */

typedef struct vb_wanted { vb_type type; int places; const char *name; const vb_code_list *list; vb_place at; } vb_wanted; /* name, at: for messages */
typedef struct vb_typed {
  vb_value_status status;   /* MISSING: blank */
  bool has_num; int64_t num; int places; /* num at the wanted places; places as given */
  vb_span text;             /* TEXT, DATE (ISO), PERIOD, UNIT, worded codes; in s->scratch or of the input */
} vb_typed;
vb_status vb_convert(vb_diag *d, vb_store *s, const vb_wanted *w, const vb_cell_in *c, vb_typed *out);
vb_place vb_cell_place(const vb_cell_in *c, const char *file, uint32_t line);

/* ---- load.c, tables.c, places.c --------------------------------------------------------------------------------------- */

vb_status vb_load_ready(vb_diag *d, vb_store *s); /* begins when the caller has not */
vb_status vb_deliveries_settle(vb_diag *d, vb_store *s);
vb_table *vb_table_keep(vb_store *s, const vb_data_table *t); /* a copy that is not registered yet */
bool vb_table_note(vb_store *s, vb_table *t);
int vb_table_column(const vb_table *t, const char *name); /* by id or by name in SQL; -1 */
vb_status vb_tables_read(vb_diag *d, vb_store *s);
vb_status vb_tables_builtin(vb_diag *d, vb_store *s);
/* Indexes that queries of one unit need, made when all is loaded: without them each document would read the rows of the whole country. */
vb_status vb_tables_index(vb_diag *d, vb_store *s);
vb_status vb_tables_clear_job(vb_diag *d, vb_store *s);
bool vb_table_name_taken(const char *sql); /* one of the store's own tables */

/* ---- guard.c ------------------------------------------------------------------------------------------------ */

vb_status vb_guard_install(vb_diag *d, vb_store *s);
void vb_guard_raise(vb_store *s, bool up);
/* Posts why sql did not compile: rc and the connection's error, at the character it happened. */
vb_status vb_guard_explain(vb_diag *d, vb_store *s, int rc, vb_span sql, vb_place at);
vb_place vb_sql_place(vb_place at, vb_span sql, size_t offset);
bool vb_guard_count(vb_store *s); /* from the progress handler: true ends the statement */

/* ---- query.c ------------------------------------------------------------------------------------------------ */

struct vb_query {
  vb_query *next, *prev;
  vb_store *s;
  sqlite3_stmt *st;
  vb_place at;
  size_t n_params, n_columns;
  int rc;                   /* of the first binding that failed */
  bool open, too_long, too_large;
  int64_t steps; size_t bytes; /* since the first row was asked for; SQLite's memory at that time */
};
void vb_queries_close(vb_store *s);

/* ---- func.c, func_text.c ------------------------------------------------------------------------------------ */

int vb_func_install(vb_store *s);      /* a code of SQLite */
int vb_func_text_install(vb_store *s);
void vb_fault_set(sqlite3_context *c, vb_msg m, const char *a0, const char *a1, const char *a2);

/* ---- listen.c ----------------------------------------------------------------------------------------------- */

void vb_tell_number(vb_store *s, int64_t v);
void vb_tell_span(vb_store *s, vb_span text);
void vb_tell_str(vb_store *s, const char *text);
void vb_tell_same(vb_store *s, vb_told_kind kind, const char *text); /* texts that come again and again */
void vb_tell_place(vb_store *s, const vb_place *at);
void vb_tell_row(vb_store *s, sqlite3_stmt *st, size_t columns);

/* ---- observe.c, rollup.c ------------------------------------------------------------------------------------ */

/* The observation of a code; obs->present false when there is none. Texts live until the next call for another unit. A code of SQLite. */
int vb_observe_find(vb_store *s, const vb_name *unit, const vb_name *period, const vb_code *code, const vb_obs **obs);
void vb_observe_forget(vb_store *s);   /* what was read before a load */
int vb_log_add(vb_store *s, vb_log_entry e);
int vb_rollup_get(vb_store *s, const vb_name *unit, const vb_name *period, const vb_total **totals);
/* The figure of an indicator by its rule, at its places. NONE: no figure below, or the rule takes none; PARTS: a count of the ratio is unknown. */
typedef enum vb_rolled { VB_ROLLED, VB_ROLLED_NONE, VB_ROLLED_PARTS, VB_ROLLED_OVERFLOW } vb_rolled;
vb_rolled vb_rollup_figure(vb_store *s, const vb_code *code, const vb_total *t, int64_t *n);
/* Is the rule one over the units below: sum, ratio, min or max? */
bool vb_rollup_ruled(const vb_code *code);
/* a / b, half away from zero; b is not 0. */
vb_wide vb_wide_divide(vb_wide a, vb_wide b);
void vb_rollup_forget(vb_store *s);

#endif
