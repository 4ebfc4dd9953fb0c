/* Queries: what the guard lets through and what not, where an error points to, limits, REAL and BLOB, parameters, handles that outlive the store. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store_make.h"

static vb_diag *d;
static vb_store *s;

static int set_up(void **state)
{
  (void)state;
  d = vb_diag_new();
  assert_int_equal(vb_store_open(d, NULL, &s), VB_OK);
  assert_int_equal(vb_store_begin(d, s), VB_OK);
  store_units(d, s);
  store_form(d, s);
  assert_int_equal(store_value(d, s, "xa-1", "2023", "1.1", "29"), VB_OK);
  assert_int_equal(store_value(d, s, "xa-1", "2023", "1.2", "02"), VB_OK);
  assert_int_equal(vb_store_commit(d, s), VB_OK);
  assert_int_equal(vb_store_scope(s, "xa-1", "2023"), VB_OK);
  return 0;
}

static int tear_down(void **state)
{
  (void)state;
  vb_store_close(s);
  vb_diag_free(d);
  return 0;
}

static void refused(const char *sql, const char *id)
{
  char want[64];
  snprintf(want, sizeof want, "!%s", id);
  const char *got = store_sql(d, s, sql);
  if (strcmp(got, want) != 0)
    fail_msg("%s: %s, not %s: %s", sql, got, want, store_last(d));
}

static void test_refused(void **state)
{
  (void)state;
  static const struct { const char *sql, *id; } list[] = {
    {"INSERT INTO unit(code) VALUES('x')", "SQL_NOT_SELECT"},
    {"UPDATE value SET num = 0", "SQL_NOT_SELECT"},
    {"DELETE FROM value", "SQL_NOT_SELECT"},
    {"WITH c AS (SELECT 1) DELETE FROM value", "SQL_NOT_SELECT"},
    {"REPLACE INTO unit(code) VALUES('x')", "SQL_NOT_SELECT"},
    {"DROP TABLE value", "SQL_NOT_SELECT"},
    {"CREATE TABLE t(x)", "SQL_NOT_SELECT"},
    {"CREATE TEMP TABLE t(x)", "SQL_NOT_SELECT"},
    {"CREATE VIEW v AS SELECT 1", "SQL_NOT_SELECT"},
    {"ALTER TABLE unit ADD COLUMN x", "SQL_NOT_SELECT"},
    {"ATTACH ':memory:' AS a", "SQL_NOT_SELECT"},
    {"DETACH main", "SQL_NOT_SELECT"},
    {"PRAGMA writable_schema = ON", "SQL_NOT_SELECT"},
    {"PRAGMA user_version", "SQL_NOT_SELECT"},
    {"PRAGMA journal_mode", "SQL_NOT_SELECT"},
    {"VACUUM", "SQL_NOT_SELECT"},
    {"VACUUM INTO 'x.db'", "SQL_NOT_SELECT"},
    {"REINDEX", "SQL_NOT_SELECT"},
    {"ANALYZE", "SQL_NOT_SELECT"},
    {"BEGIN", "SQL_NOT_SELECT"},
    {"COMMIT", "SQL_NOT_SELECT"},
    {"SAVEPOINT x", "SQL_NOT_SELECT"},
    {"EXPLAIN SELECT 1", "SQL_NOT_SELECT"},
    {"EXPLAIN QUERY PLAN SELECT 1", "SQL_NOT_SELECT"},
    {"SELECT load_extension('x')", "SQL_FUNCTION"},
    {"SELECT randomblob(1000000000)", "SQL_FUNCTION"},
    {"SELECT zeroblob(1000000000)", "SQL_FUNCTION"},
    {"SELECT random()", "SQL_FUNCTION"},
    {"SELECT datetime('now')", "SQL_FUNCTION"},
    {"SELECT date('now')", "SQL_FUNCTION"},
    {"SELECT current_timestamp", "SQL_FUNCTION"},
    {"SELECT strftime('%s')", "SQL_FUNCTION"},
    {"SELECT julianday()", "SQL_FUNCTION"},
    {"SELECT printf('%1000000d', 1)", "SQL_FUNCTION"},
    {"SELECT readfile('/etc/passwd')", "SQL_FUNCTION"},
    {"SELECT fts3_tokenizer('x')", "SQL_FUNCTION"},
    {"SELECT sqlite_version()", "SQL_FUNCTION"},
    {"SELECT changes()", "SQL_FUNCTION"},
    {"SELECT json_group_array(code) FROM unit", "SQL_FUNCTION"},
    {"SELECT hex(name) FROM unit", "SQL_FUNCTION"},
    {"SELECT avg(num) FROM value", "SQL_REAL_FUNCTION"},
    {"SELECT total(num) FROM value", "SQL_REAL_FUNCTION"},
    {"SELECT round(num) FROM value", "SQL_REAL_FUNCTION"},
    {"SELECT name FROM sqlite_master", "SQL_PRIVATE"},
    {"SELECT count(*) FROM sqlite_schema", "SQL_PRIVATE"},
    {"SELECT * FROM vb_place", "SQL_PRIVATE"},
    {"SELECT count(*) FROM vb_place", "SQL_PRIVATE"},
    {"SELECT 1 WHERE EXISTS (SELECT 1 FROM vb_job)", "SQL_PRIVATE"},
    {"WITH unit AS (SELECT name FROM vb_job) SELECT * FROM unit", "SQL_PRIVATE"},
    {"SELECT * FROM pragma_table_info('unit')", "SQL_NOT_SELECT"},
    {"SELECT * FROM pragma_database_list", "SQL_NOT_SELECT"},
    {"SELECT * FROM json_each('[1]')", "SQL_NOT_SELECT"},
    {"SELECT * FROM dbstat", "SQL_NOT_SELECT"},
    {"SELECT * FROM sqlite_stmt", "SQL_NOT_SELECT"},
    {"", "SQL_EMPTY"},
    {" -- nothing", "SQL_EMPTY"},
    {"SELECT 1; SELECT 2", "SQL_SECOND"},
    {"SELECT 1; DROP TABLE unit", "SQL_SECOND"},
    {"SELECT 1; x", "SQL_SECOND"},
    {"SELECT ?", "SQL_PARAMETER"},
    {"SELECT ?1, :a", "SQL_PARAMETER"},
    {"SELECT @a", "SQL_PARAMETER"},
    {"SELECT $a", "SQL_PARAMETER"},
    {"SELEC 1", "SQL_SYNTAX"},
    {"SELECT 'x", "SQL_SYNTAX"},
    {"SELECT \"name\" || \"none\" FROM unit", "SQL_COLUMN"},
    {"SELECT coode FROM unit", "SQL_COLUMN_NEAR"},
    {"SELECT u.naem FROM unit u", "SQL_COLUMN_NEAR"},
    {"SELECT * FROM untis", "SQL_TABLE_NEAR"},
    {"SELECT * FROM khong_co_bang", "SQL_TABLE"},
    {"SELECT rato(1, 2, 3)", "SQL_FUNCTION_NEAR"},
    {"SELECT ratio(1, 2)", "SQL_ARGUMENTS"},
    {"SELECT code FROM unit, value v, indicator", "SQL_AMBIGUOUS"},
    {"SELECT val('9.9.9')", "SQL_CODE"},
    {"SELECT val('1.11')", "SQL_CODE_NEAR"},
    {"SELECT 1.5", "SQL_REAL"},
    {"SELECT 1 / 2.0", "SQL_REAL"},
    {"SELECT num * 1.0 FROM value", "SQL_REAL"},
    {"SELECT x'00'", "SQL_BLOB"},
    {"SELECT CAST(name AS BLOB) FROM unit", "SQL_BLOB"},
    {"SELECT sum(9223372036854775807) FROM unit", "SQL_SYNTAX"}, /* integer overflow, says SQLite */
    {"SELECT ratio(1.5, 2, 0)", "SQL_WHOLE"},
    {"SELECT ratio('a', 2, 0)", "SQL_WHOLE"},
    {"SELECT ratio(1, 2, 10)", "SQL_PLACES"},
    {"SELECT ratio(9223372036854775807, 1, 9)", "SQL_OVERFLOW"},
    {"SELECT date_long('06/12/2023')", "SQL_DATE"},
    {"SELECT date_add('2023-12-06', 99999999999)", "SQL_DATE"},
    {"SELECT date_add('2023-12-06', 'x')", "SQL_WHOLE"},
    {"SELECT words('x')", "SQL_WHOLE"},
    {"SELECT num(1, 10)", "SQL_PLACES"},
    {"SELECT roman(4000)", "SQL_RANGE"},
    {"SELECT letter(10001)", "SQL_RANGE"},
    {"SELECT period_prev('2023-Q9')", "SQL_PERIOD"},
  };
  for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
    refused(list[i].sql, list[i].id);
  vb_query *q = NULL;
  assert_int_equal(vb_query_prepare(d, s, (vb_span){"SELECT 1\0", 9}, VB_NOWHERE, &q), VB_BAD);
  assert_string_equal(store_last_id(d), "SQL_SYNTAX");
  assert_null(q);
  assert_string_equal(store_sql(d, s, "SELECT count(*) FROM unit"), "6");
  assert_string_equal(store_sql(d, s, "SELECT count(*) FROM value"), "2");
}

