/* deliver.c: what goes with a document besides its pages and sheets: the figures as CSV, the trace. */
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
  *out = (vb_traced){code, t->printed, plain == NULL ? NULL : vb_arena_str(a, plain, strlen(plain)), p->page, p->x, p->y, NULL, p->sheet, p->cell,
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

typedef struct tracing { vb_arena *a; const vb_doc *doc; const shown *shown; const vb_written *sheets; } tracing;

/* The figures of one file, behind those that are there. */
static vb_status add_figures(const tracing *g, const vb_written *w, const char *pdf, vb_traces *t) {
  vb_traced *list = VB_NEW_ARRAY(g->a, vb_traced, t->n_figures + w->n_figures);
  if (list == NULL) return VB_NOMEM;
  if (t->n_figures > 0) memcpy(list, t->figures, t->n_figures * sizeof *list);
  for (size_t i = 0; i < w->n_figures; i++) {
    vb_figure_place p = w->figures[i];
    if (p.trace == 0 || p.trace > g->doc->n_traces) continue;
    if (w != g->sheets) find_cell(g->sheets, &p);
    vb_traced *f = &list[t->n_figures++];
    if (traced_of(g->a, g->doc, g->shown, &p, f) != VB_OK) return VB_NOMEM;
    f->pdf = pdf;
  }
  t->figures = list;
  return VB_OK;
}

vb_status vb_trace_file(vb_diag *d, vb_arena *a, const vb_doc *doc, const vb_told *told, vb_buf *out) {
  tracing g = {a, doc, shown_of(a, doc), told->sheets};
  vb_traces t = {doc->meta.unit, doc->meta.id, NULL, 0};
  vb_status st = g.shown == NULL ? VB_NOMEM : VB_OK;
  for (size_t i = 0; i < told->n_pdfs && st == VB_OK; i++) st = add_figures(&g, &told->pdfs[i].told, told->pdfs[i].name, &t);
  if (told->n_pdfs == 0 && told->sheets != NULL && st == VB_OK) st = add_figures(&g, told->sheets, NULL, &t);
  return st == VB_OK ? vb_traces_write(d, &t, out) : st;
}
