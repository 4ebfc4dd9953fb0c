/* CSV: shapes, separators, quotes, headers, wide tables, places. Random tables are written by python's csv module and read back. */
#define _DEFAULT_SOURCE
#include "read_sink.h"

#include <stdlib.h>

static const char *read_as(const char *name, const vb_dataset *set, vb_span text, vb_status want)
{
  char path[64];
  snprintf(path, sizeof path, "build/test_read.%s", name);
  assert_int_equal(vb_dir_make(d, "build"), VB_OK);
  assert_int_equal(vb_file_write(d, path, text.p, text.n), VB_OK);
  vb_source src = {path, "v.csv", VB_ENC_AUTO, NULL, {NULL, 0}};
  const char *s = read_with(set, &src, want);
  assert_int_equal(vb_file_remove(d, path), VB_OK);
  return s;
}

static const char *read_text(const char *text, vb_status want) { return read_as("csv", &values, vb_span_of(text), want); }

static void test_long(void **state)
{
  (void)state;
  static const char want[] = "unit=xa-a@2:1 code=1.1@2:6 value=29@2:10 note=@2:13\n"
                             "unit=xa-b@3:1 code=1.2@3:6 value=1.714@3:10 note=đủ, \"tốt\"@3:16\n";
  assert_string_equal(read_text("unit,code,value,note\nxa-a,1.1,29,\nxa-b,1.2,1.714,\"đủ, \"\"tốt\"\"\"\n", VB_OK), want);
  assert_string_equal(read_text("\xEF\xBB\xBF" "Đơn vị;MÃ  chỉ tiêu;Gia tri;ghi-chú\r\nxa-a;1.1;29;\r\nxa-b;1.2;1.714;\"đủ, \"\"tốt\"\"\"", VB_OK), want);
  assert_string_equal(read_text("unit\tcode\tvalue\tnote\rxa-a\t1.1\t29\t\rxa-b\t1.2\t1.714\t\"đủ, \"\"tốt\"\"\"\r", VB_OK), want);
  assert_string_equal(read_text("unit|code|value|note\n\nxa-a|1.1|29|\nxa-b|1.2|1.714|\"đủ, \"\"tốt\"\"\"\n", VB_OK),
                      "unit=xa-a@3:1 code=1.1@3:6 value=29@3:10 note=@3:13\n"
                      "unit=xa-b@4:1 code=1.2@4:6 value=1.714@4:10 note=đủ, \"tốt\"@4:16\n");
  assert_string_equal(read_as("tsv", &values, VB_LIT("value\tcode\n5\t1\n"), VB_OK), "unit=- code=1@2:3 value=5@2:1 note=-\n");
}

/* Line breaks inside quotes, blanks around fields, missing and blank ones; every place is an editor's. */
static void test_places(void **state)
{
  (void)state;
  assert_string_equal(read_text("code,value,note\n1,\"2\r\n3\n4\",\"đường\"  ,\n  2 , đ ,\"x\"\n3\n,,\n4,5\n", VB_OK),
                      "unit=- code=1@2:1 value=2\r\n3\n4@2:3 note=đường@4:4\n"
                      "unit=- code=2@5:3 value=đ@5:7 note=x@5:10\n"
                      "unit=- code=3@6:1 value=- note=-\n"
                      "unit=- code=4@8:1 value=5@8:3 note=-\n");
  /* a separator inside quotes is not counted for the search */
  assert_string_equal(read_text("\"code\";\"value\";\"note, a, b, c, d\"\n1;2;3\n", VB_OK),
                      "unit=- code=1@2:1 value=2@2:3 note=-\nv.csv:1:16: info: the column \"note, a, b, c, d\" is not used [read-extra]");
}

