/* A document of the text given, laid out and written by every writer. A line is a block, by its first letter:
 *
 *   "|a|b"  row of a table, cells by bars; "|!" head, "|:" group, "|=" total; a cell that begins with ">" takes two columns, one with "^" two rows, one that is a figure has its value
 *   "-", "+"  items of level 1 and 2       "(" and ")"  begin and end a framed group       "&"  an appendix, "&l" across the page      "_"  a rule       "$"  a slot
 *   any other: a paragraph, whose style the letter chooses.
 *
 * No letter is lost or set twice, and none stands outside of its page. A document that vb_doc_verify refuses is not laid out. */
#include "fuzz.h"

#include "fuzz_doc.h"
#include "write/write.h"

static vb_fontset *fonts;

static void begin(void)
{
  vb_diag *d = fuzz_diag();
  FUZZ_CHECK(vb_fontset_open(d, NULL, &fonts) == VB_OK && vb_write_warm_up(d, fonts) == VB_OK);
  vb_diag_free(d);
}

typedef struct maker { vb_doc *doc; vb_node *sequence, *in, *table, *list[2]; } maker;

static void open_sequence(maker *m, bool appendix, bool landscape)
{
  *m = (maker){.doc = m->doc, .sequence = fuzz_node(m->doc, m->doc->root, VB_NODE_SEQUENCE)};
  m->in = m->sequence;
  m->sequence->u.sequence.role = appendix ? VB_SEQ_APPENDIX : VB_SEQ_BODY;
  m->sequence->u.sequence.title = appendix ? "Phụ lục" : NULL;
  m->sequence->u.sequence.landscape = landscape;
}

static void add_para(maker *m, vb_node *parent, vb_style_id style, vb_span text)
{
  vb_node *n = fuzz_node(m->doc, parent, VB_NODE_PARA);
  n->style = style;
  n->u.para.before = -1;
  fuzz_pieces(m->doc, n, text, VB_NOWHERE);
}

static void add_item(maker *m, int level, vb_span text)
{
  vb_node *host = level > 0 && m->list[0] != NULL ? m->list[0]->last : m->in;
  if (level == 0) m->list[1] = NULL;
  if (m->list[level] == NULL) m->list[level] = fuzz_node(m->doc, host, VB_NODE_LIST);
  vb_node *item = fuzz_node(m->doc, m->list[level], VB_NODE_ITEM);
  item->label = level == 0 ? "-" : "+";
  add_para(m, item, VB_STYLE_ITEM, text);
}

static void open_table(maker *m, int columns)
{
  static const vb_table_column all[8] = {{.width = 0, .align = VB_ALIGN_LEFT}, {.align = VB_ALIGN_JUSTIFY}, {.align = VB_ALIGN_DECIMAL}, {.align = VB_ALIGN_CENTER, .dash_empty = true},
                                         {.align = VB_ALIGN_DECIMAL, .carry = true}, {.align = VB_ALIGN_RIGHT}, {.align = VB_ALIGN_STYLE}, {.align = VB_ALIGN_LEFT}};
  m->table = fuzz_node(m->doc, m->in, VB_NODE_TABLE);
  m->table->u.table.columns = all;
  m->table->u.table.n_columns = (int16_t)(columns > 8 ? 8 : columns);
  m->table->u.table.grid = m->table->u.table.sheet = true;
  m->table->u.table.title = "Bảng";
}

static void add_cell(maker *m, vb_node *row, vb_span text)
{
  vb_node *c = fuzz_node(m->doc, row, VB_NODE_CELL);
  char mark = text.n > 0 ? text.p[0] : ' ';
  c->u.cell.colspan = mark == '>' ? 2 : 1;
  c->u.cell.rowspan = mark == '^' ? 2 : 1;
  c->u.cell.repeat_label = mark == '^';
  if (mark == '>' || mark == '^') text = (vb_span){text.p + 1, text.n - 1};
  if (vb_number_parse(text, VB_NUM_DECIMAL, &c->u.cell.value.num) == VB_NUM_VALUE) {
    c->u.cell.value.type = VB_VALUE_NUMBER;
    c->u.cell.value.trace = fuzz_trace(m->doc);
  }
  if (text.n > 0 && (text.p[0] == '-' || text.p[0] == '*')) add_para(m, c, text.p[0] == '-' ? VB_STYLE_TABLE_ITEM : VB_STYLE_TABLE_CELL, text);
  else c->u.cell.text = text;
}

static void add_row(maker *m, vb_span s)
{
  vb_row_kind kind = s.n == 0 ? VB_ROW_DATA : s.p[0] == '!' ? VB_ROW_HEAD : s.p[0] == ':' ? VB_ROW_GROUP : s.p[0] == '=' ? VB_ROW_TOTAL : VB_ROW_DATA;
  if (kind != VB_ROW_DATA) s = (vb_span){s.p + 1, s.n - 1};
  int cells = 1;
  for (size_t i = 0; i < s.n; i++) cells += s.p[i] == '|';
  if (m->table == NULL) open_table(m, cells);
  vb_node *row = fuzz_node(m->doc, m->table, VB_NODE_ROW);
  row->u.row.kind = kind;
  for (size_t from = 0; from <= s.n;) {
    const char *bar = from < s.n ? memchr(s.p + from, '|', s.n - from) : NULL;
    size_t end = bar != NULL ? (size_t)(bar - s.p) : s.n;
    add_cell(m, row, (vb_span){s.p + from, end - from});
    from = end + 1;
  }
}

static void add_group(maker *m)
{
  if (m->in != m->sequence) return;
  m->in = fuzz_node(m->doc, m->in, VB_NODE_GROUP);
  m->in->u.group.box = true;
}

