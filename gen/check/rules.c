/* rules.c: the table of rules, how its messages are filled, and its listing. For gen/check alone but for the two public calls. */
#include <string.h>

#include "check/check_int.h"

static const vb_check_rule rules[] = {
#define VB_CHECK_RULE(id, severity, scope, regions, basis, name_en, name_vi, en, vi) \
  {#id, severity, scope, regions, basis, name_en, name_vi, en, vi},
#include "check/rules.def"
#undef VB_CHECK_RULE
};

const vb_check_rule *vb_check_rule_get(vb_check_id id) { return &rules[id]; }

static void fill(const char *text, const char *const *args, size_t n, vb_buf *out) {
  for (const char *p = text; *p != '\0'; p++) {
    if (p[0] == '{' && p[1] >= '0' && p[1] <= '9' && p[2] == '}' && (size_t)(p[1] - '0') < n) {
      vb_buf_str(out, args[p[1] - '0']);
      p += 2;
    } else {
      vb_buf_char(out, *p);
    }
  }
}

vb_status vb_check_post(vb_diag *d, vb_check_id id, vb_severity severity, vb_place at, const char *const *args, size_t n) {
  vb_buf en, vi;
  vb_buf_init(&en);
  vb_buf_init(&vi);
  fill(rules[id].en, args, n, &en);
  fill(rules[id].vi, args, n, &vi);
  const char *en_text = vb_buf_cstr(&en), *vi_text = vb_buf_cstr(&vi);
  vb_status s = en.failed || vi.failed ? VB_NOMEM : vb_diag_post_rule(d, severity, rules[id].id, at, vi_text, en_text);
  vb_buf_free(&en);
  vb_buf_free(&vi);
  return s;
}

void vb_check_list(vb_lang lang, vb_buf *out) {
  for (size_t i = 0; i < VB_CHECK_RULES; i++) {
    const vb_check_rule *r = &rules[i];
    vb_buf_printf(out, "%s %s: %s (%s)\n", r->id, vb_severity_word(r->severity, lang), lang == VB_VI ? r->name_vi : r->name_en, r->basis);
  }
}
