/* Text of cells and lines: gathered from the tree as runs, and measured with the metrics of the PDF. Part of the workbook writer. */
#include "write/xlsx_int.h"

#include <string.h>

/* Excel and LibreOffice set text on whole pixels: words grow against the metrics, bold capitals by a twenty-fifth. */
#define WIDER_NUM 95
#define WIDER_DEN 100
/* Line spacing of Times in sheets, thousandths of the size: 12 pt gives 15.75, 13 pt 17.25, 14 pt 18.75 after rounding to pixels. */
#define LEADING 1312
#define ROW_PAD VB_PT(3)

typedef struct gather {
  vb_book *b;
  vb_cell_text *t;
  bool bold, italic, upper;  /* of the cell or line as a whole */
  bool para_bold, para_italic, para_upper;
  uint32_t blocks, labels, figures, others;
} gather;

static vb_status add(gather *g, vb_span text, bool upper, vb_text_run face)
{
  vb_cell_text *t = g->t;
  vb_text_run *last = t->n_runs ? &t->runs[t->n_runs - 1] : NULL;
  if (text.n == 0)
    return VB_OK;
  if (upper) {
    text = vb_text_upper(g->b->scratch, text);
    if (!text.p)
      return VB_NOMEM;
  }
  if (last && last->bold == face.bold && last->italic == face.italic && last->underline == face.underline) {
    char *joined = vb_arena_alloc(g->b->scratch, last->text.n + text.n);
    if (!joined)
      return VB_NOMEM;
    memcpy(joined, last->text.p, last->text.n);
    memcpy(joined + last->text.n, text.p, text.n);
    last->text = (vb_span){joined, last->text.n + text.n};
    return VB_OK;
  }
  if (t->n_runs == 0 && t->cap_runs == 0) { /* most cells have one */
    t->runs = &t->first;
    t->cap_runs = 1;
  }
  if (t->n_runs == t->cap_runs) {
    uint32_t cap = t->cap_runs * 4;
    vb_text_run *grown = VB_NEW_ARRAY(g->b->scratch, vb_text_run, cap);
    if (!grown)
      return VB_NOMEM;
    if (t->n_runs)
      memcpy(grown, t->runs, sizeof *grown * t->n_runs);
    t->runs = grown;
    t->cap_runs = cap;
  }
  face.text = text;
  t->runs[t->n_runs++] = face;
  t->bold |= face.bold;
  t->italic |= face.italic;
  return VB_OK;
}

static vb_text_run base_face(const gather *g)
{
  return (vb_text_run){.bold = g->bold || g->para_bold, .italic = g->italic || g->para_italic};
}

static vb_status words(gather *g, const char *s)
{
  return add(g, vb_span_of(s), g->upper || g->para_upper, base_face(g));
}

/* An inline with its flags over the style. */
static vb_status inline_add(gather *g, const vb_node *n)
{
  vb_text_run face = base_face(g);
  uint8_t f = n->u.text.flags;
  face.bold = (face.bold || (f & VB_INLINE_BOLD)) && !(f & VB_INLINE_LIGHT);
  face.italic = (face.italic || (f & VB_INLINE_ITALIC)) && !(f & VB_INLINE_UPRIGHT);
  face.underline = (f & VB_INLINE_UNDERLINE) != 0;
  return add(g, n->u.text.text, g->upper || g->para_upper, face);
}

static vb_status block(gather *g, const vb_node *n)
{
  vb_status s = VB_OK;
  bool inside_item = n->kind == VB_NODE_PARA && n->parent && n->parent->kind == VB_NODE_ITEM && n->parent->first == n;
  if (n->kind == VB_NODE_PARA) {
    const vb_style *st = vb_style_get(n->style);
    g->para_bold = st->bold;
    g->para_italic = st->italic;
    g->para_upper = st->upper;
  }
  if (g->blocks++ && !inside_item)
    s = words(g, "\n");
  if (s == VB_OK && n->label) {
    g->labels++;
    s = words(g, n->label);
    if (s == VB_OK)
      s = words(g, " ");
  }
  return s;
}

static vb_status gather_tree(gather *g, const vb_node *root)
{
  vb_walk w;
  vb_status s = VB_OK;
  vb_walk_init(&w, root);
  while (s == VB_OK && vb_walk_next(&w)) {
    const vb_node *n = w.node;
    if (w.leaving)
      continue;
    switch (n->kind) {
    case VB_NODE_PARA:
    case VB_NODE_ITEM: s = block(g, n); break;
    case VB_NODE_TEXT: g->others++; s = inline_add(g, n); break;
    case VB_NODE_FIGURE:
      g->figures++;
      g->t->value = &n->u.text.value;
      s = inline_add(g, n);
      break;
    case VB_NODE_BREAK: g->others++; s = words(g, "\n"); break;
    case VB_NODE_SLOT_INLINE: g->others++; s = words(g, "…………"); break; /* a gap to be filled by hand or stamp */
    default: break;
    }
  }
  if (g->figures != 1 || g->others || g->labels)
    g->t->value = NULL;
  return s;
}

