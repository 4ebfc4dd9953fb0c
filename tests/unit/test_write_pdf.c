/* Unit tests of the PDF writer. The files it makes are also left in build/check/pdf for tests/check.d/pdf.sh, which holds them against
 * qpdf, poppler, mupdf and the requirements of PDF/A-2a, 3a and UA-1; beside each stand its words, in reading order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pdf_sample.h"
#include "text/text.h"

#define DIR "build/check/pdf"

static vb_diag *diag;
static vb_fontset *fonts;

typedef struct made { vb_arena *arena; vb_buf bytes; vb_written told; } made;

static vb_write_options usual(void) { return (vb_write_options){.fonts = fonts, .producer = "vanban test"}; }

static made write_doc(const vb_doc *doc, const vb_write_options *o)
{
  made m = {.arena = vb_arena_new(0)};
  assert_int_equal(vb_write_pdf(diag, doc, o, m.arena, &m.bytes, &m.told), VB_OK);
  return m;
}

static void drop(made *m)
{
  vb_buf_free(&m->bytes);
  vb_arena_free(m->arena);
}

/* Words of all sequences that are in the file, in lower case: styles set some in capitals. */
static void put_words(const vb_doc *doc, const vb_node *only, vb_buf *out)
{
  vb_buf plain;
  vb_buf_init(&plain);
  for (const vb_node *s = doc->root->first; s; s = s->next) {
    if (only ? s != only : s->u.sequence.separate) continue;
    for (const vb_node *n = s->first; n; n = n->next) { /* what stands in a chart is a figure's, not text */
      if (n->kind != VB_NODE_CHART) vb_node_plain(n, &plain);
      vb_buf_char(&plain, '\n');
    }
  }
  vb_arena *a = vb_arena_new(0);
  vb_buf_span(out, vb_text_lower(a, (vb_span){plain.p, plain.n}));
  vb_arena_free(a);
  vb_buf_free(&plain);
}

static void leave(const char *name, const vb_doc *doc, const vb_node *only, const made *m)
{
  char path[96];
  vb_buf words;
  vb_buf_init(&words);
  put_words(doc, only, &words);
  assert_int_equal(vb_dir_make(diag, DIR), VB_OK);
  snprintf(path, sizeof path, DIR "/%s.pdf", name);
  assert_int_equal(vb_file_write(diag, path, m->bytes.p, m->bytes.n), VB_OK);
  snprintf(path, sizeof path, DIR "/%s.words", name);
  assert_int_equal(vb_file_write(diag, path, words.p, words.n), VB_OK);
  vb_buf_free(&words);
}

static bool has(const made *m, const char *s)
{
  for (size_t i = 0, n = strlen(s); i + n <= m->bytes.n; i++)
    if (memcmp(m->bytes.p + i, s, n) == 0) return true;
  return false;
}

static int count(const made *m, const char *s)
{
  int found = 0;
  for (size_t i = 0, n = strlen(s); i + n <= m->bytes.n; i++) found += memcmp(m->bytes.p + i, s, n) == 0;
  return found;
}

/* ---- files -------------------------------------------------------------------------------------------------- */

static void report_has_everything(void **state)
{
  (void)state;
  vb_doc *doc = pdf_sample_report(24, 56, 0);
  vb_write_options o = usual();
  made m = write_doc(doc, &o);
  leave("report", doc, NULL, &m);
  assert_memory_equal(m.bytes.p, "%PDF-1.7\n", 9);
  assert_memory_equal(m.bytes.p + m.bytes.n - 6, "%%EOF\n", 6);
  assert_true(has(&m, "<pdfaid:part>2</pdfaid:part>"));
  assert_true(m.told.pages >= 8);
  assert_true(m.told.stats.lines > 0);
  drop(&m);
  vb_doc_free(doc);
}

static void same_document_same_bytes(void **state)
{
  (void)state;
  vb_doc *doc = pdf_sample_report(12, 30, 1), *again = pdf_sample_report(12, 30, 1);
  vb_write_options o = usual();
  made a = write_doc(doc, &o), b = write_doc(doc, &o), c = write_doc(again, &o); /* other addresses */
  assert_int_equal(a.bytes.n, b.bytes.n);
  assert_memory_equal(a.bytes.p, b.bytes.p, a.bytes.n);
  assert_int_equal(a.bytes.n, c.bytes.n);
  assert_memory_equal(a.bytes.p, c.bytes.p, a.bytes.n);
  drop(&a), drop(&b), drop(&c);
  vb_doc_free(doc);
  vb_doc_free(again);
}

