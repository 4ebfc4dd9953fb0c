/* sign_pdf.c: a signature into a PDF: the field found or made, the appearance, the signature's dictionary with its hole, and the hole filled.
 *
 * Invariants
 *  1. The range that is signed is the whole file but the hole, `<` and `>` included in the hole.
 *  2. The hole is sized from the certificates before anything is signed; a token signs once.
 *  3. When anything fails the output buffer is as it was. */
#include <stdio.h>
#include <string.h>

#include "package/sign_int.h"

#define WIDGET_FLAGS 132 /* printed, and not moved by hand */
#define SEAL_WIDTH_UM 36000 /* the seal of a commune's committee, where the picture does not say its size */
#define RANGE_WIDTH 40

typedef struct job {
  vb_diag *d;
  vb_pdfin *in;
  vb_pdfout o;
  const vb_signer *key;
  const vb_sign_options *opt;
  const char *field;
  vb_pdfin_field *old;    /* NULL: to be made */
  const vb_pdfv *leader;  /* the leader's field; NULL: none */
  int64_t page, widget, signature;
  int64_t rect[4];        /* x, y, x2, y2, mpt */
  bool rect_new;
  vb_look look;
  vb_picture picture;
  size_t range_at, hole_at, hole_bytes; /* in the file */
} job;

const char *vb_sign_field_name(vb_sign_role role) { return role == VB_SIGN_ORGAN ? "organ" : "leader"; }

static vb_place here(const job *j) { return (vb_place){j->in->file, 0, 0, NULL}; }

/* ---- before anything is written ----------------------------------------------------------------------------- */

/* A certification signature that allows no change (DocMDP, P 1). */
static bool locked(vb_pdfin *in) {
  const vb_pdfv *perms = vb_pdfin_at(in, vb_pdfin_at(in, in->trailer, "Root"), "Perms");
  const vb_pdfv *refs = vb_pdfin_at(in, vb_pdfin_at(in, perms, "DocMDP"), "Reference");
  for (const vb_pdfv *r = refs->kind == VB_PDFV_ARRAY ? refs->first : NULL; r != NULL; r = r->next) {
    const vb_pdfv *p = vb_pdfin_at(in, vb_pdfin_at(in, r, "TransformParams"), "P");
    if (p->kind == VB_PDFV_INT && p->n == 1) return true;
  }
  return false;
}

static vb_status find_field(job *j) {
  vb_pdfin_field *f = NULL;
  vb_status s = vb_pdfin_fields(j->in, &f);
  if (s != VB_OK) return s;
  for (const vb_pdfin_field *k = f; k != NULL; k = k->next)
    if (strcmp(k->name, vb_sign_field_name(VB_SIGN_LEADER)) == 0) j->leader = k->dict;
  for (; f != NULL && strcmp(f->name, j->field) != 0; f = f->next) continue;
  if (f != NULL && f->value->kind != VB_PDFV_NULL) return VB_POST(j->d, VB_MSG_SIGN_ALREADY, here(j), j->field);
  if (locked(j->in)) return VB_POST(j->d, VB_MSG_SIGN_LOCKED, here(j));
  j->old = f;
  return j->in->st;
}

static void sort_rect(int64_t r[4]) {
  for (int i = 0; i < 2; i++)
    if (r[i] > r[i + 2]) {
      int64_t t = r[i];
      r[i] = r[i + 2];
      r[i + 2] = t;
    }
}

static void read_rect(job *j, const vb_pdfv *field) {
  const vb_pdfv *rect = vb_pdfin_at(j->in, field, "Rect"), *v = rect->kind == VB_PDFV_ARRAY ? rect->first : NULL;
  for (int i = 0; i < 4 && v != NULL; i++, v = v->next) j->rect[i] = vb_pdfv_mpt(vb_pdfin_resolve(j->in, v));
  sort_rect(j->rect);
}

/* The seal has no field of its own, and belongs to the leader's signature. */
static bool beside_leader(const job *j) {
  return j->old == NULL && j->opt->box.page == 0 && j->opt->role == VB_SIGN_ORGAN && j->opt->image.n > 0 && j->leader != NULL &&
         vb_pdfv_lookup(j->leader, "P")->kind == VB_PDFV_REF;
}

static void place_field(job *j) {
  if (j->old != NULL) {
    read_rect(j, j->old->dict);
  } else if (j->opt->box.page > 0) {
    const int64_t r[4] = {j->opt->box.x, j->opt->box.y, j->opt->box.x + j->opt->box.w, j->opt->box.y + j->opt->box.h};
    memcpy(j->rect, r, sizeof r);
  } else if (beside_leader(j)) {
    read_rect(j, j->leader);
    j->page = vb_pdfv_lookup(j->leader, "P")->n;
  }
}

