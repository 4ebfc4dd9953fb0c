/* index_html.c: manifest → index.html, through the XML writer: HTML that is well-formed XML too, all text escaped by it. An element that is not
 * void must not be empty, for HTML knows no <td/>: empty cells hold a dash. */
#include <string.h>

#include "package/index_text.h"
#include "package/package.h"
#include "text/text.h"
#include "xml/xml.h"

typedef struct page { vb_xml_writer *w; vb_arena *scratch; const vb_manifest *m; vb_buf *out; vb_buf text; bool failed; vb_status s; } page;

/* Empties the text that is being put together; a failure of it stays known. */
static void restart(page *p) {
  p->failed = p->failed || p->text.failed;
  vb_buf_clear(&p->text);
}


static void put(page *p, const char *s) { vb_xml_chars(p->w, vb_span_of(s)); }
static void attr(page *p, const char *name, const char *value) { vb_xml_attr_put(p->w, name, vb_span_of(value)); }

static void open_with(page *p, const char *element, const char *name, const char *value) {
  vb_xml_open(p->w, element);
  attr(p, name, value);
}

/* The same in both languages; one of them is shown. */
static void both(page *p, const char *vi, const char *en) {
  open_with(p, "span", "lang", "vi");
  put(p, vi);
  vb_xml_close(p->w);
  open_with(p, "span", "lang", "en");
  put(p, en);
  vb_xml_close(p->w);
}

static void or_dash(page *p, const char *s) { put(p, s == NULL || s[0] == '\0' ? "–" : s); }

static void cell(page *p, const char *s) {
  vb_xml_open(p->w, "td");
  or_dash(p, s);
  vb_xml_close(p->w);
}

/* A number or a date, which does not break. */
static void whole_cell(page *p, const char *s) {
  open_with(p, "td", "class", "whole");
  or_dash(p, s);
  vb_xml_close(p->w);
}

/* ---- head --------------------------------------------------------------------------------------------------- */

static void head(page *p) {
  vb_xml_open(p->w, "head");
  open_with(p, "meta", "charset", "utf-8");
  vb_xml_close(p->w);
  open_with(p, "meta", "name", "viewport");
  attr(p, "content", "width=device-width, initial-scale=1");
  vb_xml_close(p->w);
  open_with(p, "link", "rel", "icon"); /* none: or the browser asks the disk for one */
  attr(p, "href", "data:,");
  vb_xml_close(p->w);
  vb_xml_open(p->w, "title");
  or_dash(p, p->m->job);
  vb_xml_close(p->w);
  vb_xml_open(p->w, "style");
  put(p, index_style);
  vb_xml_close(p->w);
  vb_xml_close(p->w);
  put(p, "\n");
}

/* The switch of languages: two radio buttons before <main>, obeyed by the style sheet alone. */
static void language(page *p, const char *id, const char *lang, const char *name, bool chosen) {
  open_with(p, "input", "type", "radio");
  attr(p, "name", "lang");
  attr(p, "id", id);
  attr(p, "class", "switch");
  if (chosen) attr(p, "checked", "checked");
  vb_xml_close(p->w);
  open_with(p, "label", "for", id);
  attr(p, "class", "switch");
  attr(p, "lang", lang);
  put(p, name);
  vb_xml_close(p->w);
  put(p, "\n");
}

/* ---- totals ------------------------------------------------------------------------------------------------- */

typedef struct totals { size_t status[4], pages, files, bytes, signatures, error, warning, info, waived; } totals;

static void count_findings(const vb_finding *f, totals *t) {
  for (; f != NULL; f = f->next) {
    if (f->waived.reason != NULL) t->waived++;
    else if (f->severity == VB_INFO) t->info++;
    else if (f->severity == VB_WARNING) t->warning++;
    else t->error++;
  }
}

