/* dates.c: dates in the text, deadlines of plans, the day of the document. For gen/check alone. */
#include <string.h>

#include "check/passage.h"

typedef struct written { vb_date date; size_t to; bool short_day, short_month; } written;

/* d/m/yyyy at i, not inside a longer run of figures. */
static bool date_at(vb_span t, size_t i, written *out) {
  int d, m, y;
  if (i > 0 && (vb_passage_in_word(t, i - 1) || t.p[i - 1] == '/' || t.p[i - 1] == ',' || t.p[i - 1] == '.')) return false;
  size_t nd = vb_passage_digits(t, i, 2, &d), k = i + nd;
  if (nd == 0 || k >= t.n || t.p[k] != '/') return false;
  size_t nm = vb_passage_digits(t, k + 1, 2, &m);
  k += 1 + nm;
  if (nm == 0 || k >= t.n || t.p[k] != '/') return false;
  size_t ny = vb_passage_digits(t, k + 1, 4, &y);
  k += 1 + ny;
  if (ny != 4 || (k < t.n && (vb_passage_in_word(t, k) || t.p[k] == '/' || t.p[k] == '-'))) return false;
  *out = (written){{(int16_t)y, (uint8_t)m, (uint8_t)d}, k, nd == 1, nm == 1 && m <= 2};
  return vb_date_valid(out->date);
}

static void check_forms(vb_reading *r, const vb_passage *p) {
  if ((p->signs & VB_SIGN('/')) == 0) return;
  for (const vb_word *x = p->words, *end = x + p->n_words; x < end; x++) {
    written w;
    if (!vb_word_digit(p, x) || !date_at(p->text, x->from, &w) || (!w.short_day && !w.short_month)) continue;
    vb_buf right;
    vb_buf_init(&right);
    vb_date_print_short(w.date, &right);
    vb_passage_find(r, p, VB_CHECK_D05, VB_INFO, (vb_extract){x->from, w.to, 0}, vb_buf_cstr(&right));
    vb_buf_free(&right);
  }
}

static size_t roman_at(vb_span t, size_t i, int *value) {
  static const char *const romans[] = {"III", "II", "IV", "I"};
  static const int values[] = {3, 2, 4, 1};
  for (size_t k = 0; k < 4; k++) {
    size_t n = strlen(romans[k]);
    if (i + n <= t.n && memcmp(t.p + i, romans[k], n) == 0) {
      *value = values[k];
      return n;
    }
  }
  return 0;
}

static int32_t end_of_month(int year, int month) {
  vb_date next = {(int16_t)(month == 12 ? year + 1 : year), (uint8_t)(month == 12 ? 1 : month + 1), 1};
  return vb_date_days(next) - 1;
}

/* Whether these words end right before the byte `at`; *from: where they begin. */
static bool stands_before(vb_span t, size_t at, const char *words, size_t *from) {
  size_t n = strlen(words);
  *from = at >= n ? at - n : 0;
  return at >= n && vb_passage_at(t, *from, words);
}

/* “hồ sơ đã nộp trước ngày 05/12/2022”: no deadline */
static bool was_done(vb_span t, size_t at) {
  static const char *const words[] = {"so với", " đã ", "Đã ", NULL};
  return vb_passage_said_before(t, at, 40, words);
}

/* What was, not what is due: “so với quý I/2022”, “kết quả quý IV/2022”, “từ tháng 01/2023”. */
static bool looks_back(vb_span t, size_t at) {
  static const char *const words[] = {"ết quả", "năm trước", "ánh giá", NULL};
  size_t from;
  return was_done(t, at) || vb_passage_said_before(t, at, 40, words) || stands_before(t, at, "ừ ", &from);
}

static void due(vb_reading *r, const vb_passage *p, size_t from, size_t to, int32_t day) {
  if (day >= vb_date_days(r->doc->meta.date)) return;
  vb_buf issued;
  vb_buf_init(&issued);
  vb_date_print_short(r->doc->meta.date, &issued);
  vb_passage_find(r, p, VB_CHECK_D02, VB_WARNING, (vb_extract){from, to, 0}, vb_buf_cstr(&issued));
  vb_buf_free(&issued);
}

static int year_of(const vb_reading *r) {
  int year = 0;
  return r->doc->meta.period != NULL && vb_passage_digits(vb_span_of(r->doc->meta.period), 0, 4, &year) == 4 ? year : r->doc->meta.date.year;
}

