/* Loops of <sys/queue.h>, as libxlsxwriter has them: cppcheck reads no header of a library, and does not guess that these are loops. For tests/lint/run.sh. */
#define STAILQ_FOREACH(v, head, field) for ((v) = (head)->stqh_first; (v); (v) = (v)->field.stqe_next)
#define TAILQ_FOREACH(v, head, field) for ((v) = (head)->tqh_first; (v); (v) = (v)->field.tqe_next)
#define TAILQ_FOREACH_REVERSE(v, head, name, field) for ((v) = (head)->tqh_last; (v); (v) = (v)->field.tqe_prev)
