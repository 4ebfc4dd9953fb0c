/* pdf, inside: the boxes of a page → its content stream.
 *
 * Three passes. First every box is given its structure element, in reading order, so that elements stand in that order too. Then
 * what is drawn with lines, then all text in one text object: a text object cannot be left for a line without three operators.
 *
 * Text is shown with literal strings (half of what hexadecimal takes, and of the time to deflate it). Where spaces are stretched, Tw
 * does it: the space is the one-byte code that it looks for. Fonts for rare characters have codes of two bytes, and no space. */
#include <string.h>

#include "text/text.h"
#include "write/pdf_int.h"

#define NEAR 20000 /* 1/1000 mpt: where a run begins this close to where the last one ended, nothing moves */

/* What a marked-content sequence belongs to. */
typedef enum owner_kind { OWNER_NONE, OWNER_ELEM, OWNER_LAYOUT, OWNER_PAGE } owner_kind;
typedef struct owner { owner_kind kind; vb_elem *elem; } owner;

typedef struct pen {
  owner open;
  int font;            /* -1: none chosen */
  vb_len size;
  int32_t line_x, line_y; /* cpt: start of the line matrix */
  int64_t x;           /* of the pen, in 1/1000 mpt */
  vb_len y;
  bool placed;         /* a run stands in this text object */
  uint32_t fill, stroke;
  vb_len weight;
  vb_len space;        /* added to each space */
} pen;

static void op(vb_pdf *p, const char *s) { vb_buf_str(&p->ops, s); }

/* ---- marked content ----------------------------------------------------------------------------------------- */

static void close_owner(vb_pdf *p, pen *n)
{
  if (n->open.kind != OWNER_NONE) op(p, "EMC\n");
  n->open = (owner){OWNER_NONE, NULL};
}

static vb_status open_owner(vb_pdf *p, pen *n, owner want)
{
  if (n->open.kind == want.kind && n->open.elem == want.elem) return VB_OK;
  close_owner(p, n);
  n->open = want;
  if (want.kind == OWNER_LAYOUT) op(p, "/Artifact<</Type/Layout>>BDC\n");
  if (want.kind == OWNER_PAGE) op(p, "/Artifact<</Type/Pagination>>BDC\n");
  if (want.kind != OWNER_ELEM) return VB_OK;
  uint32_t mcid;
  if (!vb_elem_mark(p, want.elem, &mcid)) return VB_NOMEM;
  vb_buf_char(&p->ops, '/');
  op(p, vb_tag_name((vb_tag)want.elem->tag));
  op(p, "<</MCID ");
  vb_buf_int(&p->ops, mcid);
  op(p, ">>BDC\n");
  return VB_OK;
}

/* ---- lines, frames, fills ----------------------------------------------------------------------------------- */

/* 0xRRGGBB as three numbers of 0 to 1 with three places; shorter as grey. */
static void put_color(vb_pdf *p, uint32_t color, const char *gray, const char *rgb)
{
  uint32_t c[3] = {color >> 16 & 255, color >> 8 & 255, color & 255};
  bool is_gray = c[0] == c[1] && c[1] == c[2];
  for (int i = 0; i < (is_gray ? 1 : 3); i++) {
    uint32_t milli = (c[i] * 1000 + 127) / 255;
    if (milli % 1000 == 0)
      vb_buf_char(&p->ops, milli == 0 ? '0' : '1');
    else
      vb_buf_printf(&p->ops, ".%03u", (unsigned)milli);
    vb_buf_char(&p->ops, ' ');
  }
  op(p, is_gray ? gray : rgb);
  vb_buf_char(&p->ops, '\n');
}

static void set_fill(vb_pdf *p, pen *n, uint32_t color)
{
  if (n->fill != color) put_color(p, color, "g", "rg");
  n->fill = color;
}

static void set_stroke(vb_pdf *p, pen *n, uint32_t color, vb_len weight)
{
  if (n->stroke != color) put_color(p, color, "G", "RG");
  n->stroke = color;
  if (n->weight == weight) return;
  vb_pdf_cpt_add(&p->ops, vb_pdf_cpt(weight), ' ');
  op(p, "w\n");
  n->weight = weight;
}

