/* What the files of layout share. No other room includes it.
 *
 * The way of a block: inline.c makes a paragraph (text and runs), breaks.c finds where it may break, paragraph.c chooses the lines (memo.c
 * knows those of before);
 * blocks.c, columns.c, table.c and chart.c stack lines into fragments; flow.c cuts the row of fragments into pages; emit.c turns
 * the fragments of a page into boxes.
 *
 * Invariants
 *  1. A fragment is never cut, but a row of a table or of columns that is taller than a page (rows.c).
 *  2. What a queued fragment points to lies in the arena of its generation, or of its table; flow.c alone empties those.
 *  3. Widths inside a paragraph are in 1/1000 em, exact sums of the face's widths; they become mpt once, at the box.
 */
#ifndef VB_LAYOUT_INT_H
#define VB_LAYOUT_INT_H

#include "layout/layout.h"
#include "text/text.h"

/* ---- constants of the house, all in one place ----------------------------------------------------------------- */

/* Glue in 1/1000 em: Times has a space of 250; a half of it stretches and a third shrinks, as TeX sets fonts that name no glue. */
#define VB_GLUE_STRETCH 125
#define VB_GLUE_SHRINK 83
#define VB_CELL_PAD_X VB_MM(1.9)      /* as a word processor's default */
#define VB_CELL_PAD_Y VB_PT(2)
#define VB_FRAME_WEIGHT VB_PT(0.5)    /* lines of tables */
#define VB_RULE_WEIGHT VB_PT(0.75)    /* rules of ND30; measured on its samples */
#define VB_RULE_GAP VB_PT(2)          /* between a line's descenders and the rule below it */
#define VB_RULE_AFTER VB_PT(1.5)
#define VB_RULE_SPACE VB_PT(12)       /* between a rule and the text below it, at least; measured on the samples of ND30 */
#define VB_TABLE_SPACE VB_PT(6)       /* above and below a table */
#define VB_FRAME_SPACE VB_PT(4)       /* above and below a framed group */
#define VB_FOOT_SPACE VB_PT(6)        /* between the text and what stands at the foot of the page */
#define VB_COLUMN_GUTTER VB_MM(2)     /* kept free at the right of a column of flush-left text */
#define VB_NUMBER_TOP VB_MM(12.7)     /* page number: top of its digits from the sheet's edge; regulations.md 1.2 */
#define VB_SAMPLE_ROWS 300            /* rows that a table's columns are solved from */
#define VB_TALL VB_MM(2000)           /* stacks are not summed beyond: higher than any page, and a cell of 20,000 pages stays linear */
#define VB_LEN_MAX ((vb_len)1000000000) /* heights are cut here: anything taller than a page is just tall */

/* ---- faces ---------------------------------------------------------------------------------------------------- */

typedef struct vb_metrics {
  const vb_face *face[VB_FACES];
  const uint16_t *width[VB_FACES]; /* vb_face_widths: a call of the font room is too slow for every letter */
  uint8_t *seen[VB_FACES];         /* 1: the face has this character below VB_DENSE (glyphs.c) */
  int ascent[VB_FACES], descent[VB_FACES], gap[VB_FACES]; /* 1/1000 em; descent positive downwards */
} vb_metrics;

bool vb_metrics_init(vb_metrics *m, const vb_fontset *fonts, vb_arena *a);
static inline int vb_metrics_width(const vb_metrics *m, vb_face_id face, uint32_t c) {
  return vb_face_width_in(m->width[face], m->face[face], c);
}
int64_t vb_metrics_text(const vb_metrics *m, vb_face_id face, vb_span s); /* 1/1000 em */
vb_len vb_metrics_line(const vb_metrics *m, vb_face_id face, vb_len size);   /* single spacing */

/* ---- paragraphs ----------------------------------------------------------------------------------------------- */

enum { VB_RUN_LABEL = 1, VB_RUN_SLOT = 2, VB_RUN_BREAK = 4, VB_RUN_UNDERLINE = 8 };

typedef struct vb_run {
  uint32_t start, end; /* bytes of the paragraph's text */
  const vb_node *node; /* owner of the boxes */
  uint8_t face, flags;
  int32_t width;       /* SLOT and LABEL: fixed width in 1/1000 em; else not set */
} vb_run;

typedef struct vb_line {
  uint32_t from, to, next; /* [from, to) is set; spaces up to next are swallowed */
  uint32_t run;            /* the run that holds from */
  uint32_t spaces;         /* that stretch */
  int32_t width;           /* natural, 1/1000 em */
  vb_len x, adjust;        /* from the container's left edge; added to each space */
  bool soft;               /* ended at a space */
} vb_line;

