/* pdfout.c: incremental updates of PDF files: new and changed objects behind the old bytes, with cross references of the same kind as
 * the file has. Private to package. */
#include <stdio.h>
#include <string.h>

#include "package/sign_int.h"
#include "text/text.h"

void vb_pdfout_begin(vb_pdfout *o, vb_pdfin *in, vb_buf *out) {
  const vb_pdfv *size = vb_pdfv_lookup(in->trailer, "Size");
  *o = (vb_pdfout){.in = in, .out = out, .start = out->n, .next = in->n_entries};
  if (size->kind == VB_PDFV_INT && size->n > o->next && size->n < VB_PDF_NUMBER_MAX) o->next = size->n;
  vb_buf_init(&o->entries);
  vb_buf_span(out, in->bytes);
  if (in->bytes.p[in->bytes.n - 1] != '\n') vb_buf_char(out, '\n');
}

int64_t vb_pdfout_number(vb_pdfout *o) { return o->next++; }

void vb_pdfout_open(vb_pdfout *o, int64_t number) {
  bool old = number < o->in->n_entries && o->in->entries[number].type == VB_PDFIN_PLAIN;
  vb_pdfout_entry e = {number, o->out->n - o->start, old ? o->in->entries[number].gen : 0};
  vb_buf_add(&o->entries, &e, sizeof e);
  vb_buf_printf(o->out, "%lld %u obj\n", (long long)number, (unsigned)e.gen);
}

void vb_pdfout_close(vb_pdfout *o) { vb_buf_str(o->out, "\nendobj\n"); }

void vb_pdfout_stream(vb_pdfout *o, int64_t number, vb_span dict, vb_span bytes) {
  vb_pdfout_open(o, number);
  vb_buf_str(o->out, "<<");
  vb_buf_span(o->out, dict);
  vb_buf_printf(o->out, "/Length %zu>>\nstream\r\n", bytes.n);
  vb_buf_span(o->out, bytes);
  vb_buf_str(o->out, "\nendstream");
  vb_pdfout_close(o);
}

void vb_pdfout_ref(vb_pdfout *o, const char *key, int64_t number) { vb_buf_printf(o->out, "/%s %lld 0 R", key, (long long)number); }

void vb_pdfout_text(vb_buf *out, const char *s) {
  const char *p = s, *end = s + strlen(s);
  vb_buf_str(out, "<FEFF");
  while (p < end) {
    uint32_t c = vb_utf8_next(&p, end);
    if (c >= 0x10000) {
      vb_buf_printf(out, "%04X", (unsigned)(0xD800 + ((c - 0x10000) >> 10)));
      c = 0xDC00 + ((c - 0x10000) & 0x3FF);
    }
    vb_buf_printf(out, "%04X", (unsigned)c);
  }
  vb_buf_char(out, '>');
}

void vb_pdfout_mpt(vb_buf *out, int64_t v) {
  char text[32];
  vb_dec_print((vb_dec){v, 3}, text, sizeof text);
  char *end = text + strlen(text);
  while (end[-1] == '0') *--end = '\0';
  if (end[-1] == '.') *--end = '\0';
  vb_buf_str(out, text);
  vb_buf_char(out, ' ');
}

static void put_name(vb_buf *out, vb_span name) {
  vb_buf_char(out, '/');
  for (size_t i = 0; i < name.n; i++) {
    unsigned char c = (unsigned char)name.p[i];
    if (c <= ' ' || c >= 0x7F || strchr("()<>[]{}/%#", c) != NULL) vb_buf_printf(out, "#%02X", c);
    else vb_buf_char(out, (char)c);
  }
}

void vb_pdfout_rest(vb_pdfout *o, const vb_pdfv *dict, const char *const *but) {
  for (const vb_pdfv *e = dict->first; e != NULL; e = e->next) {
    bool left_out = false;
    for (const char *const *k = but; *k != NULL && !left_out; k++) left_out = vb_span_is(e->key, *k);
    if (left_out) continue;
    put_name(o->out, e->key);
    vb_buf_char(o->out, ' ');
    vb_buf_span(o->out, e->raw);
  }
}

/* ---- cross references --------------------------------------------------------------------------------------- */

static const vb_pdfout_entry *entry_of(const vb_pdfout *o, size_t i) { return (const vb_pdfout_entry *)(const void *)o->entries.p + i; }

