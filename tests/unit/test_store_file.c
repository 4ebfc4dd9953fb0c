/* Databases in files: a worker beside its parent's file, kept ones over several runs and jobs, those that are damaged or not ours, locks, kills,
 * full disks; and an allocation that fails at any point.
 */
#ifndef _XOPEN_SOURCE
#define _XOPEN_SOURCE 700
#endif
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "folder.h"
#include "store_make.h"

static char dir[256];
static vb_diag *d;
static vb_store *s;

static int set_up(void **state)
{
  (void)state;
  folder_make(dir);
  d = vb_diag_new();
  s = NULL;
  return 0;
}

static int tear_down(void **state)
{
  (void)state;
  vb_store_close(s);
  s = NULL;
  vb_diag_free(d);
  folder_drop(dir);
  return 0;
}

static void open_kept(const char *job)
{
  if (vb_store_open(d, folder_path(dir, "kept.db"), &s) != VB_OK)
    fail_msg("%s", store_last(d));
  assert_int_equal(vb_store_set_job(s, job), VB_OK);
  if (vb_store_begin(d, s) != VB_OK)
    fail_msg("%s", store_last(d));
  store_units(d, s);
  store_form(d, s);
}

static void close_kept(void)
{
  if (vb_store_commit(d, s) != VB_OK)
    fail_msg("%s", store_last(d));
  vb_store_close(s);
  s = NULL;
}

static void is(const char *sql, const char *want)
{
  const char *got = store_sql(d, s, sql);
  if (strcmp(got, want) != 0)
    fail_msg("%s gives %s, not %s", sql, got, want);
}

static const vb_data_column thing_columns[] = {
  {"ten", "Tên", NULL, VB_TYPE_TEXT, 0, true, true, NULL}, {"so", "Số", NULL, VB_TYPE_COUNT, 0, false, false, NULL},
};
static const vb_data_table things = {"thiet-bi", thing_columns, 2, true, {NULL, 0, 0, NULL}, NULL};

static void look_worker(const char *path)
{
  vb_arena *a = vb_arena_new(0);
  vb_observation o;
  vb_place at;
  const char *raw;
  assert_int_equal(vb_store_open_worker(d, path, &s), VB_OK);
  assert_int_equal(vb_store_scope(s, "xa-1", "2023"), VB_OK);
  is("SELECT val('1.1') || rollup('1.1', 'tinh')", "2951");
  is("SELECT so FROM thiet_bi", "4");
  is("SELECT name FROM unit ORDER BY name COLLATE VI LIMIT 1", "Hòa Bình");
  is("SELECT status('1.3')", "missing");
  is("DELETE FROM unit", "!SQL_NOT_SELECT");
  assert_int_equal(vb_store_observe(d, s, a, "xa-1", "2023", VB_LIT("1.1"), &o), VB_OK);
  assert_string_equal(o.at.file, "so-lieu.csv");
  assert_string_equal(o.raw, "29");
  const vb_indicator *i = vb_store_indicator(s, "f", VB_LIT("1.3"));
  assert_string_equal(i->num, "1.2");
  assert_int_equal(i->type, VB_TYPE_PERCENT);
  assert_int_equal(i->at.line, 13);
  assert_string_equal(i->at.file, "f.xml");
  const vb_data_table *t = vb_store_table(s, "thiet-bi");
  assert_true(t && t->per_unit && t->n_columns == 2 && t->columns[1].type == VB_TYPE_COUNT && t->columns[0].key);
  assert_int_equal(vb_store_declare(d, s, &things), VB_OK);
  assert_int_equal(vb_store_row_place(d, s, 7, "so", &at, a, &raw), VB_OK);
  assert_string_equal(raw, "04");
  assert_int_equal(at.line, 2);
  vb_arena_free(a);
}

