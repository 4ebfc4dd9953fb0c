/* trace_write.c: traces as JSON (one figure a line, so that files compare well), as CSV, as text. */
#include <string.h>

#include <jansson.h>

#include "package/package.h"

enum { TRACE_FORMAT = 1 };

/* ---- JSON --------------------------------------------------------------------------------------------------- */

static bool put(json_t *o, const char *key, json_t *v) { return v != NULL && json_object_set_new(o, key, v) == 0; }

static json_t *text(const char *s) { return s == NULL ? json_null() : json_string(s); }

static json_t *count(uint32_t n) { return n == 0 ? json_null() : json_integer(n); }

/* Thousandths of a point as points. */
static json_t *points(int64_t mpt) { return json_real((double)mpt / 1000.0); }

static json_t *source(const vb_traced_source *s) {
  json_t *o = json_object();
  if (o == NULL) return NULL;
  bool good = put(o, "unit", text(s->unit)) && put(o, "period", text(s->period)) && put(o, "code", text(s->code)) && put(o, "raw", text(s->raw)) &&
              put(o, "file", text(s->at.file)) && put(o, "line", count(s->at.line)) && put(o, "column", count(s->at.column)) && put(o, "cell", text(s->at.cell));
  if (good) return o;
  json_decref(o);
  return NULL;
}

static json_t *figure(const vb_traced *f, const vb_traces *of) {
  json_t *o = json_object(), *list = json_array(), *template_place = json_object();
  bool good = o != NULL && list != NULL && template_place != NULL && put(o, "code", text(f->code)) && put(o, "printed", text(f->printed)) && put(o, "value", text(f->value));
  good = good && put(o, "page", count((uint32_t)f->page)) && put(o, "x", points(f->x)) && put(o, "y", points(f->y)) && put(o, "sheet", text(f->sheet)) &&
         put(o, "cell", text(f->cell)) && put(o, "expression", text(f->expression));
  if (f->pdf != NULL) good = good && put(o, "pdf", text(f->pdf));
  if (of != NULL) good = good && put(o, "unit", text(of->unit)) && put(o, "document", text(of->document));
  good = good && put(template_place, "file", text(f->at.file)) && put(template_place, "line", count(f->at.line)) && put(template_place, "column", count(f->at.column));
  for (size_t i = 0; good && i < f->n_sources; i++) {
    json_t *s = source(&f->sources[i]);
    good = s != NULL && json_array_append_new(list, s) == 0;
  }
  if (good) {
    good = put(o, "template", template_place) && put(o, "sources", list);
    if (good) return o;
    json_decref(o); /* what was put in it goes with it */
    return NULL;
  }
  json_decref(o);
  json_decref(list);
  json_decref(template_place);
  return NULL;
}

static int to_buf(const char *bytes, size_t n, void *ctx) {
  vb_buf *b = ctx;
  vb_buf_add(b, bytes, n);
  return b->failed ? -1 : 0;
}

static bool dump(json_t *v, vb_buf *out) {
  bool good = v != NULL && json_dump_callback(v, to_buf, out, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(12)) == 0;
  json_decref(v);
  return good && !out->failed;
}

static bool write_head(const vb_traces *t, vb_buf *out) {
  vb_buf_printf(out, "{\"format\":%d,\"unit\":", TRACE_FORMAT);
  bool good = dump(text(t == NULL ? NULL : t->unit), out);
  vb_buf_str(out, ",\"document\":");
  good = good && dump(text(t == NULL ? NULL : t->document), out);
  vb_buf_str(out, ",\"figures\":[");
  return good && !out->failed;
}

/* Figure by figure: memory does not grow with their number. */
static bool write_some(const vb_traces *t, const char *code, bool several, vb_buf *out, size_t *shown) {
  bool good = true;
  size_t at = 0;
  for (const vb_traced *f; good && (f = vb_traces_next(t, code, &at)) != NULL; ++*shown) {
    vb_buf_str(out, *shown == 0 ? "\n" : ",\n");
    good = dump(figure(f, several ? t : NULL), out);
  }
  return good && !out->failed;
}

static bool write_tail(vb_buf *out) {
  vb_buf_str(out, "\n]}\n");
  return !out->failed;
}

vb_status vb_traces_write(vb_diag *d, const vb_traces *t, vb_buf *out) {
  (void)d;
  size_t shown = 0;
  return write_head(t, out) && write_some(t, NULL, false, out, &shown) && write_tail(out) ? VB_OK : VB_NOMEM;
}

/* ---- finding ------------------------------------------------------------------------------------------------ */

static bool is(const char *s, const char *code) { return s != NULL && strcmp(s, code) == 0; }

static bool concerns(const vb_traced *f, const char *code) {
  bool found = code == NULL || is(f->code, code);
  for (size_t i = 0; i < f->n_sources && !found; i++) found = is(f->sources[i].code, code);
  return found;
}

const vb_traced *vb_traces_next(const vb_traces *t, const char *code, size_t *at) {
  while (*at < t->n_figures) {
    const vb_traced *f = &t->figures[(*at)++];
    if (concerns(f, code)) return f;
  }
  return NULL;
}

/* ---- CSV ---------------------------------------------------------------------------------------------------- */

static void csv_text(vb_buf *out, const char *s) {
  if (s == NULL) return;
  if (strpbrk(s, ",\"\r\n") == NULL) {
    vb_buf_str(out, s);
    return;
  }
  vb_buf_char(out, '"');
  for (; *s != '\0'; s++) {
    if (*s == '"') vb_buf_char(out, '"');
    vb_buf_char(out, *s);
  }
  vb_buf_char(out, '"');
}

static void csv_count(vb_buf *out, int64_t n) {
  if (n != 0) vb_buf_int(out, n);
}

