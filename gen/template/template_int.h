/* template_int: what the files of the room template share. For gen/template alone.
 *
 *   source.c    files of a library, and where a character of an attribute or text stands
 *   compile*.c  XML → operations (vb_op), with everything that can be checked without a store
 *   subst.c     {…} in text → operations
 *   number.c    formats of automatic numbers
 *   scope.c     preparing SQL and binding names to slots of the variable frame
 *   build*.c    operations + store → document
 *   value.c     how values print
 *
 * Invariants
 *  1. An operation is made once and never changed by building; vb_template_prepare alone fills in slots and statements.
 *  2. Every variable that a template can see has a slot of its own in one frame (includes are expanded, recursion is refused),
 *     so that building looks nothing up by name.
 *  3. Places of operations borrow file names from the template, not from a diag: they live as long as the template.
 */
#ifndef VB_TEMPLATE_INT_H
#define VB_TEMPLATE_INT_H

#include "template/template.h"
#include "text/text.h"

/* ---- files -------------------------------------------------------------------------------------------------- */

typedef struct vb_tpl_file {
  struct vb_tpl_file *next;
  const char *path, *real;  /* to show; to open and to hash. In the template's arena */
  vb_span bytes;            /* as read */
  const vb_xml_node *root;
  const char *id;           /* of a part */
  bool open;                /* a part that is being expanded: recursion */
  bool classified; int flow_class; /* of a part: vb_flow_class */
} vb_tpl_file;

/* The nearest name of a file in a sub-folder, for "did you mean". */
vb_span vb_library_nearest(vb_diag *d, vb_arena *a, const vb_library *lib, const char *sub, vb_span name);
/* Place of character `offset` (bytes of the decoded text) of a text node or an attribute's value. */
vb_place vb_tpl_text_place(const vb_tpl_file *f, const vb_xml_node *text, size_t offset);
vb_place vb_tpl_attr_place(const vb_tpl_file *f, const vb_xml_attr *attr, size_t offset);
/* An attribute's value as written, line breaks kept (XML makes them spaces): so that SQL errors find their line. */
vb_span vb_tpl_attr_raw(vb_arena *a, const vb_tpl_file *f, const vb_xml_attr *attr);
vb_place vb_tpl_node_place(const vb_tpl_file *f, const vb_xml_node *n);

/* ---- numbers ------------------------------------------------------------------------------------------------ */

typedef enum vb_num_token { VB_TOKEN_BULLET, VB_TOKEN_ROMAN_UPPER, VB_TOKEN_ROMAN_LOWER, VB_TOKEN_ARABIC, VB_TOKEN_LETTER_LOWER, VB_TOKEN_LETTER_UPPER } vb_num_token;
typedef struct vb_num_format { vb_span prefix, suffix; vb_num_token token; int parts; /* of a path: 1.1.1 has 3 */ } vb_num_format;
#define VB_LEVELS_MAX 8
typedef struct vb_level { vb_style_id style; vb_num_format format; bool never_restarts; vb_place at; } vb_level;

/* "Điều 1." → prefix "Điều ", arabic, suffix ".". false when the format cannot be a number or a mark. */
bool vb_num_format_parse(vb_span s, vb_num_format *out);
/* path: the numbers of the levels above and this one; path[n - 1] is this one. Appends the label. */
void vb_num_print(const vb_num_format *f, const int *path, int n, vb_buf *out);
/* The same without prefix and closing mark: "1.1", for references. */
void vb_num_print_bare(const vb_num_format *f, const int *path, int n, vb_buf *out);

/* ---- substitutions and SQL ---------------------------------------------------------------------------------- */

/* Where a text stands: a text node or an attribute of a file, from byte `skip` of its decoded text on. */
typedef struct vb_text_source { const vb_tpl_file *file; const vb_xml_node *node; const vb_xml_attr *attr; vb_span text; size_t skip; } vb_text_source;
vb_place vb_text_source_place(const vb_text_source *src, size_t offset);

