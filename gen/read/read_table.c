/* read_table: rows of cells → records. Finds the header row, matches its headings to the dataset's columns, and pushes the rows
 * below it; CSV and workbooks come through here. For gen/read alone.
 *
 * Invariants
 *  1. Rows come in order, once; what outlives a row (headings) is copied into the table's arena.
 *  2. A row with a fault is not pushed; the next one is.
 *  3. A table is wide when the dataset allows it, no heading is "value", and every other required column but "unit" is there.
 */
#include "read/read_int.h"

#include <string.h>

typedef enum use { UNUSED, COLUMN, EXTRA, UNIT } use;

/* One column of the file. */
typedef struct file_column { use use; size_t index; vb_cell head; bool told; } file_column;

/* The best header so far: headings are kept for the message that there is none. */
typedef struct candidate { size_t score; file_column *columns; size_t n; } candidate;

struct vb_table {
  vb_table_args is;
  vb_arena *a;
  candidate best;
  uint32_t rows_seen;
  bool found, told_beyond; /* a header was found; cells to the right of it were reported */
  file_column *columns;
  size_t n_columns, n_extra, n_units;
  const char **extra_names;
  vb_field *fields, *extra; /* of the record being made */
  bool *have;               /* of a row that is looked at: columns it names */
  int unit, value;          /* positions in the dataset; -1 */
};

static int position(const vb_dataset *set, const char *id)
{
  for (size_t i = 0; i < set->n_columns; i++)
    if (strcmp(set->columns[i].id, id) == 0)
      return (int)i;
  return -1;
}

vb_table *vb_table_new(const vb_table_args *args)
{
  vb_table *t = vb_mem_zalloc(sizeof *t);
  if (!t)
    return NULL;
  t->is = *args;
  t->a = vb_arena_new(0);
  t->unit = position(args->set, "unit");
  t->value = position(args->set, "value");
  if (t->a && (t->fields = VB_NEW_ARRAY(t->a, vb_field, args->set->n_columns + 1)) && (t->have = VB_NEW_ARRAY(t->a, bool, args->set->n_columns + 1)))
    return t;
  vb_table_free(t);
  return NULL;
}

void vb_table_free(vb_table *t)
{
  if (!t)
    return;
  vb_arena_free(t->a);
  vb_mem_free(t);
}

vb_place vb_cell_at(vb_diag *d, const char *file, const vb_cell *c)
{
  return (vb_place){vb_diag_file(d, file), c->field.line, c->field.column, c->field.cell};
}

static bool filled(const vb_cell *c)
{
  return c->bad || c->field.text.n > 0;
}

/* ---- the header ---- */

static bool names_unit(const vb_table *t, vb_span heading)
{
  return !t->is.set->is_unit || t->is.set->is_unit(t->is.set->ctx, heading);
}

/* What the wide shape asks of a header: all required columns but unit and value, no value, and a heading that may be a unit. */
static bool is_wide(const vb_table *t, const vb_row *row)
{
  if (!t->is.set->may_be_wide || t->value < 0 || t->have[t->value])
    return false;
  for (size_t i = 0; i < t->is.set->n_columns; i++)
    if (t->is.set->columns[i].required && !t->have[i] && (int)i != t->unit && (int)i != t->value)
      return false;
  for (size_t i = 0; i < row->n; i++) {
    vb_span s = vb_span_trim(row->cells[i].field.text);
    if (s.n && vb_names_find(t->is.names, s) < 0 && names_unit(t, s))
      return true;
  }
  return false;
}

size_t vb_table_score(vb_table *t, const vb_row *row, bool *whole)
{
  size_t score = 0, n = t->is.set->n_columns;
  bool *have = t->have, all;
  memset(have, 0, n);
  for (size_t i = 0; i < row->n; i++) {
    int c = vb_names_find(t->is.names, row->cells[i].field.text);
    if (c >= 0 && !have[c]) {
      have[c] = true;
      score++;
    }
  }
  all = score > 0;
  for (size_t i = 0; i < n; i++)
    all = all && (have[i] || !t->is.set->columns[i].required);
  *whole = all || (score > 0 && is_wide(t, row));
  return score;
}

static bool keep_heading(vb_table *t, const vb_cell *from, vb_cell *to)
{
  *to = *from;
  vb_span s = vb_span_trim(from->field.text);
  if (!s.p)
    s = VB_LIT("");
  to->field.text = (vb_span){vb_arena_str(t->a, s.p, s.n), s.n};
  if (from->field.cell)
    to->field.cell = vb_arena_str(t->a, from->field.cell, strlen(from->field.cell));
  return to->field.text.p && (!from->field.cell || to->field.cell);
}

