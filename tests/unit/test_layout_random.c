/* What must hold for every document: thousands of them are made from a fixed seed and laid out.
 *
 *  words    each word once, in order, in the boxes of its node
 *  margins  no text outside the margins; frame lines at most half their weight
 *  overlap  no two texts on one place
 *  head     the head of a table on each page that shows a row of it
 *  keeps    heading with two lines, group row with a row, total with a data row, signature with two lines, two lines of a paragraph
 *           at head and foot; none of the chains made here is longer than a page, so nothing may be loosened */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "doc_make.h"
#include "layout_try.h"
#include "text/text.h"

/* ---- making --------------------------------------------------------------------------------------------------- */

static const char *words(vb_doc *doc, uint32_t *r, int most)
{
  const char *s = try_words(r, 1 + (int)try_random(r, (uint32_t)most));
  return vb_arena_str(doc->arena, s, strlen(s));
}

/* Rows whose cells cover a random grid: spans down and across, closed before the last row. */
static void make_body(vb_doc *doc, vb_node *t, uint32_t *r, int rows, int columns)
{
  int left[8] = {0};
  for (int i = 0; i < rows; i++) {
    uint32_t kind = try_random(r, 12);
    bool busy = false;
    for (int c = 0; c < columns; c++) busy = busy || left[c] > 0;
    bool last = i == rows - 1;
    bool group = kind == 0 && !busy && !last && i + 2 < rows;
    vb_node *row = make_row(doc, t, last && try_random(r, 2) ? VB_ROW_TOTAL : group ? VB_ROW_GROUP : VB_ROW_DATA);
    for (int c = 0; c < columns;) {
      if (left[c] > 0) {
        left[c++]--;
        continue;
      }
      int wide = 1, tall = 1, room = rows - i;
      if (group) wide = columns;
      else if (try_random(r, 10) == 0 && c + 1 < columns && left[c + 1] == 0) wide = 2;
      if (!group && try_random(r, 8) == 0) tall = 1 + (int)try_random(r, room < 4 ? (uint32_t)room : 4);
      if (try_random(r, 60) == 0 && !group && room > 25) tall = 25;
      uint32_t long_cell = try_random(r, 40);
      vb_node *cell = make_span(doc, row, words(doc, r, long_cell == 0 ? 300 : c == 0 ? 2 : 14), wide, tall);
      cell->u.cell.repeat_label = try_random(r, 2) == 0;
      cell->u.cell.valign_set = true;
      cell->u.cell.valign = try_random(r, 3) ? VB_VALIGN_TOP : VB_VALIGN_MIDDLE;
      if (try_random(r, 10) == 0) { /* paragraphs in a cell */
        cell->u.cell.text = (vb_span){NULL, 0};
        for (int k = 0; k < 3; k++) make_para(doc, cell, k ? VB_STYLE_TABLE_ITEM : VB_STYLE_TABLE_CELL, words(doc, r, 8))->label = k ? "-" : NULL;
      }
      for (int k = c; k < c + wide; k++) left[k] = tall - 1;
      c += wide;
    }
  }
}

static void make_random_table(vb_doc *doc, vb_node *seq, uint32_t *r)
{
  vb_table_column columns[8] = {{0}};
  int n = 2 + (int)try_random(r, 5);
  bool given = try_random(r, 2) == 0;
  for (int i = 0; i < n; i++) {
    columns[i].width = (int16_t)(given ? 1000 / n : 0);
    columns[i].align = try_random(r, 4) == 0 ? VB_ALIGN_CENTER : try_random(r, 4) == 0 ? VB_ALIGN_DECIMAL : VB_ALIGN_STYLE;
  }
  vb_node *t = make_table(doc, seq, columns, n);
  t->u.table.size = (int16_t)(22 + 2 * try_random(r, 3));
  if (try_random(r, 5)) {
    vb_node *h = make_row(doc, t, VB_ROW_HEAD), *h2 = NULL;
    make_span(doc, h, "Đầu", 1, 2);
    if (n > 2) make_span(doc, h, "Gộp", n - 1, 1);
    else make_span(doc, h, "Gộp", 1, 2);
    if (n > 2) {
      h2 = make_row(doc, t, VB_ROW_HEAD);
      for (int i = 1; i < n; i++) make_cell(doc, h2, "Cột");
    } else {
      h->first->u.cell.rowspan = h->last->u.cell.rowspan = 1;
    }
  }
  make_body(doc, t, r, 1 + (int)try_random(r, 40), n);
}

