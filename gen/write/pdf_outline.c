/* pdf, inside: bookmarks from headings and appendices, page labels from sequences. */
#include <string.h>

#include "write/pdf_int.h"

#define BOOKMARK_LEVELS 3
#define OPEN_LEVEL 2 /* shown when a reader opens the file: the title and its parts */

/* Text of a heading as typed, its number first. */
static void heading_text(const vb_node *heading, vb_buf *out)
{
  if (heading->label) {
    vb_buf_str(out, heading->label);
    vb_buf_char(out, ' ');
  }
  for (const vb_node *n = heading->first; n; n = n->next) {
    if (n->kind == VB_NODE_TEXT || n->kind == VB_NODE_FIGURE) vb_buf_span(out, n->u.text.text);
    if (n->kind == VB_NODE_BREAK) vb_buf_char(out, ' ');
  }
}

static vb_status add(vb_pdf *p, const char *title, int level, vb_len top)
{
  vb_bookmark *m = VB_NEW(p->arena, vb_bookmark);
  if (!m || !title) return VB_NOMEM;
  *m = (vb_bookmark){NULL, title, p->page_object, top, level};
  if (p->last_bookmark)
    p->last_bookmark->next = m;
  else
    p->bookmarks = m;
  p->last_bookmark = m;
  return VB_OK;
}

vb_status vb_pdf_bookmark(vb_pdf *p, const vb_node *heading, int level, vb_len top)
{
  if (level > BOOKMARK_LEVELS) return VB_OK;
  const char *title = p->job->doc->meta.title;
  const vb_node *seq = p->page->sequence;
  if (heading->style == VB_STYLE_TITLE && title) return add(p, title, level, top); /* "BÁO CÁO" alone says nothing */
  if (heading->style == VB_STYLE_APPENDIX_LABEL && seq->u.sequence.title) return add(p, seq->u.sequence.title, level, top);
  vb_buf text;
  vb_buf_init(&text);
  heading_text(heading, &text);
  vb_status st = text.failed ? VB_NOMEM : text.n == 0 ? VB_OK : add(p, vb_arena_str(p->arena, text.p, text.n), level, top);
  vb_buf_free(&text);
  return st;
}

/* ---- printing ----------------------------------------------------------------------------------------------- */

/* A bookmark in the tree, by index + 1; 0: none. */
typedef struct linked { uint32_t parent, first, last, prev, next, kids; vb_hpdf_id object; const vb_bookmark *mark; } linked;

static void link_all(linked *l, uint32_t n)
{
  uint32_t open[BOOKMARK_LEVELS + 1] = {0}; /* the last one of each level; [0] is the root */
  for (uint32_t i = 1; i <= n; i++) {
    int level = l[i].mark->level;
    while (level > 1 && open[level - 1] == 0) level--;
    uint32_t parent = level > 1 ? open[level - 1] : 0;
    l[i].parent = parent;
    l[i].prev = l[parent].last;
    if (l[parent].last != 0)
      l[l[parent].last].next = i;
    else
      l[parent].first = i;
    l[parent].last = i;
    l[parent].kids++;
    open[level] = i;
    for (int k = level + 1; k <= BOOKMARK_LEVELS; k++) open[k] = 0;
  }
}

static void print_link(vb_buf *b, const char *key, const linked *l, uint32_t to)
{
  if (to != 0) vb_pdf_entry_ref(b, key, l[to].object);
}

/* Of level 1 the children are shown, so the root counts them too; below that they are folded. */
static int64_t shown_kids(const linked *l, uint32_t i)
{
  if (i != 0) return l[i].mark->level < OPEN_LEVEL ? (int64_t)l[i].kids : -(int64_t)l[i].kids;
  int64_t n = l[0].kids;
  for (uint32_t k = l[0].first; k != 0; k = l[k].next)
    if (l[k].mark->level < OPEN_LEVEL) n += l[k].kids;
  return n;
}

static void print_item(vb_pdf *p, const linked *l, uint32_t i)
{
  vb_buf *b = &p->text;
  vb_buf_clear(b);
  if (i == 0) {
    vb_buf_str(b, "/Type/Outlines");
  } else {
    vb_buf_str(b, "/Title");
    vb_pdf_string(b, vb_span_of(l[i].mark->title));
    vb_pdf_entry_ref(b, "Parent", l[l[i].parent].object);
    print_link(b, "Prev", l, l[i].prev);
    print_link(b, "Next", l, l[i].next);
    vb_buf_str(b, "/Dest[");
    vb_pdf_ref(b, l[i].mark->page);
    vb_buf_str(b, "/XYZ null ");
    vb_pdf_cpt_add(b, vb_pdf_cpt(l[i].mark->top), ' ');
    vb_buf_str(b, "null]");
  }
  print_link(b, "First", l, l[i].first);
  print_link(b, "Last", l, l[i].last);
  if (l[i].kids > 0) vb_pdf_entry_int(b, "Count", shown_kids(l, i));
  vb_hpdf_fill(p->h, l[i].object, (vb_span){b->p, b->n});
}

static void put_labels(vb_pdf *p, vb_buf *catalog)
{
  vb_buf_str(catalog, "/PageLabels<</Nums[");
  vb_buf_add(catalog, p->labels.p, p->labels.n);
  vb_buf_str(catalog, "]>>");
}

void vb_pdf_outline_entries(vb_pdf *p, vb_buf *catalog)
{
  put_labels(p, catalog);
  uint32_t n = 0;
  for (const vb_bookmark *m = p->bookmarks; m; m = m->next) n++;
  if (n == 0) return;
  linked *l = VB_NEW_ARRAY(p->arena, linked, n + 1);
  if (!l) {
    catalog->failed = true;
    return;
  }
  uint32_t i = 0;
  l[0].object = vb_hpdf_text(p->h, VB_LIT(""));
  for (const vb_bookmark *m = p->bookmarks; m; m = m->next) {
    l[++i].mark = m;
    l[i].object = vb_hpdf_text(p->h, VB_LIT(""));
  }
  link_all(l, n);
  for (i = 0; i <= n; i++) print_item(p, l, i);
  vb_pdf_entry_ref(catalog, "Outlines", l[0].object);
  vb_buf_str(catalog, "/PageMode/UseOutlines");
}

/* Pages are called as they are numbered: 1, 2 … in the body, PL1-1, PL1-2 … in an appendix (PL-1 in an only one). */
void vb_pdf_label(vb_pdf *p)
{
  const vb_page *page = p->page;
  if (!page->first_of_sequence && page->index != 0) return;
  vb_buf *b = &p->labels;
  vb_buf_int(b, page->index);
  vb_buf_str(b, "<</S/D");
  if (page->number != 1) vb_pdf_entry_int(b, "St", page->number);
  if (page->sequence && page->sequence->u.sequence.role == VB_SEQ_APPENDIX) {
    vb_buf_str(b, "/P(PL");
    if (page->sequence->u.sequence.number > 0) vb_buf_int(b, page->sequence->u.sequence.number);
    vb_buf_str(b, "-)");
  }
  vb_buf_str(b, ">>");
}
