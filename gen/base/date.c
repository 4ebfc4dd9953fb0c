/* Dates of the proleptic Gregorian calendar, years 1 to 9999. Any room may use them. No clock here, and none elsewhere.
 *
 * Days are counted in eras of 400 years that begin on 1 March, so that the leap day is the last of its year.
 */
#include "base/base.h"

#include <stdio.h>

#define ERA_DAYS 146097
#define EPOCH_DAYS 719468 /* 0000-03-01 to 1970-01-01 */
#define DAYS_FIRST (-719162) /* 0001-01-01 */
#define DAYS_LAST 2932896    /* 9999-12-31 */

static bool leap(int year)
{
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool vb_date_valid(vb_date d)
{
  static const uint8_t lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (d.year < 1 || d.year > 9999 || d.month < 1 || d.month > 12 || d.day < 1)
    return false;
  return d.day <= lengths[d.month - 1] + (d.month == 2 && leap(d.year) ? 1 : 0);
}

bool vb_date_parse_iso(vb_span s, vb_date *out)
{
  static const char shape[] = "dddd-dd-dd";
  int part[3] = {0, 0, 0}, k = 0;
  if (s.n != sizeof shape - 1)
    return false;
  for (size_t i = 0; i < s.n; i++) {
    if (shape[i] == '-') {
      if (s.p[i] != '-')
        return false;
      k++;
    } else {
      if (s.p[i] < '0' || s.p[i] > '9')
        return false;
      part[k] = part[k] * 10 + (s.p[i] - '0');
    }
  }
  vb_date d = {(int16_t)part[0], (uint8_t)part[1], (uint8_t)part[2]};
  if (!vb_date_valid(d))
    return false;
  *out = d;
  return true;
}

size_t vb_date_print_iso(vb_date d, char out[11])
{
  out[0] = '\0';
  if (!vb_date_valid(d))
    return 0;
  int part[3] = {d.year, d.month, d.day};
  static const int digits[3] = {4, 2, 2};
  size_t end = 10;
  out[10] = '\0';
  for (int k = 2; k >= 0; k--) {
    for (int i = 0; i < digits[k]; i++, part[k] /= 10)
      out[--end] = (char)('0' + part[k] % 10);
    if (k > 0)
      out[--end] = '-';
  }
  return 10;
}

int32_t vb_date_days(vb_date d)
{
  int32_t year = d.month <= 2 ? d.year - 1 : d.year;
  int32_t era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400;
  int32_t month = (d.month + 9) % 12; /* March is 0 */
  int32_t of_year = (153 * month + 2) / 5 + d.day - 1;
  int32_t of_days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
  return era * ERA_DAYS + of_days - EPOCH_DAYS;
}

vb_date vb_date_from_days(int32_t days)
{
  if (days < DAYS_FIRST || days > DAYS_LAST)
    return (vb_date){0, 0, 0};
  int32_t z = days + EPOCH_DAYS; /* never negative: 0001-01-01 is 306 */
  int32_t era = z / ERA_DAYS, of_days = z % ERA_DAYS;
  int32_t of_era = (of_days - of_days / 1460 + of_days / 36524 - of_days / 146096) / 365;
  int32_t of_year = of_days - (365 * of_era + of_era / 4 - of_era / 100);
  int32_t m = (5 * of_year + 2) / 153;
  int32_t day = of_year - (153 * m + 2) / 5 + 1, month = m < 10 ? m + 3 : m - 9;
  int32_t year = era * 400 + of_era + (month <= 2 ? 1 : 0);
  return (vb_date){(int16_t)year, (uint8_t)month, (uint8_t)day};
}

int vb_date_weekday(vb_date d)
{
  int w = (int)((vb_date_days(d) + 3) % 7); /* 1970-01-01 was a Thursday */
  return w < 0 ? w + 7 : w;
}

int vb_date_cmp(vb_date a, vb_date b)
{
  int c = (a.year > b.year) - (a.year < b.year);
  if (c == 0)
    c = (a.month > b.month) - (a.month < b.month);
  if (c == 0)
    c = (a.day > b.day) - (a.day < b.day);
  return c;
}
