/* Widths of a sheet's columns: the template's thousandths of the printable width; columns left open share the rest by their content.
 * Part of the workbook writer. */
#include "write/xlsx_int.h"

#define SAMPLE_ROWS 300 /* enough to know a column by */
#define LEAST_PIXELS 24 /* "TT" in 13 pt */

typedef struct need { int natural, least; } need; /* pixels: on one line; of the longest word */

static int longest_word(const vb_book *b, const vb_cell_text *t, int size)
{
  int widest = 0;
  vb_cell_text word = *t;
  const char *p = t->whole.p, *end = p + t->whole.n;
  while (p < end) {
    const char *from = p;
    while (p < end && *p != ' ' && *p != '\n')
      p++;
    word.whole = (vb_span){from, (size_t)(p - from)};
    int w = vb_text_pixels(b, &word, size);
    widest = w > widest ? w : widest;
    p += p < end;
  }
  return widest;
}

static vb_status sample_row(vb_book *b, const vb_sheet *s, const vb_node *row, vb_grid *g, need *needs)
{
  for (const vb_node *c = row->first; c; c = c->next) {
    int column = vb_grid_cell(g, c), size = vb_cell_look_of(b->doc, s->node, c, column).size;
    vb_cell_text t;
    if (c->u.cell.colspan != 1 || s->node->u.table.columns[column].width)
      continue;
    vb_status st = vb_cell_text_make(b, s->node, c, column, &t);
    if (st != VB_OK)
      return st;
    int natural = vb_text_pixels(b, &t, size), least = longest_word(b, &t, size);
    needs[column].natural = natural > needs[column].natural ? natural : needs[column].natural;
    needs[column].least = least > needs[column].least ? least : needs[column].least;
  }
  vb_grid_row_end(g);
  return VB_OK;
}

/* The first rows of the table, held or streamed. */
static vb_status sample(vb_book *b, const vb_sheet *s, need *needs)
{
  vb_rows rows;
  vb_node *r = NULL;
  vb_grid g;
  vb_grid_start(&g, s->node);
  vb_status st = vb_rows_start(&rows, s->node, b->scratch);
  for (int i = 0; st == VB_OK && i < SAMPLE_ROWS; i++) {
    if (!s->node->u.table.stream)
      vb_arena_reset(b->scratch);
    st = vb_rows_next(&rows, &r);
    if (st == VB_OK)
      st = sample_row(b, s, r, &g, needs);
  }
  return st == VB_DONE ? VB_OK : st;
}

/* Open columns share `rest`: all get their longest word, what is left goes by how much more each wants. */
static void share(vb_sheet *s, const need *needs, int rest)
{
  int64_t least = 0, wish = 0;
  const vb_table_column *col = s->node->u.table.columns;
  for (int c = 0; c < s->n_columns; c++)
    if (!col[c].width) {
      least += needs[c].least;
      wish += needs[c].natural;
    }
  for (int c = 0; c < s->n_columns; c++) {
    if (col[c].width)
      continue;
    int64_t w = wish <= rest || wish == least ? (int64_t)rest * needs[c].natural / (wish ? wish : 1)
                                              : needs[c].least + (rest - least) * (needs[c].natural - needs[c].least) / (wish - least);
    s->pixels[c] = (uint16_t)(w < LEAST_PIXELS ? LEAST_PIXELS : w);
  }
}

vb_status vb_sheet_columns(vb_book *b, vb_sheet *s)
{
  need needs[VB_TABLE_COLUMNS_MAX];
  int total = vb_book_width(b, s->sequence) / VB_XLSX_PIXEL, rest = total;
  bool open = false;
  s->n_columns = s->node->u.table.n_columns;
  for (int c = 0; c < s->n_columns; c++) {
    int w = s->node->u.table.columns[c].width;
    needs[c] = (need){LEAST_PIXELS, LEAST_PIXELS};
    s->pixels[c] = (uint16_t)(w ? (w * total / 1000 > 8 ? w * total / 1000 : 8) : 0);
    rest -= s->pixels[c];
    open |= w == 0;
  }
  if (!open)
    return VB_OK;
  vb_status st = sample(b, s, needs);
  share(s, needs, rest > LEAST_PIXELS ? rest : LEAST_PIXELS);
  return st;
}
