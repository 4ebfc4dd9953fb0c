/* Widths of a sheet's columns: those of the paper, in pixels. Part of the workbook writer. */
#include "write/xlsx_int.h"

#define LEAST_PIXELS 8

vb_status vb_sheet_columns(vb_book *b, vb_sheet *s)
{
  vb_len widths[VB_TABLE_COLUMNS_MAX];
  int64_t right = 0, had = 0;
  vb_status st = vb_layout_widths(b->d, b->doc, b->o->fonts, s->node, widths);
  s->n_columns = s->node->u.table.n_columns;
  for (int c = 0; st == VB_OK && c < s->n_columns; c++) {
    right += widths[c]; /* edges are rounded down, not widths: what is lost does not add up */
    int64_t pixels = right / VB_XLSX_PIXEL - had;
    s->pixels[c] = (uint16_t)(pixels < LEAST_PIXELS ? LEAST_PIXELS : pixels);
    had += pixels;
  }
  return st;
}
