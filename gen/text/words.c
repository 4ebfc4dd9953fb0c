/* Amounts in words, as on vouchers: groups of three digits from the left, each with its unit, tỷ repeated above 10^9.
 *
 * linh and không trăm fill the gaps of every group but the leading one: một triệu không trăm linh năm nghìn. A group of zeros is
 * passed over with its unit.
 */
#include "text/text_int.h"

static const char *const digit_words[] = {"không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"};

typedef struct speaker { vb_buf *out; bool started; } speaker;

static void say(speaker *s, const char *word)
{
  if (s->started) vb_buf_char(s->out, ' ');
  vb_buf_str(s->out, word);
  s->started = true;
}

/* A group 1..999. full: something stands before it, so its hundreds are said even when they are none. */
static void say_group(speaker *s, int v, bool full)
{
  int hundreds = v / 100, tens = v / 10 % 10, units = v % 10;
  if (hundreds > 0 || full) {
    say(s, digit_words[hundreds]);
    say(s, "trăm");
  }
  if (tens == 0 && units > 0 && (hundreds > 0 || full)) say(s, "linh");
  if (tens == 1) say(s, "mười");
  if (tens > 1) {
    say(s, digit_words[tens]);
    say(s, "mươi");
  }
  if (units == 0) return;
  if (units == 1 && tens > 1) say(s, "mốt");
  else if (units == 4 && tens > 1) say(s, "tư");
  else if (units == 5 && tens > 0) say(s, "lăm");
  else say(s, digit_words[units]);
}

/* v > 0. full: as in say_group. */
static void say_number(speaker *s, uint64_t v, bool full)
{
  static const char *const names[] = {"", "nghìn", "triệu"};
  const uint64_t ty = UINT64_C(1000000000);
  if (v >= ty) {
    say_number(s, v / ty, full);
    say(s, "tỷ");
    v %= ty;
    full = true;
  }
  for (int i = 2; i >= 0; i--) {
    uint64_t unit = i == 2 ? 1000000 : i == 1 ? 1000 : 1;
    int group = (int)(v / unit % 1000);
    if (group == 0) continue;
    say_group(s, group, full);
    if (i > 0) say(s, names[i]);
    full = true;
  }
}

/* Digits behind the comma: zeros one by one, then up to three digits as a number, more of them one by one. */
static void say_fraction(speaker *s, uint64_t v, int places)
{
  uint64_t unit = 1;
  for (int i = 1; i < places; i++) unit *= 10;
  say(s, "phẩy");
  for (; v < unit; unit /= 10) say(s, digit_words[0]);
  if (v < 1000) {
    say_number(s, v, false);
    return;
  }
  for (; unit > 0; unit /= 10) say(s, digit_words[v / unit % 10]);
}

void vb_number_words(vb_dec v, vb_buf *out)
{
  speaker s = {out, false};
  uint64_t all = v.n < 0 ? UINT64_C(0) - (uint64_t)v.n : (uint64_t)v.n, unit = 1;
  int places = v.places;
  for (int i = 0; i < places; i++) unit *= 10;
  uint64_t integer = all / unit, fraction = all % unit;
  if (v.n < 0) say(&s, "âm");
  if (integer == 0) say(&s, digit_words[0]);
  else say_number(&s, integer, false);
  if (fraction != 0) say_fraction(&s, fraction, places);
}
