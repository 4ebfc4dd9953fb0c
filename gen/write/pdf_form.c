/* pdf, inside: signature fields, and where slots and figures stand.
 *
 * A slot for a signature, the seal or the organ's mark becomes an empty signature field of the slot's name, so that any signing tool finds
 * it; slots for number and date are only told to the caller. PDF/A asks for an appearance, PDF/UA for a description and an element
 * of the structure tree. */
#include <stdio.h>
#include <string.h>

#include "write/pdf_int.h"

#define WIDGET_FLAGS 132 /* printed; not moved by hand */

static const char *slot_description(vb_slot_kind kind)
{
  switch (kind) {
  case VB_SLOT_SIGNATURE: return "Chữ ký của người có thẩm quyền";
  case VB_SLOT_SEAL: return "Chữ ký số của cơ quan, tổ chức";
  case VB_SLOT_MARK: return "Thông tin chữ ký số của cơ quan, tổ chức";
  case VB_SLOT_NUMBER:
  case VB_SLOT_DATE: break;
  }
  return NULL;
}

vb_status vb_pdf_slot(vb_pdf *p, const vb_box *box)
{
  const vb_node *n = box->node;
  vb_slot_place place = {n->u.slot.name, n->u.slot.kind, p->page->index + 1, box->x, box->y, box->w, box->h};
  vb_buf_add(&p->slots, &place, sizeof place);
  if (!slot_description(place.kind) || n->kind != VB_NODE_SLOT) return VB_OK;
  vb_pdf_field f = {.slot = n, .box = {box->x, box->y, box->w, box->h}};
  vb_status st = vb_pdf_tags_slot(p, n, &f.elem);
  if (st == VB_OK) vb_buf_add(&p->fields_here, &f, sizeof f);
  return st;
}

void vb_pdf_figure(vb_pdf *p, const vb_box *box)
{
  const vb_node *n = box->node;
  if (n == p->last_figure) return;
  uint32_t trace = n->kind == VB_NODE_FIGURE ? n->u.text.value.trace : n->kind == VB_NODE_CELL ? n->u.cell.value.trace : 0;
  if (trace == 0) return;
  p->last_figure = n;
  vb_figure_place place = {trace, p->page->index + 1, box->x, box->y, box->w, NULL, NULL};
  vb_buf_add(&p->figures, &place, sizeof place);
}

/* A field's name: the slot's, without dots (they part names), and numbered when it comes again. */
static vb_status field_name(vb_pdf *p, const char *name, vb_buf *out)
{
  if (!p->field_names) p->field_names = vb_map_new();
  if (!p->field_names) return VB_NOMEM;
  for (int n = 1;; n++) {
    vb_buf_clear(out);
    for (const char *s = name ? name : "signature"; *s; s++) vb_buf_add(out, *s == '.' ? "-" : s, 1);
    if (n > 1) vb_buf_printf(out, "-%d", n);
    if (out->failed) return VB_NOMEM;
    vb_span key = {out->p, out->n};
    if (!vb_map_get(p->field_names, key)) return vb_map_put(p->field_names, key, p) ? VB_OK : VB_NOMEM;
  }
}

static vb_hpdf_id put_appearance(vb_pdf *p, const vb_pdf_field *f)
{
  vb_buf *b = &p->text;
  vb_buf_clear(b);
  vb_buf_str(b, "/Type/XObject/Subtype/Form");
  vb_pdf_rect(b, "BBox", (const vb_len[4]){0, 0, f->box[2], f->box[3]});
  return vb_hpdf_stream(p->h, (vb_span){b->p, b->n}, VB_LIT(""));
}

static vb_status put_widget(vb_pdf *p, const vb_pdf_field *f, vb_buf *widgets)
{
  vb_buf name;
  vb_buf_init(&name);
  vb_status st = field_name(p, f->slot->u.slot.name, &name);
  vb_hpdf_id appearance = st == VB_OK ? put_appearance(p, f) : 0;
  vb_buf *b = &p->text;
  vb_buf_clear(b);
  vb_buf_str(b, "/Type/Annot/Subtype/Widget/FT/Sig/T");
  vb_pdf_string(b, (vb_span){name.p, name.n});
  vb_buf_str(b, "/TU");
  vb_pdf_string(b, vb_span_of(slot_description(f->slot->u.slot.kind)));
  vb_pdf_entry_int(b, "F", WIDGET_FLAGS);
  vb_pdf_rect(b, "Rect", f->box);
  vb_pdf_entry_ref(b, "P", p->page_object);
  vb_buf_str(b, "/AP<<");
  vb_pdf_entry_ref(b, "N", appearance);
  vb_buf_str(b, ">>");
  vb_pdf_entry_int(b, "StructParent", vb_elem_key(p, f->elem));
  vb_hpdf_id widget = vb_hpdf_text(p->h, (vb_span){b->p, b->n});
  vb_hpdf_keep_plain(p->h, widget);
  f->elem->annotation = widget;
  f->elem->mark.page = p->page_object;
  vb_buf_add(widgets, &widget, sizeof widget);
  vb_pdf_ref(&p->fields, widget);
  vb_buf_char(&p->fields, ' ');
  vb_buf_free(&name);
  return st == VB_OK && b->failed ? VB_NOMEM : st;
}

vb_status vb_pdf_form_page_end(vb_pdf *p, vb_buf *widgets)
{
  vb_status st = p->fields_here.failed ? VB_NOMEM : VB_OK;
  for (size_t i = 0; st == VB_OK && i < p->fields_here.n; i += sizeof(vb_pdf_field)) {
    vb_pdf_field f;
    memcpy(&f, p->fields_here.p + i, sizeof f);
    st = put_widget(p, &f, widgets);
  }
  vb_buf_clear(&p->fields_here);
  return st;
}

void vb_pdf_form_entries(vb_pdf *p, vb_buf *catalog)
{
  if (p->fields.n == 0) return;
  vb_buf_clear(&p->text);
  vb_buf_str(&p->text, "/Fields[");
  vb_buf_add(&p->text, p->fields.p, p->fields.n);
  vb_buf_str(&p->text, "]/SigFlags 1"); /* there are signature fields; none is signed */
  vb_hpdf_id form = vb_hpdf_text(p->h, (vb_span){p->text.p, p->text.n});
  vb_hpdf_keep_plain(p->h, form);
  vb_pdf_entry_ref(catalog, "AcroForm", form);
}
