/* help.c: help of the program and of its verbs, from the tables, wrapped for a terminal of 80 columns. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

enum { WIDTH = 80, OPTION_COLUMN = 27 };

static const char *text(vb_msg m, vb_lang lang) { return vb_msg_word(m, lang); }

/* Columns that a text takes: its characters, for the catalogue holds composed letters alone. */
static size_t columns(vb_span s) {
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++) n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
  return n;
}

static void spaces(size_t n) {
  for (size_t i = 0; i < n; i++) putchar(' ');
}

/* Prints words from column `at` on, and breaks lines so that they begin at `left`. */
static void wrapped(const char *s, size_t at, size_t left) {
  bool first = true;
  for (;;) {
    while (*s == ' ') s++;
    if (*s == '\0') break;
    vb_span word = {s, strcspn(s, " ")};
    size_t n = columns(word);
    if (!first && at + 1 + n > WIDTH) {
      putchar('\n');
      spaces(at = left);
      first = true;
    }
    if (!first) putchar(' ');
    fwrite(word.p, 1, word.n, stdout);
    at += n + !first;
    first = false;
    s += word.n;
  }
  putchar('\n');
}

static void help_option(const vb_cli_option *o, vb_lang lang) {
  char head[80], letter[8] = "    ";
  if (o->letter != 0) snprintf(letter, sizeof letter, "-%c, ", o->letter);
  snprintf(head, sizeof head, "  %s--%s%s%s", letter, o->name, o->value != NULL ? "=" : "", o->value != NULL ? o->value : "");
  fputs(head, stdout);
  size_t at = strlen(head);
  if (at + 2 > OPTION_COLUMN) {
    putchar('\n');
    at = 0;
  }
  spaces(OPTION_COLUMN - at);
  wrapped(text(o->help, lang), OPTION_COLUMN, OPTION_COLUMN);
}

void vb_cli_verb_help(const vb_verb *verb, vb_lang lang) {
  const char *args = verb->args == VB_MSG_COUNT ? "" : text(verb->args, lang);
  VB_SAY(stdout, lang, VB_MSG_HELP_USAGE, verb->name, args);
  wrapped(text(verb->help, lang), 0, 0);
  putchar('\n');
  wrapped(text(verb->more, lang), 0, 0);
  putchar('\n');
  VB_SAY(stdout, lang, VB_MSG_HELP_OPTIONS);
  for (size_t i = 0; i < vb_n_cli_options; i++)
    if (vb_cli_has(verb, &vb_cli_options[i])) help_option(&vb_cli_options[i], lang);
  putchar('\n');
  VB_SAY(stdout, lang, VB_MSG_HELP_EXAMPLES);
  for (size_t i = 0; i < vb_n_cli_examples; i++) {
    const vb_cli_example *e = &vb_cli_examples[i];
    if (&vb_verbs[e->verb] != verb) continue;
    printf("  %s\n      ", e->command);
    wrapped(text(e->help, lang), 6, 6);
  }
}

void vb_cli_help(vb_lang lang) {
  size_t names = 0, args = 0;
  for (size_t i = 0; i < vb_n_verbs; i++) {
    size_t n = strlen(vb_verbs[i].name), k = vb_verbs[i].args == VB_MSG_COUNT ? 0 : columns(vb_span_of(text(vb_verbs[i].args, lang)));
    if (n > names) names = n;
    if (k > args) args = k;
  }
  VB_SAY(stdout, lang, VB_MSG_HELP_PROGRAM);
  putchar('\n');
  VB_SAY(stdout, lang, VB_MSG_HELP_PROGRAM_USAGE);
  putchar('\n');
  for (size_t i = 0; i < vb_n_verbs; i++) {
    const vb_verb *v = &vb_verbs[i];
    const char *a = v->args == VB_MSG_COUNT ? "" : text(v->args, lang);
    printf("  %s", v->name);
    spaces(names - strlen(v->name) + 1);
    fputs(a, stdout);
    spaces(args - columns(vb_span_of(a)) + 2);
    wrapped(text(v->help, lang), names + args + 5, names + args + 5);
  }
  putchar('\n');
  wrapped(text(VB_MSG_HELP_PROGRAM_BEFORE, lang), 0, 0);
  putchar('\n');
  wrapped(text(VB_MSG_HELP_PROGRAM_EXIT, lang), 0, 0);
}
