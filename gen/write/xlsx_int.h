/* What the files of the workbook writer share. No other file includes it.
 *
 * The way of a workbook: xlsx.c opens it and owns its end; xlsx_plan.c finds the sheets, their names, columns and lines, and the
 * place of each cell with a key; xlsx_text.c makes runs and measures them; xlsx_cell.c writes one cell; xlsx_formula.c its formula;
 * xlsx_table.c, xlsx_chart.c and xlsx_data.c write a sheet; xlsx_xml.c and xlsx_rows.c print for the library, xlsx_parts.c keeps its
 * temporary files, xlsx_pack.c its archive, and proves it whole. entry.c and entry_cell.c write the other kind of workbook, one to fill in, with the same opening, end and measuring.
 *
 * Invariants
 *  1. Sheet rows are planned before anything is written, so that a formula may point forward; a streamed table is planned as it
 *     goes, so that formulas point into it only from behind.
 *  2. A formula is written only where its exact result is the figure printed; else the figure stands alone.
 *  3. Row heights are multiples of 0.75 pt (a pixel) and at most 409.5 pt: a taller row takes several sheet rows, merged.
 *  4. All strings given to the library are NUL-terminated copies in the scratch arena, emptied row by row.
 */
#ifndef VB_XLSX_INT_H
#define VB_XLSX_INT_H

#include <stdio.h>

#include "text/text.h"
#include "write/write_int.h"

struct lxw_workbook;
struct lxw_worksheet;
struct lxw_format;

#define VB_XLSX_PIXEL VB_PT(0.75)          /* a pixel at 96 dpi */
#define VB_XLSX_PAD 7                      /* pixels of a cell that text cannot use, generously (Excel keeps 5, LibreOffice 2 x 0.35 mm) */
#define VB_XLSX_ROW_MAX VB_PT(400)         /* Excel's limit is 409.5 */
#define VB_XLSX_STRING_MAX 32767           /* characters of a cell */
#define VB_XLSX_NAME_MAX 31                /* characters of a sheet name */
#define VB_XLSX_FORMULA_MAX 8192           /* characters */
#define VB_XLSX_ARGS_MAX 255               /* arguments of a function */
#define VB_XLSX_LEVELS 7                   /* outline depth */
#define VB_XLSX_EXACT 999999999999999LL    /* a double prints 15 digits faithfully */

/* A stretch of text in one face. */
typedef struct vb_text_run { vb_span text; bool bold, italic, underline; } vb_text_run;

/* Text of a cell or line: runs, and what its paragraph says. */
typedef struct vb_cell_text {
  vb_text_run *runs, first; /* runs: first, while there is one; so it stays where it was made */
  uint32_t n_runs, cap_runs;
  vb_span whole;            /* all runs in one */
  const vb_value *value;    /* not NULL: the text is one figure */
  bool bold, italic;        /* the heaviest of the runs: for measuring */
} vb_cell_text;

/* A cell of the row that is being measured or written: where it begins, how it is set, what it prints. In scratch. */
typedef struct vb_cell_made { const vb_node *cell; int column; vb_cell_look look; vb_cell_text text; } vb_cell_made;
typedef struct vb_row_made { vb_cell_made *cells; uint32_t n; } vb_row_made;

/* What a cell format is made of; formats are made once a combination. */
typedef struct vb_look {
  int16_t size;             /* half points */
  uint8_t align, valign;    /* vb_align, vb_valign */
  bool bold, italic, underline, border, wrap, shrink;
  const char *number;       /* interned number format; NULL: general */
} vb_look;

typedef struct vb_format_slot { vb_look look; struct lxw_format *format; } vb_format_slot;

/* A paragraph above or below the table, merged across it. */
typedef struct vb_sheet_line { const vb_node *node; const char *label; vb_len height; vb_style_id style; } vb_sheet_line;

/* A table row in the sheet. */
typedef struct vb_sheet_row { uint32_t at; uint16_t parts; vb_len height; /* of each part */ } vb_sheet_row;

typedef enum vb_sheet_kind { VB_SHEET_TABLE, VB_SHEET_CHART } vb_sheet_kind;

typedef struct vb_sheet {
  vb_sheet_kind kind;
  const vb_node *node;      /* TABLE or CHART */
  const vb_node *sequence;
  const char *name;
  bool flat;                /* constant memory: streamed, or very long */
  int n_columns;
  uint16_t pixels[VB_TABLE_COLUMNS_MAX];
  vb_sheet_line *above, *below;
  uint32_t n_above, n_below;
  uint32_t first, head_end; /* sheet rows: first of the table, first behind its head */
  vb_sheet_row *rows;       /* of a held table */
  uint32_t n_rows, end;     /* end: sheet row behind the table, known for held tables */
  struct vb_cell_place *places;
  struct lxw_worksheet *ws;
} vb_sheet;

