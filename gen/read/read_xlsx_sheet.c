/* read_xlsx_sheet: the rows of one sheet. For gen/read/read_xlsx*.c alone.
 *
 * Invariants
 *  1. A row costs by the cells it holds: empty rows, and rows that the file leaves out, cost nothing.
 *  2. Cells covered by a merge are absent; its value stands in its first cell.
 */
#include "read/read_xlsx_int.h"

#include <stdlib.h>
#include <string.h>

typedef struct area { uint32_t row1, col1, row2, col2; } area;

struct vb_sheet {
  vb_book *b;
  vb_arena *tree, *row_a;
  const char *name;
  const vb_xml_node *first, *next; /* <row> */
  uint32_t row;                    /* of the last row given */
  area *merges;                    /* sorted by first row */
  size_t n_merges, seen;           /* seen: merges that begin at or above the row */
  size_t *active, n_active;        /* of those, the ones that reach the row */
};

/* "BC14" → row 14, column 54 (from 0). Signs of absolute references are not written in cells. */
static const char *read_ref(const char *p, const char *end, uint32_t *row, uint32_t *col)
{
  uint32_t c = 0, r = 0;
  const char *start = p;
  for (; p < end && *p >= 'A' && *p <= 'Z' && c < 100000; p++)
    c = c * 26 + (uint32_t)(*p - 'A') + 1;
  if (p == start || c == 0 || c > 16384)
    return NULL;
  start = p;
  for (; p < end && *p >= '0' && *p <= '9' && r < 10000000; p++)
    r = r * 10 + (uint32_t)(*p - '0');
  if (p == start || r == 0 || r > 1048576)
    return NULL;
  *row = r;
  *col = c - 1;
  return p;
}

static int by_row(const void *x, const void *y)
{
  const area *a = x, *b = y;
  return a->row1 < b->row1 ? -1 : a->row1 > b->row1;
}

static vb_status read_merges(vb_sheet *s, const vb_xml_node *root)
{
  const vb_xml_node *list = vb_xml_child(root, "mergeCells");
  size_t n = 0;
  for (const vb_xml_node *m = list ? vb_xml_child(list, "mergeCell") : NULL; m; m = vb_xml_sibling(m, "mergeCell"))
    n++;
  s->merges = VB_NEW_ARRAY(s->tree, area, n + 1);
  s->active = VB_NEW_ARRAY(s->tree, size_t, n + 1);
  if (!s->merges || !s->active)
    return VB_NOMEM;
  for (const vb_xml_node *m = list ? vb_xml_child(list, "mergeCell") : NULL; m; m = vb_xml_sibling(m, "mergeCell")) {
    vb_span ref = vb_xml_attr_get(m, "ref");
    if (!ref.n)
      continue;
    area *x = &s->merges[s->n_merges];
    const char *end = ref.p + ref.n, *p = read_ref(ref.p, end, &x->row1, &x->col1);
    if (p && p < end && *p == ':' && read_ref(p + 1, end, &x->row2, &x->col2) == end && x->row2 >= x->row1 && x->col2 >= x->col1)
      s->n_merges++;
  }
  qsort(s->merges, s->n_merges, sizeof *s->merges, by_row);
  return VB_OK;
}

vb_status vb_sheet_open(vb_book *b, const vb_book_sheet *which, vb_sheet **out)
{
  *out = NULL;
  if (!which->part)
    return VB_POST(b->r->d, VB_MSG_BOOK_PART, vb_book_place(b), which->name);
  vb_sheet *s = vb_mem_zalloc(sizeof *s);
  if (!s)
    return VB_NOMEM;
  s->b = b;
  s->name = which->name;
  s->tree = vb_arena_new(0);
  s->row_a = vb_arena_new(0);
  vb_xml_node *root = NULL;
  vb_status st = s->tree && s->row_a ? vb_book_part(b, s->tree, which->part, &root) : VB_NOMEM;
  if (st == VB_DONE)
    st = VB_POST(b->r->d, VB_MSG_BOOK_PART, vb_book_place(b), which->part);
  if (st == VB_OK)
    st = read_merges(s, root);
  if (st == VB_OK) {
    const vb_xml_node *data = vb_xml_child(root, "sheetData");
    s->first = s->next = data ? vb_xml_child(data, "row") : NULL;
    *out = s;
  } else {
    vb_sheet_close(s);
  }
  return st;
}

