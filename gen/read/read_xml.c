/* read_xml: the published XML shape → records. For gen/read alone.
 *
 * <so-lieu> or <data>; its attributes are fields that every record has unless it says otherwise; each child element is a record, its
 * attributes and child elements are the fields. Names are matched like the headings of a CSV. */
#include "read/read_int.h"

#include <string.h>

#include "xml/xml.h"

typedef struct xml_read {
  vb_reading *r;
  vb_arena *a;            /* of one record */
  vb_field *defaults, *fields;
  const char **given;     /* the names under which the fields came */
  vb_field *extra;
  const char **extra_names;
  size_t n_extra, cap_extra;
  vb_map *told;           /* unknown names reported */
} xml_read;

static vb_place place(const xml_read *x, uint32_t line, uint32_t column)
{
  return (vb_place){vb_diag_file(x->r->d, x->r->src->file), line, column, NULL};
}

static vb_status add_extra(xml_read *x, const char *name, vb_field f)
{
  if (!x->r->set->any_columns) {
    vb_span key = vb_span_of(name);
    if (vb_map_get(x->told, key))
      return VB_OK;
    if (!vb_map_put(x->told, key, x))
      return VB_NOMEM;
    return VB_POST(x->r->d, VB_MSG_READ_COLUMN_EXTRA, place(x, f.line, f.column), name);
  }
  if (x->n_extra == x->cap_extra) {
    size_t cap = x->cap_extra ? x->cap_extra * 2 : 8;
    vb_field *fields = VB_NEW_ARRAY(x->a, vb_field, cap);
    const char **names = VB_NEW_ARRAY(x->a, const char *, cap);
    if (!fields || !names)
      return VB_NOMEM;
    if (x->n_extra) {
      memcpy(fields, x->extra, x->n_extra * sizeof *fields);
      memcpy(names, x->extra_names, x->n_extra * sizeof *names);
    }
    x->extra = fields;
    x->extra_names = names;
    x->cap_extra = cap;
  }
  vb_span folded = vb_heading_fold(x->a, vb_span_of(name));
  x->extra[x->n_extra] = f;
  x->extra_names[x->n_extra] = folded.p ? vb_arena_str(x->a, folded.p, folded.n) : NULL;
  return x->extra_names[x->n_extra++] ? VB_OK : VB_NOMEM;
}

static vb_status add_field(xml_read *x, const char *name, vb_field f)
{
  f.text = vb_span_trim(f.text);
  if (f.text.n > VB_FIELD_BYTES_MAX)
    return VB_POST(x->r->d, VB_MSG_READ_FIELD_LONG, place(x, f.line, f.column), VB_NUM(VB_FIELD_BYTES_MAX));
  int c = vb_names_find(x->r->names, vb_span_of(name));
  if (vb_names_failed(x->r->names))
    return VB_NOMEM;
  if (c < 0)
    return add_extra(x, name, f);
  if (x->given[c])
    return VB_POST(x->r->d, VB_MSG_READ_XML_TWICE, place(x, f.line, f.column), name, x->given[c]);
  x->given[c] = name;
  x->fields[c] = f;
  return VB_OK;
}

/* A child element that is a field. */
static vb_status add_element(xml_read *x, const vb_xml_node *n)
{
  const vb_xml_node *inner = vb_xml_child(n, NULL);
  if (inner || n->attrs)
    return VB_POST(x->r->d, VB_MSG_READ_XML_NESTED, place(x, inner ? inner->line : n->line, inner ? inner->column : n->column), n->name);
  vb_span text = vb_xml_text(x->a, n);
  if (!text.p)
    return VB_NOMEM;
  return add_field(x, n->name, (vb_field){.text = text, .line = n->line, .column = n->column});
}

/* Text between elements that is more than white space. */
static vb_status check_text(xml_read *x, const vb_xml_node *n)
{
  vb_span t = n->kind == VB_XML_TEXT ? vb_span_trim(n->text) : (vb_span){NULL, 0};
  if (!t.n)
    return VB_OK;
  uint32_t line = n->line, column = n->column;
  for (const char *p = n->text.p; p < t.p; p++) {
    column = *p == '\n' ? 1 : column + 1;
    line += *p == '\n';
  }
  return VB_POST(x->r->d, VB_MSG_READ_XML_TEXT, place(x, line, column), VB_TXT(t));
}