static vb_status keep_row(vb_table *t, const vb_row *row, file_column **columns, size_t *n)
{
  *columns = VB_NEW_ARRAY(t->a, file_column, row->n + 1);
  if (!*columns)
    return VB_NOMEM;
  for (size_t i = 0; i < row->n; i++)
    if (!keep_heading(t, &row->cells[i], &(*columns)[i].head))
      return VB_NOMEM;
  *n = row->n;
  return VB_OK;
}

/* What an unknown heading is for. */
static vb_status assign_unknown(vb_table *t, file_column *c, bool wide)
{
  vb_span s = c->head.field.text;
  if (wide && names_unit(t, s)) {
    c->use = UNIT;
    c->index = t->n_units++;
    return VB_OK;
  }
  if (t->is.set->any_columns) {
    vb_span name = vb_heading_fold(t->a, s);
    if (!name.p)
      return VB_NOMEM;
    c->use = EXTRA;
    c->index = t->n_extra;
    t->extra_names[t->n_extra++] = vb_arena_str(t->a, name.p, name.n);
    return t->extra_names[c->index] ? VB_OK : VB_NOMEM;
  }
  vb_span bare = vb_text_bare(t->a, s);
  bool number = bare.p && (vb_span_is(bare, "stt") || vb_span_is(bare, "tt") || vb_span_is(bare, "so tt") || vb_span_is(bare, "no"));
  vb_msg m = wide && !number ? VB_MSG_READ_COLUMN_NO_UNIT : VB_MSG_READ_COLUMN_EXTRA;
  return VB_POST(t->is.d, m, vb_cell_at(t->is.d, t->is.file, &c->head), VB_TXT(s));
}

static vb_status twice(vb_table *t, const file_column *c, const file_column *first)
{
  return VB_POST(t->is.d, VB_MSG_READ_HEADING_TWICE, vb_cell_at(t->is.d, t->is.file, &c->head), VB_TXT(c->head.field.text),
                 VB_TXT(first->head.field.text));
}

/* Two headings for one column leave open which one counts. */
static vb_status assign(vb_table *t, bool wide)
{
  vb_status st = VB_OK;
  vb_map *seen = vb_map_new();
  if (!seen)
    return VB_NOMEM;
  for (size_t i = 0; i < t->n_columns && st < VB_SYSTEM; i++) {
    file_column *c = &t->columns[i];
    if (!c->head.field.text.n)
      continue;
    int known = vb_names_find(t->is.names, c->head.field.text);
    vb_span key = known >= 0 ? vb_span_of(t->is.set->columns[known].id) : vb_heading_fold(t->a, c->head.field.text);
    const char *mark = key.p ? vb_arena_printf(t->a, "%s%.*s", known >= 0 ? "=" : "", (int)key.n, key.p) : NULL;
    file_column *first = mark ? vb_map_get(seen, vb_span_of(mark)) : NULL;
    if (!mark || vb_names_failed(t->is.names) || !vb_map_put(seen, vb_span_of(mark), first ? first : c)) {
      st = VB_NOMEM;
    } else if (first && (known >= 0 || first->use != UNUSED)) {
      st = vb_worse(st, twice(t, c, first));
    } else if (known >= 0) {
      c->use = COLUMN;
      c->index = (size_t)known;
    } else {
      st = vb_worse(st, assign_unknown(t, c, wide));
    }
  }
  vb_map_free(seen);
  return st == VB_BAD ? VB_DONE : st;
}

static vb_status take_header(vb_table *t, const vb_row *row)
{
  t->found = true;
  vb_status st = keep_row(t, row, &t->columns, &t->n_columns);
  if (st != VB_OK)
    return st;
  while (t->n_columns && !t->columns[t->n_columns - 1].head.field.text.n)
    t->n_columns--;
  bool wide = t->is.set->may_be_wide && t->value >= 0;
  for (size_t i = 0; i < t->n_columns; i++)
    wide = wide && vb_names_find(t->is.names, t->columns[i].head.field.text) != t->value;
  t->extra_names = VB_NEW_ARRAY(t->a, const char *, t->n_columns + 1);
  t->extra = VB_NEW_ARRAY(t->a, vb_field, t->n_columns + 1);
  if (!t->extra_names || !t->extra || vb_names_failed(t->is.names))
    return VB_NOMEM;
  return assign(t, wide);
}

