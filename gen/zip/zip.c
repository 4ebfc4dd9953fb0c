/* zip: archives in memory, over libzip. Any room that the table of rooms allows may use it.
 *
 * Invariants
 *  1. Everything that can be known without inflating (names, sizes, encryption) is checked when the archive is opened.
 *  2. While an entry is inflated no more bytes are taken than its header declared and the caller allows.
 */
#include "zip/zip.h"

#include <limits.h>
#include <string.h>

#include <zip.h>
#include <zlib.h>

#include "text/text.h"

enum {
  RATIO_FREE_BYTES = 1 << 16,       /* below this a high ratio is harmless: a short run of blanks has one */
  DOS_TIME = 0, DOS_DATE = 1 << 5 | 1, /* 1980-01-01 00:00, the first that an archive can hold */
  CHUNK = 1 << 16
};

struct vb_zip {
  vb_arena *a;
  const char *file;
  zip_t *z;
  const char **names;
  size_t n;
  vb_map *index; /* name → &names[i] */
};

static vb_place whole(vb_diag *d, const char *file)
{
  return (vb_place){file ? vb_diag_file(d, file) : NULL, 0, 0, NULL};
}

/* Invariant 1 of the header. */
static bool name_safe(const char *s)
{
  vb_span name = vb_span_of(s);
  if (!*s || *s == '/' || (s[1] == ':' && s[0] != '_') || vb_utf8_check(name) != name.n) /* libzip lets dots of two bytes pass */
    return false;
  for (const char *part = s; part;) {
    const char *slash = strchr(part, '/');
    size_t n = slash ? (size_t)(slash - part) : strlen(part);
    if (n == 2 && part[0] == '.' && part[1] == '.')
      return false;
    part = slash ? slash + 1 : NULL;
  }
  for (; *s; s++)
    if ((unsigned char)*s < 0x20 || *s == 0x7F || *s == '\\')
      return false;
  return true;
}

/* libzip passes on what zlib says: a window that found no memory is no damage of the file. */
static bool no_memory(const zip_error_t *e)
{
  return zip_error_code_zip(e) == ZIP_ER_MEMORY || (zip_error_code_zip(e) == ZIP_ER_ZLIB && zip_error_code_system(e) == Z_MEM_ERROR);
}

static vb_status post_libzip(vb_diag *d, vb_place at, const char *name, zip_error_t *e)
{
  if (no_memory(e))
    return VB_NOMEM;
  return VB_POST(d, VB_MSG_ZIP_BROKEN, at, name, zip_error_strerror(e));
}

/* ---- opening ---- */

/* Sizes as the archive declares them; total sums them up. */
static vb_status check_sizes(vb_diag *d, vb_place at, const zip_stat_t *s, uint64_t *total)
{
  if ((s->valid & ZIP_STAT_ENCRYPTION_METHOD) && s->encryption_method != ZIP_EM_NONE)
    return VB_POST(d, VB_MSG_ZIP_ENCRYPTED, at, s->name);
  if (s->size > VB_ZIP_BYTES_MAX || (*total += s->size) > VB_ZIP_BYTES_MAX)
    return VB_POST(d, VB_MSG_ZIP_SIZE, at, VB_NUM(VB_ZIP_BYTES_MAX >> 20));
  if (s->size > RATIO_FREE_BYTES && s->size / VB_ZIP_RATIO_MAX > s->comp_size)
    return VB_POST(d, VB_MSG_ZIP_RATIO, at, s->name, VB_NUM(VB_ZIP_RATIO_MAX));
  return VB_OK;
}

