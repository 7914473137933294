/* Intervals, weights, quartiles, percentages turned back into counts, symbols. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>
#include "stat/interval.h"
#include "stat/quantile.h"
#include "stat/recover.h"
#include "stat/symbol.h"

static struct tk_err err = { .lang = TK_EN };

static void wilson_gives_the_known_vectors(void **state)
{
	static const struct {
		int64_t k, n;
		double lo, hi;
	} v[] = { { 0, 10, 0.000, 27.753 },    { 10, 10, 72.247, 100 },
		  { 184, 239, 71.249, 81.872 }, { 12, 239, 2.895, 8.570 },
		  { 383, 498, 73.009, 80.394 }, { 160, 402, 35.134, 44.661 },
		  { 1, 7, 2.568, 51.313 } };

	(void)state;
	for (size_t i = 0; i < TK_LEN(v); i++) {
		struct tk_interval w = tk_wilson(v[i].k, v[i].n, 0, TK_Z_95);

		assert_true(w.some);
		assert_true(fabs(w.lo * 100 - v[i].lo) < 0.0006);
		assert_true(fabs(w.hi * 100 - v[i].hi) < 0.0006);
	}
}

/* The finite form must solve its own equation: (p - t)^2 = z^2 t (1 - t) / n (N - n) / (N - 1). */
static void wilson_of_a_finite_population(void **state)
{
	const int64_t pop = 239;
	struct tk_interval w;

	(void)state;
	for (int64_t n = 1; n < pop; n += 7) {
		for (int64_t k = 0; k <= n; k += 3) {
			double p = (double)k / (double)n, end[2];

			w = tk_wilson(k, n, pop, TK_Z_95);
			assert_true(w.some && w.lo <= p && p <= w.hi);
			end[0] = w.lo;
			end[1] = w.hi;
			for (int i = 0; i < 2; i++) {
				double t = end[i], left = (p - t) * (p - t);
				double right = TK_Z_95 * TK_Z_95 * t * (1 - t) / (double)n *
					       (double)(pop - n) / (double)(pop - 1);

				assert_true(fabs(left - right) < 1e-12);
			}
		}
	}
	/* narrower than of an infinite population, and its limit */
	w = tk_wilson(50, 130, 239, TK_Z_95);
	assert_true(w.lo > tk_wilson(50, 130, 0, TK_Z_95).lo);
	assert_true(w.hi < tk_wilson(50, 130, 0, TK_Z_95).hi);
	assert_true(fabs(tk_wilson(50, 130, INT64_C(1) << 50, TK_Z_95).lo -
			 tk_wilson(50, 130, 0, TK_Z_95).lo) < 1e-12);
}

static void a_census_has_no_interval(void **state)
{
	char text[TK_INTERVAL_LEN];
	struct tk_interval w = tk_wilson(184, 239, 239, TK_Z_95);

	(void)state;
	assert_false(w.some);
	assert_true(w.lo == w.hi && fabs(w.lo - 184.0 / 239) < 1e-15);
	assert_string_equal(tk_interval_print(w, 1, text), "");
	assert_false(tk_wilson(1, 0, 0, TK_Z_95).some);
	assert_false(tk_wilson(3, 2, 0, TK_Z_95).some);
	assert_false(tk_wilson(1, 10, 9, TK_Z_95).some);
	assert_string_equal(tk_interval_print(tk_wilson(184, 239, 0, TK_Z_95), 1, text), "71.2–81.9");
	assert_string_equal(tk_interval_print(tk_wilson(0, 10, 0, TK_Z_95), 1, text), "0.0–27.8");
	assert_string_equal(tk_interval_print(tk_wilson(10, 10, 0, TK_Z_95), 0, text), "72–100");
}

static void weights_are_exact(void **state)
{
	static const struct tk_stratum h[] = { { "banks", 184, 92, 46 }, { "shinkin", 20, 20, 5 },
					       { "others", 35, 7, 3 } };
	static const struct tk_stratum census[] = { { "a", 184, 184, 100 }, { "b", 55, 55, 30 } };
	struct tk_weighted w;

	(void)state;
	assert_int_equal(tk_weight(&h[0]).num, 2);
	assert_int_equal(tk_weight(&h[0]).den, 1);
	assert_int_equal(tk_weighted_share(h, TK_LEN(h), &w, &err), TK_OK);
	/* 46 * 2 + 5 + 3 * 5 = 112 of 239 */
	assert_true(w.exact);
	assert_int_equal(w.share.num, 112);
	assert_int_equal(w.share.den, 239);
	assert_true(fabs(w.approx - 112.0 / 239) < 1e-15);
	/* Kish: (sum of weights)^2 / sum of squares = 239^2 / (184 * 2 + 20 + 35 * 5) */
	assert_true(fabs(w.effective - 239.0 * 239 / 563) < 1e-9);
	assert_int_equal(tk_weighted_share(census, TK_LEN(census), &w, &err), TK_OK);
	assert_int_equal(w.share.num, 130);
	assert_int_equal(w.share.den, 239);
	assert_true(fabs(w.effective - 239) < 1e-9);
	assert_int_equal(tk_weighted_share(h, 0, &w, &err), TK_OK);
	assert_int_equal(w.share.den, 0);
}

