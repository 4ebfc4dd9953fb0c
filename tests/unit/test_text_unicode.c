/* UTF-8 against iconv over all code points, NFC and case against utf8proc, forbidden characters, folded forms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <iconv.h>
#include <utf8proc.h>

#include "text/text_int.h"

static uint64_t seed = 20231206;

static uint64_t next(void)
{
  seed ^= seed >> 12;
  seed ^= seed << 25;
  seed ^= seed >> 27;
  return seed * UINT64_C(2685821657736338717);
}

static void assert_span(vb_span s, const char *want)
{
  if (!vb_span_is(s, want)) fail_msg("got \"%.*s\", want \"%s\"", (int)s.n, s.p, want);
}

/* ---- UTF-8 -------------------------------------------------------------------------------------------------- */

static void every_code_point_as_iconv_writes_it(void **state)
{
  (void)state;
  iconv_t cd = iconv_open("UTF-8", "UCS-4BE");
  assert_true(cd != (iconv_t)-1);
  for (uint32_t c = 0; c <= 0x10FFFF; c++) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    char in[4] = {(char)(c >> 24), (char)(c >> 16), (char)(c >> 8), (char)c}, want[8], got[4];
    char *from = in, *to = want;
    size_t left = 4, room = sizeof want;
    assert_true(iconv(cd, &from, &left, &to, &room) != (size_t)-1);
    size_t n = vb_utf8_put(c, got);
    if (n != sizeof want - room || memcmp(got, want, n) != 0) fail_msg("U+%04X", c);
    const char *p = got;
    if (vb_utf8_next(&p, got + n) != c || p != got + n) fail_msg("U+%04X read back", c);
    if (vb_utf8_check((vb_span){got, n}) != n || vb_utf8_length((vb_span){got, n}) != 1) fail_msg("U+%04X checked", c);
    for (size_t cut = 1; cut < n; cut++)
      if (vb_utf8_check((vb_span){got, cut}) != 0) fail_msg("U+%04X cut at %zu", c, cut);
  }
  iconv_close(cd);
}