static const char *id_of(const made *m)
{
  for (size_t i = m->bytes.n - 40; i > 0; i--)
    if (memcmp(m->bytes.p + i, "/ID[<", 5) == 0) return m->bytes.p + i + 5;
  return NULL;
}

static void identifier_follows_content(void **state)
{
  (void)state;
  vb_doc *doc = pdf_sample_report(3, 4, 0), *other = pdf_sample_report(3, 4, 1);
  vb_write_options o = usual();
  made a = write_doc(doc, &o), b = write_doc(other, &o);
  assert_non_null(id_of(&a));
  assert_memory_not_equal(id_of(&a), id_of(&b), 32);
  assert_memory_equal(id_of(&a), id_of(&a) + 34, 32); /* of the first and of this version: the same in a new file */
  drop(&a), drop(&b);
  vb_doc_free(doc);
  vb_doc_free(other);
}

static void draft_has_no_dates(void **state)
{
  (void)state;
  vb_doc *doc = pdf_sample_report(2, 4, 0);
  doc->meta.date = (vb_date){0};
  doc->meta.keywords = NULL;
  doc->meta.title = NULL; /* the kind's name serves */
  vb_write_options o = usual();
  made m = write_doc(doc, &o);
  leave("draft", doc, NULL, &m);
  assert_false(has(&m, "xmp:CreateDate"));
  assert_false(has(&m, "pdf:Keywords"));
  assert_true(has(&m, ">Báo cáo</rdf:li>"));
  drop(&m);
  vb_doc_free(doc);
}

static void attachments_are_of_3a_alone(void **state)
{
  (void)state;
  vb_doc *doc = pdf_sample_report(2, 4, 0);
  vb_attachment files[] = {{"số liệu (2).csv", "text/csv", "Số liệu nguồn", VB_LIT("mã,giá trị\n1.1,1714\n")},
                           {"bang-1.csv", "text/csv", NULL, VB_LIT("a,b\n")}};
  vb_write_options o = usual();
  o.attachments = files;
  o.n_attachments = 2;
  made two = write_doc(doc, &o);
  leave("without", doc, NULL, &two);
  assert_false(has(&two, "/EmbeddedFile"));
  o.pdfa = VB_PDFA_3A;
  made three = write_doc(doc, &o);
  leave("attached", doc, NULL, &three);
  assert_true(has(&three, "<pdfaid:part>3</pdfaid:part>"));
  assert_int_equal(count(&three, "/Type/EmbeddedFile/Subtype/text#2Fcsv"), 2);
  drop(&two), drop(&three);
  vb_doc_free(doc);
}

/* Characters that the base subset lacks but the font has, in every face, mixed into words, and many of them. */
static void rare_characters_get_a_font(void **state)
{
  (void)state;
  static const char *const mixed = "Hệ số Λx và ước số Ω ≤ 5 π; доля ½; (Ωμέγα) hết";
  vb_doc *doc = pdf_sample_report(1, 4, 0);
  const uint8_t flags[VB_FACES] = {0, VB_INLINE_BOLD, VB_INLINE_ITALIC, VB_INLINE_BOLD | VB_INLINE_ITALIC};
  for (int i = 0; i < VB_FACES; i++) {
    vb_node *p = vb_node_add(doc, doc->root->first, VB_NODE_PARA);
    p->style = VB_STYLE_BODY;
    vb_node_text(doc, p, vb_span_of(mixed), flags[i]);
  }
  vb_buf many; /* more than fit the first room of a font, more than one block of its ToUnicode */
  vb_buf_init(&many);
  for (uint32_t c = 0x391; c < 0x460; c++) {
    char utf8[4];
    size_t n = vb_utf8_put(c, utf8);
    if (vb_face_glyph(vb_fontset_face(fonts, VB_REGULAR), c) == 0) continue;
    vb_buf_add(&many, utf8, n);
    if (c % 12 == 0) vb_buf_char(&many, ' ');
  }
  vb_node *p = vb_node_add(doc, doc->root->first, VB_NODE_PARA);
  p->style = VB_STYLE_BODY;
  vb_node_text(doc, p, (vb_span){many.p, many.n}, 0);
  vb_write_options o = usual();
  made m = write_doc(doc, &o);
  leave("rare", doc, NULL, &m);
  vb_buf_free(&many);
  drop(&m);
  vb_doc_free(doc);
}

