/* The data sheet: every observation with its source, and a defined name per indicator. Part of the workbook writer; calls
 * libxlsxwriter. */
#include <xlsxwriter.h>

#include "write/xlsx_int.h"

#include <string.h>

#define HEAD_ROWS 1
#define DATA_SIZE 24 /* half points */

static const struct { const char *title; uint16_t pixels; vb_align align; } columns[] = {
  {"Mã", 72, VB_ALIGN_LEFT}, {"Chỉ tiêu", 330, VB_ALIGN_LEFT}, {"Giá trị", 100, VB_ALIGN_RIGHT}, {"Đơn vị tính", 100, VB_ALIGN_LEFT},
  {"Kỳ", 64, VB_ALIGN_CENTER}, {"Đơn vị", 120, VB_ALIGN_LEFT}, {"Ghi chú", 160, VB_ALIGN_LEFT}, {"Tệp nguồn", 180, VB_ALIGN_LEFT},
  {"Dòng", 60, VB_ALIGN_RIGHT}, {"Cột", 48, VB_ALIGN_RIGHT}};
#define COLUMNS ((int)(sizeof columns / sizeof *columns))

uint32_t vb_data_row(uint32_t datum)
{
  return datum + HEAD_ROWS;
}

static vb_look look_of(int column)
{
  return (vb_look){.size = DATA_SIZE, .align = (uint8_t)columns[column].align, .valign = VB_VALIGN_TOP, .border = true, .wrap = true};
}

static vb_cell_text plain(const char *text, vb_text_run *run)
{
  *run = (vb_text_run){.text = vb_span_of(text)};
  return (vb_cell_text){.runs = run, .n_runs = 1, .whole = run->text};
}

/* The sheet being written: formats by column, and of each column the text that was measured last, for units, periods and files stand in
 * one row after the other. */
typedef struct pen {
  vb_book *b;
  lxw_format *formats[COLUMNS];
  struct { const char *text; int lines; } last[COLUMNS];
} pen;

static vb_status put(pen *p, uint32_t row, int column, const char *text)
{
  vb_book *b = p->b;
  if (strlen(text) > VB_XLSX_STRING_MAX) { /* bytes: it may fit all the same */
    vb_look look = look_of(column);
    vb_text_run run;
    vb_cell_text t = plain(text, &run);
    vb_cell_place at = {.sheet = &b->data, .row = row, .column = (uint16_t)column};
    return vb_text_write(b, &at, &t, &look, VB_NOWHERE);
  }
  lxw_error e = *text ? worksheet_write_string(b->data.ws, row, (lxw_col_t)column, text, p->formats[column])
                      : worksheet_write_blank(b->data.ws, row, (lxw_col_t)column, p->formats[column]);
  return vb_book_error(b, (int)e, VB_NOWHERE);
}

static vb_status put_number(pen *p, uint32_t row, int column, uint32_t v)
{
  if (v == 0)
    return put(p, row, column, "");
  return vb_book_error(p->b, (int)worksheet_write_number(p->b->data.ws, row, (lxw_col_t)column, v, p->formats[column]), VB_NOWHERE);
}

/* The value, typed as in the document: a figure as a number, a date as a date, else its text. */
static vb_status put_value(pen *p, uint32_t row, const vb_datum *x)
{
  vb_book *b = p->b;
  vb_look look = look_of(VB_DATA_VALUE_COLUMN);
  const vb_value *v = &x->value;
  vb_buf shown;
  vb_status st = VB_OK;
  vb_buf_init(&shown);
  if (v->type == VB_VALUE_DATE)
    vb_date_print_numeric(v->date, &shown);
  else if (v->type != VB_VALUE_NONE && v->type != VB_VALUE_TEXT)
    vb_number_print(v->num, (vb_number_format){.places = -1, .group = v->type != VB_VALUE_PERCENT, .min_digits = v->min_digits}, &shown);
  else
    vb_buf_str(&shown, x->text ? x->text : "");
  const char *text = vb_buf_cstr(&shown);
  look.number = vb_value_format(b, v, vb_span_of(text));
  if (look.number) {
    look.wrap = false;
    look.shrink = true;
    lxw_format *f = vb_book_format(b, &look);
    st = f ? vb_book_error(b, (int)worksheet_write_number(b->data.ws, row, VB_DATA_VALUE_COLUMN, vb_value_serial(v), f), x->at) : VB_NOMEM;
  } else {
    st = put(p, row, VB_DATA_VALUE_COLUMN, text);
  }
  if (shown.failed)
    st = VB_NOMEM;
  vb_buf_free(&shown);
  return st;
}

