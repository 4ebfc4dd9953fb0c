/* acts.c: acts as the text cites them: complete at first (C01), laws by name (C05), never by type and agency alone (C07), by
 * an issuer that fits (C08), and one act in one way (G03). For gen/check alone.
 *
 * A citation is the type, its number, then date, agency and title as far as they stand there. It is read up to the end of the clause; one
 * that stands inside the title of another (“sửa đổi một số điều của Nghị định số 108/2014/NĐ-CP”) belongs to that title.
 */
#include <string.h>

#include "check/passage.h"
#include "check/registers.h"

static const char *const types[] = {"Nghị định", "Nghị quyết", "Quyết định", "Chỉ thị", "Thông tư", "Kế hoạch", "Công văn", "Thông báo", "Hướng dẫn", "Chương trình hành động", "Chương trình", "Đề án", "Báo cáo", "Kết luận", "Quy định"};

static const char *const laws[] = {"Luật ", "Bộ luật ", "Pháp lệnh "};

bool vb_lists_of_acts(vb_forms *f) { return VB_FORMS_LIST(f, types, VB_LIST_ACT) && VB_FORMS_LIST(f, laws, VB_LIST_LAW); }

enum { ROOM = 32 };

typedef struct cited { const vb_passage *p; size_t from, symbol, end, dated, to; vb_date date; vb_span agency; bool title; } cited;
typedef struct finder { vb_reading *r; cited *all; size_t n, cap; bool full; vb_status s; } finder;

/* 61/2018/NĐ-CP, 05/KH-UBND, 18-NQ/TW, 784/UBND-NC; its end, or 0: a symbol has a "/" and capitals. */
static size_t symbol_end(vb_span t, size_t i) {
  int value;
  size_t k = i + vb_passage_digits(t, i, 6, &value);
  bool slash = false, capital = false;
  if (k == i || k >= t.n || (t.p[k] != '/' && t.p[k] != '-')) return 0;
  for (; k < t.n && (vb_passage_in_word(t, k) || t.p[k] == '-' || t.p[k] == '/'); k++) {
    slash = slash || t.p[k] == '/';
    capital = capital || (t.p[k] >= 'A' && t.p[k] <= 'Z');
  }
  return slash && capital ? k : 0;
}

/* Where the clause that begins at `from` ends: ";", a line's end, or a full stop with a space or nothing behind it. */
static size_t clause_end(vb_span t, size_t from) {
  size_t i = from;
  while (i < t.n && t.p[i] != ';' && t.p[i] != '\n' && !(t.p[i] == '.' && (i + 1 == t.n || t.p[i + 1] == ' ' || t.p[i + 1] == '/'))) i++;
  return i;
}

/* " ngày 23/4/2018", " ngày 06 tháng 12 năm 2023" at k; where it ends, k when there is none. */
static size_t read_date(vb_span t, size_t k, cited *c) {
  size_t i = k, n;
  if (vb_passage_at(t, i, ",")) i++;
  if (!vb_passage_at(t, i, " ngày ") && !vb_passage_at(t, i, " ký ngày ")) return k;
  i = vb_passage_seek(t, "ngày ", i) + strlen("ngày ");
  for (n = 0; i + n < t.n && (vb_passage_is_digit(t, i + n) || t.p[i + n] == '/' || t.p[i + n] == '-' || t.p[i + n] == '.');) n++;
  while (n > 0 && !vb_passage_is_digit(t, i + n - 1)) n--;
  if (vb_date_parse((vb_span){t.p + i, n}, &c->date)) return i + n;
  size_t year = vb_passage_seek(t, " năm ", i);
  if (n == 0 || year > i + 16 || year + strlen(" năm 2023") > t.n) return i + n; /* a day is there; which one, the other rules say */
  n = year + strlen(" năm 2023") - i;
  char whole[64]; /* what stands between the day and its year is sixteen bytes at most; without memory it is no other date */
  snprintf(whole, sizeof whole, "ngày %.*s", (int)n, t.p + i);
  (void)vb_date_parse(vb_span_of(whole), &c->date);
  return i + n;
}

