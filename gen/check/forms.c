/* forms.c: the spellings of a document. For gen/check alone. */
#include <string.h>

#include "check/forms.h"

struct vb_forms { vb_arena *a; vb_map *map; vb_form **by_id; size_t cap, n; };

#define SIGNS_8 1, 1, 1, 1, 1, 1, 1, 1
#define SIGNS_16 SIGNS_8, SIGNS_8
const uint8_t vb_form_sign[256] = {SIGNS_16, SIGNS_16, SIGNS_16,
  [':'] = 1, [';'] = 1, ['<'] = 1, ['='] = 1, ['>'] = 1, ['?'] = 1, ['@'] = 1, ['['] = 1, ['\\'] = 1, [']'] = 1, ['^'] = 1, ['_'] = 1, ['`'] = 1, ['{'] = 1, ['|'] = 1, ['}'] = 1, ['~'] = 1, [0x7F] = 1,
  [0xC2] = 2, [0xE2] = 3};

vb_forms *vb_forms_new(vb_arena *a) {
  vb_forms *f = VB_NEW(a, vb_forms);
  vb_map *map = f == NULL ? NULL : vb_map_new();
  if (map == NULL) return NULL;
  *f = (vb_forms){.a = a, .map = map};
  return f;
}

void vb_forms_free(vb_forms *f) {
  if (f != NULL) vb_map_free(f->map);
}

size_t vb_forms_count(const vb_forms *f) { return f->n; }
const vb_form *vb_forms_at(const vb_forms *f, size_t id) { return f->by_id[id]; }

static bool grow(vb_forms *f) {
  size_t cap = f->cap == 0 ? 2048 : f->cap * 2; /* more than most documents need */
  vb_form **by_id = VB_NEW_ARRAY(f->a, vb_form *, cap);
  if (by_id == NULL) return false;
  if (f->n > 0) memcpy(by_id, f->by_id, f->n * sizeof *by_id);
  f->by_id = by_id;
  f->cap = cap;
  return true;
}

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
  if (capitals == letters) x->capitals = (uint16_t)(letters < UINT16_MAX ? letters : UINT16_MAX);
}

static bool make(vb_forms *f, vb_form *x) {
  vb_span lower = vb_text_lower(f->a, x->text);
  if (lower.p == NULL) return false;
  bool same = lower.n != x->text.n || memcmp(lower.p, x->text.p, lower.n) == 0;
  x->lower = same ? x : vb_forms_get(f, lower);
  if (x->lower == NULL || (f->n == f->cap && !grow(f))) return false;
  x->syllable = same ? vb_registers_syllable(x->text) : x->lower->syllable;
  x->lists = same ? 0 : x->lower->lists;
  look(x);
  x->id = (uint32_t)f->n;
  f->by_id[f->n++] = x;
  return vb_map_put(f->map, x->text, x);
}

vb_form *vb_forms_get(vb_forms *f, vb_span spelling) {
  vb_form *x = vb_map_get(f->map, spelling);
  if (x != NULL) return x;
  x = VB_NEW(f->a, vb_form);
  if (x == NULL) return NULL;
  x->text = (vb_span){vb_arena_str(f->a, spelling.p, spelling.n), spelling.n};
  return x->text.p != NULL && make(f, x) ? x : NULL;
}

/* On lower forms alone: those with capitals are made later and take them over. */
bool vb_forms_list(vb_forms *f, const char *const *phrases, size_t n, uint32_t list) {
  for (size_t i = 0; i < n; i++) {
    size_t end = 0;
    while (phrases[i][end] != '\0' && vb_form_sign[(unsigned char)phrases[i][end]] == 0) end++;
    vb_span lower = vb_text_lower(f->a, (vb_span){phrases[i], end});
    vb_form *x = lower.p == NULL ? NULL : vb_forms_get(f, lower);
    if (x == NULL) return false;
    x->lists |= list;
  }
  return true;
}
