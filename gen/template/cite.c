/* cite: what a document says about itself and others: references to its sections and appendices, cited documents, abbreviations. For
 * gen/template alone.
 *
 * A reference may point forward, so its text is a node of its own that is filled in when the whole document stands.
 */
#include "template/template_int.h"

#include <string.h>

/* ---- references --------------------------------------------------------------------------------------------- */

vb_status vb_build_anchor(vb_builder *b, const char *id, const char *number, const char *full, vb_place at) {
  if (vb_map_get(b->anchors, vb_span_of(id))) return VB_POST(b->d, VB_MSG_TEMPLATE_ANCHOR_TWICE, at, id);
  vb_anchor *x = VB_NEW(b->a, vb_anchor);
  if (!x) return VB_NOMEM;
  x->number = number;
  x->full = full;
  return vb_map_put(b->anchors, vb_span_of(id), x) ? VB_OK : VB_NOMEM;
}

vb_status vb_build_ref(vb_builder *b, const vb_op *op, vb_into into) {
  const char *id = NULL;
  if (b->streaming) return VB_POST(b->d, VB_MSG_TEMPLATE_KEY_STREAM, op->at, VB_NUM(VB_TABLE_STREAM_ROWS));
  vb_status st = vb_eval_text(b, op->u.ref.target, &id);
  if (st != VB_OK || !id) return st;
  vb_value none = {.type = VB_VALUE_NONE};
  st = vb_line_figure(b, into.line, VB_LIT("?"), &none);
  if (st != VB_OK) return st;
  vb_ref_todo *r = VB_NEW(b->a, vb_ref_todo);
  if (!r) return VB_NOMEM;
  r->node = into.line->para->last;
  r->node->kind = VB_NODE_TEXT;
  r->id = id;
  r->full = op->u.ref.full;
  r->form_given = op->u.ref.form_given;
  r->at = op->at;
  r->next = b->refs;
  b->refs = r;
  return VB_OK;
}

vb_status vb_build_refs_finish(vb_builder *b) {
  vb_status st = VB_OK;
  for (vb_ref_todo *r = b->refs; r; r = r->next) {
    const vb_anchor *x = vb_map_get(b->anchors, vb_span_of(r->id));
    const char *text = !x ? NULL : r->form_given ? (r->full ? x->full : x->number) : strncmp(x->full, "Phụ lục", strlen("Phụ lục")) == 0 ? x->full : x->number;
    if (!text || !*text) st = vb_worse(st, VB_POST(b->d, VB_MSG_TEMPLATE_REF_GONE, r->at, r->id));
    else r->node->u.text.text = vb_span_of(text);
  }
  return st;
}

/* ---- cited documents ---------------------------------------------------------------------------------------- */

typedef struct vb_cited { vb_span type, number, date, agency, title; } vb_cited;

static vb_status keep(vb_builder *b, const vb_query *q, size_t i, vb_span *out) {
  vb_sql_value v = vb_query_value(q, i);
  *out = (vb_span){"", 0};
  if (v.type == VB_SQL_NULL) return VB_OK;
  const char *s = v.type == VB_SQL_TEXT ? vb_arena_str(b->a, v.text.p, v.text.n) : vb_arena_printf(b->a, "%lld", (long long)v.integer);
  if (!s) return VB_NOMEM;
  *out = vb_span_of(s);
  return VB_OK;
}

static vb_status look_up(vb_builder *b, const char *id, vb_place at, vb_cited *c) {
  vb_query *q = b->t->cite.q;
  vb_query_reset(q);
  vb_query_bind(q, 0, (vb_sql_value){VB_SQL_TEXT, 0, vb_span_of(id)});
  vb_status st = vb_query_step(b->d, q);
  vb_span *fields[] = {&c->type, &c->number, &c->date, &c->agency, &c->title};
  for (size_t i = 0; st == VB_OK && i < 5; i++) st = keep(b, q, i, fields[i]);
  vb_query_reset(q);
  return st == VB_DONE ? VB_POST(b->d, VB_MSG_TEMPLATE_CITE, at, id) : st;
}

static bool is_law(vb_span type) {
  return vb_span_starts(type, "Luật") || vb_span_starts(type, "Bộ luật") || vb_span_starts(type, "Pháp lệnh") || vb_span_starts(type, "Hiến pháp");
}

/* Whether a title begins with a name (Quảng Điền …) or an abbreviation (UBND …): a capital in its second letter or second word. */
static bool begins_name(vb_span title, vb_span lower) {
  const char *p = title.p, *end = title.p + title.n;
  (void)vb_utf8_next(&p, end);
  size_t second = (size_t)(p - title.p);
  const char *space = memchr(title.p, ' ', title.n);
  size_t word = space ? (size_t)(space - title.p) + 1 : title.n;
  for (int i = 0; i < 2; i++) {
    size_t at = i ? word : second;
    const char *q = title.p + at;
    if (at < title.n) (void)vb_utf8_next(&q, end);
    if (memcmp(title.p + at, lower.p + at, (size_t)(q - title.p) - at) != 0) return true;
  }
  return false;
}

