/* When closing a workbook fails, libxlsxwriter prints lines of its own on standard error, where scripts read ours; it has no option. Part of the
 * workbook writer. (Its temporary files are xlsx_parts.c's, its archive xlsx_pack.c's.) */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "write/xlsx_int.h"

int vb_hush(void)
{
  (void)fflush(stderr);
  int kept = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1), null = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (kept >= 0 && null >= 0)
    (void)dup2(null, STDERR_FILENO);
  if (kept >= 0)
    vb_mem_tell(kept); /* what ends the process is said all the same */
  if (null >= 0)
    (void)close(null);
  return kept;
}

void vb_unhush(int kept)
{
  if (kept < 0)
    return;
  (void)fflush(stderr);
  (void)dup2(kept, STDERR_FILENO);
  vb_mem_tell(STDERR_FILENO);
  (void)close(kept);
}

/* ISO C has no cast from object to function. */
void vb_theirs(const char *name, void *out)
{
  void *found = dlsym(RTLD_NEXT, name);
  memcpy(out, &found, sizeof found);
}
