/* null: lays a document out and writes nothing. For figures of the layout alone, and for those who only want to know pages, slots and
 * statistics. */
#include "write/write_int.h"

static vb_status note_slots(const vb_page *page, vb_buf *slots)
{
  for (uint32_t i = 0; i < page->n_boxes; i++) {
    const vb_box *b = &page->boxes[i];
    if (b->kind != VB_BOX_SLOT) continue;
    vb_slot_place place = {b->node->u.slot.name, b->node->u.slot.kind, page->index + 1, b->x, b->y, b->w, b->h};
    vb_buf_add(slots, &place, sizeof place);
  }
  return slots->failed ? VB_NOMEM : VB_OK;
}

vb_status vb_write_null(vb_diag *d, const vb_doc *doc, const vb_write_options *o, vb_arena *a, vb_buf *out, vb_written *told)
{
  (void)out;
  *told = (vb_written){0};
  vb_layout *layout;
  vb_status st = vb_layout_open(d, doc, o->fonts, o->only, &layout);
  if (st != VB_OK) return st;
  vb_buf slots;
  vb_buf_init(&slots);
  const vb_page *page;
  while ((st = vb_layout_next(layout, &page)) == VB_OK) {
    told->pages++;
    st = note_slots(page, &slots);
    if (st != VB_OK) break;
  }
  if (st == VB_DONE) {
    told->n_slots = (uint32_t)(slots.n / sizeof *told->slots);
    told->slots = vb_arena_copy(a, slots.p, slots.n);
    st = told->slots ? VB_OK : VB_NOMEM;
  }
  told->stats = vb_layout_stats_get(layout);
  vb_buf_free(&slots);
  vb_layout_close(layout);
  return st;
}
