/* The tree: making, nesting, walking, rows held and streamed, plain text, styles against the decree's table of components. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "doc_make.h"

static void test_make(void **state)
{
  (void)state;
  vb_doc *doc = make_doc();
  vb_node *body = make_sequence(doc, VB_SEQ_BODY, NULL, false);
  vb_node *p = make_para(doc, body, VB_STYLE_BODY, "một");
  assert_int_equal(doc->n_nodes, 4);
  assert_ptr_equal(vb_node_text(doc, p, VB_LIT(" hai"), 0), p->first); /* joined */
  assert_true(vb_span_is(p->first->u.text.text, "một hai"));
  assert_ptr_not_equal(vb_node_text(doc, p, VB_LIT(" ba"), VB_INLINE_BOLD), p->first);
  assert_ptr_equal(vb_node_text(doc, p, VB_LIT(""), 0), p);
  assert_ptr_equal(p->last->parent, p);
  assert_ptr_equal(p->first->next, p->last);
  assert_int_equal(p->u.para.before, -1);
  vb_node *loose = vb_node_add(doc, NULL, VB_NODE_CELL);
  assert_null(loose->parent);
  assert_int_equal(loose->u.cell.colspan, 1);
  assert_int_equal(loose->u.cell.rowspan, 1);
  vb_doc_free(doc);
  vb_doc_free(NULL);
}

static void test_traces_grow(void **state)
{
  (void)state;
  vb_doc *doc = make_doc();
  char *names[1000];
  for (uint32_t i = 0; i < 1000; i++) {
    names[i] = vb_arena_printf(doc->arena, "c%u", (unsigned)i);
    assert_int_equal(vb_doc_trace(doc, &(vb_trace){.expression = names[i]}), i + 1);
  }
  for (uint32_t i = 0; i < 1000; i++)
    assert_ptr_equal(doc->traces[i].expression, names[i]);
  vb_doc_free(doc);
}

/* The nesting of the seeds' documents is allowed, and nothing may hold itself but groups. */
static void test_nesting(void **state)
{
  (void)state;
  static const vb_node_kind good[][2] = {
    {VB_NODE_DOCUMENT, VB_NODE_SEQUENCE}, {VB_NODE_SEQUENCE, VB_NODE_TABLE}, {VB_NODE_SEQUENCE, VB_NODE_COLUMNS},
    {VB_NODE_COLUMNS, VB_NODE_COLUMN}, {VB_NODE_COLUMN, VB_NODE_PARA}, {VB_NODE_COLUMN, VB_NODE_RULE}, {VB_NODE_COLUMN, VB_NODE_SLOT},
    {VB_NODE_COLUMN, VB_NODE_GROUP}, {VB_NODE_LIST, VB_NODE_ITEM}, {VB_NODE_ITEM, VB_NODE_PARA}, {VB_NODE_ITEM, VB_NODE_LIST},
    {VB_NODE_TABLE, VB_NODE_ROW}, {VB_NODE_ROW, VB_NODE_CELL}, {VB_NODE_CELL, VB_NODE_LIST}, {VB_NODE_CELL, VB_NODE_PARA},
    {VB_NODE_PARA, VB_NODE_FIGURE}, {VB_NODE_PARA, VB_NODE_SLOT_INLINE}, {VB_NODE_GROUP, VB_NODE_CHART}};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++)
    assert_true(vb_node_may_hold(good[i][0], good[i][1]));
  for (int k = 0; k < VB_NODE_KINDS; k++) {
    assert_int_equal(vb_node_may_hold((vb_node_kind)k, (vb_node_kind)k), k == VB_NODE_GROUP);
    assert_false(vb_node_may_hold((vb_node_kind)k, VB_NODE_DOCUMENT));
    assert_false(vb_node_may_hold(VB_NODE_TEXT, (vb_node_kind)k));
    for (int j = 0; j < k; j++)
      assert_string_not_equal(vb_node_name((vb_node_kind)k), vb_node_name((vb_node_kind)j));
  }
  assert_false(vb_node_may_hold(VB_NODE_CELL, VB_NODE_TABLE));
  assert_false(vb_node_may_hold(VB_NODE_PARA, VB_NODE_PARA));
}

