/* pdf: one document as PDF/A-2a (or 3a) and PDF/UA-1. The layout hands out pages, each becomes objects at once and is forgotten; what
 * spans pages (structure, fonts, bookmarks, fields) is put down at the end, and the file is written. */
#include <string.h>

#include "write/pdf_int.h"

static vb_status begin(vb_pdf *p)
{
  p->arena = vb_arena_new(0);
  p->h = vb_hpdf_new();
  if (!p->arena || !p->h) return VB_NOMEM;
  vb_status st = vb_pdf_warm_get(p->diag, p->job->options->fonts, &p->warm);
  if (st != VB_OK) return st;
  p->resources = vb_hpdf_text(p->h, VB_LIT(""));
  st = vb_pdf_tree_begin(p);
  return st == VB_OK ? vb_pdf_tags_begin(p) : st;
}

static vb_status all_pages(vb_pdf *p)
{
  const vb_page *page;
  vb_status st;
  while ((st = p->job->pages.next(p->job->pages.ctx, &page)) == VB_OK) {
    st = vb_pdf_page(p, page);
    if (st != VB_OK) return st;
    p->told->pages++;
  }
  return st == VB_DONE ? VB_OK : st;
}

static vb_status end(vb_pdf *p, vb_buf *out)
{
  vb_status st = vb_pdf_tags_end(p);
  if (st == VB_OK) st = vb_pdf_font_end(p);
  if (st != VB_OK) return st;
  vb_pdf_tree_end(p);
  vb_pdf_meta(p);
  bool failed = p->text.failed || p->packed.failed || p->tree.marks.failed || p->tree.nums.failed || p->tree.leaves.failed ||
                p->labels.failed || p->fields.failed;
  if (failed) return VB_NOMEM;
  st = vb_hpdf_status(p->diag, p->h);
  return st == VB_OK ? vb_pdf_assemble(p->diag, p->h, out) : st;
}

static vb_status tell(vb_pdf *p)
{
  vb_written *t = p->told;
  t->n_slots = (uint32_t)(p->slots.n / sizeof *t->slots);
  t->n_figures = (uint32_t)(p->figures.n / sizeof *t->figures);
  t->slots = vb_arena_copy(p->told_arena, p->slots.p, p->slots.n);
  t->figures = vb_arena_copy(p->told_arena, p->figures.p, p->figures.n);
  return p->slots.failed || p->figures.failed || !t->slots || !t->figures ? VB_NOMEM : VB_OK;
}

static void drop(vb_pdf *p)
{
  vb_buf_free(&p->text);
  vb_buf_free(&p->ops);
  vb_buf_free(&p->packed);
  vb_buf_free(&p->fields_here);
  vb_buf_free(&p->tree.marks);
  vb_buf_free(&p->tree.nums);
  vb_buf_free(&p->tree.leaves);
  vb_buf_free(&p->labels);
  vb_buf_free(&p->fields);
  vb_buf_free(&p->slots);
  vb_buf_free(&p->figures);
  vb_map_free(p->field_names);
  vb_hpdf_free(p->h);
  vb_arena_free(p->arena);
}

vb_status vb_pdf_make(vb_diag *d, const vb_pdf_job *job, vb_arena *a, vb_buf *out, vb_written *told)
{
  vb_pdf p = {.diag = d, .job = job, .told_arena = a, .told = told};
  *told = (vb_written){0};
  size_t start = out->n;
  vb_status st = begin(&p);
  if (st == VB_OK) st = all_pages(&p);
  if (st == VB_OK) st = end(&p, out);
  if (st == VB_OK) st = tell(&p);
  if (st != VB_OK) out->n = start; /* no half file */
  drop(&p);
  return st;
}

static vb_status next_page(void *ctx, const vb_page **page) { return vb_layout_next(ctx, page); }

vb_status vb_write_pdf(vb_diag *d, const vb_doc *doc, const vb_write_options *o, vb_arena *a, vb_buf *out, vb_written *told)
{
  vb_layout *layout;
  vb_status st = vb_layout_open(d, doc, o->fonts, o->only, &layout);
  if (st != VB_OK) return st;
  vb_pdf_job job = {doc, o, {next_page, layout}};
  st = vb_pdf_make(d, &job, a, out, told);
  told->stats = vb_layout_stats_get(layout);
  vb_layout_close(layout);
  return st;
}
