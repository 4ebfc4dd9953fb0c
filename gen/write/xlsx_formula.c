/* Formulas: SUM, DIFF and RATIO over keyed cells, proved against the figure that is printed. Part of the workbook writer.
 *
 * A program that recalculates must show the figures of the paper. So the formula is worked out here with exact decimals; where its
 * result is not the printed figure (a wrong total kept on purpose, a rounding of its own), the figure stands without a formula. */
#include <xlsxwriter.h>

#include "write/xlsx_int.h"

#include <stdlib.h>
#include <string.h>

#define RUNS_MAX (VB_XLSX_ARGS_MAX * 8) /* ranges of one sum: beyond it the formula is longer than Excel allows */

static bool numeric(const vb_value *v)
{
  return v && (v->type == VB_VALUE_NUMBER || v->type == VB_VALUE_PERCENT || v->type == VB_VALUE_MONEY);
}

/* What a spreadsheet takes the cell for: texts and blanks are nothing. */
static vb_dec figure(const vb_cell_place *p)
{
  return numeric(p->value) ? p->value->num : (vb_dec){0, 0};
}

/* An address, with the sheet's name where it is another's. */
void vb_place_print(const vb_sheet *from, const vb_cell_place *p, bool absolute, vb_buf *out)
{
  char cell[LXW_MAX_CELL_NAME_LENGTH + 8];
  if (p->sheet != from) {
    vb_buf_char(out, '\'');
    for (const char *c = p->sheet->name; *c; c++) {
      if (*c == '\'')
        vb_buf_char(out, '\'');
      vb_buf_char(out, *c);
    }
    vb_buf_str(out, "'!");
  }
  const char *end = vb_part_cell(cell, p->row, p->column), *row = cell;
  while (*row > '9')
    row++;
  if (absolute)
    vb_buf_char(out, '$');
  vb_buf_add(out, cell, (size_t)(row - cell));
  if (absolute)
    vb_buf_char(out, '$');
  vb_buf_add(out, row, (size_t)(end - row));
}

/* ---- sum ---------------------------------------------------------------------------------------------------- */

static int by_place(const void *x, const void *y)
{
  const vb_cell_place *a = *(const vb_cell_place *const *)x, *b = *(const vb_cell_place *const *)y;
  if (a->sheet != b->sheet)
    return a->sheet < b->sheet ? -1 : 1;
  if (a->column != b->column)
    return a->column < b->column ? -1 : 1;
  return a->row < b->row ? -1 : a->row > b->row;
}

/* One below the other without a gap: no other cell can lie between. */
static bool adjoins(const vb_cell_place *a, const vb_cell_place *b)
{
  return a->sheet == b->sheet && a->column == b->column && a->row + 1 == b->row;
}

static bool sum_print(const vb_sheet *s, const vb_cell_place **p, uint32_t n, vb_buf *out)
{
  uint32_t args = 0, runs = 0;
  qsort(p, n, sizeof(void *), by_place);
  vb_buf_str(out, "=SUM(");
  for (uint32_t i = 0, k; i < n; i = k + 1) {
    for (k = i; k + 1 < n && adjoins(p[k], p[k + 1]); k++)
      ;
    if (++runs > RUNS_MAX)
      return false;
    if (args == VB_XLSX_ARGS_MAX) {
      vb_buf_str(out, ")+SUM(");
      args = 0;
    }
    if (args++)
      vb_buf_char(out, ',');
    vb_place_print(s, p[i], false, out);
    if (k > i) {
      vb_cell_place last = *p[k];
      last.sheet = s; /* the sheet is named once */
      vb_buf_char(out, ':');
      vb_place_print(s, &last, false, out);
    }
  }
  vb_buf_char(out, ')');
  return true;
}

/* ---- operands of difference and ratio ----------------------------------------------------------------------- */

/* A text would make "#VALUE!"; N() takes it for 0, as the paper does. */
static void operand(const vb_sheet *s, const vb_cell_place *p, vb_buf *out)
{
  bool bare = numeric(p->value);
  if (!bare)
    vb_buf_str(out, "N(");
  vb_place_print(s, p, false, out);
  if (!bare)
    vb_buf_char(out, ')');
}

/* x*scale/y and not x/y*scale: the division is then the only inexact step, and ties round as they do on paper. */
static void ratio_print(const vb_sheet *s, const vb_formula *f, const vb_cell_place **p, vb_buf *out)
{
  vb_buf_str(out, "ROUND(");
  operand(s, p[0], out);
  if (f->scale != 1)
    vb_buf_printf(out, "*%d", f->scale);
  vb_buf_char(out, '/');
  operand(s, p[1], out);
  vb_buf_printf(out, ",%d)", f->places);
}

/* ---- proof and writing -------------------------------------------------------------------------------------- */

typedef enum outcome { NO_RESULT, IS_FIGURE, IS_BLANK } outcome;

