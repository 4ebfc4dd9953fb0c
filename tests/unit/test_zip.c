/* Archives: what is written is read by unzip and python's zipfile; what they write is read here; hostile ones end in one message. */
#define _DEFAULT_SOURCE
#include "read_help.h"

#include <stdlib.h>

#include "zip/zip.h"

#define PATH "build/test_zip.zip"

static void write_some(vb_buf *b)
{
  static char big[100000];
  for (size_t i = 0; i < sizeof big && !big[99999]; i++)
    big[i] = (char)('a' + help_random() % 20);
  vb_zip_entry e[] = {{"a.xml", VB_LIT("<a/>")}, {"xl/tờ 1.xml", {big, sizeof big}}, {"empty", {"", 0}}};
  assert_int_equal(vb_zip_write(d, e, 3, b), VB_OK);
}

static void test_round(void **state)
{
  (void)state;
  vb_buf b, again, out;
  vb_buf_init(&b);
  vb_buf_init(&again);
  vb_buf_init(&out);
  write_some(&b);
  write_some(&again);
  assert_int_equal(b.n, again.n);
  assert_memory_equal(b.p, again.p, b.n);
  assert_in_range(b.n, 40000, 80000);
  vb_zip *z;
  assert_int_equal(vb_zip_open(d, "t.zip", (vb_span){b.p, b.n}, &z), VB_OK);
  assert_int_equal(vb_zip_count(z), 3);
  assert_string_equal(vb_zip_name(z, 1), "xl/tờ 1.xml");
  assert_null(vb_zip_name(z, 3));
  assert_true(vb_zip_has(z, "empty"));
  assert_false(vb_zip_has(z, "EMPTY"));
  assert_int_equal(vb_zip_read(d, z, "none", 10, &out), VB_DONE);
  assert_int_equal(vb_zip_read(d, z, "a.xml", 4, &out), VB_OK);
  assert_int_equal(vb_zip_read(d, z, "empty", 0, &out), VB_OK);
  assert_string_equal(vb_buf_cstr(&out), "<a/>");
  assert_int_equal(vb_zip_read(d, z, "xl/tờ 1.xml", 100000, &out), VB_OK);
  assert_int_equal(out.n, 100004);
  assert_string_equal(findings(), "");
  assert_int_equal(vb_zip_read(d, z, "a.xml", 3, &out), VB_BAD);
  assert_string_equal(findings(), "t.zip: error: a.xml inside the archive is larger than 3 bytes [zip-limit]");
  assert_int_equal(out.n, 100004);
  vb_zip_close(z);
  vb_buf_free(&b);
  vb_buf_free(&again);
  vb_buf_free(&out);
}

/* Other programs read what we write: content, order, date. */
static void test_others_read(void **state)
{
  (void)state;
  vb_buf b;
  vb_buf_init(&b);
  write_some(&b);
  assert_int_equal(vb_dir_make(d, "build"), VB_OK);
  assert_int_equal(vb_file_write(d, PATH, b.p, b.n), VB_OK);
  assert_int_equal(system("unzip -tqq " PATH " >/dev/null"), 0);
  assert_int_equal(system("python3 -c \"import zipfile; z = zipfile.ZipFile('" PATH "'); i = z.infolist(); "
                          "assert [e.filename for e in i] == ['a.xml', 'xl/tờ 1.xml', 'empty'], i; "
                          "assert {e.date_time for e in i} == {(1980, 1, 1, 0, 0, 0)}, i; "
                          "assert z.read('a.xml') == b'<a/>' and len(z.read(i[1])) == 100000 and i[1].compress_type == 8\""), 0);
  assert_int_equal(vb_file_remove(d, PATH), VB_OK);
  vb_buf_free(&b);
}

static void refused(vb_span bytes, const char *want)
{
  vb_zip *z = (vb_zip *)1;
  assert_int_equal(vb_zip_open(d, "t.zip", bytes, &z), VB_BAD);
  assert_null(z);
  assert_string_equal(findings(), want);
}

#define NOT_ZIP "t.zip: error: this is no archive (zip): the file is damaged or of another kind; save it anew [zip-form]"

static vb_span python(const char *body)
{
  vb_buf b;
  vb_buf_init(&b);
  vb_buf_printf(&b, "python3 -W ignore -c \"import zipfile, struct\nz = zipfile.ZipFile('" PATH "', 'w', zipfile.ZIP_DEFLATED)\n%s\nz.close()\"", body);
  assert_int_equal(vb_dir_make(d, "build"), VB_OK);
  assert_int_equal(system(vb_buf_cstr(&b)), 0);
  vb_buf_free(&b);
  vb_span s = file_bytes(PATH);
  assert_int_equal(vb_file_remove(d, PATH), VB_OK);
  return s;
}

