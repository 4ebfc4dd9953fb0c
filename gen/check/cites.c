/* cites.c: how acts are cited, attachments, traces of software and placeholders. For gen/check alone. */
#include <string.h>

#include "check/passage.h"

static const char *const types[] = {"Nghị định", "Nghị quyết", "Quyết định", "Chỉ thị", "Thông tư", "Kế hoạch", "Công văn", "Thông báo", "Hướng dẫn"};
static const char *const lower[] = {"nghị định", "nghị quyết", "quyết định", "chỉ thị", "thông tư", "kế hoạch", "công văn", "thông báo", "hướng dẫn"};
enum { TYPES = sizeof types / sizeof types[0] };

/* Party symbols (18-NQ/TW) have no "/" behind their number and pass. */
static size_t number_end(vb_span t, size_t i) {
  int value;
  size_t n = vb_passage_digits(t, i, 6, &value);
  if (n == 0 || i + n >= t.n || t.p[i + n] != '/') return 0;
  size_t k = i + n + 1;
  if (k >= t.n || !((t.p[k] >= '0' && t.p[k] <= '9') || (t.p[k] >= 'A' && t.p[k] <= 'Z') || (unsigned char)t.p[k] >= 0x80)) return 0;
  while (k < t.n && (vb_passage_in_word(t, k) || t.p[k] == '-' || t.p[k] == '/')) k++;
  return k;
}

/* A symbol has letters: 61/2018/NĐ-CP; "Kế hoạch 05/3/2020" is a date. */
static bool is_symbol(vb_span t, size_t from, size_t to) {
  for (size_t i = from; i < to; i++)
    if (t.p[i] >= 'A' && t.p[i] <= 'Z') return true;
  return false;
}

static const char *const attached[] = {"phụ lục", "kèm theo", "đính kèm", "gửi kèm", "biểu mẫu", "biểu số"};
enum { ATTACHED = sizeof attached / sizeof attached[0] };

bool vb_lists_of_cites(vb_forms *f) { return VB_FORMS_LIST(f, lower, VB_LIST_TYPE) && VB_FORMS_LIST(f, attached, VB_LIST_ATTACHED); }

static void check_type(vb_reading *r, const vb_passage *p, size_t from, const char *type, bool capital) {
  size_t k = from + strlen(type);
  if (!vb_passage_at(p->text, from, type) || !vb_passage_at(p->text, k, " ")) return;
  bool so = vb_passage_at(p->text, k + 1, "số ");
  size_t number = k + 1 + (so ? strlen("số ") : 0), end = number_end(p->text, number);
  if (end == 0 || !is_symbol(p->text, number, end)) return;
  if (capital && !so) vb_passage_find(r, p, VB_CHECK_C02, VB_WARNING, (vb_extract){from, end, 0}, NULL);
  if (!capital && so) vb_passage_find(r, p, VB_CHECK_C03, VB_WARNING, (vb_extract){from, end, 0}, NULL);
}

void vb_check_cites(vb_reading *r, const vb_passage *p) {
  if ((p->lists & VB_LIST_TYPE) == 0 || (p->signs & VB_SIGN('/')) == 0) return;
  for (const vb_word *w = p->words, *end = w + p->n_words; w < end; w++)
    for (size_t i = 0; (w->form->lists & VB_LIST_TYPE) != 0 && i < TYPES; i++) check_type(r, p, w->from, w->form->capital ? types[i] : lower[i], w->form->capital);
}

static void find_each(vb_reading *r, const vb_passage *p, const char *needle, vb_check_id id, int around) {
  size_t n = strlen(needle);
  for (size_t i = vb_passage_seek(p->text, needle, 0); i < p->text.n; i = vb_passage_seek(p->text, needle, i + n))
    vb_passage_find(r, p, id, vb_check_rule_get(id)->severity, (vb_extract){i, i + n, around}, NULL);
}