/* ---- no header ---- */

static void join_headings(const candidate *c, vb_buf *out)
{
  for (size_t i = 0; i < c->n; i++) {
    if (!c->columns[i].head.field.text.n)
      continue;
    if (out->n)
      vb_buf_str(out, ", ");
    vb_buf_span(out, c->columns[i].head.field.text);
  }
}

/* The unknown heading nearest to a column's names, or NULL. */
static const file_column *nearest(vb_table *t, size_t column)
{
  const file_column *best = NULL;
  size_t least = NAME_FAR;
  for (size_t i = 0; i < t->best.n; i++) {
    const file_column *c = &t->best.columns[i];
    if (vb_names_find(t->is.names, c->head.field.text) >= 0)
      continue;
    size_t k = vb_names_distance(t->is.names, column, c->head.field.text);
    if (k < least) {
      least = k;
      best = c;
    }
  }
  return best;
}

static bool best_has(vb_table *t, size_t column)
{
  for (size_t i = 0; i < t->best.n; i++)
    if (vb_names_find(t->is.names, t->best.columns[i].head.field.text) == (int)column)
      return true;
  return false;
}

static vb_status post_missing(vb_table *t)
{
  vb_status st = VB_OK;
  vb_buf found;
  vb_buf_init(&found);
  join_headings(&t->best, &found);
  (void)vb_buf_cstr(&found); /* its NUL: what may fail fails here */
  if (found.failed)
    st = VB_NOMEM;
  for (size_t i = 0; i < t->is.set->n_columns && !found.failed; i++) {
    if (!t->is.set->columns[i].required || best_has(t, i))
      continue;
    const file_column *near = nearest(t, i);
    const char *label = vb_names_label(t->is.names, i);
    vb_place at = vb_cell_at(t->is.d, t->is.file, near ? &near->head : &t->best.columns[0].head);
    if (near)
      st = VB_POST(t->is.d, VB_MSG_READ_COLUMN_NEAR, at, label, vb_buf_cstr(&found), VB_TXT(near->head.field.text));
    else
      st = VB_POST(t->is.d, VB_MSG_READ_COLUMN_MISSING, at, label, vb_buf_cstr(&found));
  }
  vb_buf_free(&found);
  return st;
}

static vb_status post_none(vb_table *t)
{
  if (vb_names_failed(t->is.names))
    return VB_NOMEM;
  if (t->best.score)
    return post_missing(t);
  vb_buf need;
  vb_buf_init(&need);
  for (size_t i = 0; i < t->is.set->n_columns; i++) {
    if (!t->is.set->columns[i].required)
      continue;
    if (need.n)
      vb_buf_str(&need, ", ");
    vb_buf_str(&need, vb_names_label(t->is.names, i));
  }
  vb_status st = VB_POST(t->is.d, t->is.strict_width ? VB_MSG_READ_HEADER_CSV : VB_MSG_READ_HEADER_NONE, ((vb_place){vb_diag_file(t->is.d, t->is.file), 0, 0, NULL}), VB_NUM(HEAD_ROWS),
                         vb_buf_cstr(&need));
  vb_buf_free(&need);
  return st;
}

static vb_status look_for_header(vb_table *t, const vb_row *row)
{
  bool whole;
  size_t score = vb_table_score(t, row, &whole);
  if (vb_names_failed(t->is.names))
    return VB_NOMEM;
  if (whole)
    return take_header(t, row);
  if (score > t->best.score) {
    t->best.score = score;
    vb_status st = keep_row(t, row, &t->best.columns, &t->best.n);
    if (st != VB_OK)
      return st;
  }
  if (++t->rows_seen < HEAD_ROWS)
    return VB_OK;
  t->found = true;
  vb_status st = post_none(t);
  return st == VB_BAD ? VB_DONE : st;
}

vb_status vb_table_end(vb_table *t)
{
  return t->found ? VB_OK : post_none(t);
}

/* ---- records ---- */

static vb_status push(vb_table *t, const vb_row *row, const vb_field *heading)
{
  vb_record r = {.file = vb_diag_file(t->is.d, t->is.file), .fields = t->fields, .extra = t->extra, .extra_names = t->extra_names,
                 .n_extra = t->n_extra, .line = row->line};
  if (heading)
    r.heading = *heading;
  return t->is.sink.record(t->is.sink.ctx, &r);
}

