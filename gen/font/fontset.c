/* Four faces from a folder: which files, which family, are all letters there; and this room's messages. Public functions of font.h. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "font/font_int.h"
#include "text/text.h"

/* ---- messages ----------------------------------------------------------------------------------------------- */

vb_status vb_font_post(vb_diag *d, const char *path, const vb_font_fault *fault, vb_status status)
{
  if (status != VB_SYSTEM) return status;
  vb_place at = {vb_diag_file(d, path), 0, 0, NULL};
  if (fault->msg == VB_MSG_FONT_LICENCE) {
    char bits[16];
    snprintf(bits, sizeof bits, "0x%04x", (unsigned)fault->detail);
    return VB_POST(d, fault->msg, at, bits);
  }
  return VB_POST(d, fault->msg, at, fault->table ? fault->table : "");
}

vb_status vb_font_post_glyph(vb_diag *d, const vb_face *f, uint32_t c)
{
  char shown[5] = {0}, code[16];
  vb_utf8_put(c, shown);
  snprintf(code, sizeof code, "U+%04X", (unsigned)c);
  return VB_POST(d, VB_MSG_FONT_GLYPH, VB_NOWHERE, f->info.ps_name, shown, code);
}

static const char *style_name(vb_face_id id)
{
  static const char *const names[VB_FACES] = {"Regular", "Bold", "Italic", "Bold Italic"};
  return names[id];
}

/* ---- one face ----------------------------------------------------------------------------------------------- */

#define LETTERS_SHOWN ((size_t)40) /* what a message can hold and a person will read */

static vb_status check_letters(vb_diag *d, const vb_face *f)
{
  vb_arena *scratch = vb_arena_new(0);
  vb_charset *need = scratch ? vb_charset_new(scratch) : NULL;
  if (!need || !vb_charset_add_required(need)) {
    vb_arena_free(scratch);
    return VB_NOMEM;
  }
  size_t lacking = 0, n = 0;
  char list[LETTERS_SHOWN * 4 + sizeof " …"];
  for (uint32_t c = vb_charset_from(need, 0); c != VB_NO_CHAR; c = vb_charset_from(need, c + 1)) {
    if (vb_face_glyph(f, c) != 0) continue;
    if (lacking++ < LETTERS_SHOWN) n += vb_utf8_put(c, list + n);
  }
  vb_arena_free(scratch);
  if (lacking == 0) return VB_OK;
  memcpy(list + n, lacking > LETTERS_SHOWN ? " …" : "", lacking > LETTERS_SHOWN ? sizeof " …" : 1);
  return VB_POST(d, VB_MSG_FONT_LETTERS, ((vb_place){vb_diag_file(d, f->path), 0, 0, NULL}), VB_NUM(lacking), list);
}

/* Reads and proves one face: tables, letters, outlines of the base subset. Posts what is wrong. */
static vb_status open_face(vb_diag *d, const char *path, vb_face **out)
{
  vb_buf bytes;
  vb_face *f = NULL;
  vb_font_fault fault = {VB_MSG_NO_MEMORY, NULL, 0};
  *out = NULL;
  vb_buf_init(&bytes);
  vb_status st = vb_file_read(d, path, VB_FONT_BYTES_MAX, false, &bytes);
  if (st == VB_BAD) st = VB_SYSTEM; /* grown too large since it was probed: posted, and no document's fault */
  if (st != VB_OK) goto out;
  st = vb_face_parse((vb_bytes){(const uint8_t *)bytes.p, bytes.n}, false, &f, &fault);
  if (st != VB_OK) {
    st = vb_font_post(d, path, &fault, st);
    goto out;
  }
  f->bytes = bytes; /* the face owns them now */
  vb_buf_init(&bytes);
  f->path = vb_arena_str(f->arena, path, strlen(path));
  st = f->path ? check_letters(d, f) : VB_NOMEM;
  if (st != VB_OK) goto out;
  st = vb_subset_prove(f, &fault);
  if (st != VB_OK) {
    st = vb_font_post(d, path, &fault, st);
    goto out;
  }
  *out = f;
  f = NULL;
out:
  vb_face_free(f);
  vb_buf_free(&bytes);
  return st;
}

/* ---- the folder --------------------------------------------------------------------------------------------- */

typedef struct folder {
  vb_diag *d;
  vb_arena *a;
  const char *dir;
  vb_probe *probe; /* TrueType faces, by file name */
  size_t n;
  const char *damaged; /* the first font file that could not be read, or NULL */
  vb_diag *why;        /* why the first family that has four faces was refused, or NULL */
} folder;

