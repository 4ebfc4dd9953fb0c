/* pdf, inside: the quick compressor, for what is made anew for every document: contents of pages, objects. One deflate block whose Huffman
 * codes are fixed beforehand, for libdeflate spends two thirds of its time with a page of 4 KB on codes of its own (RFC 1951, RFC 1950).
 *
 * Code lengths come from counting the symbols of all pages and object streams of the samples and a report of the benchmark, each symbol
 * at least once, so that there is a code for every byte. A stream that they do not suit, or a short one, goes to libdeflate.
 *
 * Invariants
 *  1. The same bytes give the same stream, whatever came before.
 *  2. A code has at most 12 bits, so that the two numbers of a match with their extra bits fit into 48. */
#include <libdeflate.h>
#include <string.h>

#include "write/pdf_int.h"

enum {
  LITERALS = 256, END = 256, LENGTH_CODES = 29, SYMBOLS = 286, DISTANCES = 30, LENGTH_LEAST = 4, LENGTH_MOST = 258, DISTANCE_MOST = 32768,
  HASH_BITS = 12, SHORT = 1024, HEAD_BYTES = 160
};

/* Lengths of the codes, 'a' for 1: of literals, end and lengths, then of distances; at last of the code that these are written with. */
typedef struct tuned { const char *symbols, *distances, *lengths; } tuned;
static const tuned kinds[] = {
  [VB_PDF_FLATE_PAGE] = {
    "ljllllllllgllllllllllllllllllllldlllljllgillgfegfeefffffffjjililljhgiiijhiliiihliklifjjlklllillllghfhiifefjhhgeggighfghjiglllllhgl"
    "ililllhjlikjjlkjjilgllihhlhliljlkllliklllllllllllhiilhjiklhjjlhiikliiijkjkillklllllilklklllllllllllllllllllllllllllllllllllllljlde"
    "eefgffghhfhijijklkllllllll",
    "llliiihdgeddddddcdcddeeghlllll", "```ffeddcccdb```c``"},
  [VB_PDF_FLATE_OBJECTS] = {
    "gkllllllllhlllllllllllllllllllildllllllljjllljigeeeeeeeeeellililljjjiljkjilijkkjiliiilllkllhlilllhjiihkjihlliihhjlihhiklkjllllllll"
    "lllllllllllllllllllllllllllllllklllllllllllllllllllllllllllllkllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllcd"
    "ddfhfffegegiihiilkllllllll",
    "jkkehffgefdfedddddcddeeeefeffi", "```edddedccdb```c``"},
  [VB_PDF_FLATE_FONT] = {
    "ddefffggghghhhhhhghggghghhhhihhihgggihhgiiihigiiiihghgggihjiihhhhihjhhhihhhihjiiiiiihihiiihiijhihhiihihihiiiiiihiiiiiiiiiiiiijiiii"
    "jiiiiiiiiiihiiiijiijiiiiiiiiiiiiiiiiiiijhihiiiijijijijijjkijjjiijjjijijjjjiijjiijjiijjjjiiiijijijijjjjiijjhjjiiiijijjjijiihgefllee"
    "fghhihijljjlllllllllllllll",
    "geleieffdfefdddddddddddfehjlll", "````feeccbbfe```c``"},
};

/* What is written for a symbol, first bit lowest: at most 17 bits, extra bits of a match's length and all. */
typedef struct code { uint32_t bits; uint32_t n; } code;

typedef struct coder {
  bool made;
  code literal[LITERALS + 1];        /* by byte; and the end */
  code length[LENGTH_MOST + 1];      /* by length */
  code distance[DISTANCES];
  uint8_t distance_of[512];          /* symbol of a distance - 1, or, from 256 on, of its 256 + (distance - 1) / 128 */
  char head[HEAD_BYTES];             /* of the block */
  size_t head_bits;
} coder;

static coder coders[sizeof kinds / sizeof *kinds]; /* made when first used; processes have one thread */

/* ---- bits --------------------------------------------------------------------------------------------------- */

typedef struct sink { char *p; uint64_t bits; unsigned n; } sink;

static inline void put(sink *s, uint64_t bits, unsigned n)
{
  s->bits |= bits << s->n;
  s->n += n;
}

