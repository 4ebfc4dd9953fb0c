/* The input cell of an entry workbook: what it takes (data validation), what it says, and when it turns red. Part of room write; calls
 * libxlsxwriter.
 *
 * A validation warns and does not forbid: beside a figure, "-" and "KAD" are right answers too. */
#include <xlsxwriter.h>

#include "write/entry_int.h"

#include <string.h>

#define LIST_MAX 250     /* a validation's list has 255 characters at most, its commas counted */
#define MESSAGE_MAX 250  /* and so has its message */
#define EPOCH_1900 25569 /* days from 1899-12-30 to 1970-01-01 */

static bool is_number(vb_entry_type t)
{
  return t == VB_ENTRY_COUNT || t == VB_ENTRY_DECIMAL || t == VB_ENTRY_PERCENT || t == VB_ENTRY_MONEY;
}

static vb_entry_look look_of(const vb_entry_row *r)
{
  if (r->type == VB_ENTRY_DATE)
    return ENTRY_LOOK_INPUT_DATE;
  if (r->type == VB_ENTRY_TEXT)
    return ENTRY_LOOK_INPUT_TEXT;
  return (r->type == VB_ENTRY_COUNT || r->type == VB_ENTRY_MONEY) && r->places == 0 ? ENTRY_LOOK_INPUT_COUNT : ENTRY_LOOK_INPUT;
}

/* ---- figures ------------------------------------------------------------------------------------------------ */

vb_status vb_entry_figure_write(vb_book *b, vb_entry_book *k, uint32_t row, int column, const vb_entry_row *r, vb_entry_look look)
{
  const vb_entry_figure *f = column == ENTRY_BEFORE ? &r->before : &r->value;
  lxw_col_t c = (lxw_col_t)column;
  lxw_format *as = k->looks[look];
  vb_date day;
  char digits[64];
  if (f->text && r->type == VB_ENTRY_DATE && vb_date_parse_iso(vb_span_of(f->text), &day))
    return vb_book_error(b, (int)worksheet_write_number(k->ws, row, c, (double)(vb_date_days(day) + EPOCH_1900), as), VB_NOWHERE);
  if (f->text)
    return vb_book_error(b, (int)worksheet_write_string(k->ws, row, c, f->text, as), VB_NOWHERE);
  if (!f->has_num)
    return vb_book_error(b, (int)worksheet_write_blank(k->ws, row, c, as), VB_NOWHERE);
  if (f->num.n <= VB_XLSX_EXACT && f->num.n >= -VB_XLSX_EXACT)
    return vb_book_error(b, (int)worksheet_write_number(k->ws, row, c, vb_dec_to_double(f->num), as), VB_NOWHERE);
  (void)vb_dec_print(f->num, digits, sizeof digits);
  return vb_book_error(b, (int)worksheet_write_string(k->ws, row, c, digits, as), VB_NOWHERE);
}

/* ---- in words ----------------------------------------------------------------------------------------------- */

static void and_then(vb_buf *out)
{
  if (out->n)
    vb_buf_str(out, "; ");
}

static void say_type(const vb_entry_row *r, vb_buf *out)
{
  switch (r->type) {
  case VB_ENTRY_GROUP:
  case VB_ENTRY_TEXT: return;
  case VB_ENTRY_PERCENT: vb_buf_str(out, "từ 0 đến 100"); return;
  case VB_ENTRY_DATE: vb_buf_str(out, "ngày/tháng/năm"); return;
  case VB_ENTRY_CODE:
    for (size_t i = 0; i < r->n_choices; i++) {
      and_then(out);
      vb_buf_printf(out, "%s = %s", r->choices[i].value, r->choices[i].label);
    }
    return;
  case VB_ENTRY_COUNT:
  case VB_ENTRY_MONEY:
  case VB_ENTRY_DECIMAL: break;
  }
  if (r->places > 0)
    vb_buf_printf(out, "tối đa %d chữ số thập phân", r->places);
  else
    vb_buf_str(out, r->type == VB_ENTRY_DECIMAL ? "số nguyên" : "số nguyên từ 0");
}

const char *vb_entry_rule_text(vb_book *b, const vb_entry_book *k, const vb_entry_row *r)
{
  vb_buf out;
  vb_buf_init(&out);
  if (r->closed)
    vb_buf_str(&out, "cấp này không báo cáo");
  else
    say_type(r, &out);
  for (size_t i = 0; i < r->n_checks && !r->closed; i++) {
    const vb_entry_check *c = &r->checks[i];
    if (!vb_map_get(k->rows, vb_span_of(c->a)) || (c->rule == VB_ENTRY_RATIO && !vb_map_get(k->rows, vb_span_of(c->b))))
      continue;
    and_then(&out);
    if (c->rule == VB_ENTRY_NOT_ABOVE)
      vb_buf_printf(&out, "≤ %s", c->a);
    else if (c->scale == 1)
      vb_buf_printf(&out, "= %s : %s", c->a, c->b);
    else
      vb_buf_printf(&out, "= %s : %s × %d", c->a, c->b, c->scale);
  }
  const char *s = out.failed ? NULL : vb_arena_str(b->scratch, out.n ? out.p : "", out.n);
  vb_buf_free(&out);
  return s;
}

