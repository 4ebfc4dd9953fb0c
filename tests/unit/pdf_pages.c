/* Pages made by hand: see pdf_pages.h. */
#include "pdf_pages.h"

#include <string.h>

#include "text/text.h"

#define LEFT VB_PT(85)
#define WIDTH VB_PT(453)
#define TOP VB_PT(56)
#define CELL_PAD VB_PT(3)

typedef struct page_note { size_t first, n; const vb_node *sequence; int number; vb_len width, height; } page_note;

struct hand_layout {
  const vb_doc *doc;
  const vb_fontset *fonts;
  vb_arena *arena;
  vb_buf boxes, pages; /* vb_box, page_note */
  page_note page;
  vb_len y, width;
  uint32_t next;
  vb_page out;
};

/* ---- pages and boxes ---------------------------------------------------------------------------------------- */

static void put(hand_layout *l, vb_box b) { vb_buf_add(&l->boxes, &b, sizeof b); }

static size_t boxes_so_far(const hand_layout *l) { return l->boxes.n / sizeof(vb_box); }

static void end_page(hand_layout *l)
{
  if (!l->page.sequence) return;
  l->page.n = boxes_so_far(l) - l->page.first;
  vb_buf_add(&l->pages, &l->page, sizeof l->page);
}

static void new_page(hand_layout *l, const vb_node *sequence)
{
  bool same = sequence == l->page.sequence, wide = sequence->u.sequence.landscape;
  int number = same ? l->page.number + 1 : 1;
  end_page(l);
  l->page = (page_note){boxes_so_far(l), 0, sequence, number, wide ? VB_MM(297) : VB_MM(210), wide ? VB_MM(210) : VB_MM(297)};
  l->width = l->page.width - LEFT - VB_PT(57);
  l->y = l->page.height - TOP;
  if (number == 1) return;
  char *text = vb_arena_printf(l->arena, "%d", number);
  put(l, (vb_box){.kind = VB_BOX_TEXT, .artifact = true, .line_end = true, .x = l->page.width / 2, .y = l->page.height - VB_PT(40),
                  .w = VB_PT(7), .h = VB_PT(13), .text = vb_span_of(text), .node = sequence});
}

static void room_for(hand_layout *l, vb_len h)
{
  if (l->y - h < TOP) new_page(l, l->page.sequence);
}

/* ---- text --------------------------------------------------------------------------------------------------- */

typedef struct style_of { uint8_t face; vb_len size; vb_len x, width; bool justify; bool label, repeated; const vb_node *node; } style_of;

static int64_t width_of(const hand_layout *l, const style_of *s, vb_span t)
{
  return vb_face_text_width(vb_fontset_face(l->fonts, (vb_face_id)s->face), t, s->size);
}

/* Sets one run of text in lines; the pen goes on at *x of the current line. */
static void set_text(hand_layout *l, const style_of *s, vb_span t, vb_len *x)
{
  const char *p = t.p, *end = t.p + t.n;
  while (p < end) {
    const char *stop = p, *fit = p;
    while (stop < end) {
      const char *word = memchr(stop + 1, ' ', (size_t)(end - stop - 1));
      stop = word ? word : end;
      if (*x - s->x + width_of(l, s, (vb_span){p, (size_t)(stop - p)}) > s->width && fit > p) break;
      fit = stop;
    }
    bool last = fit == end;
    vb_span line = {p, (size_t)(fit - p) + (last ? 0 : 1)};
    vb_len w = (vb_len)width_of(l, s, (vb_span){p, (size_t)(fit - p)});
    int spaces = 0;
    for (const char *c = p; c < fit; c++) spaces += *c == ' ';
    vb_len slack = s->width - (*x - s->x) - w, space = s->justify && !last && spaces > 0 && slack > 0 ? slack / spaces : 0;
    put(l, (vb_box){.kind = VB_BOX_TEXT, .face = s->face, .line_end = !last, .soft_space = !last, .label = s->label,
                    .artifact = s->repeated, .repeated = s->repeated, .x = *x, .y = l->y - s->size, .w = w + space * spaces,
                    .h = s->size, .space = space, .text = line, .node = s->node});
    *x += w + space * spaces;
    p = fit + (last ? 0 : 1);
    if (last) return;
    l->y -= s->size * 13 / 10;
    room_for(l, s->size * 13 / 10);
    *x = s->x;
  }
}