static void test_walk(void **state)
{
  (void)state;
  vb_doc *doc = make_doc();
  vb_node *body = make_sequence(doc, VB_SEQ_BODY, NULL, false);
  vb_node *list = vb_node_add(doc, body, VB_NODE_LIST);
  vb_node *item = vb_node_add(doc, list, VB_NODE_ITEM);
  make_para(doc, item, VB_STYLE_BODY, "a");
  vb_node_add(doc, list, VB_NODE_ITEM);
  make_para(doc, body, VB_STYLE_BODY, "b");
  static const char want[] = "<document<sequence<list<item<para<text>>><item>><para<text>>>>";
  for (int skip = 0; skip < 2; skip++) {
    vb_walk w;
    vb_buf b;
    vb_buf_init(&b);
    vb_walk_init(&w, doc->root);
    while (vb_walk_next(&w)) {
      vb_buf_str(&b, w.leaving ? ">" : "<");
      if (!w.leaving)
        vb_buf_str(&b, vb_node_name(w.node->kind));
      if (skip && !w.leaving && w.node == list)
        vb_walk_skip(&w); /* its end is passed over with it */
    }
    assert_string_equal(vb_buf_cstr(&b), skip ? "<document<sequence<list<para<text>>>>" : want);
    assert_false(vb_walk_next(&w));
    vb_buf_free(&b);
  }
  vb_walk w; /* a walk of a part does not leave it */
  int n = 0;
  vb_walk_init(&w, list);
  while (vb_walk_next(&w))
    n++;
  assert_int_equal(n, 10);
  vb_doc_free(doc);
}

/* Nesting as deep as a hostile template likes does not touch the stack. */
static void test_walk_deep(void **state)
{
  (void)state;
  enum { DEPTH = 300000 };
  vb_doc *doc = make_doc();
  vb_node *at = make_sequence(doc, VB_SEQ_BODY, NULL, false);
  for (int i = 0; i < DEPTH; i++)
    at = vb_node_add(doc, at, VB_NODE_GROUP);
  vb_walk w;
  int n = 0;
  vb_walk_init(&w, doc->root);
  while (vb_walk_next(&w))
    n++;
  assert_int_equal(n, 2 * (DEPTH + 2));
  vb_doc_free(doc);
}

typedef struct source { int at, count, rewound; } source;

static vb_status source_rewind(void *ctx)
{
  source *s = ctx;
  s->at = 0;
  s->rewound++;
  return VB_OK;
}

static vb_status source_next(void *ctx, vb_arena *a, vb_node **row)
{
  source *s = ctx;
  if (s->at == s->count)
    return VB_DONE;
  *row = vb_node_make(a, NULL, VB_NODE_ROW);
  (*row)->u.row.kind = VB_ROW_DATA;
  vb_node *c = vb_node_make(a, *row, VB_NODE_CELL);
  char *text = vb_arena_printf(a, "dòng %d", ++s->at);
  c->u.cell.text = vb_span_of(text);
  return VB_OK;
}

static void test_rows(void **state)
{
  (void)state;
  vb_doc *doc = make_doc();
  vb_node *body = make_sequence(doc, VB_SEQ_BODY, NULL, false), *t = make_table(doc, body, &(vb_table_column){0}, 1), *r;
  source src = {0, 50000, 0};
  vb_row_stream stream = {source_rewind, source_next, &src};
  make_cell(doc, make_row(doc, t, VB_ROW_HEAD), "đầu");
  vb_rows rows;
  assert_int_equal(vb_rows_start(&rows, t, NULL), VB_OK);
  assert_int_equal(vb_rows_next(&rows, &r), VB_OK);
  assert_ptr_equal(r, t->first);
  assert_int_equal(vb_rows_next(&rows, &r), VB_DONE);
  t->u.table.stream = &stream;
  vb_arena *scratch = vb_arena_new(0);
  for (int pass = 1; pass <= 2; pass++) {
    int n = 0;
    char want[32];
    assert_int_equal(vb_rows_start(&rows, t, scratch), VB_OK);
    while (vb_rows_next(&rows, &r) == VB_OK) {
      snprintf(want, sizeof want, "dòng %d", n);
      assert_true(vb_span_is(r->first->u.cell.text, n ? want : "đầu"));
      assert_int_equal(rows.streaming, n > 0);
      n++;
    }
    assert_int_equal(n, 50001);
    assert_int_equal(src.rewound, pass);
  }
  assert_true(vb_arena_bytes(scratch) < 1u << 20); /* the memory of one row, not of all */
  vb_arena_free(scratch);
  vb_doc_free(doc);
}

