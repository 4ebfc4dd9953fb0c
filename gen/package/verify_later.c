/* verify_later.c: what was added to a PDF behind a signature: further signatures, or something that changes what is read?
 *
 * The file as it was signed and as it is now are compared object by object. Allowed: signature fields that were empty get a value and an
 * appearance; new signature fields in the form and on pages. An object that only exists now is of no harm unless one of
 * these leads to it; everything else that differs is a change. */
#include <string.h>

#include "package/verify_int.h"

typedef struct compare { vb_pdfin *old, *now; bool fine; } compare;

static bool same_bytes(vb_span a, vb_span b) { return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0); }

/* Equal values; references by number alone, for what they lead to is compared on its own. */
static bool same(const vb_pdfv *a, const vb_pdfv *b) {
  if (a->kind != b->kind || a->n != b->n || a->gen != b->gen || !same_bytes(a->text, b->text)) return false;
  const vb_pdfv *x = a->first, *y = b->first;
  if (a->kind == VB_PDFV_DICT) {
    size_t n = 0, m = 0;
    for (const vb_pdfv *e = y; e != NULL; e = e->next) m++;
    for (; x != NULL; x = x->next, n++) {
      const vb_pdfv *e = y;
      while (e != NULL && !same_bytes(e->key, x->key)) e = e->next;
      if (e == NULL || !same(x, e)) return false;
    }
    return n == m;
  }
  for (; x != NULL && y != NULL; x = x->next, y = y->next)
    if (!same(x, y)) return false;
  return x == NULL && y == NULL;
}

/* Every entry equal but those named. */
static bool same_but(const vb_pdfv *a, const vb_pdfv *b, const char *const *but) {
  if (a->kind != VB_PDFV_DICT || b->kind != VB_PDFV_DICT) return false;
  const vb_pdfv *const sides[2][2] = {{a, b}, {b, a}};
  for (int s = 0; s < 2; s++) {
    for (const vb_pdfv *e = sides[s][0]->first; e != NULL; e = e->next) {
      bool left_out = false;
      for (const char *const *k = but; *k != NULL; k++) left_out = left_out || vb_span_is(e->key, *k);
      const vb_pdfv *o = sides[s][1]->first;
      while (o != NULL && !same_bytes(o->key, e->key)) o = o->next;
      if (!left_out && (o == NULL || !same(e, o))) return false;
    }
  }
  return true;
}

static bool is_new(const compare *c, const vb_pdfv *ref) {
  if (ref->kind != VB_PDFV_REF) return false;
  uint8_t type = ref->n < c->old->n_entries ? c->old->entries[ref->n].type : VB_PDFIN_UNKNOWN;
  return type == VB_PDFIN_UNKNOWN || type == VB_PDFIN_FREE;
}

/* The old items, and behind them references to signature fields that are new. */
static bool only_fields_added(compare *c, const vb_pdfv *old, const vb_pdfv *now) {
  const vb_pdfv *x = vb_pdfin_resolve(c->old, old)->first, *y = vb_pdfin_resolve(c->now, now)->first;
  for (; x != NULL; x = x->next, y = y->next)
    if (y == NULL || !same(x, y)) return false;
  for (; y != NULL; y = y->next) {
    const vb_pdfv *field = vb_pdfin_resolve(c->now, y);
    if (!is_new(c, y) || !vb_pdfv_is_name(vb_pdfin_at(c->now, field, "FT"), "Sig") || !vb_pdfv_is_name(vb_pdfin_at(c->now, field, "Subtype"), "Widget")) return false;
  }
  return true;
}

static bool form_fine(compare *c, const vb_pdfv *old, const vb_pdfv *now) {
  static const char *const but[] = {"Fields", "SigFlags", NULL};
  old = vb_pdfin_resolve(c->old, old);
  now = vb_pdfin_resolve(c->now, now);
  if (now->kind != VB_PDFV_DICT) return old->kind == VB_PDFV_NULL && now->kind == VB_PDFV_NULL;
  if (old->kind == VB_PDFV_DICT && !same_but(old, now, but)) return false;
  return only_fields_added(c, vb_pdfv_lookup(old, "Fields"), vb_pdfv_lookup(now, "Fields"));
}