/* "về …", or as it is where the title begins with what the document does (ban hành, quy định …). */
static vb_status add_title(vb_builder *b, vb_span title, vb_buf *out) {
  static const char *const verbs[] = {"về ", "ban hành ", "quy định ", "hướng dẫn ", "phê duyệt ", "sửa đổi", "bãi bỏ ", "công bố ", "triển khai "};
  vb_arena_mark m = vb_arena_save(b->a);
  vb_span lower = vb_text_lower(b->a, title);
  if (!lower.p) return VB_NOMEM;
  bool verb = false;
  for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) verb = verb || vb_span_starts(lower, verbs[i]);
  vb_buf_str(out, verb ? " " : " về ");
  const char *p = title.p;
  (void)vb_utf8_next(&p, title.p + title.n);
  size_t first = (size_t)(p - title.p);
  bool small = lower.n == title.n && (verb || !begins_name(title, lower)); /* letters keep their bytes in both cases, but for a few */
  vb_buf_add(out, small ? lower.p : title.p, first);
  vb_buf_add(out, p, title.n - first);
  vb_arena_restore(b->a, m);
  return VB_OK;
}

/* ND30 PL I.II.6: the first time kind, number, date, agency and title (laws: kind and name alone), later kind and number. */
static vb_status write_cited(vb_builder *b, const vb_cited *c, bool full, vb_buf *out) {
  if (is_law(c->type)) {
    vb_buf_span(out, c->type);
    if (c->title.n) vb_buf_printf(out, " %.*s", (int)c->title.n, c->title.p);
    return VB_OK;
  }
  vb_buf_printf(out, "%.*s số %.*s", (int)c->type.n, c->type.p, (int)c->number.n, c->number.p);
  if (!full) return VB_OK;
  vb_date d;
  if (vb_date_parse_iso(c->date, &d)) {
    vb_buf_char(out, ' ');
    vb_date_print_long(d, out);
  }
  if (c->agency.n) vb_buf_printf(out, " của %.*s", (int)c->agency.n, c->agency.p);
  return c->title.n ? add_title(b, c->title, out) : VB_OK;
}

static vb_status check_cited(vb_builder *b, const vb_cited *c, const char *id, bool full, vb_place at) {
  const char *lacks = !c->type.n ? "type" : is_law(c->type) ? (c->title.n ? NULL : "title") : !c->number.n ? "number" : NULL;
  if (!lacks && full && !is_law(c->type)) lacks = !c->date.n ? "date" : !c->agency.n ? "agency" : !c->title.n ? "title" : NULL;
  return lacks ? VB_POST(b->d, VB_MSG_TEMPLATE_CITE_FIELD, at, id, lacks) : VB_OK;
}

vb_status vb_build_cite(vb_builder *b, const vb_op *op, vb_into into) {
  const char *id = NULL;
  vb_cited c = {.type = {"", 0}};
  vb_status st = vb_eval_text(b, op->u.cite.id, &id);
  if (st == VB_OK && id) st = look_up(b, id, op->at, &c);
  if (st != VB_OK || !id) return st;
  bool first = !b->streaming && !vb_map_get(b->cites, vb_span_of(id));
  bool full = op->u.cite.always_full || (first && !op->u.cite.always_short);
  if (first && !vb_map_put(b->cites, vb_span_of(id), b)) return VB_NOMEM;
  st = check_cited(b, &c, id, full, op->at);
  if (st != VB_OK) return st;
  vb_buf_clear(&b->buf);
  st = write_cited(b, &c, full, &b->buf);
  if (st == VB_OK && b->buf.failed) st = VB_NOMEM;
  if (st == VB_OK) vb_line_text(b, into.line, (vb_span){b->buf.p, b->buf.n});
  return st;
}

/* ---- abbreviations ------------------------------------------------------------------------------------------ */

vb_status vb_build_abbr(vb_builder *b, const vb_op *op, vb_into into) {
  vb_span brief = vb_span_of(op->u.abbr.brief);
  bool first = !b->streaming && !vb_map_get(b->abbrs, brief);
  if (!first) {
    vb_line_text(b, into.line, brief);
    return VB_OK;
  }
  vb_line_text(b, into.line, op->u.abbr.text);
  vb_line_text(b, into.line, VB_LIT(" ("));
  vb_line_text(b, into.line, brief);
  vb_line_text(b, into.line, VB_LIT(")"));
  return vb_map_put(b->abbrs, brief, b) ? VB_OK : VB_NOMEM;
}
