/* Totals that a long table carries over a page break: summed as rows are laid, set as two rows of copies. Part of room layout.
 *
 * Invariants
 *  1. A figure counts once, in the row where its cell begins, and only in a data row: groups, subtotals and totals say again what
 *     data rows say. A total row closes the sum.
 *  2. What is carried is as high as its figures ask, and known before the page is chosen: flow.c keeps room for it.
 *  3. Its boxes are copies: nothing is carried into tags, traces or the workbook. */
#include "layout/layout_int.h"

vb_carry *vb_carry_new(vb_arena *a, const vb_node *table, vb_status *st) {
  int first = 1; /* the label stands before the first figure */
  while (first < table->u.table.n_columns && !table->u.table.columns[first].carry)
    first++;
  if (first >= table->u.table.n_columns)
    return NULL;
  vb_carry *k = VB_NEW(a, vb_carry);
  if (k)
    k->first = first;
  else
    *st = VB_NOMEM;
  return k;
}

vb_status vb_carry_count(vb_layout *l, vb_carry *k, const vb_node *table, const vb_node *cell, int col) {
  const vb_value *v = &cell->u.cell.value;
  if (col == 0 || cell->u.cell.colspan != 1 || !table->u.table.columns[col].carry)
    return VB_OK;
  if ((v->type != VB_VALUE_NUMBER && v->type != VB_VALUE_MONEY) || cell->u.cell.formula.kind == VB_FORMULA_RATIO)
    return VB_OK;
  if (!vb_dec_add(k->sum[col], v->num, &k->sum[col]))
    return VB_POST(l->d, VB_MSG_TEMPLATE_OVERFLOW, cell->at);
  k->has[col] = k->some = true;
  return VB_OK;
}

void vb_carry_close(vb_carry *k) { *k = (vb_carry){.first = k->first}; }

static vb_node *add_cell(vb_arena *a, vb_node *row, int colspan) {
  vb_node *n = vb_node_make(a, row, VB_NODE_CELL);
  if (n) {
    n->u.cell.colspan = (int16_t)colspan;
    n->u.cell.italic = true;
    n->u.cell.valign = VB_VALIGN_MIDDLE;
    n->u.cell.valign_set = true;
  }
  return n;
}

static bool print_sum(vb_arena *a, vb_dec sum, vb_node *cell) {
  vb_buf b;
  vb_buf_init(&b);
  vb_number_print(sum, (vb_number_format){-1, true, 1, false}, &b);
  char *s = b.failed ? NULL : vb_arena_str(a, b.p, b.n);
  cell->u.cell.text = (vb_span){s, s ? b.n : 0};
  vb_buf_free(&b);
  return s != NULL;
}

vb_node *vb_carry_row(vb_arena *a, const vb_node *table, const vb_carry *k, vb_span label) {
  vb_node *row = vb_node_make(a, NULL, VB_NODE_ROW), *cell = row ? add_cell(a, row, k->first) : NULL;
  if (!cell)
    return NULL;
  row->parent = (vb_node *)table; /* the table does not list it */
  row->u.row.kind = VB_ROW_NOTE;  /* its empty cells print no "-" */
  cell->u.cell.text = label;
  cell->u.cell.align = VB_ALIGN_LEFT;
  for (int i = k->first; i < table->u.table.n_columns; i++) {
    cell = add_cell(a, row, 1);
    if (!cell || (k->has[i] && !print_sum(a, k->sum[i], cell)))
      return NULL;
  }
  return row;
}

vb_status vb_carry_lay(vb_layout *l, vb_table *t, vb_cluster **out) {
  vb_cluster *c = NULL;
  *out = NULL;
  if (!t->carry->some)
    return VB_OK;
  vb_node *foot = vb_carry_row(l->arena, t->node, t->carry, VB_LIT(VB_CARRY_FOOT));
  vb_node *head = foot ? vb_carry_row(l->arena, t->node, t->carry, VB_LIT(VB_CARRY_HEAD)) : NULL;
  if (!head)
    return VB_NOMEM;
  foot->next = head;
  vb_status st = vb_cluster_make(l, t, foot, 2, &c);
  if (st != VB_OK)
    return st;
  c->head = true; /* set once at a foot and once at a head, and again where a row takes several pages */
  if (vb_len_add(c->rows[0].h, c->rows[1].h) <= l->geo.h / 8)
    *out = c; /* higher ones would leave no room for rows */
  return VB_OK;
}

/* ---- where a page ends ------------------------------------------------------------------------------------------ */

static const vb_rowbox *row_of(const vb_layout *l, uint32_t i) {
  const vb_frag *f = i < l->queue.n ? &l->queue.at[i] : NULL;
  return f && f->kind == VB_FRAG_ROW && f->u.row.c->table ? &f->u.row.c->rows[f->u.row.row] : NULL;
}

vb_cluster *vb_carry_foot(const vb_layout *l, uint32_t end) {
  const vb_rowbox *r = end ? row_of(l, end) : NULL, *before = r ? row_of(l, end - 1) : NULL;
  return before && l->queue.at[end].u.row.c->table == l->queue.at[end - 1].u.row.c->table ? r->carry : NULL;
}

vb_cluster *vb_carry_cut(const vb_layout *l, uint32_t i) {
  const vb_rowbox *r = row_of(l, i);
  return r ? r->after : NULL;
}

vb_cluster *vb_carry_head(const vb_layout *l) {
  const vb_rowbox *r = row_of(l, 0);
  return !r ? NULL : r->cut ? r->after : r->carry;
}
