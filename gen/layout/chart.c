/* Charts of bars and lines from plain boxes, to be read in black and white: grey levels, hatching, marks. Part of room layout.
 *
 * From top to bottom: title, unit of the axis, plot with ticks at 1, 2 or 5 times a power of ten, names of the categories, legend
 * where there are several series. All boxes belong to the chart's node; none is an artifact, for together they are its figure.
 *
 * Invariants
 *  1. Values are scaled integers of one scale; a position is computed from them without floating point.
 *  2. No box leaves the chart's width and height: labels are broken in their place, and plot and bars share what is left. */
#include "layout/layout_int.h"

enum { TEXT_SIZE = 20 /* half points */, TITLE_SIZE = 26, TICKS = 5, MARK = 4000, HATCH = 4000, SWATCH = 9000, GAP = 4000 };
#define CHART_HEIGHT VB_MM(70)
#define INK 0x000000u
#define PALE 0xC0C0C0u

typedef struct area { vb_len x, y, w, h; } area; /* x, y: lower left corner; of text, the upper left one */

typedef struct plot {
  vb_layout *l;
  const vb_node *n;
  vb_len width, left, top, bottom; /* of the plot; from the chart's top left corner, downwards negative */
  int64_t low, high, step;         /* in units of 10^-places */
  int places;
  vb_status st;
} plot;

/* ---- values --------------------------------------------------------------------------------------------------- */

static bool has_value(const vb_value *v) { return v->type != VB_VALUE_NONE && v->type != VB_VALUE_TEXT && v->type != VB_VALUE_DATE; }

static int64_t scaled(const plot *p, const vb_value *v) {
  vb_dec d;
  return vb_dec_rescale(v->num, p->places, &d) ? d.n : 0;
}

/* One scale for all values: the finest that holds them. */
static void find_scale(plot *p) {
  int finest = 0;
  for (uint32_t i = 0; i < p->n->u.chart.n_series; i++)
    for (uint32_t k = 0; k < p->n->u.chart.n_categories; k++) {
      const vb_value *v = &p->n->u.chart.series[i].values[k];
      if (has_value(v) && v->num.places > finest)
        finest = v->num.places;
    }
  for (p->places = finest; p->places > 0; p->places--) {
    bool fits = true;
    for (uint32_t i = 0; i < p->n->u.chart.n_series; i++)
      for (uint32_t k = 0; k < p->n->u.chart.n_categories; k++) {
        vb_dec d;
        const vb_value *v = &p->n->u.chart.series[i].values[k];
        fits = fits && (!has_value(v) || vb_dec_rescale(v->num, p->places, &d));
      }
    if (fits)
      return;
  }
}

/* Range from zero, in whole ticks; limited so that sums and products stay in 64 bits. */
static void find_range(plot *p) {
  const int64_t most = INT64_MAX / 8;
  for (uint32_t i = 0; i < p->n->u.chart.n_series; i++)
    for (uint32_t k = 0; k < p->n->u.chart.n_categories; k++) {
      const vb_value *v = &p->n->u.chart.series[i].values[k];
      int64_t x = has_value(v) ? scaled(p, v) : 0;
      x = x > most ? most : x < -most ? -most : x;
      p->high = x > p->high ? x : p->high;
      p->low = x < p->low ? x : p->low;
    }
  int64_t range = p->high - p->low, power = 1;
  while (power * 10 <= range / TICKS)
    power *= 10;
  static const int steps[] = {1, 2, 5, 10};
  for (int i = 0; i < 4; i++) {
    p->step = power * steps[i];
    if (range / p->step <= TICKS)
      break;
  }
  p->high = p->high > 0 ? (p->high + p->step - 1) / p->step * p->step : 0;
  p->low = p->low < 0 ? -((-p->low + p->step - 1) / p->step * p->step) : 0;
  if (p->high == p->low)
    p->high = p->low + p->step;
}

static vb_len height_at(const plot *p, int64_t v) {
  int64_t range = p->high - p->low, unit = range / 1000000 + 1;
  v = v > p->high ? p->high : v < p->low ? p->low : v;
  return p->bottom + (vb_len)((v - p->low) / unit * (p->top - p->bottom) / (range / unit ? range / unit : 1));
}

/* ---- boxes ---------------------------------------------------------------------------------------------------- */

