/* sentences.c: sentences told twice (W10) or left without their main clause (W12), words missing behind those that call for them (W03), the
 * place of the tone mark (W11), the day up to which a report counts (D06), and yearly wording in a plan for one year (D07). For gen/check
 * alone. */
#include <string.h>

#include "check/passage.h"

static bool has(vb_span t, size_t from, size_t to, const char *s) { return vb_passage_seek((vb_span){t.p, to}, s, from) < to; }

/* A full stop, a line's end or ";" ends a sentence; "1." and "12.900" do not. */
static bool ends_here(vb_span t, size_t i) {
  bool behind = i + 1 == t.n || t.p[i + 1] == ' ' || t.p[i + 1] == '/' || t.p[i + 1] == '\n';
  return t.p[i] != '.' || (behind && !vb_passage_is_digit(t, i - (i > 0)));
}

static size_t skip_mark(vb_span t, size_t i) {
  while (i < t.n && (t.p[i] == ' ' || t.p[i] == '-' || t.p[i] == '+' || t.p[i] == '.' || t.p[i] == ';' || t.p[i] == '\n')) i++;
  return i;
}

/* A sentence of a passage, and its words: from the first to before `last`. */
typedef struct sentence { vb_passage *p; size_t from, to; const vb_word *first, *last; } sentence;

/* ---- told twice --------------------------------------------------------------------------------------------- */

enum { TWICE_WORDS = 8 };

static void check_twice(vb_reading *r, vb_map *seen, const sentence *s) {
  const vb_passage *p = s->p;
  if (s->to >= p->text.n || (p->text.p[s->to] != '.' && p->text.p[s->to] != ';')) return; /* titles and labels stand in several places */
  if (s->last - s->first < TWICE_WORDS || !vb_passage_open(p, VB_CHECK_W10, s->from)) return;
  size_t told = vb_map_count(seen);
  const vb_passage *x = vb_map_meet(seen, vb_span_trim((vb_span){p->lower.p + s->from, s->to - s->from}), s->p); /* that told it first */
  if (x == NULL) r->worst = VB_NOMEM;
  if (x == NULL || vb_map_count(seen) > told) return;
  bool own = x->at.file != NULL && p->at.file != NULL && p->slot == NULL && strcmp(x->at.file, p->at.file) == 0 && x->at.line == p->at.line; /* a template's own words in a loop */
  if (!own) vb_passage_find(r, p, VB_CHECK_W10, VB_INFO, (vb_extract){s->from, s->to, 0}, NULL);
}

/* ---- fragments and missing words ---------------------------------------------------------------------------- */

static bool starts_any(vb_span t, size_t i, const char *const *list, size_t n) {
  for (size_t k = 0; k < n; k++)
    if (vb_passage_at(t, i, list[k])) return true;
  return false;
}
#define STARTS(t, i, list) starts_any((t), (i), (list), sizeof(list) / sizeof((list)[0]))

static const char *const opens[] = {"Thực hiện ", "Căn cứ ", "Theo ", "Qua "}, *const subordinate[] = {"Trên cơ sở ", "Mặc dù ", "Tuy đã "};
static const char *const between[] = {"giữa"}, *const doubled[] = {"không những", "không chỉ"}, *const to_day[] = {"từ ngày", "đến ngày", "trước ngày", "sau ngày"}, *const yearly[] = {"hàng năm", "hằng năm"};
static const char *const up_to[] = {"tính đến", "đến ngày", "đến thời điểm", "số liệu từ ngày", "chốt số liệu", "đến nay"};

bool vb_lists_of_sentences(vb_forms *f) {
  return VB_FORMS_LIST(f, opens, VB_LIST_OPENS) && VB_FORMS_LIST(f, subordinate, VB_LIST_OPENS) && VB_FORMS_LIST(f, between, VB_LIST_BETWEEN) && VB_FORMS_LIST(f, to_day, VB_LIST_TO_DAY) &&
         VB_FORMS_LIST(f, doubled, VB_LIST_HALF) && VB_FORMS_LIST(f, yearly, VB_LIST_YEARLY) && VB_FORMS_LIST(f, up_to, VB_LIST_UP_TO);
}

