#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "survey/expr_tree.h"

struct tk_xrun {
	const struct tk_expr *x;
	const struct tk_xenv *env;
	struct tk_arena      *a;
};

static struct tk_xval eval(const struct tk_xrun *r, const struct tk_xnode *n);

struct tk_xval tk_xstr(const char *s) { return (struct tk_xval){ .type = TK_XV_STR, .s = s }; }
struct tk_xval tk_xnum(double n) { return (struct tk_xval){ .type = TK_XV_NUM, .n = n }; }
struct tk_xval tk_xbool(bool b) { return (struct tk_xval){ .type = TK_XV_BOOL, .b = b }; }

static const char *text_of(struct tk_xval v) { return v.s ? v.s : ""; }

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/* XPath's number(): blanks, an optional -, digits with at most one point; all else is NaN. */
static double number_of(const char *s)
{
	const char *p;
	size_t digits = 0;

	while (is_space(*s))
		s++;
	p = *s == '-' ? s + 1 : s;
	for (; *p >= '0' && *p <= '9'; p++)
		digits++;
	if (*p == '.')
		for (p++; *p >= '0' && *p <= '9'; p++)
			digits++;
	while (is_space(*p))
		p++;
	return digits && !*p ? strtod(s, NULL) : (double)NAN;
}

double tk_xval_num(struct tk_xval v)
{
	switch (v.type) {
	case TK_XV_NUM:
		return v.n;
	case TK_XV_BOOL:
		return v.b ? 1 : 0;
	case TK_XV_STR:
		break;
	}
	return number_of(text_of(v));
}

bool tk_xval_bool(struct tk_xval v)
{
	switch (v.type) {
	case TK_XV_NUM:
		return v.n < 0 || v.n > 0;
	case TK_XV_BOOL:
		return v.b;
	case TK_XV_STR:
		break;
	}
	return *text_of(v) != '\0';
}

/* The shortest decimal that reads back as n, never with an exponent, as XPath's string() has it. */
static const char *number_text(struct tk_arena *a, double n)
{
	char buf[32];
	int p, exp10, dec;

	if (isnan(n))
		return "NaN";
	if (isinf(n))
		return n > 0 ? "Infinity" : "-Infinity";
	if (n == 0)
		return "0";
	for (p = 0; p < 16; p++) {
		snprintf(buf, sizeof(buf), "%.*e", p, n);
		if (strtod(buf, NULL) == n)
			break;
	}
	snprintf(buf, sizeof(buf), "%.*e", p, n);
	exp10 = atoi(strchr(buf, 'e') + 1);
	dec = p - exp10;
	return tk_sprintf(a, "%.*f", dec > 0 ? dec : 0, n);
}

const char *tk_xval_str(struct tk_arena *a, struct tk_xval v)
{
	switch (v.type) {
	case TK_XV_NUM:
		return number_text(a, v.n);
	case TK_XV_BOOL:
		return v.b ? "true" : "false";
	case TK_XV_STR:
		break;
	}
	return text_of(v);
}

/* l = r, or l != r when eq is false.  On NaN, C's == and != do what XPath asks. */
static bool compare(struct tk_xval l, struct tk_xval r, bool eq)
{
	double a, b;

	if (l.type == TK_XV_BOOL || r.type == TK_XV_BOOL)
		return (tk_xval_bool(l) == tk_xval_bool(r)) == eq;
	if (l.type == TK_XV_STR && r.type == TK_XV_STR)
		return !strcmp(text_of(l), text_of(r)) == eq;
	a = tk_xval_num(l);
	b = tk_xval_num(r);
	return eq ? a == b : a != b;
}

static struct tk_xval apply(enum tk_xop op, struct tk_xval l, struct tk_xval r)
{
	double a, b;

	if (op == TK_XO_EQ || op == TK_XO_NE)
		return tk_xbool(compare(l, r, op == TK_XO_EQ));
	a = tk_xval_num(l);
	b = tk_xval_num(r);
	switch (op) {
	case TK_XO_LT: return tk_xbool(a < b);
	case TK_XO_LE: return tk_xbool(a <= b);
	case TK_XO_GT: return tk_xbool(a > b);
	case TK_XO_GE: return tk_xbool(a >= b);
	case TK_XO_ADD: return tk_xnum(a + b);
	case TK_XO_SUB: return tk_xnum(a - b);
	case TK_XO_MUL: return tk_xnum(a * b);
	case TK_XO_DIV: return tk_xnum(a / b);
	case TK_XO_MOD: return tk_xnum(fmod(a, b));
	case TK_XO_NONE:
	case TK_XO_OR:
	case TK_XO_AND:
	case TK_XO_EQ:
	case TK_XO_NE:
		break;
	}
	abort();
}

