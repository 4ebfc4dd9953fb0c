/* Unit tests of the PDF writer's quick compressor: libdeflate reads what it writes, and the same bytes give the same stream. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libdeflate.h>

#include "write/pdf_int.h"

static uint32_t state_of;

static uint32_t next_random(uint32_t below)
{
  state_of = state_of * 1664525u + 1013904223u;
  return (state_of >> 8) % below;
}

/* Writes `bytes`, reads it back; gives the size of the stream. */
static size_t there_and_back(vb_span bytes, vb_pdf_flate kind)
{
  vb_buf once, again;
  vb_buf_init(&once);
  vb_buf_init(&again);
  vb_buf_str(&once, "before"); /* a stream is appended */
  vb_pdf_flate_add(bytes, kind, &once);
  vb_pdf_flate_add(bytes, kind, &again);
  assert_false(once.failed || again.failed);
  assert_int_equal(once.n - 6, again.n);
  assert_memory_equal(once.p + 6, again.p, again.n);
  size_t n = 0, packed = again.n;
  char *out = malloc(bytes.n + 1);
  struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
  assert_non_null(out);
  assert_non_null(d);
  assert_int_equal(libdeflate_zlib_decompress(d, again.p, again.n, out, bytes.n + 1, &n), LIBDEFLATE_SUCCESS);
  assert_int_equal(n, bytes.n);
  if (n > 0) assert_memory_equal(out, bytes.p, n);
  libdeflate_free_decompressor(d);
  free(out);
  vb_buf_free(&once);
  vb_buf_free(&again);
  return packed;
}

static void all_kinds(vb_span bytes)
{
  for (int kind = VB_PDF_FLATE_PAGE; kind <= VB_PDF_FLATE_FONT; kind++) (void)there_and_back(bytes, (vb_pdf_flate)kind);
}

/* Runs and repeats of all lengths at all distances, between bytes of a small alphabet, or of all. */
static void random_streams(void **state)
{
  (void)state;
  static char bytes[150000];
  for (uint32_t i = 0; i < 300; i++) {
    state_of = i * 7919 + 1;
    size_t want = i < 40 ? 1000 + next_random(60) : next_random(sizeof bytes), n = 0;
    uint32_t letters = i % 3 == 0 ? 256 : 2 + next_random(60);
    while (n < want) {
      if (n > 0 && next_random(3) == 0) {
        size_t back = 1 + next_random((uint32_t)n), length = next_random(2) ? next_random(12) : next_random(600);
        for (size_t k = 0; k < length && n < want; k++, n++) bytes[n] = bytes[n - back];
      } else {
        bytes[n++] = (char)(next_random(letters) + (letters < 256 ? ' ' : 0));
      }
    }
    all_kinds((vb_span){bytes, n});
  }
}

static void edges(void **state)
{
  (void)state;
  static char bytes[100000];
  all_kinds((vb_span){bytes, 0});
  memset(bytes, 'a', sizeof bytes);
  for (size_t n = 1020; n < 1300; n++) all_kinds((vb_span){bytes, n}); /* matches of every length at the end */
  for (size_t n = 0; n < sizeof bytes; n++) bytes[n] = (char)(n * 2654435761u >> 13);
  memcpy(bytes + 32768, bytes, 100); /* as far back as a match may be, and one more */
  memcpy(bytes + 40000 + 32769, bytes + 40000, 100);
  all_kinds((vb_span){bytes, sizeof bytes});
}

/* What it is for shrinks to a third; what its codes do not suit goes to libdeflate, and does not grow. */
static void operators_shrink(void **state)
{
  (void)state;
  vb_buf b;
  vb_buf_init(&b);
  for (int i = 0; i < 200; i++)
    vb_buf_printf(&b, "/TD<</MCID %d>>BDC\n%d.%d -17.69 Td\n(T\xA1 ng s\xA2 h\xA3 s\x84 %d)Tj\nEMC\n", i, i % 37, i % 91 + 1, i * i);
  assert_true(there_and_back((vb_span){b.p, b.n}, VB_PDF_FLATE_PAGE) < b.n / 3);
  for (size_t i = 0; i < b.n; i++) b.p[i] = (char)(0x80 | next_random(128));
  assert_true(there_and_back((vb_span){b.p, b.n}, VB_PDF_FLATE_PAGE) < b.n);
  vb_buf_free(&b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(random_streams), cmocka_unit_test(edges), cmocka_unit_test(operators_shrink)};
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  vb_pdf_cool_down();
  return failed;
}
