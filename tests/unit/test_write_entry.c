/* The entry workbook without memory: with the n-th allocation of the program failing, for every n, it is VB_NOMEM, or the same bytes as ever. libxlsxwriter merges
 * cells without a look at whether their string was kept: the title was left out, and all was well. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "font/font.h"
#include "write/write.h"
#include "mem_fault.h"

/* minizip forgets the head of a part that could not be begun; the process that meets this ends. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) { return "leak:zipOpenNewFileInZip4_64"; }

static const vb_entry_choice choices[] = {{"0", "Trực tuyến"}, {"1", "Phát phiếu"}};
static const vb_entry_check checks[] = {{VB_ENTRY_RATIO, "1", "2", 100}, {VB_ENTRY_NOT_ABOVE, "2", NULL, 1}};
static const vb_entry_row rows[] = {
  {.code = "", .label = "Nhóm", .type = VB_ENTRY_GROUP},
  {.code = "1", .label = "Số văn bản", .measure = "văn bản", .note = "ghi chú", .type = VB_ENTRY_COUNT, .checks = &checks[1], .n_checks = 1, .value = {NULL, {5, 0}, true}, .before = {NULL, {4, 0}, true}},
  {.code = "2", .label = "Tất cả", .measure = "văn bản", .type = VB_ENTRY_COUNT, .value = {"-", {0, 0}, false}},
  {.code = "3", .label = "Tỷ lệ", .measure = "%", .type = VB_ENTRY_PERCENT, .places = 2, .checks = &checks[0], .n_checks = 1},
  {.code = "4", .label = "Cách làm", .type = VB_ENTRY_CODE, .choices = choices, .n_choices = 2},
  {.code = "5", .label = "Ngày", .type = VB_ENTRY_DATE, .value = {"2023-12-06", {0, 0}, false}},
  {.code = "6", .label = "Lời", .type = VB_ENTRY_TEXT, .closed = true},
};
static const vb_entry entry = {"Biểu nhập", "xã Mẫu", "xa-mau", "2023", "2022", "vanban", rows, sizeof rows / sizeof rows[0]};

static void test_no_memory(void **state)
{
  (void)state;
  vb_mem_set(&table);
  f = (faults){0, 0, false};
  vb_diag *d = vb_diag_new();
  vb_fontset *fonts = NULL;
  vb_buf want;
  vb_buf_init(&want);
  assert_int_equal(vb_fontset_open(d, NULL, &fonts), VB_OK);
  assert_int_equal(vb_write_entry(d, &entry, fonts, &want), VB_OK); /* what is made once and kept is there now */
  vb_buf_free(&want);
  assert_int_equal(vb_write_entry(d, &entry, fonts, &want), VB_OK);
  long nomem = 0;
  bool whole = false;
  for (long n = 1; !whole; n++) {
    assert_true(n < 100000);
    vb_buf out;
    vb_buf_init(&out);
    f = (faults){0, n, false};
    vb_status st = vb_write_entry(d, &entry, fonts, &out);
    whole = f.calls < n;
    f.fail_at = 0;
    nomem += st == VB_NOMEM;
    if (st != VB_NOMEM) {
      assert_int_equal(st, VB_OK);
      assert_int_equal(out.n, want.n);
      assert_memory_equal(out.p, want.p, want.n);
    }
    vb_buf_free(&out);
  }
  assert_true(nomem > 20);
  assert_int_equal(vb_diag_count(d, VB_INFO), 0);
  vb_buf_free(&want);
  vb_fontset_close(fonts);
  vb_diag_free(d);
  vb_mem_set(NULL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_no_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
