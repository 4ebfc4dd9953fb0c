/* Documents for the tests of the workbook: see xlsx_samples.h. Names and figures are made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "doc_make.h"
#include "xlsx_samples.h"

#define LONG_WORDS "Tuyên truyền, phổ biến các văn bản chỉ đạo về cải cách hành chính đến toàn thể cán bộ, công chức và Nhân dân trên địa bàn xã "

/* One indicator: number, label, unit, figure with its key, note. */
typedef struct line { const char *code, *label, *measure, *text, *note; vb_value_type type; int64_t n; int places, digits; } line;

static const line lines[] = {
  {"1.1", "Tổng số nhiệm vụ được giao", "Nhiệm vụ", "35", "", VB_VALUE_NUMBER, 35, 0, 0},
  {"1.1.1", "Số nhiệm vụ đã hoàn thành đúng hạn", "Nhiệm vụ", "30", "", VB_VALUE_NUMBER, 30, 0, 0},
  {"1.1.2", "Số nhiệm vụ đã hoàn thành nhưng quá hạn", "Nhiệm vụ", "03", "", VB_VALUE_NUMBER, 3, 0, 2},
  {"1.1.3", "Số nhiệm vụ quá hạn nhưng chưa hoàn thành", "Nhiệm vụ", "-", "", VB_VALUE_NUMBER, 0, 0, 0},
  {"1.1.4", "Số nhiệm vụ đang thực hiện", "Nhiệm vụ", "2", "", VB_VALUE_NUMBER, 2, 0, 0},
  {"1.2", "Tỷ lệ hoàn thành đúng hạn", "%", "85,7", "", VB_VALUE_PERCENT, 857, 1, 0},
  {"1.3", "Tỷ lệ giải quyết phản ánh, kiến nghị", "%", "", "Không phát sinh", VB_VALUE_NONE, 0, 0, 0},
  {"1.4", "Số phản ánh, kiến nghị đã tiếp nhận", "Phản ánh", "0", "", VB_VALUE_NUMBER, 0, 0, 0},
  {"1.5", "Số phản ánh, kiến nghị đã giải quyết", "Phản ánh", "0", "", VB_VALUE_NUMBER, 0, 0, 0},
  {"2.1", "Số hồ sơ tiếp nhận trong năm, tính cả hồ sơ trực tuyến, trực tiếp và qua dịch vụ bưu chính công ích", "Hồ sơ", "1.714",
   "=1+1", VB_VALUE_NUMBER, 1714, 0, 0},
  {"2.2", "Kinh phí thực hiện", "Đồng", "12.900.000", "+84 không phải công thức", VB_VALUE_MONEY, 12900000, 0, 0},
  {"2.3", "Số hồ sơ giải quyết trước hạn", "Hồ sơ", "1.604", "@đơn vị", VB_VALUE_NUMBER, 1604, 0, 0},
  {"2.4", "Số hồ sơ còn lại", "Hồ sơ", "110", "-5 so với năm trước", VB_VALUE_NUMBER, 110, 0, 0},
  {"2.5", "Tỷ lệ trước hạn (kèm đơn vị)", "", "93,58%", "", VB_VALUE_PERCENT, 9358, 2, 0},
  {"2.6", "Mã hồ sơ gần nhất", "", "046099001234", "Mười hai chữ số", VB_VALUE_NUMBER, 46099001234, 0, 12},
  {"2.7", "Tổng kê sai được giữ nguyên", "Hồ sơ", "99", "Tổng các dòng trên là 35", VB_VALUE_NUMBER, 99, 0, 0},
  {"3.1", "Tổng số người", "Người", "9", "", VB_VALUE_NUMBER, 9, 0, 0}, /* 3.1 = 3.2 + 3.3, and 3.3 = 3.1 - 3.2 */
  {"3.2", "Trong đó: đã bồi dưỡng", "Người", "6", "", VB_VALUE_NUMBER, 6, 0, 0},
  {"3.3", "Còn lại", "Người", "3", "", VB_VALUE_NUMBER, 3, 0, 0},
};
#define LINES ((int)(sizeof lines / sizeof *lines))

