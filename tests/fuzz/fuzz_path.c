/* Paths and patterns of a job: whatever is let through lies in the job's folder. */
#define _XOPEN_SOURCE 700
#include "fuzz.h"

#include <stdio.h>
#include <unistd.h>

static void link_to(const char *target, const char *name)
{
  char path[256];
  snprintf(path, sizeof path, "%s/so-lieu/%s", fuzz_dir(), name);
  FUZZ_CHECK(symlink(target, path) == 0);
}

static void tree(void)
{
  (void)fuzz_file("so-lieu/xa-1.csv", "a", 1);
  (void)fuzz_file("so-lieu/xa-2.csv", "a", 1);
  (void)fuzz_file("job.xml", "a", 1);
  link_to("/etc", "ra");
  link_to("../job.xml", "trong.csv");
  link_to("/etc/passwd", "ngoai.csv");
}

static void inside(const char *path)
{
  char *real = realpath(path, NULL);
  size_t n = strlen(fuzz_dir());
  if (real) FUZZ_CHECK(strncmp(real, fuzz_dir(), n) == 0 && (real[n] == '/' || real[n] == '\0'));
  free(real);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static bool made;
  if (!made) tree();
  made = true;
  vb_span s = {(const char *)data, size};
  vb_diag *d = fuzz_diag();
  vb_arena *a = vb_arena_new(0);
  const char *out = NULL, **paths = NULL;
  size_t n = 0;
  FUZZ_CHECK(a != NULL);
  vb_status st = vb_path_inside(d, a, fuzz_dir(), s, VB_NOWHERE, &out);
  if (st == VB_OK) inside(out);
  vb_status globbed = vb_path_glob(d, a, fuzz_dir(), s, VB_NOWHERE, &paths, &n);
  for (size_t i = 0; globbed == VB_OK && i < n; i++) inside(paths[i]);
  vb_arena_free(a);
  fuzz_end(d, vb_worse(st, globbed));
  return 0;
}
