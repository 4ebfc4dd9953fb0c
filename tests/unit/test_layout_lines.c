/* Line breaks against all ways there are: every division of a short paragraph is tried, with the costs as TeX has them (The TeXbook,
 * chapter 14: badness 100 r³, demerits (10 + b)², 10,000 between lines of classes that do not touch). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "doc_make.h"
#include "layout_try.h"
#include "text/text.h"

enum { MAX_BREAKS = 256 };
static const int64_t HUGE_COST = INT64_MAX / 4;

typedef struct problem {
  const char *text;
  int n;                       /* breaks, with start and end */
  size_t at[MAX_BREAKS];       /* byte where the next line begins */
  int64_t width, first;        /* 1/1000 em */
  int64_t tolerance, extra;
  char align;                  /* j, l, c */
  int64_t best;
} problem;

static int64_t em(const char *from, const char *to)
{
  return vb_face_text_width(vb_fontset_face(try_fonts(), VB_REGULAR), (vb_span){from, (size_t)(to - from)}, 1000);
}

static int spaces(const char *from, const char *to)
{
  int n = 0;
  for (; from < to; from++)
    n += *from == ' ';
  return n;
}

/* TeX: The Program, section 108. */
static int64_t tex_badness(int64_t t, int64_t s)
{
  if (t == 0) return 0;
  if (s <= 0) return 10000;
  int64_t r = t <= 7230584 ? t * 297 / s : t;
  if (r > 1290) return 10000;
  return (r * r * r + 131072) / 262144;
}

/* Cost of a line, or HUGE_COST; *cls its class. */
static int64_t line_cost(const problem *p, int a, int b, int *cls)
{
  const char *from = p->text + p->at[a], *to = p->text + p->at[b];
  while (to > from && to[-1] == ' ') to--;
  bool last = b == p->n - 1;
  int64_t lack = (a == 0 ? p->first : p->width) - em(from, to), n = spaces(from, to);
  *cls = 1;
  if (p->align != 'j') {
    int64_t w = a == 0 ? p->first : p->width;
    if (lack < 0) return HUGE_COST;
    if (last && p->align == 'l') return 1000000000;
    return 1000000000 + (1000 * lack / w) * (1000 * lack / w);
  }
  int64_t bad = 0;
  if (lack < 0) {
    if (-lack > n * 83) return HUGE_COST;
    bad = tex_badness(-lack, n * 83);
    *cls = bad > 12 ? 0 : 1;
  } else if (!last) {
    bad = tex_badness(lack, n * 125 + p->extra);
    if (bad > p->tolerance) return HUGE_COST;
    *cls = bad > 99 ? 3 : bad > 12 ? 2 : 1;
  }
  return (10 + bad) * (10 + bad) + (last && a > 0 && em(from, to) < 2500 ? 100 : 0);
}

static void try_all(problem *p, int from, int cls, int64_t sum)
{
  if (from == p->n - 1) {
    if (sum < p->best) p->best = sum;
    return;
  }
  for (int to = from + 1; to < p->n; to++) {
    int next;
    int64_t cost = line_cost(p, from, to, &next);
    if (cost >= HUGE_COST) continue;
    cost += sum + (next > cls + 1 || cls > next + 1 ? 10000 : 0);
    if (cost < p->best) try_all(p, to, next, cost);
  }
}

static void find_breaks(problem *p)
{
  static uint8_t map[1 << 16];
  size_t n = strlen(p->text);
  vb_break_map((vb_span){p->text, n}, map);
  p->n = 0;
  p->at[p->n++] = 0;
  for (size_t i = 1; i < n; i++)
    if (map[i] == 1) {
      assert_true(p->n < MAX_BREAKS - 1);
      p->at[p->n++] = i;
    }
  p->at[p->n++] = n;
}