static int lines_of(pen *p, int column, const char *text)
{
  if (!text || !*text)
    return 1;
  if (p->last[column].text && strcmp(p->last[column].text, text) == 0)
    return p->last[column].lines;
  vb_cell_text t = {.whole = vb_span_of(text)};
  p->last[column].text = text;
  return p->last[column].lines = vb_text_lines(p->b, &t, DATA_SIZE, columns[column].pixels);
}

static vb_status row_height(pen *p, uint32_t row, const vb_datum *x)
{
  const char *texts[] = {x->code, x->label, x->text, x->measure, x->period, x->unit, x->note, x->at.file, x->at.cell};
  int lines = 1;
  for (int c = 0; c < (int)(sizeof texts / sizeof *texts); c++) {
    int n = lines_of(p, c, texts[c]);
    lines = n > lines ? n : lines;
  }
  vb_len h = vb_text_height(DATA_SIZE, lines);
  h = h > VB_XLSX_ROW_MAX ? VB_XLSX_ROW_MAX : h; /* a long note is read in the cell: this sheet is not for printing */
  return vb_book_error(p->b, (int)worksheet_set_row(p->b->data.ws, row, (double)h / 1000, NULL), VB_NOWHERE);
}

static vb_status put_row(pen *p, uint32_t row, const vb_datum *x)
{
  const char *texts[] = {x->code, x->label, NULL, x->measure, x->period, x->unit, x->note, x->at.file};
  vb_arena_reset(p->b->scratch);
  vb_status st = row_height(p, row, x);
  for (int c = 0; st == VB_OK && c < (int)(sizeof texts / sizeof *texts); c++)
    st = c == VB_DATA_VALUE_COLUMN ? put_value(p, row, x) : put(p, row, c, texts[c] ? texts[c] : "");
  if (st == VB_OK)
    st = x->at.cell ? put(p, row, COLUMNS - 2, x->at.cell) : put_number(p, row, COLUMNS - 2, x->at.line);
  return st == VB_OK ? put_number(p, row, COLUMNS - 1, x->at.column) : st;
}

static vb_status set_up(vb_book *b)
{
  lxw_worksheet *ws = b->data.ws;
  vb_status st = VB_OK;
  worksheet_set_landscape(ws);
  worksheet_set_paper(ws, 9);
  worksheet_fit_to_pages(ws, 1, 0);
  worksheet_gridlines(ws, LXW_HIDE_ALL_GRIDLINES);
  worksheet_freeze_panes(ws, HEAD_ROWS, 1);
  for (int c = 0; st == VB_OK && c < COLUMNS; c++)
    st = vb_book_error(b, (int)worksheet_set_column_pixels(ws, (lxw_col_t)c, (lxw_col_t)c, columns[c].pixels, NULL), VB_NOWHERE);
  if (st == VB_OK)
    st = vb_book_error(b, (int)worksheet_repeat_rows(ws, 0, HEAD_ROWS - 1), VB_NOWHERE);
  if (st == VB_OK)
    st = vb_book_error(b, (int)worksheet_set_row(ws, 0, (double)vb_text_height(DATA_SIZE, 1) / 1000, NULL), VB_NOWHERE);
  for (int c = 0; st == VB_OK && c < COLUMNS; c++) {
    vb_look look = look_of(c);
    vb_text_run run;
    vb_cell_text t = plain(columns[c].title, &run);
    look.bold = run.bold = true;
    look.align = VB_ALIGN_CENTER;
    vb_cell_place at = {.sheet = &b->data, .column = (uint16_t)c};
    st = vb_text_write(b, &at, &t, &look, VB_NOWHERE);
  }
  return st;
}

vb_status vb_book_write_data(vb_book *b)
{
  pen p = {.b = b};
  uint32_t n = b->doc->n_data;
  vb_status st = set_up(b);
  for (int c = 0; c < COLUMNS; c++) {
    vb_look look = look_of(c);
    p.formats[c] = vb_book_format(b, &look);
    st = p.formats[c] ? st : VB_NOMEM;
  }
  for (uint32_t i = 0; st == VB_OK && i < n; i++)
    st = put_row(&p, vb_data_row(i), &b->doc->data[i]);
  if (st != VB_OK || n == 0)
    return st;
  char range[LXW_MAX_CELL_RANGE_LENGTH];
  lxw_rowcol_to_range(range, HEAD_ROWS, 0, vb_data_row(n - 1), COLUMNS - 1);
  st = vb_book_error(b, (int)worksheet_ignore_errors(b->data.ws, LXW_IGNORE_NUMBER_STORED_AS_TEXT, range), VB_NOWHERE);
  return st == VB_OK ? vb_book_error(b, (int)worksheet_autofilter(b->data.ws, 0, 0, vb_data_row(n - 1), COLUMNS - 1), VB_NOWHERE) : st;
}

