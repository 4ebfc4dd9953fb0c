/* passage.c: a document as passages with their regions and words, and findings at them. For gen/check alone. */
#include <string.h>

#include "check/passage.h"

/* ---- regions ------------------------------------------------------------------------------------------------ */

/* The byte of a needle to look for first: a capital or a sign, which are rare; else the last of its last word, for Vietnamese letters of
 * three bytes begin alike (E1 BA, E1 BB). */
static size_t rare_byte(const char *needle, size_t n) {
  size_t k = n - 1;
  if ((unsigned char)needle[0] < 'a' && needle[0] != ' ') return 0;
  while (k > 0 && needle[k] == ' ') k--;
  return k;
}

/* Dozens of needles are sought in every cell and paragraph, and are hardly ever there; memchr passes over many bytes in one step. */
size_t vb_passage_seek(vb_span text, const char *needle, size_t from) {
  size_t n = strlen(needle);
  if (n == 0 || from > text.n || text.n - from < n) return text.n;
  size_t k = rare_byte(needle, n);
  const char *end = text.p + text.n - (n - 1 - k), *at = text.p + from + k;
  for (; (at = memchr(at, needle[k], (size_t)(end - at))) != NULL; at++)
    if (memcmp(at - k, needle, n) == 0) return (size_t)(at - text.p) - k;
  return text.n;
}

bool vb_passage_in_word(vb_span text, size_t offset) {
  if (offset >= text.n) return false;
  unsigned char c = (unsigned char)text.p[offset];
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  return c != 0xE2 && c != 0xC2 && !(offset > 0 && (unsigned char)text.p[offset - 1] == 0xE2) && !(offset > 1 && (unsigned char)text.p[offset - 2] == 0xE2) &&
         !(offset > 0 && (unsigned char)text.p[offset - 1] == 0xC2); /* E2: dashes, quotation marks, …; C2: no-break space, signs */
}

size_t vb_passage_digits(vb_span text, size_t offset, size_t most, int *value) {
  size_t n = 0;
  *value = 0;
  while (offset + n < text.n && n < most && text.p[offset + n] >= '0' && text.p[offset + n] <= '9') *value = *value * 10 + (text.p[offset + n++] - '0');
  return n;
}

static void mark(vb_passage *p, size_t from, size_t to, unsigned region) {
  for (size_t i = from; i < to && i < p->text.n; i++) p->regions[i] = (uint8_t)(p->regions[i] | region);
}

static void mark_quotes(vb_passage *p) {
  for (size_t i = vb_passage_seek(p->text, "“", 0); i < p->text.n; i = vb_passage_seek(p->text, "“", i + 3)) {
    size_t end = vb_passage_seek(p->text, "”", i);
    if (end < p->text.n) mark(p, i, end + 3, VB_REGION_QUOTE);
  }
  for (size_t i = vb_passage_seek(p->text, "\"", 0); i < p->text.n; i++) {
    size_t end = vb_passage_seek(p->text, "\"", i + 1);
    if (end < p->text.n) mark(p, i, end + 1, VB_REGION_QUOTE);
    i = end < p->text.n ? vb_passage_seek(p->text, "\"", end + 1) - 1 : end;
  }
}

/* A citation goes from the type of the act through its number, date, agency and title to the next ";" or the end of the sentence. */
static void mark_cites(vb_passage *p) {
  static const char *const types[] = {"Luật ", "Pháp lệnh ", "Nghị định ", "Nghị quyết ", "Quyết định ", "Chỉ thị ", "Thông tư ", "Kế hoạch ", "Công văn ", "Chương trình ", "Hướng dẫn ", "Báo cáo ", "Thông báo ", "Đề án "};
  for (size_t t = 0; t < sizeof types / sizeof types[0]; t++) {
    size_t n = strlen(types[t]);
    for (size_t i = vb_passage_seek(p->text, types[t], 0); i < p->text.n; i = vb_passage_seek(p->text, types[t], i + n)) {
      int number;
      size_t k = i + n;
      bool law = t < 2;
      if (k + 5 < p->text.n && memcmp(p->text.p + k, "số ", strlen("số ")) == 0) k += strlen("số ");
      if (!law && vb_passage_digits(p->text, k, 6, &number) == 0) continue;
      while (k < p->text.n && p->text.p[k] != ';' && p->text.p[k] != '\n' && !(p->text.p[k] == '.' && (k + 1 == p->text.n || p->text.p[k + 1] == ' '))) k++;
      mark(p, i, k, VB_REGION_CITE);
    }
  }
}

