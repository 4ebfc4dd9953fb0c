/* convert: a field as read → a typed value, or one message that says what is wrong with it and how to write it.
 *
 * Text of people is read by vb_number_parse and vb_date_parse; a typed number of a workbook is a plain decimal with a point, rounded to
 * the 15 digits that a spreadsheet shows (56.1 is stored as 56.100000000000001).
 */
#include "store/store_int.h"

#include <string.h>

#define SHEET_DIGITS 15

vb_place vb_cell_place(const vb_cell_in *c, const char *file, uint32_t line)
{
  if (c->cell)
    return (vb_place){file, 0, 0, c->cell};
  return (vb_place){file, c->line ? c->line : line, c->column, NULL};
}

/* ---- typed numbers of workbooks ----------------------------------------------------------------------------- */

typedef struct digits { char d[40]; int n, point; bool negative, more; } digits; /* 0.d… × 10^point */

static bool digits_take(vb_span s, digits *out)
{
  const char *p = s.p, *end = s.p + s.n;
  bool seen_point = false, any = false;
  *out = (digits){.n = 0};
  if (p < end && (*p == '-' || *p == '+'))
    out->negative = *p++ == '-';
  for (; p < end && (*p == '.' || (*p >= '0' && *p <= '9')); p++) {
    if (*p == '.') {
      if (seen_point)
        return false;
      seen_point = true;
      continue;
    }
    any = true;
    if (out->n == 0 && *p == '0') {
      out->point -= seen_point;
      continue;
    }
    if (out->n < (int)sizeof out->d)
      out->d[out->n++] = *p;
    out->point += !seen_point;
  }
  if (!any || (p < end && *p != 'e' && *p != 'E'))
    return false;
  if (p == end)
    return true;
  bool down = ++p < end && *p == '-';
  if (p < end && (*p == '-' || *p == '+'))
    p++;
  int e = 0;
  if (p == end)
    return false;
  for (; p < end; p++) {
    if (*p < '0' || *p > '9' || e > 999)
      return false;
    e = e * 10 + (*p - '0');
  }
  out->point += down ? -e : e;
  return true;
}

static void digits_round(digits *g)
{
  if (g->n > SHEET_DIGITS) {
    int i = SHEET_DIGITS;
    bool up = g->d[i] >= '5';
    g->n = i;
    while (up && i > 0) {
      up = g->d[--i] == '9';
      g->d[i] = (char)(up ? '0' : g->d[i] + 1);
    }
    if (up) { /* 999…9 → 1000…0 */
      g->d[0] = '1';
      memset(g->d + 1, '0', SHEET_DIGITS - 1);
      g->point++;
    }
  }
  while (g->n > 0 && g->d[g->n - 1] == '0')
    g->n--;
}

static vb_number_state sheet_number(vb_span s, vb_dec *out)
{
  digits g;
  *out = (vb_dec){0, 0};
  if (s.n == 0)
    return VB_NUM_BLANK;
  if (!digits_take(s, &g))
    return VB_NUM_WRONG;
  digits_round(&g);
  if (g.n == 0)
    return VB_NUM_VALUE;
  int places = g.n > g.point ? g.n - g.point : 0, zeros = g.point > g.n ? g.point - g.n : 0;
  if (places > VB_DEC_PLACES_MAX || g.n + zeros > 18)
    return VB_NUM_WRONG;
  int64_t n = 0;
  for (int i = 0; i < g.n; i++)
    n = n * 10 + (g.d[i] - '0');
  for (; zeros > 0; zeros--)
    n *= 10;
  *out = (vb_dec){g.negative ? -n : n, places};
  return VB_NUM_VALUE;
}

/* ---- the two readings of an ambiguous figure ---------------------------------------------------------------- */

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

/* Joined: every mark between digits groups them. Split: the last mark is the decimal sign. A sign apart from its figure: with and without it. */
static void readings(vb_span s, vb_buf *joined, vb_buf *split)
{
  size_t first = 0, last = s.n, end = 0;
  while (first < s.n && !is_digit(s.p[first]))
    first++;
  for (size_t i = first; i < s.n; i++) {
    if (is_digit(s.p[i]))
      end = i + 1;
    else if (i + 1 < s.n && is_digit(s.p[i + 1]))
      last = i;
  }
  const char *sign = first > 0 ? "-" : "";
  bool mark = last < end;
  vb_buf_str(joined, sign);
  if (mark)
    vb_buf_str(split, sign);
  bool cut = false;
  for (size_t i = first; i < end; i++) {
    if (is_digit(s.p[i])) {
      vb_buf_char(joined, s.p[i]);
      if (!cut)
        vb_buf_char(split, s.p[i]);
    } else if (i == last) {
      cut = s.p[i] != '.' && s.p[i] != ','; /* "12 345": two figures */
      if (!cut)
        vb_buf_char(split, ',');
    }
  }
}

