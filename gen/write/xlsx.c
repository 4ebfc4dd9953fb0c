/* The workbook: opened, filled sheet by sheet, closed into memory and proved. Part of room write; calls libxlsxwriter. Its parts are listed in xlsx_int.h.
 *
 * libxlsxwriter 1.1.4 writes no differing header for the first page, so the page number stands on all pages of a sheet. */
#include <xlsxwriter.h>

#include "write/xlsx_int.h"

#include <locale.h>
#include <string.h>

#define FONT VB_XLSX_FONT
#define HEADER "&C&\"" FONT ",Regular\"&13&P"

/* ---- errors ------------------------------------------------------------------------------------------------- */

vb_status vb_book_error(vb_book *b, int code, vb_place at)
{
  switch ((lxw_error)code) {
  case LXW_NO_ERROR: return VB_OK;
  case LXW_ERROR_MEMORY_MALLOC_FAILED:
  case LXW_ERROR_SHARED_STRING_INDEX_NOT_FOUND: return VB_NOMEM;
  case LXW_ERROR_CREATING_XLSX_FILE:
  case LXW_ERROR_CREATING_TMPFILE:
  case LXW_ERROR_READING_TMPFILE:
  case LXW_ERROR_ZIP_FILE_OPERATION:
  case LXW_ERROR_ZIP_FILE_ADD:
  case LXW_ERROR_ZIP_CLOSE: return VB_POST(b->d, VB_MSG_XLSX_BROKEN, VB_NOWHERE, vb_scratch_dir());
  case LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED:
    return VB_POST(b->d, VB_MSG_XLSX_CELL_LONG, at, "?", VB_NUM(VB_XLSX_STRING_MAX));
  case LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE: return VB_POST(b->d, VB_MSG_XLSX_ROWS, at, VB_NUM(LXW_ROW_MAX));
  default: return VB_POST(b->d, VB_MSG_XLSX_LIBRARY, at, lxw_strerror((lxw_error)code));
  }
}

/* ---- formats ------------------------------------------------------------------------------------------------ */

const char *vb_book_number(vb_book *b, const char *format)
{
  for (uint32_t i = 0; i < b->n_numbers; i++)
    if (strcmp(b->numbers[i], format) == 0)
      return b->numbers[i];
  if (b->n_numbers == b->cap_numbers) {
    uint32_t cap = b->cap_numbers ? b->cap_numbers * 2 : 16;
    const char **grown = VB_NEW_ARRAY(b->plan, const char *, cap);
    if (!grown)
      return NULL;
    if (b->n_numbers)
      memcpy(grown, b->numbers, sizeof *grown * b->n_numbers);
    b->numbers = grown;
    b->cap_numbers = cap;
  }
  const char *copy = vb_arena_str(b->plan, format, strlen(format));
  if (copy)
    b->numbers[b->n_numbers++] = copy;
  return copy;
}

static bool same(const vb_look *x, const vb_look *y)
{
  return x->size == y->size && x->align == y->align && x->valign == y->valign && x->bold == y->bold && x->italic == y->italic &&
         x->underline == y->underline && x->border == y->border && x->wrap == y->wrap && x->shrink == y->shrink && x->number == y->number;
}

static lxw_format *make(vb_book *b, const vb_look *k)
{
  static const uint8_t aligns[] = {[VB_ALIGN_STYLE] = LXW_ALIGN_LEFT, [VB_ALIGN_LEFT] = LXW_ALIGN_LEFT, [VB_ALIGN_CENTER] = LXW_ALIGN_CENTER,
    [VB_ALIGN_RIGHT] = LXW_ALIGN_RIGHT, [VB_ALIGN_JUSTIFY] = LXW_ALIGN_JUSTIFY, [VB_ALIGN_DECIMAL] = LXW_ALIGN_RIGHT};
  lxw_format *f = workbook_add_format(b->wb);
  if (!f)
    return NULL;
  format_set_font_name(f, FONT);
  format_set_font_size(f, k->size / 2.0);
  if (k->bold)
    format_set_bold(f);
  if (k->italic)
    format_set_italic(f);
  if (k->underline)
    format_set_underline(f, LXW_UNDERLINE_SINGLE);
  if (k->border)
    format_set_border(f, LXW_BORDER_THIN);
  if (k->wrap)
    format_set_text_wrap(f);
  if (k->shrink)
    format_set_shrink(f);
  if (k->number)
    format_set_num_format(f, k->number);
  format_set_align(f, aligns[k->align]);
  format_set_align(f, k->valign == VB_VALIGN_MIDDLE ? LXW_ALIGN_VERTICAL_CENTER : LXW_ALIGN_VERTICAL_TOP);
  return f;
}

