/* Traces: what is written reads back equal; python's json and csv see the same; lookups by code; broken files end in one message. */
#include "read_help.h"

#include <stdlib.h>

#include "package/package.h"

#define PATH "build/test_package.trace.json"

static const vb_traced_source sources[] = {
  {"QT", "2023", "1.1.2", "02", {"so-lieu.csv", 14, 7, NULL}},
  {"QT", "2022", "1.1.1", "", {"nam \"trước\", a.xlsx", 0, 0, "Sheet1!D14"}}};
static const vb_traced figures[] = {
  {"1.1.3", "98,5%", "98.5", 3, 123456, 700001, NULL, "Phụ lục", "D14", "ratio(\"1.1.2\", \"1.1.1\", 1)", {"bao-cao.xml", 81, 5, NULL}, sources, 2},
  {NULL, "=1+1", NULL, 0, 0, 0, NULL, NULL, NULL, NULL, {NULL, 0, 0, NULL}, NULL, 0},
  {"1.1.2", "02", "2", 23, -1500, 12, "bao-cao-pl1.pdf", NULL, NULL, "1.1.2", {"ý 1.txt", 3, 0, NULL}, sources, 1}};
static const vb_traces all = {"QT", "bao-cao", figures, 3};

static void same_text(const char *x, const char *y)
{
  if (x && y) assert_string_equal(x, y);
  else assert_true(x == y);
}

static void same_place(const vb_place *x, const vb_place *y)
{
  same_text(x->file, y->file);
  same_text(x->cell, y->cell);
  assert_int_equal(x->line, y->line);
  assert_int_equal(x->column, y->column);
}

static vb_traces *round_trip(const vb_traces *t, vb_buf *json)
{
  vb_traces *back = NULL;
  assert_int_equal(vb_traces_write(d, t, json), VB_OK);
  assert_int_equal(vb_file_write(d, PATH, json->p, json->n), VB_OK);
  assert_int_equal(vb_traces_read(d, a, PATH, &back), VB_OK);
  return back;
}

static void test_round(void **state)
{
  (void)state;
  vb_buf json, again;
  vb_buf_init(&json);
  vb_buf_init(&again);
  vb_traces *back = round_trip(&all, &json);
  same_text(back->unit, "QT");
  same_text(back->document, "bao-cao");
  assert_int_equal(back->n_figures, 3);
  for (size_t i = 0; i < 3; i++) {
    const vb_traced *x = &figures[i], *y = &back->figures[i];
    same_text(x->code, y->code);
    same_text(x->printed, y->printed);
    same_text(x->value, y->value);
    assert_int_equal(x->page, y->page);
    assert_int_equal(x->x, y->x);
    assert_int_equal(x->y, y->y);
    same_text(x->pdf, y->pdf);
    same_text(x->sheet, y->sheet);
    same_text(x->cell, y->cell);
    same_text(x->expression, y->expression);
    same_place(&x->at, &y->at);
    assert_int_equal(x->n_sources, y->n_sources);
    for (size_t k = 0; k < x->n_sources; k++) {
      same_text(x->sources[k].unit, y->sources[k].unit);
      same_text(x->sources[k].period, y->sources[k].period);
      same_text(x->sources[k].code, y->sources[k].code);
      same_text(x->sources[k].raw, y->sources[k].raw);
      same_place(&x->sources[k].at, &y->sources[k].at);
    }
  }
  assert_int_equal(vb_traces_write(d, back, &again), VB_OK);
  assert_int_equal(json.n, again.n);
  assert_memory_equal(json.p, again.p, json.n);
  vb_buf_free(&json);
  vb_buf_free(&again);
}

/* All of the output for one document. */
static void print(vb_trace_form form, const char *code, vb_buf *b, size_t expected)
{
  size_t shown = 0;
  vb_trace_print how = {form, code, form == VB_TRACE_TEXT && expected ? VB_VI : VB_EN, false};
  assert_int_equal(vb_traces_print_head(&all, &how, b), VB_OK);
  assert_int_equal(vb_traces_print(&all, &how, b, &shown), VB_OK);
  assert_int_equal(vb_traces_print_tail(&how, b), VB_OK);
  assert_int_equal(shown, expected);
}

