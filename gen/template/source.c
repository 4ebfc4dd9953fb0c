/* source: files of a library (templates, parts, forms, schemas), and where a character of an attribute or text stands.
 * For gen/template alone.
 *
 * The XML room gives the place where a text node or attribute begins. A substitution or an SQL error lies somewhere inside it, behind
 * entities and comments that the decoded text no longer shows; so the way is walked again in the raw bytes.
 */
#include "template/template_int.h"

#include <stdio.h>
#include <string.h>

/* ---- finding and reading ------------------------------------------------------------------------------------ */

static bool good_name(vb_span s) {
  if (s.n == 0 || s.n > 64 || s.p[0] == '.') return false;
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    if (!ok) return false;
  }
  return true;
}

const char *vb_library_find(vb_compile *c, const vb_library *lib, const char *sub, vb_span name, const char *ending) {
  if (!good_name(name)) return NULL;
  for (size_t i = 0; i < lib->n_dirs; i++) {
    const char *path = vb_arena_printf(c->a, "%s/%s%s%.*s%s", lib->dirs[i], sub, *sub ? "/" : "", (int)name.n, name.p, ending);
    if (!path) { /* the next folder may have another file of this name, which would be taken for it */
      c->st = VB_NOMEM;
      return NULL;
    }
    if (vb_file_exists(path)) return path;
  }
  return NULL;
}

vb_span vb_library_nearest(vb_diag *d, vb_arena *a, const vb_library *lib, const char *sub, vb_span name) {
  vb_map *m = vb_map_new();
  vb_span best = {NULL, 0};
  for (size_t i = 0; m && i < lib->n_dirs; i++) {
    const char *dir = *sub ? vb_path_join(a, lib->dirs[i], sub) : lib->dirs[i];
    const char **names = NULL;
    size_t n = 0;
    if (!dir || !vb_dir_exists(dir) || vb_dir_list(d, a, dir, &names, &n) != VB_OK) continue;
    for (size_t k = 0; k < n; k++) {
      size_t len = strlen(names[k]);
      if (len > 4 && strcmp(names[k] + len - 4, ".xml") == 0) vb_map_put(m, (vb_span){names[k], len - 4}, m);
    }
  }
  vb_span near = m ? vb_map_nearest(m, name) : best;
  if (near.n) best = (vb_span){vb_arena_str(a, near.p, near.n), near.n};
  vb_map_free(m);
  return best.p ? best : (vb_span){NULL, 0};
}

vb_status vb_tpl_schema_open(vb_compile *c, const char *name, vb_place from) {
  const vb_library *lib = c->lib;
  const vb_library own = {lib->dirs + lib->n_dirs - (lib->n_dirs > 0), lib->n_dirs > 0}; /* a job brings no schema */
  const char *path = vb_library_find(c, &own, "schemas", vb_span_of(name), ".rng");
  if (c->st == VB_NOMEM) return VB_NOMEM;
  if (!path) return VB_POST(c->d, VB_MSG_TEMPLATE_SCHEMA, from, name, lib->n_dirs ? lib->dirs[lib->n_dirs - 1] : "");
  return vb_xml_schema_open(c->d, path, &c->schema);
}

/* What messages and traces show: the path from the folder `templates` on, the same wherever the program or the job lies. */
static const char *shown(const char *path) {
  static const char mark[] = "/templates/";
  const char *last = NULL;
  for (const char *p = strstr(path, mark); p; p = strstr(p + 1, mark)) last = p + 1;
  return last ? last : path;
}

vb_tpl_file *vb_tpl_file_read(vb_compile *c, const char *path) {
  vb_arena *a = c->a;
  const vb_xml_schema *schema = c->schema;
  vb_buf raw;
  vb_buf_init(&raw);
  vb_tpl_file *f = VB_NEW(a, vb_tpl_file);
  bool input = c->lib->n_dirs > 1; /* a job has files of its own; those of the program are no matter of job.xml */
  vb_status s = f ? vb_file_read(c->d, path, VB_XML_BYTES_MAX, input, &raw) : VB_NOMEM;
  vb_xml_node *root = NULL;
  if (s == VB_OK) {
    f->real = vb_arena_str(a, path, strlen(path));
    f->path = f->real ? shown(f->real) : NULL;
    f->bytes = (vb_span){vb_arena_str(a, raw.p ? raw.p : "", raw.n), raw.n};
    s = f->path && f->bytes.p ? vb_xml_parse(c->d, a, f->path, f->bytes, schema, &root) : VB_NOMEM;
    if (s == VB_BAD && schema) {
      vb_diag *silent = vb_diag_new(); /* only whether the file is well-formed; the schema has said what is wrong */
      if (!silent || vb_xml_parse(silent, a, f->path, f->bytes, NULL, &root) != VB_OK) root = NULL;
      vb_diag_free(silent);
    }
  }
  vb_buf_free(&raw);
  c->st = vb_worse(c->st, s);
  if (!root) return NULL;
  f->root = root;
  return f;
}

