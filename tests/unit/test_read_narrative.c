/* Narrative files: blocks, items, figures, emphasis, places, faults; random text never loses a letter. */
#include "read_help.h"

#include "read/read.h"

static vb_narrative *first;

/* "P3 text|<b>bold|{code}@3:7": a line a block with its line number, pieces parted by bars. */
static const char *shown(void)
{
  vb_buf b;
  vb_buf_init(&b);
  for (const vb_narrative *n = first; n; n = n->next) {
    vb_buf_printf(&b, "%c%u ", n->kind == VB_NARR_PARA ? 'P' : n->kind == VB_NARR_ITEM1 ? '-' : '+', n->line);
    for (const vb_piece *p = n->first; p; p = p->next)
      vb_buf_printf(&b, "%s%s%s%.*s%s@%u:%u", p == n->first ? "" : "|", p->bold ? "<b>" : "", p->italic ? "<i>" : "", (int)p->text.n, p->text.p,
                    p->kind == VB_PIECE_FIGURE ? "{}" : "", p->line, p->column);
    vb_buf_char(&b, '\n');
  }
  const char *s = vb_arena_str(a, b.p ? b.p : "", b.n);
  vb_buf_free(&b);
  return s;
}

static vb_status read_text(const char *text)
{
  return vb_read_narrative_text(d, a, (vb_place){"n.txt", 1, 1, NULL}, vb_span_of(text), &first);
}

static void test_blocks(void **state)
{
  (void)state;
  assert_int_equal(read_text("Đoạn một\n  tiếp theo.  \n\n \t\nĐoạn hai.\r\n- Mục a\nvẫn mục a\n+ Mục nhỏ\r- Mục b\n\nĐoạn ba\n-Không phải mục\n-\n"), VB_OK);
  assert_string_equal(shown(), "P1 Đoạn một @1:1|tiếp theo.@2:3\nP5 Đoạn hai.@5:1\n-6 Mục a @6:3|vẫn mục a@7:1\n+8 Mục nhỏ@8:3\n-9 Mục b@9:3\n"
                               "P11 Đoạn ba @11:1|-Không phải mục @12:1|-@13:1\n");
  assert_int_equal(read_text(""), VB_OK);
  assert_null(first);
  assert_int_equal(read_text(" \n\n"), VB_OK);
  assert_null(first);
  assert_string_equal(findings(), "");
}

static void test_figures(void **state)
{
  (void)state;
  assert_int_equal(read_text("Đã nhận {1.3.2} hồ sơ, {{đúng hạn}} { 1.4 }%\n"), VB_OK);
  assert_string_equal(shown(), "P1 Đã nhận @1:1|1.3.2{}@1:9| hồ sơ, {@1:16|đúng hạn}} @1:26|1.4{}@1:37|%@1:44\n");
  assert_int_equal(read_text("{a}{b}"), VB_OK);
  assert_string_equal(shown(), "P1 a{}@1:1|b{}@1:4\n");
}

