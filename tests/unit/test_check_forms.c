/* The spellings of documents: one form each, kept from one to the next, what a rule asks of it by its letters, and the words of a passage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "check/passage.h"
#include "doc_make.h"

static vb_form *get(vb_forms *f, const char *s) {
  vb_form *x = vb_forms_get(f, vb_span_of(s), 0, strlen(s));
  assert_non_null(x);
  return x;
}

static bool no_lists(vb_forms *f) {
  (void)f;
  return true;
}

static vb_forms *begun(void) {
  vb_forms *f = vb_forms_new();
  assert_true(f != NULL && vb_forms_begin(f, no_lists));
  return f;
}

static void test_one_form_a_spelling(void **state) {
  (void)state;
  vb_forms *f = begun();
  char own[] = "Quyết";
  vb_form *x = get(f, own);
  own[0] = 'q'; /* the text was copied */
  assert_ptr_equal(get(f, "Quyết"), x);
  assert_ptr_not_equal(get(f, "QUYẾT"), x);
  assert_ptr_equal(x->lower, get(f, "quyết"));
  assert_ptr_equal(get(f, "QUYẾT")->lower, x->lower);
  assert_ptr_equal(get(f, "quyết")->lower, get(f, "quyết"));
  assert_true(x->syllable != 0 && x->syllable == get(f, "quyết")->syllable);
  assert_ptr_equal(get(f, "ẞ")->lower, get(f, "ẞ")); /* ß has a byte less */
  assert_int_equal(vb_forms_count(f), 4);
  for (size_t i = 0; i < vb_forms_count(f); i++) assert_int_equal(vb_forms_at(f, i)->id, i);
  vb_forms_free(f);
}

static void test_letters(void **state) {
  static const struct { const char *text; unsigned capitals; bool capital, small, figure; } cases[] = {
      {"quyết", 0, false, true, false}, {"Quyết", 0, true, true, false}, {"QUYẾT", 5, true, false, false}, {"Đ", 1, true, false, false}, {"đ", 0, false, false, false},
      {"CCHC", 4, true, false, false},  {"VNeID", 0, true, true, false}, {"P2", 0, true, false, true},     {"12", 0, false, false, true}, {"ƯỚNg", 0, true, true, false}};
  (void)state;
  vb_forms *f = begun();
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const vb_form *x = get(f, cases[i].text);
    if (x->capitals != cases[i].capitals || x->capital != cases[i].capital || x->small != cases[i].small || x->figure != cases[i].figure) fail_msg("%s", cases[i].text);
  }
  vb_forms_free(f);
}

static bool two_lists(vb_forms *f) {
  static const char *const first[] = {"Luật ", "nghị định"}, *const second[] = {"luật"};
  return VB_FORMS_LIST(f, first, VB_LIST_ACT) && VB_FORMS_LIST(f, second, VB_LIST_CLAUSE);
}

static void test_lists(void **state) {
  (void)state;
  vb_forms *f = vb_forms_new();
  assert_true(vb_forms_begin(f, two_lists));
  assert_int_equal(get(f, "LUẬT")->lists, VB_LIST_ACT | VB_LIST_CLAUSE | VB_LIST_SHORT);
  assert_int_equal(get(f, "Nghị")->lists, VB_LIST_ACT);
  assert_int_equal(get(f, "định")->lists, 0);
  assert_int_equal(get(f, "12")->lists, VB_LIST_FIGURE);
  vb_forms_free(f);
}

/* More than the table has room for at first. */
static void test_many(void **state) {
  (void)state;
  vb_forms *f = begun();
  char text[16];
  for (int i = 0; i < 20000; i++) {
    (void)snprintf(text, sizeof text, "a%d", i);
    assert_int_equal(get(f, text)->id, i);
  }
  for (int i = 0; i < 20000; i++) {
    (void)snprintf(text, sizeof text, "a%d", i);
    assert_int_equal(get(f, text)->id, i);
  }
  vb_forms_free(f);
}

/* Words of eight bytes and more, at the end of a text and inside one; a prefix is another word. */
static void test_lengths(void **state) {
  static const char text[] = "nghiêng nghiê nghiêngnghiêng nghiêngnghiên12345678 nghi";
  (void)state;
  vb_forms *f = begun();
  vb_form *met[8];
  size_t n = 0;
  for (size_t from = 0, to; text[from] != '\0'; from = to + (text[to] == ' ')) {
    to = from + strcspn(text + from, " ");
    met[n] = vb_forms_get(f, vb_span_of(text), from, to);
    assert_true(vb_span_eq(met[n]->text, (vb_span){text + from, to - from}));
    char alone[64];
    assert_ptr_equal(get(f, vb_span_text(alone, sizeof alone, met[n]->text)), met[n]);
    for (size_t i = 0; i < n; i++) assert_ptr_not_equal(met[i], met[n]);
    n++;
  }
  assert_int_equal(n, 5);
  vb_forms_free(f);
}

