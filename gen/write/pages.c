/* The pages as text: one box a line, in the order of layout, lengths in points with one decimal. For golden tests. Part of room write.
 *
 *   page 2 of "Phụ lục I" 297.0x210.0 mm
 *     text 85.0 770.2 w 250.3 b13 "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
 *     line 112.4 741.0 161.0x0.0 0.8
 *
 * text: x and baseline from the lower left corner, set width, face (r b i bi) and size, then what is set, and marks: space=
 * what each space gets more (in points, three decimals), ~ for a line that ends at a space, | for one that ends otherwise, label,
 * copy, artifact. frame, fill, slot: lower left corner and size.
 *
 * Invariant: the same pages give the same bytes; no address, no clock, no file name. */
#include "write/write_int.h"

static const char *const faces[VB_FACES] = {"r", "b", "i", "bi"};
static const char *const kinds[] = {"text", "line", "frame", "fill", "slot"};

/* v / 10^places with `shown` decimals, rounded half away from zero. */
static void fixed(vb_buf *b, int64_t v, int places, int shown) {
  int64_t cut = 1, unit = 1;
  for (int i = shown; i < places; i++)
    cut *= 10;
  for (int i = 0; i < shown; i++)
    unit *= 10;
  int64_t a = v < 0 ? -v : v, r = (a + cut / 2) / cut;
  if (v < 0 && r > 0)
    vb_buf_char(b, '-');
  vb_buf_int(b, r / unit);
  if (shown)
    vb_buf_printf(b, ".%0*lld", shown, (long long)(r % unit));
}

static void pt(vb_buf *b, vb_len v) {
  vb_buf_char(b, ' ');
  fixed(b, v, 3, 1);
}

static void mm(vb_buf *b, vb_len v) { fixed(b, ((int64_t)v * 254 + 360) / 720, 3, 1); }

static void quoted(vb_buf *b, vb_span s) {
  vb_buf_str(b, " \"");
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '"' || s.p[i] == '\\')
      vb_buf_char(b, '\\');
    if (s.p[i] == '\xc2' && i + 1 < s.n && s.p[i + 1] == '\xa0') {
      vb_buf_str(b, "\\_");
      i++;
    } else {
      vb_buf_char(b, s.p[i]);
    }
  }
  vb_buf_char(b, '"');
}

static void text_box(vb_buf *b, const vb_box *x) {
  vb_buf_str(b, " w");
  pt(b, x->w);
  vb_buf_printf(b, " %s", faces[x->face]);
  fixed(b, x->h, 3, x->h % 1000 ? 1 : 0);
  quoted(b, x->text);
  if (x->space) {
    vb_buf_str(b, " space=");
    fixed(b, x->space, 3, 3);
  }
  if (x->line_end)
    vb_buf_str(b, x->soft_space ? " ~" : " |");
}

static void one_box(vb_buf *b, const vb_box *x) {
  vb_buf_printf(b, "  %s", kinds[x->kind]);
  pt(b, x->x);
  pt(b, x->y);
  if (x->kind == VB_BOX_TEXT) {
    text_box(b, x);
  } else {
    pt(b, x->w);
    vb_buf_char(b, 'x');
    fixed(b, x->h, 3, 1);
  }
  if (x->kind == VB_BOX_LINE || x->kind == VB_BOX_FRAME)
    pt(b, x->weight);
  if (x->kind == VB_BOX_SLOT)
    quoted(b, vb_span_of(x->node->u.slot.name));
  if (x->color)
    vb_buf_printf(b, " #%06x", (unsigned)x->color);
  if (x->label)
    vb_buf_str(b, " label");
  if (x->repeated)
    vb_buf_str(b, " copy");
  if (x->artifact && x->kind == VB_BOX_TEXT && !x->repeated)
    vb_buf_str(b, " artifact");
  vb_buf_char(b, '\n');
}

static void one_page(vb_buf *b, const vb_page *p) {
  vb_buf_printf(b, "page %d", p->number);
  if (p->sequence->u.sequence.title) {
    vb_buf_str(b, " of");
    quoted(b, vb_span_of(p->sequence->u.sequence.title));
  }
  vb_buf_char(b, ' ');
  mm(b, p->width);
  vb_buf_char(b, 'x');
  mm(b, p->height);
  vb_buf_str(b, " mm\n");
  for (uint32_t i = 0; i < p->n_boxes; i++)
    one_box(b, &p->boxes[i]);
}

/* Slots of the page are told as the PDF writer tells them: the list is made anew, twice as long, when it is full. */
static vb_status tell_slots(const vb_page *p, vb_arena *a, vb_written *told, uint32_t *cap) {
  for (uint32_t i = 0; i < p->n_boxes; i++) {
    const vb_box *x = &p->boxes[i];
    if (x->kind != VB_BOX_SLOT)
      continue;
    if (told->n_slots == *cap) {
      vb_slot_place *grown = VB_NEW_ARRAY(a, vb_slot_place, *cap ? *cap * 2 : 8);
      if (!grown)
        return VB_NOMEM;
      for (uint32_t k = 0; k < told->n_slots; k++)
        grown[k] = told->slots[k];
      told->slots = grown;
      *cap = *cap ? *cap * 2 : 8;
    }
    told->slots[told->n_slots++] = (vb_slot_place){x->node->u.slot.name, x->node->u.slot.kind, p->index + 1, x->x, x->y, x->w, x->h};
  }
  return VB_OK;
}

vb_status vb_write_pages(vb_diag *d, const vb_doc *doc, const vb_write_options *o, vb_arena *a, vb_buf *out, vb_written *told) {
  vb_layout *l = NULL;
  const vb_page *page = NULL;
  uint32_t cap = 0;
  vb_status st = vb_layout_open(d, doc, o->fonts, o->only, &l);
  *told = (vb_written){0};
  while (st == VB_OK && (st = vb_layout_next(l, &page)) == VB_OK) {
    one_page(out, page);
    told->pages++;
    st = tell_slots(page, a, told, &cap);
  }
  if (l)
    told->stats = vb_layout_stats_get(l);
  vb_layout_close(l);
  if (st == VB_DONE)
    st = out->failed ? VB_NOMEM : VB_OK;
  return st;
}
