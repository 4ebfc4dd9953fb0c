/* forms: types, indicators and code lists, in memory and in their tables.
 *
 * A code names one indicator whatever the form: values carry no form. vb_store_add_indicator therefore holds all forms of a job to
 * one type and one number of places a code; in the rest (label, roll-up) the form loaded last speaks for it.
 */
#include "store/store_int.h"

#include <sqlite3.h>
#include <string.h>

static const char *const type_names[] = {"text", "count", "decimal", "percent", "money", "code", "date", "period", "unit", "group"};
#define N_TYPES (sizeof type_names / sizeof type_names[0])

bool vb_type_by_name(vb_span name, vb_type *out)
{
  for (size_t i = 0; i < N_TYPES; i++)
    if (vb_span_is(name, type_names[i])) {
      *out = (vb_type)i;
      return true;
    }
  return false;
}

const char *vb_type_name(vb_type t)
{
  return (size_t)t < N_TYPES ? type_names[t] : "?";
}

/* ---- lookup ------------------------------------------------------------------------------------------------- */

vb_code *vb_store_code(const vb_store *s, vb_span code)
{
  return vb_map_get(s->codes, code);
}

static vb_form_rec *form_find(const vb_store *s, const char *form)
{
  for (vb_form_rec *f = s->forms; f; f = f->next)
    if (strcmp(f->id, form) == 0)
      return f;
  return NULL;
}

const vb_indicator *vb_store_indicator(const vb_store *s, const char *form, vb_span code)
{
  if (!form) {
    const vb_code *c = vb_store_code(s, code);
    return c ? c->ind : NULL;
  }
  const vb_form_rec *f = form_find(s, form);
  return f ? vb_map_get(f->codes, code) : NULL;
}

vb_span vb_store_nearest_code(const vb_store *s, const char *form, vb_span code)
{
  const vb_form_rec *f = form ? form_find(s, form) : NULL;
  if (form && !f)
    return (vb_span){"", 0};
  return vb_map_nearest(f ? f->codes : s->codes, code);
}

/* ---- indicators --------------------------------------------------------------------------------------------- */

static const char *keep(vb_store *s, const char *text, bool *failed)
{
  if (!text)
    return NULL;
  const char *copy = vb_arena_str(s->arena, text, strlen(text));
  if (!copy)
    *failed = true;
  return copy;
}

static vb_indicator *indicator_keep(vb_store *s, const vb_indicator *i)
{
  bool failed = false;
  vb_indicator *k = VB_NEW(s->arena, vb_indicator);
  if (!k)
    return NULL;
  *k = *i;
  enum { TEXTS = 15 };
  const char **const texts[TEXTS] = {&k->form, &k->code, &k->parent, &k->label, &k->measure, &k->codes, &k->rollup, &k->num, &k->den, &k->note, &k->zero,
                                &k->applies, &k->marked, &k->at.file, &k->at.cell};
  for (int n = 0; n < TEXTS; n++)
    *texts[n] = keep(s, *texts[n], &failed);
  return failed ? NULL : k;
}

static vb_form_rec *form_of(vb_store *s, const char *id)
{
  vb_form_rec *f = form_find(s, id);
  if (f)
    return f;
  bool failed = false;
  f = VB_NEW(s->arena, vb_form_rec);
  if (!f || !(f->id = keep(s, id, &failed)) || !(f->codes = vb_map_new()))
    return NULL;
  f->next = s->forms;
  s->forms = f;
  return f;
}

static bool index_add(vb_store *s, vb_code *c)
{
  if (s->n_codes == s->cap_codes) {
    size_t cap = s->cap_codes ? 2 * s->cap_codes : 256;
    vb_code **more = vb_mem_resize(s->by_index, cap * sizeof *more); /* NOLINT(bugprone-sizeof-expression): pointers are what it holds */
    if (!more)
      return false;
    s->by_index = more;
    s->cap_codes = cap;
  }
  c->index = (uint32_t)s->n_codes;
  s->by_index[s->n_codes++] = c;
  return true;
}

