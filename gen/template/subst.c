/* subst: text with {…} → operations; formats of substitutions. For gen/template alone.
 *
 * Where one ends: at the first "}" outside quotes and parentheses of SQL. " | " outside them, and not part of "||", begins the format;
 * "??" the text that stands where there is no value. So SQL needs no escaping but its own.
 */
#include "template/template_int.h"

#include <string.h>

static const struct { const char *name; bool places; } formats[VB_PRINTS] = {
#define VB_PRINT(id, name, arg, type) {name, arg},
#include "template/formats.def"
#undef VB_PRINT
};

static bool is_name_char(char c, bool first) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (!first && c >= '0' && c <= '9');
}

static bool is_name(vb_span s) {
  for (size_t i = 0; i < s.n; i++)
    if (!is_name_char(s.p[i], i == 0)) return false;
  return s.n > 0;
}

static bool is_code(vb_span s) {
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    if (!is_name_char(c, false) && c != '.' && c != '-' && c != '/') return false;
  }
  return s.n > 0 && s.n <= 64;
}

bool vb_print_parse(vb_span s, vb_print *out, vb_span *nearest) {
  s = vb_span_trim(s);
  *out = (vb_print){VB_PRINT_NONE, -1};
  *nearest = (vb_span){NULL, 0};
  size_t n = 0;
  while (n < s.n && s.p[n] != ' ') n++;
  vb_span word = {s.p, n}, rest = vb_span_trim((vb_span){s.p + n, s.n - n});
  size_t best = 3;
  for (int i = 1; i < VB_PRINTS; i++) {
    if (vb_span_is(word, formats[i].name)) {
      out->id = (vb_print_id)i;
      if (rest.n == 0) return true;
      if (!formats[i].places || rest.n != 1 || rest.p[0] < '0' || rest.p[0] > '9') return false;
      out->places = rest.p[0] - '0';
      return true;
    }
    size_t far = vb_edit_distance(word, vb_span_of(formats[i].name), 2);
    if (far < best) {
      best = far;
      *nearest = vb_span_of(formats[i].name);
    }
  }
  return false;
}

/* Moves over a quoted string. */
static size_t quoted_step(vb_span s, size_t i) {
  size_t k = i + 1;
  while (k < s.n && s.p[k] != s.p[i]) k++;
  return k < s.n ? k + 1 : s.n;
}

/* Moves over a quoted string or a parenthesis of SQL; else over one byte. */
static size_t sql_step(vb_span s, size_t i) {
  if (s.p[i] == '\'' || s.p[i] == '"') return quoted_step(s, i);
  if (s.p[i] != '(') return i + 1;
  size_t depth = 0;
  while (i < s.n) {
    if (s.p[i] == '\'' || s.p[i] == '"') {
      i = quoted_step(s, i);
      continue;
    }
    depth += s.p[i] == '(';
    depth -= s.p[i] == ')';
    i++;
    if (depth == 0) break;
  }
  return i;
}

/* The "}" that closes a substitution whose content begins at i; s.n when there is none, or when a quote or parenthesis stays open: the
 * rest of the text is then left alone, so that no text is walked more than twice. */
static size_t close_of(vb_span s, size_t i) {
  bool sql = i < s.n && s.p[i] == '=';
  while (i < s.n && s.p[i] != '}') i = sql || s.p[i] == '"' || s.p[i] == '\'' ? sql_step(s, i) : i + 1;
  return i;
}

/* Offset of a mark ("|" not doubled, or "??") outside quotes and parentheses; s.n when there is none. */
static size_t find_mark(vb_span s, char mark) {
  for (size_t i = 0; i < s.n;) {
    bool twice = i + 1 < s.n && s.p[i] == mark && s.p[i + 1] == mark;
    if (twice && mark == '?') return i;
    if (twice) {
      i += 2;
      continue;
    }
    if (s.p[i] == mark && mark == '|') return i;
    i = sql_step(s, i);
  }
  return s.n;
}

/* ---- SQL ---------------------------------------------------------------------------------------------------- */

