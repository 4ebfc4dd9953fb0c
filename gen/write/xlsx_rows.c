/* How libxlsxwriter prints rows, cells and shared strings, and how it finds a string or a format again. Part of the workbook writer; calls
 * libxlsxwriter. Bound to the library as xlsx_xml.c says, and as there byte for byte what it prints itself.
 *
 * Shared strings lie in a tree that is searched by comparing strings, and each string is copied before it is looked for; here a map
 * finds them. Before a string is printed the library looks for control characters, does not stop at its end, and so always escapes
 * a copy of it. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <xlsxwriter.h>

#include "write/xlsx_int.h"

/* ---- rows --------------------------------------------------------------------------------------------------- */

static char *put_int(char *o, const char *before, int64_t v)
{
  o = vb_put_int(stpcpy(o, before), v);
  *o++ = '"';
  return o;
}

#define ROW_ROOM 256 /* of all attributes */

void vb_row_print(lxw_worksheet *ws, lxw_row *row, char *spans) __asm__("_write_row");

void vb_row_print(lxw_worksheet *ws, lxw_row *row, char *spans)
{
  double height = row->height_changed ? row->height : ws->default_row_height;
  int32_t format = row->format ? lxw_format_get_xf_index(row->format) : 0;
  char *o = vb_part_line(ROW_ROOM + VB_PART_NUMBER);
  if (!o)
    return;
  o = put_int(o, "<row r=\"", (int64_t)row->row_num + 1);
  if (spans)
    o = stpcpy(stpcpy(stpcpy(o, " spans=\""), spans), "\"");
  if (format)
    o = put_int(o, " s=\"", format);
  if (row->format)
    o = stpcpy(o, " customFormat=\"1\"");
  if (height != LXW_DEF_ROW_HEIGHT)
    o = stpcpy(vb_part_number(stpcpy(o, " ht=\""), height), "\"");
  if (row->hidden)
    o = stpcpy(o, " hidden=\"1\"");
  if (height != LXW_DEF_ROW_HEIGHT)
    o = stpcpy(o, " customHeight=\"1\"");
  if (row->level)
    o = put_int(o, " outlineLevel=\"", row->level);
  if (row->collapsed)
    o = stpcpy(o, " collapsed=\"1\"");
  if (ws->excel_version == 2010)
    o = stpcpy(o, " x14ac:dyDescent=\"0.25\"");
  vb_part_put(ws->file, stpcpy(o, row->data_changed ? ">" : "/>"));
}

/* ---- cells -------------------------------------------------------------------------------------------------- */

static int32_t format_of(const lxw_worksheet *ws, const lxw_cell *c, lxw_format *row)
{
  lxw_format *f = c->format ? c->format : row;
  if (!f && c->col_num < ws->col_formats_max)
    f = ws->col_formats[c->col_num];
  return f ? lxw_format_get_xf_index(f) : 0;
}

static bool blank_at(char c)
{
  return c == ' ' || c == '\t' || c == '\n';
}

/* A string keeps its white space at both ends only where it says so. */
static char *put_string(char *o, const char *s, char *put(char *o, const char *s))
{
  size_t n = strlen(s);
  o = stpcpy(o, n && (blank_at(s[0]) || blank_at(s[n - 1])) ? "<t xml:space=\"preserve\">" : "<t>");
  return stpcpy(put(o, s), "</t>");
}

static char *put_formula(char *o, const lxw_cell *c)
{
  o = stpcpy(o, c->user_data2 ? " t=\"str\"><f>" : "><f>");
  o = stpcpy(vb_part_text(o, c->u.string), "</f><v>");
  o = c->user_data2 ? vb_part_text(o, c->user_data2) : vb_part_number(o, c->formula_result);
  return stpcpy(o, "</v></c>");
}

