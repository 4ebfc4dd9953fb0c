/* forms.c: the spellings of words, kept from document to document. For gen/check alone. */
#include <string.h>

#include "check/forms.h"

enum { ROOM = 4096, MET = 2048 }; /* at first: more than most documents need */

typedef struct slot { uint64_t key; vb_form *form; } slot; /* form NULL: an empty place */

/* Open addressing: a word of a text costs one look. */
struct vb_forms {
  vb_arena *a;
  slot *slots; size_t room, kept; /* room: a power of two, twice what is kept at least */
  vb_form **met; size_t cap, n;   /* of the document, by id */
  uint32_t document;
  bool named;                     /* the lists are */
  vb_map *fine;                   /* texts; NULL: none yet */
};

#define SIGNS_8 1, 1, 1, 1, 1, 1, 1, 1
#define SIGNS_16 SIGNS_8, SIGNS_8
const uint8_t vb_form_sign[256] = {SIGNS_16, SIGNS_16, SIGNS_16,
  [':'] = 1, [';'] = 1, ['<'] = 1, ['='] = 1, ['>'] = 1, ['?'] = 1, ['@'] = 1, ['['] = 1, ['\\'] = 1, [']'] = 1, ['^'] = 1, ['_'] = 1, ['`'] = 1, ['{'] = 1, ['|'] = 1, ['}'] = 1, ['~'] = 1, [0x7F] = 1,
  [0xC2] = 2, [0xE2] = 3};

vb_forms *vb_forms_new(void) {
  vb_forms *f = vb_mem_zalloc(sizeof *f);
  if (f == NULL) return NULL;
  f->a = vb_arena_new(0);
  if (f->a != NULL) return f;
  vb_mem_free(f);
  return NULL;
}

void vb_forms_free(vb_forms *f) {
  if (f == NULL) return;
  vb_map_free(f->fine);
  vb_arena_free(f->a);
  vb_mem_free(f);
}

bool vb_forms_fine(const vb_forms *f, vb_span text) { return f->fine != NULL && vb_map_get(f->fine, text) != NULL; }

bool vb_forms_note_fine(vb_forms *f, vb_span text) {
  if (f->fine == NULL) f->fine = vb_map_new();
  return f->fine != NULL && vb_map_put(f->fine, text, f);
}

size_t vb_forms_count(const vb_forms *f) { return f->n; }
vb_form *vb_forms_at(const vb_forms *f, size_t id) { return f->met[id]; }

/* ---- finding ------------------------------------------------------------------------------------------------ */

/* Up to eight bytes are their own key, for there is no NUL in a word. */
static uint64_t key_of(vb_span text, size_t from, size_t to) {
  uint64_t key = 0;
  for (; to - from > 8; from += 8) {
    key ^= vb_span_eight(text, from, from + 8);
    key = (key ^ key >> 29) * UINT64_C(0x9E3779B97F4A7C15);
  }
  return key ^ vb_span_eight(text, from, to);
}

