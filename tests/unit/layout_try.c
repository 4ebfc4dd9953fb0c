/* See layout_try.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "layout_try.h"

static vb_fontset *fonts;
static vb_diag *diag;

const vb_fontset *try_fonts(void)
{
  if (!fonts) {
    vb_diag *d = vb_diag_new();
    assert_int_equal(vb_fontset_open(d, TRY_FONTS, &fonts), VB_OK);
    vb_diag_free(d);
  }
  return fonts;
}

void try_fonts_close(void)
{
  vb_fontset_close(fonts);
  fonts = NULL;
  vb_diag_free(diag);
  diag = NULL;
}

vb_diag *try_diag(void) { return diag; }

static void keep_page(try_pages *t, const vb_page *p)
{
  t->at = realloc(t->at, sizeof *t->at * (size_t)(t->n + 1));
  assert_non_null(t->at);
  try_page *k = &t->at[t->n++];
  k->p = *p;
  k->boxes = vb_arena_copy(t->arena, p->boxes, sizeof *p->boxes * (p->n_boxes + 1u) - sizeof *p->boxes);
  k->p.boxes = k->boxes;
  for (uint32_t i = 0; i < p->n_boxes; i++)
    if (k->boxes[i].kind == VB_BOX_TEXT)
      k->boxes[i].text.p = vb_arena_str(t->arena, p->boxes[i].text.p, p->boxes[i].text.n);
}

try_pages try_lay(const vb_doc *doc, const vb_node *only)
{
  try_pages t = {.arena = vb_arena_new(0)};
  vb_layout *l = NULL;
  const vb_page *p = NULL;
  vb_diag_free(diag);
  diag = vb_diag_new();
  t.st = vb_layout_open(diag, doc, try_fonts(), only, &l);
  while (t.st == VB_OK && (t.st = vb_layout_next(l, &p)) == VB_OK) {
    assert_true(t.n < 5000);
    keep_page(&t, p);
  }
  if (l)
    t.stats = vb_layout_stats_get(l);
  vb_layout_close(l);
  if (t.st == VB_DONE)
    t.st = VB_OK;
  return t;
}

void try_free(try_pages *t)
{
  vb_arena_free(t->arena);
  free(t->at);
  t->at = NULL;
}

const vb_box *try_find(const try_pages *t, int page, const char *s, int n)
{
  for (uint32_t i = 0; i < t->at[page].p.n_boxes; i++) {
    const vb_box *b = &t->at[page].boxes[i];
    if (b->kind == VB_BOX_TEXT && strstr(b->text.p, s) && n-- == 0)
      return b;
  }
  return NULL;
}

int try_page_of(const try_pages *t, const char *s)
{
  for (int p = 0; p < t->n; p++) {
    const vb_box *b = NULL;
    for (int n = 0; (b = try_find(t, p, s, n)) != NULL; n++)
      if (!b->repeated)
        return p;
  }
  return -1;
}

int try_lines(const try_pages *t, int page)
{
  int n = 0;
  vb_len last = -1;
  for (uint32_t i = 0; i < t->at[page].p.n_boxes; i++) {
    const vb_box *b = &t->at[page].boxes[i];
    if (b->kind == VB_BOX_TEXT && !b->artifact && b->y != last) {
      last = b->y;
      n++;
    }
  }
  return n;
}

bool try_below(const vb_node *n, const vb_node *above)
{
  for (; n; n = n->parent)
    if (n == above)
      return true;
  return false;
}

void try_told(void)
{
  vb_buf b;
  vb_buf_init(&b);
  for (const vb_finding *f = vb_diag_first(diag); f; f = f->next) {
    vb_buf_clear(&b);
    vb_finding_line(f, VB_EN, &b);
    print_message("%s\n", vb_buf_cstr(&b));
  }
  vb_buf_free(&b);
}

uint32_t try_random(uint32_t *state, uint32_t below)
{
  *state = *state * 1664525u + 1013904223u;
  return (uint32_t)(((uint64_t)(*state >> 8) * below) >> 24);
}

const char *try_words(uint32_t *state, int n)
{
  static char text[1 << 16];
  static const char *const words[] = {"công", "tác", "cải", "cách", "hành", "chính", "của", "Ủy", "ban", "nhân", "dân", "xã", "năm", "2023", "ngày",
    "28", "tháng", "9", "số", "83/KH-UBND", "Điều", "14", "khoản", "2", "kế", "hoạch", "nhiệm", "vụ", "thực", "hiện", "(tỷ", "lệ", "98,5%)", "và",
    "trên", "địa", "bàn", "12.900.000", "đồng", "nghiêng", "trưởng", "thuộc", "-", "34/2016/NĐ-CP;", "thường", "xuyên", "ý", "a", "mở", "1.714"};
  size_t at = 0;
  for (int i = 0; i < n && at + 64 < sizeof text; i++) {
    const char *w = words[try_random(state, sizeof words / sizeof *words)];
    if (i)
      text[at++] = ' ';
    memcpy(text + at, w, strlen(w));
    at += strlen(w);
  }
  text[at] = '\0';
  return text;
}

/* ---- without memory ----------------------------------------------------------------------------------------- */

static int left;
static void *limited_alloc(void *ctx, size_t n) { (void)ctx; return left-- > 0 ? malloc(n) : NULL; }
static void *limited_resize(void *ctx, void *p, size_t n) { (void)ctx; return left-- > 0 ? realloc(p, n) : NULL; }
static void limited_free(void *ctx, void *p) { (void)ctx; free(p); }

void try_no_memory(const vb_doc *doc, int most)
{
  static const vb_mem_table limited = {limited_alloc, limited_resize, limited_free, NULL};
  const vb_fontset *all = try_fonts();
  vb_diag *d = vb_diag_new();
  vb_status st = VB_NOMEM;
  int n = 0;
  for (; st == VB_NOMEM && n < most; n++) {
    vb_layout *l = NULL;
    const vb_page *p = NULL;
    left = n;
    vb_mem_set(&limited);
    st = vb_layout_open(d, doc, all, NULL, &l);
    while (st == VB_OK) st = vb_layout_next(l, &p);
    vb_layout_close(l);
    vb_mem_set(NULL);
  }
  assert_int_equal(st, VB_DONE);
  assert_true(n > 10);
  vb_diag_free(d);
}