/* ---- passages ----------------------------------------------------------------------------------------------- */

/* mask: a byte of regions a byte of text. */
static void add_text(vb_buf *out, vb_buf *mask, vb_place *at, const vb_node *n) {
  if (n->kind == VB_NODE_BREAK) vb_buf_char(out, '\n');
  else if (n->kind == VB_NODE_TEXT || n->kind == VB_NODE_FIGURE) vb_buf_span(out, n->u.text.text);
  else if (n->kind == VB_NODE_PARA && out->n > 0) vb_buf_char(out, '\n');
  while (mask->n < out->n && !mask->failed) vb_buf_char(mask, n->kind == VB_NODE_FIGURE ? VB_REGION_FIGURE : VB_REGION_NONE);
  if (at->file == NULL && n->at.file != NULL) *at = n->at;
}

static size_t letter_end(vb_span t, size_t i) {
  do i++;
  while (i < t.n && ((unsigned char)t.p[i] & 0xC0) == 0x80);
  return i;
}

static bool differ(vb_span a, vb_span b, size_t from, size_t to) { return memcmp(a.p + from, b.p + from, to - from) != 0; }

/* Vietnamese letters are as many bytes in both cases; a text with others has no words. */
static bool read_words(vb_reading *r, vb_passage *p) {
  vb_span t = p->text;
  size_t n = 0;
  p->lower = vb_text_lower(r->a, t);
  if (p->lower.p == NULL) return false;
  if (p->lower.n != t.n) p->lower = t;
  for (size_t i = 0; i < t.n; i++) n += vb_passage_in_word(t, i) && (i == 0 || !vb_passage_in_word(t, i - 1));
  p->words = VB_NEW_ARRAY(r->a, vb_word, n + 1);
  if (p->words == NULL) return false;
  for (size_t i = 0, before = 0; p->n_words < n; before = i) {
    bool joined = p->n_words > 0;
    while (!vb_passage_in_word(t, i)) joined = t.p[i++] == ' ' && joined;
    size_t from = i;
    while (i < t.n && vb_passage_in_word(t, i)) i++;
    joined = joined && from > before;
    uint64_t syllable = vb_registers_syllable((vb_span){p->lower.p + from, i - from});
    p->words[p->n_words++] = (vb_word){(uint32_t)from, (uint32_t)i, syllable, joined, differ(t, p->lower, from, letter_end(t, from))};
  }
  return true;
}

static vb_status add_passage(vb_reading *r, const vb_node *n, bool appendix) {
  vb_buf b, mask;
  vb_place at = n->at;
  vb_walk w;
  vb_buf_init(&b);
  vb_buf_init(&mask);
  if (n->kind == VB_NODE_CELL) vb_buf_span(&b, n->u.cell.text);
  for (vb_walk_init(&w, n); vb_walk_next(&w);)
    if (!w.leaving && w.node != n) add_text(&b, &mask, &at, w.node);
  if (b.n == 0 && !b.failed) {
    vb_buf_free(&mask);
    return VB_OK;
  }
  vb_passage *p = b.failed || mask.failed ? NULL : VB_NEW(r->a, vb_passage);
  if (p != NULL) {
    p->text = (vb_span){vb_arena_str(r->a, b.p, b.n), b.n};
    p->regions = VB_NEW_ARRAY(r->a, uint8_t, b.n);
    if (p->regions != NULL && mask.n > 0) memcpy(p->regions, mask.p, mask.n < b.n ? mask.n : b.n);
  }
  vb_buf_free(&b);
  vb_buf_free(&mask);
  if (p == NULL || p->text.p == NULL || p->regions == NULL) return VB_NOMEM;
  p->at = at;
  p->appendix = appendix;
  if (!read_words(r, p)) return VB_NOMEM;
  if (n->kind == VB_NODE_CELL) mark(p, 0, p->text.n, VB_REGION_CELL);
  mark_quotes(p);
  mark_cites(p);
  *r->end = p;
  r->end = &p->next;
  return VB_OK;
}