typedef struct vb_para {
  const vb_node *node;
  const vb_style *style;
  vb_span text;
  uint32_t solid;            /* from this byte on no regular break; 0: anywhere */
  vb_run *runs;
  uint32_t n_runs;
  vb_line *lines;
  uint32_t n_lines;
  vb_run only_run;           /* of one run and one line, as most are, these are what runs and lines point to */
  vb_line only_line;
  vb_len size;               /* mpt */
  vb_len height, ascent;     /* of a line; top to baseline */
  vb_len left, right, first; /* indents, resolved; first comes on top of left */
  vb_len before, after, gutter;
  uint32_t color;
  vb_align align;
  uint8_t face;
  bool keep_next, keep_lines;
} vb_para;

/* What a container asks of the paragraphs in it. */
typedef struct vb_context {
  vb_len width;
  vb_len gutter;     /* at the right of flush text, before the next column */
  int16_t size;      /* half points; 0: the style's */
  vb_align align;    /* STYLE: the style's */
  vb_align place;    /* of slots and framed groups; STYLE: centred */
  bool bold, italic, in_cell;
  uint32_t color;
  int depth;         /* containers inside containers */
} vb_context;

/* Where a line may end. */
enum { VB_BP_START, VB_BP_FREE, VB_BP_LOOSE /* only when nothing else fits */, VB_BP_CHAR /* inside a word */, VB_BP_FORCED, VB_BP_LAST };
typedef struct vb_bp {
  int64_t w_end, w_next;  /* width up to the end of the text before it; up to the start of the text behind it */
  uint32_t end, next;     /* the same in bytes */
  uint32_t s_end, s_next; /* the same in stretching spaces */
  uint32_t run;           /* that holds next */
  uint8_t kind;
} vb_bp;

typedef struct vb_kp vb_kp; /* a feasible break with its best ways; paragraph.c */

/* Room for breaking one paragraph, reused for all. */
typedef struct vb_breaker {
  vb_bp *bp;
  uint32_t n_bp, cap_bp;
  uint8_t *map;
  size_t cap_map;
  vb_kp *kp;
  uint32_t n_kp, cap_kp;
  size_t mapped; /* bytes of map that hold; the map is made once a paragraph */
} vb_breaker;

typedef struct vb_layout vb_layout;

/* Face of text with toggles (VB_INLINE_*) in a style. */
uint8_t vb_face_choose(const vb_style *st, const vb_context *c, uint8_t flags);
/* inline.c. Paragraphs and their lines live in l->arena. `label_of`: ITEM whose label it carries, or NULL. */
vb_status vb_para_make(vb_layout *l, const vb_context *c, const vb_node *para, const vb_node *label_of, vb_para **out);
vb_status vb_para_make_label(vb_layout *l, const vb_context *c, const vb_node *item, vb_para **out);
/* A paragraph of plain words: a cell's text, or the program's own (page number, labels of charts). */
typedef struct vb_words { const vb_node *owner; vb_style_id style; vb_span text; } vb_words;
vb_status vb_para_make_plain(vb_layout *l, const vb_context *c, vb_words w, vb_para **out);
/* Repeated text with "(tiếp theo)" behind it; the first paragraph or plain text of a cell. */
vb_status vb_para_make_again(vb_layout *l, const vb_context *c, const vb_node *cell, bool mark, vb_para **out);

/* breaks.c. level 1: regular breaks; 2: also those between words that belong together; 3: also inside words. */
vb_status vb_breaks_find(vb_layout *l, const vb_para *p, int level);
/* Whether the text stands on one line of `room` (1/1000 em) and has no breaks of its own; *out is that line then, not yet placed. Most
 * cells and headings do, and are spared the search for breaks. */
bool vb_breaks_none(const vb_layout *l, const vb_para *p, int64_t room, vb_line *out);
/* Widest word between spaces; mpt, indents included: the least width of a column where nothing is cut. */
vb_len vb_para_widest_word(const vb_layout *l, const vb_para *p);
/* Widest piece that cannot be broken, and natural width of the longest line; mpt, indents included. */
vb_status vb_para_measure(vb_layout *l, const vb_para *p, vb_len *min, vb_len *max);