static void test_titles_and_extra(void **state)
{
  (void)state;
  assert_string_equal(read_text("BẢNG SỐ LIỆU, năm 2023\n\nmã bảng,1\nSTT,Mã,Giá trị,Nguồn\n1,1.1,5,a\n", VB_OK),
                      "unit=- code=1.1@5:3 value=5@5:7 note=-\n"
                      "v.csv:4:1: info: the column \"STT\" is not used [read-extra]\n"
                      "v.csv:4:16: info: the column \"Nguồn\" is not used [read-extra]");
  assert_string_equal(read_as("csv", &open_values, VB_LIT("Mã,Giá trị,Nguồn  Số\n1.1,5,a\n1.2,6\n"), VB_OK),
                      "unit=- code=1.1@2:1 value=5@2:5 note=- +nguồn số=a@2:7\n"
                      "unit=- code=1.2@3:1 value=6@3:5 note=- +nguồn số=-\n");
  assert_string_equal(read_text("Mã,Giá trị,\n1.1,5,x\n1.2,6,y\n", VB_BAD), "v.csv:2:7: error: the row holds more fields than the 2 of the heading; a field with the separator in it needs quotes [read-row]\n"
                      "v.csv:3:7: error: the row holds more fields than the 2 of the heading; a field with the separator in it needs quotes [read-row]");
  assert_string_equal(read_text("Mã,,Giá trị\n1.1,x,5\n1.2,y,6\n", VB_OK), "unit=- code=1.1@2:1 value=5@2:7 note=-\nunit=- code=1.2@3:1 value=6@3:7 note=-\n"
                      "v.csv:2:5: info: cells without a heading are not used, the first is here [read-extra]");
}

static void test_wide(void **state)
{
  (void)state;
  assert_string_equal(read_text("STT,Mã,Xã A,xa-b,Ghi chú\n1,1.1,5,6,n\n2,1.2,,-\n3,1.3,7\n", VB_OK),
                      "unit=Xã A@1:8 code=1.1@2:3 value=5@2:7 note=n@2:11 ^=Xã A@1:8\n"
                      "unit=xa-b@1:13 code=1.1@2:3 value=6@2:9 note=n@2:11 ^=xa-b@1:13\n"
                      "unit=Xã A@1:8 code=1.2@3:3 value=@3:7 note=- ^=Xã A@1:8\n"
                      "unit=xa-b@1:13 code=1.2@3:3 value=-@3:8 note=- ^=xa-b@1:13\n"
                      "unit=Xã A@1:8 code=1.3@4:3 value=7@4:7 note=- ^=Xã A@1:8\n"
                      "unit=xa-b@1:13 code=1.3@4:3 value=- note=- ^=xa-b@1:13\n"
                      "v.csv:1:1: info: the column \"STT\" is not used [read-extra]");
  assert_string_equal(read_text("Mã,Xã A,Thôn B\n1.1,5,6\n", VB_OK),
                      "unit=Xã A@1:4 code=1.1@2:1 value=5@2:5 note=- ^=Xã A@1:4\n"
                      "v.csv:1:9: warning: the column \"Thôn B\" is not used: its heading is no unit's code or name [read-extra]");
}

