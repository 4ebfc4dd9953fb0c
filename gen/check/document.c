/* document.c: the rules on words, run over the passages of a document. Called by batch through vb_check_document. */
#include "check/passage.h"

vb_status vb_check_document(vb_diag *d, vb_store *s, const vb_registers *words, const vb_doc *doc) {
  vb_reading r = {.d = d, .s = s, .words = words, .doc = doc, .a = vb_arena_new(0), .appendix_at = VB_NOWHERE};
  vb_status st = r.a == NULL ? VB_NOMEM : vb_passages_read(&r);
  for (const vb_passage *p = r.first; p != NULL && st == VB_OK; p = p->next) {
    vb_check_words(&r, p);
    if (words != NULL) vb_check_spelling(&r, p);
    vb_check_places(&r, p);
    vb_check_pairs(&r, p);
    vb_check_spaces(&r, p);
    vb_check_cites(&r, p);
    vb_check_traces(&r, p);
    vb_check_dates(&r, p);
    vb_check_years(&r, p);
    vb_check_counts(&r, p);
    vb_check_later(&r, p);
  }
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
  vb_arena_free(r.a);
  return vb_worse(st, r.worst);
}
