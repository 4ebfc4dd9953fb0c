#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "template_lab.h"
#include "text/text.h"

#define HERE "tests/unit/data/template"

static const char *dirs[] = {HERE "/good", HERE "/good", HERE "/bad", HERE, "templates"};
static const vb_library library = {dirs + 1, 4}, with_own = {dirs, 5};
static bool own;
const vb_library *lab_library(void) { return own ? &with_own : &library; }

void lab_own(const char *dir)
{
  own = dir != NULL;
  if (own) dirs[0] = dir;
}

static struct { const char *table, *rows; } given[8];
static size_t n_given;

void lab_rows(const char *table, const char *rows)
{
  given[n_given].table = table;
  given[n_given++].rows = rows;
}

static const vb_party recipients[] = {{"Như trên", NULL}, {"Thường trực HĐND xã", NULL}, {"Lưu: VT, CCHC", NULL}};
static const vb_party addressees[] = {{"Ủy ban nhân dân huyện Quảng Điền", "H57"}, {"Phòng Nội vụ huyện", NULL}};

/* ---- narrative ---------------------------------------------------------------------------------------------- */

static vb_slot_piece *piece(vb_arena *a, vb_slot_piece ***tail, const char *p, size_t n, bool figure, uint32_t line, uint32_t column)
{
  vb_slot_piece *x = VB_NEW(a, vb_slot_piece);
  if (!x) return NULL;
  x->text = (vb_span){p, n};
  x->figure = figure;
  x->line = line;
  x->column = column;
  **tail = x;
  *tail = &x->next;
  return x;
}

/* A line a block; "- " and "+ " mark items, {code} figures. */
static vb_status narrate(void *ctx, vb_diag *d, vb_arena *a, const char *slot, vb_slot_text *out)
{
  lab *l = ctx;
  (void)d;
  if (!l->narrative || strcmp(slot, "loi") != 0) return VB_DONE;
  vb_slot_block **tail = &out->first;
  out->file = "noi-dung/loi.txt";
  uint32_t line = 0;
  for (const char *p = l->narrative; *p;) {
    size_t n = strcspn(p, "\n");
    vb_slot_block *b = VB_NEW(a, vb_slot_block);
    if (!b) return VB_NOMEM;
    b->line = ++line;
    b->level = n > 2 && p[0] == '-' ? 1 : n > 2 && p[0] == '+' ? 2 : 0;
    const char *s = p + (b->level ? 2 : 0), *end = p + n;
    vb_slot_piece **pieces = &b->first;
    while (s < end) {
      const char *open = memchr(s, '{', (size_t)(end - s));
      if (open != s && !piece(a, &pieces, s, (size_t)((open ? open : end) - s), false, line, (uint32_t)(s - p) + 1)) return VB_NOMEM;
      if (!open) break;
      const char *close = memchr(open, '}', (size_t)(end - open));
      if (!close) return VB_BAD;
      if (!piece(a, &pieces, open + 1, (size_t)(close - open) - 1, true, line, (uint32_t)vb_utf8_length((vb_span){p, (size_t)(open - p)}) + 1)) return VB_NOMEM;
      s = close + 1;
    }
    *tail = b;
    tail = &b->next;
    p += n + (p[n] != '\0');
  }
  return VB_OK;
}

/* ---- making ------------------------------------------------------------------------------------------------- */

void lab_make(lab *l)
{
  memset(l, 0, sizeof *l);
  l->d = vb_diag_new();
  l->a = vb_arena_new(0);
  assert_non_null(l->d);
  assert_non_null(l->a);
  n_given = 0;
  l->meta = (vb_meta){.id = "van-ban", .number = "7", .symbol = "BC-UBND", .date = {2023, 12, 6}, .place = "Quảng Thọ", .unit_name = "xã Quảng Thọ",
                      .organ = "Ủy ban nhân dân\nxã Quảng Thọ", .superior = "Ủy ban nhân dân huyện Quảng Điền", .issuer = {"Ủy ban nhân dân xã Quảng Thọ", "H57.30"},
                      .addressees = addressees, .n_addressees = 2, .recipients = recipients, .n_recipients = 3, .authority = "TM. ỦY BAN NHÂN DÂN",
                      .position = "KT. CHỦ TỊCH|PHÓ CHỦ TỊCH", .signer = "Lê Văn Mẫu", .state = VB_STATE_ISSUED, .mode = VB_MODE_PAPER};
  l->build = (vb_build){.unit = "x1", .period = "2023", .meta = &l->meta, .narrative = narrate, .ctx = l};
}

