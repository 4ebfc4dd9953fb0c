/* registers.c: what is known of words, abbreviations, acts and days, found by hash. For gen/check but for the three public calls. */
#include <string.h>

#include "check/forms.h"

typedef struct table { uint64_t *keys; void **values; size_t cap, n; } table; /* open addressing; key 0 is an empty place */
typedef struct near_entry { struct near_entry *next; const vb_phrase *phrase; uint8_t at; } near_entry;
typedef struct listed { struct listed *next; const vb_register_entry *entry; vb_span letters; } listed;

struct vb_registers {
  vb_arena *a;
  table phrases;   /* hash of the first syllables → vb_phrase, or `prefix` */
  table syllables; /* → single, bound or known */
  table doubles;   /* syllable → twice or once */
  table near;      /* syllable beside the one that differs, and its side → near_entry */
  table toneless;  /* hash without tones, of the first syllables → vb_phrase, or `prefix` */
  table shorts, acts; /* hash of the letters → listed */
  listed *short_list, *days;
  struct vb_forms *forms; /* NULL: no document yet */
};

static vb_phrase prefix; /* of a longer phrase, none itself */
static const char single = 1, bound = 2, known = 3, twice = 4, once = 5;

static uint64_t mix(uint64_t h, uint64_t x) {
  h = (h ^ x) * UINT64_C(0x9E3779B97F4A7C15);
  return h ^ (h >> 29);
}

static uint64_t hash_text(vb_span s) {
  uint64_t h = UINT64_C(0xCBF29CE484222325);
  for (size_t i = 0; i < s.n; i++) h = (h ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001B3);
  return h == 0 ? 1 : h;
}

static void *get(const table *t, uint64_t key) {
  if (t->cap == 0) return NULL;
  for (size_t i = (size_t)(mix(0, key) & (t->cap - 1)); t->keys[i] != 0; i = (i + 1) & (t->cap - 1))
    if (t->keys[i] == key) return t->values[i];
  return NULL;
}

static void set(table *t, uint64_t key, void *value) {
  size_t i = (size_t)(mix(0, key) & (t->cap - 1));
  while (t->keys[i] != 0 && t->keys[i] != key) i = (i + 1) & (t->cap - 1);
  t->n += t->keys[i] == 0;
  t->keys[i] = key;
  t->values[i] = value;
}

static bool put(vb_registers *r, table *t, uint64_t key, const void *value) {
  if (t->n * 2 >= t->cap) {
    table more = {NULL, NULL, t->cap == 0 ? 1024 : t->cap * 2, 0};
    more.keys = VB_NEW_ARRAY(r->a, uint64_t, more.cap);
    more.values = VB_NEW_ARRAY(r->a, void *, more.cap);
    if (more.keys == NULL || more.values == NULL) return false;
    for (size_t i = 0; i < t->cap; i++)
      if (t->keys[i] != 0) set(&more, t->keys[i], t->values[i]);
    *t = more;
  }
  set(t, key, (void *)(uintptr_t)value);
  return true;
}

vb_registers *vb_registers_new(vb_arena *a) {
  vb_registers *r = VB_NEW(a, vb_registers);
  if (r != NULL) r->a = a;
  return r;
}

void vb_registers_free(vb_registers *r) {
  if (r != NULL) vb_forms_free(r->forms);
}

vb_forms *vb_registers_forms(vb_registers *r) {
  if (r->forms == NULL) r->forms = vb_forms_new();
  return r->forms;
}

/* ---- phrases ------------------------------------------------------------------------------------------------ */

enum { TONES = 56, BEFORE = 0x5A, AFTER = 0xA5 };

static uint64_t bare(uint64_t syllable) { return syllable & ~(UINT64_C(0xFF) << TONES); }

/* Syllables of a text in lower case, parted by spaces. Of a figure the digits count: “mức độ 3” is not “mức độ 4”. */
static bool read_syllables(vb_span t, vb_phrase *p) {
  size_t i = 0;
  while (i < t.n) {
    size_t from = i;
    while (i < t.n && t.p[i] != ' ') i++;
    uint64_t s = vb_registers_syllable((vb_span){t.p + from, i - from});
    if (s == 0 || p->n == VB_PHRASE_MAX) return false;
    p->syllables[p->n++] = s;
    i += i < t.n;
  }
  return p->n > 0;
}

