/* Exact decimals: an integer and a number of places. Any room may use them; nothing else in the program rounds a figure.
 *
 * Invariants
 *  1. Work is done in 128 bits: the largest step, 2^63 * 10^18, needs 123. Only the result can be too large, and that is reported.
 *  2. There is one rounding, half away from zero, in divide().
 */
#include "base/base.h"

#include <string.h>

__extension__ typedef __int128 wide;

static const int64_t powers[VB_DEC_PLACES_MAX + 1] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};

static bool places_ok(int places)
{
  return places >= 0 && places <= VB_DEC_PLACES_MAX;
}

static bool settle(wide n, int places, vb_dec *out)
{
  if (n > INT64_MAX || n < INT64_MIN)
    return false;
  *out = (vb_dec){(int64_t)n, places};
  return true;
}

/* n / by, rounded half away from zero; by is not 0. */
static wide divide(wide n, wide by)
{
  wide q = n / by, r = n % by;
  if (r < 0)
    r = -r;
  wide size = by < 0 ? -by : by;
  if (r >= size - r)
    q += (n < 0) == (by < 0) ? 1 : -1;
  return q;
}

static wide at_places(vb_dec a, int places)
{
  if (places >= a.places)
    return (wide)a.n * powers[places - a.places];
  return divide(a.n, powers[a.places - places]);
}

bool vb_dec_rescale(vb_dec a, int places, vb_dec *out)
{
  return places_ok(a.places) && places_ok(places) && settle(at_places(a, places), places, out);
}

bool vb_dec_add(vb_dec a, vb_dec b, vb_dec *out)
{
  if (!places_ok(a.places) || !places_ok(b.places))
    return false;
  int places = a.places > b.places ? a.places : b.places;
  return settle(at_places(a, places) + at_places(b, places), places, out);
}

bool vb_dec_sub(vb_dec a, vb_dec b, vb_dec *out)
{
  if (!places_ok(a.places) || !places_ok(b.places))
    return false;
  int places = a.places > b.places ? a.places : b.places;
  return settle(at_places(a, places) - at_places(b, places), places, out);
}

bool vb_dec_mul(vb_dec a, vb_dec b, vb_dec *out)
{
  if (!places_ok(a.places) || !places_ok(b.places))
    return false;
  wide n = (wide)a.n * b.n;
  int places = a.places + b.places;
  if (places > VB_DEC_PLACES_MAX) {
    n = divide(n, powers[places - VB_DEC_PLACES_MAX]);
    places = VB_DEC_PLACES_MAX;
  }
  return settle(n, places, out);
}

bool vb_dec_ratio(vb_dec a, vb_dec b, int places, vb_dec *out)
{
  if (!places_ok(a.places) || !places_ok(b.places) || !places_ok(places) || b.n == 0)
    return false;
  wide above = (wide)a.n * powers[b.places] * powers[places];
  return settle(divide(above, (wide)b.n * powers[a.places]), places, out);
}

/* For those that cannot report: a value outside the contract is read as if its places were the nearest allowed. */
static int places_near(int places)
{
  return places < 0 ? 0 : places > VB_DEC_PLACES_MAX ? VB_DEC_PLACES_MAX : places;
}

int vb_dec_cmp(vb_dec a, vb_dec b)
{
  wide x = (wide)a.n * powers[places_near(b.places)], y = (wide)b.n * powers[places_near(a.places)];
  return (x > y) - (x < y);
}

size_t vb_dec_print(vb_dec a, char *out, size_t cap)
{
  char text[24]; /* sign, point and the 19 digits of an int64; filled from its end */
  size_t at = sizeof text;
  int places = places_near(a.places), digits = 0;
  uint64_t rest = a.n < 0 ? 0 - (uint64_t)a.n : (uint64_t)a.n;
  do {
    if (places > 0 && digits == places)
      text[--at] = '.';
    text[--at] = (char)('0' + rest % 10);
    rest /= 10;
    digits++;
  } while (rest > 0 || digits <= places);
  if (a.n < 0)
    text[--at] = '-';
  size_t n = sizeof text - at, fit = n < cap ? n : cap - 1;
  if (cap > 0) {
    memcpy(out, text + at, fit);
    out[fit] = '\0';
  }
  return n;
}

double vb_dec_to_double(vb_dec a)
{
  const int64_t exact = INT64_C(1) << 53; /* up to here both operands are exact, and the division rounds once */
  int64_t unit = powers[places_near(a.places)];
  if (a.n >= -exact && a.n <= exact)
    return (double)a.n / (double)unit;
  return (double)((long double)a.n / (long double)unit);
}
