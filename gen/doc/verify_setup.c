/* Proof of page set-up and type sizes against ND30 PL I, mục I and II. Part of room doc. */
#include "doc/doc_int.h"

#include <stdio.h>

/* Lengths that came from millimetres are off by rounding only. */
#define ROUNDING 10

static vb_status margin(vb_proof *p, const char *name, vb_len v, const int range[2])
{
  char is[32], may[32];
  if (v >= VB_MM(range[0]) - ROUNDING && v <= VB_MM(range[1]) + ROUNDING)
    return VB_OK;
  (void)snprintf(is, sizeof is, "%d.%d mm", (int)(v / 2835), (int)(v >= 0 ? v % 2835 * 10 / 2835 : 0));
  (void)snprintf(may, sizeof may, "%d–%d mm", range[0], range[1]);
  return VB_POST(p->d, VB_MSG_DOC_SETUP, VB_NOWHERE, name, is, may);
}

static vb_status number(vb_proof *p, const char *name, int v, const char *may, bool good)
{
  return good ? VB_OK : VB_POST(p->d, VB_MSG_DOC_SETUP, VB_NOWHERE, name, VB_NUM(v), may);
}

static bool near(vb_len a, vb_len b)
{
  return a >= b - ROUNDING && a <= b + ROUNDING;
}

vb_status vb_proof_setup(vb_proof *p)
{
  const vb_setup *u = &p->doc->setup;
  char set[2] = {u->size_set, 0};
  vb_status s = margin(p, "top", u->top, (const int[]){20, 25});
  if (s == VB_OK)
    s = margin(p, "bottom", u->bottom, (const int[]){20, 25});
  if (s == VB_OK)
    s = margin(p, "left", u->left, (const int[]){30, 35});
  if (s == VB_OK)
    s = margin(p, "right", u->right, (const int[]){15, 20});
  if (s == VB_OK && u->size_set != 'A' && u->size_set != 'B')
    s = VB_POST(p->d, VB_MSG_DOC_SETUP, VB_NOWHERE, "size set", set, "A (12/13/13), B (13/14/14)");
  if (s == VB_OK)
    s = number(p, "body size (1/2 pt)", u->body_size, "26–28", u->body_size >= 26 && u->body_size <= 28);
  if (s == VB_OK)
    s = number(p, "indent (1/1000 pt)", u->indent, "10 mm, 12.7 mm", near(u->indent, VB_MM(10)) || near(u->indent, VB_MM(12.7)));
  if (s == VB_OK)
    s = number(p, "paragraph gap (1/1000 pt)", u->para_gap, ">= 6000", u->para_gap >= VB_PT(6) && u->para_gap <= VB_PT(36));
  if (s == VB_OK)
    s = number(p, "line spacing (1/1000)", u->leading, "1000–1500", u->leading >= 1000 && u->leading <= 1500);
  return s;
}
