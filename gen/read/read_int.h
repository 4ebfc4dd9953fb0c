/* read_int: what the files of the room read share. For gen/read alone. */
#ifndef VB_READ_INT_H
#define VB_READ_INT_H

#include "read/read.h"

enum { HEAD_ROWS = 20 }; /* how far down a header row is looked for */

/* ---- names of columns ---- */

/* The names a dataset knows, folded; where no two columns share them, without tones as well. */
typedef struct vb_names vb_names;
vb_names *vb_names_new(const vb_dataset *set); /* NULL when out of memory */
void vb_names_free(vb_names *n);
/* Position in set->columns, or -1. */
int vb_names_find(vb_names *n, vb_span heading);
bool vb_names_failed(const vb_names *n); /* out of memory: what was not found may be there */
const char *vb_names_label(vb_names *n, size_t column); /* "code (mã)": for messages */
/* Whether heading is so near to a name of the column that it may have been meant. */
size_t vb_names_distance(vb_names *n, size_t column, vb_span heading);
enum { NAME_FAR = 4 };
vb_span vb_heading_fold(vb_arena *a, vb_span s); /* the name under which an unknown column is passed on */

/* ---- rows of cells → records ---- */

typedef struct vb_cell {
  vb_field field;   /* text.p NULL: absent */
  bool bad;         /* post `why` with `what` if the cell is used */
  vb_msg why;
  const char *what;
} vb_cell;

typedef struct vb_row { vb_cell *cells; size_t n; uint32_t line; } vb_row;

/* One run of rows under one header. */
typedef struct vb_table vb_table;
typedef struct vb_table_args { vb_diag *d; const char *file; vb_names *names; const vb_dataset *set; vb_sink sink; bool strict_width; } vb_table_args;
vb_table *vb_table_new(const vb_table_args *args);
void vb_table_free(vb_table *t);
/* How well a row would serve as header: columns matched; *whole when every required one is there. Out of memory shows in names. */
size_t vb_table_score(vb_table *t, const vb_row *row, bool *whole);
/* The next row. VB_OK, VB_BAD (posted; go on), or what stops the reading: VB_SYSTEM, VB_NOMEM. VB_DONE: stop without another word,
 * the header was wrong and has been posted. */
vb_status vb_table_row(vb_table *t, const vb_row *row);
vb_status vb_table_end(vb_table *t); /* posts that there was no header */
vb_place vb_cell_at(vb_diag *d, const char *file, const vb_cell *c);

/* ---- kinds of files ---- */

typedef struct vb_reading { vb_diag *d; const vb_source *src; const vb_dataset *set; vb_sink sink; vb_names *names; vb_arena *a; } vb_reading;

vb_status vb_read_csv(vb_reading *r, vb_span bytes);
/* The same for a long file in UTF-8, without holding it. *read false: it is none, or must be decoded whole. */
vb_status vb_read_csv_long(vb_reading *r, bool *read);
vb_status vb_read_xml(vb_reading *r, vb_span bytes);
vb_status vb_read_xlsx(vb_reading *r, vb_span bytes);

/* The bytes of a source: its own, or those of its file, read into b. .p is set. */
vb_status vb_source_bytes(vb_diag *d, const vb_source *src, size_t limit, vb_buf *b, vb_span *out);
/* Statuses of many records: the worst, but an end of iteration is no fault. True while reading may go on. */
bool vb_read_goes_on(vb_status *worst, vb_status st);

#endif
