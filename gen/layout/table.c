/* Tables and columns: cells are filled, rows tied by spans put together, and handed to the flow a few at a time. Part of room layout.
 *
 * A streamed table is never held: its rows are made in the arena of the page that is being filled, and go with it. */
#include "layout/layout_int.h"

#include <string.h>

/* ---- cells ---------------------------------------------------------------------------------------------------- */

static bool is_head(const vb_node *row, const vb_node *cell) { return row->u.row.kind == VB_ROW_HEAD || cell->u.cell.header; }

vb_style_id vb_cell_style(const vb_node *row, const vb_node *cell) {
  bool plain = cell->style == VB_STYLE_TABLE_CELL || cell->style == VB_STYLE_BODY;
  if (!plain)
    return cell->style;
  return row->u.row.kind == VB_ROW_HEAD ? VB_STYLE_TABLE_HEAD : VB_STYLE_TABLE_CELL;
}

vb_context vb_cell_context(const vb_node *table, const vb_node *row, const vb_node *cell, int col) {
  vb_context c = {.size = table->u.table.size, .align = cell->u.cell.align, .bold = cell->u.cell.bold, .italic = cell->u.cell.italic, .in_cell = true,
                  .depth = 1};
  if (row->u.row.kind == VB_ROW_HEAD) {
    c.bold = true; /* also for paragraphs in a head cell */
    if (c.align == VB_ALIGN_STYLE)
      c.align = VB_ALIGN_CENTER;
  }
  if (c.align == VB_ALIGN_STYLE && cell->u.cell.colspan == 1)
    c.align = table->u.table.columns[col].align;
  return c;
}

vb_span vb_cell_dash(const vb_node *table, const vb_node *row, const vb_node *cell, int col) {
  bool data = row->u.row.kind == VB_ROW_DATA || row->u.row.kind == VB_ROW_SUBTOTAL || row->u.row.kind == VB_ROW_TOTAL;
  bool empty = !cell->first && cell->u.cell.text.n == 0 && cell->u.cell.colspan == 1;
  return empty && data && table->u.table.columns[col].dash_empty ? VB_LIT("-") : (vb_span){NULL, 0};
}

