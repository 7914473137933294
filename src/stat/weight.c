#include "stat/weight.h"
#include "stat/wide.h"

static tk_i128 gcd(tk_i128 a, tk_i128 b)
{
	while (b) {
		tk_i128 r = a % b;

		a = b;
		b = r;
	}
	return a < 0 ? -a : a;
}

struct tk_frac tk_frac_of(int64_t num, int64_t den)
{
	tk_i128 n = num, d = den, g = gcd(n, d);

	if (den == 0)
		return (struct tk_frac){ 0 };
	n = den < 0 ? -n / g : n / g;
	d = den < 0 ? -d / g : d / g;
	/* only the sign of INT64_MIN can leave the range */
	if (n > INT64_MAX || d > INT64_MAX)
		return (struct tk_frac){ 0 };
	return (struct tk_frac){ (int64_t)n, (int64_t)d };
}

struct tk_frac tk_weight(const struct tk_stratum *h)
{
	return h->answered ? tk_frac_of(h->frame, h->answered) : tk_frac_of(h->frame == 0, 1);
}

static enum tk_rc check(const struct tk_stratum *h, size_t n, struct tk_err *e)
{
	for (size_t i = 0; i < n; i++, h++) {
		if (h->frame < 0 || h->answered < 0 || h->count < 0 || h->count > h->answered)
			return tk_fail(e, TK_EINVAL, h->name,
				       N_("Stratum %s: %lld counted of %lld answers; the counted "
					  "are from 0 to the number of answers."),
				       h->name, (long long)h->count, (long long)h->answered);
		if (h->answered > h->frame)
			return tk_fail(e, TK_EINVAL, h->name,
				       N_("Stratum %s has %lld answers and only %lld "
					  "institutions; correct the frame."),
				       h->name, (long long)h->answered, (long long)h->frame);
		if (h->frame && !h->answered)
			return tk_fail(e, TK_EINVAL, h->name,
				       N_("Nobody of stratum %s answered, so nothing can stand "
					  "for its %lld institutions; merge it with a "
					  "neighbouring stratum."),
				       h->name, (long long)h->frame);
	}
	return TK_OK;
}

/* *sum += num / den in lowest terms; false: it does not fit. */
static bool add(tk_i128 *snum, tk_i128 *sden, tk_i128 num, tk_i128 den)
{
	tk_i128 g = gcd(*sden, den), l, x, y;

	if (__builtin_mul_overflow(*sden / g, den, &l) ||
	    __builtin_mul_overflow(*snum, den / g, &x) ||
	    __builtin_mul_overflow(num, *sden / g, &y) || __builtin_add_overflow(x, y, &x))
		return false;
	g = gcd(x, l);
	*snum = x / g;
	*sden = l / g;
	return true;
}

enum tk_rc tk_weighted_share(const struct tk_stratum *h, size_t n, struct tk_weighted *ret,
			     struct tk_err *e)
{
	tk_i128 num = 0, den = 1, g;
	double approx = 0, square = 0, frame = 0;
	int64_t whole = 0;
	enum tk_rc rc = check(h, n, e);

	*ret = (struct tk_weighted){ .exact = true };
	if (rc)
		return rc;
	for (size_t i = 0; i < n; i++) {
		double w;

		if (!h[i].answered)
			continue;
		w = (double)h[i].frame / (double)h[i].answered;
		approx += w * (double)h[i].count;
		square += w * (double)h[i].frame;
		frame += (double)h[i].frame;
		ret->exact = ret->exact && !__builtin_add_overflow(whole, h[i].frame, &whole) &&
			     add(&num, &den, (tk_i128)h[i].frame * h[i].count, h[i].answered);
	}
	if (frame <= 0)
		return TK_OK;
	ret->approx = approx / frame;
	ret->effective = frame * frame / square;
	if (ret->exact && !__builtin_mul_overflow(den, (tk_i128)whole, &den)) {
		g = gcd(num, den);
		num /= g;
		den /= g;
		ret->exact = num <= INT64_MAX && den <= INT64_MAX;
	} else {
		ret->exact = false;
	}
	if (ret->exact)
		ret->share = (struct tk_frac){ (int64_t)num, (int64_t)den };
	return TK_OK;
}
