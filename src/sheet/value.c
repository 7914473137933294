#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/clock.h"
#include "base/text.h"
#include "sheet/sheet_in.h"

enum { SERIAL_END = 2958466 };          /* 10000-01-01 */

static bool number_of(const char *v, double *ret)
{
	char *end;

	/* strtod alone would also take "inf", "nan" and hexadecimal */
	if (!*v || v[strspn(v, "0123456789+-.eE \t\r\n")])
		return false;
	*ret = strtod(v, &end);
	while (isspace((unsigned char)*end))
		end++;
	return end != v && !*end && isfinite(*ret);
}

/* digits d1 d2 ... with the point behind the first, times ten to the exp */
static void plain_decimal(bool minus, const char *digit, int nd, int ex, char out[TK_NUM_TEXT])
{
	char *p = out;

	if (minus)
		*p++ = '-';
	if (ex < 0) {
		*p++ = '0';
		*p++ = '.';
		for (int i = -1; i > ex; i--)
			*p++ = '0';
	}
	for (int i = 0; i < nd || i <= ex; i++) {
		if (ex >= 0 && i == ex + 1)
			*p++ = '.';
		*p++ = i < nd ? digit[i] : '0';
	}
	*p = '\0';
}

static void print_number(double d, char out[TK_NUM_TEXT])
{
	char tmp[40], digit[20];
	const char *m, *exp_at;
	int nd = 0, ex;

	/* 15 digits are always exact in decimal, 17 always in binary: the shortest that comes back
	 */
	for (int prec = 14; prec <= 16; prec++) {
		snprintf(tmp, sizeof(tmp), "%.*e", prec, d);
		if (strtod(tmp, NULL) >= d && strtod(tmp, NULL) <= d)
			break;
	}
	m = tmp + (tmp[0] == '-');
	exp_at = strchr(m, 'e');
	for (; m < exp_at; m++)
		if (*m != '.')
			digit[nd++] = *m;
	while (nd > 1 && digit[nd - 1] == '0')
		nd--;
	ex = atoi(exp_at + 1);
	if (nd == 1 && digit[0] == '0')
		snprintf(out, TK_NUM_TEXT, "0");
	else if (ex < -20 || ex > 20)
		snprintf(out, TK_NUM_TEXT, "%.*s%s%.*se%d", 1 + (tmp[0] == '-'), tmp,
			 nd > 1 ? "." : "", nd - 1, digit + 1, ex);
	else
		plain_decimal(tmp[0] == '-', digit, nd, ex, out);
}

bool tk_num_text(const char *v, char out[TK_NUM_TEXT])
{
	size_t n = strspn(v, "0123456789");
	double d;

	if (n > 0 && n <= 15 && !v[n] && (v[0] != '0' || n == 1)) {
		memcpy(out, v, n + 1);
		return true;
	}
	if (!number_of(v, &d))
		return false;
	print_number(d, out);
	return true;
}

bool tk_serial_text(const char *v, bool date1904, char out[TK_NUM_TEXT])
{
	double d, day;
	int64_t n;
	int sec;
	char iso[11] = "1900-02-29";

	if (!number_of(v, &d) || d < 0 || d >= SERIAL_END)
		return false;
	day = floor(d);
	n = (int64_t)day;
	sec = (int)lround((d - day) * 86400.0);
	if (sec == 86400) {
		sec = 0;
		n++;
	}
	if (n == 0 && d < 1 && !date1904) {
		snprintf(out, TK_NUM_TEXT, "%02d:%02d:%02d", sec / 3600, sec / 60 % 60, sec % 60);
		return true;
	}
	/* day 60 of the 1900 system is a 29 February that never was */
	if (date1904)
		tk_date_iso(tk_date_of_days(n - 24107), iso);
	else if (n != 60)
		tk_date_iso(tk_date_of_days(n - (n < 60 ? 25568 : 25569)), iso);
	if (sec)
		snprintf(out, TK_NUM_TEXT, "%s %02d:%02d:%02d", iso, sec / 3600, sec / 60 % 60,
			 sec % 60);
	else
		snprintf(out, TK_NUM_TEXT, "%s", iso);
	return true;
}

/* ISO 8601 as it stands in cells of type d: "2012-03-31T00:00:00" is a day. */
void tk_iso_text(const char *v, char out[TK_NUM_TEXT])
{
	char *t;

	snprintf(out, TK_NUM_TEXT, "%s", v);
	t = strchr(out, 'T');
	if (!t)
		return;
	*t = ' ';
	t[strcspn(t, ".Z")] = '\0';
	if (!strcmp(t, " 00:00:00"))
		*t = '\0';
}

bool tk_format_id_is_date(int64_t id)
{
	return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
		(id >= 50 && id <= 58);
}

bool tk_format_is_date(const char *p)
{
	for (; *p; p++) {
		if (*p == '"') {
			p = strchr(p + 1, '"');
		} else if (*p == '[') {
			p = strchr(p + 1, ']');
		} else if (*p == '\\' || *p == '_' || *p == '*') {
			p++;
		} else if (!strncasecmp(p, "general", 7)) {
			p += 6;
		} else if (!strncasecmp(p, "g/", 2)) {
			p++;            /* G/標準: General, as some Japanese programs store it */
		} else if ((*p == 'e' || *p == 'E') && (p[1] == '+' || p[1] == '-')) {
			p++;            /* 0.00E+00 */
		} else if (strchr("yYmMdDeEgGhHsS", *p) || !strncasecmp(p, "aaa", 3)) {
			return true;
		}
		if (!p || !*p)
			return false;
	}
	return false;
}

/* The code unit of "_xHHHH_" at s, or -1. */
static int32_t escape_at(const char *s, size_t n)
{
	int32_t v = 0;

	if (n < 7 || s[0] != '_' || s[1] != 'x' || s[6] != '_')
		return -1;
	for (int i = 2; i < 6; i++) {
		int c = (unsigned char)s[i];
		if (!isxdigit(c))
			return -1;
		v = v * 16 + (isdigit(c) ? c - '0' : tolower(c) - 'a' + 10);
	}
	return v;
}

size_t tk_unescape(char *s, size_t n)
{
	size_t w = 0;

	for (size_t r = 0; r < n;) {
		int32_t u = escape_at(s + r, n - r), low;
		uint32_t cp = (uint32_t)u;
		size_t used = 7;
		if (u >= 0xD800 && u < 0xDC00) {
			low = escape_at(s + r + 7, n - r - 7);
			cp = 0x10000 + (((uint32_t)u - 0xD800) << 10) + ((uint32_t)low - 0xDC00);
			u = low >= 0xDC00 && low < 0xE000 ? u : -1;
			used = 14;
		} else if (u >= 0xDC00 && u < 0xE000) {
			u = -1;
		}
		if (u <= 0) {
			s[w++] = s[r++];
			continue;
		}
		w += tk_utf8_put(cp, s + w);
		r += used;
	}
	s[w] = '\0';
	return w;
}
