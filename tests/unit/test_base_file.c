/* Files: reading with a limit, whole or absent on every failure, folders, locks, scratch names. */
#define _GNU_SOURCE /* unshare, for a small disk of our own */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/base_int.h"
#include "folder.h"

typedef struct world {
  char dir[256];
  vb_diag *d;
  vb_arena *a;
  vb_buf b;
} world;

static int setup(void **state)
{
  static world w;
  folder_make(w.dir);
  w.d = vb_diag_new();
  w.a = vb_arena_new(0);
  vb_buf_init(&w.b);
  *state = &w;
  return 0;
}

static int teardown(void **state)
{
  world *w = *state;
  folder_drop(w->dir);
  vb_diag_free(w->d);
  vb_arena_free(w->a);
  vb_buf_free(&w->b);
  return 0;
}

/* Exactly one message was posted since `before`, and it is m. */
static void posted(world *w, size_t before, vb_msg m)
{
  assert_int_equal(vb_diag_count(w->d, VB_INFO), before + 1);
  assert_int_equal(vb_diag_last(w->d)->msg, m);
}

static void test_read_write(void **state)
{
  world *w = *state;
  const char *path = folder_path(w->dir, "f.bin");
  static char big[300000];
  for (size_t i = 0; i < sizeof big; i++)
    big[i] = (char)(i * 31 >> 3);
  static const size_t sizes[] = {0, 1, 65535, 65536, 65537, sizeof big};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    assert_int_equal(vb_file_write(w->d, path, big, sizes[i]), VB_OK);
    assert_int_equal(vb_file_read(w->d, path, sizes[i], true, &w->b), VB_OK);
    assert_int_equal(w->b.n, sizes[i]);
    assert_memory_equal(w->b.n ? w->b.p : "", big, sizes[i]);
    assert_int_equal(folder_count(w->dir), 1); /* no temporary name stays */
    if (sizes[i]) {
      assert_int_equal(vb_file_read(w->d, path, sizes[i] - 1, true, &w->b), VB_BAD);
      assert_int_equal(vb_diag_last(w->d)->msg, VB_MSG_FILE_TOO_LARGE);
      assert_int_equal(w->b.n, 0);
    }
  }
  assert_true(vb_file_exists(path));
  assert_false(vb_file_exists(w->dir));
  assert_int_equal(vb_file_remove(w->d, path), VB_OK);
  assert_int_equal(vb_file_remove(w->d, path), VB_OK);
  assert_false(vb_file_exists(path));
}

static void test_read_refused(void **state)
{
  world *w = *state;
  const char *none = folder_path(w->dir, "none.csv");
  assert_int_equal(vb_file_read(w->d, none, 10, true, &w->b), VB_BAD);
  posted(w, 0, VB_MSG_INPUT_READ);
  assert_string_equal(vb_diag_last(w->d)->args[0], none);
  assert_string_equal(vb_diag_last(w->d)->args[1], "No such file or directory");
  assert_int_equal(vb_file_read(w->d, none, 10, false, &w->b), VB_SYSTEM);
  posted(w, 1, VB_MSG_FILE_READ_NONE);
  assert_int_equal(vb_file_read(w->d, w->dir, 10, true, &w->b), VB_BAD);
  posted(w, 2, VB_MSG_INPUT_NOT_FILE);
  assert_int_equal(vb_file_read(w->d, "/dev/zero", 10, false, &w->b), VB_SYSTEM);
  posted(w, 3, VB_MSG_FILE_NOT_FILE);
  const char *fifo = folder_path(w->dir, "fifo"); /* nobody writes to it: must not wait */
  assert_int_equal(mkfifo(fifo, 0600), 0);
  assert_int_equal(vb_file_read(w->d, fifo, 10, true, &w->b), VB_BAD);
  posted(w, 4, VB_MSG_INPUT_NOT_FILE);
  /* A file that says it is empty and is not: read to its end, and the limit holds. */
  assert_int_equal(vb_file_read(w->d, "/proc/self/status", 1u << 20, false, &w->b), VB_OK);
  assert_true(w->b.n > 100);
  assert_int_equal(vb_file_read(w->d, "/proc/self/status", 100, false, &w->b), VB_BAD);
  posted(w, 5, VB_MSG_FILE_TOO_LARGE);
}

