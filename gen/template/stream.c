/* stream: tables over VB_TABLE_STREAM_ROWS rows: rows are built when a writer asks for them, in the arena that it gives. For gen/template alone.
 *
 * Invariants
 *  1. A stream owns its statement (the template's own may run for another document meanwhile) and a copy of the variable frame. The
 *     template holds it until vb_template_release; the frame lives in the document.
 *  2. Rows cannot refer to each other: no keys, formulas, references or row spans. Every substitution has one trace for all rows, made with
 *     the table; a row's own place is found by its _row.
 *  3. Widths and the first row are looked at before the rows are written: the first rows are kept, and the query goes on behind them,
 *     for to run it again may mean to sort all of its rows again.
 *  4. A row is proved when it is made: nobody has to build a hundred thousand rows to look at them first.
 */
#include "template/template_int.h"

#include <string.h>

#define VB_STREAM_KEPT 512 /* rows; layout finds widths from 300 */

struct vb_stream {
  struct vb_stream *next;
  vb_template *t; vb_store *s; vb_doc *doc; vb_diag *d;
  vb_build build;           /* unit and period, for val() */
  const vb_op *loop;
  const vb_node *table;
  vb_into into;
  vb_row_stream rows;
  vb_query *q;
  vb_var *vars;
  const vb_op **ops; uint32_t n_ops, first_trace;
  vb_buf buf, run;
  int64_t n, count;
  vb_sql_value *kept;       /* the first rows of the query, up to VB_STREAM_KEPT */
  int64_t n_kept, stepped;  /* stepped: rows that the query itself has given since it was reset */
  int again;                /* the row of the query being read gives several rows: how many were handed out */
};

static vb_status rewind_rows(void *ctx) {
  vb_stream *x = ctx;
  const vb_sql *sql = &x->loop->u.loop->sql;
  vb_status st = x->q ? VB_OK : vb_sql_prepare(x->d, x->s, sql, &x->q);
  if (st != VB_OK) return st;
  x->n = 0;
  x->again = 0;
  if (x->stepped == 0 || x->stepped != x->n_kept) {
    vb_query_reset(x->q);
    for (size_t i = 0; i < sql->n_params; i++) vb_query_bind(x->q, i, x->vars[sql->params[i]].v);
    x->stepped = 0;
  }
  return vb_store_scope(x->s, x->build.unit, x->build.period);
}

static vb_status keep(vb_stream *x, const vb_loop *l) {
  vb_arena *a = x->doc->arena;
  size_t columns = (size_t)l->n_columns;
  if (!x->kept) x->kept = VB_NEW_ARRAY(a, vb_sql_value, VB_STREAM_KEPT * columns);
  vb_sql_value *row = x->kept ? x->kept + (size_t)x->n_kept * columns : NULL;
  for (size_t i = 0; row && i < columns; i++) {
    row[i] = x->vars[(size_t)l->first_slot + i].v;
    if (row[i].type == VB_SQL_TEXT && !(row[i].text.p = vb_arena_str(a, row[i].text.p, row[i].text.n))) return VB_NOMEM;
  }
  x->n_kept++;
  return row ? VB_OK : VB_NOMEM;
}

static vb_status step_query(vb_stream *x, const vb_loop *l) {
  vb_status st = x->q ? vb_query_step(x->d, x->q) : VB_DONE;
  if (st == VB_DONE) {
    vb_query_free(x->q);
    x->q = NULL;
    x->stepped = 0;
  }
  if (st != VB_OK) return st;
  for (int i = 0; i < l->n_columns; i++) x->vars[l->first_slot + i] = (vb_var){.v = vb_query_value(x->q, (size_t)i)};
  return x->stepped++ == x->n_kept && x->n_kept < VB_STREAM_KEPT ? keep(x, l) : VB_OK;
}

/* The next row of the query into the frame. */
static vb_status step(vb_stream *x) {
  const vb_loop *l = x->loop->u.loop;
  vb_status st = VB_OK;
  if (x->n >= x->stepped) st = step_query(x, l);
  else
    for (int i = 0; i < l->n_columns; i++) x->vars[l->first_slot + i] = (vb_var){.v = x->kept[x->n * l->n_columns + i]};
  if (st != VB_OK) return st;
  x->n++;
  const int64_t counters[] = {x->n, x->n == x->count, x->count};
  for (int i = 0; i < 3; i++) x->vars[l->first_slot + l->n_columns + i].v = (vb_sql_value){VB_SQL_INTEGER, counters[i], {NULL, 0}};
  return VB_OK;
}

static vb_status build_rows(vb_stream *x, vb_arena *a, vb_node **first) {
  vb_doc shadow = *x->doc; /* nodes go to the arena given */
  shadow.arena = a;
  shadow.n_nodes = 0;
  vb_builder b = {.d = x->d, .t = x->t, .s = x->s, .b = &x->build, .doc = &shadow, .a = a, .vars = x->vars, .buf = x->buf, .run = x->run,
                  .streaming = true, .stream_ops = x->ops, .n_stream_ops = x->n_ops, .stream_first_trace = x->first_trace};
  vb_node *table = vb_node_add(&shadow, NULL, VB_NODE_TABLE);
  if (!table) return VB_NOMEM;
  vb_into into = x->into;
  into.parent = table;
  vb_status st = vb_build_ops(&b, x->loop->first, into);
  x->buf = b.buf;
  x->run = b.run;
  *first = table->first;
  return st;
}