static totals sum_up(page *p) {
  const vb_manifest *m = p->m;
  totals t = {.pages = 0};
  for (size_t i = 0; i < m->n_docs; i++) {
    const vb_man_doc *doc;
    p->s = vb_manifest_doc(m, i, &doc);
    if (p->s != VB_OK) break;
    t.status[doc->status]++;
    t.pages += (size_t)doc->pages;
    t.signatures += (size_t)doc->signatures;
    t.files += doc->n_files;
    for (size_t k = 0; k < doc->n_files; k++) t.bytes += (size_t)doc->files[k].bytes;
    count_findings(doc->findings, &t);
  }
  count_findings(m->findings, &t);
  return t;
}

typedef struct total { const char *vi, *en; size_t n; } total;

/* One row of figures below their names: wide and low, so that the documents stand on the first screen. */
static void totals_table(page *p) {
  totals t = sum_up(p);
  const total all[] = {{"Văn bản", "Documents", p->m->n_docs}, {"Đã lập", "Written", t.status[VB_DOC_WRITTEN] + t.status[VB_DOC_UNCHANGED]},
                       {"Giữ lại", "Withheld", t.status[VB_DOC_WITHHELD]}, {"Chưa có số liệu", "No data", t.status[VB_DOC_NO_DATA]},
                       {"Trang", "Pages", t.pages}, {"Tệp", "Files", t.files}, {"Dung lượng (KB)", "Size (KB)", (t.bytes + 1023) / 1024},
                       {"Chữ ký số", "Signatures", t.signatures}, {"Lỗi", "Errors", t.error}, {"Cảnh báo", "Warnings", t.warning},
                       {"Thông tin", "Notes", t.info}, {"Được miễn", "Waived", t.waived}};
  const size_t n = sizeof all / sizeof all[0];
  open_with(p, "table", "id", "totals");
  vb_xml_open(p->w, "caption");
  both(p, "Tổng hợp", "Totals");
  vb_xml_close(p->w);
  vb_xml_open(p->w, "thead");
  vb_xml_open(p->w, "tr");
  for (size_t i = 0; i < n; i++) {
    open_with(p, "th", "scope", "col");
    both(p, all[i].vi, all[i].en);
    vb_xml_close(p->w);
  }
  vb_xml_close(p->w);
  vb_xml_close(p->w);
  vb_xml_open(p->w, "tbody");
  vb_xml_open(p->w, "tr");
  for (size_t i = 0; i < n; i++) {
    vb_xml_open(p->w, "td");
    put(p, VB_NUM(all[i].n));
    vb_xml_close(p->w);
  }
  vb_xml_close(p->w);
  vb_xml_close(p->w);
  vb_xml_close(p->w);
  put(p, "\n");
}

/* ---- findings ----------------------------------------------------------------------------------------------- */

static void finding_place(page *p, const vb_finding *f) {
  if (f->at.file == NULL) return;
  restart(p);
  vb_buf_str(&p->text, f->at.file);
  if (f->at.cell != NULL) vb_buf_printf(&p->text, ":%s", f->at.cell);
  else if (f->at.line != 0) vb_buf_printf(&p->text, ":%u:%u", (unsigned)f->at.line, (unsigned)f->at.column);
  vb_xml_open(p->w, "code");
  put(p, vb_buf_cstr(&p->text));
  vb_xml_close(p->w);
  put(p, " ");
}

static void finding_words(page *p, const vb_finding *f, vb_lang lang) {
  restart(p);
  vb_finding_text(f, lang, &p->text);
  open_with(p, "span", "lang", lang == VB_VI ? "vi" : "en");
  or_dash(p, vb_buf_cstr(&p->text));
  vb_xml_close(p->w);
}

static void finding(page *p, const vb_finding *f) {
  static const char *const classes[] = {"info", "warning", "error", "error"};
  static const char *const vi[] = {"thông tin", "cảnh báo", "lỗi", "lỗi"}, *const en[] = {"note", "warning", "error", "error"};
  bool waived = f->waived.reason != NULL;
  open_with(p, "li", "class", waived ? "waived" : classes[f->severity]);
  both(p, vi[f->severity], en[f->severity]);
  put(p, ": ");
  finding_place(p, f);
  finding_words(p, f, VB_VI);
  finding_words(p, f, VB_EN);
  if (f->rule != NULL) {
    put(p, " [");
    put(p, f->rule);
    put(p, "]");
  }
  if (waived) {
    put(p, " — ");
    both(p, "được miễn: ", "waived: ");
    put(p, f->waived.reason);
    if (f->waived.who != NULL) {
      put(p, " (");
      put(p, f->waived.who);
      if (f->waived.date != NULL) put(p, ", ");
      if (f->waived.date != NULL) put(p, f->waived.date);
      put(p, ")");
    }
  }
  vb_xml_close(p->w);
}

