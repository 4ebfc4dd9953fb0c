/* libharu's object layer: the one file that knows libharu, and the only place for the ways around what it does badly.
 *
 * libharu 2.3 and 2.4 install the headers of their objects and export the functions. Used here: documents, pages and the page
 * tree, dictionaries, streams, numbers, cross-reference table. Not used: fonts (its own take 30 ms and 190 KB a document and give
 * a wrong ToUnicode), drawing (Tw does nothing on two-byte text), metadata (never valid PDF/A), its save (no object streams).
 *
 * The ways around, each with its reason
 *  1. A dictionary of ours has no entries but a write_fn that prints them: an entry costs 264 bytes and a copy of its key, and a
 *     document of 100,000 rows has 600,000 structure elements.
 *  2. Streams come deflated (libdeflate is three times as fast as zlib at the same size). The library must not know: filter
 *     stays NONE, for which it drops /Filter, and our write_fn prints it.
 *  3. The library's memory is one arena a document, through HPDF_NewEx. Nothing is freed one by one, and nothing leaks when the
 *     library, out of memory half way, forgets what it holds. Its allocator takes no context, hence vb_hpdf_current.
 *  4. A list of the library grows by a fixed step: the cross-reference list of 700,000 objects would be copied 700 times. The step
 *     is a field of the list; it is raised as the list grows.
 *  5. The file is written by asking each object for its value (HPDF_Obj_WriteValue into a callback stream), not by HPDF_Save…:
 *     so objects can go into object streams without anybody parsing the library's output again.
 *  6. Info and catalog get our entries by their write_fn too, the library's own Producer is taken out.
 *
 * Sizes and offsets below are those of 2.3.0 and of 2.4.0 to 2.4.6 on 64-bit machines; a header that differs does not compile, a
 * library that differs from its header fails vb_hpdf_self_test at the start. */
#include <hpdf.h>
#include <hpdf_doc.h>
#include <hpdf_objects.h>
#include <hpdf_pages.h>
#include <string.h>

#include "write/hpdf_object.h"

_Static_assert(HPDF_MAJOR_VERSION == 2 && (HPDF_MINOR_VERSION == 3 || HPDF_MINOR_VERSION == 4), "libharu 2.3 or 2.4");
_Static_assert(sizeof(void *) != 8 || sizeof(HPDF_Dict_Rec) == 96, "libharu: dictionary");
_Static_assert(sizeof(void *) != 8 || offsetof(HPDF_Dict_Rec, write_fn) == 40, "libharu: dictionary");
_Static_assert(sizeof(void *) != 8 || offsetof(HPDF_Dict_Rec, attr) == 88, "libharu: dictionary");
_Static_assert(sizeof(void *) != 8 || sizeof(HPDF_Xref_Rec) == 56, "libharu: cross-reference table");
_Static_assert(sizeof(void *) != 8 || sizeof(HPDF_XrefEntry_Rec) == 24, "libharu: cross-reference entry");
_Static_assert(sizeof(void *) != 8 || sizeof(HPDF_List_Rec) == 40, "libharu: list");
_Static_assert(sizeof(void *) != 8 || sizeof(HPDF_Stream_Rec) == 88, "libharu: stream");
_Static_assert(sizeof(HPDF_Obj_Header) == 8, "libharu: object header");

#define ID_MASK 0x00FFFFFFu   /* of HPDF_Obj_Header.obj_id: the number without its flags */
#define PAGES_PER_NODE 128    /* of the page tree: 20,000 pages give 157 nodes */

struct vb_hpdf {
  HPDF_Doc doc;
  HPDF_Page page;    /* being made */
  HPDF_Stream sink;  /* its attr is the buffer that vb_hpdf_value appends to */
  vb_arena *arena;   /* all of the library's memory, and our texts */
  HPDF_STATUS error; /* of ours: an object number that does not exist */
};

/* What prints a dictionary; hangs on HPDF_Dict.attr. */
typedef struct printer { vb_hpdf_print print; const void *ctx; bool plain; } printer;

/* ---- memory ------------------------------------------------------------------------------------------------- */

static _Thread_local vb_arena *vb_hpdf_current; /* the arena of the document in the library's hands */

static void *HPDF_STDCALL arena_get(HPDF_UINT n) { return vb_arena_alloc(vb_hpdf_current, n); }

static void HPDF_STDCALL arena_forget(void *p) { (void)p; }

/* To be called before any call into the library; false once the file is lost. */
static bool enter(vb_hpdf *h)
{
  vb_hpdf_current = h->arena;
  return h->error == HPDF_OK && h->doc->error.error_no == HPDF_OK;
}

static HPDF_STATUS fail(vb_hpdf *h, HPDF_STATUS error)
{
  if (h->error == HPDF_OK) h->error = error;
  return error;
}