/* ---- validation --------------------------------------------------------------------------------------------- */

/* The values of a code list for the drop-down; false when they are too many for one. */
static bool list_of(vb_book *b, const vb_entry_row *r, char ***list, bool *failed)
{
  size_t length = 0;
  *list = VB_NEW_ARRAY(b->scratch, char *, r->n_choices + 1);
  *failed = *list == NULL;
  for (size_t i = 0; i < r->n_choices && !*failed; i++) {
    const char *v = r->choices[i].value;
    length += strlen(v) + 1;
    (*list)[i] = vb_arena_str(b->scratch, v, strlen(v));
    *failed = (*list)[i] == NULL || strchr(v, ',') != NULL;
  }
  return !*failed && length <= LIST_MAX && r->n_choices > 0;
}

/* Cuts at a whole character. */
static char *shortened(vb_book *b, const char *s)
{
  size_t n = 0, count = 0;
  while (s[n] && count < MESSAGE_MAX) {
    do
      n++;
    while (((unsigned char)s[n] & 0xC0) == 0x80);
    count++;
  }
  return vb_arena_str(b->scratch, s, n);
}

static void limit(lxw_data_validation *v, uint8_t type, double least, double most)
{
  v->validate = type;
  v->criteria = LXW_VALIDATION_CRITERIA_BETWEEN;
  v->minimum_number = least;
  v->maximum_number = most;
}

static vb_status validate(vb_book *b, vb_entry_book *k, const vb_entry_row *r)
{
  lxw_data_validation v = {.validate = LXW_VALIDATION_TYPE_ANY, .error_type = LXW_VALIDATION_ERROR_TYPE_WARNING};
  bool failed = false;
  char **list = NULL;
  if (is_number(r->type) && r->places == 0 && r->type != VB_ENTRY_PERCENT && r->type != VB_ENTRY_DECIMAL) {
    v.validate = LXW_VALIDATION_TYPE_INTEGER;
    v.criteria = LXW_VALIDATION_CRITERIA_GREATER_THAN_OR_EQUAL_TO; /* than value_number, 0 */
  } else if (r->type == VB_ENTRY_PERCENT) {
    limit(&v, LXW_VALIDATION_TYPE_DECIMAL, 0, 100);
  } else if (is_number(r->type)) {
    limit(&v, LXW_VALIDATION_TYPE_DECIMAL, r->type == VB_ENTRY_DECIMAL ? -(double)VB_XLSX_EXACT : 0, (double)VB_XLSX_EXACT);
  } else if (r->type == VB_ENTRY_DATE) {
    v.validate = LXW_VALIDATION_TYPE_DATE;
    v.criteria = LXW_VALIDATION_CRITERIA_BETWEEN;
    v.minimum_datetime = (lxw_datetime){.year = 1901, .month = 1, .day = 1};
    v.maximum_datetime = (lxw_datetime){.year = 2999, .month = 12, .day = 31};
  } else if (r->type == VB_ENTRY_CODE && list_of(b, r, &list, &failed)) {
    v.validate = LXW_VALIDATION_TYPE_LIST;
    v.value_list = (void *)list; /* const in libxlsxwriter 1.2 and not in 1.1: void fits both */
  }
  if (failed && !v.value_list)
    return VB_NOMEM;
  const char *rule = vb_entry_rule_text(b, k, r);
  if (!rule || !(v.input_message = shortened(b, rule)))
    return VB_NOMEM;
  if (*v.input_message == '\0')
    return VB_OK; /* any text */
  char title[] = "Điều kiện", wrong[] = "Số liệu chưa đúng điều kiện", *why = vb_arena_printf(b->scratch, "%s. Vẫn giữ (ví dụ KAD: không áp dụng)?", rule);
  if (!why || !(why = shortened(b, why)))
    return VB_NOMEM;
  v.input_title = title;
  v.error_title = wrong;
  v.error_message = why;
  return vb_book_error(b, (int)worksheet_data_validation_cell(k->ws, vb_entry_sheet_row(k->e, r), ENTRY_VALUE, &v), VB_NOWHERE);
}

/* ---- red ---------------------------------------------------------------------------------------------------- */

static vb_status redden(vb_book *b, vb_entry_book *k, const vb_entry_row *r, char *formula)
{
  if (!formula)
    return VB_NOMEM;
  lxw_conditional_format c = {.type = LXW_CONDITIONAL_TYPE_FORMULA, .value_string = formula, .format = k->looks[ENTRY_LOOK_BAD]};
  return vb_book_error(b, (int)worksheet_conditional_format_cell(k->ws, vb_entry_sheet_row(k->e, r), ENTRY_VALUE, &c), VB_NOWHERE);
}

