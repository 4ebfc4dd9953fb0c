/* new.c: the verbs new and templates: what templates there are, and a job folder to fill in for one of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch/batch_int.h"
#include "xml/xml.h"

typedef struct maker { vb_diag *d; vb_arena *a; const char *dir; const vb_template *t; const vb_form *form; const vb_options *o; const char *period; vb_date date; } maker;

/* What a spreadsheet needs to take a CSV for UTF-8. */
static const char mark[] = "\xEF\xBB\xBF";

/* Writes a file of the new folder; one that is there already is left alone: a clerk may have filled it. */
static vb_status put(const maker *m, const char *name, const vb_buf *b) {
  const char *path = vb_path_join(m->a, m->dir, name);
  if (path == NULL || b->failed) return VB_NOMEM;
  if (vb_file_exists(path)) return VB_POST(m->d, VB_MSG_NEW_KEPT, VB_NOWHERE, path);
  return vb_file_write(m->d, path, b->p, b->n);
}

static void csv_field(vb_buf *b, const char *s) {
  if (s == NULL) return;
  if (strpbrk(s, ";,\t\"\n") == NULL) { /* quoted, it opens alike whatever mark a spreadsheet parts fields by */
    vb_buf_str(b, s);
    return;
  }
  vb_buf_char(b, '"');
  for (; *s != '\0'; s++) {
    if (*s == '"') vb_buf_char(b, '"');
    vb_buf_char(b, *s);
  }
  vb_buf_char(b, '"');
}

/* The registers that every job has, and the codes by which example rows of other tables refer to their one row. */
#define UNIT_CODE "xa-mau"
#define ACT_CODE "vb-mau"

/* How many rows a column's example gives: "chi-tieu|nhiem-vu" two. */
static size_t parts_of(const char *s) {
  size_t n = 1;
  while ((s = strchr(s, '|')) != NULL) s++, n++;
  return n;
}

/* The row's part of what the template gives as example; the last one stands in the rows behind it. {year}: the job's; {year_prev}: before it. */
static const char *given(const maker *m, const char *s, size_t row) {
  int year = atoi(m->period);
  vb_buf b;
  vb_buf_init(&b);
  for (const char *bar; row > 0 && (bar = strchr(s, '|')) != NULL; row--) s = bar + 1;
  for (size_t end = strcspn(s, "|"); end > 0;) {
    bool now = strncmp(s, "{year}", 6) == 0, before = strncmp(s, "{year_prev}", 11) == 0;
    size_t take = now ? 6 : before ? 11 : 1;
    if (now || before) vb_buf_printf(&b, "%d", now ? year : year - 1);
    else vb_buf_add(&b, s, 1);
    s += take, end -= take;
  }
  const char *text = b.failed ? NULL : vb_arena_str(m->a, b.n > 0 ? b.p : "", b.n);
  vb_buf_free(&b);
  return text;
}

/* An example that the reader takes for the column's type. */
static const char *example(const maker *m, const vb_data_column *c, size_t row) {
  if (c->example != NULL) return given(m, c->example, row);
  switch (c->type) {
    case VB_TYPE_COUNT: return "1";
    case VB_TYPE_DECIMAL: return "1,5";
    case VB_TYPE_PERCENT: return "98,5";
    case VB_TYPE_MONEY: return "1.000.000";
    case VB_TYPE_DATE: return vb_arena_printf(m->a, "%02d/%02d/%d", m->date.day, m->date.month, m->date.year);
    case VB_TYPE_PERIOD: return m->period;
    case VB_TYPE_UNIT: return UNIT_CODE;
    case VB_TYPE_TEXT:
    case VB_TYPE_CODE:
    case VB_TYPE_GROUP: break;
  }
  return c->required ? VB_TO_REPLACE : "";
}

static vb_status put_table(const maker *m, const vb_data_table *t) {
  vb_buf b;
  vb_buf_init(&b);
  vb_buf_str(&b, mark);
  for (size_t i = 0; i < t->n_columns; i++) {
    if (i > 0) vb_buf_char(&b, ';');
    csv_field(&b, t->columns[i].title != NULL ? t->columns[i].title : t->columns[i].id);
  }
  vb_buf_char(&b, '\n');
  size_t rows = 1;
  for (size_t i = 0; i < t->n_columns; i++) {
    size_t n = t->columns[i].example != NULL ? parts_of(t->columns[i].example) : 1;
    rows = n > rows ? n : rows;
  }
  for (size_t k = 0; k < rows; k++) {
    for (size_t i = 0; i < t->n_columns; i++) {
      if (i > 0) vb_buf_char(&b, ';');
      const char *text = example(m, &t->columns[i], k);
      csv_field(&b, text);
      b.failed |= text == NULL; /* for want of memory: a column without example has "" */
    }
    vb_buf_char(&b, '\n');
  }
  const char *name = vb_arena_printf(m->a, "%s.csv", t->name);
  vb_status s = name == NULL ? VB_NOMEM : put(m, name, &b);
  vb_buf_free(&b);
  return s;
}