/* Where a key stands. */
typedef struct vb_cell_place {
  struct vb_cell_place *next; /* of the sheet, while its rows are planned: row then counts rows of the table */
  const vb_sheet *sheet;
  uint32_t row;
  uint16_t column;
  const vb_value *value;    /* NULL: no figure */
  const vb_node *cell;      /* of a held table: its formula is followed when looking for circles; else NULL */
  uint32_t stamp;           /* of the last search for circles that came by */
} vb_cell_place;

typedef struct vb_book {
  vb_diag *d;
  const vb_doc *doc;
  const vb_write_options *o;
  vb_arena *plan;           /* lives as long as the book */
  vb_arena *scratch;        /* emptied row by row */
  vb_arena *result;         /* the caller's: what vb_written points to */
  vb_written *told;         /* may be NULL */
  uint32_t cap_figures;
  struct lxw_workbook *wb;
  vb_sheet *sheets;
  uint32_t n_sheets;
  vb_map *keys;             /* key → vb_cell_place */
  vb_sheet data;            /* the data sheet; only name and ws are used */
  vb_format_slot *formats;
  uint32_t n_formats, cap_formats;
  const char **numbers;     /* interned number formats */
  uint32_t n_numbers, cap_numbers;
  vb_map *names;            /* sheet names taken, in lower case */
  uint32_t bodies_seen;     /* tables of the body, while naming sheets */
  uint32_t stamp;           /* searches for circles made */
  bool starved;             /* memory failed where a figure was asked for its format: its text would stand in its place */
} vb_book;

/* xlsx.c. Turns the library's error code into a message; VB_OK for none. */
vb_status vb_book_error(vb_book *b, int code, vb_place at);
/* A workbook in a scratch file: opened (b->wb), filled, closed, proved whole, its bytes in out, the file removed. */
vb_status vb_book_make(vb_book *b, vb_status (*fill)(vb_book *b, void *ctx), void *ctx, vb_buf *out);
/* Times New Roman as the font that column widths are counted in. Before the first sheet. */
vb_status vb_book_default_font(vb_book *b);
vb_status vb_book_locale(vb_diag *d); /* the library prints numbers with the locale's decimal sign: it must be a point */
#define VB_XLSX_FONT "Times New Roman"
#define VB_XLSX_NEVER 315532800 /* 1980-01-01: the archive's own epoch; 0 would be the clock */
vb_status vb_book_figure(vb_book *b, uint32_t trace, const vb_sheet *s, uint32_t row, int column);
/* A format of the cache, made at its first use. NULL when out of memory. */
struct lxw_format *vb_book_format(vb_book *b, const vb_look *look);
const char *vb_book_number(vb_book *b, const char *format); /* interned */
/* Page set-up, header and columns that all sheets have; landscape and width by the sheet's sequence. */
vb_status vb_book_page(vb_book *b, vb_sheet *s);
vb_len vb_book_width(const vb_book *b, const vb_node *sequence); /* printable width */

/* xlsx_plan.c */
bool vb_sheet_wanted(const vb_node *n);
vb_status vb_book_plan(vb_book *b);
/* The cells of a row; the grid goes on to the next. */
vb_status vb_row_make(vb_book *b, const vb_sheet *s, const vb_node *row, vb_grid *g, vb_row_made *out);
/* Sheet rows that a table row takes, and the height of each; for streams, whose rows span nothing. */
void vb_sheet_row_measure(vb_book *b, const vb_sheet *s, const vb_row_made *row, vb_sheet_row *out);
/* Registers the keys of a row that begins at a sheet row. */
vb_status vb_sheet_keys(vb_book *b, vb_sheet *s, const vb_row_made *row, uint32_t at);

/* xlsx_lines.c. Paragraphs above and below the sheet's table, and the sheet's name. */
vb_status vb_sheet_lines(vb_book *b, vb_sheet *s);
vb_status vb_sheet_name(vb_book *b, vb_sheet *s);
const char *vb_book_name_free(vb_book *b, vb_span wish); /* safe, short and unique; NULL when out of memory */

/* xlsx_columns.c. Widths of a table's columns in pixels, within the printable width. */
vb_status vb_sheet_columns(vb_book *b, vb_sheet *s);

