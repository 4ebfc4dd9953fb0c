/* verify_pdf.c: the signatures of one PDF, and what it says of PDF/A. */
#include <string.h>

#include "package/verify_int.h"


/* A signature with what judging it needs. */
typedef struct found { vb_signature s; const vb_pdfv *dict; size_t hole, behind, end; vb_span cms; bool range; } found;

static vb_place here(const vb_pdfin *p) { return (vb_place){p->file, 0, 0, NULL}; }

/* ---- ranges ------------------------------------------------------------------------------------------------- */

/* [0 a b c]: a is where the hole begins, b where it ends, b + c the end of what was signed. The hole is the string of Contents and
 * nothing else: its brackets stand at its ends, and only digits between them. */
static bool read_range(const vb_pdfin *p, found *f) {
  const vb_pdfv *v = vb_pdfv_lookup(f->dict, "ByteRange")->first;
  int64_t n[4];
  for (int i = 0; i < 4; i++, v = v->next) {
    if (v == NULL || v->kind != VB_PDFV_INT || v->n < 0 || (uint64_t)v->n > p->bytes.n) return false;
    n[i] = v->n;
  }
  if (v != NULL || n[0] != 0 || n[1] >= n[2] || (uint64_t)n[3] > p->bytes.n - (size_t)n[2]) return false;
  f->hole = (size_t)n[1];
  f->behind = (size_t)n[2];
  f->end = (size_t)(n[2] + n[3]);
  const vb_pdfv *contents = vb_pdfv_lookup(f->dict, "Contents");
  const char *from = p->bytes.p + f->hole;
  f->cms = contents->text;
  return contents->kind == VB_PDFV_STRING && contents->raw.p == from && contents->raw.n == f->behind - f->hole && from[0] == '<' &&
         strspn(from + 1, "0123456789abcdefABCDEF") == contents->raw.n - 2; /* its `>` ends the search */
}

/* D:YYYYMMDDHHmmSS+HH'mm' */
static bool read_time(vb_pdfin *p, const vb_pdfv *v, vb_moment *out) {
  const char *s = vb_pdfin_text(p, v);
  if (s == NULL || strncmp(s, "D:", 2) != 0 || strlen(s) < 16 || strspn(s + 2, "0123456789") < 14) return false;
  char iso[32];
  size_t n = 0;
  static const struct { size_t at, n; char behind; } parts[] = {{2, 4, '-'}, {6, 2, '-'}, {8, 2, 'T'}, {10, 2, ':'}, {12, 2, ':'}, {14, 2, '\0'}};
  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
    memcpy(iso + n, s + parts[i].at, parts[i].n);
    n += parts[i].n;
    if (parts[i].behind != '\0') iso[n++] = parts[i].behind;
  }
  for (const char *z = s + 16; *z != '\0' && n + 1 < sizeof iso; z++)
    if (*z != '\'') iso[n++] = *z;
  return vb_moment_parse((vb_span){iso, n}, out);
}

/* ---- one signature ------------------------------------------------------------------------------------------ */

static vb_status tell(vb_pdfin *p, const vb_signature *s, vb_msg wrong) {
  const char *who = s->subject == NULL ? "?" : s->subject, *when = s->time == NULL ? "?" : s->time;
  if (wrong != VB_MSG_COUNT) return VB_POST(p->d, wrong, here(p), s->field, who);
  return VB_POST(p->d, VB_MSG_VERIFY_SIGNED, here(p), s->field, who, when, s->algorithm == NULL ? "?" : s->algorithm);
}

static void judge(vb_pdfin *p, vb_arena *a, vb_span trust, found *f, vb_msg *wrong) {
  static const vb_msg faults[] = {VB_MSG_COUNT, VB_MSG_VERIFY_CMS, VB_MSG_VERIFY_DIGEST, VB_MSG_VERIFY_WEAK, VB_MSG_VERIFY_ATTRIBUTE};
  vb_moment m;
  const vb_pdfv *sub = vb_pdfin_at(p, f->dict, "SubFilter"), *reason = vb_pdfin_at(p, f->dict, "Reason");
  vb_cms_ask ask = {.trust = trust, .cades = vb_pdfv_is_name(sub, "ETSI.CAdES.detached")};
  ask.has_time = read_time(p, vb_pdfin_at(p, f->dict, "M"), &m);
  if (ask.has_time) {
    vb_buf b;
    vb_buf_init(&b);
    vb_moment_print(&m, &b);
    ask.time = vb_moment_unix(&m);
    f->s.time = b.failed ? NULL : vb_arena_str(a, b.p, b.n);
    if (f->s.time == NULL) vb_pdfin_nomem(p);
    vb_buf_free(&b);
  }
  const char *text = vb_pdfin_text(p, reason);
  if (text != NULL && (f->s.reason = vb_arena_str(a, text, strlen(text))) == NULL) vb_pdfin_nomem(p);
  f->range = (ask.cades || vb_pdfv_is_name(sub, "adbe.pkcs7.detached")) && read_range(p, f);
  if (!f->range) {
    *wrong = VB_MSG_VERIFY_RANGE;
    return;
  }
  vb_buf bytes;
  vb_buf_init(&bytes);
  vb_buf_add(&bytes, p->bytes.p, f->hole);
  vb_buf_add(&bytes, p->bytes.p + f->behind, f->end - f->behind);
  ask.bytes = (vb_span){bytes.p, bytes.n};
  vb_cms_fault fault = bytes.failed ? VB_CMS_NOMEM : vb_cms_verify(a, f->cms, &ask, &f->s);
  if (fault == VB_CMS_NOMEM) vb_pdfin_nomem(p);
  else *wrong = faults[fault];
  vb_buf_free(&bytes);
  f->s.intact = *wrong == VB_MSG_COUNT;
  f->s.whole = f->end == p->bytes.n;
  if (f->s.intact && trust.p != NULL && !f->s.trusted) *wrong = VB_MSG_VERIFY_UNTRUSTED;
}

