/* Rules on sentences, names and citations: each fires on a true mistake, and none on the places that are right. tests/check.d/40-rules.sh reads
 * POSITIVE and NEGATIVE. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "check/check.h"
#include "doc_make.h"
#include "store_make.h"

typedef struct text_case { const char *rule; bool fires; const char *text, *kind; vb_date date; const char *period; } text_case;
#define POSITIVE(rule, text) rule, true, text
#define NEGATIVE(rule, text) rule, false, text
#define REPORT "BC", {2023, 12, 6}, NULL
#define PLAN "KH", {2020, 12, 24}, NULL

static const text_case cases[] = {
    {POSITIVE("C01", "Thực hiện Nghị định số 09/2019/NĐ-CP của Chính phủ; Quyết định số 45/2018/QĐ-TTg"), REPORT},
    {POSITIVE("C01", "Theo Kế hoạch số 241/KH-UBND ngày 06/12/2022 về chuyển đổi số; Kế hoạch số 264/KH-UBND ngày 30/12/2022 của UBND huyện Phú Lộc về cải cách hành chính"), REPORT},
    {NEGATIVE("C01", "Thực hiện Nghị định số 09/2019/NĐ-CP ngày 24/01/2019 của Chính phủ quy định về chế độ báo cáo. Nghị định số 09/2019/NĐ-CP nêu kỳ báo cáo."), REPORT},
    {NEGATIVE("C01", "Thi hành Luật Ban hành văn bản quy phạm pháp luật"), REPORT},
    {NEGATIVE("C01", "Thực hiện Nghị định số 113/2018/NĐ-CP ngày 31/8/2018 của Chính phủ sửa đổi, bổ sung một số điều của Nghị định số 108/2014/NĐ-CP"), REPORT},
    {NEGATIVE("C01", "Theo Nghị định số 61/2018/NĐ-CP ngày 23 tháng 4 năm 2018 của Chính phủ về thực hiện cơ chế một cửa"), REPORT},
    {POSITIVE("C05", "Theo Luật Ban hành văn bản quy phạm pháp luật số 80/2015/QH13 ngày 22/6/2015"), REPORT},
    {NEGATIVE("C05", "Theo Luật Ban hành văn bản quy phạm pháp luật, Nghị quyết số 99/2019/QH14 ngày 27/11/2019 của Quốc hội"), REPORT},
    {POSITIVE("C07", "Thực hiện Chỉ thị của UBND huyện về việc nâng cao trách nhiệm người đứng đầu"), REPORT},
    {POSITIVE("C07", "Thực hiện chương trình công tác năm 2021, Ủy ban nhân dân xã Lâm An xây dựng kế hoạch"), PLAN},
    {NEGATIVE("C07", "Thực hiện Chỉ thị số 13/CT-TTg ngày 10/6/2015 của Thủ tướng Chính phủ về trách nhiệm; Kế hoạch của UBND xã"), REPORT},
    {NEGATIVE("C07", "Thực hiện kế hoạch kiểm tra, rà soát văn bản"), REPORT},
    {POSITIVE("C08", "Thực hiện Quyết định số 2698/QĐ-UBND ngày 29/12/2022 của UBND tỉnh phê duyệt Chỉ số của UBND các xã đóng trên địa bàn huyện"), REPORT},
    {NEGATIVE("C08", "Thực hiện Quyết định số 2698/QĐ-UBND ngày 29/12/2022 của UBND huyện phê duyệt Chỉ số của UBND các xã đóng trên địa bàn huyện"), REPORT},
    {NEGATIVE("C08", "Quyết định số 12/QĐ-UBND ngày 29/12/2022 của UBND tỉnh phê duyệt quy hoạch trên địa bàn huyện Phú Lộc"), REPORT},
    {NEGATIVE("C08", "Thực hiện Kế hoạch số 12/KH-UBND ngày 15/02/2023 của về việc tuyên truyền trên địa bàn huyện"), REPORT}, /* whose, was left out */
    {NEGATIVE("C08", "Thực hiện Kế hoạch số 12/KH-UBND ngày 5; năm 2023 của UBND tỉnh về quy hoạch trên địa bàn huyện"), REPORT}, /* the clause ends before it */
    {POSITIVE("G03", "Kế hoạch số 14/KH-UBND ngày 24/01/2023 của UBND xã về kiểm tra; Kế hoạch số 14/KH-UBND ngày 25/01/2023 của UBND xã về kiểm tra"), REPORT},
    {NEGATIVE("G03", "Kế hoạch số 14/KH-UBND ngày 24/01/2023 của UBND xã về kiểm tra; Kế hoạch số 14/KH-UBND ngày 25/01/2023 của UBND huyện về kiểm tra"), REPORT},
    {POSITIVE("M04", "Bộ phận Tiếp nhận và Trả kết quả; tại Bộ phận tiếp nhận và trả kết quả"), REPORT},
    {NEGATIVE("M04", "Bộ phận Tiếp nhận và Trả kết quả; tại bộ phận Tiếp nhận và Trả kết quả"), REPORT},
    {POSITIVE("W03", "Cải thiện quan hệ giữa cơ quan hành chính nhà nước đối tổ chức"), REPORT},
    {POSITIVE("W03", "số liệu tính từ ngày đến ngày 14/12/2023"), REPORT},
    {NEGATIVE("W03", "quan hệ giữa cơ quan hành chính với công dân, giữa các cấp, giữa năm; từ ngày 01/7/2023 đến ngày 14/12/2023"), REPORT},
    {POSITIVE("W05", "hướng tới nền hành chính phục vụ nhân dân"), REPORT},
    {POSITIVE("W05", "theo Luật ban hành văn bản quy phạm pháp luật"), REPORT},
    {POSITIVE("W05", "nâng cao nhận thức; Đưa cải cách hành chính vào thi đua"), REPORT},
    {POSITIVE("W05", "lập Báo cáo Tình hình xây dựng hệ thống"), REPORT},
    {NEGATIVE("W05", "Ủy ban nhân dân, Hội đồng nhân dân, phục vụ Nhân dân; Phòng Nội vụ; Luật này, Luật Tổ chức chính quyền địa phương"), REPORT},
    {NEGATIVE("W05", "Phòng Nội vụ; Chủ tịch UBND xã; Luật sư, pháp luật; Báo cáo Chính phủ; nhân dân tệ"), REPORT},
    {POSITIVE("W10", "Tăng cường công tác tuyên truyền đến mọi người dân trên địa bàn xã. Tăng cường công tác tuyên truyền đến mọi người dân trên địa bàn xã."), REPORT},
    {NEGATIVE("W10", "Tăng cường công tác tuyên truyền đến mọi người dân trên địa bàn xã. Tăng cường công tác tuyên truyền đến mọi cán bộ trên địa bàn xã. Xong việc. Xong việc."), REPORT},
    {POSITIVE("W11", "hóa đơn, văn hóa, hiện đại hoá"), REPORT},
    {NEGATIVE("W11", "hóa đơn, văn hóa, ủy ban, Quý I, quỹ, quỳ"), REPORT},
    {POSITIVE("W12", "Thực hiện Quyết định số 12/QĐ-UBND ngày 05/3/2020 của UBND huyện về xếp loại. Qua đó, xã xếp loại khá."), REPORT},
    {POSITIVE("W12", "Trên cơ sở kết quả đánh giá của huyện."), REPORT},
    {NEGATIVE("W12", "Thực hiện Quyết định số 12/QĐ-UBND ngày 05/3/2020 của UBND huyện về xếp loại. Báo cáo kết quả. Trên cơ sở kết quả đánh giá, xã lập kế hoạch."), REPORT},
    {POSITIVE("D07", "gửi báo cáo trước ngày 15/11 hằng năm"), "KH", {2020, 12, 24}, "2021"},
    {NEGATIVE("D07", "đánh giá hằng năm; gửi báo cáo trước ngày 15/11/2021"), "KH", {2020, 12, 24}, "2021"},
    {POSITIVE("D06", "Trong năm xã nhận 12 hồ sơ"), "BC", {2023, 12, 6}, "2023"},
    {NEGATIVE("D06", "Trong năm xã nhận 12 hồ sơ"), "BC", {2023, 12, 15}, "2023"},
    {NEGATIVE("D06", "Tính đến ngày 05/12/2023 xã nhận 12 hồ sơ"), "BC", {2023, 12, 6}, "2023"},
};