static vb_formula formula_of(vb_doc *doc, const char *code)
{
  vb_formula f = {.kind = VB_FORMULA_NONE};
  if (strcmp(code, "1.1") == 0 || strcmp(code, "2.7") == 0)
    f = make_formula(doc, VB_FORMULA_SUM, (const char *const[]){"1.1.4", "1.1.1", "1.1.2", "1.1.3"}, 4);
  else if (strcmp(code, "3.1") == 0)
    f = make_formula(doc, VB_FORMULA_SUM, (const char *const[]){"3.2", "3.3"}, 2);
  else if (strcmp(code, "3.3") == 0)
    f = make_formula(doc, VB_FORMULA_DIFF, (const char *const[]){"3.1", "3.2"}, 2);
  else if (strcmp(code, "1.2") == 0)
    f = make_formula(doc, VB_FORMULA_RATIO, (const char *const[]){"1.1.1", "1.1"}, 2);
  else if (strcmp(code, "1.3") == 0)
    f = make_formula(doc, VB_FORMULA_RATIO, (const char *const[]){"1.5", "1.4"}, 2);
  else if (strcmp(code, "2.4") == 0)
    f = make_formula(doc, VB_FORMULA_DIFF, (const char *const[]){"2.1", "2.3"}, 2);
  else if (strcmp(code, "2.5") == 0)
    f = make_formula(doc, VB_FORMULA_RATIO, (const char *const[]){"2.3", "2.1"}, 2);
  f.scale = 100;
  f.places = strcmp(code, "2.5") == 0 ? 2 : 1;
  return f;
}

static vb_value value_of(vb_doc *doc, const line *x)
{
  vb_value v = {.type = VB_VALUE_NONE};
  if (x->type != VB_VALUE_NONE)
    v = make_value(doc, x->type, x->n, x->places);
  v.min_digits = x->digits;
  return v;
}

static void group_row(vb_doc *doc, vb_node *t, const char *number, const char *name, int columns)
{
  vb_node *r = make_row(doc, t, VB_ROW_GROUP);
  r->u.row.level = 1;
  make_cell(doc, r, number)->u.cell.bold = true;
  make_span(doc, r, name, columns - 1, 1)->u.cell.bold = true;
}

/* A cell with a list and a word in italics: a rich string of several lines. */
static void rich_cell(vb_doc *doc, vb_node *row)
{
  vb_node *c = make_cell(doc, row, ""), *list = vb_node_add(doc, c, VB_NODE_LIST);
  for (int i = 0; i < 2; i++) {
    vb_node *item = vb_node_add(doc, list, VB_NODE_ITEM);
    item->label = "-";
    vb_node *p = make_para(doc, item, VB_STYLE_TABLE_ITEM, i ? "Kế hoạch " : "Quyết định ");
    vb_node_text(doc, p, VB_LIT("(dự thảo)"), VB_INLINE_ITALIC);
    vb_node_text(doc, p, i ? VB_LIT(" số 83/KH-UBND") : VB_LIT(" ban hành"), VB_INLINE_BOLD);
  }
}

