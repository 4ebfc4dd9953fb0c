/* job.c: job.xml → vb_job. The schema has done the shape; this file does the meaning. */
#include <string.h>

#include "batch/job.h"
#include "xml/xml.h"

typedef struct reader { vb_diag *d; vb_job *job; const char *file; vb_status status; } reader;

static void fail(reader *r, vb_status s) { r->status = vb_worse(r->status, s); }

static const char *attr(reader *r, const vb_xml_node *n, const char *name) {
  vb_span v = vb_xml_attr_get(n, name);
  if (v.p == NULL) return NULL;
  char *s = vb_arena_str(r->job->arena, v.p, v.n);
  if (s == NULL) fail(r, VB_NOMEM);
  return s;
}

static vb_date attr_date(reader *r, const vb_xml_node *n, const char *name) {
  vb_date out = {0, 0, 0};
  vb_span v = vb_xml_attr_get(n, name);
  if (v.p != NULL && !vb_date_parse_iso(vb_span_trim(v), &out)) {
    vb_date none = {0, 0, 0};
    fail(r, VB_POST(r->d, VB_MSG_JOB_DATE, vb_xml_at(r->d, r->file, n), VB_TXT(v), name));
    return none;
  }
  return out;
}

static vb_encoding attr_encoding(reader *r, const vb_xml_node *n, vb_encoding otherwise) {
  vb_span v = vb_xml_attr_get(n, "encoding");
  vb_encoding e = otherwise;
  if (v.p != NULL && !vb_encoding_by_name(v, &e))
    fail(r, VB_POST(r->d, VB_MSG_JOB_ENCODING, vb_xml_at(r->d, r->file, n), VB_TXT(v)));
  return e;
}

static int small_number(vb_span v, int otherwise) {
  if (v.p == NULL || v.n == 0 || v.n > 6) return otherwise;
  int x = 0;
  for (size_t i = 0; i < v.n; i++) x = x * 10 + (v.p[i] - '0');
  return x;
}

static vb_state state_of(vb_span v, vb_state otherwise) {
  if (v.p == NULL) return otherwise;
  return vb_span_is(v, "issued") ? VB_STATE_ISSUED : vb_span_is(v, "to-stamp") ? VB_STATE_TO_STAMP : VB_STATE_DRAFT;
}

static vb_mode mode_of(vb_span v, vb_mode otherwise) {
  return v.p == NULL ? otherwise : vb_span_is(v, "electronic") ? VB_MODE_ELECTRONIC : VB_MODE_PAPER;
}

static bool separate_of(vb_span v, bool otherwise) { return v.p == NULL ? otherwise : vb_span_is(v, "separate"); }

static size_t count(const vb_xml_node *root, const char *name) {
  size_t n = 0;
  for (const vb_xml_node *c = vb_xml_child(root, name); c != NULL; c = vb_xml_sibling(c, name)) n++;
  return n;
}

static void read_file(reader *r, const vb_xml_node *n, vb_job_use use) {
  vb_job_file *f = &r->job->files[r->job->n_files++];
  f->use = use;
  f->at = vb_xml_at(r->d, r->file, n);
  f->table = attr(r, n, "table");
  const char *pattern = attr(r, n, "file");
  f->pattern = vb_span_of(pattern);
  f->encoding = attr_encoding(r, n, r->job->encoding);
  f->sheet = attr(r, n, "sheet");
  f->unit = attr(r, n, "unit");
  f->period = attr(r, n, "period");
  f->received = attr_date(r, n, "received");
  f->version = small_number(vb_xml_attr_get(n, "version"), 1);
}

