/* What stands around a table in its sheet: label and title of the appendix, captions, notes; and the sheet's name. Part of the
 * workbook writer.
 *
 * A table stands directly in its sequence. In an appendix all paragraphs up to the table belong to its sheet, and behind the last
 * table all that follow; a further table of the same appendix repeats the appendix's label and title. In the body the caption
 * lines directly above belong to the sheet, or else the nearest heading. Notes directly below always do. */
#include "write/xlsx_int.h"

#include <string.h>

typedef struct lines { vb_sheet_line *v; uint32_t n, cap; } lines;

static bool has_sheet(const vb_node *n)
{
  return n->kind == VB_NODE_CHART || (n->kind == VB_NODE_TABLE && n->u.table.sheet);
}

static vb_status push(vb_book *b, lines *l, const vb_node *para, const char *label)
{
  if (l->n == l->cap) {
    uint32_t cap = l->cap ? l->cap * 2 : 8;
    vb_sheet_line *grown = VB_NEW_ARRAY(b->plan, vb_sheet_line, cap);
    if (!grown)
      return VB_NOMEM;
    if (l->n)
      memcpy(grown, l->v, sizeof *grown * l->n);
    l->v = grown;
    l->cap = cap;
  }
  l->v[l->n++] = (vb_sheet_line){.node = para, .label = label, .style = para->style};
  return VB_OK;
}

/* All paragraphs of the blocks [from, to), but those of letterheads, sign-offs and tables. */
static vb_status paragraphs(vb_book *b, lines *l, const vb_node *from, const vb_node *to)
{
  vb_status st = VB_OK;
  for (const vb_node *block = from; st == VB_OK && block && block != to; block = block->next) {
    vb_walk w;
    vb_walk_init(&w, block);
    while (st == VB_OK && vb_walk_next(&w)) {
      const vb_node *n = w.node;
      if (w.leaving)
        continue;
      if (n->kind == VB_NODE_COLUMNS || n->kind == VB_NODE_TABLE) {
        vb_walk_skip(&w);
      } else if (n->kind == VB_NODE_PARA && n->first) {
        bool first = n->parent->kind == VB_NODE_ITEM && n->parent->first == n;
        st = push(b, l, n, first ? n->parent->label : n->label);
      }
    }
  }
  return st;
}

static const vb_node *notes_end(const vb_node *table)
{
  const vb_node *n = table->next;
  while (n && n->kind == VB_NODE_PARA && n->style == VB_STYLE_NOTE)
    n = n->next;
  return n;
}

static bool further_sheet(const vb_node *n)
{
  for (; n; n = n->next)
    if (has_sheet(n))
      return true;
  return false;
}

static vb_status around_appendix(vb_book *b, const vb_sheet *s, lines *above, lines *below)
{
  const vb_node *from = s->sequence->first;
  vb_status st = VB_OK;
  for (const vb_node *n = from; n && n != s->node; n = n->next)
    if (has_sheet(n))
      from = notes_end(n);
  if (from != s->sequence->first)
    for (const vb_node *n = s->sequence->first; st == VB_OK && n && n != from; n = n->next)
      if (n->kind == VB_NODE_PARA && n->first && (n->style == VB_STYLE_APPENDIX_LABEL || n->style == VB_STYLE_APPENDIX_TITLE))
        st = push(b, above, n, n->label);
  if (st == VB_OK)
    st = paragraphs(b, above, from, s->node);
  if (st == VB_OK)
    st = paragraphs(b, below, s->node->next, further_sheet(s->node->next) ? notes_end(s->node) : NULL);
  return st;
}

static bool caption(const vb_node *n)
{
  return n->kind == VB_NODE_PARA && (n->style == VB_STYLE_TABLE_CAPTION || n->style == VB_STYLE_TABLE_UNIT);
}

static vb_status around_body(vb_book *b, const vb_sheet *s, lines *above, lines *below)
{
  const vb_node *from = s->node, *heading = NULL;
  bool captioned = false;
  vb_status st = VB_OK;
  vb_walk w;
  vb_walk_init(&w, s->sequence);
  while (vb_walk_next(&w) && w.node != s->node)
    if (!w.leaving && w.node->kind == VB_NODE_PARA && w.node->first && vb_style_get(w.node->style)->heading)
      heading = w.node;
  for (const vb_node *n = s->sequence->first; n && n != s->node; n = n->next) {
    if (!caption(n)) {
      from = s->node;
      captioned = false;
    } else {
      from = from == s->node ? n : from;
      captioned |= n->style == VB_STYLE_TABLE_CAPTION;
    }
  }
  if (!captioned && heading)
    st = push(b, above, heading, heading->label);
  if (st == VB_OK)
    st = paragraphs(b, above, from, s->node);
  return st == VB_OK ? paragraphs(b, below, s->node->next, notes_end(s->node)) : st;
}

