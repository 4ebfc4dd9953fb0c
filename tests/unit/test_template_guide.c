/* The examples of docs/templates.md run: its files are taken out of the page, a job's template is opened and filled with the page's own
 * data, and what the page says is printed is printed. A document kind made only of files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "folder.h"
#include "read/read.h"
#include "template_lab.h"

static vb_buf page;

static int load_page(void **state)
{
  vb_diag *d = vb_diag_new();
  (void)state;
  vb_buf_init(&page);
  vb_status st = vb_file_read(d, "docs/templates.md", 1 << 20, true, &page);
  vb_diag_free(d);
  return st == VB_OK && vb_buf_cstr(&page)[0] ? 0 : -1;
}

static int drop_page(void **state)
{
  (void)state;
  vb_buf_free(&page);
  return 0;
}

/* The block of the page that is fenced with "```<kind> <name>". */
static vb_span block(const char *fence)
{
  const char *p = strstr(vb_buf_cstr(&page), fence);
  if (!p) fail_msg("docs/templates.md has no %s", fence);
  p = strchr(p, '\n') + 1;
  return (vb_span){p, (size_t)(strstr(p, "\n```") + 1 - p)};
}

static void put(const char *dir, const char *name, const char *fence)
{
  vb_span s = block(fence);
  vb_arena *a = vb_arena_new(0);
  folder_put(dir, name, vb_arena_str(a, s.p, s.n));
  vb_arena_free(a);
}

typedef struct filling { lab *l; const vb_data_table *t; } filling;

static vb_status fill(void *ctx, const vb_record *r)
{
  filling *f = ctx;
  vb_cell_in fields[16];
  for (size_t i = 0; i < f->t->n_columns; i++)
    fields[i] = (vb_cell_in){.text = r->fields[i].text, .line = r->fields[i].line, .column = r->fields[i].column};
  vb_row_in row = {.fields = fields, .file = r->file, .line = r->line, .default_unit = "x1", .default_period = "2023"};
  return vb_store_add_row(f->l->d, f->l->s, f->t, &row);
}

/* Reads the page's CSV as a job does: through the reader, columns found by title. */
static vb_status fill_table(lab *l, const char *dir, const vb_data_table *t)
{
  vb_column columns[16];
  for (size_t i = 0; i < t->n_columns; i++) columns[i] = (vb_column){t->columns[i].id, t->columns[i].title, t->columns[i].required};
  vb_dataset set = {.name = t->name, .columns = columns, .n_columns = t->n_columns};
  filling f = {l, t};
  vb_source src = {.path = folder_path(dir, "lich-hop.csv"), .file = "lich-hop.csv"};
  return vb_read_file(l->d, &src, &set, (vb_sink){fill, &f});
}

static void unit_row(lab *l)
{
  const vb_data_table *t = vb_store_builtin("unit");
  vb_cell_in fields[24];
  memset(fields, 0, sizeof fields);
  fields[0].text = VB_LIT("x1");
  fields[1].text = VB_LIT("Xã Quảng Thọ");
  vb_row_in row = {.fields = fields, .file = "don-vi.csv", .line = 2};
  assert_int_equal(vb_store_add_row(l->d, l->s, t, &row), VB_OK);
}

static void notice(void **state)
{
  char dir[256];
  lab l;
  const vb_data_table *tables;
  (void)state;
  folder_make(dir);
  put(dir, "thong-bao-hop.xml", "```xml templates/thong-bao-hop.xml");
  put(dir, "lich-hop.csv", "```csv lich-hop.csv");
  const char *const dirs[] = {dir, "templates"};
  const vb_library lib = {dirs, 2};
  lab_make(&l);
  l.meta.symbol = "TB-UBND";
  vb_status st = vb_template_open(l.d, &lib, VB_LIT("thong-bao-hop"), VB_NOWHERE, &l.t);
  if (st == VB_OK) st = vb_store_open(l.d, NULL, &l.s);
  if (st == VB_OK && vb_template_tables(l.t, &tables) == 1) st = vb_store_declare(l.d, l.s, &tables[0]);
  if (st == VB_OK) st = vb_store_begin(l.d, l.s);
  if (st == VB_OK) st = vb_store_add_period(l.d, l.s, VB_LIT("2023"), VB_NOWHERE);
  if (st == VB_OK) unit_row(&l);
  if (st == VB_OK) st = fill_table(&l, dir, &tables[0]);
  if (st == VB_OK) st = vb_store_commit(l.d, l.s);
  if (st == VB_OK) st = vb_template_prepare(l.d, l.t, l.s);
  if (st == VB_OK) st = lab_build(&l);
  if (st != VB_OK) print_error("%s", lab_findings(&l));
  assert_int_equal(st, VB_OK);
  assert_string_equal(lab_findings(&l), "");
  assert_string_equal(l.doc->meta.title, "Thông báo Lịch họp của Ủy ban nhân dân xã Quảng Thọ tháng 12 năm 2023");
  const char *dump = lab_dump(&l);
  vb_span want = block("```text result");
  for (const char *p = want.p, *end = want.p + want.n; p < end;) {
    const char *nl = memchr(p, '\n', (size_t)(end - p));
    char line[400];
    (void)snprintf(line, sizeof line, "%.*s\n", (int)(nl - p), p);
    if (!strstr(dump, line)) fail_msg("the page says %s, but:\n%s", line, dump);
    p = nl + 1;
  }
  lab_drop(&l);
  folder_drop(dir);
}

static void form(void **state)
{
  char dir[256];
  vb_diag *d = vb_diag_new();
  vb_form *f = NULL;
  (void)state;
  folder_make(dir);
  assert_int_equal(vb_dir_make(d, folder_path(dir, "forms")), VB_OK);
  put(folder_path(dir, "forms"), "vi-du.xml", "```xml templates/forms/vi-du.xml");
  const char *const dirs[] = {dir, "templates"};
  const vb_library lib = {dirs, 2};
  assert_int_equal(vb_form_open(d, &lib, VB_LIT("vi-du"), VB_NOWHERE, &f), VB_OK);
  assert_int_equal(vb_form_count(f), 5);
  assert_string_equal(vb_form_indicator(f, 3)->rollup, "ratio");
  vb_form_close(f);
  vb_diag_free(d);
  folder_drop(dir);
}

/* The page lists every format, variable, builtin style table and part that there is. */
static void lists(void **state)
{
  static const char *const names[] = {
#define VB_PRINT(id, name, arg, type) name,
#include "template/formats.def"
#undef VB_PRINT
#define VB_BUILTIN(id, name) name,
#include "template/builtins.def"
#undef VB_BUILTIN
      "letterhead", "title", "addressees", "signature", "appendix-head", "draft-mark", "urgency"};
  (void)state;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char quoted[64];
    if (!*names[i]) continue;
    (void)snprintf(quoted, sizeof quoted, "`%s`", names[i]);
    char places[64];
    (void)snprintf(places, sizeof places, "`%s [places]`", names[i]);
    if (!strstr(vb_buf_cstr(&page), quoted) && !strstr(vb_buf_cstr(&page), places)) fail_msg("docs/templates.md does not name %s", quoted);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(notice), cmocka_unit_test(form), cmocka_unit_test(lists)};
  return cmocka_run_group_tests(tests, load_page, drop_page);
}
