/* A small store with a form, units and figures, and templates from tests/unit/data/template, for the tests of room template. */
#ifndef VB_TEMPLATE_LAB_H
#define VB_TEMPLATE_LAB_H

#include "template/template.h"

typedef struct lab {
  vb_diag *d;
  vb_arena *a;
  vb_store *s;
  vb_form *form;
  vb_template *t;
  vb_doc *doc;
  vb_meta meta;
  vb_build build;
  const char *narrative;    /* text of slot "loi" in the form of a clerk's file; NULL: none */
} lab;

void lab_make(lab *l);
void lab_drop(lab *l);
/* The library: the test's own folder, then templates/. */
const vb_library *lab_library(void);
/* A folder that is looked into before; NULL: none. Borrowed. */
void lab_own(const char *dir);
/* Rows for a data table: a line a row, fields by ";". Before lab_open. table is copied by reference. */
void lab_rows(const char *table, const char *rows);
/* Opens, declares, loads units, figures and rows, prepares. The worst status. */
vb_status lab_open(lab *l, const char *id);
vb_status lab_build(lab *l);
/* The document as text, a line a node. */
const char *lab_dump(lab *l);
/* All findings, a line each, and empties the diag. */
const char *lab_findings(lab *l);
/* Compares with a file of tests/unit/data/template; prints both when they differ. */
void lab_same(lab *l, const char *got, const char *file);

#endif
