/* Font folders: which files are taken for what, which family is chosen, and what is said when nothing fits. */
#define _XOPEN_SOURCE 700 /* mkfifo */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "folder.h"
#include "font_make.h"

static char dir[256];

static int make_dir(void **state)
{
  (void)state;
  folder_make(dir);
  return 0;
}

static int drop_dir(void **state)
{
  (void)state;
  folder_drop(dir);
  return 0;
}

/* Saves a face of Liberation Serif under another family (NULL: as it is) and any file name. */
static void put_face(vb_face_id id, const char *family, const char *file)
{
  static const char *const style[VB_FACES] = {"Regular", "Bold", "Italic", "Bold Italic"};
  vb_buf font;
  font_read(&font, id);
  if (family) font_rename(&font, family, style[id]);
  font_save(dir, file, &font);
  vb_buf_free(&font);
}

static void put_family(const char *family, const char *prefix)
{
  char file[64];
  for (int i = 0; i < VB_FACES; i++) {
    snprintf(file, sizeof file, "%s%d.ttf", prefix, i);
    put_face((vb_face_id)i, family, file);
  }
}

/* A face without the letters of Vietnamese above U+1E00, as the old Liberation Serif is. */
static void put_old_face(vb_face_id id, const char *file)
{
  static const uint32_t groups[][3] = {{0x20, 0x7E, 3}};
  vb_buf font;
  font_read(&font, id);
  font_set_groups(&font, groups, 1);
  font_save(dir, file, &font);
  vb_buf_free(&font);
}

/* Opens the folder; on failure *finding is the only message, kept in *d, which the caller frees. */
static vb_status open_dir(const char *path, vb_diag **d, vb_fontset **fonts, const vb_finding **finding)
{
  *d = vb_diag_new();
  vb_status st = vb_fontset_open(*d, path, fonts);
  *finding = vb_diag_first(*d);
  if (st == VB_OK) {
    assert_null(*finding);
    assert_non_null(*fonts);
  } else {
    assert_null(*fonts);
    assert_int_equal(st, VB_SYSTEM);
    assert_non_null(*finding);
    assert_null((*finding)->next);
    assert_int_equal((*finding)->severity, VB_FATAL);
  }
  return st;
}

/* Opens the folder and expects one message about file (NULL: about none) with these arguments (NULL: any). */
static void expect_message(const char *path, vb_msg msg, const char *file, const char *a0, const char *a1, const char *a2)
{
  vb_diag *d;
  vb_fontset *fonts;
  const vb_finding *f;
  const char *want[] = {a0, a1, a2};
  assert_int_equal(open_dir(path, &d, &fonts, &f), VB_SYSTEM);
  assert_int_equal(f->msg, msg);
  if (file) assert_string_equal(f->at.file, folder_path(path, file));
  else assert_null(f->at.file);
  for (size_t i = 0; i < 3; i++)
    if (want[i]) assert_string_equal(f->args[i], want[i]);
  vb_diag_free(d);
}

/* Opens the folder and expects this PostScript name of a face. */
static void expect_family(const char *regular)
{
  vb_diag *d;
  vb_fontset *fonts;
  const vb_finding *f;
  assert_int_equal(open_dir(dir, &d, &fonts, &f), VB_OK);
  assert_memory_equal(vb_fontset_id(fonts), regular, strlen(regular));
  vb_fontset_close(fonts);
  vb_diag_free(d);
}

static void test_the_default(void **state)
{
  (void)state;
  vb_diag *d;
  vb_fontset *fonts;
  const vb_finding *f;
  assert_int_equal(open_dir(NULL, &d, &fonts, &f), VB_OK);
  assert_memory_equal(vb_fontset_id(fonts), "LiberationSerif:", 16);
  assert_int_equal(strlen(vb_fontset_id(fonts)), 16 + 4 * 8 + 3);
  for (int i = 0; i < VB_FACES; i++) assert_non_null(vb_fontset_face(fonts, (vb_face_id)i));
  vb_fontset_close(fonts);
  vb_diag_free(d);
  vb_fontset_close(NULL);
}