/* memo.c. What the choice of lines depends on besides a text of one run, in 1/1000 em; face: the run's. */
typedef struct vb_memo_key { int64_t width, first; uint8_t face, align; } vb_memo_key;
void vb_memo_begin(const vb_fontset *fonts); /* for each layout: what is kept is of these fonts */
/* The lines as keep() in paragraph.c leaves them. VB_DONE: not met before. */
vb_status vb_memo_take(vb_layout *l, vb_para *p, const vb_memo_key *k);
void vb_memo_keep(const vb_para *p, const vb_memo_key *k);

/* paragraph.c. Chooses the lines; never fails but for memory. */
vb_status vb_para_break(vb_layout *l, vb_para *p, vb_len width);
static inline vb_len vb_em_mpt(const vb_para *p, int64_t em) { return (vb_len)((em * p->size + (em < 0 ? -500 : 500)) / 1000); }

/* ---- fragments ------------------------------------------------------------------------------------------------ */

/* How hard a break before a fragment is, and the order in which a chain that no page can hold is relaxed: lower ranks first. */
typedef enum vb_rank {
  VB_RANK_FREE,
  VB_RANK_SOFT,   /* nicer not: inside rows tied by a span; one data row with the total */
  VB_RANK_GROUP,  /* inside a group */
  VB_RANK_LINES,  /* inside a paragraph whose style keeps its lines */
  VB_RANK_NEXT,   /* behind a heading, and inside the two lines that follow it */
  VB_RANK_SIGN,   /* between the last lines of text and the signature */
  VB_RANK_WIDOW,  /* leaves one line of a paragraph alone */
  VB_RANK_ROW,    /* head without a row, group row last, total row first; rule without its text */
  VB_RANK_FORCE   /* a page break that the document asks for */
} vb_rank;

typedef enum vb_frag_kind { VB_FRAG_LINE, VB_FRAG_BOXES, VB_FRAG_STACK, VB_FRAG_ROW, VB_FRAG_BREAK } vb_frag_kind;

typedef struct vb_stack vb_stack;
typedef struct vb_cluster vb_cluster;

typedef struct vb_frag {
  vb_frag_kind kind;
  uint8_t rank;
  uint8_t gen;
  uint8_t lines;        /* lines of text it counts for */
  bool foot;            /* stands at the foot of its page; takes its height there */
  vb_len space, height; /* space is dropped at the top of a page or container */
  vb_len x;
  union {
    struct { vb_para *p; uint32_t i; } line;
    struct { vb_box *box; uint32_t n; } boxes; /* x from the container's left edge, y from the fragment's top, negative downwards */
    struct { vb_stack *stack; vb_box *frame; } stack; /* frame NULL: none */
    struct { vb_cluster *c; uint32_t row; } row;
  } u;
} vb_frag;

/* Fragments one below the other. */
struct vb_stack {
  vb_frag *at;
  uint32_t n, cap;      /* cap counts from at */
  vb_frag *heap;        /* the page queue: its block from vb_mem, at stands in it; NULL: in l->arena */
  vb_len top;           /* pushed down by so much, to be level with a neighbour */
  vb_len after;         /* space the last block wants below */
  int need;             /* lines that must still follow a heading */
  const vb_node *group; /* the group whose blocks are being added */
  const vb_para *last;  /* paragraph before a rule */
  vb_len rule_x, rule_w, rule_last; /* the longest line of it, and of those before it that name the same thing; width of its last line */
};

vb_status vb_stack_push(vb_layout *l, vb_stack *s, vb_frag f);
/* A fragment that begins a block: space collapsed with the block before, rank after the heading before. */
vb_status vb_stack_block(vb_layout *l, vb_stack *s, vb_frag f, vb_len before);
void vb_stack_counted(vb_stack *s, int lines); /* that many lines now follow the heading */
vb_len vb_stack_height(const vb_stack *s, uint32_t from);
static inline vb_len vb_len_add(vb_len a, vb_len b) {
  int64_t sum = (int64_t)a + b;
  return sum > VB_LEN_MAX ? VB_LEN_MAX : (vb_len)sum;
}

/* Blocks below root in order: groups without a frame, lists and items are entered. An item without a paragraph at its head is
 * given itself, for its label. */
typedef struct vb_blocks { const vb_node *root, *at; } vb_blocks;
bool vb_blocks_next(vb_blocks *b);
vb_status vb_block_lay(vb_layout *l, const vb_context *c, vb_stack *s, const vb_node *root, const vb_node *block);
vb_status vb_blocks_lay(vb_layout *l, const vb_context *c, vb_stack *s, const vb_node *root);
vb_status vb_para_lay(vb_layout *l, vb_stack *s, vb_para *p, vb_len width);