static void malformed_sequences_are_found(void **state)
{
  (void)state;
  static const struct { const char *text; size_t n, at; } cases[] = {
    {"\x80", 1, 0},             {"\xBF", 1, 0},             {"ab\xC3", 3, 2},           {"\xC0\x80", 2, 0},
    {"\xC1\xBF", 2, 0},         {"\xC3\x28", 2, 0},         {"\xE0\x80\x80", 3, 0},     {"\xE0\x9F\xBF", 3, 0},
    {"\xE1\xBB", 2, 0},         {"\xE1\xBB\x41", 3, 0},     {"\xE1\x41\xBB", 3, 0},     {"\xED\xA0\x80", 3, 0},
    {"\xED\xBF\xBF", 3, 0},     {"x\xED\xA0\xBD\xED\xB8\x80", 7, 1}, {"\xF0\x80\x80\x80", 4, 0}, {"\xF0\x8F\xBF\xBF", 4, 0},
    {"\xF0\x9F\x98", 3, 0},     {"\xF4\x90\x80\x80", 4, 0}, {"\xF5\x80\x80\x80", 4, 0}, {"\xF8\x88\x80\x80\x80", 5, 0},
    {"\xFE", 1, 0},             {"\xFF", 1, 0},             {"\xE2\x82\xAC\x80", 4, 3}, {"12345678\xC3\xA9" "1234567\xA9", 18, 17},
    {"\xF1\x80\x80\x41", 4, 0}, {"\xC3\xC3\xA9", 3, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    size_t at = vb_utf8_check((vb_span){cases[i].text, cases[i].n});
    if (at != cases[i].at) fail_msg("case %zu: %zu", i, at);
    const char *p = cases[i].text + at;
    if (vb_utf8_next(&p, cases[i].text + cases[i].n) != 0xFFFD || p != cases[i].text + at + 1) fail_msg("case %zu: next", i);
  }
  const char *p = "x";
  assert_int_equal(vb_utf8_next(&p, p), 0);
  assert_int_equal(vb_utf8_check((vb_span){NULL, 0}), 0);
  char out[4];
  assert_int_equal(vb_utf8_put(0xD800, out), 3); /* never writes what it would not read */
  assert_memory_equal(out, "\xEF\xBF\xBD", 3);
  assert_int_equal(vb_utf8_length(VB_LIT("Quảng Thọ")), 9);
}

/* ---- letters ------------------------------------------------------------------------------------------------ */

static void letters_agree_with_unicode(void **state)
{
  (void)state;
  static const uint32_t tones[] = {0, 0x300, 0x309, 0x303, 0x301, 0x323};
  static const struct { char base; uint32_t hat; } rows[] = {{'a', 0}, {'a', 0x306}, {'a', 0x302}, {'e', 0}, {'e', 0x302}, {'i', 0},
                                                             {'o', 0}, {'o', 0x302}, {'o', 0x31B}, {'u', 0}, {'u', 0x31B}, {'y', 0}};
  int count = 0;
  for (uint32_t c = 0; c < 0x3000; c++) {
    uint8_t k = vb_letter_code(c);
    if (k == 0) continue;
    count++;
    assert_int_equal(vb_letter_char(k), c);
    assert_int_equal((k & VB_LETTER_UPPER) != 0, utf8proc_tolower((utf8proc_int32_t)c) != (utf8proc_int32_t)c);
    assert_int_equal(vb_char_lower(c), utf8proc_tolower((utf8proc_int32_t)c));
    assert_int_equal(vb_char_upper(c), utf8proc_toupper((utf8proc_int32_t)c));
    if (!vb_letter_vowel(k)) continue;
    utf8proc_int32_t d[8];
    int last = UTF8PROC_BOUNDCLASS_START, row = vb_letter_row(k);
    utf8proc_ssize_t n = utf8proc_decompose_char(utf8proc_tolower((utf8proc_int32_t)c), d, 8, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE, &last);
    uint32_t hat = 0, tone = 0;
    for (utf8proc_ssize_t i = 1; i < n; i++) {
      if (d[i] == 0x306 || d[i] == 0x302 || d[i] == 0x31B) hat = (uint32_t)d[i];
      else tone = (uint32_t)d[i];
    }
    assert_int_equal(d[0], rows[row].base);
    assert_int_equal(hat, rows[row].hat);
    assert_int_equal(tone, tones[vb_letter_tone(k)]);
    assert_int_equal(vb_letter_bare(k), rows[row].base);
  }
  assert_int_equal(count, 134 + 12); /* and a e i o u y in both cases */
}

static void syllables(void **state)
{
  (void)state;
  static const char *const good[] = {"quảng", "thọ", "nghiêng", "huyện", "quý", "gì", "giếng", "già", "hoà", "hòa", "thuý", "thúy", "khuỷu",
                                     "khuya", "đường", "ươm", "ý", "yêu", "oanh", "quốc", "nước", "được", "xoong", "gịa", "hòan", "thuở"};
  static const char *const bad[] = {"viöt", "nhaân", "thoâng", "général", "öôø", "hàc", "mảt", "qà", "tíên", "bàn̂", "fải", "ááb", "ế̀"};
  for (int round = 0; round < 2; round++) {
    const char *const *list = round == 0 ? good : bad;
    size_t count = round == 0 ? sizeof good / sizeof good[0] : sizeof bad / sizeof bad[0];
    for (size_t i = 0; i < count; i++) {
      uint32_t c[16];
      size_t n = 0;
      for (const char *p = list[i], *end = p + strlen(p); p < end;) c[n++] = vb_utf8_next(&p, end);
      if (vb_syllable_valid(c, n) != (round == 0)) fail_msg("%s", list[i]);
    }
  }
}

/* ---- NFC ---------------------------------------------------------------------------------------------------- */

static char *reference_nfc(const char *s, size_t n)
{
  utf8proc_uint8_t *out = NULL;
  assert_true(utf8proc_map((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)n, &out, UTF8PROC_STABLE | UTF8PROC_COMPOSE) >= 0);
  return (char *)out;
}

static void check_nfc(vb_arena *a, const char *s, size_t n)
{
  char *want = reference_nfc(s, n);
  bool same = strlen(want) == n && memcmp(want, s, n) == 0;
  vb_span in = {s, n}, got = vb_text_nfc(a, in);
  if (!vb_span_is(got, want)) fail_msg("nfc of \"%.*s\" is \"%.*s\"", (int)n, s, (int)got.n, got.p);
  if (vb_text_is_nfc(in) != same) fail_msg("quick check of \"%.*s\": %d", (int)n, s, !same);
  if (same && got.p != s) fail_msg("copied without need: \"%.*s\"", (int)n, s);
  free(want);
}

static void every_code_point_alone_and_behind_a_letter(void **state)
{
  (void)state;
  vb_arena *a = vb_arena_new(0);
  for (uint32_t c = 1; c <= 0x10FFFF; c++) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    if (c >= 0x30000 && c < 0xE0000 && c % 97 != 0) continue; /* nothing is assigned there but letters that stand alone */
    char s[80] = "aê", pad[80] = "0123456789012345678901234567890123456789a";
    size_t n = vb_utf8_put(c, s + 3) + 3, k = vb_utf8_put(c, pad + 41) + 41;
    check_nfc(a, s + 3, n - 3);
    check_nfc(a, s, n);
    memcpy(pad + k, "ăbcdefghijklm", 14);
    check_nfc(a, pad, k + 14);
    if (c % 4096 == 0) vb_arena_reset(a);
  }
  vb_arena_free(a);
}

