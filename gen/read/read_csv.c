/* read_csv: RFC 4180 and what offices make of it. For gen/read alone.
 *
 * Invariants
 *  1. The text is decoded whole, then split front to back; a field without doubled quotes is a slice of it. A long file that is decoded as it
 *     stands, as the files of a whole country are, goes through a window instead: a record that its end cuts is read anew with more behind it.
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
  vb_arena *a;            /* of the row */
  vb_cell *cells;
  size_t n, cap;
  size_t wide;            /* cells of the row before, as many as this one will have */
  bool whole;             /* the record ended with a line, not with the window */
  bool faulty;            /* one fault a record, told when it is known to be whole */
  vb_msg fault;
  vb_place fault_at;
  int64_t fault_limit;
  struct window *window;  /* what there is more of behind end; NULL: nothing */
} scan;

/* A stretch of a long file. */
typedef struct window { vb_file_in *file; vb_buf bytes; bool last; } window;

enum { LONG_BYTES = 1 << 20 }; /* a longer file goes through a window of this length, which grows only for a longer record */

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

static vb_status fault(scan *s, vb_msg m, vb_place at, int64_t limit)
{
  s->faulty = true;
  s->fault = m;
  s->fault_at = at;
  s->fault_limit = limit;
  return VB_BAD;
}

static void tell_fault(const scan *s)
{
  vb_place at = s->fault_at;
  at.file = vb_diag_file(s->r->d, s->r->src->file);
  if (s->fault_limit)
    VB_POST(s->r->d, s->fault, at, VB_NUM(s->fault_limit));
  else
    VB_POST(s->r->d, s->fault, at);
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
      fault(s, VB_MSG_CSV_QUOTE_OPEN, opened, 0);
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
  vb_status st = fault(s, VB_MSG_CSV_QUOTE_TEXT, (vb_place){NULL, s->line, s->column, NULL}, 0);
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
  vb_status st = fault(s, VB_MSG_READ_FIELD_LONG, (vb_place){NULL, c->field.line, c->field.column, NULL}, VB_FIELD_BYTES_MAX);
  skip_record(s);
  return st;
}

/* One record. VB_DONE: nothing can follow. */
static vb_status record(scan *s, vb_row *row)
{
  s->n = s->cap = 0;
  s->cells = NULL;
  s->faulty = false;
  count_to(s, s->p);
  row->line = s->line;
  vb_status st = VB_OK;
  for (;;) {
    if (s->n == VB_CSV_COLUMNS_MAX) {
      count_to(s, s->p);
      st = fault(s, VB_MSG_READ_COLUMNS, (vb_place){NULL, s->line, s->column, NULL}, VB_CSV_COLUMNS_MAX);
      skip_record(s);
    }
    if (st == VB_OK)
      st = field(s);
    if (st != VB_OK || s->p == s->end || *s->p != s->separator)
      break;
    s->p++;
  }
  s->whole = s->p < s->end && (*s->p != '\r' || s->p + 1 < s->end); /* a lone CR at the very end may be half of a CRLF */
  if (s->p < s->end && *s->p == '\r' && s->p + 1 < s->end && s->p[1] == '\n')
    s->p++;
  if (s->p < s->end)
    s->p++;
  row->cells = s->cells;
  row->n = s->wide = s->n;
  return st;
}

/* ---- the window ---- */

/* Whether the record may go on behind the window. */
static bool is_cut(const scan *s)
{
  return s->window && !s->window->last && !s->whole;
}

/* Moves what stands from s->p on to the front, and reads more behind it. */
static vb_status slide(scan *s)
{
  window *w = s->window;
  size_t left = (size_t)(s->end - s->p), got = 0, want = left * 2 > LONG_BYTES ? left * 2 : LONG_BYTES;
  count_to(s, s->p);
  if (left)
    memmove(w->bytes.p, s->p, left);
  w->bytes.n = left;
  if (!vb_buf_reserve(&w->bytes, want - left))
    return VB_NOMEM;
  vb_status st = vb_file_next(w->file, w->bytes.p + left, want - left, &got);
  w->bytes.n += got;
  w->last = got < want - left;
  s->p = s->counted = w->bytes.p;
  s->end = w->bytes.p + w->bytes.n;
  return st;
}

/* The next record, whole; its fault is told. */
static vb_status next_record(scan *s, vb_row *row)
{
  for (;;) {
    scan before = *s;
    vb_arena_reset(s->a);
    vb_status st = record(s, row);
    if (!is_cut(s)) {
      if (s->faulty)
        tell_fault(s);
      return st;
    }
    *s = before;
    st = slide(s);
    if (st != VB_OK)
      return st;
  }
}

/* ---- the separator ---- */

/* The best score of a header among the first rows, and the width of the widest. A row that could not beat the best one yet, nor come near
 * `floor`, what another separator has, is not looked at: with the right separator that is all of them but the header. VB_DONE: the window
 * ends among them. */
