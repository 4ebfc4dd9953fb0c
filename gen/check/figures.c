/* figures.c: figures typed in sentences: a declared count against the items behind it (X03), and figures of narratives against the indicators
 * that the unit has reported (X01). For gen/check alone.
 *
 * Invariants
 *  1. A figure that is bound ({1.3.2}) is never looked at: it is the indicator's own.
 *  2. A typed figure meets an indicator by the words of its sentence: most of the label must stand there, and the measure beside the figure.
 *     Where it equals the indicator, the clerk is told to bind it; where it differs, that they differ, unless the sentence compares, plans, or
 *     counts a part.
 */
#include <stdio.h>
#include <string.h>

#include "check/bag.h"

/* ---- counts ------------------------------------------------------------------------------------------------- */

/* The number that stands at most six words before `at`, in the same clause; 0: none. */
static int number_before(vb_span t, size_t at, size_t *from) {
  int spaces = 0;
  for (size_t i = at; i > 0; i--) {
    char c = t.p[i - 1];
    if (c == ';' || c == ':' || c == '.' || c == '\n' || c == ',' || c == '(') return 0;
    if (c == ' ' && ++spaces > 7) return 0;
    if (!vb_passage_is_digit(t, i - 1) || vb_passage_is_digit(t, i)) continue;
    size_t first = i - 1;
    while (first > 0 && vb_passage_is_digit(t, first - 1)) first--;
    int value;
    bool whole = first == 0 || t.p[first - 1] == ' ' || t.p[first - 1] == '\n';
    if (!whole || i >= t.n || t.p[i] != ' ' || i - first > 2) return 0;
    if (first >= strlen("năm ") && vb_passage_at(t, first - strlen("năm "), "năm ")) return 0;
    (void)vb_passage_digits(t, first, 2, &value);
    *from = first;
    return value;
  }
  return 0;
}

/* Items behind the colon: those between “;” to the end of the sentence, lines that begin with “-”, or marks (1) (2). sure: marked. */
static int count_items(vb_span t, size_t from, bool *sure) {
  int semis = 0, lines = 0, marks = 0;
  size_t last = from;
  for (size_t i = from; i < t.n; i++) {
    if (t.p[i] == '\n' && vb_passage_at(t, i + 1, "- ")) lines++;
    if (t.p[i] == '(' && vb_passage_is_digit(t, i + 1)) {
      int n;
      size_t k = vb_passage_digits(t, i + 1, 2, &n);
      if (i + 1 + k < t.n && t.p[i + 1 + k] == ')' && n == marks + 1) marks++;
    }
    bool stop = t.p[i] == '.' && (i + 1 == t.n || (t.p[i + 1] == ' ' && !vb_passage_is_digit(t, i - 1))); /* "1. " numbers an item */
    if (stop && lines == 0) break;
    if (t.p[i] == ';' && lines == 0) {
      semis++;
      last = i + 1;
    }
  }
  *sure = marks > 1;
  if (marks > 1) return marks;
  if (lines > 1) return lines;
  bool more = false;
  for (size_t i = last; i < t.n && t.p[i] != '.'; i++) more = more || vb_passage_in_word(t, i);
  return semis > 0 ? semis + more : 0;
}

/* “06 sản phẩm gồm: a; b; c; d; e” */
void vb_check_counts(vb_reading *r, const vb_passage *p) {
  static const char *const words[] = {"gồm:", "gồm có:", "sau:", "sau đây:", "cụ thể:", "là:"};
  vb_span t = p->text;
  for (size_t w = 0; (p->signs & VB_SIGN(':')) != 0 && w < sizeof words / sizeof words[0]; w++)
    for (size_t i = vb_passage_seek(t, words[w], 0); i < t.n; i = vb_passage_seek(t, words[w], i + 1)) {
      size_t from = 0;
      bool sure = false;
      if (i == 0 || t.p[i - 1] != ' ') continue;
      int said = number_before(t, i - 1, &from), is = said > 1 ? count_items(t, i + strlen(words[w]), &sure) : 0;
      if (is < 2 || is == said) continue;
      char count[24];
      vb_passage_find(r, p, VB_CHECK_X03, sure ? VB_ERROR : VB_WARNING, (vb_extract){from, i + strlen(words[w]), 0}, vb_num_text(count, sizeof count, is));
    }
}

