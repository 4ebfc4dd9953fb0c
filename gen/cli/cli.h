/* cli: verbs, options, exit codes. The only room that knows argp.
 *
 * Invariants
 *  1. One table of verbs and one of options (cli.c): parsing, help in both languages and the suggestions for misspelt names come from them.
 *  2. Exit codes are product.md's: 0, 1, 2, 3; vb_cli_exit is the one place that makes them.
 */
#ifndef VB_CLI_H
#define VB_CLI_H

#include "base/base.h"
#include "batch/batch.h"

typedef struct vb_call vb_call; /* one command line, parsed */

struct vb_call {
  vb_options options;
  vb_sign_request sign;
  const char **args; int n_args; /* what is no option, behind the verb */
};

typedef struct vb_verb {
  const char *name;
  const char *args_en, *args_vi;  /* of the usage line */
  const char *en, *vi;            /* one line each */
  int min_args, max_args;
  vb_status (*run)(vb_call *call);
} vb_verb;

extern const vb_verb vb_verbs[];
extern const size_t vb_n_verbs;

/* The language of messages: vi under a Vietnamese LC_ALL, LC_MESSAGES or LANG, else en. */
vb_lang vb_cli_lang(void);
/* Parses what stands behind the verb. Wrong usage is said on standard error: VB_USAGE. VB_DONE: help was printed. */
vb_status vb_cli_parse(const vb_verb *verb, int argc, char **argv, vb_call *call);
void vb_cli_help(vb_lang lang);       /* of the program, to standard output */
int vb_cli_exit(vb_status s);

#endif