static void random_marks(void **state)
{
  (void)state;
  static const uint32_t some[] = {'a', 'e', 'o', 'u', ' ', 0xE2, 0x1A1, 0x1EA1, 0x300, 0x301, 0x302, 0x303, 0x306, 0x309, 0x31B, 0x323,
                                  0x340, 0x341, 0x1100, 0x1161, 0x11A8, 0xAC00, 0x2126, 0x0958, 0x0915, 0x093C, 0x1E9B, 0x345, 0x3B1};
  vb_arena *a = vb_arena_new(0);
  for (int i = 0; i < 60000; i++) {
    char s[400];
    size_t n = 0, count = next() % 80;
    for (size_t k = 0; k < count; k++) n += vb_utf8_put(next() % 3 == 0 ? 'x' : some[next() % (sizeof some / sizeof some[0])], s + n);
    char *want = reference_nfc(s, n);
    vb_span got = vb_text_nfc(a, (vb_span){s, n});
    if (!vb_span_is(got, want)) fail_msg("%.*s", (int)n, s);
    if (vb_text_is_nfc((vb_span){s, n}) && (strlen(want) != n || memcmp(want, s, n) != 0)) fail_msg("%.*s passes", (int)n, s);
    if (!vb_text_is_nfc(got) && n < 16) fail_msg("%.*s fails", (int)got.n, got.p);
    free(want);
    vb_arena_reset(a);
  }
  vb_arena_free(a);
}

static void nfd_of_long_text(void **state)
{
  (void)state;
  vb_buf b;
  vb_buf_init(&b);
  for (int i = 0; i < 2000; i++) vb_buf_str(&b, i % 7 == 0 ? "Ủy ban nhân dân xã Quảng Thọ\n" : "cộng hòa xã hội chủ nghĩa");
  utf8proc_uint8_t *nfd = NULL;
  assert_true(utf8proc_map((const utf8proc_uint8_t *)b.p, (utf8proc_ssize_t)b.n, &nfd, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE) > 0);
  vb_arena *a = vb_arena_new(0);
  vb_span got = vb_text_nfc(a, vb_span_of((char *)nfd));
  assert_true(vb_span_eq(got, (vb_span){b.p, b.n}));
  assert_span(vb_text_nfc(a, VB_LIT("a\u0340e\u0341")), "àé");
  assert_span(vb_text_nfc(a, (vb_span){NULL, 0}), "");
  free(nfd);
  vb_arena_free(a);
  vb_buf_free(&b);
}

/* ---- everyday text ------------------------------------------------------------------------------------------ */