static vb_status put_values(const maker *m) {
  vb_buf b;
  vb_buf_init(&b);
  vb_buf_str(&b, mark);
  vb_buf_str(&b, "Mã chỉ tiêu;Tên chỉ tiêu;Đơn vị tính;Số liệu;Ghi chú\n");
  for (size_t i = 0; i < vb_form_count(m->form); i++) {
    const vb_indicator *x = vb_form_indicator(m->form, i);
    if (x->type == VB_TYPE_GROUP) continue;
    csv_field(&b, x->code);
    vb_buf_char(&b, ';');
    csv_field(&b, x->label);
    vb_buf_char(&b, ';');
    csv_field(&b, x->measure);
    vb_buf_str(&b, ";;\n");
  }
  vb_status s = put(m, "so-lieu.csv", &b);
  vb_buf_free(&b);
  return s;
}

static vb_status put_units(const maker *m) {
  vb_buf b;
  vb_buf_init(&b);
  vb_buf_str(&b, mark);
  vb_buf_str(&b, "Mã;Tên;Loại;Cấp;Trực thuộc;Mã định danh;Địa danh\n" UNIT_CODE ";xã Mẫu;xã;xa;;;Mẫu\n");
  vb_status s = put(m, "don-vi.csv", &b);
  vb_buf_free(&b);
  return s;
}

/* Whether example rows cite an act: such a job has a list of acts. */
static bool is_citing(const maker *m) {
  const vb_data_table *tables = NULL;
  size_t n = vb_template_tables(m->t, &tables);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < tables[i].n_columns; k++)
      if (tables[i].columns[k].example != NULL && strcmp(tables[i].columns[k].example, ACT_CODE) == 0) return true;
  return false;
}

static vb_status put_acts(const maker *m) {
  vb_buf b;
  vb_buf_init(&b);
  vb_buf_str(&b, mark);
  vb_buf_printf(&b, "Mã viện dẫn;Loại văn bản;Số, ký hiệu;Ngày ban hành;Cơ quan ban hành;Trích yếu\n" ACT_CODE ";Kế hoạch;01/KH-UBND;%02d/%02d/%d;UBND tỉnh;" VB_TO_REPLACE "\n", m->date.day,
                m->date.month, m->date.year);
  vb_status s = put(m, "vien-dan.csv", &b);
  vb_buf_free(&b);
  return s;
}

static vb_status put_narrative(const maker *m) {
  const vb_slot_info *slots = NULL;
  size_t n = vb_template_slots(m->t, &slots);
  const char *dir = vb_path_join(m->a, m->dir, "noi-dung");
  vb_status s = dir == NULL ? VB_NOMEM : n == 0 ? VB_OK : vb_dir_make(m->d, dir);
  for (size_t i = 0; i < n && s == VB_OK; i++) {
    if (!slots[i].required) continue;
    vb_buf b;
    vb_buf_init(&b);
    vb_buf_printf(&b, VB_TO_WRITE ": %s)\n", slots[i].hint != NULL ? slots[i].hint : "nội dung của mục này");
    const char *name = vb_arena_printf(m->a, "noi-dung/%s.txt", slots[i].id);
    s = name == NULL ? VB_NOMEM : put(m, name, &b);
    vb_buf_free(&b);
  }
  return s;
}

static void element(vb_xml_writer *w, const char *name, const char *const *pairs) {
  vb_xml_open(w, name);
  for (; *pairs != NULL; pairs += 2) vb_xml_attr_put(w, pairs[0], vb_span_of(pairs[1]));
  vb_xml_close(w);
}

/* On top of job.xml, for who fills it in. */
static const char note[] =
    "<!-- period: 2025, 2025-Q1, 2025-6T, 2025-9T. date: năm-tháng-ngày.\n"
    "     Khi phát hành: state=\"issued\", thêm number=\"232\" vào dòng <document>; ident là mã định danh của nơi nhận, cần cho gói tin gửi trục liên thông. -->\n";

