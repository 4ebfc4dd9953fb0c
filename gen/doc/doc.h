/* doc: the document tree: what a document says, before anyone decides where it stands on a page.
 *
 * template makes it, check reads it, layout and write turn it into pages, sheets and dumps. Nothing in it knows a library.
 *
 * Invariants (vb_doc_verify proves them; every writer may rely on them)
 *  1. Children stand only where doc.c's table of nesting allows them.
 *  2. All text is valid NFC UTF-8 without forbidden characters (vb_text_forbidden), and no text is empty.
 *  3. A table's rows fill its grid: no cell overlaps another, none reaches past the last column, a row span ends inside its
 *     row group (head, or body).
 *  4. Every printed figure is a VB_NODE_FIGURE or a cell with a value, and carries its trace: a figure without a source is a bug.
 *  5. Numbers of headings and items are given by the program (node->label), never typed.
 *  6. Lengths are millipoints (1/1000 pt, 1 mm = 2835 mpt); relative widths are in 1/1000.
 */
#ifndef VB_DOC_H
#define VB_DOC_H

#include "base/base.h"

typedef int32_t vb_len; /* millipoints */
#define VB_PT(x) ((vb_len)((x) * 1000))
#define VB_MM(x) ((vb_len)((x) * 72000.0 / 25.4 + 0.5))

typedef enum vb_node_kind {
  VB_NODE_DOCUMENT, /* root; children: sequences */
  /* sequences and blocks */
  VB_NODE_SEQUENCE, /* pages of one orientation with one numbering: the body, each appendix */
  VB_NODE_COLUMNS,  /* columns side by side without borders (letterhead, sign-off); children: column */
  VB_NODE_COLUMN,
  VB_NODE_GROUP,    /* blocks that are kept on one page (title with its rule; a box) */
  VB_NODE_PARA,     /* paragraph or heading: style tells which; children: inlines */
  VB_NODE_LIST,     /* children: items */
  VB_NODE_ITEM,     /* label + paragraphs, lists */
  VB_NODE_RULE,     /* a line whose length comes from the paragraph before it */
  VB_NODE_SLOT,     /* reserved space that a signing tool fills: signature, seal, number, date */
  VB_NODE_TABLE,    /* children: rows; or a stream of rows */
  VB_NODE_ROW,      /* children: cells */
  VB_NODE_CELL,     /* children: blocks; or plain text in u.cell.text */
  VB_NODE_CHART,
  VB_NODE_PAGE_BREAK,
  /* inlines */
  VB_NODE_TEXT,
  VB_NODE_FIGURE,   /* a printed value with its trace */
  VB_NODE_BREAK,    /* a line break that belongs to the text (title lines) */
  VB_NODE_SLOT_INLINE, /* a gap in a line: number or date to be stamped */
  VB_NODE_KINDS
} vb_node_kind;

/* Styles: one table, styles.def; sources of sizes and positions stand there, row by row. */
typedef enum vb_style_id {
#define VB_STYLE(id, ...) VB_STYLE_##id,
#include "doc/styles.def"
#undef VB_STYLE
  VB_STYLES
} vb_style_id;

typedef enum vb_align { VB_ALIGN_STYLE, VB_ALIGN_LEFT, VB_ALIGN_CENTER, VB_ALIGN_RIGHT, VB_ALIGN_JUSTIFY, VB_ALIGN_DECIMAL } vb_align;

typedef struct vb_style {
  const char *name;           /* as templates write it: "body", "heading-1", "organ" … */
  const char *rule;           /* row of regulations.md 1.4 it follows, or "house" */
  uint8_t heading;            /* 1..6: tagged H1..H6 and outlined; 0: paragraph */
  int16_t size_a, size_b;     /* half points in size sets A and B; 0: the body size of the document */
  bool bold, italic, upper;   /* upper: text is set in capitals */
  vb_align align;
  vb_len first, left, right;  /* first-line indent (on top of left), left and right indents; first < 0 hangs; VB_INDENT: document's */
  vb_len before, after;       /* space around, collapsed to the larger between paragraphs; VB_PARA_GAP: document's */
  int16_t leading;            /* line spacing in 1/1000 of single; 0: document's */
  bool keep_next, keep_lines;
} vb_style;
#define VB_INDENT ((vb_len)0x7ffffff0)
#define VB_PARA_GAP ((vb_len)0x7ffffff1)

const vb_style *vb_style_get(vb_style_id id);
bool vb_style_by_name(vb_span name, vb_style_id *out);

/* ---- values and their traces -------------------------------------------------------------------------------- */

