/* A store with a small province in it, and messages as text. For the tests of the room store. */
#ifndef VB_TEST_STORE_MAKE_H
#define VB_TEST_STORE_MAKE_H

#include "store/store.h"

/* Units: tinh > huyen-a (xa-1, xa-2), huyen-b (xa-3); form "f" of store_form; nothing committed. */
void store_units(vb_diag *d, vb_store *s);
/* Form "f": 1 group, 1.1 and 1.2 counts (sum), 1.3 percent of two places (ratio 1.2 / 1.1), 2.1 money (max), 2.2 decimal of one place (min),
 * 2.3 code of list yn, 2.4 text, 2.5 date, 2.6 count (own), 2.7 count (none). */
void store_form(vb_diag *d, vb_store *s);
/* One value; line 7, columns 1 code, 2 value, 3 note. NULL: absent. */
vb_status store_value(vb_diag *d, vb_store *s, const char *unit, const char *period, const char *code, const char *value);
vb_status store_value_of(vb_diag *d, vb_store *s, const char *unit, const char *period, const char *code, const char *value, const vb_delivery *from);
/* A row of the table name, columns in order; ends with NULL; "" is blank, "?" absent. Columns count from 1 on the line. */
vb_status store_row(vb_diag *d, vb_store *s, const char *name, const char *file, uint32_t line, const char *unit, const char *const *fields);
#define STORE_ROW(d, s, name, line, unit, ...) store_row((d), (s), (name), "rows.csv", (line), (unit), (const char *const[]){__VA_ARGS__, NULL})

/* The first column of the first row as text: "NULL", a number or the text; "!id" with the id of the message where it fails. One of eight buffers. */
const char *store_sql(vb_diag *d, vb_store *s, const char *sql);
/* The last finding as a line in English; "" when none. */
const char *store_last(vb_diag *d);
/* Id of the message of the last finding. */
const char *store_last_id(vb_diag *d);

#endif
