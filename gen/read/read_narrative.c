/* read_narrative: plain text of a slot → paragraphs and items of pieces. Any room may use what read.h shows of it.
 *
 * Invariants
 *  1. Every character of the file is in a piece, but line ends (a space), the blanks around them, marks of items and paired stars.
 *  2. A star or pair of stars is a mark when it can open (no blank behind it) or close (no blank before it) and has a partner in
 *     its paragraph; else it is text. Runs of four and more are text.
 */
#include "read/read_int.h"

#include <string.h>

typedef enum token_kind { TEXT, FIGURE, STAR, STARS } token_kind;

typedef struct token { struct token *next; token_kind kind; vb_span text; uint32_t line, column; bool can_open, can_close, paired; } token;

typedef struct narr {
  vb_diag *d;
  vb_arena *a;
  const char *file;
  vb_status st;
  uint32_t line, column0; /* of the line being read; columns to add to the first line's */
  size_t counted, characters; /* of the line: bytes counted so far, and what they hold */
  token *first, *last;    /* of the block being read */
  vb_narrative_kind kind;
  uint32_t block_line;
  bool open;
  vb_narrative **tail;
} narr;

static token *add(narr *x, token_kind kind, vb_span text, uint32_t column)
{
  token *t = VB_NEW(x->a, token);
  if (!t) {
    x->st = VB_NOMEM;
    return NULL;
  }
  t->kind = kind;
  t->text = text;
  t->line = x->line;
  t->column = column;
  if (x->last)
    x->last->next = t;
  else
    x->first = t;
  x->last = t;
  return t;
}

/* Counts on from the last place asked for: a paragraph may be one long line with many marks. */
static uint32_t column_of(narr *x, vb_span line, size_t at)
{
  if (at < x->counted)
    x->counted = x->characters = 0;
  x->characters += vb_utf8_length((vb_span){line.p + x->counted, at - x->counted});
  x->counted = at;
  return (uint32_t)x->characters + 1 + x->column0;
}

/* "{1.3.2}" or "{{". Returns where to go on. */
static size_t brace(narr *x, vb_span line, size_t i)
{
  if (i + 1 < line.n && line.p[i + 1] == '{') {
    add(x, TEXT, (vb_span){line.p + i, 1}, column_of(x, line, i));
    return i + 2;
  }
  size_t end = i + 1;
  while (end < line.n && line.p[end] != '}' && line.p[end] != '{')
    end++;
  vb_place at = {x->file, x->line, column_of(x, line, i), NULL};
  vb_span code = vb_span_trim((vb_span){line.p + i + 1, end - i - 1});
  if (end == line.n || line.p[end] == '{') {
    x->st = vb_worse(x->st, VB_POST(x->d, VB_MSG_NARRATIVE_BRACE, at));
    return end;
  }
  if (!code.n)
    x->st = vb_worse(x->st, VB_POST(x->d, VB_MSG_NARRATIVE_EMPTY, at));
  else
    add(x, FIGURE, code, at.column);
  return end + 1;
}

static bool blank_at(vb_span line, size_t i)
{
  return i >= line.n || line.p[i] == ' ' || line.p[i] == '\t' || vb_span_starts((vb_span){line.p + i, line.n - i}, "\xC2\xA0");
}

static size_t stars(narr *x, vb_span line, size_t i)
{
  size_t end = i;
  while (end < line.n && line.p[end] == '*')
    end++;
  bool before = i == 0 || line.p[i - 1] == ' ' || line.p[i - 1] == '\t' || (i > 1 && line.p[i - 2] == '\xC2' && line.p[i - 1] == '\xA0');
  bool open = !blank_at(line, end), close = !before;
  size_t n = end - i;
  if (n > 3) {
    add(x, TEXT, (vb_span){line.p + i, n}, column_of(x, line, i));
    return end;
  }
  for (size_t k = i; k < end;) {
    size_t w = n == 3 && k == i ? 2 : n == 3 ? 1 : n;
    token *t = add(x, w == 2 ? STARS : STAR, (vb_span){line.p + k, w}, column_of(x, line, k));
    if (t) {
      t->can_open = open;
      t->can_close = close;
    }
    k += w;
  }
  return end;
}

static void tokens(narr *x, vb_span line, size_t i)
{
  while (i < line.n && x->st != VB_NOMEM) {
    if (line.p[i] == '{') {
      i = brace(x, line, i);
    } else if (line.p[i] == '*') {
      i = stars(x, line, i);
    } else {
      size_t end = i;
      while (end < line.n && line.p[end] != '{' && line.p[end] != '*')
        end++;
      add(x, TEXT, (vb_span){line.p + i, end - i}, column_of(x, line, i));
      i = end;
    }
  }
}

/* Pairs each mark that can close with the nearest before it that can open. */
static void pair(narr *x, token_kind kind)
{
  token *open = NULL;
  for (token *t = x->first; t; t = t->next) {
    if (t->kind != kind)
      continue;
    if (open && t->can_close) {
      open->paired = t->paired = true;
      open = NULL;
    } else if (t->can_open) {
      open = t;
    }
  }
}

static bool is_text(const token *t)
{
  return t->kind == TEXT || ((t->kind == STAR || t->kind == STARS) && !t->paired);
}