static void clear_record(vb_table *t)
{
  memset(t->fields, 0, t->is.set->n_columns * sizeof *t->fields);
  memset(t->extra, 0, t->n_extra * sizeof *t->extra);
}

static vb_status post_bad(vb_table *t, const vb_cell *c)
{
  return VB_POST(t->is.d, c->why, vb_cell_at(t->is.d, t->is.file, c), c->what ? c->what : "");
}

/* A row of a CSV that is one field, for it is parted by another mark than the heading. */
static vb_status check_separator(vb_table *t, const vb_row *row)
{
  static const char marks[] = ",;\t|";
  if (!t->is.strict_width || row->n != 1 || t->n_columns < 2)
    return VB_OK;
  vb_span s = row->cells[0].field.text;
  for (const char *m = marks; *m; m++) {
    if (s.n == 0 || !memchr(s.p, *m, s.n))
      continue;
    const char shown[] = {'"', *m, '"', '\0'};
    return VB_POST(t->is.d, VB_MSG_READ_SEPARATOR, vb_cell_at(t->is.d, t->is.file, &row->cells[0]), VB_NUM(t->n_columns), *m == '\t' ? "tab" : shown);
  }
  return VB_OK;
}

/* Fields that no heading stands over: an error where the separator made them, a remark beside a table in a workbook. */
static vb_status check_width(vb_table *t, const vb_row *row)
{
  vb_status apart = check_separator(t, row);
  if (apart != VB_OK)
    return apart;
  for (size_t i = t->n_columns; i < row->n; i++) {
    if (!filled(&row->cells[i]))
      continue;
    vb_place at = vb_cell_at(t->is.d, t->is.file, &row->cells[i]);
    if (t->is.strict_width)
      return VB_POST(t->is.d, VB_MSG_READ_ROW_LONG, at, VB_NUM(t->n_columns));
  }
  for (size_t i = 0; i < row->n; i++) {
    bool beyond = i >= t->n_columns;
    bool *told = beyond ? &t->told_beyond : &t->columns[i].told;
    if (!filled(&row->cells[i]) || *told || (!beyond && t->columns[i].head.field.text.n))
      continue;
    *told = true;
    VB_POST(t->is.d, VB_MSG_READ_COLUMN_NO_HEADING, vb_cell_at(t->is.d, t->is.file, &row->cells[i]));
  }
  return VB_OK;
}

/* Fills what all records of a row share. *any: whether a column of the dataset has text. */
static vb_status fill(vb_table *t, const vb_row *row, bool *any)
{
  vb_status st = VB_OK;
  clear_record(t);
  for (size_t i = 0; i < t->n_columns && i < row->n; i++) {
    const file_column *c = &t->columns[i];
    const vb_cell *cell = &row->cells[i];
    if (c->use == UNUSED || c->use == UNIT)
      continue;
    if (cell->bad)
      st = vb_worse(st, post_bad(t, cell));
    if (filled(cell))
      *any = true;
    *(c->use == COLUMN ? &t->fields[c->index] : &t->extra[c->index]) = cell->field;
  }
  return st;
}

static vb_status push_wide(vb_table *t, const vb_row *row)
{
  vb_status worst = VB_OK;
  for (size_t i = 0; i < t->n_columns; i++) {
    if (t->columns[i].use != UNIT)
      continue;
    const vb_field *heading = &t->columns[i].head.field;
    static const vb_cell absent;
    const vb_cell *cell = i < row->n ? &row->cells[i] : &absent;
    if (cell->bad) {
      worst = vb_worse(worst, post_bad(t, cell));
      continue;
    }
    if (t->unit >= 0)
      t->fields[t->unit] = *heading;
    t->fields[t->value] = cell->field;
    if (!vb_read_goes_on(&worst, push(t, row, heading)))
      break;
  }
  return worst;
}

static bool blank(const vb_row *row)
{
  for (size_t i = 0; i < row->n; i++)
    if (filled(&row->cells[i]))
      return false;
  return true;
}

vb_status vb_table_row(vb_table *t, const vb_row *row)
{
  if (blank(row)) {
    if (!t->found && t->rows_seen < HEAD_ROWS - 1)
      t->rows_seen++;
    return VB_OK;
  }
  if (!t->found)
    return look_for_header(t, row);
  vb_status st = check_width(t, row);
  bool any = false;
  if (st == VB_OK)
    st = fill(t, row, &any);
  if (st != VB_OK || !any)
    return st;
  return t->n_units ? push_wide(t, row) : push(t, row, NULL);
}
