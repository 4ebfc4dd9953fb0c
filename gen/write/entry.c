/* The workbook to fill in: one unit's form as a protected sheet. Part of room write; calls libxlsxwriter. What an input cell takes
 * and watches is in entry_cell.c.
 *
 * Invariants
 *  1. The reader of values finds the sheet by itself: one row of headings that it knows, and unit and period in hidden columns of
 *     every row, so that a file that was renamed or mixed up still says whose figures it holds.
 *  2. Only figures and notes can be changed. There is no password: the lock is against slips, not against people.
 *  3. A check turns a cell red and forbids nothing: what is right is decided when the figures are read. */
#include <xlsxwriter.h>

#include "write/entry_int.h"

#include <string.h>

#define SIZE 24 /* half points */
#define TITLE_SIZE 28
#define LOCKED_GREY 0xF2F2F2
#define CLOSED_GREY 0xD9D9D9
#define INPUT_YELLOW 0xFFFFE5

static const struct { const char *title; uint16_t pixels; bool hidden; } columns[ENTRY_COLUMNS] = {
  {"Mã chỉ tiêu", 76, false}, {"Chỉ tiêu", 360, false}, {"Đơn vị tính", 110, false}, {"Số liệu", 104, false}, {"Kỳ trước", 96, false},
  {"Ghi chú", 220, false}, {"Điều kiện", 130, false}, {"Mã đơn vị", 90, true}, {"Kỳ báo cáo", 70, true}};

uint32_t vb_entry_sheet_row(const vb_entry *e, const vb_entry_row *r)
{
  return ENTRY_FIRST_ROW + (uint32_t)(r - e->rows);
}

/* ---- formats ------------------------------------------------------------------------------------------------ */

typedef struct look_def { const char *number; uint32_t fill; int size; bool bold, italic, border, center, right, open; } look_def;

static const look_def looks[ENTRY_LOOKS] = {
  [ENTRY_LOOK_TITLE] = {.bold = true, .center = true, .size = TITLE_SIZE},
  [ENTRY_LOOK_TOP] = {.bold = true, .size = SIZE},
  [ENTRY_LOOK_TOP_CODE] = {.size = SIZE, .number = "@"},
  [ENTRY_LOOK_HELP] = {.italic = true, .size = SIZE},
  [ENTRY_LOOK_HEAD] = {.bold = true, .border = true, .center = true, .fill = CLOSED_GREY, .size = SIZE},
  [ENTRY_LOOK_TEXT] = {.border = true, .fill = LOCKED_GREY, .size = SIZE, .number = "@"},
  [ENTRY_LOOK_GROUP] = {.bold = true, .border = true, .fill = LOCKED_GREY, .size = SIZE, .number = "@"},
  [ENTRY_LOOK_CENTER] = {.border = true, .center = true, .fill = LOCKED_GREY, .size = SIZE, .number = "@"},
  [ENTRY_LOOK_BEFORE] = {.border = true, .right = true, .fill = LOCKED_GREY, .size = SIZE},
  [ENTRY_LOOK_BEFORE_DATE] = {.border = true, .right = true, .fill = LOCKED_GREY, .size = SIZE, .number = "dd/mm/yyyy"},
  [ENTRY_LOOK_CLOSED] = {.border = true, .center = true, .fill = CLOSED_GREY, .size = SIZE},
  [ENTRY_LOOK_NOTE] = {.border = true, .open = true, .fill = INPUT_YELLOW, .size = SIZE},
  [ENTRY_LOOK_INPUT] = {.border = true, .right = true, .open = true, .fill = INPUT_YELLOW, .size = SIZE},
  [ENTRY_LOOK_INPUT_COUNT] = {.border = true, .right = true, .open = true, .fill = INPUT_YELLOW, .size = SIZE, .number = "#,##0"},
  [ENTRY_LOOK_INPUT_DATE] = {.border = true, .right = true, .open = true, .fill = INPUT_YELLOW, .size = SIZE, .number = "dd/mm/yyyy"},
  [ENTRY_LOOK_INPUT_TEXT] = {.border = true, .open = true, .fill = INPUT_YELLOW, .size = SIZE, .number = "@"},
};

