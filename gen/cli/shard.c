/* shard.c: --shard K/N, or what a batch system says in the environment of one of its tasks.
 *
 *   Slurm array        SLURM_ARRAY_TASK_ID, SLURM_ARRAY_TASK_MIN (1 where it is not set), SLURM_ARRAY_TASK_STEP (1), SLURM_ARRAY_TASK_COUNT
 *   Kubernetes         JOB_COMPLETION_INDEX, which it sets in the pods of an Indexed Job and counts from 0; how many there are it does not
 *                      say, so that the job's YAML sets VANBAN_SHARDS to the number of its completions */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

enum { SHARDS_MAX = 100000 };

static bool number(const char *s, size_t n, long *out) {
  if (s == NULL || n == 0 || n > 9 || strspn(s, "0123456789") < n) return false;
  *out = 0;
  for (size_t i = 0; i < n; i++) *out = *out * 10 + (s[i] - '0');
  return true;
}

/* A variable that is not set has its usual value; -1: it must be set. */
static bool variable(const char *name, long usual, long *out) {
  const char *v = getenv(name);
  *out = usual;
  return v == NULL ? usual >= 0 : number(v, strlen(v), out);
}

static bool from_slurm(long *k, long *n) {
  long id, least, step;
  if (!variable("SLURM_ARRAY_TASK_ID", -1, &id) || !variable("SLURM_ARRAY_TASK_MIN", 1, &least) || !variable("SLURM_ARRAY_TASK_STEP", 1, &step)) return false;
  if (!variable("SLURM_ARRAY_TASK_COUNT", -1, n) || step < 1 || id < least || (id - least) % step != 0) return false;
  *k = (id - least) / step + 1;
  return true;
}

static bool from_kubernetes(long *k, long *n) {
  long index;
  if (!variable("JOB_COMPLETION_INDEX", -1, &index) || !variable("VANBAN_SHARDS", -1, n)) return false;
  *k = index + 1;
  return true;
}

bool vb_cli_shard(const char *arg, int *shard, int *shards) {
  long k = 0, n = 0;
  const char *slash = strchr(arg, '/');
  bool good;
  if (strcmp(arg, "auto") == 0) good = getenv("SLURM_ARRAY_TASK_ID") != NULL ? from_slurm(&k, &n) : from_kubernetes(&k, &n);
  else good = slash != NULL && number(arg, (size_t)(slash - arg), &k) && number(slash + 1, strlen(slash + 1), &n);
  if (!good || k < 1 || n < 1 || k > n || n > SHARDS_MAX) return false;
  *shard = (int)k;
  *shards = (int)n;
  return true;
}
