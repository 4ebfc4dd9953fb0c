/* Where lines may end: a table of texts with every place marked, and properties that hold for any text.
 * In the table | marks a free break, ~ one that a rule holds (2); everywhere else there is none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "text/text_int.h"

static const char *const cases[] = {
  /* plain text */
  "cải |cách |hành |chính",
  "một  |hai",
  "một",
  " một |hai ",
  "",
  /* citations */
  "theo |Điều ~14 |của |Luật",
  "điểm ~a |khoản ~2 |Điều ~103 |Mục ~5",
  "điểm ~đ |khoản ~1",
  "điểm ~a) |khoản ~2",
  "tại |Chương ~II |và |Phần ~I",
  "Điều ~14a |và |điều ~3, |khoản ~2.",
  "ĐIỀU ~14",
  "Phụ ~lục ~I |kèm |theo",
  "Tiểu ~mục ~1 |Mục ~2",
  "Kế |hoạch |số ~83/KH-UBND |của |xã",
  "Nghị |định |số ~61/2018/NĐ-CP |ngày ~23 ~tháng ~4 |năm ~2018",
  "Nghị |định ~30/2020/NĐ-CP, |Quyết |định ~1989/QĐ-BGDĐT",
  "Nghị |quyết ~19 |và |Đề |án ~06",
  "Quyết |định |số ~1085/QĐ-TTg |của",
  "Nghị |quyết |số ~39-NQ/TW",
  "QĐ ~197/QĐ-UBND, |NĐ ~30, |Luật ~64/2025",
  "Thông |tư |số ~02/2021/TT-BNV",
  "Số: ~15/QĐ-BNV",
  "Số: ~…/KH-UBND",
  "Số: ~.../BC-UBND |nhé",
  "theo |mẫu |số ~01",
  "V/v ~triển |khai |kế |hoạch",
  "tiêu |chuẩn |TCVN ~ISO ~9001:2015 |tại",
  "ISO ~9001:2008, |TCVN ~6909:2001",
  "QCVN ~102:2016/BTTTT",
  /* dates and times */
  "ngày ~28 ~tháng ~9 |năm ~2022 |của",
  "Quảng |Thọ, |ngày ~06 ~tháng ~12 |năm ~2023",
  "ngày ~01/7/2025 |đến |ngày ~15/4/2022;",
  "trong |tháng ~3/2023, |tháng ~9 |năm ~2022",
  "trong |năm ~2023, |các |năm ~2021-2025",
  "ngày … ~tháng … |năm …",
  "quý ~I, |quý ~III/2023, |Quý ~4",
  "lúc |19 ~giờ |tối",
  "8 ~giờ ~30 ~phút, |ngày ~05",
  "thứ ~Hai, |thứ ~7, |thứ ~nhất",
  "lần ~thứ ~XIII |của |Đảng",
  "thế |kỷ ~XXI, |khóa ~XV, |nhiệm |kỳ ~2021-2026",
  "Đại |hội ~XIII |và |năm |học ~2023-2024",
  "06 ~tháng |đầu |năm ~2023",
  "ngày |làm |việc",
  "năm |văn |bản",
  /* figures and units */
  "kinh |phí |12.900.000 ~đồng |chi",
  "12 ~triệu ~đồng, |5 ~nghìn ~tỷ ~đồng",
  "hàng |triệu ~đồng |và |triệu |người",
  "33,8 ~triệu |đồng/~người/~năm;",
  "1.714 ~người, |02 ~hộ, |35 ~km², |15 ~ha, |25 ~°C, |14 ~pt",
  "đạt |98,5% |hồ |sơ",
  "đạt |98,5 % |hồ |sơ",
  "98 ~phần ~trăm",
  "02 |văn |bản, |29 |nhiệm |vụ |trong |07 |lĩnh |vực",
  "đạt |1,5/3 ~điểm",
  "tỷ |lệ |≥ ~90% |trở |lên",
  "khổ |giấy |210 ~x ~297 ~mm",
  "hai ~(02) |bản |và |mười ~(10) |người",
  "ĐT: ~0234 ~3556 ~789",
  "Fax: ~02343556789 |hoặc |MST: ~0400",
  "12 ~900 ~000 ~đồng",
  "2021 - ~2025, |01/01 - ~31/12/2023",
  "I - ~III",
  "-5 ~°C |và |+3",
  /* what has a number */
  "đạt |mức |độ ~3, |mức |độ ~4",
  "giai |đoạn ~2021-2025",
  "Bảng ~1, |Hình ~2, |Biểu ~3a, |trang ~12",
  "Tổ ~5, |Phường ~2, |loại ~A, |nhóm ~B",
  "tổ |dân |phố ~3 |và |khu |vực ~2",
  "tiêu |chí ~3, |nhiệm |vụ ~5",
  "QL ~1A, |Quốc |lộ ~49B, |đường ~2",
  /* names and organs */
  "tại |UBND ~xã |Quảng |Thọ, |HĐND ~tỉnh",
  "UBND |các |xã",
  "ông ~Nguyễn |Văn |A |và |bà ~Trần |Thị |B",
  "ông |bà |cha |mẹ",
  "TM. ~ỦY |BAN |NHÂN |DÂN",
  "KT. ~CHỦ |TỊCH",
  "TP. ~Huế, |ThS. ~Trần, |Q. ~Chủ |tịch",
  "UBND ~TP |Huế",
  "N. ~V. ~An |ký",
  "Lưu: ~VT, |CCHC.",
  "- ~Lưu: ~VT.",
  "cải |cách |hành |chính ~(CCHC) |năm",
  /* dashes, brackets, punctuation */
  "kinh |tế - |xã |hội",
  "Độc |lập - |Tự |do - |Hạnh |phúc",
  "văn |hóa – |giáo |dục — |y |tế",
  "HĐND & |UBND",
  "nêu |trên ./.",
  "hết./.",
  "đã |nêu |( ngoặc ) |và |“ trích ”",
  "như |sau : |một ; |hai",
  "v.v. |và |nhà, |đất, ~v.v.",
  "vân |vân …",
  "(sau |đây |gọi |là |“Đề |án”)",
  "Điều |“14” |và |khoản |(2)",
  "Điều, |14",
  /* marks of items */
  "- ~Như |trên;",
  "+ ~Một",
  "• ~Một |hai",
  "a) ~Nội |dung",
  "đ) ~Nội |dung",
  "1. ~Mục |đích",
  "1.1. ~Mục |đích",
  "I. ~CÔNG |TÁC",
  "(1) ~Nội |dung",
  "một |a) |Nội |dung",
  "dòng |một\n|- ~dòng |hai",
  /* inside words */
  "QĐ-TTg |và |61/2018/NĐ-CP |và |KH-UBND |và |15/QĐ-BNV",
  "chủ |trì/~phối |hợp",
  "kinh |tế-~xã |hội",
  "và/~hoặc",
  "1234/2018/TTLT-BTNMT-BNNPTNT |ký",
  "https://quangtho.|gov.|vn/|van-|ban/|ke-|hoach-|cchc |xem",
  "www.|quangdien.|thuathienhue.|gov.|vn/|tin",
  "ubnd-|quangtho@~thuathienhue.|gov.vn",
  "a@b.vn",
  "HĐND/UBND |xã",
};
enum { CASES = sizeof cases / sizeof cases[0] };

