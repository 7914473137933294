/* request.c - what the module brings, and what falls due in it. */
#include "request/request.h"
#include "request/request_in.h"

static const struct tk_rtype *const types[] = { &tk_exception_request, &tk_takeout,
	&tk_secure_area, &tk_area_entry, &tk_information, NULL };
static const struct tk_case_type *const cases[] = { &tk_exception_case, &tk_takeout_case,
	&tk_area_entry_case, NULL };

struct ids { struct tk_arena *a; int64_t *v; size_t n, cap; };

static enum tk_rc id_row(void *ctx, const struct tk_value *col, size_t n)
{
	struct ids *x = ctx;

	(void)n;
	if (x->n == x->cap) {
		int64_t *more = tk_alloc(x->a, sizeof(*more) * (x->cap = x->cap * 2 + 64));

		for (size_t i = 0; i < x->n; i++)
			more[i] = x->v[i];
		x->v = more;
	}
	x->v[x->n++] = col[0].i;
	return TK_OK;
}

/* A permission that was not used by its last day is used up. */
static enum tk_rc daily(const struct tk_op *op, const char *today)
{
	struct ids x = { .a = op->mem };
	enum tk_rc rc = tk_db_run(op->db, op->e,
		"SELECT id FROM takeout WHERE state = 'approved' AND to_on < $1"
		" AND deleted_at IS NULL ORDER BY id", TK_ARGS(TK_S(today)), id_row, &x);

	for (size_t i = 0; i < x.n && rc == TK_OK; i++)
		rc = tk_request_push(op, &tk_takeout, x.v[i], "lapse", NULL);
	return rc;
}

const struct tk_module tk_request_module = {
	.name = "request",
	.type = types,
	.case_type = cases,
	.fact = tk_request_facts,
	.daily = daily,
};
