/* read_csv: RFC 4180 and what offices make of it. For gen/read alone.
 *
 * Invariants
 *  1. The text is decoded whole, then split front to back; a field without doubled quotes is a slice of it.
 *  2. A record ends at LF, CRLF or CR outside quotes. Lines are counted the same way inside quotes, so that places are those of an editor.
 *  3. The separator is the one under which the first rows make the best header.
 */
#include "read/read_int.h"

#include <string.h>

typedef struct scan {
  vb_reading *r;
  const char *p, *end;
  const char *counted;    /* characters of the line are counted up to here */
  uint32_t line, column;
  char separator;
  bool quiet;             /* a look ahead: no messages */
  vb_arena *a;            /* of the row */
  vb_cell *cells;
  size_t n, cap;
  size_t wide;            /* cells of the row before, as many as this one will have */
} scan;

/* Moves the count to p, which is not on an earlier character. */
static void count_to(scan *s, const char *p)
{
  for (const char *q = s->counted; q < p; q++) {
    if (*q == '\n' || (*q == '\r' && !(q + 1 < s->end && q[1] == '\n'))) {
      s->line++;
      s->column = 1;
    } else if (((unsigned char)*q & 0xC0) != 0x80 && *q != '\r') {
      s->column++;
    }
  }
  s->counted = p;
}

static vb_status post(scan *s, vb_msg m, vb_place at, const char *arg)
{
  at.file = vb_diag_file(s->r->d, s->r->src->file);
  return s->quiet ? VB_BAD : VB_POST(s->r->d, m, at, arg);
}

static bool ends_line(char c)
{
  return c == '\n' || c == '\r';
}

static bool is_blank(const scan *s, char c)
{
  return (c == ' ' || c == '\t') && c != s->separator;
}

static vb_cell *new_cell(scan *s)
{
  if (s->n == s->cap) {
    size_t cap = s->cap ? s->cap * 2 : s->wide ? s->wide : 8;
    vb_cell *more = VB_NEW_ARRAY(s->a, vb_cell, cap);
    if (!more)
      return NULL;
    if (s->n)
      memcpy(more, s->cells, s->n * sizeof *more);
    s->cells = more;
    s->cap = cap;
  }
  return &s->cells[s->n++]; /* the arena's bytes are 0 */
}

static void skip_record(scan *s)
{
  while (s->p < s->end && !ends_line(*s->p))
    s->p++;
}

/* Doubled quotes made one. */
static vb_span unquoted(scan *s, vb_span raw)
{
  if (!raw.n || !memchr(raw.p, '"', raw.n))
    return raw;
  char *out = vb_arena_alloc(s->a, raw.n + 1);
  size_t n = 0;
  for (size_t i = 0; out && i < raw.n; i++) {
    out[n++] = raw.p[i];
    if (raw.p[i] == '"')
      i++;
  }
  return (vb_span){out, out ? n : 0};
}

/* p stands on the opening quote. */
static vb_status quoted_field(scan *s, vb_cell *c)
{
  const char *start = ++s->p;
  vb_place opened = {NULL, c->field.line, c->field.column, NULL};
  for (;; s->p++) {
    const char *q = s->p < s->end ? memchr(s->p, '"', (size_t)(s->end - s->p)) : NULL;
    if (!q) {
      s->p = s->end;
      post(s, VB_MSG_CSV_QUOTE_OPEN, opened, NULL);
      return VB_DONE; /* what followed was swallowed: there is no next record */
    }
    s->p = q + 1;
    if (s->p == s->end || *s->p != '"')
      break;
  }
  vb_span raw = {start, (size_t)(s->p - 1 - start)};
  c->field.text = unquoted(s, raw);
  if (!c->field.text.p)
    return VB_NOMEM;
  while (s->p < s->end && is_blank(s, *s->p))
    s->p++;
  if (s->p == s->end || *s->p == s->separator || ends_line(*s->p))
    return VB_OK;
  count_to(s, s->p);
  vb_status st = post(s, VB_MSG_CSV_QUOTE_TEXT, (vb_place){NULL, s->line, s->column, NULL}, NULL);
  skip_record(s);
  return st;
}

static vb_status field(scan *s)
{
  vb_cell *c = new_cell(s);
  if (!c)
    return VB_NOMEM;
  const char *start = s->p;
  while (s->p < s->end && is_blank(s, *s->p))
    s->p++;
  count_to(s, s->p);
  c->field.line = s->line;
  c->field.column = s->column;
  if (s->p < s->end && *s->p == '"') {
    vb_status st = quoted_field(s, c);
    if (st != VB_OK)
      return st;
  } else {
    while (s->p < s->end && *s->p != s->separator && !ends_line(*s->p))
      s->p++;
    c->field.text = (vb_span){start, (size_t)(s->p - start)};
  }
  c->field.text = vb_span_trim(c->field.text);
  if (c->field.text.n <= VB_FIELD_BYTES_MAX)
    return VB_OK;
  vb_status st = post(s, VB_MSG_READ_FIELD_LONG, (vb_place){NULL, c->field.line, c->field.column, NULL}, VB_NUM(VB_FIELD_BYTES_MAX));
  skip_record(s);
  return st;
}