static bool begins_query(vb_span s) {
  static const char *const words[] = {"select", "with", "values"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    size_t n = strlen(words[i]);
    if (s.n <= n || is_name_char(s.p[n], false)) continue;
    size_t k = 0;
    while (k < n && (s.p[k] | 0x20) == words[i][k]) k++;
    if (k == n) return true;
  }
  return false;
}

void vb_sql_set(vb_compile *c, vb_sql *s, const vb_text_source *from, bool scalar) {
  vb_span source = from->text;
  *s = (vb_sql){.at = vb_text_source_place(from, 0), .scalar = scalar, .from = *from};
  s->source = vb_arena_str(c->a, source.p, source.n);
  s->text = vb_span_of(s->source);
  if (scalar && !begins_query(vb_span_trim(source))) s->text = vb_span_of(vb_arena_printf(c->a, "SELECT (%s)", s->source ? s->source : ""));
  if (!s->source || !s->text.p) c->st = VB_NOMEM;
}

void vb_compile_attr_sql(vb_compile *c, const vb_xml_node *n, const char *name, bool scalar, vb_sql *out) {
  const vb_xml_attr *at = vb_xml_attr_find(n, name);
  *out = (vb_sql){.source = NULL};
  if (!at) return;
  vb_text_source from = {.file = c->file, .attr = at, .text = vb_tpl_attr_raw(c->a, c->file, at)};
  vb_sql_set(c, out, &from, scalar);
}

/* ---- one substitution --------------------------------------------------------------------------------------- */

vb_place vb_text_source_place(const vb_text_source *src, size_t offset) {
  return src->attr ? vb_tpl_attr_place(src->file, src->attr, src->skip + offset) : vb_tpl_text_place(src->file, src->node, src->skip + offset);
}

static void read_tail(vb_compile *c, const vb_text_source *src, vb_span *body, vb_subst *s) {
  vb_span whole = *body;
  size_t q = find_mark(whole, '?');
  if (q < whole.n) {
    vb_span text = vb_span_trim((vb_span){whole.p + q + 2, whole.n - q - 2});
    bool quoted = text.n >= 2 && (text.p[0] == '"' || text.p[0] == '\'') && text.p[text.n - 1] == text.p[0];
    if (!quoted) vb_compile_post(c, VB_MSG_TEMPLATE_DEFAULT, vb_text_source_place(src, (size_t)(whole.p + q - src->text.p)), VB_TXT(text), NULL);
    else s->otherwise = vb_arena_str(c->a, text.p + 1, text.n - 2);
    body->n = q;
  }
  size_t bar = find_mark(*body, '|');
  if (bar == body->n) return;
  vb_span name = {body->p + bar + 1, body->n - bar - 1}, nearest;
  if (!vb_print_parse(name, &s->format, &nearest)) {
    vb_span word = vb_span_trim(name);
    vb_place at = vb_text_source_place(src, (size_t)((word.n ? word.p : name.p) - src->text.p));
    vb_compile_unknown(c, VB_UNKNOWN(TEMPLATE_FORMAT), at, word, nearest);
  }
  body->n = bar;
}

static vb_op *subst_op(vb_compile *c, const vb_text_source *src, vb_span body) {
  vb_op *op = vb_op_new(c, VB_OP_SUBST, vb_text_source_place(src, (size_t)(body.p - src->text.p) - 1));
  vb_subst *s = op ? VB_NEW(c->a, vb_subst) : NULL;
  if (!s) {
    c->st = VB_NOMEM;
    return NULL;
  }
  op->u.subst = s;
  s->format = (vb_print){VB_PRINT_NONE, -1};
  vb_span whole = body;
  read_tail(c, src, &body, s);
  vb_span t = vb_span_trim(body);
  if (t.n && t.p[0] == '=') {
    vb_span sql = vb_span_trim((vb_span){t.p + 1, t.n - 1});
    s->kind = VB_SUBST_SQL;
    if (sql.n == 0) vb_compile_post(c, VB_MSG_TEMPLATE_SUBST, op->at, VB_TXT(whole), NULL);
    vb_text_source from = *src;
    from.skip += sql.n ? (size_t)(sql.p - src->text.p) : 0;
    from.text = sql.n ? sql : VB_LIT("NULL");
    vb_sql_set(c, &s->sql, &from, true);
    s->source = s->sql.source;
    return op;
  }
  bool of = t.n && t.p[0] == '#';
  if (of) t = (vb_span){t.p + 1, t.n - 1};
  s->kind = of ? VB_SUBST_CODE_OF : is_name(t) ? VB_SUBST_NAME : VB_SUBST_CODE;
  if (of ? !is_name(t) : !is_code(t)) vb_compile_post(c, VB_MSG_TEMPLATE_SUBST, op->at, VB_TXT(whole), NULL);
  s->name = s->source = vb_arena_str(c->a, t.p, t.n);
  if (!s->name) c->st = VB_NOMEM;
  return op;
}

