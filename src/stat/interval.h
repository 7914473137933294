/* interval.h - Wilson's score interval for a share, also of a finite population.
 *
 * Finite form after O'Neill (2021): n is replaced by n (N - 1) / (N - n).  A full census (n = N)
 * knows the share itself: there is no interval, and none may be printed.
 * Doubles; pure functions, any thread.
 */
#pragma once
#include "base/err.h"

#define TK_Z_90 1.6448536269514722
#define TK_Z_95 1.9599639845400545
#define TK_Z_99 2.5758293035489004

struct tk_interval {
	bool some;     /* false: nothing to print (full census, nobody asked, impossible input) */
	double lo, hi; /* shares from 0 to 1; equal to k/n in a full census */
};

/* k of n answered so, of a population of size pop; pop 0: infinite. */
struct tk_interval tk_wilson(int64_t k, int64_t n, int64_t pop, double z);
/* The same of a weighted share p with an effective number of answers. */
struct tk_interval tk_wilson_share(double p, double n, double pop, double z);

enum { TK_INTERVAL_LEN = 48 };
/* "71.2–81.9" in percent at that many decimals (0 to 6), rounded outwards; "" where there is none.
 * Returns dst. */
char *tk_interval_print(struct tk_interval v, int decimals, char dst[TK_INTERVAL_LEN]);