static void weights_that_do_not_fit_say_so(void **state)
{
	/* denominators that have nothing in common */
	static const int64_t prime[] = { 999999937, 999999929, 999999893, 999999883, 999999797 };
	struct tk_stratum h[TK_LEN(prime)];
	struct tk_weighted w;

	(void)state;
	for (size_t i = 0; i < TK_LEN(prime); i++)
		h[i] = (struct tk_stratum){ "h", 1000000007, prime[i], prime[i] / 2 };
	assert_int_equal(tk_weighted_share(h, TK_LEN(h), &w, &err), TK_OK);
	assert_false(w.exact);
	assert_int_equal(w.share.den, 0);
	assert_true(fabs(w.approx - 0.5) < 1e-6);
}

static void strata_that_cannot_be_weighted(void **state)
{
	struct tk_stratum empty = { "short-term money brokers", 3, 0, 0 };
	struct tk_stratum many = { "banks", 3, 4, 1 }, odd = { "banks", 9, 4, 5 };
	struct tk_weighted w;

	(void)state;
	assert_int_equal(tk_weighted_share(&empty, 1, &w, &err), TK_EINVAL);
	assert_string_equal(err.field, "short-term money brokers");
	assert_non_null(strstr(err.msg, "merge it"));
	assert_int_equal(tk_weighted_share(&many, 1, &w, &err), TK_EINVAL);
	assert_int_equal(tk_weighted_share(&odd, 1, &w, &err), TK_EINVAL);
	empty.frame = 0;
	assert_int_equal(tk_weighted_share(&empty, 1, &w, &err), TK_OK);
}

static void quartiles_as_quartile_inc(void **state)
{
	/* the example of the function's own manual: {1,2,4,7,8,9,10,12} has quartile 1 = 3.5 */
	int64_t a[] = { 12, 1, 10, 2, 9, 4, 8, 7 }, b[] = { 125, -5, 300 }, c[] = { 7 };
	int64_t big[] = { INT64_MAX, 1 };
	struct tk_quantile q;
	char text[TK_FRAC_LEN];

	(void)state;
	assert_int_equal(tk_quantile(a, TK_LEN(a), &q, &err), TK_OK);
	assert_string_equal(tk_frac_print(q.q1, 0, 2, text), "3.50");
	assert_string_equal(tk_frac_print(q.median, 0, 1, text), "7.5");
	assert_string_equal(tk_frac_print(q.q3, 0, 2, text), "9.25");
	assert_int_equal(q.sum, 53);
	assert_string_equal(tk_frac_print(q.mean, 0, 3, text), "6.625");
	assert_int_equal(tk_quantile(b, TK_LEN(b), &q, &err), TK_OK);
	assert_string_equal(tk_frac_print(q.median, 1, 1, text), "12.5");
	assert_string_equal(tk_frac_print(q.q1, 1, 2, text), "6.00");
	assert_string_equal(tk_frac_print(q.mean, 1, 1, text), "14.0");
	assert_int_equal(tk_quantile(c, 1, &q, &err), TK_OK);
	assert_int_equal(q.q1.num, 7);
	assert_int_equal(q.q3.num, 7);
	assert_int_equal(tk_quantile(c, 0, &q, &err), TK_OK);
	assert_string_equal(tk_frac_print(q.mean, 0, 1, text), "…");
	assert_int_equal(tk_quantile(big, 2, &q, &err), TK_EINVAL);
}

static void fractions_print_half_up(void **state)
{
	char text[TK_FRAC_LEN];

	(void)state;
	assert_string_equal(tk_frac_print((struct tk_frac){ 25, 2 }, 1, 2, text), "1.25");
	assert_string_equal(tk_frac_print((struct tk_frac){ 25, 2 }, 1, 1, text), "1.3");
	assert_string_equal(tk_frac_print((struct tk_frac){ -25, 2 }, 1, 1, text), "-1.3");
	assert_string_equal(tk_frac_print((struct tk_frac){ -1, 100 }, 0, 1, text), "0.0");
	assert_string_equal(tk_frac_print((struct tk_frac){ 1, 3 }, 0, 0, text), "0");
	assert_string_equal(tk_frac_print((struct tk_frac){ INT64_MAX, 1 }, 0, 0, text),
			    "9223372036854775807");
}

