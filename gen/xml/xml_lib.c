/* xml_lib: libxml2 as a process sees it: its allocator, its entity loader, its silence. For gen/xml alone.
 *
 * libxml2 keeps these process-wide. They are set once, before the first parse, and stay. */
#include "xml/xml_int.h"

#include <string.h>

#include <libxml/encoding.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/relaxng.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlmemory.h>
#include <libxml/xmlschemastypes.h>

#include "text/text.h"

static bool ready;
static struct { vb_diag *d; const char *dir; } loader;

/* libxml2 takes many a failed allocation for a fault of the document, and does not survive others (an automaton that cannot grow,
 * a validator's state). So a request that vb_mem_* cannot serve is noted, and served from a reserve that carries libxml2 to its next
 * return; what it says after that is not believed. Every block knows its size, so that one can move into the reserve. */
enum { RESERVE_BYTES = 1 << 20 };
typedef struct head { size_t n; bool taken; max_align_t align[]; } head; /* n: bytes behind the head */
static union { max_align_t align; unsigned char bytes[RESERVE_BYTES]; } reserve;
static bool starved;

static bool in_reserve(const void *p)
{
  return (uintptr_t)p >= (uintptr_t)reserve.bytes && (uintptr_t)p < (uintptr_t)reserve.bytes + RESERVE_BYTES;
}

static head *reserve_at(size_t off)
{
  return (head *)(void *)(reserve.bytes + off);
}

/* The first free run of blocks that is long enough; neighbours that are free become one on the way. */
static void *from_reserve(size_t n)
{
  starved = true;
  head *first = reserve_at(0);
  if (!first->n) first->n = RESERVE_BYTES - sizeof(head); /* never used */
  if (n > RESERVE_BYTES) return NULL;
  n = n ? (n + sizeof(head) - 1) / sizeof(head) * sizeof(head) : sizeof(head);
  for (size_t off = 0; off < RESERVE_BYTES; off += sizeof(head) + reserve_at(off)->n) {
    head *h = reserve_at(off);
    for (size_t end; !h->taken && (end = off + sizeof *h + h->n) < RESERVE_BYTES && !reserve_at(end)->taken;)
      h->n += sizeof *h + reserve_at(end)->n;
    if (h->taken || h->n < n) continue;
    if (h->n > n + sizeof *h) {
      *reserve_at(off + sizeof *h + n) = (head){.n = h->n - n - sizeof *h};
      h->n = n;
    }
    h->taken = true;
    return h + 1;
  }
  return NULL;
}

static void *lib_alloc(size_t n)
{
  if (n > SIZE_MAX / 2) return NULL;
  head *h = vb_mem_alloc(n + sizeof *h);
  if (!h) return from_reserve(n);
  h->n = n;
  return h + 1;
}

static void lib_free(void *p)
{
  if (!p) return;
  head *h = (head *)p - 1;
  if (in_reserve(h)) h->taken = false;
  else vb_mem_free(h);
}

static void *lib_resize(void *old, size_t n)
{
  if (!old || n > SIZE_MAX / 2) return old ? NULL : lib_alloc(n);
  head *h = (head *)old - 1, *moved = in_reserve(h) ? NULL : vb_mem_resize(h, n + sizeof *h);
  if (moved) {
    moved->n = n;
    return moved + 1;
  }
  void *p = lib_alloc(n);
  if (!p) return NULL;
  memcpy(p, old, h->n < n ? h->n : n);
  lib_free(old);
  return p;
}

static char *copy_string(const char *s)
{
  size_t n = strlen(s) + 1;
  char *p = lib_alloc(n);
  if (p) memcpy(p, s, n);
  return p;
}

bool vb_xml_starved(void)
{
  return starved;
}

static void silent(void *ctx, const char *fmt, ...)
{
  (void)ctx;
  (void)fmt;
}

static void silent_structured(void *ctx, xmlErrorPtr e)
{
  (void)ctx;
  (void)e;
}

/* libxml2 asks for a file: only a schema's include may, and only by a plain name. */
static xmlParserInputPtr load_entity(const char *url, const char *id, xmlParserCtxtPtr c)
{
  (void)id;
  if (!loader.dir || !url || strpbrk(url, "/\\:%") || strcmp(url, "..") == 0) return NULL;
  xmlParserInputPtr in = NULL;
  vb_arena *a = vb_arena_new(0);
  char *path = a ? vb_path_join(a, loader.dir, url) : NULL;
  vb_buf bytes;
  vb_buf_init(&bytes);
  vb_status st = path ? vb_file_read(loader.d, path, VB_TEXT_BYTES_MAX, true, &bytes) : VB_NOMEM;
  if (st == VB_NOMEM) starved = true;
  if (st == VB_OK) {
    xmlParserInputBufferPtr buf = xmlParserInputBufferCreateMem(bytes.p, (int)bytes.n, XML_CHAR_ENCODING_NONE);
    if (buf) in = xmlNewIOInputStream(c, buf, XML_CHAR_ENCODING_NONE);
    if (in) in->filename = (const char *)xmlStrdup((const xmlChar *)url);
    if (buf && !in) xmlFreeParserInputBuffer(buf);
  }
  vb_buf_free(&bytes);
  vb_arena_free(a);
  return in;
}

void vb_xml_loader_allow(vb_diag *d, const char *dir)
{
  loader.d = d;
  loader.dir = dir;
}

void vb_xml_init(void)
{
  starved = false;
  if (ready) return;
  ready = true;
  xmlMemSetup(lib_free, lib_alloc, lib_resize, copy_string);
  xmlSetGenericErrorFunc(NULL, silent);
  xmlSetStructuredErrorFunc(NULL, silent_structured);
  xmlInitParser();
  xmlSetExternalEntityLoader(load_entity);
}