struct lxw_format *vb_book_format(vb_book *b, const vb_look *look)
{
  for (uint32_t i = 0; i < b->n_formats; i++)
    if (same(&b->formats[i].look, look))
      return b->formats[i].format;
  if (b->n_formats == b->cap_formats) {
    uint32_t cap = b->cap_formats ? b->cap_formats * 2 : 32;
    vb_format_slot *grown = VB_NEW_ARRAY(b->plan, vb_format_slot, cap);
    if (!grown)
      return NULL;
    if (b->n_formats)
      memcpy(grown, b->formats, sizeof *grown * b->n_formats);
    b->formats = grown;
    b->cap_formats = cap;
  }
  lxw_format *f = make(b, look);
  if (f)
    b->formats[b->n_formats++] = (vb_format_slot){*look, f};
  return f;
}

/* ---- pages -------------------------------------------------------------------------------------------------- */

vb_len vb_book_width(const vb_book *b, const vb_node *sequence)
{
  const vb_setup *u = &b->doc->setup;
  return sequence->u.sequence.landscape ? VB_MM(297) - u->top - u->bottom : VB_MM(210) - u->left - u->right;
}

static double inches(vb_len v)
{
  return (double)v / 72000.0;
}

vb_status vb_book_page(vb_book *b, vb_sheet *s)
{
  const vb_setup *u = &b->doc->setup;
  lxw_worksheet *ws = s->ws;
  lxw_header_footer_options head = {.margin = inches(VB_MM(12.7))}; /* as high as the PDF's page number */
  worksheet_set_paper(ws, 9);
  if (s->sequence->u.sequence.landscape) { /* the sheet is turned, and its margins with it: the bound edge lies at the top */
    worksheet_set_landscape(ws);
    worksheet_set_margins(ws, inches(u->bottom), inches(u->top), inches(u->left), inches(u->right));
  } else {
    worksheet_set_portrait(ws);
    worksheet_set_margins(ws, inches(u->left), inches(u->right), inches(u->top), inches(u->bottom));
  }
  worksheet_fit_to_pages(ws, 1, 0);
  worksheet_center_horizontally(ws);
  worksheet_gridlines(ws, LXW_HIDE_ALL_GRIDLINES);
  worksheet_set_start_page(ws, 1);
  vb_status st = vb_book_error(b, (int)worksheet_set_header_opt(ws, HEADER, &head), VB_NOWHERE);
  for (int c = 0; st == VB_OK && c < s->n_columns; c++)
    st = vb_book_error(b, (int)worksheet_set_column_pixels(ws, (lxw_col_t)c, (lxw_col_t)c, s->pixels[c], NULL), VB_NOWHERE);
  return st;
}

/* ---- what is told ------------------------------------------------------------------------------------------- */

vb_status vb_book_figure(vb_book *b, uint32_t trace, const vb_sheet *s, uint32_t row, int column)
{
  vb_written *w = b->told;
  char cell[LXW_MAX_CELL_NAME_LENGTH + 8];
  if (!w || !trace || s->flat)
    return VB_OK; /* rows of a stream are many, and stand in the PDF's list */
  if (w->n_figures == b->cap_figures) {
    uint32_t cap = b->cap_figures ? b->cap_figures * 2 : 64;
    vb_figure_place *grown = VB_NEW_ARRAY(b->result, vb_figure_place, cap);
    if (!grown)
      return VB_NOMEM;
    if (w->n_figures)
      memcpy(grown, w->figures, sizeof *grown * w->n_figures);
    w->figures = grown;
    b->cap_figures = cap;
  }
  lxw_rowcol_to_cell(cell, row, (lxw_col_t)column);
  vb_figure_place f = {.trace = trace, .sheet = vb_arena_str(b->result, s->name, strlen(s->name)), .cell = vb_arena_str(b->result, cell, strlen(cell))};
  if (!f.sheet || !f.cell)
    return VB_NOMEM;
  w->figures[w->n_figures++] = f;
  return VB_OK;
}

/* ---- the whole ---------------------------------------------------------------------------------------------- */

static char *text_copy(vb_book *b, const char *s)
{
  return s ? vb_arena_str(b->plan, s, strlen(s)) : NULL;
}

static vb_status properties(vb_book *b)
{
  const vb_meta *m = &b->doc->meta;
  lxw_doc_properties p = {.title = text_copy(b, m->title), .subject = text_copy(b, m->subject), .author = text_copy(b, m->issuer.name ? m->issuer.name : m->organ),
    .company = text_copy(b, m->issuer.name ? m->issuer.name : m->organ), .category = text_copy(b, m->kind_name), .keywords = text_copy(b, m->keywords),
    .comments = text_copy(b, b->o->producer)};
  p.created = m->date.year ? (time_t)vb_date_days(m->date) * 86400 : VB_XLSX_NEVER;
  if (p.created == 0)
    p.created = VB_XLSX_NEVER;
  return vb_book_error(b, (int)workbook_set_properties(b->wb, &p), VB_NOWHERE);
}