static void add_block(maker *m, vb_span s)
{
  char c = s.n > 0 ? s.p[0] : 'a';
  vb_span rest = s.n > 0 ? (vb_span){s.p + 1, s.n - 1} : s;
  if (c != '|') m->table = NULL;
  if (c != '-' && c != '+') m->list[0] = m->list[1] = NULL;
  switch (c) {
    case '|': add_row(m, rest); break;
    case '-':
    case '+': add_item(m, c == '+', rest); break;
    case '(': add_group(m); break;
    case ')': m->in = m->sequence; break;
    case '&': open_sequence(m, true, rest.n > 0 && rest.p[0] == 'l'); break;
    case '_': fuzz_node(m->doc, m->in, VB_NODE_RULE)->u.rule.permille = 400; break;
    case '$': {
      vb_node *n = fuzz_node(m->doc, m->in, VB_NODE_SLOT);
      n->u.slot.kind = VB_SLOT_SIGNATURE;
      n->u.slot.name = vb_arena_printf(m->doc->arena, "ky-%u", (unsigned)m->doc->n_nodes);
      n->u.slot.width = VB_MM(60);
      n->u.slot.height = VB_MM(25);
      break;
    }
    default: add_para(m, m->in, (vb_style_id)((unsigned char)c % VB_STYLES), (unsigned char)c < 0x80 ? rest : s);
  }
}

static vb_doc *document(vb_span text)
{
  maker m = {.doc = vb_doc_new()};
  FUZZ_CHECK(m.doc != NULL);
  m.doc->meta = (vb_meta){.id = "bc", .kind = "BC", .kind_name = "Báo cáo", .number = "232", .symbol = "BC-UBND", .date = {2023, 12, 6}, .place = "Quảng Thọ", .subject = "Công tác",
    .title = "Báo cáo công tác", .unit = "x1", .unit_name = "xã Quảng Thọ", .organ = "Ủy ban nhân dân xã Quảng Thọ", .period = "2023", .state = VB_STATE_ISSUED};
  open_sequence(&m, false, false);
  for (size_t from = 0; from < text.n;) {
    const char *end = memchr(text.p + from, '\n', text.n - from);
    size_t to = end != NULL ? (size_t)(end - text.p) : text.n;
    add_block(&m, (vb_span){text.p + from, to - from});
    from = to + 1;
  }
  return m.doc;
}

/* Letters that are no blanks. */
static size_t letters(vb_span s)
{
  size_t n = 0;
  if (s.n == 0) return 0; /* it may stand nowhere */
  for (const char *p = s.p, *end = s.p + s.n; p < end;) {
    uint32_t c = vb_utf8_next(&p, end);
    n += c != ' ' && c != '\t' && c != '\n' && c != 0xA0;
  }
  return n;
}

static size_t letters_of(const vb_doc *doc)
{
  size_t n = 0;
  vb_walk w;
  for (vb_walk_init(&w, doc->root); vb_walk_next(&w);) {
    if (w.leaving) continue;
    if (w.node->kind == VB_NODE_TEXT || w.node->kind == VB_NODE_FIGURE) n += letters(w.node->u.text.text);
    if (w.node->kind == VB_NODE_CELL) n += letters(w.node->u.cell.text);
  }
  return n;
}

static vb_status lay_out(vb_diag *d, const vb_doc *doc)
{
  vb_layout *l = NULL;
  const vb_page *page = NULL;
  size_t set = 0;
  vb_status s = vb_layout_open(d, doc, fonts, NULL, &l);
  while (s == VB_OK && (s = vb_layout_next(l, &page)) == VB_OK)
    for (uint32_t i = 0; i < page->n_boxes; i++) {
      const vb_box *b = &page->boxes[i];
      FUZZ_CHECK(b->kind != VB_BOX_TEXT || (b->x >= 0 && b->y >= 0 && b->x < page->width && b->y < page->height));
      if (b->kind == VB_BOX_TEXT && !b->artifact && !b->repeated && !b->label && !(b->node->kind == VB_NODE_CELL && b->node->u.cell.text.n == 0)) set += letters(b->text);
    }
  vb_layout_close(l);
  FUZZ_CHECK(s != VB_DONE || set == letters_of(doc));
  return s == VB_DONE ? VB_OK : s;
}

static vb_status write_all(vb_diag *d, const vb_doc *doc)
{
  const vb_write_options o = {.fonts = fonts, .pdfa = VB_PDFA_2A, .producer = "vanban"};
  vb_status s = VB_OK;
  for (int f = 0; f < VB_FORMATS && s == VB_OK; f++) {
    if (f == VB_FORMAT_XLSX && !vb_write_has_sheets(doc)) continue;
    vb_arena *a = vb_arena_new(0);
    vb_buf out;
    vb_written told = {0};
    FUZZ_CHECK(a != NULL);
    vb_buf_init(&out);
    s = vb_writer_get((vb_format)f)->write(d, doc, &o, a, &out, &told);
    FUZZ_CHECK(!out.failed && (s != VB_OK || (f != VB_FORMAT_PDF && f != VB_FORMAT_XLSX) || out.n > 0));
    vb_buf_free(&out);
    vb_arena_free(a);
  }
  return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (fonts == NULL) begin();
  vb_diag *d = fuzz_diag();
  vb_arena *a = vb_arena_new(0);
  FUZZ_CHECK(a != NULL);
  vb_doc *doc = document(fuzz_text(a, data, size));
  vb_status s = vb_doc_verify(d, doc);
  if (s == VB_OK) s = lay_out(d, doc);
  if (s == VB_OK) s = write_all(d, doc);
  vb_doc_free(doc);
  vb_arena_free(a);
  fuzz_end(d, s);
  return 0;
}