/* The least cost, in the passes that layout takes; HUGE_COST when only a break inside words would do. */
static int64_t least(problem *p)
{
  static const int64_t passes[4][2] = {{200, 0}, {1000, 0}, {9999, 0}, {10000, 3000}};
  for (int i = p->align == 'j' ? 0 : 3; i < 4; i++) {
    p->tolerance = passes[i][0];
    p->extra = passes[i][1];
    p->best = HUGE_COST;
    try_all(p, 0, 1, 0);
    if (p->best < HUGE_COST) return p->best;
  }
  return HUGE_COST;
}

/* Cost of the lines that layout made, in the pass that least() ended with. */
static int64_t made(problem *p, const try_pages *t)
{
  size_t at = 0;
  int from = 0, cls = 1;
  int64_t sum = 0;
  for (int page = 0; page < t->n; page++)
    for (uint32_t i = 0; i < t->at[page].p.n_boxes; i++) {
      const vb_box *b = &t->at[page].boxes[i];
      if (b->artifact) continue;
      assert_int_equal(strncmp(p->text + at, b->text.p, b->text.n), 0);
      assert_true(b->line_end);
      at += b->text.n;
      int to = from, next;
      while (to < p->n && p->at[to] < at) to++;
      assert_true(to < p->n && p->at[to] == at);
      int64_t cost = line_cost(p, from, to, &next);
      assert_true(cost < HUGE_COST);
      sum += cost + (next > cls + 1 || cls > next + 1 ? 10000 : 0);
      from = to;
      cls = next;
    }
  assert_int_equal(at, strlen(p->text));
  return sum;
}

static void compare(uint32_t *seed, vb_align align, int words, vb_len width)
{
  vb_doc *doc = make_doc();
  doc->setup.left = VB_MM(20);
  doc->setup.right = VB_MM(210) - VB_MM(20) - width;
  vb_node *s = make_sequence(doc, VB_SEQ_BODY, NULL, false);
  vb_node *n = make_para(doc, s, VB_STYLE_BODY, try_words(seed, words));
  n->u.para.align = align;
  problem p = {.text = vb_arena_str(doc->arena, n->first->u.text.text.p, n->first->u.text.text.n)};
  bool indented = align == VB_ALIGN_JUSTIFY || align == VB_ALIGN_LEFT;
  p.align = align == VB_ALIGN_JUSTIFY ? 'j' : align == VB_ALIGN_LEFT ? 'l' : 'c';
  p.width = (int64_t)(VB_MM(210) - doc->setup.left - doc->setup.right) * 1000 / 14000;
  p.first = (int64_t)(VB_MM(210) - doc->setup.left - doc->setup.right - (indented ? doc->setup.indent : 0)) * 1000 / 14000;
  find_breaks(&p);
  int64_t best = least(&p);
  try_pages t = try_lay(doc, NULL);
  assert_int_equal(t.st, VB_OK);
  if (best < HUGE_COST)
    assert_int_equal(made(&p, &t), best);
  try_free(&t);
  vb_doc_free(doc);
}

static void test_justified_is_best(void **state)
{
  (void)state;
  uint32_t seed = 11;
  for (int i = 0; i < 400; i++)
    compare(&seed, VB_ALIGN_JUSTIFY, 5 + i % 50, VB_MM(110) + (vb_len)try_random(&seed, VB_MM(60)));
}

static void test_ragged_is_best(void **state)
{
  (void)state;
  uint32_t seed = 12;
  for (int i = 0; i < 200; i++)
    compare(&seed, VB_ALIGN_LEFT, 3 + i % 22, VB_MM(70) + (vb_len)try_random(&seed, VB_MM(60)));
}

static void test_centred_is_balanced(void **state)
{
  (void)state;
  uint32_t seed = 13;
  for (int i = 0; i < 200; i++)
    compare(&seed, VB_ALIGN_CENTER, 3 + i % 22, VB_MM(70) + (vb_len)try_random(&seed, VB_MM(60)));
}