static inline size_t first_place(const vb_forms *f, uint64_t key) { return (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (f->room - 1); }

/* The place of a spelling, or the empty one where it belongs. */
static slot *place_of(const vb_forms *f, uint64_t key, vb_span spelling) {
  for (size_t i = first_place(f, key);; i = (i + 1) & (f->room - 1)) {
    slot *s = &f->slots[i];
    if (s->form == NULL || (s->key == key && vb_span_eq(s->form->text, spelling))) return s;
  }
}

static bool more_room(vb_forms *f) {
  size_t room = f->room == 0 ? ROOM : f->room * 2;
  slot *old = f->slots, *slots = VB_NEW_ARRAY(f->a, slot, room);
  if (slots == NULL) return false;
  size_t n = f->room;
  f->slots = slots;
  f->room = room;
  for (size_t i = 0; i < n; i++)
    if (old[i].form != NULL) *place_of(f, old[i].key, old[i].form->text) = old[i];
  return true;
}

/* ---- the forms of a document -------------------------------------------------------------------------------- */

static bool more_met(vb_forms *f) {
  vb_form **met = vb_arena_more(f->a, f->met, f->n, sizeof *met, MET, &f->cap);
  if (met != NULL) f->met = met;
  return met != NULL;
}

bool vb_forms_begin(vb_forms *f, bool (*name)(vb_forms *f)) {
  if (f->kept > VB_SPELLINGS_MAX || (f->fine != NULL && vb_map_count(f->fine) > VB_SPELLINGS_MAX) || !f->named) {
    vb_map_free(f->fine);
    vb_arena_reset(f->a);
    *f = (vb_forms){.a = f->a};
    f->named = more_room(f) && name(f);
  }
  f->document++;
  f->n = 0;
  return f->named;
}

/* The document meets it now; its lower form before it. */
static bool meet(vb_forms *f, vb_form *x) {
  if (x->lower->document != f->document && x->lower != x && !meet(f, x->lower)) return false;
  if (f->n == f->cap && !more_met(f)) return false;
  x->document = f->document;
  x->words = 0;
  x->id = (uint32_t)f->n;
  f->met[f->n++] = x;
  return true;
}

/* ---- making ------------------------------------------------------------------------------------------------- */

static size_t letter_end(vb_span s, size_t i) {
  do i++;
  while (i < s.n && ((unsigned char)s.p[i] & 0xC0) == 0x80);
  return i;
}

/* What capitals and figures it has, held against its lower form. */
static void look(vb_form *x) {
  vb_span s = x->text, l = x->lower->text;
  size_t letters = 0, capitals = 0;
  for (size_t i = 0, end; i < s.n; i = end, letters++) {
    end = letter_end(s, i);
    bool figure = s.p[i] >= '0' && s.p[i] <= '9', capital = memcmp(s.p + i, l.p + i, end - i) != 0;
    capitals += capital;
    x->figure = x->figure || figure;
    if (i == 0) x->capital = capital;
    else x->small = x->small || (!capital && !figure);
  }
  if (capitals > 1) x->lists |= VB_LIST_SHORT;
  if (x->figure) x->lists |= VB_LIST_FIGURE;
  if (capitals == letters) x->capitals = (uint16_t)(letters < UINT16_MAX ? letters : UINT16_MAX);
}

static vb_form *get(vb_forms *f, uint64_t key, vb_span spelling);

static bool fill(vb_forms *f, vb_form *x) {
  vb_span lower = vb_text_lower(f->a, x->text);
  if (lower.p == NULL) return false;
  bool same = lower.n != x->text.n || memcmp(lower.p, x->text.p, lower.n) == 0;
  x->lower = same ? x : get(f, key_of(lower, 0, lower.n), lower);
  if (x->lower == NULL) return false;
  x->syllable = same ? vb_registers_syllable(x->text) : x->lower->syllable;
  x->lists = same ? 0 : x->lower->lists;
  look(x);
  return true;
}

static vb_form *make(vb_forms *f, uint64_t key, vb_span spelling) {
  vb_form *x = VB_NEW(f->a, vb_form);
  if (x == NULL) return NULL;
  x->text = (vb_span){vb_arena_str(f->a, spelling.p, spelling.n), spelling.n};
  if (x->text.p == NULL || !fill(f, x) || (f->kept * 2 >= f->room && !more_room(f))) return NULL;
  *place_of(f, key, x->text) = (slot){key, x};
  f->kept++;
  return x;
}

static vb_form *get(vb_forms *f, uint64_t key, vb_span spelling) {
  vb_form *x = place_of(f, key, spelling)->form;
  return x != NULL ? x : make(f, key, spelling);
}

/* The long way, for a spelling that the document has not met, or of more than eight bytes. */
static vb_form *get_and_meet(vb_forms *f, vb_span text, size_t from, size_t to) {
  vb_form *x = get(f, key_of(text, from, to), (vb_span){text.p + from, to - from});
  return x != NULL && (x->document == f->document || meet(f, x)) ? x : NULL;
}

vb_form *vb_forms_get(vb_forms *f, vb_span text, size_t from, size_t to) {
  if (to - from <= 8) {
    uint64_t key = vb_span_eight(text, from, to);
    size_t i = first_place(f, key);
    while (f->slots[i].form != NULL && (f->slots[i].key != key || f->slots[i].form->text.n != to - from)) i = (i + 1) & (f->room - 1);
    vb_form *x = f->slots[i].form;
    if (x != NULL && x->document == f->document) return x;
  }
  return get_and_meet(f, text, from, to);
}

/* On lower forms alone: those with capitals are made later and take them over. */
bool vb_forms_list(vb_forms *f, const char *const *phrases, size_t n, uint32_t list) {
  for (size_t i = 0; i < n; i++) {
    size_t end = 0;
    while (phrases[i][end] != '\0' && vb_form_sign[(unsigned char)phrases[i][end]] == 0) end++;
    vb_span lower = vb_text_lower(f->a, (vb_span){phrases[i], end});
    vb_form *x = lower.p == NULL ? NULL : get(f, key_of(lower, 0, lower.n), lower);
    if (x == NULL) return false;
    x->lists |= list;
  }
  return true;
}
