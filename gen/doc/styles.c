/* The table of paragraph styles, made from styles.def. Part of room doc. */
#include "doc/doc.h"

static const vb_style table[VB_STYLES] = {
#define VB_STYLE(id, name, rule, heading, a, b, bold, italic, upper, align, first, left, right, before, after, leading, next, lines) \
  [VB_STYLE_##id] = {name, rule, heading, a, b, bold, italic, upper, align, first, left, right, before, after, leading, next, lines},
#include "doc/styles.def"
#undef VB_STYLE
};

const vb_style *vb_style_get(vb_style_id id)
{
  return (unsigned)id < VB_STYLES ? &table[id] : &table[VB_STYLE_BODY];
}

bool vb_style_by_name(vb_span name, vb_style_id *out)
{
  for (unsigned i = 0; i < VB_STYLES; i++)
    if (vb_span_is(name, table[i].name)) {
      *out = (vb_style_id)i;
      return true;
    }
  return false;
}

int vb_style_size(const vb_setup *s, const vb_style *st)
{
  int size = s->size_set == 'A' ? st->size_a : st->size_b;
  return size ? size : s->body_size;
}

vb_cell_look vb_cell_look_of(const vb_doc *doc, const vb_node *t, const vb_node *cell, int column)
{
  bool head = cell->parent->u.row.kind == VB_ROW_HEAD;
  const vb_table_column *col = &t->u.table.columns[column];
  bool plain = cell->style == VB_STYLE_TABLE_CELL || cell->style == VB_STYLE_BODY;
  vb_cell_look k = {.style = vb_style_get(!plain ? cell->style : head ? VB_STYLE_TABLE_HEAD : VB_STYLE_TABLE_CELL)};
  k.size = t->u.table.size ? t->u.table.size : vb_style_size(&doc->setup, k.style);
  k.bold = head || k.style->bold || cell->u.cell.bold;
  k.italic = k.style->italic || cell->u.cell.italic;
  k.align = cell->u.cell.align;
  if (k.align == VB_ALIGN_STYLE && head)
    k.align = VB_ALIGN_CENTER;
  if (k.align == VB_ALIGN_STYLE && cell->u.cell.colspan == 1)
    k.align = col->align;
  if (k.align == VB_ALIGN_STYLE)
    k.align = k.style->align;
  k.valign = cell->u.cell.valign_set ? cell->u.cell.valign : head || cell->u.cell.header ? VB_VALIGN_MIDDLE : col->valign;
  return k;
}

vb_span vb_cell_text_of(const vb_node *t, const vb_node *cell, int column)
{
  vb_row_kind kind = cell->parent->u.row.kind;
  bool data = kind == VB_ROW_DATA || kind == VB_ROW_SUBTOTAL || kind == VB_ROW_TOTAL;
  bool blank = !cell->first && cell->u.cell.text.n == 0 && cell->u.cell.colspan == 1;
  return blank && data && t->u.table.columns[column].dash_empty ? VB_LIT("-") : cell->u.cell.text;
}
