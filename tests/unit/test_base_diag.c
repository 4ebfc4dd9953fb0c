/* Findings: order, copies, counts, limits, moving; and how they are put into words. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"

static const char *line_of(const vb_finding *f, vb_lang lang)
{
  static char text[4096];
  vb_buf b;
  vb_buf_init(&b);
  vb_finding_line(f, lang, &b);
  assert_true(b.n < sizeof text);
  memcpy(text, vb_buf_cstr(&b), b.n + 1);
  vb_buf_free(&b);
  return text;
}

static void test_statuses(void **state)
{
  (void)state;
  vb_diag *d = vb_diag_new();
  assert_null(vb_diag_first(d));
  assert_null(vb_diag_last(d));
  assert_int_equal(VB_POST(d, VB_MSG_FILE_READ, VB_NOWHERE, "a", "b"), VB_SYSTEM);
  assert_int_equal(VB_POST(d, VB_MSG_INPUT_READ, VB_NOWHERE, "a", "b"), VB_BAD);
  assert_int_equal(vb_diag_post_rule(d, VB_WARNING, "A06", VB_NOWHERE, "x", "y"), VB_OK);
  assert_int_equal(vb_diag_post_rule(d, VB_INFO, "A06", VB_NOWHERE, "x", "y"), VB_OK);
  assert_int_equal(vb_diag_post_rule(d, VB_ERROR, "A06", VB_NOWHERE, "x", "y"), VB_BAD);
  assert_int_equal(vb_diag_count(d, VB_INFO), 5);
  assert_int_equal(vb_diag_count(d, VB_WARNING), 4);
  assert_int_equal(vb_diag_count(d, VB_ERROR), 3);
  assert_int_equal(vb_diag_count(d, VB_FATAL), 1);
  vb_diag_last(d)->waived.reason = "seen";
  assert_int_equal(vb_diag_count(d, VB_ERROR), 2);
  assert_false(vb_diag_failed(d));
  vb_diag_free(d);
  vb_diag_free(NULL);
}

static void test_lines(void **state)
{
  (void)state;
  vb_diag *d = vb_diag_new();
  const char *file = vb_diag_file(d, "so-lieu.csv");
  assert_ptr_equal(vb_diag_file(d, "so-lieu.csv"), file);
  vb_diag_post_rule(d, VB_ERROR, "A06", (vb_place){file, 12, 5, NULL}, "sai {0}", "wrong {0}");
  assert_string_equal(line_of(vb_diag_last(d), VB_EN), "so-lieu.csv:12:5: error: wrong {0} [A06]");
  assert_string_equal(line_of(vb_diag_last(d), VB_VI), "so-lieu.csv:12:5: lỗi: sai {0} [A06]");
  vb_diag_post_rule(d, VB_WARNING, "B1", (vb_place){file, 12, 0, NULL}, "v", "e");
  assert_string_equal(line_of(vb_diag_last(d), VB_EN), "so-lieu.csv:12: warning: e [B1]");
  assert_string_equal(line_of(vb_diag_last(d), VB_VI), "so-lieu.csv:12: cảnh báo: v [B1]");
  vb_diag_post_rule(d, VB_INFO, "B1", (vb_place){"form.xlsx", 0, 0, "Số liệu!D14"}, "v", NULL);
  assert_string_equal(line_of(vb_diag_last(d), VB_EN), "form.xlsx:Số liệu!D14: info: v [B1]"); /* one text serves both */
  assert_string_equal(line_of(vb_diag_last(d), VB_VI), "form.xlsx:Số liệu!D14: thông tin: v [B1]");
  VB_POST(d, VB_MSG_FILE_READ, VB_NOWHERE, "x", "y");
  assert_string_equal(line_of(vb_diag_last(d), VB_EN), "vanban: error: cannot read x: y [system-read]");
  assert_string_equal(line_of(vb_diag_last(d), VB_VI), "vanban: lỗi: không đọc được x: y [system-read]");
  VB_POST(d, VB_MSG_FILE_READ, VB_NOWHERE, "{1}"); /* too few: what is missing stays seen, and arguments are not searched */
  assert_string_equal(line_of(vb_diag_last(d), VB_EN), "vanban: error: cannot read {1}: {1} [system-read]");
  vb_diag_free(d);
}

static void test_escapes(void **state)
{
  (void)state;
  vb_diag *d = vb_diag_new();
  VB_POST(d, VB_MSG_FILE_READ, ((vb_place){"a\nb", 1, 0, NULL}), "\x1B[31m\n\r\t\x7F", "\xFFq\xC3\xE1\xBB\x87\xED\xA0\x80\xF4\x90\x80\x80\xC0\x80");
  assert_string_equal(line_of(vb_diag_last(d), VB_EN),
                      "a\\nb:1: error: cannot read \\x1B[31m\\n\\r\\t\\x7F: \\xFFq\\xC3ệ\\xED\\xA0\\x80\\xF4\\x90\\x80\\x80\\xC0\\x80 "
                      "[system-read]");
  VB_POST(d, VB_MSG_FILE_READ, VB_NOWHERE, "\xC2\x9B\xE2\x80\xAE\xE2\x80\xA8\xEF\xBB\xBF", "\xF0\x9F\x98\x80\xC2\xA0");
  assert_string_equal(line_of(vb_diag_last(d), VB_EN),
                      "vanban: error: cannot read \\u009B\\u202E\\u2028\\uFEFF: \xF0\x9F\x98\x80\xC2\xA0 [system-read]");
  vb_diag_free(d);
}