static void finding_list(page *p, const vb_finding *f) {
  vb_xml_open(p->w, "ul");
  for (; f != NULL; f = f->next) finding(p, f);
  vb_xml_close(p->w);
}

/* "2 lỗi, 1 cảnh báo": only what there is. */
static void count_words(page *p, const totals *t, bool vi) {
  static const char *const one[] = {"error", "warning", "note", "waived"};
  const total all[] = {{"lỗi", "errors", t->error}, {"cảnh báo", "warnings", t->warning}, {"thông tin", "notes", t->info}, {"được miễn", "waived", t->waived}};
  restart(p);
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
    if (all[i].n > 0) vb_buf_printf(&p->text, "%s%zu %s", p->text.n == 0 ? "" : ", ", all[i].n, vi ? all[i].vi : all[i].n == 1 ? one[i] : all[i].en);
  open_with(p, "span", "lang", vi ? "vi" : "en");
  put(p, vb_buf_cstr(&p->text));
  vb_xml_close(p->w);
}

/* Their counts, and the list below for who asks for it. */
static void folded(page *p, const vb_finding *f, const totals *t, bool open) {
  vb_xml_open(p->w, "details");
  if (open) attr(p, "open", "open");
  vb_xml_open(p->w, "summary");
  count_words(p, t, true);
  count_words(p, t, false);
  vb_xml_close(p->w);
  finding_list(p, f);
  vb_xml_close(p->w);
}

static void findings_cell(page *p, const vb_man_doc *doc) {
  totals t = {.pages = 0};
  count_findings(doc->findings, &t);
  vb_xml_open(p->w, "td");
  attr(p, "data-key", VB_NUM(t.error * 1000000 + t.warning * 1000 + t.info + t.waived)); /* errors weigh most */
  if (doc->findings == NULL) put(p, "–");
  else folded(p, doc->findings, &t, false);
  vb_xml_close(p->w);
}

/* ---- documents ---------------------------------------------------------------------------------------------- */

/* A path of the manifest as an address: everything but unreserved characters and / is coded. */
static const char *address(page *p, const char *path) {
  restart(p);
  for (const char *s = path; *s != '\0'; s++) {
    char c = *s;
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~/", c) != NULL;
    if (plain) vb_buf_char(&p->text, c);
    else vb_buf_printf(&p->text, "%%%02X", (unsigned)(unsigned char)c);
  }
  return vb_buf_cstr(&p->text);
}

static const char *type_name(const char *type) {
  static const char *const names[][2] = {{"pdf", "PDF"}, {"xlsx", "XLSX"}, {"edxml", "edXML"}, {"trace", "JSON"}, {"archive", "XML"}, {"preview", "PNG"}};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (type != NULL && strcmp(type, names[i][0]) == 0) return names[i][1];
  return type == NULL || type[0] == '\0' ? "?" : type;
}

static void files_cell(page *p, const vb_man_doc *doc) {
  open_with(p, "td", "class", "files");
  if (doc->n_files == 0) put(p, "–");
  for (size_t i = 0; i < doc->n_files; i++) {
    const vb_man_file *f = &doc->files[i];
    const char *slash = strrchr(f->path, '/');
    vb_xml_open(p->w, "a");
    attr(p, "href", address(p, f->path));
    attr(p, "title", slash == NULL ? f->path : slash + 1);
    put(p, type_name(f->type));
    size_t nth = 1;
    for (size_t k = 0; k < i; k++) nth += doc->files[k].type != NULL && f->type != NULL && strcmp(doc->files[k].type, f->type) == 0;
    if (nth > 1) {
      put(p, " ");
      put(p, VB_NUM(nth));
    }
    vb_xml_close(p->w);
    put(p, " ");
  }
  vb_xml_close(p->w);
}