static uint8_t face_of(bool bold, bool italic) { return (uint8_t)(bold && italic ? VB_BOLD_ITALIC : bold ? VB_BOLD : italic ? VB_ITALIC : VB_REGULAR); }

static void set_para(hand_layout *l, const vb_node *n, vb_len x, vb_len width)
{
  const vb_style *st = vb_style_get(n->style);
  style_of s = {.face = face_of(st->bold, st->italic), .size = vb_style_size(&l->doc->setup, st) * 500, .x = x, .width = width,
                .justify = st->align == VB_ALIGN_JUSTIFY, .node = n};
  vb_len line = s.size * 13 / 10, at = x + (st->first == VB_INDENT ? VB_MM(10) : 0);
  room_for(l, line);
  if (n->label) {
    s.label = true;
    vb_span label = vb_span_of(vb_arena_printf(l->arena, "%s ", n->label));
    set_text(l, &s, label, &at);
    s.label = false;
  }
  for (const vb_node *t = n->first; t; t = t->next) {
    s.node = t;
    if (t->kind == VB_NODE_BREAK) {
      l->y -= line;
      at = x;
      continue;
    }
    if (t->kind == VB_NODE_SLOT_INLINE) {
      put(l, (vb_box){.kind = VB_BOX_SLOT, .x = at, .y = l->y - s.size, .w = t->u.slot.width, .h = s.size, .node = t});
      at += t->u.slot.width;
      continue;
    }
    bool bold = st->bold != ((t->u.text.flags & VB_INLINE_BOLD) != 0), italic = st->italic != ((t->u.text.flags & VB_INLINE_ITALIC) != 0);
    s.face = face_of(bold, italic);
    vb_span text = st->upper ? vb_text_upper(l->arena, t->u.text.text) : t->u.text.text;
    set_text(l, &s, text, &at);
  }
  l->y -= line + VB_PT(6);
}

/* ---- blocks ------------------------------------------------------------------------------------------------- */

static void set_block(hand_layout *l, const vb_node *n, vb_len x, vb_len width);

static void set_row(hand_layout *l, const vb_node *table, const vb_node *row, bool repeated)
{
  vb_len column = l->width / table->u.table.n_columns, top = l->y, low = l->y;
  bool head = row->u.row.kind == VB_ROW_HEAD;
  int at = 0;
  for (const vb_node *c = row->first; c; c = c->next) {
    vb_len x = LEFT + at * column, w = column * c->u.cell.colspan;
    l->y = top;
    style_of s = {.face = face_of(head, false), .size = VB_PT(12), .x = x + CELL_PAD, .width = w - 2 * CELL_PAD, .node = c,
                  .repeated = repeated};
    vb_len pen = s.x;
    if (c->u.cell.text.n > 0) {
      set_text(l, &s, c->u.cell.text, &pen);
      l->y -= VB_PT(16);
    }
    for (const vb_node *b = c->first; b; b = b->next) set_block(l, b, s.x, s.width);
    if (l->y < low) low = l->y;
    at += c->u.cell.colspan;
    put(l, (vb_box){.kind = VB_BOX_LINE, .artifact = true, .x = x, .y = top, .w = w, .weight = 500, .node = table});
  }
  l->y = low - VB_PT(2);
}

static void set_table(hand_layout *l, const vb_node *t)
{
  for (const vb_node *r = t->first; r; r = r->next) {
    int page = l->page.number;
    room_for(l, VB_PT(40));
    if (l->page.number != page && r->u.row.kind != VB_ROW_HEAD)
      for (const vb_node *h = t->first; h && h->u.row.kind == VB_ROW_HEAD; h = h->next) set_row(l, t, h, true);
    set_row(l, t, r, false);
  }
}

static void set_chart(hand_layout *l, const vb_node *n)
{
  room_for(l, n->u.chart.height);
  vb_len y = l->y - n->u.chart.height, bar = l->width / (vb_len)(2 * n->u.chart.n_categories);
  put(l, (vb_box){.kind = VB_BOX_FRAME, .x = LEFT, .y = y, .w = l->width, .h = n->u.chart.height, .weight = 500, .color = 0x808080, .node = n});
  for (uint32_t i = 0; i < n->u.chart.n_categories; i++) {
    vb_len x = LEFT + (vb_len)(2 * i) * bar;
    put(l, (vb_box){.kind = VB_BOX_FILL, .x = x, .y = y + VB_PT(16), .w = bar, .h = VB_PT(10 + 10 * (int)i), .color = 0x3366CC, .node = n});
    put(l, (vb_box){.kind = VB_BOX_TEXT, .line_end = true, .x = x, .y = y + VB_PT(4), .h = VB_PT(10), .w = bar,
                    .text = vb_span_of(n->u.chart.categories[i]), .node = n});
  }
  l->y = y - VB_PT(6);
}