typedef enum vb_value_type { VB_VALUE_NONE, VB_VALUE_NUMBER, VB_VALUE_PERCENT, VB_VALUE_MONEY, VB_VALUE_DATE, VB_VALUE_TEXT } vb_value_type;

/* A typed value behind printed text; XLSX writes this, PDF the text. */
typedef struct vb_value {
  vb_value_type type;
  vb_dec num;
  vb_date date;
  int min_digits;   /* "02" prints with 2 */
  uint32_t trace;   /* 1-based index into vb_doc.traces; 0: none (headings, typed text) */
} vb_value;

typedef struct vb_trace_source { const char *unit, *period, *code, *raw; vb_place at; } vb_trace_source;
typedef struct vb_trace {
  const char *expression;       /* the SQL or code that gave it */
  const char *printed;          /* as it stands on the page */
  vb_place at;                  /* place in the template or narrative */
  const vb_trace_source *sources; uint32_t n_sources;
} vb_trace;

/* How a cell's value follows from others in the same workbook; refs are cell keys. */
typedef enum vb_formula_kind { VB_FORMULA_NONE, VB_FORMULA_SUM, VB_FORMULA_RATIO /* refs[0]/refs[1]*scale */, VB_FORMULA_DIFF } vb_formula_kind;
typedef struct vb_formula { vb_formula_kind kind; int places; int scale; const char *const *refs; uint32_t n_refs; } vb_formula;

/* ---- nodes -------------------------------------------------------------------------------------------------- */

enum { VB_INLINE_BOLD = 1, VB_INLINE_ITALIC = 2, VB_INLINE_UPRIGHT = 4, VB_INLINE_LIGHT = 8, VB_INLINE_UNDERLINE = 16 }; /* toggles over the style */

typedef enum vb_row_kind { VB_ROW_HEAD, VB_ROW_GROUP, VB_ROW_DATA, VB_ROW_SUBTOTAL, VB_ROW_TOTAL, VB_ROW_NOTE } vb_row_kind;
typedef enum vb_valign { VB_VALIGN_TOP, VB_VALIGN_MIDDLE } vb_valign;
typedef enum vb_rule_kind { VB_RULE_OF_LINE /* permille of the longest line of the paragraph before */, VB_RULE_OF_WIDTH /* permille of the column */ } vb_rule_kind;
typedef enum vb_sequence_role { VB_SEQ_BODY, VB_SEQ_APPENDIX } vb_sequence_role;
typedef enum vb_slot_kind { VB_SLOT_NUMBER, VB_SLOT_DATE, VB_SLOT_SIGNATURE, VB_SLOT_SEAL, VB_SLOT_MARK } vb_slot_kind;
typedef enum vb_columns_role { VB_COLUMNS_PLAIN, VB_COLUMNS_LETTERHEAD, VB_COLUMNS_SIGNOFF } vb_columns_role;
typedef enum vb_chart_kind { VB_CHART_BAR, VB_CHART_LINE } vb_chart_kind;

typedef struct vb_table_column {
  int16_t width;     /* 1/1000 of the table; 0: solved from content with the other zeros */
  vb_align align;
  vb_valign valign;
  const char *id;    /* name of the column in the template */
  bool dash_empty;   /* an empty cell prints "-" */
  bool carry;        /* the sum of its figures in data rows is carried over a page break; never the first column, which holds the label */
} vb_table_column;

typedef struct vb_node vb_node;

/* Rows that are made when asked for: tables above VB_TABLE_STREAM_ROWS. The row and what it holds live in the arena given. It comes
 * without a parent: who takes it sets the table, which does not list it. */
typedef struct vb_row_stream {
  vb_status (*rewind)(void *ctx);
  vb_status (*next)(void *ctx, vb_arena *a, vb_node **row); /* VB_DONE behind the last */
  void *ctx;
} vb_row_stream;

typedef struct vb_series { const char *name; const vb_value *values; } vb_series;

