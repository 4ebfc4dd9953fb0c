/* data.c: what a form knows of its figures without a word from its author: rates, parts and wholes, heading rows, blanks. The SQL rules
 * of forms and templates run beside. Called by batch through vb_check_data.
 *
 * Invariants
 *  1. One query a unit reads all its figures; the rules work on an array in the order of the form.
 *  2. A rule that compares figures says nothing where one of them is missing or does not apply.
 */
#include <stdio.h>
#include <string.h>

#include "check/check_int.h"

typedef struct checker {
  vb_diag *d;
  vb_store *s;
  const char *period;
  const vb_check_set *set;
  vb_map *index;           /* code → indicator's place in the set, counted from 1 */
  int32_t *parent;         /* whose “Trong đó” or child row it is; -1 none */
  bool *heading, *used;    /* has rows below; has a figure in some unit */
  vb_check_figure *figures;
  vb_query *values, *level, *source, **rules;
  int64_t src; const char *file; /* the file of the last figure; 0: none yet */
  vb_status worst;
} checker;

static void found(checker *c, vb_status s) { c->worst = vb_worse(c->worst, s); }
static const vb_indicator *item(const checker *c, size_t i) { return c->set->indicators[i]; }
static bool has(const checker *c, size_t i) { return c->figures[i].known; }
static void about(const checker *c, const char *unit, const char *code) { vb_diag_about(c->d, unit, c->set->document, code); }

typedef struct shown { char text[64]; } shown;
/* In its own room, which holds the longest figure twice: a sentence with a hole where memory failed would be another. */
static const char *show(vb_dec v, shown *out) {
  vb_buf b = {out->text, 0, sizeof out->text, false};
  vb_number_print(v, (vb_number_format){-1, true, 1, true}, &b);
  return vb_buf_cstr(&b);
}

static bool begins(const char *s, const char *with) { return strncmp(s, with, strlen(with)) == 0; }
/* “Số đơn vị tự chủ 100% …” is a count: how a label begins tells, not a % inside it. */
static bool is_rate(const vb_indicator *i) { return begins(i->label, "Tỷ lệ") || begins(i->label, "Tỉ lệ") || begins(i->label, "Phần trăm"); }
static bool in_percent(const vb_indicator *i) { return i->measure != NULL && strchr(i->measure, '%') != NULL; }

/* Growth and comparison with a plan may pass 100 %, or fall below 0. */
static bool may_exceed(const char *label) {
  static const char *const words[] = {"tăng", "tốc độ", "so với cùng kỳ", "so với kế hoạch", "vượt", "Tăng", "Tốc độ"};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (strstr(label, words[i]) != NULL) return true;
  return false;
}

static void check_rate(checker *c, const char *unit, size_t i) {
  const vb_indicator *x = item(c, i);
  shown v;
  if (!has(c, i) || (x->type != VB_TYPE_PERCENT && !(in_percent(x) && is_rate(x)))) return;
  if (vb_dec_cmp(c->figures[i].num, (vb_dec){0, 0}) >= 0 && vb_dec_cmp(c->figures[i].num, (vb_dec){100, 0}) <= 0) return;
  if (may_exceed(x->label)) return;
  about(c, unit, x->code);
  found(c, VB_FIND(c->d, VB_CHECK_A06, VB_ERROR, c->figures[i].at, x->code, VB_TXT(vb_span_of(x->label)), show(c->figures[i].num, &v)));
}

static size_t place_in(const checker *c, const char *code) { return code == NULL ? 0 : (size_t)(uintptr_t)vb_map_get(c->index, vb_span_of(code)); }

/* Tolerance: half a unit of the last digit that was written, so that rounding the exact rate must give the printed one. */
static void check_ratio(checker *c, const char *unit, size_t i) {
  const vb_indicator *x = item(c, i);
  size_t num = place_in(c, x->num), den = place_in(c, x->den);
  vb_dec scaled, want;
  shown a, b, n, m;
  if (!has(c, i) || num == 0 || den == 0 || !has(c, num - 1) || !has(c, den - 1)) return;
  vb_dec top = c->figures[num - 1].num, bottom = c->figures[den - 1].num, is = c->figures[i].num;
  if (!vb_dec_mul(top, (vb_dec){x->scale > 0 ? x->scale : 1, 0}, &scaled) || !vb_dec_ratio(scaled, bottom, is.places, &want)) return;
  if (vb_dec_cmp(is, want) == 0) return;
  about(c, unit, x->code);
  found(c, VB_FIND(c->d, VB_CHECK_A05, VB_ERROR, c->figures[i].at, x->code, show(is, &a), show(top, &n), show(bottom, &m), show(want, &b)));
}

