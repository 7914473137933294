#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "expr/expr_tree.h"

struct tk_xval tk_xstr(const char *s) { return (struct tk_xval){ .type = TK_XV_STR, .s = s }; }
struct tk_xval tk_xnum(double n) { return (struct tk_xval){ .type = TK_XV_NUM, .n = n }; }
struct tk_xval tk_xbool(bool b) { return (struct tk_xval){ .type = TK_XV_BOOL, .b = b }; }

static const char *text_of(struct tk_xval v) { return v.s ? v.s : ""; }

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/* XPath's number(): blanks, an optional -, digits with at most one point; a day or a time counts
 * the days since 1970-01-01, as OpenRosa has it; all else is NaN. */
static double number_of(const char *s)
{
	const char *p;
	size_t digits = 0;
	double days;

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
	if (digits && !*p)
		return strtod(s, NULL);
	return tk_xdate_days(s, &days) ? days : (double)NAN;
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
			if (tk_xval_bool(tk_xeval(r, n)) == (op == TK_XO_OR))
				return tk_xbool(op == TK_XO_OR);
		return tk_xbool(op == TK_XO_AND);
	}
	v = tk_xeval(r, first);
	for (const struct tk_xnode *n = first->next; n; n = n->next)
		v = apply(n->op, v, tk_xeval(r, n));
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

struct tk_xval tk_xeval(const struct tk_xrun *r, const struct tk_xnode *n)
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
		return tk_xnum(-tk_xval_num(tk_xeval(r, n->child)));
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

	return tk_xeval(&r, x->root);
}

bool tk_expr_true(const struct tk_expr *x, const struct tk_xenv *env, struct tk_arena *a)
{
	return tk_xval_bool(tk_expr_eval(x, env, a));
}