static void test_worker(void **state)
{
  (void)state;
  const char *path = folder_path(dir, "run.db");
  folder_put(dir, "run.db", "");
  assert_int_equal(vb_store_open_scratch(d, path, &s), VB_OK);
  assert_string_equal(vb_store_path(s), path);
  assert_int_equal(vb_store_begin(d, s), VB_OK);
  store_units(d, s);
  store_form(d, s);
  assert_int_equal(vb_store_declare(d, s, &things), VB_OK);
  assert_int_equal(STORE_ROW(d, s, "thiet-bi", 2, "xa-1", "Máy in", "04"), VB_OK);
  assert_int_equal(store_value(d, s, "xa-1", "2023", "1.1", "29"), VB_OK);
  assert_int_equal(store_value(d, s, "xa-2", "2023", "1.1", "22"), VB_OK);
  close_kept();
  look_worker(path);
  vb_store_close(s);
  s = NULL;
  fflush(NULL);
  pid_t children[2];
  for (int i = 0; i < 2; i++) { /* two at once, each with a handle of its own */
    children[i] = fork();
    if (children[i] == 0) {
      vb_store *mine;
      bool good = vb_store_open_worker(d, path, &mine) == VB_OK && vb_store_scope(mine, "xa-1", "2023") == VB_OK;
      good = good && strcmp(store_sql(d, mine, "SELECT sum(val('1.1', '2023', code)) FROM unit"), "51") == 0;
      if (good)
        vb_store_close(mine);
      _exit(good ? 0 : 1);
    }
  }
  for (int i = 0; i < 2; i++) {
    int end = -1;
    assert_int_equal(waitpid(children[i], &end, 0), children[i]);
    assert_int_equal(end, 0);
  }
  assert_int_equal(folder_count(dir), 1); /* no journal is left beside it */
  folder_put(dir, "empty.db", "");
  assert_int_equal(vb_store_open_worker(d, folder_path(dir, "empty.db"), &s), VB_SYSTEM);
  assert_string_equal(store_last_id(d), "STORE_FOREIGN");
  assert_int_equal(vb_store_open_worker(d, folder_path(dir, "none.db"), &s), VB_SYSTEM);
  assert_string_equal(store_last_id(d), "STORE_FILE");
  assert_null(s);
}

static void test_kept(void **state)
{
  (void)state;
  open_kept("nam-2022");
  assert_int_equal(vb_store_declare(d, s, &things), VB_OK);
  assert_int_equal(STORE_ROW(d, s, "thiet-bi", 2, "xa-1", "Máy in", "1"), VB_OK);
  assert_int_equal(STORE_ROW(d, s, "citation", 2, NULL, "nd30", "Nghị định", "30/2020", "", "", "", "", "", ""), VB_OK);
  assert_int_equal(STORE_ROW(d, s, "period", 2, NULL, "2022", "2021-12-01", "2022-11-30", "2022-12-05"), VB_OK);
  assert_int_equal(store_value(d, s, "xa-1", "2022", "1.1", "90"), VB_OK);
  close_kept();
  for (int run = 0; run < 2; run++) { /* a second period, and the same job once more */
    open_kept("nam-2023");
    assert_int_equal(vb_store_declare(d, s, &things), VB_OK);
    assert_int_equal(STORE_ROW(d, s, "thiet-bi", 2, "xa-1", run ? "Máy chiếu" : "Máy tính", "5"), VB_OK);
    assert_int_equal(STORE_ROW(d, s, "citation", 2, NULL, "nd30", "Nghị định", "30/2020/NĐ-CP", "", "", "", "", "", ""), VB_OK); /* takes the place of 2022's */
    assert_int_equal(store_value(d, s, "xa-1", "2023", "1.1", run ? "103" : "100"), VB_OK);
    if (run == 0)
      assert_int_equal(store_value(d, s, "xa-2", "2023", "1.1", "1"), VB_OK); /* not given again: gone */
    close_kept();
  }
  assert_int_equal(vb_store_open_worker(d, folder_path(dir, "kept.db"), &s), VB_OK);
  assert_int_equal(vb_store_scope(s, "xa-1", "2023"), VB_OK);
  is("SELECT val('1.1') || '/' || prev('1.1')", "103/90");
  is("SELECT group_concat(unit || ' ' || period || ' ' || num, ', ') FROM (SELECT * FROM value ORDER BY period)", "xa-1 2022 90, xa-1 2023 103");
  is("SELECT group_concat(ten, ', ') FROM (SELECT ten FROM thiet_bi ORDER BY ten)", "Máy chiếu, Máy in");
  is("SELECT group_concat(number) FROM citation", "30/2020/NĐ-CP");
  is("SELECT since || ' ' || until || ' ' || deadline FROM period WHERE code = '2022'", "2021-12-01 2022-11-30 2022-12-05"); /* as the first job has them */
  is("SELECT count(*) FROM unit", "6");
  is("SELECT count(*) FROM indicator", "11");
  is("SELECT count(*) FROM code_item", "2");
  is("SELECT count(*) FROM delivery", "2");
}

