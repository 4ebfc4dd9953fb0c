/* library.c: where templates, forms, parts and schemas are found. */
#define _DEFAULT_SOURCE
#include <string.h>
#include <unistd.h>

#include "batch/batch_int.h"

/* The folder `templates` of the tree that the program was built in (<tree>/build/vanban, <tree>/build/check/vanban), or of the place it was
 * installed in, wherever that was moved to (<prefix>/bin/vanban, <prefix>/share/vanban/templates). */
static const char *beside_program(vb_arena *a) {
  char exe[4096];
  ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
  if (n <= 0) return NULL;
  exe[n] = '\0';
  for (int up = 0; up < 4; up++) {
    char *slash = strrchr(exe, '/');
    if (slash == NULL || slash == exe) return NULL;
    *slash = '\0';
    static const char *const names[] = {"templates", "share/vanban/templates"};
    for (size_t i = 0; i < 2; i++) {
      char *dir = vb_path_join(a, exe, names[i]);
      char *proof = dir == NULL ? NULL : vb_path_join(a, dir, "schemas/template.rng");
      if (proof != NULL && vb_file_exists(proof)) return dir;
    }
  }
  return NULL;
}

vb_status vb_library_path(vb_arena *a, const vb_library *lib, const char *rel, const char **path) {
  *path = NULL;
  for (size_t i = 0; i < lib->n_dirs; i++) {
    const char *p = vb_path_join(a, lib->dirs[i], rel);
    if (p == NULL) return VB_NOMEM;
    if (!vb_file_exists(p)) continue;
    *path = p;
    return VB_OK;
  }
  return VB_OK;
}

const char *vb_library_schema(vb_arena *a, const vb_library *lib, const char *name) {
  const char *rel = vb_arena_printf(a, "schemas/%s", name);
  return rel == NULL ? NULL : vb_path_join(a, lib->dirs[lib->n_dirs - 1], rel);
}

vb_status vb_library_find_dirs(vb_diag *d, vb_arena *a, const char *job_dir, vb_library *out) {
  const char **dirs = VB_NEW_ARRAY(a, const char *, 3);
  if (dirs == NULL) return VB_NOMEM;
  size_t n = 0;
  if (job_dir != NULL) {
    const char *own = vb_path_join(a, job_dir, "templates");
    if (own == NULL) return VB_NOMEM;
    if (vb_dir_exists(own)) dirs[n++] = own;
  }
  const char *tree = beside_program(a);
  if (tree != NULL) dirs[n++] = tree;
  else if (vb_dir_exists(vb_installed_templates())) dirs[n++] = vb_installed_templates();
  else return VB_POST(d, VB_MSG_LIBRARY_NONE, VB_NOWHERE, vb_installed_templates());
  *out = (vb_library){dirs, n};
  return VB_OK;
}