/* ---- literals ----------------------------------------------------------------------------------------------- */

enum { NAMED = 72, NEARLY = 60, LABEL_WORDS = 3 };

/* An indicator of the unit with its figure. measure: in lower case. */
typedef struct known { struct known *next; const char *code; vb_span measure; vb_dec value; bool percent; vb_bag bag; } known;
typedef struct literal { size_t from, to; vb_dec value; bool percent; } literal;
typedef struct meeting { vb_reading *r; vb_bags *bags; known *all, **end; vb_status s; } meeting;
typedef struct sentence { vb_span text; vb_bag bag; bool read; } sentence;

/* In the order of the table's key; what the codes mean the store has in memory. */
static const char sql[] = "SELECT code, num FROM value WHERE unit = :unit AND period = :period AND num IS NOT NULL ORDER BY code";

static bool counted(vb_type t) { return t == VB_TYPE_COUNT || t == VB_TYPE_DECIMAL || t == VB_TYPE_PERCENT || t == VB_TYPE_MONEY; }

static vb_status read_one(meeting *m, const vb_query *q) {
  const vb_indicator *i = vb_store_indicator(m->r->s, NULL, vb_query_value(q, 0).text);
  if (i == NULL || !counted(i->type)) return VB_OK;
  known *k = VB_NEW(m->r->a, known);
  if (k == NULL) return VB_NOMEM;
  *k = (known){.code = i->code, .measure = vb_text_lower(m->r->a, vb_span_of(i->measure)), .percent = i->type == VB_TYPE_PERCENT};
  k->value = (vb_dec){vb_query_value(q, 1).integer, i->places};
  if (k->measure.p == NULL) return VB_NOMEM;
  vb_status s = vb_bag_read(m->bags, vb_span_of(i->label), true, &k->bag);
  if (k->bag.n < LABEL_WORDS || k->bag.full) return s;
  *m->end = k;
  m->end = &k->next;
  return s;
}

static vb_status read_known(meeting *m) {
  vb_query *q = NULL;
  vb_status s = vb_query_prepare(m->r->d, m->r->s, vb_span_of(sql), VB_NOWHERE, &q);
  if (s == VB_OK) s = vb_check_bind(q, m->r->doc->meta.unit, m->r->doc->meta.period);
  m->end = &m->all;
  while (s == VB_OK && (s = vb_query_step(m->r->d, q)) == VB_OK) s = read_one(m, q);
  vb_query_free(q);
  return s == VB_DONE ? VB_OK : s;
}

/* The indicators are read when the first figure is met. */
static vb_status begin(meeting *m) {
  m->bags = vb_bags_new(m->r);
  return m->bags == NULL ? VB_NOMEM : read_known(m);
}

/* A number typed at i: not of a date, a citation, a mark, a year, or a bound figure. */
static bool literal_at(const vb_passage *p, size_t i, literal *out) {
  vb_span t = p->text;
  if (!vb_passage_is_digit(t, i) || (i > 0 && (vb_passage_in_word(t, i - 1) || strchr("./,-(", t.p[i - 1]) != NULL))) return false;
  size_t k = i;
  while (k < t.n && (vb_passage_is_digit(t, k) || ((t.p[k] == '.' || t.p[k] == ',') && vb_passage_is_digit(t, k + 1)))) k++;
  size_t to = k + (k < t.n && t.p[k] == ' ');
  bool percent = to < t.n && t.p[to] == '%';
  if (!percent && (k >= t.n || t.p[k] != ' ')) return false; /* 12/QĐ-UBND, 06) */
  if ((p->regions[i] & (VB_REGION_FIGURE | VB_REGION_CITE | VB_REGION_QUOTE | VB_REGION_CELL)) != 0) return false;
  static const char *const before[] = {"năm ", "Năm ", "ngày ", "tháng ", "số ", "quý ", "Điều ", "khoản ", "mức độ ", "ISO "};
  for (size_t w = 0; w < sizeof before / sizeof before[0]; w++)
    if (i >= strlen(before[w]) && vb_passage_at(t, i - strlen(before[w]), before[w])) return false;
  *out = (literal){.from = i, .to = percent ? to + 1 : k, .percent = percent};
  return vb_number_parse((vb_span){t.p + i, k - i}, percent ? VB_NUM_PERCENT : VB_NUM_COUNT, &out->value) == VB_NUM_VALUE;
}