static void make_signature(vb_doc *doc, vb_node *seq)
{
  vb_node *so = vb_node_add(doc, seq, VB_NODE_COLUMNS);
  so->u.columns.role = VB_COLUMNS_SIGNOFF;
  vb_node *a = vb_node_add(doc, so, VB_NODE_COLUMN), *b = vb_node_add(doc, so, VB_NODE_COLUMN);
  a->u.column.width = 450;
  b->u.column.width = 550;
  make_para(doc, a, VB_STYLE_RECIPIENTS_HEAD, "Nơi nhận:");
  make_para(doc, a, VB_STYLE_RECIPIENT, "Lưu: VT.")->label = "-";
  make_para(doc, b, VB_STYLE_AUTHORITY, "TM. Ủy ban nhân dân");
  vb_node *s = vb_node_add(doc, b, VB_NODE_SLOT);
  s->u.slot.kind = VB_SLOT_SIGNATURE;
  s->u.slot.name = "ky";
  s->u.slot.width = VB_MM(50);
  s->u.slot.height = VB_MM(25);
  make_para(doc, b, VB_STYLE_SIGNER, "Nguyễn Văn A");
}

static void make_block(vb_doc *doc, vb_node *seq, uint32_t *r)
{
  static const vb_style_id bodies[] = {VB_STYLE_BODY, VB_STYLE_BASIS, VB_STYLE_CLAUSE, VB_STYLE_POINT, VB_STYLE_ITEM_HANGING, VB_STYLE_CENTERED, VB_STYLE_REMARK};
  uint32_t what = try_random(r, 24);
  if (what < 3) {
    make_para(doc, seq, what ? VB_STYLE_HEADING_2 : VB_STYLE_HEADING_1, words(doc, r, 30))->label = what ? "1." : "II.";
  } else if (what < 5) {
    vb_node *list = vb_node_add(doc, seq, VB_NODE_LIST);
    for (uint32_t i = 0; i < 1 + try_random(r, 4); i++) {
      vb_node *item = vb_node_add(doc, list, VB_NODE_ITEM);
      item->label = "-";
      make_para(doc, item, VB_STYLE_ITEM, words(doc, r, 60));
    }
  } else if (what == 5) {
    make_random_table(doc, seq, r);
  } else if (what == 6) {
    vb_node *g = vb_node_add(doc, seq, VB_NODE_GROUP);
    for (uint32_t i = 0; i < 1 + try_random(r, 4); i++) make_para(doc, g, VB_STYLE_SUBJECT, words(doc, r, 20));
    vb_node *rule = vb_node_add(doc, g, VB_NODE_RULE);
    rule->u.rule.permille = 400;
  } else if (what == 7 && try_random(r, 3) == 0) {
    vb_node_add(doc, seq, VB_NODE_PAGE_BREAK);
  } else {
    vb_node *p = make_para(doc, seq, bodies[try_random(r, 7)], words(doc, r, 150));
    if (try_random(r, 4) == 0) vb_node_text(doc, p, VB_LIT(" đậm và nghiêng"), VB_INLINE_BOLD);
    if (try_random(r, 5) == 0) p->label = "a)";
  }
}

static vb_doc *make_random(uint32_t *r)
{
  vb_doc *doc = make_doc();
  doc->setup.leading = (int16_t)(1000 + 50 * try_random(r, 11));
  doc->setup.para_gap = VB_PT(6);
  for (uint32_t s = 0; s < 1 + try_random(r, 2); s++) {
    vb_node *seq = make_sequence(doc, s ? VB_SEQ_APPENDIX : VB_SEQ_BODY, NULL, s && try_random(r, 2));
    uint32_t blocks = 1 + try_random(r, 25);
    for (uint32_t i = 0; i < blocks; i++) make_block(doc, seq, r);
    if (!s) {
      make_para(doc, seq, VB_STYLE_BODY, words(doc, r, 40));
      make_signature(doc, seq);
    }
  }
  return doc;
}

