/* The tree as text: one node a line, indented by depth, attributes that differ from the usual, texts quoted. Part of room write.
 *
 * Invariants
 *  1. The same tree gives the same bytes; places (file and line) are left out, so that editing a template's comments changes nothing.
 *  2. A string stands between quotes with \" \\ \n \t escaped, and the no-break space as \_, so that it can be seen.
 */
#include "write/write_int.h"

#include <string.h>

typedef struct dump {
  const vb_doc *doc;
  vb_buf *out;
  int depth;
} dump;

static const char *const aligns[] = {"style", "left", "center", "right", "justify", "decimal"};
static const char *const row_kinds[] = {"head", "group", "data", "subtotal", "total", "note"};
static const char *const slot_kinds[] = {"number", "date", "signature", "seal", "mark"};
static const char *const columns_roles[] = {"plain", "letterhead", "signoff"};
static const char *const formula_kinds[] = {"none", "sum", "ratio", "diff"};
static const char *const value_types[] = {"none", "number", "percent", "money", "date", "text"};
static const char *const states[] = {"draft", "issued", "to-stamp"};

static void quote(vb_buf *b, vb_span s)
{
  vb_buf_char(b, '"');
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    if (c == '"' || c == '\\') {
      vb_buf_char(b, '\\');
      vb_buf_char(b, c);
    } else if (c == '\n') {
      vb_buf_str(b, "\\n");
    } else if (c == '\t') {
      vb_buf_str(b, "\\t");
    } else if (c == '\xc2' && i + 1 < s.n && s.p[i + 1] == '\xa0') {
      vb_buf_str(b, "\\_");
      i++;
    } else {
      vb_buf_char(b, c);
    }
  }
  vb_buf_char(b, '"');
}

static void line(dump *t, const char *word)
{
  for (int i = 0; i < t->depth; i++)
    vb_buf_str(t->out, "  ");
  vb_buf_str(t->out, word);
}

static void attr(dump *t, const char *name, const char *text)
{
  if (text) {
    vb_buf_printf(t->out, " %s=", name);
    quote(t->out, vb_span_of(text));
  }
}

static void number(dump *t, const char *name, int v)
{
  if (v)
    vb_buf_printf(t->out, " %s=%d", name, v);
}

static void flag(dump *t, const char *name, bool on)
{
  if (on)
    vb_buf_printf(t->out, " %s", name);
}

static void align(dump *t, vb_align a)
{
  if (a != VB_ALIGN_STYLE)
    vb_buf_printf(t->out, " align=%s", aligns[a]);
}

/* A length in points, as many decimals as it has. */
static void length(dump *t, const char *name, vb_len v)
{
  char text[32];
  (void)vb_dec_print((vb_dec){v, 3}, text, sizeof text);
  vb_buf_printf(t->out, " %s=%spt", name, text);
}

static void value(dump *t, const vb_value *v)
{
  char text[32];
  if (v->type == VB_VALUE_NONE && !v->trace)
    return;
  vb_buf_printf(t->out, " %s", value_types[v->type]);
  if (v->type == VB_VALUE_DATE) {
    (void)vb_date_print_iso(v->date, text);
    vb_buf_printf(t->out, "=%s", text);
  } else if (v->type != VB_VALUE_TEXT && v->type != VB_VALUE_NONE) {
    (void)vb_dec_print(v->num, text, sizeof text);
    vb_buf_printf(t->out, "=%s", text);
  }
  number(t, "digits", v->min_digits);
  number(t, "trace", (int)v->trace);
}

/* ---- head of the dump --------------------------------------------------------------------------------------- */

static void named(dump *t, const char *name, const char *text)
{
  if (text) {
    line(t, name);
    vb_buf_char(t->out, ' ');
    quote(t->out, vb_span_of(text));
    vb_buf_char(t->out, '\n');
  }
}

static void parties(dump *t, const char *name, const vb_party *p, uint32_t n)
{
  for (uint32_t i = 0; i < n; i++) {
    line(t, name);
    attr(t, "name", p[i].name);
    attr(t, "ident", p[i].ident);
    vb_buf_char(t->out, '\n');
  }
}