static void test_plain(void **state)
{
  (void)state;
  vb_doc *doc = make_doc();
  vb_node *body = make_sequence(doc, VB_SEQ_BODY, NULL, false), *p = make_para(doc, body, VB_STYLE_HEADING_1, "Kết quả");
  vb_buf b;
  p->label = "I.";
  vb_node_add(doc, p, VB_NODE_BREAK);
  vb_node *f = vb_node_add(doc, p, VB_NODE_FIGURE);
  f->u.text.text = VB_LIT("1.714");
  vb_node_text(doc, p, VB_LIT(" hồ sơ"), 0);
  vb_node *t = make_table(doc, body, (vb_table_column[2]){{0}, {0}}, 2), *r = make_row(doc, t, VB_ROW_DATA);
  make_cell(doc, r, "ô một");
  vb_node *c = make_cell(doc, r, ""), *item = vb_node_add(doc, vb_node_add(doc, c, VB_NODE_LIST), VB_NODE_ITEM);
  item->label = "-";
  make_para(doc, item, VB_STYLE_TABLE_ITEM, "ý một");
  make_cell(doc, r, "");
  vb_buf_init(&b);
  vb_buf_str(&b, "trước:");
  vb_node_plain(body, &b);
  assert_string_equal(vb_buf_cstr(&b), "trước:I. Kết quả 1.714 hồ sơ ô một - ý một");
  vb_buf_free(&b);
  vb_doc_free(doc);
}

/* Sizes, weight, slant and case of the decree's table of components (ND30 PL I, mục V): {style, from, to, bold, italic, caps}, half points. */
static void test_styles(void **state)
{
  (void)state;
  static const struct { const char *name; int from, to; bool bold, italic, upper; } rows[] = {
    {"nation", 24, 26, 1, 0, 1}, {"motto", 26, 28, 1, 0, 0}, {"superior", 24, 26, 0, 0, 1}, {"organ", 24, 26, 1, 0, 1},
    {"number", 26, 26, 0, 0, 0}, {"place-date", 26, 28, 0, 1, 0}, {"title", 26, 28, 1, 0, 1}, {"subject", 26, 28, 1, 0, 0},
    {"subject-letter", 24, 26, 0, 0, 0}, {"basis", 26, 28, 0, 1, 0}, {"body", 26, 28, 0, 0, 0}, {"part", 26, 28, 1, 0, 0},
    {"part-title", 26, 28, 1, 0, 1}, {"heading-1", 26, 28, 1, 0, 1}, {"heading-2", 26, 28, 1, 0, 0}, {"authority", 26, 28, 1, 0, 1},
    {"signer", 26, 28, 1, 0, 0}, {"addressee", 26, 28, 0, 0, 0}, {"recipients-head", 24, 24, 1, 1, 0}, {"recipient", 22, 22, 0, 0, 0},
    {"appendix-label", 28, 28, 1, 0, 0}, {"appendix-title", 26, 28, 1, 0, 1}, {"appendix-ref", 26, 28, 0, 1, 0},
    {"urgency", 26, 28, 1, 0, 1}, {"circulation", 26, 28, 1, 0, 1}, {"drafter", 22, 22, 0, 0, 0}, {"address", 22, 24, 0, 0, 0},
    {"page-number", 26, 28, 0, 0, 0}};
  for (int set = 'A'; set <= 'B'; set++)
    for (int body = 26; body <= 28; body += 2)
      for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        vb_setup u = {.size_set = (char)set, .body_size = (int16_t)body};
        vb_style_id id;
        assert_true(vb_style_by_name(vb_span_of(rows[i].name), &id));
        const vb_style *s = vb_style_get(id);
        assert_in_range(vb_style_size(&u, s), rows[i].from, rows[i].to);
        assert_true(s->bold == rows[i].bold && s->italic == rows[i].italic && s->upper == rows[i].upper);
      }
  vb_style_id id;
  assert_false(vb_style_by_name(VB_LIT("nation "), &id));
  for (int i = 0; i < VB_STYLES; i++) {
    assert_true(vb_style_by_name(vb_span_of(vb_style_get((vb_style_id)i)->name), &id));
    assert_int_equal(id, i); /* no name twice */
  }
}

