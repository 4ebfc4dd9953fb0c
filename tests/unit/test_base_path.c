/* Paths of jobs: what is refused, links that lead outside, patterns. */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/base.h"
#include "folder.h"

/* top/outside.csv, top/job/{a.csv, b.csv, .hidden.csv, note.txt, so-liệu.csv, sub/{c.csv, d.csv}, other/e.csv, dir.csv/} */
typedef struct world {
  char top[256], job[300];
  vb_diag *d;
  vb_arena *a;
} world;

static int setup(void **state)
{
  static world w;
  folder_make(w.top);
  snprintf(w.job, sizeof w.job, "%s/job", w.top);
  w.d = vb_diag_new();
  w.a = vb_arena_new(0);
  static const char *const dirs[] = {"job", "job/sub", "job/other", "job/dir.csv", "job2"};
  static const char *const files[] = {"outside.csv",     "job/a.csv",      "job/b.csv",       "job/.hidden.csv", "job/note.txt",
                                      "job/so-liệu.csv", "job/sub/c.csv", "job/sub/d.csv", "job/other/e.csv", "job2/x.csv"};
  for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++)
    assert_int_equal(mkdir(folder_path(w.top, dirs[i]), 0777), 0);
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    folder_put(w.top, files[i], "x");
  *state = &w;
  return 0;
}

static int teardown(void **state)
{
  world *w = *state;
  folder_drop(w->top);
  vb_diag_free(w->d);
  vb_arena_free(w->a);
  return 0;
}

static const vb_place here = {"job.xml", 3, 9, NULL};

static void refused(world *w, vb_span rel, vb_msg want)
{
  const char *out = "x";
  size_t before = vb_diag_count(w->d, VB_INFO);
  assert_int_equal(vb_path_inside(w->d, w->a, w->job, rel, here, &out), VB_BAD);
  assert_null(out);
  assert_int_equal(vb_diag_count(w->d, VB_INFO), before + 1);
  assert_int_equal(vb_diag_last(w->d)->msg, want);
  assert_string_equal(vb_diag_last(w->d)->at.file, "job.xml");
  assert_int_equal(vb_diag_last(w->d)->at.line, 3);
  const char **paths;
  size_t count = 9;
  assert_int_equal(vb_path_glob(w->d, w->a, w->job, rel, here, &paths, &count), VB_BAD);
  assert_int_equal(vb_diag_last(w->d)->msg, want);
  assert_int_equal(count, 0);
}

static void test_refused(void **state)
{
  world *w = *state;
  refused(w, VB_LIT(""), VB_MSG_PATH_EMPTY);
  refused(w, VB_LIT("."), VB_MSG_PATH_EMPTY);
  refused(w, VB_LIT("sub//c.csv"), VB_MSG_PATH_EMPTY);
  refused(w, VB_LIT("sub/"), VB_MSG_PATH_EMPTY);
  refused(w, VB_LIT("/etc/passwd"), VB_MSG_PATH_ABSOLUTE);
  refused(w, VB_LIT("/"), VB_MSG_PATH_ABSOLUTE);
  refused(w, VB_LIT(".."), VB_MSG_PATH_OUTSIDE);
  refused(w, VB_LIT("../outside.csv"), VB_MSG_PATH_OUTSIDE);
  refused(w, VB_LIT("sub/../../outside.csv"), VB_MSG_PATH_OUTSIDE);
  refused(w, VB_LIT("sub/../a.csv"), VB_MSG_PATH_OUTSIDE);
  refused(w, VB_LIT("sub/.."), VB_MSG_PATH_OUTSIDE);
  refused(w, VB_LIT("a\n.csv"), VB_MSG_PATH_CONTROL);
  refused(w, VB_LIT("a\0.csv"), VB_MSG_PATH_CONTROL);
  refused(w, VB_LIT("a\x7F"), VB_MSG_PATH_CONTROL);
  refused(w, VB_LIT("a\xC2\x85"), VB_MSG_PATH_CONTROL);
  refused(w, VB_LIT("a\xFF"), VB_MSG_PATH_CONTROL);
  char longest[5001];
  memset(longest, 'x', 5000);
  longest[5000] = '\0';
  refused(w, (vb_span){longest, 5000}, VB_MSG_PATH_BROKEN);
}

static void accepted(world *w, const char *rel, const char *want)
{
  const char *out = NULL;
  assert_int_equal(vb_path_inside(w->d, w->a, w->job, vb_span_of(rel), here, &out), VB_OK);
  assert_string_equal(out, folder_path(w->job, want));
}