vb_status vb_passages_read(vb_reading *r) {
  vb_walk w;
  bool appendix = false;
  vb_status s = VB_OK;
  r->end = &r->first;
  for (vb_walk_init(&w, r->doc->root); s == VB_OK && vb_walk_next(&w);) {
    const vb_node *n = w.node;
    if (w.leaving) continue;
    if (n->kind == VB_NODE_SEQUENCE) {
      appendix = n->u.sequence.role == VB_SEQ_APPENDIX;
      if (appendix && !r->has_appendix) r->appendix_at = n->at;
      r->has_appendix = r->has_appendix || appendix;
    }
    bool passage = n->kind == VB_NODE_PARA || n->kind == VB_NODE_CELL, formal = n->kind == VB_NODE_COLUMNS && n->u.columns.role != VB_COLUMNS_PLAIN;
    if (passage) s = add_passage(r, n, appendix);
    if (passage || formal) vb_walk_skip(&w);
  }
  return s;
}

/* ---- findings ----------------------------------------------------------------------------------------------- */

static bool in_force(const vb_check_rule *rule, vb_date date) {
  char day[11];
  if (rule->since[0] == '\0' && rule->until[0] == '\0') return true;
  if (date.year == 0) return false;
  vb_date_print_iso(date, day);
  return strcmp(day, rule->since) >= 0 && (rule->until[0] == '\0' || strcmp(day, rule->until) <= 0);
}

bool vb_passage_open(const vb_reading *r, const vb_passage *p, vb_check_id id, size_t offset) {
  const vb_check_rule *rule = vb_check_rule_get(id);
  return offset < p->text.n && (p->regions[offset] & rule->regions) == 0 && in_force(rule, r->doc->meta.date);
}

const char *vb_passage_slot(vb_arena *a, vb_place at) {
  size_t n = at.file == NULL ? 0 : strlen(at.file);
  if (n <= 4 || strcmp(at.file + n - 4, ".txt") != 0) return NULL;
  const char *name = strrchr(at.file, '/');
  name = name == NULL ? at.file : name + 1;
  return vb_arena_str(a, name, strlen(name) - 4);
}

static size_t back(vb_span t, size_t i, int characters) {
  for (; i > 0 && characters > 0 && t.p[i - 1] != '\n'; characters--)
    do i--;
    while (i > 0 && ((unsigned char)t.p[i] & 0xC0) == 0x80);
  return i;
}

static size_t ahead(vb_span t, size_t i, int characters) {
  for (; i < t.n && characters > 0 && t.p[i] != '\n'; characters--)
    do i++;
    while (i < t.n && ((unsigned char)t.p[i] & 0xC0) == 0x80);
  return i;
}

/* Words that a template put together from data stand in the data's file; its own words stand in the template. */
static vb_place place_at(vb_reading *r, const vb_passage *p, size_t offset) {
  vb_place at = p->at;
  vb_text_spot spot = {r->doc->meta.unit, p->text, offset};
  if (vb_passage_slot(r->a, at) != NULL) return at;
  vb_status s = vb_store_text_place(r->d, r->s, &spot, r->a, &at);
  if (s != VB_OK && s != VB_DONE) r->worst = vb_worse(r->worst, s);
  return at;
}

void vb_passage_find(vb_reading *r, const vb_passage *p, vb_check_id id, vb_severity severity, vb_extract x, const char *arg) {
  if (!vb_passage_open(r, p, id, x.from)) return;
  size_t from = back(p->text, x.from, x.around), to = ahead(p->text, x.to, x.around);
  vb_diag_about(r->d, r->doc->meta.unit, r->doc->meta.id, vb_passage_slot(r->a, p->at));
  r->worst = vb_worse(r->worst, VB_FIND(r->d, id, severity, place_at(r, p, x.from), VB_TXT(((vb_span){p->text.p + from, to - from})), arg != NULL ? arg : ""));
}