/* ---- defined names ------------------------------------------------------------------------------------------ */

static char lower(char c)
{
  return (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

/* "1.1.2" → CT_1_1_2; key: the name in lower case. Codes that differ in their signs or their case alone get a number behind. */
static vb_status name_of(const vb_map *taken, const char *code, vb_buf *out, vb_buf *key)
{
  for (int k = 1; k < 1000; k++) {
    vb_buf_clear(out);
    vb_buf_clear(key);
    vb_buf_str(out, "CT_");
    for (const char *c = code; *c; c++) {
      bool fine = (*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z');
      vb_buf_char(out, (char)(fine ? *c : '_'));
    }
    if (k > 1)
      vb_buf_printf(out, "__%d", k);
    for (size_t i = 0; i < out->n; i++)
      vb_buf_char(key, lower(out->p[i]));
    if (out->n <= 200 && !vb_map_get(taken, (vb_span){key->p, key->n}))
      break;
  }
  return out->failed || key->failed ? VB_NOMEM : VB_OK;
}

/* The library's own way compares a name with all before it, from the first on, and prints each of its five texts with snprintf. Names
 * come nearly in order: here they are placed from the end. Long ones go its way, which refuses them. */
static int name_store(lxw_workbook *wb, const vb_buf *name, const vb_buf *key, const vb_buf *ref)
{
  lxw_defined_name *x, *before;
  if (name->n >= LXW_DEFINED_NAME_LENGTH || ref->n >= LXW_DEFINED_NAME_LENGTH)
    return (int)workbook_define_name(wb, name->p, ref->p);
  x = vb_mem_give(sizeof *x);
  if (!x)
    return LXW_ERROR_MEMORY_MALLOC_FAILED;
  *x = (lxw_defined_name){.index = -1};
  memcpy(x->name, name->p, name->n);
  memcpy(x->app_name, name->p, name->n);
  memcpy(x->normalised_name, key->p, key->n);
  memcpy(x->formula, ref->p + 1, ref->n - 1); /* without "=" */
  TAILQ_FOREACH_REVERSE(before, wb->defined_names, lxw_defined_names, list_pointers)
    if (strcmp(before->normalised_name, x->normalised_name) < 0)
      break;
  if (before)
    TAILQ_INSERT_AFTER(wb->defined_names, before, x, list_pointers);
  else
    TAILQ_INSERT_HEAD(wb->defined_names, x, list_pointers);
  return LXW_NO_ERROR;
}

static vb_status define(vb_book *b, vb_map *taken, const vb_datum *x)
{
  vb_cell_place *p = vb_map_get(b->keys, vb_span_of(x->code));
  vb_buf name, key, ref;
  vb_buf_init(&name);
  vb_buf_init(&key);
  vb_buf_init(&ref);
  vb_status st = name_of(taken, x->code, &name, &key);
  if (st == VB_OK && p) {
    vb_buf_char(&ref, '=');
    vb_place_print(NULL, p, true, &ref);
    st = vb_map_put(taken, (vb_span){key.p, key.n}, p) && !ref.failed ? VB_OK : VB_NOMEM;
    (void)vb_buf_cstr(&name);
    (void)vb_buf_cstr(&ref);
    if (st == VB_OK)
      st = vb_book_error(b, name_store(b->wb, &name, &key, &ref), x->at);
  }
  vb_buf_free(&name);
  vb_buf_free(&key);
  vb_buf_free(&ref);
  return st;
}

/* Of observations with one code (units of a roll-up, several periods) the first has the name. */
vb_status vb_book_write_names(vb_book *b)
{
  vb_map *taken = vb_map_new(), *codes = vb_map_new();
  vb_status st = taken && codes ? VB_OK : VB_NOMEM;
  for (uint32_t i = 0; st == VB_OK && i < b->doc->n_data; i++) {
    const vb_datum *x = &b->doc->data[i];
    if (!x->code || !*x->code || strlen(x->code) > 180 || vb_map_get(codes, vb_span_of(x->code)))
      continue;
    st = vb_map_put(codes, vb_span_of(x->code), b) ? define(b, taken, x) : VB_NOMEM;
  }
  vb_map_free(taken);
  vb_map_free(codes);
  return st;
}
