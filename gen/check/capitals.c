/* capitals.c: names of bodies spelt in one way in a document (M04), and capital letters where the decree has a rule (W05, NĐ 30 PL II). For
 * gen/check alone. */
#include <string.h>

#include "check/passage.h"

typedef struct token { size_t from, to; bool capital, lower; } token; /* capital: its first letter; lower: it has small letters behind */
typedef struct finder { vb_reading *r; vb_map *bodies, *told; token *words; size_t n, cap; vb_status s; } finder;

static vb_span part(vb_span t, size_t from, size_t to) { return (vb_span){t.p + from, to - from}; }
static bool is(vb_span t, const token *w, const char *s) { return vb_span_is(part(t, w->from, w->to), s); }

/* Of Vietnamese letters alone. */
static bool is_upper(uint32_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z';
  if (c < 0x100) return c >= 0xC0 && c <= 0xDD;
  return c == 0x102 || c == 0x110 || c == 0x128 || c == 0x168 || c == 0x1A0 || c == 0x1AF || (c >= 0x1EA0 && c <= 0x1EF9 && c % 2 == 0);
}

static void read_words(finder *f, vb_span t) {
  f->n = 0;
  for (size_t i = 0; i < t.n && f->n < f->cap;) {
    size_t from = i;
    while (i < t.n && vb_passage_in_word(t, i)) i++;
    if (i == from) {
      i++;
      continue;
    }
    token *w = &f->words[f->n++];
    const char *p = t.p + from, *end = t.p + i;
    *w = (token){.from = from, .to = i, .capital = is_upper(vb_utf8_next(&p, end))};
    while (p < end && !w->lower) {
      uint32_t c = vb_utf8_next(&p, end);
      w->lower = !is_upper(c) && !(c >= '0' && c <= '9');
    }
  }
}

/* Only spaces of the given width between two words. */
static bool next_to(vb_span t, const token *a, const token *b) { return b->from == a->to + 1 && t.p[a->to] == ' '; }

/* ---- bodies ------------------------------------------------------------------------------------------------- */

enum { BODY_WORDS = 5 };

/* “Bộ phận Tiếp nhận và Trả kết quả”, “Bộ phận tiếp nhận và trả kết quả”: one spelling; the first letter follows the sentence. */
static void each_body(finder *f, const vb_passage *p) {
  static const char *const heads[] = {"bộ phận", "trung tâm", "phòng", "văn phòng", "hội đồng", "trang thông", "cổng thông", "hệ thống", "tổ công"};
  vb_span t = p->text;
  for (size_t i = 0; i + BODY_WORDS <= f->n && f->s == VB_OK; i++) {
    bool run = true, capital = false;
    for (size_t k = i + 1; k < i + BODY_WORDS; k++) {
      run = run && next_to(t, &f->words[k - 1], &f->words[k]);
      capital = capital || (f->words[k].capital && f->words[k].lower);
    }
    vb_span name = part(t, f->words[i].from, f->words[i + BODY_WORDS - 1].to);
    if (!run || name.n > 96) continue;
    unsigned char c = (unsigned char)name.p[0];
    if (strchr("bBtTpPvVhHcC", c) == NULL) continue;
    vb_span lower = vb_text_lower(f->r->a, name);
    bool body = false;
    for (size_t k = 0; lower.p != NULL && k < sizeof heads / sizeof heads[0]; k++) body = body || (vb_passage_at(lower, 0, heads[k]) && lower.p[strlen(heads[k])] == ' ');
    if (lower.p == NULL) f->s = VB_NOMEM;
    if (!body || !vb_passage_open(f->r, p, VB_CHECK_M04, f->words[i].from)) continue;
    const char *first = vb_map_get(f->bodies, lower);
    size_t skip = f->words[i].to - f->words[i].from; /* the head word follows the sentence */
    if (first == NULL) {
      if (capital && !vb_map_put(f->bodies, lower, (void *)(uintptr_t)name.p)) f->s = VB_NOMEM;
      continue;
    }
    if (memcmp(first + skip, name.p + skip, name.n - skip) == 0 || vb_map_get(f->told, name) != NULL) continue;
    if (!vb_map_put(f->told, name, f)) f->s = VB_NOMEM;
    vb_passage_find(f->r, p, VB_CHECK_M04, VB_INFO, (vb_extract){f->words[i].from, f->words[i + BODY_WORDS - 1].to, 0}, VB_TXT(((vb_span){first, name.n})));
  }
}

/* ---- capital letters ---------------------------------------------------------------------------------------- */

static bool one_of(vb_span w, const char *const *list, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (vb_span_is(w, list[i])) return true;
  return false;
}
#define ONE_OF(w, list) one_of((w), (list), sizeof(list) / sizeof((list)[0]))

static void tell_capital(finder *f, const vb_passage *p, vb_extract x, vb_severity severity, const char *right) {
  vb_passage_find(f->r, p, VB_CHECK_W05, severity, x, right);
}

/* PL II.V.1: Nhân dân, but for the names of bodies that it is part of and “nhân dân tệ”. */
static void check_people(finder *f, const vb_passage *p, size_t i) {
  static const char *const before[] = {"ban", "đồng", "án", "sát", "an", "đội", "giáo", "sĩ", "thuốc", "tranh", "hội", "báo"}, *const behind[] = {"tệ"};
  vb_span t = p->text;
  const token *w = &f->words[i];
  if (i + 1 >= f->n || !is(t, w, "nhân") || !is(t, w + 1, "dân") || !next_to(t, w, w + 1)) return;
  if (i > 0 && next_to(t, w - 1, w) && ONE_OF(part(t, w[-1].from, w[-1].to), before)) return;
  if (i + 2 < f->n && next_to(t, w + 1, w + 2) && ONE_OF(part(t, w[2].from, w[2].to), behind)) return;
  tell_capital(f, p, (vb_extract){w->from, w[1].to, 10}, VB_INFO, "Nhân dân");
}