/* What stands behind the cell's attributes; the types that the writer gives. */
static char *put_content(char *o, const lxw_cell *c)
{
  switch (c->type) {
  case NUMBER_CELL: return stpcpy(vb_part_number(stpcpy(o, "><v>"), c->u.number), "</v></c>");
  case STRING_CELL: return stpcpy(vb_put_int(stpcpy(o, " t=\"s\"><v>"), c->u.string_id), "</v></c>");
  case INLINE_STRING_CELL: return stpcpy(put_string(stpcpy(o, " t=\"inlineStr\"><is>"), c->u.string, vb_part_text), "</is></c>");
  case INLINE_RICH_STRING_CELL: return stpcpy(stpcpy(stpcpy(o, " t=\"inlineStr\"><is>"), c->u.string), "</is></c>");
  case FORMULA_CELL: return put_formula(o, c);
  default: return stpcpy(o, "/>"); /* BLANK_CELL */
  }
}

static bool has_text(const lxw_cell *c)
{
  return c->type == INLINE_STRING_CELL || c->type == INLINE_RICH_STRING_CELL || c->type == FORMULA_CELL;
}

#define CELL_ROOM 160 /* of a cell without its text */

typedef void cell_fn(lxw_worksheet *ws, lxw_cell *c, lxw_format *row);
cell_fn vb_cell_print __asm__("_write_cell");

void vb_cell_print(lxw_worksheet *ws, lxw_cell *c, lxw_format *row)
{
  size_t text = has_text(c) ? strlen(c->u.string) + (c->user_data2 ? strlen(c->user_data2) : 0) : 0;
  if (c->type > FORMULA_CELL && c->type != BLANK_CELL) {
    cell_fn *print = NULL;
    vb_theirs("_write_cell", &print);
    if (print)
      print(ws, c, row);
    return;
  }
  if (c->type == BLANK_CELL && !c->format)
    return;
  int32_t format = format_of(ws, c, row);
  char *o = vb_part_line(5 * text + CELL_ROOM);
  if (!o)
    return;
  o = stpcpy(vb_part_cell(stpcpy(o, "<c r=\""), c->row_num, c->col_num), "\"");
  if (format)
    o = put_int(o, " s=\"", format);
  vb_part_put(ws->file, put_content(o, c));
}

/* Rows that went to a file as they were written are copied by the library into the part, which is read into the archive then: of a long
 * table 25 MB written and read once more. The part takes the file instead. */
typedef void data_fn(lxw_worksheet *ws);
data_fn vb_rows_take __asm__("_worksheet_write_optimized_sheet_data");

void vb_rows_take(lxw_worksheet *ws)
{
  static const char open[] = "<sheetData>";
  bool ours = ws->dim_rowmin != LXW_ROW_MAX && vb_part_is(ws->file) && vb_part_is(ws->optimize_tmpfile);
  if (ours)
    (void)fwrite(open, 1, sizeof open - 1, ws->file);
  if (ours && vb_part_take(ws->file, ws->optimize_tmpfile)) {
    lxw_xml_end_tag(ws->file, "sheetData");
    return;
  }
  data_fn *print = NULL;
  vb_theirs("_worksheet_write_optimized_sheet_data", &print);
  if (print && !ours)
    print(ws);
}

/* ---- formats ------------------------------------------------------------------------------------------------ */

/* The library's hash takes a format's 700 bytes one by one. Which bucket a format lies in shows nowhere. */
size_t vb_format_bucket(const void *data, size_t n, size_t buckets) __asm__("_generate_hash_key");

size_t vb_format_bucket(const void *data, size_t n, size_t buckets)
{
  const char *p = data;
  uint64_t hash = n, x = 0;
  for (; n >= sizeof x; p += sizeof x, n -= sizeof x) {
    memcpy(&x, p, sizeof x);
    hash = (hash ^ x) * 0x9E3779B97F4A7C15u;
    hash ^= hash >> 32;
  }
  for (; n > 0; n--)
    hash = hash * 31 + (unsigned char)*p++;
  return (size_t)(hash % buckets);
}

/* ---- shared strings ----------------------------------------------------------------------------------------- */

/* Both walk over each string before it is written: eight bytes at once. */
uint8_t vb_string_controls(const char *s) __asm__("lxw_has_control_characters");
size_t vb_string_length(const char *s) __asm__("lxw_utf8_strlen");

