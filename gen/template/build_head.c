/* build_head: the document's own facts: a copy of its meta data, the builtin variables, subject and title. For gen/template alone. */
#include "template/template_int.h"

#include <stdio.h>
#include <string.h>

static const char *keep(vb_builder *b, const char *s, bool *failed) {
  if (!s) return NULL;
  const char *copy = vb_arena_str(b->a, s, strlen(s));
  if (!copy) *failed = true;
  return copy;
}

static const vb_party *keep_parties(vb_builder *b, const vb_party *list, uint32_t n, bool *failed) {
  vb_party *out = VB_NEW_ARRAY(b->a, vb_party, n + 1);
  for (uint32_t i = 0; out && i < n; i++) out[i] = (vb_party){keep(b, list[i].name, failed), keep(b, list[i].ident, failed)};
  if (!out) *failed = true;
  return out;
}

static bool keep_meta(vb_builder *b) {
  vb_meta *m = &b->doc->meta;
  bool failed = false;
  if (b->b->meta) *m = *b->b->meta;
  const char **strings[] = {&m->id, &m->kind, &m->kind_name, &m->number, &m->symbol, &m->place, &m->subject, &m->title, &m->unit_name,
                            &m->organ, &m->superior, &m->issuer.name, &m->issuer.ident, &m->authority, &m->position, &m->signer, &m->drafter, &m->archive, &m->keywords};
  for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) *strings[i] = keep(b, *strings[i], &failed);
  m->addressees = keep_parties(b, m->addressees, m->n_addressees, &failed);
  m->recipients = keep_parties(b, m->recipients, m->n_recipients, &failed);
  m->template_id = b->t->id;
  m->unit = keep(b, b->b->unit, &failed);
  m->period = keep(b, b->b->period, &failed);
  if (!m->kind) m->kind = b->t->kind;
  if (!m->kind_name) m->kind_name = b->t->kind_name;
  return !failed;
}

/* ---- periods ------------------------------------------------------------------------------------------------ */

static int year_of(const char *period) {
  int y = 0;
  for (int i = 0; i < 4; i++) {
    if (!period || period[i] < '0' || period[i] > '9') return 0;
    y = y * 10 + (period[i] - '0');
  }
  return y;
}

/* "năm 2023", "quý I năm 2023", "6 tháng đầu năm 2023", "9 tháng năm 2023". */
static const char *period_name(vb_builder *b, const char *period) {
  static const char *const quarters[] = {"I", "II", "III", "IV"};
  int year = year_of(period);
  const char *part = year ? period + 4 : "";
  if (!year) return period;
  if (strcmp(part, "-6T") == 0) return vb_arena_printf(b->a, "6 tháng đầu năm %d", year);
  if (strcmp(part, "-9T") == 0) return vb_arena_printf(b->a, "9 tháng năm %d", year);
  if (part[0] == '-' && part[1] == 'Q' && part[2] >= '1' && part[2] <= '4') return vb_arena_printf(b->a, "quý %s năm %d", quarters[part[2] - '1'], year);
  return vb_arena_printf(b->a, "năm %d", year);
}

/* The day on which dated registers are looked up: the document's date, else the period's cut-off day (NĐ 09/2019). */
static vb_date as_of(const vb_meta *m) {
  int year = year_of(m->period), month = 12;
  if (m->date.year || !year) return m->date;
  const char *part = m->period + 4;
  if (strcmp(part, "-6T") == 0) month = 6;
  else if (strcmp(part, "-9T") == 0) month = 9;
  else if (part[0] == '-' && part[1] == 'Q' && part[2] >= '1' && part[2] <= '4') month = 3 * (part[2] - '0');
  return (vb_date){(int16_t)year, (uint8_t)month, 14};
}

/* ---- variables ---------------------------------------------------------------------------------------------- */

static void set_text(vb_builder *b, vb_builtin v, const char *s) {
  b->vars[v].v = (vb_sql_value){s && *s ? VB_SQL_TEXT : VB_SQL_NULL, 0, vb_span_of(s)};
}

