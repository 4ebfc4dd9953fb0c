/* The plan of a workbook: which sheets, in which rows their tables stand, how high the rows are, where the keyed cells are. Part of the
 * workbook writer. */
#include "write/xlsx_int.h"

#include <string.h>

bool vb_sheet_wanted(const vb_node *n)
{
  return n->kind == VB_NODE_CHART || (n->kind == VB_NODE_TABLE && n->u.table.sheet);
}

/* ---- rows --------------------------------------------------------------------------------------------------- */

/* A cell that spans rows, until its last row comes. */
typedef struct span { uint32_t start, last; vb_len need; bool open; } span;

/* The row being measured, and the cells that reach on. */
typedef struct ruler { vb_grid grid; span spans[VB_TABLE_COLUMNS_MAX]; uint32_t at; } ruler;

static int width_of(const vb_sheet *s, int column, int n)
{
  int pixels = 0;
  for (int c = column; c < column + n && c < s->n_columns; c++)
    pixels += s->pixels[c];
  return pixels;
}

/* Parts of at most VB_XLSX_ROW_MAX, each on whole pixels. */
static vb_sheet_row cut(vb_len height)
{
  vb_sheet_row r = {.parts = (uint16_t)((height + VB_XLSX_ROW_MAX - 1) / VB_XLSX_ROW_MAX)};
  r.height = (height / r.parts + VB_XLSX_PIXEL - 1) / VB_XLSX_PIXEL * VB_XLSX_PIXEL;
  return r;
}

vb_status vb_row_make(vb_book *b, const vb_sheet *s, const vb_node *row, vb_grid *g, vb_row_made *out)
{
  uint32_t n = 0;
  for (const vb_node *c = row->first; c; c = c->next)
    n++;
  *out = (vb_row_made){VB_NEW_ARRAY(b->scratch, vb_cell_made, n + 1), 0};
  vb_status st = out->cells ? VB_OK : VB_NOMEM;
  for (const vb_node *c = row->first; st == VB_OK && c; c = c->next)
    st = vb_cell_make(b, s->node, c, vb_grid_cell(g, c), &out->cells[out->n++]);
  vb_grid_row_end(g);
  return st;
}

/* Height of a row from the cells that lie in it alone; cells that reach on are put into spans. */
static vb_len row_need(vb_book *b, const vb_sheet *s, const vb_row_made *row, ruler *k)
{
  vb_len height = VB_XLSX_PIXEL;
  for (uint32_t i = 0; i < row->n; i++) {
    const vb_cell_made *m = &row->cells[i];
    int16_t across = m->cell->u.cell.colspan, down = m->cell->u.cell.rowspan;
    vb_len need = vb_text_height(m->look.size, vb_text_lines(b, &m->text, m->look.size, width_of(s, m->column, across)));
    if (down > 1)
      k->spans[m->column] = (span){k->at, k->at + (uint32_t)(down - 1), need, true};
    else if (need > height)
      height = need;
  }
  return height;
}

void vb_sheet_row_measure(vb_book *b, const vb_sheet *s, const vb_row_made *row, vb_sheet_row *out)
{
  ruler k = {.at = 0};
  *out = cut(row_need(b, s, row, &k));
}

/* A spanning cell that is higher than its rows makes the last of them higher. */
static void settle(span *spans, int n, uint32_t at, vb_len *heights)
{
  for (int c = 0; c < n; c++) {
    int64_t have = 0;
    if (!spans[c].open || spans[c].last != at)
      continue;
    for (uint32_t r = spans[c].start; r <= at; r++)
      have += heights[r];
    if (have < spans[c].need)
      heights[at] += (vb_len)(spans[c].need - have);
    spans[c].open = false;
  }
}

static uint32_t count_rows(const vb_node *table)
{
  uint32_t n = 0;
  for (const vb_node *r = table->first; r; r = r->next)
    n++;
  return n;
}

static vb_status plan_rows(vb_book *b, vb_sheet *s)
{
  ruler k = {.at = 0};
  uint32_t at = s->first, i = 0;
  s->n_rows = count_rows(s->node);
  s->rows = VB_NEW_ARRAY(b->plan, vb_sheet_row, s->n_rows + 1);
  vb_len *heights = VB_NEW_ARRAY(b->plan, vb_len, s->n_rows + 1);
  if (!s->rows || !heights)
    return VB_NOMEM;
  vb_grid_start(&k.grid, s->node);
  for (const vb_node *r = s->node->first; r; r = r->next, k.at++) {
    vb_row_made made;
    vb_arena_reset(b->scratch);
    vb_status st = vb_row_make(b, s, r, &k.grid, &made);
    if (st == VB_OK)
      st = vb_sheet_keys(b, s, &made, k.at);
    if (st != VB_OK)
      return st;
    heights[k.at] = row_need(b, s, &made, &k);
    settle(k.spans, s->n_columns, k.at, heights);
  }
  s->head_end = at;
  for (const vb_node *r = s->node->first; r; r = r->next, i++) {
    s->rows[i] = cut(heights[i]);
    s->rows[i].at = at;
    at += s->rows[i].parts;
    if (r->u.row.kind == VB_ROW_HEAD)
      s->head_end = at;
  }
  s->rows[i].at = s->end = at;
  for (vb_cell_place *p = s->places; p; p = p->next)
    p->row = s->rows[p->row].at;
  return VB_OK;
}

