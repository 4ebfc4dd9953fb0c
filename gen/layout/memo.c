/* Lines of paragraphs as they were chosen before: the labels of a form's table, its headings and fixed sentences are the same in every
 * document, and most of a layout's time goes into choosing lines. Part of room layout.
 *
 * Invariants
 *  1. An answer is what would be chosen anew: the key is all that vb_para_break looks at for a text of one run.
 *  2. Nothing is allocated; long paragraphs are not kept (base/limits.h). Of two with one place the later one stays, but what was found
 *     before outlives some of those that come once. */
#include "layout/layout_int.h"

#include <string.h>

typedef struct memo_line { int32_t width; uint16_t from, to, next, spaces; bool soft, ends; } memo_line;

typedef struct memo {
  vb_memo_key key;
  memo_line line[VB_MEMO_LINES];
  uint16_t n_lines; /* 0: nothing is kept here */
  uint16_t n;
  uint8_t lives;    /* others that it outlives */
  char text[VB_MEMO_BYTES];
} memo;

/* Processes have one thread; workers have a copy each. */
static memo kept[VB_MEMO_PARAS];
enum { LIVES = 8 };
static char fonts_kept[256]; /* vb_fontset_id of the fonts it is about */
static bool any;             /* something is kept: a table that nothing was put into is not gone through, page by page */

void vb_memo_begin(const vb_fontset *fonts) {
  const char *id = vb_fontset_id(fonts);
  if (strcmp(id, fonts_kept) == 0)
    return;
  for (size_t i = 0; any && i < VB_MEMO_PARAS; i++)
    kept[i].n_lines = 0;
  any = false;
  size_t n = strlen(id);
  n = n < sizeof fonts_kept ? n : 0; /* longer than any: never the same, so nothing is found */
  memcpy(fonts_kept, id, n);
  fonts_kept[n] = '\0';
}

static memo *place_of(vb_span text, const vb_memo_key *k) {
  uint64_t of = (uint64_t)k->width ^ (uint64_t)k->first << 20 ^ (uint64_t)k->face << 40 ^ (uint64_t)k->align << 48;
  uint64_t h = (vb_span_hash(text) ^ of) * UINT64_C(0x9E3779B97F4A7C15);
  return &kept[(h >> 40) % VB_MEMO_PARAS];
}

static bool may_keep(const vb_para *p) {
  return p->n_runs == 1 && p->runs[0].flags == 0 && !p->solid && p->text.n > 0 && p->text.n <= VB_MEMO_BYTES;
}

static bool same_key(const vb_memo_key *a, const vb_memo_key *b) {
  return a->width == b->width && a->first == b->first && a->face == b->face && a->align == b->align;
}

vb_status vb_memo_take(vb_layout *l, vb_para *p, const vb_memo_key *k) {
  if (!may_keep(p))
    return VB_DONE;
  memo *m = place_of(p->text, k);
  if (m->n_lines == 0 || m->n != p->text.n || !same_key(&m->key, k) || memcmp(m->text, p->text.p, m->n) != 0)
    return VB_DONE;
  p->lines = VB_NEW_ARRAY(l->arena, vb_line, m->n_lines);
  if (!p->lines)
    return VB_NOMEM;
  p->n_lines = m->n_lines;
  m->lives = LIVES;
  for (uint32_t i = 0; i < p->n_lines; i++) {
    const memo_line *x = &m->line[i];
    p->lines[i] = (vb_line){.from = x->from, .to = x->to, .next = x->next, .spaces = x->spaces, .width = x->width, .adjust = x->ends, .soft = x->soft};
  }
  return VB_OK;
}

void vb_memo_keep(const vb_para *p, const vb_memo_key *k) {
  if (!may_keep(p) || p->n_lines > VB_MEMO_LINES)
    return;
  memo *m = place_of(p->text, k);
  if (m->n_lines != 0 && m->lives > 0) {
    m->lives--;
    return;
  }
  any = true;
  m->key = *k;
  m->n_lines = (uint16_t)p->n_lines;
  m->n = (uint16_t)p->text.n;
  memcpy(m->text, p->text.p, p->text.n);
  for (uint32_t i = 0; i < p->n_lines; i++) {
    const vb_line *x = &p->lines[i];
    m->line[i] = (memo_line){x->width, (uint16_t)x->from, (uint16_t)x->to, (uint16_t)x->next, (uint16_t)x->spaces, x->soft, x->adjust != 0};
  }
}
