/* expr_fn.c - the functions of expressions.  Each evaluates the arguments it needs.
 *
 * What each gives is written in docs/EXPRESSIONS.md, whose examples are a test.  A text is at most
 * TK_EXPR_TEXT bytes long, so that calculations over calculations cannot explode. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "expr/expr_tree.h"

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static double num_arg(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return tk_xval_num(tk_xeval(r, arg));
}

static const char *str_arg(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return tk_xval_str(r->a, tk_xeval(r, arg));
}

/* The next word at or after *s, and its length; NULL at the end. */
static const char *word_at(const char *s, size_t *len)
{
	while (is_space(*s))
		s++;
	for (*len = 0; s[*len] && !is_space(s[*len]); ++*len)
		;
	return *len ? s : NULL;
}

static struct tk_xval fn_selected(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	const char *list = str_arg(r, arg), *want = str_arg(r, arg->next), *rest;
	size_t n, len, more;

	want = word_at(want, &n);
	if (!want || word_at(want + n, &more))
		return tk_xbool(false);
	for (rest = list; (rest = word_at(rest, &len)) != NULL; rest += len)
		if (len == n && !memcmp(rest, want, n))
			return tk_xbool(true);
	return tk_xbool(false);
}

static struct tk_xval fn_count_selected(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	const char *rest = str_arg(r, arg);
	size_t len, n = 0;

	for (; (rest = word_at(rest, &len)) != NULL; rest += len)
		n++;
	return tk_xnum((double)n);
}

static struct tk_xval fn_if(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return tk_xeval(r, tk_xval_bool(tk_xeval(r, arg)) ? arg->next : arg->next->next);
}

static bool is_empty(struct tk_xval v) { return v.type == TK_XV_STR && (!v.s || !*v.s); }

static struct tk_xval fn_coalesce(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	struct tk_xval v = tk_xeval(r, arg);

	while (is_empty(v) && (arg = arg->next) != NULL)
		v = tk_xeval(r, arg);
	return v;
}

static struct tk_xval fn_not(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return tk_xbool(!tk_xval_bool(tk_xeval(r, arg)));
}

static struct tk_xval fn_true(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	(void)r, (void)arg;
	return tk_xbool(true);
}

static struct tk_xval fn_false(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	(void)r, (void)arg;
	return tk_xbool(false);
}

static struct tk_xval fn_boolean(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return tk_xbool(tk_xval_bool(tk_xeval(r, arg)));
}

static struct tk_xval fn_number(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return tk_xnum(tk_xval_num(tk_xeval(r, arg)));
}

static struct tk_xval fn_string(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return tk_xstr(str_arg(r, arg));
}

static struct tk_xval fn_string_length(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return tk_xnum((double)tk_utf8_count(str_arg(r, arg)));
}

static struct tk_xval fn_contains(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	const char *s = str_arg(r, arg);

	return tk_xbool(strstr(s, str_arg(r, arg->next)) != NULL);
}

static struct tk_xval fn_starts_with(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	const char *s = str_arg(r, arg), *head = str_arg(r, arg->next);

	return tk_xbool(!strncmp(s, head, strlen(head)));
}

/* ---- text ---- */

/* Texts one after the other with sep between, cut on a whole character at the ceiling. */
static struct tk_xval gather(const struct tk_xrun *r, const struct tk_xnode *arg, const char *sep)
{
	size_t len = 0, cap = 64;
	char *s = tk_alloc(r->a, cap);

	for (bool first = true; arg && len < TK_EXPR_TEXT; arg = arg->next, first = false) {
		const char *part[2] = { first ? "" : sep, str_arg(r, arg) };

		for (size_t k = 0; k < 2; k++) {
			size_t n = strlen(part[k]);

			if (n > TK_EXPR_TEXT - len)
				for (n = TK_EXPR_TEXT - len;
				     n && ((unsigned char)part[k][n] & 0xC0) == 0x80; n--)
					;
			/* doubling keeps what an arena cannot give back below the length of the
			 * result */
			if (len + n >= cap) {
				cap = (len + n + 1) * 2;
				s = memcpy(tk_alloc(r->a, cap), s, len);
			}
			memcpy(s + len, part[k], n);
			s[len += n] = '\0';
		}
	}
	return tk_xstr(s);
}

static struct tk_xval fn_concat(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return gather(r, arg, "");
}

static struct tk_xval fn_join(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return gather(r, arg->next, str_arg(r, arg));
}

