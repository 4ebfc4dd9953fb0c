/* document.c: the rules on words, run over the passages of a document. Called by batch through vb_check_document. */
#include "check/passage.h"

static bool name_lists(vb_forms *f) {
  return vb_lists_of_passages(f) && vb_lists_of_names(f) && vb_lists_of_cites(f) && vb_lists_of_dates(f) && vb_lists_of_acts(f) && vb_lists_of_sentences(f) && vb_lists_of_capitals(f) && vb_lists_of_bags(f);
}

/* A cell of some words: labels of forms stand in each document. */
static bool may_come_again(const vb_passage *p) { return p->n_words > 2 && (p->regions[0] & VB_REGION_CELL) != 0; }

/* The rules on one passage. Of a text that comes again those that look at letters alone are asked once. */
static void check_passage(vb_reading *r, const vb_passage *p) {
  bool again = may_come_again(p), fine = again && vb_forms_fine(r->forms, p->text);
  size_t asked = r->asked;
  if (!fine && r->words != NULL) {
    vb_check_words(r, p);
    vb_check_spelling(r, p);
  }
  vb_check_places(r, p);
  if (!fine) vb_check_pairs(r, p);
  if (!fine) vb_check_spaces(r, p);
  if (again && !fine && r->asked == asked && !vb_forms_note_fine(r->forms, p->text)) r->worst = VB_NOMEM;
  vb_check_cites(r, p);
  vb_check_traces(r, p);
  vb_check_dates(r, p);
  vb_check_years(r, p);
  vb_check_counts(r, p);
  vb_check_later(r, p);
}

vb_status vb_check_document(vb_diag *d, vb_store *s, vb_registers *words, const vb_doc *doc) {
  vb_reading r = {.d = d, .s = s, .words = words, .doc = doc, .a = vb_arena_new(0), .appendix_at = VB_NOWHERE};
  r.forms = words != NULL ? vb_registers_forms(words) : vb_forms_new();
  vb_status st = r.a != NULL && r.forms != NULL && vb_forms_begin(r.forms, name_lists) ? vb_passages_read(&r) : VB_NOMEM;
  for (const vb_passage *p = r.first; p != NULL && st == VB_OK; p = p->next) check_passage(&r, p);
  if (st == VB_OK) {
    vb_check_unwritten(&r);
    vb_check_attached(&r);
    st = vb_check_short_forms(&r);
    if (st == VB_OK) st = vb_check_offices(&r);
    if (st == VB_OK) st = vb_check_targets(&r);
    if (st == VB_OK) st = vb_check_literals(&r);
    if (st == VB_OK) st = vb_check_day(&r);
    if (st == VB_OK) st = vb_check_acts(&r);
    if (st == VB_OK) st = vb_check_sentences(&r);
    if (st == VB_OK) st = vb_check_capitals(&r);
  }
  vb_diag_about(d, NULL, NULL, NULL);
  if (words == NULL) vb_forms_free(r.forms);
  vb_arena_free(r.a);
  return vb_worse(st, r.worst);
}
