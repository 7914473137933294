#include "table/decimal.h"

enum { DIGITS = 18 };

bool tk_decimal_parse(const char *s, struct tk_decimal *ret)
{
	bool minus = *s == '-', point = false;
	int digits = 0;

	*ret = (struct tk_decimal){0};
	for (s += minus || *s == '+'; *s; s++) {
		if (*s == '.' && !point) {
			point = true;
			continue;
		}
		if (*s < '0' || *s > '9' || ++digits > DIGITS || ret->decimals == TK_DECIMALS)
			return false;
		ret->value = ret->value * 10 + (*s - '0');
		ret->decimals += point;
	}
	ret->value = minus ? -ret->value : ret->value;
	return digits > 0;
}

bool tk_decimal_scale(struct tk_decimal d, int decimals, int64_t *ret)
{
	for (; d.decimals < decimals; d.decimals++) {
		if (d.value > INT64_MAX / 10 || d.value < -(INT64_MAX / 10))
			return false;
		d.value *= 10;
	}
	*ret = d.value;
	return true;
}
