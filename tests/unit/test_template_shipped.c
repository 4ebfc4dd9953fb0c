/* The templates that are shipped: each opens, its tables are declared and its SQL prepared; each form's rules too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "template_lab.h"

static const char *const dirs[] = {"templates"};
static const vb_library library = {dirs, 1};

static void declare(lab *l)
{
  const vb_data_table *tables;
  size_t n = vb_template_tables(l->t, &tables);
  assert_int_equal(vb_store_open(l->d, NULL, &l->s), VB_OK);
  for (size_t i = 0; i < n; i++) assert_int_equal(vb_store_declare(l->d, l->s, &tables[i]), VB_OK);
  assert_int_equal(vb_store_begin(l->d, l->s), VB_OK);
  if (vb_template_form(l->t)) {
    assert_int_equal(vb_form_open(l->d, &library, vb_span_of(vb_template_form(l->t)), VB_NOWHERE, &l->form), VB_OK);
    assert_int_equal(vb_form_load(l->d, l->form, l->s), VB_OK);
  }
  assert_int_equal(vb_store_commit(l->d, l->s), VB_OK);
  if (l->form) assert_int_equal(vb_form_check(l->d, l->form, l->s), VB_OK);
}

static bool is_template(lab *l, const char *name)
{
  vb_buf text;
  vb_buf_init(&text);
  bool yes = vb_file_read(l->d, vb_arena_printf(l->a, "templates/%s", name), 1 << 20, true, &text) == VB_OK && strstr(vb_buf_cstr(&text), "<template ");
  vb_buf_free(&text);
  return yes;
}

static void each(void **state)
{
  vb_diag *d = vb_diag_new();
  vb_arena *a = vb_arena_new(0);
  const char **names;
  size_t n, done = 0;
  (void)state;
  assert_int_equal(vb_dir_list(d, a, "templates", &names, &n), VB_OK);
  for (size_t i = 0; i < n; i++) {
    size_t k = strlen(names[i]);
    lab l;
    if (k < 5 || strcmp(names[i] + k - 4, ".xml") != 0) continue;
    lab_make(&l);
    if (is_template(&l, names[i])) {
      vb_status st = vb_template_open(l.d, &library, (vb_span){names[i], k - 4}, VB_NOWHERE, &l.t);
      if (st == VB_OK) declare(&l);
      if (st == VB_OK) st = vb_template_prepare(l.d, l.t, l.s);
      if (st != VB_OK) print_error("%s:\n%s", names[i], lab_findings(&l));
      assert_int_equal(st, VB_OK);
      assert_string_equal(lab_findings(&l), "");
      assert_true(vb_template_about(l.t, VB_VI)[0] && vb_template_about(l.t, VB_EN)[0]);
      done++;
    }
    lab_drop(&l);
  }
  assert_true(done >= 5);
  vb_arena_free(a);
  vb_diag_free(d);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(each)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
