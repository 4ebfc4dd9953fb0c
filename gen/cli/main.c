/* main.c: from argv to an exit code. */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

static const vb_verb *find_verb(const char *name) {
  for (size_t i = 0; i < vb_n_verbs; i++)
    if (strcmp(vb_verbs[i].name, name) == 0) return &vb_verbs[i];
  return NULL;
}

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

static int unknown_verb(const char *name, vb_lang lang) {
  const char *near = nearest_verb(name);
  if (lang == VB_VI) {
    fprintf(stderr, "vanban: không có lệnh “%s”", name);
    if (near != NULL) fprintf(stderr, "; có phải bạn muốn gõ `%s`", near);
    fputs("; `vanban --help` liệt kê các lệnh\n", stderr);
  } else {
    fprintf(stderr, "vanban: there is no command \"%s\"", name);
    if (near != NULL) fprintf(stderr, "; did you mean `%s`", near);
    fputs("; `vanban --help` lists the commands\n", stderr);
  }
  return vb_cli_exit(VB_USAGE);
}

/* Words before the verb: --help, --version, --lang, --quiet, --verbose. */
static int before_verb(int argc, char **argv, vb_options *o, int *at) {
  vb_lang *lang = &o->lang;
  for (*at = 1; *at < argc && argv[*at][0] == '-'; ++*at) {
    const char *a = argv[*at];
    if (strcmp(a, "--help") == 0 || strcmp(a, "-?") == 0) {
      vb_cli_help(*lang);
      return 0;
    }
    if (strcmp(a, "--version") == 0 || strcmp(a, "-V") == 0) {
      puts(vb_generator());
      return 0;
    }
    bool quiet = strcmp(a, "--quiet") == 0 || strcmp(a, "-q") == 0, verbose = strcmp(a, "--verbose") == 0 || strcmp(a, "-v") == 0;
    o->quiet |= quiet;
    o->verbose |= verbose;
    if (quiet || verbose) continue;
    if (strcmp(a, "--lang") == 0 && *at + 1 < argc) a = argv[++*at];
    else if (strncmp(a, "--lang=", 7) == 0) a += 7;
    else return unknown_verb(a, *lang);
    if (strcmp(a, "vi") != 0 && strcmp(a, "en") != 0) return unknown_verb(a, *lang);
    *lang = strcmp(a, "vi") == 0 ? VB_VI : VB_EN;
  }
  return -1;
}

int main(int argc, char **argv) {
  /* LC_CTYPE alone: LC_NUMERIC stays "C", for a Vietnamese one corrupts the numbers of workbooks. */
  setlocale(LC_CTYPE, "");
  vb_call call;
  memset(&call, 0, sizeof call);
  call.options.lang = vb_cli_lang();
  call.sign.pass_fd = -1;
  int at = 1;
  int code = before_verb(argc, argv, &call.options, &at);
  if (code >= 0) return code;
  if (at >= argc) {
    vb_cli_help(call.options.lang);
    return vb_cli_exit(VB_USAGE);
  }
  const vb_verb *verb = find_verb(argv[at]);
  if (verb == NULL) return unknown_verb(argv[at], call.options.lang);
  vb_status s = vb_cli_parse(verb, argc - at, argv + at, &call);
  if (s == VB_OK) s = verb->run(&call);
  else if (s == VB_DONE) s = VB_OK;
  vb_mem_free(call.args);
  if (fflush(stdout) != 0 || ferror(stdout)) s = vb_worse(s, VB_SYSTEM);
  return vb_cli_exit(s);
}