static struct tk_xval fn_ends_with(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	const char *s = str_arg(r, arg), *tail = str_arg(r, arg->next);
	size_t n = strlen(s), m = strlen(tail);

	return tk_xbool(m <= n && !memcmp(s + n - m, tail, m));
}

/* Byte offset of character i, at most the end. */
static size_t offset_of(const char *s, double i)
{
	size_t at = 0, n;
	uint32_t cp;

	for (; i >= 1 && (n = tk_utf8_get(s + at, &cp)) != 0; i -= 1)
		at += n;
	return at;
}

/* Positions count from 0, negative ones from the end; the character at `to` is not part of it. */
static struct tk_xval fn_substr(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	const char *s = str_arg(r, arg);
	double n = (double)tk_utf8_count(s), from = num_arg(r, arg->next);
	double to = arg->next->next ? num_arg(r, arg->next->next) : n;
	size_t a, b;

	if (isnan(from) || isnan(to))
		return tk_xstr("");
	from = trunc(from < 0 ? fmax(from + n, 0) : from);
	to = trunc(to < 0 ? to + n : to);
	a = offset_of(s, from);
	b = offset_of(s, to);
	return tk_xstr(b > a ? tk_strndup(r->a, s + a, b - a) : "");
}

static struct tk_xval fn_substring_before(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	const char *s = str_arg(r, arg), *at = strstr(s, str_arg(r, arg->next));

	return tk_xstr(at ? tk_strndup(r->a, s, (size_t)(at - s)) : "");
}

static struct tk_xval fn_substring_after(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	const char *s = str_arg(r, arg), *what = str_arg(r, arg->next), *at = strstr(s, what);

	return tk_xstr(at ? at + strlen(what) : "");
}

/* The character at position i of to, or none. */
static size_t put_at(const char *to, size_t i, char *dst)
{
	const char *p = to + offset_of(to, (double)i);
	uint32_t cp;
	size_t n = tk_utf8_get(p, &cp);

	memcpy(dst, p, n);
	return n;
}

static struct tk_xval fn_translate(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	const char *s = str_arg(r, arg), *from = str_arg(r, arg->next),
		   *to = str_arg(r, arg->next->next);
	size_t n, m, len = 0;
	uint32_t cp, f;
	char *out;

	if (strlen(from) > 1000)                        /* time grows with both lengths */
		return tk_xstr("");
	out = tk_alloc(r->a, strlen(s) * 4 + 1);
	for (; (n = tk_utf8_get(s, &cp)) != 0; s += n) {
		const char *p = from;
		size_t i = 0;

		for (; (m = tk_utf8_get(p, &f)) != 0 && f != cp; p += m)
			i++;
		if (m) {
			len += put_at(to, i, out + len);
		} else {
			memcpy(out + len, s, n);
			len += n;
		}
	}
	return tk_xstr(out);
}

static struct tk_xval fn_normalize_space(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	const char *rest = str_arg(r, arg);
	char *out = tk_alloc(r->a, strlen(rest) + 1);
	size_t len = 0, n;

	for (; (rest = word_at(rest, &n)) != NULL; rest += n) {
		if (len)
			out[len++] = ' ';
		memcpy(out + len, rest, n);
		len += n;
	}
	return tk_xstr(out);
}

static struct tk_xval fn_regex(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	const char *s = str_arg(r, arg);

	return tk_xbool(tk_xregex_match(arg, s));
}

static struct tk_xval fn_boolean_from_string(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	const char *s = str_arg(r, arg);

	return tk_xbool(!strcmp(s, "true") || !strcmp(s, "True") || !strcmp(s, "TRUE") ||
			!strcmp(s, "1"));
}

/* ---- lists of choices ---- */

static struct tk_xval fn_selected_at(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	const char *rest = str_arg(r, arg);
	double i = num_arg(r, arg->next);
	size_t n;

	if (!(i >= 0))
		return tk_xstr("");
	for (; (rest = word_at(rest, &n)) != NULL; rest += n, i -= 1)
		if (i < 1)
			return tk_xstr(tk_strndup(r->a, rest, n));
	return tk_xstr("");
}

/* The second value is '${name}', as XLSForm has it. */
static struct tk_xval fn_choice_name(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	const char *code = str_arg(r, arg), *q = str_arg(r, arg->next), *label = NULL;
	size_t n = strlen(q);

	if (n > 3 && q[0] == '$' && q[1] == '{' && q[n - 1] == '}')
		q = tk_strndup(r->a, q + 2, n - 3);
	if (r->env->label)
		label = r->env->label(r->env->ctx, q, code);
	return tk_xstr(label ? label : code);
}

