/* parse.c: what stands behind a verb → vb_call. getopt splits the words; what is wrong with them is said here, with the nearest right word. */
#define _DEFAULT_SOURCE
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

enum { OPTIONS_MAX = 64, NEAR = 3 };

typedef struct parsing { const vb_verb *verb; vb_call *call; vb_status status; } parsing;

/* Says what is wrong; the first argument of each message is the verb. */
#define WRONG(p, m, ...) ((p)->status = VB_USAGE, VB_SAY(stderr, (p)->call->options.lang, (m), (p)->verb->name, __VA_ARGS__))

static const char *usage_args(const parsing *p) {
  if (p->verb->args == VB_MSG_COUNT) return "";
  return vb_msg_word(p->verb->args, p->call->options.lang);
}

bool vb_cli_one_of(const char *words, vb_span word, vb_span *near) {
  size_t best = NEAR;
  *near = (vb_span){"", 0};
  for (const char *s = words; *s != '\0';) {
    vb_span w = {s, strcspn(s, "|")};
    if (vb_span_eq(w, word)) return true;
    size_t n = vb_edit_distance(word, w, NEAR - 1);
    if (n < best && n < w.n) {
      best = n;
      *near = w;
    }
    s += w.n + (s[w.n] == '|');
  }
  return false;
}

/* One of the words of the value, or wrong usage that names them. */
static bool one_of(parsing *p, const char *option, const char *words, vb_span word) {
  vb_span near;
  if (vb_cli_one_of(words, word, &near)) return true;
  char shown[128];
  size_t n = 0;
  for (const char *s = words; *s != '\0' && n + 3 < sizeof shown; s++) {
    shown[n++] = (char)(*s == '|' ? ',' : *s);
    if (*s == '|') shown[n++] = ' ';
  }
  shown[n] = '\0';
  if (near.n > 0) WRONG(p, VB_MSG_CLI_VALUE_NEAR, option, shown, VB_TXT(word), VB_TXT(near));
  else WRONG(p, VB_MSG_CLI_VALUE, option, shown, VB_TXT(word));
  return false;
}

static void set_formats(parsing *p, const char *list) {
  vb_options *o = &p->call->options;
  for (const char *s = list; p->status == VB_OK;) {
    vb_span name = {s, strcspn(s, ",")};
    vb_format f;
    if (!one_of(p, "-f", "pdf|xlsx|edxml|tree|pages", name)) return;
    if (vb_span_is(name, "edxml")) {
      o->edxml = true;
      o->formats |= 1u << VB_FORMAT_PDF;
    } else if (vb_format_by_name(name, &f)) {
      o->formats |= 1u << f;
    }
    s += name.n;
    if (*s++ == '\0') return;
  }
}

typedef struct range { int least, most; const char *text; } range;

static void set_number(parsing *p, const char *option, range r, const char *arg, int *out) {
  bool digits = arg[0] != '\0' && strspn(arg, "0123456789") == strlen(arg) && strlen(arg) <= 4;
  int n = digits ? atoi(arg) : -1;
  if (n < r.least || n > r.most) WRONG(p, VB_MSG_CLI_VALUE, option, r.text, arg);
  else *out = n;
}

static void set_shard(parsing *p, const char *arg) {
  vb_options *o = &p->call->options;
  if (vb_cli_shard(arg, &o->shard, &o->shards)) return;
  if (strcmp(arg, "auto") == 0) WRONG(p, VB_MSG_CLI_SHARD_AUTO, arg);
  else WRONG(p, VB_MSG_CLI_SHARD, arg);
}

static void set_date(parsing *p, const char *arg) {
  if (!vb_date_parse_iso(vb_span_of(arg), &p->call->options.date)) WRONG(p, VB_MSG_CLI_DATE, arg);
}

static void set_encoding(parsing *p, const char *arg) {
  if (vb_encoding_by_name(vb_span_of(arg), &p->call->options.encoding)) return;
  if (one_of(p, "--encoding", "utf-8|utf-16|windows-1258|tcvn3|vni", vb_span_of(arg))) p->status = VB_USAGE;
}