/* " của Chính phủ": words up to the one that opens the title, or the end of the clause t. */
static size_t read_agency(vb_span t, size_t k, cited *c) {
  static const char *const opens[] = {" về ", " V/v", " ban hành", " phê duyệt", " quy định", " hướng dẫn", " sửa đổi", " triển khai", " thực hiện", " công bố", " khắc phục", " tinh giản", " nâng cao", " bãi bỏ", " thành lập", " giao ", " đẩy mạnh", " tăng cường"};
  if (!vb_passage_at(t, k, " của ")) return k;
  size_t from = k + strlen(" của "), to = t.n;
  for (size_t i = 0; i < sizeof opens / sizeof opens[0]; i++) {
    size_t at = vb_passage_seek(t, opens[i], from - 1);
    if (at < to) to = at;
  }
  if (to < from) return to; /* “của về việc …”: whose, was left out */
  size_t comma = vb_passage_seek((vb_span){t.p, to}, ",", from);
  c->agency = vb_span_trim((vb_span){t.p + from, comma - from});
  return comma;
}

static bool has_title(vb_span t, size_t k) {
  int words = 0;
  for (size_t i = k; i < t.n && words < 2; i++) words += vb_passage_in_word(t, i) && !vb_passage_in_word(t, i + 1);
  return words >= 2 && t.p[k] != ',';
}

static bool grow(finder *f) {
  cited *more = vb_arena_more(f->r->a, f->all, f->n, sizeof *more, ROOM, &f->cap);
  if (more != NULL) f->all = more;
  return more != NULL;
}

static void read_act(finder *f, const vb_passage *p, size_t from, size_t number, size_t end) {
  if (f->full || f->s != VB_OK) return;
  if (f->n == VB_CHECK_ACTS_MAX) {
    f->full = true;
    vb_passage_beyond(f->r, p, VB_MSG_CHECK_ACTS_MANY, VB_CHECK_ACTS_MAX);
    return;
  }
  if (f->n == f->cap && !grow(f)) f->s = VB_NOMEM;
  if (f->s != VB_OK) return;
  vb_span t = p->text;
  cited *c = &f->all[f->n++];
  *c = (cited){.p = p, .from = from, .symbol = number, .end = end, .dated = end, .to = clause_end(t, end)};
  vb_span clause = {t.p, c->to};
  size_t k = read_date(clause, end, c);
  c->dated = k;
  if (k > end && c->date.year == 0) c->date.day = 1; /* some day was meant */
  k = read_agency(clause, k, c);
  if (c->date.year == 0 && c->date.day == 0) k = read_date(clause, k, c); /* “của Chính phủ ngày 23/4/2018” */
  c->title = has_title(clause, k);
}

static bool may_be_type(const vb_word *w) { return (w->form->lists & VB_LIST_ACT) != 0 && w->form->capital; }

/* Longer types stand before those that they begin with. */
static size_t type_at(vb_span t, const vb_word *w) {
  for (size_t k = 0; k < sizeof types / sizeof types[0]; k++)
    if (vb_passage_at(t, w->from, types[k])) return strlen(types[k]);
  return 0;
}

static void read_passage(finder *f, const vb_passage *p) {
  vb_span t = p->text;
  for (const vb_word *w = p->words, *last = w + p->n_words; w < last; w++) {
    if (!may_be_type(w)) continue;
    size_t n = type_at(t, w), number = w->from + n + 1;
    if (n == 0 || !vb_passage_at(t, number - 1, " ")) continue;
    if (vb_passage_at(t, number, "số ")) number += strlen("số ");
    if (vb_passage_at(t, number, "số: ")) number += strlen("số: ");
    size_t end = symbol_end(t, number);
    if (end > 0) read_act(f, p, w->from, number, end);
  }
}

/* Part of another's title: it stands in its clause, and no comma, “và” or bracket parts it from what is before. */
static bool inside_another(const finder *f, size_t i) {
  const cited *c = &f->all[i], *before = i > 0 ? &f->all[i - 1] : NULL;
  vb_span t = c->p->text;
  if (before == NULL || before->p != c->p || c->from >= before->to) return false;
  bool joined = (c->from >= 2 && t.p[c->from - 2] == ',') || (c->from >= 5 && vb_passage_at(t, c->from - strlen("và "), "và ")) || t.p[c->from - 1] == '(';
  return joined ? inside_another(f, i - 1) && !before->title && before->agency.n == 0 : true;
}

static bool same_symbol(const cited *a, const cited *b) {
  return vb_span_eq((vb_span){a->p->text.p + a->symbol, a->end - a->symbol}, (vb_span){b->p->text.p + b->symbol, b->end - b->symbol});
}

