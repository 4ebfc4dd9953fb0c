/* Figures and dates as a document shows them: the comma is the decimal sign, the dot groups thousands. */
#include "text/text_int.h"

#include <string.h>

enum { DIGITS_MAX = 32 }; /* digits of an int64 and its places, with room */

/* The digits of |n|, the last one at end[-1], at least `least` of them. Returns the first. */
static char *digits_of(int64_t n, int least, char *end)
{
  uint64_t u = n < 0 ? UINT64_C(0) - (uint64_t)n : (uint64_t)n;
  char *p = end;
  for (; u != 0 || least > 0; u /= 10, least--) *--p = (char)('0' + u % 10);
  return p;
}

/* Appends the digits p[0, n), a dot before every third from the right when grouped, zeros in front up to min. */
static void add_integer(const char *p, int n, vb_number_format f, vb_buf *out)
{
  int all = n < f.min_digits ? f.min_digits : n;
  if (all > DIGITS_MAX) all = n > DIGITS_MAX ? n : DIGITS_MAX;
  char text[DIGITS_MAX * 2];
  size_t k = 0;
  for (int i = 0; i < all; i++) {
    if (f.group && i > 0 && (all - i) % 3 == 0) text[k++] = '.';
    if (i < all - n) text[k++] = '0';
    else text[k++] = p[i - (all - n)];
  }
  vb_buf_add(out, text, k);
}

void vb_number_print(vb_dec v, vb_number_format f, vb_buf *out)
{
  char text[DIGITS_MAX];
  int places = f.places < 0 ? v.places : f.places;
  if (v.places > places && !vb_dec_rescale(v, places, &v)) return; /* fewer places always fit */
  char *end = text + sizeof text, *p = digits_of(v.n, v.places + 1, end);
  int fraction = v.places, pad = places - v.places, integer = (int)(end - p) - fraction;
  if (f.trim_zeros) {
    pad = 0;
    while (fraction > 0 && p[integer + fraction - 1] == '0') fraction--;
  }
  if (v.n < 0) vb_buf_char(out, '-');
  add_integer(p, integer, f, out);
  if (fraction + pad == 0) return;
  vb_buf_char(out, ',');
  vb_buf_add(out, p + integer, (size_t)fraction);
  while (pad-- > 0) vb_buf_char(out, '0');
}

/* ---- dates -------------------------------------------------------------------------------------------------- */

static void add_padded(int v, bool zero, vb_buf *out)
{
  if (zero && v < 10) vb_buf_char(out, '0');
  vb_buf_int(out, v);
}

static void add_year(vb_date d, vb_buf *out)
{
  char text[8];
  char *end = text + sizeof text, *p = digits_of(d.year, 4, end);
  vb_buf_add(out, p, (size_t)(end - p));
}

void vb_date_print_short(vb_date d, vb_buf *out)
{
  if (d.year == 0) return;
  add_padded(d.day, true, out);
  vb_buf_char(out, '/');
  add_padded(d.month, d.month <= 2, out); /* ND30 PL I.II.4: days below 10 and months 1, 2 */
  vb_buf_char(out, '/');
  add_year(d, out);
}

void vb_date_print_numeric(vb_date d, vb_buf *out)
{
  if (d.year == 0) return;
  add_padded(d.day, true, out);
  vb_buf_char(out, '/');
  add_padded(d.month, true, out);
  vb_buf_char(out, '/');
  add_year(d, out);
}

void vb_date_print_long(vb_date d, vb_buf *out)
{
  if (d.year == 0) return;
  vb_buf_str(out, "ngày ");
  add_padded(d.day, true, out);
  vb_buf_str(out, " tháng ");
  add_padded(d.month, d.month <= 2, out);
  vb_buf_str(out, " năm ");
  add_year(d, out);
}

/* ---- numbering ---------------------------------------------------------------------------------------------- */

bool vb_number_roman(int v, vb_buf *out)
{
  static const struct { int value; const char *text; } steps[] = {
    {1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"},
    {40, "XL"},  {10, "X"},   {9, "IX"},  {5, "V"},    {4, "IV"},  {1, "I"},
  };
  if (v < 1 || v > 3999) return false;
  for (size_t i = 0; v > 0; i++)
    for (; v >= steps[i].value; v -= steps[i].value) vb_buf_str(out, steps[i].text);
  return true;
}

void vb_number_letter(int v, vb_buf *out)
{
  /* ND30 Phụ lục I.II.6: the Vietnamese alphabet without hats, and without f j w z */
  static const char *const letters[] = {"a", "b", "c", "d", "đ", "e", "g", "h", "i", "k", "l", "m",
                                        "n", "o", "p", "q", "r", "s", "t", "u", "v", "x", "y"};
  enum { COUNT = sizeof letters / sizeof letters[0] };
  const char *stack[8];
  int n = 0;
  for (; v > 0; v = (v - 1) / COUNT) stack[n++] = letters[(v - 1) % COUNT];
  while (n > 0) vb_buf_str(out, stack[--n]);
}