static bool catalog_fine(compare *c, const vb_pdfv *old, const vb_pdfv *now) {
  static const char *const but[] = {"AcroForm", "Extensions", "DSS", NULL};
  return same_but(old, now, but) && form_fine(c, vb_pdfv_lookup(old, "AcroForm"), vb_pdfv_lookup(now, "AcroForm"));
}

static bool field_fine(const vb_pdfv *old, const vb_pdfv *now) {
  static const char *const but[] = {"V", "AP", "Rect", "F", "M", "MK", "Lock", NULL};
  return vb_pdfv_is_name(vb_pdfv_lookup(old, "FT"), "Sig") && vb_pdfv_lookup(old, "V")->kind == VB_PDFV_NULL && same_but(old, now, but);
}

/* A new element of structure: a form field, and no words of its own. */
static bool form_element(compare *c, const vb_pdfv *ref) {
  static const char *const known[] = {"Type", "S", "P", "Pg", "K", NULL};
  const vb_pdfv *e = vb_pdfin_resolve(c->now, ref);
  if (!is_new(c, ref) || !vb_pdfv_is_name(vb_pdfv_lookup(e, "S"), "Form")) return false;
  for (const vb_pdfv *k = e->first; k != NULL; k = k->next) {
    bool found = false;
    for (const char *const *n = known; *n != NULL; n++) found = found || vb_span_is(k->key, *n);
    if (!found) return false;
  }
  return vb_pdfv_is_name(vb_pdfv_lookup(vb_pdfv_lookup(e, "K"), "Type"), "OBJR");
}

/* Kids of an element: what was there, then form fields. One kid may have stood without an array. */
static bool only_elements_added(compare *c, const vb_pdfv *old, const vb_pdfv *now) {
  const vb_pdfv *a = vb_pdfin_resolve(c->old, old), *b = vb_pdfin_resolve(c->now, now);
  if (b->kind != VB_PDFV_ARRAY) return same(old, now);
  const vb_pdfv *y = b->first, *x = a->kind == VB_PDFV_ARRAY ? a->first : NULL;
  if (a->kind != VB_PDFV_ARRAY && old->kind != VB_PDFV_NULL) {
    if (y == NULL || !same(old, y)) return false;
    y = y->next;
  }
  for (; x != NULL; x = x->next, y = y->next)
    if (y == NULL || !same(x, y)) return false;
  for (; y != NULL; y = y->next)
    if (!form_element(c, y)) return false;
  return true;
}

/* The tree of parents: longer lists, nothing taken away. */
static bool parents_fine(compare *c, const vb_pdfv *old, const vb_pdfv *now) {
  static const char *const but[] = {"Nums", "Kids", NULL};
  if (!same_but(old, now, but)) return false;
  for (int i = 0; i < 2; i++) {
    const vb_pdfv *x = vb_pdfin_at(c->old, old, but[i])->first, *y = vb_pdfin_at(c->now, now, but[i])->first;
    for (; x != NULL; x = x->next, y = y->next)
      if (y == NULL || !same(x, y)) return false;
  }
  return true;
}

