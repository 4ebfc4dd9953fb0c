/* xml_tree: looking things up in a tree that vb_xml_parse has made. Knows nothing of libxml2. */
#include "xml/xml_int.h"

#include <string.h>

vb_place vb_xml_at(vb_diag *d, const char *file, const vb_xml_node *n)
{
  return (vb_place){vb_diag_file(d, file), n ? n->line : 0, n ? n->column : 0, NULL};
}

const vb_xml_attr *vb_xml_attr_find(const vb_xml_node *n, const char *name)
{
  for (const vb_xml_attr *a = n->attrs; a; a = a->next)
    if (strcmp(a->name, name) == 0) return a;
  return NULL;
}

vb_span vb_xml_attr_get(const vb_xml_node *n, const char *name)
{
  const vb_xml_attr *a = vb_xml_attr_find(n, name);
  return a ? a->value : (vb_span){NULL, 0};
}

static const vb_xml_node *element_from(const vb_xml_node *n, const char *name)
{
  for (; n; n = n->next)
    if (n->kind == VB_XML_ELEMENT && (!name || strcmp(n->name, name) == 0)) return n;
  return NULL;
}

const vb_xml_node *vb_xml_child(const vb_xml_node *n, const char *name) { return element_from(n->first, name); }

const vb_xml_node *vb_xml_sibling(const vb_xml_node *n, const char *name) { return element_from(n->next, name); }

/* The node behind n in document order, inside top; NULL at the end. */
static const vb_xml_node *following(const vb_xml_node *n, const vb_xml_node *top)
{
  if (n->first) return n->first;
  while (n != top && !n->next) n = n->parent;
  return n == top ? NULL : n->next;
}

vb_span vb_xml_text(vb_arena *a, const vb_xml_node *n)
{
  if (n->kind == VB_XML_TEXT) return n->text;
  if (!n->first) return (vb_span){"", 0};
  if (n->first == n->last && n->first->kind == VB_XML_TEXT) return n->first->text;
  size_t total = 0;
  for (const vb_xml_node *m = n; m; m = following(m, n))
    if (m->kind == VB_XML_TEXT) total += m->text.n;
  char *p = vb_arena_alloc(a, total + 1);
  if (!p) return (vb_span){NULL, 0};
  size_t used = 0;
  for (const vb_xml_node *m = n; m; m = following(m, n)) {
    if (m->kind != VB_XML_TEXT || m->text.n == 0) continue;
    memcpy(p + used, m->text.p, m->text.n);
    used += m->text.n;
  }
  return (vb_span){p, total};
}