struct published {
	const char *percent;
	int64_t base, count;
};

/* context of SRV-04 and the figures of earlier surveys: each fits one count only */
static void published_percentages_give_one_count(void **state)
{
	static const struct published v[] = {
		{ "76.9", 498, 383 }, { "2.0", 498, 10 },   { "82.7", 498, 412 },
		{ "77.9", 498, 388 }, { "43.0", 498, 214 }, { "71.7", 498, 357 },
		{ "76.3", 498, 380 }, { "85.4", 411, 351 }, { "96.4", 411, 396 },
		{ "92.2", 411, 379 }, { "23.8", 411, 98 },  { "40.4", 411, 166 },
		{ "11.4", 411, 47 },  { "60.6", 411, 249 }, { "39.8", 402, 160 },
		{ "1.2", 402, 5 },    { "9.5", 402, 38 },   { "29.1", 402, 117 },
		{ "59.0", 402, 237 }, { "49.2", 130, 64 },  { "59.2", 130, 77 },
		{ "38.5", 130, 50 },  { "33.8", 130, 44 },  { "9.2", 130, 12 },
		{ "56.0", 207, 116 }, { "71.0", 207, 147 }, { "39.6", 207, 82 },
		{ "33.8", 207, 70 },  { "41.1", 207, 85 },  { "17.4", 207, 36 },
		{ "79.7", 69, 55 },   { "56.5", 69, 39 },   { "55.1", 69, 38 },
		{ "41.6", 166, 69 },  { "93", 166, 154 },   { "81.8", 154, 126 },
		{ "66.9", 154, 103 }, { "97.9", 239, 234 }, { "54.4", 239, 130 },
		{ "86.6", 239, 207 }, { "69.5", 239, 166 },
	};

	(void)state;
	for (size_t i = 0; i < TK_LEN(v); i++) {
		struct tk_percent p;
		int64_t count, lo, hi;

		assert_true(tk_percent_parse(v[i].percent, &p));
		if (!strcmp(v[i].percent, "93")) {
			/* without a decimal two counts fit: 154 and 155 */
			assert_true(tk_recover_count(p, v[i].base, &lo, &hi));
			assert_true(lo <= v[i].count && v[i].count <= hi && lo < hi);
			assert_int_equal(tk_recover_one(p, v[i].base, &count, &err), TK_EINVAL);
			assert_non_null(strstr(err.msg, "154 to 155"));
			continue;
		}
		assert_int_equal(tk_recover_one(p, v[i].base, &count, &err), TK_OK);
		assert_int_equal(count, v[i].count);
	}
	assert_int_equal(tk_recover_one((struct tk_percent){ 333, 1 }, 10, &(int64_t){ 0 }, &err),
			 TK_EINVAL);
}

static size_t bases(const char *const *percent, size_t n, int64_t max, int64_t *ret, size_t cap)
{
	struct tk_percent p[8];

	for (size_t i = 0; i < n; i++)
		assert_true(tk_percent_parse(percent[i], &p[i]));
	return tk_recover_base(p, n, 1, max, ret, cap);
}

static void bases_are_found_from_several_percentages(void **state)
{
	static const char *const before[] = { "49.2", "59.2", "38.5", "33.8", "33.8", "9.2" };
	static const char *const after[] = { "56.0", "71.0", "39.6", "33.8", "41.1", "17.4" };
	static const char *const own[] = { "79.7", "56.5", "55.1" };
	int64_t n[64];
	size_t found;

	(void)state;
	assert_int_equal(bases(before, TK_LEN(before), 239, n, TK_LEN(n)), 1);
	assert_int_equal(n[0], 130);
	assert_int_equal(bases(after, TK_LEN(after), 239, n, TK_LEN(n)), 1);
	assert_int_equal(n[0], 207);
	found = bases(own, TK_LEN(own), 239, n, TK_LEN(n));
	assert_true(found >= 3);
	assert_int_equal(n[0], 69);
	/* more fit than there is room for: all are counted */
	assert_int_equal(bases(own, TK_LEN(own), 239, n, 1), found);
}

/* Against the definition, for every base and count of a small range. */
static void every_count_is_found_again(void **state)
{
	(void)state;
	for (int d = 0; d <= 2; d++) {
		int64_t s = d == 0 ? 100 : d == 1 ? 1000 : 10000;

		for (int64_t n = 1; n <= 60; n++) {
			for (int64_t v = 0; v <= s; v++) {
				int64_t lo = -1, hi = -2, a = -1, b = -2;
				bool found = tk_recover_count((struct tk_percent){ v, d }, n, &lo,
							      &hi);

				for (int64_t k = 0; k <= n; k++) {
					if ((2 * k * s + n) / (2 * n) != v)
						continue;
					a = a < 0 ? k : a;
					b = k;
				}
				assert_int_equal(found, a >= 0);
				if (found) {
					assert_int_equal(lo, a);
					assert_int_equal(hi, b);
				}
			}
		}
	}
}

