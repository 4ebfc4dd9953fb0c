/* main.c: from argv to an exit code. */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

static const char *nearest_verb(const char *name) {
  const char *best = NULL;
  size_t best_distance = 3;
  for (size_t i = 0; i < vb_n_verbs; i++) {
    size_t n = vb_edit_distance(vb_span_of(name), vb_span_of(vb_verbs[i].name), 2);
    if (n < best_distance) {
      best_distance = n;
      best = vb_verbs[i].name;
    }
  }
  return best;
}

#define KEEP_BYTES ((size_t)16 << 20) /* most documents need less, and a process may take four times as much */

/* A folder where the verb should stand: the verb was left out. */
static bool is_job(const char *path) {
  char file[4096];
  int n = snprintf(file, sizeof file, "%s/job.xml", path);
  return n > 0 && (size_t)n < sizeof file && vb_file_exists(file);
}

static int unknown_verb(const char *name, vb_lang lang) {
  const char *near = nearest_verb(name);
  if (is_job(name)) VB_SAY(stderr, lang, VB_MSG_CLI_VERB_JOB, name);
  else if (near != NULL) VB_SAY(stderr, lang, VB_MSG_CLI_VERB_NEAR, name, near);
  else VB_SAY(stderr, lang, VB_MSG_CLI_VERB, name);
  return vb_cli_exit(VB_USAGE);
}

static int unknown_option(const char *name, vb_lang lang) {
  VB_SAY(stderr, lang, VB_MSG_CLI_OPTION_BEFORE, name);
  return vb_cli_exit(VB_USAGE);
}

/* Words before the verb: --help, --version, --lang, --quiet, --verbose. The exit code, or -1 to go on at *at. */
static int before_verb(int argc, char **argv, vb_options *o, int *at) {
  for (*at = 1; *at < argc && argv[*at][0] == '-'; ++*at) {
    const char *a = argv[*at];
    bool quiet = strcmp(a, "--quiet") == 0 || strcmp(a, "-q") == 0, verbose = strcmp(a, "--verbose") == 0 || strcmp(a, "-v") == 0;
    o->quiet |= quiet;
    o->verbose |= verbose;
    if (quiet || verbose) continue;
    if (strcmp(a, "--help") == 0 || strcmp(a, "-h") == 0) {
      vb_cli_help(o->lang);
      return 0;
    }
    if (strcmp(a, "--version") == 0 || strcmp(a, "-V") == 0) {
      puts(vb_generator());
      return 0;
    }
    const char *lang = strncmp(a, "--lang=", 7) == 0 ? a + 7 : strcmp(a, "--lang") == 0 && *at + 1 < argc ? argv[++*at] : NULL;
    if (lang == NULL) return unknown_option(a, o->lang);
    if (strcmp(lang, "vi") != 0 && strcmp(lang, "en") != 0) {
      VB_SAY(stderr, o->lang, VB_MSG_CLI_LANG, lang);
      return vb_cli_exit(VB_USAGE);
    }
    o->lang = strcmp(lang, "vi") == 0 ? VB_VI : VB_EN;
  }
  return -1;
}

/* `vanban help build` is what people try first. */
static int help(const char *name, vb_lang lang) {
  const vb_verb *verb = name == NULL ? NULL : vb_cli_verb(name);
  if (name != NULL && verb == NULL) return unknown_verb(name, lang);
  if (verb != NULL) vb_cli_verb_help(verb, lang);
  else vb_cli_help(lang);
  return 0;
}

/* Here alone, for all verbs: what findings are kept in may be what there was no memory for, and the end of what is printed is met here. */
static void say_fault(vb_msg m, vb_lang lang) {
  fprintf(stderr, "vanban: %s: %s [%s]\n", vb_severity_word(VB_FATAL, lang), vb_msg_word(m, lang), vb_msg_get(m)->rule);
}

static int run(int argc, char **argv, vb_call *call) {
  int at = 1;
  int code = before_verb(argc, argv, &call->options, &at);
  if (code >= 0) return code;
  if (at >= argc) {
    vb_cli_help(call->options.lang);
    return vb_cli_exit(VB_USAGE);
  }
  if (strcmp(argv[at], "help") == 0) return help(at + 1 < argc ? argv[at + 1] : NULL, call->options.lang);
  const vb_verb *verb = vb_cli_verb(argv[at]);
  if (verb == NULL) return unknown_verb(argv[at], call->options.lang);
  vb_mem_keep(KEEP_BYTES);
  vb_status s = vb_cli_parse(verb, argc - at, argv + at, call);
  vb_mem_strict(call->options.lang); /* libxlsxwriter goes on without what it did not get, OpenSSL crashes */
  if (s == VB_OK) s = verb->run(call);
  else if (s == VB_DONE) s = VB_OK;
  if (s == VB_NOMEM) say_fault(VB_MSG_NO_MEMORY, call->options.lang);
  vb_mem_free(call->args);
  return vb_cli_exit(s);
}

int main(int argc, char **argv) {
  /* LC_CTYPE alone: LC_NUMERIC stays "C", for a Vietnamese one corrupts the numbers of workbooks. */
  setlocale(LC_CTYPE, "");
  vb_call call;
  memset(&call, 0, sizeof call);
  call.options.lang = vb_cli_lang();
  call.sign.pass_fd = -1;
  int code = run(argc, argv, &call);
  if (fflush(stdout) == 0 && !ferror(stdout)) return code;
  int lost = vb_cli_exit(VB_SYSTEM);
  if (code != lost) say_fault(VB_MSG_CLI_OUTPUT, call.options.lang); /* else it has its message */
  return lost;
}
