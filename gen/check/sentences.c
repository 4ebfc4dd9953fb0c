/* sentences.c: sentences told twice (W10) or left without their main clause (W12), words missing behind those that call for them (W03), the
 * place of the tone mark (W11), the day up to which a report counts (D06), and yearly wording in a plan for one year (D07). For gen/check
 * alone. */
#include <string.h>

#include "check/passage.h"

static bool has(vb_span t, size_t from, size_t to, const char *s) { return vb_passage_seek((vb_span){t.p, to}, s, from) < to; }

/* A full stop, a line's end or ";" ends a sentence; "1." and "12.900" do not. */
static size_t sentence_end(vb_span t, size_t from) {
  size_t i = from;
  while (i < t.n && t.p[i] != ';' && t.p[i] != '\n' && !(t.p[i] == '.' && !vb_passage_is_digit(t, i - (i > 0)) && (i + 1 == t.n || t.p[i + 1] == ' ' || t.p[i + 1] == '/' || t.p[i + 1] == '\n'))) i++;
  return i;
}

static size_t skip_mark(vb_span t, size_t i) {
  while (i < t.n && (t.p[i] == ' ' || t.p[i] == '-' || t.p[i] == '+' || t.p[i] == '.' || t.p[i] == ';' || t.p[i] == '\n')) i++;
  return i;
}

static size_t count_words(vb_span s) {
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++) n += vb_passage_in_word(s, i) && !vb_passage_in_word(s, i + 1);
  return n;
}

/* ---- told twice --------------------------------------------------------------------------------------------- */

enum { TWICE_WORDS = 8 };

static vb_status check_twice(vb_reading *r, vb_map *seen, const vb_passage *p, size_t from, size_t to) {
  vb_span s = vb_span_trim((vb_span){p->text.p + from, to - from});
  if (to >= p->text.n || (p->text.p[to] != '.' && p->text.p[to] != ';')) return VB_OK; /* titles and labels stand in several places */
  if (count_words(s) < TWICE_WORDS || !vb_passage_open(r, p, VB_CHECK_W10, from)) return VB_OK;
  vb_span key = vb_text_lower(r->a, s);
  if (key.p == NULL) return VB_NOMEM;
  const vb_passage *first = vb_map_get(seen, key);
  if (first == NULL) return vb_map_put(seen, key, (void *)(uintptr_t)p) ? VB_OK : VB_NOMEM;
  if (first->at.file != NULL && p->at.file != NULL && vb_passage_slot(r->a, p->at) == NULL && strcmp(first->at.file, p->at.file) == 0 && first->at.line == p->at.line) return VB_OK; /* a template's own words in a loop */
  vb_passage_find(r, p, VB_CHECK_W10, VB_INFO, (vb_extract){from, to, 0}, NULL);
  return VB_OK;
}

/* ---- fragments and missing words ---------------------------------------------------------------------------- */

static bool starts_any(vb_span t, size_t i, const char *const *list, size_t n) {
  for (size_t k = 0; k < n; k++)
    if (vb_passage_at(t, i, list[k])) return true;
  return false;
}
#define STARTS(t, i, list) starts_any((t), (i), (list), sizeof(list) / sizeof((list)[0]))

/* “Thực hiện Quyết định số …. Qua đó, …”: the first half is no sentence. “Trên cơ sở ….”: what is done on it is missing. */
static void check_fragment(vb_reading *r, const vb_passage *p, size_t from, size_t to) {
  static const char *const opens[] = {"Thực hiện ", "Căn cứ ", "Theo ", "Qua "}, *const goes_on[] = {"Qua đó", "Theo đó", "Trên cơ sở đó", "UBND ", "Ủy ban nhân dân "};
  static const char *const subordinate[] = {"Trên cơ sở ", "Mặc dù ", "Tuy đã "};
  vb_span t = p->text;
  if (to >= t.n || t.p[to] != '.' || has(t, from, to, ":")) return; /* “Căn cứ thực hiện: …” names a thing */
  size_t next = skip_mark(t, to);
  bool cites = has(t, from, to, " số "), comma = has(t, from, to, ","), goes = next < t.n && t.p[to + 1] == ' ' && STARTS(t, next, goes_on);
  bool acts = has(t, from, to, ", UBND ") || has(t, from, to, ", Ủy ban nhân dân ") || has(t, from, to, ", xã ") || has(t, from, to, ", huyện ");
  if ((STARTS(t, from, opens) && cites && goes && !acts) || (STARTS(t, from, subordinate) && !comma && !has(t, from, to, " để ")))
    vb_passage_find(r, p, VB_CHECK_W12, VB_WARNING, (vb_extract){from, to + 1, 0}, NULL);
}