void vb_xml_cleanup(void)
{
  if (!ready) return;
  xmlRelaxNGCleanupTypes();
  xmlSchemaCleanupTypes();
  xmlCleanupParser();
  ready = false;
}

/* ---- decoding ---- */

/* The value of encoding="…" in the declaration, which ASCII-compatible encodings can be searched for. */
static vb_span declared_encoding(vb_span s)
{
  vb_span none = {NULL, 0};
  if (!vb_span_starts(s, "<?xml")) return none;
  const char *end = s.p + (s.n < 512 ? s.n : 512), *close = s.p;
  while (close < end && *close != '>') close++;
  for (const char *p = s.p + 5; p + 8 < close; p++) {
    if (memcmp(p, "encoding", 8) != 0) continue;
    p += 8;
    while (p < close && (*p == ' ' || *p == '=' || *p == '\t' || *p == '\n' || *p == '\r')) p++;
    if (p >= close || (*p != '"' && *p != '\'')) return none;
    const char *q = memchr(p + 1, *p, (size_t)(close - p - 1));
    return q ? (vb_span){p + 1, (size_t)(q - p - 1)} : none;
  }
  return none;
}

static vb_span without_bom(vb_span s)
{
  if (vb_span_starts(s, "\xEF\xBB\xBF")) return (vb_span){s.p + 3, s.n - 3};
  return s;
}

static vb_status check_utf8(vb_diag *d, const char *file, vb_span s, const char *name)
{
  size_t bad = vb_utf8_check(s);
  if (bad == s.n) return VB_OK;
  vb_xml_pos at = {0, 1, 1};
  vb_xml_pos_move(&at, s, bad);
  return VB_POST(d, VB_MSG_XML_ENCODING_BYTES, ((vb_place){vb_diag_file(d, file), at.line, at.column, NULL}), name);
}

/* Lets libxml2's converter (iconv behind it) turn the bytes into UTF-8. */
static vb_status convert(vb_diag *d, const char *file, xmlCharEncodingHandlerPtr h, vb_span bytes, vb_buf *own)
{
  xmlBufferPtr in = xmlBufferCreateStatic((void *)bytes.p, bytes.n), out = xmlBufferCreate();
  vb_status st = in && out ? VB_OK : VB_NOMEM;
  bool whole = st == VB_OK;
  while (whole && xmlBufferLength(in) > 0) {
    int before = xmlBufferLength(in);
    if (xmlCharEncInFunc(h, out, in) == -2 || xmlBufferLength(in) == before) whole = false;
  }
  if (st == VB_OK) vb_buf_add(own, xmlBufferContent(out), (size_t)xmlBufferLength(out));
  if (st == VB_OK && (own->failed || starved)) st = VB_NOMEM;
  if (st == VB_OK && !whole) {
    vb_xml_pos at = {0, 1, 1};
    vb_xml_pos_move(&at, without_bom((vb_span){own->p, own->n}), own->n);
    st = VB_POST(d, VB_MSG_XML_ENCODING_BYTES, ((vb_place){vb_diag_file(d, file), at.line, at.column, NULL}), h->name);
  }
  if (in) xmlBufferFree(in);
  if (out) xmlBufferFree(out);
  return st;
}

vb_status vb_xml_decode(vb_diag *d, const char *file, vb_span bytes, vb_buf *own, vb_span *out)
{
  xmlCharEncodingHandlerPtr h = NULL;
  vb_span name = {NULL, 0};
  xmlCharEncoding seen = bytes.n >= 4 ? xmlDetectCharEncoding((const unsigned char *)bytes.p, 4) : XML_CHAR_ENCODING_NONE;
  if (seen == XML_CHAR_ENCODING_UTF8 && vb_span_starts(bytes, "\xEF\xBB\xBF")) seen = XML_CHAR_ENCODING_NONE;
  else if (seen == XML_CHAR_ENCODING_UTF8 || seen == XML_CHAR_ENCODING_NONE) name = declared_encoding(bytes);
  char text[64];
  vb_span_text(text, sizeof text, name);
  if (seen > XML_CHAR_ENCODING_UTF8) {
    h = xmlGetCharEncodingHandler(seen);
  } else if (name.n && xmlParseCharEncoding(text) != XML_CHAR_ENCODING_UTF8) {
    h = xmlFindCharEncodingHandler(text);
    if (!h && starved) return VB_NOMEM;
    if (!h || seen == XML_CHAR_ENCODING_ERROR)
      return VB_POST(d, VB_MSG_XML_ENCODING_NAME, ((vb_place){vb_diag_file(d, file), 1, 1, NULL}), text);
    /* A two-byte encoding cannot be declared in one-byte characters. */
    if (strncmp(h->name, "UTF-16", 6) == 0 || strncmp(h->name, "ISO-10646", 9) == 0) {
      xmlCharEncCloseFunc(h);
      return VB_POST(d, VB_MSG_XML_ENCODING_NAME, ((vb_place){vb_diag_file(d, file), 1, 1, NULL}), text);
    }
  }
  if (!h) {
    *out = without_bom(bytes);
    return check_utf8(d, file, *out, "UTF-8");
  }
  vb_status st = convert(d, file, h, bytes, own);
  xmlCharEncCloseFunc(h);
  if (st != VB_OK) return st;
  *out = without_bom((vb_span){own->p, own->n});
  return check_utf8(d, file, *out, text);
}