/* The file names say nothing; what lies beside the fonts does no harm. */
static void test_any_file_names(void **state)
{
  (void)state;
  put_face(VB_BOLD_ITALIC, NULL, "1.TTF");
  put_face(VB_ITALIC, NULL, "LiberationSerif-Bold.ttf");
  put_face(VB_REGULAR, NULL, "x.Ttf");
  put_face(VB_BOLD, NULL, "z.otf");
  folder_put(dir, "readme.txt", "fonts");
  folder_put(dir, "ttf", "");
  folder_put(dir, "0.ttf", "no font at all");
  assert_int_equal(mkdir(folder_path(dir, "folder.ttf"), 0700), 0);
  assert_int_equal(mkfifo(folder_path(dir, "pipe.ttf"), 0600), 0); /* must not be waited for */
  assert_int_equal(symlink("nowhere", folder_path(dir, "link.ttf")), 0);
  vb_diag *d;
  vb_fontset *fonts;
  const vb_finding *f;
  static const char *const names[VB_FACES] = {"LiberationSerif", "LiberationSerif-Bold", "LiberationSerif-Italic", "LiberationSerif-BoldItalic"};
  assert_int_equal(open_dir(dir, &d, &fonts, &f), VB_OK);
  for (int i = 0; i < VB_FACES; i++) assert_string_equal(vb_face_info_of(vb_fontset_face(fonts, (vb_face_id)i))->ps_name, names[i]);
  vb_fontset_close(fonts);
  vb_diag_free(d);
}

/* Style by the name where the style bits are silent. */
static void test_style_by_name(void **state)
{
  (void)state;
  for (int i = 0; i < VB_FACES; i++) {
    static const char *const style[VB_FACES] = {"Regular", "Bold", "Italic", "Bold Italic"};
    char file[16];
    vb_buf font;
    font_read(&font, (vb_face_id)i);
    font_set16(&font, "OS/2", 62, 0x40);
    font_rename(&font, "Times New Roman", style[i]);
    snprintf(file, sizeof file, "%d.ttf", i);
    font_save(dir, file, &font);
    vb_buf_free(&font);
  }
  expect_family("Unnamed:"); /* the changed name table has no PostScript name */
}

static void test_preferred_families(void **state)
{
  (void)state;
  put_family("Some Serif", "a");
  expect_family("Unnamed:");
  put_family("Another Serif", "b");
  expect_message(dir, VB_MSG_FONT_SEVERAL, NULL, dir, "Some Serif, Another Serif", NULL);
  put_family(NULL, "c");
  expect_family("LiberationSerif:");
  put_family("TIMES NEW ROMAN", "d");
  expect_family("Unnamed:");
  /* Times New Roman with a damaged face gives way to the next. */
  vb_buf font;
  font_read(&font, VB_BOLD);
  font_rename(&font, "Times New Roman", "Bold");
  font_set16(&font, "hhea", 34, 0);
  font_save(dir, "d1.ttf", &font);
  vb_buf_free(&font);
  expect_family("LiberationSerif:");
}

/* Two files claim a face: the one that has the letters is taken. */
static void test_old_and_new_together(void **state)
{
  (void)state;
  put_family(NULL, "new");
  for (int i = 0; i < VB_FACES; i++) put_old_face((vb_face_id)i, (const char *[]){"a.ttf", "b.ttf", "c.ttf", "d.ttf"}[i]);
  expect_family("LiberationSerif:");
}

static void test_letters_that_are_lacking(void **state)
{
  (void)state;
  put_family(NULL, "f");
  put_old_face(VB_ITALIC, "f2.ttf");
  /* 134 letters and 18 marks: too many to list */
  expect_message(dir, VB_MSG_FONT_LETTERS, "f2.ttf", "152", NULL, NULL);
  /* One letter: ỹ, which is the last of its segment. */
  vb_buf font;
  font_read(&font, VB_ITALIC);
  vb_face *f = NULL;
  vb_font_fault fault;
  assert_int_equal(vb_face_parse(font_bytes(&font), false, &f, &fault), VB_OK);
  static uint32_t groups[3000][3];
  size_t n = 0;
  for (uint32_t c = 0x20; c < 0x2300 && n < 3000; c++)
    if (c != 0x1EF9 && vb_face_glyph(f, c)) groups[n][0] = groups[n][1] = c, groups[n++][2] = vb_face_glyph(f, c);
  vb_face_free(f);
  font_set_groups(&font, (const uint32_t(*)[3])groups, n);
  font_save(dir, "f2.ttf", &font);
  vb_buf_free(&font);
  expect_message(dir, VB_MSG_FONT_LETTERS, "f2.ttf", "1", "ỹ", NULL);
}

