/* numbers: the running register of document numbers: which document of a unit and year has which number.
 *
 * ND30 Điều 15: numbers run from 01 within a year, and number and symbol are unique in it. Rows are only added, so a number that was given
 * once is never given to another document, though its own may have gone. A plain number is kept without zeros in front: 05 is 5. */
#include "store/store_int.h"

#include <sqlite3.h>
#include <string.h>

vb_status vb_numbers_begin(vb_diag *d, vb_store *s)
{
  return vb_lib_exec(d, s, "BEGIN IMMEDIATE");
}

vb_status vb_numbers_end(vb_diag *d, vb_store *s, bool keep)
{
  return vb_lib_exec(d, s, keep ? "COMMIT" : "ROLLBACK");
}

static vb_binder bind_series(sqlite3_stmt *st, const vb_number_key *k, const char *third)
{
  vb_binder b = vb_bind_start(st);
  vb_bind_str(&b, k->unit);
  vb_bind_int(&b, k->year);
  vb_bind_str(&b, third);
  return b;
}

static void bind_document(vb_binder *b, const vb_number_key *k)
{
  vb_bind_str(b, k->job);
  vb_bind_str(b, k->period);
  vb_bind_str(b, k->document);
}

vb_status vb_number_find(vb_diag *d, vb_store *s, const vb_number_key *k, char out[VB_NUMBER_BYTES])
{
  int rc;
  out[0] = '\0';
  sqlite3_stmt *st = vb_lib_stmt(s, VB_STMT_NUMBER_FIND, &rc);
  if (!st)
    return vb_lib_fail(d, s, rc);
  vb_binder b = bind_series(st, k, k->series);
  bind_document(&b, k);
  rc = b.rc == SQLITE_OK ? vb_lib_step(s, st) : b.rc;
  if (rc == SQLITE_ROW) {
    vb_span t = vb_column_span(st, 0);
    size_t n = t.n < VB_NUMBER_BYTES ? t.n : VB_NUMBER_BYTES - 1;
    memcpy(out, t.p, n);
    out[n] = '\0';
  }
  rc = vb_lib_end(st, rc);
  return rc == SQLITE_OK ? VB_OK : vb_lib_fail(d, s, rc);
}

static vb_span plain(const char *number)
{
  vb_span t = vb_span_trim(vb_span_of(number));
  size_t digits = 0;
  while (digits < t.n && t.p[digits] >= '0' && t.p[digits] <= '9')
    digits++;
  while (digits == t.n && t.n > 1 && t.p[0] == '0') {
    t.p++;
    t.n--;
    digits--;
  }
  return t;
}

/* Who has a number: *id is its row, 0 where nobody has it; *own, whether that is the document itself. */
typedef struct holder { int64_t id; bool own; const char *text; } holder;

static vb_status find_holder(vb_diag *d, vb_store *s, const vb_number_key *k, vb_span number, vb_arena *a, holder *h)
{
  int rc;
  *h = (holder){0, false, NULL};
  sqlite3_stmt *st = vb_lib_stmt(s, VB_STMT_NUMBER_HOLDER, &rc);
  if (!st)
    return vb_lib_fail(d, s, rc);
  vb_binder b = bind_series(st, k, k->symbol);
  vb_bind_text(&b, number.p, number.n);
  rc = b.rc == SQLITE_OK ? vb_lib_step(s, st) : b.rc;
  bool failed = false;
  if (rc == SQLITE_ROW) {
    vb_span job = vb_column_span(st, 1), period = vb_column_span(st, 2), document = vb_column_span(st, 3);
    h->id = sqlite3_column_int64(st, 0);
    h->own = vb_span_is(job, k->job) && vb_span_is(period, k->period) && vb_span_is(document, k->document);
    if (a && !h->own) {
      h->text = vb_arena_printf(a, "%.*s (%.*s, %.*s)", (int)document.n, document.p, (int)job.n, job.p, (int)period.n, period.p);
      failed = !h->text;
    }
  }
  rc = vb_lib_end(st, rc);
  if (failed)
    return VB_NOMEM;
  return rc == SQLITE_OK ? VB_OK : vb_lib_fail(d, s, rc);
}

static vb_status add(vb_diag *d, vb_store *s, const vb_number_key *k, vb_span number)
{
  int rc;
  sqlite3_stmt *st = vb_lib_stmt(s, VB_STMT_NUMBER_ADD, &rc);
  if (!st)
    return vb_lib_fail(d, s, rc);
  vb_binder b = bind_series(st, k, k->series);
  vb_bind_str(&b, k->symbol);
  vb_bind_text(&b, number.p, number.n);
  bind_document(&b, k);
  rc = b.rc == SQLITE_OK ? vb_lib_run(s, st) : b.rc;
  return rc == SQLITE_OK ? VB_OK : vb_lib_fail(d, s, rc);
}

/* A document that had this number, then another, and has this one again: its row becomes its last. */
static vb_status drop(vb_diag *d, vb_store *s, int64_t id)
{
  int rc;
  sqlite3_stmt *st = vb_lib_stmt(s, VB_STMT_NUMBER_DROP, &rc);
  if (!st)
    return vb_lib_fail(d, s, rc);
  vb_binder b = vb_bind_start(st);
  vb_bind_int(&b, id);
  rc = b.rc == SQLITE_OK ? vb_lib_run(s, st) : b.rc;
  return rc == SQLITE_OK ? VB_OK : vb_lib_fail(d, s, rc);
}

vb_status vb_number_enter(vb_diag *d, vb_store *s, const vb_number_key *k, const char *number, vb_arena *a, const char **out)
{
  vb_span n = plain(number);
  char now[VB_NUMBER_BYTES];
  holder h;
  *out = NULL;
  vb_status st = find_holder(d, s, k, n, a, &h);
  if (st != VB_OK)
    return st;
  if (h.id != 0 && !h.own) {
    *out = h.text;
    return VB_OK;
  }
  st = vb_number_find(d, s, k, now);
  if (st != VB_OK || vb_span_is(n, now))
    return st;
  if (h.id != 0)
    st = drop(d, s, h.id);
  return st == VB_OK ? add(d, s, k, n) : st;
}

vb_status vb_number_take(vb_diag *d, vb_store *s, const vb_number_key *k, char out[VB_NUMBER_BYTES])
{
  int rc;
  sqlite3_stmt *st = vb_lib_stmt(s, VB_STMT_NUMBER_LAST, &rc);
  if (!st)
    return vb_lib_fail(d, s, rc);
  vb_binder b = bind_series(st, k, k->series);
  rc = b.rc == SQLITE_OK ? vb_lib_step(s, st) : b.rc;
  int64_t n = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
  (void)sqlite3_reset(st);
  if (rc != SQLITE_ROW)
    return vb_lib_fail(d, s, rc);
  holder h = {1, false, NULL};
  vb_status status = VB_OK;
  while (status == VB_OK && h.id != 0) {
    vb_num_text(out, VB_NUMBER_BYTES, ++n);
    status = find_holder(d, s, k, vb_span_of(out), NULL, &h);
  }
  return status == VB_OK ? add(d, s, k, vb_span_of(out)) : status;
}
