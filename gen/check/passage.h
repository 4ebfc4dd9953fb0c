/* passage.h: a run of text of a document as the rules on words see it. Shared inside check. */
#ifndef VB_CHECK_PASSAGE_H
#define VB_CHECK_PASSAGE_H

#include <string.h>

#include "check/registers.h"

/* A word of a passage: letters and figures from `from` to `to`. */
typedef struct vb_word {
  uint32_t from, to;
  uint64_t syllable; /* vb_registers_syllable; 0: none */
  bool joined;       /* only spaces part it from the word before */
  bool capital;      /* its first letter is one */
} vb_word;
/* A paragraph, or all of a table cell. regions holds a byte of VB_REGION_… a byte of text; lower is the text in lower case, byte by byte. */
typedef struct vb_passage {
  struct vb_passage *next;
  vb_span text, lower;
  uint8_t *regions;
  vb_word *words; size_t n_words;
  vb_place at;
  bool appendix;
} vb_passage;

typedef struct vb_reading {
  vb_diag *d;
  vb_store *s;
  const vb_registers *words; /* NULL: none */
  const vb_doc *doc;
  vb_arena *a;
  vb_passage *first, **end;
  bool has_appendix;
  vb_place appendix_at;
  vb_status worst;
} vb_reading;

/* Collects the passages of r->doc but for letterhead and sign-off, in reading order. Rows of streamed tables are not read. */
vb_status vb_passages_read(vb_reading *r);

/* Whether a rule looks at this byte of a passage on the document's date. */
bool vb_passage_open(const vb_reading *r, const vb_passage *p, vb_check_id id, size_t offset);
/* Posts a finding at a passage, about the slot that it comes from, unless the region or date excludes it. {0} is the text from `from` to
 * `to`, widened by `around` characters; arg is {1} or NULL. */
typedef struct vb_extract { size_t from, to; int around; } vb_extract;
void vb_passage_find(vb_reading *r, const vb_passage *p, vb_check_id id, vb_severity severity, vb_extract x, const char *arg);
/* Offset of the next `needle` at or behind `from`; text.n when there is none. */
size_t vb_passage_seek(vb_span text, const char *needle, size_t from);
/* A word's letters or digits begin or go on at this byte. */
bool vb_passage_in_word(vb_span text, size_t offset);
/* Digits at offset: how many, at most `most`; *value theirs. */
size_t vb_passage_digits(vb_span text, size_t offset, size_t most, int *value);

/* The slot that a text file fills, by the name of the file; NULL for words of a template or table. */
const char *vb_passage_slot(vb_arena *a, vb_place at);

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

#endif