static void streamed_rows_keep_their_words(void **state)
{
  (void)state;
  vb_doc *doc = pdf_sample_stream(2500);
  vb_write_options o = usual();
  made m = write_doc(doc, &o);
  leave("stream", doc, NULL, &m);
  char path[] = DIR "/stream.words"; /* rows of a stream are not in vb_node_plain */
  vb_buf words;
  vb_buf_init(&words);
  vb_arena *a = vb_arena_new(0);
  vb_rows rows;
  vb_node *row;
  const vb_node *table = doc->root->first->last;
  vb_buf_str(&words, "phụ lục ");
  assert_int_equal(vb_rows_start(&rows, table, a), VB_OK);
  while (vb_rows_next(&rows, &row) == VB_OK)
    for (const vb_node *c = row->first; c; c = c->next) {
      vb_arena *low = vb_arena_new(0);
      vb_buf_span(&words, vb_text_lower(low, c->u.cell.text));
      vb_buf_char(&words, ' ');
      vb_arena_free(low);
    }
  assert_int_equal(vb_file_write(diag, path, words.p, words.n), VB_OK);
  vb_arena_free(a);
  vb_buf_free(&words);
  drop(&m);
  vb_doc_free(doc);
}

static void separate_appendix_is_a_file(void **state)
{
  (void)state;
  vb_doc *doc = pdf_sample_report(2, 40, 0);
  vb_node *appendix = doc->root->last;
  appendix->u.sequence.separate = true;
  vb_node *mark = vb_node_add(doc, appendix, VB_NODE_SLOT);
  mark->u.slot.kind = VB_SLOT_MARK;
  mark->u.slot.name = "organ.mark";
  mark->u.slot.width = VB_MM(60);
  mark->u.slot.height = VB_MM(10);
  vb_write_options o = usual();
  made body = write_doc(doc, &o);
  o.only = appendix;
  made m = write_doc(doc, &o);
  leave("body", doc, NULL, &body);
  leave("appendix", doc, appendix, &m);
  assert_true(m.told.pages >= 2);
  assert_int_equal(m.told.n_slots, 1);
  assert_true(has(&m, "/T(organ-mark)")); /* a dot would part the name */
  assert_false(has(&body, "organ-mark"));
  drop(&body), drop(&m);
  vb_doc_free(doc);
}

static void slots_of_one_name_are_numbered(void **state)
{
  (void)state;
  vb_doc *doc = pdf_sample_report(1, 4, 0);
  for (int i = 0; i < 2; i++) {
    vb_node *s = vb_node_add(doc, doc->root->first, VB_NODE_SLOT);
    s->u.slot.kind = VB_SLOT_SIGNATURE;
    s->u.slot.name = "leader";
    s->u.slot.width = s->u.slot.height = VB_MM(20);
  }
  vb_write_options o = usual();
  made m = write_doc(doc, &o);
  leave("fields", doc, NULL, &m);
  assert_true(has(&m, "/T(leader)") && has(&m, "/T(leader-2)") && has(&m, "/T(leader-3)"));
  drop(&m);
  vb_doc_free(doc);
}

static vb_node *plain_table(vb_doc *doc, int columns)
{
  vb_node *t = vb_node_add(doc, doc->root->first, VB_NODE_TABLE);
  t->u.table.columns = vb_arena_alloc(doc->arena, (size_t)columns * sizeof(vb_table_column));
  t->u.table.n_columns = (int16_t)columns;
  t->u.table.grid = true;
  return t;
}

static void plain_row(vb_doc *doc, vb_node *table, vb_row_kind kind, const char *const *text)
{
  vb_node *r = vb_node_add(doc, table, VB_NODE_ROW);
  r->u.row.kind = kind;
  for (int i = 0; i < table->u.table.n_columns; i++) vb_node_add(doc, r, VB_NODE_CELL)->u.cell.text = vb_span_of(text[i]);
}

