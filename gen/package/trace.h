/* trace.h: where every printed figure comes from: <document id>.trace.json. Included by package.h; use that.
 *
 * Invariants
 *  1. What was written reads back equal; texts are UTF-8, places are those of the input files.
 *  2. Figures stand in the order given (reading order of the document): the same document gives the same bytes.
 */
#ifndef VB_PACKAGE_TRACE_H
#define VB_PACKAGE_TRACE_H

#include "base/base.h"

/* One value of the input that a figure was made of. Texts may be NULL. */
typedef struct vb_traced_source { const char *unit, *period, *code, *raw; vb_place at; } vb_traced_source;

typedef struct vb_traced {
  const char *code;              /* the figure's own key, "1.1.2"; NULL where it has none */
  const char *printed;           /* as it stands on the page */
  const char *value;             /* plain decimal, or text; NULL: not a value */
  int page; int64_t x, y;        /* page from 1, lower left corner in mpt; page 0: not in the PDF */
  const char *pdf;               /* name of the appendix's own file that the page is of; NULL: the document's */
  const char *sheet, *cell;      /* in the workbook; NULL: not there */
  const char *expression;        /* the SQL or code that gave it */
  vb_place at;                   /* in the template or narrative */
  const vb_traced_source *sources; size_t n_sources;
} vb_traced;

typedef struct vb_traces { const char *unit, *document; const vb_traced *figures; size_t n_figures; } vb_traces;

/* JSON, format 1, appended to out. */
vb_status vb_traces_write(vb_diag *d, const vb_traces *t, vb_buf *out);
/* Reads a file back, into a. Missing: VB_SYSTEM; broken or of another format: VB_BAD with a message. */
vb_status vb_traces_read(vb_diag *d, vb_arena *a, const char *path, vb_traces **out);
/* The next figure from *at on whose code, or a code of whose sources, is this (NULL: any); *at moves behind it. NULL: no more. */
const vb_traced *vb_traces_next(const vb_traces *t, const char *code, size_t *at);

typedef enum vb_trace_form { VB_TRACE_TEXT, VB_TRACE_CSV, VB_TRACE_JSON } vb_trace_form;
typedef struct vb_trace_print { vb_trace_form form; const char *code; /* NULL: all */ vb_lang lang; bool several; /* documents */ } vb_trace_print;
/* For `vanban trace`: a head, the figures of each document, a tail. *shown counts the figures of all of them. CSV: RFC 4180, a row a figure and
 * source. JSON: one object; a figure of several documents names its own. t of the head: the only document; NULL where several. */
vb_status vb_traces_print_head(const vb_traces *t, const vb_trace_print *how, vb_buf *out);
vb_status vb_traces_print(const vb_traces *t, const vb_trace_print *how, vb_buf *out, size_t *shown);
vb_status vb_traces_print_tail(const vb_trace_print *how, vb_buf *out);

#endif
