/* program.c: which program this is, by content: the build ids that the linker wrote into it and into every library it has loaded. A new
 * library may break lines or deflate streams in another way, so that it counts like a new program. */
#define _GNU_SOURCE /* dl_iterate_phdr */
#include <link.h> /* which includes elf.h */
#include <string.h>

#include "batch/changed.h"

typedef struct ids { vb_hash *h; bool own; /* the program itself has one */ } ids;

/* A note: sizes of name and content, type, name, content; each padded to 4 bytes. */
static bool add_build_id(vb_hash *h, const char *p, size_t n) {
  while (n >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    memcpy(&note, p, sizeof note);
    size_t name = ((size_t)note.n_namesz + 3) & ~(size_t)3, desc = ((size_t)note.n_descsz + 3) & ~(size_t)3;
    if (name > n - sizeof note || desc > n - sizeof note - name) return false;
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && memcmp(p + sizeof note, "GNU", 4) == 0) {
      vb_hash_add(h, p + sizeof note + name, note.n_descsz);
      return true;
    }
    p += sizeof note + name + desc;
    n -= sizeof note + name + desc;
  }
  return false;
}

static int on_object(struct dl_phdr_info *info, size_t size, void *ctx) {
  (void)size;
  ids *k = ctx;
  if (strstr(info->dlpi_name, "vdso") != NULL) return 0; /* the kernel's, which no document passes through */
  bool found = false;
  for (int i = 0; i < info->dlpi_phnum && !found; i++)
    if (info->dlpi_phdr[i].p_type == PT_NOTE) found = add_build_id(k->h, (const char *)info->dlpi_addr + info->dlpi_phdr[i].p_vaddr, info->dlpi_phdr[i].p_memsz);
  if (!found && info->dlpi_name[0] != '\0') vb_hash_add_str(k->h, info->dlpi_name);
  if (found && info->dlpi_name[0] == '\0') k->own = true;
  return 0;
}

vb_status vb_program_hash(vb_diag *d, vb_hash *h) {
  ids k = {h, false};
  vb_hash_add_str(h, vb_generator());
  (void)dl_iterate_phdr(on_object, &k);
  if (k.own) return VB_OK;
  char whole[VB_SHA256_HEX]; /* linked without build ids */
  uint64_t bytes;
  vb_status s = vb_sha256_file(d, "/proc/self/exe", whole, &bytes);
  vb_hash_add_str(h, whole);
  return s;
}
