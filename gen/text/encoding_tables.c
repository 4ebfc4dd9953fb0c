/* Bytes to characters: windows-1258, TCVN 5712 (TCVN3, also called ABC), VNI, UTF-16, UTF-8.
 *
 * The single-byte tables are held against iconv by tests/unit/test_text_encoding.c; iconv has no VNI. Nothing here judges whether
 * the text makes sense: encoding.c does.
 */
#include "text/text_int.h"

/* windows-1252, 80–FF; windows-1258 differs from it in the few places below. */
static const uint16_t cp1252[128] = {
  0x20AC, 0x0000, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, /* 80 */
  0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x0000, 0x017D, 0x0000, /* 88 */
  0x0000, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, /* 90 */
  0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x0000, 0x017E, 0x0178, /* 98 */
  0x00A0, 0x00A1, 0x00A2, 0x00A3, 0x00A4, 0x00A5, 0x00A6, 0x00A7, /* A0 */
  0x00A8, 0x00A9, 0x00AA, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x00AF, /* A8 */
  0x00B0, 0x00B1, 0x00B2, 0x00B3, 0x00B4, 0x00B5, 0x00B6, 0x00B7, /* B0 */
  0x00B8, 0x00B9, 0x00BA, 0x00BB, 0x00BC, 0x00BD, 0x00BE, 0x00BF, /* B8 */
  0x00C0, 0x00C1, 0x00C2, 0x00C3, 0x00C4, 0x00C5, 0x00C6, 0x00C7, /* C0 */
  0x00C8, 0x00C9, 0x00CA, 0x00CB, 0x00CC, 0x00CD, 0x00CE, 0x00CF, /* C8 */
  0x00D0, 0x00D1, 0x00D2, 0x00D3, 0x00D4, 0x00D5, 0x00D6, 0x00D7, /* D0 */
  0x00D8, 0x00D9, 0x00DA, 0x00DB, 0x00DC, 0x00DD, 0x00DE, 0x00DF, /* D8 */
  0x00E0, 0x00E1, 0x00E2, 0x00E3, 0x00E4, 0x00E5, 0x00E6, 0x00E7, /* E0 */
  0x00E8, 0x00E9, 0x00EA, 0x00EB, 0x00EC, 0x00ED, 0x00EE, 0x00EF, /* E8 */
  0x00F0, 0x00F1, 0x00F2, 0x00F3, 0x00F4, 0x00F5, 0x00F6, 0x00F7, /* F0 */
  0x00F8, 0x00F9, 0x00FA, 0x00FB, 0x00FC, 0x00FD, 0x00FE, 0x00FF, /* F8 */
};

/* TCVN 5712-1 (VN1), 80–FF. TCVN3 fonts have the small letters and Ă Â Ê Ô Ơ Ư Đ of it. */
static const uint16_t tcvn[128] = {
  0x00C0, 0x1EA2, 0x00C3, 0x00C1, 0x1EA0, 0x1EB6, 0x1EAC, 0x00C8, /* 80 */
  0x1EBA, 0x1EBC, 0x00C9, 0x1EB8, 0x1EC6, 0x00CC, 0x1EC8, 0x0128, /* 88 */
  0x00CD, 0x1ECA, 0x00D2, 0x1ECE, 0x00D5, 0x00D3, 0x1ECC, 0x1ED8, /* 90 */
  0x1EDC, 0x1EDE, 0x1EE0, 0x1EDA, 0x1EE2, 0x00D9, 0x1EE6, 0x0168, /* 98 */
  0x00A0, 0x0102, 0x00C2, 0x00CA, 0x00D4, 0x01A0, 0x01AF, 0x0110, /* A0 */
  0x0103, 0x00E2, 0x00EA, 0x00F4, 0x01A1, 0x01B0, 0x0111, 0x1EB0, /* A8 */
  0x0300, 0x0309, 0x0303, 0x0301, 0x0323, 0x00E0, 0x1EA3, 0x00E3, /* B0 */
  0x00E1, 0x1EA1, 0x1EB2, 0x1EB1, 0x1EB3, 0x1EB5, 0x1EAF, 0x1EB4, /* B8 */
  0x1EAE, 0x1EA6, 0x1EA8, 0x1EAA, 0x1EA4, 0x1EC0, 0x1EB7, 0x1EA7, /* C0 */
  0x1EA9, 0x1EAB, 0x1EA5, 0x1EAD, 0x00E8, 0x1EC2, 0x1EBB, 0x1EBD, /* C8 */
  0x00E9, 0x1EB9, 0x1EC1, 0x1EC3, 0x1EC5, 0x1EBF, 0x1EC7, 0x00EC, /* D0 */
  0x1EC9, 0x1EC4, 0x1EBE, 0x1ED2, 0x0129, 0x00ED, 0x1ECB, 0x00F2, /* D8 */
  0x1ED4, 0x1ECF, 0x00F5, 0x00F3, 0x1ECD, 0x1ED3, 0x1ED5, 0x1ED7, /* E0 */
  0x1ED1, 0x1ED9, 0x1EDD, 0x1EDF, 0x1EE1, 0x1EDB, 0x1EE3, 0x00F9, /* E8 */
  0x1ED6, 0x1EE7, 0x0169, 0x00FA, 0x1EE5, 0x1EEB, 0x1EED, 0x1EEF, /* F0 */
  0x1EE9, 0x1EF1, 0x1EF3, 0x1EF7, 0x1EF9, 0x00FD, 0x1EF5, 0x1ED0, /* F8 */
};

