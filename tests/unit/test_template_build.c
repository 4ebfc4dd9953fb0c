/* What templates build: each file of data/template/good against the tree beside it; setup, meta data, traces, data; two builds alike. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "template_lab.h"

static void built(lab *l, const char *id, const char *want)
{
  vb_status st = lab_open(l, id);
  if (st == VB_OK) st = lab_build(l);
  if (st != VB_OK) print_error("%s", lab_findings(l));
  assert_int_equal(st, VB_OK);
  assert_string_equal(lab_findings(l), "");
  if (want) lab_same(l, lab_dump(l), want);
}

static const char citations[] =
    "luat;Luật;77/2015/QH13;2015-06-19;Quốc hội;Tổ chức chính quyền địa phương\n"
    "kh-203;Kế hoạch;203/KH-UBND;2022-12-05;Ủy ban nhân dân huyện Quảng Điền;Cải cách hành chính năm 2023\n"
    "qd-34;Quyết định;34/2019/QĐ-UBND;2019-06-13;Ủy ban nhân dân tỉnh;Ban hành Quy định về kỷ luật hành chính";

static void text(void **state)
{
  lab l;
  (void)state;
  lab_make(&l);
  lab_rows("citation", citations);
  built(&l, "van-ban", "good/van-ban.want");
  assert_string_equal(l.doc->meta.subject, "Kết quả năm 2023, phương hướng năm 2024");
  assert_string_equal(l.doc->meta.title, "Báo cáo Kết quả năm 2023, phương hướng năm 2024");
  assert_string_equal(l.doc->meta.template_id, "van-ban");
  assert_int_equal(l.doc->setup.right, VB_MM(15.5));
  assert_int_equal(l.doc->setup.left, VB_MM(35));
  assert_int_equal(l.doc->setup.bottom, VB_MM(25));
  assert_int_equal(l.doc->setup.body_size, 26);
  assert_int_equal(l.doc->setup.leading, 1250);
  assert_int_equal(l.doc->setup.para_gap, VB_PT(8));
  assert_int_equal(l.doc->setup.indent, VB_MM(10));
  assert_int_equal(l.doc->setup.size_set, 'A');
  lab_drop(&l);
}

static void told(void **state)
{
  lab l;
  (void)state;
  lab_make(&l);
  lab_rows("citation", citations);
  l.narrative = "Năm 2023 có {1.1} văn bản.\n- Một: {1.3}%\n+ Nhỏ\n- Hai\nHết.";
  built(&l, "van-ban", "good/van-ban-tu-soan.want");
  lab_drop(&l);
}

static void told_wrong(void **state)
{
  lab l;
  (void)state;
  lab_make(&l);
  lab_rows("citation", citations);
  l.narrative = "Năm 2023 có {2.4} việc.\n- Một: {1.33}%";
  assert_int_equal(lab_open(&l, "van-ban"), VB_OK);
  assert_int_equal(lab_build(&l), VB_BAD);
  assert_null(l.doc);
  assert_string_equal(lab_findings(&l),
                      "noi-dung/loi.txt:1:13: error: the figure of 2.4 is needed here and was not reported; enter it [template-value]\n"
                      "noi-dung/loi.txt:2:8: error: the form bieu has no indicator \"1.33\"; did you mean \"1.3\"? [template-code]\n");
  lab_drop(&l);
}

static void tables(void **state)
{
  lab l;
  (void)state;
  lab_make(&l);
  lab_rows("nhiem-vu", "1;Ban hành kế hoạch;2023-01-31;1200000;1,5\n2;- Tuyên truyền\\- Kiểm tra;;;0,25");
  built(&l, "bang", "good/bang.want");
  lab_drop(&l);
}

static void control(void **state)
{
  lab l;
  (void)state;
  lab_make(&l);
  built(&l, "dieu-khien", "good/dieu-khien.want");
  lab_drop(&l);
}

static const vb_trace *trace_of(const lab *l, const char *expression)
{
  for (uint32_t i = 0; i < l->doc->n_traces; i++)
    if (strcmp(l->doc->traces[i].expression, expression) == 0) return &l->doc->traces[i];
  return NULL;
}

/* A figure's trace leads to the field that it was read from; a row's to the column. */
static void traces(void **state)
{
  lab l;
  (void)state;
  lab_make(&l);
  lab_rows("nhiem-vu", "1;Ban hành kế hoạch;2023-01-31;1200000;1,5\n2;Kiểm tra;;;0,25");
  built(&l, "bang", NULL);
  const vb_trace *t = trace_of(&l, "kinh_phi");
  assert_non_null(t);
  assert_string_equal(t->printed, "1.200.000");
  assert_int_equal(t->n_sources, 1);
  assert_string_equal(t->sources[0].at.file, "nhiem-vu.csv");
  assert_int_equal(t->sources[0].at.line, 2);
  assert_int_equal(t->sources[0].at.column, 32);
  assert_string_equal(t->sources[0].raw, "1200000");
  t = trace_of(&l, "code"); /* {#code}: the first row that has a figure */
  assert_non_null(t);
  assert_string_equal(t->printed, "02");
  assert_int_equal(t->n_sources, 1);
  assert_string_equal(t->sources[0].code, "1.1");
  assert_string_equal(t->sources[0].raw, "2");
  assert_int_equal(t->sources[0].at.line, 2);
  assert_int_equal(t->sources[0].at.column, 5);
  assert_int_equal(t->at.line, 22);
  lab_drop(&l);
}

