/* Encodings: tables byte for byte against iconv, VNI by its pairs, guessing on paragraphs, messages with their place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <iconv.h>

#include "text/text_int.h"

typedef struct world { vb_diag *d; vb_arena *a; } world;

static world w;

static int setup(void **state)
{
  (void)state;
  w.d = vb_diag_new();
  w.a = vb_arena_new(0);
  return w.d == NULL || w.a == NULL;
}

static int teardown(void **state)
{
  (void)state;
  vb_diag_free(w.d);
  vb_arena_free(w.a);
  return 0;
}

/* The one character that iconv makes of a byte, 0 when it refuses. */
static uint32_t by_iconv(const char *encoding, uint8_t b)
{
  iconv_t cd = iconv_open("UCS-4BE", encoding);
  assert_true(cd != (iconv_t)-1);
  char in = (char)b, out[16], *from = &in, *to = out;
  size_t left = 1, room = sizeof out;
  bool good = iconv(cd, &from, &left, &to, &room) != (size_t)-1 && iconv(cd, NULL, NULL, &to, &room) != (size_t)-1;
  iconv_close(cd);
  if (!good) return 0;
  assert_int_equal(sizeof out - room, 4);
  return (uint32_t)(uint8_t)out[0] << 24 | (uint32_t)(uint8_t)out[1] << 16 | (uint32_t)(uint8_t)out[2] << 8 | (uint8_t)out[3];
}

static void tables_agree_with_iconv(void **state)
{
  (void)state;
  for (int b = 1; b < 256; b++) {
    assert_int_equal(vb_cp1258_char((uint8_t)b), by_iconv("CP1258", (uint8_t)b));
    assert_int_equal(vb_cp1252_char((uint8_t)b), by_iconv("CP1252", (uint8_t)b));
    assert_int_equal(vb_tcvn_char((uint8_t)b), by_iconv("TCVN5712-1", (uint8_t)b));
  }
}

/* ---- making bytes of the old encodings from UTF-8 ----------------------------------------------------------- */

static size_t to_windows_1258(const char *text, char *out)
{
  /* letter with hat, then the tone: what iconv writes */
  iconv_t cd = iconv_open("CP1258", "UTF-8");
  char *from = (char *)(uintptr_t)text, *to = out;
  size_t left = strlen(text), room = 8192;
  assert_true(iconv(cd, &from, &left, &to, &room) != (size_t)-1);
  iconv_close(cd);
  return 8192 - room;
}

/* TCVN3: what iconv writes for the small letters, which TCVN3 and VN1 share; toned capitals as small letters. */
static size_t to_tcvn3(const char *text, char *out)
{
  size_t n = 0;
  for (const char *p = text, *end = text + strlen(text); p < end;) {
    uint32_t c = vb_utf8_next(&p, end);
    if (c >= 0x80 && vb_letter_code(c) != 0 && vb_letter_tone(vb_letter_code(c)) != 0 && c != 0x110) c = vb_char_lower(c);
    int b = 0;
    while (b < 256 && by_iconv("TCVN5712-1", (uint8_t)b) != c) b++;
    assert_true(b < 256);
    out[n++] = (char)b;
  }
  return n;
}

