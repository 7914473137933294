/* decimal.h - numbers as respondents entered them, exactly: a whole number and its decimals.
 * Pure functions, any thread. */
#pragma once
#include "base/mem.h"

enum { TK_DECIMALS = 9 };
/* value / 10^decimals */
struct tk_decimal {
	int64_t value;
	int decimals;
};
/* As answers are kept: an optional sign, digits, at most one full stop.  False: it is none. */
bool tk_decimal_parse(const char *s, struct tk_decimal *ret);
/* The value with so many decimals, no fewer than it has; false: it does not fit. */
bool tk_decimal_scale(struct tk_decimal d, int decimals, int64_t *ret);