/* A table without head rows, and one of head rows alone: both must stay readable by their headers. */
static void odd_tables_have_headers(void **state)
{
  (void)state;
  static const char *const text[] = {"một", "hai", "ba"};
  vb_doc *doc = pdf_sample_report(1, 4, 0);
  vb_node *headless = plain_table(doc, 3), *head = plain_table(doc, 2);
  plain_row(doc, headless, VB_ROW_DATA, text);
  plain_row(doc, headless, VB_ROW_TOTAL, text);
  plain_row(doc, head, VB_ROW_HEAD, text);
  vb_write_options o = usual();
  made m = write_doc(doc, &o);
  leave("tables", doc, NULL, &m);
  drop(&m);
  vb_doc_free(doc);
}

/* ---- what is told ------------------------------------------------------------------------------------------- */

static void slots_and_figures_are_told(void **state)
{
  (void)state;
  vb_doc *doc = pdf_sample_report(6, 20, 0);
  vb_write_options o = usual();
  made m = write_doc(doc, &o);
  assert_int_equal(m.told.n_slots, 3);
  assert_string_equal(m.told.slots[0].name, "number");
  assert_int_equal(m.told.slots[0].page, 1);
  assert_string_equal(m.told.slots[1].name, "leader");
  assert_int_equal(m.told.slots[1].kind, VB_SLOT_SIGNATURE);
  assert_int_equal(m.told.slots[1].w, VB_MM(50));
  assert_true(m.told.slots[1].x >= VB_MM(30) && m.told.slots[1].y >= VB_MM(20));
  assert_int_equal(m.told.n_figures, doc->n_traces); /* each figure once, though tables repeat heads and lines break */
  bool seen[64] = {false};
  for (uint32_t i = 0; i < m.told.n_figures; i++) {
    const vb_figure_place *f = &m.told.figures[i];
    assert_true(f->trace >= 1 && f->trace <= doc->n_traces && !seen[f->trace]);
    seen[f->trace] = true;
    assert_true(f->page >= 1 && f->page <= m.told.pages && f->w > 0);
    assert_null(f->sheet);
  }
  assert_true(has(&m, "/T(leader)") && has(&m, "/T(organ)") && !has(&m, "/T(number)"));
  drop(&m);
  vb_doc_free(doc);
}

static void null_writer_tells_the_same(void **state)
{
  (void)state;
  vb_doc *doc = pdf_sample_report(6, 20, 0);
  vb_write_options o = usual();
  made m = write_doc(doc, &o);
  made n = {.arena = vb_arena_new(0)};
  assert_int_equal(vb_write_null(diag, doc, &o, n.arena, &n.bytes, &n.told), VB_OK);
  assert_int_equal(n.bytes.n, 0);
  assert_int_equal(n.told.pages, m.told.pages);
  assert_int_equal(n.told.n_slots, m.told.n_slots);
  assert_memory_equal(n.told.slots, m.told.slots, n.told.n_slots * sizeof *n.told.slots);
  assert_int_equal(n.told.stats.lines, m.told.stats.lines);
  drop(&m), drop(&n);
  vb_doc_free(doc);
}

/* ---- numbers and strings ------------------------------------------------------------------------------------ */

static void numbers_are_shortest(void **state)
{
  (void)state;
  static const struct { int32_t cpt; const char *text; } want[] = {
    {0, "0"}, {1, ".01"}, {10, ".1"}, {100, "1"}, {-5, "-.05"}, {-150, "-1.5"}, {59528, "595.28"}, {INT32_MIN, "-21474836.48"}};
  for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
    char out[32] = {0};
    *vb_pdf_put_cpt(out, want[i].cpt) = 0;
    assert_string_equal(out, want[i].text);
  }
  char out[32] = {0};
  *vb_put_int(out, INT64_MIN) = 0;
  assert_string_equal(out, "-9223372036854775808");
  assert_int_equal(vb_pdf_cpt(14), 1);
  assert_int_equal(vb_pdf_cpt(15), 2);
  assert_int_equal(vb_pdf_cpt(-14), -1);
  assert_int_equal(vb_pdf_cpt(-16), -2);
}

