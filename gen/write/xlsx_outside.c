/* Three things of libxlsxwriter that have no option, set right from outside. Part of the workbook writer.
 *
 * 1. The library asks minizip for deflate's default level, and has no option. It calls minizip through one function, which is defined here
 *    again: the dynamic linker takes the program's, and this one passes the call on with a lower level. A third of the time of a workbook
 *    goes into deflate; the files grow by a fifteenth. Where the linker does not bind it so (a static build), the level is the default.
 * 2. A workbook is thousands of small allocations that are freed together; glibc then gives the memory back to the system and
 *    asks for it again with the next one. A quarter of the time was the kernel's.
 * 3. When closing a workbook fails, the library prints lines of its own on standard error, where scripts read ours. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "write/xlsx_int.h"

#define LEVEL 3
#define KEEP_BYTES (32u << 20) /* a worker keeps so much for its next document; half of what one may take */

typedef int open_fn(void *zip, const char *name, const void *info, const void *extra_local, unsigned int n_local, const void *extra_global,
  unsigned int n_global, const char *comment, int method, int level, int raw, int window_bits, int mem_level, int strategy, const char *password,
  unsigned long crc, unsigned long made_by, unsigned long flags, int zip64);

open_fn zipOpenNewFileInZip4_64;

int zipOpenNewFileInZip4_64(void *zip, const char *name, const void *info, const void *extra_local, unsigned int n_local, const void *extra_global,
  unsigned int n_global, const char *comment, int method, int level, int raw, int window_bits, int mem_level, int strategy, const char *password,
  unsigned long crc, unsigned long made_by, unsigned long flags, int zip64)
{
  static open_fn *minizip;
  if (!minizip) {
    void *found = dlsym(RTLD_NEXT, "zipOpenNewFileInZip4_64");
    if (!found)
      return -1; /* the library reports it as a failed zip operation */
    memcpy(&minizip, &found, sizeof minizip); /* ISO C has no cast from object to function */
  }
  return minizip(zip, name, info, extra_local, n_local, extra_global, n_global, comment, method, level < 0 ? LEVEL : level, raw, window_bits,
    mem_level, strategy, password, crc, made_by, flags, zip64);
}

void vb_xlsx_warm_up(void)
{
  vb_mem_keep(KEEP_BYTES);
}

int vb_hush(void)
{
  (void)fflush(stderr);
  int kept = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1), null = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (kept >= 0 && null >= 0)
    (void)dup2(null, STDERR_FILENO);
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
  (void)close(kept);
}