vb_hpdf *vb_hpdf_new(void)
{
  vb_arena *a = vb_arena_new(0);
  vb_hpdf *h = a ? VB_NEW(a, vb_hpdf) : NULL;
  if (!h) goto out;
  h->arena = a;
  vb_hpdf_current = a;
  h->doc = HPDF_NewEx(NULL, arena_get, arena_forget, 0, NULL);
  if (!h->doc) goto out;
  h->doc->pdf_version = HPDF_VER_17;
  if (HPDF_SetPagesConfiguration(h->doc, PAGES_PER_NODE) != HPDF_OK) goto out;
  if (HPDF_Dict_RemoveElement(h->doc->info, "Producer") != HPDF_OK) goto out;
  return h;
out:
  vb_arena_free(a);
  return NULL;
}

void vb_hpdf_free(vb_hpdf *h)
{
  if (h) vb_arena_free(h->arena); /* h and everything the library holds lie in it */
}

vb_status vb_hpdf_status(vb_diag *d, const vb_hpdf *h)
{
  HPDF_STATUS e = h->error != HPDF_OK ? h->error : h->doc->error.error_no;
  if (e == HPDF_OK) return VB_OK;
  if (e == HPDF_FAILD_TO_ALLOC_MEM) return VB_NOMEM;
  char code[8] = {0};
  for (size_t i = 0; i < 4; i++) code[i] = "0123456789ABCDEF"[e >> (12 - 4 * i) & 15];
  return VB_POST(d, VB_MSG_PDF_LIBRARY, VB_NOWHERE, code, vb_hpdf_version());
}

const char *vb_hpdf_version(void) { return HPDF_GetVersion(); }

/* ---- objects ------------------------------------------------------------------------------------------------ */

static vb_hpdf_id id_of(HPDF_Dict dict) { return dict->header.obj_id & ID_MASK; }

/* Object `id`, or NULL with an error: numbers come from this file, so a wrong one is a fault of ours. */
static HPDF_Dict dict_of(vb_hpdf *h, vb_hpdf_id id)
{
  HPDF_XrefEntry entry = id > 0 && id < h->doc->xref->entries->count ? HPDF_Xref_GetEntry(h->doc->xref, id) : NULL;
  HPDF_Dict dict = entry ? entry->obj : NULL;
  if (dict && (dict->header.obj_class & HPDF_OCLASS_ANY) == HPDF_OCLASS_DICT) return dict;
  fail(h, HPDF_INVALID_OBJ_ID);
  return NULL;
}

static void list_grow(HPDF_List list)
{
  if (list->count == list->block_siz && list->items_per_block < list->count) list->items_per_block = list->count;
}

static HPDF_STATUS print_dict(HPDF_Dict dict, HPDF_Stream out)
{
  const printer *p = dict->attr;
  vb_buf *buf = out->attr;
  size_t before = buf->n;
  p->print(p->ctx, buf);
  out->size += (HPDF_UINT)(buf->n - before); /* the library counts what passes through the stream */
  return HPDF_OK;
}

static void print_span(const void *ctx, vb_buf *out) { vb_buf_span(out, *(const vb_span *)ctx); }

static bool set_printer(vb_hpdf *h, HPDF_Dict dict, vb_hpdf_print print, const void *ctx)
{
  printer *p = VB_NEW(h->arena, printer);
  if (!p) return fail(h, HPDF_FAILD_TO_ALLOC_MEM), false;
  *p = (printer){print, ctx, false};
  dict->attr = p;
  dict->write_fn = print_dict;
  return true;
}

static const vb_span *keep_span(vb_hpdf *h, vb_span s)
{
  vb_span *kept = VB_NEW(h->arena, vb_span);
  char *p = kept ? vb_arena_str(h->arena, s.p, s.n) : NULL;
  if (!p) return fail(h, HPDF_FAILD_TO_ALLOC_MEM), NULL;
  *kept = (vb_span){p, s.n};
  return kept;
}

vb_hpdf_id vb_hpdf_dict(vb_hpdf *h, vb_hpdf_print print, const void *ctx)
{
  if (!enter(h)) return 0;
  list_grow(h->doc->xref->entries);
  HPDF_Dict dict = HPDF_Dict_New(h->doc->mmgr);
  if (!dict || HPDF_Xref_Add(h->doc->xref, dict) != HPDF_OK) return 0;
  return set_printer(h, dict, print, ctx) ? id_of(dict) : 0;
}

vb_hpdf_id vb_hpdf_text(vb_hpdf *h, vb_span entries)
{
  const vb_span *kept = keep_span(h, entries);
  return kept ? vb_hpdf_dict(h, print_span, kept) : 0;
}