static void test_allowed(void **state)
{
  (void)state;
  static const struct { const char *sql, *want; } list[] = {
    {"SELECT 1 -- the end", "1"},
    {"SELECT 1; ", "1"},
    {"SELECT 1; /* no more */ -- x", "1"},
    {"VALUES(7)", "7"},
    {"WITH x AS (SELECT count(*) AS n FROM unit) SELECT n FROM x", "6"},
    {"WITH x AS (SELECT 1 UNION ALL SELECT 2) SELECT count(*) FROM x", "2"},
    {"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 100) SELECT sum(n) FROM c", "5050"},
    {"SELECT row_number() OVER (ORDER BY code DESC) FROM unit WHERE code = 'tinh'", "1"},
    {"SELECT group_concat(code, '+') FROM (SELECT code FROM unit WHERE level = 'xa' ORDER BY code)", "xa-1+xa-2+xa-3"},
    {"SELECT name FROM unit WHERE name LIKE 'l%'", "Lộc Bình"},
    {"SELECT iif(val('1.1') > 10, 'nhiều', 'ít')", "nhiều"},
    {"SELECT max(1, 2) + abs(-3) + length('ươn')", "8"},
    {"SELECT CAST('12' AS INTEGER)", "12"},
    {"SELECT typeof(num) FROM value", "integer"},
    {"SELECT i.code || ifnull(v.num, '?') FROM indicator i LEFT JOIN value v ON v.code = i.code AND v.unit = 'xa-2' WHERE i.code = '1.1'", "1.1?"},
    {"SELECT min(ord) FROM indicator", "1"},
    {"SELECT count(*) FROM citation", "0"},
  };
  for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
    assert_string_equal(store_sql(d, s, list[i].sql), list[i].want);
  assert_int_equal(vb_diag_count(d, VB_INFO), 0);
}