void vb_sheet_close(vb_sheet *s)
{
  if (!s)
    return;
  vb_arena_free(s->tree);
  vb_arena_free(s->row_a);
  vb_mem_free(s);
}

void vb_sheet_rewind(vb_sheet *s)
{
  s->next = s->first;
  s->row = 0;
  s->seen = s->n_active = 0;
}

/* Brings the list of merges that reach a row up to date; rows only go down. */
static void activate(vb_sheet *s, uint32_t row)
{
  size_t n = 0;
  while (s->seen < s->n_merges && s->merges[s->seen].row1 <= row)
    s->active[s->n_active++] = s->seen++;
  for (size_t i = 0; i < s->n_active; i++)
    if (s->merges[s->active[i]].row2 >= row)
      s->active[n++] = s->active[i];
  s->n_active = n;
}

static bool covered(const vb_sheet *s, uint32_t row, uint32_t col)
{
  for (size_t i = 0; i < s->n_active; i++) {
    const area *m = &s->merges[s->active[i]];
    if (col >= m->col1 && col <= m->col2 && !(row == m->row1 && col == m->col1))
      return true;
  }
  return false;
}

static char *cell_name(vb_sheet *s, uint32_t row, uint32_t col)
{
  char letters[8];
  size_t n = 0;
  for (uint32_t c = col + 1; c; c = (c - 1) / 26)
    letters[n++] = (char)('A' + (c - 1) % 26);
  char name[8];
  for (size_t i = 0; i < n; i++)
    name[i] = letters[n - 1 - i];
  name[n] = '\0';
  return vb_arena_printf(s->row_a, "%s!%s%u", s->name, name, (unsigned)row);
}

static void spoil(vb_cell *c, vb_msg why, const char *what)
{
  c->bad = true;
  c->why = why;
  c->what = what;
}

static vb_status shared_string(vb_sheet *s, vb_cell *c, vb_span v)
{
  size_t i = 0;
  vb_span t = vb_span_trim(v);
  bool ok = t.n > 0 && t.n < 10;
  for (size_t k = 0; ok && k < t.n; k++) {
    ok = t.p[k] >= '0' && t.p[k] <= '9';
    i = i * 10 + (size_t)(t.p[k] - '0');
  }
  if (ok && i < s->b->n_strings) {
    c->field.text = s->b->strings[i];
    return VB_OK;
  }
  const char *what = vb_arena_printf(s->row_a, "s=%.*s", (int)(t.n < 20 ? t.n : 20), t.p ? t.p : "");
  spoil(c, VB_MSG_BOOK_CELL_BROKEN, what);
  return what ? VB_OK : VB_NOMEM;
}

/* t="d": an ISO date, perhaps with a time. */
static void iso_date(vb_cell *c, vb_span v)
{
  vb_date day;
  vb_span t = vb_span_trim(v), head = {t.p, t.n < 10 ? t.n : 10};
  c->field.text = t;
  if (vb_date_parse_iso(head, &day) && (t.n == 10 || t.p[10] == 'T')) {
    c->field.text = head;
    c->field.typed_date = true;
  }
}

static vb_format format_of(const vb_sheet *s, const vb_xml_node *n)
{
  vb_span style = vb_xml_attr_get(n, "s");
  size_t i = 0;
  for (size_t k = 0; k < style.n && k < 7; k++)
    i = i * 10 + (size_t)((unsigned char)style.p[k] - '0');
  return style.n && i < s->b->n_formats ? s->b->formats[i] : FORMAT_PLAIN;
}