void vb_hpdf_fill(vb_hpdf *h, vb_hpdf_id id, vb_span entries)
{
  if (!enter(h)) return;
  HPDF_Dict dict = dict_of(h, id);
  const vb_span *kept = keep_span(h, entries);
  if (dict && kept) ((printer *)dict->attr)->ctx = kept;
}

void vb_hpdf_keep_plain(vb_hpdf *h, vb_hpdf_id id)
{
  if (!enter(h)) return;
  HPDF_Dict dict = dict_of(h, id);
  if (dict) ((printer *)dict->attr)->plain = true;
}

vb_hpdf_id vb_hpdf_stream(vb_hpdf *h, vb_span entries, vb_span bytes)
{
  if (!enter(h)) return 0;
  const vb_span *kept = keep_span(h, entries);
  HPDF_Dict dict = kept ? HPDF_DictStream_New(h->doc->mmgr, h->doc->xref) : NULL;
  if (!dict || HPDF_Stream_Write(dict->stream, (const HPDF_BYTE *)bytes.p, (HPDF_UINT)bytes.n) != HPDF_OK) return 0;
  return set_printer(h, dict, print_span, kept) ? id_of(dict) : 0;
}

/* ---- pages -------------------------------------------------------------------------------------------------- */

static const vb_span flate = {"/Filter/FlateDecode", 19};

static HPDF_STATUS print_flate(HPDF_Dict dict, HPDF_Stream out)
{
  (void)dict;
  return HPDF_Stream_Write(out, (const HPDF_BYTE *)flate.p, (HPDF_UINT)flate.n);
}

vb_hpdf_id vb_hpdf_page_begin(vb_hpdf *h, const vb_hpdf_page *page)
{
  if (!enter(h)) return 0;
  HPDF_Dict resources = dict_of(h, page->resources);
  HPDF_Page p = resources ? HPDF_AddPage(h->doc) : NULL;
  if (!p) return 0;
  h->page = p;
  HPDF_STATUS bad = HPDF_Page_SetWidth(p, (HPDF_REAL)page->width / 1000);
  bad |= HPDF_Page_SetHeight(p, (HPDF_REAL)page->height / 1000);
  bad |= HPDF_Dict_RemoveElement(p, "Resources"); /* the library's own: a list of procedure sets */
  bad |= HPDF_Dict_Add(p, "Resources", resources);
  bad |= HPDF_Dict_AddNumber(p, "StructParents", (HPDF_INT32)page->struct_parents);
  bad |= HPDF_Dict_AddName(p, "Tabs", "S");
  return bad == HPDF_OK ? id_of(p) : 0;
}

void vb_hpdf_page_end(vb_hpdf *h, vb_span content, const vb_hpdf_id *annotations, size_t n)
{
  if (!enter(h)) return;
  HPDF_Dict stream = ((HPDF_PageAttr)h->page->attr)->contents;
  if (HPDF_Stream_Write(stream->stream, (const HPDF_BYTE *)content.p, (HPDF_UINT)content.n) != HPDF_OK) return;
  stream->write_fn = print_flate;
  if (n == 0) return;
  HPDF_Array list = HPDF_Array_New(h->doc->mmgr);
  if (!list || HPDF_Dict_Add(h->page, "Annots", list) != HPDF_OK) return;
  for (size_t i = 0; i < n; i++) {
    HPDF_Dict widget = dict_of(h, annotations[i]);
    if (!widget || HPDF_Array_Add(list, widget) != HPDF_OK) return;
  }
}

void vb_hpdf_catalog(vb_hpdf *h, vb_span entries)
{
  const vb_span *kept = keep_span(h, entries);
  if (enter(h) && kept) set_printer(h, h->doc->catalog, print_span, kept);
}

void vb_hpdf_info(vb_hpdf *h, vb_span entries)
{
  const vb_span *kept = keep_span(h, entries);
  if (enter(h) && kept) set_printer(h, h->doc->info, print_span, kept);
}

vb_hpdf_id vb_hpdf_catalog_id(const vb_hpdf *h) { return id_of(h->doc->catalog); }
vb_hpdf_id vb_hpdf_info_id(const vb_hpdf *h) { return id_of(h->doc->info); }

/* ---- values ------------------------------------------------------------------------------------------------- */

vb_hpdf_id vb_hpdf_count(const vb_hpdf *h) { return h->doc->xref->entries->count - 1; } /* entry 0 is the free one */

