/* transfer_in.h - an import under way, what transfer_in.c and transfer_head.c share.  Private to
 * src/record. */
#pragma once
#include "record/impl.h"
#include "record/transfer.h"
#include "sheet/sheet.h"

enum { TK_HEADER_ROWS = 20 };

struct heading { const char *heading, *field; };
struct same { uint64_t digest; int64_t id; };   /* id 0: empty */
struct seen { int64_t id; uint32_t row; };      /* which row brought which record */

struct import {
	struct tk_op           op;      /* its mem is emptied after each row, its error is ours */
	struct tk_err          err;
	const struct tk_rtype *t;
	struct tk_sheet       *s;
	struct tk_report      *rep;
	int                    key;     /* the unique field that names a record; -1: none */
	int32_t                col[TK_MAX_FIELDS];      /* column of a field; -1: not in the file */
	const char            *map;     /* columns matched by hand, or NULL */
	struct tk_arena       *keep;    /* for what lives as long as the import */
	struct heading        *known;   /* headings remembered for this type */
	size_t                 nknown, capknown;
	struct seen           *seen;
	size_t                 nseen, capseen;          /* capacity: a power of two */
	struct same           *same;    /* what the records say, by digest; for types without key */
	size_t                 nsame, capsame;
};

static inline bool tk_comes_in(const struct tk_field *f)
{
	return !(f->flags & (TK_SECRET | TK_READONLY));
}
/* Reads what is remembered; then the row of headings is looked for and the sheet stands behind it.
 * Without a row that holds a known heading: TK_EINVAL, unless the columns are matched by hand. */
enum tk_rc tk_import_header(struct import *m, size_t index) TK_MUST_USE;
/* After a real import: headings that were matched by hand are known from now on. */
enum tk_rc tk_import_remember(struct import *m) TK_MUST_USE;
/* Without a unique field: the record that says all that this row says, into was; TK_ENOTFOUND. */
enum tk_rc tk_import_same(struct import *m, const void *rec, void *was) TK_MUST_USE;
/* A record that this file made: the next row may say the same. */
void tk_import_made(struct import *m, const void *rec);
/* The first visible sheet; its name goes into the report. */
size_t tk_import_sheet(struct import *m);
struct tk_import_column {
	uint32_t    col;
	const char *heading, *field, *sample[3];        /* field NULL: not known */
	size_t      nsample;
	bool        remembered;
};
/* The headings of the file and what each would bring. */
enum tk_rc tk_import_columns(struct import *m, size_t index, struct tk_import_column **ret,
			     size_t *ret_n) TK_MUST_USE;