/* A folder kept open: plain files and folders by their names; everything else is left to whoever judges paths. */
static void test_folder(void **state)
{
  world *w = *state;
  vb_folder top = VB_NO_FOLDER, sub = VB_NO_FOLDER, other = VB_NO_FOLDER;
  folder_put(w->dir, "plain", "bytes");
  folder_put(w->dir, "empty", "");
  assert_int_equal(mkdir(folder_path(w->dir, "sub"), 0777), 0);
  folder_put(w->dir, "sub/deep", "deeper");
  assert_int_equal(symlink("plain", folder_path(w->dir, "link")), 0);
  assert_int_equal(symlink("sub", folder_path(w->dir, "way")), 0);
  assert_int_equal(mkfifo(folder_path(w->dir, "fifo"), 0600), 0);
  assert_false(vb_folder_open(folder_path(w->dir, "plain"), &other));
  assert_true(vb_folder_open(w->dir, &top));
  assert_int_equal(vb_folder_read(top, "plain", 5, &w->b), VB_MET_IT);
  assert_string_equal(vb_buf_cstr(&w->b), "bytes");
  assert_int_equal(vb_folder_read(top, "empty", 5, &w->b), VB_MET_IT);
  assert_int_equal(w->b.n, 0);
  assert_int_equal(vb_folder_read(top, "none", 5, &w->b), VB_MET_NOTHING);
  static const char *const odd[] = {"link", "fifo", "sub", "way"};
  for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
    assert_int_equal(vb_folder_read(top, odd[i], 5, &w->b), VB_MET_OTHER);
  assert_int_equal(vb_folder_read(top, "plain", 4, &w->b), VB_MET_OTHER);
  assert_int_equal(w->b.n, 0);
  assert_int_equal(vb_folder_enter(top, "way", &other), VB_MET_OTHER);
  assert_int_equal(vb_folder_enter(top, "plain", &other), VB_MET_OTHER);
  assert_int_equal(vb_folder_enter(top, "none", &other), VB_MET_NOTHING);
  assert_int_equal(vb_folder_enter(top, "sub", &sub), VB_MET_IT);
  assert_int_equal(rename(folder_path(w->dir, "sub"), folder_path(w->dir, "gone")), 0); /* the folder itself, not the way to it */
  assert_int_equal(vb_folder_read(sub, "deep", 100, &w->b), VB_MET_IT);
  assert_int_equal(vb_diag_count(w->d, VB_INFO), 0);
  vb_folder_close(&sub);
  vb_folder_close(&top);
  vb_folder_close(&top);
  assert_int_equal(top.fd, -1);
}

/* Files that belong together: where one cannot be written, all stay as they were. */
static void test_write_together(void **state)
{
  world *w = *state;
  const char *a = folder_path(w->dir, "a"), *b = folder_path(w->dir, "b");
  folder_put(w->dir, "a", "old");
  const vb_file_bytes good[] = {{a, "new", 3}, {b, "other", 5}}, bad[] = {{a, "newer", 5}, {folder_path(w->dir, "none/c"), "x", 1}};
  assert_int_equal(vb_files_write(w->d, good, 2), VB_OK);
  assert_int_equal(vb_file_read(w->d, b, 100, true, &w->b), VB_OK);
  assert_string_equal(vb_buf_cstr(&w->b), "other");
  assert_int_equal(folder_count(w->dir), 2);
  assert_int_equal(vb_files_write(w->d, bad, 2), VB_SYSTEM);
  posted(w, 0, VB_MSG_FILE_WRITE);
  assert_int_equal(vb_file_read(w->d, a, 100, true, &w->b), VB_OK);
  assert_string_equal(vb_buf_cstr(&w->b), "new");
  assert_int_equal(folder_count(w->dir), 2);
  assert_int_equal(vb_files_write(w->d, good, 0), VB_OK);
  assert_int_equal(vb_dir_make_in(w->d, folder_path(w->dir, "sub")), VB_OK);
  assert_int_equal(vb_dir_make_in(w->d, folder_path(w->dir, "sub")), VB_OK);
  assert_int_equal(vb_dir_make_in(w->d, folder_path(w->dir, "none/sub")), VB_SYSTEM);
}