static void set_slot(hand_layout *l, const vb_node *n, vb_len x)
{
  room_for(l, n->u.slot.height);
  l->y -= n->u.slot.height;
  put(l, (vb_box){.kind = VB_BOX_SLOT, .x = x, .y = l->y, .w = n->u.slot.width, .h = n->u.slot.height, .node = n});
}

static void set_item(hand_layout *l, const vb_node *n, vb_len x, vb_len width)
{
  if (n->label) {
    style_of s = {.face = VB_REGULAR, .size = VB_PT(14), .x = x, .width = width, .label = true, .node = n};
    vb_len at = x;
    room_for(l, VB_PT(18));
    set_text(l, &s, vb_span_of(vb_arena_printf(l->arena, "%s ", n->label)), &at);
  }
  for (const vb_node *b = n->first; b; b = b->next) set_block(l, b, x + VB_PT(14), width - VB_PT(14));
}

static void set_columns(hand_layout *l, const vb_node *n, vb_len x, vb_len width)
{
  room_for(l, VB_PT(150));
  vb_len top = l->y, low = l->y, at = x;
  for (const vb_node *c = n->first; c; c = c->next) {
    vb_len w = (vb_len)((int64_t)width * c->u.column.width / 1000);
    l->y = top;
    for (const vb_node *b = c->first; b; b = b->next) set_block(l, b, at, w);
    if (l->y < low) low = l->y;
    at += w;
  }
  l->y = low;
}

static void set_block(hand_layout *l, const vb_node *n, vb_len x, vb_len width)
{
  switch (n->kind) {
  case VB_NODE_PARA: set_para(l, n, x, width); break;
  case VB_NODE_TABLE: set_table(l, n); break;
  case VB_NODE_CHART: set_chart(l, n); break;
  case VB_NODE_SLOT: set_slot(l, n, x); break;
  case VB_NODE_ITEM: set_item(l, n, x, width); break;
  case VB_NODE_COLUMNS: set_columns(l, n, x, width); break;
  case VB_NODE_RULE:
    put(l, (vb_box){.kind = VB_BOX_LINE, .artifact = true, .x = x + width / 3, .y = l->y, .w = width / 3, .weight = 700, .node = n});
    l->y -= VB_PT(4);
    break;
  case VB_NODE_LIST:
  case VB_NODE_GROUP:
    for (const vb_node *b = n->first; b; b = b->next) set_block(l, b, x, width);
    break;
  default: break;
  }
}

hand_layout *hand_open(const vb_doc *doc, const vb_fontset *fonts)
{
  vb_arena *a = vb_arena_new(0);
  hand_layout *l = VB_NEW(a, hand_layout);
  l->doc = doc;
  l->fonts = fonts;
  l->arena = a;
  for (const vb_node *s = doc->root->first; s; s = s->next) {
    new_page(l, s);
    for (const vb_node *b = s->first; b; b = b->next) set_block(l, b, LEFT, l->width);
  }
  end_page(l);
  return l;
}

static vb_status hand_next(void *ctx, const vb_page **page)
{
  hand_layout *l = ctx;
  if (l->next * sizeof(page_note) >= l->pages.n) {
    l->next = 0;
    return VB_DONE;
  }
  page_note n;
  memcpy(&n, l->pages.p + l->next * sizeof n, sizeof n);
  l->out = (vb_page){n.width, n.height, n.number, (int)l->next, n.sequence, n.number == 1,
                     (const vb_box *)(const void *)l->boxes.p + n.first, (uint32_t)n.n};
  l->next++;
  *page = &l->out;
  return VB_OK;
}

vb_page_source hand_source(hand_layout *l) { return (vb_page_source){hand_next, l}; }

void hand_close(hand_layout *l)
{
  vb_buf_free(&l->boxes);
  vb_buf_free(&l->pages);
  vb_arena_free(l->arena);
}

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
  para(d, s, VB_STYLE_SUBJECT, NULL, "Kết quả công tác cải cách hành chính năm 2023");
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
  static const vb_value values[3];
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

vb_doc *hand_report(int paragraphs, int rows, int variant)
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