static void csv_points(vb_buf *out, int64_t mpt) {
  char s[32];
  vb_dec_print((vb_dec){mpt, 3}, s, sizeof s);
  vb_buf_str(out, s);
}

static void csv_row(vb_buf *out, const vb_traces *of, const vb_traced *f, const vb_traced_source *s) {
  static const vb_traced_source none = {NULL, NULL, NULL, NULL, {NULL, 0, 0, NULL}};
  if (s == NULL) s = &none;
  const char *const head[] = {f->code, f->printed, f->value};
  for (size_t i = 0; i < 3; i++) {
    csv_text(out, head[i]);
    vb_buf_char(out, ',');
  }
  csv_count(out, f->page);
  vb_buf_char(out, ',');
  if (f->page != 0) csv_points(out, f->x);
  vb_buf_char(out, ',');
  if (f->page != 0) csv_points(out, f->y);
  const char *const middle[] = {f->sheet, f->cell, f->expression, f->at.file};
  for (size_t i = 0; i < 4; i++) {
    vb_buf_char(out, ',');
    csv_text(out, middle[i]);
  }
  vb_buf_char(out, ',');
  csv_count(out, f->at.line);
  const char *const tail[] = {s->unit, s->period, s->code, s->raw, s->at.file};
  for (size_t i = 0; i < 5; i++) {
    vb_buf_char(out, ',');
    csv_text(out, tail[i]);
  }
  vb_buf_char(out, ',');
  csv_count(out, s->at.line);
  vb_buf_char(out, ',');
  csv_count(out, s->at.column);
  vb_buf_char(out, ',');
  const char *const own[] = {s->at.cell, of->unit, of->document, f->pdf};
  for (size_t i = 0; i < 4; i++) {
    csv_text(out, own[i]);
    vb_buf_str(out, i < 3 ? "," : "\r\n");
  }
}

/* ---- text --------------------------------------------------------------------------------------------------- */

static void place(vb_buf *out, const vb_place *at) {
  if (at->file == NULL) return;
  vb_buf_str(out, at->file);
  if (at->cell != NULL) {
    vb_buf_printf(out, ":%s", at->cell);
  } else if (at->line != 0) {
    vb_buf_printf(out, ":%u", (unsigned)at->line);
    if (at->column != 0) vb_buf_printf(out, ":%u", (unsigned)at->column);
  }
}

static void some(vb_buf *out, const char *before, const char *s) {
  if (s == NULL || s[0] == '\0') return;
  vb_buf_str(out, before);
  vb_buf_str(out, s);
}

static void text_figure(vb_buf *out, const vb_traced *f, vb_lang lang) {
  bool vi = lang == VB_VI;
  vb_buf_str(out, f->code == NULL ? "-" : f->code);
  some(out, "  ", f->printed);
  some(out, vi ? "  giá trị " : "  value ", f->value);
  if (f->page != 0) {
    some(out, "  ", f->pdf);
    vb_buf_printf(out, vi ? "  trang %d (" : "  page %d (", f->page);
    csv_points(out, f->x);
    vb_buf_str(out, ", ");
    csv_points(out, f->y);
    vb_buf_str(out, " pt)");
  }
  if (f->cell != NULL) {
    some(out, "  ", f->sheet);
    some(out, "!", f->cell);
  }
  vb_buf_char(out, '\n');
  if (f->expression != NULL || f->at.file != NULL) {
    some(out, "    = ", f->expression == NULL ? "?" : f->expression);
    vb_buf_str(out, "  [");
    place(out, &f->at);
    vb_buf_str(out, "]\n");
  }
  for (size_t i = 0; i < f->n_sources; i++) {
    const vb_traced_source *s = &f->sources[i];
    vb_buf_str(out, "    ");
    place(out, &s->at);
    vb_buf_char(out, ':');
    some(out, " ", s->unit);
    some(out, " ", s->period);
    some(out, " ", s->code);
    some(out, " = ", s->raw == NULL || s->raw[0] == '\0' ? (vi ? "(trống)" : "(empty)") : s->raw);
    vb_buf_char(out, '\n');
  }
}

vb_status vb_traces_print_head(const vb_traces *t, const vb_trace_print *how, vb_buf *out) {
  if (how->form == VB_TRACE_JSON) return write_head(t, out) ? VB_OK : VB_NOMEM;
  if (how->form == VB_TRACE_CSV)
    vb_buf_str(out, "code,printed,value,page,x,y,sheet,sheet_cell,expression,template,template_line,unit,period,source_code,raw,file,line,column,cell,"
                    "document_unit,document,pdf\r\n");
  return out->failed ? VB_NOMEM : VB_OK;
}

vb_status vb_traces_print(const vb_traces *t, const vb_trace_print *how, vb_buf *out, size_t *shown) {
  if (how->form == VB_TRACE_JSON) return write_some(t, how->code, how->several, out, shown) ? VB_OK : VB_NOMEM;
  size_t at = 0, before = *shown;
  for (const vb_traced *f; (f = vb_traces_next(t, how->code, &at)) != NULL; ++*shown) {
    if (how->form == VB_TRACE_TEXT) {
      if (how->several && *shown == before) vb_buf_printf(out, "== %s/%s\n", t->unit == NULL ? "" : t->unit, t->document == NULL ? "" : t->document);
      text_figure(out, f, how->lang);
      continue;
    }
    for (size_t i = 0; i < f->n_sources; i++) csv_row(out, t, f, &f->sources[i]);
    if (f->n_sources == 0) csv_row(out, t, f, NULL);
  }
  return out->failed ? VB_NOMEM : VB_OK;
}

vb_status vb_traces_print_tail(const vb_trace_print *how, vb_buf *out) { return how->form != VB_TRACE_JSON || write_tail(out) ? VB_OK : VB_NOMEM; }