/* A correction by another job, and the state of things on an earlier date. */
static void test_kept_correction(void **state)
{
  (void)state;
  vb_delivery first = {"a.csv", {2023, 12, 1}, 1, "2023"}, second = {"b.csv", {2024, 1, 15}, 1, "2023"};
  open_kept("lan-1");
  assert_int_equal(store_value_of(d, s, "xa-1", NULL, "1.1", "10", &first), VB_OK);
  assert_int_equal(store_value_of(d, s, "xa-1", NULL, "1.2", "9", &first), VB_OK);
  close_kept();
  open_kept("lan-2");
  assert_int_equal(store_value_of(d, s, "xa-1", NULL, "1.1", "11", &second), VB_OK);
  vb_store_set_date(s, (vb_date){2024, 1, 20});
  assert_int_equal(vb_store_commit(d, s), VB_OK);
  is("SELECT group_concat(num) FROM value", "11");
  is("SELECT group_concat(num) FROM (SELECT num FROM value_past ORDER BY code)", "10,9");
  vb_store_close(s);
  open_kept("lan-1");
  assert_int_equal(store_value_of(d, s, "xa-1", NULL, "1.1", "10", &first), VB_OK);
  vb_store_set_date(s, (vb_date){2023, 12, 20});
  assert_int_equal(vb_store_commit(d, s), VB_OK);
  is("SELECT group_concat(num) FROM value", "10");
  is("SELECT group_concat(num) FROM value_past", "11");
}

static void test_kept_form_changes(void **state)
{
  (void)state;
  open_kept("a");
  assert_int_equal(store_value(d, s, "xa-1", "2022", "2.2", "4,5"), VB_OK);
  close_kept();
  assert_int_equal(vb_store_open(d, folder_path(dir, "kept.db"), &s), VB_OK);
  assert_int_equal(vb_store_set_job(s, "b"), VB_OK);
  assert_int_equal(vb_store_begin(d, s), VB_OK);
  vb_indicator now = {.form = "f", .code = "2.2", .label = "Điểm", .type = VB_TYPE_DECIMAL, .places = 2};
  assert_int_equal(vb_store_add_indicator(d, s, &now), VB_OK);
  assert_int_equal(vb_store_commit(d, s), VB_OK);
  is("SELECT num || '/' || places FROM value", "450/1");
  is("SELECT count(*) FROM indicator", "1");
  vb_arena *a = vb_arena_new(0);
  vb_observation o;
  assert_int_equal(vb_store_observe(d, s, a, "xa-1", "2022", VB_LIT("2.2"), &o), VB_OK);
  assert_int_equal(o.num.n, 45);
  assert_int_equal(o.num.places, 1);
  vb_arena_free(a);
  /* a data table with other columns, of which another job holds rows */
  assert_int_equal(vb_store_begin(d, s), VB_OK);
  assert_int_equal(vb_store_declare(d, s, &things), VB_OK);
  close_kept();
  vb_data_table fewer = things;
  fewer.n_columns = 1;
  open_kept("c");
  assert_int_equal(vb_store_declare(d, s, &fewer), VB_OK); /* empty: made anew */
  assert_int_equal(STORE_ROW(d, s, "thiet-bi", 2, "xa-1", "Máy in"), VB_OK);
  close_kept();
  open_kept("d");
  assert_int_equal(vb_store_declare(d, s, &things), VB_BAD);
  assert_string_equal(store_last_id(d), "STORE_TABLE_DIFFERS");
}

/* ---- files that are not what they should be ----------------------------------------------------------------- */

static void patch(const char *name, long at, const char *bytes, size_t n)
{
  FILE *f = fopen(folder_path(dir, name), "r+b");
  assert_non_null(f);
  assert_int_equal(fseek(f, at, at < 0 ? SEEK_END : SEEK_SET), 0);
  assert_int_equal(fwrite(bytes, 1, n, f), n);
  assert_int_equal(fclose(f), 0);
}

