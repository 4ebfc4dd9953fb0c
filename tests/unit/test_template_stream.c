/* Tables over VB_TABLE_STREAM_ROWS rows: made when asked for, the same each time, from two documents at once; what they cannot have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "folder.h"
#include "template_lab.h"

static const vb_node *table_of(const vb_doc *doc)
{
  for (const vb_node *n = doc->root->first->first; n; n = n->next)
    if (n->kind == VB_NODE_TABLE) return n;
  return NULL;
}

/* Rows of the table with a checksum of their texts. */
static uint64_t read_all(const vb_node *table, size_t *rows, vb_arena *scratch)
{
  vb_rows r;
  vb_node *row = NULL;
  uint64_t sum = 0;
  vb_status st;
  *rows = 0;
  assert_int_equal(vb_rows_start(&r, table, scratch), VB_OK);
  while ((st = vb_rows_next(&r, &row)) == VB_OK) {
    vb_buf text;
    vb_buf_init(&text);
    vb_node_plain(row, &text);
    for (size_t i = 0; i < text.n; i++) sum = sum * 31 + (unsigned char)text.p[i];
    vb_buf_free(&text);
    ++*rows;
  }
  assert_int_equal(st, VB_DONE);
  return sum;
}

static void streams(void **state)
{
  lab l;
  size_t rows = 0, again = 0;
  (void)state;
  lab_make(&l);
  assert_int_equal(lab_open(&l, "dong-chay"), VB_OK);
  assert_int_equal(vb_template_build(l.d, l.t, l.s, &l.build, &l.doc), VB_OK);
  const vb_node *t = table_of(l.doc);
  assert_non_null(t->u.table.stream);
  vb_arena *scratch = vb_arena_new(0);
  uint64_t first = read_all(t, &rows, scratch);
  assert_int_equal(rows, 1 + 30000 + 3); /* head, rows, three group rows before rows of the same query row */
  assert_int_equal(read_all(t, &again, scratch), first);
  assert_int_equal(again, rows);
  assert_true(vb_arena_bytes(scratch) < 1 << 20);
  vb_arena_free(scratch);
  assert_int_equal(vb_doc_verify(l.d, l.doc), VB_OK);
  assert_string_equal(lab_findings(&l), "");
  lab_drop(&l);
}

static void one_row(void **state)
{
  lab l;
  vb_rows r;
  vb_node *row = NULL;
  (void)state;
  lab_make(&l);
  assert_int_equal(lab_open(&l, "dong-chay"), VB_OK);
  assert_int_equal(vb_template_build(l.d, l.t, l.s, &l.build, &l.doc), VB_OK);
  vb_arena *scratch = vb_arena_new(0);
  assert_int_equal(vb_rows_start(&r, table_of(l.doc), scratch), VB_OK);
  for (int i = 0; i < 3; i++) assert_int_equal(vb_rows_next(&r, &row), VB_OK);
  const vb_node *c = row->first;
  assert_string_equal(c->u.cell.text.p, "2");
  assert_string_equal(c->next->u.cell.text.p ? c->next->u.cell.text.p : "", "");
  const vb_node *figure = c->next->first->last;
  assert_int_equal(figure->kind, VB_NODE_FIGURE);
  assert_string_equal(figure->u.text.text.p, "2");
  const vb_node *money = c->next->next;
  assert_string_equal(money->u.cell.text.p, "2.000");
  assert_int_equal(money->u.cell.value.type, VB_VALUE_MONEY);
  assert_true(money->u.cell.value.trace > 0);
  assert_string_equal(l.doc->traces[money->u.cell.value.trace - 1].expression, "so");
  vb_arena_free(scratch);
  lab_drop(&l);
}

static void short_one(void **state)
{
  lab l;
  vb_variable few = {"dong", {VB_SQL_INTEGER, VB_TABLE_STREAM_ROWS, {NULL, 0}}};
  (void)state;
  lab_make(&l);
  l.build.variables = &few;
  l.build.n_variables = 1;
  assert_int_equal(lab_open(&l, "dong-chay"), VB_OK);
  assert_int_equal(lab_build(&l), VB_OK);
  assert_null(table_of(l.doc)->u.table.stream);
  lab_drop(&l);
}

