/* read_sink: a sink that writes records down, a line each: "code=1.1@2:1 value=29@2:5 note=-". For the tests of read. */
#ifndef READ_SINK_H
#define READ_SINK_H

#include "read_help.h"

#include "read/read.h"

static vb_buf got;
static const vb_dataset *want_set;

static inline void put_field(const char *name, const vb_field *f)
{
  if (!f->text.p) {
    vb_buf_printf(&got, "%s=- ", name);
    return;
  }
  vb_buf_printf(&got, "%s=%.*s", name, (int)f->text.n, f->text.p);
  if (f->typed_number)
    vb_buf_str(&got, "#");
  if (f->typed_date)
    vb_buf_str(&got, "d");
  if (f->cell)
    vb_buf_printf(&got, "@%s ", f->cell);
  else
    vb_buf_printf(&got, "@%u:%u ", f->line, f->column);
}

static inline vb_status take(void *ctx, const vb_record *r)
{
  (void)ctx;
  assert_non_null(r->file);
  for (size_t i = 0; i < want_set->n_columns; i++)
    put_field(want_set->columns[i].id, &r->fields[i]);
  for (size_t i = 0; i < r->n_extra; i++) {
    vb_buf_char(&got, '+');
    put_field(r->extra_names[i], &r->extra[i]);
  }
  if (r->heading.text.p) {
    vb_buf_char(&got, '^');
    put_field("", &r->heading);
  }
  if (got.n)
    got.p[got.n - 1] = '\n';
  return VB_OK;
}

static const vb_column value_columns[] = {
  {"unit", "đơn vị|mã đơn vị", false}, {"code", "mã|mã chỉ tiêu|ma", true}, {"value", "giá trị|số liệu|gia-tri", true}, {"note", "ghi chú|ghi-chu", false},
};

static inline bool a_unit(void *ctx, vb_span s)
{
  (void)ctx;
  return vb_span_starts(s, "Xã") || vb_span_starts(s, "xa-");
}

static const vb_dataset values = {"values", value_columns, 4, false, true, a_unit, NULL};
static const vb_dataset open_values = {"values", value_columns, 4, true, false, NULL, NULL};

/* What one file gives: records and then findings, in English. */
static inline const char *read_with(const vb_dataset *set, const vb_source *src, vb_status want)
{
  vb_buf_clear(&got);
  want_set = set;
  vb_status st = vb_read_file(d, src, set, (vb_sink){take, NULL});
  vb_buf_str(&got, findings());
  const char *s = vb_arena_str(a, vb_buf_cstr(&got), got.n);
  if (st != want)
    fail_msg("status %d: %s", (int)st, s);
  vb_buf_free(&got);
  return s;
}

#endif
