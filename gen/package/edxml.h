/* edxml.h: the package for the national document axis (QCVN 102:2016, regulations.md part 4): facts → .edxml, and back.
 * Included by package.h; use that.
 *
 * Invariants
 *  1. What vb_edxml_write hands out was checked against the limits of regulations.md 4.5, and against templates/schemas/edxml.rng.
 *  2. No clock: all dates and times are the caller's.
 *  3. A package read back gives the same facts, and the same bytes of every attachment.
 */
#ifndef VB_PACKAGE_EDXML_H
#define VB_PACKAGE_EDXML_H

#include "base/base.h"

struct vb_xml_schema;

/* All texts: NULL and "" mean the same, an empty element. They are borrowed. */
typedef struct vb_edxml_organ { const char *id, *in_charge, *name, *address, *email, *telephone, *fax, *website; } vb_edxml_organ;

/* BussinessDocType; the values are those of the format. */
typedef enum vb_edxml_business { VB_EDXML_NEW = 0, VB_EDXML_REVOKE = 1, VB_EDXML_UPDATE = 2, VB_EDXML_REPLACE = 3 } vb_edxml_business;

typedef struct vb_edxml_reply { const char *organ_id, *code; vb_date date; const char *document_id; } vb_edxml_reply;
/* A document that this one replaces, and who had it. */
typedef struct vb_edxml_replaced { const char *document_id; const char *const *organ_ids; size_t n_organ_ids; } vb_edxml_replaced;
typedef struct vb_edxml_receiver { const char *organ_id; bool added; /* false: taken off the list */ } vb_edxml_receiver;
typedef struct vb_edxml_step { const char *organ_id; vb_moment at; } vb_edxml_step; /* one TraceHeader; printed as local time */
typedef struct vb_edxml_staff { const char *department, *name, *email, *mobile; } vb_edxml_staff;
/* A .xlsx travels zipped as application/zip under its own name, as the axis kit does it; a .pdf, .zip and others as they are. */
typedef struct vb_edxml_file { const char *name, *description; vb_span bytes; } vb_edxml_file;

typedef struct vb_edxml {
  vb_edxml_organ from;
  const vb_edxml_organ *to; size_t n_to;          /* at least one, each with its identifier, none twice */
  const char *document_id;                        /* NULL: made of the sender's identifier, date, number and notation */
  const char *number, *notation, *place;          /* "232", "BC-UBND", "Quảng Thọ" */
  vb_date date;
  int type, type_detail; const char *type_name;   /* type 0: 2 (administrative document) */
  const char *subject, *content;
  const char *competence, *position, *signer;     /* "TM.", "Chủ tịch", name */
  vb_date due;
  int priority;                                   /* 0 ordinary … 3 at once, 4 at a set hour */
  const char *sphere, *typer;                     /* typer: mark of the drafter, zone 12 */
  int copies, pages;
  bool direction;
  const char *const *appendixes; size_t n_appendixes;
  const vb_edxml_reply *replies; size_t n_replies;
  int steering;                                   /* 0: 1 (no instruction) */
  const char *const *places; size_t n_places;     /* Nơi nhận that have no identifier */
  const vb_edxml_step *steps; size_t n_steps;     /* at least one: the sender and when it hands over */
  vb_edxml_business business;
  const char *referenced, *reason;                /* DocumentId of the document recalled or updated; reason NULL for a new one: the usual words */
  bool paper;                                     /* a paper copy follows */
  bool info_changed, receivers_changed;           /* update: what changed */
  const vb_edxml_receiver *receivers; size_t n_receivers;
  const vb_edxml_replaced *replaced; size_t n_replaced;
  vb_edxml_staff staff;
  const vb_edxml_file *files; size_t n_files;     /* at least one, names differ */
} vb_edxml;

/* Mã định danh, both forms (QĐ 28/2018: at most 13 characters and 4 groups, level-1 code last; QĐ 20/2020: at most 35 characters,
 * level-1 code first). Posts what is wrong with it, as a fault of `field`. */
vb_status vb_edxml_check_organ_id(vb_diag *d, vb_place at, const char *field, const char *id);
/* "<identifier>,<yyyy/MM/dd>,<number>/<notation>" in a; NULL when out of memory. */
const char *vb_edxml_document_id(vb_arena *a, const vb_edxml *e);
/* Fills in what e leaves to defaults, checks, writes, and validates what was written (schema NULL: that last step is left out; its
 * file is templates/schemas/edxml.rng). today: the date that the promulgation may not lie behind; year 0: not compared. file names
 * the package in messages. Every fault is posted: VB_BAD. */
typedef struct vb_edxml_rules { const char *file; vb_date today; const struct vb_xml_schema *schema; } vb_edxml_rules;
vb_status vb_edxml_write(vb_diag *d, const vb_edxml *e, const vb_edxml_rules *r, vb_buf *out);
/* Reads a package, ours or another's, into a. Tolerates any order and unknown elements; checks no lengths. What is no package: VB_BAD. */
vb_status vb_edxml_read(vb_diag *d, vb_arena *a, const char *file, vb_span bytes, vb_edxml **out);

#endif
