/* unwritten.c: what `vanban new` left for the clerk to fill in and still stands there: an error in a document that goes out (L04), one line that
 * counts it in a draft (L05). For gen/check alone. */
#include "check/check_int.h"
#include "check/passage.h"

/* Each begins with a bracket. */
static const char *const marks[] = {VB_TO_WRITE, VB_TO_NAME, VB_TO_REPLACE};

/* The mark in a passage as far as the reader needs it: "(viết ở đây: Về kiểm tra công tác". */
static bool mark_in(vb_span t, vb_extract *x) {
  for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
    size_t at = vb_passage_seek(t, marks[i], 0);
    if (at == t.n) continue;
    *x = (vb_extract){at, at + strlen(marks[i]), 0};
    return true;
  }
  return false;
}

void vb_check_unwritten(vb_reading *r) {
  const vb_meta *m = &r->doc->meta;
  const vb_passage *first = NULL;
  size_t n = 0;
  bool nameless = m->signer != NULL && strcmp(m->signer, VB_TO_NAME) == 0, draft = m->state == VB_STATE_DRAFT;
  for (const vb_passage *p = r->first; p != NULL; p = p->next) {
    vb_extract x;
    if ((p->signs & VB_SIGN('(')) == 0 || !mark_in(p->text, &x)) continue;
    if (n++ == 0) first = p;
    vb_diag_about(r->d, m->unit, m->id, p->slot);
    if (!draft) r->worst = vb_worse(r->worst, VB_FIND(r->d, VB_CHECK_L04, VB_ERROR, p->at, VB_TXT(((vb_span){p->text.p + x.from, x.to - x.from}))));
  }
  vb_diag_about(r->d, m->unit, m->id, NULL);
  if (nameless && !draft) r->worst = vb_worse(r->worst, VB_FIND(r->d, VB_CHECK_L04, VB_ERROR, VB_NOWHERE, VB_TO_NAME));
  if (draft && n + nameless > 0) r->worst = vb_worse(r->worst, VB_FIND(r->d, VB_CHECK_L05, VB_WARNING, first != NULL ? first->at : VB_NOWHERE, VB_NUM(n + nameless),
                                                          first != NULL ? VB_TXT(first->text) : VB_TO_NAME));
}