/* Of the first byte of text behind `from`; -1 when there is none. */
static long offset_of(const char *name, const char *text, long from)
{
  vb_buf b;
  vb_buf_init(&b);
  assert_int_equal(vb_file_read(d, folder_path(dir, name), 1u << 26, true, &b), VB_OK);
  long at = -1;
  for (size_t i = (size_t)from; at < 0 && i + strlen(text) <= b.n; i++)
    if (memcmp(b.p + i, text, strlen(text)) == 0)
      at = (long)i;
  vb_buf_free(&b);
  return at;
}

static void refused(const char *name, const char *id)
{
  if (vb_store_open(d, folder_path(dir, name), &s) != VB_SYSTEM)
    fail_msg("%s is taken, not refused by %s", name, id);
  assert_null(s);
  assert_string_equal(store_last_id(d), id);
}

static void make(void)
{
  unlink(folder_path(dir, "kept.db"));
  open_kept("a");
  for (int i = 0; i < 300; i++) {
    char name[160];
    snprintf(name, sizeof name, "Thiết bị số %d với một cái tên khá dài để đầy trang", i);
    if (i == 0)
      assert_int_equal(vb_store_declare(d, s, &things), VB_OK);
    assert_int_equal(STORE_ROW(d, s, "thiet-bi", (uint32_t)i + 2, "xa-1", name, "1"), VB_OK);
  }
  close_kept();
}

static void test_damaged(void **state)
{
  (void)state;
  folder_put(dir, "text.db", "Mã;Tên\n1;Đây không phải cơ sở dữ liệu, chỉ là một tệp văn bản đủ dài để có vẻ là một trang của nó.\n");
  refused("text.db", "STORE_CORRUPT");
  make();
  patch("kept.db", 60, "\0\0\0\x63", 4); /* user_version */
  refused("kept.db", "STORE_VERSION");
  assert_string_equal(vb_diag_last(d)->args[1], "99");
  make();
  patch("kept.db", 68, "abcd", 4); /* application_id */
  refused("kept.db", "STORE_FOREIGN");
  make();
  long at = offset_of("kept.db", "CREATE TABLE source(id", 0);
  assert_true(at > 0);
  for (; at > 0; at = offset_of("kept.db", "CREATE TABLE source(id", at)) /* freed copies of the page too */
    patch("kept.db", at + 13, "Source", 6);
  refused("kept.db", "STORE_FOREIGN");
  make();
  char junk[4096];
  memset(junk, 0x5a, sizeof junk);
  at = offset_of("kept.db", "Thiết bị số 150 ", 0);
  assert_true(at > 0);
  patch("kept.db", at / 4096 * 4096, junk, sizeof junk);
  refused("kept.db", "STORE_CORRUPT");
  make();
  assert_int_equal(truncate(folder_path(dir, "kept.db"), 40000), 0);
  refused("kept.db", "STORE_CORRUPT");
  assert_int_equal(vb_store_open(d, dir, &s), VB_SYSTEM); /* a folder */
  assert_string_equal(store_last_id(d), "STORE_FILE");
  assert_int_equal(vb_store_open(d, folder_path(dir, "no/such/folder.db"), &s), VB_SYSTEM);
  assert_string_equal(store_last_id(d), "STORE_FILE");
  assert_int_equal(vb_store_open(d, "", &s), VB_SYSTEM);
}

/* ---- other processes ---------------------------------------------------------------------------------------- */

static void test_busy(void **state)
{
  (void)state;
  int ready[2], done[2];
  char c;
  open_kept("a");
  close_kept();
  assert_int_equal(pipe(ready), 0);
  assert_int_equal(pipe(done), 0);
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    vb_store *other;
    bool good = vb_store_open(d, folder_path(dir, "kept.db"), &other) == VB_OK && vb_store_begin(d, other) == VB_OK;
    good = good && write(ready[1], "x", 1) == 1 && read(done[0], &c, 1) == 1;
    _exit(good ? 0 : 1); /* as if killed: nothing is committed */
  }
  assert_int_equal(read(ready[0], &c, 1), 1);
  assert_int_equal(vb_store_open(d, folder_path(dir, "kept.db"), &s), VB_OK);
  assert_int_equal(vb_store_begin(d, s), VB_SYSTEM);
  assert_string_equal(store_last_id(d), "STORE_BUSY");
  assert_int_equal(write(done[1], "x", 1), 1);
  int end = -1;
  assert_int_equal(waitpid(child, &end, 0), child);
  assert_int_equal(end, 0);
  assert_int_equal(vb_store_begin(d, s), VB_OK);
  for (int i = 0; i < 2; i++) {
    close(ready[i]);
    close(done[i]);
  }
}

