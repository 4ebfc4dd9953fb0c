/* registers.c: the files of the folders registers → what the rules on words know.
 *
 * Compiling and running the schema took half of the reading, at every start. So each file is looked over here first, by a table: what passes is
 * valid by the schema too (tests/unit/test_batch_registers.c holds both together), and what does not goes to the schema, which has the last word
 * and says what is wrong.
 */
#include <string.h>

#include "batch/batch_int.h"

typedef struct source { vb_run *run; const char *file; vb_status st; } source;
typedef struct library { const char *rng; vb_xml_schema *schema; vb_hash *hash; } library; /* schema: NULL as long as none was needed */

/* An element: its attributes, those that must be there first; which of them is the text, and what stands for it. */
enum { NEEDED = 5, ALLOWED = 4 };
typedef struct element { const char *name; vb_register_kind kind; const char *needs[NEEDED], *may[ALLOWED], *text, *use, *marks; } element;
static const element elements[] = {
    {"words", VB_REG_WORD, {NULL}, {NULL}, NULL, NULL, ","},
    {"single", VB_REG_SINGLE, {NULL}, {NULL}, NULL, NULL, ", \t\r\n"},
    {"bound", VB_REG_BOUND, {NULL}, {NULL}, NULL, NULL, ", \t\r\n"},
    {"short", VB_REG_SHORT, {"text", "full"}, {"since", "until"}, "text", "full", NULL},
    {"term", VB_REG_TERM, {"text", "use"}, {"basis", "since", "until"}, "text", "use", NULL},
    {"act", VB_REG_ACT, {"symbol", "type", "date", "agency", "title"}, {"replaced", "since", "until"}, "symbol", "title", NULL},
    {"day", VB_REG_DAY, {"name", "since", "until"}, {NULL}, "name", "use", NULL},
    {"level", VB_REG_LEVEL, {"text", "kinds", "use"}, {"since", "until"}, "text", "use", NULL}};

static const element *element_of(const vb_xml_node *n) {
  for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++)
    if (strcmp(n->name, elements[i].name) == 0) return &elements[i];
  return NULL;
}

static bool in(const char *name, const char *const *list, size_t most) {
  for (size_t i = 0; i < most && list[i] != NULL; i++)
    if (strcmp(name, list[i]) == 0) return true;
  return false;
}

static bool is_blank(vb_span s) {
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] != ' ' && s.p[i] != '\t' && s.p[i] != '\r' && s.p[i] != '\n') return false;
  return true;
}

/* Attributes stand once each, so as many as are needed are all of them. */
static bool plain_entry(const vb_xml_node *n) {
  const element *e = element_of(n);
  size_t needed = 0, found = 0;
  vb_date day;
  if (e == NULL || n->ns != NULL || (n->first != NULL && (e->marks == NULL || n->first != n->last || n->first->kind != VB_XML_TEXT))) return false;
  while (needed < NEEDED && e->needs[needed] != NULL) needed++;
  for (const vb_xml_attr *a = n->attrs; a != NULL; a = a->next) {
    bool date = strcmp(a->name, "date") == 0 || strcmp(a->name, "since") == 0 || strcmp(a->name, "until") == 0;
    if (a->value.n == 0 || (date && !vb_date_parse_iso(a->value, &day))) return false;
    if (in(a->name, e->needs, NEEDED)) found++;
    else if (!in(a->name, e->may, ALLOWED)) return false;
  }
  return found == needed;
}

bool vb_register_is_plain(const vb_xml_node *root) {
  if (root->ns != NULL || strcmp(root->name, "register") != 0 || root->attrs == NULL || root->attrs->next != NULL) return false;
  if (strcmp(root->attrs->name, "title") != 0 || root->attrs->value.n == 0) return false;
  for (const vb_xml_node *n = root->first; n != NULL; n = n->next)
    if (n->kind == VB_XML_ELEMENT ? !plain_entry(n) : !is_blank(n->text)) return false;
  return true;
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

/* The tree of a file: as it is where it is plain, else by the schema. */
static vb_status parse(vb_run *run, const char *file, vb_span bytes, library *lib, vb_xml_node **root) {
  vb_status s = vb_xml_parse(run->diag, run->arena, file, bytes, NULL, root);
  if (s != VB_OK || lib->rng == NULL || vb_register_is_plain(*root)) return s;
  if (lib->schema == NULL) s = vb_xml_schema_open(run->diag, lib->rng, &lib->schema);
  return s == VB_OK ? vb_xml_parse(run->diag, run->arena, file, bytes, lib->schema, root) : s;
}

static vb_status read_file(vb_run *run, const char *path, const char *name, library *lib) {
  source s = {run, vb_diag_file(run->diag, name), VB_OK};
  vb_xml_node *root = NULL;
  vb_buf bytes;
  vb_buf_init(&bytes);
  s.st = vb_file_read(run->diag, path, VB_XML_BYTES_MAX, false, &bytes);
  if (s.st == VB_OK) vb_hash_add(lib->hash, bytes.p, bytes.n);
  if (s.st == VB_OK) s.st = parse(run, s.file, (vb_span){bytes.p, bytes.n}, lib, &root);
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
  if (lib->rng == NULL && vb_file_exists(rng)) lib->rng = rng;
  if (!vb_dir_exists(folder)) return VB_OK;
  vb_status s = vb_dir_list(run->diag, run->arena, folder, &names, &n);
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
  library lib = {NULL, NULL, vb_hash_new()};
  run->words = vb_registers_new(run->arena);
  vb_status s = run->words == NULL || lib.hash == NULL ? VB_NOMEM : VB_OK;
  for (size_t i = run->lib.n_dirs; i-- > 0 && s < VB_SYSTEM;) s = vb_worse(s, read_dir(run, run->lib.dirs[i], &lib));
  vb_xml_schema_close(lib.schema);
  return lib.hash != NULL && !vb_hash_end(lib.hash, run->words_id) ? VB_NOMEM : s;
}
