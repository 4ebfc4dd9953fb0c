/* read_names: the names under which a dataset's columns are known. For gen/read alone. */
#include "read/read_int.h"

#include <string.h>

struct vb_names {
  const vb_dataset *set;
  vb_arena *a, *scratch;
  char *marks;         /* a byte a column: its address stands for the column in maps */
  vb_map *map;         /* folded name → mark */
  const char **labels; /* made when asked for */
  bool first[128];     /* what names begin with, of letters and digits of ASCII: folding a text keeps its first one but for case */
  bool failed;
};

static bool note_name(vb_names *n, vb_span key, void *mark)
{
  if (key.n && (unsigned char)key.p[0] < 128)
    n->first[(unsigned char)key.p[0]] = true;
  return vb_map_put(n->map, key, mark);
}

/* A cell of figures is no heading, and needs no folding to know it. */
static bool may_be_name(const vb_names *n, unsigned char c)
{
  if (c >= 'A' && c <= 'Z')
    c = (unsigned char)(c - 'A' + 'a');
  return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) || n->first[c];
}

/* Folded (or bare), and words parted by one blank whatever parted them: "ghi-chu" of XML, "ghi_chu" of databases. In a. */
static vb_span key_of(vb_arena *a, vb_span name, bool bare)
{
  vb_span s = vb_span_trim(name);
  s = bare ? vb_text_bare(a, s) : vb_text_fold(a, s);
  char *out = s.p ? vb_arena_alloc(a, s.n + 1) : NULL;
  if (!out)
    return (vb_span){NULL, 0};
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    if (c == '-' || c == '_')
      c = ' ';
    if (c != ' ' || (n && out[n - 1] != ' '))
      out[n++] = c;
  }
  return (vb_span){out, n};
}

/* A name without tones is taken when one column alone has it. */
static bool put_bare(vb_names *n, vb_map *bare, vb_span name, size_t column)
{
  vb_span key = key_of(n->a, name, true);
  if (!key.p)
    return false;
  void *old = vb_map_get(bare, key);
  return vb_map_put(bare, key, old && old != &n->marks[column] ? n : (void *)&n->marks[column]);
}

typedef struct merging { vb_names *n; bool ok; } merging;

static void merge_bare(void *ctx, vb_span key, void *value)
{
  merging *m = ctx;
  if (value != (void *)m->n && !vb_map_get(m->n->map, key))
    m->ok = m->ok && note_name(m->n, key, value);
}

/* Calls put for the id and each alias of a column. */
static bool put_names(vb_names *n, vb_map *bare, size_t column)
{
  const vb_column *c = &n->set->columns[column];
  vb_span rest = vb_span_of(c->aliases), name = vb_span_of(c->id);
  for (;;) {
    vb_span key = key_of(n->a, name, false);
    if (!key.p || !put_bare(n, bare, name, column))
      return false;
    if (key.n && !vb_map_get(n->map, key) && !note_name(n, key, &n->marks[column]))
      return false;
    if (!rest.n)
      return true;
    const char *bar = memchr(rest.p, '|', rest.n);
    name = (vb_span){rest.p, bar ? (size_t)(bar - rest.p) : rest.n};
    rest = bar ? (vb_span){bar + 1, rest.n - name.n - 1} : (vb_span){NULL, 0};
  }
}

vb_names *vb_names_new(const vb_dataset *set)
{
  vb_names *n = vb_mem_zalloc(sizeof *n);
  vb_map *bare = vb_map_new();
  bool ok = n && bare;
  if (n) {
    n->set = set;
    n->a = vb_arena_new(0);
    n->scratch = vb_arena_new(0);
    n->map = vb_map_new();
    ok = ok && n->a && n->scratch && n->map;
  }
  if (ok)
    ok = (n->labels = VB_NEW_ARRAY(n->a, const char *, set->n_columns + 1)) && (n->marks = VB_NEW_ARRAY(n->a, char, set->n_columns + 1));
  for (size_t i = 0; ok && i < set->n_columns; i++)
    ok = put_names(n, bare, i);
  merging m = {n, ok};
  if (ok)
    vb_map_each(bare, merge_bare, &m);
  vb_map_free(bare);
  if (m.ok)
    return n;
  vb_names_free(n);
  return NULL;
}

void vb_names_free(vb_names *n)
{
  if (!n)
    return;
  vb_map_free(n->map);
  vb_arena_free(n->a);
  vb_arena_free(n->scratch);
  vb_mem_free(n);
}

bool vb_names_failed(const vb_names *n)
{
  return n->failed;
}

vb_span vb_heading_fold(vb_arena *a, vb_span s)
{
  return vb_text_fold(a, vb_span_trim(s));
}

int vb_names_find(vb_names *n, vb_span heading)
{
  vb_span s = vb_span_trim(heading);
  if (!s.n || s.n > VB_MSG_ARG_BYTES || !may_be_name(n, (unsigned char)s.p[0])) /* a cell of text is no heading */
    return -1;
  vb_arena_reset(n->scratch);
  vb_span key = key_of(n->scratch, s, false);
  const char *v = key.p ? vb_map_get(n->map, key) : NULL;
  if (!v) {
    key = key_of(n->scratch, s, true);
    v = key.p ? vb_map_get(n->map, key) : NULL;
  }
  if (!key.p)
    n->failed = true;
  return v ? (int)(v - n->marks) : -1;
}

const char *vb_names_label(vb_names *n, size_t column)
{
  if (n->labels[column])
    return n->labels[column];
  const vb_column *c = &n->set->columns[column];
  const char *bar = c->aliases ? strchr(c->aliases, '|') : NULL;
  int len = (int)(bar ? (size_t)(bar - c->aliases) : c->aliases ? strlen(c->aliases) : 0);
  char *s = len ? vb_arena_printf(n->a, "%s (%.*s)", c->id, len, c->aliases) : vb_arena_printf(n->a, "%s", c->id);
  n->labels[column] = s;
  return s ? s : c->id;
}

size_t vb_names_distance(vb_names *n, size_t column, vb_span heading)
{
  size_t best = NAME_FAR;
  vb_arena_reset(n->scratch);
  vb_span s = key_of(n->scratch, heading, true);
  if (!s.p || s.n < 2)
    return best;
  const vb_column *c = &n->set->columns[column];
  vb_span rest = vb_span_of(c->aliases), name = vb_span_of(c->id);
  for (;;) {
    vb_span bare = key_of(n->scratch, name, true);
    size_t near = bare.p ? vb_edit_distance(s, bare, NAME_FAR - 1) : NAME_FAR;
    if (near < best && near * 3 <= s.n) /* a third of the letters wrong is another word */
      best = near;
    if (!rest.n)
      return best;
    const char *bar = memchr(rest.p, '|', rest.n);
    name = (vb_span){rest.p, bar ? (size_t)(bar - rest.p) : rest.n};
    rest = bar ? (vb_span){bar + 1, rest.n - name.n - 1} : (vb_span){NULL, 0};
  }
}