uint64_t vb_registers_syllable(vb_span lower) {
  uint64_t figure = 0;
  if (lower.n == 1 && lower.p[0] == '#') return VB_SYLLABLE_FIGURE;
  for (size_t i = 0; i < lower.n; i++) {
    if (lower.p[i] < '0' || lower.p[i] > '9') return vb_text_syllable(lower);
    figure = figure * 10 + (uint64_t)(lower.p[i] - '0');
  }
  return lower.n == 0 ? 0 : lower.n > 4 ? VB_SYLLABLE_FIGURE : UINT64_C(0xFF) << TONES | (figure + 1) << 8 | VB_SYLLABLE_FIGURE;
}

static bool is_figure(uint64_t syllable) { return (syllable & 0xFF) == VB_SYLLABLE_FIGURE; }

static vb_status add_near(vb_registers *r, const vb_phrase *p) {
  for (uint8_t k = 0; k < p->n && p->n > 1; k++) {
    if (is_figure(p->syllables[k])) continue;
    uint64_t key = k > 0 ? mix(AFTER, p->syllables[k - 1]) : mix(BEFORE, p->syllables[1]);
    near_entry *e = VB_NEW(r->a, near_entry);
    if (e == NULL) return VB_NOMEM;
    *e = (near_entry){get(&r->near, key), p, k};
    if (!put(r, &r->near, key, e)) return VB_NOMEM;
  }
  return VB_OK;
}

static vb_status add_toneless(vb_registers *r, vb_phrase *p) {
  uint64_t h = 0;
  for (uint8_t i = 0; i < p->n; i++) {
    h = mix(h, bare(p->syllables[i]));
    if (i + 1 < p->n && get(&r->toneless, h) == NULL && !put(r, &r->toneless, h, &prefix)) return VB_NOMEM;
  }
  vb_phrase *others = get(&r->toneless, h);
  p->next = others == &prefix ? NULL : others;
  return put(r, &r->toneless, h, p) ? VB_OK : VB_NOMEM;
}

static vb_status add_phrase(vb_registers *r, const vb_register_entry *e) {
  vb_phrase read = {.n = 0};
  vb_span lower = vb_text_lower(r->a, vb_span_of(e->text));
  if (lower.p == NULL) return VB_NOMEM;
  if (!read_syllables(lower, &read)) return VB_BAD;
  uint64_t h = 0;
  for (uint8_t i = 0; i + 1 < read.n; i++) {
    h = mix(h, read.syllables[i]);
    if (get(&r->phrases, h) == NULL && !put(r, &r->phrases, h, &prefix)) return VB_NOMEM;
  }
  h = mix(h, read.syllables[read.n - 1]);
  vb_phrase *p = get(&r->phrases, h);
  if (p == NULL || p == &prefix) {
    p = VB_NEW(r->a, vb_phrase);
    if (p == NULL) return VB_NOMEM;
    *p = read;
    p->text = e->text;
    if (!put(r, &r->phrases, h, p)) return VB_NOMEM;
  }
  if (e->kind == VB_REG_TERM) p->term = e;
  if (e->kind == VB_REG_LEVEL) p->level = e;
  if (e->kind != VB_REG_WORD || p->word) return VB_OK;
  p->word = true;
  for (uint8_t i = 0; i < p->n; i++)
    if (get(&r->syllables, p->syllables[i]) == NULL && !put(r, &r->syllables, p->syllables[i], &known)) return VB_NOMEM;
  vb_status s = add_near(r, p);
  return s == VB_OK && p->n > 2 ? add_toneless(r, p) : s;
}

/* The phrase or prefix of what has the hash *h and one syllable more. */
static const vb_phrase *step(const vb_registers *r, uint64_t *h, uint64_t syllable) {
  uint64_t before = *h;
  *h = mix(before, syllable);
  const vb_phrase *p = get(&r->phrases, *h);
  if (p != NULL || !is_figure(syllable)) return p;
  *h = mix(before, VB_SYLLABLE_FIGURE); /* no such figure is named: any */
  return get(&r->phrases, *h);
}

vb_opening vb_registers_opening(const vb_registers *r, uint64_t syllable) {
  vb_opening o = {NULL, 0, false};
  if (syllable == 0) return o;
  o.phrase = step(r, &o.hash, syllable);
  o.toneless = get(&r->toneless, mix(0, bare(syllable))) != NULL;
  return o;
}