/* Right edges of justified lines, to 1 mpt a space; the last line natural. */
static void test_right_edge(void **state)
{
  (void)state;
  uint32_t seed = 5;
  vb_doc *doc = make_doc();
  vb_node *s = make_sequence(doc, VB_SEQ_BODY, NULL, false);
  for (int i = 0; i < 40; i++)
    make_para(doc, s, VB_STYLE_BODY, try_words(&seed, 120));
  try_pages t = try_lay(doc, NULL);
  vb_len right = VB_MM(210) - doc->setup.right;
  int checked = 0;
  for (int p = 0; p < t.n; p++)
    for (uint32_t i = 0; i < t.at[p].p.n_boxes; i++) {
      const vb_box *b = &t.at[p].boxes[i];
      if (b->artifact) continue;
      if (!b->soft_space) {
        assert_true(b->space <= 0);
        continue;
      }
      int n = spaces(b->text.p, b->text.p + b->text.n) - 1;
      int64_t w = vb_face_text_width(vb_fontset_face(try_fonts(), VB_REGULAR), (vb_span){b->text.p, b->text.n - 1}, 14000);
      assert_true(b->x + w + (int64_t)n * b->space <= right + 1);
      assert_true(b->x + w + (int64_t)n * b->space >= right - n - 1);
      assert_true(b->w >= w + (int64_t)n * b->space - 1 && b->w <= w + (int64_t)n * b->space + 1);
      checked++;
    }
  assert_true(checked > 200);
  assert_true(t.stats.mean_stretch > 0.9 && t.stats.mean_stretch < 1.5);
  try_free(&t);
  vb_doc_free(doc);
}

/* A word wider than its line is broken between letters; none is lost. */
static void test_long_word(void **state)
{
  (void)state;
  static char word[1200];
  for (size_t i = 0; i + 3 <= sizeof word - 1; i += 3) memcpy(word + i, "\xE1\xBA\xA1", 3);
  static const vb_align aligns[] = {VB_ALIGN_JUSTIFY, VB_ALIGN_LEFT, VB_ALIGN_CENTER, VB_ALIGN_RIGHT};
  for (size_t k = 0; k < sizeof aligns / sizeof *aligns; k++) {
    vb_doc *doc = make_doc();
    vb_node *n = make_para(doc, make_sequence(doc, VB_SEQ_BODY, NULL, false), VB_STYLE_BODY, word);
    n->u.para.align = aligns[k];
    try_pages t = try_lay(doc, NULL);
    size_t bytes = 0;
    assert_int_equal(t.st, VB_OK);
    for (uint32_t i = 0; i < t.at[0].p.n_boxes; i++) {
      const vb_box *b = &t.at[0].boxes[i];
      bytes += b->text.n;
      assert_int_equal(vb_utf8_check(b->text), b->text.n);
      assert_true(b->x >= doc->setup.left && b->x + b->w <= VB_MM(210) - doc->setup.right);
    }
    assert_int_equal(bytes, strlen(word));
    try_free(&t);
    vb_doc_free(doc);
  }
}

/* Manual breaks hold, and a label keeps its natural space and stands before its text. */
static void test_break_and_label(void **state)
{
  (void)state;
  vb_doc *doc = make_doc();
  vb_node *s = make_sequence(doc, VB_SEQ_BODY, NULL, false);
  vb_node *n = make_para(doc, s, VB_STYLE_TITLE, "Báo cáo");
  assert_non_null(vb_node_add(doc, n, VB_NODE_BREAK));
  assert_non_null(vb_node_text(doc, n, VB_LIT("công tác"), 0));
  vb_node *item = make_para(doc, s, VB_STYLE_ITEM_HANGING, "một hai ba");
  item->label = "-";
  vb_node *clause = make_para(doc, s, VB_STYLE_CLAUSE, "bốn năm");
  clause->label = "1.";
  try_pages t = try_lay(doc, NULL);
  const vb_box *b = t.at[0].boxes;
  assert_int_equal(t.at[0].p.n_boxes, 6);
  assert_string_equal(b[0].text.p, "BÁO CÁO");
  assert_true(b[0].line_end && !b[0].soft_space);
  assert_string_equal(b[1].text.p, "CÔNG TÁC");
  assert_true(b[1].y < b[0].y && b[0].face == VB_BOLD);
  assert_string_equal(b[2].text.p, "- ");
  assert_true(b[2].label && b[2].node == item && b[2].y == b[3].y);
  assert_int_equal(b[2].x, doc->setup.left + VB_PT(28));
  assert_in_range(b[3].x, doc->setup.left + VB_PT(42), doc->setup.left + VB_PT(42) + 14);
  assert_true(b[4].label && b[4].x == doc->setup.left + doc->setup.indent);
  assert_int_equal(b[5].x, b[4].x + VB_PT(14)); /* "1." and a space: half an em and two quarters */
  try_free(&t);
  vb_doc_free(doc);
}