static void two_at_once(void **state)
{
  lab l;
  vb_doc *other = NULL;
  vb_rows a, b;
  vb_node *x = NULL, *y = NULL;
  (void)state;
  lab_make(&l);
  assert_int_equal(lab_open(&l, "dong-chay"), VB_OK);
  assert_int_equal(vb_template_build(l.d, l.t, l.s, &l.build, &l.doc), VB_OK);
  assert_int_equal(vb_template_build(l.d, l.t, l.s, &l.build, &other), VB_OK);
  vb_arena *sa = vb_arena_new(0), *sb = vb_arena_new(0);
  assert_int_equal(vb_rows_start(&a, table_of(l.doc), sa), VB_OK);
  assert_int_equal(vb_rows_start(&b, table_of(other), sb), VB_OK);
  for (int i = 0; i < 40; i++) {
    assert_int_equal(vb_rows_next(&a, &x), VB_OK);
    if (i % 2) assert_int_equal(vb_rows_next(&b, &y), VB_OK);
  }
  assert_string_equal(x->first->u.cell.text.p, "39");
  assert_string_equal(y->first->u.cell.text.p, "19");
  vb_arena_free(sa);
  vb_arena_free(sb);
  vb_doc_free(other);
  lab_drop(&l);
}

static void refused(void **state)
{
  static const char *const cells[] = {"<cell key=\"k-{i}\">{i}</cell>", "<cell rowspan=\"2\">{i}</cell>", "<cell sum=\"SELECT 'a'\"/>"};
  (void)state;
  for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
    char dir[256], text[1024];
    lab l;
    vb_template *t = NULL;
    folder_make(dir);
    (void)snprintf(text, sizeof text,
                   "<template id='dai' kind='TB'><about lang='vi'>A</about><subject>A</subject><body><table id='t' title='T'><col id='a'/>"
                   "<for query=\"WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s LIMIT 20001) SELECT i FROM s\"><row>%s</row></for></table></body></template>",
                   cells[i]);
    folder_put(dir, "dai.xml", text);
    const char *const dirs[] = {dir, "templates"};
    const vb_library lib = {dirs, 2};
    lab_make(&l);
    assert_int_equal(vb_template_open(l.d, &lib, VB_LIT("dai"), VB_NOWHERE, &t), VB_OK);
    assert_int_equal(vb_store_open(l.d, NULL, &l.s), VB_OK);
    assert_int_equal(vb_template_prepare(l.d, t, l.s), VB_OK);
    assert_int_equal(vb_template_build(l.d, t, l.s, &l.build, &l.doc), VB_BAD);
    assert_non_null(strstr(lab_findings(&l), "the table has over 20000 rows: its cells cannot have keys, formulas or row spans; take them out [template-key]"));
    vb_template_close(t);
    lab_drop(&l);
    folder_drop(dir);
  }
}

/* A wrong row withholds the document whether its rows are looked at first or met by who writes them; it is not looked for twice. */
static void late(void **state)
{
  static const char text[] =
    "<template id='dai' kind='TB'><about lang='vi'>A</about><subject>A</subject><body><table id='t' title='T'><col id='a'/>"
    "<for query=\"WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s LIMIT 20900) SELECT CASE i WHEN 20600 THEN 'a' || char(7) ELSE 'b' END AS ten FROM s\">"
    "<row><cell>{ten}</cell></row></for></table></body></template>";
  char dir[256];
  lab l;
  vb_template *t = NULL;
  vb_rows r;
  vb_node *row = NULL;
  size_t n = 0;
  vb_status st;
  (void)state;
  folder_make(dir);
  folder_put(dir, "dai.xml", text);
  const char *const dirs[] = {dir, "templates"};
  const vb_library lib = {dirs, 2};
  lab_make(&l);
  assert_int_equal(vb_template_open(l.d, &lib, VB_LIT("dai"), VB_NOWHERE, &t), VB_OK);
  assert_int_equal(vb_store_open(l.d, NULL, &l.s), VB_OK);
  assert_int_equal(vb_template_prepare(l.d, t, l.s), VB_OK);
  assert_int_equal(vb_template_build(l.d, t, l.s, &l.build, &l.doc), VB_OK);
  assert_int_equal(vb_doc_verify_held(l.d, l.doc), VB_OK);
  assert_string_equal(lab_findings(&l), "");
  vb_arena *scratch = vb_arena_new(0);
  assert_int_equal(vb_rows_start(&r, table_of(l.doc), scratch), VB_OK);
  while ((st = vb_rows_next(&r, &row)) == VB_OK) n++;
  assert_int_equal(st, VB_BAD);
  assert_int_equal(n, 20599);
  assert_non_null(strstr(lab_findings(&l), "U+0007"));
  vb_arena_free(scratch);
  assert_int_equal(vb_doc_verify(l.d, l.doc), VB_BAD);
  vb_doc_free(l.doc);
  l.doc = NULL;
  vb_template_close(t);
  lab_drop(&l);
  folder_drop(dir);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(streams), cmocka_unit_test(one_row), cmocka_unit_test(short_one), cmocka_unit_test(two_at_once), cmocka_unit_test(refused),
                                     cmocka_unit_test(late)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