static vb_status post_ambiguous(vb_diag *d, const vb_wanted *w, vb_span text)
{
  vb_buf joined, split;
  vb_buf_init(&joined);
  vb_buf_init(&split);
  readings(text, &joined, &split);
  vb_status status = VB_NOMEM;
  const char *a = vb_buf_cstr(&joined), *b = vb_buf_cstr(&split);
  if (!joined.failed && !split.failed)
    status = VB_POST(d, w->type == VB_TYPE_COUNT || w->type == VB_TYPE_CODE ? VB_MSG_STORE_AMBIGUOUS_WHOLE : VB_MSG_STORE_AMBIGUOUS, w->at, VB_TXT(text), a, b, w->name);
  vb_buf_free(&joined);
  vb_buf_free(&split);
  return status;
}

/* ---- figures ------------------------------------------------------------------------------------------------ */

static vb_number_kind kind_of(vb_type t)
{
  switch (t) {
  case VB_TYPE_COUNT: return VB_NUM_COUNT;
  case VB_TYPE_PERCENT: return VB_NUM_PERCENT;
  case VB_TYPE_MONEY: return VB_NUM_MONEY;
  case VB_TYPE_CODE: return VB_NUM_CODE;
  default: return VB_NUM_DECIMAL;
  }
}

static vb_status post_wrong(vb_diag *d, const vb_wanted *w, vb_span text)
{
  vb_msg m = w->type == VB_TYPE_COUNT ? VB_MSG_STORE_NOT_COUNT : w->type == VB_TYPE_PERCENT ? VB_MSG_STORE_NOT_PERCENT
    : w->type == VB_TYPE_MONEY ? VB_MSG_STORE_NOT_MONEY : VB_MSG_STORE_NOT_DECIMAL;
  return VB_POST(d, m, w->at, VB_TXT(text), w->name);
}

static vb_status figure_check(vb_diag *d, const vb_wanted *w, vb_span text, vb_dec n, vb_typed *out)
{
  vb_dec scaled;
  if (w->type == VB_TYPE_COUNT && n.n < 0)
    return VB_POST(d, VB_MSG_STORE_NEGATIVE, w->at, VB_TXT(text), w->name);
  if (n.places > w->places)
    return VB_POST(d, w->places ? VB_MSG_STORE_PLACES : VB_MSG_STORE_PLACES_NONE, w->at, VB_TXT(text), w->name, VB_NUM(w->places));
  if (!vb_dec_rescale(n, w->places, &scaled))
    return VB_POST(d, VB_MSG_STORE_TOO_LARGE, w->at, VB_TXT(text), w->name);
  out->status = VB_REPORTED;
  out->has_num = true;
  out->num = scaled.n;
  out->places = n.places;
  return VB_OK;
}

static vb_status convert_figure(vb_diag *d, const vb_wanted *w, const vb_cell_in *c, vb_typed *out)
{
  vb_dec n;
  vb_number_state state = c->machine_number ? sheet_number(c->text, &n) : vb_number_parse(c->text, kind_of(w->type), &n);
  switch (state) {
  case VB_NUM_BLANK:
    return VB_OK;
  case VB_NUM_NA:
    out->status = VB_NOT_APPLICABLE;
    return VB_OK;
  case VB_NUM_DASH:
    out->status = VB_ZERO_DASH;
    out->has_num = true;
    return VB_OK;
  case VB_NUM_VALUE:
    return figure_check(d, w, c->text, n, out);
  case VB_NUM_AMBIGUOUS:
    return post_ambiguous(d, w, c->text);
  default:
    return post_wrong(d, w, c->text);
  }
}

/* ---- codes of a list ---------------------------------------------------------------------------------------- */

static vb_status post_not_listed(vb_diag *d, const vb_wanted *w, vb_span text)
{
  vb_buf all;
  vb_buf_init(&all);
  for (const vb_code_item *i = w->list->first; i && all.n < VB_MSG_ARG_BYTES; i = i->next)
    vb_buf_printf(&all, "%s%s = %s", i == w->list->first ? "" : ", ", i->value, i->label);
  vb_status status = all.failed ? VB_NOMEM : VB_POST(d, VB_MSG_STORE_NOT_LISTED, w->at, VB_TXT(text), w->name, vb_buf_cstr(&all));
  vb_buf_free(&all);
  return status;
}

