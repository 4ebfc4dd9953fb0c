/* listen: tells a listener what the builders of documents were told. A document is a function of its template and of these answers, so that a
 * hash over them says whether it would come out the same, whatever tables its queries look at. */
#include "store/store_int.h"

#include <sqlite3.h>
#include <string.h>

void vb_store_listen(vb_store *s, vb_listener to)
{
  s->listener = to;
}

static void tell(vb_store *s, const void *bytes, size_t n)
{
  s->listener.hear(s->listener.ctx, bytes, n);
}

void vb_tell_number(vb_store *s, int64_t v)
{
  if (s->listener.hear)
    tell(s, &v, sizeof v);
}

void vb_tell_span(vb_store *s, vb_span text)
{
  vb_tell_number(s, text.p ? (int64_t)text.n : -1);
  if (s->listener.hear && text.n > 0)
    tell(s, text.p, text.n);
}

void vb_tell_str(vb_store *s, const char *text)
{
  if (s->listener.hear)
    vb_tell_span(s, vb_span_of(text));
}

void vb_tell_place(vb_store *s, const vb_place *at)
{
  if (!s->listener.hear)
    return;
  vb_tell_str(s, at->file);
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
