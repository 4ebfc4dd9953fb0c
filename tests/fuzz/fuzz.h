/* What the fuzz targets share. A target is one file fuzz_<name>.c with LLVMFuzzerTestOneInput; libFuzzer drives it (make fuzz), or replay.c, which runs kept
 * inputs through it in `make check`.
 *
 * Every target proves more than that nothing crashes: a failure has its message, a message is text that a terminal can show, and success posts no error. */
#ifndef VB_FUZZ_H
#define VB_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the process with a message when an invariant does not hold. */
#define FUZZ_CHECK(cond) ((cond) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #cond))
void fuzz_broken(const char *file, int line, const char *what) __attribute__((noreturn));

/* A file of these bytes in a scratch folder of this process, which goes when the process ends; made anew at each call. The path is borrowed and lives as long as
 * the process. name may hold one folder ("forms/x.xml"). */
const char *fuzz_file(const char *name, const void *bytes, size_t n);
const char *fuzz_dir(void); /* that folder */

vb_diag *fuzz_diag(void); /* a new one; ends the process when out of memory */
/* Holds the findings against the status, prints each in both languages, and frees the diag. */
void fuzz_end(vb_diag *d, vb_status s);
/* Valid UTF-8 without control characters but line feed and tab. */
bool fuzz_is_clean(vb_span s);

/* A small province with a form and figures, as the tests of store have it; committed. */
struct vb_store;
struct vb_store *fuzz_store(void);
/* Puts them into a store, from begin to commit. */
vb_status fuzz_fill(vb_diag *d, struct vb_store *s);

#endif
