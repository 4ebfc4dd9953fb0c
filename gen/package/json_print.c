/* json_print.c: JSON as the program writes it. What holds of it stands in json_print.h. */
#include <string.h>

#include "package/json_print.h"
#include "text/text.h"

/* ---- values ------------------------------------------------------------------------------------------------- */

static void put_escaped(vb_buf *out, unsigned char c) {
  static const char short_of[] = "\bb\ff\nn\rr\tt\"\"\\\\";
  for (const char *p = short_of; *p != '\0'; p += 2) {
    if ((unsigned char)p[0] != c) continue;
    vb_buf_char(out, '\\');
    vb_buf_char(out, p[1]);
    return;
  }
  vb_buf_printf(out, "\\u%04X", (unsigned)c);
}

static void put_valid(vb_buf *out, vb_span s) {
  while (s.n > 0) {
    size_t plain = 0;
    while (plain < s.n && (unsigned char)s.p[plain] >= 0x20 && s.p[plain] != '"' && s.p[plain] != '\\') plain++;
    vb_buf_add(out, s.p, plain);
    s = (vb_span){s.p + plain, s.n - plain};
    if (s.n == 0) break;
    put_escaped(out, (unsigned char)s.p[0]);
    s = (vb_span){s.p + 1, s.n - 1};
  }
}

void vb_json_text(vb_buf *out, const char *s) {
  if (s == NULL) {
    vb_buf_str(out, "null");
    return;
  }
  vb_span rest = vb_span_of(s);
  vb_buf_char(out, '"');
  for (size_t good; (good = vb_utf8_check(rest)) < rest.n; rest = (vb_span){rest.p + good + 1, rest.n - good - 1}) {
    put_valid(out, (vb_span){rest.p, good});
    vb_buf_str(out, "\xEF\xBF\xBD");
  }
  put_valid(out, rest);
  vb_buf_char(out, '"');
}

void vb_json_field(vb_buf *out, const char *before, const char *s) {
  vb_buf_str(out, before);
  vb_json_text(out, s);
}

void vb_json_count(vb_buf *out, const char *before, uint32_t n) {
  vb_buf_str(out, before);
  if (n == 0) vb_buf_str(out, "null");
  else vb_buf_int(out, n);
}

void vb_json_points(vb_buf *out, const char *before, int64_t mpt) {
  char s[32];
  vb_buf_str(out, before);
  vb_dec_print((vb_dec){mpt, 3}, s, sizeof s);
  size_t n = strlen(s);
  while (n > 2 && s[n - 1] == '0' && s[n - 2] != '.') n--;
  vb_buf_add(out, s, n);
}

/* ---- objects and lists -------------------------------------------------------------------------------------- */

static void new_line(const vb_json *j) {
  vb_buf_char(j->out, '\n');
  for (int i = 0; i < j->depth; i++) vb_buf_char(j->out, ' ');
}

void vb_json_next(vb_json *j, const char *key) {
  if (j->filled) vb_buf_char(j->out, ',');
  new_line(j);
  j->filled = true;
  if (key == NULL) return;
  vb_buf_char(j->out, '"');
  vb_buf_str(j->out, key);
  vb_buf_str(j->out, "\": ");
}

void vb_json_open(vb_json *j, const char *key, char with) {
  if (j->depth > 0) vb_json_next(j, key);
  vb_buf_char(j->out, with);
  j->depth++;
  j->filled = false;
}

void vb_json_close(vb_json *j, char with) {
  j->depth--;
  if (j->filled) new_line(j);
  vb_buf_char(j->out, with);
  j->filled = true;
}

void vb_json_put(vb_json *j, const char *key, const char *s) {
  vb_json_next(j, key);
  vb_json_text(j->out, s);
}

void vb_json_put_int(vb_json *j, const char *key, int64_t n) {
  vb_json_next(j, key);
  vb_buf_int(j->out, n);
}
