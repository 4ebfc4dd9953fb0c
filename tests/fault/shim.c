/* Loaded before libc (LD_PRELOAD): lets the n-th call of a kind fail, or kills the process there. Counts over a process and its children.
 *
 *   FAULT_STATE   a file of 16 bytes or more, shared: the number of calls so far, and whether one failed
 *   FAULT_OP      kinds, with commas: write read fsync close rename mkdir create open unlink truncate fclose fopen alloc; "any": all but alloc
 *   FAULT_AT      which call; 0: none, only count
 *   FAULT_ERRNO   what it fails with; 0: the process is killed (SIGKILL) before the call instead, and FAULT_SIGNAL names another signal
 *   FAULT_ON      "1": every call from FAULT_AT on fails
 *   FAULT_UNDER   only files whose path begins so
 *   FAULT_STACKS  a file that is written: the numbers of those calls, a line each, that come by a way no call came before (the innermost STACK_DEPTH callers)
 *
 * Two libraries are made of it: with FAULT_MEM allocation alone, else files alone. A program with the address sanitizer goes on with the
 * sanitizer's functions behind these. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct fault_state { long calls, fired; } fault_state;

enum { STACK_DEPTH = 16, STACK_SLOTS = 1 << 18 };
static _Atomic unsigned long *ways; /* hashes seen, in memory that parent and children share */
static int ways_fd = -1;

static fault_state *state;
static const char *ops, *under;
static long fail_at;
static int error_number, signal_number = SIGKILL;
static bool from_there_on, ready;

static void start_ways(const char *path);

__attribute__((constructor)) static void start(void)
{
  const char *path = getenv("FAULT_STATE"), *v;
  ops = getenv("FAULT_OP");
  under = getenv("FAULT_UNDER");
  if (!path || !ops) return;
  int fd = open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  void *p = mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (p == MAP_FAILED) return;
  state = p;
  if ((v = getenv("FAULT_AT"))) fail_at = atol(v);
  if ((v = getenv("FAULT_ERRNO"))) error_number = atoi(v);
  if ((v = getenv("FAULT_SIGNAL"))) signal_number = atoi(v);
  from_there_on = (v = getenv("FAULT_ON")) && *v == '1';
  if ((v = getenv("FAULT_STACKS"))) start_ways(v);
  ready = true;
}