static vb_store *empty_store(vb_diag *d) {
  vb_store *s = NULL;
  assert_int_equal(vb_store_open(d, NULL, &s), VB_OK);
  assert_int_equal(vb_store_begin(d, s), VB_OK);
  store_units(d, s);
  assert_int_equal(vb_store_commit(d, s), VB_OK);
  return s;
}

static bool fires(const text_case *c, vb_severity *worst) {
  vb_diag *d = vb_diag_new();
  vb_store *s = empty_store(d);
  vb_doc *doc = make_doc();
  bool found = false;
  doc->meta.kind = c->kind;
  doc->meta.date = c->date;
  if (c->period != NULL) doc->meta.period = c->period;
  make_para(doc, make_sequence(doc, VB_SEQ_BODY, NULL, false), VB_STYLE_BODY, c->text);
  (void)vb_check_document(d, s, NULL, doc);
  *worst = VB_INFO;
  for (const vb_finding *f = vb_diag_first(d); f != NULL; f = f->next) {
    found = found || strcmp(f->rule, c->rule) == 0;
    if (f->severity > *worst) *worst = f->severity;
  }
  vb_doc_free(doc);
  vb_store_close(s);
  vb_diag_free(d);
  return found;
}

/* No rule at all may call a right place an error. */
static void test_cases(void **state) {
  vb_severity worst;
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    if (fires(&cases[i], &worst) != cases[i].fires) fail_msg("%s: %s", cases[i].rule, cases[i].text);
    if (!cases[i].fires) assert_true(worst < VB_ERROR);
  }
}

/* One agency gives one number to one act a year: another day is a contradiction; where the agency is not said, it may be another's act. */
static void test_severity_belongs_to_the_condition(void **state) {
  const text_case sure = {"G03", true, "Kế hoạch số 14/KH-UBND ngày 24/01/2023 của UBND xã về kiểm tra; Kế hoạch số 14/KH-UBND ngày 25/01/2023 của UBND xã về kiểm tra", REPORT};
  const text_case likely = {"G03", true, "Kế hoạch số 14/KH-UBND ngày 24/01/2023 của UBND xã về kiểm tra; Kế hoạch số 14/KH-UBND ngày 25/01/2023 về kiểm tra", REPORT};
  vb_severity worst;
  (void)state;
  assert_true(fires(&sure, &worst));
  assert_int_equal(worst, VB_ERROR);
  assert_true(fires(&likely, &worst));
  assert_int_equal(worst, VB_WARNING);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases), cmocka_unit_test(test_severity_belongs_to_the_condition)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
