/* bag.c: texts as sets of weighted words. For gen/check alone. */
#include <string.h>

#include "check/bag.h"
#include "check/passage.h"

typedef struct word { uint32_t id, texts; } word;
struct vb_bags { vb_map *words; vb_arena *a; word **by_id; size_t n, cap; };

/* Words that say nothing of what a sentence is about. */
static const char *const idle[] = {"của", "và", "các", "những", "trong", "trên", "từ", "đến", "được", "là", "đạt", "tối", "thiểu", "đa", "theo", "cho", "tại", "với", "có", "về", "để", "ở", "do", "bởi", "này", "đó", "đã", "sẽ", "phải", "trở", "lên", "xuống", "ít", "nhất", "hơn",
  "năm", "tháng", "quý", "kỳ", "xã", "huyện", "tỉnh", "ubnd", "đúng", "quy", "định", "thực", "hiện", "triển", "khai", "áp", "sử", "dụng", "mức", "độ", "tỷ", "lệ", "số", "lượng", "tổng", "phấn", "đấu", "thuộc", "đối", "khi", "một", "mọi", "tất", "cả", "như", "gồm", "bằng", "không",
  "mục", "tiêu", "yêu", "cầu", "đầy", "đủ", "kịp", "thời", "bảo", "đảm", "hoàn", "thành"};
static const struct { const char *abbreviation, *full; } usual[] = {
    {"tthc", "thủ tục hành chính"}, {"cchc", "cải cách hành chính"}, {"dvc", "dịch vụ công"}, {"dvctt", "dịch vụ công trực tuyến"}, {"cntt", "công nghệ thông tin"}, {"pakn", "phản ánh kiến nghị"},
    {"bcci", "bưu chính công ích"}, {"cbcc", "cán bộ công chức"}, {"qppl", "quy phạm pháp luật"}, {"vbqppl", "văn bản quy phạm pháp luật"}, {"tn&tkq", "tiếp nhận trả kết quả"}};

vb_bags *vb_bags_new(void) {
  vb_arena *a = vb_arena_new(0);
  vb_bags *b = a == NULL ? NULL : VB_NEW(a, vb_bags);
  if (b != NULL) *b = (vb_bags){.words = vb_map_new(), .a = a};
  if (b != NULL && b->words != NULL) return b;
  vb_arena_free(a);
  return NULL;
}

void vb_bags_free(vb_bags *b) {
  if (b == NULL) return;
  vb_map_free(b->words);
  vb_arena_free(b->a);
}

static word *word_of(vb_bags *b, vb_span w) {
  word *x = vb_map_get(b->words, w);
  if (x != NULL) return x;
  x = VB_NEW(b->a, word);
  if (x == NULL || !vb_map_put(b->words, w, x)) return NULL;
  if (b->n == b->cap) {
    size_t cap = b->cap == 0 ? 256 : b->cap * 2;
    word **more = VB_NEW_ARRAY(b->a, word *, cap);
    if (more == NULL) return NULL;
    if (b->n > 0) memcpy(more, b->by_id, b->n * sizeof *more);
    b->by_id = more;
    b->cap = cap;
  }
  x->id = (uint32_t)b->n;
  b->by_id[b->n++] = x;
  return x;
}

static bool is_idle(vb_span w) {
  for (size_t i = 0; i < sizeof idle / sizeof idle[0]; i++)
    if (vb_span_is(w, idle[i])) return true;
  return false;
}

static bool has(const vb_bag *b, uint32_t id) {
  for (size_t i = 0; i < b->n; i++)
    if (b->words[i] == id) return true;
  return false;
}

static vb_status put(vb_bags *b, vb_span w, bool counts, vb_bag *out) {
  if (vb_span_is(w, "không") || vb_span_is(w, "chưa")) out->negated = true;
  if (w.n < 2 && !(w.n == 1 && w.p[0] >= '0' && w.p[0] <= '9')) return VB_OK;
  if (is_idle(w)) return VB_OK;
  word *x = word_of(b, w);
  if (x == NULL) return VB_NOMEM;
  if (has(out, x->id)) return VB_OK;
  if (out->n == VB_BAG_WORDS) {
    out->full = true;
    return VB_OK;
  }
  out->words[out->n++] = x->id;
  x->texts += counts;
  return VB_OK;
}

vb_status vb_bag_read(vb_bags *b, vb_arena *a, vb_span text, bool counts, vb_bag *out) {
  vb_span t = vb_text_lower(a, text);
  vb_status s = t.p == NULL && text.n > 0 ? VB_NOMEM : VB_OK;
  *out = (vb_bag){.n = 0};
  for (size_t i = 0; i < t.n && s == VB_OK;) {
    size_t from = i;
    while (i < t.n && (vb_passage_in_word(t, i) || (t.p[i] == '&' && i > from))) i++;
    vb_span w = {t.p + from, i - from};
    const char *full = NULL;
    for (size_t k = 0; k < sizeof usual / sizeof usual[0] && w.n > 0; k++)
      if (vb_span_is(w, usual[k].abbreviation)) full = usual[k].full;
    for (const char *p = full; p != NULL && *p != '\0' && s == VB_OK;) {
      size_t n = strcspn(p, " ");
      s = put(b, (vb_span){p, n}, counts, out);
      p += n + (p[n] == ' ');
    }
    if (full == NULL && w.n > 0) s = put(b, w, counts, out);
    if (i == from) i++;
  }
  return s;
}

/* A word of one text in two weighs twice one that stands in both of four. */
static int64_t weight(const vb_bags *b, uint32_t id) {
  uint32_t texts = b->by_id[id]->texts;
  return texts < 2 ? 60 : 120 / (int64_t)(texts < 24 ? texts : 24);
}

static int64_t heavy(const vb_bags *b, const vb_bag *x) {
  int64_t sum = 0;
  for (size_t i = 0; i < x->n; i++) sum += weight(b, x->words[i]);
  return sum;
}

static int64_t shared(const vb_bags *b, const vb_bag *x, const vb_bag *y, size_t *common) {
  int64_t sum = 0;
  *common = 0;
  for (size_t i = 0; i < x->n; i++) {
    if (!has(y, x->words[i])) continue;
    sum += weight(b, x->words[i]);
    ++*common;
  }
  return sum;
}

int vb_bag_alike(const vb_bags *b, const vb_bag *x, const vb_bag *y, size_t *common) {
  int64_t a = heavy(b, x), c = heavy(b, y), both = shared(b, x, y, common), least = a < c ? a : c;
  size_t longer = x->n > y->n ? x->n : y->n, rare = 0;
  for (size_t i = 0; i < x->n; i++) rare += has(y, x->words[i]) && b->by_id[x->words[i]]->texts <= VB_BAG_RARE;
  return least == 0 || *common * 100 < longer * VB_BAG_OVERLAP || rare < 2 ? 0 : (int)(both * 100 / least);
}

int vb_bag_within(const vb_bags *b, const vb_bag *part, const vb_bag *whole) {
  size_t common;
  int64_t all = heavy(b, part), both = shared(b, part, whole, &common);
  return all == 0 ? 0 : (int)(both * 100 / all);
}
