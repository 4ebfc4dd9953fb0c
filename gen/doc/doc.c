/* The tree: making nodes, what may nest, walking, rows, plain text. Part of room doc.
 *
 * Invariants
 *  1. A node's parent, first, last and next agree; only vb_node_make links nodes.
 *  2. Nothing here recurses: a hostile nesting costs time, never the stack.
 */
#include "doc/doc.h"

#include <string.h>

#define K(kind) (1u << VB_NODE_##kind)
#define INLINES (K(TEXT) | K(FIGURE) | K(BREAK) | K(SLOT_INLINE))

/* What may stand in what: the only place that says so. */
static const struct {
  const char *name;
  uint32_t holds;
} kinds[VB_NODE_KINDS] = {
  [VB_NODE_DOCUMENT] = {"document", K(SEQUENCE)},
  [VB_NODE_SEQUENCE] = {"sequence", K(COLUMNS) | K(GROUP) | K(PARA) | K(LIST) | K(RULE) | K(SLOT) | K(TABLE) | K(CHART) | K(PAGE_BREAK)},
  [VB_NODE_COLUMNS] = {"columns", K(COLUMN)},
  [VB_NODE_COLUMN] = {"column", K(GROUP) | K(PARA) | K(LIST) | K(RULE) | K(SLOT)},
  [VB_NODE_GROUP] = {"group", K(GROUP) | K(COLUMNS) | K(PARA) | K(LIST) | K(RULE) | K(SLOT) | K(CHART)},
  [VB_NODE_PARA] = {"para", INLINES},
  [VB_NODE_LIST] = {"list", K(ITEM)},
  [VB_NODE_ITEM] = {"item", K(PARA) | K(LIST)},
  [VB_NODE_RULE] = {"rule", 0},
  [VB_NODE_SLOT] = {"slot", 0},
  [VB_NODE_TABLE] = {"table", K(ROW)},
  [VB_NODE_ROW] = {"row", K(CELL)},
  [VB_NODE_CELL] = {"cell", K(PARA) | K(LIST)},
  [VB_NODE_CHART] = {"chart", 0},
  [VB_NODE_PAGE_BREAK] = {"page-break", 0},
  [VB_NODE_TEXT] = {"text", 0},
  [VB_NODE_FIGURE] = {"figure", 0},
  [VB_NODE_BREAK] = {"break", 0},
  [VB_NODE_SLOT_INLINE] = {"slot-inline", 0},
};
_Static_assert(VB_NODE_KINDS <= 32, "kinds are bits of a word");

bool vb_node_may_hold(vb_node_kind parent, vb_node_kind child)
{
  return (unsigned)parent < VB_NODE_KINDS && (unsigned)child < VB_NODE_KINDS && (kinds[parent].holds >> child & 1u) != 0;
}

const char *vb_node_name(vb_node_kind kind)
{
  return (unsigned)kind < VB_NODE_KINDS ? kinds[kind].name : "unknown";
}

/* ---- making ------------------------------------------------------------------------------------------------- */

vb_doc *vb_doc_new(void)
{
  vb_arena *a = vb_arena_new(0);
  vb_doc *doc = a ? VB_NEW(a, vb_doc) : NULL;
  if (!doc) {
    vb_arena_free(a);
    return NULL;
  }
  doc->arena = a;
  doc->setup = (vb_setup){VB_MM(20), VB_MM(20), VB_MM(30), VB_MM(20), 'B', 28, VB_MM(12.7), VB_PT(6), 1000};
  doc->root = vb_node_add(doc, NULL, VB_NODE_DOCUMENT);
  if (!doc->root) {
    vb_doc_free(doc);
    return NULL;
  }
  return doc;
}

void vb_doc_free(vb_doc *doc)
{
  if (doc)
    vb_arena_free(doc->arena); /* the document itself lies in it */
}

vb_node *vb_node_make(vb_arena *a, vb_node *parent, vb_node_kind kind)
{
  vb_node *n = VB_NEW(a, vb_node);
  if (!n)
    return NULL;
  n->kind = kind;
  if (kind == VB_NODE_CELL) {
    n->style = VB_STYLE_TABLE_CELL;
    n->u.cell.colspan = n->u.cell.rowspan = 1;
  } else if (kind == VB_NODE_ITEM) {
    n->style = VB_STYLE_ITEM;
  } else if (kind == VB_NODE_PARA) {
    n->u.para.before = -1;
  } else if (kind == VB_NODE_TABLE) {
    n->u.table.grid = true;
  }
  n->parent = parent;
  if (parent) {
    if (parent->last)
      parent->last->next = n;
    else
      parent->first = n;
    parent->last = n;
  }
  return n;
}

vb_node *vb_node_add(vb_doc *doc, vb_node *parent, vb_node_kind kind)
{
  if (doc->n_nodes >= VB_DOC_NODES_MAX)
    return NULL;
  vb_node *n = vb_node_make(doc->arena, parent, kind);
  if (n)
    doc->n_nodes++;
  return n;
}

