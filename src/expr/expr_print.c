/* expr_print.c - see expr_print.h.  Every put_*() writes one value of the type it is asked for. */
#include <math.h>
#include <string.h>
#include "expr/expr_print.h"
#include "expr/expr_tree.h"

struct print {
	const struct tk_expr       *x;
	enum tk_xprint              as;
	const struct tk_xprint_env *env;
	struct tk_buf              *b;
	struct tk_err              *e;
	enum tk_rc                  rc;
	struct tk_arena            *a;
};

static void put(struct print *p, const struct tk_xnode *n, enum tk_xtype want);

static bool excel(const struct print *p) { return p->as == TK_XP_EXCEL; }

static void cannot(struct print *p, const struct tk_xnode *n)
{
	if (p->rc == TK_OK)
		p->rc = tk_fail(p->e, TK_EINVAL, "expression",
				excel(p) ? N_("Column %d: this cannot be written as a formula.")
					 : N_("Column %d: this cannot be written in SQL."),
				tk_xlex_column(p->x->text, n->at));
}

/* Copies f; each $1 to $3 is an argument, written as the types say: s, n, b. */
static void form(struct print *p, const char *f, const struct tk_xnode *const *arg,
		 const char *types)
{
	for (; *f; f++) {
		size_t k = f[0] == '$' && f[1] >= '1' && f[1] <= '3' ? (size_t)(f[1] - '1') : 9;

		if (k == 9) {
			tk_buf_chr(p->b, *f);
			continue;
		}
		put(p, arg[k],
		    types[k] == 's'   ? TK_XV_STR
		    : types[k] == 'n' ? TK_XV_NUM
				      : TK_XV_BOOL);
		f++;
	}
}

/* -- functions: what each is, NULL where it cannot be ------------------------------------------ */
static const struct shape {
	const char *name;
	enum tk_xtype type;
	const char *args, *sql, *excel;
} shape[] = {
	{ "true", TK_XV_BOOL, "", "TRUE", "TRUE" },
	{ "false", TK_XV_BOOL, "", "FALSE", "FALSE" },
	{ "not", TK_XV_BOOL, "b", "(NOT $1)", "NOT($1)" },
	{ "boolean", TK_XV_BOOL, "b", "$1", "$1" },
	{ "number", TK_XV_NUM, "n", "$1", "$1" },
	{ "string", TK_XV_STR, "s", "$1", "$1" },
	{ "string-length", TK_XV_NUM, "s", "LENGTH($1)", "LEN($1)" },
	{ "selected", TK_XV_BOOL, "ss",
	  "(REPLACE(' ' || $1 || ' ', ' ' || $2 || ' ', '') <> ' ' || $1 || ' ')",
	  "ISNUMBER(FIND(\" \"&$2&\" \",\" \"&$1&\" \"))" },
	{ "count-selected", TK_XV_NUM, "s",
	  "(CASE WHEN TRIM($1) = '' THEN 0 ELSE LENGTH(TRIM($1)) - LENGTH(REPLACE(TRIM($1), ' ', "
	  "'')) + 1 END)",
	  "IF(TRIM($1)=\"\",0,LEN(TRIM($1))-LEN(SUBSTITUTE(TRIM($1),\" \",\"\"))+1)" },
	{ "contains", TK_XV_BOOL, "ss", "($2 = '' OR REPLACE($1, $2, '') <> $1)",
	  "ISNUMBER(FIND($2,$1))" },
	{ "starts-with", TK_XV_BOOL, "ss", "(SUBSTR($1, 1, LENGTH($2)) = $2)",
	  "EXACT(LEFT($1,LEN($2)),$2)" },
	{ "ends-with", TK_XV_BOOL, "ss", NULL, "EXACT(RIGHT($1,LEN($2)),$2)" },
	{ "int", TK_XV_NUM, "n", NULL, "TRUNC($1)" },
	{ "abs", TK_XV_NUM, "n", "ABS($1)", "ABS($1)" },
	{ "today", TK_XV_STR, "", NULL, "TEXT(TODAY(),\"yyyy-mm-dd\")" },
};

