/* read: CSV, XML, sheets of workbooks and narrative files → records, each field with its place, pushed into a sink.
 *
 * This room knows the shape of files, not their meaning: which columns there should be is told by a vb_dataset; types, codes and
 * duplicates are the store's. One reader serves an office's own sheet, a CSV and a published XML alike.
 *
 * Invariants
 *  1. Fields are trimmed NFC text; a field that was absent differs from an empty one (span.p NULL).
 *  2. Places count characters of the decoded line (workbooks: Sheet!D14).
 *  3. A file is read once, front to back; errors in one record do not stop the next.
 */
#ifndef VB_READ_H
#define VB_READ_H

#include "base/base.h"
#include "text/text.h"

/* One column that a dataset knows. Names are matched folded (vb_text_fold): id, or any of the aliases separated by "|"; without tones
 * too (vb_text_bare) where that leaves no doubt. */
typedef struct vb_column { const char *id; const char *aliases; bool required; } vb_column;

/* What a file may hold. `wide`: instead of value columns, every further column heading is a unit (code or name): the record is
 * repeated once a unit, with "unit" and "value" set and the heading's place kept. Extra columns are reported (info; a warning where
 * a wide table has a heading that is no unit) unless any_columns. */
typedef struct vb_dataset {
  const char *name;              /* "values", "units", "thiet-bi" … */
  const vb_column *columns; size_t n_columns;
  bool any_columns;              /* unknown columns are passed on under their folded heading */
  bool may_be_wide;              /* values: long or wide, found by the header (a "unit"/"value" column or not) */
  bool (*is_unit)(void *ctx, vb_span heading); /* wide: whether a heading names a unit; may be NULL */
  void *ctx;
} vb_dataset;

/* Numbers of a workbook come as typed_number in machine form ("1714", "56.1", point, no grouping): the decimal that was meant, rounded
 * to 15 significant digits. Under a percent format the text is in percent: 0.561 shown as "56,1%" is "56.1". Cells under a date
 * format come as typed_date, YYYY-MM-DD, without the time; a time alone stays a number. Booleans are TRUE and FALSE. */
typedef struct vb_field { vb_span text; uint32_t line, column; const char *cell; bool typed_number, typed_date; } vb_field;

/* Borrowed until the sink returns, but for `file`. */
typedef struct vb_record {
  const char *file;              /* interned */
  const vb_field *fields;        /* by position in dataset->columns */
  const vb_field *extra; const char *const *extra_names; size_t n_extra; /* any_columns */
  vb_field heading;              /* wide: the unit's heading */
  uint32_t line;                 /* the line it begins on; the row's number in a workbook */
} vb_record;

typedef struct vb_sink { vb_status (*record)(void *ctx, const vb_record *r); void *ctx; } vb_sink;

typedef struct vb_source {
  const char *path;              /* to open */
  const char *file;              /* to show: relative to the job */
  vb_encoding encoding;          /* AUTO unless declared */
  const char *sheet;             /* workbook: name of the sheet; NULL: the first that has the header */
  vb_span bytes;                 /* of the file, where the caller has read it; .p NULL: it is read from path */
} vb_source;

/* Reads one file by its ending and content (.csv .tsv .txt, .xml, .xlsx) into the sink. The header row of CSV and workbooks is
 * found among the first 20 rows (title rows above it are skipped). Missing required columns: VB_BAD, naming them and what was found,
 * with the nearest heading. The status is the worst met; all records that can be read are pushed. */
vb_status vb_read_file(vb_diag *d, const vb_source *src, const vb_dataset *set, vb_sink sink);

/* The published XML shape: <so-lieu> or <data> root, whose attributes are fields of every record that does not hold them itself; one
 * element a record, fields as attributes or child elements; schema templates/schemas/data.rng. */

/* Workbooks: relations lead to the parts. An error value, a formula without a saved value or a cell that cannot be read is an error
 * when a column of the dataset needs it. The value of merged cells belongs to the first. Hidden rows and sheets are read. */

/* Narrative: plain text of one slot. Blank line between paragraphs; lines that begin with "- " or "+ " are items of level 1 and 2
 * (further lines belong to the item until a blank line or the next mark); "{1.3.2}" a figure; "{{" a brace; *italic*, **bold**. Lines
 * of one block are joined by a space, and what a piece of text holds stands so in the file. A star without a partner in its block, and any
 * other mark, is text. */
typedef enum vb_narrative_kind { VB_NARR_PARA, VB_NARR_ITEM1, VB_NARR_ITEM2 } vb_narrative_kind;
typedef enum vb_piece_kind { VB_PIECE_TEXT, VB_PIECE_FIGURE } vb_piece_kind;
typedef struct vb_piece { struct vb_piece *next; vb_piece_kind kind; vb_span text; bool bold, italic; uint32_t line, column; } vb_piece;
typedef struct vb_narrative { struct vb_narrative *next; vb_narrative_kind kind; vb_piece *first; uint32_t line; } vb_narrative;
/* Reads a file of that form. The list lives in a. */
vb_status vb_read_narrative(vb_diag *d, vb_arena *a, const vb_source *src, vb_narrative **first);
/* The same from text already in memory (default text of a template); line is the first line's number. */
vb_status vb_read_narrative_text(vb_diag *d, vb_arena *a, vb_place at, vb_span text, vb_narrative **first);

#endif