static void cell_of(const vb_entry_book *k, const vb_entry_row *r, char out[LXW_MAX_CELL_NAME_LENGTH])
{
  lxw_rowcol_to_cell(out, vb_entry_sheet_row(k->e, r), ENTRY_VALUE);
}

static char *not_in_list(vb_book *b, const vb_entry_row *r, const char *x)
{
  vb_buf f;
  vb_buf_init(&f);
  vb_buf_printf(&f, "=AND(%s<>\"\",UPPER(%s)<>\"KAD\"", x, x);
  for (size_t i = 0; i < r->n_choices; i++) {
    vb_buf_printf(&f, ",%s&\"\"<>\"", x);
    for (const char *c = r->choices[i].value; *c; c++) {
      if (*c == '"')
        vb_buf_char(&f, '"');
      vb_buf_char(&f, *c);
    }
    vb_buf_char(&f, '"');
  }
  vb_buf_char(&f, ')');
  char *s = f.failed ? NULL : vb_arena_str(b->scratch, f.p, f.n);
  vb_buf_free(&f);
  return s;
}

static vb_status redden_type(vb_book *b, vb_entry_book *k, const vb_entry_row *r)
{
  char x[LXW_MAX_CELL_NAME_LENGTH];
  cell_of(k, r, x);
  if (r->type == VB_ENTRY_DATE)
    return redden(b, k, r, vb_arena_printf(b->scratch, "=AND(%s<>\"\",NOT(ISNUMBER(%s)))", x, x));
  if (r->type == VB_ENTRY_CODE)
    return r->n_choices ? redden(b, k, r, not_in_list(b, r, x)) : VB_OK;
  if (!is_number(r->type))
    return VB_OK;
  const char *range = r->type == VB_ENTRY_DECIMAL ? "" : r->type == VB_ENTRY_PERCENT ? vb_arena_printf(b->scratch, "%s<0,%s>100,", x, x)
                                                        : vb_arena_printf(b->scratch, "%s<0,", x);
  if (!range)
    return VB_NOMEM;
  vb_status st = redden(b, k, r, vb_arena_printf(b->scratch, "=IF(ISNUMBER(%s),OR(%sROUND(%s,%d)<>%s),FALSE)", x, range, x, r->places, x));
  return st != VB_OK ? st
                     : redden(b, k, r, vb_arena_printf(b->scratch,
                         "=AND(ISTEXT(%s),%s<>\"\",%s<>\"-\",UPPER(%s)<>\"KAD\",LOWER(%s)<>\"n/a\",LOWER(%s)<>\"không áp dụng\")", x, x, x, x, x, x));
}

static vb_status redden_check(vb_book *b, vb_entry_book *k, const vb_entry_row *r, const vb_entry_check *c)
{
  const vb_entry_row *ra = vb_map_get(k->rows, vb_span_of(c->a)), *rb = c->rule == VB_ENTRY_RATIO ? vb_map_get(k->rows, vb_span_of(c->b)) : NULL;
  char x[LXW_MAX_CELL_NAME_LENGTH], xa[LXW_MAX_CELL_NAME_LENGTH], xb[LXW_MAX_CELL_NAME_LENGTH];
  if (!ra || (c->rule == VB_ENTRY_RATIO && !rb))
    return VB_OK;
  cell_of(k, r, x);
  cell_of(k, ra, xa);
  if (c->rule == VB_ENTRY_NOT_ABOVE)
    return redden(b, k, r, vb_arena_printf(b->scratch, "=AND(ISNUMBER(%s),ISNUMBER(%s),%s>%s)", x, xa, x, xa));
  cell_of(k, rb, xb);
  /* IF, for AND would still divide by zero. One decimal is enough, for offices round to it: 56,1 is right for 56,06. */
  return redden(b, k, r, vb_arena_printf(b->scratch, "=IF(AND(ISNUMBER(%s),ISNUMBER(%s),ISNUMBER(%s)),IF(%s=0,FALSE,ABS(%s-%s*%d/%s)>%s),FALSE)", x, xa, xb, xb, x, xa,
    c->scale, xb, r->places > 0 ? "0.0500001" : "0.5000001"));
}

vb_status vb_entry_input_write(vb_book *b, vb_entry_book *k, const vb_entry_row *r)
{
  vb_status st = vb_entry_figure_write(b, k, vb_entry_sheet_row(k->e, r), ENTRY_VALUE, r, look_of(r));
  if (st == VB_OK)
    st = validate(b, k, r);
  if (st == VB_OK)
    st = redden_type(b, k, r);
  for (size_t i = 0; i < r->n_checks && st == VB_OK; i++)
    st = redden_check(b, k, r, &r->checks[i]);
  return st;
}