static void points(const char *sql, const char *line)
{
  vb_query *q;
  vb_place at = {vb_diag_file(d, "t.xml"), 3, 10, NULL};
  assert_int_equal(vb_query_prepare(d, s, vb_span_of(sql), at, &q), VB_BAD);
  assert_null(q);
  assert_string_equal(store_last(d), line);
}

static void test_places(void **state)
{
  (void)state;
  points("SELECT tên FROM unit", "t.xml:3:17: error: there is no column tên in the tables of this statement [sql-name]");
  points("SELECT coode\n  FROM unit", "t.xml:3:17: error: there is no column coode; did you mean code? [sql-name]");
  points("SELECT 'ơ',\n  u.naem FROM unit u", "t.xml:4:3: error: there is no column u.naem; did you mean name? [sql-name]");
  points("SELECT code\nFROM units", "t.xml:4:6: error: there is no table units; did you mean unit? [sql-name]");
  points("SELECT 1,\n rato(1, 2)", "t.xml:4:2: error: there is no function rato here; did you mean ratio? [sql-name]");
  points("SELECT 1,\n  avg(num) FROM value", "t.xml:4:3: error: avg() gives inexact numbers; use ratio(sum(x), count(x), places), or rescale(x, from, to) [sql-real]");
  points("SELECT num FROM WHERE", "t.xml:3:26: error: SQL: near \"WHERE\": syntax error [sql]");
  points("SELECT 1;\nSELECT 2", "t.xml:3:19: error: a second statement begins here; write one SELECT [sql]");
  points("SELECT name FROM vb_job", "t.xml:3:27: error: the table vb_job is not open to expressions; docs/formats.md lists those that are [sql-name]");
}

