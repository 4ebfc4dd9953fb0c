/* The public face of the room: opening, pages one by one, statistics. Part of room layout.
 *
 * Two arenas are filled in turn: what a page holds lives in the one or the other until no fragment that still waits points into it. */
#include "layout/layout_int.h"

enum { QUEUE = 256 /* fragments: a page and what is looked ahead */ };

static void release_table(vb_table *t) { vb_arena_free(t->arena); /* the table itself lies in it */ }

static bool waited_for(const vb_layout *l, const vb_table *t) {
  if (l->table == t)
    return true;
  for (uint32_t i = 0; i < l->queue.n; i++)
    if (l->queue.at[i].kind == VB_FRAG_ROW && l->queue.at[i].u.row.c->table == t)
      return true;
  return false;
}

void vb_tables_drop(vb_layout *l, bool all) {
  for (vb_table **at = &l->tables; *at;) {
    vb_table *t = *at;
    if (!all && waited_for(l, t)) {
      at = &t->next;
      continue;
    }
    *at = t->next;
    release_table(t);
  }
}

static const vb_node *next_sequence(const vb_layout *l, const vb_node *s) {
  for (; s; s = s->next)
    if (l->only ? s == l->only : !s->u.sequence.separate)
      return s;
  return NULL;
}

static bool get_arenas(vb_layout *l) {
  vb_memo_begin(l->fonts);
  l->base = vb_arena_new(0);
  l->gen[0] = vb_arena_new(0);
  l->gen[1] = vb_arena_new(0);
  l->scratch = vb_arena_new(0);
  l->arena = l->gen[0];
  l->queue.at = l->queue.heap = vb_mem_alloc(sizeof *l->queue.at * QUEUE);
  l->queue.cap = l->queue.heap ? QUEUE : 0;
  return l->queue.heap && l->base && l->gen[0] && l->gen[1] && l->scratch && vb_metrics_init(&l->m, l->fonts, l->base);
}

vb_status vb_layout_open(vb_diag *d, const vb_doc *doc, const vb_fontset *fonts, const vb_node *only, vb_layout **out) {
  vb_layout *l = *out = vb_mem_zalloc(sizeof *l);
  if (!l)
    return VB_NOMEM;
  l->d = d;
  l->doc = doc;
  l->fonts = fonts;
  l->only = only;
  vb_status st = get_arenas(l) ? vb_glyphs_check(l) : VB_NOMEM;
  if (st != VB_OK) {
    vb_layout_close(l);
    *out = NULL;
    return st;
  }
  l->next_sequence = next_sequence(l, doc->root->first);
  return VB_OK;
}

vb_status vb_layout_widths(vb_diag *d, const vb_doc *doc, const vb_fontset *fonts, const vb_node *table, vb_len *widths) {
  vb_layout *l = vb_mem_zalloc(sizeof *l);
  vb_table *t = NULL;
  const vb_node *sequence = table;
  if (!l)
    return VB_NOMEM;
  l->d = d;
  l->doc = doc;
  l->fonts = fonts;
  while (sequence->kind != VB_NODE_SEQUENCE)
    sequence = sequence->parent;
  vb_status st = get_arenas(l) ? VB_OK : VB_NOMEM;
  if (st == VB_OK) {
    vb_flow_begin(l, sequence);
    st = vb_table_open(l, table, &t);
  }
  for (int i = 0; st == VB_OK && i < table->u.table.n_columns; i++)
    widths[i] = t->edge[i + 1] - t->edge[i];
  vb_layout_close(l);
  return st;
}

/* The other arena, once nothing that waits lies in it. */
static void turn_over(vb_layout *l) {
  int other = 1 - l->cur;
  for (uint32_t i = 0; i < l->queue.n; i++)
    if (l->queue.at[i].gen == other)
      return;
  vb_arena_reset(l->gen[other]);
  l->cur = other;
  l->arena = l->gen[other];
}

static void show(vb_layout *l) {
  l->page = (vb_page){.width = l->geo.page_w, .height = l->geo.page_h, .number = l->in_sequence, .index = l->pages++,
                      .sequence = l->sequence, .first_of_sequence = l->in_sequence == 1, .boxes = l->boxes, .n_boxes = l->n_boxes};
}

vb_status vb_layout_next(vb_layout *l, const vb_page **page) {
  bool any = false;
  *page = NULL;
  turn_over(l);
  vb_tables_drop(l, false);
  l->n_boxes = l->n_rules = 0;
  for (;;) {
    if (l->sequence) {
      vb_status st = vb_flow_page(l, &any);
      if (st != VB_OK)
        return st;
      if (any)
        break;
    }
    if (!l->next_sequence)
      return VB_DONE;
    vb_flow_begin(l, l->next_sequence);
    l->next_sequence = next_sequence(l, l->next_sequence->next);
  }
  if (l->pages >= VB_DOC_PAGES_MAX)
    return VB_POST(l->d, VB_MSG_LAYOUT_PAGES, l->sequence->at, VB_NUM(VB_DOC_PAGES_MAX));
  show(l);
  *page = &l->page;
  return VB_OK;
}

vb_layout_stats vb_layout_stats_get(const vb_layout *l) {
  vb_layout_stats s = {l->lines, l->paragraphs, 0, 0};
  if (l->justified) {
    s.mean_stretch = (double)l->stretch_sum / (double)l->justified / 1000;
    s.worst_stretch = (double)l->stretch_worst / 1000;
  }
  return s;
}

void vb_layout_close(vb_layout *l) {
  if (!l)
    return;
  vb_tables_drop(l, true);
  vb_mem_free(l->k.bp);
  vb_mem_free(l->k.map);
  vb_mem_free(l->k.kp);
  vb_mem_free(l->queue.heap);
  vb_mem_free(l->boxes);
  vb_mem_free(l->rules);
  vb_arena_free(l->scratch);
  vb_arena_free(l->gen[0]);
  vb_arena_free(l->gen[1]);
  vb_arena_free(l->base);
  vb_mem_free(l);
}