static struct tk_xval fn_once(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return is_empty(r->env->self) ? tk_xeval(r, arg) : r->env->self;
}

/* ---- numbers ---- */

static struct tk_xval fn_int(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return tk_xnum(trunc(num_arg(r, arg)));
}

/* Half goes up (towards plus infinity), decided on the decimal digits a person sees: 1.005 to two
 * places is 1.01, though the double lies a hair below it. */
static double round_to(struct tk_arena *a, double x, int places)
{
	const char *s, *point;
	char digit[400];
	size_t n = 0;
	int whole, keep;
	bool up;

	if (!isfinite(x) || x == 0 || places > 300)
		return x;
	s = tk_xval_str(a, tk_xnum(fabs(x)));
	point = strchr(s, '.');
	whole = (int)(point ? (size_t)(point - s) : strlen(s));
	for (; *s && n < sizeof(digit) - 1; s++)
		if (*s != '.')
			digit[n++] = *s;
	digit[n] = '\0';
	keep = whole + places;
	if (keep >= (int)n)
		return x;
	if (keep < 0)
		return 0;
	up = digit[keep] > '5' ||
	     (digit[keep] == '5' &&
	      (x > 0 || strspn(digit + keep + 1, "0") != strlen(digit + keep + 1)));
	digit[keep] = '\0';
	s = tk_sprintf(a, "%.0fe%d", (keep ? strtod(digit, NULL) : 0) + up, -places);
	return x < 0 ? -strtod(s, NULL) : strtod(s, NULL);
}

static struct tk_xval fn_round(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	double x = num_arg(r, arg), places = arg->next ? trunc(num_arg(r, arg->next)) : 0;

	if (isnan(places))
		return tk_xnum((double)NAN);
	return tk_xnum(round_to(r->a, x, (int)fmax(fmin(places, 400), -400)));
}

static struct tk_xval fn_pow(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return tk_xnum(pow(num_arg(r, arg), num_arg(r, arg->next)));
}

static struct tk_xval fn_abs(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return tk_xnum(fabs(num_arg(r, arg)));
}

static struct tk_xval fn_sqrt(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return tk_xnum(sqrt(num_arg(r, arg)));
}

static struct tk_xval fn_exp(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return tk_xnum(exp(num_arg(r, arg)));
}

static struct tk_xval fn_log(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return tk_xnum(log(num_arg(r, arg)));
}

static struct tk_xval fn_log10(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return tk_xnum(log10(num_arg(r, arg)));
}

/* ---- many values: empty texts are left out ---- */

static struct tk_xval fn_sum(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	double n = 0;

	for (; arg; arg = arg->next) {
		struct tk_xval v = tk_xeval(r, arg);

		if (!is_empty(v))
			n += tk_xval_num(v);
	}
	return tk_xnum(n);
}

static struct tk_xval extreme(const struct tk_xrun *r, const struct tk_xnode *arg, double sign)
{
	double best = (double)NAN;
	bool any = false;

	for (; arg; arg = arg->next) {
		struct tk_xval v = tk_xeval(r, arg);
		double n = tk_xval_num(v);

		if (is_empty(v))
			continue;
		if (isnan(n))
			return tk_xnum(n);
		if (!any || n * sign > best * sign)
			best = n;
		any = true;
	}
	return tk_xnum(best);
}

static struct tk_xval fn_min(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return extreme(r, arg, -1);
}
static struct tk_xval fn_max(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return extreme(r, arg, 1);
}

static struct tk_xval fn_count(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	double n = 0;

	(void)r;
	for (; arg; arg = arg->next)
		n += 1;
	return tk_xnum(n);
}

static struct tk_xval fn_count_non_empty(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	double n = 0;

	for (; arg; arg = arg->next)
		n += !is_empty(tk_xeval(r, arg));
	return tk_xnum(n);
}

/* -1 is no limit. */
static struct tk_xval between(double n, double min, double max)
{
	return tk_xbool((min == -1 || n >= min) && (max == -1 || n <= max));
}

static struct tk_xval fn_checklist(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	double min = num_arg(r, arg), max = num_arg(r, arg->next), n = 0;

	for (arg = arg->next->next; arg; arg = arg->next)
		n += tk_xval_bool(tk_xeval(r, arg));
	return between(n, min, max);
}

