/* capitals.c: names of bodies spelt in one way in a document (M04), and capital letters where the decree has a rule (W05, NĐ 30 PL II). For
 * gen/check alone. */
#include <string.h>

#include "check/passage.h"

typedef struct finder { vb_reading *r; vb_map *bodies, *told; vb_status s; } finder;

static vb_span part(vb_span t, size_t from, size_t to) { return (vb_span){t.p + from, to - from}; }
static bool is(const vb_word *w, const char *s) { return vb_span_is(w->form->text, s); }

static const char *const bodies[] = {"bộ phận", "trung tâm", "phòng", "văn phòng", "hội đồng", "trang thông", "cổng thông", "hệ thống", "tổ công"};
static const char *const people[] = {"nhân dân"}, *const clauses[] = {"luật", "khoản", "điều"};

bool vb_lists_of_capitals(vb_forms *f) { return VB_FORMS_LIST(f, bodies, VB_LIST_BODY) && VB_FORMS_LIST(f, people, VB_LIST_PEOPLE) && VB_FORMS_LIST(f, clauses, VB_LIST_CLAUSE); }

/* ---- bodies ------------------------------------------------------------------------------------------------- */

enum { BODY_WORDS = 5 };

static bool is_body(vb_span lower) {
  for (size_t k = 0; k < sizeof bodies / sizeof bodies[0]; k++)
    if (vb_passage_at(lower, 0, bodies[k]) && vb_passage_at(lower, strlen(bodies[k]), " ")) return true;
  return false;
}

