/* A sample report: see pdf_sample.h. */
#include "pdf_sample.h"

#include <string.h>

/* ---- the sample report -------------------------------------------------------------------------------------- */

static const char *const sentence[] = {
  "Thực hiện chương trình tổng thể cải cách hành chính nhà nước giai đoạn 2021 - 2030, Ủy ban nhân dân xã đã ban hành kế hoạch và phân công "
  "rõ trách nhiệm của từng công chức, bảo đảm rõ người, rõ việc, rõ thời gian và rõ kết quả.",
  "Công tác tuyên truyền được đẩy mạnh qua hệ thống truyền thanh, các buổi sinh hoạt thôn, cổng thông tin điện tử; nhận thức của cán bộ, công "
  "chức và nhân dân được nâng lên rõ rệt so với cùng kỳ năm trước.",
  "Tỷ lệ hồ sơ giải quyết đúng và trước hạn tại Bộ phận tiếp nhận và trả kết quả giữ ở mức cao; không có hồ sơ quá hạn kéo dài, phản ánh "
  "kiến nghị của tổ chức, cá nhân được trả lời đầy đủ.",
  "Việc ứng dụng công nghệ thông tin trong chỉ đạo, điều hành có chuyển biến tích cực; văn bản đi được ký số và gửi liên thông, dịch vụ công "
  "trực tuyến được người dân sử dụng ngày càng nhiều.",
  "Bên cạnh kết quả đạt được vẫn còn một số hạn chế: kinh phí bố trí chưa đáp ứng yêu cầu, trang thiết bị đã cũ, một số chỉ tiêu về chứng thực "
  "điện tử và thanh toán trực tuyến chưa đạt kế hoạch đề ra.",
};
#define SENTENCES (sizeof sentence / sizeof *sentence)

static vb_node *para(vb_doc *d, vb_node *up, vb_style_id style, const char *label, const char *text)
{
  vb_node *n = vb_node_add(d, up, VB_NODE_PARA);
  n->style = style;
  n->label = label;
  vb_node_text(d, n, vb_span_of(text), 0);
  return n;
}

static void figure(vb_doc *d, vb_node *para_node, const char *text, int64_t value)
{
  vb_node *n = vb_node_add(d, para_node, VB_NODE_FIGURE);
  n->u.text.text = vb_span_of(text);
  n->u.text.value = (vb_value){.type = VB_VALUE_NUMBER, .num = {value, 0}, .trace = vb_doc_trace(d, &(vb_trace){.expression = "v", .printed = text})};
}

static void slot(vb_doc *d, vb_node *up, vb_node_kind kind, vb_slot_kind what, const char *name)
{
  vb_node *n = vb_node_add(d, up, kind);
  n->u.slot.kind = what;
  n->u.slot.name = name;
  n->u.slot.width = kind == VB_NODE_SLOT ? VB_MM(50) : VB_MM(15);
  n->u.slot.height = VB_MM(25);
}

static vb_node *cell(vb_doc *d, vb_node *row, const char *text, int colspan, int rowspan)
{
  vb_node *c = vb_node_add(d, row, VB_NODE_CELL);
  c->u.cell.text = vb_span_of(text);
  c->u.cell.colspan = (int16_t)colspan;
  c->u.cell.rowspan = (int16_t)rowspan;
  return c;
}

static vb_node *row(vb_doc *d, vb_node *table, vb_row_kind kind)
{
  vb_node *r = vb_node_add(d, table, VB_NODE_ROW);
  r->u.row.kind = kind;
  return r;
}

static void table(vb_doc *d, vb_node *up, int rows)
{
  vb_node *t = vb_node_add(d, up, VB_NODE_TABLE);
  t->u.table.columns = vb_arena_alloc(d->arena, 5 * sizeof(vb_table_column));
  t->u.table.n_columns = 5;
  t->u.table.title = "Số liệu cải cách hành chính";
  t->u.table.grid = true;
  vb_node *h = row(d, t, VB_ROW_HEAD);
  cell(d, h, "STT", 1, 2);
  cell(d, h, "Tiêu chí", 2, 1);
  cell(d, h, "Kết quả", 1, 2);
  cell(d, h, "Ghi chú", 1, 2);
  h = row(d, t, VB_ROW_HEAD);
  cell(d, h, "Nội dung", 1, 1);
  cell(d, h, "Đơn vị tính", 1, 1);
  cell(d, row(d, t, VB_ROW_GROUP), "I. Công tác chỉ đạo điều hành", 5, 1)->u.cell.header = true;
  for (int i = 0; i < rows; i++) {
    vb_node *r = row(d, t, VB_ROW_DATA);
    cell(d, r, vb_arena_printf(d->arena, "%d", i + 1), 1, 1);
    if (i % 7 == 3) { /* a cell of blocks */
      vb_node *c = cell(d, r, "", 1, 1);
      para(d, c, VB_STYLE_TABLE_ITEM, NULL, "Tổng số thủ tục hành chính");
      para(d, c, VB_STYLE_TABLE_ITEM, NULL, "trong đó: trực tuyến");
    } else {
      cell(d, r, i % 2 ? "Số văn bản đã ban hành (kế hoạch, công văn)" : "Tỷ lệ hồ sơ đúng hạn", 1, 1);
    }
    cell(d, r, i % 2 ? "Văn bản" : "%", 1, 1);
    vb_node *v = cell(d, r, vb_arena_printf(d->arena, "%d,%d", 50 + i % 50, i % 10), 1, 1);
    v->u.cell.value = (vb_value){.type = VB_VALUE_NUMBER, .num = {500 + i, 1}, .trace = vb_doc_trace(d, &(vb_trace){.expression = "v"})};
    cell(d, r, i % 5 ? "" : "Số liệu lấy từ hệ thống", 1, 1);
  }
  vb_node *e = row(d, t, VB_ROW_NOTE); /* no text at all: must stand in the structure all the same */
  for (int i = 0; i < 5; i++) cell(d, e, "", 1, 1);
}

