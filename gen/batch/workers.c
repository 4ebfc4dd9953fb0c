/* workers.c: forks workers, hands them tasks one at a time, collects what they send, and replaces those that die. */
#define _GNU_SOURCE /* sched_getaffinity */
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "batch/result.h"
#include "batch/workers.h"

enum { WORKERS_MAX = 256, BARREN_MAX = 3 }; /* workers in a row that died before their first document: the next would as well */
enum { READ_BYTES = 64 << 10, POLL_MS = 200 };

typedef struct worker { pid_t pid; int fd; bool busy; uint32_t task; vb_buf in; } worker;

typedef struct pool {
  const vb_work *w;
  worker list[WORKERS_MAX]; int n;
  size_t next, finished;    /* of the queue */
  int barren;
  vb_status s;
  vb_progress progress;
} pool;

int vb_workers_online(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0) return CPU_COUNT(&set);
  long n = sysconf(_SC_NPROCESSORS_ONLN);
  return n > 0 && n < WORKERS_MAX ? (int)n : 1;
}

/* ---- in the worker ------------------------------------------------------------------------------------------ */

static bool send_all(int fd, const vb_buf *b) {
  for (size_t at = 0; at < b->n;) {
    ssize_t put = write(fd, b->p + at, b->n - at);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    at += (size_t)put;
  }
  return true;
}