static void read_files(reader *r, const vb_xml_node *root) {
  vb_job *job = r->job;
  size_t n = count(root, "units") + count(root, "values") + count(root, "data");
  job->files = VB_NEW_ARRAY(job->arena, vb_job_file, n);
  job->n_forms = count(root, "form");
  job->forms = VB_NEW_ARRAY(job->arena, vb_span, job->n_forms);
  job->forms_at = VB_NEW_ARRAY(job->arena, vb_place, job->n_forms);
  if (job->files == NULL || job->forms == NULL || job->forms_at == NULL) {
    fail(r, VB_NOMEM);
    return;
  }
  for (const vb_xml_node *c = vb_xml_child(root, NULL); c != NULL; c = vb_xml_sibling(c, NULL)) {
    if (strcmp(c->name, "units") == 0) read_file(r, c, VB_USE_UNITS);
    else if (strcmp(c->name, "values") == 0) read_file(r, c, VB_USE_VALUES);
    else if (strcmp(c->name, "data") == 0) read_file(r, c, VB_USE_DATA);
  }
  size_t i = 0;
  for (const vb_xml_node *c = vb_xml_child(root, "form"); c != NULL; c = vb_xml_sibling(c, "form"), i++) {
    job->forms[i] = vb_span_of(attr(r, c, "id"));
    job->forms_at[i] = vb_xml_at(r->d, r->file, c);
  }
  const vb_xml_node *narrative = vb_xml_child(root, "narrative");
  if (narrative != NULL) {
    job->narrative_dir = attr(r, narrative, "dir");
    job->narrative_encoding = attr_encoding(r, narrative, job->encoding);
    job->narrative_at = vb_xml_at(r->d, r->file, narrative);
  }
}

static vb_party *read_parties(reader *r, const vb_xml_node *n, const char *name, uint32_t *count_out) {
  size_t n_parties = count(n, name);
  vb_party *list = VB_NEW_ARRAY(r->job->arena, vb_party, n_parties);
  *count_out = 0;
  if (list == NULL) {
    fail(r, VB_NOMEM);
    return NULL;
  }
  for (const vb_xml_node *c = vb_xml_child(n, name); c != NULL; c = vb_xml_sibling(c, name)) {
    list[*count_out].name = attr(r, c, "name");
    const char *ident = attr(r, c, "ident");
    list[(*count_out)++].ident = ident != NULL && *ident != '\0' ? ident : NULL; /* new leaves it empty, to be filled in */
  }
  return list;
}

static void read_variables(reader *r, const vb_xml_node *n, vb_job_doc *doc) {
  doc->variables = VB_NEW_ARRAY(r->job->arena, vb_variable, count(n, "set"));
  if (doc->variables == NULL) {
    fail(r, VB_NOMEM);
    return;
  }
  for (const vb_xml_node *c = vb_xml_child(n, "set"); c != NULL; c = vb_xml_sibling(c, "set")) {
    vb_variable *v = &doc->variables[doc->n_variables++];
    v->name = attr(r, c, "name");
    v->value.type = VB_SQL_TEXT;
    v->value.text = vb_span_of(attr(r, c, "value"));
  }
}

static const vb_job_package *package_of(reader *r, const vb_xml_node *n, const vb_job_package *above) {
  const vb_job_package *p = vb_job_package_read(r->d, r->job->arena, r->file, vb_xml_child(n, "package"), above, &r->status);
  if (p == NULL) fail(r, VB_NOMEM);
  return p;
}

static void read_archive(reader *r, const vb_xml_node *archive, vb_job_doc *doc) {
  doc->archive_unit = attr(r, archive, "unit");
  doc->drafter = attr(r, archive, "drafter");
  doc->file = attr(r, archive, "file");
  doc->retention = attr(r, archive, "retention");
  doc->keywords = attr(r, archive, "keywords");
  doc->description = attr(r, archive, "description");
}

static void read_document(reader *r, const vb_xml_node *n, const vb_job_doc *defaults) {
  vb_job_doc *doc = &r->job->docs[r->job->n_docs++];
  *doc = *defaults;
  doc->at = vb_xml_at(r->d, r->file, n);
  doc->id = attr(r, n, "id");
  doc->template_id = attr(r, n, "template");
  doc->units = attr(r, n, "units");
  doc->number = attr(r, n, "number");
  doc->series = attr(r, n, "series");
  doc->package = package_of(r, n, defaults->package);
  vb_span data = vb_xml_attr_get(n, "data");
  doc->data = data.p == NULL ? VB_DATA_USUAL : vb_span_is(data, "own") ? VB_DATA_OWN : vb_span_is(data, "children") ? VB_DATA_CHILDREN : VB_DATA_NONE;
  if (vb_xml_attr_get(n, "date").p != NULL) doc->date = attr_date(r, n, "date");
  doc->priority = small_number(vb_xml_attr_get(n, "priority"), 0);
  doc->state = state_of(vb_xml_attr_get(n, "state"), defaults->state);
  doc->mode = mode_of(vb_xml_attr_get(n, "mode"), defaults->mode);
  doc->separate = separate_of(vb_xml_attr_get(n, "appendices"), defaults->separate);
  read_variables(r, n, doc);
  doc->addressees = read_parties(r, n, "addressee", &doc->n_addressees);
  doc->recipients = read_parties(r, n, "recipient", &doc->n_recipients);
  const vb_xml_node *signer = vb_xml_child(n, "signer"), *archive = vb_xml_child(n, "archive");
  if (signer != NULL) {
    doc->authority = attr(r, signer, "authority");
    doc->position = attr(r, signer, "position");
    doc->signer = attr(r, signer, "name");
  }
  if (archive != NULL) read_archive(r, archive, doc);
}