#define EACH_BYTE 0x0101010101010101u

static bool is_control(char c)
{
  return (unsigned char)c < ' ' && c != '\n' && c != '\t';
}

uint8_t vb_string_controls(const char *s)
{
  size_t n = strlen(s);
  uint64_t x;
  for (; n >= sizeof x; s += sizeof x, n -= sizeof x) {
    memcpy(&x, s, sizeof x);
    if (((x - EACH_BYTE * ' ') & ~x & EACH_BYTE * 0x80) == 0)
      continue;
    for (size_t i = 0; i < sizeof x; i++) /* a line feed, or a byte behind one */
      if (is_control(s[i]))
        return LXW_TRUE;
  }
  for (; n > 0; n--)
    if (is_control(*s++))
      return LXW_TRUE;
  return LXW_FALSE;
}

/* Characters: bytes without those that continue one, 10xxxxxx. */
size_t vb_string_length(const char *s)
{
  size_t n = strlen(s), rest = n, inside = 0;
  uint64_t x;
  for (; rest >= sizeof x; s += sizeof x, rest -= sizeof x) {
    memcpy(&x, s, sizeof x);
    inside += ((x >> 7 & ~(x >> 6) & EACH_BYTE) * EACH_BYTE) >> 56;
  }
  for (; rest > 0; rest--)
    inside += ((unsigned char)*s++ & 0xC0) == 0x80;
  return n - inside;
}

/* Control characters as the library writes them: "_x0007_". */
static char *put_controls(char *o, const char *s)
{
  static const char digits[] = "0123456789ABCDEF";
  for (; *s; s++) {
    const char one[] = {*s, 0}, hex[] = {'_', 'x', '0', '0', digits[(unsigned char)*s >> 4], digits[*s & 15], '_', 0};
    o = is_control(*s) ? stpcpy(o, hex) : vb_part_text(o, one);
  }
  return o;
}

void vb_strings_print(lxw_sst *strings) __asm__("_write_sst_strings");

void vb_strings_print(lxw_sst *strings)
{
  const struct sst_element *x;
  STAILQ_FOREACH(x, strings->order_list, sst_order_pointers) {
    char *o = vb_part_line(7 * strlen(x->string) + 64);
    if (!o)
      return;
    o = stpcpy(o, "<si>");
    if (x->is_rich_string)
      o = stpcpy(o, x->string);
    else
      o = put_string(o, x->string, vb_string_controls(x->string) ? put_controls : vb_part_text);
    vb_part_put(strings->file, stpcpy(o, "</si>"));
  }
}

static vb_map *known; /* string → struct sst_element of the workbook that is being made */
static bool lost;     /* one of it found no memory: the library writes merged cells without a look at what came of it */

void vb_strings_forget(void)
{
  vb_map_free(known);
  known = NULL;
  lost = false;
}

bool vb_strings_lost(void)
{
  return lost;
}

/* NULL when out of memory: what there is of it the library frees all the same. */
static struct sst_element *add(lxw_sst *strings, vb_span s, uint8_t rich)
{
  struct sst_element *x = vb_mem_give(sizeof *x);
  if (!x)
    return NULL;
  *x = (struct sst_element){.index = strings->unique_count++, .string = vb_mem_give(s.n + 1), .is_rich_string = rich};
  STAILQ_INSERT_TAIL(strings->order_list, x, sst_order_pointers);
  if (!x->string || !vb_map_put(known, s, x))
    return NULL;
  memcpy(x->string, s.p, s.n + 1);
  return x;
}

/* The library frees what stands in the list, and never looks into its tree, which stays empty. */
struct sst_element *lxw_get_sst_index(lxw_sst *strings, const char *string, uint8_t rich)
{
  vb_span s = vb_span_of(string);
  if (!known)
    known = vb_map_new();
  struct sst_element *x = known ? vb_map_get(known, s) : NULL;
  if (known && !x)
    x = add(strings, s, rich);
  lost |= x == NULL;
  strings->string_count += x != NULL;
  return x;
}