/* “Thực hiện Quyết định số …. Qua đó, …”: the first half is no sentence. “Trên cơ sở ….”: what is done on it is missing. */
static void check_fragment(vb_reading *r, const sentence *s) {
  static const char *const goes_on[] = {"Qua đó", "Theo đó", "Trên cơ sở đó", "UBND ", "Ủy ban nhân dân "};
  vb_span t = s->p->text;
  size_t from = s->from, to = s->to;
  bool open = STARTS(t, from, opens), half = STARTS(t, from, subordinate);
  if ((!open && !half) || to >= t.n || t.p[to] != '.' || has(t, from, to, ":")) return; /* “Căn cứ thực hiện: …” names a thing */
  size_t next = skip_mark(t, to);
  bool cites = has(t, from, to, " số "), goes = next < t.n && t.p[to + 1] == ' ' && STARTS(t, next, goes_on);
  bool acts = has(t, from, to, ", UBND ") || has(t, from, to, ", Ủy ban nhân dân ") || has(t, from, to, ", xã ") || has(t, from, to, ", huyện ");
  if ((open && cites && goes && !acts) || (half && !has(t, from, to, ",") && !has(t, from, to, " để "))) vb_passage_find(r, s->p, VB_CHECK_W12, VB_WARNING, (vb_extract){from, to + 1, 0}, NULL);
}

/* Words that can follow “giữa” without “và”: “giữa các cơ quan”, “giữa kỳ”, “giữa năm”. */
static void check_between(vb_reading *r, const sentence *s, const vb_word *w) {
  static const char *const alone[] = {"các", "những", "hai", "ba", "bốn", "nhiều", "kỳ", "năm", "tháng", "quý", "họ", "nhau", "chừng", "trưa", "chúng", "mọi", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "hội", "nhiệm"};
  vb_span t = s->p->text;
  size_t k = w->to + 1, end = k;
  if (k > s->to || !vb_passage_at(t, w->from, "giữa ")) return;
  while (end < s->to && t.p[end] != '.' && t.p[end] != '\n') end++;
  if (STARTS(t, k, alone) || has(t, k, end, " và ") || has(t, k, end, " với ") || has(t, k, end, " - ") || has(t, k, end, ",")) return;
  size_t stop = k + 30 < end ? k + 30 : end;
  while (stop < end && ((unsigned char)t.p[stop] & 0xC0) == 0x80) stop++;
  vb_passage_find(r, s->p, VB_CHECK_W03, VB_INFO, (vb_extract){w->from, stop, 12}, "và …");
}

/* “tính từ ngày đến ngày 14/12”, “trước ngày;”: the day is missing. */
static void check_day_missing(vb_reading *r, const sentence *s, const vb_word *w) {
  static const char *const rest[] = {" đến ngày", ".", ",", ";", ")", " tháng "};
  vb_span t = s->p->text;
  for (size_t i = 0; i < sizeof to_day / sizeof to_day[0]; i++) {
    size_t k = w->from + strlen(to_day[i]);
    if (k <= s->to && vb_passage_at(t, w->from, to_day[i]) && (k == t.n || STARTS(t, k, rest))) vb_passage_find(r, s->p, VB_CHECK_W03, VB_WARNING, (vb_extract){w->from, k, 12}, "ngày …");
  }
}

/* “không những …” without “mà”: the other half is missing. */
static void check_halves(vb_reading *r, const sentence *s) {
  static const char *const halves[] = {"hông những ", "hông chỉ "};
  vb_span t = s->p->text;
  for (size_t k = 0; k < sizeof halves / sizeof halves[0]; k++) {
    size_t i = vb_passage_seek((vb_span){t.p, s->to}, halves[k], s->from);
    if (i < s->to && !has(t, i, s->to, " mà ") && !has(t, i, s->to, " còn ") && !has(t, i, s->to, ",")) vb_passage_find(r, s->p, VB_CHECK_W03, VB_INFO, (vb_extract){i > s->from ? i - 1 : i, i + strlen(halves[k]) - 1, 16}, "mà còn …");
  }
}

