/* Spans and growing buffers. Any room may use them.
 *
 * Invariants
 *  1. cap is 0, or at least n + 1: there is always room for the NUL of vb_buf_cstr.
 *  2. `failed` is never taken back but by vb_buf_init and vb_buf_free, so that one test at the end is enough.
 */
#include "base/base.h"

#include <stdio.h>
#include <string.h>

#define BUF_BYTES_FIRST 64u

vb_span vb_span_of(const char *s)
{
  return s ? (vb_span){s, strlen(s)} : (vb_span){NULL, 0};
}

bool vb_span_eq(vb_span a, vb_span b)
{
  return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool vb_span_is(vb_span a, const char *s)
{
  return vb_span_eq(a, vb_span_of(s));
}

int vb_span_cmp(vb_span a, vb_span b)
{
  size_t n = a.n < b.n ? a.n : b.n;
  int c = n ? memcmp(a.p, b.p, n) : 0;
  if (c == 0)
    c = (a.n > b.n) - (a.n < b.n);
  return c;
}

/* Bytes of white space at the head of s: 1, 2 (U+00A0), or 0. */
static size_t space_first(vb_span s)
{
  if (s.n >= 1 && (s.p[0] == ' ' || (s.p[0] >= '\t' && s.p[0] <= '\r')))
    return 1;
  if (s.n >= 2 && memcmp(s.p, "\xC2\xA0", 2) == 0)
    return 2;
  return 0;
}

static size_t space_last(vb_span s)
{
  if (s.n >= 1 && space_first((vb_span){s.p + s.n - 1, 1}))
    return 1;
  if (s.n >= 2 && space_first((vb_span){s.p + s.n - 2, 2}) == 2)
    return 2;
  return 0;
}

vb_span vb_span_trim(vb_span s)
{
  for (size_t k; (k = space_first(s)) != 0;)
    s = (vb_span){s.p + k, s.n - k};
  for (size_t k; (k = space_last(s)) != 0;)
    s.n -= k;
  return s;
}

bool vb_span_starts(vb_span s, const char *prefix)
{
  size_t n = strlen(prefix);
  return s.n >= n && (n == 0 || memcmp(s.p, prefix, n) == 0);
}

void vb_buf_init(vb_buf *b)
{
  *b = (vb_buf){NULL, 0, 0, false};
}

void vb_buf_free(vb_buf *b)
{
  vb_mem_free(b->p);
  vb_buf_init(b);
}

void vb_buf_clear(vb_buf *b)
{
  b->n = 0;
}

bool vb_buf_reserve(vb_buf *b, size_t more)
{
  if (b->failed)
    return false;
  if (b->cap > b->n && more < b->cap - b->n)
    return true;
  if (more > PTRDIFF_MAX - 1 - b->n) {
    b->failed = true;
    return false;
  }
  size_t cap = b->cap ? b->cap : BUF_BYTES_FIRST;
  while (cap < b->n + more + 1)
    cap = cap > PTRDIFF_MAX / 2 ? PTRDIFF_MAX : cap * 2;
  char *p = vb_mem_resize(b->p, cap);
  if (!p) {
    b->failed = true;
    return false;
  }
  b->p = p;
  b->cap = cap;
  return true;
}

/* A number below 10,000, as nearly all are: two digits at a time. */
static char *put_small(char *p, uint32_t n)
{
  static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869"
                              "707172737475767778798081828384858687888990919293949596979899";
  const char *high = pairs + n / 100 * 2, *low = pairs + n % 100 * 2;
  if (n >= 1000)
    *p++ = high[0];
  if (n >= 100)
    *p++ = high[1];
  if (n >= 10)
    *p++ = low[0];
  *p++ = low[1];
  return p;
}

char *vb_put_int(char *p, int64_t v)
{
  char digits[VB_INT_BYTES];
  size_t n = 0;
  if (v >= 0 && v < 10000)
    return put_small(p, (uint32_t)v);
  uint64_t size = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
  if (v < 0)
    *p++ = '-';
  do
    digits[n++] = (char)('0' + size % 10);
  while ((size /= 10) != 0);
  while (n > 0)
    *p++ = digits[--n];
  return p;
}

void vb_buf_int(vb_buf *b, int64_t v)
{
  if (vb_buf_reserve(b, VB_INT_BYTES))
    b->n = (size_t)(vb_put_int(b->p + b->n, v) - b->p);
}

void vb_buf_printf(vb_buf *b, const char *fmt, ...)
{
  va_list args, again;
  va_start(args, fmt);
  va_copy(again, args);
  size_t room = b->failed ? 0 : b->cap - b->n; /* the first print is nearly always the last */
  int n = vsnprintf(room > 0 ? b->p + b->n : NULL, room, fmt, args);
  if (n < 0)
    b->failed = true;
  else if ((size_t)n < room)
    b->n += (size_t)n;
  else if (vb_buf_reserve(b, (size_t)n)) {
    vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
    b->n += (size_t)n;
  }
  va_end(again);
  va_end(args);
}

const char *vb_buf_cstr(vb_buf *b)
{
  if (!vb_buf_reserve(b, 0))
    return "";
  b->p[b->n] = '\0';
  return b->p;
}

const char *vb_num_text(char *buf, size_t cap, int64_t v)
{
  char text[VB_INT_BYTES];
  size_t n = (size_t)(vb_put_int(text, v) - text);
  if (cap > 0) {
    n = n < cap ? n : cap - 1;
    memcpy(buf, text, n);
    buf[n] = '\0';
  }
  return buf;
}
