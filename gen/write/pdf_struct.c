/* pdf, inside: structure elements as objects, and the parent tree that leads from content back to them.
 *
 * An element is a record and an empty dictionary of the library whose entries are printed when the file is written: a table of
 * 100,000 rows has 600,000 of them. The parent tree grows with the pages and is put down in leaves, so that no array of it is
 * longer than what a page holds. */
#include "write/pdf_int.h"

#define LEAF_KEYS 32 /* of the parent tree */

const char *vb_tag_name(vb_tag tag)
{
  static const char *const name[VB_TAGS] = {
    [VB_TAG_DOCUMENT] = "Document", [VB_TAG_SECT] = "Sect", [VB_TAG_P] = "P", [VB_TAG_H1] = "H1", [VB_TAG_H2] = "H2",
    [VB_TAG_H3] = "H3", [VB_TAG_H4] = "H4", [VB_TAG_H5] = "H5", [VB_TAG_H6] = "H6", [VB_TAG_L] = "L", [VB_TAG_LI] = "LI",
    [VB_TAG_LBL] = "Lbl", [VB_TAG_LBODY] = "LBody", [VB_TAG_TABLE] = "Table", [VB_TAG_THEAD] = "THead", [VB_TAG_TBODY] = "TBody",
    [VB_TAG_TR] = "TR", [VB_TAG_TH] = "TH", [VB_TAG_TD] = "TD", [VB_TAG_FIGURE] = "Figure", [VB_TAG_FORM] = "Form",
  };
  return name[tag];
}

/* ---- printing ----------------------------------------------------------------------------------------------- */

static void print_span_of(vb_buf *b, const char *key, int n)
{
  if (n > 1) vb_pdf_entry_int(b, key, n);
}

/* Attributes: what a reader needs to know of a cell, a list, a figure. */
static void print_attributes(const vb_elem *e, vb_buf *b)
{
  if (e->tag == VB_TAG_FIGURE && e->box) {
    vb_buf_str(b, "/A<</O/Layout/Placement/Block");
    vb_pdf_rect(b, "BBox", e->box);
    vb_buf_str(b, ">>");
  }
  if (e->tag == VB_TAG_L && e->text) {
    vb_buf_str(b, "/A<</O/List/ListNumbering/");
    vb_buf_str(b, e->text);
    vb_buf_str(b, ">>");
  }
  if (e->tag == VB_TAG_TABLE && e->text) {
    vb_buf_str(b, "/A<</O/Table/Summary");
    vb_pdf_string(b, vb_span_of(e->text));
    vb_buf_str(b, ">>");
  }
  if (e->scope != 0 || e->colspan > 1 || e->rowspan > 1) {
    vb_buf_str(b, "/A<</O/Table");
    if (e->scope != 0) vb_buf_str(b, e->scope == 'C' ? "/Scope/Column" : "/Scope/Row");
    print_span_of(b, "ColSpan", e->colspan);
    print_span_of(b, "RowSpan", e->rowspan);
    vb_buf_str(b, ">>");
  }
}

/* Several sequences: numbers on the page that /Pg names, dictionaries on others. */
static void print_marks(const vb_elem *e, vb_buf *b)
{
  vb_pdf_entry_ref(b, "Pg", e->mark.page);
  if (!e->more) {
    vb_pdf_entry_int(b, "K", e->mark.mcid);
    return;
  }
  vb_buf_str(b, "/K[");
  vb_buf_int(b, e->mark.mcid);
  for (const vb_mark *m = e->more; m; m = m->next) {
    if (m->page == e->mark.page) {
      vb_buf_char(b, ' ');
      vb_buf_int(b, m->mcid);
    } else {
      vb_buf_str(b, "<</Type/MCR");
      vb_pdf_entry_ref(b, "Pg", m->page);
      vb_pdf_entry_int(b, "MCID", m->mcid);
      vb_buf_str(b, ">>");
    }
  }
  vb_buf_char(b, ']');
}

static void print_kids(const vb_elem *e, vb_buf *b)
{
  vb_buf_str(b, "/K[");
  for (const vb_elem *k = e->first; k; k = k->next) {
    vb_pdf_ref(b, k->object);
    if (k->next) vb_buf_char(b, ' ');
  }
  vb_buf_char(b, ']');
}

static void print_elem(const void *ctx, vb_buf *b)
{
  const vb_elem *e = ctx;
  vb_buf_str(b, "/S/");
  vb_buf_str(b, vb_tag_name((vb_tag)e->tag));
  vb_pdf_entry_ref(b, "P", e->parent->object);
  if (e->tag == VB_TAG_FIGURE && e->text) {
    vb_buf_str(b, "/Alt");
    vb_pdf_string(b, vb_span_of(e->text));
  }
  print_attributes(e, b);
  if (e->annotation != 0) {
    vb_pdf_entry_ref(b, "Pg", e->mark.page);
    vb_buf_str(b, "/K<</Type/OBJR");
    vb_pdf_entry_ref(b, "Obj", e->annotation);
    vb_pdf_entry_ref(b, "Pg", e->mark.page);
    vb_buf_str(b, ">>");
  } else if (e->mark.page != 0) {
    print_marks(e, b);
  } else if (e->first) {
    print_kids(e, b);
  }
}

