/* Whether the faces have every character that will be set: before any page is made, each lacking one is named once. Part of room
 * layout.
 *
 * What a face has is noted by character. That every face has all of ASCII was proved when the fonts were opened. */
#include "layout/layout_int.h"

#include <stdio.h>
#include <string.h>

typedef struct check {
  vb_layout *l;
  uint32_t *told;
  uint32_t n_told, cap_told;
  vb_status st;
} check;

static void tell(check *k, uint32_t c, vb_face_id face, vb_place at) {
  char code[16], glyph[5] = {0};
  for (uint32_t i = 0; i < k->n_told; i++)
    if (k->told[i] == c)
      return;
  if (!vb_grow((void **)&k->told, &k->cap_told, k->n_told + 1, sizeof *k->told)) {
    k->st = VB_NOMEM;
    return;
  }
  k->told[k->n_told++] = c;
  (void)snprintf(code, sizeof code, "U+%04X", (unsigned)c);
  glyph[vb_utf8_put(c, glyph)] = '\0';
  k->st = vb_worse(k->st, VB_POST(k->l->d, VB_MSG_FONT_GLYPH, at, vb_face_info_of(k->l->m.face[face])->ps_name, code, glyph));
}

static void check_text(check *k, vb_span s, uint8_t f, const vb_node *n) {
  const vb_metrics *m = &k->l->m;
  uint8_t *seen = m->seen[f];
  const char *p = s.p, *end = s.p + s.n;
  while (p < end) {
    if (*p >= ' ' && *p <= '~') {
      p++;
      continue;
    }
    size_t before = (size_t)(p - s.p);
    uint32_t c = vb_utf8_next(&p, end);
    if (c < VB_DENSE && seen[c])
      continue;
    if (c != '\n' && c != '\t' && c != 0xA0 && !vb_face_glyph(m->face[f], c))
      tell(k, c, (vb_face_id)f, vb_node_place_in(n, (vb_span){s.p, before}));
    else if (c < VB_DENSE)
      seen[c] = 1;
  }
}

/* Text in the face and case that its paragraph gives it. */
static void check_styled(check *k, vb_span s, const vb_style *st, uint8_t face, const vb_node *n) {
  if (!s.n)
    return;
  if (!st->upper) {
    check_text(k, s, face, n);
    return;
  }
  vb_arena_mark m = vb_arena_save(k->l->scratch);
  vb_span upper = vb_text_upper(k->l->scratch, s);
  if (upper.p)
    check_text(k, upper, face, n);
  else
    k->st = VB_NOMEM;
  vb_arena_restore(k->l->scratch, m);
}

static void check_label(check *k, const vb_node *n, const vb_context *c, vb_style_id style) {
  if (n->label)
    check_text(k, vb_span_of(n->label), vb_face_choose(vb_style_get(style), c, 0), n);
}

static void check_chart(check *k, const vb_node *n) {
  const char *texts[] = {n->u.chart.title, n->u.chart.axis};
  for (int i = 0; i < 2; i++)
    if (texts[i]) {
      check_text(k, vb_span_of(texts[i]), VB_REGULAR, n);
      check_text(k, vb_span_of(texts[i]), VB_BOLD, n);
    }
  for (uint32_t i = 0; i < n->u.chart.n_categories; i++)
    check_text(k, vb_span_of(n->u.chart.categories[i]), VB_REGULAR, n);
  for (uint32_t i = 0; i < n->u.chart.n_series; i++)
    check_text(k, vb_span_of(n->u.chart.series[i].name), VB_REGULAR, n);
}

static void check_cell(check *k, const vb_node *table, const vb_node *row, const vb_node *n, vb_context *c) {
  *c = vb_cell_context(table, row, n, 0);
  const vb_style *st = vb_style_get(vb_cell_style(row, n));
  check_styled(k, n->u.cell.text, st, vb_face_choose(st, c, 0), n);
  if (n->u.cell.repeat_label)
    check_styled(k, VB_LIT("(tiếp theo)"), st, vb_face_choose(st, c, 0), n);
}

static void check_carry(check *k, const vb_node *table) {
  for (int i = 1; i < table->u.table.n_columns; i++)
    if (table->u.table.columns[i].carry) {
      check_text(k, VB_LIT(VB_CARRY_FOOT VB_CARRY_HEAD "0123456789.,-"), VB_ITALIC, table);
      return;
    }
}

/* Everything from root down; table: the one that root's cells belong to, or NULL. */
static void check_tree(check *k, const vb_node *root, const vb_node *table) {
  const vb_context plain = {.width = 0};
  vb_context cell = plain;
  const vb_context *c = &plain;
  const vb_node *row = NULL;
  vb_walk w;
  vb_walk_init(&w, root);
  while (vb_walk_next(&w) && k->st != VB_NOMEM) {
    const vb_node *n = w.node;
    if (n->kind == VB_NODE_CELL && w.leaving)
      c = &plain;
    if (w.leaving)
      continue;
    switch (n->kind) {
    case VB_NODE_TABLE:
      table = n;
      check_carry(k, n);
      break;
    case VB_NODE_ROW: row = n; break;
    case VB_NODE_CELL:
      check_cell(k, table, row, n, &cell);
      c = &cell;
      break;
    case VB_NODE_PARA: check_label(k, n, c, n->style); break;
    case VB_NODE_ITEM: check_label(k, n, c, n->first && n->first->kind == VB_NODE_PARA ? n->first->style : n->style); break;
    case VB_NODE_CHART: check_chart(k, n); break;
    case VB_NODE_TEXT:
    case VB_NODE_FIGURE: {
      const vb_style *st = vb_style_get(n->parent->style);
      check_styled(k, n->u.text.text, st, vb_face_choose(st, c, n->u.text.flags), n);
      break;
    }
    default: break;
    }
  }
}

vb_status vb_glyphs_check_row(vb_layout *l, const vb_node *table, const vb_node *row) {
  check k = {.l = l};
  check_tree(&k, row, table);
  vb_mem_free(k.told);
  return k.st;
}

vb_status vb_glyphs_check(vb_layout *l) {
  check k = {.l = l};
  check_text(&k, VB_LIT(" 0123456789-(tiếp theo)"), VB_REGULAR, l->doc->root);
  for (const vb_node *s = l->doc->root->first; s && k.st != VB_NOMEM; s = s->next)
    if (l->only ? s == l->only : !s->u.sequence.separate)
      check_tree(&k, s, NULL);
  vb_mem_free(k.told);
  return k.st;
}
