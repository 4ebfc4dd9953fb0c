/* libharu's object layer: the one file that knows libharu, and the only place for the ways around what it does badly.
 *
 * libharu 2.3 and 2.4 install the headers of their objects and export the functions. Used here: documents, pages and the page
 * tree, dictionaries, streams, numbers, cross-reference table. Not used: fonts (its own take 30 ms and 190 KB a document and give
 * a wrong ToUnicode), drawing (Tw does nothing on two-byte text), metadata (never valid PDF/A), its save (no object streams).
 *
 * The ways around, each with its reason
 *  1. Dictionaries and streams of ours are records that the library's table counts and refers to, for a reference asks an object for
 *     its number alone, and that it never writes: a dictionary of its own costs 300 bytes and a copy of each key, and a document of
 *     100,000 rows has 600,000 structure elements. Its streams copy byte by byte.
 *  2. Streams come deflated (libdeflate is three times as fast as zlib at the same size). What the library makes as the content of a
 *     page gives its number to a stream of ours.
 *  3. The library's memory is one arena a document, through HPDF_NewEx. Nothing is freed one by one, and nothing leaks when the
 *     library, out of memory half way, forgets what it holds. Its allocator takes no context, hence vb_hpdf_current.
 *  4. A list of the library grows by a fixed step: the cross-reference list of 700,000 objects would be copied 700 times. The step
 *     is a field of the list; it is raised as the list grows.
 *  5. The file is written by asking each object for its value (HPDF_Obj_WriteValue into a callback stream), not by HPDF_Save…:
 *     so objects can go into object streams without anybody parsing the library's output again.
 *  6. Info and catalog get our entries by their write_fn, the library's own Producer is taken out.
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
#define OWN_AT_ONCE 64        /* records made in one go */
#define PAGES_PER_NODE 128    /* of the page tree: 20,000 pages give 157 nodes */

struct vb_hpdf {
  HPDF_Doc doc;
  HPDF_Page page;    /* being made */
  HPDF_Stream sink;  /* its attr is the buffer that vb_hpdf_value appends to */
  vb_arena *arena;   /* all of the library's memory, and our texts */
  HPDF_STATUS error; /* of ours: an object number that does not exist */
  struct own *spare; /* records of objects to come */
  size_t n_spare;
};

/* An object of ours in the library's table, of a class that is none of its own. */
typedef struct own {
  HPDF_Obj_Header header; /* first, as in every object of the library */
  vb_hpdf_print print;
  const void *ctx;
  vb_hpdf_kind kind;
} own;

typedef struct own_stream {
  own dict;
  vb_span bytes;
  vb_hpdf_id length; /* number of the object that holds their count */
} own_stream;

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

static const HPDF_UINT16 CLASS_OWN = HPDF_OCLASS_UNKNOWN;

static bool is_own(const void *object) { return ((const HPDF_Obj_Header *)object)->obj_class == CLASS_OWN; }

/* Our object `id`, or NULL with an error: numbers come from this file, so a wrong one is a fault of ours. */
static own *own_of(vb_hpdf *h, vb_hpdf_id id)
{
  HPDF_XrefEntry entry = id > 0 && id < h->doc->xref->entries->count ? HPDF_Xref_GetEntry(h->doc->xref, id) : NULL;
  if (entry && entry->obj && is_own(entry->obj)) return entry->obj;
  fail(h, HPDF_INVALID_OBJ_ID);
  return NULL;
}

static void list_grow(HPDF_List list)
{
  if (list->count == list->block_siz && list->items_per_block < list->count) list->items_per_block = list->count;
}

/* Gives an object of ours the next number; 0 once the file is lost. */
static vb_hpdf_id add_own(vb_hpdf *h, own *o)
{
  o->header.obj_class = CLASS_OWN;
  list_grow(h->doc->xref->entries);
  return HPDF_Xref_Add(h->doc->xref, o) == HPDF_OK ? o->header.obj_id & ID_MASK : 0;
}