static void set_int(vb_builder *b, vb_builtin v, int64_t n) { b->vars[v].v = (vb_sql_value){VB_SQL_INTEGER, n, {NULL, 0}}; }

static void set_date(vb_builder *b, vb_builtin v, vb_date d) {
  char text[11];
  size_t n = d.year ? vb_date_print_iso(d, text) : 0;
  set_text(b, v, n ? vb_arena_str(b->a, text, n) : NULL);
}

/* Numbers below 10 take a zero in front (ND30 PL I.II.3). */
static const char *number_text(vb_builder *b, const char *n) {
  return n && n[0] >= '1' && n[0] <= '9' && n[1] == '\0' ? vb_arena_printf(b->a, "0%s", n) : n;
}

static void set_builtins(vb_builder *b) {
  static const char *const states[] = {"draft", "issued", "to-stamp"}, *const modes[] = {"paper", "electronic"};
  const vb_meta *m = &b->doc->meta;
  const struct { vb_builtin v; const char *s; } texts[] = {
      {VB_BUILTIN_UNIT, m->unit},         {VB_BUILTIN_UNIT_NAME, m->unit_name}, {VB_BUILTIN_ORGAN, m->organ},         {VB_BUILTIN_SUPERIOR, m->superior},
      {VB_BUILTIN_ISSUER, m->issuer.name ? m->issuer.name : m->organ},
      {VB_BUILTIN_PLACE, m->place},       {VB_BUILTIN_TEMPLATE, b->t->id},      {VB_BUILTIN_KIND, m->kind},           {VB_BUILTIN_KIND_NAME, m->kind_name},
      {VB_BUILTIN_SYMBOL, m->symbol},     {VB_BUILTIN_PERIOD, m->period},       {VB_BUILTIN_AUTHORITY, m->authority}, {VB_BUILTIN_POSITION, m->position},
      {VB_BUILTIN_SIGNER, m->signer},     {VB_BUILTIN_DRAFTER, m->drafter},     {VB_BUILTIN_ARCHIVE, m->archive},     {VB_BUILTIN_STATE, states[m->state]}, {VB_BUILTIN_MODE, modes[m->mode]},
      {VB_BUILTIN_NUMBER, number_text(b, m->number)}, {VB_BUILTIN_PERIOD_NAME, period_name(b, m->period)}};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) set_text(b, texts[i].v, texts[i].s);
  int year = year_of(m->period);
  if (!year) year = m->date.year;
  if (year) {
    set_int(b, VB_BUILTIN_YEAR, year);
    set_int(b, VB_BUILTIN_YEAR_PREV, year - 1);
    set_int(b, VB_BUILTIN_YEAR_NEXT, year + 1);
  }
  vb_date day = as_of(m);
  set_date(b, VB_BUILTIN_DATE, m->date);
  set_date(b, VB_BUILTIN_AS_OF, day);
  if (day.year) set_int(b, VB_BUILTIN_DATE_YEAR, day.year);
  set_int(b, VB_BUILTIN_PRIORITY, m->priority);
  set_int(b, VB_BUILTIN_RECIPIENTS, m->n_recipients);
  set_int(b, VB_BUILTIN_ADDRESSEES, m->n_addressees);
  set_int(b, VB_BUILTIN_SEPARATE, b->b->separate_appendices);
}

