/* cli.c: the tables of verbs and options, parsing by argp, help. */
#define _DEFAULT_SOURCE
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

static vb_status run_build(vb_call *c);
static vb_status run_check(vb_call *c);
static vb_status run_new(vb_call *c);
static vb_status run_templates(vb_call *c);
static vb_status run_trace(vb_call *c);
static vb_status run_verify(vb_call *c);
static vb_status run_sign(vb_call *c);
static vb_status run_forms(vb_call *c);

const vb_verb vb_verbs[] = {
    {"build", "[JOB]", "[ĐỢT]", "write the documents of a job: PDF, XLSX, manifest", "lập các văn bản của một đợt: PDF, XLSX, manifest", 0, 1, run_build},
    {"check", "[JOB]", "[ĐỢT]", "read and check a job, write nothing", "đọc và kiểm tra một đợt, không ghi gì", 0, 1, run_check},
    {"new", "TEMPLATE DIR", "MẪU THƯMỤC", "make a job folder to fill in", "tạo thư mục đợt lập văn bản để điền", 2, 2, run_new},
    {"trace", "MANIFEST-OR-PDF", "MANIFEST-HOẶC-PDF", "where every printed figure comes from", "mỗi số liệu đã in lấy từ đâu", 1, 1, run_trace},
    {"verify", "[DIR]", "[THƯMỤC]", "check files against their manifest, signatures, packages", "đối chiếu tệp với manifest, chữ ký số, gói tin", 0, 1, run_verify},
    {"sign", "PDF...", "PDF...", "sign PDFs with a key file or a token", "ký số tệp PDF bằng tệp khóa hoặc thiết bị", 1, 100000, run_sign},
    {"templates", "", "", "list the templates", "liệt kê các mẫu", 0, 0, run_templates},
    {"forms", "[JOB]", "[ĐỢT]", "write a data-entry workbook for each unit: JOB/forms/<unit>.xlsx", "lập bảng tính nhập số liệu cho từng đơn vị: ĐỢT/forms/<đơn vị>.xlsx", 0, 1, run_forms},
};
const size_t vb_n_verbs = sizeof vb_verbs / sizeof vb_verbs[0];

enum { BUILD = 1, CHECK = 2, NEW = 4, TRACE = 8, VERIFY = 16, SIGN = 32, TEMPLATES = 64, FORMS = 128, ALL = 255 }; /* by place in vb_verbs */
enum { KEY_LANG = 256, KEY_UNIT, KEY_DOCUMENT, KEY_FORCE, KEY_STRICT, KEY_DATE, KEY_DB, KEY_ENCODING, KEY_FONT_DIR, KEY_PDFA, KEY_FORMAT, KEY_LIST_RULES, KEY_CODE, KEY_TRUST, KEY_P12, KEY_PKCS11, KEY_PASS_FD, KEY_ROLE, KEY_TIME, KEY_REASON, KEY_IMAGE, KEY_REPLACE, KEY_ARCHIVE };

typedef struct vb_cli_option { const char *name; int key; const char *arg; unsigned verbs; const char *en, *vi; } vb_cli_option;