static vb_status list_entries(vb_diag *d, vb_zip *z)
{
  vb_place at = whole(d, z->file);
  zip_int64_t n = zip_get_num_entries(z->z, 0);
  if (n < 0 || n > VB_ZIP_ENTRIES_MAX)
    return VB_POST(d, VB_MSG_ZIP_ENTRIES, at, VB_NUM(n), VB_NUM(VB_ZIP_ENTRIES_MAX));
  z->names = VB_NEW_ARRAY(z->a, const char *, n + 1);
  if (!z->names)
    return VB_NOMEM;
  uint64_t total = 0;
  for (zip_uint64_t i = 0; i < (zip_uint64_t)n; i++) {
    zip_stat_t s;
    zip_stat_init(&s);
    if (zip_stat_index(z->z, i, 0, &s) != 0 || !(s.valid & ZIP_STAT_NAME) || !(s.valid & ZIP_STAT_SIZE) || !(s.valid & ZIP_STAT_COMP_SIZE))
      return post_libzip(d, at, VB_NUM(i + 1), zip_get_error(z->z));
    if (!name_safe(s.name))
      return VB_POST(d, VB_MSG_ZIP_NAME, at, s.name);
    if (vb_map_get(z->index, vb_span_of(s.name)))
      return VB_POST(d, VB_MSG_ZIP_TWICE, at, s.name);
    vb_status st = check_sizes(d, at, &s, &total);
    if (st != VB_OK)
      return st;
    z->names[i] = vb_arena_str(z->a, s.name, strlen(s.name));
    if (!z->names[i] || !vb_map_put(z->index, vb_span_of(s.name), &z->names[i]))
      return VB_NOMEM;
    z->n = (size_t)i + 1;
  }
  return VB_OK;
}

static vb_status open_bytes(vb_diag *d, vb_zip *z, vb_span bytes)
{
  zip_error_t e;
  zip_error_init(&e);
  vb_status st = VB_OK;
  zip_source_t *src = zip_source_buffer_create(bytes.p, bytes.n, 0, &e);
  z->z = src ? zip_open_from_source(src, ZIP_RDONLY, &e) : NULL;
  if (!z->z) {
    st = no_memory(&e) ? VB_NOMEM : VB_POST(d, VB_MSG_ZIP_NOT, whole(d, z->file));
    if (src)
      zip_source_free(src);
  }
  zip_error_fini(&e);
  return st;
}

vb_status vb_zip_open(vb_diag *d, const char *file, vb_span bytes, vb_zip **out)
{
  *out = NULL;
  if (bytes.n == 0)
    return VB_POST(d, VB_MSG_ZIP_NOT, whole(d, file));
  vb_zip *z = vb_mem_zalloc(sizeof *z);
  if (!z)
    return VB_NOMEM;
  z->a = vb_arena_new(0);
  z->index = vb_map_new();
  z->file = z->a ? vb_arena_str(z->a, file, strlen(file)) : NULL;
  vb_status st = z->a && z->index && z->file ? open_bytes(d, z, bytes) : VB_NOMEM;
  if (st == VB_OK)
    st = list_entries(d, z);
  if (st == VB_OK)
    *out = z;
  else
    vb_zip_close(z);
  return st;
}

void vb_zip_close(vb_zip *z)
{
  if (!z)
    return;
  if (z->z)
    zip_discard(z->z);
  vb_map_free(z->index);
  vb_arena_free(z->a);
  vb_mem_free(z);
}

size_t vb_zip_count(const vb_zip *z)
{
  return z->n;
}

const char *vb_zip_name(const vb_zip *z, size_t i)
{
  return i < z->n ? z->names[i] : NULL;
}

bool vb_zip_has(const vb_zip *z, const char *name)
{
  return vb_map_get(z->index, vb_span_of(name)) != NULL;
}

/* ---- reading ---- */

/* What inflates beyond its declared size lies: libzip does not mind. */
static vb_status inflate_entry(vb_diag *d, vb_zip *z, zip_file_t *f, const zip_stat_t *s, vb_buf *out)
{
  size_t start = out->n;
  for (;;) {
    if (!vb_buf_reserve(out, CHUNK))
      return VB_NOMEM;
    zip_int64_t got = zip_fread(f, out->p + out->n, CHUNK);
    if (got < 0)
      return post_libzip(d, whole(d, z->file), s->name, zip_file_get_error(f));
    if (got == 0)
      return VB_OK;
    out->n += (size_t)got;
    if (out->n - start > s->size)
      return VB_POST(d, VB_MSG_ZIP_ENTRY_SIZE, whole(d, z->file), s->name, VB_NUM(s->size));
  }
}

