/* The rules on words, over a document of the words given. The first byte chooses kind, state, day and period of the document; each line is a paragraph. A line that begins
 * with "@" comes from a clerk's file, one with "|" is a cell, one with "^" opens an appendix; inside it stands what fuzz_doc.h has.
 *
 * Told twice it is told the same: what the rules keep of words from one document to the next changes nothing. */
#include "fuzz.h"

#include "batch/batch_int.h"
#include "check/check.h"
#include "fuzz_doc.h"

static const char slot_file[] = "noi-dung/I.1.txt";
static vb_store *store;
static vb_registers *words;

static void begin(void)
{
  static const char *const library[] = {"templates"};
  static vb_arena *kept; /* registers point into it */
  vb_run run = {.diag = fuzz_diag(), .arena = kept = vb_arena_new(0), .lib = {(const char **)(uintptr_t)library, 1}};
  FUZZ_CHECK(vb_registers_load(&run) == VB_OK);
  words = run.words;
  store = fuzz_store();
  fuzz_end(run.diag, VB_OK);
}

static vb_node *sequence(vb_doc *doc, vb_sequence_role role)
{
  vb_node *n = vb_node_add(doc, doc->root, VB_NODE_SEQUENCE);
  FUZZ_CHECK(n != NULL);
  n->u.sequence.role = role;
  n->u.sequence.title = role == VB_SEQ_APPENDIX ? "Phụ lục" : NULL;
  return n;
}

static vb_node *host_of(vb_doc *doc, vb_node *in, bool cell)
{
  static const vb_table_column column = {.width = 1000};
  vb_node *n = vb_node_add(doc, in, cell ? VB_NODE_TABLE : VB_NODE_PARA);
  FUZZ_CHECK(n != NULL);
  if (!cell) return n;
  n->u.table.columns = &column;
  n->u.table.n_columns = 1;
  n = vb_node_add(doc, n, VB_NODE_ROW);
  n = n == NULL ? NULL : vb_node_add(doc, n, VB_NODE_CELL);
  n = n == NULL ? NULL : vb_node_add(doc, n, VB_NODE_PARA);
  FUZZ_CHECK(n != NULL);
  return n;
}

static vb_doc *document(uint8_t choice, vb_span text, uint32_t *lengths, uint32_t most)
{
  static const vb_date days[] = {{2023, 12, 6}, {2023, 2, 2}, {2020, 12, 24}, {0, 0, 0}};
  vb_doc *doc = vb_doc_new();
  FUZZ_CHECK(doc != NULL);
  doc->meta = (vb_meta){.id = "bc", .kind = (choice & 1) != 0 ? "KH" : "BC", .kind_name = "Báo cáo", .number = "232", .symbol = "BC-UBND", .date = days[(choice >> 3) & 3],
    .subject = "Công tác năm 2023", .unit = "x1", .unit_name = "xã Quảng Thọ", .superior = "Ủy ban nhân dân huyện Quảng Điền", .period = (choice & 4) != 0 ? NULL : "2023",
    .state = (choice & 2) != 0 ? VB_STATE_ISSUED : VB_STATE_DRAFT};
  vb_node *in = sequence(doc, VB_SEQ_BODY);
  uint32_t line = 0;
  for (size_t from = 0; from < text.n && line + 1 < most; line++) {
    const char *end = memchr(text.p + from, '\n', text.n - from);
    vb_span s = {text.p + from, (end != NULL ? (size_t)(end - text.p) : text.n) - from};
    char mark = s.n > 0 ? s.p[0] : ' ';
    from += s.n + 1;
    if (mark == '^') in = sequence(doc, VB_SEQ_APPENDIX);
    if (mark == '@' || mark == '|' || mark == '^') s = (vb_span){s.p + 1, s.n - 1};
    lengths[line + 1] = (uint32_t)vb_utf8_length(s);
    vb_node *host = host_of(doc, in, mark == '|');
    if (mark == '@') host->at = (vb_place){slot_file, line + 1, 1, NULL};
    fuzz_pieces(doc, host, s, mark == '@' ? host->at : VB_NOWHERE);
  }
  return doc;
}

static vb_status check(const vb_doc *doc, vb_diag *d, const uint32_t *lengths, vb_buf *told)
{
  vb_status s = vb_check_document(d, store, words, doc);
  for (const vb_finding *f = vb_diag_first(d); f != NULL; f = f->next) {
    bool slot = f->at.file != NULL && strcmp(f->at.file, slot_file) == 0;
    FUZZ_CHECK(!slot || (f->at.line > 0 && f->at.column > 0 && f->at.column <= lengths[f->at.line] + 1));
    vb_buf_printf(told, "%s %d %u:%u %s\n", f->rule, (int)f->severity, f->at.line, f->at.column, f->args[0] != NULL ? f->args[0] : "");
  }
  FUZZ_CHECK(!told->failed);
  return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  enum { LINES = 512 };
  static uint32_t lengths[LINES];
  if (size < 1) return -1;
  if (words == NULL) begin();
  vb_arena *a = vb_arena_new(0);
  FUZZ_CHECK(a != NULL);
  vb_doc *doc = document(data[0], fuzz_text(a, data + 1, size - 1), lengths, LINES);
  vb_buf first, again;
  vb_buf_init(&first);
  vb_buf_init(&again);
  for (int round = 0; round < 2; round++) {
    vb_diag *d = fuzz_diag();
    fuzz_end(d, check(doc, d, lengths, round == 0 ? &first : &again));
  }
  FUZZ_CHECK(first.n == again.n && (first.n == 0 || memcmp(first.p, again.p, first.n) == 0));
  vb_buf_free(&first);
  vb_buf_free(&again);
  vb_doc_free(doc);
  vb_arena_free(a);
  return 0;
}
