/* vuln.h - vulnerability notices: which systems they may concern.  Private to src/ledger.
 * Results live in op->mem. */
#pragma once
#include "ledger/ledger_in.h"

/* Day by which a notice of its severity is to be answered. */
enum tk_rc tk_vuln_due(const struct tk_op *op, const struct vuln_notice *n,
		       const char **ret) TK_MUST_USE;

/* A system in operation, with what of its software bears a name of the notice.  A proposal only:
 * names are compared, not versions. */
struct tk_vuln_match {
	int64_t     system, response;   /* response 0: none yet */
	const char *name, *division, *state;
	const char *software;           /* "Product 2.4, Other 1"; "" when nothing matches */
};
typedef enum tk_rc (*tk_vuln_match_fn)(void *ctx, const struct tk_vuln_match *m);
enum tk_rc tk_vuln_matches(const struct tk_op *op, const struct vuln_notice *n,
			   tk_vuln_match_fn fn, void *ctx) TK_MUST_USE;
/* Asks the owners of these systems; those asked before are left out. */
enum tk_rc tk_vuln_ask(const struct tk_op *op, const struct vuln_notice *n, const int64_t *system,
		       size_t nsystem, const char *due_on, int64_t *ret_n) TK_MUST_USE;
/* Do two names of products mean the same, or one a part of the other? */
bool tk_product_alike(struct tk_arena *a, const char *name, const char *other);
