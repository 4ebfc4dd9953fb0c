/* func_text: SQL functions that make text of figures, dates and names, and the two collations. The text room does the work.
 *
 * All are deterministic. Dates are ISO texts (2023-12-06), as data tables hold them.
 */
#include "store/store_int.h"

#include <sqlite3.h>
#include <string.h>

static vb_store *store_of(sqlite3_context *c)
{
  return sqlite3_user_data(c);
}

static vb_span text_of(sqlite3_value *v)
{
  const char *p = (const char *)sqlite3_value_text(v);
  return p ? (vb_span){p, (size_t)sqlite3_value_bytes(v)} : (vb_span){NULL, 0};
}

static void result_span(sqlite3_context *c, vb_span t)
{
  if (t.p)
    sqlite3_result_text64(c, t.p, t.n, SQLITE_TRANSIENT, SQLITE_UTF8);
  else
    sqlite3_result_error_nomem(c);
}

static void result_buf(sqlite3_context *c, vb_buf *b)
{
  if (b->failed)
    sqlite3_result_error_nomem(c);
  else
    result_span(c, (vb_span){b->p ? b->p : "", b->n});
  vb_buf_free(b);
}

/* ---- text --------------------------------------------------------------------------------------------------- */

static void result_text(sqlite3_context *c, sqlite3_value *v, vb_span (*fn)(vb_arena *, vb_span))
{
  if (sqlite3_value_type(v) == SQLITE_NULL)
    return;
  vb_store *s = store_of(c);
  vb_arena_mark m = vb_arena_save(s->scratch);
  vb_span t = text_of(v);
  result_span(c, t.p ? fn(s->scratch, t) : t);
  vb_arena_restore(s->scratch, m);
}

#define TEXT_FUNCTION(name, with) \
  static void name(sqlite3_context *c, int n, sqlite3_value **v) \
  { \
    (void)n; \
    result_text(c, v[0], with); \
  }
TEXT_FUNCTION(fn_upper, vb_text_upper)
TEXT_FUNCTION(fn_lower, vb_text_lower)
TEXT_FUNCTION(fn_capital, vb_text_capital)
TEXT_FUNCTION(fn_fold, vb_text_fold)
TEXT_FUNCTION(fn_plain, vb_text_bare)

/* ---- figures as text ---------------------------------------------------------------------------------------- */

/* x and places; false: the result is set. */
static bool figure_args(sqlite3_context *c, const char *name, int n, sqlite3_value **v, vb_dec *out)
{
  for (int i = 0; i < n; i++)
    if (sqlite3_value_type(v[i]) == SQLITE_NULL)
      return false; /* the result is NULL unless set */
  for (int i = 0; i < n; i++)
    if (sqlite3_value_type(v[i]) != SQLITE_INTEGER) {
      vb_fault_set(c, VB_MSG_SQL_WHOLE, name, VB_TXT(text_of(v[i])), NULL);
      return false;
    }
  int64_t places = n > 1 ? sqlite3_value_int64(v[1]) : 0;
  if (places < 0 || places > VB_DEC_PLACES_MAX) {
    vb_fault_set(c, VB_MSG_SQL_PLACES, name, VB_NUM(places), VB_NUM(VB_DEC_PLACES_MAX));
    return false;
  }
  *out = (vb_dec){sqlite3_value_int64(v[0]), (int)places};
  return true;
}

static void result_number(sqlite3_context *c, vb_dec x, int min_digits, const char *behind)
{
  vb_buf b;
  vb_buf_init(&b);
  vb_number_print(x, (vb_number_format){-1, true, min_digits, false}, &b);
  vb_buf_str(&b, behind);
  result_buf(c, &b);
}

/* num(x[, places]) */
static void fn_num(sqlite3_context *c, int n, sqlite3_value **v)
{
  vb_dec x;
  if (figure_args(c, "num", n, v, &x))
    result_number(c, x, 1, "");
}