struct vb_node {
  vb_node_kind kind;
  vb_style_id style;            /* PARA, ITEM; CELL: the style of its plain text */
  vb_node *parent, *first, *last, *next;
  const char *label;            /* PARA, ITEM: automatic number or mark with its punctuation: "I.", "1.2.", "a)", "-" */
  const char *id;               /* anchor for cross references; NULL */
  vb_place at;                  /* template or input */
  union {
    struct {
      vb_sequence_role role; int number; /* appendix ordinal; 0 when there is one only */
      bool landscape, separate;          /* separate: a file of its own */
      const char *title;                 /* outline, sheet name: "Phụ lục I" */
    } sequence;
    struct { vb_columns_role role; } columns;
    struct { int16_t width; vb_align align; } column;     /* 1/1000 of the columns' width */
    struct { bool box, foot; vb_len box_width, box_height; uint32_t color; } group; /* box: framed, e.g. KHẨN; color 0xRRGGBB; sizes 0: from content. foot: a child
                                          of a sequence, set at the foot of the page that it comes up on */
    struct { vb_align align; int16_t size; bool keep_next; vb_len before; } para; /* 0 / STYLE: the style's; size in half points; before -1: the style's */
    struct { vb_rule_kind kind; int16_t permille; vb_len gap; } rule;
    struct { vb_slot_kind kind; const char *name; vb_len width, height; bool over; } slot; /* SLOT and SLOT_INLINE. over: a SLOT that lies on the left
                                          third of the SLOT before it and takes no room (the seal, ND30 zone 8) */
    struct {
      const vb_table_column *columns; int16_t n_columns;
      const char *title;                 /* sheet name and accessible name */
      int16_t size;                      /* half points; 0: style's */
      bool grid;                         /* ruled (the usual) */
      const vb_row_stream *stream;       /* NULL: children are the rows. Head rows are always children */
      bool proved;                       /* the stream has each row go through vb_doc_verify_row */
      bool sheet;                        /* gets a sheet in the workbook */
    } table;
    struct { vb_row_kind kind; int8_t level; const char *key; } row; /* level: outline depth, 1 = outermost group */
    struct {
      int16_t colspan, rowspan; vb_align align; vb_valign valign; bool valign_set, bold, italic, header;
      bool repeat_label;                 /* a row span crossing a page repeats its text with "(tiếp theo)" */
      vb_span text;                      /* plain text instead of children */
      vb_value value; vb_formula formula;
      const char *key;                   /* "1.1.2": other cells' formulas and defined names refer to it */
    } cell;
    struct {
      vb_chart_kind kind; const char *title, *alt, *axis; const char *const *categories; uint32_t n_categories;
      const vb_series *series; uint32_t n_series; vb_len height;
    } chart;
    struct { vb_span text; uint8_t flags; vb_value value; } text; /* TEXT and FIGURE */
  } u;
};

/* ---- the document ------------------------------------------------------------------------------------------- */

typedef enum vb_state { VB_STATE_DRAFT, VB_STATE_ISSUED, VB_STATE_TO_STAMP } vb_state;
typedef enum vb_mode { VB_MODE_PAPER, VB_MODE_ELECTRONIC } vb_mode;

typedef struct vb_party { const char *name, *ident; } vb_party; /* recipient or issuer with mã định danh; NULL where none */

typedef struct vb_meta {
  const char *id, *template_id;
  const char *kind, *kind_name;          /* "BC", "Báo cáo" */
  const char *number, *symbol;           /* "232", "BC-UBND"; number NULL in a draft */
  vb_date date;
  const char *place, *subject, *title;   /* title: kind name and subject, for PDF and XLSX properties */
  const char *unit, *unit_name, *organ, *superior;
  vb_party issuer;
  const vb_party *addressees; uint32_t n_addressees; /* Kính gửi */
  const vb_party *recipients; uint32_t n_recipients; /* Nơi nhận */
  const char *authority, *position, *signer;         /* TM. …, CHỦ TỊCH, name */
  const char *period, *drafter;          /* drafter: the mark of zone 12, "PL.(300)" */
  const char *archive;                   /* last line of Nơi nhận, behind "Lưu: " ("VT, VP-TK") */
  const char *keywords;
  int priority;                          /* 0 thường … 3 hỏa tốc */
  vb_state state; vb_mode mode;
} vb_meta;

/* Page geometry and body type, within ND30 PL I.I (checked by vb_doc_verify). */
typedef struct vb_setup {
  vb_len top, bottom, left, right;
  char size_set;        /* 'A' 12/13/13 or 'B' 13/14/14 */
  int16_t body_size;    /* half points: 26 or 28 */
  vb_len indent;        /* first line: 10 or 12.7 mm */
  vb_len para_gap;      /* at least 6 pt */
  int16_t leading;      /* 1000 … 1500 */
} vb_setup;

/* One observation for the workbook's data sheet and for checks: an indicator of the document's form, in form order. */
typedef struct vb_datum { const char *code, *label, *measure, *period, *unit; vb_value value; const char *text, *note; vb_place at; } vb_datum;

typedef struct vb_doc {
  vb_arena *arena;
  vb_node *root;
  vb_meta meta;
  vb_setup setup;
  vb_trace *traces; uint32_t n_traces, cap_traces;
  vb_datum *data; uint32_t n_data;
  uint32_t n_nodes;
} vb_doc;

