#include <stdio.h>
#include <string.h>
#include "stat/recover.h"
#include "stat/wide.h"

enum { DECIMALS_MAX = 6 };

static int64_t scale_of(int decimals)
{
	int64_t s = 100;

	for (int i = 0; i < decimals; i++)
		s *= 10;
	return s;
}

/* One character of a number, full-width forms as plain ones; 0 for all others. */
static char plain(const char **s)
{
	const unsigned char *u = (const unsigned char *)*s;

	if (u[0] < 0x80) {
		*s += 1;
		return (char)u[0];
	}
	if (u[0] == 0xe3 && u[1] == 0x80 && u[2] == 0x80) {
		*s += 3;
		return ' ';
	}
	/* U+FF01 to U+FF3F are ASCII 0x21 to 0x5F */
	if (u[0] == 0xef && u[1] == 0xbc && u[2] >= 0x81 && u[2] <= 0xbf) {
		*s += 3;
		return (char)(u[2] - 0x80 + 0x20);
	}
	return '\0';
}

bool tk_percent_parse(const char *s, struct tk_percent *ret)
{
	int64_t v = 0;
	int digits = 0, decimals = -1;
	bool end = false;

	while (*s) {
		char c = plain(&s);

		if (c == ' ' || c == '\t') {
			end = digits > 0;
		} else if (c >= '0' && c <= '9' && !end && digits < 12 && decimals < DECIMALS_MAX) {
			v = v * 10 + (c - '0');
			digits++;
			decimals += decimals >= 0;
		} else if (c == '.' && !end && digits && decimals < 0) {
			decimals = 0;
		} else if (c == '%' && digits) {
			end = true;
		} else {
			return false;
		}
	}
	if (!digits || decimals == 0)
		return false;
	*ret = (struct tk_percent){ v, decimals < 0 ? 0 : decimals };
	return v <= scale_of(ret->decimals);
}

bool tk_recover_count(struct tk_percent p, int64_t base, int64_t *lo, int64_t *hi)
{
	tk_i128 from, to, two;

	if (base <= 0 || p.value < 0 || p.decimals < 0 || p.decimals > DECIMALS_MAX ||
	    p.value > scale_of(p.decimals))
		return false;
	/* value <= (2 k s + base) / (2 base) < value + 1, for k */
	two = (tk_i128)2 * scale_of(p.decimals);
	from = (tk_i128)base * (2 * (tk_i128)p.value - 1);
	from = from <= 0 ? 0 : (from + two - 1) / two;
	to = ((tk_i128)base * (2 * (tk_i128)p.value + 1) + two - 1) / two - 1;
	if (to > base)
		to = base;
	*lo = (int64_t)from;
	*hi = (int64_t)to;
	return from <= to;
}

static char *print(struct tk_percent p, char *dst, size_t n)
{
	long long unit = (long long)scale_of(p.decimals) / 100;

	if (p.decimals)
		snprintf(dst, n, "%lld.%0*lld", (long long)p.value / unit, p.decimals,
			 (long long)p.value % unit);
	else
		snprintf(dst, n, "%lld", (long long)p.value);
	return dst;
}

enum tk_rc tk_recover_one(struct tk_percent p, int64_t base, int64_t *ret, struct tk_err *e)
{
	char text[32];
	int64_t lo, hi;

	if (p.decimals < 0 || p.decimals > DECIMALS_MAX || p.value < 0 ||
	    p.value > scale_of(p.decimals))
		return tk_fail(e, TK_EINVAL, "percent",
			       N_("A percentage is from 0 to 100 with at most six decimals."));
	if (!tk_recover_count(p, base, &lo, &hi))
		return tk_fail(e, TK_EINVAL, "percent",
			       N_("No whole number of %lld rounds to %s%%; check the percentage "
				  "and its base."), (long long)base,
			       print(p, text, sizeof(text)));
	if (lo != hi)
		return tk_fail(e, TK_EINVAL, "percent",
			       N_("%s%% of %lld can be any count from %lld to %lld; enter the "
				  "count, or the percentage with more decimals."),
			       print(p, text, sizeof(text)), (long long)base, (long long)lo,
			       (long long)hi);
	*ret = lo;
	return TK_OK;
}

size_t tk_recover_base(const struct tk_percent *p, size_t n, int64_t min, int64_t max, int64_t *ret,
		       size_t cap)
{
	size_t found = 0;

	for (int64_t base = min < 1 ? 1 : min; base <= max; base++) {
		int64_t lo, hi;
		size_t i = 0;

		while (i < n && tk_recover_count(p[i], base, &lo, &hi))
			i++;
		if (i < n)
			continue;
		if (found < cap)
			ret[found] = base;
		found++;
		if (base == INT64_MAX)
			break;
	}
	return found;
}
