/* Totals carried over page breaks: of tables made at random, what stands at the foot and at the head of every part is held against an
 * own sum of the figures that the pages before show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "doc_make.h"
#include "layout_try.h"
#include "text/text.h"

#define FOOT "Cộng mang sang"
#define HEAD "Số trang trước mang sang"

static const vb_table_column columns[4] = {{.width = 140}, {.width = 360}, {.width = 250, .align = VB_ALIGN_DECIMAL, .carry = true},
                                           {.width = 250, .align = VB_ALIGN_RIGHT, .carry = true, .dash_empty = true}};

static const char *printed(vb_doc *doc, int64_t n, int places)
{
  vb_buf b;
  vb_buf_init(&b);
  vb_number_print((vb_dec){n, places}, (vb_number_format){-1, true, 1, false}, &b);
  const char *s = vb_arena_str(doc->arena, b.p, b.n);
  vb_buf_free(&b);
  assert_non_null(s);
  return s;
}

static void figure(vb_doc *doc, vb_node *row, vb_value_type type, int64_t n, int places)
{
  make_number(doc, row, NULL, make_value(doc, type, n, places), printed(doc, n, places));
}

static vb_row_kind kind_of(uint32_t *seed)
{
  uint32_t x = try_random(seed, 20);
  return x == 0 ? VB_ROW_GROUP : x == 1 ? VB_ROW_SUBTOTAL : x == 2 ? VB_ROW_NOTE : VB_ROW_DATA;
}

/* Rows of all kinds, some of them tied by a span, some longer than a page; figures are missing now and then. */
static vb_node *random_table(vb_doc *doc, vb_node *s, uint32_t *seed, int rows)
{
  vb_node *t = make_table(doc, s, columns, 4);
  int tied = 0;
  for (uint32_t i = try_random(seed, 3); i > 0; i--) {
    vb_node *h = make_row(doc, t, VB_ROW_HEAD);
    for (int k = 0; k < 4; k++) make_cell(doc, h, "Cột");
  }
  for (int i = 0; i < rows; i++) {
    vb_row_kind kind = tied ? VB_ROW_DATA : kind_of(seed);
    vb_node *r = make_row(doc, t, kind);
    bool tall = try_random(seed, 25) == 0;
    if (tied) tied--;
    else if (kind == VB_ROW_DATA && i + 6 < rows && try_random(seed, 4) == 0) make_span(doc, r, "Nhãn", 1, (tied = (int)try_random(seed, 5)) + 1);
    else make_cell(doc, r, "Nhãn");
    const char *words = try_words(seed, tall ? 900 : (int)try_random(seed, 30) + 1);
    make_cell(doc, r, vb_arena_printf(doc->arena, "%s", words));
    if (try_random(seed, 6)) figure(doc, r, VB_VALUE_NUMBER, (int64_t)try_random(seed, 2000000) - 1000000, 2);
    else make_cell(doc, r, "");
    if (try_random(seed, 6)) figure(doc, r, try_random(seed, 9) ? VB_VALUE_MONEY : VB_VALUE_PERCENT, try_random(seed, 90000000), 0);
    else make_cell(doc, r, "");
  }
  vb_node *r = make_row(doc, t, VB_ROW_TOTAL);
  make_span(doc, r, "Cộng", 2, 1);
  figure(doc, r, VB_VALUE_NUMBER, 1, 0);
  figure(doc, r, VB_VALUE_MONEY, 1, 0);
  return t;
}

typedef struct sums { int64_t n[2]; bool has[2], closed; } sums;

/* The page's own figures: those of data rows, copies left out. True: the page shows something of the table. */
static bool add_page(const try_page *p, const vb_node *table, sums *x)
{
  bool any = false;
  for (uint32_t i = 0; i < p->p.n_boxes; i++) {
    const vb_box *b = &p->boxes[i];
    if (b->kind != VB_BOX_TEXT || b->repeated || !try_below(b->node, table)) continue;
    any = true;
    const vb_node *cell = b->node, *row = cell->parent;
    x->closed |= row->u.row.kind == VB_ROW_TOTAL;
    vb_value_type type = cell->u.cell.value.type;
    if (row->u.row.kind != VB_ROW_DATA || (type != VB_VALUE_NUMBER && type != VB_VALUE_MONEY)) continue;
    int col = type == VB_VALUE_MONEY;
    x->n[col] += cell->u.cell.value.num.n;
    x->has[col] = true;
  }
  return any;
}

static bool stands(const try_page *p, const vb_box *label, const char *text)
{
  for (uint32_t i = 0; i < p->p.n_boxes; i++) {
    const vb_box *b = &p->boxes[i];
    if (b->kind == VB_BOX_TEXT && b->repeated && b->y == label->y && b->x > label->x && strcmp(b->text.p, text) == 0) return true;
  }
  return false;
}

/* The row is there, or not; with these sums; outside of all others of the table; on the page. */
static void check_row(vb_doc *doc, const try_pages *t, int page, const char *label, const sums *x)
{
  const vb_box *b = try_find(t, page, label, 0);
  const try_page *p = &t->at[page];
  if (!x || x->closed || (!x->has[0] && !x->has[1])) {
    assert_null(b);
    return;
  }
  assert_non_null(b);
  assert_null(try_find(t, page, label, 1));
  assert_true(b->repeated && b->artifact && b->face == VB_ITALIC);
  assert_true(b->y > doc->setup.bottom && b->y < p->p.height - doc->setup.top);
  if (x->has[0]) assert_true(stands(p, b, printed(doc, x->n[0], 2)));
  if (x->has[1]) assert_true(stands(p, b, printed(doc, x->n[1], 0)));
  assert_false(stands(p, b, "-"));
  for (uint32_t i = 0; i < p->p.n_boxes; i++) {
    const vb_box *o = &p->boxes[i];
    if (o->kind != VB_BOX_TEXT || o->repeated || o->artifact) continue;
    assert_true(strcmp(label, FOOT) == 0 ? o->y > b->y : o->y < b->y);
    assert_true(o->y > doc->setup.bottom);
  }
}