static const struct shape *shape_of(const struct tk_xnode *n)
{
	for (size_t i = 0; i < TK_LEN(shape); i++)
		if (!strcmp(shape[i].name, n->fn->name))
			return &shape[i];
	return NULL;
}

static enum tk_xtype type_of(const struct tk_xnode *n)
{
	const struct shape *s;

	switch (n->kind) {
	case TK_X_STR: case TK_X_VAR: case TK_X_SELF:
		return TK_XV_STR;
	case TK_X_NUM: case TK_X_NEG:
		return TK_XV_NUM;
	case TK_X_CHAIN:
		return n->child->next->op >= TK_XO_ADD ? TK_XV_NUM : TK_XV_BOOL;
	case TK_X_CALL:
		break;
	}
	if (!strcmp(n->fn->name, "if"))
		return type_of(n->child->next);
	s = shape_of(n);
	return s ? s->type : TK_XV_STR;
}

static void put_text(struct print *p, const char *s, char quote)
{
	tk_buf_chr(p->b, quote);
	for (; *s; s++) {
		if (*s == quote)
			tk_buf_chr(p->b, quote);
		tk_buf_chr(p->b, *s);
	}
	tk_buf_chr(p->b, quote);
}

static void put_ref(struct print *p, const struct tk_xnode *n)
{
	const char *s = n->kind == TK_X_SELF ? p->env->self
			: p->env->ref        ? p->env->ref(p->env->ctx, p->x->name[n->name])
					     : NULL;

	if (!s)
		cannot(p, n);
	else if (excel(p)) /* a cell may hold a number: as the text that a person reads */
		tk_buf_fmt(p->b, "(%s&\"\")", s);
	else
		tk_buf_str(p->b, s);
}

static void put_logic(struct print *p, const struct tk_xnode *first)
{
	bool or = first->next->op == TK_XO_OR;
	int count = 0;

	tk_buf_str(p->b, excel(p) ? or ? "OR(" : "AND(" : "(");
	for (const struct tk_xnode *n = first; n; n = n->next, count++) {
		if (n != first)
			tk_buf_str(p->b, excel(p) ? "," : or ? " OR " : " AND ");
		put(p, n, TK_XV_BOOL);
	}
	tk_buf_chr(p->b, ')');
	if (excel(p) && count > 255)
		cannot(p, first);
}

static void put_compare(struct print *p, const struct tk_xnode *l, const struct tk_xnode *r)
{
	static const char *const sign[] = {
		[TK_XO_EQ] = "=",  [TK_XO_NE] = "<>", [TK_XO_LT] = "<",
		[TK_XO_LE] = "<=", [TK_XO_GT] = ">",  [TK_XO_GE] = ">=",
	};
	const struct tk_xnode *arg[2] = { l, r };
	bool equal = r->op == TK_XO_EQ || r->op == TK_XO_NE, ne = r->op == TK_XO_NE;
	bool boolean = equal && (type_of(l) == TK_XV_BOOL || type_of(r) == TK_XV_BOOL);
	bool text = equal && type_of(l) == TK_XV_STR && type_of(r) == TK_XV_STR;

	if (r->next) {                          /* a = b = c compares a truth value */
		cannot(p, r->next);
		return;
	}
	if (text && excel(p))
		form(p, ne ? "NOT(EXACT($1,$2))" : "EXACT($1,$2)", arg, "ss");
	else if (text || boolean)
		form(p, ne ? "($1 <> $2)" : "($1 = $2)", arg, text ? "ss" : "bb");
	else {
		tk_buf_str(p->b, excel(p) ? "IFERROR(" : "COALESCE(");
		put(p, l, TK_XV_NUM);
		tk_buf_str(p->b, sign[r->op]);
		put(p, r, TK_XV_NUM);
		tk_buf_str(p->b, ne ? ",TRUE)" : ",FALSE)");
	}
}