/* Debian's older package has the same family name and lacks 92 of the letters. Its folder is there only where it is installed. */
static void test_debian_s_old_liberation(void **state)
{
  (void)state;
  static const char old[] = "/usr/share/fonts/truetype/liberation";
  if (!vb_file_exists("/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf")) skip();
  expect_message(old, VB_MSG_FONT_LETTERS, "LiberationSerif-Regular.ttf", "92", NULL, NULL);
}

static void test_faces_that_are_lacking(void **state)
{
  (void)state;
  put_face(VB_REGULAR, "Times New Roman", "times.ttf");
  put_face(VB_ITALIC, "Times New Roman", "timesi.ttf");
  put_face(VB_BOLD, "Some Serif", "some.ttf");
  expect_message(dir, VB_MSG_FONT_FACES, NULL, dir, "Times New Roman", "Bold, Bold Italic");
  /* A file that cannot be read may be the face: it is named. */
  vb_buf font;
  font_read(&font, VB_BOLD);
  font.n = 200;
  font_save(dir, "timesbd.ttf", &font);
  vb_buf_free(&font);
  expect_message(dir, VB_MSG_FONT_UNREADABLE, "timesbd.ttf", "Bold, Bold Italic", "Times New Roman", NULL);
}

static void test_no_fonts(void **state)
{
  (void)state;
  expect_message(folder_path(dir, "absent"), VB_MSG_FONT_DIR, NULL, NULL, NULL, NULL);
  expect_message(dir, VB_MSG_FONT_NONE, NULL, dir, NULL, NULL);
  folder_put(dir, "a.ttf", "");
  expect_message(dir, VB_MSG_FONT_KIND, "a.ttf", NULL, NULL, NULL);
}

static void test_damaged_face(void **state)
{
  (void)state;
  vb_buf font;
  put_family(NULL, "f");
  font_read(&font, VB_BOLD);
  font_set16(&font, "hhea", 34, 0);
  font_save(dir, "f1.ttf", &font);
  expect_message(dir, VB_MSG_FONT_TABLE_DAMAGED, "f1.ttf", "hhea", NULL, NULL);
  vb_buf_free(&font);
  font_read(&font, VB_BOLD);
  font_drop_table(&font, "cmap");
  font_save(dir, "f1.ttf", &font);
  expect_message(dir, VB_MSG_FONT_TABLE_ABSENT, "f1.ttf", "cmap", NULL, NULL);
  vb_buf_free(&font);
  font_read(&font, VB_BOLD);
  font_set16(&font, "OS/2", 8, 2);
  font_save(dir, "f1.ttf", &font);
  expect_message(dir, VB_MSG_FONT_LICENCE, "f1.ttf", "0x0002", NULL, NULL);
  vb_buf_free(&font);
  font_read(&font, VB_BOLD);
  font_set16(&font, "cmap", 2, 0);
  font_save(dir, "f1.ttf", &font);
  expect_message(dir, VB_MSG_FONT_NO_UNICODE, "f1.ttf", NULL, NULL, NULL);
  vb_buf_free(&font);
  /* An outline of the base set: found when the font is opened, not when the first document is written. */
  size_t n = 0;
  font_read(&font, VB_BOLD);
  vb_put16((uint8_t *)font.p + font_outline(&font, 82, &n), 0x7FFF); /* o */
  font_save(dir, "f1.ttf", &font);
  expect_message(dir, VB_MSG_FONT_TABLE_DAMAGED, "f1.ttf", "glyf", NULL, NULL);
  vb_buf_free(&font);
}

/* The texts have a place for each argument and say what to do, in both languages. */
static void test_message_texts(void **state)
{
  (void)state;
  vb_diag *d;
  vb_fontset *fonts;
  const vb_finding *f;
  vb_buf text;
  vb_buf_init(&text);
  put_face(VB_REGULAR, "Times New Roman", "times.ttf");
  assert_int_equal(open_dir(dir, &d, &fonts, &f), VB_SYSTEM);
  vb_finding_text(f, VB_VI, &text);
  assert_non_null(strstr(vb_buf_cstr(&text), "Times New Roman thiếu Bold, Italic, Bold Italic"));
  vb_buf_clear(&text);
  vb_finding_text(f, VB_EN, &text);
  assert_non_null(strstr(vb_buf_cstr(&text), "Times New Roman lacks Bold, Italic, Bold Italic"));
  assert_non_null(strstr(vb_buf_cstr(&text), dir));
  vb_buf_free(&text);
  vb_diag_free(d);
}

