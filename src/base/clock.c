#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/clock.h"
#include "base/text.h"

enum { DAY = 86400, JST = 9 * 3600 };

/* Oldest first.  A new era is one more line (the square character may be 0). */
static const struct era {
	const char    *name, *shortened;
	char           letter;
	uint32_t       square;
	struct tk_date first;
} eras[] = {
	{ "明治", "明", 'M', 0x337E, { 1868, 1, 25 } },
	{ "大正", "大", 'T', 0x337D, { 1912, 7, 30 } },
	{ "昭和", "昭", 'S', 0x337C, { 1926, 12, 25 } },
	{ "平成", "平", 'H', 0x337B, { 1989, 1, 8 } },
	{ "令和", "令", 'R', 0x32FF, { 2019, 5, 1 } },
};

static int64_t ticks(clockid_t id, int64_t per_second)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * per_second + ts.tv_nsec / (1000000000 / per_second);
}

int64_t tk_now(void)
{
	return ticks(CLOCK_REALTIME, 1);
}

int64_t tk_now_ms(void)
{
	return ticks(CLOCK_REALTIME, 1000);
}

int64_t tk_mono_us(void)
{
	return ticks(CLOCK_MONOTONIC, 1000000);
}

static int month_days(int y, int m)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0) ? 29 : days[m - 1];
}