static void many(vb_store *to, const char *value)
{
  for (int i = 0; i < 20000; i++) {
    char code[16];
    snprintf(code, sizeof code, "c.%d", i);
    vb_indicator x = {.form = "g", .code = code, .label = "Một chỉ tiêu có nhãn đủ dài để cơ sở dữ liệu lớn hơn bộ nhớ đệm của nó", .type = VB_TYPE_COUNT};
    if (vb_store_add_indicator(d, to, &x) != VB_OK || store_value(d, to, "xa-1", "2023", code, value) != VB_OK)
      return;
  }
}

/* Killed while it writes over what stood there: the next run finds what stood before. */
static void test_killed(void **state)
{
  (void)state;
  open_kept("a");
  many(s, "1");
  close_kept();
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    open_kept("a");
    many(s, "2");
    raise(SIGKILL);
  }
  int end = 0;
  assert_int_equal(waitpid(child, &end, 0), child);
  assert_true(WIFSIGNALED(end) && WTERMSIG(end) == SIGKILL);
  assert_int_equal(vb_store_open(d, folder_path(dir, "kept.db"), &s), VB_OK);
  is("SELECT count(*) || ' ' || sum(num) FROM value", "20000 20000");
}

/* A database of many values whose file may not grow: with a name, or NULL for one that SQLite moves to the temporary folder when it is too large for memory. */
static void fills_up(const char *path)
{
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    struct rlimit limit = {200000, 200000};
    signal(SIGXFSZ, SIG_IGN);
    vb_store *mine;
    bool good = setrlimit(RLIMIT_FSIZE, &limit) == 0 && setenv("SQLITE_TMPDIR", dir, 1) == 0;
    good = good && (path ? vb_store_open_scratch(d, path, &mine) : vb_store_open(d, NULL, &mine)) == VB_OK && vb_store_begin(d, mine) == VB_OK;
    if (good) {
      store_units(d, mine);
      many(mine, "1");
    }
    good = good && vb_store_commit(d, mine) == VB_SYSTEM && vb_diag_count(d, VB_FATAL) >= 1;
    good = good && strncmp(store_last_id(d), "STORE_F", 7) == 0; /* STORE_FULL, or STORE_FILE as the limit of a file is no full disk */
    good = good && strstr(store_last(d), path ? path : dir) != NULL;
    if (good)
      vb_store_close(mine);
    _exit(good ? 0 : 1);
  }
  int end = -1;
  assert_int_equal(waitpid(child, &end, 0), child);
  assert_int_equal(end, 0);
}

static void test_full(void **state)
{
  (void)state;
  fills_up(folder_path(dir, "full.db"));
  fills_up(NULL);
}

/* ---- memory ------------------------------------------------------------------------------------------------- */

static long calls, fail_at, live;

static void *count_alloc(void *ctx, size_t n)
{
  (void)ctx;
  if (++calls == fail_at)
    return NULL;
  void *p = malloc(n);
  live += p != NULL;
  return p;
}

static void *count_resize(void *ctx, void *p, size_t n)
{
  (void)ctx;
  return ++calls == fail_at ? NULL : realloc(p, n);
}

static void count_release(void *ctx, void *p)
{
  (void)ctx;
  live--;
  free(p);
}