static lxw_format *make_look(vb_book *b, const look_def *k)
{
  lxw_format *f = workbook_add_format(b->wb);
  if (!f)
    return NULL;
  format_set_font_name(f, VB_XLSX_FONT);
  format_set_font_size(f, k->size / 2.0);
  if (k->bold)
    format_set_bold(f);
  if (k->italic)
    format_set_italic(f);
  if (k->border)
    format_set_border(f, LXW_BORDER_THIN);
  if (k->open)
    format_set_unlocked(f);
  if (k->fill)
    format_set_bg_color(f, k->fill);
  if (k->number)
    format_set_num_format(f, k->number);
  format_set_text_wrap(f);
  format_set_align(f, k->center ? LXW_ALIGN_CENTER : k->right ? LXW_ALIGN_RIGHT : LXW_ALIGN_LEFT);
  format_set_align(f, k->size == SIZE && k->border && !k->bold ? LXW_ALIGN_VERTICAL_TOP : LXW_ALIGN_VERTICAL_CENTER);
  return f;
}

/* The red of a cell that breaks a rule: only what differs is said, the rest stays as the cell has it. */
static lxw_format *make_bad(vb_book *b)
{
  lxw_format *f = workbook_add_format(b->wb);
  if (!f)
    return NULL;
  format_set_bg_color(f, 0xFFC7CE);
  format_set_font_color(f, 0x9C0006);
  return f;
}

static vb_status make_looks(vb_book *b, vb_entry_book *k)
{
  for (int i = 0; i < ENTRY_LOOKS; i++)
    if (!(k->looks[i] = i == ENTRY_LOOK_BAD ? make_bad(b) : make_look(b, &looks[i])))
      return VB_NOMEM;
  return VB_OK;
}

/* ---- cells -------------------------------------------------------------------------------------------------- */

static vb_status put(vb_book *b, vb_entry_book *k, uint32_t row, int column, const char *text, vb_entry_look look)
{
  lxw_error e = text && *text ? worksheet_write_string(k->ws, row, (lxw_col_t)column, text, k->looks[look])
                              : worksheet_write_blank(k->ws, row, (lxw_col_t)column, k->looks[look]);
  return vb_book_error(b, (int)e, VB_NOWHERE);
}

static int lines_of(vb_book *b, const char *text, int size, int pixels, bool bold)
{
  vb_cell_text t = {.whole = vb_span_of(text), .bold = bold};
  return t.whole.n ? vb_text_lines(b, &t, size, pixels) : 1;
}

static vb_status set_height(vb_book *b, vb_entry_book *k, uint32_t row, int size, int lines)
{
  vb_len h = vb_text_height(size, lines);
  return vb_book_error(b, (int)worksheet_set_row(k->ws, row, (double)(h > VB_XLSX_ROW_MAX ? VB_XLSX_ROW_MAX : h) / 1000, NULL), VB_NOWHERE);
}

static bool hidden(const vb_entry *e, int column)
{
  return columns[column].hidden || (column == ENTRY_BEFORE && !e->period_before);
}

static int width_of_sheet(const vb_entry *e)
{
  int w = 0;
  for (int c = 0; c < ENTRY_COLUMNS; c++)
    w += hidden(e, c) ? 0 : columns[c].pixels;
  return w;
}

/* ---- above the rows ----------------------------------------------------------------------------------------- */

#define HELP "Chỉ nhập vào các ô màu vàng. Chưa có số liệu: để trống; không phát sinh: 0; không áp dụng: KAD. Ô chuyển màu đỏ là số liệu chưa đúng điều kiện ở cột bên phải."

static vb_status put_across(vb_book *b, vb_entry_book *k, uint32_t row, const char *text, vb_entry_look look)
{
  int size = looks[look].size;
  vb_status st = set_height(b, k, row, size, lines_of(b, text, size, width_of_sheet(k->e), looks[look].bold));
  return st != VB_OK ? st : vb_book_error(b, (int)worksheet_merge_range(k->ws, row, 0, row, ENTRY_RULE, text, k->looks[look]), VB_NOWHERE);
}

static vb_status put_codes(vb_book *b, vb_entry_book *k)
{
  vb_status st = put(b, k, ENTRY_CODES_ROW, ENTRY_CODE, "Đơn vị", ENTRY_LOOK_TOP);
  if (st == VB_OK)
    st = put(b, k, ENTRY_CODES_ROW, ENTRY_LABEL, k->e->unit, ENTRY_LOOK_TOP_CODE);
  if (st == VB_OK)
    st = put(b, k, ENTRY_CODES_ROW, ENTRY_MEASURE, "Kỳ", ENTRY_LOOK_TOP);
  return st == VB_OK ? put(b, k, ENTRY_CODES_ROW, ENTRY_VALUE, k->e->period, ENTRY_LOOK_TOP_CODE) : st;
}

