/* read_xlsx: an ordinary workbook → rows of cells. Finds the parts, chooses the sheet. For gen/read alone.
 *
 * Invariants
 *  1. Nothing is computed: cells hold what was saved; macros and linked files are not touched.
 *  2. Parts are found by their relations, not by their usual names; all lie inside the archive.
 */
#include "read/read_xlsx_int.h"

#include <string.h>

vb_place vb_book_place(const vb_book *b)
{
  return (vb_place){vb_diag_file(b->r->d, b->r->src->file), 0, 0, NULL};
}

vb_status vb_book_part(vb_book *b, vb_arena *a, const char *part, vb_xml_node **root)
{
  *root = NULL;
  vb_buf_clear(&b->bytes);
  vb_status st = vb_zip_read(b->r->d, b->zip, part, VB_XML_BYTES_MAX, &b->bytes);
  if (st != VB_OK)
    return st;
  /* Places inside a part say nothing to a person: one message with its name takes the place of the parser's. */
  vb_diag *inner = vb_diag_new();
  st = inner ? vb_xml_parse(inner, a, part, (vb_span){b->bytes.p ? b->bytes.p : "", b->bytes.n}, NULL, root) : VB_NOMEM;
  const vb_finding *f = inner ? vb_diag_first(inner) : NULL;
  if (st == VB_BAD && f && strcmp(f->rule, "xml-limit") == 0)
    vb_diag_move(b->r->d, inner);
  else if (st == VB_BAD)
    st = VB_POST(b->r->d, VB_MSG_BOOK_BROKEN, vb_book_place(b), part);
  vb_diag_free(inner);
  return st;
}

/* ---- relations ---- */

typedef struct relation { struct relation *next; vb_span id, type; const char *part; } relation;

/* "xl/workbook.xml" + "../a/b.xml" → "a/b.xml"; NULL when it leads out of the archive. */
static const char *resolve(vb_arena *a, const char *from, vb_span target)
{
  char *path;
  if (target.n && target.p[0] == '/') {
    path = vb_arena_str(a, target.p + 1, target.n - 1);
  } else {
    const char *slash = strrchr(from, '/');
    int dir = slash ? (int)(slash - from) + 1 : 0;
    path = vb_arena_printf(a, "%.*s%.*s", dir, from, (int)target.n, target.p);
  }
  if (!path)
    return NULL;
  char *out = path;
  for (const char *p = path; *p;) {
    size_t n = strcspn(p, "/");
    if (n == 2 && p[0] == '.' && p[1] == '.') {
      if (out == path)
        return NULL;
      out--; /* the slash */
      while (out > path && out[-1] != '/')
        out--;
    } else if (!(n == 1 && p[0] == '.')) {
      memmove(out, p, n);
      out += n;
      if (p[n])
        *out++ = '/';
    }
    p += n + (p[n] == '/');
  }
  *out = '\0';
  return path;
}

/* The relations of a part: xl/workbook.xml → xl/_rels/workbook.xml.rels. Absent: none. */
static vb_status relations(vb_book *b, const char *of, relation **first)
{
  *first = NULL;
  const char *slash = strrchr(of, '/'), *name = slash ? slash + 1 : of;
  char *part = vb_arena_printf(b->a, "%.*s_rels/%s.rels", slash ? (int)(slash - of) + 1 : 0, of, name);
  if (!part)
    return VB_NOMEM;
  vb_xml_node *root;
  vb_status st = vb_book_part(b, b->a, part, &root);
  if (st != VB_OK)
    return st == VB_DONE ? VB_OK : st;
  relation **tail = first;
  for (const vb_xml_node *n = vb_xml_child(root, "Relationship"); n; n = vb_xml_sibling(n, "Relationship")) {
    relation *rel = VB_NEW(b->a, relation);
    if (!rel)
      return VB_NOMEM;
    rel->id = vb_xml_attr_get(n, "Id");
    rel->type = vb_xml_attr_get(n, "Type");
    if (!vb_span_is(vb_xml_attr_get(n, "TargetMode"), "External"))
      rel->part = resolve(b->a, of, vb_xml_attr_get(n, "Target"));
    *tail = rel;
    tail = &rel->next;
  }
  return VB_OK;
}

