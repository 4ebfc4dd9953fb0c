/* base: what every room stands on: memory, spans, buffers, decimals, dates, messages, files.
 *
 * Uses libc alone. No other room calls malloc, opens a file for writing, or formats a message by itself.
 *
 * Invariants
 *  1. Every allocation of the program goes through vb_mem_*, so that a test can fail the n-th one.
 *  2. A function that fails has posted exactly one message to the vb_diag it was given, or returns VB_NOMEM, which
 *     is posted by whoever owns the run. Callers pass a status on; they do not post again.
 *  3. An output file is complete or absent: vb_file_write, vb_files_write and vb_file_begin are the only ways to make one.
 *  4. Figures are vb_dec from the door to the writer: no double, and one rounding, vb_dec_ratio / vb_dec_rescale.
 */
#ifndef VB_BASE_H
#define VB_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"

/* ---- status ------------------------------------------------------------------------------------------------- */

/* Ordered by weight: vb_worse(a, b) keeps the heavier. The command line turns them into exit codes. */
typedef enum vb_status {
  VB_OK = 0,
  VB_DONE,   /* an iteration has ended; no error */
  VB_BAD,    /* input, template or document is wrong: findings were posted (exit 1) */
  VB_USAGE,  /* the call is wrong (exit 2) */
  VB_SYSTEM, /* cannot read, write, lock; disk full (exit 3) */
  VB_NOMEM   /* out of memory (exit 3) */
} vb_status;

static inline vb_status vb_worse(vb_status a, vb_status b) { return a > b ? a : b; }

/* ---- memory ------------------------------------------------------------------------------------------------- */

/* The allocator behind vb_mem_*; libc's by default. Tests install one that fails on purpose; set it before any other call. */
typedef struct vb_mem_table {
  void *(*alloc)(void *ctx, size_t n);
  void *(*resize)(void *ctx, void *p, size_t n);
  void (*release)(void *ctx, void *p);
  void *ctx;
} vb_mem_table;

void vb_mem_set(const vb_mem_table *table); /* NULL: back to libc */
void *vb_mem_alloc(size_t n);               /* not cleared; NULL when out of memory; n == 0 gives a unique pointer */
void *vb_mem_zalloc(size_t n);
void *vb_mem_resize(void *p, size_t n);
void vb_mem_free(void *p);
void *vb_mem_give(size_t n); /* for a library that will free it itself: libc's, whatever the table */
/* From here on an allocation that a library asks of libc and does not get ends the process: a line in lang on standard error, exit code 3. Some libraries go on
 * without looking and leave out a cell, or crash. For a process that makes documents: every file of it is whole or absent at any moment. Memory of vb_mem_* fails
 * as ever. Nothing happens where libc is not glibc, or a sanitizer keeps the memory. */
void vb_mem_strict(int lang);
void vb_mem_tell(int fd); /* where that line goes, while standard error is turned elsewhere */
/* Lets the heap grow by so many bytes at once, and libc keep twice as many that were freed for the next document instead of giving them back: libraries make
 * thousands of small allocations a document. Once, before much is held. Changes time alone; nothing happens where libc has no such setting. */
void vb_mem_keep(size_t bytes);

/* An arena: allocations that die together. Pointers stay valid until reset or free. */
typedef struct vb_arena vb_arena;
typedef struct vb_arena_mark { void *block; size_t used; } vb_arena_mark;