/* A quarter or month of an earlier year in a plan: the year was not changed when the text was copied. */
static void outside(vb_reading *r, const vb_passage *p, size_t from, size_t to, int32_t last) {
  if (last >= vb_date_days(r->doc->meta.date)) return;
  vb_passage_find(r, p, VB_CHECK_D01, VB_WARNING, (vb_extract){from, to, 10}, VB_NUM(year_of(r)));
}

static const char *const day_words[] = {"ngày"};

bool vb_lists_of_dates(vb_forms *f) { return VB_FORMS_LIST(f, day_words, VB_LIST_DAY); }

/* “quý I/2022”, “tháng 3/2022”: from the word, with its part of a year at k */
static void check_part(vb_reading *r, const vb_passage *p, size_t from, size_t k, bool quarter) {
  vb_span t = p->text;
  int part = 0, year = 0;
  k += quarter ? roman_at(t, k, &part) : vb_passage_digits(t, k, 2, &part);
  if (part < 1 || part > 12 || k >= t.n || t.p[k] != '/' || vb_passage_digits(t, k + 1, 4, &year) != 4) return;
  if (looks_back(t, from)) return;
  int32_t last = end_of_month(year, quarter ? part * 3 : part);
  if (year < year_of(r)) outside(r, p, from, k + 5, last);
  else due(r, p, from, k + 5, last);
}

/* “trước 05/12/2022”, “trước ngày 05/12/2022” */
static void check_before(vb_reading *r, const vb_passage *p, size_t k) {
  written w;
  size_t day, from;
  if (!stands_before(p->text, k, "ngày ", &day)) day = k;
  if (stands_before(p->text, day, "rước ", &from) && from > 0 && date_at(p->text, k, &w) && !was_done(p->text, from - 1)) due(r, p, from - 1, w.to, vb_date_days(w.date));
}

static void check_due(vb_reading *r, const vb_passage *p) {
  if ((p->signs & VB_SIGN('/')) == 0) return;
  for (const vb_word *w = p->words, *end = w + p->n_words; w < end; w++) {
    size_t from;
    if (!vb_passage_at(p->text, w->to, "/")) continue;
    if (stands_before(p->text, w->from, "quý ", &from) || stands_before(p->text, w->from, "Quý ", &from)) check_part(r, p, from, w->from, true);
    if (stands_before(p->text, w->from, "tháng ", &from) || stands_before(p->text, w->from, "Tháng ", &from)) check_part(r, p, from, w->from, false);
    check_before(r, p, w->from);
  }
}

/* “giai đoạn 2021 - 2030”, “so với năm 2015”, “đến năm 2025”, “thành lập năm 2010”: another year is meant. */
static bool names_another_year(vb_span t, size_t at, size_t to) {
  static const char *const words[] = {"so với", "iai đoạn", "đến", "ừ ", "rước", "ầm nhìn", "ịnh hướng", "cùng kỳ", "-", "–", NULL};
  size_t from;
  if (vb_passage_said_before(t, at, 32, words) || stands_before(t, at, "lập ", &from)) return true;
  return to + 1 < t.n && (t.p[to] == '-' || (t.p[to] == ' ' && (t.p[to + 1] == '-' || (unsigned char)t.p[to + 1] == 0xE2)));
}

/* “năm 2019” in a report of 2023: the year before is compared with, the year after is planned. */
static void check_year(vb_reading *r, const vb_passage *p, size_t at, int period) {
  int year = 0;
  vb_span t = p->text;
  size_t from;
  if (at < 2 || t.p[at - 2] != 'm') return; /* so ends “năm ” */
  if (vb_passage_digits(t, at, 5, &year) != 4 || (year >= period - 1 && year <= period + 1)) return;
  if (!stands_before(t, at, "năm ", &from) && !stands_before(t, at, "Năm ", &from)) return;
  vb_span before = {t.p + (from > 23 ? from - 23 : 0), from > 23 ? 23 : from};
  bool whole = vb_passage_seek(before, "tháng ", 0) < before.n; /* a date in full */
  if (!whole && !names_another_year(t, from, at + 4)) vb_passage_find(r, p, VB_CHECK_D01, VB_WARNING, (vb_extract){from, at + 4, 10}, VB_NUM(period));
}

void vb_check_years(vb_reading *r, const vb_passage *p) {
  int period = 0;
  if ((p->lists & VB_LIST_FIGURE) == 0 || r->doc->meta.period == NULL || vb_passage_digits(vb_span_of(r->doc->meta.period), 0, 4, &period) != 4) return;
  for (const vb_word *w = p->words, *end = w + p->n_words; w < end; w++)
    if (vb_word_digit(p, w)) check_year(r, p, w->from, period);
}