static void put_sum(struct print *p, const struct tk_xnode *first)
{
	for (const struct tk_xnode *n = first->next; n; n = n->next)
		tk_buf_chr(p->b, '(');
	put(p, first, TK_XV_NUM);
	for (const struct tk_xnode *n = first->next; n; n = n->next) {
		const struct tk_xnode *arg[1] = { n };

		if (n->op == TK_XO_MOD) {       /* of another sign there */
			cannot(p, n);
			return;
		}
		form(p,
		     n->op == TK_XO_ADD   ? " + $1)"
		     : n->op == TK_XO_SUB ? " - $1)"
		     : n->op == TK_XO_MUL ? " * $1)"
		     : excel(p)           ? " / $1)"
					  : " / NULLIF($1, 0))",
		     arg, "n");
	}
}

static void put_call(struct print *p, const struct tk_xnode *n)
{
	const struct tk_xnode *arg[3] = { 0 };
	const struct shape *s = shape_of(n);
	const char *f, *words;
	size_t k = 0;

	for (const struct tk_xnode *c = n->child; c && k < 3; c = c->next)
		arg[k++] = c;
	if (!strcmp(n->fn->name, "if") && type_of(arg[1]) == type_of(arg[2])) {
		words = type_of(arg[1]) == TK_XV_STR   ? "bss"
			: type_of(arg[1]) == TK_XV_NUM ? "bnn"
						       : "bbb";
		form(p, excel(p) ? "IF($1,$2,$3)" : "(CASE WHEN $1 THEN $2 ELSE $3 END)", arg,
		     words);
		return;
	}
	f = !s ? NULL : excel(p) ? s->excel : s->sql;
	if (s && !strcmp(s->name, "selected") &&
	    (arg[1]->kind != TK_X_STR ||
	     !tk_xword_valid(arg[1]->val.s))) /* '' and 'a b' are never selected */
		f = arg[1]->kind == TK_X_STR ? "FALSE" : NULL;
	if (!strcmp(n->fn->name, "concat")) {
		for (const struct tk_xnode *c = n->child; c; c = c->next) {
			tk_buf_str(p->b, c == n->child ? "(" : excel(p) ? "&" : " || ");
			put(p, c, TK_XV_STR);
		}
		tk_buf_chr(p->b, ')');
	} else if (!f) {
		cannot(p, n);
	} else {
		form(p, f, arg, s->args);
	}
}

/* In its own type. */
static void put_plain(struct print *p, const struct tk_xnode *n)
{
	switch (n->kind) {
	case TK_X_STR:
		if (excel(p) && strlen(n->val.s) > 250)
			cannot(p, n);
		put_text(p, n->val.s, excel(p) ? '"' : '\'');
		break;
	case TK_X_NUM:
		if (!isfinite(n->val.n))
			cannot(p, n);
		tk_buf_str(p->b, tk_xval_str(p->a, n->val));
		break;
	case TK_X_VAR: case TK_X_SELF:
		put_ref(p, n);
		break;
	case TK_X_NEG:
		tk_buf_str(p->b, "(-");
		put(p, n->child, TK_XV_NUM);
		tk_buf_chr(p->b, ')');
		break;
	case TK_X_CHAIN:
		if (n->child->next->op >= TK_XO_ADD)
			put_sum(p, n->child);
		else if (n->child->next->op <= TK_XO_AND)
			put_logic(p, n->child);
		else
			put_compare(p, n->child, n->child->next);
		break;
	case TK_X_CALL:
		put_call(p, n);
		break;
	}
}

/* Text as a number: NULL in SQL and an error in a formula where it is none. */
static void put_number_of_text(struct print *p, const struct tk_xnode *n)
{
	if (n->kind == TK_X_STR) {
		double d = tk_xval_num(n->val);

		tk_buf_str(p->b, !isnan(d)  ? tk_xval_str(p->a, tk_xnum(d))
				 : excel(p) ? "NA()"
					    : "NULL");
		return;
	}
	tk_buf_str(p->b, excel(p) ? "VALUE(" : "CAST(NULLIF(");
	put_plain(p, n);
	tk_buf_str(p->b, excel(p) ? ")" : ", '') AS DOUBLE PRECISION)");
}