vb_hpdf_kind vb_hpdf_kind_of(const vb_hpdf *h, vb_hpdf_id id)
{
  HPDF_Dict dict = HPDF_Xref_GetEntry(h->doc->xref, id)->obj;
  if ((dict->header.obj_class & HPDF_OCLASS_ANY) != HPDF_OCLASS_DICT) return VB_HPDF_PACKED; /* a stream's length */
  if (dict->stream) return VB_HPDF_STREAM;
  if (dict == h->doc->catalog) return VB_HPDF_PLAIN;
  if (dict->header.obj_class == (HPDF_OCLASS_DICT | HPDF_OSUBCLASS_PAGE)) /* a signing tool changes pages with fields */
    return HPDF_Dict_GetItem(dict, "Annots", HPDF_OCLASS_ARRAY) ? VB_HPDF_PLAIN : VB_HPDF_PACKED;
  return dict->write_fn == print_dict && ((const printer *)dict->attr)->plain ? VB_HPDF_PLAIN : VB_HPDF_PACKED;
}

static HPDF_STATUS sink_write(HPDF_Stream s, const HPDF_BYTE *p, HPDF_UINT n)
{
  vb_buf_add(s->attr, p, n);
  return HPDF_OK;
}

void vb_hpdf_value(vb_hpdf *h, vb_hpdf_id id, vb_buf *out)
{
  if (!enter(h)) return;
  HPDF_Dict own = HPDF_Xref_GetEntry(h->doc->xref, id)->obj;
  if ((own->header.obj_class & HPDF_OCLASS_ANY) == HPDF_OCLASS_DICT && own->write_fn == print_dict && !own->stream && own->list->count == 0) {
    const printer *p = own->attr; /* a dictionary of our own text alone: what the library would write, without its calls */
    vb_buf_add(out, "<<\n", 3);
    p->print(p->ctx, out);
    vb_buf_add(out, ">>", 2);
    return;
  }
  if (!h->sink) h->sink = HPDF_CallbackWriter_New(h->doc->mmgr, sink_write, NULL);
  if (!h->sink) return;
  h->sink->attr = out;
  HPDF_STATUS st = HPDF_Obj_WriteValue(HPDF_Xref_GetEntry(h->doc->xref, id)->obj, h->sink, NULL);
  if (st != HPDF_OK) fail(h, st);
}

/* ---- self-test ---------------------------------------------------------------------------------------------- */

static bool value_is(vb_hpdf *h, vb_hpdf_id id, const char *want)
{
  vb_buf out;
  vb_buf_init(&out);
  vb_hpdf_value(h, id, &out);
  bool same = strcmp(vb_buf_cstr(&out), want) == 0;
  vb_buf_free(&out);
  return same;
}

static bool value_has(vb_hpdf *h, vb_hpdf_id id, const char *want)
{
  vb_buf out;
  vb_buf_init(&out);
  vb_hpdf_value(h, id, &out);
  bool has = strstr(vb_buf_cstr(&out), want) != NULL;
  vb_buf_free(&out);
  return has;
}

vb_status vb_hpdf_self_test(vb_diag *d)
{
  bool built_for = strncmp(vb_hpdf_version(), HPDF_VERSION_TEXT, 3) == 0; /* "2.3": records may differ from minor to minor */
  if (!built_for) return VB_POST(d, VB_MSG_PDF_SELF_TEST, VB_NOWHERE, vb_hpdf_version());
  vb_hpdf *h = vb_hpdf_new();
  if (!h) return VB_NOMEM;
  vb_hpdf_id text = vb_hpdf_text(h, VB_LIT("/A 1"));
  vb_hpdf_id stream = vb_hpdf_stream(h, VB_LIT("/B 2"), VB_LIT("xyz"));
  vb_hpdf_id page = vb_hpdf_page_begin(h, &(vb_hpdf_page){595276, 841890, text, 0});
  vb_hpdf_page_end(h, VB_LIT("content"), &text, 1);
  vb_hpdf_catalog(h, VB_LIT("/C 3"));
  vb_hpdf_info(h, VB_LIT("/D 4"));
  vb_status st = vb_hpdf_status(d, h);
  bool ok = st == VB_OK && value_is(h, text, "<<\n/A 1>>") && value_has(h, stream, "\n/B 2>>\nstream\r\nxyz\nendstream") &&
            value_is(h, stream + 1, "3") && vb_hpdf_kind_of(h, stream) == VB_HPDF_STREAM && value_has(h, page, "/Tabs /S") &&
            value_has(h, page, "595.27") && vb_hpdf_kind_of(h, page) == VB_HPDF_PLAIN &&
            value_has(h, vb_hpdf_catalog_id(h), "/C 3") && value_is(h, vb_hpdf_info_id(h), "<<\n/D 4>>") &&
            value_has(h, page + 1, "/Filter/FlateDecode>>\nstream\r\ncontent\nendstream");
  vb_hpdf_free(h);
  if (st != VB_OK || ok) return st;
  return VB_POST(d, VB_MSG_PDF_SELF_TEST, VB_NOWHERE, vb_hpdf_version());
}