/* ---- building ----------------------------------------------------------------------------------------------- */

vb_elem *vb_elem_new(vb_pdf *p, vb_elem *parent, vb_tag tag)
{
  vb_elem *e = VB_NEW(p->arena, vb_elem);
  if (!e) return NULL;
  e->tag = (uint8_t)tag;
  e->parent = parent;
  e->object = vb_hpdf_dict(p->h, print_elem, e);
  if (e->object == 0) return NULL;
  if (parent->last)
    parent->last->next = e;
  else
    parent->first = e;
  parent->last = e;
  return e;
}

bool vb_elem_mark(vb_pdf *p, vb_elem *e, uint32_t *mcid)
{
  vb_mark *m = &e->mark;
  if (m->page != 0) {
    vb_mark **tail = &e->more;
    while (*tail) tail = &(*tail)->next;
    m = *tail = VB_NEW(p->arena, vb_mark);
    if (!m) return false;
  }
  m->page = p->page_object;
  m->mcid = *mcid = p->tree.mcids++;
  vb_pdf_ref(&p->tree.marks, e->object);
  vb_buf_char(&p->tree.marks, ' ');
  return true;
}

vb_status vb_pdf_tree_begin(vb_pdf *p)
{
  vb_buf_init(&p->tree.marks);
  vb_buf_init(&p->tree.nums);
  vb_buf_init(&p->tree.leaves);
  p->tree.root.object = vb_hpdf_text(p->h, VB_LIT(""));
  p->tree.document = vb_elem_new(p, &p->tree.root, VB_TAG_DOCUMENT);
  return p->tree.document ? VB_OK : VB_NOMEM;
}

/* ---- parent tree -------------------------------------------------------------------------------------------- */

static void end_leaf(vb_pdf *p)
{
  vb_pdf_tree *t = &p->tree;
  if (t->leaf_count == 0) return;
  vb_buf_clear(&p->text);
  vb_buf_printf(&p->text, "/Limits[%u %u]/Nums[", (unsigned)t->leaf_first, (unsigned)(t->leaf_first + t->leaf_count - 1));
  vb_buf_add(&p->text, t->nums.p, t->nums.n);
  vb_buf_char(&p->text, ']');
  vb_pdf_ref(&t->leaves, vb_hpdf_text(p->h, (vb_span){p->text.p, p->text.n}));
  vb_buf_char(&t->leaves, ' ');
  vb_buf_clear(&t->nums);
  t->leaf_count = 0;
}

/* Starts the entry of the next key; the value follows in t->nums. */
static uint32_t next_key(vb_pdf *p)
{
  vb_pdf_tree *t = &p->tree;
  if (t->leaf_count == LEAF_KEYS) end_leaf(p);
  if (t->leaf_count == 0) t->leaf_first = t->next_key;
  t->leaf_count++;
  vb_buf_int(&t->nums, t->next_key);
  vb_buf_char(&t->nums, ' ');
  return t->next_key++;
}

uint32_t vb_elem_key(vb_pdf *p, const vb_elem *e)
{
  uint32_t key = next_key(p);
  vb_pdf_ref(&p->tree.nums, e->object);
  vb_buf_char(&p->tree.nums, ' ');
  return key;
}

/* The page's key is known when it begins and taken when it ends; keys of its annotations follow (a number tree is sorted). */
uint32_t vb_pdf_tree_page_begin(vb_pdf *p)
{
  p->tree.mcids = 0;
  vb_buf_clear(&p->tree.marks);
  return p->tree.next_key;
}

void vb_pdf_tree_page_end(vb_pdf *p)
{
  next_key(p);
  vb_buf_char(&p->tree.nums, '[');
  vb_buf_add(&p->tree.nums, p->tree.marks.p, p->tree.marks.n);
  vb_buf_char(&p->tree.nums, ']');
}

void vb_pdf_tree_end(vb_pdf *p)
{
  vb_pdf_tree *t = &p->tree;
  end_leaf(p);
  vb_buf_clear(&p->text);
  vb_buf_str(&p->text, "/Kids[");
  vb_buf_add(&p->text, t->leaves.p, t->leaves.n);
  vb_buf_char(&p->text, ']');
  vb_hpdf_id parents = vb_hpdf_text(p->h, (vb_span){p->text.p, p->text.n});
  vb_buf_clear(&p->text);
  vb_buf_str(&p->text, "/Type/StructTreeRoot");
  vb_pdf_entry_ref(&p->text, "K", t->document->object);
  vb_pdf_entry_ref(&p->text, "ParentTree", parents);
  vb_pdf_entry_int(&p->text, "ParentTreeNextKey", t->next_key);
  vb_hpdf_fill(p->h, t->root.object, (vb_span){p->text.p, p->text.n});
}