/* One record. VB_DONE: nothing can follow. */
static vb_status record(scan *s, vb_row *row)
{
  s->n = s->cap = 0;
  s->cells = NULL;
  count_to(s, s->p);
  row->line = s->line;
  vb_status st = VB_OK;
  for (;;) {
    if (s->n == VB_CSV_COLUMNS_MAX) {
      count_to(s, s->p);
      st = post(s, VB_MSG_READ_COLUMNS, (vb_place){NULL, s->line, s->column, NULL}, VB_NUM(VB_CSV_COLUMNS_MAX));
      skip_record(s);
    }
    if (st == VB_OK)
      st = field(s);
    if (st != VB_OK || s->p == s->end || *s->p != s->separator)
      break;
    s->p++;
  }
  if (s->p < s->end && *s->p == '\r' && s->p + 1 < s->end && s->p[1] == '\n')
    s->p++;
  if (s->p < s->end)
    s->p++;
  row->cells = s->cells;
  row->n = s->wide = s->n;
  return st;
}

/* ---- the separator ---- */

/* The best score of a header among the first rows, and the width of the widest. A row that could not beat the best one yet, nor come near
 * `floor`, what another separator has, is not looked at: with the right separator that is all of them but the header. */
static vb_status look_ahead(scan s, vb_table *t, char separator, size_t floor, size_t score[2])
{
  s.separator = separator;
  s.quiet = true;
  score[0] = score[1] = 0;
  for (int i = 0; i < HEAD_ROWS && s.p < s.end; i++) {
    vb_row row;
    bool whole = false;
    vb_arena_reset(s.a);
    vb_status st = record(&s, &row);
    size_t most = row.n * 2 + 1;
    if (st == VB_OK && (most <= score[0] || most < floor)) {
      if (row.n > score[1])
        score[1] = row.n;
    } else if (st == VB_OK) {
      size_t k = vb_table_score(t, &row, &whole) * 2 + whole;
      if (k > score[0])
        score[0] = k;
      if (row.n > score[1])
        score[1] = row.n;
    }
    if (st > VB_BAD)
      return st;
    if (st == VB_DONE)
      break;
  }
  return VB_OK;
}

/* The best header decides; without any, the separator that parts the most. */
static vb_status find_separator(scan *s, vb_table *t)
{
  static const char candidates[] = {',', ';', '\t', '|'};
  size_t best[2] = {0, 0};
  char found = ',';
  for (size_t i = 0; i < sizeof candidates; i++) {
    size_t score[2];
    vb_status st = look_ahead(*s, t, candidates[i], best[0], score);
    if (st != VB_OK)
      return st;
    if (score[0] > best[0] || (score[0] == best[0] && score[1] > best[1])) {
      found = candidates[i];
      best[0] = score[0];
      best[1] = score[1];
    }
  }
  s->separator = found;
  return VB_OK;
}

static vb_status read_records(vb_reading *r, vb_table *t, vb_span text, vb_arena *a)
{
  scan s = {.r = r, .p = text.p, .end = text.p + text.n, .counted = text.p, .line = 1, .column = 1, .a = a};
  vb_status worst = find_separator(&s, t);
  if (worst != VB_OK)
    return worst;
  while (s.p < s.end) {
    vb_row row;
    vb_arena_reset(a);
    vb_status st = record(&s, &row);
    if (st == VB_OK)
      st = vb_table_row(t, &row);
    if (!vb_read_goes_on(&worst, st))
      return worst;
  }
  return vb_worse(worst, vb_table_end(t));
}

vb_status vb_read_csv(vb_reading *r, vb_span bytes)
{
  vb_span text;
  bool lossy = false;
  vb_status st = vb_encoding_decode(r->d, r->a, r->src->file, bytes, r->src->encoding, &text, &lossy);
  if (st != VB_OK)
    return st;
  if (lossy)
    VB_POST(r->d, VB_MSG_READ_LOSSY_CASE, ((vb_place){vb_diag_file(r->d, r->src->file), 0, 0, NULL}));
  vb_table_args args = {r->d, r->src->file, r->names, r->set, r->sink, true};
  vb_table *t = vb_table_new(&args);
  vb_arena *a = vb_arena_new(0);
  st = t && a ? read_records(r, t, text, a) : VB_NOMEM;
  vb_table_free(t);
  vb_arena_free(a);
  return st;
}