/* ---- places ------------------------------------------------------------------------------------------------- */

vb_place vb_tpl_node_place(const vb_tpl_file *f, const vb_xml_node *n) { return (vb_place){f->path, n->line, n->column, NULL}; }

typedef struct vb_raw { const char *p, *end; uint32_t line, column; } vb_raw;

static void raw_step(vb_raw *r) {
  if (*r->p == '\n') {
    r->line++;
    r->column = 1;
    r->p++;
    return;
  }
  (void)vb_utf8_next(&r->p, r->end);
  r->column++;
}

static bool raw_at(const vb_raw *r, const char *s) {
  size_t n = strlen(s);
  return (size_t)(r->end - r->p) >= n && memcmp(r->p, s, n) == 0;
}

static void raw_skip_to(vb_raw *r, const char *close) {
  while (r->p < r->end && !raw_at(r, close)) raw_step(r);
  for (size_t i = strlen(close); i > 0 && r->p < r->end; i--) raw_step(r);
}

/* The raw bytes at a line and column. */
static vb_raw raw_find(const vb_tpl_file *f, uint32_t line, uint32_t column) {
  vb_raw r = {f->bytes.p, f->bytes.p + f->bytes.n, 1, 1};
  if (raw_at(&r, "\xEF\xBB\xBF")) r.p += 3;
  while (r.line < line && r.p < r.end) {
    const char *nl = memchr(r.p, '\n', (size_t)(r.end - r.p));
    if (!nl) break;
    r.p = nl + 1;
    r.line++;
  }
  while (r.column < column && r.p < r.end && *r.p != '\n') raw_step(&r);
  return r;
}

/* What stands in the raw text and not in the decoded one: comments, instructions, marks of CDATA, carriage returns. */
static bool raw_skip_unseen(vb_raw *r) {
  if (raw_at(r, "<!--")) raw_skip_to(r, "-->");
  else if (raw_at(r, "<![CDATA[")) raw_skip_to(r, "CDATA[");
  else if (raw_at(r, "]]>")) raw_skip_to(r, ">");
  else if (raw_at(r, "<?")) raw_skip_to(r, "?>");
  else if (*r->p == '\r') r->p++;
  else return false;
  return true;
}

static void raw_skip_chars(vb_raw *r, size_t chars, bool attribute) {
  while (r->p < r->end) {
    if (!attribute && raw_skip_unseen(r)) continue;
    if (chars-- == 0) return;
    if (*r->p == '&') raw_skip_to(r, ";");
    else raw_step(r);
  }
}

vb_place vb_tpl_text_place(const vb_tpl_file *f, const vb_xml_node *text, size_t offset) {
  vb_raw r = raw_find(f, text->line, text->column);
  raw_skip_chars(&r, vb_utf8_length((vb_span){text->text.p, offset}), false);
  return (vb_place){f->path, r.line, r.column, NULL};
}

/* Behind name, "=" and the quote. */
static vb_raw raw_attr(const vb_tpl_file *f, const vb_xml_attr *attr) {
  vb_raw r = raw_find(f, attr->line, attr->column);
  while (r.p < r.end && *r.p != '"' && *r.p != '\'') raw_step(&r);
  if (r.p < r.end) raw_step(&r);
  return r;
}

vb_place vb_tpl_attr_place(const vb_tpl_file *f, const vb_xml_attr *attr, size_t offset) {
  vb_raw r = raw_attr(f, attr);
  raw_skip_chars(&r, vb_utf8_length((vb_span){attr->value.p, offset}), true);
  return (vb_place){f->path, r.line, r.column, NULL};
}

vb_span vb_tpl_attr_raw(vb_arena *a, const vb_tpl_file *f, const vb_xml_attr *attr) {
  if (!memchr(attr->value.p, ' ', attr->value.n)) return attr->value;
  char *out = vb_arena_str(a, attr->value.p, attr->value.n);
  vb_raw r = raw_attr(f, attr);
  for (size_t i = 0; out && i < attr->value.n && r.p < r.end; i++) {
    if (*r.p == '\r') r.p++;
    if (((unsigned char)out[i] & 0xC0) == 0x80) continue; /* inside a character: the raw text moved past it whole */
    if (out[i] == ' ' && r.p < r.end && *r.p == '\n') out[i] = '\n';
    raw_skip_chars(&r, 1, true);
  }
  return out ? (vb_span){out, attr->value.n} : attr->value;
}
