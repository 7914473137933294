/* weight.h - post-stratification: each answer of stratum h stands for N_h / n_h institutions.
 *
 * Only where it was asked for; the default is weight 1.  Weights are exact fractions, and a
 * weighted share is one too where it fits into 128 bits while it is computed and 63 afterwards.
 * Pure functions, any thread.
 */
#pragma once
#include "base/mem.h"

struct tk_frac {
	int64_t num, den; /* in lowest terms, den > 0; den 0: there is no value */
};
struct tk_frac tk_frac_of(int64_t num, int64_t den); /* lowest terms; den 0 gives 0/0 */

struct tk_stratum {
	const char *name; /* for messages */
	int64_t frame;	  /* N_h: institutions of this kind */
	int64_t answered; /* n_h: of them in the base of the figure */
	int64_t count;	  /* k_h: of those the ones counted */
};

struct tk_weighted {
	bool exact;	     /* share is the value; else only approx is, and that must be said */
	struct tk_frac share; /* sum of N_h k_h / n_h, over sum of N_h */
	double approx;
	double effective; /* answers an unweighted survey of the same precision would have (Kish) */
};

/* N_h / n_h, or 1/1 where the stratum is empty on both sides. */
struct tk_frac tk_weight(const struct tk_stratum *h);
/* TK_EINVAL names the stratum: somebody is in the frame and nobody answered (merge it with a
 * neighbour), more answers than institutions, counts that do not fit. */
enum tk_rc tk_weighted_share(const struct tk_stratum *h, size_t n, struct tk_weighted *ret,
			     struct tk_err *e) TK_MUST_USE;
