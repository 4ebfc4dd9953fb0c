/* A chart's sheet: title, the figures as a table, the chart drawn from them. Part of the workbook writer; calls libxlsxwriter.
 *
 * Series differ by fill pattern, line type and marker, never by colour alone: the sheet is read in black and white. */
#include <xlsxwriter.h>

#include "write/xlsx_int.h"

#include <string.h>

#define LABEL_PIXELS 180
#define SERIES_PIXELS 90
#define CHART_PIXELS_WIDE 480  /* the library's chart at scale 1 */
#define CHART_PIXELS_HIGH 288
#define TITLE_ROWS 2
#define FONT "Times New Roman"

static const struct { uint8_t pattern, dash, marker; uint32_t grey; } kinds[] = {
  {LXW_CHART_PATTERN_NONE, LXW_CHART_LINE_DASH_SOLID, LXW_CHART_MARKER_SQUARE, 0x404040},
  {LXW_CHART_PATTERN_WIDE_UPWARD_DIAGONAL, LXW_CHART_LINE_DASH_DASH, LXW_CHART_MARKER_CIRCLE, 0x606060},
  {LXW_CHART_PATTERN_PERCENT_20, LXW_CHART_LINE_DASH_ROUND_DOT, LXW_CHART_MARKER_TRIANGLE, 0x606060},
  {LXW_CHART_PATTERN_WIDE_DOWNWARD_DIAGONAL, LXW_CHART_LINE_DASH_DASH_DOT, LXW_CHART_MARKER_DIAMOND, 0x303030},
  {LXW_CHART_PATTERN_NONE, LXW_CHART_LINE_DASH_LONG_DASH, LXW_CHART_MARKER_X, 0xc0c0c0},
  {LXW_CHART_PATTERN_LARGE_GRID, LXW_CHART_LINE_DASH_LONG_DASH_DOT, LXW_CHART_MARKER_STAR, 0x404040},
};
#define KINDS (sizeof kinds / sizeof *kinds)

typedef struct sheet_pen { vb_book *b; vb_sheet *s; } sheet_pen;

static vb_status put(const sheet_pen *p, uint32_t row, int column, const char *text, const vb_look *look)
{
  vb_cell_text t = {.n_runs = 1, .whole = vb_span_of(text)};
  vb_text_run run = {.text = t.whole, .bold = look->bold};
  t.runs = &run;
  vb_cell_place at = {.sheet = p->s, .row = row, .column = (uint16_t)column};
  return vb_text_write(p->b, &at, &t, look, p->s->node->at);
}

static vb_status figure(const sheet_pen *p, uint32_t row, int column, const vb_value *v)
{
  vb_look look = {.size = 26, .align = VB_ALIGN_RIGHT, .valign = VB_VALIGN_MIDDLE, .border = true, .shrink = true};
  vb_buf shown;
  vb_status st = VB_OK;
  if (v->type == VB_VALUE_NONE)
    return put(p, row, column, "", &look);
  vb_buf_init(&shown);
  vb_number_print(v->num, (vb_number_format){.places = -1, .group = true}, &shown);
  look.number = vb_value_format(p->b, v, (vb_span){shown.p, shown.n});
  lxw_format *f = look.number ? vb_book_format(p->b, &look) : NULL;
  if (shown.failed)
    st = VB_NOMEM;
  else if (!look.number)
    st = put(p, row, column, vb_buf_cstr(&shown), &look);
  else
    st = f ? vb_book_error(p->b, (int)worksheet_write_number(p->s->ws, row, (lxw_col_t)column, vb_value_serial(v), f), VB_NOWHERE) : VB_NOMEM;
  vb_buf_free(&shown);
  return st == VB_OK ? vb_book_figure(p->b, v->trace, p->s, row, column) : st;
}

static vb_status row_height(const sheet_pen *p, uint32_t row, const char *text, const vb_look *look, int pixels)
{
  vb_cell_text t = {.whole = vb_span_of(text), .bold = look->bold};
  vb_len h = vb_text_height(look->size, vb_text_lines(p->b, &t, look->size, pixels));
  return vb_book_error(p->b, (int)worksheet_set_row(p->s->ws, row, (double)(h < VB_XLSX_ROW_MAX ? h : VB_XLSX_ROW_MAX) / 1000, NULL), VB_NOWHERE);
}