bool tk_date_valid(struct tk_date d)
{
	return d.y >= 1 && d.y <= 9999 && d.m >= 1 && d.m <= 12 && d.d >= 1 &&
	       d.d <= month_days(d.y, d.m);
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Both ways count in 400-year cycles of years that begin in March, so that the leap day is last. */
int64_t tk_date_days(struct tk_date d)
{
	int64_t y = d.y - (d.m <= 2), cycle = floor_div(y, 400), yoe = y - cycle * 400;
	int64_t doy = (153 * (d.m + (d.m > 2 ? -3 : 9)) + 2) / 5 + d.d - 1;

	return cycle * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

struct tk_date tk_date_of_days(int64_t days)
{
	int64_t z = days + 719468, cycle = floor_div(z, 146097), doe = z - cycle * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153, m = mp < 10 ? mp + 3 : mp - 9;

	return (struct tk_date){ .y = (int)(yoe + cycle * 400 + (m <= 2)), .m = (int)m,
				 .d = (int)(doy - (153 * mp + 2) / 5 + 1) };
}

struct tk_date tk_date_of_time(int64_t utc)
{
	return tk_date_of_days(floor_div(utc + JST, DAY));
}

int64_t tk_date_time(struct tk_date d)
{
	return tk_date_days(d) * DAY - JST;
}

struct tk_date tk_today(void)
{
	return tk_date_of_time(tk_now());
}

static void put_digits(char *dst, int n, int64_t v)
{
	while (n--) {
		dst[n] = (char)('0' + v % 10);
		v /= 10;
	}
}

void tk_date_iso(struct tk_date d, char dst[11])
{
	memcpy(dst, "0000-00-00", 11);
	if (!tk_date_valid(d))
		return;
	put_digits(dst, 4, d.y);
	put_digits(dst + 5, 2, d.m);
	put_digits(dst + 8, 2, d.d);
}

bool tk_date_from_iso(const char *s, struct tk_date *ret)
{
	int v[3] = { 0, 0, 0 }, part = 0;
	struct tk_date d;

	if (!s || strlen(s) != 10)
		return false;
	for (int i = 0; i < 10; i++) {
		if (i == 4 || i == 7) {
			if (s[i] != '-')
				return false;
			part++;
			continue;
		}
		if (s[i] < '0' || s[i] > '9')
			return false;
		v[part] = v[part] * 10 + s[i] - '0';
	}
	d = (struct tk_date){ v[0], v[1], v[2] };
	if (!tk_date_valid(d))
		return false;
	*ret = d;
	return true;
}

void tk_time_rfc3339(int64_t utc, char dst[21])
{
	int64_t days = floor_div(utc, DAY), sec = utc - days * DAY;
	char day[11];

	tk_date_iso(tk_date_of_days(days), day);
	memcpy(dst, day, 10);
	memcpy(dst + 10, "T00:00:00Z", 11);
	put_digits(dst + 11, 2, sec / 3600);
	put_digits(dst + 14, 2, sec / 60 % 60);
	put_digits(dst + 17, 2, sec % 60);
}

/* ---- reading what people write ---- */

/* Plain forms, no blanks, one kind of dash and dot; false if too long to be a date or if a blank
 * parts two digits (joining those would make another day of it). */
static bool plain_form(const char *s, char *dst, size_t cap)
{
	bool gap = false;
	size_t len, n = 0;
	uint32_t cp;

	for (; (len = tk_utf8_get(s, &cp)); s += len) {
		uint32_t c = cp >= 0xFF01 && cp <= 0xFF5E ? cp - 0xFF01 + 0x21 : cp;
		if (c == ' ' || c == 0x3000 || c == 0xA0 || (c >= 9 && c <= 13)) {
			gap = true;
			continue;
		}
		if (c == 0x2212 || c == 0x2010)
			c = '-';
		else if (c == 0x30FB)
			c = '.';
		if (n + 5 > cap)
			return false;
		if (gap && n && c >= '0' && c <= '9' && dst[n - 1] >= '0' && dst[n - 1] <= '9')
			return false;
		gap = false;
		n += tk_utf8_put(c, dst + n);
	}
	dst[n] = '\0';
	return n > 0;
}

static bool skip_word(const char **p, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(*p, word, n) != 0)
		return false;
	*p += n;
	return true;
}

static const struct era *skip_era(const char **p)
{
	for (size_t i = 0; i < TK_LEN(eras); i++) {
		const struct era *r = &eras[i];
		uint32_t cp;
		size_t len = tk_utf8_get(*p, &cp);
		if (skip_word(p, r->name) || skip_word(p, r->shortened))
			return r;
		if (cp == (uint32_t)r->letter || cp == (uint32_t)r->letter + 32 ||
		    (r->square && cp == r->square)) {
			*p += len;
			return r;
		}
	}
	return NULL;
}

/* Reads between min and max digits; -1 if there are fewer or more. */
static int skip_number(const char **p, int min, int max)
{
	int n = 0, v = 0;

	while (**p >= '0' && **p <= '9') {
		if (++n > max)
			return -1;
		v = v * 10 + *(*p)++ - '0';
	}
	return n >= min ? v : -1;
}

/* 20120331, H240331 */
static bool compact(const char *p, bool in_era, int v[3])
{
	const size_t ylen = in_era ? 2 : 4;
	size_t n = strspn(p, "0123456789");

	if (n != ylen + 4 || p[n])
		return false;
	v[0] = v[1] = v[2] = 0;
	for (size_t i = 0; i < n; i++) {
		size_t part = i < ylen ? 0 : i < ylen + 2 ? 1 : 2;
		v[part] = v[part] * 10 + p[i] - '0';
	}
	return true;
}

/* The three numbers of the text after the era; false if it is not written like a day. */
static bool numbers(const char *p, bool in_era, int v[3])
{
	char sep;

	if (compact(p, in_era, v))
		return true;
	if (in_era && skip_word(&p, "元"))
		v[0] = 1;
	else
		v[0] = in_era ? skip_number(&p, 1, 2) : skip_number(&p, 4, 4);
	if (skip_word(&p, "年")) {
		v[1] = skip_number(&p, 1, 2);
		if (!skip_word(&p, "月"))
			return false;
		v[2] = skip_number(&p, 1, 2);
		return skip_word(&p, "日") && !*p;
	}
	sep = *p;
	if (sep != '.' && sep != '/' && sep != '-')
		return false;
	p++;
	v[1] = skip_number(&p, 1, 2);
	if (*p != sep)
		return false;
	p++;
	v[2] = skip_number(&p, 1, 2);
	return !*p;
}

static bool before(struct tk_date a, struct tk_date b)
{
	return tk_date_days(a) < tk_date_days(b);
}

bool tk_date_parse(const char *s, struct tk_date *ret)
{
	const struct era *r;
	const char *p;
	struct tk_date d;
	char buf[64];
	int v[3];

	if (!s || !plain_form(s, buf, sizeof(buf)))
		return false;
	p = buf;
	r = skip_era(&p);
	if (!numbers(p, r != NULL, v) || v[0] < 1)
		return false;
	d = (struct tk_date){ r ? r->first.y + v[0] - 1 : v[0], v[1], v[2] };
	if (!tk_date_valid(d))
		return false;
	if (r && (before(d, r->first) || (r + 1 < eras + TK_LEN(eras) && !before(d, r[1].first))))
		return false;
	*ret = d;
	return true;
}

/* ---- printing ---- */

int tk_fiscal_year(struct tk_date d)
{
	return d.m >= 4 ? d.y : d.y - 1;
}

const char *tk_era_of(struct tk_date d, int *year, char *letter)
{
	const struct era *r = NULL;

	for (size_t i = 0; i < TK_LEN(eras) && !before(d, eras[i].first); i++)
		r = &eras[i];
	if (year)
		*year = r ? d.y - r->first.y + 1 : d.y;
	if (letter)
		*letter = r ? r->letter : '\0';
	return r ? r->name : "";
}

/* "平成23年", "令和元年"; before Meiji the plain year. */
static char *era_year(struct tk_arena *a, struct tk_date d, bool with_name)
{
	int year;
	const char *name = tk_era_of(d, &year, NULL);

	if (year == 1 && *name)
		return tk_sprintf(a, "%s元年", with_name ? name : "");
	return tk_sprintf(a, "%s%d年", with_name ? name : "", year);
}

char *tk_date_print(struct tk_arena *a, enum tk_lang lang, struct tk_date d)
{
	char iso[11];

	if (lang == TK_JA && tk_date_valid(d))
		return tk_sprintf(a, "%s%d月%d日", era_year(a, d, true), d.m, d.d);
	tk_date_iso(d, iso);
	return tk_strdup(a, iso);
}

char *tk_fiscal_year_print(struct tk_arena *a, enum tk_lang lang, int fy)
{
	if (lang != TK_JA)
		return tk_sprintf(a, "FY%d", fy);
	/* New Year's Eve decides: an era that began in January to March only names the next fiscal
	 * year (FY1988 stays 昭和63年度), one that began earlier names this one (令和元年度). */
	return tk_sprintf(a, "%s度", era_year(a, (struct tk_date){ fy, 12, 31 }, true));
}

static const char *third_ja(int day)
{
	return day <= 10 ? "上旬" : day <= 20 ? "中旬" : "下旬";
}

static char *third_en(struct tk_arena *a, struct tk_date d, bool with_year)
{
	static const char *const month[] = {
		"January", "February", "March", "April", "May", "June", "July", "August",
		"September", "October", "November", "December",
	};
	const char *part = d.d <= 10 ? "early " : d.d <= 20 ? "mid-" : "late ";
	char *s = tk_sprintf(a, "%s%s", part, month[d.m - 1]);

	return with_year ? tk_sprintf(a, "%s %d", s, d.y) : s;
}

char *tk_month_third_print(struct tk_arena *a, enum tk_lang lang, struct tk_date d)
{
	if (!tk_date_valid(d))
		return tk_date_print(a, lang, d);
	if (lang != TK_JA)
		return third_en(a, d, true);
	return tk_sprintf(a, "%s%d月%s", era_year(a, d, true), d.m, third_ja(d.d));
}

char *tk_period_print(struct tk_arena *a, enum tk_lang lang, struct tk_date from, struct tk_date to)
{
	const char *first = tk_month_third_print(a, lang, from), *era;

	if (!tk_date_valid(from) || !tk_date_valid(to))
		return tk_sprintf(a, lang == TK_JA ? "%sから%s" : "%s to %s", first,
				  tk_month_third_print(a, lang, to));
	if (!strcmp(first, tk_month_third_print(a, lang, to)))
		return tk_strdup(a, first);
	if (lang != TK_JA)
		return tk_sprintf(a, "%s to %s", third_en(a, from, from.y != to.y),
				  third_en(a, to, true));
	era = tk_era_of(from, NULL, NULL);
	if (strcmp(era, tk_era_of(to, NULL, NULL)) != 0)
		return tk_sprintf(a, "%sから%s", first, tk_month_third_print(a, lang, to));
	return tk_sprintf(a, "%sから%s%d月%s", first, from.y == to.y ? "" : era_year(a, to, false),
			  to.m, third_ja(to.d));
}

char *tk_today_iso(struct tk_arena *a)
{
	char *s = tk_alloc(a, 11);

	tk_date_iso(tk_today(), s);
	return s;
}