static bool same_kind(const vb_indicator *a, const vb_indicator *b) {
  return a->type == b->type && (a->type == VB_TYPE_COUNT || a->type == VB_TYPE_MONEY) && a->measure != NULL && b->measure != NULL && strcmp(a->measure, b->measure) == 0;
}

static void check_part(checker *c, const char *unit, size_t i) {
  const vb_indicator *x = item(c, i);
  int32_t p = c->parent[i];
  shown part, whole;
  if (!x->sub || p < 0 || !has(c, i) || !has(c, (size_t)p) || !same_kind(x, item(c, (size_t)p))) return;
  if (vb_dec_cmp(c->figures[i].num, c->figures[p].num) <= 0) return;
  about(c, unit, x->code);
  found(c, VB_FIND(c->d, VB_CHECK_X02, VB_ERROR, c->figures[i].at, x->code, show(c->figures[i].num, &part), item(c, (size_t)p)->code, show(c->figures[p].num, &whole)));
}

/* What stands below a heading row; rates do not count. */
static void check_heading(checker *c, const char *unit, size_t i) {
  vb_dec sum = {0, 0};
  size_t below = 0;
  bool mixed = false;
  shown v;
  if (!c->heading[i] || !has(c, i) || item(c, i)->sub) return;
  for (size_t k = i + 1; k < c->set->n_indicators; k++) {
    int32_t up = c->parent[k];
    bool inside = up == (int32_t)i || (up > (int32_t)i && c->parent[up] == (int32_t)i);
    if (!inside || !has(c, k) || item(c, k)->type == VB_TYPE_PERCENT) continue;
    if (vb_dec_cmp(c->figures[k].num, c->figures[i].num) == 0) return;
    if (up == (int32_t)i && !vb_dec_add(sum, c->figures[k].num, &sum)) return;
    below++;
    mixed = mixed || item(c, k)->type != item(c, i)->type;
  }
  if (below == 0 || mixed || vb_dec_cmp(sum, c->figures[i].num) == 0) return;
  about(c, unit, item(c, i)->code);
  found(c, VB_FIND(c->d, VB_CHECK_T07, VB_WARNING, c->figures[i].at, item(c, i)->code, show(c->figures[i].num, &v)));
}

static void check_blanks_below(checker *c, const char *unit, size_t i) {
  bool zero = false, blank = false;
  vb_place at = VB_NOWHERE;
  for (size_t k = i + 1; k < c->set->n_indicators; k++) {
    if (c->parent[k] != (int32_t)i || item(c, k)->type != VB_TYPE_COUNT || c->heading[k]) continue;
    if (c->figures[k].status == VB_MISSING) blank = true;
    else if (has(c, k) && c->figures[k].num.n == 0 && !zero) {
      zero = true;
      at = c->figures[k].at;
    }
  }
  if (!zero || !blank) return;
  about(c, unit, item(c, i)->code);
  found(c, VB_FIND(c->d, VB_CHECK_T05, VB_INFO, at, item(c, i)->code));
}

static bool applies(const vb_indicator *x, const char *level) {
  if (x->applies == NULL || *x->applies == '\0' || level == NULL || *level == '\0') return true;
  for (const char *p = x->applies; *p != '\0';) {
    size_t n = strcspn(p, ", ");
    if (n == strlen(level) && memcmp(p, level, n) == 0) return true;
    p += n;
    p += strspn(p, ", ");
  }
  return false;
}

/* Each required figure that is missing is an error; the others are told together. */
static void check_missing(checker *c, const char *unit, const char *level) {
  vb_buf list;
  size_t missing = 0, given = 0;
  for (size_t i = 0; i < c->set->n_indicators; i++) given += c->figures[i].status != VB_MISSING;
  if (given == 0) return; /* the unit reports under another form */
  vb_buf_init(&list);
  for (size_t i = 0; i < c->set->n_indicators; i++) {
    const vb_indicator *x = item(c, i);
    if (x->type == VB_TYPE_GROUP || c->heading[i] || c->figures[i].status != VB_MISSING || !applies(x, level)) continue;
    if (x->required) {
      about(c, unit, x->code);
      found(c, VB_FIND(c->d, VB_CHECK_T02, VB_ERROR, c->figures[i].at.file != NULL ? c->figures[i].at : x->at, x->code));
    } else if (missing++ < 8) {
      vb_buf_printf(&list, "%s%s", missing > 1 ? ", " : "", x->code);
    }
  }
  if (missing > 8) vb_buf_printf(&list, " … (%zu)", missing);
  about(c, unit, NULL);
  if (list.failed) found(c, VB_NOMEM);
  else if (missing > 0) found(c, VB_FIND(c->d, VB_CHECK_T02, VB_WARNING, VB_NOWHERE, vb_buf_cstr(&list)));
  vb_buf_free(&list);
}