static void test_span_text(void **state)
{
  (void)state;
  char t[8];
  assert_string_equal(vb_span_text(t, 8, VB_LIT("")), "");
  assert_string_equal(vb_span_text(t, 8, VB_LIT("1234567")), "1234567");
  assert_string_equal(vb_span_text(t, 8, VB_LIT("12345678")), "1234…");
  assert_string_equal(vb_span_text(t, 8, VB_LIT("ệệ1")), "ệệ1");  /* 7 bytes */
  assert_string_equal(vb_span_text(t, 8, VB_LIT("ệệ12")), "ệ…"); /* 4 bytes left, but the second ends beyond them */
  assert_string_equal(vb_span_text(t, 8, VB_LIT("123đđ")), "123đđ");
  assert_string_equal(vb_span_text(t, 8, VB_LIT("123đđđ")), "123…");
  assert_string_equal(vb_span_text(t, 8, VB_LIT("a\0b")), "a\\x00b");
  assert_string_equal(vb_span_text(t, 8, VB_LIT("ab\0cd")), "ab…");
  assert_string_equal(vb_span_text(t, 8, VB_LIT("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF")), "\xFF\xFF\xFF\xFF…");
  assert_string_equal(vb_span_text(t, 3, VB_LIT("ab")), "");
  /* Every length of a text of three-byte letters: cut at a letter, never within. */
  char text[901];
  for (int i = 0; i < 300; i++)
    memcpy(text + (size_t)i * 3, "ệ", 3);
  for (size_t n = 0; n <= 900; n += 3) {
    const char *s = VB_TXT(((vb_span){text, n}));
    size_t got = strlen(s);
    assert_true(got < VB_MSG_ARG_BYTES && got % 3 == 0);
    if (n < VB_MSG_ARG_BYTES)
      assert_int_equal(got, n);
    else
      assert_string_equal(s + got - 3, "…");
  }
  assert_string_equal(VB_NUM(-12), "-12");
}

static void test_about_and_copies(void **state)
{
  (void)state;
  vb_diag *d = vb_diag_new();
  char unit[] = "QT", file[] = "f.csv", cell[] = "S!A1", arg[] = "arg", rule[] = "R1";
  vb_diag_about(d, unit, "bc", NULL);
  vb_diag_post_rule(d, VB_ERROR, rule, (vb_place){file, 0, 0, cell}, arg, arg);
  memset(unit, 'z', 2);
  memset(file, 'z', 3);
  memset(cell, 'z', 3);
  memset(arg, 'z', 3);
  memset(rule, 'z', 2);
  vb_diag_about(d, NULL, NULL, "1.1.2");
  vb_diag_post_rule(d, VB_ERROR, "R2", VB_NOWHERE, "v", "e");
  const vb_finding *f = vb_diag_first(d);
  assert_string_equal(f->unit, "QT");
  assert_string_equal(f->document, "bc");
  assert_null(f->code);
  assert_string_equal(f->rule, "R1");
  assert_string_equal(line_of(f, VB_EN), "f.csv:S!A1: error: arg [R1]");
  f = f->next;
  assert_null(f->unit);
  assert_string_equal(f->code, "1.1.2");
  assert_ptr_equal(vb_diag_last(d), f);
  assert_null(f->next);
  vb_diag_free(d);
}

static void post_many(vb_diag *d, const char *unit, int count)
{
  vb_diag_about(d, unit, "bc", NULL);
  for (int i = 0; i < count; i++) {
    vb_diag_post_rule(d, VB_ERROR, "R1", (vb_place){"f", (uint32_t)i + 1, 0, NULL}, "v", "e");
    vb_diag_last(d)->code = "c"; /* callers complete what they posted, listed or not */
  }
}

static size_t listed(const vb_diag *d)
{
  size_t n = 0;
  for (const vb_finding *f = vb_diag_first(d); f; f = f->next)
    n++;
  return n;
}

static const vb_finding *the_more(const vb_diag *d, const char *unit)
{
  for (const vb_finding *f = vb_diag_first(d); f; f = f->next)
    if (f->msg == VB_MSG_FINDINGS_MORE && strcmp(f->unit, unit) == 0)
      return f;
  return NULL;
}