static void print_span(const void *ctx, vb_buf *out) { vb_buf_span(out, *(const vb_span *)ctx); }

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
  if (h->n_spare == 0) {
    h->spare = VB_NEW_ARRAY(h->arena, own, OWN_AT_ONCE);
    if (!h->spare) return fail(h, HPDF_FAILD_TO_ALLOC_MEM), 0;
    h->n_spare = OWN_AT_ONCE;
  }
  own *o = &h->spare[OWN_AT_ONCE - h->n_spare--];
  *o = (own){.print = print, .ctx = ctx, .kind = VB_HPDF_PACKED};
  return add_own(h, o);
}

vb_hpdf_id vb_hpdf_text(vb_hpdf *h, vb_span entries)
{
  const vb_span *kept = keep_span(h, entries);
  return kept ? vb_hpdf_dict(h, print_span, kept) : 0;
}

void vb_hpdf_fill(vb_hpdf *h, vb_hpdf_id id, vb_span entries)
{
  if (!enter(h)) return;
  own *o = own_of(h, id);
  const vb_span *kept = keep_span(h, entries);
  if (o && kept) o->ctx = kept;
}

void vb_hpdf_keep_plain(vb_hpdf *h, vb_hpdf_id id)
{
  if (!enter(h)) return;
  own *o = own_of(h, id);
  if (o) o->kind = VB_HPDF_PLAIN;
}

/* Not in the table so far. */
static own_stream *new_stream(vb_hpdf *h, const vb_span *entries, vb_span bytes)
{
  own_stream *s = VB_NEW(h->arena, own_stream);
  const char *kept = s ? vb_arena_str(h->arena, bytes.p, bytes.n) : NULL;
  if (!kept) return fail(h, HPDF_FAILD_TO_ALLOC_MEM), NULL;
  *s = (own_stream){.dict = {.print = print_span, .ctx = entries, .kind = VB_HPDF_STREAM}, .bytes = {kept, bytes.n}};
  return s;
}

vb_hpdf_id vb_hpdf_stream(vb_hpdf *h, vb_span entries, vb_span bytes)
{
  if (!enter(h)) return 0;
  const vb_span *kept = keep_span(h, entries);
  own_stream *s = kept ? new_stream(h, kept, bytes) : NULL;
  vb_hpdf_id id = s ? add_own(h, &s->dict) : 0;
  HPDF_Number length = id != 0 ? HPDF_Number_New(h->doc->mmgr, (HPDF_INT32)bytes.n) : NULL;
  if (!length || HPDF_Xref_Add(h->doc->xref, length) != HPDF_OK) return 0;
  s->length = length->header.obj_id & ID_MASK;
  return id;
}

/* ---- pages -------------------------------------------------------------------------------------------------- */

vb_hpdf_id vb_hpdf_page_begin(vb_hpdf *h, const vb_hpdf_page *page)
{
  if (!enter(h)) return 0;
  own *resources = own_of(h, page->resources);
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
  static const vb_span flate = {"/Filter/FlateDecode", 19};
  if (!enter(h)) return;
  HPDF_Dict library = ((HPDF_PageAttr)h->page->attr)->contents;
  HPDF_Number length = HPDF_Dict_GetItem(library, "Length", HPDF_OCLASS_NUMBER);
  own_stream *s = length ? new_stream(h, &flate, content) : NULL;
  if (!s) return;
  length->value = (HPDF_INT32)content.n;
  s->length = length->header.obj_id & ID_MASK;
  s->dict.header = (HPDF_Obj_Header){library->header.obj_id, 0, CLASS_OWN};
  HPDF_Xref_GetEntry(h->doc->xref, id_of(library))->obj = s;
  if (n == 0) return;
  HPDF_Array list = HPDF_Array_New(h->doc->mmgr);
  if (!list || HPDF_Dict_Add(h->page, "Annots", list) != HPDF_OK) return;
  for (size_t i = 0; i < n; i++) {
    own *widget = own_of(h, annotations[i]);
    if (!widget || HPDF_Array_Add(list, widget) != HPDF_OK) return;
  }
}