/* ---- words ---------------------------------------------------------------------------------------------------- */

typedef struct piece { const vb_node *node, *table; bool label; vb_span want; size_t got; int seen; } piece;
static piece pieces[20000];
static int n_pieces;

static vb_span bare(vb_arena *a, vb_span s)
{
  char *out = vb_arena_alloc(a, s.n + 1);
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] != ' ') out[n++] = s.p[i];
  return (vb_span){out, n};
}

static void expect(vb_arena *a, const vb_node *n, vb_span s, bool upper, bool label)
{
  const vb_node *t = n;
  while (t && t->kind != VB_NODE_TABLE) t = t->parent;
  assert_true(n_pieces < (int)(sizeof pieces / sizeof *pieces));
  pieces[n_pieces++] = (piece){n, t, label, bare(a, upper ? vb_text_upper(a, s) : s), 0, -1};
}

static void expect_all(vb_arena *a, const vb_doc *doc)
{
  vb_walk w;
  n_pieces = 0;
  vb_walk_init(&w, doc->root);
  while (vb_walk_next(&w)) {
    const vb_node *n = w.node;
    if (w.leaving) continue;
    if ((n->kind == VB_NODE_PARA || n->kind == VB_NODE_ITEM) && n->label) expect(a, n, vb_span_of(n->label), false, true);
    if (n->kind == VB_NODE_TEXT) expect(a, n, n->u.text.text, vb_style_get(n->parent->style)->upper, false);
    if (n->kind == VB_NODE_CELL && n->u.cell.text.n) expect(a, n, n->u.cell.text, false, false);
  }
}

static int find_piece(const vb_box *b, int from)
{
  for (int i = 0; i < n_pieces; i++) {
    int k = (from + i) % n_pieces;
    if (pieces[k].node == b->node && pieces[k].label == b->label) return k;
  }
  return -1;
}

static void check_words(const vb_doc *doc, const try_pages *t)
{
  vb_arena *a = vb_arena_new(0);
  int at = 0, order = 0;
  expect_all(a, doc);
  for (int p = 0; p < t->n; p++)
    for (uint32_t i = 0; i < t->at[p].p.n_boxes; i++) {
      const vb_box *b = &t->at[p].boxes[i];
      if (b->kind != VB_BOX_TEXT || b->artifact) continue;
      vb_span s = bare(a, b->text);
      at = find_piece(b, at);
      assert_true(at >= 0);
      piece *k = &pieces[at];
      assert_true(k->got + s.n <= k->want.n);
      assert_memory_equal(k->want.p + k->got, s.p, s.n);
      k->got += s.n;
      if (k->seen < 0) k->seen = order++;
    }
  for (int i = 0; i < n_pieces; i++) {
    assert_int_equal(pieces[i].got, pieces[i].want.n);
    if (i && (!pieces[i].table || pieces[i].table != pieces[i - 1].table)) assert_true(pieces[i].seen > pieces[i - 1].seen);
  }
  vb_arena_free(a);
}

/* ---- places --------------------------------------------------------------------------------------------------- */

static void check_margins(const vb_doc *doc, const try_page *g)
{
  const vb_setup *s = &doc->setup;
  bool turned = g->p.sequence->u.sequence.landscape;
  vb_len left = turned ? s->bottom : s->left, right = g->p.width - (turned ? s->top : s->right);
  vb_len bottom = turned ? s->right : s->bottom, top = g->p.height - (turned ? s->left : s->top);
  assert_int_equal(g->p.width, turned ? VB_MM(297) : VB_MM(210));
  for (uint32_t i = 0; i < g->p.n_boxes; i++) {
    const vb_box *b = &g->boxes[i];
    vb_len up = b->kind == VB_BOX_TEXT ? b->h * 891 / 1000 : b->h, down = b->kind == VB_BOX_TEXT ? b->h / 5 : 0;
    if (b->artifact && b->node == g->p.sequence) continue; /* page number */
    bool inside = b->x >= left - 1 && b->x + b->w <= right + 10 && b->y - down >= bottom - 1 && b->y + up <= top + 1;
    if (!inside)
      fail_msg("outside the margins, page %d: kind %d at %d %d, %d x %d \"%s\"", g->p.index, b->kind, b->x, b->y, b->w, b->h,
               b->kind == VB_BOX_TEXT ? b->text.p : "");
  }
}

