/* pdf, inside: which structure element a node of the tree becomes, made when its first box comes.
 *
 * Boxes come in reading order, so elements made at first sight, their ancestors before them, stand in reading order too. Columns
 * and groups are arrangement, not structure: their children belong to what is around them.
 *
 * Invariants
 *  1. A row's cells are all made with the row, and rows without any box before the next one with a box: tables stay regular.
 *  2. Headings do not skip: the tag's level is the depth among the headings before it, not the style's number.
 *  3. A node of a streamed table is known by its address only while its row lasts: the layout may reuse the memory for another
 *     row. Such entries count for the page they were seen on and, for the row that ended it, the next. */
#include <stdint.h>
#include <string.h>

#include "write/pdf_int.h"

#define TBODY_ROWS 1000 /* a table of 100,000 rows has 100 groups, none with an array that readers choke on */
#define LEVELS 6

/* What of a node an element is. */
enum { PART_SELF, PART_LABEL, PART_BODY, PART_HEAD, PARTS };

typedef struct known { const vb_node *node; vb_elem *elem; uint32_t page; uint8_t part; bool used; } known;

/* How far the rows of a table have come. */
typedef struct table_state {
  struct table_state *next;
  const vb_node *table;
  const vb_node *last_row; /* made last; held tables only */
  const vb_node *page_end; /* streamed: the row that the page before ended with */
  vb_elem *head, *body;
  uint32_t body_rows;
} table_state;

struct vb_pdf_tags {
  known *slot;             /* open addressing */
  uint32_t cap, count;
  table_state *tables, *last_table;
  uint8_t styles[LEVELS];  /* style levels of the headings that are open, outermost first */
  int depth;
  const vb_node *leaf_node; /* the last answer: boxes of a paragraph follow each other */
  bool leaf_label;
  int leaf_page;
  vb_elem *leaf;
};

/* ---- nodes that have elements ------------------------------------------------------------------------------- */

static uint32_t slot_of(const struct vb_pdf_tags *t, const vb_node *node, int part)
{
  uint64_t x = ((uint64_t)(uintptr_t)node >> 4) * PARTS + (uint64_t)part;
  x *= 0x9E3779B97F4A7C15u;
  uint32_t i = (uint32_t)(x >> 32) & (t->cap - 1);
  while (t->slot[i].used && (t->slot[i].node != node || t->slot[i].part != part)) i = (i + 1) & (t->cap - 1);
  return i;
}

static known *find(vb_pdf *p, const vb_node *node, int part)
{
  known *k = &p->tags->slot[slot_of(p->tags, node, part)];
  return k->used ? k : NULL;
}

static bool grow(vb_pdf *p)
{
  struct vb_pdf_tags *t = p->tags;
  known *old = t->slot;
  uint32_t n = t->cap;
  known *more = VB_NEW_ARRAY(p->arena, known, 2 * (size_t)n);
  if (!more) return false;
  t->slot = more;
  t->cap = 2 * n;
  for (uint32_t i = 0; i < n; i++)
    if (old[i].used) t->slot[slot_of(t, old[i].node, old[i].part)] = old[i];
  return true;
}

static vb_elem *remember(vb_pdf *p, const vb_node *node, int part, vb_elem *e)
{
  struct vb_pdf_tags *t = p->tags;
  if (!e || (2 * t->count >= t->cap && !grow(p))) return NULL;
  known *k = &t->slot[slot_of(t, node, part)];
  if (!k->used) t->count++;
  *k = (known){node, e, (uint32_t)p->page->index, (uint8_t)part, true};
  return e;
}

vb_status vb_pdf_tags_begin(vb_pdf *p)
{
  struct vb_pdf_tags *t = p->tags = VB_NEW(p->arena, struct vb_pdf_tags);
  if (!t) return VB_NOMEM;
  t->cap = 4096;
  t->slot = VB_NEW_ARRAY(p->arena, known, t->cap);
  return t->slot ? VB_OK : VB_NOMEM;
}

/* ---- headings ----------------------------------------------------------------------------------------------- */

/* Depth of a heading of a style level among those before it: 1, 4, 4, 5, 2 become 1, 2, 2, 3, 2. */
static int heading_depth(struct vb_pdf_tags *t, int level)
{
  while (t->depth > 0 && t->styles[t->depth - 1] >= level) t->depth--;
  if (t->depth < LEVELS) t->styles[t->depth++] = (uint8_t)level;
  return t->depth;
}

/* ---- tables ------------------------------------------------------------------------------------------------- */

static vb_elem *elem_of(vb_pdf *p, const vb_node *n, vb_len top);

static table_state *state_of(const vb_pdf *p, const vb_node *table)
{
  if (p->tags->last_table && p->tags->last_table->table == table) return p->tags->last_table;
  for (table_state *s = p->tags->tables; s; s = s->next)
    if (s->table == table) return s;
  return NULL;
}