static void test_header_faults(void **state)
{
  (void)state;
  static const struct { const char *text, *want; } cases[] = {
    {"", "v.csv: error: none of the first 20 rows holds the column headings; needed: code (mã), value (giá trị). Part the fields by ; , tab or |, the same in the whole file [read-header]"},
    {"x\ny\n", "v.csv: error: none of the first 20 rows holds the column headings; needed: code (mã), value (giá trị). Part the fields by ; , tab or |, the same in the whole file [read-header]"},
    {"x\n" "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\ncode,value\n",
     "v.csv: error: none of the first 20 rows holds the column headings; needed: code (mã), value (giá trị). Part the fields by ; , tab or |, the same in the whole file [read-header]"},
    {"t\nMã,Giá trj,Khác\n1,2,3\n", "v.csv:2:4: error: the column value (giá trị) is missing; was \"Giá trj\" meant? Headings found: Mã, Giá trj, Khác [read-header]"},
    {"Mã;Khác\n1;3\n", "v.csv:1:1: error: the column value (giá trị) is missing; headings found: Mã, Khác [read-header]"},
    {"Mã,Giá trị,Ma\n1,2,3\n", "v.csv:1:12: error: the heading \"Ma\" stands for the same column as \"Mã\"; keep one of them [read-header]"},
    {"Mã,Xã A,Xã B,Xã  a,xã a\n1,2,3\n", "v.csv:1:14: error: the heading \"Xã  a\" stands for the same column as \"Xã A\"; keep one of them [read-header]\n"
     "v.csv:1:20: error: the heading \"xã a\" stands for the same column as \"Xã A\"; keep one of them [read-header]"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_string_equal(read_text(cases[i].text, VB_BAD), cases[i].want);
}

static void test_row_faults(void **state)
{
  (void)state;
  assert_string_equal(read_text("code,value\n1,2\n2,3,4\n3,\"4\" x\n4,\"5\n6\n", VB_BAD),
                      "unit=- code=1@2:1 value=2@2:3 note=-\n"
                      "v.csv:3:5: error: the row holds more fields than the 2 of the heading; a field with the separator in it needs quotes [read-row]\n"
                      "v.csv:4:7: error: text stands behind a closing quote; write a quote inside a field twice [csv-quote]\n"
                      "v.csv:5:3: error: the quote opened here is not closed; close it, or write it twice inside a field [csv-quote]");
  assert_string_equal(read_as("csv", &values, (vb_span){"code,value\n1,\0\n", 14}, VB_BAD),
                      "v.csv:2:3: error: a NUL byte: this is no text file; save it as text in UTF-8 [encoding]");
  vb_buf b;
  vb_buf_init(&b);
  vb_buf_str(&b, "code,value\n1,");
  for (size_t i = 0; i <= VB_FIELD_BYTES_MAX; i++)
    vb_buf_char(&b, 'x');
  vb_buf_str(&b, "\n2,3\n4");
  for (int i = 0; i < VB_CSV_COLUMNS_MAX; i++)
    vb_buf_char(&b, ',');
  vb_buf_str(&b, "\n5,6\n");
  assert_string_equal(read_as("csv", &values, (vb_span){b.p, b.n}, VB_BAD),
                      "unit=- code=2@3:1 value=3@3:3 note=-\nunit=- code=5@5:1 value=6@5:3 note=-\n"
                      "v.csv:2:3: error: the field is longer than 1048576 bytes [read-limit]\n"
                      "v.csv:4:4098: error: the row has more than 4096 columns [read-limit]");
  vb_buf_free(&b);
}

static void test_kinds(void **state)
{
  (void)state;
  assert_string_equal(read_as("pdf", &values, VB_LIT("%PDF"), VB_BAD), "v.csv: error: files of this kind are not read; save it as .csv, .xlsx or .xml [read-kind]");
  assert_string_equal(read_as("csv", &values, VB_LIT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 rest"), VB_BAD),
                      "v.csv: error: the workbook has a password or is an old .xls; save it as .xlsx without a password [read-kind]");
  assert_string_equal(read_as("ods", &values, VB_LIT("PK\3\4"), VB_BAD), "v.csv: error: this is an OpenDocument file; save it as .xlsx [read-kind]");
  vb_source none = {"build/no such file.csv", "v.csv", VB_ENC_AUTO, NULL, {NULL, 0}};
  assert_non_null(strstr(read_with(&values, &none, VB_BAD), "no such file.csv"));
}

static void test_tcvn3(void **state)
{
  (void)state;
  vb_source src = {"build/test_read.csv", "v.csv", VB_ENC_TCVN3, NULL, {NULL, 0}};
  static const char text[] = "code,value,note\n1,2,Ph\xAD\xEDng h\xE0 n\xE9i th\xB5nh ph\xE8 \xAE\xB9t chu\xC8n\n";
  (void)vb_dir_make(d, "build");
  assert_int_equal(vb_file_write(d, src.path, text, sizeof text - 1), VB_OK);
  const char *s = read_with(&values, &src, VB_OK);
  assert_non_null(strstr(s, "unit=- code=1@2:1 value=2@2:3 note=Ph"));
  assert_non_null(strstr(s, "v.csv: warning: TCVN3 has no capital letters with tones; names read from this file may have lost them [read-case]"));
  assert_int_equal(vb_file_remove(d, src.path), VB_OK);
}

/* Random fields, written by python, read here, compared with what python reads back. */
static void test_against_python(void **state)
{
  (void)state;
  (void)vb_dir_make(d, "build");
  assert_int_equal(system("python3 -c \"\n"
    "import csv, random\n"
    "r = random.Random(7)\n"
    "alphabet = 'ab1,;\\t|\\\"\\n đườngẾ'\n"
    "def field(): return ''.join(r.choice(alphabet) for _ in range(r.randrange(9)))\n"
    "rows = [[field().strip() or 'x' for _ in range(4)] for _ in range(400)]\n"
    "for name, kw in (('a', {}), ('b', {'delimiter': ';', 'lineterminator': chr(10)}), ('c', {'delimiter': chr(9), 'quoting': csv.QUOTE_ALL})):\n"
    "    with open('build/test_read_%s.csv' % name, 'w', newline='', encoding='utf-8') as f:\n"
    "        csv.writer(f, **kw).writerows([['unit', 'code', 'value', 'note']] + rows)\n"
    "with open('build/test_read.want', 'w', newline='', encoding='utf-8') as f:\n"
    "    for u, c, v, n in rows: f.write('<%s><%s><%s><%s>' % tuple(s.strip() for s in (u, c, v, n)))\n\""), 0);
  vb_span want = file_bytes("build/test_read.want");
  for (char k = 'a'; k <= 'c'; k++) {
    char path[] = "build/test_read_a.csv";
    path[16] = k;
    vb_source src = {path, "v.csv", VB_ENC_AUTO, NULL, {NULL, 0}};
    const char *s = read_with(&values, &src, VB_OK);
    vb_buf b;
    vb_buf_init(&b);
    for (const char *p = s; *p; p++) { /* strip names and places: "unit=…@l:c " */
      static const char *const names[] = {"unit=", "code=", "value=", "note="};
      for (int i = 0; i < 4; i++)
        if ((p == s || p[-1] == ' ' || p[-1] == '\n') && strncmp(p, names[i], strlen(names[i])) == 0) {
          p += strlen(names[i]);
          vb_buf_char(&b, '<');
          break;
        }
      if (*p == '@') {
        vb_buf_char(&b, '>');
        while (*p != ' ' && *p != '\n')
          p++;
        continue;
      }
      vb_buf_char(&b, *p);
    }
    assert_int_equal(b.n, want.n);
    assert_memory_equal(b.p, want.p, want.n);
    vb_buf_free(&b);
    assert_int_equal(vb_file_remove(d, path), VB_OK);
  }
  assert_int_equal(vb_file_remove(d, "build/test_read.want"), VB_OK);
}

static vb_status ignore(void *ctx, const vb_record *r)
{
  size_t *n = ctx;
  *n += r->fields[1].text.n;
  return VB_OK;
}

static void test_mutations(void **state)
{
  (void)state;
  static const char sample[] = "Bảng\nMã,Giá trị,\"Ghi chú\"\r\n1.1,\"29\",\"a \"\"b\"\"\nc\"\n1.2,5,\n1.3,đ,e\n";
  vb_source src = {"build/test_read_m.csv", "m.csv", VB_ENC_AUTO, NULL, {NULL, 0}};
  (void)vb_dir_make(d, "build");
  vb_buf b;
  vb_buf_init(&b);
  size_t read = 0;
  int good = 0;
  for (int i = 0; i < 2000; i++) {
    vb_span m = mutated((vb_span){sample, sizeof sample - 1}, &b);
    write_quickly(src.path, m);
    vb_status st = vb_read_file(d, &src, &values, (vb_sink){ignore, &read});
    assert_true(st == VB_OK || st == VB_BAD);
    assert_int_equal(vb_diag_count(d, VB_ERROR) > 0, st == VB_BAD);
    good += st == VB_OK;
    vb_diag_free(d);
    d = vb_diag_new();
  }
  assert_in_range(good, 100, 1900);
  assert_true(read > 1000);
  vb_buf_free(&b);
  assert_int_equal(vb_file_remove(d, src.path), VB_OK);
}

static unsigned dice;

static unsigned roll(unsigned n)
{
  dice = dice * 1103515245u + 12345u;
  return (dice >> 16) % n;
}

/* A file of several windows, with ends of lines of each kind, and records that the end of a window cuts: in a quote, in a CRLF, in a long text. */
static void make_long(vb_buf *b, unsigned seed)
{
  static const char *const pieces[] = {"29", "đường", "", "\"a; \"\"b\"\"\"", "\"x\ny\"", "\"x\r\ny\"", "1.714", "a\"b"};
  static const char *const ends[] = {"\n", "\n", "\r\n", "\r"};
  dice = seed;
  vb_buf_clear(b);
  vb_buf_str(b, roll(2) ? "\xEF\xBB\xBF" : "");
  if (seed == 3) /* the head alone is longer than the first window */
    for (int i = 0; i < 3; i++) {
      vb_buf_char(b, '"');
      for (int k = 0; k < 60000; k++)
        vb_buf_str(b, "dài dòng");
      vb_buf_str(b, "\"\n");
    }
  vb_buf_str(b, "unit;code;value;note\n");
  while (b->n < 3u << 20) {
    for (int i = 0; i < 4; i++) {
      vb_buf_str(b, pieces[roll(sizeof pieces / sizeof pieces[0])]);
      if (i < 3)
        vb_buf_char(b, ';');
    }
    if (roll(20000) == 0) { /* a long text, with line ends in it */
      vb_buf_str(b, ";\"");
      for (unsigned n = roll(seed == 4 ? 300000 : 60000); n > 0; n--)
        vb_buf_str(b, n % 9 ? "chữ " : "\n");
      vb_buf_char(b, '"');
    }
    vb_buf_str(b, roll(5000) ? "" : ";1;2");
    vb_buf_str(b, roll(5000) ? "" : ";\"q\" behind");
    vb_buf_str(b, ends[seed % 2 ? 0 : roll(4)]);
  }
  vb_buf_str(b, seed == 5 ? "a;\"never closed\n\n" : seed == 6 ? "a;b;c;d\r" : "a;b;c;d");
}

/* A long file read through a window gives what it gives when it is held. */
static void test_window(void **state)
{
  (void)state;
  static const char path[] = "build/test_read_long.csv";
  vb_buf b;
  (void)vb_dir_make(d, "build");
  vb_buf_init(&b);
  for (unsigned seed = 1; seed <= 8; seed++) {
    make_long(&b, seed);
    if (seed == 7) /* not as decoded: a letter and its mark apart */
      vb_buf_str(&b, "\ne\xCC\x81;1;2;3\n");
    if (seed == 8)
      vb_buf_str(&b, "\n\xFF;1;2;3\n");
    write_quickly(path, (vb_span){b.p, b.n});
    vb_source held = {path, "v.csv", VB_ENC_AUTO, NULL, {b.p, b.n}}, long_one = {path, "v.csv", VB_ENC_AUTO, NULL, {NULL, 0}};
    const char *want = read_with(&values, &held, VB_BAD), *is = read_with(&values, &long_one, VB_BAD);
    assert_true(strlen(want) > (seed == 8 ? 20u : 1u << 20));
    assert_int_equal(strlen(want), strlen(is));
    assert_true(strcmp(want, is) == 0);
  }
  vb_buf_free(&b);
  assert_int_equal(vb_file_remove(d, path), VB_OK);
}

int main(void)
{
  static const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, help_setup, help_teardown)
    T(test_long), T(test_places), T(test_titles_and_extra), T(test_wide), T(test_header_faults), T(test_row_faults), T(test_kinds), T(test_tcvn3),
    T(test_against_python), T(test_mutations), T(test_window),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
