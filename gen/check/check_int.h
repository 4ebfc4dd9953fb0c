/* check_int.h: what the files of check share.
 *
 *   rules.c     the table, posting, listing        data.c   what a form knows of its figures
 *   sql.c       rules of forms and templates       batch.c  between documents
 *   passage.c   a document as passages (passage.h)     registers.c  what is known of words (registers.h)
 *   forms.c     the spellings of a document (forms.h)
 *   document.c  runs the rules on passages: words.c, spelling.c, cites.c, acts.c, sentences.c, capitals.c, dates.c, shorts.c, targets.c, figures.c,
 *               unwritten.c
 *   bag.c       texts as sets of weighted words (bag.h)
 */
#ifndef VB_CHECK_INT_H
#define VB_CHECK_INT_H

#include "check/check.h"
#include "text/text.h"

/* Posts a finding of a rule with the arguments of its message, at a severity of its own; the about of d is the caller's. */
vb_status vb_check_post(vb_diag *d, vb_check_id id, vb_severity severity, vb_place at, const char *const *args, size_t n);
#define VB_FIND(d, id, severity, at, ...) \
  vb_check_post((d), (id), (severity), (at), (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))
/* A figure of one unit as data.c holds it. */
typedef struct vb_check_figure { vb_value_status status; bool known; vb_dec num; vb_place at; } vb_check_figure;

/* Runs the rules of one set on one unit; queries[i] belongs to rules[i], NULL where it did not compile. */
vb_status vb_check_sql_run(vb_diag *d, vb_store *s, const char *period, const char *unit, const vb_check_set *set, vb_query *const *queries);
vb_status vb_check_bind(vb_query *q, const char *unit, const char *period);

#endif