static vb_status read_value(vb_sheet *s, const vb_xml_node *n, vb_cell *c)
{
  vb_span type = vb_xml_attr_get(n, "t");
  const vb_xml_node *vn = vb_xml_child(n, "v"), *is = vb_xml_child(n, "is");
  bool formula = vb_xml_child(n, "f") != NULL;
  vb_span v = vn ? vb_xml_text(s->row_a, vn) : (vb_span){"", 0};
  if (!v.p)
    return VB_NOMEM;
  if (vb_span_is(type, "inlineStr")) {
    c->field.text = is ? vb_book_rich_text(s->row_a, is) : VB_LIT("");
    if (!c->field.text.p)
      return VB_NOMEM;
  } else if (formula && !v.n && !vb_span_is(type, "str")) {
    spoil(c, VB_MSG_BOOK_NO_VALUE, NULL);
  } else if (vb_span_is(type, "s")) {
    return v.n ? shared_string(s, c, v) : VB_OK;
  } else if (vb_span_is(type, "str")) {
    c->field.text = v;
  } else if (vb_span_is(type, "b")) {
    c->field.text = vb_span_is(v, "1") ? VB_LIT("TRUE") : VB_LIT("FALSE");
  } else if (vb_span_is(type, "e")) {
    spoil(c, VB_MSG_BOOK_CELL_ERROR, vb_arena_str(s->row_a, v.p, v.n));
  } else if (vb_span_is(type, "d")) {
    iso_date(c, v);
  } else if (v.n && !vb_book_read_number(s->b, s->row_a, v, format_of(s, n), &c->field)) {
    spoil(c, VB_MSG_BOOK_CELL_BROKEN, vb_arena_str(s->row_a, v.p, v.n < 40 ? v.n : 40));
  }
  return c->field.text.p || !c->field.typed_number ? VB_OK : VB_NOMEM;
}

/* Where a cell stands: by its reference, else behind the one before it. */
static uint32_t column_of(const vb_xml_node *c, uint32_t behind)
{
  vb_span ref = vb_xml_attr_get(c, "r");
  uint32_t row, col;
  return ref.n && read_ref(ref.p, ref.p + ref.n, &row, &col) == ref.p + ref.n ? col : behind;
}

static vb_status read_cells(vb_sheet *s, const vb_xml_node *row, vb_row *out)
{
  uint32_t width = 0, col = 0;
  for (const vb_xml_node *c = vb_xml_child(row, "c"); c; c = vb_xml_sibling(c, "c")) {
    col = column_of(c, col) + 1;
    if (col > width && c->first)
      width = col;
  }
  if (width > VB_CSV_COLUMNS_MAX)
    width = VB_CSV_COLUMNS_MAX;
  out->cells = VB_NEW_ARRAY(s->row_a, vb_cell, width + 1);
  out->n = width;
  if (!out->cells)
    return VB_NOMEM;
  col = 0;
  for (const vb_xml_node *c = vb_xml_child(row, "c"); c; c = vb_xml_sibling(c, "c")) {
    uint32_t at = column_of(c, col);
    col = at + 1;
    if (at >= width || !c->first || covered(s, s->row, at))
      continue;
    vb_cell *cell = &out->cells[at];
    vb_status st = read_value(s, c, cell);
    if (st != VB_OK)
      return st;
    cell->field.text = vb_span_trim(cell->field.text);
    if (cell->field.text.n > VB_FIELD_BYTES_MAX)
      spoil(cell, VB_MSG_READ_FIELD_LONG, vb_arena_printf(s->row_a, "%u", VB_FIELD_BYTES_MAX));
    cell->field.cell = cell_name(s, s->row, at);
    if (!cell->field.cell)
      return VB_NOMEM;
  }
  return VB_OK;
}

static uint32_t row_number(const vb_xml_node *row, uint32_t behind)
{
  vb_span r = vb_xml_attr_get(row, "r");
  uint32_t v = 0;
  for (size_t i = 0; i < r.n; i++) {
    if (r.p[i] < '0' || r.p[i] > '9' || v > 1048576)
      return behind;
    v = v * 10 + (uint32_t)(r.p[i] - '0');
  }
  return v ? v : behind;
}

vb_status vb_sheet_next(vb_sheet *s, vb_row *row)
{
  while (s->next) {
    const vb_xml_node *n = s->next;
    s->next = vb_xml_sibling(n, "row");
    uint32_t number = row_number(n, s->row + 1);
    if (number < s->row) { /* rows out of order: merges are looked at anew */
      s->seen = s->n_active = 0;
    }
    s->row = number;
    if (!vb_xml_child(n, "c"))
      continue;
    vb_arena_reset(s->row_a);
    activate(s, number);
    row->line = number;
    return read_cells(s, n, row);
  }
  return VB_DONE;
}
