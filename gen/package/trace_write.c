/* trace_write.c: traces as JSON (one figure a line, so that files compare well), as CSV, as text. */
#include <string.h>

#include "package/json_print.h"
#include "package/package.h"

enum { TRACE_FORMAT = 1 };

/* ---- JSON --------------------------------------------------------------------------------------------------- */

static void json_source(vb_buf *out, const vb_traced_source *s) {
  vb_json_field(out, "{\"unit\":", s->unit);
  vb_json_field(out, ",\"period\":", s->period);
  vb_json_field(out, ",\"code\":", s->code);
  vb_json_field(out, ",\"raw\":", s->raw);
  vb_json_field(out, ",\"file\":", s->at.file);
  vb_json_count(out, ",\"line\":", s->at.line);
  vb_json_count(out, ",\"column\":", s->at.column);
  vb_json_field(out, ",\"cell\":", s->at.cell);
  vb_buf_char(out, '}');
}

/* of: the document, where several are printed together. */
static void json_figure(vb_buf *out, const vb_traced *f, const vb_traces *of) {
  vb_json_field(out, "{\"code\":", f->code);
  vb_json_field(out, ",\"printed\":", f->printed);
  vb_json_field(out, ",\"value\":", f->value);
  vb_json_count(out, ",\"page\":", (uint32_t)f->page);
  vb_json_points(out, ",\"x\":", f->x);
  vb_json_points(out, ",\"y\":", f->y);
  vb_json_field(out, ",\"sheet\":", f->sheet);
  vb_json_field(out, ",\"cell\":", f->cell);
  vb_json_field(out, ",\"expression\":", f->expression);
  if (f->pdf != NULL) vb_json_field(out, ",\"pdf\":", f->pdf);
  if (of != NULL) {
    vb_json_field(out, ",\"unit\":", of->unit);
    vb_json_field(out, ",\"document\":", of->document);
  }
  vb_json_field(out, ",\"template\":{\"file\":", f->at.file);
  vb_json_count(out, ",\"line\":", f->at.line);
  vb_json_count(out, ",\"column\":", f->at.column);
  vb_buf_str(out, "},\"sources\":[");
  for (size_t i = 0; i < f->n_sources; i++) {
    if (i > 0) vb_buf_char(out, ',');
    json_source(out, &f->sources[i]);
  }
  vb_buf_str(out, "]}");
}

static bool write_head(const vb_traces *t, vb_buf *out) {
  vb_buf_printf(out, "{\"format\":%d", TRACE_FORMAT);
  vb_json_field(out, ",\"unit\":", t == NULL ? NULL : t->unit);
  vb_json_field(out, ",\"document\":", t == NULL ? NULL : t->document);
  vb_buf_str(out, ",\"figures\":[");
  return !out->failed;
}

static bool write_some(const vb_traces *t, const char *code, bool several, vb_buf *out, size_t *shown) {
  size_t at = 0;
  for (const vb_traced *f; (f = vb_traces_next(t, code, &at)) != NULL; ++*shown) {
    vb_buf_str(out, *shown == 0 ? "\n" : ",\n");
    json_figure(out, f, several ? t : NULL);
  }
  return !out->failed;
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
  vb_buf_str(out, f->code == NULL ? "-" : f->code);
  some(out, "  ", f->printed);
  if (f->value != NULL && f->value[0] != '\0') vb_buf_printf(out, "  %s %s", vb_msg_word(VB_MSG_WORD_VALUE, lang), f->value);
  if (f->page != 0) {
    some(out, "  ", f->pdf);
    vb_buf_printf(out, "  %s %d (", vb_msg_word(VB_MSG_WORD_PAGE, lang), f->page);
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
    if (s->at.file != NULL) vb_buf_str(out, ": ");
    some(out, "", s->unit);
    some(out, " ", s->period);
    some(out, " ", s->code);
    some(out, " = ", s->at.file == NULL ? vb_msg_word(VB_MSG_WORD_NOT_REPORTED, lang) : s->raw == NULL || s->raw[0] == '\0' ? vb_msg_word(VB_MSG_WORD_EMPTY, lang) : s->raw);
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