vb_arena *vb_arena_new(size_t block_bytes); /* 0: the usual size; NULL when out of memory */
void vb_arena_free(vb_arena *a);            /* NULL is allowed */
void vb_arena_reset(vb_arena *a);           /* everything goes; blocks are kept for reuse */
vb_arena_mark vb_arena_save(const vb_arena *a);
void vb_arena_restore(vb_arena *a, vb_arena_mark m); /* drops what was allocated since the mark */
void *vb_arena_alloc(vb_arena *a, size_t n);         /* zeroed, aligned for any type; NULL when out of memory */
void *vb_arena_array(vb_arena *a, size_t size, size_t count); /* zeroed; NULL also when size * count is too large */
void *vb_arena_copy(vb_arena *a, const void *p, size_t n);
char *vb_arena_str(vb_arena *a, const char *s, size_t n); /* copy with a NUL behind it */
char *vb_arena_printf(vb_arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
size_t vb_arena_bytes(const vb_arena *a); /* held in all, for limits and figures */

#define VB_NEW(arena, type) ((type *)vb_arena_alloc((arena), sizeof(type)))
#define VB_NEW_ARRAY(arena, type, count) ((type *)vb_arena_array((arena), sizeof(type), (size_t)(count)))
/* A longer array with the first n elements of `old` in it: room for `least`, then for twice *cap. The old one stays where it is. NULL when
 * out of memory, and *cap as it was. */
void *vb_arena_more(vb_arena *a, const void *old, size_t n, size_t size, size_t least, size_t *cap);

/* ---- spans and buffers -------------------------------------------------------------------------------------- */

/* A borrowed run of bytes; not terminated. */
typedef struct vb_span { const char *p; size_t n; } vb_span;

#define VB_LIT(s) ((vb_span){(s), sizeof(s) - 1})
vb_span vb_span_of(const char *s); /* NULL gives an empty span */
bool vb_span_eq(vb_span a, vb_span b);
bool vb_span_is(vb_span a, const char *s);
int vb_span_cmp(vb_span a, vb_span b);  /* bytewise; the shorter first */
/* The bytes of a text from one on to before another, at most eight, as a number with zeros behind them: a short word in one step. */
static inline uint64_t vb_span_eight(vb_span s, size_t from, size_t to)
{
  size_t n = to - from;
  uint64_t v = 0;
  if (n == 0)
    return 0; /* an empty text may stand nowhere */
  const unsigned char *p = (const unsigned char *)s.p + from;
  if (s.n - from < 8) {
    for (size_t i = 0; i < n; i++)
      v |= (uint64_t)p[i] << 8 * i;
    return v;
  }
  v = (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 |
      (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
  return n < 8 ? v & ((UINT64_C(1) << 8 * n) - 1) : v;
}
/* For tables in memory. */
uint64_t vb_span_hash(vb_span s);
vb_span vb_span_trim(vb_span s);        /* ASCII white space and U+00A0 off both ends */
bool vb_span_starts(vb_span s, const char *prefix);

/* A growing buffer. The first failed growth sets `failed`, later calls do nothing: test once, at the end. */
typedef struct vb_buf { char *p; size_t n, cap; bool failed; } vb_buf;

void vb_buf_init(vb_buf *b);
void vb_buf_free(vb_buf *b);
void vb_buf_clear(vb_buf *b); /* keeps the room */
bool vb_buf_reserve(vb_buf *b, size_t more);
/* Here, for a document makes a million of these calls, nearly all of which find room. */
static inline void vb_buf_add(vb_buf *b, const void *p, size_t n)
{
  if (n == 0 || ((b->failed || n >= b->cap - b->n) && !vb_buf_reserve(b, n)))
    return;
  memcpy(b->p + b->n, p, n);
  b->n += n;
}
static inline void vb_buf_char(vb_buf *b, char c)
{
  if ((b->failed || b->cap - b->n <= 1) && !vb_buf_reserve(b, 1))
    return;
  b->p[b->n++] = c;
}
static inline void vb_buf_str(vb_buf *b, const char *s) { vb_buf_add(b, s, strlen(s)); }
static inline void vb_buf_span(vb_buf *b, vb_span s) { vb_buf_add(b, s.p, s.n); }
/* Where `more` bytes may be written at the end: whoever writes them adds to n. NULL when out of memory. */
static inline char *vb_buf_room(vb_buf *b, size_t more)
{
  return (b->failed || more >= b->cap - b->n) && !vb_buf_reserve(b, more) ? NULL : b->p + b->n;
}
void vb_buf_int(vb_buf *b, int64_t v);
#define VB_INT_BYTES 20 /* of the longest whole number, with its sign */
/* Writes v in decimal at p, at most VB_INT_BYTES without a NUL; gives the end. */
char *vb_put_int(char *p, int64_t v);
void vb_buf_printf(vb_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const char *vb_buf_cstr(vb_buf *b); /* NUL behind the bytes; "" when failed */

/* The eight bytes at p as a little-endian number, on every machine. */
static inline uint64_t vb_word_at(const void *p)
{
  uint64_t w;
  memcpy(&w, p, sizeof w);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  w = __builtin_bswap64(w);
#endif
  return w;
}

/* ---- maps --------------------------------------------------------------------------------------------------- */

/* String keys to pointers (uthash inside). Keys are copied; values are the caller's. Iteration is in insertion order. */
typedef struct vb_map vb_map;
vb_map *vb_map_new(void);
void vb_map_free(vb_map *m);
bool vb_map_put(vb_map *m, vb_span key, void *value); /* replaces; false when out of memory */
void *vb_map_get(const vb_map *m, vb_span key);       /* NULL when absent */
void *vb_map_meet(vb_map *m, vb_span key, void *value); /* what stands under key; value from now on where there was nothing. NULL: out of memory */
size_t vb_map_count(const vb_map *m);
void vb_map_each(const vb_map *m, void (*fn)(void *ctx, vb_span key, void *value), void *ctx);
/* The key nearest to `key` by edit distance (Damerau, on bytes folded to lower case), or an empty span when none is near
 * enough to suggest: "did you mean". */
vb_span vb_map_nearest(const vb_map *m, vb_span key);
size_t vb_edit_distance(vb_span a, vb_span b, size_t limit); /* limit + 1 when farther */

/* ---- decimals ----------------------------------------------------------------------------------------------- */

/* n / 10^places. Exact. places is 0..VB_DEC_PLACES_MAX. Where false comes back, *out is as it was. */
typedef struct vb_dec { int64_t n; int places; } vb_dec;

bool vb_dec_rescale(vb_dec a, int places, vb_dec *out); /* rounds half away from zero; false on overflow */
bool vb_dec_add(vb_dec a, vb_dec b, vb_dec *out);       /* at the larger number of places */
bool vb_dec_sub(vb_dec a, vb_dec b, vb_dec *out);
bool vb_dec_mul(vb_dec a, vb_dec b, vb_dec *out);       /* at the places of both together, rounded to VB_DEC_PLACES_MAX */
bool vb_dec_ratio(vb_dec a, vb_dec b, int places, vb_dec *out); /* a / b rounded; false when b is 0 or on overflow */
int vb_dec_cmp(vb_dec a, vb_dec b);
size_t vb_dec_print(vb_dec a, char *out, size_t cap); /* plain "-12.50", point and no grouping: for machines */
double vb_dec_to_double(vb_dec a);                    /* for libxlsxwriter's call alone */

/* ---- dates -------------------------------------------------------------------------------------------------- */

/* Proleptic Gregorian; year 0 means "no date". */
typedef struct vb_date { int16_t year; uint8_t month, day; } vb_date;

bool vb_date_valid(vb_date d);
bool vb_date_parse_iso(vb_span s, vb_date *out);   /* exactly YYYY-MM-DD */
size_t vb_date_print_iso(vb_date d, char out[11]);
int32_t vb_date_days(vb_date d);                   /* days since 1970-01-01 */
vb_date vb_date_from_days(int32_t days);
int vb_date_weekday(vb_date d);                    /* 0 = Monday … 6 = Sunday */
int vb_date_cmp(vb_date a, vb_date b);

/* ---- messages and findings ---------------------------------------------------------------------------------- */

typedef enum vb_severity { VB_INFO, VB_WARNING, VB_ERROR, VB_FATAL /* prints as error: a system fault */ } vb_severity;
typedef enum vb_lang { VB_EN, VB_VI } vb_lang;

/* One entry a message: VB_MSG(id, severity, "rule", "English {0}", "Tiếng Việt {0}"). */
typedef enum vb_msg {
#define VB_MSG(id, severity, rule, en, vi) VB_MSG_##id,
#include "base/messages.def"
#undef VB_MSG
  VB_MSG_COUNT
} vb_msg;

typedef struct vb_msg_info { const char *id; vb_severity severity; const char *rule, *en, *vi; } vb_msg_info;
const vb_msg_info *vb_msg_get(vb_msg m);
/* A text of the catalogue as it stands, without arguments; and the word for a severity. */
const char *vb_msg_word(vb_msg m, vb_lang lang);
const char *vb_severity_word(vb_severity s, vb_lang lang);
/* Texts of the catalogue that are no findings (help, what a run has come to): the text with its arguments filled in, as a post takes them. */
void vb_msg_text(vb_msg m, vb_lang lang, const char *const *args, vb_buf *out);
/* The same as a line of its own to a stream: VB_SAY(to, lang, m, arg0, …). It is whole without memory too. */
void vb_msg_say(FILE *to, vb_lang lang, vb_msg m, const char *const *args);
#define VB_SAY(to, lang, ...) VB_SAY_ARGS((to), (lang), __VA_ARGS__, NULL)
#define VB_SAY_ARGS(to, lang, m, ...) vb_msg_say((to), (lang), (m), (const char *const[]){__VA_ARGS__})

/* Where something stands. `file` is relative to the job folder where it lies inside it, and borrowed from the diag
 * (vb_diag_file). line and column count from 1, 0 = not known; column = character of the decoded line. For a workbook `cell`
 * is "Sheet!D14" and line, column are 0. */
typedef struct vb_place { const char *file; uint32_t line, column; const char *cell; } vb_place;
#define VB_NOWHERE ((vb_place){NULL, 0, 0, NULL})

typedef struct vb_finding {
  struct vb_finding *next;
  vb_msg msg;
  vb_severity severity; /* may differ from the catalogue's: --strict, rules of forms */
  const char *rule;     /* the catalogue's, or the id of a form's rule */
  vb_place at;
  const char *unit, *document, *code; /* NULL where none */
  const char *args[VB_MSG_ARGS];
  struct { const char *reason, *who, *date; } waived; /* reason NULL: not waived */
} vb_finding;

/* Collects findings in the order posted. Holds copies of everything. Of one rule about one document of one unit it lists
 * VB_FINDINGS_PER_RULE; the others are counted, in one finding FINDINGS_MORE as heavy as the heaviest of them. */
typedef struct vb_diag vb_diag;

vb_diag *vb_diag_new(void);
void vb_diag_free(vb_diag *d);
const char *vb_diag_file(vb_diag *d, const char *path); /* interned; lives as long as d */
/* What the next findings are about, until changed; NULL for none. Borrowed strings are copied at the post. */
void vb_diag_about(vb_diag *d, const char *unit, const char *document, const char *code);

/* Posts message m at a place. args fill {0}, {1}, …; NULL ends them. Never fails visibly: out of memory sets a flag that
 * vb_diag_failed reports. Returns the status that goes with the severity: VB_OK for info and warning, VB_BAD for error,
 * VB_SYSTEM for fatal, so that `return VB_POST(...)` reads well. */
vb_status vb_diag_post(vb_diag *d, vb_msg m, vb_place at, const char *const *args);
/* VB_POST(d, m, at, arg0, …): the place comes first among the dots, and the NULL that ends the arguments last. */
#define VB_POST(d, m, ...) VB_POST_ARGS((d), (m), __VA_ARGS__, NULL)
#define VB_POST_ARGS(d, m, at, ...) vb_diag_post((d), (m), (at), (const char *const[]){__VA_ARGS__})
/* For rules written in forms and templates: the finding carries its own id, severity and text in both languages. */
vb_status vb_diag_post_rule(vb_diag *d, vb_severity s, const char *rule, vb_place at, const char *vi, const char *en);

/* Posts a copy of a finding as it stands, with what it is about. */
void vb_diag_add(vb_diag *d, const vb_finding *f);

const vb_finding *vb_diag_first(const vb_diag *d);
vb_finding *vb_diag_last(vb_diag *d); /* the one just posted, to complete it, listed or not; NULL: none, or no memory */
size_t vb_diag_count(const vb_diag *d, vb_severity at_least); /* unwaived, listed or not */
bool vb_diag_failed(const vb_diag *d);
void vb_diag_move(vb_diag *to, vb_diag *from); /* appends copies of all findings, of the same ones in a row one, then empties `from` */
void vb_finding_text(const vb_finding *f, vb_lang lang, vb_buf *out); /* the message alone */
void vb_finding_line(const vb_finding *f, vb_lang lang, vb_buf *out); /* file:line:column: level: text [rule] */
void vb_finding_show(const vb_finding *f, vb_lang lang, bool colour, vb_buf *out); /* the same, the level in colour for a terminal */

/* A number as an argument of VB_POST: VB_NUM(12). Lives until the end of the enclosing block. */
const char *vb_num_text(char *buf, size_t cap, int64_t v);
#define VB_NUM(v) vb_num_text((char[24]){0}, 24, (int64_t)(v))
/* A span as an argument: a NUL-terminated copy cut to what a message can show. */
const char *vb_span_text(char *buf, size_t cap, vb_span s);
#define VB_TXT(s) vb_span_text((char[VB_MSG_ARG_BYTES]){0}, VB_MSG_ARG_BYTES, (s))

/* ---- files -------------------------------------------------------------------------------------------------- */

/* Reads a whole regular file. Larger than limit: VB_BAD with a message. Missing or unreadable: VB_SYSTEM, or VB_BAD when
 * `input` says that the file is one that a job names (product.md: a missing input file is exit 1). */
vb_status vb_file_read(vb_diag *d, const char *path, size_t limit, bool input, vb_buf *out);
/* An input read from front to back in pieces, for what is too long to be held. d is borrowed; out NULL after a failure. */
typedef struct vb_file_in vb_file_in;
vb_status vb_file_open(vb_diag *d, const char *path, size_t limit, vb_file_in **out);
vb_status vb_file_next(vb_file_in *f, void *bytes, size_t n, size_t *got); /* *got < n: its end */
vb_status vb_file_again(vb_file_in *f); /* from the front */
void vb_file_close(vb_file_in *f);      /* NULL is allowed */
uint64_t vb_file_length(const char *path); /* how long a regular file is; 0 where there is none */
/* Writes path at once and whole: temporary name beside it, write, fsync, close, rename, fsync of the folder, each checked. */
vb_status vb_file_write(vb_diag *d, const char *path, const void *bytes, size_t n);
/* The same piece by piece, for what is too long to be held: nothing has its name before vb_file_end, and vb_file_drop leaves nothing.
 * The first failure is posted, sticks, and is what vb_file_end gives; both free f. */
typedef struct vb_file_out vb_file_out;
vb_status vb_file_begin(vb_diag *d, const char *path, vb_file_out **out);
vb_status vb_file_add(vb_file_out *f, const void *bytes, size_t n);
vb_status vb_file_end(vb_file_out *f);
void vb_file_drop(vb_file_out *f);
/* Several files of one folder that belong together: all are whole and synced under temporary names before the first takes its own, and the folder is
 * synced once, behind the last. What fails before that leaves every one as it was. */
typedef struct vb_file_bytes { const char *path; const void *p; size_t n; } vb_file_bytes;
vb_status vb_files_write(vb_diag *d, const vb_file_bytes *files, size_t n);
/* What a killed run can leave in a folder: a temporary name. Whoever holds the lock of the folder may remove it. */
#define VB_FILE_TEMP_HEAD ".vanban-"
#define VB_FILE_TEMP_TAIL ".part"
bool vb_file_is_temp(const char *name);
vb_status vb_file_remove(vb_diag *d, const char *path); /* absent is fine */
/* Gives a whole file another name in the same file system, in place of what had it, and syncs the folder. Absent is fine: it was moved before. */
vb_status vb_file_move(vb_diag *d, const char *from, const char *to);
vb_status vb_dir_make(vb_diag *d, const char *path);    /* with its parents */
/* One folder, in one that is there. Not synced: whoever relies on it after a power cut syncs what it stands in, as vb_file_end does. */
vb_status vb_dir_make_in(vb_diag *d, const char *path);
vb_status vb_dir_remove_empty(vb_diag *d, const char *path); /* absent, or not empty, is fine: it stays */
bool vb_file_exists(const char *path);
bool vb_dir_exists(const char *path);
bool vb_link_exists(const char *path); /* a symbolic link itself, wherever it leads */
/* Names in a folder, sorted bytewise, without "." and "..", in arena a. Links are listed by name only. */
vb_status vb_dir_list(vb_diag *d, vb_arena *a, const char *path, const char ***names, size_t *count);

/* A folder that is kept open: what stands in it is met by its name, and no link is followed. fd -1: none. Whoever opens it closes it. */
typedef struct vb_folder { int fd; } vb_folder;
#define VB_NO_FOLDER ((vb_folder){-1})
/* OTHER: a link, what is no such thing, too large, not to be read, or no memory: the functions that take a path tell which. */
typedef enum vb_met { VB_MET_IT, VB_MET_NOTHING, VB_MET_OTHER } vb_met;
bool vb_folder_open(const char *path, vb_folder *out); /* by its path, links followed: judge it first (vb_path_inside) */
vb_met vb_folder_enter(vb_folder in, const char *name, vb_folder *out); /* a folder in it */
vb_met vb_folder_read(vb_folder in, const char *name, size_t limit, vb_buf *out); /* a whole regular file in it */
void vb_folder_close(vb_folder *f);

/* Joins root and a relative path from a job file. Refuses absolute paths, "..", empty parts, control characters, and links that
 * lead outside root: VB_BAD with a message at `at`. */
vb_status vb_path_inside(vb_diag *d, vb_arena *a, const char *root, vb_span rel, vb_place at, const char **out);
/* The name of a folder that is there: the last part of its path when links, "." and ".." have been followed; "" for "/". */
vb_status vb_path_name(vb_diag *d, vb_arena *a, const char *path, const char **name);
char *vb_path_join(vb_arena *a, const char *dir, const char *name);
/* The path without links, "." and ".."; NULL when nothing is there, or no memory. */
char *vb_path_real(vb_arena *a, const char *path);
/* Regular files under root that match a pattern of a job (a folder and "*.csv"): `*` is any run of bytes but a leading dot, `?` one
 * character. Sorted; none is VB_OK with count 0; the same refusals as vb_path_inside. */
vb_status vb_path_glob(vb_diag *d, vb_arena *a, const char *root, vb_span pattern, vb_place at, const char ***paths, size_t *count);

#define VB_SHA256_HEX 65
/* SHA-256 as lower-case hex with a NUL. False when OpenSSL fails. */
bool vb_sha256(const void *bytes, size_t n, char out[VB_SHA256_HEX]);
/* Of a file, read in pieces. Missing or unreadable: VB_SYSTEM with a message. */
vb_status vb_sha256_file(vb_diag *d, const char *path, char out[VB_SHA256_HEX], uint64_t *bytes);
/* A running hash over several pieces: what a document depends on. */
typedef struct vb_hash vb_hash;
vb_hash *vb_hash_new(void);
void vb_hash_add(vb_hash *h, const void *bytes, size_t n);
void vb_hash_add_str(vb_hash *h, const char *s);           /* with its NUL; NULL counts as its own value */
bool vb_hash_end(vb_hash *h, char out[VB_SHA256_HEX]);     /* frees h */

/* A note of this run for the next one, appended entry by entry: made when absent, not synced. What is torn at its end, its user cuts off. */
typedef struct vb_journal vb_journal;
vb_status vb_journal_open(vb_diag *d, const char *path, bool read_only, vb_journal **out);
void vb_journal_close(vb_journal *j);
uint64_t vb_journal_bytes(const vb_journal *j);
vb_status vb_journal_add(vb_diag *d, vb_journal *j, const void *bytes, size_t n);
vb_status vb_journal_read(vb_diag *d, const vb_journal *j, uint64_t at, void *bytes, size_t n, size_t *got); /* *got < n: its end */
vb_status vb_journal_cut(vb_diag *d, vb_journal *j, uint64_t bytes);

/* One run at a time: an advisory lock on a file. *fd is -1 when not held. Held elsewhere: VB_SYSTEM with a message. */
vb_status vb_lock_take(vb_diag *d, const char *path, int *fd);
void vb_lock_drop(int *fd);
/* A scratch file name in $TMPDIR or /dev/shm, unpredictable, made with mode 0600 and closed; the caller removes it. */
vb_status vb_scratch_name(vb_diag *d, vb_arena *a, const char **path);
const char *vb_scratch_dir(void);

#endif