static bool has_suffix(const char *name)
{
  size_t n = strlen(name);
  return n > 4 && (strcasecmp(name + n - 4, ".ttf") == 0 || strcasecmp(name + n - 4, ".otf") == 0);
}

static vb_status folder_probe(folder *f)
{
  const char **names = NULL;
  size_t count = 0;
  if (!vb_dir_exists(f->dir)) return VB_POST(f->d, VB_MSG_FONT_DIR, VB_NOWHERE, f->dir);
  vb_status st = vb_dir_list(f->d, f->a, f->dir, &names, &count);
  if (st != VB_OK) return st;
  f->probe = VB_NEW_ARRAY(f->a, vb_probe, count + 1);
  if (!f->probe) return VB_NOMEM;
  for (size_t i = 0; i < count; i++) {
    if (!has_suffix(names[i])) continue;
    vb_probe *p = &f->probe[f->n];
    p->path = vb_path_join(f->a, f->dir, names[i]);
    if (!p->path) return VB_NOMEM;
    switch (vb_probe_file(p)) {
    case VB_PROBE_FONT: f->n++; break;
    case VB_PROBE_OTHER: break;
    case VB_PROBE_DAMAGED: f->damaged = f->damaged ? f->damaged : p->path; break;
    case VB_PROBE_NOMEM: return VB_NOMEM;
    }
  }
  return VB_OK;
}

/* The faces of a family that the folder has, a bit each. */
static unsigned family_faces(const folder *f, const char *family)
{
  unsigned have = 0;
  for (size_t i = 0; i < f->n; i++)
    if (strcasecmp(f->probe[i].family, family) == 0) have |= 1u << f->probe[i].style;
  return have;
}

/* One face of a family: the first file of that style which opens. Two files may claim it, as old and new Liberation Serif do. */
static vb_status open_style(folder *f, const char *family, vb_face_id style, vb_face **out)
{
  vb_status st = VB_SYSTEM;
  for (size_t i = 0; i < f->n; i++) {
    const vb_probe *p = &f->probe[i];
    if (p->style != style || strcasecmp(p->family, family) != 0) continue;
    vb_diag *aside = vb_diag_new();
    if (!aside) return VB_NOMEM;
    st = open_face(aside, p->path, out);
    if (st == VB_SYSTEM && vb_diag_failed(aside)) st = VB_NOMEM;
    if (st == VB_SYSTEM && !f->why) f->why = aside;
    else vb_diag_free(aside);
    if (st != VB_SYSTEM) break;
  }
  return st;
}

static void faces_free(vb_face **face)
{
  for (int i = 0; i < VB_FACES; i++) {
    vb_face_free(face[i]);
    face[i] = NULL;
  }
}

/* Opens a family. VB_DONE: it cannot be had, *out is untouched. */
static vb_status open_family(folder *f, const char *family, vb_face **out)
{
  vb_face *face[VB_FACES] = {NULL};
  if (family_faces(f, family) != (1u << VB_FACES) - 1) return VB_DONE;
  vb_status st = VB_OK;
  for (int i = 0; i < VB_FACES && st == VB_OK; i++) st = open_style(f, family, (vb_face_id)i, &face[i]);
  if (st == VB_OK) {
    faces_free(out);
    memcpy(out, face, sizeof face);
    return VB_OK;
  }
  faces_free(face);
  return st == VB_SYSTEM ? VB_DONE : st;
}

static const char *const preferred[] = {"Times New Roman", "Liberation Serif", "Tinos"};
enum { PREFERRED = sizeof preferred / sizeof preferred[0] };

/* True when probe i is the first of its family and the family is not one of the preferred. */
static bool is_other_family(const folder *f, size_t i)
{
  for (size_t k = 0; k < PREFERRED; k++)
    if (strcasecmp(f->probe[i].family, preferred[k]) == 0) return false;
  for (size_t k = 0; k < i; k++)
    if (strcasecmp(f->probe[i].family, f->probe[k].family) == 0) return false;
  return true;
}

/* The family that a message should speak of: preferred ones first, then the one with the most faces. */
static const char *nearest_family(const folder *f)
{
  const char *best = f->probe[0].family;
  int most = 0;
  for (size_t k = 0; k < PREFERRED; k++)
    if (family_faces(f, preferred[k]) != 0) return preferred[k];
  for (size_t i = 0; i < f->n; i++) {
    int have = __builtin_popcount(family_faces(f, f->probe[i].family));
    if (have > most) most = have, best = f->probe[i].family;
  }
  return best;
}

