/* cli.c: the tables of verbs, options and examples as data, and what each verb calls. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

static vb_status run_BUILD(vb_call *c) {
  if (c->n_args > 0) c->options.job = c->args[0];
  return vb_batch_build(&c->options);
}

static vb_status run_CHECK(vb_call *c) {
  if (c->n_args > 0) c->options.job = c->args[0];
  return vb_batch_check(&c->options);
}

static vb_status run_FORMS(vb_call *c) {
  if (c->n_args > 0) c->options.job = c->args[0];
  return vb_batch_forms(&c->options);
}

static vb_status run_NEW(vb_call *c) { return vb_batch_new(&c->options, c->args[0], c->args[1]); }

static vb_status run_TRACE(vb_call *c) { return vb_batch_trace(&c->options, c->args[0]); }

static vb_status run_VERIFY(vb_call *c) { return vb_batch_verify(&c->options, c->n_args > 0 ? c->args[0] : NULL); }

static vb_status run_SIGN(vb_call *c) { return vb_batch_sign(&c->options, &c->sign, c->args, c->n_args); }

static vb_status run_MERGE(vb_call *c) { return vb_batch_merge(&c->options, c->args, c->n_args); }

static vb_status run_TEMPLATES(vb_call *c) { return vb_batch_templates(&c->options); }

const vb_verb vb_verbs[] = {
#define VB_VERB(id, name, args, least, most) {name, VB_MSG_##args, VB_MSG_HELP_##id, VB_MSG_MORE_##id, least, most, run_##id},
#include "cli/verbs.def"
#undef VB_VERB
};
const size_t vb_n_verbs = sizeof vb_verbs / sizeof vb_verbs[0];

/* The verbs of options.def as bits. */
enum {
#define VB_VERB(id, name, args, least, most) id = 1 << VB_VERB_##id,
#include "cli/verbs.def"
#undef VB_VERB
  EVERY = (1 << VB_VERBS) - 1
};

const vb_cli_option vb_cli_options[] = {
#define VB_OPTION(key, name, letter, value, verbs, help) {VB_KEY_##key, name, letter, value, verbs, VB_MSG_##help},
#include "cli/options.def"
#undef VB_OPTION
};
const size_t vb_n_cli_options = sizeof vb_cli_options / sizeof vb_cli_options[0];

const vb_cli_example vb_cli_examples[] = {
#define VB_EXAMPLE(verb, command, help) {VB_VERB_##verb, command, VB_MSG_##help},
#include "cli/examples.def"
#undef VB_EXAMPLE
};
const size_t vb_n_cli_examples = sizeof vb_cli_examples / sizeof vb_cli_examples[0];

bool vb_cli_has(const vb_verb *verb, const vb_cli_option *o) { return o->verbs >> (unsigned)(verb - vb_verbs) & 1u; }

const vb_verb *vb_cli_verb(const char *name) {
  for (size_t i = 0; i < vb_n_verbs; i++)
    if (strcmp(vb_verbs[i].name, name) == 0) return &vb_verbs[i];
  return NULL;
}

int vb_cli_exit(vb_status s) {
  switch (s) {
    case VB_OK:
    case VB_DONE: return 0;
    case VB_BAD: return 1;
    case VB_USAGE: return 2;
    case VB_SYSTEM:
    case VB_NOMEM: break;
  }
  return 3;
}

vb_lang vb_cli_lang(void) {
  static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
  for (size_t i = 0; i < 3; i++) {
    const char *v = getenv(names[i]);
    if (v != NULL && v[0] != '\0') return strncmp(v, "vi", 2) == 0 ? VB_VI : VB_EN;
  }
  return VB_EN;
}