static void test_random(void **state)
{
  int feet = 0, pages = 0;
  (void)state;
  for (uint32_t k = 1; k <= 40; k++) {
    uint32_t seed = k * 7919;
    vb_doc *doc = make_doc();
    vb_node *s = make_sequence(doc, VB_SEQ_BODY, NULL, k % 3 == 0), *table = random_table(doc, s, &seed, 20 + (int)k * 3);
    sums x = {{0}, {false}, false};
    vb_diag *d = vb_diag_new();
    assert_int_equal(vb_doc_verify(d, doc), VB_OK);
    vb_diag_free(d);
    try_pages t = try_lay(doc, NULL);
    assert_int_equal(t.st, VB_OK);
    for (int p = 0; p < t.n; p++) {
      check_row(doc, &t, p, HEAD, p ? &x : NULL);
      assert_true(add_page(&t.at[p], table, &x));
      check_row(doc, &t, p, FOOT, p + 1 < t.n ? &x : NULL);
      feet += try_find(&t, p, FOOT, 0) != NULL;
    }
    pages += t.n;
    try_free(&t);
    vb_doc_free(doc);
  }
  assert_true(pages > 200);
  assert_true(feet > pages / 2);
}

/* Rows of a stream, one figure each: the sum is that of the numbers up to there. */
typedef struct stream { int at, rows; } stream;

static vb_status again(void *ctx)
{
  ((stream *)ctx)->at = 0;
  return VB_OK;
}

static vb_status next(void *ctx, vb_arena *a, vb_node **row)
{
  stream *s = ctx;
  if (s->at == s->rows) return VB_DONE;
  vb_node *r = *row = vb_node_make(a, NULL, VB_NODE_ROW);
  if (!r) return VB_NOMEM;
  r->u.row.kind = VB_ROW_DATA;
  s->at++;
  for (int i = 0; i < 4; i++) {
    vb_node *c = vb_node_make(a, r, VB_NODE_CELL);
    const char *text = c ? vb_arena_printf(a, "%d", s->at) : NULL;
    if (!text) return VB_NOMEM;
    c->u.cell.text = vb_span_of(text);
    if (i == 2) c->u.cell.value = (vb_value){.type = VB_VALUE_NUMBER, .num = {s->at, 0}};
  }
  return VB_OK;
}

static void test_stream(void **state)
{
  stream rows = {.rows = 5000};
  vb_row_stream source = {again, next, &rows};
  vb_doc *doc = make_doc();
  vb_node *s = make_sequence(doc, VB_SEQ_BODY, NULL, false), *table = make_table(doc, s, columns, 4);
  (void)state;
  table->u.table.stream = &source;
  try_pages t = try_lay(doc, NULL);
  assert_int_equal(t.st, VB_OK);
  assert_true(t.n > 80);
  int64_t n = 0;
  for (int p = 0; p < t.n; p++) {
    const try_page *x = &t.at[p];
    int64_t before = n;
    for (uint32_t i = 0; i < x->p.n_boxes; i++)
      if (x->boxes[i].kind == VB_BOX_TEXT && !x->boxes[i].artifact && x->boxes[i].x < VB_MM(40)) n++; /* the first cell of a row */
    assert_true(n > before);
    const vb_box *foot = try_find(&t, p, FOOT, 0), *head = try_find(&t, p, HEAD, 0);
    assert_int_equal(foot != NULL, p + 1 < t.n);
    assert_int_equal(head != NULL, p > 0);
    if (foot) assert_true(stands(x, foot, printed(doc, n * (n + 1) / 2, 0)));
    if (head) assert_true(stands(x, head, printed(doc, before * (before + 1) / 2, 0)));
  }
  assert_int_equal(n, 5000);
  try_free(&t);
  vb_doc_free(doc);
}

/* A sum beyond what a figure holds stops the document at the cell, and is not printed wrong. */
static void test_too_large(void **state)
{
  vb_doc *doc = make_doc();
  vb_node *s = make_sequence(doc, VB_SEQ_BODY, NULL, false), *t = make_table(doc, s, columns, 4);
  (void)state;
  for (int i = 0; i < 2; i++) {
    vb_node *r = make_row(doc, t, VB_ROW_DATA);
    make_cell(doc, r, "Nhãn");
    make_cell(doc, r, "Chữ");
    figure(doc, r, VB_VALUE_NUMBER, INT64_MAX - 1, 0);
    make_cell(doc, r, "");
  }
  try_pages p = try_lay(doc, NULL);
  assert_int_equal(p.st, VB_BAD);
  assert_int_equal(vb_diag_first(try_diag())->msg, VB_MSG_TEMPLATE_OVERFLOW);
  try_free(&p);
  vb_doc_free(doc);
}

/* The n-th allocation fails, for every n: VB_NOMEM, and nothing leaks or breaks. */
static void test_no_memory(void **state)
{
  vb_doc *doc = make_doc();
  uint32_t seed = 5;
  (void)state;
  (void)random_table(doc, make_sequence(doc, VB_SEQ_BODY, NULL, false), &seed, 60);
  try_no_memory(doc, 4000);
  vb_doc_free(doc);
}

static int close_fonts(void **state)
{
  (void)state;
  try_fonts_close();
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_random), cmocka_unit_test(test_stream), cmocka_unit_test(test_too_large),
                                     cmocka_unit_test(test_no_memory)};
  return cmocka_run_group_tests(tests, NULL, close_fonts);
}
