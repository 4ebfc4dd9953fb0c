/* manifest_make: a manifest of n documents with all that one can hold, for the tests of index and schema. */
#ifndef MANIFEST_MAKE_H
#define MANIFEST_MAKE_H

#include "read_help.h"

#include "package/package.h"

static inline vb_finding *manifest_finding(vb_manifest *m, vb_severity severity, const char *text, vb_finding *next)
{
  vb_finding *f = VB_NEW(m->arena, vb_finding);
  f->msg = VB_MSG_RULE;
  f->severity = severity;
  f->rule = "A06";
  f->at = (vb_place){"so-lieu <1>.csv", 14, 3, NULL};
  f->code = "1.1.2";
  f->args[0] = text;
  f->args[1] = "The total 12 differs from the sum 13 & \"more\"";
  f->next = next;
  return f;
}

static inline vb_manifest *manifest_make(size_t n)
{
  vb_manifest *m = vb_manifest_new();
  assert_non_null(m);
  m->job = "bao-cao-cchc <2023> & \"khác\"";
  m->period = "2023";
  m->generator = "vanban 1.0";
  m->inputs = VB_NEW_ARRAY(m->arena, vb_man_input, 1);
  m->inputs[m->n_inputs++] = (vb_man_input){.path = "so-lieu.csv", .bytes = 12};
  memset(m->inputs[0].sha256, 'a', 64);
  m->docs = VB_NEW_ARRAY(m->arena, vb_man_doc, n);
  m->n_docs = n;
  m->findings = manifest_finding(m, VB_WARNING, "</script><script>alert(1)</script>", NULL);
  for (size_t i = 0; i < n; i++) {
    vb_man_doc *x = &m->docs[i];
    x->unit = vb_arena_printf(m->arena, "QT-%04zu", i * 7919 % n);
    x->unit_name = vb_arena_printf(m->arena, i % 2 ? "UBND xã Đức Thọ %zu" : "UBND phường <Quảng> Thọ & %zu", i);
    x->document = "bao-cao";
    x->template_id = "bao-cao-cchc";
    x->kind = "BC";
    x->state = i % 3 ? "issued" : "to-stamp";
    x->symbol = "BC-UBND";
    x->status = (vb_doc_status)(i % 4);
    bool made = x->status == VB_DOC_WRITTEN || x->status == VB_DOC_UNCHANGED;
    x->number = made ? vb_arena_printf(m->arena, "%zu", 100 + i % 150) : NULL;
    x->date = made ? "2023-12-06" : NULL;
    x->pages = made ? (int)(20 + i % 9) : 0;
    x->signatures = made && i % 4 == 1 ? 2 : 0;
    memset(x->inputs_hash, 'b', 64);
    x->slots = VB_NEW_ARRAY(m->arena, vb_man_slot, 1);
    if (i % 3 == 0) x->slots[x->n_slots++] = (vb_man_slot){"number", "number", "u/d.pdf", 1, 85000, 700500, 60000, 14000};
    x->files = VB_NEW_ARRAY(m->arena, vb_man_file, 4);
    static const char *const types[] = {"pdf", "xlsx", "edxml", "pdf"};
    static const char *const names[] = {"bao-cao.pdf", "bao-cao.xlsx", "bao-cao.edxml", "báo cáo-pl1 #1?.pdf"};
    for (size_t k = 0; made && k < 4; k++) {
      x->files[k] = (vb_man_file){.path = vb_arena_printf(m->arena, "%s/%s", x->unit, names[k]), .bytes = 1000 * k + 7, .type = types[k]};
      memset(x->files[k].sha256, 'c', 64);
      x->n_files++;
    }
    if (x->status == VB_DOC_WITHHELD) x->findings = manifest_finding(m, VB_ERROR, "Tổng 12 khác với cộng dồn 13", manifest_finding(m, VB_INFO, "Ghi chú", NULL));
    if (i % 4 == 1) {
      x->findings = manifest_finding(m, VB_ERROR, "Sai như bản gốc", NULL);
      x->findings->waived.reason = "giữ như bản gốc";
      x->findings->waived.who = "VP-TK";
      x->findings->waived.date = "2023-12-06";
    }
  }
  return m;
}

#endif
