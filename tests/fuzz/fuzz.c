/* See fuzz.h. */
#define _XOPEN_SOURCE 700
#include "fuzz.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store.h"
#include "text/text.h"

void fuzz_broken(const char *file, int line, const char *what)
{
  fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
  abort();
}

/* ---- scratch files ------------------------------------------------------------------------------------------ */

static char dir[128];

static int drop(const char *path, const struct stat *st, int kind, struct FTW *at)
{
  (void)st;
  (void)kind;
  (void)at;
  return remove(path);
}

static void drop_dir(void) { (void)nftw(dir, drop, 8, FTW_DEPTH | FTW_PHYS); }

const char *fuzz_dir(void)
{
  if (dir[0]) return dir;
  const char *base = getenv("TMPDIR");
  snprintf(dir, sizeof dir, "%s/vanban-fuzz-XXXXXX", base && *base ? base : access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
  FUZZ_CHECK(mkdtemp(dir) != NULL);
  FUZZ_CHECK(atexit(drop_dir) == 0);
  return dir;
}

const char *fuzz_file(const char *name, const void *bytes, size_t n)
{
  static char paths[4][256];
  static unsigned turn;
  char *path = paths[turn++ % 4];
  snprintf(path, sizeof paths[0], "%s/%s", fuzz_dir(), name);
  char *slash = strrchr(path + strlen(dir) + 1, '/');
  if (slash) {
    *slash = '\0';
    (void)mkdir(path, 0700); /* mostly there already; the open below tells */
    *slash = '/';
  }
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  FUZZ_CHECK(fd >= 0);
  FUZZ_CHECK(write(fd, bytes, n) == (ssize_t)n);
  FUZZ_CHECK(close(fd) == 0);
  return path;
}

/* ---- findings ----------------------------------------------------------------------------------------------- */

vb_diag *fuzz_diag(void)
{
  vb_diag *d = vb_diag_new();
  FUZZ_CHECK(d != NULL);
  return d;
}

bool fuzz_is_clean(vb_span s)
{
  if (vb_utf8_check(s) != s.n) return false;
  for (size_t i = 0; i < s.n; i++)
    if (((unsigned char)s.p[i] < 0x20 && s.p[i] != '\n' && s.p[i] != '\t') || s.p[i] == 0x7f) return false;
  return true;
}

void fuzz_end(vb_diag *d, vb_status s)
{
  size_t errors = vb_diag_count(d, VB_ERROR);
  FUZZ_CHECK(!vb_diag_failed(d));
  FUZZ_CHECK(s != VB_NOMEM);
  FUZZ_CHECK(s == VB_OK || s == VB_DONE ? errors == 0 : errors > 0);
  vb_buf line;
  vb_buf_init(&line);
  for (const vb_finding *f = vb_diag_first(d); f; f = f->next) {
    for (int lang = VB_EN; lang <= VB_VI; lang++) {
      vb_buf_clear(&line);
      vb_finding_line(f, (vb_lang)lang, &line);
      FUZZ_CHECK(fuzz_is_clean((vb_span){line.p, line.n}));
    }
  }
  vb_buf_free(&line);
  vb_diag_free(d);
}

/* ---- a store ------------------------------------------------------------------------------------------------ */

static vb_cell_in cell(const char *text, uint32_t column)
{
  return (vb_cell_in){{text, text ? strlen(text) : 0}, 2, column, NULL, false, false};
}

static vb_status add_row(vb_diag *d, vb_store *s, const char *table, const char *const *fields)
{
  const vb_data_table *t = vb_store_table(s, table);
  vb_cell_in cells[32] = {0};
  FUZZ_CHECK(t != NULL && t->n_columns <= 32);
  for (uint32_t i = 0; i < t->n_columns; i++) {
    cells[i] = cell(*fields ? *fields : "", i + 1);
    if (*fields) fields++;
  }
  vb_row_in row = {.fields = cells, .file = "units.csv", .line = 2, .default_period = "2023"};
  return vb_store_add_row(d, s, t, &row);
}

static vb_status add_form(vb_diag *d, vb_store *s)
{
  static const vb_indicator list[] = {
    {.form = "f", .code = "1", .label = "Nhóm", .type = VB_TYPE_GROUP},
    {.form = "f", .code = "1.1", .parent = "1", .label = "Tổng số", .type = VB_TYPE_COUNT, .rollup = "sum", .depth = 1},
    {.form = "f", .code = "1.2", .parent = "1", .label = "Đã xong", .type = VB_TYPE_COUNT, .rollup = "sum", .depth = 1},
    {.form = "f", .code = "1.3", .parent = "1", .label = "Tỷ lệ", .type = VB_TYPE_PERCENT, .places = 2, .rollup = "ratio", .num = "1.2", .den = "1.1", .depth = 1},
    {.form = "f", .code = "2.1", .label = "Kinh phí", .type = VB_TYPE_MONEY, .rollup = "max"},
    {.form = "f", .code = "2.3", .label = "Có kế hoạch", .type = VB_TYPE_CODE, .codes = "yn", .rollup = "none"},
    {.form = "f", .code = "2.4", .label = "Tên", .type = VB_TYPE_TEXT},
    {.form = "f", .code = "2.5", .label = "Ngày", .type = VB_TYPE_DATE},
    {.form = "f", .code = "3.1", .label = "Số phiếu khảo sát mức độ hài lòng của người dân", .measure = "Phiếu", .type = VB_TYPE_COUNT, .rollup = "sum"},
  };
  vb_status st = vb_store_add_code_list(d, s, "f", "yn", "0", "Không");
  if (st == VB_OK) st = vb_store_add_code_list(d, s, "f", "yn", "1", "Có");
  for (size_t i = 0; st == VB_OK && i < sizeof list / sizeof list[0]; i++) {
    vb_indicator x = list[i];
    x.at = (vb_place){vb_diag_file(d, "f.xml"), (uint32_t)i + 10, 5, NULL};
    st = vb_store_add_indicator(d, s, &x);
  }
  return st;
}

vb_status fuzz_fill(vb_diag *d, vb_store *s)
{
  static const char *const units[][8] = {
    {"h", "Huyện A", "", "UBND huyện A", "huyện", "huyen", "", NULL}, {"x1", "Quảng Thọ", "QT", "UBND xã Quảng Thọ", "xã", "xa", "h", NULL},
    {"x2", "Hòa Bình", "", "UBND xã Hòa Bình", "xã", "xa", "h", NULL},
  };
  static const char *const values[][2] = {{"1.1", "29"}, {"1.2", "02"}, {"1.3", "6,9"}, {"2.1", "12.900.000"}, {"2.3", "1"}, {"2.4", "Trạm y tế"}, {"2.5", "06/12/2023"}, {"3.1", "120"}};
  vb_status st = vb_store_begin(d, s);
  for (size_t i = 0; st == VB_OK && i < sizeof units / sizeof units[0]; i++) st = add_row(d, s, "unit", units[i]);
  if (st == VB_OK) st = add_form(d, s);
  if (st == VB_OK) st = vb_store_add_period(d, s, VB_LIT("2023"), VB_NOWHERE);
  vb_delivery from = {.file = "so-lieu.csv", .version = 1, .period = "2023"};
  for (size_t i = 0; st == VB_OK && i < sizeof values / sizeof values[0]; i++) {
    vb_value_in v = {.file = from.file, .line = 2, .code = cell(values[i][0], 1), .value = cell(values[i][1], 2)};
    st = vb_store_add_value(d, s, &v, &from, "x1");
  }
  return st == VB_OK ? vb_store_commit(d, s) : st;
}

vb_store *fuzz_store(void)
{
  vb_diag *d = fuzz_diag();
  vb_store *s = NULL;
  FUZZ_CHECK(vb_store_open(d, NULL, &s) == VB_OK);
  FUZZ_CHECK(fuzz_fill(d, s) == VB_OK);
  FUZZ_CHECK(vb_store_scope(s, "x1", "2023") == VB_OK);
  vb_diag_free(d);
  return s;
}
