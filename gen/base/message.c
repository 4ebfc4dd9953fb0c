/* The catalogue of messages and how a finding is put into words. Any room may use what base.h shows of it.
 *
 * Invariants
 *  1. A message is one line: whatever comes from outside is escaped on the way in (vb_buf_shown).
 *  2. Arguments are not searched for placeholders again.
 */
#include "base/base_int.h"

#include <string.h>

static const vb_msg_info catalogue[VB_MSG_COUNT] = {
#define VB_MSG(id, severity, rule, en, vi) {#id, severity, rule, en, vi},
#include "base/messages.def"
#undef VB_MSG
};

const vb_msg_info *vb_msg_get(vb_msg m)
{
  return &catalogue[(unsigned)m < VB_MSG_COUNT ? m : VB_MSG_RULE];
}

size_t vb_utf8_step(vb_span s, uint32_t *code)
{
  static const struct { unsigned char mask, lead; uint32_t least; } kinds[5] = {
    {0, 0, 0}, {0x80, 0x00, 0}, {0xE0, 0xC0, 0x80}, {0xF0, 0xE0, 0x800}, {0xF8, 0xF0, 0x10000}};
  if (s.n == 0)
    return 0;
  unsigned char c = (unsigned char)s.p[0];
  size_t n = 1;
  while (n <= 4 && (c & kinds[n].mask) != kinds[n].lead)
    n++;
  if (n > 4 || n > s.n)
    return 0;
  uint32_t v = c & (unsigned char)~kinds[n].mask;
  for (size_t i = 1; i < n; i++) {
    unsigned char t = (unsigned char)s.p[i];
    if ((t & 0xC0) != 0x80)
      return 0;
    v = v << 6 | (t & 0x3Fu);
  }
  if (v < kinds[n].least || v > 0x10FFFF || (v >= 0xD800 && v <= 0xDFFF))
    return 0;
  *code = v;
  return n;
}