static void letterhead(vb_doc *d, vb_node *seq)
{
  vb_node *c = vb_node_add(d, seq, VB_NODE_COLUMNS);
  vb_node *left = vb_node_add(d, c, VB_NODE_COLUMN), *right = vb_node_add(d, c, VB_NODE_COLUMN);
  left->u.column.width = 400;
  right->u.column.width = 600;
  para(d, left, VB_STYLE_ORGAN, NULL, "Ủy ban nhân dân xã Mẫu");
  vb_node_add(d, left, VB_NODE_RULE);
  vb_node *n = para(d, left, VB_STYLE_NUMBER, NULL, "Số: ");
  slot(d, n, VB_NODE_SLOT_INLINE, VB_SLOT_NUMBER, "number");
  vb_node_text(d, n, VB_LIT("/BC-UBND"), 0);
  para(d, right, VB_STYLE_NATION, NULL, "Cộng hòa xã hội chủ nghĩa Việt Nam");
  para(d, right, VB_STYLE_MOTTO, NULL, "Độc lập - Tự do - Hạnh phúc");
}

static void body(vb_doc *d, vb_node *s, int paragraphs, int variant)
{
  para(d, s, VB_STYLE_TITLE, NULL, "Báo cáo");
  vb_node *subject = para(d, s, VB_STYLE_SUBJECT, NULL, "Kết quả công tác cải cách hành chính");
  vb_node_add(d, subject, VB_NODE_BREAK);
  vb_node_text(d, subject, VB_LIT("năm 2023"), 0);
  for (int i = 0; i < paragraphs; i++) {
    if (i % 12 == 0) para(d, s, VB_STYLE_HEADING_1, "I.", "Công tác chỉ đạo, điều hành");
    if (i % 12 == 4) para(d, s, VB_STYLE_HEADING_3, "1.1.", "Về cải cách thể chế"); /* skips a level on purpose */
    vb_node *p = para(d, s, VB_STYLE_BODY, NULL, sentence[(size_t)(i + variant) % SENTENCES]);
    vb_node_text(d, p, VB_LIT(" Trong năm đã tiếp nhận "), 0);
    figure(d, p, "1.714", 1714);
    vb_node_text(d, p, VB_LIT(" hồ sơ, "), 0);
    vb_node_text(d, p, VB_LIT("đạt tỷ lệ cao nhất từ trước đến nay"), i % 3 ? VB_INLINE_ITALIC : VB_INLINE_BOLD);
    vb_node_text(d, p, VB_LIT("."), 0);
    if (i % 6 != 5) continue;
    vb_node *list = vb_node_add(d, s, VB_NODE_LIST);
    for (int k = 0; k < 3; k++) {
      vb_node *it = vb_node_add(d, list, VB_NODE_ITEM);
      it->label = "-";
      para(d, it, VB_STYLE_ITEM, NULL, sentence[(size_t)(i + k + variant) % SENTENCES]);
      if (k == 1) para(d, it, VB_STYLE_ITEM, NULL, "Một đoạn nữa của cùng một gạch đầu dòng.");
    }
  }
}

static void chart(vb_doc *d, vb_node *s)
{
  static const char *const years[] = {"2021", "2022", "2023"};
  static const vb_value values[3] = {{.type = VB_VALUE_PERCENT, .num = {905, 1}}, {.type = VB_VALUE_PERCENT, .num = {931, 1}},
                                     {.type = VB_VALUE_PERCENT, .num = {987, 1}}};
  static const vb_series series = {"Tỷ lệ", values};
  vb_node *n = vb_node_add(d, s, VB_NODE_CHART);
  n->u.chart.title = "Tỷ lệ hồ sơ đúng hạn";
  n->u.chart.alt = "Biểu đồ cột: tỷ lệ hồ sơ đúng hạn tăng dần từ năm 2021 đến năm 2023";
  n->u.chart.categories = years;
  n->u.chart.n_categories = 3;
  n->u.chart.series = &series;
  n->u.chart.n_series = 1;
  n->u.chart.height = VB_PT(120);
}

