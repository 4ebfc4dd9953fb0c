/* Runs files, and the files of folders, through one fuzz target: kept inputs in `make check`, and a find under a debugger.
 *
 *   replay [-m N] PATH…    with -m, N changed copies of each as well, the same on every machine: a short run where there is no libFuzzer
 *
 * The last line says how many inputs were run. */
#define _XOPEN_SOURCE 700
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

static size_t runs;
static unsigned long mutations;
static uint64_t seed = 20231231;

/* xorshift64*: the same values everywhere. */
static uint64_t chance(uint64_t below)
{
  seed ^= seed >> 12;
  seed ^= seed << 25;
  seed ^= seed >> 27;
  return below ? seed * UINT64_C(2685821657736338717) % below : 0;
}

/* One to four changes: a byte set, a mark set, a run taken out, a run doubled, the end cut. */
static void change(vb_buf *b)
{
  static const char marks[] = "<>&\"'/={}*,;:%()[]\n\r\0\377";
  for (uint64_t k = 1 + chance(4); k > 0 && b->n > 0; k--) {
    size_t at = (size_t)chance(b->n), n = 1 + (size_t)chance(24);
    if (n > b->n - at) n = b->n - at;
    switch (chance(6)) {
      case 0: b->p[at] = (char)chance(256); break;
      case 1: b->p[at] = marks[chance(sizeof marks - 1)]; break;
      case 2:
        memmove(b->p + at, b->p + at + n, b->n - at - n);
        b->n -= n;
        break;
      case 3:
      case 4: {
        FUZZ_CHECK(vb_buf_reserve(b, n));
        memmove(b->p + at + n, b->p + at, b->n - at);
        b->n += n;
        break;
      }
      default:
        if (chance(8) == 0) b->n = at;
        break;
    }
  }
}

/* In memory that ends where the input does, so that a read behind it is seen. */
static void run(const char *p, size_t n)
{
  uint8_t *exact = malloc(n ? n : 1);
  FUZZ_CHECK(exact != NULL);
  if (n) memcpy(exact, p, n);
  (void)LLVMFuzzerTestOneInput(exact, n);
  runs++;
  free(exact);
}

static void run_file(const char *path)
{
  vb_diag *d = fuzz_diag();
  vb_buf b, changed;
  vb_buf_init(&b);
  vb_buf_init(&changed);
  FUZZ_CHECK(vb_file_read(d, path, 64u << 20, true, &b) == VB_OK);
  vb_diag_free(d);
  fprintf(stderr, "%s\n", path); /* the last line of a log names the culprit */
  run(b.p, b.n);
  for (unsigned long i = 0; i < mutations; i++) {
    vb_buf_clear(&changed);
    vb_buf_add(&changed, b.p, b.n);
    change(&changed);
    FUZZ_CHECK(!changed.failed);
    run(changed.p, changed.n);
  }
  vb_buf_free(&b);
  vb_buf_free(&changed);
}

static int by_name(const struct dirent **a, const struct dirent **b) { return strcmp((*a)->d_name, (*b)->d_name); }

static void run_path(const char *path)
{
  struct stat st;
  struct dirent **list = NULL;
  FUZZ_CHECK(stat(path, &st) == 0);
  if (!S_ISDIR(st.st_mode)) {
    run_file(path);
    return;
  }
  int n = scandir(path, &list, NULL, by_name);
  FUZZ_CHECK(n >= 0);
  for (int i = 0; i < n; i++) {
    char sub[1024];
    if (list[i]->d_name[0] != '.') {
      snprintf(sub, sizeof sub, "%s/%s", path, list[i]->d_name);
      run_file(sub);
    }
    free(list[i]);
  }
  free(list);
}

int main(int argc, char **argv)
{
  int i = 1;
  if (argc > 2 && strcmp(argv[1], "-m") == 0) {
    mutations = strtoul(argv[2], NULL, 10);
    i = 3;
  }
  for (; i < argc; i++) run_path(argv[i]);
  printf("%zu inputs\n", runs);
  return runs > 0 ? 0 : 1;
}
