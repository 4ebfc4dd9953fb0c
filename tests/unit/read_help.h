/* read_help: what the tests of xml, zip and read share: a diag and an arena a test, findings as lines. */
#ifndef READ_HELP_H
#define READ_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"

static vb_diag *d;
static vb_arena *a;

static inline int help_setup(void **state)
{
  (void)state;
  d = vb_diag_new();
  a = vb_arena_new(0);
  return d && a ? 0 : -1;
}

static inline int help_teardown(void **state)
{
  (void)state;
  vb_diag_free(d);
  vb_arena_free(a);
  return 0;
}

/* All findings, a line each, "file:line:column: level: text [rule]"; then they are forgotten. */
static inline const char *findings_in(vb_lang lang)
{
  vb_buf b;
  vb_buf_init(&b);
  for (const vb_finding *f = vb_diag_first(d); f; f = f->next) {
    if (b.n)
      vb_buf_char(&b, '\n');
    vb_finding_line(f, lang, &b);
    if (b.n && b.p[b.n - 1] == '\n')
      b.n--;
  }
  const char *s = vb_arena_str(a, b.p ? b.p : "", b.n);
  vb_buf_free(&b);
  vb_diag_free(d);
  d = vb_diag_new();
  return s;
}

static inline const char *findings(void) { return findings_in(VB_EN); }

static inline vb_span file_bytes(const char *path)
{
  vb_buf b;
  vb_buf_init(&b);
  assert_int_equal(vb_file_read(d, path, VB_INPUT_BYTES_MAX, true, &b), VB_OK);
  vb_span s = {vb_arena_copy(a, b.p, b.n), b.n};
  vb_buf_free(&b);
  return s;
}

/* Without vb_file_write's syncs: thousands of scratch files need none. */
static inline void write_quickly(const char *path, vb_span s)
{
  FILE *f = fopen(path, "wb");
  assert_non_null(f);
  assert_int_equal(s.n ? fwrite(s.p, 1, s.n, f) : 0, s.n);
  assert_int_equal(fclose(f), 0);
}

static uint64_t help_seed = 20231231;

/* xorshift64*: the same values on every machine. */
static inline uint64_t help_random(void)
{
  help_seed ^= help_seed >> 12;
  help_seed ^= help_seed << 25;
  help_seed ^= help_seed >> 27;
  return help_seed * UINT64_C(2685821657736338717);
}

/* A copy of s with one to four random changes: a byte set, a run removed, a run doubled, the end cut. */
static inline vb_span mutated(vb_span s, vb_buf *out)
{
  vb_buf_clear(out);
  vb_buf_span(out, s);
  for (uint64_t k = 1 + help_random() % 4; k > 0 && out->n > 0; k--) {
    size_t at = (size_t)(help_random() % out->n), n = 1 + (size_t)(help_random() % 16);
    if (n > out->n - at)
      n = out->n - at;
    switch (help_random() % 5) {
      case 0: out->p[at] = (char)help_random(); break;
      case 1: out->p[at] = "<>&\"'/={}*,;\n\r"[help_random() % 14]; break;
      case 2:
        memmove(out->p + at, out->p + at + n, out->n - at - n);
        out->n -= n;
        break;
      case 3:
        vb_buf_reserve(out, n);
        memmove(out->p + at + n, out->p + at, out->n - at);
        out->n += n;
        break;
      default:
        if (help_random() % 8 == 0)
          out->n = at;
        break;
    }
  }
  return (vb_span){out->p ? out->p : "", out->n};
}

#endif
