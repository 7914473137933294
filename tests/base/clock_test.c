#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "base/clock.h"

#define D(y, m, d) ((struct tk_date){ (y), (m), (d) })

static struct tk_arena *a;

static int setup(void **state)
{
	(void)state;
	a = tk_arena_new(1 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	tk_arena_free(a);
	return 0;
}

static void days_count_without_gaps(void **state)
{
	int64_t n = tk_date_days(D(1, 1, 1));

	(void)state;
	assert_int_equal(tk_date_days(D(1970, 1, 1)), 0);
	assert_int_equal(tk_date_days(D(2000, 3, 1)), 11017);
	for (int y = 1; y <= 2400; y++)
		for (int m = 1; m <= 12; m++)
			for (int d = 1; d <= 31; d++) {
				struct tk_date x;
				if (!tk_date_valid(D(y, m, d)))
					continue;
				x = tk_date_of_days(n);
				if (tk_date_days(D(y, m, d)) != n++ || x.y != y || x.m != m || x.d != d)
					fail_msg("%d-%d-%d", y, m, d);
			}
	assert_true(tk_date_valid(D(2000, 2, 29)));
	assert_false(tk_date_valid(D(1900, 2, 29)));
	assert_false(tk_date_valid(D(2023, 2, 29)));
	assert_false(tk_date_valid(D(2023, 13, 1)));
	assert_false(tk_date_valid(D(2023, 0, 1)));
	assert_false(tk_date_valid(D(2023, 4, 31)));
	assert_false(tk_date_valid(D(0, 1, 1)));
}

static void the_day_is_japans(void **state)
{
	const int64_t midnight = 1333119600;    /* 2012-03-31 00:00 JST = 2012-03-30 15:00 UTC */
	char s[21], iso[11];

	(void)state;
	assert_int_equal(tk_date_time(D(2012, 3, 31)), midnight);
	tk_date_iso(tk_date_of_time(midnight), iso);
	assert_string_equal(iso, "2012-03-31");
	tk_date_iso(tk_date_of_time(midnight - 1), iso);
	assert_string_equal(iso, "2012-03-30");
	tk_time_rfc3339(midnight, s);
	assert_string_equal(s, "2012-03-30T15:00:00Z");
	tk_time_rfc3339(-1, s);
	assert_string_equal(s, "1969-12-31T23:59:59Z");
	tk_time_rfc3339(INT64_C(1795489445), s);
	assert_string_equal(s, "2026-11-24T03:04:05Z");
	assert_true(tk_now() > 1700000000);
	assert_true(tk_now_ms() / 1000 - tk_now() <= 1);
	assert_true(tk_mono_us() <= tk_mono_us());
	assert_true(tk_date_valid(tk_today()));
}

static void iso_is_strict(void **state)
{
	static const char *const bad[] = { "", "2012-3-31", "2012/03/31", "2012-02-30", "2012-03-31 ", "201a-03-31" };
	struct tk_date d;

	(void)state;
	assert_true(tk_date_from_iso("2012-03-31", &d));
	assert_true(d.y == 2012 && d.m == 3 && d.d == 31);
	for (size_t i = 0; i < TK_LEN(bad); i++)
		assert_false(tk_date_from_iso(bad[i], &d));
	assert_false(tk_date_from_iso(NULL, &d));
}

static void offices_write_days_in_many_ways(void **state)
{
	static const char *const row[][2] = {
		{ "2012/3/31", "2012-03-31" }, { "2012-03-31", "2012-03-31" }, { "20120331", "2012-03-31" },
		{ "2012.3.31", "2012-03-31" }, { "2012年3月31日", "2012-03-31" },
		{ "H24.3.31", "2012-03-31" }, { "h24/3/31", "2012-03-31" }, { "H24-03-31", "2012-03-31" },
		{ "平成24年3月31日", "2012-03-31" }, { "平24.3.31", "2012-03-31" },
		{ "㍻24年3月31日", "2012-03-31" }, { "H240331", "2012-03-31" },
		{ "平成２４年３月３１日", "2012-03-31" }, { "２０１２／０３／３１", "2012-03-31" },
		{ " 平成 24 年 3 月 31 日　", "2012-03-31" }, { "Ｈ２４．３．３１", "2012-03-31" },
		{ "H15.4.1", "2003-04-01" }, { "R1.5.1", "2019-05-01" }, { "R1/5/1", "2019-05-01" },
		{ "令和元年5月1日", "2019-05-01" }, { "㋿元年5月1日", "2019-05-01" }, { "令1.5.1", "2019-05-01" },
		{ "R01.05.01", "2019-05-01" }, { "平成元年1月8日", "1989-01-08" }, { "㍼64年1月7日", "1989-01-07" },
		{ "S64.1.7", "1989-01-07" }, { "H31.4.30", "2019-04-30" }, { "㍽元年7月30日", "1912-07-30" },
		{ "大正15年12月24日", "1926-12-24" }, { "S1.12.25", "1926-12-25" }, { "㍾45年7月29日", "1912-07-29" },
		{ "M1.1.25", "1868-01-25" }, { "2024-2-29", "2024-02-29" },
	};
	struct tk_date d;
	char iso[11];

	(void)state;
	for (size_t i = 0; i < TK_LEN(row); i++) {
		if (!tk_date_parse(row[i][0], &d))
			fail_msg("%s", row[i][0]);
		tk_date_iso(d, iso);
		assert_string_equal(iso, row[i][1]);
	}
}

static void days_that_do_not_exist_are_refused(void **state)
{
	static const char *const bad[] = {
		"", " ", "x", "2012", "2012/3", "12/3/31", "3/31/2012", "2012/2/30", "2023/2/29", "2012/13/1",
		"2012/3/31x", "2012/3-31", "2012年3月31", "2012年3/31", "2012/003/1", "元年5月1日", "2012/3/3 1",
		"平成24年", "平成0年1月1日", "H24.4.31", "H1.1.7", "昭和64年1月8日", "S99.1.1", "平成31年5月1日",
		"令和元年4月30日", "R0.5.1", "M45.7.30", "大正15年12月25日", "S1.12.24", "M1.1.24", "T1.7.29",
		"2012033", "201203311", "H24033", "慶応3年1月1日", "平成24年3月31日午後", "-2012-3-31",
		"平成２４年三月三十一日", "2012/3/31 2012/3/31 2012/3/31 2012/3/31 2012/3/31 2012/3/31 2012/3/31",
	};
	struct tk_date d;

	(void)state;
	for (size_t i = 0; i < TK_LEN(bad); i++)
		if (tk_date_parse(bad[i], &d))
			fail_msg("%s", bad[i]);
	assert_false(tk_date_parse(NULL, &d));
}

static void eras_change_on_their_day(void **state)
{
	static const struct { struct tk_date d; const char *name; int year; char letter; } row[] = {
		{ { 1868, 1, 24 }, "", 1868, 0 },     { { 1868, 1, 25 }, "明治", 1, 'M' },
		{ { 1912, 7, 29 }, "明治", 45, 'M' }, { { 1912, 7, 30 }, "大正", 1, 'T' },
		{ { 1926, 12, 24 }, "大正", 15, 'T' }, { { 1926, 12, 25 }, "昭和", 1, 'S' },
		{ { 1989, 1, 7 }, "昭和", 64, 'S' },  { { 1989, 1, 8 }, "平成", 1, 'H' },
		{ { 2019, 4, 30 }, "平成", 31, 'H' }, { { 2019, 5, 1 }, "令和", 1, 'R' },
	};
	int year;
	char letter;

	(void)state;
	for (size_t i = 0; i < TK_LEN(row); i++) {
		assert_string_equal(tk_era_of(row[i].d, &year, &letter), row[i].name);
		assert_int_equal(year, row[i].year);
		assert_int_equal(letter, row[i].letter);
	}
	assert_string_equal(tk_date_print(a, TK_JA, D(2011, 12, 1)), "平成23年12月1日");
	assert_string_equal(tk_date_print(a, TK_JA, D(2019, 5, 1)), "令和元年5月1日");
	assert_string_equal(tk_date_print(a, TK_JA, D(1850, 5, 1)), "1850年5月1日");
	assert_string_equal(tk_date_print(a, TK_EN, D(2011, 12, 1)), "2011-12-01");
}

static void what_is_printed_can_be_read(void **state)
{
	struct tk_date d;

	(void)state;
	for (int64_t n = tk_date_days(D(1868, 1, 25)); n < tk_date_days(D(2030, 1, 1)); n += 11) {
		const char *s = tk_date_print(a, TK_JA, tk_date_of_days(n));
		if (!tk_date_parse(s, &d) || tk_date_days(d) != n)
			fail_msg("%s", s);
	}
}

static void fiscal_years(void **state)
{
	(void)state;
	assert_int_equal(tk_fiscal_year(D(2012, 3, 31)), 2011);
	assert_int_equal(tk_fiscal_year(D(2012, 4, 1)), 2012);
	assert_string_equal(tk_fiscal_year_print(a, TK_JA, 2011), "平成23年度");
	assert_string_equal(tk_fiscal_year_print(a, TK_JA, 2018), "平成30年度");
	assert_string_equal(tk_fiscal_year_print(a, TK_JA, 2019), "令和元年度");
	assert_string_equal(tk_fiscal_year_print(a, TK_JA, 2020), "令和2年度");
	assert_string_equal(tk_fiscal_year_print(a, TK_JA, 1988), "昭和63年度");
	assert_string_equal(tk_fiscal_year_print(a, TK_JA, 1989), "平成元年度");
	assert_string_equal(tk_fiscal_year_print(a, TK_EN, 2011), "FY2011");
}

static void thirds_of_months(void **state)
{
	(void)state;
	assert_string_equal(tk_month_third_print(a, TK_JA, D(2011, 12, 1)), "平成23年12月上旬");
	assert_string_equal(tk_month_third_print(a, TK_JA, D(2011, 12, 10)), "平成23年12月上旬");
	assert_string_equal(tk_month_third_print(a, TK_JA, D(2011, 12, 11)), "平成23年12月中旬");
	assert_string_equal(tk_month_third_print(a, TK_JA, D(2011, 12, 21)), "平成23年12月下旬");
	assert_string_equal(tk_month_third_print(a, TK_EN, D(2011, 12, 15)), "mid-December 2011");
	assert_string_equal(tk_month_third_print(a, TK_EN, D(2011, 12, 31)), "late December 2011");
}

static void periods_name_the_era_once(void **state)
{
	(void)state;
	assert_string_equal(tk_period_print(a, TK_JA, D(2011, 12, 15), D(2012, 2, 25)),
			    "平成23年12月中旬から24年2月下旬");
	assert_string_equal(tk_period_print(a, TK_JA, D(2011, 11, 1), D(2011, 12, 25)),
			    "平成23年11月上旬から12月下旬");
	assert_string_equal(tk_period_print(a, TK_JA, D(2011, 11, 1), D(2011, 11, 5)), "平成23年11月上旬");
	assert_string_equal(tk_period_print(a, TK_JA, D(2019, 4, 25), D(2019, 5, 5)),
			    "平成31年4月下旬から令和元年5月上旬");
	assert_string_equal(tk_period_print(a, TK_EN, D(2011, 12, 15), D(2012, 2, 25)),
			    "mid-December 2011 to late February 2012");
	assert_string_equal(tk_period_print(a, TK_EN, D(2011, 11, 1), D(2011, 12, 25)),
			    "early November to late December 2011");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_count_without_gaps),
		cmocka_unit_test(the_day_is_japans),
		cmocka_unit_test(iso_is_strict),
		cmocka_unit_test(offices_write_days_in_many_ways),
		cmocka_unit_test(days_that_do_not_exist_are_refused),
		cmocka_unit_test(eras_change_on_their_day),
		cmocka_unit_test(what_is_printed_can_be_read),
		cmocka_unit_test(fiscal_years),
		cmocka_unit_test(thirds_of_months),
		cmocka_unit_test(periods_name_the_era_once),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