static void test_refused(void **state)
{
  (void)state;
  refused(VB_LIT(""), NOT_ZIP);
  refused(VB_LIT("PK\3\4"), NOT_ZIP);
  refused(VB_LIT("a,b\n1,2\n"), NOT_ZIP);
  static const char *const bad[] = {"../a", "/a", "a/../../b", "c:x", "..", "a\\b"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    char body[128], want[256];
    const char *name = strcmp(bad[i], "a\\b") == 0 ? "a\\\\\\\\b" : bad[i];
    snprintf(body, sizeof body, "z.writestr('%s', 'x')", name);
    snprintf(want, sizeof want, "t.zip: error: the archive holds a file named %s, which leads out of it or cannot be shown; it is not opened [zip-name]", bad[i]);
    refused(python(body), want);
    vb_buf b;
    vb_buf_init(&b);
    vb_zip_entry e = {bad[i], VB_LIT("x")};
    assert_int_equal(vb_zip_write(d, &e, 1, &b), VB_BAD);
    assert_non_null(strstr(findings(), "[zip-name]"));
    vb_buf_free(&b);
  }
  vb_buf none;
  vb_buf_init(&none);
  vb_zip_entry broken = {"\xFF.xml", VB_LIT("x")};
  assert_int_equal(vb_zip_write(d, &broken, 1, &none), VB_BAD);
  assert_non_null(strstr(findings(), "[zip-name]"));
  vb_buf_free(&none);
  refused(python("z.writestr('a', 'x'); z.writestr('a', 'y')"), "t.zip: error: the archive holds two files named a; save it anew [zip-name]");
  refused(python("[z.writestr(str(i), '') for i in range(4097)]"), "t.zip: error: the archive holds 4097 files, more than 4096 [zip-limit]");
  refused(python("z.writestr('big', b' ' * 10000000)"), "t.zip: error: big inside the archive unpacks to more than 200 times its size; it is not opened [zip-limit]");
}

/* Headers that lie, made by changing bytes of an honest archive at the places that the format gives. */
static void test_lies(void **state)
{
  (void)state;
  vb_span s = python("z.writestr('a', bytes(range(256)) * 40)");
  char *p = vb_arena_copy(a, s.p, s.n);
  char *central = NULL;
  for (size_t i = 0; i + 4 < s.n; i++)
    if (memcmp(p + i, "PK\1\2", 4) == 0)
      central = p + i;
  assert_non_null(central);
  central[8] |= 1; /* general purpose flag: encrypted */
  p[6] |= 1;
  refused((vb_span){p, s.n}, "t.zip: error: a inside the archive is encrypted; save the file without a password [zip-encrypted]");
  central[8] &= ~1;
  p[6] &= ~1;
  memcpy(central + 24, "\x00\x00\x00\x7F", 4); /* declared size: 2 GB */
  refused((vb_span){p, s.n}, "t.zip: error: the archive unpacks to more than 512 MB [zip-limit]");
  memcpy(central + 24, "\x10\x00\x00\x00", 4); /* declared size: 16 bytes */
  vb_zip *z;
  vb_buf out;
  vb_buf_init(&out);
  vb_status st = vb_zip_open(d, "t.zip", (vb_span){p, s.n}, &z);
  if (st == VB_OK) {
    assert_int_equal(vb_zip_read(d, z, "a", 100000, &out), VB_BAD);
    vb_zip_close(z);
  }
  const char *line = findings();
  assert_true(strstr(line, "[zip-limit]") || strstr(line, "[zip-form]"));
  memcpy(central + 24, "\x00\x28\x00\x00", 4); /* the truth again, and one wrong byte of data */
  p[60] = (char)(p[60] ^ 0x55);
  assert_int_equal(vb_zip_open(d, "t.zip", (vb_span){p, s.n}, &z), VB_OK);
  assert_int_equal(vb_zip_read(d, z, "a", 100000, &out), VB_BAD);
  assert_non_null(strstr(findings(), "t.zip: error: a inside the archive is damaged ("));
  assert_int_equal(out.n, 0);
  vb_zip_close(z);
  vb_buf_free(&out);
}

/* Cut anywhere or changed at random: read, or refused with exactly one message. */
static void test_cut_and_mutated(void **state)
{
  (void)state;
  vb_buf b, m, out;
  vb_buf_init(&b);
  vb_buf_init(&m);
  vb_buf_init(&out);
  write_some(&b);
  int good = 0;
  for (size_t i = 0; i < 3000; i++) {
    vb_span s = i < 500 ? (vb_span){b.p, b.n - 1 - i} : mutated((vb_span){b.p, b.n}, &m);
    vb_zip *z;
    vb_status st = vb_zip_open(d, "m.zip", s, &z);
    for (size_t k = 0; st == VB_OK && k < vb_zip_count(z); k++) {
      vb_buf_clear(&out);
      st = vb_zip_read(d, z, vb_zip_name(z, k), 1 << 20, &out);
    }
    vb_zip_close(z);
    assert_true(st == VB_OK || st == VB_BAD);
    assert_int_equal(vb_diag_count(d, VB_ERROR), st == VB_OK ? 0 : 1);
    good += st == VB_OK;
    vb_diag_free(d);
    d = vb_diag_new();
  }
  assert_in_range(good, 1, 2500);
  vb_buf_free(&b);
  vb_buf_free(&m);
  vb_buf_free(&out);
}

int main(void)
{
  static const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, help_setup, help_teardown)
    T(test_round), T(test_others_read), T(test_refused), T(test_lies), T(test_cut_and_mutated),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