static bool dated(const cited *c) { return c->date.year != 0 || c->date.day != 0; }

/* The letters behind the last dash name the agency, but for those of one of many (UBND, HĐND, BC). */
static bool names_agency(const cited *c) {
  static const char *const one[] = {"CP", "TTg", "QH13", "QH14", "QH15", "TW", "VPCP"};
  vb_span s = {c->p->text.p + c->symbol, c->end - c->symbol};
  size_t i = s.n;
  while (i > 0 && s.p[i - 1] != '-' && s.p[i - 1] != '/') i--;
  for (size_t k = 0; k < sizeof one / sizeof one[0]; k++)
    if (vb_span_is((vb_span){s.p + i, s.n - i}, one[k])) return true;
  return false;
}

/* Both stand in one list: no subject of the sentence, no colon between them. */
static bool one_list(const cited *a, const cited *b) {
  static const char *const parts[] = {", xã ", ", UBND ", ", Ủy ban nhân dân ", ":", "\n", ". "};
  size_t from = a->from < b->from ? a->end : b->end, to = a->from < b->from ? b->from : a->from;
  for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++)
    if (vb_passage_seek((vb_span){a->p->text.p, to}, parts[k], from) < to) return false;
  return true;
}

/* An act without agency is the unit's own; in a list of others' acts the agency was forgotten. The nearest on either side are asked: what parts it from
 * them parts it from those beyond. */
static bool neighbour_has_agency(const finder *f, size_t i) {
  const cited *all = f->all;
  size_t before = i, behind = i + 1;
  while (before > 0 && all[before - 1].p == all[i].p && all[before - 1].agency.n == 0) before--;
  while (behind < f->n && all[behind].p == all[i].p && all[behind].agency.n == 0) behind++;
  return (before > 0 && all[before - 1].p == all[i].p && one_list(&all[before - 1], &all[i])) ||
         (behind < f->n && all[behind].p == all[i].p && one_list(&all[behind], &all[i]));
}

/* Given in full further on: the first place is the wrong one, but nothing is missing. */
static bool full_later(const finder *f, size_t i) {
  for (size_t k = i + 1; k < f->n; k++)
    if (same_symbol(&f->all[k], &f->all[i]) && dated(&f->all[k])) return true;
  return false;
}

static void check_first(finder *f, size_t i) {
  const cited *c = &f->all[i];
  bool no_date = !dated(c), no_agency = c->agency.n == 0 && !names_agency(c) && neighbour_has_agency(f, i), no_title = !c->title;
  if (!no_date && !no_agency && !no_title) return;
  vb_buf lack;
  vb_buf_init(&lack);
  if (no_date) vb_buf_str(&lack, "ngày …");
  if (no_agency) vb_buf_str(&lack, lack.n > 0 ? " của …" : "của …");
  if (no_title) vb_buf_str(&lack, lack.n > 0 ? " về …" : "về …");
  bool party = vb_passage_seek((vb_span){c->p->text.p, c->end}, "/T", c->symbol) < c->end; /* 18-NQ/TW: known by its number */
  vb_severity severity = ((no_date && !party) || no_agency) && !full_later(f, i) ? VB_WARNING : VB_INFO;
  vb_passage_find(f->r, c->p, VB_CHECK_C01, severity, (vb_extract){c->from, c->end, 0}, vb_buf_cstr(&lack));
  vb_buf_free(&lack);
}

static void print_day(const cited *c, vb_buf *out) {
  vb_buf_span(out, (vb_span){c->p->text.p + c->from, c->end - c->from});
  vb_buf_str(out, " ngày ");
  vb_date_print_short(c->date, out);
}

/* One number, another day: acts of one agency have their number once a year. Other agencies number by themselves. */
static void check_same(finder *f, size_t i, size_t k) {
  const cited *a = &f->all[k], *b = &f->all[i];
  if (a->date.year == 0 || b->date.year == 0 || vb_date_cmp(a->date, b->date) == 0 || a->date.year != b->date.year) return;
  bool same = a->agency.n > 0 && vb_span_eq(a->agency, b->agency), unlike = a->agency.n > 0 && b->agency.n > 0 && !same;
  if (unlike) return;
  vb_buf other;
  vb_buf_init(&other);
  print_day(a, &other);
  vb_passage_find(f->r, b->p, VB_CHECK_G03, same || names_agency(b) ? VB_ERROR : VB_WARNING, (vb_extract){b->from, b->dated, 0}, vb_buf_cstr(&other));
  vb_buf_free(&other);
}

