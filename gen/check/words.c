/* words.c: repeated words, pairs of brackets and quotation marks, spaces. For gen/check alone. */
#include <string.h>

#include "check/passage.h"

/* Words that are said twice on purpose. */
static const char *const doubles[] = {"song", "dần", "luôn", "mãi", "từ", "rất", "thường", "đời", "ngày", "nhà", "người", "ngành", "đều", "xanh", "hằng", "năm", "ai", "nơi", "lần", "chung", "xa", "gần", "nhanh", "khe", "sâu", "cao", "hay", "vừa", "đôi", "khác", "ào", "ngang", "rành", "lâu", "ba", "chín", "mười", "sớm", "xe"};
/* Grammatical words, which nobody says twice. */
static const char *const singles[] = {"cấp", "của", "và", "các", "trong", "được", "cho", "tại", "với", "theo", "đã", "những", "để", "do", "là", "này"};
/* Compounds whose ends meet: “hành vi | vi phạm”, “Ủy ban | ban hành”. */
static const char *const compounds[] = {
    "hành vi", "vi phạm", "ủy ban", "ban hành", "ban ngành", "phòng ban", "trưởng ban", "quy chế", "cơ chế", "chế độ", "nhân dân", "công dân", "người dân", "dân chủ", "dân cư", "dân tộc",
    "công chức", "viên chức", "tổ chức", "chức danh", "chức vụ", "chức năng", "giải quyết", "nghị quyết", "quyết định", "quyết toán", "nghị định", "quy định", "định kỳ", "định hướng", "cơ quan",
    "liên quan", "quan trọng", "quan hệ", "quan tâm", "thực hiện", "phát hiện", "thể hiện", "hiện đại", "hiện hành", "hiện tượng", "hiện trạng", "xã hội", "hội nghị", "hội đồng", "hành chính",
    "tài chính", "chính quyền", "chính sách", "chính phủ", "đơn vị", "vị trí", "thông tin", "tin học", "tin cậy", "quản lý", "xử lý", "lý do", "lý lịch", "thành phần", "một phần", "phần mềm",
    "bảo đảm", "đảm nhiệm", "đảm bảo", "kiểm tra", "thanh tra", "điều tra", "tra cứu", "tiếp nhận", "nhận thức", "đăng ký", "chữ ký", "ký số", "ký kết", "công tác", "hợp tác", "tác phong",
    "tác động", "quá trình", "quy trình", "chương trình", "trình độ", "trình tự", "trình bày", "văn bản", "cơ bản", "bản đồ", "bản thân", "bản sao", "tuyên truyền", "truyền thông", "truyền thống",
    "đại diện", "diện tích", "trách nhiệm", "nhiệm vụ", "nhiệm kỳ", "phục vụ", "dịch vụ", "vụ việc", "vụ án", "đánh giá", "giá trị", "giá cả", "tích hợp", "phối hợp", "tổng hợp", "trường hợp",
    "phù hợp", "hợp lý", "hợp đồng", "hợp nhất", "hoạt động", "chủ động", "lao động", "động viên", "động lực", "tham gia", "quốc gia", "chuyên gia", "gia đình", "gia hạn", "đảng ủy", "cấp ủy",
    "ủy viên", "ủy quyền", "đảng viên", "nhân viên", "trung cấp", "cung cấp", "sơ cấp", "cao cấp", "phân cấp", "trợ cấp", "nâng cấp", "hệ thống", "thống nhất", "thống kê", "cấp phát", "cấp giấy", "cấp đổi", "cấp phép"};

#define IN(list, a, b) listed((list), sizeof(list) / sizeof((list)[0]), (a), (b))

static bool listed(const char *const *list, size_t n, vb_span a, vb_span b) {
  for (size_t i = 0; i < n; i++) {
    size_t k = strlen(list[i]), all = a.n + (b.n > 0 ? b.n + 1 : 0);
    if (k == all && memcmp(list[i], a.p, a.n) == 0 && (b.n == 0 || (list[i][a.n] == ' ' && memcmp(list[i] + a.n + 1, b.p, b.n) == 0))) return true;
  }
  return false;
}

static vb_span lower(const vb_word *w) { return w->form->lower->text; }