static void meta(dump *t)
{
  const vb_meta *m = &t->doc->meta;
  const struct { const char *name, *text; } strings[] = {
    {"id", m->id}, {"template", m->template_id}, {"kind", m->kind}, {"kind-name", m->kind_name}, {"number", m->number},
    {"symbol", m->symbol}, {"place", m->place}, {"subject", m->subject}, {"title", m->title}, {"unit", m->unit},
    {"unit-name", m->unit_name}, {"organ", m->organ}, {"superior", m->superior}, {"authority", m->authority},
    {"position", m->position}, {"signer", m->signer}, {"period", m->period}, {"drafter", m->drafter}, {"keywords", m->keywords},
  };
  char date[11];
  line(t, "meta\n");
  t->depth++;
  for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
    named(t, strings[i].name, strings[i].text);
  if (m->date.year) {
    (void)vb_date_print_iso(m->date, date);
    named(t, "date", date);
  }
  if (m->issuer.name || m->issuer.ident)
    parties(t, "issuer", &m->issuer, 1);
  parties(t, "addressee", m->addressees, m->n_addressees);
  parties(t, "recipient", m->recipients, m->n_recipients);
  line(t, "state ");
  vb_buf_printf(t->out, "%s %s", states[m->state], m->mode == VB_MODE_PAPER ? "paper" : "electronic");
  number(t, "priority", m->priority);
  vb_buf_char(t->out, '\n');
  t->depth--;
}

static void setup(dump *t)
{
  const vb_setup *s = &t->doc->setup;
  line(t, "setup");
  length(t, "top", s->top);
  length(t, "bottom", s->bottom);
  length(t, "left", s->left);
  length(t, "right", s->right);
  vb_buf_printf(t->out, " set=%c size=%d", s->size_set, s->body_size);
  length(t, "indent", s->indent);
  length(t, "gap", s->para_gap);
  vb_buf_printf(t->out, " leading=%d\n", s->leading);
}

static void data(dump *t)
{
  if (!t->doc->n_data)
    return;
  line(t, "data\n");
  t->depth++;
  for (uint32_t i = 0; i < t->doc->n_data; i++) {
    const vb_datum *x = &t->doc->data[i];
    line(t, x->code ? x->code : "?");
    attr(t, "label", x->label);
    attr(t, "measure", x->measure);
    attr(t, "period", x->period);
    attr(t, "unit", x->unit);
    value(t, &x->value);
    attr(t, "text", x->text);
    attr(t, "note", x->note);
    vb_buf_char(t->out, '\n');
  }
  t->depth--;
}

/* ---- nodes -------------------------------------------------------------------------------------------------- */

static void inline_flags(dump *t, uint8_t f)
{
  flag(t, "bold", f & VB_INLINE_BOLD);
  flag(t, "italic", f & VB_INLINE_ITALIC);
  flag(t, "upright", f & VB_INLINE_UPRIGHT);
  flag(t, "light", f & VB_INLINE_LIGHT);
  flag(t, "underline", f & VB_INLINE_UNDERLINE);
}

static void table(dump *t, const vb_node *n)
{
  vb_buf_str(t->out, " columns=[");
  for (int i = 0; i < n->u.table.n_columns; i++) {
    const vb_table_column *c = &n->u.table.columns[i];
    vb_buf_printf(t->out, "%s%d", i ? ", " : "", c->width);
    if (c->align != VB_ALIGN_STYLE)
      vb_buf_printf(t->out, " %s", aligns[c->align]);
    flag(t, "middle", c->valign == VB_VALIGN_MIDDLE);
    flag(t, "dash", c->dash_empty);
    flag(t, "carry", c->carry);
    if (c->id)
      vb_buf_printf(t->out, " %s", c->id);
  }
  vb_buf_char(t->out, ']');
  attr(t, "title", n->u.table.title);
  number(t, "size", n->u.table.size);
  flag(t, "open", !n->u.table.grid);
  flag(t, "sheet", n->u.table.sheet);
  flag(t, "stream", n->u.table.stream != NULL);
}

