#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "stat/quantile.h"
#include "stat/wide.h"

static int by_value(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

struct tk_frac tk_quantile_at(const int64_t *sorted, size_t n, int num, int den)
{
	tk_i128 rank, rest, v;
	size_t i;

	if (!n || num < 0 || den <= 0 || num > den)
		return (struct tk_frac){ 0 };
	rank = (tk_i128)(n - 1) * num;
	i = (size_t)(rank / den);
	rest = rank % den;
	if (!rest)
		return (struct tk_frac){ sorted[i], 1 };
	v = (tk_i128)sorted[i] * den + rest * ((tk_i128)sorted[i + 1] - sorted[i]);
	if (v > INT64_MAX || v < INT64_MIN)
		return (struct tk_frac){ 0 };
	return tk_frac_of((int64_t)v, den);
}

const char *tk_quantile_rule(void)
{
	return N_("Quartiles are interpolated between the ordered values, as by QUARTILE.INC of "
		  "Excel.");
}

enum tk_rc tk_quantile(int64_t *value, size_t n, struct tk_quantile *ret, struct tk_err *e)
{
	*ret = (struct tk_quantile){ .n = n };
	if (!n)
		return TK_OK;
	for (size_t i = 0; i < n; i++) {
		if (__builtin_add_overflow(ret->sum, value[i], &ret->sum))
			return tk_fail(e, TK_EINVAL, "sum",
				       N_("The sum of the values has more than 18 digits; enter "
					  "them in a larger unit."));
	}
	qsort(value, n, sizeof(*value), by_value);
	ret->min = value[0];
	ret->max = value[n - 1];
	ret->mean = tk_frac_of(ret->sum, (int64_t)n);
	ret->q1 = tk_quantile_at(value, n, 1, 4);
	ret->median = tk_quantile_at(value, n, 1, 2);
	ret->q3 = tk_quantile_at(value, n, 3, 4);
	return TK_OK;
}

static tk_i128 power(int n)
{
	tk_i128 p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

char *tk_frac_print(struct tk_frac v, int scale, int decimals, char dst[TK_FRAC_LEN])
{
	tk_i128 unit, num, den, q;
	int s = scale < 0 ? 0 : scale > 9 ? 9 : scale;
	int d = decimals < 0 ? 0 : decimals > 9 ? 9 : decimals;

	snprintf(dst, TK_FRAC_LEN, "…");
	if (v.den <= 0)
		return dst;
	num = (v.num < 0 ? -(tk_i128)v.num : v.num) * power(d);
	den = (tk_i128)v.den * power(s);
	q = (2 * num + den) / (2 * den);
	unit = power(d);
	if (q / unit > INT64_MAX)
		return dst;
	if (d)
		snprintf(dst, TK_FRAC_LEN, "%s%" PRId64 ".%0*" PRId64, v.num < 0 && q ? "-" : "",
			 (int64_t)(q / unit), d, (int64_t)(q % unit));
	else
		snprintf(dst, TK_FRAC_LEN, "%s%" PRId64, v.num < 0 && q ? "-" : "", (int64_t)q);
	return dst;
}