uint32_t vb_cp1252_char(uint8_t b) { return b < 0x80 ? b : cp1252[b - 0x80]; }

uint32_t vb_cp1258_char(uint8_t b)
{
  switch (b) {
  case 0x8A: case 0x8E: case 0x9A: case 0x9E: return 0;
  case 0xC3: return 0x102;  /* Ă */
  case 0xE3: return 0x103;
  case 0xCC: return 0x300;  /* the five tones stand behind their letter */
  case 0xD2: return 0x309;
  case 0xDE: return 0x303;
  case 0xEC: return 0x301;
  case 0xF2: return 0x323;
  case 0xD0: return 0x110;  /* Đ */
  case 0xF0: return 0x111;
  case 0xD5: return 0x1A0;  /* Ơ */
  case 0xF5: return 0x1A1;
  case 0xDD: return 0x1AF;  /* Ư */
  case 0xFD: return 0x1B0;
  case 0xFE: return 0x20AB; /* the sign of the đồng */
  default: return vb_cp1252_char(b);
  }
}

uint32_t vb_tcvn_char(uint8_t b)
{
  static const uint16_t low[0x18] = {[0x01] = 0xDA,   [0x02] = 0x1EE4, [0x04] = 0x1EEA, [0x05] = 0x1EEC, [0x06] = 0x1EEE, [0x11] = 0x1EE8,
                                     [0x12] = 0x1EF0, [0x13] = 0x1EF2, [0x14] = 0x1EF6, [0x15] = 0x1EF8, [0x16] = 0xDD,   [0x17] = 0x1EF4};
  if (b >= 0x80) return tcvn[b - 0x80];
  return b < 0x18 && low[b] != 0 ? low[b] : b;
}

/* ---- TCVN3 -------------------------------------------------------------------------------------------------- */

/* VN1 puts capitals with tones where Windows fonts of TCVN3 show quotes and dashes, or where control characters stand. Which one is
 * meant shows in the word: with the capital it is a syllable, or it is none. 0 for a byte without this doubt. */
static uint32_t tcvn_sign(uint8_t b)
{
  if (b < 0x20) return vb_tcvn_char(b) != b ? b : 0;
  if (b == 0x82 || b == 0x84 || b == 0x85 || (b >= 0x91 && b <= 0x97)) return vb_cp1252_char(b);
  return 0;
}

static bool ascii_letter(uint8_t b) { return (b | 32) >= 'a' && (b | 32) <= 'z'; }

static bool tcvn_letter(uint8_t b) { return ascii_letter(b) || vb_letter_code(vb_tcvn_char(b)) != 0; }

static bool tcvn_word_is_syllable(const uint8_t *b, size_t n)
{
  uint32_t c[VB_SYLLABLE_MAX];
  if (n < 2 || n > VB_SYLLABLE_MAX) return false;
  for (size_t i = 0; i < n; i++) c[i] = vb_char_lower(vb_tcvn_char(b[i]));
  return vb_syllable_valid(c, n);
}

