/* moment.c: points in time: parsed, printed, and the one place of the program that asks the clock. */
#include <time.h>

#include "package/package.h"

/* Two digits up to `most` at the head of *s, taken off. */
static bool two(vb_span *s, int most, uint8_t *out) {
  if (s->n < 2 || s->p[0] < '0' || s->p[0] > '9' || s->p[1] < '0' || s->p[1] > '9') return false;
  int v = (s->p[0] - '0') * 10 + (s->p[1] - '0');
  *s = (vb_span){s->p + 2, s->n - 2};
  *out = (uint8_t)v;
  return v <= most;
}

static bool skip(vb_span *s, char c) {
  if (s->n == 0 || s->p[0] != c) return false;
  *s = (vb_span){s->p + 1, s->n - 1};
  return true;
}

static bool zone(vb_span s, int16_t *offset) {
  *offset = VB_MOMENT_VIETNAM;
  if (s.n == 0) return true;
  if (s.n == 1 && s.p[0] == 'Z') {
    *offset = 0;
    return true;
  }
  int sign = s.p[0] == '-' ? -1 : 1;
  uint8_t h = 0, m = 0;
  if (!skip(&s, '+') && !skip(&s, '-')) return false;
  if (!two(&s, 14, &h)) return false;
  skip(&s, ':');
  if (!two(&s, 59, &m) || s.n != 0) return false;
  *offset = (int16_t)(sign * (h * 60 + m));
  return true;
}

bool vb_moment_parse(vb_span s, vb_moment *out) {
  vb_moment m = {.offset = VB_MOMENT_VIETNAM};
  if (s.n < 10 || !vb_date_parse_iso((vb_span){s.p, 10}, &m.date)) return false;
  s = (vb_span){s.p + 10, s.n - 10};
  if (s.n > 0) {
    if (!skip(&s, 'T') && !skip(&s, ' ')) return false;
    if (!two(&s, 23, &m.hour) || !skip(&s, ':') || !two(&s, 59, &m.minute) || !skip(&s, ':') || !two(&s, 59, &m.second)) return false;
    if (!zone(s, &m.offset)) return false;
  }
  *out = m;
  return true;
}

static vb_moment moment_of(int64_t unix_time, int16_t offset) {
  int64_t t = unix_time + INT64_C(60) * offset, s = t % 86400;
  if (s < 0) s += 86400;
  vb_moment m = {.date = vb_date_from_days((int32_t)((t - s) / 86400)), .offset = offset};
  m.hour = (uint8_t)(s / 3600);
  m.minute = (uint8_t)(s / 60 % 60);
  m.second = (uint8_t)(s % 60);
  return m;
}

bool vb_moment_now(vb_moment *out) {
  time_t now = time(NULL);
  if (now == (time_t)-1) return false;
  *out = moment_of((int64_t)now, VB_MOMENT_VIETNAM);
  return true;
}

vb_moment vb_moment_shown(const vb_moment *m, int16_t offset) { return moment_of(vb_moment_unix(m), offset); }

void vb_moment_print(const vb_moment *m, vb_buf *out) {
  char date[11];
  vb_date_print_iso(m->date, date);
  int off = m->offset < 0 ? -m->offset : m->offset;
  vb_buf_printf(out, "%sT%02d:%02d:%02d%c%02d:%02d", date, m->hour, m->minute, m->second, m->offset < 0 ? '-' : '+', off / 60, off % 60);
}

int64_t vb_moment_unix(const vb_moment *m) {
  return (int64_t)vb_date_days(m->date) * 86400 + INT64_C(3600) * m->hour + INT64_C(60) * (m->minute - m->offset) + m->second;
}