/* Scalars that need no query: ":name" gives the variable's value, "note(:name)" what was remarked on the figure of that code. */
typedef enum vb_sql_short { VB_SQL_NOT_SHORT, VB_SQL_VARIABLE, VB_SQL_NOTE } vb_sql_short;

/* One statement of a template. */
typedef struct vb_sql {
  const char *source;       /* as written; NULL: none */
  vb_span text;             /* as prepared */
  vb_place at;              /* of the first character of source */
  vb_text_source from;
  bool scalar;              /* gives one value */
  vb_query *q;
  const int *params; size_t n_params; /* slot of each parameter */
  vb_sql_short brief;
} vb_sql;

typedef enum vb_print_id {
#define VB_PRINT(id, name, arg, type) VB_PRINT_##id,
#include "template/formats.def"
#undef VB_PRINT
  VB_PRINTS
} vb_print_id;
typedef struct vb_print { vb_print_id id; int places; /* -1: not given */ } vb_print;
bool vb_print_parse(vb_span s, vb_print *out, vb_span *nearest);

typedef enum vb_subst_kind { VB_SUBST_CODE, VB_SUBST_NAME, VB_SUBST_CODE_OF /* {#name} */, VB_SUBST_SQL } vb_subst_kind;
typedef struct vb_subst {
  vb_subst_kind kind;
  const char *name;         /* code or variable */
  const char *source;       /* what stands in the trace */
  vb_sql sql;
  vb_print format;
  const char *otherwise;    /* ?? "text"; NULL: a missing value is an error */
  int slot;                 /* NAME, CODE_OF */
  const vb_indicator *indicator;
} vb_subst;

/* ---- operations --------------------------------------------------------------------------------------------- */

typedef enum vb_op_kind {
  VB_OP_TEXT, VB_OP_SUBST, VB_OP_BREAK, VB_OP_FLAGS, VB_OP_REF, VB_OP_CITE, VB_OP_ABBR, VB_OP_INSERT, VB_OP_SLOT_INLINE,
  VB_OP_PARA, VB_OP_LINES, VB_OP_SECTION, VB_OP_LIST, VB_OP_ITEM, VB_OP_NARRATIVE, VB_OP_COLUMNS, VB_OP_COLUMN, VB_OP_GROUP,
  VB_OP_RULE, VB_OP_SLOT, VB_OP_TABLE, VB_OP_ROW, VB_OP_CELL, VB_OP_CHART, VB_OP_PAGE_BREAK,
  VB_OP_FOR, VB_OP_EACH, VB_OP_IF, VB_OP_LET, VB_OP_INCLUDE
} vb_op_kind;

typedef enum vb_each { VB_EACH_NONE, VB_EACH_RECIPIENTS, VB_EACH_ADDRESSEES, VB_EACH_AUTHORITY, VB_EACH_POSITION, VB_EACH_ORGAN, VB_EACH_SUPERIOR } vb_each;

typedef struct vb_op vb_op;
typedef struct vb_series_op { const char *column; vb_op *name; int places, index; vb_place at; } vb_series_op;

/* Rows of a query, read in advance. */
typedef struct vb_rowset {
  vb_sql_value *values;     /* n rows of n_columns */
  struct vb_row_read { const vb_trace_source *sources; uint32_t n_sources; } *rows; /* what each was read from */
  size_t n, cap;
  bool more;                /* the query has more rows than were asked for */
} vb_rowset;

typedef struct vb_loop {
  vb_sql sql; vb_each each;
  vb_op *empty;             /* blocks of <empty> */
  const char *names[4];     /* EACH: its columns */
  int first_slot, n_columns, row_column; /* slots: columns, then _n, _last, _count; row_column: index of _row or -1 */
  bool counted;             /* the body uses _last or _count */
  bool constant;            /* the same rows for every document: nothing of unit or period is asked */
  const vb_rowset *kept;    /* constant rows, read once; in the template's prep arena */
} vb_loop;

typedef enum vb_said { VB_NOT_SAID, VB_SAID_NO, VB_SAID_YES } vb_said;

