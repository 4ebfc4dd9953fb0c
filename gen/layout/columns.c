/* Widths of a table's columns, from the template where it gives them, else from the content. Part of room layout.
 *
 * A column is at least as wide as its widest piece that cannot be broken, also where the template gave less and others have room:
 * a figure is not cut in two. Columns without a width share what is left: as wide as their text where all fits, else between the
 * least and the natural width, and then shifted in steps as long as that makes the table shorter. */
#include "layout/layout_int.h"

enum { HEIGHT_ROWS = 100, STEPS = 12, STEP_SHARE = 40 };

/* given: all columns have widths, so that only the least that no word is cut at counts. */
typedef struct size { vb_len min, max; int64_t area; bool given; } size;

typedef struct solver {
  vb_layout *l;
  vb_table *t;
  const vb_node *table;
  int n;
  vb_len min[VB_TABLE_COLUMNS_MAX], max[VB_TABLE_COLUMNS_MAX], w[VB_TABLE_COLUMNS_MAX];
  int left[VB_TABLE_COLUMNS_MAX]; /* rows that a span from above still covers */
  int64_t *area;                  /* natural widths of the cells' text: HEIGHT_ROWS × columns */
  uint32_t rows;
  bool given;
} solver;

/* ---- measuring ------------------------------------------------------------------------------------------------ */

static vb_status measure_para(vb_layout *l, const vb_para *p, size *z) {
  vb_len low = 0, high = 0;
  if (z->given) {
    low = vb_para_widest_word(l, p);
    z->min = low > z->min ? low : z->min;
    return VB_OK;
  }
  vb_status st = vb_para_measure(l, p, &low, &high);
  z->min = low > z->min ? low : z->min;
  z->max = high > z->max ? high : z->max;
  z->area += high;
  return st;
}

static vb_status measure_blocks(vb_layout *l, const vb_context *c, const vb_node *cell, size *z) {
  vb_blocks b = {cell, NULL};
  vb_status st = VB_OK;
  while (st == VB_OK && vb_blocks_next(&b)) {
    const vb_node *n = b.at;
    vb_para *p = NULL;
    if (n->kind == VB_NODE_PARA)
      st = vb_para_make(l, c, n, n->parent->kind == VB_NODE_ITEM && n->parent->first == n ? n->parent : NULL, &p);
    else if (n->kind == VB_NODE_ITEM)
      st = vb_para_make_label(l, c, n, &p);
    if (st == VB_OK && p)
      st = measure_para(l, p, z);
  }
  return st;
}

static void measure_decimal(solver *s, const vb_para *p, int col) {
  size_t whole = 0;
  if (p->n_runs != 1 || !vb_decimal_split(p->text, &whole))
    return;
  vb_face_id face = (vb_face_id)p->runs[0].face;
  vb_len before = vb_em_mpt(p, vb_metrics_text(&s->l->m, face, (vb_span){p->text.p, whole}));
  vb_len behind = vb_em_mpt(p, vb_metrics_text(&s->l->m, face, (vb_span){p->text.p + whole, p->text.n - whole}));
  if (before > s->t->whole[col])
    s->t->whole[col] = before;
  if (behind > s->t->part[col])
    s->t->part[col] = behind;
}

static vb_status measure_cell(solver *s, const vb_node *row, const vb_node *cell, int col, size *z) {
  vb_context c = vb_cell_context(s->table, row, cell, col);
  vb_para *p = NULL;
  c.width = s->l->geo.w;
  *z = (size){.given = s->given};
  if (cell->first)
    return measure_blocks(s->l, &c, cell, z);
  if (!cell->u.cell.text.n)
    return VB_OK;
  vb_status st = vb_para_make_plain(s->l, &c, (vb_words){cell, vb_cell_style(row, cell), cell->u.cell.text}, &p);
  if (st == VB_OK)
    st = measure_para(s->l, p, z);
  if (st == VB_OK && c.align == VB_ALIGN_DECIMAL)
    measure_decimal(s, p, col);
  return st;
}

/* A cell over several columns widens them evenly by what it lacks; given widths stay. */
static void spread(solver *s, int col, int span, vb_len need) {
  int64_t have = 0;
  int open = 0;
  for (int i = col; i < col + span; i++) {
    have += s->min[i];
    open += s->table->u.table.columns[i].width == 0;
  }
  if (have >= need || !open)
    return;
  for (int i = col; i < col + span; i++)
    if (s->table->u.table.columns[i].width == 0) {
      s->min[i] += (vb_len)((need - have + open - 1) / open);
      s->max[i] = s->max[i] > s->min[i] ? s->max[i] : s->min[i];
    }
}