/* Characters that move the cursor, end the line or turn the direction of what follows. */
static bool unshown(uint32_t c)
{
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || (c >= 0x200E && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

static void escape(vb_buf *out, uint32_t c)
{
  if (c == '\n')
    vb_buf_str(out, "\\n");
  else if (c == '\t')
    vb_buf_str(out, "\\t");
  else if (c == '\r')
    vb_buf_str(out, "\\r");
  else
    vb_buf_printf(out, c < 0x80 ? "\\x%02X" : "\\u%04X", (unsigned)c);
}

void vb_buf_shown(vb_buf *out, vb_span s)
{
  while (s.n) {
    uint32_t c = 0;
    size_t n = vb_utf8_step(s, &c);
    if (n == 0) {
      vb_buf_printf(out, "\\x%02X", (unsigned)(unsigned char)s.p[0]);
      n = 1;
    } else if (unshown(c)) {
      escape(out, c);
    } else {
      vb_buf_add(out, s.p, n);
    }
    s = (vb_span){s.p + n, s.n - n};
  }
}

/* The argument that is to stand at p; NULL: what stands there is itself. */
static const char *arg_at(const vb_finding *f, const char *p)
{
  return p[0] == '{' && p[1] >= '0' && p[1] < '0' + VB_MSG_ARGS && p[2] == '}' ? f->args[p[1] - '0'] : NULL;
}

void vb_finding_text(const vb_finding *f, vb_lang lang, vb_buf *out)
{
  const char *p = vb_msg_word(f->msg, lang);
  while (*p) {
    const char *arg = arg_at(f, p);
    if (arg) {
      vb_buf_shown(out, vb_span_of(arg));
      p += 3;
    } else {
      vb_buf_char(out, *p++);
    }
  }
}

static vb_finding finding_of(vb_msg m, const char *const *args)
{
  vb_finding f = {.msg = m};
  for (int i = 0; i < VB_MSG_ARGS && args[i]; i++)
    f.args[i] = args[i];
  return f;
}

void vb_msg_text(vb_msg m, vb_lang lang, const char *const *args, vb_buf *out)
{
  vb_finding f = finding_of(m, args);
  vb_finding_text(&f, lang, out);
}

/* What is from outside, a character at a time, each in a buffer that has room for it as it is shown. */
static void say_shown(FILE *to, vb_span s)
{
  char room[32] = "";
  uint32_t c;
  while (s.n) {
    size_t n = vb_utf8_step(s, &c);
    vb_buf one = {room, 0, sizeof room, false};
    n = n ? n : 1;
    vb_buf_shown(&one, (vb_span){s.p, n});
    fwrite(one.p, 1, one.n, to);
    s = (vb_span){s.p + n, s.n - n};
  }
}

/* As vb_finding_text, for a line that found no memory: what a verb says at its end is not known to be missing otherwise. */
static void say_without_memory(FILE *to, vb_lang lang, const vb_finding *f)
{
  for (const char *p = vb_msg_word(f->msg, lang); *p;) {
    const char *arg = arg_at(f, p);
    if (arg)
      say_shown(to, vb_span_of(arg));
    else
      putc(*p, to);
    p += arg ? 3 : 1;
  }
  putc('\n', to);
}

void vb_msg_say(FILE *to, vb_lang lang, vb_msg m, const char *const *args)
{
  vb_finding f = finding_of(m, args);
  vb_buf line;
  vb_buf_init(&line);
  vb_finding_text(&f, lang, &line);
  (void)vb_buf_cstr(&line); /* its NUL: what may fail fails here */
  if (line.failed)
    say_without_memory(to, lang, &f);
  else
    fprintf(to, "%s\n", line.p);
  vb_buf_free(&line);
}

const char *vb_msg_word(vb_msg m, vb_lang lang)
{
  const vb_msg_info *info = vb_msg_get(m);
  return lang == VB_VI ? info->vi : info->en;
}

const char *vb_severity_word(vb_severity s, vb_lang lang)
{
  static const vb_msg words[] = {VB_MSG_WORD_INFO, VB_MSG_WORD_WARNING, VB_MSG_WORD_ERROR, VB_MSG_WORD_ERROR};
  return vb_msg_word(words[s], lang);
}

void vb_finding_show(const vb_finding *f, vb_lang lang, bool colour, vb_buf *out)
{
  static const char *const colours[4] = {"\033[36m", "\033[33m", "\033[1;31m", "\033[1;31m"}; /* cyan, yellow, bold red */
  const vb_place *at = &f->at;
  vb_buf_shown(out, vb_span_of(at->file ? at->file : "vanban"));
  if (at->cell) {
    vb_buf_char(out, ':');
    vb_buf_shown(out, vb_span_of(at->cell));
  } else if (at->line) {
    vb_buf_printf(out, ":%u", (unsigned)at->line);
    if (at->column)
      vb_buf_printf(out, ":%u", (unsigned)at->column);
  }
  vb_buf_str(out, ": ");
  vb_buf_str(out, colour ? colours[f->severity] : "");
  vb_buf_str(out, vb_severity_word(f->severity, lang));
  vb_buf_str(out, colour ? "\033[0m: " : ": ");
  vb_finding_text(f, lang, out);
  vb_buf_str(out, " [");
  vb_buf_shown(out, vb_span_of(f->rule));
  vb_buf_char(out, ']');
}

void vb_finding_line(const vb_finding *f, vb_lang lang, vb_buf *out)
{
  vb_finding_show(f, lang, false, out);
}

const char *vb_span_text(char *buf, size_t cap, vb_span s)
{
  static const char more[] = "\xE2\x80\xA6"; /* … */
  size_t n = 0, keep = 0;                    /* keep: how far the text may stand when the ellipsis must follow */
  if (cap < sizeof more)
    return "";
  while (s.n) {
    uint32_t c = 0;
    size_t k = vb_utf8_step(s, &c), wide = c == 0 && k == 1 ? 4 : k ? k : 1;
    if (n + wide + 1 > cap) {
      memcpy(buf + keep, more, sizeof more);
      return buf;
    }
    if (k == 1 && c == 0)
      memcpy(buf + n, "\\x00", 4); /* a NUL would end the copy */
    else
      memcpy(buf + n, s.p, wide);
    n += wide;
    if (n + sizeof more <= cap)
      keep = n;
    k = k ? k : 1;
    s = (vb_span){s.p + k, s.n - k};
  }
  buf[n] = '\0';
  return buf;
}
