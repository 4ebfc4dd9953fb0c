/* Proof of a table: its columns, that its cells fill the grid, that head rows come first. Part of room doc.
 *
 * Cells take the free columns of their row from left to right, as in HTML. left[c] holds how many further rows the cell above
 * column c still covers. */
#include "doc/doc_int.h"

typedef struct grid {
  int16_t n_columns;
  int16_t left[VB_TABLE_COLUMNS_MAX];
  int16_t span[VB_TABLE_COLUMNS_MAX]; /* the row span that left[] came from, for the message */
  bool body;                          /* a body row was met */
} grid;

static vb_status columns(vb_proof *p, const vb_node *t)
{
  int sum = 0, open = 0, n = t->u.table.n_columns;
  if (n < 1 || n > VB_TABLE_COLUMNS_MAX || !t->u.table.columns)
    return VB_POST(p->d, VB_MSG_DOC_TABLE_COLUMNS, vb_node_place(t), VB_NUM(n), VB_NUM(VB_TABLE_COLUMNS_MAX));
  for (int i = 0; i < n; i++) {
    int w = t->u.table.columns[i].width;
    if (w < 0)
      return VB_POST(p->d, VB_MSG_DOC_TABLE_WIDTHS, vb_node_place(t), VB_NUM(w));
    sum += w;
    open += w == 0;
  }
  /* thirds and sevenths do not add up to 1000 exactly: a thousandth a column is rounding */
  bool fits = open ? sum < 1000 : sum >= 1000 - n && sum <= 1000 + n;
  return fits ? VB_OK : VB_POST(p->d, VB_MSG_DOC_TABLE_WIDTHS, vb_node_place(t), VB_NUM(sum));
}

/* Head or body rows end: no span may reach out. */
static vb_status closed(vb_proof *p, const grid *g, const vb_node *at)
{
  for (int c = 0; c < g->n_columns; c++)
    if (g->left[c] > 0)
      return VB_POST(p->d, VB_MSG_DOC_TABLE_SPAN, vb_node_place(at), VB_NUM(g->span[c]));
  return VB_OK;
}

static vb_status place_cell(vb_proof *p, grid *g, const vb_node *cell, int *column)
{
  int c = *column, n = cell->u.cell.colspan, down = cell->u.cell.rowspan;
  while (c < g->n_columns && g->left[c] > 0)
    c++;
  if (n < 1 || down < 1 || c + n > g->n_columns)
    return VB_POST(p->d, VB_MSG_DOC_TABLE_LONG, vb_node_place(cell), VB_NUM(g->n_columns));
  for (int i = c; i < c + n; i++) {
    if (g->left[i] > 0)
      return VB_POST(p->d, VB_MSG_DOC_TABLE_LONG, vb_node_place(cell), VB_NUM(g->n_columns));
    g->left[i] = (int16_t)-down; /* negative: begins in this row */
    g->span[i] = (int16_t)down;
  }
  *column = c + n;
  return VB_OK;
}

static vb_status place_row(vb_proof *p, grid *g, const vb_node *row)
{
  int column = 0, filled = 0;
  for (const vb_node *c = row->first; c; c = c->next) {
    if (c->kind != VB_NODE_CELL)
      return VB_POST(p->d, VB_MSG_DOC_NESTING, vb_node_place(c), vb_node_name(c->kind), vb_node_name(row->kind));
    vb_status s = place_cell(p, g, c, &column);
    if (s != VB_OK)
      return s;
  }
  for (int c = 0; c < g->n_columns; c++) {
    filled += g->left[c] != 0;
    g->left[c] = (int16_t)(g->left[c] < 0 ? -g->left[c] - 1 : g->left[c] - (g->left[c] > 0));
  }
  if (filled < g->n_columns)
    return VB_POST(p->d, VB_MSG_DOC_TABLE_SHORT, vb_node_place(row), VB_NUM(filled), VB_NUM(g->n_columns));
  return VB_OK;
}

static vb_status row(vb_proof *p, grid *g, const vb_node *r)
{
  bool head = r->u.row.kind == VB_ROW_HEAD;
  if (r->kind != VB_NODE_ROW)
    return VB_POST(p->d, VB_MSG_DOC_NESTING, vb_node_place(r), vb_node_name(r->kind), vb_node_name(VB_NODE_TABLE));
  if (head && g->body)
    return VB_POST(p->d, VB_MSG_DOC_TABLE_HEAD, vb_node_place(r));
  if (!head && !g->body) {
    vb_status s = closed(p, g, r);
    if (s != VB_OK)
      return s;
    g->body = true;
  }
  return place_row(p, g, r);
}

/* A streamed row: in the grid, whole in itself, and its texts and figures proved, for the tree's walk does not reach it. */
static vb_status streamed(vb_proof *p, grid *g, const vb_node *r)
{
  vb_status s = row(p, g, r);
  for (const vb_node *c = r->first; s == VB_OK && c; c = c->next)
    if (c->u.cell.rowspan != 1)
      s = VB_POST(p->d, VB_MSG_DOC_STREAM_SPAN, vb_node_place(c), VB_NUM(VB_TABLE_STREAM_ROWS));
  return s == VB_OK ? vb_proof_tree(p, r) : s;
}

vb_status vb_doc_verify_row(vb_diag *d, const vb_doc *doc, const vb_node *table, const vb_node *r)
{
  vb_proof p = {.d = d, .doc = doc};
  grid g = {.n_columns = table->u.table.n_columns, .body = true};
  return streamed(&p, &g, r);
}

vb_status vb_proof_table(vb_proof *p, const vb_node *t)
{
  bool proved = t->u.table.stream && t->u.table.proved;
  grid g = {.n_columns = t->u.table.n_columns};
  vb_rows rows;
  vb_node *r = NULL;
  bool any = false;
  vb_status s = columns(p, t);
  if (s != VB_OK)
    return s;
  vb_arena *scratch = t->u.table.stream ? vb_arena_new(0) : NULL;
  if (t->u.table.stream && !scratch)
    return VB_NOMEM;
  s = vb_rows_start(&rows, t, scratch);
  while (s == VB_OK && (s = vb_rows_next(&rows, &r)) == VB_OK) {
    any = true;
    if (!rows.streaming || !proved)
      s = rows.streaming ? streamed(p, &g, r) : row(p, &g, r);
    if (rows.streaming && proved && p->held)
      break;
  }
  vb_arena_free(scratch);
  if (s == VB_DONE || (s == VB_OK && any))
    s = any ? closed(p, &g, t) : VB_POST(p->d, VB_MSG_DOC_TABLE_EMPTY, vb_node_place(t));
  return s;
}