static void check_overlap(const try_page *g)
{
  for (uint32_t i = 0; i < g->p.n_boxes; i++) {
    const vb_box *a = &g->boxes[i];
    if (a->kind != VB_BOX_TEXT) continue;
    for (uint32_t k = i + 1; k < g->p.n_boxes; k++) {
      const vb_box *b = &g->boxes[k];
      if (b->kind != VB_BOX_TEXT) continue;
      bool apart = a->x + a->w <= b->x + 50 || b->x + b->w <= a->x + 50 || a->y - a->h / 5 >= b->y + b->h * 8 / 10 ||
                   b->y - b->h / 5 >= a->y + a->h * 8 / 10;
      if (!apart) fail_msg("overlap: \"%s\" (%d %d %d) \"%s\" (%d %d)", a->text.p, a->x, a->y, a->w, b->text.p, b->x, b->y);
    }
  }
}

/* ---- tables --------------------------------------------------------------------------------------------------- */

static const vb_node *ancestor(const vb_node *n, vb_node_kind kind)
{
  while (n && n->kind != kind) n = n->parent;
  return n;
}

/* Height of a row's text on a page. */
static vb_len extent(const try_pages *t, int page, const vb_node *row)
{
  vb_len low = INT32_MAX, high = 0;
  for (uint32_t i = 0; page >= 0 && i < t->at[page].p.n_boxes; i++) {
    const vb_box *b = &t->at[page].boxes[i];
    if (b->kind != VB_BOX_TEXT || ancestor(b->node, VB_NODE_ROW) != row) continue;
    low = b->y < low ? b->y : low;
    high = b->y + b->h > high ? b->y + b->h : high;
  }
  return high > low ? high - low : 0;
}

/* Two rows that together, with the head, may be higher than a page: the only ones that may be parted against their ranks. */
static bool too_high(const try_pages *t, int page, const vb_node *a, const vb_node *b)
{
  vb_len above = extent(t, page - 1, a);
  return above == 0 /* its cells are all covered from above */ || above + extent(t, page, b) > (t->at[page].p.height - VB_MM(150)) / 2;
}

/* Rows of a page in the order in which their first box stands there; a copy counts for its row too. */
static void check_rows(const try_pages *t, int page)
{
  const try_page *g = &t->at[page];
  const vb_node *table = NULL, *last = NULL;
  bool head = false, data = false, any = false;
  for (uint32_t i = 0; i <= g->p.n_boxes; i++) {
    const vb_box *b = i < g->p.n_boxes ? &g->boxes[i] : NULL;
    const vb_node *row = b && b->kind == VB_BOX_TEXT ? ancestor(b->node, VB_NODE_ROW) : NULL;
    if (b && (b->kind != VB_BOX_TEXT || !row)) continue;
    if (!row || row->parent != table) {
      if (last && last->u.row.kind == VB_ROW_GROUP) {
        bool alone = page + 1 < t->n && last->next && !too_high(t, page + 1, last, last->next);
        if (alone) fail_msg("group row last on page %d: %s; next row %d high", page, last->first->u.cell.text.p, last->next ? extent(t, page + 1, last->next) : 0);
      }
      table = row ? row->parent : NULL;
      head = data = any = false;
      last = NULL;
    }
    if (!row) continue;
    if (row->u.row.kind == VB_ROW_HEAD) {
      assert_false(any);
      head = true;
      continue;
    }
    if (table->first->u.row.kind == VB_ROW_HEAD) assert_true(head);
    if (row->u.row.kind == VB_ROW_TOTAL && row != last && extent(t, page - 1, row) == 0) {
      const vb_node *before = table->first;
      while (before->next != row && before != row) before = before->next;
      if (before != row && before->u.row.kind == VB_ROW_DATA && !data && !too_high(t, page, before, row))
        fail_msg("total without a row before it, page %d: %d + %d", page, extent(t, page - 1, before), extent(t, page, row));
    }
    data = data || row->u.row.kind == VB_ROW_DATA;
    any = true;
    last = row;
  }
}

