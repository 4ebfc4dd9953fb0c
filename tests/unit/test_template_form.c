/* Forms: what is read, what is made (measures, roll-up), what goes into the store; names that are not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "folder.h"
#include "template_lab.h"

static const vb_indicator *item(const vb_form *f, const char *code)
{
  for (size_t i = 0; i < vb_form_count(f); i++)
    if (strcmp(vb_form_indicator(f, i)->code, code) == 0) return vb_form_indicator(f, i);
  return NULL;
}

static void reading(void **state)
{
  vb_diag *d = vb_diag_new();
  vb_form *f = NULL;
  const vb_rule_source *rules;
  (void)state;
  assert_int_equal(vb_form_open(d, lab_library(), VB_LIT("bieu"), VB_NOWHERE, &f), VB_OK);
  assert_string_equal(vb_form_id(f), "bieu");
  assert_string_equal(vb_form_title(f), "Biểu thử");
  assert_int_equal(vb_form_count(f), 13);
  assert_null(vb_form_indicator(f, 13));
  const vb_indicator *i = item(f, "1");
  assert_int_equal(i->type, VB_TYPE_GROUP);
  assert_int_equal(i->depth, 1);
  assert_null(i->parent);
  i = item(f, "1.1");
  assert_string_equal(i->parent, "1");
  assert_int_equal(i->depth, 2);
  assert_int_equal(i->digits, 2); /* the form's */
  assert_string_equal(i->zero, "-");
  assert_string_equal(i->rollup, "sum");
  assert_int_equal(item(f, "1.2")->digits, 1);
  assert_int_equal(item(f, "1.3")->places, 1);
  assert_int_equal(item(f, "1.3")->scale, 100);
  assert_string_equal(item(f, "1.3")->rollup, "none"); /* no num and den */
  assert_string_equal(item(f, "1.5")->measure, "Chưa = 0\nHoàn thành = 1");
  assert_string_equal(item(f, "2.1")->zero, "0");
  assert_int_equal(i->at.line, 5);
  assert_int_equal(vb_form_rules(f, &rules), 1);
  assert_string_equal(rules[0].id, "T01");
  assert_string_equal(rules[0].severity, "error");
  assert_true(vb_span_starts(rules[0].sql, "SELECT code FROM value"));
  assert_int_equal(rules[0].at.line, 19);
  assert_int_equal(rules[0].at.column, 52);
  assert_string_equal(rules[0].en, "{code} is blank");
  vb_form_close(f);
  vb_diag_free(d);
}

static void loading(void **state)
{
  lab l;
  (void)state;
  lab_make(&l);
  assert_int_equal(lab_open(&l, "bang"), VB_OK);
  assert_int_equal(vb_form_check(l.d, l.form, l.s), VB_OK);
  const vb_indicator *i = vb_store_indicator(l.s, "bieu", VB_LIT("1.2"));
  assert_non_null(i);
  assert_string_equal(i->marked, "Số hồ sơ (*lũy kế*)");
  assert_string_equal(i->label, "Số hồ sơ (lũy kế)");
  lab_drop(&l);
}

static void names(void **state)
{
  lab l;
  vb_template *t = NULL;
  vb_place at = {"job.xml", 3, 7, NULL};
  (void)state;
  lab_make(&l);
  assert_int_equal(vb_template_open(l.d, lab_library(), VB_LIT("vanban"), at, &t), VB_BAD);
  assert_int_equal(vb_template_open(l.d, lab_library(), VB_LIT("khong-co-mau-nay"), at, &t), VB_BAD);
  assert_int_equal(vb_template_open(l.d, lab_library(), VB_LIT("../forms/bieu"), at, &t), VB_BAD);
  assert_null(t);
  assert_string_equal(lab_findings(&l),
                      "job.xml:3:7: error: there is no template \"vanban\"; did you mean \"van-ban\"? [template-name]\n"
                      "job.xml:3:7: error: there is no template \"khong-co-mau-nay\"; `vanban templates` lists them [template-name]\n"
                      "job.xml:3:7: error: there is no template \"../forms/bieu\"; `vanban templates` lists them [template-name]\n");
  lab_drop(&l);
}

static void no_schemas(void **state)
{
  static const char *const only[] = {"tests/unit/data/template/good"};
  static const vb_library bare = {only, 1};
  lab l;
  vb_template *t = NULL;
  (void)state;
  lab_make(&l);
  assert_int_equal(vb_template_open(l.d, &bare, VB_LIT("bang"), VB_NOWHERE, &t), VB_SYSTEM);
  assert_string_equal(lab_findings(&l), "vanban: error: the schema template.rng is missing under tests/unit/data/template/good/schemas; install vanban's templates again [template-schema]\n");
  lab_drop(&l);
}

/* The job's own templates come before the installed ones. */
static void own_first(void **state)
{
  char dir[256];
  lab l;
  vb_template *t = NULL;
  (void)state;
  folder_make(dir);
  folder_put(dir, "bang.xml", "<template id='bang' kind='TB'><about lang='vi'>Của đợt</about><subject>A</subject><body><p>B</p></body></template>");
  const char *const dirs[] = {dir, "tests/unit/data/template/good", "templates"};
  const vb_library lib = {dirs, 3};
  lab_make(&l);
  assert_int_equal(vb_template_open(l.d, &lib, VB_LIT("bang"), VB_NOWHERE, &t), VB_OK);
  assert_string_equal(vb_template_about(t, VB_EN), "Của đợt");
  vb_template_close(t);
  lab_drop(&l);
  folder_drop(dir);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(reading), cmocka_unit_test(loading), cmocka_unit_test(names), cmocka_unit_test(no_schemas), cmocka_unit_test(own_first)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
