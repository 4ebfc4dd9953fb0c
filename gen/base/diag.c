/* The collector of findings. Any room may post; batch reads them out.
 *
 * Invariants
 *  1. Findings, their texts and the names of files live in the collector's arenas: nothing is borrowed from the caller.
 *  2. At most VB_FINDINGS_PER_RULE findings of one rule about one document of one unit are listed. The next brings one
 *     FINDINGS_MORE, under a rule of its own so that no waiver for the first covers what was not listed; it counts the rest.
 *  3. A post never fails visibly. What could not be kept sets `failed`, and the status returned is that of the severity.
 */
#include "base/base_int.h"

#include <string.h>

#define NAMES_BLOCK_BYTES 4096u

/* Findings of one rule about one document. */
typedef struct tally {
  size_t listed, hidden;
  struct node *more; /* the FINDINGS_MORE entry */
  char text[24];     /* its {0} */
} tally;

typedef struct node {
  vb_finding f; /* first: vb_finding.next leads to nodes alone */
  tally *counts; /* FINDINGS_MORE alone */
} node;

struct vb_diag {
  vb_arena *arena, *names; /* findings, which a move empties; names of files, which callers hold */
  vb_map *files, *tallies;
  vb_finding *first, *tail, *last;
  vb_finding unlisted; /* what vb_diag_last gives for a finding that was only counted */
  vb_buf unit, document, code;
  bool has_unit, has_document, has_code;
  bool failed;
};

vb_diag *vb_diag_new(void)
{
  vb_diag *d = vb_mem_zalloc(sizeof *d);
  if (!d)
    return NULL;
  d->arena = vb_arena_new(0);
  d->names = vb_arena_new(NAMES_BLOCK_BYTES);
  d->files = vb_map_new();
  d->tallies = vb_map_new();
  if (!d->arena || !d->names || !d->files || !d->tallies) {
    vb_diag_free(d);
    return NULL;
  }
  return d;
}

void vb_diag_free(vb_diag *d)
{
  if (!d)
    return;
  vb_map_free(d->files);
  vb_map_free(d->tallies);
  vb_arena_free(d->arena);
  vb_arena_free(d->names);
  vb_buf_free(&d->unit);
  vb_buf_free(&d->document);
  vb_buf_free(&d->code);
  vb_mem_free(d);
}

/* A copy in the collector's arena; NULL stays NULL. */
static const char *keep(vb_diag *d, const char *s)
{
  if (!s)
    return NULL;
  const char *copy = vb_arena_str(d->arena, s, strlen(s));
  if (!copy)
    d->failed = true;
  return copy;
}

const char *vb_diag_file(vb_diag *d, const char *path)
{
  if (!path)
    return NULL;
  const char *known = vb_map_get(d->files, vb_span_of(path));
  if (known)
    return known;
  char *copy = vb_arena_str(d->names, path, strlen(path));
  if (!copy || !vb_map_put(d->files, vb_span_of(path), copy)) {
    d->failed = true;
    return NULL;
  }
  return copy;
}

static void about(vb_diag *d, vb_buf *b, bool *has, const char *s)
{
  *has = s != NULL;
  if (!s)
    return;
  vb_buf_clear(b);
  vb_buf_str(b, s);
  vb_buf_cstr(b);
  if (b->failed) {
    d->failed = true;
    *has = false;
    vb_buf_free(b);
  }
}

void vb_diag_about(vb_diag *d, const char *unit, const char *document, const char *code)
{
  about(d, &d->unit, &d->has_unit, unit);
  about(d, &d->document, &d->has_document, document);
  about(d, &d->code, &d->has_code, code);
}

static tally *tally_of(vb_diag *d, const vb_finding *f)
{
  vb_buf key;
  vb_buf_init(&key);
  const char *const parts[3] = {f->rule, f->unit, f->document};
  for (int i = 0; i < 3; i++) {
    vb_buf_add(&key, parts[i], parts[i] ? strlen(parts[i]) + 1 : 0);
    vb_buf_char(&key, parts[i] ? '+' : '-');
  }
  tally *t = key.failed ? NULL : vb_map_get(d->tallies, (vb_span){key.p, key.n});
  if (!t && !key.failed) {
    t = VB_NEW(d->arena, tally);
    if (t && !vb_map_put(d->tallies, (vb_span){key.p, key.n}, t))
      t = NULL;
  }
  vb_buf_free(&key);
  return t;
}

static void append(vb_diag *d, node *n)
{
  if (d->tail)
    d->tail->next = &n->f;
  else
    d->first = &n->f;
  d->tail = &n->f;
}

/* Copies f with all it points to; NULL and `failed` when out of memory. */
static node *node_copy(vb_diag *d, const vb_finding *f)
{
  bool before = d->failed;
  node *n = VB_NEW(d->arena, node);
  d->failed = n == NULL;
  if (n) {
    n->f = *f;
    n->f.next = NULL;
    n->f.rule = keep(d, f->rule);
    n->f.at.file = vb_diag_file(d, f->at.file);
    n->f.at.cell = keep(d, f->at.cell);
    n->f.unit = keep(d, f->unit);
    n->f.document = keep(d, f->document);
    n->f.code = keep(d, f->code);
    for (int i = 0; i < VB_MSG_ARGS; i++)
      n->f.args[i] = keep(d, f->args[i]);
    n->f.waived.reason = keep(d, f->waived.reason);
    n->f.waived.who = keep(d, f->waived.who);
    n->f.waived.date = keep(d, f->waived.date);
    if (d->failed)
      n = NULL;
  }
  d->failed = d->failed || before;
  return n;
}

