/* rules.c: every rule that a run can meet, a line each: those of the program, then the SQL of templates and forms. For --list-rules and
 * docs/checking.md. */
#include <stdio.h>
#include <string.h>

#include "batch/batch_int.h"
#include "check/check.h"

/* A rule that several templates share through a part is one line that names them all. */
typedef struct listed { struct listed *next; const char *id, *severity, *basis; vb_buf owners; } listed;
typedef struct lister { vb_diag *d; vb_arena *a; const vb_library *lib; listed *first, **end; vb_status st; } lister;

static bool alike(const listed *l, const vb_rule_source *r, const char *basis) {
  return strcmp(l->id, r->id) == 0 && strcmp(l->severity, r->severity) == 0 && strcmp(l->basis, basis) == 0;
}

static const char *kept(lister *l, const char *s) {
  const char *copy = vb_arena_str(l->a, s, strlen(s));
  if (copy == NULL) l->st = VB_NOMEM;
  return copy;
}

static void add_rules(lister *l, const char *owner, const vb_rule_source *rules, size_t n) {
  for (size_t i = 0; i < n && l->st == VB_OK; i++) {
    const char *basis = rules[i].basis != NULL ? rules[i].basis : rules[i].vi;
    listed *x = l->first;
    while (x != NULL && !alike(x, &rules[i], basis)) x = x->next;
    if (x == NULL) {
      x = VB_NEW(l->a, listed);
      if (x == NULL) {
        l->st = VB_NOMEM;
        return;
      }
      *x = (listed){NULL, kept(l, rules[i].id), kept(l, rules[i].severity), kept(l, basis), {0}};
      vb_buf_init(&x->owners);
      *l->end = x;
      l->end = &x->next;
    }
    vb_buf_printf(&x->owners, "%s%s", x->owners.n > 0 ? ", " : "", owner);
  }
}

static void add_file(lister *l, vb_span id, bool form) {
  const vb_rule_source *rules = NULL;
  if (form) {
    vb_form *f = NULL;
    l->st = vb_worse(l->st, vb_form_open(l->d, l->lib, id, VB_NOWHERE, &f));
    if (f == NULL) return;
    size_t n = vb_form_rules(f, &rules);
    add_rules(l, vb_form_id(f), rules, n);
    vb_form_close(f);
    return;
  }
  vb_template *t = NULL;
  l->st = vb_worse(l->st, vb_template_open(l->d, l->lib, id, VB_NOWHERE, &t));
  if (t == NULL) return;
  size_t n = vb_template_rules(t, &rules);
  add_rules(l, vb_template_id(t), rules, n);
  vb_template_close(t);
}

static void add_dir(lister *l, const char *dir, bool form) {
  const char **names = NULL;
  size_t n = 0;
  if (dir == NULL) l->st = VB_NOMEM;
  if (dir == NULL || !vb_dir_exists(dir)) return;
  l->st = vb_worse(l->st, vb_dir_list(l->d, l->a, dir, &names, &n));
  for (size_t i = 0; i < n && l->st < VB_BAD; i++) {
    size_t len = strlen(names[i]);
    if (len > 4 && strcmp(names[i] + len - 4, ".xml") == 0) add_file(l, (vb_span){names[i], len - 4}, form);
  }
}

vb_status vb_rules_list(const vb_options *o, vb_buf *out) {
  vb_library lib;
  lister l = {.d = vb_diag_new(), .a = vb_arena_new(0), .lib = &lib};
  l.end = &l.first;
  l.st = l.d == NULL || l.a == NULL ? VB_NOMEM : vb_library_find_dirs(l.d, l.a, o->job, &lib);
  if (l.st == VB_OK) vb_check_list(o->lang, out);
  for (size_t i = 0; l.st == VB_OK && i < lib.n_dirs; i++) {
    add_dir(&l, lib.dirs[i], false);
    if (l.st == VB_OK) add_dir(&l, vb_path_join(l.a, lib.dirs[i], "forms"), true);
  }
  for (listed *x = l.first; x != NULL; x = x->next) {
    const char *severity = x->severity;
    for (vb_severity k = VB_INFO; k < VB_FATAL; k++) /* schemas name them in English */
      if (strcmp(vb_severity_word(k, VB_EN), x->severity) == 0) severity = vb_severity_word(k, o->lang);
    (void)vb_buf_cstr(&x->owners); /* its NUL: what may fail fails here, and a rule without owners would be of none */
    if (x->owners.failed) l.st = vb_worse(l.st, VB_NOMEM);
    if (l.st == VB_OK) vb_buf_printf(out, "%s %s: %s (%s)\n", x->id, severity, x->basis, x->owners.p);
    vb_buf_free(&x->owners);
  }
  l.st = vb_worse(l.st, vb_say_all(l.d, o, stderr));
  vb_arena_free(l.a);
  vb_diag_free(l.d);
  vb_xml_cleanup();
  return out->failed ? VB_NOMEM : l.st;
}
