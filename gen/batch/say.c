/* say.c: findings as lines for people. Those of one list stand together by rule, in the order in which the rules first met something. Of one rule a
 * run shows SHOWN lines unless asked to say more; the rest is a count at the end. JSON and the manifest hold what is not shown here. */
#include <stdio.h>
#include <string.h>

#include "batch/batch_int.h"

enum { SHOWN = 20 };

typedef struct entry { struct entry *after; const vb_finding *f; } entry;
/* What was met of a rule: the list that is being said, and how many lines all lists had and showed. */
typedef struct group { struct group *next; const char *rule; entry *first, *last; size_t count, shown; } group;
struct vb_sayer { const vb_options *o; FILE *to; vb_arena *a, *list; vb_map *groups; group *first, *last; vb_buf line; size_t waived; bool colour; };

static bool is_more(const vb_finding *f) { return f->msg == VB_MSG_FINDINGS_MORE; }

/* What was counted and not listed belongs to the rule that it is of. */
static const char *rule_of(const vb_finding *f) { return is_more(f) && f->args[1] != NULL ? f->args[1] : f->rule; }

static size_t weight(const vb_finding *f) {
  size_t n = 0;
  for (const char *p = is_more(f) ? f->args[0] : NULL; p != NULL && *p >= '0' && *p <= '9'; p++) n = n * 10 + (size_t)(*p - '0');
  return is_more(f) ? n : 1;
}

static group *group_of(vb_sayer *s, const char *rule) {
  group *g = vb_map_get(s->groups, vb_span_of(rule));
  if (g != NULL) return g;
  g = VB_NEW(s->a, group);
  if (g != NULL) g->rule = vb_arena_str(s->a, rule, strlen(rule));
  if (g == NULL || g->rule == NULL || !vb_map_put(s->groups, vb_span_of(rule), g)) return NULL;
  if (s->last != NULL) s->last->next = g;
  else s->first = g;
  s->last = g;
  return g;
}

/* false: no memory to keep it for its group. */
static bool collect(vb_sayer *s, const vb_finding *f) {
  group *g = group_of(s, rule_of(f));
  entry *e = g == NULL ? NULL : VB_NEW(s->list, entry);
  if (e == NULL) return false;
  e->f = f;
  if (g->last != NULL) g->last->after = e;
  else g->first = e;
  g->last = e;
  g->count += weight(f);
  return true;
}

static void print_line(vb_sayer *s, const vb_finding *f) {
  vb_buf_clear(&s->line);
  vb_finding_show(f, s->o->lang, s->colour, &s->line);
  const char *waived[] = {f->waived.reason, f->waived.who != NULL ? f->waived.who : "", NULL};
  if (waived[0] != NULL) vb_msg_text(VB_MSG_SAY_WAIVED, s->o->lang, waived, &s->line);
  fprintf(s->to, "%s\n", vb_buf_cstr(&s->line));
}

static void print_group(vb_sayer *s, group *g) {
  for (const entry *e = g->first; e != NULL; e = e->after) {
    if (!s->o->verbose && (g->shown >= SHOWN || is_more(e->f))) continue;
    print_line(s, e->f);
    g->shown += weight(e->f);
  }
  g->first = g->last = NULL;
}

vb_sayer *vb_sayer_open(const vb_options *o, FILE *to) {
  vb_arena *a = vb_arena_new(0);
  vb_sayer *s = a == NULL ? NULL : VB_NEW(a, vb_sayer);
  if (s == NULL) {
    vb_arena_free(a);
    return NULL;
  }
  *s = (vb_sayer){.o = o, .to = to, .a = a, .list = vb_arena_new(0), .groups = vb_map_new(), .colour = vb_terminal_colours(to)};
  vb_buf_init(&s->line);
  if (s->list != NULL && s->groups != NULL) return s;
  vb_arena_free(s->list);
  vb_map_free(s->groups);
  vb_arena_free(a);
  return NULL;
}

/* Infos when asked to say more; of warnings and of what is waived the quiet hear nothing but a number at the end. */
void vb_say_list(vb_sayer *s, const vb_finding *f) {
  if (s == NULL) return;
  for (; f != NULL; f = f->next) {
    bool excused = f->waived.reason != NULL;
    s->waived += excused ? weight(f) : 0;
    if ((f->severity == VB_INFO && !s->o->verbose) || (s->o->quiet && (f->severity < VB_ERROR || excused))) continue;
    if (!collect(s, f)) print_line(s, f); /* without memory to sort them: as they come */
  }
  for (group *g = s->first; g != NULL; g = g->next) print_group(s, g);
  vb_arena_reset(s->list);
}

void vb_sayer_close(vb_sayer *s) {
  if (s == NULL) return;
  for (const group *g = s->first; g != NULL; g = g->next)
    if (g->shown < g->count) VB_SAY(s->to, s->o->lang, VB_MSG_SAY_MORE_OF, VB_NUM(g->count - g->shown), g->rule);
  if (s->o->quiet && s->waived > 0) VB_SAY(s->to, s->o->lang, VB_MSG_SAY_COUNT_WAIVED, VB_NUM(s->waived));
  vb_buf_free(&s->line);
  vb_map_free(s->groups);
  vb_arena_free(s->list);
  vb_arena_free(s->a);
}

void vb_say_all(const vb_diag *d, const vb_options *o, FILE *to) {
  vb_sayer *s = vb_sayer_open(o, to);
  vb_say_list(s, d == NULL ? NULL : vb_diag_first(d));
  vb_sayer_close(s);
}
