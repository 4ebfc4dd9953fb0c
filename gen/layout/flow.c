/* The flow of fragments, cut into pages. Part of room layout.
 *
 * Blocks are laid a few ahead of the page that is being filled: far enough that every rank of a break on the page is final.
 *
 * Where a page ends: of the breaks that are free (or soft, at a price) and before which all fits, the one that leaves least white.
 * Where there is none, or where the tied chain behind it is longer than a page and half the page would stay empty, ties are loosened
 * in the order of vb_rank, one kind after the other, the last possible place first. A row taller than a page, alone or with what is
 * tied to it, is cut between lines.
 *
 * Invariants
 *  1. Each page takes at least one fragment, or a part of one that holds a line.
 *  2. A head repeated on a page is at most half as high as the page. */
#include "layout/layout_int.h"

enum { LOOK_AHEAD = 4, SOFT_PRICE = 60 /* as much as 24 % of a page left white */ };
#define CUT_LEAST VB_PT(60) /* a tall row begins on a page that has room for about four lines */

void vb_flow_begin(vb_layout *l, const vb_node *sequence) {
  const vb_setup *s = &l->doc->setup;
  bool turned = sequence->u.sequence.landscape;
  vb_geometry *g = &l->geo;
  *g = (vb_geometry){VB_MM(210), VB_MM(297), s->left, s->right, s->top, s->bottom, 0, 0};
  if (turned) /* the sheet is turned clockwise and its margins with it: the bound edge comes to the top */
    *g = (vb_geometry){VB_MM(297), VB_MM(210), s->bottom, s->top, s->left, s->right, 0, 0};
  g->w = g->page_w - g->left - g->right;
  g->h = g->page_h - g->top - g->bottom;
  l->sequence = sequence;
  l->blocks = (vb_blocks){sequence, NULL};
  l->ended = false;
  l->in_sequence = 0;
  l->queue.n = 0;
  l->queue.after = 0;
  l->queue.need = 0;
  l->queue.group = NULL;
  l->queue.last = NULL;
}

/* ---- feeding the queue ---------------------------------------------------------------------------------------- */

static vb_status feed(vb_layout *l) {
  vb_status st = VB_OK;
  if (l->table) {
    st = vb_table_more(l, l->table, &l->queue);
    if (st != VB_DONE)
      return st;
    l->table = NULL;
    return VB_OK;
  }
  if (!vb_blocks_next(&l->blocks)) {
    l->ended = true;
    return VB_OK;
  }
  if (l->blocks.at->kind == VB_NODE_TABLE) {
    l->queue.group = NULL;
    return vb_table_open(l, l->blocks.at, &l->table);
  }
  vb_context c = {.width = l->geo.w};
  return vb_block_lay(l, &c, &l->queue, l->sequence, l->blocks.at);
}

/* At least n fragments in the queue, unless the sequence ends. */
static vb_status ensure(vb_layout *l, uint32_t n) {
  vb_status st = VB_OK;
  while (st == VB_OK && !l->ended && l->queue.n < n)
    st = feed(l);
  return st;
}

/* ---- choosing the end of the page ------------------------------------------------------------------------------ */

typedef struct fill {
  uint32_t n;      /* fragments that fit */
  vb_len used;     /* height up to there */
  vb_len head;     /* of the repeated head and what is carried over; 0: none */
  bool all;        /* the rest of the sequence, or all up to a page break */
} fill;

static const vb_table *continued(const vb_layout *l) {
  const vb_frag *f = l->queue.n ? &l->queue.at[0] : NULL;
  const vb_table *t = f && f->kind == VB_FRAG_ROW ? f->u.row.c->table : NULL;
  return t && t->repeat && !f->u.row.c->head ? t : NULL;
}

static vb_status measure(vb_layout *l, fill *x) {
  const vb_table *t = continued(l);
  const vb_cluster *carry = vb_carry_head(l);
  *x = (fill){.head = vb_len_add(t ? t->head_height : 0, carry ? carry->rows[1].h : 0)};
  x->used = x->head;
  for (;;) {
    vb_status st = ensure(l, x->n + 1);
    if (st != VB_OK)
      return st;
    const vb_frag *f = x->n < l->queue.n ? &l->queue.at[x->n] : NULL;
    if (!f || f->kind == VB_FRAG_BREAK) {
      x->all = true;
      return VB_OK;
    }
    vb_len h = vb_len_add(f->height, x->n ? f->space : 0);
    if (vb_len_add(x->used, h) > l->geo.h)
      return ensure(l, x->n + LOOK_AHEAD);
    x->used += h;
    x->n++;
  }
}