static bool is_type(const relation *r, const char *name)
{
  size_t n = strlen(name);
  return r->type.n > n && r->type.p[r->type.n - n - 1] == '/' && memcmp(r->type.p + r->type.n - n, name, n) == 0;
}

static const relation *by_type(const relation *r, const char *name)
{
  while (r && !is_type(r, name))
    r = r->next;
  return r;
}

static const relation *by_id(const relation *r, vb_span id)
{
  while (r && !vb_span_eq(r->id, id))
    r = r->next;
  return r;
}

/* ---- the workbook ---- */

static vb_status list_sheets(vb_book *b, const vb_xml_node *book, const relation *rels)
{
  const vb_xml_node *list = vb_xml_child(book, "sheets"), *props = vb_xml_child(book, "workbookPr");
  vb_span d1904 = props ? vb_xml_attr_get(props, "date1904") : (vb_span){NULL, 0};
  b->date1904 = vb_span_is(d1904, "1") || vb_span_is(d1904, "true");
  size_t n = 0;
  for (const vb_xml_node *s = list ? vb_xml_child(list, "sheet") : NULL; s; s = vb_xml_sibling(s, "sheet"))
    n++;
  b->sheets = VB_NEW_ARRAY(b->a, vb_book_sheet, n + 1);
  if (!b->sheets)
    return VB_NOMEM;
  for (const vb_xml_node *s = list ? vb_xml_child(list, "sheet") : NULL; s; s = vb_xml_sibling(s, "sheet")) {
    vb_span name = vb_xml_attr_get(s, "name"), id = {NULL, 0};
    for (const vb_xml_attr *t = s->attrs; t; t = t->next) /* the prefix of the namespace is the writer's choice */
      if (strlen(t->name) > 3 && strcmp(t->name + strlen(t->name) - 3, ":id") == 0)
        id = t->value;
    const relation *rel = by_id(rels, id);
    if (rel && !is_type(rel, "worksheet")) /* a chart or dialog */
      continue;
    vb_book_sheet *out = &b->sheets[b->n_sheets++];
    out->name = vb_arena_str(b->a, name.p ? name.p : "", name.n);
    out->part = rel ? rel->part : NULL;
    if (!out->name)
      return VB_NOMEM;
  }
  return VB_OK;
}

static void tell_ignored(vb_book *b, const relation *rels)
{
  if (by_type(rels, "vbaProject"))
    VB_POST(b->r->d, VB_MSG_BOOK_MACROS, vb_book_place(b));
  if (by_type(rels, "externalLink"))
    VB_POST(b->r->d, VB_MSG_BOOK_LINKS, vb_book_place(b));
}

static vb_status open_workbook(vb_book *b)
{
  relation *rels;
  vb_status st = relations(b, "", &rels);
  if (st != VB_OK)
    return st;
  const relation *main = by_type(rels, "officeDocument");
  if (!main || !main->part) {
    bool odf = vb_zip_has(b->zip, "META-INF/manifest.xml") && vb_zip_has(b->zip, "content.xml");
    return VB_POST(b->r->d, odf ? VB_MSG_READ_ODS : VB_MSG_BOOK_NOT, vb_book_place(b));
  }
  vb_xml_node *root;
  st = vb_book_part(b, b->a, main->part, &root);
  if (st == VB_DONE)
    return VB_POST(b->r->d, VB_MSG_BOOK_PART, vb_book_place(b), main->part);
  if (st == VB_OK && strcmp(root->name, "workbook") != 0)
    return VB_POST(b->r->d, VB_MSG_BOOK_NOT, vb_book_place(b));
  if (st == VB_OK)
    st = relations(b, main->part, &rels);
  if (st == VB_OK)
    st = list_sheets(b, root, rels);
  if (st != VB_OK)
    return st;
  tell_ignored(b, rels);
  const relation *strings = by_type(rels, "sharedStrings"), *styles = by_type(rels, "styles");
  if (strings && strings->part)
    st = vb_book_strings(b, strings->part);
  if (st == VB_OK && styles && styles->part)
    st = vb_book_styles(b, styles->part);
  return st;
}

/* ---- the sheet ---- */

static vb_status read_rows(vb_book *b, vb_sheet *s, vb_table *t)
{
  vb_status worst = VB_OK, st;
  vb_row row;
  while ((st = vb_sheet_next(s, &row)) != VB_DONE) {
    if (st == VB_OK)
      st = vb_table_row(t, &row);
    if (!vb_read_goes_on(&worst, st))
      return worst;
  }
  (void)b;
  return vb_worse(worst, vb_table_end(t));
}

