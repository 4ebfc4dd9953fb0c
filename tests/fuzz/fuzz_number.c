/* Figures, dates and moments as people write them: what is read prints, and what is printed reads back equal. */
#include "fuzz.h"

#include "package/package.h"
#include "text/text.h"

static void figures(vb_span s, vb_buf *b)
{
  for (int kind = VB_NUM_COUNT; kind <= VB_NUM_CODE; kind++) {
    vb_dec v = {7, 7}, back = {0, 0};
    vb_number_state state = vb_number_parse(s, (vb_number_kind)kind, &v);
    if (state != VB_NUM_VALUE) {
      FUZZ_CHECK(v.n == 0 && v.places == 0);
      continue;
    }
    FUZZ_CHECK(v.places >= 0 && v.places <= VB_DEC_PLACES_MAX);
    vb_buf_clear(b);
    vb_number_print(v, (vb_number_format){-1, false, 0, false}, b);
    FUZZ_CHECK(vb_number_parse((vb_span){b->p, b->n}, VB_NUM_DECIMAL, &back) == VB_NUM_VALUE && vb_dec_cmp(v, back) == 0);
    vb_buf_clear(b);
    vb_number_print(v, (vb_number_format){0, true, 2, true}, b);
    FUZZ_CHECK(fuzz_is_clean((vb_span){b->p, b->n}));
    vb_buf_clear(b);
    vb_number_words(v, b);
    FUZZ_CHECK(b->n > 0 && fuzz_is_clean((vb_span){b->p, b->n}));
    char plain[40];
    FUZZ_CHECK(vb_dec_print(v, plain, sizeof plain) > 0);
  }
}

static void dates(vb_span s, vb_buf *b)
{
  vb_date date, back;
  vb_moment m;
  if (vb_date_parse(s, &date)) {
    FUZZ_CHECK(vb_date_valid(date));
    FUZZ_CHECK(vb_date_cmp(vb_date_from_days(vb_date_days(date)), date) == 0);
    vb_buf_clear(b);
    vb_date_print_long(date, b);
    FUZZ_CHECK(vb_date_parse((vb_span){b->p, b->n}, &back) && vb_date_cmp(date, back) == 0);
    vb_buf_clear(b);
    vb_date_print_numeric(date, b);
    FUZZ_CHECK(vb_date_parse((vb_span){b->p, b->n}, &back) && vb_date_cmp(date, back) == 0);
  }
  if (vb_date_parse_iso(s, &date)) FUZZ_CHECK(vb_date_valid(date));
  if (vb_moment_parse(s, &m)) {
    vb_moment again;
    vb_buf_clear(b);
    vb_moment_print(&m, b);
    FUZZ_CHECK(vb_moment_parse((vb_span){b->p, b->n}, &again) && vb_moment_unix(&m) == vb_moment_unix(&again));
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  vb_buf b;
  vb_buf_init(&b);
  vb_span s = {(const char *)data, size};
  vb_arena *a = vb_arena_new(0);
  FUZZ_CHECK(a != NULL);
  if (vb_utf8_check(s) == size) {
    s = vb_text_nfc(a, s);
    figures(s, &b);
    dates(s, &b);
  }
  vb_arena_free(a);
  vb_buf_free(&b);
  return 0;
}
