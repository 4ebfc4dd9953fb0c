/* A store with a small province in it. See store_make.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store_make.h"

static vb_cell_in cell(const char *text, uint32_t line, uint32_t column)
{
  vb_cell_in c = {{NULL, 0}, line, column, NULL, false, false};
  if (text && strcmp(text, "?") != 0)
    c.text = vb_span_of(text);
  return c;
}

void store_units(vb_diag *d, vb_store *s)
{
  static const char *const units[][7] = {
    {"tinh", "Tỉnh Mẫu", "", "UBND tỉnh Mẫu", "tỉnh", "tinh", ""},
    {"huyen-a", "Huyện A", "", "UBND huyện A", "huyện", "huyen", "tinh"},
    {"huyen-b", "Huyện B", "", "UBND huyện B", "huyện", "huyen", "tinh"},
    {"xa-1", "Quảng Thọ", "QT", "UBND xã Quảng Thọ", "xã", "xa", "huyen-a"},
    {"xa-2", "Hòa Bình", "", "UBND xã Hòa Bình", "xã", "xa", "huyen-a"},
    {"xa-3", "Lộc Bình", "", "UBND xã Lộc Bình", "xã", "xa", "huyen-b"},
  };
  for (uint32_t i = 0; i < sizeof units / sizeof units[0]; i++) {
    const char *const *u = units[i];
    assert_int_equal(store_row(d, s, "unit", "units.csv", i + 2, NULL,
                               (const char *const[]){u[0], u[1], u[2], u[3], u[4], u[5], u[6], "", "", "", "", "", "", "", "", NULL}), VB_OK);
  }
}

void store_form(vb_diag *d, vb_store *s)
{
  static const vb_indicator list[] = {
    {.form = "f", .code = "1", .label = "Nhóm", .type = VB_TYPE_GROUP},
    {.form = "f", .code = "1.1", .parent = "1", .label = "Tổng số", .type = VB_TYPE_COUNT, .rollup = "sum", .depth = 1},
    {.form = "f", .code = "1.2", .parent = "1", .label = "Đã xong", .type = VB_TYPE_COUNT, .rollup = "sum", .depth = 1},
    {.form = "f", .code = "1.3", .parent = "1", .label = "Tỷ lệ", .type = VB_TYPE_PERCENT, .places = 2, .rollup = "ratio", .num = "1.2", .den = "1.1", .depth = 1},
    {.form = "f", .code = "2.1", .label = "Kinh phí", .type = VB_TYPE_MONEY, .rollup = "max"},
    {.form = "f", .code = "2.2", .label = "Điểm", .type = VB_TYPE_DECIMAL, .places = 1, .rollup = "min"},
    {.form = "f", .code = "2.3", .label = "Có kế hoạch", .type = VB_TYPE_CODE, .codes = "yn", .rollup = "none"},
    {.form = "f", .code = "2.4", .label = "Tên", .type = VB_TYPE_TEXT},
    {.form = "f", .code = "2.5", .label = "Ngày", .type = VB_TYPE_DATE},
    {.form = "f", .code = "2.6", .label = "Riêng", .type = VB_TYPE_COUNT, .rollup = "own"},
    {.form = "f", .code = "2.7", .label = "Không cộng", .type = VB_TYPE_COUNT, .rollup = "none"},
  };
  assert_int_equal(vb_store_add_code_list(d, s, "f", "yn", "0", "Không"), VB_OK);
  assert_int_equal(vb_store_add_code_list(d, s, "f", "yn", "1", "Có"), VB_OK);
  for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
    vb_indicator x = list[i];
    x.at = (vb_place){vb_diag_file(d, "f.xml"), (uint32_t)i + 10, 5, NULL};
    assert_int_equal(vb_store_add_indicator(d, s, &x), VB_OK);
  }
}

vb_status store_value_of(vb_diag *d, vb_store *s, const char *unit, const char *period, const char *code, const char *value, const vb_delivery *from)
{
  vb_value_in v = {cell(unit, 7, 4), cell(period, 7, 5), cell(code, 7, 1), cell(value, 7, 2), cell(NULL, 0, 0), from->file, 7};
  return vb_store_add_value(d, s, &v, from, NULL);
}

vb_status store_value(vb_diag *d, vb_store *s, const char *unit, const char *period, const char *code, const char *value)
{
  vb_delivery from = {"so-lieu.csv", {0, 0, 0}, 0, "2023"};
  return store_value_of(d, s, unit, period, code, value, &from);
}

vb_status store_row(vb_diag *d, vb_store *s, const char *name, const char *file, uint32_t line, const char *unit, const char *const *fields)
{
  vb_cell_in cells[32];
  size_t n = 0;
  for (; fields[n]; n++)
    cells[n] = cell(fields[n], line, (uint32_t)n + 1);
  const vb_data_table *t = vb_store_table(s, name);
  assert_non_null(t);
  assert_int_equal(t->n_columns, n);
  vb_row_in row = {.fields = cells, .file = file, .line = line, .default_unit = unit, .default_period = "2023"};
  return vb_store_add_row(d, s, t, &row);
}

const char *store_sql(vb_diag *d, vb_store *s, const char *sql)
{
  static char buffers[8][512];
  static int next;
  char *out = buffers[next++ % 8];
  vb_query *q = NULL;
  vb_place at = {vb_diag_file(d, "t.xml"), 3, 10, NULL};
  vb_status status = vb_query_prepare(d, s, vb_span_of(sql), at, &q);
  if (status == VB_OK)
    status = vb_query_step(d, q);
  if (status == VB_DONE) {
    snprintf(out, 512, "(none)");
  } else if (status != VB_OK) {
    snprintf(out, 512, "!%s", store_last_id(d));
  } else {
    vb_sql_value v = vb_query_value(q, 0);
    if (v.type == VB_SQL_INTEGER)
      snprintf(out, 512, "%lld", (long long)v.integer);
    else
      snprintf(out, 512, "%.*s", v.type == VB_SQL_TEXT ? (int)v.text.n : 4, v.type == VB_SQL_TEXT ? v.text.p : "NULL");
  }
  vb_query_free(q);
  return out;
}

const char *store_last(vb_diag *d)
{
  static char out[1024];
  vb_buf b;
  vb_buf_init(&b);
  const vb_finding *f = vb_diag_last(d);
  if (f)
    vb_finding_line(f, VB_EN, &b);
  snprintf(out, sizeof out, "%s", vb_buf_cstr(&b));
  if (out[0] && out[strlen(out) - 1] == '\n')
    out[strlen(out) - 1] = '\0';
  vb_buf_free(&b);
  return out;
}

const char *store_last_id(vb_diag *d)
{
  const vb_finding *f = vb_diag_last(d);
  return f ? vb_msg_get(f->msg)->id : "";
}
