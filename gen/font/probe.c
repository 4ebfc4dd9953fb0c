/* What a file in a font folder is, from its table directory and three small tables: a folder of Windows fonts holds hundreds of
 * megabytes, and all but four files of it are none of our concern. For the font room alone. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "font/font_int.h"


typedef struct source { int fd; size_t size; } source;

static bool read_at(const source *s, size_t at, uint8_t *p, size_t n)
{
  while (n > 0) {
    ssize_t got = pread(s->fd, p, n, (off_t)at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    p += got, at += (size_t)got, n -= (size_t)got;
  }
  return true;
}

/* A table in memory of its own, at most `most` bytes of it; empty when absent. */
static vb_probe_result read_table(const source *s, vb_bytes directory, const char *tag, size_t most, uint8_t **p, size_t *n)
{
  size_t at = 0, size = 0;
  *p = NULL, *n = 0;
  switch (vb_sfnt_entry(directory, s->size, tag, &at, &size)) {
  case VB_TABLE_ABSENT: return VB_PROBE_FONT;
  case VB_TABLE_CUT: return VB_PROBE_DAMAGED;
  case VB_TABLE_FOUND: break;
  }
  if (size > most) size = most;
  *p = vb_mem_alloc(size);
  if (!*p) return VB_PROBE_NOMEM;
  *n = size;
  return read_at(s, at, *p, size) ? VB_PROBE_FONT : VB_PROBE_DAMAGED;
}

/* True when the style name ("Bold Italic") has the word; names of other languages are told by the style bits. */
static bool has_word(const char *style, const char *word)
{
  size_t n = strlen(word);
  for (; *style; style++)
    if (strncasecmp(style, word, n) == 0) return true;
  return false;
}

static void tell_style(vb_probe *p, vb_bytes head, vb_bytes os2, const char *style)
{
  unsigned mac = vb_be16(head, 44), selection = vb_be16(os2, 62);
  bool bold = os2.n >= 64 ? (selection & 0x20u) != 0 : (mac & 1u) != 0;
  bool italic = os2.n >= 64 ? (selection & 0x01u) != 0 : (mac & 2u) != 0;
  bold = bold || has_word(style, "bold");
  italic = italic || has_word(style, "italic");
  p->style = bold ? (italic ? VB_BOLD_ITALIC : VB_BOLD) : italic ? VB_ITALIC : VB_REGULAR;
}

static vb_probe_result probe_tables(vb_probe *p, const source *s, vb_bytes directory)
{
  struct { const char *tag; size_t most; uint8_t *p; size_t n; } t[] = {
    {"head", 54, NULL, 0}, {"OS/2", 96, NULL, 0}, {"name", VB_FONT_NAMES_BYTES_MAX, NULL, 0}};
  vb_probe_result r = VB_PROBE_FONT;
  for (size_t i = 0; i < 3 && r == VB_PROBE_FONT; i++) r = read_table(s, directory, t[i].tag, t[i].most, &t[i].p, &t[i].n);
  if (r == VB_PROBE_FONT) {
    char style[VB_FONT_NAME_BYTES];
    vb_bytes name = {t[2].p, t[2].n};
    vb_sfnt_name(name, 1, p->family, sizeof p->family);
    vb_sfnt_name(name, 2, style, sizeof style);
    tell_style(p, (vb_bytes){t[0].p, t[0].n}, (vb_bytes){t[1].p, t[1].n}, style);
    if (p->family[0] == '\0') r = VB_PROBE_OTHER;
  }
  for (size_t i = 0; i < 3; i++) vb_mem_free(t[i].p);
  return r;
}

static vb_probe_result probe_source(vb_probe *p, const source *s)
{
  uint8_t start[12], directory[12 + 16 * VB_FONT_TABLES_MAX];
  vb_bytes head = {start, sizeof start};
  if (s->size < sizeof start || s->size > VB_FONT_BYTES_MAX || !read_at(s, 0, start, sizeof start)) return VB_PROBE_DAMAGED;
  if (memcmp(start, "OTTO", 4) == 0 || memcmp(start, "ttcf", 4) == 0) return VB_PROBE_OTHER;
  size_t n = 12 + 16 * (size_t)vb_be16(head, 4);
  if (!vb_sfnt_is_truetype(head) || n > sizeof directory || n > s->size) return VB_PROBE_DAMAGED;
  return read_at(s, 0, directory, n) ? probe_tables(p, s, (vb_bytes){directory, n}) : VB_PROBE_DAMAGED;
}

vb_probe_result vb_probe_file(vb_probe *p)
{
  struct stat st;
  vb_probe_result r = VB_PROBE_DAMAGED;
  int fd = open(p->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe named x.ttf must not hold us up */
  if (fd < 0) return VB_PROBE_DAMAGED;
  if (fstat(fd, &st) == 0) r = S_ISREG(st.st_mode) ? probe_source(p, &(source){fd, (size_t)st.st_size}) : VB_PROBE_OTHER;
  (void)close(fd); /* only read from */
  return r;
}