/* ---- keeps ---------------------------------------------------------------------------------------------------- */

/* Lines of a block that stand on a page. */
static int lines_on(const try_pages *t, int page, const vb_node *block)
{
  int n = 0;
  vb_len y = -1;
  for (uint32_t i = 0; i < t->at[page].p.n_boxes; i++) {
    const vb_box *b = &t->at[page].boxes[i];
    if (b->kind == VB_BOX_TEXT && !b->repeated && b->y != y && try_below(b->node, block)) {
      y = b->y;
      n++;
    }
  }
  return n;
}

static int last_page_of(const try_pages *t, const vb_node *block)
{
  for (int p = t->n - 1; p >= 0; p--)
    if (lines_on(t, p, block)) return p;
  return -1;
}

static const vb_node *next_block(const vb_node *n)
{
  while (n->parent && n->parent->kind != VB_NODE_SEQUENCE) n = n->parent;
  return n->next;
}

/* Lines that follow a heading on its page; the blocks behind it may be more headings. */
static void check_heading(const try_pages *t, const vb_node *heading)
{
  int page = last_page_of(t, heading), lines = 0, whole = 0;
  const vb_node *n = next_block(heading);
  for (; n && n->kind != VB_NODE_PAGE_BREAK && lines < 2; n = n->next) {
    bool again = n->kind == VB_NODE_PARA && vb_style_get(n->style)->keep_next;
    lines += again ? 0 : lines_on(t, page, n);
    if (again) assert_int_equal(last_page_of(t, n), page);
    for (int p = 0; p < t->n && !again; p++) whole += lines_on(t, p, n);
  }
  if (whole >= 2) assert_true(lines >= 2);
}

static void check_paragraph(const try_pages *t, const vb_node *para)
{
  int first = -1, parts[64], n = 0, sum = 0;
  for (int p = 0; p < t->n && n < 64; p++) {
    int k = lines_on(t, p, para);
    if (!k) continue;
    if (first < 0) first = p;
    parts[n++] = k;
    sum += k;
  }
  for (int i = 0; i < n && n > 1; i++) assert_true(parts[i] >= 2);
}

static void check_group(const try_pages *t, const vb_node *group)
{
  int on = 0;
  for (int p = 0; p < t->n; p++) on += lines_on(t, p, group) > 0;
  assert_int_equal(on, 1);
}

static void check_signature(const try_pages *t, const vb_node *so)
{
  int page = last_page_of(t, so), before = 0;
  const try_page *g = &t->at[page];
  vb_len y = -1;
  for (int p = 0; p < page; p++) assert_int_equal(lines_on(t, p, so), 0);
  for (uint32_t i = 0; i < g->p.n_boxes && !try_below(g->boxes[i].node, so); i++)
    if (g->boxes[i].kind == VB_BOX_TEXT && !g->boxes[i].artifact && g->boxes[i].y != y) {
      y = g->boxes[i].y;
      before++;
    }
  const vb_node *up = so->parent->first; /* a page break just above leaves one paragraph */
  while (up->next && up->next->next != so) up = up->next;
  if (up->kind == VB_NODE_PAGE_BREAK) return;
  if (page > 0 && before < 2) fail_msg("signature on page %d behind %d lines", page, before);
}

static void check_keeps(const vb_doc *doc, const try_pages *t)
{
  for (const vb_node *s = doc->root->first; s; s = s->next)
    for (const vb_node *n = s->first; n; n = n->next) {
      if (n->kind == VB_NODE_PARA && vb_style_get(n->style)->keep_next) check_heading(t, n);
      if (n->kind == VB_NODE_PARA) check_paragraph(t, n);
      if (n->kind == VB_NODE_GROUP) check_group(t, n);
      if (n->kind == VB_NODE_COLUMNS) check_signature(t, n);
    }
}