/* 1 commune, 2 district, 3 province, 0 none of them. */
static int level_at(vb_span t, size_t i) {
  static const struct { const char *word; int level; } words[] = {{"xã", 1}, {"phường", 1}, {"thị trấn", 1}, {"huyện", 2}, {"quận", 2}, {"thị xã", 2}, {"tỉnh", 3}};
  for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
    if (vb_passage_at(t, i, words[k].word) && !vb_passage_in_word(t, i + strlen(words[k].word))) return words[k].level;
  return 0;
}

static int level_of(vb_span agency) {
  static const char *const heads[] = {"UBND ", "HĐND ", "Ủy ban nhân dân ", "Hội đồng nhân dân "};
  for (size_t k = 0; k < sizeof heads / sizeof heads[0]; k++) {
    size_t at = vb_passage_seek(agency, heads[k], 0);
    if (at < agency.n) return level_at(agency, at + strlen(heads[k]));
  }
  return 0;
}

/* “Quyết định … của UBND tỉnh … các xã trên địa bàn huyện”: who issues an act seldom speaks of another level's area. */
static void check_issuer(finder *f, const cited *c) {
  static const char area[] = "trên địa bàn ";
  vb_span t = c->p->text;
  int issuer = level_of(c->agency);
  size_t at = vb_passage_seek((vb_span){t.p, c->to}, area, c->dated);
  if (issuer == 0 || at >= c->to) return;
  int of = level_at(t, at + strlen(area));
  bool named = false; /* “huyện Phú Lộc” is one district that the province speaks of */
  for (size_t i = at + strlen(area); i < c->to && i < at + strlen(area) + 12; i++) named = named || (t.p[i] == ' ' && i + 1 < c->to && ((t.p[i + 1] >= 'A' && t.p[i + 1] <= 'Z') || (unsigned char)t.p[i + 1] == 0xC4));
  if (of == 0 || of == issuer || (named && of < issuer)) return;
  vb_passage_find(f->r, c->p, VB_CHECK_C08, of > issuer ? VB_WARNING : VB_INFO, (vb_extract){c->from, c->end, 0}, VB_TXT(c->agency));
}

/* An act of the register that was out of force on the day of the document. */
static void check_force(finder *f, const cited *c) {
  vb_date day = f->r->doc->meta.date;
  const vb_register_entry *e = f->r->words == NULL || day.year == 0 ? NULL : vb_registers_act(f->r->words, (vb_span){c->p->text.p + c->symbol, c->end - c->symbol});
  if (e == NULL || e->until.year == 0 || vb_date_cmp(day, e->until) <= 0) return;
  vb_passage_find(f->r, c->p, VB_CHECK_C04, VB_WARNING, (vb_extract){c->from, c->end, 0}, e->replaced != NULL ? e->replaced : "?");
}

static void check_acts(finder *f) {
  for (size_t i = 0; i < f->n; i++) {
    check_issuer(f, &f->all[i]);
    check_force(f, &f->all[i]);
    size_t k = 0;
    while (k < i && !same_symbol(&f->all[k], &f->all[i])) k++;
    if (k < i) check_same(f, i, k);
    else if (!inside_another(f, i)) check_first(f, i);
  }
}

/* ---- laws, and acts without a number ------------------------------------------------------------------------ */

/* “Luật Ban hành văn bản quy phạm pháp luật số 80/2015/QH13 ngày 22/6/2015”: type and name would do; n: of the type. */
static void check_law(vb_reading *r, const vb_passage *p, size_t i, size_t n) {
  vb_span t = p->text;
  size_t end = clause_end(t, i), comma = vb_passage_seek((vb_span){t.p, end}, ",", i), so = vb_passage_seek((vb_span){t.p, comma}, "số ", i + n);
  if (vb_passage_at(t, i + n, "số ")) so = i + n;
  size_t symbol = so < comma ? symbol_end(t, so + strlen("số ")) : 0;
  if (symbol > 0 && vb_passage_seek((vb_span){t.p, symbol}, "/QH", so) + 1 < symbol) vb_passage_find(r, p, VB_CHECK_C05, VB_WARNING, (vb_extract){i, symbol, 0}, NULL);
}