/* Whether a document was made anew or kept is the manifest's to say: the page is the same after a second run. */
static void status_cell(page *p, const vb_man_doc *doc) {
  static const char *const classes[] = {"tag written", "tag written", "tag withheld", "tag no-data"};
  static const char *const vi[] = {"đã lập", "đã lập", "giữ lại", "chưa có số liệu"}, *const en[] = {"written", "written", "withheld", "no data"};
  vb_xml_open(p->w, "td");
  open_with(p, "span", "class", classes[doc->status]);
  both(p, vi[doc->status], en[doc->status]);
  vb_xml_close(p->w);
  if (doc->status == VB_DOC_WRITTEN || doc->status == VB_DOC_UNCHANGED) {
    put(p, " ");
    if (doc->state != NULL && strcmp(doc->state, "draft") == 0) both(p, "dự thảo", "draft");
    else if (doc->state != NULL && strcmp(doc->state, "to-stamp") == 0) both(p, "chờ số, ngày", "to be stamped");
    if (doc->signatures > 0) {
      put(p, " ");
      put(p, VB_NUM(doc->signatures));
      put(p, " ");
      both(p, "chữ ký", "signed");
    }
  }
  vb_xml_close(p->w);
}

static void unit_cells(page *p, const vb_man_doc *doc) {
  restart(p);
  vb_buf_printf(&p->text, "%s %s", doc->unit, doc->unit_name == NULL ? "" : doc->unit_name);
  vb_arena_reset(p->scratch);
  vb_span bare = vb_text_bare(p->scratch, (vb_span){p->text.p, p->text.n});
  p->failed = p->failed || bare.p == NULL;
  vb_xml_open(p->w, "tr");
  vb_xml_attr_put(p->w, "data-unit", bare);
  open_with(p, "th", "scope", "row");
  or_dash(p, doc->unit);
  vb_xml_close(p->w);
  cell(p, doc->unit_name);
}

static void document(page *p, const vb_man_doc *doc) {
  unit_cells(p, doc);
  cell(p, doc->document);
  restart(p);
  if (doc->symbol != NULL) vb_buf_printf(&p->text, "%s/%s", doc->number == NULL ? "…" : doc->number, doc->symbol);
  whole_cell(p, vb_buf_cstr(&p->text));
  whole_cell(p, doc->date);
  status_cell(p, doc);
  open_with(p, "td", "class", "n");
  put(p, VB_NUM(doc->pages));
  vb_xml_close(p->w);
  findings_cell(p, doc);
  files_cell(p, doc);
  vb_xml_close(p->w);
  put(p, "\n");
}

typedef struct column { const char *vi, *en; bool sorts, number; } column;

static void columns(page *p) {
  static const column all[] = {{"Mã đơn vị", "Unit", true, false}, {"Tên đơn vị", "Name", true, false}, {"Văn bản", "Document", true, false},
                               {"Số, ký hiệu", "Number", true, false}, {"Ngày", "Date", true, false}, {"Kết quả", "Status", true, false},
                               {"Trang", "Pages", true, true}, {"Phát hiện", "Findings", true, true}, {"Tệp", "Files", false, false}};
  vb_xml_open(p->w, "thead");
  vb_xml_open(p->w, "tr");
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
    open_with(p, "th", "scope", "col");
    if (all[i].number) attr(p, "data-number", "");
    if (all[i].sorts) {
      attr(p, "aria-sort", "none");
      open_with(p, "button", "type", "button");
    }
    both(p, all[i].vi, all[i].en);
    if (all[i].sorts) vb_xml_close(p->w);
    vb_xml_close(p->w);
  }
  vb_xml_close(p->w);
  vb_xml_close(p->w);
  put(p, "\n");
}