static outcome work_out(const vb_formula *f, const vb_cell_place **p, vb_dec *out)
{
  *out = (vb_dec){0, 0};
  switch (f->kind) {
  case VB_FORMULA_SUM:
    for (uint32_t i = 0; i < f->n_refs; i++)
      if (!vb_dec_add(*out, figure(p[i]), out))
        return NO_RESULT;
    return IS_FIGURE;
  case VB_FORMULA_DIFF:
    *out = figure(p[0]);
    for (uint32_t i = 1; i < f->n_refs; i++)
      if (!vb_dec_sub(*out, figure(p[i]), out))
        return NO_RESULT;
    return IS_FIGURE;
  case VB_FORMULA_RATIO: {
    vb_dec x;
    if (f->n_refs != 2 || !vb_dec_mul(figure(p[0]), (vb_dec){f->scale, 0}, &x))
      return NO_RESULT;
    if (figure(p[1]).n == 0)
      return IS_BLANK;
    return vb_dec_ratio(x, figure(p[1]), f->places, out) ? IS_FIGURE : NO_RESULT;
  }
  default: return NO_RESULT;
  }
}

/* guard: NULL, or what stands in place of a ratio that cannot be. */
static bool print(const vb_sheet *s, const vb_formula *f, const vb_cell_place **p, const vb_span *guard, vb_buf *out)
{
  if (f->kind == VB_FORMULA_SUM)
    return sum_print(s, p, f->n_refs, out);
  vb_buf_char(out, '=');
  if (f->kind == VB_FORMULA_DIFF) {
    for (uint32_t i = 0; i < f->n_refs; i++) {
      if (i)
        vb_buf_char(out, '-');
      operand(s, p[i], out);
    }
    return true;
  }
  if (guard) { /* the words of now stand for as long as there is nothing to divide by */
    vb_buf_str(out, "IF(");
    operand(s, p[1], out);
    vb_buf_str(out, "=0,\"");
    vb_buf_span(out, *guard);
    vb_buf_str(out, "\",");
  }
  ratio_print(s, f, p, out);
  if (guard)
    vb_buf_char(out, ')');
  return true;
}

/* Whether p's own formula leads to `to` again. Forms may state a total and a rest that follow from each other; a sheet may not. */
static bool circles(vb_book *b, vb_cell_place *p, const vb_cell_place *to, int depth)
{
  if (p->sheet == to->sheet && p->row == to->row && p->column == to->column)
    return true;
  if (depth == VB_FORMULA_DEPTH_MAX)
    return true;
  if (p->stamp == b->stamp || !p->cell)
    return false;
  p->stamp = b->stamp;
  const vb_formula *f = &p->cell->u.cell.formula;
  for (uint32_t i = 0; f->kind != VB_FORMULA_NONE && i < f->n_refs; i++) {
    vb_cell_place *q = vb_map_get(b->keys, vb_span_of(f->refs[i]));
    if (q && circles(b, q, to, depth + 1))
      return true;
  }
  return false;
}

/* Cells of all keys; NULL when one is not in the workbook (vb_doc_verify has warned), not yet known, or leads back here. */
static const vb_cell_place **resolve(vb_book *b, const vb_formula *f, const vb_cell_place *at, vb_status *st)
{
  const vb_cell_place **p = VB_NEW_ARRAY(b->scratch, const vb_cell_place *, f->n_refs ? f->n_refs : 1);
  *st = p ? VB_OK : VB_NOMEM;
  b->stamp++;
  for (uint32_t i = 0; p && i < f->n_refs; i++) {
    vb_cell_place *q = vb_map_get(b->keys, vb_span_of(f->refs[i]));
    if (!q || circles(b, q, at, 0) || (at->sheet->node->u.table.stream && q->sheet != at->sheet))
      return NULL;
    p[i] = q;
  }
  return f->n_refs ? p : NULL;
}

vb_status vb_formula_write(vb_book *b, const vb_node *cell, struct lxw_format *format, const vb_cell_place *at, bool *done)
{
  const vb_sheet *s = at->sheet;
  const vb_formula *f = &cell->u.cell.formula;
  const vb_value *v = at->value;
  vb_span words = cell->u.cell.text;
  vb_status st;
  vb_dec result;
  vb_buf text;
  const vb_cell_place **p = resolve(b, f, at, &st);
  outcome o = p ? work_out(f, p, &result) : NO_RESULT;
  bool stands = o == IS_FIGURE ? numeric(v) && vb_dec_cmp(result, v->num) == 0
                               : o == IS_BLANK && !v && !cell->first && (words.n == 0 || !memchr(words.p, '"', words.n));
  vb_cell_place *own = !stands && cell->u.cell.key ? vb_map_get(b->keys, vb_span_of(cell->u.cell.key)) : NULL;
  if (own)
    own->cell = NULL; /* a bare figure: no circle goes through it */
  if (!stands)
    return st;
  vb_buf_init(&text);
  if (print(s, f, p, o == IS_BLANK ? &words : NULL, &text) && !text.failed && text.n <= VB_XLSX_FORMULA_MAX) {
    char *cached = vb_arena_str(b->scratch, words.n ? words.p : "", words.n);
    int e = !cached ? LXW_ERROR_MEMORY_MALLOC_FAILED
            : o == IS_FIGURE
              ? (int)worksheet_write_formula_num(s->ws, at->row, at->column, vb_buf_cstr(&text), format, vb_dec_to_double(v->num))
              : (int)worksheet_write_formula_str(s->ws, at->row, at->column, vb_buf_cstr(&text), format, cached);
    *done = true;
    st = vb_book_error(b, e, cell->at);
  }
  st = text.failed ? VB_NOMEM : st;
  vb_buf_free(&text);
  return st;
}