/* Root, elements and tree of parents of a tagged file, where a new field was put in. */
static bool structure_fine(compare *c, int64_t number, const vb_pdfv *old, const vb_pdfv *now) {
  static const char *const root_but[] = {"ParentTreeNextKey", "ParentTree", "K", NULL}, *const element_but[] = {"K", NULL};
  const vb_pdfv *catalog = vb_pdfin_at(c->old, c->old->trailer, "Root"), *ref = vb_pdfv_lookup(catalog, "StructTreeRoot");
  const vb_pdfv *parents = vb_pdfv_lookup(vb_pdfin_resolve(c->old, ref), "ParentTree");
  if (ref->kind != VB_PDFV_REF) return false;
  if (parents->kind == VB_PDFV_REF && number == parents->n) return parents_fine(c, old, now);
  if (number == ref->n) {
    const vb_pdfv *other = vb_pdfv_lookup(now, "ParentTree");
    bool tree = parents->kind == VB_PDFV_REF ? same(parents, other) : parents_fine(c, parents, other);
    return tree && same_but(old, now, root_but) && only_elements_added(c, vb_pdfv_lookup(old, "K"), vb_pdfv_lookup(now, "K"));
  }
  if (!vb_pdfv_is_name(vb_pdfv_lookup(old, "Type"), "StructElem") && vb_pdfv_lookup(old, "S")->kind != VB_PDFV_NAME) return false;
  return same_but(old, now, element_but) && only_elements_added(c, vb_pdfv_lookup(old, "K"), vb_pdfv_lookup(now, "K"));
}

/* May this object differ so? */
static bool change_fine(compare *c, int64_t number, const vb_pdfv *old, const vb_pdfv *now) {
  static const char *const page_but[] = {"Annots", NULL};
  const vb_pdfv *root = vb_pdfv_lookup(c->old->trailer, "Root"), *form = vb_pdfv_lookup(vb_pdfin_resolve(c->old, root), "AcroForm");
  if (number == root->n) return catalog_fine(c, old, now);
  if (form->kind == VB_PDFV_REF && number == form->n) return form_fine(c, old, now);
  if (vb_pdfv_is_name(vb_pdfv_lookup(old, "Type"), "Page"))
    return same_but(old, now, page_but) && only_fields_added(c, vb_pdfv_lookup(old, "Annots"), vb_pdfv_lookup(now, "Annots"));
  if (old->kind == VB_PDFV_ARRAY) return now->kind == VB_PDFV_ARRAY && only_fields_added(c, old, now);
  return field_fine(old, now) || structure_fine(c, number, old, now);
}

static bool same_entry(const vb_pdfin_entry *a, const vb_pdfin_entry *b) { return a->type == b->type && a->at == b->at && a->gen == b->gen; }

static void compare_object(compare *c, int64_t number) {
  static const vb_pdfin_entry none = {VB_PDFIN_UNKNOWN, 0, 0};
  const vb_pdfin_entry *was = &c->old->entries[number], *is = number < c->now->n_entries ? &c->now->entries[number] : &none;
  if (was->type == VB_PDFIN_UNKNOWN || was->type == VB_PDFIN_FREE || same_entry(was, is)) return;
  vb_pdfin_object a, b;
  if (vb_pdfin_get(c->old, number, &a) != VB_OK || vb_pdfin_get(c->now, number, &b) != VB_OK) {
    c->fine = false;
    return;
  }
  bool equal = same(a.value, b.value) && a.has_stream == b.has_stream && same_bytes(a.stream, b.stream);
  c->fine = equal || (!a.has_stream && !b.has_stream && change_fine(c, number, a.value, b.value));
}

vb_status vb_later_fine(vb_pdfin *now, size_t n, bool *fine) {
  vb_pdfin *old = NULL;
  *fine = false;
  vb_status s = vb_pdfin_open(now->d, now->file, (vb_span){now->bytes.p, n}, &old);
  if (s != VB_OK) return s;
  compare c = {old, now, same(vb_pdfv_lookup(old->trailer, "Root"), vb_pdfv_lookup(now->trailer, "Root"))};
  for (int64_t i = 1; i < old->n_entries && c.fine && s == VB_OK; i++) {
    compare_object(&c, i);
    s = vb_worse(old->st, now->st);
  }
  *fine = c.fine && s == VB_OK;
  vb_pdfin_close(old);
  return s;
}