static vb_elem *make_table(vb_pdf *p, const vb_node *n, vb_elem *parent)
{
  vb_elem *e = vb_elem_new(p, parent, VB_TAG_TABLE);
  table_state *s = VB_NEW(p->arena, table_state);
  if (!e || !s) return NULL;
  e->text = n->u.table.title;
  s->table = n;
  if (p->tags->last_table)
    p->tags->last_table->next = s;
  else
    p->tags->tables = s;
  p->tags->last_table = s;
  return remember(p, n, PART_SELF, e);
}

/* Every cell needs a header to be told by (14289-1 7.5): where a table has no head row, the first cell of a row is it. */
static bool make_cells(vb_pdf *p, const vb_node *row, vb_elem *tr)
{
  const vb_node *top = row->parent ? row->parent->first : NULL;
  bool headless = !top || top->u.row.kind != VB_ROW_HEAD;
  for (const vb_node *c = row->first; c; c = c->next) {
    bool head = row->u.row.kind == VB_ROW_HEAD, th = head || c->u.cell.header || (headless && c == row->first);
    vb_elem *e = vb_elem_new(p, tr, th ? VB_TAG_TH : VB_TAG_TD);
    if (!e) return false;
    if (th) e->scope = head ? 'C' : 'R';
    e->colspan = c->u.cell.colspan;
    e->rowspan = c->u.cell.rowspan;
    if (!remember(p, c, PART_SELF, e)) return false;
  }
  return true;
}

static vb_elem *make_row(vb_pdf *p, table_state *s, const vb_node *row, vb_elem *table)
{
  vb_elem **group = row->u.row.kind == VB_ROW_HEAD ? &s->head : &s->body;
  if (group == &s->body && s->body_rows++ % TBODY_ROWS == 0) s->body = NULL;
  if (!*group) *group = vb_elem_new(p, table, group == &s->head ? VB_TAG_THEAD : VB_TAG_TBODY);
  vb_elem *tr = *group ? vb_elem_new(p, *group, VB_TAG_TR) : NULL;
  return tr && make_cells(p, row, tr) ? remember(p, row, PART_SELF, tr) : NULL;
}

/* The row, and before it those of a held table that have no box at all. */
static vb_elem *make_rows(vb_pdf *p, const vb_node *row, vb_elem *table)
{
  const vb_node *t = row->parent;
  table_state *s = state_of(p, t);
  if (!s) return NULL;
  if (t->u.table.stream && row->u.row.kind != VB_ROW_HEAD) return make_row(p, s, row, table);
  vb_elem *e = NULL;
  const vb_node *from = s->last_row ? s->last_row->next : t->first;
  for (const vb_node *r = from; r; r = r->next) {
    e = make_row(p, s, r, table);
    if (!e) return NULL;
    s->last_row = r;
    if (r == row) return e;
  }
  return e;
}

/* Whether what is known of a streamed row still is that row (invariant 3). */
static bool row_lasts(vb_pdf *p, const known *k, const vb_node *row)
{
  uint32_t page = (uint32_t)p->page->index;
  if (k->page == page) return true;
  table_state *s = state_of(p, row->parent);
  return s && k->page + 1 == page && s->page_end == row;
}

static vb_elem *row_elem(vb_pdf *p, const vb_node *row, vb_elem *table)
{
  if (!row->parent) return table;
  known *k = find(p, row, PART_SELF);
  bool streamed = row->parent->u.table.stream && row->u.row.kind != VB_ROW_HEAD;
  if (k && streamed && !row_lasts(p, k, row)) k = NULL;
  vb_elem *e = k ? k->elem : make_rows(p, row, table);
  if (e && streamed) {
    remember(p, row, PART_SELF, e);
    table_state *s = state_of(p, row->parent);
    if (s) s->page_end = row;
  }
  return e;
}

/* ---- lists -------------------------------------------------------------------------------------------------- */

/* ListNumbering from the first label, as readers announce it. Dashes and plus signs are bullets to them. */
static const char *numbering(const vb_node *list)
{
  const char *l = list->first ? list->first->label : NULL;
  if (!l || *l == 0) return NULL;
  if (*l >= '0' && *l <= '9') return "Decimal";
  if (strchr("IVX", *l)) return "UpperRoman";
  if (*l >= 'a' && *l <= 'z') return "LowerAlpha";
  if (strncmp(l, "đ", 2) == 0) return "LowerAlpha";
  if (*l >= 'A' && *l <= 'Z') return "UpperAlpha";
  return *l == '+' ? "Circle" : "Disc";
}

static vb_elem *item_part(vb_pdf *p, const vb_node *item, int part, vb_len top)
{
  vb_elem *li = elem_of(p, item, top);
  known *k = li ? find(p, item, part) : NULL;
  if (k && k->elem->parent == li) return k->elem;
  return li ? remember(p, item, part, vb_elem_new(p, li, part == PART_LABEL ? VB_TAG_LBL : VB_TAG_LBODY)) : NULL;
}

/* ---- blocks ------------------------------------------------------------------------------------------------- */

/* An only paragraph is not told from the item's body or the cell it fills. */
static bool fills_parent(const vb_node *para)
{
  const vb_node *up = para->parent;
  bool holder = up && (up->kind == VB_NODE_CELL || up->kind == VB_NODE_ITEM);
  return holder && up->first == para && !para->next && vb_style_get(para->style)->heading == 0;
}