static vb_status post_none(folder *f)
{
  if (f->why) {
    vb_diag_move(f->d, f->why);
    return VB_SYSTEM;
  }
  if (f->n == 0) {
    if (!f->damaged) return VB_POST(f->d, VB_MSG_FONT_NONE, VB_NOWHERE, f->dir);
    return VB_POST(f->d, VB_MSG_FONT_KIND, ((vb_place){vb_diag_file(f->d, f->damaged), 0, 0, NULL}));
  }
  const char *family = nearest_family(f);
  char lacking[64] = "";
  size_t n = 0;
  for (int i = 0; i < VB_FACES; i++) {
    if (family_faces(f, family) >> i & 1u) continue;
    n += (size_t)snprintf(lacking + n, sizeof lacking - n, "%s%s", n ? ", " : "", style_name((vb_face_id)i));
  }
  if (!f->damaged) return VB_POST(f->d, VB_MSG_FONT_FACES, VB_NOWHERE, f->dir, family, lacking);
  return VB_POST(f->d, VB_MSG_FONT_UNREADABLE, ((vb_place){vb_diag_file(f->d, f->damaged), 0, 0, NULL}), lacking, family);
}

static vb_status choose_family(folder *f, vb_face **face)
{
  for (size_t k = 0; k < PREFERRED; k++) {
    vb_status st = open_family(f, preferred[k], face);
    if (st != VB_DONE) return st;
  }
  vb_buf names;
  size_t complete = 0;
  vb_status st = VB_DONE;
  vb_buf_init(&names);
  for (size_t i = 0; i < f->n && st == VB_DONE; i++) {
    if (!is_other_family(f, i)) continue;
    st = open_family(f, f->probe[i].family, face);
    if (st != VB_OK) continue;
    if (complete++ > 0) vb_buf_str(&names, ", ");
    vb_buf_str(&names, f->probe[i].family);
    st = VB_DONE; /* go on: a second complete family would make the choice a guess */
  }
  if (st == VB_DONE && names.failed) st = VB_NOMEM;
  if (st == VB_DONE && complete == 0) st = post_none(f);
  if (st == VB_DONE && complete > 1) st = VB_POST(f->d, VB_MSG_FONT_SEVERAL, VB_NOWHERE, f->dir, vb_buf_cstr(&names));
  vb_buf_free(&names);
  return st == VB_DONE ? VB_OK : st;
}

/* ---- public ------------------------------------------------------------------------------------------------- */

static void name_fontset(vb_fontset *s)
{
  size_t n = (size_t)snprintf(s->id, sizeof s->id, "%s", s->face[VB_REGULAR]->info.ps_name);
  for (int i = 0; i < VB_FACES; i++) {
    const vb_bytes file = s->face[i]->file;
    n += (size_t)snprintf(s->id + n, sizeof s->id - n, "%c%08x", i ? '-' : ':', (unsigned)vb_crc32(file.p, file.n));
  }
}

vb_status vb_fontset_open(vb_diag *d, const char *dir, vb_fontset **out)
{
  *out = NULL;
  vb_deflate_setup();
  folder f = {.d = d, .a = vb_arena_new(0), .dir = dir ? dir : vb_dir_exists(VB_FONT_DIR) || !vb_dir_exists(VB_FONT_DIR_LATER) ? VB_FONT_DIR : VB_FONT_DIR_LATER};
  vb_fontset *s = vb_mem_zalloc(sizeof *s);
  if (s) s->base = vb_mem_zalloc(VB_FACES * sizeof *s->base);
  vb_status st = f.a && s && s->base ? VB_OK : VB_NOMEM;
  if (st == VB_OK) st = folder_probe(&f);
  if (st == VB_OK) st = choose_family(&f, s->face);
  if (st == VB_OK) name_fontset(s);
  vb_diag_free(f.why);
  vb_arena_free(f.a);
  if (st == VB_OK) *out = s;
  else vb_fontset_close(s);
  return st;
}

void vb_fontset_close(vb_fontset *f)
{
  if (!f) return;
  for (int i = 0; i < VB_FACES; i++) {
    if (f->base) vb_arena_free(f->base[i].arena);
    vb_face_free(f->face[i]);
  }
  vb_mem_free(f->base);
  vb_mem_free(f);
}

const vb_face *vb_fontset_face(const vb_fontset *f, vb_face_id id) { return f->face[id]; }

const char *vb_fontset_id(const vb_fontset *f) { return f->id; }