/* The unknown name of a record nearest to a column, or NULL. */
static const char *nearest(xml_read *x, const vb_xml_node *n, size_t column)
{
  const char *best = NULL;
  size_t least = NAME_FAR;
  for (const vb_xml_attr *t = n->attrs; t; t = t->next) {
    size_t k = vb_names_find(x->r->names, vb_span_of(t->name)) >= 0 ? NAME_FAR : vb_names_distance(x->r->names, column, vb_span_of(t->name));
    if (k < least) {
      least = k;
      best = t->name;
    }
  }
  for (const vb_xml_node *c = vb_xml_child(n, NULL); c; c = vb_xml_sibling(c, NULL)) {
    size_t k = vb_names_find(x->r->names, vb_span_of(c->name)) >= 0 ? NAME_FAR : vb_names_distance(x->r->names, column, vb_span_of(c->name));
    if (k < least) {
      least = k;
      best = c->name;
    }
  }
  return best;
}

static vb_status fill_defaults(xml_read *x, const vb_xml_node *n)
{
  vb_status st = VB_OK;
  for (size_t i = 0; i < x->r->set->n_columns; i++) {
    if (!x->given[i])
      x->fields[i] = x->defaults[i];
    if (!x->r->set->columns[i].required || x->fields[i].text.p)
      continue;
    const char *label = vb_names_label(x->r->names, i), *near = nearest(x, n, i);
    if (near)
      st = VB_POST(x->r->d, VB_MSG_READ_XML_NEAR, place(x, n->line, n->column), n->name, label, near);
    else
      st = VB_POST(x->r->d, VB_MSG_READ_XML_MISSING, place(x, n->line, n->column), n->name, label);
  }
  return st;
}

static void begin(xml_read *x)
{
  vb_arena_reset(x->a);
  memset(x->fields, 0, x->r->set->n_columns * sizeof *x->fields);
  memset(x->given, 0, x->r->set->n_columns * sizeof *x->given);
  x->n_extra = x->cap_extra = 0;
}

static vb_status read_record(xml_read *x, const vb_xml_node *n)
{
  vb_status st = VB_OK;
  begin(x);
  for (const vb_xml_attr *t = n->attrs; t && st <= VB_BAD; t = t->next)
    st = vb_worse(st, add_field(x, t->name, (vb_field){.text = t->value, .line = t->line, .column = t->column}));
  for (const vb_xml_node *c = n->first; c && st <= VB_BAD; c = c->next)
    st = vb_worse(st, c->kind == VB_XML_ELEMENT ? add_element(x, c) : check_text(x, c));
  if (st <= VB_BAD)
    st = vb_worse(st, fill_defaults(x, n));
  if (st != VB_OK)
    return st;
  vb_record rec = {.file = vb_diag_file(x->r->d, x->r->src->file), .fields = x->fields, .extra = x->extra, .extra_names = x->extra_names,
                   .n_extra = x->n_extra, .line = n->line};
  return x->r->sink.record(x->r->sink.ctx, &rec);
}

static vb_status read_defaults(xml_read *x, const vb_xml_node *root)
{
  vb_status st = VB_OK;
  for (const vb_xml_attr *t = root->attrs; t; t = t->next) {
    int c = vb_names_find(x->r->names, vb_span_of(t->name));
    if (c >= 0)
      x->defaults[c] = (vb_field){.text = vb_span_trim(t->value), .line = t->line, .column = t->column};
    else if (vb_names_failed(x->r->names))
      return VB_NOMEM;
    else if (strncmp(t->name, "xml:", 4) != 0)
      st = VB_POST(x->r->d, VB_MSG_READ_XML_DEFAULT, place(x, t->line, t->column), t->name);
  }
  return st;
}

static vb_status read_root(xml_read *x, const vb_xml_node *root)
{
  if (strcmp(root->name, "so-lieu") != 0 && strcmp(root->name, "data") != 0)
    return VB_POST(x->r->d, VB_MSG_READ_XML_ROOT, place(x, root->line, root->column), root->name);
  vb_status worst = read_defaults(x, root);
  for (const vb_xml_node *n = root->first; n; n = n->next)
    if (!vb_read_goes_on(&worst, n->kind == VB_XML_ELEMENT ? read_record(x, n) : check_text(x, n)))
      break;
  return worst;
}

vb_status vb_read_xml(vb_reading *r, vb_span bytes)
{
  vb_xml_node *root = NULL;
  vb_status st = vb_xml_parse(r->d, r->a, r->src->file, bytes, NULL, &root);
  if (st != VB_OK)
    return st;
  size_t n = r->set->n_columns + 1;
  xml_read x = {.r = r, .a = vb_arena_new(0), .told = vb_map_new(), .defaults = VB_NEW_ARRAY(r->a, vb_field, n),
                .fields = VB_NEW_ARRAY(r->a, vb_field, n), .given = VB_NEW_ARRAY(r->a, const char *, n)};
  st = x.a && x.told && x.defaults && x.fields && x.given ? read_root(&x, root) : VB_NOMEM;
  vb_map_free(x.told);
  vb_arena_free(x.a);
  return st;
}