void lab_drop(lab *l)
{
  vb_doc_free(l->doc);
  vb_template_close(l->t);
  vb_form_close(l->form);
  vb_store_close(l->s);
  vb_arena_free(l->a);
  vb_diag_free(l->d);
  memset(l, 0, sizeof *l);
}

/* ---- loading ------------------------------------------------------------------------------------------------ */

static vb_status add_rows(lab *l, const vb_data_table *t, const char *rows)
{
  vb_cell_in fields[24];
  vb_status st = VB_OK;
  uint32_t line = 1;
  const char *file = vb_diag_file(l->d, vb_arena_printf(l->a, "%s.csv", t->name));
  for (const char *p = rows; *p && st <= VB_BAD;) {
    size_t n = strcspn(p, "\n"), c = 0;
    const char *s = p, *end = p + n;
    memset(fields, 0, sizeof fields);
    line++;
    for (; c < t->n_columns; c++) {
      size_t k = 0;
      while (s + k < end && s[k] != ';') k++;
      if (s <= end) {
        char *text = vb_arena_str(l->a, s, k);
        for (char *q = text; *q; q++)
          if (*q == '\\') *q = '\n'; /* "\": a line break in the field */
        fields[c] = (vb_cell_in){.text = {text, k}, .line = line, .column = (uint32_t)vb_utf8_length((vb_span){p, (size_t)(s - p)}) + 1};
      }
      s += k + 1;
    }
    vb_row_in row = {.fields = fields, .file = file, .line = line, .default_unit = "x1", .default_period = "2023"};
    st = vb_worse(st, vb_store_add_row(l->d, l->s, t, &row));
    p += n + (p[n] != '\0');
  }
  return st;
}

static vb_status add_values(lab *l)
{
  static const char *const values[][3] = {{"1.1", "2", ""},      {"1.2", "1714", "đủ"},  {"1.3", "56,1", ""},  {"1.4", "12900000", ""}, {"1.5", "1", ""},
                                          {"1.6", "-", ""},      {"1.7", "không áp dụng", ""}, {"2.1", "5", ""}, {"2.2", "Trạm *y tế*", ""}, {"2.3", "06/12/2023", ""}};
  vb_delivery from = {.file = vb_diag_file(l->d, "so-lieu.csv"), .received = {2023, 12, 5}, .version = 1, .period = "2023"};
  vb_status st = VB_OK;
  for (uint32_t i = 0; i < sizeof values / sizeof *values; i++) {
    vb_value_in v = {.file = from.file, .line = i + 2};
    v.code = (vb_cell_in){.text = vb_span_of(values[i][0]), .line = i + 2, .column = 1};
    v.value = (vb_cell_in){.text = vb_span_of(values[i][1]), .line = i + 2, .column = 5};
    v.note = (vb_cell_in){.text = vb_span_of(values[i][2]), .line = i + 2, .column = 9};
    st = vb_worse(st, vb_store_add_value(l->d, l->s, &v, &from, "x1"));
  }
  return st;
}

static const vb_data_table *table_of(lab *l, const char *name)
{
  const vb_data_table *tables;
  size_t n = l->t ? vb_template_tables(l->t, &tables) : 0;
  for (size_t i = 0; i < n; i++)
    if (strcmp(tables[i].name, name) == 0) return &tables[i];
  return vb_store_builtin(name);
}

static vb_status load(lab *l)
{
  const vb_data_table *tables;
  size_t n = vb_template_tables(l->t, &tables);
  vb_status st = vb_store_open(l->d, NULL, &l->s);
  for (size_t i = 0; st == VB_OK && i < n; i++) st = vb_store_declare(l->d, l->s, &tables[i]);
  if (st == VB_OK) st = vb_store_begin(l->d, l->s);
  if (st == VB_OK && l->form) st = vb_form_load(l->d, l->form, l->s);
  if (st == VB_OK) st = add_rows(l, vb_store_builtin("unit"), "h;Huyện Quảng Điền\nx1;Xã Quảng Thọ;;;xã;xã;h\nx2;Xã Quảng Vinh;;;xã;xã;h");
  if (st == VB_OK) st = vb_store_add_period(l->d, l->s, VB_LIT("2023"), VB_NOWHERE);
  if (st == VB_OK && l->form) st = add_values(l);
  for (size_t i = 0; st == VB_OK && i < n_given; i++) st = add_rows(l, table_of(l, given[i].table), given[i].rows);
  return st == VB_OK ? vb_store_commit(l->d, l->s) : st;
}

