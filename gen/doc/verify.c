/* Proof of the tree's invariants: nesting, texts, figures, keys. Part of room doc; tables in verify_table.c, page set-up in
 * verify_setup.c. */
#include "doc/doc_int.h"
#include "text/text.h"

#include <stdio.h>

vb_place vb_node_place(const vb_node *n)
{
  do {
    if (n->at.file || n->at.cell)
      return n->at;
    n = n->parent;
  } while (n);
  return VB_NOWHERE;
}

vb_place vb_node_place_in(const vb_node *n, vb_span before)
{
  vb_place at = vb_node_place(n);
  if (n->kind == VB_NODE_TEXT && n->at.column > 0)
    at.column += (uint32_t)vb_utf8_length(before);
  return at;
}

vb_status vb_proof_text(vb_proof *p, const vb_node *n, vb_span text)
{
  const char *name = vb_node_name(n->kind);
  size_t at = 0;
  if (text.n == 0)
    return VB_POST(p->d, VB_MSG_DOC_TEXT_EMPTY, vb_node_place(n), name);
  if (vb_text_is_clean(text))
    return VB_OK;
  at = vb_utf8_check(text);
  if (at < text.n)
    return VB_POST(p->d, VB_MSG_DOC_TEXT_UTF8, vb_node_place(n), name, VB_NUM(at + 1));
  if (!vb_text_is_nfc(text)) { /* the quick test may say no to good text */
    vb_arena *a = vb_arena_new(0);
    vb_span nfc = a ? vb_text_nfc(a, text) : (vb_span){NULL, 0};
    bool same = nfc.p && vb_span_eq(nfc, text), lack = !nfc.p;
    vb_arena_free(a);
    if (lack)
      return VB_NOMEM;
    if (!same)
      return VB_POST(p->d, VB_MSG_DOC_TEXT_NFC, vb_node_place(n), name, VB_TXT(text));
  }
  uint32_t bad = vb_text_forbidden(text, &at);
  if (bad) {
    char code[16];
    (void)snprintf(code, sizeof code, "U+%04X", (unsigned)bad);
    return VB_POST(p->d, VB_MSG_DOC_TEXT_CHAR, vb_node_place_in(n, (vb_span){text.p, at}), code);
  }
  return VB_OK;
}

static vb_status optional(vb_proof *p, const vb_node *n, const char *text)
{
  return text ? vb_proof_text(p, n, vb_span_of(text)) : VB_OK;
}

/* Invariant 4. A cell of type TEXT or NONE is typed text and needs no source; a FIGURE always does. */
static vb_status figure(vb_proof *p, const vb_node *n, const vb_value *v, vb_span text)
{
  bool typed = v->type != VB_VALUE_NONE && v->type != VB_VALUE_TEXT;
  bool needs = n->kind == VB_NODE_FIGURE || typed;
  if (v->trace > p->doc->n_traces || (needs && v->trace == 0))
    return VB_POST(p->d, VB_MSG_DOC_FIGURE_TRACE, vb_node_place(n), VB_TXT(text));
  return VB_OK;
}

static vb_status once(vb_proof *p, vb_map *m, const char *key, const vb_node *n)
{
  vb_span k = vb_span_of(key);
  vb_status s = vb_proof_text(p, n, k);
  if (s != VB_OK || !m)
    return s;
  if (vb_map_get(m, k))
    return VB_POST(p->d, m == p->keys ? VB_MSG_DOC_KEY_TWICE : VB_MSG_DOC_ID_TWICE, vb_node_place(n), key);
  return vb_map_put(m, k, p) ? VB_OK : VB_NOMEM;
}

static vb_status cell(vb_proof *p, const vb_node *n)
{
  vb_status s = VB_OK;
  if (n->u.cell.text.n)
    s = vb_proof_text(p, n, n->u.cell.text);
  if (s == VB_OK)
    s = figure(p, n, &n->u.cell.value, n->u.cell.text);
  if (s == VB_OK && n->u.cell.key)
    s = once(p, p->keys, n->u.cell.key, n);
  return s;
}

