/* What the two files of the entry workbook share: entry.c (sheet, head, rows) and entry_cell.c (what an input takes and watches). */
#ifndef VB_ENTRY_INT_H
#define VB_ENTRY_INT_H

#include "write/xlsx_int.h"

enum { ENTRY_CODE, ENTRY_LABEL, ENTRY_MEASURE, ENTRY_VALUE, ENTRY_BEFORE, ENTRY_NOTE, ENTRY_RULE, ENTRY_UNIT, ENTRY_PERIOD, ENTRY_COLUMNS };

/* Sheet rows from 0: title, unit, codes, two lines of advice, head. The reader looks for the head among the first 20. */
enum { ENTRY_TITLE_ROW, ENTRY_NAME_ROW, ENTRY_CODES_ROW, ENTRY_HELP_ROW, ENTRY_HEAD_ROW, ENTRY_FIRST_ROW };

typedef enum vb_entry_look {
  ENTRY_LOOK_TITLE, ENTRY_LOOK_TOP, ENTRY_LOOK_TOP_CODE, ENTRY_LOOK_HELP, ENTRY_LOOK_HEAD, ENTRY_LOOK_TEXT, ENTRY_LOOK_GROUP, ENTRY_LOOK_CENTER,
  ENTRY_LOOK_BEFORE, ENTRY_LOOK_BEFORE_DATE, ENTRY_LOOK_CLOSED, ENTRY_LOOK_NOTE, ENTRY_LOOK_INPUT, ENTRY_LOOK_INPUT_COUNT, ENTRY_LOOK_INPUT_DATE,
  ENTRY_LOOK_INPUT_TEXT, ENTRY_LOOK_BAD, ENTRY_LOOKS
} vb_entry_look;

typedef struct vb_entry_book {
  const vb_entry *e;
  vb_map *rows;              /* code → its row in e */
  struct lxw_worksheet *ws;
  struct lxw_format *looks[ENTRY_LOOKS];
} vb_entry_book;

uint32_t vb_entry_sheet_row(const vb_entry *e, const vb_entry_row *r);
/* A figure into a cell under a format. */
vb_status vb_entry_figure_write(vb_book *b, vb_entry_book *k, uint32_t row, int column, const vb_entry_row *r, vb_entry_look look);
/* The input cell of a row: figure so far, validation, conditional formats. */
vb_status vb_entry_input_write(vb_book *b, vb_entry_book *k, const vb_entry_row *r);
/* What the row's cell must satisfy, in words; in scratch, NULL when out of memory. */
const char *vb_entry_rule_text(vb_book *b, const vb_entry_book *k, const vb_entry_row *r);

#endif
