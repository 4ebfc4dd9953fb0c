/* passage.h: a document read once into words, as the rules on words see it. Shared inside check.
 *
 * A document is a list of passages, a passage a run of words, a word a place and a form (forms.h). Rules walk words and the gaps between them and
 * look into the letters only where a form, its lists or a sign say that there may be something: most passages have nothing for most rules.
 *
 * Invariants
 *  1. lower and regions have a byte for each byte of text; words differ from their lower case in letters only, byte by byte.
 *  2. Words stand in order; each letter and figure is in one word, and each sign (vb_form_sign) in the gap before or behind one.
 *  3. signs has the bit of every ASCII sign that stands in a gap, and VB_SIGN_WIDE where another does; lists is what the forms of all words have.
 *     A rule that sees neither its list nor its sign there has nothing to look for.
 */
#ifndef VB_CHECK_PASSAGE_H
#define VB_CHECK_PASSAGE_H

#include <string.h>

#include "check/forms.h"

typedef struct vb_word {
  uint32_t from, to; /* bytes of the text */
  vb_form *form;
  bool joined;       /* only spaces part it from the word before */
} vb_word;
/* A paragraph, or all of a table cell. regions holds a byte of VB_REGION_… a byte of text. */
typedef struct vb_passage {
  struct vb_passage *next;
  vb_span text, lower;
  uint8_t *regions;
  vb_word *words; size_t n_words;
  uint64_t signs;
  uint32_t lists;
  vb_place at;
  const vb_node *node; /* PARA or CELL */
  const char *slot; /* that the text file fills which it comes from; NULL for words of a template or table */
  bool appendix;
} vb_passage;

/* The bit of an ASCII sign in vb_passage.signs; of any other. (The bits of letters and figures are free: they are no signs.) */
#define VB_SIGN(c) (UINT64_C(1) << ((c) & 63))
#define VB_SIGN_WIDE VB_SIGN('0')

typedef struct vb_reading {
  vb_diag *d;
  vb_store *s;
  const vb_registers *words; /* NULL: none */
  const vb_doc *doc;
  vb_arena *a;
  vb_forms *forms;
  vb_word *room; size_t cap; /* words that were just read */
  vb_passage *first, **end;
  bool has_appendix;
  vb_place appendix_at;
  size_t asked; /* how often a rule had something to tell, or had to look at more than letters */
  vb_status worst;
} vb_reading;

/* Collects the passages of r->doc but for letterhead and sign-off, in reading order. Rows of streamed tables are not read. All lists are named. */
vb_status vb_passages_read(vb_reading *r);
/* The words of a text, of a passage or not (a label), with one of no form behind them, until the next are read; and its signs. NULL: no memory. */
const vb_word *vb_words_read(vb_reading *r, vb_span text, size_t *n, uint64_t *signs);

/* Whether a rule looks at this byte of a passage. */
bool vb_passage_open(const vb_passage *p, vb_check_id id, size_t offset);
/* Posts a finding at a passage, about the slot that it comes from, unless the region excludes it. {0} is the text from `from` to
 * `to`, widened by `around` characters; arg is {1} or NULL. */
typedef struct vb_extract { size_t from, to; int around; } vb_extract;
void vb_passage_find(vb_reading *r, const vb_passage *p, vb_check_id id, vb_severity severity, vb_extract x, const char *arg);
/* Says that a document holds more than `most` of what m is about, and that nothing from this passage on is compared. */
void vb_passage_beyond(vb_reading *r, const vb_passage *p, vb_msg m, uint32_t most);
/* Offset of the next `needle` at or behind `from`; text.n when there is none. */
size_t vb_passage_seek(vb_span text, const char *needle, size_t from);
/* Whether one of the words, which NULL ends, stands in the last `within` bytes before `at`. */
bool vb_passage_said_before(vb_span text, size_t at, size_t within, const char *const *words);
/* The end of the sentence that begins at `from`: ";", a line's end, or a full stop with a space or nothing behind it; else the end of the text. */
size_t vb_passage_stop(vb_span text, size_t from);
/* The same for a sentence of a passage that `ends` knows the end of (asked at each ".", ";" and line's end), without a look into its words: *first is its
 * first word, and then the one behind its last. */
