/* Temporary files of libxlsxwriter, kept in memory. Part of the workbook writer.
 *
 * The library writes every part of a workbook to a temporary file and reads it back into the archive. It asks one function of its own
 * for such a file: it is defined here again, and the dynamic linker takes the program's. A part lies in memory until it grows long,
 * and then goes on in a temporary file as the library would have made it. Where the linker does not bind it so, the library's own
 * files are used, and the workbook is the same.
 *
 * A part that could not be kept whole is remembered, for nobody reads the results of the library's printing. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#include "write/xlsx_int.h"

#define MEMORY_MAX (1u << 20) /* of one part; the largest sheets alone are longer */
#define BEHIND 65536          /* bytes written to a file at once */

typedef struct part {
  struct part *next;
  FILE *file;   /* what the library holds */
  FILE *disk;   /* not NULL: behind it the last bytes, in mem */
  vb_buf mem;
  size_t at;    /* place that is read next, of what lies in mem alone */
  struct part *inner; /* a part that is read behind the first `before` bytes of this one, and goes with it */
  size_t before, seen; /* seen: bytes of its own that were read */
  bool inside;  /* inner is being read, or was */
} part;

static struct {
  part *parts;  /* open ones: few; the one used last comes first */
  bool lost, starved; /* starved: for want of memory, and not of room on a disk */
} process;      /* workers are processes of one thread */

static bool flush(part *t)
{
  process.starved |= t->mem.failed;
  if (t->mem.failed || (t->disk && fwrite(t->mem.p, 1, t->mem.n, t->disk) != t->mem.n))
    process.lost = true;
  if (t->disk)
    vb_buf_clear(&t->mem);
  return !process.lost;
}

/* Behind bytes added: a long part goes to the disk. */
static bool settle(part *t)
{
  if (t->mem.n < (t->disk ? BEHIND : MEMORY_MAX) && !t->mem.failed)
    return true;
  if (!t->disk) {
    FILE *(*make)(const char *) = NULL;
    vb_theirs("lxw_tmpfile", &make);
    t->disk = make ? make(vb_scratch_dir()) : NULL;
    if (!t->disk || setvbuf(t->disk, NULL, _IONBF, 0) != 0)
      process.lost = true;
  }
  return t->disk && flush(t);
}

static ssize_t part_write(void *cookie, const char *p, size_t n)
{
  part *t = cookie;
  vb_buf_add(&t->mem, p, n);
  return settle(t) ? (ssize_t)n : 0;
}

static ssize_t read_own(part *t, char *p, size_t n)
{
  if (t->disk)
    return flush(t) ? (ssize_t)fread(p, 1, n, t->disk) : -1;
  size_t left = t->at < t->mem.n ? t->mem.n - t->at : 0;
  n = n < left ? n : left;
  if (n > 0)
    memcpy(p, t->mem.p + t->at, n);
  t->at += n;
  return (ssize_t)n;
}

static ssize_t part_read(void *cookie, char *p, size_t n)
{
  part *t = cookie;
  size_t left = t->before - t->seen;
  if (!t->inner)
    return read_own(t, p, n);
  if (!t->inside && left > 0) {
    ssize_t got = read_own(t, p, n < left ? n : left);
    t->seen += got > 0 ? (size_t)got : 0;
    return got;
  }
  t->inside = true;
  ssize_t got = read_own(t->inner, p, n);
  return got != 0 ? got : read_own(t, p, n);
}

static bool to_start(part *t)
{
  t->at = t->seen = 0;
  t->inside = false;
  return !t->disk || (flush(t) && fseek(t->disk, 0, SEEK_SET) == 0);
}

/* The library goes back to the start and reads, or asks how long a part is; it never writes but at the end. */
static int part_seek(void *cookie, off64_t *offset, int whence)
{
  part *t = cookie;
  if (whence == SEEK_CUR && *offset == 0) {
    long disk = t->disk ? ftell(t->disk) : 0;
    *offset = (off64_t)t->mem.n + disk;
    return disk < 0 ? -1 : 0;
  }
  if (whence != SEEK_SET || *offset != 0)
    return -1;
  return to_start(t) && (!t->inner || to_start(t->inner)) ? 0 : -1;
}

static int part_close(void *cookie)
{
  part *t = cookie;
  for (part **p = &process.parts; *p; p = &(*p)->next)
    if (*p == t) {
      *p = t->next;
      break;
    }
  if (t->inner)
    (void)fclose(t->inner->file);
  if (t->disk)
    (void)fclose(t->disk); /* it has no name; what was written was checked */
  vb_buf_free(&t->mem);
  vb_mem_free(t);
  return 0;
}

/* The library's function, whose parameter is const in later versions: so not declared by its header, but by its name. */
FILE *vb_part_open(const char *tmpdir) __asm__("lxw_tmpfile");

FILE *vb_part_open(const char *tmpdir)
{
  static const cookie_io_functions_t how = {part_read, part_write, part_seek, part_close};
  part *t = vb_mem_alloc(sizeof *t);
  (void)tmpdir;
  process.starved |= !t;
  if (!t)
    return NULL;
  *t = (part){.next = process.parts};
  vb_buf_init(&t->mem);
  t->file = fopencookie(t, "w+", how);
  if (!t->file) {
    vb_mem_free(t);
    return NULL;
  }
  process.parts = t;
  return t->file;
}

bool vb_parts_lost(bool *starved)
{
  bool lost = process.lost;
  *starved = process.starved;
  process.lost = process.starved = false;
  return lost;
}

static part *part_of(const FILE *file)
{
  part *t = process.parts;
  while (t && t->file != file)
    t = t->next;
  return t;
}

bool vb_part_is(const FILE *file)
{
  return part_of(file) != NULL;
}

bool vb_part_take(FILE *file, FILE *inner)
{
  part *t = part_of(file), *in = part_of(inner);
  if (!t || !in || t->inner || fflush(file) != 0 || fflush(inner) != 0)
    return false;
  long disk = t->disk ? ftell(t->disk) : 0;
  t->inner = in;
  t->before = t->mem.n + (disk > 0 ? (size_t)disk : 0);
  process.lost |= disk < 0;
  return true;
}
