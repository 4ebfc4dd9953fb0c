/* say.c: findings as lines for people, by say.h. */
#include <string.h>

#include "batch/batch_int.h"

/* Printed lines of one rule. */
typedef struct line { struct line *next; const char *text; } line;
typedef struct vb_say_group { struct vb_say_group *next; const char *rule; line *first, *last; size_t shown, count; } group;

static bool is_more(const vb_finding *f) { return f->msg == VB_MSG_FINDINGS_MORE; }

/* What was counted and not listed belongs to the rule that it is of. */
static const char *rule_of(const vb_finding *f) { return is_more(f) && f->args[1] != NULL ? f->args[1] : f->rule; }

static size_t weight(const vb_finding *f) {
  size_t n = 0;
  for (const char *p = is_more(f) ? f->args[0] : NULL; p != NULL && *p >= '0' && *p <= '9'; p++) n = n * 10 + (size_t)(*p - '0');
  return is_more(f) ? n : 1;
}

static group *group_of(vb_speaker *s, const char *rule) {
  group *g = vb_map_get(s->groups, vb_span_of(rule));
  if (g != NULL) return g;
  g = VB_NEW(s->arena, group);
  if (g == NULL || (g->rule = vb_arena_str(s->arena, rule, strlen(rule))) == NULL || !vb_map_put(s->groups, vb_span_of(rule), g)) return NULL;
  if (s->last != NULL) s->last->next = g;
  else s->first = g;
  s->last = g;
  return g;
}

static void write_line(vb_speaker *s, const vb_finding *f) {
  vb_buf_clear(&s->line);
  vb_finding_show(f, s->o->lang, s->colour, &s->line);
  const char *waived[] = {f->waived.reason, f->waived.who != NULL ? f->waived.who : "", NULL};
  if (waived[0] != NULL) vb_msg_text(VB_MSG_SAY_WAIVED, s->o->lang, waived, &s->line);
}

static bool keep(vb_speaker *s, const vb_finding *f) {
  group *g = group_of(s, rule_of(f));
  if (g == NULL) return false;
  bool told = s->o->verbose || (g->shown < VB_SAY_SHOWN && !is_more(f));
  line *l = told ? VB_NEW(s->arena, line) : NULL;
  if (told) {
    write_line(s, f);
    if (l == NULL || s->line.failed || (l->text = vb_arena_str(s->arena, s->line.p, s->line.n)) == NULL) return false;
    if (g->last != NULL) g->last->next = l;
    else g->first = l;
    g->last = l;
    g->shown += weight(f);
  }
  g->count += weight(f);
  return true;
}

void vb_speaker_begin(vb_speaker *s, const vb_options *o, FILE *to) {
  *s = (vb_speaker){.o = o, .to = to, .arena = vb_arena_new(0), .groups = vb_map_new(), .colour = vb_terminal_colours(to)};
  vb_buf_init(&s->line);
  s->failed = s->arena == NULL || s->groups == NULL;
}

void vb_speaker_hear(vb_speaker *s, const vb_finding *list) {
  for (const vb_finding *f = list; f != NULL; f = f->next) {
    bool excused = f->waived.reason != NULL;
    if (excused) s->waived += weight(f);
    if ((f->severity == VB_INFO && !s->o->verbose) || (s->o->quiet && (f->severity < VB_ERROR || excused))) continue;
    if (!s->failed && keep(s, f)) continue;
    s->failed = true;
    vb_buf_free(&s->line); /* one that failed once stays so, and every line after it would be empty */
    write_line(s, f);
    if (!s->line.failed) fprintf(s->to, "%.*s\n", (int)s->line.n, s->line.p);
  }
}

vb_status vb_speaker_end(vb_speaker *s) {
  for (const group *g = s->first; g != NULL; g = g->next) {
    for (const line *l = g->first; l != NULL; l = l->next) fprintf(s->to, "%s\n", l->text);
    if (g->shown < g->count) VB_SAY(s->to, s->o->lang, VB_MSG_SAY_MORE, VB_NUM(g->count - g->shown), g->rule);
  }
  if (s->o->quiet && s->waived > 0) VB_SAY(s->to, s->o->lang, VB_MSG_SAY_WAIVED_COUNT, VB_NUM(s->waived));
  vb_buf_free(&s->line);
  vb_map_free(s->groups);
  vb_arena_free(s->arena);
  return s->failed ? VB_NOMEM : VB_OK;
}

vb_status vb_say_findings(const vb_finding *list, const vb_options *o, FILE *to) {
  vb_speaker s;
  vb_speaker_begin(&s, o, to);
  vb_speaker_hear(&s, list);
  return vb_speaker_end(&s);
}

vb_status vb_say_all(const vb_diag *d, const vb_options *o, FILE *to) {
  if (d == NULL) return VB_OK; /* whoever made none has said so */
  vb_status s = vb_say_findings(vb_diag_first(d), o, to);
  return vb_diag_failed(d) ? VB_NOMEM : s;
}