static vb_status put_job(const maker *m) {
  vb_buf b;
  vb_buf_init(&b);
  vb_xml_writer *w = vb_xml_writer_new(&b, true);
  if (w == NULL) return VB_NOMEM;
  const vb_data_table *tables = NULL;
  const vb_slot_info *slots = NULL;
  size_t n_tables = vb_template_tables(m->t, &tables), n_slots = vb_template_slots(m->t, &slots);
  vb_xml_writer_declaration(w);
  vb_buf_str(&b, note);
  vb_xml_open(w, "job");
  char date[11];
  vb_date_print_iso(m->date, date);
  vb_xml_attr_put(w, "period", vb_span_of(m->period));
  vb_xml_attr_put(w, "date", vb_span_of(date));
  vb_xml_attr_put(w, "state", VB_LIT("draft"));
  if (m->form != NULL) element(w, "form", (const char *const[]){"id", vb_form_id(m->form), NULL});
  element(w, "units", (const char *const[]){"file", "don-vi.csv", NULL});
  if (m->form != NULL) element(w, "values", (const char *const[]){"file", "so-lieu.csv", NULL});
  if (is_citing(m)) element(w, "data", (const char *const[]){"table", "citation", "file", "vien-dan.csv", NULL});
  for (size_t i = 0; i < n_tables; i++) {
    const char *file = vb_arena_printf(m->a, "%s.csv", tables[i].name);
    if (file == NULL) b.failed = true;
    else element(w, "data", (const char *const[]){"table", tables[i].name, "file", file, NULL});
  }
  if (n_slots > 0) element(w, "narrative", (const char *const[]){"dir", "noi-dung", NULL});
  vb_xml_open(w, "document");
  vb_xml_attr_put(w, "id", vb_span_of(vb_template_id(m->t)));
  vb_xml_attr_put(w, "template", vb_span_of(vb_template_id(m->t)));
  element(w, "addressee", (const char *const[]){"name", "Ủy ban nhân dân tỉnh", "ident", "", NULL});
  element(w, "recipient", (const char *const[]){"name", "Như trên", NULL});
  element(w, "signer", (const char *const[]){"authority", "TM. ỦY BAN NHÂN DÂN", "position", "CHỦ TỊCH", "name", VB_TO_NAME, NULL});
  element(w, "archive", (const char *const[]){"unit", "VT", NULL});
  vb_xml_close(w);
  vb_xml_close(w);
  vb_status s = vb_xml_writer_end(w);
  if (s == VB_OK) vb_buf_char(&b, '\n');
  if (s == VB_OK) s = put(m, "job.xml", &b);
  vb_buf_free(&b);
  return s;
}

/* A name and spaces, so that what is said of each file begins in one column. */
static const char *padded(const maker *m, const char *name, int width) {
  const char *text = vb_arena_printf(m->a, "%-*s", width, name);
  return text != NULL ? text : name;
}

/* What there is to fill in, a line a file. */
static void say_what_to_fill(const maker *m) {
  static const char job[] = "job.xml", units[] = "don-vi.csv", values[] = "so-lieu.csv", narratives[] = "noi-dung/*.txt";
  const vb_data_table *tables = NULL;
  const vb_slot_info *slots = NULL;
  size_t n = vb_template_tables(m->t, &tables), n_slots = vb_template_slots(m->t, &slots), texts = 0, figures = 0;
  vb_lang lang = m->o->lang;
  int width = (int)sizeof narratives; /* and a space more */
  for (size_t i = 0; i < n; i++)
    if ((int)(strlen(tables[i].name) + sizeof ".csv") > width) width = (int)(strlen(tables[i].name) + sizeof ".csv");
  VB_SAY(stdout, lang, VB_MSG_SAY_NEW, m->dir);
  VB_SAY(stdout, lang, VB_MSG_SAY_NEW_JOB, padded(m, job, width));
  VB_SAY(stdout, lang, VB_MSG_SAY_NEW_UNITS, padded(m, units, width));
  for (size_t i = 0; m->form != NULL && i < vb_form_count(m->form); i++) figures += vb_form_indicator(m->form, i)->type != VB_TYPE_GROUP;
  if (figures > 0) VB_SAY(stdout, lang, VB_MSG_SAY_NEW_VALUES, padded(m, values, width), VB_NUM(figures), m->dir);
  for (size_t i = 0; i < n; i++) {
    const char *file = vb_arena_printf(m->a, "%s.csv", tables[i].name), *title = tables[i].title;
    VB_SAY(stdout, lang, VB_MSG_SAY_NEW_TABLE, padded(m, file != NULL ? file : tables[i].name, width), title != NULL ? title : tables[i].name);
  }
  for (size_t i = 0; i < n_slots; i++) texts += slots[i].required;
  if (texts > 0) VB_SAY(stdout, lang, VB_MSG_SAY_NEW_TEXTS, padded(m, narratives, width), VB_NUM(texts));
  VB_SAY(stdout, lang, VB_MSG_SAY_NEW_THEN, m->dir);
}

