/* archive.c: facts → records for archives, by the mapping file. */
#include <string.h>

#include "package/package.h"
#include "text/text.h"
#include "xml/xml.h"

struct vb_archive { vb_arena *arena; const vb_xml_node *root; size_t count; };

typedef struct job { vb_diag *d; const vb_archive *m; const vb_facts *facts; vb_xml_writer *w; vb_status st; } job;

static const char *attr(const vb_archive *m, const vb_xml_node *n, const char *name) {
  vb_span v = vb_xml_attr_get(n, name);
  return v.p == NULL ? NULL : vb_arena_str(m->arena, v.p, v.n);
}

vb_status vb_archive_open(vb_diag *d, const char *path, const struct vb_xml_schema *schema, vb_archive **out) {
  *out = NULL;
  vb_buf bytes;
  vb_buf_init(&bytes);
  vb_arena *a = vb_arena_new(0);
  vb_archive *m = a == NULL ? NULL : VB_NEW(a, vb_archive);
  vb_xml_node *root = NULL;
  vb_status s = m == NULL ? VB_NOMEM : vb_file_read(d, path, VB_MAPPING_BYTES_MAX, false, &bytes);
  if (s == VB_OK) s = vb_xml_parse(d, a, path, (vb_span){bytes.p, bytes.n}, schema, &root);
  vb_buf_free(&bytes);
  if (s != VB_OK) {
    vb_arena_free(a);
    return s;
  }
  m->arena = a;
  m->root = root;
  for (const vb_xml_node *r = vb_xml_child(root, "record"); r != NULL; r = vb_xml_sibling(r, "record")) m->count++;
  *out = m;
  return VB_OK;
}

void vb_archive_close(vb_archive *m) {
  if (m != NULL) vb_arena_free(m->arena);
}

size_t vb_archive_count(const vb_archive *m) { return m->count; }

static const vb_xml_node *record(const vb_archive *m, size_t i) {
  const vb_xml_node *r = vb_xml_child(m->root, "record");
  while (r != NULL && i-- > 0) r = vb_xml_sibling(r, "record");
  return r;
}

const char *vb_archive_suffix(const vb_archive *m, size_t i) {
  const vb_xml_node *r = record(m, i);
  return r == NULL ? NULL : attr(m, r, "suffix");
}

/* ---- values ------------------------------------------------------------------------------------------------- */

static const char *fact(const vb_facts *f, vb_span name, uint32_t index) {
  for (size_t i = 0; i < f->n; i++)
    if (f->list[i].index == index && vb_span_is(name, f->list[i].name)) return f->list[i].value;
  return NULL;
}

/* Texts with {fact} in them: "{number}/{symbol}". Without a brace the whole is the name of one fact. */
static void expand(const job *j, vb_span from, uint32_t index, vb_buf *out) {
  for (size_t i = 0; i < from.n;) {
    const char *close = from.p[i] == '{' ? memchr(from.p + i, '}', from.n - i) : NULL;
    if (close == NULL) {
      vb_buf_char(out, from.p[i++]);
      continue;
    }
    size_t n = (size_t)(close - from.p) - i - 1;
    const char *v = fact(j->facts, (vb_span){from.p + i + 1, n}, index);
    if (v != NULL) vb_buf_str(out, v);
    i += n + 2;
  }
}

/* The code that a list of the mapping gives to a value; its entry without `from` takes all others. */
static vb_span code_of(const job *j, vb_span list, vb_span value) {
  const vb_xml_node *c = vb_xml_child(j->m->root, "codes");
  while (c != NULL && !vb_span_eq(vb_xml_attr_get(c, "name"), list)) c = vb_xml_sibling(c, "codes");
  for (const vb_xml_node *k = c == NULL ? NULL : vb_xml_child(c, "code"); k != NULL; k = vb_xml_sibling(k, "code")) {
    vb_span from = vb_xml_attr_get(k, "from");
    if (from.p == NULL || vb_span_eq(from, value)) return vb_xml_attr_get(k, "to");
  }
  return (vb_span){NULL, 0};
}

static size_t number(vb_span s) {
  size_t v = 0;
  for (size_t i = 0; i < s.n && s.p[i] >= '0' && s.p[i] <= '9' && v < 1000000; i++) v = v * 10 + (size_t)(s.p[i] - '0');
  return v;
}

static void fault(job *j, vb_msg m, const char *name, const char *value, size_t most) {
  vb_status s = m == VB_MSG_ARCHIVE_LENGTH ? VB_POST(j->d, m, VB_NOWHERE, name, VB_NUM(vb_utf8_length(vb_span_of(value))), VB_NUM(most))
                                           : VB_POST(j->d, m, VB_NOWHERE, name, value);
  j->st = vb_worse(j->st, s);
}