static vb_table *new_table(vb_book *b)
{
  vb_table_args args = {b->r->d, b->r->src->file, b->r->names, b->r->set, b->r->sink, false};
  return vb_table_new(&args);
}

static vb_status read_sheet(vb_book *b, vb_sheet *s)
{
  vb_table *t = new_table(b);
  vb_status st = t ? read_rows(b, s, t) : VB_NOMEM;
  vb_table_free(t);
  return st;
}

/* How good a header the first rows of a sheet hold; SIZE_MAX for a whole one. */
static vb_status probe(vb_book *b, vb_sheet *s, size_t *score)
{
  vb_table *t = new_table(b);
  vb_row row;
  *score = 0;
  vb_status st = t ? VB_OK : VB_NOMEM;
  for (int i = 0; i < HEAD_ROWS && st == VB_OK && *score < SIZE_MAX; i++) {
    st = vb_sheet_next(s, &row);
    bool whole = false;
    size_t k = st == VB_OK ? vb_table_score(t, &row, &whole) + 1 : 0;
    if (whole)
      *score = SIZE_MAX;
    else if (k > *score)
      *score = k;
  }
  vb_table_free(t);
  vb_sheet_rewind(s);
  return st == VB_DONE ? VB_OK : st;
}

/* The first sheet with a whole header is read; without one, the best tells what is missing. */
static vb_status read_any(vb_book *b)
{
  size_t best = 0, best_score = 0;
  for (size_t i = 0; i < b->n_sheets; i++) {
    vb_sheet *s;
    size_t score;
    vb_status st = vb_sheet_open(b, &b->sheets[i], &s);
    if (st == VB_OK)
      st = probe(b, s, &score);
    if (st == VB_OK && score == SIZE_MAX) {
      st = read_sheet(b, s);
      vb_sheet_close(s);
      return st;
    }
    vb_sheet_close(s);
    if (st != VB_OK)
      return st;
    if (score > best_score) {
      best = i;
      best_score = score;
    }
  }
  if (!best_score)
    return VB_POST(b->r->d, VB_MSG_BOOK_NO_SHEET, vb_book_place(b));
  vb_sheet *s;
  vb_status st = vb_sheet_open(b, &b->sheets[best], &s);
  if (st == VB_OK)
    st = read_sheet(b, s);
  vb_sheet_close(s);
  return st;
}

static vb_status read_named(vb_book *b, const char *name)
{
  vb_span want = vb_text_fold(b->a, vb_span_of(name));
  if (!want.p)
    return VB_NOMEM;
  for (size_t i = 0; i < b->n_sheets; i++) {
    vb_span have = vb_text_fold(b->a, vb_span_of(b->sheets[i].name));
    if (!have.p)
      return VB_NOMEM;
    if (!vb_span_eq(want, have))
      continue;
    vb_sheet *s;
    vb_status st = vb_sheet_open(b, &b->sheets[i], &s);
    if (st == VB_OK)
      st = read_sheet(b, s);
    vb_sheet_close(s);
    return st;
  }
  vb_buf names;
  vb_buf_init(&names);
  for (size_t i = 0; i < b->n_sheets; i++) {
    if (i)
      vb_buf_str(&names, ", ");
    vb_buf_str(&names, b->sheets[i].name);
  }
  const char *all = vb_buf_cstr(&names);
  vb_status st = names.failed ? VB_NOMEM : VB_POST(b->r->d, VB_MSG_BOOK_SHEET, vb_book_place(b), name, all);
  vb_buf_free(&names);
  return st;
}

vb_status vb_read_xlsx(vb_reading *r, vb_span bytes)
{
  vb_book b = {.r = r, .a = r->a};
  vb_buf_init(&b.bytes);
  vb_status st = vb_zip_open(r->d, r->src->file, bytes, &b.zip);
  if (st == VB_OK)
    st = open_workbook(&b);
  if (st == VB_OK)
    st = r->src->sheet ? read_named(&b, r->src->sheet) : read_any(&b);
  vb_zip_close(b.zip);
  vb_buf_free(&b.bytes);
  return st;
}