/* What is called clean has nothing wrong, at the end of a text and inside it: every character, and every run of three bytes. */
static void clean_text_is_right(void **state)
{
  (void)state;
  size_t clean = 0, at;
  for (uint32_t c = 1; c <= 0x10FFFF; c++) {
    char s[8] = "a";
    size_t n = 1 + vb_utf8_put(c, s + 1);
    s[n] = 'b';
    if (vb_text_is_clean((vb_span){s, n}) != vb_text_is_clean((vb_span){s, n + 1})) fail_msg("U+%04X at an end", c);
    if (!vb_text_is_clean((vb_span){s, n})) continue;
    clean++;
    if (!vb_text_is_nfc((vb_span){s, n}) || vb_text_forbidden((vb_span){s, n}, &at) != 0) fail_msg("U+%04X", c);
  }
  assert_true(clean > 500);
  for (uint32_t k = 0; k < 1u << 24; k++) {
    const char s[3] = {(char)(k >> 16), (char)(k >> 8 & 0xFF), (char)(k & 0xFF)};
    if (vb_text_is_clean((vb_span){s, 3}) && vb_utf8_check((vb_span){s, 3}) != 3) fail_msg("%06X", k);
  }
  assert_true(vb_text_is_clean(VB_LIT("Điều 5. Ủy ban nhân dân xã – “Quảng Thọ”…\n\t§ 1°, số 12/KH-UBND")));
  assert_true(vb_text_is_clean((vb_span){NULL, 0}));
  assert_false(vb_text_is_clean((vb_span){"a\0b", 3}));
}

/* ---- forbidden ---------------------------------------------------------------------------------------------- */

static void forbidden_characters(void **state)
{
  (void)state;
  static const uint32_t bad[] = {1, 8, 0xB, 0xC, 0xD, 0x1B, 0x1F, 0x7F, 0x80, 0x85, 0x9F, 0xAD, 0x61C, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E,
                                 0x200F, 0x2028, 0x2029, 0x202A, 0x202E, 0x2060, 0x2066, 0x2069, 0xE000, 0xF8FF, 0xFDD0, 0xFEFF, 0xFFFD, 0xFFFE,
                                 0xFFFF, 0x1FFFE, 0xE0001, 0xF0000, 0x10FFFF};
  static const char *const good[] = {"", "Ủy ban\tnhân dân\n“Một cửa” – 12 m² … 5 °C, 1.000 ₫ € × ÷ ≤ ≥ • № \u00A0", "x\u0302", "日本 Ελλάδα \U0001F600"};
  size_t at;
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    char s[16] = "ạx";
    size_t n = 4 + vb_utf8_put(bad[i], s + 4);
    if (vb_text_forbidden((vb_span){s, n}, &at) != bad[i] || at != 4) fail_msg("U+%04X", bad[i]);
  }
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    assert_int_equal(vb_text_forbidden(vb_span_of(good[i]), &at), 0);
    assert_int_equal(at, strlen(good[i]));
  }
  assert_int_equal(vb_text_forbidden(VB_LIT("\u0301a"), &at), 0x301);
  assert_int_equal(at, 0);
  assert_int_equal(vb_text_forbidden(VB_LIT("ab\n\u0323"), &at), 0x323);
  assert_int_equal(at, 3);
  assert_int_equal(vb_text_forbidden((vb_span){"a\0b", 3}, &at), 0x2400);
  vb_arena *a = vb_arena_new(0);
  assert_non_null(a);
  assert_string_equal(vb_text_shown(a, VB_LIT("Lê Văn Mẫu\n2")), "Lê Văn Mẫu\n2");
  assert_string_equal(vb_text_shown(a, (vb_span){"\x1b[31m\0\xff\xc3(\u202ex\xe1", 14}), "\uFFFD[31m\uFFFD\uFFFD\uFFFD(\uFFFDx\uFFFD");
  assert_string_equal(vb_text_shown(a, (vb_span){NULL, 0}), "");
  vb_arena_free(a);
  assert_int_equal(at, 1);
}

/* ---- case and folding --------------------------------------------------------------------------------------- */