static void start_ways(const char *path)
{
  void *unused[1];
  (void)backtrace(unused, 1); /* loads what it needs, which allocates */
  ways_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  void *p = mmap(NULL, STACK_SLOTS * sizeof *ways, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (ways_fd >= 0 && p != MAP_FAILED) ways = p;
}

/* Notes the number of a call that comes by a new way. */
static void note_way(long number)
{
  static __thread bool busy;
  void *callers[STACK_DEPTH + 2];
  unsigned long h = 14695981039346656037UL;
  if (busy) return;
  busy = true;
  int n = backtrace(callers, STACK_DEPTH + 2);
  for (int i = 2; i < n; i++) h = (h ^ (unsigned long)callers[i]) * 1099511628211UL;
  h |= 1;
  for (unsigned long i = 0; i < STACK_SLOTS; i++) {
    unsigned long empty = 0, at = ((h >> 20) + i) % STACK_SLOTS;
    if (atomic_compare_exchange_strong(&ways[at], &empty, h)) {
      char line[32];
      int k = snprintf(line, sizeof line, "%ld\n", number);
      (void)!syscall(SYS_write, ways_fd, line, (size_t)k);
      break;
    }
    if (empty == h) break;
  }
  busy = false;
}

static bool named(const char *op)
{
  if (strcmp(ops, "any") == 0) return true;
  size_t n = strlen(op);
  for (const char *p = ops; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
    if (strncmp(p, op, n) == 0 && (p[n] == ',' || p[n] == '\0')) return true;
  return false;
}

/* Whether this call is the one. */
static bool due(const char *op)
{
  if (!ready || !named(op)) return false;
  long n = __atomic_add_fetch(&state->calls, 1, __ATOMIC_SEQ_CST);
  if (ways) note_way(n);
  if (!fail_at || (from_there_on ? n < fail_at : n != fail_at)) return false;
  state->fired = 1;
  if (!error_number) {
    kill(getpid(), signal_number);
    return false;
  }
  errno = error_number;
  return true;
}

#ifdef FAULT_MEM

/* The next allocator: libc's, or the sanitizer's. Looking it up may allocate: that comes from a piece of memory of our own, which is never given back. */
static void *(*next_malloc)(size_t), *(*next_calloc)(size_t, size_t), *(*next_realloc)(void *, size_t);
static void (*next_free)(void *);
static _Alignas(16) char first[1 << 16];
static size_t first_used;
static bool looking;

static void *first_alloc(size_t n)
{
  size_t at = first_used;
  if (n > sizeof first - at - 32) return NULL;
  first_used = (at + n + 15) & ~(size_t)15;
  return first + at;
}

static bool look_up(void)
{
  if (next_free) return true;
  if (looking) return false;
  looking = true;
  *(void **)&next_malloc = dlsym(RTLD_NEXT, "malloc");
  *(void **)&next_calloc = dlsym(RTLD_NEXT, "calloc");
  *(void **)&next_realloc = dlsym(RTLD_NEXT, "realloc");
  *(void **)&next_free = dlsym(RTLD_NEXT, "free");
  looking = false;
  return true;
}

/* A program that puts malloc in front of libc's asks for it by these names. */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
#define BEHIND(name) \
  static __typeof__(name) *real; \
  if (!real && !looking) looking = true, *(void **)&real = dlsym(RTLD_NEXT, #name), looking = false

void *__libc_malloc(size_t n)
{
  BEHIND(__libc_malloc);
  return !real ? first_alloc(n) : due("alloc") ? NULL : real(n);
}

void *__libc_calloc(size_t n, size_t size)
{
  BEHIND(__libc_calloc);
  return !real ? first_alloc(n * size) : due("alloc") ? NULL : real(n, size);
}

void *__libc_realloc(void *p, size_t n)
{
  BEHIND(__libc_realloc);
  return !real ? NULL : due("alloc") ? NULL : real(p, n);
}

void *malloc(size_t n) { return !look_up() ? first_alloc(n) : due("alloc") ? NULL : next_malloc(n); }
void *calloc(size_t n, size_t size) { return !look_up() ? first_alloc(n * size) : due("alloc") ? NULL : next_calloc(n, size); }
void *realloc(void *p, size_t n) { return !look_up() ? NULL : due("alloc") ? NULL : next_realloc(p, n); }

void free(void *p)
{
  if ((char *)p >= first && (char *)p < first + sizeof first) return;
  if (look_up()) next_free(p);
}

#else

static bool path_due(const char *op, const char *path)
{
  if (!ready || !named(op)) return false;
  if (under && strncmp(path, under, strlen(under)) != 0) return false; /* the tests name files by absolute paths */
  return due(op);
}

static bool fd_due(const char *op, int fd)
{
  char link[64], path[PATH_MAX];
  struct stat st;
  if (!ready || !named(op)) return false;
  if (fd <= 2 || fstat(fd, &st) != 0 || S_ISSOCK(st.st_mode) || S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode)) return false; /* messages, pipes between processes */
  if (under) {
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0) return false;
    path[n] = '\0';
    if (strncmp(path, under, strlen(under)) != 0) return false;
  }
  return due(op);
}

#define NEXT(name) \
  static __typeof__(name) *real_##name; \
  if (!real_##name) *(void **)&real_##name = dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *p, size_t n)
{
  NEXT(write);
  return fd_due("write", fd) ? -1 : real_write(fd, p, n);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
  NEXT(pwrite);
  return fd_due("write", fd) ? -1 : real_pwrite(fd, p, n, at);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
  NEXT(pwrite64);
  return fd_due("write", fd) ? -1 : real_pwrite64(fd, p, n, at);
}

ssize_t read(int fd, void *p, size_t n)
{
  NEXT(read);
  return fd_due("read", fd) ? -1 : real_read(fd, p, n);
}

ssize_t pread(int fd, void *p, size_t n, off_t at)
{
  NEXT(pread);
  return fd_due("read", fd) ? -1 : real_pread(fd, p, n, at);
}

ssize_t pread64(int fd, void *p, size_t n, off64_t at)
{
  NEXT(pread64);
  return fd_due("read", fd) ? -1 : real_pread64(fd, p, n, at);
}

int fsync(int fd)
{
  NEXT(fsync);
  return fd_due("fsync", fd) ? -1 : real_fsync(fd);
}

int fdatasync(int fd)
{
  NEXT(fdatasync);
  return fd_due("fsync", fd) ? -1 : real_fdatasync(fd);
}

int close(int fd)
{
  NEXT(close);
  bool fail = fd_due("close", fd);
  int result = real_close(fd); /* as the kernel does it: the descriptor is gone either way */
  if (!fail) return result;
  errno = error_number;
  return -1;
}

int ftruncate64(int fd, off64_t n)
{
  NEXT(ftruncate64);
  return fd_due("truncate", fd) ? -1 : real_ftruncate64(fd, n);
}

int rename(const char *from, const char *to)
{
  NEXT(rename);
  return path_due("rename", to) ? -1 : real_rename(from, to);
}

int mkdir(const char *path, mode_t mode)
{
  NEXT(mkdir);
  return path_due("mkdir", path) ? -1 : real_mkdir(path, mode);
}

int unlink(const char *path)
{
  NEXT(unlink);
  return path_due("unlink", path) ? -1 : real_unlink(path);
}

static mode_t mode_of(int flags, va_list args) { return flags & (O_CREAT | __O_TMPFILE) ? va_arg(args, mode_t) : 0; }

int open(const char *path, int flags, ...)
{
  NEXT(open);
  va_list args;
  va_start(args, flags);
  mode_t mode = mode_of(flags, args);
  va_end(args);
  return path_due(flags & O_CREAT ? "create" : "open", path) ? -1 : real_open(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
  NEXT(open64);
  va_list args;
  va_start(args, flags);
  mode_t mode = mode_of(flags, args);
  va_end(args);
  return path_due(flags & O_CREAT ? "create" : "open", path) ? -1 : real_open64(path, flags, mode);
}

/* A name in a folder that is kept open. */
int openat(int folder, const char *name, int flags, ...)
{
  NEXT(openat);
  va_list args;
  va_start(args, flags);
  mode_t mode = mode_of(flags, args);
  va_end(args);
  return fd_due(flags & O_CREAT ? "create" : "open", folder) ? -1 : real_openat(folder, name, flags, mode);
}

FILE *fopen(const char *path, const char *mode)
{
  NEXT(fopen);
  return path_due("fopen", path) ? NULL : real_fopen(path, mode);
}

FILE *fopen64(const char *path, const char *mode)
{
  NEXT(fopen64);
  return path_due("fopen", path) ? NULL : real_fopen64(path, mode);
}

int fclose(FILE *f)
{
  NEXT(fclose);
  bool fail = fd_due("fclose", fileno(f));
  int result = real_fclose(f);
  if (!fail) return result;
  errno = error_number;
  return EOF;
}

#endif
