/* The book of a job behind runs that were killed. */
#include "read_help.h"

#include "batch/inputs.h"
#include "folder.h"

static char dir[256];

static int setup(void **state)
{
  folder_make(dir);
  return help_setup(state);
}

static int teardown(void **state)
{
  folder_drop(dir);
  return help_teardown(state);
}

/* A run that reads one file, and is killed before it makes anything. */
static void begin(const char *name)
{
  vb_book *b = NULL;
  char id[VB_SHA256_HEX];
  assert_int_equal(vb_book_open(d, folder_path(dir, ".job.made"), false, &b), VB_OK);
  vb_inputs *in = vb_inputs_new(b);
  const vb_man_input one = {.path = name, .bytes = 3, .sha256 = "cdf5d29d9c6ebf5c76d531c301c52ebc0db7a617b12969a6b1ccc02d65730f89"};
  assert_int_equal(vb_inputs_add(d, in, &one), VB_OK);
  assert_int_equal(vb_inputs_end(d, in, id), VB_OK);
  vb_inputs_free(in);
  vb_book_close(b);
}

static void test_inputs_of_killed_runs(void **state)
{
  (void)state;
  begin("mot.csv");
  begin("hai.csv");
  vb_book *b = NULL;
  char id[VB_SHA256_HEX];
  assert_int_equal(vb_book_open(d, folder_path(dir, ".job.made"), false, &b), VB_OK);
  vb_inputs *in = vb_inputs_new(b);
  const vb_man_input one = {.path = "ba.csv", .bytes = 3, .sha256 = "cdf5d29d9c6ebf5c76d531c301c52ebc0db7a617b12969a6b1ccc02d65730f89"};
  assert_int_equal(vb_inputs_add(d, in, &one), VB_OK);
  assert_int_equal(vb_inputs_end(d, in, id), VB_OK);
  vb_input_reader r;
  const vb_man_input *got = NULL;
  assert_int_equal(vb_input_reader_open(b, &r), VB_OK);
  assert_int_equal(vb_input_next(d, &r, &got), VB_OK);
  assert_string_equal(got->path, "ba.csv"); /* and not those of the two before */
  assert_int_equal(vb_input_next(d, &r, &got), VB_DONE);
  vb_input_reader_close(&r);
  vb_inputs_free(in);
  vb_book_close(b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(test_inputs_of_killed_runs, setup, teardown)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