size_t vb_sentence_end(const vb_passage *p, size_t from, const vb_word **first, bool (*ends)(vb_span t, size_t i));
bool vb_stop_ends(vb_span text, size_t offset); /* as vb_passage_stop has it */
/* A word's letters or digits begin or go on at this byte. */
bool vb_passage_in_word(vb_span text, size_t offset);
/* Digits at offset: how many, at most `most`; *value theirs. */
size_t vb_passage_digits(vb_span text, size_t offset, size_t most, int *value);

/* The lists of each file; false: no memory. */
bool vb_lists_of_passages(vb_forms *f);
bool vb_lists_of_names(vb_forms *f);
bool vb_lists_of_cites(vb_forms *f);
bool vb_lists_of_dates(vb_forms *f);
bool vb_lists_of_acts(vb_forms *f);
bool vb_lists_of_sentences(vb_forms *f);
bool vb_lists_of_capitals(vb_forms *f);
bool vb_lists_of_bags(vb_forms *f); /* bag.c */

void vb_check_words(vb_reading *r, const vb_passage *p); /* words.c */
void vb_check_pairs(vb_reading *r, const vb_passage *p);
void vb_check_spelling(vb_reading *r, const vb_passage *p); /* spelling.c */
void vb_check_places(vb_reading *r, const vb_passage *p); /* names.c */
vb_status vb_check_offices(vb_reading *r);
void vb_check_spaces(vb_reading *r, const vb_passage *p);
void vb_check_cites(vb_reading *r, const vb_passage *p); /* cites.c */
void vb_check_traces(vb_reading *r, const vb_passage *p);
void vb_check_attached(vb_reading *r);
void vb_check_unwritten(vb_reading *r); /* unwritten.c */
void vb_check_dates(vb_reading *r, const vb_passage *p); /* dates.c */
vb_status vb_check_day(vb_reading *r);
void vb_check_years(vb_reading *r, const vb_passage *p);
void vb_check_later(vb_reading *r, const vb_passage *p);
vb_status vb_check_short_forms(vb_reading *r); /* shorts.c */
vb_status vb_check_targets(vb_reading *r);     /* targets.c */
void vb_check_counts(vb_reading *r, const vb_passage *p); /* figures.c */
vb_status vb_check_literals(vb_reading *r);
vb_status vb_check_acts(vb_reading *r);      /* acts.c */
vb_status vb_check_sentences(vb_reading *r); /* sentences.c */
vb_status vb_check_capitals(vb_reading *r);  /* capitals.c */

/* Whether this stands at a byte of a text; whether a digit does. Behind the end nothing stands. */
static inline bool vb_passage_at(vb_span t, size_t i, const char *s) { return i + strlen(s) <= t.n && memcmp(t.p + i, s, strlen(s)) == 0; }
static inline bool vb_passage_is_digit(vb_span t, size_t i) { return i < t.n && t.p[i] >= '0' && t.p[i] <= '9'; }
/* Where the gap before the k-th word begins and ends; with k = n_words, the one behind the last. */
static inline size_t vb_gap_from(const vb_passage *p, size_t k) { return k == 0 ? 0 : p->words[k - 1].to; }
static inline size_t vb_gap_to(const vb_passage *p, size_t k) { return k == p->n_words ? p->text.n : p->words[k].from; }
/* Just a space parts the word from the next. */
static inline bool vb_word_next(const vb_passage *p, const vb_word *w) { return w[1].from == w->to + 1 && p->text.p[w->to] == ' '; }
/* The first letter of the text from this byte on is a digit: w begins with one. */
static inline bool vb_word_digit(const vb_passage *p, const vb_word *w) { return w->form->figure && p->text.p[w->from] >= '0' && p->text.p[w->from] <= '9'; }

#endif
