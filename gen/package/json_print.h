/* json_print.h: JSON as the program writes it. Part of package.
 *
 * A report has two hundred figures of twenty fields and ten findings of twelve; building them as objects of a library first took a tenth of the time
 * of a document, and a third of what ends a run. What is read is jansson's.
 *
 * A writer that ran out of memory shows it in its buffer. */
#ifndef VB_JSON_PRINT_H
#define VB_JSON_PRINT_H

#include "base/base.h"

/* ---- values; `before` is written as it is ---- */

/* In quotes; NULL: null. What is no UTF-8 becomes U+FFFD. */
void vb_json_text(vb_buf *out, const char *s);
void vb_json_field(vb_buf *out, const char *before, const char *s);
/* 0: not known, null. */
void vb_json_count(vb_buf *out, const char *before, uint32_t n);
/* Thousandths of a point as points: 362.971, 377.55, 85.0. */
void vb_json_points(vb_buf *out, const char *before, int64_t mpt);

/* ---- objects and lists of a member a line, each level one space further in ---- */

typedef struct vb_json { vb_buf *out; int depth; bool filled; } vb_json; /* filled: what was opened last has a member */

/* Begins the next member of an object, or with NULL of a list: its value follows. */
void vb_json_next(vb_json *j, const char *key);
/* A member that is an object or a list itself, or the outermost; with: '{' or '[', and the other of the pair. */
void vb_json_open(vb_json *j, const char *key, char with);
void vb_json_close(vb_json *j, char with);
void vb_json_put(vb_json *j, const char *key, const char *s);
void vb_json_put_int(vb_json *j, const char *key, int64_t n);

#endif