/* What goes in. */
static vb_status fill(vb_diag *g, vb_store *t)
{
  static const vb_cell_in fields[2] = {{{"Máy in", 7}, 2, 1, NULL, false, false}, {{"04", 2}, 2, 2, NULL, false, false}};
  static const vb_indicator ind[2] = {
    {.form = "f", .code = "1.1", .label = "Tổng", .type = VB_TYPE_COUNT, .rollup = "sum"},
    {.form = "f", .code = "2.3", .label = "Mã", .type = VB_TYPE_CODE, .codes = "yn"},
  };
  vb_cell_in unit[15] = {{{"xa-1", 4}, 2, 1, NULL, false, false}, {{"Xã Một", 9}, 2, 2, NULL, false, false}};
  vb_delivery from = {"a.csv", {2023, 12, 1}, 1, "2023"};
  vb_cell_in none = {{NULL, 0}, 0, 0, NULL, false, false};
  vb_value_in v[2] = {
    {{VB_LIT("Xã Một"), 2, 1, NULL, false, false}, none, {VB_LIT("1.1"), 2, 2, NULL, false, false}, {VB_LIT("29"), 2, 3, NULL, false, false}, none, "a.csv", 2},
    {{VB_LIT("xa-1"), 2, 1, NULL, false, false}, none, {VB_LIT("2.3"), 2, 2, NULL, false, false}, {VB_LIT("có"), 2, 3, NULL, false, false}, none, "a.csv", 3},
  };
  vb_row_in row = {.fields = unit, .file = "u.csv", .line = 2}, thing = {.fields = fields, .file = "t.csv", .line = 2, .default_unit = "xa-1"};
  vb_status st = vb_store_begin(g, t);
  if (st == VB_OK)
    st = vb_store_add_row(g, t, vb_store_builtin("unit"), &row);
  if (st == VB_OK)
    st = vb_store_add_code_list(g, t, "f", "yn", "1", "Có");
  for (int i = 0; st == VB_OK && i < 2; i++)
    st = vb_store_add_indicator(g, t, &ind[i]);
  if (st == VB_OK)
    st = vb_store_add_row(g, t, &things, &thing);
  for (int i = 0; st == VB_OK && i < 2; i++)
    st = vb_store_add_value(g, t, &v[i], &from, NULL);
  return st == VB_OK ? vb_store_commit(g, t) : st;
}

/* What comes out. */
static vb_status look(vb_diag *g, vb_store *t, vb_arena *a)
{
  vb_query *q = NULL;
  vb_observation o = {.status = VB_MISSING};
  const vb_source_ref *refs;
  size_t n;
  vb_status st = vb_store_scope(t, "xa-1", "2023");
  if (st == VB_OK)
    st = vb_store_observe(g, t, a, "xa-1", "2023", VB_LIT("1.1"), &o);
  if (st == VB_OK)
    st = vb_query_prepare(g, t, VB_LIT("SELECT upper(ten) || words(val('1.1')) || ifnull(rollup('1.1'), '-') || traced('x', _row) FROM thiet_bi"
                                       " WHERE so = :so ORDER BY ten COLLATE VI_NAME"), VB_NOWHERE, &q);
  if (st == VB_OK) {
    vb_query_bind(q, 0, (vb_sql_value){VB_SQL_INTEGER, 4, {NULL, 0}});
    st = vb_query_step(g, q);
  }
  if (st == VB_OK) {
    assert_int_equal(o.num.n, 29);
    assert_true(vb_span_is(vb_query_value(q, 0).text, "MÁY INhai mươi chín-x"));
    st = vb_store_sources(g, t, a, &refs, &n);
    if (st == VB_OK)
      assert_int_equal(n, 2); /* nothing lies below the commune */
  }
  vb_query_free(q);
  return st;
}

/* Everything once; VB_OK only when all went well. */
static vb_status all(vb_diag *g, const char *path)
{
  vb_store *t = NULL;
  vb_arena *a = vb_arena_new(0);
  unlink(path);
  vb_status st = a ? vb_store_open_scratch(g, path, &t) : VB_NOMEM;
  if (st == VB_OK)
    st = fill(g, t);
  vb_store_close(t);
  t = NULL;
  if (st == VB_OK)
    st = vb_store_open_worker(g, path, &t);
  if (st == VB_OK)
    st = look(g, t, a);
  vb_store_close(t);
  vb_arena_free(a);
  return st;
}

