/* inputs.h: which files a run has read. Shared inside batch.
 *
 * A country's hundred thousand text files would be most of what a run holds. They stand in the book instead (result.h, INPUTS), some hundred in
 * a record, and are read back in their order by whoever writes the manifest.
 *
 * Invariants
 *  1. Each file stands there once, where it was first read.
 *  2. Memory holds the record that is being filled, and the names of files that job.xml names or matches; files of the narrative folder are
 *     met once each, by the walk through it.
 *  3. The id is the same where the same files with the same bytes were read in the same order. */
#ifndef VB_BATCH_INPUTS_H
#define VB_BATCH_INPUTS_H

#include "batch/book.h"

typedef struct vb_inputs vb_inputs;

/* book: of the run, borrowed. NULL: no memory. */
vb_inputs *vb_inputs_new(vb_book *book);
void vb_inputs_free(vb_inputs *in);
/* Hashes the bytes of a file and notes it under the name that people see. named: by job.xml, so it may come again. */
vb_status vb_inputs_bytes(vb_diag *d, vb_inputs *in, const char *name, bool named, vb_span bytes);
/* The same of a file that is too long to be held, read at path. sha256: what was noted, "" where it stood there already; NULL is allowed. */
vb_status vb_inputs_file(vb_diag *d, vb_inputs *in, const char *name, bool named, const char *path, char sha256[VB_SHA256_HEX]);
/* What stands where a text would, and is not read (a link out of the job, a pipe): no input, but the id is another one. */
void vb_inputs_odd(vb_inputs *in, const char *name);
/* Is all that was met noted, and nothing odd? */
bool vb_inputs_all_noted(const vb_inputs *in);
/* What another has read and hashed, as vb_inputs_bytes would note it where nothing names it. */
vb_status vb_inputs_met(vb_diag *d, vb_inputs *in, const vb_man_input *input);
/* Notes what is known already. */
vb_status vb_inputs_add(vb_diag *d, vb_inputs *in, const vb_man_input *input);
/* All are noted: what is held goes into the book. */
vb_status vb_inputs_end(vb_diag *d, vb_inputs *in, char id[VB_SHA256_HEX]);

/* The inputs that a book holds, one by one. */
typedef struct vb_input_reader { const vb_book *book; vb_arena *arena; uint64_t at; vb_result record; size_t next; } vb_input_reader;
vb_status vb_input_reader_open(const vb_book *book, vb_input_reader *r); /* closed also after a failure */
void vb_input_reader_close(vb_input_reader *r);
/* The next, borrowed until the next call; VB_DONE behind the last, and then from the first again. */
vb_status vb_input_next(vb_diag *d, vb_input_reader *r, const vb_man_input **out);

#endif