static void formula(dump *t, const vb_formula *f)
{
  if (f->kind == VB_FORMULA_NONE)
    return;
  vb_buf_printf(t->out, " %s(", formula_kinds[f->kind]);
  for (uint32_t i = 0; i < f->n_refs; i++)
    vb_buf_printf(t->out, "%s%s", i ? ", " : "", f->refs[i]);
  vb_buf_char(t->out, ')');
  if (f->kind == VB_FORMULA_RATIO)
    vb_buf_printf(t->out, "*%d:%d", f->scale, f->places);
}

static void cell(dump *t, const vb_node *n)
{
  if (n->u.cell.colspan != 1 || n->u.cell.rowspan != 1)
    vb_buf_printf(t->out, " %dx%d", n->u.cell.colspan, n->u.cell.rowspan);
  align(t, n->u.cell.align);
  if (n->u.cell.valign_set)
    vb_buf_str(t->out, n->u.cell.valign == VB_VALIGN_MIDDLE ? " middle" : " top");
  flag(t, "bold", n->u.cell.bold);
  flag(t, "italic", n->u.cell.italic);
  flag(t, "header", n->u.cell.header);
  flag(t, "repeat-label", n->u.cell.repeat_label);
  attr(t, "key", n->u.cell.key);
  value(t, &n->u.cell.value);
  formula(t, &n->u.cell.formula);
  if (n->u.cell.text.n) {
    vb_buf_char(t->out, ' ');
    quote(t->out, n->u.cell.text);
  }
}

static void chart(dump *t, const vb_node *n)
{
  vb_buf_str(t->out, n->u.chart.kind == VB_CHART_BAR ? " bar" : " line");
  attr(t, "title", n->u.chart.title);
  attr(t, "alt", n->u.chart.alt);
  attr(t, "axis", n->u.chart.axis);
  length(t, "height", n->u.chart.height);
  t->depth++;
  for (uint32_t i = 0; i < n->u.chart.n_series; i++) {
    vb_buf_char(t->out, '\n');
    line(t, "series");
    attr(t, "name", n->u.chart.series[i].name);
    for (uint32_t k = 0; k < n->u.chart.n_categories; k++) {
      attr(t, "at", n->u.chart.categories[k]);
      value(t, &n->u.chart.series[i].values[k]);
    }
  }
  t->depth--;
}

static void sequence(dump *t, const vb_node *n)
{
  vb_buf_str(t->out, n->u.sequence.role == VB_SEQ_BODY ? " body" : " appendix");
  number(t, "number", n->u.sequence.number);
  flag(t, "landscape", n->u.sequence.landscape);
  flag(t, "separate", n->u.sequence.separate);
  attr(t, "title", n->u.sequence.title);
}

static void slot(dump *t, const vb_node *n)
{
  vb_buf_printf(t->out, " %s", slot_kinds[n->u.slot.kind]);
  attr(t, "name", n->u.slot.name);
  length(t, "width", n->u.slot.width);
  if (n->kind == VB_NODE_SLOT)
    length(t, "height", n->u.slot.height);
  flag(t, "over", n->u.slot.over);
}

static void group(dump *t, const vb_node *n)
{
  flag(t, "foot", n->u.group.foot);
  if (!n->u.group.box)
    return;
  vb_buf_printf(t->out, " box color=%06x", (unsigned)n->u.group.color);
  length(t, "width", n->u.group.box_width);
  length(t, "height", n->u.group.box_height);
}

static void para(dump *t, const vb_node *n)
{
  align(t, n->u.para.align);
  number(t, "size", n->u.para.size);
  flag(t, "keep-next", n->u.para.keep_next);
  if (n->u.para.before >= 0)
    length(t, "before", n->u.para.before);
}

static void text(dump *t, const vb_node *n)
{
  inline_flags(t, n->u.text.flags);
  value(t, &n->u.text.value);
  vb_buf_char(t->out, ' ');
  quote(t->out, n->u.text.text);
}