static bool is_abbreviation(const char *s) {
  size_t n = 0;
  while (s[n] >= 'A' && s[n] <= 'Z') n++;
  return n > 1 && (s[n] == '\0' || s[n] == ' ');
}

/* “Cơ quan, đơn vị” measures offices and units alike: one part in the label is enough. */
static bool names_part(vb_span label, vb_span measure) {
  for (size_t at = 0; at < measure.n;) {
    const char *comma = memchr(measure.p + at, ',', measure.n - at);
    size_t n = comma == NULL ? measure.n - at : (size_t)(comma - measure.p) - at;
    for (size_t i = 0; n > 0 && i + n <= label.n; i++)
      if (memcmp(label.p + i, measure.p + at, n) == 0) return true;
    for (at += n; at < measure.n && (measure.p[at] == ',' || measure.p[at] == ' ');) at++;
  }
  return false;
}

/* “Số hộ gia đình …” measured in accounts, where households are a measure of their own in this form. */
static bool counts_other(checker *c, vb_arena *a, const vb_indicator *x) {
  static const char *const heads[] = {"tổng số ", "số lượng ", "số "};
  vb_span label = vb_text_lower(a, vb_span_of(x->label)), own = vb_text_lower(a, vb_span_of(x->measure)), noun = {NULL, 0};
  if (label.p == NULL || own.p == NULL) found(c, VB_NOMEM);
  for (size_t i = 0; i < 3 && noun.p == NULL && label.p != NULL; i++)
    if (label.n > strlen(heads[i]) && memcmp(label.p, heads[i], strlen(heads[i])) == 0) noun = (vb_span){label.p + strlen(heads[i]), label.n - strlen(heads[i])};
  if (names_part(label, own)) return false; /* it counts what it measures */
  for (size_t i = 0; i < c->set->n_indicators && noun.p != NULL; i++) {
    const char *measure = item(c, i)->measure;
    vb_span m = measure == NULL ? (vb_span){NULL, 0} : vb_text_lower(a, vb_span_of(measure));
    if (measure != NULL && is_abbreviation(measure)) continue; /* TTHC is a “thủ tục” */
    if (m.n > 1 && m.n <= noun.n && memcmp(m.p, noun.p, m.n) == 0 && (m.n == noun.n || noun.p[m.n] == ' ' || noun.p[m.n] == ',')) return true;
  }
  return false;
}