vb_status vb_sheet_lines(vb_book *b, vb_sheet *s)
{
  lines above = {0}, below = {0};
  vb_status st = VB_OK;
  if (s->kind == VB_SHEET_TABLE)
    st = s->sequence->u.sequence.role == VB_SEQ_APPENDIX ? around_appendix(b, s, &above, &below) : around_body(b, s, &above, &below);
  s->above = above.v;
  s->n_above = above.n;
  s->below = below.v;
  s->n_below = below.n;
  return st;
}

/* ---- names -------------------------------------------------------------------------------------------------- */

/* Excel's rules: no []:*?/\, no apostrophe at an end, at most 31 characters. Cut names end in "…". */
static vb_status safe_name(vb_span wish, size_t limit, vb_buf *out)
{
  size_t length = vb_utf8_length(wish), chars = 0;
  for (size_t i = 0; i < wish.n && chars < limit; i++) {
    char c = wish.p[i];
    bool lead = ((unsigned char)c & 0xc0) != 0x80;
    if (lead && length > limit && chars + 1 == limit)
      break;
    chars += lead;
    if (c == '/' || c == ':' || c == '\\' || c == '\n' || c == '\t')
      c = c == '/' || c == '\\' ? '-' : ' ';
    if (strchr("[]*?'", c))
      c = ' ';
    if (c != ' ' || (out->n && out->p[out->n - 1] != ' '))
      vb_buf_char(out, c);
  }
  while (out->n && !out->failed && out->p[out->n - 1] == ' ')
    out->n--;
  if (length > limit)
    vb_buf_str(out, "…");
  return out->failed ? VB_NOMEM : VB_OK;
}

/* Taken or reserved names count whatever their case, as Excel counts them: VB_DONE. */
static vb_status take(vb_book *b, const vb_buf *name, const char **out)
{
  vb_span lower = name->failed ? (vb_span){NULL, 0} : vb_text_lower(b->plan, (vb_span){name->p, name->n});
  if (!lower.p)
    return VB_NOMEM;
  if (vb_span_is(lower, "history") || vb_map_get(b->names, lower))
    return VB_DONE;
  *out = vb_arena_str(b->plan, name->p, name->n);
  return *out && vb_map_put(b->names, lower, b) ? VB_OK : VB_NOMEM;
}

const char *vb_book_name_free(vb_book *b, vb_span wish)
{
  const char *name = NULL;
  vb_buf out;
  vb_buf_init(&out);
  vb_status st = VB_DONE;
  for (int k = 1; st == VB_DONE && k < 100000; k++) {
    char tail[16] = "";
    vb_buf_clear(&out);
    if (k > 1)
      (void)vb_num_text(tail, sizeof tail, k);
    (void)safe_name(wish, VB_XLSX_NAME_MAX - (k > 1 ? strlen(tail) + 3 : 0), &out);
    if (out.n == 0)
      vb_buf_str(&out, "Bảng");
    if (k > 1) {
      vb_buf_str(&out, " (");
      vb_buf_str(&out, tail);
      vb_buf_char(&out, ')');
    }
    st = take(b, &out, &name);
  }
  vb_buf_free(&out);
  return st == VB_OK ? name : NULL;
}

static uint32_t sheets_of(const vb_node *sequence)
{
  uint32_t n = 0;
  for (const vb_node *c = sequence->first; c; c = c->next)
    n += c->kind == VB_NODE_TABLE && c->u.table.sheet;
  return n;
}

vb_status vb_sheet_name(vb_book *b, vb_sheet *s)
{
  vb_buf wish;
  bool appendix = s->sequence->u.sequence.role == VB_SEQ_APPENDIX;
  vb_buf_init(&wish);
  if (s->kind == VB_SHEET_CHART) {
    vb_buf_str(&wish, s->node->u.chart.title);
  } else if (appendix && s->sequence->u.sequence.title && (sheets_of(s->sequence) == 1 || !s->node->u.table.title)) {
    vb_buf_str(&wish, s->sequence->u.sequence.title);
  } else if (s->node->u.table.title) {
    vb_buf_str(&wish, s->node->u.table.title);
  } else {
    vb_buf_printf(&wish, "Bảng %u", (unsigned)++b->bodies_seen);
    for (uint32_t i = 0; i < s->n_above; i++)
      if (s->above[i].style == VB_STYLE_TABLE_CAPTION || s->above[i].style == VB_STYLE_APPENDIX_LABEL) {
        bool numbered = s->above[i].style == VB_STYLE_APPENDIX_LABEL || s->above[i].label;
        vb_buf_clear(&wish); /* the caption has a number of its own */
        if (!numbered)
          vb_buf_printf(&wish, "Bảng %u - ", (unsigned)b->bodies_seen);
        vb_node_plain(s->above[i].node, &wish);
        break;
      }
  }
  s->name = wish.failed ? NULL : vb_book_name_free(b, (vb_span){wish.p, wish.n});
  vb_buf_free(&wish);
  return s->name ? VB_OK : VB_NOMEM;
}