/* What is one document's begins anew with the next; what follows from the letters stays. */
static void test_documents(void **state) {
  (void)state;
  vb_forms *f = vb_forms_new();
  assert_true(vb_forms_begin(f, two_lists));
  vb_form *x = get(f, "Luật"), *y = get(f, "UBND");
  y->words = 3;
  assert_int_equal(x->id, 1); /* behind its lower form */
  assert_true(vb_forms_begin(f, two_lists));
  assert_int_equal(vb_forms_count(f), 0);
  assert_ptr_equal(get(f, "UBND"), y);
  assert_int_equal(y->words, 0);
  assert_int_equal(y->id, 1);
  assert_ptr_equal(vb_forms_at(f, 0), y->lower);
  assert_ptr_equal(get(f, "Luật"), x);
  char text[16];
  for (int i = 0; i <= VB_SPELLINGS_MAX; i++) {
    (void)snprintf(text, sizeof text, "b%d", i);
    (void)get(f, text);
  }
  assert_false(vb_forms_fine(f, VB_LIT("Số hồ sơ")));
  assert_true(vb_forms_note_fine(f, VB_LIT("Số hồ sơ")) && vb_forms_fine(f, VB_LIT("Số hồ sơ")));
  assert_ptr_equal(get(f, "Luật"), x); /* too many are dropped between documents alone */
  assert_true(vb_forms_begin(f, two_lists));
  assert_int_equal(get(f, "Luật")->lists, VB_LIST_ACT | VB_LIST_CLAUSE);
  assert_int_equal(vb_forms_count(f), 2);
  assert_false(vb_forms_fine(f, VB_LIT("Số hồ sơ")));
  vb_forms_free(f);
}

static void test_passages(void **state) {
  (void)state;
  vb_doc *doc = make_doc();
  vb_node *body = make_sequence(doc, VB_SEQ_BODY, NULL, false);
  make_para(doc, body, VB_STYLE_BODY, "“Ủy ban – XÃ” (12/KH)  và")->at = (vb_place){"noi-dung/xa-1/II.1.txt", 3, 1, NULL};
  make_cell(doc, make_row(doc, make_table(doc, body, (vb_table_column[1]){{.width = 1000}}, 1), VB_ROW_DATA), "12");
  vb_reading r = {.doc = doc, .a = vb_arena_new(0)};
  r.forms = begun();
  assert_int_equal(vb_passages_read(&r), VB_OK);
  static const struct { const char *text; bool joined; } want[] = {{"Ủy", false}, {"ban", true}, {"XÃ", false}, {"12", false}, {"KH", false}, {"và", false}};
  const vb_passage *p = r.first, *cell = p->next;
  assert_int_equal(p->n_words, sizeof want / sizeof want[0]);
  for (size_t i = 0; i < p->n_words; i++) {
    const vb_word *w = &p->words[i];
    assert_true(vb_span_is(w->form->text, want[i].text) && vb_span_eq(w->form->text, (vb_span){p->text.p + w->from, w->to - w->from}));
    assert_true(vb_span_eq(w->form->lower->text, (vb_span){p->lower.p + w->from, w->to - w->from}));
    assert_int_equal(w->joined, want[i].joined);
  }
  assert_int_equal(p->signs, VB_SIGN_WIDE | VB_SIGN(' ') | VB_SIGN('(') | VB_SIGN(')') | VB_SIGN('/'));
  assert_string_equal(p->slot, "II.1");
  assert_int_equal(p->regions[0], VB_REGION_QUOTE);
  assert_int_equal(p->regions[p->text.n - 1], VB_REGION_NONE);
  assert_int_equal(cell->regions[0], VB_REGION_CELL);
  assert_null(cell->slot);
  assert_int_equal(vb_gap_from(p, p->n_words), p->text.n);
  assert_ptr_equal(cell->words[0].form, p->words[3].form);
  assert_int_equal(p->words[3].form->words, 2);
  vb_forms_free(r.forms);
  vb_arena_free(r.a);
  vb_doc_free(doc);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_one_form_a_spelling), cmocka_unit_test(test_letters), cmocka_unit_test(test_lists), cmocka_unit_test(test_many),
    cmocka_unit_test(test_lengths), cmocka_unit_test(test_documents), cmocka_unit_test(test_passages)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