static void test_bombs(void **state)
{
  (void)state;
  refused("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) FROM c", "SQL_STEPS");
  refused("SELECT count(*) FROM unit a, unit b, unit c, unit e, unit f, unit g, unit h, unit i, unit j, unit k, unit l", "SQL_STEPS");
  refused("WITH RECURSIVE c(n, t) AS (SELECT 1, 'xxxxxxxx' UNION ALL SELECT n + 1, t || t FROM c) SELECT max(length(t)) FROM c", "SQL_TOO_BIG");
  refused("WITH RECURSIVE big(t) AS (SELECT replace(replace('0000000000', '0', '1111111111'), '1', '22222222222222222222')),"
          " c(n, t) AS (SELECT 1, t FROM big UNION SELECT n + 1, t FROM c) SELECT n FROM c ORDER BY t, n DESC", "SQL_MEMORY");
  refused("SELECT replace(replace(replace(hex_, '0', '00000000000000000000'), '0', '00000000000000000000'), '0', '00000000000000000000') FROM"
          " (SELECT '0000000000000000000000000000000000000000000' AS hex_)", "SQL_TOO_BIG");
  vb_buf deep;
  vb_buf_init(&deep);
  vb_buf_str(&deep, "SELECT ");
  for (int i = 0; i < 5000; i++)
    vb_buf_str(&deep, "(1+");
  vb_query *q;
  assert_int_equal(vb_query_prepare(d, s, (vb_span){deep.p, deep.n}, VB_NOWHERE, &q), VB_BAD);
  for (int i = 0; i < 30000; i++)
    vb_buf_str(&deep, "1+");
  assert_int_equal(vb_query_prepare(d, s, (vb_span){deep.p, deep.n}, VB_NOWHERE, &q), VB_BAD);
  assert_string_equal(store_last_id(d), "SQL_TOO_BIG");
  vb_buf_free(&deep);
  assert_string_equal(store_sql(d, s, "SELECT count(*) FROM unit"), "6"); /* and goes on as before */
}

/* The work of a document is added up over its statements: the one that goes beyond ends, and a new document begins anew. */
static void test_work(void **state)
{
  (void)state;
  static const char sql[] = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 5000) SELECT max(n) FROM c"; /* 90,000 steps */
  vb_store_limit_work(s, 250000);
  assert_string_equal(store_sql(d, s, sql), "5000");
  assert_string_equal(store_sql(d, s, sql), "5000");
  refused(sql, "SQL_STEPS");
  vb_store_limit_work(s, 250000);
  assert_string_equal(store_sql(d, s, sql), "5000");
  vb_store_limit_work(s, 0);
}

