/* periods: reporting periods with their cut-off dates.
 *
 * The dates are those of NĐ 09/2019/NĐ-CP: a year runs from 15/12 of the year before to 14/12, a quarter from the 15th of the month
 * before it to the 14th of its last month, 6 and 9 months from 15/12 of the year before. The data table "period" may say otherwise.
 */
#include "store/store_int.h"

#include <sqlite3.h>
#include <string.h>

typedef struct part { const char *name; int since_year, since_month, until_month; } part;
static const part parts[] = {
  {"", -1, 12, 12}, {"Q1", -1, 12, 3}, {"Q2", 0, 3, 6}, {"Q3", 0, 6, 9}, {"Q4", 0, 9, 12}, {"6T", -1, 12, 6}, {"9T", -1, 12, 9},
};

static const part *part_find(vb_span code)
{
  if (code.n < 4)
    return NULL;
  for (size_t i = 0; i < 4; i++)
    if (code.p[i] < '0' || code.p[i] > '9')
      return NULL;
  if (memcmp(code.p, "0000", 4) == 0)
    return NULL;
  vb_span rest = {code.p + 4, code.n - 4};
  if (rest.n > 0 && rest.p[0] != '-')
    return NULL;
  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
    size_t n = strlen(parts[i].name);
    if (rest.n == (n ? n + 1 : 0) && (n == 0 || memcmp(rest.p + 1, parts[i].name, n) == 0))
      return &parts[i];
  }
  return NULL;
}

bool vb_period_parse(vb_span code, vb_period_rec *out)
{
  const part *p = part_find(code);
  if (!p)
    return false;
  *out = (vb_period_rec){.part = p->name};
  for (size_t i = 0; i < 4; i++)
    out->year = out->year * 10 + (code.p[i] - '0');
  out->since = (vb_date){(int16_t)(out->year + p->since_year), (uint8_t)p->since_month, 15};
  out->until = (vb_date){(int16_t)out->year, (uint8_t)p->until_month, 14};
  return out->since.year > 0;
}

bool vb_store_period_days(vb_span code, vb_date *since, vb_date *until)
{
  vb_period_rec p;
  if (!vb_period_parse(code, &p))
    return false;
  *since = p.since;
  *until = p.until;
  return true;
}

bool vb_period_prev(vb_span code, char out[16])
{
  vb_period_rec p;
  if (!vb_period_parse(code, &p) || p.year < 3 || code.n > 15)
    return false;
  memcpy(out, code.p, code.n);
  out[code.n] = '\0';
  int year = p.year - 1;
  for (int i = 3; i >= 0; i--, year /= 10)
    out[i] = (char)('0' + year % 10);
  return true;
}

static vb_period_rec *period_note(vb_store *s, vb_span code, const vb_period_rec *from)
{
  vb_period_rec *p = VB_NEW(s->arena, vb_period_rec);
  if (!p)
    return NULL;
  *p = *from;
  p->name = vb_store_name(s, code);
  return p->name && vb_map_put(s->periods, code, p) ? p : NULL;
}

vb_status vb_period_find(vb_diag *d, vb_store *s, vb_span code, vb_place at, vb_period_rec **out)
{
  *out = vb_map_get(s->periods, code);
  if (*out)
    return VB_OK;
  vb_period_rec p;
  if (!vb_period_parse(code, &p))
    return vb_said(s, at.file, code) ? VB_BAD : VB_POST(d, VB_MSG_STORE_PERIOD, at, VB_TXT(code));
  p.at = at;
  p.at.cell = NULL;
  if (at.file && !(p.at.file = vb_arena_str(s->arena, at.file, strlen(at.file))))
    return VB_NOMEM;
  *out = period_note(s, code, &p);
  return *out ? VB_OK : VB_NOMEM;
}

vb_status vb_store_add_period(vb_diag *d, vb_store *s, vb_span code, vb_place at)
{
  vb_period_rec *p;
  vb_status status = vb_load_ready(d, s);
  return status == VB_OK ? vb_period_find(d, s, code, at, &p) : status;
}

vb_status vb_periods_read(vb_diag *d, vb_store *s)
{
  int rc;
  sqlite3_stmt *st = vb_lib_stmt(s, VB_STMT_PERIOD_ALL, &rc);
  if (!st)
    return vb_lib_fail(d, s, rc);
  bool failed = false;
  int known = SQLITE_OK;
  while (!failed && (rc = vb_lib_step(s, st)) == SQLITE_ROW) {
    vb_period_rec p;
    vb_span code = vb_column_span(st, 0);
    if (!vb_period_parse(code, &p))
      continue;
    p.since = vb_column_date(st, 3);
    p.until = vb_column_date(st, 4);
    p.deadline = vb_column_date(st, 5);
    p.at = (vb_place){vb_store_file_name(s, sqlite3_column_int64(st, 6), &known), (uint32_t)sqlite3_column_int(st, 7), 0, NULL};
    failed = known != SQLITE_OK || !period_note(s, code, &p);
  }
  (void)sqlite3_reset(st);
  return failed ? VB_NOMEM : rc == SQLITE_DONE ? VB_OK : vb_lib_fail(d, s, rc);
}

typedef struct writing { vb_store *s; int rc; } writing;

static void period_write(void *ctx, vb_span key, void *value)
{
  writing *w = ctx;
  const vb_period_rec *p = value;
  if (w->rc != SQLITE_OK)
    return;
  int64_t src = vb_store_file_id(w->s, p->at.file, &w->rc);
  sqlite3_stmt *st = w->rc == SQLITE_OK ? vb_lib_stmt(w->s, VB_STMT_PERIOD_ADD, &w->rc) : NULL;
  if (!st)
    return;
  vb_binder b = vb_bind_start(st);
  vb_bind_text(&b, key.p, key.n);
  vb_bind_int(&b, p->year);
  vb_bind_str(&b, p->part);
  vb_bind_date(&b, p->since);
  vb_bind_date(&b, p->until);
  vb_bind_date(&b, p->deadline);
  vb_bind_int(&b, src);
  vb_bind_int(&b, p->at.line);
  w->rc = b.rc == SQLITE_OK ? vb_lib_run(w->s, st) : b.rc;
}

vb_status vb_periods_write(vb_diag *d, vb_store *s)
{
  writing w = {s, SQLITE_OK};
  vb_map_each(s->periods, period_write, &w);
  return w.rc == SQLITE_OK ? VB_OK : vb_lib_fail(d, s, w.rc);
}