static vb_status write_title(const sheet_pen *p, int pixels)
{
  const vb_node *n = p->s->node;
  vb_look look = {.size = 28, .align = VB_ALIGN_CENTER, .valign = VB_VALIGN_MIDDLE, .bold = true, .wrap = true};
  lxw_format *f = vb_book_format(p->b, &look);
  if (!f)
    return VB_NOMEM;
  vb_status st = row_height(p, 0, n->u.chart.title, &look, pixels);
  if (st == VB_OK)
    st = vb_book_error(p->b, (int)worksheet_merge_range(p->s->ws, 0, 0, 0, (lxw_col_t)(p->s->n_columns - 1), "", f), VB_NOWHERE);
  return st == VB_OK ? put(p, 0, 0, n->u.chart.title, &look) : st;
}

static vb_status write_figures(const sheet_pen *p)
{
  const vb_node *n = p->s->node;
  vb_look head = {.size = 26, .align = VB_ALIGN_CENTER, .valign = VB_VALIGN_MIDDLE, .bold = true, .border = true, .wrap = true};
  vb_look label = {.size = 26, .align = VB_ALIGN_LEFT, .valign = VB_VALIGN_MIDDLE, .border = true, .wrap = true};
  const char *longest = "";
  vb_status st = put(p, TITLE_ROWS, 0, n->u.chart.axis ? n->u.chart.axis : "", &head);
  for (uint32_t k = 0; st == VB_OK && k < n->u.chart.n_series; k++) {
    const char *name = n->u.chart.series[k].name;
    longest = strlen(name) > strlen(longest) ? name : longest;
    st = put(p, TITLE_ROWS, (int)k + 1, name, &head);
  }
  if (st == VB_OK)
    st = row_height(p, TITLE_ROWS, longest, &head, p->s->pixels[1]);
  for (uint32_t i = 0; st == VB_OK && i < n->u.chart.n_categories; i++) {
    uint32_t row = TITLE_ROWS + 1 + i;
    vb_arena_reset(p->b->scratch);
    st = row_height(p, row, n->u.chart.categories[i], &label, p->s->pixels[0]);
    if (st == VB_OK)
      st = put(p, row, 0, n->u.chart.categories[i], &label);
    for (uint32_t k = 0; st == VB_OK && k < n->u.chart.n_series; k++)
      st = figure(p, row, (int)k + 1, &n->u.chart.series[k].values[i]);
  }
  return st;
}

/* Fill, line and marker of a series, told apart without colour. */
static void dress(lxw_chart_series *series, uint32_t k, bool bar)
{
  lxw_chart_line black = {.color = LXW_COLOR_BLACK, .width = 0.75F};
  lxw_chart_line line = {.color = LXW_COLOR_BLACK, .width = 1.75F, .dash_type = kinds[k % KINDS].dash};
  lxw_chart_fill grey = {.color = kinds[k % KINDS].grey};
  lxw_chart_pattern pattern = {.fg_color = kinds[k % KINDS].grey, .bg_color = LXW_COLOR_WHITE, .type = kinds[k % KINDS].pattern};
  if (bar) {
    if (pattern.type == LXW_CHART_PATTERN_NONE)
      chart_series_set_fill(series, &grey);
    else
      chart_series_set_pattern(series, &pattern);
    chart_series_set_line(series, &black);
    return;
  }
  chart_series_set_line(series, &line);
  chart_series_set_marker_type(series, kinds[k % KINDS].marker);
  chart_series_set_marker_size(series, 7);
  chart_series_set_marker_line(series, &black);
  grey.color = k % 2 ? LXW_COLOR_WHITE : LXW_COLOR_BLACK;
  chart_series_set_marker_fill(series, &grey);
}