static void put(plot *p, vb_box_kind kind, vb_box b) {
  b.kind = kind;
  b.node = p->n;
  if (p->st == VB_OK)
    p->st = vb_box_put(p->l, b);
}

static void stroke(plot *p, area a, uint32_t color) {
  put(p, VB_BOX_LINE, (vb_box){.x = a.x, .y = a.y, .w = a.w, .h = a.h, .color = color, .weight = color == PALE ? VB_PT(0.3) : VB_PT(0.7)});
}

/* Text in a column as wide as the area; returns its height. */
static vb_len write_text(plot *p, vb_span s, int size, vb_align align, area a) {
  vb_context c = {.width = a.w, .size = (int16_t)size, .align = align, .in_cell = true, .bold = size == TITLE_SIZE};
  vb_para *t = NULL;
  vb_len h = 0;
  if (p->st != VB_OK || !s.n || a.w <= 0)
    return 0;
  p->st = vb_para_make_plain(p->l, &c, (vb_words){p->n, VB_STYLE_TABLE_CELL, s}, &t);
  if (p->st == VB_OK)
    p->st = vb_para_break(p->l, t, a.w);
  for (uint32_t i = 0; p->st == VB_OK && i < t->n_lines; i++, h += t->height)
    p->st = vb_line_put(p->l, t, i, a.x, a.y - h);
  return h;
}

static vb_len text_width(const plot *p, vb_span s) {
  return (vb_len)((vb_metrics_text(&p->l->m, VB_REGULAR, s) * TEXT_SIZE + 1) / 2) + 100;
}

static vb_span number(plot *p, int64_t v) {
  vb_buf b;
  vb_buf_init(&b);
  vb_number_print((vb_dec){v, p->places}, (vb_number_format){.places = -1, .group = true, .trim_zeros = true}, &b);
  char *s = b.failed ? NULL : vb_arena_str(p->l->arena, b.p, b.n);
  vb_span out = {s, s ? b.n : 0};
  vb_buf_free(&b);
  if (!s)
    p->st = VB_NOMEM;
  return out;
}

/* ---- bars and lines ------------------------------------------------------------------------------------------- */

/* Six looks that stay apart on any printer: dark, light, slanted, level, middle, crossed. */
static void hatch(plot *p, area a, bool level) {
  for (vb_len at = HATCH; level && at < a.h; at += HATCH)
    stroke(p, (area){a.x, a.y + at, a.w, 0}, INK);
  for (vb_len at = HATCH; !level && at < a.w + a.h; at += HATCH * 3 / 2) { /* from the left or lower side to the upper or right one */
    vb_len x0 = at > a.h ? at - a.h : 0, y0 = at > a.h ? a.h : at, x1 = at > a.w ? a.w : at, y1 = at > a.w ? at - a.w : 0;
    stroke(p, (area){a.x + x0, a.y + y0, x1 - x0, y1 - y0}, INK);
  }
}

static void bar(plot *p, uint32_t look, area a) {
  static const uint32_t fills[6] = {0x404040, 0xD0D0D0, 0, 0, 0x909090, 0};
  look %= 6;
  if (a.h <= 0 || a.w <= 0)
    return;
  if (fills[look])
    put(p, VB_BOX_FILL, (vb_box){.x = a.x, .y = a.y, .w = a.w, .h = a.h, .color = fills[look]});
  if (look == 2 || look == 5)
    hatch(p, a, false);
  if (look == 3 || look == 5)
    hatch(p, a, true);
  put(p, VB_BOX_FRAME, (vb_box){.x = a.x, .y = a.y, .w = a.w, .h = a.h, .color = INK, .weight = VB_PT(0.5)});
}

/* Series of a line chart are told by their marks: full, open, grey, and by size. */
static void mark(plot *p, uint32_t look, vb_len x, vb_len y) {
  static const uint32_t fills[3] = {0x000000, 0xFFFFFF, 0x909090};
  vb_len size = MARK + (vb_len)(look / 3 % 3) * 2000;
  put(p, VB_BOX_FILL, (vb_box){.x = x - size / 2, .y = y - size / 2, .w = size, .h = size, .color = fills[look % 3]});
  put(p, VB_BOX_FRAME, (vb_box){.x = x - size / 2, .y = y - size / 2, .w = size, .h = size, .color = INK, .weight = VB_PT(0.5)});
}

