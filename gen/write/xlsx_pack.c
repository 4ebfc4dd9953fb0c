/* The archive that libxlsxwriter makes, in memory. Part of the workbook writer.
 *
 * The library hands the parts of a workbook to minizip, which deflates with zlib at its default level into a file, and it looks at few of
 * the results: on a full disk it reported success and left a broken workbook. The functions of minizip that it calls are defined here again;
 * the dynamic linker takes the program's. A part is held until it is closed, must then be whole XML, and is deflated in one
 * piece by libdeflate, in half of the time; a long one goes through minizip as it comes, at a low level. The container is minizip's.
 * Where the linker does not bind them so (a static build), no workbook is made.
 *
 * One archive at a time: workers are processes of one thread. */
#include <libdeflate.h>
#include <minizip/zip.h>
#include <string.h>

#include "write/xlsx_int.h"

#define HELD_MAX (1u << 20) /* of a part; a sheet of 2,000 rows is shorter */
#define LEVEL_HELD 1
#define LEVEL_LONG 1        /* zlib's; half of the time of its default, and a fifth more bytes */
#define KEPT 12             /* parts kept from one workbook to the next, by their order */
#define KEPT_BYTES 8192     /* of one */
#define KEPT_PACKED 2048
#define EDGE 512            /* of a long part, kept from its start and its end */

typedef int open_fn(zipFile zip, const char *name, const zip_fileinfo *info, const void *extra_local, uInt n_local, const void *extra_global,
  uInt n_global, const char *comment, int method, int level, int raw, int window_bits, int mem_level, int strategy, const char *password,
  uLong crc, uLong made_by, uLong flags, int zip64);
typedef int write_fn(zipFile zip, const void *p, unsigned n);
typedef int close_fn(zipFile zip);

/* A short part of the last workbook: theme, relations and often styles are the same in the next. */
typedef struct kept {
  size_t n, n_packed;
  uint32_t crc;
  char part[KEPT_BYTES], packed[KEPT_PACKED];
} kept;

static struct {
  vb_buf *out;         /* the archive's bytes; NULL: none is being made */
  size_t start, at;    /* of the archive in out; place in it that is written next */
  bool opened, broken;
  vb_buf part, packed; /* the part that is open, while it is short; deflated */
  bool held;
  char name[256];
  zip_fileinfo info;
  int zip64;
  char head[EDGE], tail[EDGE]; /* of a long part; the tail's last byte is the part's */
  struct libdeflate_compressor *z; /* kept for the next workbook */
  size_t nth;          /* part of the archive that is open */
  kept kept[KEPT];
} pack;

/* ---- a file in memory --------------------------------------------------------------------------------------- */

static voidpf ZCALLBACK mem_open(voidpf ctx, const void *name, int mode)
{
  (void)ctx, (void)name, (void)mode;
  return &pack;
}

static uLong ZCALLBACK mem_read(voidpf ctx, voidpf stream, void *p, uLong n)
{
  (void)ctx, (void)stream, (void)p, (void)n;
  return 0; /* a new archive is not read */
}

static uLong ZCALLBACK mem_write(voidpf ctx, voidpf stream, const void *p, uLong n)
{
  (void)ctx, (void)stream;
  vb_buf *out = pack.out;
  size_t at = pack.start + pack.at, over = out->n - at < n ? out->n - at : n;
  if (over > 0)
    memcpy(out->p + at, p, over);
  vb_buf_add(out, (const char *)p + over, n - over);
  if (out->failed)
    return 0;
  pack.at += n;
  return n;
}

static ZPOS64_T ZCALLBACK mem_tell(voidpf ctx, voidpf stream)
{
  (void)ctx, (void)stream;
  return pack.at;
}

static long ZCALLBACK mem_seek(voidpf ctx, voidpf stream, ZPOS64_T offset, int origin)
{
  (void)ctx, (void)stream;
  size_t size = pack.out->n - pack.start, base = origin == ZLIB_FILEFUNC_SEEK_SET ? 0 : origin == ZLIB_FILEFUNC_SEEK_END ? size : pack.at;
  if (offset > size - base)
    return -1;
  pack.at = base + (size_t)offset;
  return 0;
}