static void case_of_texts(void **state)
{
  (void)state;
  vb_arena *a = vb_arena_new(0);
  assert_span(vb_text_upper(a, VB_LIT("Ủy ban nhân dân xã Quảng Thọ, đường số 5")), "ỦY BAN NHÂN DÂN XÃ QUẢNG THỌ, ĐƯỜNG SỐ 5");
  assert_span(vb_text_lower(a, VB_LIT("ỦY BAN NHÂN DÂN Đặng Ứng Ỷ")), "ủy ban nhân dân đặng ứng ỷ");
  assert_span(vb_text_capital(a, VB_LIT("ủy ban")), "Ủy ban");
  assert_span(vb_text_capital(a, VB_LIT("“đề án")), "“Đề án");
  assert_span(vb_text_capital(a, VB_LIT("02 văn bản")), "02 văn bản");
  assert_span(vb_text_capital(a, VB_LIT("Ý kiến")), "Ý kiến");
  assert_span(vb_text_upper(a, (vb_span){NULL, 0}), "");
  assert_true(vb_text_is_nfc(vb_text_upper(a, VB_LIT("ΐ ǰ ŉ ß ﬁ"))));
  vb_arena_free(a);
}

/* The quick way for Vietnamese words says what utf8proc and NFC say of every short text, and of broken ones never reads beyond the end. */
static void case_of_every_character(void **state)
{
  (void)state;
  static const uint32_t beside[] = {0, 'a', 'Z', 0x1EA0, 0x1B0, 0x301, 0x331, 0xA0, 0x201C, 0x130};
  vb_arena *a = vb_arena_new(0);
  for (uint32_t c = 1; c < 0x2100; c++) {
    for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
      const uint32_t text[] = {c, beside[i]};
      for (int upper = 0; upper < 2; upper++) {
        vb_buf in, want;
        vb_buf_init(&in);
        vb_buf_init(&want);
        for (size_t k = 0; k < 2 && text[k] != 0; k++) vb_buf_utf8(&in, text[k]);
        vb_span s = vb_text_nfc(a, (vb_span){in.p, in.n});
        for (const char *p = s.p; p < s.p + s.n;) {
          utf8proc_int32_t k = (utf8proc_int32_t)vb_utf8_next(&p, s.p + s.n);
          vb_buf_utf8(&want, (uint32_t)(upper ? utf8proc_toupper(k) : utf8proc_tolower(k)));
        }
        vb_span w = vb_text_nfc(a, (vb_span){want.p, want.n});
        vb_span got = upper ? vb_text_upper(a, s) : vb_text_lower(a, s);
        if (!vb_span_eq(got, w)) fail_msg("U+%04X U+%04X %s", c, beside[i], upper ? "upper" : "lower");
        vb_buf_free(&in);
        vb_buf_free(&want);
      }
    }
    vb_arena_reset(a);
  }
  for (int i = 0; i < 20000; i++) {
    char bytes[6], *text = malloc(sizeof bytes), out[sizeof bytes];
    for (size_t k = 0; k < sizeof bytes; k++) bytes[k] = (char)(next() % 3 == 0 ? next() % 256 : 0xC3 + next() % 0x22);
    memcpy(text, bytes, sizeof bytes);
    if (vb_letters_case((vb_span){text, sizeof bytes}, out, false)) assert_int_equal(vb_utf8_check((vb_span){text, sizeof bytes}), sizeof bytes);
    free(text);
  }
  vb_arena_free(a);
}

