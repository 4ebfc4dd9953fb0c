/* sign_tag.c: a signature field that is made anew in a tagged PDF gets its place in the structure tree, so that PDF/UA stays PDF/UA: an element Form at the
 * end of the document, an object reference to the widget, and the way back in the tree of parents. */
#include <string.h>

#include "package/sign_int.h"

/* The highest key of the tree of parents; -1 when there is none. */
static int64_t highest(vb_pdfin *in, const vb_pdfv *node, int depth, uint32_t *nodes) {
  int64_t most = -1;
  if (depth > VB_PDF_ELEMENT_DEPTH_MAX || ++*nodes > VB_PDF_ELEMENTS_MAX) return most;
  int i = 0;
  for (const vb_pdfv *v = vb_pdfin_at(in, node, "Nums")->first; v != NULL; v = v->next, i++)
    if (i % 2 == 0 && v->kind == VB_PDFV_INT && v->n > most) most = v->n;
  const vb_pdfv *kids = vb_pdfin_at(in, node, "Kids");
  for (const vb_pdfv *k = kids->kind == VB_PDFV_ARRAY ? kids->first : NULL; k != NULL; k = k->next) {
    int64_t n = highest(in, vb_pdfin_resolve(in, k), depth + 1, nodes);
    if (n > most) most = n;
  }
  return most;
}

/* "/K[what was there, new]": one item may stand without an array. */
static void put_kids(vb_pdfout *o, const vb_pdfv *k, int64_t added) {
  const vb_pdfv *list = vb_pdfin_resolve(o->in, k);
  vb_buf_str(o->out, "/K[");
  if (list->kind == VB_PDFV_ARRAY) {
    for (const vb_pdfv *v = list->first; v != NULL; v = v->next) {
      vb_buf_span(o->out, v->raw);
      vb_buf_char(o->out, ' ');
    }
  } else if (k->kind != VB_PDFV_NULL) {
    vb_buf_span(o->out, k->raw);
    vb_buf_char(o->out, ' ');
  }
  vb_buf_printf(o->out, "%lld 0 R]", (long long)added);
}

/* The element below which the new one goes: the root's only element, mostly Document; NULL: the root itself. */
static const vb_pdfv *first_element(vb_pdfin *in, const vb_pdfv *root) {
  const vb_pdfv *k = vb_pdfv_lookup(root, "K"), *list = vb_pdfin_resolve(in, k);
  if (list->kind == VB_PDFV_ARRAY) k = list->first;
  if (k == NULL || k->kind != VB_PDFV_REF || (list->kind == VB_PDFV_ARRAY && k->next != NULL)) return NULL;
  return vb_pdfv_lookup(vb_pdfin_resolve(in, k), "S")->kind == VB_PDFV_NAME ? k : NULL;
}

/* The node's entries with one key more: in its own list, or as a branch of its own where it has branches. */
static void put_parents(vb_pdfout *o, const vb_pdfv *node, int64_t key, int64_t element) {
  const vb_pdfv *kids = vb_pdfin_at(o->in, node, "Kids"), *nums = vb_pdfin_at(o->in, node, "Nums");
  bool branches = kids->kind == VB_PDFV_ARRAY;
  vb_buf_str(o->out, "<<");
  vb_pdfout_rest(o, node, (const char *const[]){branches ? "Kids" : "Nums", NULL});
  vb_buf_str(o->out, branches ? "/Kids[" : "/Nums[");
  for (const vb_pdfv *v = (branches ? kids : nums)->first; v != NULL; v = v->next) {
    vb_buf_span(o->out, v->raw);
    vb_buf_char(o->out, ' ');
  }
  if (branches) vb_buf_printf(o->out, "<</Limits[%lld %lld]/Nums[%lld %lld 0 R]>>]", (long long)key, (long long)key, (long long)key, (long long)element);
  else vb_buf_printf(o->out, "%lld %lld 0 R]", (long long)key, (long long)element);
  vb_buf_str(o->out, ">>");
}

static void put_root(vb_pdfout *o, const vb_pdfv *ref, const vb_pdfv *root, int64_t key, int64_t element) {
  const vb_pdfv *parents = vb_pdfv_lookup(root, "ParentTree"), *below = first_element(o->in, root);
  bool apart = parents->kind == VB_PDFV_REF;
  const char *but[4] = {"ParentTreeNextKey", NULL};
  size_t n = 1;
  if (!apart) but[n++] = "ParentTree";
  if (below == NULL) but[n++] = "K";
  but[n] = NULL;
  vb_pdfout_open(o, ref->n);
  vb_buf_str(o->out, "<<");
  vb_pdfout_rest(o, root, but);
  vb_buf_printf(o->out, "/ParentTreeNextKey %lld", (long long)key + 1);
  if (below == NULL) put_kids(o, vb_pdfv_lookup(root, "K"), element);
  if (!apart) {
    vb_buf_str(o->out, "/ParentTree");
    put_parents(o, parents, key, element);
  }
  vb_buf_str(o->out, ">>");
  vb_pdfout_close(o);
  if (!apart) return;
  vb_pdfout_open(o, parents->n);
  put_parents(o, vb_pdfin_resolve(o->in, parents), key, element);
  vb_pdfout_close(o);
}

static void put_element(vb_pdfout *o, int64_t number, int64_t parent, int64_t page, int64_t widget) {
  vb_pdfout_open(o, number);
  vb_buf_str(o->out, "<</Type/StructElem/S/Form");
  vb_pdfout_ref(o, "P", parent);
  vb_pdfout_ref(o, "Pg", page);
  vb_buf_str(o->out, "/K<</Type/OBJR");
  vb_pdfout_ref(o, "Obj", widget);
  vb_pdfout_ref(o, "Pg", page);
  vb_buf_str(o->out, ">>>>");
  vb_pdfout_close(o);
}

int64_t vb_sign_tag(vb_pdfout *o, int64_t page, int64_t widget) {
  const vb_pdfv *catalog = vb_pdfin_at(o->in, o->in->trailer, "Root"), *ref = vb_pdfv_lookup(catalog, "StructTreeRoot"), *root = vb_pdfin_resolve(o->in, ref);
  uint32_t nodes = 0;
  if (ref->kind != VB_PDFV_REF || root->kind != VB_PDFV_DICT || vb_pdfin_at(o->in, root, "ParentTree")->kind != VB_PDFV_DICT) return -1;
  int64_t key = highest(o->in, vb_pdfin_at(o->in, root, "ParentTree"), 0, &nodes) + 1;
  const vb_pdfv *next = vb_pdfv_lookup(root, "ParentTreeNextKey"), *below = first_element(o->in, root);
  if (next->kind == VB_PDFV_INT && next->n > key && next->n < INT32_MAX) key = next->n;
  if (key > INT32_MAX || o->in->st != VB_OK) return -1;
  int64_t element = vb_pdfout_number(o);
  put_element(o, element, below == NULL ? ref->n : below->n, page, widget);
  put_root(o, ref, root, key, element);
  if (below == NULL) return key;
  const vb_pdfv *dict = vb_pdfin_resolve(o->in, below);
  vb_pdfout_open(o, below->n);
  vb_buf_str(o->out, "<<");
  vb_pdfout_rest(o, dict, (const char *const[]){"K", NULL});
  put_kids(o, vb_pdfv_lookup(dict, "K"), element);
  vb_buf_str(o->out, ">>");
  vb_pdfout_close(o);
  return key;
}