static void test_write_over(void **state)
{
  world *w = *state;
  const char *path = folder_path(w->dir, "f"), *other = folder_path(w->dir, "other"), *taken = folder_path(w->dir, "taken");
  folder_put(w->dir, "other", "untouched");
  assert_int_equal(symlink("other", path), 0);
  assert_int_equal(vb_file_write(w->d, path, "new", 3), VB_OK); /* replaces the link, not what it leads to */
  assert_int_equal(vb_file_read(w->d, other, 100, true, &w->b), VB_OK);
  assert_string_equal(vb_buf_cstr(&w->b), "untouched");
  struct stat st;
  assert_int_equal(lstat(path, &st), 0);
  assert_true(S_ISREG(st.st_mode));
  assert_int_equal(mkdir(taken, 0777), 0);
  assert_int_equal(vb_file_write(w->d, taken, "new", 3), VB_SYSTEM); /* a folder has the name */
  posted(w, 0, VB_MSG_FILE_WRITE);
  assert_int_equal(folder_count(w->dir), 3);
  assert_int_equal(vb_file_write(w->d, folder_path(w->dir, "none/f"), "new", 3), VB_SYSTEM);
  posted(w, 1, VB_MSG_FILE_WRITE);
  assert_string_equal(vb_diag_last(w->d)->args[1], "No such file or directory");
}

/* Leftovers of a killed run with our process number: other names are found, theirs are known for what they are. */
static void test_leftovers(void **state)
{
  world *w = *state;
  char name[64];
  for (int i = 0; i < 5; i++) {
    snprintf(name, sizeof name, VB_FILE_TEMP_HEAD "%ld-%d" VB_FILE_TEMP_TAIL, (long)getpid(), i);
    assert_true(vb_file_is_temp(name));
    folder_put(w->dir, name, "half");
  }
  assert_int_equal(vb_file_write(w->d, folder_path(w->dir, "f"), "whole", 5), VB_OK);
  assert_int_equal(folder_count(w->dir), 6);
  assert_false(vb_file_is_temp("f"));
  assert_false(vb_file_is_temp(".vanban-.part"));
  assert_false(vb_file_is_temp(".vanban-1-1"));
}

/* Runs fn in a child, and gives its exit code. Limits, rights and mounts of the child end with it. */
static int in_child(int (*fn)(world *w), world *w)
{
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0)
    _exit(fn(w));
  int status = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status));
  return WEXITSTATUS(status);
}

/* 0 when writing over `f` fails as it should: VB_SYSTEM, one message with the text of `error`, and f as it was. */
/* error: what the system says, NULL where the message says it in its own words. */
static int write_fails(world *w, const char *path, vb_msg msg, const char *error)
{
  static char big[1 << 20];
  size_t before = vb_diag_count(w->d, VB_INFO);
  if (vb_file_write(w->d, path, big, sizeof big) != VB_SYSTEM)
    return 1;
  if (vb_diag_count(w->d, VB_INFO) != before + 1 || vb_diag_last(w->d)->msg != msg)
    return 2;
  if (error && strcmp(vb_diag_last(w->d)->args[1], error) != 0)
    return 3;
  if (vb_file_read(w->d, path, 100, false, &w->b) != VB_OK || strcmp(vb_buf_cstr(&w->b), "before") != 0)
    return 4;
  return 0;
}

static int size_limited(world *w)
{
  struct rlimit limit = {50000, 50000};
  signal(SIGXFSZ, SIG_IGN);
  if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
    return 50;
  return write_fails(w, folder_path(w->dir, "f"), VB_MSG_FILE_WRITE, "File too large");
}

