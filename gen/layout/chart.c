#include "layout/layout_int.h"
vb_status vb_chart_lay(vb_layout *l, const vb_context *c, vb_stack *s, const vb_node *chart) { (void)l;(void)c;(void)s;(void)chart; return VB_OK; }