/* Pairs and single bytes of VNI, typed from the published table of the encoding, apart from the decoder's own. */
static const struct { const char *letter, *bytes; } vni[] = {
  {"á", "a\xF9"}, {"à", "a\xF8"}, {"ả", "a\xFB"}, {"ã", "a\xF5"}, {"ạ", "a\xEF"}, {"ă", "a\xEA"}, {"ắ", "a\xE9"}, {"ằ", "a\xE8"}, {"ẳ", "a\xFA"},
  {"ẵ", "a\xFC"}, {"ặ", "a\xEB"}, {"â", "a\xE2"}, {"ấ", "a\xE1"}, {"ầ", "a\xE0"}, {"ẩ", "a\xE5"}, {"ẫ", "a\xE3"}, {"ậ", "a\xE4"}, {"đ", "\xF1"},
  {"é", "e\xF9"}, {"è", "e\xF8"}, {"ẻ", "e\xFB"}, {"ẽ", "e\xF5"}, {"ẹ", "e\xEF"}, {"ê", "e\xE2"}, {"ế", "e\xE1"}, {"ề", "e\xE0"}, {"ể", "e\xE5"},
  {"ễ", "e\xE3"}, {"ệ", "e\xE4"}, {"í", "\xED"},  {"ì", "\xEC"},  {"ỉ", "\xE6"},  {"ĩ", "\xF3"},  {"ị", "\xF2"},  {"ó", "o\xF9"}, {"ò", "o\xF8"},
  {"ỏ", "o\xFB"}, {"õ", "o\xF5"}, {"ọ", "o\xEF"}, {"ô", "o\xE2"}, {"ố", "o\xE1"}, {"ồ", "o\xE0"}, {"ổ", "o\xE5"}, {"ỗ", "o\xE3"}, {"ộ", "o\xE4"},
  {"ơ", "\xF4"},  {"ớ", "\xF4\xF9"}, {"ờ", "\xF4\xF8"}, {"ở", "\xF4\xFB"}, {"ỡ", "\xF4\xF5"}, {"ợ", "\xF4\xEF"}, {"ú", "u\xF9"}, {"ù", "u\xF8"},
  {"ủ", "u\xFB"}, {"ũ", "u\xF5"}, {"ụ", "u\xEF"}, {"ư", "\xF6"},  {"ứ", "\xF6\xF9"}, {"ừ", "\xF6\xF8"}, {"ử", "\xF6\xFB"}, {"ữ", "\xF6\xF5"},
  {"ự", "\xF6\xEF"}, {"ý", "y\xF9"}, {"ỳ", "y\xF8"}, {"ỷ", "y\xFB"}, {"ỹ", "y\xF5"}, {"ỵ", "\xEE"},
};
enum { VNI = sizeof vni / sizeof vni[0] };

static size_t to_vni(const char *text, char *out)
{
  size_t n = 0;
  for (const char *p = text, *end = text + strlen(text); p < end;) {
    uint32_t c = vb_utf8_next(&p, end), lower = vb_char_lower(c);
    char letter[5] = "";
    vb_utf8_put(lower, letter);
    size_t i = 0;
    while (i < VNI && strcmp(vni[i].letter, letter) != 0) i++;
    if (i == VNI) {
      assert_true(c < 0x80);
      out[n++] = (char)c;
      continue;
    }
    for (const char *b = vni[i].bytes; *b != 0; b++) { /* capitals: 32 less, letter and mark alike */
      unsigned char v = (unsigned char)*b;
      out[n++] = (char)(lower == c ? v : v & ~0x20);
    }
  }
  return n;
}

static size_t to_utf16(const char *text, bool big, char *out)
{
  iconv_t cd = iconv_open(big ? "UTF-16BE" : "UTF-16LE", "UTF-8");
  char *from = (char *)(uintptr_t)text, *to = out;
  size_t left = strlen(text), room = 8192;
  assert_true(iconv(cd, &from, &left, &to, &room) != (size_t)-1);
  iconv_close(cd);
  return 8192 - room;
}

static size_t encode(vb_encoding e, const char *text, char out[8192])
{
  switch (e) {
  case VB_ENC_CP1258: return to_windows_1258(text, out);
  case VB_ENC_TCVN3: return to_tcvn3(text, out);
  case VB_ENC_VNI: return to_vni(text, out);
  case VB_ENC_UTF16LE: return to_utf16(text, false, out);
  case VB_ENC_UTF16BE: return to_utf16(text, true, out);
  default: memcpy(out, text, strlen(text)); return strlen(text);
  }
}

static void vni_letters(void **state)
{
  (void)state;
  assert_int_equal(VNI, 67);
  for (int upper = 0; upper < 2; upper++) {
    for (size_t i = 0; i < VNI; i++) {
      const char *p = vni[i].letter;
      char text[8] = "", bytes[8];
      vb_utf8_put(upper != 0 ? vb_char_upper(vb_utf8_next(&p, p + 3)) : vb_utf8_next(&p, p + 3), text);
      vb_buf b;
      vb_buf_init(&b);
      size_t n = to_vni(text, bytes);
      assert_int_equal(vb_decode_raw(VB_ENC_VNI, (vb_span){bytes, n}, false, &b), n);
      assert_string_equal(vb_buf_cstr(&b), text);
      vb_buf_free(&b);
    }
  }
}