/* Room that a page needs at the foot of its table when it ends before fragment i. */
static vb_len foot_room(const vb_layout *l, uint32_t i) {
  const vb_cluster *c = vb_carry_foot(l, i);
  return c ? c->rows[0].h : 0;
}

/* Fragments leave again that would take the room of what is carried over. The one behind them then fits no more, even if it is the
 * first: it is a row that is cut. */
static void leave_room(const vb_layout *l, fill *x) {
  while (!x->all && x->n && x->used + foot_room(l, x->n) > l->geo.h) {
    const vb_frag *f = &l->queue.at[--x->n];
    x->used -= f->height + (x->n ? f->space : 0);
  }
}

static vb_len height_of(const vb_layout *l, const fill *x, uint32_t n) {
  vb_len y = x->head;
  for (uint32_t i = 0; i < n; i++)
    y += l->queue.at[i].height + (i ? l->queue.at[i].space : 0);
  return y;
}

/* The break with least white and price among the free and soft ones; 0: none. */
static uint32_t best_break(const vb_layout *l, const fill *x) {
  vb_len y = x->head;
  uint32_t best = 0;
  int64_t least = INT64_MAX;
  for (uint32_t i = 0; i <= x->n && i < l->queue.n; i++) {
    const vb_frag *f = &l->queue.at[i];
    vb_len full = vb_len_add(y, i ? foot_room(l, i) : 0);
    if (i && f->rank <= VB_RANK_SOFT && full <= l->geo.h) {
      int64_t white = l->geo.h > 0 ? (int64_t)(l->geo.h - full) * 1000 / l->geo.h : 0;
      int64_t price = white * white / 1000 + (f->rank == VB_RANK_SOFT ? SOFT_PRICE : 0);
      if (price <= least) {
        least = price;
        best = i;
      }
    }
    y += f->height + (i ? f->space : 0);
  }
  return best;
}

static uint32_t relaxed_break(const vb_layout *l, const fill *x, uint32_t behind) {
  for (int rank = VB_RANK_GROUP; rank < VB_RANK_FORCE; rank++)
    for (uint32_t i = x->n; i > behind; i--)
      if (i < l->queue.n && l->queue.at[i].rank <= rank && height_of(l, x, i) + foot_room(l, i) <= l->geo.h)
        return i;
  return 0;
}

/* Whether the tied fragments from `at` on are too high for any page. */
static vb_status chain_too_long(vb_layout *l, uint32_t at, bool *yes) {
  vb_len h = 0;
  *yes = false;
  for (uint32_t i = at;; i++) {
    vb_status st = ensure(l, i + LOOK_AHEAD);
    if (st != VB_OK || i >= l->queue.n || (i > at && l->queue.at[i].rank <= VB_RANK_SOFT) || l->queue.at[i].kind == VB_FRAG_BREAK)
      return st;
    h = vb_len_add(h, l->queue.at[i].height + (i > at ? l->queue.at[i].space : 0));
    if (h > l->geo.h) {
      *yes = true;
      return VB_OK;
    }
  }
}

static vb_status choose(vb_layout *l, const fill *x, uint32_t *end) {
  *end = best_break(l, x);
  if (*end && height_of(l, x, *end) * 2 >= l->geo.h)
    return VB_OK;
  bool longer = false;
  vb_status st = *end ? chain_too_long(l, *end, &longer) : VB_OK;
  if (st == VB_OK && (!*end || longer)) {
    uint32_t i = relaxed_break(l, x, *end);
    if (i)
      *end = i;
  }
  return st;
}

/* ---- rows taller than a page ----------------------------------------------------------------------------------- */

static bool too_tall(const vb_layout *l, const vb_frag *f) {
  if (f->kind != VB_FRAG_ROW)
    return false;
  const vb_table *t = f->u.row.c->table;
  const vb_rowbox *r = &f->u.row.c->rows[f->u.row.row];
  const vb_cluster *head = r->cut ? r->after : r->carry;
  vb_len carried = (head ? head->rows[1].h : 0) + (r->after ? r->after->rows[0].h : 0);
  return f->height > l->geo.h - (t && t->repeat && !f->u.row.c->head ? t->head_height : 0) - carried;
}