/* ---- text --------------------------------------------------------------------------------------------------- */

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/* Copies literal text; runs of white space become one space where the text is running text. */
static vb_span literal(vb_compile *c, vb_buf *b, bool collapse) {
  char *p = vb_arena_str(c->a, b->p ? b->p : "", b->n);
  if (!p || b->failed) {
    c->st = VB_NOMEM;
    return (vb_span){"", 0};
  }
  size_t n = 0;
  for (size_t i = 0; i < b->n; i++) {
    if (collapse && is_space(p[i])) {
      if (n && p[n - 1] == ' ') continue;
      p[n++] = ' ';
    } else {
      p[n++] = p[i];
    }
  }
  return (vb_span){p, n};
}

static void add_text(vb_compile *c, vb_op ***tail, vb_buf *b, vb_place at, bool collapse) {
  if (b->n == 0) return;
  vb_op *op = vb_op_new(c, VB_OP_TEXT, at);
  if (!op) return;
  op->u.text = literal(c, b, collapse);
  vb_buf_clear(b);
  **tail = op;
  *tail = &op->next;
}

vb_op *vb_subst_compile(vb_compile *c, const vb_text_source *src, bool collapse) {
  vb_op *first = NULL, **tail = &first;
  vb_span s = src->text;
  vb_buf b;
  vb_buf_init(&b);
  size_t begun = 0;
  for (size_t i = 0; i < s.n;) {
    if (s.p[i] != '{') {
      if (b.n == 0) begun = i;
      vb_buf_char(&b, s.p[i++]);
      continue;
    }
    if (i + 1 < s.n && s.p[i + 1] == '{') {
      if (b.n == 0) begun = i;
      vb_buf_char(&b, '{');
      i += 2;
      continue;
    }
    if (b.n) add_text(c, &tail, &b, vb_text_source_place(src, begun), collapse);
    size_t close = close_of(s, i + 1);
    if (close == s.n) {
      vb_compile_post(c, VB_MSG_TEMPLATE_BRACE, vb_text_source_place(src, i), NULL, NULL);
      break;
    }
    vb_op *op = subst_op(c, src, (vb_span){s.p + i + 1, close - i - 1});
    if (!op) break;
    *tail = op;
    tail = &op->next;
    i = close + 1;
  }
  if (b.failed) c->st = VB_NOMEM; /* it may have failed at its first letter, and look empty */
  if (b.n) add_text(c, &tail, &b, vb_text_source_place(src, begun), collapse);
  vb_buf_free(&b);
  return first;
}

vb_op *vb_compile_attr_text(vb_compile *c, const vb_xml_node *n, const char *name) {
  const vb_xml_attr *at = vb_xml_attr_find(n, name);
  if (!at) return NULL;
  vb_text_source src = {.file = c->file, .attr = at, .text = at->value};
  vb_op *op = vb_subst_compile(c, &src, true);
  if (op) return op;
  op = vb_op_new(c, VB_OP_TEXT, vb_tpl_attr_place(c->file, at, 0)); /* "" is a text too */
  if (op) op->u.text = (vb_span){"", 0};
  return op;
}

bool vb_op_is_literal(const vb_op *text, vb_span *out) {
  *out = (vb_span){"", 0};
  if (!text) return true;
  if (text->kind != VB_OP_TEXT || text->next) return false;
  *out = text->u.text;
  return true;
}
