/* terminal.c: what is said to people beside the findings: colours where they can be shown, and in a line what a run has come to. Part of batch. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch/batch_int.h"

enum { NAMED = 3, CODE_BYTES = 64 }; /* units without figures that are named; the rest is counted. The longest code */

bool vb_terminal_colours(FILE *to) {
  const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
  return isatty(fileno(to)) && (no == NULL || no[0] == '\0') && term != NULL && strcmp(term, "dumb") != 0;
}

void vb_say_no_data(const vb_run *run) {
  char room[NAMED * (CODE_BYTES + 2) + 40];
  vb_buf names = {room, 0, sizeof room, false}; /* never asked to grow: without memory none is left out */
  size_t n = 0;
  const char *last = NULL;
  for (size_t i = 0; i < run->n_tasks; i++) {
    const vb_task *t = &run->tasks[i];
    if (!t->no_data || t->bad || !vb_task_named(run, t) || (last != NULL && strcmp(last, t->unit) == 0)) continue;
    last = t->unit;
    if (n++ < NAMED) vb_buf_printf(&names, "%s%.*s", n > 1 ? ", " : "", CODE_BYTES, t->unit);
  }
  if (n > NAMED) vb_buf_printf(&names, " … (%zu)", n);
  if (n > 0 && !run->o->quiet) VB_SAY(stderr, run->o->lang, VB_MSG_SAY_NO_DATA, vb_buf_cstr(&names));
}

void vb_say_checked(const vb_run *run) {
  size_t documents = 0, no_data = 0, waived = 0, errors = vb_diag_count(run->diag, VB_ERROR), warnings = vb_diag_count(run->diag, VB_WARNING) - errors;
  for (size_t i = 0; i < run->n_tasks; i++) {
    if (!vb_task_named(run, &run->tasks[i])) continue;
    documents++;
    no_data += run->tasks[i].no_data && !run->tasks[i].bad;
  }
  for (const vb_finding *f = vb_diag_first(run->diag); f != NULL; f = f->next) waived += f->waived.reason != NULL;
  if (run->o->quiet) return;
  fflush(stdout); /* the findings stand there, and come first */
  VB_SAY(stderr, run->o->lang, VB_MSG_SAY_CHECKED, VB_NUM(documents), VB_NUM(no_data), VB_NUM(errors), VB_NUM(warnings), VB_NUM(waived));
  vb_say_no_data(run);
}