static vb_status join(vb_book *b, vb_cell_text *t)
{
  size_t n = 0;
  for (uint32_t i = 0; i < t->n_runs; i++)
    n += t->runs[i].text.n;
  if (t->n_runs == 1) {
    t->whole = t->runs[0].text;
    return VB_OK;
  }
  char *p = vb_arena_alloc(b->scratch, n + 1);
  if (!p)
    return VB_NOMEM;
  t->whole = (vb_span){p, n};
  for (uint32_t i = 0; i < t->n_runs; i++) {
    memcpy(p, t->runs[i].text.p, t->runs[i].text.n);
    p += t->runs[i].text.n;
  }
  return VB_OK;
}

vb_status vb_cell_make(vb_book *b, const vb_node *table, const vb_node *cell, int column, vb_cell_made *made)
{
  vb_cell_look k = vb_cell_look_of(b->doc, table, cell, column);
  vb_cell_text *out = &made->text;
  gather g = {.b = b, .t = out, .bold = k.bold, .italic = k.italic, .upper = k.style->upper};
  vb_status s;
  *made = (vb_cell_made){.cell = cell, .column = column, .look = k};
  if (cell->first) {
    s = gather_tree(&g, cell);
  } else {
    s = add(&g, vb_cell_text_of(table, cell, column), g.upper, base_face(&g));
    if (cell->u.cell.value.type != VB_VALUE_NONE)
      out->value = &cell->u.cell.value;
  }
  out->bold |= k.bold;
  out->italic |= k.italic;
  return s == VB_OK ? join(b, out) : s;
}

vb_status vb_line_text_make(vb_book *b, const vb_sheet_line *line, vb_cell_text *out)
{
  const vb_style *st = vb_style_get(line->style);
  gather g = {.b = b, .t = out, .bold = st->bold, .italic = st->italic, .upper = st->upper};
  vb_status s = VB_OK;
  *out = (vb_cell_text){.n_runs = 0};
  if (line->label && !line->node->label) {
    s = words(&g, line->label);
    if (s == VB_OK)
      s = words(&g, " ");
  }
  if (s == VB_OK)
    s = gather_tree(&g, line->node);
  out->value = NULL; /* a title is text */
  return s == VB_OK ? join(b, out) : s;
}

/* ---- measures ----------------------------------------------------------------------------------------------- */

static vb_face_id face_of(const vb_cell_text *t)
{
  return t->bold ? (t->italic ? VB_BOLD_ITALIC : VB_BOLD) : t->italic ? VB_ITALIC : VB_REGULAR;
}

/* The next line of text up to a line feed; false at the end. */
static bool next_line(vb_span *rest, vb_span *line, bool *more)
{
  if (!*more)
    return false;
  const char *nl = rest->n ? memchr(rest->p, '\n', rest->n) : NULL;
  *line = nl ? (vb_span){rest->p, (size_t)(nl - rest->p)} : *rest;
  *more = nl != NULL;
  if (nl)
    *rest = (vb_span){nl + 1, rest->n - line->n - 1};
  return true;
}

int vb_text_lines(const vb_book *b, const vb_cell_text *t, int size, int pixels)
{
  vb_face_id id = face_of(t);
  const vb_face *face = vb_fontset_face(b->o->fonts, id);
  vb_len width = (vb_len)(pixels > VB_XLSX_PAD + 8 ? pixels - VB_XLSX_PAD : 8) * VB_XLSX_PIXEL / WIDER_DEN * WIDER_NUM;
  vb_span rest = t->whole, line;
  bool more = true;
  int lines = 0;
  while (next_line(&rest, &line, &more)) {
    int n = 1;
    if (line.n && vb_face_text_width(face, line, VB_PT(size) / 2) > width) {
      n = vb_layout_count_lines(b->o->fonts, id, size, width, line);
      n = n < 2 ? 2 : n;
    }
    lines += n;
  }
  return lines;
}

vb_len vb_text_height(int size, int lines)
{
  int64_t line = ((int64_t)size * 500 * LEADING / 1000 + VB_XLSX_PIXEL - 1) / VB_XLSX_PIXEL * VB_XLSX_PIXEL;
  int64_t all = line * lines + ROW_PAD;
  return all > VB_PT(100000) ? VB_PT(100000) : (vb_len)all;
}

int vb_text_pixels(const vb_book *b, const vb_cell_text *t, int size)
{
  const vb_face *face = vb_fontset_face(b->o->fonts, face_of(t));
  vb_span rest = t->whole, line;
  bool more = true;
  int64_t widest = 0;
  while (next_line(&rest, &line, &more)) {
    int64_t w = vb_face_text_width(face, line, VB_PT(size) / 2);
    widest = w > widest ? w : widest;
  }
  return (int)(widest * WIDER_DEN / WIDER_NUM / VB_XLSX_PIXEL) + 1 + VB_XLSX_PAD;
}
