/* fact_in.h - the rows of a fact while it is computed.  Private to src/fact. */
#pragma once
#include "fact/fact.h"

struct tk_fact_raw { const struct tk_rtype *t; int64_t id, amount; bool hit; const char *what; };
struct tk_fact_rows {
	const struct tk_op *op;
	struct tk_fact_raw *row;
	size_t              n, cap;
	const char         *why;        /* msgid; NULL: not missing */
	const char         *none;       /* msgid: why, should no row come */
	bool                zero;
};
/* Calls the fact's function, sorts what it gave, and makes the value of it. */
enum tk_rc tk_fact_run(const struct tk_op *op, const struct tk_fact *f, int year,
		       struct tk_fact_rows *ret_rows, struct tk_fact_value *ret) TK_MUST_USE;