static vb_status next_row(void *ctx, vb_arena *a, vb_node **row) {
  vb_stream *x = ctx;
  for (;;) {
    vb_node *n = NULL;
    vb_status st = x->again ? VB_OK : step(x);
    if (st == VB_OK) st = build_rows(x, a, &n);
    if (st != VB_OK) return st;
    for (int i = 0; n && i < x->again; i++) n = n->next;
    x->again = n && n->next ? x->again + 1 : 0;
    if (!n) continue; /* conditions left no row */
    n->parent = NULL;
    n->next = NULL;
    *row = n;
    return vb_doc_verify_row(x->d, x->doc, x->table, n);
  }
}

/* ---- making ------------------------------------------------------------------------------------------------- */

static void count_substs(const vb_op *op, const vb_op **out, uint32_t *n) {
  for (; op; op = op->next) {
    if (op->kind == VB_OP_SUBST) {
      if (out) out[*n] = op;
      ++*n;
    }
    count_substs(op->first, out, n);
    if (op->kind == VB_OP_IF) count_substs(op->u.branch->otherwise, out, n);
    if (op->kind == VB_OP_FOR || op->kind == VB_OP_EACH) count_substs(op->u.loop->empty, out, n);
  }
}

static vb_status add_traces(vb_builder *b, vb_stream *x) {
  uint32_t n = 0;
  count_substs(x->loop->first, NULL, &n);
  x->ops = VB_NEW_ARRAY(b->a, const vb_op *, n + 1);
  if (!x->ops) return VB_NOMEM;
  count_substs(x->loop->first, x->ops, &x->n_ops);
  for (uint32_t i = 0; i < x->n_ops; i++) {
    vb_got none = {.known = VB_KNOWN_NOT};
    uint32_t t = vb_trace_add(b, x->ops[i]->u.subst->source, x->ops[i]->at, &none, "");
    if (!t) return VB_NOMEM;
    if (i == 0) x->first_trace = t;
  }
  return VB_OK;
}

static vb_status copy_frame(vb_builder *b, vb_stream *x) {
  size_t n = (size_t)b->t->n_decls;
  x->vars = VB_NEW_ARRAY(b->a, vb_var, n + 1);
  if (!x->vars) return VB_NOMEM;
  for (size_t i = 0; i < n; i++) {
    x->vars[i] = (vb_var){.v = b->vars[i].v};
    vb_span *s = &x->vars[i].v.text;
    if (x->vars[i].v.type != VB_SQL_TEXT) continue;
    s->p = vb_arena_str(b->a, s->p, s->n);
    if (!s->p) return VB_NOMEM;
  }
  return VB_OK;
}

vb_status vb_stream_new(vb_builder *b, const vb_op *table, vb_node *node, vb_into into) {
  vb_stream *x = vb_mem_zalloc(sizeof *x);
  if (!x) return VB_NOMEM;
  x->next = b->t->streams;
  b->t->streams = x;
  x->t = b->t;
  x->s = b->s;
  x->doc = b->doc;
  x->d = b->d;
  x->loop = table->u.table->stream;
  x->table = node;
  x->into = into;
  x->build.unit = b->doc->meta.unit;
  x->build.period = b->doc->meta.period;
  x->rows = (vb_row_stream){rewind_rows, next_row, x};
  vb_buf_init(&x->buf);
  vb_buf_init(&x->run);
  vb_status st = add_traces(b, x);
  if (st == VB_OK) st = copy_frame(b, x);
  if (st == VB_OK && x->loop->u.loop->counted) st = vb_count_rows(b, &x->loop->u.loop->sql, INT64_MAX, &x->count);
  if (st != VB_OK) return st;
  vb_row_stream *held = VB_NEW(b->a, vb_row_stream);
  if (!held) return VB_NOMEM;
  *held = x->rows;
  node->u.table.stream = held;
  node->u.table.proved = true;
  vb_arena *scratch = vb_arena_new(0); /* the first row is built at once: what is wrong with all of them withholds the document */
  vb_node *row = NULL;
  st = scratch ? rewind_rows(x) : VB_NOMEM;
  if (st == VB_OK) st = next_row(x, scratch, &row);
  vb_arena_free(scratch);
  return st == VB_DONE ? VB_OK : st;
}

void vb_stream_free_all(vb_template *t) {
  while (t->streams) {
    vb_stream *x = t->streams;
    t->streams = x->next;
    vb_query_free(x->q);
    vb_buf_free(&x->buf);
    vb_buf_free(&x->run);
    vb_mem_free(x);
  }
}