/* Makes i known in memory. */
static bool indicator_note(vb_store *s, vb_form_rec *f, vb_indicator *i)
{
  vb_span key = vb_span_of(i->code);
  vb_code *c = vb_store_code(s, key);
  if (!vb_map_put(f->codes, key, i))
    return false;
  if (c) {
    c->ind = i;
    c->form = f;
    return true;
  }
  c = VB_NEW(s->arena, vb_code);
  if (!c)
    return false;
  *c = (vb_code){0, i->code, i, f};
  return index_add(s, c) && vb_map_put(s->codes, key, c);
}

static int run_with_text(vb_store *s, vb_stmt_id id, const char *text)
{
  int rc;
  sqlite3_stmt *st = vb_lib_stmt(s, id, &rc);
  if (!st)
    return rc;
  vb_binder b = vb_bind_start(st);
  vb_bind_str(&b, text);
  return b.rc == SQLITE_OK ? vb_lib_run(s, st) : b.rc;
}

static void list_empty(void *ctx, vb_span key, void *value)
{
  vb_span form = *(const vb_span *)ctx;
  if (key.n > form.n && key.p[form.n] == '\x1f' && memcmp(key.p, form.p, form.n) == 0)
    *(vb_code_list *)value = (vb_code_list){NULL, NULL};
}

/* What a former load left of a form goes when this one brings it anew. */
static vb_status form_renew(vb_diag *d, vb_store *s, const char *id, vb_form_rec **out)
{
  vb_form_rec *f = *out = form_of(s, id);
  if (!f)
    return VB_NOMEM;
  if (f->fresh)
    return VB_OK;
  int rc = run_with_text(s, VB_STMT_INDICATOR_DROP, id);
  if (rc == SQLITE_OK)
    rc = run_with_text(s, VB_STMT_CODE_ITEM_DROP, id);
  if (rc != SQLITE_OK)
    return vb_lib_fail(d, s, rc);
  vb_map *codes = vb_map_new();
  if (!codes)
    return VB_NOMEM;
  vb_map_free(f->codes);
  vb_span form = vb_span_of(id);
  vb_map_each(s->lists, list_empty, &form);
  f->codes = codes;
  f->fresh = true;
  return VB_OK;
}

static int indicator_write(vb_store *s, const vb_indicator *i)
{
  int rc;
  int64_t src = vb_store_file_id(s, i->at.file, &rc);
  sqlite3_stmt *st = rc == SQLITE_OK ? vb_lib_stmt(s, VB_STMT_INDICATOR_ADD, &rc) : NULL;
  if (!st)
    return rc;
  vb_binder b = vb_bind_start(st);
  vb_bind_str(&b, i->form);
  vb_bind_str(&b, i->code);
  vb_bind_int(&b, s->next_ord++);
  vb_bind_int(&b, i->depth);
  vb_bind_str(&b, i->parent);
  vb_bind_str(&b, i->marked != NULL ? i->marked : i->label);
  vb_bind_str(&b, i->measure);
  vb_bind_str(&b, vb_type_name(i->type));
  vb_bind_int(&b, i->places);
  vb_bind_int(&b, i->digits);
  vb_bind_str(&b, i->codes);
  vb_bind_str(&b, i->rollup);
  vb_bind_str(&b, i->num);
  vb_bind_str(&b, i->den);
  vb_bind_int(&b, i->scale);
  vb_bind_int(&b, i->required);
  vb_bind_int(&b, i->sub);
  vb_bind_str(&b, i->note);
  vb_bind_str(&b, i->zero);
  vb_bind_str(&b, i->applies);
  vb_bind_int(&b, src);
  vb_bind_int(&b, i->at.line);
  vb_bind_int(&b, i->at.column);
  return b.rc == SQLITE_OK ? vb_lib_run(s, st) : b.rc;
}

/* Values of former jobs follow when a form changes the places of a code. */
static vb_status values_rescale(vb_diag *d, vb_store *s, const char *code, int from, int to)
{
  static const vb_stmt_id ids[] = {VB_STMT_VALUE_RESCALE, VB_STMT_PAST_RESCALE};
  for (int i = 0; i < 2; i++) {
    int rc;
    sqlite3_stmt *st = vb_lib_stmt(s, ids[i], &rc);
    if (!st)
      return vb_lib_fail(d, s, rc);
    vb_binder b = vb_bind_start(st);
    vb_bind_int(&b, from);
    vb_bind_int(&b, to);
    vb_bind_str(&b, code);
    rc = b.rc == SQLITE_OK ? vb_lib_run(s, st) : b.rc;
    if (rc != SQLITE_OK)
      return vb_lib_fail(d, s, rc);
  }
  return VB_OK;
}

