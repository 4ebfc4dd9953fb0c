/* Text: normal form, case, folding, sorting, line breaks. */
#include "fuzz.h"

#include "text/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  vb_span raw = {(const char *)data, size};
  const char *p = raw.p, *end = raw.p + raw.n;
  while (p < end) (void)vb_utf8_next(&p, end);
  if (vb_utf8_check(raw) != size) return 0;
  vb_arena *a = vb_arena_new(0);
  FUZZ_CHECK(a != NULL);
  vb_span s = vb_text_nfc(a, raw);
  FUZZ_CHECK(vb_span_eq(vb_text_nfc(a, s), s));
  size_t at = 0;
  (void)vb_text_forbidden(s, &at);
  FUZZ_CHECK(at <= s.n);
  vb_span low = vb_text_lower(a, s), up = vb_text_upper(a, s), folded = vb_text_fold(a, s), bare = vb_text_bare(a, s), capital = vb_text_capital(a, s);
  const vb_span all[] = {low, up, folded, bare, capital};
  for (size_t i = 0; i < 5; i++) FUZZ_CHECK(all[i].p != NULL && vb_utf8_check(all[i]) == all[i].n && (i == 3 || vb_span_eq(vb_text_nfc(a, all[i]), all[i]))); /* bare is a key, never shown */
  FUZZ_CHECK(vb_collate_cmp(s, s) == 0);
  vb_span half = {s.p, s.n / 2};
  if (vb_utf8_check(half) == half.n) {
    int direct = vb_collate_cmp(half, s), keyed = vb_span_cmp(vb_collate_key(a, half), vb_collate_key(a, s));
    FUZZ_CHECK((direct < 0) == (keyed < 0) && (direct > 0) == (keyed > 0));
  }
  FUZZ_CHECK(vb_collate_name_key(a, s).p != NULL);
  uint8_t *map = vb_arena_alloc(a, s.n + 1);
  FUZZ_CHECK(map != NULL);
  vb_break_map(s, map);
  for (size_t i = 0; i < s.n; i++) FUZZ_CHECK(map[i] <= 2 && (map[i] == 0 || ((unsigned char)s.p[i] & 0xC0) != 0x80));
  vb_arena_free(a);
  return 0;
}
