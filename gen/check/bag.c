/* bag.c: texts as sets of weighted words. For gen/check alone. */
#include <string.h>

#include "check/bag.h"

struct vb_bags { vb_reading *r; uint32_t *texts; size_t cap; }; /* by the id of a form: how many texts it stands in */

/* Words that say nothing of what a sentence is about. */
static const char *const idle[] = {"của", "và", "các", "những", "trong", "trên", "từ", "đến", "được", "là", "đạt", "tối", "thiểu", "đa", "theo", "cho", "tại", "với", "có", "về", "để", "ở", "do", "bởi", "này", "đó", "đã", "sẽ", "phải", "trở", "lên", "xuống", "ít", "nhất", "hơn",
  "năm", "tháng", "quý", "kỳ", "xã", "huyện", "tỉnh", "ubnd", "đúng", "quy", "định", "thực", "hiện", "triển", "khai", "áp", "sử", "dụng", "mức", "độ", "tỷ", "lệ", "số", "lượng", "tổng", "phấn", "đấu", "thuộc", "đối", "khi", "một", "mọi", "tất", "cả", "như", "gồm", "bằng", "không",
  "mục", "tiêu", "yêu", "cầu", "đầy", "đủ", "kịp", "thời", "bảo", "đảm", "hoàn", "thành"};
static const char *const usual[] = {"tthc", "cchc", "dvc", "dvctt", "cntt", "pakn", "bcci", "cbcc", "qppl", "vbqppl", "tn&tkq"};
static const char *const in_full[] = {"thủ tục hành chính", "cải cách hành chính", "dịch vụ công", "dịch vụ công trực tuyến", "công nghệ thông tin", "phản ánh kiến nghị", "bưu chính công ích", "cán bộ công chức", "quy phạm pháp luật", "văn bản quy phạm pháp luật", "tiếp nhận trả kết quả"};
static const char *const denials[] = {"không", "chưa"};

bool vb_lists_of_bags(vb_forms *f) { return VB_FORMS_LIST(f, idle, VB_LIST_IDLE) && VB_FORMS_LIST(f, usual, VB_LIST_USUAL) && VB_FORMS_LIST(f, denials, VB_LIST_DENIES); }

vb_bags *vb_bags_new(vb_reading *r) {
  vb_bags *b = VB_NEW(r->a, vb_bags);
  if (b != NULL) b->r = r;
  return b;
}

/* Room for every form that the document has met. */
static bool grow(vb_bags *b) {
  size_t n = vb_forms_count(b->r->forms), cap = b->cap == 0 ? 2048 : b->cap;
  while (cap < n) cap *= 2;
  uint32_t *texts = VB_NEW_ARRAY(b->r->a, uint32_t, cap);
  if (texts == NULL) return false;
  if (b->cap > 0) memcpy(texts, b->texts, b->cap * sizeof *texts);
  b->texts = texts;
  b->cap = cap;
  return true;
}

static vb_status put(vb_bags *b, const vb_form *w, bool counts, vb_bag *out) {
  if (w == NULL || (w->id >= b->cap && !grow(b))) return VB_NOMEM;
  if ((w->lists & VB_LIST_DENIES) != 0) out->negated = true;
  if ((w->lists & VB_LIST_IDLE) != 0 || (w->text.n < 2 && !w->figure)) return VB_OK;
  size_t i = out->n;
  while (i > 0 && out->words[i - 1] > w->id) i--;
  if (i > 0 && out->words[i - 1] == w->id) return VB_OK;
  if (out->n == VB_BAG_WORDS) {
    out->full = true;
    return VB_OK;
  }
  for (size_t k = out->n; k > i; k--) out->words[k] = out->words[k - 1];
  out->words[i] = w->id;
  out->n++;
  b->texts[w->id] += counts;
  return VB_OK;
}

static const char *full_of(const vb_form *w) {
  for (size_t k = 0; k < sizeof usual / sizeof usual[0]; k++)
    if (vb_span_is(w->text, usual[k])) return in_full[k];
  return NULL;
}

vb_status vb_bag_add(vb_bags *b, vb_span text, const vb_word *from, const vb_word *to, bool counts, vb_bag *out) {
  vb_status s = VB_OK;
  for (const vb_word *w = from; w < to && s == VB_OK; w++) {
    const vb_form *x = w->form->lower;
    bool known = (x->lists & VB_LIST_USUAL) != 0;
    size_t begin = w->from, end = w->to;
    while (end < text.n && text.p[end] == '&') { /* TN&TKQ is one word */
      end++;
      if (w + 1 < to && w[1].from == end) end = (++w)->to;
    }
    if (end > w->to || begin < w->from) x = vb_forms_get(b->r->forms, text, begin, end);
    const char *full = !known || x == NULL ? NULL : full_of(x->lower);
    if (full == NULL) s = put(b, x == NULL ? NULL : x->lower, counts, out);
    vb_span words = vb_span_of(full);
    for (size_t i = 0, n; full != NULL && i < words.n && s == VB_OK; i += n + 1) {
      n = strcspn(full + i, " ");
      s = put(b, vb_forms_get(b->r->forms, words, i, i + n), counts, out);
    }
  }
  return s;
}

vb_status vb_bag_read(vb_bags *b, vb_span label, bool counts, vb_bag *out) {
  size_t n = 0;
  uint64_t signs;
  const vb_word *w = vb_words_read(b->r, label, &n, &signs);
  *out = (vb_bag){.n = 0};
  return w == NULL ? VB_NOMEM : vb_bag_add(b, label, w, w + n, counts, out);
}

/* A word of one text in two weighs twice one that stands in both of four. */
static int64_t weight(const vb_bags *b, uint32_t id) {
  uint32_t texts = b->texts[id];
  return texts < 2 ? 60 : 120 / (int64_t)(texts < 24 ? texts : 24);
}

static int64_t heavy(const vb_bags *b, const vb_bag *x) {
  int64_t sum = 0;
  for (size_t i = 0; i < x->n; i++) sum += weight(b, x->words[i]);
  return sum;
}

/* What stands in both: its weight, how many words, how many of them rare. */
typedef struct share { int64_t weight; size_t words, rare; } share;

static share shared(const vb_bags *b, const vb_bag *x, const vb_bag *y) {
  share s = {0, 0, 0};
  for (size_t i = 0, k = 0; i < x->n && k < y->n;) {
    uint32_t p = x->words[i], q = y->words[k];
    i += p <= q;
    k += q <= p;
    if (p != q) continue;
    s.weight += weight(b, p);
    s.words++;
    s.rare += b->texts[p] <= VB_BAG_RARE;
  }
  return s;
}

int vb_bag_alike(const vb_bags *b, const vb_bag *x, const vb_bag *y, size_t *common) {
  share both = shared(b, x, y);
  size_t longer = x->n > y->n ? x->n : y->n;
  *common = both.words;
  if (both.rare < 2 || both.words * 100 < longer * VB_BAG_OVERLAP) return 0;
  int64_t a = heavy(b, x), c = heavy(b, y), least = a < c ? a : c;
  return least == 0 ? 0 : (int)(both.weight * 100 / least);
}

int vb_bag_within(const vb_bags *b, const vb_bag *part, const vb_bag *whole) {
  int64_t all = heavy(b, part);
  return all == 0 ? 0 : (int)(shared(b, part, whole).weight * 100 / all);
}