typedef struct vb_cell_op {
  vb_op *colspan, *rowspan, *key, *ratio, *diff;
  vb_sql value, sum;
  vb_print as; bool has_as;
  vb_align align; vb_valign valign; bool valign_set, repeat_label;
  vb_said bold, italic;
  int scale, places;
  vb_op *only;              /* the one substitution that is all its content */
} vb_cell_op;

typedef struct vb_table_op {
  vb_op *id, *title; bool sheet, grid; int16_t size;
  vb_table_column *columns; int n_columns;
  vb_op *head;              /* rows */
  vb_op *stream;            /* the only loop of the body, or NULL */
} vb_table_op;

struct vb_op {
  vb_op_kind kind;
  vb_place at;
  vb_op *first, *next;      /* content, and what follows */
  union {
    vb_span text;           /* TEXT: runs of white space made one; ABBR: its long form */
    vb_subst *subst;
    struct { uint8_t flags; } flags;
    struct { vb_op *target; bool full, form_given; } ref;
    struct { vb_op *id; bool always_full, always_short; } cite;
    struct { vb_span text; const char *brief; } abbr;
    struct { bool appendix_title; } insert;
    struct { vb_slot_kind kind; vb_op *name; vb_len width, height; bool over; } slot;
    struct { vb_style_id style; bool style_given; vb_align align; int16_t size; vb_len before; bool keep_next; } para; /* LINES too */
    struct { vb_op *id, *title; vb_style_id style; bool style_given, unnumbered, keep_next; int depth; } section;
    struct { vb_num_format format; vb_style_id style; bool style_given; int start; } list;
    struct { const char *slot, *hint; bool required; } narrative;
    struct { vb_columns_role role; } columns;
    struct { int16_t width; vb_align align; } column;
    struct { bool box, foot; vb_len width, height; uint32_t color; } group;
    struct { vb_rule_kind kind; int16_t permille; vb_len gap; } rule;
    vb_table_op *table;
    struct { vb_row_kind kind; vb_op *level, *key; vb_said bold; } row;
    vb_cell_op *cell;
    struct { vb_chart_kind kind; vb_op *title, *alt, *axis; vb_sql sql; const char *category; int category_index; vb_series_op *series; int n_series; vb_len height; } *chart;
    vb_loop *loop;
    struct { vb_sql test; vb_op *otherwise; } *branch; /* otherwise: an IF, or a bare list */
    struct { const char *name; int slot; vb_sql sql; vb_op *text; } *let; /* text: the value of a <set value> */
    struct { vb_op *sets; const char *part; } include; /* sets: LETs */
  } u;
};

typedef struct vb_appendix_op {
  const char *id; bool landscape; vb_said separate; /* not said: the job's choice */
  vb_sql when; vb_op *title, *blocks; vb_place at;
} vb_appendix_op;

/* Variables that the program provides: builtins.def. */
typedef enum vb_builtin {
#define VB_BUILTIN(id, name) VB_BUILTIN_##id,
#include "template/builtins.def"
#undef VB_BUILTIN
  VB_BUILTINS
} vb_builtin;
extern const char *const vb_builtin_names[VB_BUILTINS];

/* What is known of a slot before there is data. */
typedef struct vb_decl {
  const char *name;
  const char *source;       /* the SQL it comes from, for traces; NULL: a builtin */
  const char *column;       /* column of a data table, for the place of the field */
  vb_type type; int places; bool typed; /* from the data table's definition */
  bool marked;              /* a label of a form: *italic* */
  bool counter;             /* _n, _last, _count and builtins: no figure of a source */
  int row_slot;             /* slot of _row of the same row; -1 */
} vb_decl;

typedef struct vb_param { const char *name, *otherwise; vb_place at; } vb_param;
typedef struct vb_query_held { struct vb_query_held *next; vb_query *q; } vb_query_held;
typedef struct vb_stream vb_stream;