/* xlsx_text.c. Texts live in scratch. */
vb_status vb_cell_make(vb_book *b, const vb_node *table, const vb_node *cell, int column, vb_cell_made *out);
vb_status vb_line_text_make(vb_book *b, const vb_sheet_line *line, vb_cell_text *out);
/* Lines and height that a text takes in a width of so many pixels. */
int vb_text_lines(const vb_book *b, const vb_cell_text *t, int size, int pixels);
vb_len vb_text_height(int size, int lines);
int vb_text_pixels(const vb_book *b, const vb_cell_text *t, int size); /* width on one line */

/* xlsx_value.c. The number format under which v prints as text; NULL when there is none and the text itself must stand,
 * and when memory fails, which b->starved says. */
const char *vb_value_format(vb_book *b, const vb_value *v, vb_span text);
double vb_value_serial(const vb_value *v); /* what the library is given: the number, or the day count of a date */

/* xlsx_cell.c */
vb_status vb_cell_write(vb_book *b, vb_sheet *s, const vb_cell_made *made, uint32_t row);
struct lxw_format *vb_cell_blank(vb_book *b, const vb_sheet *s, const vb_cell_made *made); /* of what it covers beside its first cell */
/* at: the sheet, row and column; from: the place in the input that an error names. */
vb_status vb_text_write(vb_book *b, const vb_cell_place *at, const vb_cell_text *t, const vb_look *look, vb_place from);

/* xlsx_formula.c. Writes the formula and says so in *done; leaves the cell alone when it cannot stand for the figure printed. */
vb_status vb_formula_write(vb_book *b, const vb_node *cell, struct lxw_format *f, const vb_cell_place *at, bool *done);
void vb_place_print(const vb_sheet *from, const vb_cell_place *p, bool absolute, vb_buf *out);

/* xlsx_table.c, xlsx_chart.c, xlsx_data.c */
vb_status vb_sheet_write_table(vb_book *b, vb_sheet *s);
vb_status vb_sheet_write_chart(vb_book *b, vb_sheet *s);
vb_status vb_book_write_data(vb_book *b);
vb_status vb_book_write_names(vb_book *b);
uint32_t vb_data_row(uint32_t datum); /* sheet row of an observation in the data sheet */
#define VB_DATA_VALUE_COLUMN 2

/* xlsx_outside.c. Standard error goes nowhere between the two; the first gives what the second takes. One thread only. */
int vb_hush(void);
void vb_unhush(int kept);

/* xlsx_parts.c. Whether a part could not be kept whole since the last call; nobody reads the results of the library's printing. *starved: for want
 * of memory, which is no matter of the folder for temporary files. */
bool vb_parts_lost(bool *starved);
bool vb_part_is(const FILE *file); /* one of the library's temporary files */
/* inner is read where file ends now, without being copied, and is closed with it. false: nothing was done. */
bool vb_part_take(FILE *file, FILE *inner);

/* xlsx_xml.c. What is printed comes together in one line and goes into the part at once. The line is kept from one to the next:
 * vb_part_line gives its start with so much room, NULL when out of memory; vb_part_put takes it up to its end. */
char *vb_part_line(size_t room);
void vb_part_put(FILE *file, const char *end);
/* Put at o; what they give is the place behind. */
#define VB_PART_NUMBER 32 /* room of one number, and the NUL behind it */
char *vb_part_number(char *o, double v);                        /* "%.16G" */
char *vb_part_cell(char *o, uint32_t row, uint16_t column);     /* "B14" */
char *vb_part_text(char *o, const char *s);                     /* between tags; five bytes at most for one */
/* Whether something of a part could not be printed for want of memory since the last call. */
bool vb_xml_lost(void);

/* xlsx_rows.c. The strings of the last workbook are forgotten. Whether one of this found no memory, and stands in no cell: it is not to be closed then. */
void vb_strings_forget(void);
bool vb_strings_lost(void);

/* xlsx_outside.c. The library's own function where the program's stands in front of it; NULL in *out when there is none. */
void vb_theirs(const char *name, void *out);

/* xlsx_pack.c. The archive that the library makes next is appended to out. Each start has its end. */
void vb_pack_start(vb_buf *out);
/* good: nothing has failed so far. VB_OK: the archive stands in out and every part of it is whole; else out is as before: VB_NOMEM,
 * or VB_SYSTEM without a message. */
vb_status vb_pack_end(bool good);
/* Whether a part is whole XML, by its first and its last bytes; both may be all of it. */
bool vb_pack_whole(vb_span head, vb_span tail);

#endif
