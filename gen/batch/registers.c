/* registers.c: the files of the folders registers → what the rules on words know. */
#include <string.h>

#include "batch/batch_int.h"

typedef struct source { vb_run *run; const char *file; vb_status st; } source;
typedef struct library { vb_xml_schema *schema; vb_hash *hash; } library; /* schema: the program's, whose folder is read first */

/* An element: which attribute is its text and which what stands for it; or what parts the words it holds. */
typedef struct element { const char *name; vb_register_kind kind; const char *text, *use, *marks; } element;
static const element elements[] = {
    {"words", VB_REG_WORD, NULL, NULL, ","},         {"single", VB_REG_SINGLE, NULL, NULL, ", \t\r\n"}, {"bound", VB_REG_BOUND, NULL, NULL, ", \t\r\n"},
    {"twice", VB_REG_TWICE, NULL, NULL, ", \t\r\n"}, {"once", VB_REG_ONCE, NULL, NULL, ", \t\r\n"},
    {"short", VB_REG_SHORT, "text", "full", NULL},   {"term", VB_REG_TERM, "text", "use", NULL},        {"act", VB_REG_ACT, "symbol", "title", NULL},
    {"day", VB_REG_DAY, "name", "use", NULL},        {"level", VB_REG_LEVEL, "text", "use", NULL}};

static const element *element_of(const vb_xml_node *n) {
  for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++)
    if (strcmp(n->name, elements[i].name) == 0) return &elements[i];
  return NULL;
}

static const char *attr(source *s, const vb_xml_node *n, const char *name) {
  vb_span v = vb_xml_attr_get(n, name);
  if (v.p == NULL) return NULL;
  const char *text = vb_arena_str(s->run->arena, v.p, v.n);
  if (text == NULL) s->st = VB_NOMEM;
  return text;
}

static vb_date day_of(const vb_xml_node *n, const char *name) {
  vb_date d = {0, 0, 0};
  vb_span v = vb_xml_attr_get(n, name);
  if (v.p == NULL || !vb_date_parse_iso(vb_span_trim(v), &d)) return (vb_date){0, 0, 0};
  return d;
}

static void add(source *s, const vb_xml_node *n, const vb_register_entry *e) {
  if (s->st >= VB_SYSTEM) return;
  vb_status st = vb_registers_add(s->run->words, e);
  if (st == VB_BAD) st = VB_POST(s->run->diag, VB_MSG_REGISTER_PHRASE, vb_xml_at(s->run->diag, s->file, n), e->text);
  s->st = vb_worse(s->st, st);
}

/* The words of an element, parted by commas, or else by white space too. */
static void add_list(source *s, const vb_xml_node *n, vb_register_kind kind, const char *marks) {
  vb_span all = vb_xml_text(s->run->arena, n);
  char *text = all.p == NULL ? NULL : vb_arena_str(s->run->arena, all.p, all.n);
  if (text == NULL) {
    s->st = VB_NOMEM;
    return;
  }
  for (char *p = text; *p != '\0' && s->st < VB_SYSTEM;) {
    size_t len = strcspn(p, marks);
    char *end = p + len + (p[len] != '\0');
    vb_span word = vb_span_trim((vb_span){p, len});
    if (word.n > 0) {
      *(text + (word.p - text) + word.n) = '\0';
      add(s, n, &(vb_register_entry){.kind = kind, .text = word.p});
    }
    p = end;
  }
}

static void add_entry(source *s, const vb_xml_node *n) {
  const element *k = element_of(n);
  if (k == NULL) return;
  if (k->marks != NULL) {
    add_list(s, n, k->kind, k->marks);
    return;
  }
  vb_register_entry e = {.kind = k->kind, .text = attr(s, n, k->text), .use = attr(s, n, k->use), .basis = attr(s, n, "basis"), .type = attr(s, n, "type"),
    .agency = attr(s, n, "agency"), .replaced = attr(s, n, "replaced"), .kinds = attr(s, n, "kinds"), .since = day_of(n, "since"), .until = day_of(n, "until"), .date = day_of(n, "date")};
  if (s->st < VB_SYSTEM) add(s, n, &e);
}

static vb_status read_file(vb_run *run, const char *path, const char *name, library *lib) {
  source s = {run, vb_diag_file(run->diag, name), VB_OK};
  vb_xml_node *root = NULL;
  vb_buf bytes;
  vb_buf_init(&bytes);
  s.st = vb_file_read(run->diag, path, VB_XML_BYTES_MAX, false, &bytes);
  if (s.st == VB_OK) vb_hash_add(lib->hash, bytes.p, bytes.n);
  if (s.st == VB_OK) s.st = vb_xml_parse(run->diag, run->arena, s.file, (vb_span){bytes.p, bytes.n}, lib->schema, &root);
  for (const vb_xml_node *n = s.st == VB_OK ? root->first : NULL; n != NULL && s.st < VB_SYSTEM; n = n->next)
    if (n->kind == VB_XML_ELEMENT) add_entry(&s, n);
  vb_buf_free(&bytes);
  return s.st;
}

static vb_status read_dir(vb_run *run, const char *dir, library *lib) {
  const char **names = NULL;
  size_t n = 0;
  const char *folder = vb_path_join(run->arena, dir, "registers"), *rng = vb_path_join(run->arena, dir, "schemas/registers.rng");
  if (folder == NULL || rng == NULL) return VB_NOMEM;
  vb_status s = lib->schema == NULL && vb_file_exists(rng) ? vb_xml_schema_open(run->diag, rng, &lib->schema) : VB_OK;
  if (s != VB_OK || !vb_dir_exists(folder)) return s;
  s = vb_dir_list(run->diag, run->arena, folder, &names, &n);
  for (size_t i = 0; i < n && s < VB_SYSTEM; i++) {
    size_t len = strlen(names[i]);
    const char *path = vb_path_join(run->arena, folder, names[i]), *shown = vb_arena_printf(run->arena, "templates/registers/%s", names[i]);
    if (path == NULL || shown == NULL) return VB_NOMEM;
    if (len > 4 && strcmp(names[i] + len - 4, ".xml") == 0) s = vb_worse(s, read_file(run, path, shown, lib));
  }
  return s;
}

/* The job's own last: its entries stand over the library's. */
vb_status vb_registers_load(vb_run *run) {
  library lib = {NULL, vb_hash_new()};
  run->words = vb_registers_new(run->arena);
  vb_status s = run->words == NULL || lib.hash == NULL ? VB_NOMEM : VB_OK;
  for (size_t i = run->lib.n_dirs; i-- > 0 && s < VB_SYSTEM;) s = vb_worse(s, read_dir(run, run->lib.dirs[i], &lib));
  vb_xml_schema_close(lib.schema);
  return lib.hash != NULL && !vb_hash_end(lib.hash, run->words_id) ? VB_NOMEM : s;
}