struct vb_template {
  vb_arena *arena;          /* all that opening makes */
  vb_arena *prep;           /* all that preparing makes */
  const char *id, *kind, *kind_name, *about[2], *form_id;
  vb_form *form;
  vb_setup setup;
  vb_tpl_file *files; const char **paths; size_t n_paths;
  vb_param *params; size_t n_params;
  vb_op *lets, *symbol, *subject, *body;
  vb_appendix_op *appendices; size_t n_appendices;
  vb_level levels[VB_LEVELS_MAX]; int n_levels;
  vb_rule_source *rules; size_t n_rules;
  vb_data_table *tables; size_t n_tables;
  vb_slot_info *slots; size_t n_slots;
  /* prepared */
  vb_store *store;
  vb_query_held *queries;
  vb_decl *decls; int n_decls, cap_decls, first_param;
  const vb_indicator **indicators; size_t n_indicators;
  vb_sql cite;
  vb_stream *streams;
};

/* ---- opening ------------------------------------------------------------------------------------------------ */

/* One opening. Errors are posted as they are met; st keeps the worst and nothing stops at the first. */
typedef struct vb_compile {
  vb_diag *d;
  const vb_library *lib;
  vb_template *t;
  vb_arena *a;
  vb_xml_schema *schema;
  vb_tpl_file *file;        /* the file being compiled */
  vb_status st;
  int include_depth, loop_depth, section_depth, n_includes;
  bool section_unnumbered;  /* the section around has no number */
  bool in_loop;
  vb_node_kind holder;      /* what the blocks being compiled will stand in: doc's table of nesting judges them */
  const char *holder_name;  /* the element that makes it */
  vb_map *ids;              /* literal ids of sections, appendices, tables */
  struct vb_ref_list { struct vb_ref_list *next; vb_span id; vb_place at; } *refs, **refs_tail;
  bool computed_ids;        /* an id with a substitution stands somewhere */
  vb_map *slots;
} vb_compile;

/* Finds <dir>/<sub>/<name><ending> in the library's folders, the first that has it; NULL when none has, or no memory: c->st says which. */
const char *vb_library_find(vb_compile *c, const vb_library *lib, const char *sub, vb_span name, const char *ending);
/* Reads and validates one file by c->schema. With a schema error the tree is there all the same (parsed a second time), so that further checks
 * can run in the same go; c->st keeps VB_BAD. NULL when there is no tree. */
vb_tpl_file *vb_tpl_file_read(vb_compile *c, const char *path);
/* Opens a schema of the library into c->schema. */
vb_status vb_tpl_schema_open(vb_compile *c, const char *name, vb_place from);

typedef enum vb_context { VB_IN_BLOCKS, VB_IN_INLINES, VB_IN_FLOW, VB_IN_ITEMS, VB_IN_ROWS, VB_IN_CELLS } vb_context;

void vb_compile_post(vb_compile *c, vb_msg m, vb_place at, const char *a0, const char *a1);
/* The first message of a pair with the name, or the second with the name and the nearest, when there is one. */
#define VB_UNKNOWN(id) ((const vb_msg[]){VB_MSG_##id, VB_MSG_##id##_NEAR})
void vb_compile_unknown(vb_compile *c, const vb_msg pair[2], vb_place at, vb_span name, vb_span nearest);
vb_op *vb_op_new(vb_compile *c, vb_op_kind kind, vb_place at);
/* Content of an element in a context, element `skip` left out (title, set, param). */
vb_op *vb_compile_content(vb_compile *c, const vb_xml_node *n, vb_context in);
vb_op *vb_compile_inlines(vb_compile *c, const vb_xml_node *n);
vb_op *vb_compile_inline(vb_compile *c, const vb_xml_node *n);
vb_op *vb_compile_flow(vb_compile *c, const vb_xml_node *first);
vb_op *vb_compile_block(vb_compile *c, const vb_xml_node *n, vb_context in);
vb_op *vb_compile_table(vb_compile *c, const vb_xml_node *n);
vb_op *vb_compile_row(vb_compile *c, const vb_xml_node *n);
vb_op *vb_compile_cell(vb_compile *c, const vb_xml_node *n);
vb_op *vb_compile_chart(vb_compile *c, const vb_xml_node *n);
vb_op *vb_compile_narrative(vb_compile *c, const vb_xml_node *n);
vb_op *vb_compile_control(vb_compile *c, const vb_xml_node *n, vb_context in); /* NULL: not a control element */
bool vb_is_control(const vb_xml_node *n);
bool vb_is_aside(const vb_xml_node *n); /* an element that its parent reads itself: title, set, empty, else … */
/* What content an element of a flow makes. */
typedef enum vb_flow_class { VB_FLOW_NEUTRAL, VB_FLOW_INLINE, VB_FLOW_BLOCK } vb_flow_class;
vb_flow_class vb_flow_class_of(vb_compile *c, const vb_xml_node *n, int depth);
vb_tpl_file *vb_compile_part(vb_compile *c, vb_span id, vb_place at); /* loads once; NULL with a message */
const vb_xml_node *vb_part_param(const vb_tpl_file *f, vb_span name); /* the <param> of a part; NULL: it has none of this name */
vb_span vb_part_param_nearest(const vb_tpl_file *f, vb_span name);    /* for "did you mean" */
void vb_compile_id(vb_compile *c, const vb_op *id, vb_place at); /* notes an anchor; doubles are errors */
void vb_compile_head(vb_compile *c, const vb_xml_node *root); /* attributes, about, data, rules, numbering … */
vb_rule_source *vb_compile_rules(vb_compile *c, const vb_xml_node *root, size_t *n);