/* By number; few enough for the simplest way. */
static void sort_entries(vb_pdfout *o) {
  vb_pdfout_entry *e = (vb_pdfout_entry *)(void *)o->entries.p;
  size_t n = o->entries.n / sizeof *e;
  for (size_t i = 1; i < n; i++)
    for (size_t k = i; k > 0 && e[k].number < e[k - 1].number; k--) {
      vb_pdfout_entry t = e[k];
      e[k] = e[k - 1];
      e[k - 1] = t;
    }
}

static void put_trailer(vb_pdfout *o, const char *id) {
  const vb_pdfv *t = o->in->trailer, *first = vb_pdfin_at(o->in, t, "ID")->first;
  const vb_pdfv *root = vb_pdfv_lookup(t, "Root"), *info = vb_pdfv_lookup(t, "Info");
  vb_buf_printf(o->out, "/Size %lld/Root ", (long long)o->next);
  vb_buf_span(o->out, root->raw);
  if (info->kind != VB_PDFV_NULL) {
    vb_buf_str(o->out, "/Info ");
    vb_buf_span(o->out, info->raw);
  }
  vb_buf_str(o->out, "/ID[<");
  if (first != NULL && first->kind == VB_PDFV_STRING)
    for (size_t i = 0; i < first->text.n; i++) vb_buf_printf(o->out, "%02X", (unsigned)(unsigned char)first->text.p[i]);
  else vb_buf_str(o->out, id);
  vb_buf_printf(o->out, "><%s>]/Prev %llu", id, (unsigned long long)o->in->startxref);
}

static void put_table(vb_pdfout *o, const char *id) {
  size_t n = o->entries.n / sizeof(vb_pdfout_entry);
  vb_buf_str(o->out, "xref\n0 1\n0000000000 65535 f\r\n");
  for (size_t i = 0; i < n;) {
    size_t run = 1;
    while (i + run < n && entry_of(o, i + run)->number == entry_of(o, i)->number + (int64_t)run) run++;
    vb_buf_printf(o->out, "%lld %zu\n", (long long)entry_of(o, i)->number, run);
    for (size_t k = i; k < i + run; k++)
      vb_buf_printf(o->out, "%010llu %05u n\r\n", (unsigned long long)entry_of(o, k)->at, (unsigned)entry_of(o, k)->gen);
    i += run;
  }
  vb_buf_str(o->out, "trailer\n<<");
  put_trailer(o, id);
  vb_buf_str(o->out, ">>\n");
}

static void put_stream(vb_pdfout *o, const char *id) {
  size_t n = o->entries.n / sizeof(vb_pdfout_entry);
  vb_buf_str(o->out, "<</Type/XRef/W[1 4 2]/Index[");
  for (size_t i = 0; i < n; i++) vb_buf_printf(o->out, "%lld 1 ", (long long)entry_of(o, i)->number);
  vb_buf_char(o->out, ']');
  put_trailer(o, id);
  vb_buf_printf(o->out, "/Length %zu>>\nstream\r\n", n * 7);
  for (size_t i = 0; i < n; i++) {
    const vb_pdfout_entry *e = entry_of(o, i);
    const unsigned char row[7] = {1, (unsigned char)(e->at >> 24 & 255), (unsigned char)(e->at >> 16 & 255), (unsigned char)(e->at >> 8 & 255),
                                  (unsigned char)(e->at & 255), (unsigned char)(e->gen >> 8 & 255), (unsigned char)(e->gen & 255)};
    vb_buf_add(o->out, row, sizeof row);
  }
  vb_buf_str(o->out, "\nendstream");
}

vb_status vb_pdfout_end(vb_pdfout *o, const char *id) {
  size_t at;
  if (o->in->xref_stream) {
    int64_t number = vb_pdfout_number(o);
    at = o->out->n - o->start;
    vb_pdfout_open(o, number); /* its own entry is in it */
    if (!o->entries.failed) sort_entries(o);
    if (!o->entries.failed) put_stream(o, id);
    vb_pdfout_close(o);
  } else {
    at = o->out->n - o->start;
    if (!o->entries.failed) sort_entries(o);
    if (!o->entries.failed) put_table(o, id);
  }
  vb_buf_printf(o->out, "startxref\n%zu\n%%%%EOF\n", at);
  bool failed = o->entries.failed || o->out->failed;
  vb_buf_free(&o->entries);
  return failed ? VB_NOMEM : o->in->st;
}
