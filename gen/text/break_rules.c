/* Which words hold together at the end of a line: the words that rules know, and the rules, each with its reason.
 *
 * A rule makes a break between two words a last resort (2 in the map of vb_break_map); what no line may begin or end with stands
 * in breaks.c. Sources: ND30 PL I for numbers, dates and citations, the seed documents, Vietnamese typesetting practice. To add a
 * habit, add words to a class or a line to the rules; keep lines breakable: no rule for an ordinary noun behind a number.
 */
#include "text/text_int.h"

#include <string.h>

/* ---- words -------------------------------------------------------------------------------------------------- */

/* Words in lower case match any case. A word with a capital matches as written only: "TP", not "tp". */
typedef struct keyword_set { uint64_t classes; const char *words; } keyword_set;

static const keyword_set sets[] = {
  {VB_W(CITE), "điều khoản mục chương phần tiết"},
  {VB_W(POINT) | VB_W(UNIT), "điểm"},
  {VB_W(PHU), "phụ"},
  {VB_W(LUC), "lục"},
  {VB_W(SERIAL), "biểu mẫu bảng hình đồ quyển tờ thửa lô kỳ khóa khoá đợt lớp cấp mức hạng loại nhóm bước tổ thôn ấp khóm phường quận đội cụm "
                 "tuyến vùng phiên câu bài bậc vòng khổ kiểu bản"},
  {VB_W(SERIAL) | VB_W(UNIT), "trang tập tuần lần"},
  {VB_W(SO), "số"},
  {VB_W(NGAY) | VB_W(UNIT), "ngày"},
  {VB_W(THANG) | VB_W(UNIT), "tháng"},
  {VB_W(NAM) | VB_W(UNIT), "năm"},
  {VB_W(QUY) | VB_W(UNIT), "quý"},
  {VB_W(GIO) | VB_W(UNIT), "giờ"},
  {VB_W(UNIT), "m m2 m3 m² m³ km km2 km² cm cm2 cm² mm dm ha kg g mg tấn tạ yến lít l ml kw kwh mw w v hz mb gb tb kb pt px usd eur vnd vnđ "
               "₫ đ °c °f người hộ khẩu lượt phút giây bộ cái chiếc con cây căn cuộc suất vụ héc-ta"},
  {VB_W(UNIT) | VB_W(DONG), "đồng"},
  {VB_W(SCALE), "nghìn ngàn triệu tỷ tỉ chục"},
  {VB_W(SCALE) | VB_W(TRAM), "trăm"},
  {VB_W(PHAN), "phần"},
  {VB_W(BODY), "ubnd hđnd ubmttq mttq ubmttqvn tand vksnd BCĐ BCH"},
  {VB_W(PLACE), "xã phường thị thành huyện tỉnh quận đặc TP TX TT"},
  {VB_W(HONOUR), "ông bà anh chị cô chú đ/c"},
  {VB_W(ABBR), "TM KT TL TUQ Q PL TP TX TT P PGS GS TS ThS BS KS CN LS ĐC tr"},
  {VB_W(DOC1), "nghị quyết chỉ thông kế báo công tờ chương văn bộ pháp kết hướng đề dự quy điều"},
  {VB_W(DOC2), "định quyết thị tư hoạch cáo văn trình bản luật lệnh luận dẫn án điện chế"},
  {VB_W(DOCABBR), "luật NĐ QĐ NQ CT KH BC CV TTr TB TTLT TT NĐ-CP QĐ-TTg VBHN"},
  {VB_W(STD), "ISO IEC TCVN QCVN TCXD TCXDVN ASTM PDF UTF"},
  {VB_W(HEAD1), "mức giai tiêu chỉ nhiệm nội khu dân đại thành học tiểu"},
  {VB_W(HEAD2), "độ đoạn chí tiêu vụ dung vực phố phần hội"},
  {VB_W(LAN), "lần"},
  {VB_W(THU), "thứ kỷ"},
  {VB_W(NTH), "nhất hai ba tư năm sáu bảy tám chín mười"},
  {VB_W(NUMWORD), "một hai ba bốn tư năm sáu bảy tám chín mười mươi trăm nghìn triệu tỷ mốt lăm"},
  {VB_W(TIMES), "x × *"},
  {VB_W(ROAD), "lộ đường QL TL ĐT HL ĐH km ngõ hẻm kiệt"},
  {VB_W(LUU), "lưu"},
  {VB_W(TEL), "ĐT fax MST CCCD CMND TK sđt"},
  {VB_W(VV), "v/v"},
  {VB_W(ETC), "v.v vv"},
  {VB_W(HOC), "học"},
};