/* ---- memory ------------------------------------------------------------------------------------------------- */

typedef struct failing { long left, held; } failing;

static void *failing_alloc(void *ctx, size_t n)
{
  failing *f = ctx;
  if (f->left-- <= 0) return NULL;
  void *p = malloc(n);
  f->held += p != NULL;
  return p;
}

static void *failing_resize(void *ctx, void *p, size_t n)
{
  failing *f = ctx;
  return f->left-- <= 0 ? NULL : realloc(p, n);
}

static void failing_release(void *ctx, void *p)
{
  failing *f = ctx;
  f->held -= p != NULL;
  free(p);
}

/* Opens the fonts, makes a base subset and one of a document. */
static vb_status use_fonts(void)
{
  vb_diag *d = vb_diag_new();
  vb_fontset *fonts = NULL;
  vb_arena *a = vb_arena_new(0);
  vb_status st = d && a ? vb_fontset_open(d, NULL, &fonts) : VB_NOMEM;
  if (st == VB_OK && !vb_subset_base(fonts, VB_BOLD)) st = VB_NOMEM;
  if (st == VB_OK) {
    vb_subset s;
    vb_subset_map *map = NULL;
    vb_charset *chars = vb_charset_new(a);
    if (!chars || !vb_charset_add_text(chars, VB_LIT("Số: 12/KH-UBND ≤ ‰"))) st = VB_NOMEM;
    else st = vb_subset_make(d, a, vb_fontset_face(fonts, VB_REGULAR), chars, &s, &map);
  }
  if (st != VB_OK) assert_null(d ? vb_diag_first(d) : NULL); /* whoever owns the run says so */
  vb_fontset_close(fonts);
  vb_arena_free(a);
  vb_diag_free(d);
  return st;
}

/* Each allocation in turn fails: every time the answer is VB_NOMEM and nothing stays behind. libdeflate's are among them. */
static void test_every_allocation_fails(void **state)
{
  (void)state;
  failing f = {0, 0};
  const vb_mem_table table = {failing_alloc, failing_resize, failing_release, &f};
  vb_status st = VB_NOMEM;
  long n = 0;
  vb_mem_set(&table);
  for (; st != VB_OK && n < 5000; n++) {
    f = (failing){n, 0};
    st = use_fonts();
    if (f.held != 0 || (st != VB_OK && st != VB_NOMEM)) break;
  }
  vb_mem_set(NULL);
  assert_int_equal(st, VB_OK);
  assert_int_equal(f.held, 0);
  assert_in_range(n, 50, 4999); /* it did fail many times before */
}

/* libdeflate takes its memory where everything takes it. */
static void test_libdeflate_takes_our_memory(void **state)
{
  (void)state;
  failing f = {1000, 0};
  const vb_mem_table table = {failing_alloc, failing_resize, failing_release, &f};
  vb_mem_set(&table);
  vb_deflate_setup();
  vb_arena *a = vb_arena_new(0);
  const uint8_t *out = vb_arena_alloc(a, 16); /* the arena has its block now */
  size_t n = 0;
  f.left = 1000;
  vb_status st = vb_deflate(a, "vanban", 6, 9, &out, &n);
  long taken = 1000 - f.left;
  vb_arena_free(a);
  vb_mem_set(NULL);
  assert_int_equal(st, VB_OK);
  assert_int_equal(taken, 2); /* room for the stream, and the compressor */
  assert_int_equal(f.held, 0);
}

int main(void)
{
#define IN_FOLDER(t) cmocka_unit_test_setup_teardown(t, make_dir, drop_dir)
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_the_default),
    IN_FOLDER(test_any_file_names),
    IN_FOLDER(test_style_by_name),
    IN_FOLDER(test_preferred_families),
    IN_FOLDER(test_old_and_new_together),
    IN_FOLDER(test_letters_that_are_lacking),
    cmocka_unit_test(test_debian_s_old_liberation),
    IN_FOLDER(test_faces_that_are_lacking),
    IN_FOLDER(test_no_fonts),
    IN_FOLDER(test_damaged_face),
    IN_FOLDER(test_message_texts),
    cmocka_unit_test(test_every_allocation_fails),
    cmocka_unit_test(test_libdeflate_takes_our_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