vb_status lab_open(lab *l, const char *id)
{
  vb_status st = vb_template_open(l->d, lab_library(), vb_span_of(id), VB_NOWHERE, &l->t);
  if (st != VB_OK) return st;
  if (vb_template_form(l->t)) st = vb_form_open(l->d, lab_library(), vb_span_of(vb_template_form(l->t)), VB_NOWHERE, &l->form);
  if (st == VB_OK) st = load(l);
  return st == VB_OK ? vb_template_prepare(l->d, l->t, l->s) : st;
}

vb_status lab_build(lab *l)
{
  vb_doc_free(l->doc);
  l->doc = NULL;
  vb_status st = vb_template_build(l->d, l->t, l->s, &l->build, &l->doc);
  return st == VB_OK ? vb_doc_verify(l->d, l->doc) : st;
}

/* ---- showing ------------------------------------------------------------------------------------------------ */

static void show_inline(vb_buf *b, const vb_node *n)
{
  static const struct { uint8_t flag; const char *mark; } marks[] = {{VB_INLINE_BOLD, "*"}, {VB_INLINE_ITALIC, "_"}, {VB_INLINE_UNDERLINE, "~"}, {VB_INLINE_LIGHT, "°"}, {VB_INLINE_UPRIGHT, "^"}};
  if (n->kind == VB_NODE_BREAK) vb_buf_str(b, " / ");
  if (n->kind == VB_NODE_SLOT_INLINE) vb_buf_printf(b, "[%s]", n->u.slot.name);
  if (n->kind != VB_NODE_TEXT && n->kind != VB_NODE_FIGURE) return;
  for (size_t i = 0; i < 5; i++)
    if (n->u.text.flags & marks[i].flag) vb_buf_str(b, marks[i].mark);
  if (n->kind == VB_NODE_FIGURE) vb_buf_char(b, '<');
  vb_buf_span(b, n->u.text.text);
  if (n->kind == VB_NODE_FIGURE) vb_buf_char(b, '>');
  for (size_t i = 5; i > 0; i--)
    if (n->u.text.flags & marks[i - 1].flag) vb_buf_str(b, marks[i - 1].mark);
}

static void show_value(vb_buf *b, const vb_value *v)
{
  static const char *const types[] = {"", "number", "percent", "money", "date", "text"};
  char text[40];
  if (v->type == VB_VALUE_NONE) return;
  vb_buf_printf(b, " =%s", types[v->type]);
  if (v->type == VB_VALUE_DATE) (void)vb_date_print_iso(v->date, text);
  else (void)vb_dec_print(v->num, text, sizeof text);
  if (v->type != VB_VALUE_TEXT) vb_buf_printf(b, ":%s", text);
}

static void show_cell(vb_buf *b, const vb_node *n)
{
  static const char *const formulas[] = {"", "sum", "ratio", "diff"};
  if (n->u.cell.colspan > 1 || n->u.cell.rowspan > 1) vb_buf_printf(b, " %dx%d", n->u.cell.colspan, n->u.cell.rowspan);
  if (n->u.cell.bold) vb_buf_str(b, " bold");
  if (n->u.cell.key) vb_buf_printf(b, " key=%s", n->u.cell.key);
  if (!n->first) vb_buf_printf(b, " \"%.*s\"", (int)n->u.cell.text.n, n->u.cell.text.p ? n->u.cell.text.p : "");
  show_value(b, &n->u.cell.value);
  if (n->u.cell.formula.kind) vb_buf_printf(b, " %s(", formulas[n->u.cell.formula.kind]);
  for (uint32_t i = 0; i < n->u.cell.formula.n_refs; i++) vb_buf_printf(b, "%s%s", i ? " " : "", n->u.cell.formula.refs[i]);
  if (n->u.cell.formula.kind) vb_buf_char(b, ')');
}