static vb_status measure_row(solver *s, const vb_node *row) {
  int64_t *area = s->rows < HEIGHT_ROWS ? s->area + (size_t)s->rows * (size_t)s->n : NULL;
  int col = 0;
  for (const vb_node *cell = row->first; cell; cell = cell->next) {
    size z;
    while (col < s->n && s->left[col] > 0)
      col++;
    int span = cell->u.cell.colspan;
    if (col + span > s->n)
      break;
    vb_arena_mark m = vb_arena_save(s->l->arena);
    vb_status st = measure_cell(s, row, cell, col, &z);
    vb_arena_restore(s->l->arena, m);
    if (st != VB_OK)
      return st;
    for (int i = col; i < col + span; i++)
      s->left[i] = -cell->u.cell.rowspan;
    if (span == 1) {
      s->min[col] = z.min > s->min[col] ? z.min : s->min[col];
      s->max[col] = z.max > s->max[col] ? z.max : s->max[col];
      if (area && cell->u.cell.rowspan == 1)
        area[col] = z.area;
    } else {
      spread(s, col, span, z.min - (span - 1) * 2 * VB_CELL_PAD_X);
    }
    col += span;
  }
  for (int i = 0; i < s->n; i++)
    s->left[i] = s->left[i] < 0 ? -s->left[i] - 1 : s->left[i] - (s->left[i] > 0);
  s->rows++;
  return VB_OK;
}

/* The sum of all rows of a table that is held, as it may be carried: no row holds a figure as wide. */
static vb_status measure_carry(solver *s) {
  vb_status st = VB_OK;
  vb_carry *k = vb_carry_new(s->l->arena, s->table, &st);
  vb_grid g;
  vb_grid_start(&g, s->table);
  for (const vb_node *row = k && !s->table->u.table.stream ? s->table->first : NULL; row && st == VB_OK; row = row->next) {
    for (const vb_node *cell = row->first; cell && st == VB_OK; cell = cell->next) {
      int col = vb_grid_cell(&g, cell);
      if (row->u.row.kind == VB_ROW_DATA)
        st = vb_carry_count(s->l, k, s->table, cell, col);
    }
    vb_grid_row_end(&g);
  }
  vb_node *sums = st == VB_OK && k && k->some ? vb_carry_row(s->l->arena, s->table, k, VB_LIT(VB_CARRY_HEAD)) : NULL;
  if (st != VB_OK || !k || !k->some)
    return st;
  for (int i = 0; i < s->n; i++)
    s->left[i] = 0;
  return sums ? measure_row(s, sums) : VB_NOMEM;
}

/* Head rows, and body rows up to VB_SAMPLE_ROWS. */
static vb_status measure(solver *s) {
  const vb_row_stream *r = s->table->u.table.stream;
  vb_status st = VB_OK;
  uint32_t body = 0;
  for (const vb_node *row = s->table->first; row && st == VB_OK && body < VB_SAMPLE_ROWS; row = row->next) {
    st = measure_row(s, row);
    body += row->u.row.kind != VB_ROW_HEAD;
  }
  if (st == VB_OK && r)
    st = r->rewind(r->ctx);
  for (; st == VB_OK && r && body < VB_SAMPLE_ROWS; body++) {
    vb_node *row = NULL;
    st = r->next(r->ctx, s->l->arena, &row);
    if (st == VB_DONE)
      return VB_OK;
    if (st == VB_OK)
      st = vb_glyphs_check_row(s->l, s->table, row);
    if (st == VB_OK)
      st = measure_row(s, row);
  }
  return st;
}

/* ---- solving -------------------------------------------------------------------------------------------------- */

static bool open_column(const solver *s, int i) { return s->table->u.table.columns[i].width == 0; }

/* Widths between the least and the natural for the columns without a given one. */
static void share(solver *s, int64_t room) {
  int64_t low = 0, high = 0;
  for (int i = 0; i < s->n; i++)
    if (open_column(s, i)) {
      low += s->min[i];
      high += s->max[i];
    }
  for (int i = 0; i < s->n; i++) {
    if (!open_column(s, i))
      continue;
    if (high <= room)
      s->w[i] = (vb_len)(room * s->max[i] / high);
    else if (low >= room)
      s->w[i] = (vb_len)(room * s->min[i] / low);
    else
      s->w[i] = s->min[i] + (vb_len)((room - low) * (s->max[i] - s->min[i]) / (high - low));
  }
}

/* Lines of all measured rows; a line of running text loses about a twentieth at its end. */
static int64_t lines(const solver *s) {
  uint32_t rows = s->rows < HEIGHT_ROWS ? s->rows : HEIGHT_ROWS;
  int64_t sum = 0;
  for (uint32_t r = 0; r < rows; r++) {
    const int64_t *area = s->area + (size_t)r * (size_t)s->n;
    int64_t most = 1;
    for (int i = 0; i < s->n; i++) {
      int64_t w = s->w[i] - 2 * VB_CELL_PAD_X;
      int64_t k = area[i] <= w || w <= 0 ? 1 : (area[i] * 21 / 20 + w - 1) / w;
      most = k > most ? k : most;
    }
    sum += most;
  }
  return sum;
}