static const vb_cli_option options[] = {
    {"output", 'o', "DIR", BUILD, "write below DIR (default: output)", "ghi vào thư mục DIR (mặc định: output)"},
    {"output", 'o', "DIR", FORMS, "write into DIR (default: JOB/forms)", "ghi vào thư mục DIR (mặc định: ĐỢT/forms)"},
    {"formats", 'f', "LIST", BUILD, "what to write: pdf,xlsx,edxml,tree,pages (default: pdf,xlsx)", "các loại tệp cần ghi: pdf,xlsx,edxml,tree,pages (mặc định: pdf,xlsx)"},
    {"unit", KEY_UNIT, "CODES", BUILD | CHECK | FORMS, "these units only, codes with commas", "chỉ các đơn vị này, mã cách nhau bằng dấu phẩy"},
    {"document", KEY_DOCUMENT, "IDS", BUILD | CHECK, "these documents only", "chỉ các văn bản này"},
    {"strict", KEY_STRICT, NULL, BUILD | CHECK, "count warnings as errors", "coi cảnh báo là lỗi"},
    {"date", KEY_DATE, "YYYY-MM-DD", BUILD | CHECK | FORMS, "the day of the run, where the job names none", "ngày lập văn bản, khi đợt không ghi"},
    {"db", KEY_DB, "FILE", BUILD | CHECK | FORMS, "keep the database in FILE, beside other periods", "giữ cơ sở dữ liệu ở FILE, cùng các kỳ khác"},
    {"encoding", KEY_ENCODING, "NAME", BUILD | CHECK | FORMS, "of input files that declare none: utf-8, utf-16, windows-1258, tcvn3, vni", "bảng mã của tệp không khai báo: utf-8, utf-16, windows-1258, tcvn3, vni"},
    {"font-dir", KEY_FONT_DIR, "DIR", BUILD | CHECK | FORMS, "folder with Times New Roman", "thư mục có phông Times New Roman"},
    {"pdfa", KEY_PDFA, "2a|3a", BUILD, "PDF/A-2a, or 3a with the figures attached as CSV", "PDF/A-2a, hoặc 3a kèm số liệu dạng CSV"},
    {"archive", KEY_ARCHIVE, NULL, BUILD, "write records for the archive beside each document: XML by templates/mappings/archive.xml", "ghi dữ liệu lưu trữ dạng XML cạnh mỗi văn bản theo templates/mappings/archive.xml"},
    {"format", KEY_FORMAT, "text|json", CHECK, "how findings are printed", "cách in phát hiện"},
    {"format", KEY_FORMAT, "text|csv|json", TRACE, "how figures are printed", "cách in số liệu"},
    {"code", KEY_CODE, "CODE", TRACE, "figures of this indicator only", "chỉ số liệu của chỉ tiêu này"},
    {"replace-signed", KEY_REPLACE, NULL, BUILD, "replace PDFs that were signed", "thay cả các PDF đã ký"},
    {"trust", KEY_TRUST, "PEM", VERIFY, "certificates that a signer's chain must lead to", "các chứng thư gốc được tin cậy"},
    {"p12", KEY_P12, "FILE", SIGN, "key and certificate as PKCS#12", "khóa và chứng thư dạng PKCS#12"},
    {"pkcs11", KEY_PKCS11, "URI", SIGN, "key on a token", "khóa trên thiết bị PKCS#11"},
    {"pass-fd", KEY_PASS_FD, "N", SIGN, "read the passphrase from this file descriptor", "đọc mật khẩu từ bộ mô tả tệp N"},
    {"role", KEY_ROLE, "leader|organ", SIGN, "whose signature (default: leader)", "chữ ký của ai: leader (người ký) hoặc organ (cơ quan)"},
    {"date", KEY_TIME, "TIME", SIGN, "time of signing, such as 2023-12-06T09:19:46+07:00", "thời điểm ký, ví dụ 2023-12-06T09:19:46+07:00"},
    {"reason", KEY_REASON, "TEXT", SIGN, "why it is signed", "lý do ký"},
    {"image", KEY_IMAGE, "PNG", SIGN, "picture of the signature or the seal", "ảnh chữ ký hoặc con dấu"},
    {"list-rules", KEY_LIST_RULES, NULL, CHECK, "list the rules of the program, one a line", "liệt kê các quy tắc của chương trình, mỗi dòng một quy tắc"},
    {"lang", KEY_LANG, "vi|en", ALL, "language of messages", "ngôn ngữ của thông báo"},
    {"quiet", 'q', NULL, ALL, "say nothing but errors", "chỉ in lỗi"},
    {"verbose", 'v', NULL, ALL, "say more", "in nhiều hơn"},
};
enum { N_OPTIONS = sizeof options / sizeof options[0] };

typedef struct parsing { const vb_verb *verb; vb_call *call; vb_status status; int cap; } parsing;

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