static bool label_is(vb_store *s, const char *label, vb_span text)
{
  vb_arena_mark m = vb_arena_save(s->scratch);
  size_t n, k;
  char *a = vb_store_folded(s, vb_span_of(label), &n), *b = vb_store_folded(s, text, &k);
  bool same = a && b && n > 0 && vb_span_eq((vb_span){a, n}, (vb_span){b, k});
  vb_arena_restore(s->scratch, m);
  return same;
}

static vb_status take_item(const vb_code_item *i, vb_number_state state, vb_typed *out)
{
  out->status = state == VB_NUM_DASH ? VB_ZERO_DASH : VB_REPORTED;
  out->has_num = i->whole;
  out->num = i->n;
  out->places = 0;
  if (!i->whole)
    out->text = vb_span_of(i->value);
  return VB_OK;
}

static vb_status convert_code(vb_diag *d, vb_store *s, const vb_wanted *w, const vb_cell_in *c, vb_typed *out)
{
  if (!w->list)
    return convert_figure(d, w, c, out);
  vb_dec n;
  vb_number_state state = c->machine_number ? sheet_number(c->text, &n) : vb_number_parse(c->text, VB_NUM_CODE, &n);
  if (state == VB_NUM_BLANK)
    return VB_OK;
  if (state == VB_NUM_NA) {
    out->status = VB_NOT_APPLICABLE;
    return VB_OK;
  }
  bool whole = (state == VB_NUM_VALUE && n.places == 0) || state == VB_NUM_DASH; /* "-" is zero, where the list has it */
  for (const vb_code_item *i = w->list->first; i; i = i->next)
    if ((whole && i->whole && i->n == n.n) || vb_span_is(c->text, i->value))
      return take_item(i, state, out);
  for (const vb_code_item *i = w->list->first; i; i = i->next)
    if (label_is(s, i->label, c->text))
      return take_item(i, state, out);
  return post_not_listed(d, w, c->text);
}

/* ---- the rest ----------------------------------------------------------------------------------------------- */

/* What stands for "no value" in a field that is no figure. */
static bool is_nothing(vb_span text, vb_typed *out)
{
  vb_dec n;
  vb_number_state state = vb_number_parse(text, VB_NUM_CODE, &n);
  if (state == VB_NUM_NA)
    out->status = VB_NOT_APPLICABLE;
  return state == VB_NUM_NA || state == VB_NUM_BLANK || state == VB_NUM_DASH;
}

static vb_status take_text(vb_store *s, const char *text, size_t n, vb_typed *out)
{
  char *copy = vb_arena_str(s->scratch, text, n);
  if (!copy)
    return VB_NOMEM;
  out->status = VB_REPORTED;
  out->text = (vb_span){copy, n};
  return VB_OK;
}

static vb_status convert_date(vb_diag *d, vb_store *s, const vb_wanted *w, const vb_cell_in *c, vb_typed *out)
{
  vb_date date;
  char iso[11];
  if (!c->machine_date && is_nothing(c->text, out))
    return VB_OK;
  if (!(c->machine_date ? vb_date_parse_iso(c->text, &date) : vb_date_parse(c->text, &date)))
    return VB_POST(d, VB_MSG_STORE_NOT_DATE, w->at, VB_TXT(c->text), w->name);
  return take_text(s, iso, vb_date_print_iso(date, iso), out);
}

vb_status vb_convert(vb_diag *d, vb_store *s, const vb_wanted *w, const vb_cell_in *c, vb_typed *out)
{
  *out = (vb_typed){.status = VB_MISSING};
  if (c->text.p == NULL || c->text.n == 0)
    return VB_OK;
  switch (w->type) {
  case VB_TYPE_TEXT:
    out->status = VB_REPORTED;
    out->text = c->text;
    return VB_OK;
  case VB_TYPE_CODE:
    return convert_code(d, s, w, c, out);
  case VB_TYPE_DATE:
    return convert_date(d, s, w, c, out);
  case VB_TYPE_PERIOD: {
    vb_period_rec p;
    if (is_nothing(c->text, out))
      return VB_OK;
    if (!vb_period_parse(c->text, &p))
      return VB_POST(d, VB_MSG_STORE_PERIOD, w->at, VB_TXT(c->text));
    return take_text(s, c->text.p, c->text.n, out);
  }
  case VB_TYPE_UNIT: {
    vb_unit *u;
    if (is_nothing(c->text, out))
      return VB_OK;
    vb_status status = vb_unit_find(d, s, c->text, w->at, &u);
    return status == VB_OK ? take_text(s, u->name->text, strlen(u->name->text), out) : status;
  }
  case VB_TYPE_GROUP:
    return VB_POST(d, VB_MSG_STORE_GROUP, w->at, VB_TXT(c->text), w->name);
  default:
    return convert_figure(d, w, c, out);
  }
}