static void set(parsing *p, int key, const char *arg) {
  vb_options *o = &p->call->options;
  vb_sign_request *sign = &p->call->sign;
  switch (key) {
    case VB_KEY_OUTPUT: o->output = arg; break;
    case VB_KEY_FORMATS: set_formats(p, arg); break;
    case VB_KEY_UNIT: o->units = arg; break;
    case VB_KEY_DOCUMENT: o->documents = arg; break;
    case VB_KEY_JOBS: set_number(p, "--jobs", (range){1, 256, "1 … 256"}, arg, &o->workers); break;
    case VB_KEY_FORCE: o->force = true; break;
    case VB_KEY_SHARD: set_shard(p, arg); break;
    case VB_KEY_STRICT: o->strict = true; break;
    case VB_KEY_REPLACE_SIGNED: o->replace_signed = true; break;
    case VB_KEY_DATE: set_date(p, arg); break;
    case VB_KEY_DB: o->db = arg; break;
    case VB_KEY_ENCODING: set_encoding(p, arg); break;
    case VB_KEY_FONT_DIR: o->font_dir = arg; break;
    case VB_KEY_PDFA: o->pdfa = strcmp(arg, "3a") == 0 ? VB_PDFA_3A : VB_PDFA_2A; break;
    case VB_KEY_PREVIEW: o->preview = true; break;
    case VB_KEY_FORMAT:
      o->json = strcmp(arg, "json") == 0;
      o->csv = strcmp(arg, "csv") == 0;
      break;
    case VB_KEY_ARCHIVE: o->archive = true; break;
    case VB_KEY_LIST_RULES: o->list_rules = true; break;
    case VB_KEY_CODE: o->code = arg; break;
    case VB_KEY_PERIOD: o->period = arg; break;
    case VB_KEY_TRUST: o->trust = arg; break;
    case VB_KEY_P12: sign->p12 = arg; break;
    case VB_KEY_PKCS11: sign->pkcs11 = arg; break;
    case VB_KEY_PASS_FD: set_number(p, "--pass-fd", (range){0, 9999, "0 … 9999"}, arg, &sign->pass_fd); break;
    case VB_KEY_ROLE: sign->role = strcmp(arg, "organ") == 0 ? VB_SIGN_ORGAN : VB_SIGN_LEADER; break;
    case VB_KEY_TIME: sign->time = arg; break;
    case VB_KEY_REASON: sign->reason = arg; break;
    case VB_KEY_IMAGE: sign->image = arg; break;
    case VB_KEY_LANG: o->lang = strcmp(arg, "vi") == 0 ? VB_VI : VB_EN; break;
    case VB_KEY_QUIET: o->quiet = true; break;
    case VB_KEY_VERBOSE: o->verbose = true; break;
    default: break;
  }
}

/* ---- what getopt does not know ------------------------------------------------------------------------------ */

static const vb_cli_option *by_key(const parsing *p, int key) {
  for (size_t i = 0; i < vb_n_cli_options; i++)
    if ((int)vb_cli_options[i].key == key && vb_cli_has(p->verb, &vb_cli_options[i])) return &vb_cli_options[i];
  return NULL;
}

/* The verb that has an option which this one lacks, or NULL. */
static const vb_verb *elsewhere(vb_span name) {
  for (size_t i = 0; i < vb_n_cli_options; i++)
    for (size_t v = 0; v < vb_n_verbs; v++)
      if (vb_span_is(name, vb_cli_options[i].name) && vb_cli_has(&vb_verbs[v], &vb_cli_options[i])) return &vb_verbs[v];
  return NULL;
}

/* A long option that is none of the verb's, or the beginning of several. */
static void wrong_name(parsing *p, const char *word) {
  vb_span name = {word + 2, strcspn(word + 2, "=")};
  const char *begin[2] = {NULL, NULL}, *near = NULL;
  size_t best = NEAR + 1, begins = 0;
  for (size_t i = 0; i < vb_n_cli_options; i++) {
    const char *known = vb_cli_options[i].name;
    if (!vb_cli_has(p->verb, &vb_cli_options[i])) continue;
    if (name.n > 0 && strncmp(known, name.p, name.n) == 0 && begins < 2) begin[begins++] = known;
    size_t n = vb_edit_distance(name, vb_span_of(known), NEAR);
    if (n < best && n < name.n) {
      best = n;
      near = known;
    }
  }
  char shown[VB_MSG_ARG_BYTES], first[64], second[64];
  snprintf(shown, sizeof shown, "--%.*s", (int)name.n, name.p);
  if (begins == 2) {
    snprintf(first, sizeof first, "--%s", begin[0]);
    snprintf(second, sizeof second, "--%s", begin[1]);
    WRONG(p, VB_MSG_CLI_OPTION_AMBIGUOUS, shown, first, second);
  } else if (elsewhere(name) != NULL) {
    WRONG(p, VB_MSG_CLI_OPTION_ELSEWHERE, shown, elsewhere(name)->name);
  } else if (near != NULL) {
    snprintf(first, sizeof first, "--%s", near);
    WRONG(p, VB_MSG_CLI_OPTION_NEAR, shown, first);
  } else {
    WRONG(p, VB_MSG_CLI_OPTION, shown);
  }
}

static void wrong_option(parsing *p, char *const *argv, int key, int was) {
  const char *word = argv[was];
  const vb_cli_option *o = by_key(p, key);
  char shown[64];
  if (o != NULL && strncmp(word, "--", 2) == 0) { /* known, and given a value that it does not take */
    snprintf(shown, sizeof shown, "--%s", o->name);
    WRONG(p, VB_MSG_CLI_VALUE_NONE, shown, strchr(word, '=') != NULL ? strchr(word, '=') + 1 : "");
  } else if (strncmp(word, "--", 2) == 0) {
    wrong_name(p, word);
  } else {
    snprintf(shown, sizeof shown, "-%c", key);
    WRONG(p, VB_MSG_CLI_OPTION, shown);
  }
}