static void put(struct print *p, const struct tk_xnode *n, enum tk_xtype want)
{
	enum tk_xtype is = type_of(n);
	const char *after = "";

	if (p->rc != TK_OK || p->b->bad)
		return;
	if (want == TK_XV_NUM && is == TK_XV_STR) {
		put_number_of_text(p, n);
		return;
	}
	if (want == TK_XV_STR && is == TK_XV_NUM && !excel(p)) {
		cannot(p, n); /* the databases write numbers in ways of their own */
		return;
	}
	if (want == TK_XV_BOOL && is != TK_XV_BOOL) {
		tk_buf_str(p->b, is == TK_XV_STR ? "(" : excel(p) ? "IFERROR(" : "COALESCE(");
		after = is == TK_XV_STR ? excel(p) ? "<>\"\")" : " <> '')" : "<>0,FALSE)";
	} else if (is == TK_XV_BOOL && want != is) {
		tk_buf_str(p->b, excel(p) ? "IF(" : "(CASE WHEN ");
		after = want == TK_XV_NUM ? excel(p) ? ",1,0)" : " THEN 1 ELSE 0 END)" :
			excel(p) ? ",\"true\",\"false\")" : " THEN 'true' ELSE 'false' END)";
	} else if (is != want) {
		tk_buf_chr(p->b, '(');
		after = "&\"\")";
	}
	put_plain(p, n);
	tk_buf_str(p->b, after);
}

/* -- XLSForm's own ----------------------------------------------------------------------------- */
static void own(struct print *p, const struct tk_xnode *n)
{
	static const char *const sign[] = {
		[TK_XO_OR] = " or ",   [TK_XO_AND] = " and ", [TK_XO_EQ] = " = ",
		[TK_XO_NE] = " != ",   [TK_XO_LT] = " < ",    [TK_XO_LE] = " <= ",
		[TK_XO_GT] = " > ",    [TK_XO_GE] = " >= ",   [TK_XO_ADD] = " + ",
		[TK_XO_SUB] = " - ",   [TK_XO_MUL] = " * ",   [TK_XO_DIV] = " div ",
		[TK_XO_MOD] = " mod ",
	};
	bool call = n->kind == TK_X_CALL;

	if (n->kind == TK_X_STR)
		tk_buf_fmt(p->b, strchr(n->val.s, '\'') ? "\"%s\"" : "'%s'", n->val.s);
	else if (n->kind == TK_X_NUM)
		tk_buf_str(p->b, isfinite(n->val.n) ? tk_xval_str(p->a, n->val) : "(1 div 0)");
	else if (n->kind == TK_X_VAR)
		tk_buf_fmt(p->b, "${%s}", p->x->name[n->name]);
	else if (n->kind == TK_X_SELF)
		tk_buf_chr(p->b, '.');
	else if (n->kind == TK_X_NEG)
		tk_buf_chr(p->b, '-');
	else if (call)
		tk_buf_fmt(p->b, "%s(", n->fn->name);
	for (const struct tk_xnode *c = n->child; c; c = c->next) {
		bool inner = c->kind == TK_X_CHAIN && !call;

		if (c != n->child)
			tk_buf_str(p->b, call ? ", " : sign[c->op]);
		tk_buf_str(p->b, inner ? "(" : "");
		own(p, c);
		tk_buf_str(p->b, inner ? ")" : "");
	}
	tk_buf_str(p->b, call ? ")" : "");
}

enum tk_rc tk_expr_print(const struct tk_expr *x, enum tk_xprint as, enum tk_xtype want,
			 const struct tk_xprint_env *env, struct tk_buf *out, struct tk_err *e)
{
	struct print p = {
		.x = x, .as = as, .env = env, .b = out, .e = e, .a = tk_arena_new(8 << 20)
	};

	if (as == TK_XP_XLSFORM)
		own(&p, x->root);
	else
		put(&p, x->root, want);
	tk_arena_free(p.a);
	if (p.rc == TK_OK && out->bad)
		return tk_fail(e, TK_ETOOBIG, "expression", N_("The expression becomes too long."));
	return p.rc;
}