vb_status vb_store_add_indicator(vb_diag *d, vb_store *s, const vb_indicator *i)
{
  vb_form_rec *f;
  vb_status status = vb_load_ready(d, s);
  if (status == VB_OK)
    status = form_renew(d, s, i->form, &f);
  if (status != VB_OK)
    return status;
  const vb_indicator *same = vb_map_get(f->codes, vb_span_of(i->code));
  if (same)
    return VB_POST(d, VB_MSG_STORE_INDICATOR_TWICE, i->at, i->code, VB_NUM(same->at.line));
  const vb_code *c = vb_store_code(s, vb_span_of(i->code));
  if (c && c->form->fresh && c->form != f && (c->ind->type != i->type || c->ind->places != i->places))
    return VB_POST(d, VB_MSG_STORE_INDICATOR_DIFFERS, i->at, i->code, i->form, c->ind->form, vb_type_name(c->ind->type), VB_NUM(c->ind->places));
  if (c && (c->form == f || !c->form->fresh) && c->ind->places != i->places) /* c->form == f: the same form as it was before */
    status = values_rescale(d, s, i->code, c->ind->places, i->places);
  vb_indicator *k = status == VB_OK ? indicator_keep(s, i) : NULL;
  if (!k || !indicator_note(s, f, k))
    return status == VB_OK ? VB_NOMEM : status;
  int rc = indicator_write(s, k);
  return rc == SQLITE_OK ? VB_OK : vb_lib_fail(d, s, rc);
}

/* ---- code lists --------------------------------------------------------------------------------------------- */

static vb_span list_key(vb_store *s, const char *form, const char *list)
{
  char *key = vb_arena_printf(s->scratch, "%s\x1f%s", form, list);
  return vb_span_of(key);
}

const vb_code_list *vb_store_list(vb_store *s, const char *form, const char *list)
{
  if (!form || !list)
    return NULL;
  vb_arena_mark m = vb_arena_save(s->scratch);
  vb_span key = list_key(s, form, list);
  const vb_code_list *found = key.p ? vb_map_get(s->lists, key) : NULL;
  vb_arena_restore(s->scratch, m);
  return found;
}

static bool list_note(vb_store *s, const char *form, const char *list, const char *value, const char *label)
{
  vb_arena_mark m = vb_arena_save(s->scratch);
  vb_span key = list_key(s, form, list);
  vb_code_list *l = key.p ? vb_map_get(s->lists, key) : NULL;
  bool failed = !key.p;
  if (!failed && !l)
    failed = !(l = VB_NEW(s->arena, vb_code_list)) || !vb_map_put(s->lists, key, l);
  vb_arena_restore(s->scratch, m);
  vb_code_item *item = failed ? NULL : VB_NEW(s->arena, vb_code_item);
  if (!item)
    return false;
  vb_dec n;
  item->value = keep(s, value, &failed);
  item->label = keep(s, label ? label : "", &failed);
  if (vb_number_parse(vb_span_of(value), VB_NUM_CODE, &n) == VB_NUM_VALUE) {
    item->whole = true;
    item->n = n.n;
  }
  *(l->last ? &l->last->next : &l->first) = item;
  l->last = item;
  return !failed;
}

vb_status vb_store_add_code_list(vb_diag *d, vb_store *s, const char *form, const char *list, const char *value, const char *label)
{
  vb_form_rec *f;
  vb_status status = vb_load_ready(d, s);
  if (status == VB_OK)
    status = form_renew(d, s, form, &f);
  if (status != VB_OK)
    return status;
  int rc;
  sqlite3_stmt *st = vb_lib_stmt(s, VB_STMT_CODE_ITEM_ADD, &rc);
  if (!st)
    return vb_lib_fail(d, s, rc);
  vb_binder b = vb_bind_start(st);
  vb_bind_str(&b, form);
  vb_bind_str(&b, list);
  vb_bind_str(&b, value);
  vb_bind_str(&b, label);
  rc = b.rc == SQLITE_OK ? vb_lib_run(s, st) : b.rc;
  if (rc == SQLITE_CONSTRAINT_UNIQUE)
    return VB_POST(d, VB_MSG_STORE_CODE_ITEM_TWICE, VB_NOWHERE, form, list, value);
  if (rc != SQLITE_OK)
    return vb_lib_fail(d, s, rc);
  return list_note(s, form, list, value, label) ? VB_OK : VB_NOMEM;
}