/* Whether t stands in the file right behind the text before it: on its line, and not behind a doubled brace, which is one letter less here. */
static bool goes_on(const token *before, const token *t)
{
  return is_text(t) && t->line == before->line && before->text.p[0] != '{';
}

/* One piece of a figure, or of all the text that goes on from t; *t moves behind it. */
static vb_piece *take_piece(narr *x, const token **t, bool bold, bool italic)
{
  const token *from = *t, *last = from;
  size_t n = from->text.n;
  for (; from->kind != FIGURE && last->next && goes_on(last, last->next); last = last->next)
    n += last->next->text.n;
  const token *end = last->next;
  vb_piece *p = VB_NEW(x->a, vb_piece);
  char *copy = vb_arena_alloc(x->a, n + 1);
  if (!p || !copy) {
    x->st = VB_NOMEM;
    return NULL;
  }
  size_t used = 0;
  for (const token *k = from; k != end; k = k->next) {
    memcpy(copy + used, k->text.p, k->text.n);
    used += k->text.n;
  }
  *p = (vb_piece){NULL, from->kind == FIGURE ? VB_PIECE_FIGURE : VB_PIECE_TEXT, {copy, n}, bold, italic, from->line, from->column};
  *t = end;
  return p;
}

static void end_block(narr *x)
{
  if (!x->open)
    return;
  x->open = false;
  pair(x, STAR);
  pair(x, STARS);
  vb_narrative *n = VB_NEW(x->a, vb_narrative);
  if (!n) {
    x->st = VB_NOMEM;
    return;
  }
  n->kind = x->kind;
  n->line = x->block_line;
  bool bold = false, italic = false;
  vb_piece **tail = &n->first;
  for (const token *t = x->first; t && x->st != VB_NOMEM;) {
    if (t->paired) {
      italic ^= t->kind == STAR;
      bold ^= t->kind == STARS;
      t = t->next;
    } else if ((*tail = take_piece(x, &t, bold, italic))) {
      tail = &(*tail)->next;
    }
  }
  x->first = x->last = NULL;
  if (!n->first)
    return;
  *x->tail = n;
  x->tail = &n->next;
}

/* The line's end before this line, as the last thing of that one. */
static void join(narr *x)
{
  if (!x->last)
    return; /* so far the block has empty marks alone */
  uint32_t now = x->line;
  x->line = x->last->line;
  add(x, TEXT, VB_LIT(" "), x->last->column);
  x->line = now;
}

static void read_line(narr *x, vb_span line)
{
  x->counted = x->characters = 0;
  vb_span s = vb_span_trim(line);
  if (!s.n) {
    end_block(x);
    return;
  }
  size_t i = (size_t)(s.p - line.p);
  bool item = s.n > 2 && (s.p[0] == '-' || s.p[0] == '+') && s.p[1] == ' ';
  if (item)
    end_block(x);
  if (!x->open) {
    x->open = true;
    x->kind = !item ? VB_NARR_PARA : s.p[0] == '-' ? VB_NARR_ITEM1 : VB_NARR_ITEM2;
    x->block_line = x->line;
  } else {
    join(x);
  }
  if (item)
    for (i += 2; i < line.n && line.p[i] == ' ';)
      i++;
  tokens(x, (vb_span){line.p, (size_t)(s.p - line.p) + s.n}, i);
}

static vb_status read_text(narr *x, vb_span text, vb_narrative **first)
{
  *first = NULL;
  x->tail = first;
  const char *p = text.p, *end = text.p ? text.p + text.n : NULL;
  while (p < end && x->st != VB_NOMEM) {
    const char *q = p;
    while (q < end && *q != '\n' && *q != '\r')
      q++;
    read_line(x, (vb_span){p, (size_t)(q - p)});
    x->line++;
    x->column0 = 0;
    p = q < end && *q == '\r' && q + 1 < end && q[1] == '\n' ? q + 2 : q + 1;
  }
  if (x->st != VB_NOMEM)
    end_block(x);
  if (x->st != VB_OK)
    *first = NULL;
  return x->st;
}

vb_status vb_read_narrative_text(vb_diag *d, vb_arena *a, vb_place at, vb_span text, vb_narrative **first)
{
  narr x = {.d = d, .a = a, .file = at.file, .line = at.line ? at.line : 1, .column0 = at.column ? at.column - 1 : 0};
  if (text.n > VB_TEXT_BYTES_MAX) {
    *first = NULL;
    return VB_POST(d, VB_MSG_READ_FIELD_LONG, at, VB_NUM(VB_TEXT_BYTES_MAX));
  }
  return read_text(&x, text, first);
}

vb_status vb_read_narrative(vb_diag *d, vb_arena *a, const vb_source *src, vb_narrative **first)
{
  *first = NULL;
  vb_buf read;
  vb_span bytes, text;
  bool lossy = false;
  vb_buf_init(&read);
  vb_status st = vb_source_bytes(d, src, VB_TEXT_BYTES_MAX, &read, &bytes);
  if (st == VB_OK)
    st = vb_encoding_decode(d, a, src->file, bytes, src->encoding, &text, &lossy);
  vb_buf_free(&read);
  if (st != VB_OK)
    return st;
  vb_place at = {vb_diag_file(d, src->file), 0, 0, NULL};
  if (lossy)
    VB_POST(d, VB_MSG_READ_LOSSY_CASE, at);
  return vb_read_narrative_text(d, a, at, text, first);
}