static void test_printed(void **state)
{
  (void)state;
  vb_buf b;
  vb_buf_init(&b);
  print(VB_TRACE_TEXT, "1.1.1", &b, 1);
  assert_string_equal(vb_buf_cstr(&b), "1.1.3  98,5%  giá trị 98.5  trang 3 (123.456, 700.001 pt)  Phụ lục!D14\n"
                                       "    = ratio(\"1.1.2\", \"1.1.1\", 1)  [bao-cao.xml:81:5]\n"
                                       "    so-lieu.csv:14:7: QT 2023 1.1.2 = 02\n"
                                       "    nam \"trước\", a.xlsx:Sheet1!D14: QT 2022 1.1.1 = (trống)\n");
  vb_buf_clear(&b);
  print(VB_TRACE_TEXT, "9.9", &b, 0);
  assert_int_equal(b.n, 0);
  print(VB_TRACE_CSV, NULL, &b, 3);
  assert_int_equal(vb_file_write(d, "build/test_package.trace.csv", b.p, b.n), VB_OK);
  vb_buf_clear(&b);
  print(VB_TRACE_JSON, "1.1.2", &b, 2);
  assert_int_equal(vb_file_write(d, PATH, b.p, b.n), VB_OK);
  vb_buf_free(&b);
  assert_int_equal(system("python3 -c '\nimport csv,json\n"
    "r=list(csv.DictReader(open(\"build/test_package.trace.csv\",encoding=\"utf-8\",newline=\"\")))\n"
    "assert len(r)==4 and len(r[0])==22 and all(None not in x.values() and None not in x for x in r)\n"
    "assert r[1][\"file\"]==\"nam \\\"trước\\\", a.xlsx\" and r[1][\"cell\"]==\"Sheet1!D14\" and r[0][\"x\"]==\"123.456\" and r[3][\"y\"]==\"0.012\" and r[2][\"x\"]==\"\" and r[3][\"pdf\"]==\"bao-cao-pl1.pdf\" and r[0][\"document\"]==\"bao-cao\"\n"
    "j=json.load(open(\"" PATH "\",encoding=\"utf-8\"))\n"
    "assert j[\"format\"]==1 and [f[\"code\"] for f in j[\"figures\"]]==[\"1.1.3\",\"1.1.2\"]\n"
    "f=j[\"figures\"][0]\n"
    "assert list(f)==\"code printed value page x y sheet cell expression template sources\".split() and f[\"x\"]==123.456 and f[\"sources\"][0][\"line\"]==14'"), 0);
}

/* Two documents as one JSON object, whose figures say which they are of; as text, each under its name. */
static void test_several(void **state)
{
  (void)state;
  static const vb_traces other = {"QT", "khac", figures, 1};
  vb_buf b;
  vb_buf_init(&b);
  for (vb_trace_form form = VB_TRACE_TEXT; form <= VB_TRACE_JSON; form++) {
    vb_trace_print how = {form, NULL, VB_EN, true};
    size_t shown = 0;
    vb_buf_clear(&b);
    assert_int_equal(vb_traces_print_head(NULL, &how, &b), VB_OK);
    assert_int_equal(vb_traces_print(&all, &how, &b, &shown), VB_OK);
    assert_int_equal(vb_traces_print(&other, &how, &b, &shown), VB_OK);
    assert_int_equal(vb_traces_print_tail(&how, &b), VB_OK);
    assert_int_equal(shown, 4);
    if (form == VB_TRACE_TEXT) assert_non_null(strstr(vb_buf_cstr(&b), "== QT/khac\n1.1.3"));
  }
  assert_int_equal(vb_file_write(d, PATH, b.p, b.n), VB_OK);
  vb_buf_free(&b);
  assert_int_equal(system("python3 -c '\nimport json\nj=json.load(open(\"" PATH "\",encoding=\"utf-8\"))\n"
    "assert [f[\"document\"] for f in j[\"figures\"]]==[\"bao-cao\"]*3+[\"khac\"] and j[\"document\"] is None'"), 0);
}

static void expect_broken(const char *text)
{
  vb_traces *t = NULL;
  assert_int_equal(vb_file_write(d, PATH, text, strlen(text)), VB_OK);
  vb_status s = vb_traces_read(d, a, PATH, &t);
  if (s != VB_BAD) fail_msg("%s", text);
  assert_null(t);
  assert_int_equal(vb_diag_count(d, VB_ERROR), 1);
  findings();
}

static void test_broken(void **state)
{
  (void)state;
  static const char *const bad[] = {"", "{", "[]", "{\"format\":2,\"figures\":[]}", "{\"format\":1,\"figures\":{}}", "{\"format\":1,\"figures\":[1]}",
                                    "{\"format\":1,\"figures\":[{\"page\":-1}]}", "{\"format\":1,\"figures\":[{\"x\":1e300}]}", "{\"format\":1,\"figures\":[{\"code\":1}]}",
                                    "{\"format\":1,\"figures\":[{\"sources\":[{\"line\":\"1\"}]}]}", "{\"format\":1,\"format\":1}"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) expect_broken(bad[i]);
  vb_buf json;
  vb_buf_init(&json);
  round_trip(&all, &json);
  for (int i = 0; i < 300; i++) {
    char *copy = vb_arena_copy(a, json.p, json.n);
    size_t n = i % 3 ? json.n : help_random() % json.n;
    copy[help_random() % json.n] = (char)help_random();
    assert_int_equal(vb_file_write(d, PATH, copy, n), VB_OK);
    vb_traces *t = NULL;
    vb_status s = vb_traces_read(d, a, PATH, &t);
    assert_true((s == VB_OK && t) || (s == VB_BAD && !t && vb_diag_count(d, VB_ERROR) == 1));
    findings();
  }
  vb_buf_free(&json);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, help_setup, help_teardown)
  const struct CMUnitTest tests[] = {T(test_round), T(test_printed), T(test_several), T(test_broken)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