static void read_documents(reader *r, const vb_xml_node *root) {
  vb_job *job = r->job;
  size_t n = count(root, "document");
  if (n > VB_JOB_DOCUMENTS_MAX) {
    fail(r, VB_POST(r->d, VB_MSG_JOB_DOCUMENTS_MANY, vb_xml_at(r->d, r->file, root), VB_NUM(n), VB_NUM(VB_JOB_DOCUMENTS_MAX)));
    return;
  }
  job->docs = VB_NEW_ARRAY(job->arena, vb_job_doc, n);
  if (job->docs == NULL) {
    fail(r, VB_NOMEM);
    return;
  }
  vb_job_doc defaults;
  memset(&defaults, 0, sizeof defaults);
  defaults.date = job->date;
  defaults.state = state_of(vb_xml_attr_get(root, "state"), VB_STATE_DRAFT);
  defaults.mode = mode_of(vb_xml_attr_get(root, "mode"), VB_MODE_PAPER);
  defaults.separate = separate_of(vb_xml_attr_get(root, "appendices"), false);
  defaults.package = package_of(r, root, NULL);
  vb_map *ids = vb_map_new();
  if (ids == NULL) fail(r, VB_NOMEM);
  for (const vb_xml_node *c = ids == NULL ? NULL : vb_xml_child(root, "document"); c != NULL; c = vb_xml_sibling(c, "document")) {
    read_document(r, c, &defaults);
    vb_job_doc *doc = &job->docs[job->n_docs - 1];
    const vb_job_doc *other = doc->id == NULL ? NULL : vb_map_get(ids, vb_span_of(doc->id));
    if (other != NULL) fail(r, VB_POST(r->d, VB_MSG_JOB_DOCUMENT_TWICE, doc->at, doc->id, VB_NUM(other->at.line)));
    else if (doc->id != NULL && !vb_map_put(ids, vb_span_of(doc->id), doc)) fail(r, VB_NOMEM);
  }
  vb_map_free(ids);
}

static void read_waivers(reader *r, const vb_xml_node *root) {
  vb_job *job = r->job;
  job->waivers = VB_NEW_ARRAY(job->arena, vb_waiver, count(root, "waive"));
  if (job->waivers == NULL) {
    fail(r, VB_NOMEM);
    return;
  }
  for (const vb_xml_node *c = vb_xml_child(root, "waive"); c != NULL; c = vb_xml_sibling(c, "waive")) {
    vb_waiver *w = &job->waivers[job->n_waivers++];
    *w = (vb_waiver){attr(r, c, "rule"), attr(r, c, "unit"), attr(r, c, "document"), attr(r, c, "code"),
                     attr(r, c, "reason"), attr(r, c, "who"), attr(r, c, "date"), false, vb_xml_at(r->d, r->file, c)};
  }
}

/* The folder's own name, when job.xml names no other. It becomes a folder of the output. */
static void name_by_folder(reader *r) {
  vb_job *job = r->job;
  vb_status s = vb_path_name(r->d, job->arena, job->dir, &job->name);
  if (s == VB_OK && job->name[0] == '\0') {
    job->name = NULL;
    s = VB_POST(r->d, VB_MSG_JOB_NAME, ((vb_place){vb_diag_file(r->d, r->file), 1, 1, NULL}), job->dir);
  }
  fail(r, s);
}

static vb_status read_job(reader *r, const vb_xml_node *root) {
  vb_job *job = r->job;
  if (vb_xml_attr_get(root, "name").p != NULL) job->name = attr(r, root, "name");
  else name_by_folder(r);
  job->period = attr(r, root, "period");
  job->date = attr_date(r, root, "date");
  job->encoding = attr_encoding(r, root, VB_ENC_AUTO);
  if (job->name == NULL || job->period == NULL) return r->status;
  read_files(r, root);
  read_documents(r, root);
  read_waivers(r, root);
  return r->status;
}