/* ---- rules -------------------------------------------------------------------------------------------------- */

#define FIGURE (VB_W(NUMBER) | VB_W(BLANK))
#define ORDINAL (VB_W(NUMBER) | VB_W(ROMAN) | VB_W(NUMLET) | VB_W(BLANK))
#define PAIR(why, a, b) {why, {a, b, 0, 0}, 2, 1, 0}
#define TRIO(why, a, b, c, holds) {why, {a, b, c, 0}, 3, holds, 0}
#define FREE(why, a, b, c, frees) {why, {a, b, c, 0}, 3, 0, frees}

const vb_break_rule vb_break_rules[] = {
  /* citations */
  PAIR("Điều 14, khoản 2, Chương II: a part of a document keeps its number", VB_W(CITE), ORDINAL | VB_W(SMALL) | VB_W(LARGE)),
  PAIR("điểm a: a point keeps its letter", VB_W(POINT), VB_W(SMALL) | ORDINAL),
  TRIO("Phụ lục I: an appendix keeps its number", VB_W(PHU), VB_W(LUC), ORDINAL | VB_W(LARGE), 3),
  TRIO("Tiểu mục 1: both syllables and the number", VB_W(HEAD1), VB_W(CITE), ORDINAL, 3),
  PAIR("số 83/KH-UBND: the word số keeps what it announces", VB_W(SO), ORDINAL | VB_W(DOCNO) | VB_W(DATE) | VB_W(STDNO)),
  TRIO("Nghị định 30/2020/NĐ-CP: a kind of document keeps its number", VB_W(DOC1), VB_W(DOC2), VB_W(NUMBER) | VB_W(DOCNO) | VB_W(DATE), 2),
  PAIR("QĐ 197/QĐ-UBND: the same, abbreviated", VB_W(DOCABBR), VB_W(NUMBER) | VB_W(DOCNO) | VB_W(DATE)),
  PAIR("TCVN ISO: the names of a standard's makers stay together", VB_W(STD), VB_W(STD)),
  PAIR("ISO 9001:2015: a standard keeps its number", VB_W(STD), VB_W(STDNO) | VB_W(NUMBER) | VB_W(NUMLET) | VB_W(DOCNO)),
  PAIR("V/v triển khai: the mark of a subject keeps its first word", VB_W(VV), VB_W(ANY)),
  /* dates and times */
  PAIR("ngày 28, ngày 01/7/2025: a day keeps its number", VB_W(NGAY), FIGURE | VB_W(DATE)),
  PAIR("tháng 9, tháng 3/2023: a month keeps its number", VB_W(THANG), FIGURE | VB_W(DATE)),
  PAIR("năm 2023: a year keeps its number", VB_W(NAM), VB_W(YEAR) | VB_W(BLANK)),
  TRIO("năm học 2023-2024: the same", VB_W(NAM), VB_W(HOC), VB_W(NUMBER), 2),
  PAIR("quý I, quý III/2023: a quarter keeps its number", VB_W(QUY), ORDINAL | VB_W(DATE)),
  TRIO("19 giờ 30: hours keep their minutes", VB_W(NUMBER), VB_W(GIO), VB_W(NUMBER), 3),
  PAIR("thứ Hai, thứ 7, thế kỷ XXI: an ordinal stays whole", VB_W(THU), VB_W(NTH) | ORDINAL),
  TRIO("lần thứ XIII: an ordinal stays whole", VB_W(LAN), VB_W(THU), VB_W(NTH) | ORDINAL, 3),
  /* figures */
  PAIR("12.900.000 đồng, 15 km, 07 người, ngày 28 tháng, 9 năm: a figure keeps its unit", FIGURE, VB_W(UNIT)),
  PAIR("12 triệu: a figure keeps its scale", VB_W(NUMBER), VB_W(SCALE)),
  TRIO("12 nghìn tỷ, 5 triệu người: the scale keeps what it counts", VB_W(NUMBER), VB_W(SCALE), VB_W(SCALE) | VB_W(UNIT), 3),
  PAIR("triệu đồng: a scale keeps its currency", VB_W(SCALE), VB_W(DONG)),
  TRIO("98 phần trăm: a share stays whole", VB_W(NUMBER), VB_W(PHAN), VB_W(TRAM), 3),
  PAIR("12 900 000, 0234 3556 789: digits grouped by spaces are one figure", VB_W(NUMBER), VB_W(TRIPLE)),
  TRIO("210 x 297: a product stays whole", VB_W(NUMBER), VB_W(TIMES), VB_W(NUMBER), 3),
  PAIR("≥ 90%: a sign keeps its figure", VB_W(SIGN), VB_W(NUMBER) | VB_W(PERCENT)),
  TRIO("2021 - 2025: a range stays whole", VB_W(NUMBER) | VB_W(ROMAN) | VB_W(DATE), VB_W(DASH), VB_W(NUMBER) | VB_W(ROMAN) | VB_W(DATE), 3),
  PAIR("hai (02): a number in words keeps its figures", VB_W(NUMWORD), VB_W(PARNUM)),
  /* things with a number */
  PAIR("Bảng 1, Mẫu 2a, Tổ 5, loại A: what is numbered keeps its number", VB_W(SERIAL), ORDINAL | VB_W(LARGE) | VB_W(DATE) | VB_W(DOCNO)),
  TRIO("mức độ 3, giai đoạn 2021-2025: the same in two syllables", VB_W(HEAD1), VB_W(HEAD2), ORDINAL | VB_W(LARGE), 2),
  PAIR("QL 1A, đường 2: a road keeps its number", VB_W(ROAD), VB_W(NUMBER) | VB_W(NUMLET) | VB_W(DATE)),
  PAIR("ĐT: 0234…: a number keeps what it is", VB_W(TEL), VB_W(NUMBER)),
  TRIO("ĐT: 0234 3556: and its groups stay together", VB_W(TEL), VB_W(NUMBER), VB_W(NUMBER), 3),
  /* names and organs */
  PAIR("UBND xã: an organ keeps the level it belongs to", VB_W(BODY), VB_W(PLACE)),
  PAIR("ông Nguyễn: a title does not end a line", VB_W(HONOUR), VB_W(NAME)),
  PAIR("TM. ỦY BAN, TP. Huế, ThS. Trần: an abbreviation with a dot keeps what it belongs to", VB_W(ABBR), VB_W(ANY)),
  PAIR("N. V. An: initials keep their name", VB_W(INITIAL), VB_W(NAME) | VB_W(INITIAL)),
  PAIR("Lưu: VT: the archive line begins whole", VB_W(LUU), VB_W(CAPS)),
  /* ends and beginnings */
  PAIR("(CCHC): an abbreviation stays with the words it stands for", VB_W(PLAIN), VB_W(PARCAPS)),
  PAIR("v.v.: and so on does not begin a line", VB_W(ANY), VB_W(ETC)),
  PAIR("- , a), 1.: the mark of an item keeps the first word", VB_W(MARKER), VB_W(ANY)),
  /* what the rules above hold too tightly; last, for it undoes */
  FREE("tháng 9 | năm 2022: a date may part before its year, or it takes a third of a line whole", VB_W(THANG), FIGURE, VB_W(NAM), 2),
};
const size_t vb_break_rule_count = sizeof vb_break_rules / sizeof vb_break_rules[0];