static void put_point(vb_pdf *p, vb_len x, vb_len y)
{
  vb_pdf_cpt_add(&p->ops, vb_pdf_cpt(x), ' ');
  vb_pdf_cpt_add(&p->ops, vb_pdf_cpt(y), ' ');
}

static void draw(vb_pdf *p, pen *n, const vb_box *b)
{
  if (b->kind == VB_BOX_FILL)
    set_fill(p, n, b->color);
  else
    set_stroke(p, n, b->color, b->weight);
  put_point(p, b->x, b->y);
  if (b->kind == VB_BOX_LINE) {
    op(p, "m ");
    put_point(p, b->x + b->w, b->y + b->h);
    op(p, "l S\n");
  } else {
    put_point(p, b->w, b->h);
    op(p, b->kind == VB_BOX_FILL ? "re f\n" : "re S\n");
  }
}

/* A figure's element tells how much of the page it takes. */
static vb_status widen(vb_pdf *p, vb_elem *e, const vb_box *b)
{
  if (e->tag != VB_TAG_FIGURE) return VB_OK;
  vb_len w = b->w < 0 ? 0 : b->w, h = b->h < 0 ? 0 : b->h; /* a line may go down or back */
  vb_len x = b->w < 0 ? b->x + b->w : b->x, y = b->h < 0 ? b->y + b->h : b->y;
  if (b->w < 0) w = -b->w;
  if (b->h < 0) h = -b->h;
  vb_len *box = e->box;
  if (!box) {
    box = e->box = VB_NEW_ARRAY(p->arena, vb_len, 4);
    if (!box) return VB_NOMEM;
    box[0] = x, box[1] = y, box[2] = w, box[3] = h;
    return VB_OK;
  }
  vb_len right = box[0] + box[2] > x + w ? box[0] + box[2] : x + w, top = box[1] + box[3] > y + h ? box[1] + box[3] : y + h;
  if (x < box[0]) box[0] = x;
  if (y < box[1]) box[1] = y;
  box[2] = right - box[0];
  box[3] = top - box[1];
  return VB_OK;
}

static vb_status draw_all(vb_pdf *p, pen *n, const owner *owners)
{
  vb_status st = VB_OK;
  for (uint32_t i = 0; st == VB_OK && i < p->page->n_boxes; i++) {
    const vb_box *b = &p->page->boxes[i];
    if (b->kind != VB_BOX_LINE && b->kind != VB_BOX_FRAME && b->kind != VB_BOX_FILL) continue;
    st = open_owner(p, n, owners[i].elem ? owners[i] : (owner){OWNER_LAYOUT, NULL});
    if (st == VB_OK) draw(p, n, b);
  }
  close_owner(p, n);
  return st;
}

/* ---- text --------------------------------------------------------------------------------------------------- */

static void set_font(vb_pdf *p, pen *n, int font, vb_len size)
{
  if (n->font == font && n->size == size) return;
  vb_buf_char(&p->ops, '/');
  op(p, vb_pdf_font_name(font));
  vb_buf_char(&p->ops, ' ');
  vb_pdf_cpt_add(&p->ops, vb_pdf_cpt(size), ' ');
  op(p, "Tf\n");
  n->font = font;
  n->size = size;
}

static void move_to(vb_pdf *p, pen *n, vb_len x, vb_len y)
{
  int64_t off = n->x - (int64_t)x * 1000;
  if (n->placed && y == n->y && off <= NEAR && off >= -NEAR) return;
  int32_t cx = vb_pdf_cpt(x), cy = vb_pdf_cpt(y);
  vb_pdf_cpt_add(&p->ops, cx - n->line_x, ' ');
  vb_pdf_cpt_add(&p->ops, cy - n->line_y, ' ');
  op(p, "Td\n");
  n->line_x = cx;
  n->line_y = cy;
  n->x = (int64_t)cx * 10000;
  n->y = y;
  n->placed = true;
}

