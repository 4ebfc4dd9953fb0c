/* Unit tests of the table of writers: names as the command line gives them, each with its own file suffix. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pdf_sample.h"

static void names_lead_to_formats(void **state)
{
  (void)state;
  static const char *const names[VB_FORMATS] = {"pdf", "xlsx", "tree", "pages", "null"};
  for (int f = 0; f < VB_FORMATS; f++) {
    vb_format found = VB_FORMATS;
    assert_string_equal(vb_writer_get((vb_format)f)->name, names[f]);
    assert_true(vb_format_by_name(vb_span_of(names[f]), &found));
    assert_int_equal(found, f);
    for (int g = 0; g < f; g++) assert_string_not_equal(vb_writer_get((vb_format)f)->suffix, vb_writer_get((vb_format)g)->suffix);
  }
  vb_format none = VB_FORMAT_TREE;
  assert_false(vb_format_by_name(VB_LIT("PDF"), &none));
  assert_false(vb_format_by_name(VB_LIT("pd"), &none));
  assert_false(vb_format_by_name(VB_LIT(""), &none));
  assert_int_equal(none, VB_FORMAT_TREE);
}

/* Every writer of the table takes a document, alike twice; all count the same pages, where they count. */
static void every_writer_writes(void **state)
{
  (void)state;
  vb_diag *d = vb_diag_new();
  vb_fontset *fonts;
  assert_int_equal(vb_fontset_open(d, NULL, &fonts), VB_OK);
  assert_int_equal(vb_write_warm_up(d, fonts), VB_OK);
  vb_doc *doc = pdf_sample_report(2, 8, 0);
  vb_write_options o = {.fonts = fonts, .producer = "vanban test"};
  int pages = 0;
  for (int f = 0; f < VB_FORMATS; f++) {
    vb_arena *a = vb_arena_new(0);
    vb_buf first = {0}, second = {0};
    vb_written told;
    assert_int_equal(vb_writer_get((vb_format)f)->write(d, doc, &o, a, &first, &told), VB_OK);
    assert_int_equal(vb_writer_get((vb_format)f)->write(d, doc, &o, a, &second, &told), VB_OK);
    assert_int_equal(first.n, second.n);
    if (first.n) assert_memory_equal(first.p, second.p, first.n);
    assert_int_equal(first.n == 0, f == VB_FORMAT_NULL);
    if (f == VB_FORMAT_PDF) pages = told.pages;
    if (f == VB_FORMAT_PAGES || f == VB_FORMAT_NULL) assert_int_equal(told.pages, pages);
    vb_buf_free(&first);
    vb_buf_free(&second);
    vb_arena_free(a);
  }
  vb_doc_free(doc);
  vb_write_cool_down();
  vb_fontset_close(fonts);
  vb_diag_free(d);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(names_lead_to_formats), cmocka_unit_test(every_writer_writes)};
  return cmocka_run_group_tests_name("write_table", tests, NULL, NULL);
}