/* ---- looking up --------------------------------------------------------------------------------------------- */

enum { SLOTS = 1024, KEYWORDS_MAX = 400 };

typedef struct keyword { char text[VB_KEYWORD_BYTES]; const char *raw; size_t n; bool exact; uint64_t classes; } keyword;

/* Open addressing over the words above; built at the first call, the same for the life of the process. */
static keyword keywords[KEYWORDS_MAX];
static uint16_t slots[SLOTS];
static size_t keyword_count;
static uint64_t followers[VB_BITS]; /* by class of the last word but one of a rule: the classes of its last */
static uint64_t ending[VB_BITS];    /* by class of the last word of a rule: the rules, a bit each */
_Static_assert(sizeof vb_break_rules / sizeof vb_break_rules[0] <= 64, "rules are bits of a word");

static size_t slot_of(const char text[VB_KEYWORD_BYTES])
{
  uint64_t a, b;
  memcpy(&a, text, 8);
  memcpy(&b, text + 8, 8);
  a = (a ^ (b * UINT64_C(0x9E3779B97F4A7C15))) * UINT64_C(0xD6E8FEB86659FD93);
  return (size_t)(a >> 54);
}

static void put_keyword(const char *word, size_t n, uint64_t classes)
{
  keyword k = {.raw = word, .n = n, .classes = classes};
  const char *p = word, *end = word + n;
  size_t at = 0;
  while (p < end) {
    uint32_t c = vb_utf8_next(&p, end), lower = vb_char_lower(c);
    k.exact |= c != lower;
    at += vb_utf8_put(lower, k.text + at);
  }
  size_t slot = slot_of(k.text);
  for (; slots[slot] != 0; slot = (slot + 1) % SLOTS) {
    keyword *old = &keywords[slots[slot] - 1];
    if (old->exact == k.exact && old->n == n && memcmp(old->raw, word, n) == 0) {
      old->classes |= classes;
      return;
    }
  }
  if (keyword_count == KEYWORDS_MAX) return; /* the unit test of the tables counts */
  keywords[keyword_count++] = k;
  slots[slot] = (uint16_t)keyword_count;
}

