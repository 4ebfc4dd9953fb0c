/* sign_pass.c: passphrases: from a file descriptor, or from the terminal without echo; wiped when done. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "package/package.h"

bool vb_secrets_begin(void) {
  struct rlimit core;
  if (getrlimit(RLIMIT_CORE, &core) != 0) return false;
  core.rlim_cur = 0;
  /* The limit holds for files; what a system pipes to a collector of crashes asks the other. */
  return setrlimit(RLIMIT_CORE, &core) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

bool vb_secrets_end(void) { return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0; }

void vb_pass_wipe(vb_pass *p) { OPENSSL_cleanse(p, sizeof *p); }

/* One line, byte by byte: what stands behind it in a pipe is not ours. False when nothing could be read, or too much. */
static bool read_line(int fd, vb_pass *out) {
  for (;;) {
    char c = 0;
    ssize_t k = read(fd, &c, 1);
    if (k < 0 && errno == EINTR) continue;
    if (k < 0) return false;
    if (k == 0 || c == '\n') break;
    if (out->n + 1 >= sizeof out->text) return false;
    out->text[out->n++] = c;
  }
  if (out->n > 0 && out->text[out->n - 1] == '\r') out->n--;
  out->text[out->n] = '\0';
  return memchr(out->text, '\0', out->n) == NULL;
}

static bool put(int fd, const char *s) {
  for (size_t n = strlen(s); n > 0;) {
    ssize_t k = write(fd, s, n);
    if (k < 0 && errno == EINTR) continue;
    if (k <= 0) return false;
    s += k;
    n -= (size_t)k;
  }
  return true;
}

/* Signals that end the program while the echo is off would leave it off: they wait. */
static bool ask(int tty, const char *prompt, vb_pass *out) {
  struct termios was, quiet;
  if (tcgetattr(tty, &was) != 0) return false;
  quiet = was;
  quiet.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
  if (tcsetattr(tty, TCSAFLUSH, &quiet) != 0) return false;
  bool good = put(tty, prompt) && read_line(tty, out);
  bool back = tcsetattr(tty, TCSAFLUSH, &was) == 0;
  return put(tty, "\n") && good && back;
}

vb_status vb_pass_read(vb_diag *d, int fd, const char *prompt, vb_pass *out) {
  memset(out, 0, sizeof *out);
  bool good = false;
  if (fd >= 0) {
    good = read_line(fd, out);
  } else {
    int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (tty >= 0) {
      good = ask(tty, prompt, out);
      close(tty);
    }
  }
  if (good) return VB_OK;
  vb_pass_wipe(out);
  VB_POST(d, fd >= 0 ? VB_MSG_SIGN_PASS_FD : VB_MSG_SIGN_PASS_TTY, VB_NOWHERE, VB_NUM(fd));
  return VB_USAGE;
}