static vb_elem *make_para(vb_pdf *p, const vb_node *n, vb_elem *parent, vb_len top)
{
  if (fills_parent(n)) return remember(p, n, PART_SELF, parent);
  int level = vb_style_get(n->style)->heading;
  if (level == 0) return remember(p, n, PART_SELF, vb_elem_new(p, parent, VB_TAG_P));
  int depth = heading_depth(p->tags, level);
  vb_elem *e = vb_elem_new(p, parent, (vb_tag)(VB_TAG_H1 + depth - 1));
  if (!e || vb_pdf_bookmark(p, n, depth, top) != VB_OK) return NULL;
  return remember(p, n, PART_SELF, e);
}

static vb_elem *make_figure(vb_pdf *p, const vb_node *n, vb_elem *parent)
{
  vb_elem *e = vb_elem_new(p, parent, VB_TAG_FIGURE);
  if (e) e->text = n->u.chart.alt;
  return e ? remember(p, n, PART_SELF, e) : NULL;
}

static vb_elem *make(vb_pdf *p, const vb_node *n, vb_elem *parent, vb_len top)
{
  switch (n->kind) {
  case VB_NODE_SEQUENCE: return remember(p, n, PART_SELF, vb_elem_new(p, parent, VB_TAG_SECT));
  case VB_NODE_PARA: return make_para(p, n, parent, top);
  case VB_NODE_ITEM: return remember(p, n, PART_SELF, vb_elem_new(p, parent, VB_TAG_LI));
  case VB_NODE_TABLE: return make_table(p, n, parent);
  case VB_NODE_CHART: return make_figure(p, n, parent);
  case VB_NODE_LIST: {
    vb_elem *e = vb_elem_new(p, parent, VB_TAG_L);
    if (e) e->text = numbering(n);
    return remember(p, n, PART_SELF, e);
  }
  default: return parent;
  }
}

/* The element of a block, made if need be; top: where it begins on the page, for a bookmark. NULL: out of memory. */
static vb_elem *elem_of(vb_pdf *p, const vb_node *n, vb_len top)
{
  if (!n || n->kind == VB_NODE_DOCUMENT) return p->tree.document;
  bool in_item = n->parent && n->parent->kind == VB_NODE_ITEM;
  vb_elem *parent = in_item ? item_part(p, n->parent, PART_BODY, top) : elem_of(p, n->parent, top);
  if (!parent) return NULL;
  if (n->kind == VB_NODE_ROW) return row_elem(p, n, parent);
  known *k = find(p, n, PART_SELF);
  if (k && (k->elem->parent == parent || k->elem == parent)) return k->elem; /* else another row's, by invariant 3 */
  return make(p, n, parent, top);
}

/* The block a box's node belongs to; NULL: none that has content. */
static const vb_node *block_of(const vb_node *n)
{
  while (n && n->kind >= VB_NODE_TEXT) n = n->parent;
  if (!n) return NULL;
  bool content = n->kind == VB_NODE_PARA || n->kind == VB_NODE_ITEM || n->kind == VB_NODE_CELL || n->kind == VB_NODE_CHART;
  return content ? n : NULL;
}

vb_status vb_pdf_tags_find(vb_pdf *p, const vb_box *box, vb_elem **out)
{
  struct vb_pdf_tags *t = p->tags;
  const vb_node *n = block_of(box->node);
  *out = NULL;
  bool drawn = n && n->kind == VB_NODE_CHART; /* lines of a chart are its content */
  if (!n || box->repeated || (box->artifact && !drawn) || (box->kind != VB_BOX_TEXT && !drawn)) return VB_OK;
  bool label = box->label && n->kind == VB_NODE_ITEM;
  if (n == t->leaf_node && label == t->leaf_label && p->page->index == t->leaf_page) {
    *out = t->leaf;
    return VB_OK;
  }
  *out = label ? item_part(p, n, PART_LABEL, box->y + box->h) : elem_of(p, n, box->y + box->h);
  t->leaf_node = n;
  t->leaf_label = label;
  t->leaf_page = p->page->index;
  t->leaf = *out;
  return *out ? VB_OK : VB_NOMEM;
}

vb_status vb_pdf_tags_slot(vb_pdf *p, const vb_node *slot, vb_elem **out)
{
  vb_elem *parent = elem_of(p, slot->parent, p->page->height);
  *out = parent ? vb_elem_new(p, parent, VB_TAG_FORM) : NULL;
  return *out ? VB_OK : VB_NOMEM;
}

/* Rows at the end of held tables that have no box; and a head without rows is no head (14289-1 7.2). */
vb_status vb_pdf_tags_end(vb_pdf *p)
{
  for (table_state *s = p->tags->tables; s; s = s->next) {
    known *k = find(p, s->table, PART_SELF);
    const vb_node *rest = s->last_row ? s->last_row->next : s->table->first;
    for (const vb_node *r = s->table->u.table.stream ? NULL : rest; k && r; r = r->next)
      if (!make_row(p, s, r, k->elem)) return VB_NOMEM;
    if (s->head && !s->body) s->head->tag = VB_TAG_TBODY;
  }
  return VB_OK;
}
