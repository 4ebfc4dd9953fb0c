/* text: Unicode and Vietnamese. Checked UTF-8 in NFC from the door on; formats of numbers, dates, money and words; sorting;
 * where a line must not break.
 *
 * Invariants
 *  1. Every span that leaves this room is valid UTF-8 in NFC (utf8proc); functions that take text expect the same.
 *  2. No locale is read; LC_NUMERIC stays "C".
 *  3. Printing a figure and parsing it back gives the same vb_dec.
 */
#ifndef VB_TEXT_H
#define VB_TEXT_H

#include "base/base.h"

/* ---- UTF-8 and NFC ------------------------------------------------------------------------------------------ */

/* Decodes one character; *p moves behind it. Malformed bytes give U+FFFD and move one byte. At the end: 0, and *p stays. */
uint32_t vb_utf8_decode(const char **p, const char *end); /* vb_utf8_next, behind its short cuts: one, two and three bytes, as Vietnamese has them */
static inline uint32_t vb_utf8_next(const char **p, const char *end)
{
  const char *at = *p; /* a copy for the call: so *p may stay in a register */
  const unsigned char *s = (const unsigned char *)at;
  ptrdiff_t left = end - at;
  if (left > 0 && s[0] < 0x80) {
    *p = at + 1;
    return s[0];
  }
  if (left >= 2 && s[0] >= 0xC2 && s[0] < 0xE0 && (s[1] & 0xC0) == 0x80) {
    *p = at + 2;
    return (s[0] & 0x1Fu) << 6 | (s[1] & 0x3Fu);
  }
  if (left >= 3 && s[0] > 0xE0 && s[0] < 0xED && (s[1] & 0xC0) == 0x80 && (s[2] & 0xC0) == 0x80) {
    *p = at + 3;
    return (s[0] & 0x0Fu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
  }
  uint32_t c = vb_utf8_decode(&at, end);
  *p = at;
  return c;
}
size_t vb_utf8_put(uint32_t c, char out[4]); /* bytes written; U+FFFD for what is no character */
/* Offset of the first byte that is not valid UTF-8 (no overlongs, surrogates, > U+10FFFF), or s.n when all is well. */
size_t vb_utf8_check(vb_span s);
size_t vb_utf8_length(vb_span s);            /* characters */
/* All three at once of everyday text: valid, in NFC, and nothing in it that vb_text_forbidden would tell. false: there is something to ask them about. */
bool vb_text_is_clean(vb_span s);
/* Quick (GB/s on clean text), and exact but for runs of more than 15 combining marks, where it says no and vb_text_nfc decides. */
bool vb_text_is_nfc(vb_span s);
/* NFC copy in a; maps U+0340/0341 to 0300/0301. Returns the same span when nothing changes. .p NULL when out of memory. */
vb_span vb_text_nfc(vb_arena *a, vb_span s);
/* First character that may not stand in a document: C0/C1 controls but \t \n, U+FFFD (what a failed conversion left), U+FFFE/FFFF
 * and the other non-characters, private use, bidi controls, zero-width and other invisible format characters (U+200B–200D, FEFF,
 * 2060, the soft hyphen), U+2028/2029, combining marks with nothing to stand on at the start of the text or of a line.
 * 0 when none, and *offset = s.n; else *offset is its byte. A NUL is reported as U+2400. */
uint32_t vb_text_forbidden(vb_span s, size_t *offset);
/* A copy in a, ended by NUL, of what a stranger wrote, for showing it: each of those characters is U+FFFD, bytes that are no UTF-8 as well. NULL when out of memory. */
char *vb_text_shown(vb_arena *a, vb_span s);
/* These give text in a, or s itself where nothing changes; .p NULL when out of memory. */
vb_span vb_text_upper(vb_arena *a, vb_span s);
vb_span vb_text_lower(vb_arena *a, vb_span s);
bool vb_text_is_upper(vb_span s); /* no letter in lower case, and at least one that has one */
vb_span vb_text_capital(vb_arena *a, vb_span s); /* first letter upper case, behind quotes too; the rest as it is */
/* For matching names: lower case; a run of white space is one space, a run with a dash in it is "-" ("Văn phòng - Thống kê" =
 * "Văn phòng–Thống kê"); no white space at the ends; both tone styles (hoà = hòa) and ð for đ made one. */
vb_span vb_text_fold(vb_arena *a, vb_span s);
/* The same, without tones and hats (quang tho), for near matches and searches. */
vb_span vb_text_bare(vb_arena *a, vb_span s);

/* Marks in text of data, *italic* and **bold**: where the one that closes what opens at i stands, and how many stars each is; 0: nothing opens there. */
size_t vb_mark_end(vb_span s, size_t i, size_t *width);
/* The text without its marks, for what has one face: in a, or the text itself where it has none; NULL when out of memory. */
const char *vb_text_unmarked(vb_arena *a, const char *text);

/* A word of lower case as a number: its letters with their hats, seven bytes from the lowest on, and its tone in the highest. Both places of a
 * tone (hoà, hòa) give the same. 0 for what is longer, or no word of letters. Quick: it does not ask whether it is a syllable. */
uint64_t vb_text_syllable(vb_span lower);
bool vb_text_is_syllable(vb_span lower); /* built like a Vietnamese one */

/* ---- encodings ---------------------------------------------------------------------------------------------- */

typedef enum vb_encoding { VB_ENC_AUTO, VB_ENC_UTF8, VB_ENC_UTF16LE, VB_ENC_UTF16BE, VB_ENC_CP1258, VB_ENC_TCVN3, VB_ENC_VNI } vb_encoding;

bool vb_encoding_by_name(vb_span name, vb_encoding *out); /* utf-8, utf-16, windows-1258, tcvn3, abc, vni … any case */
const char *vb_encoding_name(vb_encoding e);
/* The encoding of raw bytes: by BOM, then by valid UTF-8, else the likeliest by the share of words that are Vietnamese syllables
 * under it (UTF8: valid but for a few bytes). AUTO when the bytes read as Vietnamese under none. */
vb_encoding vb_encoding_guess(vb_span bytes);
/* Decodes raw bytes of a file to UTF-8 NFC in a. AUTO takes UTF-8 and UTF-16 with BOM; other bytes are VB_BAD with a message that
 * names the likely encoding, line and column. A declared encoding under which the text does not read as Vietnamese while
 * another does is VB_BAD as well, and so is a NUL. A BOM is dropped; "utf-16" takes either order by its BOM. TCVN3 carries no
 * upper-case tones: *lossy_case is set, and words whose other letters (two at least) are capitals are made capitals. The text never
 * shares memory with bytes. */
vb_status vb_encoding_decode(vb_diag *d, vb_arena *a, const char *file, vb_span bytes, vb_encoding declared, vb_span *out, bool *lossy_case);

/* ---- reading figures and dates ------------------------------------------------------------------------------ */

typedef enum vb_number_kind { VB_NUM_COUNT, VB_NUM_DECIMAL, VB_NUM_PERCENT, VB_NUM_MONEY, VB_NUM_CODE } vb_number_kind;
typedef enum vb_number_state {
  VB_NUM_VALUE,     /* a figure */
  VB_NUM_BLANK,     /* empty: not reported */
  VB_NUM_DASH,      /* "-": zero unless the form says otherwise */
  VB_NUM_NA,        /* "không áp dụng", "KAD", "n/a" */
  VB_NUM_AMBIGUOUS, /* "1.714" for a decimal, "1,5" for a count …: an error, not a guess */
  VB_NUM_WRONG      /* not a number at all */
} vb_number_state;

/* Reads a figure as people write it, for its kind: 1714, 1.714, 12.900.000, 56,1, 02, 98,5%, +3, −4. The dot groups thousands and
 * the comma is the decimal sign; groups must be of three. COUNT and CODE take no fraction (a fraction of zeros is AMBIGUOUS); a dot
 * followed by 1, 2 or more than 3 digits ("56.1") is AMBIGUOUS: it could be a decimal point. "1.714" is a grouped integer for
 * COUNT and MONEY, AMBIGUOUS for DECIMAL, PERCENT and CODE. Marks of other countries (12,900,000; 12,900.50; 12 900; for MONEY 12,900)
 * and signs apart from their figure ("- 4", "–4") are AMBIGUOUS. "%" is allowed for PERCENT only; "đồng", "đ", "VND", "VNĐ", "₫" for
 * MONEY only; a sign for all but CODE. WRONG also where a figure does not fit vb_dec. *out is 0 unless VALUE. */
vb_number_state vb_number_parse(vb_span s, vb_number_kind kind, vb_dec *out);
/* 2023-12-06, 06/12/2023, 6/12/2023, 06-12-2023, 6.12.2023, "ngày 06 tháng 12 năm 2023". Day first, as in Vietnam; years of four
 * digits. */
bool vb_date_parse(vb_span s, vb_date *out);

/* ---- printing figures and dates ----------------------------------------------------------------------------- */

/* 12.900.000; 56,1; places < 0: as many as the figure has. group: whether thousands are grouped; min_digits pads the integer
 * part with zeros (2 for "02"; at most 32). trim_zeros drops zeros at the end of the fraction. Rounds half away from zero. Negative
 * figures with "-" (U+002D), but no "-0". Appends to out. Ungrouped figures read back as DECIMAL, grouped whole ones as COUNT. */
typedef struct vb_number_format { int places; bool group; int min_digits; bool trim_zeros; } vb_number_format;
void vb_number_print(vb_dec v, vb_number_format f, vb_buf *out);
/* "06/12/2023" by the zero rule of ND30 PL I.II.4: day < 10 and months 1, 2 with a leading zero. No date prints nothing. */
void vb_date_print_short(vb_date d, vb_buf *out);
void vb_date_print_numeric(vb_date d, vb_buf *out); /* dd/mm/yyyy, always two digits */
void vb_date_print_long(vb_date d, vb_buf *out);    /* ngày 06 tháng 12 năm 2023, zero rule as above */
/* Amount in words: "ba mươi ba triệu chín trăm nghìn"; above 10^9 nghìn tỷ, triệu tỷ, tỷ tỷ. Negative: "âm …"; fraction: "… phẩy …",
 * its zeros in front one by one and up to three digits as a number; a fraction of zeros is not said. */
void vb_number_words(vb_dec v, vb_buf *out);
bool vb_number_roman(int v, vb_buf *out); /* 1..3999 */
/* Letters for điểm in the decree's order: 1 = a, 2 = b, 3 = c, 4 = d, 5 = đ, 6 = e, 7 = g …; after y: aa, ab … */
void vb_number_letter(int v, vb_buf *out);

/* ---- sorting ------------------------------------------------------------------------------------------------ */

/* Sort key by CLDR "vi": letters over the whole text, then tones, then case. Compare keys bytewise. Different texts have different
 * keys. In a; .p NULL when out of memory. */
vb_span vb_collate_key(vb_arena *a, vb_span s);
int vb_collate_cmp(vb_span a, vb_span b);         /* the same order without keys */
/* Key for a person's name: tên (the last word), then họ and đệm. White space counts once. */
vb_span vb_collate_name_key(vb_arena *a, vb_span s);

/* ---- line breaking ------------------------------------------------------------------------------------------ */

/* Where a line may end. Fills one byte a byte of s: 1 where a break is allowed before that byte (behind a space, or behind
 * "/" and "-" of long addresses), else 0. Pairs that belong together hold by rule (break_rules.c): "Điều 14", "số 83/KH-UBND",
 * "ngày 28 tháng 9 năm 2022", "12.900.000 đồng" and other figures with a unit of measure (not "02 văn bản"), "Phụ lục I", "khoản 2",
 * "điểm a", "quý I", "UBND xã", initials, the mark of an item at the start. A document number is never broken inside. A dash between
 * spaces ("kinh tế - xã hội") and closing punctuation never begin a line, opening ones never end it. Value 2 marks a break to be taken
 * only when nothing else fits: where a rule or a no-break space holds, and behind the joint of "trì/phối", "tế-xã". Inside an
 * over-long word between characters the layout decides by itself. Behind "\n" a break is always 1. map has s.n bytes. */
void vb_break_map(vb_span s, uint8_t *map);

#endif