/* With an arena of its own, a root, and the usual page and type (20/20/30/20 mm, set B, 14 pt); NULL when out of memory. */
vb_doc *vb_doc_new(void);
void vb_doc_free(vb_doc *doc);
/* New node as last child of parent (NULL: unattached), spans of cells 1, style of items, heads and cells the usual. NULL when out of
 * memory or over VB_DOC_NODES_MAX. */
vb_node *vb_node_add(vb_doc *doc, vb_node *parent, vb_node_kind kind);
/* The same in an arena of the caller, not counted: for the rows of a stream. */
vb_node *vb_node_make(vb_arena *a, vb_node *parent, vb_node_kind kind);
/* Copies the text into the document; joins with a text before it of the same flags. Empty text adds nothing and gives parent. */
vb_node *vb_node_text(vb_doc *doc, vb_node *parent, vb_span text, uint8_t flags);
uint32_t vb_doc_trace(vb_doc *doc, const vb_trace *t); /* copied shallowly; 0 when out of memory */

/* Where a node stands: its own place, else the nearest one above it. */
vb_place vb_node_place(const vb_node *n);
/* The same for what stands in its text behind `before`: a TEXT that has a line and column of its own stands there letter by letter. */
vb_place vb_node_place_in(const vb_node *n, vb_span before);

/* Walks in reading order without recursion: enter and leave of each node. */
typedef struct vb_walk { const vb_node *root, *node; bool leaving; bool started; } vb_walk;
void vb_walk_init(vb_walk *w, const vb_node *root);
bool vb_walk_next(vb_walk *w);  /* false at the end; else w->node and w->leaving */
void vb_walk_skip(vb_walk *w);  /* do not enter the node just entered */

/* Rows of a table, whether held or streamed. Head rows come first. Streamed rows live in scratch until the next call, which resets
 * the whole of it: give an arena of its own, or NULL where the table is known to be held. */
typedef struct vb_rows { const vb_node *table; vb_node *at; bool streaming; vb_arena *scratch; } vb_rows;
vb_status vb_rows_start(vb_rows *r, const vb_node *table, vb_arena *scratch);
vb_status vb_rows_next(vb_rows *r, vb_node **row); /* VB_DONE behind the last */

/* Which columns the cells of a table cover: cells take the free columns of their row from left to right, as in HTML. For tables that
 * vb_doc_verify has accepted: give it every cell of every row in order, and each end of a row. */
typedef struct vb_grid { int n_columns, column; int16_t left[VB_TABLE_COLUMNS_MAX]; } vb_grid;
void vb_grid_start(vb_grid *g, const vb_node *table);
int vb_grid_cell(vb_grid *g, const vb_node *cell); /* first column that it covers */
void vb_grid_row_end(vb_grid *g);

bool vb_node_may_hold(vb_node_kind parent, vb_node_kind child);
const char *vb_node_name(vb_node_kind kind); /* "para", "cell" …: for dumps and messages */
/* Proves the invariants, page set-up and unique keys; the first breach is posted as an error at the node's place. Streams are run once.
 * A formula that names a key which is neither a cell nor an observation is a warning: the workbook then holds the bare value. */
vb_status vb_doc_verify(vb_diag *d, const vb_doc *doc);
/* The same before the document is written: a stream whose rows are proved is run up to its first row. Who writes the rest asks for every
 * row, and gets VB_BAD for one that is wrong. */
vb_status vb_doc_verify_held(vb_diag *d, const vb_doc *doc);
/* A row that a stream has made for a table: in the grid, whole in itself, texts and figures; it has no keys and no anchors. */
vb_status vb_doc_verify_row(vb_diag *d, const vb_doc *doc, const vb_node *table, const vb_node *row);
/* Text of a node and all below it, with labels ("I. Kết quả"), one space between blocks and for a line break; appended. Rows of a
 * stream are not read. */
void vb_node_plain(const vb_node *n, vb_buf *out);
/* Size of a style in this document, half points. */
int vb_style_size(const vb_setup *s, const vb_style *st);
/* How a cell is set, on paper and in the workbook alike. Style: its own; plain cells of a head row take table-head. Bold: by style,
 * by its own flag, and in head rows. Align: its own, else the column's where it covers one column, else the style's; head cells are
 * centred unless told otherwise, and stand in the middle. column: the first one the cell covers, from 0. */
typedef struct vb_cell_look { const vb_style *style; int size; bool bold, italic; vb_align align; vb_valign valign; } vb_cell_look;
vb_cell_look vb_cell_look_of(const vb_doc *doc, const vb_node *table, const vb_node *cell, int column);
/* What a cell without children prints: its text, or "-" for an empty one where its column asks for it. */
vb_span vb_cell_text_of(const vb_node *table, const vb_node *cell, int column);

#endif
