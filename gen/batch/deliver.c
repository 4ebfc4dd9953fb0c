/* deliver.c: what goes with a document besides its pages and sheets: the figures as CSV, the trace, the package for the document axis. */
#include <string.h>

#include "batch/deliver.h"

/* ---- the figures as CSV: attached to a PDF/A-3a ------------------------------------------------------------- */

static void csv_text(vb_buf *b, const char *s) {
  if (s == NULL) return;
  bool quoted = strpbrk(s, ",\"\r\n") != NULL;
  if (quoted) vb_buf_char(b, '"');
  for (; *s != '\0'; s++) {
    if (*s == '"') vb_buf_char(b, '"');
    vb_buf_char(b, *s);
  }
  if (quoted) vb_buf_char(b, '"');
}

static void csv_row(vb_buf *b, const char *const *fields, size_t n) {
  for (size_t i = 0; i < n; i++) {
    if (i > 0) vb_buf_char(b, ',');
    csv_text(b, fields[i]);
  }
  vb_buf_str(b, "\r\n");
}

/* A figure for machines: point, no grouping. */
static const char *plain_value(const vb_value *v, const char *text, char *out, size_t cap) {
  switch (v->type) {
    case VB_VALUE_NUMBER:
    case VB_VALUE_PERCENT:
    case VB_VALUE_MONEY: vb_dec_print(v->num, out, cap); return out;
    case VB_VALUE_DATE: vb_date_print_iso(v->date, out); return out;
    case VB_VALUE_TEXT:
    case VB_VALUE_NONE: break;
  }
  return text;
}

vb_status vb_figures_csv(const vb_doc *doc, vb_buf *out) {
  static const char *const head[] = {"unit", "period", "code", "label", "measure", "value", "note", "file", "line", "column", "cell"};
  enum { N = sizeof head / sizeof head[0] };
  csv_row(out, head, N);
  for (uint32_t i = 0; i < doc->n_data; i++) {
    const vb_datum *x = &doc->data[i];
    char value[40];
    const char *line = VB_NUM(x->at.line), *column = VB_NUM(x->at.column);
    const char *row[N] = {x->unit, x->period, x->code, x->label, x->measure, plain_value(&x->value, x->text, value, sizeof value), x->note,
                          x->at.file, x->at.line ? line : NULL, x->at.column ? column : NULL, x->at.cell};
    csv_row(out, row, N);
  }
  return out->failed ? VB_NOMEM : VB_OK;
}

/* ---- the trace ---------------------------------------------------------------------------------------------- */

/* Values of printed figures by trace, and the keys of the cells that hold them. */
typedef struct shown { const vb_value *value; const char *key; } shown;

static shown *shown_of(vb_arena *a, const vb_doc *doc) {
  shown *list = VB_NEW_ARRAY(a, shown, doc->n_traces + 1);
  if (list == NULL) return NULL;
  vb_walk w;
  for (vb_walk_init(&w, doc->root); vb_walk_next(&w);) {
    if (w.leaving) continue;
    const vb_value *v = w.node->kind == VB_NODE_CELL ? &w.node->u.cell.value : w.node->kind == VB_NODE_FIGURE ? &w.node->u.text.value : NULL;
    if (v == NULL || v->trace == 0 || v->trace > doc->n_traces) continue;
    list[v->trace] = (shown){v, w.node->kind == VB_NODE_CELL ? w.node->u.cell.key : NULL};
  }
  return list;
}

static vb_status traced_of(vb_arena *a, const vb_doc *doc, const shown *s, const vb_figure_place *p, vb_traced *out) {
  const vb_trace *t = &doc->traces[p->trace - 1];
  vb_traced_source *sources = VB_NEW_ARRAY(a, vb_traced_source, t->n_sources);
  if (sources == NULL) return VB_NOMEM;
  for (uint32_t i = 0; i < t->n_sources; i++)
    sources[i] = (vb_traced_source){t->sources[i].unit, t->sources[i].period, t->sources[i].code, t->sources[i].raw, t->sources[i].at};
  const shown *x = &s[p->trace];
  char value[40];
  const char *plain = x->value == NULL ? NULL : plain_value(x->value, NULL, value, sizeof value);
  const char *code = x->key != NULL ? x->key : t->n_sources == 1 ? t->sources[0].code : NULL;
  *out = (vb_traced){code, t->printed, plain == NULL ? NULL : vb_arena_str(a, plain, strlen(plain)), p->page, p->x, p->y, p->sheet, p->cell,
                     t->expression, t->at, sources, t->n_sources};
  return VB_OK;
}

/* Where the workbook prints the same figure. */
static void find_cell(const vb_written *sheets, vb_figure_place *p) {
  for (uint32_t i = 0; sheets != NULL && i < sheets->n_figures; i++)
    if (sheets->figures[i].trace == p->trace) {
      p->sheet = sheets->figures[i].sheet;
      p->cell = sheets->figures[i].cell;
      return;
    }
}

