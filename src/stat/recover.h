/* recover.h - from a published percentage back to the count it was made of.
 *
 * Percentages are rounded half up at d decimals (the rule `plain`); 76.9 with one decimal is
 * {769, 1}.  A count is only used where exactly one fits.  Pure functions, any thread.
 */
#pragma once
#include "base/err.h"

struct tk_percent {
	int64_t value; /* in units of the last decimal */
	int decimals;  /* 0 to 6 */
};

/* "76.9", "100", "７６．９％": full-width forms, blanks and a percent sign are taken; from 0 to 100
 * with at most six decimals. */
bool tk_percent_parse(const char *s, struct tk_percent *ret);

/* The counts *lo to *hi of that base round to p; false: none does. *lo == *hi: the only one. */
bool tk_recover_count(struct tk_percent p, int64_t base, int64_t *lo, int64_t *hi);
/* The one count, or TK_EINVAL that says that none or several fit. */
enum tk_rc tk_recover_one(struct tk_percent p, int64_t base, int64_t *ret,
			  struct tk_err *e) TK_MUST_USE;
/* The bases from min to max that every percentage can have been made of, ascending; at most cap
 * are written, all are counted. */
size_t tk_recover_base(const struct tk_percent *p, size_t n, int64_t min, int64_t max, int64_t *ret,
		       size_t cap);