/* ---- names -------------------------------------------------------------------------------------------------- */

static void names(void **state)
{
  (void)state;
  static const struct { const char *name; vb_encoding e; } cases[] = {
    {"utf-8", VB_ENC_UTF8},   {"UTF8", VB_ENC_UTF8},   {"Utf-16", VB_ENC_UTF16LE}, {"UTF-16BE", VB_ENC_UTF16BE}, {"windows-1258", VB_ENC_CP1258},
    {"CP1258", VB_ENC_CP1258}, {"tcvn3", VB_ENC_TCVN3}, {"ABC", VB_ENC_TCVN3},      {"VNI", VB_ENC_VNI},          {"auto", VB_ENC_AUTO},
  };
  vb_encoding e;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    assert_true(vb_encoding_by_name(vb_span_of(cases[i].name), &e));
    assert_int_equal(e, cases[i].e);
  }
  assert_false(vb_encoding_by_name(VB_LIT("latin1"), &e) || vb_encoding_by_name(VB_LIT(""), &e) || vb_encoding_by_name(VB_LIT("utf-"), &e));
  for (int k = VB_ENC_AUTO; k <= VB_ENC_VNI; k++) {
    assert_true(vb_encoding_by_name(vb_span_of(vb_encoding_name((vb_encoding)k)), &e));
    assert_int_equal(e, k);
  }
}

/* ---- guessing ----------------------------------------------------------------------------------------------- */

static const char *const paragraphs[] = {
  "Thực hiện kế hoạch cải cách hành chính năm 2023 của huyện.",
  "STT,Tên đơn vị,Số lượng\n1,xã Quảng Thọ,12\n2,xã Quảng Vinh,7\n3,thị trấn Sịa,25\n",
  "Xác định công tác cải cách hành chính là một trong những nhiệm vụ trọng tâm và là khâu quan trọng trong tiến trình đổi mới.",
  "cộng hòa xã hội chủ nghĩa việt nam, độc lập - tự do - hạnh phúc",
  "Tỷ lệ hồ sơ giải quyết đúng hạn đạt 98,5%; người dân hài lòng với sự phục vụ của bộ phận một cửa.",
  "1.1.2;Số thủ tục hành chính được rà soát;thủ tục;15\n1.1.3;Trong đó: số đã đơn giản hóa;thủ tục;3\n",
};
enum { PARAGRAPHS = sizeof paragraphs / sizeof paragraphs[0] };
static const vb_encoding all[] = {VB_ENC_UTF8, VB_ENC_UTF16LE, VB_ENC_UTF16BE, VB_ENC_CP1258, VB_ENC_TCVN3, VB_ENC_VNI};
enum { ALL = sizeof all / sizeof all[0] };

static void every_encoding_is_guessed_and_decoded(void **state)
{
  (void)state;
  for (size_t e = 0; e < ALL; e++) {
    for (size_t i = 0; i < PARAGRAPHS; i++) {
      char bytes[8192];
      size_t n = encode(all[e], paragraphs[i], bytes);
      vb_encoding guess = vb_encoding_guess((vb_span){bytes, n});
      if (guess != all[e]) fail_msg("paragraph %zu in %s: %s", i, vb_encoding_name(all[e]), vb_encoding_name(guess));
      vb_span out;
      bool lossy;
      assert_int_equal(vb_encoding_decode(w.d, w.a, "so-lieu/a.csv", (vb_span){bytes, n}, all[e], &out, &lossy), VB_OK);
      if (!vb_span_is(out, paragraphs[i])) fail_msg("%s: %.*s", vb_encoding_name(all[e]), (int)out.n, out.p);
      assert_int_equal(lossy, all[e] == VB_ENC_TCVN3);
    }
  }
  assert_int_equal(vb_diag_count(w.d, VB_INFO), 0);
}

