/* How libxlsxwriter prints its XML: numbers, tags and attributes. Rows, cells and shared strings are xlsx_rows.c's. Part of the workbook
 * writer; calls libxlsxwriter.
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

static vb_buf line; /* what is being printed; workers are processes of one thread */

char *vb_part_line(size_t room)
{
  vb_buf_clear(&line);
  return vb_buf_reserve(&line, room) ? line.p : NULL;
}

void vb_part_put(FILE *file, const char *end)
{
  (void)fwrite_unlocked(line.p, 1, (size_t)(end - line.p), file); /* xlsx_parts.c sees what fails */
}

/* Whole numbers and binary fractions of few places, as row heights and most figures are, have no other digits. */
char *vb_part_number(char *o, double v)
{
  double scaled = v * 64;
  if (!(fabs(v) < 1e9) || scaled != (double)(int64_t)scaled || (v == 0 && signbit(v)) || (v != 0 && fabs(v) < 1))
    return o + snprintf(o, VB_PART_NUMBER, "%.16G", v);
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
  size_t rest = strlen(format) + VB_PART_NUMBER; /* room that is kept before each argument */
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
      o = vb_part_number(line.p + line.n, va_arg(ap, double));
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

/* The library asks for the name of every cell. */
void vb_cell_name(char *cell, uint32_t row, uint16_t column) __asm__("lxw_rowcol_to_cell");

void vb_cell_name(char *cell, uint32_t row, uint16_t column)
{
  *vb_part_cell(cell, row, column) = 0;
}

char *vb_part_cell(char *o, uint32_t row, uint16_t column)
{
  char letters[4]; /* three are enough for 65,536 */
  int n = 0;
  for (uint32_t c = column + 1u; c > 0; c = (c - 1) / 26)
    letters[n++] = (char)('A' + (c - 1) % 26);
  while (n > 0)
    *o++ = letters[--n];
  return vb_put_int(o, (int64_t)row + 1);
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
    *vb_part_number(a->value, value) = 0;
  return a;
}

/* ---- tags --------------------------------------------------------------------------------------------------- */

/* The value as it stands in quotes; a sign takes six bytes at most. */
static char *put_value(char *o, const char *s)
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

char *vb_part_text(char *o, const char *s)
{
  for (; *s; s++) {
    const char *sign = *s == '&' ? "&amp;" : *s == '<' ? "&lt;" : *s == '>' ? "&gt;" : NULL;
    if (sign)
      o = stpcpy(o, sign);
    else
      *o++ = *s;
  }
  return o;
}

/* "<name a="b"", with room behind it; NULL when out of memory: the part lacks the tag, and vb_xml_lost says so. */
static char *put_tag(const char *name, const struct xml_attribute_list *list, size_t behind)
{
  const struct xml_attribute *a;
  size_t room = strlen(name) + behind + 8;
  if (list)
    STAILQ_FOREACH(a, list, list_entries)
      room += strlen(a->key) + 6 * strlen(a->value) + 4;
  char *o = vb_part_line(room);
  if (!o)
    return NULL;
  *o++ = '<';
  o = stpcpy(o, name);
  if (list)
    STAILQ_FOREACH(a, list, list_entries) {
      *o++ = ' ';
      o = stpcpy(stpcpy(o, a->key), "=\"");
      o = put_value(o, a->value);
      *o++ = '"';
    }
  return o;
}

static void write_tag(FILE *file, const char *name, const struct xml_attribute_list *list, const char *end)
{
  char *o = put_tag(name, list, 0);
  if (o)
    vb_part_put(file, stpcpy(o, end));
}

void vb_tag_start(FILE *file, const char *name, const struct xml_attribute_list *list) __asm__("lxw_xml_start_tag");
void vb_tag_empty(FILE *file, const char *name, const struct xml_attribute_list *list) __asm__("lxw_xml_empty_tag");
void vb_tag_end(FILE *file, const char *name) __asm__("lxw_xml_end_tag");
void vb_tag_text(FILE *file, const char *name, const char *text, const struct xml_attribute_list *list) __asm__("lxw_xml_data_element");

void vb_tag_start(FILE *file, const char *name, const struct xml_attribute_list *list)
{
  write_tag(file, name, list, ">");
}

void vb_tag_empty(FILE *file, const char *name, const struct xml_attribute_list *list)
{
  write_tag(file, name, list, "/>");
}

void vb_tag_end(FILE *file, const char *name)
{
  char *o = vb_part_line(strlen(name) + 4);
  if (o)
    vb_part_put(file, stpcpy(stpcpy(stpcpy(o, "</"), name), ">"));
}

void vb_tag_text(FILE *file, const char *name, const char *text, const struct xml_attribute_list *list)
{
  char *o = put_tag(name, list, 5 * strlen(text) + strlen(name));
  if (!o)
    return;
  *o++ = '>';
  o = vb_part_text(o, text);
  vb_part_put(file, stpcpy(stpcpy(stpcpy(o, "</"), name), ">"));
}

bool vb_xml_lost(void)
{
  bool lost = line.failed;
  vb_buf_free(&line);
  return lost;
}