/* A word whose ASCII letters are all capitals was written in capitals: its toned letters are small in the bytes alone. */
static void add_tcvn_word(const uint8_t *b, size_t n, vb_buf *out)
{
  size_t capitals = 0, small = 0;
  for (size_t i = 0; i < n; i++) {
    capitals += b[i] >= 'A' && b[i] <= 'Z';
    small += b[i] >= 'a' && b[i] <= 'z';
  }
  for (size_t i = 0; i < n; i++) {
    uint32_t c = vb_tcvn_char(b[i]);
    vb_buf_utf8(out, capitals >= 2 && small == 0 ? vb_char_upper(c) : c);
  }
}

static void decode_tcvn(const uint8_t *b, size_t n, vb_buf *out)
{
  for (size_t i = 0; i < n;) {
    size_t end = i, doubts = 0;
    for (; end < n && tcvn_letter(b[end]); end++) doubts += tcvn_sign(b[end]) != 0;
    if (end == i) {
      vb_buf_utf8(out, vb_tcvn_char(b[i++]));
      continue;
    }
    if (doubts > 0 && tcvn_word_is_syllable(b + i, end - i)) doubts = 0;
    while (i < end) {
      size_t stop = i;
      while (stop < end && (doubts == 0 || tcvn_sign(b[stop]) == 0)) stop++;
      add_tcvn_word(b + i, stop - i, out);
      if (stop < end) vb_buf_utf8(out, tcvn_sign(b[stop++]));
      i = stop;
    }
  }
}

/* ---- VNI ---------------------------------------------------------------------------------------------------- */

/* The byte as a mark in small letters: it follows the case of its letter. */
static uint8_t small_mark(uint8_t b) { return b >= 0xC0 ? (uint8_t)(b | 0x20) : b; }

static int tone_mark(uint8_t b)
{
  switch (b) {
  case 0xF8: return VB_TONE_HUYEN;
  case 0xFB: return VB_TONE_HOI;
  case 0xF5: return VB_TONE_NGA;
  case 0xF9: return VB_TONE_SAC;
  case 0xEF: return VB_TONE_NANG;
  default: return -1;
  }
}

static int hat_mark(uint8_t b) /* â ê ô with their tone */
{
  switch (b) {
  case 0xE2: return VB_TONE_NGANG;
  case 0xE0: return VB_TONE_HUYEN;
  case 0xE5: return VB_TONE_HOI;
  case 0xE3: return VB_TONE_NGA;
  case 0xE1: return VB_TONE_SAC;
  case 0xE4: return VB_TONE_NANG;
  default: return -1;
  }
}

static int breve_mark(uint8_t b) /* ă with its tone */
{
  switch (b) {
  case 0xEA: return VB_TONE_NGANG;
  case 0xE8: return VB_TONE_HUYEN;
  case 0xFA: return VB_TONE_HOI;
  case 0xFC: return VB_TONE_NGA;
  case 0xE9: return VB_TONE_SAC;
  case 0xEB: return VB_TONE_NANG;
  default: return -1;
  }
}

/* The letter of base and mark as a code (text_int.h), 0 when they do not go together. */
static uint8_t vni_pair(uint8_t base, uint8_t mark)
{
  /* row of the base without hat, and with it; -1: has none */
  static const struct { uint8_t base; int row, hat; } bases[] = {
    {'a', VB_ROW_A, VB_ROW_AA}, {'e', VB_ROW_E, VB_ROW_EE}, {'o', VB_ROW_O, VB_ROW_OO}, {'u', VB_ROW_U, -1},
    {'y', VB_ROW_Y, -1},        {0xF4, VB_ROW_OW, -1},      {0xF6, VB_ROW_UW, -1},
  };
  uint8_t small = (uint8_t)(base | 0x20), m = small_mark(mark);
  uint8_t upper = base == small ? 0 : (uint8_t)VB_LETTER_UPPER;
  for (size_t i = 0; i < sizeof bases / sizeof bases[0]; i++) {
    if (bases[i].base != small) continue;
    int row = bases[i].row, tone = tone_mark(m);
    if (tone < 0 && bases[i].hat >= 0) {
      row = bases[i].hat;
      tone = hat_mark(m);
    }
    if (tone < 0 && small == 'a') {
      row = VB_ROW_AW;
      tone = breve_mark(m);
    }
    return tone < 0 ? 0 : (uint8_t)((1 + row * 6 + tone) | upper);
  }
  return 0;
}