/* A sentence that compares, plans or counts a part states other figures than the indicator's. */
static bool of_something_else(vb_span text) {
  static const char *const words[] = {"so với", "tăng", "giảm", "cùng kỳ", "năm trước", "hấn đấu", "chỉ tiêu", "mục tiêu", "tối thiểu", "trở lên", "rong đó", "kế hoạch giao", "còn lại", "riêng "};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (vb_passage_seek(text, words[i], 0) < text.n) return true;
  return false;
}

/* The measure stands right behind a count: “120 phiếu”. */
static bool measured(const vb_passage *p, const literal *l, const known *k) {
  if (l->percent || k->percent) return l->percent == k->percent;
  size_t at = l->to + 1, n = k->measure.n;
  return n > 0 && p->lower.p[l->to] == ' ' && n <= p->lower.n - at && memcmp(p->lower.p + at, k->measure.p, n) == 0;
}

static void tell(meeting *m, const vb_passage *p, const literal *l, const known *k, vb_severity severity) {
  vb_buf b;
  vb_buf_init(&b);
  vb_buf_printf(&b, "%s = ", k->code);
  vb_number_print(k->value, (vb_number_format){-1, true, 1, true}, &b);
  vb_passage_find(m->r, p, VB_CHECK_X01, severity, (vb_extract){l->from, l->to, 24}, vb_buf_cstr(&b));
  vb_buf_free(&b);
}

static void meet(meeting *m, const vb_passage *p, const literal *l, const sentence *said) {
  const known *best = NULL, *same = NULL;
  int most = 0, equal = 0;
  for (const known *k = m->all; k != NULL; k = k->next) {
    int within = measured(p, l, k) ? vb_bag_within(m->bags, &k->bag, &said->bag) : 0;
    if (within > most) {
      most = within;
      best = k;
    }
    if (within > equal && vb_dec_cmp(k->value, l->value) == 0) {
      equal = within;
      same = k;
    }
  }
  if (same != NULL && equal >= NEARLY) tell(m, p, l, same, VB_INFO);
  else if (best != NULL && most >= NAMED && !of_something_else(said->text)) tell(m, p, l, best, VB_WARNING);
}

/* Each figure typed in a sentence, whose words are those from one to before the other. */
static void read_sentence(meeting *m, const vb_passage *p, vb_span text, const vb_word *from, const vb_word *to) {
  sentence said = {.text = text, .read = false};
  literal l;
  for (const vb_word *w = from; w < to && m->s == VB_OK; w++) {
    if (!vb_word_digit(p, w) || !literal_at(p, w->from, &l)) continue;
    if (m->bags == NULL) m->s = begin(m);
    if (m->s == VB_OK && !said.read) m->s = vb_bag_add(m->bags, p->text, from, to, false, &said.bag);
    said.read = true;
    if (m->s == VB_OK) meet(m, p, &l, &said);
  }
}

vb_status vb_check_literals(vb_reading *r) {
  meeting m = {.r = r, .s = r->doc->meta.period == NULL ? VB_DONE : VB_OK};
  for (const vb_passage *p = r->first; p != NULL && m.s == VB_OK; p = p->next) {
    const vb_word *w = p->words;
    if (p->slot == NULL || (p->lists & VB_LIST_FIGURE) == 0) continue;
    for (size_t from = 0; from < p->text.n && m.s == VB_OK;) {
      const vb_word *first = w;
      size_t end = vb_sentence_end(p, from, &w, vb_stop_ends);
      read_sentence(&m, p, (vb_span){p->text.p + from, end - from}, first, w);
      from = end + 1;
    }
  }
  return m.s == VB_DONE ? VB_OK : m.s;
}