/* ---- rows: tables and columns ---------------------------------------------------------------------------------- */

typedef struct vb_cellbox {
  const vb_node *node;      /* CELL or COLUMN */
  vb_stack stack;
  vb_stack *copy;           /* what a continued part repeats; NULL: nothing */
  uint32_t next;            /* first fragment not yet set */
  uint16_t row, rowspan, col, colspan;
  vb_valign valign;
} vb_cellbox;

typedef struct vb_rowbox {
  const vb_node *node;
  vb_len h;
  vb_row_kind kind;
  bool cut;                  /* a part of it is set */
  vb_cluster *carry, *after; /* what a page that ends before it, or in it, carries over; NULL: nothing. They lie in its arena */
} vb_rowbox;

typedef struct vb_table vb_table;

/* Sums of the columns that carry, up to the row laid last. */
typedef struct vb_carry {
  int first;                /* leftmost of the columns */
  bool some;                /* at least one figure was counted */
  bool has[VB_TABLE_COLUMNS_MAX];
  vb_dec sum[VB_TABLE_COLUMNS_MAX];
} vb_carry;

/* Rows tied together by row spans; usually one. */
struct vb_cluster {
  vb_table *table;          /* NULL: COLUMNS */
  const vb_len *edge;       /* n_cols + 1 column edges */
  vb_cellbox *cells;
  vb_rowbox *rows;
  uint32_t *grid;           /* rows × columns: index of the covering cell */
  uint32_t n_cells, n_rows;
  uint16_t n_cols;
  vb_len pad_x, pad_y, min_height;
  bool head;
};

struct vb_table {
  vb_table *next;           /* list of tables that may still be needed */
  const vb_node *node;
  vb_arena *arena;          /* lives as long as a fragment points here */
  vb_len *edge;
  vb_len *whole, *part;     /* DECIMAL columns: widest before and from the comma on */
  vb_cluster *head;         /* all head rows; NULL: none */
  vb_len head_height;
  bool repeat;              /* the head fits at the top of each page */
  const vb_node *row;       /* next held body row */
  vb_node *ahead;           /* streamed row already fetched; NULL */
  bool done, any;
  vb_carry *carry;          /* NULL: no column carries */
};

vb_status vb_columns_solve(vb_layout *l, vb_table *t, vb_len width);
/* The context in which a cell's content is set. */
vb_context vb_cell_context(const vb_node *table, const vb_node *row, const vb_node *cell, int col);
vb_style_id vb_cell_style(const vb_node *row, const vb_node *cell);
/* "-" for an empty cell of a column that asks for it; else empty. */
vb_span vb_cell_dash(const vb_node *table, const vb_node *row, const vb_node *cell, int col);
vb_status vb_table_open(vb_layout *l, const vb_node *node, vb_table **out);
/* Rows from `row` on that hang together, at least `rows` of them, in l->arena. */
vb_status vb_cluster_make(vb_layout *l, vb_table *t, const vb_node *row, uint32_t rows, vb_cluster **out);
/* Adds the next rows to s. VB_DONE behind the last. */
vb_status vb_table_more(vb_layout *l, vb_table *t, vb_stack *s);
vb_status vb_cluster_of_columns(vb_layout *l, const vb_context *c, const vb_node *columns, vb_cluster **out);
/* Splits a number at its comma: bytes before it. False when it is not a figure. */
bool vb_decimal_split(vb_span s, size_t *whole);

/* rows.c. Heights of rows `from` on, for what is not yet set. */
void vb_cluster_solve(vb_cluster *c, uint32_t from);
/* Behind a page that ended before row `row` (or inside it): makes the labels that the continued cells repeat, solves again. */
vb_status vb_cluster_continue(vb_layout *l, vb_cluster *c, uint32_t row);
/* Whether a cell of the row has text that is not yet set. */
bool vb_cluster_left(const vb_cluster *c, uint32_t row);
/* Cuts row `row` at `avail`: height that whole lines of its cells take there. */
vb_len vb_cluster_cut(const vb_cluster *c, uint32_t row, vb_len avail);