/* count2(x): 02 */
static void fn_count2(sqlite3_context *c, int n, sqlite3_value **v)
{
  vb_dec x;
  if (figure_args(c, "count2", n, v, &x))
    result_number(c, x, 2, "");
}

/* money(x) */
static void fn_money(sqlite3_context *c, int n, sqlite3_value **v)
{
  vb_dec x;
  if (figure_args(c, "money", n, v, &x))
    result_number(c, x, 1, " đồng");
}

/* words(x[, places]) */
static void fn_words(sqlite3_context *c, int n, sqlite3_value **v)
{
  vb_dec x;
  vb_buf b;
  if (!figure_args(c, "words", n, v, &x))
    return;
  vb_buf_init(&b);
  vb_number_words(x, &b);
  result_buf(c, &b);
}

static void fn_roman(sqlite3_context *c, int n, sqlite3_value **v)
{
  vb_dec x;
  vb_buf b;
  if (!figure_args(c, "roman", n, v, &x))
    return;
  vb_buf_init(&b);
  if (x.n >= 1 && x.n <= 3999 && vb_number_roman((int)x.n, &b)) {
    result_buf(c, &b);
    return;
  }
  vb_fault_set(c, VB_MSG_SQL_RANGE, "roman", VB_NUM(x.n), "3999");
  vb_buf_free(&b);
}

static void fn_letter(sqlite3_context *c, int n, sqlite3_value **v)
{
  vb_dec x;
  vb_buf b;
  if (!figure_args(c, "letter", n, v, &x))
    return;
  if (x.n < 1 || x.n > 10000) {
    vb_fault_set(c, VB_MSG_SQL_RANGE, "letter", VB_NUM(x.n), "10000");
    return;
  }
  vb_buf_init(&b);
  vb_number_letter((int)x.n, &b);
  result_buf(c, &b);
}

/* ---- dates -------------------------------------------------------------------------------------------------- */

static bool date_arg(sqlite3_context *c, const char *name, sqlite3_value *v, vb_date *out)
{
  if (sqlite3_value_type(v) == SQLITE_NULL)
    return false;
  vb_span t = text_of(v);
  if (vb_date_parse_iso(t, out))
    return true;
  vb_fault_set(c, VB_MSG_SQL_DATE, name, VB_TXT(t), NULL);
  return false;
}

static void result_date(sqlite3_context *c, const char *name, sqlite3_value *v, void (*print)(vb_date, vb_buf *))
{
  vb_date d;
  vb_buf b;
  if (!date_arg(c, name, v, &d))
    return;
  vb_buf_init(&b);
  print(d, &b);
  result_buf(c, &b);
}

static void fn_date_long(sqlite3_context *c, int n, sqlite3_value **v)
{
  (void)n;
  result_date(c, "date_long", v[0], vb_date_print_long);
}

static void fn_date_short(sqlite3_context *c, int n, sqlite3_value **v)
{
  (void)n;
  result_date(c, "date_short", v[0], vb_date_print_short);
}

/* date_add(d, days) */
static void fn_date_add(sqlite3_context *c, int n, sqlite3_value **v)
{
  vb_date d;
  char iso[11];
  (void)n;
  if (sqlite3_value_type(v[1]) == SQLITE_NULL || !date_arg(c, "date_add", v[0], &d))
    return;
  int64_t days = sqlite3_value_int64(v[1]);
  if (sqlite3_value_type(v[1]) != SQLITE_INTEGER) {
    vb_fault_set(c, VB_MSG_SQL_WHOLE, "date_add", VB_TXT(text_of(v[1])), NULL);
    return;
  }
  int64_t sum = days > -4000000 && days < 4000000 ? vb_date_days(d) + days : INT64_MIN;
  if (sum < vb_date_days((vb_date){1, 1, 1}) || sum > vb_date_days((vb_date){9999, 12, 31})) {
    vb_fault_set(c, VB_MSG_SQL_DATE, "date_add", VB_NUM(days), NULL);
    return;
  }
  size_t len = vb_date_print_iso(vb_date_from_days((int32_t)sum), iso);
  result_span(c, (vb_span){iso, len});
}