static vb_status judge_later(vb_pdfin *p, found *f, vb_msg *wrong) {
  if (!f->range) return VB_OK;
  f->s.later_fine = f->s.whole;
  vb_status s = f->s.whole ? VB_OK : vb_later_fine(p, f->end, &f->s.later_fine);
  if (*wrong == VB_MSG_COUNT && !f->s.later_fine) *wrong = VB_MSG_VERIFY_LATER;
  return s;
}

/* ---- PDF/A -------------------------------------------------------------------------------------------------- */

static const char *find(vb_span s, const char *what) {
  size_t n = strlen(what);
  for (size_t i = 0; i + n <= s.n; i++)
    if (memcmp(s.p + i, what, n) == 0) return s.p + i + n;
  return NULL;
}

/* The value of an XMP property, as an element or as an attribute: its first character. */
static char property(vb_span xmp, const char *name) {
  const char *v = find(xmp, name), *end = xmp.p + xmp.n;
  while (v != NULL && v < end && (*v == '>' || *v == '=' || *v == '"' || *v == '\'' || *v == ' ' || *v == '\n')) v++;
  if (v == NULL || v >= end) return '\0';
  return *v;
}

static vb_status read_pdfa(vb_pdfin *p, vb_pdf_verdict *out) {
  const vb_pdfv *ref = vb_pdfv_lookup(vb_pdfin_at(p, p->trailer, "Root"), "Metadata");
  vb_pdfin_object o;
  vb_span xmp;
  if (ref->kind != VB_PDFV_REF || vb_pdfin_get(p, ref->n, &o) != VB_OK || !o.has_stream) return p->st;
  if (vb_pdfin_unpack(p, &o, VB_PDF_METADATA_BYTES_MAX, &xmp) != VB_OK) return p->st;
  char part = property(xmp, "pdfaid:part"), conformance = property(xmp, "pdfaid:conformance");
  if (part >= '1' && part <= '4') out->pdfa_part = part - '0';
  if (conformance >= 'A' && conformance <= 'Z') out->pdfa_conformance = conformance;
  return VB_OK;
}

/* ---- the file ----------------------------------------------------------------------------------------------- */

static size_t count_signed(const vb_pdfin_field *f) {
  size_t n = 0;
  for (; f != NULL; f = f->next) n += f->value->kind != VB_PDFV_NULL;
  return n;
}

/* In the order of signing: by the end of what each covers. */
static void sort_found(found *f, vb_msg *wrong, size_t n) {
  for (size_t i = 1; i < n; i++)
    for (size_t k = i; k > 0 && f[k].end < f[k - 1].end; k--) {
      found t = f[k];
      vb_msg m = wrong[k];
      f[k] = f[k - 1];
      wrong[k] = wrong[k - 1];
      f[k - 1] = t;
      wrong[k - 1] = m;
    }
}

static vb_status judge_all(vb_pdfin *p, vb_arena *a, vb_span trust, const vb_pdfin_field *fields, vb_pdf_verdict *out) {
  size_t n = count_signed(fields), i = 0;
  found *f = VB_NEW_ARRAY(p->arena, found, n);
  vb_msg *wrong = VB_NEW_ARRAY(p->arena, vb_msg, n);
  out->signatures = VB_NEW_ARRAY(a, vb_signature, n);
  if (f == NULL || wrong == NULL || out->signatures == NULL) return VB_NOMEM;
  for (; fields != NULL && p->st == VB_OK; fields = fields->next) {
    if (fields->value->kind == VB_PDFV_NULL) continue;
    f[i].dict = fields->value;
    f[i].s.field = vb_arena_str(a, fields->name, strlen(fields->name));
    if (f[i].s.field == NULL) return VB_NOMEM;
    wrong[i] = VB_MSG_COUNT;
    judge(p, a, trust, &f[i], &wrong[i]);
    i++;
  }
  sort_found(f, wrong, n);
  out->good = p->st == VB_OK;
  for (i = 0; i < n && p->st == VB_OK; i++) {
    if (judge_later(p, &f[i], &wrong[i]) != VB_OK) out->good = false;
    if (tell(p, &f[i].s, wrong[i]) != VB_OK) out->good = false;
    out->signatures[out->n_signatures++] = f[i].s;
  }
  if (n > 0 && out->good && !f[n - 1].s.whole) { /* later_fine would have to be wrong for this; nothing unsigned may stand at the end */
    VB_POST(p->d, VB_MSG_VERIFY_TAIL, here(p));
    out->good = false;
  }
  return p->st;
}

vb_status vb_verify_pdf(vb_diag *d, vb_arena *a, const vb_pdf_file *pdf, vb_span trust, vb_pdf_verdict *out) {
  memset(out, 0, sizeof *out);
  vb_pdfin *p = NULL;
  vb_pdfin_field *fields = NULL;
  vb_status s = vb_pdfin_open(d, pdf->name, pdf->bytes, &p);
  if (s != VB_OK) return s;
  s = vb_pdfin_fields(p, &fields);
  if (s == VB_OK) s = judge_all(p, a, trust, fields, out);
  if (s == VB_OK) s = read_pdfa(p, out);
  if (s != VB_OK) out->good = false;
  vb_pdfin_close(p);
  return s;
}
