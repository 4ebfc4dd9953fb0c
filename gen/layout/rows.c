/* Rows tied by spans: their heights, where they may be cut, what a continued part repeats. Part of room layout.
 *
 * Invariants
 *  1. A cell's fragments before `next` are set on earlier pages; heights count only the others.
 *  2. vb_cluster_cut takes whole fragments only, so a cut leaves no half line. */
#include "layout/layout_int.h"

static uint32_t last_row(const vb_cellbox *b) { return (uint32_t)b->row + b->rowspan - 1; }

/* A cell that began before this part, or in a row that was cut, and has nothing left of its own. */
static bool continued(const vb_cluster *c, const vb_cellbox *b, uint32_t from) {
  return (b->row < from || (b->row == from && c->rows[from].cut)) && b->next >= b->stack.n;
}

static vb_len remaining(const vb_cluster *c, const vb_cellbox *b, uint32_t from) {
  vb_len h = 0;
  if (b->next < b->stack.n)
    h = vb_stack_height(&b->stack, b->next);
  else if (b->copy && continued(c, b, from))
    h = vb_stack_height(b->copy, 0);
  return h > 0 ? vb_len_add(h, 2 * c->pad_y) : 0;
}

void vb_cluster_solve(vb_cluster *c, uint32_t from) {
  for (uint32_t r = from; r < c->n_rows; r++)
    c->rows[r].h = c->rows[r].cut ? 0 : c->min_height;
  for (uint32_t i = 0; i < c->n_cells; i++) {
    const vb_cellbox *b = &c->cells[i];
    if (b->rowspan != 1 || b->row < from)
      continue;
    vb_len need = remaining(c, b, from);
    if (need > c->rows[b->row].h)
      c->rows[b->row].h = need;
  }
  for (uint32_t i = 0; i < c->n_cells; i++) { /* what a spanning cell lacks goes to its last row */
    const vb_cellbox *b = &c->cells[i];
    if (b->rowspan == 1 || last_row(b) < from)
      continue;
    vb_len need = remaining(c, b, from), have = 0;
    for (uint32_t r = b->row > from ? b->row : from; r <= last_row(b); r++)
      have = vb_len_add(have, c->rows[r].h);
    if (need > have)
      c->rows[last_row(b)].h = vb_len_add(c->rows[last_row(b)].h, need - have);
  }
}

/* The mark needs a column that holds it on one line: a narrow number column repeats its number alone. */
static bool mark_fits(vb_layout *l, const vb_context *c) {
  vb_para *p = NULL;
  vb_len min = 0, max = 0;
  vb_words mark = {NULL, VB_STYLE_TABLE_CELL, VB_LIT("(tiếp\xC2\xA0theo)")};
  vb_arena_mark m = vb_arena_save(l->scratch);
  vb_arena *had = l->arena;
  l->arena = l->scratch;
  bool fits = vb_para_make_plain(l, c, mark, &p) == VB_OK && vb_para_measure(l, p, &min, &max) == VB_OK && max <= c->width;
  l->arena = had;
  vb_arena_restore(l->scratch, m);
  return fits;
}

/* The label again. One that would take much of the page is not said twice: the mark alone stands for it. */
static vb_status make_copy(vb_layout *l, vb_cluster *c, vb_cellbox *b) {
  vb_para *p = NULL;
  vb_context in = vb_cell_context(c->table->node, c->rows[b->row].node, b->node, b->col);
  in.width = c->edge[b->col + b->colspan] - c->edge[b->col] - 2 * c->pad_x;
  bool mark = mark_fits(l, &in), whole = vb_stack_height(&b->stack, 0) <= l->geo.h / 5;
  b->copy = VB_NEW(l->arena, vb_stack);
  if (!b->copy || (!mark && !whole))
    return b->copy ? VB_OK : VB_NOMEM;
  vb_status st = whole ? vb_para_make_again(l, &in, b->node, mark, &p)
                       : vb_para_make_plain(l, &in, (vb_words){b->node, vb_cell_style(c->rows[b->row].node, b->node), VB_LIT("(tiếp theo)")}, &p);
  return st == VB_OK ? vb_para_lay(l, b->copy, p, in.width) : st;
}