static void test_memory(void **state)
{
  (void)state;
  static const vb_mem_table counting = {count_alloc, count_resize, count_release, NULL};
  char path[300];
  snprintf(path, sizeof path, "%s", folder_path(dir, "m.db"));
  vb_diag_free(d);
  vb_mem_set(&counting);
  calls = live = 0;
  fail_at = -1;
  d = vb_diag_new();
  assert_int_equal(all(d, path), VB_OK);
  vb_diag_free(d);
  assert_int_equal(live, 0);
  long total = calls, tried = 0, failed = 0;
  assert_true(total > 500);
  for (long n = 1; n <= total; n += n < 150 ? 1 : 7) {
    calls = 0;
    fail_at = -1;
    d = vb_diag_new();
    calls = 0;
    fail_at = n;
    vb_status st = all(d, path);
    fail_at = -1;
    if (st != VB_OK && st != VB_NOMEM)
      fail_msg("call %ld: status %d, %s", n, (int)st, store_last(d));
    if (st == VB_NOMEM && vb_diag_count(d, VB_INFO) != 0)
      fail_msg("call %ld: %s", n, store_last(d));
    vb_diag_free(d);
    if (live != 0)
      fail_msg("call %ld leaves %ld allocations", n, live);
    tried++;
    failed += st == VB_NOMEM;
  }
  assert_true(failed * 10 > tried * 8); /* SQLite does without some */
  vb_mem_set(NULL);
  d = vb_diag_new();
}

/* ---- the register of document numbers ----------------------------------------------------------------------- */

static const vb_number_key first = {"xa-1", 2023, "", "BC-UBND", "a", "2023", "bc"}, second = {"xa-1", 2023, "", "BC-UBND", "a", "2023", "bc-2"};

static void numbered(const vb_number_key *k, const char *want)
{
  char n[VB_NUMBER_BYTES];
  assert_int_equal(vb_number_find(d, s, k, n), VB_OK);
  assert_string_equal(n, want);
}

static void entered(vb_arena *a, const vb_number_key *k, const char *number, const char *holder)
{
  const char *has;
  assert_int_equal(vb_number_enter(d, s, k, number, a, &has), VB_OK);
  if (holder)
    assert_string_equal(has, holder);
  else
    assert_null(has);
}

/* A number goes to one document; one that is corrected and corrected back is its own again; an undone one was never given. */
static void test_numbers(void **state)
{
  (void)state;
  vb_arena *a = vb_arena_new(0);
  char n[VB_NUMBER_BYTES];
  open_kept("a");
  close_kept();
  assert_int_equal(vb_store_open(d, folder_path(dir, "kept.db"), &s), VB_OK);
  assert_int_equal(vb_numbers_begin(d, s), VB_OK);
  numbered(&first, "");
  assert_int_equal(vb_number_take(d, s, &first, n), VB_OK);
  assert_string_equal(n, "1");
  entered(a, &first, " 01", NULL);
  entered(a, &second, "1", "bc (a, 2023)");
  entered(a, &first, "05", NULL);
  numbered(&first, "5");
  entered(a, &first, "1", NULL);
  numbered(&first, "1");
  assert_int_equal(vb_numbers_end(d, s, true), VB_OK);
  assert_int_equal(vb_numbers_begin(d, s), VB_OK);
  assert_int_equal(vb_number_take(d, s, &second, n), VB_OK);
  assert_string_equal(n, "6"); /* above the highest ever given */
  assert_int_equal(vb_numbers_end(d, s, false), VB_OK);
  numbered(&second, "");
  vb_arena_free(a);
}

/* A database of the time before the register gets one, and keeps what it has; a worker does not write. */
static void test_raised(void **state)
{
  (void)state;
  vb_arena *a = vb_arena_new(0);
  const char *path = folder_path(dir, "kept.db");
  sqlite3 *db;
  open_kept("a");
  assert_int_equal(store_value(d, s, "xa-1", "2023", "1.1", "29"), VB_OK);
  close_kept();
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  assert_int_equal(sqlite3_exec(db, "DROP TABLE vb_number; PRAGMA user_version = 1", NULL, NULL, NULL), SQLITE_OK);
  assert_int_equal(sqlite3_close(db), SQLITE_OK);
  assert_int_equal(sqlite3_shutdown(), SQLITE_OK); /* the room sets it up for itself */
  assert_int_equal(vb_store_open_worker(d, path, &s), VB_SYSTEM);
  assert_string_equal(store_last_id(d), "STORE_VERSION");
  assert_int_equal(vb_store_open(d, path, &s), VB_OK);
  is("SELECT num FROM value", "29");
  numbered(&first, "");
  entered(a, &first, "7", NULL);
  numbered(&first, "7");
  vb_arena_free(a);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
  const struct CMUnitTest tests[] = {
    T(test_worker), T(test_kept), T(test_kept_correction), T(test_kept_form_changes), T(test_damaged), T(test_busy), T(test_killed), T(test_full), T(test_memory),
    T(test_numbers), T(test_raised),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