static vb_status make_folder(maker *m) {
  const vb_data_table *tables = NULL;
  size_t n = vb_template_tables(m->t, &tables);
  vb_status s = vb_dir_make(m->d, m->dir);
  if (s == VB_OK) s = put_job(m);
  if (s == VB_OK) s = put_units(m);
  if (s == VB_OK && m->form != NULL) s = put_values(m);
  if (s == VB_OK && is_citing(m)) s = put_acts(m);
  for (size_t i = 0; i < n && s == VB_OK; i++) s = put_table(m, &tables[i]);
  if (s == VB_OK) s = put_narrative(m);
  return s;
}

/* The year of today, or of SOURCE_DATE_EPOCH for those who want the same folder whenever they run: a folder to fill in is no output. */
static const char *this_year(vb_arena *a) {
  const char *epoch = getenv("SOURCE_DATE_EPOCH");
  vb_moment now;
  if (epoch != NULL && *epoch != '\0' && strlen(epoch) <= 11 && strspn(epoch, "0123456789") == strlen(epoch)) return vb_arena_printf(a, "%d", vb_date_from_days((int32_t)(atoll(epoch) / 86400)).year);
  return vb_moment_now(&now) ? vb_arena_printf(a, "%d", now.date.year) : NULL;
}

/* A report is dated the last day that its period counts, a plan the first. */
static vb_status set_period(maker *m) {
  vb_date since, until;
  m->period = m->o->period != NULL ? m->o->period : this_year(m->a);
  if (m->period == NULL) return VB_NOMEM;
  if (!vb_store_period_days(vb_span_of(m->period), &since, &until)) {
    (void)VB_POST(m->d, VB_MSG_STORE_PERIOD, VB_NOWHERE, m->period);
    return VB_USAGE;
  }
  m->date = strcmp(vb_template_kind(m->t), "KH") == 0 ? since : until;
  return VB_OK;
}

static bool is_unknown(const vb_diag *d) {
  for (const vb_finding *f = vb_diag_first(d); f != NULL; f = f->next)
    if (f->msg == VB_MSG_TEMPLATE_NONE || f->msg == VB_MSG_TEMPLATE_NONE_NEAR) return true;
  return false;
}

vb_status vb_batch_new(const vb_options *o, const char *template_id, const char *dir) {
  maker m = {vb_diag_new(), vb_arena_new(0), dir, NULL, NULL, o, NULL, {0, 0, 0}};
  vb_template *t = NULL;
  vb_form *form = NULL;
  vb_library lib;
  vb_status s = m.d == NULL || m.a == NULL ? VB_NOMEM : vb_library_find_dirs(m.d, m.a, NULL, &lib);
  if (s == VB_OK) s = vb_template_open(m.d, &lib, vb_span_of(template_id), VB_NOWHERE, &t);
  if (s == VB_OK && vb_template_form(t) != NULL) s = vb_form_open(m.d, &lib, vb_span_of(vb_template_form(t)), VB_NOWHERE, &form);
  m.t = t;
  m.form = form;
  if (s == VB_OK) s = set_period(&m);
  if (s == VB_OK) s = make_folder(&m);
  if (s == VB_BAD && t == NULL && is_unknown(m.d)) s = VB_USAGE; /* no such template: nothing was done */
  s = vb_worse(s, vb_say_all(m.d, o, stderr));
  if (s == VB_OK && !o->quiet) say_what_to_fill(&m);
  vb_form_close(form);
  vb_template_close(t);
  vb_arena_free(m.a);
  vb_diag_free(m.d);
  vb_xml_cleanup();
  return s;
}

static vb_status list_dir(vb_diag *d, vb_arena *a, const vb_library *lib, const char *dir, const vb_options *o) {
  const char **names = NULL;
  size_t n = 0;
  vb_status s = vb_dir_list(d, a, dir, &names, &n);
  for (size_t i = 0; i < n && s < VB_SYSTEM; i++) {
    size_t len = strlen(names[i]);
    if (len < 5 || strcmp(names[i] + len - 4, ".xml") != 0) continue;
    vb_template *t = NULL;
    s = vb_worse(s, vb_template_open(d, lib, (vb_span){names[i], len - 4}, VB_NOWHERE, &t));
    if (t == NULL) continue;
    printf("%-28s %-3s %s\n", vb_template_id(t), vb_template_kind(t), vb_template_about(t, o->lang));
    vb_template_close(t);
  }
  return s;
}

vb_status vb_batch_templates(const vb_options *o) {
  vb_diag *d = vb_diag_new();
  vb_arena *a = vb_arena_new(0);
  vb_library lib;
  vb_status s = d == NULL || a == NULL ? VB_NOMEM : vb_library_find_dirs(d, a, NULL, &lib);
  for (size_t i = 0; s == VB_OK && i < lib.n_dirs; i++) s = list_dir(d, a, &lib, lib.dirs[i], o);
  s = vb_worse(s, vb_say_all(d, o, stderr));
  vb_arena_free(a);
  vb_diag_free(d);
  vb_xml_cleanup();
  return s;
}