static int ZCALLBACK mem_close(voidpf ctx, voidpf stream)
{
  (void)ctx, (void)stream;
  return 0;
}

static int ZCALLBACK mem_error(voidpf ctx, voidpf stream)
{
  (void)ctx, (void)stream;
  return pack.out->failed;
}

/* ---- parts -------------------------------------------------------------------------------------------------- */

/* Every part of a workbook is XML: it ends with ">", and what it closes is what it opened. */
bool vb_pack_whole(vb_span head, vb_span tail)
{
  const char *s = tail.p;
  size_t n = tail.n, from, open = 0;
  while (n && (s[n - 1] == '\n' || s[n - 1] == '\r'))
    n--;
  if (n < 8 || s[n - 1] != '>')
    return false;
  for (from = n - 1; from > 0 && s[from] != '<'; from--)
    ;
  if (s[n - 2] == '/') /* one empty element */
    return true;
  if (s[from] != '<' || s[from + 1] != '/')
    return false;
  while (open + 1 < head.n && (head.p[open] != '<' || head.p[open + 1] == '?'))
    open++;
  size_t length = n - from - 3;
  return open + 1 + length < head.n && memcmp(head.p + open + 1, s + from + 2, length) == 0;
}

static int open_theirs(zipFile zip, int level, int raw)
{
  open_fn *open = NULL;
  vb_theirs("zipOpenNewFileInZip4_64", &open);
  if (!open)
    return ZIP_INTERNALERROR;
  return open(zip, pack.name, &pack.info, NULL, 0, NULL, 0, NULL, Z_DEFLATED, level, raw, -MAX_WBITS, DEF_MEM_LEVEL, Z_DEFAULT_STRATEGY, NULL, 0, 0,
    0, pack.zip64);
}

static int write_theirs(zipFile zip, const void *p, size_t n)
{
  write_fn *write = NULL;
  vb_theirs("zipWriteInFileInZip", &write);
  return write ? write(zip, p, (unsigned)n) : ZIP_INTERNALERROR;
}

/* From here on the part goes through minizip. */
static int grow_long(zipFile zip)
{
  int e = open_theirs(zip, LEVEL_LONG, 0);
  memcpy(pack.head, pack.part.p, EDGE);
  memcpy(pack.tail, pack.part.p + pack.part.n - EDGE, EDGE);
  pack.held = false;
  return e == ZIP_OK ? write_theirs(zip, pack.part.p, pack.part.n) : e;
}

static void note_tail(const char *p, size_t n)
{
  if (n >= EDGE) {
    memcpy(pack.tail, p + n - EDGE, EDGE);
    return;
  }
  memmove(pack.tail, pack.tail + n, EDGE - n);
  memcpy(pack.tail + EDGE - n, p, n);
}

/* Deflates the part into pack.packed; false when out of memory. */
static bool deflate_held(void)
{
  vb_buf *part = &pack.part, *packed = &pack.packed;
  if (!pack.z)
    pack.z = libdeflate_alloc_compressor(LEVEL_HELD);
  size_t bound = pack.z && !part->failed ? libdeflate_deflate_compress_bound(pack.z, part->n) : 0;
  vb_buf_clear(packed);
  if (bound == 0 || !vb_buf_reserve(packed, bound)) {
    pack.out->failed = true;
    return false;
  }
  packed->n = libdeflate_deflate_compress(pack.z, part->p, part->n, packed->p, bound);
  return packed->n > 0;
}

static void keep(kept *k, uint32_t crc)
{
  if (pack.part.n > KEPT_BYTES || pack.packed.n > KEPT_PACKED)
    return;
  memcpy(k->part, pack.part.p, pack.part.n);
  memcpy(k->packed, pack.packed.p, pack.packed.n);
  k->n = pack.part.n;
  k->n_packed = pack.packed.n;
  k->crc = crc;
}