static void test_steps(void **state)
{
  (void)state;
  vb_query *q;
  vb_span sql = VB_LIT("SELECT u.code AS ma, :x || name AS ten, :y + 1 FROM unit u WHERE level = :x OR :y IS NULL ORDER BY u.code");
  assert_int_equal(vb_query_prepare(d, s, sql, VB_NOWHERE, &q), VB_OK);
  assert_int_equal(vb_query_params(q), 2);
  assert_string_equal(vb_query_param(q, 0), "x");
  assert_string_equal(vb_query_param(q, 1), "y");
  assert_null(vb_query_param(q, 2));
  assert_int_equal(vb_query_columns(q), 3);
  assert_string_equal(vb_query_column(q, 0), "ma");
  assert_string_equal(vb_query_origin_table(q, 0), "unit");
  assert_string_equal(vb_query_origin_column(q, 0), "code");
  assert_null(vb_query_origin_table(q, 1));
  for (int round = 0; round < 2; round++) {
    char x[] = "xa";
    vb_query_bind(q, 0, (vb_sql_value){VB_SQL_TEXT, 0, {x, 2}});
    x[0] = '?'; /* copied */
    vb_query_bind(q, 1, (vb_sql_value){VB_SQL_INTEGER, 41, {NULL, 0}});
    assert_int_equal(vb_query_step(d, q), VB_OK);
    assert_true(vb_span_is(vb_query_value(q, 0).text, "xa-1"));
    assert_true(vb_span_is(vb_query_value(q, 1).text, "xaQuảng Thọ"));
    assert_int_equal(vb_query_value(q, 2).integer, 42);
    assert_int_equal(vb_query_step(d, q), VB_OK);
    assert_int_equal(vb_query_step(d, q), VB_OK);
    assert_int_equal(vb_query_step(d, q), VB_DONE);
  }
  vb_query_bind(q, 1, (vb_sql_value){VB_SQL_NULL, 0, {NULL, 0}});
  for (int i = 0; i < 6; i++)
    assert_int_equal(vb_query_step(d, q), VB_OK);
  assert_int_equal(vb_query_value(q, 2).type, VB_SQL_NULL);
  vb_query_reset(q);
  assert_int_equal(vb_query_step(d, q), VB_OK);
  assert_true(vb_span_is(vb_query_value(q, 0).text, "huyen-a"));
  vb_query *live;
  assert_int_equal(vb_query_prepare(d, s, VB_LIT("SELECT 1"), VB_NOWHERE, &live), VB_OK);
  vb_query_free(q);
  vb_store_close(s); /* statements go with their store; the handle may be freed later */
  s = NULL;
  assert_int_equal(vb_query_step(d, live), VB_SYSTEM);
  vb_query_free(live);
}

/* Statements within statements: an outer loop goes on while inner ones run and fail. */
static void test_nested(void **state)
{
  (void)state;
  vb_query *outer, *inner;
  assert_int_equal(vb_query_prepare(d, s, VB_LIT("SELECT code FROM unit ORDER BY code"), VB_NOWHERE, &outer), VB_OK);
  assert_int_equal(vb_query_prepare(d, s, VB_LIT("SELECT val('1.1', '2023', :u) * (:u = 'xa-1' OR 1.0)"), VB_NOWHERE, &inner), VB_OK);
  int rows = 0, failed = 0;
  while (vb_query_step(d, outer) == VB_OK) {
    vb_query_bind(inner, 0, vb_query_value(outer, 0));
    vb_status st = vb_query_step(d, inner);
    assert_true(st == VB_OK || st == VB_BAD);
    failed += st == VB_BAD;
    rows++;
  }
  assert_int_equal(rows, 6);
  assert_int_equal(failed, 0);
  vb_query_free(inner);
  vb_query_free(outer);
}

static void test_collations(void **state)
{
  (void)state;
  assert_string_equal(store_sql(d, s, "SELECT group_concat(x, ' ') FROM (SELECT column1 AS x FROM (VALUES('đa'),('da'),('ăn'),('an'),('âu'),('ạ'),('á'),('à'),('a')) ORDER BY x COLLATE VI)"),
                      "a à á ạ an ăn âu da đa");
  assert_string_equal(store_sql(d, s, "SELECT group_concat(x, '; ') FROM (SELECT column1 AS x FROM (VALUES('Trần Văn Bình'),('Lê Thị An'),('Nguyễn Văn An')) ORDER BY x COLLATE VI_NAME)"),
                      "Lê Thị An; Nguyễn Văn An; Trần Văn Bình");
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
  const struct CMUnitTest tests[] = {
    T(test_refused), T(test_allowed), T(test_places), T(test_bombs), T(test_work), T(test_steps), T(test_nested), T(test_collations),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