static void test_runs(void **state)
{
  (void)state;
  vb_doc *doc = make_doc();
  vb_node *n = make_para(doc, make_sequence(doc, VB_SEQ_BODY, NULL, false), VB_STYLE_BODY, "thường ");
  assert_non_null(vb_node_text(doc, n, VB_LIT("đậm "), VB_INLINE_BOLD));
  assert_non_null(vb_node_text(doc, n, VB_LIT("nghiêng"), VB_INLINE_BOLD | VB_INLINE_ITALIC | VB_INLINE_UNDERLINE));
  vb_node *slot = vb_node_add(doc, n, VB_NODE_SLOT_INLINE);
  slot->u.slot.width = VB_MM(10);
  assert_non_null(vb_node_text(doc, n, VB_LIT("/KH"), 0));
  try_pages t = try_lay(doc, NULL);
  const vb_box *b = t.at[0].boxes;
  assert_int_equal(t.at[0].p.n_boxes, 6);
  assert_int_equal(b[0].face, VB_REGULAR);
  assert_int_equal(b[1].face, VB_BOLD);
  assert_int_equal(b[2].face, VB_BOLD_ITALIC);
  assert_int_equal(b[3].kind, VB_BOX_LINE);
  assert_int_equal(b[4].kind, VB_BOX_SLOT);
  assert_ptr_equal(b[4].node, slot);
  for (int i = 1; i < 3; i++) /* each run begins where the one before ends */
    assert_in_range(b[i].x, b[i - 1].x + b[i - 1].w - 1, b[i - 1].x + b[i - 1].w + 1);
  assert_in_range(b[5].x, b[4].x + VB_MM(10) - 20, b[4].x + VB_MM(10) + 20);
  assert_true(b[5].line_end && !b[2].line_end);
  try_free(&t);
  vb_doc_free(doc);
}

/* Lines of a spreadsheet cell, counted by hand: Liberation Serif at 10 pt, 5 pt a digit, 2.5 a space. */
static void test_count_lines(void **state)
{
  (void)state;
  const vb_fontset *f = try_fonts();
  static const struct { const char *text; vb_len width; int lines; } cases[] = {
    {"", VB_PT(20), 1}, {"1234", VB_PT(20), 1}, {"1234 1234", VB_PT(20), 2}, {"12 12", VB_PT(22.5), 1}, {"12 12", VB_PT(22), 2},
    {"12345", VB_PT(20), 2}, {"123456789", VB_PT(20), 3}, {"1\n2", VB_PT(20), 2}, {"1 12345", VB_PT(20), 3}, {"1\n\n2", VB_PT(20), 3}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_int_equal(vb_layout_count_lines(f, VB_REGULAR, 20, cases[i].width, vb_span_of(cases[i].text)), cases[i].lines);
  assert_in_range(vb_layout_line_height(f, VB_REGULAR, 28), VB_PT(16), VB_PT(16.2)); /* 1.149 × 14 pt */
}

static int close_fonts(void **state)
{
  (void)state;
  try_fonts_close();
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_justified_is_best), cmocka_unit_test(test_ragged_is_best), cmocka_unit_test(test_centred_is_balanced),
    cmocka_unit_test(test_right_edge), cmocka_unit_test(test_long_word), cmocka_unit_test(test_break_and_label),
    cmocka_unit_test(test_runs), cmocka_unit_test(test_count_lines),
  };
  return cmocka_run_group_tests(tests, NULL, close_fonts);
}