/* carry.c. Labels of the two rows: at the foot of a table's part, at the head of the next. */
#define VB_CARRY_FOOT "Cộng mang sang"
#define VB_CARRY_HEAD "Số trang trước mang sang"
vb_carry *vb_carry_new(vb_arena *a, const vb_node *table, vb_status *st); /* NULL: nothing is carried, or *st is VB_NOMEM */
/* Adds the figure of a data row's cell, if its column carries: numbers and money, no percentages and ratios. */
vb_status vb_carry_count(vb_layout *l, vb_carry *k, const vb_node *table, const vb_node *cell, int col);
void vb_carry_close(vb_carry *k); /* behind a total row: the sum begins anew */
/* A row that shows the sums, which no table lists; NULL when out of memory. */
vb_node *vb_carry_row(vb_arena *a, const vb_node *table, const vb_carry *k, vb_span label);
/* Row 0 for the foot, row 1 for the head, in l->arena; *out NULL: nothing counted yet, or no room for it on a page. */
vb_status vb_carry_lay(vb_layout *l, vb_table *t, vb_cluster **out);
/* What the page carries over when it ends before fragment `end`, or inside fragment i; what it takes over. NULL: nothing. */
vb_cluster *vb_carry_foot(const vb_layout *l, uint32_t end);
vb_cluster *vb_carry_cut(const vb_layout *l, uint32_t i);
vb_cluster *vb_carry_head(const vb_layout *l);

/* chart.c */
vb_status vb_chart_lay(vb_layout *l, const vb_context *c, vb_stack *s, const vb_node *chart);

/* ---- boxes ---------------------------------------------------------------------------------------------------- */

vb_status vb_box_put(vb_layout *l, vb_box b);
vb_status vb_line_put(vb_layout *l, const vb_para *p, uint32_t i, vb_len x, vb_len top);
/* Fragment with its top left corner at x, top (page coordinates). */
vb_status vb_frag_put(vb_layout *l, const vb_frag *f, vb_len x, vb_len top);
/* Rows from … to of a cluster, all of them that stand on this page. */
typedef struct vb_part { vb_cluster *c; uint32_t from, to; } vb_part;
vb_status vb_rows_put(vb_layout *l, vb_part part, vb_len x, vb_len top);

/* Frame lines of the table part that is being set on this page; rows.c. */
typedef struct vb_frame {
  const vb_table *table;
  vb_len x, bottom;
  bool top;                                  /* the next row is the first of the part */
  vb_len open[VB_TABLE_COLUMNS_MAX + 1];     /* y where an upright line began; -1: none */
} vb_frame;
void vb_frame_begin(vb_layout *l, const vb_table *t, vb_len x, vb_len top);
vb_status vb_frame_row(vb_layout *l, const vb_cluster *c, uint32_t row, vb_len top, vb_len h);
vb_status vb_frame_end(vb_layout *l);

/* ---- the whole ------------------------------------------------------------------------------------------------ */

typedef struct vb_geometry { vb_len page_w, page_h, left, right, top, bottom, w, h; } vb_geometry; /* w, h: of the text area */

struct vb_layout {
  vb_diag *d;
  const vb_doc *doc;
  const vb_fontset *fonts;
  const vb_node *only;
  vb_metrics m;
  vb_breaker k;
  vb_arena *base;        /* lives as long as the layout */
  vb_arena *gen[2];      /* what pages hold; emptied in turn */
  vb_arena *scratch;     /* measuring */
  int cur;
  vb_arena *arena;       /* where things are made just now */
  vb_geometry geo;
  const vb_node *sequence, *next_sequence;
  vb_blocks blocks;
  bool ended;            /* no more blocks in the sequence */
  vb_stack queue;
  vb_table *table;       /* whose rows are being added; NULL */
  vb_table *tables;
  vb_frame frame;
  vb_box *boxes, *rules; /* of the page; frame lines wait in rules */
  uint32_t n_boxes, cap_boxes, n_rules, cap_rules;
  bool copying;          /* boxes put now are copies */
  vb_page page;
  int pages, in_sequence;
  uint32_t lines, paragraphs;
  int64_t stretch_sum, stretch_worst, justified; /* 1/1000 */
};

vb_status vb_glyphs_check(vb_layout *l);              /* glyphs.c: the tree, before any page */
vb_status vb_glyphs_check_row(vb_layout *l, const vb_node *table, const vb_node *row); /* a streamed row */
vb_status vb_flow_page(vb_layout *l, bool *any);      /* flow.c: fills the page of l->sequence; *any false: the sequence is done */
void vb_flow_begin(vb_layout *l, const vb_node *sequence);
void vb_tables_drop(vb_layout *l, bool all);
bool vb_grow(void **p, uint32_t *cap, uint32_t want, size_t size); /* at least want items; false when out of memory */

#endif
