/* See folder.h. */
#define _XOPEN_SOURCE 700
#include "folder.h"

#include <dirent.h>
#include <ftw.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

void folder_make(char path[256])
{
  const char *base = getenv("TMPDIR");
  char made[256], real[PATH_MAX];
  snprintf(made, sizeof made, "%s/vanban-test-XXXXXX", base && *base ? base : "/tmp");
  assert_non_null(mkdtemp(made));
  assert_non_null(realpath(made, real));
  assert_true(strlen(real) < 256);
  memcpy(path, real, strlen(real) + 1);
}

static int drop(const char *path, const struct stat *st, int kind, struct FTW *at)
{
  (void)st;
  (void)at;
  return kind == FTW_DP || kind == FTW_DNR ? rmdir(path) : unlink(path);
}

void folder_drop(const char *path)
{
  assert_int_equal(nftw(path, drop, 16, FTW_DEPTH | FTW_PHYS), 0);
}

const char *folder_path(const char *dir, const char *name)
{
  static char paths[8][PATH_MAX];
  static unsigned turn;
  char *p = paths[turn++ % 8];
  snprintf(p, PATH_MAX, "%s/%s", dir, name);
  return p;
}

void folder_put(const char *dir, const char *name, const char *text)
{
  FILE *f = fopen(folder_path(dir, name), "wb");
  assert_non_null(f);
  assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
  assert_int_equal(fclose(f), 0);
}

int folder_count(const char *dir)
{
  DIR *d = opendir(dir);
  int n = 0;
  if (!d)
    return -1;
  for (struct dirent *e; (e = readdir(d)) != NULL;)
    n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
  closedir(d);
  return n;
}
