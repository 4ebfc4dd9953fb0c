/* bag.h: what a piece of text speaks of, as a set of words that weigh by how rare they are. Shared inside check.
 *
 * Words are lower forms without those that every sentence has; usual abbreviations count as what they stand for. Two texts are
 * alike as far as the words of the shorter one stand in the other, by weight: a likeness, not a proof, so no finding from it is an error.
 */
#ifndef VB_CHECK_BAG_H
#define VB_CHECK_BAG_H

#include "check/passage.h"

enum { VB_BAG_WORDS = 64 };   /* longer texts speak of too much to be compared */
enum { VB_BAG_OVERLAP = 40 }; /* per cent of the longer one's words: with fewer in common it is another matter in part of the same words */
enum { VB_BAG_RARE = 4 };     /* two words in common must stand in so few texts: “hồ sơ thủ tục hành chính” stands in all */

/* words: ids of forms, rising. */
typedef struct vb_bag { uint32_t words[VB_BAG_WORDS]; size_t n; bool negated, full; } vb_bag;
typedef struct vb_bags vb_bags;

/* Everything lives in r->a. NULL: no memory. */
vb_bags *vb_bags_new(vb_reading *r);
/* Puts words of a text into a bag, from one to before the other; what counts tells how usual its words are. VB_NOMEM alone fails. */
vb_status vb_bag_add(vb_bags *b, vb_span text, const vb_word *from, const vb_word *to, bool counts, vb_bag *out);
/* All of a label, into an empty bag. */
vb_status vb_bag_read(vb_bags *b, vb_span label, bool counts, vb_bag *out);
/* 0..100: how much of the lighter bag stands in the other; 0 too where they share little, or nothing rare. common: how many words. */
int vb_bag_alike(const vb_bags *b, const vb_bag *x, const vb_bag *y, size_t *common);
/* 0..100: how much of `part` stands in `whole`. */
int vb_bag_within(const vb_bags *b, const vb_bag *part, const vb_bag *whole);

#endif
