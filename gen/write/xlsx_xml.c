/* How libxlsxwriter prints its XML. Part of the workbook writer; calls libxlsxwriter.
 *
 * The library prints a workbook attribute by attribute with fprintf and snprintf; of 130 rows, the parsing of formats took a third of
 * all time. The few functions that it spends this time in are defined here again, and the dynamic linker takes the program's; where it
 * does not, the library's own are used, and the workbook is the same. What is printed here is byte for byte what they print: a
 * format that is not known is handed on to libc.
 *
 * Functions that the library's headers declare differently from version to version, or not at all, are bound by their names. */
#define _GNU_SOURCE
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <xlsxwriter.h>

#include "write/xlsx_int.h"

#define NUMBER_ROOM 32 /* of one number, and the NUL behind it */

static vb_buf line; /* what is being printed; workers are processes of one thread */

/* "%.16G". Whole numbers and binary fractions of few places, as row heights and most figures are, have no other digits. */
static char *put_double(char *o, double v)
{
  double scaled = v * 64;
  if (!(fabs(v) < 1e9) || scaled != (double)(int64_t)scaled || (v == 0 && signbit(v)) || (v != 0 && fabs(v) < 1))
    return o + snprintf(o, NUMBER_ROOM, "%.16G", v);
  uint64_t n = (uint64_t)fabs(scaled);
  uint32_t rest = (uint32_t)(n % 64) * 15625;
  if (v < 0)
    *o++ = '-';
  o = vb_put_int(o, (int64_t)(n / 64));
  if (rest == 0)
    return o;
  *o++ = '.';
  for (uint32_t unit = 100000; rest != 0; unit /= 10) {
    *o++ = (char)('0' + rest / unit);
    rest %= unit;
  }
  return o;
}

/* Into line; false for a format that is not known here, and when out of memory. */
static bool print(const char *format, va_list ap)
{
  size_t rest = strlen(format) + NUMBER_ROOM; /* room that is kept before each argument */
  vb_buf_clear(&line);
  if (!vb_buf_reserve(&line, rest))
    return false;
  for (char *o = line.p;;) {
    while (*format != '%' && *format != 0)
      *o++ = *format++;
    line.n = (size_t)(o - line.p);
    if (*format == 0)
      return true;
    if (format[1] == 's') {
      const char *s = va_arg(ap, const char *);
      size_t n = strlen(s);
      if (!vb_buf_reserve(&line, n + rest))
        return false;
      o = (char *)memcpy(line.p + line.n, s, n) + n;
      format += 2;
      continue;
    }
    if (!vb_buf_reserve(&line, rest))
      return false;
    if (format[1] == 'd') {
      o = vb_put_int(line.p + line.n, va_arg(ap, int));
      format += 2;
    } else if (strncmp(format, "%.16G", 5) == 0) {
      o = put_double(line.p + line.n, va_arg(ap, double));
      format += 5;
    } else {
      return false;
    }
  }
}

static int put_line(FILE *file)
{
  return fwrite_unlocked(line.p, 1, line.n, file) == line.n ? (int)line.n : -1;
}

/* glibc's name of fprintf in a library built with hardening. */
int vb_xml_printf(FILE *file, int flag, const char *format, ...) __asm__("__fprintf_chk");

int vb_xml_printf(FILE *file, int flag, const char *format, ...)
{
  va_list ap;
  (void)flag;
  va_start(ap, format);
  bool known = vb_part_is(file) && print(format, ap);
  va_end(ap);
  if (known)
    return put_line(file);
  va_start(ap, format);
  int n = vfprintf(file, format, ap);
  va_end(ap);
  return n;
}

/* "B14". The library asks for the name of every cell. */
void vb_cell_name(char *cell, uint32_t row, uint16_t column) __asm__("lxw_rowcol_to_cell");

void vb_cell_name(char *cell, uint32_t row, uint16_t column)
{
  char letters[4]; /* three are enough for 65,536 */
  int n = 0;
  for (uint32_t c = column + 1u; c > 0; c = (c - 1) / 26)
    letters[n++] = (char)('A' + (c - 1) % 26);
  while (n > 0)
    *cell++ = letters[--n];
  *vb_put_int(cell, (int64_t)row + 1) = 0;
}

/* ---- attributes --------------------------------------------------------------------------------------------- */

/* The library's copies fill both fields of 2,080 bytes with zeros. */
static void copy(char *to, const char *from)
{
  size_t n = strnlen(from, LXW_MAX_ATTRIBUTE_LENGTH - 1);
  memcpy(to, from, n);
  to[n] = 0;
}

/* A library that does not look for memory it did not get: vb_mem_strict ends the process then, and the document is lost, not damaged. */
static struct xml_attribute *attribute(const char *key)
{
  struct xml_attribute *a = vb_mem_give(sizeof *a);
  if (a)
    copy(a->key, key);
  return a;
}

struct xml_attribute *vb_attribute_str(const char *key, const char *value) __asm__("lxw_new_attribute_str");
struct xml_attribute *vb_attribute_int(const char *key, int32_t value) __asm__("lxw_new_attribute_int");
struct xml_attribute *vb_attribute_dbl(const char *key, double value) __asm__("lxw_new_attribute_dbl");
void vb_attributes_print(FILE *file, const struct xml_attribute_list *list) __asm__("_fprint_escaped_attributes");

struct xml_attribute *vb_attribute_str(const char *key, const char *value)
{
  struct xml_attribute *a = attribute(key);
  if (a)
    copy(a->value, value);
  return a;
}

struct xml_attribute *vb_attribute_int(const char *key, int32_t value)
{
  struct xml_attribute *a = attribute(key);
  if (a)
    *vb_put_int(a->value, value) = 0;
  return a;
}

struct xml_attribute *vb_attribute_dbl(const char *key, double value)
{
  struct xml_attribute *a = attribute(key);
  if (a)
    *put_double(a->value, value) = 0;
  return a;
}

/* The value as it stands in quotes; a sign takes six bytes at most. */
static char *put_escaped(char *o, const char *s)
{
  for (; *s; s++) {
    const char *sign = *s == '&' ? "&amp;" : *s == '<' ? "&lt;" : *s == '>' ? "&gt;" : *s == '"' ? "&quot;" : *s == '\n' ? "&#xA;" : NULL;
    if (sign)
      o = stpcpy(o, sign);
    else
      *o++ = *s;
  }
  return o;
}

/* All attributes of a tag at once. */
void vb_attributes_print(FILE *file, const struct xml_attribute_list *list)
{
  const struct xml_attribute *a;
  vb_buf_clear(&line);
  if (!list)
    return;
  STAILQ_FOREACH(a, list, list_entries) {
    size_t key = strlen(a->key);
    if (!vb_buf_reserve(&line, key + 6 * strlen(a->value) + 4))
      return; /* the part lacks its attributes, and vb_parts_lost says so */
    char *o = line.p + line.n;
    *o++ = ' ';
    o = (char *)memcpy(o, a->key, key) + key;
    *o++ = '=', *o++ = '"';
    o = put_escaped(o, a->value);
    *o++ = '"';
    line.n = (size_t)(o - line.p);
  }
  (void)put_line(file);
}

bool vb_xml_lost(void)
{
  bool lost = line.failed;
  vb_buf_free(&line);
  return lost;
}