static vb_status plan_line(vb_book *b, const vb_sheet *s, vb_sheet_line *line)
{
  const vb_style *st = vb_style_get(line->style);
  int size = line->node->u.para.size ? line->node->u.para.size : vb_style_size(&b->doc->setup, st);
  vb_cell_text t;
  vb_arena_reset(b->scratch);
  vb_status status = vb_line_text_make(b, line, &t);
  if (status != VB_OK)
    return status;
  vb_len before = st->before == VB_PARA_GAP ? b->doc->setup.para_gap : st->before;
  line->height = vb_text_height(size, vb_text_lines(b, &t, size, width_of(s, 0, s->n_columns))) + before;
  return VB_OK;
}

/* ---- keys --------------------------------------------------------------------------------------------------- */

static const vb_value *value_of(const vb_node *cell)
{
  const vb_node *para = cell->first, *figure = para && para->kind == VB_NODE_PARA ? para->first : NULL;
  if (!cell->first)
    return cell->u.cell.value.type == VB_VALUE_NONE ? NULL : &cell->u.cell.value;
  return figure && figure->kind == VB_NODE_FIGURE && !figure->next && !para->next && !para->label ? &figure->u.text.value : NULL;
}

/* The figure that the sheet holds as a number; NULL where the text itself stands there. */
static const vb_value *figure_of(vb_book *b, const vb_cell_made *made)
{
  const vb_value *v = value_of(made->cell);
  return v && vb_value_format(b, v, made->text.whole) ? v : NULL;
}

vb_status vb_sheet_keys(vb_book *b, vb_sheet *s, const vb_row_made *row, uint32_t at)
{
  for (uint32_t i = 0; i < row->n; i++) {
    const vb_node *c = row->cells[i].cell;
    bool held = s->node->u.table.stream == NULL || c->parent->u.row.kind == VB_ROW_HEAD;
    if (!c->u.cell.key)
      continue;
    const vb_value *v = figure_of(b, &row->cells[i]);
    vb_cell_place *p = VB_NEW(b->plan, vb_cell_place);
    if (!p)
      return VB_NOMEM;
    *p = (vb_cell_place){.next = s->places, .sheet = s, .row = at, .column = (uint16_t)row->cells[i].column, .value = v, .cell = held ? c : NULL};
    s->places = p;
    if (v && !held) { /* the row goes, its figure stays */
      p->value = vb_arena_copy(b->plan, v, sizeof *v);
      if (!p->value)
        return VB_NOMEM;
    }
    if (!vb_map_put(b->keys, vb_span_of(c->u.cell.key), p))
      return VB_NOMEM;
  }
  return VB_OK;
}

/* Observations that no cell shows are reached in the data sheet. */
static vb_status plan_data(vb_book *b)
{
  for (uint32_t i = 0; i < b->doc->n_data; i++) {
    const vb_datum *x = &b->doc->data[i];
    if (!x->code || vb_map_get(b->keys, vb_span_of(x->code)))
      continue;
    vb_cell_place *p = VB_NEW(b->plan, vb_cell_place);
    if (!p)
      return VB_NOMEM;
    *p = (vb_cell_place){.sheet = &b->data, .row = vb_data_row(i), .column = VB_DATA_VALUE_COLUMN, .value = &x->value};
    if (!vb_map_put(b->keys, vb_span_of(x->code), p))
      return VB_NOMEM;
  }
  return VB_OK;
}

/* ---- sheets ------------------------------------------------------------------------------------------------- */

static vb_status plan_table(vb_book *b, vb_sheet *s)
{
  vb_status st = vb_sheet_columns(b, s);
  for (uint32_t i = 0; st == VB_OK && i < s->n_above; i++)
    st = plan_line(b, s, &s->above[i]);
  for (uint32_t i = 0; st == VB_OK && i < s->n_below; i++)
    st = plan_line(b, s, &s->below[i]);
  if (st != VB_OK)
    return st;
  for (uint32_t i = 0; i < s->n_above; i++)
    s->first += cut(s->above[i].height).parts;
  s->first += s->n_above > 0; /* an empty row above the table */
  return plan_rows(b, s);
}

static const vb_node *sequence_of(const vb_node *n)
{
  while (n && n->kind != VB_NODE_SEQUENCE)
    n = n->parent;
  return n;
}

vb_status vb_book_plan(vb_book *b)
{
  const vb_node *root = b->o->only ? b->o->only : b->doc->root;
  vb_status st = VB_OK;
  vb_walk w;
  uint32_t n = 0;
  vb_walk_init(&w, root);
  while (vb_walk_next(&w))
    n += !w.leaving && vb_sheet_wanted(w.node);
  b->sheets = VB_NEW_ARRAY(b->plan, vb_sheet, n + 1);
  b->data.name = vb_book_name_free(b, VB_LIT("Số liệu"));
  if (!b->sheets || !b->data.name)
    return VB_NOMEM;
  vb_walk_init(&w, root);
  while (st == VB_OK && vb_walk_next(&w)) {
    if (w.leaving || !vb_sheet_wanted(w.node))
      continue;
    vb_sheet *s = &b->sheets[b->n_sheets++];
    s->kind = w.node->kind == VB_NODE_CHART ? VB_SHEET_CHART : VB_SHEET_TABLE;
    s->node = w.node;
    s->sequence = sequence_of(w.node);
    s->flat = s->kind == VB_SHEET_TABLE && (w.node->u.table.stream || count_rows(w.node) > VB_TABLE_STREAM_ROWS);
    st = vb_sheet_lines(b, s);
    if (st == VB_OK)
      st = vb_sheet_name(b, s);
    if (st == VB_OK && s->kind == VB_SHEET_TABLE)
      st = plan_table(b, s);
  }
  return st == VB_OK ? plan_data(b) : st;
}
