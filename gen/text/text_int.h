/* What the files of this room share; nobody outside includes it (tests of the tables do).
 *
 * Vietnamese letters as numbers: every vowel with its tone is 1 + row * 6 + tone, đ is 73; bit 7 marks upper case. Rows stand in
 * the order a ă â e ê i o ô ơ u ư y, tones in the order of the dictionary: ngang huyền hỏi ngã sắc nặng (CLDR "vi").
 */
#ifndef VB_TEXT_INT_H
#define VB_TEXT_INT_H

#include "text/text.h"

enum { VB_ROW_A, VB_ROW_AW, VB_ROW_AA, VB_ROW_E, VB_ROW_EE, VB_ROW_I, VB_ROW_O, VB_ROW_OO, VB_ROW_OW, VB_ROW_U, VB_ROW_UW, VB_ROW_Y, VB_ROWS };
enum { VB_TONE_NGANG, VB_TONE_HUYEN, VB_TONE_HOI, VB_TONE_NGA, VB_TONE_SAC, VB_TONE_NANG };

#define VB_LETTER_DD 73u    /* đ */
#define VB_LETTER_UPPER 0x80u

/* The number of a Vietnamese vowel or đ, 0 for every other character, plain consonants included. */
uint8_t vb_letter_code(uint32_t c);
uint32_t vb_letter_char(uint8_t code); /* the inverse */
static inline int vb_letter_row(uint8_t code) { return ((code & 0x7F) - 1) / 6; }
static inline int vb_letter_tone(uint8_t code) { return ((code & 0x7F) - 1) % 6; }
static inline bool vb_letter_vowel(uint8_t code) { return code != 0 && (code & 0x7F) != VB_LETTER_DD; }
/* a ă â → 'a', đ → 'd'; lower case. */
char vb_letter_bare(uint8_t code);
/* The case of a text of Vietnamese letters, which takes as many bytes as the text; out has s.n. false, and out is worth nothing, where
 * anything else stands in it that may have a case or compose with a letter. */
bool vb_letters_case(vb_span s, char *out, bool upper);

/* Lower and upper case of one character: tables for what Vietnamese uses, utf8proc for the rest. */
uint32_t vb_char_lower(uint32_t c);
uint32_t vb_char_upper(uint32_t c);
bool vb_char_is_letter(uint32_t c);
bool vb_char_is_space(uint32_t c); /* white space of any width, NBSP included */
bool vb_char_is_dash(uint32_t c);  /* hyphens, dashes, the minus sign */

/* A syllable of at most VB_SYLLABLE_MAX characters in lower case. */
#define VB_SYLLABLE_MAX 8
/* Whether it is built like a Vietnamese one: initial, nucleus, final, one tone in a place where people put it. */
bool vb_syllable_valid(const uint32_t *c, size_t n);
/* Moves its one tone to where the new style puts it (hòa → hoà); others stay as they are. */
void vb_syllable_place_tone(uint32_t *c, size_t n);

/* Tables of the encodings, one character a byte; 0 where the encoding has none. */
uint32_t vb_cp1258_char(uint8_t b);
uint32_t vb_cp1252_char(uint8_t b);
uint32_t vb_tcvn_char(uint8_t b); /* TCVN 5712 VN1, of which TCVN3 is the part without tones on capitals */

/* Decodes bytes into out as characters of the encoding, not yet NFC. Where a byte has no meaning: with lenient, U+FFFD and on;
 * else stops. Returns the offset of the byte where it stopped, or bytes.n. Reports no BOM. */
size_t vb_decode_raw(vb_encoding e, vb_span bytes, bool lenient, vb_buf *out);

/* How much text reads as Vietnamese: of the words with a letter beyond ASCII, those that are syllables and those that are not. */
typedef struct vb_reading { size_t good, bad; } vb_reading;
vb_reading vb_reading_of(vb_span utf8);
/* The same for bytes under an encoding, from a sample around the first bytes beyond ASCII. */
vb_reading vb_reading_under(vb_encoding e, vb_span bytes);
bool vb_reading_is_good(vb_reading r);

/* ---- line breaking ------------------------------------------------------------------------------------------ */

/* What a word can be in a rule of break_rules.c: bits, several at once. First what its shape says, then what its text says. */
#define VB_WORD_CLASSES(X)                                                                                                         \
  X(ANY) X(PLAIN) X(NUMBER) X(PERCENT) X(YEAR) X(TRIPLE) X(DATE) X(DOCNO) X(STDNO) X(BLANK) X(ROMAN) X(NUMLET) X(SMALL) X(LARGE)    \
  X(CAPS) X(NAME) X(PARNUM) X(PARCAPS) X(DASH) X(SIGN) X(MARKER) X(INITIAL)                                                         \
  X(CITE) X(POINT) X(PHU) X(LUC) X(SERIAL) X(SO) X(NGAY) X(THANG) X(NAM) X(QUY) X(GIO) X(UNIT) X(SCALE) X(DONG)             \
  X(BODY) X(PLACE) X(HONOUR) X(ABBR) X(DOC1) X(DOC2) X(DOCABBR) X(STD) X(HEAD1) X(HEAD2) X(LAN) X(THU) X(NTH) X(NUMWORD) X(TIMES)   \
  X(ROAD) X(LUU) X(TEL) X(VV) X(ETC) X(HOC) X(PHAN) X(TRAM)

enum vb_word_bit {
#define X(name) VB_BIT_##name,
  VB_WORD_CLASSES(X)
#undef X
  VB_BITS
};
#define VB_W(name) (UINT64_C(1) << VB_BIT_##name)

/* A rule: words of these classes in a row, and which of the gaps between them (bit 0: the first) hold. */
enum { VB_RULE_WORDS = 4 };
/* holds, frees: bits of the gaps between its words that may not, or may after all, end a line. A rule does one of the two, and frees
 * its last gap only. */
typedef struct vb_break_rule { const char *reason; uint64_t word[VB_RULE_WORDS]; int count; unsigned holds, frees; } vb_break_rule;
extern const vb_break_rule vb_break_rules[];
extern const size_t vb_break_rule_count;
/* Classes of a word that some rule has behind a word of these classes. */
uint64_t vb_rule_followers(uint64_t left);
/* The rules that may end with a word of these classes, a bit each. */
uint64_t vb_rules_ending(uint64_t right);

/* Classes of a word by its text. lower: its letters in lower case, filled up with zeros; raw: as written, n bytes. */
enum { VB_KEYWORD_BYTES = 16 };
uint64_t vb_keyword_classes(const char lower[VB_KEYWORD_BYTES], const char *raw, size_t n);

/* Appends one character. */
static inline void vb_buf_utf8(vb_buf *b, uint32_t c)
{
  char t[4];
  vb_buf_add(b, t, vb_utf8_put(c, t));
}

#endif