/* The seal in its real size: around the middle of its own field, or over the left third of the leader's (ND30 PL I.II.8). */
static void resize_for_seal(job *j) {
  int64_t um = j->picture.mm_w > 0 ? j->picture.mm_w : SEAL_WIDTH_UM;
  int64_t w = um * 72000 / 25400, h = w * j->picture.h / j->picture.w;
  int64_t x = (j->rect[0] + j->rect[2]) / 2 - w / 2, y = (j->rect[1] + j->rect[3]) / 2 - h / 2;
  if (j->old == NULL) x = j->rect[0] + (j->rect[2] - j->rect[0]) / 3 - w;
  const int64_t r[4] = {x, y, x + w, y + h};
  memcpy(j->rect, r, sizeof r);
  j->rect_new = true;
}

static vb_status prepare_look(job *j) {
  bool picture = j->opt->image.n > 0, text = j->opt->text != NULL;
  place_field(j);
  if (!picture && !text) return VB_OK;
  if (j->rect[2] - j->rect[0] < 1000 || j->rect[3] - j->rect[1] < 1000) return VB_POST(j->d, VB_MSG_SIGN_NO_PLACE, here(j), j->field);
  if (!picture) return VB_OK;
  vb_status s = vb_picture_read(j->d, j->in->file, j->opt->image, &j->picture);
  if (s == VB_OK && j->opt->role == VB_SIGN_ORGAN && (j->old != NULL || beside_leader(j))) resize_for_seal(j);
  return s;
}

static vb_status prepare(job *j) {
  vb_status s = vb_signer_check_time(j->d, j->in->file, j->key, &j->opt->when);
  if (s == VB_OK) s = find_field(j);
  if (s == VB_OK) s = prepare_look(j);
  if (s == VB_OK && j->old == NULL && j->page == 0) {
    j->page = vb_pdfin_page(j->in, j->opt->box.page > 0 ? j->opt->box.page : 1);
    s = j->in->st;
  }
  return s;
}

/* ---- objects ------------------------------------------------------------------------------------------------ */

static void put_moment(vb_buf *b, const vb_moment *m) {
  int off = m->offset < 0 ? -m->offset : m->offset;
  vb_buf_printf(b, "(D:%04d%02d%02d%02d%02d%02d%c%02d'%02d')", m->date.year, m->date.month, m->date.day, m->hour, m->minute, m->second, m->offset < 0 ? '-' : '+',
                off / 60, off % 60);
}

static void put_signature(job *j) {
  vb_buf *b = j->o.out;
  j->signature = vb_pdfout_number(&j->o);
  vb_pdfout_open(&j->o, j->signature);
  vb_buf_str(b, "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M");
  put_moment(b, &j->opt->when);
  if (j->key->name[0] != '\0') {
    vb_buf_str(b, "/Name");
    vb_pdfout_text(b, j->key->name);
  }
  if (j->opt->reason != NULL) {
    vb_buf_str(b, "/Reason");
    vb_pdfout_text(b, j->opt->reason);
  }
  if (j->opt->location != NULL) {
    vb_buf_str(b, "/Location");
    vb_pdfout_text(b, j->opt->location);
  }
  vb_buf_str(b, "/ByteRange");
  j->range_at = b->n - j->o.start;
  vb_buf_printf(b, "[%*s]", RANGE_WIDTH - 2, "");
  vb_buf_str(b, "/Contents");
  j->hole_at = b->n - j->o.start;
  j->hole_bytes = 2 * vb_cms_room(j->key) + 2;
  vb_buf_char(b, '<');
  for (size_t i = 2; i < j->hole_bytes; i++) vb_buf_char(b, '0');
  vb_buf_str(b, ">>>");
  vb_pdfout_close(&j->o);
}

static void put_rect(job *j) {
  vb_buf_str(j->o.out, "/Rect[");
  for (int i = 0; i < 4; i++) vb_pdfout_mpt(j->o.out, j->rect[i]);
  vb_buf_char(j->o.out, ']');
}

static void put_appearance(job *j) {
  vb_buf_str(j->o.out, "/AP<<");
  vb_pdfout_ref(&j->o, "N", j->look.number);
  vb_buf_str(j->o.out, ">>");
}

