/* Files that change together: all of them or none, whoever brings it to its end; a list that others wrote leads nowhere. */
#include "read_help.h"

#include <unistd.h>

#include "batch/together.h"
#include "folder.h"

static char top[256];
static const char *job, *aside;
static const vb_together_for what = {"leader", "x1/a.pdf"};

static int setup(void **state)
{
  help_setup(state);
  folder_make(top);
  job = vb_arena_printf(a, "%s/job", top);
  aside = vb_arena_printf(a, "%s/.job.signing", top);
  assert_int_equal(vb_dir_make(d, folder_path(job, "x1")), VB_OK);
  folder_put(job, "x1/a.pdf", "old");
  folder_put(job, "manifest.json", "old list");
  return 0;
}

static int teardown(void **state)
{
  folder_drop(top);
  return help_teardown(state);
}

static void holds(const char *name, const char *want)
{
  vb_span s = file_bytes(folder_path(job, name));
  if (!vb_span_is(s, want)) fail_msg("%s: %.*s", name, (int)s.n, s.p);
}

static void begin(vb_together *t)
{
  assert_int_equal(vb_together_begin(d, a, job, &what, t), VB_OK);
  assert_int_equal(vb_together_add(t, "x1/a.pdf", "new", 3), VB_OK);
  folder_put(t->aside, "manifest.json", "new list");
  vb_together_note(t, "manifest.json");
}

static void test_end(void **state)
{
  (void)state;
  vb_together t;
  vb_together_for begun;
  begin(&t);
  holds("x1/a.pdf", "old");
  assert_int_equal(vb_together_look(d, a, job, &begun), VB_OK);
  assert_null(begun.rel); /* no list yet: nothing has begun */
  assert_int_equal(vb_together_end(&t), VB_OK);
  holds("x1/a.pdf", "new");
  holds("manifest.json", "new list");
  assert_false(vb_dir_exists(aside));
  assert_int_equal(vb_together_finish(d, a, job, &begun), VB_OK);
  assert_null(begun.rel);
  assert_null(vb_diag_first(d));
}

static void test_broken_off_before(void **state)
{
  (void)state;
  vb_together t;
  vb_together_for begun;
  begin(&t);
  vb_buf_free(&t.list);
  assert_int_equal(vb_together_finish(d, a, job, &begun), VB_OK);
  assert_null(begun.rel);
  holds("x1/a.pdf", "old");
  holds("manifest.json", "old list");
  assert_false(vb_dir_exists(aside));
}

static void test_broken_off_behind(void **state)
{
  (void)state;
  vb_together t;
  vb_together_for begun;
  begin(&t);
  folder_put(aside, "list", vb_buf_cstr(&t.list));
  vb_buf_free(&t.list);
  assert_int_equal(rename(folder_path(aside, "0"), folder_path(job, "x1/a.pdf")), 0); /* the first was in its place when the run ended */
  assert_int_equal(vb_together_look(d, a, job, &begun), VB_OK);
  assert_string_equal(begun.rel, "x1/a.pdf");
  assert_int_equal(vb_together_finish(d, a, job, &begun), VB_OK);
  assert_string_equal(begun.field, "leader");
  holds("x1/a.pdf", "new");
  holds("manifest.json", "new list");
  assert_false(vb_dir_exists(aside));
  assert_non_null(strstr(findings(), "x1/a.pdf: info: a signing that was broken off is done now: field leader"));
}

static void test_drop(void **state)
{
  (void)state;
  vb_together t;
  begin(&t);
  vb_together_drop(&t);
  holds("x1/a.pdf", "old");
  assert_false(vb_dir_exists(aside));
}

static void test_hostile(void **state)
{
  (void)state;
  static const char *const lines[] = {"0\t../outside", "0\t/tmp/outside", "../job/manifest.json\tx1/b", "0\tout/x", "0", "\t"};
  vb_together_for begun;
  assert_int_equal(vb_dir_make(d, folder_path(top, "elsewhere")), VB_OK);
  assert_int_equal(symlink(folder_path(top, "elsewhere"), folder_path(job, "out")), 0);
  for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
    assert_int_equal(vb_dir_make(d, aside), VB_OK);
    folder_put(aside, "0", "evil");
    folder_put(aside, "list", vb_arena_printf(a, "leader\nx1/a.pdf\n%s\n", lines[i]));
    assert_int_equal(vb_together_finish(d, a, job, &begun), VB_BAD);
    assert_int_equal(folder_count(folder_path(top, "elsewhere")), 0);
    assert_false(vb_file_exists(folder_path(top, "outside")));
    assert_int_equal(unlink(folder_path(aside, "list")), 0);
    assert_non_null(strstr(findings(), "error:"));
  }
  holds("manifest.json", "old list");
  assert_int_equal(vb_together_finish(d, a, job, &begun), VB_OK); /* without a list it is swept away */
  assert_false(vb_dir_exists(aside));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
  const struct CMUnitTest tests[] = {T(test_end), T(test_broken_off_before), T(test_broken_off_behind), T(test_drop), T(test_hostile)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
