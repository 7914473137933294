/* clock.h - time, civil dates, the Japanese fiscal year and eras (CORE-01, CORE-06, CORE-07).
 *
 * Times are UTC seconds since 1970 (int64).  Civil dates travel as ISO text "YYYY-MM-DD" and are
 * compared as such; the office's day is Japan Standard Time (UTC+9, no summer time).  Pure
 * functions but for tk_now*, any thread.
 */
#pragma once
#include "base/mem.h"

int64_t tk_now(void);                                           /* UTC seconds */
int64_t tk_now_ms(void);                                        /* UTC milliseconds */
int64_t tk_mono_us(void);                                       /* monotonic microseconds */

struct tk_date { int y, m, d; };
bool    tk_date_valid(struct tk_date d);
int64_t tk_date_days(struct tk_date d);                         /* days since 1970-01-01 */
struct tk_date tk_date_of_days(int64_t days);
struct tk_date tk_date_of_time(int64_t utc);                    /* the JST day */
int64_t tk_date_time(struct tk_date d);                         /* 00:00 JST of that day, as UTC */
struct tk_date tk_today(void);                                  /* JST */
char   *tk_today_iso(struct tk_arena *a);                       /* that day, ISO */
/* "2012-03-31"; dst of 11 bytes */
void    tk_date_iso(struct tk_date d, char dst[11]);
bool    tk_date_from_iso(const char *s, struct tk_date *ret);
/* Any way an office writes a day: 2012/3/31, 2012-03-31, 20120331, 2012年3月31日, H24.3.31,
 * 平成24年3月31日, 平24.3.31, R1.5.1, 令和元年5月1日, full-width digits too.  false if no such day.
 */
bool    tk_date_parse(const char *s, struct tk_date *ret);
/* Fiscal year (April start) of a day: 2012-03-31 -> 2011. */
int     tk_fiscal_year(struct tk_date d);
/* Era name and year: (2011-..) -> "平成", 23.  letter: 'H'.  Eras are a table, oldest Meiji; before
 * it the name is "", the year the plain one and the letter NUL.  year and letter may be NULL. */
const char *tk_era_of(struct tk_date d, int *year, char *letter);
/* "平成23年12月1日"; first year prints 元年. "2011-12-01" in English. */
char   *tk_date_print(struct tk_arena *a, enum tk_lang lang, struct tk_date d);
/* "平成23年度"; a year in which the era changed takes the era of 31 December and is printed 元年度
 * (FY2019: 令和元年度; FY1988, whose era changed in January, stays 昭和63年度).  English "FY2011".
 */
char   *tk_fiscal_year_print(struct tk_arena *a, enum tk_lang lang, int fy);
/* "平成23年12月中旬"; English "mid-December 2011" (early / mid- / late: ten days each). */
char   *tk_month_third_print(struct tk_arena *a, enum tk_lang lang, struct tk_date d);
/* "平成23年12月中旬から24年2月下旬": the era once when it does not change (CORE-07). */
char *tk_period_print(struct tk_arena *a, enum tk_lang lang, struct tk_date from,
		      struct tk_date to);
/* RFC 3339 UTC: "2026-11-24T03:04:05Z"; dst of 21 bytes */
void    tk_time_rfc3339(int64_t utc, char dst[21]);