/* PL II.V.6: the name of a law begins with a capital: Luật Ban hành văn bản …; PL II.V.7: Điều with a capital, khoản and điểm without. */
static void check_law(finder *f, const vb_passage *p, size_t i) {
  static const char *const none[] = {"này", "và", "có", "của", "được", "sư", "gia", "đã", "quy", "số", "hiện", "thì", "cũng", "về", "do", "trên", "pháp", "là", "mới", "hay", "hoặc", "không", "nào", "định", "lệ", "khác", "trong", "chơi", "cho", "để"};
  vb_span t = p->text;
  const token *w = &f->words[i];
  if (i + 2 >= f->n || !next_to(t, w, w + 1)) return;
  if (is(t, w, "Luật") && !w[1].capital && w[1].lower && next_to(t, w + 1, w + 2) && !ONE_OF(part(t, w[1].from, w[1].to), none)) {
    char right[64];
    vb_span capital = vb_text_capital(f->r->a, part(t, w[1].from, w[2].to));
    if (capital.p == NULL) f->s = VB_NOMEM;
    else tell_capital(f, p, (vb_extract){w->from, w[2].to, 0}, VB_WARNING, vb_span_text(right, sizeof right, capital));
  }
  bool figure = t.p[w[1].from] >= '0' && t.p[w[1].from] <= '9', inside = i > 0 && next_to(t, w - 1, w);
  if (inside && figure && is(t, w, "Khoản")) tell_capital(f, p, (vb_extract){w->from, w[1].to, 8}, VB_INFO, "khoản");
  if (inside && figure && is(t, w, "điều") && (is(t, w - 1, "tại") || is(t, w - 1, "theo"))) tell_capital(f, p, (vb_extract){w->from, w[1].to, 8}, VB_INFO, "Điều");
}

/* “Báo cáo Tình hình …” inside a phrase, “…; Đưa CCHC là nhiệm vụ” behind a semicolon: common words, small letters. */
static void check_common(finder *f, const vb_passage *p, size_t i) {
  static const char *const heads[] = {"áo cáo ", "ế hoạch ", "anh sách "};
  static const char *const common[] = {"Tình hình", "Kết quả", "Thực hiện", "Triển khai", "Kiểm tra", "Rà soát", "Tuyên truyền", "Khắc phục", "Tự kiểm"};
  static const char *const verbs[] = {"Đưa", "Tăng", "Nâng", "Đẩy", "Tiếp", "Phấn", "Gắn", "Lấy", "Coi", "Giữ", "Làm", "Tạo", "Bảo", "Đảm", "Góp", "Hướng", "Thực", "Hoàn", "Khắc", "Chú", "Chủ", "Phát", "Cải", "Kịp", "Từng", "Không", "Các", "Có"};
  vb_span t = p->text;
  const token *w = &f->words[i];
  if (i + 1 >= f->n || !w->capital || w[1].capital || !w[1].lower || !next_to(t, w, w + 1)) return;
  vb_span two = part(t, w->from, w[1].to);
  char right[64];
  bool phrase = false;
  for (size_t k = 0; k < sizeof heads / sizeof heads[0]; k++) phrase = phrase || (w->from >= strlen(heads[k]) && vb_passage_at(t, w->from - strlen(heads[k]), heads[k]));
  bool semi = w->from >= 2 && t.p[w->from - 2] == ';' && t.p[w->from - 1] == ' ' && (p->regions[w->from] & VB_REGION_CELL) == 0; /* a cell lists values */
  bool proper = vb_span_is(two, "Chủ tịch") || vb_span_is(two, "Hướng dẫn") || vb_span_is(two, "Thực phẩm") || vb_span_is(two, "Bảo hiểm");
  if (!(phrase && ONE_OF(two, common)) && !(semi && !proper && ONE_OF(part(t, w->from, w->to), verbs))) return;
  vb_span lower = vb_text_lower(f->r->a, two);
  if (lower.p == NULL) f->s = VB_NOMEM;
  else tell_capital(f, p, (vb_extract){w->from, w[1].to, 12}, VB_INFO, vb_span_text(right, sizeof right, lower));
}

vb_status vb_check_capitals(vb_reading *r) {
  enum { WORDS = 4000 };
  finder f = {.r = r, .bodies = vb_map_new(), .told = vb_map_new(), .words = VB_NEW_ARRAY(r->a, token, WORDS), .cap = WORDS, .s = VB_OK};
  if (f.bodies == NULL || f.told == NULL || f.words == NULL) f.s = VB_NOMEM;
  for (const vb_passage *p = r->first; p != NULL && f.s == VB_OK; p = p->next) {
    read_words(&f, p->text);
    each_body(&f, p);
    for (size_t i = 0; i < f.n && f.s == VB_OK; i++) {
      check_people(&f, p, i);
      check_law(&f, p, i);
      check_common(&f, p, i);
    }
  }
  vb_map_free(f.bodies);
  vb_map_free(f.told);
  return f.s;
}