/* The two dictionaries of the library whose entries are ours; the text hangs on HPDF_Dict.attr. */
static HPDF_STATUS print_entries(HPDF_Dict dict, HPDF_Stream out)
{
  const vb_span *entries = dict->attr;
  return HPDF_Stream_Write(out, (const HPDF_BYTE *)entries->p, (HPDF_UINT)entries->n);
}

static void set_entries(HPDF_Dict dict, const vb_span *entries)
{
  dict->attr = (void *)entries;
  dict->write_fn = print_entries;
}

void vb_hpdf_catalog(vb_hpdf *h, vb_span entries)
{
  const vb_span *kept = keep_span(h, entries);
  if (enter(h) && kept) set_entries(h->doc->catalog, kept);
}

void vb_hpdf_info(vb_hpdf *h, vb_span entries)
{
  const vb_span *kept = keep_span(h, entries);
  if (enter(h) && kept) set_entries(h->doc->info, kept);
}

vb_hpdf_id vb_hpdf_catalog_id(const vb_hpdf *h) { return id_of(h->doc->catalog); }
vb_hpdf_id vb_hpdf_info_id(const vb_hpdf *h) { return id_of(h->doc->info); }

/* ---- values ------------------------------------------------------------------------------------------------- */

vb_hpdf_id vb_hpdf_count(const vb_hpdf *h) { return h->doc->xref->entries->count - 1; } /* entry 0 is the free one */

vb_hpdf_kind vb_hpdf_kind_of(const vb_hpdf *h, vb_hpdf_id id)
{
  HPDF_Dict dict = HPDF_Xref_GetEntry(h->doc->xref, id)->obj;
  if (is_own(dict)) return ((const own *)(const void *)dict)->kind;
  if (dict == h->doc->catalog) return VB_HPDF_PLAIN;
  if (dict->header.obj_class == (HPDF_OCLASS_DICT | HPDF_OSUBCLASS_PAGE)) /* a signing tool changes pages with fields */
    return HPDF_Dict_GetItem(dict, "Annots", HPDF_OCLASS_ARRAY) ? VB_HPDF_PLAIN : VB_HPDF_PACKED;
  return VB_HPDF_PACKED;
}

static HPDF_STATUS sink_write(HPDF_Stream s, const HPDF_BYTE *p, HPDF_UINT n)
{
  vb_buf_add(s->attr, p, n);
  return HPDF_OK;
}

static void print_own(const own *o, vb_buf *out)
{
  const own_stream *s = o->kind == VB_HPDF_STREAM ? (const own_stream *)(const void *)o : NULL;
  vb_buf_str(out, "<<\n");
  if (s) {
    vb_buf_str(out, "/Length ");
    vb_buf_int(out, s->length);
    vb_buf_str(out, " 0 R\n");
  }
  o->print(o->ctx, out);
  vb_buf_str(out, ">>");
  if (!s) return;
  vb_buf_str(out, "\nstream\r\n");
  vb_buf_span(out, s->bytes);
  vb_buf_str(out, "\nendstream");
}

void vb_hpdf_value(vb_hpdf *h, vb_hpdf_id id, vb_buf *out)
{
  if (!enter(h)) return;
  void *object = HPDF_Xref_GetEntry(h->doc->xref, id)->obj;
  if (is_own(object)) {
    print_own(object, out);
    return;
  }
  if (!h->sink) h->sink = HPDF_CallbackWriter_New(h->doc->mmgr, sink_write, NULL);
  if (!h->sink) return;
  h->sink->attr = out;
  HPDF_STATUS st = HPDF_Obj_WriteValue(object, h->sink, NULL);
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