static void attributes(dump *t, const vb_node *n)
{
  switch (n->kind) {
  case VB_NODE_SEQUENCE: sequence(t, n); break;
  case VB_NODE_COLUMNS: vb_buf_printf(t->out, " %s", columns_roles[n->u.columns.role]); break;
  case VB_NODE_COLUMN: number(t, "width", n->u.column.width); align(t, n->u.column.align); break;
  case VB_NODE_GROUP: group(t, n); break;
  case VB_NODE_PARA: para(t, n); break;
  case VB_NODE_RULE:
    vb_buf_printf(t->out, " %s=%d", n->u.rule.kind == VB_RULE_OF_LINE ? "of-line" : "of-width", n->u.rule.permille);
    length(t, "gap", n->u.rule.gap);
    break;
  case VB_NODE_SLOT:
  case VB_NODE_SLOT_INLINE: slot(t, n); break;
  case VB_NODE_TABLE: table(t, n); break;
  case VB_NODE_ROW:
    vb_buf_printf(t->out, " %s", row_kinds[n->u.row.kind]);
    number(t, "level", n->u.row.level);
    attr(t, "key", n->u.row.key);
    break;
  case VB_NODE_CELL: cell(t, n); break;
  case VB_NODE_CHART: chart(t, n); break;
  case VB_NODE_TEXT:
  case VB_NODE_FIGURE: text(t, n); break;
  default: break;
  }
}

static void node(dump *t, const vb_node *n)
{
  line(t, vb_node_name(n->kind));
  if (n->kind == VB_NODE_PARA || (n->kind == VB_NODE_ITEM && n->style != VB_STYLE_ITEM) ||
      (n->kind == VB_NODE_CELL && n->style != VB_STYLE_TABLE_CELL))
    vb_buf_printf(t->out, " %s", vb_style_get(n->style)->name);
  attr(t, "label", n->label);
  attr(t, "id", n->id);
  attributes(t, n);
  vb_buf_char(t->out, '\n');
}

static void subtree(dump *t, const vb_node *root);

/* Streamed rows, one level below their table. The arena is emptied at each row. */
static vb_status streamed(dump *t, const vb_node *n)
{
  vb_arena *scratch = vb_arena_new(0);
  vb_rows rows;
  vb_node *r = NULL;
  vb_status s = scratch ? vb_rows_start(&rows, n, scratch) : VB_NOMEM;
  while (s == VB_OK && (s = vb_rows_next(&rows, &r)) == VB_OK)
    if (rows.streaming)
      subtree(t, r); /* a row holds no table: one level of calls */
  vb_arena_free(scratch);
  return s == VB_DONE ? VB_OK : s;
}

static void subtree(dump *t, const vb_node *root)
{
  vb_walk w;
  int depth = t->depth;
  vb_walk_init(&w, root);
  while (vb_walk_next(&w)) {
    if (!w.leaving)
      node(t, w.node);
    t->depth += w.leaving ? -1 : 1;
  }
  t->depth = depth;
}

vb_status vb_write_tree(vb_diag *d, const vb_doc *doc, const vb_write_options *o, vb_arena *a, vb_buf *out, vb_written *told)
{
  dump t = {doc, out, 0};
  vb_walk w;
  vb_status s = VB_OK;
  (void)d;
  (void)a;
  (void)told;
  vb_buf_str(out, "vanban tree 1\n");
  meta(&t);
  setup(&t);
  data(&t);
  vb_buf_printf(out, "traces %u\n", (unsigned)doc->n_traces);
  vb_walk_init(&w, o && o->only ? o->only : doc->root);
  while (s == VB_OK && vb_walk_next(&w)) {
    if (!w.leaving)
      node(&t, w.node);
    t.depth += w.leaving ? -1 : 1;
    if (w.leaving && w.node->kind == VB_NODE_TABLE && w.node->u.table.stream) {
      t.depth++;
      s = streamed(&t, w.node);
      t.depth--;
    }
  }
  return s == VB_OK && out->failed ? VB_NOMEM : s;
}