/* ISO dates into the pattern of the field: dd/MM/yyyy or yyyy-MM-dd. */
static void reshape_date(job *j, const char *name, const vb_xml_node *f, vb_buf *value) {
  vb_date d;
  vb_span pattern = vb_xml_attr_get(f, "format");
  if (!vb_date_parse_iso((vb_span){value->p, value->n}, &d)) {
    fault(j, VB_MSG_ARCHIVE_DATE, name, vb_buf_cstr(value), 0);
    return;
  }
  vb_buf_clear(value);
  if (vb_span_is(pattern, "yyyy-MM-dd")) vb_buf_printf(value, "%04d-%02d-%02d", d.year, d.month, d.day);
  else vb_buf_printf(value, "%02d/%02d/%04d", d.day, d.month, d.year);
}

static void check(job *j, const char *name, const vb_xml_node *f, vb_buf *value) {
  vb_span type = vb_xml_attr_get(f, "type");
  size_t most = number(vb_xml_attr_get(f, "max"));
  const char *s = vb_buf_cstr(value);
  if (s[0] == '\0') {
    if (vb_span_is(vb_xml_attr_get(f, "required"), "true")) fault(j, VB_MSG_ARCHIVE_MISSING, name, NULL, 0);
    return;
  }
  if (vb_span_is(type, "date")) reshape_date(j, name, f, value);
  else if (vb_span_is(type, "number") && strspn(s, "0123456789") != strlen(s)) fault(j, VB_MSG_ARCHIVE_NUMBER, name, s, 0);
  s = vb_buf_cstr(value);
  if (most > 0 && vb_utf8_length(vb_span_of(s)) > most) fault(j, VB_MSG_ARCHIVE_LENGTH, name, s, most);
}

static void field(job *j, const vb_xml_node *f, uint32_t index) {
  vb_buf value;
  vb_buf_init(&value);
  const char *name = attr(j->m, f, "name");
  vb_span from = vb_xml_attr_get(f, "from"), text = vb_xml_attr_get(f, "text"), codes = vb_xml_attr_get(f, "codes"), other = vb_xml_attr_get(f, "default");
  if (text.p != NULL) {
    expand(j, text, index, &value);
  } else if (from.p != NULL) {
    const char *v = fact(j->facts, from, index);
    if (v != NULL) vb_buf_str(&value, v);
  }
  if (codes.p != NULL && value.n > 0 && name != NULL) {
    vb_span code = code_of(j, codes, (vb_span){value.p, value.n});
    if (code.p == NULL) fault(j, VB_MSG_ARCHIVE_CODE, name, vb_buf_cstr(&value), 0);
    if (!value.failed) vb_buf_clear(&value); /* which forgets a failure */
    vb_buf_span(&value, code);
  }
  if (value.n == 0 && other.p != NULL) vb_buf_span(&value, other);
  vb_buf_cstr(&value); /* its NUL: what may fail fails here */
  if (name != NULL && !value.failed) {
    check(j, name, f, &value);
    vb_xml_element(j->w, name, (vb_span){value.p, value.n});
  }
  if (name == NULL || value.failed) j->st = vb_worse(j->st, VB_NOMEM);
  vb_buf_free(&value);
}

/* ---- structure ---------------------------------------------------------------------------------------------- */

/* How often a group comes: as often as any fact its fields name. */
static uint32_t times(const job *j, const vb_xml_node *group) {
  uint32_t most = 0;
  for (const vb_xml_node *k = vb_xml_child(group, "field"); k != NULL; k = vb_xml_sibling(k, "field")) {
    vb_span from = vb_xml_attr_get(k, "from");
    for (size_t i = 0; from.p != NULL && i < j->facts->n; i++)
      if (vb_span_is(from, j->facts->list[i].name) && j->facts->list[i].index > most) most = j->facts->list[i].index;
  }
  return most;
}

static void items(job *j, const vb_xml_node *parent, uint32_t index) {
  for (const vb_xml_node *k = vb_xml_child(parent, NULL); k != NULL; k = vb_xml_sibling(k, NULL)) {
    if (strcmp(k->name, "field") == 0) {
      field(j, k, index);
      continue;
    }
    const char *name = attr(j->m, k, "name");
    bool each = vb_span_is(vb_xml_attr_get(k, "each"), "true");
    uint32_t n = each ? times(j, k) : 1;
    for (uint32_t i = 1; i <= n && name != NULL; i++) {
      vb_xml_open(j->w, name);
      items(j, k, each ? i : index);
      vb_xml_close(j->w);
    }
    if (name == NULL) j->st = vb_worse(j->st, VB_NOMEM);
  }
}

vb_status vb_archive_write(vb_diag *d, const vb_archive *m, size_t i, const vb_facts *facts, vb_buf *out) {
  const vb_xml_node *r = record(m, i);
  const char *root = r == NULL ? NULL : attr(m, r, "root");
  size_t before = out->n;
  job j = {d, m, facts, vb_xml_writer_new(out, true), VB_OK};
  if (j.w == NULL) return VB_NOMEM;
  vb_xml_writer_declaration(j.w);
  if (root != NULL) {
    vb_xml_open(j.w, root);
    items(&j, r, 0);
    vb_xml_close(j.w);
  }
  j.st = vb_worse(j.st, vb_xml_writer_end(j.w));
  if (root == NULL) j.st = VB_NOMEM;
  if (j.st != VB_OK && out->p != NULL) out->n = before;
  return j.st;
}