/* The next task; false: there is none, or no parent any more. */
static bool receive(int fd, uint32_t *task) {
  char *p = (char *)task;
  for (size_t at = 0; at < sizeof *task;) {
    ssize_t got = read(fd, p + at, sizeof *task - at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += (size_t)got;
  }
  return true;
}

/* Ends by exit, so that what watches the program (sanitizers, coverage) sees the worker's end too. */
static _Noreturn void serve(const vb_work *w, int fd) {
  vb_buf out;
  uint32_t task;
  vb_buf_init(&out);
  vb_status s = w->enter(w->ctx, &out);
  if (s != VB_OK) (void)send_all(fd, &out);
  while (s < VB_SYSTEM && receive(fd, &task)) {
    vb_buf_clear(&out);
    s = w->make(w->ctx, task, &out);
    if (out.failed || !send_all(fd, &out)) break;
  }
  w->leave(w->ctx);
  vb_buf_free(&out);
  exit(EXIT_SUCCESS);
}

/* ---- in the parent ------------------------------------------------------------------------------------------ */

static void fail(pool *p, vb_status s) { p->s = vb_worse(p->s, s); }

static bool more(const pool *p) { return p->s < VB_SYSTEM && p->next < p->w->n; }

static void drop(pool *p, worker *k) {
  vb_buf_free(&k->in);
  close(k->fd);
  *k = p->list[--p->n];
}

/* In a new worker: the pool is its parent's. A sibling must see its parent's end of the line, not this one's. */
static _Noreturn void begin(pool *p, int fd) {
  const vb_work *w = p->w;
  while (p->n > 0) drop(p, p->list);
  vb_mem_free(p);
  serve(w, fd);
}

/* As fork, of a child that dies with this process. */
static pid_t fork_below(void) {
  pid_t parent = getpid();
  fflush(NULL); /* or the child's exit would say it again */
  pid_t pid = fork();
  if (pid != 0) return pid;
  (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(EXIT_FAILURE); /* it died before that was set */
  (void)signal(SIGPIPE, SIG_IGN);
  return 0;
}

static bool start(pool *p) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return false;
  pid_t pid = fork_below();
  if (pid == 0) {
    close(ends[0]);
    begin(p, ends[1]);
  }
  close(ends[1]);
  if (pid < 0) {
    close(ends[0]);
    return false;
  }
  worker *k = &p->list[p->n++];
  *k = (worker){.pid = pid, .fd = ends[0]};
  vb_buf_init(&k->in);
  return true;
}

static const char *how_it_ended(pid_t pid, char *out, size_t cap) {
  int status = 0;
  pid_t got;
  while ((got = waitpid(pid, &status, 0)) < 0 && errno == EINTR) continue;
  if (got == pid && WIFSIGNALED(status)) snprintf(out, cap, "signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
  else snprintf(out, cap, "exit %d", got == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1);
  return out;
}

/* A worker's end of the line is closed, or what comes over it makes no sense. */
static void bury(pool *p, worker *k) {
  char how[96];
  (void)kill(k->pid, SIGKILL); /* ours, and not yet waited for */
  how_it_ended(k->pid, how, sizeof how);
  if (k->busy) {
    p->finished++;
    fail(p, p->w->lost(p->w->ctx, k->task, how));
  } else if (p->s < VB_SYSTEM && ++p->barren >= BARREN_MAX) {
    fail(p, VB_POST(p->w->diag, VB_MSG_WORKER_BARREN, VB_NOWHERE, how));
  }
  drop(p, k);
}

static void give(pool *p, worker *k) {
  if (k->busy || !more(p)) return;
  k->task = p->w->queue[p->next++];
  k->busy = true;
  fail(p, p->w->begun(p->w->ctx, k->task));
  ssize_t put;
  while ((put = send(k->fd, &k->task, sizeof k->task, MSG_NOSIGNAL)) < 0 && errno == EINTR) continue;
  if (put == (ssize_t)sizeof k->task) return;
  p->next--; /* it died before it could begin: another makes it */
  k->busy = false;
}

/* Frames that have come whole. False: it is no frame. */
static bool take(pool *p, worker *k) {
  size_t at = 0;
  vb_span payload;
  vb_status s;
  while ((s = vb_frame_find((vb_span){k->in.p + at, k->in.n - at}, &payload)) == VB_OK) {
    p->barren = 0;
    if (k->busy) p->finished++;
    k->busy = false;
    fail(p, p->w->done(p->w->ctx, payload));
    at += VB_FRAME_HEAD + payload.n;
  }
  if (at > 0) memmove(k->in.p, k->in.p + at, k->in.n - at);
  k->in.n -= at;
  return s == VB_DONE;
}

static bool hear(pool *p, worker *k) {
  if (!vb_buf_reserve(&k->in, READ_BYTES)) {
    fail(p, VB_NOMEM);
    return false;
  }
  ssize_t got = recv(k->fd, k->in.p + k->in.n, READ_BYTES, MSG_DONTWAIT);
  if (got < 0) return errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK;
  if (got == 0) return false;
  k->in.n += (size_t)got;
  return take(p, k);
}

/* Waits for a word of any worker, and takes it. */
static void listen_once(pool *p) {
  struct pollfd fds[WORKERS_MAX];
  pid_t pids[WORKERS_MAX];
  int n = p->n;
  for (int i = 0; i < n; i++) {
    fds[i] = (struct pollfd){p->list[i].fd, POLLIN, 0};
    pids[i] = p->list[i].pid;
  }
  if (poll(fds, (nfds_t)n, p->progress.on ? POLL_MS : -1) < 0 && errno != EINTR) {
    fail(p, VB_POST(p->w->diag, VB_MSG_WORKER_START, VB_NOWHERE, strerror(errno)));
    return;
  }
  for (int i = 0; i < n; i++) {
    if (fds[i].revents == 0) continue;
    for (int k = 0; k < p->n; k++) {
      if (p->list[k].pid != pids[i]) continue;
      if (!hear(p, &p->list[k])) bury(p, &p->list[k]);
      break;
    }
  }
  vb_progress_step(&p->progress, p->finished);
}

static int busy(const pool *p) {
  int n = 0;
  for (int i = 0; i < p->n; i++) n += p->list[i].busy;
  return n;
}

/* As many workers as there is work for, each with a task. */
static void staff(pool *p, int most) {
  while (p->n < most && more(p) && (size_t)(p->n - busy(p)) < p->w->n - p->next) {
    if (start(p)) continue;
    if (p->n == 0) fail(p, VB_POST(p->w->diag, VB_MSG_WORKER_START, VB_NOWHERE, strerror(errno)));
    break;
  }
  for (int i = 0; i < p->n; i++) give(p, &p->list[i]);
}

/* They end when their line is closed; then nobody writes any more. */
static void dismiss(pool *p) {
  char how[96];
  while (p->n > 0) {
    worker *k = &p->list[p->n - 1];
    (void)shutdown(k->fd, SHUT_WR);
    how_it_ended(k->pid, how, sizeof how); /* all that it made has been heard: how it ends changes nothing */
    drop(p, k);
  }
}

vb_status vb_workers_run(const vb_work *w) {
  if (w->n == 0) return VB_OK;
  pool *p = vb_mem_zalloc(sizeof *p);
  if (p == NULL) return VB_NOMEM;
  int most = w->workers > 0 ? w->workers : vb_workers_online();
  if (most > WORKERS_MAX) most = WORKERS_MAX;
  *p = (pool){.w = w, .progress = {.on = w->progress, .lang = w->lang}};
  vb_progress_start(&p->progress, w->n);
  do {
    staff(p, most);
    if (busy(p) == 0 && !(more(p) && p->n > 0)) break;
    listen_once(p);
  } while (true);
  dismiss(p);
  vb_progress_end(&p->progress);
  vb_status s = p->s;
  vb_mem_free(p);
  return s;
}

/* ---- beside this process ------------------------------------------------------------------------------------ */

int vb_aside_begin(bool (*work)(void *ctx), void *ctx) {
  pid_t pid = fork_below();
  if (pid == 0) exit(work(ctx) ? EXIT_SUCCESS : EXIT_FAILURE);
  return pid > 0 ? pid : 0;
}

bool vb_aside_end(int pid, bool stop) {
  int status = 0;
  pid_t got;
  if (stop) (void)kill(pid, SIGKILL); /* ours, and not yet waited for */
  while ((got = waitpid(pid, &status, 0)) < 0 && errno == EINTR) continue;
  return got == pid && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}