/* ---- from a database ---------------------------------------------------------------------------------------- */

static const char *text_at(sqlite3_stmt *st, int i, vb_store *s, bool *failed)
{
  return vb_column_str(st, i, s->scratch, failed);
}

static bool indicator_read(vb_store *s, sqlite3_stmt *st)
{
  bool failed = false;
  vb_indicator i = {.depth = sqlite3_column_int(st, 3), .places = sqlite3_column_int(st, 8), .digits = sqlite3_column_int(st, 9)};
  i.form = text_at(st, 0, s, &failed);
  i.code = text_at(st, 1, s, &failed);
  i.parent = text_at(st, 4, s, &failed);
  i.marked = text_at(st, 5, s, &failed);
  i.label = vb_text_unmarked(s->scratch, i.marked);
  i.measure = text_at(st, 6, s, &failed);
  if (!vb_type_by_name(vb_column_span(st, 7), &i.type) || i.places < 0 || i.places > VB_DEC_PLACES_MAX)
    i.places = 0;
  i.codes = text_at(st, 10, s, &failed);
  i.rollup = text_at(st, 11, s, &failed);
  i.num = text_at(st, 12, s, &failed);
  i.den = text_at(st, 13, s, &failed);
  i.scale = sqlite3_column_int(st, 14);
  i.required = sqlite3_column_int(st, 15) != 0;
  i.sub = sqlite3_column_int(st, 16) != 0;
  i.note = text_at(st, 17, s, &failed);
  i.zero = text_at(st, 18, s, &failed);
  i.applies = text_at(st, 19, s, &failed);
  int rc;
  i.at = (vb_place){vb_store_file_name(s, sqlite3_column_int64(st, 20), &rc), (uint32_t)sqlite3_column_int(st, 21), (uint32_t)sqlite3_column_int(st, 22), NULL};
  if (failed || rc != SQLITE_OK || !i.form || !i.code || (i.marked && !i.label))
    return false;
  if (sqlite3_column_int64(st, 2) >= s->next_ord)
    s->next_ord = sqlite3_column_int64(st, 2) + 1;
  vb_form_rec *f = form_of(s, i.form);
  vb_indicator *k = f ? indicator_keep(s, &i) : NULL;
  return k && indicator_note(s, f, k);
}

static bool item_read(vb_store *s, sqlite3_stmt *st)
{
  bool failed = false;
  const char *form = text_at(st, 0, s, &failed), *list = text_at(st, 1, s, &failed);
  const char *value = text_at(st, 2, s, &failed), *label = text_at(st, 3, s, &failed);
  return !failed && form && list && value && list_note(s, form, list, value, label);
}

static vb_status read_all(vb_diag *d, vb_store *s, vb_stmt_id id, bool (*take)(vb_store *, sqlite3_stmt *))
{
  int rc;
  sqlite3_stmt *st = vb_lib_stmt(s, id, &rc);
  if (!st)
    return vb_lib_fail(d, s, rc);
  vb_status status = VB_OK;
  while (status == VB_OK && (rc = vb_lib_step(s, st)) == SQLITE_ROW) {
    vb_arena_mark m = vb_arena_save(s->scratch);
    status = take(s, st) ? VB_OK : VB_NOMEM;
    vb_arena_restore(s->scratch, m);
  }
  (void)sqlite3_reset(st);
  return status != VB_OK || rc == SQLITE_DONE ? status : vb_lib_fail(d, s, rc);
}

vb_status vb_forms_read(vb_diag *d, vb_store *s)
{
  vb_status status = read_all(d, s, VB_STMT_INDICATOR_ALL, indicator_read);
  return status == VB_OK ? read_all(d, s, VB_STMT_CODE_ITEM_ALL, item_read) : status;
}
