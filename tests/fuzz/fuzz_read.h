/* One file through vb_read_file. The first byte chooses what the file may hold and which encoding was declared. */
#ifndef VB_FUZZ_READ_H
#define VB_FUZZ_READ_H

#include "fuzz.h"

#include "read/read.h"

static inline bool fuzz_is_unit(void *ctx, vb_span s)
{
  (void)ctx;
  return vb_span_starts(s, "Xã") || vb_span_starts(s, "xa-");
}

static inline void fuzz_see(const vb_field *f)
{
  FUZZ_CHECK(vb_utf8_check(f->text) == f->text.n);
  FUZZ_CHECK(f->text.n <= VB_FIELD_BYTES_MAX);
  FUZZ_CHECK(vb_text_is_nfc(f->text) || f->text.n > 15);
}

static inline vb_status fuzz_take(void *ctx, const vb_record *r)
{
  const vb_dataset *set = ctx;
  for (size_t i = 0; i < set->n_columns; i++) fuzz_see(&r->fields[i]);
  for (size_t i = 0; i < r->n_extra; i++) {
    fuzz_see(&r->extra[i]);
    FUZZ_CHECK(r->extra_names[i] != NULL);
  }
  fuzz_see(&r->heading);
  FUZZ_CHECK(r->file != NULL);
  return VB_OK;
}

static inline int fuzz_read(const char *name, const uint8_t *data, size_t size)
{
  static const vb_column columns[] = {
    {"unit", "đơn vị|mã đơn vị", false}, {"code", "mã|mã chỉ tiêu|ma", true}, {"value", "giá trị|số liệu|gia-tri", true}, {"note", "ghi chú|ghi-chu", false},
  };
  static const vb_dataset sets[] = {
    {"values", columns, 4, false, true, fuzz_is_unit, NULL}, {"values", columns, 4, true, false, NULL, NULL}, {"thiet-bi", columns, 3, false, false, NULL, NULL},
    {"values", columns, 4, false, true, NULL, NULL},
  };
  if (size < 1) return -1;
  const vb_dataset *set = &sets[data[0] & 3];
  vb_diag *d = fuzz_diag();
  vb_source src = {.path = fuzz_file(name, data + 1, size - 1), .file = name, .encoding = (vb_encoding)((data[0] >> 2) % (VB_ENC_VNI + 1)),
                   .sheet = data[0] & 0x80 ? "Số liệu" : NULL};
  vb_status s = vb_read_file(d, &src, set, (vb_sink){fuzz_take, (void *)(uintptr_t)set});
  fuzz_end(d, s);
  return 0;
}

#endif
