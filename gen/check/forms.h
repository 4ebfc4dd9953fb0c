/* forms.h: the spellings of words, each looked at once. Shared inside check.
 *
 * A report of ten thousand words has some thousand spellings, and the next report has nearly the same. A form is one spelling (“Quyết”, “quyết” and “QUYẾT” are three) and holds what
 * rules ask of a word by its letters alone: a word of a passage is a place and a form. Phrases that rules look for are found by their first
 * word: a rule names its lists before anything is read, and from then on the forms tell at which words there is something to compare.
 *
 * Invariants
 *  1. One spelling, one form: two words are spelt alike exactly where their forms are the same pointer.
 *  2. lower is the form of the same word in lower case, itself where nothing changes, and where that had more or fewer bytes (letters that are
 *     not Vietnamese). So two words are the same but for capitals exactly where their lower forms are the same pointer.
 *  3. lists is complete from the first form read: all lists are named before, and each form takes over what its lower form has.
 *  4. Forms are kept from document to document, up to VB_SPELLINGS_MAX. What is kept follows from the letters and the registers alone; id and
 *     words are one document's, so that what a document is told does not hang on those before it.
 *  5. What a rule finds out about a form beyond this it keeps by id (0 … n - 1, in the order in which the document met them), or in a field that
 *     is its alone.
 */
#ifndef VB_CHECK_FORMS_H
#define VB_CHECK_FORMS_H

#include "check/registers.h"

/* A list of phrases. A form has its bit where one of its phrases begins with this word, capitals or not. */
enum {
  VB_LIST_CITED = 1u << 0,    /* types of acts that open a citation (passage.c) */
  VB_LIST_TYPE = 1u << 1,     /* types of acts (cites.c) */
  VB_LIST_ATTACHED = 1u << 2, /* words for an appendix, or what is enclosed */
  VB_LIST_ACT = 1u << 3,      /* types of acts (acts.c) */
  VB_LIST_LAW = 1u << 4,
  VB_LIST_PLACE = 1u << 5,    /* kinds of units (names.c) */
  VB_LIST_DAY = 1u << 6,      /* “ngày” (dates.c) */
  VB_LIST_OPENS = 1u << 7,    /* words that open what may be half a sentence (sentences.c) */
  VB_LIST_BETWEEN = 1u << 8,
  VB_LIST_TO_DAY = 1u << 9,  /* words that a day stands behind */
  VB_LIST_HALF = 1u << 10,    /* “không những” */
  VB_LIST_YEARLY = 1u << 11,
  VB_LIST_UP_TO = 1u << 12,   /* “tính đến” */
  VB_LIST_BODY = 1u << 13,    /* names of bodies (capitals.c) */
  VB_LIST_PEOPLE = 1u << 14,
  VB_LIST_CLAUSE = 1u << 15,  /* Luật, Khoản, điều */
  VB_LIST_IDLE = 1u << 16,    /* words of no weight (bag.c) */
  VB_LIST_USUAL = 1u << 17,   /* abbreviations that count as their words */
  VB_LIST_DENIES = 1u << 18,
  VB_LIST_FIGURE = 1u << 30,  /* there is a figure in it */
  VB_LIST_SHORT = 1u << 31    /* it has capitals and may be an abbreviation */
};

typedef struct vb_form {
  vb_span text;
  struct vb_form *lower;
  uint64_t syllable;       /* vb_registers_syllable; 0: none */
  vb_opening opening;      /* of the syllable, where `asked` */
  uint32_t id, lists;
  uint32_t words;          /* of the document that are spelt so */
  uint32_t document;       /* that id and words are of */
  uint16_t capitals;       /* letters, where all are capitals and there are figures neither; else 0 */
  bool capital;            /* its first letter is one */
  bool small;              /* one behind the first is not */
  bool figure;             /* there is a figure in it */
  bool asked;              /* spelling.c: opening and spelt are known */
  uint8_t spelt;           /* spelling.c: what is known of the lower form alone */
  uint8_t style;           /* sentences.c: of its tone mark; 0: not asked yet */
} vb_form;

typedef struct vb_forms vb_forms;
vb_forms *vb_forms_new(void); /* NULL: no memory */
void vb_forms_free(vb_forms *f); /* NULL is fine */
/* Begins with a document. Forms that are too many by now are dropped before, and `name` names the phrases of the lists where there are none. false:
 * no memory, now or then. */
bool vb_forms_begin(vb_forms *f, bool (*name)(vb_forms *f));
/* Names the phrases of a list; true where there was memory. Only from `name`. */
bool vb_forms_list(vb_forms *f, const char *const *phrases, size_t n, uint32_t list);
#define VB_FORMS_LIST(f, phrases, list) vb_forms_list((f), (phrases), sizeof(phrases) / sizeof((phrases)[0]), (list))
/* The form of what stands from one byte of a text to before another, made where there is none yet; the text is copied. NULL: no memory. */
vb_form *vb_forms_get(vb_forms *f, vb_span text, size_t from, size_t to);
/* Texts that nothing was found in by rules that look at letters alone, and the way to note one; false: no memory. */
bool vb_forms_fine(const vb_forms *f, vb_span text);
bool vb_forms_note_fine(vb_forms *f, vb_span text);
/* Those that the document has met so far. */
size_t vb_forms_count(const vb_forms *f);
vb_form *vb_forms_at(const vb_forms *f, size_t id);

/* How many bytes the sign at p has, which is no letter or figure; 0 where it is one. No word goes over these: ASCII signs, and the characters
 * that UTF-8 begins with E2 (dashes, quotation marks, …) and C2 (the no-break space, §, °). */
extern const uint8_t vb_form_sign[256];

#endif
