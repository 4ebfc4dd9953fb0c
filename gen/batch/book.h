/* book.h: what is known of the documents of a job from run to run: <output>/.<job>.made, records (result.h) one behind the other, beside the
 * lock and not in the job's folder, which the manifest describes whole. Shared inside batch.
 *
 * Invariants
 *  1. Records are only appended while documents are made, so that a run that is killed leaves all but the last of them; a torn end is cut
 *     off when the book is opened. At the end of a run the book is written anew, one record a document in the order of the tasks.
 *  2. The last record of a document counts. One that was begun and not made is in doubt: its files may be of two runs.
 *  3. The records INPUTS of a run stand together. Those of the last run count.
 *  4. Memory grows with the number of documents by an entry each; records stay on disk. */
#ifndef VB_BATCH_BOOK_H
#define VB_BATCH_BOOK_H

#include "batch/result.h"

typedef struct vb_book vb_book;

/* The former run's book, or an empty one. Whoever calls it holds the lock of the job; who may only read, for a merge, gets VB_DONE where there
 * is none. */
vb_status vb_book_open(vb_diag *d, const char *path, bool read_only, vb_book **out);
void vb_book_close(vb_book *b);
bool vb_book_is_empty(const vb_book *b);
/* Appends one frame's payload, which is a record of this document. */
vb_status vb_book_add(vb_diag *d, vb_book *b, const vb_result *r);
/* The last record MADE of a document; texts in a. VB_DONE: there is none. May be called in a worker: reading moves nothing. */
vb_status vb_book_read(vb_diag *d, const vb_book *b, vb_arena *a, const char *unit, const char *document, vb_result *out);
/* Is there a record MADE of it? */
bool vb_book_knows(const vb_book *b, const char *unit, const char *document);
/* Pages of the last one made; 0: not known. */
int vb_book_pages(const vb_book *b, const char *unit, const char *document);
/* Names of the documents in the order in which they were first written down, unit and id with a space between; the list in a. */
vb_status vb_book_names(const vb_book *b, vb_arena *a, const char ***names, size_t *n);
/* As vb_book_read, by such a name. */
vb_status vb_book_read_name(vb_diag *d, const vb_book *b, vb_arena *a, const char *name, vb_result *out);
/* The record BATCH of the last run. VB_DONE: there is none, or a run that came after it was broken off. */
vb_status vb_book_batch(vb_diag *d, const vb_book *b, vb_arena *a, vb_result *out);
/* The record INPUTS that stands at *at, and *at moved on to the next; 0: the first of the last run. VB_DONE: there are no more. */
vb_status vb_book_inputs(vb_diag *d, const vb_book *b, vb_arena *a, uint64_t *at, vb_result *out);
/* Was it begun, and nothing heard of it since? */
bool vb_book_in_doubt(const vb_book *b, const char *unit, const char *document);
/* Replaces the book by the records that next gives, until it gives VB_DONE; the last is the record BATCH, and before it stand the records INPUTS
 * of the last run of inputs_of, which may be b. */
vb_status vb_book_settle(vb_diag *d, vb_book *b, const vb_book *inputs_of, vb_status (*next)(void *ctx, vb_result *out), void *ctx);

#endif