static void set_space(vb_pdf *p, pen *n, vb_len space)
{
  char *o = vb_buf_room(&p->ops, 32);
  if (!o) return;
  p->ops.n = (size_t)(vb_pdf_put_milli(o, space) - p->ops.p);
  op(p, " Tw\n");
  n->space = space;
}

/* The run of a box that is being shown with one font. */
typedef struct shown {
  const char *s, *end;
  char *out;        /* in p->ops, with room for the whole run */
} shown;

static char *put_code(char *o, uint32_t code) { return vb_pdf_put_byte(vb_pdf_put_byte(o, (uint8_t)(code >> 8)), (uint8_t)code); }

/* Codes of the base subset until a character that it lacks. */
static void show_base(vb_pdf *p, pen *n, shown *r, const vb_box *b)
{
  const vb_pdf_face *face = &p->warm->face[b->face];
  const vb_pdf_code *codes = face->codes;
  const uint16_t *glyphs = face->glyphs;
  uint8_t *used = p->font[b->face].used;
  const char *s = r->s, *end = r->end;
  char *o = r->out;
  int64_t width = 0, spaces = 0;
  while (s < end) {
    const char *at = s;
    uint32_t c = vb_utf8_next(&s, end);
    uint16_t id = c < VB_DENSE ? glyphs[c] : vb_subset_glyph(face->map, c);
    if (id == 0) {
      s = at;
      break;
    }
    const vb_pdf_code *k = &codes[id];
    used[id] = 1;
    width += k->width;
    spaces += k->space;
    memcpy(o, k->bytes, sizeof k->bytes); /* all four: the next one begins where this one ends */
    o += k->n;
  }
  r->s = s;
  r->out = o;
  n->x += width * b->h + spaces * n->space * 1000;
}

/* Codes of the font for rare characters until one that the base subset has. False when out of memory. */
static bool show_rare(vb_pdf *p, pen *n, shown *r, const vb_box *b)
{
  const vb_pdf_face *face = &p->warm->face[b->face];
  const vb_face *f = vb_fontset_face(p->warm->fonts, (vb_face_id)b->face);
  while (r->s < r->end) {
    const char *at = r->s;
    uint32_t c = vb_utf8_next(&r->s, r->end);
    if (vb_subset_glyph(face->map, c) != 0) {
      r->s = at;
      return true;
    }
    uint16_t code = vb_pdf_font_rare(p, (vb_face_id)b->face, c);
    if (code == 0) return false;
    r->out = put_code(r->out, code);
    n->x += (int64_t)vb_face_width(f, c) * b->h;
  }
  return true;
}

/* Never false for a text with a space, or a no-break space, which is drawn as one. */
static bool has_space(vb_span s) { return memchr(s.p, ' ', s.n) || memchr(s.p, 0xA0, s.n); }

static vb_status show(vb_pdf *p, pen *n, const vb_box *b)
{
  shown r = {b->text.p, b->text.p + b->text.n, NULL};
  set_fill(p, n, b->color);
  move_to(p, n, b->x, b->y);
  while (r.s < r.end) {
    const char *look = r.s;
    uint32_t c = vb_utf8_next(&look, r.end);
    const vb_pdf_face *face = &p->warm->face[b->face];
    bool rare = (c < VB_DENSE ? face->glyphs[c] : vb_subset_glyph(face->map, c)) == 0;
    int font = b->face + (rare ? VB_FACES : 0);
    if (!vb_pdf_font_use(p, font)) return VB_NOMEM;
    set_font(p, n, font, b->h);
    if (!rare && n->space != b->space && has_space((vb_span){r.s, (size_t)(r.end - r.s)})) set_space(p, n, b->space);
    r.out = vb_buf_room(&p->ops, 4 * (size_t)(r.end - r.s) + 16); /* a byte gives at most four */
    if (!r.out) return VB_NOMEM;
    *r.out++ = '(';
    if (rare && !show_rare(p, n, &r, b)) return VB_NOMEM;
    if (!rare) show_base(p, n, &r, b);
    memcpy(r.out, ")Tj\n", 4);
    p->ops.n = (size_t)(r.out - p->ops.p) + 4;
  }
  return VB_OK;
}