static int no_rights(world *w)
{
  if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
    return 50;
  return write_fails(w, folder_path(w->dir, "f"), VB_MSG_FILE_WRITE_RIGHTS, NULL);
}

#define NO_MOUNT 60

/* A disk of 256 KB, seen by this process alone. */
static int full_disk(world *w)
{
  const char *disk = folder_path(w->dir, "disk");
  if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) != 0 ||
      mount("tmpfs", disk, "tmpfs", 0, "size=256k") != 0)
    return NO_MOUNT;
  const char *path = folder_path(w->dir, "disk/f");
  if (vb_file_write(w->d, path, "before", 6) != VB_OK)
    return 51;
  int wrong = write_fails(w, path, VB_MSG_FILE_WRITE_FULL, NULL);
  if (!wrong && folder_count(disk) != 1)
    wrong = 52;
  /* The room of the failed file was given back. */
  static char half[128 << 10];
  if (!wrong && vb_file_write(w->d, folder_path(w->dir, "disk/g"), half, sizeof half) != VB_OK)
    wrong = 53;
  return wrong;
}

static void test_write_fails(void **state)
{
  world *w = *state;
  folder_put(w->dir, "f", "before");
  assert_int_equal(in_child(size_limited, w), 0);
  assert_int_equal(folder_count(w->dir), 1);
  assert_int_equal(chmod(w->dir, 0555), 0);
  assert_int_equal(in_child(no_rights, w), 0);
  assert_int_equal(chmod(w->dir, 0755), 0);
  assert_int_equal(folder_count(w->dir), 1);
}

static void test_full_disk(void **state)
{
  world *w = *state;
  assert_int_equal(mkdir(folder_path(w->dir, "disk"), 0777), 0);
  int code = in_child(full_disk, w);
  if (code == NO_MOUNT)
    skip(); /* not allowed to mount here; test_write_fails has met the same path through a limit */
  assert_int_equal(code, 0);
}

static void test_dirs(void **state)
{
  world *w = *state;
  const char *deep = folder_path(w->dir, "a//b/c/");
  assert_int_equal(vb_dir_make(w->d, deep), VB_OK);
  assert_int_equal(vb_dir_make(w->d, deep), VB_OK);
  assert_true(vb_dir_exists(folder_path(w->dir, "a/b/c")));
  folder_put(w->dir, "file", "x");
  assert_int_equal(vb_dir_make(w->d, folder_path(w->dir, "file/sub")), VB_SYSTEM);
  posted(w, 0, VB_MSG_DIR_TAKEN);
  assert_int_equal(vb_dir_make(w->d, ""), VB_SYSTEM);
  posted(w, 1, VB_MSG_DIR_MAKE);
  assert_int_equal(vb_dir_remove_empty(w->d, folder_path(w->dir, "a/b")), VB_OK); /* not empty: stays */
  assert_true(vb_dir_exists(folder_path(w->dir, "a/b")));
  assert_int_equal(vb_dir_remove_empty(w->d, folder_path(w->dir, "a/b/c")), VB_OK);
  assert_int_equal(vb_dir_remove_empty(w->d, folder_path(w->dir, "a/b/c")), VB_OK);
  assert_int_equal(vb_dir_remove_empty(w->d, folder_path(w->dir, "file")), VB_SYSTEM);
  posted(w, 2, VB_MSG_FILE_REMOVE);
  assert_int_equal(vb_file_remove(w->d, folder_path(w->dir, "a")), VB_SYSTEM);
  posted(w, 3, VB_MSG_FILE_REMOVE);
}