/* Parameters: what the job sets, checked against the template's declarations, else their defaults. */
static vb_status set_params(vb_builder *b) {
  const vb_template *t = b->t;
  vb_status st = VB_OK;
  for (size_t i = 0; i < t->n_params; i++) {
    const vb_param *p = &t->params[i];
    vb_var *v = &b->vars[t->first_param + (int)i];
    v->v = (vb_sql_value){p->otherwise ? VB_SQL_TEXT : VB_SQL_NULL, 0, vb_span_of(p->otherwise)};
    bool set = p->otherwise != NULL;
    for (size_t k = 0; k < b->b->n_variables; k++) {
      if (strcmp(b->b->variables[k].name, p->name) != 0) continue;
      v->v = b->b->variables[k].value;
      set = true;
    }
    if (!set) st = vb_worse(st, VB_POST(b->d, VB_MSG_TEMPLATE_JOB_PARAM, p->at, p->name));
  }
  for (size_t k = 0; k < b->b->n_variables; k++) {
    bool known = false;
    for (size_t i = 0; i < t->n_params; i++) known = known || strcmp(b->b->variables[k].name, t->params[i].name) == 0;
    if (!known) st = vb_worse(st, VB_POST(b->d, VB_MSG_TEMPLATE_JOB_SET, VB_NOWHERE, b->b->variables[k].name));
  }
  return st;
}

/* An issued document has number, date and signer; a document to be stamped a signer. */
static vb_status check_state(vb_builder *b) {
  const vb_meta *m = &b->doc->meta;
  vb_status st = VB_OK;
  if (m->state == VB_STATE_DRAFT) return VB_OK;
  const struct { bool there; const char *what; } needs[] = {
      {m->state != VB_STATE_ISSUED || (m->number && *m->number), "<document number=\"…\">"},
      {m->state != VB_STATE_ISSUED || m->date.year != 0, "<job date=\"…\">"},
      {m->signer && *m->signer, "<signer name=\"…\">"}};
  for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
    if (!needs[i].there) st = vb_worse(st, VB_POST(b->d, VB_MSG_TEMPLATE_ISSUED, VB_NOWHERE, needs[i].what));
  return st;
}

vb_status vb_build_builtins(vb_builder *b) {
  if (!keep_meta(b)) return VB_NOMEM;
  set_builtins(b);
  return vb_worse(set_params(b), check_state(b));
}

/* ---- subject and title -------------------------------------------------------------------------------------- */

/* Plain text of inlines: built as a paragraph that is thrown away. */
static vb_status plain_of(vb_builder *b, const vb_op *ops, const char **out) {
  vb_node *para = vb_para_new(b, NULL, VB_STYLE_SUBJECT, VB_NOWHERE);
  if (!para) return VB_NOMEM;
  uint32_t nodes = b->doc->n_nodes, traces = b->doc->n_traces;
  vb_map *abbrs = b->abbrs, *cites = b->cites; /* first uses are those that are printed */
  b->abbrs = vb_map_new();
  b->cites = vb_map_new();
  vb_status st = b->abbrs && b->cites ? vb_build_inlines(b, ops, para, false) : VB_NOMEM;
  vb_map_free(b->abbrs);
  vb_map_free(b->cites);
  b->abbrs = abbrs;
  b->cites = cites;
  vb_buf text;
  vb_buf_init(&text);
  vb_node_plain(para, &text);
  *out = text.failed ? NULL : vb_arena_str(b->a, text.p ? text.p : "", text.n);
  vb_buf_free(&text);
  b->doc->n_nodes = nodes;
  b->doc->n_traces = traces;
  return st == VB_OK && !*out ? VB_NOMEM : st;
}

/* symbol and subject of the template where the job gives none; title: "Báo cáo " and the subject. */
vb_status vb_build_titles(vb_builder *b) {
  vb_meta *m = &b->doc->meta;
  vb_status st = VB_OK;
  if (!m->symbol && b->t->symbol) {
    st = plain_of(b, b->t->symbol, &m->symbol);
    set_text(b, VB_BUILTIN_SYMBOL, m->symbol);
  }
  b->own_subject = m->subject != NULL;
  if (!m->subject && b->t->subject && st <= VB_BAD) st = vb_worse(st, plain_of(b, b->t->subject, &m->subject));
  if (!m->title && m->kind_name && m->subject) {
    m->title = vb_arena_printf(b->a, "%s %s", m->kind_name, m->subject);
    if (!m->title) st = VB_NOMEM;
  }
  return st;
}