static void build(void)
{
  for (size_t i = 0; i < sizeof vb_break_rules / sizeof vb_break_rules[0]; i++) {
    const vb_break_rule *r = &vb_break_rules[i];
    for (int bit = 0; bit < VB_BITS; bit++) {
      if ((r->word[r->count - 2] >> bit & 1) != 0) followers[bit] |= r->word[r->count - 1];
      if ((r->word[r->count - 1] >> bit & 1) != 0) ending[bit] |= UINT64_C(1) << i;
    }
  }
  for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
    const char *p = sets[i].words;
    while (*p != 0) {
      size_t n = strcspn(p, " ");
      put_keyword(p, n, sets[i].classes);
      p += n;
      while (*p == ' ') p++;
    }
  }
}

uint64_t vb_keyword_classes(const char lower[VB_KEYWORD_BYTES], const char *raw, size_t n)
{
  uint64_t classes = 0;
  if (keyword_count == 0) build();
  for (size_t slot = slot_of(lower); slots[slot] != 0; slot = (slot + 1) % SLOTS) {
    const keyword *k = &keywords[slots[slot] - 1];
    if (memcmp(k->text, lower, VB_KEYWORD_BYTES) != 0) continue;
    if (!k->exact || (k->n == n && memcmp(k->raw, raw, n) == 0)) classes |= k->classes;
  }
  return classes;
}

uint64_t vb_rule_followers(uint64_t left)
{
  uint64_t all = 0;
  if (keyword_count == 0) build();
  for (; left != 0; left &= left - 1) all |= followers[__builtin_ctzll(left)];
  return all;
}

uint64_t vb_rules_ending(uint64_t right)
{
  uint64_t all = 0;
  if (keyword_count == 0) build();
  for (; right != 0; right &= right - 1) all |= ending[__builtin_ctzll(right)];
  return all;
}
