/* What is told without memory. With the n-th allocation failing, for every n, or all from there on: findings are told as ever, or VB_NOMEM says that they may lack, and
 * no line is empty. (One buffer that found no room for its first byte made every line after it empty, and the verb said that all was well.) A text of the catalogue is whole
 * without any memory, with what comes from outside shown as ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "batch/batch_int.h"
#include "mem_fault.h"

typedef struct caught { char *p; size_t n; FILE *to; } caught;

static FILE *catch(caught *c)
{
  *c = (caught){NULL, 0, NULL};
  c->to = open_memstream(&c->p, &c->n);
  assert_non_null(c->to);
  return c->to;
}

static const char *text(caught *c)
{
  assert_int_equal(fclose(c->to), 0);
  return c->p;
}

static void post_all(vb_diag *d)
{
  for (int i = 0; i < 3; i++)
    (void)VB_POST(d, VB_MSG_FILE_READ, ((vb_place){"a.csv", 1, 2, NULL}), VB_NUM(i), "x");
  (void)VB_POST(d, VB_MSG_FORMS_KEPT, VB_NOWHERE, "a.xlsx");
}

static void told(bool on)
{
  static const vb_options o = {.lang = VB_EN, .verbose = true};
  caught c;
  vb_mem_set(&table);
  f = (faults){0, 0, on};
  vb_diag *d = vb_diag_new();
  post_all(d);
  assert_int_equal(vb_say_all(d, &o, catch(&c)), VB_OK);
  char *want = strdup(text(&c));
  free(c.p);
  long nomem = 0;
  bool whole = false;
  for (long n = 1; !whole; n++) {
    assert_true(n < 10000);
    FILE *to = catch(&c);
    f = (faults){0, n, on};
    vb_status st = vb_say_all(d, &o, to);
    whole = f.calls < n;
    f.fail_at = 0;
    const char *now = text(&c);
    nomem += st == VB_NOMEM;
    assert_true(st == VB_NOMEM || (st == VB_OK && strcmp(now, want) == 0));
    assert_true(now[0] != '\n' && strstr(now, "\n\n") == NULL);
    if (!on) /* one failure loses no line: they are told as they come */
      assert_int_equal(strlen(now), strlen(want));
    free(c.p);
  }
  assert_true(nomem > 3);
  free(want);
  vb_diag_free(d);
  vb_mem_set(NULL);
}

static void test_one(void **state)
{
  (void)state;
  told(false);
}

static void test_all(void **state)
{
  (void)state;
  told(true);
}

/* A finding that could not be kept at all. */
static void test_lost(void **state)
{
  (void)state;
  static const vb_options o = {.lang = VB_EN};
  caught c;
  vb_mem_set(&table);
  f = (faults){0, 0, true};
  vb_diag *d = vb_diag_new();
  f.fail_at = 1;
  (void)VB_POST(d, VB_MSG_FORMS_KEPT, VB_NOWHERE, "a.xlsx");
  f.fail_at = 0;
  assert_int_equal(vb_say_all(d, &o, catch(&c)), VB_NOMEM);
  assert_string_equal(text(&c), "");
  free(c.p);
  assert_int_equal(vb_say_all(NULL, &o, stderr), VB_OK);
  vb_diag_free(d);
  vb_mem_set(NULL);
}

static void test_catalogue(void **state)
{
  (void)state;
  caught with, without;
  const char *name = "Đơn vị \x1b[31m\xe2\x80\xae \xff{1}";
  VB_SAY(catch(&with), VB_VI, VB_MSG_SAY_FORMS, VB_NUM(12), name);
  vb_mem_set(&table);
  FILE *to = catch(&without);
  f = (faults){0, 1, true};
  VB_SAY(to, VB_VI, VB_MSG_SAY_FORMS, VB_NUM(12), name);
  vb_mem_set(NULL);
  const char *shown = text(&without);
  assert_string_equal(shown, text(&with));
  assert_non_null(strstr(shown, "12"));
  free(with.p);
  free(without.p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_one), cmocka_unit_test(test_all), cmocka_unit_test(test_lost), cmocka_unit_test(test_catalogue)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