vb_status vb_trace_file(vb_diag *d, vb_arena *a, const vb_doc *doc, const vb_written *pages, const vb_written *sheets, vb_buf *out) {
  const shown *s = shown_of(a, doc);
  size_t n = pages != NULL ? pages->n_figures : sheets != NULL ? sheets->n_figures : 0;
  vb_traced *figures = VB_NEW_ARRAY(a, vb_traced, n);
  if (s == NULL || figures == NULL) return VB_NOMEM;
  size_t kept = 0;
  for (size_t i = 0; i < n; i++) {
    vb_figure_place p = pages != NULL ? pages->figures[i] : sheets->figures[i];
    if (p.trace == 0 || p.trace > doc->n_traces) continue;
    if (pages != NULL) find_cell(sheets, &p);
    if (traced_of(a, doc, s, &p, &figures[kept++]) != VB_OK) return VB_NOMEM;
  }
  vb_traces t = {doc->meta.unit, doc->meta.id, figures, kept};
  return vb_traces_write(d, &t, out);
}

/* ---- the package -------------------------------------------------------------------------------------------- */

/* "TM. ỦY BAN NHÂN DÂN" → "TM.": the field holds the signing authority alone. */
static const char *competence_of(vb_arena *a, const char *authority) {
  if (authority == NULL) return NULL;
  const char *dot = strchr(authority, '.');
  return dot == NULL || dot - authority > 4 ? "" : vb_arena_str(a, authority, (size_t)(dot - authority) + 1);
}

static const char *one_line(vb_arena *a, const char *s) {
  char *c = s == NULL ? NULL : vb_arena_str(a, s, strlen(s));
  for (char *p = c; p != NULL && *p != '\0'; p++)
    if (*p == '\n' || *p == '|') *p = ' ';
  return c;
}

typedef struct receivers { vb_edxml_organ *to; size_t n_to; const char **places; size_t n_places; } receivers;

/* Addressees and recipients with an identifier get the package; the others are named as places. "Như trên" names nobody anew. */
static vb_status sort_receivers(vb_arena *a, const vb_meta *m, receivers *r) {
  size_t most = m->n_addressees + m->n_recipients;
  r->to = VB_NEW_ARRAY(a, vb_edxml_organ, most);
  r->places = VB_NEW_ARRAY(a, const char *, most);
  if (r->to == NULL || r->places == NULL) return VB_NOMEM;
  for (size_t i = 0; i < most; i++) {
    const vb_party *p = i < m->n_addressees ? &m->addressees[i] : &m->recipients[i - m->n_addressees];
    bool twice = false;
    for (size_t k = 0; p->ident != NULL && k < r->n_to; k++) twice |= strcmp(r->to[k].id, p->ident) == 0;
    if (twice || (p->name != NULL && strcmp(p->name, "Như trên") == 0)) continue;
    if (p->ident != NULL) r->to[r->n_to++] = (vb_edxml_organ){.id = p->ident, .name = p->name};
    else r->places[r->n_places++] = p->name;
  }
  return VB_OK;
}

static vb_status name_appendixes(vb_arena *a, const vb_doc *doc, vb_edxml *e) {
  size_t n = 0;
  for (const vb_node *s = doc->root->first; s != NULL; s = s->next) n += s->u.sequence.role == VB_SEQ_APPENDIX;
  const char **names = VB_NEW_ARRAY(a, const char *, n);
  if (names == NULL) return VB_NOMEM;
  for (const vb_node *s = doc->root->first; s != NULL; s = s->next)
    if (s->u.sequence.role == VB_SEQ_APPENDIX) names[e->n_appendixes++] = one_line(a, s->u.sequence.title);
  e->appendixes = names;
  return VB_OK;
}

vb_status vb_package_file(vb_diag *d, vb_arena *a, const vb_doc *doc, const vb_package_parts *parts, vb_buf *out) {
  const vb_meta *m = &doc->meta;
  receivers r = {NULL, 0, NULL, 0};
  vb_status s = sort_receivers(a, m, &r);
  if (s != VB_OK) return s;
  vb_edxml_step step = {.organ_id = m->issuer.ident, .at = {.date = parts->today.year != 0 ? parts->today : m->date, .offset = 7 * 60}};
  vb_edxml e = {.from = {.id = m->issuer.ident, .in_charge = one_line(a, m->superior), .name = one_line(a, m->issuer.name)}, .to = r.to, .n_to = r.n_to,
                .number = m->number, .notation = m->symbol, .place = m->place, .date = m->date, .type_name = m->kind_name,
                .subject = one_line(a, m->subject), .competence = competence_of(a, m->authority), .position = one_line(a, m->position), .signer = m->signer,
                .priority = m->priority, .typer = m->drafter, .copies = 1, .pages = parts->pages, .places = r.places, .n_places = r.n_places,
                .steps = &step, .n_steps = 1, .files = parts->files, .n_files = parts->n_files};
  s = name_appendixes(a, doc, &e);
  vb_edxml_rules rules = {parts->name, parts->today, parts->schema};
  return s == VB_OK ? vb_edxml_write(d, &e, &rules, out) : s;
}
