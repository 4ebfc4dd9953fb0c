/* registers.h: what the rules on words know: a lexicon, abbreviations, terms, acts, days, words of other levels. Shared inside check.
 *
 * Phrases are runs of syllables, each a number (vb_text_syllable), found by the hash of their syllables from the first on. A run of figures is
 * the syllable VB_SYLLABLE_FIGURE, "#" in a register ("# tháng").
 *
 * Invariants
 *  1. Filled once, before the first document; read only from then on, but for the spellings (forms.h).
 *  2. Everything lives in the arena that vb_registers_new was given, but for the spellings.
 *  3. The later of two entries with one text stands: a job's own register speaks after the library's.
 */
#ifndef VB_CHECK_REGISTERS_H
#define VB_CHECK_REGISTERS_H

#include "check/check_int.h"

enum { VB_SYLLABLE_FIGURE = 1, VB_PHRASE_MAX = 10 };

typedef struct vb_phrase {
  struct vb_phrase *next;                /* with the same tones left out */
  uint64_t syllables[VB_PHRASE_MAX];
  uint8_t n;
  bool word;                             /* of the lexicon */
  const char *text;
  const vb_register_entry *term, *level; /* NULL: none */
} vb_phrase;

/* What begins with a syllable: a phrase of its own or the way to longer ones (NULL: neither), and whether one of three syllables or more does when
 * tones are left out. Looked up once for each syllable, for nearly all searches end here. */
typedef struct vb_opening { const vb_phrase *phrase; uint64_t hash; bool toneless; } vb_opening;

/* A word of lower case, figures included, as a syllable; 0 where it is none. */
uint64_t vb_registers_syllable(vb_span lower);
bool vb_syllable_near(uint64_t a, uint64_t b); /* they differ by a letter, a hat or the tone */
vb_opening vb_registers_opening(const vb_registers *r, uint64_t syllable);
/* The longest phrase that begins at syllables[0], whose opening is o; NULL: none. Zeros end the run. */
const vb_phrase *vb_registers_longest(const vb_registers *r, const vb_opening *o, const uint64_t *syllables, size_t n);
/* A syllable that stands alone as a word, that any phrase holds. */
bool vb_registers_single(const vb_registers *r, uint64_t syllable);
bool vb_registers_bound(const vb_registers *r, uint64_t syllable); /* one that stands in a word only */
bool vb_registers_known(const vb_registers *r, uint64_t syllable);
/* One that is said twice on purpose; one that nobody says twice. */
bool vb_registers_twice(const vb_registers *r, uint64_t syllable);
bool vb_registers_once(const vb_registers *r, uint64_t syllable);
/* The word of the lexicon that stands around syllables[at] but for that one, which differs by a letter, a hat or its tone: NULL when there is
 * none. *from: its first syllable. */
const vb_phrase *vb_registers_near(const vb_registers *r, const uint64_t *syllables, size_t n, size_t at, size_t *from);
/* The word of three syllables or more at syllables[0] that differs in tones alone, of two syllables at least. Only where the opening says so. */
const vb_phrase *vb_registers_toneless(const vb_registers *r, const uint64_t *syllables, size_t n);
/* The letters of an abbreviation without what parts them: "PA,KN" → "PAKN"; in a. .p NULL: no memory. */
vb_span vb_registers_letters(vb_arena *a, vb_span text);
/* Abbreviation by its letters alone ("CBCC" of "CB,CC"); NULL when unknown. */
const vb_register_entry *vb_registers_short(const vb_registers *r, vb_span letters);
/* The next behind `after` (NULL: the first) that differs in one letter; NULL when there is none. */
const vb_register_entry *vb_registers_short_near(const vb_registers *r, vb_span letters, const vb_register_entry *after);
const vb_register_entry *vb_registers_act(const vb_registers *r, vb_span symbol);
/* The day off that holds this date; NULL: none. */
const vb_register_entry *vb_registers_day(const vb_registers *r, vb_date date);
/* The spellings that documents had so far; NULL: no memory. */
struct vb_forms *vb_registers_forms(vb_registers *r);
/* Whether an entry holds on a date; year 0: only where it has no bounds. */
bool vb_register_holds(const vb_register_entry *e, vb_date date);

#endif