static void strings_are_escaped(void **state)
{
  (void)state;
  vb_buf b;
  vb_buf_init(&b);
  vb_pdf_string(&b, VB_LIT("a(b)\\c"));
  assert_string_equal(vb_buf_cstr(&b), "(a\\(b\\)\\\\c)");
  vb_buf_clear(&b);
  vb_pdf_string(&b, VB_LIT("Ệ\xF0\x9F\x99\x82")); /* one of two bytes, one of a surrogate pair */
  static const char wide[] = "(\xFE\xFF\x1E\xC6\xD8\x3D\xDE\x42)";
  assert_int_equal(b.n, sizeof wide - 1);
  assert_memory_equal(b.p, wide, b.n);
  vb_buf_clear(&b);
  vb_pdf_bytes(&b, VB_LIT("\r\n"));
  assert_string_equal(vb_buf_cstr(&b), "(\\r\n)"); /* a bare CR would read as LF */
  vb_buf_clear(&b);
  vb_pdf_name(&b, VB_LIT("text/csv #1"));
  assert_string_equal(vb_buf_cstr(&b), "/text#2Fcsv#20#231");
  vb_buf_free(&b);
}

/* ---- libharu's objects -------------------------------------------------------------------------------------- */

static void self_test_passes(void **state)
{
  (void)state;
  assert_int_equal(vb_hpdf_self_test(diag), VB_OK);
}

static void profile_must_be_rgb(void **state)
{
  (void)state;
  static const char *const wrong[] = {"tests/unit/test_write_pdf.c", "build/check/pdf/gray.icc", "build/no-such.icc"};
  char gray[128] = {0}; /* what a profile of grey begins with */
  memcpy(gray + 16, "GRAY", 4);
  memcpy(gray + 36, "acsp", 4);
  assert_int_equal(vb_dir_make(diag, DIR), VB_OK);
  assert_int_equal(vb_file_write(diag, wrong[1], gray, sizeof gray), VB_OK);
  for (int i = 0; i < 3; i++) {
    vb_diag *d = vb_diag_new();
    vb_arena *a = vb_arena_new(0);
    vb_span out;
    assert_int_equal(vb_pdf_profile_read(d, wrong[i], a, &out), VB_SYSTEM);
    assert_int_equal(vb_diag_count(d, VB_INFO), 1);
    assert_int_equal(vb_diag_first(d)->msg == VB_MSG_PDF_PROFILE, i < 2);
    vb_arena_free(a);
    vb_diag_free(d);
  }
}

static void first_error_is_final_and_told_once(void **state)
{
  (void)state;
  vb_diag *d = vb_diag_new();
  vb_hpdf *h = vb_hpdf_new();
  assert_int_equal(vb_hpdf_status(d, h), VB_OK);
  vb_hpdf_fill(h, 4711, VB_LIT("/A 1")); /* no such object */
  assert_int_equal(vb_hpdf_text(h, VB_LIT("/A 1")), 0);
  assert_int_equal(vb_hpdf_page_begin(h, &(vb_hpdf_page){VB_PT(100), VB_PT(100), 1, 0}), 0);
  assert_int_equal(vb_hpdf_status(d, h), VB_BAD);
  assert_int_equal(vb_diag_count(d, VB_ERROR), 1);
  vb_hpdf_free(h);
  vb_diag_free(d);
}

static void page_beyond_the_limits_is_refused(void **state)
{
  (void)state;
  vb_diag *d = vb_diag_new();
  vb_hpdf *h = vb_hpdf_new();
  vb_hpdf_id resources = vb_hpdf_text(h, VB_LIT(""));
  assert_int_equal(vb_hpdf_page_begin(h, &(vb_hpdf_page){VB_PT(20000), VB_PT(100), resources, 0}), 0);
  assert_int_equal(vb_hpdf_status(d, h), VB_BAD);
  assert_int_equal(vb_diag_first(d)->msg, VB_MSG_PDF_LIBRARY);
  vb_hpdf_free(h);
  vb_diag_free(d);
}

/* ---- out of memory ------------------------------------------------------------------------------------------ */

typedef struct failing { long left; bool failed; } failing;