/* Whole bytes leave; at most 7 bits stay. Writes eight bytes, of which those behind s->p count for nothing. */
static inline void flush(sink *s)
{
  uint64_t le = vb_word_at(&s->bits); /* the same bytes on every machine */
  memcpy(s->p, &le, sizeof le);
  s->p += s->n >> 3;
  s->bits >>= s->n & ~7u;
  s->n &= 7;
}

static uint32_t reversed(uint32_t bits, unsigned n)
{
  uint32_t r = 0;
  for (; n > 0; n--, bits >>= 1) r = r << 1 | (bits & 1);
  return r;
}

/* ---- codes from their lengths ------------------------------------------------------------------------------- */

/* Canonical codes (RFC 1951, 3.2.2) of lengths given as letters. '`': none. */
static void canonical(const char *lengths, size_t n, code *out)
{
  uint32_t next = 0;
  for (char of = 'a'; of <= 'l'; of++, next <<= 1)
    for (size_t i = 0; i < n; i++)
      if (lengths[i] == of) {
        unsigned bits = (unsigned)(of - 'a') + 1;
        out[i] = (code){reversed(next++, bits), bits};
      }
}

/* Lengths of 3 to 258: eight codes without extra bits, then four each with 1 to 5; 258 has the last. */
static void make_lengths(const code *symbol, code *length)
{
  unsigned base = 3;
  for (unsigned k = 0; k < LENGTH_CODES - 1; k++) {
    unsigned extra = k < 8 ? 0 : (k - 4) / 4;
    for (uint32_t x = 0; x < 1u << extra; x++, base++) length[base] = (code){symbol[k].bits | x << symbol[k].n, symbol[k].n + extra};
  }
  length[LENGTH_MOST] = symbol[LENGTH_CODES - 1];
}

static inline unsigned distance_extra(unsigned symbol) { return symbol < 4 ? 0 : symbol / 2 - 1; }

static void make_distances(uint8_t distance_of[512])
{
  unsigned base = 1;
  for (unsigned k = 0; k < DISTANCES; k++) {
    unsigned end = base + (1u << distance_extra(k));
    for (; base < end; base += base <= 256 ? 1 : 128) distance_of[base <= 256 ? base - 1 : 256 + ((base - 1) >> 7)] = (uint8_t)k;
  }
}