/* ---- tests ---------------------------------------------------------------------------------------------------- */

static void check(const vb_doc *doc, const try_pages *t)
{
  if (t->st != VB_OK || vb_doc_verify(try_diag(), doc) != VB_OK) {
    try_told();
    fail();
  }
  check_words(doc, t);
  for (int p = 0; p < t->n; p++) {
    assert_int_equal(t->at[p].p.index, p);
    assert_true(try_lines(t, p) > 0);
    check_margins(doc, &t->at[p]);
    check_overlap(&t->at[p]);
    check_rows(t, p);
  }
}

/* Laid out once more, when lines of its paragraphs are remembered. */
static void check_again(const vb_doc *doc, const try_pages *t)
{
  try_pages again = try_lay(doc, NULL);
  assert_int_equal(again.n, t->n);
  assert_memory_equal(&again.stats, &t->stats, sizeof t->stats);
  for (int p = 0; p < t->n; p++) {
    const try_page *a = &t->at[p], *b = &again.at[p];
    assert_int_equal(a->p.n_boxes, b->p.n_boxes);
    for (uint32_t i = 0; i < a->p.n_boxes; i++) {
      const vb_box *x = &a->boxes[i], *y = &b->boxes[i];
      bool same = x->kind == y->kind && x->face == y->face && x->x == y->x && x->y == y->y && x->w == y->w && x->h == y->h && x->space == y->space &&
                  x->soft_space == y->soft_space && x->line_end == y->line_end && x->node == y->node && vb_span_eq(x->text, y->text);
      assert_true(same);
    }
  }
  try_free(&again);
}

static void test_documents(void **state)
{
  (void)state;
  const char *one = getenv("LAYOUT_SEED");
  for (uint32_t i = 0; i < 1500; i++) {
    uint32_t r = i * 7919 + 3;
    if (one && (uint32_t)atoi(one) != i) continue;
    vb_doc *doc = make_random(&r);
    if (one || getenv("TALK")) print_message("document %u\n", (unsigned)i);
    try_pages t = try_lay(doc, NULL);
    if (one) print_message("document %u: %d pages\n", (unsigned)i, t.n);
    check(doc, &t);
    check_keeps(doc, &t);
    if (i % 5 == 0) check_again(doc, &t);
    try_free(&t);
    vb_doc_free(doc);
  }
}

/* One long table on narrow and low pages, where rows are cut and spans cross. */
static void test_tables(void **state)
{
  (void)state;
  for (uint32_t i = 0; i < 700; i++) {
    uint32_t r = i * 104729 + 1;
    if (getenv("TALK")) print_message("tables %u\n", (unsigned)i);
    vb_doc *doc = make_doc();
    doc->setup.bottom = VB_MM(25 + 100 * (int)(i % 2));
    doc->setup.right = VB_MM(15 + 20 * (int)(i % 3));
    vb_node *seq = make_sequence(doc, VB_SEQ_BODY, NULL, i % 5 == 0 && i % 2 == 0);
    for (int k = 0; k < 3; k++) make_random_table(doc, seq, &r);
    try_pages t = try_lay(doc, NULL);
    doc->setup.bottom = VB_MM(25); /* within the decree again, for the proof of the tree */
    doc->setup.right = VB_MM(20);
    assert_int_equal(vb_doc_verify(try_diag(), doc), VB_OK);
    doc->setup.bottom = VB_MM(25 + 100 * (int)(i % 2));
    doc->setup.right = VB_MM(15 + 20 * (int)(i % 3));
    assert_int_equal(t.st, VB_OK);
    check_words(doc, &t);
    for (int p = 0; p < t.n; p++) {
      check_margins(doc, &t.at[p]);
      check_overlap(&t.at[p]);
      check_rows(&t, p);
    }
    try_free(&t);
    vb_doc_free(doc);
  }
}

static int close_fonts(void **state)
{
  (void)state;
  try_fonts_close();
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_documents), cmocka_unit_test(test_tables)};
  return cmocka_run_group_tests(tests, NULL, close_fonts);
}