static void test_look(void **state)
{
  (void)state;
  vb_doc *doc = make_doc();
  vb_node *t = make_table(doc, make_sequence(doc, VB_SEQ_BODY, NULL, false),
    (vb_table_column[2]){{.align = VB_ALIGN_RIGHT, .valign = VB_VALIGN_TOP, .dash_empty = true}, {.valign = VB_VALIGN_MIDDLE}}, 2);
  vb_node *head = make_row(doc, t, VB_ROW_HEAD), *row = make_row(doc, t, VB_ROW_DATA), *total = make_row(doc, t, VB_ROW_TOTAL);
  vb_cell_look k = vb_cell_look_of(doc, t, make_cell(doc, head, "Số"), 0);
  assert_true(k.bold && k.align == VB_ALIGN_CENTER && k.valign == VB_VALIGN_MIDDLE && k.size == 26);
  vb_node *c = make_cell(doc, row, "12");
  k = vb_cell_look_of(doc, t, c, 0);
  assert_true(!k.bold && k.align == VB_ALIGN_RIGHT && k.valign == VB_VALIGN_TOP);
  c->u.cell.align = VB_ALIGN_LEFT;
  c->u.cell.italic = c->u.cell.valign_set = true;
  c->u.cell.valign = VB_VALIGN_MIDDLE;
  t->u.table.size = 24;
  k = vb_cell_look_of(doc, t, c, 0);
  assert_true(k.italic && k.align == VB_ALIGN_LEFT && k.valign == VB_VALIGN_MIDDLE && k.size == 24);
  k = vb_cell_look_of(doc, t, make_cell(doc, row, "b"), 1);
  assert_true(k.align == VB_ALIGN_LEFT && k.valign == VB_VALIGN_MIDDLE);
  c = make_span(doc, total, "", 2, 1);
  k = vb_cell_look_of(doc, t, c, 0);
  assert_true(!k.bold && k.align == VB_ALIGN_LEFT); /* over two columns: not the first one's alignment */
  assert_true(vb_cell_text_of(t, c, 0).n == 0);
  c->u.cell.colspan = 1;
  assert_true(vb_span_is(vb_cell_text_of(t, c, 0), "-"));
  assert_true(vb_cell_text_of(t, c, 1).n == 0);
  assert_true(vb_cell_text_of(t, make_cell(doc, head, ""), 0).n == 0);
  vb_doc_free(doc);
}

/* The last node that a document may have, and the one behind it. */
static void test_too_many(void **state)
{
  (void)state;
  vb_doc *doc = vb_doc_new();
  doc->n_nodes = VB_DOC_NODES_MAX - 1;
  assert_non_null(vb_node_add(doc, doc->root, VB_NODE_PARA));
  assert_null(vb_node_add(doc, doc->root, VB_NODE_PARA));
  assert_int_equal(doc->n_nodes, VB_DOC_NODES_MAX);
  vb_doc_free(doc);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_make), cmocka_unit_test(test_traces_grow), cmocka_unit_test(test_nesting), cmocka_unit_test(test_walk),
    cmocka_unit_test(test_walk_deep), cmocka_unit_test(test_rows), cmocka_unit_test(test_plain), cmocka_unit_test(test_styles),
    cmocka_unit_test(test_look), cmocka_unit_test(test_too_many)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