/* Counts `by` findings like f that are not listed. */
static void hide(vb_diag *d, tally *t, const vb_finding *f, size_t by)
{
  t->hidden += by;
  vb_num_text(t->text, sizeof t->text, (int64_t)t->hidden);
  d->unlisted = (vb_finding){.msg = f->msg, .severity = f->severity, .rule = f->rule};
  d->last = &d->unlisted;
  if (t->more) {
    t->more->f.severity = f->severity > t->more->f.severity ? f->severity : t->more->f.severity;
    return;
  }
  vb_finding more = {.msg = VB_MSG_FINDINGS_MORE, .severity = f->severity, .at = f->at, .unit = f->unit, .document = f->document};
  more.rule = vb_msg_get(VB_MSG_FINDINGS_MORE)->rule;
  more.args[1] = f->rule;
  t->more = node_copy(d, &more);
  if (!t->more)
    return;
  t->more->f.args[0] = t->text;
  t->more->counts = t;
  append(d, t->more);
}

static void add(vb_diag *d, const vb_finding *f)
{
  d->last = NULL;
  tally *t = tally_of(d, f);
  if (!t) {
    d->failed = true;
    return;
  }
  if (t->listed == VB_FINDINGS_PER_RULE) {
    hide(d, t, f, 1);
    return;
  }
  node *n = node_copy(d, f);
  if (!n)
    return;
  t->listed++;
  append(d, n);
  d->last = &n->f;
}

static vb_status status_of(vb_severity s)
{
  return s == VB_FATAL ? VB_SYSTEM : s == VB_ERROR ? VB_BAD : VB_OK;
}

static void post(vb_diag *d, vb_finding *f)
{
  f->unit = d->has_unit ? d->unit.p : NULL;
  f->document = d->has_document ? d->document.p : NULL;
  f->code = d->has_code ? d->code.p : NULL;
  add(d, f);
}

vb_status vb_diag_post(vb_diag *d, vb_msg m, vb_place at, const char *const *args)
{
  const vb_msg_info *info = vb_msg_get(m);
  vb_finding f = {.msg = m, .severity = info->severity, .rule = info->rule, .at = at};
  for (int i = 0; i < VB_MSG_ARGS && args[i]; i++)
    f.args[i] = args[i];
  post(d, &f);
  return status_of(f.severity);
}

vb_status vb_diag_post_rule(vb_diag *d, vb_severity s, const char *rule, vb_place at, const char *vi, const char *en)
{
  vb_finding f = {.msg = VB_MSG_RULE, .severity = s, .rule = rule, .at = at};
  f.args[0] = vi ? vi : en;
  f.args[1] = en ? en : vi;
  post(d, &f);
  return status_of(s);
}

void vb_diag_add(vb_diag *d, const vb_finding *f)
{
  add(d, f);
}

const vb_finding *vb_diag_first(const vb_diag *d)
{
  return d->first;
}

vb_finding *vb_diag_last(vb_diag *d)
{
  return d->last;
}

size_t vb_diag_count(const vb_diag *d, vb_severity at_least)
{
  size_t count = 0;
  for (const vb_finding *f = d->first; f; f = f->next) {
    const tally *t = ((const node *)f)->counts;
    if (f->severity >= at_least && !f->waived.reason)
      count += t ? t->hidden : 1;
  }
  return count;
}

bool vb_diag_failed(const vb_diag *d)
{
  return d->failed;
}

/* Findings that `from` had only counted are counted on under the rule they stood under, which is {1} of the entry. */
static void move_hidden(vb_diag *to, const vb_finding *f, size_t hidden)
{
  vb_finding like = *f;
  like.rule = f->args[1];
  tally *t = tally_of(to, &like);
  if (t)
    hide(to, t, &like, hidden);
  else
    to->failed = true;
}

static bool same_text(const char *a, const char *b)
{
  return a == b || (a && b && strcmp(a, b) == 0);
}

/* Nobody could tell them apart: three cells that one line of a template made, with the same words. */
static bool same_finding(const vb_finding *a, const vb_finding *b)
{
  bool same = a->msg == b->msg && a->severity == b->severity && a->at.line == b->at.line && a->at.column == b->at.column && same_text(a->rule, b->rule) &&
              same_text(a->at.file, b->at.file) && same_text(a->at.cell, b->at.cell) && same_text(a->unit, b->unit) && same_text(a->document, b->document) &&
              same_text(a->code, b->code);
  for (int i = 0; i < VB_MSG_ARGS && same; i++)
    same = same_text(a->args[i], b->args[i]);
  return same;
}

void vb_diag_move(vb_diag *to, vb_diag *from)
{
  const vb_finding *before = NULL;
  for (const vb_finding *f = from->first; f; before = f, f = f->next) {
    const tally *t = ((const node *)f)->counts;
    if (t)
      move_hidden(to, f, t->hidden);
    else if (!before || !same_finding(before, f))
      add(to, f);
  }
  to->failed = to->failed || from->failed;
  from->first = from->tail = from->last = NULL;
  vb_map *fresh = vb_map_new();
  if (!fresh) { /* the old tallies stand in the arena: both stay, and hide more than they should; so it is told */
    from->failed = true;
    return;
  }
  vb_map_free(from->tallies);
  from->tallies = fresh;
  vb_arena_reset(from->arena);
}