/* Of the form, once, and only where a figure was reported under it. */
static void check_measures(checker *c, vb_arena *a) {
  for (size_t i = 0; i < c->set->n_indicators; i++) {
    const vb_indicator *x = item(c, i);
    bool figure = x->type == VB_TYPE_COUNT || x->type == VB_TYPE_DECIMAL || x->type == VB_TYPE_PERCENT || x->type == VB_TYPE_MONEY;
    bool none = x->measure == NULL || *x->measure == '\0';
    if (!c->used[i] || !figure || c->heading[i]) continue;
    about(c, NULL, x->code);
    vb_severity how = x->official_measure ? VB_INFO : VB_WARNING;
    if (none) {
      found(c, VB_FIND(c->d, VB_CHECK_T03, how, x->at, x->code, VB_TXT(vb_span_of(x->label))));
      continue;
    }
    bool quotient = strstr(x->label, "/") != NULL || strstr(x->measure, "‰") != NULL; /* in units of its own, per thousand */
    bool wrong = is_rate(x) ? !in_percent(x) && !quotient : (in_percent(x) && begins(x->label, "Số ")) || counts_other(c, a, x);
    if (wrong) found(c, VB_FIND(c->d, VB_CHECK_T04, how, x->at, x->code, VB_TXT(vb_span_of(x->label)), x->measure));
  }
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

static const char values_sql[] = "SELECT code, status, num, places, src, line, col, cell FROM value WHERE unit = :unit AND period = :period";
static const char source_sql[] = "SELECT file FROM source WHERE id = :id";

static vb_value_status status_of(vb_span s) {
  return vb_span_is(s, "reported") ? VB_REPORTED : vb_span_is(s, "dash") ? VB_ZERO_DASH : vb_span_is(s, "na") ? VB_NOT_APPLICABLE : VB_MISSING;
}

/* Figures of a unit come from one file, or from a few. */
static vb_status read_file(checker *c, vb_arena *a, vb_sql_value src) {
  if (src.type != VB_SQL_INTEGER || src.integer == c->src) return VB_OK;
  vb_query_bind(c->source, 0, src);
  vb_status s = vb_query_step(c->d, c->source);
  vb_span file = s == VB_OK ? vb_query_value(c->source, 0).text : (vb_span){NULL, 0};
  char *name = s == VB_OK ? vb_arena_str(a, file.p, file.n) : NULL;
  c->src = src.integer;
  c->file = name == NULL ? NULL : vb_diag_file(c->d, name);
  if (s == VB_OK && c->file == NULL) s = VB_NOMEM; /* what is said of its figures would stand at no file */
  vb_query_reset(c->source);
  return s == VB_DONE ? VB_OK : s;
}

static vb_status place_in_row(checker *c, const vb_query *q, vb_arena *a, vb_place *at) {
  vb_sql_value src = vb_query_value(q, 4), cell = vb_query_value(q, 7);
  vb_status s = read_file(c, a, src);
  *at = (vb_place){src.type == VB_SQL_INTEGER ? c->file : NULL, (uint32_t)vb_query_value(q, 5).integer, (uint32_t)vb_query_value(q, 6).integer, NULL};
  if (cell.type == VB_SQL_TEXT && cell.text.n > 0 && (at->cell = vb_arena_str(a, cell.text.p, cell.text.n)) == NULL) s = vb_worse(s, VB_NOMEM);
  return s;
}

static vb_status read_unit(checker *c, vb_arena *a, const char *unit) {
  memset(c->figures, 0, c->set->n_indicators * sizeof *c->figures);
  vb_status s = vb_check_bind(c->values, unit, c->period);
  while (s == VB_OK && (s = vb_query_step(c->d, c->values)) == VB_OK) {
    size_t i = (size_t)(uintptr_t)vb_map_get(c->index, vb_query_value(c->values, 0).text);
    if (i-- == 0) continue;
    vb_check_figure *f = &c->figures[i];
    vb_sql_value num = vb_query_value(c->values, 2), places = vb_query_value(c->values, 3);
    vb_type t = item(c, i)->type;
    f->status = status_of(vb_query_value(c->values, 1).text);
    s = place_in_row(c, c->values, a, &f->at);
    f->known = num.type == VB_SQL_INTEGER && t != VB_TYPE_CODE && t != VB_TYPE_TEXT && t != VB_TYPE_DATE && t != VB_TYPE_GROUP;
    f->num = (vb_dec){num.integer, item(c, i)->places};
    if (f->known && places.type == VB_SQL_INTEGER) vb_dec_rescale(f->num, (int)places.integer, &f->num); /* as delivered */
    c->used[i] = c->used[i] || f->known;
  }
  vb_query_reset(c->values);
  return s == VB_DONE ? VB_OK : s;
}

static vb_status read_level(checker *c, vb_arena *a, const char *unit, const char **level) {
  *level = NULL;
  vb_status s = vb_check_bind(c->level, unit, c->period);
  if (s == VB_OK) s = vb_query_step(c->d, c->level);
  if (s == VB_OK && vb_query_value(c->level, 0).type == VB_SQL_TEXT) {
    vb_span t = vb_query_value(c->level, 0).text;
    *level = vb_arena_str(a, t.p, t.n);
    if (*level == NULL) s = VB_NOMEM;
  }
  vb_query_reset(c->level);
  return s == VB_DONE ? VB_OK : s;
}

/* ---- one set ------------------------------------------------------------------------------------------------ */

/* A row is below its parent, or, when it is a “Trong đó” row numbered 3.2.3/1, a part of 3.2.3. */
static vb_status order_rows(checker *c) {
  for (size_t i = 0; i < c->set->n_indicators; i++)
    if (!vb_map_put(c->index, vb_span_of(item(c, i)->code), (void *)(uintptr_t)(i + 1))) return VB_NOMEM;
  for (size_t i = 0; i < c->set->n_indicators; i++) {
    const char *code = item(c, i)->code, *slash = strrchr(code, '/');
    size_t up = item(c, i)->sub && slash != NULL ? (size_t)(uintptr_t)vb_map_get(c->index, (vb_span){code, (size_t)(slash - code)}) : 0;
    if (up == 0) up = place_in(c, item(c, i)->parent);
    c->parent[i] = (int32_t)up - 1;
    if (up > 0 && !item(c, i)->sub) c->heading[up - 1] = true;
  }
  return VB_OK;
}

static vb_status prepare(checker *c, vb_arena *a) {
  size_t n = c->set->n_indicators;
  c->index = vb_map_new();
  c->parent = VB_NEW_ARRAY(a, int32_t, n + 1);
  c->heading = VB_NEW_ARRAY(a, bool, n + 1);
  c->used = VB_NEW_ARRAY(a, bool, n + 1);
  c->figures = VB_NEW_ARRAY(a, vb_check_figure, n + 1);
  c->rules = VB_NEW_ARRAY(a, vb_query *, c->set->n_rules + 1);
  if (c->index == NULL || c->parent == NULL || c->heading == NULL || c->used == NULL || c->figures == NULL || c->rules == NULL) return VB_NOMEM;
  vb_status s = order_rows(c);
  if (s == VB_OK) s = vb_query_prepare(c->d, c->s, vb_span_of(values_sql), VB_NOWHERE, &c->values);
  if (s == VB_OK) s = vb_query_prepare(c->d, c->s, vb_span_of(source_sql), VB_NOWHERE, &c->source);
  if (s == VB_OK) s = vb_query_prepare(c->d, c->s, VB_LIT("SELECT level FROM unit WHERE code = :unit"), VB_NOWHERE, &c->level);
  if (s == VB_BAD) s = VB_SYSTEM; /* these are no clerk's statements: the database is damaged */
  for (size_t i = 0; i < c->set->n_rules && s < VB_SYSTEM; i++)
    s = vb_worse(s, vb_query_prepare(c->d, c->s, c->set->rules[i].sql, c->set->rules[i].at, &c->rules[i]));
  return s;
}

static vb_status check_unit(checker *c, vb_arena *a, const char *unit) {
  const char *level = NULL;
  vb_status s = vb_check_sql_run(c->d, c->s, c->period, unit, c->set, c->rules);
  if (c->set->n_indicators == 0 || s >= VB_SYSTEM) return s;
  found(c, s);
  s = read_unit(c, a, unit);
  if (s == VB_OK) s = read_level(c, a, unit, &level);
  if (s != VB_OK) return s;
  for (size_t i = 0; i < c->set->n_indicators; i++) {
    check_rate(c, unit, i);
    check_ratio(c, unit, i);
    check_part(c, unit, i);
    check_heading(c, unit, i);
    if (c->heading[i]) check_blanks_below(c, unit, i);
  }
  check_missing(c, unit, level);
  return c->worst;
}

static vb_status check_set(vb_diag *d, vb_store *s, const char *period, const vb_check_set *set) {
  vb_arena *a = vb_arena_new(0), *scratch = vb_arena_new(0);
  checker c = {.d = d, .s = s, .period = period, .set = set};
  vb_status st = a == NULL || scratch == NULL ? VB_NOMEM : prepare(&c, a);
  if (st < VB_SYSTEM && c.values != NULL && c.source != NULL && c.level != NULL) {
    for (size_t i = 0; i < set->n_units && st < VB_SYSTEM; i++) {
      st = vb_worse(st, check_unit(&c, scratch, set->units[i]));
      vb_arena_reset(scratch);
    }
    if (st < VB_SYSTEM) check_measures(&c, scratch);
  }
  for (size_t i = 0; c.rules != NULL && i < set->n_rules; i++) vb_query_free(c.rules[i]);
  vb_query_free(c.values);
  vb_query_free(c.level);
  vb_query_free(c.source);
  vb_map_free(c.index);
  vb_arena_free(scratch);
  vb_arena_free(a);
  vb_diag_about(d, NULL, NULL, NULL);
  return vb_worse(st, c.worst);
}

vb_status vb_check_data(vb_diag *d, vb_store *s, const char *period, const vb_check_set *sets, size_t n) {
  vb_status st = VB_OK;
  for (size_t i = 0; i < n && st < VB_SYSTEM; i++) st = vb_worse(st, check_set(d, s, period, &sets[i]));
  return st;
}
