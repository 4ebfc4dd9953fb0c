/* One cell of a sheet: typed value, formula, plain or rich text. Part of the workbook writer; calls libxlsxwriter. */
#include <xlsxwriter.h>

#include "write/xlsx_int.h"

#include <string.h>

static vb_look look_of(const vb_sheet *s, const vb_cell_look *k)
{
  return (vb_look){.size = (int16_t)k->size, .align = (uint8_t)k->align, .valign = (uint8_t)k->valign, .bold = k->bold, .italic = k->italic,
    .border = s->node->u.table.grid, .wrap = true};
}

struct lxw_format *vb_cell_blank(vb_book *b, const vb_sheet *s, const vb_cell_made *made)
{
  vb_look look = look_of(s, &made->look);
  return vb_book_format(b, &look);
}

/* Several runs: a rich string. The cell's format carries alignment and borders, each run a font. */
static vb_status write_rich(vb_book *b, const vb_cell_text *t, const vb_look *look, const vb_cell_place *at)
{
  lxw_rich_string_tuple *tuples = VB_NEW_ARRAY(b->scratch, lxw_rich_string_tuple, t->n_runs);
  lxw_rich_string_tuple **list = VB_NEW_ARRAY(b->scratch, lxw_rich_string_tuple *, t->n_runs + 1);
  lxw_format *cell = vb_book_format(b, look);
  if (!tuples || !list || !cell)
    return VB_NOMEM;
  for (uint32_t i = 0; i < t->n_runs; i++) {
    const vb_text_run *r = &t->runs[i];
    vb_look font = {.size = look->size, .bold = r->bold, .italic = r->italic, .underline = r->underline};
    tuples[i].format = vb_book_format(b, &font);
    tuples[i].string = vb_arena_str(b->scratch, r->text.p, r->text.n);
    if (!tuples[i].format || !tuples[i].string)
      return VB_NOMEM;
    list[i] = &tuples[i];
  }
  return vb_book_error(b, (int)worksheet_write_rich_string(at->sheet->ws, at->row, at->column, list, cell), VB_NOWHERE);
}

vb_status vb_text_write(vb_book *b, const vb_cell_place *at, const vb_cell_text *t, const vb_look *look, vb_place from)
{
  vb_look one = *look;
  if (t->whole.n > VB_XLSX_STRING_MAX && vb_utf8_length(t->whole) > VB_XLSX_STRING_MAX)
    return VB_POST(b->d, VB_MSG_XLSX_CELL_LONG, from, VB_NUM(vb_utf8_length(t->whole)), VB_NUM(VB_XLSX_STRING_MAX));
  if (t->n_runs > 1)
    return write_rich(b, t, look, at);
  if (t->n_runs == 1) {
    one.bold = t->runs[0].bold;
    one.italic = t->runs[0].italic;
    one.underline = t->runs[0].underline;
  }
  lxw_format *f = vb_book_format(b, &one);
  char *text = vb_arena_str(b->scratch, t->whole.n ? t->whole.p : "", t->whole.n);
  if (!f || !text)
    return VB_NOMEM;
  /* never worksheet_write_...(auto): a text that begins with = + - @ stays a text */
  lxw_worksheet *ws = at->sheet->ws;
  lxw_error e = t->whole.n ? worksheet_write_string(ws, at->row, at->column, text, f) : worksheet_write_blank(ws, at->row, at->column, f);
  return vb_book_error(b, (int)e, from);
}

/* Traces of what stands in the cell, for the list of printed figures. */
static vb_status record(vb_book *b, const vb_sheet *s, const vb_node *cell, uint32_t row, int column)
{
  vb_walk w;
  vb_status st = vb_book_figure(b, cell->u.cell.value.trace, s, row, column);
  vb_walk_init(&w, cell);
  while (st == VB_OK && cell->first && vb_walk_next(&w))
    if (!w.leaving && w.node->kind == VB_NODE_FIGURE)
      st = vb_book_figure(b, w.node->u.text.value.trace, s, row, column);
  return st;
}

/* A figure, where its printed form has a number format; else *done stays. look: the cell's, made over. */
static vb_status write_value(vb_book *b, const vb_node *cell, const vb_cell_place *at, vb_look *look, bool *done)
{
  if (!look->number)
    return VB_OK;
  look->wrap = false;
  look->shrink = true; /* rather small than "####" */
  lxw_format *f = vb_book_format(b, look);
  if (!f)
    return VB_NOMEM;
  vb_status st = cell->u.cell.formula.kind != VB_FORMULA_NONE ? vb_formula_write(b, cell, f, at, done) : VB_OK;
  if (st != VB_OK || *done)
    return st;
  *done = true;
  return vb_book_error(b, (int)worksheet_write_number(at->sheet->ws, at->row, at->column, vb_value_serial(at->value), f), cell->at);
}

vb_status vb_cell_write(vb_book *b, vb_sheet *s, const vb_cell_made *made, uint32_t row)
{
  const vb_node *cell = made->cell;
  const vb_cell_text *t = &made->text;
  vb_look look = look_of(s, &made->look), typed = look;
  bool done = false;
  vb_cell_place at = {.sheet = s, .row = row, .column = (uint16_t)made->column, .value = t->value};
  vb_status st = record(b, s, cell, row, made->column);
  if (st == VB_OK && t->value) {
    typed.number = vb_value_format(b, t->value, t->whole);
    typed.bold = t->bold;
    typed.italic = t->italic;
    st = write_value(b, cell, &at, &typed, &done);
  } else if (st == VB_OK && cell->u.cell.formula.kind == VB_FORMULA_RATIO) {
    lxw_format *f = vb_book_format(b, &look); /* a ratio that cannot be: guarded, and printed as the words it has now */
    st = f ? vb_formula_write(b, cell, f, &at, &done) : VB_NOMEM;
  }
  return st == VB_OK && !done ? vb_text_write(b, &at, t, &look, cell->at) : st;
}