static void indicators(vb_doc *doc)
{
  static const vb_table_column columns[] = {{.width = 90, .align = VB_ALIGN_CENTER, .valign = VB_VALIGN_MIDDLE},
    {.width = 390, .valign = VB_VALIGN_MIDDLE}, {.width = 130, .align = VB_ALIGN_CENTER, .valign = VB_VALIGN_MIDDLE},
    {.width = 200, .align = VB_ALIGN_RIGHT, .valign = VB_VALIGN_MIDDLE}, {.width = 190}};
  vb_node *app = make_sequence(doc, VB_SEQ_APPENDIX, "Phụ lục I", false);
  make_para(doc, app, VB_STYLE_APPENDIX_LABEL, "Phụ lục I");
  make_para(doc, app, VB_STYLE_APPENDIX_TITLE, "Thống kê số liệu về công tác cải cách hành chính năm 2023");
  make_para(doc, app, VB_STYLE_APPENDIX_REF, "(Kèm theo Báo cáo số 232/BC-UBND ngày 06 tháng 12 năm 2023 của Ủy ban nhân dân xã Quảng Thọ)");
  vb_node *t = make_table(doc, app, columns, 5), *r = make_row(doc, t, VB_ROW_HEAD);
  make_span(doc, r, "STT", 1, 2);
  make_span(doc, r, "Tiêu chí", 1, 2);
  make_span(doc, r, "Kết quả thống kê", 2, 1);
  make_span(doc, r, "Ghi chú", 1, 2);
  r = make_row(doc, t, VB_ROW_HEAD);
  make_cell(doc, r, "Đơn vị tính");
  make_cell(doc, r, "Số liệu");
  for (int i = 0; i < LINES; i++) {
    const line *x = &lines[i];
    if (i == 0)
      group_row(doc, t, "1", "Công tác chỉ đạo điều hành", 5);
    if (strcmp(x->code, "2.1") == 0)
      group_row(doc, t, "2", "Cải cách thủ tục hành chính", 5);
    r = make_row(doc, t, VB_ROW_DATA);
    make_cell(doc, r, x->code);
    make_cell(doc, r, x->label);
    make_cell(doc, r, x->measure);
    vb_node *c = make_number(doc, r, x->code, value_of(doc, x), x->text);
    c->u.cell.formula = formula_of(doc, x->code);
    make_cell(doc, r, x->note);
  }
  r = make_row(doc, t, VB_ROW_DATA);
  make_cell(doc, r, "2.8");
  rich_cell(doc, r);
  make_cell(doc, r, "Ngày");
  vb_value day = make_value(doc, VB_VALUE_DATE, 0, 0);
  day.date = (vb_date){2023, 1, 9};
  make_number(doc, r, "2.8", day, "09/01/2023");
  make_cell(doc, r, "");
  r = make_row(doc, t, VB_ROW_TOTAL);
  make_cell(doc, r, "");
  make_cell(doc, r, "Tổng cộng")->u.cell.bold = true;
  make_cell(doc, r, "");
  vb_node *c = make_number(doc, r, "tong", make_value(doc, VB_VALUE_NUMBER, 1749, 0), "1.749");
  c->u.cell.bold = true;
  c->u.cell.formula = make_formula(doc, VB_FORMULA_SUM, (const char *const[]){"1.1", "2.1"}, 2);
  make_cell(doc, r, "");
  make_para(doc, app, VB_STYLE_NOTE, "Ghi chú: số liệu tính từ ngày 15/12/2022 đến ngày 14/12/2023; hồ sơ gồm cả hồ sơ từ kỳ trước chuyển sang.");
}

static void body(vb_doc *doc)
{
  vb_node *seq = make_sequence(doc, VB_SEQ_BODY, NULL, false), *p = make_para(doc, seq, VB_STYLE_HEADING_1, "Kết quả");
  p->label = "I.";
  make_para(doc, seq, VB_STYLE_BODY, "Đoạn văn không vào bảng tính.");
  make_para(doc, seq, VB_STYLE_TABLE_CAPTION, "Kết quả giải quyết hồ sơ theo lĩnh vực [2023]");
  make_para(doc, seq, VB_STYLE_TABLE_UNIT, "Đơn vị tính: hồ sơ");
  vb_node *t = make_table(doc, seq, (const vb_table_column[]){{.width = 0}, {.width = 0, .align = VB_ALIGN_RIGHT}, {.width = 200, .align = VB_ALIGN_RIGHT}}, 3);
  vb_node *r = make_row(doc, t, VB_ROW_HEAD);
  make_cell(doc, r, "Lĩnh vực");
  make_cell(doc, r, "Tiếp nhận");
  make_cell(doc, r, "Năm");
  static const char *const names[] = {"Hộ tịch", "Chứng thực", "Đất đai, xây dựng, môi trường và đô thị", "Bảo trợ xã hội"};
  for (int i = 0; i < 4; i++) {
    r = make_row(doc, t, VB_ROW_DATA);
    make_cell(doc, r, names[i]);
    make_number(doc, r, NULL, make_value(doc, VB_VALUE_NUMBER, 100 + i, 0), (const char *const[]){"100", "101", "102", "103"}[i]);
    make_number(doc, r, NULL, make_value(doc, VB_VALUE_NUMBER, 2023, 0), "2023");
  }
  make_para(doc, seq, VB_STYLE_NOTE, "Nguồn: Bộ phận Tiếp nhận và Trả kết quả.");
  make_para(doc, seq, VB_STYLE_BODY, "Đoạn văn sau bảng.");
}