static void put_old_field(job *j) {
  const char *but[6] = {"V", "F", NULL};
  size_t n = 2;
  if (j->look.number != 0) but[n++] = "AP";
  if (j->rect_new) but[n++] = "Rect";
  but[n] = NULL;
  j->widget = j->old->number;
  vb_pdfout_open(&j->o, j->widget);
  vb_buf_str(j->o.out, "<<");
  vb_pdfout_rest(&j->o, j->old->dict, but);
  if (j->rect_new) put_rect(j);
  if (j->look.number != 0) put_appearance(j);
  vb_buf_printf(j->o.out, "/F %d", WIDGET_FLAGS);
  vb_pdfout_ref(&j->o, "V", j->signature);
  vb_buf_str(j->o.out, ">>");
  vb_pdfout_close(&j->o);
}

static void put_new_field(job *j) {
  vb_buf *b = j->o.out;
  j->widget = vb_pdfout_number(&j->o);
  int64_t key = vb_sign_tag(&j->o, j->page, j->widget);
  vb_pdfout_open(&j->o, j->widget);
  vb_buf_str(b, "<</Type/Annot/Subtype/Widget/FT/Sig/T");
  vb_pdfout_text(b, j->field);
  vb_buf_str(b, "/TU");
  vb_pdfout_text(b, j->opt->role == VB_SIGN_ORGAN ? "Chữ ký số của cơ quan, tổ chức" : "Chữ ký của người có thẩm quyền");
  vb_buf_printf(b, "/F %d", WIDGET_FLAGS);
  put_rect(j);
  vb_pdfout_ref(&j->o, "P", j->page);
  if (key >= 0) vb_buf_printf(b, "/StructParent %lld", (long long)key);
  if (j->look.number != 0) put_appearance(j);
  vb_pdfout_ref(&j->o, "V", j->signature);
  vb_buf_str(b, ">>");
  vb_pdfout_close(&j->o);
}

/* "/Key[old items, new]": the array itself when it stands in its dictionary. */
static void put_extended(job *j, const char *key, const vb_pdfv *list) {
  vb_buf_printf(j->o.out, "/%s[", key);
  for (const vb_pdfv *v = list->kind == VB_PDFV_ARRAY ? list->first : NULL; v != NULL; v = v->next) {
    vb_buf_span(j->o.out, v->raw);
    vb_buf_char(j->o.out, ' ');
  }
  vb_buf_printf(j->o.out, "%lld 0 R]", (long long)j->widget);
}

static void put_page(job *j) {
  vb_pdfin_object page;
  if (vb_pdfin_get(j->in, j->page, &page) != VB_OK) return;
  const vb_pdfv *annots = vb_pdfin_at(j->in, page.value, "Annots");
  vb_pdfout_open(&j->o, j->page);
  vb_buf_str(j->o.out, "<<");
  vb_pdfout_rest(&j->o, page.value, (const char *const[]){"Annots", NULL});
  put_extended(j, "Annots", annots);
  vb_buf_str(j->o.out, ">>");
  vb_pdfout_close(&j->o);
}

static void put_form(job *j, const vb_pdfv *form) {
  vb_buf_str(j->o.out, "<<");
  if (form->kind == VB_PDFV_DICT) vb_pdfout_rest(&j->o, form, (const char *const[]){"SigFlags", j->old == NULL ? "Fields" : "SigFlags", NULL});
  if (j->old == NULL) put_extended(j, "Fields", vb_pdfin_at(j->in, form, "Fields"));
  vb_buf_str(j->o.out, "/SigFlags 3>>");
}

/* The form in its own object, or in the catalog. */
static void put_catalog(job *j) {
  const vb_pdfv *root_ref = vb_pdfv_lookup(j->in->trailer, "Root"), *root = vb_pdfin_resolve(j->in, root_ref);
  const vb_pdfv *form = vb_pdfv_lookup(root, "AcroForm");
  bool apart = form->kind == VB_PDFV_REF;
  vb_pdfout_open(&j->o, apart ? form->n : root_ref->n);
  if (apart) {
    put_form(j, vb_pdfin_resolve(j->in, form));
  } else {
    vb_buf_str(j->o.out, "<<");
    vb_pdfout_rest(&j->o, root, (const char *const[]){"AcroForm", NULL});
    vb_buf_str(j->o.out, "/AcroForm");
    put_form(j, form);
    vb_buf_str(j->o.out, ">>");
  }
  vb_pdfout_close(&j->o);
}

/* ---- the whole ---------------------------------------------------------------------------------------------- */

