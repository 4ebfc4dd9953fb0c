/* A table's sheet: lines above, head, body, lines below. Part of the workbook writer; calls libxlsxwriter.
 *
 * One way of writing serves sheets held in memory and sheets written row by row (flat): rows ascend, every cell of a row is written
 * once, from left to right. A merge over several rows is registered in flat sheets when its last row is written: the library then
 * cannot reach back to the first cell, and leaves its value alone. */
#include <xlsxwriter.h>

#include "write/xlsx_int.h"

#include <string.h>

/* What covers a column: a cell, from its first to its last sheet row. */
typedef struct cover {
  uint32_t first, last;
  int column, n;
  lxw_format *format;
  bool open;
} cover;

typedef struct pen {
  vb_book *b;
  vb_sheet *s;
  cover covers[VB_TABLE_COLUMNS_MAX]; /* by first column */
  int group;                          /* outline depth of the group that rows stand in */
} pen;

static vb_status row_open(vb_book *b, const vb_sheet *s, uint32_t row, vb_len height, int level)
{
  lxw_row_col_options o = {.hidden = 0, .level = (uint8_t)level, .collapsed = 0};
  return vb_book_error(b, (int)worksheet_set_row_opt(s->ws, row, (double)height / 1000, NULL, &o), VB_NOWHERE);
}

static vb_status merge(vb_book *b, const vb_sheet *s, const cover *c)
{
  if (c->first == c->last && c->n == 1)
    return VB_OK;
  lxw_error e = worksheet_merge_range(s->ws, c->first, (lxw_col_t)c->column, c->last, (lxw_col_t)(c->column + c->n - 1), "", c->format);
  return vb_book_error(b, (int)e, VB_NOWHERE);
}

/* ---- lines above and below ---------------------------------------------------------------------------------- */

static vb_status line_write(vb_book *b, vb_sheet *s, const vb_sheet_line *line, uint32_t *at)
{
  const vb_style *st = vb_style_get(line->style);
  const vb_node *n = line->node;
  vb_align align = n->u.para.align != VB_ALIGN_STYLE ? n->u.para.align : st->align;
  vb_look look = {.align = (uint8_t)align, .valign = VB_VALIGN_MIDDLE, .bold = st->bold, .italic = st->italic, .wrap = true};
  vb_len parts = (line->height + VB_XLSX_ROW_MAX - 1) / VB_XLSX_ROW_MAX;
  vb_cell_text t;
  look.size = (int16_t)(n->u.para.size ? n->u.para.size : vb_style_size(&b->doc->setup, st));
  vb_arena_reset(b->scratch);
  vb_status status = vb_line_text_make(b, line, &t);
  lxw_format *f = vb_book_format(b, &look);
  if (!f)
    return VB_NOMEM;
  uint32_t first = *at, last = first + (uint32_t)parts - 1;
  cover all = {.first = first, .last = last, .n = s->n_columns, .format = f};
  vb_cell_place where = {.sheet = s, .row = first};
  if (status == VB_OK && !s->flat)
    status = merge(b, s, &all);
  for (uint32_t r = first; status == VB_OK && r <= last; r++) {
    status = row_open(b, s, r, (line->height / parts + VB_XLSX_PIXEL - 1) / VB_XLSX_PIXEL * VB_XLSX_PIXEL, 0);
    if (status == VB_OK && s->flat && first == last)
      status = merge(b, s, &all);
    if (status == VB_OK && r == first)
      status = vb_text_write(b, &where, &t, &look, n->at);
  }
  if (status == VB_OK && s->flat && first != last)
    status = merge(b, s, &all);
  vb_walk w; /* figures in a title are printed figures too */
  vb_walk_init(&w, n);
  while (status == VB_OK && vb_walk_next(&w))
    if (!w.leaving && w.node->kind == VB_NODE_FIGURE)
      status = vb_book_figure(b, w.node->u.text.value.trace, s, first, 0);
  *at = last + 1;
  return status;
}

/* ---- rows --------------------------------------------------------------------------------------------------- */

/* A cell begins: cover its columns, merge where it can be done now, write its value. */
static vb_status cell_begin(pen *p, const vb_cell_made *made, uint32_t row, uint32_t last)
{
  int column = made->column;
  cover *c = &p->covers[column];
  *c = (cover){row, last, column, made->cell->u.cell.colspan, NULL, true};
  if (c->n > 1 || row != last)
    c->format = vb_cell_blank(p->b, p->s, made);
  vb_status st = (c->n > 1 || row != last) && !c->format ? VB_NOMEM : VB_OK;
  if (st == VB_OK && (!p->s->flat || row == last))
    st = merge(p->b, p->s, c);
  if (st == VB_OK && c->n > 1 && p->s->flat && row != last)
    for (int k = 1; st == VB_OK && k < c->n; k++)
      st = vb_book_error(p->b, (int)worksheet_write_blank(p->s->ws, row, (lxw_col_t)(column + k), c->format), VB_NOWHERE);
  return st == VB_OK ? vb_cell_write(p->b, p->s, made, row) : st;
}

/* Covers that go on in this row, or end in it. Held sheets have them filled by the merge. */
static vb_status covers_go_on(pen *p, uint32_t row)
{
  vb_status st = VB_OK;
  for (int i = 0; st == VB_OK && i < p->s->n_columns; i++) {
    cover *c = &p->covers[i];
    if (!c->open)
      continue;
    if (p->s->flat && row > c->first)
      for (int k = 0; st == VB_OK && k < c->n; k++)
        st = vb_book_error(p->b, (int)worksheet_write_blank(p->s->ws, row, (lxw_col_t)(c->column + k), c->format), VB_NOWHERE);
    if (row == c->last) {
      if (st == VB_OK && p->s->flat && row > c->first)
        st = merge(p->b, p->s, c);
      c->open = false;
    }
  }
  return st;
}