bool vb_cluster_left(const vb_cluster *c, uint32_t row) {
  for (uint32_t col = 0; col < c->n_cols; col++) {
    const vb_cellbox *b = &c->cells[c->grid[row * c->n_cols + col]];
    if (b->next < b->stack.n)
      return true;
  }
  return false;
}

vb_status vb_cluster_continue(vb_layout *l, vb_cluster *c, uint32_t row) {
  vb_status st = VB_OK;
  for (uint32_t col = 0; c->table && st == VB_OK && col < c->n_cols; col++) {
    vb_cellbox *b = &c->cells[c->grid[row * c->n_cols + col]];
    if (b->col == col && !b->copy && b->node->u.cell.repeat_label && b->stack.n && continued(c, b, row))
      st = make_copy(l, c, b);
  }
  if (st == VB_OK)
    vb_cluster_solve(c, row);
  return st;
}

vb_len vb_cluster_cut(const vb_cluster *c, uint32_t row, vb_len avail) {
  vb_len room = avail - 2 * c->pad_y, used = 0;
  for (uint32_t col = 0; col < c->n_cols; col++) {
    const vb_cellbox *b = &c->cells[c->grid[row * c->n_cols + col]];
    vb_len h = b->next == 0 ? b->stack.top : 0;
    if (b->col != col)
      continue;
    for (uint32_t i = b->next; i < b->stack.n; i++) {
      h = vb_len_add(h, b->stack.at[i].height + (i > b->next ? b->stack.at[i].space : 0));
      if (h > room)
        break;
      if (h > used)
        used = h;
    }
  }
  return used > 0 ? used + 2 * c->pad_y : 0;
}

/* ---- boxes ---------------------------------------------------------------------------------------------------- */

static vb_status put_copy(vb_layout *l, const vb_stack *s, vb_len room, vb_len x, vb_len top) {
  bool had = l->copying;
  vb_status st = VB_OK;
  if (vb_stack_height(s, 0) > room)
    return VB_OK; /* no room in what is left of the rows: they show the rest of other cells alone */
  l->copying = true;
  for (uint32_t i = 0; st == VB_OK && i < s->n; i++) {
    st = vb_frag_put(l, &s->at[i], x, top);
    top -= s->at[i].height;
  }
  l->copying = had;
  return st;
}

/* As much of a cell as the room holds. */
static vb_status put_cell(vb_layout *l, vb_cellbox *b, vb_len room, vb_len x, vb_len top) {
  vb_len y = b->next == 0 ? b->stack.top : 0;
  vb_status st = VB_OK;
  if (b->next == 0 && b->valign == VB_VALIGN_MIDDLE) {
    vb_len all = vb_stack_height(&b->stack, 0);
    y += all < room ? (room - all) / 2 : 0;
  }
  for (uint32_t first = b->next; st == VB_OK && b->next < b->stack.n; b->next++) {
    const vb_frag *f = &b->stack.at[b->next];
    vb_len down = y + (b->next > first ? f->space : 0);
    if (down + f->height > room)
      break;
    st = vb_frag_put(l, f, x, top - down);
    y = down + f->height;
  }
  return st;
}

vb_status vb_rows_put(vb_layout *l, vb_part part, vb_len x, vb_len top) {
  vb_cluster *c = part.c;
  vb_status st = VB_OK;
  if (c->head)
    for (uint32_t i = 0; i < c->n_cells; i++)
      c->cells[i].next = 0; /* a head is set on every page */
  for (uint32_t r = part.from; st == VB_OK && r <= part.to; r++) {
    for (uint32_t col = 0; st == VB_OK && col < c->n_cols; col++) {
      vb_cellbox *b = &c->cells[c->grid[r * c->n_cols + col]];
      if (b->col != col || (b->row != r && r != part.from))
        continue;
      vb_len room = -2 * c->pad_y, cx = x + c->edge[col] + c->pad_x, cy = top - c->pad_y;
      for (uint32_t k = r; k <= last_row(b) && k <= part.to; k++)
        room += c->rows[k].h;
      st = b->copy && continued(c, b, part.from) ? put_copy(l, b->copy, room, cx, cy) : put_cell(l, b, room, cx, cy);
    }
    top -= c->rows[r].h;
  }
  return st;
}