static void tasks(vb_doc *doc)
{
  static const vb_table_column columns[] = {{.width = 50, .align = VB_ALIGN_CENTER}, {.width = 260}, {.width = 380}, {.width = 160, .align = VB_ALIGN_CENTER},
    {.width = 150, .align = VB_ALIGN_RIGHT}};
  vb_node *app = make_sequence(doc, VB_SEQ_APPENDIX, "Phụ lục II", true), *r;
  make_para(doc, app, VB_STYLE_APPENDIX_LABEL, "Phụ lục II");
  make_para(doc, app, VB_STYLE_APPENDIX_TITLE, "Nhiệm vụ cải cách hành chính năm 2024");
  vb_node *t = make_table(doc, app, columns, 5);
  r = make_row(doc, t, VB_ROW_HEAD);
  static const char *const heads[] = {"TT", "Nhiệm vụ", "Sản phẩm", "Thời hạn", "Kinh phí (đồng)"};
  for (int i = 0; i < 5; i++)
    make_cell(doc, r, heads[i]);
  r = make_row(doc, t, VB_ROW_DATA); /* the first cell needs more than its three rows give */
  make_span(doc, r, "1", 1, 3);
  make_span(doc, r, LONG_WORDS LONG_WORDS LONG_WORDS "cuối ô gộp.", 1, 3);
  make_cell(doc, r, "Kế hoạch tuyên truyền");
  make_cell(doc, r, "Quý I");
  make_number(doc, r, "t1", make_value(doc, VB_VALUE_MONEY, 5000000, 0), "5.000.000");
  for (int i = 0; i < 2; i++) {
    r = make_row(doc, t, VB_ROW_DATA);
    make_cell(doc, r, i ? "Tin, bài trên trang thông tin điện tử" : "Hội nghị tập huấn");
    make_cell(doc, r, i ? "Cả năm" : "Quý II");
    make_number(doc, r, i ? "t3" : "t2", make_value(doc, VB_VALUE_MONEY, 15000000, 0), "15.000.000");
  }
  r = make_row(doc, t, VB_ROW_DATA); /* higher than Excel's highest row */
  make_cell(doc, r, "2");
  make_cell(doc, r, LONG_WORDS LONG_WORDS LONG_WORDS LONG_WORDS LONG_WORDS LONG_WORDS LONG_WORDS LONG_WORDS LONG_WORDS LONG_WORDS "cuối ô cao.");
  make_cell(doc, r, "Báo cáo");
  make_cell(doc, r, "Tháng 12");
  make_number(doc, r, "t4", make_value(doc, VB_VALUE_MONEY, 0, 0), "-");
  r = make_row(doc, t, VB_ROW_TOTAL);
  make_span(doc, r, "Tổng cộng", 4, 1)->u.cell.bold = true;
  vb_node *c = make_number(doc, r, "t", make_value(doc, VB_VALUE_MONEY, 35000000, 0), "35.000.000");
  c->u.cell.bold = true;
  c->u.cell.formula = make_formula(doc, VB_FORMULA_SUM, (const char *const[]){"t1", "t2", "t3", "t4"}, 4);
}

static void chart(vb_doc *doc, vb_chart_kind kind, const char *title)
{
  static const char *const years[] = {"2021", "2022", "2023"};
  vb_node *seq = doc->root->first, *n = vb_node_add(doc, seq, VB_NODE_CHART);
  vb_series *s = VB_NEW_ARRAY(doc->arena, vb_series, 2);
  for (int k = 0; k < 2; k++) {
    vb_value *v = VB_NEW_ARRAY(doc->arena, vb_value, 3);
    for (int i = 0; i < 3; i++)
      v[i] = make_value(doc, VB_VALUE_NUMBER, 1200 + 150 * i + 90 * k, 0);
    s[k] = (vb_series){k ? "Tiếp nhận trực tuyến" : "Tiếp nhận trực tiếp", v};
  }
  n->u.chart.kind = kind;
  n->u.chart.title = title;
  n->u.chart.alt = "Số hồ sơ tăng đều từ năm 2021 đến năm 2023 ở cả hai hình thức.";
  n->u.chart.axis = "Hồ sơ";
  n->u.chart.categories = years;
  n->u.chart.n_categories = 3;
  n->u.chart.series = s;
  n->u.chart.n_series = 2;
}

static void observations(vb_doc *doc)
{
  doc->data = VB_NEW_ARRAY(doc->arena, vb_datum, LINES + 2);
  for (int i = 0; i < LINES; i++) {
    const line *x = &lines[i];
    doc->data[doc->n_data++] = (vb_datum){.code = x->code, .label = x->label, .measure = x->measure, .period = "2023", .unit = "xã Quảng Thọ",
      .value = value_of(doc, x), .note = x->note, .at = {"so-lieu/2023.csv", (uint32_t)i + 2, 3, NULL}};
  }
  doc->data[doc->n_data++] = (vb_datum){.code = "9.9", .label = "Chỉ tiêu không có trong phụ lục", .measure = "Người", .period = "2023",
    .value = make_value(doc, VB_VALUE_NUMBER, 77, 0), .at = {"so-lieu/bo-sung.xlsx", 0, 0, "Sheet1!D14"}};
  doc->data[doc->n_data++] = (vb_datum){.code = "9-9", .label = "Mã trùng khi bỏ dấu", .text = "Có", .value = {.type = VB_VALUE_TEXT}};
}