static void folded_forms(void **state)
{
  (void)state;
  static const char *const same[][2] = {
    {"Hoà Bình", "hòa bình"},
    {"HÒA", "hoà"},
    {"Thuý", "Thúy"},
    {"khoẻ", "KHỎE"},
    {"loã xoã", "lõa xõa"},
    {"huỷ, tuỳ, uỷ", "hủy, tùy, ủy"},
    {"quý", "qúy"},
    {"Văn phòng - Thống kê", "Văn  phòng – Thống\u00A0kê"},
    {"Văn phòng-Thống kê", " Văn phòng — Thống kê "},
    {"hoàn toàn", "hòan tòan"},
    {"giá", "gía"},
    {"Ðặng", "đặng"},
    {"\tUBND\n xã", "ubnd xã"},
  };
  static const char *const other[][2] = {{"hoa", "hòa"}, {"tỏa", "tóa"}, {"của", "cửa"}, {"mía", "mìa"}, {"xã", "xa"}, {"a b", "ab"}};
  static const char *const bare[][2] = {
    {"Quảng  Thọ", "quang tho"}, {"ĐƯỜNG Nguyễn Huệ", "duong nguyen hue"}, {"Hoà – Bình", "hoa-binh"}, {"Đắk Lắk", "dak lak"},
    {"çñü ÿ", "cnu y"},          {"Ủy ban, số 5/7", "uy ban, so 5/7"},      {"nghiêngngảnhthẳng", "nghiengnganhthang"},
  };
  vb_arena *a = vb_arena_new(0);
  for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
    vb_span x = vb_text_fold(a, vb_span_of(same[i][0])), y = vb_text_fold(a, vb_span_of(same[i][1]));
    if (!vb_span_eq(x, y)) fail_msg("\"%.*s\" and \"%.*s\"", (int)x.n, x.p, (int)y.n, y.p);
    assert_true(vb_span_eq(x, vb_text_fold(a, x)));
  }
  for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
    assert_false(vb_span_eq(vb_text_fold(a, vb_span_of(other[i][0])), vb_text_fold(a, vb_span_of(other[i][1]))));
  for (size_t i = 0; i < sizeof bare / sizeof bare[0]; i++) assert_span(vb_text_bare(a, vb_span_of(bare[i][0])), bare[i][1]);
  assert_span(vb_text_fold(a, VB_LIT("Hòa")), "hoà");
  assert_span(vb_text_fold(a, VB_LIT("Mùa thủy, của cải, người")), "mùa thuỷ, của cải, người");
  assert_span(vb_text_fold(a, VB_LIT("- Như trên ")), "-như trên");
  assert_span(vb_text_fold(a, VB_LIT(" ")), "");
  vb_arena_free(a);
}

static void marks_go(void **state)
{
  (void)state;
  static const char *const same[] = {"", "Số hồ sơ", "5 * 3 * 2", "*mở mà không đóng", "đóng mà không mở*", "**", "***", "* mục *", "a* b*"};
  static const char *const marked[][2] = {
    {"*(đơn vị thấp nhất)*", "(đơn vị thấp nhất)"}, {"Tỷ lệ *(%)* và **tổng**", "Tỷ lệ (%) và tổng"}, {"*một* *hai*", "một hai"}, {"**cả dòng**", "cả dòng"}, {"*a*b*", "ab*"}};
  vb_arena *a = vb_arena_new(0);
  size_t width = 0;
  for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) assert_string_equal(vb_text_unmarked(a, same[i]), same[i]);
  for (size_t i = 0; i < sizeof marked / sizeof marked[0]; i++) assert_string_equal(vb_text_unmarked(a, marked[i][0]), marked[i][1]);
  assert_null(vb_text_unmarked(a, NULL));
  assert_int_equal(vb_mark_end(VB_LIT("x *đ* y"), 2, &width), 5);
  assert_int_equal(width, 1);
  assert_int_equal(vb_mark_end(VB_LIT("**đ**"), 0, &width), 4);
  assert_int_equal(width, 2);
  assert_int_equal(vb_mark_end(VB_LIT("x"), 0, &width), 0);
  vb_arena_free(a);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_code_point_as_iconv_writes_it),
    cmocka_unit_test(malformed_sequences_are_found),
    cmocka_unit_test(letters_agree_with_unicode),
    cmocka_unit_test(syllables),
    cmocka_unit_test(every_code_point_alone_and_behind_a_letter),
    cmocka_unit_test(random_marks),
    cmocka_unit_test(nfd_of_long_text),
    cmocka_unit_test(clean_text_is_right),
    cmocka_unit_test(forbidden_characters),
    cmocka_unit_test(case_of_texts),
    cmocka_unit_test(case_of_every_character),
    cmocka_unit_test(folded_forms),
    cmocka_unit_test(marks_go),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