/* “Bộ phận Tiếp nhận và Trả kết quả”, “Bộ phận tiếp nhận và trả kết quả”: one spelling; the first letter follows the sentence. */
static void check_body(finder *f, const vb_passage *p, const vb_word *w) {
  bool capital = false;
  if (w + BODY_WORDS > p->words + p->n_words) return;
  for (size_t k = 1; k < BODY_WORDS; k++) {
    if (!vb_word_next(p, &w[k - 1])) return;
    capital = capital || (w[k].form->capital && w[k].form->small);
  }
  size_t to = w[BODY_WORDS - 1].to;
  vb_span name = part(p->text, w->from, to), lower = part(p->lower, w->from, to);
  if (name.n > 96 || !is_body(lower) || !vb_passage_open(p, VB_CHECK_M04, w->from)) return;
  const char *first = vb_map_get(f->bodies, lower);
  size_t skip = w->to - w->from; /* the head word follows the sentence */
  if (first == NULL) {
    if (capital && !vb_map_put(f->bodies, lower, (void *)(uintptr_t)name.p)) f->s = VB_NOMEM;
    return;
  }
  if (memcmp(first + skip, name.p + skip, name.n - skip) == 0 || vb_map_get(f->told, name) != NULL) return;
  if (!vb_map_put(f->told, name, f)) f->s = VB_NOMEM;
  vb_passage_find(f->r, p, VB_CHECK_M04, VB_INFO, (vb_extract){w->from, to, 0}, VB_TXT(((vb_span){first, name.n})));
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
static void check_people(finder *f, const vb_passage *p, const vb_word *w) {
  static const char *const before[] = {"ban", "đồng", "án", "sát", "an", "đội", "giáo", "sĩ", "thuốc", "tranh", "hội", "báo"}, *const behind[] = {"tệ"};
  const vb_word *last = p->words + p->n_words - 1;
  if (w == last || !is(w, "nhân") || !is(w + 1, "dân") || !vb_word_next(p, w)) return;
  if (w > p->words && vb_word_next(p, w - 1) && ONE_OF(w[-1].form->text, before)) return;
  if (w + 1 < last && vb_word_next(p, w + 1) && ONE_OF(w[2].form->text, behind)) return;
  tell_capital(f, p, (vb_extract){w->from, w[1].to, 10}, VB_INFO, "Nhân dân");
}

/* PL II.V.6: the name of a law begins with a capital: Luật Ban hành văn bản …; PL II.V.7: Điều with a capital, khoản and điểm without. */
static void check_law(finder *f, const vb_passage *p, const vb_word *w) {
  static const char *const none[] = {"này", "và", "có", "của", "được", "sư", "gia", "đã", "quy", "số", "hiện", "thì", "cũng", "về", "do", "trên", "pháp", "là", "mới", "hay", "hoặc", "không", "nào", "định", "lệ", "khác", "trong", "chơi", "cho", "để"};
  if (w + 2 >= p->words + p->n_words || !vb_word_next(p, w)) return;
  if (is(w, "Luật") && !w[1].form->capital && w[1].form->small && vb_word_next(p, w + 1) && !ONE_OF(w[1].form->text, none)) {
    char right[64];
    vb_span capital = vb_text_capital(f->r->a, part(p->text, w[1].from, w[2].to));
    if (capital.p == NULL) f->s = VB_NOMEM;
    else tell_capital(f, p, (vb_extract){w->from, w[2].to, 0}, VB_WARNING, vb_span_text(right, sizeof right, capital));
  }
  bool inside = vb_word_digit(p, w + 1) && w > p->words && vb_word_next(p, w - 1);
  if (inside && is(w, "Khoản")) tell_capital(f, p, (vb_extract){w->from, w[1].to, 8}, VB_INFO, "khoản");
  if (inside && is(w, "điều") && (is(w - 1, "tại") || is(w - 1, "theo"))) tell_capital(f, p, (vb_extract){w->from, w[1].to, 8}, VB_INFO, "Điều");
}

/* “Báo cáo Tình hình …” inside a phrase, “…; Đưa CCHC là nhiệm vụ” behind a semicolon: common words, small letters. */
static void check_common(finder *f, const vb_passage *p, const vb_word *w) {
  static const char *const heads[] = {"áo cáo ", "ế hoạch ", "anh sách "};
  static const char *const common[] = {"Tình hình", "Kết quả", "Thực hiện", "Triển khai", "Kiểm tra", "Rà soát", "Tuyên truyền", "Khắc phục", "Tự kiểm"};
  static const char *const verbs[] = {"Đưa", "Tăng", "Nâng", "Đẩy", "Tiếp", "Phấn", "Gắn", "Lấy", "Coi", "Giữ", "Làm", "Tạo", "Bảo", "Đảm", "Góp", "Hướng", "Thực", "Hoàn", "Khắc", "Chú", "Chủ", "Phát", "Cải", "Kịp", "Từng", "Không", "Các", "Có"};
  static const char *const proper[] = {"Chủ tịch", "Hướng dẫn", "Thực phẩm", "Bảo hiểm"};
  vb_span t = p->text, two = part(t, w->from, w[1].to);
  char right[64];
  bool phrase = false, semi = vb_passage_at(t, w->from - 2, "; ") && (p->regions[w->from] & VB_REGION_CELL) == 0; /* a cell lists values */
  for (size_t k = 0; k < sizeof heads / sizeof heads[0]; k++) phrase = phrase || (w->from >= strlen(heads[k]) && vb_passage_at(t, w->from - strlen(heads[k]), heads[k]));
  if (!(phrase && ONE_OF(two, common)) && !(semi && !ONE_OF(two, proper) && ONE_OF(w->form->text, verbs))) return;
  vb_span lower = part(p->lower, w->from, w[1].to);
  tell_capital(f, p, (vb_extract){w->from, w[1].to, 12}, VB_INFO, vb_span_text(right, sizeof right, lower));
}

/* A capital inside a text, and a small word behind it. */
static bool may_be_common(const vb_passage *p, const vb_word *w) {
  return w->form->capital && w->from >= 2 && w + 1 < p->words + p->n_words && !w[1].form->capital && w[1].form->small && vb_word_next(p, w);
}

vb_status vb_check_capitals(vb_reading *r) {
  static const uint32_t looked_at = VB_LIST_BODY | VB_LIST_PEOPLE | VB_LIST_CLAUSE;
  finder f = {.r = r, .bodies = vb_map_new(), .told = vb_map_new(), .s = VB_OK};
  if (f.bodies == NULL || f.told == NULL) f.s = VB_NOMEM;
  for (const vb_passage *p = r->first; p != NULL && f.s == VB_OK; p = p->next)
    for (const vb_word *w = p->words, *end = w + p->n_words; w < end && f.s == VB_OK; w++) {
      if ((w->form->lists & looked_at) == 0 && !w->form->capital) continue;
      if ((w->form->lists & VB_LIST_BODY) != 0) check_body(&f, p, w);
      if ((w->form->lists & VB_LIST_PEOPLE) != 0) check_people(&f, p, w);
      if ((w->form->lists & VB_LIST_CLAUSE) != 0) check_law(&f, p, w);
      if (may_be_common(p, w)) check_common(&f, p, w);
    }
  vb_map_free(f.bodies);
  vb_map_free(f.told);
  return f.s;
}
