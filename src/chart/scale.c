#include <stdio.h>
#include "chart/scene.h"

/* Position of num / den on the axis, rounded half up; check.c keeps the products within 64 bits. */
int tk_scale_px(const struct tk_scale *k, int64_t num, int64_t den)
{
	int64_t range = den * (k->max - k->min), part = num * (k->count ? 1 : 100) - den * k->min;

	return (int)((part * k->px + range / 2) / range);
}

static void widen(int64_t *lo, int64_t *hi, int64_t num, int64_t den, bool count)
{
	int64_t v = num * (count ? 1 : 100), floor = v / den, ceil = (v + den - 1) / den;

	if (*lo < 0 || floor < *lo)
		*lo = floor;
	if (ceil > *hi)
		*hi = ceil;
}

/* Lowest and highest value that the axis must hold; lo is -1 where there is no value at all. */
static void extent(const struct tk_chart *c, int64_t *lo, int64_t *hi)
{
	*lo = -1;
	*hi = 0;
	for (size_t i = 0; i < c->ncategory; i++) {
		int64_t sum = 0, den = 0;
		for (size_t k = 0; k < c->nseries; k++) {
			const struct tk_chart_value *v = tk_chart_at(c, i, k);
			if (!v->den)
				continue;
			if (c->kind != TK_CHART_STACKED)
				widen(lo, hi, v->num, v->den, c->count);
			den = v->den;
			sum += v->num;
		}
		if (den && c->kind == TK_CHART_STACKED)
			widen(lo, hi, sum, den, c->count);
	}
}

struct tk_scale tk_scale_of(const struct tk_chart *c)
{
	struct tk_scale k = {.max = 100, .step = 20, .count = c->count};
	int64_t lo, hi;

	if (c->axis == TK_AXIS_RATE)
		return k;
	extent(c, &lo, &hi);
	/* a line may start above zero (and then says so); a bar's length must not lie */
	if (lo < 0 || c->kind != TK_CHART_TREND || lo * 2 < hi)
		lo = 0;
	if (hi <= lo)
		hi = lo + 1;
	for (k.step = 1;; k.step *= 10) {
		if (hi - lo <= 5 * k.step)
			break;
		if (hi - lo <= 10 * k.step) {
			k.step *= 2;
			break;
		}
		if (hi - lo <= 25 * k.step) {
			k.step *= 5;
			break;
		}
	}
	k.min = lo / k.step * k.step;
	k.max = (hi + k.step - 1) / k.step * k.step;
	return k;
}

/* 12,345 */
char *tk_tick_text(struct tk_arena *a, int64_t v)
{
	char raw[24], out[32];
	int n = snprintf(raw, sizeof(raw), "%lld", (long long)v), k = 0;

	for (int i = 0; i < n; i++) {
		if (i && (n - i) % 3 == 0)
			out[k++] = ',';
		out[k++] = raw[i];
	}
	return tk_strndup(a, out, (size_t)k);
}
