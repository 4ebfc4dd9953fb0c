/* value: how a value prints: by its format, else by the type of its indicator or column. For gen/template alone.
 *
 * Running text writes counts below 10 with a leading zero (02 văn bản), tables as the form says (digits, zero, na, blank). */
#include "template/template_int.h"

#include <string.h>

static const struct { const char *name; vb_value_type type; } formats[VB_PRINTS] = {
#define VB_PRINT(id, name, arg, value_type) {name, value_type},
#include "template/formats.def"
#undef VB_PRINT
};

typedef struct vb_sheet { const vb_form *form; const vb_got *g; vb_print f; bool in_table; vb_buf *out; vb_value *typed; } vb_sheet;

static vb_value_type type_of(const vb_got *g) {
  if (!g->typed) return VB_VALUE_NUMBER;
  switch (g->type) {
  case VB_TYPE_PERCENT: return VB_VALUE_PERCENT;
  case VB_TYPE_MONEY: return VB_VALUE_MONEY;
  case VB_TYPE_DATE: return VB_VALUE_DATE;
  case VB_TYPE_TEXT:
  case VB_TYPE_PERIOD:
  case VB_TYPE_UNIT: return VB_VALUE_TEXT;
  default: return VB_VALUE_NUMBER;
  }
}

static void put(vb_sheet *p, vb_dec v, vb_number_format f, vb_value_type type) {
  vb_number_print(v, f, p->out);
  p->typed->type = type;
  p->typed->num = v;
  p->typed->min_digits = f.min_digits > 1 ? f.min_digits : 0;
}

/* SQL gives figures as scaled integers: the places of the format are the places of an integer that has no type of its own. */
static bool with_places(const vb_got *g, int places, vb_dec *out) {
  *out = g->num;
  if (places < 0) return true;
  if (!g->typed && g->num.places == 0) {
    out->places = places;
    return true;
  }
  return vb_dec_rescale(g->num, places, out);
}

static bool print_usual(vb_sheet *p) {
  const vb_got *g = p->g;
  vb_value_type type = type_of(g);
  if (!g->typed || g->type == VB_TYPE_CODE) {
    put(p, g->num, (vb_number_format){-1, false, 1, false}, VB_VALUE_NUMBER);
    return true;
  }
  bool zero = g->num.n == 0;
  if (p->in_table && zero && g->zero && strcmp(g->zero, "-") == 0) {
    vb_buf_str(p->out, "-");
    p->typed->type = type;
    p->typed->num = g->num;
    return true;
  }
  int digits = g->type != VB_TYPE_COUNT && g->type != VB_TYPE_GROUP ? 1 : p->in_table ? g->digits : zero ? 1 : 2;
  bool trim = !p->in_table && g->type == VB_TYPE_DECIMAL && !g->indicator; /* a column holds 1,50 where the office wrote 1,5 */
  put(p, g->num, (vb_number_format){-1, true, digits, trim}, type);
  return true;
}

static bool whole(const vb_got *g, int max, int *out) {
  *out = (int)g->num.n;
  return g->num.places == 0 && g->num.n >= 1 && g->num.n <= max;
}

static bool print_number(vb_sheet *p) {
  const vb_got *g = p->g;
  vb_dec v;
  int n;
  switch (p->f.id) {
  case VB_PRINT_NONE: return print_usual(p);
  case VB_PRINT_COUNT:
    put(p, g->num, (vb_number_format){-1, true, g->num.n == 0 ? 1 : 2, false}, VB_VALUE_NUMBER);
    return true;
  case VB_PRINT_PLAIN: put(p, g->num, (vb_number_format){-1, false, 1, false}, VB_VALUE_NUMBER); return true;
  case VB_PRINT_NUM:
  case VB_PRINT_PERCENT:
  case VB_PRINT_MONEY:
    if (!with_places(g, p->f.places, &v)) return false;
    put(p, v, (vb_number_format){-1, true, 1, false}, formats[p->f.id].type);
    if (p->f.id == VB_PRINT_PERCENT) vb_buf_str(p->out, "%");
    return true;
  case VB_PRINT_WORDS: vb_number_words(g->num, p->out); return true;
  case VB_PRINT_ROMAN: return whole(g, 3999, &n) && vb_number_roman(n, p->out);
  case VB_PRINT_LETTER:
    if (!whole(g, 600, &n)) return false;
    vb_number_letter(n, p->out);
    return true;
  case VB_PRINT_MONTH:
    if (!whole(g, 12, &n)) return false;
    vb_buf_printf(p->out, n <= 2 ? "%02d" : "%d", n);
    return true;
  case VB_PRINT_LABEL: {
    const char *label = p->form && g->indicator && g->num.places == 0 ? vb_form_code_label(p->form, g->indicator->codes, g->num.n) : NULL;
    vb_buf_str(p->out, label ? label : "");
    return label != NULL;
  }
  default: return false;
  }
}