/* 2020-12-24T09:19:46: the T stands inside a word of figures. */
static void check_stamps(vb_reading *r, const vb_passage *p) {
  vb_span t = p->text;
  if ((p->signs & VB_SIGN(':')) == 0 || (p->lists & VB_LIST_FIGURE) == 0) return;
  for (const vb_word *w = p->words, *end = w + p->n_words; w < end; w++) {
    const char *at = w->form->figure ? memchr(t.p + w->from, 'T', w->to - w->from) : NULL;
    size_t i = at == NULL ? 0 : (size_t)(at - t.p);
    if (i < 10 || !vb_passage_is_digit(t, i - 1) || t.p[i - 3] != '-' || t.p[i - 6] != '-' || !vb_passage_is_digit(t, i - 10) || !vb_passage_is_digit(t, i + 1) || i + 3 >= t.n || t.p[i + 3] != ':') continue;
    vb_passage_find(r, p, VB_CHECK_L03, VB_WARNING, (vb_extract){i - 10, i + 6 < t.n ? i + 6 : t.n, 0}, NULL);
  }
}

/* Of each kind the first. */
static void check_gaps(vb_reading *r, const vb_passage *p) {
  static const struct { const char *text; uint64_t sign; } gaps[] = {{"....", VB_SIGN('.')}, {"……", VB_SIGN_WIDE}, {"___", VB_SIGN('_')}, {"[…]", VB_SIGN('[')}, {"[...]", VB_SIGN('[')},
    {"xx/xx", VB_SIGN('/')}, {"…/…", VB_SIGN('/')}, {"ngày … tháng", VB_SIGN_WIDE}, {"ngày ... tháng", VB_SIGN('.')}};
  for (size_t i = 0; i < sizeof gaps / sizeof gaps[0]; i++) {
    size_t at = (p->signs & gaps[i].sign) == 0 ? p->text.n : vb_passage_seek(p->text, gaps[i].text, 0);
    if (at < p->text.n) vb_passage_find(r, p, VB_CHECK_L04, VB_ERROR, (vb_extract){at, at + strlen(gaps[i].text), 12}, NULL);
  }
}

void vb_check_traces(vb_reading *r, const vb_passage *p) {
  static const char *const traces[] = {"&nbsp;", "&amp;", "&lt;", "&gt;", "<br", "<b>", "</", "#REF!", "#N/A", "#DIV/0!"};
  static const uint64_t of_trace = VB_SIGN('&') | VB_SIGN('<') | VB_SIGN('#'), of_gap = VB_SIGN('.') | VB_SIGN('_') | VB_SIGN('/') | VB_SIGN_WIDE;
  for (size_t i = 0; (p->signs & of_trace) != 0 && i < sizeof traces / sizeof traces[0]; i++) find_each(r, p, traces[i], VB_CHECK_L03, 0);
  check_stamps(r, p);
  if ((p->signs & of_gap) == 0 || r->doc->meta.state != VB_STATE_ISSUED || p->appendix) return; /* an appendix may be an empty form that others are to fill in */
  check_gaps(r, p);
}

static bool mentions(const vb_passage *p) {
  for (size_t k = 0; (p->lists & VB_LIST_ATTACHED) != 0 && k < p->n_words; k++)
    for (size_t i = 0; (p->words[k].form->lists & VB_LIST_ATTACHED) != 0 && i < ATTACHED; i++)
      if (vb_passage_at(p->lower, p->words[k].from, attached[i])) return true;
  return false;
}

/* “ban hành kèm theo Quyết định …” names what came with another document. */
static bool of_another(vb_span t, size_t at) {
  static const char *const words[] = {"ban hành ", "Ban hành ", NULL};
  return vb_passage_said_before(t, at, 24, words);
}

void vb_check_attached(vb_reading *r) {
  static const char *const words[] = {"kèm theo", "gửi kèm", "đính kèm"};
  bool named = false;
  for (const vb_passage *p = r->first; p != NULL; p = p->next) {
    named = named || (!p->appendix && mentions(p));
    for (size_t i = 0; i < 3 && !r->has_appendix && (p->lists & VB_LIST_ATTACHED) != 0; i++) {
      size_t at = vb_passage_seek(p->text, words[i], 0);
      if (at < p->text.n && !of_another(p->text, at)) vb_passage_find(r, p, VB_CHECK_F10, VB_WARNING, (vb_extract){at, at + strlen(words[i]), 16}, NULL);
    }
  }
  vb_diag_about(r->d, r->doc->meta.unit, r->doc->meta.id, NULL);
  if (r->has_appendix && !named) r->worst = vb_worse(r->worst, VB_FIND(r->d, VB_CHECK_F04, VB_WARNING, r->appendix_at, ""));
}