static vb_status put_head(vb_book *b, vb_entry_book *k)
{
  int most = 1;
  vb_status st = VB_OK;
  for (int c = 0; c < ENTRY_COLUMNS && st == VB_OK; c++) {
    const char *title = columns[c].title;
    if (c == ENTRY_BEFORE && k->e->period_before)
      title = vb_arena_printf(b->scratch, "%s (%s)", title, k->e->period_before);
    if (!title)
      return VB_NOMEM;
    int n = lines_of(b, title, SIZE, columns[c].pixels, true);
    most = n > most && !hidden(k->e, c) ? n : most;
    st = put(b, k, ENTRY_HEAD_ROW, c, title, ENTRY_LOOK_HEAD);
  }
  return st == VB_OK ? set_height(b, k, ENTRY_HEAD_ROW, SIZE, most) : st;
}

static vb_status put_top(vb_book *b, vb_entry_book *k)
{
  vb_status st = put_across(b, k, ENTRY_TITLE_ROW, k->e->title, ENTRY_LOOK_TITLE);
  if (st == VB_OK)
    st = put_across(b, k, ENTRY_NAME_ROW, k->e->unit_name, ENTRY_LOOK_TITLE);
  if (st == VB_OK)
    st = put_codes(b, k);
  if (st == VB_OK)
    st = set_height(b, k, ENTRY_CODES_ROW, SIZE, lines_of(b, k->e->unit, SIZE, columns[ENTRY_LABEL].pixels, false));
  if (st == VB_OK)
    st = put_across(b, k, ENTRY_HELP_ROW, HELP, ENTRY_LOOK_HELP);
  return st == VB_OK ? put_head(b, k) : st;
}

/* ---- rows --------------------------------------------------------------------------------------------------- */

static vb_status put_row(vb_book *b, vb_entry_book *k, const vb_entry_row *r)
{
  vb_arena_reset(b->scratch);
  uint32_t row = vb_entry_sheet_row(k->e, r);
  bool heading = r->type == VB_ENTRY_GROUP;
  bool bold = heading || r->depth < 2;
  const char *rule = vb_entry_rule_text(b, k, r);
  if (!rule)
    return VB_NOMEM;
  const char *texts[ENTRY_COLUMNS] = {[ENTRY_CODE] = r->code, [ENTRY_LABEL] = r->label, [ENTRY_MEASURE] = r->measure,
    [ENTRY_NOTE] = r->note, [ENTRY_RULE] = rule, [ENTRY_UNIT] = *r->code ? k->e->unit : "", [ENTRY_PERIOD] = *r->code ? k->e->period : ""};
  int most = 1;
  vb_status st = VB_OK;
  for (int c = 0; c < ENTRY_COLUMNS && st == VB_OK; c++) {
    if (c == ENTRY_VALUE || c == ENTRY_BEFORE)
      continue;
    int n = hidden(k->e, c) ? 1 : lines_of(b, texts[c], SIZE, columns[c].pixels, bold);
    most = n > most ? n : most;
    vb_entry_look look = c == ENTRY_NOTE ? (*r->code ? ENTRY_LOOK_NOTE : ENTRY_LOOK_TEXT) : c == ENTRY_MEASURE || c == ENTRY_RULE ? ENTRY_LOOK_CENTER
                       : bold ? ENTRY_LOOK_GROUP : ENTRY_LOOK_TEXT;
    st = put(b, k, row, c, texts[c], look);
  }
  if (st == VB_OK)
    st = vb_entry_figure_write(b, k, row, ENTRY_BEFORE, r, r->type == VB_ENTRY_DATE ? ENTRY_LOOK_BEFORE_DATE : ENTRY_LOOK_BEFORE);
  if (st == VB_OK)
    st = heading || r->closed ? put(b, k, row, ENTRY_VALUE, NULL, ENTRY_LOOK_CLOSED) : vb_entry_input_write(b, k, r);
  return st == VB_OK ? set_height(b, k, row, SIZE, most) : st;
}

/* ---- the sheet ---------------------------------------------------------------------------------------------- */

static vb_status set_columns(vb_book *b, vb_entry_book *k)
{
  vb_status st = VB_OK;
  for (int c = 0; c < ENTRY_COLUMNS && st == VB_OK; c++) {
    lxw_row_col_options o = {.hidden = hidden(k->e, c)};
    st = vb_book_error(b, (int)worksheet_set_column_pixels_opt(k->ws, (lxw_col_t)c, (lxw_col_t)c, columns[c].pixels, NULL, &o), VB_NOWHERE);
  }
  return st;
}

