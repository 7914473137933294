#include <math.h>
#include <stdio.h>
#include "stat/interval.h"

struct tk_interval tk_wilson_share(double p, double n, double pop, double z)
{
	struct tk_interval v = { .lo = p, .hi = p };
	double psi, half, mid;

	if (!(n > 0) || !(p >= 0 && p <= 1) || !(z > 0) || (pop > 0 && n >= pop))
		return v;
	psi = z * z / (2 * n);
	if (pop > 0)
		psi *= (pop - n) / (pop - 1);
	mid = (p + psi) / (1 + 2 * psi);
	half = sqrt(2 * psi * p * (1 - p) + psi * psi) / (1 + 2 * psi);
	/* all or nobody: that end is exactly 0 or 1, which the difference of doubles may miss */
	v.lo = p > 0 ? fmax(mid - half, 0) : 0;
	v.hi = p < 1 ? fmin(mid + half, 1) : 1;
	v.some = true;
	return v;
}

struct tk_interval tk_wilson(int64_t k, int64_t n, int64_t pop, double z)
{
	if (n <= 0 || k < 0 || k > n || pop < 0 || (pop && n > pop))
		return (struct tk_interval){ 0 };
	return tk_wilson_share((double)k / (double)n, (double)n, (double)pop, z);
}

char *tk_interval_print(struct tk_interval v, int decimals, char dst[TK_INTERVAL_LEN])
{
	double unit = 100;
	int d = decimals < 0 ? 0 : decimals > 6 ? 6 : decimals;

	dst[0] = '\0';
	if (!v.some)
		return dst;
	for (int i = 0; i < d; i++)
		unit *= 10;
	/* outwards, so that the printed interval holds the computed one; the small allowance keeps
	 * an end that is a printable number, as 0 and 100, where it is */
	snprintf(dst, TK_INTERVAL_LEN, "%.*f–%.*f", d,
		 floor(v.lo * unit + 1e-7) / unit * 100, d, ceil(v.hi * unit - 1e-7) / unit * 100);
	return dst;
}