static vb_status open_schema(vb_diag *d, vb_arena *a, const vb_library *lib, vb_xml_schema **out) {
  const char *path = vb_path_join(a, lib->dirs[lib->n_dirs - 1], "schemas/job.rng"); /* the program's: a job brings no schema */
  return path == NULL ? VB_NOMEM : vb_xml_schema_open(d, path, out);
}

/* The folder beside the one that is not there whose name is nearest and that holds a job, in a; NULL: none is near. */
static const char *nearest_job(vb_diag *d, vb_arena *a, const char *dir) {
  vb_span name = vb_span_of(dir);
  while (name.n > 1 && name.p[name.n - 1] == '/') name.n--;
  size_t from = name.n;
  while (from > 0 && name.p[from - 1] != '/') from--;
  const char *parent = from == 0 ? "." : vb_arena_str(a, dir, from), **names = NULL, *found = NULL;
  size_t n = 0, best = 4;
  name = (vb_span){name.p + from, name.n - from};
  if (parent == NULL || !vb_dir_exists(parent) || vb_dir_list(d, a, parent, &names, &n) != VB_OK) return NULL;
  for (size_t i = 0; i < n; i++) {
    const char *path = from == 0 ? names[i] : vb_arena_printf(a, "%s%s", parent, names[i]), *job = path == NULL ? NULL : vb_path_join(a, path, "job.xml");
    size_t far = vb_edit_distance(name, vb_span_of(names[i]), 3);
    if (job == NULL || far >= best || far >= name.n || !vb_file_exists(job)) continue;
    best = far;
    found = path;
  }
  return found;
}

/* Says what was looked for and is not there. */
static vb_status no_job(vb_diag *d, vb_arena *a, const char *dir, const char *path) {
  if (strcmp(dir, VB_JOB_USUAL) == 0) return VB_POST(d, VB_MSG_JOB_USUAL_EMPTY, VB_NOWHERE, path);
  if (vb_file_exists(dir)) return VB_POST(d, VB_MSG_JOB_IS_FILE, VB_NOWHERE, dir);
  if (vb_dir_exists(dir)) return VB_POST(d, VB_MSG_JOB_NO_FILE, VB_NOWHERE, path, dir);
  const char *near = nearest_job(d, a, dir);
  return near != NULL ? VB_POST(d, VB_MSG_JOB_NO_FOLDER_NEAR, VB_NOWHERE, dir, near) : VB_POST(d, VB_MSG_JOB_NO_FOLDER, VB_NOWHERE, dir);
}

vb_status vb_job_open(vb_diag *d, const char *dir, const vb_library *lib, vb_job **out) {
  *out = NULL;
  vb_arena *a = vb_arena_new(0);
  vb_job *job = a == NULL ? NULL : VB_NEW(a, vb_job);
  if (job == NULL) {
    vb_arena_free(a);
    return VB_NOMEM;
  }
  job->arena = a;
  job->dir = dir;
  vb_xml_schema *schema = NULL;
  vb_buf bytes;
  vb_buf_init(&bytes);
  const char *path = vb_path_join(a, dir, "job.xml");
  vb_status s = path == NULL ? VB_NOMEM : VB_OK;
  if (s == VB_OK && !vb_file_exists(path)) s = no_job(d, a, dir, path);
  if (s == VB_OK) s = vb_file_read(d, path, VB_XML_BYTES_MAX, false, &bytes);
  job->self = (vb_man_input){.path = "job.xml", .bytes = bytes.n};
  if (s == VB_OK && !vb_sha256(bytes.p, bytes.n, job->self.sha256)) s = VB_NOMEM;
  if (s == VB_OK) s = open_schema(d, a, lib, &schema);
  vb_xml_node *root = NULL;
  const char *file = vb_diag_file(d, "job.xml");
  if (s == VB_OK) s = vb_xml_parse(d, a, file, (vb_span){bytes.p, bytes.n}, schema, &root);
  if (s == VB_OK) {
    reader r = {d, job, file, VB_OK};
    s = read_job(&r, root);
  }
  vb_xml_schema_close(schema);
  vb_buf_free(&bytes);
  if (s != VB_OK) {
    vb_job_close(job);
    return s;
  }
  *out = job;
  return VB_OK;
}

void vb_job_close(vb_job *job) {
  if (job != NULL) vb_arena_free(job->arena);
}