vb_node *vb_node_text(vb_doc *doc, vb_node *parent, vb_span text, uint8_t flags)
{
  if (text.n == 0)
    return parent;
  vb_node *before = parent->last;
  bool join = before && before->kind == VB_NODE_TEXT && before->u.text.flags == flags;
  size_t had = join ? before->u.text.text.n : 0;
  char *p = vb_arena_alloc(doc->arena, had + text.n);
  vb_node *n = p ? (join ? before : vb_node_add(doc, parent, VB_NODE_TEXT)) : NULL;
  if (!n)
    return NULL;
  if (had)
    memcpy(p, before->u.text.text.p, had);
  memcpy(p + had, text.p, text.n);
  n->u.text.text = (vb_span){p, had + text.n};
  n->u.text.flags = flags;
  return n;
}

uint32_t vb_doc_trace(vb_doc *doc, const vb_trace *t)
{
  if (doc->n_traces == doc->cap_traces) {
    uint32_t cap = doc->cap_traces ? doc->cap_traces * 2 : 64;
    vb_trace *grown = cap > doc->cap_traces ? VB_NEW_ARRAY(doc->arena, vb_trace, cap) : NULL;
    if (!grown)
      return 0;
    if (doc->n_traces)
      memcpy(grown, doc->traces, sizeof *grown * doc->n_traces);
    doc->traces = grown;
    doc->cap_traces = cap;
  }
  doc->traces[doc->n_traces] = *t;
  return ++doc->n_traces;
}

/* ---- walking ------------------------------------------------------------------------------------------------ */

void vb_walk_init(vb_walk *w, const vb_node *root)
{
  *w = (vb_walk){.root = root};
}

bool vb_walk_next(vb_walk *w)
{
  if (!w->started) {
    w->started = true;
    w->node = w->root;
    w->leaving = false;
    return w->node != NULL;
  }
  if (!w->node)
    return false;
  if (!w->leaving) {
    if (w->node->first)
      w->node = w->node->first;
    else
      w->leaving = true;
    return true;
  }
  if (w->node == w->root) {
    w->node = NULL;
    return false;
  }
  if (w->node->next) {
    w->node = w->node->next;
    w->leaving = false;
  } else {
    w->node = w->node->parent; /* stays leaving */
  }
  return true;
}

void vb_walk_skip(vb_walk *w)
{
  w->leaving = true;
}

vb_status vb_rows_start(vb_rows *r, const vb_node *table, vb_arena *scratch)
{
  *r = (vb_rows){.table = table, .at = table->first, .scratch = scratch};
  const vb_row_stream *s = table->u.table.stream;
  return s ? s->rewind(s->ctx) : VB_OK;
}

vb_status vb_rows_next(vb_rows *r, vb_node **row)
{
  *row = NULL;
  if (r->at) {
    *row = r->at;
    r->at = r->at->next;
    return VB_OK;
  }
  const vb_row_stream *s = r->table->u.table.stream;
  if (!s)
    return VB_DONE;
  r->streaming = true;
  vb_arena_reset(r->scratch);
  return s->next(s->ctx, r->scratch, row);
}

void vb_grid_start(vb_grid *g, const vb_node *table)
{
  memset(g, 0, sizeof *g);
  g->n_columns = table->u.table.n_columns;
}

/* left[c]: rows that the cell over column c still covers, this one included; counted down at the row's end. */
int vb_grid_cell(vb_grid *g, const vb_node *cell)
{
  while (g->column < g->n_columns - 1 && g->left[g->column] > 0)
    g->column++;
  int first = g->column, n = cell->u.cell.colspan;
  for (int c = first; c < first + n && c < g->n_columns; c++)
    g->left[c] = cell->u.cell.rowspan;
  g->column = first + n < g->n_columns ? first + n : g->n_columns - 1;
  return first;
}

void vb_grid_row_end(vb_grid *g)
{
  for (int c = 0; c < g->n_columns; c++)
    if (g->left[c] > 0)
      g->left[c]--;
  g->column = 0;
}

/* ---- plain text --------------------------------------------------------------------------------------------- */

/* A space, unless out is as it was given or has one already. */
static void space(vb_buf *out, size_t start)
{
  if (out->n > start && out->p[out->n - 1] != ' ' && !out->failed)
    vb_buf_char(out, ' ');
}

void vb_node_plain(const vb_node *n, vb_buf *out)
{
  vb_walk w;
  size_t start = out->n;
  vb_walk_init(&w, n);
  while (vb_walk_next(&w)) {
    const vb_node *x = w.node;
    if (w.leaving)
      continue;
    if (x->kind < VB_NODE_TEXT || x->kind == VB_NODE_BREAK)
      space(out, start);
    if ((x->kind == VB_NODE_PARA || x->kind == VB_NODE_ITEM) && x->label) {
      vb_buf_str(out, x->label);
      space(out, start);
    }
    if (x->kind == VB_NODE_TEXT || x->kind == VB_NODE_FIGURE)
      vb_buf_span(out, x->u.text.text);
    else if (x->kind == VB_NODE_CELL && !x->first)
      vb_buf_span(out, x->u.cell.text);
    else if (x->kind == VB_NODE_CHART)
      vb_buf_str(out, x->u.chart.title ? x->u.chart.title : "");
  }
  while (out->n > start && !out->failed && out->p[out->n - 1] == ' ')
    out->n--;
}
