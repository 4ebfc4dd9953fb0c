/* names.c: places as the register of units has them, offices under one name. For gen/check alone. */
#include <string.h>

#include "check/passage.h"

enum { NAME_WORDS = 8, OFFICE_WORDS = 4 };
typedef struct name { uint64_t syllables[NAME_WORDS]; size_t n; } name;

/* ---- places ------------------------------------------------------------------------------------------------- */

static const char *const kinds[] = {"xã", "phường", "trấn", "khu", "huyện", "quận", "tỉnh", "phố"};

bool vb_lists_of_names(vb_forms *f) { return VB_FORMS_LIST(f, kinds, VB_LIST_PLACE); }

/* "UBND xã Tùng Ảnh" → xã tùng ảnh: from the last kind of unit on. */
static name read_name(vb_reading *r, const char *text) {
  name out = {.n = 0};
  size_t n;
  uint64_t signs;
  const vb_word *w = vb_words_read(r, vb_span_of(text), &n, &signs);
  if (w == NULL) r->worst = VB_NOMEM;
  for (size_t i = 0; w != NULL && i < n; i++) {
    bool kind = (w[i].form->lists & VB_LIST_PLACE) != 0;
    if (kind) out.n = 0;
    if (out.n < NAME_WORDS && (out.n > 0 || kind)) out.syllables[out.n++] = w[i].form->syllable;
  }
  return out;
}

static bool near_name(const name *a, const uint64_t *b, size_t n) {
  size_t near = 0;
  if (a->n != n || n < 2 || a->syllables[0] != b[0]) return false;
  for (size_t i = 1; i < n; i++) {
    if (a->syllables[i] == b[i]) continue;
    if (a->syllables[i] == 0 || b[i] == 0 || !vb_syllable_near(a->syllables[i], b[i])) return false;
    near++;
  }
  return near == 1;
}

/* A unit of the job that the text names in full. */
static bool registered(vb_reading *r, vb_span text) {
  vb_query *q = NULL;
  vb_status s = vb_query_prepare(r->d, r->s, VB_LIT("SELECT 1 FROM unit WHERE fold(name) = fold(:name)"), VB_NOWHERE, &q);
  for (size_t i = 0; q != NULL && i < vb_query_params(q); i++) vb_query_bind(q, i, (vb_sql_value){VB_SQL_TEXT, 0, text});
  if (s == VB_OK) s = vb_query_step(r->d, q);
  vb_query_free(q);
  if (s != VB_OK && s != VB_DONE) r->worst = vb_worse(r->worst, s);
  return s == VB_OK;
}

void vb_check_places(vb_reading *r, const vb_passage *p) {
  const char *own[] = {r->doc->meta.unit_name, r->doc->meta.superior};
  name names[2] = {{.n = 0}, {.n = 0}};
  bool read = false;
  for (size_t i = 0; (p->lists & VB_LIST_PLACE) != 0 && i + 1 < p->n_words; i++) {
    const vb_word *w = &p->words[i];
    if ((w->form->lists & VB_LIST_PLACE) == 0 || !w[1].joined || !w[1].form->capital) continue;
    uint64_t found[NAME_WORDS] = {w->form->syllable};
    size_t n = 1;
    while (n < NAME_WORDS && i + n < p->n_words && w[n].joined && w[n].form->capital) {
      found[n] = w[n].form->syllable;
      n++;
    }
    for (size_t k = 0; k < 2 && !read; k++)
      if (own[k] != NULL) names[k] = read_name(r, own[k]);
    read = true;
    for (size_t k = 0; k < 2; k++) {
      vb_span text = {p->text.p + w->from, w[n - 1].to - w->from};
      if (near_name(&names[k], found, n) && !registered(r, text)) vb_passage_find(r, p, VB_CHECK_M01, VB_WARNING, (vb_extract){w->from, w[n - 1].to, 0}, own[k]);
    }
  }
}

/* ---- offices ------------------------------------------------------------------------------------------------ */

typedef struct office { struct office *next; uint64_t syllables[OFFICE_WORDS]; vb_span text; } office;

/* What stands between the second and the third word of “Văn phòng - Thống kê”: a dash, or something else that joins them. */
typedef enum joint { NO_JOINT, DASH, OTHER } joint;

static joint joint_at(const vb_passage *p, size_t i) {
  const vb_word *w = &p->words[i];
  if (i + OFFICE_WORDS > p->n_words || !w[1].joined || !w[3].joined) return NO_JOINT;
  if (w->form->syllable == 0 || w[1].form->syllable == 0 || w[2].form->syllable == 0 || w[3].form->syllable == 0) return NO_JOINT;
  vb_span first = {p->lower.p + w->from, w[1].to - w->from}, gap = vb_span_trim((vb_span){p->text.p + w[1].to, w[2].from - w[1].to});
  bool dash = vb_span_is(gap, "-") || vb_span_is(gap, "–"), other = gap.n == 0 || vb_span_is(gap, ",");
  if ((!dash || !w[2].form->capital) && !other) return NO_JOINT;
  if (vb_span_is(first, "kế hoạch") || vb_span_is(first, "báo cáo") || vb_span_is(first, "quyết định")) return NO_JOINT; /* kinds of documents */
  return dash ? DASH : OTHER;
}

static const office *office_at(const office *list, const vb_word *w) {
  for (const office *o = list; o != NULL; o = o->next) {
    size_t n = 0;
    while (n < OFFICE_WORDS && w[n].form->syllable == o->syllables[n]) n++;
    if (n == OFFICE_WORDS) return o;
  }
  return NULL;
}

static vb_status add_office(vb_reading *r, const vb_passage *p, const vb_word *w, office **list) {
  if (office_at(*list, w) != NULL) return VB_OK;
  office *o = VB_NEW(r->a, office);
  if (o == NULL) return VB_NOMEM;
  *o = (office){*list, {w[0].form->syllable, w[1].form->syllable, w[2].form->syllable, w[3].form->syllable}, {p->text.p + w->from, w[3].to - w->from}};
  *list = o;
  return VB_OK;
}

/* The name with the dash is the register's: the other is a slip. */
vb_status vb_check_offices(vb_reading *r) {
  office *list = NULL;
  vb_status s = VB_OK;
  for (const vb_passage *p = r->first; p != NULL; p = p->next)
    for (size_t i = 0; i < p->n_words && s == VB_OK && (p->signs & (VB_SIGN('-') | VB_SIGN_WIDE)) != 0; i++)
      if (p->words[i].form->capital && i + OFFICE_WORDS <= p->n_words && !p->words[i + 2].joined && joint_at(p, i) == DASH) s = add_office(r, p, &p->words[i], &list);
  for (const vb_passage *p = r->first; p != NULL && list != NULL; p = p->next)
    for (size_t i = 0; i < p->n_words; i++) {
      const office *o = p->words[i].form->capital && i + OFFICE_WORDS <= p->n_words ? office_at(list, &p->words[i]) : NULL;
      if (o != NULL && joint_at(p, i) == OTHER) vb_passage_find(r, p, VB_CHECK_M02, VB_WARNING, (vb_extract){p->words[i].from, p->words[i + 3].to, 0}, VB_TXT(o->text));
    }
  return s;
}