static struct tk_xval fn_weighted_checklist(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	double min = num_arg(r, arg), max = num_arg(r, arg->next), n = 0;

	for (arg = arg->next->next; arg && arg->next; arg = arg->next->next)
		if (tk_xval_bool(tk_xeval(r, arg)))
			n += num_arg(r, arg->next);
	return between(n, min, max);
}

static const struct tk_xfn function[] = {
	{ "abs", 1, 1, false, fn_abs },
	{ "boolean", 1, 1, false, fn_boolean },
	{ "boolean-from-string", 1, 1, false, fn_boolean_from_string },
	{ "checklist", 2, -1, false, fn_checklist },
	{ "coalesce", 2, -1, false, fn_coalesce },
	{ "concat", 1, -1, false, fn_concat },
	{ "contains", 2, 2, false, fn_contains },
	{ "count", 1, -1, false, fn_count },
	{ "count-non-empty", 1, -1, false, fn_count_non_empty },
	{ "count-selected", 1, 1, false, fn_count_selected },
	{ "date", 1, 1, false, tk_xfn_date },
	{ "date-time", 1, 1, false, tk_xfn_date_time },
	{ "decimal-date-time", 1, 1, false, tk_xfn_decimal_date_time },
	{ "decimal-time", 1, 1, false, tk_xfn_decimal_time },
	{ "ends-with", 2, 2, false, fn_ends_with },
	{ "exp", 1, 1, false, fn_exp },
	{ "false", 0, 0, false, fn_false },
	{ "format-date", 2, 2, false, tk_xfn_format_date },
	{ "format-date-time", 2, 2, false, tk_xfn_format_date },
	{ "if", 3, 3, false, fn_if },
	{ "int", 1, 1, false, fn_int },
	{ "join", 2, -1, false, fn_join },
	{ "jr:choice-name", 2, 2, false, fn_choice_name },
	{ "log", 1, 1, false, fn_log },
	{ "log10", 1, 1, false, fn_log10 },
	{ "max", 1, -1, false, fn_max },
	{ "min", 1, -1, false, fn_min },
	{ "normalize-space", 0, 1, true, fn_normalize_space },
	{ "not", 1, 1, false, fn_not },
	{ "now", 0, 0, false, tk_xfn_now },
	{ "number", 0, 1, true, fn_number },
	{ "once", 1, 1, false, fn_once },
	{ "pow", 2, 2, false, fn_pow },
	{ "regex", 2, 2, false, fn_regex },
	{ "round", 1, 2, false, fn_round },
	{ "selected", 2, 2, false, fn_selected },
	{ "selected-at", 2, 2, false, fn_selected_at },
	{ "sqrt", 1, 1, false, fn_sqrt },
	{ "starts-with", 2, 2, false, fn_starts_with },
	{ "string", 0, 1, true, fn_string },
	{ "string-length", 0, 1, true, fn_string_length },
	{ "substr", 2, 3, false, fn_substr },
	{ "substring-after", 2, 2, false, fn_substring_after },
	{ "substring-before", 2, 2, false, fn_substring_before },
	{ "sum", 1, -1, false, fn_sum },
	{ "today", 0, 0, false, tk_xfn_today },
	{ "translate", 3, 3, false, fn_translate },
	{ "true", 0, 0, false, fn_true },
	{ "weighted-checklist", 4, -1, false, fn_weighted_checklist },
};

const struct tk_xfn *tk_xfn_find(const char *name, size_t len)
{
	for (size_t i = 0; i < TK_LEN(function); i++)
		if (strlen(function[i].name) == len && !memcmp(function[i].name, name, len))
			return &function[i];
	return NULL;
}

#define REPEAT N_("it works on repeats, and a questionnaire here has none")
#define RANDOM N_("its result could not be computed again")
#define FILES  N_("it reads data from outside the questionnaire")
#define PLACE  N_("it works on places, which are not asked here")

const char *tk_xfn_refused(const char *name, size_t len)
{
	static const struct { const char *name, *why;
	} fn[] = {
		{ "position", REPEAT },  { "indexed-repeat", REPEAT },
		{ "last", REPEAT },      { "random", RANDOM },
		{ "randomize", RANDOM }, { "uuid", RANDOM },
		{ "instance", FILES },   { "pulldata", FILES },
		{ "current", FILES },    { "digest", FILES },
		{ "area", PLACE },       { "distance", PLACE },
		{ "geofence", PLACE },
	};

	for (size_t i = 0; i < TK_LEN(fn); i++)
		if (strlen(fn[i].name) == len && !memcmp(fn[i].name, name, len))
			return fn[i].why;
	return NULL;
}