static void test_list(void **state)
{
  world *w = *state;
  char name[16];
  for (int i = 0; i < 300; i++) {
    snprintf(name, sizeof name, "n%d", i * 7 % 300);
    folder_put(w->dir, name, "");
  }
  assert_int_equal(symlink("nowhere", folder_path(w->dir, "Z")), 0);
  assert_int_equal(symlink("nowhere", folder_path(w->dir, "é")), 0);
  const char **names;
  size_t count;
  assert_int_equal(vb_dir_list(w->d, w->a, w->dir, &names, &count), VB_OK);
  assert_int_equal(count, 302);
  assert_string_equal(names[0], "Z");
  assert_string_equal(names[301], "é");
  for (size_t i = 1; i < count; i++)
    assert_true(strcmp(names[i - 1], names[i]) < 0);
  assert_int_equal(vb_dir_list(w->d, w->a, folder_path(w->dir, "none"), &names, &count), VB_SYSTEM);
  posted(w, 0, VB_MSG_FILE_READ_NONE);
  assert_int_equal(count, 0);
}

static void test_lock(void **state)
{
  world *w = *state;
  const char *path = folder_path(w->dir, "lock");
  int a, b;
  assert_int_equal(vb_lock_take(w->d, path, &a), VB_OK);
  assert_true(a >= 0);
  assert_int_equal(vb_lock_take(w->d, path, &b), VB_SYSTEM);
  assert_int_equal(b, -1);
  posted(w, 0, VB_MSG_LOCK_HELD);
  /* A worker that outlives its parent holds on. */
  int go[2];
  assert_int_equal(pipe(go), 0);
  pid_t child = fork();
  if (child == 0) {
    char c;
    close(go[1]);
    _exit(read(go[0], &c, 1) == 0 ? 0 : 1);
  }
  vb_lock_drop(&a);
  assert_int_equal(a, -1);
  vb_lock_drop(&a); /* again: nothing */
  assert_int_equal(vb_lock_take(w->d, path, &b), VB_SYSTEM);
  close(go[0]);
  close(go[1]);
  assert_int_equal(waitpid(child, NULL, 0), child);
  assert_int_equal(vb_lock_take(w->d, path, &b), VB_OK);
  vb_lock_drop(&b);
  assert_int_equal(vb_lock_take(w->d, folder_path(w->dir, "none/lock"), &b), VB_SYSTEM);
  assert_int_equal(vb_diag_last(w->d)->msg, VB_MSG_LOCK_FAILED);
}

/* Only this file is held, not the name: when it is removed and made anew, the new one is another lock, and it is taken. */
static void test_lock_removed(void **state)
{
  world *w = *state;
  const char *path = folder_path(w->dir, "lock");
  int a, b, c;
  assert_int_equal(vb_lock_take(w->d, path, &a), VB_OK);
  assert_int_equal(unlink(path), 0);
  assert_int_equal(vb_lock_take(w->d, path, &b), VB_OK);
  vb_lock_drop(&a);
  assert_int_equal(vb_lock_take(w->d, path, &c), VB_SYSTEM);
  vb_lock_drop(&b);
}

static void test_scratch(void **state)
{
  world *w = *state;
  assert_int_equal(setenv("TMPDIR", w->dir, 1), 0);
  assert_string_equal(vb_scratch_dir(), w->dir);
  const char *a, *b;
  assert_int_equal(vb_scratch_name(w->d, w->a, &a), VB_OK);
  assert_int_equal(vb_scratch_name(w->d, w->a, &b), VB_OK);
  assert_string_not_equal(a, b);
  struct stat st;
  assert_int_equal(stat(a, &st), 0);
  assert_true(S_ISREG(st.st_mode));
  assert_int_equal(st.st_mode & 0777, 0600);
  assert_int_equal(strncmp(a, w->dir, strlen(w->dir)), 0);
  assert_int_equal(setenv("TMPDIR", folder_path(w->dir, "none"), 1), 0);
  assert_true(vb_dir_exists(vb_scratch_dir())); /* a bad TMPDIR is passed over */
  unsetenv("TMPDIR");
  assert_true(vb_dir_exists(vb_scratch_dir()));
}