static void show_node(vb_buf *b, const vb_node *n)
{
  static const char *const rows[] = {"head", "group", "data", "subtotal", "total", "note"};
  vb_buf_str(b, vb_node_name(n->kind));
  if (n->kind == VB_NODE_PARA || n->kind == VB_NODE_ITEM) vb_buf_printf(b, " %s", vb_style_get(n->style)->name);
  if (n->label) vb_buf_printf(b, " (%s)", n->label);
  if (n->kind == VB_NODE_PARA && n->label && n->u.para.keep_next) vb_buf_str(b, " keep-next");
  if (n->id) vb_buf_printf(b, " #%s", n->id);
  if (n->kind == VB_NODE_SEQUENCE && n->u.sequence.title) vb_buf_printf(b, " \"%s\"%s%s", n->u.sequence.title, n->u.sequence.landscape ? " landscape" : "", n->u.sequence.separate ? " separate" : "");
  if (n->kind == VB_NODE_TABLE) vb_buf_printf(b, " \"%s\"%s", n->u.table.title, n->u.table.stream ? " stream" : "");
  if (n->kind == VB_NODE_ROW) vb_buf_printf(b, " %s", rows[n->u.row.kind]);
  if (n->kind == VB_NODE_ROW && n->u.row.level) vb_buf_printf(b, " level=%d", n->u.row.level);
  if (n->kind == VB_NODE_SLOT) vb_buf_printf(b, " %s", n->u.slot.name);
  if (n->kind == VB_NODE_RULE) vb_buf_printf(b, " %d", n->u.rule.permille);
  if (n->kind == VB_NODE_COLUMN) vb_buf_printf(b, " %d", n->u.column.width);
  if (n->kind == VB_NODE_CELL) show_cell(b, n);
  if (n->kind == VB_NODE_CHART) {
    vb_buf_printf(b, " \"%s\"", n->u.chart.title);
    for (uint32_t i = 0; i < n->u.chart.n_categories; i++) {
      vb_buf_printf(b, " %s", n->u.chart.categories[i]);
      for (uint32_t k = 0; k < n->u.chart.n_series; k++) show_value(b, &n->u.chart.series[k].values[i]);
    }
  }
}

const char *lab_dump(lab *l)
{
  vb_buf b;
  vb_walk w;
  int depth = 0;
  vb_buf_init(&b);
  vb_walk_init(&w, l->doc->root->first ? l->doc->root : NULL);
  while (vb_walk_next(&w)) {
    const vb_node *n = w.node;
    if (w.leaving) {
      depth--;
      continue;
    }
    if (n->kind >= VB_NODE_TEXT) {
      if (n->parent->first == n) vb_buf_str(&b, " \xC2\xAB");
      show_inline(&b, n);
      if (!n->next) vb_buf_str(&b, "\xC2\xBB");
    } else {
      if (b.n) vb_buf_char(&b, '\n');
      for (int i = 0; i < depth; i++) vb_buf_char(&b, ' ');
      show_node(&b, n);
    }
    depth++;
  }
  vb_buf_char(&b, '\n');
  const char *s = vb_arena_str(l->a, b.p, b.n);
  vb_buf_free(&b);
  assert_non_null(s);
  return s;
}

const char *lab_findings(lab *l)
{
  vb_buf b;
  vb_buf_init(&b);
  for (const vb_finding *f = vb_diag_first(l->d); f; f = f->next) {
    vb_finding_line(f, VB_EN, &b);
    vb_buf_char(&b, '\n');
  }
  const char *s = vb_arena_str(l->a, b.p ? b.p : "", b.n);
  vb_buf_free(&b);
  assert_non_null(s);
  return s;
}

void lab_same(lab *l, const char *got, const char *file)
{
  vb_buf want;
  vb_buf_init(&want);
  const char *path = vb_arena_printf(l->a, HERE "/%s", file);
  vb_status st = vb_file_read(l->d, path, 1 << 20, true, &want);
  bool same = st == VB_OK && want.n == strlen(got) && memcmp(want.p, got, want.n) == 0;
  if (!same) print_error("---- %s: wanted\n%.*s---- got\n%s----\n", file, (int)want.n, want.p ? want.p : "", got);
  vb_buf_free(&want);
  assert_true(same);
}