static bool print_date(vb_sheet *p, bool as_long) {
  vb_date d;
  if (!vb_date_parse_iso(p->g->text, &d)) return false;
  if (p->f.id == VB_PRINT_MONTH) {
    vb_buf_printf(p->out, d.month <= 2 ? "%02u/%d" : "%u/%d", d.month, d.year);
    return true;
  }
  if (as_long) vb_date_print_long(d, p->out);
  else if (p->in_table) vb_date_print_numeric(d, p->out);
  else vb_date_print_short(d, p->out);
  p->typed->type = VB_VALUE_DATE;
  p->typed->date = d;
  return true;
}

static bool print_cased(vb_sheet *p) {
  vb_arena *a = vb_arena_new(0);
  vb_span s = p->g->text;
  if (a) s = p->f.id == VB_PRINT_UPPER ? vb_text_upper(a, s) : p->f.id == VB_PRINT_LOWER ? vb_text_lower(a, s) : vb_text_capital(a, s);
  if (!a || !s.p) p->out->failed = true;
  else vb_buf_span(p->out, s);
  vb_arena_free(a);
  return true;
}

static bool print_text(vb_sheet *p) {
  const vb_got *g = p->g;
  switch (p->f.id) {
  case VB_PRINT_NONE:
    if (g->typed && g->type == VB_TYPE_DATE) return print_date(p, false);
    break;
  case VB_PRINT_LABEL: /* of an indicator: with its marks */
  case VB_PRINT_MARKED:
  case VB_PRINT_NOTE:
  case VB_PRINT_PLAIN: break;
  case VB_PRINT_DATE:
  case VB_PRINT_MONTH: return print_date(p, false);
  case VB_PRINT_LONG_DATE: return print_date(p, true);
  case VB_PRINT_UPPER:
  case VB_PRINT_LOWER:
  case VB_PRINT_CAPITAL: return print_cased(p);
  default: return false;
  }
  vb_buf_span(p->out, g->text);
  return true;
}

vb_status vb_value_print(vb_diag *d, const vb_printing *what, vb_buf *out, vb_value *typed) {
  const vb_form *form = what->form;
  const vb_got *g = what->got;
  vb_sheet p = {form, g, what->format, what->in_table, out, typed};
  size_t from = out->n;
  bool fits = true;
  *typed = (vb_value){.type = VB_VALUE_NONE};
  if (g->known == VB_KNOWN_NOT) return VB_OK;
  if (g->known == VB_KNOWN_BLANK) {
    vb_buf_str(out, form && form->blank ? form->blank : "");
  } else if (g->known == VB_KNOWN_NA) {
    vb_buf_str(out, form && form->na ? form->na : "");
  } else if (g->known == VB_KNOWN_NUMBER) {
    fits = print_number(&p);
  } else {
    fits = print_text(&p);
  }
  if (out->failed) return VB_NOMEM;
  if (fits) return VB_OK;
  out->n = from;
  char shown[24];
  (void)vb_num_text(shown, sizeof shown, g->num.n);
  return VB_POST(d, VB_MSG_TEMPLATE_UNFIT, what->at, g->known == VB_KNOWN_NUMBER ? shown : VB_TXT(g->text), what->format.id ? formats[what->format.id].name : "date");
}
