/* pdfin_form.c: pages and signature fields of a PDF, and its text strings. Private to package; invariants in pdfin.h. */
#include <string.h>

#include "package/pdfin.h"
#include "text/text.h"


/* ---- pages -------------------------------------------------------------------------------------------------- */

typedef struct hunt { int64_t left; uint32_t nodes; int64_t found; } hunt;

/* Walks the tree of pages, skipping a branch by its Count where that is to be believed. */
static void find_page(vb_pdfin *p, const vb_pdfv *ref, hunt *h, int depth) {
  const vb_pdfv *node = vb_pdfin_resolve(p, ref);
  if (ref->kind != VB_PDFV_REF || node->kind != VB_PDFV_DICT || depth > VB_PDF_TREE_DEPTH_MAX || ++h->nodes > VB_PDF_TREE_NODES_MAX) {
    vb_pdfin_bad(p, "Pages", 0);
    return;
  }
  const vb_pdfv *kids = vb_pdfin_at(p, node, "Kids");
  if (kids->kind != VB_PDFV_ARRAY) {
    if (--h->left == 0) h->found = ref->n;
    return;
  }
  for (const vb_pdfv *k = kids->first; k != NULL && h->left > 0 && p->st == VB_OK; k = k->next) find_page(p, k, h, depth + 1);
}

int64_t vb_pdfin_page(vb_pdfin *p, int page) {
  hunt h = {page, 0, 0};
  const vb_pdfv *root = vb_pdfin_at(p, p->trailer, "Root");
  if (page > 0) find_page(p, vb_pdfv_lookup(root, "Pages"), &h, 0);
  if (h.found == 0 && p->st == VB_OK) p->st = VB_POST(p->d, VB_MSG_PDF_PAGE, ((vb_place){p->file, 0, 0, NULL}), VB_NUM(page));
  return h.found;
}

/* ---- text --------------------------------------------------------------------------------------------------- */

const char *vb_pdfin_text(vb_pdfin *p, const vb_pdfv *v) {
  vb_buf b;
  vb_buf_init(&b);
  if (v->kind != VB_PDFV_STRING) return NULL;
  const unsigned char *s = (const unsigned char *)v->text.p;
  size_t n = v->text.n;
  if (n >= 2 && s[0] == 0xFE && s[1] == 0xFF) {
    for (size_t i = 2; i + 1 < n; i += 2) {
      uint32_t c = (uint32_t)s[i] << 8 | s[i + 1];
      if (c >= 0xD800 && c < 0xDC00 && i + 3 < n) {
        uint32_t low = (uint32_t)s[i + 2] << 8 | s[i + 3];
        c = low >= 0xDC00 && low < 0xE000 ? 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00) : 0xFFFD;
        i += 2;
      } else if (c >= 0xD800 && c < 0xE000) {
        c = 0xFFFD;
      }
      char out[4];
      vb_buf_add(&b, out, vb_utf8_put(c, out));
    }
  } else if (n >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0 && vb_utf8_check((vb_span){v->text.p + 3, n - 3}) == n - 3) {
    vb_buf_add(&b, s + 3, n - 3);
  } else {
    for (size_t i = 0; i < n; i++) vb_buf_add(&b, s[i] < 0x80 ? (const char *)&s[i] : "?", 1);
  }
  char *text = b.failed ? NULL : vb_text_shown(p->arena, (vb_span){b.p, b.n});
  if (text == NULL) vb_pdfin_nomem(p);
  vb_buf_free(&b);
  return text;
}

/* ---- fields ------------------------------------------------------------------------------------------------- */

typedef struct walk { vb_pdfin_field **end; uint32_t nodes; } walk;

/* What a field has from its parents. */
typedef struct above { const char *name; const vb_pdfv *type, *value; } above;

static void add_field(vb_pdfin *p, walk *w, const vb_pdfv *ref, const vb_pdfv *dict, const above *up) {
  vb_pdfin_field *f = VB_NEW(p->arena, vb_pdfin_field);
  if (f == NULL) {
    vb_pdfin_nomem(p);
    return;
  }
  f->name = up->name;
  f->number = ref->n;
  f->dict = dict;
  f->value = vb_pdfin_resolve(p, up->value);
  *w->end = f;
  w->end = &f->next;
}

/* A kid with a name of its own is a field; without, it is one of its parent's widgets. */
static void walk_field(vb_pdfin *p, walk *w, const vb_pdfv *ref, above up, int depth) {
  const vb_pdfv *dict = vb_pdfin_resolve(p, ref);
  if (ref->kind != VB_PDFV_REF || dict->kind != VB_PDFV_DICT || depth > VB_PDF_TREE_DEPTH_MAX || ++w->nodes > VB_PDF_TREE_NODES_MAX) {
    vb_pdfin_bad(p, "Fields", 0);
    return;
  }
  const vb_pdfv *name = vb_pdfin_at(p, dict, "T"), *type = vb_pdfin_at(p, dict, "FT"), *value = vb_pdfv_lookup(dict, "V");
  if (name->kind == VB_PDFV_STRING) {
    const char *own = vb_pdfin_text(p, name);
    if (own == NULL) return;
    up.name = up.name[0] == '\0' ? own : vb_arena_printf(p->arena, "%s.%s", up.name, own);
    if (up.name == NULL) {
      vb_pdfin_nomem(p);
      return;
    }
  }
  if (type->kind == VB_PDFV_NAME) up.type = type;
  if (value->kind != VB_PDFV_NULL) up.value = value;
  const vb_pdfv *kids = vb_pdfin_at(p, dict, "Kids");
  bool parent = kids->kind == VB_PDFV_ARRAY && kids->first != NULL && vb_pdfin_at(p, kids->first, "T")->kind == VB_PDFV_STRING;
  if (!parent && vb_pdfv_is_name(up.type, "Sig")) add_field(p, w, ref, dict, &up);
  for (const vb_pdfv *k = parent ? kids->first : NULL; k != NULL && p->st == VB_OK; k = k->next) walk_field(p, w, k, up, depth + 1);
}

vb_status vb_pdfin_fields(vb_pdfin *p, vb_pdfin_field **out) {
  static const vb_pdfv none = {.kind = VB_PDFV_NULL};
  *out = NULL;
  walk w = {out, 0};
  const vb_pdfv *form = vb_pdfin_at(p, vb_pdfin_at(p, p->trailer, "Root"), "AcroForm"), *fields = vb_pdfin_at(p, form, "Fields");
  for (const vb_pdfv *k = fields->kind == VB_PDFV_ARRAY ? fields->first : NULL; k != NULL && p->st == VB_OK; k = k->next)
    walk_field(p, &w, k, (above){"", &none, &none}, 0);
  return p->st;
}