static vb_status set_up(vb_book *b, vb_entry_book *k)
{
  uint32_t last = ENTRY_FIRST_ROW + (uint32_t)k->e->n_rows - (k->e->n_rows > 0);
  lxw_protection open = {.format_columns = LXW_TRUE, .format_rows = LXW_TRUE};
  worksheet_set_landscape(k->ws);
  worksheet_set_paper(k->ws, 9);
  worksheet_fit_to_pages(k->ws, 1, 0);
  worksheet_set_margins(k->ws, 20 / 25.4, 15 / 25.4, 15 / 25.4, 15 / 25.4);
  worksheet_center_horizontally(k->ws);
  worksheet_gridlines(k->ws, LXW_HIDE_ALL_GRIDLINES);
  worksheet_freeze_panes(k->ws, ENTRY_FIRST_ROW, 0);
  worksheet_set_selection(k->ws, ENTRY_FIRST_ROW, ENTRY_VALUE, ENTRY_FIRST_ROW, ENTRY_VALUE);
  worksheet_protect(k->ws, NULL, &open);
  char range[LXW_MAX_CELL_RANGE_LENGTH];
  lxw_rowcol_to_range(range, 0, 0, last, ENTRY_PERIOD);
  vb_status st = vb_book_error(b, (int)worksheet_ignore_errors(k->ws, LXW_IGNORE_NUMBER_STORED_AS_TEXT, range), VB_NOWHERE);
  if (st == VB_OK)
    st = vb_book_error(b, (int)worksheet_set_footer(k->ws, "&C&\"" VB_XLSX_FONT ",Regular\"&12&P/&N"), VB_NOWHERE);
  if (st == VB_OK)
    st = vb_book_error(b, (int)worksheet_repeat_rows(k->ws, ENTRY_HEAD_ROW, ENTRY_HEAD_ROW), VB_NOWHERE);
  if (st == VB_OK)
    st = vb_book_error(b, (int)worksheet_print_area(k->ws, 0, 0, last, ENTRY_RULE), VB_NOWHERE);
  return st == VB_OK ? set_columns(b, k) : st;
}

static vb_status properties(vb_book *b, const vb_entry *e)
{
  lxw_doc_properties p = {.created = VB_XLSX_NEVER, .title = vb_arena_str(b->plan, e->title, strlen(e->title)),
    .author = vb_arena_str(b->plan, e->unit_name, strlen(e->unit_name)), .comments = vb_arena_str(b->plan, e->producer, strlen(e->producer))};
  return p.title && p.author && p.comments ? vb_book_error(b, (int)workbook_set_properties(b->wb, &p), VB_NOWHERE) : VB_NOMEM;
}

static vb_status fill(vb_book *b, void *ctx)
{
  vb_entry_book *k = ctx;
  vb_status st = vb_book_default_font(b);
  if (st == VB_OK)
    st = properties(b, k->e);
  if (st == VB_OK)
    st = make_looks(b, k);
  if (st == VB_OK && !(k->ws = workbook_add_worksheet(b->wb, "Số liệu")))
    st = VB_NOMEM;
  if (st == VB_OK)
    st = set_up(b, k);
  if (st == VB_OK)
    st = put_top(b, k);
  for (size_t i = 0; i < k->e->n_rows && st == VB_OK; i++)
    st = put_row(b, k, &k->e->rows[i]);
  return st;
}

vb_status vb_write_entry(vb_diag *d, const vb_entry *e, const vb_fontset *fonts, vb_buf *out)
{
  vb_write_options o = {.fonts = fonts, .producer = e->producer};
  vb_book b = {.d = d, .o = &o, .plan = vb_arena_new(0), .scratch = vb_arena_new(0)};
  vb_entry_book k = {.e = e, .rows = vb_map_new()};
  vb_status st = b.plan && b.scratch && k.rows ? vb_book_locale(d) : VB_NOMEM;
  for (size_t i = 0; i < e->n_rows && st == VB_OK; i++)
    if (*e->rows[i].code && !vb_map_put(k.rows, vb_span_of(e->rows[i].code), (void *)&e->rows[i]))
      st = VB_NOMEM;
  if (st == VB_OK)
    st = vb_book_make(&b, fill, &k, out);
  vb_map_free(k.rows);
  vb_arena_free(b.scratch);
  vb_arena_free(b.plan);
  return st;
}
