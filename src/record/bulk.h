/* bulk.h - the same change to many records at once: all of them or none, with a preview.  Each
 * record asks for permission, the rules of its life, its own check, and writes its trail, as if it
 * were changed alone.  One thread. */
#pragma once
#include "record/record.h"

enum { TK_BULK_MAX = 2000, TK_BULK_LIST = 100 };

struct tk_bulk_change { int64_t id; const char *label, *field, *field_label, *from, *to; };
struct tk_bulk_error { int64_t id; const char *label, *field, *detail; };
struct tk_bulk {
	int64_t total, changed, nerror; /* records asked for, that differ, that were refused */
	struct tk_bulk_change change[TK_BULK_LIST];     /* the first ones */
	struct tk_bulk_error  error[TK_BULK_LIST];
	size_t nchange, nerror_kept;
	bool applied;
};
/* The records of a list, in its order; more than TK_BULK_MAX are refused. */
enum tk_rc tk_bulk_ids(const struct tk_op *op, const struct tk_rtype *t, const struct tk_query *q,
		       int64_t **ret, size_t *ret_n) TK_MUST_USE;
/* set: a JSON object of fields and values.  What single records refuse is in ret->error, and
 * nothing is written then (nor on a dry run), in a savepoint of the open transaction or one of its
 * own.  Other codes: no permission, a field that cannot be set at all, the database. */
enum tk_rc tk_rec_bulk(const struct tk_op *op, const struct tk_rtype *t, const int64_t *id,
		       size_t n, const struct cJSON *set, bool dry_run,
		       struct tk_bulk *ret) TK_MUST_USE;
