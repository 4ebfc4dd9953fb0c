/* Short words for building documents by hand in tests. Every call asserts that it has succeeded. */
#ifndef DOC_MAKE_H
#define DOC_MAKE_H

#include "doc/doc.h"

vb_doc *make_doc(void); /* with meta of a report, no pages yet */
vb_node *make_sequence(vb_doc *doc, vb_sequence_role role, const char *title, bool landscape);
vb_node *make_para(vb_doc *doc, vb_node *parent, vb_style_id style, const char *text);
vb_node *make_table(vb_doc *doc, vb_node *parent, const vb_table_column *columns, int n);
vb_node *make_row(vb_doc *doc, vb_node *table, vb_row_kind kind);
vb_node *make_cell(vb_doc *doc, vb_node *row, const char *text);
vb_node *make_span(vb_doc *doc, vb_node *row, const char *text, int colspan, int rowspan);
/* A cell with a traced figure; text is what is printed. */
vb_node *make_number(vb_doc *doc, vb_node *row, const char *key, vb_value v, const char *text);
vb_value make_value(vb_doc *doc, vb_value_type type, int64_t n, int places);
vb_formula make_formula(vb_doc *doc, vb_formula_kind kind, const char *const *refs, uint32_t n);

#endif