/* The head: the last block, with codes of its own, and their lengths, runs of one length as 3 to 6 times the one before. */
static void make_head(const tuned *t, coder *k)
{
  static const uint8_t order[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
  code meta[19] = {{0, 0}};
  char all[SYMBOLS + DISTANCES];
  sink s = {k->head, 0, 0};
  memcpy(all, t->symbols, SYMBOLS);
  memcpy(all + SYMBOLS, t->distances, DISTANCES);
  canonical(t->lengths, 19, meta);
  put(&s, 1 | 2u << 1, 3);
  put(&s, SYMBOLS - 257, 5);
  put(&s, DISTANCES - 1, 5);
  put(&s, 19 - 4, 4);
  for (size_t i = 0; i < 19; i++) {
    put(&s, meta[order[i]].n, 3);
    flush(&s);
  }
  for (size_t i = 0, run; i < sizeof all; i += run) {
    for (run = 1; i + run < sizeof all && all[i + run] == all[i] && run < 7; run++) {}
    size_t again = run > 3 ? run - 1 : 0;
    code first = meta[all[i] - '`'];
    put(&s, first.bits, first.n);
    if (again > 0) {
      put(&s, meta[16].bits, meta[16].n);
      put(&s, again - 3, 2);
    } else {
      run = 1;
    }
    flush(&s);
  }
  k->head_bits = (size_t)(s.p - k->head) * 8 + s.n;
}

static const coder *coder_of(vb_pdf_flate kind)
{
  coder *k = &coders[kind];
  if (k->made) return k;
  code symbol[SYMBOLS];
  canonical(kinds[kind].symbols, SYMBOLS, symbol);
  canonical(kinds[kind].distances, DISTANCES, k->distance);
  memcpy(k->literal, symbol, sizeof k->literal);
  make_lengths(symbol + END + 1, k->length);
  make_distances(k->distance_of);
  make_head(&kinds[kind], k);
  k->made = true;
  return k;
}

/* ---- one stream --------------------------------------------------------------------------------------------- */

/* As one number, the same on every machine; eight bytes can be read there. */
static inline uint32_t four_at(const char *p) { return (uint32_t)vb_word_at(p); }

static inline uint32_t hash_of(uint32_t four) { return four * 2654435761u >> (32 - HASH_BITS); }

/* Bytes that are the same at a and b, `most` at most; eight can be read as long as eight are left. */
static inline size_t same_bytes(const char *a, const char *b, size_t most)
{
  size_t n = LENGTH_LEAST;
  for (; most - n >= 8; n += 8) {
    uint64_t x = vb_word_at(a + n) ^ vb_word_at(b + n);
    if (x != 0) return n + (size_t)__builtin_ctzll(x) / 8;
  }
  while (n < most && a[n] == b[n]) n++;
  return n;
}

static inline void put_match(sink *s, const coder *k, size_t length, size_t distance)
{
  size_t at = distance - 1;
  unsigned symbol = k->distance_of[at < 256 ? at : 256 + (at >> 7)], extra = distance_extra(symbol);
  code l = k->length[length], d = k->distance[symbol];
  put(s, l.bits, l.n);
  put(s, d.bits, d.n);
  put(s, at & ((1u << extra) - 1), extra);
  flush(s);
}

/* Where four bytes stood last, by their hash: streams are numbered on one behind the other, so that what is left of those before is
 * known by its small number, and nothing has to be cleared. */
static uint32_t places[1u << HASH_BITS], places_end = 1;

/* The number of the first of n places. */
static uint32_t new_places(size_t n)
{
  if (n > UINT32_MAX - places_end) {
    memset(places, 0, sizeof places);
    places_end = 1; /* 0: none so far */
  }
  places_end += (uint32_t)n;
  return places_end - (uint32_t)n;
}

/* Each place is looked up once, by its four bytes; of a match its second place and its last are noted. Gives the end. */
static char *squeeze(const coder *k, vb_span in, sink s)
{
  const char *p = in.p;
  const size_t looked = in.n - 8; /* eight bytes can be read before it */
  const uint32_t start = new_places(in.n);
  size_t at = 0;
  while (at < looked) {
    uint32_t four = four_at(p + at), *slot = &places[hash_of(four)], was = *slot;
    size_t before = was - start;
    *slot = start + (uint32_t)at;
    if (was < start || at - before > DISTANCE_MOST || four_at(p + before) != four) {
      code c = k->literal[(unsigned char)p[at++]];
      put(&s, c.bits, c.n);
      if (s.n > 48) flush(&s);
      continue;
    }
    size_t most = in.n - at < LENGTH_MOST ? in.n - at : LENGTH_MOST, n = same_bytes(p + at, p + before, most);
    flush(&s);
    put_match(&s, k, n, at - before);
    if (at + 1 < looked) places[hash_of(four_at(p + at + 1))] = start + (uint32_t)at + 1;
    at += n;
    if (at - 1 < looked) places[hash_of(four_at(p + at - 1))] = start + (uint32_t)at - 1;
  }
  for (; at < in.n; at++) {
    code c = k->literal[(unsigned char)p[at]];
    flush(&s);
    put(&s, c.bits, c.n);
  }
  flush(&s);
  put(&s, k->literal[END].bits, k->literal[END].n);
  flush(&s);
  return s.n > 0 ? s.p + 1 : s.p;
}

void vb_pdf_flate_add(vb_span bytes, vb_pdf_flate kind, vb_buf *out)
{
  size_t start = out->n;
  char *p = bytes.n >= SHORT && bytes.n < UINT32_MAX / 2 ? vb_buf_room(out, bytes.n / 2 * 3 + HEAD_BYTES + 32) : NULL;
  if (p) {
    const coder *k = coder_of(kind);
    *p++ = 0x78; /* zlib: deflate, a window of 32 KB */
    *p++ = 0x01;
    memcpy(p, k->head, HEAD_BYTES);
    p = squeeze(k, bytes, (sink){p + k->head_bits / 8, (unsigned char)k->head[k->head_bits / 8], (unsigned)(k->head_bits % 8)});
    uint32_t sum = libdeflate_adler32(1, bytes.p, bytes.n);
    for (int shift = 24; shift >= 0; shift -= 8) *p++ = (char)(sum >> shift);
    out->n = (size_t)(p - out->p);
    if (out->n - start < bytes.n / 4 * 3) return;
    out->n = start; /* not what the codes were made for */
  }
  vb_pdf_deflate(bytes, VB_PDF_LEVEL_DOCUMENT, out);
}