/* 32 hex digits for the trailer: of the old file and the moment. */
static bool make_id(const job *j, char id[33]) {
  char hex[VB_SHA256_HEX];
  vb_hash *h = vb_hash_new();
  if (h == NULL) return false;
  vb_hash_add(h, j->in->bytes.p, j->in->bytes.n);
  int64_t t = vb_moment_unix(&j->opt->when);
  vb_hash_add_str(h, VB_NUM(t));
  vb_hash_add_str(h, j->field);
  if (!vb_hash_end(h, hex)) return false;
  memcpy(id, hex, 32);
  id[32] = '\0';
  return true;
}

static vb_status put_objects(job *j) {
  vb_status s = VB_OK;
  char id[33];
  j->look.w = j->rect[2] - j->rect[0];
  j->look.h = j->rect[3] - j->rect[1];
  if (j->picture.rgba != NULL) s = vb_look_picture(&j->o, &j->picture, &j->look);
  else if (j->opt->text != NULL) s = vb_look_text(&j->o, j->opt->text, &j->look);
  if (s == VB_OK && !make_id(j, id)) s = VB_NOMEM;
  if (s != VB_OK) {
    vb_buf_free(&j->o.entries);
    return s;
  }
  put_signature(j);
  if (j->old != NULL) {
    put_old_field(j);
  } else {
    put_new_field(j);
    put_page(j);
  }
  put_catalog(j);
  return vb_pdfout_end(&j->o, id);
}

static vb_status fill_hole(job *j) {
  static const char digits[] = "0123456789abcdef";
  char *file = j->o.out->p + j->o.start;
  size_t n = j->o.out->n - j->o.start, behind = j->hole_at + j->hole_bytes;
  char range[RANGE_WIDTH + 1];
  int k = snprintf(range, sizeof range, "[0 %zu %zu %zu", j->hole_at, behind, n - behind);
  if (k < 0 || k >= RANGE_WIDTH) return VB_POST(j->d, VB_MSG_SIGN_FAILED, here(j), "ByteRange");
  memcpy(file + j->range_at, range, (size_t)k);
  const vb_span parts[2] = {{file, j->hole_at}, {file + behind, n - behind}};
  vb_buf cms;
  vb_buf_init(&cms);
  vb_status s = vb_cms_sign(j->d, j->in->file, j->key, parts, &cms);
  if (s == VB_OK && 2 * cms.n + 2 > j->hole_bytes) s = VB_POST(j->d, VB_MSG_SIGN_HOLE, here(j), VB_NUM(cms.n), VB_NUM(j->hole_bytes / 2 - 1));
  for (size_t i = 0; s == VB_OK && i < cms.n; i++) {
    file[j->hole_at + 1 + 2 * i] = digits[(unsigned char)cms.p[i] >> 4];
    file[j->hole_at + 2 + 2 * i] = digits[(unsigned char)cms.p[i] & 15];
  }
  vb_buf_free(&cms);
  return s;
}

/* Reads the result as others will: of a damaged file (a form that is no object, or the page as well) the signature could be in the bytes and in no field. */
static vb_status prove(const job *j) {
  vb_pdfin *again = NULL;
  vb_pdfin_field *f = NULL;
  vb_span bytes = {j->o.out->p + j->o.start, j->o.out->n - j->o.start};
  vb_status s = vb_pdfin_open(j->d, j->in->file, bytes, &again);
  if (s != VB_OK) return s;
  s = vb_pdfin_fields(again, &f);
  while (s == VB_OK && f != NULL && (strcmp(f->name, j->field) != 0 || f->value->kind != VB_PDFV_DICT)) f = f->next;
  if (s == VB_OK && f == NULL) s = vb_pdfin_bad(again, "AcroForm", j->hole_at);
  vb_pdfin_close(again);
  return s;
}

vb_status vb_sign_pdf(vb_diag *d, const vb_pdf_file *pdf, const vb_signer *key, const vb_sign_options *opt, vb_buf *out) {
  job j = {.d = d, .key = key, .opt = opt, .field = opt->field != NULL ? opt->field : vb_sign_field_name(opt->role)};
  size_t before = out->n;
  vb_status s = vb_pdfin_open(d, pdf->name, pdf->bytes, &j.in);
  if (s != VB_OK) return s;
  s = prepare(&j);
  if (s == VB_OK) {
    vb_pdfout_begin(&j.o, j.in, out);
    s = put_objects(&j);
    if (s == VB_OK) s = fill_hole(&j);
    if (s == VB_OK) s = prove(&j);
  }
  if (s != VB_OK && out->p != NULL) out->n = before;
  vb_picture_free(&j.picture);
  vb_pdfin_close(j.in);
  return s;
}