/* Where the words that can follow “giữa” without “và” end: “giữa các cơ quan”, “giữa kỳ”, “giữa năm”. */
static void check_between(vb_reading *r, const vb_passage *p, size_t from, size_t to) {
  static const char *const alone[] = {"các", "những", "hai", "ba", "bốn", "nhiều", "kỳ", "năm", "tháng", "quý", "họ", "nhau", "chừng", "trưa", "chúng", "mọi", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "hội", "nhiệm"};
  vb_span t = p->text;
  for (size_t i = vb_passage_seek((vb_span){t.p, to}, "giữa ", from); i < to; i = vb_passage_seek((vb_span){t.p, to}, "giữa ", i + 1)) {
    size_t k = i + strlen("giữa "), end = k;
    while (end < to && t.p[end] != '.' && t.p[end] != '\n') end++;
    if ((i > 0 && vb_passage_in_word(t, i - 1)) || STARTS(t, k, alone) || has(t, k, end, " và ") || has(t, k, end, " với ") || has(t, k, end, " - ") || has(t, k, end, ",")) continue;
    size_t stop = k + 30 < end ? k + 30 : end;
    while (stop < end && ((unsigned char)t.p[stop] & 0xC0) == 0x80) stop++;
    vb_passage_find(r, p, VB_CHECK_W03, VB_INFO, (vb_extract){i, stop, 12}, "và …");
  }
}

/* “tính từ ngày đến ngày 14/12”, “trước ngày;”: the day is missing. */
static void check_day_missing(vb_reading *r, const vb_passage *p, size_t from, size_t to) {
  static const char *const words[] = {"từ ngày", "đến ngày", "trước ngày", "sau ngày"}, *const rest[] = {" đến ngày", ".", ",", ";", ")", " tháng "};
  vb_span t = p->text;
  for (size_t w = 0; w < sizeof words / sizeof words[0]; w++)
    for (size_t i = vb_passage_seek((vb_span){t.p, to}, words[w], from); i < to; i = vb_passage_seek((vb_span){t.p, to}, words[w], i + 1)) {
      size_t k = i + strlen(words[w]);
      if (k == t.n || STARTS(t, k, rest)) vb_passage_find(r, p, VB_CHECK_W03, VB_WARNING, (vb_extract){i, k, 12}, "ngày …");
    }
}

/* “không những …” without “mà”: the other half is missing. */
static void check_halves(vb_reading *r, const vb_passage *p, size_t from, size_t to) {
  static const struct { const char *first, *second, *lack; } halves[] = {{"hông những ", " mà ", "mà còn …"}, {"hông chỉ ", " mà ", "mà còn …"}};
  vb_span t = p->text;
  for (size_t w = 0; w < 2; w++) {
    size_t i = vb_passage_seek((vb_span){t.p, to}, halves[w].first, from);
    if (i < to && !has(t, i, to, halves[w].second) && !has(t, i, to, " còn ") && !has(t, i, to, ",")) vb_passage_find(r, p, VB_CHECK_W03, VB_INFO, (vb_extract){i > from ? i - 1 : i, i + strlen(halves[w].first) - 1, 16}, halves[w].lack);
  }
}

/* ---- the place of the tone mark ----------------------------------------------------------------------------- */

static const char *const tones[][2] = {{"òa", "oà"}, {"óa", "oá"}, {"ỏa", "oả"}, {"õa", "oã"}, {"ọa", "oạ"}, {"òe", "oè"}, {"óe", "oé"}, {"ỏe", "oẻ"}, {"õe", "oẽ"}, {"ọe", "oẹ"}, {"ùy", "uỳ"}, {"úy", "uý"}, {"ủy", "uỷ"}, {"ũy", "uỹ"}, {"ụy", "uỵ"}, {"Ủy", "Uỷ"}};

/* The style of the word that ends before `end`: 0 old (hóa), 1 new (hoá), -1 neither. *pair: of which letters. */
static int style_of(vb_span t, size_t from, size_t end, size_t *pair) {
  for (*pair = 0; *pair < sizeof tones / sizeof tones[0]; ++*pair)
    for (int style = 0; style < 2; style++) {
      size_t n = strlen(tones[*pair][style]);
      if (end - from < n || memcmp(t.p + end - n, tones[*pair][style], n) != 0) continue;
      return end - from > n && (t.p[end - n - 1] == 'q' || t.p[end - n - 1] == 'Q') ? -1 : style;
    }
  return -1;
}

typedef struct marks { size_t count[2]; int minority; vb_map *told; } marks;

static vb_status tell_mark(vb_reading *r, marks *m, const vb_passage *p, vb_extract x, size_t pair) {
  vb_span w = {p->text.p + x.from, x.to - x.from};
  if (vb_map_get(m->told, w) != NULL) return VB_OK;
  if (!vb_map_put(m->told, w, m)) return VB_NOMEM;
  vb_buf other;
  vb_buf_init(&other);
  vb_buf_add(&other, w.p, w.n - strlen(tones[pair][m->minority]));
  vb_buf_str(&other, tones[pair][!m->minority]);
  vb_passage_find(r, p, VB_CHECK_W11, VB_INFO, x, vb_buf_cstr(&other));
  vb_buf_free(&other);
  return VB_OK;
}