vb_doc *pdf_sample_report(int paragraphs, int rows, int variant)
{
  vb_doc *d = vb_doc_new();
  d->meta.id = "bc";
  d->meta.kind_name = "Báo cáo";
  d->meta.title = "Báo cáo Kết quả công tác cải cách hành chính năm 2023 <thử & nghiệm>";
  d->meta.subject = "Kết quả công tác cải cách hành chính (năm 2023)";
  d->meta.organ = "Ủy ban nhân dân xã Mẫu";
  d->meta.keywords = "cải cách hành chính";
  d->meta.date = (vb_date){2023, 12, 6};
  vb_node *s = vb_node_add(d, d->root, VB_NODE_SEQUENCE);
  s->u.sequence.title = "Báo cáo";
  letterhead(d, s);
  body(d, s, paragraphs, variant);
  chart(d, s);
  table(d, s, rows / 4);
  vb_node *c = vb_node_add(d, s, VB_NODE_COLUMNS);
  vb_node *left = vb_node_add(d, c, VB_NODE_COLUMN), *right = vb_node_add(d, c, VB_NODE_COLUMN);
  left->u.column.width = right->u.column.width = 500;
  para(d, left, VB_STYLE_RECIPIENTS_HEAD, NULL, "Nơi nhận:");
  para(d, left, VB_STYLE_RECIPIENT, NULL, "- Như trên;");
  para(d, right, VB_STYLE_AUTHORITY, NULL, "TM. Ủy ban nhân dân");
  slot(d, right, VB_NODE_SLOT, VB_SLOT_SIGNATURE, "leader");
  slot(d, right, VB_NODE_SLOT, VB_SLOT_SEAL, "organ");
  para(d, right, VB_STYLE_SIGNER, NULL, "Nguyễn Văn Mẫu");
  vb_node *a = vb_node_add(d, d->root, VB_NODE_SEQUENCE);
  a->u.sequence.role = VB_SEQ_APPENDIX;
  a->u.sequence.number = 1;
  a->u.sequence.landscape = true;
  a->u.sequence.title = "Phụ lục I";
  para(d, a, VB_STYLE_APPENDIX_LABEL, NULL, "Phụ lục I");
  para(d, a, VB_STYLE_APPENDIX_TITLE, NULL, "Số liệu cải cách hành chính");
  table(d, a, rows);
  return d;
}

/* ---- a streamed table --------------------------------------------------------------------------------------- */

typedef struct counter { int at, rows; } counter;

static vb_status stream_rewind(void *ctx)
{
  ((counter *)ctx)->at = 0;
  return VB_OK;
}

static vb_status stream_next(void *ctx, vb_arena *a, vb_node **out)
{
  counter *c = ctx;
  if (c->at == c->rows) return VB_DONE;
  int n = ++c->at;
  vb_node *r = vb_node_make(a, NULL, VB_NODE_ROW);
  if (!r) return VB_NOMEM;
  r->u.row.kind = VB_ROW_DATA;
  for (int i = 0; i < 5; i++) {
    vb_node *cell_node = vb_node_make(a, r, VB_NODE_CELL);
    const char *text = i == 0 ? vb_arena_printf(a, "%d", n) : i == 1 ? vb_arena_printf(a, "Hồ sơ thứ %d của đơn vị, tiếp nhận trực tuyến", n)
                     : i == 2 ? "Hồ sơ" : i == 3 ? vb_arena_printf(a, "%d,%d", n % 97, n % 10) : "";
    if (!cell_node || !text) return VB_NOMEM;
    cell_node->u.cell.text = vb_span_of(text);
  }
  *out = r;
  return VB_OK;
}

vb_doc *pdf_sample_stream(int rows)
{
  vb_doc *d = vb_doc_new();
  d->meta.title = "Phụ lục dài";
  vb_node *s = vb_node_add(d, d->root, VB_NODE_SEQUENCE);
  s->u.sequence.title = "Phụ lục";
  s->u.sequence.role = VB_SEQ_APPENDIX;
  para(d, s, VB_STYLE_APPENDIX_LABEL, NULL, "Phụ lục");
  vb_node *t = vb_node_add(d, s, VB_NODE_TABLE);
  t->u.table.columns = vb_arena_alloc(d->arena, 5 * sizeof(vb_table_column));
  t->u.table.n_columns = 5;
  t->u.table.grid = true;
  t->u.table.title = "Danh sách hồ sơ";
  counter *c = VB_NEW(d->arena, counter);
  vb_row_stream *stream = VB_NEW(d->arena, vb_row_stream);
  c->rows = rows;
  *stream = (vb_row_stream){stream_rewind, stream_next, c};
  t->u.table.stream = stream;
  vb_node *h = row(d, t, VB_ROW_HEAD);
  static const char *const head[] = {"STT", "Nội dung", "Đơn vị tính", "Kết quả", "Ghi chú"};
  for (int i = 0; i < 5; i++) cell(d, h, head[i], 1, 1);
  return d;
}