static struct tk_xval eval_chain(const struct tk_xrun *r, const struct tk_xnode *first)
{
	enum tk_xop op = first->next->op;
	struct tk_xval v;

	if (op == TK_XO_OR || op == TK_XO_AND) {
		for (const struct tk_xnode *n = first; n; n = n->next)
			if (tk_xval_bool(eval(r, n)) == (op == TK_XO_OR))
				return tk_xbool(op == TK_XO_OR);
		return tk_xbool(op == TK_XO_AND);
	}
	v = eval(r, first);
	for (const struct tk_xnode *n = first->next; n; n = n->next)
		v = apply(n->op, v, eval(r, n));
	return v;
}

static struct tk_xval variable(const struct tk_xrun *r, size_t name)
{
	const struct tk_xenv *env = r->env;
	struct tk_xval v = { 0 };

	if (r->x->resolved && env->slot)
		return env->slot[r->x->slot[name]];
	if (env->get && env->get(env->ctx, r->x->name[name], &v))
		return v;
	return tk_xstr("");
}

static struct tk_xval eval(const struct tk_xrun *r, const struct tk_xnode *n)
{
	switch (n->kind) {
	case TK_X_STR:
	case TK_X_NUM:
		return n->val;
	case TK_X_VAR:
		return variable(r, n->name);
	case TK_X_SELF:
		return r->env->self;
	case TK_X_NEG:
		return tk_xnum(-tk_xval_num(eval(r, n->child)));
	case TK_X_CHAIN:
		return eval_chain(r, n->child);
	case TK_X_CALL:
		return n->fn->run(r, n->child);
	}
	abort();
}

struct tk_xval tk_expr_eval(const struct tk_expr *x, const struct tk_xenv *env, struct tk_arena *a)
{
	struct tk_xrun r = { .x = x, .env = env, .a = a };

	return eval(&r, x->root);
}

bool tk_expr_true(const struct tk_expr *x, const struct tk_xenv *env, struct tk_arena *a)
{
	return tk_xval_bool(tk_expr_eval(x, env, a));
}

/* ---- functions: each evaluates the arguments it needs ---- */

static const char *str_arg(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return tk_xval_str(r->a, eval(r, arg));
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
	return eval(r, tk_xval_bool(eval(r, arg)) ? arg->next : arg->next->next);
}

static struct tk_xval fn_coalesce(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	struct tk_xval v = eval(r, arg);

	return v.type == TK_XV_STR && !*text_of(v) ? eval(r, arg->next) : v;
}

static struct tk_xval fn_not(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return tk_xbool(!tk_xval_bool(eval(r, arg)));
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
	return tk_xbool(tk_xval_bool(eval(r, arg)));
}

static struct tk_xval fn_number(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return tk_xnum(tk_xval_num(eval(r, arg)));
}

static struct tk_xval fn_string(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	return tk_xstr(str_arg(r, arg));
}

static struct tk_xval fn_concat(const struct tk_xrun *r, const struct tk_xnode *arg)
{
	size_t len = 0, cap = 64;
	char *s = tk_alloc(r->a, cap);

	for (; arg; arg = arg->next) {
		const char *more = str_arg(r, arg);
		size_t n = strlen(more);
		/* doubling keeps what an arena cannot give back below the length of the result */
		if (len + n >= cap) {
			cap = (len + n + 1) * 2;
			s = memcpy(tk_alloc(r->a, cap), s, len);
		}
		memcpy(s + len, more, n + 1);
		len += n;
	}
	return tk_xstr(s);
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

static const struct tk_xfn function[] = {
	{ "boolean", 1, 1, false, fn_boolean },
	{ "coalesce", 2, 2, false, fn_coalesce },
	{ "concat", 1, -1, false, fn_concat },
	{ "contains", 2, 2, false, fn_contains },
	{ "count-selected", 1, 1, false, fn_count_selected },
	{ "false", 0, 0, false, fn_false },
	{ "if", 3, 3, false, fn_if },
	{ "not", 1, 1, false, fn_not },
	{ "number", 0, 1, true, fn_number },
	{ "selected", 2, 2, false, fn_selected },
	{ "starts-with", 2, 2, false, fn_starts_with },
	{ "string", 0, 1, true, fn_string },
	{ "string-length", 0, 1, true, fn_string_length },
	{ "true", 0, 0, false, fn_true },
};

const struct tk_xfn *tk_xfn_find(const char *name, size_t len)
{
	for (size_t i = 0; i < TK_LEN(function); i++)
		if (strlen(function[i].name) == len && !memcmp(function[i].name, name, len))
			return &function[i];
	return NULL;
}