static void a_wrong_declaration_is_named(void **state)
{
  (void)state;
  for (size_t e = 0; e < ALL; e++) {
    for (size_t declared = 0; declared < ALL; declared++) {
      for (size_t i = 0; i < PARAGRAPHS; i++) {
        char bytes[8192];
        vb_span out;
        bool lossy;
        size_t n = encode(all[e], paragraphs[i], bytes);
        if (declared == e) continue;
        vb_diag *d = vb_diag_new();
        vb_status st = vb_encoding_decode(d, w.a, "a.csv", (vb_span){bytes, n}, all[declared], &out, &lossy);
        if (st != VB_BAD || vb_diag_count(d, VB_ERROR) != 1)
          fail_msg("%s as %s, paragraph %zu: %d", vb_encoding_name(all[e]), vb_encoding_name(all[declared]), i, (int)st);
        const vb_finding *f = vb_diag_first(d);
        if (f->args[1] == NULL || strcmp(f->args[1], vb_encoding_name(all[e])) != 0)
          fail_msg("%s as %s, paragraph %zu: names %s", vb_encoding_name(all[e]), vb_encoding_name(all[declared]), i, f->args[1]);
        assert_true(f->at.line >= 1 && f->at.column >= 1);
        vb_diag_free(d);
      }
    }
  }
}

static void other_languages_are_not_taken_for_vietnamese(void **state)
{
  (void)state;
  static const char *const texts[] = {
    "Le pr\xE9sident a d\xE9" "clar\xE9 que la r\xE9publique fran\xE7" "aise prot\xE8ge ses citoyens depuis des ann\xE9" "es.",
    "Die Stra\xDF" "e f\xFChrt \xFC" "ber die Br\xFC" "cke zum sch\xF6nen M\xFCnchner Rathaus, gro\xDF und gr\xFCn.",
    "\x93\xA3\x8B\xE3\x96\xD8\x95\xB6\x8E\x9A\x83R\x81[\x83h\x82\xCC\x93\xFA\x96{\x8C\xEA\x82\xC5\x82\xB7",
    "\x8D\x8F\xE7\xFE\x90\xDF\xD0\xC7 \x81\x8D\x8F\xFF\xFE\xE7",
  };
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    vb_span out;
    bool lossy;
    vb_encoding guess = vb_encoding_guess(vb_span_of(texts[i]));
    if (guess != VB_ENC_AUTO) fail_msg("text %zu: %s", i, vb_encoding_name(guess));
    assert_int_equal(vb_encoding_decode(w.d, w.a, "x.csv", vb_span_of(texts[i]), VB_ENC_AUTO, &out, &lossy), VB_BAD);
    assert_int_equal(vb_diag_last(w.d)->msg, VB_MSG_ENCODING_UNKNOWN);
  }
  assert_int_equal(vb_encoding_guess(VB_LIT("plain,ascii\n1,2\n")), VB_ENC_UTF8);
  assert_int_equal(vb_encoding_guess((vb_span){NULL, 0}), VB_ENC_UTF8);
}

/* ---- decoding ----------------------------------------------------------------------------------------------- */

typedef struct bad_case { const char *bytes; size_t n; vb_encoding declared; vb_msg msg; uint32_t line, column; const char *arg; } bad_case;
#define BYTES(s) (s), sizeof(s) - 1

