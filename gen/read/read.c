/* read: which reader a file is for, by its content first and its ending second. */
#include "read/read_int.h"

#include <string.h>
#include <strings.h>

bool vb_read_goes_on(vb_status *worst, vb_status st)
{
  if (st == VB_DONE) {
    *worst = vb_worse(*worst, VB_BAD);
    return false;
  }
  *worst = vb_worse(*worst, st);
  return st <= VB_BAD;
}

static bool ends(const char *path, const char *ending)
{
  size_t n = strlen(path), k = strlen(ending);
  return n > k && strcasecmp(path + n - k, ending) == 0;
}

static bool any_ending(const char *path, const char *const *endings)
{
  for (; *endings; endings++)
    if (ends(path, *endings))
      return true;
  return false;
}

static const char *const lists[] = {".csv", ".tsv", ".txt", NULL};

static vb_status read_bytes(vb_reading *r, vb_span bytes)
{
  static const char *const books[] = {".xlsx", ".xlsm", NULL};
  const char *path = r->src->path;
  vb_place whole = {vb_diag_file(r->d, r->src->file), 0, 0, NULL};
  if (vb_span_starts(bytes, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") || ends(path, ".xls"))
    return VB_POST(r->d, VB_MSG_READ_OLE, whole);
  if (ends(path, ".ods"))
    return VB_POST(r->d, VB_MSG_READ_ODS, whole);
  if (vb_span_starts(bytes, "PK\3\4") || any_ending(path, books))
    return vb_read_xlsx(r, bytes);
  if (ends(path, ".xml"))
    return vb_read_xml(r, bytes);
  if (any_ending(path, lists))
    return vb_read_csv(r, bytes);
  return VB_POST(r->d, VB_MSG_READ_KIND, whole);
}

vb_status vb_source_bytes(vb_diag *d, const vb_source *src, size_t limit, vb_buf *b, vb_span *out)
{
  *out = src->bytes;
  vb_status st = src->bytes.p ? VB_OK : vb_file_read(d, src->path, limit, true, b);
  if (!src->bytes.p)
    *out = (vb_span){b->p ? b->p : "", b->n};
  return st;
}

/* By the bytes of the whole file. */
static vb_status read_whole(vb_reading *r)
{
  vb_buf read;
  vb_span bytes;
  vb_buf_init(&read);
  vb_status st = vb_source_bytes(r->d, r->src, VB_INPUT_BYTES_MAX, &read, &bytes);
  if (st == VB_OK)
    st = read_bytes(r, bytes);
  vb_buf_free(&read);
  return st;
}

vb_status vb_read_file(vb_diag *d, const vb_source *src, const vb_dataset *set, vb_sink sink)
{
  vb_reading r = {d, src, set, sink, vb_names_new(set), vb_arena_new(0)};
  bool read = false;
  vb_status st = r.names && r.a ? VB_OK : VB_NOMEM;
  if (st == VB_OK && !src->bytes.p && any_ending(src->path, lists))
    st = vb_read_csv_long(&r, &read);
  if (st == VB_OK && !read)
    st = read_whole(&r);
  vb_names_free(r.names);
  vb_arena_free(r.a);
  return st;
}