vb_status vb_zip_read(vb_diag *d, vb_zip *z, const char *name, size_t limit, vb_buf *out)
{
  const char **slot = vb_map_get(z->index, vb_span_of(name));
  if (!slot)
    return VB_DONE;
  zip_uint64_t i = (zip_uint64_t)(slot - z->names);
  zip_stat_t s;
  zip_stat_init(&s);
  if (zip_stat_index(z->z, i, 0, &s) != 0)
    return post_libzip(d, whole(d, z->file), name, zip_get_error(z->z));
  if (s.size > limit)
    return VB_POST(d, VB_MSG_ZIP_ENTRY_SIZE, whole(d, z->file), name, VB_NUM(limit));
  zip_file_t *f = zip_fopen_index(z->z, i, 0);
  if (!f)
    return post_libzip(d, whole(d, z->file), name, zip_get_error(z->z));
  size_t start = out->n;
  vb_status st = inflate_entry(d, z, f, &s, out);
  zip_fclose(f);
  if (st != VB_OK && out->n > start)
    out->n = start;
  return st;
}

/* ---- writing ---- */

static vb_status add_entry(vb_diag *d, zip_t *z, const vb_zip_entry *e)
{
  if (!name_safe(e->name))
    return VB_POST(d, VB_MSG_ZIP_NAME, VB_NOWHERE, e->name);
  zip_source_t *s = zip_source_buffer(z, e->bytes.p, e->bytes.n, 0);
  zip_int64_t i = s ? zip_file_add(z, e->name, s, ZIP_FL_ENC_UTF_8) : -1;
  if (s && i < 0)
    zip_source_free(s);
  if (i < 0 || zip_set_file_compression(z, (zip_uint64_t)i, ZIP_CM_DEFLATE, 6) != 0 ||
      zip_file_set_dostime(z, (zip_uint64_t)i, DOS_TIME, DOS_DATE, 0) != 0) {
    zip_error_t *err = zip_get_error(z);
    if (no_memory(err))
      return VB_NOMEM;
    return VB_POST(d, VB_MSG_ZIP_WRITE, VB_NOWHERE, zip_error_strerror(err));
  }
  return VB_OK;
}

/* Takes the finished bytes out of the memory source. */
static bool take_bytes(zip_source_t *src, vb_buf *out)
{
  if (zip_source_open(src) != 0)
    return false;
  zip_int64_t got = -1;
  do {
    if (!vb_buf_reserve(out, CHUNK))
      break;
    got = zip_source_read(src, out->p + out->n, CHUNK);
    if (got > 0)
      out->n += (size_t)got;
  } while (got > 0);
  zip_source_close(src);
  return got == 0;
}

static vb_status write_entries(vb_diag *d, zip_source_t *src, const vb_zip_entry *entries, size_t n)
{
  zip_error_t e;
  zip_error_init(&e);
  vb_status st = VB_OK;
  zip_t *z = zip_open_from_source(src, ZIP_CREATE | ZIP_TRUNCATE, &e);
  if (!z)
    st = no_memory(&e) ? VB_NOMEM : VB_POST(d, VB_MSG_ZIP_WRITE, VB_NOWHERE, zip_error_strerror(&e));
  else
    zip_source_keep(src); /* closing the archive gives up its share; the caller has one left */
  for (size_t i = 0; st == VB_OK && i < n; i++)
    st = add_entry(d, z, &entries[i]);
  if (st == VB_OK && zip_close(z) != 0) {
    zip_error_t *err = zip_get_error(z);
    st = no_memory(err) ? VB_NOMEM : VB_POST(d, VB_MSG_ZIP_WRITE, VB_NOWHERE, zip_error_strerror(err));
    zip_discard(z);
  } else if (st != VB_OK && z) {
    zip_discard(z);
  }
  zip_error_fini(&e);
  return st;
}

vb_status vb_zip_write(vb_diag *d, const vb_zip_entry *entries, size_t n, vb_buf *out)
{
  zip_error_t e;
  zip_error_init(&e);
  zip_source_t *src = zip_source_buffer_create(NULL, 0, 0, &e);
  zip_error_fini(&e);
  if (!src)
    return VB_NOMEM;
  vb_status st = write_entries(d, src, entries, n);
  if (st == VB_OK && !take_bytes(src, out))
    st = VB_NOMEM;
  zip_source_free(src);
  return st;
}