/* A word stands twice; `left` and `right`: with its neighbour it may make a compound. */
static void look(vb_reading *r, const vb_passage *p, size_t i) {
  static const vb_span none = {"", 0};
  const vb_word *w = &p->words[i];
  if (w->form->figure || w->to - w->from < 2 || IN(doubles, lower(w), none)) return;
  bool left = i > 1 && w[-1].joined && IN(compounds, lower(w - 2), lower(w)), right = i + 1 < p->n_words && w[1].joined && IN(compounds, lower(w), lower(w + 1));
  bool certain = !left && IN(singles, lower(w), none);
  if (!(left && right)) vb_passage_find(r, p, VB_CHECK_W01, certain ? VB_ERROR : VB_WARNING, (vb_extract){w[-1].from, w->to, 12}, NULL);
}

void vb_check_words(vb_reading *r, const vb_passage *p) {
  for (size_t i = 1; i < p->n_words; i++)
    if (p->words[i].joined && p->words[i].form->lower == p->words[i - 1].form->lower) look(r, p, i);
}

/* "a)", "12)", "iv)": the letter style of items, at the start or behind a space or an opening punctuation. */
static bool is_mark(vb_span t, size_t close) {
  size_t i = close;
  while (i > 0 && close - i < 4 && vb_passage_in_word(t, i - 1)) i--;
  return close > i && close - i < 4 && (i == 0 || t.p[i - 1] == ' ' || t.p[i - 1] == '\n' || t.p[i - 1] == ';' || t.p[i - 1] == ',');
}

typedef struct pair { size_t depth, at; } pair; /* how many are open, and the first of them */

static void open_pair(pair *x, size_t at) {
  if (x->depth++ == 0) x->at = at;
}

void vb_check_pairs(vb_reading *r, const vb_passage *p) {
  pair brackets = {0, 0}, quotes = {0, 0};
  vb_span t = p->text;
  if ((p->signs & (VB_SIGN('(') | VB_SIGN(')') | VB_SIGN_WIDE)) == 0) return;
  for (size_t k = 0; k <= p->n_words; k++)
    for (size_t i = vb_gap_from(p, k); i < vb_gap_to(p, k); i++) {
      if (t.p[i] == '(') {
        open_pair(&brackets, i);
      } else if (t.p[i] == ')') {
        if (brackets.depth > 0) brackets.depth--;
        else if (!is_mark(t, i)) vb_passage_find(r, p, VB_CHECK_W04, VB_ERROR, (vb_extract){i, i + 1, 16}, ")");
      } else if (vb_passage_at(t, i, "“")) {
        open_pair(&quotes, i);
      } else if (vb_passage_at(t, i, "”")) {
        if (quotes.depth > 0) quotes.depth--;
        else vb_passage_find(r, p, VB_CHECK_W04, VB_WARNING, (vb_extract){i, i + 3, 16}, "”");
      }
    }
  if (brackets.depth > 0) vb_passage_find(r, p, VB_CHECK_W04, VB_WARNING, (vb_extract){brackets.at, brackets.at + 1, 16}, "(");
  if (quotes.depth > 0) vb_passage_find(r, p, VB_CHECK_W04, VB_WARNING, (vb_extract){quotes.at, quotes.at + 3, 16}, "“");
}

static void check_gap(vb_reading *r, const vb_passage *p, size_t from, size_t to) {
  vb_span t = p->text;
  for (size_t i = from; i + 1 < to; i++) {
    char c = t.p[i], n = t.p[i + 1];
    bool point = n == ',' || n == ';' || n == ':' || n == ')' || (n == '.' && (i + 2 == t.n || t.p[i + 2] == ' '));
    if (!((c == ' ' && (n == ' ' || point)) || (c == '(' && n == ' '))) continue;
    vb_passage_find(r, p, VB_CHECK_W13, VB_INFO, (vb_extract){i, i + 2, 12}, NULL);
    while (i + 1 < t.n && t.p[i + 1] == ' ') i++;
  }
}

/* A gap of one sign has no space too many. */
void vb_check_spaces(vb_reading *r, const vb_passage *p) {
  size_t from = 0;
  for (const vb_word *w = p->words, *end = w + p->n_words; w < end; from = w->to, w++)
    if (w->from > from + 1) check_gap(r, p, from, w->from);
  check_gap(r, p, from, p->text.n);
}