static vb_status each_mark(vb_reading *r, marks *m, const vb_passage *p) {
  vb_span t = p->text;
  vb_status s = VB_OK;
  for (size_t i = 0; i < t.n && s == VB_OK;) {
    size_t from = i, pair;
    while (i < t.n && vb_passage_in_word(t, i)) i++;
    char last = i > from ? t.p[i - 1] : '\0';
    bool may = last == 'a' || last == 'e' || last == 'y' || (unsigned char)last >= 0x80;
    int style = may && i - from <= 12 ? style_of(t, from, i, &pair) : -1;
    if (style >= 0 && m->told == NULL) m->count[style]++;
    if (style >= 0 && m->told != NULL && style == m->minority) s = tell_mark(r, m, p, (vb_extract){from, i, 0}, pair);
    if (i == from) i++;
  }
  return s;
}

static vb_status check_marks(vb_reading *r) {
  marks m = {{0, 0}, 0, NULL};
  for (const vb_passage *p = r->first; p != NULL; p = p->next) (void)each_mark(r, &m, p);
  if (m.count[0] == 0 || m.count[1] == 0) return VB_OK;
  m.minority = m.count[0] < m.count[1] ? 0 : 1;
  m.told = vb_map_new();
  vb_status s = m.told == NULL ? VB_NOMEM : VB_OK;
  for (const vb_passage *p = r->first; p != NULL && s == VB_OK; p = p->next) s = each_mark(r, &m, p);
  vb_map_free(m.told);
  return s;
}

/* ---- periods ------------------------------------------------------------------------------------------------ */

static bool of_kind(const vb_reading *r, const char *kind) { return r->doc->meta.kind != NULL && strcmp(r->doc->meta.kind, kind) == 0; }

/* “trước ngày 15/11 hằng năm” in the plan of one year. */
static void check_yearly(vb_reading *r, const vb_passage *p) {
  static const char *const words[] = {" hàng năm", " hằng năm"};
  vb_span t = p->text;
  int year = 0;
  if (!of_kind(r, "KH") || r->doc->meta.period == NULL || strlen(r->doc->meta.period) != 4 || vb_passage_digits(vb_span_of(r->doc->meta.period), 0, 4, &year) != 4) return;
  for (size_t w = 0; w < 2; w++)
    for (size_t i = vb_passage_seek(t, words[w], 0); i < t.n; i = vb_passage_seek(t, words[w], i + 1)) {
      size_t k = i;
      while (k > 0 && (vb_passage_is_digit(t, k - 1) || t.p[k - 1] == '/')) k--;
      if (i - k < 3 || !has(t, k, i, "/")) continue;
      vb_passage_find(r, p, VB_CHECK_D07, VB_INFO, (vb_extract){k, i + strlen(words[w]), 12}, VB_NUM(year));
    }
}

static bool has_figures(const vb_reading *r) {
  for (const vb_passage *p = r->first; p != NULL; p = p->next)
    for (size_t i = 0; i < p->text.n; i++)
      if (vb_passage_is_digit(p->text, i) && (p->regions[i] & (VB_REGION_CITE | VB_REGION_QUOTE)) == 0) return true;
  return false;
}

/* A year's figures given before the year's last day are figures up to a day. A year ends on 14 December (NĐ 09/2019 Điều 12). */
static void check_cut_off(vb_reading *r) {
  static const char *const said[] = {"ính đến", "ến ngày", "ến thời điểm", "ố liệu từ ngày", "hốt số liệu", "ến nay"};
  const vb_meta *m = &r->doc->meta;
  int year = 0;
  if (!of_kind(r, "BC") || m->period == NULL || strlen(m->period) != 4 || vb_passage_digits(vb_span_of(m->period), 0, 4, &year) != 4) return;
  if (m->date.year != year || (m->date.month == 12 && m->date.day >= 14) || !has_figures(r)) return;
  for (const vb_passage *p = r->first; p != NULL; p = p->next)
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
      if (has(p->text, 0, p->text.n, said[i])) return;
  vb_diag_about(r->d, m->unit, m->id, NULL);
  vb_buf day;
  vb_buf_init(&day);
  vb_date_print_short(m->date, &day);
  r->worst = vb_worse(r->worst, VB_FIND(r->d, VB_CHECK_D06, VB_INFO, r->first->at, vb_buf_cstr(&day), VB_NUM(year)));
  vb_buf_free(&day);
}

vb_status vb_check_sentences(vb_reading *r) {
  vb_map *seen = vb_map_new();
  vb_status s = seen == NULL ? VB_NOMEM : VB_OK;
  for (const vb_passage *p = r->first; p != NULL && s == VB_OK; p = p->next) {
    for (size_t from = skip_mark(p->text, 0); from < p->text.n && s == VB_OK;) {
      size_t to = sentence_end(p->text, from);
      s = check_twice(r, seen, p, from, to);
      check_fragment(r, p, from, to);
      check_between(r, p, from, to);
      check_day_missing(r, p, from, to);
      check_halves(r, p, from, to);
      from = skip_mark(p->text, to + 1);
    }
    check_yearly(r, p);
  }
  vb_map_free(seen);
  if (s == VB_OK) s = check_marks(r);
  if (s == VB_OK) check_cut_off(r);
  return s;
}