/* Text with substitutions → operations. */
vb_op *vb_subst_compile(vb_compile *c, const vb_text_source *src, bool collapse);
vb_op *vb_compile_attr_text(vb_compile *c, const vb_xml_node *n, const char *name); /* NULL when absent */
void vb_compile_attr_sql(vb_compile *c, const vb_xml_node *n, const char *name, bool scalar, vb_sql *out);
void vb_sql_set(vb_compile *c, vb_sql *s, const vb_text_source *from, bool scalar);
bool vb_op_is_literal(const vb_op *text, vb_span *out); /* one TEXT and nothing else, or nothing at all */

/* small readers of attributes */
const char *vb_attr_str(vb_compile *c, const vb_xml_node *n, const char *name); /* NULL when absent */
bool vb_attr_yes(const vb_xml_node *n, const char *name, bool otherwise);
int vb_attr_int(const vb_xml_node *n, const char *name, int otherwise);
vb_dec vb_attr_dec(const vb_xml_node *n, const char *name, int64_t otherwise); /* decimal with a point */
vb_len vb_attr_mm(const vb_xml_node *n, const char *name);
void vb_attr_mms(const vb_xml_node *n, const char *name, vb_len *const out[], size_t n_out); /* parted by blanks; left alone without the attribute */
int16_t vb_attr_permille(const vb_xml_node *n, const char *name);
bool vb_attr_style(vb_compile *c, const vb_xml_node *n, vb_style_id *out); /* false when absent or unknown */
vb_align vb_attr_align(const vb_xml_node *n, const char *name);

/* Kinds of documents and their abbreviations: kinds.def. NULL when unknown. */
vb_span vb_kind_nearest(vb_span abbreviation);

/* ---- forms -------------------------------------------------------------------------------------------------- */

struct vb_form {
  vb_arena *arena;
  int users;                /* the last one closes it */
  const char *id, *path, *title, *zero, *na, *blank, *since, *until;
  int digits;
  vb_indicator *items; size_t n, cap;
  struct vb_code_item { struct vb_code_item *next; const char *list, *value, *label; } *codes, *last_code;
  vb_rule_source *rules; size_t n_rules;
  vb_map *by_code;
};
/* Label of a code list's value; NULL when there is none. */
const char *vb_form_code_label(const vb_form *f, const char *list, int64_t value);

/* ---- values ------------------------------------------------------------------------------------------------- */

typedef enum vb_known { VB_KNOWN_NOT, VB_KNOWN_NUMBER, VB_KNOWN_TEXT, VB_KNOWN_BLANK, VB_KNOWN_NA } vb_known;

/* A value on its way to the page. */
typedef struct vb_got {
  vb_known known;           /* NOT: NULL; BLANK, NA: an indicator without a figure */
  vb_dec num; vb_span text;
  vb_type type; bool typed; /* of its indicator or column */
  int digits; const char *zero;
  const vb_indicator *indicator;
  bool dash;                /* reported as "-" */
  bool figure, marked;
  const vb_trace_source *sources; uint32_t n_sources;
} vb_got;