/* One byte that is a letter by itself, or a sign of windows-1252; 0: a mark without its letter. */
static uint32_t vni_single(uint8_t b)
{
  if (b < 0xC0 || b == 0xD7 || b == 0xF7) return vb_cp1252_char(b);
  uint32_t c;
  switch (b | 0x20) {
  case 0xF1: c = 0x111; break;  /* đ */
  case 0xF4: c = 0x1A1; break;  /* ơ */
  case 0xF6: c = 0x1B0; break;  /* ư */
  case 0xED: c = 0xED; break;   /* í */
  case 0xEC: c = 0xEC; break;   /* ì */
  case 0xE6: c = 0x1EC9; break; /* ỉ */
  case 0xF3: c = 0x129; break;  /* ĩ */
  case 0xF2: c = 0x1ECB; break; /* ị */
  case 0xEE: c = 0x1EF5; break; /* ỵ */
  default: return 0;
  }
  return (b & 0x20) != 0 ? c : vb_char_upper(c);
}

static size_t decode_vni(const uint8_t *b, size_t n, bool lenient, vb_buf *out)
{
  for (size_t i = 0; i < n;) {
    uint8_t pair = i + 1 < n && b[i + 1] >= 0xC0 ? vni_pair(b[i], b[i + 1]) : 0;
    uint32_t c = pair != 0 ? vb_letter_char(pair) : vni_single(b[i]);
    if (c == 0 && b[i] != 0) {
      if (!lenient) return i;
      c = 0xFFFD;
    }
    vb_buf_utf8(out, c);
    i += pair != 0 ? 2 : 1;
  }
  return n;
}

/* ---- the others --------------------------------------------------------------------------------------------- */

static size_t decode_cp1258(const uint8_t *b, size_t n, bool lenient, vb_buf *out)
{
  for (size_t i = 0; i < n; i++) {
    uint32_t c = vb_cp1258_char(b[i]);
    if (c == 0 && b[i] != 0) {
      if (!lenient) return i;
      c = 0xFFFD;
    }
    vb_buf_utf8(out, c);
  }
  return n;
}

static size_t decode_utf16(const uint8_t *b, size_t n, bool big, bool lenient, vb_buf *out)
{
  size_t i = 0;
  while (i + 1 < n) {
    uint32_t c = big ? (uint32_t)b[i] << 8 | b[i + 1] : (uint32_t)b[i + 1] << 8 | b[i];
    size_t used = 2;
    if (c >= 0xD800 && c <= 0xDFFF) {
      uint32_t d = 0;
      if (i + 3 < n) d = big ? (uint32_t)b[i + 2] << 8 | b[i + 3] : (uint32_t)b[i + 3] << 8 | b[i + 2];
      if (c <= 0xDBFF && d >= 0xDC00 && d <= 0xDFFF) {
        c = 0x10000 + ((c - 0xD800) << 10) + (d - 0xDC00);
        used = 4;
      } else if (lenient) {
        c = 0xFFFD;
      } else {
        return i;
      }
    }
    vb_buf_utf8(out, c);
    i += used;
  }
  return lenient ? n : i; /* a byte left over */
}

static size_t decode_utf8(vb_span s, bool lenient, vb_buf *out)
{
  size_t at = 0;
  for (;;) {
    vb_span rest = {s.p + at, s.n - at};
    size_t good = vb_utf8_check(rest);
    vb_buf_add(out, rest.p, good);
    at += good;
    if (at == s.n || !lenient) return at;
    vb_buf_utf8(out, 0xFFFD);
    at++;
  }
}

size_t vb_decode_raw(vb_encoding e, vb_span bytes, bool lenient, vb_buf *out)
{
  const uint8_t *b = (const uint8_t *)bytes.p;
  if (bytes.n == 0) return 0;
  switch (e) {
  case VB_ENC_TCVN3: decode_tcvn(b, bytes.n, out); return bytes.n;
  case VB_ENC_VNI: return decode_vni(b, bytes.n, lenient, out);
  case VB_ENC_CP1258: return decode_cp1258(b, bytes.n, lenient, out);
  case VB_ENC_UTF16LE: return decode_utf16(b, bytes.n, false, lenient, out);
  case VB_ENC_UTF16BE: return decode_utf16(b, bytes.n, true, lenient, out);
  default: return decode_utf8(bytes, lenient, out);
  }
}