static void search(page *p) {
  open_with(p, "p", "class", "find");
  attr(p, "id", "find");
  attr(p, "role", "search");
  attr(p, "hidden", "hidden"); /* until the script that serves it runs */
  open_with(p, "label", "for", "unit");
  both(p, "Tìm đơn vị (mã hoặc tên, không cần dấu): ", "Find a unit (code or name, without accents): ");
  vb_xml_close(p->w);
  open_with(p, "input", "type", "search");
  attr(p, "id", "unit");
  attr(p, "autocomplete", "off");
  vb_xml_close(p->w);
  put(p, " ");
  open_with(p, "output", "id", "count");
  attr(p, "for", "unit");
  attr(p, "aria-live", "polite");
  put(p, "–");
  vb_xml_close(p->w);
  vb_xml_close(p->w);
  put(p, "\n");
}

static void documents_table(page *p) {
  search(p);
  open_with(p, "table", "id", "documents");
  vb_xml_open(p->w, "caption");
  both(p, "Văn bản theo đơn vị", "Documents by unit");
  vb_xml_close(p->w);
  put(p, "\n");
  columns(p);
  vb_xml_open(p->w, "tbody");
  put(p, "\n");
  for (size_t i = 0; i < p->m->n_docs && p->s == VB_OK; i++) {
    const vb_man_doc *doc;
    p->s = vb_manifest_doc(p->m, i, &doc);
    if (p->s == VB_OK) document(p, doc);
    if (p->s == VB_OK && p->m->taken != NULL) p->s = p->m->taken(p->m->ctx, p->out);
  }
  vb_xml_close(p->w);
  vb_xml_close(p->w);
  put(p, "\n");
}

static void body(page *p, vb_lang lang) {
  const vb_manifest *m = p->m;
  vb_xml_open(p->w, "body");
  put(p, "\n");
  language(p, "lang-vi", "vi", "Tiếng Việt", lang == VB_VI);
  language(p, "lang-en", "en", "English", lang != VB_VI);
  vb_xml_open(p->w, "main");
  put(p, "\n");
  vb_xml_open(p->w, "h1");
  or_dash(p, m->job);
  vb_xml_close(p->w);
  open_with(p, "p", "class", "facts");
  both(p, "Kỳ báo cáo: ", "Period: ");
  or_dash(p, m->period);
  put(p, " · ");
  or_dash(p, m->generator);
  vb_xml_close(p->w);
  put(p, "\n");
  totals_table(p);
  if (m->findings != NULL) {
    vb_xml_open(p->w, "h2");
    both(p, "Phát hiện chung", "Findings about the whole job");
    vb_xml_close(p->w);
    totals t = {.pages = 0};
    count_findings(m->findings, &t);
    folded(p, m->findings, &t, t.error + t.warning > 0); /* what asks for nothing does not stand before the documents */
    put(p, "\n");
  }
  documents_table(p);
  vb_xml_close(p->w);
  vb_xml_open(p->w, "script");
  put(p, index_script);
  vb_xml_close(p->w);
  vb_xml_close(p->w);
}

vb_status vb_index_print(vb_diag *d, const vb_manifest *m, vb_lang lang, vb_buf *out) {
  (void)d;
  page p = {vb_xml_writer_new(out, false), vb_arena_new(0), m, out, {NULL, 0, 0, false}, false, VB_OK};
  vb_buf_init(&p.text);
  vb_status s = VB_NOMEM;
  vb_buf_str(out, "<!DOCTYPE html>\n");
  if (p.w != NULL && p.scratch != NULL) {
    open_with(&p, "html", "lang", lang == VB_VI ? "vi" : "en");
    put(&p, "\n");
    head(&p);
    body(&p, lang);
    vb_xml_close(p.w);
  }
  if (p.w != NULL) s = vb_xml_writer_end(p.w);
  if (p.failed || p.text.failed || p.scratch == NULL) s = VB_NOMEM;
  if (s == VB_OK) s = p.s;
  if (s == VB_OK && m->taken != NULL) s = m->taken(m->ctx, out);
  vb_buf_free(&p.text);
  vb_arena_free(p.scratch);
  return s;
}
