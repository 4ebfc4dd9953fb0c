/* cli: verbs, options, exit codes. The only room that knows getopt.
 *
 *   verbs.def, options.def, examples.def   the three tables
 *   cli.c     the tables as data, what each verb does, exit codes
 *   parse.c   one command line → vb_call
 *   help.c    help in both languages
 *   main.c    from argv to an exit code
 *
 * Invariants
 *  1. One table of verbs and one of options: parsing, help, suggestions for misspelt names, the bash completion and the manual come from them.
 *  2. Every text is of the catalogue (messages.def), so that help and complaints come in both languages whatever the locale is.
 *  3. Exit codes are 0, 1, 2, 3; vb_cli_exit is the one place that makes them.
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
  vb_msg args;                    /* of the usage line; VB_MSG_COUNT: takes none */
  vb_msg help, more;              /* one line; a paragraph */
  int min_args, max_args;
  vb_status (*run)(vb_call *call);
} vb_verb;

extern const vb_verb vb_verbs[];
extern const size_t vb_n_verbs;

typedef enum vb_verb_id {
#define VB_VERB(id, name, args, least, most) VB_VERB_##id,
#include "cli/verbs.def"
#undef VB_VERB
  VB_VERBS
} vb_verb_id;

/* Keys begin above the letters, which getopt gives as themselves. */
typedef enum vb_cli_key { VB_KEY_FIRST = 256, VB_KEY_OUTPUT, VB_KEY_FORMATS, VB_KEY_UNIT, VB_KEY_DOCUMENT, VB_KEY_JOBS, VB_KEY_FORCE, VB_KEY_SHARD, VB_KEY_STRICT, VB_KEY_REPLACE_SIGNED, VB_KEY_DATE, VB_KEY_DB,
  VB_KEY_ENCODING, VB_KEY_FONT_DIR, VB_KEY_PDFA, VB_KEY_ARCHIVE, VB_KEY_PREVIEW, VB_KEY_FORMAT, VB_KEY_LIST_RULES, VB_KEY_CODE, VB_KEY_PERIOD, VB_KEY_TRUST, VB_KEY_P12, VB_KEY_PKCS11,
  VB_KEY_PASS_FD, VB_KEY_ROLE, VB_KEY_TIME, VB_KEY_REASON, VB_KEY_IMAGE, VB_KEY_LANG, VB_KEY_QUIET, VB_KEY_VERBOSE, VB_KEY_HELP, VB_KEY_VERSION } vb_cli_key;

typedef struct vb_cli_option {
  vb_cli_key key;
  const char *name;
  char letter;        /* 0: none */
  const char *value;  /* NULL: takes none; "a|b": one of these words */
  unsigned verbs;     /* bits by vb_verb_id */
  vb_msg help;
} vb_cli_option;

extern const vb_cli_option vb_cli_options[];
extern const size_t vb_n_cli_options;

typedef struct vb_cli_example { vb_verb_id verb; const char *command; vb_msg help; } vb_cli_example;
extern const vb_cli_example vb_cli_examples[];
extern const size_t vb_n_cli_examples;

bool vb_cli_has(const vb_verb *verb, const vb_cli_option *o);
const vb_verb *vb_cli_verb(const char *name);  /* NULL: none of this name */

/* The language of messages: vi under a Vietnamese LC_ALL, LC_MESSAGES or LANG, else en. */
vb_lang vb_cli_lang(void);
/* Parses what stands behind the verb. Wrong usage is said on standard error: VB_USAGE. VB_DONE: help or version was printed. */
vb_status vb_cli_parse(const vb_verb *verb, int argc, char **argv, vb_call *call);
/* K and N of "K/N", or of "auto" from the environment (shard.c). False: it is neither, or K is not from 1 to N. */
bool vb_cli_shard(const char *arg, int *shard, int *shards);
/* Whether a word that is a list of words "a|b" holds this one; else *near is the nearest of them, or empty. */
bool vb_cli_one_of(const char *words, vb_span word, vb_span *near);
void vb_cli_help(vb_lang lang);       /* of the program, to standard output */
void vb_cli_verb_help(const vb_verb *verb, vb_lang lang);
int vb_cli_exit(vb_status s);

#endif
