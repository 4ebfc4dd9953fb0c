/* Proof of the file that libxlsxwriter made, and its bytes. Part of the workbook writer.
 *
 * The library writes each part to a temporary file with fprintf, copies it into the archive, and looks at none of the results: on a
 * full disk it reports success and leaves a broken workbook. So each part is unpacked again and must end with its closing tag. Parts too
 * large to unpack in memory must have had room enough: with them gone, the disk must be free by twice their size. */
#include <libdeflate.h>
#include <sys/statvfs.h>

#include "write/xlsx_int.h"

#include <string.h>

#define END_BYTES 22
#define ENTRY_BYTES 46
#define LOCAL_BYTES 30
#define UNPACK_MAX (8u << 20)

typedef struct pack {
  const uint8_t *p;
  size_t n;
  uint64_t large; /* bytes of parts that were not unpacked */
  struct libdeflate_decompressor *z;
  vb_buf room;
} pack;

static uint32_t u16(const uint8_t *p)
{
  return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint32_t u32(const uint8_t *p)
{
  return u16(p) | u16(p + 2) << 16;
}

/* Every part of a workbook is XML: it ends with ">", and what it closes is what it opened. */
static bool whole_xml(const char *s, size_t n)
{
  size_t from = n, open = 0;
  while (n && (s[n - 1] == '\n' || s[n - 1] == '\r'))
    n--;
  if (n < 8 || s[n - 1] != '>')
    return false;
  for (from = n - 1; from > 0 && s[from] != '<'; from--)
    ;
  if (s[n - 2] == '/') /* one empty element */
    return true;
  if (s[from + 1] != '/')
    return false;
  while (open + 1 < n && (s[open] != '<' || s[open + 1] == '?'))
    open++;
  size_t length = n - from - 3;
  return open + 1 + length < n && memcmp(s + open + 1, s + from + 2, length) == 0;
}

static bool part_whole(pack *k, const uint8_t *entry, bool *memory)
{
  size_t packed = u32(entry + 20), size = u32(entry + 24), at = u32(entry + 42);
  if (at + LOCAL_BYTES > k->n)
    return false;
  const uint8_t *local = k->p + at;
  size_t from = at + LOCAL_BYTES + u16(local + 26) + u16(local + 28);
  if (u32(local) != 0x04034b50 || from > k->n || packed > k->n - from || size == 0)
    return false;
  if (size > UNPACK_MAX) {
    k->large += size;
    return true;
  }
  vb_buf_clear(&k->room);
  *memory = vb_buf_reserve(&k->room, size);
  if (!*memory)
    return true;
  size_t got = 0;
  if (u16(entry + 10) == 0) {
    memcpy(k->room.p, k->p + from, size < packed ? size : packed);
    got = packed;
  } else if (libdeflate_deflate_decompress(k->z, k->p + from, packed, k->room.p, size, &got) != LIBDEFLATE_SUCCESS) {
    return false;
  }
  return got == size && libdeflate_crc32(0, k->room.p, size) == u32(entry + 16) && whole_xml(k->room.p, size);
}

static bool archive_whole(pack *k, bool *memory)
{
  if (k->n < END_BYTES)
    return false;
  const uint8_t *end = k->p + k->n - END_BYTES; /* the library writes no comment */
  size_t count = u16(end + 10), at = u32(end + 16);
  if (u32(end) != 0x06054b50 || count == 0)
    return false;
  for (size_t i = 0; i < count && *memory; i++) {
    if (at + ENTRY_BYTES > k->n || u32(k->p + at) != 0x02014b50 || !part_whole(k, k->p + at, memory))
      return false;
    at += ENTRY_BYTES + u16(k->p + at + 28) + u16(k->p + at + 30) + u16(k->p + at + 32);
  }
  return true;
}

vb_status vb_pack_read(vb_diag *d, const char *path, vb_buf *out)
{
  bool memory = true;
  size_t before = out->n;
  vb_status st = vb_file_read(d, path, VB_ZIP_BYTES_MAX, false, out);
  if (st != VB_OK)
    return st;
  pack k = {.p = (const uint8_t *)out->p + before, .n = out->n - before, .z = libdeflate_alloc_decompressor()};
  if (!k.z)
    return VB_NOMEM;
  vb_buf_init(&k.room);
  bool whole = archive_whole(&k, &memory);
  libdeflate_free_decompressor(k.z);
  vb_buf_free(&k.room);
  if (!memory)
    return VB_NOMEM;
  struct statvfs fs;
  if (whole && k.large && statvfs(vb_scratch_dir(), &fs) == 0)
    whole = (uint64_t)fs.f_bavail * fs.f_frsize > 2 * k.large;
  return whole ? VB_OK : VB_POST(d, VB_MSG_XLSX_BROKEN, VB_NOWHERE, vb_scratch_dir());
}