/* Takes the marks out of a case: the text, and the map they ask for. */
static size_t unmark(const char *marked, char *text, uint8_t *map)
{
  size_t n = 0;
  memset(map, 0, strlen(marked) + 1);
  for (; *marked != 0; marked++) {
    if (*marked == '|') map[n] = 1;
    else if (*marked == '~') map[n] = 2;
    else text[n++] = *marked;
  }
  text[n] = 0;
  return n;
}

static void mark(const char *text, size_t n, const uint8_t *map, char *out)
{
  for (size_t i = 0; i < n; i++) {
    if (map[i] != 0) *out++ = map[i] == 1 ? '|' : '~';
    *out++ = text[i];
  }
  *out = 0;
}

static void every_place_of_the_table(void **state)
{
  (void)state;
  assert_true(CASES >= 80);
  for (size_t i = 0; i < CASES; i++) {
    char text[400], got[800];
    uint8_t want[400], map[400];
    size_t n = unmark(cases[i], text, want);
    memset(map, 7, sizeof map);
    vb_break_map((vb_span){text, n}, map);
    assert_int_equal(map[n], 7);
    mark(text, n, map, got);
    if (strcmp(got, cases[i]) != 0) fail_msg("got  %s\nwant %s", got, cases[i]);
  }
}

/* With no-break spaces the same rules hold, and what was free is held. */
static void no_break_spaces_hold_alike(void **state)
{
  (void)state;
  for (size_t i = 0; i < CASES; i++) {
    char text[400], wide[800];
    uint8_t want[400], map[800];
    size_t n = unmark(cases[i], text, want), k = 0;
    size_t to[400];
    if (strchr(text, '\n') != NULL) continue;
    for (size_t j = 0; j < n; j++) {
      to[j] = k;
      if (text[j] == ' ') {
        memcpy(wide + k, "\u00A0", 2);
        k += 2;
      } else {
        wide[k++] = text[j];
      }
    }
    vb_break_map((vb_span){wide, k}, map);
    for (size_t j = 0; j < n; j++) {
      uint8_t expected = want[j] == 1 && j > 0 && text[j - 1] == ' ' ? 2 : want[j];
      if (map[to[j]] != expected) fail_msg("%s: at %zu %d", cases[i], j, map[to[j]]);
    }
  }
}