/* chart_add_series takes ranges as text; the setters take numbers, and quote the sheet's name themselves. */
static vb_status add_series(const sheet_pen *p, lxw_chart *chart)
{
  const vb_node *n = p->s->node;
  uint32_t first = TITLE_ROWS + 1, last = TITLE_ROWS + n->u.chart.n_categories;
  for (uint32_t k = 0; k < n->u.chart.n_series; k++) {
    lxw_col_t column = (lxw_col_t)(k + 1);
    lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
    if (!series)
      return VB_NOMEM;
    chart_series_set_categories(series, p->s->name, first, 0, last, 0);
    chart_series_set_values(series, p->s->name, first, column, last, column);
    chart_series_set_name_range(series, p->s->name, TITLE_ROWS, column);
    dress(series, k, n->u.chart.kind == VB_CHART_BAR);
    if (n->u.chart.n_series == 1)
      chart_series_set_labels(series);
  }
  return VB_OK;
}

static vb_status draw(const sheet_pen *p, int pixels)
{
  const vb_node *n = p->s->node;
  lxw_chart_font font = {.name = FONT, .size = 12}, title = {.name = FONT, .size = 14, .bold = LXW_TRUE};
  lxw_chart *chart = workbook_add_chart(p->b->wb, n->u.chart.kind == VB_CHART_BAR ? LXW_CHART_COLUMN : LXW_CHART_LINE);
  if (!chart)
    return VB_NOMEM;
  vb_status st = add_series(p, chart);
  if (st != VB_OK)
    return st;
  chart_title_set_name(chart, n->u.chart.title);
  chart_title_set_name_font(chart, &title);
  chart_axis_set_num_font(chart->x_axis, &font);
  chart_axis_set_num_font(chart->y_axis, &font);
  if (n->u.chart.axis) {
    chart_axis_set_name(chart->y_axis, n->u.chart.axis);
    chart_axis_set_name_font(chart->y_axis, &font);
  }
  if (n->u.chart.n_series > 1) {
    chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
    chart_legend_set_font(chart, &font);
  } else {
    chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
  }
  double high = n->u.chart.height > 0 ? (double)n->u.chart.height / VB_XLSX_PIXEL : (double)pixels * 0.6;
  char *alt = vb_arena_str(p->b->plan, n->u.chart.alt, strlen(n->u.chart.alt));
  if (!alt)
    return VB_NOMEM;
  lxw_chart_options o = {.x_scale = (double)pixels / CHART_PIXELS_WIDE, .y_scale = high / CHART_PIXELS_HIGH, .description = alt};
  return vb_book_error(p->b, (int)worksheet_insert_chart_opt(p->s->ws, TITLE_ROWS + 2 + n->u.chart.n_categories, 0, chart, &o), n->at);
}

/* The label column takes what the figures leave; many series share the width. */
static void columns(vb_book *b, vb_sheet *s)
{
  int total = vb_book_width(b, s->sequence) / VB_XLSX_PIXEL, series = (int)s->node->u.chart.n_series;
  int each = (total - LABEL_PIXELS) / series;
  each = each > SERIES_PIXELS * 2 ? SERIES_PIXELS * 2 : each < 40 ? 40 : each;
  s->n_columns = series + 1 < VB_TABLE_COLUMNS_MAX ? series + 1 : VB_TABLE_COLUMNS_MAX;
  for (int c = 1; c < s->n_columns; c++)
    s->pixels[c] = (uint16_t)each;
  s->pixels[0] = (uint16_t)(total - each * series > 80 ? total - each * series : 80);
}

vb_status vb_sheet_write_chart(vb_book *b, vb_sheet *s)
{
  sheet_pen p = {b, s};
  if (s->node->u.chart.n_series >= VB_TABLE_COLUMNS_MAX)
    return VB_POST(b->d, VB_MSG_XLSX_SERIES, s->node->at, VB_NUM(VB_TABLE_COLUMNS_MAX - 1));
  columns(b, s);
  int pixels = 0;
  for (int c = 0; c < s->n_columns; c++)
    pixels += s->pixels[c];
  vb_arena_reset(b->scratch);
  vb_status st = vb_book_page(b, s);
  if (st == VB_OK)
    st = write_title(&p, pixels);
  if (st == VB_OK)
    st = write_figures(&p);
  return st == VB_OK ? draw(&p, pixels) : st;
}
