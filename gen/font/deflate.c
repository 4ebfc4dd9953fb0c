/* libdeflate, met here alone in this room: zlib streams for font programs, and checksums. For the font room alone. */
#include <libdeflate.h>

#include "font/font_int.h"

void vb_deflate_setup(void)
{
  libdeflate_set_memory_allocator(vb_mem_alloc, vb_mem_free);
}

vb_status vb_deflate(vb_arena *a, const void *p, size_t n, int level, const uint8_t **out, size_t *out_bytes)
{
  vb_status st = VB_NOMEM;
  void *room = NULL;
  struct libdeflate_compressor *c = libdeflate_alloc_compressor(level);
  if (!c) return VB_NOMEM;
  size_t bound = libdeflate_zlib_compress_bound(c, n);
  room = vb_mem_alloc(bound);
  if (!room) goto out;
  size_t used = libdeflate_zlib_compress(c, p, n, room, bound);
  if (used == 0) goto out; /* cannot be with a room of the bound's size; never pass an empty stream on */
  *out = vb_arena_copy(a, room, used);
  *out_bytes = used;
  if (*out) st = VB_OK;
out:
  vb_mem_free(room);
  libdeflate_free_compressor(c);
  return st;
}

uint32_t vb_crc32(const void *p, size_t n)
{
  return libdeflate_crc32(0, p, n);
}