/* Sheets are added in order. Whether one is written row by row is the library's option of a workbook, which it reads at each sheet:
 * set in between, it holds for one sheet. */
static vb_status add_sheet(vb_book *b, vb_sheet *s)
{
  b->wb->options.constant_memory = s->flat;
  s->ws = workbook_add_worksheet(b->wb, s->name);
  b->wb->options.constant_memory = LXW_FALSE;
  return s->ws ? VB_OK : VB_POST(b->d, VB_MSG_XLSX_BROKEN, VB_NOWHERE, vb_scratch_dir());
}

/* Column widths are stored in digits of the default font. With the library's Calibri a machine without it shows other widths than
 * Excel; Times at 11 pt has digits of 7 pixels too, and metric-compatible stand-ins everywhere. */
vb_status vb_book_default_font(vb_book *b)
{
  lxw_format *first = STAILQ_FIRST(b->wb->formats);
  if (!first)
    return VB_NOMEM;
  format_set_font_name(first, FONT);
  return VB_OK;
}

static vb_status fill(vb_book *b, void *ctx)
{
  (void)ctx;
  vb_status st = vb_book_default_font(b);
  if (st == VB_OK)
    st = properties(b);
  for (uint32_t i = 0; st == VB_OK && i < b->n_sheets; i++) {
    vb_sheet *s = &b->sheets[i];
    st = add_sheet(b, s);
    if (st == VB_OK)
      st = s->kind == VB_SHEET_CHART ? vb_sheet_write_chart(b, s) : vb_sheet_write_table(b, s);
  }
  if (st == VB_OK && b->doc->n_data) {
    st = add_sheet(b, &b->data);
    if (st == VB_OK)
      st = vb_book_write_data(b);
    if (st == VB_OK)
      st = vb_book_write_names(b);
  }
  return st;
}

vb_status vb_book_make(vb_book *b, vb_status (*fill_in)(vb_book *b, void *ctx), void *ctx, vb_buf *out)
{
  lxw_workbook_options o = {.constant_memory = LXW_FALSE};
  b->wb = workbook_new_opt("/dev/null", &o); /* no file: the archive comes to xlsx_pack.c */
  bool starved;
  (void)vb_parts_lost(&starved);
  (void)vb_xml_lost();
  vb_status st = b->wb ? fill_in(b, ctx) : VB_NOMEM;
  if (b->starved || vb_strings_lost())
    st = vb_worse(st, VB_NOMEM);
  if (st == VB_OK) {
    vb_pack_start(out);
    int kept = vb_hush();
    lxw_error e = workbook_close(b->wb); /* frees it, whatever happens */
    vb_unhush(kept);
    bool lost = vb_parts_lost(&starved), lack = vb_xml_lost();
    st = vb_pack_end(e == LXW_NO_ERROR && !lost && !lack);
    if (lack || starved)
      st = VB_NOMEM;
    if (st == VB_SYSTEM)
      st = vb_book_error(b, (int)(e == LXW_NO_ERROR ? LXW_ERROR_ZIP_CLOSE : e), VB_NOWHERE);
  } else if (b->wb) {
    lxw_workbook_free(b->wb);
  }
  vb_strings_forget();
  return st;
}

vb_status vb_book_locale(vb_diag *d)
{
  const struct lconv *lc = localeconv();
  return strcmp(lc->decimal_point, ".") == 0 ? VB_OK : VB_POST(d, VB_MSG_XLSX_LOCALE, VB_NOWHERE, lc->decimal_point);
}

bool vb_xlsx_has_sheets(const vb_doc *doc)
{
  vb_walk w;
  vb_walk_init(&w, doc->root);
  while (vb_walk_next(&w))
    if (!w.leaving && vb_sheet_wanted(w.node))
      return true;
  return false;
}

vb_status vb_write_xlsx(vb_diag *d, const vb_doc *doc, const vb_write_options *o, vb_arena *a, vb_buf *out, vb_written *told)
{
  vb_book b = {.d = d, .doc = doc, .o = o, .result = a, .told = told};
  vb_status st = vb_book_locale(d);
  if (st != VB_OK)
    return st;
  b.plan = vb_arena_new(0);
  b.scratch = vb_arena_new(0);
  b.keys = vb_map_new();
  b.names = vb_map_new();
  st = b.plan && b.scratch && b.keys && b.names ? vb_book_plan(&b) : VB_NOMEM;
  if (st == VB_OK && b.n_sheets == 0 && doc->n_data == 0)
    st = VB_POST(d, VB_MSG_XLSX_NOTHING, VB_NOWHERE);
  if (st == VB_OK)
    st = vb_book_make(&b, fill, NULL, out);
  vb_map_free(b.names);
  vb_map_free(b.keys);
  vb_arena_free(b.scratch);
  vb_arena_free(b.plan);
  return st;
}