/* What is to be printed, and how; in_table: as the form says, else as running text. */
typedef struct vb_printing { const vb_form *form; const vb_got *got; vb_print format; bool in_table; vb_place at; } vb_printing;
/* Appends the text and tells the value behind it. VB_BAD: the format does not fit the value (posted). */
vb_status vb_value_print(vb_diag *d, const vb_printing *p, vb_buf *out, vb_value *typed);

/* ---- building ----------------------------------------------------------------------------------------------- */

typedef struct vb_var { vb_sql_value v; const vb_trace_source *sources; uint32_t n_sources; } vb_var;

typedef struct vb_line {    /* a paragraph being written */
  vb_node *para; uint8_t flags; bool pending, started;
  vb_place at;              /* of the text that is held back; no file: where it stands is not known */
} vb_line;

typedef struct vb_anchor { struct vb_anchor *next; const char *number, *full; } vb_anchor;
typedef struct vb_ref_todo { struct vb_ref_todo *next; vb_node *node; const char *id; bool full, form_given; vb_place at; } vb_ref_todo;
typedef struct vb_formula_todo { struct vb_formula_todo *next; vb_node *cell; const vb_op *op; bool computed, done, busy, failed; } vb_formula_todo;

/* What the store has told of a figure: a document asks for each once. traced: with its sources. */
typedef struct vb_figure_read { vb_observation o; bool traced; const vb_trace_source *sources; uint32_t n_sources; } vb_figure_read;

typedef struct vb_builder {
  vb_diag *d; vb_template *t; vb_store *s; const vb_build *b;
  vb_doc *doc; vb_arena *a;
  vb_var *vars;
  vb_buf buf, run;          /* scratch for one value; text of the line being written */
  int counters[VB_LEVELS_MAX];
  const char *section_full[VB_LEVELS_MAX]; /* "phần II", "mục 1" … of the sections around, for references */
  int depth;                /* of sections */
  const vb_appendix_op *appendix;
  vb_map *abbrs, *cites, *anchors, *keys, *todo_of;
  vb_map *figures;          /* code → vb_figure_read; NULL in a stream */
  vb_ref_todo *refs; vb_formula_todo *formulas, **formulas_tail;
  bool own_subject;         /* the job gives the subject: printed as it is */
  bool streaming;           /* rows of a stream: no traces of their own, no keys */
  const vb_op **stream_ops; uint32_t n_stream_ops, stream_first_trace;
} vb_builder;

typedef struct vb_into {    /* where operations write */
  vb_node *parent;
  vb_line *line;            /* inlines */
  vb_style_id style;        /* of paragraphs without one */
  bool cell;                /* inside a table */
  bool head, bold;          /* rows */
  int *counter; const vb_op *list; /* items */
} vb_into;

vb_status vb_build_ops(vb_builder *b, const vb_op *list, vb_into into);
vb_status vb_build_inlines(vb_builder *b, const vb_op *list, vb_node *para, bool cell);
vb_status vb_build_inline(vb_builder *b, const vb_op *op, vb_into into);
vb_status vb_build_block(vb_builder *b, const vb_op *op, vb_into into);
vb_status vb_build_control(vb_builder *b, const vb_op *op, vb_into into);
vb_status vb_build_table(vb_builder *b, const vb_op *op, vb_into into);
vb_status vb_build_row(vb_builder *b, const vb_op *op, vb_into into);
vb_status vb_build_cell(vb_builder *b, const vb_op *op, vb_into into);
vb_status vb_build_chart(vb_builder *b, const vb_op *op, vb_into into);
vb_status vb_build_narrative(vb_builder *b, const vb_op *op, vb_into into);
vb_status vb_build_lines(vb_builder *b, const vb_op *op, vb_into into);
vb_status vb_build_cite(vb_builder *b, const vb_op *op, vb_into into);
vb_status vb_build_abbr(vb_builder *b, const vb_op *op, vb_into into);
vb_status vb_build_ref(vb_builder *b, const vb_op *op, vb_into into);
vb_status vb_build_section(vb_builder *b, const vb_op *op, vb_into into);
vb_status vb_formula_add(vb_builder *b, const vb_op *op, vb_node *cell);
vb_status vb_formula_sum_keys(vb_builder *b, const vb_cell_op *x, vb_node *cell);
vb_status vb_build_refs_finish(vb_builder *b);
vb_status vb_build_formulas_finish(vb_builder *b);
vb_status vb_build_builtins(vb_builder *b);
vb_status vb_build_titles(vb_builder *b);
/* Reads the rows of a loop, at most limit of them, or takes those that were kept. */
vb_status vb_rows_read(vb_builder *b, const vb_op *loop, size_t limit, const vb_rowset **out);
vb_status vb_build_rows(vb_builder *b, const vb_op *loop, const vb_rowset *rows, vb_into into);
vb_status vb_count_rows(vb_builder *b, const vb_sql *sql, int64_t limit, int64_t *n);
vb_status vb_build_anchor(vb_builder *b, const char *id, const char *number, const char *full, vb_place at);

