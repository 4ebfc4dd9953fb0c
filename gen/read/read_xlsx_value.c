/* read_xlsx_value: what cells mean: shared strings, number formats, numbers, dates. For gen/read/read_xlsx*.c alone. */
#include "read/read_xlsx_int.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- strings ---- */

static int hex_digit(char c)
{
  return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* _xHHHH_ at p: the character, or 0. */
static uint32_t escaped(const char *p, const char *end)
{
  if (end - p < 7 || p[0] != '_' || p[1] != 'x' || p[6] != '_')
    return 0;
  uint32_t c = 0;
  for (int i = 2; i < 6; i++) {
    int h = hex_digit(p[i]);
    if (h < 0)
      return 0;
    c = c * 16 + (uint32_t)h;
  }
  return c >= 0xD800 && c < 0xE000 ? 0xFFFD : c;
}

/* Resolves escapes in place: what they stand for is never longer. */
static size_t unescape(char *s, size_t n)
{
  size_t out = 0;
  for (size_t i = 0; i < n;) {
    uint32_t c = s[i] == '_' ? escaped(s + i, s + n) : 0;
    if (!c) {
      s[out++] = s[i++];
      continue;
    }
    char put[4];
    size_t k = vb_utf8_put(c, put);
    memcpy(s + out, put, k);
    out += k;
    i += 7;
  }
  return out;
}

static void join_runs(vb_arena *a, const vb_xml_node *n, vb_buf *out)
{
  for (const vb_xml_node *c = vb_xml_child(n, NULL); c; c = vb_xml_sibling(c, NULL)) {
    if (strcmp(c->name, "t") == 0) {
      vb_span text = vb_xml_text(a, c);
      vb_buf_span(out, text);
      out->failed |= !text.p;
    } else if (strcmp(c->name, "r") == 0)
      join_runs(a, c, out);
  }
}

vb_span vb_book_rich_text(vb_arena *a, const vb_xml_node *n)
{
  vb_buf b;
  vb_buf_init(&b);
  join_runs(a, n, &b);
  vb_span out = {NULL, 0};
  if (!b.failed) {
    if (b.n)
      b.n = unescape(b.p, b.n);
    vb_span s = {vb_arena_str(a, b.p ? b.p : "", b.n), b.n};
    out = s.p ? vb_text_nfc(a, s) : s; /* runs may part a letter from its tone */
  }
  vb_buf_free(&b);
  return out;
}

vb_status vb_book_strings(vb_book *b, const char *part)
{
  vb_arena *tree = vb_arena_new(0);
  vb_xml_node *root;
  vb_status st = tree ? vb_book_part(b, tree, part, &root) : VB_NOMEM;
  size_t n = 0;
  for (const vb_xml_node *si = st == VB_OK ? vb_xml_child(root, "si") : NULL; si; si = vb_xml_sibling(si, "si"))
    n++;
  if (st == VB_OK && !(b->strings = VB_NEW_ARRAY(b->a, vb_span, n + 1)))
    st = VB_NOMEM;
  for (const vb_xml_node *si = st == VB_OK ? vb_xml_child(root, "si") : NULL; si && st == VB_OK; si = vb_xml_sibling(si, "si")) {
    vb_span s = vb_book_rich_text(tree, si);
    vb_span *out = &b->strings[b->n_strings++];
    *out = (vb_span){s.p ? vb_arena_str(b->a, s.p, s.n) : NULL, s.n};
    if (!out->p)
      st = VB_NOMEM;
  }
  vb_arena_free(tree);
  if (st == VB_DONE)
    return VB_POST(b->r->d, VB_MSG_BOOK_PART, vb_book_place(b), part);
  return st;
}

/* ---- formats ---- */

/* The built-in formats of ECMA-376 18.8.30. 18–21 and 45–47 are times without a date: numbers. */
static vb_format builtin(long id)
{
  if (id == 9 || id == 10)
    return FORMAT_PERCENT;
  if ((id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) || id == 57 || id == 58)
    return FORMAT_DATE;
  return FORMAT_PLAIN;
}

/* A format code: its first section tells, outside quotes, brackets and escapes. A date needs a day or a year. */
static vb_format custom(vb_span code)
{
  if (code.n == 7 && memcmp(code.p, "General", 7) == 0)
    return FORMAT_PLAIN;
  for (size_t i = 0; i < code.n; i++) {
    char c = code.p[i];
    if (c == ';')
      break;
    if (c == '"' || c == '[') {
      char close = c == '"' ? '"' : ']';
      while (i + 1 < code.n && code.p[++i] != close)
        ;
    } else if (c == '\\' || c == '_' || c == '*') {
      i++;
    } else if (c == '%') {
      return FORMAT_PERCENT;
    } else if (c == 'y' || c == 'Y' || c == 'd' || c == 'D') {
      return FORMAT_DATE;
    }
  }
  return FORMAT_PLAIN;
}

static long number_of(vb_span s)
{
  char text[16];
  if (!s.n || s.n >= sizeof text)
    return -1;
  memcpy(text, s.p, s.n);
  text[s.n] = '\0';
  char *end;
  long v = strtol(text, &end, 10);
  return *end ? -1 : v;
}

static vb_format format_of(const vb_xml_node *styles, vb_span id)
{
  const vb_xml_node *list = vb_xml_child(styles, "numFmts");
  for (const vb_xml_node *n = list ? vb_xml_child(list, "numFmt") : NULL; n; n = vb_xml_sibling(n, "numFmt"))
    if (vb_span_eq(vb_xml_attr_get(n, "numFmtId"), id))
      return custom(vb_xml_attr_get(n, "formatCode"));
  return builtin(number_of(id));
}

vb_status vb_book_styles(vb_book *b, const char *part)
{
  vb_xml_node *root;
  vb_status st = vb_book_part(b, b->a, part, &root);
  if (st != VB_OK)
    return st == VB_DONE ? VB_POST(b->r->d, VB_MSG_BOOK_PART, vb_book_place(b), part) : st;
  const vb_xml_node *list = vb_xml_child(root, "cellXfs");
  size_t n = 0;
  for (const vb_xml_node *x = list ? vb_xml_child(list, "xf") : NULL; x; x = vb_xml_sibling(x, "xf"))
    n++;
  b->formats = VB_NEW_ARRAY(b->a, vb_format, n + 1);
  if (!b->formats)
    return VB_NOMEM;
  for (const vb_xml_node *x = list ? vb_xml_child(list, "xf") : NULL; x; x = vb_xml_sibling(x, "xf"))
    b->formats[b->n_formats++] = format_of(root, vb_xml_attr_get(x, "numFmtId"));
  return VB_OK;
}

/* ---- numbers ---- */

enum { DIGITS_KEPT = 15, DIGITS_SHOWN = 40 };

/* 0.d1d2… × 10^exponent */
typedef struct digits { bool negative; char d[DIGITS_KEPT + 1]; int n, exponent; } digits;

/* Rounds half up in decimal at 15 digits, which is what a spreadsheet shows of its binary fraction. */
static void round_up(digits *x)
{
  int i = x->n - 1;
  while (i >= 0 && x->d[i] == '9')
    x->d[i--] = '0';
  if (i >= 0) {
    x->d[i]++;
    return;
  }
  x->d[0] = '1'; /* 999… became 1000… */
  x->exponent++;
}

static bool read_exponent(const char *p, const char *end, int *out)
{
  bool negative = p < end && *p == '-';
  if (p < end && (*p == '-' || *p == '+'))
    p++;
  if (p == end || end - p > 4)
    return false;
  int v = 0;
  for (; p < end; p++) {
    if (*p < '0' || *p > '9')
      return false;
    v = v * 10 + (*p - '0');
  }
  *out = negative ? -v : v;
  return true;
}

static bool read_digits(vb_span v, digits *x)
{
  const char *p = v.p, *end = v.p + v.n;
  *x = (digits){.n = 0};
  x->negative = p < end && *p == '-';
  if (p < end && (*p == '-' || *p == '+'))
    p++;
  bool point = false, any = false, up = false;
  int seen = 0;
  for (; p < end && ((*p >= '0' && *p <= '9') || (*p == '.' && !point)); p++) {
    if (*p == '.') {
      point = true;
      continue;
    }
    any = true;
    if (seen == 0 && *p == '0') { /* a leading zero: it only moves the point */
      x->exponent -= point;
      continue;
    }
    if (seen < DIGITS_KEPT)
      x->d[x->n++] = *p;
    else if (seen == DIGITS_KEPT)
      up = *p >= '5';
    if (seen < INT_MAX)
      seen++;
    x->exponent += !point;
  }
  int e = 0;
  if (p < end && (*p == 'E' || *p == 'e') && !read_exponent(p + 1, end, &e))
    return false;
  if (!any || (p < end && *p != 'E' && *p != 'e'))
    return false;
  x->exponent += e;
  if (up)
    round_up(x);
  while (x->n && x->d[x->n - 1] == '0')
    x->n--;
  return true;
}

/* Digit i of the fraction 0.d0d1…, zeros on both sides of those kept. */
static char shown_digit(const digits *x, int i)
{
  if (i < 0 || i >= x->n)
    return '0';
  return x->d[i];
}

bool vb_book_decimal(vb_span v, int shift, char out[64])
{
  digits x;
  if (v.n > 400 || !read_digits(v, &x))
    return false;
  if (x.n == 0) {
    memcpy(out, "0", 2);
    return true;
  }
  int e = x.exponent + shift, after = x.n - e;
  if (e > DIGITS_SHOWN || after > DIGITS_SHOWN)
    return false;
  char *p = out;
  if (x.negative)
    *p++ = '-';
  if (e <= 0)
    *p++ = '0';
  for (int i = 0; i < e; i++)
    *p++ = shown_digit(&x, i);
  if (after > 0) {
    *p++ = '.';
    for (int i = e; i < x.n; i++)
      *p++ = shown_digit(&x, i);
  }
  *p = '\0';
  return true;
}

/* Whole days of a serial number, or 0: not a day. A day's time is dropped. */
static int32_t serial_days(const char *number)
{
  long v = strtol(number, NULL, 10);
  return *number == '-' || v < 0 || v > 2958465 ? 0 : (int32_t)v;
}

/* Serial 1 is 1900-01-01, and 60 a 29 February that never was; or, in books of the old Macintosh, 0 is 1904-01-01. */
static bool serial_date(const vb_book *b, const char *number, char out[11])
{
  int32_t v = serial_days(number);
  if (v == 0 && !(b->date1904 && number[0] == '0'))
    return false;
  vb_date base = b->date1904 ? (vb_date){1904, 1, 1} : v < 60 ? (vb_date){1899, 12, 31} : (vb_date){1899, 12, 30};
  if (!b->date1904 && v == 60)
    return false;
  vb_date_print_iso(vb_date_from_days(vb_date_days(base) + v), out);
  return true;
}

bool vb_book_read_number(const vb_book *b, vb_arena *a, vb_span v, vb_format f, vb_field *out)
{
  char text[64], date[11];
  if (!vb_book_decimal(vb_span_trim(v), f == FORMAT_PERCENT ? 2 : 0, text))
    return false;
  const char *s = text;
  if (f == FORMAT_DATE && serial_date(b, text, date)) {
    out->typed_date = true;
    s = date;
  } else {
    out->typed_number = true;
  }
  out->text = (vb_span){vb_arena_str(a, s, strlen(s)), strlen(s)};
  return true;
}