const vb_phrase *vb_registers_longest(const vb_registers *r, const vb_opening *o, const uint64_t *syllables, size_t n) {
  const vb_phrase *best = NULL, *p = o->phrase;
  uint64_t h = o->hash;
  for (size_t i = 1; p != NULL; i++) {
    if (p != &prefix) best = p;
    p = i < n && i < VB_PHRASE_MAX && syllables[i] != 0 ? step(r, &h, syllables[i]) : NULL;
  }
  return best;
}

bool vb_registers_single(const vb_registers *r, uint64_t syllable) { return get(&r->syllables, syllable) == &single; }
bool vb_registers_bound(const vb_registers *r, uint64_t syllable) { return get(&r->syllables, syllable) == &bound; }
bool vb_registers_known(const vb_registers *r, uint64_t syllable) { return get(&r->syllables, syllable) != NULL; }
bool vb_registers_twice(const vb_registers *r, uint64_t syllable) { return get(&r->doubles, syllable) == &twice; }
bool vb_registers_once(const vb_registers *r, uint64_t syllable) { return get(&r->doubles, syllable) == &once; }

/* One byte differs: a letter, its hat, or the tone; or one letter more, the tone alike. */
bool vb_syllable_near(uint64_t a, uint64_t b) {
  uint64_t x = a ^ b;
  if (x == 0) return false;
  int first = __builtin_ctzll(x) & ~7, last = (63 - __builtin_clzll(x)) & ~7;
  if (first == last) return first == TONES || (((a >> first) & 0xFF) != 0 && ((b >> first) & 0xFF) != 0) || (first > 0 && last < TONES);
  if (last == TONES) return false;
  uint64_t low = (UINT64_C(1) << first) - 1, letters = (UINT64_C(1) << TONES) - 1, c = a & letters, d = b & letters;
  return ((c & low) | ((c >> 8) & ~low)) == d || ((d & low) | ((d >> 8) & ~low)) == c;
}

static bool stands(const vb_phrase *p, const uint64_t *syllables, size_t except) {
  for (size_t i = 0; i < p->n; i++)
    if (i != except && p->syllables[i] != syllables[i] && !(p->syllables[i] == VB_SYLLABLE_FIGURE && is_figure(syllables[i]))) return false;
  return true;
}

static const vb_phrase *search(const vb_registers *r, uint64_t key, const uint64_t *syllables, size_t n, size_t at, size_t *from) {
  const vb_phrase *best = NULL;
  for (const near_entry *e = get(&r->near, key); e != NULL; e = e->next) {
    if (e->at > at || at - e->at + e->phrase->n > n || !vb_syllable_near(e->phrase->syllables[e->at], syllables[at])) continue;
    if ((best != NULL && e->phrase->n <= best->n) || !stands(e->phrase, syllables + (at - e->at), e->at)) continue;
    best = e->phrase;
    *from = at - e->at;
  }
  return best;
}

const vb_phrase *vb_registers_near(const vb_registers *r, const uint64_t *syllables, size_t n, size_t at, size_t *from) {
  const vb_phrase *p = NULL;
  if (at > 0 && is_figure(syllables[at - 1]) && !vb_registers_known(r, syllables[at])) p = search(r, mix(AFTER, VB_SYLLABLE_FIGURE), syllables, n, at, from);
  if (p == NULL && at > 0) p = search(r, mix(AFTER, syllables[at - 1]), syllables, n, at, from);
  return p != NULL || at + 1 >= n ? p : search(r, mix(BEFORE, syllables[at + 1]), syllables, n, at, from);
}

const vb_phrase *vb_registers_toneless(const vb_registers *r, const uint64_t *syllables, size_t n) {
  uint64_t h = mix(0, bare(syllables[0]));
  for (size_t i = 1; i < n && i < VB_PHRASE_MAX && syllables[i] != 0; i++) {
    h = mix(h, bare(syllables[i]));
    const vb_phrase *p = get(&r->toneless, h);
    if (p == NULL) return NULL;
    for (p = p == &prefix ? NULL : p; p != NULL; p = p->next) {
      size_t differ = 0;
      for (size_t k = 0; k < p->n && p->n == i + 1; k++) differ += p->syllables[k] != syllables[k];
      if (differ > 1) return p;
    }
  }
  return NULL;
}

/* ---- abbreviations, acts, days ------------------------------------------------------------------------------ */