bool vb_decimal_split(vb_span s, size_t *whole) {
  size_t i = 0, digits = 0;
  if (i < s.n && (s.p[i] == '-' || s.p[i] == '+'))
    i++;
  for (; i < s.n && ((s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '.'); i++)
    digits += s.p[i] != '.';
  *whole = i;
  if (i < s.n && s.p[i] == ',')
    for (i++; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
      ;
  if (i < s.n && s.p[i] == '%')
    i++;
  return digits > 0 && i == s.n;
}

/* Moves the only line of a figure so that its comma stands in its column's line of commas. */
static void align_decimal(const vb_layout *l, const vb_table *t, const vb_cellbox *b, vb_len width) {
  size_t whole = 0;
  if (b->stack.n != 1 || b->stack.at[0].kind != VB_FRAG_LINE)
    return;
  vb_para *p = b->stack.at[0].u.line.p;
  if (p->n_runs != 1 || !vb_decimal_split(p->text, &whole))
    return;
  vb_len before = vb_em_mpt(p, vb_metrics_text(&l->m, (vb_face_id)p->runs[0].face, (vb_span){p->text.p, whole}));
  vb_len all = vb_em_mpt(p, p->lines[0].width), block = t->whole[b->col] + t->part[b->col];
  vb_len x = (width - block) / 2 + t->whole[b->col] - before;
  if (x + all > width)
    x = width - all;
  p->lines[0].x = x < 0 ? 0 : x;
}

static vb_status lay_text(vb_layout *l, const vb_context *c, vb_cellbox *b, vb_style_id style, vb_span dash) {
  vb_para *p = NULL;
  vb_span s = dash.n ? dash : b->node->u.cell.text;
  if (!s.n)
    return VB_OK;
  vb_context in = *c;
  vb_status st = vb_para_make_plain(l, &in, (vb_words){b->node, style, s}, &p);
  if (st == VB_OK && dash.n)
    p->runs[0].flags |= VB_RUN_LABEL; /* the program's sign, not the cell's text */
  return st == VB_OK ? vb_para_lay(l, &b->stack, p, c->width) : st;
}

static vb_status fill_cell(vb_layout *l, vb_cluster *c, vb_cellbox *b) {
  const vb_table *t = c->table;
  const vb_node *row = c->rows[b->row].node;
  vb_context in = vb_cell_context(t->node, row, b->node, b->col);
  in.width = c->edge[b->col + b->colspan] - c->edge[b->col] - 2 * c->pad_x;
  b->valign = b->node->u.cell.valign_set ? b->node->u.cell.valign : is_head(row, b->node) ? VB_VALIGN_MIDDLE : t->node->u.table.columns[b->col].valign;
  vb_status st = b->node->first ? vb_blocks_lay(l, &in, &b->stack, b->node)
                                : lay_text(l, &in, b, vb_cell_style(row, b->node), vb_cell_dash(t->node, row, b->node, b->col));
  if (st == VB_OK && in.align == VB_ALIGN_DECIMAL && b->colspan == 1)
    align_decimal(l, t, b, in.width);
  return st;
}

/* ---- clusters ------------------------------------------------------------------------------------------------- */

enum { OPEN = UINT16_MAX };

static vb_cluster *new_cluster(vb_layout *l, uint32_t rows, uint16_t cols, uint32_t cells) {
  vb_cluster *c = VB_NEW(l->arena, vb_cluster);
  if (!c)
    return NULL;
  c->n_rows = rows;
  c->n_cols = cols;
  c->cells = VB_NEW_ARRAY(l->arena, vb_cellbox, cells);
  c->rows = VB_NEW_ARRAY(l->arena, vb_rowbox, rows);
  c->grid = VB_NEW_ARRAY(l->arena, uint32_t, (size_t)rows * cols);
  return c->cells && c->rows && c->grid ? c : NULL;
}

static void cover(vb_cluster *c, const vb_cellbox *b, uint32_t index) {
  for (uint32_t r = b->row; r < (uint32_t)b->row + b->rowspan; r++)
    for (uint32_t k = b->col; k < (uint32_t)b->col + b->colspan; k++)
      c->grid[r * c->n_cols + k] = index;
}

/* Cells take the free columns of their row from left to right (doc.h, invariant 3). */
static void place_cells(vb_cluster *c, uint32_t r) {
  uint32_t col = 0;
  for (const vb_node *n = c->rows[r].node->first; n; n = n->next) {
    while (col < c->n_cols && c->grid[r * c->n_cols + col] != UINT32_MAX)
      col++;
    if (col == c->n_cols)
      return;
    vb_cellbox *b = &c->cells[c->n_cells];
    uint32_t right = c->n_cols - col, below = c->n_rows - r;
    uint32_t wide = (uint32_t)n->u.cell.colspan, tall = (uint32_t)n->u.cell.rowspan;
    b->node = n;
    b->row = (uint16_t)r;
    b->col = (uint16_t)col;
    b->colspan = (uint16_t)(wide < right ? wide : right);
    b->rowspan = (uint16_t)(tall < below ? tall : below);
    cover(c, b, c->n_cells++);
  }
}

static vb_status fill_cluster(vb_layout *l, vb_table *t, vb_cluster *c) {
  vb_status st = VB_OK;
  c->table = t;
  c->edge = t->edge;
  c->pad_x = VB_CELL_PAD_X;
  c->pad_y = VB_CELL_PAD_Y;
  int half = t->node->u.table.size ? t->node->u.table.size : vb_style_size(&l->doc->setup, vb_style_get(VB_STYLE_TABLE_CELL));
  c->min_height = vb_metrics_line(&l->m, VB_REGULAR, (vb_len)half * 500) + 2 * c->pad_y;
  memset(c->grid, 0xFF, sizeof *c->grid * c->n_rows * c->n_cols);
  for (uint32_t r = 0; r < c->n_rows; r++)
    place_cells(c, r);
  for (uint32_t i = 0; st == VB_OK && i < c->n_cells; i++)
    st = fill_cell(l, c, &c->cells[i]);
  if (st == VB_OK)
    vb_cluster_solve(c, 0);
  return st;
}

vb_status vb_cluster_make(vb_layout *l, vb_table *t, const vb_node *row, uint32_t rows, vb_cluster **out) {
  uint32_t n = 0, cells = 0, need = rows;
  bool head = row->u.row.kind == VB_ROW_HEAD;
  for (const vb_node *r = row; r && n < need && n < OPEN && (r->u.row.kind == VB_ROW_HEAD) == head; r = r->next, n++)
    for (const vb_node *c = r->first; c; c = c->next, cells++) {
      uint32_t span = (uint32_t)c->u.cell.rowspan;
      need = span > need - n ? n + span : need;
    }
  vb_cluster *c = *out = new_cluster(l, n, (uint16_t)t->node->u.table.n_columns, cells);
  if (!c)
    return VB_NOMEM;
  c->head = head;
  for (uint32_t i = 0; i < n; i++, row = row->next)
    c->rows[i] = (vb_rowbox){.node = row, .kind = row->u.row.kind};
  return fill_cluster(l, t, c);
}

/* ---- tables --------------------------------------------------------------------------------------------------- */

static vb_status open_head(vb_layout *l, vb_table *t) {
  uint32_t rows = 0;
  for (t->row = t->node->first; t->row && t->row->u.row.kind == VB_ROW_HEAD; t->row = t->row->next)
    rows++;
  if (rows) {
    vb_status st = vb_cluster_make(l, t, t->node->first, rows, &t->head);
    if (st != VB_OK)
      return st;
    for (uint32_t i = 0; i < t->head->n_rows; i++)
      t->head_height = vb_len_add(t->head_height, t->head->rows[i].h);
  }
  t->repeat = rows && t->head_height <= l->geo.h / 2; /* a taller head would leave no room for rows */
  if (t->head && !t->repeat)
    t->head->head = false;
  return t->node->u.table.stream ? t->node->u.table.stream->rewind(t->node->u.table.stream->ctx) : VB_OK;
}

vb_status vb_table_open(vb_layout *l, const vb_node *node, vb_table **out) {
  vb_arena *a = vb_arena_new(0), *had = l->arena;
  vb_table *t = a ? VB_NEW(a, vb_table) : NULL;
  if (!t) {
    vb_arena_free(a);
    return VB_NOMEM;
  }
  t->arena = a;
  t->node = node;
  t->next = l->tables; /* from here on the layout frees it */
  l->tables = *out = t;
  l->arena = a;
  vb_status st = vb_columns_solve(l, t, l->geo.w);
  if (st == VB_OK)
    t->carry = vb_carry_new(a, node, &st);
  if (st == VB_OK)
    st = open_head(l, t);
  l->arena = had;
  return st;
}

static vb_rank first_rank(const vb_table *t, const vb_stack *s) {
  const vb_frag *f = s->n ? &s->at[s->n - 1] : NULL;
  if (!f || f->kind != VB_FRAG_ROW || f->u.row.c->table != t)
    return VB_RANK_FREE;
  vb_row_kind before = f->u.row.c->rows[f->u.row.row].kind;
  return before == VB_ROW_GROUP || before == VB_ROW_HEAD ? VB_RANK_ROW : VB_RANK_FREE;
}

/* The total row takes one data row along, better two. */
static void tie_total(const vb_table *t, vb_stack *s) {
  for (uint32_t i = s->n - 1; i > 0; i--) {
    vb_frag *f = &s->at[i], *before = &s->at[i - 1];
    if (before->kind != VB_FRAG_ROW || before->u.row.c->table != t)
      return;
    vb_row_kind kind = before->u.row.c->rows[before->u.row.row].kind;
    if (kind == VB_ROW_HEAD)
      return;
    if (f->rank < VB_RANK_ROW)
      f->rank = VB_RANK_ROW;
    if (kind == VB_ROW_DATA) {
      if (before->rank < VB_RANK_SOFT)
        before->rank = VB_RANK_SOFT;
      return;
    }
  }
}

/* What a page that ends before or in each row would carry over. */
static vb_status carry_rows(vb_layout *l, vb_table *t, vb_cluster *c) {
  vb_status st = vb_carry_lay(l, t, &c->rows[0].carry);
  for (uint32_t r = 0; st == VB_OK && r < c->n_rows; r++) {
    vb_rowbox *x = &c->rows[r];
    if (r)
      x->carry = c->rows[r - 1].after;
    for (uint32_t i = 0; st == VB_OK && x->kind == VB_ROW_DATA && i < c->n_cells; i++)
      if (c->cells[i].row == r)
        st = vb_carry_count(l, t->carry, t->node, c->cells[i].node, c->cells[i].col);
    if (x->kind == VB_ROW_TOTAL)
      vb_carry_close(t->carry);
    if (st == VB_OK && (x->kind == VB_ROW_DATA || x->kind == VB_ROW_TOTAL))
      st = vb_carry_lay(l, t, &x->after);
    else
      x->after = x->carry;
  }
  return st;
}

static vb_status push_rows(vb_layout *l, vb_table *t, vb_cluster *c, vb_stack *s) {
  vb_status st = t->carry && c != t->head ? carry_rows(l, t, c) : VB_OK;
  for (uint32_t r = 0; st == VB_OK && r < c->n_rows; r++) {
    vb_row_kind kind = c->rows[r].kind;
    vb_frag f = {.kind = VB_FRAG_ROW, .height = c->rows[r].h, .lines = kind == VB_ROW_HEAD ? 0 : 2};
    vb_rank rank = first_rank(t, s);
    f.u.row.c = c;
    f.u.row.row = r;
    if (r > 0 && rank < VB_RANK_SOFT)
      rank = VB_RANK_SOFT;
    if (kind == VB_ROW_NOTE && rank < VB_RANK_SOFT)
      rank = VB_RANK_SOFT;
    f.rank = (uint8_t)rank;
    st = vb_stack_block(l, s, f, t->any ? 0 : VB_TABLE_SPACE);
    t->any = true;
    if (st == VB_OK && kind == VB_ROW_TOTAL)
      tie_total(t, s);
    vb_stack_counted(s, f.lines);
  }
  s->last = NULL;
  return st;
}

static vb_status next_row(vb_layout *l, vb_table *t, const vb_node **row) {
  const vb_row_stream *r = t->node->u.table.stream;
  vb_node *made = NULL;
  *row = t->row;
  if (t->row || !r)
    return t->row ? VB_OK : VB_DONE;
  vb_status st = r->next(r->ctx, l->arena, &made);
  if (st == VB_OK) made->parent = (vb_node *)t->node; /* boxes lead from a cell to its table; the table does not list the row */
  *row = made;
  return st == VB_OK ? vb_glyphs_check_row(l, t->node, made) : st;
}

vb_status vb_table_more(vb_layout *l, vb_table *t, vb_stack *s) {
  const vb_node *row = NULL;
  vb_cluster *c = NULL;
  if (!t->any && t->head) {
    vb_status st = push_rows(l, t, t->head, s);
    if (st != VB_OK)
      return st;
  }
  vb_status st = next_row(l, t, &row);
  if (st == VB_OK)
    st = vb_cluster_make(l, t, row, 1, &c);
  if (st == VB_OK)
    st = push_rows(l, t, c, s);
  if (st == VB_OK && t->row)
    for (uint32_t i = 0; i < c->n_rows; i++)
      t->row = t->row->next;
  if (st == VB_DONE) {
    t->done = true;
    s->after = VB_TABLE_SPACE;
  }
  return st;
}

/* ---- columns -------------------------------------------------------------------------------------------------- */

/* The nation's name and motto each stand on one line (ND30 1a, 1b): a column that is a little too narrow takes from the other. */
static vb_status widen(vb_layout *l, const vb_context *c, const vb_node *columns, vb_len *edge) {
  uint32_t i = 0;
  for (const vb_node *col = columns->first; col; col = col->next, i++) {
    for (const vb_node *n = col->first; n; n = n->next) {
      vb_para *p = NULL;
      vb_len min = 0, need = 0;
      if (n->kind != VB_NODE_PARA || (n->style != VB_STYLE_NATION && n->style != VB_STYLE_MOTTO))
        continue;
      vb_status st = vb_para_make(l, c, n, NULL, &p);
      if (st == VB_OK)
        st = vb_para_measure(l, p, &min, &need);
      if (st != VB_OK)
        return st;
      vb_len lack = need - (edge[i + 1] - edge[i]);
      if (lack <= 0 || need > c->width / 10 * 7)
        continue;
      if (i > 0 && edge[i] - edge[i - 1] > lack)
        edge[i] -= lack;
      else if (i == 0 && col->next && edge[2] - edge[1] > lack)
        edge[1] += lack;
    }
  }
  return VB_OK;
}

static vb_len baseline(const vb_stack *s, uint32_t at) {
  vb_len y = s->top;
  for (uint32_t i = 0; i < at; i++)
    y += s->at[i].height + (i ? s->at[i].space : 0);
  return y + (at ? s->at[at].space : 0) + s->at[at].u.line.p->ascent;
}

/* First line (ordinal 0), or first line of number or place and date; UINT32_MAX: none. */
static uint32_t level_line(const vb_stack *s, int ordinal) {
  for (uint32_t i = 0; i < s->n; i++) {
    if (s->at[i].kind != VB_FRAG_LINE) {
      if (ordinal == 0)
        return UINT32_MAX;
      continue;
    }
    vb_style_id id = s->at[i].u.line.p->node->style;
    if (ordinal == 0 || id == VB_STYLE_NUMBER || id == VB_STYLE_PLACE_DATE)
      return i;
  }
  return UINT32_MAX;
}

/* Lines that stand level over all columns: the first; number with place and date (ND30: "cùng một dòng"). */
static void make_level(vb_cluster *c, int ordinal) {
  vb_len lowest = 0;
  for (uint32_t i = 0; i < c->n_cells; i++) {
    uint32_t at = level_line(&c->cells[i].stack, ordinal);
    vb_len y = at == UINT32_MAX ? 0 : baseline(&c->cells[i].stack, at);
    lowest = y > lowest ? y : lowest;
  }
  for (uint32_t i = 0; i < c->n_cells; i++) {
    vb_stack *s = &c->cells[i].stack;
    uint32_t at = level_line(s, ordinal);
    if (at == UINT32_MAX)
      continue;
    vb_len down = lowest - baseline(s, at);
    if (at == 0)
      s->top += down;
    else
      s->at[at].space += down;
  }
}

static vb_status split_width(vb_layout *l, const vb_context *c, const vb_node *columns, uint32_t n, vb_len **out) {
  vb_len *edge = *out = VB_NEW_ARRAY(l->arena, vb_len, n + 1);
  int64_t sum = 0, upto = 0;
  uint32_t i = 0;
  if (!edge)
    return VB_NOMEM;
  for (const vb_node *col = columns->first; col; col = col->next)
    sum += col->u.column.width > 0 ? col->u.column.width : 1;
  for (const vb_node *col = columns->first; col; col = col->next) {
    upto += col->u.column.width > 0 ? col->u.column.width : 1;
    edge[++i] = (vb_len)(c->width * upto / sum);
  }
  return columns->u.columns.role == VB_COLUMNS_LETTERHEAD ? widen(l, c, columns, edge) : VB_OK;
}

vb_status vb_cluster_of_columns(vb_layout *l, const vb_context *c, const vb_node *columns, vb_cluster **out) {
  uint32_t n = 0;
  vb_len *edge = NULL;
  for (const vb_node *col = columns->first; col; col = col->next)
    n++;
  vb_cluster *k = *out = n < OPEN ? new_cluster(l, 1, (uint16_t)n, n) : NULL;
  vb_status st = k ? split_width(l, c, columns, n, &edge) : VB_NOMEM;
  if (st != VB_OK)
    return st;
  k->edge = edge;
  k->n_cells = n;
  k->rows[0].node = columns;
  uint32_t i = 0;
  for (const vb_node *col = columns->first; st == VB_OK && col; col = col->next, i++) {
    vb_context in = *c;
    in.width = edge[i + 1] - edge[i];
    in.place = col->u.column.align;
    in.gutter = col->next ? VB_COLUMN_GUTTER : 0;
    k->grid[i] = i;
    k->cells[i] = (vb_cellbox){.node = col, .rowspan = 1, .colspan = 1, .col = (uint16_t)i};
    st = vb_blocks_lay(l, &in, &k->cells[i].stack, col);
  }
  if (st != VB_OK)
    return st; /* cells behind the failure have no span yet */
  make_level(k, 0);
  make_level(k, 1);
  vb_cluster_solve(k, 0);
  return VB_OK;
}
