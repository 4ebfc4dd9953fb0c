/* trace_read.c: traces read back, as hostile input: types and sizes are checked. */
#include <math.h>
#include <string.h>

#include <jansson.h>

#include "package/package.h"

typedef struct reader { vb_arena *a; bool failed; const char *wrong; } reader;

static const char *text_of(reader *r, const json_t *o, const char *key) {
  const json_t *v = json_object_get(o, key);
  if (v == NULL || json_is_null(v)) return NULL;
  if (!json_is_string(v)) {
    r->wrong = key;
    return NULL;
  }
  char *s = vb_arena_str(r->a, json_string_value(v), json_string_length(v));
  if (s == NULL) r->failed = true;
  return s;
}

static uint32_t count_of(reader *r, const json_t *o, const char *key, uint32_t most) {
  const json_t *v = json_object_get(o, key);
  if (v == NULL || json_is_null(v)) return 0;
  if (!json_is_integer(v) || json_integer_value(v) < 0 || json_integer_value(v) > (json_int_t)most) {
    r->wrong = key;
    return 0;
  }
  return (uint32_t)json_integer_value(v);
}

static int64_t mpt_of(reader *r, const json_t *o, const char *key) {
  const json_t *v = json_object_get(o, key);
  if (v == NULL || json_is_null(v)) return 0;
  double x = json_number_value(v);
  if (!json_is_number(v) || !(x > -1e9 && x < 1e9)) {
    r->wrong = key;
    return 0;
  }
  return (int64_t)llround(x * 1000.0);
}

static vb_place place_of(reader *r, const json_t *o) {
  return (vb_place){text_of(r, o, "file"), count_of(r, o, "line", UINT32_MAX), count_of(r, o, "column", UINT32_MAX), text_of(r, o, "cell")};
}

static size_t list_of(reader *r, const json_t *o, const char *key, const json_t **list) {
  *list = json_object_get(o, key);
  if (*list == NULL) return 0;
  if (!json_is_array(*list)) r->wrong = key;
  return json_is_array(*list) ? json_array_size(*list) : 0;
}

static void figure_of(reader *r, const json_t *o, vb_traced *f) {
  if (!json_is_object(o)) r->wrong = "figures";
  f->code = text_of(r, o, "code");
  f->printed = text_of(r, o, "printed");
  f->value = text_of(r, o, "value");
  f->page = (int)count_of(r, o, "page", VB_TRACE_PAGE_MAX);
  f->x = mpt_of(r, o, "x");
  f->y = mpt_of(r, o, "y");
  f->pdf = text_of(r, o, "pdf");
  f->sheet = text_of(r, o, "sheet");
  f->cell = text_of(r, o, "cell");
  f->expression = text_of(r, o, "expression");
  f->at = place_of(r, json_object_get(o, "template"));
  const json_t *list;
  size_t n = list_of(r, o, "sources", &list);
  vb_traced_source *s = VB_NEW_ARRAY(r->a, vb_traced_source, n);
  if (s == NULL) {
    r->failed = true;
    return;
  }
  for (size_t i = 0; i < n; i++) {
    const json_t *e = json_array_get(list, i);
    s[i] = (vb_traced_source){text_of(r, e, "unit"), text_of(r, e, "period"), text_of(r, e, "code"), text_of(r, e, "raw"), place_of(r, e)};
  }
  f->sources = s;
  f->n_sources = n;
}

static vb_traces *traces_of(reader *r, const json_t *root) {
  if (json_integer_value(json_object_get(root, "format")) != 1) {
    r->wrong = "format";
    return NULL;
  }
  const json_t *list;
  size_t n = list_of(r, root, "figures", &list);
  vb_traces *t = VB_NEW(r->a, vb_traces);
  vb_traced *f = VB_NEW_ARRAY(r->a, vb_traced, n);
  r->failed = t == NULL || f == NULL;
  if (r->failed) return NULL;
  t->unit = text_of(r, root, "unit");
  t->document = text_of(r, root, "document");
  for (size_t i = 0; i < n && !r->failed && r->wrong == NULL; i++) figure_of(r, json_array_get(list, i), &f[i]);
  t->figures = f;
  t->n_figures = n;
  return t;
}

vb_status vb_traces_read(vb_diag *d, vb_arena *a, const char *path, vb_traces **out) {
  *out = NULL;
  vb_buf bytes;
  vb_buf_init(&bytes);
  vb_place at = {vb_diag_file(d, path), 0, 0, NULL};
  vb_status s = vb_file_read(d, path, VB_TRACE_BYTES_MAX, false, &bytes);
  json_error_t e;
  json_t *root = s == VB_OK ? json_loadb(bytes.p == NULL ? "" : bytes.p, bytes.n, JSON_REJECT_DUPLICATES, &e) : NULL;
  vb_buf_free(&bytes);
  if (s != VB_OK) return s;
  if (root == NULL) {
    at.line = e.line > 0 ? (uint32_t)e.line : 0;
    at.column = e.column > 0 ? (uint32_t)e.column : 0;
    return VB_POST(d, VB_MSG_TRACE_BROKEN, at, e.text);
  }
  reader r = {a, false, NULL};
  vb_traces *t = traces_of(&r, root);
  json_decref(root);
  if (r.failed) return VB_NOMEM;
  if (r.wrong != NULL) return VB_POST(d, VB_MSG_TRACE_BROKEN, at, r.wrong);
  *out = t;
  return VB_OK;
}