static int close_held(zipFile zip)
{
  const vb_buf *part = &pack.part;
  if (part->n == 0)
    return ZIP_INTERNALERROR; /* no part is empty: what there was found no memory, and said so */
  kept *k = pack.nth < KEPT ? &pack.kept[pack.nth++] : NULL;
  bool again = k && !part->failed && part->n == k->n && memcmp(part->p, k->part, k->n) == 0;
  if (!again && !deflate_held())
    return ZIP_INTERNALERROR;
  uint32_t crc = k && again ? k->crc : libdeflate_crc32(0, part->p, part->n);
  if (k && !again)
    keep(k, crc);
  int e = open_theirs(zip, LEVEL_LONG, 1);
  if (e == ZIP_OK)
    e = k && again ? write_theirs(zip, k->packed, k->n_packed) : write_theirs(zip, pack.packed.p, pack.packed.n);
  return e == ZIP_OK ? zipCloseFileInZipRaw64(zip, part->n, crc) : e;
}

/* ---- what the library calls --------------------------------------------------------------------------------- */

zipFile ZEXPORT zipOpen(const char *path, int append)
{
  zlib_filefunc64_def memory = {.zopen64_file = mem_open, .zread_file = mem_read, .zwrite_file = mem_write, .ztell64_file = mem_tell,
    .zseek64_file = mem_seek, .zclose_file = mem_close, .zerror_file = mem_error};
  pack.opened = pack.out != NULL;
  return pack.opened ? zipOpen2_64(path, append, NULL, &memory) : NULL;
}

open_fn zipOpenNewFileInZip4_64;

int zipOpenNewFileInZip4_64(zipFile zip, const char *name, const zip_fileinfo *info, const void *extra_local, uInt n_local, const void *extra_global,
  uInt n_global, const char *comment, int method, int level, int raw, int window_bits, int mem_level, int strategy, const char *password,
  uLong crc, uLong made_by, uLong flags, int zip64)
{
  (void)extra_local, (void)n_local, (void)extra_global, (void)n_global, (void)comment, (void)method, (void)level, (void)raw, (void)window_bits;
  (void)mem_level, (void)strategy, (void)password, (void)crc, (void)made_by, (void)flags, (void)zip; /* the library's are the ones of open_theirs */
  if (!pack.out || strlen(name) >= sizeof pack.name)
    return ZIP_PARAMERROR;
  memcpy(pack.name, name, strlen(name) + 1);
  pack.info = *info;
  pack.zip64 = zip64;
  pack.held = true;
  vb_buf_clear(&pack.part);
  return ZIP_OK;
}

int ZEXPORT zipWriteInFileInZip(zipFile zip, const void *p, unsigned n)
{
  if (pack.held && pack.part.n >= EDGE && pack.part.n + n > HELD_MAX) {
    int e = grow_long(zip);
    if (e != ZIP_OK)
      return e;
  }
  if (!pack.held) {
    note_tail(p, n);
    return write_theirs(zip, p, n);
  }
  vb_buf_add(&pack.part, p, n);
  return ZIP_OK; /* what failed is seen when the part is closed */
}

int ZEXPORT zipCloseFileInZip(zipFile zip)
{
  vb_span part = {pack.part.p, pack.part.n};
  close_fn *close = NULL;
  pack.broken |= !(pack.held ? vb_pack_whole(part, part) : vb_pack_whole((vb_span){pack.head, EDGE}, (vb_span){pack.tail, EDGE}));
  if (pack.held)
    return close_held(zip);
  vb_theirs("zipCloseFileInZip", &close);
  return close ? close(zip) : ZIP_INTERNALERROR;
}

/* ---- one archive -------------------------------------------------------------------------------------------- */

void vb_pack_start(vb_buf *out)
{
  pack.out = out;
  pack.start = out->n;
  pack.at = pack.nth = 0;
  pack.opened = pack.broken = pack.held = false;
  vb_buf_init(&pack.part);
  vb_buf_init(&pack.packed);
}

vb_status vb_pack_end(bool good)
{
  vb_buf *out = pack.out;
  bool lack = out->failed || pack.part.failed || pack.packed.failed;
  if (!good || lack || !pack.opened || pack.broken)
    out->n = pack.start; /* no half archive */
  vb_buf_free(&pack.part);
  vb_buf_free(&pack.packed);
  pack.out = NULL;
  if (lack)
    return VB_NOMEM;
  return good && pack.opened && !pack.broken ? VB_OK : VB_SYSTEM;
}