static void test_limit(void **state)
{
  (void)state;
  const int many = VB_FINDINGS_PER_RULE;
  vb_diag *d = vb_diag_new();
  post_many(d, "A", many);
  assert_null(the_more(d, "A"));
  post_many(d, "B", 3);
  post_many(d, "A", 5000);
  assert_int_equal(listed(d), many + 3 + 1);
  assert_int_equal(vb_diag_count(d, VB_ERROR), many + 3 + 5000);
  const vb_finding *more = the_more(d, "A");
  assert_string_equal(line_of(more, VB_EN),
                      "f:1: error: 5000 more findings of rule R1 here are counted but not listed; correct those listed first [findings-limit]");
  /* Waiving all that is listed does not let the document pass: what was not listed still counts. */
  for (vb_finding *f = (vb_finding *)vb_diag_first(d); f; f = f->next)
    if (strcmp(f->rule, "R1") == 0)
      f->waived.reason = "seen";
  assert_int_equal(vb_diag_count(d, VB_ERROR), 5000);
  vb_diag_free(d);
}

static void test_move(void **state)
{
  (void)state;
  const int many = VB_FINDINGS_PER_RULE;
  vb_diag *to = vb_diag_new(), *from = vb_diag_new();
  post_many(to, "A", 10);
  const char *name = vb_diag_file(from, "name.csv");
  post_many(from, "A", many + 7);
  post_many(from, "B", 1);
  vb_diag_last(from)->waived.reason = "why";
  vb_diag_last(from)->waived.who = "who";
  vb_diag_move(to, from);
  assert_null(vb_diag_first(from));
  assert_null(vb_diag_last(from));
  assert_int_equal(vb_diag_count(from, VB_INFO), 0);
  assert_string_equal(name, "name.csv"); /* names outlive a move */
  assert_ptr_equal(vb_diag_file(from, "name.csv"), name);
  assert_int_equal(vb_diag_count(to, VB_ERROR), 10 + many + 7);
  assert_int_equal(listed(to), many + 1 + 1);
  post_many(from, "A", 2); /* and `from` counts from the start again */
  assert_int_equal(listed(from), 2);
  vb_diag_move(to, from);
  assert_int_equal(vb_diag_count(to, VB_ERROR), 10 + many + 7 + 2);
  assert_string_equal(the_more(to, "A")->args[0], "19");
  vb_diag_free(from);
  const vb_finding *f = vb_diag_first(to); /* copies: `from` is gone */
  while (f->next && strcmp(f->unit, "B") != 0)
    f = f->next;
  assert_string_equal(f->unit, "B");
  assert_string_equal(f->waived.reason, "why");
  assert_string_equal(f->waived.who, "who");
  assert_false(vb_diag_failed(to));
  vb_diag_free(to);
}

/* What nobody could tell apart is told once; another word, place or severity is another finding. */
static void test_move_same(void **state)
{
  (void)state;
  vb_diag *to = vb_diag_new(), *from = vb_diag_new();
  vb_place at = {vb_diag_file(from, "a.xml"), 5, 1, NULL}, below = at;
  below.line = 6;
  for (int i = 0; i < 3; i++)
    vb_diag_post_rule(from, VB_WARNING, "R1", at, "như nhau", "the same");
  vb_diag_post_rule(from, VB_WARNING, "R1", below, "như nhau", "the same");
  vb_diag_post_rule(from, VB_WARNING, "R1", below, "khác", "another");
  vb_diag_post_rule(from, VB_ERROR, "R1", below, "khác", "another");
  vb_diag_post_rule(from, VB_WARNING, "R1", at, "như nhau", "the same");
  vb_diag_move(to, from);
  assert_int_equal(listed(to), 5);
  assert_int_equal(vb_diag_count(to, VB_ERROR), 1);
  vb_diag_free(from);
  vb_diag_free(to);
}

/* The set of {0} … {5} in a text, one bit each. */
static unsigned holes(const char *s)
{
  unsigned set = 0;
  for (; *s; s++)
    if (s[0] == '{' && isdigit((unsigned char)s[1]) && s[2] == '}')
      set |= 1u << (s[1] - '0');
  return set;
}

static void test_catalogue(void **state)
{
  (void)state;
  for (int m = 0; m < VB_MSG_COUNT; m++) {
    const vb_msg_info *i = vb_msg_get((vb_msg)m);
    assert_true(i->id[0] && i->rule[0] && i->en[0] && i->vi[0]);
    for (const char *p = i->rule; *p; p++)
      assert_true(isalnum((unsigned char)*p) || strchr("-._", *p));
    if (m == VB_MSG_RULE)
      continue;
    if (holes(i->en) != holes(i->vi) || holes(i->en) >> VB_MSG_ARGS || strcmp(i->en, i->vi) == 0 || strpbrk(i->en, "\n\t") ||
        strpbrk(i->vi, "\n\t"))
      fail_msg("message %s: the two languages must take the same arguments, and be one line each", i->id);
    for (int k = m + 1; k < VB_MSG_COUNT; k++)
      assert_string_not_equal(i->id, vb_msg_get((vb_msg)k)->id);
  }
  assert_string_equal(vb_msg_get(VB_MSG_COUNT)->id, "RULE"); /* no reading beyond the table */
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_statuses), cmocka_unit_test(test_lines),            cmocka_unit_test(test_escapes),
    cmocka_unit_test(test_span_text), cmocka_unit_test(test_about_and_copies), cmocka_unit_test(test_limit),
    cmocka_unit_test(test_move), cmocka_unit_test(test_move_same),     cmocka_unit_test(test_catalogue),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