static void percentages_are_read_as_people_write_them(void **state)
{
	static const char *const bad[] = { "", "%", "100.1", "101", "-1", "1.", ".5", "1 2", "1.2.3",
					   "1%2", "1.2345678", "abc", "12,3" };
	struct tk_percent p;

	(void)state;
	assert_true(tk_percent_parse("７６．９％", &p) && p.value == 769 && p.decimals == 1);
	assert_true(tk_percent_parse(" 100.0 % ", &p) && p.value == 1000 && p.decimals == 1);
	assert_true(tk_percent_parse("　0", &p) && p.value == 0 && p.decimals == 0);
	for (size_t i = 0; i < TK_LEN(bad); i++)
		assert_false(tk_percent_parse(bad[i], &p));
}

static void symbols_and_their_codes(void **state)
{
	(void)state;
	assert_string_equal(tk_symbol_text(TK_SYM_SUPPRESSED, 1), "x");
	assert_string_equal(tk_symbol_text(TK_SYM_NONE, 1), "-");
	assert_string_equal(tk_symbol_text(TK_SYM_LESS, 0), "0");
	assert_string_equal(tk_symbol_text(TK_SYM_LESS, 1), "0.0");
	assert_string_equal(tk_symbol_text(TK_SYM_UNKNOWN, 0), "…");
	assert_string_equal(tk_symbol_text(TK_SYM_CAUTION, 0), "*");
	assert_string_equal(tk_symbol_obs_status(TK_SYM_SUPPRESSED), "Q");
	assert_string_equal(tk_symbol_obs_status(TK_SYM_UNKNOWN), "L");
	assert_string_equal(tk_symbol_obs_status(TK_SYM_NONE), "A");
	/* a reader of the public file cannot tell which of the x are small */
	assert_string_equal(tk_conf_status(TK_CELL_ST_PRIMARY, false),
			    tk_conf_status(TK_CELL_ST_COMPLEMENTARY, false));
	assert_string_equal(tk_conf_status(TK_CELL_ST_COMPLEMENTARY, true), "D");
	assert_string_equal(tk_conf_status(TK_CELL_ST_PRINTED, false), "F");
	for (int s = 0; s < TK_SYM_MAX; s++)
		assert_true(s == TK_SYM_VALUE || *tk_symbol_note((enum tk_symbol)s));
}

static void the_symbol_of_a_share(void **state)
{
	const enum tk_cell_status printed = TK_CELL_ST_PRINTED;

	(void)state;
	assert_int_equal(tk_symbol_of_share(0, 0, 1, printed), TK_SYM_UNKNOWN);
	assert_int_equal(tk_symbol_of_share(0, 239, 1, printed), TK_SYM_NONE);
	assert_int_equal(tk_symbol_of_share(1, 2001, 1, printed), TK_SYM_LESS);
	assert_int_equal(tk_symbol_of_share(1, 2000, 1, printed), TK_SYM_VALUE);
	assert_int_equal(tk_symbol_of_share(1, 201, 0, printed), TK_SYM_LESS);
	assert_int_equal(tk_symbol_of_share(1, 200, 0, printed), TK_SYM_VALUE);
	assert_int_equal(tk_symbol_of_share(4, 9, 1, printed), TK_SYM_CAUTION);
	assert_int_equal(tk_symbol_of_share(4, 10, 1, printed), TK_SYM_VALUE);
	assert_int_equal(tk_symbol_of_share(0, 9, 1, TK_CELL_ST_COMPLEMENTARY), TK_SYM_SUPPRESSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wilson_gives_the_known_vectors),
		cmocka_unit_test(wilson_of_a_finite_population),
		cmocka_unit_test(a_census_has_no_interval),
		cmocka_unit_test(weights_are_exact),
		cmocka_unit_test(weights_that_do_not_fit_say_so),
		cmocka_unit_test(strata_that_cannot_be_weighted),
		cmocka_unit_test(quartiles_as_quartile_inc),
		cmocka_unit_test(fractions_print_half_up),
		cmocka_unit_test(published_percentages_give_one_count),
		cmocka_unit_test(bases_are_found_from_several_percentages),
		cmocka_unit_test(every_count_is_found_again),
		cmocka_unit_test(percentages_are_read_as_people_write_them),
		cmocka_unit_test(symbols_and_their_codes),
		cmocka_unit_test(the_symbol_of_a_share),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