static void value_missing(parsing *p, int key) {
  char shown[64];
  for (size_t i = 0; i < vb_n_cli_options; i++) {
    const vb_cli_option *o = &vb_cli_options[i];
    if (!vb_cli_has(p->verb, o) || ((int)o->key != key && (o->letter == 0 || o->letter != key))) continue;
    snprintf(shown, sizeof shown, "--%s", o->name);
    WRONG(p, VB_MSG_CLI_VALUE_MISSING, shown, o->value);
    return;
  }
}

/* ---- the line ----------------------------------------------------------------------------------------------- */

typedef struct spelling { struct option list[OPTIONS_MAX + 1]; char letters[2 * OPTIONS_MAX + 3]; } spelling;

/* "-:" before the letters: words that are no options come in their order, whatever POSIXLY_CORRECT says, and a missing value is told apart. */
static void spell(const vb_verb *verb, spelling *s) {
  size_t n = 0, k = 2;
  memcpy(s->letters, "-:", 2);
  for (size_t i = 0; i < vb_n_cli_options && n < OPTIONS_MAX; i++) {
    const vb_cli_option *o = &vb_cli_options[i];
    if (!vb_cli_has(verb, o)) continue;
    s->list[n++] = (struct option){o->name, o->value != NULL ? required_argument : no_argument, NULL, (int)o->key};
    if (o->letter == 0) continue;
    s->letters[k++] = o->letter;
    if (o->value != NULL) s->letters[k++] = ':';
  }
  s->list[n] = (struct option){NULL, 0, NULL, 0};
  s->letters[k] = '\0';
}

static int key_of_letter(const vb_verb *verb, int c) {
  for (size_t i = 0; i < vb_n_cli_options; i++)
    if (c < VB_KEY_FIRST && vb_cli_options[i].letter == c && vb_cli_has(verb, &vb_cli_options[i])) return (int)vb_cli_options[i].key;
  return c;
}

static void add_arg(parsing *p, const char *arg) {
  if (p->call->n_args == p->verb->max_args) WRONG(p, VB_MSG_CLI_ARGS_MANY, arg, usage_args(p));
  else p->call->args[p->call->n_args++] = arg;
}

static void option(parsing *p, int key, const char *arg) {
  const vb_cli_option *o = by_key(p, key);
  if (o == NULL) return;
  char shown[64];
  snprintf(shown, sizeof shown, "--%s", o->name);
  if (key == VB_KEY_HELP || key == VB_KEY_VERSION) {
    if (key == VB_KEY_HELP) vb_cli_verb_help(p->verb, p->call->options.lang);
    else puts(vb_generator());
    p->status = VB_DONE;
  } else if (o->value == NULL || strchr(o->value, '|') == NULL || one_of(p, shown, o->value, vb_span_of(arg))) {
    set(p, key, arg);
  }
}

/* --lang must be known before anything is said in it. */
static void find_lang(int argc, char **argv, vb_lang *lang) {
  for (int i = 1; i < argc; i++) {
    const char *v = strncmp(argv[i], "--lang=", 7) == 0 ? argv[i] + 7 : strcmp(argv[i], "--lang") == 0 && i + 1 < argc ? argv[i + 1] : "";
    if (strcmp(v, "vi") == 0) *lang = VB_VI;
    else if (strcmp(v, "en") == 0) *lang = VB_EN;
  }
}

vb_status vb_cli_parse(const vb_verb *verb, int argc, char **argv, vb_call *call) {
  parsing p = {verb, call, VB_OK};
  find_lang(argc, argv, &call->options.lang);
  call->args = vb_mem_alloc(sizeof *call->args * (size_t)(argc + 1));
  if (call->args == NULL) return VB_NOMEM;
  spelling s;
  spell(verb, &s);
  opterr = 0;
  optind = 0;
  for (int c, was = 1; p.status == VB_OK; was = optind) {
    c = getopt_long(argc, argv, s.letters, s.list, NULL);
    if (c == -1) break;
    if (c == 1) add_arg(&p, optarg);
    else if (c == ':') value_missing(&p, optopt);
    else if (c == '?') wrong_option(&p, argv, optopt, optind > was ? optind - 1 : was);
    else option(&p, key_of_letter(verb, c), optarg);
  }
  while (p.status == VB_OK && optind < argc) add_arg(&p, argv[optind++]);
  if (p.status != VB_OK) return p.status;
  if (call->n_args < verb->min_args) WRONG(&p, VB_MSG_CLI_ARGS_FEW, usage_args(&p));
  return p.status;
}
