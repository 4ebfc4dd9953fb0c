/* A template from its text to a document: schema, names, SQL, building. */
#include "fuzz.h"

#include "store/store.h"
#include "template/template.h"

static const vb_party parties[] = {{"Như trên", NULL}, {"Lưu: VT", "H57"}};
static const vb_meta meta = {.id = "van-ban", .number = "7", .symbol = "BC-UBND", .date = {2023, 12, 6}, .place = "Quảng Thọ", .unit_name = "xã Quảng Thọ",
                             .organ = "Ủy ban nhân dân\nxã Quảng Thọ", .superior = "Ủy ban nhân dân huyện Quảng Điền", .addressees = parties, .n_addressees = 1,
                             .recipients = parties, .n_recipients = 2, .authority = "TM. ỦY BAN NHÂN DÂN", .position = "CHỦ TỊCH", .signer = "Lê Văn Mẫu",
                             .state = VB_STATE_ISSUED, .mode = VB_MODE_PAPER};

static vb_status build(vb_diag *d, vb_template *t, vb_store *store)
{
  const vb_data_table *tables = NULL;
  size_t n = vb_template_tables(t, &tables);
  vb_status s = VB_OK;
  for (size_t i = 0; i < n && s == VB_OK; i++) s = vb_store_declare(d, store, &tables[i]);
  if (s == VB_OK) s = vb_template_prepare(d, t, store);
  vb_build b = {.unit = "x1", .period = "2023", .meta = &meta};
  vb_doc *doc = NULL;
  if (s == VB_OK) s = vb_template_build(d, t, store, &b, &doc);
  if (s == VB_OK) s = vb_doc_verify(d, doc);
  vb_doc_free(doc);
  return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  const char *const dirs[] = {fuzz_dir(), "templates"};
  const vb_library lib = {dirs, 2};
  vb_diag *d = fuzz_diag();
  vb_template *t = NULL;
  (void)fuzz_file("mau.xml", data, size);
  vb_status s = vb_template_open(d, &lib, VB_LIT("mau"), VB_NOWHERE, &t);
  if (s == VB_OK) {
    vb_store *store = fuzz_store(); /* of this run alone: a template declares tables */
    s = build(d, t, store);
    vb_template_close(t);
    vb_store_close(store);
  }
  fuzz_end(d, s);
  return 0;
}