/* ---- frame lines ---------------------------------------------------------------------------------------------- */

static vb_status rule_put(vb_layout *l, vb_len x, vb_len y, vb_len w, vb_len h) {
  if (!vb_grow((void **)&l->rules, &l->cap_rules, l->n_rules + 1, sizeof *l->rules))
    return VB_NOMEM;
  l->rules[l->n_rules++] = (vb_box){.kind = VB_BOX_LINE, .artifact = true, .repeated = l->copying, .x = x, .y = y, .w = w, .h = h,
                                    .weight = VB_FRAME_WEIGHT, .node = l->frame.table->node};
  return VB_OK;
}

void vb_frame_begin(vb_layout *l, const vb_table *t, vb_len x, vb_len top) {
  l->frame.table = t;
  l->frame.x = x;
  l->frame.bottom = top;
  l->frame.top = true;
  for (int i = 0; i <= t->node->u.table.n_columns; i++)
    l->frame.open[i] = -1;
}

static vb_status close_upright(vb_layout *l, int i, vb_len y) {
  vb_frame *f = &l->frame;
  vb_len from = f->open[i];
  f->open[i] = -1;
  return from > y ? rule_put(l, f->x + f->table->edge[i], y, 0, from - y) : VB_OK;
}

/* Line along the top of a row, left out where a cell comes down from the row above. */
static vb_status top_line(vb_layout *l, const vb_cluster *c, uint32_t row, vb_len top) {
  const uint32_t *g = &c->grid[(size_t)row * c->n_cols];
  vb_status st = VB_OK;
  int from = -1;
  for (int col = 0; st == VB_OK && col <= c->n_cols; col++) {
    bool line = col < c->n_cols && (l->frame.top || c->cells[g[col]].row == row);
    if (line && from < 0)
      from = col;
    if (!line && from >= 0) {
      st = rule_put(l, l->frame.x + c->edge[from], top, c->edge[col] - c->edge[from], 0);
      from = -1;
    }
  }
  return st;
}

vb_status vb_frame_row(vb_layout *l, const vb_cluster *c, uint32_t row, vb_len top, vb_len h) {
  const uint32_t *g = &c->grid[(size_t)row * c->n_cols];
  if (!l->frame.table->node->u.table.grid)
    return VB_OK;
  vb_status st = top_line(l, c, row, top);
  for (int i = 0; st == VB_OK && i <= c->n_cols; i++) {
    bool line = i == 0 || i == c->n_cols || g[i - 1] != g[i];
    if (line && l->frame.open[i] < 0)
      l->frame.open[i] = top;
    else if (!line && l->frame.open[i] >= 0)
      st = close_upright(l, i, top);
  }
  l->frame.top = false;
  l->frame.bottom = top - h;
  return st;
}

vb_status vb_frame_end(vb_layout *l) {
  vb_frame *f = &l->frame;
  const vb_table *t = f->table;
  vb_status st = VB_OK;
  if (!t)
    return VB_OK;
  if (t->node->u.table.grid && !f->top) {
    int n = t->node->u.table.n_columns;
    for (int i = 0; st == VB_OK && i <= n; i++)
      if (f->open[i] >= 0)
        st = close_upright(l, i, f->bottom);
    if (st == VB_OK)
      st = rule_put(l, f->x, f->bottom, t->edge[n], 0);
  }
  f->table = NULL;
  for (uint32_t i = 0; st == VB_OK && i < l->n_rules; i++)
    st = vb_box_put(l, l->rules[i]);
  l->n_rules = 0;
  return st;
}