/* The form's indicators in its order, with what was delivered. */
static void data(void **state)
{
  lab l;
  (void)state;
  lab_make(&l);
  built(&l, "bang", NULL);
  assert_int_equal(l.doc->n_data, 11);
  assert_string_equal(l.doc->data[0].code, "1.1");
  assert_int_equal(l.doc->data[1].value.num.n, 1714);
  assert_string_equal(l.doc->data[1].note, "đủ");
  assert_int_equal(l.doc->data[2].value.type, VB_VALUE_PERCENT);
  assert_int_equal(l.doc->data[2].value.num.n, 561);
  assert_int_equal(l.doc->data[2].value.num.places, 1);
  assert_int_equal(l.doc->data[6].value.type, VB_VALUE_NONE);  /* not applicable */
  assert_int_equal(l.doc->data[9].value.type, VB_VALUE_DATE);
  assert_int_equal(l.doc->data[10].value.type, VB_VALUE_NONE); /* not reported */
  lab_drop(&l);
}

static void params(void **state)
{
  lab l;
  vb_variable given[] = {{"loi_chao", {VB_SQL_TEXT, 0, VB_LIT("Kính chào")}}, {"la", {VB_SQL_INTEGER, 1, {NULL, 0}}}};
  (void)state;
  lab_make(&l);
  lab_rows("citation", citations);
  l.build.variables = given;
  l.build.n_variables = 1;
  built(&l, "van-ban", NULL);
  assert_non_null(strstr(lab_dump(&l), "Kính chào, ngày 06 tháng 12 năm 2023"));
  l.build.n_variables = 2;
  assert_int_equal(lab_build(&l), VB_BAD);
  assert_string_equal(lab_findings(&l), "vanban: error: the template has no parameter \"la\" that the job sets; take it out of job.xml [template-set]\n");
  lab_drop(&l);
}

/* The same input gives the same tree, from another template and store too; a second document does not hear of the first. */
static void twice(void **state)
{
  lab a, b;
  (void)state;
  lab_make(&a);
  lab_rows("citation", citations);
  built(&a, "van-ban", NULL);
  const char *first = lab_dump(&a);
  assert_int_equal(lab_build(&a), VB_OK);
  assert_string_equal(lab_dump(&a), first);
  assert_int_equal(vb_template_prepare(a.d, a.t, a.s), VB_OK);
  assert_int_equal(lab_build(&a), VB_OK);
  assert_string_equal(lab_dump(&a), first);
  lab_make(&b);
  lab_rows("citation", citations);
  built(&b, "van-ban", NULL);
  assert_string_equal(lab_dump(&b), first);
  lab_drop(&b);
  lab_drop(&a);
}

/* What others may ask of a template. */
static void asked(void **state)
{
  lab l;
  const vb_slot_info *slots;
  const vb_data_table *tables_of;
  const char *const *paths;
  const char *otherwise = NULL;
  (void)state;
  lab_make(&l);
  lab_rows("citation", citations);
  assert_int_equal(lab_open(&l, "van-ban"), VB_OK);
  assert_string_equal(vb_template_id(l.t), "van-ban");
  assert_string_equal(vb_template_kind(l.t), "BC");
  assert_string_equal(vb_template_kind_name(l.t), "Báo cáo");
  assert_string_equal(vb_template_form(l.t), "bieu");
  assert_string_equal(vb_template_about(l.t, VB_EN), "Text, figures and sections");
  assert_int_equal(vb_template_slots(l.t, &slots), 3);
  assert_string_equal(slots[0].id, "loi");
  assert_string_equal(slots[0].hint, "lời");
  assert_true(slots[0].has_default);
  assert_false(slots[2].has_default);
  assert_int_equal(vb_template_params(l.t), 1);
  assert_string_equal(vb_template_param(l.t, 0, &otherwise), "loi_chao");
  assert_string_equal(otherwise, "Trân trọng");
  assert_int_equal(vb_template_files(l.t, &paths), 2); /* itself and the form */
  assert_string_equal(paths[1], "tests/unit/data/template/forms/bieu.xml");
  assert_int_equal(vb_template_tables(l.t, &tables_of), 0);
  assert_string_equal(vb_kind_name(VB_LIT("TTr")), "Tờ trình");
  assert_null(vb_kind_name(VB_LIT("XX")));
  lab_drop(&l);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(text),   cmocka_unit_test(told),   cmocka_unit_test(told_wrong), cmocka_unit_test(tables), cmocka_unit_test(control),
                                     cmocka_unit_test(traces), cmocka_unit_test(data),   cmocka_unit_test(params),     cmocka_unit_test(twice),  cmocka_unit_test(asked)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