static void check_laws(vb_reading *r, const vb_passage *p) {
  for (const vb_word *w = p->words, *last = w + p->n_words; w < last; w++)
    for (size_t k = 0; (w->form->lists & VB_LIST_LAW) != 0 && w->form->capital && k < sizeof laws / sizeof laws[0]; k++)
      if (vb_passage_at(p->text, w->from, laws[k])) check_law(r, p, w->from, strlen(laws[k]));
}

static size_t agency_at(vb_span t, size_t i) {
  static const char *const agencies[] = {"UBND ", "Ủy ban nhân dân ", "HĐND ", "Hội đồng nhân dân ", "Chính phủ", "Thủ tướng Chính phủ", "Huyện ủy", "Tỉnh ủy", "Thành ủy", "Chủ tịch UBND ", "Bộ ", "Sở ", "huyện", "tỉnh"};
  for (size_t k = 0; k < sizeof agencies / sizeof agencies[0]; k++)
    if (vb_passage_at(t, i, agencies[k])) return strlen(agencies[k]);
  return 0;
}

/* “xã” is the document's own office; its plan is at hand. */
static bool of_higher(vb_span t, size_t i) {
  size_t n = agency_at(t, i);
  return n > 0 && !vb_passage_at(t, i + n, "xã") && !vb_passage_at(t, i + n, "phường") && !vb_passage_at(t, i + n, "thị trấn");
}

/* “Chỉ thị của UBND huyện về …”: which of them? */
static void check_vague(vb_reading *r, const vb_passage *p) {
  vb_span t = p->text;
  for (const vb_word *w = p->words, *last = w + p->n_words; w < last; w++) {
    if (!may_be_type(w)) continue;
    size_t i = w->from, n = type_at(t, w);
    if (n == 0 || !vb_passage_at(t, i + n, " của ")) continue;
    if (!of_higher(t, i + n + strlen(" của ")) || vb_passage_at(t, i, "Đề án") || vb_passage_at(t, i, "Báo cáo")) continue;
    size_t end = clause_end(t, i), so = vb_passage_seek((vb_span){t.p, end}, "số ", i);
    if (so < end && vb_passage_is_digit(t, so + strlen("số "))) continue;
    vb_passage_find(r, p, VB_CHECK_C07, VB_WARNING, (vb_extract){i, i + n, 40}, NULL);
  }
}

/* The sentence a document opens with: “Thực hiện chương trình công tác năm 2021, UBND xã ban hành Kế hoạch …”. */
static void check_opening(vb_reading *r, const vb_passage *p) {
  static const char *const heads[] = {"Thực hiện ", "Căn cứ ", "Theo "}, *const kinds[] = {"chương trình", "kế hoạch", "chỉ thị", "nghị quyết", "quyết định", "Chương trình", "Kế hoạch", "Chỉ thị", "Nghị quyết", "Quyết định"};
  vb_span t = p->text;
  for (size_t h = 0; h < sizeof heads / sizeof heads[0]; h++) {
    if (!vb_passage_at(t, 0, heads[h])) continue;
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
      if (!vb_passage_at(t, strlen(heads[h]), kinds[k])) continue;
      size_t comma = vb_passage_seek((vb_span){t.p, clause_end(t, 0)}, ",", 0);
      bool issues = vb_passage_at(t, comma, ", UBND ") || vb_passage_at(t, comma, ", Ủy ban nhân dân "), number = false;
      for (size_t i = 0; i < comma; i++) number = number || symbol_end((vb_span){t.p, comma}, i) > 0;
      if (issues && !number) vb_passage_find(r, p, VB_CHECK_C07, VB_WARNING, (vb_extract){0, comma, 0}, NULL);
    }
  }
}

vb_status vb_check_acts(vb_reading *r) {
  finder f = {.r = r, .s = VB_OK};
  for (const vb_passage *p = r->first; p != NULL; p = p->next) {
    if (p->appendix || p->text.n < 8) continue;
    if ((p->lists & VB_LIST_ACT) != 0 && (p->signs & VB_SIGN('/')) != 0) read_passage(&f, p);
    if ((p->lists & VB_LIST_LAW) != 0) check_laws(r, p);
    if ((p->lists & VB_LIST_ACT) != 0) check_vague(r, p);
    check_opening(r, p);
  }
  check_acts(&f);
  return f.s;
}
