/* number: formats of automatic numbers ("I.", "1.1.", "a)", "Điều 1.", "-"). For gen/template alone.
 *
 * A format is a prefix, one token and a closing mark. The token is the last thing in it that looks like a number, so that the words
 * before it may hold letters: "Phần I" counts I, II, III.
 */
#include "template/template_int.h"

#include <string.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter_byte(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || ((unsigned char)c & 0x80) != 0; }

/* A path 1, 1.1, 1.1.1 that ends at byte `end`: its first byte, or end when there is none. */
static size_t path_start(vb_span s, size_t end, int *parts) {
  size_t i = end;
  *parts = 0;
  for (;;) {
    if (i == 0 || s.p[i - 1] != '1' || (i > 1 && is_digit(s.p[i - 2]))) return end;
    i--;
    ++*parts;
    if (i < 2 || s.p[i - 1] != '.') return i;
    i--;
  }
}

static bool letter_token(char c, vb_num_token *out) {
  switch (c) {
  case 'I': *out = VB_TOKEN_ROMAN_UPPER; return true;
  case 'i': *out = VB_TOKEN_ROMAN_LOWER; return true;
  case 'a': *out = VB_TOKEN_LETTER_LOWER; return true;
  case 'A': *out = VB_TOKEN_LETTER_UPPER; return true;
  default: return false;
  }
}

bool vb_num_format_parse(vb_span s, vb_num_format *out) {
  *out = (vb_num_format){.token = VB_TOKEN_BULLET};
  for (size_t end = s.n; end > 0; end--) {
    size_t start = path_start(s, end, &out->parts);
    if (start < end) {
      if (out->parts > VB_LEVELS_MAX || (start > 0 && (is_digit(s.p[start - 1]) || s.p[start - 1] == '.'))) return false;
      *out = (vb_num_format){{s.p, start}, {s.p + end, s.n - end}, VB_TOKEN_ARABIC, out->parts};
      return true;
    }
    bool alone = (end == s.n || !is_letter_byte(s.p[end])) && (end == 1 || !is_letter_byte(s.p[end - 2]));
    if (alone && letter_token(s.p[end - 1], &out->token)) {
      out->prefix = (vb_span){s.p, end - 1};
      out->suffix = (vb_span){s.p + end, s.n - end};
      out->parts = 1;
      return true;
    }
    if (is_digit(s.p[end - 1])) return false; /* "2." counts nothing */
  }
  out->prefix = s;
  return vb_span_is(s, "-") || vb_span_is(s, "+") || vb_span_is(s, "*") || vb_span_is(s, "•") || vb_span_is(s, "–");
}

static void upper_ascii(vb_buf *out, size_t from) {
  for (size_t i = from; !out->failed && i < out->n; i++) {
    if (out->p[i] >= 'a' && out->p[i] <= 'z') out->p[i] = (char)(out->p[i] - 'a' + 'A');
    if (i > from && out->p[i] == '\x91' && out->p[i - 1] == '\xC4') out->p[i] = '\x90'; /* đ → Đ */
  }
}

static void lower_ascii(vb_buf *out, size_t from) {
  for (size_t i = from; !out->failed && i < out->n; i++)
    if (out->p[i] >= 'A' && out->p[i] <= 'Z') out->p[i] = (char)(out->p[i] - 'A' + 'a');
}

void vb_num_print_bare(const vb_num_format *f, const int *path, int n, vb_buf *out) {
  size_t from = out->n;
  int own = path[n - 1];
  switch (f->token) {
  case VB_TOKEN_BULLET: return;
  case VB_TOKEN_ROMAN_UPPER:
  case VB_TOKEN_ROMAN_LOWER:
    if (!vb_number_roman(own, out)) vb_buf_int(out, own);
    if (f->token == VB_TOKEN_ROMAN_LOWER) lower_ascii(out, from);
    return;
  case VB_TOKEN_LETTER_LOWER:
  case VB_TOKEN_LETTER_UPPER:
    vb_number_letter(own, out);
    if (f->token == VB_TOKEN_LETTER_UPPER) upper_ascii(out, from);
    return;
  case VB_TOKEN_ARABIC:
    for (int i = f->parts < n ? n - f->parts : 0; i < n; i++) {
      if (out->n > from) vb_buf_char(out, '.');
      vb_buf_int(out, path[i]);
    }
    return;
  }
}

void vb_num_print(const vb_num_format *f, const int *path, int n, vb_buf *out) {
  vb_buf_span(out, f->prefix);
  vb_num_print_bare(f, path, n, out);
  vb_buf_span(out, f->suffix);
}
