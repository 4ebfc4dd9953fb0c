/* listen: tells a listener what the builders of documents were told. A document is a function of its template and of these answers, so that a
 * hash over them says whether it would come out the same, whatever tables its queries look at.
 *
 * Some fifteen thousand short answers make a report, and a hash costs by the call and by the byte: they are gathered, numbers in as few bytes as
 * they need, and a file, unit or period that is that of the answer before in one.
 *
 * Invariants
 *  1. What is told can be read back: no two sequences of answers give the same bytes.
 *  2. Nothing is held back when a listener is changed.
 */
#include "store/store_int.h"

#include <sqlite3.h>
#include <string.h>

static void flush(vb_store *s)
{
  if (s->told.n > 0)
    s->listener.hear(s->listener.ctx, s->told.bytes, s->told.n);
  s->told.n = 0;
}

void vb_store_listen(vb_store *s, vb_listener to)
{
  if (s->listener.hear)
    flush(s);
  s->listener = to;
  memset(s->told.last_n, 0, sizeof s->told.last_n);
}

static void tell(vb_store *s, const void *bytes, size_t n)
{
  if (n > sizeof s->told.bytes - s->told.n)
    flush(s);
  if (n > sizeof s->told.bytes) {
    s->listener.hear(s->listener.ctx, bytes, n);
    return;
  }
  if (n > 0)
    memcpy(s->told.bytes + s->told.n, bytes, n);
  s->told.n += n;
}

/* Seven bits a byte, the lowest first; small numbers of either sign in one. */
void vb_tell_number(vb_store *s, int64_t v)
{
  if (!s->listener.hear)
    return;
  uint64_t u = (uint64_t)v << 1 ^ (v < 0 ? UINT64_MAX : 0);
  unsigned char out[10];
  size_t n = 0;
  for (; u > 0x7F; u >>= 7)
    out[n++] = (unsigned char)(u | 0x80);
  out[n++] = (unsigned char)u;
  tell(s, out, n);
}

void vb_tell_span(vb_store *s, vb_span text)
{
  if (!s->listener.hear)
    return;
  vb_tell_number(s, text.p ? (int64_t)text.n : -1);
  if (text.n > 0)
    tell(s, text.p, text.n);
}

void vb_tell_str(vb_store *s, const char *text)
{
  if (s->listener.hear)
    vb_tell_span(s, vb_span_of(text));
}

/* -2, a length that no text has, for the text that was told last of its kind. */
void vb_tell_same(vb_store *s, vb_told_kind kind, const char *text)
{
  if (!s->listener.hear)
    return;
  vb_span t = vb_span_of(text);
  char *last = s->told.last[kind];
  if (t.n > 0 && t.n == s->told.last_n[kind] && memcmp(last, t.p, t.n) == 0) {
    vb_tell_number(s, -2);
    return;
  }
  s->told.last_n[kind] = t.n <= sizeof s->told.last[kind] ? t.n : 0;
  if (s->told.last_n[kind] > 0)
    memcpy(last, t.p, t.n);
  vb_tell_span(s, t);
}

void vb_tell_place(vb_store *s, const vb_place *at)
{
  if (!s->listener.hear)
    return;
  vb_tell_same(s, VB_TOLD_FILE, at->file);
  vb_tell_number(s, at->line);
  vb_tell_number(s, at->column);
  vb_tell_str(s, at->cell);
}

void vb_tell_row(vb_store *s, sqlite3_stmt *st, size_t columns)
{
  for (size_t i = 0; s->listener.hear && i < columns; i++) {
    int type = sqlite3_column_type(st, (int)i);
    vb_tell_number(s, type);
    if (type == SQLITE_INTEGER)
      vb_tell_number(s, sqlite3_column_int64(st, (int)i));
    else if (type != SQLITE_NULL)
      vb_tell_span(s, vb_column_span(st, (int)i));
  }
}

/* The same bytes as vb_tell_row and the end of the rows. */
void vb_store_tell_again(vb_store *s, const vb_sql_value *values, size_t n)
{
  for (size_t i = 0; s->listener.hear && i < n; i++) {
    const vb_sql_value *v = &values[i];
    vb_tell_number(s, v->type == VB_SQL_INTEGER ? SQLITE_INTEGER : v->type == VB_SQL_TEXT ? SQLITE_TEXT : SQLITE_NULL);
    if (v->type == VB_SQL_INTEGER)
      vb_tell_number(s, v->integer);
    else if (v->type == VB_SQL_TEXT)
      vb_tell_span(s, v->text);
  }
  vb_tell_number(s, SQLITE_DONE);
}