/* ---- the place of the tone mark ----------------------------------------------------------------------------- */

static const char *const tones[][2] = {{"òa", "oà"}, {"óa", "oá"}, {"ỏa", "oả"}, {"õa", "oã"}, {"ọa", "oạ"}, {"òe", "oè"}, {"óe", "oé"}, {"ỏe", "oẻ"}, {"õe", "oẽ"}, {"ọe", "oẹ"}, {"ùy", "uỳ"}, {"úy", "uý"}, {"ủy", "uỷ"}, {"ũy", "uỹ"}, {"ụy", "uỵ"}, {"Ủy", "Uỷ"}};

/* The style of a word by its end: 0 old (hóa), 1 new (hoá), -1 neither. *pair: of which letters. */
static int style_of(vb_span w, size_t *pair) {
  for (*pair = 0; *pair < sizeof tones / sizeof tones[0]; ++*pair)
    for (int style = 0; style < 2; style++) {
      size_t n = strlen(tones[*pair][style]);
      if (w.n < n || !vb_passage_at(w, w.n - n, tones[*pair][style])) continue;
      return w.n > n && (w.p[w.n - n - 1] == 'q' || w.p[w.n - n - 1] == 'Q') ? -1 : style;
    }
  return -1;
}

/* A tone stands on the last letter or the one before it, so that few spellings need to be compared; a long one is not Vietnamese. */
static int read_style(vb_span s) {
  size_t pair;
  size_t last = s.n - 1;
  while (last > 0 && ((unsigned char)s.p[last] & 0xC0) == 0x80) last--;
  if (last == 0 || s.n > 12) return -1;
  unsigned char c = (unsigned char)s.p[last], before = (unsigned char)s.p[last - 1];
  bool old = (c == 'a' || c == 'e' || c == 'y') && before >= 0x80, new = c >= 0x80 && (before == 'o' || before == 'u' || before == 'U');
  return old || new ? style_of(s, &pair) : -1;
}

static int style_of_form(vb_form *x) {
  if (x->style == 0) x->style = (uint8_t)(read_style(x->text) + 2);
  return x->style - 2;
}

static void tell_mark(vb_reading *r, const vb_passage *p, const vb_word *w, int style) {
  vb_buf other;
  size_t pair;
  (void)style_of(w->form->text, &pair);
  const char *const *tone = tones[pair];
  vb_buf_init(&other);
  vb_buf_add(&other, p->text.p + w->from, w->to - w->from - strlen(tone[style]));
  vb_buf_str(&other, tone[!style]);
  vb_passage_find(r, p, VB_CHECK_W11, VB_INFO, (vb_extract){w->from, w->to, 0}, vb_buf_cstr(&other));
  vb_buf_free(&other);
}

/* Of the style that fewer words have, the first word of each spelling is told. */
static vb_status check_marks(vb_reading *r) {
  size_t count[2] = {0, 0}, n = vb_forms_count(r->forms);
  bool *done = VB_NEW_ARRAY(r->a, bool, n + 1);
  if (done == NULL) return VB_NOMEM;
  for (size_t i = 0; i < n; i++) {
    vb_form *x = vb_forms_at(r->forms, i);
    int style = x->words == 0 ? -1 : style_of_form(x);
    if (style >= 0) count[style] += x->words;
  }
  if (count[0] == 0 || count[1] == 0) return VB_OK;
  int fewer = count[0] < count[1] ? 0 : 1;
  for (const vb_passage *p = r->first; p != NULL; p = p->next)
    for (const vb_word *w = p->words, *end = w + p->n_words; w < end; w++) {
      if (done[w->form->id] || style_of_form(w->form) != fewer) continue;
      done[w->form->id] = true;
      tell_mark(r, p, w, fewer);
    }
  return VB_OK;
}

/* ---- periods ------------------------------------------------------------------------------------------------ */

