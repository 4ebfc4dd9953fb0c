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

bool vb_passage_said_before(vb_span t, size_t at, size_t within, const char *const *words) {
  vb_span before = {t.p + (at > within ? at - within : 0), at > within ? within : at};
  for (; *words != NULL; words++)
    if (vb_passage_seek(before, *words, 0) < before.n) return true;
  return false;
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

size_t vb_passage_stop(vb_span t, size_t from) {
  static const bool may[256] = {[';'] = true, ['\n'] = true, ['.'] = true};
  size_t i = from;
  while (i < t.n && (!may[(unsigned char)t.p[i]] || !vb_stop_ends(t, i))) i++;
  return i;
}

size_t vb_sentence_end(const vb_passage *p, size_t from, const vb_word **first, bool (*ends)(vb_span t, size_t i)) {
  const vb_word *w = *first, *last = p->words + p->n_words;
  for (size_t i = from;; w++) {
    size_t gap_to = w == last ? p->text.n : w->from;
    for (; i < gap_to && !(w < last && w->joined); i++) {
      char c = p->text.p[i];
      if ((c != '.' && c != ';' && c != '\n') || !ends(p->text, i)) continue;
      *first = w;
      return i;
    }
    *first = w;
    if (w == last) return p->text.n;
    i = w->to;
  }
}

bool vb_stop_ends(vb_span t, size_t i) { return t.p[i] != '.' || i + 1 == t.n || t.p[i + 1] == ' '; }

static void mark(vb_passage *p, size_t from, size_t to, unsigned region) {
  uint64_t eight = UINT64_C(0x0101010101010101) * region, now;
  size_t i = from;
  if (to > p->text.n) to = p->text.n;
  for (; i + sizeof now <= to; i += sizeof now) { /* a citation has some hundred bytes */
    memcpy(&now, p->regions + i, sizeof now);
    now |= eight;
    memcpy(p->regions + i, &now, sizeof now);
  }
  for (; i < to; i++) p->regions[i] = (uint8_t)(p->regions[i] | region);
}

static void mark_quotes(vb_passage *p) {
  if ((p->signs & (VB_SIGN('"') | VB_SIGN_WIDE)) == 0) return;
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

/* Laws first: they are cited without a number. */
static const char *const cited[] = {"Luật ", "Pháp lệnh ", "Nghị định ", "Nghị quyết ", "Quyết định ", "Chỉ thị ", "Thông tư ", "Kế hoạch ", "Công văn ", "Chương trình ", "Hướng dẫn ", "Báo cáo ", "Thông báo ", "Đề án "};
enum { LAWS = 2 };

bool vb_lists_of_passages(vb_forms *f) { return VB_FORMS_LIST(f, cited, VB_LIST_CITED); }

static void mark_cite(vb_passage *p, size_t from, const char *type, bool law) {
  int number;
  size_t k = from + strlen(type);
  if (vb_passage_at(p->text, k, "số ")) k += strlen("số ");
  if (law || vb_passage_digits(p->text, k, 6, &number) > 0) mark(p, from, vb_passage_stop(p->text, k), VB_REGION_CITE);
}

/* A citation goes from the type of the act through its number, date, agency and title to the next ";" or the end of the sentence. */
static void mark_cites(vb_passage *p) {
  for (const vb_word *w = p->words, *end = w + p->n_words; (p->lists & VB_LIST_CITED) != 0 && w < end; w++) {
    if ((w->form->lists & VB_LIST_CITED) == 0 || !w->form->capital) continue;
    for (size_t t = 0; t < sizeof cited / sizeof cited[0]; t++)
      if (vb_passage_at(p->text, w->from, cited[t])) mark_cite(p, w->from, cited[t], t < LAWS);
  }
}

/* ---- words -------------------------------------------------------------------------------------------------- */

static bool grow(vb_reading *r) {
  size_t cap = r->cap == 0 ? 1024 : r->cap * 2;
  vb_word *more = VB_NEW_ARRAY(r->a, vb_word, cap);
  if (more == NULL) return false;
  if (r->cap > 0) memcpy(more, r->room, r->cap * sizeof *more);
  r->room = more;
  r->cap = cap;
  return true;
}

const vb_word *vb_words_read(vb_reading *r, vb_span t, size_t *n, uint64_t *signs) {
  bool joined = false;
  size_t words = 0;
  uint64_t met = 0;
  if (r->cap == 0 && !grow(r)) return NULL;
  for (size_t i = 0, sign;; joined = true) {
    for (; i < t.n && (sign = vb_form_sign[(unsigned char)t.p[i]]) > 0; i += sign) {
      met |= sign == 1 ? VB_SIGN((unsigned char)t.p[i]) : VB_SIGN_WIDE;
      joined = joined && t.p[i] == ' ';
    }
    if (i >= t.n) break;
    size_t from = i;
    while (i < t.n && vb_form_sign[(unsigned char)t.p[i]] == 0) i++;
    vb_form *form = vb_forms_get(r->forms, t, from, i);
    if (form == NULL || (words + 1 == r->cap && !grow(r))) return NULL;
    r->room[words++] = (vb_word){(uint32_t)from, (uint32_t)i, form, joined};
  }
  r->room[words] = (vb_word){.from = 0};
  *n = words;
  *signs = met;
  return r->room;
}

static bool read_words(vb_reading *r, vb_passage *p) {
  const vb_word *words = vb_words_read(r, p->text, &p->n_words, &p->signs);
  char *lower = vb_arena_str(r->a, p->text.p, p->text.n);
  p->words = words == NULL ? NULL : vb_arena_copy(r->a, words, (p->n_words + 1) * sizeof *words);
  if (p->words == NULL || lower == NULL) return false;
  for (const vb_word *w = p->words, *end = w + p->n_words; w < end; w++) {
    p->lists |= w->form->lists;
    w->form->words++;
    if (w->form->lower != w->form) memcpy(lower + w->from, w->form->lower->text.p, w->to - w->from);
  }
  p->lower = (vb_span){lower, p->text.n};
  return true;
}

/* ---- passages ----------------------------------------------------------------------------------------------- */

/* The text of one passage after another, with a region a byte. */
typedef struct scratch { vb_buf text, regions; unsigned region; /* of all of it */ } scratch;

static void add_text(scratch *w, vb_place *at, const vb_node *n) {
  if (n->kind == VB_NODE_BREAK || (n->kind == VB_NODE_PARA && w->text.n > 0)) vb_buf_char(&w->text, '\n');
  else if (n->kind == VB_NODE_TEXT || n->kind == VB_NODE_FIGURE) vb_buf_span(&w->text, n->u.text.text);
  size_t more = w->text.n - w->regions.n;
  if (more > 0 && vb_buf_reserve(&w->regions, more)) {
    memset(w->regions.p + w->regions.n, (int)(w->region | (n->kind == VB_NODE_FIGURE ? VB_REGION_FIGURE : VB_REGION_NONE)), more);
    w->regions.n += more;
  }
  if (at->file == NULL && n->at.file != NULL) *at = n->at;
}

/* The slot that a text file fills, by the name of the file. */
static bool read_slot(vb_reading *r, vb_passage *p) {
  const char *file = p->at.file;
  size_t n = file == NULL ? 0 : strlen(file);
  if (n <= 4 || strcmp(file + n - 4, ".txt") != 0) return true;
  const char *name = strrchr(file, '/');
  name = name == NULL ? file : name + 1;
  p->slot = vb_arena_str(r->a, name, strlen(name) - 4);
  return p->slot != NULL;
}

static vb_status add_passage(vb_reading *r, const vb_node *n, bool appendix, scratch *w) {
  vb_walk walk;
  vb_passage *p = VB_NEW(r->a, vb_passage);
  if (p == NULL) return VB_NOMEM;
  p->at = n->at;
  p->node = n;
  p->appendix = appendix;
  vb_buf_clear(&w->text);
  vb_buf_clear(&w->regions);
  w->region = n->kind == VB_NODE_CELL ? VB_REGION_CELL : VB_REGION_NONE;
  if (n->kind == VB_NODE_CELL) vb_buf_span(&w->text, n->u.cell.text);
  for (vb_walk_init(&walk, n); vb_walk_next(&walk);)
    if (!walk.leaving && walk.node != n) add_text(w, &p->at, walk.node);
  if (w->text.failed || w->regions.failed) return VB_NOMEM;
  if (w->text.n == 0) return VB_OK;
  p->text = (vb_span){vb_arena_str(r->a, w->text.p, w->text.n), w->text.n};
  p->regions = VB_NEW_ARRAY(r->a, uint8_t, w->text.n);
  if (p->regions != NULL && w->region != VB_REGION_NONE) memset(p->regions, (int)w->region, w->text.n);
  if (p->text.p == NULL || p->regions == NULL || !read_words(r, p) || !read_slot(r, p)) return VB_NOMEM;
  if (w->regions.n > 0) memcpy(p->regions, w->regions.p, w->regions.n);
  mark_quotes(p);
  mark_cites(p);
  *r->end = p;
  r->end = &p->next;
  return VB_OK;
}

vb_status vb_passages_read(vb_reading *r) {
  vb_walk w;
  scratch room;
  bool appendix = false;
  vb_status s = VB_OK;
  r->end = &r->first;
  vb_buf_init(&room.text);
  vb_buf_init(&room.regions);
  for (vb_walk_init(&w, r->doc->root); s == VB_OK && vb_walk_next(&w);) {
    const vb_node *n = w.node;
    if (w.leaving) continue;
    if (n->kind == VB_NODE_SEQUENCE) {
      appendix = n->u.sequence.role == VB_SEQ_APPENDIX;
      if (appendix && !r->has_appendix) r->appendix_at = n->at;
      r->has_appendix = r->has_appendix || appendix;
    }
    bool passage = n->kind == VB_NODE_PARA || n->kind == VB_NODE_CELL, formal = n->kind == VB_NODE_COLUMNS && n->u.columns.role != VB_COLUMNS_PLAIN;
    if (passage) s = add_passage(r, n, appendix, &room);
    if (passage || formal) vb_walk_skip(&w);
  }
  vb_buf_free(&room.text);
  vb_buf_free(&room.regions);
  return s;
}

/* ---- findings ----------------------------------------------------------------------------------------------- */

bool vb_passage_open(const vb_passage *p, vb_check_id id, size_t offset) {
  return offset < p->text.n && (p->regions[offset] & vb_check_rule_get(id)->regions) == 0;
}

static bool parts(char c) { return c == ' ' || c == '\n'; }

/* So many characters more before and behind a place, and of them whole words alone: half of “quý III” would be another quarter. */
static size_t back(vb_span t, size_t at, int characters) {
  size_t i = at;
  for (; i > 0 && characters > 0 && t.p[i - 1] != '\n'; characters--)
    do i--;
    while (i > 0 && ((unsigned char)t.p[i] & 0xC0) == 0x80);
  while (i < at && ((i > 0 && !parts(t.p[i - 1])) || t.p[i] == ' ')) i++;
  return i;
}

static size_t ahead(vb_span t, size_t at, int characters) {
  size_t i = at;
  for (; i < t.n && characters > 0 && t.p[i] != '\n'; characters--)
    do i++;
    while (i < t.n && ((unsigned char)t.p[i] & 0xC0) == 0x80);
  while (i > at && ((i < t.n && !parts(t.p[i])) || t.p[i - 1] == ' ')) i--;
  return i;
}

/* The place of a clerk's words in his file: that of the text node they are in, or end; its letters stand there one by one. */
static vb_place place_in_file(const vb_passage *p, size_t offset) {
  vb_place at = p->at;
  vb_walk walk;
  size_t from = 0;
  for (vb_walk_init(&walk, p->node); vb_walk_next(&walk);) {
    const vb_node *n = walk.node;
    if (walk.leaving) continue;
    if (n->kind == VB_NODE_BREAK || (n->kind == VB_NODE_PARA && from > 0)) from++; /* as add_text has it */
    if (n->kind != VB_NODE_TEXT && n->kind != VB_NODE_FIGURE) continue;
    vb_span s = n->u.text.text;
    if (offset < from) break;
    if (n->at.line > 0) at = vb_node_place_in(n, (vb_span){s.p, offset - from < s.n ? offset - from : s.n});
    from += s.n;
  }
  return at;
}

/* Words that a template put together from data stand in the data's file; its own words stand in the template. */
static vb_place place_at(vb_reading *r, const vb_passage *p, size_t offset) {
  vb_place at = p->at;
  vb_text_spot spot = {r->doc->meta.unit, p->text, offset};
  if (p->slot != NULL) return place_in_file(p, offset);
  vb_status s = vb_store_text_place(r->d, r->s, &spot, r->a, &at);
  if (s != VB_OK && s != VB_DONE) r->worst = vb_worse(r->worst, s);
  return at;
}

void vb_passage_find(vb_reading *r, const vb_passage *p, vb_check_id id, vb_severity severity, vb_extract x, const char *arg) {
  r->asked++;
  if (!vb_passage_open(p, id, x.from)) return;
  if (arg != NULL && arg[0] == '\0') r->worst = vb_worse(r->worst, VB_NOMEM); /* a buffer that found no room: what is said is never empty */
  size_t from = back(p->text, x.from, x.around), to = ahead(p->text, x.to, x.around);
  vb_diag_about(r->d, r->doc->meta.unit, r->doc->meta.id, p->slot);
  r->worst = vb_worse(r->worst, VB_FIND(r->d, id, severity, place_at(r, p, x.from), VB_TXT(((vb_span){p->text.p + from, to - from})), arg != NULL ? arg : ""));
}

void vb_passage_beyond(vb_reading *r, const vb_passage *p, vb_msg m, uint32_t most) {
  r->asked++;
  vb_diag_about(r->d, r->doc->meta.unit, r->doc->meta.id, p->slot);
  r->worst = vb_worse(r->worst, VB_POST(r->d, m, p->at, VB_NUM(most)));
}