/* Group rows stand one level above what follows them. */
static int outline(pen *p, const vb_node *row)
{
  int level = row->u.row.level > 0 ? row->u.row.level : 0;
  if (row->u.row.kind == VB_ROW_HEAD || row->u.row.kind == VB_ROW_TOTAL || row->u.row.kind == VB_ROW_NOTE) {
    p->group = row->u.row.kind == VB_ROW_TOTAL ? 0 : p->group;
    return 0;
  }
  if (row->u.row.kind == VB_ROW_GROUP) {
    level = level > 0 ? level : 1;
    p->group = level;
    level--;
  } else {
    level = level > 0 ? level - 1 : p->group;
  }
  return level > VB_XLSX_LEVELS ? VB_XLSX_LEVELS : level;
}

/* One table row in its sheet rows; ends[k] is the last sheet row of a cell that spans k + 1 rows. */
static vb_status row_write(pen *p, const vb_node *row, const vb_row_made *made, const vb_sheet_row *plan)
{
  int level = outline(p, row);
  vb_status st = VB_OK;
  for (uint32_t part = 0; st == VB_OK && part < plan->parts; part++) {
    uint32_t at = plan->at + part;
    st = row_open(p->b, p->s, at, plan->height, level);
    for (uint32_t i = 0; part == 0 && st == VB_OK && i < made->n; i++) {
      int down = made->cells[i].cell->u.cell.rowspan;
      /* a row that spans is held, and its plan stands in the array: the row behind the span begins where the span ends */
      uint32_t last = down > 1 ? plan[down].at - 1 : plan->at + plan->parts - 1u;
      st = cell_begin(p, &made->cells[i], at, last);
    }
    if (st == VB_OK)
      st = covers_go_on(p, at);
  }
  return st;
}

static vb_status rows_write(vb_book *b, vb_sheet *s, uint32_t *at)
{
  pen p = {.b = b, .s = s};
  vb_rows rows;
  vb_node *r = NULL;
  vb_grid g;
  uint32_t i = 0;
  vb_grid_start(&g, s->node);
  vb_status st = vb_rows_start(&rows, s->node, b->scratch);
  while (st == VB_OK) {
    vb_sheet_row here;
    vb_row_made made;
    if (!rows.streaming)
      vb_arena_reset(b->scratch);
    st = vb_rows_next(&rows, &r);
    if (st == VB_OK)
      st = vb_row_make(b, s, r, &g, &made);
    if (st != VB_OK)
      break;
    if (!rows.streaming) {
      st = row_write(&p, r, &made, &s->rows[i++]);
      *at = s->rows[i].at;
      continue;
    }
    vb_sheet_row_measure(b, s, &made, &here);
    here.at = *at;
    st = vb_sheet_keys(b, s, &made, here.at);
    if (st == VB_OK)
      st = row_write(&p, r, &made, &here);
    *at += here.parts;
    if (st == VB_OK && *at >= LXW_ROW_MAX)
      st = VB_POST(b->d, VB_MSG_XLSX_ROWS, s->node->at, VB_NUM(LXW_ROW_MAX));
  }
  return st == VB_DONE ? VB_OK : st;
}

/* ---- the sheet ---------------------------------------------------------------------------------------------- */

/* Frozen rows must leave room on a small screen. */
#define FREEZE_MAX VB_PT(320)

static void freeze(const vb_sheet *s)
{
  int64_t height = 0;
  for (uint32_t i = 0; i < s->n_above; i++)
    height += s->above[i].height;
  for (uint32_t i = 0; i < s->n_rows && s->rows[i].at < s->head_end; i++)
    height += (int64_t)s->rows[i].height * s->rows[i].parts;
  if (s->head_end > s->first && height <= FREEZE_MAX)
    worksheet_freeze_panes(s->ws, s->head_end, 0);
}

vb_status vb_sheet_write_table(vb_book *b, vb_sheet *s)
{
  uint32_t at = 0;
  vb_status st = vb_book_page(b, s);
  worksheet_outline_settings(s->ws, LXW_TRUE, LXW_FALSE, LXW_TRUE, LXW_FALSE); /* groups are headed, not footed */
  freeze(s);
  for (uint32_t i = 0; st == VB_OK && i < s->n_above; i++)
    st = line_write(b, s, &s->above[i], &at);
  if (st == VB_OK && s->n_above) {
    st = row_open(b, s, at, VB_PT(6), 0);
    at++;
  }
  if (st == VB_OK)
    st = rows_write(b, s, &at);
  if (st == VB_OK && s->head_end > s->first)
    st = vb_book_error(b, (int)worksheet_repeat_rows(s->ws, s->first, s->head_end - 1), VB_NOWHERE);
  for (uint32_t i = 0; st == VB_OK && i < s->n_below; i++)
    st = line_write(b, s, &s->below[i], &at);
  if (st != VB_OK)
    return st;
  int e = (int)worksheet_print_area(s->ws, 0, 0, at - 1, (lxw_col_t)(s->n_columns - 1));
  if (e == LXW_NO_ERROR) { /* codes and order numbers are text that looks like numbers, on purpose */
    char range[LXW_MAX_CELL_RANGE_LENGTH];
    lxw_rowcol_to_range(range, 0, 0, at - 1, (lxw_col_t)(s->n_columns - 1));
    e = (int)worksheet_ignore_errors(s->ws, LXW_IGNORE_NUMBER_STORED_AS_TEXT, range);
  }
  return vb_book_error(b, e, VB_NOWHERE);
}