vb_doc *xlsx_report(void)
{
  vb_doc *doc = make_doc();
  body(doc);
  chart(doc, VB_CHART_BAR, "Hồ sơ tiếp nhận theo năm");
  chart(doc, VB_CHART_LINE, "Hồ sơ tiếp nhận theo năm");
  indicators(doc);
  tasks(doc);
  observations(doc);
  return doc;
}

/* ---- streamed ----------------------------------------------------------------------------------------------- */

typedef struct source { int at, count; } source;

static vb_status source_rewind(void *ctx)
{
  ((source *)ctx)->at = 0;
  return VB_OK;
}

static vb_node *cell_in(vb_arena *a, vb_node *row, const char *text)
{
  vb_node *c = vb_node_make(a, row, VB_NODE_CELL);
  c->u.cell.text = vb_span_of(text);
  return c;
}

static vb_status source_next(void *ctx, vb_arena *a, vb_node **row)
{
  source *s = ctx;
  if (s->at == s->count)
    return VB_DONE;
  int i = s->at++;
  *row = vb_node_make(a, NULL, VB_NODE_ROW);
  (*row)->u.row.kind = VB_ROW_DATA;
  if (i % 1000 == 0) {
    (*row)->u.row.kind = VB_ROW_GROUP;
    (*row)->u.row.level = 1;
    vb_node *c = cell_in(a, *row, vb_arena_printf(a, "Nhóm %d", i / 1000 + 1));
    c->u.cell.colspan = 5;
    c->u.cell.bold = true;
    return VB_OK;
  }
  cell_in(a, *row, vb_arena_printf(a, "%d", i));
  cell_in(a, *row, i % 7 ? "Số hồ sơ tiếp nhận" : "Số hồ sơ tiếp nhận trong năm, tính cả hồ sơ trực tuyến, trực tiếp và qua dịch vụ bưu chính công ích");
  cell_in(a, *row, "Hồ sơ");
  vb_node *c = cell_in(a, *row, vb_arena_printf(a, "%d", i % 999));
  c->u.cell.value = (vb_value){.type = VB_VALUE_NUMBER, .num = {i % 999, 0}, .trace = 1};
  c = cell_in(a, *row, vb_arena_printf(a, "%d,%d", i % 100, i % 10));
  c->u.cell.value = (vb_value){.type = VB_VALUE_PERCENT, .num = {i % 100 * 10 + i % 10, 1}, .trace = 1};
  return VB_OK;
}

vb_doc *xlsx_stream(int rows)
{
  vb_doc *doc = make_doc();
  vb_node *app = make_sequence(doc, VB_SEQ_APPENDIX, "Phụ lục", false);
  source *s = VB_NEW(doc->arena, source);
  vb_row_stream *stream = VB_NEW(doc->arena, vb_row_stream);
  s->count = rows;
  *stream = (vb_row_stream){source_rewind, source_next, s};
  make_value(doc, VB_VALUE_NUMBER, 0, 0); /* trace 1 */
  make_para(doc, app, VB_STYLE_APPENDIX_LABEL, "Phụ lục");
  vb_node *t = make_table(doc, app, (const vb_table_column[]){{.width = 100}, {.width = 450}, {.width = 150}, {.width = 150, .align = VB_ALIGN_RIGHT},
    {.width = 150, .align = VB_ALIGN_RIGHT}}, 5), *r = make_row(doc, t, VB_ROW_HEAD);
  make_span(doc, r, "STT", 1, 2);
  make_span(doc, r, "Tiêu chí", 1, 2);
  make_span(doc, r, "Kết quả", 3, 1);
  r = make_row(doc, t, VB_ROW_HEAD);
  make_cell(doc, r, "Đơn vị tính");
  make_cell(doc, r, "Số liệu");
  make_cell(doc, r, "Tỷ lệ");
  t->u.table.stream = stream;
  make_para(doc, app, VB_STYLE_NOTE, "Hết phụ lục.");
  return doc;
}
