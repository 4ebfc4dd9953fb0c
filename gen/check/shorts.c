/* shorts.c: abbreviations: explained at their first use, and once. For gen/check alone. */
#include <string.h>

#include "check/passage.h"

/* So usual in administration that nobody explains them, and symbols. */
static const char *const usual[] = {"UBND", "HĐND", "UBMTTQ", "MTTQ", "TM", "KT", "TL", "TUQ", "VT", "CP", "TTg", "TW", "TTHC", "CCHC", "QPPL", "VBQPPL", "CNTT", "BHYT", "BHXH", "VNĐ", "VND", "ISO", "PDF", "SMS", "VNeID", "TT", "STT", "QH", "CT", "PCT"};

static bool roman(vb_span w) {
  for (size_t i = 0; i < w.n; i++)
    if (strchr("IVXLCDM", w.p[i]) == NULL) return false;
  return true;
}

static bool is_usual(vb_span w) {
  for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
    if (vb_span_is(w, usual[i])) return true;
  return false;
}

/* A neighbour in capitals makes a heading ("KẾT QUẢ THỰC HIỆN"), whose words are no abbreviations. */
static bool in_heading(vb_span t, size_t from, size_t to) {
  size_t k = to, begin = from;
  if (k + 1 < t.n && t.p[k] == ' ') {
    size_t e = ++k;
    while (e < t.n && vb_passage_in_word(t, e)) e++;
    if (e > k && vb_text_is_upper((vb_span){t.p + k, e - k})) return true;
  }
  if (begin > 1 && t.p[begin - 1] == ' ') {
    size_t s = --begin;
    while (s > 0 && vb_passage_in_word(t, s - 1)) s--;
    if (s < begin && vb_text_is_upper((vb_span){t.p + s, begin - s})) return true;
  }
  return false;
}

static bool has_ascii_digit(vb_span w) {
  for (size_t i = 0; i < w.n; i++)
    if (w.p[i] >= '0' && w.p[i] <= '9') return true;
  return false;
}

typedef struct finder { vb_reading *r; vb_map *explained, *told; vb_status s; } finder;

/* Inside brackets alone, or at the end of “viết tắt là …”. */
static bool explains(vb_span t, size_t from, size_t to) {
  static const char tail[] = "tắt là ";
  size_t n = sizeof tail - 1;
  return from > 0 && to < t.n && t.p[to] == ')' && (t.p[from - 1] == '(' || (from >= n && memcmp(t.p + from - n, tail, n) == 0));
}

static void meet(finder *f, const vb_passage *p, size_t from, size_t to, bool second) {
  vb_span t = p->text, w = {t.p + from, to - from};
  bool explaining = explains(t, from, to);
  if (!second && explaining) {
    if (vb_map_get(f->explained, w) != NULL) vb_passage_find(f->r, p, VB_CHECK_W07, VB_INFO, (vb_extract){from, to, 0}, NULL);
    else if (!vb_map_put(f->explained, w, f)) f->s = VB_NOMEM;
  }
  if (!second || explaining || is_usual(w) || vb_map_get(f->explained, w) != NULL || vb_map_get(f->told, w) != NULL) return;
  if (!vb_passage_open(f->r, p, VB_CHECK_W06, from) || in_heading(t, from, to)) return;
  vb_passage_find(f->r, p, VB_CHECK_W06, VB_INFO, (vb_extract){from, to, 0}, NULL);
  if (!vb_map_put(f->told, w, f)) f->s = VB_NOMEM;
}

static void look(finder *f, const vb_passage *p, bool second) {
  vb_span t = p->text;
  for (size_t i = 0; i < t.n && f->s == VB_OK;) {
    size_t from = i;
    while (i < t.n && vb_passage_in_word(t, i)) i++;
    vb_span w = {t.p + from, i - from};
    bool joined = (i < t.n && (t.p[i] == '-' || t.p[i] == '/')) || (from > 0 && (t.p[from - 1] == '-' || t.p[from - 1] == '/')); /* of a symbol */
    if (w.n >= 3 && w.n <= 24 && !joined && vb_text_is_upper(w) && vb_utf8_length(w) >= 3 && !has_ascii_digit(w) && !roman(w)) meet(f, p, from, i, second);
    if (i == from) i++;
  }
}

/* Twice over the document: an explanation may stand behind its first use, and that is another matter. */
vb_status vb_check_short_forms(vb_reading *r) {
  finder f = {r, vb_map_new(), vb_map_new(), VB_OK};
  if (f.explained == NULL || f.told == NULL) f.s = VB_NOMEM;
  for (int round = 0; round < 2; round++)
    for (const vb_passage *p = r->first; p != NULL && f.s == VB_OK; p = p->next) look(&f, p, round == 1);
  vb_map_free(f.explained);
  vb_map_free(f.told);
  return f.s;
}