/* Height of the part of fragment n that fits on this page; 0: it begins on the next one. */
static vb_len tall_part(const vb_layout *l, const fill *x, uint32_t n) {
  const vb_frag *f = &l->queue.at[n];
  const vb_cluster *carry = vb_carry_cut(l, n);
  vb_len room = l->geo.h - x->used - (n ? f->space : 0) - (carry ? carry->rows[0].h : 0);
  if (n && room < CUT_LEAST)
    return 0;
  vb_len h = vb_cluster_cut(f->u.row.c, f->u.row.row, room);
  return h || n ? h : room;
}

/* A tie would be loosened although a row of a table is what does not fit: that row is cut instead. */
static bool cut_rather(const vb_layout *l, const fill *x, uint32_t end) {
  const vb_frag *f = &l->queue.at[x->n];
  return f->kind == VB_FRAG_ROW && f->u.row.c->table && !f->u.row.c->head && x->n && (end == 0 || l->queue.at[end].rank > VB_RANK_SOFT);
}

/* ---- setting the page ------------------------------------------------------------------------------------------ */

static vb_status put_head(vb_layout *l, const vb_table *t, vb_len *top) {
  vb_cluster *c = t->head;
  vb_len y = *top;
  l->copying = true;
  vb_status st = vb_rows_put(l, (vb_part){c, 0, c->n_rows - 1}, l->geo.left, y);
  for (uint32_t r = 0; st == VB_OK && r < c->n_rows; r++) {
    st = vb_frame_row(l, c, r, y, c->rows[r].h);
    y -= c->rows[r].h;
  }
  l->copying = false;
  *top = y;
  return st;
}

/* Row 0 at the foot of a table's part, row 1 at the head of the next one. */
static vb_status put_carry(vb_layout *l, vb_cluster *c, uint32_t row, vb_len *top) {
  l->copying = true;
  vb_status st = vb_rows_put(l, (vb_part){c, row, row}, l->geo.left, *top);
  if (st == VB_OK)
    st = vb_frame_row(l, c, row, *top, c->rows[row].h);
  l->copying = false;
  *top -= c->rows[row].h;
  return st;
}

/* What a table that goes on here repeats: its head, and what the page before carried over. */
static vb_status put_again(vb_layout *l, vb_len *top) {
  const vb_table *t = continued(l);
  vb_cluster *carry = vb_carry_head(l);
  vb_status st = VB_OK;
  if (t || carry)
    vb_frame_begin(l, t ? t : carry->table, l->geo.left, *top);
  if (t)
    st = put_head(l, t, top);
  return st == VB_OK && carry ? put_carry(l, carry, 1, top) : st;
}

/* Rows of one cluster that stand on this page; *i is moved behind them. */
static vb_status put_rows(vb_layout *l, uint32_t *i, uint32_t end, vb_len *top) {
  vb_cluster *c = l->queue.at[*i].u.row.c;
  uint32_t from = l->queue.at[*i].u.row.row, to = from;
  vb_len y = *top;
  vb_status st = VB_OK;
  for (++*i; *i < end && l->queue.at[*i].kind == VB_FRAG_ROW && l->queue.at[*i].u.row.c == c; ++*i)
    to = l->queue.at[*i].u.row.row;
  if (c->table && l->frame.table != c->table) {
    st = vb_frame_end(l);
    vb_frame_begin(l, c->table, l->geo.left, y);
  }
  if (st == VB_OK)
    st = vb_rows_put(l, (vb_part){c, from, to}, l->geo.left, y);
  for (uint32_t r = from; st == VB_OK && r <= to; r++) {
    if (c->table)
      st = vb_frame_row(l, c, r, y, c->rows[r].h);
    y -= c->rows[r].h;
  }
  *top = y;
  return st;
}

