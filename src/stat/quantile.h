/* quantile.h - sum, mean, median and quartiles of decimals given as scaled whole numbers (12.5 with
 * one decimal is 125).  Everything is exact.
 *
 * Quartiles: linear interpolation between the ordered values at rank 1 + p (n - 1), the rule of
 * Excel's QUARTILE.INC and of R's type 7; the median is the case p = 1/2.
 * Pure functions, any thread.
 */
#pragma once
#include "stat/weight.h"

struct tk_quantile {
	size_t n;
	int64_t min, max;		   /* 0 where n is 0 */
	int64_t sum;
	struct tk_frac mean;		   /* in units of the scale; den 0 where n is 0 */
	struct tk_frac q1, median, q3;	   /* den is 1, 2 or 4 */
};

/* Sorts value[] in place.  TK_EINVAL: the sum does not fit into 63 bits. */
enum tk_rc tk_quantile(int64_t *value, size_t n, struct tk_quantile *ret,
		       struct tk_err *e) TK_MUST_USE;
/* The p-quantile, p = num/den from 0 to 1, of sorted values by the same rule. */
struct tk_frac tk_quantile_at(const int64_t *sorted, size_t n, int num, int den);
/* Name of the rule, a msgid for the note. */
const char *tk_quantile_rule(void);

enum { TK_FRAC_LEN = 48 };
/* A fraction of values with `scale` decimals, printed half up (away from zero) with `decimals`
 * (both 0 to 9): {25, 2} of scale 1 at 2 decimals is "1.25"; "…" where there is none, or where it
 * does not fit. */
char *tk_frac_print(struct tk_frac v, int scale, int decimals, char dst[TK_FRAC_LEN]);
