/* say.c: findings as lines for people: those of one rule together, rules in the order in which they first met something, and of one rule no
 * more than SHOWN lines unless asked to say more; the rest is a count. JSON and the manifest hold what is not shown here. */
#include <stdio.h>
#include <string.h>

#include "batch/batch_int.h"

enum { SHOWN = 20 };

/* Findings of one rule, as a list through `after`. */
typedef struct entry { struct entry *after; const vb_finding *f; } entry;
typedef struct group { struct group *next; const char *rule; entry *first, *last; size_t count; } group;
typedef struct speaker { const vb_options *o; FILE *to; vb_arena *a; vb_map *groups; group *first, *last; vb_buf line; bool failed, colour; } speaker;

static bool is_more(const vb_finding *f) { return f->msg == VB_MSG_FINDINGS_MORE; }

/* What was counted and not listed belongs to the rule that it is of. */
static const char *rule_of(const vb_finding *f) { return is_more(f) && f->args[1] != NULL ? f->args[1] : f->rule; }

static size_t weight(const vb_finding *f) {
  size_t n = 0;
  for (const char *p = is_more(f) ? f->args[0] : NULL; p != NULL && *p >= '0' && *p <= '9'; p++) n = n * 10 + (size_t)(*p - '0');
  return is_more(f) ? n : 1;
}

static group *group_of(speaker *s, const char *rule) {
  group *g = vb_map_get(s->groups, vb_span_of(rule));
  if (g != NULL) return g;
  g = VB_NEW(s->a, group);
  if (g == NULL || !vb_map_put(s->groups, vb_span_of(rule), g)) return NULL;
  g->rule = rule;
  if (s->last != NULL) s->last->next = g;
  else s->first = g;
  s->last = g;
  return g;
}

static void collect(speaker *s, const vb_finding *f) {
  group *g = group_of(s, rule_of(f));
  entry *e = g == NULL ? NULL : VB_NEW(s->a, entry);
  if (e == NULL) {
    s->failed = true;
    return;
  }
  e->f = f;
  if (g->last != NULL) g->last->after = e;
  else g->first = e;
  g->last = e;
  g->count += weight(f);
}

static void print_line(speaker *s, const vb_finding *f) {
  const vb_options *o = s->o;
  vb_buf_clear(&s->line);
  vb_finding_show(f, o->lang, s->colour, &s->line);
  const char *waived[] = {f->waived.reason, f->waived.who != NULL ? f->waived.who : "", NULL};
  if (waived[0] != NULL) vb_msg_text(VB_MSG_SAY_WAIVED, o->lang, waived, &s->line);
  fprintf(s->to, "%s\n", vb_buf_cstr(&s->line));
}

static void print_group(speaker *s, const group *g) {
  size_t shown = 0;
  for (const entry *e = g->first; e != NULL; e = e->after) {
    if (!s->o->verbose && (shown == SHOWN || is_more(e->f))) continue;
    print_line(s, e->f);
    shown += weight(e->f);
  }
  if (shown >= g->count) return;
  VB_SAY(s->to, s->o->lang, VB_MSG_SAY_MORE_OF, VB_NUM(g->count - shown), g->rule);
}

/* Infos when asked to say more; of what is waived the quiet hear a number, of warnings nothing. */
void vb_say_all(const vb_diag *d, const vb_options *o, FILE *to) {
  speaker s = {.o = o, .to = to, .a = vb_arena_new(0), .groups = vb_map_new(), .colour = vb_terminal_colours(to)};
  size_t waived = 0;
  vb_buf_init(&s.line);
  s.failed = s.a == NULL || s.groups == NULL;
  for (const vb_finding *f = d == NULL ? NULL : vb_diag_first(d); f != NULL; f = f->next) {
    bool excused = f->waived.reason != NULL;
    waived += excused ? weight(f) : 0;
    if ((f->severity == VB_INFO && !o->verbose) || (o->quiet && (f->severity < VB_ERROR || excused))) continue;
    if (!s.failed) collect(&s, f);
    if (s.failed) print_line(&s, f); /* without memory to sort them: as they come */
  }
  for (const group *g = s.first; g != NULL; g = g->next) print_group(&s, g);
  if (o->quiet && waived > 0) VB_SAY(to, o->lang, VB_MSG_SAY_COUNT_WAIVED, VB_NUM(waived));
  vb_buf_free(&s.line);
  vb_map_free(s.groups);
  vb_arena_free(s.a);
}
