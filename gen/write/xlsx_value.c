/* Typed values: the number format under which a spreadsheet prints a value as the paper does. Part of the workbook writer.
 *
 * The printed text decides: places, grouping, padding and words around the figure are found by printing the value in each possible
 * way and looking for it in the text. Where none fits, the cell holds the text itself, and the figures agree all the same.
 * Separators are stored in the neutral form "#,##0.0"; the reader's program shows its own. */
#include "write/xlsx_int.h"

#include <string.h>

#define EPOCH_1900 25569 /* days from 1899-12-30 to 1970-01-01 */
#define NUMBER_FORMAT_MAX 128 /* the library's room for one */
#define FIRST_SAFE_DAY 61 /* 1900-03-01: before it Excel counts a day that never was */

static const char *found(vb_span hay, vb_span needle)
{
  if (needle.n == 0 || needle.n > hay.n)
    return NULL;
  for (size_t i = 0; i + needle.n <= hay.n; i++)
    if (memcmp(hay.p + i, needle.p, needle.n) == 0)
      return hay.p + i;
  return NULL;
}

static bool has_digit(vb_span s)
{
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] >= '0' && s.p[i] <= '9')
      return true;
  return false;
}

/* Words beside a figure, as a literal of a number format; false when they cannot be one. */
static bool literal(vb_buf *b, vb_span s)
{
  if (s.n == 0)
    return true;
  if (has_digit(s) || memchr(s.p, '"', s.n) || memchr(s.p, '\n', s.n))
    return false;
  vb_buf_char(b, '"');
  vb_buf_span(b, s);
  vb_buf_char(b, '"');
  return true;
}

static void digits(vb_buf *b, vb_number_format f)
{
  if (f.min_digits > 1)
    for (int i = 0; i < f.min_digits; i++)
      vb_buf_char(b, '0');
  else
    vb_buf_str(b, f.group ? "#,##0" : "0");
  if (f.places > 0) {
    vb_buf_char(b, '.');
    for (int i = 0; i < f.places; i++)
      vb_buf_char(b, '0');
  }
}

/* Whether the value printed by f stands in text with nothing but words around it; the format then is in out. */
static bool fits(vb_dec num, vb_number_format f, vb_span text, vb_buf *out)
{
  vb_buf shown;
  vb_buf_init(&shown);
  vb_number_print(num, f, &shown);
  vb_span figure = {shown.p, shown.n};
  const char *at = shown.failed ? NULL : found(text, figure);
  bool good = at != NULL;
  if (good) {
    vb_span before = {text.p, (size_t)(at - text.p)}, behind = {at + figure.n, text.n - before.n - figure.n};
    /* "1.12" holds the 12 of another figure; a sign before its words would be printed before them */
    good = !(behind.n && (behind.p[0] == ',' || behind.p[0] == '.') && behind.n > 1) && !(num.n < 0 && before.n);
    good = good && literal(out, before);
    if (good)
      digits(out, f);
    good = good && literal(out, behind);
  }
  if (!good)
    vb_buf_clear(out);
  out->failed |= shown.failed;
  vb_buf_free(&shown);
  return good;
}

/* One number of places, with and without grouping and padding. */
static bool with_places(const vb_value *v, int places, vb_span text, vb_buf *out)
{
  vb_dec num, back;
  if (!vb_dec_rescale(v->num, places, &num) || !vb_dec_rescale(num, v->num.places, &back) || back.n != v->num.n)
    return false; /* rounded, it would be another figure */
  bool dots = text.n && memchr(text.p, '.', text.n);
  int64_t thousand = 1000;
  for (int i = 0; i < places; i++)
    thousand *= 10;
  for (int way = 0; way < (v->min_digits > 1 ? 4 : 2); way++) {
    bool group = (way & 1) == (v->type == VB_VALUE_PERCENT); /* percentages are tried without first */
    if (group && !dots && (num.n >= thousand || num.n <= -thousand))
      continue; /* it would print a point that the text has not */
    if (fits(num, (vb_number_format){.places = places, .group = group, .min_digits = way < 2 ? v->min_digits : 0}, text, out))
      return true;
  }
  return false;
}

static bool number_format(const vb_value *v, vb_span text, vb_buf *out)
{
  if (with_places(v, v->num.places, text, out))
    return true;
  for (int places = 0; places <= VB_DEC_PLACES_MAX; places++)
    if (places != v->num.places && with_places(v, places, text, out))
      return true;
  return false;
}

/* Zero printed as a dash, a word, or nothing: three sections, the last for zero. */
static bool zero_format(const vb_value *v, vb_span text, vb_buf *out)
{
  if (v->num.n != 0 || has_digit(text))
    return false;
  vb_buf_str(out, "#,##0;-#,##0;");
  if (literal(out, text))
    return true;
  vb_buf_clear(out);
  return false;
}

static bool date_format(const vb_value *v, vb_span text, vb_buf *out)
{
  static const struct { void (*print)(vb_date, vb_buf *); const char *padded, *plain; } ways[] = {
    {vb_date_print_numeric, "dd/mm/yyyy", "dd/mm/yyyy"}, {vb_date_print_short, "dd/mm/yyyy", "dd/m/yyyy"},
    {vb_date_print_long, "\"ngày \"dd\" tháng \"mm\" năm \"yyyy", "\"ngày \"dd\" tháng \"m\" năm \"yyyy"}};
  if (!vb_date_valid(v->date) || vb_date_days(v->date) + EPOCH_1900 < FIRST_SAFE_DAY)
    return false;
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
    vb_buf shown;
    vb_buf_init(&shown);
    ways[i].print(v->date, &shown);
    bool same = vb_span_eq(text, (vb_span){shown.p, shown.n});
    out->failed |= shown.failed;
    vb_buf_free(&shown);
    if (same) {
      vb_buf_str(out, v->date.month < 3 || v->date.month > 9 ? ways[i].padded : ways[i].plain);
      return true;
    }
  }
  return false;
}

/* A code of many digits is not a quantity: 12 digits and more without grouping are an identifier. */
static bool identifier(const vb_value *v, vb_span text)
{
  size_t run = 0, longest = 0;
  for (size_t i = 0; i < text.n; i++) {
    run = text.p[i] >= '0' && text.p[i] <= '9' ? run + 1 : 0;
    longest = run > longest ? run : longest;
  }
  return v->type != VB_VALUE_MONEY && longest >= 12;
}

const char *vb_value_format(vb_book *b, const vb_value *v, vb_span text)
{
  const char *format = NULL;
  vb_buf out;
  bool good = false;
  vb_buf_init(&out);
  if (v->type == VB_VALUE_DATE)
    good = date_format(v, text, &out);
  else if (v->type != VB_VALUE_NONE && v->type != VB_VALUE_TEXT && v->num.n <= VB_XLSX_EXACT && v->num.n >= -VB_XLSX_EXACT &&
           !identifier(v, text))
    good = number_format(v, text, &out) || zero_format(v, text, &out);
  good = good && out.n < NUMBER_FORMAT_MAX;
  if (good && !out.failed)
    format = vb_book_number(b, vb_buf_cstr(&out));
  b->starved |= out.failed || (good && !format);
  vb_buf_free(&out);
  return format;
}

double vb_value_serial(const vb_value *v)
{
  return v->type == VB_VALUE_DATE ? (double)(vb_date_days(v->date) + EPOCH_1900) : vb_dec_to_double(v->num);
}
