/* preview.c: --preview. The PDF goes into a scratch folder of an unpredictable name, pdftoppm makes a picture a page beside it, and the
 * pictures come back as bytes, so that they are written as every other output is: whole or not at all, and listed in the manifest. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "batch/preview.h"


/* By absolute path: what PATH says is not asked. */
static const char *find_tool(void) {
  static const char *const places[] = {"/usr/bin/pdftoppm", "/usr/local/bin/pdftoppm"};
  for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
    if (access(places[i], X_OK) == 0) return places[i];
  return NULL;
}

/* Runs it to its end, with nothing to read and nowhere to talk to; whether it ended well. */
static bool run_tool(const char *tool, const char *pdf, const char *stem) {
  static char locale[] = "LC_ALL=C";
  static char *const env[] = {locale, NULL};
  char last[16];
  snprintf(last, sizeof last, "%d", VB_PREVIEW_PAGES_MAX);
  const char *const words[] = {tool, "-png", "-r", "80", "-l", last, pdf, stem, NULL};
  char *argv[sizeof words / sizeof words[0]]; /* what posix_spawn takes is not const, though it changes nothing */
  memcpy(argv, words, sizeof words);
  posix_spawn_file_actions_t files;
  if (posix_spawn_file_actions_init(&files) != 0) return false;
  bool good = posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0 &&
              posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
              posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0;
  pid_t child = -1;
  good = good && posix_spawn(&child, tool, &files, NULL, argv, env) == 0;
  posix_spawn_file_actions_destroy(&files);
  int status = 0;
  while (good && waitpid(child, &status, 0) < 0) good = errno == EINTR;
  return good && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* "xa/bao-cao.pdf" and "t-07.png" → "xa/bao-cao.page-07.png" */
static const char *picture_path(vb_arena *a, const char *pdf_path, const char *name) {
  const char *number = strrchr(name, '-');
  size_t stem = strlen(pdf_path) - strlen(".pdf");
  return number == NULL ? NULL : vb_arena_printf(a, "%.*s.page%s", (int)stem, pdf_path, number);
}

/* Reads the pictures of a folder, in order of page, for pdftoppm pads the numbers. */
static vb_status collect(vb_diag *d, vb_arena *a, const char *dir, const char *pdf_path, vb_picture **out, size_t *n) {
  const char **names = NULL;
  size_t n_names = 0;
  vb_status s = vb_dir_list(d, a, dir, &names, &n_names);
  *out = s == VB_OK ? VB_NEW_ARRAY(a, vb_picture, n_names) : NULL;
  if (s == VB_OK && *out == NULL) return VB_NOMEM;
  for (size_t i = 0; i < n_names && s == VB_OK; i++) {
    if (strncmp(names[i], "t-", 2) != 0) continue;
    const char *from = vb_path_join(a, dir, names[i]);
    vb_picture *p = &(*out)[*n];
    p->path = picture_path(a, pdf_path, names[i]);
    if (from == NULL || p->path == NULL) return VB_NOMEM;
    vb_buf_init(&p->bytes);
    ++*n;
    s = vb_file_read(d, from, VB_PICTURE_BYTES_MAX, false, &p->bytes);
  }
  return s;
}

static void clear_folder(vb_diag *d, vb_arena *a, const char *dir) {
  const char **names = NULL;
  size_t n = 0;
  if (!vb_dir_exists(dir) || vb_dir_list(d, a, dir, &names, &n) != VB_OK) return;
  for (size_t i = 0; i < n; i++) {
    const char *path = vb_path_join(a, dir, names[i]);
    if (path != NULL) vb_file_remove(d, path);
  }
  vb_dir_remove_empty(d, dir);
}

vb_status vb_preview_make(vb_run *run, vb_arena *a, const char *path, vb_span pdf, vb_picture **out, size_t *n) {
  const char *tool = find_tool(), *scratch = NULL;
  *out = NULL;
  *n = 0;
  if (tool == NULL) {
    vb_status told = run->no_preview ? VB_OK : VB_POST(run->diag, VB_MSG_PREVIEW_TOOL, VB_NOWHERE);
    run->no_preview = true;
    return told;
  }
  vb_status s = vb_scratch_name(run->diag, a, &scratch);
  if (s != VB_OK) return s;
  const char *dir = vb_arena_printf(a, "%s.d", scratch), *file = dir == NULL ? NULL : vb_path_join(a, dir, "in.pdf"), *stem = dir == NULL ? NULL : vb_path_join(a, dir, "t");
  if (file == NULL || stem == NULL) s = VB_NOMEM;
  if (s == VB_OK) s = vb_dir_make(run->diag, dir);
  if (s == VB_OK) s = vb_file_write(run->diag, file, pdf.p, pdf.n);
  if (s == VB_OK && !run_tool(tool, file, stem)) s = VB_POST(run->diag, VB_MSG_PREVIEW_FAILED, VB_NOWHERE, tool, path);
  if (s == VB_OK) s = collect(run->diag, a, dir, path, out, n);
  if (dir != NULL) clear_folder(run->diag, a, dir);
  vb_file_remove(run->diag, scratch);
  return s;
}
