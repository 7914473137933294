/* expr_date.c - days and times in expressions.
 *
 * A day is its ISO text wherever text is asked for, and the number of days since 1970-01-01
 * wherever a number is; a time of day is the fraction behind it.  Both on the office's clock
 * (UTC+9). */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "expr/expr_tree.h"

enum { OFFICE_MINUTES = 9 * 60, DAY_SECONDS = 86400 };

static bool digits(const char **s, int n, int *ret)
{
	for (*ret = 0; n > 0; n--, ++*s) {
		if (**s < '0' || **s > '9')
			return false;
		*ret = *ret * 10 + (**s - '0');
	}
	return true;
}

/* Z, +09:00, -0330; nothing is the office's clock. */
static bool zone(const char **s, int *minutes)
{
	int h, m = 0, sign = **s == '-' ? -1 : 1;

	*minutes = OFFICE_MINUTES;
	if (**s == 'Z') {
		*minutes = 0;
		++*s;
		return true;
	}
	if (**s != '+' && **s != '-')
		return true;
	++*s;
	if (!digits(s, 2, &h))
		return false;
	*s += **s == ':';
	if (**s && **s != ' ' && !digits(s, 2, &m))
		return false;
	*minutes = sign * (h * 60 + m);
	return h <= 14 && m < 60;
}

static bool time_of_day(const char **s, double *seconds, int *minutes)
{
	int h, m, sec = 0;
	double part = 0, unit = 0.1;

	if (!digits(s, 2, &h) || **s != ':')
		return false;
	++*s;
	if (!digits(s, 2, &m))
		return false;
	if (**s == ':') {
		++*s;
		if (!digits(s, 2, &sec))
			return false;
	}
	if (**s == '.')
		for (++*s; **s >= '0' && **s <= '9'; ++*s, unit /= 10)
			part += (**s - '0') * unit;
	*seconds = h * 3600 + m * 60 + sec + part;
	return h < 24 && m < 60 && sec < 60 && zone(s, minutes);
}

bool tk_xdate_days(const char *s, double *ret)
{
	struct tk_date d;
	double seconds = 0;
	int minutes = OFFICE_MINUTES;

	while (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r')
		s++;
	if (!digits(&s, 4, &d.y) || *s++ != '-' || !digits(&s, 2, &d.m) || *s++ != '-' ||
	    !digits(&s, 2, &d.d) || !tk_date_valid(d))
		return false;
	if (*s == 'T' || (*s == ' ' && s[1] >= '0' && s[1] <= '9')) {
		s++;
		if (!time_of_day(&s, &seconds, &minutes))
			return false;
	}
	while (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r')
		s++;
	if (*s)
		return false;
	seconds -= (minutes - OFFICE_MINUTES) * 60.0;
	*ret = (double)tk_date_days(d) + seconds / DAY_SECONDS;
	return true;
}

/* Years 1 to 9999: what the text form can hold. */
static bool split(double days, struct tk_date *d, int *ms)
{
	double whole = floor(days);

	if (!(days > -719162 && days < 2932896))
		return false;
	*ms = (int)floor((days - whole) * DAY_SECONDS * 1000 + 0.5);
	if (*ms >= DAY_SECONDS * 1000) {
		*ms = 0;
		whole += 1;
	}
	*d = tk_date_of_days((int64_t)whole);
	return true;
}

const char *tk_xdate_text(struct tk_arena *a, double days, bool time)
{
	struct tk_date d;
	char iso[11];
	int ms;

	if (!split(days, &d, &ms))
		return "";
	tk_date_iso(d, iso);
	if (!time)
		return tk_strdup(a, iso);
	return tk_sprintf(a, "%sT%02d:%02d:%02d.%03d+09:00", iso, ms / 3600000, ms / 60000 % 60,
			  ms / 1000 % 60, ms % 1000);
}

struct tk_xval tk_xfn_today(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	(void)arg;
	return tk_xstr(tk_xdate_text(r->a, (double)tk_date_days(tk_today()), false));
}

struct tk_xval tk_xfn_now(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	(void)arg;
	return tk_xstr(tk_xdate_text(
		r->a, (double)(tk_now() + OFFICE_MINUTES * 60) / DAY_SECONDS, true));
}

static struct tk_xval as_date(const struct tk_xrun *r, const struct tk_xnode *arg, bool time)
{
	return tk_xstr(tk_xdate_text(r->a, tk_xval_num(tk_xeval(r, arg)), time));
}

struct tk_xval tk_xfn_date(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return as_date(r, arg, false);
}

struct tk_xval tk_xfn_date_time(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return as_date(r, arg, true);
}

/* A time of day as the fraction of its day, so that times can be compared. */
struct tk_xval tk_xfn_decimal_time(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	const char *s = tk_xval_str(r->a, tk_xeval(r, arg));
	double seconds;
	int minutes;
	bool good = time_of_day(&s, &seconds, &minutes) && !*s;

	return tk_xnum(good ? seconds / DAY_SECONDS : (double)NAN);
}

struct tk_xval tk_xfn_decimal_date_time(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return tk_xnum(tk_xval_num(tk_xeval(r, arg)));
}

static void format_one(struct tk_buf *b, char c, struct tk_date d, int ms, int weekday)
{
	static const char *const month[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	static const char *const day[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };

	switch (c) {
	case 'Y': tk_buf_fmt(b, "%04d", d.y); break;
	case 'y': tk_buf_fmt(b, "%02d", d.y % 100); break;
	case 'm': tk_buf_fmt(b, "%02d", d.m); break;
	case 'n': tk_buf_fmt(b, "%d", d.m); break;
	case 'b': tk_buf_str(b, month[d.m - 1]); break;
	case 'd': tk_buf_fmt(b, "%02d", d.d); break;
	case 'e': tk_buf_fmt(b, "%d", d.d); break;
	case 'H': tk_buf_fmt(b, "%02d", ms / 3600000); break;
	case 'h': tk_buf_fmt(b, "%d", ms / 3600000); break;
	case 'M': tk_buf_fmt(b, "%02d", ms / 60000 % 60); break;
	case 'S': tk_buf_fmt(b, "%02d", ms / 1000 % 60); break;
	case '3': tk_buf_fmt(b, "%03d", ms % 1000); break;
	case 'a': tk_buf_str(b, day[weekday]); break;
	default: tk_buf_chr(b, c);
	}
}

/* 1970-01-01 was a Thursday. */
struct tk_xval tk_xfn_format_date(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	double days = tk_xval_num(tk_xeval(r, arg));
	const char *f = tk_xval_str(r->a, tk_xeval(r, arg->next)), *s;
	struct tk_buf b = TK_BUF(TK_EXPR_TEXT);
	struct tk_date d;
	int ms, weekday;

	if (!split(days, &d, &ms))
		return tk_xstr("");
	weekday = (int)(((tk_date_days(d) + 4) % 7 + 7) % 7);
	for (; *f; f++) {
		if (*f != '%' || !f[1])
			tk_buf_chr(&b, *f);
		else
			format_one(&b, *++f, d, ms, weekday);
	}
	s = b.bad ? "" : tk_strdup(r->a, tk_buf_cstr(&b));
	tk_buf_drop(&b);
	return tk_xstr(s);
}