static vb_status wrong(parsing *p, const char *en, const char *vi, const char *what) {
  fprintf(stderr, "vanban %s: ", p->verb->name);
  bool is_vi = p->call->options.lang == VB_VI;
  fprintf(stderr, "%s: %s\n", is_vi ? vi : en, what);
  return p->status = VB_USAGE;
}

static void set_formats(parsing *p, const char *list) {
  unsigned bits = 0;
  for (const char *s = list; *s != '\0';) {
    size_t n = strcspn(s, ",");
    vb_format f;
    if (n == 5 && strncmp(s, "edxml", 5) == 0) {
      p->call->options.edxml = true;
      bits |= 1u << VB_FORMAT_PDF;
      s += n + (s[n] == ',');
      continue;
    }
    if (!vb_format_by_name((vb_span){s, n}, &f) || f == VB_FORMAT_NULL) {
      wrong(p, "unknown format; known are pdf, xlsx, edxml, tree, pages", "không có loại tệp này; dùng được: pdf, xlsx, edxml, tree, pages", s);
      return;
    }
    bits |= 1u << f;
    s += n;
    if (*s == ',') s++;
  }
  if (bits == 0) wrong(p, "no format named", "chưa nêu loại tệp", list);
  p->call->options.formats = bits;
}

static void set_value(parsing *p, int key, const char *arg) {
  vb_options *o = &p->call->options;
  switch (key) {
    case KEY_DATE:
      if (!vb_date_parse_iso(vb_span_of(arg), &o->date)) wrong(p, "no date of the form YYYY-MM-DD", "ngày phải viết năm-tháng-ngày (YYYY-MM-DD)", arg);
      break;
    case KEY_ENCODING:
      if (!vb_encoding_by_name(vb_span_of(arg), &o->encoding)) wrong(p, "unknown encoding", "không có bảng mã này", arg);
      break;
    case KEY_PDFA:
      if (strcmp(arg, "2a") != 0 && strcmp(arg, "3a") != 0) wrong(p, "--pdfa takes 2a or 3a", "--pdfa nhận 2a hoặc 3a", arg);
      o->pdfa = strcmp(arg, "3a") == 0 ? VB_PDFA_3A : VB_PDFA_2A;
      break;
    case KEY_FORMAT:
      o->json = strcmp(arg, "json") == 0;
      o->csv = p->verb->run == run_trace && strcmp(arg, "csv") == 0;
      if (!o->json && !o->csv && strcmp(arg, "text") != 0) wrong(p, "unknown format", "không có cách in này", arg);
      break;
    case KEY_ROLE:
      if (strcmp(arg, "leader") != 0 && strcmp(arg, "organ") != 0) wrong(p, "--role takes leader or organ", "--role nhận leader hoặc organ", arg);
      p->call->sign.role = strcmp(arg, "organ") == 0 ? VB_SIGN_ORGAN : VB_SIGN_LEADER;
      break;
    case KEY_PASS_FD:
      if (arg[0] < '0' || arg[0] > '9' || strlen(arg) > 4) wrong(p, "--pass-fd takes a number", "--pass-fd nhận một số", arg);
      else p->call->sign.pass_fd = atoi(arg);
      break;
    case KEY_LANG:
      if (strcmp(arg, "vi") != 0 && strcmp(arg, "en") != 0) wrong(p, "--lang takes vi or en", "--lang nhận vi hoặc en", arg);
      o->lang = strcmp(arg, "vi") == 0 ? VB_VI : VB_EN;
      break;
    default: break;
  }
}

static error_t add_arg(parsing *p, char *arg) {
  if (p->call->n_args == p->verb->max_args) {
    wrong(p, "one argument too many", "thừa một tham số", arg);
    return 0;
  }
  p->call->args[p->call->n_args++] = arg;
  return 0;
}

