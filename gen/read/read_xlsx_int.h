/* read_xlsx_int: what the files of the workbook reader share. For gen/read/read_xlsx*.c alone. */
#ifndef VB_READ_XLSX_INT_H
#define VB_READ_XLSX_INT_H

#include "read/read_int.h"
#include "xml/xml.h"
#include "zip/zip.h"

typedef enum vb_format { FORMAT_PLAIN, FORMAT_DATE, FORMAT_PERCENT } vb_format;

typedef struct vb_book_sheet { const char *name, *part; } vb_book_sheet;

typedef struct vb_book {
  vb_reading *r;
  vb_arena *a;
  vb_zip *zip;
  vb_buf bytes;             /* the part being read */
  vb_book_sheet *sheets;
  size_t n_sheets;
  vb_span *strings;
  size_t n_strings;
  vb_format *formats;       /* by cell style */
  size_t n_formats;
  bool date1904;
} vb_book;

vb_place vb_book_place(const vb_book *b);
/* Parses a part into arena a. Absent: VB_DONE. A fault of form: one message that names the part. */
vb_status vb_book_part(vb_book *b, vb_arena *a, const char *part, vb_xml_node **root);
vb_status vb_book_strings(vb_book *b, const char *part);
vb_status vb_book_styles(vb_book *b, const char *part);

/* The text of an <si> or <is>: runs joined, phonetic hints left out, _xHHHH_ resolved. .p NULL: out of memory. */
vb_span vb_book_rich_text(vb_arena *a, const vb_xml_node *n);
/* What a number cell shows: the decimal that was meant, a percentage in percent, a date as YYYY-MM-DD. false: not a number. */
bool vb_book_read_number(const vb_book *b, vb_arena *a, vb_span v, vb_format f, vb_field *out);
/* A number as written by a program ("0.56100000000000005", "1.2E-3") rounded to 15 significant digits, times 10^shift, in plain
 * notation. false when it is none, or needs more than 40 digits. */
bool vb_book_decimal(vb_span v, int shift, char out[64]);

/* Rows of one sheet, one after another. */
typedef struct vb_sheet vb_sheet;
vb_status vb_sheet_open(vb_book *b, const vb_book_sheet *which, vb_sheet **out);
void vb_sheet_close(vb_sheet *s);
/* The next row that has cells; VB_DONE at the end. The row lives until the next call. */
vb_status vb_sheet_next(vb_sheet *s, vb_row *row);
void vb_sheet_rewind(vb_sheet *s);

#endif