static vb_status show_space(vb_pdf *p, pen *n, const vb_box *b)
{
  vb_box space = *b;
  space.text = VB_LIT(" ");
  space.space = n->space;
  space.x = (vb_len)(n->x / 1000); /* where the pen is: nothing moves */
  return show(p, n, &space);
}

/* Whether a run ends a word though nothing in it says so: before a line break of the text, and each label of a chart. Words of the next
 * line would be joined to it where text is taken out by structure. */
static bool ends_word(const vb_page *page, uint32_t i, const vb_elem *e)
{
  const vb_box *b = &page->boxes[i];
  if (!e || b->soft_space) return false;
  if (e->tag == VB_TAG_FIGURE) return true;
  bool broken = b->line_end && b->node->next && b->node->next->kind == VB_NODE_BREAK;
  return broken && (i + 1 == page->n_boxes || page->boxes[i + 1].node != b->node);
}

static vb_status show_all(vb_pdf *p, pen *n, const owner *owners)
{
  vb_status st = VB_OK;
  op(p, "BT\n");
  for (uint32_t i = 0; st == VB_OK && i < p->page->n_boxes; i++) {
    const vb_box *b = &p->page->boxes[i];
    if (b->kind != VB_BOX_TEXT || b->text.n == 0) continue;
    st = open_owner(p, n, owners[i].elem ? owners[i] : (owner){OWNER_PAGE, NULL});
    if (st == VB_OK) st = show(p, n, b);
    if (st == VB_OK && ends_word(p->page, i, owners[i].elem)) st = show_space(p, n, b);
    if (owners[i].elem) vb_pdf_figure(p, b);
  }
  close_owner(p, n);
  op(p, "ET\n");
  return st;
}

/* ---- the page ----------------------------------------------------------------------------------------------- */

static vb_status find_owners(vb_pdf *p, owner *owners)
{
  vb_status st = VB_OK;
  for (uint32_t i = 0; st == VB_OK && i < p->page->n_boxes; i++) {
    const vb_box *b = &p->page->boxes[i];
    if (b->kind == VB_BOX_SLOT)
      st = vb_pdf_slot(p, b);
    else
      st = vb_pdf_tags_find(p, b, &owners[i].elem);
    owners[i].kind = OWNER_ELEM;
    if (st == VB_OK && owners[i].elem) st = widen(p, owners[i].elem, b);
  }
  return st;
}

vb_status vb_pdf_page(vb_pdf *p, const vb_page *page)
{
  p->page = page;
  uint32_t key = vb_pdf_tree_page_begin(p);
  p->page_object = vb_hpdf_page_begin(p->h, &(vb_hpdf_page){page->width, page->height, p->resources, key});
  if (p->page_object == 0) return vb_hpdf_status(p->diag, p->h);
  vb_pdf_label(p);

  owner *owners = vb_mem_zalloc(((size_t)page->n_boxes + 1) * sizeof *owners);
  vb_buf widgets;
  vb_buf_init(&widgets);
  pen n = {.font = -1, .weight = VB_PT(1)};
  vb_buf_clear(&p->ops);
  vb_status st = owners ? find_owners(p, owners) : VB_NOMEM;
  if (st == VB_OK) st = draw_all(p, &n, owners);
  if (st == VB_OK) st = show_all(p, &n, owners);
  if (st != VB_OK) goto out;
  vb_pdf_tree_page_end(p);
  st = vb_pdf_form_page_end(p, &widgets);
  vb_buf_clear(&p->packed);
  vb_pdf_deflate((vb_span){p->ops.p, p->ops.n}, VB_PDF_LEVEL_DOCUMENT, &p->packed);
  if (p->ops.failed || p->packed.failed || widgets.failed) st = VB_NOMEM;
  if (st == VB_OK)
    vb_hpdf_page_end(p->h, (vb_span){p->packed.p, p->packed.n}, (const vb_hpdf_id *)(const void *)widgets.p,
                     widgets.n / sizeof(vb_hpdf_id));
  if (st == VB_OK) st = vb_hpdf_status(p->diag, p->h);
out:
  vb_buf_free(&widgets);
  vb_mem_free(owners);
  return st;
}