static void *fail_alloc(void *ctx, size_t n)
{
  failing *f = ctx;
  if (f->left >= 0 && f->left-- == 0) {
    f->failed = true;
    return NULL;
  }
  return malloc(n ? n : 1);
}

static void *fail_resize(void *ctx, void *p, size_t n)
{
  failing *f = ctx;
  if (f->left >= 0 && f->left-- == 0) {
    f->failed = true;
    return NULL;
  }
  return realloc(p, n ? n : 1);
}

static void fail_release(void *ctx, void *p)
{
  (void)ctx;
  free(p);
}

/* Every allocation fails once: each run ends in VB_NOMEM or is whole, and leaks nothing (the sanitizer sees). */
static void each_allocation_may_fail(void **state)
{
  (void)state;
  vb_doc *doc = pdf_sample_report(3, 10, 0);
  vb_write_options o = usual();
  made whole = write_doc(doc, &o);
  failing f = {.left = -1};
  vb_mem_set(&(vb_mem_table){fail_alloc, fail_resize, fail_release, &f});
  long n = 0, nomem = 0;
  for (bool ok = false; !ok; n++) {
    f = (failing){.left = n};
    made m = {.arena = vb_arena_new(0)};
    if (!m.arena) continue;
    vb_status st = vb_write_pdf(diag, doc, &o, m.arena, &m.bytes, &m.told);
    ok = !f.failed;
    assert_true(st == VB_OK || (f.failed && st == VB_NOMEM));
    nomem += st == VB_NOMEM;
    if (st == VB_OK) { /* nothing failed, or what failed was tried another way */
      assert_int_equal(m.bytes.n, whole.bytes.n);
      assert_memory_equal(m.bytes.p, whole.bytes.p, whole.bytes.n);
    }
    drop(&m);
  }
  vb_mem_set(NULL);
  assert_true(nomem > 50);
  drop(&whole);
  vb_doc_free(doc);
}

static void warm_up_may_fail(void **state)
{
  (void)state;
  failing f = {.left = -1};
  vb_pdf_cool_down();
  vb_mem_set(&(vb_mem_table){fail_alloc, fail_resize, fail_release, &f});
  long n = 0;
  for (bool ok = false; !ok; n++) {
    f = (failing){.left = n};
    vb_status st = vb_pdf_warm_up(diag, fonts);
    ok = !f.failed;
    assert_true(ok ? st == VB_OK : st != VB_OK);
  }
  vb_pdf_cool_down();
  vb_mem_set(NULL);
  assert_int_equal(vb_pdf_warm_up(diag, fonts), VB_OK);
}

static int begin(void **state)
{
  (void)state;
  diag = vb_diag_new();
  return vb_fontset_open(diag, NULL, &fonts) == VB_OK && vb_pdf_warm_up(diag, fonts) == VB_OK ? 0 : 1;
}

static int end(void **state)
{
  (void)state;
  vb_pdf_cool_down();
  vb_fontset_close(fonts);
  vb_diag_free(diag);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(report_has_everything),
    cmocka_unit_test(same_document_same_bytes),
    cmocka_unit_test(identifier_follows_content),
    cmocka_unit_test(draft_has_no_dates),
    cmocka_unit_test(attachments_are_of_3a_alone),
    cmocka_unit_test(rare_characters_get_a_font),
    cmocka_unit_test(streamed_rows_keep_their_words),
    cmocka_unit_test(separate_appendix_is_a_file),
    cmocka_unit_test(slots_of_one_name_are_numbered),
    cmocka_unit_test(odd_tables_have_headers),
    cmocka_unit_test(slots_and_figures_are_told),
    cmocka_unit_test(null_writer_tells_the_same),
    cmocka_unit_test(numbers_are_shortest),
    cmocka_unit_test(strings_are_escaped),
    cmocka_unit_test(self_test_passes),
    cmocka_unit_test(profile_must_be_rgb),
    cmocka_unit_test(first_error_is_final_and_told_once),
    cmocka_unit_test(page_beyond_the_limits_is_refused),
    cmocka_unit_test(each_allocation_may_fail),
    cmocka_unit_test(warm_up_may_fail),
  };
  return cmocka_run_group_tests_name("write_pdf", tests, begin, end);
}