static uint64_t seed = 99;

static uint64_t next(void)
{
  seed ^= seed >> 12;
  seed ^= seed << 25;
  seed ^= seed >> 27;
  return seed * UINT64_C(2685821657736338717);
}

/* Texts put together at random: breaks stand on characters only, behind a space or a joint; a text without spaces and joints has
 * none; longer text behind does not change what stood before. */
static void properties(void **state)
{
  (void)state;
  static const char *const parts[] = {"ngày",  "Điều", " ", " ",  " ", "\u00A0", "12", "tháng", "-", "–",  "/",   "(",  ")",    "…",  ".", ",",    "%",
                                      "UBND", "xã",   "I", "\n", "“", "”",      "ở",  "a",     ":", "số", "@", "VT", "2023", "TM.", "đồng", "\t", "日",
                                      "ȺȺȺȺȺȺȺ-", "\U0001F600", "\x01"};
  for (int round = 0; round < 100000; round++) {
    char text[400] = "";
    uint8_t map[400], again[400];
    size_t n = 0, count = next() % 14;
    for (size_t k = 0; k < count; k++) n += (size_t)snprintf(text + n, sizeof text - n, "%s", parts[next() % (sizeof parts / sizeof parts[0])]);
    vb_break_map((vb_span){text, n}, map);
    if (n > 0) assert_int_equal(map[0], 0);
    for (size_t i = 1; i < n; i++) {
      if (map[i] == 0) continue;
      unsigned char before = (unsigned char)text[i - 1];
      bool space = before <= ' ' || (before == 0xA0 && (unsigned char)text[i - 2] == 0xC2);
      bool joint = strchr("/-@.?&=_", (int)before) != NULL || (i >= 3 && memcmp(text + i - 3, "–", 3) == 0);
      if (map[i] > 2 || ((unsigned char)text[i] & 0xC0) == 0x80 || text[i] == ' ' || !(space || joint)) fail_msg("\"%s\" at %zu", text, i);
    }
    size_t cut = n;
    while (cut > 0 && text[cut - 1] != ' ') cut--;
    if (cut == 0) continue;
    vb_break_map((vb_span){text, cut}, again);
    for (size_t i = 0; i < cut; i++) /* a rule may still hold what was free */
      if (again[i] != map[i] && !(again[i] == 1 && map[i] == 2)) fail_msg("\"%s\" cut at %zu", text, cut);
  }
}

/* Every word of the tables is found under its own text, and every class of a rule has a way to arise. */
static void rules_and_words_fit(void **state)
{
  (void)state;
  static const struct { const char *lower, *raw; uint64_t want; } words[] = {
    {"điều", "Điều", VB_W(CITE)}, {"đồng", "đồng", VB_W(DONG) | VB_W(UNIT)}, {"tp", "TP", VB_W(PLACE) | VB_W(ABBR)}, {"học", "học", VB_W(HOC)},
    {"năm", "NĂM", VB_W(NAM) | VB_W(UNIT) | VB_W(NTH) | VB_W(NUMWORD)},
  };
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    char lower[VB_KEYWORD_BYTES] = {0};
    memcpy(lower, words[i].lower, strlen(words[i].lower));
    uint64_t got = vb_keyword_classes(lower, words[i].raw, strlen(words[i].raw));
    if ((got & words[i].want) != words[i].want) fail_msg("%s", words[i].raw);
  }
  char lower[VB_KEYWORD_BYTES] = "tp";
  assert_int_equal(vb_keyword_classes(lower, "tp", 2), 0); /* the capitals matter */
  for (size_t i = 0; i < vb_break_rule_count; i++) {
    const vb_break_rule *r = &vb_break_rules[i];
    assert_true(r->reason != NULL && strlen(r->reason) > 10 && r->count >= 2 && r->count <= VB_RULE_WORDS);
    assert_true((r->holds != 0) != (r->frees != 0) && r->holds < 1u << (r->count - 1));
    assert_true(r->frees == 0 || r->frees == 1u << (r->count - 2));
    for (int k = 0; k < r->count; k++) assert_true(r->word[k] != 0);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_place_of_the_table),
    cmocka_unit_test(no_break_spaces_hold_alike),
    cmocka_unit_test(properties),
    cmocka_unit_test(rules_and_words_fit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