static vb_status look_ahead(scan s, vb_table *t, char separator, size_t floor, size_t score[2])
{
  s.separator = separator;
  score[0] = score[1] = 0;
  for (int i = 0; i < HEAD_ROWS && s.p < s.end; i++) {
    vb_row row;
    bool whole = false;
    vb_arena_reset(s.a);
    vb_status st = record(&s, &row);
    if (is_cut(&s))
      return VB_DONE;
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

/* The best header decides; without any, the separator that parts the most. VB_DONE as of look_ahead. */
static vb_status try_separators(scan *s, vb_table *t)
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

static vb_status find_separator(scan *s, vb_table *t)
{
  vb_status st;
  while ((st = try_separators(s, t)) == VB_DONE)
    if ((st = slide(s)) != VB_OK)
      break;
  return st;
}

static vb_status read_records(scan *s, vb_table *t)
{
  vb_status worst = find_separator(s, t);
  if (worst != VB_OK)
    return worst;
  while (s->p < s->end || (s->window && !s->window->last)) {
    vb_row row;
    if (s->p == s->end) { /* the window ended with a line */
      worst = vb_worse(worst, slide(s));
      if (worst > VB_BAD)
        return worst;
      continue;
    }
    vb_status st = next_record(s, &row);
    if (st == VB_OK)
      st = vb_table_row(t, &row);
    if (!vb_read_goes_on(&worst, st))
      return worst;
  }
  return vb_worse(worst, vb_table_end(t));
}

static vb_status scan_all(vb_reading *r, scan *s)
{
  vb_table_args args = {r->d, r->src->file, r->names, r->set, r->sink, true};
  vb_table *t = vb_table_new(&args);
  s->a = vb_arena_new(0);
  s->r = r;
  s->counted = s->p;
  s->line = s->column = 1;
  vb_status st = t && s->a ? read_records(s, t) : VB_NOMEM;
  vb_table_free(t);
  vb_arena_free(s->a);
  return st;
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
  scan s = {.p = text.p, .end = text.p + text.n};
  return scan_all(r, &s);
}

/* ---- long files ---- */

/* What decoding would leave as it is. */
static bool stands_as_decoded(vb_span s)
{
  return !(s.n && memchr(s.p, 0, s.n)) && vb_utf8_check(s) == s.n && vb_text_is_nfc(s);
}

/* The bytes up to the end of the last line, 0 where there is none: nothing composes with a line end. */
static size_t lines_of(const vb_buf *b)
{
  size_t n = b->n;
  while (n > 0 && b->p[n - 1] != '\n')
    n--;
  return n;
}

/* Whether the whole file is UTF-8 as decoding would give it. */
static vb_status look_through(window *w, bool *plain)
{
  vb_status st = VB_OK;
  *plain = true;
  for (bool last = false; st == VB_OK && *plain && !last;) {
    size_t got = 0, room = LONG_BYTES - w->bytes.n;
    if (!vb_buf_reserve(&w->bytes, room))
      return VB_NOMEM;
    st = vb_file_next(w->file, w->bytes.p + w->bytes.n, room, &got);
    w->bytes.n += got;
    last = got < room;
    size_t n = last ? w->bytes.n : lines_of(&w->bytes);
    *plain = (last || n > 0) && stands_as_decoded((vb_span){w->bytes.p, n});
    memmove(w->bytes.p, w->bytes.p + n, w->bytes.n - n);
    w->bytes.n -= n;
  }
  w->bytes.n = 0;
  return st;
}

static vb_status read_window(vb_reading *r, window *w)
{
  scan s = {.r = r, .window = w};
  vb_status st = vb_file_again(w->file);
  if (st == VB_OK)
    st = slide(&s);
  if (st == VB_OK && vb_span_starts((vb_span){s.p, w->bytes.n}, "\xEF\xBB\xBF"))
    s.p += 3;
  return st == VB_OK ? scan_all(r, &s) : st;
}

vb_status vb_read_csv_long(vb_reading *r, bool *read)
{
  bool usual = r->src->encoding == VB_ENC_AUTO || r->src->encoding == VB_ENC_UTF8;
  uint64_t n = usual ? vb_file_length(r->src->path) : 0;
  window w = {.file = NULL};
  *read = false;
  if (n <= LONG_BYTES || n > VB_INPUT_BYTES_MAX)
    return VB_OK;
  vb_buf_init(&w.bytes);
  vb_status st = vb_file_open(r->d, r->src->path, VB_INPUT_BYTES_MAX, &w.file);
  if (st == VB_OK)
    st = look_through(&w, read);
  if (st == VB_OK && *read)
    st = read_window(r, &w);
  vb_file_close(w.file);
  vb_buf_free(&w.bytes);
  return st;
}