static void test_emphasis(void **state)
{
  (void)state;
  static const struct { const char *text, *want; } cases[] = {
    {"a *b* **c d** e", "P1 a @1:1|<i>b@1:4| @1:6|<b>c d@1:9| e@1:14\n"},
    {"***x*** y", "P1 <b><i>x@1:4| y@1:8\n"},
    {"**a *b* {c}** d", "P1 <b>a @1:3|<b><i>b@1:6|<b> @1:8|<b>c{}@1:9| d@1:14\n"},
    {"2 * 3 * 4", "P1 2 * 3 * 4@1:1\n"},
    {"a* b", "P1 a* b@1:1\n"},
    {"*a", "P1 *a@1:1\n"},
    {"*a *b*", "P1 *a @1:1|<i>b@1:5\n"},
    {"**** a ****", "P1 **** a ****@1:1\n"},
    {"*a\nb*", "P1 <i>a @1:2|<i>b@2:1\n"},
    {"{c}\n*b*\nd", "P1 c{}@1:1| @1:1|<i>b@2:2| @2:3|d@3:1\n"},
    {"*a\n\nb*", "P1 *a@1:1\nP3 b*@3:1\n"},
    {"* a", "P1 * a@1:1\n"},
    {"_a_ #b `c`", "P1 _a_ #b `c`@1:1\n"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_int_equal(read_text(cases[i].text), VB_OK);
    assert_string_equal(shown(), cases[i].want);
  }
}

static void test_faults(void **state)
{
  (void)state;
  assert_int_equal(read_text("Đường {1.2\nx {} y {a {b}\n"), VB_BAD);
  assert_null(first);
  assert_string_equal(findings(), "n.txt:1:7: error: the brace opened here is not closed on its line; write {{ for a brace in text [narrative-brace]\n"
                                  "n.txt:2:3: error: the braces hold no code of a figure; write one, as in {1.3.2} [narrative-brace]\n"
                                  "n.txt:2:8: error: the brace opened here is not closed on its line; write {{ for a brace in text [narrative-brace]");
  /* text inside a template: line and column are the template's */
  assert_int_equal(vb_read_narrative_text(d, a, (vb_place){"t.xml", 40, 9, NULL}, VB_LIT("a {b\n{c"), &first), VB_BAD);
  assert_string_equal(findings(), "t.xml:40:11: error: the brace opened here is not closed on its line; write {{ for a brace in text [narrative-brace]\n"
                                  "t.xml:41:1: error: the brace opened here is not closed on its line; write {{ for a brace in text [narrative-brace]");
  assert_int_equal(vb_read_narrative_text(d, a, (vb_place){"t.xml", 1, 1, NULL}, (vb_span){"", VB_TEXT_BYTES_MAX + 1}, &first), VB_BAD);
  assert_string_equal(findings(), "t.xml:1:1: error: the field is longer than 4194304 bytes [read-limit]");
}

static void test_files(void **state)
{
  (void)state;
  vb_source src = {"build/test_read.txt", "loi-van/1.txt", VB_ENC_AUTO, NULL, {NULL, 0}};
  assert_int_equal(vb_dir_make(d, "build"), VB_OK);
  assert_int_equal(vb_file_write(d, src.path, "\xEF\xBB\xBF" "a {b}", 8), VB_OK);
  assert_int_equal(vb_read_narrative(d, a, &src, &first), VB_OK);
  assert_string_equal(shown(), "P1 a @1:1|b{}@1:3\n");
  assert_int_equal(vb_file_write(d, src.path, "a {b", 4), VB_OK);
  assert_int_equal(vb_read_narrative(d, a, &src, &first), VB_BAD);
  assert_non_null(strstr(findings(), "loi-van/1.txt:1:3: error: "));
  assert_int_equal(vb_file_remove(d, src.path), VB_OK);
  assert_int_equal(vb_read_narrative(d, a, &src, &first), VB_BAD);
  assert_null(first);
}

/* Many marks in one paragraph: time and memory in proportion. */
static void test_many_marks(void **state)
{
  (void)state;
  vb_buf b;
  vb_buf_init(&b);
  for (int i = 0; i < 100000; i++)
    vb_buf_str(&b, "a* *b ");
  assert_int_equal(vb_read_narrative_text(d, a, (vb_place){"n.txt", 1, 1, NULL}, (vb_span){b.p, b.n}, &first), VB_OK);
  size_t n = 0;
  for (const vb_piece *p = first->first; p; p = p->next)
    n += p->text.n;
  assert_in_range(n, 400000, 600000);
  vb_buf_free(&b);
}

/* Letters survive every change; only blanks, marks and braces may go. */
static void test_mutations(void **state)
{
  (void)state;
  static const char sample[] = "Abc *def* {1.2} ghi\n- jkl **mno** {{\n+ pqr\nstu\n\nvwx * yz\n";
  vb_buf b;
  vb_buf_init(&b);
  int good = 0;
  for (int i = 0; i < 4000; i++) {
    vb_span m = mutated((vb_span){sample, sizeof sample - 1}, &b);
    vb_arena_reset(a);
    vb_status st = vb_read_narrative_text(d, a, (vb_place){"m.txt", 1, 1, NULL}, m, &first);
    assert_true(st == VB_OK || st == VB_BAD);
    assert_int_equal(vb_diag_count(d, VB_ERROR) > 0, st == VB_BAD);
    size_t in = 0, out = 0;
    for (size_t k = 0; k < m.n; k++)
      in += m.p[k] >= 'a' && m.p[k] <= 'z';
    for (const vb_narrative *n = first; n; n = n->next)
      for (const vb_piece *p = n->first; p; p = p->next)
        for (size_t k = 0; k < p->text.n; k++)
          out += p->text.p[k] >= 'a' && p->text.p[k] <= 'z';
    if (st == VB_OK)
      assert_int_equal(in, out);
    good += st == VB_OK;
    vb_diag_free(d);
    d = vb_diag_new();
  }
  assert_in_range(good, 1000, 3990);
  vb_buf_free(&b);
}

int main(void)
{
  static const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, help_setup, help_teardown)
    T(test_blocks), T(test_figures), T(test_emphasis), T(test_faults), T(test_files), T(test_many_marks), T(test_mutations),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
