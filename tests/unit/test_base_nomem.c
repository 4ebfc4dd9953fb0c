/* Memory that runs out: a run through all of base with the n-th allocation failing, for every n, once for that one alone and once
 * for all that follow. Nothing crashes, nothing leaks, no half file stays, and a failure is never taken for success. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"
#include "folder.h"

typedef struct faults {
  long calls, fail_at; /* fail_at 0: never */
  bool from_there_on, failed;
  long live;
} faults;

static bool due(faults *f)
{
  f->calls++;
  bool fail = f->fail_at && (f->from_there_on ? f->calls >= f->fail_at : f->calls == f->fail_at);
  f->failed = f->failed || fail;
  return fail;
}

static void *fault_alloc(void *ctx, size_t n)
{
  faults *f = ctx;
  if (due(f))
    return NULL;
  f->live++;
  return malloc(n);
}

static void *fault_resize(void *ctx, void *p, size_t n)
{
  return due(ctx) ? NULL : realloc(p, n);
}

static void fault_release(void *ctx, void *p)
{
  ((faults *)ctx)->live--;
  free(p);
}

/* What a run needs, made first and freed last. */
typedef struct stage {
  const char *dir;
  vb_diag *d, *other;
  vb_arena *a;
  vb_map *m;
  vb_buf b;
  bool lost; /* something reported that it had no memory */
} stage;

/* Notes a status: with memory all of these succeed, so whatever else comes must be the one for memory. */
static void expect(stage *s, vb_status got)
{
  if (got == VB_NOMEM)
    s->lost = true;
  else
    assert_int_equal(got, VB_OK);
}

static void expect_true(stage *s, bool got)
{
  s->lost = s->lost || !got;
}

static void run_memory(stage *s)
{
  vb_arena_mark mark = vb_arena_save(s->a);
  for (int i = 0; i < 6; i++)
    expect_true(s, vb_arena_alloc(s->a, 30000) != NULL);
  expect_true(s, vb_arena_printf(s->a, "%d", 5) != NULL);
  vb_arena_restore(s->a, mark);
  char key[16];
  for (int i = 0; i < 800; i++) { /* enough for the table of the map to grow */
    snprintf(key, sizeof key, "k%d", i);
    expect_true(s, vb_map_put(s->m, vb_span_of(key), s));
  }
  size_t kept = vb_map_count(s->m), found = 0;
  for (int i = 0; i < 800; i++) {
    snprintf(key, sizeof key, "k%d", i);
    found += vb_map_get(s->m, vb_span_of(key)) == s;
  }
  assert_int_equal(found, kept); /* the map is whole with what it took */
  expect_true(s, vb_edit_distance(VB_LIT("abcd"), VB_LIT("abdc"), 2) == 1); /* far away rather than wrong */
  for (int i = 0; i < 50; i++)
    vb_buf_printf(&s->b, "row %d\n", i);
  expect_true(s, !s->b.failed);
  expect_true(s, vb_buf_cstr(&s->b)[0] != '\0');
}

static void run_findings(stage *s)
{
  vb_diag_about(s->other, "unit", "document", "code");
  for (int i = 0; i < VB_FINDINGS_PER_RULE + 2; i++)
    assert_int_equal(vb_diag_post_rule(s->other, VB_ERROR, "R", (vb_place){"file", 1, 1, "cell"}, "v", "e"), VB_BAD);
  assert_int_equal(VB_POST(s->other, VB_MSG_RULE, VB_NOWHERE, "a", "b"), VB_BAD);
  vb_diag_file(s->d, "name");
  vb_diag_move(s->d, s->other);
  expect_true(s, !vb_diag_failed(s->d) && !vb_diag_failed(s->other));
  vb_buf line;
  vb_buf_init(&line);
  for (const vb_finding *f = vb_diag_first(s->d); f; f = f->next)
    vb_finding_line(f, VB_VI, &line);
  expect_true(s, !line.failed);
  vb_buf_free(&line);
}

static void run_files(stage *s)
{
  static const char text[] = "some text";
  const char *path = NULL, **names = NULL;
  size_t count = 0;
  int fd;
  expect(s, vb_dir_make(s->d, folder_path(s->dir, "x/y")));
  expect(s, vb_file_write(s->d, folder_path(s->dir, "f.csv"), text, sizeof text));
  vb_buf in;
  vb_buf_init(&in);
  if (vb_file_exists(folder_path(s->dir, "f.csv"))) { /* whole or absent */
    vb_status r = vb_file_read(s->d, folder_path(s->dir, "f.csv"), 100, true, &in);
    expect(s, r);
    if (r == VB_OK)
      assert_memory_equal(in.p, text, sizeof text);
  }
  vb_buf_free(&in);
  expect(s, vb_dir_list(s->d, s->a, s->dir, &names, &count));
  for (size_t i = 0; i < count; i++)
    assert_false(vb_file_is_temp(names[i]));
  expect(s, vb_path_inside(s->d, s->a, s->dir, VB_LIT("x/new.csv"), VB_NOWHERE, &path));
  expect(s, vb_path_glob(s->d, s->a, s->dir, VB_LIT("*.csv"), VB_NOWHERE, &names, &count));
  expect(s, vb_lock_take(s->d, folder_path(s->dir, "lock"), &fd));
  vb_lock_drop(&fd);
  vb_status r = vb_scratch_name(s->d, s->a, &path);
  expect(s, r);
  if (r == VB_OK)
    expect(s, vb_file_remove(s->d, path));
}

static bool run(const char *dir)
{
  stage s = {.dir = dir, .d = vb_diag_new(), .other = vb_diag_new(), .a = vb_arena_new(0), .m = vb_map_new()};
  vb_buf_init(&s.b);
  s.lost = !s.d || !s.other || !s.a || !s.m;
  if (!s.lost) {
    run_memory(&s);
    run_findings(&s);
    run_files(&s);
    expect_true(&s, !vb_diag_failed(s.d));
  }
  vb_diag_free(s.d);
  vb_diag_free(s.other);
  vb_arena_free(s.a);
  vb_map_free(s.m);
  vb_buf_free(&s.b);
  return !s.lost;
}

static void every_call(bool from_there_on)
{
  char dir[256];
  folder_make(dir);
  long n = 0;
  bool through = false;
  while (!through) {
    faults f = {.fail_at = ++n, .from_there_on = from_there_on};
    vb_mem_table table = {fault_alloc, fault_resize, fault_release, &f};
    vb_mem_set(&table);
    bool ok = run(dir);
    vb_mem_set(NULL);
    if (ok == f.failed)
      fail_msg("allocation %ld failed and the run %s", n, ok ? "did not notice" : "says so without it");
    assert_int_equal(f.live, 0);
    through = !f.failed;
  }
  assert_in_range(n, 60, 100000); /* the run does allocate */
  folder_drop(dir);
}

static void test_one_fails(void **state)
{
  (void)state;
  every_call(false);
}

static void test_all_fail(void **state)
{
  (void)state;
  every_call(true);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_one_fails), cmocka_unit_test(test_all_fail)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
