/* The shared parts: letterhead, addressees, signature and appendix head in every state, on paper and electronic. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "template_lab.h"

static void built(lab *l)
{
  vb_status st = l->t ? lab_build(l) : lab_open(l, "cac-phan");
  if (st == VB_OK && !l->doc) st = lab_build(l);
  if (st != VB_OK) print_error("%s", lab_findings(l));
  assert_int_equal(st, VB_OK);
}

static void has(lab *l, const char *text)
{
  const char *dump = lab_dump(l);
  if (!strstr(dump, text)) fail_msg("not there: %s\n%s", text, dump);
}

static void has_not(lab *l, const char *text)
{
  const char *dump = lab_dump(l);
  if (strstr(dump, text)) fail_msg("there: %s\n%s", text, dump);
}

static void issued(void **state)
{
  lab l;
  (void)state;
  lab_make(&l);
  built(&l);
  lab_same(&l, lab_dump(&l), "good/cac-phan.want");
  lab_drop(&l);
}

#define GAP "\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0"

static void draft(void **state)
{
  lab l;
  (void)state;
  lab_make(&l);
  l.meta.state = VB_STATE_DRAFT;
  l.meta.number = NULL;
  l.meta.date = (vb_date){0, 0, 0};
  l.meta.signer = NULL;
  built(&l);
  has(&l, "para number «Số: " GAP "/BC-UBND»");
  has(&l, "para place-date «Quảng Thọ, ngày" GAP "tháng" GAP "năm 2023»");
  has(&l, "para draft-mark «Dự thảo»");
  has(&l, "«(Kèm theo Báo cáo số" GAP "/BC-UBND ngày" GAP "tháng" GAP "năm 2023 của Ủy ban nhân dân xã Quảng Thọ)»");
  has_not(&l, "para signer");
  lab_drop(&l);
}

static void to_stamp(void **state)
{
  lab l;
  (void)state;
  lab_make(&l);
  l.meta.state = VB_STATE_TO_STAMP;
  l.meta.mode = VB_MODE_ELECTRONIC;
  l.meta.number = NULL;
  l.build.separate_appendices = true;
  built(&l);
  has(&l, "para number «Số: [so]/BC-UBND»");
  has(&l, "para place-date «Quảng Thọ, [ngay]»");
  has(&l, "\"Phụ lục\" separate");
  has(&l, "slot phu-luc-1");
  has_not(&l, "Dự thảo");
  lab_drop(&l);
}

/* ND30 PL I.III.1: on electronic documents the blanks need not be filled. */
static void electronic(void **state)
{
  lab l;
  (void)state;
  lab_make(&l);
  l.meta.mode = VB_MODE_ELECTRONIC;
  built(&l);
  has(&l, "(Kèm theo Báo cáo số" GAP "/BC-UBND ngày");
  has(&l, "para number «Số: 07/BC-UBND»");
  has_not(&l, "slot phu-luc");
  lab_drop(&l);
}

static void incomplete(void **state)
{
  lab l;
  (void)state;
  lab_make(&l);
  l.meta.number = NULL;
  l.meta.signer = NULL;
  l.meta.date = (vb_date){0, 0, 0};
  assert_int_equal(lab_open(&l, "cac-phan"), VB_OK);
  assert_int_equal(lab_build(&l), VB_BAD);
  assert_null(l.doc);
  const char *f = lab_findings(&l);
  assert_non_null(strstr(f, "an issued document needs <document number=\"…\">; write it into job.xml, or leave it a draft (state=\"draft\") [template-state]\n"));
  assert_non_null(strstr(f, "needs <job date=\"…\">;"));
  assert_non_null(strstr(f, "needs <signer name=\"…\">;"));
  lab_drop(&l);
}

static void addressees(void **state)
{
  lab l;
  (void)state;
  lab_make(&l);
  l.meta.n_addressees = 1;
  built(&l);
  has(&l, "para addressee «Kính gửi: Ủy ban nhân dân huyện Quảng Điền»");
  l.meta.n_addressees = 0;
  built(&l);
  has_not(&l, "Kính gửi");
  lab_drop(&l);
}

static void urgency(void **state)
{
  static const char *const marks[] = {NULL, "para urgency «Khẩn»", "para urgency «Thượng khẩn»", "para urgency «Hỏa tốc»"};
  lab l;
  (void)state;
  lab_make(&l);
  for (int i = 1; i <= 3; i++) {
    l.meta.priority = i;
    built(&l);
    has(&l, marks[i]);
  }
  l.meta.superior = NULL;
  l.meta.priority = 0;
  built(&l);
  has_not(&l, "urgency");
  has_not(&l, "para superior");
  lab_drop(&l);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(issued),     cmocka_unit_test(draft),      cmocka_unit_test(to_stamp), cmocka_unit_test(electronic),
                                     cmocka_unit_test(incomplete), cmocka_unit_test(addressees), cmocka_unit_test(urgency)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