static error_t on_key(int key, char *arg, struct argp_state *state) {
  parsing *p = state->input;
  vb_options *o = &p->call->options;
  switch (key) {
    case 'o': o->output = arg; break;
    case 'f': set_formats(p, arg); break;
    case 'q': o->quiet = true; break;
    case 'v': o->verbose = true; break;
    case KEY_UNIT: o->units = arg; break;
    case KEY_DOCUMENT: o->documents = arg; break;
    case KEY_STRICT: o->strict = true; break;
    case KEY_CODE: o->code = arg; break;
    case KEY_REPLACE: o->replace_signed = true; break;
    case KEY_ARCHIVE: o->archive = true; break;
    case KEY_TRUST: o->trust = arg; break;
    case KEY_P12: p->call->sign.p12 = arg; break;
    case KEY_PKCS11: p->call->sign.pkcs11 = arg; break;
    case KEY_TIME: p->call->sign.time = arg; break;
    case KEY_REASON: p->call->sign.reason = arg; break;
    case KEY_IMAGE: p->call->sign.image = arg; break;
    case KEY_LIST_RULES: o->list_rules = true; break;
    case KEY_DB: o->db = arg; break;
    case KEY_FONT_DIR: o->font_dir = arg; break;
    case KEY_DATE:
    case KEY_PASS_FD:
    case KEY_ROLE:
    case KEY_ENCODING:
    case KEY_PDFA:
    case KEY_FORMAT:
    case KEY_LANG: set_value(p, key, arg); break;
    case ARGP_KEY_ARG: return add_arg(p, arg);
    case ARGP_KEY_INIT:
    case ARGP_KEY_END:
    case ARGP_KEY_SUCCESS:
    case ARGP_KEY_FINI:
    case ARGP_KEY_NO_ARGS: break;
    default: return ARGP_ERR_UNKNOWN;
  }
  return 0;
}

static unsigned verb_bit(const vb_verb *v) { return 1u << (unsigned)(v - vb_verbs); }

/* argp's own complaint names no neighbour, so a misspelt long option is found before argp sees it. */
static vb_status look_for_unknown(parsing *p, int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--") == 0) break;
    if (strncmp(argv[i], "--", 2) != 0) continue;
    vb_span name = {argv[i] + 2, strcspn(argv[i] + 2, "=")};
    if (vb_span_is(name, "help") || vb_span_is(name, "usage") || vb_span_is(name, "version")) continue;
    const char *near = NULL;
    size_t best = 4;
    bool known = false;
    for (int k = 0; k < N_OPTIONS; k++) {
      if (!(options[k].verbs & verb_bit(p->verb))) continue;
      if (name.n > 0 && strncmp(options[k].name, name.p, name.n) == 0) known = true; /* or a beginning: argp sees to ambiguous ones */
      size_t n = vb_edit_distance(name, vb_span_of(options[k].name), 3);
      if (n < best) {
        best = n;
        near = options[k].name;
      }
    }
    if (known) continue;
    bool vi = p->call->options.lang == VB_VI;
    fprintf(stderr, vi ? "vanban %s: không có tùy chọn --%.*s" : "vanban %s: there is no option --%.*s", p->verb->name, (int)name.n, name.p);
    if (near != NULL) fprintf(stderr, vi ? "; có phải bạn muốn gõ --%s" : "; did you mean --%s", near);
    fprintf(stderr, vi ? "; `vanban %s --help` liệt kê các tùy chọn\n" : "; `vanban %s --help` lists the options\n", p->verb->name);
    return VB_USAGE;
  }
  return VB_OK;
}

static void fill_options(const parsing *p, struct argp_option out[N_OPTIONS + 1]) {
  int n = 0;
  for (int k = 0; k < N_OPTIONS; k++) {
    if (!(options[k].verbs & verb_bit(p->verb))) continue;
    out[n++] = (struct argp_option){options[k].name, options[k].key, options[k].arg, 0, p->call->options.lang == VB_VI ? options[k].vi : options[k].en, 0};
  }
  out[n] = (struct argp_option){0};
}