/* The best shift of one step from a column to another; false when none makes the table shorter. */
static bool shift(solver *s, vb_len step, int64_t *now) {
  int from = -1, to = -1;
  for (int a = 0; a < s->n; a++)
    for (int b = 0; b < s->n; b++) {
      if (a == b || !open_column(s, a) || !open_column(s, b) || s->w[a] - step < s->min[a])
        continue;
      s->w[a] -= step;
      s->w[b] += step;
      int64_t h = lines(s);
      s->w[a] += step;
      s->w[b] -= step;
      if (h < *now) {
        *now = h;
        from = a;
        to = b;
      }
    }
  if (from < 0)
    return false;
  s->w[from] -= step;
  s->w[to] += step;
  return true;
}

/* Columns narrower than their widest piece take from those with room to spare, in proportion to what these can spare. */
static void hold_least(solver *s) {
  int64_t lack = 0, spare = 0, taken = 0;
  for (int i = 0; i < s->n; i++) {
    lack += s->w[i] < s->min[i] ? s->min[i] - s->w[i] : 0;
    spare += s->w[i] > s->min[i] ? s->w[i] - s->min[i] : 0;
  }
  if (!lack || lack > spare)
    return; /* too many wide pieces: the widths stay, and pieces are broken */
  for (int i = 0; i < s->n; i++) {
    if (s->w[i] <= s->min[i])
      continue;
    vb_len give = (vb_len)((s->w[i] - s->min[i]) * lack / spare);
    taken += give;
    s->w[i] -= give;
  }
  for (int i = 0; i < s->n; i++) {
    if (s->w[i] >= s->min[i])
      continue;
    vb_len want = s->min[i] - s->w[i], get = want < taken ? want : (vb_len)taken;
    s->w[i] += get;
    taken -= get;
  }
}

static void widths(solver *s, vb_len width) {
  int64_t room = width, given = 0;
  int open = 0;
  for (int i = 0; i < s->n; i++) {
    given += s->table->u.table.columns[i].width;
    open += open_column(s, i);
    s->min[i] += 2 * VB_CELL_PAD_X + 100; /* a tenth of a point is lost in rounding shares */
    s->max[i] = (s->max[i] > VB_LEN_MAX / 2 ? VB_LEN_MAX / 2 : s->max[i]) + 2 * VB_CELL_PAD_X;
    s->min[i] = s->min[i] > width ? width : s->min[i];
    s->max[i] = s->max[i] < s->min[i] ? s->min[i] : s->max[i];
  }
  if (given > 1000 || (!open && given > 0))
    ; /* thousandths that do not add up exactly are taken as shares */
  else
    given = 1000;
  for (int i = 0; i < s->n; i++)
    if (!open_column(s, i)) {
      s->w[i] = (vb_len)((int64_t)width * s->table->u.table.columns[i].width / given);
      room -= s->w[i];
    }
  if (open && room > 0)
    share(s, room);
  if (open > 1 && s->n <= 12) {
    int64_t now = lines(s);
    for (int i = 0; i < STEPS && shift(s, width / STEP_SHARE, &now); i++)
      ;
  }
  hold_least(s);
}

static vb_status room_for(solver *s) {
  vb_arena *a = s->t->arena;
  s->t->edge = VB_NEW_ARRAY(a, vb_len, s->n + 1);
  s->t->whole = VB_NEW_ARRAY(a, vb_len, s->n);
  s->t->part = VB_NEW_ARRAY(a, vb_len, s->n);
  s->area = VB_NEW_ARRAY(s->l->scratch, int64_t, HEIGHT_ROWS * s->n);
  return s->t->edge && s->t->whole && s->t->part && s->area ? VB_OK : VB_NOMEM;
}

vb_status vb_columns_solve(vb_layout *l, vb_table *t, vb_len width) {
  solver *s = VB_NEW(l->scratch, solver);
  vb_arena *had = l->arena;
  if (!s)
    return VB_NOMEM;
  s->l = l;
  s->t = t;
  s->table = t->node;
  s->n = t->node->u.table.n_columns;
  s->given = true;
  for (int i = 0; i < s->n; i++)
    s->given = s->given && t->node->u.table.columns[i].width > 0;
  vb_status st = room_for(s);
  l->arena = l->scratch; /* what is measured goes again */
  if (st == VB_OK)
    st = measure(s);
  if (st == VB_OK)
    st = measure_carry(s);
  l->arena = had;
  if (st == VB_OK) {
    widths(s, width);
    int64_t sum = 0, upto = 0;
    for (int i = 0; i < s->n; i++)
      sum += s->w[i] = s->w[i] > 0 ? s->w[i] : 1;
    for (int i = 0; i < s->n; i++) {
      upto += s->w[i];
      t->edge[i + 1] = (vb_len)(width * upto / sum);
    }
  }
  vb_arena_reset(l->scratch);
  return st;
}