#define DATE_PART(fn, name, part) \
  static void fn(sqlite3_context *c, int n, sqlite3_value **v) \
  { \
    vb_date d; \
    (void)n; \
    if (date_arg(c, name, v[0], &d)) \
      sqlite3_result_int(c, part); \
  }
DATE_PART(fn_year, "year", d.year)
DATE_PART(fn_month, "month", d.month)
DATE_PART(fn_day, "day", d.day)
DATE_PART(fn_quarter, "quarter", (d.month + 2) / 3)

/* period_prev(p): the same part of the year before */
static void fn_period_prev(sqlite3_context *c, int n, sqlite3_value **v)
{
  char before[16];
  (void)n;
  if (sqlite3_value_type(v[0]) == SQLITE_NULL)
    return;
  vb_span t = text_of(v[0]);
  if (vb_period_prev(t, before))
    result_span(c, vb_span_of(before));
  else
    vb_fault_set(c, VB_MSG_SQL_PERIOD, VB_TXT(t), NULL, NULL);
}

/* ---- collations --------------------------------------------------------------------------------------------- */

static int collate(void *ctx, int n, const void *a, int m, const void *b)
{
  (void)ctx;
  return vb_collate_cmp((vb_span){a, (size_t)n}, (vb_span){b, (size_t)m});
}

static int collate_name(void *ctx, int n, const void *a, int m, const void *b)
{
  vb_store *s = ctx;
  vb_span x = {a, (size_t)n}, y = {b, (size_t)m};
  vb_arena_mark mark = vb_arena_save(s->scratch);
  vb_span k = vb_collate_name_key(s->scratch, x), l = vb_collate_name_key(s->scratch, y);
  int order = k.p && l.p ? vb_span_cmp(k, l) : 0;
  vb_arena_restore(s->scratch, mark);
  return order ? order : vb_collate_cmp(x, y); /* also the order when memory has run out */
}

int vb_func_text_install(vb_store *s)
{
  static const struct { const char *name; int least, most; void (*fn)(sqlite3_context *, int, sqlite3_value **); } list[] = {
    {"upper", 1, 1, fn_upper}, {"lower", 1, 1, fn_lower}, {"capital", 1, 1, fn_capital}, {"fold", 1, 1, fn_fold}, {"plain", 1, 1, fn_plain},
    {"num", 1, 2, fn_num}, {"count2", 1, 1, fn_count2}, {"money", 1, 1, fn_money}, {"words", 1, 2, fn_words}, {"roman", 1, 1, fn_roman},
    {"letter", 1, 1, fn_letter}, {"date_long", 1, 1, fn_date_long}, {"date_short", 1, 1, fn_date_short}, {"date_add", 2, 2, fn_date_add},
    {"year", 1, 1, fn_year}, {"month", 1, 1, fn_month}, {"day", 1, 1, fn_day}, {"quarter", 1, 1, fn_quarter}, {"period_prev", 1, 1, fn_period_prev},
  };
  int rc = SQLITE_OK;
  for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
    for (int n = list[i].least; rc == SQLITE_OK && n <= list[i].most; n++)
      rc = sqlite3_create_function_v2(s->db, list[i].name, n, SQLITE_UTF8 | SQLITE_DETERMINISTIC, s, list[i].fn, NULL, NULL, NULL);
  if (rc == SQLITE_OK)
    rc = sqlite3_create_collation_v2(s->db, "VI", SQLITE_UTF8, s, collate, NULL);
  if (rc == SQLITE_OK)
    rc = sqlite3_create_collation_v2(s->db, "VI_NAME", SQLITE_UTF8, s, collate_name, NULL);
  return rc;
}