static vb_len slot_left(const plot *p, uint32_t k) {
  return p->left + (vb_len)((int64_t)p->width * k / p->n->u.chart.n_categories);
}

static void draw_bars(plot *p) {
  uint32_t n = p->n->u.chart.n_series;
  vb_len zero = height_at(p, 0);
  for (uint32_t k = 0; k < p->n->u.chart.n_categories; k++) {
    vb_len slot = slot_left(p, k + 1) - slot_left(p, k), room = slot * 4 / 5, w = room / (vb_len)n;
    for (uint32_t i = 0; i < n; i++) {
      const vb_value *v = &p->n->u.chart.series[i].values[k];
      if (!has_value(v))
        continue;
      int64_t value = scaled(p, v);
      vb_len y = height_at(p, value), x = slot_left(p, k) + slot / 10 + w * (vb_len)i;
      vb_span s = number(p, value);
      bar(p, i, (area){x, y < zero ? y : zero, w, y < zero ? zero - y : y - zero});
      if (s.n && text_width(p, s) <= w && value >= 0)
        (void)write_text(p, s, TEXT_SIZE, VB_ALIGN_CENTER, (area){x, y + VB_PT(12), w, 0});
    }
  }
}

static void draw_lines(plot *p) {
  for (uint32_t i = 0; i < p->n->u.chart.n_series; i++) {
    bool before = false;
    vb_len x0 = 0, y0 = 0;
    for (int second = 0; second < 2; second++, before = false) /* marks stand on the lines */
      for (uint32_t k = 0; k < p->n->u.chart.n_categories; k++) {
        const vb_value *v = &p->n->u.chart.series[i].values[k];
        vb_len x = (slot_left(p, k) + slot_left(p, k + 1)) / 2, y = height_at(p, scaled(p, v));
        if (!has_value(v)) { /* a gap, not a zero */
          before = false;
          continue;
        }
        if (second)
          mark(p, i, x, y);
        else if (before)
          stroke(p, (area){x0, y0, x - x0, y - y0}, INK);
        before = true;
        x0 = x;
        y0 = y;
      }
  }
}

/* ---- around the plot ------------------------------------------------------------------------------------------ */

static void draw_ticks(plot *p) {
  for (int64_t t = p->low; t <= p->high; t += p->step) {
    vb_len y = height_at(p, t);
    stroke(p, (area){p->left, y, p->width, 0}, t == 0 ? INK : PALE);
    (void)write_text(p, number(p, t), TEXT_SIZE, VB_ALIGN_RIGHT, (area){0, y + VB_PT(5.5), p->left - GAP, 0});
  }
  stroke(p, (area){p->left, p->bottom, 0, p->top - p->bottom}, INK);
}

static vb_len tick_width(plot *p) {
  vb_len w = 0;
  for (int64_t t = p->low; t <= p->high && p->st == VB_OK; t += p->step) {
    vb_len k = text_width(p, number(p, t));
    w = k > w ? k : w;
  }
  return w + GAP;
}

/* Where the categories stand too close for their longest word, every second, third … is named: a time axis stays readable. */
static uint32_t name_step(plot *p) {
  vb_len longest = 0, n = (vb_len)p->n->u.chart.n_categories;
  if (n < 1)
    return 1; /* vb_doc_verify refuses such a chart */
  for (uint32_t k = 0; k < p->n->u.chart.n_categories; k++) {
    vb_context c = {.width = p->width, .size = TEXT_SIZE, .in_cell = true};
    vb_para *t = NULL;
    vb_len min = 0, max = 0;
    if (p->st == VB_OK)
      p->st = vb_para_make_plain(p->l, &c, (vb_words){p->n, VB_STYLE_TABLE_CELL, vb_span_of(p->n->u.chart.categories[k])}, &t);
    if (p->st == VB_OK)
      p->st = vb_para_measure(p->l, t, &min, &max);
    longest = min > longest ? min : longest;
  }
  int64_t slot = p->width / n - VB_PT(2);
  if (slot < 1)
    slot = 1;
  return (uint32_t)((longest + slot - 1) / slot > 0 ? (longest + slot - 1) / slot : 1);
}

