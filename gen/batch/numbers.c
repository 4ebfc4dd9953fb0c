/* numbers.c: documents that are issued without a number get one from the register of the kept database, in the order of the tasks and before any
 * document is made.
 *
 * Numbers that the data give are entered first, so that none of them is handed out; then each document that lacks one has its own of a former
 * run, or the next of its series. All of it is one transaction: a run that is killed has given all its numbers or none, and the next
 * reads them back. A document that is withheld later keeps its number: it will bear it when it is put right. */
#include <stdio.h>
#include <string.h>

#include "batch/batch_int.h"

static vb_number_key key_of(const vb_run *run, const vb_task *t) {
  return (vb_number_key){t->unit, t->date.year, t->doc->series != NULL ? t->doc->series : "", t->symbol, run->job->name, run->job->period, t->doc->id};
}

/* Only what is issued has a number of the register: drafts have none, and the document system numbers what is to be stamped. */
static bool counts(const vb_task *t) { return t->state == VB_STATE_ISSUED && t->date.year != 0 && t->symbol != NULL; }

static bool has_number(const vb_task *t) { return t->number != NULL && t->number[0] != '\0'; }

static vb_status enter_given(vb_run *run, vb_task *t) {
  const char *holder = NULL;
  vb_number_key k = key_of(run, t);
  vb_status s = vb_number_enter(run->diag, run->store, &k, t->number, run->arena, &holder);
  if (s != VB_OK || holder == NULL) return s;
  vb_diag_about(run->diag, t->unit, t->doc->id, NULL);
  s = VB_POST(run->diag, VB_MSG_NUMBER_TAKEN, t->doc->at, t->number, k.symbol, VB_NUM(k.year), holder);
  vb_diag_about(run->diag, NULL, NULL, NULL);
  t->bad = true;
  return s;
}

/* ND30 PL I.II.3: numbers below 10 have a zero in front. */
static vb_status set_number(vb_run *run, vb_task *t, const char *number) {
  bool short_one = number[1] == '\0' && number[0] >= '0' && number[0] <= '9';
  t->number = vb_arena_printf(run->arena, "%s%s", short_one ? "0" : "", number);
  return t->number == NULL ? VB_NOMEM : VB_OK;
}

static vb_status give_number(vb_run *run, vb_task *t) {
  char number[VB_NUMBER_BYTES];
  vb_number_key k = key_of(run, t);
  vb_status s = vb_number_find(run->diag, run->store, &k, number);
  bool asked = vb_listed(run->o->units, t->unit) && vb_listed(run->o->documents, t->doc->id);
  if (s != VB_OK || number[0] != '\0') return s == VB_OK ? set_number(run, t, number) : s;
  if (t->bad || t->no_data || !asked) return VB_OK;
  if (run->o->shards > 0) {
    vb_diag_about(run->diag, t->unit, t->doc->id, NULL);
    s = VB_POST(run->diag, VB_MSG_NUMBER_SHARD, t->doc->at);
    vb_diag_about(run->diag, NULL, NULL, NULL);
    t->bad = true;
    return s;
  }
  s = vb_number_take(run->diag, run->store, &k, number);
  return s == VB_OK ? set_number(run, t, number) : s;
}

vb_status vb_numbers_assign(vb_run *run, bool keep) {
  if (run->o->db == NULL || run->store == NULL) return VB_OK;
  bool alone = run->o->shards == 0; /* a part reads, and leaves the register as it is */
  vb_status s = alone ? vb_numbers_begin(run->diag, run->store) : VB_OK;
  if (s != VB_OK) return s;
  for (size_t i = 0; i < run->n_tasks && s < VB_SYSTEM && alone; i++)
    if (counts(&run->tasks[i]) && has_number(&run->tasks[i])) s = vb_worse(s, enter_given(run, &run->tasks[i]));
  for (size_t i = 0; i < run->n_tasks && s < VB_SYSTEM; i++)
    if (counts(&run->tasks[i]) && !has_number(&run->tasks[i])) s = vb_worse(s, give_number(run, &run->tasks[i]));
  vb_status end = alone ? vb_numbers_end(run->diag, run->store, keep && s < VB_SYSTEM) : VB_OK;
  return vb_worse(s, end);
}