static void test_accepted(void **state)
{
  world *w = *state;
  accepted(w, "a.csv", "a.csv");
  accepted(w, "./sub/./c.csv", "sub/c.csv");
  accepted(w, "not/there/yet.csv", "not/there/yet.csv");
  accepted(w, "..a", "..a"); /* two dots are part of the name */
  accepted(w, "so-liệu.csv", "so-liệu.csv");
  const char *out;
  assert_int_equal(vb_path_inside(w->d, w->a, "/", VB_LIT("tmp"), here, &out), VB_OK);
  assert_string_equal(out, "/tmp");
  assert_int_equal(vb_path_inside(w->d, w->a, folder_path(w->top, "none"), VB_LIT("a"), here, &out), VB_SYSTEM);
  assert_int_equal(vb_diag_count(w->d, VB_INFO), 1);
  assert_int_equal(vb_path_inside(w->d, w->a, w->job, VB_LIT("a.csv/b"), here, &out), VB_BAD); /* through a file */
  assert_int_equal(vb_diag_last(w->d)->msg, VB_MSG_PATH_BROKEN);
  assert_string_equal(vb_path_join(w->a, "", "x"), "x");
  assert_string_equal(vb_path_join(w->a, "d/", "x"), "d/x");
}

static void link_to(world *w, const char *target, const char *name)
{
  assert_int_equal(symlink(target, folder_path(w->job, name)), 0);
}

static void test_links(void **state)
{
  world *w = *state;
  link_to(w, "../outside.csv", "out.csv");
  link_to(w, "..", "up");
  link_to(w, "../job2", "job2"); /* begins like the root's own name */
  link_to(w, "/", "all");
  link_to(w, "../none.csv", "nowhere");
  link_to(w, "turn", "turn");
  link_to(w, "sub", "good");
  link_to(w, "../job/a.csv", "round.csv"); /* out and in again: ends inside */
  refused(w, VB_LIT("out.csv"), VB_MSG_PATH_LINK);
  refused(w, VB_LIT("up/outside.csv"), VB_MSG_PATH_LINK);
  refused(w, VB_LIT("up/new.csv"), VB_MSG_PATH_LINK); /* not there yet, but its folder is outside */
  refused(w, VB_LIT("job2/x.csv"), VB_MSG_PATH_LINK);
  refused(w, VB_LIT("all/etc/passwd"), VB_MSG_PATH_LINK);
  refused(w, VB_LIT("nowhere"), VB_MSG_PATH_LINK);
  refused(w, VB_LIT("turn"), VB_MSG_PATH_BROKEN);
  accepted(w, "good/c.csv", "good/c.csv");
  accepted(w, "round.csv", "round.csv");
  /* A root that is itself reached over a link. */
  const char *out;
  assert_int_equal(symlink("job", folder_path(w->top, "alias")), 0);
  assert_int_equal(vb_path_inside(w->d, w->a, folder_path(w->top, "alias"), VB_LIT("a.csv"), here, &out), VB_OK);
  /* A pattern that meets a link leading out says so instead of reading it, and instead of leaving it out. */
  const char **paths;
  size_t count;
  assert_int_equal(vb_path_glob(w->d, w->a, w->job, VB_LIT("*.csv"), here, &paths, &count), VB_BAD);
  assert_int_equal(vb_diag_last(w->d)->msg, VB_MSG_PATH_LINK);
}

static void globbed(world *w, const char *pattern, const char *want)
{
  const char **paths;
  size_t count, skip = strlen(w->job) + 1;
  char got[512] = "";
  assert_int_equal(vb_path_glob(w->d, w->a, w->job, vb_span_of(pattern), here, &paths, &count), VB_OK);
  for (size_t i = 0; i < count; i++) {
    strcat(got, i ? " " : "");
    strcat(got, paths[i] + skip);
  }
  assert_string_equal(got, want);
}

static void test_globs(void **state)
{
  world *w = *state;
  globbed(w, "*.csv", "a.csv b.csv so-liệu.csv");
  globbed(w, "?.csv", "a.csv b.csv");
  globbed(w, "so-li?u.csv", "so-liệu.csv"); /* one character, three bytes */
  globbed(w, "*", "a.csv b.csv note.txt so-liệu.csv");
  globbed(w, ".*.csv", ".hidden.csv");
  globbed(w, "*/*.csv", "other/e.csv sub/c.csv sub/d.csv");
  globbed(w, "s*b/?.csv", "sub/c.csv sub/d.csv");
  globbed(w, "./sub/d.csv", "sub/d.csv");
  globbed(w, "a*a*a*.csv", "");
  globbed(w, "**n*t*e*.t*t", "note.txt");
  globbed(w, "a.*v**", "a.csv"); /* stars that match nothing */
  globbed(w, "sub", ""); /* a folder is no file */
  globbed(w, "none/*.csv", "");
  globbed(w, "none.csv", "");
  globbed(w, "a.csv/b", "");
  globbed(w, "[ab].csv", ""); /* brackets are letters */
  assert_int_equal(vb_diag_count(w->d, VB_INFO), 0);
  const char **paths;
  size_t count;
  assert_int_equal(vb_path_glob(w->d, w->a, folder_path(w->top, "none"), VB_LIT("*"), here, &paths, &count), VB_SYSTEM);
  const char *name;
  assert_int_equal(vb_path_name(w->d, w->a, folder_path(w->top, "none"), &name), VB_SYSTEM);
  assert_null(name);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
    cmocka_unit_test_setup_teardown(test_accepted, setup, teardown),
    cmocka_unit_test_setup_teardown(test_links, setup, teardown),
    cmocka_unit_test_setup_teardown(test_globs, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