/* “Kế hoạch số 12/KH-UBND ngày 05/12/2023” in a document of November: nothing can cite what is not yet issued. A report counts acts issued
 * in its own period: “đã ban hành Kế hoạch số … ngày 30/12/2021” in a report of 2023. */
static void check_later(vb_reading *r, const vb_passage *p, size_t i) {
  static const char *const named[] = {"hực hiện", "heo ", "ăn cứ", "riển khai", "ướng dẫn", "ửa đổi", "hay thế", "ãi bỏ", "ủa "};
  const vb_meta *m = &r->doc->meta;
  vb_span t = p->text;
  written w;
  size_t from = i;
  while (from > 0 && t.p[from - 1] != ' ') from--; /* the symbol: 12/KH-UBND */
  bool symbol = vb_passage_seek((vb_span){t.p + from, i - from}, "/", 0) < i - from || vb_passage_seek((vb_span){t.p + from, i - from}, "-", 0) < i - from;
  if (!symbol || from == i || t.p[from] < '0' || t.p[from] > '9' || !date_at(t, i + strlen(" ngày "), &w)) return;
  vb_buf day;
  vb_buf_init(&day);
  vb_date_print_short(m->date, &day);
  bool after = vb_date_days(w.date) > vb_date_days(m->date);
  size_t begin = from;
  while (begin > 0 && t.p[begin - 1] != ';' && t.p[begin - 1] != '\n' && !(t.p[begin - 1] == ' ' && begin > 1 && t.p[begin - 2] == '.')) begin--;
  vb_span before = {t.p + begin, from - begin};
  bool issued = vb_passage_seek(before, "an hành ", 0) < before.n;
  for (size_t k = 0; k < sizeof named / sizeof named[0]; k++) issued = issued && vb_passage_seek(before, named[k], 0) == before.n;
  if (after) vb_passage_find(r, p, VB_CHECK_D04, VB_ERROR, (vb_extract){from, w.to, 0}, vb_buf_cstr(&day));
  else if (issued && m->kind != NULL && strcmp(m->kind, "BC") == 0 && w.date.year < year_of(r)) vb_passage_find(r, p, VB_CHECK_D04, VB_WARNING, (vb_extract){from, w.to, 0}, VB_NUM(year_of(r)));
  vb_buf_free(&day);
}

void vb_check_later(vb_reading *r, const vb_passage *p) {
  if ((p->lists & VB_LIST_DAY) == 0 || (p->signs & VB_SIGN('/')) == 0 || r->doc->meta.date.year == 0) return;
  for (const vb_word *w = p->words, *end = w + p->n_words; w < end; w++)
    if ((w->form->lists & VB_LIST_DAY) != 0 && w->from > 0 && vb_passage_at(p->text, w->from - 1, " ngày ")) check_later(r, p, w->from - 1);
}

void vb_check_dates(vb_reading *r, const vb_passage *p) {
  const vb_meta *m = &r->doc->meta;
  check_forms(r, p);
  if (m->date.year == 0 || m->kind == NULL || strcmp(m->kind, "KH") != 0) return;
  check_due(r, p);
}

vb_status vb_check_day(vb_reading *r) {
  vb_query *q = NULL;
  const vb_meta *m = &r->doc->meta;
  char day[11];
  if (m->date.year == 0) return VB_OK;
  vb_date_print_iso(m->date, day);
  vb_status s = vb_query_prepare(r->d, r->s, VB_LIT("SELECT 1 FROM holiday WHERE date = :day"), VB_NOWHERE, &q);
  for (size_t i = 0; q != NULL && i < vb_query_params(q); i++) vb_query_bind(q, i, (vb_sql_value){VB_SQL_TEXT, 0, vb_span_of(day)});
  if (s == VB_OK) s = vb_query_step(r->d, q);
  bool holiday = s == VB_OK || (r->words != NULL && vb_registers_day(r->words, m->date) != NULL);
  vb_query_free(q);
  if (s != VB_OK && s != VB_DONE) return s;
  vb_diag_about(r->d, m->unit, m->id, NULL);
  if (holiday || vb_date_weekday(m->date) > 4) r->worst = vb_worse(r->worst, VB_FIND(r->d, VB_CHECK_D03, holiday ? VB_WARNING : VB_INFO, VB_NOWHERE, day));
  return VB_OK;
}