/* Evaluation. */
vb_status vb_eval_subst(vb_builder *b, const vb_op *op, vb_got *out);
vb_status vb_eval_code(vb_builder *b, vb_span code, bool note, vb_place at, vb_got *out); /* the figure of an indicator of the template's form */
/* The figure of the document's unit and period; lives as long as the document. */
vb_status vb_figure_get(vb_builder *b, vb_span code, bool traced, const vb_figure_read **out);
vb_status vb_eval_sql(vb_builder *b, const vb_sql *s, vb_sql_value *v, const vb_trace_source **sources, uint32_t *n); /* text in b->a */
vb_status vb_eval_text(vb_builder *b, const vb_op *text, const char **out); /* attribute text, in b->a; NULL for NULL */
typedef struct vb_range { int otherwise, min, max; } vb_range;
vb_status vb_eval_int(vb_builder *b, const vb_op *text, vb_range range, int *out);
void vb_bind(vb_builder *b, const vb_sql *s);
vb_status vb_sources(vb_builder *b, const vb_trace_source **sources, uint32_t *n);
vb_status vb_print_got(vb_builder *b, const vb_op *op, const vb_got *g, bool in_table, vb_value *typed); /* into b->buf */
uint32_t vb_trace_add(vb_builder *b, const char *expression, vb_place at, const vb_got *g, const char *printed); /* 0: no memory */

/* The trace of a substitution's figure; in a stream the one that all rows share. 0: no memory. */
uint32_t vb_trace_subst(vb_builder *b, const vb_op *op, const vb_got *g, const char *printed);

/* Lines. */
void vb_line_text(vb_builder *b, vb_line *l, vb_span s);   /* ASCII spaces at the ends are made one, or dropped at line ends */
void vb_line_space(vb_builder *b, vb_line *l);             /* prints the space that is held back */
vb_status vb_line_figure(vb_builder *b, vb_line *l, vb_span s, const vb_value *v);
vb_status vb_line_break(vb_builder *b, vb_line *l);
vb_status vb_line_flush(vb_builder *b, vb_line *l);
vb_status vb_line_value(vb_builder *b, vb_line *l, vb_span s, bool marked); /* text of data: \n breaks, *marks* */
vb_node *vb_para_new(vb_builder *b, vb_node *parent, vb_style_id style, vb_place at);
/* Text of data as paragraphs: a line each, "- " and "+ " become items' marks. */
vb_status vb_build_text_lines(vb_builder *b, vb_into into, vb_span text, vb_place at);

/* Preparing. */
vb_status vb_rule_check(vb_diag *d, vb_store *s, const vb_rule_source *r); /* its SQL, and the columns that its messages name */
void vb_stream_free_all(vb_template *t);
vb_status vb_stream_new(vb_builder *b, const vb_op *table, vb_node *node, vb_into into);
vb_status vb_sql_prepare(vb_diag *d, vb_store *s, const vb_sql *sql, vb_query **q);

#endif