static vb_status chart(vb_proof *p, const vb_node *n)
{
  const char *lack = !n->u.chart.title    ? "title"
                     : !n->u.chart.alt    ? "alt"
                     : !n->u.chart.n_categories ? "categories"
                     : !n->u.chart.n_series     ? "series"
                                                : NULL;
  if (lack)
    return VB_POST(p->d, VB_MSG_DOC_CHART, vb_node_place(n), lack);
  vb_status s = optional(p, n, n->u.chart.title);
  if (s == VB_OK)
    s = optional(p, n, n->u.chart.alt);
  if (s == VB_OK)
    s = optional(p, n, n->u.chart.axis);
  for (uint32_t i = 0; s == VB_OK && i < n->u.chart.n_categories; i++)
    s = vb_proof_text(p, n, vb_span_of(n->u.chart.categories[i]));
  for (uint32_t i = 0; s == VB_OK && i < n->u.chart.n_series; i++) {
    const vb_series *r = &n->u.chart.series[i];
    s = vb_proof_text(p, n, vb_span_of(r->name));
    for (uint32_t k = 0; s == VB_OK && k < n->u.chart.n_categories; k++)
      s = figure(p, n, &r->values[k], vb_span_of(n->u.chart.categories[k]));
  }
  return s;
}

/* What is proved of one node by itself. */
static vb_status node(vb_proof *p, const vb_node *n)
{
  vb_status s = optional(p, n, n->label);
  if (s == VB_OK && n->id)
    s = once(p, p->ids, n->id, n);
  if (s != VB_OK)
    return s;
  switch (n->kind) {
  case VB_NODE_SEQUENCE: return optional(p, n, n->u.sequence.title);
  case VB_NODE_TABLE: return vb_proof_table(p, n);
  case VB_NODE_CELL: return cell(p, n);
  case VB_NODE_CHART: return chart(p, n);
  case VB_NODE_TEXT: return vb_proof_text(p, n, n->u.text.text);
  case VB_NODE_FIGURE:
    s = vb_proof_text(p, n, n->u.text.text);
    return s == VB_OK ? figure(p, n, &n->u.text.value, n->u.text.text) : s;
  default: return VB_OK;
  }
}

vb_status vb_proof_tree(vb_proof *p, const vb_node *root)
{
  vb_walk w;
  int depth = 0;
  vb_walk_init(&w, root);
  while (vb_walk_next(&w)) {
    const vb_node *n = w.node;
    depth += w.leaving ? -1 : 1;
    if (w.leaving || !n)
      continue;
    if (depth > VB_DOC_DEPTH_MAX)
      return VB_POST(p->d, VB_MSG_DOC_DEPTH, vb_node_place(n), VB_NUM(VB_DOC_DEPTH_MAX));
    if (n != root && !vb_node_may_hold(n->parent->kind, n->kind))
      return VB_POST(p->d, VB_MSG_DOC_NESTING, vb_node_place(n), vb_node_name(n->kind), vb_node_name(n->parent->kind));
    vb_status s = node(p, n);
    if (s != VB_OK)
      return s;
  }
  return VB_OK;
}

static bool observed(const vb_doc *doc, const char *code)
{
  for (uint32_t i = 0; i < doc->n_data; i++)
    if (doc->data[i].code && vb_span_is(vb_span_of(code), doc->data[i].code))
      return true;
  return false;
}

/* Formulas are looked at when all keys are known. Warnings: a value stands in the sheet all the same. */
static vb_status formulas(vb_proof *p)
{
  vb_walk w;
  vb_walk_init(&w, p->doc->root);
  while (vb_walk_next(&w)) {
    const vb_node *n = w.node;
    if (w.leaving || n->kind != VB_NODE_CELL || n->u.cell.formula.kind == VB_FORMULA_NONE)
      continue;
    const vb_formula *f = &n->u.cell.formula;
    for (uint32_t i = 0; i < f->n_refs; i++)
      if (!vb_map_get(p->keys, vb_span_of(f->refs[i])) && !observed(p->doc, f->refs[i])) {
        vb_status s = VB_POST(p->d, VB_MSG_DOC_FORMULA_REF, vb_node_place(n), n->u.cell.key ? n->u.cell.key : "?", f->refs[i]);
        if (s != VB_OK)
          return s;
        break;
      }
  }
  return VB_OK;
}

static vb_status verify(vb_diag *d, const vb_doc *doc, bool held)
{
  vb_proof p = {d, doc, vb_map_new(), vb_map_new(), held};
  vb_status s = p.keys && p.ids ? vb_proof_setup(&p) : VB_NOMEM;
  if (s == VB_OK && (!doc->root || doc->root->kind != VB_NODE_DOCUMENT || !doc->root->first))
    s = VB_POST(d, VB_MSG_DOC_NO_PAGES, VB_NOWHERE);
  if (s == VB_OK)
    s = vb_proof_tree(&p, doc->root);
  if (s == VB_OK)
    s = formulas(&p);
  vb_map_free(p.keys);
  vb_map_free(p.ids);
  return s;
}

vb_status vb_doc_verify(vb_diag *d, const vb_doc *doc)
{
  return verify(d, doc, false);
}

vb_status vb_doc_verify_held(vb_diag *d, const vb_doc *doc)
{
  return verify(d, doc, true);
}
