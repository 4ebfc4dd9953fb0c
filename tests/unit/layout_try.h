/* Laying documents out in tests, and looking at what came of it. */
#ifndef LAYOUT_TRY_H
#define LAYOUT_TRY_H

#include "layout/layout.h"

#define TRY_FONTS "/usr/share/fonts/truetype/liberation2"

typedef struct try_page { vb_page p; vb_box *boxes; } try_page; /* boxes and their texts are copies */
typedef struct try_pages {
  vb_status st;
  try_page *at;
  int n;
  vb_layout_stats stats;
  vb_arena *arena;
} try_pages;

const vb_fontset *try_fonts(void);  /* opened once */
void try_fonts_close(void);
vb_diag *try_diag(void);            /* of the last try_lay */
void try_told(void);                /* prints its findings */
try_pages try_lay(const vb_doc *doc, const vb_node *only);
void try_free(try_pages *t);
/* Lays doc with the n-th allocation failing, for every n until it comes out, below `most`: VB_NOMEM, and nothing leaks or breaks. */
void try_no_memory(const vb_doc *doc, int most);

/* Text boxes of a page whose text contains s: the n-th (from 0), or NULL. */
const vb_box *try_find(const try_pages *t, int page, const char *s, int n);
int try_page_of(const try_pages *t, const char *s); /* index of the first page that shows s outside copies; -1 */
/* Lines of a page from top to bottom: number of different baselines of text that is no artifact. */
int try_lines(const try_pages *t, int page);
bool try_below(const vb_node *n, const vb_node *above); /* n is above or below it in the tree */

uint32_t try_random(uint32_t *state, uint32_t below);
/* n words of Vietnamese, in static memory until the next call. */
const char *try_words(uint32_t *state, int n);

#endif