static void bad_bytes_are_placed(void **state)
{
  (void)state;
  static const bad_case cases[] = {
    {BYTES("mã,tên\n1,Quảng Th\xE1\xBB\n2,x"), VB_ENC_AUTO, VB_MSG_ENCODING_BROKEN, 2, 11, "0xE1"},
    {BYTES("mã,tên\n1,Quảng Th\xE1\xBB\n2,x"), VB_ENC_UTF8, VB_MSG_ENCODING_BROKEN, 2, 11, "0xE1"},
    {BYTES("ma\nxin ch\xB5o c\xB6 nh\xB5"), VB_ENC_AUTO, VB_MSG_ENCODING_LIKELY, 2, 7, "0xB5"},
    {BYTES("a\n\nxx\x8A\n"), VB_ENC_CP1258, VB_MSG_ENCODING_BYTE, 3, 3, "0x8A"},
    {BYTES("nh\xE0 \xF2\x8A"), VB_ENC_CP1258, VB_MSG_ENCODING_BYTE, 1, 5, "0x8A"},
    {BYTES("ba\xF9o ca\xF9o n\xE2m"), VB_ENC_VNI, VB_MSG_ENCODING_BYTE, 1, 10, "0xE2"},
    {BYTES("a\0b\0\n\0c"), VB_ENC_UTF16LE, VB_MSG_ENCODING_BYTE, 2, 1, "0x63"},
    {BYTES("a\0b\0\x00\xD8" "c\0d\0"), VB_ENC_UTF16LE, VB_MSG_ENCODING_BYTE, 1, 3, "0x00"},
    {BYTES("\xFF\xFE" "a\0b\0\x00\xD8" "c\0d\0"), VB_ENC_AUTO, VB_MSG_ENCODING_BYTE, 1, 3, "0x00"},
    {BYTES("ab\0c"), VB_ENC_AUTO, VB_MSG_ENCODING_NUL, 1, 3, NULL},
    {BYTES("ab\n\0"), VB_ENC_TCVN3, VB_MSG_ENCODING_NUL, 2, 1, NULL},
    {BYTES("a\0b\0c\0d\0"), VB_ENC_AUTO, VB_MSG_ENCODING_LIKELY, 1, 1, "0x00"},
    {BYTES("\xEF\xBB\xBF" "abc"), VB_ENC_TCVN3, VB_MSG_ENCODING_MISMATCH, 1, 1, "tcvn3"},
    {BYTES("\xFF\xFE" "a\0"), VB_ENC_UTF8, VB_MSG_ENCODING_MISMATCH, 1, 1, "utf-8"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const bad_case *c = &cases[i];
    vb_diag *d = vb_diag_new();
    vb_span out;
    bool lossy;
    vb_status st = vb_encoding_decode(d, w.a, "so-lieu/x.csv", (vb_span){c->bytes, c->n}, c->declared, &out, &lossy);
    const vb_finding *f = vb_diag_first(d);
    if (st != VB_BAD || f == NULL || f->next != NULL) fail_msg("case %zu: %d", i, (int)st);
    vb_buf line;
    vb_buf_init(&line);
    vb_finding_line(f, VB_EN, &line);
    if (f->msg != c->msg || f->at.line != c->line || f->at.column != c->column) fail_msg("case %zu: %s", i, vb_buf_cstr(&line));
    assert_string_equal(f->at.file, "so-lieu/x.csv");
    if (c->arg != NULL) assert_string_equal(f->args[0], c->arg);
    vb_buf_free(&line);
    vb_diag_free(d);
  }
}

static void decoded(vb_encoding e, const char *bytes, size_t n, const char *want)
{
  vb_span out;
  bool lossy;
  vb_status st = vb_encoding_decode(w.d, w.a, "x.csv", (vb_span){bytes, n}, e, &out, &lossy);
  if (st != VB_OK || !vb_span_is(out, want)) fail_msg("%d: \"%.*s\", not \"%s\"", (int)st, (int)out.n, out.p, want);
  assert_true(vb_text_is_nfc(out));
  assert_true(out.n == 0 || out.p != bytes);
}

static void texts_come_out_right(void **state)
{
  (void)state;
  /* boms go, NFD comes out as NFC */
  decoded(VB_ENC_AUTO, BYTES("\xEF\xBB\xBFmã"), "mã");
  decoded(VB_ENC_UTF8, BYTES("\xEF\xBB\xBFmã"), "mã");
  decoded(VB_ENC_AUTO, BYTES("\xFF\xFEm\0\xE3\0"), "mã");
  decoded(VB_ENC_AUTO, BYTES("\xFE\xFF\0m\0\xE3"), "mã");
  decoded(VB_ENC_UTF16LE, BYTES("\xFE\xFF\0m\0\xE3"), "mã");
  decoded(VB_ENC_UTF16LE, BYTES("\x3D\xD8\x00\xDE"), "\U0001F600");
  decoded(VB_ENC_AUTO, BYTES("a\u0323\u0302 o\u031B\u0300"), "ậ ờ");
  decoded(VB_ENC_AUTO, NULL, 0, "");
  decoded(VB_ENC_VNI, BYTES("plain\r\n"), "plain\r\n");
  /* TCVN3: as old files have it */
  decoded(VB_ENC_TCVN3, BYTES("C\xE9ng ho\xB5 x\xB7 h\xE9i ch\xF1 ngh\xDC" "a Vi\xD6t Nam"), "Cộng hoà xã hội chủ nghĩa Việt Nam");
  decoded(VB_ENC_TCVN3, BYTES("\xA7\xE9" "c l\xCBp - T\xF9 do - H\xB9nh ph\xF3" "c"), "Độc lập - Tự do - Hạnh phúc");
  /* capitals by the letters around them, quotes by the word they do not belong to, capitals of VN1 by the word they do */
  decoded(VB_ENC_TCVN3, BYTES("B\xB8O C\xB8O C\xE9NG H\xDF" "a"), "BÁO CÁO CỘNG Hòa");
  decoded(VB_ENC_TCVN3, BYTES("\x93Qu\xB6ng Th\xE4\x94 \x96 th\xD5\x85"), "“Quảng Thọ” – thế…");
  decoded(VB_ENC_TCVN3, BYTES("C\x97NG H\x92" "A"), "CỘNG HÒA");
  /* windows-1258: tone behind its letter, or letters of one byte */
  decoded(VB_ENC_CP1258, BYTES("Vi\xEA\xF2t, nh\xE0, \xF0\xFD\xF5\xCCng, \xD0\xE2\xEC" "t"), "Việt, nhà, đường, Đất");
  decoded(VB_ENC_VNI, BYTES("C\xF4 quan ha\xF8nh ch\xEDnh, \xD1\xD6\xD4\xD8NG"), "Cơ quan hành chính, ĐƯỜNG");
}

/* An allocator that fails from the n-th call on. */
static size_t allocations, allowed;
static void *count_alloc(void *ctx, size_t n)
{
  (void)ctx;
  return allocations++ < allowed ? malloc(n) : NULL;
}
static void *count_resize(void *ctx, void *p, size_t n)
{
  (void)ctx;
  return allocations++ < allowed ? realloc(p, n) : NULL;
}
static void count_release(void *ctx, void *p)
{
  (void)ctx;
  free(p);
}

static void fails_without_memory_or_not_at_all(void **state)
{
  (void)state;
  const vb_mem_table table = {count_alloc, count_resize, count_release, NULL};
  char bytes[8192];
  size_t n = encode(VB_ENC_CP1258, paragraphs[2], bytes);
  bool done = false;
  for (allowed = 4; !done && allowed < 60; allowed++) {
    allocations = 0;
    vb_mem_set(&table);
    vb_diag *d = vb_diag_new();
    vb_arena *a = vb_arena_new(0);
    if (d != NULL && a != NULL) {
      vb_span out;
      bool lossy;
      vb_status st = vb_encoding_decode(d, a, "x.csv", (vb_span){bytes, n}, VB_ENC_CP1258, &out, &lossy);
      if (st == VB_OK) assert_true(vb_span_is(out, paragraphs[2]));
      else assert_int_equal(st, VB_NOMEM);
      done = st == VB_OK && allocations < allowed;
    }
    vb_arena_free(a);
    vb_diag_free(d);
    vb_mem_set(NULL);
  }
  assert_true(done);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(tables_agree_with_iconv),
    cmocka_unit_test(vni_letters),
    cmocka_unit_test(names),
    cmocka_unit_test_setup_teardown(every_encoding_is_guessed_and_decoded, setup, teardown),
    cmocka_unit_test_setup_teardown(a_wrong_declaration_is_named, setup, teardown),
    cmocka_unit_test_setup_teardown(other_languages_are_not_taken_for_vietnamese, setup, teardown),
    cmocka_unit_test_setup_teardown(bad_bytes_are_placed, setup, teardown),
    cmocka_unit_test_setup_teardown(texts_come_out_right, setup, teardown),
    cmocka_unit_test(fails_without_memory_or_not_at_all),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