/* --lang must be known before help is printed in it. */
static void find_lang(int argc, char **argv, vb_lang *lang) {
  for (int i = 1; i < argc; i++) {
    const char *v = strncmp(argv[i], "--lang=", 7) == 0 ? argv[i] + 7 : strcmp(argv[i], "--lang") == 0 && i + 1 < argc ? argv[i + 1] : "";
    if (strcmp(v, "vi") == 0) *lang = VB_VI;
    else if (strcmp(v, "en") == 0) *lang = VB_EN;
  }
}

vb_status vb_cli_parse(const vb_verb *verb, int argc, char **argv, vb_call *call) {
  parsing p = {verb, call, VB_OK, 0};
  find_lang(argc, argv, &call->options.lang);
  vb_status s = look_for_unknown(&p, argc, argv);
  if (s != VB_OK) return s;
  call->args = vb_mem_alloc(sizeof *call->args * (size_t)(argc + 1));
  if (call->args == NULL) return VB_NOMEM;
  bool vi = call->options.lang == VB_VI;
  struct argp_option list[N_OPTIONS + 1];
  fill_options(&p, list);
  char name[64];
  snprintf(name, sizeof name, "vanban %s", verb->name);
  char *shown = argv[0];
  argv[0] = name; /* argp names the program by argv[0] */
  struct argp argp = {list, on_key, vi ? verb->args_vi : verb->args_en, vi ? verb->vi : verb->en, NULL, NULL, NULL};
  argp_err_exit_status = vb_cli_exit(VB_USAGE);
  error_t e = argp_parse(&argp, argc, argv, 0, NULL, &p);
  argv[0] = shown;
  if (e != 0) return e == ENOMEM ? VB_NOMEM : VB_USAGE;
  if (p.status != VB_OK) return p.status;
  if (call->n_args < verb->min_args) return wrong(&p, "arguments are missing; usage", "thiếu tham số; cách dùng", vi ? verb->args_vi : verb->args_en);
  return VB_OK;
}

void vb_cli_help(vb_lang lang) {
  bool vi = lang == VB_VI;
  puts(vi ? "vanban: từ số liệu thống kê đến văn bản hành chính (PDF, XLSX)\n\nCách dùng: vanban LỆNH [TÙY CHỌN…]\n"
          : "vanban: from statistics to official Vietnamese documents (PDF, XLSX)\n\nUsage: vanban COMMAND [OPTION…]\n");
  for (size_t i = 0; i < vb_n_verbs; i++) {
    const vb_verb *v = &vb_verbs[i];
    printf("  %-10s %-13s %s\n", v->name, v->args_en, vi ? v->vi : v->en);
  }
  puts(vi ? "\nTrước lệnh: --help, --version, --lang vi|en. `vanban LỆNH --help` liệt kê tùy chọn của lệnh."
          : "\nBefore the command: --help, --version, --lang vi|en. `vanban COMMAND --help` lists a command's options.");
}

static vb_status run_build(vb_call *c) {
  if (c->n_args > 0) c->options.job = c->args[0];
  return vb_batch_build(&c->options);
}

static vb_status run_check(vb_call *c) {
  if (c->n_args > 0) c->options.job = c->args[0];
  return vb_batch_check(&c->options);
}

static vb_status run_new(vb_call *c) { return vb_batch_new(&c->options, c->args[0], c->args[1]); }

static vb_status run_trace(vb_call *c) { return vb_batch_trace(&c->options, c->args[0]); }

static vb_status run_verify(vb_call *c) { return vb_batch_verify(&c->options, c->n_args > 0 ? c->args[0] : NULL); }

static vb_status run_sign(vb_call *c) { return vb_batch_sign(&c->options, &c->sign, c->args, c->n_args); }

static vb_status run_templates(vb_call *c) { return vb_batch_templates(&c->options); }

static vb_status run_forms(vb_call *c) {
  if (c->n_args > 0) c->options.job = c->args[0];
  return vb_batch_forms(&c->options);
}