/* Piece by piece: what is dropped was never there; a bare name lies in the folder one stands in. */
static void test_pieces(void **state)
{
  world *w = *state;
  folder_put(w->dir, "f", "before");
  vb_file_out *f = NULL;
  assert_int_equal(vb_file_begin(w->d, folder_path(w->dir, "f"), &f), VB_OK);
  assert_int_equal(vb_file_add(f, "half", 4), VB_OK);
  vb_file_drop(f);
  vb_file_drop(NULL);
  assert_int_equal(folder_count(w->dir), 1);
  assert_int_equal(vb_file_read(w->d, folder_path(w->dir, "f"), 100, false, &w->b), VB_OK);
  assert_string_equal(vb_buf_cstr(&w->b), "before");
  char here[4096];
  assert_non_null(getcwd(here, sizeof here));
  assert_int_equal(chdir(w->dir), 0);
  assert_int_equal(vb_file_write(w->d, "bare", "x", 1), VB_OK);
  assert_int_equal(chdir(here), 0);
  assert_int_equal(folder_count(w->dir), 2);
}

/* A read that the kernel refuses, an error that libc has no words for. */
static void test_read_fails(void **state)
{
  world *w = *state;
  assert_int_equal(vb_file_read(w->d, "/proc/self/mem", 100, false, &w->b), VB_SYSTEM); /* an ordinary file whose first page is nobody's */
  posted(w, 0, VB_MSG_FILE_READ);
  assert_int_equal(vb_file_read(w->d, "/proc/self/mem", 100, true, &w->b), VB_BAD);
  posted(w, 1, VB_MSG_INPUT_READ);
  assert_int_equal(vb_errno_post(w->d, VB_MSG_FILE_READ, "x", 99999), VB_SYSTEM);
  assert_string_equal(vb_diag_last(w->d)->args[1], "error 99999");
}

static void test_journal(void **state)
{
  world *w = *state;
  const char *path = folder_path(w->dir, "j");
  vb_journal *j = NULL;
  char text[8] = "";
  size_t got;
  vb_journal_close(NULL);
  assert_int_equal(vb_journal_open(w->d, path, true, &j), VB_SYSTEM);
  posted(w, 0, VB_MSG_FILE_READ_NONE);
  assert_int_equal(vb_journal_open(w->d, w->dir, true, &j), VB_SYSTEM);
  posted(w, 1, VB_MSG_FILE_NOT_FILE);
  assert_int_equal(vb_journal_open(w->d, path, false, &j), VB_OK);
  assert_int_equal(vb_journal_add(w->d, j, "abcdef", 6), VB_OK);
  assert_int_equal(vb_journal_cut(w->d, j, 4), VB_OK);
  assert_int_equal(vb_journal_read(w->d, j, 1, text, sizeof text, &got), VB_OK);
  assert_int_equal(got, 3);
  assert_memory_equal(text, "bcd", 3);
  assert_int_equal(vb_journal_read(w->d, j, UINT64_MAX, text, 1, &got), VB_SYSTEM); /* no place in any file */
  posted(w, 2, VB_MSG_FILE_READ);
  vb_journal_close(j);
  assert_int_equal(vb_journal_open(w->d, path, true, &j), VB_OK);
  assert_int_equal(vb_journal_add(w->d, j, "x", 1), VB_SYSTEM);
  posted(w, 3, VB_MSG_FILE_WRITE);
  assert_int_equal(vb_journal_cut(w->d, j, 0), VB_SYSTEM);
  posted(w, 4, VB_MSG_FILE_WRITE);
  assert_int_equal(vb_journal_bytes(j), 4);
  vb_journal_close(j);
}

int main(void)
{
#define EACH(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
  const struct CMUnitTest tests[] = {
    EACH(test_read_write), EACH(test_read_refused), EACH(test_folder), EACH(test_write_together), EACH(test_write_over), EACH(test_leftovers), EACH(test_write_fails),
    EACH(test_full_disk),  EACH(test_dirs),         EACH(test_list),       EACH(test_lock),         EACH(test_lock_removed),
    EACH(test_scratch),    EACH(test_pieces),       EACH(test_read_fails), EACH(test_journal),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