static bool of_kind(const vb_reading *r, const char *kind) { return r->doc->meta.kind != NULL && strcmp(r->doc->meta.kind, kind) == 0; }

/* “trước ngày 15/11 hằng năm” in the plan of one year. */
static void check_yearly(vb_reading *r, const vb_passage *p) {
  static const char *const words[] = {" hàng năm", " hằng năm"};
  vb_span t = p->text;
  int year = 0;
  if ((p->lists & VB_LIST_YEARLY) == 0 || !of_kind(r, "KH") || r->doc->meta.period == NULL || strlen(r->doc->meta.period) != 4 || vb_passage_digits(vb_span_of(r->doc->meta.period), 0, 4, &year) != 4) return;
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
    for (const vb_word *w = p->words, *end = w + p->n_words; (p->lists & VB_LIST_FIGURE) != 0 && w < end; w++)
      if (w->form->figure && (p->regions[w->from] & (VB_REGION_CITE | VB_REGION_QUOTE)) == 0) return true;
  return false;
}

static bool says_up_to(const vb_passage *p) {
  for (const vb_word *w = p->words, *end = w + p->n_words; w < end; w++)
    for (size_t i = 0; (w->form->lists & VB_LIST_UP_TO) != 0 && i < sizeof up_to / sizeof up_to[0]; i++)
      if (vb_passage_at(p->lower, w->from, up_to[i])) return true;
  return false;
}

/* A year's figures given before the year's last day are figures up to a day. A year ends on 14 December (NĐ 09/2019 Điều 12). */
static void check_cut_off(vb_reading *r) {
  const vb_meta *m = &r->doc->meta;
  int year = 0;
  if (!of_kind(r, "BC") || m->period == NULL || strlen(m->period) != 4 || vb_passage_digits(vb_span_of(m->period), 0, 4, &year) != 4) return;
  if (m->date.year != year || (m->date.month == 12 && m->date.day >= 14) || !has_figures(r)) return;
  for (const vb_passage *p = r->first; p != NULL; p = p->next)
    if ((p->lists & VB_LIST_UP_TO) != 0 && says_up_to(p)) return;
  vb_diag_about(r->d, m->unit, m->id, NULL);
  vb_buf day;
  vb_buf_init(&day);
  vb_date_print_short(m->date, &day);
  r->worst = vb_worse(r->worst, day.failed ? VB_NOMEM : VB_FIND(r->d, VB_CHECK_D06, VB_INFO, r->first->at, vb_buf_cstr(&day), VB_NUM(year)));
  vb_buf_free(&day);
}

static void check_sentence(vb_reading *r, vb_map *seen, const sentence *s) {
  check_twice(r, seen, s);
  if ((s->p->lists & VB_LIST_OPENS) != 0) check_fragment(r, s);
  for (const vb_word *w = s->first; (s->p->lists & (VB_LIST_BETWEEN | VB_LIST_TO_DAY)) != 0 && w < s->last; w++) {
    if ((w->form->lists & (VB_LIST_BETWEEN | VB_LIST_TO_DAY)) == 0) continue;
    if ((w->form->lists & VB_LIST_BETWEEN) != 0) check_between(r, s, w);
    if ((w->form->lists & VB_LIST_TO_DAY) != 0) check_day_missing(r, s, w);
  }
  if ((s->p->lists & VB_LIST_HALF) != 0) check_halves(r, s);
}

vb_status vb_check_sentences(vb_reading *r) {
  vb_map *seen = vb_map_new();
  if (seen == NULL) return VB_NOMEM;
  for (vb_passage *p = r->first; p != NULL; p = p->next) {
    const vb_word *w = p->words;
    for (size_t from = skip_mark(p->text, 0); from < p->text.n;) {
      sentence x = {.p = p, .from = from, .first = w};
      x.to = vb_sentence_end(p, from, &w, ends_here);
      x.last = w;
      check_sentence(r, seen, &x);
      from = skip_mark(p->text, x.to + 1);
    }
    check_yearly(r, p);
  }
  vb_map_free(seen);
  vb_status s = check_marks(r);
  check_cut_off(r);
  return s;
}
