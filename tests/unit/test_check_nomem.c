/* Memory that runs out while figures and a document are checked: with the n-th allocation failing, for every n, the answer is VB_NOMEM, or
 * the findings that could not be kept are known to be missing, or all is as without a fault; and nothing leaks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "check/check.h"
#include "doc_make.h"
#include "store_make.h"

typedef struct faults { long calls, fail_at; } faults;
static faults f;

static bool due(faults *x) { return ++x->calls == x->fail_at; }
static void *fault_alloc(void *ctx, size_t n) { return due(ctx) ? NULL : malloc(n); }
static void *fault_resize(void *ctx, void *p, size_t n) { return due(ctx) ? NULL : realloc(p, n); }
static void fault_release(void *ctx, void *p) {
  (void)ctx;
  free(p);
}
static const vb_mem_table table = {fault_alloc, fault_resize, fault_release, &f};

static const vb_indicator form[] = {{.form = "k", .code = "5", .label = "Tỷ lệ", .measure = "%", .type = VB_TYPE_PERCENT, .places = 2, .rollup = "none"}};

static vb_status check_figures(vb_diag *d, vb_store *s, const vb_doc *doc) {
  (void)doc;
  const vb_indicator *list[] = {&form[0]};
  const char *units[] = {"xa-1"};
  const vb_check_sql rule = {"R", VB_WARNING, VB_LIT("SELECT '5' AS code, num(val('5')) AS so, 'error' AS _severity FROM unit WHERE code = :unit"), "số {so}", "figure {so}", {"f.xml", 9, 1, NULL}};
  vb_check_set set = {.units = units, .n_units = 1, .indicators = list, .n_indicators = 1, .rules = &rule, .n_rules = 1};
  return vb_check_data(d, s, "2023", &set, 1);
}

/* With a register, whose filling may fail too. */
static vb_status check_tree(vb_diag *d, vb_store *s, const vb_doc *doc) {
  vb_arena *a = vb_arena_new(0);
  vb_registers *words = a == NULL ? NULL : vb_registers_new(a);
  vb_status st = words == NULL ? VB_NOMEM : VB_OK;
  if (st == VB_OK) st = vb_registers_add(words, &(vb_register_entry){.kind = VB_REG_ONCE, .text = "của"});
  if (st == VB_OK) st = vb_registers_add(words, &(vb_register_entry){.kind = VB_REG_WORD, .text = "của cải"});
  if (st == VB_OK) st = vb_check_document(d, s, words, doc);
  vb_registers_free(words);
  vb_arena_free(a);
  return st;
}

/* All findings as they are told, severities among them: a severity that found no memory is another, and a figure in a sentence none. */
static char *told(const vb_diag *d) {
  vb_buf b;
  vb_buf_init(&b);
  for (const vb_finding *x = vb_diag_first(d); x != NULL; x = x->next) {
    vb_finding_line(x, VB_EN, &b);
    vb_buf_char(&b, '\n');
  }
  char *copy = strdup(vb_buf_cstr(&b));
  vb_buf_free(&b);
  return copy;
}

static void run(vb_status (*fn)(vb_diag *, vb_store *, const vb_doc *), size_t want) {
  vb_mem_set(&table);
  f = (faults){0, 0};
  vb_diag *loading = vb_diag_new();
  vb_store *s = NULL;
  assert_int_equal(vb_store_open(loading, NULL, &s), VB_OK);
  assert_int_equal(vb_store_begin(loading, s), VB_OK);
  store_units(loading, s);
  assert_int_equal(vb_store_add_indicator(loading, s, &form[0]), VB_OK);
  assert_int_equal(store_value(loading, s, "xa-1", "2023", "5", "130"), VB_OK);
  assert_int_equal(vb_store_commit(loading, s), VB_OK);
  vb_doc *doc = make_doc();
  make_para(doc, make_sequence(doc, VB_SEQ_BODY, NULL, false), VB_STYLE_BODY, "của của LĐTBXH (PAKN) ngày 5/3/2023");
  vb_diag *undisturbed = vb_diag_new();
  vb_status usual = fn(undisturbed, s, doc);
  char *all = told(undisturbed);
  vb_diag_free(undisturbed);
  bool whole = false;
  for (long n = 1; !whole; n++) {
    assert_true(n < 100000);
    f = (faults){0, 0};
    vb_diag *d = vb_diag_new();
    f = (faults){0, n};
    vb_status st = fn(d, s, doc);
    whole = f.calls < n;
    f.fail_at = 0;
    size_t found = vb_diag_count(d, VB_INFO);
    if (whole || !(st == VB_NOMEM || vb_diag_failed(d))) {
      char *now = told(d);
      assert_int_equal(found, want);
      assert_int_equal(st, usual);
      assert_string_equal(now, all);
      free(now);
    }
    vb_diag_free(d);
  }
  free(all);
  vb_doc_free(doc);
  vb_store_close(s);
  vb_diag_free(loading);
  vb_mem_set(NULL);
}

static void test_figures(void **state) {
  (void)state;
  run(check_figures, 2);
}

static void test_document(void **state) {
  (void)state;
  run(check_tree, 4);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_figures), cmocka_unit_test(test_document)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