static vb_len draw_names(plot *p, vb_len y) {
  vb_len deepest = 0;
  uint32_t n = p->n->u.chart.n_categories, step = name_step(p);
  for (uint32_t k = 0; k < n; k += step) {
    vb_len x = slot_left(p, k), w = slot_left(p, k + step < n ? k + step : n) - x - VB_PT(2);
    vb_align align = step > 1 ? VB_ALIGN_LEFT : VB_ALIGN_CENTER;
    vb_len h = write_text(p, vb_span_of(p->n->u.chart.categories[k]), TEXT_SIZE, align, (area){x + VB_PT(1), y, w, 0});
    deepest = h > deepest ? h : deepest;
  }
  return deepest;
}

static vb_len draw_legend(plot *p, vb_len y, vb_len width) {
  const vb_len line = VB_PT(14);
  vb_len x = 0, h = line;
  if (p->n->u.chart.n_series < 2)
    return 0;
  for (uint32_t i = 0; i < p->n->u.chart.n_series; i++) {
    vb_span s = vb_span_of(p->n->u.chart.series[i].name);
    vb_len w = text_width(p, s), whole = SWATCH + GAP + w + 3 * GAP;
    if (x > 0 && x + whole > width) {
      x = 0;
      h += line;
    }
    vb_len room = width - x - SWATCH - GAP, top = y - h + line;
    if (p->n->u.chart.kind == VB_CHART_BAR)
      bar(p, i, (area){x, top - VB_PT(11), SWATCH, VB_PT(8)});
    else
      mark(p, i, x + SWATCH / 2, top - VB_PT(7));
    vb_len deep = write_text(p, s, TEXT_SIZE, VB_ALIGN_LEFT, (area){x + SWATCH + GAP, top, w < room ? w : room, 0});
    if (deep > line)
      h += deep - line;
    x += whole;
  }
  return h;
}

/* Draws with the plot's bottom where it is set now, and tells how deep the chart came. */
static vb_len draw(plot *p, vb_len width, vb_len plot_height) {
  vb_len y = write_text(p, vb_span_of(p->n->u.chart.title), TITLE_SIZE, VB_ALIGN_CENTER, (area){0, 0, width, 0});
  y += write_text(p, vb_span_of(p->n->u.chart.axis), TEXT_SIZE, VB_ALIGN_LEFT, (area){0, -y, width, 0}) + VB_PT(14);
  p->left = tick_width(p);
  p->width = width - p->left;
  p->top = -y;
  p->bottom = p->top - plot_height;
  draw_ticks(p);
  if (p->n->u.chart.kind == VB_CHART_BAR)
    draw_bars(p);
  else
    draw_lines(p);
  y = -p->bottom + VB_PT(3);
  y += draw_names(p, -y) + VB_PT(3);
  y += draw_legend(p, -y, width);
  return y;
}

vb_status vb_chart_lay(vb_layout *l, const vb_context *c, vb_stack *s, const vb_node *chart) {
  plot p = {.l = l, .n = chart};
  vb_len want = chart->u.chart.height > 0 ? chart->u.chart.height : CHART_HEIGHT, plot_height = VB_PT(40), h = 0;
  uint32_t at = l->n_boxes;
  want = want > l->geo.h ? l->geo.h : want;
  find_scale(&p);
  find_range(&p);
  for (int pass = 0; pass < 2 && p.st == VB_OK; pass++) { /* the first finds how much the words take */
    l->n_boxes = at;
    h = draw(&p, c->width, plot_height);
    if (h < want)
      plot_height += want - h;
  }
  vb_frag f = {.kind = VB_FRAG_BOXES, .height = h, .lines = 2};
  f.u.boxes.n = l->n_boxes - at;
  f.u.boxes.box = f.u.boxes.n ? vb_arena_copy(l->arena, l->boxes + at, sizeof *l->boxes * f.u.boxes.n) : NULL;
  l->n_boxes = at;
  if (p.st == VB_OK && f.u.boxes.n && !f.u.boxes.box)
    p.st = VB_NOMEM;
  if (p.st != VB_OK)
    return p.st;
  p.st = vb_stack_block(l, s, f, VB_TABLE_SPACE);
  s->after = VB_TABLE_SPACE;
  s->last = NULL;
  vb_stack_counted(s, 2);
  return p.st;
}