const vb_register_entry *vb_registers_short(const vb_registers *r, vb_span letters) {
  const listed *l = get(&r->shorts, hash_text(letters));
  return l != NULL && vb_span_eq(l->letters, letters) ? l->entry : NULL;
}

/* Characters that differ, of two texts of as many; 2 where there are more, or not as many. */
static int letters_apart(vb_span a, vb_span b) {
  int n = 0;
  const char *p = a.p, *q = b.p;
  while (p < a.p + a.n && q < b.p + b.n && n < 2) n += vb_utf8_next(&p, a.p + a.n) != vb_utf8_next(&q, b.p + b.n);
  return p < a.p + a.n || q < b.p + b.n ? 2 : n;
}

const vb_register_entry *vb_registers_short_near(const vb_registers *r, vb_span letters, const vb_register_entry *after) {
  bool past = after == NULL;
  for (const listed *l = r->short_list; l != NULL; l = l->next) {
    if (past && letters_apart(l->letters, letters) == 1) return l->entry;
    past = past || l->entry == after;
  }
  return NULL;
}

const vb_register_entry *vb_registers_act(const vb_registers *r, vb_span symbol) {
  const listed *l = get(&r->acts, hash_text(symbol));
  return l != NULL && vb_span_eq(l->letters, symbol) ? l->entry : NULL;
}

bool vb_register_holds(const vb_register_entry *e, vb_date date) {
  if (date.year == 0) return e->since.year == 0 && e->until.year == 0;
  return (e->since.year == 0 || vb_date_cmp(date, e->since) >= 0) && (e->until.year == 0 || vb_date_cmp(date, e->until) <= 0);
}

const vb_register_entry *vb_registers_day(const vb_registers *r, vb_date date) {
  for (const listed *l = r->days; l != NULL; l = l->next)
    if (vb_register_holds(l->entry, date)) return l->entry;
  return NULL;
}

/* The letters of an abbreviation: "PA,KN", "CB, CC" and "TN-TKQ" without what parts them. */
vb_span vb_registers_letters(vb_arena *a, vb_span text) {
  char *out = vb_arena_str(a, text.p, text.n);
  size_t n = 0;
  if (out == NULL) return (vb_span){NULL, 0};
  for (size_t i = 0; i < text.n; i++)
    if (strchr(",.&-/ ", text.p[i]) == NULL) out[n++] = text.p[i];
  return (vb_span){out, n};
}

static vb_status add_listed(vb_registers *r, const vb_register_entry *e) {
  listed *l = VB_NEW(r->a, listed);
  if (l == NULL) return VB_NOMEM;
  bool is_short = e->kind == VB_REG_SHORT;
  *l = (listed){NULL, e, is_short ? vb_registers_letters(r->a, vb_span_of(e->text)) : vb_span_of(e->text)};
  if (l->letters.p == NULL) return VB_NOMEM;
  if (e->kind == VB_REG_DAY) {
    l->next = r->days;
    r->days = l;
    return VB_OK;
  }
  if (is_short) {
    l->next = r->short_list;
    r->short_list = l;
  }
  return put(r, is_short ? &r->shorts : &r->acts, hash_text(l->letters), l) ? VB_OK : VB_NOMEM;
}

/* What is known of a syllable by itself; NULL: the entry is about more. */
static const char *of_syllable(vb_register_kind kind) {
  switch (kind) {
    case VB_REG_SINGLE: return &single;
    case VB_REG_BOUND: return &bound;
    case VB_REG_TWICE: return &twice;
    case VB_REG_ONCE: return &once;
    default: return NULL;
  }
}

static vb_status add_syllable(vb_registers *r, const char *text, const char *is) {
  uint64_t s = vb_registers_syllable(vb_span_of(text));
  if (s == 0) return VB_BAD;
  return put(r, is == &twice || is == &once ? &r->doubles : &r->syllables, s, is) ? VB_OK : VB_NOMEM;
}

vb_status vb_registers_add(vb_registers *r, const vb_register_entry *e) {
  const char *is = of_syllable(e->kind);
  if (is != NULL) return add_syllable(r, e->text, is);
  vb_register_entry *own = vb_arena_copy(r->a, e, sizeof *e);
  if (own == NULL) return VB_NOMEM;
  return e->kind == VB_REG_WORD || e->kind == VB_REG_TERM || e->kind == VB_REG_LEVEL ? add_phrase(r, own) : add_listed(r, own);
}
