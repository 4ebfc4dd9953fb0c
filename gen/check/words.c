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

/* The word that begins at or behind *at; *start and *at its bounds. joined: only spaces stood before it. */
static vb_span next_word(vb_span t, size_t *start, size_t *at, bool *joined) {
  *joined = true;
  while (*at < t.n && !vb_passage_in_word(t, *at)) *joined = t.p[(*at)++] == ' ' && *joined;
  *start = *at;
  while (*at < t.n && vb_passage_in_word(t, *at)) ++*at;
  return *at == *start ? (vb_span){"", 0} : (vb_span){t.p + *start, *at - *start};
}

static vb_span lower(vb_reading *r, vb_span w) {
  vb_span s = vb_text_lower(r->a, w);
  if (s.p == NULL) r->worst = VB_NOMEM;
  return s.p == NULL ? (vb_span){"", 0} : s;
}

/* The same word but for capitals, which change no length. Neighbours are hardly ever alike, so that no word is copied for it. */
static bool same_word(vb_reading *r, vb_span a, vb_span b) {
  if (a.n != b.n) return false;
  return memcmp(a.p, b.p, a.n) == 0 || (a.p[a.n - 1] == b.p[b.n - 1] && vb_span_eq(lower(r, a), lower(r, b)));
}

static bool has_digit(vb_span w) {
  for (size_t i = 0; i < w.n; i++)
    if (w.p[i] >= '0' && w.p[i] <= '9') return true;
  return false;
}

void vb_check_words(vb_reading *r, const vb_passage *p) {
  vb_span before = {"", 0}, word = {"", 0};
  size_t at = 0, start = 0, word_start = 0;
  bool joined = false, word_joined = false;
  for (;;) {
    vb_span now = next_word(p->text, &start, &at, &joined);
    if (now.n == 0) return;
    if (joined && word.n > 1 && same_word(r, word, now) && !has_digit(now) && !IN(doubles, lower(r, now), ((vb_span){"", 0}))) {
      size_t ahead_start = 0, ahead_at = at;
      bool ahead_joined = false;
      vb_span after = lower(r, next_word(p->text, &ahead_start, &ahead_at, &ahead_joined)), twice = lower(r, now), first = lower(r, before);
      bool left = word_joined && first.n > 0 && IN(compounds, first, twice), right = ahead_joined && after.n > 0 && IN(compounds, twice, after);
      bool certain = !left && IN(singles, twice, ((vb_span){"", 0}));
      if (!(left && right)) vb_passage_find(r, p, VB_CHECK_W01, certain ? VB_ERROR : VB_WARNING, (vb_extract){word_start, at, 12}, NULL);
    }
    before = word;
    word = now;
    word_joined = joined;
    word_start = start;
  }
}

/* "a)", "12)", "iv)": the letter style of items, at the start or behind a space or an opening punctuation. */
static bool is_mark(vb_span t, size_t close) {
  size_t i = close;
  while (i > 0 && close - i < 4 && vb_passage_in_word(t, i - 1)) i--;
  return close > i && close - i < 4 && (i == 0 || t.p[i - 1] == ' ' || t.p[i - 1] == '\n' || t.p[i - 1] == ';' || t.p[i - 1] == ',');
}

static bool starts(vb_span t, size_t i, const char *s) { return i + strlen(s) <= t.n && memcmp(t.p + i, s, strlen(s)) == 0; }

void vb_check_pairs(vb_reading *r, const vb_passage *p) {
  size_t depth = 0, open = 0, quoted = 0, quote = 0;
  vb_span t = p->text;
  for (size_t i = 0; i < t.n; i++) {
    if (t.p[i] == '(') {
      if (depth++ == 0) open = i;
    } else if (t.p[i] == ')') {
      if (depth > 0) depth--;
      else if (!is_mark(t, i)) vb_passage_find(r, p, VB_CHECK_W04, VB_ERROR, (vb_extract){i, i + 1, 16}, ")");
    } else if (starts(t, i, "“")) {
      if (quoted++ == 0) quote = i;
    } else if (starts(t, i, "”")) {
      if (quoted > 0) quoted--;
      else vb_passage_find(r, p, VB_CHECK_W04, VB_WARNING, (vb_extract){i, i + 3, 16}, "”");
    }
  }
  if (depth > 0) vb_passage_find(r, p, VB_CHECK_W04, VB_WARNING, (vb_extract){open, open + 1, 16}, "(");
  if (quoted > 0) vb_passage_find(r, p, VB_CHECK_W04, VB_WARNING, (vb_extract){quote, quote + 3, 16}, "“");
}

void vb_check_spaces(vb_reading *r, const vb_passage *p) {
  vb_span t = p->text;
  for (size_t i = 0; i + 1 < t.n; i++) {
    char c = t.p[i], n = t.p[i + 1];
    bool point = n == ',' || n == ';' || n == ':' || n == ')' || (n == '.' && (i + 2 == t.n || t.p[i + 2] == ' '));
    if ((c == ' ' && (n == ' ' || point)) || (c == '(' && n == ' ')) {
      vb_passage_find(r, p, VB_CHECK_W13, VB_INFO, (vb_extract){i, i + 2, 12}, NULL);
      while (i + 1 < t.n && t.p[i + 1] == ' ') i++;
    }
  }
}