static vb_status put_page(vb_layout *l, uint32_t end, bool cut) {
  vb_len top = l->geo.page_h - l->geo.top, foot = l->geo.bottom;
  l->frame.table = NULL;
  vb_status st = end ? put_again(l, &top) : VB_OK;
  for (uint32_t i = 0; st == VB_OK && i < end;) {
    const vb_frag *f = &l->queue.at[i];
    if (f->foot) {
      foot += f->height;
      st = vb_frag_put(l, f, l->geo.left, foot);
      i++;
      continue;
    }
    if (i)
      top -= f->space;
    if (f->kind == VB_FRAG_ROW) {
      st = put_rows(l, &i, end, &top);
      continue;
    }
    st = vb_frame_end(l);
    if (st == VB_OK)
      st = vb_frag_put(l, f, l->geo.left, top);
    top -= f->height;
    i++;
  }
  const vb_frag *last = end ? &l->queue.at[end - 1] : NULL;
  bool rest = cut && last && vb_cluster_left(last->u.row.c, last->u.row.row);
  vb_cluster *carry = rest ? vb_carry_cut(l, end - 1) : vb_carry_foot(l, end);
  if (st == VB_OK && carry)
    st = put_carry(l, carry, 0, &top);
  return st == VB_OK ? vb_frame_end(l) : st;
}

/* ND30: Arabic figures in the middle of the top margin, not on the first page. */
static vb_status put_number(vb_layout *l) {
  vb_para *p = NULL;
  vb_context c = {.width = l->geo.w};
  if (l->in_sequence < 2)
    return VB_OK;
  const char *n = vb_arena_printf(l->arena, "%d", l->in_sequence);
  vb_status st = n ? vb_para_make_plain(l, &c, (vb_words){l->sequence, VB_STYLE_PAGE_NUMBER, vb_span_of(n)}, &p) : VB_NOMEM;
  if (st == VB_OK)
    st = vb_para_break(l, p, c.width);
  if (st != VB_OK)
    return st;
  vb_len digit = (vb_len)((int64_t)vb_face_info_of(l->m.face[p->face])->cap_height * p->size / 1000);
  uint32_t at = l->n_boxes;
  st = vb_line_put(l, p, 0, l->geo.left, l->geo.page_h - VB_NUMBER_TOP - digit + p->ascent);
  for (; at < l->n_boxes; at++)
    l->boxes[at].artifact = true;
  return st;
}

/* Fragments that were set leave the queue; a cluster that was cut goes on with what is left. */
static vb_status drop(vb_layout *l, uint32_t end, bool cut) {
  vb_stack *q = &l->queue;
  vb_status st = VB_OK;
  q->at += end;
  q->n -= end;
  q->cap -= end;
  if (!q->n || q->at[0].kind != VB_FRAG_ROW || (!cut && q->at[0].u.row.row == 0))
    return VB_OK;
  vb_cluster *c = q->at[0].u.row.c;
  uint32_t row = q->at[0].u.row.row;
  if (cut && !vb_cluster_left(c, row))
    return drop(l, 1, false);
  if (cut)
    c->rows[row].cut = true;
  st = vb_cluster_continue(l, c, row);
  for (uint32_t i = 0; i < q->n && q->at[i].kind == VB_FRAG_ROW && q->at[i].u.row.c == c; i++)
    q->at[i].height = c->rows[q->at[i].u.row.row].h;
  return st;
}

static vb_status skip_breaks(vb_layout *l) {
  vb_status st = ensure(l, 1);
  while (st == VB_OK && l->queue.n && l->queue.at[0].kind == VB_FRAG_BREAK) {
    st = drop(l, 1, false);
    if (st == VB_OK)
      st = ensure(l, 1);
  }
  return st;
}

vb_status vb_flow_page(vb_layout *l, bool *any) {
  fill x;
  uint32_t end = 0;
  vb_len part = 0;
  vb_status st = skip_breaks(l);
  *any = st == VB_OK && l->queue.n > 0;
  if (!*any)
    return st;
  l->in_sequence++;
  st = measure(l, &x);
  if (st != VB_OK)
    return st;
  leave_room(l, &x);
  end = x.n;
  if (!x.all) {
    if (too_tall(l, &l->queue.at[x.n]))
      part = tall_part(l, &x, x.n);
    if (!part)
      st = choose(l, &x, &end);
    if (!part && st == VB_OK && cut_rather(l, &x, end))
      part = tall_part(l, &x, x.n);
    if (!part && st == VB_OK && end == 0)
      end = 1; /* taller than a page and not to be cut: set all the same */
  }
  if (st == VB_OK && part) {
    vb_frag *f = &l->queue.at[x.n];
    f->height = f->u.row.c->rows[f->u.row.row].h = part;
    end = x.n + 1;
  }
  if (st == VB_OK)
    st = put_number(l);
  if (st == VB_OK)
    st = put_page(l, end, part > 0);
  return st == VB_OK ? drop(l, part ? end - 1 : end, part > 0) : st;
}
